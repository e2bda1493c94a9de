// Where pointers of one function may point. Every pointer value has a set of abstract objects: the function's own allocations and slots, what its
// parameters point to (and, as one object, all that can be reached from there), and the outside world. Every object has a set of objects
// whose addresses may be stored in it; fields are not told apart. What is stored to the outside, returned, or handed to somebody
// unknown escapes, and with it all that is stored in it.

import { type Block, BlockRet, type CallInfo, FnWrapper, type Func, type Value } from "../ssa/func.ts";
import type { AbiInfo, AbiSlot } from "../ssa/abi.ts";
import { NoSym, type Sym } from "../ssa/symbol.ts";
import { TypePtr } from "../ssa/types.ts";
import type { EscapeHost } from "./escape-host.ts";
import { emptySummary, type KnownSummaries, ParamSummary, type Summary } from "./escape-summary.ts";
import { ObjectSets } from "./objectsets.ts";
import {
  OpAddPtr,
  OpArg,
  OpArgAddr,
  OpBox,
  OpBuffer,
  OpKeepAlive,
  OpAtomicAnd,
  OpAtomicCas,
  OpAtomicExchange,
  OpAtomicLoad,
  OpAtomicStore,
  OpAdd,
  OpAnd,
  OpAndNot,
  OpCallClosure,
  OpCallInter,
  OpCallStatic,
  OpClosure,
  OpCondSelect,
  OpConst,
  OpCopy,
  OpIntToPtr,
  OpLoad,
  OpMakeSlice,
  OpMove,
  OpNew,
  OpNilCheck,
  OpOffPtr,
  OpOr,
  OpOutArgAddr,
  OpPhi,
  OpPtrBits,
  OpPtrToInt,
  OpSelect,
  OpSlotAddr,
  OpStore,
  OpSub,
  OpSymAddr,
} from "../ssa/ops.gen.ts";

const maxBits = 30;

// Kinds of abstract objects.
const ObjExternal = 0;
const ObjParam = 1; // what parameter `index` points to
const ObjContent = 2; // all that is reachable from there
const ObjArgMem = 3; // the incoming stack memory of parameter `index`
const ObjResultMem = 4; // the stack memory of result `index`
const ObjSlot = 5;
export const ObjNew = 6; // what a New, MakeSlice, Box or Buffer makes
export const ObjOut = 7; // the outgoing stack area of a call

export class Obj {
  readonly kind: number;
  readonly index: number;

  constructor(kind: number, index: number) {
    this.kind = kind;
    this.index = index;
  }
}

/** The analysis of one function. */
export class Analysis {
  private readonly f: Func;
  private readonly host: EscapeHost;
  private readonly known: KnownSummaries;
  readonly objects: Obj[] = [new Obj(ObjExternal, 0)];
  /** Row of each pointer value, 0 none. Values that are nothing but another pointer, or one at a distance from it, have its row. */
  private readonly row: Int32Array;
  /** What the pointers of a row may point to. */
  private readonly pts: ObjectSets;
  /** What may be stored in an object. */
  private readonly content: ObjectSets;
  /** Row 0: objects that others see. */
  private readonly escaped: ObjectSets;
  /** Row 0: objects of the function's own. */
  private readonly own: ObjectSets;
  /** Rows for sets in between: the last ones for what is reached from others. */
  private scratch: ObjectSets;
  private readonly paramObj: number[] = [];
  private readonly contentObj: number[] = [];
  private readonly closureParam: number;
  /** Captured words: offset in the closure object to index of the pseudo parameter. */
  private readonly captured = new Map<number, number>();
  private readonly argMem: number[] = [];
  private readonly resultMem: number[] = [];
  private readonly slotObj: number[] = [];
  private readonly newObj = new Map<Value, number>();
  private readonly outObj = new Map<number, number>();
  /** The results in the same areas. */
  private readonly outResultObj = new Map<number, number>();
  private readonly argParam: number[] = [];
  private readonly resultOf: number[] = [];
  private changed = false;
  /** Operations that move sets as long as these grow. */
  private readonly work: Value[] = [];
  private readonly rets: Block[] = [];
  private readonly stores: Value[] = [];
  private readonly moves: Value[] = [];
  private readonly selects: Value[] = [];
  /** By place in `work`: what is known of the callee. */
  private readonly summaries: (Summary | null)[] = [];
  private readonly stack: number[] = [];

