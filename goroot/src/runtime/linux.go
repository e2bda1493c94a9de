// The kernel: what is asked of it at the start of a program, and which signals are handled.

package runtime

import "internal/abi"

// physPageSize comes from the auxiliary vector.
var physPageSize uintptr = physPageSize0

var physHugePageSize uintptr

func osinit() { numCPUStartup = getCPUCount() }

// faultSignals are handled from the start: Go errors, the traceback on SIGQUIT, and SIGPIPE, which must not kill a
// program that writes to a closed connection. All others keep their default action until somebody asks for them.
var faultSignals = [...]uint8{_SIGSEGV, _SIGBUS, _SIGFPE, _SIGPIPE, _SIGQUIT, sigPerThreadSyscall}

func initsig(preinit bool) {
	signalsOK = true
	for _, sig := range faultSignals {
		i := uint32(sig)
		fwdSig[i] = _SIG_DFL
		if !sigInstallGoHandler(i) {
			continue
		}
		handlingSig[i] = 1
		setsig(i, abi.FuncPCABIInternal(sighandler))
	}
}

func secretEraseRegisters() {}

//go:nosplit
func sigaction(sig uint32, new, old *sigactiont) { sysSigaction(sig, new, old) }
