// Builds the SSA form of one body while its statements are walked: the current block, variables that are values, memory, calls. Variables follow
// Braun, Buchwald, Hack and others, "Simple and Efficient Construction of Static Single Assignment Form": each block knows the
// current value of the variables written in it; others are asked of its predecessors, with phis where they meet.

import type { Pos } from "../base/pos.ts";
import { type Block, BlockExit, BlockFork, BlockIf, BlockPlain, BlockRet, type Func, LikelyUnknown, type Value } from "../ssa/func.ts";
import {
  OpAddPtr,
  OpArgAddr,
  OpConst,
  OpConstF,
  OpIntToPtr,
  OpLoad,
  OpMove,
  OpNilCheck,
  OpOffPtr,
  OpPhi,
  OpPtrBits,
  OpSlotAddr,
  OpStore,
  OpSymAddr,
  OpZero,
} from "../ssa/ops.gen.ts";
import { removeUnreachable } from "../ssa/edit.ts";
import type { Sym } from "../ssa/symbol.ts";
import { isFloat, TypeF32, TypeI64, TypeMem, TypePtr, type ValueType } from "../ssa/types.ts";

/** A variable during construction: memory is number 0, scalar parts of Go variables follow. */
export type Variable = number;
export const MemoryVariable: Variable = 0;

/** The SSA under construction. `block` is always a block that takes values; unreachable code goes to blocks without predecessors. */
export class Builder {
  readonly f: Func;
  block: Block;
  pos: Pos;
  private readonly types: ValueType[] = [TypeMem];
  /** By block id: current values of variables. */
  private readonly defs: (Map<Variable, Value> | undefined)[] = [];
  /** By block id: phis that wait for the block's predecessors. */
  private readonly waiting: (Map<Variable, Value> | undefined)[] = [];
  private readonly sealed: boolean[] = [];

  constructor(f: Func, pos: Pos) {
    this.f = f;
    this.block = f.entry;
    this.pos = pos;
    this.sealed[f.entry.id] = true;
  }

  // Values.

  op0(op: number, type: ValueType): Value {
    return this.f.value0(this.block, op, type, this.pos);
  }

  op1(op: number, type: ValueType, x: Value): Value {
    return this.f.value1(this.block, op, type, this.pos, x);
  }

  op2(op: number, type: ValueType, x: Value, y: Value): Value {
    return this.f.value2(this.block, op, type, this.pos, x, y);
  }

  op3(op: number, type: ValueType, x: Value, y: Value, z: Value): Value {
    return this.f.value3(this.block, op, type, this.pos, x, y, z);
  }

  opN(op: number, type: ValueType, args: readonly Value[]): Value {
    return this.f.valueN(this.block, op, type, this.pos, args);
  }

  int(value: number, type: ValueType = TypeI64): Value {
    const v = this.op0(OpConst, type);
    this.f.setAuxInt(v, value);
    return v;
  }

  big(value: bigint, type: ValueType = TypeI64): Value {
    const v = this.op0(OpConst, type);
    this.f.setAuxBig(v, value);
    return v;
  }

  nil(): Value {
    return this.op0(OpConst, TypePtr);
  }

  float(value: number, type: ValueType): Value {
    const v = this.op0(OpConstF, type);
    const bytes = new DataView(new ArrayBuffer(8));
    if (type === TypeF32) {
      bytes.setFloat32(0, value);
      this.f.setAuxBig(v, BigInt(bytes.getUint32(0)));
    } else {
      bytes.setFloat64(0, value);
      this.f.setAuxBig(v, bytes.getBigInt64(0));
    }
    return v;
  }

  /** The zero of a scalar type. */
  zeroOf(type: ValueType): Value {
    return this.op0(isFloat(type) ? OpConstF : OpConst, type);
  }

  symbol(sym: Sym): Value {
    const v = this.op0(OpSymAddr, TypePtr);
    this.f.aux[v] = sym;
    return v;
  }

  /** The address of a symbol as an integer (type words, itabs, code). */
  symbolBits(sym: Sym): Value {
    return this.op1(OpPtrBits, TypeI64, this.symbol(sym));
  }

  slot(slot: number): Value {
    const v = this.op0(OpSlotAddr, TypePtr);
    this.f.aux[v] = slot;
    return v;
  }

  argAddr(offset: number): Value {
    const v = this.op0(OpArgAddr, TypePtr);
    this.f.setAuxInt(v, offset);
    return v;
  }

  offset(p: Value, offset: number): Value {
    if (offset === 0) return p;
    const v = this.op1(OpOffPtr, TypePtr, p);
    this.f.setAuxInt(v, offset);
    return v;
  }

  addPtr(p: Value, n: Value): Value {
    return this.op2(OpAddPtr, TypePtr, p, n);
  }

