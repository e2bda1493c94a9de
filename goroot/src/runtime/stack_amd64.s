// Starting the first thread, and the way from a function's prologue to a bigger stack (or to the scheduler) and back.
// Prologues save nothing: the argument registers are kept in g.xRegs, where the collector and the stack copier
// know them through the function's entry record.

#include "go_asm.h"
#include "go_tls.h"
#include "textflag.h"

// rt0_go gets argc in DI and argv in SI, on the stack of the operating system.
TEXT runtime·rt0_go(SB),NOSPLIT|NOFRAME|TOPFRAME,$0
	MOVQ	SP, R12
	SUBQ	$32, SP
	ANDQ	$~15, SP
	MOVQ	DI, 16(SP)
	MOVQ	SI, 24(SP)
	MOVL	$0, BP

	LEAQ	runtime·g0(SB), R14
	LEAQ	(-128*1024)(SP), BX
	MOVQ	BX, (g_stack+stack_lo)(R14)
	MOVQ	R12, (g_stack+stack_hi)(R14)
	ADDQ	$const_stackGuard, BX
	MOVQ	BX, g_stackguard0(R14)
	MOVQ	BX, g_stackguard1(R14)

	LEAQ	runtime·m0(SB), R13
	LEAQ	m_tls(R13), DI
	CALL	runtime·settls(SB)
	get_tls(BX)
	LEAQ	runtime·g0(SB), R14
	LEAQ	runtime·m0(SB), R13
	MOVQ	R14, g(BX)
	MOVQ	R14, m_g0(R13)
	MOVQ	R13, g_m(R14)
	XORPS	X15, X15
	CLD

	MOVQ	16(SP), AX
	MOVL	AX, 0(SP)
	MOVQ	24(SP), AX
	MOVQ	AX, 8(SP)
	CALL	runtime·args(SB)
	CALL	runtime·osinit(SB)
	CALL	runtime·schedinit(SB)

	CALL	runtime·newmain(SB)
	CALL	runtime·mstart(SB)
	CALL	runtime·abort(SB)
	RET

// morestack is called by the prologue of a function whose frame does not fit (or whose goroutine is to be
// preempted). DX is the closure context. It leaves the goroutine's stack for g0 and never returns the usual way:
// the goroutine goes on in morestackResume, on its (new) stack.
TEXT runtime·morestack(SB),NOSPLIT|NOFRAME,$0-0
	MOVQ	AX, (g_xRegs+0)(R14)
	MOVQ	BX, (g_xRegs+8)(R14)
	MOVQ	CX, (g_xRegs+16)(R14)
	MOVQ	DI, (g_xRegs+24)(R14)
	MOVQ	SI, (g_xRegs+32)(R14)
	MOVQ	R8, (g_xRegs+40)(R14)
	MOVQ	R9, (g_xRegs+48)(R14)
	MOVQ	R10, (g_xRegs+56)(R14)
	MOVQ	R11, (g_xRegs+64)(R14)
	MOVSD	X0, (g_xRegs+72)(R14)
	MOVSD	X1, (g_xRegs+80)(R14)
	MOVSD	X2, (g_xRegs+88)(R14)
	MOVSD	X3, (g_xRegs+96)(R14)
	MOVSD	X4, (g_xRegs+104)(R14)
	MOVSD	X5, (g_xRegs+112)(R14)
	MOVSD	X6, (g_xRegs+120)(R14)
	MOVSD	X7, (g_xRegs+128)(R14)
	MOVSD	X8, (g_xRegs+136)(R14)
	MOVSD	X9, (g_xRegs+144)(R14)
	MOVSD	X10, (g_xRegs+152)(R14)
	MOVSD	X11, (g_xRegs+160)(R14)
	MOVSD	X12, (g_xRegs+168)(R14)
	MOVSD	X13, (g_xRegs+176)(R14)
	MOVSD	X14, (g_xRegs+184)(R14)

	// Neither g0 nor the signal stack can grow.
	MOVQ	g_m(R14), R13
	MOVQ	m_g0(R13), R12
	CMPQ	R14, R12
	JNE	notg0
	CALL	runtime·badmorestackg0(SB)
	CALL	runtime·abort(SB)
