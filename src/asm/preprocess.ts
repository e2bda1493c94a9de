// The assembler's preprocessor: #include, #define with and without arguments, #ifdef and friends. It gives the parser one
// stream of tokens, with the place that each comes from; tokens of a macro come from where it was invoked.

import type { SourceFile, Sources } from "../base/pos.ts";
import { Token, TokBuild, TokEOF, TokIdent, TokInt, tokenize, TokMacroName, TokNewline, TokString } from "./lexer.ts";
import { unquote } from "./quote.ts";

/** A #define. */
interface Macro {
  readonly name: string;
  /** Formal arguments; null: a macro without parentheses. */
  readonly args: readonly string[] | null;
  readonly tokens: readonly Token[];
}

/** A source of tokens on the stack: a file, or the text of a macro. */
class Reader {
  readonly tokens: readonly Token[];
  next = 0;
  /** The file, or null for macros, which stay at `line` of the file below. */
  readonly file: SourceFile | null;
  line = 1;

  constructor(tokens: readonly Token[], file: SourceFile | null, line: number) {
    this.tokens = tokens;
    this.file = file;
    this.line = line;
  }
}

/** Thrown to stop reading a source that makes no sense any more; caught by the driver. */
export class AsmAbort extends Error {}

const hashToken = 35;
const openParen = 40;
const closeParen = 41;
const comma = 44;
const backslash = 92;

/** The stream of tokens after preprocessing. */
export class Preprocessor {
  private readonly stack: Reader[] = [];
  private readonly macros = new Map<string, Macro>();
  private readonly conditions: boolean[] = [];
  private readonly include: (name: string) => Uint8Array | null;
  private readonly sources: Sources;
  private readonly report: (file: SourceFile | null, line: number, message: string) => void;
  private beginningOfLine = true;
  private current: Token;
  /** The file of the last token. */
  file: SourceFile | null = null;
  /** The line of the last token. */
  line = 1;

  constructor(
    sources: Sources,
    include: (name: string) => Uint8Array | null,
    report: (file: SourceFile | null, line: number, message: string) => void,
  ) {
    this.sources = sources;
    this.include = include;
    this.report = report;
    this.current = new Token(TokEOF, "", 1, false);
  }

  /** Defines a macro as with -D: "NAME" (value 1) or "NAME=VALUE". */
  define(text: string): void {
    const equals = text.indexOf("=");
    const name = equals > 0 ? text.slice(0, equals) : text;
    const value = equals > 0 ? text.slice(equals + 1) : "1";
    this.macros.set(name, { name, args: null, tokens: tokenize(value, null, () => {}) });
  }

  /** Puts a file on the stack; its tokens come next. */
  pushFile(name: string, source: Uint8Array): SourceFile {
    const file = this.sources.add(name, source.length);
    // Assembly errors carry no column.
    file.directives.push({ offset: 0, file: name, line: 1, column: 0 });
    const text = new TextDecoder().decode(source);
    const tokens = tokenize(text, file, (line, message) => this.report(file, line, message));
    this.stack.push(new Reader(tokens, file, 1));
    return file;
  }

  /** Reports an error at the last token and stops. */
  fail(message: string): never {
    this.report(this.file, this.line, message);
    throw new AsmAbort(message);
  }

  /** The next token after preprocessing. A "#" token stands for a directive that was carried out. */
  next(): Token {
    for (let nesting = 0; nesting < 100; ) {
      const token = this.raw();
      if (token.kind === hashToken) {
        if (!this.beginningOfLine) this.fail("'#' must be first item on line");
        this.beginningOfLine = this.directive();
        return token;
      }
      if (token.kind === TokIdent) {
        const macro = this.macros.get(token.text);
        if (macro !== undefined) {
          nesting++;
          this.invoke(macro);
          continue;
        }
      }
      if (token.kind === TokEOF && this.conditions.length > 0) this.fail("unclosed #ifdef or #ifndef");
      this.beginningOfLine = token.kind === TokNewline;
      if (this.enabled() || token.kind === TokEOF) return token;
    }
    this.fail("recursive macro invocation");
  }

