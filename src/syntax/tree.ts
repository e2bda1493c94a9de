// The syntax tree. Node classes, field names and positions follow the Go compiler's own syntax package, because error
// columns come from them: a node's `pos` is that of the token that stands for it (the operator of an operation, the
// opening bracket of an index, the dot-less start of a selector ...), not always its first byte; see positions.ts.
// Every expression has an `id`, dense in its package, that the type checker uses as an index into side tables.

import type { Pos, SourceFile } from "../base/pos.ts";
import * as K from "./kinds.ts";
import { NameTable } from "./names.ts";

/** Gives out the ids of a package's expressions. Id 0 is never used. */
export class NodeIds {
  next: number;
  /** The names of the package; a table can be shared between packages. */
  readonly names: NameTable;

  constructor(names: NameTable = new NameTable()) {
    this.next = 1;
    this.names = names;
  }
}

/** Declarations in one parenthesised group share one Group object. */
export class Group {
  /** Where the group's keyword stands. */
  readonly pos: Pos;

  constructor(pos: Pos) {
    this.pos = pos;
  }
}

/** One `//go:embed` line: where it stands and its patterns, unquoted. */
export interface EmbedDirective {
  readonly pos: Pos;
  readonly patterns: readonly EmbedPattern[];
}

export interface EmbedPattern {
  readonly pos: Pos;
  readonly pattern: string;
}

/** One `//go:linkname local [remote]` line; remote is "" in the one-argument form. */
export interface Linkname {
  readonly pos: Pos;
  readonly local: string;
  readonly remote: string;
}

/** One `//go3s:with condition... : function...` line of the runtime: the functions do something only where a condition is in the program. */
export interface Dependents {
  readonly conditions: readonly string[];
  readonly functions: readonly string[];
}

// ---- Expressions

/** A stand-in for an expression that could not be parsed. */
export class BadExpr {
  readonly kind: typeof K.KindBadExpr;
  pos: Pos;
  id: number;

  constructor(pos: Pos, id: number) {
    this.kind = K.KindBadExpr;
    this.pos = pos;
    this.id = id;
  }
}

/** An identifier. */
export class Name {
  readonly kind: typeof K.KindName;
  pos: Pos;
  id: number;
  value: string;

  constructor(pos: Pos, id: number, value: string) {
    this.kind = K.KindName;
    this.pos = pos;
    this.id = id;
    this.value = value;
  }
}

/** A literal as written in the source (`value`); `litKind` is one of IntLit ... StringLit, `bad` says that it has errors. */
export class BasicLit {
  readonly kind: typeof K.KindBasicLit;
  pos: Pos;
  id: number;
  value: string;
  litKind: number;
  bad: boolean;

  constructor(pos: Pos, id: number, value: string, litKind: number, bad: boolean) {
    this.kind = K.KindBasicLit;
    this.pos = pos;
    this.id = id;
    this.value = value;
    this.litKind = litKind;
    this.bad = bad;
  }
}

/** `Type{a, b}`; `type` is null for an elided type, `nKeys` counts the elements with keys. */
export class CompositeLit {
  readonly kind: typeof K.KindCompositeLit;
  pos: Pos;
  id: number;
  type: Expr | null;
  elemList: Expr[];
  nKeys: number;
  rbrace: Pos;

  constructor(pos: Pos, id: number, type: Expr | null, elemList: Expr[], nKeys: number, rbrace: Pos) {
    this.kind = K.KindCompositeLit;
    this.pos = pos;
    this.id = id;
    this.type = type;
    this.elemList = elemList;
    this.nKeys = nKeys;
    this.rbrace = rbrace;
  }
}

/** `key: value` in a composite literal. */
export class KeyValueExpr {
  readonly kind: typeof K.KindKeyValueExpr;
  pos: Pos;
  id: number;
  key: Expr;
  value: Expr;

  constructor(pos: Pos, id: number, key: Expr, value: Expr) {
    this.kind = K.KindKeyValueExpr;
    this.pos = pos;
    this.id = id;
    this.key = key;
    this.value = value;
  }
}

/** `func Type { body }`. */
export class FuncLit {
  readonly kind: typeof K.KindFuncLit;
  pos: Pos;
  id: number;
  type: FuncType;
  body: BlockStmt;

