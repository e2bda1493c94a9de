// Variables that closures take by value in several words: what they point to lives as long as the closure uses it.

package main

import "runtime"

type big struct {
	pad [10]int
	p   *[4]int
}

//go:noinline
func run(f func() *[4]int) *[4]int { return f() }

//go:noinline
func make1(n int) func() *[4]int {
	x := [4]int{n, n, n, n}
	b := big{p: &x}
	return func() *[4]int { return b.p }
}

var keep *[4]int

//go:noinline
func leak(n int) {
	x := [4]int{n, n, n, n}
	b := big{p: &x}
	f := func() { keep = b.p }
	f2 := f
	for i := 0; i < 1; i++ {
		f2()
	}
}

//go:noinline
func ret(n int) *[4]int {
	x := [4]int{n, n, n, n}
	b := big{p: &x}
	return run(func() *[4]int { return b.p })
}

//go:noinline
func smash(n int) int {
	var a [200]int
	for i := range a {
		a[i] = n * i
	}
	s := 0
	for _, v := range a {
		s += v
	}
	return s
}

func main() {
	f := make1(1)
	smash(3)
	runtime.GC()
	println(f()[3])
	leak(2)
	smash(4)
	runtime.GC()
	println(keep[0], keep[3])
	r := ret(5)
	smash(6)
	runtime.GC()
	println(r[0], r[3])
}
