// Register allocation: one sweep over the blocks in layout order, in each block from the first value to the last, always knowing what every
// register holds. An operand that is in no register is loaded from its spill slot or made again; a register that is needed is taken from the
// value whose next use is farthest away. A value has one spill slot and is stored once, behind its definition, so giving up a
// register costs nothing at that place. Calls destroy all registers. Where blocks meet, the first of their predecessors that was allocated
// decides what is where, and moves on the other edges (src/codegen/edges.ts) make it so.
//
// The result is beside the function: registers of operands and results in columns, and for each block a list of items (instructions
// and moves). Requires scheduled, lowered code without critical edges.

import { type Block, BlockFork, BlockRet, type Func, type Value } from "../ssa/func.ts";
import {
  AttrComm,
  FirstArchOp,
  OpArg,
  OpCallClosure,
  OpCallInter,
  OpCallStatic,
  OpClosure,
  OpInitMem,
  OpKeepAlive,
  OpPhi,
  OpPublicationBarrier,
  OpSelect,
  OpSelectMem,
} from "../ssa/ops.gen.ts";
import { FloatRegister } from "../ssa/abi.ts";
import { AttrTie, Constraints, SpillOperand, type Target } from "../ssa/target.ts";
import { TypeF32, TypeF64, TypeV128 } from "../ssa/types.ts";
import { classify, computeLiveness, FarDistance, isCall, type LiveOut } from "./liveness.ts";
import type { Layout } from "./order.ts";
import { ItemLoad, ItemMove, ItemRemat, ItemValue, ParallelMove, SlotLocation } from "./moves.ts";

/** What allocation decided. */
export class Allocation {
  /** By place in the argument pool; -1: no register. */
  readonly use: Int8Array;
  /** By value. */
  readonly def: Int8Array;
  readonly temp: Int8Array;
  /** 1: stored to its slot behind its definition; 2: a phi that lives in its slot only. */
  readonly spilled: Uint8Array;
  /** Items by block id, without spill stores and edge moves. */
  readonly items: number[][] = [];
  /** Place in the items behind the definition of each value. */
  readonly defEnd: Int32Array;
  /** Contents of the registers at the start and end of blocks, by id. Plain lists: there are many, and small typed arrays cost more. */
  readonly start: number[][] = [];
  readonly end: number[][] = [];
  /** Registers of block controls, by block id. */
  readonly controls: Int8Array[] = [];
  readonly live: LiveOut[];
  readonly kinds: Uint8Array;

  constructor(f: Func, live: LiveOut[], kinds: Uint8Array) {
    this.use = new Int8Array(f.poolUsed).fill(-1);
    this.def = new Int8Array(f.valueCount).fill(-1);
    this.temp = new Int8Array(f.valueCount).fill(-1);
    this.spilled = new Uint8Array(f.valueCount);
    this.defEnd = new Int32Array(f.valueCount);
    this.live = live;
    this.kinds = kinds;
  }
}

const lowest = (mask: number): number => 31 - Math.clz32(mask & -mask);

class Allocator {
  private readonly f: Func;
  private readonly target: Target;
  private readonly layout: Layout;
  readonly out: Allocation;
  private readonly kinds: Uint8Array;
  private readonly live: LiveOut[];
  private readonly attributes: Int32Array;

  /** The value in each register, and the registers of each value. */
  private readonly regs: number[] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  private readonly places: Int32Array;
  private usedRegs = 0;
  /** Registers that the instruction at hand needs. */
  private pinned = 0;
  /** Registers that values of this block want at fixed places; the others are taken first. */
  private wanted = 0;
  private readonly hint: Int8Array;

  /** Uses to come in the block, nearest first: lists in a pool of nodes. */
  private readonly useHead: Int32Array;
  private nodeDistance = new Int32Array(128);
  private nodeNext = new Int32Array(128);
  private nodeCount = 1;
  private readonly touched: number[] = [];
  private touchedCount = 0;

  /** Place of the next call in the block at hand (its own place while it is handled); beyond everything when there is none. */
  private nextCall = 0;
  private readonly callPlaces: number[] = [];
  private items: number[] = [];
  private readonly constraints = new Constraints();
  private readonly moves: ParallelMove;
  private readonly allMask: number;
  private readonly visited: Uint8Array;

