// A chain of unique values vanishes with one collection once nobody has the last; conversions for lookups copy nothing.

package main

import (
	"crypto/rand"
	"fmt"
	"hash/maphash"
	"os"
	"reflect"
	"runtime"
	"testing"
	"unique"
	"unsafe"
	"weak"
)

type nested struct {
	next unique.Handle[nested]
	arr  [6]int
}

func nest(n nested) nested { return nested{next: unique.Make(n), arr: n.arr} }

var ws [3]weak.Pointer[nested]

func ptr(h unique.Handle[nested]) *nested {
	return *(**nested)(ptrOf(&h))
}

//go:noinline
func chain() {
	n0 := nested{arr: [6]int{1, 2, 3, 4, 5, 6}}
	n1 := nest(n0)
	n2 := nest(n1)
	n3 := nest(n2)
	ws[0] = weak.Make(ptr(n1.next))
	ws[1] = weak.Make(ptr(n2.next))
	ws[2] = weak.Make(ptr(n3.next))
	if v := n3.next.Value(); v != n2 {
		fmt.Printf("n3.Value != n2: %#v vs. %#v\n", v, n2)
	}
	if v := n2.next.Value(); v != n1 {
		fmt.Printf("n2.Value != n1: %#v vs. %#v\n", v, n1)
	}
	if v := n1.next.Value(); v != n0 {
		fmt.Printf("n1.Value != n0: %#v vs. %#v\n", v, n0)
	}
	runtime.GC()
	for i := range ws {
		fmt.Println(ws[i].Value() == nil)
	}
}

func ptrOf(p any) unsafe.Pointer { return (*[2]unsafe.Pointer)(unsafe.Pointer(&p))[1] }

var kept unique.Handle[string]

func main() {
	chain()
	text := make([]byte, 100)
	kept = unique.Make(string(text))
	fmt.Println(testing.AllocsPerRun(10, func() { kept = unique.Make(string(text)) }))
	m := reflect.ValueOf(make(map[int]int, 10))
	k, v := reflect.ValueOf(5), reflect.ValueOf(7)
	fmt.Println(testing.AllocsPerRun(10, func() { m.SetMapIndex(k, v) }))
	fmt.Println(testing.AllocsPerRun(10, func() {
		b := make([]byte, 32)
		rand.Read(b)
	}))
	f, err := os.Open("/dev/zero")
	fmt.Println(err)
	fmt.Println(testing.AllocsPerRun(10, func() {
		b := make([]byte, 32)
		f.Read(b)
	}))
	seed := maphash.MakeSeed()
	type named struct {
		n    int
		name string
	}
	fmt.Println(testing.AllocsPerRun(10, func() { maphash.Comparable(seed, named{len(text), string(text[:9])}) }))
}
