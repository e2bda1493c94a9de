// The amd64 instruction encoder: machine code of single instructions into a growing buffer. The compiler's emission calls it
// directly, the assembler goes through it too, so every byte of code in a program comes from here.
//
// An instruction is the number of its mnemonic (inst.gen.ts: ADDQ, MOVL, ADDSD, VPADDD ...; Plan 9 names, which carry the
// operand width). What it looks like in memory is in columns indexed by that number, one column an operand shape. Operands come
// in Intel's order, destination first; "cmp a, b" is (CMPQ, a, b) and sets the flags of a - b.

import { RelocCall, RelocPcRel32, Relocs } from "../../ssa/object.ts";
import { NoSym, type Sym } from "../../ssa/symbol.ts";
import {
  codeAI,
  codeI,
  codeI8,
  codeM,
  codeM1,
  codeMI,
  codeMI8,
  codeMR,
  codeMRI,
  codeO,
  codeOI,
  codeRM,
  codeRMI,
  codeRMI32,
  codeRR,
  codeRRI,
  codeVM,
  codeVMI,
  codeVRM,
  codeVRMI,
  codeZero,
  instNames,
} from "./inst.gen.ts";

// How one form is encoded, packed in 32 bits. The generator of inst.gen.ts writes these fields, keep both in step.
/** Bits 8-10: opcode map: 0 one byte, 1 0F, 2 0F38, 3 0F3A. */
export const MapShift = 8;
/** Bits 11-12: mandatory or size prefix: 0 none, 1 66, 2 F3, 3 F2. */
export const PrefixShift = 11;
/** REX.W, VEX.W. */
export const WBit = 1 << 13;
/** Bits 14-17: 1 + the digit in ModRM.reg; 0: ModRM.reg is a register. */
export const DigitShift = 14;
/** Bits 18-20: bytes of immediate: 0, 1, 2, 3 stands for 4, 4 stands for 8. */
export const ImmShift = 18;
/** The register in ModRM.reg is a byte register (spl..dil need a REX). */
export const ByteRegBit = 1 << 21;
/** The register in ModRM.rm (or in the opcode) is a byte register. */
export const ByteRmBit = 1 << 22;
/** Bits 23-24: 0 legacy, 1 VEX, 2 EVEX. */
export const KindShift = 23;
/** Bits 25-26: vector length 128, 256, 512. */
export const LengthShift = 25;
/** The register number is in the opcode's low bits, there is no ModRM. */
export const OpRegBit = 1 << 27;
/** In column codeRR: the first operand (destination) is ModRM.rm, not ModRM.reg. */
export const SwapBit = 1 << 28;
/** A second prefix byte 66 in front (crc32w, movbe). */
export const Extra66Bit = 1 << 29;

/** A memory operand. Set with one of the methods, hand to an encode function; encoders keep nothing of it. */
export class Mem {
  /** Base register or -1. */
  base = -1;
  /** Index register or -1; never SP. */
  index = -1;
  /** 0..3: the index is multiplied by 1, 2, 4, 8. */
  shift = 0;
  disp = 0;
  /** Not NoSym: a rip-relative operand, the address of sym + disp. */
  sym: Sym = NoSym;
  /** Segment prefix byte (0x64 fs, 0x65 gs) or 0. */
  segment = 0;
  /** Always use 32 bits of displacement (places that are patched later). Stays set until changed. */
  wide = false;

  /** [base + disp] */
  at(base: number, disp: number): this {
    this.base = base;
    this.index = -1;
    this.disp = disp;
    this.sym = NoSym;
    this.segment = 0;
    return this;
  }

  /** [base + index << shift + disp]; base may be -1. */
  indexed(base: number, index: number, shift: number, disp: number): this {
    this.base = base;
    this.index = index;
    this.shift = shift;
    this.disp = disp;
    this.sym = NoSym;
    this.segment = 0;
    return this;
  }

  /** [rip + sym + addend] */
  symbol(sym: Sym, addend: number): this {
    this.base = -1;
    this.index = -1;
    this.disp = addend;
    this.sym = sym;
    this.segment = 0;
    return this;
  }

  /** fs:[disp], thread-local words: g is at fs:-8. */
  fs(disp: number): this {
    this.base = -1;
    this.index = -1;
    this.disp = disp;
    this.sym = NoSym;
    this.segment = 0x64;
    return this;
  }
}

