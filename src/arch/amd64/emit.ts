// Writes the machine code of allocated amd64 values. Every op of ops.table has one case here; some are short sequences.

import type { Block, Func, Value } from "../../ssa/func.ts";
import {
  OpArgAddr,
  OpCallClosure,
  OpCallInter,
  OpCallStatic,
  OpCallerPC,
  OpCallerSP,
  OpConst,
  OpConstF,
  OpGetG,
  OpGetSP,
  OpOutArgAddr,
  OpSlotAddr,
  OpSymAddr,
} from "../../ssa/ops.gen.ts";
import type { Relocs } from "../../ssa/object.ts";
import { isStackAbi, type Sym, type Symbols } from "../../ssa/symbol.ts";
import type { Emitter, Marks, Places } from "../../ssa/target.ts";
import { SpillOperand, StackGrowthLabel, StartLabel } from "../../ssa/target.ts";
import { isFloat, TypeF32, TypeF64, TypeI64, TypePtr, TypeV128, type ValueType, typeSize } from "../../ssa/types.ts";
import { CarryIn } from "./carry.ts";
import * as E from "./encode.ts";
import { CodeBuffer, MapShift, Mem, PrefixShift, WBit } from "./encode.ts";
import {
  ADCQ,
  ADDL,
  ADDQ,
  ADDSD,
  ADDSS,
  ANDL,
  ANDNPS,
  ANDPS,
  ANDQ,
  BSFL,
  BSFQ,
  BSRQ,
  BSWAPL,
  BSWAPQ,
  BTCQ,
  BTL,
  BTSL,
  BTSQ,
  CDQ,
  CMPB,
  CMPL,
  CMPQ,
  CMPW,
  CMPXCHGB,
  CMPXCHGL,
  CMPXCHGQ,
  CMPXCHGW,
  CQO,
  CVTSD2SS,
  CVTSL2SD,
  CVTSL2SS,
  CVTSQ2SD,
  CVTSQ2SS,
  CVTSS2SD,
  CVTTSD2SL,
  CVTTSD2SQ,
  CVTTSS2SL,
  CVTTSS2SQ,
  DECL,
  DECQ,
  DIVL,
  DIVQ,
  DIVSD,
  DIVSS,
  IDIVL,
  IDIVQ,
  IMUL3L,
  IMUL3Q,
  IMULL,
  IMULQ,
  INCL,
  INCQ,
  LEAL,
  LEAQ,
  MAXSD,
  MAXSS,
  MINSD,
  MINSS,
  MOVAPS,
  MOVB,
  MOVBLSX,
  MOVBLZX,
  MOVBQSX,
  MOVL,
  MOVLQSX,
  MOVQ,
  MOVSD,
  MOVSS,
  MOVUPS,
  MOVW,
  MOVWLSX,
  MOVWLZX,
  MOVWQSX,
  MULQ,
  MULSD,
  MULSS,
  NEGL,
  NEGQ,
  NOTL,
  NOTQ,
  ORL,
  ORPS,
  ORQ,
  PAUSE,
  POPQ,
  PREFETCHT0,
  PUSHQ,
  ROLB,
  ROLL,
  ROLQ,
  ROLW,
  ROUNDSD,
  ROUNDSS,
  SARL,
  SARQ,
  SBBL,
  SBBQ,
  SHLL,
  SHLQ,
  SHRL,
  SHRQ,
  SQRTSD,
  SQRTSS,
  STC,
  SUBL,
  SUBQ,
  SUBSD,
  SUBSS,
  TESTB,
  TESTL,
  TESTQ,
  TESTW,
  UCOMISD,
  UCOMISS,
  VFMADD231SD,
  VFMADD231SS,
  XADDB,
  XADDL,
  XADDQ,
  XADDW,
  XCHGB,
  XCHGL,
  XCHGQ,
  XCHGW,
  XORL,
  XORPS,
  XORQ,
  ADDB,
  ADDW,
  ANDB,
  ANDW,
  ORB,
  ORW,
  SUBB,
  SUBW,
  XORB,
  XORW,
} from "./inst.gen.ts";
import {
  BlockCc,
  BlockJumpTo,
  CcEqF,
  CcNeF,
  Kind32,
  Kind64,
  KindF32,
  KindF64,
  KindS16,
  KindS32,
  KindS8,
  KindZ16,
  KindZ8,
  negated,
} from "./lower.ts";
import {
  AADC,
  AADD,
  AADDI,
  AADDM,
  AALOAD,
  AAND,
  AANDI,
  AANDLOOP,
  AANDM,
  ABITLEN64,
  ABSR,
  ABSWAP,
  ACARRYMASK,
  ACMOV,
  ACMOVF,
  ACMP,
  ACMPI,
  ACMPM,
  ACMPMI,
  ACMPXCHG,
  ACTZ,
  ACTZ64,
  ACVTFF,
  ACVTFI,
  ACVTFU,
  ACVTIF,
  ACVTUF,
  ADIV128,
  ADIVS,
  ADIVU,
  AFADD,
  AFADDM,
  AFAND,
  AFANDN,
  AFDIV,
  AFDIVM,
  AFMA,
  AFMAX1,
  AFMIN1,
  AFMUL,
  AFMULM,
  AFOR,
  AFSQRT,
  AFSUB,
  AFSUBM,
  AFXOR,
  AIMUL,
  AIMULH,
  AIMULI,
  AIMULM,
  AJMPTAB,
  ALEA,
  ALOAD,
  ALOCKAND,
  ALOCKOR,
  AMODS,
  AMODU,
  AMOV,
  AMOVEB,
  AMOVFI,
  AMOVIF,
  AMOVSX,
  AMOVZX,
  AMUL2,
  ANEG,
  ANILCHK,
  ANOT,
  AOPST,
  AOPSTI,
  AOR,
  AORI,
  AORLOOP,
  AORM,
  APAUSE,
  APOLL,
  APREFETCH,
  AROL,
  AROLI,
  AROUND,
  ASAR,
  ASARI,
  ASBB,
  ASETCC,
  ASHL,
  ASHLI,
  ASHR,
  ASHRI,
  ASTORE,
  ASTOREI,
  ASUB,
  ASUBM,
  ATEST,
  ATESTI,
  AUCOMI,
  AUCOMIM,
  AUMULH,
  AXADD,
  AXCHG,
  AXOR,
  AXORI,
  AXORM,
  AZEROB,
  opNames,
} from "./ops.gen.ts";
import { AX, CcAE, CcB, CcBE, CcE, CcNE, CcNP, CcP, DX, R12, R13, R14, SP, X15 } from "./regs.ts";