  /** An operation that takes a constant in auxInt. */
  opInt1(op: number, type: ValueType, x: Value, n: number): Value {
    const v = this.op1(op, type, x);
    this.f.setAuxInt(v, n);
    return v;
  }

  load(type: ValueType, p: Value, offset = 0): Value {
    const v = this.op2(OpLoad, type, p, this.mem);
    if (offset !== 0) this.f.setAuxInt(v, offset);
    return v;
  }

  store(p: Value, offset: number, x: Value): void {
    const v = this.op3(OpStore, TypeMem, p, x, this.mem);
    if (offset !== 0) this.f.setAuxInt(v, offset);
    this.mem = v;
  }

  move(to: Value, from: Value, size: number, type: Sym): void {
    if (size === 0) return;
    const v = this.op3(OpMove, TypeMem, to, from, this.mem);
    this.f.setAuxInt(v, size);
    this.f.aux[v] = type;
    this.mem = v;
  }

  zero(p: Value, size: number, type: Sym): void {
    if (size === 0) return;
    const v = this.op2(OpZero, TypeMem, p, this.mem);
    this.f.setAuxInt(v, size);
    this.f.aux[v] = type;
    this.mem = v;
  }

  nilCheck(p: Value): Value {
    return this.op2(OpNilCheck, TypePtr, p, this.mem);
  }

  /** A word that is known to be an address (a type word, an itab) as a pointer. */
  pointerOf(word: Value): Value {
    return this.op2(OpIntToPtr, TypePtr, word, this.mem);
  }

  // Blocks. A block is sealed when all its predecessors are known.

  newBlock(): Block {
    return this.f.newBlock(BlockPlain, this.pos);
  }

  /** Goes on in a block. */
  start(b: Block): void {
    this.block = b;
    b.pos = this.pos;
  }

  /** Goes on in a block to which no further edge will be added. */
  startSealed(b: Block): void {
    this.seal(b);
    this.start(b);
  }

  seal(b: Block): void {
    if (this.sealed[b.id] === true) return;
    this.sealed[b.id] = true;
    const waiting = this.waiting[b.id];
    if (waiting === undefined) return;
    this.waiting[b.id] = undefined;
    for (const [variable, phi] of waiting) this.fillPhi(b, variable, phi);
  }

  /** Whether the current block can be reached as far as known (a label's block may still get edges). */
  get live(): boolean {
    const b = this.block;
    return b === this.f.entry || b.preds.length > 0 || this.sealed[b.id] !== true;
  }

  jump(to: Block): void {
    this.block.kind = BlockPlain;
    this.f.addEdge(this.block, to);
    this.dead();
  }

  branch(condition: Value, yes: Block, no: Block, likely: number = LikelyUnknown): void {
    const b = this.block;
    b.kind = BlockIf;
    b.pos = this.pos;
    b.likely = likely;
    this.f.addControl(b, condition);
    this.f.addEdge(b, yes);
    this.f.addEdge(b, no);
    this.dead();
  }

  fork(body: Block, landing: Block): void {
    this.block.kind = BlockFork;
    this.f.addEdge(this.block, body);
    this.f.addEdge(this.block, landing);
    this.dead();
  }

  /** Ends the block after a call that never comes back. */
  exit(): void {
    const b = this.block;
    b.kind = BlockExit;
    this.f.addControl(b, this.mem);
    this.dead();
  }

  ret(values: readonly Value[]): void {
    const b = this.block;
    b.kind = BlockRet;
    b.pos = this.pos;
    for (let i = 0; i < values.length; i++) this.f.addControl(b, values[i] as Value);
    this.f.addControl(b, this.mem);
    this.dead();
  }

  /** What follows a jump is unreachable until a block is started. */
  private dead(): void {
    const b = this.newBlock();
    this.sealed[b.id] = true;
    this.block = b;
  }

  /** Removes what is unreachable, and phis that join one value only. */
  finish(): void {
    const { f } = this;
    if (this.block.kind === BlockPlain && this.block.succs.length === 0) {
      this.block.kind = BlockExit;
      f.addControl(this.block, this.mem);
    }
    for (const b of f.blocks) {
      if (b === null) continue;
      if (this.sealed[b.id] !== true) this.seal(b);
    }
    for (const b of f.blocks) {
      if (b === null || b.kind !== BlockPlain || b.succs.length > 0) continue;
      b.kind = BlockExit;
      f.addControl(b, this.readIn(b, MemoryVariable));
    }
    removeUnreachable(f);
    this.removePhis();
  }

