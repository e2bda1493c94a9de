// The scanner turns bytes into tokens, one at a time, with automatic semicolons. It works on offsets: lines were found
// by the pass before, so that nothing is counted here. The parser is a subclass: the current token is a set of fields.

import type { Pos, SourceFile } from "../base/pos.ts";
import {
  ClassDigit,
  ClassHex,
  ClassLetter,
  ClassPlain,
  charClass,
  decodeRune,
  isDigit,
  isLetter,
  quotedChar,
  runeLength,
  unicodeName,
} from "./chars.ts";
import type { NameTable } from "./names.ts";
import * as T from "./tokens.ts";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The current token, and the means to go on to the next. */
export abstract class Scanner {
  readonly file: SourceFile;
  readonly text: Uint8Array;
  readonly names: NameTable;
  private readonly base: number;
  protected readonly end: number;
  /** Where reading goes on. */
  protected off: number;
  /** A newline becomes a semicolon now. */
  protected nlsemi: boolean;

  tok: number;
  /** The offset at which the token starts. */
  tokOff: number;
  /** The text of a name or literal; what made a semicolon: "semicolon", "newline" or "EOF". */
  lit: string;
  /** The literal has an error. */
  bad: boolean;
  litKind: number;
  /** For TokOperator, TokStar, TokAssignOp, TokIncOp. */
  op: number;
  prec: number;

  constructor(file: SourceFile, text: Uint8Array, names: NameTable, start: number, end: number) {
    this.file = file;
    this.text = text;
    this.names = names;
    this.base = file.base;
    this.end = end;
    this.off = start;
    this.nlsemi = false;
    this.tok = T.TokEOF;
    this.tokOff = start;
    this.lit = "";
    this.bad = false;
    this.litKind = 0;
    this.op = 0;
    this.prec = 0;
  }

  /** Takes an error at an offset of the file. */
  protected abstract errorAtOffset(offset: number, message: string): void;
  /** Takes a `//go:` or line directive: the comment that is text[start, end). */
  protected abstract directive(start: number, end: number): void;

  /** The position of the current token. */
  pos(): Pos {
    return (this.base + this.tokOff) as Pos;
  }

  /** Whether the current token is `tok`. */
  at(tok: number): boolean {
    return this.tok === tok;
  }

