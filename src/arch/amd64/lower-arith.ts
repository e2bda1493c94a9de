// Lowering of integer and float arithmetic, shifts and extensions.

import { divideByConstant } from "../../codegen/divide.ts";
import type { Value } from "../../ssa/func.ts";
import * as G from "../../ssa/ops.gen.ts";
import type { LoweringContext } from "../../ssa/target.ts";
import { TypeFlags, TypeI32, TypeI64, typeSize } from "../../ssa/types.ts";
import { KindS8, kindOf } from "./kinds.ts";
import { strip, clearsHigh, isConst, small, become, make, generic, loadAddress, becomeMem, mergeable, binary, lea } from "./pattern.ts";
import * as A from "./ops.gen.ts";

export function lowerAdd(l: LoweringContext, v: Value): void {
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
      if (f.op[inner] === G.OpAdd && f.type[inner] === type && f.uses[inner] === 1 && Number.isNaN(small(f, f.arg(inner, 1)))) {
        lea(l, v, f.arg(inner, 0), f.arg(inner, 1), 0, c);
        return;
      }
      become(l, v, A.AADDI, [x], c);
      return;
    }
    for (let k = 0; k < 2; k++) {
      const s = k === 0 ? y : x;
      const other = k === 0 ? x : y;
      if (f.op[s] === G.OpShl && f.type[s] === type && f.uses[s] === 1) {
        const n = small(f, f.arg(s, 1));
        if (n >= 1 && n <= 3) {
          lea(l, v, other, f.arg(s, 0), n, 0);
          return;
        }
      }
    }
  }
  binary(l, v, A.AADD, A.AADDI, A.AADDM, true);
}

export function lowerMul(l: LoweringContext, v: Value): void {
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
      become(l, v, f.type[v] === TypeI32 ? A.AMOVZX : A.AMOV, [x], f.type[v] === TypeI32 ? 4 : 0);
      return;
    }
    if (c > 0 && (c & (c - 1)) === 0) {
      become(l, v, A.ASHLI, [x], 31 - Math.clz32(c));
      return;
    }
    if (c === 3 || c === 5 || c === 9) {
      lea(l, v, x, x, c === 3 ? 1 : c === 5 ? 2 : 3, 0);
      return;
    }
    if (c === -1) {
      become(l, v, A.ANEG, [x]);
      return;
    }
    become(l, v, A.AIMULI, [x], c);
    return;
  }
  binary(l, v, A.AIMUL, 0, A.AIMULM, true);
}

export function lowerDiv(l: LoweringContext, v: Value, op: number, signed: boolean): void {
  const f = l.f;
  if (f.op[f.arg(v, 1)] === G.OpConst && divideByConstant(l, v)) {
    become(l, v, A.AMOV, [f.arg(v, 0)]);
    return;
  }
  let x = f.arg(v, 0);
  let y = f.arg(v, 1);
  if (typeSize(f.type[v]) < 4) {
    const ext = signed ? G.OpSignExt : G.OpZeroExt;
    x = generic(l, ext, TypeI32, [x]);
    y = generic(l, ext, TypeI32, [y]);
  }
  become(l, v, op, [x, y]);
}

export function lowerAnd(l: LoweringContext, v: Value): void {
  const f = l.f;
  for (let k = 0; k < 2; k++) {
    const y = f.arg(v, k);
    if (!isConst(f, y)) continue;
    const x = f.arg(v, 1 - k);
    if (f.auxHi[y] === 0 && f.type[v] === TypeI64 && f.auxLo[y] === -1) {
      become(l, v, A.AMOVZX, [x], 4);
      return;
    }
    const c = small(f, y);
    if (c === 0xff || c === 0xffff) {
      become(l, v, A.AMOVZX, [x], c === 0xff ? 1 : 2);
      return;
    }
  }
  binary(l, v, A.AAND, A.AANDI, A.AANDM, true);
}

