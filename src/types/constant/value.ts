// The values of constant expressions: booleans, strings, integers of any size, fractions, floating-point numbers with a
// mantissa of 512 bits, and complex numbers. The rules (when a fraction becomes a float, how literals and results are
// rounded, how values print) are those of go/constant, because they show in programs and in error messages.

import { constantString } from "./text.ts";

// Kinds of constants, in order of generality.
export const KindUnknown = 0;
export const KindBool = 1;
export const KindString = 2;
export const KindInt = 3;
export const KindFloat = 4;
export const KindComplex = 5;

/** The value of an erroneous constant expression. */
export class UnknownVal {
  readonly kind: typeof KindUnknown = KindUnknown;
}

export class BoolVal {
  readonly kind: typeof KindBool = KindBool;
  readonly val: boolean;

  constructor(val: boolean) {
    this.val = val;
  }
}

/** A byte string. */
export class StringVal {
  readonly kind: typeof KindString = KindString;
  readonly val: string;

  constructor(val: string) {
    this.val = val;
  }
}

export class IntVal {
  readonly kind: typeof KindInt = KindInt;
  readonly val: bigint;

  constructor(val: bigint) {
    this.val = val;
  }
}

/** The first integers, made once. */
export const smallInts: readonly IntVal[] = Array.from({ length: 1024 }, (_, i) => new IntVal(BigInt(i)));

/** A Float that is num/den in lowest terms, den > 0. */
export class RatVal {
  readonly kind: typeof KindFloat = KindFloat;
  readonly rat = true;
  readonly num: bigint;
  readonly den: bigint;

  constructor(num: bigint, den: bigint) {
    this.num = num;
    this.den = den;
  }
}

/** A Float that is mant * 2**exp, where mant has at most 512 bits. */
export class FloatVal {
  readonly kind: typeof KindFloat = KindFloat;
  readonly rat = false;
  readonly mant: bigint;
  readonly exp: number;

  constructor(mant: bigint, exp: number) {
    this.mant = mant;
    this.exp = exp;
  }
}

/** re and im are Int or Float. */
export class ComplexVal {
  readonly kind: typeof KindComplex = KindComplex;
  readonly re: RealVal;
  readonly im: RealVal;

  constructor(re: RealVal, im: RealVal) {
    this.re = re;
    this.im = im;
  }
}

export type RealVal = IntVal | RatVal | FloatVal;

/** A constant value. */
export type Constant = UnknownVal | BoolVal | StringVal | IntVal | RatVal | FloatVal | ComplexVal;

export function asReal(x: Constant): RealVal {
  if (x.kind === KindInt || x.kind === KindFloat) return x;
  throw new Error(`${constantString(x)} is not Int or Float`);
}
