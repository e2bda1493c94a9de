// Ways through upstream's files that no program of ours takes: threads made by C code, shared libraries, debugging
// output of the scheduler. Cutting them here keeps them out of every binary.

package runtime

import (
	"internal/abi"
	"internal/bytealg"
	"internal/runtime/atomic"
	"internal/strconv"
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

func mstartm0() { initsig(false) }

// parsegodebug applies the settings of a list "name=value,..."; later ones win.
func parsegodebug(godebug string, _ map[string]bool) {
	for godebug != "" {
		var name, value string
		name, value, godebug = nextSetting(godebug)
		n, err := strconv.ParseInt(value, 10, 32)
		if err != nil {
			continue
		}
		if name == "memprofilerate" {
			MemProfileRate = int(n)
			continue
		}
		for _, v := range dbgvars {
			if v.name != name {
				continue
			}
			if v.value != nil {
				*v.value = int32(n)
			} else if v.atomic != nil {
				v.atomic.Store(int32(n))
			}
		}
	}
	if debug.cgocheck > 1 {
		throw("cgocheck > 1 mode is no longer supported at runtime. Use GOEXPERIMENT=cgocheck2 at build time instead.")
	}
}

// nextSetting splits off the first "name=value" of a list.
func nextSetting(list string) (name, value, rest string) {
	field := list
	if i := bytealg.IndexByteString(list, ','); i >= 0 {
		field, rest = list[:i], list[i+1:]
	}
	if i := bytealg.IndexByteString(field, '='); i >= 0 {
		return field[:i], field[i+1:], rest
	}
	return "", "", rest
}

// reparsedebugvars follows a change of GODEBUG while the program runs: settings that may change have the environment's
// value, else that of the build, else 0.
func reparsedebugvars(env string) {
	for _, v := range dbgvars {
		if v.atomic == nil {
			continue
		}
		x := int64(0)
		for _, list := range [...]string{godebugDefault, env} {
			for list != "" {
				var name, value string
				name, value, list = nextSetting(list)
				if name == v.name {
					if n, err := strconv.ParseInt(value, 10, 32); err == nil {
						x = n
					}
				}
			}
		}
		v.atomic.Store(int32(x))
	}
}

// printPanicFloat prints a floating point number, real or complex.
func printPanicFloat(kind abi.Kind, p unsafe.Pointer) {
	switch kind {
	case abi.Float32:
		print(*(*float32)(p))
	case abi.Float64:
		print(*(*float64)(p))
	case abi.Complex64:
		print(*(*complex64)(p))
	case abi.Complex128:
		print(*(*complex128)(p))
	}
}

// printpanicval prints the argument of a panic.
func printpanicval(v any) {
	e := efaceOf(&v)
	if e._type == nil {
		print("nil")
		return
	}
	t := toRType(e._type)
	named := t.Uncommon() != nil && t.pkgpath() != ""
	if s, ok := v.(string); ok {
		printindented(s)
		return
	}
	name := t.string()
	kind := t.Kind()
	switch {
	case kind == abi.String:
		print(name, `("`)
		printindented(*(*string)(e.data))
		print(`")`)
		return
	case kind < abi.Bool || kind > abi.Complex128:
		print("(", name, ") ", e.data)
		return
	case named && kind < abi.Complex64:
		print(name, "(")
	case named:
		print(name)
	}
	switch kind {
	case abi.Bool:
		print(*(*bool)(e.data))
	case abi.Int:
		print(*(*int)(e.data))
	case abi.Int8:
		print(*(*int8)(e.data))
	case abi.Int16:
		print(*(*int16)(e.data))
	case abi.Int32:
		print(*(*int32)(e.data))
	case abi.Int64:
		print(*(*int64)(e.data))
	case abi.Uint:
		print(*(*uint)(e.data))
	case abi.Uint8:
		print(*(*uint8)(e.data))
	case abi.Uint16:
		print(*(*uint16)(e.data))
	case abi.Uint32:
		print(*(*uint32)(e.data))
	case abi.Uint64:
		print(*(*uint64)(e.data))
	case abi.Uintptr:
		print(*(*uintptr)(e.data))
	default:
		printPanicFloat(kind, e.data)
	}
	if named && kind < abi.Complex64 {
		print(")")
	}
}
