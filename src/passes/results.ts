// Results that calls leave on the stack go to where they are wanted at once: irgen puts them into a temporary of the frame first, since the next call takes the place
// of the results, and another move takes them from there. Where nothing happens between the two moves and nobody else looks at the temporary, it goes.
//
// Requires a linear memory chain; leaves moves without uses for deadcode. Cost: one walk, another one if there are such moves.

import { type Func, NoValue, type Value } from "../ssa/func.ts";
import { OpMove, OpOutArgAddr, OpSlotAddr } from "../ssa/ops.gen.ts";

/** True when something changed. */
export function results(f: Func): boolean {
  const second = findPairs(f);
  if (second.length === 0) return false;
  const uses = addressUses(f);
  let changed = false;
  for (const m of second) {
    const first = f.arg(m, 2);
    const slot = f.aux[f.arg(first, 0)] as number;
    // The destination of the one and the source of the other.
    if (uses[slot] !== 2) continue;
    f.setArg(m, 1, f.arg(first, 1));
    f.setArg(m, 2, f.arg(first, 2));
    f.slots[slot] = null;
    changed = true;
  }
  return changed;
}

/** Moves out of a temporary right behind the move from a call's results into it. */
function findPairs(f: Func): Value[] {
  const found: Value[] = [];
  for (let v = 1 as Value; v < f.valueCount; v++) {
    if (f.op[v] !== OpMove || f.block[v] === 0 || f.op[f.arg(v, 1)] !== OpOutArgAddr) continue;
    const temporary = f.arg(v, 0);
    if (f.op[temporary] !== OpSlotAddr || f.auxInt(temporary) !== 0 || f.uses[v] !== 1) continue;
    const slot = f.slots[f.aux[temporary] as number];
    if (!slot || slot.exposed || slot.escapes) continue;
    const m = nextMove(f, v, temporary);
    if (m !== NoValue) found.push(m);
  }
  return found;
}

/** The only use of a move into a temporary if that takes all of it out again. */
function nextMove(f: Func, first: Value, temporary: Value): Value {
  for (let m = 1 as Value; m < f.valueCount; m++) {
    if (f.op[m] !== OpMove || f.block[m] === 0 || f.arg(m, 2) !== first) continue;
    const from = f.arg(m, 1);
    const same = f.op[from] === OpSlotAddr && f.aux[from] === f.aux[temporary] && f.auxInt(from) === 0;
    return same && f.auxInt(m) === f.auxInt(first) && f.op[f.arg(m, 0)] !== OpOutArgAddr ? m : NoValue;
  }
  return NoValue;
}

/** By slot: how often its addresses are used. */
function addressUses(f: Func): Int32Array {
  const uses = new Int32Array(f.slots.length);
  for (let v = 1; v < f.valueCount; v++) {
    if (f.op[v] === OpSlotAddr && f.block[v] !== 0) uses[f.aux[v] as number]! += f.uses[v] as number;
  }
  return uses;
}
