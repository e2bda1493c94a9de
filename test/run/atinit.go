// What the compiler works out at build time must be what running would give: every function runs in an initialiser and again in main.
package main

import (
	"fmt"
	"math"
	"math/bits"
	"sort"
	"strconv"
	"strings"
)

type pt struct{ x, y int }

func (p pt) add(q pt) pt { return pt{p.x + q.x, p.y + q.y} }
func (p *pt) scale(n int) { p.x *= n; p.y *= n }

type shape interface{ area() float64 }
type sq float64
type rect struct{ w, h float64 }

func (s sq) area() float64    { return float64(s * s) }
func (r *rect) area() float64 { return r.w * r.h }

type list struct {
	v    int
	next *list
}

func integers(n int) []int {
	var out []int
	for i := -n; i <= n; i++ {
		out = append(out, i/3, i%3, i<<uint(i&7), i>>1, ^i, -i, i&6, i|9, i^5, i&^3, int(int8(i*50)), int(uint8(i*70)), int(uint16(-i)), int(int32(uint32(i)<<31)))
	}
	m := math.MinInt64
	out = append(out, m/-n*n, m%-n, bits.LeadingZeros64(uint64(n)), bits.TrailingZeros(uint(n)), bits.OnesCount64(uint64(m)), int(bits.Reverse8(uint8(n))))
	u := uint64(math.MaxUint64)
	out = append(out, int(u>>uint(n)), int(u<<63>>62), int(u/uint64(n)), int(u%10), int(uint32(u)*uint32(u)))
	hi, lo := bits.Mul64(u, uint64(n))
	out = append(out, int(hi), int(lo))
	return out
}

func floats(n int) []string {
	f := float64(n)
	z := f - f
	var out []string
	for _, x := range []float64{f / 3, -f / 7, z, -z, 1 / (z + 1), f * 1e300 * 1e10, z / z, math.Sqrt(f), math.Floor(-f / 2), float64(float32(f) / 3), math.Trunc(f / 2), math.Copysign(f, -1), math.Abs(-f), float64(int(f/2) * 3), float64(uint8(f) - 10), math.Inf(-1), math.Max(f, z), math.Pow(f, 2.5), float64(uint64(f * 1e18)), float64(int64(-f * 1e17))} {
		out = append(out, strconv.FormatUint(math.Float64bits(x), 16), fmt.Sprint(x < f, x == x, x > 0))
	}
	c := complex(f, -f)
	c = c*c + c/complex(2, 1)
	out = append(out, fmt.Sprint(c, real(c), imag(c), float32(f)/7, int32(float32(f)*1.5)))
	return out
}

func text(n int) string {
	var b strings.Builder
	s := "aé世\xff" + strconv.Itoa(n)
	for i, r := range s {
		b.WriteString(strconv.Itoa(i) + string(r))
	}
	b.WriteString(strings.Repeat("x", n) + strings.ToUpper(s) + s[1:3] + string([]byte(s)[:2]) + string([]rune(s)[2:]))
	if s < "b" && s != "a" {
		b.WriteByte('!')
	}
	for _, f := range strings.Split("a,b,,c", ",") {
		b.WriteString("<" + f + ">")
	}
	return b.String()
}

func slices(n int) [][]int {
	a := make([]int, n, 2*n)
	for i := range a {
		a[i] = i * i
	}
	b := append(a, 100)
	c := append(a, 200)
	d := append([]int(nil), a...)
	copy(d[1:], d)
	e := append(a[:1:1], 7)
	a[0] = -1
	arr := [4]int{1, 2, 3, 4}
	brr := arr
	brr[n%4] = 50
	f := brr[1:3:3]
	f = append(f, 9)
	sort.Ints(d)
	clear(c[1:2])
	return [][]int{a, b, c, d, e, arr[:], brr[:], f, {len(a), cap(a), len(f)}, nil}
}

func maps(n int) string {
	m := map[string][]int{}
	for i := range n {
		k := strconv.Itoa(i % 3)
		m[k] = append(m[k], i)
	}
	delete(m, "1")
	_, ok := m["1"]
	v, ok2 := m["2"]
	q := map[pt]int{{1, 2}: 3}
	q[pt{1, 2}]++
	keys := []string{}
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return fmt.Sprint(m, ok, v, ok2, q, len(m), keys)
}