  constructor(f: Func, host: EscapeHost, known: KnownSummaries) {
    this.f = f;
    this.host = host;
    this.known = known;
    this.row = new Int32Array(f.valueCount);
    const params = f.abi.params.length;
    this.closureParam = params;
    const values = this.collect(params + 1);
    const kinds = params + this.captured.size;
    for (let k = 0; k <= kinds; k++) {
      this.paramObj.push(this.add(ObjParam, k));
      this.contentObj.push(this.add(ObjContent, k));
    }
    for (let k = 0; k < params; k++) {
      const slot = f.abi.params[k] as AbiSlot;
      this.argMem.push(slot.registers === null ? this.add(ObjArgMem, k) : 0);
      for (let i = 0; i < (slot.registers?.length ?? 0); i++) this.argParam.push(k);
    }
    for (let r = 0; r < f.abi.results.length; r++) {
      const slot = f.abi.results[r] as AbiSlot;
      this.resultMem.push(slot.registers === null ? this.add(ObjResultMem, r) : 0);
      for (let i = 0; i < (slot.registers?.length ?? 0); i++) this.resultOf.push(r);
    }
    for (let s = 0; s < f.slots.length; s++) this.slotObj.push(f.slots[s] ? this.add(ObjSlot, s) : 0);
    for (let i = 0; i < values.length; i++) {
      const v = values[i] as Value;
      const op = f.op[v] as number;
      if (op === OpNew || op === OpMakeSlice || op === OpBuffer || op === OpBox) this.newObj.set(v, this.add(ObjNew, v));
      else if (op === OpOutArgAddr) {
        const map = this.outMap(v);
        if (!map.has(f.aux[v] as number)) map.set(f.aux[v] as number, this.add(ObjOut, f.aux[v] as number));
      }
    }
    const words = (this.objects.length + 31) >> 5;
    this.pts = new ObjectSets(this.numberRows(values), words);
    this.content = new ObjectSets(this.objects.length, words);
    this.escaped = new ObjectSets(1, words);
    this.own = new ObjectSets(1, words);
    this.scratch = new ObjectSets(4, words);
    for (let o = 0; o < this.objects.length; o++) {
      const kind = (this.objects[o] as Obj).kind;
      if (kind === ObjNew || kind === ObjSlot) this.own.add(0, o);
      else if (kind === ObjOut) this.content.add(o, 0);
    }
    this.content.add(0, 0);
    for (let k = 0; k <= kinds; k++) {
      const content = this.contentObj[k] as number;
      this.content.add(this.paramObj[k] as number, content);
      this.content.add(content, content);
      if (k > params) this.content.add(this.paramObj[params] as number, this.paramObj[k] as number);
    }
    for (let k = 0; k < params; k++) {
      if ((this.argMem[k] as number) !== 0) this.content.add(this.argMem[k] as number, this.paramObj[k] as number);
    }
    for (let i = 0; i < values.length; i++) this.start(values[i] as Value);
  }

  /** The objects among which that of an address in an outgoing area is. */
  private outMap(v: Value): Map<number, number> {
    const { f } = this;
    const at = f.auxInt(v);
    const { results } = (f.calls[f.aux[v] as number] as CallInfo).abi;
    for (let i = 0; i < results.length; i++) {
      const r = results[i] as AbiSlot;
      if (r.registers === null && at >= r.stackOffset && at < r.stackOffset + Math.max(1, r.type.size)) return this.outResultObj;
    }
    return this.outObj;
  }

  /** The values that have to do with pointers. Every captured pointer that is read at a constant offset gets a pseudo parameter. */
  private collect(first: number): Value[] {
    const { f } = this;
    const values: Value[] = [];
    for (let i = 1; i < f.blocks.length; i++) {
      const b = f.blocks[i];
      if (b === null || b === undefined) continue;
      if (b.kind === BlockRet) this.rets.push(b);
      const list = b.values;
      for (let k = 0; k < list.length; k++) {
        const v = list[k] as Value;
        const op = f.op[v] as number;
        switch (op) {
          case OpStore:
            this.stores.push(v);
            values.push(v);
            break;
          case OpMove:
            this.moves.push(v);
            values.push(v);
            break;
          case OpNew:
          case OpMakeSlice:
          case OpBox:
          case OpBuffer:
          case OpKeepAlive:
          case OpAtomicStore:
          case OpAtomicExchange:
          case OpAtomicAnd:
          case OpAtomicCas:
          case OpCallStatic:
          case OpCallClosure:
          case OpCallInter:
            values.push(v);
            break;
          default:
            if (f.type[v] === TypePtr) values.push(v);
        }
        if (op === OpLoad && f.type[v] === TypePtr) {
          const offset = this.capturedOffset(f.arg(v, 0));
          if (offset < 0) continue;
          const at = offset + f.auxInt(v);
          if (!this.captured.has(at)) this.captured.set(at, first + this.captured.size);
        }
      }
    }
    return values;
  }

