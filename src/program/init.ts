// Initialisation: the variables of every package in order, then its init functions, packages in import order. A step that only makes a
// value (no calls, nothing that can panic) is left out together with the variables that it sets unless one of those is
// reached.

import { assignAbi } from "../ssa/abi.ts";
import { FnWrapper, type Func } from "../ssa/func.ts";
import type { Sym, Symbols } from "../ssa/symbol.ts";
import type { AbiRegisters } from "../ssa/abi.ts";
import * as S from "../syntax/kinds.ts";
import type { Expr, FuncDecl, Node } from "../syntax/tree.ts";
import { children } from "../syntax/walk.ts";
import { OpDiv, OpMul, OpRecv, OpRem, OpShl, OpShr } from "../syntax/tokens.ts";
import type { Info, Initializer } from "../types/info.ts";
import * as K from "../types/kinds.ts";
import type { Func as FuncObject, Var } from "../types/object.ts";
import type { Type } from "../types/types.ts";
import { under } from "../types/under.ts";
import { unparen } from "../syntax/unparen.ts";
import { Emitter } from "./emit.ts";
import type { Generator, ProgramSource } from "./source.ts";
import type { Program } from "./program.ts";
import type { Statics } from "./statics.ts";

/** The function that initialises what the runtime is made of, and the one that does the rest. */
export const runtimeInitName = "go:runtimeinit";
export const initName = "go:init";

/** One step of a package's initialisation. */
class Step {
  readonly pkg: ProgramSource;
  readonly initializer: Initializer;
  readonly sym: Sym;
  /** Does nothing but set its variables. */
  pure: boolean;
  included: boolean;
  /** Was run at compile time. */
  done: boolean;
  /** How many function literals it has; -1: not counted. */
  literals: number;

  constructor(pkg: ProgramSource, initializer: Initializer, sym: Sym, pure: boolean) {
    this.pkg = pkg;
    this.initializer = initializer;
    this.sym = sym;
    this.pure = pure;
    this.included = false;
    this.done = false;
    this.literals = -1;
  }
}

/** How many function literals (not those inside others) stand in the steps before one. */
function literalsBefore(steps: readonly Step[], step: Step): number {
  let sum = 0;
  for (const s of steps) {
    if (s === step) break;
    if (s.literals < 0) s.literals = countLiterals(s.initializer.rhs);
    sum += s.literals;
  }
  return sum;
}

function countLiterals(e: Expr): number {
  const stack: Node[] = [e];
  let n = 0;
  while (stack.length > 0) {
    const x = stack.pop() as Node;
    if (x.kind === S.KindFuncLit) n++;
    else children(x, stack);
  }
  return n;
}

/** What initialisation needs of the program. */
interface InitHost {
  readonly input: Program["input"];
  readonly symbols: Symbols;
  readonly abiRegisters: AbiRegisters;
  readonly names: Program["names"];
  isCompiledAlone(p: ProgramSource): boolean;
  reach(sym: Sym): void;
  isReached(sym: Sym): boolean;
  defineFunction(sym: Sym, make: () => Func): void;
  redefineFunction(sym: Sym, make: () => Func): void;
  defineLate(sym: Sym, make: () => Func): void;
  functionSym(instance: { object: FuncObject; typeArgs: readonly Type[] }): Sym;
}

export class Initialisation {
  private readonly host: InitHost;
  private readonly initNames = new Map<FuncObject, string>();
  private readonly steps = new Map<ProgramSource, Step[]>();
  private readonly inits = new Map<ProgramSource, FuncObject[]>();
  private readonly stepOf = new Map<Var, Step>();
  private readonly stepBySym = new Map<Sym, Step>();
  private readonly doneInits = new Set<FuncObject>();

  constructor(host: InitHost) {
    this.host = host;
    for (const p of host.input.packages) this.findInits(p);
  }

  /** The symbol of an init function; undefined for other functions. */
  initName(f: FuncObject): string | undefined {
    return this.initNames.get(f);
  }

  private findInits(p: ProgramSource): void {
    const list: FuncObject[] = [];
    for (const file of p.files) {
      for (const d of file.declList) {
        if (d.kind !== S.KindFuncDecl || d.recv !== null || d.name.value !== "init" || !d.hasBody) continue;
        const obj = initObject(p.info, d);
        if (obj === null) continue;
        this.initNames.set(obj, `${this.host.names.prefix(p.types)}.init.${list.length}`);
        list.push(obj);
      }
    }
    this.inits.set(p, list);
  }

