// Allocations that do not escape become slots of the frame, unless two of them may be alive at once: in a loop, an object that is still in use
// when the next one comes into being needs memory of its own.

import type { Pos } from "../base/pos.ts";
import { FnHasDefer, type Block, type CallInfo, type Func, type Slot, type Value } from "../ssa/func.ts";
import { Dominators, findLoops, isCyclic, type Loop, postorder } from "../ssa/dom.ts";
import { NoSym, type Sym } from "../ssa/symbol.ts";
import { TypeMem, TypePtr, TypeTuple } from "../ssa/types.ts";
import type { EscapeHost, ObjectForm } from "./escape-host.ts";
import { type Analysis, ObjNew, ObjOut, type Obj } from "./pointsto.ts";
import {
  OpBox,
  OpBuffer,
  OpCallClosure,
  OpCallInter,
  OpCallStatic,
  OpConst,
  OpCopy,
  OpLoad,
  OpMakeSlice,
  OpMakeSliceIn,
  OpNew,
  OpPhi,
  OpSelect,
  OpSelectMem,
  OpSlotAddr,
  OpStore,
  OpZero,
} from "../ssa/ops.gen.ts";

/** Frames hold objects up to this size. */
const maxObject = 64 << 10;
/** What they have for slices of unknown length, in bytes: as much as gc gives them. */
const unknownSize = 32;

/** Decides about the allocations of a function and moves those that can be to the frame. Returns how many. */
export function moveToFrame(f: Func, a: Analysis, host: EscapeHost): number {
  const news = Array.from(a.allocations());
  if (news.length === 0) return 0;
  host.changed(f);
  const dom = isCyclic(f, postorder(f)) ? new Dominators(f) : null;
  const loops = dom === null ? [] : findLoops(f, dom);
  const sideways = dom !== null && isIrreducible(dom);
  /** Objects that may live in the frame. */
  const local = new Set<number>();
  for (const [v, o] of news) {
    if (a.isEscaped(o)) continue;
    const b = f.blockOf(v);
    if (!sideways && !outlivesIteration(f, a, o, loops[b.id] ?? null, loops)) local.add(o);
  }
  if (local.size > 0) releaseJoined(f, a, host, local, loops);
  let moved = 0;
  for (const [v, o] of news) {
    if (f.op[v] === OpBuffer) {
      placeBuffer(f, v, local.has(o));
      continue;
    }
    if (!local.has(o)) continue;
    const form = frameForm(f, v, host);
    if (form !== null && form.size <= maxObject) {
      replace(f, v, form, a.holders(o).length > 0 || isPassed(f, a, o));
      moved++;
    } else if (f.op[v] === OpMakeSlice) giveRoom(f, v, host);
  }
  return moved;
}

/**
 * Joining strings into a buffer of the frame yields one of the strings itself where all others are empty. The analysis does not see that, and where that string's memory
 * is used anew in the next turn of a loop, it would be seen too long. There the joined string gets no buffer: then the runtime copies strings of the stack.
 */
function releaseJoined(f: Func, a: Analysis, host: EscapeHost, local: Set<number>, loops: readonly (Loop | null)[]): void {
  const made = a.allocations();
  for (let n = 0; n < f.blocks.length; n++) {
    const b = f.blocks[n];
    if (!b) continue;
    for (let k = 0; k < b.values.length; k++) {
      const v = b.values[k];
      if (f.op[v] !== OpCallStatic) continue;
      if (!host.nameOf((f.calls[f.aux[v] as number] as CallInfo).sym).startsWith("runtime.concatstring")) continue;
      let buffer = f.arg(v, 0);
      while (f.op[buffer] === OpCopy) buffer = f.arg(buffer, 0);
      const own = f.op[buffer] === OpBuffer ? (made.get(buffer) as number) : 0;
      if (own === 0 || !local.has(own)) continue;
      for (const [part, o] of made) {
        if (o === own || !local.has(o) || (loops[f.block[part] as number] ?? null) === null) continue;
        for (let i = 1; i < (f.argCount[v] as number); i++) if (a.leadsTo(f.arg(v, i), o)) local.delete(own);
      }
    }
  }
}

/** A buffer becomes a slot, or nil. */
function placeBuffer(f: Func, v: Value, local: boolean): void {
  if (!local) {
    f.reset(v, OpConst);
    f.type[v] = TypePtr;
    f.setAuxInt(v, 0);
    return;
  }
  const size = f.auxInt(v);
  const handle = passedSlot(f, { size, align: 8, pointers: [] });
  f.reset(v, OpSlotAddr);
  f.type[v] = TypePtr;
  f.setAuxInt(v, 0);
  f.aux[v] = handle;
}

/** A slot whose address others get. */
function passedSlot(f: Func, form: ObjectForm): number {
  const handle = f.newSlot("object", form.size, form.align, form.pointers);
  const slot = f.slots[handle] as Slot;
  slot.escapes = true;
  slot.exposed = (f.flags & FnHasDefer) !== 0;
  return handle;
}

