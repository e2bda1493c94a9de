// What must be known of a body before code is written for it: which variables have their address taken, which closures capture what, whether
// by value or by reference, where calls hide in expressions, and how control leaves the bodies of loops over functions (which
// become functions of their own).

import type { Pos } from "../base/pos.ts";
import * as S from "../syntax/kinds.ts";
import * as T from "../syntax/tokens.ts";
import type {
  AssignStmt,
  BlockStmt,
  BranchStmt,
  Expr,
  ForStmt,
  FuncDecl,
  FuncLit,
  LabeledStmt,
  Name,
  Node,
  Stmt,
} from "../syntax/tree.ts";
import { children } from "../syntax/walk.ts";
import type { Info } from "../types/info.ts";
import * as K from "../types/kinds.ts";
import { hasPtrRecv } from "../types/named.ts";
import type { Func, Var } from "../types/object.ts";
import { type Signature, Typ, type Type } from "../types/types.ts";
import { emptyInterface } from "../types/universe.ts";
import { under } from "../types/under.ts";
import { type Layouts } from "./layout.ts";
import type { TypeEnv } from "./typeenv.ts";

/** Captured variables up to this size that never change are copied into closures. */
const maxByValue = 128;

/** A variable of a function: declared, or made by the compiler. */
export class Local {
  readonly name: string;
  /** Not yet substituted. */
  readonly type: Type;
  readonly owner: FuncInfo;
  readonly pos: Pos;
  addressed = false;
  captured = false;
  /** Assigned other than by its declaration. */
  assigned = false;
  isResult = false;
  /** Captured by reference (decided at the end). */
  byRef = false;
  /** Lives in an object of its own. */
  inObject = false;

  constructor(name: string, type: Type, owner: FuncInfo, pos: Pos) {
    this.name = name;
    this.type = type;
    this.owner = owner;
    this.pos = pos;
  }
}

/** A way out of the body of a loop over a function, other than its end. */
export interface RangeExit {
  /** What the shared variable holds on the way; -1: return. */
  readonly code: number;
  readonly branch: BranchStmt | null;
  /** The function or loop body in which the jump can be done. */
  owner: FuncInfo;
}

/** A function, function literal, or body of a loop over a function. */
export class FuncInfo {
  readonly parent: FuncInfo | null;
  readonly node: FuncDecl | FuncLit | ForStmt | null;
  readonly isRange: boolean;
  readonly captures: Local[] = [];
  params: Local[] = [];
  results: Local[] = [];
  hasDefer = false;
  hasRecover = false;
  hasGoto = false;
  /** Of bodies of loops over functions. */
  state: Local | null = null;
  readonly exits: RangeExit[] = [];
  /** Of functions around such loops: where control goes on, and the token for defers. */
  next: Local | null = null;
  defers: Local | null = null;
  codes = 0;

  constructor(parent: FuncInfo | null, node: FuncDecl | FuncLit | ForStmt | null, isRange: boolean) {
    this.parent = parent;
    this.node = node;
    this.isRange = isRange;
  }

  /** The function that this is a part of. */
  get func(): FuncInfo {
    let f: FuncInfo = this;
    while (f.isRange) f = f.parent as FuncInfo;
    return f;
  }
}

/** The facts of a declared function (or initialiser) with everything inside it. */
export class Facts {
  readonly locals = new Map<Var, Local>();
  readonly funcs = new Map<Node, FuncInfo>();
  /** Ids of expressions that contain a call or receive. */
  readonly calls = new Set<number>();
  /** Defers that may run more than once in a call of their function. */
  readonly loopDefers = new Set<Node>();
  root: FuncInfo = new FuncInfo(null, null, false);
}

const pureBuiltins: ReadonlySet<number> = new Set([
  K.BCap, K.BComplex, K.BImag, K.BLen, K.BMax, K.BMin, K.BReal, K.BAdd, K.BAlignof, K.BOffsetof, K.BSizeof, K.BSlice, K.BSliceData,
  K.BString, K.BStringData,
]);

