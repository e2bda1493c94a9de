// Declarations, files, and the entry points of the parser.

import type { Diagnostics } from "../base/diagnostics.ts";
import { NoPos, type Pos, type SourceFile } from "../base/pos.ts";
import * as K from "./kinds.ts";
import { StmtParser } from "./parse-stmts.ts";
import { funcPragmas, ImportsOnly, SkipBodies, StandardLibrary } from "./parser-base.ts";
import { type BadByte, prepare } from "./prepass.ts";
import * as T from "./tokens.ts";
import type { BasicLit, BlockStmt, Decl, EmbedDirective, Expr, Field, NodeIds } from "./tree.ts";
import { ConstDecl, File, FuncDecl, FuncType, Group, ImportDecl, type Name, Operation, TypeDecl, VarDecl } from "./tree.ts";
import { unparen } from "./unparen.ts";

export {
  AllErrors,
  FieldTrack,
  ImportsOnly,
  LenientPragmas,
  RuntimePackage,
  SkipBodies,
  StandardLibrary,
} from "./parser-base.ts";

/** Whether an expression can only be a type, or a union of types. */
function isTypeElem(x: Expr): boolean {
  switch (x.kind) {
    case K.KindOperation:
      return isTypeElem(x.x) || (x.y !== null && isTypeElem(x.y)) || x.op === T.OpTilde;
    case K.KindParenExpr:
      return isTypeElem(x.x);
    default:
      return K.isTypeLiteral(x.kind);
  }
}

class Parser extends StmtParser {
  private badBytes: readonly BadByte[] = [];
  private nextBad = Infinity;

  /** Takes the bytes that are to be reported when scanning comes past them. */
  setBadBytes(bad: readonly BadByte[]): void {
    this.badBytes = bad;
    this.nextBad = bad.length > 0 ? (bad[0] as BadByte).offset : Infinity;
  }

  override next(): void {
    super.next();
    if (this.off > this.nextBad || (this.tok === T.TokEOF && this.nextBad !== Infinity)) this.reportBad();
  }

  private reportBad(): void {
    let i = 0;
    while (i < this.badBytes.length && (this.badBytes[i] as BadByte).offset < this.off) {
      const b = this.badBytes[i++] as BadByte;
      this.errorAtOffset(b.offset, b.message);
    }
    this.setBadBytes(this.badBytes.slice(i));
  }

  // ---- The file

  parse(): File | null {
    this.top = true;
    this.next();
    const pos = this.pos();
    this.top = false;
    if (!this.got(T.TokPackage)) {
      this.syntaxError("package statement must be first");
      return null;
    }
    this.takeFilePragma();
    const file = new File(pos, this.file, this.text, this.name());
    this.want(T.TokSemi);
    file.goVersion = this.goVersion;
    file.buildConstraint = this.buildConstraint;
    // Behind an error in the package clause the rest makes little sense.
    if (this.errorCount > 0) return null;
    const list = file.declList;
    let previous = T.TokImport;
    while (this.tok !== T.TokEOF) {
      const tok = this.tok;
      if ((this.mode & ImportsOnly) !== 0 && tok !== T.TokImport) break;
      if (tok === T.TokImport && previous !== T.TokImport) {
        this.syntaxError("imports must appear before other declarations");
      }
      previous = tok;
      if (tok === T.TokImport || tok === T.TokConst || tok === T.TokType || tok === T.TokVar) {
        this.next();
        this.declGroup(tok, list);
      } else if (tok === T.TokFunc) {
        this.next();
        list.push(this.funcDecl());
      } else {
        const last = list[list.length - 1];
        if (tok === T.TokLbrace && last !== undefined && last.kind === K.KindFuncDecl && !last.hasBody) {
          this.syntaxError("unexpected semicolon or newline before {");
        } else this.syntaxError("non-declaration statement outside function body");
        this.advance(T.TokImport, T.TokConst, T.TokType, T.TokVar, T.TokFunc);
        continue;
      }
      // Before the token behind the semicolon is read: comments there belong to the next declaration.
      this.clearPragma();
      if (!this.at(T.TokEOF) && !this.got(T.TokSemi)) {
        this.syntaxError("after top level declaration");
        this.advance(T.TokImport, T.TokConst, T.TokType, T.TokVar, T.TokFunc);
      }
    }
    this.clearPragma();
    file.eof = this.pos();
    file.linknames = this.linknames;
    file.misplaced = this.misplaced;
    file.dependents = this.dependents;
    return file;
  }

  // ---- Declarations