/** A slice whose size is not known gets a little memory in the frame, for when that is enough. */
function giveRoom(f: Func, v: Value, host: EscapeHost): void {
  const elemSize = f.auxInt(v);
  const cap = f.arg(v, 1);
  let count = elemSize === 0 ? 0 : Math.floor(unknownSize / elemSize);
  // With a constant capacity it is the length that the runtime has to look at.
  if (elemSize > 0 && f.op[cap] === OpConst) {
    const n = f.auxInt(cap);
    count = n > 0 && n * elemSize <= maxObject ? n : 0;
  }
  const form = count === 0 ? null : arrayForm(host.formOf(f.aux[v] as Sym), f.aux[v] as Sym, elemSize, count);
  if (form === null) return;
  const [len, mem, type] = [f.arg(v, 0), f.arg(v, 2), f.aux[v] as Sym];
  const room = f.append(f.blockOf(v), OpSlotAddr, TypePtr, f.pos_[v] as Pos, f.inl[v] as number);
  f.aux[room] = passedSlot(f, form);
  const values = f.blockOf(v).values;
  values.pop();
  values.splice(values.indexOf(v), 0, room);
  f.reset(v, OpMakeSliceIn);
  f.type[v] = TypeTuple;
  f.setArgs(v, [len, cap, room, mem]);
  f.setAuxInt(v, form.size);
  f.aux[v] = type;
}

/** The memory form of an array. */
function arrayForm(elem: ObjectForm | null, type: Sym, elemSize: number, count: number): ObjectForm | null {
  if (elem === null) return type === NoSym ? { size: count * elemSize, align: 8, pointers: [] } : null;
  const pointers: number[] = [];
  if (elem.pointers.length > 0) {
    for (let i = 0; i < count; i++) for (const w of elem.pointers) pointers.push((i * elem.size) / 8 + w);
  }
  return { size: count * elemSize, align: elem.align, pointers };
}

/** The memory form of an allocation if it is known. */
function frameForm(f: Func, v: Value, host: EscapeHost): ObjectForm | null {
  const type = f.aux[v] as Sym;
  const form = host.formOf(type);
  if (f.op[v] === OpNew || f.op[v] === OpBox) {
    const size = f.auxInt(v);
    if (form !== null) return form;
    return type === NoSym ? { size, align: 8, pointers: [] } : null;
  }
  const cap = f.arg(v, 1);
  const len = f.arg(v, 0);
  if (f.op[cap] !== OpConst || f.op[len] !== OpConst) return null;
  const count = f.auxInt(cap);
  const n = f.auxInt(len);
  if (count < 0 || n < 0 || n > count) return null;
  const elemSize = f.auxInt(v);
  if (count * elemSize > maxObject) return null;
  return arrayForm(form, type, elemSize, count);
}

/** Whether two instances of an allocation in a loop can be alive at once. */
function outlivesIteration(f: Func, a: Analysis, o: number, innermost: Loop | null, loops: readonly (Loop | null)[]): boolean {
  if (innermost === null) return false;
  if (isOlderUsed(f, a, o)) return true;
  const inside = (l: Loop | null): boolean => {
    for (; l !== null; l = l.parent) if (l === innermost) return true;
    return false;
  };
  for (const h of a.holders(o)) {
    const x = a.objects[h] as Obj;
    if (x.kind === ObjOut) continue;
    if (x.kind !== ObjNew) return true;
    const b = f.block[x.index] as number;
    if (!inside(loops[b] ?? null)) return true;
  }
  return false;
}

/**
 * Whether a pointer to an older instance of an allocation is still used when the next one is made. Variables of loops are copied from one instance
 * to the next: nobody looks at the old one after that.
 */
function isOlderUsed(f: Func, a: Analysis, o: number): boolean {
  const made = (a.objects[o] as Obj).index as Value;
  const start = f.blockOf(made);
  const position = start.values.indexOf(made);
  const old: Value[] = [];
  for (let k = 0; k < f.blocks.length; k++) {
    const b = f.blocks[k];
    if (!b) continue;
    for (let i = 0; i < b.values.length; i++) {
      const v = b.values[i];
      if (f.op[v] === OpPhi && a.pointsTo(v, o)) old.push(v);
    }
  }
  if (old.length === 0) return false;
  // Addresses that are worked out from such phis count with them: they may stand ahead of the allocation.
  const chosen = new Set<Value>(old);
  for (let again = true; again; ) {
    again = false;
    for (const b of f.blocks) {
      if (b === null) continue;
      for (let k = 0; k < b.values.length; k++) {
        const v = b.values[k];
        if (chosen.has(v) || f.op[v] === OpPhi || f.op[v] === OpLoad || !a.pointsTo(v, o)) continue;
        for (let i = 0; i < (f.argCount[v] as number); i++) {
          if (!chosen.has(f.arg(v, i))) continue;
          chosen.add(v);
          again = true;
          break;
        }
      }
    }
  }
  for (const v of chosen) if (usedFrom(f, v, start, position + 1)) return true;
  return false;
}