  constructor(f: Func, target: Target, layout: Layout) {
    this.f = f;
    this.target = target;
    this.layout = layout;
    this.kinds = classify(f, layout.order);
    this.live = computeLiveness(f, layout.order, this.kinds);
    this.out = new Allocation(f, this.live, this.kinds);
    this.places = new Int32Array(f.valueCount);
    this.useHead = new Int32Array(f.valueCount);
    this.hint = new Int8Array(f.valueCount).fill(-1);
    this.moves = new ParallelMove(target.floatMask | (1 << target.floatScratch), target.floatScratch);
    this.allMask = target.integerMask | target.floatMask;
    this.visited = new Uint8Array(f.blocks.length);
    this.attributes = target.attributes;
  }

  run(): void {
    for (let i = 0; i < this.layout.order.length; i++) {
      const b = this.layout.order[i];
      this.block(b);
      this.visited[b.id] = 1;
    }
  }

  private classMask(v: number): number {
    const type = this.f.type[v];
    return type === TypeF32 || type === TypeF64 || type === TypeV128 ? this.target.floatMask : this.target.integerMask;
  }

  // ---- Uses ----

  private addUse(v: number, distance: number): void {
    if (this.nodeCount === this.nodeNext.length) {
      const size = 2 * this.nodeCount;
      const d = new Int32Array(size);
      d.set(this.nodeDistance);
      this.nodeDistance = d;
      const n = new Int32Array(size);
      n.set(this.nodeNext);
      this.nodeNext = n;
    }
    const n = this.nodeCount++;
    this.nodeDistance[n] = distance;
    this.nodeNext[n] = this.useHead[v];
    if (this.useHead[v] === 0) this.touched[this.touchedCount++] = v;
    this.useHead[v] = n;
  }

  private popUse(v: number): void {
    this.useHead[v] = this.nodeNext[this.useHead[v]];
  }

  private distance(v: number): number {
    return this.nodeDistance[this.useHead[v]];
  }

  /** Lists the uses in a block, and finds the registers that values had best be in. */
  private collectUses(b: Block): void {
    const { f, kinds, hint } = this;
    for (let i = 0; i < this.touchedCount; i++) this.useHead[this.touched[i]] = 0;
    this.touchedCount = 0;
    this.nodeCount = 1;
    this.wanted = 0;
    const values = b.values;
    const length = values.length;
    const out = this.live[b.id];
    for (let i = 0; i < out.ids.length; i++) this.addUse(out.ids[i], length + out.distances[i]);
    for (let i = 0; i < b.controls.length; i++) {
      const c = b.controls[i];
      if (kinds[c] === 0) continue;
      this.addUse(c, length);
      if (b.kind === BlockRet) this.want(c, this.resultRegister(i));
    }
    if (b.succs.length === 1) this.wantSuccessor(b, b.succs[0]);
    for (let i = length - 1; i >= 0; i--) {
      const v = values[i];
      const op = f.op[v];
      if (op === OpPhi) break;
      const start = f.argStart[v];
      const count = f.argCount[v];
      if (op >= FirstArchOp) {
        if (hint[v] >= 0 && count > 0 && (this.attributes[op - FirstArchOp] & AttrTie) !== 0) hint[f.pool[start]] = hint[v];
        const fixed = this.target.fixedInput(op);
        if (fixed >= 0) {
          const which = fixed >> 8;
          this.want(f.pool[start + which], fixed & 255);
        }
      } else if (isCall(op)) this.wantArguments(v);
      for (let j = start; j < start + count; j++) {
        const a = f.pool[j];
        if (kinds[a] !== 0) this.addUse(a, i);
      }
    }
  }

  private want(v: number, register: number): void {
    this.hint[v] = register;
    this.wanted |= 1 << register;
  }

  private wantSuccessor(b: Block, s: Block): void {
    const { f, hint } = this;
    const k = s.preds.indexOf(b);
    if (this.visited[s.id] !== 0) {
      const start = this.out.start[s.id];
      for (let r = 0; r < 32; r++) {
        let v = start[r];
        if (v === 0) continue;
        if (f.op[v] === OpPhi && f.block[v] === s.id) v = f.pool[f.argStart[v] + k];
        hint[v] = r;
      }
      return;
    }
    for (let i = 0; i < s.values.length; i++) {
      const v = s.values[i];
      if (f.op[v] !== OpPhi) break;
      if (hint[v] >= 0) hint[f.pool[f.argStart[v] + k]] = hint[v];
    }
  }

