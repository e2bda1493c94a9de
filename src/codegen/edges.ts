// After allocation: what must move on each edge, which spill slots values get, and the final list of items of each block: moves that arrive,
// instructions with spill stores behind definitions, moves that leave.

import { type Block, BlockFork, type Func, type Value } from "../ssa/func.ts";
import { OpKeepAlive, OpPhi } from "../ssa/ops.gen.ts";
import { SpillOperand, type Target } from "../ssa/target.ts";
import { TypePtr } from "../ssa/types.ts";
import { ItemLoad, ItemScratchIn, ItemStore, ParallelMove, SlotLocation } from "./moves.ts";
import type { Layout } from "./order.ts";
import { joinPhis } from "./joinslots.ts";
import type { Allocation } from "./regalloc.ts";

/** Where the spilled values are, and the code. */
export class Placement {
  /** Spill slot by value: 1 and up, 0: none. */
  readonly slot: Int32Array;
  slotCount = 0;
  /** By slot: it holds pointers. */
  readonly pointer: boolean[] = [false];
  needsScratch = false;
  /** Final items by block id. */
  readonly items: number[][] = [];
  /** Number of item fields at a block's start that are moves of its one incoming edge, by block id. */
  readonly arrivals: number[] = [];
  /** Values that deferred code may read: live from their definition to the end of the function, whatever happens. */
  readonly pinned: number[] = [];

  constructor(valueCount: number) {
    this.slot = new Int32Array(valueCount);
  }
}

/** One move that an edge needs; kept until spill slots are known. */
class EdgeMoves {
  readonly from: Block;
  readonly to: Block;
  /** Triples: destination register, value, source register or -1 (remake) or -2 (slot). */
  readonly registers: number[] = [];
  /** Triples: phi, value, source. */
  readonly slots: number[] = [];

  constructor(from: Block, to: Block) {
    this.from = from;
    this.to = to;
  }
}

/** Finishes an allocation. */
export function finish(f: Func, target: Target, layout: Layout, a: Allocation): Placement {
  const placement = new Placement(f.valueCount);
  const edges = collectEdges(f, layout, a);
  assignSlots(f, layout, a, placement);
  buildItems(layout, a, placement, placeStores(f, layout, a, edges));
  const moves = new ParallelMove(target.floatMask | (1 << target.floatScratch), target.floatScratch);
  const location = (v: number, source: number): number => (source === -2 ? SlotLocation + placement.slot[v] : source);
  for (const e of edges) {
    for (let i = 0; i < e.registers.length; i += 3) {
      const v = e.registers[i + 1];
      moves.toRegister(v, e.registers[i], location(v, e.registers[i + 2]));
    }
    for (let i = 0; i < e.slots.length; i += 3) {
      const v = e.slots[i + 1];
      moves.toSlot(v, e.slots[i], SlotLocation + placement.slot[e.slots[i]], location(v, e.slots[i + 2]));
    }
    const items: number[] = [];
    moves.write(items);
    if (items.length === 0) continue;
    for (let i = 0; i < items.length; i += 4) if (items[i] === ItemScratchIn) placement.needsScratch = true;
    if (e.from.succs.length === 1) placement.items[e.from.id].push(...items);
    else {
      placement.items[e.to.id] = [...items, ...placement.items[e.to.id]];
      placement.arrivals[e.to.id] = items.length;
    }
  }
  return placement;
}

function collectEdges(f: Func, layout: Layout, a: Allocation): EdgeMoves[] {
  const edges: EdgeMoves[] = [];
  const where = new Int8Array(f.valueCount).fill(-1);
  for (let n = 0; n < layout.order.length; n++) {
    const b = layout.order[n];
    const start = a.start[b.id];
    for (let k = 0; k < b.preds.length; k++) {
      const p = b.preds[k];
      const end = a.end[p.id];
      if (end === undefined) continue;
      for (let r = 31; r >= 0; r--) if (end[r] !== 0) where[end[r]] = r;
      const moves = new EdgeMoves(p, b);
      const source = (v: number): number => {
        if (where[v] >= 0) return where[v];
        if (a.kinds[v] === 2) return -1;
        if (a.spilled[v] === 0) a.spilled[v] = 1;
        return -2;
      };
      for (let r = 0; r < 32; r++) {
        let v = start[r];
        if (v === 0) continue;
        if (f.op[v] === OpPhi && f.block[v] === b.id) v = f.pool[f.argStart[v] + k];
        if (end[r] === v) continue;
        moves.registers.push(r, v, source(v));
      }
      for (let i = 0; i < b.values.length; i++) {
        const phi = b.values[i];
        if (f.op[phi] !== OpPhi) break;
        if (a.spilled[phi] !== 2) continue;
        const v = f.pool[f.argStart[phi] + k];
        if (v !== phi) moves.slots.push(phi, v, source(v));
      }
      for (let r = 0; r < 32; r++) if (end[r] !== 0) where[end[r]] = -1;
      if (moves.registers.length > 0 || moves.slots.length > 0) edges.push(moves);
    }
  }
  return edges;
}

