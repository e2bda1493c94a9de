// What all parts of the parser stand on: errors in the Go compiler's wording, recovery, line directives and pragmas.
// The parser is one object; its class is built up in layers (types, expressions, statements, declarations), a file each.

import type { Diagnostics } from "../base/diagnostics.ts";
import type { Pos, SourceFile } from "../base/pos.ts";
import { goVersion, parseConstraint } from "./constraint.ts";
import { cgoUsageError } from "./cgo.ts";
import { parseEmbedPatterns } from "./embed.ts";
import { Scanner } from "./scanner.ts";
import * as T from "./tokens.ts";
import type { Dependents, EmbedDirective, Linkname, Misplaced, NodeIds } from "./tree.ts";
import { BadExpr, BasicLit, Name } from "./tree.ts";

/** Function bodies of declarations are passed over; parseBody reads one later. */
export const SkipBodies = 1 << 0;
/** Stop behind the imports; positions have no lines then. */
export const ImportsOnly = 1 << 1;
/** Report every syntax error; without it, only the first of a line is. */
export const AllErrors = 1 << 2;
/** The file belongs to the standard library, which may use more pragmas. */
export const StandardLibrary = 1 << 3;
/** The file belongs to the runtime, which may use all pragmas. */
export const RuntimePackage = 1 << 4;
/** Pragmas are recorded but never complained about (for tests of the parser alone). */
export const LenientPragmas = 1 << 5;

/** The experiment fieldtrack: go:nointerface has a meaning. */
export const FieldTrack = 1 << 7;

const PragmaBuild = 1 << 20;

/** Pragmas that a function declaration accepts. */
export const funcPragmas = PragmaBuild - 1;

const runtimePragmas = T.PragmaSystemstack | T.PragmaNowritebarrier | T.PragmaNowritebarrierrec | T.PragmaYeswritebarrierrec;

/** The directives seen since the last declaration, waiting for the next. */
class Pending {
  flags = 0;
  readonly list: { flag: number; pos: Pos }[] = [];
  readonly embeds: EmbedDirective[] = [];
}

function pragmaFlag(verb: string): number {
  switch (verb) {
    case "go:build":
      return PragmaBuild;
    case "go:noescape":
      return T.PragmaNoescape;
    case "go:norace":
      return T.PragmaNorace;
    case "go:nosplit":
      return T.PragmaNosplit | T.PragmaNocheckptr;
    case "go:noinline":
      return T.PragmaNoinline;
    case "go:nocheckptr":
      return T.PragmaNocheckptr;
    case "go:systemstack":
      return T.PragmaSystemstack;
    case "go:nowritebarrier":
      return T.PragmaNowritebarrier;
    case "go:nowritebarrierrec":
      return T.PragmaNowritebarrierrec | T.PragmaNowritebarrier;
    case "go:yeswritebarrierrec":
      return T.PragmaYeswritebarrierrec;
    case "go:cgo_unsafe_args":
      return T.PragmaNocheckptr;
    case "go:uintptrkeepalive":
      return T.PragmaUintptrkeepalive;
    case "go:uintptrescapes":
      return T.PragmaUintptrescapes | T.PragmaUintptrkeepalive;
    case "go:registerparams":
      return T.PragmaRegisterparams;
    default:
      return 0;
  }
}

/** The spelling of a token in error messages. */
export function tokenString(tok: number): string {
  if (tok === T.TokComma) return "comma";
  if (tok === T.TokSemi) return "semicolon or newline";
  const name = T.tokenNames[tok] as string;
  return tok >= T.TokBreak && tok <= T.TokVar ? `keyword ${name}` : name;
}

// After an error inside a function, these keywords are good places to go on.
const statementStart: readonly number[] = [
  T.TokBreak,
  T.TokConst,
  T.TokContinue,
  T.TokDefer,
  T.TokFallthrough,
  T.TokFor,
  T.TokGo,
  T.TokGoto,
  T.TokIf,
  T.TokReturn,
  T.TokSelect,
  T.TokSwitch,
  T.TokType,
  T.TokVar,
];