  private argumentRegister(number: number): number {
    return number >= FloatRegister ? this.target.floatArguments[number - FloatRegister] : this.target.integerArguments[number];
  }

  private resultRegister(i: number): number {
    const registers = this.f.self.resultRegisters;
    return i < registers.length ? this.argumentRegister(registers[i]) : -1;
  }

  private wantArguments(v: Value): void {
    const { f } = this;
    const info = f.calls[f.aux[v]];
    if (info === null || info === undefined) throw new Error(`${f.name}: v${v}: call without signature`);
    const op = f.op[v];
    const first = op === OpCallStatic ? 0 : 1;
    if (op === OpCallClosure) this.want(f.arg(v, 0), this.target.closureRegister);
    for (let i = 0; i < info.argRegisters.length; i++) this.want(f.arg(v, first + i), this.argumentRegister(info.argRegisters[i]));
  }

  // ---- Registers ----

  private put(r: number, v: number): void {
    this.regs[r] = v;
    this.places[v] |= 1 << r;
    this.usedRegs |= 1 << r;
  }

  private clear(r: number): void {
    const v = this.regs[r];
    if (v === 0) return;
    this.places[v] &= ~(1 << r);
    this.regs[r] = 0;
    this.usedRegs &= ~(1 << r);
  }

  /** Frees all registers of a value that nobody needs any more. */
  private release(v: number): void {
    let m = this.places[v];
    while (m !== 0) {
      const r = lowest(m);
      m &= m - 1;
      this.regs[r] = 0;
      this.usedRegs &= ~(1 << r);
    }
    this.places[v] = 0;
  }

  private clearAll(): void {
    for (let r = 0; r < 32; r++) {
      const v = this.regs[r];
      if (v !== 0) {
        this.places[v] = 0;
        this.regs[r] = 0;
      }
    }
    this.usedRegs = 0;
  }

  private spill(v: number): void {
    if (this.kinds[v] === 1 && this.out.spilled[v] === 0) this.out.spilled[v] = 1;
  }

  /** Makes a register give up its value; elsewhere there will be a copy if `keep` allows a register for it, else the spill slot is it. */
  private evict(r: number, keep: number): void {
    const v = this.regs[r];
    if (v === 0) return;
    if (this.useHead[v] !== 0 && (this.places[v] & ~(1 << r)) === 0 && this.kinds[v] === 1) {
      const free = keep & this.classMask(v) & ~this.usedRegs & ~this.pinned;
      if (free !== 0) {
        const to = this.choose(free, v);
        this.items.push(ItemMove, v, to, r);
        this.put(to, v);
      } else this.spill(v);
    }
    this.clear(r);
  }

  /** One of some free registers. */
  private choose(free: number, v: number): number {
    const h = this.hint[v];
    if (h >= 0 && (free & (1 << h)) !== 0) return h;
    const quiet = free & ~this.wanted;
    return lowest(quiet !== 0 ? quiet : free);
  }

  /** A register of a set for a value; takes it from another value when none is free. */
  private take(mask: number, v: number): number {
    const allowed = mask & this.allMask & ~this.pinned;
    if (allowed === 0) throw new Error(`${this.f.name}: v${v}: no register left`);
    const free = allowed & ~this.usedRegs;
    const h = this.hint[v];
    if (h >= 0 && (allowed & ~free & (1 << h)) !== 0) {
      // The wanted register holds a value that the next call would drive out anyway, before it is used.
      const x = this.regs[h];
      if (this.useHead[x] === 0 || this.distance(x) > this.nextCall) {
        this.evict(h, 0);
        return h;
      }
    }
    if (free !== 0) return this.choose(free, v);
    let best = -1;
    let far = -1;
    for (let m = allowed; m !== 0; m &= m - 1) {
      const r = lowest(m);
      const x = this.regs[r];
      let d = this.useHead[x] === 0 ? 1 << 30 : this.distance(x) * 4;
      // Of equals, take what costs nothing: values that are somewhere else too, constants, values that are spilled anyway.
      if ((this.places[x] & ~(1 << r)) !== 0) d += 1 << 20;
      else if (this.kinds[x] === 2) d += 3;
      else if (this.out.spilled[x] !== 0) d += 2;
      if (d > far) {
        far = d;
        best = r;
      }
    }
    this.evict(best, this.allMask & ~mask);
    return best;
  }

