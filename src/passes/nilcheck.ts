// Removes nil checks of pointers that are known not to be nil: addresses of variables, new objects, pointers checked before on every path,
// and those that a branch has compared with nil. Requires cse (equal pointers are one value); keeps everything. Linear.

import { type Block, BlockIf, type Func, type Value } from "../ssa/func.ts";
import {
  OpArgAddr,
  OpBox,
  OpClosure,
  OpConst,
  OpCopy,
  OpEq,
  OpNe,
  OpNew,
  OpNilCheck,
  OpOffPtr,
  OpOutArgAddr,
  OpSelect,
  OpSlotAddr,
  OpSymAddr,
} from "../ssa/ops.gen.ts";
import type { Shared } from "./shared.ts";

/** True when something changed. */
export function nilcheck(f: Func, shared: Shared): boolean {
  if (!hasChecks(f)) return false;
  const dom = shared.dominators(f);
  const known = new Map<Value, Fact[]>();
  let changed = false;
  const find = (v: Value, b: Block): Value | 0 => {
    for (const fact of known.get(v) ?? []) if (dom.dominates(fact.block, b.id)) return fact.proof;
    return 0;
  };
  const learn = (v: Value, b: Block, proof: Value): void => {
    const facts = known.get(v);
    if (facts === undefined) known.set(v, [{ block: b.id, proof }]);
    else facts.push({ block: b.id, proof });
  };
  for (let i = 0; i < dom.order.length; i++) {
    const b = dom.order[i] as Block;
    const tested = nonNilAfterBranch(f, b);
    if (tested !== 0) learn(tested, b, tested);
    for (let k = 0; k < b.values.length; k++) {
      const v = b.values[k] as Value;
      if (f.op[v] !== OpNilCheck) continue;
      const p = unchecked(f, f.arg(v, 0));
      const proof = neverNil(f, p) ? p : find(p, b);
      if (proof === 0) {
        learn(p, b, v);
      } else {
        f.copyOf(v, proof);
        changed = true;
      }
    }
  }
  return changed;
}

function hasChecks(f: Func): boolean {
  for (let i = 1; i < f.blocks.length; i++) {
    const b = f.blocks[i];
    if (!b) continue;
    for (let k = 0; k < b.values.length; k++) if (f.op[b.values[k]] === OpNilCheck) return true;
  }
  return false;
}

/**
 * In the blocks that `block` dominates a pointer is not nil. `proof` is the pointer as known there: the result of the check, so that what
 * uses it stays behind the check.
 */
interface Fact {
  readonly block: number;
  readonly proof: Value;
}

/** The pointer behind checks and copies. */
function unchecked(f: Func, v: Value): Value {
  while (f.op[v] === OpNilCheck || f.op[v] === OpCopy) v = f.arg(v, 0);
  return v;
}

/** Whether a pointer is an address by nature. */
export function neverNil(f: Func, v: Value): boolean {
  switch (f.op[v]) {
    case OpSlotAddr:
    case OpSymAddr:
    case OpArgAddr:
    case OpOutArgAddr:
    case OpClosure:
      return true;
    case OpOffPtr:
      return neverNil(f, f.arg(v, 0));
    case OpSelect:
      return (f.op[f.arg(v, 0)] === OpNew || f.op[f.arg(v, 0)] === OpBox) && f.auxLo[v] === 0;
    default:
      return false;
  }
}

/** The pointer that is not nil in a block because of the branch that alone leads to it; 0: none. */
function nonNilAfterBranch(f: Func, b: Block): Value | 0 {
  const p = b.preds[0];
  if (b.preds.length !== 1 || p === undefined || p.kind !== BlockIf || p.succs[0] === p.succs[1]) return 0;
  const c = p.controls[0] as Value;
  const op = f.op[c];
  if (op !== OpEq && op !== OpNe) return 0;
  if ((p.succs[0] === b) !== (op === OpNe)) return 0;
  const [x, y] = [f.arg(c, 0), f.arg(c, 1)];
  if (isNil(f, y)) return unchecked(f, x);
  return isNil(f, x) ? unchecked(f, y) : 0;
}

function isNil(f: Func, v: Value): boolean {
  return f.op[v] === OpConst && f.auxLo[v] === 0 && f.auxHi[v] === 0;
}
