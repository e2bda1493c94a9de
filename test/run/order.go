// Order of evaluation: what is read before a call that changes it, and what after.
package main

import "fmt"

type T struct{ a, b int }

func (t T) val() int  { return t.a }
func (t *T) ptr() int { return t.a }
func (t *T) set(n int) *T {
	t.a = n
	return t
}

func args(list ...any) { fmt.Println(list...) }

func try(name string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println(name, "panics:", r)
		}
	}()
	f()
}

func builtins() {
	x := []int{1}
	f := func() int { x = make([]int, 3); return 2 }
	a, b, c := len(x), f(), len(x)
	fmt.Println(a, b, c)
	x = []int{1}
	fmt.Println(len(x)+f()*10, cap(x))
	x = []int{1, 2}
	p, q, r := x[1:], f(), x[1:]
	fmt.Println(p, q, r)
	s := "abc"
	g := func() int { s = "xyz"; return 1 }
	u, v, w := []byte(s), g(), []byte(s)
	fmt.Println(string(u), v, string(w))
	s = "abc"
	u2, v2, w2 := s+"!", g(), s+"!"
	fmt.Println(u2, v2, w2)
	ok := false
	h := func() bool { ok = true; return true }
	l1, l2, l3 := ok && true, h(), ok && true
	fmt.Println(l1, l2, l3)
	n := 3
	k := func() int { n = 9; return n }
	fmt.Println(min(n, 5), k(), min(n, 5))
	m1, m2, m3 := max(n, 5), func() int { n = 1; return n }(), max(n, 5)
	fmt.Println(m1, m2, m3)
	var i any = T{1, 2}
	j := func() int { i = T{3, 4}; return 0 }
	t1, t2, t3 := i.(T), j(), i.(T)
	fmt.Println(t1, t2, t3)
	mk := func(n int) map[int]int {
		return map[int]int{n: n}
	}
	e := 1
	em := func() int { e = 2; return e }
	m4, m5, m6 := map[int]int{e: e}, em(), map[int]int{e: e}
	fmt.Println(m4, m5, m6, mk(1))
	z := 1.0
	zf := func() float64 { z = 4; return z }
	c1, c2, c3 := complex(z, z), zf(), complex(z, z)
	fmt.Println(c1, c2, c3)
	pm := &map[int]int{e: zfi(&e)}
	fmt.Println(*pm, e)
}

func zfi(p *int) int { *p = 77; return 5 }

func variables() {
	x := 1
	f := func() int { x = 2; return 10 }
	fmt.Println(x+f(), x)
	x = 1
	args(x, f(), x)
	y := [3]int{1, 2, 3}
	g := func() int { y[0] = 100; return 0 }
	fmt.Println(y[0]+g(), y)
	a := [2]int{1, 2}
	ga := func() int { a = [2]int{3, 4}; return 0 }
	b, _, c := a, ga(), a
	fmt.Println(b, c)
	t := T{1, 2}
	gt := func() int { t = T{5, 6}; return 0 }
	d, _, e := t, gt(), t.a
	fmt.Println(d, e)
	m := map[string]int{"a": 1}
	gm := func() int { m["a"] = 2; return 0 }
	h, _, i := m["a"], gm(), m["a"]
	fmt.Println(h, i)
	tt := T{1, 2}
	fmt.Println(tt.val(), tt.set(7).ptr(), tt.val())
	fn := func(n int) int { return n }
	set := func() int { fn = func(n int) int { return -n }; return 3 }
	fmt.Println(fn(set()))
}

func deferred() {
	x := 1
	f := func() int { x = 2; return 10 }
	defer args("deferred", x, f(), x)
	x = 3
	t := T{1, 2}
	defer func(n int) { fmt.Println("n", n) }(t.val())
	mv := t.val
	t.a = 50
	fmt.Println(mv(), t.val())
	done := make(chan bool)
	go func(a, b int) { fmt.Println("go", a, b); done <- true }(x, f())
	<-done
}

func assignments() {
	a := []int{1, 2, 3}
	i := 0
	i, a[i] = 1, 9
	fmt.Println(i, a)
	i = 0
	a[i], i = 7, 2
	fmt.Println(i, a)
	b := a
	b[0], b, b[1] = 20, nil, 30
	fmt.Println(a, b)
	var p *T
	try("nil pointer last", func() {
		a[0], p.a = 99, 1
	})
	fmt.Println(a)
	var m map[string]int
	try("nil map last", func() {
		a[1], m["x"], a[2] = 98, 1, 97
	})
	fmt.Println(a)
	try("right before left", func() {
		m["x"] = a[len(a)+5]
	})
	try("index", func() {
		a[f3(&i)+7] = a[i+100]
	})
	fmt.Println(i)
	m = map[string]int{}
	try("division before insertion", func() {
		zero := 0
		m["q"] /= zero
	})
	try("index before insertion", func() { m["r"] = a[i+100] })
	fmt.Println(len(m))
	x, y := 1, 2
	x, y = y, x
	fmt.Println(x, y)
	var arr [3]int
	i = 0
	for i, arr[i] = range []int{10, 20, 30} {
	}
	fmt.Println(i, arr)
	ch := make(chan int, 3)
	ch <- 1
	var c2 [2]int
	i = 1
	c2[i], i = <-ch, 0
	fmt.Println(c2, i)
}

func f3(p *int) int { *p = 3; return 0 }

func selects() {
	var trace []string
	c := func(name string, c chan int) chan int { trace = append(trace, name); return c }
	v := func(n int) int { trace = append(trace, fmt.Sprint(n)); return n }
	c1, c2 := make(chan int, 1), make(chan int, 1)
	arr := []int{0, 0}
	idx := func() int { trace = append(trace, "idx"); return 1 }
	c2 <- 5
	c1 <- 0
	select {
	case c("a", c1) <- v(3):
	case arr[idx()] = <-c("b", c2):
	case c("n", nil) <- v(4):
	}
	fmt.Println(trace, arr)
	type box struct{ c chan int }
	var nilBox *box
	trace = nil
	try("select", func() {
		select {
		case nilBox.c <- v(1):
		case <-c("late", c1):
		}
	})
	fmt.Println(trace)
}

func two() (int, int) { return 1, 2 }

func results() (n int, err error) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println("n is", n)
		}
	}()
	var p *int
	return 5, fmt.Errorf("%d", *p)
}

func multi() {
	arr := []int{0, 0, 0}
	i := 0
	f := func() (int, int) { i = 2; return 4, 5 }
	arr[i], i = f()
	fmt.Println(arr, i)
	x := 1
	g := func() int { x = 5; return 1 }
	x += g()
	fmt.Println(x)
	p := &x
	other := 100
	h := func() int { p = &other; return 1 }
	*p += h()
	fmt.Println(x, other)
	fmt.Println(two())
}

func main() {
	builtins()
	variables()
	deferred()
	assignments()
	selects()
	fmt.Println(results())
	multi()
}