  /** Gives pointers their rows. Returns the number of rows. */
  private numberRows(values: readonly Value[]): number {
    const { f, row } = this;
    let rows = 1;
    for (let i = 0; i < values.length; i++) {
      const v = values[i] as Value;
      if (f.type[v] !== TypePtr) continue;
      if (isStep(f.op[v] as number) && f.type[f.arg(v, 0)] === TypePtr) continue;
      row[v] = rows++;
    }
    for (let i = 0; i < values.length; i++) {
      const v = values[i] as Value;
      if (f.type[v] !== TypePtr || row[v] !== 0) continue;
      let from = f.arg(v, 0);
      while (row[from] === 0 && isStep(f.op[from] as number)) from = f.arg(from, 0);
      row[v] = row[from] === 0 ? rows++ : (row[from] as number);
    }
    return rows;
  }

  /** The offset of an address in the closure object of this function, -1 if it is none. */
  private capturedOffset(p: Value): number {
    const f = this.f;
    let offset = 0;
    for (;;) {
      const op = f.op[p];
      if (op === OpClosure) return offset;
      if (op === OpOffPtr) offset += f.auxInt(p);
      else if (op !== OpCopy && op !== OpNilCheck) return -1;
      p = f.arg(p, 0);
    }
  }

  private add(kind: number, index: number): number {
    this.objects.push(new Obj(kind, index));
    return this.objects.length - 1;
  }

  // ---- Sets

  private point(v: Value, o: number): void {
    if (this.pts.add(this.row[v] as number, o)) this.changed = true;
  }

  private flow(to: Value, from: Value): void {
    const r = this.row[from] as number;
    if (r !== 0 && this.pts.join(this.row[to] as number, this.pts, r)) this.changed = true;
  }

  private addContent(o: number, set: ObjectSets, at: number): void {
    if (this.content.join(o, set, at)) this.changed = true;
  }

  /** Everything in a set escapes. */
  private escapeSet(set: ObjectSets, at: number): void {
    if (this.escaped.join(0, set, at)) this.changed = true;
  }

  /** Puts all that can be reached from the objects of a set, without them (unless they reach each other), into a row of `scratch`. */
  private reachable(set: ObjectSets, at: number, to: number): void {
    const { content, scratch, stack } = this;
    const { words, bits } = scratch;
    scratch.clear(to);
    for (let o = set.next(at, 0); o >= 0; o = set.next(at, o + 1)) stack.push(o);
    while (stack.length > 0) {
      const from = (stack.pop() as number) * words;
      for (let i = 0; i < words; i++) {
        const old = bits[to * words + i] as number;
        let fresh = (content.bits[from + i] as number) & ~old;
        bits[to * words + i] = old | fresh;
        while (fresh !== 0) {
          stack.push(32 * i + 31 - Math.clz32(fresh & -fresh));
          fresh &= fresh - 1;
        }
      }
    }
  }

  /** A set is stored through the pointers of another. */
  private storeSet(targets: ObjectSets, targetsAt: number, set: ObjectSets, at: number): void {
    if (targets.has(targetsAt, 0)) this.escapeSet(set, at);
    for (let o = targets.next(targetsAt, 1); o >= 0; o = targets.next(targetsAt, o + 1)) this.addContent(o, set, at);
  }

  // ---- Solving

  solve(): void {
    const { work, rets } = this;
    let rounds = 0;
    do {
      this.changed = false;
      for (let i = 0; i < work.length; i++) this.value(work[i] as Value, i);
      for (let i = 0; i < rets.length; i++) this.returns(rets[i] as Block);
      this.spread();
    } while (this.changed && ++rounds < 1000);
  }

  /** What is stored in escaped objects escapes; so do allocations stored into what callers own. */
  private spread(): void {
    const { escaped, content, own } = this;
    for (let k = 0; k < this.paramObj.length; k++) {
      if (escaped.joinMasked(0, content, this.paramObj[k] as number, own)) this.changed = true;
      if (escaped.joinMasked(0, content, this.contentObj[k] as number, own)) this.changed = true;
    }
    for (let again = true; again; ) {
      again = false;
      for (let o = escaped.next(0, 1); o >= 0; o = escaped.next(0, o + 1)) if (escaped.join(0, content, o)) again = true;
      if (again) this.changed = true;
    }
  }

