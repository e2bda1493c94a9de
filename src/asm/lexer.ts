// Tokens of assembly source. Newlines are tokens; comments and other space are not. The middle dot and the division slash are
// letters and stand for "." and "/" in names.

import type { SourceFile } from "../base/pos.ts";

// Kinds of token; single characters are their own code point.
export const TokEOF = -1;
export const TokIdent = -2;
export const TokInt = -3;
export const TokFloat = -4;
export const TokChar = -5;
export const TokString = -6;
/** << */
export const TokLsh = -11;
/** >> */
export const TokRsh = -12;
/** -> */
export const TokArrow = -13;
/** @> */
export const TokRotate = -14;
/** A //go:build line. */
export const TokBuild = -15;
/** A macro's name that is not to be expanded. */
export const TokMacroName = -16;

export const TokNewline = 10;

/** One token. */
export class Token {
  readonly kind: number;
  readonly text: string;
  readonly line: number;
  /** Was there space between the token before and this one? */
  readonly spaced: boolean;

  constructor(kind: number, text: string, line: number, spaced: boolean) {
    this.kind = kind;
    this.text = text;
    this.line = line;
    this.spaced = spaced;
  }
}

const CharIdent = 1;
const CharDigit = 2;
const CharSpace = 4;
const CharHex = 8;
const CharUnderscore = 16;
const charClass = /* @__PURE__ */ makeClasses();

function makeClasses(): Uint8Array {
  const classes = new Uint8Array(128);
  for (let c = 0; c < 128; c++) {
    const lower = c | 32;
    if ((lower >= 97 && lower <= 122) || c === 95) classes[c] = CharIdent;
    else if (c >= 48 && c <= 57) classes[c] = CharDigit;
    else if (c === 32 || c === 9 || c === 13) classes[c] = CharSpace;
    if (lower >= 97 && lower <= 102) (classes[c] as number) |= CharHex;
    if (c === 95) (classes[c] as number) |= CharUnderscore;
  }
  return classes;
}

const letter = /\p{L}/u;
const digit = /\p{Nd}/u;
const buildLine = /^\/\/go:build(\s|$)/;

function isIdentPart(code: number, first: boolean): boolean {
  if (code < 128) return ((charClass[code] as number) & (first ? CharIdent : CharIdent | CharDigit)) !== 0;
  if (code === 0xb7 || code === 0x2215) return true;
  const text = String.fromCodePoint(code);
  return letter.test(text) || (!first && digit.test(text));
}

/** How a kind of token is called in messages. */
export function kindName(kind: number): string {
  switch (kind) {
    case TokEOF:
      return "EOF";
    case TokIdent:
      return "identifier";
    case TokInt:
      return "integer constant";
    case TokFloat:
      return "float constant";
    case TokChar:
      return "rune constant";
    case TokString:
      return "string constant";
    case TokNewline:
      return "'\\n'";
    default:
      return kind >= 0 ? `'${String.fromCodePoint(kind)}'` : "'\uFFFD'";
  }
}

/**
 * All tokens of a source text, TokEOF not included. Line starts are recorded in `file` when one is given. `problem` is
 * called with things that no token can hold (unterminated strings).
 */
