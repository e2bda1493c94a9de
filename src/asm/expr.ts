// Constant expressions of operands: 64-bit unsigned arithmetic with Go's precedences.

import { kindName, Token, TokChar, TokEOF, TokFloat, TokInt, TokLsh, TokRsh } from "./lexer.ts";
import { unquoteBytes } from "./quote.ts";

const mask64 = (1n << 64n) - 1n;

const endToken = new Token(TokEOF, "EOF", 0, false);

/** Go's words for a number that cannot be read. */
function syntaxError(func: string, text: string, what: string): string {
  return `strconv.${func}: parsing ${JSON.stringify(text)}: ${what}`;
}

/** The tokens of one operand, and a place in them. */
export class Operand {
  tokens: readonly Token[];
  at = 0;
  private readonly report: (message: string) => void;

  constructor(report: (message: string) => void) {
    this.tokens = [];
    this.report = report;
  }

  start(tokens: readonly Token[]): void {
    this.tokens = tokens;
    this.at = 0;
  }

  next(): Token {
    if (this.at >= this.tokens.length) return endToken;
    return this.tokens[this.at++] as Token;
  }

  peek(): number {
    return this.at < this.tokens.length ? (this.tokens[this.at] as Token).kind : TokEOF;
  }

  back(): void {
    this.at--;
  }

  error(message: string): void {
    this.report(message);
  }

  /** The next token, which has to be of a kind. */
  get(kind: number): Token {
    const token = this.next();
    if (token.kind !== kind) this.error(`expected ${kindName(kind)}, found ${kindName(token.kind)}`);
    return token;
  }

  /** Is a kind of token in the rest? */
  have(kind: number): boolean {
    for (let i = this.at; i < this.tokens.length; i++) if ((this.tokens[i] as Token).kind === kind) return true;
    return false;
  }

  /** The value of an integer expression, 0 to 2^64 - 1. */
  expression(): bigint {
    // Nearly all are one number, perhaps with a sign.
    let value = this.term();
    for (;;) {
      switch (this.peek()) {
        case 43:
          this.at++;
          value = (value + this.term()) & mask64;
          break;
        case 45:
          this.at++;
          value = (value - this.term()) & mask64;
          break;
        case 124:
          this.at++;
          value |= this.term();
          break;
        case 94:
          this.at++;
          value ^= this.term();
          break;
        default:
          return value;
      }
    }
  }

  private term(): bigint {
    let value = this.factor();
    for (;;) {
      switch (this.peek()) {
        case 42:
          this.at++;
          value = (value * this.factor()) & mask64;
          break;
        case 47:
        case 37: {
          const divide = this.next().kind === 47;
          const word = divide ? "divi" : "modu";
          if (divide && value >> 63n !== 0n) this.error("divide of value with high bit set");
          const divisor = this.factor();
          if (!divide && value >> 63n !== 0n) this.error("modulo of value with high bit set");
          if (divisor === 0n) this.error(word === "divi" ? "division by zero" : "modulo by zero");
          else value = divide ? value / divisor : value % divisor;
          break;
        }
        case TokLsh: {
          this.at++;
          const shift = this.factor();
          if (shift >> 63n !== 0n) this.error("negative left shift count");
          return shift >= 64n ? 0n : (value << shift) & mask64;
        }
        case TokRsh: {
          this.at++;
          const shift = this.term();
          if (shift >> 63n !== 0n) this.error("negative right shift count");
          if (value >> 63n !== 0n) this.error("right shift of value with high bit set");
          value = shift >= 64n ? 0n : value >> shift;
          break;
        }
        case 38:
          this.at++;
          value &= this.factor();
          break;
        default:
          return value;
      }
    }
  }

  private factor(): bigint {
    const token = this.next();
    switch (token.kind) {
      case TokInt:
        return this.integer(token.text);
      case TokChar: {
        const bytes = unquoteBytes(token.text);
        if (bytes === null) {
          this.error("invalid syntax");
          return 0n;
        }
        const text = new TextDecoder().decode(Uint8Array.from(bytes, (c) => c.charCodeAt(0)));
        if (bytes.length === 1 && bytes.charCodeAt(0) >= 0x80) {
          this.error("illegal UTF-8 encoding for character constant");
        }
        return BigInt(text.codePointAt(0) ?? 0xfffd);
      }
      case 43:
        return this.factor();
      case 45:
        return -this.factor() & mask64;
      case 126:
        return ~this.factor() & mask64;
      case 40: {
        const value = this.expression();
        if (this.next().kind !== 41) this.error("missing closing paren");
        return value;
      }
    }
    this.error(`unexpected ${token.text} evaluating expression`);
    return 0n;
  }

  /** The value of an integer literal. */
  integer(text: string): bigint {
    let plain = text.includes("_") ? text.replaceAll("_", "") : text;
    if (/^0[0-9]/.test(plain)) plain = `0o${plain.slice(1)}`;
    let value: bigint;
    try {
      value = BigInt(plain);
    } catch {
      this.error(syntaxError("ParseUint", text, "invalid syntax"));
      return 0n;
    }
    if (value > mask64) {
      this.error(syntaxError("ParseUint", text, "value out of range"));
      return mask64;
    }
    return value;
  }

  /** The value of a floating-point expression. */
  floating(): number {
    const token = this.next();
    switch (token.kind) {
      case 40: {
        const value = this.floating();
        if (this.next().kind !== 41) this.error("missing closing paren");
        return value;
      }
      case 43:
        return this.floating();
      case 45:
        return -this.floating();
      case TokFloat:
        return this.float(token.text);
    }
    this.error(`unexpected ${token.text} evaluating float expression`);
    return 0;
  }

  private float(text: string): number {
    const plain = text.replaceAll("_", "");
    const hex = /^0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?\d+)$/.exec(plain);
    const value =
      hex !== null ? Number(BigInt(`0x${hex[1]}${hex[2]}`)) * 2 ** (Number(hex[3]) - 4 * (hex[2] as string).length) : Number(plain);
    if (Number.isNaN(value)) {
      this.error(syntaxError("ParseFloat", text, "invalid syntax"));
      return 0;
    }
    if (!Number.isFinite(value)) this.error(syntaxError("ParseFloat", text, "value out of range"));
    return value;
  }
}
