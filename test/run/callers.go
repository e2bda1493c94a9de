// What package runtime says about the program's own functions: callers, frames, names, stacks.
package main

import (
	"fmt"
	"path/filepath"
	"reflect"
	"runtime"
	"runtime/debug"
	"strings"
)

type T struct{ n int }

//go:noinline
func (t T) Value() string { return where(1) }

//go:noinline
func (t *T) Pointer() string { return where(1) }

type Embeds struct{ T }

type I interface{ Value() string }

type G[K comparable, V any] struct{}

//go:noinline
func (g G[K, V]) Method() string { return where(1) }

//go:noinline
func generic[E any](e E) string { return where(1) }

func where(skip int) string {
	pc, file, line, ok := runtime.Caller(skip)
	f := runtime.FuncForPC(pc)
	return fmt.Sprint(f.Name(), " ", filepath.Base(file), ":", line, " ", ok)
}

func inner() []string { return list(0) }
func middle() []string { return inner() }

//go:noinline
func outer() []string { return middle() }

//go:noinline
func list(skip int) []string {
	var pcs [20]uintptr
	n := runtime.Callers(skip, pcs[:])
	frames := runtime.CallersFrames(pcs[:n])
	var out []string
	for {
		f, more := frames.Next()
		if strings.HasPrefix(f.Function, "runtime.panic") {
			continue
		}
		if f.Func != nil && f.Entry != f.Func.Entry() {
			out = append(out, "entries differ")
		}
		if strings.HasPrefix(f.Function, "main.") {
			out = append(out, fmt.Sprint(f.Function, ":", f.Line, " ", filepath.Base(f.File)))
		} else {
			out = append(out, f.Function)
		}
		if !more {
			return out
		}
	}
}

//go:noinline
func panics(f func()) (out []string) {
	defer func() {
		recover()
		out = list(1)
	}()
	f()
	return nil
}

//go:noinline
func deref(p *int) int { return *p }

func show(title string, lines []string) {
	fmt.Println("--", title)
	for _, l := range lines {
		fmt.Println("  ", l)
	}
}

func main() {
	fmt.Println(where(1))
	fmt.Println(T{}.Value(), (&T{}).Pointer(), Embeds{}.Value())
	var i I = &Embeds{}
	fmt.Println(i.Value())
	f := i.Value
	fmt.Println(f())
	fmt.Println(G[string, int]{}.Method())
	fmt.Println(generic(1), generic([]string{}))
	show("outer", outer())
	for k := range 4 {
		var pcs [1]uintptr
		if runtime.Callers(k, pcs[:]) == 1 {
			fr, _ := runtime.CallersFrames(pcs[:]).Next()
			fmt.Println(k, fr.Function)
		}
	}
	show("panic", panics(func() { panic(1) }))
	show("fault", panics(func() { deref(nil) }))
	show("index", panics(func() { var s []int; s[len(s)] = 1 }))
	func() {
		defer func() { show("deferred", list(1)) }()
	}()
	var lines []string
	for range 2 {
		defer func() { fmt.Println(list(1)) }()
	}
	seq := func(yield func(int) bool) { yield(1) }
	for range seq {
		lines = list(1)
	}
	show("rangefunc", lines)
	show("reflect", reflect.ValueOf(outer).Call(nil)[0].Interface().([]string)[:4])
	m := reflect.ValueOf(T{}).MethodByName("Value")
	fmt.Println(m.Call(nil)[0])
	mf := reflect.MakeFunc(reflect.TypeOf(func() string { return "" }), func([]reflect.Value) []reflect.Value {
		return []reflect.Value{reflect.ValueOf(strings.Join(list(1)[:2], ","))}
	})
	fmt.Println(mf.Interface().(func() string)())

	for _, fn := range []any{main, outer, T.Value, (*T).Pointer, Embeds.Value, I.Value, generic[int], G[int, int].Method, fmt.Println, strings.Index} {
		pc := reflect.ValueOf(fn).Pointer()
		f := runtime.FuncForPC(pc)
		file, line := f.FileLine(pc)
		fmt.Println(f.Name(), f.Entry() == pc, filepath.Base(file), line > 0)
	}
	fmt.Println(runtime.FuncForPC(0) == nil, runtime.FuncForPC(1) == nil)
	_, _, _, ok := runtime.Caller(100)
	fmt.Println(ok, runtime.Callers(100, make([]uintptr, 3)))

	stack := strings.Split(string(debug.Stack()), "\n")
	fmt.Println(stack[0], strings.HasPrefix(stack[1], "runtime/debug.Stack("), filepath.Base(strings.TrimSpace(strings.Split(stack[2], " ")[0])), stack[3])
	done := make(chan bool)
	go func() {
		defer close(done)
		buf := make([]byte, 1<<16)
		text := string(buf[:runtime.Stack(buf, false)])
		for _, l := range strings.Split(text, "\n") {
			if !strings.HasPrefix(l, "\t") && !strings.HasPrefix(l, "goroutine ") {
				l, _, _ = strings.Cut(l, " in goroutine")
				fmt.Println(l)
			}
		}
	}()
	<-done
	wait := make(chan int)
	for range 3 {
		go func() { <-wait }()
	}
	runtime.Gosched()
	fmt.Println(runtime.NumGoroutine())
	buf := make([]byte, 1<<16)
	text := string(buf[:runtime.Stack(buf, true)])
	fmt.Println(strings.Count(text, "goroutine "), strings.Count(text, "created by main.main in goroutine 1"))
	close(wait)
}
