// Runs initialisers at compile time: an interpreter of SSA on compile-time memory. It gives up on anything that it doesn't know (the code
// then stays), and whatever it did in that attempt is taken back. What it made becomes data.

import {
  BlockFork,
  BlockIf,
  BlockJump,
  BlockPlain,
  BlockRet,
  type Block,
  type CallInfo,
  type Func,
  type Slot,
  type Value,
} from "../ssa/func.ts";
import * as O from "../ssa/ops.gen.ts";
import { NoSym, type Sym } from "../ssa/symbol.ts";
import { TypeF32, typeSize, TypeI16, TypeI32, TypeI64, TypeI8, TypeMem, TypePtr, type ValueType } from "../ssa/types.ts";
import type { ObjectForm } from "./escape-host.ts";
import { Address, clear, copy, type Datum, giveUp, GiveUp, Journal, load, MemoryObject, nil, store } from "./memory.ts";

/** What the evaluator asks of the program. */
export interface EvaluateHost {
  nameOf(sym: Sym): string;
  /** The body of a function; null: none. */
  bodyOf(sym: Sym): Func | null;
  /** The code behind a function value symbol, NoSym if it is none. */
  codeOf(sym: Sym): Sym;
  /** The memory of a symbol. */
  objectOf(sym: Sym): MemoryObject;
  formOf(type: Sym): ObjectForm | null;
  /** Whether an object may be read or written by what is evaluated now. */
  mayRead(o: MemoryObject): boolean;
  mayWrite(o: MemoryObject): boolean;
}

const maxSteps = 3_000_000;
const maxDepth = 200;
const maxBytes = 4 << 20;

const width = (type: ValueType): number => 8 * typeSize(type);

class Frame {
  readonly f: Func;
  readonly values: (Datum | readonly Datum[] | undefined)[];
  readonly args: readonly Datum[];
  readonly stackArgs: MemoryObject | null;
  readonly closure: Address;
  readonly slots: (MemoryObject | undefined)[] = [];
  readonly outs = new Map<number, MemoryObject>();

  constructor(f: Func, args: readonly Datum[], stackArgs: MemoryObject | null, closure: Address) {
    this.f = f;
    this.values = new Array<Datum | readonly Datum[] | undefined>(f.valueCount);
    this.args = args;
    this.stackArgs = stackArgs;
    this.closure = closure;
  }
}

/** Interprets functions. */
export class Evaluator {
  private readonly host: EvaluateHost;
  readonly journal: Journal = new Journal();
  private steps = 0;
  private depth = 0;
  private bytes = 0;
  private owner = "";
  /** Why the last attempt failed. */
  reason = "";

  constructor(host: EvaluateHost) {
    this.host = host;
  }

  /** Runs a function without parameters. False: nothing has happened. Objects made belong to `owner`. What was done stays if `accept` agrees. */
  run(f: Func, owner: string, accept: (journal: Journal) => boolean): boolean {
    this.steps = 0;
    this.depth = 0;
    this.bytes = 0;
    this.owner = owner;
    try {
      this.call(f, [], null, nil);
      if (!accept(this.journal)) giveUp("not accepted");
      this.journal.commit();
      return true;
    } catch (e) {
      this.journal.rollback();
      if (!(e instanceof GiveUp) && !(e instanceof RangeError)) throw e;
      this.reason = e.message;
      return false;
    }
  }

  private fresh(size: number, align: number, pointers: readonly number[]): MemoryObject {
    this.bytes += size;
    if (this.bytes > maxBytes) giveUp("too much memory");
    return new MemoryObject(NoSym, size, align, pointers, false, false, this.owner);
  }

