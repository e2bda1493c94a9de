// Profiles. Goroutine profiles are real; heap, block and mutex profiles are empty: nothing is sampled.

package runtime

import (
	"internal/profilerecord"
	"internal/runtime/sys"
	"unsafe"
)

// MemProfileRate would control the sampling of allocations.
var MemProfileRate int = 512 * 1024

var disableMemoryProfiling bool

const (
	maxProfStackDepth = 1024
	maxSkip           = 6
)

var blockprofilerate uint64
var mutexprofilerate uint64

func blockevent(cycles int64, skip int) {}
func mutexevent(cycles int64, skip int) {}
func makeProfStackFP() []uintptr        { return nil }
func mProfStackInit(mp *m)              {}

//go:linkname pprof_makeProfStack
func pprof_makeProfStack() []uintptr { return make([]uintptr, maxProfStackDepth) }

type mLockProfile struct {
	waitTime atomicInt64
	stack    []uintptr
}

type atomicInt64 struct{}

func (*atomicInt64) Load() int64 { return 0 }

//go:linkname sync_event sync.event
func sync_event(cycles int64, skip int) {}

// SetBlockProfileRate has no effect.
func SetBlockProfileRate(rate int) { blockprofilerate = 0 }

// SetMutexProfileFraction returns the previous rate and has no other effect.
func SetMutexProfileFraction(rate int) int {
	old := mutexprofilerate
	if rate >= 0 {
		mutexprofilerate = 0
	}
	return int(old)
}

// A StackRecord describes a single execution stack.
type StackRecord struct {
	Stack0 [32]uintptr // stack trace for this record; ends at first 0 entry
}

// Stack returns the stack trace associated with the record.
func (r *StackRecord) Stack() []uintptr {
	for i, v := range r.Stack0 {
		if v == 0 {
			return r.Stack0[0:i]
		}
	}
	return r.Stack0[0:]
}

// A MemProfileRecord describes the live objects allocated by a particular call sequence.
type MemProfileRecord struct {
	AllocBytes, FreeBytes     int64
	AllocObjects, FreeObjects int64
	Stack0                    [32]uintptr
}

// InUseBytes returns the number of bytes in use.
func (r *MemProfileRecord) InUseBytes() int64 { return r.AllocBytes - r.FreeBytes }

// InUseObjects returns the number of objects in use.
func (r *MemProfileRecord) InUseObjects() int64 { return r.AllocObjects - r.FreeObjects }

// Stack returns the stack trace associated with the record.
func (r *MemProfileRecord) Stack() []uintptr {
	for i, v := range r.Stack0 {
		if v == 0 {
			return r.Stack0[0:i]
		}
	}
	return r.Stack0[0:]
}

// BlockProfileRecord describes blocking events originated at a particular call sequence.
type BlockProfileRecord struct {
	Count  int64
	Cycles int64
	StackRecord
}

// MemProfile returns a profile of memory: empty.
func MemProfile(p []MemProfileRecord, inuseZero bool) (n int, ok bool) { return 0, true }

// BlockProfile returns the blocking profile: empty.
func BlockProfile(p []BlockProfileRecord) (n int, ok bool) { return 0, true }

// MutexProfile returns the mutex profile: empty.
func MutexProfile(p []BlockProfileRecord) (n int, ok bool) { return 0, true }

//go:linkname pprof_memProfileInternal
func pprof_memProfileInternal(p []profilerecord.MemProfileRecord, inuseZero bool) (n int, ok bool) {
	return 0, true
}

//go:linkname pprof_blockProfileInternal
func pprof_blockProfileInternal(p []profilerecord.BlockProfileRecord) (n int, ok bool) {
	return 0, true
}

//go:linkname pprof_mutexProfileInternal
func pprof_mutexProfileInternal(p []profilerecord.BlockProfileRecord) (n int, ok bool) {
	return 0, true
}

// ThreadCreateProfile returns one record without a stack for each thread.
func ThreadCreateProfile(p []StackRecord) (n int, ok bool) {
	n = countThreads()
	if n > len(p) {
		return n, false
	}
	clear(p[:n])
	return n, true
}

//go:linkname pprof_threadCreateInternal
func pprof_threadCreateInternal(p []profilerecord.StackRecord) (n int, ok bool) {
	n = countThreads()
	if n > len(p) {
		return n, false
	}
	clear(p[:n])
	return n, true
}

func countThreads() int {
	n := 0
	for mp := allm; mp != nil; mp = mp.alllink {
		n++
	}
	return n
}

// goroutineProfile is upstream's state of a profile that is taken while goroutines run; ours stops the world.
var goroutineProfile struct{ active bool }

type goroutineProfileStateHolder struct{}

func (goroutineProfileStateHolder) Store(v int) {}

const goroutineProfileSatisfied = 2

