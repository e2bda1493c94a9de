// Values of constant expressions: booleans, strings, integers of any size, fractions, floating-point numbers with a
// mantissa of 512 bits, and complex numbers. The rules (when a fraction becomes a float, how literals and results are
// rounded, how values print) are those of go/constant, because they show in programs and in error messages.
//
// Strings are Go strings, that is bytes: a StringVal holds a "byte string", a JavaScript string whose characters are
// all below 256. So length, indexing, comparison and concatenation are those of Go. `toByteString` and `fromByteString`
// convert from and to ordinary text.

import {
  FloatLit,
  ImagLit,
  IntLit,
  OpAdd,
  OpAnd,
  OpAndAnd,
  OpAndNot,
  OpDiv,
  OpEql,
  OpGeq,
  OpGtr,
  OpLeq,
  OpLss,
  OpMul,
  OpNeq,
  OpNot,
  OpOr,
  OpOrOr,
  OpRem,
  OpShl,
  OpSub,
  OpXor,
  RuneLit,
  StringLit,
} from "../syntax/tokens.ts";

/** The binary operation "integer division", beside the syntax operators (OpDiv of two integers makes a fraction). */
export const OpIntDiv = 64;

// Kinds of constants, in order of generality.
export const KindUnknown = 0;
export const KindBool = 1;
export const KindString = 2;
export const KindInt = 3;
export const KindFloat = 4;
export const KindComplex = 5;

/** Bits in the mantissa of a floating-point constant. */
const floatPrec = 512;
/** Numbers with this many bits in exponent (or numerator, denominator) are no longer kept as fractions. */
const maxExp = 4 << 10;
/** The largest exponent of a floating-point constant (mantissa in [0.5, 1)). */
const maxFloatExp = 2 ** 31 - 1;

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

type RealVal = IntVal | RatVal | FloatVal;

/** A constant value. */
export type Constant = UnknownVal | BoolVal | StringVal | IntVal | RatVal | FloatVal | ComplexVal;

// ---- Numbers

function abs(x: bigint): bigint {
  return x < 0n ? -x : x;
}

/** The number of bits of |x|. */
function bits(x: bigint): number {
  if (x < 0n) x = -x;
  if (x < 0x100000000n) {
    const n = Number(x);
    return 32 - Math.clz32(n);
  }
  const hex = x.toString(16);
  return (hex.length - 1) * 4 + (32 - Math.clz32(Number.parseInt(hex[0] as string, 16)));
}

