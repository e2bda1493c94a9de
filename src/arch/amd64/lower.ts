// Turns generic values into amd64 values. Values are met from the end of a function to its start, users before what they use, so a
// pattern sees its operands still generic, and operands that were folded into all their users die before their turn.
//
// Registers hold integers with junk above their type's width; whoever needs the high bits extends. Truncations are therefore nothing at all:
// `strip` looks through them, so widths must be read from the generic operand before it is stripped.

import { divideByConstant } from "../../codegen/divide.ts";
import type { Block, Func, Value } from "../../ssa/func.ts";
import {
  OpAdd,
  OpAddCarry,
  OpAddPtr,
  OpAnd,
  OpAndNot,
  OpAtomicAdd,
  OpAtomicAnd,
  OpAtomicCas,
  OpAtomicExchange,
  OpAtomicLoad,
  OpAtomicOr,
  OpAtomicStore,
  OpBitLen,
  OpBitReverse,
  OpBitsToFloat,
  OpBoolNot,
  OpByteSwap,
  OpCondSelect,
  OpConst,
  OpConstF,
  OpCopy,
  OpCtz,
  OpDiv,
  OpEq,
  OpFAbs,
  OpFAdd,
  OpFCeil,
  OpFCopysign,
  OpFDiv,
  OpFEq,
  OpFFloor,
  OpFLe,
  OpFLt,
  OpFMA,
  OpFMax,
  OpFMin,
  OpFMul,
  OpFNe,
  OpFNeg,
  OpFRound,
  OpFRoundEven,
  OpFSqrt,
  OpFSub,
  OpFTrunc,
  OpFloatExt,
  OpFloatToBits,
  OpFloatToInt,
  OpFloatToUInt,
  OpFloatTrunc,
  OpGetG,
  OpIntToFloat,
  OpIntToPtr,
  OpLe,
  OpLoad,
  OpLt,
  OpMod,
  OpMove,
  OpMul,
  OpMulHi,
  OpNe,
  OpNeg,
  OpNilCheck,
  OpNot,
  OpOffPtr,
  OpOr,
  OpPopCount,
  OpPrefetch,
  OpPtrBits,
  OpPtrToInt,
  OpRotL,
  OpSar,
  OpShl,
  OpShr,
  OpSignExt,
  OpSpin,
  OpStore,
  OpSub,
  OpSubBorrow,
  OpSubPtr,
  OpTrunc,
  OpUDiv,
  OpUDiv128,
  OpUIntToFloat,
  OpULe,
  OpULt,
  OpUMod,
  OpUMulHi,
  OpUMulLoHi,
  OpXor,
  OpZero,
  OpZeroExt,
  opNames,
} from "../../ssa/ops.gen.ts";
import type { LoweringContext } from "../../ssa/target.ts";
import {
  isFloat,
  TypeF32,
  TypeF64,
  TypeFlags,
  TypeI16,
  TypeI32,
  TypeI64,
  TypeI8,
  TypePtr,
  TypeVoid,
  type ValueType,
  typeSize,
} from "../../ssa/types.ts";
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
  AFDIV,
  AFDIVM,
  AFMA,
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
} from "./ops.gen.ts";
import { CcA, CcAE, CcB, CcBE, CcE, CcG, CcGE, CcL, CcLE, CcNE } from "./regs.ts";

// Kinds of block.
export const BlockCc = 16; // If on flags; aux is the condition
export const BlockJumpTo = 17; // control: address

// Conditions beyond the machine's sixteen: float equality needs two flags.
export const CcEqF = 16; // E and NP
export const CcNeF = 17; // NE or P

// Kinds of access in the high half of a memory operation's auxInt.
export const KindZ8 = 0;
export const KindZ16 = 1;
export const Kind32 = 2;
export const Kind64 = 3;
export const KindS8 = 4;
export const KindS16 = 5;
export const KindS32 = 6;
export const KindF32 = 7;
export const KindF64 = 8;

const fits32 = (n: number): boolean => n >= -0x80000000 && n <= 0x7fffffff;

/** Kind of access for loading or storing a value of a type. */
export function kindOf(type: ValueType): number {
  if (type === TypeF32) return KindF32;
  if (type === TypeF64) return KindF64;
  const size = typeSize(type);
  return size === 1 ? KindZ8 : size === 2 ? KindZ16 : size === 4 ? Kind32 : Kind64;
}

/** Looks through what is nothing in machine code. */
export function strip(f: Func, v: Value): Value {
  for (;;) {
    switch (f.op[v]) {
      case OpCopy:
      case OpTrunc:
      case OpNilCheck:
      case OpFRound:
        v = f.arg(v, 0);
        continue;
      case OpZeroExt: {
        const x = f.arg(v, 0);
        if (!clearsHigh(f, x)) return v;
        v = x;
        continue;
      }
      default:
        return v;
    }
  }
}

/** Whether the instruction that a generic value becomes leaves zeros above the value's width. */
function clearsHigh(f: Func, x: Value): boolean {
  const type = f.type[x];
  switch (f.op[x]) {
    case OpLoad:
      return type !== TypeI64;
    case OpZeroExt:
      return type === TypeI32;
    case OpAdd:
    case OpSub:
    case OpMul:
    case OpAnd:
    case OpAndNot:
    case OpOr:
    case OpXor:
    case OpNot:
    case OpNeg:
    case OpShl:
    case OpShr:
    case OpRotL:
    case OpByteSwap:
    case OpSignExt:
      return type === TypeI32;
    case OpDiv:
    case OpUDiv:
    case OpMod:
    case OpUMod:
      // By a constant it may become nothing but a copy.
      return type === TypeI32 && f.op[f.arg(x, 1)] !== OpConst;
    default:
      return false;
  }
}

const isConst = (f: Func, v: Value): boolean => f.op[v] === OpConst;

