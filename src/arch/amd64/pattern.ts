// What lowering is written with: looking at generic operands, and making amd64 values of them.
//
// Registers hold integers with junk above their type's width; whoever needs the high bits extends. Truncations are therefore nothing at all:
// `strip` looks through them, so widths must be read from the generic operand before it is stripped.

import type { Func, Value } from "../../ssa/func.ts";
import * as G from "../../ssa/ops.gen.ts";
import type { LoweringContext } from "../../ssa/target.ts";
import { TypeI16, TypeI32, TypeI64, TypeI8, TypePtr, type ValueType } from "../../ssa/types.ts";
import { kindOf } from "./kinds.ts";
import * as A from "./ops.gen.ts";

/** Whether a number can be a displacement or an immediate. */
export const fits32 = (n: number): boolean => n >= -0x80000000 && n <= 0x7fffffff;

/** Looks through what is nothing in machine code. */
export function strip(f: Func, v: Value): Value {
  for (;;) {
    switch (f.op[v]) {
      case G.OpCopy:
      case G.OpTrunc:
      case G.OpNilCheck:
      case G.OpFRound:
        v = f.arg(v, 0);
        continue;
      case G.OpZeroExt: {
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
export function clearsHigh(f: Func, x: Value): boolean {
  const type = f.type[x];
  switch (f.op[x]) {
    case G.OpLoad:
      return type !== TypeI64;
    case G.OpZeroExt:
      return type === TypeI32;
    case G.OpAdd:
    case G.OpSub:
    case G.OpMul:
    case G.OpAnd:
    case G.OpAndNot:
    case G.OpOr:
    case G.OpXor:
    case G.OpNot:
    case G.OpNeg:
    case G.OpShl:
    case G.OpShr:
    case G.OpRotL:
    case G.OpByteSwap:
    case G.OpSignExt:
      return type === TypeI32;
    case G.OpDiv:
    case G.OpUDiv:
    case G.OpMod:
    case G.OpUMod:
      // By a constant it may become nothing but a copy.
      return type === TypeI32 && f.op[f.arg(x, 1)] !== G.OpConst;
    default:
      return false;
  }
}

export const isConst = (f: Func, v: Value): boolean => f.op[v] === G.OpConst;

/** The value of a constant sign-extended from its type when it fits 32 bits, else NaN. */
export function small(f: Func, v: Value): number {
  if (f.op[v] !== G.OpConst) return NaN;
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
export function become(l: LoweringContext, v: Value, op: number, args: Value[], aux = 0): void {
  const f = l.f;
  for (let i = 0; i < args.length; i++) args[i] = strip(f, args[i]);
  f.reset(v, op);
  f.setArgs(v, args);
  if (aux !== 0) f.setAuxInt(v, aux);
}

/** A value of the machine in front of the one being lowered. */
export function make(l: LoweringContext, op: number, type: ValueType, args: Value[], aux = 0): Value {
  for (let i = 0; i < args.length; i++) args[i] = strip(l.f, args[i]);
  const n = l.before(op, type, args);
  if (aux !== 0) l.f.setAuxInt(n, aux);
  return n;
}

/** A generic helper value, lowered in its turn. */
export function generic(l: LoweringContext, op: number, type: ValueType, args: Value[], aux = 0): Value {
  const n = l.before(op, type, args);
  if (aux !== 0) l.f.setAuxInt(n, aux);
  return n;
}

/** A constant of any size. */
export function big(l: LoweringContext, type: ValueType, value: bigint): Value {
  const n = l.constant(type, 0);
  l.f.setAuxBig(n, value);
  return n;
}

export function floatConst(l: LoweringContext, type: ValueType, bits: bigint): Value {
  const n = l.before(G.OpConstF, type, []);
  l.f.setAuxBig(n, bits);
  return n;
}

/** A memory operand being put together. */
export class Address {
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
      if (op === G.OpIntToPtr && f.op[f.arg(base, 0)] === G.OpGetG) {
        base = f.arg(base, 0);
        break;
      }
      if (op === G.OpOffPtr) {
        const d = disp + f.auxInt(base);
        if (!fits32(d)) break;
        disp = d;
        base = f.arg(base, 0);
        continue;
      }
      if (op === G.OpAddPtr) {
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
        if (op === G.OpAdd && f.type[i] === TypeI64) {
          const c = small(f, f.arg(i, 1));
          const d = disp + c * (1 << this.shift);
          if (Number.isNaN(c) || !fits32(d)) break;
          disp = d;
          i = strip(f, f.arg(i, 0));
          continue;
        }
        if (op === G.OpShl && f.type[i] === TypeI64) {
          const c = small(f, f.arg(i, 1));
          if (Number.isNaN(c) || c < 0 || c + this.shift > 3) break;
          this.shift += c;
          i = strip(f, f.arg(i, 0));
          continue;
        }
        if (op === G.OpMul && f.type[i] === TypeI64) {
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

/** The operand that a load reads. */
export const loadAddress = (l: LoweringContext, load: Value): Address =>
  new Address(l.f, l.f.arg(load, 0), l.f.auxInt(load), l.f.block[load]);

/** v = op(x, load) with the load as memory operand. */
export function becomeMem(l: LoweringContext, v: Value, op: number, x: Value, load: Value, kind: number): void {
  const a = loadAddress(l, load);
  const args = [x];
  a.push(args);
  become(l, v, op, args);
  a.set(l.f, v, kind);
}

/** A load is merged into one user only: reading twice could see two values. */
export function mergeable(l: LoweringContext, v: Value, type: ValueType): boolean {
  return l.f.op[v] === G.OpLoad && l.f.type[v] === type && l.canMerge(v);
}

/** Integer operation with two operands: immediate, memory and register forms. */
export function binary(l: LoweringContext, v: Value, op: number, imm: number, mem: number, commutes: boolean): void {
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

/** v = base + index << shift + disp. */
export function lea(l: LoweringContext, v: Value, base: Value, index: Value, shift: number, disp: number): void {
  become(l, v, A.ALEA, [base, index]);
  l.f.auxLo[v] = disp;
  l.f.auxHi[v] = shift << 4;
}

/** The arithmetic type for a small integer. */
export const word = (type: ValueType): ValueType => (type === TypeI64 || type === TypePtr ? TypeI64 : TypeI32);

/** Base and displacement without an index. */
export function constantOffset(f: Func, pointer: Value): [Value, number] {
  let base = strip(f, pointer);
  let disp = 0;
  while (f.op[base] === G.OpOffPtr && fits32(disp + f.auxInt(base) + 4096)) {
    disp += f.auxInt(base);
    base = strip(f, f.arg(base, 0));
  }
  return [base, disp];
}
