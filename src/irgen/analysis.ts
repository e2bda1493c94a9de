// What must be known of a function's variables before its code is made: whose address is taken, which are captured by function literals
// (and by the bodies of range-over-func loops, which become functions), and which change after they were defined.

import { LateMap, LateSet } from "../base/late.ts";
import type { Pos } from "../base/pos.ts";
import * as S from "../syntax/kinds.ts";
import { OpAnd, OpDef, TokDefer, TokGoto } from "../syntax/tokens.ts";
import type { BranchStmt, Expr, ForStmt, FuncLit, Name, Node, RangeClause } from "../syntax/tree.ts";
import { unpackListExpr, unparen } from "../syntax/unparen.ts";
import { children } from "../syntax/walk.ts";
import { boolVal } from "../types/constant/access.ts";
import * as K from "../types/kinds.ts";
import { funcSignature } from "../types/named.ts";
import { type Obj, Var } from "../types/object.ts";
import type { Package } from "../types/package.ts";
import { goCurrent, parseVersion } from "../types/version.ts";
import { Typ, type Type } from "../types/types.ts";
import { emptyInterface } from "../types/universe.ts";
import { under } from "../types/under.ts";
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
  /** Which literal (or loop) of its function it is, in the order of the source, from 1. */
  readonly number: number;
  /** Of a loop: statements in it (or deeper in such loops) that leave the loop body in an unusual way. */
  hasDefer = false;
  hasRecover = false;
  /** Of a loop over a function: the variable that tells its state, shared with the function around it. */
  state: Var | null = null;
  /** Of a loop over a function: jumps out of the body. */
  readonly exits: RangeExit[] = [];

  constructor(node: FuncLit | ForStmt, parent: Frame | null, number: number) {
    this.node = node;
    this.parent = parent;
    this.number = number;
  }

  get isLoop(): boolean {
    return this.node.kind === S.KindForStmt;
  }
}

/** A way out of the body of a loop over a function, other than its end. */
export interface RangeExit {
  /** What the shared variable holds on the way; -1: return. */
  readonly code: number;
  readonly branch: BranchStmt | null;
  /** The function or loop body (null: the outermost function) in which the jump can be done. */
  readonly owner: Frame | null;
}

/** What a function has because of loops over functions inside it. */
export class LoopState {
  /** Where control goes on after such a loop. */
  next: Var | null = null;
  /** What deferprocat wants. */
  token: Var | null = null;
  codes = 0;
}

export class Analysis {
  private readonly facts = new Map<Var, Facts>();
  private readonly frames = new LateMap<Node, Frame>();
  /** How many literals and loops over functions have been met, by function. */
  private readonly literalCounts = new LateMap<Frame | null, number>();
  private readonly loopCounts = new LateMap<Frame | null, number>();
  private readonly versions = new LateMap<number, number>();
  /** Functions (root: null) in which a defer stands directly or in bodies of loops over functions. */
  private readonly deferring = new LateSet<Node | null>();
  /** Functions with a defer inside the body of a loop over a function. */
  private readonly loopDeferring = new LateSet<Node | null>();
  /** By function (root: null). */
  private readonly loopStates = new LateMap<Node | null, LoopState>();
  /** Defers that may run more than once in a call of their function. */
  readonly repeatedDefers = new LateSet<Node>();
  private readonly pkg: Package;
  private shapes: Shapes | null = null;

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
    const w = new Walker(this, env, results);
    for (const v of params) this.define(env, v, null);
    for (const v of results) {
      this.define(env, v, null);
      this.assigned(v);
    }
    w.node(body);
    w.finish();
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

  /** `live`: not in a branch that a constant decides against. */
  enter(node: FuncLit | ForStmt, parent: Frame | null, live: boolean): Frame {
    const counts = node.kind === S.KindForStmt ? this.loopCounts : this.literalCounts;
    const owner = this.funcOf(parent);
    const number = (counts.get(owner) ?? 0) + (live ? 1 : 0);
    counts.set(owner, number);
    const frame = new Frame(node, parent, number);
    this.frames.set(node, frame);
    return frame;
  }

