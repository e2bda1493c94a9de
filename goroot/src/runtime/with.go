// What small programs do without. A line "go3s:with A : f g" says that f and g do nothing (they return zeros) in programs in
// which none of the functions before the colon is reached: the compiler puts empty functions in their place, and
// what only they need is not in the program. See docs/runtime.md. The condition must be the only way to give the
// functions something to do; that is what each comment has to say.

package runtime

import (
	"internal/runtime/exithook"
	"unsafe"
)

// One goroutine, never bound to its thread: there is nobody to wake, to steal from or to wait for.
//
//go3s:with newproc dolockOSThread : wakep startm newm injectglist stealWork checkRunqsNoP mexit
//go3s:with dolockOSThread : stoplockedm startlockedm
//go3s:with newproc : (*semaRoot).queue (*semaRoot).dequeue lockMain unlockMain

// Timers are started by modify alone; only newTimer makes some that belong to a channel.
//
//go3s:with (*timer).modify : (*timers).check checkTimersNoP (*timers).take
//go3s:with newTimer : blockTimerChan unblockTimerChan (*timer).maybeRunChan

// Nothing is polled before the poller is made.
//
//go3s:with netpollGenericInit : netpoll netpollBreak

// Signals that nobody has asked for are not queued.
//
//go3s:with signal_enable : sigsend

// A thread's timer for profiling exists where somebody sets a rate.
//
//go3s:with setcpuprofilerate : setThreadCPUProfiler sigprof (*cpuProfile).addNonGo

// Records of objects: finalizers, cleanups, weak pointers, pins.
//
//go3s:with newSpecial : markSpecials (*special).markRoot (*mspan).sweepSpecials
//go3s:with addfinalizer : queuefinalizer startFinalizers
//go3s:with attachCleanup : (*cleanupQueue).enqueue (*cleanupQueue).flush (*cleanupQueue).wake startCleanups

// Allocations are sampled where somebody reads the profile; what waits is timed where somebody sets a rate
// or reads metrics.
//
//go3s:with memProfileInternal : (*mcache).sampled profileAlloc mProf_NextCycle profileCycle mProf_Free
//go3s:with memProfileInternal SetBlockProfileRate SetMutexProfileFraction : mProfStackInit
//go3s:with SetBlockProfileRate : blockevent
//go3s:with SetMutexProfileFraction : mutexevent
//go3s:with initMetrics : countStack (*timeHistogram).record (*limiterEvent).begin (*limiterEvent).stop
//go3s:with goroutineProfileWithLabels : tryRecordGoroutineProfile tryRecordGoroutineProfileWB

// Objects are counted where somebody reads the figures, pages that went back to the kernel where some can.
//
//go3s:with (*heapStatsAggregate).read : (*mspan).countAllocs (*mspan).countLarge (*mspan).countFrees
//go3s:with (*mheap).scavenge : (*mspan).reuse (*mspan).addReleased (*mspan).splitReleased

// Goroutines are in bubbles only where synctest makes one.
//
//go3s:with synctestRun : (*synctestBubble).changegstatus

// Types of reflection's own making have offsets that it hands out.
//
//go3s:with reflect_addReflectOff : reflectOffset heapTypeRef

// A P goes only where their number is set.
//
//go3s:with GOMAXPROCS SetDefaultGOMAXPROCS : (*p).destroy

// A system call on all threads needs somebody to ask for it.
//
//go3s:with syscall_runtime_doAllThreadsSyscall : runPerThreadSyscall

// What runs at exit is registered first.
//
//go3s:with internal/runtime/exithook.Add : runExitHooks setExitHooks

// Panics with floating point values need one in an interface.
//
//go3s:with kind:float : printPanicFloat

func lockMain() { lockOSThread() }

func unlockMain() { unlockOSThread() }

func setExitHooks() {
	exithook.Gosched = Gosched
	exithook.Goid = func() uint64 { return getg().goid }
	exithook.Throw = throw
}

// reflectOffset finds what reflection has registered under a number; nil if it has not.
func reflectOffset(off int32) unsafe.Pointer {
	reflectOffsLock()
	p := reflectOffs.m[off]
	reflectOffsUnlock()
	return p
}