  private returns(b: Block): void {
    // Allocations that are returned escape; parameters are noted by the summary.
    for (let i = 0; i < b.controls.length; i++) {
      const r = this.row[b.controls[i] as number] as number;
      if (r !== 0 && this.escaped.joinMasked(0, this.pts, r, this.own)) this.changed = true;
    }
    for (let i = 0; i < this.resultMem.length; i++) {
      const o = this.resultMem[i] as number;
      if (o !== 0 && this.escaped.joinMasked(0, this.content, o, this.own)) this.changed = true;
    }
  }

  /** What a value points to from the start; those whose sets may grow later come into `work`. */
  private start(v: Value): void {
    const { f, row } = this;
    const op = f.op[v] as number;
    switch (op) {
      case OpCopy:
      case OpOffPtr:
      case OpAddPtr:
      case OpNilCheck:
        // Steps share a row.
        return;
      case OpPhi:
      case OpCondSelect:
        this.later(v, null);
        return;
      case OpNew:
      case OpMakeSlice:
      case OpConst:
      case OpPtrToInt:
        // An integer keeps nothing alive; whoever makes a pointer of it again says so by arithmetic (intToPtr) or takes the risk.
        return;
      case OpArg:
        this.point(v, this.paramObj[this.argParam[f.auxInt(v)] as number] as number);
        return;
      case OpArgAddr:
        this.point(v, this.stackObject(f.auxInt(v)));
        return;
      case OpBuffer:
        this.point(v, this.newObj.get(v) as number);
        return;
      case OpKeepAlive:
        if (f.auxInt(v) !== 0 && row[f.arg(v, 0)] !== 0) this.later(v, null);
        return;
      case OpOutArgAddr:
        this.point(v, this.outMap(v).get(f.aux[v] as number) as number);
        return;
      case OpClosure:
        this.point(v, this.paramObj[this.closureParam] as number);
        return;
      case OpSlotAddr:
        this.point(v, this.slotObj[f.aux[v] as number] as number);
        return;
      case OpIntToPtr:
        this.point(v, 0);
        if (f.op[f.arg(v, 0)] !== OpConst) this.later(v, null);
        return;
      case OpLoad: {
        const offset = this.captured.size === 0 ? -1 : this.capturedOffset(f.arg(v, 0));
        const field = offset < 0 ? undefined : this.captured.get(offset + f.auxInt(v));
        if (field !== undefined) this.point(v, this.paramObj[field] as number);
        else if (row[f.arg(v, 0)] === 0) this.point(v, 0);
        else this.later(v, null);
        return;
      }
      case OpStore:
      case OpAtomicStore:
      case OpAtomicExchange:
      case OpAtomicAnd:
      case OpAtomicCas: {
        const x = f.arg(v, op === OpAtomicCas ? 2 : 1);
        const code = this.codeOfValue(x);
        if (code !== NoSym) this.later(v, this.known.of(code));
        else if (row[x] !== 0) this.later(v, null);
        return;
      }
      case OpBox:
        this.later(v, null);
        return;
      case OpMove:
        // What has no pointers has no type here. (Moves of wrappers do not tell.)
        if (f.aux[v] === NoSym && (f.flags & FnWrapper) === 0) return;
        if (row[f.arg(v, 0)] !== 0 && row[f.arg(v, 1)] !== 0) this.later(v, null);
        return;
      case OpSelect:
        this.startSelect(v);
        return;
      case OpCallStatic:
      case OpCallClosure:
      case OpCallInter:
        this.startCall(v, op);
        return;
      default:
        this.point(v, 0);
    }
  }

  private startSelect(v: Value): void {
    const { f } = this;
    const t = f.arg(v, 0);
    switch (f.op[t]) {
      case OpNew:
      case OpMakeSlice:
      case OpBox:
        if (f.auxInt(v) === 0) this.point(v, this.newObj.get(t) as number);
        return;
      case OpAtomicLoad:
      case OpAtomicExchange:
        if (this.row[f.arg(t, 0)] === 0) this.point(v, 0);
        else this.later(v, null);
        return;
      case OpCallStatic:
      case OpCallClosure:
      case OpCallInter:
        this.selects.push(v);
        this.point(v, 0);
        return;
      default:
        this.point(v, 0);
    }
  }