notg0:
	MOVQ	m_gsignal(R13), R15
	CMPQ	R14, R15
	JNE	notgsignal
	CALL	runtime·badmorestackgsignal(SB)
	CALL	runtime·abort(SB)
notgsignal:
	// The goroutine is left as if the function had called morestackResume.
	LEAQ	runtime·morestackResume(SB), R15
	MOVQ	R15, (g_sched+gobuf_pc)(R14)
	MOVQ	SP, (g_sched+gobuf_sp)(R14)
	MOVQ	BP, (g_sched+gobuf_bp)(R14)
	MOVQ	DX, (g_sched+gobuf_ctxt)(R14)

	// For the messages about an overflow: who called the function.
	MOVQ	8(SP), R15
	MOVQ	R15, (m_morebuf+gobuf_pc)(R13)
	LEAQ	16(SP), R15
	MOVQ	R15, (m_morebuf+gobuf_sp)(R13)
	MOVQ	R14, (m_morebuf+gobuf_g)(R13)

	MOVQ	R12, R14
	get_tls(CX)
	MOVQ	R14, g(CX)
	MOVQ	(g_sched+gobuf_sp)(R14), SP
	MOVQ	(g_sched+gobuf_bp)(R14), BP
	CALL	runtime·newstack(SB)
	CALL	runtime·abort(SB)
	RET

TEXT runtime·morestack_noctxt(SB),NOSPLIT|NOFRAME,$0-0
	MOVL	$0, DX
	JMP	runtime·morestack(SB)

// morestackResume is where gogo goes after morestack: 0(SP) is the return address into the function's prologue.
TEXT runtime·morestackResume(SB),NOSPLIT|NOFRAME,$0-0
	MOVQ	(g_xRegs+0)(R14), AX
	MOVQ	(g_xRegs+8)(R14), BX
	MOVQ	(g_xRegs+16)(R14), CX
	MOVQ	(g_xRegs+24)(R14), DI
	MOVQ	(g_xRegs+32)(R14), SI
	MOVQ	(g_xRegs+40)(R14), R8
	MOVQ	(g_xRegs+48)(R14), R9
	MOVQ	(g_xRegs+56)(R14), R10
	MOVQ	(g_xRegs+64)(R14), R11
	MOVSD	(g_xRegs+72)(R14), X0
	MOVSD	(g_xRegs+80)(R14), X1
	MOVSD	(g_xRegs+88)(R14), X2
	MOVSD	(g_xRegs+96)(R14), X3
	MOVSD	(g_xRegs+104)(R14), X4
	MOVSD	(g_xRegs+112)(R14), X5
	MOVSD	(g_xRegs+120)(R14), X6
	MOVSD	(g_xRegs+128)(R14), X7
	MOVSD	(g_xRegs+136)(R14), X8
	MOVSD	(g_xRegs+144)(R14), X9
	MOVSD	(g_xRegs+152)(R14), X10
	MOVSD	(g_xRegs+160)(R14), X11
	MOVSD	(g_xRegs+168)(R14), X12
	MOVSD	(g_xRegs+176)(R14), X13
	MOVSD	(g_xRegs+184)(R14), X14
	XORPS	X15, X15
	// Nothing is kept alive by the copies: a g of the boot arena is scanned conservatively.
	MOVUPS	X15, (g_xRegs+0)(R14)
	MOVUPS	X15, (g_xRegs+16)(R14)
	MOVUPS	X15, (g_xRegs+32)(R14)
	MOVUPS	X15, (g_xRegs+48)(R14)
	MOVQ	$0, (g_xRegs+64)(R14)
	RET

// linkedModule returns the address of the linker's module record.
TEXT runtime·linkedModule(SB),NOSPLIT,$0-8
	LEAQ	runtime·module(SB), AX
	MOVQ	AX, ret+0(FP)
	RET
