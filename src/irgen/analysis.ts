// What must be known of a function's variables before its code is made: whose address is taken, which are captured by function literals
// (and by the bodies of range-over-func loops, which become functions), and which change after they were defined.

import type { Pos } from "../base/pos.ts";
import * as S from "../syntax/kinds.ts";
import { OpAnd, OpDef, TokDefer } from "../syntax/tokens.ts";
import type { Expr, ForStmt, FuncLit, Name, Node, RangeClause } from "../syntax/tree.ts";
import { unpackListExpr, unparen } from "../syntax/unparen.ts";
import { children } from "../syntax/walk.ts";
import * as K from "../types/kinds.ts";
import { funcSignature } from "../types/named.ts";
import { type Obj, Var } from "../types/object.ts";
import type { Package } from "../types/package.ts";
import { goCurrent, parseVersion } from "../types/version.ts";
import { Typ, type Type } from "../types/types.ts";
import { under } from "../types/under.ts";
import { emptyInterface } from "../types/universe.ts";
import type { Environment } from "./body.ts";
import type { Shapes } from "./shape.ts";

/** Variables up to this size are captured by value when they don't change. */
const maxCopied = 128;

class Facts {
  readonly frame: Node | null;
  addressTaken = false;
  captured = false;
  reassigned = false;
  large = false;

  constructor(frame: Node | null) {
    this.frame = frame;
  }
}

/** A function inside another: a literal, or the body of a loop over a function. */
export class Frame {
  readonly node: FuncLit | ForStmt;
  readonly parent: Frame | null;
  /** Variables of outer functions that it uses, in order of first use. */
  readonly captures = new Set<Var>();
  /** Of a loop: there is a defer in it or in such loops inside. */
  hasDefer = false;
  /** Of a loop: what state the iteration is in. */
  readonly state: Var | null;
  /** Of a loop: where control goes behind the outermost loop; its variable. */
  readonly next: Var | null;
  /** Of a loop: the token for defers, shared like `next`. */
  readonly token: Var | null;

  constructor(node: FuncLit | ForStmt, parent: Frame | null, state: Var | null, next: Var | null, token: Var | null) {
    this.node = node;
    this.parent = parent;
    this.state = state;
    this.next = next;
    this.token = token;
  }

  /** The frame of the loop around this one in the same function, or null. */
  get outerLoop(): Frame | null {
    return this.parent !== null && this.parent.node.kind === S.KindForStmt ? this.parent : null;
  }
}

export class Analysis {
  private readonly facts = new Map<Var, Facts>();
  private readonly frames = new Map<Node, Frame>();
  private readonly versions = new Map<number, number>();
  /** Functions (root: null) in which a defer stands directly or in bodies of loops over functions. */
  private readonly deferring = new Set<Node | null>();
  /** Functions with a defer inside the body of a loop over a function. */
  private readonly loopDeferring = new Set<Node | null>();
  private readonly pkg: Package;
  private shapes: Shapes | null = null;
  private env: Environment | null = null;

  constructor(pkg: Package) {
    this.pkg = pkg;
  }

  /** Whether a variable lives in memory whose address is known to others. */
  inMemory(v: Var): boolean {
    const f = this.facts.get(v);
    return f !== undefined && (f.addressTaken || (f.captured && !this.copied(v)));
  }

  /** Whether closures get a copy of a variable's value. */
  copied(v: Var): boolean {
    const f = this.facts.get(v);
    return f !== undefined && !f.addressTaken && !f.reassigned && !f.large;
  }

  frame(node: FuncLit | ForStmt): Frame {
    const f = this.frames.get(node);
    if (f === undefined) throw new Error("a function literal was not analysed");
    return f;
  }

  /** Whether a function has defer statements. */
  defers(frame: Node | null): boolean {
    return this.deferring.has(frame);
  }

  /** Whether a function has defer statements inside bodies of loops over functions. */
  defersInLoop(frame: Node | null): boolean {
    return this.loopDeferring.has(frame);
  }

