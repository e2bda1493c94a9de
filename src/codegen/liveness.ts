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
  const live: LiveOut[] = [];
  const dirty = new Uint8Array(f.blocks.length);
  for (let i = 0; i < order.length; i++) {
    const b = order[i];
    live[b.id] = new LiveOut();
    dirty[b.id] = 1;
  }
  // A sparse map for the block at hand and one for the predecessor.
  const place = new Int32Array(f.valueCount);
  const ids: number[] = [];
  const distances: number[] = [];
  const placeThere = new Int32Array(f.valueCount);
  let changed = true;
  while (changed) {
    changed = false;
    for (let k = order.length - 1; k >= 0; k--) {
      const b = order[k];
      if (dirty[b.id] === 0) continue;
      dirty[b.id] = 0;
      const out = live[b.id];
      const values = b.values;
      const length = values.length;
      ids.length = 0;
      distances.length = 0;
      const add = (v: number, d: number): void => {
        const at = place[v];
        if (at !== 0) distances[at - 1] = d;
        else {
          ids.push(v);
          distances.push(d);
          place[v] = ids.length;
        }
      };
      for (let i = 0; i < out.ids.length; i++) add(out.ids[i], out.distances[i] + length);
      for (let i = 0; i < b.controls.length; i++) {
        const c = b.controls[i];
        if (kinds[c] === 1) add(c, length);
      }
      for (let i = length - 1; i >= 0; i--) {
        const v = values[i];
        const op = f.op[v];
        if (op === OpPhi) break;
        if (kinds[v] === 1) {
          const at = place[v];
          if (at !== 0) {
            // Take it out: the last one fills the gap.
            const last = ids.length - 1;
            const moved = ids[last];
            ids[at - 1] = moved;
            distances[at - 1] = distances[last];
            place[moved] = at;
            place[v] = 0;
            ids.pop();
            distances.pop();
          }
        } else if (isCall(op)) {
          for (let j = 0; j < distances.length; j++) distances[j] += FarDistance;
        }
        const start = f.argStart[v];
        const end = start + f.argCount[v];
        for (let j = start; j < end; j++) {
          const a = f.pool[j];
          if (kinds[a] === 1) add(a, i);
        }
      }
      for (let i = 0; i < length; i++) {
        const v = values[i];
        if (f.op[v] !== OpPhi) break;
        const at = place[v];
        if (at === 0) continue;
        const last = ids.length - 1;
        const moved = ids[last];
        ids[at - 1] = moved;
        distances[at - 1] = distances[last];
        place[moved] = at;
        place[v] = 0;
        ids.pop();
        distances.pop();
      }
      for (let p = 0; p < b.preds.length; p++) {
        const pred = b.preds[p];
        const there = live[pred.id];
        if (there === undefined) continue;
        const far = edgeDistance(pred, b);
        for (let i = 0; i < there.ids.length; i++) placeThere[there.ids[i]] = i + 1;
        let grew = false;
        const merge = (v: number, d: number): void => {
          const at = placeThere[v];
          if (at === 0) {
            there.ids.push(v);
            there.distances.push(d);
            placeThere[v] = there.ids.length;
            grew = true;
          } else if (d < there.distances[at - 1]) {
            there.distances[at - 1] = d;
            grew = true;
          }
        };
        for (let i = 0; i < ids.length; i++) merge(ids[i], distances[i] + far);
        for (let i = 0; i < length; i++) {
          const v = values[i];
          if (f.op[v] !== OpPhi) break;
          if (kinds[v] !== 1) continue;
          const a = f.pool[f.argStart[v] + p];
          if (kinds[a] === 1) merge(a, far);
        }
        for (let i = 0; i < there.ids.length; i++) placeThere[there.ids[i]] = 0;
        if (grew) {
          dirty[pred.id] = 1;
          changed = true;
        }
      }
      for (let i = 0; i < ids.length; i++) place[ids[i]] = 0;
    }
  }
  return live;
}
