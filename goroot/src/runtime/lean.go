// Ways through upstream's files that no program of ours takes: threads made by C code, shared libraries, debugging
// output of the scheduler. Cutting them here keeps them out of every binary.

package runtime

import (
	"internal/runtime/atomic"
	"unsafe"
)

// All threads are ours: signals always arrive on a signal stack that we made.
//
//go:nosplit
func adjustSignalStack(sig uint32, mp *m, old *gsignalStack) bool { return false }

// sigfwdgo reports whether there is nothing to do for a signal that is no longer handled; dieFromSignal comes here a
// second time to end the program by the default action.
//
//go:nosplit
func sigfwdgo(sig uint32, info *siginfo, ctx unsafe.Pointer) bool {
	if sig >= uint32(len(sigtable)) || atomic.Load(&handlingSig[sig]) != 0 {
		return false
	}
	if atomic.Loaduintptr(&fwdSig[sig]) == _SIG_IGN || sigtable[sig].flags&_SigIgn != 0 {
		return true
	}
	setsig(sig, _SIG_DFL)
	dieFromSignal(sig)
	return false
}

//go:nosplit
func badsignal(sig uintptr, c *sigctxt) {
	writeErrStr("fatal: bad g in signal handler\n")
	exit(2)
}

func (u *unwinder) cgoCallers(pcBuf []uintptr) int { return 0 }

func callCgoSymbolizer(arg *cgoSymbolizerArg) {}

func printOneCgoTraceback(pc uintptr, commitFrame func() (pr, stop bool), arg *cgoSymbolizerArg) bool {
	return false
}

func printCgoTraceback(callers *cgoCallers) {}

func tracebackHexdump(stk stack, frame *stkframe, bad uintptr) {}

func schedtrace(detailed bool) {}

func saveAncestors(callergp *g) *[]ancestorInfo { return nil }

func printAncestorTraceback(ancestor ancestorInfo) {}

func defaultGOMAXPROCS(ncpu int32) int32 {
	if ncpu > 0 {
		return ncpu
	}
	return getCPUCount()
}

// takeSample records a profiling signal. It is reached only through the rate's setter.
var takeSample func(pc, sp uintptr, gp *g, mp *m)

func sigprof(pc, sp, lr uintptr, gp *g, mp *m) {
	if f := takeSample; f != nil && prof.hz.Load() != 0 && (mp == nil || mp.profilehz != 0) {
		f(pc, sp, gp, mp)
	}
}

func setcpuprofilerate(hz int32) {
	hz = max(hz, 0)
	takeSample = sampleStack
	mp := acquirem()
	setThreadCPUProfiler(0)
	for !prof.signalLock.CompareAndSwap(0, 1) {
		osyield()
	}
	if prof.hz.Load() != hz {
		setProcessCPUProfiler(hz)
		prof.hz.Store(hz)
	}
	prof.signalLock.Store(0)
	lock(&sched.lock)
	sched.profilehz = hz
	unlock(&sched.lock)
	if hz != 0 {
		setThreadCPUProfiler(hz)
	}
	releasem(mp)
}

func sampleStack(pc, sp uintptr, gp *g, mp *m) {
	self := getg().m
	self.mallocing++
	var u unwinder
	var stk [maxCPUProfStack]uintptr
	if mp != nil && mp.vdsoSP != 0 {
		u.initAt(mp.vdsoPC, mp.vdsoSP, 0, gp, unwindSilentErrors|unwindJumpStack)
	} else {
		u.initAt(pc, sp, 0, gp, unwindSilentErrors|unwindTrap|unwindJumpStack)
	}
	n := tracebackPCs(&u, 0, stk[:])
	if n <= 0 {
		n = 1
		stk[0] = pc
	}
	var labels *unsafe.Pointer
	if gp != nil && gp.m != nil && gp.m.curg != nil {
		labels = &gp.m.curg.labels
	}
	cpuprof.add(labels, stk[:n])
	self.mallocing--
}

// getcallerfp: there are no frame pointers in compiled code, the register holds anything.
//
//go:nosplit
func getcallerfp() uintptr { return 0 }
