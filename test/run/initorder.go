// Initialisation order of package variables, and what initialisers may do.
package main

import "fmt"

var trace []string

func t(name string, v int, deps ...int) int {
	trace = append(trace, name)
	for _, d := range deps {
		v += d
	}
	return v
}

var a = t("a", 1, c, b)
var b = t("b", 2, f())
var c = t("c", 3)
var d, e = pair()
var _ = t("blank", 0)
var x, y = t("x", 1, y2), t("y", 2)
var y2 = t("y2", 5)

func pair() (int, int) { trace = append(trace, "pair"); return g, 2 }

var g = func() int { return t("g", 7, h.m()) }()
var h T

type T struct{ n int }

func (t T) m() int { return z }

var z = t("z", 9)

func f() int  { return ff() }
func ff() int { return fz }

var fz = t("fz", 10)

var iface interface{ m() int } = T{t("iface", 1)}
var mv = T.m
var viaMv = t("viaMv", 1)

var m = map[string]int{"k": t("mapv", 1), "l": later}
var later = t("later", 3)
var arr = [...]int{t("arr0", 0), t("arr1", 1), len(arr2): 5}
var arr2 [3]int
var ptr = &target
var target = t("target", *(&other))
var other = 4
var cl = func() int { return closed }
var called = cl()
var closed = t("closed", 11)

var rec1 = func() int { return 1 + recf(0) }()

func recf(n int) int {
	if n > 3 {
		return lastv
	}
	return recf(n + 1)
}

var lastv = t("lastv", 100)

var (
	q1 = q2 + 1
	q2 = q3 + 1
	q3 = 1
)

var ch = make(chan int, 1)
var sent = func() bool { ch <- 5; return true }()
var received = <-ch
var v, ok = m["k"]
var v3, ok3 = iface.(T)
var sl = append([]int(nil), 1, 2, 3)[1:]
var str = string([]byte{'h', 'i'}) + fmt.Sprint(len(sl))

func init() { fmt.Println("init 1", len(trace)) }

func init() {
	fmt.Println("init 2")
	defer func() { fmt.Println("deferred", recover()) }()
	panic("in init")
}

func main() {
	fmt.Println(trace)
	fmt.Println(a, b, c, d, e, x, y, y2, g, z, fz, mv(T{}), viaMv, m, later, arr, *ptr, called, closed, rec1, lastv, q1, q2, q3)
	fmt.Println(sent, received, v, ok, v3, ok3, sl, str)
}
