// Execution tracing is not supported: what the scheduler asks of it folds away.

package runtime

import _ "unsafe" // for linkname

type traceBlockReason uint8

const (
	traceBlockGeneric traceBlockReason = iota
	traceBlockForever
	traceBlockNet
	traceBlockSelect
	traceBlockCondWait
	traceBlockSync
	traceBlockChanSend
	traceBlockChanRecv
	traceBlockGCMarkAssist
	traceBlockGCSweep
	traceBlockSystemGoroutine
	traceBlockPreempted
	traceBlockDebugCall
	traceBlockUntilGCEnds
	traceBlockSleep
	traceBlockGCWeakToStrongWait
	traceBlockSynctest
)

const defaultTraceAdvancePeriod = 1e9

type traceLocker struct{}
type gTraceState struct{}
type mTraceState struct{}
type pTraceState struct{}

func (*gTraceState) reset() {}

func traceLockInit()              {}
func traceEnabled() bool          { return false }
func traceAllocFreeEnabled() bool { return false }
func traceShuttingDown() bool     { return false }
func traceAcquire() traceLocker   { return traceLocker{} }
func traceRelease(tl traceLocker) {}
func traceExitingSyscall()        {}
func traceExitedSyscall()         {}
func traceThreadDestroy(mp *m)    {}
func traceReader() *g             { return nil }
func traceReaderAvailable() *g    { return nil }

//go:linkname traceAdvance
func traceAdvance(stopTrace bool) {}

//go:linkname traceClockNow
func traceClockNow() uint64 { return uint64(nanotime()) / 64 }

//go:linkname traceClockUnitsPerSecond runtime/trace.runtime_traceClockUnitsPerSecond
func traceClockUnitsPerSecond() uint64 { return 1e9 / 64 }

//go:linkname trace_readTrace runtime/trace.runtime_readTrace
func trace_readTrace() (buf []byte) { return nil }

func traceCPUSample(gp *g, mp *m, pp *p, stk []uintptr) {}

func (tl traceLocker) ok() bool                                   { return false }
func (tl traceLocker) Gomaxprocs(procs int32)                     {}
func (tl traceLocker) ProcStart()                                 {}
func (tl traceLocker) ProcStop(pp *p)                             {}
func (tl traceLocker) ProcSteal(pp *p)                            {}
func (tl traceLocker) STWStart(reason stwReason)                  {}
func (tl traceLocker) STWDone()                                   {}
func (tl traceLocker) GoCreate(newg *g, pc uintptr, blocked bool) {}
func (tl traceLocker) GoCreateSyscall(gp *g)                      {}
func (tl traceLocker) GoDestroySyscall()                          {}
func (tl traceLocker) GoStart()                                   {}
func (tl traceLocker) GoEnd()                                     {}
func (tl traceLocker) GoSched()                                   {}
func (tl traceLocker) GoPreempt()                                 {}
func (tl traceLocker) GoPark(reason traceBlockReason, skip int)   {}
func (tl traceLocker) GoUnpark(gp *g, skip int)                   {}
func (tl traceLocker) GoSwitch(nextg *g, destroy bool)            {}
func (tl traceLocker) GoSysCall()                                 {}
func (tl traceLocker) GoSysExit(lostP bool)                       {}
func (tl traceLocker) GoroutineStackAlloc(base, size uintptr)     {}
func (tl traceLocker) GoroutineStackFree(base uintptr)            {}

// StartTrace of runtime/trace: there is no tracer.
func StartTrace() error { return errorString("tracing is not supported") }

// StopTrace does nothing: no trace is ever running.
func StopTrace() {}

// ReadTrace returns no data.
func ReadTrace() []byte { return nil }

//go:linkname trace_userTaskCreate runtime/trace.userTaskCreate
func trace_userTaskCreate(id, parentID uint64, taskType string) {}

//go:linkname trace_userTaskEnd runtime/trace.userTaskEnd
func trace_userTaskEnd(id uint64) {}

//go:linkname trace_userRegion runtime/trace.userRegion
func trace_userRegion(id, mode uint64, name string) {}

//go:linkname trace_userLog runtime/trace.userLog
func trace_userLog(id uint64, category, message string) {}