// Moves between general and float registers, which the tables know under names that depend on the operands.
const movqToFloat = 0x6e | (1 << MapShift) | (1 << PrefixShift) | WBit;
const movqFromFloat = 0x7e | (1 << MapShift) | (1 << PrefixShift) | WBit;
const movdToFloat = 0x6e | (1 << MapShift) | (1 << PrefixShift);
const movdFromFloat = 0x7e | (1 << MapShift) | (1 << PrefixShift);

const StackSmall = 128;
const StackBig = 4096;
const GuardOffset = 16;
/** g in thread-local storage, from the FS base. */
const TlsG = -8;

const wide = (type: ValueType): boolean => type === TypeI64 || type === TypePtr;

export class Amd64Emitter implements Emitter {
  private readonly buf = new CodeBuffer();
  private readonly mem = new Mem();
  private readonly mem2 = new Mem();
  private f!: Func;
  private places!: Places;
  private marks!: Marks;
  /** The register whose value the zero flag tells of (set by the arithmetic that made it), or -1; and how wide the arithmetic was. */
  private flagsOf = -1;
  private flagsWide = false;
  /** The other flags are those of a comparison with zero too. */
  private flagsLogical = false;
  private readonly morestack: Sym;
  private readonly morestackNoctxt: Sym;

  private readonly symbols: Symbols;

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
  private restoreGo(): void {
    E.rr(this.buf, XORPS, X15, X15);
    E.rm(this.buf, MOVQ, R14, this.mem.fs(TlsG));
  }

  prologue(stackCheck: boolean, zeroWords: readonly number[]): void {
    const { buf, mem, marks } = this;
    if (isStackAbi(this.symbols, this.f.sym)) this.restoreGo();
    const frame = this.places.frameSize;
    if (stackCheck) {
      if (frame <= StackSmall) {
        E.rm(buf, CMPQ, SP, mem.at(R14, GuardOffset));
      } else if (frame < StackBig) {
        E.rm(buf, LEAQ, R12, mem.at(SP, -(frame - StackSmall)));
        E.rm(buf, CMPQ, R12, mem.at(R14, GuardOffset));
      } else {
        // A frame so large that the subtraction may wrap.
        E.rr(buf, MOVQ, R12, SP);
        E.ri(buf, SUBQ, R12, frame - StackSmall);
        marks.branch(CcB, StackGrowthLabel);
        E.rm(buf, CMPQ, R12, mem.at(R14, GuardOffset));
      }
      marks.branch(CcBE, StackGrowthLabel);
    }
    this.adjust(-frame);
    this.zeroWords(zeroWords);
  }

  private adjust(by: number): void {
    if (by === 0) return;
    if (by === 128) E.ri(this.buf, SUBQ, SP, -128);
    else if (by < 0 && by !== -128) E.ri(this.buf, SUBQ, SP, -by);
    else E.ri(this.buf, ADDQ, SP, by);
  }

