// The frame: outgoing arguments at the bottom, then slots, then spill slots; and what the collector must know of it at each call.

import { type AbiInfo, pointerWordsOf } from "../ssa/abi.ts";
import { type Block, FnHasDefer, type Func, type Value } from "../ssa/func.ts";
import { OpPhi } from "../ssa/ops.gen.ts";
import type { StackMapSite } from "../ssa/object.ts";
import { TypePtr } from "../ssa/types.ts";
import type { Placement } from "./edges.ts";
import { isCall } from "./liveness.ts";
import type { Layout } from "./order.ts";
import type { Allocation } from "./regalloc.ts";

export class Frame {
  /** Offsets from SP; -1: the slot is never named. */
  readonly slotOffset: Int32Array;
  readonly spillOffset: Int32Array;
  scratchOffset = 0;
  size = 0;
  hasCalls = false;

  constructor(slots: number, spills: number) {
    this.slotOffset = new Int32Array(slots).fill(-1);
    this.spillOffset = new Int32Array(spills);
  }
}

/** Frames must not be larger than this. */
const maxFrame = 1 << 30;

/** A function can't be compiled, since its frame is too large: the program's fault. */
export class FrameTooLarge extends Error {
  /** The message for sizes in bytes. */
  static text(locals: number, args: number): string {
    const megabytes = (n: number): number => Math.floor(n / (1 << 20));
    return `stack frame too large (>1GB): ${megabytes(locals)} MB locals + ${megabytes(args)} MB args`;
  }
}

const alignTo = (n: number, to: number): number => Math.ceil(n / to) * to;

/** Lays out the frame. */
export function layoutFrame(f: Func, layout: Layout, placement: Placement): Frame {
  const frame = new Frame(f.slots.length, placement.slotCount + 1);
  let outgoing = 0;
  const usedSlots = new Uint8Array(f.slots.length);
  for (let k = 0; k < layout.order.length; k++) {
    const b = layout.order[k];
    for (let i = 0; i < b.values.length; i++) {
      const v = b.values[i];
      if (isCall(f.op[v])) {
        frame.hasCalls = true;
        const abi = (f.calls[f.aux[v]] as { abi: AbiInfo }).abi;
        outgoing = Math.max(outgoing, alignTo(abi.argSize, 8) + abi.spillSize);
      } else if (isSlotAddress(f, v)) usedSlots[f.aux[v]] = 1;
    }
  }
  let at = alignTo(outgoing, 8);
  for (let i = 1; i < f.slots.length; i++) {
    const s = f.slots[i];
    if (s === null || s === undefined || usedSlots[i] === 0) continue;
    at = alignTo(at, Math.max(1, Math.min(8, s.pointers.length > 0 ? 8 : s.align)));
    frame.slotOffset[i] = at;
    at += s.size;
  }
  at = alignTo(at, 8);
  // Pointers first, so that bitmaps are short.
  for (const pointers of [true, false]) {
    for (let i = 1; i <= placement.slotCount; i++) {
      if (placement.pointer[i] !== pointers) continue;
      frame.spillOffset[i] = at;
      at += 8;
    }
  }
  if (placement.needsScratch) {
    frame.scratchOffset = at;
    at += 8;
  }
  if (at > maxFrame || f.abi.argSize > maxFrame) throw new FrameTooLarge(FrameTooLarge.text(at, f.abi.argSize));
  frame.size = at;
  return frame;
}

const isSlotAddress = (f: Func, v: Value): boolean => f.op[v] === 8 /* OpSlotAddr */;

/** Words of incoming stack arguments that hold pointers. */
export function argumentPointers(f: Func): number[] {
  const words: number[] = [];
  for (const slot of f.abi.params) {
    if (slot.registers !== null || slot.stackOffset < 0) continue;
    for (const word of pointerWordsOf(slot.type)) words.push(slot.stackOffset / 8 + word);
  }
  if ((f.flags & FnHasDefer) !== 0) words.push(...resultPointers(f));
  return words.sort((x, y) => x - y);
}

/**
 * Frame words of outgoing stack arguments that hold pointers: live during calls of ABI0 code, which has no stack map of its own and may read its
 * arguments after the stack has moved.
 */
export function outgoingPointers(abi: AbiInfo): number[] {
  const words: number[] = [];
  for (const slot of abi.params) {
    if (slot.registers !== null || slot.stackOffset < 0) continue;
    for (const word of pointerWordsOf(slot.type)) words.push(slot.stackOffset / 8 + word);
  }
  return words;
}

/** Words of stack results that hold pointers. */
export function resultPointers(f: Func): number[] {
  const words: number[] = [];
  for (const slot of f.abi.results) {
    if (slot.registers !== null || slot.stackOffset < 0) continue;
    for (const word of pointerWordsOf(slot.type)) words.push(slot.stackOffset / 8 + word);
  }
  return words;
}

/** For each call the frame words of spilled pointers that are live behind it. */
export function spilledPointersAtCalls(f: Func, layout: Layout, a: Allocation, placement: Placement, frame: Frame): Map<Value, number[]> {
  const sites = new Map<Value, number[]>();
  if (!frame.hasCalls) return sites;
  const isPointer = (v: number): boolean => f.type[v] === TypePtr && a.kinds[v] === 1;
  for (let k = 0; k < layout.order.length; k++) {
    const b = layout.order[k];
    let calls = false;
    for (let i = 0; i < b.values.length; i++) {
      const v = b.values[i];
      if (isCall(f.op[v])) calls = true;
    }
    if (!calls) continue;
    const live = new Set<number>();
    for (const v of a.live[b.id].ids) if (isPointer(v)) live.add(v);
    for (let i = 0; i < b.controls.length; i++) {
      const c = b.controls[i];
      if (isPointer(c)) live.add(c);
    }
    for (let i = b.values.length - 1; i >= 0; i--) {
      const v = b.values[i];
      if (f.op[v] === OpPhi) break;
      live.delete(v);
      if (isCall(f.op[v])) sites.set(v, words(live, placement, frame));
      const start = f.argStart[v];
      const end = start + f.argCount[v];
      for (let j = start; j < end; j++) if (isPointer(f.pool[j])) live.add(f.pool[j]);
    }
  }
  return sites;
}

function words(live: Set<number>, placement: Placement, frame: Frame): number[] {
  const list: number[] = [];
  for (const v of live) if (placement.slot[v] !== 0) list.push(frame.spillOffset[placement.slot[v]] / 8);
  for (const v of placement.pinned) {
    const slot = placement.slot[v];
    if (slot !== 0 && placement.pointer[slot] && !live.has(v)) list.push(frame.spillOffset[slot] / 8);
  }
  return list;
}

/** One site from its words. */
export function makeSite(offset: number, locals: number[], args: readonly number[]): StackMapSite {
  return { offset, locals: [...new Set(locals)].sort((x, y) => x - y), args };
}

export type { Block };