  /** The function (null: the outermost) that a frame is a part of. */
  funcOf(frame: Frame | null): Frame | null {
    let at = frame;
    while (at !== null && at.isLoop) at = at.parent;
    return at;
  }

  loopState(func: Frame | null): LoopState {
    const key = func === null ? null : func.node;
    let s = this.loopStates.get(key);
    if (s === undefined) {
      s = new LoopState();
      this.loopStates.set(key, s);
    }
    return s;
  }

  /** A variable of the compiler's own making, changed all the time. */
  synthesize(env: Environment, name: string, type: Type, pos: Pos, frame: Frame | null): Var {
    const v = new Var(env.ctx.ids, K.LocalVar, pos, this.pkg, name, type);
    this.define(env, v, frame === null ? null : frame.node);
    this.assigned(v);
    return v;
  }

  addDefer(frame: Frame | null): void {
    // A defer in the body of a loop over a function belongs to the function around the loop.
    let at = frame;
    let inLoop = false;
    while (at !== null && at.node.kind === S.KindForStmt) {
      at.hasDefer = true;
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
  /** Results of the function around. */
  private results: readonly Var[];
  private loops = 0;
  /** Branches around that a constant decides against. */
  private dead = 0;
  private readonly owners = new LateMap<Node, Frame | null>();
  private readonly gotos: { branch: BranchStmt; from: Frame | null }[] = [];
  private readonly defers: { node: Node; func: Frame | null }[] = [];
  private readonly jumping = new LateSet<Frame | null>();

  constructor(a: Analysis, env: Environment, results: readonly Var[]) {
    this.a = a;
    this.env = env;
    this.results = results;
  }

  finish(): void {
    for (const g of this.gotos) {
      const target = g.branch.target as Node;
      if (!this.owners.has(target)) continue;
      const owner = this.owners.get(target) ?? null;
      if (owner !== g.from) this.leave(g.from, owner, g.branch);
    }
    for (const d of this.defers) if (this.jumping.has(d.func)) this.a.repeatedDefers.add(d.node);
  }

  private nextOf(func: Frame | null, pos: Pos): Var {
    const s = this.a.loopState(func);
    if (s.next === null) s.next = this.a.synthesize(this.env, "#next", Typ[K.Int] as Type, pos, func);
    return s.next;
  }

  /** A jump from the body of a loop over a function to something outside it. */
  private leave(from: Frame | null, owner: Frame | null, branch: BranchStmt): void {
    const func = this.a.funcOf(from);
    this.a.use(this.nextOf(func, branch.pos), from);
    const code = ++this.a.loopState(func).codes;
    for (let f = from; f !== null && f !== owner && f.isLoop; f = f.parent) f.exits.push({ code, branch, owner });
  }

  private leaveFunction(pos: Pos): void {
    const func = this.a.funcOf(this.frame);
    this.a.use(this.nextOf(func, pos), this.frame);
    for (const r of this.results) this.a.use(r, this.frame);
    for (let f = this.frame; f !== null && f !== func; f = f.parent) {
      if (!f.exits.some((x) => x.code === -1)) f.exits.push({ code: -1, branch: null, owner: func });
    }
  }

  private defer(n: Node): void {
    const func = this.a.funcOf(this.frame);
    this.a.addDefer(this.frame);
    this.defers.push({ node: n, func });
    if (this.loops > 0) this.a.repeatedDefers.add(n);
    if (this.frame !== null && this.frame.isLoop) {
      const s = this.a.loopState(func);
      if (s.token === null) s.token = this.a.synthesize(this.env, "#defers", emptyInterface, n.pos, func);
      this.a.use(s.token, this.frame);
    }
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
        const loops = this.loops;
        this.loops = 0;
        this.frame = this.a.enter(n, outer, this.dead === 0);
        this.signature(n);
        this.node(n.body);
        this.frame = outer;
        this.results = results;
        this.loops = loops;
        return;
      }
      case S.KindSelectorExpr: {
        const s = this.env.selection(n);
        if (s === undefined) return; // qualified name
        if (this.env.info.mode(n.x.id) === K.ModeTypExpr) return;
        this.node(n.x);
        if (s.kind === K.MethodVal && s.obj.kind === K.OFunc && this.needsAddress(s.recv, s.obj, s.index))
          this.addressOf(n.x, s.index.slice(0, -1));
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
      case S.KindIfStmt: {
        const c = this.env.value(n.cond);
        this.node(n.init);
        this.node(n.cond);
        this.branch(n.then_, c !== undefined && !boolVal(c));
        this.branch(n.else_, c !== undefined && boolVal(c));
        return;
      }
      case S.KindSelectStmt:
        this.owners.set(n, this.frame);
        this.all(n);
        return;
      case S.KindReturnStmt:
        this.node(n.results);
        if (this.frame !== null && this.frame.isLoop) this.leaveFunction(n.pos);
        return;
      case S.KindSwitchStmt:
        this.owners.set(n, this.frame);
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
        this.all(n);
        if (n.tok === TokDefer) this.defer(n);
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
        this.owners.set(n, this.frame);
        this.node(n.stmt);
        return;
      case S.KindBranchStmt:
        if (n.target === null) return;
        if (n.tok === TokGoto) {
          this.jumping.add(this.a.funcOf(this.frame));
          this.gotos.push({ branch: n, from: this.frame });
        } else if (this.owners.has(n.target) && this.owners.get(n.target) !== this.frame) {
          this.leave(this.frame, this.owners.get(n.target) ?? null, n);
        }
        return;
      case S.KindBasicLit:
        return;
      case S.KindCallExpr:
        this.node(n.fun);
        this.list(n.argList);
        return;
      case S.KindParenExpr:
      case S.KindExprStmt:
        this.node(n.x);
        return;
      case S.KindIndexExpr:
        this.node(n.x);
        this.node(n.index);
        return;
      case S.KindListExpr:
        this.list(n.elemList);
        return;
      case S.KindBlockStmt:
        this.list(n.list);
        return;
      default:
        this.all(n);
    }
  }

  private list(list: readonly Node[]): void {
    for (let i = 0; i < list.length; i++) this.node(list[i] as Node);
  }

  private branch(n: Node | null, dead: boolean): void {
    if (dead) this.dead++;
    this.node(n);
    if (dead) this.dead--;
  }

  private isType(e: Expr): boolean {
    return this.env.info.mode(e.id) === K.ModeTypExpr;
  }

  private all(n: Node): void {
    // Nodes below leave the stack as it was.
    const { stack } = this;
    const base = stack.length;
    children(n, stack);
    const end = stack.length;
    for (let i = base; i < end; i++) this.node(stack[i] as Node);
    while (stack.length > base) stack.pop();
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
    if (t === undefined || t.kind !== K.TSignature) return;
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
      this.owners.set(n, this.frame);
      this.node(init);
      this.loops++;
      this.node(n.cond);
      this.node(n.post);
      this.node(n.body);
      this.loops--;
      return;
    }
    this.node(init.x);
    if (!isRangeFunc(this.env, n)) {
      this.owners.set(n, this.frame);
      this.loops++;
      this.rangeVars(init);
      this.node(n.body);
      this.loops--;
      return;
    }
    const outer = this.frame;
    const frame = this.a.enter(n, outer, this.dead === 0);
    frame.state = this.a.synthesize(this.env, "#state", Typ[K.Int] as Type, n.pos, outer);
    this.a.use(frame.state, frame);
    this.frame = frame;
    this.owners.set(n, frame);
    this.loops++;
    this.rangeVars(init);
    this.node(n.body);
    this.loops--;
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
