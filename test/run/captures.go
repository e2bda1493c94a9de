package main

// Pointers in large variables that closures capture by value leave the frame with what the closures do.

import "runtime"

type S struct {
	a, b, c, d, e, f int
	p                *int
	q                [3]*int
}

var sink *int

//go:noinline
func call(f func()) { f() }

//go:noinline
func clobber(n int) int {
	var a [200]int
	for i := range a {
		a[i] = n + i
	}
	return a[n%200]
}

//go:noinline
func moved() {
	x := 42
	s := S{p: &x}
	call(func() { sink = s.p })
}

//go:noinline
func movedArray() {
	x := 43
	s := S{}
	s.q[1] = &x
	t := s
	call(func() { sink = t.q[1] })
}

//go:noinline
func indirect() {
	x := 44
	s := S{p: &x}
	f := func() { sink = s.p }
	call(func() { f() })
}

//go:noinline
func deferred() {
	x := 45
	s := S{p: &x}
	defer func() { sink = s.p }()
	clobber(1)
}

func ranged(yield func(int) bool) { yield(1) }

//go:noinline
func ranges() {
	x := 46
	s := S{p: &x}
	for range ranged {
		sink = s.p
	}
}

func (s S) set() { sink = s.p }

//go:noinline
func bound() {
	x := 47
	s := S{p: &x}
	call(s.set)
}

func main() {
	for _, f := range []func(){moved, movedArray, indirect, deferred, ranges, bound} {
		f()
		clobber(7)
		runtime.GC()
		println(*sink)
	}
}
