// From the SSA of one function to its machine code: the whole back half on one screen.
//
//   expand      runtime calls for what has no instructions; preemption polls
//   schedule    an order of execution in every block
//   lower       operations of the target
//   layout      order of blocks; critical edges split
//   allocate    registers, spill slots, moves on edges
//   emit        bytes, branches, literals, stack maps, lines

import type { Pos } from "../base/pos.ts";
import { postorder } from "../ssa/dom.ts";
import {
  type Block,
  BlockExit,
  BlockFork,
  BlockPlain,
  BlockRet,
  FnHasDefer,
  FnNoSplit,
  FnTopFrame,
  FnUsesClosure,
  FnWrapper,
  type Func,
  type Value,
} from "../ssa/func.ts";
import { FuncCode, FuncFlagDefer, FuncFlagNoSplit, FuncFlagTopFrame, FuncFlagWrapper, Relocs, type StackMapSite } from "../ssa/object.ts";
import { OpCallStatic, OpClosure } from "../ssa/ops.gen.ts";
import { isStackAbi, type Symbols } from "../ssa/symbol.ts";
import { type Emitter, type Marks, type Places, StackGrowthLabel, StartLabel, type Target } from "../ssa/target.ts";
import { TypeFlags, TypePtr } from "../ssa/types.ts";
import { BranchBuffer } from "./branch.ts";
import { checkAllocation } from "./check.ts";
import { inlinedCalls } from "./codefile.ts";
import { finish, type Placement } from "./edges.ts";
import { expandCalls, insertPolls, removeUnreachable, shareQuotients, splitCriticalEdges } from "./expand.ts";
import { argumentPointers, type Frame, layoutFrame, makeSite, outgoingPointers, resultPointers, spilledPointersAtCalls } from "./frame.ts";
import { lower } from "./lower.ts";
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
} from "./moves.ts";
import { type Layout, layoutBlocks } from "./order.ts";
import { type Allocation, allocate } from "./regalloc.ts";
import { mapSlots, type SlotMaps } from "./slots.ts";
import { removeDead, schedule } from "./schedule.ts";

/** What can be chosen. */
export interface CompileOptions {
  /** Check the allocation of every function. */
  readonly verify?: boolean;
  /** Alignment of functions, 16 unless said otherwise. */
  readonly align?: number;
  /** Called with the name of each stage that is done. */
  readonly onStage?: (stage: string, f: Func) => void;
}

/** Frames below this size need no stack check when nothing is called. */
const SmallFrame = 128;

/** Compiles one function. The function is used up. */
export function compileFunction(f: Func, target: Target, symbols: Symbols, options: CompileOptions = {}): FuncCode {
  const stage = options.onStage;
  removeUnreachable(f);
  expandCalls(f, target, symbols);
  shareQuotients(f);
  insertPolls(f, target, symbols);
  const post = postorder(f);
  removeDead(f, post);
  schedule(f, post);
  stage?.("schedule", f);
  lower(f, target, symbols, post);
  target.afterLowering(f);
  stage?.("lower", f);
  splitCriticalEdges(f);
  const layout = layoutBlocks(f);
  f.layout = layout.order as Block[];
  const allocation = allocate(f, target, layout);
  const placement = finish(f, target, layout, allocation);
  if (options.verify === true) checkAllocation(f, target, allocation, placement);
  stage?.("allocate", f);
  return new Assembly(f, target, symbols, layout, allocation, placement, options.align ?? 16).run();
}

/** Emission of one function. */
class Assembly implements Places, Marks {
  private readonly f: Func;
  private readonly target: Target;
  private readonly symbols: Symbols;
  private readonly layout: Layout;
  private readonly allocation: Allocation;
  private readonly placement: Placement;
  private readonly frame: Frame;
  private readonly slotMaps: SlotMaps;
  private readonly emitter: Emitter;
  private readonly branches: BranchBuffer;
  private readonly align: number;
  readonly frameSize: number;

