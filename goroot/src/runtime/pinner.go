// Pinner: objects do not move, so pinning keeps them alive and is counted.

package runtime

import (
	"internal/abi"
	"unsafe"
)

// A Pinner is a set of Go objects each pinned to a fixed location in memory.
type Pinner struct {
	*pinner
}

type pinner struct {
	refs []unsafe.Pointer
}

// Pin pins a Go object, preventing it from being moved or freed by the garbage collector until Unpin is called.
func (p *Pinner) Pin(pointer any) {
	e := efaceOf(&pointer)
	if e._type == nil {
		panic(errorString("runtime.Pinner: argument is nil"))
	}
	if kind := e._type.Kind(); kind != abi.Pointer && kind != abi.UnsafePointer {
		panic(errorString("runtime.Pinner: argument is not a pointer: " + toRType(e._type).string()))
	}
	if p.pinner == nil {
		p.pinner = new(pinner)
		SetFinalizer(p.pinner, func(i *pinner) {
			if len(i.refs) != 0 {
				panic(errorString("runtime.Pinner: found leaking pinned pointer; forgot to call Unpin?"))
			}
		})
	}
	ptr := e.data
	p.refs = append(p.refs, ptr)
	if spanOfHeap(uintptr(ptr)) != nil {
		sp := newSpecial()
		sp.kind = specialPin
		sp.link(uintptr(ptr), true)
	}
}

// Unpin unpins all pinned objects of the Pinner.
func (p *Pinner) Unpin() {
	if p.pinner == nil {
		return
	}
	for i := range p.refs {
		unlinkSpecial(uintptr(p.refs[i]), specialPin, 0)
		p.refs[i] = nil
	}
	p.refs = p.refs[:0]
}

func isPinned(ptr unsafe.Pointer) bool {
	s := spanOfHeap(uintptr(ptr))
	if s == nil {
		return true
	}
	lock(&s.specialLock)
	defer unlock(&s.specialLock)
	for sp := s.specials; sp != nil; sp = sp.next {
		if sp.kind == specialPin && s.objIndex(sp.addr) == s.objIndex(uintptr(ptr)) {
			return true
		}
	}
	return false
}

func pinnerGetPtr(i *any) unsafe.Pointer { return efaceOf(i).data }