export function tokenize(source: string, file: SourceFile | null, problem: (line: number, message: string) => void): Token[] {
  const tokens: Token[] = [];
  const n = source.length;
  let i = 0;
  let line = 1;
  let spaced = false;
  let bytes = 0; // bytes beyond one a character so far, for line starts
  while (i < n) {
    const c = source.charCodeAt(i);
    if (c < 128 && (charClass[c] as number) === CharSpace) {
      spaced = true;
      i++;
      continue;
    }
    if (c === TokNewline) {
      i++;
      line++;
      if (file !== null) file.lines.push(i + bytes);
      // The line of a newline token is the line that it opens, as errors after it are counted.
      tokens.push(new Token(TokNewline, "\n", line, spaced));
      spaced = false;
      continue;
    }
    if (c === 47 && source.charCodeAt(i + 1) === 47) {
      let end = source.indexOf("\n", i);
      if (end < 0) end = n;
      const text = source.slice(i, end);
      for (let k = i; k < end; k++) {
        if (source.charCodeAt(k) >= 128) bytes += extraBytes(source.charCodeAt(k));
      }
      if (text.startsWith("//go:build") && buildLine.test(text)) tokens.push(new Token(TokBuild, text, line, spaced));
      spaced = true;
      i = end;
      continue;
    }
    if (c === 47 && source.charCodeAt(i + 1) === 42) {
      let end = source.indexOf("*/", i + 2);
      if (end < 0) {
        problem(line, "comment not terminated");
        end = n;
      } else end += 2;
      for (let k = i; k < end; k++) {
        const x = source.charCodeAt(k);
        if (x === TokNewline) {
          line++;
          if (file !== null) file.lines.push(k + 1 + bytes);
        } else bytes += extraBytes(x);
      }
      spaced = true;
      i = end;
      continue;
    }
    const code = c < 128 ? c : (source.codePointAt(i) as number);
    if (isIdentPart(code, true)) {
      const start = i;
      let plain = true;
      for (;;) {
        i = skip(source, i, CharIdent | CharDigit);
        if (i >= n) break;
        const x = source.charCodeAt(i);
        if (x < 128) break;
        const point = source.codePointAt(i) as number;
        if (!isIdentPart(point, false)) break;
        plain = false;
        bytes += extraBytes(x);
        i += point > 0xffff ? 2 : 1;
      }
      const text = source.slice(start, i);
      tokens.push(new Token(TokIdent, plain ? text : text.replaceAll("\u00b7", ".").replaceAll("\u2215", "/"), line, spaced));
      spaced = false;
      continue;
    }
    if (c >= 48 && c <= 57) {
      const end = numberEnd(source, i);
      tokens.push(new Token(end < 0 ? TokFloat : TokInt, source.slice(i, Math.abs(end)), line, spaced));
      spaced = false;
      i = Math.abs(end);
      continue;
    }
    if (c === 46 && source.charCodeAt(i + 1) >= 48 && source.charCodeAt(i + 1) <= 57) {
      const end = Math.abs(numberEnd(source, i));
      tokens.push(new Token(TokFloat, source.slice(i, end), line, spaced));
      spaced = false;
      i = end;
      continue;
    }
    if (c === 34 || c === 39) {
      let end = i + 1;
      while (end < n) {
        const x = source.charCodeAt(end);
        if (x === c || x === TokNewline) break;
        bytes += extraBytes(x);
        end += x === 92 ? 2 : 1;
      }
      if (end >= n || source.charCodeAt(end) !== c) {
        problem(line, c === 34 ? "string not terminated" : "rune literal not terminated");
        end = Math.min(end, n);
      } else end++;
      tokens.push(new Token(c === 34 ? TokString : TokChar, source.slice(i, end), line, spaced));
      spaced = false;
      i = end;
      continue;
    }
    const next = source.charCodeAt(i + 1);
    if (c === 45 && next === 62) {
      tokens.push(new Token(TokArrow, source.slice(i, i + 2), line, spaced));
      spaced = false;
      i += 2;
    } else if (c === 64 && next === 62) {
      tokens.push(new Token(TokRotate, source.slice(i, i + 2), line, spaced));
      spaced = false;
      i += 2;
    } else if (c === 60 && next === 60) {
      tokens.push(new Token(TokLsh, source.slice(i, i + 2), line, spaced));
      spaced = false;
      i += 2;
    } else if (c === 62 && next === 62) {
      tokens.push(new Token(TokRsh, source.slice(i, i + 2), line, spaced));
      spaced = false;
      i += 2;
    } else {
      const width = code > 0xffff ? 2 : 1;
      bytes += extraBytes(c);
      tokens.push(new Token(code, source.slice(i, i + width), line, spaced));
      spaced = false;
      i += width;
    }
  }
  return tokens;
}

/** How many more bytes than one a UTF-16 unit takes in UTF-8. */
function extraBytes(unit: number): number {
  if (unit < 0x80) return 0;
  if (unit < 0x800) return 1;
  return unit >= 0xd800 && unit < 0xe000 ? 1 : 2;
}

/** Where the number at `start` ends; negative for floating-point numbers. */
function numberEnd(source: string, start: number): number {
  let i = start;
  let digits = CharDigit | CharUnderscore;
  let float = false;
  if (source.charCodeAt(i) === 48) {
    const x = source.charCodeAt(i + 1) | 32;
    if (x === 120) {
      digits |= CharHex;
      i += 2;
    } else if (x === 98 || x === 111) i += 2;
  }
  i = skip(source, i, digits);
  if (source.charCodeAt(i) === 46) {
    float = true;
    i = skip(source, i + 1, digits);
  }
  const e = source.charCodeAt(i) | 32;
  if ((digits & CharHex) !== 0 ? e === 112 : e === 101) {
    float = true;
    i++;
    const sign = source.charCodeAt(i);
    if (sign === 43 || sign === 45) i++;
    i = skip(source, i, CharDigit | CharUnderscore);
  }
  return float ? -i : i;
}

/** The first place from `i` on that is not of the given classes. */
function skip(source: string, i: number, classes: number): number {
  let at = i;
  for (;;) {
    const c = source.charCodeAt(at);
    if (!(c < 128) || ((charClass[c] as number) & classes) === 0) return at;
    at++;
  }
}