  /** Reaches what must run in any case. */
  start(): void {
    const { host } = this;
    host.defineLate(host.symbols.intern(runtimeInitName), () => this.callAll(runtimeInitName, (p) => this.inRuntime(p)));
    host.defineLate(host.symbols.intern(initName), () => this.callAll(initName, (p) => !this.inRuntime(p)));
    const alone = host.input.main === null;
    for (const p of host.input.packages) {
      if (alone && !host.isCompiledAlone(p)) continue;
      const steps: Step[] = [];
      for (const initializer of p.initOrder()) {
        const sym = host.symbols.intern(`${host.names.prefix(p.types)}.init.var.${steps.length}`);
        const step = new Step(p, initializer, sym, isPure(p.info, initializer.rhs));
        steps.push(step);
        this.stepBySym.set(sym, step);
        const generator: Generator = host.input.generator;
        host.defineFunction(sym, () => generator.initializer(host as Program, p, initializer, sym, () => literalsBefore(steps, step)));
        for (const v of initializer.lhs) this.stepOf.set(v, step);
        if (!step.pure || alone) this.include(step);
      }
      this.steps.set(p, steps);
      for (const f of this.inits.get(p) ?? []) host.reach(host.functionSym({ object: f, typeArgs: [] }));
    }
  }

  private include(step: Step): void {
    if (step.included || step.done) return;
    step.included = true;
    this.host.reach(step.sym);
  }

  /** A variable is read or written by reached code. */
  reachVariable(v: Var): void {
    const step = this.stepOf.get(v);
    if (step !== undefined) this.include(step);
  }

  /** Runs what can be run now. All functions are known. */
  evaluate(statics: Statics, symOf: (v: Var) => Sym, bodyOf: (sym: Sym) => Func | null): void {
    // The runtime uses its variables before its initialisation runs.
    const all = this.host.input.options.evaluate !== false;
    for (const p of this.host.input.packages) {
      const wanted = all || this.inRuntime(p);
      statics.enter(p.types.path, this.inRuntime(p));
      for (const step of this.steps.get(p) ?? []) {
        if (!step.included) continue;
        const own = new Set(step.initializer.lhs.filter((v) => v.name !== "_").map(symOf));
        const body = bodyOf(step.sym);
        if (wanted && body !== null && statics.run(body, own)) step.done = true;
        else {
          if (wanted && body !== null && statics.harmless) step.pure = true;
          statics.failed(own, step.pure);
        }
      }
      if (this.inRuntime(p)) continue;
      for (const f of this.inits.get(p) ?? []) {
        if (!all || statics.isDirty) break;
        const body = bodyOf(this.host.functionSym({ object: f, typeArgs: [] }));
        if (body !== null && statics.run(body, new Set())) this.doneInits.add(f);
        else statics.failed(new Set(), false);
      }
    }
  }

  /** The variables that a function sets if it is an initialiser. */
  ownOf(sym: Sym, symOf: (v: Var) => Sym): ReadonlySet<Sym> | null {
    const step = this.stepBySym.get(sym);
    return step === undefined ? null : new Set(step.initializer.lhs.filter((v) => v.name !== "_").map(symOf));
  }

  /** Reaches again what must run in any case, after things have changed. */
  restart(): void {
    for (const p of this.host.input.packages) {
      for (const step of this.steps.get(p) ?? []) {
        const needed = step.included && !step.done && !step.pure;
        step.included = false;
        if (needed) this.include(step);
      }
      for (const f of this.inits.get(p) ?? []) {
        if (this.host.input.main === null && !this.host.isCompiledAlone(p)) continue;
        if (!this.doneInits.has(f)) this.host.reach(this.host.functionSym({ object: f, typeArgs: [] }));
      }
    }
  }

  private runtimePackages: Set<string> | null = null;

  /** Whether the runtime imports a package, directly or not, or is it. */
  private inRuntime(p: ProgramSource): boolean {
    if (this.runtimePackages === null) {
      const all = new Map(this.host.input.packages.map((q) => [q.types.path, q]));
      const found = new Set<string>();
      const work = ["runtime"];
      while (work.length > 0) {
        const path = work.pop() as string;
        if (found.has(path)) continue;
        found.add(path);
        for (const i of all.get(path)?.imports ?? []) work.push(i);
      }
      this.runtimePackages = found;
    }
    return this.runtimePackages.has(p.types.path);
  }