  /** Brings a value into a register of a set. */
  private bring(v: number, mask: number): number {
    const here = this.places[v] & mask;
    if (here !== 0) {
      const h = this.hint[v];
      return h >= 0 && (here & (1 << h)) !== 0 ? h : lowest(here);
    }
    const r = this.take(mask, v);
    const elsewhere = this.places[v];
    if (elsewhere !== 0) this.items.push(ItemMove, v, r, lowest(elsewhere));
    else if (this.kinds[v] === 2) this.items.push(ItemRemat, v, r, 0);
    else {
      this.spill(v);
      this.items.push(ItemLoad, v, r, 0);
    }
    this.put(r, v);
    return r;
  }

  private define(v: number, r: number): void {
    this.out.def[v] = r;
    if (this.useHead[v] !== 0) this.put(r, v);
  }

  // ---- Blocks ----

  private block(b: Block): void {
    const { f } = this;
    this.clearAll();
    this.collectUses(b);
    this.items = [];
    this.out.items[b.id] = this.items;
    this.startBlock(b);
    this.out.start[b.id] = this.regs.slice();
    const values = b.values;
    if (b === f.entry) this.entryValues(b);
    const calls = this.callPlaces;
    let open = 0;
    for (let i = values.length - 1; i >= 0; i--) if (isCall(f.op[values[i]])) calls[open++] = i;
    for (let i = 0; i < values.length; i++) {
      const v = values[i];
      while (open > 0 && calls[open - 1] < i) open--;
      this.nextCall = open > 0 ? calls[open - 1] : 1 << 30;
      switch (f.op[v]) {
        case OpPhi:
        case OpArg:
        case OpClosure:
        case OpInitMem:
        case OpSelect:
        case OpSelectMem:
        case OpPublicationBarrier:
          break;
        case OpKeepAlive:
          this.drop(v);
          break;
        case OpCallStatic:
        case OpCallClosure:
        case OpCallInter:
          this.call(v, values, i);
          break;
        default:
          if (this.kinds[v] !== 2) this.instruction(v, values, i);
      }
    }
    this.nextCall = 1 << 30;
    this.endBlock(b);
    this.out.end[b.id] = this.regs.slice();
  }

  private entryValues(b: Block): void {
    const { f } = this;
    for (let i = 0; i < b.values.length; i++) {
      const v = b.values[i];
      let r = -1;
      if (f.op[v] === OpArg) r = this.argumentRegister(f.self.argRegisters[f.auxLo[v]]);
      else if (f.op[v] === OpClosure) r = this.target.closureRegister;
      else continue;
      this.define(v, r);
    }
  }

  private startBlock(b: Block): void {
    const { f, kinds } = this;
    const preds = b.preds;
    if (preds.length === 0) return;
    let primary = -1;
    let known = 0;
    for (let k = 0; k < preds.length; k++) {
      const p = preds[k];
      if (this.visited[p.id] === 0) continue;
      known++;
      if (primary < 0 || (preds[primary].cold && !p.cold) || (!p.cold && p.succs.length === 1 && preds[primary].succs.length > 1))
        primary = k;
    }
    const hasPhis = b.values.length > 0 && f.op[b.values[0]] === OpPhi;
    if (primary < 0 || (preds[0].kind === BlockFork && preds[0].succs[1] === b)) {
      if (hasPhis) this.stackPhis(b);
      return;
    }
    const end = this.out.end[preds[primary].id];
    const single = preds.length === 1;
    const header = known < preds.length;
    for (let r = 0; r < 32; r++) {
      const v = end[r];
      if (v === 0 || this.useHead[v] === 0) continue;
      if (!single) {
        if (kinds[v] === 2) continue;
        if (header) {
          if (this.distance(v) >= FarDistance) continue;
        } else if (this.distance(v) >= 8 && !this.everywhere(b, primary, v)) continue;
        // One register is enough where ways meet.
        if (this.places[v] !== 0) continue;
      }
      this.put(r, v);
    }
    if (hasPhis) this.placePhis(b, primary, end, header);
  }

