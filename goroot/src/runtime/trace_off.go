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

//go:nosplit
func (*gTraceState) reset() {}

//go:nosplit
func traceLockInit() {}

//go:nosplit
func traceEnabled() bool { return false }

//go:nosplit
func traceAllocFreeEnabled() bool { return false }

//go:nosplit
func traceShuttingDown() bool { return false }

//go:nosplit
func traceAcquire() traceLocker { return traceLocker{} }

//go:nosplit
func traceRelease(tl traceLocker) {}

//go:nosplit
func traceExitingSyscall() {}

//go:nosplit
func traceExitedSyscall() {}

//go:nosplit
func traceThreadDestroy(mp *m) {}

//go:nosplit
func traceReader() *g { return nil }

//go:nosplit
func traceReaderAvailable() *g { return nil }

//go:linkname traceAdvance
//go:nosplit
func traceAdvance(stopTrace bool) {}

//go:linkname traceClockNow
//go:nosplit
func traceClockNow() uint64 { return uint64(nanotime()) / 64 }

//go:linkname traceClockUnitsPerSecond runtime/trace.runtime_traceClockUnitsPerSecond
//go:nosplit
func traceClockUnitsPerSecond() uint64 { return 1e9 / 64 }

//go:linkname trace_readTrace runtime/trace.runtime_readTrace
//go:nosplit
func trace_readTrace() (buf []byte) { return nil }

//go:nosplit
func traceCPUSample(gp *g, mp *m, pp *p, stk []uintptr) {}

//go:nosplit
func (tl traceLocker) ok() bool { return false }

//go:nosplit
func (tl traceLocker) Gomaxprocs(procs int32) {}

//go:nosplit
func (tl traceLocker) ProcStart() {}

//go:nosplit
func (tl traceLocker) ProcStop(pp *p) {}

//go:nosplit
func (tl traceLocker) ProcSteal(pp *p) {}

//go:nosplit
func (tl traceLocker) STWStart(reason stwReason) {}

//go:nosplit
func (tl traceLocker) STWDone() {}

//go:nosplit
func (tl traceLocker) GoCreate(newg *g, pc uintptr, blocked bool) {}

//go:nosplit
func (tl traceLocker) GoCreateSyscall(gp *g) {}

//go:nosplit
func (tl traceLocker) GoDestroySyscall() {}

//go:nosplit
func (tl traceLocker) GoStart() {}

//go:nosplit
func (tl traceLocker) GoEnd() {}

//go:nosplit
func (tl traceLocker) GoSched() {}

//go:nosplit
func (tl traceLocker) GoPreempt() {}

//go:nosplit
func (tl traceLocker) GoPark(reason traceBlockReason, skip int) {}

//go:nosplit
func (tl traceLocker) GoUnpark(gp *g, skip int) {}

//go:nosplit
func (tl traceLocker) GoSwitch(nextg *g, destroy bool) {}

//go:nosplit
func (tl traceLocker) GoSysCall() {}

//go:nosplit
func (tl traceLocker) GoSysExit(lostP bool) {}

//go:nosplit
func (tl traceLocker) GoroutineStackAlloc(base, size uintptr) {}

//go:nosplit
func (tl traceLocker) GoroutineStackFree(base uintptr) {}

// StartTrace of runtime/trace: there is no tracer.
func StartTrace() error { return errorString("tracing is not supported") }

// StopTrace does nothing: no trace is ever running.
func StopTrace() {}

// ReadTrace returns no data.
func ReadTrace() []byte { return nil }

//go:linkname trace_userTaskCreate runtime/trace.userTaskCreate
//go:nosplit
func trace_userTaskCreate(id, parentID uint64, taskType string) {}

//go:linkname trace_userTaskEnd runtime/trace.userTaskEnd
//go:nosplit
func trace_userTaskEnd(id uint64) {}

//go:linkname trace_userRegion runtime/trace.userRegion
//go:nosplit
func trace_userRegion(id, mode uint64, name string) {}

//go:linkname trace_userLog runtime/trace.userLog
//go:nosplit
func trace_userLog(id uint64, category, message string) {}
