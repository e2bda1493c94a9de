// Which values must be in a register or in the frame at the end of each block, and how far away their next use is (in values, with calls and
// unlikely ways counted as far). Rematerialisable values are never live: they are made again.

import { type Block, type Func, LikelyFalse, LikelyTrue } from "../ssa/func.ts";
import { OpCallClosure, OpCallInter, OpCallStatic, OpPhi } from "../ssa/ops.gen.ts";
import { TypeI8 } from "../ssa/types.ts";
import { isRematerializable } from "./lower.ts";

/** A use beyond this distance lies behind a call or on an unlikely way. */
export const FarDistance = 100;

export const isCall = (op: number): boolean => op === OpCallStatic || op === OpCallClosure || op === OpCallInter;

/** Live values at the end of a block with the distances of their next uses. */
export class LiveOut {
  ids: number[] = [];
  distances: number[] = [];
}

/** Values that registers hold; 1: kept in the frame across calls, 2: rematerialisable. */
export function classify(f: Func, order: readonly Block[]): Uint8Array {
  const kinds = new Uint8Array(f.valueCount);
  for (let k = 0; k < order.length; k++) {
    const b = order[k];
    for (let i = 0; i < b.values.length; i++) {
      const v = b.values[i];
      if (f.type[v] >= TypeI8) kinds[v] = isRematerializable(f.op[v]) ? 2 : 1;
    }
  }
  return kinds;
}

function edgeDistance(from: Block, to: Block): number {
  if (to.cold && !from.cold) return FarDistance;
  if (from.succs.length < 2) return 1;
  if (from.likely === LikelyTrue) return from.succs[0] === to ? 1 : FarDistance;
  if (from.likely === LikelyFalse) return from.succs[0] === to ? FarDistance : 1;
  return 8;
}

/** Live values by block id. */
export function computeLiveness(f: Func, order: readonly Block[], kinds: Uint8Array): LiveOut[] {
  return new Liveness(f, order, kinds).run();
}

class Liveness {
  private readonly f: Func;
  private readonly order: readonly Block[];
  private readonly kinds: Uint8Array;
  private readonly live: LiveOut[] = [];
  /** The values that are live at a place of the block at hand: the first `count`. */
  private readonly ids: number[] = [];
  private readonly distances: number[] = [];
  private count = 0;
  /** By value: its place in `ids`, and in the list of the predecessor at hand, counted from 1. */
  private readonly place: Int32Array;
  private readonly placeThere: Int32Array;

  constructor(f: Func, order: readonly Block[], kinds: Uint8Array) {
    this.f = f;
    this.order = order;
    this.kinds = kinds;
    this.place = new Int32Array(f.valueCount);
    this.placeThere = new Int32Array(f.valueCount);
  }

  run(): LiveOut[] {
    const { f, order, live } = this;
    const dirty = new Uint8Array(f.blocks.length);
    for (let i = 0; i < order.length; i++) {
      const b = order[i];
      live[b.id] = new LiveOut();
      dirty[b.id] = 1;
    }
    for (let changed = true; changed; ) {
      changed = false;
      for (let k = order.length - 1; k >= 0; k--) {
        const b = order[k];
        if (dirty[b.id] === 0) continue;
        dirty[b.id] = 0;
        this.upwards(b);
        for (let p = 0; p < b.preds.length; p++) {
          const pred = b.preds[p];
          const there = live[pred.id];
          if (there === undefined || !this.mergeInto(there, b, p)) continue;
          dirty[pred.id] = 1;
          changed = true;
        }
        for (let i = 0; i < this.count; i++) this.place[this.ids[i]] = 0;
      }
    }
    return live;
  }

  /** From what lives at the end of a block to what lives at its start. */
  private upwards(b: Block): void {
    const { f, kinds, place, distances } = this;
    const out = this.live[b.id];
    const values = b.values;
    const length = values.length;
    this.count = 0;
    for (let i = 0; i < out.ids.length; i++) this.add(out.ids[i], out.distances[i] + length);
    for (let i = 0; i < b.controls.length; i++) {
      const c = b.controls[i];
      if (kinds[c] === 1) this.add(c, length);
    }
    for (let i = length - 1; i >= 0; i--) {
      const v = values[i];
      const op = f.op[v];
      if (op === OpPhi) break;
      if (kinds[v] === 1) {
        if (place[v] !== 0) this.remove(v);
      } else if (isCall(op)) {
        for (let j = 0; j < this.count; j++) distances[j] += FarDistance;
      }
      const start = f.argStart[v];
      const end = start + f.argCount[v];
      for (let j = start; j < end; j++) {
        const a = f.pool[j];
        if (kinds[a] === 1) this.add(a, i);
      }
    }
    for (let i = 0; i < length; i++) {
      const v = values[i];
      if (f.op[v] !== OpPhi) break;
      if (place[v] !== 0) this.remove(v);
    }
  }

  private add(v: number, d: number): void {
    const at = this.place[v];
    if (at !== 0) {
      this.distances[at - 1] = d;
      return;
    }
    this.ids[this.count] = v;
    this.distances[this.count] = d;
    this.place[v] = ++this.count;
  }

  /** Takes a value out: the last one fills the gap. */
  private remove(v: number): void {
    const { ids, distances, place } = this;
    const last = --this.count;
    const at = place[v];
    const moved = ids[last];
    ids[at - 1] = moved;
    distances[at - 1] = distances[last];
    place[moved] = at;
    place[v] = 0;
  }

  /** What lives at the start of a block lives at the end of its p-th predecessor. True when that is new there. */
  private mergeInto(there: LiveOut, b: Block, p: number): boolean {
    const { f, kinds, ids, distances, placeThere } = this;
    const { values } = b;
    const far = edgeDistance(b.preds[p], b);
    for (let i = 0; i < there.ids.length; i++) placeThere[there.ids[i]] = i + 1;
    let grew = false;
    for (let i = 0; i < this.count; i++) if (this.merge(there, ids[i], distances[i] + far)) grew = true;
    for (let i = 0; i < values.length; i++) {
      const v = values[i];
      if (f.op[v] !== OpPhi) break;
      if (kinds[v] !== 1) continue;
      const a = f.pool[f.argStart[v] + p];
      if (kinds[a] === 1 && this.merge(there, a, far)) grew = true;
    }
    for (let i = 0; i < there.ids.length; i++) placeThere[there.ids[i]] = 0;
    return grew;
  }

  private merge(there: LiveOut, v: number, d: number): boolean {
    const at = this.placeThere[v];
    if (at === 0) {
      there.ids.push(v);
      there.distances.push(d);
      this.placeThere[v] = there.ids.length;
      return true;
    }
    if (d >= there.distances[at - 1]) return false;
    there.distances[at - 1] = d;
    return true;
  }
}
