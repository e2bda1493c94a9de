// Package oldkernel makes a kernel behave as if it were Linux 4.15, as far as system calls go.
package oldkernel

import (
	"os"
	"runtime"
	"syscall"
	"unsafe"
)

// The last system call of Linux 4.15 on amd64 is statx.
const lastOfLinux415 = 332

// Filter makes every newer system call of this thread, and of what it becomes by exec, answer ENOSYS.
func Filter() error {
	const (
		setNoNewPrivs = 38
		setSeccomp    = 22
		modeFilter    = 2
		allow         = 0x7fff0000
		answerErrno   = 0x00050000
	)
	runtime.LockOSThread()
	program := []syscall.SockFilter{
		{Code: syscall.BPF_LD | syscall.BPF_W | syscall.BPF_ABS, K: 0}, // seccomp_data.nr
		{Code: syscall.BPF_JMP | syscall.BPF_JGT | syscall.BPF_K, K: lastOfLinux415, Jt: 0, Jf: 1},
		{Code: syscall.BPF_RET | syscall.BPF_K, K: answerErrno | uint32(syscall.ENOSYS)},
		{Code: syscall.BPF_RET | syscall.BPF_K, K: allow},
	}
	header := syscall.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
	if _, _, errno := syscall.RawSyscall6(syscall.SYS_PRCTL, setNoNewPrivs, 1, 0, 0, 0, 0); errno != 0 {
		return os.NewSyscallError("prctl", errno)
	}
	if _, _, errno := syscall.RawSyscall(syscall.SYS_PRCTL, setSeccomp, modeFilter, uintptr(unsafe.Pointer(&header))); errno != 0 {
		return os.NewSyscallError("prctl", errno)
	}
	return nil
}
