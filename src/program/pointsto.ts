// Where pointers of one function may point. Every pointer value has a set of abstract objects: the function's own allocations and slots, what its
// parameters point to (and, as one object, all that can be reached from there), and the outside world. Every object has a set of objects
// whose addresses may be stored in it; fields are not told apart. What is stored to the outside, returned, or handed to somebody
// unknown escapes, and with it all that is stored in it.

import { type Block, BlockRet, type CallInfo, type Func, type Value } from "../ssa/func.ts";
import type { AbiInfo, AbiSlot } from "../ssa/abi.ts";
import { NoSym, type Sym } from "../ssa/symbol.ts";
import { TypePtr } from "../ssa/types.ts";
import type { EscapeHost } from "./escape-host.ts";
import { emptySummary, knownSummary, worstSummary, ParamSummary, type Summary } from "./escape-summary.ts";
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
  /** The function value's code, when this is a closure object whose first word is known; NoSym unknown or none. */
  code: Sym = NoSym;

  constructor(kind: number, index: number) {
    this.kind = kind;
    this.index = index;
  }
}

/** The analysis of one function. */
export class Analysis {
  private readonly f: Func;
  private readonly host: EscapeHost;
  private readonly summaryOf: (sym: Sym) => Summary | null;
  readonly objects: Obj[] = [new Obj(ObjExternal, 0)];
  private words = 1;
  /** Row of each pointer value, 0 none. */
  private readonly row: Int32Array;
  private rows = 1;
  private pts: Uint32Array = new Uint32Array(0);
  private content: Uint32Array = new Uint32Array(0);
  escaped: Uint32Array = new Uint32Array(0);
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
  private readonly argParam: number[] = [];
  private readonly resultOf: number[] = [];
  private changed = false;
  private scratch: Uint32Array = new Uint32Array(0);

