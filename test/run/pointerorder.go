// A number that a call returns is a pointer again before the next call of the expression can collect what it points to.
package main

import (
	"fmt"
	"runtime"
	"unsafe"
)

type T struct{ a, b int }

//go:noinline
func address(x int) uintptr {
	runtime.GC()
	p := &T{x, -x}
	sink = p
	sink = nil
	return uintptr(unsafe.Pointer(p))
}

var sink *T
var keep [][]*T

//go:noinline
func check(p, q unsafe.Pointer) {
	for range 10 {
		var l []*T
		for i := range 100 {
			l = append(l, &T{1000 + i, 0})
		}
		keep = append(keep, l)
	}
	fmt.Println(*(*T)(p), *(*T)(q))
}

func main() {
	for i := range 5 {
		check(unsafe.Pointer(address(i)), unsafe.Pointer(address(i+100)))
	}
}