  /** Reads the next token. */
  next(): void {
    const text = this.text;
    const nlsemi = this.nlsemi;
    this.nlsemi = false;
    let off = this.off;
    for (;;) {
      let c = text[off] as number;
      while (c === 32 || c === 9 || (c === 10 && !nlsemi) || c === 13) c = text[++off] as number;
      this.tokOff = off;
      if ((charClass[c] as number) & ClassLetter) {
        this.ident(off, c);
        return;
      }
      off++;
      switch (c) {
        case 0:
          if (off <= this.end) continue;
          this.off = this.end;
          this.tokOff = this.end;
          if (nlsemi) {
            this.lit = "EOF";
            this.tok = T.TokSemi;
          } else this.tok = T.TokEOF;
          return;
        case 10:
          this.off = off;
          this.lit = "newline";
          this.tok = T.TokSemi;
          return;
        case 34: // "
          this.off = off;
          this.string();
          return;
        case 39: // '
          this.off = off;
          this.rune();
          return;
        case 96: // `
          this.off = off;
          this.rawString();
          return;
        case 40:
          this.off = off;
          this.tok = T.TokLparen;
          return;
        case 41:
          this.off = off;
          this.nlsemi = true;
          this.tok = T.TokRparen;
          return;
        case 44:
          this.off = off;
          this.tok = T.TokComma;
          return;
        case 91:
          this.off = off;
          this.tok = T.TokLbrack;
          return;
        case 93:
          this.off = off;
          this.nlsemi = true;
          this.tok = T.TokRbrack;
          return;
        case 123:
          this.off = off;
          this.tok = T.TokLbrace;
          return;
        case 125:
          this.off = off;
          this.nlsemi = true;
          this.tok = T.TokRbrace;
          return;
        case 59:
          this.off = off;
          this.lit = "semicolon";
          this.tok = T.TokSemi;
          return;
        case 46: // .
          if ((charClass[text[off] as number] as number) & ClassDigit) {
            this.off = off;
            this.number(true);
          } else if (text[off] === 46 && text[off + 1] === 46) {
            this.off = off + 2;
            this.tok = T.TokDotDotDot;
          } else {
            this.off = off;
            this.tok = T.TokDot;
          }
          return;
        case 58: // :
          if (text[off] === 61) {
            off++;
            this.tok = T.TokDefine;
          } else this.tok = T.TokColon;
          this.off = off;
          return;
        case 61: // =
          if (text[off] === 61) this.operator(off + 1, T.OpEql, T.PrecCmp);
          else {
            this.tok = T.TokAssign;
            this.off = off;
          }
          return;
        case 43: // +
          if (text[off] === 43) this.incOp(off + 1, T.OpAdd);
          else this.assignable(off, T.OpAdd, T.PrecAdd);
          return;
        case 45: // -
          if (text[off] === 45) this.incOp(off + 1, T.OpSub);
          else this.assignable(off, T.OpSub, T.PrecAdd);
          return;
        case 42: // *
          this.assignable(off, T.OpMul, T.PrecMul);
          if (this.tok === T.TokOperator) this.tok = T.TokStar;
          return;
        case 47: // /
          if (text[off] === 47) {
            off = this.lineComment(off + 1);
            continue;
          }
          if (text[off] === 42) {
            const after = this.fullComment(off + 1, nlsemi);
            if (after < 0) {
              this.off = -after;
              this.lit = "newline";
              this.tok = T.TokSemi;
              return;
            }
            off = after;
            continue;
          }
          this.assignable(off, T.OpDiv, T.PrecMul);
          return;
        case 37: // %
          this.assignable(off, T.OpRem, T.PrecMul);
          return;
        case 38: // &
          if (text[off] === 38) this.operator(off + 1, T.OpAndAnd, T.PrecAndAnd);
          else if (text[off] === 94) this.assignable(off + 1, T.OpAndNot, T.PrecMul);
          else this.assignable(off, T.OpAnd, T.PrecMul);
          return;
        case 124: // |
          if (text[off] === 124) this.operator(off + 1, T.OpOrOr, T.PrecOrOr);
          else this.assignable(off, T.OpOr, T.PrecAdd);
          return;
        case 94: // ^
          this.assignable(off, T.OpXor, T.PrecAdd);
          return;
        case 60: // <
          if (text[off] === 61) this.operator(off + 1, T.OpLeq, T.PrecCmp);
          else if (text[off] === 60) this.assignable(off + 1, T.OpShl, T.PrecMul);
          else if (text[off] === 45) {
            this.off = off + 1;
            this.tok = T.TokArrow;
          } else this.operator(off, T.OpLss, T.PrecCmp);
          return;
        case 62: // >
          if (text[off] === 61) this.operator(off + 1, T.OpGeq, T.PrecCmp);
          else if (text[off] === 62) this.assignable(off + 1, T.OpShr, T.PrecMul);
          else this.operator(off, T.OpGtr, T.PrecCmp);
          return;
        case 33: // !
          if (text[off] === 61) this.operator(off + 1, T.OpNeq, T.PrecCmp);
          else this.operator(off, T.OpNot, 0);
          return;
        case 126: // ~
          this.operator(off, T.OpTilde, 0);
          return;
        default:
          if ((charClass[c] as number) & ClassDigit) {
            this.off = off - 1;
            this.number(false);
            return;
          }
          if (c >= 0x80) {
            this.unicodeIdent(off - 1);
            return;
          }
          this.errorAtOffset(off - 1, `invalid character ${unicodeName(c)}`);
      }
    }
  }

