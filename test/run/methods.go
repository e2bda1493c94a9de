// Methods: values taken when evaluated, promoted through pointers and interfaces, expressions.
package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

type T struct {
	n int
	s string
	x [4]int
}

func (t T) Val(d int) int                                   { return t.n + d }
func (t *T) Ptr(d int) int                                  { t.n += d; return t.n }
func (T) None() string                                      { return "none" }
func (t *T) Nil() bool                                      { return t == nil }
func (t T) Big() [4]int                                     { t.x[0] = 99; return t.x }
func (t T) Many(a, b string, c ...int) (string, int, []int) { return t.s + a, t.n, c }

type Inner struct{ *T }
type Outer struct {
	Inner
	io.Reader
	m map[string]int
}

type I interface {
	Val(int) int
	Ptr(int) int
}

type N int

func (n N) Double() N      { return n * 2 }
func (n *N) Inc()          { *n++ }
func (n N) String() string { return fmt.Sprintf("N%d", int(n)) }

type F func(int) int

func (f F) Call(x int) int { return f(x) }

type M map[string]int

func (m M) Set(k string, v int) M { m[k] = v; return m }

type S []int

func (s *S) Add(x int) *S { *s = append(*s, x); return s }
func (s S) Len() int      { return len(s) }

type E struct{}

func (E) A() string  { return "E.A" }
func (*E) B() string { return "E.B" }

type Zero struct{ E }

type P *T

func try(name string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println(name, "panics:", r)
		}
	}()
	f()
}

type W struct{ I }

type Deep struct{ a, b, c *Inner2 }
type Inner2 struct{ Inner3 }
type Inner3 struct{ N }

func get(t T) T { fmt.Print("get "); return t }

type Ifc interface{ Double() N }

type Rdr struct{ io.Reader }

type private struct{ v int }

func (p private) hidden() int { return p.v }

type Pub struct{ private }

func main() {
	t := T{n: 1, s: "t"}
	v, p := t.Val, t.Ptr
	t.n = 10
	fmt.Println(v(1), p(1), v(1), t.n)
	pt := &t
	v2 := pt.Val
	pt.n = 100
	fmt.Println(v2(0), (*pt).Val(0), T.Val(t, 5), (*T).Ptr(pt, 5), (*T).Val(pt, 1), t.n)
	var np *T
	fmt.Println(np.Nil(), (*T).Nil(nil))
	try("nil value method", func() { np.Val(1) })
	try("nil bound value method", func() { f := np.Val; fmt.Println("no"); f(1) })
	f := np.Ptr
	try("nil bound pointer method", func() { f(1) })
	fmt.Println(t.Big(), t.x, T.None(t), np.Nil())
	fmt.Println(t.Many("a", "b", 1, 2))
	fmt.Println(T.Many(t, "a", "b"))
	many := t.Many
	fmt.Println(many("q", "r", []int{4}...))

	o := Outer{Inner: Inner{&t}, Reader: strings.NewReader("hello")}
	fmt.Println(o.Val(1), o.Ptr(1), o.n, o.Inner.T.n, o.None())
	b := make([]byte, 3)
	n, err := o.Read(b)
	fmt.Println(n, err, string(b))
	rd := o.Read
	o.Reader = nil
	n, err = rd(b)
	fmt.Println(n, err, string(b))
	try("nil embedded", func() { o.Read(b) })
	try("nil embedded bound", func() { _ = o.Read })
	var oi I = o
	fmt.Println(oi.Val(0), oi.Ptr(1))
	var none Outer
	try("nil embedded pointer", func() { none.Val(1) })
	try("nil embedded pointer bound", func() { _ = none.Val })
	q := none.Ptr
	try("later", func() { q(1) })
	try("via interface", func() { I(none).Val(1) })
	w := W{&t}
	fmt.Println(w.Val(2), I(w).Ptr(1))
	w2 := W{w}
	g := w2.Val
	w2.I = nil
	fmt.Println(g(0))
	try("nil in struct", func() { I(w2).Val(1) })
	h := I.Val
	fmt.Println(h(&t, 1), W.Ptr(w, 1), (*W).Val(&w, 3))

	var nn N = 4
	inc := nn.Inc
	inc()
	nn.Inc()
	fmt.Println(nn, nn.Double(), N(3).Double().Double(), N.Double(7))
	fmt.Println(F(func(x int) int { return x * x }).Call(5), M{}.Set("a", 1).Set("b", 2), new(S).Add(1).Add(2).Len())
	var s S
	s.Add(1).Add(2)
	fmt.Println(s, s.Len(), (*S).Len(&s))
	z := Zero{}
	fmt.Println(z.A(), z.B(), Zero.A(z), (*Zero).B(&z), interface{ B() string }(&z).B())
	var pp P = &t
	pp.n++
	fmt.Println(pp.n)
	fmt.Println(get(t).Val(1), get(t).Big()[0])
	d := Deep{a: &Inner2{Inner3{3}}}
	fmt.Println(d.a.Double(), d.a.N, d.a.Inner3.String())
	d.a.Inc()
	fmt.Println(d.a.N, fmt.Sprint(d.a), Ifc(d.a).Double())
	arr := [2]T{{n: 1}, {n: 2}}
	arr[1].Ptr(5)
	arr[0].Ptr(arr[1].Val(0))
	fmt.Println(arr[0].n, arr[1].n)
	ms := map[string]*T{"a": {n: 3}}
	ms["a"].Ptr(1)
	mv := map[string]T{"a": {n: 8}}
	fmt.Println(ms["a"].Val(0), mv["a"].Val(1), mv["b"].Val(1))
	ls := []func(int) int{t.Val, pt.Ptr, N(2).f}
	for _, l := range ls {
		fmt.Print(l(1), " ")
	}
	fmt.Println()
	var e error = errors.New("x")
	ef := e.Error
	e = nil
	fmt.Println(ef())
	try("nil interface", func() { _ = e.Error })
	fmt.Println(Pub{private{6}}.hidden())
	anon := struct {
		T
		N
	}{T{n: 4}, 5}
	fmt.Println(anon.Val(1), anon.Double(), anon)
	var an interface {
		Double() N
		Val(int) int
	} = anon
	fmt.Println(an.Double(), an.Val(3))
	fn := struct{ f func(int) int }{t.Val}
	fmt.Println(fn.f(1))
	c := make(chan func() string, 1)
	c <- T{}.None
	fmt.Println((<-c)())
	defer N(1).show(N(2).show(3))
	defer nn.show(1)
	nn = 77
	var ni *N
	try("nil N", func() { _ = ni.Double() })

}

func (n N) f(x int) int    { return int(n) * x * 100 }
func (n N) show(x int) int { fmt.Println("show", n, x); return x + 1 }
