// How constants print: short in error messages, whole where a value must be read back.

import { quote } from "./bytestring.ts";
import { makeFloat64 } from "./make.ts";
import { abs, bits, realToFloat, float64Val } from "./number.ts";
import { KindUnknown, KindBool, KindString, KindInt, KindFloat, KindComplex, type RatVal, type FloatVal, type Constant } from "./value.ts";

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