  private operator(off: number, op: number, prec: number): void {
    this.off = off;
    this.op = op;
    this.prec = prec;
    this.tok = T.TokOperator;
  }

  private assignable(off: number, op: number, prec: number): void {
    this.op = op;
    this.prec = prec;
    if (this.text[off] === 61) {
      this.off = off + 1;
      this.tok = T.TokAssignOp;
    } else {
      this.off = off;
      this.tok = T.TokOperator;
    }
  }

  private incOp(off: number, op: number): void {
    this.off = off;
    this.op = op;
    this.prec = T.PrecAdd;
    this.nlsemi = true;
    this.tok = T.TokIncOp;
  }

  private ident(start: number, first: number): void {
    const text = this.text;
    let off = start;
    let c = first;
    let hash = 0;
    do {
      hash = (Math.imul(hash, 31) + c) | 0;
      c = text[++off] as number;
    } while ((charClass[c] as number) & (ClassLetter | ClassDigit));
    if (c >= 0x80 || (c === 0 && off < this.end)) {
      this.unicodeIdent(start);
      return;
    }
    this.off = off;
    const names = this.names;
    const index = names.lookup(text, start, off, hash);
    const tok = names.token(index);
    this.tok = tok;
    if (tok === T.TokName) {
      this.nlsemi = true;
      this.lit = names.string(index);
    } else {
      this.nlsemi = tok === T.TokReturn || tok === T.TokBreak || tok === T.TokContinue || tok === T.TokFallthrough;
    }
  }

  /** A name that holds more than ASCII. Whatever isn't a letter or digit is reported and taken as a part of it. */
  private unicodeIdent(start: number): void {
    const text = this.text;
    let off = start;
    for (;;) {
      const c = text[off] as number;
      if (c < 0x80) {
        if (!((charClass[c] as number) & (ClassLetter | ClassDigit)) && !(c === 0 && off < this.end)) break;
        off++;
        continue;
      }
      const rune = decodeRune(text, off);
      if (!isLetter(rune)) {
        if (!isDigit(rune)) this.errorAtOffset(off, `invalid character ${unicodeName(rune)} in identifier`);
        else if (off === start) this.errorAtOffset(off, `identifier cannot begin with digit ${unicodeName(rune)}`);
      }
      off += runeLength(c);
    }
    this.off = off;
    this.nlsemi = true;
    this.tok = T.TokName;
    this.lit = decoder.decode(text.subarray(start, off));
  }

  /** Sets the token to the literal that ends at the current offset. */
  private literal(kind: number, bad: boolean): void {
    this.nlsemi = true;
    this.tok = T.TokLiteral;
    this.litKind = kind;
    this.bad = bad;
    this.lit = this.slice(this.tokOff, this.off);
  }

  /** The text of a range; short ASCII is interned. */
  protected slice(start: number, end: number): string {
    const text = this.text;
    if (end - start <= 24) {
      let hash = 0;
      let i = start;
      while (i < end) {
        const c = text[i] as number;
        if (c >= 0x80) break;
        hash = (Math.imul(hash, 31) + c) | 0;
        i++;
      }
      if (i === end) return this.names.string(this.names.lookup(text, start, end, hash));
    }
    return decoder.decode(text.subarray(start, end));
  }

  private string(): void {
    const text = this.text;
    let off = this.off;
    let bad = false;
    for (;;) {
      let c = text[off] as number;
      while ((charClass[c] as number) & ClassPlain) c = text[++off] as number;
      if (c === 34) {
        off++;
        break;
      }
      if (c === 92) {
        this.off = off + 1;
        if (!this.escape(34)) bad = true;
        off = this.off;
      } else if (c === 10) {
        this.errorAtOffset(off, "newline in string");
        bad = true;
        break;
      } else if (c === 0 && off >= this.end) {
        this.errorAtOffset(this.tokOff, "string not terminated");
        bad = true;
        break;
      } else off++;
    }
    this.off = off;
    this.literal(T.StringLit, bad);
  }

