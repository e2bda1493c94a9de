// Lowering of operations on the bits of a word.

import type { Value } from "../../ssa/func.ts";
import * as G from "../../ssa/ops.gen.ts";
import type { LoweringContext } from "../../ssa/target.ts";
import { TypeI16, TypeI32, TypeI64, TypeI8, typeSize } from "../../ssa/types.ts";
import { become, make, generic, big, word } from "./pattern.ts";
import * as A from "./ops.gen.ts";

export function lowerPopCount(l: LoweringContext, v: Value): void {
  const f = l.f;
  let x = f.arg(v, 0);
  const type = word(f.type[x]);
  if (typeSize(f.type[x]) < 4) x = generic(l, G.OpZeroExt, TypeI32, [x]);
  const k = (n: bigint): Value => big(l, type, BigInt.asIntN(type === TypeI64 ? 64 : 32, n));
  const shift = (a: Value, n: number): Value => make(l, A.ASHRI, type, [a], n);
  const and = (a: Value, n: bigint): Value => generic(l, G.OpAnd, type, [a, k(n)]);
  const x1 = generic(l, G.OpSub, type, [x, and(shift(x, 1), 0x5555555555555555n)]);
  const x2 = generic(l, G.OpAdd, type, [and(x1, 0x3333333333333333n), and(shift(x1, 2), 0x3333333333333333n)]);
  const x4 = and(generic(l, G.OpAdd, type, [x2, shift(x2, 4)]), 0x0f0f0f0f0f0f0f0fn);
  const sum = generic(l, G.OpMul, type, [x4, k(0x0101010101010101n)]);
  become(l, v, A.AMOV, [shift(sum, type === TypeI64 ? 56 : 24)]);
}

export function lowerBitReverse(l: LoweringContext, v: Value): void {
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
    const high = generic(l, G.OpAnd, type, [make(l, A.ASHRI, type, [r], n), k(mask)]);
    const low = make(l, A.ASHLI, type, [generic(l, G.OpAnd, type, [r, k(mask)])], n);
    r = make(l, A.AOR, type, [high, low]);
  }
  if (bits === 8) {
    become(l, v, A.AMOV, [r]);
    return;
  }
  const s = make(l, A.ABSWAP, type, [r]);
  if (bits === 16) become(l, v, A.ASHRI, [s], 16);
  else become(l, v, A.AMOV, [s]);
}

export function lowerByteSwap(l: LoweringContext, v: Value): void {
  const f = l.f;
  const x = f.arg(v, 0);
  if (f.type[v] === TypeI16) become(l, v, A.AROLI, [x], 8);
  else if (f.type[v] === TypeI8) become(l, v, A.AMOV, [x]);
  else become(l, v, A.ABSWAP, [x]);
}
