// The ground that the emitter stands on: where operands are, the frame, moves between places.

import type { Func, Value } from "../../ssa/func.ts";
import {
  OpArgAddr,
  OpOutArgAddr,
  OpSlotAddr,
  OpSymAddr,
  OpGetG,
  OpGetSP,
  OpCallerPC,
  OpCallerSP,
  OpConst,
  OpConstF,
} from "../../ssa/ops.gen.ts";
import type { Relocs } from "../../ssa/object.ts";
import { isStackAbi, type Sym, type Symbols } from "../../ssa/symbol.ts";
import { type Marks, type Places, StackGrowthLabel, StartLabel } from "../../ssa/target.ts";
import { isFloat, TypeF32, TypeI64, TypePtr, TypeV128, type ValueType, typeSize } from "../../ssa/types.ts";
import * as E from "./encode.ts";
import { CodeBuffer, MapShift, Mem, PrefixShift, WBit } from "./encode.ts";
import * as I from "./inst.gen.ts";
import { KindZ8, KindZ16, Kind32, Kind64, KindS8, KindS16, KindS32, KindF32, KindF64 } from "./kinds.ts";
import * as A from "./ops.gen.ts";
import { AX, SP, R12, R13, R14, X15, CcB, CcNE, CcBE } from "./regs.ts";

// Moves between general and float registers, which the tables know under names that depend on the operands.
export const movqToFloat = 0x6e | (1 << MapShift) | (1 << PrefixShift) | WBit;
export const movqFromFloat = 0x7e | (1 << MapShift) | (1 << PrefixShift) | WBit;
export const movdToFloat = 0x6e | (1 << MapShift) | (1 << PrefixShift);
export const movdFromFloat = 0x7e | (1 << MapShift) | (1 << PrefixShift);

export const StackSmall = 128;
export const StackBig = 4096;
export const GuardOffset = 16;
/** g in thread-local storage, from the FS base. */
export const TlsG = -8;

export const wide = (type: ValueType): boolean => type === TypeI64 || type === TypePtr;

/** The state of an emitter, and the steps that its parts have in common. */
export abstract class EmitterBase {
  protected readonly buf = new CodeBuffer();
  protected readonly mem = new Mem();
  protected readonly mem2 = new Mem();
  protected f!: Func;
  protected places!: Places;
  protected marks!: Marks;
  /** The register whose value the zero flag tells of (set by the arithmetic that made it), or -1; and how wide the arithmetic was. */
  protected flagsOf = -1;
  protected flagsWide = false;
  /** The other flags are those of a comparison with zero too. */
  protected flagsLogical = false;
  protected readonly morestack: Sym;
  protected readonly morestackNoctxt: Sym;

  protected readonly symbols: Symbols;

  constructor(symbols: Symbols) {
    this.symbols = symbols;
    this.morestack = symbols.intern("runtime.morestack");
    this.morestackNoctxt = symbols.intern("runtime.morestack_noctxt");
  }

  get pos(): number {
    return this.buf.pos;
  }

  get relocs(): Relocs {
    return this.buf.relocs;
  }

  bytes(): Uint8Array {
    return this.buf.bytes;
  }

  begin(f: Func, places: Places, marks: Marks): void {
    this.buf.reset();
    this.f = f;
    this.places = places;
    this.marks = marks;
  }

  label(): void {
    this.flagsOf = -1;
  }

  // ---- Entry and exit ----

  /** What Go code expects of R14 and X15, after code that knows nothing of it. */
  protected restoreGo(): void {
    E.rr(this.buf, I.XORPS, X15, X15);
    E.rm(this.buf, I.MOVQ, R14, this.mem.fs(TlsG));
  }