  private rawString(): void {
    const text = this.text;
    let off = this.off;
    let bad = false;
    for (;;) {
      const c = text[off] as number;
      if (c === 96) {
        off++;
        break;
      }
      if (c === 0 && off >= this.end) {
        this.errorAtOffset(this.tokOff, "string not terminated");
        bad = true;
        break;
      }
      off++;
    }
    this.off = off;
    this.literal(T.StringLit, bad);
  }

  private rune(): void {
    const text = this.text;
    let bad = false;
    for (let n = 0; ; n++) {
      const c = text[this.off] as number;
      if (c === 39) {
        if (!bad) {
          if (n === 0) {
            this.errorAtOffset(this.off, "empty rune literal or unescaped '");
            bad = true;
          } else if (n !== 1) {
            this.errorAtOffset(this.tokOff, "more than one character in rune literal");
            bad = true;
          }
        }
        this.off++;
        break;
      }
      if (c === 92) {
        this.off++;
        if (!this.escape(39)) bad = true;
        continue;
      }
      if (c === 10) {
        if (!bad) this.errorAtOffset(this.off, "newline in rune literal");
        bad = true;
        break;
      }
      if (c === 0) {
        if (this.off >= this.end) {
          if (!bad) this.errorAtOffset(this.tokOff, "rune literal not terminated");
          bad = true;
          break;
        }
        n--;
      }
      this.off += runeLength(c);
    }
    this.literal(T.RuneLit, bad);
  }

  /** Reads an escape sequence after its backslash; false if it has an error. */
  private escape(quote: number): boolean {
    const text = this.text;
    const c = text[this.off] as number;
    let n: number;
    let base = 16;
    let max = 0x10ffff;
    switch (c) {
      case quote:
      case 97: // a
      case 98: // b
      case 102: // f
      case 110: // n
      case 114: // r
      case 116: // t
      case 118: // v
      case 92:
        this.off++;
        return true;
      case 48:
      case 49:
      case 50:
      case 51:
      case 52:
      case 53:
      case 54:
      case 55:
        n = 3;
        base = 8;
        max = 255;
        break;
      case 120: // x
        this.off++;
        n = 2;
        max = 255;
        break;
      case 117: // u
        this.off++;
        n = 4;
        break;
      case 85: // U
        this.off++;
        n = 8;
        break;
      default:
        // The end of the file is the caller's to report.
        if (c === 0 && this.off >= this.end) return true;
        this.errorAtOffset(this.off, "unknown escape");
        return false;
    }
    let x = 0;
    for (; n > 0; n--) {
      const d = text[this.off] as number;
      if (d === 0 && this.off >= this.end) return true;
      let digit = base;
      if (d >= 48 && d <= 57) digit = d - 48;
      else if ((charClass[d] as number) & ClassHex) digit = (d | 0x20) - 87;
      if (digit >= base) {
        const shown = quotedChar(decodeRune(text, this.off));
        this.errorAtOffset(this.off, `invalid character ${shown} in ${baseName(base)} escape`);
        return false;
      }
      x = x * base + digit;
      this.off++;
    }
    if (x > max && base === 8) {
      this.errorAtOffset(this.off, `octal escape value ${x} > 255`);
      return false;
    }
    if (x > max || (x >= 0xd800 && x < 0xe000)) {
      this.errorAtOffset(this.off, `escape is invalid Unicode code point ${unicodeName(x)}`);
      return false;
    }
    return true;
  }

  /** Digits and underscores; bit 0 of the result: there was a digit, bit 1: an underscore. */
  private digits(classes: number): number {
    const text = this.text;
    let off = this.off;
    let seen = 0;
    for (;;) {
      const c = text[off] as number;
      if ((charClass[c] as number) & classes) seen |= 1;
      else if (c === 95) seen |= 2;
      else break;
      off++;
    }
    this.off = off;
    return seen;
  }

