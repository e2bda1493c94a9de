// Go's calling convention on amd64 (abi-internal.md): which registers carry arguments, in order.

import { AX, BX, CX, DI, DX, R10, R11, R8, R9, SI, X0 } from "./regs.ts";

export const integerArguments: readonly number[] = [AX, BX, CX, DI, SI, R8, R9, R10, R11];
export const floatArguments: readonly number[] = Array.from({ length: 15 }, (_, i) => X0 + i);
export const closureRegister = DX;
/** All but SP and g (R14). */
export const integerMask = 0xffff & ~(1 << 4) & ~(1 << 14);
/** X15 is always zero. */
export const floatMask = 0x7fff0000;