/** Collects the facts of a function declaration. */
export function factsOfFunction(info: Info, env: TypeEnv, layouts: Layouts, decl: FuncDecl, sig: Signature): Facts {
  const c = new Collector(info, env, layouts);
  const f = new FuncInfo(null, decl, false);
  c.facts.root = f;
  c.facts.funcs.set(decl, f);
  c.cur = f;
  c.signature(f, sig);
  if (decl.body !== null) c.block(decl.body);
  c.finish();
  return c.facts;
}

/** Collects the facts of an initialiser. */
export function factsOfExpr(info: Info, env: TypeEnv, layouts: Layouts, e: Expr): Facts {
  const c = new Collector(info, env, layouts);
  c.cur = c.facts.root;
  c.expr(e);
  c.finish();
  return c.facts;
}

class Collector {
  readonly facts = new Facts();
  readonly info: Info;
  readonly env: TypeEnv;
  readonly layouts: Layouts;
  cur: FuncInfo;
  private loops = 0;
  private readonly owners = new Map<Stmt, FuncInfo>();
  private readonly pending: { branch: BranchStmt; from: FuncInfo }[] = [];
  private readonly deferStmts: { node: Node; func: FuncInfo }[] = [];

  constructor(info: Info, env: TypeEnv, layouts: Layouts) {
    this.info = info;
    this.env = env;
    this.layouts = layouts;
    this.cur = this.facts.root;
  }

  signature(f: FuncInfo, sig: Signature): void {
    const add = (v: Var): Local => {
      const l = new Local(v.name, v.type as Type, f, v.pos);
      this.facts.locals.set(v, l);
      return l;
    };
    if (sig.recv !== null) f.params.push(add(sig.recv));
    for (const v of sig.params.vars) f.params.push(add(v));
    for (const v of sig.results.vars) {
      const l = add(v);
      l.isResult = true;
      l.assigned = true;
      f.results.push(l);
    }
  }

  finish(): void {
    for (const p of this.pending) {
      const owner = this.owners.get(p.branch.target as Stmt);
      if (owner === undefined || owner === p.from) continue;
      this.leave(p.from, owner, p.branch);
    }
    for (const d of this.deferStmts) if (d.func.hasGoto) this.facts.loopDefers.add(d.node);
    for (const l of this.facts.locals.values()) this.decide(l);
    for (const f of this.facts.funcs.values()) {
      if (f.state !== null) this.decide(f.state);
      if (f.next !== null) this.decide(f.next);
      if (f.defers !== null) this.decide(f.defers);
    }
    const root = this.facts.root;
    if (root.next !== null) this.decide(root.next);
  }

  private decide(l: Local): void {
    if (l.captured) l.byRef = l.assigned || l.addressed || this.layouts.of(this.env.subst(l.type)).size > maxByValue;
    l.inObject = l.addressed || l.byRef;
  }

  private capture(l: Local, from: FuncInfo): void {
    for (let f: FuncInfo | null = from; f !== null && f !== l.owner; f = f.parent) {
      l.captured = true;
      if (!f.captures.includes(l)) f.captures.push(l);
    }
  }

  private use(l: Local): void {
    if (l.owner !== this.cur) this.capture(l, this.cur);
  }

  private define(name: Name): void {
    const obj = this.info.defs[name.id];
    if (obj !== undefined && obj.kind === K.OVar) this.addVar(obj);
  }

  private addVar(v: Var): Local {
    const l = new Local(v.name, v.type as Type, this.cur, v.pos);
    this.facts.locals.set(v, l);
    return l;
  }

  private localOf(name: Name): Local | null {
    const obj = this.info.uses[name.id];
    if (obj === undefined || obj.kind !== K.OVar) return null;
    return this.facts.locals.get(obj) ?? null;
  }

  private typeOf(e: Expr): Type | null {
    const t = this.info.types[e.id];
    return t === undefined ? null : under(this.env.subst(t));
  }