  prologue(stackCheck: boolean, zeroWords: readonly number[]): void {
    const { buf, mem, marks } = this;
    if (isStackAbi(this.symbols, this.f.sym)) this.restoreGo();
    const frame = this.places.frameSize;
    if (stackCheck) {
      if (frame <= StackSmall) {
        E.rm(buf, I.CMPQ, SP, mem.at(R14, GuardOffset));
      } else if (frame < StackBig) {
        E.rm(buf, I.LEAQ, R12, mem.at(SP, -(frame - StackSmall)));
        E.rm(buf, I.CMPQ, R12, mem.at(R14, GuardOffset));
      } else {
        // A frame so large that the subtraction may wrap.
        E.rr(buf, I.MOVQ, R12, SP);
        E.ri(buf, I.SUBQ, R12, frame - StackSmall);
        marks.branch(CcB, StackGrowthLabel);
        E.rm(buf, I.CMPQ, R12, mem.at(R14, GuardOffset));
      }
      marks.branch(CcBE, StackGrowthLabel);
    }
    this.adjust(-frame);
    this.zeroWords(zeroWords);
  }

  protected adjust(by: number): void {
    if (by === 0) return;
    if (by === 128) E.ri(this.buf, I.SUBQ, SP, -128);
    else if (by < 0 && by !== -128) E.ri(this.buf, I.SUBQ, SP, -by);
    else E.ri(this.buf, I.ADDQ, SP, by);
  }

  /** Zeroes words of the stack; only X15, R12, R13 and the flags may be used here. */
  protected zeroWords(words: readonly number[]): void {
    const { buf, mem } = this;
    for (let i = 0; i < words.length; ) {
      let n = 1;
      while (i + n < words.length && words[i + n] === words[i] + n) n++;
      let at = 8 * words[i];
      i += n;
      if (n > 24) {
        E.lea(buf, R12, mem.at(SP, at));
        E.movImm32(buf, R13, n >> 1, true);
        const loop = buf.pos;
        E.mr(buf, I.MOVUPS, mem.at(R12, 0), X15);
        E.ri(buf, I.ADDQ, R12, 16);
        E.r(buf, I.DECL, R13);
        E.jcc8(buf, CcNE, loop - (buf.pos + 2));
        at += 16 * (n >> 1);
        n &= 1;
      }
      for (; n >= 2; n -= 2, at += 16) E.mr(buf, I.MOVUPS, mem.at(SP, at), X15);
      if (n === 1) E.mr(buf, I.MOVSD, mem.at(SP, at), X15);
    }
  }

  stackGrowth(usesClosure: boolean): void {
    E.callSym(this.buf, usesClosure ? this.morestack : this.morestackNoctxt);
    this.marks.site(0 as Value);
    this.marks.branch(-1, StartLabel);
  }

  epilogue(): void {
    this.adjust(this.places.frameSize);
    E.ret(this.buf);
  }

  // ---- Moves ----

  move(type: ValueType, to: number, from: number): void {
    const buf = this.buf;
    if (to === this.flagsOf) this.flagsOf = -1;
    if (to < 16 && from < 16) E.rr(buf, wide(type) ? I.MOVQ : I.MOVL, to, from);
    else if (to >= 16 && from >= 16) E.rr(buf, I.MOVAPS, to, from);
    else if (to >= 16) E.encodeRegs(buf, movqToFloat, to, 0, from);
    else E.encodeRegs(buf, movqFromFloat, from, 0, to);
  }

  exchange(a: number, b: number): void {
    this.flagsOf = -1;
    E.rr(this.buf, I.XCHGQ, a, b);
  }

  load(type: ValueType, to: number, offset: number): void {
    if (to === this.flagsOf) this.flagsOf = -1;
    const m = this.mem.at(SP, offset);
    if (to >= 16) E.rm(this.buf, type === TypeF32 ? I.MOVSS : type === TypeV128 ? I.MOVUPS : I.MOVSD, to, m);
    else E.rm(this.buf, wide(type) || isFloat(type) ? I.MOVQ : I.MOVL, to, m);
  }

  store(type: ValueType, from: number, offset: number): void {
    const m = this.mem.at(SP, offset);
    if (from >= 16) E.mr(this.buf, type === TypeF32 ? I.MOVSS : type === TypeV128 ? I.MOVUPS : I.MOVSD, m, from);
    else E.mr(this.buf, wide(type) || isFloat(type) ? I.MOVQ : I.MOVL, m, from);
  }

