// The registers of amd64 as small numbers. The low four bits are the number that goes into instruction fields; bit 5 says that
// only an EVEX prefix can reach the register (xmm16 and up). Y and Z registers share the numbers of the X registers they extend:
// which width is meant is part of the instruction.

export const AX = 0;
export const CX = 1;
export const DX = 2;
export const BX = 3;
export const SP = 4;
export const BP = 5;
export const SI = 6;
export const DI = 7;
export const R8 = 8;
export const R9 = 9;
export const R10 = 10;
export const R11 = 11;
export const R12 = 12;
export const R13 = 13;
export const R14 = 14;
export const R15 = 15;

/** xmm0; xmm1 to xmm15 follow. */
export const X0 = 16;
export const X15 = 31;
/** xmm16; xmm17 to xmm31 follow. */
export const X16 = 32;
export const X31 = 47;
/** Mask registers k0 to k7. */
export const K0 = 48;
/** MMX registers. */
export const M0 = 64;
/** x87 stack registers. */
export const F0 = 80;
/** es, cs, ss, ds, fs, gs. */
export const ES = 96;
export const CR0 = 112;
export const DR0 = 128;
/** ah, ch, dh, bh as a byte operand of an instruction without REX: their field numbers are 4 to 7. */
export const AH = 148;
export const CH = 149;
export const DH = 150;
export const BH = 151;

/** No register. */
export const NoReg = -1;

// Condition codes, as in the low four bits of Jcc, SETcc and CMOVcc. Flipping bit 0 negates.
export const CcO = 0;
export const CcNO = 1;
export const CcB = 2; // unsigned <, carry
export const CcAE = 3; // unsigned >=, no carry
export const CcE = 4;
export const CcNE = 5;
export const CcBE = 6; // unsigned <=
export const CcA = 7; // unsigned >
export const CcS = 8;
export const CcNS = 9;
export const CcP = 10; // unordered
export const CcNP = 11;
export const CcL = 12; // signed <
export const CcGE = 13;
export const CcLE = 14;
export const CcG = 15;
