package main

// What stays in the frame, counted; and that it is not there too short.

import (
	"fmt"
	"math/big"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
)

var (
	text      = strings.Repeat("x", 12)
	bytes     = []byte("some bytes")
	long      = []byte(strings.Repeat("long ", 20))
	table     = map[string]int{"some bytes": 7}
	keys      = map[struct{ a, b string }]int{{"some bytes", "x"}: 8}
	yes       = true
	empty     = ""
	largeSize int
	sink      any
	kept      []string
)

//go:noinline
func length(s string) int { return len(s) }

//go:noinline
func first(b []byte) byte {
	if len(b) == 0 {
		return 0
	}
	return b[0]
}

//go:noinline
func sum(r []rune) (n rune) {
	for _, x := range r {
		n += x
	}
	return
}

//go:noinline
func keep(s string) { kept = append(kept, s) }

//go:noinline
func joined(a, b string) string { return a + b }

func count(name string, f func()) {
	fmt.Println(name, testing.AllocsPerRun(20, f))
}

func counts() {
	n := 0
	count("compare", func() {
		if string(bytes) == "some bytes" && string(bytes) < text && "a" != string(long) {
			n++
		}
	})
	count("map", func() { n += table[string(bytes)] })
	count("map of structs", func() { n += keys[struct{ a, b string }{string(bytes), "x"}] })
	count("switch", func() {
		switch string(long) {
		case "a", "b":
			n++
		}
	})
	count("range", func() {
		for _, c := range []byte(text) {
			n += int(c)
		}
	})
	count("len", func() { n += len([]rune(text)) + len([]byte(text)) })
	count("short argument", func() { n += length(string(bytes)) })
	count("long argument", func() { n += length(string(long)) })
	count("short concatenation", func() { n += length(text + empty + "abc") })
	count("bytes in a concatenation", func() { n += length("<" + string(bytes) + ">") })
	count("bytes", func() { n += int(first([]byte(text))) })
	count("constant bytes", func() { n += int(first([]byte("a constant that is longer than thirty-two bytes"))) })
	count("runes", func() { n += int(sum([]rune(text))) })
	count("rune", func() { n += length(string(rune(n&63 + 32))) })
	count("extend", func() {
		s := append([]byte(nil), make([]byte, 100)...)
		n += len(s)
	})
	small := 3
	count("small make", func() {
		s := make([]byte, small)
		n += int(first(s))
	})
	largeSize = 300
	count("large make", func() {
		s := make([]byte, largeSize)
		n += int(first(s))
	})
	count("make with capacity", func() {
		s := make([]byte, small, 200)
		n += int(first(s))
	})
	count("grow", func() { n += cap(slices.Grow([]int(nil), 10)) })
	count("utf16", func() {
		if utf16.Decode([]uint16{1, 2, 3}) == nil {
			n++
		}
	})
	x := big.NewInt(3)
	count("big", func() { x.Add(x, big.NewInt(int64(small))) })
	count("parse", func() {
		i, _ := strconv.ParseInt(string(bytes[:0])+"12", 10, 64)
		n += int(i)
	})
	count("builder", func() {
		var b strings.Builder
		b.Grow(40)
		b.Write(bytes)
		if b.String() != string(bytes) {
			n++
		}
	})
	sink = n
}

// Buffers in loops whose contents outlive a turn.
func turns() {
	var list []string
	last := ""
	for i := range 4 {
		s := string(bytes[:4]) + strconv.Itoa(i)
		list = append(list, s)
		t := string(append(bytes[:0:0], byte('a'+i), 'z'))
		if last != "" && last == t {
			fmt.Println("the same memory twice")
		}
		last = t
	}
	fmt.Println(list, last)
	// One of two strings is empty: joining yields the other one.
	var old string
	for i := range 4 {
		var s string
		for j := range 2 {
			s = string(append(bytes[:0:0], byte('a'+i), byte('0'+j)))
		}
		if i > 0 {
			fmt.Print(old, " ")
		}
		old = s + empty
	}
	fmt.Println(old)
	var held []byte
	for i := range 3 {
		b := []byte(text[:i+1])
		b[0] = byte('0' + i)
		if i > 0 {
			fmt.Print(string(held), " ")
		}
		held = b
	}
	fmt.Println(string(held))
	var sizes [][]int
	for i := range 3 {
		a := make([]int, i+1)
		a[i] = i
		sizes = append(sizes, a)
	}
	fmt.Println(sizes)
	p := make([]*int, len(sizes))
	for i := range p {
		v := i * 10
		p[i] = &v
	}
	runtime.GC()
	for _, q := range p {
		fmt.Print(*q, " ")
	}
	fmt.Println()
}

func pieces(yield func(string) bool) {
	for i := range 3 {
		if !yield(string(append(bytes[:0:0], byte('p'+i)))) {
			return
		}
	}
}

type namer struct{ name string }

func (n namer) String() string { return n.name + "!" }

func holders() {
	var fs []func() string
	for i := range 3 {
		s := string(append(bytes[:0:0], byte('A'+i)))
		defer func() { fmt.Print(s, ";") }()
		fs = append(fs, func() string { return s })
	}
	for _, f := range fs {
		fmt.Print(f(), " ")
	}
	var all []string
	for s := range pieces {
		all = append(all, s)
		defer fmt.Print(s, ",")
	}
	fmt.Println(all)
	n := namer{string(bytes[:4])}
	f := n.String
	var i fmt.Stringer = n
	bytes[0] = 'S'
	fmt.Println(f(), i, n)
	bytes[0] = 's'
	keep(string(bytes))
	keep(joined(string(bytes), ""))
	keep(joined("", string(bytes)))
	func() {
		b := string(bytes)
		keep(joined(b, empty))
		keep(b[:2] + empty)
	}()
	func() {
		defer func() {
			s := fmt.Sprint(recover())
			keep(s)
		}()
		panic(string(bytes) + "?")
	}()
	c := make(chan string, 3)
	go func() {
		for i := range 3 {
			c <- string(append(bytes[:0:0], byte('0'+i)))
		}
		close(c)
	}()
	for s := range c {
		keep(s)
	}
	fmt.Println(kept)
}

// The slice must be zero where memory is used again.
func zeros(n int) (total int) {
	for i := range 3 {
		s := make([]int, n)
		for j := range s {
			total += s[j]
			s[j] = i + 1
		}
		t := append(s[:0], make([]int, n)...)
		for j := range t {
			total += t[j]
		}
	}
	return
}

func negative(n int) {
	defer func() { fmt.Println(recover()) }()
	_ = append(bytes, make([]byte, n)...)
}

func main() {
	counts()
	turns()
	holders()
	fmt.Println(zeros(3), zeros(100))
	negative(-1)
	negative(1 << 62)
	func() {
		defer func() { fmt.Println(recover()) }()
		n := -2
		s := make([]byte, n)
		fmt.Println(len(s))
	}()
}