  moveSlot(to: number, from: number): void {
    // Both addresses count from the unmoved SP: push reads before it moves SP, pop writes after.
    E.m(this.buf, I.PUSHQ, this.mem.at(SP, from));
    E.m(this.buf, I.POPQ, this.mem.at(SP, to));
  }

  clearScratch(): void {
    E.rr(this.buf, I.XORPS, X15, X15);
  }

  rematerialize(v: Value, to: number, flagsLive: boolean): void {
    const { f, buf, mem, places } = this;
    this.flagsOf = -1;
    switch (f.op[v]) {
      case OpConst:
        if (wide(f.type[v])) E.movImm64(buf, to, f.auxLo[v], f.auxHi[v], !flagsLive);
        else E.movImm32(buf, to, f.auxLo[v], !flagsLive);
        return;
      case OpConstF: {
        if (f.auxLo[v] === 0 && (f.type[v] === TypeF32 || f.auxHi[v] === 0)) {
          E.rr(buf, I.XORPS, to, to);
          return;
        }
        const single = f.type[v] === TypeF32;
        this.ripHead(0x10, single ? 0xf3 : 0xf2, to, false);
        this.marks.literal(f.auxLo[v], single ? 0 : f.auxHi[v], single ? 4 : 8, 0);
        return;
      }
      case OpSymAddr:
        E.lea(buf, to, mem.symbol(f.aux[v] as Sym, f.auxInt(v)));
        return;
      case OpSlotAddr:
        E.lea(buf, to, mem.at(SP, places.slot(f.aux[v]) + f.auxInt(v)));
        return;
      case OpArgAddr:
        E.lea(buf, to, mem.at(SP, places.frameSize + 8 + f.auxInt(v)));
        return;
      case OpOutArgAddr:
        E.lea(buf, to, mem.at(SP, f.auxInt(v)));
        return;
      case OpGetG:
        E.rr(buf, I.MOVQ, to, R14);
        return;
      case OpGetSP:
        E.rr(buf, I.MOVQ, to, SP);
        return;
      case OpCallerSP:
        E.lea(buf, to, mem.at(SP, places.frameSize + 8));
        return;
      case OpCallerPC:
        E.rm(buf, I.MOVQ, to, mem.at(SP, places.frameSize));
        return;
      default:
        throw new Error(`${f.name}: v${v} cannot be made again`);
    }
  }

  rematerializeSlot(v: Value, offset: number): void {
    const { f, buf, mem } = this;
    if (f.op[v] === OpConst || f.op[v] === OpConstF) {
      const lo = f.auxLo[v];
      const hi = f.auxHi[v];
      if (typeSize(f.type[v]) <= 4) E.mi(buf, I.MOVL, mem.at(SP, offset), lo);
      else if (hi === lo >> 31) E.mi(buf, I.MOVQ, mem.at(SP, offset), lo);
      else {
        E.mi(buf, I.MOVL, mem.at(SP, offset), lo);
        E.mi(buf, I.MOVL, mem.at(SP, offset + 4), hi);
      }
      return;
    }
    // An address: through AX, which is kept in X15 meanwhile.
    E.encodeRegs(buf, movqToFloat, X15, 0, AX);
    this.rematerialize(v, AX, true);
    E.mr(buf, I.MOVQ, mem.at(SP, offset), AX);
    E.encodeRegs(buf, movqFromFloat, X15, 0, AX);
    this.clearScratch();
  }

  /** [prefix] REX 0F opcode with a rip-relative operand, whose displacement is the last four bytes. */
  protected ripHead(opcode: number, prefix: number, register: number, w: boolean, escaped = prefix !== 0): void {
    const buf = this.buf;
    if (prefix !== 0) buf.byte(prefix);
    const rex = (w ? 8 : 0) | ((register & 8) >> 1);
    if (rex !== 0) buf.byte(0x40 | rex);
    if (escaped) buf.byte(0x0f);
    buf.byte(opcode);
    buf.byte(((register & 7) << 3) | 5);
    buf.word32(0);
  }

