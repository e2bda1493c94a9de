package main

// Elements of maps that are read and written by one statement.

import "fmt"

type pair struct{ a, b int }

type holder struct{ m map[string][]int }

var calls int

func next() int { calls++; return calls }

func fails(what string, f func()) {
	defer func() { fmt.Println(what, recover()) }()
	f()
}

func main() {
	m := map[string]int{}
	m["a"]++
	m["a"] += 5
	m["b"] -= 2
	m["c"] |= next()
	key := []byte("a")
	m[string(key)] *= 3
	key[0] = 'b'
	m[string(key)]--
	fmt.Println(m)
	s := map[int]string{}
	for i := range 3 {
		s[i%2] += fmt.Sprint(i) + "," + string(rune('a'+i))
	}
	fmt.Println(s)
	f := map[float64]float64{1: 2}
	f[1] /= 4
	f[2] += 1.5
	fmt.Println(f)
	p := map[pair][3]int{}
	x := p[pair{1, 2}]
	x[1] = 7
	p[pair{1, 2}] = x
	fmt.Println(p)

	l := map[string][]int{}
	for i := range 5 {
		k := "even"
		if i%2 == 1 {
			k = "odd"
		}
		l[k] = append(l[k], i, next())
	}
	l["odd"] = append(l["odd"], l["even"]...)
	l["new"] = append(l["new"], len(l))
	l["other"] = append(l["new"], len(l))
	fmt.Println(l)
	h := &holder{map[string][]int{}}
	for i := range 3 {
		h.m["k"] = append(h.m["k"], i)
	}
	h.m["z"] = append(h.m["z"], make([]int, 2)...)
	fmt.Println(h.m)
	a := map[string][]any{}
	a["x"] = append(a["x"], 1, "two", nil, 3.5)
	fmt.Println(a)

	var none map[string]int
	fails("add to nil", func() { none["a"]++ })
	var lists map[string][]int
	fails("append in nil", func() { lists["a"] = append(lists["a"], next()) })
	index := 5
	fails("index", func() { m["fresh"] += []int{1}[index] })
	_, there := m["fresh"]
	zero := 0
	fails("divide", func() { m["divided"] /= zero })
	_, divided := m["divided"]
	fails("append index", func() { l["failed"] = append(l["failed"], []int{1}[index]) })
	_, failed := l["failed"]
	fmt.Println(there, divided, failed, calls)
	any_ := map[any]int{}
	fails("hash", func() { any_[[]int{1}]++ })
	grow := map[int]int{}
	for i := range 1000 {
		grow[i] += grow[i-1] + 1
	}
	fmt.Println(grow[999], len(grow))
}