  private call(f: Func, args: readonly Datum[], stackArgs: MemoryObject | null, closure: Address): Datum[] {
    if (++this.depth > maxDepth) giveUp("too deep");
    const frame = new Frame(f, args, stackArgs, closure);
    let b: Block = f.entry;
    let from: Block | null = null;
    let edge = 0;
    for (;;) {
      if (from !== null) this.phis(frame, b, from, edge);
      for (let i = 0; i < b.values.length; i++) {
        const v = b.values[i] as Value;
        if (f.op[v] === O.OpPhi) continue;
        if (++this.steps > maxSteps) giveUp("too many steps");
        this.value(frame, v);
      }
      from = b;
      switch (b.kind) {
        case BlockPlain:
          edge = 0;
          break;
        case BlockIf:
          edge = this.int(frame, b.controls[0] as Value) !== 0n ? 0 : 1;
          break;
        case BlockJump:
          edge = Number(this.int(frame, b.controls[0] as Value));
          break;
        case BlockRet: {
          this.depth--;
          const results: Datum[] = [];
          for (let i = 0; i + 1 < b.controls.length; i++) results.push(this.datum(frame, b.controls[i] as Value));
          return results;
        }
        case BlockFork:
          giveUp("deferred calls");
          break;
        default:
          giveUp("a function that does not return");
      }
      b = b.succs[edge] as Block;
    }
  }

  /** Phis take their values all at once. */
  private phis(frame: Frame, b: Block, from: Block, edge: number): void {
    const { f } = frame;
    if (b.values.length === 0 || f.op[b.values[0] as number] !== O.OpPhi) return;
    let nth = 0;
    for (let i = 0; i < edge; i++) if (from.succs[i] === b) nth++;
    let index = -1;
    for (let i = 0; i < b.preds.length; i++) {
      if (b.preds[i] === from && nth-- === 0) {
        index = i;
        break;
      }
    }
    const next: (Datum | readonly Datum[] | undefined)[] = [];
    let count = 0;
    for (; count < b.values.length && f.op[b.values[count] as number] === O.OpPhi; count++) {
      next.push(frame.values[f.arg(b.values[count] as Value, index)]);
    }
    for (let i = 0; i < count; i++) frame.values[b.values[i] as number] = next[i];
  }

  private datum(frame: Frame, v: Value): Datum {
    const x = frame.values[v];
    if (x === undefined || Array.isArray(x)) return giveUp(`no value for v${v}`);
    return x as Datum;
  }

  private int(frame: Frame, v: Value): bigint {
    const x = this.datum(frame, v);
    if (typeof x === "bigint") return x;
    if (x instanceof Address && x.object === null) return BigInt.asUintN(64, BigInt(x.offset));
    return giveUp("arithmetic on an address");
  }

  private signed(frame: Frame, v: Value): bigint {
    return BigInt.asIntN(width(frame.f.type[v] as number), this.int(frame, v));
  }

  private float(frame: Frame, v: Value): number {
    const x = this.datum(frame, v);
    return typeof x === "number" ? x : giveUp("not a float");
  }

  private address(frame: Frame, v: Value): Address {
    const x = this.datum(frame, v);
    if (x instanceof Address) return x;
    if (typeof x === "bigint") return x === 0n ? nil : new Address(null, Number(x));
    return giveUp("not an address");
  }

  private target(frame: Frame, v: Value, write: boolean): Address & { readonly object: MemoryObject } {
    const a = this.address(frame, v);
    if (a.object === null) giveUp("nil dereference");
    const o = a.object as MemoryObject;
    if (write ? !this.host.mayWrite(o) : !this.host.mayRead(o)) giveUp(`${write ? "write to" : "read of"} ${this.host.nameOf(o.sym)}`);
    return a as Address & { readonly object: MemoryObject };
  }

