// Frames of goroutine stacks: how to step from one to its caller, and which of its words hold pointers.

package runtime

import (
	"internal/abi"
	"internal/goarch"
	"unsafe"
)

// stkframe is one frame, as upstream's unwinder fills it in.
type stkframe struct {
	fn       funcInfo
	pc       uintptr
	continpc uintptr // where execution goes on; 0: it does not
	lr       uintptr // return address
	sp       uintptr // at pc
	fp       uintptr // sp of the caller
	varp     uintptr // end of the local variables
	argp     uintptr // incoming stack arguments

	entry bool // stopped before the frame was made
	regs  bool // and its argument registers are in g.xRegs
	trap  bool // stopped by a fault
}

// resolveInternal completes the frame whose function, pc and sp are known.
func (u *unwinder) resolveInternal(innermost, isSyscall bool) {
	frame := &u.frame
	gp := u.g.ptr()
	f := frame.fn
	flag := f.flag
	callee := u.calleeFuncID
	frame.entry = false
	frame.regs = false
	frame.trap = !innermost && callee == abi.FuncID_sigpanic
	if isSyscall {
		flag &^= abi.FuncFlagSPWrite
	}

	// From g0 to the goroutine that switched to it.
	if u.flags&unwindJumpStack != 0 && gp == gp.m.g0 && gp.m.curg != nil && gp.m.curg.m == gp.m {
		switch f.funcID {
		case abi.FuncID_morestack:
			gp = gp.m.curg
			u.g.set(gp)
			frame.pc = gp.sched.pc
			frame.sp = gp.sched.sp
			f = findfunc(frame.pc)
			frame.fn = f
			flag = f.flag
		case abi.FuncID_systemstack:
			gp = gp.m.curg
			u.g.set(gp)
			frame.sp = gp.sched.sp
			flag &^= abi.FuncFlagSPWrite
		}
	}

	size := uintptr(f.frameSize)
	if frame.pc == f.entry() {
		size = 0
		frame.entry = true
	} else if callee == abi.FuncID_morestack && !innermost {
		size = 0
		frame.entry = true
		frame.regs = true
	}
	frame.fp = frame.sp + size + goarch.PtrSize

	if flag&abi.FuncFlagTopFrame != 0 {
		frame.lr = 0
	} else if flag&abi.FuncFlagSPWrite != 0 && (!innermost || u.flags&(unwindPrintErrors|unwindSilentErrors) != 0) {
		if u.flags&(unwindPrintErrors|unwindSilentErrors) == 0 {
			println("traceback: unexpected SPWRITE function", funcname(f))
			throw("traceback")
		}
		frame.lr = 0
	} else {
		frame.lr = *(*uintptr)(unsafe.Pointer(frame.fp - goarch.PtrSize))
	}
	frame.varp = frame.fp - goarch.PtrSize
	frame.argp = frame.fp
	frame.continpc = frame.pc
	if frame.trap && f.deferreturn == 0 {
		frame.continpc = 0
	}
}

// frameMap says which words of a frame are pointers.
type frameMap struct {
	base   uintptr // first local word
	args   uintptr // first argument word
	nLocal uintptr
	nArgs  uintptr
	bits   *byte
	regs   uint16 // argument registers, if they are saved in g.xRegs
}

func (m *frameMap) bit(i uintptr) bool { return *addb(m.bits, i/8)>>(i%8)&1 != 0 }

func (m *frameMap) local(i uintptr) uintptr { return m.base + i*goarch.PtrSize }

func (m *frameMap) arg(i uintptr) uintptr { return m.args + i*goarch.PtrSize }