  /** The variable that holds what an expression denotes, if it is part of one. */
  private rootOf(e: Expr): Local | null {
    for (;;) {
      switch (e.kind) {
        case S.KindParenExpr:
          e = e.x;
          continue;
        case S.KindName:
          return this.localOf(e);
        case S.KindSelectorExpr: {
          const s = this.info.selections[e.id];
          if (s === undefined || s.kind !== K.FieldVal || s.indirect || this.typeOf(e.x)?.kind === K.TPointer) return null;
          e = e.x;
          continue;
        }
        case S.KindIndexExpr: {
          if (this.typeOf(e.x)?.kind !== K.TArray) return null;
          e = e.x;
          continue;
        }
        default:
          return null;
      }
    }
  }

  private address(e: Expr): void {
    const l = this.rootOf(e);
    if (l !== null) l.addressed = true;
  }

  private assign(e: Expr): void {
    const l = this.rootOf(e);
    if (l !== null) l.assigned = true;
  }

  // ---- Expressions

  /** Walks an expression; whether it contains a call. */
  expr(e: Expr): boolean {
    if (this.info.values[e.id] !== undefined) return false;
    const found = this.inside(e);
    if (found) this.facts.calls.add(e.id);
    return found;
  }

  private inside(e: Expr): boolean {
    switch (e.kind) {
      case S.KindName: {
        const l = this.localOf(e);
        if (l !== null) this.use(l);
        return false;
      }
      case S.KindBasicLit:
        return false;
      case S.KindFuncLit:
        this.funcLit(e);
        return false;
      case S.KindSelectorExpr: {
        const s = this.info.selections[e.id];
        if (s === undefined) return false;
        if (s.kind === K.MethodExpr) return false;
        const found = this.expr(e.x);
        if (s.kind === K.MethodVal && !s.indirect && hasPtrRecv(s.obj as Func) && this.typeOf(e.x)?.kind !== K.TPointer) this.address(e.x);
        return found;
      }
      case S.KindSliceExpr: {
        let found = this.expr(e.x);
        if (this.typeOf(e.x)?.kind === K.TArray) this.address(e.x);
        for (const i of e.index) if (i !== null && this.expr(i)) found = true;
        return found;
      }
      case S.KindOperation: {
        let found = this.expr(e.x);
        if (e.y !== null) {
          if (this.expr(e.y)) found = true;
        } else if (e.op === T.OpAnd) {
          this.address(e.x);
        } else if (e.op === T.OpRecv) found = true;
        return found;
      }
      case S.KindCallExpr:
        return this.call(e);
      case S.KindCompositeLit: {
        let found = false;
        const isStruct = this.literalIsStruct(e);
        for (const x of e.elemList) {
          if (x.kind === S.KindKeyValueExpr) {
            if (!isStruct && this.expr(x.key)) found = true;
            if (this.expr(x.value)) {
              found = true;
              this.facts.calls.add(x.id);
            }
          } else if (this.expr(x)) found = true;
        }
        return found;
      }
      case S.KindArrayType:
      case S.KindSliceType:
      case S.KindStructType:
      case S.KindInterfaceType:
      case S.KindFuncType:
      case S.KindMapType:
      case S.KindChanType:
      case S.KindDotsType:
        return false;
      case S.KindAssertExpr:
        return this.expr(e.x);
      default: {
        const below: Node[] = [];
        children(e, below);
        let found = false;
        for (let i = 0; i < below.length; i++) if (this.expr(below[i] as Expr)) found = true;
        return found;
      }
    }
  }

  private literalIsStruct(e: Expr): boolean {
    const t = this.typeOf(e);
    if (t === null) return false;
    if (t.kind === K.TPointer) return under(t.elem).kind === K.TStruct;
    return t.kind === K.TStruct;
  }