/** The value of a constant sign-extended from its type when it fits 32 bits, else NaN. */
function small(f: Func, v: Value): number {
  if (f.op[v] !== OpConst) return NaN;
  const lo = f.auxLo[v];
  switch (f.type[v]) {
    case TypeI8:
      return (lo << 24) >> 24;
    case TypeI16:
      return (lo << 16) >> 16;
    case TypeI32:
      return lo;
    default:
      return f.auxHi[v] === lo >> 31 ? lo : NaN;
  }
}

/** Turns v into an op of the machine. */
function become(l: LoweringContext, v: Value, op: number, args: Value[], aux = 0): void {
  const f = l.f;
  for (let i = 0; i < args.length; i++) args[i] = strip(f, args[i]);
  f.reset(v, op);
  f.setArgs(v, args);
  if (aux !== 0) f.setAuxInt(v, aux);
}

function make(l: LoweringContext, op: number, type: ValueType, args: Value[], aux = 0): Value {
  for (let i = 0; i < args.length; i++) args[i] = strip(l.f, args[i]);
  const n = l.before(op, type, args);
  if (aux !== 0) l.f.setAuxInt(n, aux);
  return n;
}

/** A generic helper value, lowered in its turn. */
function generic(l: LoweringContext, op: number, type: ValueType, args: Value[], aux = 0): Value {
  const n = l.before(op, type, args);
  if (aux !== 0) l.f.setAuxInt(n, aux);
  return n;
}

function big(l: LoweringContext, type: ValueType, value: bigint): Value {
  const n = l.constant(type, 0);
  l.f.setAuxBig(n, value);
  return n;
}

function floatConst(l: LoweringContext, type: ValueType, bits: bigint): Value {
  const n = l.before(OpConstF, type, []);
  l.f.setAuxBig(n, bits);
  return n;
}

/** A memory operand being put together. */
class Address {
  base: Value;
  index: Value = 0 as Value;
  shift = 0;
  disp: number;

  constructor(f: Func, pointer: Value, offset: number, block: number) {
    let base = pointer;
    let disp = offset;
    for (;;) {
      base = strip(f, base);
      const op = f.op[base];
      if (op === OpIntToPtr && f.op[f.arg(base, 0)] === OpGetG) {
        base = f.arg(base, 0);
        break;
      }
      if (op === OpOffPtr) {
        const d = disp + f.auxInt(base);
        if (!fits32(d)) break;
        disp = d;
        base = f.arg(base, 0);
        continue;
      }
      if (op === OpAddPtr) {
        const i = strip(f, f.arg(base, 1));
        const c = small(f, i);
        if (!Number.isNaN(c)) {
          if (!fits32(disp + c)) break;
          disp += c;
          base = f.arg(base, 0);
          continue;
        }
        if (this.index === 0 && (f.uses[base] === 1 || f.block[base] === block)) {
          this.index = i;
          base = f.arg(base, 0);
          continue;
        }
      }
      break;
    }
    if (this.index !== 0) {
      let i = this.index;
      for (;;) {
        const op = f.op[i];
        if (op === OpAdd && f.type[i] === TypeI64) {
          const c = small(f, f.arg(i, 1));
          const d = disp + c * (1 << this.shift);
          if (Number.isNaN(c) || !fits32(d)) break;
          disp = d;
          i = strip(f, f.arg(i, 0));
          continue;
        }
        if (op === OpShl && f.type[i] === TypeI64) {
          const c = small(f, f.arg(i, 1));
          if (Number.isNaN(c) || c < 0 || c + this.shift > 3) break;
          this.shift += c;
          i = strip(f, f.arg(i, 0));
          continue;
        }
        if (op === OpMul && f.type[i] === TypeI64) {
          const c = small(f, f.arg(i, 1));
          const s = c === 2 ? 1 : c === 4 ? 2 : c === 8 ? 3 : -1;
          if (s < 0 || s + this.shift > 3) break;
          this.shift += s;
          i = strip(f, f.arg(i, 0));
          continue;
        }
        break;
      }
      this.index = i;
    }
    this.base = base;
    this.disp = disp;
  }

  /** Appends the operand's arguments. */
  push(args: Value[]): void {
    args.push(this.base);
    if (this.index !== 0) args.push(this.index);
  }

  set(f: Func, v: Value, kind: number): void {
    f.auxLo[v] = this.disp;
    f.auxHi[v] = kind | (this.shift << 4);
  }
}

const loadAddress = (l: LoweringContext, load: Value): Address => new Address(l.f, l.f.arg(load, 0), l.f.auxInt(load), l.f.block[load]);

/** v = op(x, load) with the load as memory operand. */
function becomeMem(l: LoweringContext, v: Value, op: number, x: Value, load: Value, kind: number): void {
  const a = loadAddress(l, load);
  const args = [x];
  a.push(args);
  become(l, v, op, args);
  a.set(l.f, v, kind);
}

/** A load is merged into one user only: reading twice could see two values. */
function mergeable(l: LoweringContext, v: Value, type: ValueType): boolean {
  return l.f.op[v] === OpLoad && l.f.type[v] === type && l.canMerge(v);
}

/** Integer operation with two operands: immediate, memory and register forms. */
function binary(l: LoweringContext, v: Value, op: number, imm: number, mem: number, commutes: boolean): void {
  const f = l.f;
  const type = f.type[v];
  let x = f.arg(v, 0);
  let y = f.arg(v, 1);
  if (commutes && isConst(f, x)) {
    const t = x;
    x = y;
    y = t;
  }
  const c = small(f, y);
  if (imm !== 0 && !Number.isNaN(c)) {
    become(l, v, imm, [x], c);
    return;
  }
  const wide = type === TypeI32 || type === TypeI64;
  if (mem !== 0 && wide && mergeable(l, y, type)) {
    becomeMem(l, v, mem, x, y, kindOf(type));
    return;
  }
  if (mem !== 0 && wide && commutes && mergeable(l, x, type)) {
    becomeMem(l, v, mem, y, x, kindOf(type));
    return;
  }
  become(l, v, op, [x, y]);
}