export function lowerShift(l: LoweringContext, v: Value): void {
  const f = l.f;
  const op = f.op[v];
  const type = f.type[v];
  const bits = 8 * typeSize(type);
  const machineBits = bits === 64 ? 64 : 32;
  let x = f.arg(v, 0);
  const y = f.arg(v, 1);
  const bounded = f.auxLo[v] !== 0;
  if (bits < 32 && op !== G.OpShl) x = generic(l, op === G.OpSar ? G.OpSignExt : G.OpZeroExt, TypeI32, [x]);
  const variable = op === G.OpShl ? A.ASHL : op === G.OpShr ? A.ASHR : A.ASAR;
  if (isConst(f, y)) {
    const size = 8 * typeSize(f.type[y]);
    const count = BigInt.asUintN(size, f.auxBig(y));
    if (count >= BigInt(bits)) {
      if (op === G.OpSar) become(l, v, A.ASARI, [x], bits < 32 ? 31 : bits - 1);
      else {
        f.reset(v, G.OpConst);
      }
      return;
    }
    const n = Number(count);
    if (n === 0) become(l, v, type === TypeI32 ? A.AMOVZX : A.AMOV, [x], type === TypeI32 ? 4 : 0);
    else become(l, v, op === G.OpShl ? A.ASHLI : op === G.OpShr ? A.ASHRI : A.ASARI, [x], n);
    return;
  }
  if (bounded) {
    become(l, v, variable, [x, y]);
    return;
  }
  const flags = make(l, A.ACMPI, TypeFlags, [y], machineBits);
  f.aux[flags] = typeSize(f.type[y]);
  if (op === G.OpSar) {
    // A count that is too large becomes all ones, of which the machine takes the low bits.
    const narrow = typeSize(f.type[y]) === 8 ? TypeI64 : TypeI32;
    const mask = make(l, A.ACARRYMASK, narrow, [flags]);
    const not = make(l, A.ANOT, narrow, [mask]);
    const count = make(l, A.AOR, narrow, [not, y]);
    become(l, v, A.ASAR, [x, count]);
    return;
  }
  const mask = make(l, A.ACARRYMASK, machineBits === 64 ? TypeI64 : TypeI32, [flags]);
  const shifted = make(l, variable, machineBits === 64 ? TypeI64 : TypeI32, [x, y]);
  become(l, v, A.AAND, [shifted, mask]);
}

export function lowerExtend(l: LoweringContext, v: Value, signed: boolean): void {
  const f = l.f;
  const x = f.arg(v, 0);
  const from = typeSize(f.type[x]);
  if (from >= typeSize(f.type[v])) {
    become(l, v, A.AMOV, [x]);
    return;
  }
  if (f.op[x] === G.OpLoad && l.canMerge(x)) {
    const a = loadAddress(l, x);
    const args: Value[] = [];
    a.push(args);
    become(l, v, A.ALOAD, args);
    const kind = from === 1 ? 0 : from === 2 ? 1 : 2;
    a.set(f, v, signed ? kind + KindS8 : kind);
    return;
  }
  if (!signed && clearsHigh(f, x)) become(l, v, A.AMOV, [x]);
  else become(l, v, signed ? A.AMOVSX : A.AMOVZX, [x], from);
}

export function lowerMulHigh(l: LoweringContext, v: Value, signed: boolean): void {
  const f = l.f;
  const type = f.type[v];
  const x = f.arg(v, 0);
  const y = f.arg(v, 1);
  if (type === TypeI64) {
    become(l, v, signed ? A.AIMULH : A.AUMULH, [x, y]);
    return;
  }
  const ext = signed ? G.OpSignExt : G.OpZeroExt;
  const product = make(l, A.AIMUL, TypeI64, [generic(l, ext, TypeI64, [x]), generic(l, ext, TypeI64, [y])]);
  const high = make(l, signed ? A.ASARI : A.ASHRI, TypeI64, [product], 8 * typeSize(type));
  become(l, v, A.AMOV, [high]);
}

export function floatBinary(l: LoweringContext, v: Value, op: number, mem: number, commutes: boolean): void {
  const f = l.f;
  const type = f.type[v];
  let x = f.arg(v, 0);
  let y = f.arg(v, 1);
  if (commutes && f.op[x] === G.OpConstF) {
    x = y;
    y = f.arg(v, 0);
  }
  if (mergeable(l, y, type)) becomeMem(l, v, mem, x, y, kindOf(type));
  else if (commutes && mergeable(l, x, type)) becomeMem(l, v, mem, y, x, kindOf(type));
  else become(l, v, op, [x, y]);
}
