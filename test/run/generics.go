// Generics: instances, method values, constraints, aliases, embedding.
package main

import (
	"cmp"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"unsafe"
)

type Number interface {
	~int | ~int8 | ~int64 | ~uint8 | ~float64 | ~complex128
}

func Sum[T Number](xs ...T) (s T) {
	for _, x := range xs {
		s += x
	}
	return
}

func Map[T, U any](xs []T, f func(T) U) []U {
	var out []U
	for _, x := range xs {
		out = append(out, f(x))
	}
	return out
}

type Stack[T any] struct{ items []T }

func (s *Stack[T]) Push(x T)   { s.items = append(s.items, x) }
func (s *Stack[T]) Pop() (x T) { n := len(s.items) - 1; x, s.items = s.items[n], s.items[:n]; return }
func (s Stack[T]) Len() int    { return len(s.items) }
func (s Stack[E]) Each(f func(E)) {
	for _, x := range s.items {
		f(x)
	}
}

type Tree[K cmp.Ordered, V any] struct {
	root *node[K, V]
}

type node[K cmp.Ordered, V any] struct {
	k           K
	v           V
	left, right *node[K, V]
}

func (t *Tree[K, V]) Put(k K, v V) {
	p := &t.root
	for *p != nil {
		switch c := cmp.Compare(k, (*p).k); {
		case c < 0:
			p = &(*p).left
		case c > 0:
			p = &(*p).right
		default:
			(*p).v = v
			return
		}
	}
	*p = &node[K, V]{k: k, v: v}
}

func (t *Tree[K, V]) Walk(yield func(K, V) bool) { t.root.walk(yield) }

func (n *node[K, V]) walk(yield func(K, V) bool) bool {
	return n == nil || n.left.walk(yield) && yield(n.k, n.v) && n.right.walk(yield)
}

type Stringish interface{ ~string }

type MyString string

func (m MyString) String() string { return "<" + string(m) + ">" }

func Join[S Stringish](xs []S, sep S) S {
	var b strings.Builder
	for i, x := range xs {
		if i > 0 {
			b.WriteString(string(sep))
		}
		b.WriteString(string(x))
	}
	return S(b.String())
}

type Setter[T any] interface {
	*T
	Set(string)
}

type Int struct{ n int }

func (i *Int) Set(s string) { i.n, _ = strconv.Atoi(s) }

func Parse[T any, P Setter[T]](list []string) []T {
	out := make([]T, len(list))
	for i, s := range list {
		P(&out[i]).Set(s)
	}
	return out
}

func Kind[T any](x T) string {
	switch any(x).(type) {
	case int:
		return "int"
	case []T:
		return "slice"
	case string:
		return "string"
	case interface{ String() string }:
		return "stringer"
	}
	var p *T
	return fmt.Sprintf("%T", p)
}

func Same[T any](x any) bool { _, ok := x.(T); return ok }

func Cases[T, U any](x any) string {
	switch x.(type) {
	case T:
		return "T"
	case U:
		return "U"
	case map[string]T:
		return "map"
	}
	return "?"
}

func Zero[T comparable](x T) bool { var z T; return x == z }

func Len[T ~string | ~[]byte](x T) (n int) {
	for i := range len(x) {
		n += int(x[i])
	}
	return n + len(x[1:])
}

func Index[T interface{ ~[]E }, E comparable](s T, e E) int {
	for i, x := range s {
		if x == e {
			return i
		}
	}
	return -1
}

func Keys[M ~map[K]V, K cmp.Ordered, V any](m M) []K {
	var ks []K
	for k := range m {
		ks = append(ks, k)
	}
	sort.Slice(ks, func(i, j int) bool { return ks[i] < ks[j] })
	return ks
}

type Base[T any] struct{ val T }

func (b *Base[T]) Get() T      { return b.val }
func (b Base[T]) Show() string { return fmt.Sprint("base ", b.val) }

type Derived struct {
	Base[int]
	*Stack[string]
}

type Alias[T any] = map[string]T
type Vec[T any] = []T
type PairOf[A any] = Two[A, A]

type Two[A, B any] struct {
	a A
	b B
}

func (t Two[A, B]) Swap() Two[B, A] { return Two[B, A]{t.b, t.a} }

type Rec[T any] struct {
	next *Rec[T]
	v    T
}

type Fn[T any] func(T) T

func (f Fn[T]) Twice(x T) T { return f(f(x)) }

type Opt[T any] func(*T)

func Apply[T any](t *T, opts ...Opt[T]) {
	for _, o := range opts {
		o(t)
	}
}

type Shape interface{ Area() float64 }
type Sq struct{ s float64 }

func (s Sq) Area() float64 { return s.s * s.s }

func Total[S Shape](xs []S) (t float64) {
	for _, x := range xs {
		f := x.Area
		t += f()
	}
	g := S.Area
	return t + g(xs[0])
}

func Ptr[T any](x T) *T { return &x }

func Chan[T any](xs ...T) <-chan T {
	c := make(chan T, len(xs))
	for _, x := range xs {
		c <- x
	}
	close(c)
	return c
}

func Counter[T any]() func() int {
	n := int(unsafe.Sizeof(*new(T)))
	return func() int { n++; return n }
}

func Recursive[T any](n int, x T) string {
	if n == 0 {
		return fmt.Sprintf("%T", x)
	}
	return Recursive(n-1, x)
}