function lowerAdd(l: LoweringContext, v: Value): void {
  const f = l.f;
  const type = f.type[v];
  let x = f.arg(v, 0);
  let y = f.arg(v, 1);
  if (isConst(f, x)) {
    const t = x;
    x = y;
    y = t;
  }
  if (type === TypeI64 || type === TypeI32) {
    const c = small(f, y);
    if (!Number.isNaN(c)) {
      const inner = strip(f, x);
      // (a + b) + c and (a << k) + c in one LEA
      if (f.op[inner] === OpAdd && f.type[inner] === type && f.uses[inner] === 1 && Number.isNaN(small(f, f.arg(inner, 1)))) {
        lea(l, v, f.arg(inner, 0), f.arg(inner, 1), 0, c);
        return;
      }
      become(l, v, AADDI, [x], c);
      return;
    }
    for (let k = 0; k < 2; k++) {
      const s = k === 0 ? y : x;
      const other = k === 0 ? x : y;
      if (f.op[s] === OpShl && f.type[s] === type && f.uses[s] === 1) {
        const n = small(f, f.arg(s, 1));
        if (n >= 1 && n <= 3) {
          lea(l, v, other, f.arg(s, 0), n, 0);
          return;
        }
      }
    }
  }
  binary(l, v, AADD, AADDI, AADDM, true);
}

function lea(l: LoweringContext, v: Value, base: Value, index: Value, shift: number, disp: number): void {
  become(l, v, ALEA, [base, index]);
  l.f.auxLo[v] = disp;
  l.f.auxHi[v] = shift << 4;
}

function lowerMul(l: LoweringContext, v: Value): void {
  const f = l.f;
  let x = f.arg(v, 0);
  let y = f.arg(v, 1);
  if (isConst(f, x)) {
    const t = x;
    x = y;
    y = t;
  }
  const c = small(f, y);
  if (!Number.isNaN(c)) {
    if (c === 1) {
      become(l, v, f.type[v] === TypeI32 ? AMOVZX : AMOV, [x], f.type[v] === TypeI32 ? 4 : 0);
      return;
    }
    if (c > 0 && (c & (c - 1)) === 0) {
      become(l, v, ASHLI, [x], 31 - Math.clz32(c));
      return;
    }
    if (c === 3 || c === 5 || c === 9) {
      lea(l, v, x, x, c === 3 ? 1 : c === 5 ? 2 : 3, 0);
      return;
    }
    if (c === -1) {
      become(l, v, ANEG, [x]);
      return;
    }
    become(l, v, AIMULI, [x], c);
    return;
  }
  binary(l, v, AIMUL, 0, AIMULM, true);
}

function lowerDiv(l: LoweringContext, v: Value, op: number, signed: boolean): void {
  const f = l.f;
  if (f.op[f.arg(v, 1)] === OpConst && divideByConstant(l, v)) {
    become(l, v, AMOV, [f.arg(v, 0)]);
    return;
  }
  let x = f.arg(v, 0);
  let y = f.arg(v, 1);
  if (typeSize(f.type[v]) < 4) {
    const ext = signed ? OpSignExt : OpZeroExt;
    x = generic(l, ext, TypeI32, [x]);
    y = generic(l, ext, TypeI32, [y]);
  }
  become(l, v, op, [x, y]);
}

function lowerAnd(l: LoweringContext, v: Value): void {
  const f = l.f;
  for (let k = 0; k < 2; k++) {
    const y = f.arg(v, k);
    if (!isConst(f, y)) continue;
    const x = f.arg(v, 1 - k);
    if (f.auxHi[y] === 0 && f.type[v] === TypeI64 && f.auxLo[y] === -1) {
      become(l, v, AMOVZX, [x], 4);
      return;
    }
    const c = small(f, y);
    if (c === 0xff || c === 0xffff) {
      become(l, v, AMOVZX, [x], c === 0xff ? 1 : 2);
      return;
    }
  }
  binary(l, v, AAND, AANDI, AANDM, true);
}

function lowerShift(l: LoweringContext, v: Value): void {
  const f = l.f;
  const op = f.op[v];
  const type = f.type[v];
  const bits = 8 * typeSize(type);
  const machineBits = bits === 64 ? 64 : 32;
  let x = f.arg(v, 0);
  const y = f.arg(v, 1);
  const bounded = f.auxLo[v] !== 0;
  if (bits < 32 && op !== OpShl) x = generic(l, op === OpSar ? OpSignExt : OpZeroExt, TypeI32, [x]);
  const variable = op === OpShl ? ASHL : op === OpShr ? ASHR : ASAR;
  if (isConst(f, y)) {
    const size = 8 * typeSize(f.type[y]);
    const count = BigInt.asUintN(size, f.auxBig(y));
    if (count >= BigInt(bits)) {
      if (op === OpSar) become(l, v, ASARI, [x], bits < 32 ? 31 : bits - 1);
      else {
        f.reset(v, OpConst);
      }
      return;
    }
    const n = Number(count);
    if (n === 0) become(l, v, type === TypeI32 ? AMOVZX : AMOV, [x], type === TypeI32 ? 4 : 0);
    else become(l, v, op === OpShl ? ASHLI : op === OpShr ? ASHRI : ASARI, [x], n);
    return;
  }
  if (bounded) {
    become(l, v, variable, [x, y]);
    return;
  }
  const flags = make(l, ACMPI, TypeFlags, [y], machineBits);
  f.aux[flags] = typeSize(f.type[y]);
  if (op === OpSar) {
    // A count that is too large becomes all ones, of which the machine takes the low bits.
    const narrow = typeSize(f.type[y]) === 8 ? TypeI64 : TypeI32;
    const mask = make(l, ACARRYMASK, narrow, [flags]);
    const not = make(l, ANOT, narrow, [mask]);
    const count = make(l, AOR, narrow, [not, y]);
    become(l, v, ASAR, [x, count]);
    return;
  }
  const mask = make(l, ACARRYMASK, machineBits === 64 ? TypeI64 : TypeI32, [flags]);
  const shifted = make(l, variable, machineBits === 64 ? TypeI64 : TypeI32, [x, y]);
  become(l, v, AAND, [shifted, mask]);
}

