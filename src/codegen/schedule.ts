// Puts the values of each block in an order of execution: phis, entry values, then everything in the order in which it was made as far as its
// arguments allow; readers of a memory come before the next writer; components of a tuple right behind it. Dead values go away first.

import type { Block, Func, Value } from "../ssa/func.ts";
import {
  AttrPanics,
  AttrReads,
  AttrWrites,
  FirstArchOp,
  OpAdd,
  OpArg,
  OpClosure,
  OpConst,
  OpInitMem,
  OpPhi,
  OpSelect,
  OpSelectMem,
  OpSub,
  opAttributes,
} from "../ssa/ops.gen.ts";
import { TypeMem, TypeTuple } from "../ssa/types.ts";

/** Removes values that nobody needs, dead cycles of phis included, and blocks that cannot be reached stay out of `order`. */
export function removeDead(f: Func, order: readonly Block[]): void {
  const live = new Uint8Array(f.valueCount);
  const work: Value[] = [];
  const mark = (v: Value): void => {
    if (live[v] === 0) {
      live[v] = 1;
      work.push(v);
    }
  };
  for (let k = 0; k < order.length; k++) {
    const b = order[k];
    for (let i = 0; i < b.values.length; i++) {
      const v = b.values[i];
      const op = f.op[v];
      if (op < FirstArchOp && (opAttributes[op] & (AttrWrites | AttrPanics)) !== 0) mark(v);
    }
    for (let i = 0; i < b.controls.length; i++) {
      const v = b.controls[i];
      mark(v);
    }
  }
  while (work.length > 0) {
    const v = work.pop() as Value;
    const start = f.argStart[v];
    const end = start + f.argCount[v];
    for (let i = start; i < end; i++) mark(f.pool[i] as Value);
  }
  for (let k = 0; k < order.length; k++) {
    const b = order[k];
    const values = b.values;
    let kept = 0;
    for (let i = 0; i < values.length; i++) {
      const v = values[i];
      if (live[v] !== 0) values[kept++] = v;
      else {
        f.dropArgs(v);
        f.block[v] = 0;
      }
    }
    if (kept < values.length) b.values = values.slice(0, kept);
  }
}

/** Orders the values of all blocks in `order`. */
export function schedule(f: Func, order: readonly Block[]): void {
  // Components of tuples stand with their tuple.
  for (let k = 0; k < order.length; k++) {
    const b = order[k];
    let moved = false;
    for (let i = 0; i < b.values.length; i++) {
      const v = b.values[i];
      if (f.op[v] !== OpSelect && f.op[v] !== OpSelectMem) continue;
      const home = f.block[f.arg(v, 0)];
      if (home === b.id) continue;
      moved = true;
      f.block[v] = home;
      (f.blocks[home] as Block).values.push(v);
    }
    if (moved) b.values = b.values.filter((v) => f.block[v] === b.id);
  }
  const scheduler = new Scheduler(f);
  for (let i = 0; i < order.length; i++) {
    const b = order[i];
    scheduler.block(b);
  }
}

class Scheduler {
  private readonly f: Func;
  /** 0 not placed, 1 on the stack, 2 placed. */
  private readonly state: Uint8Array;
  /** Lists of what must come before a value beside its arguments: readers of the memory that it replaces. */
  private readonly firstReader: Int32Array;
  private readonly nextReader: Int32Array;
  /** Lists of the components of a tuple. */
  private readonly firstSelect: Int32Array;
  private readonly nextSelect: Int32Array;
  private readonly stack: number[] = [];
  /** The values of the block at hand in their order: the first `count`. */
  private readonly out: Value[] = [];
  private count = 0;

  constructor(f: Func) {
    this.f = f;
    this.state = new Uint8Array(f.valueCount);
    this.firstReader = new Int32Array(f.valueCount);
    this.nextReader = new Int32Array(f.valueCount);
    this.firstSelect = new Int32Array(f.valueCount);
    this.nextSelect = new Int32Array(f.valueCount);
  }

