package main

import (
	"io"
	"sync"
	"time"
	"unsafe"
)

type Int int

func (Int) Value()    {}
func (*Int) Pointer() {}
func (Int) hidden()   {}

type Pair[K comparable, V any] struct {
	Key K
	Val V `json:"v,omitempty"`
}

func (p Pair[K, V]) Get() (K, V) { return p.Key, p.Val }
func (p *Pair[K, V]) Set(v V)    { p.Val = v }

type Inner struct{ A, B int }

func (Inner) InnerValue()    {}
func (*Inner) InnerPointer() {}

type Outer struct {
	Inner
	*sync.Mutex
	io.Reader
	x int8
	_ [3]byte
	y string
}

type Shadow struct {
	Inner
	InnerValue int
}

type Node struct {
	next *Node
	data [4]any
	f    func(int, ...string) (a, b error)
}

type Iface interface {
	M(int) string
	hidden()
	io.Writer
}

type Func func(x int, y ...float64) error
type Chan <-chan Int
type Map map[string]Pair[int, string]
type Arr [5]string
type Big [40000]*int
type Float float32
type Padded struct {
	a int8
	b int64
	c int8
}
type Blank struct {
	a int32
	_ int32
	b int64
}
type Zero struct{}
type Tail struct {
	a int
	z struct{}
}
type One struct{ p *int }
type Rec []Rec
type Emb struct {
	time.Time
	Pair[int, *Node]
}

var (
	A00 int
	A01 Int
	A02 *Int
	A03 Pair[int, string]
	A04 *Pair[string, []byte]
	A05 Outer
	A06 *Outer
	A07 Shadow
	A08 Node
	A09 *Node
	A10 Iface
	A11 interface{}
	A12 error
	A13 Func
	A14 Chan
	A15 Map
	A16 Arr
	A17 Big
	A18 Float
	A19 Padded
	A20 Blank
	A21 Zero
	A22 Tail
	A23 One
	A24 Rec
	A25 Emb
	A26 map[Padded]Blank
	A27 map[[200]byte][300]int
	A28 chan<- (<-chan int)
	A29 chan (<-chan string)
	A30 func()
	A31 func(a Int, b map[string]int) (x, y int)
	A32 struct {
		a  int
		B  string `tag:"x\"y"`
		Inner
		*Node
	}
	A33 struct{}
	A34 [0]func()
	A35 [1]*int
	A36 [3]float64
	A37 complex64
	A38 complex128
	A39 uintptr
	A40 unsafe.Pointer
	A41 interface {
		Z()
		a()
		B(x interface{ C() })
	}
	A42 map[interface{}]struct{}
	A43 []map[string]chan error
	A44 [2]struct {
		a, b int32
		c    *int
	}
	A45 bool
	A46 string
	A47 map[int8]int64
	A48 map[struct{}]struct{}
	A49 struct {
		x, y uint16
		z    uint32
	}
	A50 rune
	A51 byte
	A52 []rune
	A53 time.Time
	A54 *time.Time
	A55 sync.Mutex
	A56 struct{ *Inner }
	A57 struct{ io.Reader }
	A58 map[string]*Outer
	A59 [70]Node
)
