// Makes every use of a copy a use of the value behind it, and phis whose arguments are all one value (or the phi itself) copies of it.
// Requires nothing; leaves copies without uses for deadcode. Linear but for chains of phis.

import { source } from "../ssa/edit.ts";
import { type Block, type Func, NoValue, type Value } from "../ssa/func.ts";
import { OpCopy, OpPhi } from "../ssa/ops.gen.ts";

/** True when something changed. */
export function copyelim(f: Func): boolean {
  let changed = false;
  let again = true;
  while (again) {
    again = false;
    for (let i = 1; i < f.blocks.length; i++) {
      const b = f.blocks[i];
      if (!b) continue;
      if (rewriteUses(f, b)) changed = true;
      if (foldPhis(f, b)) again = true;
    }
    if (again) changed = true;
  }
  return changed;
}

function rewriteUses(f: Func, b: Block): boolean {
  let changed = false;
  for (let k = 0; k < b.values.length; k++) {
    const v = b.values[k] as Value;
    const count = f.argCount[v] as number;
    for (let i = 0; i < count; i++) {
      const a = f.arg(v, i);
      if (f.op[a] === OpCopy) {
        f.setArg(v, i, source(f, a));
        changed = true;
      }
    }
  }
  for (let i = 0; i < b.controls.length; i++) {
    const c = b.controls[i] as Value;
    if (f.op[c] === OpCopy) {
      f.setControl(b, i, source(f, c));
      changed = true;
    }
  }
  return changed;
}

function foldPhis(f: Func, b: Block): boolean {
  let changed = false;
  for (let k = 0; k < b.values.length; k++) {
    const v = b.values[k] as Value;
    if (f.op[v] !== OpPhi) continue;
    const same = onlyArgument(f, v);
    if (same === NoValue) continue;
    f.copyOf(v, same);
    changed = true;
  }
  if (changed) movePhisFirst(f, b);
  return changed;
}

/** The one value that a phi can be, or NoValue. */
function onlyArgument(f: Func, phi: Value): Value {
  let same: Value = NoValue;
  const count = f.argCount[phi] as number;
  for (let i = 0; i < count; i++) {
    const a = source(f, f.arg(phi, i));
    if (a === phi || a === same) continue;
    if (same !== NoValue) return NoValue;
    same = a;
  }
  return same;
}

/** Restores the rule that phis stand before all other values. */
export function movePhisFirst(f: Func, b: Block): void {
  const phis = b.values.filter((v) => f.op[v] === OpPhi);
  const rest = b.values.filter((v) => f.op[v] !== OpPhi);
  b.values = phis.concat(rest);
}
