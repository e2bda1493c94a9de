// Chains of additions with carry: where the carry of one goes to the next alone and nothing in between touches the flags, it stays there.

import type { Func, Value } from "../../ssa/func.ts";
import { FirstArchOp, OpSelect } from "../../ssa/ops.gen.ts";
import { TypeTuple } from "../../ssa/types.ts";
import { AADC, ALOAD, AMOV, AMOVZX, ASBB, ASTORE } from "./ops.gen.ts";

/** In aux of ADC and SBB: the carry comes from the flags. */
export const CarryIn = 1;
/** The carry goes to the next one in the flags; Select 1 is never made. */
export const CarryOut = 2;

/** Marks chains; over blocks in their final order. */
export function carryChains(f: Func): void {
  for (let k = 0; k < f.blocks.length; k++) {
    const b = f.blocks[k];
    if (!b) continue;
    let last: Value = 0 as Value;
    for (let i = 0; i < b.values.length; i++) {
      const v = b.values[i];
      const op = f.op[v];
      if (op < FirstArchOp) {
        // Selects, constants and memory tokens are no instructions; calls are.
        if (f.type[v] === TypeTuple) last = 0 as Value;
        continue;
      }
      if (op === AADC || op === ASBB) {
        const c = f.arg(v, 2);
        if (last !== 0 && f.op[last] === op && f.op[c] === OpSelect && f.arg(c, 0) === last && f.auxLo[c] === 1 && f.uses[c] === 1) {
          f.aux[v] |= CarryIn;
          f.aux[last] |= CarryOut;
        }
        last = v;
      } else if (op !== ALOAD && op !== ASTORE && op !== AMOV && op !== AMOVZX) last = 0 as Value;
    }
  }
}