  private value(frame: Frame, v: Value): void {
    const { f, values } = frame;
    const op = f.op[v] as number;
    const type = f.type[v] as number;
    if (type === TypeMem || op === O.OpSelectMem || op === O.OpInitMem) {
      this.effect(frame, v, op);
      return;
    }
    const arg = (i: number): Value => f.arg(v, i);
    const bits = type >= TypeI8 && type <= TypeI64 ? width(type) : 0;
    const wrap = (x: bigint): bigint => BigInt.asUintN(bits, x);
    const bool = (x: boolean): bigint => (x ? 1n : 0n);
    switch (op) {
      case O.OpCopy:
        values[v] = values[arg(0)];
        return;
      case O.OpArg:
        values[v] = frame.args[f.auxInt(v)];
        return;
      case O.OpArgAddr:
        if (frame.stackArgs === null) giveUp("no stack arguments");
        values[v] = new Address(frame.stackArgs, f.auxInt(v));
        return;
      case O.OpOutArgAddr:
        values[v] = new Address(this.outArea(frame, f.aux[v] as number), f.auxInt(v));
        return;
      case O.OpClosure:
        values[v] = frame.closure;
        return;
      case O.OpSlotAddr: {
        const handle = f.aux[v] as number;
        let o = frame.slots[handle];
        if (o === undefined) {
          const s = f.slots[handle] as Slot;
          o = this.fresh(s.size, s.align, s.pointers);
          frame.slots[handle] = o;
        }
        values[v] = new Address(o, f.auxInt(v));
        return;
      }
      case O.OpSymAddr:
        values[v] = new Address(this.host.objectOf(f.aux[v] as Sym), f.auxInt(v));
        return;
      case O.OpConst:
        values[v] = type === TypePtr ? (f.auxBig(v) === 0n ? nil : new Address(null, f.auxInt(v))) : wrap(f.auxBig(v));
        return;
      case O.OpConstF:
        values[v] = floatOfBits(type, f.auxBig(v));
        return;
      case O.OpAdd:
        values[v] = wrap(this.int(frame, arg(0)) + this.int(frame, arg(1)));
        return;
      case O.OpSub:
        values[v] = wrap(this.int(frame, arg(0)) - this.int(frame, arg(1)));
        return;
      case O.OpMul:
        values[v] = wrap(this.int(frame, arg(0)) * this.int(frame, arg(1)));
        return;
      case O.OpDiv:
      case O.OpMod: {
        const y = this.signed(frame, arg(1));
        if (y === 0n) giveUp("division by zero");
        const x = this.signed(frame, arg(0));
        values[v] = wrap(op === O.OpDiv ? x / y : x % y);
        return;
      }
      case O.OpUDiv:
      case O.OpUMod: {
        const y = this.int(frame, arg(1));
        if (y === 0n) giveUp("division by zero");
        const x = this.int(frame, arg(0));
        values[v] = op === O.OpUDiv ? x / y : x % y;
        return;
      }
      case O.OpNeg:
        values[v] = wrap(-this.int(frame, arg(0)));
        return;
      case O.OpAnd:
        values[v] = this.int(frame, arg(0)) & this.int(frame, arg(1));
        return;
      case O.OpOr:
        values[v] = this.int(frame, arg(0)) | this.int(frame, arg(1));
        return;
      case O.OpXor:
        values[v] = this.int(frame, arg(0)) ^ this.int(frame, arg(1));
        return;
      case O.OpAndNot:
        values[v] = this.int(frame, arg(0)) & wrap(~this.int(frame, arg(1)));
        return;
      case O.OpNot:
        values[v] = wrap(~this.int(frame, arg(0)));
        return;
      case O.OpBoolNot:
        values[v] = this.int(frame, arg(0)) === 0n ? 1n : 0n;
        return;
      case O.OpShl:
      case O.OpShr:
      case O.OpSar: {
        const n = this.int(frame, arg(1));
        if (op === O.OpShl) values[v] = n >= BigInt(bits) ? 0n : wrap(this.int(frame, arg(0)) << n);
        else if (op === O.OpShr) values[v] = n >= BigInt(bits) ? 0n : this.int(frame, arg(0)) >> n;
        else values[v] = wrap(this.signed(frame, arg(0)) >> (n >= BigInt(bits) ? BigInt(bits - 1) : n));
        return;
      }
      case O.OpRotL: {
        const n = this.int(frame, arg(1)) % BigInt(bits);
        const x = this.int(frame, arg(0));
        values[v] = wrap((x << n) | (x >> (BigInt(bits) - n)));
        return;
      }
      case O.OpMulHi:
        values[v] = wrap((this.signed(frame, arg(0)) * this.signed(frame, arg(1))) >> BigInt(bits));
        return;
      case O.OpUMulHi:
        values[v] = (this.int(frame, arg(0)) * this.int(frame, arg(1))) >> BigInt(bits);
        return;
      case O.OpUMulLoHi: {
        const p = this.int(frame, arg(0)) * this.int(frame, arg(1));
        values[v] = [p >> 64n, BigInt.asUintN(64, p)];
        return;
      }
      case O.OpAddCarry: {
        const s = this.int(frame, arg(0)) + this.int(frame, arg(1)) + this.int(frame, arg(2));
        values[v] = [BigInt.asUintN(64, s), s >> 64n];
        return;
      }
      case O.OpSubBorrow: {
        const d = this.int(frame, arg(0)) - this.int(frame, arg(1)) - this.int(frame, arg(2));
        values[v] = [BigInt.asUintN(64, d), d < 0n ? 1n : 0n];
        return;
      }
      case O.OpCtz: {
        const x = this.int(frame, arg(0));
        const w = width(f.type[arg(0)] as number);
        let n = 0;
        while (n < w && ((x >> BigInt(n)) & 1n) === 0n) n++;
        values[v] = BigInt(n);
        return;
      }
      case O.OpBitLen:
        values[v] = BigInt(this.int(frame, arg(0)) === 0n ? 0 : this.int(frame, arg(0)).toString(2).length);
        return;
      case O.OpPopCount: {
        let n = 0n;
        for (let x = this.int(frame, arg(0)); x !== 0n; x >>= 1n) n += x & 1n;
        values[v] = n;
        return;
      }
      case O.OpByteSwap: {
        let x = this.int(frame, arg(0));
        let y = 0n;
        for (let i = 0; i < bits; i += 8) {
          y = (y << 8n) | (x & 0xffn);
          x >>= 8n;
        }
        values[v] = y;
        return;
      }
      case O.OpBitReverse: {
        let x = this.int(frame, arg(0));
        let y = 0n;
        for (let i = 0; i < bits; i++) {
          y = (y << 1n) | (x & 1n);
          x >>= 1n;
        }
        values[v] = y;
        return;
      }
      case O.OpTrunc:
        values[v] = wrap(this.int(frame, arg(0)));
        return;
      case O.OpZeroExt:
        values[v] = this.int(frame, arg(0));
        return;
      case O.OpSignExt:
        values[v] = wrap(this.signed(frame, arg(0)));
        return;
      case O.OpIntToFloat:
        values[v] = this.round(type, intToFloat(type, this.signed(frame, arg(0))));
        return;
      case O.OpUIntToFloat:
        values[v] = this.round(type, intToFloat(type, this.int(frame, arg(0))));
        return;
      case O.OpFloatToInt: {
        const x = this.float(frame, arg(0));
        if (!Number.isFinite(x) || Math.abs(x) >= 2 ** (bits - 1)) giveUp("float out of range");
        values[v] = wrap(BigInt(Math.trunc(x)));
        return;
      }
      case O.OpFloatExt:
        values[v] = this.float(frame, arg(0));
        return;
      case O.OpFloatTrunc:
        values[v] = Math.fround(this.float(frame, arg(0)));
        return;
      case O.OpBitsToFloat:
        values[v] = floatOfBits(type, this.int(frame, arg(0)));
        return;
      case O.OpFloatToBits:
        values[v] = bitsOfFloat(f.type[arg(0)] as number, this.float(frame, arg(0)));
        return;
      case O.OpFAdd:
        values[v] = this.round(type, this.float(frame, arg(0)) + this.float(frame, arg(1)));
        return;
      case O.OpFSub:
        values[v] = this.round(type, this.float(frame, arg(0)) - this.float(frame, arg(1)));
        return;
      case O.OpFMul:
        values[v] = this.round(type, this.float(frame, arg(0)) * this.float(frame, arg(1)));
        return;
      case O.OpFDiv:
        values[v] = this.round(type, this.float(frame, arg(0)) / this.float(frame, arg(1)));
        return;
      case O.OpFNeg:
        values[v] = -this.float(frame, arg(0));
        return;
      case O.OpFAbs:
        values[v] = Math.abs(this.float(frame, arg(0)));
        return;
      case O.OpFSqrt:
        values[v] = this.round(type, Math.sqrt(this.float(frame, arg(0))));
        return;
      case O.OpFRound:
        values[v] = this.float(frame, arg(0));
        return;
      case O.OpEq:
      case O.OpNe: {
        const same = this.same(this.datum(frame, arg(0)), this.datum(frame, arg(1)));
        values[v] = bool(op === O.OpEq ? same : !same);
        return;
      }
      case O.OpLt:
        values[v] = bool(this.signed(frame, arg(0)) < this.signed(frame, arg(1)));
        return;
      case O.OpLe:
        values[v] = bool(this.signed(frame, arg(0)) <= this.signed(frame, arg(1)));
        return;
      case O.OpULt:
        values[v] = bool(this.int(frame, arg(0)) < this.int(frame, arg(1)));
        return;
      case O.OpULe:
        values[v] = bool(this.int(frame, arg(0)) <= this.int(frame, arg(1)));
        return;
      case O.OpFEq:
        values[v] = bool(this.float(frame, arg(0)) === this.float(frame, arg(1)));
        return;
      case O.OpFNe:
        values[v] = bool(this.float(frame, arg(0)) !== this.float(frame, arg(1)));
        return;
      case O.OpFLt:
        values[v] = bool(this.float(frame, arg(0)) < this.float(frame, arg(1)));
        return;
      case O.OpFLe:
        values[v] = bool(this.float(frame, arg(0)) <= this.float(frame, arg(1)));
        return;
      case O.OpCondSelect:
        values[v] = this.int(frame, arg(2)) !== 0n ? values[arg(0)] : values[arg(1)];
        return;
      case O.OpAddPtr: {
        const a = this.address(frame, arg(0));
        values[v] = new Address(a.object, a.offset + Number(this.signed(frame, arg(1))));
        return;
      }
      case O.OpOffPtr: {
        const a = this.address(frame, arg(0));
        values[v] = new Address(a.object, a.offset + f.auxInt(v));
        return;
      }
      case O.OpSubPtr: {
        const a = this.address(frame, arg(0));
        const b = this.address(frame, arg(1));
        if (a.object !== b.object) giveUp("difference of addresses");
        values[v] = wrap(BigInt(a.offset - b.offset));
        return;
      }
      case O.OpPtrBits:
      case O.OpIntToPtr:
      case O.OpPtrToInt: {
        const x = this.datum(frame, arg(0));
        if (op === O.OpIntToPtr) {
          values[v] = typeof x === "bigint" ? (x === 0n ? nil : new Address(null, Number(x))) : x;
        } else {
          values[v] = x instanceof Address && x.object === null ? BigInt(x.offset) : x;
        }
        return;
      }
      case O.OpNilCheck: {
        const a = this.address(frame, arg(0));
        if (a.object === null) giveUp("nil dereference");
        values[v] = a;
        return;
      }
      case O.OpLoad: {
        const a = this.target(frame, arg(0), false);
        values[v] = load(a.object, a.offset + f.auxInt(v), type);
        return;
      }
      case O.OpNew: {
        const size = f.auxInt(v);
        const form = this.host.formOf(f.aux[v] as Sym);
        values[v] = [new Address(this.fresh(size, form?.align ?? 8, form?.pointers ?? []), 0)];
        return;
      }
      case O.OpBox: {
        const form = this.host.formOf(f.aux[v] as Sym);
        const o = this.fresh(f.auxInt(v), form?.align ?? 8, form?.pointers ?? []);
        for (let i = 0; i + 1 < (f.argCount[v] as number); i++) {
          store(this.journal, o, 8 * i, f.type[arg(i)] as number, this.datum(frame, arg(i)));
        }
        values[v] = [new Address(o, 0)];
        return;
      }
      case O.OpBuffer:
        values[v] = nil;
        return;
      case O.OpMakeSlice:
        values[v] = [this.makeSlice(this.signed(frame, arg(0)), this.signed(frame, arg(1)), f.auxInt(v), f.aux[v] as Sym)];
        return;
      case O.OpSelect: {
        const t = values[arg(0)];
        if (!Array.isArray(t)) giveUp("not a tuple");
        values[v] = (t as Datum[])[f.auxInt(v)];
        return;
      }
      case O.OpCallStatic:
        values[v] = this.staticCall(frame, v);
        return;
      case O.OpCallClosure:
        values[v] = this.closureCall(frame, v);
        return;
      case O.OpAtomicLoad: {
        const a = this.target(frame, arg(0), false);
        const size = f.auxInt(v);
        values[v] = [load(a.object, a.offset, size === 1 ? TypeI8 : size === 2 ? TypeI16 : size === 4 ? TypeI32 : TypeI64)];
        return;
      }
      default:
        giveUp(`operation ${O.opNames[op]}`);
    }
  }

