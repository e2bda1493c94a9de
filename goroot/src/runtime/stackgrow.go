// Goroutine stacks that grow by being copied: every pointer into the old one is found through stack maps and
// records that are known to point there, and moved along.

package runtime

import (
	"internal/goarch"
	"internal/runtime/atomic"
	"unsafe"
)

// newstack is called on g0 by morestack: the current goroutine's function needs a bigger frame than fits, or the
// goroutine is to give way. It ends by resuming the goroutine in morestackResume.
func newstack() {
	mp := getg().m
	gp := mp.curg
	morebuf := mp.morebuf
	if morebuf.g.ptr().stackguard0 == stackFork {
		throw("stack growth after fork")
	}
	if morebuf.g.ptr() != gp {
		throw("runtime: wrong goroutine in newstack")
	}
	callee := *(*uintptr)(unsafe.Pointer(gp.sched.sp)) // in the prologue of the function
	if gp.throwsplit {
		gp.syscallsp = morebuf.sp
		gp.syscallpc = morebuf.pc
		f := findfunc(callee)
		print("runtime: newstack at ", funcname(f), " sp=", hex(gp.sched.sp), " stack=[", hex(gp.stack.lo), ", ", hex(gp.stack.hi), "]\n")
		mp.traceback = 2
		traceback(morebuf.pc, morebuf.sp, morebuf.lr, gp)
		throw("runtime: stack split at bad time")
	}
	mp.morebuf = gobuf{}

	guard := atomic.Loaduintptr(&gp.stackguard0)
	if guard == stackPreempt && !canPreemptM(mp) {
		gp.stackguard0 = gp.stack.lo + stackGuard
		gogo(&gp.sched)
	}
	if gp.stack.lo == 0 {
		throw("missing stack in newstack")
	}
	sp := gp.sched.sp
	if sp < gp.stack.lo {
		print("runtime: split stack overflow: ", hex(sp), " < ", hex(gp.stack.lo), "\n")
		throw("runtime: split stack overflow")
	}

	if guard == stackPreempt {
		if mp.p == 0 && mp.locks == 0 {
			throw("runtime: g is running but p is not")
		}
		if gp.preemptShrink {
			gp.preemptShrink = false
			shrinkstack(gp)
		}
		gp.syncSafePoint = true
		if gp.preemptStop {
			preemptPark(gp)
		}
		gopreempt_m(gp)
	}

	oldsize := gp.stack.hi - gp.stack.lo
	newsize := oldsize
	used := gp.stack.hi - sp
	needed := stackGuard + uintptr(8)
	if f := findfunc(callee); f.valid() {
		needed += uintptr(f.frameSize)
	}
	if guard != stackForceMove {
		newsize *= 2
	}
	for newsize-used < needed {
		newsize *= 2
	}
	if newsize > maxstacksize || newsize > maxstackceiling {
		gp.sched.pc = findfunc(callee).entry() // so that tracebacks begin with it
		gp.sched.sp += goarch.PtrSize
		print("runtime: goroutine stack exceeds ", min(maxstacksize, maxstackceiling), "-byte limit\n")
		print("runtime: sp=", hex(sp), " stack=[", hex(gp.stack.lo), ", ", hex(gp.stack.hi), "]\n")
		throw("stack overflow")
	}
	casgstatus(gp, _Grunning, _Gcopystack)
	copystack(gp, newsize)
	casgstatus(gp, _Gcopystack, _Grunning)
	gogo(&gp.sched)
}

// preemptPoll is called from loops without calls when the stack guard is poisoned.
//
//go:nosplit
func preemptPoll() {
	gp := getg()
	if gp != gp.m.curg {
		return
	}
	if gp.stackguard0 != stackPreempt || !canPreemptM(gp.m) {
		gp.stackguard0 = gp.stack.lo + stackGuard
		return
	}
	mcall(preemptPolled)
}

func preemptPolled(gp *g) {
	gp.stackguard0 = gp.stack.lo + stackGuard
	if gp.preemptStop {
		gp.syncSafePoint = true
		preemptPark(gp)
	}
	gopreempt_m(gp)
}

// stressStack makes the next growth check move the stack (GO3S_STACKSTRESS).
//
//go:nosplit
func stressStack(gp *g) {
	if gp == gp.m.curg && gp.stackguard0 == gp.stack.lo+stackGuard {
		gp.stackguard0 = stackForceMove
	}
}