  /** A function that runs the initialisation of packages in order. Tracebacks show the steps, not the functions that call them. */
  private callAll(name: string, which: (p: ProgramSource) => boolean): Func {
    const { host } = this;
    const abi = assignAbi(host.abiRegisters, [], []);
    const sym = host.symbols.intern(name);
    const e = new Emitter(sym, name, abi, FnWrapper);
    for (const p of host.input.packages) {
      if (!which(p)) continue;
      const calls: Sym[] = [];
      for (const s of this.steps.get(p) ?? []) if (s.included) calls.push(s.sym);
      for (const f of this.inits.get(p) ?? []) if (!this.doneInits.has(f)) calls.push(host.functionSym({ object: f, typeArgs: [] }));
      if (calls.length === 0) continue;
      const own = `${host.names.prefix(p.types)}.init`;
      const ownSym = host.symbols.intern(own);
      host.redefineFunction(ownSym, () => {
        const inner = new Emitter(ownSym, own, abi, FnWrapper);
        for (const c of calls) inner.callStatic(c, abi, []);
        inner.ret([]);
        return inner.f;
      });
      e.callStatic(ownSym, abi, []);
    }
    e.ret([]);
    return e.f;
  }
}

function initObject(info: Info, d: FuncDecl): FuncObject | null {
  const obj = info.defs[d.name.id];
  return obj !== undefined && obj.kind === K.OFunc ? obj : null;
}

/** Whether an expression has no effect but its value: it can be left out when nobody wants that. */
export function isPure(info: Info, e: Expr): boolean {
  if (info.values[e.id] !== undefined) return true;
  const all = (list: readonly Expr[]): boolean => list.every((x) => isPure(info, x));
  switch (e.kind) {
    case S.KindName:
    case S.KindBasicLit:
    case S.KindFuncLit:
    case S.KindArrayType:
    case S.KindSliceType:
    case S.KindStructType:
    case S.KindInterfaceType:
    case S.KindFuncType:
    case S.KindMapType:
    case S.KindChanType:
      return true;
    case S.KindParenExpr:
      return isPure(info, unparen(e) as Expr);
    case S.KindCompositeLit:
      return all(e.elemList);
    case S.KindKeyValueExpr:
      return isPure(info, e.value) && (e.key.kind === S.KindName || isPure(info, e.key));
    case S.KindListExpr:
      return all(e.elemList);
    case S.KindSelectorExpr: {
      const s = info.selections[e.id];
      // A qualified name, or a field that is reached without a pointer.
      if (s === undefined) return true;
      return !s.indirect && s.kind !== K.MethodVal && isPure(info, e.x);
    }
    case S.KindOperation: {
      if (e.op === OpRecv && e.y === null) return false;
      if (e.y === null) {
        if (e.op === OpMul) return info.mode(e.id) === K.ModeTypExpr;
        return isPure(info, e.x);
      }
      if (e.op === OpDiv || e.op === OpRem || e.op === OpShl || e.op === OpShr) return false;
      const t = info.types[e.x.id];
      // Comparing interfaces can panic.
      if (t !== undefined && under(t).kind === K.TInterface) return false;
      return isPure(info, e.x) && isPure(info, e.y);
    }
    case S.KindCallExpr: {
      const fun = unparen(e.fun) as Expr;
      const mode = info.mode(fun.id);
      if (mode === K.ModeTypExpr) return isPureConversion(info, e) && all(e.argList);
      if (mode !== K.ModeBuiltin) return false;
      const name = fun.kind === S.KindName ? fun.value : fun.kind === S.KindSelectorExpr ? fun.sel.value : "";
      if (!pureBuiltins.has(name)) return false;
      if (name === "make") return e.argList.slice(1).every((a) => info.values[a.id] !== undefined);
      return all(e.argList);
    }
    default:
      return false;
  }
}

const pureBuiltins: ReadonlySet<string> = new Set([
  "new",
  "make",
  "len",
  "cap",
  "complex",
  "real",
  "imag",
  "append",
  "min",
  "max",
  "Sizeof",
  "Offsetof",
  "Alignof",
  "String",
  "StringData",
]);

/** Conversions of slices to arrays can panic. */
function isPureConversion(info: Info, e: { argList: readonly Expr[]; id: number }): boolean {
  const to = info.types[e.id];
  const arg = e.argList[0];
  const from = arg === undefined ? undefined : info.types[arg.id];
  if (to === undefined || from === undefined) return false;
  if (under(from).kind !== K.TSlice) return true;
  const u = under(to);
  return u.kind === K.TSlice || u.kind === K.TBasic || u.kind === K.TInterface;
}
