// The kernel: what is asked of it at the start of a program, and which signals are handled.

package runtime

import "internal/abi"

// physPageSize comes from the auxiliary vector.
var physPageSize uintptr = physPageSize0

var physHugePageSize uintptr

func osinit() { numCPUStartup = getCPUCount() }

const sigTerm = 15

// initsig installs the handler for signals whose default action would differ from what a Go program does with them.
// SIGHUP, SIGINT and SIGTERM kill either way; whether they came ignored is asked, since programs ask for it.
func initsig(preinit bool) {
	signalsOK = true
	for i := uint32(1); i < _NSIG; i++ {
		flags := sigtable[i].flags
		switch {
		case i == sigPerThreadSyscall:
		case flags == 0 || flags&(_SigDefault|_SigSetStack) != 0:
			continue
		case i == _SIGHUP || i == _SIGINT:
			fwdSig[i] = getsig(i)
			if fwdSig[i] == _SIG_IGN {
				sigInitIgnored(i)
			}
			continue
		case i == sigTerm || i == _SIGURG || flags&_SigIgn != 0:
			continue
		}
		handlingSig[i] = 1
		setsig(i, abi.FuncPCABIInternal(sighandler))
	}
}

func secretEraseRegisters() {}

//go:nosplit
func sigaction(sig uint32, new, old *sigactiont) { sysSigaction(sig, new, old) }
