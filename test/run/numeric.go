// Arithmetic at the edges: shifts, division, conversions, signed zeros, NaN.
package main

import (
	"fmt"
	"math"
)

//go:noinline
func id[T any](x T) T { return x }

func try(name string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println(name, "panics:", r)
		}
	}()
	f()
}

func shifts() {
	for _, n := range []uint{0, 1, 7, 8, 31, 32, 33, 63, 64, 65, 1 << 20, math.MaxUint} {
		fmt.Println(n, int8(-128)>>n, uint8(255)>>n, uint8(255)<<n, int8(1)<<n, int16(-1)>>n, uint16(65535)<<n,
			int32(-5)>>n, int32(-5)<<n, uint32(0xdeadbeef)>>n, uint32(0xdeadbeef)<<n,
			int64(-5)>>n, int64(-5)<<n, uint64(0xdeadbeefdeadbeef)>>n, uint64(0xdeadbeefdeadbeef)<<n)
	}
	for _, n := range []uint8{0, 8, 63, 64, 255} {
		fmt.Println(int8(-3)>>n, int64(-3)<<n, uint32(9)<<n, uintptr(77)>>n)
	}
	for _, n := range []int8{0, 5, 127} {
		fmt.Println(1<<n, int16(256)>>n, uint64(1)<<n)
	}
	for _, n := range []int64{-1, math.MinInt64} {
		try("shift", func() { fmt.Println(id(1) << n) })
		try("shift", func() { fmt.Println(id(int8(1)) >> n) })
	}
	var s uint = 33
	var i = 1 << s
	var j int32 = 1 << s
	var k = uint64(1 << s)
	var w int64 = 1.0 << 33
	var u = 1<<s != 0
	var b = make([]byte, 1.0<<(s-30))
	var xx = id(1<<s == 2<<s)
	fmt.Println(i, j, k, w, u, len(b), xx)
	x := id(uint32(1))
	x <<= 31
	x <<= 1
	fmt.Println(x)
	y := id(int8(-1))
	y >>= 7
	fmt.Println(y, y<<7, uint8(y)>>7)
	fmt.Println(id(int32(1))<<31>>31, id(uint64(1))<<63>>63, id(int16(1))<<15, ^id(uint8(0))<<4>>4)
}

func division() {
	fmt.Println(id(math.MinInt64)/id(-1), id(math.MinInt64)%id(-1))
	fmt.Println(id(int32(math.MinInt32))/id(int32(-1)), id(int32(math.MinInt32))%id(int32(-1)))
	fmt.Println(id(int8(-128))/id(int8(-1)), id(int8(-128))%id(int8(-1)), id(int16(-32768))/id(int16(-1)))
	for _, a := range []int{7, -7, 0, math.MinInt64, math.MaxInt64} {
		for _, b := range []int{3, -3, 1, -1, 2, 10, math.MinInt64} {
			fmt.Print(a/b, " ", a%b, " ")
		}
		fmt.Println(a/8, a%8, a/-8, a%-8, a/7, a%7, a/-1, a%-1, a/1, a/3, a/-3, a%10, a/1000000007, a/math.MinInt64, a%math.MinInt64)
	}
	for _, a := range []uint64{7, 0, 1 << 63, math.MaxUint64} {
		fmt.Println(a/3, a%3, a/7, a%7, a/8, a%8, a/10, a/(1<<63), a%(1<<63), a/641, a%641, a/0xffffffffffffffff)
	}
	for _, a := range []int8{-128, -127, -1, 0, 1, 127} {
		fmt.Println(a/3, a%3, a/7, a/-7, a/-128, a%-128, a/127, a/2, a%2, a/16, a%16)
	}
	for _, a := range []uint8{0, 1, 128, 255} {
		fmt.Println(a/3, a%3, a/7, a/255, a%255, a/128, a/10, a%10)
	}
	for _, a := range []uint32{0, 1, 1 << 31, math.MaxUint32} {
		fmt.Println(a/3, a%3, a/7, a/10, a%10, a/641, a/math.MaxUint32)
	}
	for _, a := range []int32{math.MinInt32, -1, 0, 5, math.MaxInt32} {
		fmt.Println(a/3, a%3, a/7, a/-7, a/10, a%10, a/-1, a/math.MinInt32, a/4, a%4, a/-4)
	}
	try("div", func() { fmt.Println(id(1) / id(0)) })
	try("mod", func() { fmt.Println(id(uint8(1)) % id(uint8(0))) })
	fmt.Println(id(1.0)/id(0.0), id(-1.0)/id(0.0), id(0.0)/id(0.0))
}

