// Names of upstream's concurrent collector that the scheduler mentions. None of it exists here; the calls fold away.

package runtime

import (
	"internal/runtime/atomic"
	"unsafe"
)

type gcControllerState struct {
	assistWorkPerByte atomicFloat
	bgScanCredit      atomic.Int64

	// For metrics.
	memoryLimit gcLimitKnob
	gcPercent   gcPercentKnob
	heapMarked  uint64
}

type gcLimitKnob struct{}

func (gcLimitKnob) Load() int64 { return gcState.limit }

type gcPercentKnob struct{}

func (gcPercentKnob) Load() int32 { return gcState.percent }

type atomicFloat struct{}

//go:nosplit
func (atomicFloat) Load() float64 { return 0 }

var gcController gcControllerState

//go:nosplit
func (*gcControllerState) findRunnableGCWorker(pp *p, now int64) (*g, int64) { return nil, now }

//go:nosplit
func (*gcControllerState) addIdleMarkWorker() bool { return false }

//go:nosplit
func (*gcControllerState) removeIdleMarkWorker() {}

//go:nosplit
func (*gcControllerState) needIdleMarkWorker() bool { return false }

//go:nosplit
func (*gcControllerState) releaseNextGCMarkWorker(pp *p) {}

//go:nosplit
func (*gcControllerState) addScannableStack(pp *p, amount int64) {}

//go:nosplit
func (*gcControllerState) assignWaitingGCWorker(pp *p, now int64) (bool, int64) { return false, now }

//go:nosplit
func gcShouldScheduleWorker(pp *p) bool { return false }

// checkIdleGCNoP looks for idle marking work: never any.
//
//go:nosplit
func checkIdleGCNoP() (*p, *g) { return nil, nil }

const gcMarkWorkerIdleMode gcMarkWorkerMode = 3

type gcCPULimiterState struct {
	lastEnabledCycle atomic.Uint32
}

var gcCPULimiter gcCPULimiterState

//go:nosplit
func (*gcCPULimiterState) resetCapacity(now int64, nprocs int32) {}

const limiterEventIdle = 0

// limiterEvent notes how long a P is idle.
type limiterEvent struct{ since int64 }

func (e *limiterEvent) start(typ int, now int64) bool {
	e.begin(now)
	return true
}

func (e *limiterEvent) begin(now int64) { e.since = now }

func (e *limiterEvent) stop(typ int, now int64) { sched.idleTime.Add(now - e.since) }

var work struct {
	spanqMask     pMask
	goroutineLeak struct{ count int }
}

//go:nosplit
func (c *mcache) prepareForSweep() {}

//go:nosplit
func (s *mspan) ensureSwept() {}

// forcegchelper would collect every two minutes; sysmon's wish is served by the next allocation.
//
//go:nosplit
func forcegchelper() {}

type gcTrigger struct {
	kind int
	now  int64
}

const gcTriggerTime = 1

//go:nosplit
func (gcTrigger) test() bool { return false }

type dlogPerM struct{}

//go:nosplit
func printDebugLog() {}

type winlibcall struct{}

type mWaitList struct{}

//go:nosplit
func enableWER() {}

//go:nosplit
func osPreemptExtEnter(mp *m) {}

//go:nosplit
func osPreemptExtExit(mp *m) {}

//go:nosplit
func configure64bitsTimeOn32BitsArchitectures() {}

//go:nosplit
func setVMAName(start unsafe.Pointer, length uintptr, name string) {}