  block(b: Block): void {
    const { f, state, firstReader, nextReader, firstSelect, nextSelect } = this;
    const { values } = b;
    this.count = 0;
    for (let i = 0; i < values.length; i++) {
      const v = values[i];
      const op = f.op[v];
      if (op === OpPhi) {
        this.out[this.count++] = v;
        state[v] = 2;
      } else if ((op === OpSelect || op === OpSelectMem) && f.block[f.arg(v, 0)] === b.id) {
        const tuple = f.arg(v, 0);
        nextSelect[v] = firstSelect[tuple];
        firstSelect[tuple] = v;
      }
    }
    for (let i = 0; i < values.length; i++) {
      const v = values[i];
      const op = f.op[v];
      if (op === OpArg || op === OpClosure || op === OpInitMem) {
        this.out[this.count++] = v;
        state[v] = 2;
      }
    }
    // Readers hang on the memory they read (in firstReader of that memory); the writer that consumes it waits for them.
    for (let i = values.length - 1; i >= 0; i--) {
      const v = values[i];
      const op = f.op[v];
      if (op >= FirstArchOp || op === OpPhi) continue;
      const attributes = opAttributes[op];
      if ((attributes & AttrReads) === 0 || (attributes & AttrWrites) !== 0 || f.argCount[v] === 0) continue;
      const memory = f.arg(v, f.argCount[v] - 1);
      if (f.type[memory] !== TypeMem) continue;
      nextReader[v] = firstReader[memory];
      firstReader[memory] = v;
    }
    // The next value of a loop's counter comes last, so that it can take the register of the old one.
    const last: Value[] = [];
    for (let i = 0; i < values.length; i++) {
      const v = values[i];
      if (state[v] !== 0) continue;
      if (this.isStep(v)) last.push(v);
      else this.place(v, b.id);
    }
    for (let i = 0; i < last.length; i++) {
      const v = last[i];
      if (state[v] === 0) this.place(v, b.id);
    }
    // Lists hang on memory values of other blocks too: take them off again.
    for (let i = 0; i < values.length; i++) {
      const v = values[i];
      if (f.argCount[v] > 0) firstReader[f.arg(v, f.argCount[v] - 1)] = 0;
    }
    // As long as it is, not as the list has grown.
    b.values = this.out.slice(0, this.count);
  }

  /** x + c where x is a phi that gets this value on a way back. */
  private isStep(v: Value): boolean {
    const { f } = this;
    if (f.op[v] !== OpAdd && f.op[v] !== OpSub) return false;
    const x = f.arg(v, 0);
    if (f.op[x] !== OpPhi || f.op[f.arg(v, 1)] !== OpConst) return false;
    const start = f.argStart[x];
    for (let i = 0; i < f.argCount[x]; i++) if (f.pool[start + i] === v) return true;
    return false;
  }

  private place(root: Value, block: number): void {
    const { f, state, stack, out, firstReader, nextReader, firstSelect, nextSelect } = this;
    stack.push(root);
    while (stack.length > 0) {
      const v = stack[stack.length - 1] as Value;
      if (state[v] === 2) {
        stack.pop();
        continue;
      }
      const first = state[v] === 0;
      state[v] = 1;
      let waiting = false;
      const start = f.argStart[v];
      const count = f.argCount[v];
      for (let i = count - 1; i >= 0; i--) {
        let a = f.pool[start + i];
        if (f.block[a] !== block) continue;
        if (f.op[a] === OpSelect || f.op[a] === OpSelectMem) a = f.block[f.arg(a as Value, 0)] === block ? f.arg(a as Value, 0) : a;
        if (a === v) continue;
        if (state[a] === 0) {
          stack.push(a);
          waiting = true;
        }
      }
      const op = f.op[v];
      if (first && op < FirstArchOp && (opAttributes[op] & AttrWrites) !== 0 && count > 0) {
        const memory = f.pool[start + count - 1];
        for (let r = firstReader[memory]; r !== 0; r = nextReader[r]) {
          // A reader that needs this very value (impossible in sound memory order) would wait for ever; state 1 stops it.
          if (state[r] === 0 && r !== v) {
            stack.push(r);
            waiting = true;
          }
        }
      }
      if (waiting) continue;
      stack.pop();
      state[v] = 2;
      if ((op === OpSelect || op === OpSelectMem) && f.block[f.arg(v, 0)] === block) {
        // Placed with its tuple.
        const tuple = f.arg(v, 0);
        if (state[tuple] === 2) continue;
        state[v] = 0;
        stack.push(tuple);
        continue;
      }
      this.out[this.count++] = v;
      if (f.type[v] === TypeTuple) {
        // Component 0 first, memory last: there are few, most in order.
        const from = this.count;
        for (let s = firstSelect[v]; s !== 0; s = nextSelect[s]) {
          state[s] = 2;
          let at = this.count++;
          for (; at > from && this.isAfter(out[at - 1], s as Value); at--) out[at] = out[at - 1];
          out[at] = s as Value;
        }
      }
    }
  }

  /** Whether a component of a tuple stands behind another one. */
  private isAfter(p: Value, q: Value): boolean {
    const byRank = this.rank(p) - this.rank(q);
    return byRank > 0 || (byRank === 0 && p > q);
  }

  private rank(v: Value): number {
    return this.f.op[v] === OpSelectMem ? 1 << 20 : this.f.auxLo[v];
  }
}
