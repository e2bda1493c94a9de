// Constants out of host values and of literals as they stand in the source.

import { FloatLit, ImagLit, IntLit, RuneLit, StringLit } from "../../syntax/tokens.ts";
import { unquote, unquoteChar } from "./bytestring.ts";
import { floatPrec, gcd, nearestEven, roundBig, mulBig, quoBig, pow5, makeRat, smallFloat } from "./number.ts";
import {
  KindUnknown,
  UnknownVal,
  BoolVal,
  StringVal,
  IntVal,
  RatVal,
  FloatVal,
  ComplexVal,
  type Constant,
  asReal,
  smallInts,
} from "./value.ts";

export function makeUnknown(): Constant {
  return new UnknownVal();
}

export function makeBool(b: boolean): Constant {
  return new BoolVal(b);
}

/** `s` is a byte string. */
export function makeString(s: string): Constant {
  return new StringVal(s);
}

export function makeInt(x: number | bigint): Constant {
  return new IntVal(BigInt(x));
}

/** Infinities and NaN give Unknown. */
export function makeFloat64(x: number): Constant {
  if (!Number.isFinite(x)) return new UnknownVal();
  if (x === 0) return new RatVal(0n, 1n);
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const raw = view.getBigUint64(0);
  const biased = Number((raw >> 52n) & 0x7ffn);
  let m = raw & 0xfffffffffffffn;
  if (biased !== 0) m |= 1n << 52n;
  const e = (biased === 0 ? 1 : biased) - 1075;
  if (x < 0) m = -m;
  return e >= 0 ? new RatVal(m << BigInt(e), 1n) : makeRat(m, 1n << BigInt(-e));
}

/** x must be Int, Float or Unknown. */
export function makeImag(x: Constant): Constant {
  if (x.kind === KindUnknown) return x;
  return new ComplexVal(new IntVal(0n), asReal(x));
}

export function makeComplex(re: Constant, im: Constant): Constant {
  if (re.kind === KindUnknown || im.kind === KindUnknown) return new UnknownVal();
  return new ComplexVal(asReal(re), asReal(im));
}

/** An Int of a number that is not negative. */
export function makeSmall(x: number): IntVal {
  return x < smallInts.length ? (smallInts[x] as IntVal) : new IntVal(BigInt(x));
}

/** The value of a decimal or hexadecimal literal of a few digits, as most are; -1 for others. */
export function smallInteger(lit: string): number {
  const length = lit.length;
  const first = lit.charCodeAt(0);
  if (first === 48) {
    if (length === 1) return 0;
    if (length > 14 || length === 2 || (lit.charCodeAt(1) | 32) !== 120) return -1;
    let v = 0;
    for (let i = 2; i < length; i++) {
      const c = lit.charCodeAt(i);
      const letter = (c | 32) - 87;
      if (c >= 48 && c <= 57) v = v * 16 + c - 48;
      else if (letter >= 10 && letter <= 15) v = v * 16 + letter;
      else return -1;
    }
    return v;
  }
  if (length > 15) return -1;
  let v = 0;
  for (let i = 0; i < length; i++) {
    const c = lit.charCodeAt(i);
    if (c < 48 || c > 57) return -1;
    v = v * 10 + c - 48;
  }
  return v;
}

/** The value of a literal as it stands in the source, Unknown where it is malformed or out of range. */
export function makeFromLiteral(lit: string, litKind: number): Constant {
  switch (litKind) {
    case IntLit: {
      const small = smallInteger(lit);
      if (small >= 0) return makeSmall(small);
      const digits = lit.replaceAll("_", "");
      if (/^0[0-7]+$/.test(digits)) return new IntVal(BigInt(`0o${digits.slice(1)}`));
      if (/^(0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|0|[1-9][0-9]*)$/.test(digits)) {
        return new IntVal(BigInt(digits));
      }
      return new UnknownVal();
    }
    case FloatLit:
      return floatFromLiteral(lit);
    case ImagLit:
      return lit.endsWith("i") ? makeComplexLiteral(floatFromLiteral(lit.slice(0, -1))) : new UnknownVal();
    case RuneLit: {
      const code = unquoteChar(lit.slice(1, -1));
      return code < 0 ? new UnknownVal() : new IntVal(BigInt(code));
    }
    case StringLit: {
      const s = unquote(lit);
      return s === null ? new UnknownVal() : new StringVal(s);
    }
    default:
      throw new Error(`no kind of literal: ${litKind}`);
  }
}

function makeComplexLiteral(im: Constant): Constant {
  return makeComplex(new IntVal(0n), im);
}

const floatPattern = /^(0[xX]|0[oO]|0[bB])?([0-9a-fA-F]*)(?:\.([0-9a-fA-F]*))?(?:[pP]([+-]?[0-9]+))?$/;
const decimalPattern = /^([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]+))?$/;

function floatFromLiteral(text: string): Constant {
  const lit = text.replaceAll("_", "");
  let digits: string;
  let exp2 = 0;
  let exp5 = 0;
  let prefix = "";
  const decimal = decimalPattern.exec(lit);
  let mant: bigint;
  if (decimal !== null) {
    const fraction = decimal[2] ?? "";
    digits = (decimal[1] as string) + fraction;
    if (digits === "") return new UnknownVal();
    mant = BigInt(digits.replace(/^0+(?=.)/, ""));
    const exp10 = Number(decimal[3] ?? "0") - fraction.length;
    exp2 = exp10;
    exp5 = exp10;
  } else {
    const other = floatPattern.exec(lit);
    if (other === null || other[1] === undefined) return new UnknownVal();
    prefix = other[1].toLowerCase();
    const fraction = other[3] ?? "";
    digits = (other[2] as string) + fraction;
    if (digits === "" || (prefix !== "0x" && (fraction !== "" || other[4] !== undefined))) return new UnknownVal();
    mant = BigInt(prefix + digits);
    exp2 = Number(other[4] ?? "0") - 4 * fraction.length;
  }
  if (mant === 0n) return new RatVal(0n, 1n);
  if (!Number.isSafeInteger(exp2) || Math.abs(exp2) > 2 ** 33) {
    // Beyond what any float can hold.
    return exp2 > 0 ? new UnknownVal() : new RatVal(0n, 1n);
  }
  let z = roundBig(mant, exp2, floatPrec, nearestEven);
  if (exp5 !== 0 && !z.inf) {
    const p = pow5(Math.abs(exp5), floatPrec + 64);
    if (exp5 < 0) z = p.inf ? { m: 0n, e: 0, inf: false } : quoBig(z.m, z.e, p.m, p.e, floatPrec);
    else z = mulBig(z, p, floatPrec);
  }
  if (z.inf) return new UnknownVal();
  if (z.m === 0n) return new RatVal(0n, 1n);
  if (!smallFloat(z.m, z.e)) return new FloatVal(z.m, z.e);
  // Small enough to be held exactly.
  let num = mant;
  let den = 1n;
  if (decimal !== null) {
    if (exp5 > 0) num *= 10n ** BigInt(exp5);
    else den = 10n ** BigInt(-exp5);
  } else if (exp2 > 0) num <<= BigInt(exp2);
  else den = 1n << BigInt(-exp2);
  const g = gcd(num, den);
  return new RatVal(num / g, den / g);
}