/** Errors, recovery, directives. */
export abstract class ParserBase extends Scanner {
  readonly diagnostics: Diagnostics;
  readonly ids: NodeIds;
  readonly mode: number;
  errorCount: number;
  /** Nesting of functions: inside one, recovery stops at statements. */
  fnest: number;
  /** Nesting of expressions; negative in the head of a control statement, where `{` opens a block. */
  xnest: number;
  /** Before the package clause. */
  top: boolean;
  goVersion: string;
  buildConstraint: string;
  readonly linknames: Linkname[];
  readonly misplaced: Misplaced[];
  readonly dependents: Dependents[] = [];
  private pending: Pending | null;
  private lastSyntaxErrorLine: number;

  constructor(file: SourceFile, text: Uint8Array, start: number, end: number, ids: NodeIds, diagnostics: Diagnostics, mode: number) {
    super(file, text, ids.names, start, end);
    this.diagnostics = diagnostics;
    this.ids = ids;
    this.mode = mode;
    this.errorCount = 0;
    this.fnest = 0;
    this.xnest = 0;
    this.top = false;
    this.goVersion = "";
    this.buildConstraint = "";
    this.linknames = [];
    this.misplaced = [];
    this.pending = null;
    this.lastSyntaxErrorLine = -1;
  }

  // ---- Errors

  protected errorAtOffset(offset: number, message: string): void {
    this.errorAt(this.file.pos(offset), message);
  }

  /** Reports an error as it is. */
  errorAt(pos: Pos, message: string): void {
    this.errorCount++;
    if (message.startsWith("syntax error") && (this.mode & AllErrors) === 0) {
      const line = this.file.physical(this.file.offset(pos)).line;
      if (line === this.lastSyntaxErrorLine) return;
      this.lastSyntaxErrorLine = line;
    }
    this.diagnostics.error(pos, message);
  }

  /** Reports an error at the current token, as it is. */
  error(message: string): void {
    this.errorAt(this.pos(), message);
  }

  /** Reports a syntax error at the current token; see syntaxErrorAt. */
  syntaxError(message: string): void {
    this.syntaxErrorAt(this.pos(), message);
  }

  /** Reports a syntax error. Messages that start with "in", "at", "after" or "expected" name the current token first. */
  syntaxErrorAt(pos: Pos, message: string): void {
    if (this.tok === T.TokEOF && this.errorCount > 0) return;
    let rest = message;
    if (message.startsWith("in ") || message.startsWith("at ") || message.startsWith("after ")) rest = ` ${message}`;
    else if (message.startsWith("expected ")) rest = `, ${message}`;
    else if (message !== "") {
      this.errorAt(pos, `syntax error: ${message}`);
      return;
    }
    this.errorAt(pos, `syntax error: unexpected ${this.currentToken()}${rest}`);
  }

  private currentToken(): string {
    const op = T.opNames[this.op] as string;
    switch (this.tok) {
      case T.TokName:
        return `name ${this.lit}`;
      case T.TokSemi:
        return this.lit;
      case T.TokLiteral:
        return `literal ${this.lit}`;
      case T.TokOperator:
        return op;
      case T.TokAssignOp:
        return `${op}=`;
      case T.TokIncOp:
        return op + op;
      default:
        return tokenString(this.tok);
    }
  }

  /** Skips to one of the tokens (inside functions, also to a keyword that starts a statement); with none, skips one. */
  advance(...follow: number[]): void {
    if (follow.length === 0) {
      if (this.tok !== T.TokEOF) this.next();
      return;
    }
    while (this.tok !== T.TokEOF && !follow.includes(this.tok)) {
      if (this.fnest > 0 && statementStart.includes(this.tok)) break;
      this.next();
    }
  }

  /** Consumes the token if it is the given one. */
  got(tok: number): boolean {
    if (this.tok === tok) {
      this.next();
      return true;
    }
    return false;
  }

  want(tok: number): void {
    if (this.tok === tok) this.next();
    else {
      this.syntaxError(`expected ${tokenString(tok)}`);
      this.advance();
    }
  }

  /** Consumes `=`; `:=` is taken for it, with an error. */
  gotAssign(): boolean {
    if (this.tok === T.TokDefine) this.syntaxError("expected =");
    else if (this.tok !== T.TokAssign) return false;
    this.next();
    return true;
  }

  /**
   * Between the elements of a list: consumes the separator, which is optional before `close`. False after an error
   * that leaves the list, in which case `close` is not consumed.
   */
  separator(context: string, sep: number, close: number): boolean {
    if (this.tok === sep) {
      this.next();
      return true;
    }
    if (this.tok === close) return true;
    this.syntaxError(`in ${context}; possibly missing ${tokenString(sep)} or ${tokenString(close)}`);
    this.advance(T.TokRparen, T.TokRbrack, T.TokRbrace);
    return this.at(close);
  }

