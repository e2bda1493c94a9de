// Locks of the runtime itself: a word with three states and a futex. 0: free, 1: held, 2: held and somebody sleeps.

package runtime

import (
	"internal/runtime/atomic"
	"unsafe"
)

const (
	lockFree     = 0
	lockHeld     = 1
	lockSleeping = 2

	lockSpins      = 4
	lockSpinCycles = 30
)

func mutexContended(l *mutex) bool { return atomic.Loaduintptr(&l.key) == lockSleeping }

func lock(l *mutex) { lockWithRank(l, getLockRank(l)) }

func lock2(l *mutex) {
	gp := getg()
	if gp.m.locks < 0 {
		throw("runtime·lock: lock count")
	}
	gp.m.locks++
	if atomic.Casuintptr(&l.key, lockFree, lockHeld) {
		return
	}
	if numCPUStartup > 1 {
		for i := 0; i < lockSpins; i++ {
			procyield(lockSpinCycles)
			if atomic.Loaduintptr(&l.key) == lockFree && atomic.Casuintptr(&l.key, lockFree, lockHeld) {
				return
			}
		}
	}
	osyield()
	for atomic.Xchguintptr(&l.key, lockSleeping) != lockFree {
		futexsleep((*uint32)(unsafe.Pointer(&l.key)), lockSleeping, -1)
	}
}

func unlock(l *mutex) { unlockWithRank(l) }

// unlock2 might give the lock away before locks goes down: a preemption request that came meanwhile is renewed.
func unlock2(l *mutex) {
	v := atomic.Xchguintptr(&l.key, lockFree)
	if v == lockFree {
		throw("unlock of unlocked lock")
	}
	if v == lockSleeping {
		futexwakeup((*uint32)(unsafe.Pointer(&l.key)), 1)
	}
	gp := getg()
	gp.m.locks--
	if gp.m.locks < 0 {
		throw("runtime·unlock: lock count")
	}
	if gp.m.locks == 0 && gp.preempt {
		gp.stackguard0 = stackPreempt
	}
}