  protected declGroup(keyword: number, list: Decl[]): void {
    if (this.tok !== T.TokLparen) {
      this.addDecl(keyword, null, list);
      return;
    }
    const group = new Group(this.pos());
    this.clearPragma();
    this.next();
    let ok = true;
    while (ok && !this.at(T.TokEOF) && !this.at(T.TokRparen)) {
      this.addDecl(keyword, group, list);
      ok = this.separator("grouped declaration", T.TokSemi, T.TokRparen);
    }
    if (ok) this.want(T.TokRparen);
  }

  private addDecl(keyword: number, group: Group | null, list: Decl[]): void {
    switch (keyword) {
      case T.TokImport:
        list.push(this.importDecl(group));
        return;
      case T.TokConst:
        list.push(this.constDecl(group));
        return;
      case T.TokType:
        list.push(this.typeDecl(group));
        return;
      default:
        list.push(this.varDecl(group));
    }
  }

  private importDecl(group: Group | null): ImportDecl {
    const pos = this.pos();
    const pragma = this.takePragma(0, null);
    let local: Name | null = null;
    if (this.tok === T.TokName) local = this.name();
    else if (this.tok === T.TokDot) {
      local = this.newName(pos, ".");
      this.next();
    }
    const path: BasicLit | null = this.literalOrNull();
    if (path === null) {
      this.syntaxError("missing import path");
      this.advance(T.TokSemi, T.TokRparen);
    } else if (!path.bad && path.litKind !== T.StringLit) {
      this.syntaxErrorAt(path.pos, "import path must be a string");
      path.bad = true;
    }
    return new ImportDecl(pos, group, pragma, local, path);
  }

  private constDecl(group: Group | null): ConstDecl {
    const pos = this.pos();
    const pragma = this.takePragma(0, null);
    const names = this.nameList(this.name());
    let type: Expr | null = null;
    let values: Expr | null = null;
    if (!this.at(T.TokEOF) && !this.at(T.TokSemi) && !this.at(T.TokRparen)) {
      type = this.typeOrNull();
      if (this.gotAssign()) values = this.exprList();
    }
    return new ConstDecl(pos, group, pragma, names, type, values);
  }

  protected varDecl(group: Group | null): VarDecl {
    const pos = this.pos();
    const embeds: EmbedDirective[] = [];
    const pragma = this.takePragma(0, embeds);
    const names = this.nameList(this.name());
    let type: Expr | null = null;
    let values: Expr | null = null;
    if (this.gotAssign()) values = this.exprList();
    else {
      type = this.type();
      if (this.gotAssign()) values = this.exprList();
    }
    return new VarDecl(pos, group, pragma, names, type, values, embeds.length > 0 ? embeds : null);
  }

  private typeDecl(group: Group | null): TypeDecl {
    const pos = this.pos();
    const pragma = this.takePragma(0, null);
    const name = this.name();
    let tparams: Field[] = [];
    let alias = false;
    let type: Expr | null;
    if (this.at(T.TokLbrack)) {
      const bracket = this.pos();
      this.next();
      if (this.at(T.TokName)) {
        // An array length or type parameters: only what comes behind the expression can tell. A name followed by `[` is
        // the start of a parameter `P []E`, since an index expression is never a constant.
        let x: Expr = this.name();
        if (!this.at(T.TokLbrack)) {
          this.xnest++;
          x = this.binaryExpr(this.primaryExpr(x, false), 0);
          this.xnest--;
        }
        const split = this.splitParameter(x, this.at(T.TokComma));
        if (split.name !== null && (split.type !== null || !this.at(T.TokRbrack))) {
          tparams = this.paramList(split.name, split.type, T.TokRbrack, true, false);
          alias = this.gotAssign();
          type = this.typeOrNull();
        } else type = this.arrayType(bracket, x);
      } else if (this.got(T.TokRbrack)) type = this.sliceType(bracket);
      else type = this.arrayType(bracket, null);
    } else {
      alias = this.gotAssign();
      type = this.typeOrNull();
    }
    if (type === null) {
      type = this.badExpr();
      this.syntaxError("in type declaration");
      this.advance(T.TokSemi, T.TokRparen);
    }
    return new TypeDecl(pos, group, pragma, name, tparams, alias, type);
  }

