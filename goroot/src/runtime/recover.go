// recover: who calls it decides. The frames between it and the running panic are counted by our tables, where an ABI
// wrapper stands between systemstack and its caller.

package runtime

import "internal/abi"

// gorecover stops the running panic if it is called by a deferred function that the panic called directly.
func gorecover() any {
	gp := getg()
	p := gp._panic
	if p == nil || p.goexit || p.recovered {
		return nil
	}
	direct := false
	systemstack(func() { direct = calledByPanic(gp, p) })
	if !direct {
		return nil
	}
	p.recovered = true
	return p.arg
}

// calledByPanic looks for gopanic's frame behind exactly one function, not counting wrappers, after gorecover.
func calledByPanic(gp *g, p *_panic) bool {
	self := abi.FuncPCABIInternal(gorecover)
	var u unwinder
	for u.init(gp, 0); u.valid() && u.frame.fn.entry() != self; u.next() {
	}
	if !u.valid() {
		return false
	}
	functions := 0
	for u.next(); u.valid(); u.next() {
		for iu, uf := newInlineUnwinder(u.frame.fn, u.symPC()); uf.valid(); uf = iu.next(uf) {
			switch iu.srcFunc(uf).funcID {
			case abi.FuncIDWrapper:
			case abi.FuncID_gopanic:
				return u.frame.fp == uintptr(p.gopanicFP) && functions > 0
			default:
				functions++
				if functions > 1 {
					return false
				}
			}
		}
	}
	return false
}
