// Values of every size: copies, comparisons, composite literals, conversions.
package main

import (
	"fmt"
	"unsafe"
)

type Big struct {
	a [10]int
	s string
	p *Big
}

type Mix struct {
	b  bool
	i8 int8
	f  float32
	s  string
	e  any
	a  [2]string
	_  int
	c  complex64
}

type Small struct{ a, b int32 }
type One struct{ x int }
type Nest struct {
	One
	Small
	z struct{}
	t [1]One
}

//go:noinline
func id[T any](x T) T { return x }

//go:noinline
func mod(b Big) Big { b.a[0] = 42; b.s += "!"; return b }

//go:noinline
func swap(a, b Big) (Big, Big) { return b, a }

//go:noinline
func named(b Big) (r Big) { r = b; r.a[9] = b.a[0]; b.a[0] = 7; return }

func try(name string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println(name, "panics:", r)
		}
	}()
	f()
}

func copies() {
	a := Big{a: [10]int{1, 2, 3}, s: "a"}
	b := a
	b.a[1] = 20
	fmt.Println(a.a, b.a, mod(a).a[0], a.a[0], a.s)
	a, b = b, a
	fmt.Println(a.a[1], b.a[1])
	a, b = swap(a, b)
	fmt.Println(a.a[1], b.a[1])
	list := []Big{a, b}
	list[0], list[1] = list[1], list[0]
	fmt.Println(list[0].a[1], list[1].a[1])
	for i, x := range list {
		x.a[0] = 100
		list[i].a[2] = x.a[0] + i
	}
	fmt.Println(list[0].a, list[1].a)
	a = named(a)
	fmt.Println(a.a)
	a.p = &b
	*a.p = a
	fmt.Println(a.p.a == a.a, b.p == &b)
	arr := [2]Big{a, b}
	arr2 := arr
	arr2[0].a[0] = 5
	pa := &arr
	pa[1].s = "changed"
	fmt.Println(arr[0].a[0], arr2[0].a[0], arr[1].s, arr2[1].s)
	x := [3]int{1, 2, 3}
	x = [3]int{x[2], x[1], x[0]}
	fmt.Println(x)
	b = Big{a: [10]int{b.a[9], b.a[8]}, s: b.s + b.s, p: b.p}
	fmt.Println(b.a, b.s)
	y := &x
	*y = [3]int{y[1], y[0], y[2]}
	fmt.Println(x)
	p := &Big{s: "lit"}
	*p = Big{s: p.s + "2", p: p}
	fmt.Println(p.s, p.p == p)
	var e any = a
	a.s = "later"
	fmt.Println(e.(Big).s == a.s)
	f := func() Big { return a }
	a.s = "captured"
	fmt.Println(f().s)
	g := func(b Big) func() int { return func() int { b.a[0]++; return b.a[0] } }(a)
	g()
	fmt.Println(g()-a.a[0], a.a[0] == g()-3)
	m := map[string]Big{"k": a}
	a.a[0] = -1
	mm := m["k"]
	mm.s = "no"
	fmt.Println(m["k"].s, m["z"].s == "")
	c := make(chan Big, 1)
	c <- a
	a.s = "sent"
	r := <-c
	fmt.Println(r.s, a.s)
	s1 := []int{1, 2, 3, 4, 5}
	fmt.Println(copy(s1[1:], s1), s1, copy(s1, s1[2:]), s1)
	s1 = append(s1[:1], s1[2:]...)
	fmt.Println(s1, len(s1), append(s1[:0:0], s1...))
	s2 := append([]byte("ab"), "cd"...)
	fmt.Println(string(s2), copy(s2, "xyz"), string(s2))
	s1 = append(s1, s1...)
	fmt.Println(s1)
	var ns []int
	fmt.Println(append(ns, ns...) == nil, append([]int{}, ns...) == nil, ns[:0] == nil, ns[0:0:0] == nil)
	sl := [5]int{1, 2, 3, 4, 5}
	q := sl[1:3]
	q = q[:cap(q)]
	q[3] = 50
	q = append(q[:1:1], 9)
	fmt.Println(sl, q, len(q), cap(sl[1:2:3]))
	ap := (*[2]int)(sl[3:])
	ap[0] = 40
	av := [2]int(sl[3:])
	av[0] = 41
	fmt.Println(sl, *ap, av)
}

