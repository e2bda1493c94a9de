// What the collector looks at in slots of the frame. At a call a pointer word of a slot is listed if the slot was named before (on some way from
// the entry) and an instruction behind the call names it again before it is overwritten. Beyond that a slot lives as long as somebody holds its address:
// slots whose address is used as a value are stack objects, which the collector looks at when it finds a pointer to them. What a call could show
// it unwritten is zeroed at entry. What the landing of a function with defer names is live everywhere.

import { BlockFork, type Block, type Func, type Value } from "../ssa/func.ts";
import type { StackObject } from "../ssa/object.ts";
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
  /** Frame words that the landing reads. */
  readonly landing: number[] = [];
  /** Slots that may be pointed to, by address. */
  readonly objects: StackObject[] = [];
}

/** Analyses the slots with pointers. */
export function mapSlots(f: Func, target: Target, layout: Layout, frame: Frame): SlotMaps {
  const a = new Analysis(f, target, layout, frame);
  const needed = a.slots.length > 0 && (frame.hasCalls || layout.order.some((b) => b.kind === BlockFork));
  return needed ? a.run() : a.maps;
}

/** A slot with pointers; its bits are `first` and one for each pointer word behind that. */
class Tracked {
  readonly pointers: readonly number[];
  /** Offset in the frame. */
  readonly at: number;
  readonly size: number;
  readonly first: number;
  pointedTo = false;

  constructor(pointers: readonly number[], at: number, size: number, first: number) {
    this.pointers = pointers;
    this.at = at;
    this.size = size;
    this.first = first;
  }
}

/**
 * Two states of a bit vector. Forwards: the first bit of a slot says that it was named on some way, the others that every way has written the word.
 * Backwards: a word's bit says that something ahead may read it; first bits are unused.
 */
class Analysis {
  readonly maps = new SlotMaps();
  readonly slots: Tracked[] = [];
  private readonly f: Func;
  private readonly target: Target;
  private readonly layout: Layout;
  private readonly bySlot: (Tracked | undefined)[] = [];
  private readonly length: number;
  /** The first bits of all slots. */
  private readonly names: Int32Array;
  private readonly pinned: Int32Array;
  private readonly bad: Int32Array;
  private readonly write = new Int32Array(3);

  constructor(f: Func, target: Target, layout: Layout, frame: Frame) {
    this.f = f;
    this.target = target;
    this.layout = layout;
    let bits = 0;
    for (let s = 1; s < f.slots.length; s++) {
      const slot = f.slots[s];
      if (slot === null || slot === undefined || slot.pointers.length === 0 || frame.slotOffset[s] < 0) continue;
      const t = new Tracked(slot.pointers, frame.slotOffset[s], slot.size, bits);
      this.bySlot[s] = t;
      this.slots.push(t);
      bits += 1 + t.pointers.length;
    }
    this.length = (bits + 31) >> 5;
    this.names = new Int32Array(this.length);
    for (const t of this.slots) set(this.names, t.first);
    this.pinned = new Int32Array(this.length);
    this.bad = new Int32Array(this.length);
  }

  run(): SlotMaps {
    const { layout, maps } = this;
    this.findUses();
    const ahead = this.readAhead();
    const before = this.writtenBefore();
    for (let i = 0; i < layout.order.length; i++) {
      const b = layout.order[i];
      this.record(b, before[b.id] as Int32Array, ahead[b.id] as Int32Array);
    }
    for (const t of this.slots) {
      for (let k = 0; k < t.pointers.length; k++) {
        const word = t.at / 8 + t.pointers[k];
        if (has(this.bad, t.first + 1 + k)) maps.zero.push(word);
        if (has(this.pinned, t.first + 1 + k)) maps.landing.push(word);
      }
      if (t.pointedTo) maps.objects.push({ word: t.at / 8, words: Math.ceil(t.size / 8), pointers: t.pointers });
    }
    maps.zero.sort((x, y) => x - y);
    maps.landing.sort((x, y) => x - y);
    maps.objects.sort((x, y) => x.word - y.word);
    return maps;
  }

  private tracked(v: Value): Tracked | undefined {
    return this.f.op[v] === OpSlotAddr ? this.bySlot[this.f.aux[v]] : undefined;
  }

