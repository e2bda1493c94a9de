// The results of checking a package: side tables, dense by the id of expressions.

import type { Expr, Node } from "../syntax/tree.ts";
import type { Constant } from "./constant/value.ts";
import type { Obj, Var } from "./object.ts";
import type { Selection } from "./selection.ts";
import type { Type } from "./types.ts";

/** A use of a generic function or type with type arguments, by the id of its Name. */
export class Instance {
  readonly targs: Type[];
  readonly type: Type;

  constructor(targs: Type[], type: Type) {
    this.targs = targs;
    this.type = type;
  }
}

/** One step of the initialisation of package variables. */
export class Initializer {
  readonly lhs: Var[];
  readonly rhs: Expr;

  constructor(lhs: Var[], rhs: Expr) {
    this.lhs = lhs;
    this.rhs = rhs;
  }
}

export class Info {
  /** Final types of expressions; for type expressions, the type denoted. */
  readonly types: (Type | undefined)[] = [];
  /** Modes of expressions: ModeNoValue ... ModeCommaErr; ModeInvalid where nothing was recorded. Use mode(). */
  modes: Uint8Array = new Uint8Array(1024);
  readonly values: (Constant | undefined)[] = [];
  readonly uses: (Obj | undefined)[] = [];
  readonly defs: (Obj | undefined)[] = [];
  readonly implicits: Map<Node, Obj> = new Map();
  readonly selections: (Selection | undefined)[] = [];
  readonly instances: (Instance | undefined)[] = [];
  initOrder: Initializer[] = [];

  mode(id: number): number {
    return id < this.modes.length ? (this.modes[id] as number) : 0;
  }

  record(id: number, mode: number, type: Type, value: Constant | null): void {
    if (id >= this.modes.length) {
      const larger = new Uint8Array(Math.max(id + 1, this.modes.length * 2));
      larger.set(this.modes);
      this.modes = larger;
    }
    this.modes[id] = mode;
    setDense(this.types, id, type);
    if (value !== null) setDense(this.values, id, value);
  }

  recordUse(id: number, obj: Obj): void {
    setDense(this.uses, id, obj);
  }

  recordDef(id: number, obj: Obj): void {
    setDense(this.defs, id, obj);
  }

  recordSelection(id: number, selection: Selection): void {
    setDense(this.selections, id, selection);
  }

  recordInstance(id: number, instance: Instance): void {
    // Few: a dictionary is right.
    this.instances[id] = instance;
  }
}

/** Stores in steps: a write far beyond the end would turn the array into a dictionary. */
function setDense<T>(array: (T | undefined)[], index: number, value: T): void {
  if (index >= array.length) array.length = index + 64 + (index >> 1);
  array[index] = value;
}
