// Loops over functions: every way out of the body, nested, with defer and panics.
package main

import (
	"errors"
	"fmt"
	"iter"
	"slices"
)

func count(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		defer fmt.Print("[end ", n, "]")
		for i := range n {
			if !yield(i) {
				fmt.Print("[stop ", i, "]")
				return
			}
		}
	}
}

func pairs(n int) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		for i := 0; i < n && yield(i, fmt.Sprint("s", i)); i++ {
		}
	}
}

func none(n int) func(func() bool) {
	return func(yield func() bool) {
		for range n {
			if !yield() {
				return
			}
		}
	}
}

func early(n int) (r int) {
	for i := range count(10) {
		if i == n {
			return i * 100
		}
	}
	return -1
}

func nested(a, b int) (x, y int, err error) {
	for i := range count(5) {
		for j := range count(5) {
			if i == a && j == b {
				return i, j, errors.New("found")
			}
		}
	}
	return
}

func labels() string {
	out := ""
outer:
	for i := range count(4) {
		for j := range count(4) {
			if j == 2 {
				continue outer
			}
			if i == 2 {
				break outer
			}
			for k := range 3 {
				if k == 1 {
					continue
				}
				if k == 2 {
					break
				}
				out += fmt.Sprint(i, j, k, " ")
			}
		}
	}
loop:
	for i := 0; i < 3; i++ {
		for j := range count(3) {
			switch {
			case j == 1:
				continue loop
			case i == 2:
				break loop
			}
			out += fmt.Sprint("L", i, j)
		}
	}
	return out
}

func gotos() string {
	n := 0
	out := ""
again:
	for i := range count(3) {
		out += fmt.Sprint(i)
		if i == 1 && n < 2 {
			n++
			goto again
		}
		if i == 2 {
			goto end
		}
	}
	out += "not reached"
end:
	return out
}

func defers() (s string) {
	defer func() { s += "last" }()
	for i := range count(3) {
		defer func() { s += fmt.Sprint("d", i, " ") }()
		for j := range pairs(2) {
			defer func() { s += fmt.Sprint("e", i, j, " ") }()
		}
	}
	s = "body "
	return s
}

func deferReturn() (n int) {
	for i := range count(3) {
		defer func() { n = n*10 + i }()
		if i == 1 {
			return 5
		}
	}
	return 7
}

func recovered() (s string) {
	defer func() {
		s += fmt.Sprint("recovered ", recover())
	}()
	for i := range count(3) {
		s += fmt.Sprint("i", i, " ")
		if i == 1 {
			panic("in body")
		}
	}
	return "no"
}

func inner() (s string) {
	for i := range count(3) {
		func() {
			defer func() {
				if r := recover(); r != nil {
					s += fmt.Sprint("r", r, " ")
				}
			}()
			if i > 0 {
				panic(i)
			}
			s += "ok "
		}()
	}
	return
}

func assigned() {
	var i int
	var x [5]int
	for i, x[i] = range func(yield func(int, int) bool) {
		_ = yield(0, 30) && yield(0, 10) && yield(0, 20)
	} {
	}
	fmt.Println(i, x)
	var any1 any
	for any1 = range count(2) {
	}
	fmt.Println(any1)
	for _, s := range pairs(2) {
		fmt.Print(s)
	}
	for range none(3) {
		fmt.Print(".")
	}
	for range count(1) {
	}
	fmt.Println()
}

func closures() {
	var fs []func() int
	for i := range count(3) {
		fs = append(fs, func() int { i *= 10; return i })
	}
	for _, f := range fs {
		fmt.Print(f(), f(), " ")
	}
	fmt.Println()
}

func bad(yield func(int) bool) {
	yield(1)
	yield(2)
}

func swallow(yield func(int) bool) {
	defer func() { recover() }()
	yield(1)
}

var saved func(int) bool

func leak(yield func(int) bool) {
	saved = yield
	yield(1)
}

func try(name string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println(name, "panics:", r)
		}
	}()
	f()
}

func misuse() {
	try("continued", func() {
		for range bad {
			break
		}
	})
	try("swallowed", func() {
		for range swallow {
			panic("x")
		}
	})
	try("after", func() {
		for range leak {
		}
		saved(2)
	})
	try("nil", func() {
		var f func(func(int) bool)
		for range f {
		}
	})
	try("iterator panics", func() {
		for range func(yield func(int) bool) { yield(1); panic("iterator") } {
		}
	})
}

type List[T any] struct {
	v    T
	next *List[T]
}

func (l *List[T]) All() iter.Seq[T] {
	return func(yield func(T) bool) {
		for ; l != nil; l = l.next {
			if !yield(l.v) {
				return
			}
		}
	}
}

func (l *List[T]) Push(v T) *List[T] { return &List[T]{v, l} }

func methods() {
	var l *List[string]
	l = l.Push("c").Push("b").Push("a")
	for s := range l.All() {
		if s == "c" {
			break
		}
		fmt.Print(s, " ")
	}
	next, stop := iter.Pull(l.All())
	a, ok := next()
	b, _ := next()
	stop()
	c, ok2 := next()
	fmt.Println(a, ok, b, c == "", ok2)
	fmt.Println(slices.Collect(l.All()), slices.Sorted(count(4)))
}

func deep() (r int) {
	for i := range count(2) {
		for j := range count(2) {
			func() {
				for k := range count(3) {
					if k == 1 {
						return
					}
					r += 100*i + 10*j + k + 1
				}
			}()
			defer func() { r++ }()
			select {
			default:
				if j == 1 {
					break
				}
				r += 1000
			}
			switch any(j).(type) {
			case int:
				if j == 0 {
					continue
				}
			}
		}
	}
	return r
}

func named() (a int, b string) {
	for i := range count(3) {
		a, b = i, fmt.Sprint(i)
		if i == 1 {
			return
		}
	}
	return 9, "z"
}

func big() (r [20]int) {
	for i := range count(3) {
		r[i] = i
		if i == 2 {
			return [20]int{5: i}
		}
	}
	return
}

func main() {
	fmt.Println(early(3), early(20))
	fmt.Println(nested(1, 2))
	fmt.Println(nested(9, 9))
	fmt.Println(labels())
	fmt.Println(gotos())
	fmt.Println(defers())
	fmt.Println(deferReturn())
	fmt.Println(recovered())
	fmt.Println(inner())
	assigned()
	closures()
	misuse()
	methods()
	fmt.Println(deep())
	fmt.Println(named())
	fmt.Println(big())
}
