// What random programs are written with: a checksum that every result goes into, and helpers that keep an expression from
// panicking or from depending on what the language leaves open. Most are not inlined, or all programs would be made of them.

package main

import (
	"math"
	"math/bits"
	"unsafe"
)

var (
	hash   uint64 = 14695981039346656037
	fuel   int
	nested int
)

var _ = math.Pi
var _ = bits.UintSize
var _ unsafe.Pointer

//go:noinline
func chk(v uint64) {
	hash = (hash ^ v) * 1099511628211
	hash ^= hash >> 29
}

//go:noinline
func chkInt(v int64) { chk(uint64(v)) }

func chkBool(b bool) {
	if b {
		chk(1)
	} else {
		chk(2)
	}
}

// chkFloat takes all NaNs for one: their bits are the machine's business.
//
//go:noinline
func chkFloat(f float64) {
	if f != f {
		chk(0x7ff8)
		return
	}
	chk(math.Float64bits(f))
}

//go:noinline
func chkString(s string) {
	chk(uint64(len(s)))
	for i := 0; i < len(s); i++ {
		chk(uint64(s[i]))
	}
}

//go:noinline
func step(name string, n int) {
	println(name, n, hash)
}

// chkPanic tells of what was recovered, in words.
//
//go:noinline
func chkPanic(r any) {
	switch e := r.(type) {
	case nil:
		chk(3)
	case error:
		println("recovered error:", e.Error())
		chkString(e.Error())
	case string:
		println("recovered string:", e)
		chkString(e)
	case int:
		println("recovered int:", e)
		chk(uint64(e))
	default:
		println("recovered something")
		chk(4)
	}
}

//go:noinline
func catch(f func()) {
	defer func() { chkPanic(recover()) }()
	f()
}

func at[E any](s []E, i int) E {
	if len(s) == 0 {
		var zero E
		return zero
	}
	return s[uint(i)%uint(len(s))]
}

func sel[E any](c bool, a, b E) E {
	if c {
		return a
	}
	return b
}

func ptr[E any](x E) *E { return &x }

//go:noinline
func opaque[E any](x E) E { return x }

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// f2i and f2u convert what is in range: the rest is up to the implementation.
//
//go:noinline
func f2i(f float64) int64 {
	if f > -1e15 && f < 1e15 {
		return int64(f)
	}
	return 7
}

//go:noinline
func f2u(f float64) uint64 {
	if f > 0 && f < 1.8e19 {
		return uint64(f)
	}
	return 9
}

//go:noinline
func byteAt(s string, i int) byte {
	if len(s) == 0 {
		return 0
	}
	return s[uint(i)%uint(len(s))]
}

//go:noinline
func cut(s string, i, j int) string {
	n := uint(len(s)) + 1
	a, b := int(uint(i)%n), int(uint(j)%n)
	if a > b {
		a, b = b, a
	}
	return s[a:b]
}

//go:noinline
func lim(s string) string {
	if len(s) > 40 {
		return s[len(s)-40:]
	}
	return s
}

func runeOf(i int64) rune { return rune(i % 0x120000) }

// clip makes the capacity of what a conversion returns known.
func clip(b []byte) []byte { return b[:len(b):len(b)] }