  // ---- Small nodes

  badExpr(): BadExpr {
    return new BadExpr(this.pos(), this.ids.next++);
  }

  newName(pos: Pos, value: string): Name {
    return new Name(pos, this.ids.next++, value);
  }

  name(): Name {
    if (this.tok === T.TokName) {
      const name = new Name(this.pos(), this.ids.next++, this.lit);
      this.next();
      return name;
    }
    const name = this.newName(this.pos(), "_");
    this.syntaxError("expected name");
    this.advance();
    return name;
  }

  /** `first, name, ...`. */
  nameList(first: Name): Name[] {
    const list = [first];
    while (this.got(T.TokComma)) list.push(this.name());
    return list;
  }

  /** A literal if there is one. */
  literalOrNull(): BasicLit | null {
    if (this.tok !== T.TokLiteral) return null;
    const lit = new BasicLit(this.pos(), this.ids.next++, this.lit, this.litKind, this.bad);
    this.next();
    return lit;
  }

  // ---- Directives

  protected directive(start: number, end: number): void {
    if (start >= this.end) return; // behind a body that is parsed on its own
    const text = this.text;
    const full = text[start + 1] === 42;
    let stop = full ? end - 2 : end;
    if (!full && stop > start + 2 && text[stop - 1] === 13) stop--;
    const body = this.slice(start + 2, stop);
    if (body.startsWith("line ")) {
      const atLineStart = start === 0 || text[start - 1] === 10;
      if (full) {
        if (!body.includes("\n")) this.lineDirective(body.slice(5), stop, end);
      } else if (atLineStart) this.lineDirective(body.slice(5), stop, end + 1);
      return;
    }
    if (full) return;
    if (this.top && body.startsWith("go:build")) {
      const constraint = parseConstraint(`//${body}`);
      if (constraint !== null) {
        this.goVersion = goVersion(constraint);
        this.buildConstraint = body.slice("go:build".length).trim();
      }
    }
    if (body.startsWith("go:")) this.pragma(start, body);
    else if (body.startsWith("go3s:with ") && (this.mode & RuntimePackage) !== 0) this.dependent(body.slice("go3s:with ".length));
  }

  private dependent(text: string): void {
    const [conditions = "", functions = ""] = text.split(" : ");
    const words = (list: string): string[] => list.split(" ").filter((w) => w !== "");
    this.dependents.push({ conditions: words(conditions), functions: words(functions) });
  }

  /** `file:line` or `file:line:column`; `end` is where the directive's text ends, `from` where it starts to count. */
  private lineDirective(text: string, end: number, from: number): void {
    const max = 1 << 30;
    const last = text.lastIndexOf(":") + 1;
    if (last === 0) return;
    const at = (index: number): number => end - (text.length - index);
    const lastNumber = parseDigits(text.slice(last));
    if (lastNumber < 0) {
      this.errorAtOffset(at(last), `invalid line number: ${text.slice(last)}`);
      return;
    }
    const first = text.lastIndexOf(":", last - 2) + 1;
    const firstNumber = first > 0 && last > 1 ? parseDigits(text.slice(first, last - 1)) : -1;
    let line = lastNumber;
    let lineAt = last;
    let column = 0;
    let name = text.slice(0, last - 1);
    if (firstNumber >= 0) {
      line = firstNumber;
      lineAt = first;
      column = lastNumber;
      name = text.slice(0, first - 1);
      if (column === 0 || column > max) {
        this.errorAtOffset(at(last), `invalid column number: ${text.slice(last)}`);
        return;
      }
    }
    if (line === 0 || line > max) {
      const shown = firstNumber >= 0 ? text.slice(lineAt, last - 1) : text.slice(lineAt);
      this.errorAtOffset(at(lineAt), `invalid line number: ${shown}`);
      return;
    }
    const directives = this.file.directives;
    let i = directives.length;
    while (i > 0 && (directives[i - 1] as { offset: number }).offset > from) i--;
    const before = directives[i - 1];
    if (before !== undefined && before.offset === from) return; // seen when the body was skipped
    if (name === "" && firstNumber >= 0) name = before === undefined ? this.file.name : before.file;
    directives.splice(i, 0, { offset: from, file: name, line, column });
  }

