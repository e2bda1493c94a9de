// Turns frame slots into SSA values: a slot whose address is only used to load and store whole scalar parts needs no memory. irgen and escape
// analysis put variables into slots; after inlining many have no reason left to be there.
//
// Memory is a value, so the definition that a load sees is found by walking the chain of memory values upwards; a phi of memory asks for
// a phi of the part. Requires a linear memory chain; keeps everything. Cost: loads and memory values of promotable slots.

import type { Pos } from "../base/pos.ts";
import { type Func, NoValue, type Value } from "../ssa/func.ts";
import {
  OpConst,
  OpConstF,
  OpCopy,
  OpInitMem,
  OpLoad,
  OpMove,
  OpNilCheck,
  OpOffPtr,
  OpPhi,
  OpSelectMem,
  OpSlotAddr,
  OpStore,
  OpZero,
} from "../ssa/ops.gen.ts";
import { isFloat, typeSize, type ValueType } from "../ssa/types.ts";
import { movePhisFirst } from "./copyelim.ts";

/** Parts beyond this number stay in memory: they are arrays in disguise. */
const maxParts = 16;

/** A scalar part of a slot. */
interface Part {
  readonly offset: number;
  readonly type: ValueType;
}

/** What is known of a slot that may be promoted. */
class Candidate {
  readonly parts: Part[] = [];
  /** Loads, Stores and Zeros of the slot, and the offset of each from the slot's start. */
  readonly accesses: Value[] = [];
  readonly offsets: number[] = [];
  /** Values that are addresses of it. */
  readonly addresses: Value[] = [];
}

/** Slots whose addresses were in other slots (closures that were inlined) come in later rounds. */
const maxRounds = 4;

/** True when something changed. */
export function promote(f: Func): boolean {
  let changed = false;
  for (let round = 0; round < maxRounds && promoteOnce(f); round++) changed = true;
  return changed;
}

function promoteOnce(f: Func): boolean {
  const candidates = findCandidates(f);
  let changed = false;
  for (let slot = 1; slot < candidates.length; slot++) {
    const c = candidates[slot];
    if (!c || c.addresses.length === 0) continue;
    new Promoter(f, c).run();
    f.slots[slot] = null;
    changed = true;
  }
  return changed;
}

/** By slot: null when it has to stay in memory. */
function findCandidates(f: Func): (Candidate | null)[] {
  const candidates: (Candidate | null)[] = f.slots.map((s) => (s === null || s.exposed ? null : new Candidate()));
  // Addresses are SlotAddr values and OffPtr chains from them.
  const slotOf = new Int32Array(f.valueCount);
  const offsetOf = new Float64Array(f.valueCount);
  const root = (v: Value): number => {
    if (f.block[v] === 0) return 0;
    if (slotOf[v] !== 0) return slotOf[v] as number;
    const op = f.op[v];
    if (op === OpSlotAddr) {
      slotOf[v] = f.aux[v] as number;
      offsetOf[v] = f.auxInt(v);
    } else if (op === OpOffPtr || op === OpCopy || op === OpNilCheck) {
      const base = f.arg(v, 0);
      const slot = root(base);
      if (slot !== 0) {
        // The address of a slot is not nil.
        if (op === OpNilCheck) f.copyOf(v, base);
        slotOf[v] = slot;
        offsetOf[v] = (offsetOf[base] as number) + (op === OpOffPtr ? f.auxInt(v) : 0);
      }
    }
    return slotOf[v] as number;
  };
  for (let i = 1; i < f.blocks.length; i++) {
    const b = f.blocks[i];
    if (!b) continue;
    for (let k = 0; k < b.values.length; k++) {
      const v = b.values[k] as Value;
      const own = root(v);
      if (own !== 0) candidates[own]?.addresses.push(v);
      const count = f.argCount[v] as number;
      for (let j = 0; j < count; j++) {
        const a = f.arg(v, j);
        const slot = root(a);
        const c = slot === 0 ? null : candidates[slot];
        if (!c || own === slot) continue;
        if (j !== 0 || !access(f, c, v, offsetOf[a] as number, slot)) candidates[slot] = null;
      }
    }
    for (let i = 0; i < b.controls.length; i++) {
      const v = b.controls[i];
      const slot = root(v);
      if (slot !== 0) candidates[slot] = null;
    }
  }
  for (let slot = 1; slot < candidates.length; slot++) {
    const c = candidates[slot];
    if (c && !consistent(f, c)) candidates[slot] = null;
  }
  return candidates;
}

/** Notes an access; false when it is one that keeps the slot in memory. */
function access(f: Func, c: Candidate, v: Value, base: number, slot: number): boolean {
  const op = f.op[v];
  if (op === OpMove) return false;
  if (op !== OpLoad && op !== OpStore && op !== OpZero) return false;
  const offset = op === OpZero ? base : base + f.auxInt(v);
  const size = f.slots[slot]?.size ?? 0;
  c.accesses.push(v);
  c.offsets.push(offset);
  if (op === OpZero) return offset >= 0 && offset + f.auxInt(v) <= size;
  const type = (op === OpLoad ? f.type[v] : f.type[f.arg(v, 1)]) as number;
  if (offset < 0 || offset + typeSize(type) > size) return false;
  if (!c.parts.some((p) => p.offset === offset && p.type === type)) c.parts.push({ offset, type });
  return c.parts.length <= maxParts;
}