  private call(e: Expr & { kind: typeof S.KindCallExpr }): boolean {
    const mode = this.info.mode(e.fun.id);
    let found = true;
    if (mode === K.ModeTypExpr) found = false;
    else if (mode === K.ModeBuiltin) {
      const id = builtinOf(this.info, e.fun);
      if (pureBuiltins.has(id)) found = false;
      if (id === K.BRecover) this.cur.func.hasRecover = true;
    } else if (this.expr(e.fun)) found = true;
    for (let i = 0; i < e.argList.length; i++) {
      const a = e.argList[i] as Expr;
      if (this.info.mode(a.id) === K.ModeTypExpr) continue;
      if (this.expr(a)) found = true;
    }
    return found;
  }

  private funcLit(e: FuncLit): void {
    const outer = this.cur;
    const f = new FuncInfo(outer, e, false);
    this.facts.funcs.set(e, f);
    const loops = this.loops;
    this.loops = 0;
    this.cur = f;
    this.signature(f, this.info.types[e.id] as Signature);
    this.block(e.body);
    this.cur = outer;
    this.loops = loops;
  }

  // ---- Statements

  block(b: BlockStmt): void {
    this.list(b.list);
  }

  private list(list: readonly Stmt[]): void {
    for (let i = 0; i < list.length; i++) this.stmt(list[i] as Stmt);
  }

  private stmt(s: Stmt): void {
    switch (s.kind) {
      case S.KindEmptyStmt:
        return;
      case S.KindLabeledStmt:
        this.owners.set(s, this.cur);
        this.stmt(s.stmt);
        return;
      case S.KindBlockStmt:
        this.list(s.list);
        return;
      case S.KindExprStmt:
        this.expr(s.x);
        return;
      case S.KindSendStmt:
        this.expr(s.chan);
        this.expr(s.value);
        return;
      case S.KindDeclStmt:
        for (const d of s.declList) {
          if (d.kind !== S.KindVarDecl) continue;
          if (d.values !== null) this.expr(d.values);
          for (const n of d.nameList) this.define(n);
        }
        return;
      case S.KindAssignStmt:
        this.assignStmt(s);
        return;
      case S.KindBranchStmt:
        this.branch(s);
        return;
      case S.KindCallStmt: {
        this.expr(s.call);
        if (s.tok === T.TokDefer) this.defer(s);
        return;
      }
      case S.KindReturnStmt:
        if (s.results !== null) this.expr(s.results);
        if (this.cur.isRange) this.returnFromRange();
        return;
      case S.KindIfStmt:
        if (s.init !== null) this.stmt(s.init);
        this.expr(s.cond);
        this.block(s.then_);
        if (s.else_ !== null) this.stmt(s.else_);
        return;
      case S.KindForStmt:
        this.forStmt(s);
        return;
      case S.KindSwitchStmt: {
        this.owners.set(s, this.cur);
        if (s.init !== null) this.stmt(s.init);
        const guard = s.tag !== null && s.tag.kind === S.KindTypeSwitchGuard ? s.tag : null;
        if (guard !== null) this.expr(guard.x);
        else if (s.tag !== null) this.expr(s.tag);
        for (const c of s.body) {
          if (guard === null && c.cases !== null) this.expr(c.cases);
          const v = this.info.implicits.get(c);
          if (v !== undefined && v.kind === K.OVar) this.addVar(v);
          this.list(c.body);
        }
        return;
      }
      case S.KindSelectStmt:
        this.owners.set(s, this.cur);
        for (const c of s.body) {
          if (c.comm !== null) this.stmt(c.comm);
          this.list(c.body);
        }
        return;
      case S.KindRangeClause:
        return;
    }
  }

  private assignStmt(s: AssignStmt): void {
    if (s.rhs !== null) this.expr(s.rhs);
    const list = s.lhs.kind === S.KindListExpr ? s.lhs.elemList : [s.lhs];
    for (let i = 0; i < list.length; i++) {
      const e = list[i] as Expr;
      if (s.op === T.OpDef && e.kind === S.KindName && this.info.defs[e.id] !== undefined) {
        this.define(e);
        continue;
      }
      this.expr(e);
      this.assign(e);
    }
  }

