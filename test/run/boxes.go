package main

// Values in interfaces: what needs no memory of its own, and that they keep their values.

import (
	"fmt"
	"testing"
)

type (
	text  string
	small uint8
	one   struct{ n int }
	flags [1]bool
	list  []int
)

var (
	byte_       = byte(200)
	bool_       = true
	short       = int16(7)
	negative    = int16(-7)
	word        = int32(255)
	wide        = 17
	large       = 1 << 40
	none        = ""
	name        = "name"
	float       = 0.0
	minus       = -0.0
	half        = float32(0.5)
	nils        []byte
	empty       = []int{}
	numbers     = []int{1, 2}
	fun         func()
	held        = []any{}
	sink        any
	complex_    complex64
	structValue = one{9}
)

//go:noinline
func keep(x any) { sink = x }

//go:noinline
func keepAll(x ...any) { held = append(held, x...) }

//go:noinline
func look(x any) int {
	switch x := x.(type) {
	case int:
		return x
	case string:
		return len(x)
	case []int:
		return len(x)
	}
	return -1
}

func count(name string, f func()) { fmt.Println(name, testing.AllocsPerRun(10, f)) }

func main() {
	count("byte", func() { keep(byte_) })
	count("bool", func() { keep(bool_) })
	count("named byte", func() { keep(small(byte_)) })
	count("array of a byte", func() { keep(flags{bool_}) })
	count("int16", func() { keep(short) })
	count("negative int16", func() { keep(negative) })
	count("int32", func() { keep(word) })
	count("int", func() { keep(wide) })
	count("large int", func() { keep(large) })
	count("struct of an int", func() { keep(structValue) })
	count("empty string", func() { keep(none) })
	count("string", func() { keep(name) })
	count("named empty string", func() { keep(text(none)) })
	count("zero float", func() { keep(float) })
	count("float32", func() { keep(half) })
	count("nil slice", func() { keep(nils) })
	count("empty slice", func() { keep(empty) })
	count("constant", func() { keep(12345) })
	count("constant string", func() { keep("constant") })
	count("looked at", func() { look(large); look(name); look(numbers) })
	keepAll(byte_, bool_, small(1), flags{true}, short, negative, word, wide, large, structValue, none, name, text(name), float, minus, half, numbers, list(numbers), nils, complex_)
	byte_, bool_, short, word, wide, name, float = 1, false, 2, 3, 4, "other", 2.5
	numbers[0] = 5
	numbers = nil
	for _, x := range held {
		fmt.Printf("%T %v; ", x, x)
	}
	fmt.Println()
	var loop []any
	for i := range 600 {
		if i%100 == 55 {
			loop = append(loop, i, fmt.Sprint(i), int16(i), uint8(i), float64(i))
		}
	}
	fmt.Println(loop...)
	total := 0
	for i := range 10 {
		var x any = i * 1000
		defer func() { total += look(x) }()
		total += look(x)
	}
	fmt.Println(total, look(name), look(list(nil)), look(empty))
	m := map[any]int{byte(3): 1, int16(300): 2, "": 3, 1.5: 4, one{3}: 5}
	fmt.Println(m[byte(3)], m[int16(300)], m[none], m[1.5], m[one{3}], m[int32(3)])
	func() {
		defer func() { fmt.Println(recover()) }()
		panic(text("panics"))
	}()
}