function lowerExtend(l: LoweringContext, v: Value, signed: boolean): void {
  const f = l.f;
  const x = f.arg(v, 0);
  const from = typeSize(f.type[x]);
  if (from >= typeSize(f.type[v])) {
    become(l, v, AMOV, [x]);
    return;
  }
  if (f.op[x] === OpLoad && l.canMerge(x)) {
    const a = loadAddress(l, x);
    const args: Value[] = [];
    a.push(args);
    become(l, v, ALOAD, args);
    const kind = from === 1 ? 0 : from === 2 ? 1 : 2;
    a.set(f, v, signed ? kind + KindS8 : kind);
    return;
  }
  if (!signed && clearsHigh(f, x)) become(l, v, AMOV, [x]);
  else become(l, v, signed ? AMOVSX : AMOVZX, [x], from);
}

// ---- Comparing ----

const swapped: readonly number[] = (() => {
  const t: number[] = [];
  for (let i = 0; i < 18; i++) t.push(i);
  const pair = (a: number, b: number): void => {
    t[a] = b;
    t[b] = a;
  };
  pair(CcL, CcG);
  pair(CcLE, CcGE);
  pair(CcB, CcA);
  pair(CcBE, CcAE);
  return t;
})();

/** The negation of a condition. */
export function negated(cc: number): number {
  return cc ^ 1;
}

const isCompare = (op: number): boolean =>
  op === OpEq ||
  op === OpNe ||
  op === OpLt ||
  op === OpLe ||
  op === OpULt ||
  op === OpULe ||
  op === OpFEq ||
  op === OpFNe ||
  op === OpFLt ||
  op === OpFLe;

/** Makes the flags for a boolean, in front of the value being lowered; returns [flags, condition under which it is true]. */
function flagsOf(l: LoweringContext, bool: Value): [Value, number] {
  const f = l.f;
  let c = bool;
  let invert = 0;
  for (;;) {
    const op = f.op[c];
    if (op === OpCopy) c = f.arg(c, 0);
    else if (op === OpBoolNot) {
      invert ^= 1;
      c = f.arg(c, 0);
    } else break;
  }
  const op = f.op[c];
  if (op === APOLL) {
    const flags = l.before(APOLL, TypeFlags, []);
    return [flags, CcBE ^ invert];
  }
  if (isCompare(op)) {
    const [flags, cc] = compare(l, c, f.uses[c] === 1 && f.uses[bool] === 1);
    return [flags, invert !== 0 ? negated(cc) : cc];
  }
  if (f.op[c] === OpLoad && f.type[c] === TypeI8 && l.canMerge(c)) {
    const a = loadAddress(l, c);
    const args: Value[] = [];
    a.push(args);
    const flags = make(l, ACMPMI, TypeFlags, args);
    a.set(f, flags, KindZ8);
    return [flags, CcNE ^ invert];
  }
  const flags = make(l, ATEST, TypeFlags, [c, c]);
  f.aux[flags] = 1;
  return [flags, CcNE ^ invert];
}

/** `merges`: no other code computes the comparison again, so loads may be folded. */
function compare(l: LoweringContext, c: Value, merges: boolean): [Value, number] {
  const f = l.f;
  const op = f.op[c];
  let x = f.arg(c, 0);
  let y = f.arg(c, 1);
  const type = f.type[x];
  if (isFloat(type)) {
    if (op === OpFLt || op === OpFLe) {
      const t = x;
      x = y;
      y = t;
    }
    let flags: Value;
    if (merges && mergeable(l, y, type)) {
      const a = loadAddress(l, y);
      const args = [x];
      a.push(args);
      flags = make(l, AUCOMIM, TypeFlags, args);
      a.set(f, flags, kindOf(type));
    } else {
      flags = make(l, AUCOMI, TypeFlags, [x, y]);
    }
    f.aux[flags] = typeSize(type);
    return [flags, op === OpFLt ? CcA : op === OpFLe ? CcAE : op === OpFEq ? CcEqF : CcNeF];
  }
  let cc = op === OpEq ? CcE : op === OpNe ? CcNE : op === OpLt ? CcL : op === OpLe ? CcLE : op === OpULt ? CcB : CcBE;
  const size = typeSize(type);
  if (isConst(f, x) && !isConst(f, y)) {
    const t = x;
    x = y;
    y = t;
    cc = swapped[cc];
  }
  const n = small(f, y);
  if (!Number.isNaN(n)) {
    if (merges && mergeable(l, x, type)) {
      const a = loadAddress(l, x);
      const args: Value[] = [];
      a.push(args);
      const flags = make(l, ACMPMI, TypeFlags, args);
      a.set(f, flags, kindOf(type));
      f.aux[flags] = n;
      return [flags, cc];
    }
    if (n === 0) {
      // x & y against zero; signed and equality conditions read the same flags as a compare with zero.
      const and = strip(f, x);
      if (f.op[and] === OpAnd && f.type[and] === type && (cc === CcE || cc === CcNE)) {
        const m = small(f, f.arg(and, 1));
        const flags = Number.isNaN(m)
          ? make(l, ATEST, TypeFlags, [f.arg(and, 0), f.arg(and, 1)])
          : make(l, ATESTI, TypeFlags, [f.arg(and, 0)], m);
        f.aux[flags] = size;
        return [flags, cc];
      }
      const flags = make(l, ATEST, TypeFlags, [x, x]);
      f.aux[flags] = size;
      // For the emitter: with these the flags of an addition that made x do as well.
      f.auxLo[flags] = cc === CcE || cc === CcNE ? 1 : 0;
      return [flags, cc];
    }
    const flags = make(l, ACMPI, TypeFlags, [x], n);
    f.aux[flags] = size;
    return [flags, cc];
  }
  if (merges && (mergeable(l, y, type) || mergeable(l, x, type))) {
    if (!mergeable(l, y, type)) {
      const t = x;
      x = y;
      y = t;
      cc = swapped[cc];
    }
    const a = loadAddress(l, y);
    const args = [x];
    a.push(args);
    const flags = make(l, ACMPM, TypeFlags, args);
    a.set(f, flags, kindOf(type));
    return [flags, cc];
  }
  const flags = make(l, ACMP, TypeFlags, [x, y]);
  f.aux[flags] = size;
  return [flags, cc];
}