type cmpA struct {
	x int
	i any
	y int
}

func compares() {
	a := Mix{b: true, s: "s", e: 1, a: [2]string{"x", "y"}, c: 1}
	b := a
	fmt.Println(a == b, id(a) == b)
	b.e = int8(1)
	fmt.Println(a == b)
	b = a
	b.f = -0.0
	fmt.Println(a == b, a != b)
	nan := id(float32(0)) / id(float32(0))
	b.f = nan
	fmt.Println(b == b)
	fmt.Println(id(Small{1, 2}) == Small{1, 2}, id(Nest{}) == Nest{}, id(Nest{One: One{1}}) == Nest{}, id([0]int{}) == [0]int{}, id(struct{}{}) == struct{}{})
	fmt.Println(id([3]string{"a", "b", "c"}) == [3]string{"a", "b", "c"}, id([2]any{1, "x"}) == [2]any{1, "x"}, id([2]float64{0, nan0()}) == [2]float64{0, nan0()})
	f := func() {}
	fmt.Println(cmpA{1, 2, 3} == cmpA{1, 2, 3}, cmpA{1, f, 3} == cmpA{2, f, 3})
	try("func in struct", func() { fmt.Println(cmpA{1, id[any](f), 3} == cmpA{1, f, 4}) })
	try("func in array", func() { fmt.Println([2]any{1, f} == [2]any{1, f}) })
	fmt.Println([2]any{1, f} == [2]any{2, f})
	var e1, e2 any
	var err error
	fmt.Println(e1 == e2, e1 == nil, err == nil, e1 == any(err), any((*int)(nil)) == nil, any(nil) == nil)
	e1, e2 = 1, 1.0
	fmt.Println(e1 == e2, e1 == 1, e2 == 1.0, e1 == any(id(1)), e1 != 2)
	e1, e2 = Small{1, 2}, Small{1, 2}
	fmt.Println(e1 == e2, e1 == Small{1, 2}, e1 == One{1})
	try("mixed", func() { e1 = []int{}; fmt.Println(e1 == e2); fmt.Println(e1 == e1) })
	var s fmt.Stringer = str("x")
	var e any = s
	fmt.Println(s == e, s == str("x"), e == str("x"), e == any(str("y")), s == fmt.Stringer(str("x")))
	ch := make(chan int)
	var rc <-chan int = ch
	fmt.Println(rc == ch, ch == nil, any(rc) == any(ch))
	p := new(int)
	q := p
	fmt.Println(p == q, unsafe.Pointer(p) == unsafe.Pointer(q), p == new(int))
	fmt.Println("abc" < id("abd"), id("ab") < "abc", id("") < "a", id("b") > "abc", id("a") <= "a", id("\xff") > "z", id("a") >= "b")
	type T struct {
		a [100]byte
		b string
	}
	t := T{b: "x"}
	u := t
	u.a[99] = 1
	fmt.Println(t == u, t == T{b: id("x")}, [3]T{} == [3]T{2: {b: id("")}})
	type blank struct {
		a int
		_ string
		b int
	}
	fmt.Println(blank{a: 1, b: 2} == id(blank{a: 1, b: 2}))
	type fl struct{ x, y float64 }
	fmt.Println(fl{0, 1} == fl{id(-0.0), 1}, id(fl{nan0(), 0}) == fl{nan0(), 0}, any(fl{1, 2}) == any(id(fl{1, 2})))
	fmt.Println([2]bool{true, false} == id([2]bool{true, false}), complex(1, nan0()) == complex(1, nan0()))
}

func nan0() float64 { z := id(0.0); return z / z }

type str string

func (s str) String() string { return string(s) }

