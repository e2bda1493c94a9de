package main

import (
	"math"
	"math/bits"
	"strconv"
)

func mapOfStrings() uint64 {
	m := map[string]int{}
	keys := make([]string, 20000)
	for i := range keys {
		keys[i] = "key" + strconv.Itoa(i*7919)
	}
	for range 20 {
		for _, k := range keys {
			m[k]++
		}
	}
	n := 0
	for _, v := range m {
		n += v
	}
	return uint64(n)
}

func mapOfInts() uint64 {
	m := map[int]int{}
	for i := range 2_000_000 {
		m[i*7919%100_003] += i
	}
	return uint64(m[77])
}

func scanBytes() uint64 {
	text := make([]byte, 1<<20)
	seed := uint64(4)
	for i := range text {
		text[i] = byte(random(&seed))%96 + 32
	}
	words, lines, sum := 0, 0, uint64(0)
	for range 10 {
		inWord := false
		for _, c := range text {
			switch {
			case c == '\n' || c == '!':
				lines++
				inWord = false
			case c == ' ' || c == ',' || c == '.':
				inWord = false
			case !inWord:
				words++
				inWord = true
			}
		}
		for i := 1; i < len(text); i++ {
			if text[i] == text[i-1] {
				sum += uint64(i)
			}
		}
	}
	return uint64(words) ^ uint64(lines)<<20 ^ sum<<30
}

// The compression function of SHA-256 in plain Go; its constants from the primes.
func hashGeneric() uint64 {
	var k [64]uint32
	var h [8]uint32
	for n, p := 0, 2; n < 64; p++ {
		prime := true
		for d := 2; d*d <= p; d++ {
			prime = prime && p%d != 0
		}
		if prime {
			if n < 8 {
				_, f := math.Modf(math.Sqrt(float64(p)))
				h[n] = uint32(f * (1 << 32))
			}
			_, f := math.Modf(math.Cbrt(float64(p)))
			k[n] = uint32(f * (1 << 32))
			n++
		}
	}
	data := make([]byte, 64*1024)
	for i := range data {
		data[i] = byte(i * i)
	}
	for range 64 {
		for p := data; len(p) >= 64; p = p[64:] {
			var w [64]uint32
			for i := range 16 {
				j := i * 4
				w[i] = uint32(p[j])<<24 | uint32(p[j+1])<<16 | uint32(p[j+2])<<8 | uint32(p[j+3])
			}
			for i := 16; i < 64; i++ {
				a, b := w[i-15], w[i-2]
				s0 := bits.RotateLeft32(a, -7) ^ bits.RotateLeft32(a, -18) ^ a>>3
				s1 := bits.RotateLeft32(b, -17) ^ bits.RotateLeft32(b, -19) ^ b>>10
				w[i] = w[i-16] + s0 + w[i-7] + s1
			}
			a, b, c, d, e, f, g, hh := h[0], h[1], h[2], h[3], h[4], h[5], h[6], h[7]
			for i := range 64 {
				t1 := hh + (bits.RotateLeft32(e, -6) ^ bits.RotateLeft32(e, -11) ^ bits.RotateLeft32(e, -25)) + (e&f ^ ^e&g) + k[i] + w[i]
				t2 := (bits.RotateLeft32(a, -2) ^ bits.RotateLeft32(a, -13) ^ bits.RotateLeft32(a, -22)) + (a&b ^ a&c ^ b&c)
				hh, g, f, e, d, c, b, a = g, f, e, d+t1, c, b, a, t1+t2
			}
			h[0] += a
			h[1] += b
			h[2] += c
			h[3] += d
			h[4] += e
			h[5] += f
			h[6] += g
			h[7] += hh
		}
	}
	return uint64(h[0])<<32 | uint64(h[7])
}

func multiplyMatrices() uint64 {
	const n = 200
	matrix := func(seed float64) [][]float64 {
		m := make([][]float64, n)
		for i := range m {
			m[i] = make([]float64, n)
			for j := range m[i] {
				m[i][j] = seed * float64(i-j)
			}
		}
		return m
	}
	a, b, c := matrix(0.5), matrix(0.25), matrix(0)
	for range 3 {
		for i := range n {
			for j := range n {
				sum := 0.0
				for k := range n {
					sum += a[i][k] * b[k][j]
				}
				c[i][j] = sum
			}
		}
	}
	return math.Float64bits(c[10][20])
}

