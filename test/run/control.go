// Statements: switches, labels, goto, loops with variables of their own, defer and recover.
package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
)

//go:noinline
func id[T any](x T) T { return x }

func try(name string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			e, isRuntime := r.(runtime.Error)
			fmt.Println(name, "panics:", r, isRuntime)
			if isRuntime {
				_ = e.Error()
			}
		}
	}()
	f()
}

func sw(x any) string {
	switch y := x.(type) {
	case nil:
		return fmt.Sprint("nil ", y)
	case int, string:
		return fmt.Sprintf("%T %v", y, y)
	case []int:
		return fmt.Sprint(len(y))
	case error:
		return "error " + y.Error()
	case fmt.Stringer:
		return "stringer " + y.String()
	case func() int:
		return fmt.Sprint(y())
	case struct{ a int }:
		return fmt.Sprint("struct ", y.a)
	case *int:
		return fmt.Sprint("pointer ", *y)
	case [3]int:
		return fmt.Sprint(y[1])
	default:
		return fmt.Sprintf("other %T", y)
	}
}

type str string

func (s str) String() string { return string(s) + "!" }

func switches() {
	n := 4
	for _, x := range []any{nil, 1, "s", []int{1, 2}, errors.New("e"), str("x"), func() int { return 8 }, struct{ a int }{3}, &n, [3]int{1, 2, 3}, 1.5, [2]int{}} {
		fmt.Println(sw(x))
	}
	trace := ""
	f := func(n int) int { trace += fmt.Sprint(n); return n }
	switch f(3) {
	case f(1), f(2):
	case f(3), f(4):
		trace += "hit"
		fallthrough
	case f(5):
		trace += "fall"
	default:
		trace += "default"
	}
	switch {
	default:
		trace += "D"
	case f(1) == 2:
	}
	switch x := f(6); {
	case x > 5:
		trace += "big"
		break
	case x > 4:
		trace += "no"
	}
	switch f(7); true {
	case false:
	}
	switch {
	}
	fmt.Println(trace)
	for _, s := range []string{"", "a", "abc", "abd", "zz", "hello", "abcdefgh"} {
		switch s {
		case "a", "zz":
			fmt.Print("1")
		case "abc":
			fmt.Print("2")
		case "abd", "hello":
			fmt.Print("3")
		case "":
			fmt.Print("4")
		default:
			fmt.Print("5")
		}
	}
	fmt.Println()
	for i := -3; i < 12; i++ {
		switch i {
		case -2, 0:
			fmt.Print("a")
		case 1, 2, 3:
			fmt.Print("b")
			fallthrough
		case 4:
			fmt.Print("c")
		case 5, 7, 9:
			fmt.Print("d")
		case 6:
		case 10:
			fmt.Print("e")
		default:
			fmt.Print("-")
		}
	}
	fmt.Println()
	var e any = 5
	switch e {
	case "5":
		fmt.Println("string")
	case int8(5):
		fmt.Println("int8")
	case 5:
		fmt.Println("int")
	}
	try("uncomparable", func() {
		switch e = []int{}; e {
		case 1:
		case e:
		}
	})
	switch uint8(id(200)) {
	case 200:
		fmt.Println("200")
	}
	switch x := id(1.5); x {
	case 1, 1.5:
		fmt.Println("float")
	}
	type pt struct{ x, y int }
	switch (pt{1, 2}) {
	case pt{2, 1}:
	case pt{1, 2}:
		fmt.Println("pt")
	}
	var p *int
	switch p {
	case nil:
		fmt.Println("nil p")
	}
	switch f := func() {}; {
	case f == nil:
	default:
		fmt.Println("f")
	}
}

func labels() {
	n := 0
	i := 0
loop:
	if i < 5 {
		i++
		n += i
		goto loop
	}
	fmt.Println(n)
outer:
	for i := 0; ; i++ {
	inner:
		for j := 0; ; j++ {
			switch {
			case j == 3:
				continue outer
			case i == 2:
				break outer
			case j == 1:
				continue inner
			}
			fmt.Print(i, j, " ")
		}
	}
	fmt.Println()
blk:
	switch {
	default:
		if n > 0 {
			break blk
		}
		fmt.Println("not")
	}
sel:
	select {
	default:
		for {
			break sel
		}
	}
lsw:
	switch {
	case true:
		for range 3 {
			break lsw
		}
		fmt.Println("not")
	}
	var fs []func() int
	for i := 0; i < 3; i++ {
		x := i
		if i == 1 {
			goto next
		}
		fs = append(fs, func() int { i++; x += 10; return i*100 + x })
	next:
	}
	for _, f := range fs {
		fmt.Print(f(), " ", f(), " ")
	}
	fmt.Println()
	var ps []*int
	for i, j := 0, 10; i < 3; i, j = i+1, j-1 {
		ps = append(ps, &i, &j)
		i += 0
	}
	for _, p := range ps {
		fmt.Print(*p, " ")
	}
	fmt.Println()
	var gs []func()
	for i := 0; i < 2; func() { i++ }() {
		gs = append(gs, func() { fmt.Print(i, ";") })
	}
	for _, g := range gs {
		g()
	}
	k := 0
back:
	y := k
	gs2 = append(gs2, func() int { y++; return y })
	k++
	if k < 3 {
		goto back
	}
	for _, g := range gs2 {
		fmt.Print(g(), g())
	}
	fmt.Println()
	for i := range 3 {
		i *= 2
		fmt.Print(i)
	}
	for i := range uint8(3) {
		fmt.Printf("%T%d", i, i)
	}
	const c = 2
	for i := range c {
		fmt.Printf("%T", i)
	}
	for i := range id(-5) {
		fmt.Print("bad", i)
	}
	type my int16
	for i := range my(2) {
		fmt.Printf("%T", i)
	}
	fmt.Println()
}

