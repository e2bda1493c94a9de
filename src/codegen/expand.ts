// Before lowering: operations that are calls of the runtime become calls, loops without a call get their preemption poll, and edges from
// a block with several successors to one with several predecessors are split, so that moves have a place on every edge.

import type { Pos } from "../base/pos.ts";
import { type AbiType, assignAbi } from "../ssa/abi.ts";
import { boxFunctionOf } from "../ssa/box.ts";
import { Dominators, findLoops, isCyclic, type Loop, postorder } from "../ssa/dom.ts";
import { type Block, BlockIf, BlockPlain, CallInfo, FnNoPoll, type Func, LikelyFalse, type Value } from "../ssa/func.ts";
import {
  AttrCall,
  FirstArchOp,
  OpAdd,
  OpBox,
  OpBuffer,
  OpCallStatic,
  OpConst,
  OpDiv,
  OpInitMem,
  OpLe,
  OpLt,
  OpMakeSlice,
  OpMakeSliceIn,
  OpMod,
  OpMove,
  OpMul,
  OpNe,
  OpNew,
  OpPhi,
  OpSelectMem,
  OpSub,
  OpSymAddr,
  OpUDiv,
  OpULe,
  OpULt,
  OpUMod,
  OpZero,
  opAttributes,
} from "../ssa/ops.gen.ts";
import type { Symbols } from "../ssa/symbol.ts";
import type { Target } from "../ssa/target.ts";
import { TypeI32, TypeI64, TypeI8, TypeMem, TypePtr, typeSize, TypeTuple, type ValueType } from "../ssa/types.ts";

const pointer: AbiType = { size: 8, align: 8, components: [{ type: TypePtr, offset: 0 }], inRegisters: true };
const integer: AbiType = { size: 8, align: 8, components: [{ type: TypeI64, offset: 0 }], inRegisters: true };

class Expander {
  readonly f: Func;
  readonly target: Target;
  readonly symbols: Symbols;
  private readonly calls = new Map<string, number>();

  constructor(f: Func, target: Target, symbols: Symbols) {
    this.f = f;
    this.target = target;
    this.symbols = symbols;
  }

  call(name: string, params: readonly AbiType[], results: readonly AbiType[]): number {
    const known = this.calls.get(name);
    if (known !== undefined) return known;
    const abi = assignAbi(this.target.registers, params, results);
    const handle = this.f.addCall(new CallInfo(this.symbols.intern(name), abi, false));
    this.calls.set(name, handle);
    return handle;
  }

  /** A new value in the same block and at the same position as v. */
  near(v: Value, op: number, type: ValueType, args: readonly Value[]): Value {
    const f = this.f;
    return f.valueN(f.blockOf(v), op, type, f.pos_[v] as Pos, args, f.inl[v]);
  }

  size(v: Value, size: number): Value {
    const n = this.near(v, OpConst, TypeI64, []);
    this.f.setAuxInt(n, size);
    return n;
  }

