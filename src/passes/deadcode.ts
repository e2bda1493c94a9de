// Removes blocks that can't be reached and values that nobody needs. Needed are controls of blocks, what they use, and operations
// with an effect of their own: calls, atomics, checks. Stores live through the memory that a return takes; in code that never returns they
// are needed as such.
// Requires nothing; keeps everything. Linear.

import { type Block, BlockExit, BlockRet, type Func, type Value } from "../ssa/func.ts";
import { removeUnreachable } from "../ssa/edit.ts";
import { AttrCall, AttrPanics, AttrWrites, FirstArchOp, OpAtomicCas, OpAtomicLoad, opAttributes } from "../ssa/ops.gen.ts";

/** Marks and sweeps. True when something went. */
export function deadcode(f: Func): boolean {
  let changed = removeUnreachable(f);
  const returns = blocksThatReturn(f);
  const live = new Uint8Array(f.valueCount);
  const work: Value[] = [];
  const mark = (v: Value): void => {
    if (live[v] === 0) {
      live[v] = 1;
      work.push(v);
    }
  };
  for (let i = 1; i < f.blocks.length; i++) {
    const b = f.blocks[i];
    if (!b) continue;
    for (let k = 0; k < b.controls.length; k++) mark(b.controls[k] as Value);
    for (let k = 0; k < b.values.length; k++) {
      const v = b.values[k] as Value;
      if (isRoot(f.op[v] as number, returns[b.id] === 1)) mark(v);
    }
  }
  while (work.length > 0) {
    const v = work.pop() as Value;
    const count = f.argCount[v] as number;
    for (let i = 0; i < count; i++) mark(f.arg(v, i));
  }
  for (let i = 1; i < f.blocks.length; i++) {
    const b = f.blocks[i];
    if (b && sweep(f, b, live)) changed = true;
  }
  return changed;
}

function sweep(f: Func, b: Block, live: Uint8Array): boolean {
  let kept = 0;
  for (let k = 0; k < b.values.length; k++) {
    const v = b.values[k] as Value;
    if (live[v] === 1) {
      b.values[kept++] = v;
    } else {
      f.dropArgs(v);
      f.block[v] = 0;
    }
  }
  if (kept === b.values.length) return false;
  b.values = b.values.slice(0, kept);
  return true;
}

function isRoot(op: number, returns: boolean): boolean {
  if (op >= FirstArchOp) return false;
  const attributes = opAttributes[op] as number;
  if ((attributes & (AttrCall | AttrPanics)) !== 0) return true;
  if (op >= OpAtomicLoad && op <= OpAtomicCas) return true;
  return !returns && (attributes & AttrWrites) !== 0;
}

/** By block id: 1 when some path leads from the block to a return or an exit. */
function blocksThatReturn(f: Func): Uint8Array {
  const returns = new Uint8Array(f.blocks.length);
  const work: Block[] = [];
  for (let i = 1; i < f.blocks.length; i++) {
    const b = f.blocks[i];
    if (b && (b.kind === BlockRet || b.kind === BlockExit)) {
      returns[b.id] = 1;
      work.push(b);
    }
  }
  while (work.length > 0) {
    const b = work.pop() as Block;
    for (let i = 0; i < b.preds.length; i++) {
      const p = b.preds[i] as Block;
      if (returns[p.id] === 0) {
        returns[p.id] = 1;
        work.push(p);
      }
    }
  }
  return returns;
}