  /** The next token of the innermost source that has one. */
  private raw(): Token {
    for (;;) {
      const reader = this.stack[this.stack.length - 1] as Reader;
      if (reader.next < reader.tokens.length) {
        const token = reader.tokens[reader.next++] as Token;
        if (reader.file !== null) {
          this.file = reader.file;
          this.line = token.line;
        } else this.line = reader.line;
        this.current = token;
        return token;
      }
      if (this.stack.length === 1) {
        this.current = new Token(TokEOF, "", this.line, false);
        return this.current;
      }
      this.stack.pop();
      const below = this.stack[this.stack.length - 1] as Reader;
      if (below.file !== null) this.file = below.file;
    }
  }

  private push(reader: Reader): void {
    if (this.stack.length > 100) this.fail("input recursion");
    this.stack.push(reader);
  }

  private enabled(): boolean {
    return this.conditions.length === 0 || (this.conditions[this.conditions.length - 1] as boolean);
  }

  private failGot(message: string): never {
    this.fail(`${message} ; got ${JSON.stringify(this.current.text)}`);
  }

  private expectNewline(directive: string): void {
    if (this.raw().kind !== TokNewline) this.failGot(`expected newline after ${directive}`);
  }

  private macroName(): string {
    const token = this.raw();
    if (token.kind !== TokIdent) this.failGot("expected identifier after # directive");
    return token.text;
  }

  /** Carries out a directive; false: it is in a part that is left out. */
  private directive(): boolean {
    const token = this.raw();
    if (token.kind !== TokIdent) this.failGot("expected identifier after '#'");
    const word = token.text;
    if (!this.enabled() && !/^(else|endif|ifdef|ifndef|line)$/.test(word)) return false;
    switch (word) {
      case "define":
        this.defineDirective();
        break;
      case "else":
        this.expectNewline("#else");
        if (this.conditions.length === 0) this.fail("unmatched #else");
        if (this.conditions.length === 1 || this.conditions[this.conditions.length - 2]) {
          this.conditions[this.conditions.length - 1] = !this.conditions[this.conditions.length - 1];
        }
        break;
      case "endif":
        this.expectNewline("#endif");
        if (this.conditions.length === 0) this.fail("unmatched #endif");
        this.conditions.pop();
        break;
      case "ifdef":
      case "ifndef": {
        const name = this.macroName();
        this.expectNewline("#if[n]def");
        this.conditions.push(this.enabled() && this.macros.has(name) === (word === "ifdef"));
        break;
      }
      case "include":
        this.includeDirective();
        break;
      case "line":
        this.lineDirective();
        break;
      case "undef": {
        const name = this.macroName();
        if (!this.macros.has(name)) this.fail(`#undef for undefined macro: ${name}`);
        if (this.raw().kind !== TokNewline) this.fail(`syntax error in #undef for macro: ${name}`);
        this.macros.delete(name);
        break;
      }
      default:
        this.fail(`unexpected token after '#': ${word}`);
    }
    return true;
  }