/** Code being written, with its relocations. */
export class CodeBuffer {
  bytes = new Uint8Array(4096);
  pos = 0;
  relocs = new Relocs();

  /** Starts over, for the next function. Take the code with `take` before. */
  reset(): void {
    this.pos = 0;
    this.relocs = new Relocs();
  }

  /** A copy of the code written so far. */
  take(): Uint8Array {
    return this.bytes.slice(0, this.pos);
  }

  /** Makes room for `n` more bytes. Every encode function does it for its own instruction. */
  room(n: number): void {
    if (this.pos + n > this.bytes.length) {
      const bigger = new Uint8Array(Math.max(this.bytes.length * 2, this.pos + n));
      bigger.set(this.bytes.subarray(0, this.pos));
      this.bytes = bigger;
    }
  }

  byte(value: number): void {
    this.room(1);
    this.bytes[this.pos++] = value;
  }

  word16(value: number): void {
    this.room(2);
    this.bytes[this.pos++] = value;
    this.bytes[this.pos++] = value >> 8;
  }

  word32(value: number): void {
    this.room(4);
    this.bytes[this.pos++] = value;
    this.bytes[this.pos++] = value >> 8;
    this.bytes[this.pos++] = value >> 16;
    this.bytes[this.pos++] = value >> 24;
  }

  /** A 64-bit little-endian word from its halves. */
  word64(low: number, high: number): void {
    this.word32(low);
    this.word32(high);
  }

  patch8(at: number, value: number): void {
    this.bytes[at] = value;
  }

  patch32(at: number, value: number): void {
    this.bytes[at] = value;
    this.bytes[at + 1] = value >> 8;
    this.bytes[at + 2] = value >> 16;
    this.bytes[at + 3] = value >> 24;
  }
}

/** An operand combination that an instruction does not have: a mistake of the caller, not of the program compiled. */
export class NoSuchForm extends Error {
  constructor(inst: number, shape: string) {
    super(`amd64: ${instNames[inst] ?? inst} has no form ${shape}`);
  }
}

/** Does a value fit a sign-extended byte? */
export function fits8(v: number): boolean {
  return v >= -128 && v <= 127;
}

/** Does a value fit a sign-extended 32-bit word? */
export function fits32(v: number): boolean {
  return v >= -0x80000000 && v <= 0x7fffffff;
}

// ---- The core: prefixes, opcode, ModRM, SIB, displacement. ----

const prefixBytes = [0, 0x66, 0xf3, 0xf2];

/** Writes legacy prefixes, REX and opcode, or the VEX prefix and opcode. r, x, b: 8 when the field's register is 8..15. */
function head(buf: CodeBuffer, code: number, r: number, x: number, b: number, v: number, forceRex: boolean): void {
  const bytes = buf.bytes;
  let p = buf.pos;
  const map = (code >> MapShift) & 7;
  const prefix = (code >> PrefixShift) & 3;
  const w = (code & WBit) !== 0;
  if (((code >> KindShift) & 3) !== 0) {
    const length = (code >> LengthShift) & 1;
    const tail = ((~v & 15) << 3) | (length << 2) | prefix;
    if (map === 1 && !w && x === 0 && b === 0) {
      bytes[p++] = 0xc5;
      bytes[p++] = (r === 0 ? 0x80 : 0) | tail;
    } else {
      bytes[p++] = 0xc4;
      bytes[p++] = (r === 0 ? 0x80 : 0) | (x === 0 ? 0x40 : 0) | (b === 0 ? 0x20 : 0) | map;
      bytes[p++] = (w ? 0x80 : 0) | tail;
    }
    bytes[p++] = code;
    buf.pos = p;
    return;
  }
  if ((code & Extra66Bit) !== 0) bytes[p++] = 0x66;
  if (prefix !== 0) bytes[p++] = prefixBytes[prefix] as number;
  const rex = (w ? 8 : 0) | (r >> 1) | (x >> 2) | (b >> 3);
  if (rex !== 0 || forceRex) bytes[p++] = 0x40 | rex;
  if (map !== 0) {
    bytes[p++] = 0x0f;
    if (map === 2) bytes[p++] = 0x38;
    else if (map === 3) bytes[p++] = 0x3a;
  }
  bytes[p++] = code;
  buf.pos = p;
}

