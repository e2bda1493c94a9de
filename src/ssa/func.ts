// SSA functions. Values are rows in columns (typed arrays) addressed by integer handles: building, walking and sending them to
// workers costs no objects. Blocks are few and are objects. Index 0 is "none" for both.

import type { Pos } from "../base/pos.ts";
import type { AbiInfo } from "./abi.ts";
import type { InlinedCall } from "./object.ts";
import type { Sym } from "./symbol.ts";
import type { ValueType } from "./types.ts";

/** A handle for a value of a function; 0 is none. */
export type Value = number & { readonly __value: unique symbol };
export const NoValue = 0 as Value;

// Kinds of block.
export const BlockPlain = 1; // one successor
export const BlockIf = 2; // controls[0] is a boolean; succs: [true, false]
export const BlockJump = 3; // controls[0] is an i64 index < succs.length: jump table
export const BlockRet = 4; // controls: the register-passed result components in order, then memory
export const BlockExit = 5; // controls[0] is memory; control never gets past the block's last call
export const BlockFork = 6; // succs: [body, defer landing]; taken to the landing only by the runtime; no register survives
/** Architecture-specific kinds start here (conditional branches on flags). */
export const BlockArch = 16;

/** What is known about a branch. */
export const LikelyUnknown = 0;
export const LikelyTrue = 1;
export const LikelyFalse = -1;

/** A basic block. */
export class Block {
  readonly id: number;
  kind: number;
  /** Values in order of execution once scheduled; before that only phis and `control` values have a meaning in their order. */
  values: Value[];
  controls: Value[];
  succs: Block[];
  /** preds[i] corresponds to argument i of the phis. One entry per edge: a block may appear twice. */
  preds: Block[];
  likely: number;
  /** Cold code (panics, slow paths) is laid out behind the rest. */
  cold: boolean;
  pos: Pos;
  /** auxInt of architecture-specific blocks. */
  aux: number;

  constructor(id: number, kind: number, pos: Pos) {
    this.id = id;
    this.kind = kind;
    this.values = [];
    this.controls = [];
    this.succs = [];
    this.preds = [];
    this.likely = LikelyUnknown;
    this.cold = false;
    this.pos = pos;
    this.aux = 0;
  }
}

/** A place in the frame: a variable or temporary that lives in memory. */
export class Slot {
  readonly name: string;
  size: number;
  align: number;
  /** Ascending word indexes that hold pointers. */
  pointers: readonly number[];
  /**
   * Deferred calls or the landing may read it at any call or fault: stores to it are never dead or moved across one,
   * and loads after one are never forwarded.
   */
  exposed: boolean;
  /** Its address may be stored or passed on. */
  escapes: boolean;

  constructor(name: string, size: number, align: number, pointers: readonly number[]) {
    this.name = name;
    this.size = size;
    this.align = align;
    this.pointers = pointers;
    this.exposed = false;
    this.escapes = false;
  }
}

/** What a call op's aux names. */
export class CallInfo {
  /** The callee of CallStatic, NoSym otherwise. */
  sym: Sym;
  readonly abi: AbiInfo;
  /** Types of the register-passed components, in the order of the op's arguments (without closure/code pointer and memory). */
  readonly argTypes: readonly ValueType[];
  /** Register of each (AbiSlot numbering). */
  readonly argRegisters: readonly number[];
  /** Types and registers of the register-passed result components: Select index i. */
  readonly resultTypes: readonly ValueType[];
  readonly resultRegisters: readonly number[];
  /** Never comes back (panics). The block ends with it, kind BlockExit. */
  readonly noReturn: boolean;
  /** Of a call that copies memory: there are no pointers in it. */
  pointerFree: boolean = false;

  constructor(sym: Sym, abi: AbiInfo, noReturn: boolean) {
    this.sym = sym;
    this.abi = abi;
    this.noReturn = noReturn;
    const { inputs, outputs } = abi;
    this.argTypes = inputs.types;
    this.argRegisters = inputs.registers;
    this.resultTypes = outputs.types;
    this.resultRegisters = outputs.registers;
  }

  /** The same call of another function. */
  to(sym: Sym): CallInfo {
    const call = new CallInfo(sym, this.abi, this.noReturn);
    call.pointerFree = this.pointerFree;
    return call;
  }
}

