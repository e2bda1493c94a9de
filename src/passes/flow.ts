// Simplifies the control flow: branches on constants, blocks that only go on to one successor which nobody else reaches.
// Requires nothing; keeps everything. Linear.

import { keepOnly, removeUnreachable } from "../ssa/edit.ts";
import { type Block, BlockIf, BlockJump, BlockPlain, type Func, type Value } from "../ssa/func.ts";
import { OpBoolNot, OpConst, OpPhi } from "../ssa/ops.gen.ts";

/** True when something changed. */
export function flow(f: Func): boolean {
  let changed = false;
  for (let i = 1; i < f.blocks.length; i++) {
    const b = f.blocks[i];
    if (b && foldBranch(f, b)) changed = true;
  }
  if (changed) removeUnreachable(f);
  for (let i = 1; i < f.blocks.length; i++) {
    const b = f.blocks[i];
    if (!b) continue;
    while (mergeNext(f, b)) changed = true;
  }
  return changed;
}

function foldBranch(f: Func, b: Block): boolean {
  if (b.kind === BlockIf) {
    let changed = false;
    let c = b.controls[0] as Value;
    while (f.op[c] === OpBoolNot) {
      c = f.arg(c, 0);
      f.setControl(b, 0, c);
      b.succs.reverse();
      b.likely = -b.likely;
      changed = true;
    }
    if (f.op[c] !== OpConst) return changed;
    keepOnly(f, b, f.auxLo[c] !== 0 ? 0 : 1);
    return true;
  }
  if (b.kind === BlockJump) {
    const c = b.controls[0] as Value;
    if (f.op[c] !== OpConst) return false;
    keepOnly(f, b, f.auxInt(c));
    return true;
  }
  return false;
}

/** Joins a block with its only successor when that has no other predecessor. */
function mergeNext(f: Func, b: Block): boolean {
  if (b.kind !== BlockPlain) return false;
  const s = b.succs[0] as Block;
  if (s === b || s.preds.length !== 1) return false;
  for (let i = 0; i < s.values.length; i++) {
    const v = s.values[i];
    if (f.op[v] === OpPhi) f.copyOf(v, f.arg(v, 0));
    f.block[v] = b.id;
  }
  b.values = b.values.concat(s.values);
  b.kind = s.kind;
  b.controls = s.controls;
  b.succs = s.succs;
  b.likely = s.likely;
  b.aux = s.aux;
  b.pos = s.pos;
  for (let k = 0; k < b.succs.length; k++) {
    const next = b.succs[k];
    for (let i = 0; i < next.preds.length; i++) if (next.preds[i] === s) next.preds[i] = b;
  }
  s.values = [];
  s.controls = [];
  s.succs = [];
  f.blocks[s.id] = null;
  return true;
}
