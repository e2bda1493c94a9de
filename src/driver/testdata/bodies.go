// A program with bodies of all kinds: the test builds it with some of them taken from an earlier build.
package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"sort"
	"strings"
)

type shape interface{ area() float64 }
type square struct{ side float64 }
type named struct {
	square
	name string
}
type pair[K comparable, V any] struct {
	key K
	val V
}

func (s square) area() float64     { return s.side * s.side }
func (s *square) grow(by float64)  { s.side += by }
func (p pair[K, V]) text() string  { return fmt.Sprint(p.key, p.val) }
func (p *pair[K, V]) set(k K, v V) { p.key, p.val = k, v }

func all(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

func key[T any](x T) func() pair[string, T] {
	return func() pair[string, T] { return pair[string, T]{"k", x} }
}

var table = map[string][]int{"a": {1, 2}}

func use(w io.Writer, xs []string) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("recovered: %v", r)
		}
	}()
	type local struct{ n int }
	sort.Slice(xs, func(i, j int) bool { return func() bool { return xs[i] > xs[j] }() })
	slices.SortFunc(xs, strings.Compare)
	s := &named{name: "n"}
	grow := s.grow
	grow(2)
	var sh shape = s
	switch x := sh.(type) {
	case interface{ grow(float64) }:
		x.grow(1)
	case square:
		fmt.Fprintln(w, x)
	}
	p := key(local{1})()
	q := pair[int, []string]{1, xs}
	q.set(3, []string{"y"})
	done := make(chan bool)
	go func(m map[string][]int) {
		delete(m, strings.ToUpper("a"))
		done <- true
	}(table)
	<-done
	fmt.Fprintf(w, "%v %s %v %d\n", p, q.text(), [...]any{1, 2.5, "x", sh.area()}, len(table))
	for i := range all(3) {
		defer fmt.Fprintln(w, i)
		if i == 2 {
			panic(xs)
		}
	}
	return nil
}

func main() { fmt.Println(use(os.Stdout, []string{"c", "b", "a"})) }
