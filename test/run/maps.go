// Maps: odd keys, deletion during iteration, panics of keys that have no hash.
package main

import (
	"fmt"
	"math"
	"sort"
)

type S struct {
	a int
	s string
	f float64
	i any
}

type A [3]any

type E struct{}

func try(name string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println(name, "panics:", r)
		}
	}()
	f()
}

type big [200]byte

func main() {
	nan := math.NaN()
	m := map[float64]int{}
	m[nan] = 1
	m[nan] = 2
	m[nan] += 3
	m[0] = 5
	m[math.Copysign(0, -1)] += 6
	_, ok := m[nan]
	fmt.Println(len(m), ok, m[0])
	delete(m, nan)
	fmt.Println(len(m))
	clear(m)
	fmt.Println(len(m))
	mi := map[any]string{}
	mi[1] = "int"
	mi[int8(1)] = "int8"
	mi["1"] = "string"
	mi[1.0] = "float"
	mi[S{1, "x", 2, nil}] = "struct"
	mi[A{1, "a", 2.5}] = "array"
	mi[E{}] = "empty"
	mi[nil] = "nil"
	mi[[0]int{}] = "zero"
	mi[complex(1, 2)] = "complex"
	mi[true] = "bool"
	mi[&nan] = "pointer"
	fmt.Println(mi[1], mi[int8(1)], mi["1"], mi[1.0], mi[S{1, "x", 2, nil}], mi[A{1, "a", 2.5}], mi[E{}], mi[nil], mi[[0]int{}], mi[1+2i], mi[true], mi[&nan], mi[uint(1)] == "")
	try("slice key", func() { mi[[]int{}] = "x" })
	try("slice key read", func() { fmt.Println(mi[[]int{}]) })
	try("map in struct", func() { fmt.Println(mi[S{i: map[int]int{}}]) })
	try("func in array", func() { delete(mi, A{nil, func() {}}) })
	var none map[any]int
	try("nil map read with bad key", func() { fmt.Println(none[[]int{}]) })
	fmt.Println(none[1], len(none))
	delete(none, 1)
	clear(none)
	for range none {
		fmt.Println("bad")
	}
	try("nil map write", func() { none[1] = 1 })
	try("nil map op", func() { none[1]++ })

	// Deleted entries don't come, each entry comes once.
	d := map[int]int{}
	for i := range 1000 {
		d[i] = i
	}
	seen := 0
	for k := range d {
		seen++
		delete(d, k)
		delete(d, (k+1)%1000)
	}
	fmt.Println(len(d), seen >= 500 && seen <= 1000)
	g := map[int]bool{0: true}
	n := 0
	for k := range g {
		if len(g) < 100 {
			g[k+1000*len(g)+1] = true
		}
		if g[k] {
			n++
		}
	}
	fmt.Println(n == len(g) || n < len(g))

	bm := map[big]big{}
	var k big
	for i := range 20 {
		k[100] = byte(i)
		bm[k] = k
	}
	k[100] = 7
	fmt.Println(len(bm), bm[k][100], bm[big{}][100])
	v, ok := bm[big{1}]
	fmt.Println(v[0], ok)
	es := map[E]int{{}: 3}
	es[E{}]++
	fmt.Println(es)
	zs := map[string]E{"a": {}}
	_, ok = zs["a"]
	_, ok2 := zs["b"]
	fmt.Println(ok, ok2)
	type node struct {
		kids map[string]*node
		n    int
	}
	root := &node{kids: map[string]*node{}}
	root.kids["x"] = &node{n: 4}
	root.kids["x"].n++
	fmt.Println(root.kids["x"].n)
	ms := map[string][]int{}
	ms["a"] = append(ms["a"], 1)
	ms["a"] = append(ms["a"], 2, 3)
	fmt.Println(ms)
	mst := map[string]struct{ x, y int }{"p": {1, 2}}
	fmt.Println(mst["p"].y, mst["q"].x)
	arr := map[int][2]int{1: {1, 2}}
	fmt.Println(arr[1][1], len(arr[5]))
	mm := map[string]map[string]int{"a": {"b": 1}}
	mm["a"]["b"]++
	fmt.Println(mm, mm["z"]["y"])
	keys := []string{}
	for key, val := range map[string]int{"one": 1, "two": 2, "three": 3} {
		keys = append(keys, fmt.Sprint(key, val))
	}
	sort.Strings(keys)
	fmt.Println(keys)
	type K struct {
		_ int
		a int8
		b float32
	}
	mk := map[K]int{{a: 1, b: 0}: 1}
	negZero := float32(math.Copysign(0, -1))
	fmt.Println(mk[K{a: 1, b: negZero}])
	b := []byte("key")
	sm := map[string]int{"key": 9}
	fmt.Println(sm[string(b)])
	type iface interface{ M() }
	mif := map[iface]int{nil: 2}
	fmt.Println(mif[nil])
	mc := map[chan int]int{nil: 1}
	c := make(chan int)
	mc[c] = 2
	fmt.Println(mc[nil], mc[c])
	var up map[uintptr]int8 = map[uintptr]int8{1: 1}
	up[1] <<= 3
	fmt.Println(up[1])
	f32 := map[float32]string{0.1: "x"}
	fmt.Println(f32[float32(0.1)])
	mi8 := map[int8]int{-1: 4}
	fmt.Println(mi8[-1], mi8[int8(127)])
	mb := map[bool]int{true: 1}
	mb[false]--
	fmt.Println(mb)
	ptr := map[*int]string{}
	p, q := new(int), new(int)
	ptr[p] = "p"
	fmt.Println(ptr[p], ptr[q] == "")
	m2 := map[[2]string]int{{"a", "b"}: 1}
	fmt.Println(m2[[2]string{"a", "b"}], m2[[2]string{"ab", ""}])
}