  /** Zeroes words of the stack; only X15, R12, R13 and the flags may be used here. */
  private zeroWords(words: readonly number[]): void {
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
        E.mr(buf, MOVUPS, mem.at(R12, 0), X15);
        E.ri(buf, ADDQ, R12, 16);
        E.r(buf, DECL, R13);
        E.jcc8(buf, CcNE, loop - (buf.pos + 2));
        at += 16 * (n >> 1);
        n &= 1;
      }
      for (; n >= 2; n -= 2, at += 16) E.mr(buf, MOVUPS, mem.at(SP, at), X15);
      if (n === 1) E.mr(buf, MOVSD, mem.at(SP, at), X15);
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
    if (to < 16 && from < 16) E.rr(buf, wide(type) ? MOVQ : MOVL, to, from);
    else if (to >= 16 && from >= 16) E.rr(buf, MOVAPS, to, from);
    else if (to >= 16) E.encodeRegs(buf, movqToFloat, to, 0, from);
    else E.encodeRegs(buf, movqFromFloat, from, 0, to);
  }

  exchange(a: number, b: number): void {
    this.flagsOf = -1;
    E.rr(this.buf, XCHGQ, a, b);
  }

  load(type: ValueType, to: number, offset: number): void {
    if (to === this.flagsOf) this.flagsOf = -1;
    const m = this.mem.at(SP, offset);
    if (to >= 16) E.rm(this.buf, type === TypeF32 ? MOVSS : type === TypeV128 ? MOVUPS : MOVSD, to, m);
    else E.rm(this.buf, wide(type) || isFloat(type) ? MOVQ : MOVL, to, m);
  }

  store(type: ValueType, from: number, offset: number): void {
    const m = this.mem.at(SP, offset);
    if (from >= 16) E.mr(this.buf, type === TypeF32 ? MOVSS : type === TypeV128 ? MOVUPS : MOVSD, m, from);
    else E.mr(this.buf, wide(type) || isFloat(type) ? MOVQ : MOVL, m, from);
  }

  moveSlot(to: number, from: number): void {
    // Both addresses count from the unmoved SP: push reads before it moves SP, pop writes after.
    E.m(this.buf, PUSHQ, this.mem.at(SP, from));
    E.m(this.buf, POPQ, this.mem.at(SP, to));
  }

  clearScratch(): void {
    E.rr(this.buf, XORPS, X15, X15);
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
          E.rr(buf, XORPS, to, to);
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
        E.rr(buf, MOVQ, to, R14);
        return;
      case OpGetSP:
        E.rr(buf, MOVQ, to, SP);
        return;
      case OpCallerSP:
        E.lea(buf, to, mem.at(SP, places.frameSize + 8));
        return;
      case OpCallerPC:
        E.rm(buf, MOVQ, to, mem.at(SP, places.frameSize));
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
      if (typeSize(f.type[v]) <= 4) E.mi(buf, MOVL, mem.at(SP, offset), lo);
      else if (hi === lo >> 31) E.mi(buf, MOVQ, mem.at(SP, offset), lo);
      else {
        E.mi(buf, MOVL, mem.at(SP, offset), lo);
        E.mi(buf, MOVL, mem.at(SP, offset + 4), hi);
      }
      return;
    }
    // An address: through AX, which is kept in X15 meanwhile.
    E.encodeRegs(buf, movqToFloat, X15, 0, AX);
    this.rematerialize(v, AX, true);
    E.mr(buf, MOVQ, mem.at(SP, offset), AX);
    E.encodeRegs(buf, movqFromFloat, X15, 0, AX);
    this.clearScratch();
  }

  /** [prefix] REX 0F opcode with a rip-relative operand, whose displacement is the last four bytes. */
  private ripHead(opcode: number, prefix: number, register: number, w: boolean, escaped = prefix !== 0): void {
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

  private use(v: Value, i: number): number {
    return this.places.use(v, i);
  }

  private def(v: Value): number {
    return this.places.def(v);
  }

  /** The memory operand whose base is argument i. */
  private operand(m: Mem, v: Value, i: number, disp: number, shift: number): Mem {
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

  private hasIndex(v: Value, i: number): boolean {
    return this.f.op[v] !== AMOVEB || i > 1;
  }

  private address(v: Value, i: number): Mem {
    const f = this.f;
    return this.operand(this.mem, v, i, f.auxLo[v], (f.auxHi[v] >> 4) & 3);
  }

  private kind(v: Value): number {
    return this.f.auxHi[v] & 15;
  }

  /** A jump inside a sequence: returns the place to patch. */
  private skip(cc: number): number {
    if (cc < 0) E.jmp8(this.buf, 0);
    else E.jcc8(this.buf, cc, 0);
    return this.buf.pos;
  }

  private land(from: number): void {
    this.buf.patch8(from - 1, this.buf.pos - from);
  }

  // ---- Values ----

  value(v: Value): void {
    const f = this.f;
    const op = f.op[v];
    if (op === ATEST && this.use(v, 0) === this.flagsOf && this.use(v, 1) === this.flagsOf) {
      const size = f.aux[v];
      if (size === (this.flagsWide ? 8 : 4) && (this.flagsLogical || f.auxLo[v] === 1)) return;
    }
    this.flagsOf = -1;
    this.instruction(v);
    switch (op) {
      case AADD:
        if (this.use(v, 1) < 0) break;
      // falls through
      case AADDI:
        // May have been a LEA, which leaves the flags alone.
        if (this.def(v) !== this.use(v, 0) && (op === AADDI || this.def(v) !== this.use(v, 1))) return;
        break;
      case ASUB:
      case AADDM:
      case ASUBM:
      case ANEG:
      case AAND:
      case AOR:
      case AXOR:
      case AANDI:
      case AORI:
      case AXORI:
      case AANDM:
      case AORM:
      case AXORM:
        break;
      default:
        return;
    }
    const type = f.type[v];
    if (typeSize(type) < 4) return;
    this.flagsOf = this.def(v);
    this.flagsWide = wide(type);
    this.flagsLogical =
      op === AAND || op === AOR || op === AXOR || op === AORI || op === AXORI || op === AANDM || op === AORM || op === AXORM;
  }

  private instruction(v: Value): void {
    const { f, buf, mem, places } = this;
    const type = f.type[v];
    const w = wide(type);
    switch (f.op[v]) {
      case AADD: {
        const d = this.def(v);
        const a = this.use(v, 0);
        const b = this.use(v, 1);
        if (b < 0) {
          if (d !== a) E.rr(buf, w ? MOVQ : MOVL, d, a);
          E.rm(buf, w ? ADDQ : ADDL, d, this.spilled(v));
        } else if (d === a) E.rr(buf, w ? ADDQ : ADDL, d, b);
        else if (d === b) E.rr(buf, w ? ADDQ : ADDL, d, a);
        else E.rm(buf, w ? LEAQ : LEAL, d, mem.indexed(a, b, 0, 0));
        return;
      }
      case AADDI: {
        const d = this.def(v);
        const a = this.use(v, 0);
        const n = f.auxLo[v];
        if (d !== a) E.rm(buf, w ? LEAQ : LEAL, d, mem.at(a, n));
        else if (n === 1) E.r(buf, w ? INCQ : INCL, d);
        else if (n === -1) E.r(buf, w ? DECQ : DECL, d);
        else if (n === 128) E.ri(buf, w ? SUBQ : SUBL, d, -128);
        else E.ri(buf, w ? ADDQ : ADDL, d, n);
        return;
      }
      case ASUB:
        this.binary(v, w ? SUBQ : SUBL);
        return;
      case AAND:
        this.binary(v, w ? ANDQ : ANDL);
        return;
      case AOR:
        this.binary(v, w ? ORQ : ORL);
        return;
      case AXOR:
        this.binary(v, w ? XORQ : XORL);
        return;
      case AIMUL:
        this.binary(v, w ? IMULQ : IMULL);
        return;
      case AANDI:
        // A 64-bit AND with a positive constant needs only 32 bits.
        E.ri(buf, w && f.auxLo[v] < 0 ? ANDQ : ANDL, this.def(v), f.auxLo[v]);
        return;
      case AORI:
        E.ri(buf, w ? ORQ : ORL, this.def(v), f.auxLo[v]);
        return;
      case AXORI:
        E.ri(buf, w ? XORQ : XORL, this.def(v), f.auxLo[v]);
        return;
      case AIMULI:
        E.rri(buf, w ? IMUL3Q : IMUL3L, this.def(v), this.use(v, 0), f.auxLo[v]);
        return;
      case AADDM:
        E.rm(buf, w ? ADDQ : ADDL, this.def(v), this.address(v, 1));
        return;
      case ASUBM:
        E.rm(buf, w ? SUBQ : SUBL, this.def(v), this.address(v, 1));
        return;
      case AANDM:
        E.rm(buf, w ? ANDQ : ANDL, this.def(v), this.address(v, 1));
        return;
      case AORM:
        E.rm(buf, w ? ORQ : ORL, this.def(v), this.address(v, 1));
        return;
      case AXORM:
        E.rm(buf, w ? XORQ : XORL, this.def(v), this.address(v, 1));
        return;
      case AIMULM:
        E.rm(buf, w ? IMULQ : IMULL, this.def(v), this.address(v, 1));
        return;
      case ANEG:
        E.r(buf, w ? NEGQ : NEGL, this.def(v));
        return;
      case ANOT:
        E.r(buf, w ? NOTQ : NOTL, this.def(v));
        return;
      case ABSWAP:
        E.r(buf, w ? BSWAPQ : BSWAPL, this.def(v));
        return;
      case ASHL:
        E.r(buf, w ? SHLQ : SHLL, this.def(v));
        return;
      case ASHR:
        E.r(buf, w ? SHRQ : SHRL, this.def(v));
        return;
      case ASAR:
        E.r(buf, w ? SARQ : SARL, this.def(v));
        return;
      case AROL:
        E.r(buf, rotate(type), this.def(v));
        return;
      case ASHLI:
        if (f.auxLo[v] === 1) E.rr(buf, w ? ADDQ : ADDL, this.def(v), this.def(v));
        else E.ri(buf, w ? SHLQ : SHLL, this.def(v), f.auxLo[v]);
        return;
      case ASHRI:
        E.ri(buf, w ? SHRQ : SHRL, this.def(v), f.auxLo[v]);
        return;
      case ASARI:
        E.ri(buf, w ? SARQ : SARL, this.def(v), f.auxLo[v]);
        return;
      case AROLI:
        E.ri(buf, rotate(type), this.def(v), f.auxLo[v]);
        return;
      case ALEA:
        this.lea(v, w);
        return;
      case AMOVZX:
        if (f.auxLo[v] === 4) E.rr(buf, MOVL, this.def(v), this.use(v, 0));
        else E.rr(buf, f.auxLo[v] === 1 ? MOVBLZX : MOVWLZX, this.def(v), this.use(v, 0));
        return;
      case AMOVSX:
        if (f.auxLo[v] === 4) E.rr(buf, MOVLQSX, this.def(v), this.use(v, 0));
        else if (f.auxLo[v] === 2) E.rr(buf, w ? MOVWQSX : MOVWLSX, this.def(v), this.use(v, 0));
        else E.rr(buf, w ? MOVBQSX : MOVBLSX, this.def(v), this.use(v, 0));
        return;
      case AMOV:
        if (this.def(v) !== this.use(v, 0)) this.move(type, this.def(v), this.use(v, 0));
        return;
      case AUMULH:
      case AMUL2:
        E.r(buf, MULQ, this.use(v, 1));
        return;
      case AIMULH:
        E.r(buf, IMULQ, this.use(v, 1));
        return;
      case ADIVS:
      case AMODS:
        this.divide(v, w, f.op[v] === AMODS);
        return;
      case ADIVU:
      case AMODU:
        E.rr(buf, XORL, DX, DX);
        E.r(buf, w ? DIVQ : DIVL, this.use(v, 1));
        return;
      case ADIV128:
        E.r(buf, DIVQ, this.use(v, 2));
        return;
      case AADC:
      case ASBB:
        this.carry(v, f.op[v] === AADC);
        return;
      case ASETCC: {
        const d = this.def(v);
        const cc = f.auxLo[v];
        if (cc < CcEqF) E.setcc(buf, cc, d);
        else {
          const t = places.temp(v);
          E.setcc(buf, cc === CcEqF ? CcNP : CcP, t);
          E.setcc(buf, cc === CcEqF ? CcE : CcNE, d);
          E.rr(buf, cc === CcEqF ? ANDL : ORL, d, t);
        }
        return;
      }
      case ACMOV:
        this.cmov(v, w);
        return;
      case ACMOVF:
        this.selectFloat(v);
        return;
      case ACARRYMASK: {
        const d = this.def(v);
        E.rr(buf, w ? SBBQ : SBBL, d, d);
        return;
      }
      case ACMP:
        if (this.use(v, 1) < 0) E.rm(buf, bySize(f.aux[v], CMPB, CMPW, CMPL, CMPQ), this.use(v, 0), this.spilled(v));
        else E.rr(buf, bySize(f.aux[v], CMPB, CMPW, CMPL, CMPQ), this.use(v, 0), this.use(v, 1));
        return;
      case ACMPI:
        E.ri(buf, bySize(f.aux[v], CMPB, CMPW, CMPL, CMPQ), this.use(v, 0), f.auxLo[v]);
        return;
      case ACMPM:
        E.rm(buf, byKind(this.kind(v), CMPB, CMPW, CMPL, CMPQ), this.use(v, 0), this.address(v, 1));
        return;
      case ACMPMI:
        E.mi(buf, byKind(this.kind(v), CMPB, CMPW, CMPL, CMPQ), this.address(v, 0), f.aux[v]);
        return;
      case ATEST:
        E.rr(buf, bySize(f.aux[v], TESTB, TESTW, TESTL, TESTQ), this.use(v, 0), this.use(v, 1));
        return;
      case ATESTI: {
        const n = f.auxLo[v];
        const size = f.aux[v];
        E.ri(buf, n >= 0 && n < 128 ? TESTB : size === 8 && n >= 0 ? TESTL : bySize(size, TESTB, TESTW, TESTL, TESTQ), this.use(v, 0), n);
        return;
      }
      case AUCOMI:
        if (this.use(v, 1) === SpillOperand) E.rm(buf, f.aux[v] === 4 ? UCOMISS : UCOMISD, this.use(v, 0), this.spilled(v));
        else if (this.use(v, 1) < 0) this.literalOperand(v, 0x2e, this.use(v, 0));
        else E.rr(buf, f.aux[v] === 4 ? UCOMISS : UCOMISD, this.use(v, 0), this.use(v, 1));
        return;
      case AUCOMIM:
        E.rm(buf, f.aux[v] === 4 ? UCOMISS : UCOMISD, this.use(v, 0), this.address(v, 1));
        return;
      case APOLL:
        E.rm(buf, CMPQ, SP, mem.at(R14, GuardOffset));
        return;
      case ALOAD:
        this.loadKind(this.kind(v), this.def(v), this.address(v, 0), w);
        return;
      case AALOAD:
        this.loadKind(this.kind(v), this.def(v), this.address(v, 0), false);
        return;
      case ASTORE:
        this.storeKind(this.kind(v), this.address(v, 1), this.use(v, 0));
        return;
      case ASTOREI:
        // X15 is zero, and shorter than an immediate.
        if (f.aux[v] === 0 && this.kind(v) === Kind64) E.mr(buf, MOVSD, this.address(v, 0), X15);
        else if (f.aux[v] === 0 && this.kind(v) === Kind32) E.mr(buf, MOVSS, this.address(v, 0), X15);
        else E.mi(buf, byKind(this.kind(v), MOVB, MOVW, MOVL, MOVQ), this.address(v, 0), f.aux[v]);
        return;
      case AOPST:
        E.mr(buf, memoryOp(f.aux[v], this.kind(v)), this.address(v, 1), this.use(v, 0));
        return;
      case AOPSTI:
        E.mi(buf, memoryOp(f.auxHi[v] >> 8, this.kind(v)), this.address(v, 0), f.aux[v]);
        return;
      case ANILCHK:
        E.mr(buf, TESTB, this.operand(mem, v, 0, 0, 0), AX);
        return;
      case AFADD:
        this.floatBinary(v, ADDSS, ADDSD);
        return;
      case AFSUB:
        this.floatBinary(v, SUBSS, SUBSD);
        return;
      case AFMUL:
        this.floatBinary(v, MULSS, MULSD);
        return;
      case AFDIV:
        this.floatBinary(v, DIVSS, DIVSD);
        return;
      case AFMIN1:
        this.floatBinary(v, MINSS, MINSD);
        return;
      case AFMAX1:
        this.floatBinary(v, MAXSS, MAXSD);
        return;
      case AFADDM:
        E.rm(buf, type === TypeF32 ? ADDSS : ADDSD, this.def(v), this.address(v, 1));
        return;
      case AFSUBM:
        E.rm(buf, type === TypeF32 ? SUBSS : SUBSD, this.def(v), this.address(v, 1));
        return;
      case AFMULM:
        E.rm(buf, type === TypeF32 ? MULSS : MULSD, this.def(v), this.address(v, 1));
        return;
      case AFDIVM:
        E.rm(buf, type === TypeF32 ? DIVSS : DIVSD, this.def(v), this.address(v, 1));
        return;
      case AFSQRT:
        E.rr(buf, type === TypeF32 ? SQRTSS : SQRTSD, this.def(v), this.use(v, 0));
        return;
      case AFAND:
        this.floatBinary(v, ANDPS, ANDPS);
        return;
      case AFANDN:
        this.floatBinary(v, ANDNPS, ANDNPS);
        return;
      case AFOR:
        this.floatBinary(v, ORPS, ORPS);
        return;
      case AFXOR:
        this.floatBinary(v, XORPS, XORPS);
        return;
      case ACVTIF:
        this.intToFloat(this.def(v), this.use(v, 0), f.aux[v] === 8, type);
        return;
      case ACVTFI:
        if (f.aux[v] === 4) E.rr(buf, w ? CVTTSS2SQ : CVTTSS2SL, this.def(v), this.use(v, 0));
        else E.rr(buf, w ? CVTTSD2SQ : CVTTSD2SL, this.def(v), this.use(v, 0));
        return;
      case ACVTFF:
        E.rr(buf, type === TypeF64 ? CVTSS2SD : CVTSD2SS, this.def(v), this.use(v, 0));
        return;
      case ACVTUF:
        this.unsignedToFloat(v, type);
        return;
      case ACVTFU:
        this.floatToUnsigned(v);
        return;
      case AMOVIF:
        E.encodeRegs(buf, type === TypeF32 ? movdToFloat : movqToFloat, this.def(v), 0, this.use(v, 0));
        return;
      case AMOVFI:
        E.encodeRegs(buf, w ? movqFromFloat : movdFromFloat, this.use(v, 0), 0, this.def(v));
        return;
      case AROUND:
        E.rri(buf, type === TypeF32 ? ROUNDSS : ROUNDSD, this.def(v), this.use(v, 0), f.auxLo[v]);
        return;
      case AFMA:
        E.vrr(buf, type === TypeF32 ? VFMADD231SS : VFMADD231SD, this.def(v), this.use(v, 1), this.use(v, 2));
        return;
      case ACTZ64: {
        const d = this.def(v);
        const t = places.temp(v);
        E.rr(buf, BSFQ, d, this.use(v, 0));
        E.movImm32(buf, t, 64, false);
        E.cmov(buf, CcE, true, d, t);
        return;
      }
      case ACTZ: {
        const d = this.def(v);
        const bits = f.auxLo[v];
        E.ri(buf, bits === 32 ? BTSQ : BTSL, d, bits);
        E.rr(buf, bits === 32 ? BSFQ : BSFL, d, d);
        return;
      }
      case ABITLEN64: {
        const d = this.def(v);
        const t = places.temp(v);
        E.rr(buf, BSRQ, d, this.use(v, 0));
        E.movImm64(buf, t, -1, -1, false);
        E.cmov(buf, CcE, true, d, t);
        E.r(buf, INCQ, d);
        return;
      }
      case ABSR:
        E.rr(buf, BSRQ, this.def(v), this.use(v, 0));
        return;
      case AXCHG:
        E.mr(buf, byKind(this.kind(v), XCHGB, XCHGW, XCHGL, XCHGQ), this.address(v, 1), this.use(v, 0));
        return;
      case AXADD: {
        const d = this.use(v, 0);
        const t = places.temp(v);
        E.rr(buf, MOVQ, t, d);
        E.lock(buf);
        E.mr(buf, byKind(this.kind(v), XADDB, XADDW, XADDL, XADDQ), this.address(v, 1), d);
        E.rr(buf, ADDQ, d, t);
        return;
      }
      case ACMPXCHG:
        E.lock(buf);
        E.mr(buf, byKind(this.kind(v), CMPXCHGB, CMPXCHGW, CMPXCHGL, CMPXCHGQ), this.address(v, 2), this.use(v, 1));
        E.setcc(buf, CcE, AX);
        return;
      case ALOCKAND:
        E.lock(buf);
        E.mr(buf, byKind(this.kind(v), ANDB, ANDW, ANDL, ANDQ), this.address(v, 1), this.use(v, 0));
        return;
      case ALOCKOR:
        E.lock(buf);
        E.mr(buf, byKind(this.kind(v), ORB, ORW, ORL, ORQ), this.address(v, 1), this.use(v, 0));
        return;
      case AANDLOOP:
      case AORLOOP: {
        const t = places.temp(v);
        const kind = this.kind(v);
        this.loadKind(kind, AX, this.address(v, 1), true);
        const loop = buf.pos;
        E.rr(buf, MOVQ, t, AX);
        E.rr(buf, f.op[v] === AANDLOOP ? ANDQ : ORQ, t, this.use(v, 0));
        E.lock(buf);
        E.mr(buf, byKind(kind, CMPXCHGB, CMPXCHGW, CMPXCHGL, CMPXCHGQ), this.address(v, 1), t);
        E.jcc8(buf, CcNE, loop - (buf.pos + 2));
        return;
      }
      case AZEROB:
        this.zeroBlock(v);
        return;
      case AMOVEB:
        this.moveBlock(v);
        return;
      case APREFETCH:
        E.m(buf, PREFETCHT0, this.address(v, 0));
        return;
      case APAUSE:
        E.zero(buf, PAUSE);
        return;
      case AJMPTAB: {
        const d = this.def(v);
        const t = places.temp(v);
        this.ripHead(0x8d, 0, d, true);
        this.marks.table((f.blocks[f.aux[v]] as Block).succs, 0);
        E.rm(buf, MOVLQSX, t, mem.indexed(d, this.use(v, 0), 2, 0));
        E.rr(buf, ADDQ, d, t);
        return;
      }
      case OpCallStatic: {
        const info = f.calls[f.aux[v]];
        E.callSym(buf, info?.sym as Sym);
        this.marks.site(v);
        if (isStackAbi(this.symbols, info?.sym as Sym)) this.restoreGo();
        if (info?.noReturn === true) buf.byte(0xcc);
        return;
      }
      case OpCallClosure:
        E.callMem(buf, mem.at(DX, 0));
        this.marks.site(v);
        return;
      case OpCallInter:
        E.callReg(buf, this.use(v, 0));
        this.marks.site(v);
        return;
      default:
        throw new Error(`${f.name}: no emission for ${f.op[v] >= 200 ? opNames[f.op[v] - 200] : `op ${f.op[v]}`}`);
    }
  }

  /** Argument 1 in its spill slot. */
  private spilled(v: Value): Mem {
    return this.mem.at(SP, this.places.spill(this.f.arg(v, 1)));
  }

  private binary(v: Value, inst: number): void {
    if (this.use(v, 1) < 0) {
      E.rm(this.buf, inst, this.def(v), this.spilled(v));
      return;
    }
    E.rr(this.buf, inst, this.def(v), this.use(v, 1));
  }

  /** A float constant as operand: [prefix] 0F opcode register, [literal]. */
  private literalOperand(v: Value, opcode: number, register: number): void {
    const { f, marks } = this;
    const c = f.arg(v, 1);
    const single = f.type[c] === TypeF32;
    if (opcode === 0x2e) {
      if (single) this.ripHead(opcode, 0, register, false, true);
      else this.ripHead(opcode, 0x66, register, false);
    } else this.ripHead(opcode, single ? 0xf3 : 0xf2, register, false);
    marks.literal(f.auxLo[c], single ? 0 : f.auxHi[c], single ? 4 : 8, 0);
  }

  private floatBinary(v: Value, single: number, double: number): void {
    if (this.use(v, 1) === SpillOperand) {
      E.rm(this.buf, this.f.type[v] === TypeF32 ? single : double, this.def(v), this.spilled(v));
      return;
    }
    if (this.use(v, 1) < 0) {
      const op = this.f.op[v];
      this.literalOperand(v, op === AFADD ? 0x58 : op === AFMUL ? 0x59 : op === AFSUB ? 0x5c : 0x5e, this.def(v));
      return;
    }
    E.rr(this.buf, this.f.type[v] === TypeF32 ? single : double, this.def(v), this.use(v, 1));
  }

  private lea(v: Value, w: boolean): void {
    const buf = this.buf;
    const d = this.def(v);
    const m = this.address(v, 0);
    if (m.sym === 0 && m.index < 0) {
      // Plain additions are shorter.
      if (m.disp === 0) {
        if (m.base !== d) E.rr(buf, w ? MOVQ : MOVL, d, m.base);
        else if (!w) E.rr(buf, MOVL, d, d);
        return;
      }
      if (m.base === d) {
        E.ri(buf, w ? ADDQ : ADDL, d, m.disp);
        return;
      }
    } else if (m.sym === 0 && m.disp === 0 && m.shift === 0 && (m.base === d || m.index === d) && m.base !== SP) {
      E.rr(buf, w ? ADDQ : ADDL, d, m.base === d ? m.index : m.base);
      return;
    }
    E.rm(buf, w || m.sym !== 0 ? LEAQ : LEAL, d, m);
  }

  /** AX divided by a register; min / -1 must not fault. */
  private divide(v: Value, w: boolean, mod: boolean): void {
    const { buf } = this;
    const y = this.use(v, 1);
    E.ri(buf, w ? CMPQ : CMPL, y, -1);
    const minusOne = this.skip(CcE);
    E.zero(buf, w ? CQO : CDQ);
    E.r(buf, w ? IDIVQ : IDIVL, y);
    const done = this.skip(-1);
    this.land(minusOne);
    if (mod) E.rr(buf, XORL, DX, DX);
    else E.r(buf, w ? NEGQ : NEGL, AX);
    this.land(done);
  }

  private carry(v: Value, add: boolean): void {
    const { f, buf } = this;
    const d = this.def(v);
    const c = f.arg(v, 2);
    const y = this.use(v, 1);
    let plain = false;
    if (f.op[c] === OpConst && this.use(v, 2) < 0) {
      if (f.auxLo[c] === 0) plain = true;
      else E.zero(buf, STC);
    } else if ((f.aux[v] & CarryIn) === 0) E.ri(buf, BTL, this.use(v, 2), 0);
    E.rr(buf, add ? (plain ? ADDQ : ADCQ) : plain ? SUBQ : SBBQ, d, y);
    const out = this.places.temp(v);
    if (out < 0) return;
    E.setcc(buf, CcB, out);
    E.rr(buf, MOVBLZX, out, out);
  }

  private cmov(v: Value, w: boolean): void {
    const { f, buf } = this;
    const d = this.def(v);
    const b = this.use(v, 1);
    const cc = f.auxLo[v];
    if (cc === CcNeF) {
      E.cmov(buf, CcNE, w, d, b);
      E.cmov(buf, CcP, w, d, b);
    } else E.cmov(buf, cc, w, d, b);
  }

  private selectFloat(v: Value): void {
    const { f, buf } = this;
    const d = this.def(v);
    const b = this.use(v, 1);
    const cc = f.auxLo[v];
    if (cc === CcNeF) {
      const take = this.skip(CcP);
      const keep = this.skip(CcE);
      this.land(take);
      E.rr(buf, MOVAPS, d, b);
      this.land(keep);
    } else {
      const keep = this.skip(negated(cc));
      E.rr(buf, MOVAPS, d, b);
      this.land(keep);
    }
  }

  private loadKind(kind: number, d: number, m: Mem, w: boolean): void {
    const buf = this.buf;
    switch (kind) {
      case KindZ8:
        E.rm(buf, MOVBLZX, d, m);
        return;
      case KindZ16:
        E.rm(buf, MOVWLZX, d, m);
        return;
      case Kind32:
        E.rm(buf, MOVL, d, m);
        return;
      case Kind64:
        E.rm(buf, MOVQ, d, m);
        return;
      case KindS8:
        E.rm(buf, w ? MOVBQSX : MOVBLSX, d, m);
        return;
      case KindS16:
        E.rm(buf, w ? MOVWQSX : MOVWLSX, d, m);
        return;
      case KindS32:
        E.rm(buf, MOVLQSX, d, m);
        return;
      case KindF32:
        E.rm(buf, MOVSS, d, m);
        return;
      case KindF64:
        E.rm(buf, MOVSD, d, m);
        return;
    }
  }

  private storeKind(kind: number, m: Mem, r: number): void {
    const buf = this.buf;
    if (kind === KindF32) E.mr(buf, MOVSS, m, r);
    else if (kind === KindF64) E.mr(buf, MOVSD, m, r);
    else E.mr(buf, byKind(kind, MOVB, MOVW, MOVL, MOVQ), m, r);
  }

  private intToFloat(d: number, s: number, from64: boolean, type: ValueType): void {
    const buf = this.buf;
    // The conversion keeps the high part of its destination, which would make it wait for whatever wrote that.
    E.rr(buf, XORPS, d, d);
    if (type === TypeF32) E.rr(buf, from64 ? CVTSQ2SS : CVTSL2SS, d, s);
    else E.rr(buf, from64 ? CVTSQ2SD : CVTSL2SD, d, s);
  }

  private unsignedToFloat(v: Value, type: ValueType): void {
    const buf = this.buf;
    const d = this.def(v);
    const s = this.use(v, 0);
    const t = this.places.temp(v);
    E.rr(buf, TESTQ, s, s);
    const big = this.skip(8);
    this.intToFloat(d, s, true, type);
    const done = this.skip(-1);
    this.land(big);
    // Half of it, the lost bit or-ed in so that rounding comes out right, and doubled.
    E.rr(buf, MOVQ, t, s);
    E.ri(buf, SHRQ, t, 1);
    const even = this.skip(CcAE);
    E.ri(buf, ORQ, t, 1);
    this.land(even);
    this.intToFloat(d, t, true, type);
    E.rr(buf, type === TypeF32 ? ADDSS : ADDSD, d, d);
    this.land(done);
  }

  private floatToUnsigned(v: Value): void {
    const { f, buf } = this;
    const single = f.aux[v] === 4;
    const d = this.def(v);
    const s = this.use(v, 0);
    const t = this.places.temp(v);
    this.ripHead(0x10, single ? 0xf3 : 0xf2, t, false);
    if (single) this.marks.literal(0x5f000000, 0, 4, 0);
    else this.marks.literal(0, 0x43e00000, 8, 0);
    E.rr(buf, single ? UCOMISS : UCOMISD, s, t);
    const big = this.skip(CcAE);
    E.rr(buf, single ? CVTTSS2SQ : CVTTSD2SQ, d, s);
    const done = this.skip(-1);
    this.land(big);
    // 2^63 - x is exact for every float from 2^63 on.
    E.rr(buf, single ? SUBSS : SUBSD, t, s);
    E.rr(buf, single ? CVTTSS2SQ : CVTTSD2SQ, d, t);
    E.r(buf, NEGQ, d);
    E.ri(buf, BTCQ, d, 63);
    this.land(done);
  }

  private zeroBlock(v: Value): void {
    const { f, buf } = this;
    const size = f.aux[v];
    const m = this.address(v, 0);
    const base = m.disp;
    let at = 0;
    const store = (inst: number, offset: number): void => {
      m.disp = base + offset;
      E.mr(buf, inst, m, X15);
    };
    for (; size - at >= 16; at += 16) store(MOVUPS, at);
    const rest = size - at;
    if (rest === 0) return;
    if (size >= 16 && rest > 8) store(MOVUPS, size - 16);
    else if (rest >= 8) {
      store(MOVSD, at);
      if (rest > 8) store(MOVSD, size - 8);
    } else if (size >= 8 && rest > 4) store(MOVSD, size - 8);
    else {
      if (rest >= 4) {
        store(MOVSS, at);
        at += 4;
        if (size - at > 0 && size >= 4) store(MOVSS, size - 4);
        return;
      }
      if (size >= 4) {
        store(MOVSS, size - 4);
        return;
      }
      if (rest >= 2) {
        m.disp = base + at;
        E.mi(buf, MOVW, m, 0);
        at += 2;
      }
      if (size - at >= 1) {
        m.disp = base + at;
        E.mi(buf, MOVB, m, 0);
      }
    }
  }

  private moveBlock(v: Value): void {
    const { f, buf } = this;
    const size = f.aux[v];
    const to = this.operand(this.mem, v, 0, f.auxLo[v], 0);
    const from = this.operand(this.mem2, v, 1, f.auxHi[v], 0);
    const t = this.places.temp(v);
    const toBase = to.disp;
    const fromBase = from.disp;
    const copy = (load: number, store: number, at: number): void => {
      to.disp = toBase + at;
      from.disp = fromBase + at;
      E.rm(buf, load, t, from);
      E.mr(buf, store, to, t);
    };
    if (t < 16) {
      let at = 0;
      if (size >= 2) {
        copy(MOVWLZX, MOVW, 0);
        at = 2;
      }
      if (at < size) copy(MOVBLZX, MOVB, at);
      return;
    }
    let at = 0;
    for (; size - at >= 16; at += 16) copy(MOVUPS, MOVUPS, at);
    const rest = size - at;
    if (rest === 0) return;
    if (size >= 16 && rest > 8) copy(MOVUPS, MOVUPS, size - 16);
    else if (rest >= 8) {
      copy(MOVSD, MOVSD, at);
      if (rest > 8) copy(MOVSD, MOVSD, size - 8);
    } else if (size >= 8 && rest > 4) copy(MOVSD, MOVSD, size - 8);
    else if (rest >= 4) {
      copy(MOVSS, MOVSS, at);
      if (rest > 4) copy(MOVSS, MOVSS, size - 4);
    } else copy(MOVSS, MOVSS, size - 4);
  }

  // ---- Ends of blocks ----

  blockEnd(b: Block, next: Block | null, control: number): void {
    const { marks } = this;
    if (b.kind === BlockJumpTo) {
      E.jmpReg(this.buf, control);
      return;
    }
    if (b.kind !== BlockCc) throw new Error(`amd64: block kind ${b.kind}`);
    const t = b.succs[0];
    const e = b.succs[1];
    const cc = b.aux;
    if (cc === CcEqF) {
      marks.branch(CcNE, e.id);
      if (next === e) marks.branch(CcNP, t.id);
      else {
        marks.branch(CcP, e.id);
        if (next !== t) marks.branch(-1, t.id);
      }
    } else if (cc === CcNeF) {
      marks.branch(CcNE, t.id);
      if (next === t) marks.branch(CcNP, e.id);
      else {
        marks.branch(CcP, t.id);
        if (next !== e) marks.branch(-1, e.id);
      }
    } else if (next === t) marks.branch(negated(cc), e.id);
    else {
      marks.branch(cc, t.id);
      if (next !== e) marks.branch(-1, e.id);
    }
  }
}

function rotate(type: ValueType): number {
  return bySize(typeSize(type), ROLB, ROLW, ROLL, ROLQ);
}

function bySize(size: number, b: number, w: number, l: number, q: number): number {
  return size === 1 ? b : size === 2 ? w : size === 4 ? l : q;
}

function byKind(kind: number, b: number, w: number, l: number, q: number): number {
  return kind === KindZ8 ? b : kind === KindZ16 ? w : kind === Kind32 ? l : q;
}

function memoryOp(op: number, kind: number): number {
  switch (op) {
    case AADD:
      return byKind(kind, ADDB, ADDW, ADDL, ADDQ);
    case ASUB:
      return byKind(kind, SUBB, SUBW, SUBL, SUBQ);
    case AAND:
      return byKind(kind, ANDB, ANDW, ANDL, ANDQ);
    case AOR:
      return byKind(kind, ORB, ORW, ORL, ORQ);
    default:
      return byKind(kind, XORB, XORW, XORL, XORQ);
  }
}