  constructor(f: Func, host: EscapeHost, summaryOf: (sym: Sym) => Summary | null) {
    this.f = f;
    this.host = host;
    this.summaryOf = summaryOf;
    this.row = new Int32Array(f.valueCount);
    const params = f.abi.params.length;
    this.closureParam = params;
    this.findCaptured(params + 1);
    for (let k = 0; k <= params + this.captured.size; k++) {
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
    for (const b of f.blocks) {
      if (b === null) continue;
      for (const v of b.values) {
        if (f.type[v] === TypePtr) this.row[v] = this.rows++;
        const op = f.op[v] as number;
        if (op === OpNew || op === OpMakeSlice || op === OpBuffer || op === OpBox) this.newObj.set(v, this.add(ObjNew, v));
        else if (op === OpOutArgAddr && !this.outObj.has(f.aux[v] as number)) {
          this.outObj.set(f.aux[v] as number, this.add(ObjOut, f.aux[v] as number));
        }
      }
    }
    this.words = (this.objects.length + 31) >> 5;
    this.pts = new Uint32Array(this.rows * this.words);
    this.content = new Uint32Array(this.objects.length * this.words);
    this.escaped = new Uint32Array(this.words);
    this.scratch = new Uint32Array(this.words);
    this.contentAdd(0, 0);
    for (let k = 0; k < this.paramObj.length; k++) {
      this.contentAdd(this.paramObj[k] as number, this.contentObj[k] as number);
      this.contentAdd(this.contentObj[k] as number, this.contentObj[k] as number);
      if (k > params) this.contentAdd(this.paramObj[params] as number, this.paramObj[k] as number);
    }
    for (let k = 0; k < params; k++) {
      if ((this.argMem[k] as number) !== 0) this.contentAdd(this.argMem[k] as number, this.paramObj[k] as number);
    }
    for (const o of this.outObj.values()) this.contentAdd(o, 0);
  }

  /** Gives every captured pointer that is read at a constant offset a pseudo parameter. */
  private findCaptured(first: number): void {
    const f = this.f;
    for (const b of f.blocks) {
      if (b === null) continue;
      for (const v of b.values) {
        if (f.op[v] !== OpLoad || f.type[v] !== TypePtr) continue;
        const offset = this.capturedOffset(f.arg(v, 0));
        if (offset < 0) continue;
        const at = offset + f.auxInt(v);
        if (!this.captured.has(at)) this.captured.set(at, first + this.captured.size);
      }
    }
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

  private contentAdd(o: number, member: number): void {
    const at = o * this.words + (member >> 5);
    const bit = 1 << (member & 31);
    if (((this.content[at] as number) & bit) === 0) {
      this.content[at] = (this.content[at] as number) | bit;
      this.changed = true;
    }
  }

  private has(set: Uint32Array, at: number, member: number): boolean {
    return (((set[at + (member >> 5)] as number) >>> (member & 31)) & 1) !== 0;
  }

  /** to |= from; both are rows of sets. */
  private union(to: Uint32Array, toAt: number, from: Uint32Array, fromAt: number): void {
    for (let i = 0; i < this.words; i++) {
      const old = to[toAt + i] as number;
      const joined = (old | (from[fromAt + i] as number)) >>> 0;
      if (joined !== old) {
        to[toAt + i] = joined;
        this.changed = true;
      }
    }
  }

  private point(v: Value, o: number): void {
    const at = (this.row[v] as number) * this.words + (o >> 5);
    const bit = 1 << (o & 31);
    if (((this.pts[at] as number) & bit) === 0) {
      this.pts[at] = ((this.pts[at] as number) | bit) >>> 0;
      this.changed = true;
    }
  }

  private flow(to: Value, from: Value): void {
    const r = this.row[from] as number;
    if (r !== 0) this.union(this.pts, (this.row[to] as number) * this.words, this.pts, r * this.words);
  }

  /** Everything in a set escapes. */
  private escapeSet(set: Uint32Array, at: number): void {
    this.union(this.escaped, 0, set, at);
  }

  private forEach(set: Uint32Array, at: number, f: (o: number) => void): void {
    for (let i = 0; i < this.words; i++) {
      let w = set[at + i] as number;
      while (w !== 0) {
        const low = 31 - Math.clz32(w & -w);
        f(i * 32 + low);
        w &= w - 1;
      }
    }
  }

  /** All that can be reached from the objects of a set, without them (unless they reach each other). */
  private reachable(set: Uint32Array, at: number): Uint32Array {
    const out = new Uint32Array(this.words);
    const work: number[] = [];
    this.forEach(set, at, (o) => work.push(o));
    while (work.length > 0) {
      const o = work.pop() as number;
      for (let i = 0; i < this.words; i++) {
        let fresh = (this.content[o * this.words + i] as number) & ~(out[i] as number);
        out[i] = ((out[i] as number) | fresh) >>> 0;
        while (fresh !== 0) {
          const low = 31 - Math.clz32(fresh & -fresh);
          work.push(i * 32 + low);
          fresh &= fresh - 1;
        }
      }
    }
    return out;
  }

  /** A set is stored through the pointers of another. */
  private storeSet(targets: Uint32Array, targetsAt: number, set: Uint32Array, at: number): void {
    if (this.has(targets, targetsAt, 0)) this.escapeSet(set, at);
    this.forEach(targets, targetsAt, (o) => {
      if (o !== 0) this.union(this.content, o * this.words, set, at);
    });
  }

  // ---- Solving

  solve(): void {
    const f = this.f;
    let rounds = 0;
    do {
      this.changed = false;
      for (const b of f.blocks) {
        if (b === null) continue;
        for (let i = 0; i < b.values.length; i++) this.value(b.values[i] as Value);
        if (b.kind === BlockRet) this.returns(b);
      }
      this.spread();
    } while (this.changed && ++rounds < 1000);
  }

  /** What is stored in escaped objects escapes; so do allocations stored into what callers own. */
  private spread(): void {
    const outside = [...this.paramObj, ...this.contentObj];
    for (const p of outside) {
      this.forEach(this.content, p * this.words, (o) => {
        const kind = (this.objects[o] as Obj).kind;
        if (kind === ObjNew || kind === ObjSlot) this.escapeOne(o);
      });
    }
    let again = true;
    while (again) {
      again = false;
      const before = this.changed;
      this.changed = false;
      this.scratch.set(this.escaped);
      this.forEach(this.scratch, 0, (o) => {
        if (o !== 0) this.union(this.escaped, 0, this.content, o * this.words);
      });
      again = this.changed;
      this.changed = before || again;
    }
  }

  private escapeOne(o: number): void {
    const bit = 1 << (o & 31);
    const old = this.escaped[o >> 5] as number;
    if ((old & bit) === 0) {
      this.escaped[o >> 5] = (old | bit) >>> 0;
      this.changed = true;
    }
  }

  private returns(b: Block): void {
    for (let i = 0; i < b.controls.length; i++) {
      const r = this.row[b.controls[i] as number] as number;
      if (r === 0) continue;
      // Allocations that are returned escape; parameters are noted by the summary.
      this.forEach(this.pts, r * this.words, (o) => {
        const kind = (this.objects[o] as Obj).kind;
        if (kind === ObjNew || kind === ObjSlot) this.escapeOne(o);
      });
    }
    for (const o of this.resultMem) {
      if (o === 0) continue;
      this.forEach(this.content, o * this.words, (m) => {
        const kind = (this.objects[m] as Obj).kind;
        if (kind === ObjNew || kind === ObjSlot) this.escapeOne(m);
      });
    }
  }

  private value(v: Value): void {
    const f = this.f;
    const op = f.op[v] as number;
    switch (op) {
      case OpPhi:
        if (this.row[v] !== 0) for (let i = 0; i < (f.argCount[v] as number); i++) this.flow(v, f.arg(v, i));
        return;
      case OpCopy:
      case OpOffPtr:
      case OpAddPtr:
      case OpNilCheck:
        if (this.row[v] !== 0) this.flow(v, f.arg(v, 0));
        return;
      case OpCondSelect:
        if (this.row[v] !== 0) {
          this.flow(v, f.arg(v, 0));
          this.flow(v, f.arg(v, 1));
        }
        return;
      case OpArg:
        if (this.row[v] !== 0) this.point(v, this.paramObj[this.argParam[f.auxInt(v)] as number] as number);
        return;
      case OpArgAddr:
        this.point(v, this.stackObject(f.auxInt(v)));
        return;
      case OpBox: {
        const o = (this.newObj.get(v) as number) * this.words;
        for (let i = 0; i + 1 < (f.argCount[v] as number); i++) {
          const r = this.row[f.arg(v, i)] as number;
          if (r !== 0) this.union(this.content, o, this.pts, r * this.words);
        }
        return;
      }
      case OpBuffer:
        this.point(v, this.newObj.get(v) as number);
        return;
      case OpKeepAlive: {
        const r = this.row[f.arg(v, 0)] as number;
        if (f.auxInt(v) !== 0 && r !== 0) this.escapeSet(this.pts, r * this.words);
        return;
      }
      case OpOutArgAddr:
        this.point(v, this.outObj.get(f.aux[v] as number) as number);
        return;
      case OpClosure:
        this.point(v, this.paramObj[this.closureParam] as number);
        return;
      case OpSlotAddr:
        this.point(v, this.slotObj[f.aux[v] as number] as number);
        return;
      case OpConst:
        return;
      case OpSymAddr:
        this.point(v, 0);
        return;
      case OpIntToPtr:
        this.point(v, 0);
        this.intToPtr(v, f.arg(v, 0), 0);
        return;
      case OpPtrToInt:
        // An integer keeps nothing alive; whoever makes a pointer of it again says so by arithmetic (intToPtr) or takes the risk.
        return;
      case OpLoad:
        if (this.row[v] !== 0) {
          const offset = this.captured.size === 0 ? -1 : this.capturedOffset(f.arg(v, 0));
          const field = offset < 0 ? undefined : this.captured.get(offset + f.auxInt(v));
          if (field !== undefined) this.point(v, this.paramObj[field] as number);
          else this.load(v, f.arg(v, 0));
        }
        return;
      case OpStore:
      case OpAtomicStore:
        this.store(f.arg(v, 0), f.arg(v, 1));
        return;
      case OpAtomicExchange:
      case OpAtomicAnd:
        this.store(f.arg(v, 0), f.arg(v, 1));
        return;
      case OpAtomicCas:
        this.store(f.arg(v, 0), f.arg(v, 2));
        return;
      case OpMove: {
        const to = this.row[f.arg(v, 0)] as number;
        const from = this.row[f.arg(v, 1)] as number;
        if (to === 0 || from === 0) return;
        const set = new Uint32Array(this.words);
        this.forEach(this.pts, from * this.words, (o) => {
          for (let i = 0; i < this.words; i++) set[i] = ((set[i] as number) | (this.content[o * this.words + i] as number)) >>> 0;
        });
        this.storeSet(this.pts, to * this.words, set, 0);
        return;
      }
      case OpSelect:
        this.select(v);
        return;
      case OpCallStatic:
      case OpCallClosure:
      case OpCallInter:
        this.call(v, op);
        return;
      default:
        if (this.row[v] !== 0) this.point(v, 0);
    }
  }

  /** Arithmetic on addresses keeps what they point to; the bare way there and back is how code hides a pointer. */
  private intToPtr(v: Value, x: Value, depth: number): void {
    const f = this.f;
    const op = f.op[x] as number;
    if (op === OpPtrToInt && depth > 0) {
      const r = this.row[f.arg(x, 0)] as number;
      if (r !== 0) this.union(this.pts, (this.row[v] as number) * this.words, this.pts, r * this.words);
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
    const r = this.row[p] as number;
    if (r === 0) {
      this.point(v, 0);
      return;
    }
    this.forEach(this.pts, r * this.words, (o) => {
      this.union(this.pts, (this.row[v] as number) * this.words, this.content, o * this.words);
    });
  }

  private store(p: Value, x: Value): void {
    const rp = this.row[p] as number;
    const code = this.codeOfValue(x);
    if (code !== NoSym) {
      this.makeClosure(p, code);
      return;
    }
    const rx = this.row[x] as number;
    if (rx === 0) return;
    if (rp === 0) this.escapeSet(this.pts, rx * this.words);
    else this.storeSet(this.pts, rp * this.words, this.pts, rx * this.words);
  }

  /** The function whose code a value is, NoSym if it is none. */
  private codeOfValue(x: Value): Sym {
    const f = this.f;
    while (f.op[x] === OpPtrBits || f.op[x] === OpCopy) x = f.arg(x, 0);
    if (f.op[x] !== OpSymAddr) return NoSym;
    const sym = f.aux[x] as Sym;
    return this.summaryOf(sym) !== null ? sym : NoSym;
  }

  /** The address of a function's code is put into an object: the captured variables are what its body does with them. */
  private makeClosure(p: Value, code: Sym): void {
    const summary = this.summaryOf(code) as Summary;
    const context = summary[summary.length - 1] as ParamSummary;
    const r = this.row[p] as number;
    if (r === 0) return;
    const at = r * this.words;
    const plain = context.plain ?? context;
    if (plain.escapes) this.escapeSet(this.pts, at);
    if (plain.contentLeaks || plain.results !== 0 || plain.into !== 0) this.escapeSet(this.reachable(this.pts, at), 0);
    if (context.fields === null) return;
    for (const [offset, s] of context.fields) {
      if (!s.leaks && !s.contentLeaks) continue;
      for (const x of this.storedAt(p, offset, OpStore)) {
        const rx = this.row[x] as number;
        if (rx !== 0) this.leak(this.pts, rx * this.words, s);
      }
      // Large variables that are captured by value are moved to the object from where they are.
      for (const from of this.storedAt(p, offset, OpMove)) {
        const rx = this.row[from] as number;
        if (rx !== 0) this.forEach(this.pts, rx * this.words, (o) => this.leak(this.content, o * this.words, s));
      }
    }
  }

  /** What is in a set becomes visible in ways that only somebody else knows. */
  private leak(set: Uint32Array, at: number, s: ParamSummary): void {
    if (s.leaks) this.escapeSet(set, at);
    this.escapeSet(this.reachable(set, at), 0);
  }

  /** The values that are stored at a constant offset of an object that is being made, or (OpMove) the addresses of what is moved over it. */
  private storedAt(p: Value, offset: number, op: number): Value[] {
    const f = this.f;
    const root = (v: Value): { base: Value; offset: number } => {
      let at = 0;
      while (f.op[v] === OpOffPtr || f.op[v] === OpCopy || f.op[v] === OpNilCheck) {
        if (f.op[v] === OpOffPtr) at += f.auxInt(v);
        v = f.arg(v, 0);
      }
      return { base: v, offset: at };
    };
    const object = root(p);
    const found: Value[] = [];
    for (const b of f.blocks) {
      if (b === null) continue;
      for (const v of b.values) {
        if (f.op[v] !== op) continue;
        const to = root(f.arg(v, 0));
        const same =
          to.base === object.base ||
          (f.op[to.base] === OpSlotAddr && f.op[object.base] === OpSlotAddr && f.aux[to.base] === f.aux[object.base]);
        if (!same) continue;
        const at = to.offset - object.offset;
        if (op === OpStore ? at + f.auxInt(v) === offset : at <= offset && offset < at + f.auxInt(v)) found.push(f.arg(v, 1));
      }
    }
    return found;
  }

  private select(v: Value): void {
    if (this.row[v] === 0) return;
    const f = this.f;
    const t = f.arg(v, 0);
    const op = f.op[t] as number;
    switch (op) {
      case OpNew:
      case OpMakeSlice:
      case OpBox:
        if (f.auxInt(v) === 0) this.point(v, this.newObj.get(t) as number);
        return;
      case OpAtomicLoad:
      case OpAtomicExchange:
        this.load(v, f.arg(t, 0));
        return;
      case OpCallStatic:
      case OpCallClosure:
      case OpCallInter:
        this.point(v, 0);
        return;
      default:
        this.point(v, 0);
    }
  }

  private call(v: Value, op: number): void {
    const f = this.f;
    const handle = f.aux[v] as number;
    const info = f.calls[handle] as CallInfo;
    const abi: AbiInfo = info.abi;
    const params = abi.params.length;
    const out = this.outObj.get(handle);
    let summary: Summary | null = null;
    let closure: Value = 0 as Value;
    if (op === OpCallStatic) {
      // A declaration's promise comes before the wrapper to assembly that stands for it.
      const name = this.host.nameOf(info.sym);
      summary = info.pointerFree || this.growsPlain(v, name) ? emptySummary(params) : knownSummary(name, params);
      if (summary === null && this.host.isNoEscape(info.sym)) summary = emptySummary(params);
      if (summary === null) summary = this.summaryOf(info.sym) ?? worstSummary(params);
    } else if (op === OpCallClosure) {
      closure = f.arg(v, 0);
      const code = this.closureCode(closure);
      if (code !== NoSym) summary = this.summaryOf(code);
    }
    if (summary === null || summary.length !== params + 1) summary = worstSummary(params);
    // The sets of the arguments.
    const sets: Uint32Array[] = [];
    let index = op === OpCallStatic ? 0 : 1;
    let interesting = false;
    for (let k = 0; k < params; k++) {
      const slot = abi.params[k] as AbiSlot;
      const set = new Uint32Array(this.words);
      if (slot.registers === null) {
        if (out !== undefined) for (let i = 0; i < this.words; i++) set[i] = this.content[out * this.words + i] as number;
      } else {
        for (let c = 0; c < slot.registers.length; c++) {
          const r = this.row[f.arg(v, index++)] as number;
          if (r === 0) continue;
          for (let i = 0; i < this.words; i++) set[i] = ((set[i] as number) | (this.pts[r * this.words + i] as number)) >>> 0;
        }
      }
      for (let i = 0; i < this.words; i++) if ((set[i] as number) !== (i === 0 ? (set[0] as number) & 1 : 0)) interesting = true;
      sets.push(set);
    }
    if (closure !== 0) {
      const set = new Uint32Array(this.words);
      const r = this.row[closure] as number;
      if (r !== 0) for (let i = 0; i < this.words; i++) set[i] = this.pts[r * this.words + i] as number;
      sets.push(set);
      interesting = true;
    }
    if (!interesting) return;
    for (let k = 0; k < sets.length; k++) this.applyParam(v, abi, summary[k] as ParamSummary, sets[k] as Uint32Array, sets, out);
  }

  /** Whether a call makes the array of a slice longer whose elements hold no pointers: then nothing of the old one is in the new one. */
  private growsPlain(v: Value, name: string): boolean {
    if (name !== "runtime.growslice") return false;
    const type = this.f.arg(v, 4);
    return this.f.op[type] === OpSymAddr && this.host.formOf(this.f.aux[type] as Sym)?.pointers.length === 0;
  }

  private applyParam(
    v: Value,
    abi: AbiInfo,
    s: ParamSummary,
    set: Uint32Array,
    sets: readonly Uint32Array[],
    out: number | undefined,
  ): void {
    if (s.escapes) {
      this.escapeSet(set, 0);
      return;
    }
    const needContent = s.contentEscapes || s.contentResults !== 0 || s.contentInto !== 0;
    const below = needContent ? this.reachable(set, 0) : set;
    if (s.contentEscapes) this.escapeSet(below, 0);
    for (let i = 0; i < sets.length; i++) {
      const bit = 1 << i;
      if ((s.into & bit) !== 0) this.storeInto(sets[i] as Uint32Array, set);
      if ((s.contentInto & bit) !== 0) this.storeInto(sets[i] as Uint32Array, below);
    }
    const both = s.results | s.contentResults;
    if (both === 0) return;
    let component = 0;
    for (let r = 0; r < abi.results.length; r++) {
      const slot = abi.results[r] as AbiSlot;
      const count = slot.registers?.length ?? 0;
      if (((both >> r) & 1) !== 0) {
        if (slot.registers === null) {
          if (out !== undefined) {
            if (((s.results >> r) & 1) !== 0) this.union(this.content, out * this.words, set, 0);
            if (((s.contentResults >> r) & 1) !== 0) this.union(this.content, out * this.words, below, 0);
          }
        } else {
          this.toResults(
            v,
            component,
            component + count,
            ((s.results >> r) & 1) !== 0 ? set : null,
            ((s.contentResults >> r) & 1) !== 0 ? below : null,
          );
        }
      }
      component += count;
    }
  }

  /** Flows sets into the selected result components of a call. */
  private toResults(call: Value, from: number, to: number, a: Uint32Array | null, b: Uint32Array | null): void {
    for (const s of this.selectsOf(call)) {
      const i = this.f.auxInt(s);
      if (i < from || i >= to) continue;
      const at = (this.row[s] as number) * this.words;
      if (a !== null) this.union(this.pts, at, a, 0);
      if (b !== null) this.union(this.pts, at, b, 0);
    }
  }

  private selects: Map<Value, Value[]> | null = null;

  private selectsOf(call: Value): readonly Value[] {
    if (this.selects === null) {
      const map = new Map<Value, Value[]>();
      for (const b of this.f.blocks) {
        if (b === null) continue;
        for (const v of b.values) {
          if (this.f.op[v] !== OpSelect || this.row[v] === 0) continue;
          const t = this.f.arg(v, 0);
          const list = map.get(t);
          if (list === undefined) map.set(t, [v]);
          else list.push(v);
        }
      }
      this.selects = map;
    }
    return this.selects.get(call) ?? [];
  }

  private storeInto(targets: Uint32Array, set: Uint32Array): void {
    this.storeSet(targets, 0, set, 0);
    const deeper = this.reachable(targets, 0);
    this.storeSet(deeper, 0, set, 0);
  }

  /** The function that a closure value surely is: a static function value, or a closure made here. */
  private closureCode(p: Value): Sym {
    const f = this.f;
    while (f.op[p] === OpCopy || f.op[p] === OpNilCheck) p = f.arg(p, 0);
    if (f.op[p] === OpSymAddr) return this.host.codeOf(f.aux[p] as Sym);
    if (f.op[p] !== OpSelect || f.op[f.arg(p, 0)] !== OpNew) return NoSym;
    // The store of the code pointer is looked for once.
    let code: Sym = NoSym;
    for (const b of f.blocks) {
      if (b === null) continue;
      for (const v of b.values) {
        if (f.op[v] !== OpStore || f.arg(v, 0) !== p || f.auxInt(v) !== 0) continue;
        const c = this.codeOfValue(f.arg(v, 1));
        if (c === NoSym || (code !== NoSym && code !== c)) return NoSym;
        code = c;
      }
    }
    return code;
  }

  // ---- Results

  summary(): Summary {
    const params = this.f.abi.params.length;
    const list = emptySummary(params + this.captured.size);
    const note = (set: Uint32Array, at: number, mark: (s: ParamSummary, content: boolean) => void): void => {
      this.forEach(set, at, (o) => {
        const x = this.objects[o] as Obj;
        if (x.kind === ObjParam) mark(list[x.index] as ParamSummary, false);
        else if (x.kind === ObjContent) mark(list[x.index] as ParamSummary, true);
      });
    };
    note(this.escaped, 0, (s, content) => {
      if (content) s.contentEscapes = true;
      else s.escapes = true;
    });
    const toResult =
      (r: number) =>
      (s: ParamSummary, content: boolean): void => {
        if (r > maxBits) {
          if (content) s.contentEscapes = true;
          else s.escapes = true;
        } else if (content) s.contentResults |= 1 << r;
        else s.results |= 1 << r;
      };
    for (const b of this.f.blocks) {
      if (b === null || b.kind !== BlockRet) continue;
      for (let i = 0; i < b.controls.length; i++) {
        const row = this.row[b.controls[i] as number] as number;
        if (row !== 0) note(this.pts, row * this.words, toResult(this.resultOf[i] as number));
      }
    }
    for (let r = 0; r < this.resultMem.length; r++) {
      const o = this.resultMem[r] as number;
      if (o !== 0) note(this.content, o * this.words, toResult(r));
    }
    for (let index = 0; index < list.length; index++) {
      // What is stored into something captured is stored into the context, as far as callers can tell.
      const k = Math.min(index, params);
      const toParam = (s: ParamSummary, content: boolean): void => {
        if (s === list[index]) {
          // Its own content in its own content is how it starts out; the pointer itself stored there is a cycle.
          if (!content) s.into |= k > maxBits ? 0 : 1 << k;
          return;
        }
        // Captured words are in the context from the start.
        if (index === params && list.indexOf(s) > params && !content) return;
        if (k > maxBits) {
          if (content) s.contentEscapes = true;
          else s.escapes = true;
        } else if (content) s.contentInto |= 1 << k;
        else s.into |= 1 << k;
      };
      note(this.content, (this.paramObj[index] as number) * this.words, toParam);
      note(this.content, (this.contentObj[index] as number) * this.words, toParam);
    }
    return this.withFields(list, params);
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
    return this.has(this.escaped, 0, o);
  }

  /** Allocations with their objects. */
  allocations(): ReadonlyMap<Value, number> {
    return this.newObj;
  }

  /** Values of a block's phis that may point to an object. */
  pointsTo(v: Value, o: number): boolean {
    const r = this.row[v] as number;
    return r !== 0 && this.has(this.pts, r * this.words, o);
  }

  /** Whether an object can be reached from a pointer. */
  leadsTo(v: Value, o: number): boolean {
    const r = this.row[v] as number;
    return r !== 0 && (this.has(this.pts, r * this.words, o) || this.has(this.reachable(this.pts, r * this.words), 0, o));
  }

  /** Objects in which the address of `o` may be stored. */
  holders(o: number): number[] {
    const list: number[] = [];
    for (let h = 0; h < this.objects.length; h++) if (this.has(this.content, h * this.words, o)) list.push(h);
    return list;
  }
}