/** Gives spilled values slots by their live ranges in layout order; values whose ranges do not overlap share. */
function assignSlots(f: Func, layout: Layout, a: Allocation, placement: Placement): void {
  const { spilled } = a;
  const first = new Int32Array(f.valueCount).fill(0x7fffffff);
  const last = new Int32Array(f.valueCount).fill(-1);
  const starts = new Int32Array(f.blocks.length);
  const ends = new Int32Array(f.blocks.length);
  let position = 0;
  for (let i = 0; i < layout.order.length; i++) {
    const b = layout.order[i];
    starts[b.id] = position;
    position += b.values.length + 2;
    ends[b.id] = position - 1;
  }
  const extend = (v: number, at: number): void => {
    if (at < first[v]) first[v] = at;
    if (at > last[v]) last[v] = at;
  };
  for (let k = 0; k < layout.order.length; k++) {
    const b = layout.order[k];
    const base = starts[b.id];
    for (let i = 0; i < b.values.length; i++) {
      const v = b.values[i];
      const phi = f.op[v] === OpPhi;
      if (spilled[v] !== 0) {
        extend(v, base + 1 + i);
        if (phi) {
          extend(v, base);
          for (let i = 0; i < b.preds.length; i++) {
            const p = b.preds[i];
            if (layout.dom.reachable(p.id)) extend(v, ends[p.id]);
          }
        }
      }
      if (phi) continue;
      const start = f.argStart[v];
      const end = start + f.argCount[v];
      for (let j = start; j < end; j++) {
        const x = f.pool[j];
        if (spilled[x] === 0) continue;
        extend(x, base + 1 + i);
        if (f.block[x] !== b.id) extend(x, base);
      }
    }
    for (let i = 0; i < b.controls.length; i++) {
      const c = b.controls[i];
      if (spilled[c] === 0) continue;
      extend(c, ends[b.id]);
      if (f.block[c] !== b.id) extend(c, base);
    }
    const ids = a.live[b.id].ids;
    for (let i = 0; i < ids.length; i++) {
      const v = ids[i];
      if (spilled[v] === 0) continue;
      extend(v, ends[b.id]);
      if (f.block[v] !== b.id) extend(v, base);
    }
    if (b.kind === BlockFork) {
      // Whatever the landing reads must stay in its place for ever.
      const landing = b.succs[1];
      for (let i = 0; i < ids.length; i++) {
        const v = ids[i];
        if (spilled[v] === 0 || !liveInto(f, a, landing, v)) continue;
        placement.pinned.push(v);
        extend(v, 0);
        extend(v, position);
      }
    }
  }
  const classes = joinPhis(f, layout, a, placement.pinned);
  const list: number[] = [];
  for (let v = 1; v < f.valueCount; v++) {
    if (spilled[v] === 0 || last[v] < 0) continue;
    const leader = classes.leader(v);
    if (leader === v) {
      list.push(v);
      continue;
    }
    // A class lives as long as its members together.
    extend(leader, first[v]);
    extend(leader, last[v]);
  }
  list.sort((x, y) => first[x] - first[y] || x - y);
  // Free slots are taken lowest first; busy ones are few, so a plain scan is enough.
  const busyUntil: number[] = [0];
  for (const v of list) {
    const isPointer = f.type[v] === TypePtr;
    let slot = 0;
    for (let s = 1; s <= placement.slotCount; s++) {
      if (placement.pointer[s] === isPointer && busyUntil[s] < first[v]) {
        slot = s;
        break;
      }
    }
    if (slot === 0) {
      slot = ++placement.slotCount;
      placement.pointer.push(isPointer);
    }
    busyUntil[slot] = last[v];
    placement.slot[v] = slot;
  }
  for (let v = 1; v < f.valueCount; v++) if (spilled[v] !== 0 && last[v] >= 0) placement.slot[v] = placement.slot[classes.leader(v)];
}

