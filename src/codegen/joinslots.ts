// Which spilled values share a slot with the phi that they flow into: then nothing moves on that edge. A move between slots goes through memory twice, and in a loop
// each turn waits for the one before. Values may share when none is live where another one is made.

import type { Func, Value } from "../ssa/func.ts";
import { OpPhi } from "../ssa/ops.gen.ts";
import { TypePtr } from "../ssa/types.ts";
import type { Layout } from "./order.ts";
import type { Allocation } from "./regalloc.ts";

/** Classes do not grow beyond this: every pair of members is looked at. */
const maxMembers = 24;

/** Spilled values in classes; a class is named by one of its members. */
export class SlotClasses {
  private readonly parent = new Map<number, number>();
  private readonly members = new Map<number, number[]>();

  leader(v: number): number {
    let at = v;
    for (let up = this.parent.get(at); up !== undefined; up = this.parent.get(at)) at = up;
    return at;
  }

  of(leader: number): readonly number[] {
    return this.members.get(leader) ?? [leader];
  }

  join(x: number, y: number): void {
    this.members.set(x, [...this.of(x), ...this.of(y)]);
    this.members.delete(y);
    this.parent.set(y, x);
  }
}

/** Joins phis that live in slots with their arguments. `pinned` values keep their slots for themselves. */
export function joinPhis(f: Func, layout: Layout, a: Allocation, pinned: readonly number[]): SlotClasses {
  const classes = new SlotClasses();
  const interference = new Interference(f, a);
  for (let n = 0; n < layout.order.length; n++) {
    const b = layout.order[n];
    for (let i = 0; i < b.values.length; i++) {
      const phi = b.values[i] as number;
      if (f.op[phi] !== OpPhi) break;
      if (a.spilled[phi] !== 2 || pinned.includes(phi)) continue;
      for (let k = 0; k < f.argCount[phi]; k++) {
        const v = f.pool[f.argStart[phi] + k];
        if (a.spilled[v] === 0 || (f.type[v] === TypePtr) !== (f.type[phi] === TypePtr) || pinned.includes(v)) continue;
        const x = classes.leader(phi);
        const y = classes.leader(v);
        if (x !== y && !interference.between(classes.of(x), classes.of(y))) classes.join(x, y);
      }
    }
  }
  return classes;
}

/** Whether values are live at once. */
class Interference {
  private readonly f: Func;
  private readonly a: Allocation;

  constructor(f: Func, a: Allocation) {
    this.f = f;
    this.a = a;
  }

  between(x: readonly number[], y: readonly number[]): boolean {
    if (x.length + y.length > maxMembers) return true;
    for (const v of x) for (const w of y) if (this.liveAt(v, w) || this.liveAt(w, v)) return true;
    return false;
  }

  /** Whether x is live where y has been made. */
  private liveAt(x: number, y: number): boolean {
    const { f, a } = this;
    const home = f.block[y];
    const b = f.blocks[home] as { values: readonly Value[]; controls: readonly Value[] };
    const phi = f.op[y] === OpPhi;
    // Phis are made together, at the start of their block.
    if (f.block[x] === home && f.op[x] === OpPhi && phi) return true;
    const at = phi ? -1 : b.values.indexOf(y as Value);
    if (f.block[x] === home && f.op[x] !== OpPhi && (phi || b.values.indexOf(x as Value) > at)) return false;
    if (a.live[home].ids.includes(x) || b.controls.includes(x as Value)) return true;
    for (let i = at + 1; i < b.values.length; i++) {
      const v = b.values[i];
      if (f.op[v] === OpPhi) continue;
      const start = f.argStart[v];
      const end = start + f.argCount[v];
      for (let j = start; j < end; j++) if (f.pool[j] === x) return true;
    }
    return false;
  }
}