function gcd(a: bigint, b: bigint): bigint {
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

const nearestEven = 0;
const toZero = 1;
const awayFromZero = 2;

/** Rounds m * 2**e to `prec` bits. */
function roundBig(m: bigint, e: number, prec: number, mode: number): Big {
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

function addBig(am: bigint, ae: number, bm: bigint, be: number): Big {
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

function mulBig(a: Big, b: Big, prec: number): Big {
  if (a.inf || b.inf) return { m: 1n, e: 0, inf: true };
  return roundBig(a.m * b.m, a.e + b.e, prec, nearestEven);
}

/** The quotient of two integers with an exponent, rounded once. */
function quoBig(am: bigint, ae: number, bm: bigint, be: number, prec: number): Big {
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
function pow5(n: number, prec: number): Big {
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

function fromBig(b: Big): Constant {
  if (b.inf) return new UnknownVal();
  return new FloatVal(b.m, b.e);
}

function makeRat(num: bigint, den: bigint): Constant {
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

function smallFloat(mant: bigint, exp: number): boolean {
  if (mant === 0n) return true;
  const e = bits(mant) + exp;
  return -maxExp < e && e < maxExp;
}

/** A real as m * 2**e, rounded to the precision of floats. */
function realToFloat(x: RealVal): Constant {
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

// ---- Construction

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

function makeComplex(re: Constant, im: Constant): Constant {
  if (re.kind === KindUnknown || im.kind === KindUnknown) return new UnknownVal();
  return new ComplexVal(asReal(re), asReal(im));
}

function asReal(x: Constant): RealVal {
  if (x.kind === KindInt || x.kind === KindFloat) return x;
  throw new Error(`${constantString(x)} is not Int or Float`);
}

/** The value of a literal as it stands in the source, Unknown where it is malformed or out of range. */
export function makeFromLiteral(lit: string, litKind: number): Constant {
  switch (litKind) {
    case IntLit: {
      if (/^([1-9][0-9]{0,14}|0|0[xX][0-9a-fA-F]{1,12})$/.test(lit)) return new IntVal(BigInt(Number(lit)));
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

// ---- Text

/** The UTF-8 bytes of a text as a byte string. */
export function toByteString(text: string): string {
  let ascii = true;
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) >= 0x80) {
      ascii = false;
      break;
    }
  }
  if (ascii) return text;
  let out = "";
  for (const ch of text) out += encodeRune(ch.codePointAt(0) as number);
  return out;
}

/** The UTF-8 encoding of a code point as a byte string; that of U+FFFD for what is no valid code point. */
export function encodeRune(code: number): string {
  if (code < 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) code = 0xfffd;
  if (code < 0x80) return String.fromCharCode(code);
  if (code < 0x800) return String.fromCharCode(0xc0 | (code >> 6), 0x80 | (code & 0x3f));
  if (code < 0x10000) {
    return String.fromCharCode(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
  }
  return String.fromCharCode(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 0x3f), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
}

/** Decodes the rune at `at`: its code point and size; -1 and size 1 for invalid bytes. */
export function decodeRune(s: string, at: number): { code: number; size: number } {
  const b0 = s.charCodeAt(at);
  if (b0 < 0x80) return { code: b0, size: 1 };
  let size = 0;
  let code = 0;
  let least = 0;
  if (b0 >= 0xc2 && b0 < 0xe0) {
    size = 2;
    code = b0 & 0x1f;
    least = 0x80;
  } else if (b0 >= 0xe0 && b0 < 0xf0) {
    size = 3;
    code = b0 & 0x0f;
    least = 0x800;
  } else if (b0 >= 0xf0 && b0 < 0xf5) {
    size = 4;
    code = b0 & 0x07;
    least = 0x10000;
  }
  if (size === 0 || at + size > s.length) return { code: -1, size: 1 };
  for (let i = 1; i < size; i++) {
    const b = s.charCodeAt(at + i);
    if ((b & 0xc0) !== 0x80) return { code: -1, size: 1 };
    code = (code << 6) | (b & 0x3f);
  }
  if (code < least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return { code: -1, size: 1 };
  return { code, size };
}

/** The text of a byte string; invalid UTF-8 becomes U+FFFD. */
export function fromByteString(s: string): string {
  let out = "";
  for (let i = 0; i < s.length; ) {
    const { code, size } = decodeRune(s, i);
    out += String.fromCodePoint(code < 0 ? 0xfffd : code);
    i += size;
  }
  return out;
}

const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u;

/** The byte string in double quotes with Go's escapes. */
export function quote(s: string): string {
  let out = '"';
  for (let i = 0; i < s.length; ) {
    const { code, size } = decodeRune(s, i);
    if (code < 0) out += `\\x${s.charCodeAt(i).toString(16).padStart(2, "0")}`;
    else if (code === 0x22) out += '\\"';
    else if (code === 0x5c) out += "\\\\";
    else if (code === 7) out += "\\a";
    else if (code === 8) out += "\\b";
    else if (code === 9) out += "\\t";
    else if (code === 10) out += "\\n";
    else if (code === 11) out += "\\v";
    else if (code === 12) out += "\\f";
    else if (code === 13) out += "\\r";
    else if (code === 0x20 || printable.test(String.fromCodePoint(code))) out += String.fromCodePoint(code);
    else if (code < 0x20 || code === 0x7f) out += `\\x${code.toString(16).padStart(2, "0")}`;
    else if (code < 0x10000) out += `\\u${code.toString(16).padStart(4, "0")}`;
    else out += `\\U${code.toString(16).padStart(8, "0")}`;
    i += size;
  }
  return `${out}"`;
}

/** The byte string that a string literal denotes, null if it is malformed. */
export function unquote(lit: string): string | null {
  if (lit.length < 2) return null;
  const q = lit[0];
  if (lit[lit.length - 1] !== q) return null;
  const body = lit.slice(1, -1);
  if (q === "`") return toByteString(body.includes("\r") ? body.replaceAll("\r", "") : body);
  if (q !== '"') return null;
  if (!body.includes("\\")) return toByteString(body);
  let out = "";
  for (let i = 0; i < body.length; ) {
    if (body[i] !== "\\") {
      const code = body.codePointAt(i) as number;
      out += encodeRune(code);
      i += code >= 0x10000 ? 2 : 1;
      continue;
    }
    const esc = unescapeAt(body, i, '"');
    if (esc === null) return null;
    out += esc.isByte ? String.fromCharCode(esc.code) : encodeRune(esc.code);
    i += esc.size;
  }
  return out;
}

function unquoteChar(body: string): number {
  if (body === "") return -1;
  if (body[0] === "\\") {
    const esc = unescapeAt(body, 0, "'");
    return esc === null ? -1 : esc.code;
  }
  return body.codePointAt(0) as number;
}

function unescapeAt(s: string, at: number, q: string): { code: number; size: number; isByte: boolean } | null {
  const c = s[at + 1];
  const simple = "abfnrtv".indexOf(c ?? " ");
  if (simple >= 0) return { code: [7, 8, 12, 10, 13, 9, 11][simple] as number, size: 2, isByte: false };
  if (c === "\\" || c === q) return { code: c.charCodeAt(0), size: 2, isByte: false };
  let n = 0;
  let base = 16;
  let start = at + 2;
  if (c === "x") n = 2;
  else if (c === "u") n = 4;
  else if (c === "U") n = 8;
  else if (c !== undefined && c >= "0" && c <= "7") {
    n = 3;
    base = 8;
    start = at + 1;
  } else return null;
  const digits = s.slice(start, start + n);
  if (digits.length !== n || !(base === 8 ? /^[0-7]+$/ : /^[0-9a-fA-F]+$/).test(digits)) return null;
  const code = Number.parseInt(digits, base);
  const isByte = c === "x" || base === 8;
  if (isByte ? code > 255 : code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return null;
  return { code, size: start - at + n, isByte };
}

/** x as error messages show it: strings quoted and cut, floats with six digits. */
export function constantString(x: Constant): string {
  switch (x.kind) {
    case KindUnknown:
      return "unknown";
    case KindBool:
      return x.val ? "true" : "false";
    case KindString: {
      const s = quote(x.val);
      const limit = 72;
      if (s.length <= limit) return s;
      const runes = Array.from(s);
      return runes.length <= limit ? s : `${runes.slice(0, limit - 3).join("")}...`;
    }
    case KindInt:
      return x.val.toString();
    case KindFloat:
      return floatString(x);
    case KindComplex:
      return `(${constantString(x.re)} + ${constantString(x.im)}i)`;
  }
}

/** x without loss: fractions as a/b, floats as hexadecimal mantissa and binary exponent. */
export function exactString(x: Constant): string {
  if (x.kind === KindString) return quote(x.val);
  if (x.kind === KindComplex) return `(${exactString(x.re)} + ${exactString(x.im)}i)`;
  if (x.kind !== KindFloat) return constantString(x);
  if (x.rat) return x.den === 1n ? x.num.toString() : `${x.num}/${x.den}`;
  if (x.mant === 0n) return "0";
  let m = abs(x.mant);
  const exp = bits(m) + x.exp;
  m <<= BigInt((4 - (bits(m) % 4)) % 4);
  const hex = m.toString(16).replace(/0+$/, "");
  return `${x.mant < 0n ? "-" : ""}0x.${hex}p${exp < 0 ? "" : "+"}${exp}`;
}

function floatString(x: RatVal | FloatVal): string {
  const f = realToFloat(x);
  if (f.kind !== KindFloat || f.rat) return constantString(f);
  const value = float64Val(f);
  if ((f.mant === 0n) === (value === 0) && Number.isFinite(value)) {
    const s = formatSix(value);
    if (!s.includes(".") && !isIntFloat(f)) return formatShortest(value);
    return s;
  }
  // Out of the range of a float64: mantissa and decimal exponent by logarithm, as upstream does.
  const size = bits(f.mant);
  let m = Number(f.mant >> BigInt(Math.max(0, size - 60))) / 2 ** Math.min(size, 60);
  const d = (size + f.exp) * log10Of2;
  let e = Math.trunc(d);
  m *= 10 ** (d - e);
  const am = Math.abs(m);
  if (am < 1 - 0.5e-6) {
    m *= 10;
    e--;
  } else if (am >= 10) {
    m /= 10;
    e++;
  }
  return `${formatSix(m)}e${e < 0 ? "" : "+"}${e}`;
}

function isIntFloat(f: FloatVal): boolean {
  if (f.exp >= 0) return true;
  return -f.exp < bits(f.mant) && (f.mant & ((1n << BigInt(-f.exp)) - 1n)) === 0n;
}

const log10Of2 = 0.30102999566398119521373889472449302676818988146210854131;

/** %.6g */
function formatSix(x: number): string {
  if (x === 0) return "0";
  const exact = makeFloat64(x) as RatVal;
  const num = abs(exact.num);
  let e = Math.floor(Math.log10(Math.abs(x)));
  let digits = 0n;
  for (let attempt = 0; attempt < 3; attempt++) {
    const k = 5 - e;
    const n = k >= 0 ? num * 10n ** BigInt(k) : num;
    const d = k >= 0 ? exact.den : exact.den * 10n ** BigInt(-k);
    digits = n / d;
    const twice = (n - digits * d) * 2n;
    if (digits >= 1000000n) {
      e++;
      continue;
    }
    if (digits < 100000n) {
      e--;
      continue;
    }
    if (twice > d || (twice === d && (digits & 1n) === 1n)) digits += 1n;
    if (digits === 1000000n) {
      digits = 100000n;
      e++;
    }
    break;
  }
  return formatDigits(x < 0, digits.toString().replace(/0+$/, ""), e, 6);
}

/** %g */
function formatShortest(x: number): string {
  const [mantissa, exponent] = Math.abs(x).toExponential().split("e") as [string, string];
  return formatDigits(x < 0, mantissa.replace(".", ""), Number(exponent), 6);
}

/** d.ddd * 10**e, with an exponent if it is below -4 or at least `limit`. */
function formatDigits(negative: boolean, digits: string, e: number, limit: number): string {
  const sign = negative ? "-" : "";
  if (e < -4 || e >= limit) {
    const exp = Math.abs(e).toString().padStart(2, "0");
    return `${sign}${digits[0]}${digits.length > 1 ? `.${digits.slice(1)}` : ""}e${e < 0 ? "-" : "+"}${exp}`;
  }
  if (e < 0) return `${sign}0.${"0".repeat(-e - 1)}${digits}`;
  if (digits.length <= e + 1) return sign + digits.padEnd(e + 1, "0");
  return `${sign}${digits.slice(0, e + 1)}.${digits.slice(e + 1)}`;
}

// ---- Access

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

// ---- Conversion

/** x as Int if it is one mathematically (or is within a few bits of one, for a float), else Unknown. */
export function toInt(x: Constant): Constant {
  switch (x.kind) {
    case KindInt:
      return x;
    case KindFloat: {
      if (x.rat) return x.den === 1n ? new IntVal(x.num) : new UnknownVal();
      if (!smallFloat(x.mant, x.exp)) return new UnknownVal();
      const exact = wholeBig(x.mant, x.exp);
      if (exact !== null) return new IntVal(exact);
      // Rounding errors may have left the value beside an integer: try with a few bits less, both ways.
      for (const mode of [toZero, awayFromZero]) {
        const t = roundBig(x.mant, x.exp, floatPrec - 4, mode);
        const whole = wholeBig(t.m, t.e);
        if (whole !== null) return new IntVal(whole);
      }
      return new UnknownVal();
    }
    case KindComplex: {
      const re = toFloat(x);
      return re.kind === KindFloat ? toInt(re) : new UnknownVal();
    }
    default:
      return new UnknownVal();
  }
}

function wholeBig(m: bigint, e: number): bigint | null {
  if (e >= 0) return m << BigInt(e);
  const d = BigInt(-e);
  const q = m >> d;
  return q << d === m ? q : null;
}

/** x as Float if it has no imaginary part, else Unknown. */
export function toFloat(x: Constant): Constant {
  switch (x.kind) {
    case KindInt:
      return bits(x.val) < maxExp ? new RatVal(x.val, 1n) : realToFloat(x);
    case KindFloat:
      return x;
    case KindComplex:
      return sign(x.im) === 0 ? toFloat(x.re) : new UnknownVal();
    default:
      return new UnknownVal();
  }
}

/** x as Complex if it is numeric, else Unknown. */
export function toComplex(x: Constant): Constant {
  if (x.kind === KindComplex) return x;
  if (x.kind === KindInt || x.kind === KindFloat) return new ComplexVal(x, new IntVal(0n));
  return new UnknownVal();
}

// ---- Operations

/** op x, with OpAdd, OpSub, OpXor or OpNot. For OpXor, prec > 0 limits the result to that many bits (unsigned types). */
export function unaryOp(op: number, x: Constant, prec: number): Constant {
  if (x.kind === KindUnknown) return x;
  switch (op) {
    case OpAdd:
      return x;
    case OpSub:
      if (x.kind === KindInt) return new IntVal(-x.val);
      if (x.kind === KindFloat) return x.rat ? new RatVal(-x.num, x.den) : new FloatVal(-x.mant, x.exp);
      if (x.kind === KindComplex) return makeComplex(unaryOp(op, x.re, 0), unaryOp(op, x.im, 0));
      break;
    case OpXor:
      if (x.kind === KindInt) {
        const z = ~x.val;
        return new IntVal(prec > 0 ? BigInt.asUintN(prec, z) : z);
      }
      break;
    case OpNot:
      if (x.kind === KindBool) return new BoolVal(!x.val);
      break;
  }
  throw new Error(`invalid unary operation ${op} on ${constantString(x)}`);
}

/** The order in which operands are raised to the more general form. */
function order(x: Constant): number {
  switch (x.kind) {
    case KindUnknown:
      return 0;
    case KindBool:
    case KindString:
      return 1;
    case KindInt:
      return 2;
    case KindFloat:
      return x.rat ? 4 : 5;
    case KindComplex:
      return 6;
  }
}

/** x in the form of y, which is at least as general. */
function raise(x: Constant, y: Constant): Constant {
  if (x.kind === KindUnknown) return x;
  if (y.kind === KindFloat) {
    if (y.rat) return x.kind === KindInt ? new RatVal(x.val, 1n) : x;
    return x.kind === KindInt || x.kind === KindFloat ? realToFloat(x) : x;
  }
  if (y.kind === KindComplex) return toComplex(x);
  return x;
}

/** x op y; OpIntDiv for the division of integers. Operands must fit the operator; an Unknown operand gives Unknown. */
export function binaryOp(x: Constant, op: number, y: Constant): Constant {
  if (x.kind === KindUnknown) return x;
  if (y.kind === KindUnknown) return y;
  const ox = order(x);
  const oy = order(y);
  if (ox < oy) x = raise(x, y);
  else if (oy < ox) y = raise(y, x);

  if (x.kind === KindInt && y.kind === KindInt) {
    const a = x.val;
    const b = y.val;
    switch (op) {
      case OpAdd:
        return new IntVal(a + b);
      case OpSub:
        return new IntVal(a - b);
      case OpMul:
        return new IntVal(a * b);
      case OpDiv:
        return makeRat(a, b);
      case OpIntDiv:
        return new IntVal(a / b);
      case OpRem:
        return new IntVal(a % b);
      case OpAnd:
        return new IntVal(a & b);
      case OpOr:
        return new IntVal(a | b);
      case OpXor:
        return new IntVal(a ^ b);
      case OpAndNot:
        return new IntVal(a & ~b);
    }
  } else if (x.kind === KindFloat && y.kind === KindFloat) {
    if (x.rat && y.rat) {
      switch (op) {
        case OpAdd:
          return makeRat(x.num * y.den + y.num * x.den, x.den * y.den);
        case OpSub:
          return makeRat(x.num * y.den - y.num * x.den, x.den * y.den);
        case OpMul:
          return makeRat(x.num * y.num, x.den * y.den);
        case OpDiv:
          return makeRat(x.num * y.den, x.den * y.num);
      }
    } else if (!x.rat && !y.rat) {
      switch (op) {
        case OpAdd:
          return fromBig(addBig(x.mant, x.exp, y.mant, y.exp));
        case OpSub:
          return fromBig(addBig(x.mant, x.exp, -y.mant, y.exp));
        case OpMul:
          return fromBig(roundBig(x.mant * y.mant, x.exp + y.exp, floatPrec, nearestEven));
        case OpDiv:
          return y.mant === 0n ? new UnknownVal() : fromBig(quoBig(x.mant, x.exp, y.mant, y.exp, floatPrec));
      }
    }
  } else if (x.kind === KindComplex && y.kind === KindComplex) {
    const { re: a, im: b } = x;
    const { re: c, im: d } = y;
    switch (op) {
      case OpAdd:
      case OpSub:
        return makeComplex(binaryOp(a, op, c), binaryOp(b, op, d));
      case OpMul: {
        const re = binaryOp(binaryOp(a, OpMul, c), OpSub, binaryOp(b, OpMul, d));
        const im = binaryOp(binaryOp(b, OpMul, c), OpAdd, binaryOp(a, OpMul, d));
        return makeComplex(re, im);
      }
      case OpDiv: {
        const s = binaryOp(binaryOp(c, OpMul, c), OpAdd, binaryOp(d, OpMul, d));
        const re = binaryOp(binaryOp(a, OpMul, c), OpAdd, binaryOp(b, OpMul, d));
        const im = binaryOp(binaryOp(b, OpMul, c), OpSub, binaryOp(a, OpMul, d));
        return makeComplex(binaryOp(re, OpDiv, s), binaryOp(im, OpDiv, s));
      }
    }
  } else if (x.kind === KindBool && y.kind === KindBool) {
    if (op === OpAndAnd) return new BoolVal(x.val && y.val);
    if (op === OpOrOr) return new BoolVal(x.val || y.val);
  } else if (x.kind === KindString && y.kind === KindString) {
    if (op === OpAdd) return new StringVal(x.val + y.val);
  }
  throw new Error(`invalid binary operation ${op} on ${constantString(x)} and ${constantString(y)}`);
}

/** x << s or x >> s, for Int and Unknown. */
export function shiftOp(x: Constant, op: number, s: number): Constant {
  if (x.kind === KindUnknown) return x;
  const v = intVal(x);
  return new IntVal(op === OpShl ? v << BigInt(s) : v >> BigInt(s));
}

function compareOrder(c: number, op: number): boolean {
  switch (op) {
    case OpEql:
      return c === 0;
    case OpNeq:
      return c !== 0;
    case OpLss:
      return c < 0;
    case OpLeq:
      return c <= 0;
    case OpGtr:
      return c > 0;
    case OpGeq:
      return c >= 0;
    default:
      throw new Error(`invalid comparison ${op}`);
  }
}

function order2<T extends bigint | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** x op y for a comparison; false if an operand is Unknown. */
export function compare(x: Constant, op: number, y: Constant): boolean {
  if (x.kind === KindUnknown || y.kind === KindUnknown) return false;
  const ox = order(x);
  const oy = order(y);
  if (ox < oy) x = raise(x, y);
  else if (oy < ox) y = raise(y, x);
  if (x.kind === KindInt && y.kind === KindInt) return compareOrder(order2(x.val, y.val), op);
  if (x.kind === KindString && y.kind === KindString) return compareOrder(order2(x.val, y.val), op);
  if (x.kind === KindBool && y.kind === KindBool) return compareOrder(x.val === y.val ? 0 : 1, op);
  if (x.kind === KindFloat && y.kind === KindFloat) {
    if (x.rat && y.rat) return compareOrder(order2(x.num * y.den, y.num * x.den), op);
    if (!x.rat && !y.rat) {
      return compareOrder(order2(addBig(x.mant, x.exp, -y.mant, y.exp).m, 0n), op);
    }
  }
  if (x.kind === KindComplex && y.kind === KindComplex) {
    const same = compare(x.re, OpEql, y.re) && compare(x.im, OpEql, y.im);
    return op === OpEql ? same : !same;
  }
  return false;
}