func zeros() {
	z := id(0.0)
	nz := math.Copysign(0, -1)
	show := func(f float64) string { return fmt.Sprintf("%v/%v", f, math.Signbit(f)) }
	fmt.Println(show(-z), show(-nz), show(z+nz), show(nz+nz), show(nz-z), show(z-z), show(0-z), show(nz*z), show(-1*z), show(0*-id(1.0)))
	fmt.Println(z == nz, 1/z, 1/nz, show(float64(float32(nz))), show(z*-1), show(-(z - z)))
	fmt.Println(show(min(z, nz)), show(min(nz, z)), show(max(z, nz)), show(max(nz, z)))
	n := math.NaN()
	fmt.Println(min(n, 1), min(1, n), max(n, 1), max(1, n), min(1, 2, n, 3), max(id(1.0), n, math.Inf(1)), min(math.Inf(-1), n))
	fmt.Println(n == n, n != n, n < n, n <= n, n > n, n >= n, !(n < 1), !(n >= 1), n < 1 || n > 1)
	if n < 1 {
		fmt.Println("bad")
	} else if n >= 1 {
		fmt.Println("bad")
	} else {
		fmt.Println("good")
	}
	f := id(float32(math.NaN()))
	fmt.Println(f == f, f != f, f < 1, f > 1)
	switch n {
	case n:
		fmt.Println("bad")
	default:
		fmt.Println("nan")
	}
	c := complex(n, 0)
	fmt.Println(c == c, c != c)
	fmt.Println(min("b", "a", "c"), max("b", "abc", "c"), min(3, 1, 2), max(id(uint8(3)), 200), min(id("b"), "a"))
}

func conversions() {
	for _, f := range []float64{0, 1.9, -1.9, 255.5, -0.5, 1e9, 4294967295.9, 1e18, -1e18, 9.2e18, 0.999999999} {
		fmt.Println(f, int64(f), int32(int64(f)), int(f), float32(f))
		if f >= 0 {
			fmt.Println(uint64(f))
		}
		if f > -129 && f < 128 {
			fmt.Println(int8(f), int16(f))
		}
		if f >= 0 && f < 256 {
			fmt.Println(uint8(f), uint16(f), uint32(f))
		}
	}
	for _, f := range []float64{1 << 63, 1.5 * (1 << 63), math.MaxUint64 / 2, 18446744073709549568} {
		fmt.Println(uint64(f), uintptr(f), uint(f))
	}
	for _, f := range []float32{1 << 63, 1.5 * (1 << 63), 3.99, 2147483648, 4294967040} {
		fmt.Println(uint64(f), uint32(int64(f)))
	}
	// Out of range: no panic; the values are those of the machine, and the same as the reference build's.
	for _, f := range []float64{-1.5, 1 << 64, math.Inf(1), math.Inf(-1), math.NaN(), -1e300, 1e300, 1 << 40} {
		fmt.Println(int64(f), uint64(f), int32(f), uint32(f), int16(f), uint16(f), int8(f), uint8(f), uintptr(f))
		fmt.Println(int64(float32(f)), uint64(float32(f)), int32(float32(f)), uint32(float32(f)), int8(float32(f)))
	}
	for _, u := range []uint64{0, 1, 1<<53 + 1, 1<<63 - 1, 1 << 63, 1<<63 + 1, 1<<63 + 1024, 1<<63 + 1025, 1<<63 + 3072, math.MaxUint64, 1<<24 + 1, 1<<62 + 1<<38 + 1, 1<<63 + 1<<39, 1<<63 + 1<<39 + 1} {
		fmt.Println(float64(u), float32(u), float64(int64(u)), float32(int64(u)), float64(uint32(u)), float32(uint32(u)), float64(int32(u)))
	}
	for _, i := range []int64{-1, 128, 255, 256, 65535, 1 << 31, -1 << 31, 1<<32 - 1, math.MinInt64} {
		fmt.Println(int8(i), uint8(i), int16(i), uint16(i), int32(i), uint32(i), uint64(i), uint(int8(i)), int(uint8(i)), uint32(int8(i)), int64(uint32(i)))
	}
	fmt.Println(string(rune(65)), string(rune(-1)), string(rune(0x10ffff)), string(rune(0x110000)), string(rune(0xd800)), []byte(string(rune(0xd800))))
	a := id(0.1)
	fmt.Println(float32(a), float64(float32(a)), float32(a)*float32(a), float64(float32(a)*float32(a)), float32(a*a))
	fmt.Println(complex64(complex(a, -a)), complex128(complex64(complex(a, a))), real(complex64(complex(a, 1))))
	var x uint8 = 200
	x += 100
	fmt.Println(x, x*x, -x, ^x, int8(x)-127-1-127, x&^4, x^0xff)
	var i8 int8 = 127
	i8++
	fmt.Println(i8, -i8, i8*i8, i8-1, i8/-1)
}

func complexes() {
	inf := math.Inf(1)
	nan := math.NaN()
	list := []complex128{0, 1, 1i, complex(inf, 0), complex(0, inf), complex(inf, inf), complex(nan, 0), complex(1, nan), complex(nan, inf), -1 - 1i, complex(math.Copysign(0, -1), 0), 3 + 4i}
	for _, a := range list {
		for _, b := range list {
			fmt.Print(a/b, a*b, a+b, a-b, a == b, " ")
		}
		fmt.Println(-a, real(a), imag(a))
	}
	var c complex64 = 3 + 4i
	c *= c
	c /= 1 + 1i
	fmt.Println(c, c == complex64(complex128(c)))
}

func main() {
	shifts()
	division()
	zeros()
	conversions()
	complexes()
}