function lowerSelect(l: LoweringContext, v: Value): void {
  const f = l.f;
  const x = f.arg(v, 0);
  const y = f.arg(v, 1);
  let [flags, cc] = flagsOf(l, f.arg(v, 2));
  // Flags come right before their user: nothing may be made between them.
  let ifFalse = y;
  let ifTrue = x;
  if (cc === CcEqF) {
    cc = CcNeF;
    ifFalse = x;
    ifTrue = y;
  }
  become(l, v, isFloat(f.type[v]) ? ACMOVF : ACMOV, [ifFalse, ifTrue, flags], cc);
}

// ---- Memory ----

function lowerStore(l: LoweringContext, v: Value): void {
  const f = l.f;
  const pointer = f.arg(v, 0);
  let x = f.arg(v, 1);
  const type = f.type[x];
  let kind = kindOf(type);
  const offset = f.auxInt(v);
  const a = new Address(f, pointer, offset, f.block[v]);
  const c = f.op[x] === OpConstF && f.auxLo[x] === 0 && f.auxHi[x] === 0 ? 0 : small(f, x);
  if (!Number.isNaN(c)) {
    const args: Value[] = [];
    a.push(args);
    if (kind === KindF32) kind = Kind32;
    if (kind === KindF64) kind = Kind64;
    become(l, v, ASTOREI, args);
    a.set(f, v, kind);
    f.aux[v] = c;
    return;
  }
  const op = f.op[x];
  // x.n += y
  if ((op === OpAdd || op === OpSub || op === OpAnd || op === OpOr || op === OpXor) && f.uses[x] === 1 && f.block[x] === f.block[v]) {
    for (let k = 0; k < (op === OpSub ? 1 : 2); k++) {
      const load = f.arg(x, k);
      if (f.op[load] !== OpLoad || f.type[load] !== type || !l.canMerge(load)) continue;
      const b = loadAddress(l, load);
      if (b.base !== a.base || b.index !== a.index || b.disp !== a.disp || b.shift !== a.shift) continue;
      const y = f.arg(x, 1 - k);
      if (f.op[y] === OpLoad && y === load) continue;
      const number = op === OpAdd ? AADD : op === OpSub ? ASUB : op === OpAnd ? AAND : op === OpOr ? AOR : AXOR;
      const n = small(f, y);
      if (!Number.isNaN(n)) {
        const args: Value[] = [];
        a.push(args);
        become(l, v, AOPSTI, args);
        a.set(f, v, kind);
        f.auxHi[v] |= number << 8;
        f.aux[v] = n;
      } else {
        const args = [y];
        a.push(args);
        become(l, v, AOPST, args);
        a.set(f, v, kind);
        f.aux[v] = number;
      }
      return;
    }
  }
  if (op === OpFloatToBits || op === OpBitsToFloat) {
    x = f.arg(x, 0);
    kind = kindOf(f.type[x]);
  }
  const args = [x];
  a.push(args);
  become(l, v, ASTORE, args);
  a.set(f, v, kind);
}

function lowerAtomic(l: LoweringContext, v: Value, op: number): void {
  const f = l.f;
  const a = new Address(f, f.arg(v, 0), 0, f.block[v]);
  const args: Value[] = [];
  for (let i = 1; i < f.argCount[v] - 1; i++) args.push(f.arg(v, i));
  const kind = kindOf(f.type[f.arg(v, 1)]);
  a.push(args);
  become(l, v, op, args);
  a.set(f, v, kind);
}

// ---- Bits ----

/** The arithmetic type for a small integer. */
const word = (type: ValueType): ValueType => (type === TypeI64 || type === TypePtr ? TypeI64 : TypeI32);

function lowerPopCount(l: LoweringContext, v: Value): void {
  const f = l.f;
  let x = f.arg(v, 0);
  const type = word(f.type[x]);
  if (typeSize(f.type[x]) < 4) x = generic(l, OpZeroExt, TypeI32, [x]);
  const k = (n: bigint): Value => big(l, type, BigInt.asIntN(type === TypeI64 ? 64 : 32, n));
  const shift = (a: Value, n: number): Value => make(l, ASHRI, type, [a], n);
  const and = (a: Value, n: bigint): Value => generic(l, OpAnd, type, [a, k(n)]);
  const x1 = generic(l, OpSub, type, [x, and(shift(x, 1), 0x5555555555555555n)]);
  const x2 = generic(l, OpAdd, type, [and(x1, 0x3333333333333333n), and(shift(x1, 2), 0x3333333333333333n)]);
  const x4 = and(generic(l, OpAdd, type, [x2, shift(x2, 4)]), 0x0f0f0f0f0f0f0f0fn);
  const sum = generic(l, OpMul, type, [x4, k(0x0101010101010101n)]);
  become(l, v, AMOV, [shift(sum, type === TypeI64 ? 56 : 24)]);
}