  private startCall(v: Value, op: number): void {
    const { f, known } = this;
    const info = f.calls[f.aux[v] as number] as CallInfo;
    const params = info.abi.params.length;
    let summary: Summary | null = null;
    if (op === OpCallStatic) {
      // A declaration's promise comes before the wrapper to assembly that stands for it.
      if (info.pointerFree) return;
      summary = known.fixed(info.sym, params);
      if (this.growsPlain(v, info.sym)) return;
      if (summary === null && this.host.isNoEscape(info.sym)) return;
      if (summary === null) summary = known.of(info.sym);
    } else if (op === OpCallClosure) {
      const code = this.closureCode(f.arg(v, 0));
      if (code !== NoSym) summary = known.of(code);
    }
    if (summary === null || summary.length !== params + 1) summary = known.worst(params);
    const count = op === OpCallClosure ? params + 1 : params;
    for (let k = 0; k < count; k++) {
      if (!(summary[k] as ParamSummary).isNothing) {
        this.later(v, summary);
        return;
      }
    }
  }

  private later(v: Value, summary: Summary | null): void {
    this.work.push(v);
    this.summaries.push(summary);
  }

  private value(v: Value, at: number): void {
    const { f, row, pts } = this;
    const op = f.op[v] as number;
    switch (op) {
      case OpPhi:
        for (let i = 0; i < (f.argCount[v] as number); i++) this.flow(v, f.arg(v, i));
        return;
      case OpCondSelect:
        this.flow(v, f.arg(v, 0));
        this.flow(v, f.arg(v, 1));
        return;
      case OpBox: {
        const o = this.newObj.get(v) as number;
        for (let i = 0; i + 1 < (f.argCount[v] as number); i++) {
          const r = row[f.arg(v, i)] as number;
          if (r !== 0) this.addContent(o, pts, r);
        }
        return;
      }
      case OpKeepAlive:
        this.escapeSet(pts, row[f.arg(v, 0)] as number);
        return;
      case OpIntToPtr:
        this.intToPtr(v, f.arg(v, 0), 0);
        return;
      case OpLoad:
        this.load(v, f.arg(v, 0));
        return;
      case OpSelect:
        this.load(v, f.arg(f.arg(v, 0), 0));
        return;
      case OpStore:
      case OpAtomicStore:
      case OpAtomicExchange:
      case OpAtomicAnd:
        this.store(f.arg(v, 0), f.arg(v, 1), this.summaries[at] as Summary | null);
        return;
      case OpAtomicCas:
        this.store(f.arg(v, 0), f.arg(v, 2), this.summaries[at] as Summary | null);
        return;
      case OpMove: {
        const from = row[f.arg(v, 1)] as number;
        const moved = 0;
        this.scratch.clear(moved);
        for (let o = pts.next(from, 0); o >= 0; o = pts.next(from, o + 1)) this.scratch.join(moved, this.content, o);
        this.storeSet(pts, row[f.arg(v, 0)] as number, this.scratch, moved);
        return;
      }
      default:
        this.call(v, op, this.summaries[at] as Summary);
    }
  }

  /** Arithmetic on addresses keeps what they point to; the bare way there and back is how code hides a pointer. */
  private intToPtr(v: Value, x: Value, depth: number): void {
    const f = this.f;
    const op = f.op[x] as number;
    if (op === OpPtrToInt && depth > 0) {
      this.flow(v, f.arg(x, 0));
      return;
    }
    if (depth < 6 && (op === OpAdd || op === OpSub || op === OpAnd || op === OpOr || op === OpAndNot || op === OpCopy)) {
      for (let i = 0; i < (f.argCount[x] as number); i++) this.intToPtr(v, f.arg(x, i), depth + 1);
    }
  }

  private stackObject(offset: number): number {
    const { abi } = this.f;
    for (let k = 0; k < abi.params.length; k++) {
      const s = abi.params[k] as AbiSlot;
      if (s.registers === null && offset >= s.stackOffset && offset < s.stackOffset + Math.max(1, s.type.size))
        return this.argMem[k] as number;
    }
    for (let r = 0; r < abi.results.length; r++) {
      const s = abi.results[r] as AbiSlot;
      if (s.registers === null && offset >= s.stackOffset && offset < s.stackOffset + Math.max(1, s.type.size))
        return this.resultMem[r] as number;
    }
    return 0;
  }

  private load(v: Value, p: Value): void {
    const { pts, content } = this;
    const r = this.row[p] as number;
    const to = this.row[v] as number;
    for (let o = pts.next(r, 0); o >= 0; o = pts.next(r, o + 1)) if (pts.join(to, content, o)) this.changed = true;
  }

  private store(p: Value, x: Value, code: Summary | null): void {
    if (code !== null) {
      this.makeClosure(p, code);
      return;
    }
    const rp = this.row[p] as number;
    const rx = this.row[x] as number;
    if (rp === 0) this.escapeSet(this.pts, rx);
    else this.storeSet(this.pts, rp, this.pts, rx);
  }

