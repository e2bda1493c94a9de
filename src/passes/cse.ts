// Common subexpressions: a pure operation whose equal stands in a dominating block (or earlier in the same one) becomes a copy of it.
// Loads count as pure: equal memory arguments mean equal contents. Requires copyelim; keeps everything. Linear with hashing.

import type { Dominators } from "../ssa/dom.ts";
import { type Block, type Func, NoValue, type Value } from "../ssa/func.ts";
import {
  AttrAllocs,
  AttrCall,
  AttrControl,
  AttrWrites,
  FirstArchOp,
  OpCopy,
  OpGetG,
  OpInvalid,
  OpPhi,
  opAttributes,
} from "../ssa/ops.gen.ts";
import type { Shared } from "./shared.ts";

/** True when something changed. */
export function cse(f: Func, shared: Shared): boolean {
  return new Cse(f, shared.dominators(f)).run();
}

class Cse {
  private readonly f: Func;
  private readonly dom: Dominators;
  /** First value of each hash bucket and next value in the same bucket. */
  private readonly buckets: Int32Array;
  private readonly next: Int32Array;
  private changed = false;

  constructor(f: Func, dom: Dominators) {
    this.f = f;
    this.dom = dom;
    let size = 64;
    while (size < f.valueCount) size *= 2;
    this.buckets = new Int32Array(size);
    this.next = new Int32Array(f.valueCount);
  }

  run(): boolean {
    const order = this.dom.order;
    // In reverse postorder a block's dominators come before it.
    for (let i = 0; i < order.length; i++) this.block(order[i] as Block);
    return this.changed;
  }

  private block(b: Block): void {
    const { f } = this;
    // Lists are mostly in dependency order; what is missed otherwise is found when the pass runs again.
    for (let k = 0; k < b.values.length; k++) {
      const v = b.values[k] as Value;
      if (!isPure(f.op[v] as number)) continue;
      this.throughCopies(v);
      const same = this.find(v, b);
      if (same === v) continue;
      f.copyOf(v, same);
      this.changed = true;
    }
  }

  private throughCopies(v: Value): void {
    const { f } = this;
    const count = f.argCount[v] as number;
    for (let i = 0; i < count; i++) {
      let a = f.arg(v, i);
      if (f.op[a] !== OpCopy) continue;
      while (f.op[a] === OpCopy) a = f.arg(a, 0);
      f.setArg(v, i, a);
    }
  }

  /** An equal value that is available in the block, or v itself, which then enters the table. */
  private find(v: Value, b: Block): Value {
    const { f, buckets, next, dom } = this;
    const slot = this.hash(v) & (buckets.length - 1);
    for (let at = buckets[slot] as number; at !== NoValue; at = next[at] as number) {
      if (at === v) return v;
      if (this.equal(at as Value, v) && dom.dominates(f.block[at] as number, b.id)) return at as Value;
    }
    next[v] = buckets[slot] as number;
    buckets[slot] = v;
    return v;
  }

  private hash(v: Value): number {
    const { f } = this;
    let h = (f.op[v] as number) * 31 + (f.type[v] as number);
    h = Math.imul(h, 0x9e3779b1) ^ (f.auxLo[v] as number) ^ Math.imul(f.auxHi[v] as number, 7) ^ Math.imul(f.aux[v] as number, 0x85ebca6b);
    const count = f.argCount[v] as number;
    for (let i = 0; i < count; i++) h = Math.imul(h ^ f.arg(v, i), 0x01000193);
    return h ^ (h >>> 15);
  }

  private equal(x: Value, y: Value): boolean {
    const { f } = this;
    if (f.op[x] !== f.op[y] || f.type[x] !== f.type[y] || f.auxLo[x] !== f.auxLo[y] || f.auxHi[x] !== f.auxHi[y] || f.aux[x] !== f.aux[y]) {
      return false;
    }
    const count = f.argCount[x] as number;
    if (count !== f.argCount[y]) return false;
    for (let i = 0; i < count; i++) if (f.arg(x, i) !== f.arg(y, i)) return false;
    return true;
  }
}

function isPure(op: number): boolean {
  if (op === OpPhi || op === OpCopy || op === OpGetG || op === OpInvalid || op >= FirstArchOp) return false;
  return ((opAttributes[op] as number) & (AttrWrites | AttrCall | AttrAllocs | AttrControl)) === 0;
}