  /** The language version at a position, as 1000 * major + minor. */
  versionAt(pos: Pos): number {
    const files = this.pkg.checker?.files ?? [];
    for (const file of files) {
      const base = file.source.base;
      if (pos < base || pos > base + file.source.size) continue;
      let v = this.versions.get(base);
      if (v === undefined) {
        v = parseVersion(file.goVersion) || parseVersion(this.pkg.goVersion) || goCurrent;
        this.versions.set(base, v);
      }
      return v;
    }
    return goCurrent;
  }

  /** Looks at a function's body; parameters are known already. */
  run(env: Environment, params: readonly Var[], results: readonly Var[], body: Node): void {
    this.shapes = env.ctx.shapes;
    this.env = env;
    const w = new Walker(this, env, results);
    for (const v of params) this.define(env, v, null);
    for (const v of results) {
      this.define(env, v, null);
      this.assigned(v);
    }
    w.node(body);
  }

  define(env: Environment, v: Var, frame: Node | null): void {
    if (this.facts.has(v)) return;
    const f = new Facts(frame);
    if (v.type !== null) f.large = (this.shapes as Shapes).of(env.fixed(v.type)).size > maxCopied;
    this.facts.set(v, f);
  }

  use(v: Var, frame: Frame | null): void {
    const f = this.facts.get(v);
    if (f === undefined) return;
    for (let at = frame; at !== null && at.node !== f.frame; at = at.parent) {
      at.captures.add(v);
      f.captured = true;
    }
  }

  assigned(v: Var): void {
    const f = this.facts.get(v);
    if (f !== undefined) f.reassigned = true;
  }

  takeAddress(v: Var): void {
    const f = this.facts.get(v);
    if (f !== undefined) f.addressTaken = true;
  }

  enter(node: FuncLit | ForStmt, parent: Frame | null): Frame {
    let frame: Frame;
    if (node.kind === S.KindForStmt) {
      const env = this.env as Environment;
      const int = Typ[K.Int] as Type;
      const make = (name: string, type: Type): Var => new Var(env.ctx.ids, K.LocalVar, node.pos, this.pkg, name, type);
      const outer = parent !== null && parent.node.kind === S.KindForStmt ? parent : null;
      const owner = parent === null ? null : parent.node;
      const state = make("#state", int);
      this.define(env, state, owner);
      this.assigned(state);
      let next = outer?.next ?? null;
      let token = outer?.token ?? null;
      if (next === null) {
        next = make("#next", int);
        this.define(env, next, owner);
        this.assigned(next);
      }
      if (token === null) {
        token = make("#defers", emptyInterface);
        this.define(env, token, owner);
      }
      frame = new Frame(node, parent, state, next, token);
      this.use(state, frame);
    } else {
      frame = new Frame(node, parent, null, null, null);
    }
    this.frames.set(node, frame);
    return frame;
  }

  /** Control leaves a loop's body for somewhere outside: the body needs the states of all loops around it. */
  leaves(frame: Frame): void {
    for (let at: Frame | null = frame; at !== null && at.node.kind === S.KindForStmt; at = at.parent) {
      this.use(at.state as Var, frame);
      this.use(at.next as Var, frame);
    }
  }

  addDefer(frame: Frame | null): void {
    // A defer in the body of a loop over a function belongs to the function around the loop.
    let at = frame;
    let inLoop = false;
    while (at !== null && at.node.kind === S.KindForStmt) {
      at.hasDefer = true;
      this.use(at.token as Var, frame);
      inLoop = true;
      at = at.parent;
    }
    this.deferring.add(at === null ? null : at.node);
    if (inLoop) this.loopDeferring.add(at === null ? null : at.node);
  }
}

/** Whether a loop ranges over a function. */
export function isRangeFunc(env: Environment, s: ForStmt): boolean {
  const init = s.init;
  return init !== null && init.kind === S.KindRangeClause && under(env.typeOf(init.x)).kind === K.TSignature;
}

class Walker {
  private readonly a: Analysis;
  private readonly env: Environment;
  private frame: Frame | null = null;
  private readonly stack: Node[] = [];

  /** Results of the function (not loop body) at hand. */
  private results: readonly Var[];

