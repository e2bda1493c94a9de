// Character classes and the spelling of characters in messages.

export const ClassLetter = 1;
export const ClassDigit = 2;
export const ClassHex = 4;
/** Plain text inside a quoted string: everything but quotes, backslash, newline, NUL. */
export const ClassPlain = 8;

/** Classes by byte; letters include `_` and NUL, which stands for bytes that were reported already. */
export const charClass: Uint8Array = makeClasses();

function makeClasses(): Uint8Array {
  const table = new Uint8Array(256);
  for (let c = 1; c < 256; c++) {
    let bits = 0;
    const lower = c | 0x20;
    if ((lower >= 97 && lower <= 122 && c < 128) || c === 95) bits |= ClassLetter;
    if (c >= 48 && c <= 57) bits |= ClassDigit | ClassHex;
    if (lower >= 97 && lower <= 102 && c < 128) bits |= ClassHex;
    if (c !== 34 && c !== 39 && c !== 92 && c !== 10 && c !== 96) bits |= ClassPlain;
    table[c] = bits;
  }
  return table;
}

const letter = /^\p{L}$/u;
const digit = /^\p{Nd}$/u;
const graphic = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u;

/** Whether a code point is a letter (of any script) or `_`. */
export function isLetter(rune: number): boolean {
  return rune === 95 || letter.test(String.fromCodePoint(rune));
}

/** Whether a code point is a decimal digit of any script. */
export function isDigit(rune: number): boolean {
  return digit.test(String.fromCodePoint(rune));
}

function hex(rune: number): string {
  return rune.toString(16).toUpperCase().padStart(4, "0");
}

/** `U+0040 '@'`: how messages show a character. Those that can't be printed lack the quoted part. */
export function unicodeName(rune: number): string {
  if (rune < 0 || rune > 0x10ffff || (rune >= 0xd800 && rune < 0xe000)) return `U+${hex(rune)}`;
  const text = String.fromCodePoint(rune);
  const printable = rune < 128 ? rune >= 32 && rune < 127 : graphic.test(text);
  return printable ? `U+${hex(rune)} '${text}'` : `U+${hex(rune)}`;
}

/** A character in single quotes, escaped as in Go source. */
export function quotedChar(rune: number): string {
  if (rune === 39) return "'\\''";
  if (rune === 92) return "'\\\\'";
  const escapes: Record<number, string> = { 7: "a", 8: "b", 9: "t", 10: "n", 11: "v", 12: "f", 13: "r" };
  const short = escapes[rune];
  if (short !== undefined) return `'\\${short}'`;
  if (rune < 32 || rune === 127) return `'\\x${rune.toString(16).padStart(2, "0")}'`;
  if (rune > 0x10ffff || (rune >= 0xd800 && rune < 0xe000)) return "'�'";
  const text = String.fromCodePoint(rune);
  if (rune < 128 || graphic.test(text)) return `'${text}'`;
  return rune < 0x10000 ? `'\\u${rune.toString(16).padStart(4, "0")}'` : `'\\U${rune.toString(16).padStart(8, "0")}'`;
}

/** The code point at an offset of valid UTF-8. */
export function decodeRune(src: Uint8Array, offset: number): number {
  const a = src[offset] as number;
  if (a < 0x80) return a;
  const b = (src[offset + 1] as number) & 0x3f;
  if (a < 0xe0) return ((a & 0x1f) << 6) | b;
  const c = (src[offset + 2] as number) & 0x3f;
  if (a < 0xf0) return ((a & 0x0f) << 12) | (b << 6) | c;
  return ((a & 0x07) << 18) | (b << 12) | (c << 6) | ((src[offset + 3] as number) & 0x3f);
}

/** How many bytes the UTF-8 sequence that starts with this byte has. */
export function runeLength(first: number): number {
  return first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/** The length of the valid UTF-8 sequence at an offset, or 0. `end` bounds the text. */
export function validRune(src: Uint8Array, offset: number, end: number): number {
  const a = src[offset] as number;
  if (a < 0x80) return 1;
  if (a < 0xc2 || a > 0xf4) return 0;
  const length = runeLength(a);
  if (offset + length > end) return 0;
  const b = src[offset + 1] as number;
  let low = 0x80;
  let high = 0xbf;
  if (a === 0xe0) low = 0xa0;
  else if (a === 0xed) high = 0x9f;
  else if (a === 0xf0) low = 0x90;
  else if (a === 0xf4) high = 0x8f;
  if (b < low || b > high) return 0;
  for (let i = 2; i < length; i++) {
    if (((src[offset + i] as number) & 0xc0) !== 0x80) return 0;
  }
  return length;
}