/** Whether a value is used behind a point of the program before it is computed anew. */
function usedFrom(f: Func, v: Value, start: Block, position: number): boolean {
  const seen = new Uint8Array(f.blocks.length);
  const uses = (b: Block, from: number): 0 | 1 | 2 => {
    for (let i = from; i < b.values.length; i++) {
      const u = b.values[i] as Value;
      if (u === v) return 2;
      if (f.op[u] === OpPhi) continue;
      for (let k = 0; k < (f.argCount[u] as number); k++) if (f.arg(u, k) === v) return 1;
    }
    for (const c of b.controls) if (c === v) return 1;
    for (const s of b.succs) {
      for (let i = 0; i < s.values.length; i++) {
        const u = s.values[i];
        if (f.op[u] !== OpPhi) continue;
        for (let k = 0; k < s.preds.length; k++) if (s.preds[k] === b && f.arg(u, k) === v) return 1;
      }
    }
    return 0;
  };
  const work: Block[] = [];
  const first = uses(start, position);
  if (first === 1) return true;
  if (first === 0) work.push(...start.succs);
  while (work.length > 0) {
    const b = work.pop() as Block;
    if (seen[b.id] === 1) continue;
    seen[b.id] = 1;
    const r = uses(b, 0);
    if (r === 1) return true;
    if (r === 0) work.push(...b.succs);
  }
  return false;
}

/** Whether there are cycles that are no natural loops. */
function isIrreducible(dom: Dominators): boolean {
  // An edge back in reverse postorder whose target does not dominate its source enters a cycle from the side.
  for (let k = 0; k < dom.order.length; k++) {
    const b = dom.order[k];
    for (let i = 0; i < b.succs.length; i++) {
      const s = b.succs[i];
      if (dom.index[s.id] <= dom.index[b.id] && !dom.dominates(s.id, b.id)) return true;
    }
  }
  return false;
}

/** Whether a pointer to the object is handed to calls or lies in memory. */
function isPassed(f: Func, a: Analysis, o: number): boolean {
  for (let n = 0; n < f.blocks.length; n++) {
    const b = f.blocks[n];
    if (!b) continue;
    for (let k = 0; k < b.values.length; k++) {
      const v = b.values[k];
      const op = f.op[v] as number;
      if (op !== OpCallStatic && op !== OpCallClosure && op !== OpCallInter) continue;
      for (let i = 0; i < (f.argCount[v] as number); i++) if (a.pointsTo(f.arg(v, i), o)) return true;
    }
  }
  return false;
}

/** Turns an allocation into a slot that is cleared (or, of a Box, written) where the allocation stood. */
function replace(f: Func, v: Value, form: ObjectForm, escapes: boolean): void {
  const type = f.aux[v] as number;
  const mem = f.arg(v, (f.argCount[v] as number) - 1);
  const handle = f.newSlot("object", form.size, form.align, form.pointers);
  const slot = f.slots[handle] as Slot;
  slot.escapes = escapes;
  slot.exposed = escapes && (f.flags & FnHasDefer) !== 0;
  const uses: Value[] = [];
  for (let k = 0; k < f.blocks.length && uses.length < f.uses[v]; k++) {
    // They mostly stand beside it.
    const b = k === 0 ? f.blockOf(v) : f.blocks[k];
    if (!b || (k > 0 && b.id === f.block[v])) continue;
    for (let i = 0; i < b.values.length; i++) {
      const u = b.values[i];
      if ((f.op[u] === OpSelect || f.op[u] === OpSelectMem) && f.arg(u, 0) === v) uses.push(u);
    }
  }
  const parts = f.op[v] === OpBox ? f.args(v).slice(0, -1) : null;
  f.reset(v, OpSlotAddr);
  f.type[v] = TypePtr;
  f.aux[v] = handle;
  for (const u of uses) {
    if (f.op[u] === OpSelect) {
      f.copyOf(u, v);
      continue;
    }
    if (parts !== null) {
      writeParts(f, u, v, parts, mem);
      continue;
    }
    if (form.size === 0) {
      f.copyOf(u, mem);
      continue;
    }
    f.reset(u, OpZero);
    f.type[u] = TypeMem;
    f.setAuxInt(u, form.size);
    f.aux[u] = form.pointers.length > 0 ? type : 0;
    f.addArg(u, v);
    f.addArg(u, mem);
  }
}

/** A memory value becomes the last of the stores of parts. */
function writeParts(f: Func, u: Value, address: Value, parts: readonly Value[], mem: Value): void {
  const b = f.blockOf(u);
  const last = parts.length - 1;
  let before = mem;
  for (let i = 0; i < last; i++) {
    const s = f.append(b, OpStore, TypeMem, f.pos_[u] as Pos, f.inl[u] as number);
    f.setAuxInt(s, 8 * i);
    f.setArgs(s, [address, parts[i] as Value, before]);
    b.values.pop();
    b.values.splice(b.values.indexOf(u), 0, s);
    before = s;
  }
  f.reset(u, OpStore);
  f.type[u] = TypeMem;
  f.setAuxInt(u, 8 * last);
  f.setArgs(u, [address, parts[last] as Value, before]);
}