  /** The function whose code a value is, NoSym if it is none. */
  private codeOfValue(x: Value): Sym {
    const f = this.f;
    while (f.op[x] === OpPtrBits || f.op[x] === OpCopy) x = f.arg(x, 0);
    if (f.op[x] !== OpSymAddr) return NoSym;
    const sym = f.aux[x] as Sym;
    return this.known.of(sym) !== null ? sym : NoSym;
  }

  /** The address of a function's code is put into an object: the captured variables are what its body does with them. */
  private makeClosure(p: Value, summary: Summary): void {
    const { pts } = this;
    const context = summary[summary.length - 1] as ParamSummary;
    const r = this.row[p] as number;
    if (r === 0) return;
    const plain = context.plain ?? context;
    if (plain.escapes) this.escapeSet(pts, r);
    if (plain.contentLeaks || plain.results !== 0 || plain.into !== 0) this.leakBelow(pts, r);
    if (context.fields === null) return;
    for (const [offset, s] of context.fields) {
      if (!s.leaks && !s.contentLeaks) continue;
      for (const x of this.storedAt(p, offset, OpStore)) {
        const rx = this.row[x] as number;
        if (rx !== 0) this.leak(pts, rx, s);
      }
      // Large variables that are captured by value are moved to the object from where they are.
      for (const from of this.storedAt(p, offset, OpMove)) {
        const rx = this.row[from] as number;
        if (rx === 0) continue;
        for (let o = pts.next(rx, 0); o >= 0; o = pts.next(rx, o + 1)) this.leak(this.content, o, s);
      }
    }
  }

  /** What is in a set becomes visible in ways that only somebody else knows. */
  private leak(set: ObjectSets, at: number, s: ParamSummary): void {
    if (s.leaks) this.escapeSet(set, at);
    this.leakBelow(set, at);
  }

  private leakBelow(set: ObjectSets, at: number): void {
    const below = 1;
    this.reachable(set, at, below);
    this.escapeSet(this.scratch, below);
  }

  /** The values that are stored at a constant offset of an object that is being made, or (OpMove) the addresses of what is moved over it. */
  private storedAt(p: Value, offset: number, op: number): Value[] {
    const f = this.f;
    const object = this.base(p);
    const start = this.distance(p);
    const found: Value[] = [];
    const list = op === OpStore ? this.stores : this.moves;
    for (let i = 0; i < list.length; i++) {
      const v = list[i] as Value;
      const to = this.base(f.arg(v, 0));
      const same = to === object || (f.op[to] === OpSlotAddr && f.op[object] === OpSlotAddr && f.aux[to] === f.aux[object]);
      if (!same) continue;
      const at = this.distance(f.arg(v, 0)) - start;
      if (op === OpStore ? at + f.auxInt(v) === offset : at <= offset && offset < at + f.auxInt(v)) found.push(f.arg(v, 1));
    }
    return found;
  }

  /** The address that another one lies at a constant distance from. */
  private base(v: Value): Value {
    const f = this.f;
    while (f.op[v] === OpOffPtr || f.op[v] === OpCopy || f.op[v] === OpNilCheck) v = f.arg(v, 0);
    return v;
  }

  private distance(v: Value): number {
    const f = this.f;
    let at = 0;
    for (; f.op[v] === OpOffPtr || f.op[v] === OpCopy || f.op[v] === OpNilCheck; v = f.arg(v, 0)) {
      if (f.op[v] === OpOffPtr) at += f.auxInt(v);
    }
    return at;
  }

  private call(v: Value, op: number, summary: Summary): void {
    const { f, pts, row } = this;
    const handle = f.aux[v] as number;
    const abi: AbiInfo = (f.calls[handle] as CallInfo).abi;
    const params = abi.params.length;
    const out = this.outObj.get(handle) ?? 0;
    const results = this.outResultObj.get(handle) ?? 0;
    // The sets of the arguments, one a row.
    const count = op === OpCallClosure ? params + 1 : params;
    if (this.scratch.bits.length < (count + 2) * this.scratch.words) this.scratch = new ObjectSets(count + 2, this.scratch.words);
    const { scratch } = this;
    let index = op === OpCallStatic ? 0 : 1;
    let interesting = op === OpCallClosure;
    for (let k = 0; k < params; k++) {
      const slot = abi.params[k] as AbiSlot;
      scratch.clear(k);
      if (slot.registers === null) {
        if (out !== 0) scratch.join(k, this.content, out);
      } else {
        for (let c = 0; c < slot.registers.length; c++) {
          const r = row[f.arg(v, index++)] as number;
          if (r !== 0) scratch.join(k, pts, r);
        }
      }
      if (!interesting && scratch.next(k, 1) >= 0) interesting = true;
    }
    if (!interesting) return;
    if (op === OpCallClosure) {
      scratch.clear(params);
      const r = row[f.arg(v, 0)] as number;
      if (r !== 0) scratch.join(params, pts, r);
    }
    for (let k = 0; k < count; k++) {
      const s = summary[k] as ParamSummary;
      if (!s.isNothing) this.applyParam(v, abi, s, k, count, results);
    }
  }