  private number(seenPoint: boolean): void {
    const text = this.text;
    let ok = true;
    let kind = T.IntLit;
    let base = 10;
    let prefix = 0; // 0, or the letter after the leading 0 ("0" for an old octal)
    let seen = 0;
    let digits = ClassDigit;
    let point = seenPoint;
    if (!point) {
      if (text[this.off] === 48) {
        this.off++;
        switch ((text[this.off] as number) | 0x20) {
          case 120:
            this.off++;
            base = 16;
            prefix = 120;
            digits = ClassHex;
            break;
          case 111:
            this.off++;
            base = 8;
            prefix = 111;
            break;
          case 98:
            this.off++;
            base = 2;
            prefix = 98;
            break;
          default:
            base = 8;
            prefix = 48;
            seen = 1;
        }
      }
      seen |= this.digits(digits);
      if (text[this.off] === 46) {
        if (prefix === 111 || prefix === 98) {
          this.errorAtOffset(this.off, `invalid radix point in ${baseName(base)} literal`);
          ok = false;
        }
        this.off++;
        point = true;
      }
    }
    if (point) {
      kind = T.FloatLit;
      seen |= this.digits(digits);
    }
    if ((seen & 1) === 0 && ok) {
      this.errorAtOffset(this.off, `${baseName(base)} literal has no digits`);
      ok = false;
    }
    const c = text[this.off] as number;
    const e = c | 0x20;
    if (e === 101 || e === 112) {
      if (ok) {
        if (e === 101 && prefix !== 0 && prefix !== 48) {
          this.errorAtOffset(this.off, `${quotedChar(c)} exponent requires decimal mantissa`);
          ok = false;
        } else if (e === 112 && prefix !== 120) {
          this.errorAtOffset(this.off, `${quotedChar(c)} exponent requires hexadecimal mantissa`);
          ok = false;
        }
      }
      this.off++;
      kind = T.FloatLit;
      if (text[this.off] === 43 || text[this.off] === 45) this.off++;
      seen = this.digits(ClassDigit) | (seen & 2);
      if ((seen & 1) === 0 && ok) {
        this.errorAtOffset(this.off, "exponent has no digits");
        ok = false;
      }
    } else if (prefix === 120 && kind === T.FloatLit && ok) {
      this.errorAtOffset(this.off, "hexadecimal mantissa requires a 'p' exponent");
      ok = false;
    }
    if (text[this.off] === 105) {
      kind = T.ImagLit;
      this.off++;
    }
    this.literal(kind, false);
    if (kind === T.IntLit && base < 10 && ok) {
      const from = prefix === 48 ? 0 : 2;
      for (let i = from; i < this.lit.length; i++) {
        const d = this.lit.charCodeAt(i);
        if (d !== 95 && d - 48 >= base) {
          this.errorAtOffset(this.tokOff + i, `invalid digit ${quotedChar(d)} in ${baseName(base)} literal`);
          ok = false;
          break;
        }
      }
    }
    if ((seen & 2) !== 0 && ok) {
      const i = misplacedSeparator(this.lit);
      if (i >= 0) {
        this.errorAtOffset(this.tokOff + i, "'_' must separate successive digits");
        ok = false;
      }
    }
    this.bad = !ok;
  }

  /** "go:" or "go3s:". */
  private goWord(off: number): boolean {
    const text = this.text;
    if (text[off + 1] !== 111) return false;
    return text[off + 2] === 58 || (text[off + 2] === 51 && text[off + 3] === 115 && text[off + 4] === 58);
  }

  /** Skips a comment after its `//`; returns the offset of the newline. */
  private lineComment(start: number): number {
    const text = this.text;
    let off = start;
    let c = text[off] as number;
    const isDirective = c === 103 ? this.goWord(off) : c === 108 && this.lineWord(off);
    while (c !== 10 && (c !== 0 || off < this.end)) c = text[++off] as number;
    if (isDirective) this.directive(this.tokOff, off);
    return off;
  }