// Properties of functions.
export const FnNoSplit = 1; // no stack check
export const FnNoInline = 2;
export const FnWrapper = 4;
export const FnTopFrame = 8;
export const FnHasDefer = 16; // has a Fork block at entry; results live in exposed slots or on the stack
export const FnUsesClosure = 32; // reads the context register
export const FnSystemStack = 64; // runs on the system stack
export const FnNoEscape = 128; // //go:noescape
export const FnHidden = 256; // compiler-made (hash, equal): not in tracebacks
export const FnNoPoll = 512; // loops get no preemption poll (runtime)

/** Room of a new function. Half of all functions have fewer than 32 values. */
const initialValues = 32;
/** Words of arguments for each value. */
const poolShare = 2;
/** Bytes of a row: eight columns of 4 bytes, two of 2, one of 1; aligned by the order of the columns. */
const rowBytes = 8 * 4 + 2 * 2 + 1;

/** One function in SSA form. */
export class Func {
  readonly sym: Sym;
  /** As tracebacks print it. */
  readonly name: string;
  readonly pos: Pos;
  flags: number;
  /** How this function is called. */
  readonly abi: AbiInfo;
  /** The function's own signature in the form of a call: parameter components (Arg's index) and result components. */
  readonly self: CallInfo;

  // Columns, by value: views of one buffer.
  op!: Uint16Array;
  type!: Uint8Array;
  /** Place and number of the arguments in `pool`. */
  argStart!: Int32Array;
  argCount!: Uint16Array;
  /** 64-bit auxiliary integer: low and high half, both signed. */
  auxLo!: Int32Array;
  auxHi!: Int32Array;
  /** Sym, slot or call handle, by the op. */
  aux!: Int32Array;
  pos_!: Int32Array;
  /** Index into `inlined`. */
  inl!: Int32Array;
  /** Id of the block that holds the value; 0: none (dead). */
  block!: Int32Array;
  /** Number of uses by values and block controls. Kept by the methods below. */
  uses!: Int32Array;
  /** Values made so far, plus one. */
  valueCount = 1;

  pool: Int32Array;
  poolUsed = 0;

  /** By id; index 0 is unused. Dead blocks are null. */
  readonly blocks: (Block | null)[] = [null];
  entry: Block;
  readonly slots: (Slot | null)[] = [null];
  readonly calls: (CallInfo | null)[] = [null];
  readonly inlined: (InlinedCall | null)[] = [null];
  /** The blocks in layout order, once that is decided. */
  layout: Block[] | null = null;

  constructor(sym: Sym, name: string, pos: Pos, abi: AbiInfo, self: CallInfo, flags: number) {
    this.sym = sym;
    this.name = name;
    this.pos = pos;
    this.abi = abi;
    this.self = self;
    this.flags = flags;
    // The pool comes first: it is replaced when it is full, alone.
    const buffer = new ArrayBuffer(initialValues * (rowBytes + 4 * poolShare));
    this.pool = new Int32Array(buffer, 0, poolShare * initialValues);
    this.columns(buffer, initialValues, 4 * poolShare * initialValues);
    this.entry = this.newBlock(BlockPlain, pos);
  }

  newBlock(kind: number, pos: Pos): Block {
    const b = new Block(this.blocks.length, kind, pos);
    this.blocks.push(b);
    return b;
  }

  newSlot(name: string, size: number, align: number, pointers: readonly number[]): number {
    this.slots.push(new Slot(name, size, align, pointers));
    return this.slots.length - 1;
  }

  addCall(call: CallInfo): number {
    this.calls.push(call);
    return this.calls.length - 1;
  }

  addInlined(call: InlinedCall): number {
    this.inlined.push(call);
    return this.inlined.length - 1;
  }

  /** Makes a value that no block holds yet. */
  make(op: number, type: ValueType, pos: Pos, inl: number): Value {
    const v = this.valueCount++;
    if (v === this.op.length) this.grow();
    this.op[v] = op;
    this.type[v] = type;
    this.pos_[v] = pos;
    this.inl[v] = inl;
    return v as Value;
  }

  /** Makes a value at the end of a block. */
  append(b: Block, op: number, type: ValueType, pos: Pos, inl: number): Value {
    const v = this.make(op, type, pos, inl);
    this.block[v] = b.id;
    b.values.push(v);
    return v;
  }

