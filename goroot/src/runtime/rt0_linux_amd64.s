// The first instructions of a program. The image is position independent and no dynamic loader exists, so the
// entry relocates it itself (packed relative relocations, RELR encoding), makes the relocated constants
// read-only, and hands over to rt0_go.

#include "textflag.h"

#define SYS_mprotect 10
#define PROT_READ 1

TEXT _rt0_amd64_linux(SB),NOSPLIT|NOFRAME|TOPFRAME,$0
	LEAQ	runtime·image(SB), R8
	LEAQ	runtime·relr(SB), SI
	LEAQ	runtime·erelr(SB), DI
	XORL	R9, R9

	// An even entry is the offset of one place; an odd one is a bit mask over the 63 words that follow.
entry:
	CMPQ	SI, DI
	JAE	relocated
	MOVQ	(SI), AX
	ADDQ	$8, SI
	TESTQ	$1, AX
	JNE	mask
	LEAQ	(R8)(AX*1), R9
	ADDQ	R8, (R9)
	ADDQ	$8, R9
	JMP	entry
mask:
	MOVQ	R9, R10
bit:
	SHRQ	$1, AX
	JEQ	masked
	TESTQ	$1, AX
	JEQ	skip
	ADDQ	R8, (R10)
skip:
	ADDQ	$8, R10
	JMP	bit
masked:
	ADDQ	$504, R9
	JMP	entry

relocated:
	LEAQ	runtime·relro(SB), DI
	LEAQ	runtime·erelro(SB), SI
	SUBQ	DI, SI
	JLS	start
	MOVL	$PROT_READ, DX
	MOVL	$SYS_mprotect, AX
	SYSCALL

start:
	MOVQ	0(SP), DI // argc
	LEAQ	8(SP), SI // argv
	JMP	runtime·rt0_go(SB)