var gs2 []func() int

func ranges() {
	a := [3]int{1, 2, 3}
	for i, v := range a {
		a[2] = 100
		fmt.Print(i, v, " ")
	}
	a = [3]int{1, 2, 3}
	for i, v := range &a {
		a[2] = 100
		fmt.Print(i, v, " ")
	}
	s := []int{1, 2, 3}
	for i, v := range s {
		s = append(s, v)
		s[2] = 50
		if i == 0 {
			s = nil
			s = make([]int, 3)
		}
		fmt.Print(i, v, " ")
	}
	for i, r := range "aé\xff\xe4\xb8世\xf0\x9f\x98\x80\xed\xa0\x80z" {
		fmt.Print(i, ":", r, " ")
	}
	fmt.Println()
	for i := range "h\xffé" {
		fmt.Print(i)
	}
	var np *[4]int
	for i := range np {
		fmt.Print(i)
	}
	fmt.Print(len(np), cap(np))
	try("nil array pointer", func() {
		for i, v := range np {
			fmt.Print(i, v)
		}
	})
	for range [0]int{} {
	}
	for i, b := range []byte("hi") {
		fmt.Print(i, b)
	}
	for i, r := range []rune("hé\xff") {
		fmt.Print(i, r, " ")
	}
	c := make(chan int, 3)
	c <- 1
	c <- 2
	close(c)
	for v := range c {
		fmt.Print("c", v)
	}
	var x struct {
		i int
		v string
	}
	for x.i, x.v = range []string{"a", "b"} {
		fmt.Print(x)
	}
	m := map[int]int{}
	for i, m[i] = range []int{7, 8} {
	}
	fmt.Println(m, i)
}

var i int

func deferred() (r int, err error) {
	defer func() {
		if x := recover(); x != nil {
			err = fmt.Errorf("wrapped: %v", x)
			r *= 2
		}
	}()
	r = 21
	var p *struct{ x [10000]int }
	return p.x[id(5000)], nil
}

func order() {
	for i := range 3 {
		defer fmt.Print("d", i, " ")
	}
	defer func() {
		defer func() { fmt.Print("inner ", recover(), " ") }()
		panic("second")
	}()
	defer func() { fmt.Print(recover(), " ") }()
	panic("first")
}

func repanic() {
	defer func() { fmt.Println(recover()) }()
	defer func() {
		r := recover()
		panic(fmt.Sprint(r, "+more"))
	}()
	panic("base")
}

func notDirect() {
	defer func() { fmt.Println("outer", recover()) }()
	defer func() {
		func() { fmt.Println("indirect", recover()) }()
	}()
	defer recover()
	panic("p")
}

func goexit() {
	done := make(chan string)
	go func() {
		defer close(done)
		defer func() { done <- fmt.Sprint("goexit ", recover()) }()
		runtime.Goexit()
	}()
	fmt.Println(<-done)
}

type custom struct{ s string }

func (c custom) Error() string { return "custom " + c.s }

func panics() {
	var m map[string]int
	var a []int
	var np *custom
	var e error
	var x any = "str"
	var f func()
	arr := [4]int{}
	try("map", func() { m["a"] = 1 })
	try("index", func() { a[id(0)] = 1 })
	try("array", func() { arr[id(4)] = 1 })
	try("negative", func() { arr[id(-1)] = 1 })
	try("slice", func() { _ = arr[id(3):id(2)] })
	try("slice2", func() { _ = arr[:id(5)] })
	try("slice3", func() { _ = arr[id(1):2:id(5)] })
	try("slice4", func() { _ = a[id(1):] })
	try("string", func() { _ = "abc"[id(3)] })
	try("string slice", func() { _ = "abc"[id(2):id(1)] })
	try("string slice", func() { _ = "abc"[id(uint64(1<<63)):] })
	try("field", func() { _ = np.s })
	try("method", func() { _ = e.Error() })
	try("value method", func() { _ = np.Error() })
	try("assert", func() { _ = x.(int) })
	try("assert2", func() { _ = x.(fmt.Stringer) })
	try("assert3", func() { _ = e.(custom) })
	try("assert4", func() { x = custom{}; _ = x.(interface{ Missing() }) })
	try("func", func() { f() })
	try("close nil", func() { var c chan int; close(c) })
	try("close twice", func() { c := make(chan int); close(c); close(c) })
	try("send closed", func() { c := make(chan int); close(c); c <- 1 })
	try("make", func() { _ = make([]int, id(-1)) })
	try("make cap", func() { _ = make([]int, id(2), id(1)) })
	try("make chan", func() { _ = make(chan int, id(-1)) })
	try("to array", func() { _ = [4]int(a) })
	try("to array pointer", func() { _ = (*[2]int)(arr[:id(1)]) })
	try("compare", func() { var y, z any = a, a; _ = y == z })
	try("compare struct", func() { var y, z any = struct{ f func() }{}, struct{ f func() }{}; _ = y == z })
	try("custom", func() { panic(custom{"x"}) })
	try("nil", func() { panic(nil) })
	try("error", func() { panic(os.ErrNotExist) })
	try("repeat", func() { strings.Repeat("x", id(-1)) })
	var z []int
	fmt.Println((*[0]int)(z) == nil, (*[0]int)([]int{}) != nil, [0]int(z), len([2]int(append(a, 1, 2))))
}

func main() {
	switches()
	labels()
	ranges()
	fmt.Println(deferred())
	order()
	fmt.Println()
	repanic()
	notDirect()
	goexit()
	panics()
}