  // Literals: values, and places of displacements that name them.
  private readonly literalKeys = new Map<string, number>();
  private readonly literals: { low: number; high: number; bytes: number; offset: number }[] = [];
  private readonly literalAt: number[] = [];
  private readonly literalIndex: number[] = [];
  private readonly literalAfter: number[] = [];
  private readonly tables: { at: number; blocks: readonly Block[] }[] = [];
  private readonly siteAt: number[] = [];
  private readonly siteBefore: number[] = [];
  private readonly siteValue: Value[] = [];
  private readonly lineAt: number[] = [];
  private readonly lineBefore: number[] = [];
  private readonly linePos: number[] = [];
  private readonly lineInl: number[] = [];
  private lastPos = -1;
  private lastInl = -1;

  constructor(f: Func, target: Target, symbols: Symbols, layout: Layout, allocation: Allocation, placement: Placement, align: number) {
    this.f = f;
    this.target = target;
    this.symbols = symbols;
    this.layout = layout;
    this.allocation = allocation;
    this.placement = placement;
    this.frame = layoutFrame(f, layout, placement);
    this.frameSize = this.frame.size;
    this.slotMaps = mapSlots(f, target, layout, this.frame);
    this.emitter = target.newEmitter(symbols);
    this.branches = new BranchBuffer(target);
    this.align = align;
  }

  // ---- Places ----

  use(v: Value, i: number): number {
    return this.allocation.use[this.f.argStart[v] + i];
  }

  def(v: Value): number {
    return this.allocation.def[v];
  }

  temp(v: Value): number {
    return this.allocation.temp[v];
  }

  slot(slot: number): number {
    return this.frame.slotOffset[slot];
  }

  spill(v: Value): number {
    return this.frame.spillOffset[this.placement.slot[v]];
  }

  // ---- Marks ----

  branch(condition: number, block: number): void {
    this.branches.branch(this.emitter.pos, condition, block);
  }

  literal(low: number, high: number, bytes: number, after: number): void {
    const key = `${bytes}:${low}:${high}`;
    let index = this.literalKeys.get(key);
    if (index === undefined) {
      index = this.literals.length;
      this.literals.push({ low, high, bytes, offset: 0 });
      this.literalKeys.set(key, index);
    }
    this.literalAt.push(this.emitter.pos - after - 4);
    this.literalIndex.push(index);
    this.literalAfter.push(after);
  }

  table(blocks: readonly Block[], after: number): void {
    this.tables.push({ at: this.emitter.pos - after - 4, blocks });
  }

  site(v: Value): void {
    this.siteAt.push(this.emitter.pos);
    this.siteBefore.push(this.branches.count);
    this.siteValue.push(v);
  }

  private line(pos: number, inl: number): void {
    // In generated functions what has no position stands between inlined calls.
    if (pos === 0 && (inl !== 0 || this.f.pos !== 0)) return;
    if (pos === this.lastPos && inl === this.lastInl) return;
    this.lastPos = pos;
    this.lastInl = inl;
    this.lineAt.push(this.emitter.pos);
    this.lineBefore.push(this.branches.count);
    this.linePos.push(pos);
    this.lineInl.push(inl);
  }

  // ---- The function ----

  run(): FuncCode {
    const { f, emitter, layout, branches, frame } = this;
    emitter.begin(f, this, this);
    const stackCheck = (f.flags & FnNoSplit) === 0 && (frame.hasCalls || frame.size >= SmallFrame);
    const spilled = spilledPointersAtCalls(f, layout, this.allocation, this.placement, frame);
    branches.setLabel(StartLabel, 0);
    this.line(f.pos, 0);
    emitter.prologue(stackCheck, this.zeroWords());
    const code = this.threaded();
    for (let i = 0; i < code.length; i++) {
      const b = code[i];
      branches.setLabel(b.id, emitter.pos);
      for (const other of this.aliases.get(b.id) ?? []) branches.setLabel(other, emitter.pos);
      emitter.label();
      this.block(b, i + 1 < code.length ? code[i + 1] : null);
    }
    if (stackCheck) {
      branches.setLabel(StackGrowthLabel, emitter.pos);
      this.lastPos = -1;
      this.line(f.pos, 0);
      const usesClosure = (f.flags & FnUsesClosure) !== 0 || f.entry.values.some((v) => f.op[v] === OpClosure);
      emitter.stackGrowth(usesClosure);
    }
    return this.assemble(spilled, stackCheck);
  }