  /**
   * Reads an expression such as `P *T` or `P (T)` as name and constraint, where it is certain that the second part is a
   * type, or `force` is set. A lone name has no type; if it can't be split there is no name.
   */
  private splitParameter(x: Expr, force: boolean): { name: Name | null; type: Expr | null } {
    const none = { name: null, type: x };
    if (x.kind === K.KindName) return { name: x, type: null };
    if (x.kind === K.KindOperation && x.y !== null) {
      if (x.op === T.OpMul) {
        if (x.x.kind === K.KindName && (force || isTypeElem(x.y))) {
          return { name: x.x, type: new Operation(x.pos, this.ids.next++, T.OpMul, x.y, null) };
        }
      } else if (x.op === T.OpOr) {
        const left = this.splitParameter(x.x, force || isTypeElem(x.y));
        if (left.name !== null && left.type !== null) {
          return { name: left.name, type: new Operation(x.pos, this.ids.next++, T.OpOr, left.type, x.y) };
        }
      }
    } else if (x.kind === K.KindCallExpr && x.fun.kind === K.KindName && x.argList.length === 1 && !x.hasDots) {
      const arg = x.argList[0] as Expr;
      if (force || isTypeElem(arg)) return { name: x.fun, type: unparen(arg) };
    }
    return none;
  }

  private funcDecl(): FuncDecl {
    const pos = this.pos();
    const pragma = this.takePragma(funcPragmas, null);
    let recv: Field | null = null;
    let context = "";
    if (this.got(T.TokLparen)) {
      context = "method";
      const list = this.paramList(null, null, T.TokRparen, false, false);
      if (list.length === 0) this.error("method has no receiver");
      else {
        if (list.length > 1) this.error("method has multiple receivers");
        recv = list[0] as Field;
      }
    }
    let name: Name;
    let tparams: Field[] = [];
    let type: FuncType;
    if (this.at(T.TokName)) {
      name = this.name();
      const at = this.pos();
      tparams = this.typeParameters(context);
      type = this.parameters(at);
    } else {
      name = this.newName(this.pos(), "_");
      type = new FuncType(this.pos(), this.ids.next++, [], []);
      this.syntaxError(context === "" ? "expected name or (" : "expected name");
      this.advance(T.TokLbrace, T.TokSemi);
    }
    const d = new FuncDecl(pos, pragma, recv, name, tparams, type, null, false, 0, 0);
    if (this.at(T.TokLbrace)) {
      d.hasBody = true;
      d.bodyStart = this.tokOff;
      const end = (this.mode & SkipBodies) !== 0 ? this.skipBraces() : -1;
      if (end >= 0) d.bodyEnd = end;
      else {
        d.body = this.funcBody();
        d.bodyEnd = this.file.offset(d.body.rbrace) + 1;
      }
    }
    return d;
  }

  /** Parses the body whose braces are the range that this parser was made for. */
  parseSkipped(): BlockStmt {
    this.next();
    return this.funcBody();
  }
}

/**
 * Parses a file. Errors go to `diagnostics`; the result is null if not even the package clause could be read.
 * `src` is not kept. `mode` is a set of SkipBodies, ImportsOnly ...
 */
export function parseFile(src: Uint8Array, file: SourceFile, ids: NodeIds, diagnostics: Diagnostics, mode: number): File | null {
  // What of the Go tree is only looked at where it is needed has no wrong bytes, and lines that most of the time nobody asks for.
  const trusted = (mode & SkipBodies) !== 0 && (mode & StandardLibrary) !== 0;
  const prepared = prepare(src, file, (mode & ImportsOnly) === 0 && !trusted);
  if (trusted) file.linesOf(prepared.text);
  const parser = new Parser(file, prepared.text, 0, src.length, ids, diagnostics, mode);
  parser.setBadBytes(prepared.bad);
  return parser.parse();
}

/** Parses the body of a function that was skipped, and puts it into the declaration. Does nothing if it is there. */
export function parseBody(file: File, decl: FuncDecl, ids: NodeIds, diagnostics: Diagnostics, mode: number): void {
  if (decl.body !== null || !decl.hasBody) return;
  const parser = new Parser(file.source, file.text, decl.bodyStart, decl.bodyEnd, ids, diagnostics, mode);
  decl.body = parser.parseSkipped();
}

/** The paths that a file imports, with the positions of their literals; "" for one that is malformed. */
export function importPaths(file: File): { path: string; pos: Pos }[] {
  const list: { path: string; pos: Pos }[] = [];
  for (const d of file.declList) {
    if (d.kind !== K.KindImportDecl) continue;
    const value = d.path?.value ?? "";
    const ok = value.length >= 2 && d.path !== null && !d.path.bad;
    list.push({ path: ok ? value.slice(1, -1) : "", pos: d.path?.pos ?? NoPos });
  }
  return list;
}