  private removePhis(): void {
    const { f } = this;
    const phis: Value[] = [];
    for (let k = 0; k < f.blocks.length; k++) {
      const b = f.blocks[k];
      if (b === null || b === undefined) continue;
      for (let i = 0; i < b.values.length && f.op[b.values[i] as number] === OpPhi; i++) phis.push(b.values[i] as Value);
    }
    if (phis.length === 0) return;
    const target = new Int32Array(f.valueCount);
    const resolve = (v: number): number => {
      while ((target[v] as number) !== 0) v = target[v] as number;
      return v;
    };
    let changed = true;
    let any = false;
    while (changed) {
      changed = false;
      for (const phi of phis) {
        if (target[phi] !== 0) continue;
        let same = 0;
        let trivial = true;
        const n = f.argCount[phi] as number;
        for (let i = 0; i < n; i++) {
          const a = resolve(f.arg(phi, i));
          if (a === phi || a === same) continue;
          if (same !== 0) {
            trivial = false;
            break;
          }
          same = a;
        }
        if (trivial && same !== 0) {
          target[phi] = same;
          changed = true;
          any = true;
        }
      }
    }
    if (!any) return;
    for (const b of f.blocks) {
      if (b === null) continue;
      for (const v of b.values) {
        if (target[v] !== 0) continue;
        const n = f.argCount[v] as number;
        for (let i = 0; i < n; i++) {
          const a = f.arg(v, i);
          if (target[a] !== 0) f.setArg(v, i, resolve(a) as Value);
        }
      }
      for (let i = 0; i < b.controls.length; i++) {
        const c = b.controls[i] as Value;
        if (target[c] !== 0) f.setControl(b, i, resolve(c) as Value);
      }
    }
    for (const b of f.blocks) {
      if (b === null) continue;
      let removed = false;
      for (const v of b.values) {
        if (target[v] === 0) continue;
        f.dropArgs(v);
        f.block[v] = 0;
        removed = true;
      }
      if (removed) b.values = b.values.filter((v) => target[v] === 0);
    }
  }

  // Variables.

  newVariable(type: ValueType): Variable {
    this.types.push(type);
    return this.types.length - 1;
  }

  write(variable: Variable, value: Value): void {
    this.writeIn(this.block, variable, value);
  }

  read(variable: Variable): Value {
    return this.readIn(this.block, variable);
  }

  get mem(): Value {
    return this.read(MemoryVariable);
  }

  set mem(value: Value) {
    this.write(MemoryVariable, value);
  }

  private writeIn(b: Block, variable: Variable, value: Value): void {
    let map = this.defs[b.id];
    if (map === undefined) {
      map = new Map();
      this.defs[b.id] = map;
    }
    map.set(variable, value);
  }

  private readIn(start: Block, variable: Variable): Value {
    // Chains of single predecessors are walked, not recursed.
    const path: Block[] = [];
    let b = start;
    let value: Value;
    for (;;) {
      const known = this.defs[b.id]?.get(variable);
      if (known !== undefined) {
        value = known;
        break;
      }
      path.push(b);
      if (this.sealed[b.id] !== true) {
        value = this.phi(b, variable);
        let map = this.waiting[b.id];
        if (map === undefined) {
          map = new Map();
          this.waiting[b.id] = map;
        }
        map.set(variable, value);
        break;
      }
      if (b.preds.length === 0) {
        value = this.undefinedValue(b, variable);
        break;
      }
      if (b.preds.length === 1) {
        b = b.preds[0] as Block;
        continue;
      }
      value = this.phi(b, variable);
      this.writeIn(b, variable, value);
      this.fillPhi(b, variable, value);
      break;
    }
    for (let i = 0; i < path.length; i++) this.writeIn(path[i] as Block, variable, value);
    return value;
  }

  private phi(b: Block, variable: Variable): Value {
    const { f } = this;
    const v = f.make(OpPhi, this.types[variable] as ValueType, this.pos, 0);
    f.block[v] = b.id;
    let i = 0;
    while (i < b.values.length && f.op[b.values[i] as number] === OpPhi) i++;
    b.values.splice(i, 0, v);
    return v;
  }

  private fillPhi(b: Block, variable: Variable, phi: Value): void {
    if (b.preds.length === 0) {
      // A label that nobody jumps to: the phi stands in unreachable code.
      this.f.setArgs(phi, []);
      return;
    }
    const args: Value[] = [];
    for (let i = 0; i < b.preds.length; i++) args.push(this.readIn(b.preds[i] as Block, variable));
    this.f.setArgs(phi, args);
  }

  /** A variable read where nothing can have written it: unreachable code. */
  private undefinedValue(b: Block, variable: Variable): Value {
    const type = this.types[variable] as ValueType;
    const { f } = this;
    if (type === TypeMem) {
      // Unreachable blocks hang on the entry's memory, which dominates nothing they could spoil.
      return this.readIn(f.entry, MemoryVariable);
    }
    const v = f.make(isFloat(type) ? OpConstF : OpConst, type, this.pos, 0);
    f.block[v] = b.id;
    let i = 0;
    while (i < b.values.length && f.op[b.values[i] as number] === OpPhi) i++;
    b.values.splice(i, 0, v);
    return v;
  }
}