  /** Finds the slots whose addresses are values, and those that the landing names. */
  private findUses(): void {
    const { f, target, layout } = this;
    const landing = new Uint8Array(f.blocks.length);
    const work: Block[] = [];
    for (let i = 0; i < layout.order.length; i++) {
      const b = layout.order[i];
      if (b.kind === BlockFork) work.push(b.succs[1]);
    }
    for (let b = work.pop(); b !== undefined; b = work.pop()) {
      if (landing[b.id] !== 0) continue;
      landing[b.id] = 1;
      work.push(...b.succs);
    }
    for (let k = 0; k < layout.order.length; k++) {
      const b = layout.order[k];
      for (let i = 0; i < b.values.length; i++) {
        const v = b.values[i];
        const start = f.argStart[v];
        for (let j = 0; j < f.argCount[v]; j++) {
          const t = this.tracked(f.pool[start + j] as Value);
          if (t === undefined) continue;
          if (!target.isMemoryBase(f.op[v], j)) t.pointedTo = true;
          if (landing[b.id] !== 0) this.setWords(this.pinned, t);
        }
      }
      for (let i = 0; i < b.controls.length; i++) {
        const c = b.controls[i];
        const t = this.tracked(c);
        if (t !== undefined) t.pointedTo = true;
      }
    }
  }

  private setWords(state: Int32Array, t: Tracked): void {
    for (let k = 1; k <= t.pointers.length; k++) set(state, t.first + k);
  }

  /** Applies what a value writes to a slot: its words are set or cleared. False: it writes none. */
  private writes(v: Value, state: Int32Array, to: boolean): boolean {
    const { f, write } = this;
    if (!this.target.slotWrite(f, v, write)) return false;
    const t = this.bySlot[write[0]];
    if (t === undefined) return true;
    for (let k = 0; k < t.pointers.length; k++) {
      const at = 8 * t.pointers[k];
      if (at >= write[1] && at + 8 <= write[2]) {
        if (to) set(state, t.first + 1 + k);
        else clear(state, t.first + 1 + k);
      }
    }
    return true;
  }

  /** The phis of successors name slots at the end of a block. */
  private phis(b: Block, use: (t: Tracked) => void): void {
    const { f } = this;
    for (let n = 0; n < b.succs.length; n++) {
      const s = b.succs[n];
      for (let k = 0; k < s.preds.length; k++) {
        if (s.preds[k] !== b) continue;
        for (let i = 0; i < s.values.length && f.op[s.values[i]] === OpPhi; i++) {
          const t = this.tracked(f.pool[f.argStart[s.values[i]] + k] as Value);
          if (t !== undefined) use(t);
        }
      }
    }
  }

  // ---- Backwards

  /** The words that something behind each block may read. */
  private readAhead(): Int32Array[] {
    const { layout, length } = this;
    const ins: Int32Array[] = [];
    const outs: Int32Array[] = [];
    let changed = true;
    while (changed) {
      changed = false;
      for (let k = layout.order.length - 1; k >= 0; k--) {
        const b = layout.order[k];
        const state = this.pinned.slice();
        for (let k = 0; k < b.succs.length; k++) {
          const s = b.succs[k];
          const next = ins[s.id];
          if (next !== undefined) for (let i = 0; i < length; i++) state[i] |= next[i];
        }
        const old = outs[b.id];
        if (old !== undefined && equal(old, state)) continue;
        outs[b.id] = state.slice();
        this.endReads(b, state);
        for (let i = b.values.length - 1; i >= 0; i--) this.reads(b.values[i], state);
        ins[b.id] = state;
        changed = true;
      }
    }
    return outs;
  }

  private endReads(b: Block, state: Int32Array): void {
    for (let i = 0; i < b.controls.length; i++) {
      const c = b.controls[i];
      const t = this.tracked(c);
      if (t !== undefined) this.setWords(state, t);
    }
    this.phis(b, (t) => this.setWords(state, t));
  }

  /** From behind a value to in front of it. */
  private reads(v: Value, state: Int32Array): void {
    const { f } = this;
    if (f.op[v] === OpPhi) return;
    let to: Tracked | undefined;
    if (this.writes(v, state, false)) {
      to = this.bySlot[this.write[0]];
      for (let i = 0; i < state.length; i++) state[i] |= this.pinned[i];
    }
    const start = f.argStart[v];
    let first = true;
    for (let j = 0; j < f.argCount[v]; j++) {
      const t = this.tracked(f.pool[start + j] as Value);
      if (t === undefined) continue;
      // The place of a write is no read; a copy of a slot to itself or a stored address is.
      if (t === to && first && this.target.isMemoryBase(f.op[v], j)) first = false;
      else this.setWords(state, t);
    }
  }