  /** Whether the other predecessors known (cold ones aside) have a value in a register too. */
  private everywhere(b: Block, primary: number, v: number): boolean {
    for (let k = 0; k < b.preds.length; k++) {
      const p = b.preds[k];
      if (k === primary || p.cold || this.visited[p.id] === 0) continue;
      if (!this.out.end[p.id].includes(v)) return false;
    }
    return true;
  }

  private stackPhis(b: Block): void {
    for (let i = 0; i < b.values.length; i++) {
      const v = b.values[i];
      if (this.f.op[v] !== OpPhi) break;
      if (this.kinds[v] === 1 && this.useHead[v] !== 0) this.out.spilled[v] = 2;
    }
  }

  private placePhis(b: Block, primary: number, end: readonly number[], header: boolean): void {
    const { f, kinds } = this;
    const later: number[] = [];
    for (let i = 0; i < b.values.length; i++) {
      const v = b.values[i];
      if (f.op[v] !== OpPhi) break;
      if (kinds[v] !== 1 || this.useHead[v] === 0) continue;
      const a = f.pool[f.argStart[v] + primary];
      // The register of the operand, unless the operand stays there.
      let candidates = 0;
      const mask = this.classMask(v);
      for (let r = 0; r < 32; r++) if (end[r] === a && (mask & (1 << r)) !== 0 && this.regs[r] === 0) candidates |= 1 << r;
      if (candidates !== 0 && this.distance(v) < 4 * FarDistance) {
        const h = this.hint[v];
        this.put(h >= 0 && (candidates & (1 << h)) !== 0 ? h : lowest(candidates), v);
      } else later.push(v);
    }
    for (let i = 0; i < later.length; i++) {
      const v = later[i];
      const free = this.classMask(v) & ~this.usedRegs;
      const a = f.pool[f.argStart[v] + primary];
      const near = this.distance(v) < FarDistance && (header || kinds[a] === 2 || end.includes(a) || this.distance(v) < 8);
      if (near && free !== 0) this.put(this.choose(free, v), v);
      else this.out.spilled[v] = 2;
    }
    // The register of a phi is where it is defined.
    for (let i = 0; i < b.values.length; i++) {
      const v = b.values[i];
      if (f.op[v] !== OpPhi) break;
      if (this.places[v] !== 0) this.out.def[v] = lowest(this.places[v]);
    }
  }

  private endBlock(b: Block): void {
    const { kinds } = this;
    const count = b.controls.length;
    if (count > 0) {
      const registers = new Int8Array(count).fill(-1);
      this.out.controls[b.id] = registers;
      if (b.kind === BlockRet) {
        for (let i = 0; i < count; i++) {
          const v = b.controls[i];
          if (kinds[v] === 0) continue;
          const r = this.resultRegister(i);
          registers[i] = r;
          this.parallel(v, r);
        }
        this.moves.write(this.items);
        this.clearAll();
        return;
      }
      this.pinned = 0;
      for (let i = 0; i < count; i++) {
        const v = b.controls[i];
        if (kinds[v] === 0) continue;
        registers[i] = this.bring(v, this.target.integerMask);
        this.pinned |= 1 << registers[i];
      }
      for (let i = 0; i < count; i++) if (kinds[b.controls[i]] !== 0) this.popUse(b.controls[i]);
      this.pinned = 0;
    }
    if (b.succs.length === 1) {
      const s = b.succs[0];
      if (this.visited[s.id] === 0 && this.layout.loops[s.id]?.header === s) this.preload(b);
    }
    // Only what lives on counts.
    for (let r = 0; r < 32; r++) {
      const v = this.regs[r];
      if (v !== 0 && this.useHead[v] === 0 && kinds[v] === 1) this.clear(r);
    }
  }

  /** In front of a loop: brings values that the loop uses soon into registers that are free. */
  private preload(b: Block): void {
    const out = this.live[b.id];
    const near: number[] = [];
    for (let i = 0; i < out.ids.length; i++) {
      const v = out.ids[i];
      if (out.distances[i] < FarDistance && this.places[v] === 0) near.push(i);
    }
    near.sort((x, y) => out.distances[x] - out.distances[y] || out.ids[x] - out.ids[y]);
    for (const i of near) {
      const v = out.ids[i];
      const free = this.classMask(v) & ~this.usedRegs;
      // Leave some for the loop's own values.
      if ((free & (free - 1)) === 0 || (free & (free - 1) & ((free & (free - 1)) - 1)) === 0) continue;
      const r = this.choose(free, v);
      this.spill(v);
      this.items.push(ItemLoad, v, r, 0);
      this.put(r, v);
    }
  }

