// Applies the generic rewrite rules to all values until none fits. Requires nothing; leaves copies and values without uses.

import type { Block, Func, Value } from "../ssa/func.ts";
import { OpCopy } from "../ssa/ops.gen.ts";
import { rewriteGeneric } from "./rules/generic.gen.ts";

/** Enough for any chain that real code has; a rule set that does not settle is a bug, not an endless compilation. */
const maxRounds = 50;

/** True when something changed. */
export function opt(f: Func): boolean {
  let any = false;
  for (let round = 0; round < maxRounds; round++) {
    let changed = false;
    for (let i = 1; i < f.blocks.length; i++) {
      const b = f.blocks[i];
      if (b && rewriteBlock(f, b)) changed = true;
    }
    if (!changed) return any;
    any = true;
  }
  return any;
}

function rewriteBlock(f: Func, b: Block): boolean {
  let changed = false;
  // New values are appended to the block, so its length may grow while we walk.
  for (let k = 0; k < b.values.length; k++) {
    const v = b.values[k] as Value;
    if (f.op[v] === OpCopy) continue;
    const count = f.argCount[v] as number;
    for (let i = 0; i < count; i++) {
      let a = f.arg(v, i);
      if (f.op[a] !== OpCopy) continue;
      while (f.op[a] === OpCopy) a = f.arg(a, 0);
      f.setArg(v, i, a);
      changed = true;
    }
    while (rewriteGeneric(f, v)) changed = true;
  }
  return changed;
}