  private makeSlice(len: bigint, cap: bigint, elemSize: number, type: Sym): Address {
    if (len < 0n || cap < len || cap > 1n << 24n) giveUp("length of a slice");
    const count = Number(cap);
    const form = this.host.formOf(type);
    const pointers: number[] = [];
    if (form !== null) for (let i = 0; i < count; i++) for (const w of form.pointers) pointers.push((i * elemSize) / 8 + w);
    return new Address(this.fresh(count * elemSize, form?.align ?? 8, pointers), 0);
  }

  /** Operations whose result is memory. */
  private effect(frame: Frame, v: Value, op: number): void {
    const { f } = frame;
    const arg = (i: number): Value => f.arg(v, i);
    frame.values[v] = 0n;
    switch (op) {
      case O.OpInitMem:
      case O.OpSelectMem:
      case O.OpCopy:
      case O.OpKeepAlive:
      case O.OpPrefetch:
      case O.OpPublicationBarrier:
        return;
      case O.OpStore: {
        const a = this.target(frame, arg(0), true);
        store(this.journal, a.object, a.offset + f.auxInt(v), f.type[arg(1)] as number, this.datum(frame, arg(1)));
        return;
      }
      case O.OpAtomicStore: {
        const a = this.target(frame, arg(0), true);
        store(this.journal, a.object, a.offset, f.type[arg(1)] as number, this.datum(frame, arg(1)));
        return;
      }
      case O.OpZero: {
        if (f.auxInt(v) === 0) return;
        const a = this.target(frame, arg(0), true);
        clear(this.journal, a.object, a.offset, f.auxInt(v));
        return;
      }
      case O.OpMove: {
        if (f.auxInt(v) === 0) return;
        const to = this.target(frame, arg(0), true);
        const from = this.target(frame, arg(1), false);
        copy(this.journal, to.object, to.offset, from.object, from.offset, f.auxInt(v));
        return;
      }
      default:
        giveUp(`operation ${O.opNames[op]}`);
    }
  }