/** One instruction with two register fields (reg may be the digit of the form). */
export function encodeRegs(buf: CodeBuffer, code: number, reg: number, v: number, rm: number): void {
  buf.room(24);
  const digit = (code >> DigitShift) & 15;
  const r = digit !== 0 ? digit - 1 : reg & 15;
  const b = rm & 15;
  // Numbers 4..7 as general byte registers mean spl, bpl, sil, dil only under a REX prefix.
  const force = ((code & ByteRmBit) !== 0 && rm >= 4 && rm <= 7) || ((code & ByteRegBit) !== 0 && digit === 0 && reg >= 4 && reg <= 7);
  head(buf, code, r & 8, 0, b & 8, v, force);
  buf.bytes[buf.pos++] = 0xc0 | ((r & 7) << 3) | (b & 7);
}

/** One instruction with the register in the opcode. */
export function encodeOpReg(buf: CodeBuffer, code: number, reg: number): void {
  buf.room(24);
  const b = reg & 15;
  head(buf, code, 0, 0, b & 8, 0, (code & ByteRmBit) !== 0 && reg >= 4 && reg <= 7);
  (buf.bytes[buf.pos - 1] as number) |= b & 7;
}

/** One instruction with a memory operand. `after`: bytes that follow the displacement, for rip-relative operands. */
export function encodeMem(buf: CodeBuffer, code: number, reg: number, v: number, m: Mem, after: number): void {
  buf.room(24);
  const digit = (code >> DigitShift) & 15;
  const r = digit !== 0 ? digit - 1 : reg & 15;
  const base = m.base;
  const index = m.index;
  if (m.segment !== 0) buf.bytes[buf.pos++] = m.segment;
  const force = (code & ByteRegBit) !== 0 && digit === 0 && reg >= 4 && reg <= 7;
  head(buf, code, r & 8, index >= 0 ? index & 8 : 0, base >= 0 ? base & 8 : 0, v, force);
  operand(buf, (r & 7) << 3, m, after, 1);
}

/** ModRM, SIB and displacement. `unit`: displacements that are multiples of it count in it when they take one byte (EVEX). */
export function operand(buf: CodeBuffer, regField: number, m: Mem, after: number, unit: number): void {
  const bytes = buf.bytes;
  let p = buf.pos;
  const base = m.base;
  const index = m.index;
  const disp = m.disp;
  if (m.sym !== NoSym) {
    bytes[p++] = regField | 5;
    buf.relocs.add(p, RelocPcRel32, m.sym, disp - 4 - after);
    bytes[p++] = 0;
    bytes[p++] = 0;
    bytes[p++] = 0;
    bytes[p++] = 0;
    buf.pos = p;
    return;
  }
  if (base < 0) {
    // Without a base: a SIB with base field 5 under mod 0, 32-bit displacement.
    bytes[p++] = regField | 4;
    bytes[p++] = index < 0 ? 0x25 : (m.shift << 6) | ((index & 7) << 3) | 5;
    buf.pos = p;
    buf.word32(disp);
    return;
  }
  const b = base & 7;
  let mod = 0x80;
  let short = disp;
  if (disp === 0 && b !== 5 && !m.wide) mod = 0;
  else if (!m.wide) {
    if (unit === 1) {
      if (disp >= -128 && disp <= 127) mod = 0x40;
    } else if (disp % unit === 0) {
      short = disp / unit;
      if (short >= -128 && short <= 127) mod = 0x40;
    }
  }
  if (index >= 0) {
    bytes[p++] = mod | regField | 4;
    bytes[p++] = (m.shift << 6) | ((index & 7) << 3) | b;
  } else if (b === 4) {
    bytes[p++] = mod | regField | 4;
    bytes[p++] = 0x24;
  } else {
    bytes[p++] = mod | regField | b;
  }
  if (mod === 0x40) bytes[p++] = short;
  else if (mod === 0x80) {
    bytes[p++] = disp;
    bytes[p++] = disp >> 8;
    bytes[p++] = disp >> 16;
    bytes[p++] = disp >> 24;
  }
  buf.pos = p;
}

/** One instruction without ModRM: the opcode; immediates follow. */
export function encodeBare(buf: CodeBuffer, code: number): void {
  buf.room(24);
  head(buf, code, 0, 0, 0, 0, false);
}

/** The bytes of immediate that a form carries. */
export function immBytes(code: number): number {
  const n = (code >> ImmShift) & 7;
  return n === 3 ? 4 : n === 4 ? 8 : n;
}