func structs(n int) string {
	p := pt{n, 2}
	q := &p
	q.scale(3)
	r := p.add(*q)
	a := [2]pt{r, {1, n}}
	b := a
	b[1].x++
	var head *list
	for i := range n {
		head = &list{i, head}
	}
	sum := 0
	for l := head; l != nil; l = l.next {
		sum = sum*10 + l.v
	}
	f := p.add
	p.x = 0
	return fmt.Sprint(p, *q, r, a == b, a, b, sum, f(pt{1, 1}), q == &p)
}

func dynamic(n int) string {
	shapes := []shape{sq(n), &rect{2, float64(n)}, nil}
	t := 0.0
	out := ""
	for _, s := range shapes {
		if s == nil {
			continue
		}
		t += s.area()
		switch x := s.(type) {
		case sq:
			out += "sq" + fmt.Sprint(float64(x))
		case *rect:
			out += fmt.Sprint("rect", x.w)
		}
	}
	var e any = n
	_, isString := e.(string)
	i, isInt := e.(int)
	adders := []func(int) int{}
	for k := range 3 {
		adders = append(adders, func(x int) int { k += x; return k + n })
	}
	for _, f := range adders {
		out += strconv.Itoa(f(10) + f(1))
	}
	func() {
		defer func() { out += fmt.Sprint(recover()) }()
		var z []int
		_ = z[n]
	}()
	return out + fmt.Sprint(t, isString, i, isInt, e == any(n))
}

func control(n int) (out []int) {
outer:
	for i := 0; i < n; i++ {
		for j := range n {
			switch {
			case j == 2:
				continue outer
			case i == 3:
				break outer
			case j == 1:
				out = append(out, 1)
				fallthrough
			case i > 100:
				out = append(out, 2)
			default:
				out = append(out, i*10+j)
			}
		}
	}
	i := 0
loop:
	if i < n {
		i += 2
		goto loop
	}
	defer func() { out = append(out, i) }()
	var fib func(int) int
	fib = func(n int) int {
		if n < 2 {
			return n
		}
		return fib(n-1) + fib(n-2)
	}
	x, y := 1, 2
	x, y = y, x+y
	return append(out, fib(10), x, y, max(x, y, n), min(x, -n))
}

type table [256]uint32

func crc(poly uint32) (t table) {
	for i := range t {
		c := uint32(i)
		for range 8 {
			if c&1 == 1 {
				c = c>>1 ^ poly
			} else {
				c >>= 1
			}
		}
		t[i] = c
	}
	return
}

var (
	five = 5
	vInt = integers(five)
	vFlt = floats(five)
	vTxt = text(five)
	vSli = slices(five)
	vMap = maps(five)
	vStr = structs(five)
	vDyn = dynamic(five)
	vCtl = control(five)
	vCrc = crc(0xedb88320)
	ptr  = &vCrc[7]
	grow = func() []int { s := vSli[0][:2]; return append(s, 77) }()
	lit  = map[string]*pt{"a": {1, 2}, "b": {}}
	nest = [][]string{{"x"}, {}, nil, {"y", "z" + vTxt[:1]}}
	fns  = []func(pt, pt) pt{pt.add, func(a, b pt) pt { return a }}
	iff  shape = &rect{3, 4}
	anyv = []any{1, "s", pt{1, 2}, &five, nil, 2.5, []int{1}}
)

//go:noinline
func id(n int) int { return n }

func check[T any](name string, a, b T) {
	x, y := fmt.Sprintf("%v", a), fmt.Sprintf("%v", b)
	if x != y {
		fmt.Println(name, "differ:\n", x, "\n", y)
	} else {
		fmt.Println(name, x)
	}
}

func main() {
	n := id(5)
	check("integers", vInt, integers(n))
	check("floats", vFlt, floats(n))
	check("text", vTxt, text(n))
	vSli[0][2] = 77
	w := slices(n)
	w[0][2] = 77
	check("slices", vSli, w)
	check("maps", vMap, maps(n))
	check("structs", vStr, structs(n))
	check("dynamic", vDyn, dynamic(n))
	check("control", vCtl, control(n))
	check("crc", vCrc[:4], func() []uint32 { t := crc(uint32(id(0xedb88320))); return t[:4] }())
	vCrc[7]++
	fmt.Println(*ptr == vCrc[7], vCrc[255], grow, &grow[0] == &vSli[0][0], vSli[1][2])
	lit["b"].x = 9
	fmt.Println(*lit["b"], len(lit), nest, fns[0](pt{1, 2}, pt{3, 4}), fns[1](pt{1, 1}, pt{}), iff.area())
	five = 6
	fmt.Println(anyv[2], *anyv[3].(*int), anyv[6])
}