  /** Adds a move of a value to a register to the parallel move being collected. */
  private parallel(v: number, to: number): void {
    const places = this.places[v];
    if ((places & (1 << to)) !== 0) return;
    if (places !== 0) this.moves.toRegister(v, to, lowest(places));
    else if (this.kinds[v] === 2) this.moves.toRegister(v, to, -1);
    else {
      this.spill(v);
      this.moves.toRegister(v, to, SlotLocation + v);
    }
  }

  // ---- Instructions ----

  /** Takes note that an instruction has read its operands. */
  private drop(v: number): void {
    const { f, kinds } = this;
    const start = f.argStart[v];
    const end = start + f.argCount[v];
    for (let j = start; j < end; j++) if (kinds[f.pool[j]] !== 0) this.popUse(f.pool[j]);
    for (let j = start; j < end; j++) {
      const a = f.pool[j];
      if (kinds[a] !== 0 && this.useHead[a] === 0) this.release(a);
    }
  }

  private call(v: Value, values: readonly Value[], at: number): void {
    const { f, target } = this;
    const op = f.op[v];
    const info = f.calls[f.aux[v]];
    if (info === null || info === undefined) throw new Error(`${f.name}: v${v}: call without signature`);
    const start = f.argStart[v];
    const first = op === OpCallStatic ? 0 : 1;
    let fixed = op === OpCallClosure ? 1 << target.closureRegister : 0;
    for (let i = 0; i < info.argRegisters.length; i++) fixed |= 1 << this.argumentRegister(info.argRegisters[i]);
    if (op === OpCallClosure) {
      this.parallel(f.pool[start], target.closureRegister);
      this.out.use[start] = target.closureRegister;
    } else if (op === OpCallInter) {
      const code = f.pool[start];
      const quiet = this.places[code] & target.integerMask & ~fixed;
      const r = quiet !== 0 ? lowest(quiet) : 31 - Math.clz32(target.integerMask & ~fixed);
      this.parallel(code, r);
      this.out.use[start] = r;
    }
    for (let i = 0; i < info.argRegisters.length; i++) {
      const r = this.argumentRegister(info.argRegisters[i]);
      const a = f.pool[start + first + i];
      this.parallel(a, r);
      this.out.use[start + first + i] = r;
    }
    this.moves.write(this.items);
    this.drop(v);
    for (let r = 0; r < 32; r++) {
      const x = this.regs[r];
      if (x !== 0 && this.useHead[x] !== 0) this.spill(x);
    }
    this.clearAll();
    this.items.push(ItemValue, v, 0, 0);
    for (let i = at + 1; i < values.length; i++) {
      const s = values[i];
      if (f.op[s] === OpSelect && f.arg(s, 0) === v) {
        this.define(s, this.argumentRegister(info.resultRegisters[f.auxLo[s]]));
        this.out.defEnd[s] = this.items.length;
      } else if (f.op[s] !== OpSelectMem) break;
    }
  }

