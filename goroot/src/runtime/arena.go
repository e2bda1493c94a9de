// Arenas (GOEXPERIMENT=arenas): as package arena allows, their memory is that of the heap, and the collector frees it.

package runtime

import (
	"internal/abi"
	"internal/runtime/math"
	"unsafe"
)

// userArena is what an arena.Arena points to.
type userArena struct {
	_ uintptr // its address is its own
}

//go:linkname arena_newArena arena.runtime_arena_newArena
func arena_newArena() unsafe.Pointer { return unsafe.Pointer(new(userArena)) }

//go:linkname arena_arena_Free arena.runtime_arena_arena_Free
func arena_arena_Free(arena unsafe.Pointer) { checkArena(arena) }

func checkArena(arena unsafe.Pointer) {
	if arena == nil {
		panic(plainError("arena: use of an arena that has been freed"))
	}
}

// arena_arena_New makes an object; typ is the type of the pointer to it.
//
//go:linkname arena_arena_New arena.runtime_arena_arena_New
func arena_arena_New(arena unsafe.Pointer, typ any) any {
	checkArena(arena)
	t := (*_type)(efaceOf(&typ).data)
	if t.Kind() != abi.Pointer {
		throw("arena: the type of a new object is no pointer")
	}
	var result any
	e := efaceOf(&result)
	e._type = t
	e.data = newobject((*ptrtype)(unsafe.Pointer(t)).Elem)
	return result
}

// arena_arena_Slice makes an array of n elements and lets the slice that s points to be all of it.
//
//go:linkname arena_arena_Slice arena.runtime_arena_arena_Slice
func arena_arena_Slice(arena unsafe.Pointer, s any, n int) {
	checkArena(arena)
	e := efaceOf(&s)
	if e._type.Kind() != abi.Pointer {
		panic("slice of non-ptr type")
	}
	t := (*ptrtype)(unsafe.Pointer(e._type)).Elem
	if t.Kind() != abi.Slice {
		panic("slice of non-ptr-to-slice type")
	}
	elem := (*slicetype)(unsafe.Pointer(t)).Elem
	if size, overflow := math.MulUintptr(elem.Size_, uintptr(n)); n < 0 || overflow || size > maxAlloc {
		panic(plainError("arena: length of the slice out of range"))
	}
	*(*slice)(e.data) = slice{newarray(elem, n), n, n}
}

// arena_heapify copies what lives in an arena out of it: nothing does.
//
//go:linkname arena_heapify arena.runtime_arena_heapify
func arena_heapify(s any) any {
	switch efaceOf(&s)._type.Kind() {
	case abi.String, abi.Slice, abi.Pointer:
		return s
	}
	panic("arena: Clone only supports pointers, slices, and strings")
}