  constructor(pos: Pos, id: number, type: FuncType, body: BlockStmt) {
    this.kind = K.KindFuncLit;
    this.pos = pos;
    this.id = id;
    this.type = type;
    this.body = body;
  }
}

/** `(x)`. */
export class ParenExpr {
  readonly kind: typeof K.KindParenExpr;
  pos: Pos;
  id: number;
  x: Expr;

  constructor(pos: Pos, id: number, x: Expr) {
    this.kind = K.KindParenExpr;
    this.pos = pos;
    this.id = id;
    this.x = x;
  }
}

/** `x.sel`. */
export class SelectorExpr {
  readonly kind: typeof K.KindSelectorExpr;
  pos: Pos;
  id: number;
  x: Expr;
  sel: Name;

  constructor(pos: Pos, id: number, x: Expr, sel: Name) {
    this.kind = K.KindSelectorExpr;
    this.pos = pos;
    this.id = id;
    this.x = x;
    this.sel = sel;
  }
}

/** `x[index]`; several type arguments are a ListExpr. */
export class IndexExpr {
  readonly kind: typeof K.KindIndexExpr;
  pos: Pos;
  id: number;
  x: Expr;
  index: Expr;

  constructor(pos: Pos, id: number, x: Expr, index: Expr) {
    this.kind = K.KindIndexExpr;
    this.pos = pos;
    this.id = id;
    this.x = x;
    this.index = index;
  }
}

/** `x[index0:index1:index2]`; `index` has three elements, `full` says that there were two colons. */
export class SliceExpr {
  readonly kind: typeof K.KindSliceExpr;
  pos: Pos;
  id: number;
  x: Expr;
  index: (Expr | null)[];
  full: boolean;

  constructor(pos: Pos, id: number, x: Expr, index: (Expr | null)[], full: boolean) {
    this.kind = K.KindSliceExpr;
    this.pos = pos;
    this.id = id;
    this.x = x;
    this.index = index;
    this.full = full;
  }
}

/** `x.(type)`. */
export class AssertExpr {
  readonly kind: typeof K.KindAssertExpr;
  pos: Pos;
  id: number;
  x: Expr;
  type: Expr;

  constructor(pos: Pos, id: number, x: Expr, type: Expr) {
    this.kind = K.KindAssertExpr;
    this.pos = pos;
    this.id = id;
    this.x = x;
    this.type = type;
  }
}

/** `lhs := x.(type)`. */
export class TypeSwitchGuard {
  readonly kind: typeof K.KindTypeSwitchGuard;
  pos: Pos;
  id: number;
  lhs: Name | null;
  x: Expr;

  constructor(pos: Pos, id: number, lhs: Name | null, x: Expr) {
    this.kind = K.KindTypeSwitchGuard;
    this.pos = pos;
    this.id = id;
    this.lhs = lhs;
    this.x = x;
  }
}

/** A unary (`y` is null) or binary operation; pointers `*T` and dereferences are unary Mul. */
export class Operation {
  readonly kind: typeof K.KindOperation;
  pos: Pos;
  id: number;
  op: number;
  x: Expr;
  y: Expr | null;

  constructor(pos: Pos, id: number, op: number, x: Expr, y: Expr | null) {
    this.kind = K.KindOperation;
    this.pos = pos;
    this.id = id;
    this.op = op;
    this.x = x;
    this.y = y;
  }
}

/** `fun(argList...)`. */
export class CallExpr {
  readonly kind: typeof K.KindCallExpr;
  pos: Pos;
  id: number;
  fun: Expr;
  argList: Expr[];
  hasDots: boolean;

  constructor(pos: Pos, id: number, fun: Expr, argList: Expr[], hasDots: boolean) {
    this.kind = K.KindCallExpr;
    this.pos = pos;
    this.id = id;
    this.fun = fun;
    this.argList = argList;
    this.hasDots = hasDots;
  }
}

/** `a, b, c`. */
export class ListExpr {
  readonly kind: typeof K.KindListExpr;
  pos: Pos;
  id: number;
  elemList: Expr[];

  constructor(pos: Pos, id: number, elemList: Expr[]) {
    this.kind = K.KindListExpr;
    this.pos = pos;
    this.id = id;
    this.elemList = elemList;
  }
}

/** `[len]elem`; `len` is null for `[...]elem`. */
export class ArrayType {
  readonly kind: typeof K.KindArrayType;
  pos: Pos;
  id: number;
  len: Expr | null;
  elem: Expr;