type tree struct{ left, right *tree }

func grow(depth int) *tree {
	if depth == 0 {
		return &tree{}
	}
	return &tree{grow(depth - 1), grow(depth - 1)}
}

func (t *tree) count() uint64 {
	if t.left == nil {
		return 1
	}
	return 1 + t.left.count() + t.right.count()
}

func binaryTrees() uint64 {
	long := grow(14)
	n := uint64(0)
	for range 100 {
		n += grow(10).count()
	}
	return n + long.count()
}

func sieve() uint64 {
	const n = 5_000_000
	composite := make([]bool, n+1)
	count := 0
	for i := 2; i <= n; i++ {
		if composite[i] {
			continue
		}
		count++
		for j := i * i; j <= n; j += i {
			composite[j] = true
		}
	}
	return uint64(count)
}

type body struct{ x, y, z, vx, vy, vz, mass float64 }

func nbody() uint64 {
	bodies := []body{
		{0, 0, 0, 0, 0, 0, 39.5}, {4.8, -1.2, -0.1, 0.6, 2.8, -0.02, 0.04}, {8.3, 4.1, -0.4, -1.0, 1.8, 0.008, 0.01},
		{12.9, -15.1, -0.2, 1.1, 0.9, -0.01, 0.002}, {15.4, -25.9, 0.2, 1.0, 0.6, -0.03, 0.002},
	}
	for range 100_000 {
		for i := range bodies {
			p := &bodies[i]
			for j := i + 1; j < len(bodies); j++ {
				q := &bodies[j]
				dx, dy, dz := p.x-q.x, p.y-q.y, p.z-q.z
				d2 := dx*dx + dy*dy + dz*dz
				mag := 0.001 / (d2 * math.Sqrt(d2))
				p.vx -= dx * q.mass * mag
				p.vy -= dy * q.mass * mag
				p.vz -= dz * q.mass * mag
				q.vx += dx * p.mass * mag
				q.vy += dy * p.mass * mag
				q.vz += dz * p.mass * mag
			}
		}
		for i := range bodies {
			p := &bodies[i]
			p.x += 0.001 * p.vx
			p.y += 0.001 * p.vy
			p.z += 0.001 * p.vz
		}
	}
	return math.Float64bits(bodies[0].x)
}

func fannkuch() uint64 {
	const n = 9
	perm1 := make([]int, n)
	for i := range perm1 {
		perm1[i] = i
	}
	perm, count := make([]int, n), make([]int, n)
	most, sum, r := 0, 0, n
	for turn := 0; ; turn++ {
		for ; r != 1; r-- {
			count[r-1] = r
		}
		copy(perm, perm1)
		flips := 0
		for k := perm[0]; k != 0; k = perm[0] {
			for i, j := 0, k; i < j; i, j = i+1, j-1 {
				perm[i], perm[j] = perm[j], perm[i]
			}
			flips++
		}
		most = max(most, flips)
		if turn%2 == 0 {
			sum += flips
		} else {
			sum -= flips
		}
		for {
			if r == n {
				return uint64(sum*100 + most)
			}
			first := perm1[0]
			for i := range r {
				perm1[i] = perm1[i+1]
			}
			perm1[r] = first
			count[r]--
			if count[r] > 0 {
				break
			}
			r++
		}
	}
}

type shape interface{ area() int }
type square struct{ side int }
type rect struct{ w, h int }

func (s square) area() int { return s.side * s.side }
func (r *rect) area() int  { return r.w * r.h }

func callInterfaces() uint64 {
	list := make([]shape, 1000)
	for i := range list {
		if i%3 == 0 {
			list[i] = &rect{i, 2}
		} else {
			list[i] = square{i}
		}
	}
	sum := 0
	for range 10000 {
		for _, s := range list {
			sum += s.area()
		}
	}
	return uint64(sum)
}

func numbers(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

func callClosures() uint64 {
	sum := 0
	for range 100 {
		for i := range numbers(100_000) {
			sum += i & 7
		}
	}
	return uint64(sum)
}

func passMessages() uint64 {
	c := make(chan int, 16)
	done := make(chan int)
	go func() {
		sum := 0
		for v := range c {
			sum += v
		}
		done <- sum
	}()
	for i := range 500_000 {
		c <- i
	}
	close(c)
	return uint64(<-done)
}
