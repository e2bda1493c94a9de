// Heap, block and mutex profiles: what is sampled where, released objects; values received from channels do not live on.

package main

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"time"
)

var sink []byte

//go:noinline
func alloc(n int) {
	for i := 0; i < n; i++ {
		sink = make([]byte, 1000)
	}
}

// first is the first function of a stack that is not the runtime's or package sync's.
func first(stack []uintptr) string {
	frames := runtime.CallersFrames(stack)
	for {
		f, more := frames.Next()
		if !strings.HasPrefix(f.Function, "runtime.") && !strings.Contains(f.Function, "sync.") || !more {
			return f.Function
		}
	}
}

func heap() {
	runtime.MemProfileRate = 1
	alloc(100)
	runtime.GC()
	records := make([]runtime.MemProfileRecord, 1000)
	n, ok := runtime.MemProfile(records, true)
	runtime.MemProfileRate = 0
	for _, r := range records[:n] {
		if first(r.Stack()) == "main.alloc" {
			fmt.Println(ok, r.AllocObjects, r.FreeObjects, r.AllocBytes, r.InUseBytes(), r.InUseObjects())
		}
	}
}

func contention() {
	runtime.SetBlockProfileRate(1)
	runtime.SetMutexProfileFraction(1)
	c := make(chan int)
	var mu sync.Mutex
	mu.Lock()
	go func() {
		time.Sleep(20 * time.Millisecond)
		c <- 1
		time.Sleep(20 * time.Millisecond)
		mu.Unlock()
	}()
	<-c
	mu.Lock()
	runtime.SetBlockProfileRate(0)
	time.Sleep(20 * time.Millisecond) // the end of Unlock counts the wait
	records := make([]runtime.BlockProfileRecord, 100)
	n, ok := runtime.BlockProfile(records)
	for _, r := range records[:n] {
		fmt.Println(ok, first(r.Stack()), r.Count, r.Cycles > 0)
	}
	n, ok = runtime.MutexProfile(records)
	for _, r := range records[:n] {
		if name := first(r.Stack()); strings.HasPrefix(name, "main.") {
			fmt.Println(ok, name, r.Count, r.Cycles > 0)
		}
	}
}

func inuse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.Alloc
}

// received values must not live on in the temporary that the runtime writes them to. It counts them: other memory comes and goes.
func received() {
	before := inuse()
	c := make(chan []byte, 3)
	for i := 0; i < 3; i++ {
		c <- make([]byte, 10<<20)
	}
	close(c)
	for i := 0; i < 1; i++ {
		x := <-c
		x = nil
		fmt.Println((inuse()-before+5<<20)/(10<<20), x == nil)
	}
	for i := 0; i < 1; i++ {
		select {
		case x := <-c:
			x = nil
			fmt.Println((inuse()-before+5<<20)/(10<<20), x == nil)
		case <-time.After(time.Hour):
		}
	}
	for x := range c {
		x = nil
		fmt.Println((inuse()-before+5<<20)/(10<<20), x == nil)
	}
}

func f(x *int) int {
	if x != nil {
		return *x
	}
	return 0
}

func g(x *int) int { return f(x) + 5 }

type mixed struct {
	s    string
	i    int
	e    any
	f    [3]float64
	t    string
	b    [100]byte
	pair struct {
		x, y string
		z    int8
	}
}

// equal compares values field by field: cheap ones first, but none across what may panic.
func equal() {
	a := mixed{s: "x", i: 1, e: 3, t: "y"}
	with := func(change func(m *mixed)) {
		b := a
		change(&b)
		defer func() {
			if r := recover(); r != nil {
				fmt.Println(r)
			}
		}()
		fmt.Print(any(a) == any(b), " ")
	}
	with(func(m *mixed) {})
	with(func(m *mixed) { m.s = "y" })
	with(func(m *mixed) { m.i = 2 })
	with(func(m *mixed) { m.f[2] = 1 })
	with(func(m *mixed) { m.t = "z" })
	with(func(m *mixed) { m.b[99] = 1 })
	with(func(m *mixed) { m.pair.y = "k" })
	with(func(m *mixed) { m.pair.z = 1 })
	a.e = equal
	with(func(m *mixed) { m.i = 2 })
	with(func(m *mixed) { m.s = "long"; m.b[0] = 1 })
	with(func(m *mixed) { m.b[0] = 1 })
}

func main() {
	heap()
	contention()
	received()
	fmt.Println(runtime.FuncForPC(reflect.ValueOf(g).Pointer()).Name())
	equal()
}