// copystack moves gp's stack to a new one of newsize bytes. The world may run, gp does not.
func copystack(gp *g, newsize uintptr) {
	if gp.syscallsp != 0 {
		throw("stack growth not allowed in system call")
	}
	old := gp.stack
	if old.lo == 0 {
		throw("nil stackbase")
	}
	used := old.hi - gp.sched.sp
	new := stackalloc(uint32(newsize))
	info := adjustinfo{old: old, delta: new.hi - old.hi}

	ncopy := used
	if !gp.activeStackChans {
		if newsize < old.hi-old.lo && gp.parkingOnChan.Load() {
			throw("racy sudog adjustment due to parking on channel")
		}
		adjustsudogs(gp, &info)
	} else {
		// Other goroutines may be writing to channel elements on this stack.
		info.sghi = findsghi(gp, old)
		ncopy -= syncadjustsudogs(gp, used, &info)
	}
	memmove(unsafe.Pointer(new.hi-ncopy), unsafe.Pointer(old.hi-ncopy), ncopy)

	adjustpointer(&info, unsafe.Pointer(&gp.sched.ctxt))
	adjustdefers(gp, &info)
	adjustpanics(gp, &info)
	if info.sghi != 0 {
		info.sghi += info.delta
	}
	gp.stack = new
	gp.stackguard0 = new.lo + stackGuard
	gp.sched.sp = new.hi - used
	gp.stktopsp += info.delta

	var u unwinder
	for u.init(gp, 0); u.valid(); u.next() {
		moveFrame(gp, &u.frame, &info)
	}
	if stackStress {
		for p := old.lo; p < old.hi; p += goarch.PtrSize {
			*(*uintptr)(unsafe.Pointer(p)) = 0xfcfcfcfcfcfcfcfc
		}
	}
	stackfree(old)
}

// moveFrame adjusts the pointers of one frame that has been copied.
func moveFrame(gp *g, frame *stkframe, info *adjustinfo) {
	m := frame.pointers()
	for i := uintptr(0); i < m.nLocal; i++ {
		if m.bit(i) {
			moveWord(m.local(i), info)
		}
	}
	for i := uintptr(0); i < m.nArgs; i++ {
		if m.bit(m.nLocal + i) {
			moveWord(m.arg(i), info)
		}
	}
	// Stack objects, whether they live or not.
	for o := frame.objects(); o.left != 0; {
		base, record := o.next()
		_, words, mask := readStackObject(record)
		for i := uintptr(0); i < words; i++ {
			if *addb(mask, i/8)>>(i%8)&1 != 0 {
				moveWord(base+i*goarch.PtrSize, info)
			}
		}
	}
	for regs, i := m.regs, 0; regs != 0; regs, i = regs>>1, i+1 {
		if regs&1 != 0 {
			adjustpointer(info, unsafe.Pointer(&gp.xRegs.ints[i]))
		}
	}
	if frame.fn.flag&funcFlagReflectStub != 0 && !frame.entry {
		regs, args, n := frame.reflectStub()
		for i := range regs.Ptrs {
			moveWord(uintptr(unsafe.Pointer(&regs.Ptrs[i])), info)
		}
		for i := uintptr(0); i < n; i++ {
			if args.ptrbit(i) == 1 {
				moveWord(frame.argp+i*goarch.PtrSize, info)
			}
		}
	}
}

// moveWord adjusts one word of a stack. A word below sghi may be written at this moment by a goroutine that sends
// on a channel.
func moveWord(p uintptr, info *adjustinfo) {
	if p >= info.sghi {
		adjustpointer(info, unsafe.Pointer(p))
		return
	}
	word := (*uintptr)(unsafe.Pointer(p))
	for {
		v := atomic.Loaduintptr(word)
		if v < info.old.lo || v >= info.old.hi || atomic.Casuintptr(word, v, v+info.delta) {
			return
		}
	}
}

// Stack memory needs nothing from the system beyond the heap's pages.
func osStackAlloc(s *mspan) {}
func osStackFree(s *mspan)  {}

// Threads run the scheduler, the collector and signal tracebacks on stacks that cannot grow: twice upstream's size or
// more, since frames may be larger than that compiler's.
const threadStack = 64 << 10

// malg makes a goroutine with a stack of at least stacksize bytes (negative: none).
func malg(stacksize int32) *g {
	newg := new(g)
	if stacksize >= 0 {
		if stacksize == 16384 {
			stacksize = threadStack
		}
		size := uint32(round2(stackSystem + stacksize))
		systemstack(func() {
			newg.stack = stackalloc(size)
		})
		newg.stackguard0 = newg.stack.lo + stackGuard
		newg.stackguard1 = ^uintptr(0)
		if GOARCH == "arm64" {
			*(*uintptr)(unsafe.Pointer(newg.stack.lo)) = 0 // the signal handler looks there for g
		}
	}
	return newg
}