  value0(b: Block, op: number, type: ValueType, pos: Pos, inl = 0): Value {
    return this.append(b, op, type, pos, inl);
  }

  value1(b: Block, op: number, type: ValueType, pos: Pos, x: Value, inl = 0): Value {
    const v = this.append(b, op, type, pos, inl);
    this.reserveArgs(v, 1);
    this.firstArg(v, 0, x);
    return v;
  }

  value2(b: Block, op: number, type: ValueType, pos: Pos, x: Value, y: Value, inl = 0): Value {
    const v = this.append(b, op, type, pos, inl);
    this.reserveArgs(v, 2);
    this.firstArg(v, 0, x);
    this.firstArg(v, 1, y);
    return v;
  }

  value3(b: Block, op: number, type: ValueType, pos: Pos, x: Value, y: Value, z: Value, inl = 0): Value {
    const v = this.append(b, op, type, pos, inl);
    this.reserveArgs(v, 3);
    this.firstArg(v, 0, x);
    this.firstArg(v, 1, y);
    this.firstArg(v, 2, z);
    return v;
  }

  valueN(b: Block, op: number, type: ValueType, pos: Pos, args: readonly Value[], inl = 0): Value {
    const v = this.append(b, op, type, pos, inl);
    this.setArgs(v, args);
    return v;
  }

  arg(v: Value, i: number): Value {
    return this.pool[(this.argStart[v] as number) + i] as Value;
  }

  args(v: Value): Value[] {
    const start = this.argStart[v] as number;
    return Array.from(this.pool.subarray(start, start + (this.argCount[v] as number))) as Value[];
  }

  setArg(v: Value, i: number, x: Value): void {
    const at = (this.argStart[v] as number) + i;
    const old = this.pool[at] as number;
    if (old !== 0) this.uses[old]!--;
    this.pool[at] = x;
    this.uses[x]!++;
  }

  /** Replaces all arguments. */
  setArgs(v: Value, args: readonly Value[]): void {
    for (let i = 0; i < args.length; i++) this.uses[args[i] as number]!++;
    this.dropArgs(v);
    this.reserveArgs(v, args.length);
    const start = this.argStart[v] as number;
    for (let i = 0; i < args.length; i++) this.pool[start + i] = args[i] as number;
  }

  /** Gives a value without arguments those of a value of another function, by a table from that one's values to this one's. */
  setMappedArgs(v: Value, g: Func, from: Value, map: Int32Array): void {
    const count = g.argCount[from] as number;
    const start = g.argStart[from] as number;
    this.reserveArgs(v, count);
    const at = this.argStart[v] as number;
    for (let i = 0; i < count; i++) {
      const x = map[g.pool[start + i] as number] as number;
      this.pool[at + i] = x;
      this.uses[x]!++;
    }
  }

  addArg(v: Value, x: Value): void {
    const count = this.argCount[v] as number;
    const start = this.argStart[v] as number;
    if (start + count === this.poolUsed && this.poolUsed < this.pool.length) {
      this.poolUsed++;
    } else {
      const old = this.pool.slice(start, start + count);
      this.reserveArgs(v, count + 1);
      this.pool.set(old, this.argStart[v] as number);
    }
    this.argCount[v] = count + 1;
    this.firstArg(v, count, x);
  }

  dropArgs(v: Value): void {
    const start = this.argStart[v] as number;
    const count = this.argCount[v] as number;
    for (let i = 0; i < count; i++) this.uses[this.pool[start + i] as number]!--;
    this.argCount[v] = 0;
  }

  /** Turns a value into another one in place, without arguments yet; aux fields are cleared. Type and block stay. */
  reset(v: Value, op: number): void {
    this.dropArgs(v);
    this.op[v] = op;
    this.auxLo[v] = 0;
    this.auxHi[v] = 0;
    this.aux[v] = 0;
  }

  /** Turns a value into a copy of another. */
  copyOf(v: Value, x: Value): void {
    this.reset(v, OpCopyNumber);
    this.addArg(v, x);
  }

  setAuxInt(v: Value, value: number): void {
    // Safe integers only; constants beyond 2^53 use setAuxBig.
    this.auxLo[v] = value | 0;
    this.auxHi[v] = Math.floor(value / 4294967296) | 0;
  }

