// Division by constants without a division: a multiplication by the reciprocal, scaled so that it is exact for all dividends (Warren,
// "Hacker's Delight", chapter 10). Powers of two are shifts.

import type { Func, Value } from "../ssa/func.ts";
import {
  OpAdd,
  OpAnd,
  OpConst,
  OpDiv,
  OpMod,
  OpMul,
  OpMulHi,
  OpNeg,
  OpSar,
  OpShr,
  OpSignExt,
  OpSub,
  OpTrunc,
  OpUMod,
  OpUMulHi,
  OpZeroExt,
} from "../ssa/ops.gen.ts";
import type { LoweringContext } from "../ssa/target.ts";
import { TypeI32, TypeI64, type ValueType, typeSize } from "../ssa/types.ts";

/** The least k with 2^k >= n. */
function log2Ceil(n: bigint): number {
  return n <= 1n ? 0 : (n - 1n).toString(2).length;
}

function trailingZeros(n: bigint): number {
  let k = 0;
  while (((n >> BigInt(k)) & 1n) === 0n) k++;
  return k;
}

class Divider {
  private readonly l: LoweringContext;
  private readonly f: Func;

  constructor(l: LoweringContext) {
    this.l = l;
    this.f = l.f;
  }

  private make(op: number, type: ValueType, ...args: Value[]): Value {
    return this.l.before(op, type, args);
  }

  constant(type: ValueType, value: bigint): Value {
    const v = this.l.constant(type, 0);
    this.f.setAuxBig(v, BigInt.asIntN(8 * typeSize(type), value));
    return v;
  }

  private shift(op: number, type: ValueType, x: Value, by: number): Value {
    if (by === 0) return x;
    const count = this.constant(type, BigInt(by));
    const v = this.make(op, type, x, count);
    this.f.setAuxInt(v, 1);
    return v;
  }

  /** x / c for unsigned x of 32 or 64 bits; c is at least 1. */
  unsigned(type: ValueType, x: Value, c: bigint): Value {
    const bits = 8 * typeSize(type);
    const k = log2Ceil(c);
    if (c === 1n << BigInt(k)) return this.shift(OpShr, type, x, k);
    const zeros = trailingZeros(c);
    if (zeros > 0) {
      // An even divisor: with the dividend shifted first the multiplier loses a bit and fits.
      const odd = c >> BigInt(zeros);
      const left = bits - zeros;
      const s = log2Ceil(odd);
      const m = ((1n << BigInt(left + s)) + odd - 1n) / odd;
      const small = this.shift(OpShr, type, x, zeros);
      if (bits === 32) {
        const product = this.make(OpMul, TypeI64, this.make(OpZeroExt, TypeI64, small), this.constant(TypeI64, m));
        return this.make(OpTrunc, TypeI32, this.shift(OpShr, TypeI64, product, left + s));
      }
      // floor(x * m / 2^(left + s)): the product's high half is x * m / 2^64.
      const scaled = left + s - 64;
      if (scaled >= 0) return this.shift(OpShr, type, this.make(OpUMulHi, type, small, this.constant(type, m)), scaled);
      return this.make(OpUMulHi, type, small, this.constant(type, m << BigInt(-scaled)));
    }
    // ceil(2^(bits + k) / c) has bits + 1 bits; an even one can lose some.
    let m = ((1n << BigInt(bits + k)) + c - 1n) / c;
    let s = k;
    while ((m & 1n) === 0n && s > 0) {
      m >>= 1n;
      s--;
    }
    if (bits === 32) {
      const wide = this.make(OpZeroExt, TypeI64, x);
      if (m < 1n << 32n) {
        const product = this.make(OpMul, TypeI64, wide, this.constant(TypeI64, m));
        return this.make(OpTrunc, TypeI32, this.shift(OpShr, TypeI64, product, 32 + s));
      }
      const high = this.make(OpUMulHi, TypeI64, wide, this.constant(TypeI64, m << BigInt(32 - s)));
      return this.make(OpTrunc, TypeI32, high);
    }
    if (m < 1n << 64n) return this.shift(OpShr, type, this.make(OpUMulHi, type, x, this.constant(type, m)), s);
    const high = this.make(OpUMulHi, type, x, this.constant(type, m - (1n << 64n)));
    const half = this.shift(OpShr, type, this.make(OpSub, type, x, high), 1);
    return this.shift(OpShr, type, this.make(OpAdd, type, half, high), s - 1);
  }

  /** x / c for signed x of 32 or 64 bits, c not 0. */
  signed(type: ValueType, x: Value, c: bigint): Value {
    if (c < 0n) return this.make(OpNeg, type, this.signed(type, x, -c));
    const bits = 8 * typeSize(type);
    if (c === 1n) return x;
    const k = log2Ceil(c);
    if (c === 1n << BigInt(k)) {
      // Negative dividends round towards zero: add c - 1 first.
      const sign = this.shift(OpSar, type, x, bits - 1);
      const bias = this.shift(OpShr, type, sign, bits - k);
      return this.shift(OpSar, type, this.make(OpAdd, type, x, bias), k);
    }
    const s = k - 1;
    const m = ((1n << BigInt(bits + s)) + c - 1n) / c;
    let q: Value;
    if (bits === 32) {
      const product = this.make(OpMul, TypeI64, this.make(OpSignExt, TypeI64, x), this.constant(TypeI64, m));
      q = this.make(OpTrunc, TypeI32, this.shift(OpSar, TypeI64, product, 32 + s));
    } else {
      // m is taken as a signed number, 2^64 too small.
      const high = this.make(OpMulHi, type, x, this.constant(type, m));
      q = this.shift(OpSar, type, m >= 1n << 63n ? this.make(OpAdd, type, high, x) : high, s);
    }
    return this.make(OpSub, type, q, this.shift(OpSar, type, x, bits - 1));
  }

  remainder(type: ValueType, x: Value, q: Value, c: bigint): Value {
    return this.make(OpSub, type, x, this.make(OpMul, type, q, this.constant(type, c)));
  }

  and(type: ValueType, x: Value, mask: bigint): Value {
    return this.make(OpAnd, type, x, this.constant(type, mask));
  }
}

/** Lowers Div, UDiv, Mod or UMod whose divisor is a constant; false when it must stay a division (by zero). */
export function divideByConstant(l: LoweringContext, v: Value): boolean {
  const f = l.f;
  const op = f.op[v];
  const signed = op === OpDiv || op === OpMod;
  const mod = op === OpMod || op === OpUMod;
  const bits = 8 * typeSize(f.type[v]);
  const y = f.arg(v, 1);
  if (f.op[y] !== OpConst) return false;
  const c = signed ? BigInt.asIntN(bits, f.auxBig(y)) : BigInt.asUintN(bits, f.auxBig(y));
  if (c === 0n) return false;
  const d = new Divider(l);
  let x = f.arg(v, 0);
  const type = bits === 64 ? TypeI64 : TypeI32;
  if (bits < 32) x = l.before(signed ? OpSignExt : OpZeroExt, type, [x]);
  let result: Value;
  if (op === OpUMod && (c & (c - 1n)) === 0n) result = d.and(type, x, c - 1n);
  else {
    const q = signed ? d.signed(type, x, c) : d.unsigned(type, x, c);
    result = mod ? d.remainder(type, x, q, c) : q;
  }
  f.copyOf(v, result);
  return true;
}