  // ---- Operands ----

  protected use(v: Value, i: number): number {
    return this.places.use(v, i);
  }

  protected def(v: Value): number {
    return this.places.def(v);
  }

  /** The memory operand whose base is argument i. */
  protected operand(m: Mem, v: Value, i: number, disp: number, shift: number): Mem {
    const { f, places } = this;
    const base = f.arg(v, i);
    const index = i + 1 < f.argCount[v] && this.hasIndex(v, i) ? this.use(v, i + 1) : -1;
    let register: number;
    let offset = disp;
    if (this.use(v, i) >= 0) register = this.use(v, i);
    else {
      switch (f.op[base]) {
        case OpSlotAddr:
          register = SP;
          offset += places.slot(f.aux[base]) + f.auxInt(base);
          break;
        case OpArgAddr:
          register = SP;
          offset += places.frameSize + 8 + f.auxInt(base);
          break;
        case OpOutArgAddr:
          register = SP;
          offset += f.auxInt(base);
          break;
        case OpGetG:
          register = R14;
          break;
        case OpSymAddr:
          return m.symbol(f.aux[base] as Sym, f.auxInt(base) + disp);
        default:
          throw new Error(`${f.name}: v${v}: address v${base} in no register`);
      }
    }
    return index >= 0 ? m.indexed(register, index, shift, offset) : m.at(register, offset);
  }

  protected hasIndex(v: Value, i: number): boolean {
    return this.f.op[v] !== A.AMOVEB || i > 1;
  }

  protected address(v: Value, i: number): Mem {
    const f = this.f;
    return this.operand(this.mem, v, i, f.auxLo[v], (f.auxHi[v] >> 4) & 3);
  }

  protected kind(v: Value): number {
    return this.f.auxHi[v] & 15;
  }

  /** A jump inside a sequence: returns the place to patch. */
  protected skip(cc: number): number {
    if (cc < 0) E.jmp8(this.buf, 0);
    else E.jcc8(this.buf, cc, 0);
    return this.buf.pos;
  }

  protected land(from: number): void {
    this.buf.patch8(from - 1, this.buf.pos - from);
  }

  /** Argument 1 in its spill slot. */
  protected spilled(v: Value): Mem {
    return this.mem.at(SP, this.places.spill(this.f.arg(v, 1)));
  }

  protected loadKind(kind: number, d: number, m: Mem, w: boolean): void {
    const buf = this.buf;
    switch (kind) {
      case KindZ8:
        E.rm(buf, I.MOVBLZX, d, m);
        return;
      case KindZ16:
        E.rm(buf, I.MOVWLZX, d, m);
        return;
      case Kind32:
        E.rm(buf, I.MOVL, d, m);
        return;
      case Kind64:
        E.rm(buf, I.MOVQ, d, m);
        return;
      case KindS8:
        E.rm(buf, w ? I.MOVBQSX : I.MOVBLSX, d, m);
        return;
      case KindS16:
        E.rm(buf, w ? I.MOVWQSX : I.MOVWLSX, d, m);
        return;
      case KindS32:
        E.rm(buf, I.MOVLQSX, d, m);
        return;
      case KindF32:
        E.rm(buf, I.MOVSS, d, m);
        return;
      case KindF64:
        E.rm(buf, I.MOVSD, d, m);
        return;
    }
  }

  protected storeKind(kind: number, m: Mem, r: number): void {
    const buf = this.buf;
    if (kind === KindF32) E.mr(buf, I.MOVSS, m, r);
    else if (kind === KindF64) E.mr(buf, I.MOVSD, m, r);
    else E.mr(buf, byKind(kind, I.MOVB, I.MOVW, I.MOVL, I.MOVQ), m, r);
  }
}

export function bySize(size: number, b: number, w: number, l: number, q: number): number {
  return size === 1 ? b : size === 2 ? w : size === 4 ? l : q;
}

export function byKind(kind: number, b: number, w: number, l: number, q: number): number {
  return kind === KindZ8 ? b : kind === KindZ16 ? w : kind === Kind32 ? l : q;
}
