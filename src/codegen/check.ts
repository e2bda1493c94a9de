// Checks an allocation by executing it with symbols: which value is in which register and slot at every place, on all ways. Every operand must
// be found where the allocation says it is. Slow and simple on purpose; run in tests and in verify mode.

import { type Block, BlockRet, type Func, type Value } from "../ssa/func.ts";
import { OpArg, OpClosure, OpPhi, OpSelect } from "../ssa/ops.gen.ts";
import { Constraints, SpillOperand, type Target } from "../ssa/target.ts";
import type { Placement } from "./edges.ts";
import { isCall } from "./liveness.ts";
import {
  ItemClear,
  ItemExchange,
  ItemLoad,
  ItemMove,
  ItemRemat,
  ItemRematSlot,
  ItemScratchIn,
  ItemScratchOut,
  ItemScratchTo,
  ItemSlotMove,
  ItemStore,
  ItemValue,
  SlotLocation,
} from "./moves.ts";
import type { Allocation } from "./regalloc.ts";

/** Throws when an operand is not where it is looked for. */
export function checkAllocation(f: Func, target: Target, a: Allocation, p: Placement): void {
  const size = SlotLocation + p.slotCount + 2;
  const scratch = size - 1;
  const ins: (Int32Array | null)[] = f.blocks.map(() => null);
  const work: Block[] = [f.entry];
  ins[f.entry.id] = new Int32Array(size);
  const constraints = new Constraints();
  const fail = (b: Block, text: string): never => {
    throw new Error(`${f.name}: b${b.id}: allocation: ${text}`);
  };
  const argumentRegister = (n: number): number => (n >= 64 ? target.floatArguments[n - 64] : target.integerArguments[n]);

  const define = (state: Int32Array, v: number, place: number): void => {
    for (let i = 0; i < size; i++) if (state[i] === v) state[i] = 0;
    state[place] = v;
  };

  const run = (b: Block, state: Int32Array, items: readonly number[], from: number, to: number): void => {
    for (let i = from; i < to; i += 4) {
      const v = items[i + 1];
      const t = items[i + 2];
      const s = items[i + 3];
      const slot = SlotLocation + p.slot[v];
      switch (items[i]) {
        case ItemMove:
          if (state[s] !== v) fail(b, `move of v${v} from r${s}, which holds v${state[s]}`);
          state[t] = v;
          break;
        case ItemExchange: {
          const x = state[t];
          state[t] = state[s];
          state[s] = x;
          break;
        }
        case ItemLoad:
          if (p.slot[v] === 0 || state[slot] !== v) fail(b, `load of v${v} from slot ${p.slot[v]}, which holds v${state[slot]}`);
          state[t] = v;
          break;
        case ItemStore:
          if (p.slot[v] === 0) fail(b, `store of v${v} without slot`);
          state[slot] = state[s];
          break;
        case ItemRemat:
          if (a.kinds[v] !== 2) fail(b, `v${v} made again`);
          state[t] = v;
          break;
        case ItemSlotMove:
          state[slot] = state[SlotLocation + p.slot[s]];
          break;
        case ItemRematSlot:
          state[slot] = s;
          break;
        case ItemScratchIn:
          state[scratch] = state[slot];
          break;
        case ItemScratchOut:
          state[slot] = state[scratch];
          break;
        case ItemScratchTo:
          state[t] = state[scratch];
          break;
        case ItemClear:
          state[target.floatScratch] = 0;
          break;
        case ItemValue:
          instruction(b, state, v as Value);
          break;
      }
    }
  };

  const instruction = (b: Block, state: Int32Array, v: Value): void => {
    const start = f.argStart[v];
    const call = isCall(f.op[v]);
    constraints.tie = -1;
    constraints.output = 0;
    constraints.output2 = 0;
    constraints.clobbers = 0;
    constraints.temp = 0;
    constraints.early = false;
    if (!call) target.constraints(f, v, constraints);
    for (let i = 0; i < f.argCount[v]; i++) {
      const r = a.use[start + i];
      if (r === SpillOperand) {
        const x = f.pool[start + i];
        if (p.slot[x] === 0 || state[SlotLocation + p.slot[x]] !== x)
          fail(b, `v${v}: operand ${i} is v${x}, its slot holds v${state[SlotLocation + p.slot[x]]}`);
        if (!target.readsSpill(f, v, i)) fail(b, `v${v}: operand ${i} cannot be in memory`);
        continue;
      }
      if (r < 0) {
        if (!call && constraints.inputs[i] !== 0) fail(b, `v${v}: operand ${i} has no register`);
        continue;
      }
      const x = f.pool[start + i];
      if (state[r] !== x) fail(b, `v${v}: operand ${i} is v${x}, r${r} holds v${state[r]}`);
      if (!call && ((constraints.inputs[i] >>> r) & 1) === 0) fail(b, `v${v}: operand ${i} in r${r}, which is not allowed`);
    }
    const results: Value[] = [];
    if (a.kinds[v] !== 0) results.push(v);
    else {
      const at = b.values.indexOf(v);
      for (let i = at + 1; i < b.values.length; i++)
        if (f.op[b.values[i]] === OpSelect && f.arg(b.values[i], 0) === v) results.push(b.values[i]);
    }
    if (call) {
      for (let r = 0; r < 32; r++) state[r] = 0;
    } else {
      for (let r = 0; r < 32; r++) if (((constraints.clobbers >>> r) & 1) !== 0) state[r] = 0;
      if (constraints.tie >= 0 && a.use[start + constraints.tie] >= 0) {
        const r = a.use[start + constraints.tie];
        state[r] = 0;
        if (a.def[v] >= 0 && a.def[v] !== r) fail(b, `v${v}: result in r${a.def[v]}, tied operand in r${r}`);
      }
      const t = a.temp[v];
      if (constraints.temp !== 0) {
        if (t < 0) fail(b, `v${v}: no scratch register`);
        state[t] = 0;
        for (let i = 0; i < f.argCount[v]; i++) if (a.use[start + i] === t) fail(b, `v${v}: scratch register is an operand`);
        if (a.def[v] === t) fail(b, `v${v}: scratch register is the result`);
      }
      if (constraints.early) {
        for (let i = 0; i < f.argCount[v]; i++) {
          if (i !== constraints.tie && a.use[start + i] >= 0 && a.use[start + i] === a.def[v])
            fail(b, `v${v}: result overwrites operand ${i}`);
        }
      }
      if (a.def[v] >= 0) state[a.def[v]] = 0;
      for (const fixed of [constraints.output, constraints.output2]) {
        if (fixed !== 0 && (fixed & (fixed - 1)) === 0) state[31 - Math.clz32(fixed)] = 0;
      }
    }
    for (const s of results) if (a.def[s] >= 0) define(state, s, a.def[s]);
  };

  while (work.length > 0) {
    const b = work.pop() as Block;
    const state = (ins[b.id] as Int32Array).slice();
    if (b === f.entry) {
      for (const v of b.values) {
        if ((f.op[v] === OpArg || f.op[v] === OpClosure) && a.def[v] >= 0) state[a.def[v]] = v;
      }
    }
    const items = p.items[b.id];
    run(b, state, items, arrivals(b), items.length);
    if (b.kind === BlockRet) {
      for (let i = 0; i < b.controls.length; i++) {
        const c = b.controls[i];
        if (a.kinds[c] === 0) continue;
        const r = argumentRegister(f.self.resultRegisters[i]);
        if (state[r] !== c) fail(b, `result ${i} is v${c}, r${r} holds v${state[r]}`);
      }
    }
    for (let i = 0; i < b.succs.length; i++) {
      const s = b.succs[i];
      for (let k = 0; k < s.preds.length; k++) {
        if (s.preds[k] !== b) continue;
        const next = state.slice();
        run(s, next, p.items[s.id], 0, arrivals(s));
        const renamed: [number, number][] = [];
        for (const phi of s.values) {
          if (f.op[phi] !== OpPhi) break;
          if (a.kinds[phi] !== 1) continue;
          const place = a.start[s.id].indexOf(phi);
          const at = place >= 0 ? place : a.spilled[phi] === 2 ? SlotLocation + p.slot[phi] : -1;
          if (at < 0) continue;
          const x = f.pool[f.argStart[phi] + k];
          if (x === phi && next[at] === phi) {
            renamed.push([at, phi]);
            continue;
          }
          if (next[at] !== x) fail(s, `v${phi} from b${b.id}: expected v${x} in place ${at}, found v${next[at]}`);
          renamed.push([at, phi]);
        }
        for (const [, phi] of renamed) for (let j = 0; j < size; j++) if (next[j] === phi) next[j] = 0;
        for (const [at, phi] of renamed) next[at] = phi;
        const old = ins[s.id];
        if (old === null || old === undefined) {
          ins[s.id] = next;
          work.push(s);
        } else {
          let changed = false;
          for (let j = 0; j < size; j++) {
            if (old[j] !== next[j] && old[j] !== 0) {
              old[j] = 0;
              changed = true;
            }
          }
          if (changed) work.push(s);
        }
      }
    }
  }

  /** How many items at a block's start belong to its edge. */
  function arrivals(b: Block): number {
    return p.arrivals[b.id] ?? 0;
  }
}