// pointers finds the map of a frame; all zero: nothing is live.
func (frame *stkframe) pointers() (m frameMap) {
	f := frame.fn
	if f.stackmap == 0 {
		return
	}
	p := f.datap.stackmaps + uintptr(f.stackmap)
	head := (*[2]uint16)(unsafe.Pointer(p))
	n := uintptr(head[0] &^ hasStackObjects)
	offsets := (*[1 << 16]uint32)(unsafe.Pointer(p + 4))
	bitmaps := (*[1 << 16]uint32)(unsafe.Pointer(p + 4 + 4*n))
	target := uint32(frame.pc - f.entry())
	if frame.entry {
		target = 0
		if frame.regs {
			m.regs = head[1]
		}
	}
	lo, hi := uintptr(0), n
	for lo < hi {
		mid := (lo + hi) / 2
		if offsets[mid] < target {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == n || offsets[lo] != target {
		if !frame.trap || f.deferreturn == 0 {
			return
		}
		// Only what the defer landing sees: the map of its call of deferreturn.
		for lo = 0; lo < n && offsets[lo] <= f.deferreturn; lo++ {
		}
		if lo == n {
			return
		}
	}
	at := f.datap.stackmaps + uintptr(bitmaps[lo])
	var first uintptr
	first, at = frameUvarint(at)
	m.nLocal, at = frameUvarint(at)
	m.nArgs, at = frameUvarint(at)
	m.bits = (*byte)(unsafe.Pointer(at))
	m.base = frame.sp + first*goarch.PtrSize
	m.args = frame.argp
	return
}

// hasStackObjects in the number of sites says that a list of stack objects follows.
const hasStackObjects = 1 << 15

// stackObjects walks the pieces of a frame that pointers may lead to, by address.
type stackObjects struct {
	left uintptr // how many
	at   uintptr // in the list
	base uintptr // address of the last one
}

func (frame *stkframe) objects() (o stackObjects) {
	f := frame.fn
	if f.stackmap == 0 || frame.entry || frame.continpc == 0 {
		return
	}
	p := f.datap.stackmaps + uintptr(f.stackmap)
	n := uintptr(*(*uint16)(unsafe.Pointer(p)))
	if n&hasStackObjects == 0 {
		return
	}
	n &^= hasStackObjects
	o.left, o.at = frameUvarint(f.datap.stackmaps + uintptr(*(*uint32)(unsafe.Pointer(p + 4 + 8*n))))
	o.base = frame.sp
	return
}

// next returns the address of an object and where its size and mask are.
func (o *stackObjects) next() (base, record uintptr) {
	delta, record := frameUvarint(o.at)
	o.left--
	o.base += delta * goarch.PtrSize
	_, words, mask := readStackObject(record)
	o.at = uintptr(unsafe.Pointer(mask)) + (words+7)/8
	return o.base, record
}

// readStackObject returns the size of an object and the mask of its first words.
func readStackObject(record uintptr) (size, words uintptr, mask *byte) {
	size, record = frameUvarint(record)
	words, record = frameUvarint(record)
	return size * goarch.PtrSize, words, (*byte)(unsafe.Pointer(record))
}

func frameUvarint(at uintptr) (uintptr, uintptr) {
	v, shift := uintptr(0), uintptr(0)
	for {
		b := uintptr(*(*byte)(unsafe.Pointer(at)))
		at++
		v |= b & 0x7f << shift
		if b < 0x80 {
			return v, at
		}
		shift += 7
	}
}

// reflectMethodValue is the head of what reflect.makeFuncStub and methodValueCall have as their context.
type reflectMethodValue struct {
	fn     uintptr
	stack  *bitvector
	argLen uintptr
}

// reflectStub returns what lives in the frame of one of reflect's stubs: the spilled argument registers (after the
// context, three words for calls and a flag), and the map and number of words of the stack arguments.
func (frame *stkframe) reflectStub() (regs *abi.RegArgs, args *bitvector, n uintptr) {
	regs = (*abi.RegArgs)(unsafe.Pointer(frame.sp + 5*goarch.PtrSize))
	mv := *(**reflectMethodValue)(unsafe.Pointer(frame.sp))
	if mv == nil || mv.stack == nil {
		return regs, nil, 0
	}
	args = mv.stack
	n = uintptr(args.n)
	if !*(*bool)(unsafe.Pointer(frame.sp + 4*goarch.PtrSize)) {
		n = min(n, mv.argLen/goarch.PtrSize) // the results are not there yet
	}
	return regs, args, n
}
