// Names of functions as runtime.FuncForPC and runtime.Caller tell them.
package main

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"
)

func who() string {
	pc, _, line, _ := runtime.Caller(1)
	return fmt.Sprint(runtime.FuncForPC(pc).Name(), ":", line)
}

func of(f any) string { return runtime.FuncForPC(reflect.ValueOf(f).Pointer()).Name() }

func stack() string {
	pcs := make([]uintptr, 20)
	n := runtime.Callers(2, pcs)
	fr := runtime.CallersFrames(pcs[:n])
	var out []string
	for {
		f, more := fr.Next()
		if !strings.HasPrefix(f.Function, "runtime.") {
			out = append(out, fmt.Sprint(f.Function, ":", f.Line))
		}
		if !more {
			return strings.Join(out, " < ")
		}
	}
}

type T struct{ n int }

func (t T) Val() string  { return who() }
func (t *T) Ptr() string { return who() }

//go:noinline
func (t T) Clo() func() string {
	return func() string { return who() }
}

type E struct{ T }

type G[X any] struct{ x X }

func (g G[X]) M() string { return who() }

//go:noinline
func (g *G[X]) P() func() string { return func() string { return who() } }

func F[X any](x X) string { return who() + " " + func() string { return who() }() }

var atPackage = func() string { return who() }
var atPackage2 = map[string]func() string{
	"a": func() string { return who() },
	"b": func() string { return func() string { return who() }() },
}
var inited = who()
var other, another = func() string { return who() }(), func() string { return who() }()

func init() {
	fmt.Println(who())
	func() { fmt.Println(who()) }()
}

func init() {
	fmt.Println(who())
	defer func() { fmt.Println(who()) }()
}

//go:noinline
func nested() func() func() string {
	_ = func() {}
	return func() func() string {
		_ = func() {}
		return func() string {
			f := func() string { return who() }
			return who() + " " + f()
		}
	}
}

//go:noinline
func deferred() {
	defer func() { fmt.Println(stack()) }()
	defer fmt.Print("")
	for range 1 {
		defer func() {
			func() { fmt.Println(stack()) }()
		}()
	}
}

//go:noinline
func seq(yield func(int) bool) {
	yield(1)
}

//go:noinline
func ranged() {
	for range seq {
		fmt.Println(stack())
		func() { fmt.Println(stack()) }()
		for range seq {
			fmt.Println(who())
			defer func() { fmt.Println(who()) }()
		}
	}
	f := func() { fmt.Println(who()) }
	f()
}

type I interface{ Val() string }

func main() {
	t := T{}
	fmt.Println(t.Val(), t.Ptr(), t.Clo()(), E{}.Val(), I(E{}).Val(), I(&E{}).Val())
	fmt.Println(G[int]{}.M(), (&G[string]{}).P()(), F(1), F("s"), F(t))
	fmt.Println(atPackage(), atPackage2["a"](), atPackage2["b"](), inited, other, another)
	fmt.Println(nested()()())
	deferred()
	ranged()
	fmt.Println(of(main), of(t.Val), of((*T).Ptr), of(T.Val), of(I.Val), of(F[int]), of(G[int].M), of((&t).Ptr), of(fmt.Println), of(strings.NewReader("").Read))
	fmt.Println(of(func() {}), of(nested()), of(nested()()))
	x := func() string { return who() }
	y := func() string { return x() + " " + stack() }
	fmt.Println(y())
	go func() { fmt.Println(stack()); done <- true }()
	<-done
	go named(1)
	<-done
	func() {
		type local struct{ T }
		fmt.Println(local{}.Val(), of(local{}.Val))
	}()
	var anon struct{ T }
	fmt.Println(anon.Val(), of(anon.Val))
}

var done = make(chan bool)

func named(int) { fmt.Println(stack()); done <- true }