  constructor(pos: Pos, id: number, len: Expr | null, elem: Expr) {
    this.kind = K.KindArrayType;
    this.pos = pos;
    this.id = id;
    this.len = len;
    this.elem = elem;
  }
}

/** `[]elem`. */
export class SliceType {
  readonly kind: typeof K.KindSliceType;
  pos: Pos;
  id: number;
  elem: Expr;

  constructor(pos: Pos, id: number, elem: Expr) {
    this.kind = K.KindSliceType;
    this.pos = pos;
    this.id = id;
    this.elem = elem;
  }
}

/** `...elem`. */
export class DotsType {
  readonly kind: typeof K.KindDotsType;
  pos: Pos;
  id: number;
  elem: Expr;

  constructor(pos: Pos, id: number, elem: Expr) {
    this.kind = K.KindDotsType;
    this.pos = pos;
    this.id = id;
    this.elem = elem;
  }
}

/** A struct; `tagList` may be shorter than `fieldList`. */
export class StructType {
  readonly kind: typeof K.KindStructType;
  pos: Pos;
  id: number;
  fieldList: Field[];
  tagList: (BasicLit | null)[];

  constructor(pos: Pos, id: number, fieldList: Field[], tagList: (BasicLit | null)[]) {
    this.kind = K.KindStructType;
    this.pos = pos;
    this.id = id;
    this.fieldList = fieldList;
    this.tagList = tagList;
  }
}

/** An interface; an element without name is embedded. */
export class InterfaceType {
  readonly kind: typeof K.KindInterfaceType;
  pos: Pos;
  id: number;
  methodList: Field[];

  constructor(pos: Pos, id: number, methodList: Field[]) {
    this.kind = K.KindInterfaceType;
    this.pos = pos;
    this.id = id;
    this.methodList = methodList;
  }
}

/** A function's signature. */
export class FuncType {
  readonly kind: typeof K.KindFuncType;
  pos: Pos;
  id: number;
  paramList: Field[];
  resultList: Field[];

  constructor(pos: Pos, id: number, paramList: Field[], resultList: Field[]) {
    this.kind = K.KindFuncType;
    this.pos = pos;
    this.id = id;
    this.paramList = paramList;
    this.resultList = resultList;
  }
}

/** `map[key]value`. */
export class MapType {
  readonly kind: typeof K.KindMapType;
  pos: Pos;
  id: number;
  key: Expr;
  value: Expr;

  constructor(pos: Pos, id: number, key: Expr, value: Expr) {
    this.kind = K.KindMapType;
    this.pos = pos;
    this.id = id;
    this.key = key;
    this.value = value;
  }
}

/** `chan elem`; `dir` is 0, SendOnly or RecvOnly. */
export class ChanType {
  readonly kind: typeof K.KindChanType;
  pos: Pos;
  id: number;
  dir: number;
  elem: Expr;

  constructor(pos: Pos, id: number, dir: number, elem: Expr) {
    this.kind = K.KindChanType;
    this.pos = pos;
    this.id = id;
    this.dir = dir;
    this.elem = elem;
  }
}

// ---- Declarations

/** `import localPkgName path`. */
export class ImportDecl {
  readonly kind: typeof K.KindImportDecl;
  pos: Pos;
  group: Group | null;
  pragma: number;
  localPkgName: Name | null;
  path: BasicLit | null;

  constructor(pos: Pos, group: Group | null, pragma: number, localPkgName: Name | null, path: BasicLit | null) {
    this.kind = K.KindImportDecl;
    this.pos = pos;
    this.group = group;
    this.pragma = pragma;
    this.localPkgName = localPkgName;
    this.path = path;
  }
}

/** `const nameList type = values`. */
export class ConstDecl {
  readonly kind: typeof K.KindConstDecl;
  pos: Pos;
  group: Group | null;
  pragma: number;
  nameList: Name[];
  type: Expr | null;
  values: Expr | null;

  constructor(pos: Pos, group: Group | null, pragma: number, nameList: Name[], type: Expr | null, values: Expr | null) {
    this.kind = K.KindConstDecl;
    this.pos = pos;
    this.group = group;
    this.pragma = pragma;
    this.nameList = nameList;
    this.type = type;
    this.values = values;
  }
}