  private pragma(start: number, text: string): void {
    const pos = this.file.pos(start + 2);
    const strict = (this.mode & LenientPragmas) === 0;
    if (this.pending === null) this.pending = new Pending();
    if (!this.aloneOnLine(start)) {
      if (strict) this.diagnostics.error(pos, misplacedMessage(false));
      return;
    }
    const pending = this.pending;
    const space = text.indexOf(" ");
    const verb = space < 0 ? text : text.slice(0, space);
    if (space >= 0 && verb === "go:linkname") {
      const fields = text.split(/\s+/).filter((f) => f !== "");
      if (fields.length < 2 || fields.length > 3) {
        if (strict) this.diagnostics.error(pos, "usage: //go:linkname localname [linkname]");
        return;
      }
      this.linknames.push({ pos, local: fields[1] as string, remote: fields[2] ?? "" });
      return;
    }
    if (verb === "go:embed") {
      const at = start + 2 + "go:embed".length;
      const parsed = parseEmbedPatterns(text.slice("go:embed".length), this.file.pos(at));
      if (parsed.error !== "" && strict) this.diagnostics.error(pos, parsed.error);
      if (parsed.patterns.length === 0) {
        if (strict) this.diagnostics.error(pos, "usage: //go:embed pattern...");
        return;
      }
      pending.embeds.push({ pos, patterns: parsed.patterns });
      return;
    }
    if (verb === "go:wasmimport" || verb === "go:wasmexport") return;
    const standard = (this.mode & StandardLibrary) !== 0;
    const flag = verb === "go:nointerface" && (this.mode & FieldTrack) !== 0 ? T.PragmaNointerface : pragmaFlag(verb);
    if (strict) {
      if (verb.startsWith("go:cgo_") && verb !== "go:cgo_import_dynamic" && !standard) {
        this.diagnostics.error(pos, `//${text} only allowed in cgo-generated code`);
      }
      const usage = cgoUsageError(text);
      if (usage !== "") this.diagnostics.error(pos, usage);
      if ((flag & runtimePragmas) !== 0 && (this.mode & RuntimePackage) === 0) {
        this.diagnostics.error(pos, `//${verb} only allowed in runtime`);
      }
      if (flag === T.PragmaUintptrkeepalive && !standard) {
        this.diagnostics.error(pos, `//${verb} is only allowed in the standard library`);
      }
    }
    pending.flags |= flag;
    pending.list.push({ flag, pos });
  }

  /** Whether nothing but white space stands before an offset on its line. */
  private aloneOnLine(offset: number): boolean {
    const text = this.text;
    let i = offset - 1;
    while (i >= 0 && (text[i] === 32 || text[i] === 9 || text[i] === 13)) i--;
    return i < 0 || text[i] === 10;
  }

  /**
   * The pending pragmas, for a declaration that accepts those in `allowed`, and embeds if it has a place for them. Others are misplaced,
   * which is for later phases to report.
   */
  takePragma(allowed: number, embeds: EmbedDirective[] | null): number {
    const pending = this.pending;
    if (pending === null) return 0;
    this.pending = null;
    for (const p of pending.list) if ((p.flag & ~allowed) !== 0) this.misplaced.push({ pos: p.pos, embed: false });
    for (const e of pending.embeds) {
      if (embeds !== null) embeds.push(e);
      else this.misplaced.push({ pos: e.pos, embed: true });
    }
    return pending.flags & funcPragmas;
  }

  /** The pragmas above the package clause, where //go:build may stand. */
  takeFilePragma(): void {
    this.takePragma(PragmaBuild, null);
  }

  /** At the end of a form that accepts no pragma: those that are pending are misplaced. */
  clearPragma(): void {
    const pending = this.pending;
    if (pending === null) return;
    this.pending = null;
    if ((this.mode & LenientPragmas) !== 0) return;
    for (const p of pending.list) if (p.flag !== 0) this.diagnostics.error(p.pos, misplacedMessage(false));
    for (const e of pending.embeds) this.diagnostics.error(e.pos, misplacedMessage(true));
  }
}

export function misplacedMessage(embed: boolean): string {
  return embed ? "misplaced go:embed directive" : "misplaced compiler directive";
}

/** A decimal number, or -1. */
function parseDigits(text: string): number {
  return /^[0-9]+$/.test(text) ? Number(text) : -1;
}
