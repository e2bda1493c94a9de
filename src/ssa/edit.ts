// Edits of a function's graph that keep its invariants: edges with their phis, blocks, dead values, copies.

import { type Block, BlockPlain, type Func, type Value } from "./func.ts";
import { OpCopy, OpPhi } from "./ops.gen.ts";

/** Removes the i-th successor edge of a block together with the arguments that phis have for it. */
export function removeEdge(f: Func, b: Block, i: number): void {
  const s = b.succs[i] as Block;
  const at = predIndex(b, i);
  b.succs.splice(i, 1);
  s.preds.splice(at, 1);
  for (let k = 0; k < s.values.length; k++) {
    const v = s.values[k] as Value;
    if (f.op[v] === OpPhi) removeArg(f, v, at);
  }
}

/** Which entry of the successor's predecessor list belongs to the i-th successor edge of b. */
export function predIndex(b: Block, i: number): number {
  const s = b.succs[i] as Block;
  // Parallel edges are in the same order on both sides.
  let nth = 0;
  for (let k = 0; k < i; k++) if (b.succs[k] === s) nth++;
  for (let k = 0; k < s.preds.length; k++) {
    if (s.preds[k] === b && nth-- === 0) return k;
  }
  throw new Error(`b${b.id} -> b${s.id}: edge without predecessor entry`);
}

/** Removes one argument of a value. */
export function removeArg(f: Func, v: Value, i: number): void {
  const args = f.args(v);
  args.splice(i, 1);
  f.setArgs(v, args);
}

/** Removes the blocks that the entry does not reach, with their values. */
export function removeUnreachable(f: Func): boolean {
  const seen = new Uint8Array(f.blocks.length);
  const work: Block[] = [f.entry];
  seen[f.entry.id] = 1;
  while (work.length > 0) {
    const b = work.pop() as Block;
    for (let i = 0; i < b.succs.length; i++) {
      const s = b.succs[i] as Block;
      if (seen[s.id] === 0) {
        seen[s.id] = 1;
        work.push(s);
      }
    }
  }
  const dead: Block[] = [];
  for (let i = 1; i < f.blocks.length; i++) {
    const b = f.blocks[i];
    if (b && seen[b.id] === 0) dead.push(b);
  }
  for (let i = 0; i < dead.length; i++) {
    const b = dead[i];
    while (b.succs.length > 0) removeEdge(f, b, b.succs.length - 1);
  }
  for (let k = 0; k < dead.length; k++) {
    const b = dead[k];
    f.clearControls(b);
    for (let i = 0; i < b.values.length; i++) {
      const v = b.values[i];
      f.dropArgs(v);
    }
  }
  for (let k = 0; k < dead.length; k++) {
    const b = dead[k];
    for (let i = 0; i < b.values.length; i++) {
      const v = b.values[i];
      f.block[v] = 0;
    }
    b.values = [];
    f.blocks[b.id] = null;
  }
  return dead.length > 0;
}

/** Turns a block with several ways out into one that goes on to its i-th successor. */
export function keepOnly(f: Func, b: Block, i: number): void {
  for (let k = b.succs.length - 1; k >= 0; k--) if (k !== i) removeEdge(f, b, k);
  f.clearControls(b);
  b.kind = BlockPlain;
  b.likely = 0;
}

/** Follows copies to the value behind them. */
export function source(f: Func, v: Value): Value {
  while (f.op[v] === OpCopy) v = f.arg(v, 0);
  return v;
}
