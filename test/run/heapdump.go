// A heap dump can be read: its records are whole, and an object that the program holds is in it with its pointer.

package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"unsafe"
)

type node struct {
	n    int
	next *node
	mark [4]uint64
}

var held = &node{n: 1, next: &node{n: 2}, mark: [4]uint64{11, 22, 33, 44}}

//go:noinline
func fresh() *node { return &node{n: len(os.Args), next: held, mark: held.mark} }

func main() {
	f, err := os.CreateTemp("", "dump")
	if err != nil {
		panic(err)
	}
	defer os.Remove(f.Name())
	kept := fresh()
	debug.WriteHeapDump(f.Fd())
	f.Seek(0, io.SeekStart)
	r := bufio.NewReader(f)
	number := func() uint64 {
		v, err := binary.ReadUvarint(r)
		if err != nil {
			panic(err)
		}
		return v
	}
	memory := func() []byte {
		b := make([]byte, number())
		if _, err := io.ReadFull(r, b); err != nil {
			panic(err)
		}
		return b
	}
	fields := func() (list []uint64) {
		for kind := number(); kind != 0; kind = number() {
			list = append(list, number())
		}
		return
	}
	header, _ := r.ReadString('\n')
	fmt.Printf("%q\n", header)
	objects := 0
	want := uint64(uintptr(unsafe.Pointer(kept)))
	for {
		switch tag := number(); tag {
		case 0:
			_, err := r.ReadByte()
			fmt.Println(objects > 10, err)
			return
		case 1:
			objects++
			at, content, list := number(), memory(), fields()
			if at == want {
				fmt.Println(bytes.Equal(content[16:48], unsafe.Slice((*byte)(unsafe.Pointer(&kept.mark)), 32)), list[0])
			}
		case 6:
			fmt.Println(number(), number(), number() < number(), string(memory()), len(memory()) > 0, number() > 0)
		case 7:
			for range 5 {
				number()
			}
		case 10:
			for range 24 + 256 + 1 {
				number()
			}
		case 12, 13:
			fmt.Println(tag, number() > 0, len(memory()) > 0, len(fields()) > 0)
		case 3:
			number()
			number()
			memory()
			number()
		default:
			panic(tag)
		}
	}
}