func Arr[T any, A [3]T | [5]T](a A, _ T) int { return len(a) }

type Num int

func (n Num) Less(m Num) bool { return n < m }

type Lesser[T any] interface{ Less(T) bool }

func Min[T Lesser[T]](a, b T) T {
	if b.Less(a) {
		return b
	}
	return a
}

type Const[T any] struct{}

func (Const[T]) Value() (t T) { return }

func conv[To, From ~int | ~uint8 | ~float64](f From) To { return To(f) }

func shl[T ~int8 | ~uint64](x T, n int) T { return x << n >> 1 }

func bytesOf[T ~string | ~[]byte](x T) []byte { return []byte(x) }

type Embed[T any] struct {
	T1 T
	fmt.Stringer
}

type inter[T any] interface {
	Do(T) T
	fmt.Stringer
}

type impl struct{}

func (impl) Do(x int) int   { return x + 1 }
func (impl) String() string { return "impl" }

func useInter[T any](i inter[T], x T) T {
	f := i.Do
	g := inter[T].Do
	return g(i, f(x))
}

func main() {
	fmt.Println(Sum(1, 2, 3), Sum(1.5, 2), Sum[uint8](200, 100), Sum(1i, 2), Sum[int]())
	fmt.Println(Map([]int{1, 2}, strconv.Itoa), Map([]string{"a"}, func(s string) MyString { return MyString(s) }))
	var s Stack[MyString]
	s.Push("x")
	s.Push("y")
	push := s.Push
	push("z")
	fmt.Println(s.Len(), s.Pop(), s)
	s.Each(func(m MyString) { fmt.Print(m, " ") })
	each := Stack[MyString].Each
	each(s, func(m MyString) { fmt.Print(m.String()) })
	pop := (*Stack[MyString]).Pop
	fmt.Println(pop(&s))
	var t Tree[string, int]
	for i, k := range strings.Fields("m c x a d z c") {
		t.Put(k, i)
	}
	for k, v := range t.Walk {
		fmt.Print(k, v, " ")
	}
	fmt.Println()
	fmt.Println(Join([]MyString{"a", "b"}, "-"), Join([]string{"a"}, "x"))
	fmt.Println(Parse[Int]([]string{"1", "22"}))
	fmt.Println(Kind(1), Kind("s"), Kind(MyString("m")), Kind([]int{}), Kind(2.5), Kind[any](nil), Kind[any](3))
	fmt.Println(Same[int](1), Same[string](1), Same[fmt.Stringer](MyString("")), Same[any](nil), Same[error](nil), Same[[]int]([]int{}))
	fmt.Println(Cases[int, string](1), Cases[int, int](1), Cases[int, string](""), Cases[int, string](map[string]int{}), Cases[error, fmt.Stringer](MyString("")))
	fmt.Println(Zero(0), Zero("a"), Zero[any](nil), Zero(struct{ a, b any }{}), Zero([2]string{"", "x"}))
	fmt.Println(Len("abc"), Len([]byte{1, 2}), Index([]string{"a", "b"}, "b"), Keys(map[MyString]bool{"q": true, "p": false}))
	d := Derived{Base[int]{5}, &Stack[string]{}}
	d.Push("d")
	fmt.Println(d.Get(), d.Show(), d.Len(), d.Pop())
	var sh interface{ Show() string } = d
	fmt.Println(sh.Show())
	var a Alias[int] = map[string]int{"k": 1}
	var v Vec[Vec[int]] = [][]int{{1}}
	var p PairOf[string]
	p.a = "p"
	fmt.Printf("%T %T %T %v %v %+v\n", a, v, p, a, v, p.Swap())
	r := Rec[int]{v: 1, next: &Rec[int]{v: 2}}
	fmt.Printf("%T %v\n", r.next.next, r.next.v)
	fmt.Println(Fn[int](func(x int) int { return x * 3 }).Twice(2))
	var i Int
	Apply(&i, func(i *Int) { i.n++ }, Opt[Int](func(i *Int) { i.n *= 7 }))
	fmt.Println(i)
	fmt.Println(Total([]Sq{{2}, {3}}), Total([]Shape{Sq{1}, Sq{2}}))
	fmt.Println(*Ptr(3), *Ptr("s"), len(*Ptr([]int{1})))
	for x := range Chan("a", "b") {
		fmt.Print(x)
	}
	c1, c2 := Counter[int](), Counter[string]()
	fmt.Println(c1(), c1(), c2(), Counter[struct{}]()())
	fmt.Println(Recursive(3, []any{}), Arr([5]int{}, 1), Min[Num](3, 2), Const[string]{}.Value() == "")
	fmt.Println(conv[uint8](300), conv[int](2.9), conv[float64](uint8(7)), shl(int8(64), 1), shl(uint64(1), 63), bytesOf("hi"), bytesOf([]byte{1}))
	e := Embed[int]{1, MyString("e")}
	fmt.Println(e.String(), e)
	fmt.Println(useInter[int](impl{}, 5))
	f := Sum[float64]
	fmt.Printf("%T %v\n", f, f(1, 2.5))
	var g func([]int, func(int) string) []string = Map
	fmt.Println(g([]int{7}, func(i int) string { return fmt.Sprint(i) }))
	x := new(5)
	y := new("str" + fmt.Sprint(*x))
	z := new(Two[int, string]{1, "a"}.Swap())
	fmt.Println(*x, *y, *z, *new(int8(3)), *new(any(2)))
}