/** `type name[tparamList] type`, or `= type` with `alias`. */
export class TypeDecl {
  readonly kind: typeof K.KindTypeDecl;
  pos: Pos;
  group: Group | null;
  pragma: number;
  name: Name;
  tparamList: Field[];
  alias: boolean;
  type: Expr;

  constructor(pos: Pos, group: Group | null, pragma: number, name: Name, tparamList: Field[], alias: boolean, type: Expr) {
    this.kind = K.KindTypeDecl;
    this.pos = pos;
    this.group = group;
    this.pragma = pragma;
    this.name = name;
    this.tparamList = tparamList;
    this.alias = alias;
    this.type = type;
  }
}

/** `var nameList type = values`, with the `//go:embed` lines above it. */
export class VarDecl {
  readonly kind: typeof K.KindVarDecl;
  pos: Pos;
  group: Group | null;
  pragma: number;
  nameList: Name[];
  type: Expr | null;
  values: Expr | null;
  embeds: EmbedDirective[] | null;

  constructor(
    pos: Pos,
    group: Group | null,
    pragma: number,
    nameList: Name[],
    type: Expr | null,
    values: Expr | null,
    embeds: EmbedDirective[] | null,
  ) {
    this.kind = K.KindVarDecl;
    this.pos = pos;
    this.group = group;
    this.pragma = pragma;
    this.nameList = nameList;
    this.type = type;
    this.values = values;
    this.embeds = embeds;
  }
}

/** A function or method. Where the body was skipped, `body` is null, `hasBody` true, and the body's braces are the bytes [bodyStart, bodyEnd) of the file. */
export class FuncDecl {
  readonly kind: typeof K.KindFuncDecl;
  pos: Pos;
  pragma: number;
  recv: Field | null;
  name: Name;
  tparamList: Field[];
  type: FuncType;
  body: BlockStmt | null;
  hasBody: boolean;
  bodyStart: number;
  bodyEnd: number;

  constructor(
    pos: Pos,
    pragma: number,
    recv: Field | null,
    name: Name,
    tparamList: Field[],
    type: FuncType,
    body: BlockStmt | null,
    hasBody: boolean,
    bodyStart: number,
    bodyEnd: number,
  ) {
    this.kind = K.KindFuncDecl;
    this.pos = pos;
    this.pragma = pragma;
    this.recv = recv;
    this.name = name;
    this.tparamList = tparamList;
    this.type = type;
    this.body = body;
    this.hasBody = hasBody;
    this.bodyStart = bodyStart;
    this.bodyEnd = bodyEnd;
  }
}

// ---- Statements

/** Nothing. */
export class EmptyStmt {
  readonly kind: typeof K.KindEmptyStmt;
  pos: Pos;

  constructor(pos: Pos) {
    this.kind = K.KindEmptyStmt;
    this.pos = pos;
  }
}

/** `label: stmt`. */
export class LabeledStmt {
  readonly kind: typeof K.KindLabeledStmt;
  pos: Pos;
  label: Name;
  stmt: Stmt;

  constructor(pos: Pos, label: Name, stmt: Stmt) {
    this.kind = K.KindLabeledStmt;
    this.pos = pos;
    this.label = label;
    this.stmt = stmt;
  }
}

/** `{ list }`. */
export class BlockStmt {
  readonly kind: typeof K.KindBlockStmt;
  pos: Pos;
  list: Stmt[];
  rbrace: Pos;

  constructor(pos: Pos, list: Stmt[], rbrace: Pos) {
    this.kind = K.KindBlockStmt;
    this.pos = pos;
    this.list = list;
    this.rbrace = rbrace;
  }
}

/** An expression as a statement. */
export class ExprStmt {
  readonly kind: typeof K.KindExprStmt;
  pos: Pos;
  x: Expr;

  constructor(pos: Pos, x: Expr) {
    this.kind = K.KindExprStmt;
    this.pos = pos;
    this.x = x;
  }
}

/** `chan <- value`. */
export class SendStmt {
  readonly kind: typeof K.KindSendStmt;
  pos: Pos;
  chan: Expr;
  value: Expr;

  constructor(pos: Pos, chan: Expr, value: Expr) {
    this.kind = K.KindSendStmt;
    this.pos = pos;
    this.chan = chan;
    this.value = value;
  }
}

/** A declaration inside a function. */
export class DeclStmt {
  readonly kind: typeof K.KindDeclStmt;
  pos: Pos;
  declList: Decl[];

