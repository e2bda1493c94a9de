// Lowering of comparisons: flags, and the conditions that read them.

import type { Func, Value } from "../../ssa/func.ts";
import * as G from "../../ssa/ops.gen.ts";
import type { LoweringContext } from "../../ssa/target.ts";
import { isFloat, TypeFlags, TypeI8, typeSize } from "../../ssa/types.ts";
import { CcEqF, CcNeF, KindZ8, kindOf, negated } from "./kinds.ts";
import { strip, isConst, small, become, make, loadAddress, mergeable } from "./pattern.ts";
import * as A from "./ops.gen.ts";
import { CcB, CcAE, CcE, CcNE, CcBE, CcA, CcL, CcGE, CcLE, CcG } from "./regs.ts";

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

/** Operations that lowering makes flags for. */
export const isCompare = (op: number): boolean =>
  op === G.OpEq ||
  op === G.OpNe ||
  op === G.OpLt ||
  op === G.OpLe ||
  op === G.OpULt ||
  op === G.OpULe ||
  op === G.OpFEq ||
  op === G.OpFNe ||
  op === G.OpFLt ||
  op === G.OpFLe;

/** Makes the flags for a boolean, in front of the value being lowered; returns [flags, condition under which it is true]. */
export function flagsOf(l: LoweringContext, bool: Value): [Value, number] {
  const f = l.f;
  let c = bool;
  let invert = 0;
  for (;;) {
    const op = f.op[c];
    if (op === G.OpCopy) c = f.arg(c, 0);
    else if (op === G.OpBoolNot) {
      invert ^= 1;
      c = f.arg(c, 0);
    } else break;
  }
  const op = f.op[c];
  if (op === A.APOLL) {
    const flags = l.before(A.APOLL, TypeFlags, []);
    return [flags, CcBE ^ invert];
  }
  if (isCompare(op)) {
    const [flags, cc] = compare(l, c, f.uses[c] === 1 && f.uses[bool] === 1);
    return [flags, invert !== 0 ? negated(cc) : cc];
  }
  if (f.op[c] === G.OpLoad && f.type[c] === TypeI8 && l.canMerge(c)) {
    const a = loadAddress(l, c);
    const args: Value[] = [];
    a.push(args);
    const flags = make(l, A.ACMPMI, TypeFlags, args);
    a.set(f, flags, KindZ8);
    return [flags, CcNE ^ invert];
  }
  const flags = make(l, A.ATEST, TypeFlags, [c, c]);
  f.aux[flags] = 1;
  return [flags, CcNE ^ invert];
}

/** `merges`: no other code computes the comparison again, so loads may be folded. */
export function compare(l: LoweringContext, c: Value, merges: boolean): [Value, number] {
  const f = l.f;
  const op = f.op[c];
  let x = f.arg(c, 0);
  let y = f.arg(c, 1);
  const type = f.type[x];
  if (isFloat(type)) {
    if (op === G.OpFLt || op === G.OpFLe) {
      const t = x;
      x = y;
      y = t;
    }
    let flags: Value;
    if (merges && mergeable(l, y, type)) {
      const a = loadAddress(l, y);
      const args = [x];
      a.push(args);
      flags = make(l, A.AUCOMIM, TypeFlags, args);
      a.set(f, flags, kindOf(type));
    } else {
      flags = make(l, A.AUCOMI, TypeFlags, [x, y]);
    }
    f.aux[flags] = typeSize(type);
    return [flags, op === G.OpFLt ? CcA : op === G.OpFLe ? CcAE : op === G.OpFEq ? CcEqF : CcNeF];
  }
  let cc = op === G.OpEq ? CcE : op === G.OpNe ? CcNE : op === G.OpLt ? CcL : op === G.OpLe ? CcLE : op === G.OpULt ? CcB : CcBE;
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
      const flags = make(l, A.ACMPMI, TypeFlags, args);
      a.set(f, flags, kindOf(type));
      f.aux[flags] = n;
      return [flags, cc];
    }
    if (n === 0) {
      // x & y against zero; signed and equality conditions read the same flags as a compare with zero.
      const and = strip(f, x);
      if (f.op[and] === G.OpAnd && f.type[and] === type && (cc === CcE || cc === CcNE)) {
        const m = small(f, f.arg(and, 1));
        const flags = Number.isNaN(m)
          ? make(l, A.ATEST, TypeFlags, [f.arg(and, 0), f.arg(and, 1)])
          : make(l, A.ATESTI, TypeFlags, [f.arg(and, 0)], m);
        f.aux[flags] = size;
        return [flags, cc];
      }
      const flags = make(l, A.ATEST, TypeFlags, [x, x]);
      f.aux[flags] = size;
      // For the emitter: with these the flags of an addition that made x do as well.
      f.auxLo[flags] = cc === CcE || cc === CcNE ? 1 : 0;
      return [flags, cc];
    }
    const flags = make(l, A.ACMPI, TypeFlags, [x], n);
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
    const flags = make(l, A.ACMPM, TypeFlags, args);
    a.set(f, flags, kindOf(type));
    return [flags, cc];
  }
  const flags = make(l, A.ACMP, TypeFlags, [x, y]);
  f.aux[flags] = size;
  return [flags, cc];
}

export function lowerSelect(l: LoweringContext, v: Value): void {
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
  become(l, v, isFloat(f.type[v]) ? A.ACMOVF : A.ACMOV, [ifFalse, ifTrue, flags], cc);
}

/** Sets the condition of a value that reads flags. */
export function fixCc(f: Func, v: Value, cc: number): void {
  f.auxLo[v] = cc;
  f.auxHi[v] = 0;
}