  /** Whether "line " stands at an offset. */
  protected lineWord(off: number): boolean {
    const text = this.text;
    return text[off] === 108 && text[off + 1] === 105 && text[off + 2] === 110 && text[off + 3] === 101 && text[off + 4] === 32;
  }

  /** Skips a comment after its opening; the offset behind it, negated if it held a newline that matters. */
  private fullComment(start: number, nlsemi: boolean): number {
    const text = this.text;
    let off = start;
    let newline = false;
    for (;;) {
      const c = text[off] as number;
      if (c === 42 && text[off + 1] === 47) {
        off += 2;
        break;
      }
      if (c === 10) newline = true;
      else if (c === 0 && off >= this.end) {
        this.errorAtOffset(this.tokOff, "comment not terminated");
        return newline && nlsemi ? -off : off;
      }
      off++;
    }
    if (this.lineWord(start)) this.directive(this.tokOff, off);
    return newline && nlsemi ? -off : off;
  }

  /**
   * With `{` as the current token, finds the matching `}` by looking at nothing but strings, comments and braces, and
   * goes on to the token behind it. Returns the offset behind the brace, or -1 (without moving) if there is none.
   */
  protected skipBraces(): number {
    const text = this.text;
    const end = this.end;
    const start = this.tokOff;
    let off = start + 1;
    let depth = 1;
    for (;;) {
      const c = text[off++] as number;
      if (c === 123) depth++;
      else if (c === 125) {
        if (--depth === 0) break;
      } else if (c === 34 || c === 39) {
        for (;;) {
          const d = text[off++] as number;
          if (d === c) break;
          if (d === 92) off++;
          else if (d === 10 || (d === 0 && off > end)) return -1;
        }
      } else if (c === 96) {
        for (;;) {
          const d = text[off++] as number;
          if (d === 96) break;
          if (d === 0 && off > end) return -1;
        }
      } else if (c === 47) {
        const d = text[off] as number;
        if (d === 47) {
          const from = off - 1;
          while (text[off] !== 10) {
            if (text[off] === 0 && off >= end) return -1;
            off++;
          }
          if (this.lineWord(from + 2)) this.directive(from, off);
        } else if (d === 42) {
          const from = off - 1;
          off++;
          while (text[off] !== 42 || text[off + 1] !== 47) {
            if (text[off] === 0 && off >= end) return -1;
            off++;
          }
          off += 2;
          if (this.lineWord(from + 2)) this.directive(from, off);
        }
      } else if (c === 0 && off > end) return -1;
    }
    this.off = off;
    this.nlsemi = true;
    this.next();
    return off;
  }
}

function baseName(base: number): string {
  return base === 2 ? "binary" : base === 8 ? "octal" : base === 10 ? "decimal" : "hexadecimal";
}

/** The index of the first `_` in a number that doesn't stand between digits (a prefix counts as a digit), or -1. */
function misplacedSeparator(lit: string): number {
  let i = 0;
  let hexadecimal = false;
  let previous = "."; // "0" for a digit, "_" for a separator, "." for anything else
  const marker = (lit.charCodeAt(1) || 0) | 0x20;
  if (lit.charCodeAt(0) === 48 && (marker === 120 || marker === 111 || marker === 98)) {
    previous = "0";
    i = 2;
    hexadecimal = marker === 120;
  }
  for (; i < lit.length; i++) {
    const c = lit.charCodeAt(i);
    if (c === 95) {
      if (previous !== "0") return i;
      previous = "_";
    } else if ((charClass[c] as number) & (hexadecimal ? ClassHex : ClassDigit)) previous = "0";
    else {
      if (previous === "_") return i - 1;
      previous = ".";
    }
  }
  return previous === "_" ? lit.length - 1 : -1;
}
