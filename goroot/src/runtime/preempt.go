// Preemption is cooperative: the poisoned stack guard is seen by prologues and by polls in loops without calls.

package runtime

const preemptMSupported = false

func preemptM(mp *m) {}

// canPreemptM reports whether the goroutine that runs on mp may be taken off it here.
//
//go:nosplit
func canPreemptM(mp *m) bool {
	return mp.locks == 0 && mp.mallocing == 0 && mp.preemptoff == "" && mp.p.ptr() != nil && mp.p.ptr().status == _Prunning
}

func doSigPreempt(gp *g, ctxt *sigctxt) {}

func (*xRegPerP) free() {}