func literals() {
	a := [...]string{3: "d", 1: "b", "c"}
	fmt.Println(len(a), a)
	b := []int{5: 1, 2, 0: 7}
	fmt.Println(b, len(b))
	c := map[string][]map[int]string{"x": {{1: "a"}, nil, {}}}
	fmt.Println(c)
	d := []*Small{{1, 2}, nil, {b: 3}}
	fmt.Println(*d[0], d[1], d[2].b)
	e := [][2]Small{{{1, 2}}, {1: {3, 4}}}
	fmt.Println(e)
	f := map[Small]*[]int{{1, 2}: {1}, {}: nil}
	fmt.Println(*f[Small{1, 2}], f[Small{}])
	const k = 'c'
	g := [128]int{'a': 1, 'b': 2, k: id(3)}
	fmt.Println(g['a'], g['b'], g['c'], g['d'])
	h := struct {
		x, y int
		One
		z []string
	}{y: 1, One: One{2}, z: []string{"q"}}
	fmt.Println(h, h.x)
	i := [2][2]int{{1}, {id(2), 3}}
	fmt.Println(i, &i, &[]int{1}, &map[int]int{1: 2}, &Small{})
	j := [...]any{1, "a", nil, 2.5, Small{}, func() {} == nil, []int(nil), error(nil)}
	fmt.Println(j)
	var z struct{}
	var zz [0]int
	fmt.Println(unsafe.Sizeof(z), unsafe.Sizeof(zz), z, zz, len([0]struct{}{}), unsafe.Sizeof(Mix{}), unsafe.Alignof(Mix{}), unsafe.Offsetof(Mix{}.e), unsafe.Sizeof(Nest{}))
	zs := make([]struct{}, 5)
	zs = append(zs, z, z)
	fmt.Println(len(zs), cap(zs) >= 7)
	for i := range zs {
		zs[i] = struct{}{}
	}
	var trail struct {
		x int
		e struct{}
	}
	fmt.Println(unsafe.Sizeof(trail))
	big := [1000]int{999: 1}
	fmt.Println(big[999], len(big))
	s := []Big{{s: "a"}, {a: [10]int{1}}}
	fmt.Println(s[0].s, s[1].a[0])
	const huge = 1 << 100
	fmt.Println(huge>>98, float64(huge), huge/3.0 > 1, 'a'+1, 'a'*1.0, 1/3, 1/3., 7%-3, -7>>1, ^0, 5&^3, 1i*1i, len("héllo"), "a"+"b" < "b", !true || false)
	const (
		A = iota * 10
		B
		_
		C, D = iota, -iota
		E, F
	)
	fmt.Println(A, B, C, D, E, F)
	const t = uint8(255)
	fmt.Println(t, ^t, -1&0xff, int8(-128), uint32(1)<<31)
}

func strs() {
	s := "héllo, 世界\xff\xc0\xaf\xe2\x82"
	for i, r := range s {
		fmt.Print(i, ":", string(r), "(", r, ") ")
	}
	fmt.Println(len(s), len([]rune(s)), []byte(s)[1], []rune(s)[1], string([]rune(s)[:3]), string([]byte(s)[:3]) == s[:3])
	b := []byte(s)
	t := string(b)
	b[0] = 'X'
	fmt.Println(t[0] == 'h', string(b[:2]), s[1:3], s[len(s):] == "", s[:0] == "")
	fmt.Println(string([]rune{0x10ffff, -1, 0xd800, 'a'}) == "\U0010ffff\ufffd\ufffda", string(rune(id(300))), string([]byte(nil)) == "", []byte("") == nil, []rune("") == nil)
	type B byte
	type Bs []B
	type Str string
	fmt.Println(Str([]byte("x")), string(Bs("yz")), []B(Str("q")), Bs(Str("r")), Str([]rune("é")))
	x := ""
	for i := range 6 {
		x += string(rune('a' + i))
		x = x + "-" + x
	}
	fmt.Println(len(x), x[:20])
	fmt.Println("a"+id("b")+"c"+id("d")+"e"+id("f")+"g", id("")+id(""), id("x")+"", len(id("ab")+id("c")))
	switch id("ab") + id("c") {
	case "abc":
		fmt.Println("concat")
	}
	raw := `a\n` + "\t" + `
b`
	fmt.Println(len(raw), '\'', "\"", '\x41', "\u00e9\U0001F600", "\101")
	m := map[string]int{"ab": 1}
	fmt.Println(m["a"+id("b")], m[string([]byte{'a', 'b'})])
	var e any = "s"
	fmt.Println(e == "s", e.(string)+"t")
	for i, c := range []byte("ab") {
		fmt.Print(i, c)
	}
	fmt.Println()
}

func main() {
	copies()
	compares()
	literals()
	strs()
}