  constructor(a: Analysis, env: Environment, results: readonly Var[]) {
    this.a = a;
    this.env = env;
    this.results = results;
  }

  node(n: Node | null): void {
    if (n === null) return;
    switch (n.kind) {
      case S.KindName:
        this.name(n);
        return;
      case S.KindFuncLit: {
        const outer = this.frame;
        const results = this.results;
        this.frame = this.a.enter(n, outer);
        this.signature(n);
        this.node(n.body);
        this.frame = outer;
        this.results = results;
        return;
      }
      case S.KindSelectorExpr: {
        const s = this.env.selection(n);
        if (s === undefined) return; // qualified name
        if (this.env.info.mode(n.x.id) === K.ModeTypExpr) return;
        this.node(n.x);
        if (s.kind === K.MethodVal && s.obj.kind === K.OFunc && this.needsAddress(s.recv, s.obj, s.index)) this.addressOf(n.x, s.index.slice(0, -1));
        return;
      }
      case S.KindOperation:
        if (n.y === null && n.op === OpAnd) {
          const x = unparen(n.x);
          if (x.kind !== S.KindCompositeLit) this.addressOf(x, []);
        }
        if (this.isType(n)) return;
        this.node(n.x);
        this.node(n.y);
        return;
      case S.KindSliceExpr:
        if (under(this.env.typeOf(n.x)).kind === K.TArray) this.addressOf(n.x, []);
        this.all(n);
        return;
      case S.KindAssignStmt: {
        const def = n.op === OpDef;
        for (const l of unpackListExpr(n.lhs)) {
          const x = unparen(l);
          if (def && x.kind === S.KindName) {
            const obj = this.env.info.defs[x.id];
            if (obj !== undefined) {
              this.define(obj);
              continue;
            }
          }
          this.assign(x);
          this.node(x);
        }
        this.node(n.rhs);
        return;
      }
      case S.KindForStmt:
        this.loop(n);
        return;
      case S.KindSwitchStmt:
        this.node(n.init);
        if (n.tag !== null && n.tag.kind === S.KindTypeSwitchGuard) this.node(n.tag.x);
        else this.node(n.tag);
        for (const c of n.body) {
          const v = this.env.info.implicits.get(c);
          if (v !== undefined) this.define(v);
          this.node(c.cases);
          for (const s of c.body) this.node(s);
        }
        return;
      case S.KindCallStmt:
        if (n.tok === TokDefer) this.a.addDefer(this.frame);
        this.all(n);
        return;
      case S.KindKeyValueExpr:
        // Keys of struct literals are field names: `uses` maps them to fields, which nobody defined here.
        this.node(n.key);
        this.node(n.value);
        return;
      case S.KindVarDecl:
        for (const name of n.nameList) {
          const obj = this.env.info.defs[name.id];
          if (obj !== undefined) this.define(obj);
        }
        this.node(n.values);
        return;
      case S.KindTypeDecl:
      case S.KindConstDecl:
      case S.KindArrayType:
      case S.KindStructType:
      case S.KindInterfaceType:
      case S.KindFuncType:
      case S.KindMapType:
      case S.KindChanType:
      case S.KindSliceType:
      case S.KindDotsType:
        return;
      case S.KindLabeledStmt:
        this.node(n.stmt);
        return;
      case S.KindBranchStmt:
        if (n.label !== null && this.frame !== null && this.frame.node.kind === S.KindForStmt) this.a.leaves(this.frame);
        return;
      case S.KindReturnStmt:
        if (this.frame !== null && this.frame.node.kind === S.KindForStmt) {
          this.a.leaves(this.frame);
          for (const v of this.results) this.a.use(v, this.frame);
        }
        this.node(n.results);
        return;
      default:
        this.all(n);
    }
  }

  private isType(e: Expr): boolean {
    return this.env.info.mode(e.id) === K.ModeTypExpr;
  }

  private all(n: Node): void {
    const base = this.stack.length;
    children(n, this.stack);
    const end = this.stack.length;
    const list = this.stack.slice(base, end);
    this.stack.length = base;
    for (const c of list) this.node(c);
  }