  constructor(pos: Pos, declList: Decl[]) {
    this.kind = K.KindDeclStmt;
    this.pos = pos;
    this.declList = declList;
  }
}

/** `lhs op= rhs`; op is 0 for `=`, OpDef for `:=`; `rhs` is null for `lhs++` (OpAdd) and `lhs--` (OpSub). */
export class AssignStmt {
  readonly kind: typeof K.KindAssignStmt;
  pos: Pos;
  op: number;
  lhs: Expr;
  rhs: Expr | null;

  constructor(pos: Pos, op: number, lhs: Expr, rhs: Expr | null) {
    this.kind = K.KindAssignStmt;
    this.pos = pos;
    this.op = op;
    this.lhs = lhs;
    this.rhs = rhs;
  }
}

/** break, continue, fallthrough or goto (`tok`). `target` is set by checkBranches: a LabeledStmt for goto, a ForStmt, SwitchStmt or SelectStmt for break and continue. */
export class BranchStmt {
  readonly kind: typeof K.KindBranchStmt;
  pos: Pos;
  tok: number;
  label: Name | null;
  target: Stmt | null;

  constructor(pos: Pos, tok: number, label: Name | null, target: Stmt | null) {
    this.kind = K.KindBranchStmt;
    this.pos = pos;
    this.tok = tok;
    this.label = label;
    this.target = target;
  }
}

/** go or defer (`tok`). */
export class CallStmt {
  readonly kind: typeof K.KindCallStmt;
  pos: Pos;
  tok: number;
  call: Expr;

  constructor(pos: Pos, tok: number, call: Expr) {
    this.kind = K.KindCallStmt;
    this.pos = pos;
    this.tok = tok;
    this.call = call;
  }
}

/** `return results`. */
export class ReturnStmt {
  readonly kind: typeof K.KindReturnStmt;
  pos: Pos;
  results: Expr | null;

  constructor(pos: Pos, results: Expr | null) {
    this.kind = K.KindReturnStmt;
    this.pos = pos;
    this.results = results;
  }
}

/** `if init; cond { } else ...`. */
export class IfStmt {
  readonly kind: typeof K.KindIfStmt;
  pos: Pos;
  init: SimpleStmt | null;
  cond: Expr;
  then_: BlockStmt;
  else_: IfStmt | BlockStmt | null;

  constructor(pos: Pos, init: SimpleStmt | null, cond: Expr, then_: BlockStmt, else_: IfStmt | BlockStmt | null) {
    this.kind = K.KindIfStmt;
    this.pos = pos;
    this.init = init;
    this.cond = cond;
    this.then_ = then_;
    this.else_ = else_;
  }
}

/** A loop; with range, `init` is the RangeClause. */
export class ForStmt {
  readonly kind: typeof K.KindForStmt;
  pos: Pos;
  init: SimpleStmt | RangeClause | null;
  cond: Expr | null;
  post: SimpleStmt | null;
  body: BlockStmt;

  constructor(pos: Pos, init: SimpleStmt | RangeClause | null, cond: Expr | null, post: SimpleStmt | null, body: BlockStmt) {
    this.kind = K.KindForStmt;
    this.pos = pos;
    this.init = init;
    this.cond = cond;
    this.post = post;
    this.body = body;
  }
}

/** A switch; in a type switch `tag` is a TypeSwitchGuard. */
export class SwitchStmt {
  readonly kind: typeof K.KindSwitchStmt;
  pos: Pos;
  init: SimpleStmt | null;
  tag: Expr | null;
  body: CaseClause[];
  rbrace: Pos;

  constructor(pos: Pos, init: SimpleStmt | null, tag: Expr | null, body: CaseClause[], rbrace: Pos) {
    this.kind = K.KindSwitchStmt;
    this.pos = pos;
    this.init = init;
    this.tag = tag;
    this.body = body;
    this.rbrace = rbrace;
  }
}

/** A select. */
export class SelectStmt {
  readonly kind: typeof K.KindSelectStmt;
  pos: Pos;
  body: CommClause[];
  rbrace: Pos;

  constructor(pos: Pos, body: CommClause[], rbrace: Pos) {
    this.kind = K.KindSelectStmt;
    this.pos = pos;
    this.body = body;
    this.rbrace = rbrace;
  }
}