  value(v: Value): void {
    const f = this.f;
    switch (f.op[v]) {
      case OpNew: {
        const memory = f.arg(v, 0);
        const type = this.near(v, OpSymAddr, TypePtr, []);
        f.aux[type] = f.aux[v];
        this.becomeCall(v, this.call("runtime.newobject", [pointer], [pointer]), [type, memory]);
        break;
      }
      case OpMakeSlice: {
        const type = this.near(v, OpSymAddr, TypePtr, []);
        f.aux[type] = f.aux[v];
        const args = [type, f.arg(v, 0), f.arg(v, 1), f.arg(v, 2)];
        this.becomeCall(v, this.call("runtime.makeslice", [pointer, integer, integer], [pointer]), args);
        break;
      }
      case OpBox: {
        const name = boxFunctionOf(f, v);
        const args = f.args(v).slice();
        const params = args.slice(0, -1).map((x): AbiType => {
          const type = f.type[x];
          const size = typeSize(type);
          return { size, align: size, components: [{ type, offset: 0 }], inRegisters: true };
        });
        this.becomeCall(v, this.call(`runtime.${name}`, params, [pointer]), args);
        break;
      }
      case OpMakeSliceIn: {
        const type = this.near(v, OpSymAddr, TypePtr, []);
        f.aux[type] = f.aux[v];
        const args = [type, f.arg(v, 0), f.arg(v, 1), f.arg(v, 2), this.size(v, f.auxInt(v)), f.arg(v, 3)];
        this.becomeCall(v, this.call("runtime.makeslicein", [pointer, integer, integer, pointer, integer], [pointer]), args);
        break;
      }
      case OpBuffer:
        // Nobody has looked whether what is made in it escapes.
        f.reset(v, OpConst);
        f.type[v] = TypePtr;
        f.setAuxInt(v, 0);
        break;
      case OpZero: {
        const size = f.auxInt(v);
        if (size <= this.target.maxInlineBlock) break;
        const args = [f.arg(v, 0), this.size(v, size), f.arg(v, 1)];
        this.becomeMemory(v, this.call("runtime.memclrNoHeapPointers", [pointer, integer], []), args);
        break;
      }
      case OpMove: {
        const size = f.auxInt(v);
        if (size <= this.target.maxInlineBlock) break;
        const args = [f.arg(v, 0), f.arg(v, 1), this.size(v, size), f.arg(v, 2)];
        this.becomeMemory(v, this.call("runtime.memmove", [pointer, pointer, integer], []), args);
        break;
      }
    }
  }

  private becomeCall(v: Value, call: number, args: readonly Value[]): void {
    this.f.reset(v, OpCallStatic);
    this.f.setArgs(v, args);
    this.f.aux[v] = call;
  }

  private becomeMemory(v: Value, call: number, args: readonly Value[]): void {
    const tuple = this.near(v, OpCallStatic, TypeTuple, args);
    this.f.aux[tuple] = call;
    this.f.reset(v, OpSelectMem);
    this.f.setArgs(v, [tuple]);
  }
}

/** Replaces operations by calls. */
export function expandCalls(f: Func, target: Target, symbols: Symbols): void {
  const expander = new Expander(f, target, symbols);
  for (let k = 0; k < f.blocks.length; k++) {
    const b = f.blocks[k];
    if (!b) continue;
    const count = b.values.length;
    for (let i = 0; i < count; i++) {
      const v = b.values[i];
      expander.value(v);
    }
  }
}

/** x % c becomes x - x / c * c where the quotient is made anyway in the same block, so that one division serves both. */
export function shareQuotients(f: Func): void {
  for (let k = 0; k < f.blocks.length; k++) {
    const b = f.blocks[k];
    if (!b) continue;
    let quotients: Value[] | null = null;
    for (let i = 0; i < b.values.length; i++) {
      const v = b.values[i];
      const op = f.op[v];
      if (op !== OpMod && op !== OpUMod) continue;
      const y = f.arg(v, 1);
      if (f.op[y] !== OpConst) continue;
      quotients ??= b.values.filter((q) => f.op[q] === OpDiv || f.op[q] === OpUDiv);
      const x = f.arg(v, 0);
      const want = op === OpMod ? OpDiv : OpUDiv;
      const q = quotients.find((d) => f.op[d] === want && f.arg(d, 0) === x && sameConstant(f, f.arg(d, 1), y));
      if (q === undefined) continue;
      const product = f.valueN(b, OpMul, f.type[v], f.pos_[v] as Pos, [q, y], f.inl[v]);
      f.reset(v, OpSub);
      f.setArgs(v, [x, product]);
    }
  }
}

const sameConstant = (f: Func, x: Value, y: Value): boolean =>
  x === y || (f.op[x] === OpConst && f.op[y] === OpConst && f.auxLo[x] === f.auxLo[y] && f.auxHi[x] === f.auxHi[y]);

/** Takes blocks that cannot be reached out of the function. */
export function removeUnreachable(f: Func): void {
  const reachable = new Uint8Array(f.blocks.length);
  for (const b of postorder(f)) reachable[b.id] = 1;
  for (let id = 1; id < f.blocks.length; id++) {
    const b = f.blocks[id];
    if (b === null || reachable[id] !== 0) continue;
    for (const v of b.values) {
      f.dropArgs(v);
      f.block[v] = 0;
    }
    f.clearControls(b);
    for (const s of b.succs) {
      if (reachable[s.id] === 0) continue;
      const k = s.preds.indexOf(b);
      s.preds.splice(k, 1);
      for (const v of s.values) {
        if (f.op[v] !== OpPhi) continue;
        const args = f.args(v);
        args.splice(k, 1);
        f.setArgs(v, args);
      }
    }
    f.blocks[id] = null;
  }
}

