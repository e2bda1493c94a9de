// Functions that do something only in programs where something else is reached: nobody needs to look for expired timers where no timer
// can be started. The runtime says so (`//go3s:with timerStart : timerCheck`), and until a condition is reached the function
// is an empty one that returns zeros; what only its body refers to is not in the program.

import type { AbiInfo } from "../ssa/abi.ts";
import { FnNoSplit, type Func, type Value } from "../ssa/func.ts";
import { OpConst, OpConstF } from "../ssa/ops.gen.ts";
import type { Sym } from "../ssa/symbol.ts";
import { isFloat, type ValueType } from "../ssa/types.ts";
import { Emitter } from "./emit.ts";

/** A function with conditions. */
export class Dependent {
  readonly conditions: Sym[] = [];
  /** The function as it is written; made when a condition is reached. */
  whole: Func | null = null;
  /** The function that does nothing. */
  empty: Func | null = null;
  /** The empty one is in the list of reached functions. */
  listed = false;
}

export class Dependents {
  private readonly bySym = new Map<Sym, Dependent>();
  private readonly byCondition = new Map<Sym, Sym[]>();

  add(sym: Sym, conditions: readonly Sym[]): void {
    let d = this.bySym.get(sym);
    if (d === undefined) {
      d = new Dependent();
      this.bySym.set(sym, d);
    }
    for (const c of conditions) {
      d.conditions.push(c);
      const list = this.byCondition.get(c);
      if (list === undefined) this.byCondition.set(c, [sym]);
      else list.push(sym);
    }
  }

  get(sym: Sym): Dependent | undefined {
    return this.bySym.get(sym);
  }

  /** The functions that a symbol is a condition of. */
  of(condition: Sym): readonly Sym[] {
    return this.byCondition.get(condition) ?? [];
  }

  /** Reachability is worked out anew. */
  restart(): void {
    for (const d of this.bySym.values()) d.listed = false;
  }
}

/** A function that returns zeros at once. Results must be in registers. */
export function makeEmpty(sym: Sym, name: string, abi: AbiInfo): Func {
  const e = new Emitter(sym, name, abi, FnNoSplit);
  const zeros: Value[] = [];
  for (const slot of abi.results) {
    if (slot.registers === null && slot.type.size > 0) throw new Error(`go3s:with: ${name} has a result on the stack`);
  }
  for (const t of e.f.self.resultTypes) zeros.push(e.value0(isFloat(t as ValueType) ? OpConstF : OpConst, t as ValueType));
  e.retValues(zeros);
  return e.f;
}