/** `lhs := range x`, the head of a loop. */
export class RangeClause {
  readonly kind: typeof K.KindRangeClause;
  pos: Pos;
  lhs: Expr | null;
  def: boolean;
  x: Expr;

  constructor(pos: Pos, lhs: Expr | null, def: boolean, x: Expr) {
    this.kind = K.KindRangeClause;
    this.pos = pos;
    this.lhs = lhs;
    this.def = def;
    this.x = x;
  }
}

// ---- Parts of other nodes

/** `case cases:`; null is `default`. */
export class CaseClause {
  readonly kind: typeof K.KindCaseClause;
  pos: Pos;
  cases: Expr | null;
  body: Stmt[];
  colon: Pos;

  constructor(pos: Pos, cases: Expr | null, body: Stmt[], colon: Pos) {
    this.kind = K.KindCaseClause;
    this.pos = pos;
    this.cases = cases;
    this.body = body;
    this.colon = colon;
  }
}

/** `case comm:` of a select; null is `default`. */
export class CommClause {
  readonly kind: typeof K.KindCommClause;
  pos: Pos;
  comm: SimpleStmt | null;
  body: Stmt[];
  colon: Pos;

  constructor(pos: Pos, comm: SimpleStmt | null, body: Stmt[], colon: Pos) {
    this.kind = K.KindCommClause;
    this.pos = pos;
    this.comm = comm;
    this.body = body;
    this.colon = colon;
  }
}

/** A field, parameter, type parameter, method or embedded element. Names declared in one list share the `type` node. */
export class Field {
  readonly kind: typeof K.KindField;
  pos: Pos;
  name: Name | null;
  type: Expr;

  constructor(pos: Pos, name: Name | null, type: Expr) {
    this.kind = K.KindField;
    this.pos = pos;
    this.name = name;
    this.type = type;
  }
}

/** A directive above a declaration that can't have it. */
export interface Misplaced {
  readonly pos: Pos;
  /** A //go:embed. */
  readonly embed: boolean;
}

/** A source file. */
export class File {
  readonly kind: typeof K.KindFile;
  /** Where the package clause starts. */
  pos: Pos;
  readonly source: SourceFile;
  /** The file's bytes with padding behind them, kept for bodies that are parsed later. */
  text: Uint8Array;
  pkgName: Name;
  declList: Decl[];
  eof: Pos;
  /** The version that the file's `//go:build` line asks for, as "go1.22", or "". */
  goVersion: string;
  /** The text of the `//go:build` line, without the prefix, or "". */
  buildConstraint: string;
  linknames: Linkname[];
  misplaced: Misplaced[];
  dependents: Dependents[];

  constructor(pos: Pos, source: SourceFile, text: Uint8Array, pkgName: Name) {
    this.kind = K.KindFile;
    this.pos = pos;
    this.source = source;
    this.text = text;
    this.pkgName = pkgName;
    this.declList = [];
    this.eof = pos;
    this.goVersion = "";
    this.buildConstraint = "";
    this.linknames = [];
    this.misplaced = [];
    this.dependents = [];
  }
}

/** Any expression or type; all have an `id`. */
export type Expr =
  | BadExpr
  | Name
  | BasicLit
  | CompositeLit
  | KeyValueExpr
  | FuncLit
  | ParenExpr
  | SelectorExpr
  | IndexExpr
  | SliceExpr
  | AssertExpr
  | TypeSwitchGuard
  | Operation
  | CallExpr
  | ListExpr
  | ArrayType
  | SliceType
  | DotsType
  | StructType
  | InterfaceType
  | FuncType
  | MapType
  | ChanType;

/** Any declaration. */
export type Decl = ImportDecl | ConstDecl | TypeDecl | VarDecl | FuncDecl;

/** A simple statement; the head of a range loop is a RangeClause beside these. */
export type SimpleStmt = EmptyStmt | ExprStmt | SendStmt | AssignStmt;

/** Any statement. */
export type Stmt =
  | EmptyStmt
  | LabeledStmt
  | BlockStmt
  | ExprStmt
  | SendStmt
  | DeclStmt
  | AssignStmt
  | BranchStmt
  | CallStmt
  | ReturnStmt
  | IfStmt
  | ForStmt
  | SwitchStmt
  | SelectStmt
  | RangeClause;

/** Any node. */
export type Node = Expr | Decl | Stmt | CaseClause | CommClause | Field | File;
