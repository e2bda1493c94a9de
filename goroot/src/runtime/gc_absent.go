// Names of upstream's concurrent collector that the scheduler mentions. None of it exists here; the calls fold away.

package runtime

import (
	"internal/runtime/atomic"
	"unsafe"
)

type gcControllerState struct {
	assistWorkPerByte atomicFloat
	bgScanCredit      atomic.Int64
}

type atomicFloat struct{}

func (atomicFloat) Load() float64 { return 0 }

var gcController gcControllerState

func (*gcControllerState) findRunnableGCWorker(pp *p, now int64) (*g, int64)    { return nil, now }
func (*gcControllerState) addIdleMarkWorker() bool                              { return false }
func (*gcControllerState) removeIdleMarkWorker()                                {}
func (*gcControllerState) needIdleMarkWorker() bool                             { return false }
func (*gcControllerState) releaseNextGCMarkWorker(pp *p)                        {}
func (*gcControllerState) addScannableStack(pp *p, amount int64)                {}
func (*gcControllerState) assignWaitingGCWorker(pp *p, now int64) (bool, int64) { return false, now }

func gcShouldScheduleWorker(pp *p) bool { return false }

// checkIdleGCNoP looks for idle marking work: never any.
func checkIdleGCNoP() (*p, *g) { return nil, nil }

const gcMarkWorkerIdleMode gcMarkWorkerMode = 3

type gcCPULimiterState struct{}

var gcCPULimiter gcCPULimiterState

func (gcCPULimiterState) resetCapacity(now int64, nprocs int32) {}

const limiterEventIdle = 0

func (limiterEvent) start(typ int, now int64) bool { return true }
func (limiterEvent) stop(typ int, now int64)       {}

var work struct {
	spanqMask     pMask
	goroutineLeak struct{ count int }
}

func (c *mcache) prepareForSweep() {}
func (s *mspan) ensureSwept()      {}

// forcegchelper would collect every two minutes; sysmon's wish is served by the next allocation.
func forcegchelper() {}

type gcTrigger struct {
	kind int
	now  int64
}

const gcTriggerTime = 1

func (gcTrigger) test() bool { return false }

type dlogPerM struct{}

func printDebugLog() {}

type winlibcall struct{}

type mWaitList struct{}

func enableWER() {}

func osPreemptExtEnter(mp *m) {}
func osPreemptExtExit(mp *m)  {}

func configure64bitsTimeOn32BitsArchitectures() {}

func setVMAName(start unsafe.Pointer, length uintptr, name string) {}