  /** Words to zero at entry: pointers in slots, and stack results that the collector looks at. */
  private zeroWords(): number[] {
    const { f, frame } = this;
    const words: number[] = [];
    words.push(...this.slotMaps.zero);
    // Values that the landing reads count as live at every call, from the first on.
    for (const v of this.placement.pinned) {
      const slot = this.placement.slot[v];
      if (this.placement.pointer[slot]) words.push(frame.spillOffset[slot] / 8);
    }
    words.sort((x, y) => x - y);
    if ((f.flags & FnHasDefer) !== 0) for (const w of resultPointers(f)) words.push(frame.size / 8 + 1 + w);
    return words;
  }

  /** Blocks without code are left out: whoever goes there goes on to where they lead. */
  private readonly aliases = new Map<number, number[]>();

  private threaded(): Block[] {
    const { f, layout, placement } = this;
    const empty = (b: Block): boolean => b.kind === BlockPlain && b !== f.entry && placement.items[b.id].length === 0 && b.succs[0] !== b;
    const forward = new Map<number, number>();
    for (let i = 0; i < layout.order.length; i++) {
      const b = layout.order[i];
      if (!empty(b)) continue;
      let t = b.succs[0];
      let steps = 0;
      while (empty(t) && steps++ < layout.order.length) t = t.succs[0];
      if (empty(t)) continue;
      forward.set(b.id, t.id);
    }
    for (const [from, to] of forward) {
      const list = this.aliases.get(to);
      if (list === undefined) this.aliases.set(to, [from]);
      else list.push(from);
    }
    this.forward = forward;
    return this.rotate(layout.order.filter((b) => !forward.has(b.id)));
  }

  /**
   * Loops whose test stands at their top and whose end jumps back to it: the test moves behind the end, which saves the jump of every turn but
   * costs one on entry.
   */
  private rotate(order: Block[]): Block[] {
    const { layout, f } = this;
    const index = new Int32Array(f.blocks.length).fill(-1);
    order.forEach((b, i) => {
      index[b.id] = i;
    });
    const moves = new Map<Block, Block>();
    const moved = new Set<Block>();
    for (let i = 1; i < order.length; i++) {
      const header = order[i];
      const loop = layout.loops[header.id];
      if (loop?.header !== header || header.succs.length !== 2 || i + 1 >= order.length) continue;
      if (layout.loops[order[i + 1].id] !== loop) continue;
      // The last block of the loop in the order that goes back without a condition, with the code of the loop all between.
      let last = -1;
      for (let j = i + 1; j < order.length && order[j].cold === header.cold && this.inLoop(order[j], header); j++) {
        const b = order[j];
        if (b.kind === BlockPlain && this.final(b.succs[0]) === header) last = j;
        else if (b.succs.length === 2 && b.succs.some((s) => this.final(s) === header)) last = j;
      }
      if (last < 0 || moves.has(order[last])) continue;
      // One of the header's ways must leave the loop, or nothing is won.
      if (header.succs.every((s) => this.inLoop(this.final(s), header))) continue;
      moves.set(order[last], header);
      moved.add(header);
    }
    if (moves.size === 0) return order;
    const out: Block[] = [];
    for (let i = 0; i < order.length; i++) {
      const b = order[i];
      if (moved.has(b)) continue;
      // A test that moved may itself be the end of the loop around it.
      for (let next: Block | undefined = b; next !== undefined; next = moves.get(next)) out.push(next);
    }
    return out;
  }

  private inLoop(b: Block, header: Block): boolean {
    for (let l = this.layout.loops[b.id]; l !== null && l !== undefined; l = l.parent) if (l.header === header) return true;
    return false;
  }

  private forward = new Map<number, number>();

  private final(b: Block): Block {
    const id = this.forward.get(b.id);
    return id === undefined ? b : (f_block(this.f, id) as Block);
  }