  private defineDirective(): void {
    const name = this.macroName();
    let token = this.raw();
    let args: string[] | null = null;
    const tokens: Token[] = [];
    if (token.kind !== TokNewline && token.kind !== TokEOF) {
      // "A(x)" has arguments, "A (x)" has none.
      if (token.kind === openParen && !token.spaced) {
        args = [];
        let acceptArg = true;
        for (;;) {
          token = this.raw();
          if (token.kind === closeParen) {
            token = this.raw();
            break;
          }
          if (token.kind === comma) {
            if (acceptArg) this.fail(`bad syntax in definition for macro: ${name}`);
            acceptArg = true;
          } else if (token.kind === TokIdent) {
            if (!acceptArg) this.fail(`bad syntax in definition for macro: ${name}`);
            if (args.includes(token.text)) this.fail(`duplicate argument ${token.text} in definition for macro: ${name}`);
            args.push(token.text);
            acceptArg = false;
          } else this.fail(`bad definition for macro: ${name}`);
        }
      }
      while (token.kind !== TokNewline) {
        if (token.kind === TokEOF) this.fail(`missing newline in definition for macro: ${name}`);
        if (token.kind === backslash) {
          token = this.raw();
          if (token.kind !== TokNewline && token.kind !== backslash) {
            this.fail(`can only escape \\ or \\n in definition for macro: ${name}`);
          }
        }
        if (token.kind !== TokBuild) tokens.push(token);
        token = this.raw();
      }
    }
    if (this.macros.has(name)) this.fail(`redefinition of macro: ${name}`);
    this.macros.set(name, { name, args, tokens });
  }

  private includeDirective(): void {
    const token = this.raw();
    if (token.kind !== TokString) this.failGot("expected string after #include");
    const name = unquote(token.text);
    if (name === null) this.fail("unquoting include file name: invalid syntax");
    this.expectNewline("#include");
    const source = this.include(name);
    if (source === null) this.fail(`#include: open ${name}: no such file or directory`);
    if (this.stack.length > 100) this.fail("input recursion");
    this.pushFile(name, source);
  }

  /** #line 337 "file": the next line is line 337 of that file. */
  private lineDirective(): void {
    const number = this.raw();
    if (number.kind !== TokInt) this.failGot("expected line number after #line");
    const name = this.raw();
    if (name.kind !== TokString) this.failGot("expected file name in #line");
    const text = unquote(name.text);
    if (text === null) this.fail("unquoting #line file name: invalid syntax");
    const end = this.raw();
    if (end.kind !== TokNewline) this.fail(`unexpected token at end of #line: ${end.text}`);
    const file = this.file;
    if (file !== null) {
      const offset = file.lines[Math.min(end.line - 1, file.lines.length - 1)] as number;
      file.directives.push({ offset, file: text, line: Number(number.text), column: 0 });
    }
  }

  /** Puts a macro's text on the stack, with its arguments in place. */
  private invoke(macro: Macro): void {
    const line = this.line;
    if (macro.args === null) {
      this.push(new Reader(macro.tokens, null, line));
      return;
    }
    const token = this.raw();
    if (token.kind !== openParen) {
      // Without arguments it is just a name.
      this.push(new Reader([new Token(TokMacroName, macro.name, line, false), token], null, line));
      return;
    }
    const actuals: (readonly Token[])[] = [];
    for (;;) {
      const [tokens, end] = this.collectArgument(macro);
      actuals.push(tokens);
      if (end === closeParen) break;
    }
    const none = macro.args.length === 0 && actuals.length === 1 && (actuals[0] as readonly Token[]).length === 0;
    if (!none && actuals.length !== macro.args.length) this.fail(`wrong arg count for macro ${macro.name}`);
    const text: Token[] = [];
    for (let i = 0; i < macro.tokens.length; i++) {
      const t = macro.tokens[i] as Token;
      const at = t.kind === TokIdent ? macro.args.indexOf(t.text) : -1;
      if (at < 0) text.push(t);
      else for (const a of actuals[at] as readonly Token[]) text.push(a);
    }
    this.push(new Reader(text, null, line));
  }

  private collectArgument(macro: Macro): [Token[], number] {
    let nesting = 0;
    const tokens: Token[] = [];
    for (;;) {
      const token = this.raw();
      if (token.kind === TokEOF || token.kind === TokNewline) this.fail(`unterminated arg list invoking macro: ${macro.name}`);
      if (nesting === 0 && (token.kind === closeParen || token.kind === comma)) return [tokens, token.kind];
      if (token.kind === openParen) nesting++;
      if (token.kind === closeParen) nesting--;
      tokens.push(token);
    }
  }
}