/** Puts a block on an edge. */
export function splitEdge(f: Func, from: Block, which: number): Block {
  const to = from.succs[which];
  // Of several edges between the same blocks, the k-th successor entry belongs to the k-th predecessor entry.
  let nth = 0;
  for (let i = 0; i < which; i++) if (from.succs[i] === to) nth++;
  let at = -1;
  for (let i = 0; i < to.preds.length; i++) {
    if (to.preds[i] === from && nth-- === 0) {
      at = i;
      break;
    }
  }
  const middle = f.newBlock(BlockPlain, from.pos);
  middle.cold = to.cold || from.cold;
  from.succs[which] = middle;
  middle.preds.push(from);
  middle.succs.push(to);
  to.preds[at] = middle;
  return middle;
}

/** Splits all critical edges. */
export function splitCriticalEdges(f: Func): void {
  const count = f.blocks.length;
  for (let id = 1; id < count; id++) {
    const b = f.blocks[id];
    if (b === null || b.succs.length < 2) continue;
    for (let i = 0; i < b.succs.length; i++) if (b.succs[i].preds.length > 1) splitEdge(f, b, i);
  }
}

/** Gives loops in which nothing is called a poll on each of their back edges. */
export function insertPolls(f: Func, target: Target, symbols: Symbols): void {
  if ((f.flags & FnNoPoll) !== 0) return;
  if (!isCyclic(f, postorder(f))) return;
  const dom = new Dominators(f);
  const loops = findLoops(f, dom);
  let any = false;
  for (const l of loops) if (l !== null) any = true;
  if (!any) return;
  const hasCall = new Uint8Array(f.blocks.length);
  let memory: MemoryOut | null = null;
  const headers: Block[] = [];
  for (let k = 0; k < dom.order.length; k++) {
    const b = dom.order[k];
    if (loops[b.id]?.header === b) headers.push(b);
    for (let i = 0; i < b.values.length; i++) {
      const v = b.values[i];
      const op = f.op[v];
      if (op < FirstArchOp && (opAttributes[op] & AttrCall) !== 0) hasCall[b.id] = 1;
    }
  }
  let call = 0;
  for (const header of headers) {
    const backs: Block[] = [];
    for (const p of header.preds) if (dom.reachable(p.id) && dom.dominates(header.id, p.id)) backs.push(p);
    // A call in a block that every turn passes makes the poll needless: one that dominates all back edges.
    let covered = true;
    for (const p of backs) {
      let found = false;
      for (let id = p.id; ; id = dom.idom[id]) {
        if (hasCall[id] !== 0) found = true;
        if (id === header.id || id === 0 || found) break;
      }
      if (!found) covered = false;
    }
    if (covered || isShort(f, header, loops)) continue;
    memory ??= new MemoryOut(f, dom);
    if (call === 0) call = new Expander(f, target, symbols).call("runtime.preemptPoll", [], []);
    for (let i = 0; i < header.preds.length; i++) {
      const p = header.preds[i];
      if (p.id >= hasCall.length || !dom.dominates(header.id, p.id) || !dom.reachable(p.id)) continue;
      insertPoll(f, target, header, i, memory.at(p), call);
    }
  }
}

/** Turns that take no time worth a poll. */
const ShortLoop = 1024;