/** Whether a value that is live at the end of the Fork block is used in the landing or behind it. */
function liveInto(f: Func, a: Allocation, landing: Block, v: number): boolean {
  if (a.live[landing.id].ids.includes(v)) return true;
  for (const x of landing.values) for (let i = 0; i < f.argCount[x]; i++) if (f.arg(x as Value, i) === v) return true;
  return landing.controls.includes(v as Value);
}

/**
 * Where each spilled value is stored: behind its definition (0), or at the start of a block that comes before all loads of it, lies in no
 * deeper loop and has the value in a register. Ways that never load then never store.
 */
function placeStores(f: Func, layout: Layout, a: Allocation, edges: readonly EdgeMoves[]): Int32Array {
  const { dom, depth } = layout;
  // The nearest common dominator of all loads, by value.
  const loads = new Int32Array(f.valueCount);
  const note = (v: number, block: number): void => {
    if (a.spilled[v] !== 1) return;
    let x = loads[v];
    if (x === 0) {
      loads[v] = block;
      return;
    }
    let y = block;
    while (x !== y) {
      while (dom.index[x] > dom.index[y]) x = dom.idom[x];
      while (dom.index[y] > dom.index[x]) y = dom.idom[y];
    }
    loads[v] = x;
  };
  for (let k = 0; k < layout.order.length; k++) {
    const b = layout.order[k];
    const items = a.items[b.id];
    for (let i = 0; i < items.length; i += 4) if (items[i] === ItemLoad) note(items[i + 1], b.id);
    for (let i = 0; i < b.values.length; i++) {
      const v = b.values[i];
      if (f.op[v] === OpKeepAlive) note(f.arg(v, 0), b.id);
      else if (f.argCount[v] === 2 && a.use[f.argStart[v] + 1] === SpillOperand) note(f.arg(v, 1), b.id);
    }
  }
  for (const e of edges) {
    for (let i = 0; i < e.registers.length; i += 3) if (e.registers[i + 2] === -2) note(e.registers[i + 1], e.from.id);
    for (let i = 0; i < e.slots.length; i += 3) if (e.slots[i + 2] === -2) note(e.slots[i + 1], e.from.id);
  }
  const stores = new Int32Array(f.valueCount);
  for (let v = 1; v < f.valueCount; v++) {
    const home = f.block[v];
    if (loads[v] === 0 || loads[v] === home) continue;
    // From the loads up to the definition: the first good block with the least loop depth.
    let best = 0;
    let least = depth[home];
    for (let x = loads[v]; x !== home && x !== 0; x = dom.idom[x]) {
      const d = depth[x];
      if (d > depth[home] || !a.start[x].includes(v)) continue;
      if (best === 0 || d < least) {
        best = x;
        least = d;
      }
    }
    stores[v] = best;
  }
  return stores;
}

/** Puts the spill stores behind the definitions or at the starts of blocks. */
function buildItems(layout: Layout, a: Allocation, placement: Placement, stores: Int32Array): void {
  const sunk: number[][] = [];
  for (let v = 1; v < stores.length; v++) {
    const b = stores[v];
    if (b === 0) continue;
    const list = sunk[b];
    if (list === undefined) sunk[b] = [v];
    else list.push(v);
  }
  for (let k = 0; k < layout.order.length; k++) {
    const b = layout.order[k];
    const items = a.items[b.id];
    const behind: number[] = [];
    for (let i = 0; i < b.values.length; i++) {
      const v = b.values[i];
      if (a.spilled[v] === 1 && a.def[v] >= 0 && stores[v] === 0) behind.push(v);
    }
    const early = sunk[b.id];
    if (behind.length === 0 && early === undefined) {
      placement.items[b.id] = items;
      continue;
    }
    behind.sort((x, y) => a.defEnd[x] - a.defEnd[y] || x - y);
    const out: number[] = [];
    if (early !== undefined) for (const v of early) out.push(ItemStore, v, 0, a.start[b.id].indexOf(v));
    let next = 0;
    for (let i = 0; i <= items.length; i += 4) {
      while (next < behind.length && a.defEnd[behind[next]] === i) {
        const v = behind[next++];
        out.push(ItemStore, v, 0, a.def[v]);
      }
      if (i < items.length) out.push(items[i], items[i + 1], items[i + 2], items[i + 3]);
    }
    placement.items[b.id] = out;
  }
}