function imm(buf: CodeBuffer, code: number, value: number): void {
  switch ((code >> ImmShift) & 7) {
    case 1:
      buf.byte(value);
      break;
    case 2:
      buf.word16(value);
      break;
    case 3:
      buf.word32(value);
      break;
  }
}

// ---- Instructions by shape. Operands in Intel's order. ----

/** No operands: CDQ, CQO, RET, UD2, ... */
export function zero(buf: CodeBuffer, inst: number): void {
  const text = codeZero[inst];
  if (text === undefined || text === 0) throw new NoSuchForm(inst, "without operands");
  // Up to four literal bytes, the first in the low bits; bits above tell nothing, 0 ends.
  buf.room(4);
  for (let rest = text; rest !== 0; rest >>>= 8) buf.bytes[buf.pos++] = rest;
}

/** Register, register: `inst a, b`. Works for general and vector registers, whatever the instruction takes. */
export function rr(buf: CodeBuffer, inst: number, a: number, b: number): void {
  const code = codeRR[inst] as number;
  if (code === 0) throw new NoSuchForm(inst, "rr");
  if ((code & SwapBit) !== 0) encodeRegs(buf, code, b, 0, a);
  else encodeRegs(buf, code, a, 0, b);
}

/** Register, memory: `inst reg, [mem]` (loads, and operations with a memory source). */
export function rm(buf: CodeBuffer, inst: number, reg: number, m: Mem): void {
  const code = codeRM[inst] as number;
  if (code === 0) throw new NoSuchForm(inst, "rm");
  encodeMem(buf, code, reg, 0, m, 0);
}

/** Memory, register: `inst [mem], reg` (stores, and operations on memory). */
export function mr(buf: CodeBuffer, inst: number, m: Mem, reg: number): void {
  const code = codeMR[inst] as number;
  if (code === 0) throw new NoSuchForm(inst, "mr");
  encodeMem(buf, code, reg, 0, m, 0);
}

/** Register, immediate: `inst reg, value`; the shortest form that holds it. The value must fit 32 bits (sign-extended). */
export function ri(buf: CodeBuffer, inst: number, reg: number, value: number): void {
  let code = codeMI8[inst] as number;
  if (value === 1 && codeM1[inst] !== 0) {
    encodeRegs(buf, codeM1[inst] as number, 0, 0, reg);
    return;
  }
  if (code === 0 || value < -128 || value > 127) {
    const inOpcode = codeOI[inst] as number;
    if (inOpcode !== 0 && ((inOpcode >> ImmShift) & 7) !== 4) {
      encodeOpReg(buf, inOpcode, reg);
      imm(buf, inOpcode, value);
      return;
    }
    if (reg === 0 && codeAI[inst] !== 0) {
      code = codeAI[inst] as number;
      buf.room(24);
      head(buf, code, 0, 0, 0, 0, false);
      imm(buf, code, value);
      return;
    }
    if (codeMI[inst] !== 0) code = codeMI[inst] as number;
    else if (code === 0) throw new NoSuchForm(inst, "ri");
  }
  encodeRegs(buf, code, 0, 0, reg);
  imm(buf, code, value);
}

/** Memory, immediate: `inst [mem], value`. */
export function mi(buf: CodeBuffer, inst: number, m: Mem, value: number): void {
  let code = codeMI8[inst] as number;
  if (value === 1 && codeM1[inst] !== 0) {
    encodeMem(buf, codeM1[inst] as number, 0, 0, m, 0);
    return;
  }
  if (code === 0 || value < -128 || value > 127) {
    if (codeMI[inst] !== 0) code = codeMI[inst] as number;
    else if (code === 0) throw new NoSuchForm(inst, "mi");
  }
  encodeMem(buf, code, 0, 0, m, immBytes(code));
  imm(buf, code, value);
}

/** One register: NEGQ, NOTQ, IDIVQ, BSWAPQ, PUSHQ, POPQ, shifts by CL (SHLQ ...), ... */
export function r(buf: CodeBuffer, inst: number, reg: number): void {
  const code = codeO[inst] as number;
  if (code !== 0) {
    encodeOpReg(buf, code, reg);
    return;
  }
  const code2 = codeM[inst] as number;
  if (code2 === 0) throw new NoSuchForm(inst, "r");
  encodeRegs(buf, code2, 0, 0, reg);
}

/** One memory operand: NEGQ, INCL, DIVQ, PUSHQ, prefetches, ... */
export function m(buf: CodeBuffer, inst: number, mem: Mem): void {
  const code = codeM[inst] as number;
  if (code === 0) throw new NoSuchForm(inst, "m");
  encodeMem(buf, code, 0, 0, mem, 0);
}