  setAuxBig(v: Value, value: bigint): void {
    this.auxLo[v] = Number(BigInt.asIntN(32, value));
    this.auxHi[v] = Number(BigInt.asIntN(32, value >> 32n));
  }

  /** The auxiliary integer as a number; exact within +-2^53. */
  auxInt(v: Value): number {
    return (this.auxHi[v] as number) * 4294967296 + ((this.auxLo[v] as number) >>> 0);
  }

  auxBig(v: Value): bigint {
    return (BigInt(this.auxHi[v] as number) << 32n) | BigInt((this.auxLo[v] as number) >>> 0);
  }

  blockOf(v: Value): Block {
    return this.blocks[this.block[v] as number] as Block;
  }

  addControl(b: Block, v: Value): void {
    if (b.controls.length === 0) b.controls = [v];
    else b.controls.push(v);
    this.uses[v]!++;
  }

  setControl(b: Block, i: number, v: Value): void {
    this.uses[b.controls[i] as number]!--;
    b.controls[i] = v;
    this.uses[v]!++;
  }

  clearControls(b: Block): void {
    for (let i = 0; i < b.controls.length; i++) this.uses[b.controls[i] as number]!--;
    b.controls.length = 0;
  }

  /** Adds an edge; the successor's phis need an argument for it, added by the caller. */
  addEdge(from: Block, to: Block): void {
    // A push to an empty list makes room for 17.
    if (from.succs.length === 0) from.succs = [to];
    else if (from.succs.length === 1) from.succs = [from.succs[0], to];
    else from.succs.push(to);
    if (to.preds.length === 0) to.preds = [from];
    else if (to.preds.length === 1) to.preds = [to.preds[0], from];
    else to.preds.push(from);
  }

  /** Makes room for values, as many as there will be with those that are there. */
  reserve(values: number): void {
    while (this.op.length <= values) this.grow();
  }

  /** Gives a new value room for arguments, which `firstArg` sets. */
  newArgs(v: Value, count: number): void {
    this.reserveArgs(v, count);
  }

  /** Sets an argument that has not been set. */
  firstArg(v: Value, i: number, x: Value): void {
    this.pool[(this.argStart[v] as number) + i] = x;
    this.uses[x]!++;
  }

  private reserveArgs(v: Value, count: number): void {
    while (this.poolUsed + count > this.pool.length) {
      const bigger = new Int32Array(2 * this.pool.length);
      bigger.set(this.pool);
      this.pool = bigger;
    }
    this.argStart[v] = this.poolUsed;
    this.argCount[v] = count;
    for (let i = 0; i < count; i++) this.pool[this.poolUsed + i] = 0;
    this.poolUsed += count;
  }

  private grow(): void {
    const { op, type, argStart, argCount, auxLo, auxHi, aux, pos_, inl, block, uses } = this;
    const size = (op.length < 512 ? 4 : 2) * op.length;
    this.columns(new ArrayBuffer(size * rowBytes), size, 0);
    this.op.set(op);
    this.type.set(type);
    this.argStart.set(argStart);
    this.argCount.set(argCount);
    this.auxLo.set(auxLo);
    this.auxHi.set(auxHi);
    this.aux.set(aux);
    this.pos_.set(pos_);
    this.inl.set(inl);
    this.block.set(block);
    this.uses.set(uses);
  }

  /** Makes the columns views of a buffer, from a place on. */
  private columns(buffer: ArrayBuffer, size: number, start: number): void {
    const step = 4 * size;
    this.argStart = new Int32Array(buffer, start, size);
    this.auxLo = new Int32Array(buffer, start + step, size);
    this.auxHi = new Int32Array(buffer, start + 2 * step, size);
    this.aux = new Int32Array(buffer, start + 3 * step, size);
    this.pos_ = new Int32Array(buffer, start + 4 * step, size);
    this.inl = new Int32Array(buffer, start + 5 * step, size);
    this.block = new Int32Array(buffer, start + 6 * step, size);
    this.uses = new Int32Array(buffer, start + 7 * step, size);
    this.op = new Uint16Array(buffer, start + 8 * step, size);
    this.argCount = new Uint16Array(buffer, start + 8 * step + 2 * size, size);
    this.type = new Uint8Array(buffer, start + 9 * step, size);
  }
}

/** Copy is row 2 of ops.table (a test holds this). */
const OpCopyNumber = 2;