  /** Whether a call makes the array of a slice longer whose elements hold no pointers: then nothing of the old one is in the new one. */
  private growsPlain(v: Value, callee: Sym): boolean {
    if (!this.known.isGrow(callee)) return false;
    const type = this.f.arg(v, 4);
    return this.f.op[type] === OpSymAddr && this.host.formOf(this.f.aux[type] as Sym)?.pointers.length === 0;
  }

  /** What a callee does with its parameter `k`. Row i of the scratch sets is what parameter i points to. */
  private applyParam(v: Value, abi: AbiInfo, s: ParamSummary, k: number, count: number, out: number): void {
    const { scratch } = this;
    if (s.escapes) {
      this.escapeSet(scratch, k);
      return;
    }
    const needContent = s.contentEscapes || s.contentResults !== 0 || s.contentInto !== 0;
    const below = needContent ? count : k;
    if (needContent) this.reachable(scratch, k, below);
    if (s.contentEscapes) this.escapeSet(scratch, below);
    if ((s.into | s.contentInto) !== 0) {
      for (let i = 0; i < count; i++) {
        const bit = 1 << i;
        if ((s.into & bit) !== 0) this.storeInto(i, k, count + 1);
        if ((s.contentInto & bit) !== 0) this.storeInto(i, below, count + 1);
      }
    }
    const both = s.results | s.contentResults;
    if (both === 0) return;
    let component = 0;
    for (let r = 0; r < abi.results.length; r++) {
      const slot = abi.results[r] as AbiSlot;
      const parts = slot.registers?.length ?? 0;
      if (((both >> r) & 1) !== 0) {
        const whole = ((s.results >> r) & 1) !== 0 ? k : -1;
        const content = ((s.contentResults >> r) & 1) !== 0 ? below : -1;
        if (slot.registers !== null) this.toResults(v, component, component + parts, whole, content);
        else if (out !== 0) {
          if (whole >= 0) this.addContent(out, scratch, whole);
          if (content >= 0) this.addContent(out, scratch, content);
        }
      }
      component += parts;
    }
  }

  /** Flows scratch sets into the selected result components of a call; -1: none. */
  private toResults(call: Value, from: number, to: number, a: number, b: number): void {
    const { f, selects, scratch, pts } = this;
    for (let i = 0; i < selects.length; i++) {
      const s = selects[i] as Value;
      if (f.arg(s, 0) !== call) continue;
      const part = f.auxInt(s);
      if (part < from || part >= to) continue;
      const row = this.row[s] as number;
      if (a >= 0 && pts.join(row, scratch, a)) this.changed = true;
      if (b >= 0 && pts.join(row, scratch, b)) this.changed = true;
    }
  }

  /** A scratch set may be stored wherever another one leads to. */
  private storeInto(targets: number, set: number, deeper: number): void {
    const { scratch } = this;
    this.storeSet(scratch, targets, scratch, set);
    this.reachable(scratch, targets, deeper);
    this.storeSet(scratch, deeper, scratch, set);
  }

  /** The function that a closure value surely is: a static function value, or a closure made here. */
  private closureCode(p: Value): Sym {
    const f = this.f;
    while (f.op[p] === OpCopy || f.op[p] === OpNilCheck) p = f.arg(p, 0);
    if (f.op[p] === OpSymAddr) return this.host.codeOf(f.aux[p] as Sym);
    if (f.op[p] !== OpSelect || f.op[f.arg(p, 0)] !== OpNew) return NoSym;
    // The store of the code pointer is looked for once.
    let code: Sym = NoSym;
    for (let i = 0; i < this.stores.length; i++) {
      const v = this.stores[i] as Value;
      if (f.arg(v, 0) !== p || f.auxInt(v) !== 0) continue;
      const c = this.codeOfValue(f.arg(v, 1));
      if (c === NoSym || (code !== NoSym && code !== c)) return NoSym;
      code = c;
    }
    return code;
  }

  // ---- Results