/** An immediate alone: PUSHQ, INT. */
export function i(buf: CodeBuffer, inst: number, value: number): void {
  let code = codeI8[inst] as number;
  if (code === 0 || !fits8(value)) code = codeI[inst] as number;
  if (code === 0) throw new NoSuchForm(inst, "i");
  buf.room(24);
  head(buf, code, 0, 0, 0, 0, false);
  imm(buf, code, value);
}

/** Register, register, immediate: IMUL3Q, PSHUFD, ROUNDSD, SHLDQ-like, PEXTRQ, ... `inst a, b, value`. */
export function rri(buf: CodeBuffer, inst: number, a: number, b: number, value: number): void {
  let code = codeRRI[inst] as number;
  if (!fits8(value) && codeRMI32[inst] !== 0) code = codeRMI32[inst] as number;
  if (code === 0) throw new NoSuchForm(inst, "rri");
  if ((code & SwapBit) !== 0) encodeRegs(buf, code, b, 0, a);
  else encodeRegs(buf, code, a, 0, b);
  imm(buf, code, value);
}

/** Register, memory, immediate: `inst reg, [mem], value`. */
export function rmi(buf: CodeBuffer, inst: number, reg: number, mem: Mem, value: number): void {
  let code = codeRMI[inst] as number;
  if (!fits8(value) && codeRMI32[inst] !== 0) code = codeRMI32[inst] as number;
  if (code === 0) throw new NoSuchForm(inst, "rmi");
  encodeMem(buf, code, reg, 0, mem, immBytes(code));
  imm(buf, code, value);
}

/** Memory, register, immediate: `inst [mem], reg, value` (SHLDQ, PEXTRQ). */
export function mri(buf: CodeBuffer, inst: number, mem: Mem, reg: number, value: number): void {
  const code = codeMRI[inst] as number;
  if (code === 0) throw new NoSuchForm(inst, "mri");
  encodeMem(buf, code, reg, 0, mem, immBytes(code));
  imm(buf, code, value);
}

/** VEX with three registers: `inst a, b, c`: a destination, b in VEX.vvvv, c in ModRM.rm (VADDSD, ANDNQ). For BMI2 shifts
 *  (SHLXQ, SHRXQ, SARXQ) and BEXTR, BZHI the count is b as encoded in vvvv: `shlx a, c, b`. */
export function vrr(buf: CodeBuffer, inst: number, a: number, b: number, c: number): void {
  const code = codeVRM[inst] as number;
  if (code === 0) throw new NoSuchForm(inst, "vrr");
  encodeRegs(buf, code, a, b, c);
}

/** VEX with a memory operand in place of the last register. */
export function vrm(buf: CodeBuffer, inst: number, a: number, b: number, mem: Mem): void {
  const code = codeVRM[inst] as number;
  if (code === 0) throw new NoSuchForm(inst, "vrm");
  encodeMem(buf, code, a, b, mem, 0);
}

/** VEX with three registers and an immediate byte. */
export function vrri(buf: CodeBuffer, inst: number, a: number, b: number, c: number, value: number): void {
  const code = codeVRMI[inst] as number;
  if (code === 0) throw new NoSuchForm(inst, "vrri");
  encodeRegs(buf, code, a, b, c);
  buf.byte(value);
}

/** VEX with the destination in vvvv: BLSRQ, BLSIQ, BLSMSKQ: `inst a, b`. */
export function vr(buf: CodeBuffer, inst: number, a: number, b: number): void {
  const code = codeVM[inst] as number;
  if (code === 0) throw new NoSuchForm(inst, "vr");
  encodeRegs(buf, code, 0, a, b);
}

/** VEX with the destination in vvvv and an immediate byte: VPSLLD, VPSRLDQ, ... by a constant. */
export function vri(buf: CodeBuffer, inst: number, a: number, b: number, value: number): void {
  const code = codeVMI[inst] as number;
  if (code === 0) throw new NoSuchForm(inst, "vri");
  encodeRegs(buf, code, 0, a, b);
  buf.byte(value);
}

// ---- Constants into registers. ----