  private same(a: Datum, b: Datum): boolean {
    if (typeof a === "bigint" && typeof b === "bigint") return a === b;
    const x = typeof a === "bigint" ? new Address(null, Number(a)) : a;
    const y = typeof b === "bigint" ? new Address(null, Number(b)) : b;
    if (!(x instanceof Address) || !(y instanceof Address)) return giveUp("comparison");
    if (x.object === y.object) return x.offset === y.offset;
    // Different objects: equal only if one is merged data, or of no size.
    if (x.object === null || y.object === null) return false;
    if (x.object.sym !== NoSym && y.object.sym !== NoSym && x.object.opaque && y.object.opaque) return false;
    if (x.object.bytes.length === 0 || y.object.bytes.length === 0) return giveUp("comparison of addresses");
    return false;
  }

  private round(type: ValueType, x: number): number {
    return type === TypeF32 ? Math.fround(x) : x;
  }

  private outArea(frame: Frame, handle: number): MemoryObject {
    let o = frame.outs.get(handle);
    if (o === undefined) {
      o = this.fresh((frame.f.calls[handle] as CallInfo).abi.argSize, 8, []);
      frame.outs.set(handle, o);
    }
    return o;
  }

  private argsOf(frame: Frame, v: Value, first: number): Datum[] {
    const { f } = frame;
    const args: Datum[] = [];
    for (let i = first; i + 1 < (f.argCount[v] as number); i++) args.push(this.datum(frame, f.arg(v, i)));
    return args;
  }