  private block(b: Block, next: Block | null): void {
    const { f, emitter, placement, frame } = this;
    const items = placement.items[b.id];
    let flagsLive = false;
    let carry = false;
    for (let i = 0; i < items.length; i += 4) {
      const v = items[i + 1] as Value;
      const to = items[i + 2];
      const from = items[i + 3];
      switch (items[i]) {
        case ItemValue:
          this.line(f.pos_[v], f.inl[v]);
          emitter.value(v);
          if (this.target.takesFlags(f, v)) carry = false;
          if (this.target.leavesFlags(f, v)) carry = true;
          flagsLive = carry || f.type[v] === TypeFlags;
          break;
        case ItemMove:
          emitter.move(f.type[v], to, from);
          break;
        case ItemLoad:
          emitter.load(f.type[v], to, this.spill(v));
          break;
        case ItemStore:
          emitter.store(f.type[v], from, this.spill(v));
          break;
        case ItemRemat:
          emitter.rematerialize(v, to, flagsLive);
          break;
        case ItemExchange:
          emitter.exchange(to, from);
          break;
        case ItemSlotMove:
          emitter.moveSlot(this.spill(v), this.spill(from as Value));
          break;
        case ItemRematSlot:
          emitter.rematerializeSlot(from as Value, this.spill(v));
          break;
        case ItemScratchIn:
          emitter.moveSlot(frame.scratchOffset, this.spill(v));
          break;
        case ItemScratchOut:
          emitter.moveSlot(this.spill(v), frame.scratchOffset);
          break;
        case ItemScratchTo:
          emitter.load(f.type[v], to, frame.scratchOffset);
          break;
        case ItemClear:
          emitter.clearScratch();
          break;
      }
    }
    switch (b.kind) {
      case BlockPlain:
      case BlockFork: {
        const to = this.final(b.succs[0]);
        if (to !== next) this.branch(-1, to.id);
        break;
      }
      case BlockRet:
        this.line(b.pos, 0);
        emitter.epilogue();
        break;
      case BlockExit:
        break;
      default: {
        const registers = this.allocation.controls[b.id];
        const shown =
          next !== null && b.succs.length === 2
            ? this.final(b.succs[0]) === next
              ? b.succs[0]
              : this.final(b.succs[1]) === next
                ? b.succs[1]
                : next
            : next;
        emitter.blockEnd(b, shown, registers !== undefined ? registers[0] : -1);
      }
    }
  }

  // ---- Putting together ----

  private assemble(spilled: Map<Value, number[]>, stackCheck: boolean): FuncCode {
    const { f, emitter, branches, literals, frame } = this;
    branches.resolve();
    const bodyLength = emitter.pos;
    const size = branches.offset(bodyLength, branches.count);
    // Literals and jump tables behind the code.
    let tail = size;
    const sorted = literals.slice().sort((x, y) => y.bytes - x.bytes);
    for (const l of sorted) {
      tail = Math.ceil(tail / l.bytes) * l.bytes;
      l.offset = tail;
      tail += l.bytes;
    }
    const tableOffsets: number[] = [];
    for (const t of this.tables) {
      tail = Math.ceil(tail / 4) * 4;
      tableOffsets.push(tail);
      tail += 4 * t.blocks.length;
    }
    const code = branches.write(emitter.bytes(), bodyLength, tail - size);
    for (const l of literals) {
      put32(code, l.offset, l.low);
      if (l.bytes === 8) put32(code, l.offset + 4, l.high);
    }
    const translate = (at: number): number => branches.offset(at, branches.countBefore(at));
    for (let i = 0; i < this.literalAt.length; i++) {
      const place = translate(this.literalAt[i]);
      put32(code, place, literals[this.literalIndex[i]].offset - (place + 4 + this.literalAfter[i]));
    }
    this.tables.forEach((t, i) => {
      const place = translate(t.at);
      put32(code, place, tableOffsets[i] - (place + 4));
      t.blocks.forEach((b, k) => put32(code, tableOffsets[i] + 4 * k, branches.labelOffset(b.id) - tableOffsets[i]));
    });
    const relocs = new Relocs();
    const old = emitter.relocs;
    for (let i = 0; i < old.count; i++) relocs.add(translate(old.offset[i]), old.kind[i], old.sym[i], old.addend[i]);
    const landing = f.entry.kind === BlockFork ? f.entry.succs[1] : this.landing();
    const deferReturn = landing === null ? 0 : branches.labelOffset(landing.id);
    const stackMaps = this.sites(spilled, stackCheck, deferReturn);
    const lineOffsets: number[] = [];
    const linePositions: Pos[] = [];
    const lineInlined: number[] = [];
    for (let i = 0; i < this.lineAt.length; i++) {
      const offset = branches.offset(this.lineAt[i], this.lineBefore[i]);
      if (lineOffsets.length > 0 && lineOffsets[lineOffsets.length - 1] === offset) {
        linePositions[linePositions.length - 1] = this.linePos[i] as Pos;
        lineInlined[lineInlined.length - 1] = this.lineInl[i];
        continue;
      }
      lineOffsets.push(offset);
      linePositions.push(this.linePos[i] as Pos);
      lineInlined.push(this.lineInl[i]);
    }
    let flags = 0;
    if ((f.flags & FnTopFrame) !== 0) flags |= FuncFlagTopFrame;
    if ((f.flags & FnNoSplit) !== 0) flags |= FuncFlagNoSplit;
    if ((f.flags & FnWrapper) !== 0) flags |= FuncFlagWrapper;
    if (deferReturn !== 0) flags |= FuncFlagDefer;
    return new FuncCode({
      sym: f.sym,
      name: f.name,
      code,
      relocs,
      frameSize: frame.size,
      argSize: f.abi.argSize,
      flags,
      entryPointers: this.entryPointers(),
      stackMaps,
      stackObjects: this.slotMaps.objects,
      deferReturn,
      lineOffsets,
      linePositions,
      lineInlined,
      inlined: inlinedCalls(f),
      pos: f.pos,
      align: this.align,
    });
  }