  private name(n: Name): void {
    const def = this.env.info.defs[n.id];
    if (def !== undefined) this.define(def);
    const obj = this.env.info.uses[n.id];
    if (obj !== undefined && obj.kind === K.OVar) this.a.use(obj, this.frame);
  }

  private define(obj: Obj): void {
    if (obj.kind === K.OVar) this.a.define(this.env, obj, this.frame === null ? null : this.frame.node);
  }

  private signature(n: FuncLit): void {
    const t = this.env.info.types[n.id];
    if (t === undefined || t.kind !== K.TSignature) throw new Error("a function literal without signature");
    this.results = t.results.vars;
    for (const v of t.params.vars) this.define(v);
    for (const v of t.results.vars) {
      this.define(v);
      this.a.assigned(v);
    }
  }

  private loop(n: ForStmt): void {
    const init = n.init;
    if (init === null || init.kind !== S.KindRangeClause) {
      this.node(init);
      this.node(n.cond);
      this.node(n.post);
      this.node(n.body);
      return;
    }
    this.node(init.x);
    if (!isRangeFunc(this.env, n)) {
      this.rangeVars(init);
      this.node(n.body);
      return;
    }
    const outer = this.frame;
    this.frame = this.a.enter(n, outer);
    this.rangeVars(init);
    this.node(n.body);
    this.frame = outer;
  }

  private rangeVars(init: RangeClause): void {
    for (const l of unpackListExpr(init.lhs)) {
      const x = unparen(l);
      if (init.def && x.kind === S.KindName) {
        const obj = this.env.info.defs[x.id];
        if (obj !== undefined) {
          this.define(obj);
          // One variable for all iterations in old versions.
          if (this.a.versionAt(init.pos) < 1022) this.a.assigned(obj as Var);
          continue;
        }
      }
      this.assign(x);
      this.node(x);
    }
  }

  /** Whether calling or binding a method takes the address of what it is selected from. */
  private needsAddress(recv: Parameters<typeof under>[0], method: Obj, index: readonly number[]): boolean {
    if (method.kind !== K.OFunc) return false;
    const r = funcSignature(method).recv;
    if (r === null || r.type === null || under(r.type).kind !== K.TPointer) return false;
    if (under(r.type).kind === K.TInterface) return false;
    // Walk the embedded fields: a pointer at the end is passed as it is.
    let t = recv;
    for (let i = 0; i + 1 < index.length; i++) {
      let u = under(t);
      if (u.kind === K.TPointer) u = under(u.elem);
      if (u.kind !== K.TStruct) return false;
      t = (u.fields[index[i] as number] as Var).type as Parameters<typeof under>[0];
    }
    return under(t).kind !== K.TPointer;
  }

  /** The variable that holds the place that an expression denotes, if it does without a pointer in between. */
  private root(e: Expr, path: readonly number[]): Var | null {
    // Embedded pointers on the way.
    if (path.length > 0) {
      let t = this.env.typeOf(e);
      for (const i of path) {
        const u = under(t);
        if (u.kind !== K.TStruct) return null;
        t = (u.fields[i] as Var).type as typeof t;
      }
    }
    const x = unparen(e);
    switch (x.kind) {
      case S.KindName: {
        const obj = this.env.info.uses[x.id] ?? this.env.info.defs[x.id];
        return obj !== undefined && obj.kind === K.OVar ? obj : null;
      }
      case S.KindSelectorExpr: {
        const s = this.env.selection(x);
        if (s === undefined || s.kind !== K.FieldVal) return null;
        if (under(s.recv).kind === K.TPointer) return null;
        return this.root(x.x, s.index.slice(0, -1));
      }
      case S.KindIndexExpr:
        return under(this.env.typeOf(x.x)).kind === K.TArray ? this.root(x.x, []) : null;
      default:
        return null;
    }
  }

  private addressOf(e: Expr, path: readonly number[]): void {
    const v = this.root(e, path);
    if (v !== null) this.a.takeAddress(v);
  }

  private assign(e: Expr): void {
    const v = this.root(e, []);
    if (v !== null) this.a.assigned(v);
  }
}
