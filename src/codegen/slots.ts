// Which slots the collector looks at in each call, and which must be zeroed at entry for that. A slot counts as live from the first place
// where an instruction names it (on some way from the entry) to the end of the function. If at some call a live slot has pointer words that
// not every way has written before, those are zeroed at entry. Exposed slots are live everywhere.

import { BlockFork, type Func, type Value } from "../ssa/func.ts";
import { OpPhi, OpSlotAddr } from "../ssa/ops.gen.ts";
import type { Target } from "../ssa/target.ts";
import type { Frame } from "./frame.ts";
import { isCall } from "./liveness.ts";
import type { Layout } from "./order.ts";

export class SlotMaps {
  /** Frame words to zero at entry, ascending. */
  readonly zero: number[] = [];
  /** For each call the frame words that hold pointers of slots. */
  readonly at = new Map<Value, number[]>();
}

/** Analyses the slots with pointers. */
export function mapSlots(f: Func, target: Target, layout: Layout, frame: Frame): SlotMaps {
  const maps = new SlotMaps();
  // Bits: one for each slot (named), and one for each of its pointer words (written).
  const firstBit = new Int32Array(f.slots.length).fill(-1);
  let bits = 0;
  let slots = 0;
  let exposed = false;
  for (let s = 1; s < f.slots.length; s++) {
    const slot = f.slots[s];
    if (slot === null || slot === undefined || slot.pointers.length === 0 || frame.slotOffset[s] < 0) continue;
    firstBit[s] = bits;
    bits += 1 + slot.pointers.length;
    slots++;
    if (slot.exposed) exposed = true;
  }
  if (slots === 0 || (!frame.hasCalls && !exposed)) return maps;
  const length = (bits + 31) >> 5;
  const named = new Int32Array(length);
  const exposedBits = new Int32Array(length);
  for (let s = 1; s < f.slots.length; s++) {
    if (firstBit[s] < 0) continue;
    set(named, firstBit[s]);
    if (f.slots[s]?.exposed === true) set(exposedBits, firstBit[s]);
  }
  const ins: (Int32Array | undefined)[] = [];
  const outs: (Int32Array | undefined)[] = [];
  const write = new Int32Array(3);
  const bad = new Int32Array(length);

  const name = (state: Int32Array, v: number): void => {
    if (f.op[v] === OpSlotAddr && firstBit[f.aux[v]] >= 0) set(state, firstBit[f.aux[v]]);
  };
  const check = (state: Int32Array): void => {
    for (let s = 1; s < f.slots.length; s++) {
      const first = firstBit[s];
      if (first < 0 || !has(state, first)) continue;
      const count = (f.slots[s] as { pointers: readonly number[] }).pointers.length;
      for (let i = 1; i <= count; i++) if (!has(state, first + i)) set(bad, first + i);
    }
  };
  const words = (state: Int32Array): number[] => {
    const list: number[] = [];
    for (let s = 1; s < f.slots.length; s++) {
      if (firstBit[s] < 0 || !has(state, firstBit[s])) continue;
      const slot = f.slots[s] as { pointers: readonly number[] };
      for (const w of slot.pointers) list.push(frame.slotOffset[s] / 8 + w);
    }
    return list;
  };

  /** Carries a state through a block; with `final` the maps are made. */
  const run = (b: (typeof layout.order)[number], state: Int32Array, final: boolean): void => {
    for (let i = 0; i < b.values.length; i++) {
      const v = b.values[i];
      if (f.op[v] === OpPhi) continue;
      const start = f.argStart[v];
      const end = start + f.argCount[v];
      for (let j = start; j < end; j++) name(state, f.pool[j]);
      if (isCall(f.op[v])) {
        if (final) {
          check(state);
          maps.at.set(v, words(state));
        }
      } else if (target.slotWrite(f, v, write)) {
        const first = firstBit[write[0]];
        if (first < 0) continue;
        const pointers = (f.slots[write[0]] as { pointers: readonly number[] }).pointers;
        for (let k = 0; k < pointers.length; k++) {
          if (8 * pointers[k] >= write[1] && 8 * pointers[k] + 8 <= write[2]) set(state, first + 1 + k);
        }
      }
    }
    if (b.kind === BlockFork && final) check(state);
    for (const c of b.controls) name(state, c);
    for (const s of b.succs) {
      for (let k = 0; k < s.preds.length; k++) {
        if (s.preds[k] !== b) continue;
        for (let i = 0; i < s.values.length && f.op[s.values[i]] === OpPhi; i++) name(state, f.pool[f.argStart[s.values[i]] + k]);
      }
    }
  };

  let changed = true;
  while (changed) {
    changed = false;
    for (const b of layout.order) {
      const state = new Int32Array(length);
      if (b === f.entry) state.set(exposedBits);
      else {
        let first = true;
        for (const p of b.preds) {
          const out = outs[p.id];
          if (out === undefined) continue;
          for (let i = 0; i < length; i++) {
            // Named on some way, written on every way.
            const mask = named[i];
            state[i] = first ? out[i] : ((state[i] | out[i]) & mask) | (state[i] & out[i] & ~mask);
          }
          first = false;
        }
      }
      const old = ins[b.id];
      if (old !== undefined && equal(old, state)) continue;
      ins[b.id] = state.slice();
      run(b, state, false);
      outs[b.id] = state;
      changed = true;
    }
  }
  for (const b of layout.order) run(b, (ins[b.id] as Int32Array).slice(), true);
  for (let s = 1; s < f.slots.length; s++) {
    if (firstBit[s] < 0) continue;
    const pointers = (f.slots[s] as { pointers: readonly number[] }).pointers;
    for (let k = 0; k < pointers.length; k++) if (has(bad, firstBit[s] + 1 + k)) maps.zero.push(frame.slotOffset[s] / 8 + pointers[k]);
  }
  maps.zero.sort((x, y) => x - y);
  return maps;
}

const set = (bits: Int32Array, i: number): void => {
  bits[i >> 5] |= 1 << (i & 31);
};

const has = (bits: Int32Array, i: number): boolean => ((bits[i >> 5] >>> (i & 31)) & 1) !== 0;

function equal(a: Int32Array, b: Int32Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
