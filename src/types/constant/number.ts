// Arithmetic of unlimited integers, fractions and floats of 512 bits, with one rounding for each result.

import { KindUnknown, KindInt, UnknownVal, RatVal, FloatVal, type RealVal, type Constant, asReal } from "./value.ts";

/** Bits in the mantissa of a floating-point constant. */
export const floatPrec = 512;
/** Numbers with this many bits in exponent (or numerator, denominator) are no longer kept as fractions. */
export const maxExp = 4 << 10;
/** The largest exponent of a floating-point constant (mantissa in [0.5, 1)). */
const maxFloatExp = 2 ** 31 - 1;

export function abs(x: bigint): bigint {
  return x < 0n ? -x : x;
}

/** The number of bits of |x|. */
export function bits(x: bigint): number {
  if (x < 0n) x = -x;
  if (x < 0x100000000n) {
    const n = Number(x);
    return 32 - Math.clz32(n);
  }
  const hex = x.toString(16);
  return (hex.length - 1) * 4 + (32 - Math.clz32(Number.parseInt(hex[0] as string, 16)));
}

export function gcd(a: bigint, b: bigint): bigint {
  while (b !== 0n) {
    const r = a % b;
    a = b;
    b = r;
  }
  return a;
}

/** A float without the special cases of Constant: value = m * 2**e; `inf` after overflow. */
interface Big {
  m: bigint;
  e: number;
  inf: boolean;
}

export const nearestEven = 0;
export const toZero = 1;
export const awayFromZero = 2;

/** Rounds m * 2**e to `prec` bits. */
export function roundBig(m: bigint, e: number, prec: number, mode: number): Big {
  const negative = m < 0n;
  let a = negative ? -m : m;
  const drop = bits(a) - prec;
  if (drop > 0) {
    const d = BigInt(drop);
    const rest = a & ((1n << d) - 1n);
    a >>= d;
    e += drop;
    if (rest !== 0n) {
      const half = 1n << (d - 1n);
      let up = mode === awayFromZero;
      if (mode === nearestEven) up = rest > half || (rest === half && (a & 1n) === 1n);
      if (up) a += 1n;
    }
  }
  if (a === 0n) return { m: 0n, e: 0, inf: false };
  const top = bits(a) + e;
  if (top > maxFloatExp) return { m: a, e, inf: true };
  if (top < -maxFloatExp - 1) return { m: 0n, e: 0, inf: false };
  return { m: negative ? -a : a, e, inf: false };
}

export function addBig(am: bigint, ae: number, bm: bigint, be: number): Big {
  if (am === 0n) return roundBig(bm, be, floatPrec, nearestEven);
  if (bm === 0n) return roundBig(am, ae, floatPrec, nearestEven);
  const topA = bits(am) + ae;
  const topB = bits(bm) + be;
  // A number so small that it only decides the direction of rounding is replaced by a tiny one near enough.
  const far = floatPrec + 8;
  if (topA - topB > far + floatPrec) {
    be = topA - far - floatPrec;
    bm = bm < 0n ? -1n : 1n;
  } else if (topB - topA > far + floatPrec) {
    ae = topB - far - floatPrec;
    am = am < 0n ? -1n : 1n;
  }
  const e = Math.min(ae, be);
  return roundBig((am << BigInt(ae - e)) + (bm << BigInt(be - e)), e, floatPrec, nearestEven);
}

export function mulBig(a: Big, b: Big, prec: number): Big {
  if (a.inf || b.inf) return { m: 1n, e: 0, inf: true };
  return roundBig(a.m * b.m, a.e + b.e, prec, nearestEven);
}

/** The quotient of two integers with an exponent, rounded once. */
export function quoBig(am: bigint, ae: number, bm: bigint, be: number, prec: number): Big {
  if (am === 0n) return { m: 0n, e: 0, inf: false };
  const negative = am < 0n !== bm < 0n;
  const a = abs(am);
  const b = abs(bm);
  const shift = Math.max(0, prec + 2 + bits(b) - bits(a));
  const scaled = a << BigInt(shift);
  let q = scaled / b;
  // One more bit says whether anything is left, so that halves are told from more than halves.
  q = (q << 1n) | (q * b === scaled ? 0n : 1n);
  return roundBig(negative ? -q : q, ae - be - shift - 1, prec, nearestEven);
}