  private staticCall(frame: Frame, v: Value): Datum[] {
    const { f } = frame;
    const handle = f.aux[v] as number;
    const info = f.calls[handle] as CallInfo;
    const name = this.host.nameOf(info.sym);
    const args = this.argsOf(frame, v, 0);
    const known = this.knownCall(name, args);
    if (known !== null) return known;
    if (name.startsWith("runtime.")) giveUp(`call of ${name}`);
    const body = this.host.bodyOf(info.sym);
    if (body === null) return giveUp(`call of ${name}`);
    return this.call(body, args, info.abi.argSize > 0 ? this.outArea(frame, handle) : null, nil);
  }

  private closureCall(frame: Frame, v: Value): Datum[] {
    const { f } = frame;
    const handle = f.aux[v] as number;
    const info = f.calls[handle] as CallInfo;
    const closure = this.target(frame, f.arg(v, 0), false);
    let code: Sym = NoSym;
    if (closure.object.sym !== NoSym) code = this.host.codeOf(closure.object.sym);
    else {
      const word = load(closure.object, closure.offset, TypePtr);
      if (word instanceof Address && word.object !== null) code = word.object.sym;
    }
    const body = code === NoSym ? null : this.host.bodyOf(code);
    if (body === null) return giveUp("call of an unknown closure");
    return this.call(body, this.argsOf(frame, v, 1), info.abi.argSize > 0 ? this.outArea(frame, handle) : null, closure);
  }