  /** The landing of a Fork that is not the entry block. */
  private landing(): Block | null {
    for (let i = 0; i < this.layout.order.length; i++) {
      const b = this.layout.order[i];
      if (b.kind === BlockFork) return b.succs[1];
    }
    return null;
  }

  private entryPointers(): number {
    let bits = 0;
    const { argTypes, argRegisters } = this.f.self;
    for (let i = 0; i < argTypes.length; i++) if (argTypes[i] === TypePtr && argRegisters[i] < 64) bits |= 1 << argRegisters[i];
    return bits;
  }

  private sites(spilled: Map<Value, number[]>, stackCheck: boolean, deferReturn: number): StackMapSite[] {
    const { f, branches, frame } = this;
    const sites: StackMapSite[] = [];
    const args = argumentPointers(f);
    const params = args.filter((w) => (f.flags & FnHasDefer) === 0 || !resultPointers(f).includes(w));
    if (stackCheck && (params.length > 0 || this.entryPointers() !== 0)) sites.push(makeSite(0, [], params));
    for (let i = 0; i < this.siteAt.length; i++) {
      const v = this.siteValue[i];
      const offset = branches.offset(this.siteAt[i], this.siteBefore[i]);
      if (v === 0) {
        // The return address of morestack: the frame is not there yet.
        continue;
      }
      const locals = [...(this.slotMaps.at.get(v) ?? []), ...(spilled.get(v) ?? [])];
      const callee = f.op[v] === OpCallStatic ? f.calls[f.aux[v]] : null;
      if (callee && isStackAbi(this.symbols, callee.sym)) locals.push(...outgoingPointers(callee.abi));
      if (locals.length > 0 || args.length > 0) sites.push(makeSite(offset, locals, args));
    }
    if (deferReturn !== 0) {
      const locals = [...this.slotMaps.landing];
      for (const v of this.placement.pinned) {
        const slot = this.placement.slot[v];
        if (slot !== 0 && this.placement.pointer[slot]) locals.push(frame.spillOffset[slot] / 8);
      }
      if (locals.length > 0 || args.length > 0) sites.push(makeSite(deferReturn, locals, args));
    }
    return sites.sort((x, y) => x.offset - y.offset);
  }
}

const f_block = (f: Func, id: number): Block | null => f.blocks[id];

function put32(code: Uint8Array, at: number, value: number): void {
  code[at] = value;
  code[at + 1] = value >> 8;
  code[at + 2] = value >> 16;
  code[at + 3] = value >> 24;
}