/** Loads a 32-bit constant, zero-extended: 5 or 6 bytes, or 2 for zero when the flags may change. */
export function movImm32(buf: CodeBuffer, reg: number, value: number, flagsFree: boolean): void {
  buf.room(24);
  if (value === 0 && flagsFree) {
    if (reg >= 8) buf.bytes[buf.pos++] = 0x45;
    buf.bytes[buf.pos++] = 0x31;
    buf.bytes[buf.pos++] = 0xc0 | ((reg & 7) * 9);
    return;
  }
  if (reg >= 8) buf.bytes[buf.pos++] = 0x41;
  buf.bytes[buf.pos++] = 0xb8 | (reg & 7);
  buf.word32(value);
}

/** Loads a 64-bit constant given as halves, in the shortest way. */
export function movImm64(buf: CodeBuffer, reg: number, low: number, high: number, flagsFree: boolean): void {
  if (high === 0) {
    movImm32(buf, reg, low, flagsFree);
    return;
  }
  buf.room(24);
  buf.bytes[buf.pos++] = reg >= 8 ? 0x49 : 0x48;
  if (high === -1 && low < 0) {
    buf.bytes[buf.pos++] = 0xc7;
    buf.bytes[buf.pos++] = 0xc0 | (reg & 7);
    buf.word32(low);
    return;
  }
  buf.bytes[buf.pos++] = 0xb8 | (reg & 7);
  buf.word64(low, high);
}

// ---- Conditions, jumps and calls. ----

/** SETcc reg (byte). */
export function setcc(buf: CodeBuffer, cc: number, reg: number): void {
  encodeRegs(buf, 0x90 | cc | (1 << MapShift) | ByteRmBit | (1 << DigitShift), 0, 0, reg);
}

/** CMOVcc a, b; `wide`: 64 bits, else 32. */
export function cmov(buf: CodeBuffer, cc: number, wide: boolean, a: number, b: number): void {
  encodeRegs(buf, 0x40 | cc | (1 << MapShift) | (wide ? WBit : 0), a, 0, b);
}

/** jmp rel8: 2 bytes; the displacement byte is at pos - 1 afterwards. */
export function jmp8(buf: CodeBuffer, rel: number): void {
  buf.byte(0xeb);
  buf.byte(rel);
}

/** jcc rel8: 2 bytes. */
export function jcc8(buf: CodeBuffer, cc: number, rel: number): void {
  buf.byte(0x70 | cc);
  buf.byte(rel);
}

/** call of a symbol. */
export function callSym(buf: CodeBuffer, sym: Sym, addend = 0): void {
  buf.byte(0xe8);
  buf.relocs.add(buf.pos, RelocCall, sym, addend - 4);
  buf.word32(0);
}

/** call through a register. */
export function callReg(buf: CodeBuffer, reg: number): void {
  encodeRegs(buf, 0xff | (3 << DigitShift), 0, 0, reg);
}

/** call through memory. */
export function callMem(buf: CodeBuffer, mem: Mem): void {
  encodeMem(buf, 0xff | (3 << DigitShift), 0, 0, mem, 0);
}

/** jmp through a register. */
export function jmpReg(buf: CodeBuffer, reg: number): void {
  encodeRegs(buf, 0xff | (5 << DigitShift), 0, 0, reg);
}

/** ret. */
export function ret(buf: CodeBuffer): void {
  buf.byte(0xc3);
}

/** lea reg, [mem] with 64 bits; `lea reg, [rip + sym]` with Mem.symbol. */
export function lea(buf: CodeBuffer, reg: number, mem: Mem): void {
  encodeMem(buf, 0x8d | WBit, reg, 0, mem, 0);
}

/** A byte that locks the instruction that follows. */
export function lock(buf: CodeBuffer): void {
  buf.byte(0xf0);
}

/** Fills with `count` bytes of no-operations, in few instructions. */
export function nops(buf: CodeBuffer, count: number): void {
  buf.room(count);
  let left = count;
  while (left > 0) {
    const n = Math.min(left, 9);
    const row = nopRows[n] as readonly number[];
    for (let k = 0; k < n; k++) buf.bytes[buf.pos++] = row[k] as number;
    left -= n;
  }
}

const nopRows: readonly (readonly number[])[] = [
  [],
  [0x90],
  [0x66, 0x90],
  [0x0f, 0x1f, 0x00],
  [0x0f, 0x1f, 0x40, 0x00],
  [0x0f, 0x1f, 0x44, 0x00, 0x00],
  [0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00],
  [0x0f, 0x1f, 0x80, 0x00, 0x00, 0x00, 0x00],
  [0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00],
  [0x66, 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00],
];