  /** Runtime functions that are simple at compile time. */
  private knownCall(name: string, args: readonly Datum[]): Datum[] | null {
    const object = (i: number, write: boolean): { object: MemoryObject; offset: number } => {
      const a = args[i];
      if (!(a instanceof Address) || a.object === null) return giveUp("nil");
      if (write ? !this.host.mayWrite(a.object) : !this.host.mayRead(a.object)) giveUp("memory of others");
      return { object: a.object, offset: a.offset };
    };
    const int = (i: number): number => {
      const x = args[i];
      if (typeof x !== "bigint") return giveUp("not a number");
      return Number(BigInt.asIntN(64, x));
    };
    switch (name) {
      case "runtime.memmove": {
        if (int(2) === 0) return [];
        const to = object(0, true);
        const from = object(1, false);
        copy(this.journal, to.object, to.offset, from.object, from.offset, int(2));
        return [];
      }
      case "runtime.memequal": {
        const n = int(2);
        if (n === 0) return [1n];
        const p = object(0, false);
        const q = object(1, false);
        if (p.object.addresses.size > 0 || q.object.addresses.size > 0) giveUp("comparison of addresses");
        if (p.offset + n > p.object.bytes.length || q.offset + n > q.object.bytes.length) giveUp("outside an object");
        for (let i = 0; i < n; i++) if (p.object.bytes[p.offset + i] !== q.object.bytes[q.offset + i]) return [0n];
        return [1n];
      }
      case "runtime.newobject": {
        const type = args[0];
        if (!(type instanceof Address) || type.object === null) return giveUp("unknown type");
        const form = this.host.formOf(type.object.sym);
        if (form === null) return giveUp("unknown type");
        return [new Address(this.fresh(form.size, form.align, form.pointers), 0)];
      }
      case "runtime.growslice": {
        // (oldPtr, newLen, oldCap, num, et) (ptr, len, cap)
        const type = args[4];
        if (!(type instanceof Address) || type.object === null) return giveUp("unknown type");
        const form = this.host.formOf(type.object.sym);
        if (form === null || form.size === 0) return giveUp("unknown type");
        const newLen = int(1);
        const oldLen = newLen - int(3);
        const cap = Math.max(newLen, 2 * int(2));
        const p = this.makeSlice(BigInt(newLen), BigInt(cap), form.size, type.object.sym);
        if (oldLen > 0) {
          const from = object(0, false);
          copy(this.journal, p.object as MemoryObject, 0, from.object, from.offset, oldLen * form.size);
        }
        return [p, BigInt(newLen), BigInt(cap)];
      }
      default:
        return null;
    }
  }
}

function intToFloat(type: ValueType, x: bigint): number {
  if (type === TypeF32 && (x > 1n << 53n || x < -(1n << 53n))) giveUp("double rounding");
  return Number(x);
}

function floatOfBits(type: ValueType, bits: bigint): number {
  const view = new DataView(new ArrayBuffer(8));
  if (type === TypeF32) {
    view.setUint32(0, Number(BigInt.asUintN(32, bits)));
    return view.getFloat32(0);
  }
  view.setBigUint64(0, BigInt.asUintN(64, bits));
  return view.getFloat64(0);
}

function bitsOfFloat(type: ValueType, x: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  if (Number.isNaN(x)) giveUp("bits of not a number");
  if (type === TypeF32) {
    view.setFloat32(0, x);
    return BigInt(view.getUint32(0));
  }
  view.setFloat64(0, x);
  return view.getBigUint64(0);
}
