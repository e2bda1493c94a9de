// From the offsets in type descriptors to what they mean. Descriptors of the image count from its start; those that reflection
// makes lie in the heap, and their offsets are numbers in a table.

package runtime

import (
	"internal/abi"
	"unsafe"
)

// inImage reports whether a descriptor is the compiler's.
func inImage(p unsafe.Pointer) bool {
	md := &firstmoduledata
	return uintptr(p) >= md.types && uintptr(p) < md.etypes
}

func resolveNameOff(ptrInModule unsafe.Pointer, off nameOff) name {
	if off == 0 {
		return name{}
	}
	if inImage(ptrInModule) {
		return name{Bytes: (*byte)(unsafe.Pointer(firstmoduledata.types + uintptr(off)))}
	}
	p := reflectOffset(int32(off))
	if p == nil {
		throw("runtime: name offset base pointer out of range")
	}
	return name{Bytes: (*byte)(p)}
}

func resolveTypeOff(ptrInModule unsafe.Pointer, off typeOff) *_type {
	if off == 0 || off == -1 {
		return nil
	}
	if inImage(ptrInModule) {
		return (*_type)(unsafe.Pointer(firstmoduledata.types + uintptr(off)))
	}
	p := reflectOffset(int32(off))
	if p == nil {
		throw("runtime: type offset base pointer out of range")
	}
	return (*_type)(p)
}

func (t rtype) textOff(off textOff) unsafe.Pointer {
	if off == -1 {
		return unsafe.Pointer(abi.FuncPCABIInternal(unreachableMethod))
	}
	if inImage(unsafe.Pointer(t.Type)) {
		return unsafe.Pointer(firstmoduledata.text + uintptr(off))
	}
	p := reflectOffset(int32(off))
	if p == nil {
		throw("runtime: text offset base pointer out of range")
	}
	return p
}
