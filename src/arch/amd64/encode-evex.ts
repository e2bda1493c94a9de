// EVEX-encoded instructions (AVX-512): four prefix bytes that reach 32 vector registers, masks, broadcast and rounding.

import { type CodeBuffer, DigitShift, LengthShift, MapShift, type Mem, operand, PrefixShift, WBit } from "./encode.ts";

/** What EVEX adds to the operands of an instruction. */
export interface EvexOptions {
  /** Mask register number 0..7. */
  mask: number;
  zeroing: boolean;
  broadcast: boolean;
  /** -1: none; 0..3: nearest, down, up, zero; 4: suppress exceptions only. */
  rounding: number;
}

const isHigh = (reg: number) => reg >= 32 && reg <= 47;

/**
 * One EVEX instruction. `rm` is a register when `mem` is null. `v` is the register in vvvv or -1. `unit` is what 8-bit
 * displacements count in.
 */
export function encodeEvex(
  buf: CodeBuffer,
  code: number,
  reg: number,
  v: number,
  rm: number,
  mem: Mem | null,
  options: EvexOptions,
  unit: number,
  after: number,
): void {
  buf.room(24);
  const bytes = buf.bytes;
  const digit = (code >> DigitShift) & 15;
  const r = digit !== 0 ? digit - 1 : reg & 15;
  const base = mem === null ? rm : mem.base;
  const index = mem === null ? -1 : mem.index;
  if (mem !== null && mem.segment !== 0) bytes[buf.pos++] = mem.segment;
  let p = buf.pos;
  const rBit = (r & 8) === 0 ? 0x80 : 0;
  let xBit = 0x40;
  if (mem === null ? isHigh(rm) : index >= 0 && (index & 8) !== 0) xBit = 0;
  const bBit = base >= 0 && (base & 8) !== 0 ? 0 : 0x20;
  const rHigh = digit === 0 && isHigh(reg) ? 0 : 0x10;
  const vHigh = (index >= 0 && isHigh(index)) || (v >= 0 && isHigh(v)) ? 0 : 8;
  let length = (code >> LengthShift) & 3;
  const rounding = options.rounding;
  if (rounding >= 0 && rounding < 4) length = rounding;
  const b = options.broadcast || rounding >= 0 ? 0x10 : 0;
  bytes[p++] = 0x62;
  bytes[p++] = rBit | xBit | bBit | rHigh | ((code >> MapShift) & 3);
  bytes[p++] = ((code & WBit) !== 0 ? 0x80 : 0) | ((~(v < 0 ? 0 : v & 15) & 15) << 3) | 4 | ((code >> PrefixShift) & 3);
  bytes[p++] = (options.zeroing ? 0x80 : 0) | (length << 5) | b | vHigh | (options.mask & 7);
  bytes[p++] = code;
  if (mem === null) bytes[p++] = 0xc0 | ((r & 7) << 3) | (rm & 7);
  buf.pos = p;
  if (mem !== null) operand(buf, (r & 7) << 3, mem, after, unit);
}
