// vfork's child runs on its parent's stack. The return address is kept in a register, and nothing else may lie between
// the system call and its caller: no wrapper for another calling convention either. So this has the register one.

#include "textflag.h"

// func rawVforkSyscall(trap, a1, a2, a3 uintptr) (r1 uintptr, err Errno)
TEXT ·rawVforkSyscall<ABIInternal>(SB),NOSPLIT|NOFRAME,$0-48
	MOVQ	DI, DX
	MOVQ	CX, SI
	MOVQ	BX, DI
	XORL	R10, R10
	XORL	R8, R8
	XORL	R9, R9
	POPQ	R12
	SYSCALL
	PUSHQ	R12
	CMPQ	AX, $0xfffffffffffff001
	JLS	ok
	NEGQ	AX
	MOVQ	AX, BX
	MOVQ	$-1, AX
	RET
ok:
	XORL	BX, BX
	RET
