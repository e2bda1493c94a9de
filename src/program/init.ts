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
import type { Info, Initializer } from "../types/info.ts";
import * as K from "../types/kinds.ts";
import type { Func as FuncObject, Var } from "../types/object.ts";
import type { Type } from "../types/types.ts";
import { Emitter } from "./emit.ts";
import { Purity } from "./purity.ts";
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

  countLiterals(): number {
    if (this.literals < 0) this.literals = countLiterals(this.initializer.rhs);
    return this.literals;
  }
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
  private readonly purity: Purity;
  private readonly doneInits = new Set<FuncObject>();

  constructor(host: InitHost) {
    this.host = host;
    this.purity = new Purity((f) => host.input.checkBody(f));
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
      for (const initializer of p.initializers()) {
        const sym = host.symbols.intern(`${host.names.prefix(p.types)}.init.var.${steps.length}`);
        const step = new Step(p, initializer, sym, this.isPure(p, initializer));
        steps.push(step);
        this.stepBySym.set(sym, step);
        const generator: Generator = host.input.generator;
        host.defineFunction(sym, () => {
          p.checkInitializer(initializer);
          return generator.initializer(host as Program, p, initializer, sym, () => this.literalsBefore(step));
        });
        for (const v of initializer.lhs) this.stepOf.set(v, step);
        if (!step.pure || alone) this.include(step);
      }
      this.steps.set(p, steps);
      for (const f of this.inits.get(p) ?? []) host.reach(host.functionSym({ object: f, typeArgs: [] }));
    }
  }

  /** Most initialisers that are pure are so at first sight, and need not be checked as long as nobody wants their variables. */
  private isPure(p: ProgramSource, initializer: Initializer): boolean {
    if (this.purity.atSight(initializer)) return true;
    p.checkInitializer(initializer);
    return this.purity.isPure(p.info, initializer.rhs);
  }

  /** Those steps of a package that are included, in their order. */
  private inOrder(p: ProgramSource): Step[] {
    const steps = this.steps.get(p) ?? [];
    return this.ordered(
      p,
      steps.filter((s) => s.included),
    );
  }

  private ordered(p: ProgramSource, steps: readonly Step[]): Step[] {
    return p.initOrder(steps.map((s) => s.initializer)).map((i) => this.stepOf.get(i.lhs[0] as Var) as Step);
  }

  /** How many function literals (not those inside others) stand in the package's steps that are done before one. */
  private literalsBefore(step: Step): number {
    const all = (this.steps.get(step.pkg) ?? []).filter((s) => s === step || s.countLiterals() > 0);
    let sum = 0;
    for (const s of this.ordered(step.pkg, all)) {
      if (s === step) break;
      sum += s.countLiterals();
    }
    return sum;
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
      for (const step of this.inOrder(p)) {
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
      for (const s of this.inOrder(p)) calls.push(s.sym);
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