/** Whether a loop counts from one constant to another in few steps (inner loops poll for themselves). */
function isShort(f: Func, header: Block, loops: readonly (Loop | null)[]): boolean {
  if (header.kind !== BlockIf) return false;
  // The way on which the condition holds must be the one that stays in the loop.
  let inside = false;
  for (let l = loops[header.succs[0].id]; l !== null && l !== undefined; l = l.parent) if (l.header === header) inside = true;
  if (!inside) return false;
  const c = header.controls[0];
  const op = f.op[c];
  if (op !== OpLt && op !== OpLe && op !== OpULt && op !== OpULe && op !== OpNe) return false;
  const x = f.arg(c, 0);
  const limit = f.arg(c, 1);
  if (f.op[x] !== OpPhi || f.block[x] !== header.id || f.op[limit] !== OpConst || f.argCount[x] !== 2) return false;
  if (f.type[x] !== TypeI64 && f.type[x] !== TypeI32) return false;
  for (let k = 0; k < 2; k++) {
    const start = f.arg(x, k);
    const next = f.arg(x, 1 - k);
    if (f.op[start] !== OpConst || f.op[next] !== OpAdd || f.arg(next, 0) !== x || f.op[f.arg(next, 1)] !== OpConst) continue;
    const from = f.auxInt(start);
    const to = f.auxInt(limit);
    const step = f.auxInt(f.arg(next, 1));
    if (from < 0 || step <= 0 || to < from || to > 0x7fffff) return false;
    if (op === OpNe && (to - from) % step !== 0) return false;
    return (to - from) / step <= ShortLoop;
  }
  return false;
}

/** Rewrites the edge into predecessor i of the header: test -> header, test -> cold poll -> header. */
function insertPoll(f: Func, target: Target, header: Block, i: number, memory: Value, call: number): void {
  const p = header.preds[i];
  const test = f.newBlock(BlockIf, p.pos);
  let which = 0;
  let nth = 0;
  for (let k = 0; k < i; k++) if (header.preds[k] === p) nth++;
  for (; which < p.succs.length; which++) if (p.succs[which] === header && nth-- === 0) break;
  p.succs[which] = test;
  test.preds.push(p);
  const cold = f.newBlock(BlockPlain, p.pos);
  cold.cold = true;
  test.cold = p.cold;
  test.likely = LikelyFalse;
  const flag = f.value0(test, target.pollOp, TypeI8, p.pos);
  f.addControl(test, flag);
  test.succs.push(cold, header);
  cold.preds.push(test);
  header.preds[i] = test;
  cold.succs.push(header);
  header.preds.push(cold);
  const tuple = f.value1(cold, OpCallStatic, TypeTuple, p.pos, memory);
  f.aux[tuple] = call;
  const after = f.value1(cold, OpSelectMem, TypeMem, p.pos, tuple);
  for (const v of header.values) {
    if (f.op[v] !== OpPhi) break;
    // Without a memory phi nothing in the loop writes: then all reads see the memory from before, and the poll changes none of it.
    if (f.type[v] === TypeMem) f.addArg(v, after);
    else f.addArg(v, f.arg(v, i));
  }
}

/** The memory at the end of blocks. */
class MemoryOut {
  private readonly f: Func;
  private readonly dom: Dominators;
  private readonly out: Int32Array;

  constructor(f: Func, dom: Dominators) {
    this.f = f;
    this.dom = dom;
    this.out = new Int32Array(f.blocks.length);
    for (const b of dom.order) {
      // The last memory value that no other value of the block takes as its memory.
      const used = new Set<Value>();
      for (let i = 0; i < b.values.length; i++) {
        const v = b.values[i];
        if (f.op[v] === OpPhi) continue;
        const attributes = f.op[v] < FirstArchOp ? opAttributes[f.op[v]] : 0;
        if (f.op[v] === OpSelectMem) continue;
        if ((attributes & 8) !== 0 && f.argCount[v] > 0) used.add(f.arg(v, f.argCount[v] - 1));
      }
      let found = 0;
      for (let i = 0; i < b.values.length; i++) {
        const v = b.values[i];
        if (f.type[v] === TypeMem && !used.has(v)) found = v;
      }
      this.out[b.id] = found !== 0 ? found : this.out[dom.idom[b.id]];
    }
  }

  at(b: Block): Value {
    let id = b.id;
    while (id !== 0) {
      if (this.out[id] !== 0) return this.out[id] as Value;
      id = this.dom.idom[id];
    }
    const f = this.f;
    const v = f.value0(f.entry, OpInitMem, TypeMem, f.pos);
    this.out[f.entry.id] = v;
    return v;
  }
}