  private forStmt(s: ForStmt): void {
    const r = s.init;
    if (r === null || r.kind !== S.KindRangeClause) {
      this.owners.set(s, this.cur);
      if (r !== null) this.stmt(r);
      this.loops++;
      if (s.cond !== null) this.expr(s.cond);
      this.block(s.body);
      if (s.post !== null) this.stmt(s.post);
      this.loops--;
      return;
    }
    this.expr(r.x);
    const t = this.typeOf(r.x);
    const lhs = r.lhs === null ? [] : r.lhs.kind === S.KindListExpr ? r.lhs.elemList : [r.lhs];
    const outer = this.cur;
    let loopFunc: FuncInfo | null = null;
    if (t !== null && t.kind === K.TSignature) {
      loopFunc = new FuncInfo(outer, s, true);
      this.facts.funcs.set(s, loopFunc);
      loopFunc.state = new Local("#state", Typ[K.Int] as Type, outer, s.pos);
      loopFunc.state.assigned = true;
      this.cur = loopFunc;
      this.capture(loopFunc.state, loopFunc);
    }
    this.owners.set(s, this.cur);
    this.loops++;
    for (let i = 0; i < lhs.length; i++) {
      const e = lhs[i] as Expr;
      if (r.def && e.kind === S.KindName) this.define(e);
      else {
        this.expr(e);
        this.assign(e);
      }
    }
    this.block(s.body);
    this.loops--;
    this.cur = outer;
  }

  private nextOf(f: FuncInfo): Local {
    if (f.next === null) {
      f.next = new Local("#next", Typ[K.Int] as Type, f, f.node === null ? (0 as Pos) : f.node.pos);
      f.next.assigned = true;
    }
    return f.next;
  }

  private returnFromRange(): void {
    const func = this.cur.func;
    this.capture(this.nextOf(func), this.cur);
    for (const r of func.results) this.capture(r, this.cur);
    for (let f = this.cur; f !== func; f = f.parent as FuncInfo) {
      if (!f.exits.some((x) => x.code === -1)) f.exits.push({ code: -1, branch: null, owner: func });
    }
  }

  private branch(s: BranchStmt): void {
    if (s.target === null) return;
    if (s.tok === T.TokGoto) {
      this.cur.func.hasGoto = true;
      this.pending.push({ branch: s, from: this.cur });
      return;
    }
    const owner = this.owners.get(s.target);
    if (owner !== undefined && owner !== this.cur) this.leave(this.cur, owner, s);
  }

  /** A jump from a loop body to something outside it. */
  private leave(from: FuncInfo, owner: FuncInfo, branch: BranchStmt): void {
    const func = from.func;
    this.capture(this.nextOf(func), from);
    const code = ++func.codes;
    for (let f = from; f !== owner && f.isRange; f = f.parent as FuncInfo) f.exits.push({ code, branch, owner });
  }

  private defer(s: Node): void {
    const func = this.cur.func;
    func.hasDefer = true;
    this.deferStmts.push({ node: s, func });
    if (this.loops > 0) this.facts.loopDefers.add(s);
    if (this.cur.isRange) {
      if (func.defers === null) {
        func.defers = new Local("#defers", emptyInterface, func, s.pos);
        func.defers.assigned = true;
      }
      this.capture(func.defers, this.cur);
    }
  }
}

/** The number of the built-in function that an expression names. */
export function builtinOf(info: Info, fun: Expr): number {
  let e = fun;
  while (e.kind === S.KindParenExpr) e = e.x;
  const name = e.kind === S.KindSelectorExpr ? e.sel : (e as Name);
  const obj = info.uses[name.id];
  return obj !== undefined && obj.kind === K.OBuiltin ? obj.builtin : -1;
}

export type { LabeledStmt };