/** Parts must not overlap, and a Zero must cover parts wholly or not at all. */
function consistent(f: Func, c: Candidate): boolean {
  const parts = c.parts.sort((a, b) => a.offset - b.offset);
  for (let i = 1; i < parts.length; i++) {
    const before = parts[i - 1] as Part;
    if (before.offset + typeSize(before.type) > (parts[i] as Part).offset) return false;
  }
  for (let i = 0; i < c.accesses.length; i++) {
    const v = c.accesses[i] as Value;
    if (f.op[v] !== OpZero) continue;
    const start = c.offsets[i] as number;
    const end = start + f.auxInt(v);
    for (const p of parts) {
      const partEnd = p.offset + typeSize(p.type);
      const outside = partEnd <= start || p.offset >= end;
      if (!outside && (p.offset < start || partEnd > end)) return false;
    }
  }
  return true;
}

/** Promotes one slot. */
class Promoter {
  private readonly f: Func;
  private readonly c: Candidate;
  /** Index into accesses by value, for stores and zeros of this slot. */
  private readonly index = new Map<Value, number>();

  constructor(f: Func, c: Candidate) {
    this.f = f;
    this.c = c;
    for (let i = 0; i < c.accesses.length; i++) this.index.set(c.accesses[i] as Value, i);
  }

  run(): void {
    const { f, c } = this;
    for (const part of c.parts) this.part(part);
    // Loads are copies of their definitions now; stores vanish from the chain of memory.
    for (const v of c.accesses) {
      if (f.op[v] === OpStore || f.op[v] === OpZero) f.copyOf(v, f.arg(v, (f.argCount[v] as number) - 1));
    }
  }

  private part(part: Part): void {
    const { f, c } = this;
    const definitions = new Map<Value, Value>();
    const phis: Value[] = [];
    const loads: Value[] = [];
    const found: Value[] = [];
    for (let i = 0; i < c.accesses.length; i++) {
      const v = c.accesses[i] as Value;
      if (f.op[v] !== OpLoad || c.offsets[i] !== part.offset) continue;
      loads.push(v);
      found.push(this.definition(f.arg(v, 1), part, definitions, phis));
    }
    for (let i = 0; i < phis.length; i++) {
      const phi = phis[i] as Value;
      // The memory phi stands in the same block: its arguments tell where to look.
      const memory = f.aux[phi] as Value;
      f.aux[phi] = 0;
      const args = f.args(memory).map((m) => this.definition(m, part, definitions, phis));
      f.setArgs(phi, args);
    }
    this.joinTrivial(phis);
    const touched = new Set<number>();
    for (const phi of phis) touched.add(f.block[phi] as number);
    for (const id of touched) {
      const b = f.blocks[id];
      if (b) movePhisFirst(f, b);
    }
    for (let i = 0; i < loads.length; i++) f.copyOf(loads[i] as Value, found[i] as Value);
  }

  /** Phis of one value (and themselves) are that value: a part that a loop does not change. */
  private joinTrivial(phis: readonly Value[]): void {
    const { f } = this;
    const source = (v: Value): Value => {
      let x = v;
      while (f.op[x] === OpCopy) x = f.arg(x, 0);
      return x;
    };
    for (let again = true; again; ) {
      again = false;
      for (const phi of phis) {
        if (f.op[phi] !== OpPhi) continue;
        let only: Value = NoValue;
        let trivial = true;
        for (let i = 0; i < (f.argCount[phi] as number); i++) {
          const x = source(f.arg(phi, i));
          if (x === phi || x === only) continue;
          if (only !== NoValue) trivial = false;
          only = x;
        }
        if (!trivial || only === NoValue) continue;
        f.copyOf(phi, only);
        again = true;
      }
    }
  }

  /** The part's value in a state of memory. */
  private definition(memory: Value, part: Part, definitions: Map<Value, Value>, phis: Value[]): Value {
    const { f } = this;
    const path: Value[] = [];
    let m = memory;
    let value: Value = NoValue;
    for (;;) {
      value = definitions.get(m) ?? NoValue;
      if (value !== NoValue) break;
      path.push(m);
      const op = f.op[m];
      if (op === OpPhi) {
        value = f.append(f.blockOf(m), OpPhi, part.type, f.pos_[m] as Pos, 0);
        f.aux[value] = m;
        phis.push(value);
        break;
      }
      if (op === OpInitMem) {
        value = this.zero(part, m);
        break;
      }
      const i = this.index.get(m);
      if (i !== undefined) {
        value = this.stored(m, i, part);
        if (value !== NoValue) break;
      }
      const tuple = op === OpSelectMem ? f.arg(m, 0) : m;
      m = f.arg(tuple, (f.argCount[tuple] as number) - 1);
    }
    for (const p of path) definitions.set(p, value);
    return value;
  }

  /** What a store or zero of the slot puts into the part, NoValue when nothing. */
  private stored(m: Value, i: number, part: Part): Value {
    const { f, c } = this;
    const offset = c.offsets[i] as number;
    if (f.op[m] === OpStore) return offset === part.offset ? f.arg(m, 1) : NoValue;
    const covered = part.offset >= offset && part.offset < offset + f.auxInt(m);
    return covered ? this.zero(part, m) : NoValue;
  }

  private zero(part: Part, at: Value): Value {
    const { f } = this;
    return f.append(f.blockOf(at), isFloat(part.type) ? OpConstF : OpConst, part.type, f.pos_[at] as Pos, 0);
  }
}