  private instruction(v: Value, values: readonly Value[], at: number): void {
    const { f, kinds, constraints: c, out } = this;
    c.output = 0;
    c.output2 = 0;
    c.tie = -1;
    c.clobbers = 0;
    c.temp = 0;
    c.early = false;
    this.target.constraints(f, v, c);
    const start = f.argStart[v];
    const count = f.argCount[v];
    const inputs = c.inputs;
    // What an operand may be can depend on its place.
    if (c.tie === 0 && (this.attributes[f.op[v] - FirstArchOp] & AttrComm) !== 0 && this.maybeSwap(v, start))
      this.target.constraints(f, v, c);

    // A second result that nobody takes needs no register, unless it has one of its own.
    if (c.output2 !== 0 && (c.output2 & (c.output2 - 1)) !== 0 && !this.hasSecond(v, values, at)) c.output2 = 0;

    // Operands: those that can be in one register only come first. What is in the frame and not needed again is read there.
    this.pinned = 0;
    const memory = this.fromSpill(v, start, inputs);
    for (let pass = 0; pass < 2; pass++) {
      for (let i = 0; i < count; i++) {
        const mask = inputs[i];
        if (mask === 0 || i === memory || ((mask & (mask - 1)) === 0) !== (pass === 0)) continue;
        const r = this.bring(f.pool[start + i], mask);
        out.use[start + i] = r;
        this.pinned |= 1 << r;
      }
    }
    const inputPins = this.pinned;
    for (let j = start; j < start + count; j++) if (kinds[f.pool[j]] !== 0) this.popUse(f.pool[j]);

    // The operand that the result overwrites must be somewhere else if it lives on.
    let result = -1;
    if (c.tie >= 0) {
      const a = f.pool[start + c.tie];
      let r = out.use[start + c.tie];
      const lives = this.useHead[a] !== 0 && (this.places[a] & ~(1 << r)) === 0;
      // Another operand that reads the register after the instruction has begun to write.
      let shared = false;
      if (c.early) for (let i = 0; i < count; i++) if (i !== c.tie && inputs[i] !== 0 && out.use[start + i] === r) shared = true;
      const wrong = (c.output & (1 << r)) === 0;
      if (lives || shared || wrong) {
        const free = c.output & ~this.usedRegs & ~this.pinned;
        if (free !== 0 || shared || wrong) {
          const to = free !== 0 ? this.choose(free, v) : this.take(c.output, v);
          this.items.push(ItemMove, a, to, r);
          // The copy belongs to the instruction alone.
          r = to;
          out.use[start + c.tie] = r;
          this.pinned |= 1 << r;
        } else {
          // No register is free: whose next use is farther away goes, the operand itself or another.
          let best = -1;
          let far = this.kinds[a] === 2 ? 1 << 30 : this.distance(a);
          for (let m = c.output & ~this.pinned & this.allMask; m !== 0; m &= m - 1) {
            const x = this.regs[lowest(m)];
            const d = this.useHead[x] === 0 ? 1 << 29 : this.distance(x);
            if (d > far) {
              far = d;
              best = lowest(m);
            }
          }
          if (best >= 0) {
            this.evict(best, 0);
            this.items.push(ItemMove, a, best, r);
            r = best;
            out.use[start + c.tie] = r;
            this.pinned |= 1 << r;
          } else {
            this.spill(a);
            this.clear(r);
          }
        }
      } else if (this.useHead[a] !== 0) {
        this.clear(r);
      }
      result = r;
    }

    // Registers that the instruction destroys.
    let kill = c.clobbers;
    if (c.tie < 0 && c.output !== 0 && (c.output & (c.output - 1)) === 0) kill |= c.output;
    if (c.output2 !== 0 && (c.output2 & (c.output2 - 1)) === 0) kill |= c.output2;
    if (kill !== 0) {
      const before = this.pinned;
      this.pinned |= kill;
      for (let m = kill; m !== 0; m &= m - 1) this.evict(lowest(m), this.allMask);
      this.pinned = before | kill;
    }

    // A scratch register: neither operand nor result.
    if (result >= 0) this.pinned |= 1 << result;
    if (c.temp !== 0) {
      const r = this.take(c.temp, v);
      out.temp[v] = r;
      this.pinned |= 1 << r;
    }

    // Operands that end here leave their registers to the results.
    const ends = c.early ? 0 : inputPins;
    for (let j = start; j < start + count; j++) {
      const a = f.pool[j];
      if (kinds[a] !== 0 && this.useHead[a] === 0) this.release(a);
    }
    let blocked = this.pinned & ~ends;
    if (result >= 0) blocked |= 1 << result;
    if (out.temp[v] >= 0) blocked |= 1 << this.out.temp[v];
    this.pinned = blocked & ~kill;
    if (c.output !== 0 && result < 0) {
      const saved = this.pinned;
      if ((c.output & (c.output - 1)) !== 0) this.pinned |= kill & ~c.output2;
      result = this.takeResult(c.output, v, values, at);
      this.pinned = saved | (1 << result);
    }
    let second = -1;
    if (c.output2 !== 0) {
      if (result >= 0) this.pinned |= 1 << result;
      second = (c.output2 & (c.output2 - 1)) === 0 ? lowest(c.output2) : this.take(c.output2, 0);
    }
    this.pinned = 0;
    this.items.push(ItemValue, v, 0, 0);
    if (kinds[v] !== 0) {
      if (result >= 0) {
        this.clear(result);
        this.define(v, result);
        out.defEnd[v] = this.items.length;
      }
      return;
    }
    // For the emitter: a tuple's first register.
    if (result >= 0) out.def[v] = result;
    if (result >= 0) this.clear(result);
    if (second >= 0) this.clear(second);
    for (let i = at + 1; i < values.length; i++) {
      const s = values[i];
      if (f.op[s] === OpSelect && f.arg(s, 0) === v) {
        const r = f.auxLo[s] === 0 ? result : second;
        if (r < 0) continue;
        this.define(s, r);
        out.defEnd[s] = this.items.length;
      } else if (f.op[s] !== OpSelectMem) break;
    }
    if (second >= 0) out.temp[v] = second;
  }