function lowerBitReverse(l: LoweringContext, v: Value): void {
  const f = l.f;
  const x = f.arg(v, 0);
  const bits = 8 * typeSize(f.type[x]);
  const type = word(f.type[x]);
  const width = type === TypeI64 ? 64 : 32;
  const k = (n: bigint): Value => big(l, type, BigInt.asIntN(width, n));
  let r = x;
  const masks: readonly [number, bigint][] = [
    [1, 0x5555555555555555n],
    [2, 0x3333333333333333n],
    [4, 0x0f0f0f0f0f0f0f0fn],
  ];
  for (const [n, mask] of masks) {
    const high = generic(l, OpAnd, type, [make(l, ASHRI, type, [r], n), k(mask)]);
    const low = make(l, ASHLI, type, [generic(l, OpAnd, type, [r, k(mask)])], n);
    r = make(l, AOR, type, [high, low]);
  }
  if (bits === 8) {
    become(l, v, AMOV, [r]);
    return;
  }
  const s = make(l, ABSWAP, type, [r]);
  if (bits === 16) become(l, v, ASHRI, [s], 16);
  else become(l, v, AMOV, [s]);
}

function lowerByteSwap(l: LoweringContext, v: Value): void {
  const f = l.f;
  const x = f.arg(v, 0);
  if (f.type[v] === TypeI16) become(l, v, AROLI, [x], 8);
  else if (f.type[v] === TypeI8) become(l, v, AMOV, [x]);
  else become(l, v, ABSWAP, [x]);
}

function lowerMulHigh(l: LoweringContext, v: Value, signed: boolean): void {
  const f = l.f;
  const type = f.type[v];
  const x = f.arg(v, 0);
  const y = f.arg(v, 1);
  if (type === TypeI64) {
    become(l, v, signed ? AIMULH : AUMULH, [x, y]);
    return;
  }
  const ext = signed ? OpSignExt : OpZeroExt;
  const product = make(l, AIMUL, TypeI64, [generic(l, ext, TypeI64, [x]), generic(l, ext, TypeI64, [y])]);
  const high = make(l, signed ? ASARI : ASHRI, TypeI64, [product], 8 * typeSize(type));
  become(l, v, AMOV, [high]);
}

function floatBinary(l: LoweringContext, v: Value, op: number, mem: number, commutes: boolean): void {
  const f = l.f;
  const type = f.type[v];
  let x = f.arg(v, 0);
  let y = f.arg(v, 1);
  if (commutes && f.op[x] === OpConstF) {
    x = y;
    y = f.arg(v, 0);
  }
  if (mergeable(l, y, type)) becomeMem(l, v, mem, x, y, kindOf(type));
  else if (commutes && mergeable(l, x, type)) becomeMem(l, v, mem, y, x, kindOf(type));
  else become(l, v, op, [x, y]);
}

const signBit = (type: ValueType): bigint => (type === TypeF32 ? 0x80000000n : -0x8000000000000000n);
const magnitude = (type: ValueType): bigint => (type === TypeF32 ? 0x7fffffffn : 0x7fffffffffffffffn);

