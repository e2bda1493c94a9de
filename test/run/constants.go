// Values that closures use and that never change, assertions to interfaces of values whose type is known: what is found at compile time.

package main

import (
	"context"
	"encoding"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"testing"
)

type shape interface{ area() float64 }
type namer interface{ name() string }
type other interface{ missing() }
type sq struct{ a float64 }

func (s *sq) area() float64 { return s.a * s.a }
func (s *sq) name() string  { return "sq" }

func newShape(a float64) shape { return &sq{a} }

//go:noinline
func run(f func()) { f() }

//go:noinline
func twice(f func() int) int { return f() + f() }

type element struct{ words [4]uint64 }
type point struct{ x, y *element }

//go:noinline
func (p *point) set(q *point) { *p.x, *p.y = *q.x, *q.y }

func main() {
	pt := &point{new(element), new(element)}
	fmt.Println(testing.AllocsPerRun(100, func() { pt.set(&point{new(element), new(element)}) }))
	fmt.Println(testing.AllocsPerRun(100, func() {
		s := newShape(2)
		if s.(namer).name() != "sq" {
			panic("name")
		}
	}))
	func() {
		s := newShape(2)
		if _, ok := s.(other); ok {
			panic("other")
		}
		if n, ok := s.(namer); !ok || n.name() != "sq" {
			panic("name, ok")
		}
	}()
	fmt.Println(testing.AllocsPerRun(100, func() {
		h := sha256.New()
		h.Write([]byte{1, 2, 3})
		m, _ := h.(encoding.BinaryMarshaler).MarshalBinary()
		m, _ = h.(encoding.BinaryAppender).AppendBinary(m[:0])
		h.(encoding.BinaryUnmarshaler).UnmarshalBinary(m)
	}) <= 1)
	func() {
		defer func() { fmt.Println(recover()) }()
		newShape(1).(other).missing()
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		var s shape
		s.(namer).name()
	}()
	l := slog.New(slog.DiscardHandler)
	s, i, f, b := "abc", 2000, 1.5, true
	fmt.Println(testing.AllocsPerRun(100, func() { l.Info("hello", "n", i, "s", s, "f", f) }))
	var z int
	var p *int
	run(func() {
		run(func() { fmt.Println(s, i, f, b, z, p == nil) })
		for k := range func(yield func(int) bool) { _ = yield(i) && yield(i+1) } {
			fmt.Println(k, s)
		}
	})
	i2 := 5
	if len(s) > 2 {
		i2 := 7
		fmt.Println(twice(func() int { return i2 }))
	}
	fmt.Println(twice(func() int { i2++; return i2 }))
	for j := range 3 {
		c := 10
		fmt.Print(twice(func() int { return c + j }), " ")
	}
	fmt.Println()
	var rec func(n int) int
	rec = func(n int) int {
		if n == 0 {
			return i
		}
		return rec(n - 1)
	}
	fmt.Println(rec(3), context.Background())
	var arr = [3]int{1, 2, 3}
	st := struct {
		a int
		b string
	}{4, "x"}
	run(func() { fmt.Println(arr, st.a, st.b) })
	add := func(a int) int { return a + 1 }
	fmt.Println(twice(func() int { return add(2) }))
	func() {
		text := "deferred"
		defer func() { fmt.Println(text, recover()) }()
		panic("x")
	}()
}