  summary(): Summary {
    const { pts, content } = this;
    const params = this.f.abi.params.length;
    const list = emptySummary(params + this.captured.size);
    for (let o = this.escaped.next(0, 0); o >= 0; o = this.escaped.next(0, o + 1)) {
      const x = this.objects[o] as Obj;
      if (x.kind === ObjParam) (list[x.index] as ParamSummary).escapes = true;
      else if (x.kind === ObjContent) (list[x.index] as ParamSummary).contentEscapes = true;
    }
    for (let n = 0; n < this.rets.length; n++) {
      const { controls } = this.rets[n] as Block;
      for (let i = 0; i < controls.length; i++) {
        const row = this.row[controls[i] as number] as number;
        if (row !== 0) this.noteResult(list, pts, row, this.resultOf[i] as number);
      }
    }
    for (let r = 0; r < this.resultMem.length; r++) {
      const o = this.resultMem[r] as number;
      if (o !== 0) this.noteResult(list, content, o, r);
    }
    for (let index = 0; index < list.length; index++) {
      this.noteStored(list, index, this.paramObj[index] as number);
      this.noteStored(list, index, this.contentObj[index] as number);
    }
    return this.withFields(list, params);
  }

  /** Parameters in a set come back in a result. */
  private noteResult(list: readonly ParamSummary[], set: ObjectSets, row: number, result: number): void {
    for (let o = set.next(row, 0); o >= 0; o = set.next(row, o + 1)) {
      const x = this.objects[o] as Obj;
      if (x.kind !== ObjParam && x.kind !== ObjContent) continue;
      const s = list[x.index] as ParamSummary;
      const below = x.kind === ObjContent;
      if (result > maxBits) {
        if (below) s.contentEscapes = true;
        else s.escapes = true;
      } else if (below) s.contentResults |= 1 << result;
      else s.results |= 1 << result;
    }
  }

  /** Parameters that are stored into an object, which is what parameter `index` points to or leads to. */
  private noteStored(list: readonly ParamSummary[], index: number, object: number): void {
    const params = this.closureParam;
    // What is stored into something captured is stored into the context, as far as callers can tell.
    const k = Math.min(index, params);
    for (let o = this.content.next(object, 0); o >= 0; o = this.content.next(object, o + 1)) {
      const x = this.objects[o] as Obj;
      if (x.kind !== ObjParam && x.kind !== ObjContent) continue;
      const s = list[x.index] as ParamSummary;
      const below = x.kind === ObjContent;
      if (x.index === index) {
        // Its own content in its own content is how it starts out; the pointer itself stored there is a cycle.
        if (!below) s.into |= k > maxBits ? 0 : 1 << k;
        continue;
      }
      // Captured words are in the context from the start.
      if (index === params && x.index > params && !below) continue;
      if (k > maxBits) {
        if (below) s.contentEscapes = true;
        else s.escapes = true;
      } else if (below) s.contentInto |= 1 << k;
      else s.into |= 1 << k;
    }
  }

  /** Moves the pseudo parameters of captured words into the context's summary. */
  private withFields(list: ParamSummary[], params: number): Summary {
    if (this.captured.size === 0) return list;
    const context = list[params] as ParamSummary;
    const plain = new ParamSummary();
    Object.assign(plain, context);
    const fields = new Map<number, ParamSummary>();
    for (const [offset, index] of this.captured) {
      const s = list[index] as ParamSummary;
      fields.set(offset, s);
      context.contentResults |= s.results | s.contentResults;
      context.contentInto |= s.into | s.contentInto;
    }
    context.fields = fields;
    context.plain = plain;
    return list.slice(0, params + 1);
  }

  isEscaped(o: number): boolean {
    return this.escaped.has(0, o);
  }

  /** Allocations with their objects. */
  allocations(): ReadonlyMap<Value, number> {
    return this.newObj;
  }

  pointsTo(v: Value, o: number): boolean {
    const r = this.row[v] ?? 0;
    return r !== 0 && this.pts.has(r, o);
  }

  /** Whether an object can be reached from a pointer. */
  leadsTo(v: Value, o: number): boolean {
    const r = this.row[v] ?? 0;
    if (r === 0) return false;
    if (this.pts.has(r, o)) return true;
    this.reachable(this.pts, r, 0);
    return this.scratch.has(0, o);
  }

  /** Objects in which the address of `o` may be stored. */
  holders(o: number): number[] {
    const list: number[] = [];
    for (let h = 0; h < this.objects.length; h++) if (this.content.has(h, o)) list.push(h);
    return list;
  }
}

/** Whether an operation's pointer is its first argument's, or one at a distance from it. */
function isStep(op: number): boolean {
  return op === OpCopy || op === OpOffPtr || op === OpAddPtr || op === OpNilCheck;
}
