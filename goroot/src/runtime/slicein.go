package runtime

import "unsafe"

// makeslicein makes a slice that does not outlive its function: in room, which is
// size bytes of the function's frame, if these are enough.
func makeslicein(et *_type, len, cap int, room unsafe.Pointer, size int) unsafe.Pointer {
	if uint(len) <= uint(cap) && uint(cap) <= uint(size)/uint(et.Size_) {
		memclrNoHeapPointers(room, uintptr(cap)*et.Size_)
		return room
	}
	return makeslice(et, len, cap)
}
