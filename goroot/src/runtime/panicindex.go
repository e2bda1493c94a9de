// What compiled code calls when an index or a slice bound is out of range.

package runtime

import (
	"internal/abi"
	"internal/runtime/sys"
	"unsafe"
)

func panicIndex(x int, y int) {
	panicCheck1(sys.GetCallerPC(), "index out of range")
	panic(boundsError{x: int64(x), signed: true, y: y, code: abi.BoundsIndex})
}

func panicIndexU(x uint, y int) {
	panicCheck1(sys.GetCallerPC(), "index out of range")
	panic(boundsError{x: int64(x), signed: false, y: y, code: abi.BoundsIndex})
}

func panicSliceAlen(x int, y int) {
	panicSlice(sys.GetCallerPC(), int64(x), true, y, abi.BoundsSliceAlen)
}

func panicSliceAlenU(x uint, y int) {
	panicSlice(sys.GetCallerPC(), int64(x), false, y, abi.BoundsSliceAlen)
}

func panicSliceAcap(x int, y int) {
	panicSlice(sys.GetCallerPC(), int64(x), true, y, abi.BoundsSliceAcap)
}

func panicSliceAcapU(x uint, y int) {
	panicSlice(sys.GetCallerPC(), int64(x), false, y, abi.BoundsSliceAcap)
}

func panicSliceB(x int, y int) { panicSlice(sys.GetCallerPC(), int64(x), true, y, abi.BoundsSliceB) }

func panicSliceBU(x uint, y int) { panicSlice(sys.GetCallerPC(), int64(x), false, y, abi.BoundsSliceB) }

func panicSlice3Alen(x int, y int) {
	panicSlice(sys.GetCallerPC(), int64(x), true, y, abi.BoundsSlice3Alen)
}

func panicSlice3AlenU(x uint, y int) {
	panicSlice(sys.GetCallerPC(), int64(x), false, y, abi.BoundsSlice3Alen)
}

func panicSlice3Acap(x int, y int) {
	panicSlice(sys.GetCallerPC(), int64(x), true, y, abi.BoundsSlice3Acap)
}

func panicSlice3AcapU(x uint, y int) {
	panicSlice(sys.GetCallerPC(), int64(x), false, y, abi.BoundsSlice3Acap)
}

func panicSlice3B(x int, y int) { panicSlice(sys.GetCallerPC(), int64(x), true, y, abi.BoundsSlice3B) }

func panicSlice3BU(x uint, y int) {
	panicSlice(sys.GetCallerPC(), int64(x), false, y, abi.BoundsSlice3B)
}

func panicSlice3C(x int, y int) { panicSlice(sys.GetCallerPC(), int64(x), true, y, abi.BoundsSlice3C) }

func panicSlice3CU(x uint, y int) {
	panicSlice(sys.GetCallerPC(), int64(x), false, y, abi.BoundsSlice3C)
}

func panicSliceConvert(x int, y int) {
	panicSlice(sys.GetCallerPC(), int64(x), true, y, abi.BoundsConvert)
}

func panicSlice(pc uintptr, x int64, signed bool, y int, code abi.BoundsErrorCode) {
	panicCheck1(pc, "slice bounds out of range")
	panic(boundsError{x: x, signed: signed, y: y, code: code})
}

// No defers are open-coded: every one has a record.
func (p *_panic) initOpenCodedDefers(fn funcInfo, varp unsafe.Pointer) bool { return false }
