// Nil checks that the next access through the same pointer makes needless: that access faults instead, and the fault is the check. Only when
// nothing in between can be seen by code that runs after the panic.

import type { Func, Value } from "../../ssa/func.ts";
import { FirstArchOp, OpArgAddr, OpSlotAddr, OpSymAddr } from "../../ssa/ops.gen.ts";
import { TypeMem, TypeTuple } from "../../ssa/types.ts";
import { ALEA, AMOVEB, ANILCHK, AOPST, AOPSTI, ASTORE, ASTOREI, APREFETCH, AZEROB, opWords } from "./ops.gen.ts";

/** The first page is never mapped. */
const Unmapped = 4096;

/** By op: argument that is the base of its memory operand, or -1. */
const bases = new Int8Array(opWords.length);
for (let i = 0; i < opWords.length; i++) {
  const word = opWords[i].find((w) => /^mem\d$/.test(w));
  bases[i] = word === undefined ? -1 : Number(word.slice(3));
}

function writes(op: number): boolean {
  return op === ASTORE || op === ASTOREI || op === AOPST || op === AOPSTI || op === AZEROB || op === AMOVEB;
}

/** Removes nil checks; over blocks whose values are in their final order. */
export function nilChecks(f: Func): void {
  for (let n = 0; n < f.blocks.length; n++) {
    const b = f.blocks[n];
    if (!b) continue;
    const pending: Value[] = [];
    const known = new Set<Value>();
    let removed = false;
    const remove = (v: Value): void => {
      f.dropArgs(v);
      f.block[v] = 0;
      removed = true;
    };
    for (let i = 0; i < b.values.length; i++) {
      const v = b.values[i];
      const op = f.op[v];
      if (op === ANILCHK) {
        const p = f.arg(v, 0);
        if (known.has(p) || isAddress(f.op[p])) remove(v);
        else {
          known.add(p);
          pending.push(v);
        }
        continue;
      }
      if (pending.length === 0) continue;
      if (op < FirstArchOp) {
        // Kept operations: calls and memory tokens. Calls end it; the others do nothing.
        if (f.type[v] === TypeTuple) pending.length = 0;
        continue;
      }
      const base = bases[op - FirstArchOp];
      if (base >= 0 && op !== ALEA && op !== APREFETCH && op !== AMOVEB) {
        const p = f.arg(v, base);
        const k = pending.findIndex((x) => f.arg(x, 0) === p);
        if (k >= 0 && f.argCount[v] === base + 1 && f.auxLo[v] >= 0 && f.auxLo[v] < Unmapped - 16) {
          // The access is the check now: what it was merged with may stand on another line.
          f.pos_[v] = f.pos_[pending[k]];
          f.inl[v] = f.inl[pending[k]];
          remove(pending[k]);
          pending.splice(k, 1);
        }
      }
      if (writes(op) || f.type[v] === TypeTuple || f.type[v] === TypeMem) pending.length = 0;
    }
    if (removed) b.values = b.values.filter((v) => f.block[v] !== 0);
  }
}

const isAddress = (op: number): boolean => op === OpSlotAddr || op === OpArgAddr || op === OpSymAddr;
