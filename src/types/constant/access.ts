// What a constant holds, as host values.

import { bits } from "./number.ts";
import { constantString } from "./text.ts";
import { KindUnknown, KindBool, KindString, KindInt, KindFloat, KindComplex, IntVal, type Constant } from "./value.ts";

export function boolVal(x: Constant): boolean {
  if (x.kind === KindBool) return x.val;
  if (x.kind === KindUnknown) return false;
  throw new Error(`${constantString(x)} is not a Bool`);
}

/** The byte string. */
export function stringVal(x: Constant): string {
  if (x.kind === KindString) return x.val;
  if (x.kind === KindUnknown) return "";
  throw new Error(`${constantString(x)} is not a String`);
}

/** The integer; x must be Int or Unknown (0). */
export function intVal(x: Constant): bigint {
  if (x.kind === KindInt) return x.val;
  if (x.kind === KindUnknown) return 0n;
  throw new Error(`${constantString(x)} is not an Int`);
}

const minInt64 = -(1n << 63n);
const maxInt64 = (1n << 63n) - 1n;
const maxUint64 = (1n << 64n) - 1n;

/** The value of an Int that fits 64 bits with sign, else null. */
export function int64Val(x: Constant): bigint | null {
  if (x.kind === KindUnknown) return null;
  const v = intVal(x);
  return v >= minInt64 && v <= maxInt64 ? v : null;
}

/** The value of an Int that fits 64 bits without sign, else null. */
export function uint64Val(x: Constant): bigint | null {
  if (x.kind === KindUnknown) return null;
  const v = intVal(x);
  return v >= 0n && v <= maxUint64 ? v : null;
}

/** The number of bits of |x|; x must be Int or Unknown. */
export function bitLen(x: Constant): number {
  return bits(intVal(x));
}

/** -1, 0 or 1; for complex numbers 0 if and only if x is 0. Unknown gives 1, so that nobody complains about a zero. */
export function sign(x: Constant): number {
  switch (x.kind) {
    case KindUnknown:
      return 1;
    case KindInt:
      return x.val < 0n ? -1 : x.val > 0n ? 1 : 0;
    case KindFloat: {
      const m = x.rat ? x.num : x.mant;
      return m < 0n ? -1 : m > 0n ? 1 : 0;
    }
    case KindComplex:
      return sign(x.re) | sign(x.im);
    default:
      throw new Error(`${constantString(x)} is not numeric`);
  }
}

export function real(x: Constant): Constant {
  return x.kind === KindComplex ? x.re : x;
}

export function imag(x: Constant): Constant {
  if (x.kind === KindComplex) return x.im;
  return x.kind === KindUnknown ? x : new IntVal(0n);
}