/** Lowers one value. */
export function lowerValue(l: LoweringContext, v: Value): void {
  const f = l.f;
  const type = f.type[v];
  switch (f.op[v]) {
    case OpAdd:
      lowerAdd(l, v);
      break;
    case OpSub: {
      const c = small(f, f.arg(v, 1));
      if (!Number.isNaN(c) && c !== -0x80000000) become(l, v, AADDI, [f.arg(v, 0)], -c);
      else if (small(f, f.arg(v, 0)) === 0) become(l, v, ANEG, [f.arg(v, 1)]);
      else binary(l, v, ASUB, 0, ASUBM, false);
      break;
    }
    case OpMul:
      lowerMul(l, v);
      break;
    case OpDiv:
      lowerDiv(l, v, ADIVS, true);
      break;
    case OpUDiv:
      lowerDiv(l, v, ADIVU, false);
      break;
    case OpMod:
      lowerDiv(l, v, AMODS, true);
      break;
    case OpUMod:
      lowerDiv(l, v, AMODU, false);
      break;
    case OpNeg:
      become(l, v, ANEG, [f.arg(v, 0)]);
      break;
    case OpAnd:
      lowerAnd(l, v);
      break;
    case OpOr:
      binary(l, v, AOR, AORI, AORM, true);
      break;
    case OpXor:
      binary(l, v, AXOR, AXORI, AXORM, true);
      break;
    case OpAndNot: {
      const y = f.arg(v, 1);
      const c = small(f, y);
      if (!Number.isNaN(c)) become(l, v, AANDI, [f.arg(v, 0)], ~c);
      else become(l, v, AAND, [f.arg(v, 0), make(l, ANOT, word(type), [y])]);
      break;
    }
    case OpNot:
      become(l, v, ANOT, [f.arg(v, 0)]);
      break;
    case OpBoolNot: {
      const c = f.arg(v, 0);
      if (isCompare(f.op[c]) && f.uses[c] === 1) {
        const [flags, cc] = compare(l, c, true);
        become(l, v, ASETCC, [flags]);
        fixCc(f, v, negated(cc));
      } else become(l, v, AXORI, [c], 1);
      break;
    }
    case OpShl:
    case OpShr:
    case OpSar:
      lowerShift(l, v);
      break;
    case OpRotL: {
      const c = small(f, f.arg(v, 1));
      if (Number.isNaN(c)) become(l, v, AROL, [f.arg(v, 0), f.arg(v, 1)]);
      else if ((c & (8 * typeSize(type) - 1)) === 0)
        become(l, v, type === TypeI32 ? AMOVZX : AMOV, [f.arg(v, 0)], type === TypeI32 ? 4 : 0);
      else become(l, v, AROLI, [f.arg(v, 0)], c & (8 * typeSize(type) - 1));
      break;
    }
    case OpMulHi:
      lowerMulHigh(l, v, true);
      break;
    case OpUMulHi:
      lowerMulHigh(l, v, false);
      break;
    case OpUMulLoHi:
      become(l, v, AMUL2, [f.arg(v, 0), f.arg(v, 1)]);
      break;
    case OpAddCarry:
      become(l, v, AADC, [f.arg(v, 0), f.arg(v, 1), f.arg(v, 2)]);
      break;
    case OpSubBorrow:
      become(l, v, ASBB, [f.arg(v, 0), f.arg(v, 1), f.arg(v, 2)]);
      break;
    case OpUDiv128:
      become(l, v, ADIV128, [f.arg(v, 0), f.arg(v, 1), f.arg(v, 2)]);
      break;
    case OpCtz: {
      const x = f.arg(v, 0);
      const size = typeSize(f.type[x]);
      if (size === 8) become(l, v, ACTZ64, [x]);
      else become(l, v, ACTZ, [x], 8 * size);
      break;
    }
    case OpBitLen: {
      const x = f.arg(v, 0);
      if (typeSize(f.type[x]) === 8) become(l, v, ABITLEN64, [x]);
      else {
        const wide = generic(l, OpZeroExt, TypeI64, [x]);
        const s = strip(f, wide);
        const twice = l.before(ALEA, TypeI64, [s, s]);
        f.auxLo[twice] = 1;
        become(l, v, ABSR, [twice]);
      }
      break;
    }
    case OpPopCount:
      lowerPopCount(l, v);
      break;
    case OpByteSwap:
      lowerByteSwap(l, v);
      break;
    case OpBitReverse:
      lowerBitReverse(l, v);
      break;
    case OpCopy:
    case OpTrunc:
    case OpPtrToInt:
    case OpIntToPtr:
    case OpPtrBits:
    case OpFRound:
      become(l, v, AMOV, [f.arg(v, 0)]);
      break;
    case OpSignExt:
      lowerExtend(l, v, true);
      break;
    case OpZeroExt:
      lowerExtend(l, v, false);
      break;
    case OpIntToFloat: {
      let x = f.arg(v, 0);
      let size = typeSize(f.type[x]);
      if (size < 4) {
        x = generic(l, OpSignExt, TypeI32, [x]);
        size = 4;
      }
      become(l, v, ACVTIF, [x]);
      f.aux[v] = size;
      break;
    }
    case OpUIntToFloat: {
      const x = f.arg(v, 0);
      if (typeSize(f.type[x]) === 8) become(l, v, ACVTUF, [x]);
      else {
        become(l, v, ACVTIF, [generic(l, OpZeroExt, TypeI64, [x])]);
        f.aux[v] = 8;
      }
      break;
    }
    case OpFloatToInt: {
      const from = f.type[f.arg(v, 0)];
      become(l, v, ACVTFI, [f.arg(v, 0)]);
      f.aux[v] = from === TypeF32 ? 4 : 8;
      break;
    }
    case OpFloatToUInt: {
      const x = f.arg(v, 0);
      const from = f.type[x] === TypeF32 ? 4 : 8;
      if (type === TypeI64) {
        become(l, v, ACVTFU, [x]);
        f.aux[v] = from;
      } else {
        const wide = make(l, ACVTFI, TypeI64, [x]);
        f.aux[wide] = from;
        become(l, v, AMOV, [wide]);
      }
      break;
    }
    case OpFloatExt:
    case OpFloatTrunc:
      become(l, v, ACVTFF, [f.arg(v, 0)]);
      break;
    case OpBitsToFloat:
    case OpFloatToBits: {
      const x = f.arg(v, 0);
      if (f.op[x] === OpLoad && l.canMerge(x)) {
        const a = loadAddress(l, x);
        const args: Value[] = [];
        a.push(args);
        become(l, v, ALOAD, args);
        a.set(f, v, kindOf(type));
      } else become(l, v, isFloat(type) ? AMOVIF : AMOVFI, [x]);
      break;
    }
    case OpFAdd:
      floatBinary(l, v, AFADD, AFADDM, true);
      break;
    case OpFSub:
      floatBinary(l, v, AFSUB, AFSUBM, false);
      break;
    case OpFMul:
      floatBinary(l, v, AFMUL, AFMULM, true);
      break;
    case OpFDiv:
      floatBinary(l, v, AFDIV, AFDIVM, false);
      break;
    case OpFNeg:
      become(l, v, AFXOR, [f.arg(v, 0), floatConst(l, type, signBit(type))]);
      break;
    case OpFAbs:
      become(l, v, AFAND, [f.arg(v, 0), floatConst(l, type, magnitude(type))]);
      break;
    case OpFCopysign: {
      const x = make(l, AFAND, type, [f.arg(v, 0), floatConst(l, type, magnitude(type))]);
      const y = make(l, AFAND, type, [f.arg(v, 1), floatConst(l, type, signBit(type))]);
      become(l, v, AFOR, [x, y]);
      break;
    }
    case OpFSqrt:
      become(l, v, AFSQRT, [f.arg(v, 0)]);
      break;
    case OpFFloor:
      become(l, v, AROUND, [f.arg(v, 0)], 9);
      break;
    case OpFCeil:
      become(l, v, AROUND, [f.arg(v, 0)], 10);
      break;
    case OpFTrunc:
      become(l, v, AROUND, [f.arg(v, 0)], 11);
      break;
    case OpFRoundEven:
      become(l, v, AROUND, [f.arg(v, 0)], 8);
      break;
    case OpFMA:
      become(l, v, AFMA, [f.arg(v, 2), f.arg(v, 0), f.arg(v, 1)]);
      break;
    case OpFMin: {
      // minsd gives its second operand when the operands are equal or unordered; or-ing both orders settles zeros and NaNs.
      const t = make(l, AFMIN1, type, [f.arg(v, 0), f.arg(v, 1)]);
      const u = make(l, AFMIN1, type, [t, f.arg(v, 0)]);
      become(l, v, AFOR, [u, t]);
      break;
    }
    case OpFMax: {
      const sign = (): Value => floatConst(l, type, signBit(type));
      const x = make(l, AFXOR, type, [f.arg(v, 0), sign()]);
      const y = make(l, AFXOR, type, [f.arg(v, 1), sign()]);
      const t = make(l, AFMIN1, type, [x, y]);
      const u = make(l, AFMIN1, type, [t, x]);
      become(l, v, AFXOR, [make(l, AFOR, type, [u, t]), sign()]);
      break;
    }
    case OpEq:
    case OpNe:
    case OpLt:
    case OpLe:
    case OpULt:
    case OpULe:
    case OpFEq:
    case OpFNe:
    case OpFLt:
    case OpFLe: {
      const [flags, cc] = compare(l, v, true);
      become(l, v, ASETCC, [flags]);
      fixCc(f, v, cc);
      break;
    }
    case APOLL: {
      const [flags, cc] = flagsOf(l, v);
      become(l, v, ASETCC, [flags]);
      fixCc(f, v, cc);
      break;
    }
    case OpCondSelect:
      lowerSelect(l, v);
      break;
    case OpAddPtr:
    case OpOffPtr: {
      const a = new Address(f, v, 0, f.block[v]);
      if (a.base === v) {
        // A displacement that fits no instruction.
        if (f.op[v] === OpOffPtr) become(l, v, AADD, [f.arg(v, 0), big(l, TypeI64, f.auxBig(v))]);
        else become(l, v, AADD, [f.arg(v, 0), f.arg(v, 1)]);
        break;
      }
      const args: Value[] = [];
      a.push(args);
      become(l, v, ALEA, args);
      a.set(f, v, 0);
      break;
    }
    case OpSubPtr:
      become(l, v, ASUB, [f.arg(v, 0), f.arg(v, 1)]);
      break;
    case OpNilCheck:
      become(l, v, ANILCHK, [f.arg(v, 0)]);
      f.type[v] = TypeVoid;
      break;
    case OpLoad: {
      const a = loadAddress(l, v);
      const args: Value[] = [];
      a.push(args);
      become(l, v, ALOAD, args);
      a.set(f, v, kindOf(type));
      break;
    }
    case OpStore:
      lowerStore(l, v);
      break;
    case OpZero: {
      const size = f.auxInt(v);
      const a = new Address(f, f.arg(v, 0), 0, f.block[v]);
      const args: Value[] = [];
      a.push(args);
      become(l, v, AZEROB, args);
      a.set(f, v, 0);
      f.aux[v] = size;
      break;
    }
    case OpMove: {
      const size = f.auxInt(v);
      const to = constantOffset(f, f.arg(v, 0));
      const from = constantOffset(f, f.arg(v, 1));
      become(l, v, AMOVEB, [to[0], from[0]]);
      f.auxLo[v] = to[1];
      f.auxHi[v] = from[1];
      f.aux[v] = size;
      break;
    }
    case OpPrefetch: {
      const a = new Address(f, f.arg(v, 0), 0, f.block[v]);
      const args: Value[] = [];
      a.push(args);
      become(l, v, APREFETCH, args);
      a.set(f, v, 0);
      break;
    }
    case OpSpin:
      become(l, v, APAUSE, []);
      break;
    case OpAtomicLoad: {
      const width = f.auxInt(v);
      const a = new Address(f, f.arg(v, 0), 0, f.block[v]);
      const args: Value[] = [];
      a.push(args);
      become(l, v, AALOAD, args);
      a.set(f, v, width === 1 ? KindZ8 : width === 2 ? KindZ16 : width === 4 ? Kind32 : Kind64);
      break;
    }
    case OpAtomicStore:
    case OpAtomicExchange:
      lowerAtomic(l, v, AXCHG);
      break;
    case OpAtomicAdd:
      lowerAtomic(l, v, AXADD);
      break;
    case OpAtomicAnd:
      lowerAtomic(l, v, l.selected(v) ? AANDLOOP : ALOCKAND);
      break;
    case OpAtomicOr:
      lowerAtomic(l, v, l.selected(v) ? AORLOOP : ALOCKOR);
      break;
    case OpAtomicCas:
      lowerAtomic(l, v, ACMPXCHG);
      break;
    default:
      throw new Error(`${f.name}: amd64 has no code for ${opNames[f.op[v]] ?? f.op[v]}`);
  }
}

/** Base and displacement without an index. */
function constantOffset(f: Func, pointer: Value): [Value, number] {
  let base = strip(f, pointer);
  let disp = 0;
  while (f.op[base] === OpOffPtr && fits32(disp + f.auxInt(base) + 4096)) {
    disp += f.auxInt(base);
    base = strip(f, f.arg(base, 0));
  }
  return [base, disp];
}

function fixCc(f: Func, v: Value, cc: number): void {
  f.auxLo[v] = cc;
  f.auxHi[v] = 0;
}

/** The kinds of block that need a machine form: If and Jump. */
export function lowerIf(l: LoweringContext, b: Block): void {
  const [flags, cc] = flagsOf(l, b.controls[0]);
  l.f.setControl(b, 0, flags);
  b.kind = BlockCc;
  b.aux = cc;
}

export function lowerJump(l: LoweringContext, b: Block): void {
  const target = make(l, AJMPTAB, TypeI64, [b.controls[0]]);
  l.f.aux[target] = b.id;
  l.f.setControl(b, 0, target);
  b.kind = BlockJumpTo;
}