  private hasSecond(v: Value, values: readonly Value[], at: number): boolean {
    const { f } = this;
    for (let i = at + 1; i < values.length; i++) {
      const s = values[i];
      if (f.op[s] === OpSelect && f.arg(s, 0) === v) {
        if (f.auxLo[s] === 1 && this.useHead[s] !== 0) return true;
      } else if (f.op[s] !== OpSelectMem) break;
    }
    return false;
  }

  /** The operand that is read from its spill slot, or -1. */
  private fromSpill(v: Value, start: number, inputs: Int32Array): number {
    const { f } = this;
    if (f.argCount[v] !== 2) return -1;
    const x = f.pool[start] as Value;
    const y = f.pool[start + 1] as Value;
    if (inputs[1] !== 0 && this.target.readsSpill(f, v, 1) && x !== y) {
      if (this.inFrame(y)) {
        this.out.use[start + 1] = SpillOperand;
        this.spill(y);
        return 1;
      }
      if ((this.attributes[f.op[v] - FirstArchOp] & AttrComm) !== 0 && this.inFrame(x) && this.places[y] !== 0) {
        f.pool[start] = y;
        f.pool[start + 1] = x;
        if (this.target.readsSpill(f, v, 1)) {
          this.out.use[start + 1] = SpillOperand;
          this.spill(x);
          return 1;
        }
        f.pool[start] = x;
        f.pool[start + 1] = y;
      }
    }
    return -1;
  }

  /** Whether a value is only in the frame and needed once more. */
  private inFrame(a: number): boolean {
    return this.kinds[a] === 1 && this.places[a] === 0 && this.useHead[a] !== 0 && this.isLastUse(a);
  }

  private isLastUse(a: number): boolean {
    const head = this.useHead[a];
    return head !== 0 && this.nodeNext[head] === 0;
  }

  private takeResult(mask: number, v: Value, values: readonly Value[], at: number): number {
    const { f } = this;
    if ((mask & (mask - 1)) === 0) return lowest(mask);
    let hinted: number = v;
    if (this.kinds[v] === 0) {
      const s = at + 1 < values.length ? values[at + 1] : 0;
      if (s !== 0 && f.op[s] === OpSelect && f.auxLo[s] === 0) hinted = s;
    } else if (f.argCount[v] > 0 && this.hint[v] < 0) {
      // Staying in the first operand's register saves bytes in most instructions.
      const r = this.out.use[f.argStart[v]];
      if (r >= 0 && (mask & ~this.usedRegs & ~this.pinned & (1 << r)) !== 0) return r;
    }
    return this.take(mask, hinted);
  }

  /** Lets the operand that ends here be the one that the result overwrites. Whether the operands changed places. */
  private maybeSwap(v: Value, start: number): boolean {
    const { f, kinds } = this;
    const x = f.pool[start];
    const y = f.pool[start + 1];
    if (x === y || f.argCount[v] !== 2) return false;
    const better =
      (kinds[y] === 1 && this.isLastUse(y) && !(kinds[x] === 1 && this.isLastUse(x))) ||
      (kinds[x] === 1 &&
        kinds[y] === 1 &&
        this.isLastUse(x) &&
        this.isLastUse(y) &&
        this.hint[v] >= 0 &&
        (this.places[y] & (1 << this.hint[v])) !== 0);
    if (better) {
      f.pool[start] = y;
      f.pool[start + 1] = x;
    }
    return better;
  }
}

/** Allocates registers. */
export function allocate(f: Func, target: Target, layout: Layout): Allocation {
  const a = new Allocator(f, target, layout);
  a.run();
  return a.out;
}