func tryRecordGoroutineProfile(gp1 *g, pcbuf []uintptr, yield func()) {}
func tryRecordGoroutineProfileWB(gp1 *g)                              {}

// collectGoroutines calls record with the stack of each goroutine; the world is stopped. It returns how many there
// are; if that is more than max, nothing is recorded.
func collectGoroutines(max int, record func(i int, gp *g, stack []uintptr)) int {
	pc := sys.GetCallerPC()
	sp := sys.GetCallerSP()
	self := getg()
	buf := make([]uintptr, 128)
	w := stopTheWorld(stwGoroutineProfile)
	n := 0
	forEachGRace(func(gp *g) {
		if st := readgstatus(gp) &^ _Gscan; st != _Gdead && st != _Gidle && st != _Gdeadextra && !isSystemGoroutine(gp, false) {
			n++
		}
	})
	if n <= max {
		i := 0
		forEachGRace(func(gp *g) {
			st := readgstatus(gp) &^ _Gscan
			if st == _Gdead || st == _Gidle || st == _Gdeadextra || isSystemGoroutine(gp, false) || i >= n {
				return
			}
			k := 0
			systemstack(func() {
				var u unwinder
				if gp == self {
					u.initAt(pc, sp, 0, gp, unwindSilentErrors)
				} else {
					u.init(gp, unwindSilentErrors)
				}
				k = tracebackPCs(&u, 0, buf)
			})
			record(i, gp, buf[:k])
			i++
		})
	}
	startTheWorld(w)
	return n
}

// GoroutineProfile returns n, the number of records in the active goroutine stack profile.
func GoroutineProfile(p []StackRecord) (n int, ok bool) {
	n = collectGoroutines(len(p), func(i int, gp *g, stack []uintptr) {
		k := copy(p[i].Stack0[:], stack)
		clear(p[i].Stack0[k:])
	})
	return n, n <= len(p)
}

//go:linkname pprof_goroutineProfileWithLabels
func pprof_goroutineProfileWithLabels(p []profilerecord.StackRecord, labels []unsafe.Pointer) (n int, ok bool) {
	var stacks [][]uintptr
	for i := 0; i < len(p); i++ {
		stacks = append(stacks, make([]uintptr, 128))
	}
	n = collectGoroutines(len(p), func(i int, gp *g, stack []uintptr) {
		p[i].Stack = stacks[i][:copy(stacks[i], stack)]
		if i < len(labels) {
			labels[i] = gp.labels
		}
	})
	return n, n <= len(p)
}

//go:linkname pprof_goroutineLeakProfileWithLabels
func pprof_goroutineLeakProfileWithLabels(p []profilerecord.StackRecord, labels []unsafe.Pointer) (n int, ok bool) {
	return 0, true
}

//go:linkname goroutineLeakGC runtime/pprof.runtime_goroutineLeakGC
func goroutineLeakGC() { GC() }

// Stack formats a stack trace of the calling goroutine into buf and returns the number of bytes written to buf. If
// all is true, it formats stack traces of all other goroutines too.
func Stack(buf []byte, all bool) int {
	var w worldStop
	if all {
		w = stopTheWorld(stwAllGoroutinesStack)
	}
	n := 0
	if len(buf) > 0 {
		gp := getg()
		sp := sys.GetCallerSP()
		pc := sys.GetCallerPC()
		systemstack(func() {
			g0 := getg()
			g0.m.traceback = 1
			g0.writebuf = buf[0:0:len(buf)]
			goroutineheader(gp)
			traceback(pc, sp, 0, gp)
			if all {
				tracebackothers(gp)
			}
			g0.m.traceback = 0
			n = len(g0.writebuf)
			g0.writebuf = nil
		})
	}
	if all {
		startTheWorld(w)
	}
	return n
}

// reflect_gcbits returns, for reflect's tests, a byte for each word of what x points to: is it a pointer?
//
//go:linkname reflect_gcbits reflect.gcbits
func reflect_gcbits(x any) []byte {
	e := efaceOf(&x)
	t := (*ptrtype)(unsafe.Pointer(e._type)).Elem
	words := t.PtrBytes / 8
	if base, s, i := findObject(uintptr(e.data), 0, 0); base != 0 {
		if s.types == nil {
			return nil
		}
		t = refType(s.types[i])
		words = min(s.elemsize, s.limit-base) / 8
	}
	mask := getGCMask(t)
	var out []byte
	for i := uintptr(0); i < words; i++ {
		bit := byte(0)
		if w := i % (t.Size_ / 8); w < t.PtrBytes/8 {
			bit = *addb(mask, w/8) >> (w % 8) & 1
		}
		out = append(out, bit)
	}
	for len(out) > 0 && out[len(out)-1] == 0 {
		out = out[:len(out)-1]
	}
	return out
}