/** 5**n with `prec` bits, by the same steps as upstream so that the last bits agree. */
export function pow5(n: number, prec: number): Big {
  const first = Math.min(n, 27);
  let z: Big = { m: 5n ** BigInt(first), e: 0, inf: false };
  n -= first;
  if (n === 0) return z;
  let f: Big = { m: 5n, e: 0, inf: false };
  while (n > 0) {
    if (n % 2 === 1) z = mulBig(z, f, prec);
    f = mulBig(f, f, prec + 64);
    n = Math.floor(n / 2);
  }
  return z;
}

export function fromBig(b: Big): Constant {
  if (b.inf) return new UnknownVal();
  return new FloatVal(b.m, b.e);
}

export function makeRat(num: bigint, den: bigint): Constant {
  if (den < 0n) {
    num = -num;
    den = -den;
  }
  if (den !== 1n) {
    const g = gcd(abs(num), den);
    if (g !== 1n) {
      num /= g;
      den /= g;
    }
  }
  if (bits(num) < maxExp && bits(den) < maxExp) return new RatVal(num, den);
  return fromBig(quoBig(num, 0, den, 0, floatPrec));
}

export function smallFloat(mant: bigint, exp: number): boolean {
  if (mant === 0n) return true;
  const e = bits(mant) + exp;
  return -maxExp < e && e < maxExp;
}

/** A real as m * 2**e, rounded to the precision of floats. */
export function realToFloat(x: RealVal): Constant {
  if (x.kind === KindInt) return fromBig(roundBig(x.val, 0, floatPrec, nearestEven));
  if (x.rat) return fromBig(quoBig(x.num, 0, x.den, 0, floatPrec));
  return x;
}

/** num/den * 2**exp as the nearest number with `prec` bits, none of them worth less than 2**least. */
function roundToNumber(num: bigint, den: bigint, exp: number, prec: number, least: number): number {
  if (num === 0n) return 0;
  const negative = num < 0n;
  const a = abs(num);
  const top = bits(a) - bits(den) + exp;
  if (top > 1100) return negative ? -Infinity : Infinity;
  if (top < -1200) return 0;
  // The value is at least 2**(top-1), so the quotient has two bits more than needed, or up to four.
  let unit = top - prec - 3;
  const shift = exp - unit;
  const n = shift >= 0 ? a << BigInt(shift) : a;
  const d = shift >= 0 ? den : den << BigInt(-shift);
  let q = n / d;
  const sticky = q * d !== n;
  const drop = Math.max(unit + bits(q) - prec, least) - unit;
  const rest = q & ((1n << BigInt(drop)) - 1n);
  const half = 1n << BigInt(drop - 1);
  q >>= BigInt(drop);
  unit += drop;
  if (rest > half || (rest === half && (sticky || (q & 1n) === 1n))) q += 1n;
  const high = Number(q);
  const value = unit < -1022 ? high * 2 ** -1022 * 2 ** (unit + 1022) : high * 2 ** unit;
  return negative ? -value : value;
}

/** The nearest float64, infinite if x is too large. x must be Int, Float or Unknown (0). */
export function float64Val(x: Constant): number {
  if (x.kind === KindUnknown) return 0;
  const r = asReal(x);
  if (r.kind === KindInt) return roundToNumber(r.val, 1n, 0, 53, -1074);
  if (r.rat) return roundToNumber(r.num, r.den, 0, 53, -1074);
  return roundToNumber(r.mant, 1n, r.exp, 53, -1074);
}

/** The nearest float32 (as a number), infinite if x is too large. x must be Int, Float or Unknown (0). */
export function float32Val(x: Constant): number {
  if (x.kind === KindUnknown) return 0;
  const r = asReal(x);
  let v: number;
  if (r.kind === KindInt) v = roundToNumber(r.val, 1n, 0, 24, -149);
  else if (r.rat) v = roundToNumber(r.num, r.den, 0, 24, -149);
  else v = roundToNumber(r.mant, 1n, r.exp, 24, -149);
  if (Math.abs(v) >= 2 ** 128) return v < 0 ? -Infinity : Infinity;
  return v;
}