  // ---- Forwards

  private name(v: Value, state: Int32Array): void {
    const t = this.tracked(v);
    if (t !== undefined) set(state, t.first);
  }

  private forward(v: Value, state: Int32Array): void {
    const { f } = this;
    if (f.op[v] === OpPhi) return;
    const start = f.argStart[v];
    for (let j = 0; j < f.argCount[v]; j++) this.name(f.pool[start + j] as Value, state);
    if (!isCall(f.op[v])) this.writes(v, state, true);
  }

  private forwardEnd(b: Block, state: Int32Array): void {
    for (let i = 0; i < b.controls.length; i++) {
      const c = b.controls[i];
      this.name(c, state);
    }
    this.phis(b, (t) => set(state, t.first));
  }

  /** The state at the start of each block. */
  private writtenBefore(): Int32Array[] {
    const { f, layout, length, names } = this;
    const ins: Int32Array[] = [];
    const outs: Int32Array[] = [];
    let changed = true;
    while (changed) {
      changed = false;
      for (let n = 0; n < layout.order.length; n++) {
        const b = layout.order[n];
        const state = new Int32Array(length);
        if (b === f.entry) {
          for (const t of this.slots) if (has(this.pinned, t.first + 1)) set(state, t.first);
        } else {
          let first = true;
          for (let k = 0; k < b.preds.length; k++) {
            const p = b.preds[k];
            const out = outs[p.id];
            if (out === undefined) continue;
            for (let i = 0; i < length; i++) {
              const mask = names[i];
              state[i] = first ? out[i] : ((state[i] | out[i]) & mask) | (state[i] & out[i] & ~mask);
            }
            first = false;
          }
        }
        const old = ins[b.id];
        if (old !== undefined && equal(old, state)) continue;
        ins[b.id] = state.slice();
        for (let i = 0; i < b.values.length; i++) {
          const v = b.values[i];
          this.forward(v, state);
        }
        this.forwardEnd(b, state);
        outs[b.id] = state;
        changed = true;
      }
    }
    return ins;
  }

  // ---- Both

  /** Makes the maps of the calls of a block. */
  private record(b: Block, before: Int32Array, ahead: Int32Array): void {
    const { f } = this;
    // What is read behind each call, from the last to the first.
    const state = ahead.slice();
    this.endReads(b, state);
    const behind: Int32Array[] = [];
    for (let i = b.values.length - 1; i >= 0; i--) {
      const v = b.values[i];
      if (isCall(f.op[v])) behind.push(state.slice());
      this.reads(v, state);
    }
    const written = before.slice();
    for (let i = 0; i < b.values.length; i++) {
      const v = b.values[i];
      this.forward(v, written);
      if (!isCall(f.op[v])) continue;
      const live = behind.pop() as Int32Array;
      const list: number[] = [];
      for (const t of this.slots) {
        if (!has(written, t.first)) continue;
        for (let k = 0; k < t.pointers.length; k++) {
          const bit = t.first + 1 + k;
          const listed = has(live, bit);
          if (listed) list.push(t.at / 8 + t.pointers[k]);
          if ((listed || t.pointedTo) && !has(written, bit)) set(this.bad, bit);
        }
      }
      this.maps.at.set(v, list);
    }
    if (b.kind !== BlockFork) return;
    // A fault may show what the landing reads from here on.
    for (const t of this.slots) {
      for (let k = 1; k <= t.pointers.length; k++) {
        if (has(this.pinned, t.first + k) && !has(written, t.first + k)) set(this.bad, t.first + k);
      }
    }
  }
}

const set = (bits: Int32Array, i: number): void => {
  bits[i >> 5] |= 1 << (i & 31);
};

const clear = (bits: Int32Array, i: number): void => {
  bits[i >> 5] &= ~(1 << (i & 31));
};

const has = (bits: Int32Array, i: number): boolean => ((bits[i >> 5] >>> (i & 31)) & 1) !== 0;

function equal(a: Int32Array, b: Int32Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
