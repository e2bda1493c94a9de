// Writes small straight functions: wrappers, equality and hash functions, initialisers. Values of Go types are handled as operands:
// their scalar parts, or the address of their memory form; calls take operands and give operands, and the calling convention is
// applied here.

import { NoPos } from "../base/pos.ts";
import type { AbiInfo, AbiSlot, AbiType } from "../ssa/abi.ts";
import { type Block, BlockExit, BlockIf, BlockPlain, BlockRet, CallInfo, Func, LikelyFalse, LikelyTrue, type Value } from "../ssa/func.ts";
import {
  OpArg,
  OpArgAddr,
  OpCallClosure,
  OpCallInter,
  OpCallStatic,
  OpConst,
  OpInitMem,
  OpLoad,
  OpMove,
  OpOffPtr,
  OpOutArgAddr,
  OpSelect,
  OpSelectMem,
  OpStore,
  OpSymAddr,
} from "../ssa/ops.gen.ts";
import { NoSym, type Sym } from "../ssa/symbol.ts";
import { TypeI64, TypeMem, TypePtr, TypeTuple, type ValueType } from "../ssa/types.ts";

/** A value of a Go type: its parts in registers, or where it is in memory. */
export interface Operand {
  readonly parts: readonly Value[] | null;
  readonly address: Value;
  readonly type: AbiType;
}

/** A function under construction, with a current block and memory. */
export class Emitter {
  readonly f: Func;
  block: Block;
  mem: Value;
  private readonly args: Value[];

  constructor(sym: Sym, name: string, abi: AbiInfo, flags: number) {
    const f = new Func(sym, name, NoPos, abi, new CallInfo(sym, abi, false), flags);
    this.f = f;
    this.block = f.entry;
    this.mem = f.value0(f.entry, OpInitMem, TypeMem, NoPos);
    this.args = [];
    const types = f.self.argTypes;
    for (let i = 0; i < types.length; i++) {
      const v = f.value0(f.entry, OpArg, types[i] as ValueType, NoPos);
      f.setAuxInt(v, i);
      this.args.push(v);
    }
  }

  /** The parameter of an index as an operand. */
  param(index: number): Operand {
    let first = 0;
    for (let i = 0; i < index; i++) first += (this.f.abi.params[i] as AbiSlot).registers?.length ?? 0;
    const slot = this.f.abi.params[index] as AbiSlot;
    if (slot.registers !== null) {
      return { parts: this.args.slice(first, first + slot.registers.length), address: 0 as Value, type: slot.type };
    }
    const address = this.value0(OpArgAddr, TypePtr);
    this.f.setAuxInt(address, slot.stackOffset);
    return { parts: null, address, type: slot.type };
  }

  value0(op: number, type: ValueType): Value {
    return this.f.value0(this.block, op, type, NoPos);
  }

  value1(op: number, type: ValueType, x: Value): Value {
    return this.f.value1(this.block, op, type, NoPos, x);
  }

  value2(op: number, type: ValueType, x: Value, y: Value): Value {
    return this.f.value2(this.block, op, type, NoPos, x, y);
  }

  int(value: number, type: ValueType = TypeI64): Value {
    const v = this.value0(OpConst, type);
    this.f.setAuxInt(v, value);
    return v;
  }

  symbol(sym: Sym): Value {
    const v = this.value0(OpSymAddr, TypePtr);
    this.f.aux[v] = sym;
    return v;
  }

  offset(p: Value, offset: number): Value {
    if (offset === 0) return p;
    const v = this.value1(OpOffPtr, TypePtr, p);
    this.f.setAuxInt(v, offset);
    return v;
  }

  load(type: ValueType, p: Value, offset: number): Value {
    const v = this.value2(OpLoad, type, p, this.mem);
    this.f.setAuxInt(v, offset);
    return v;
  }

  store(p: Value, offset: number, x: Value): void {
    const v = this.f.value3(this.block, OpStore, TypeMem, NoPos, p, x, this.mem);
    this.f.setAuxInt(v, offset);
    this.mem = v;
  }

  move(to: Value, from: Value, size: number): void {
    if (size === 0) return;
    const v = this.f.value3(this.block, OpMove, TypeMem, NoPos, to, from, this.mem);
    this.f.setAuxInt(v, size);
    this.mem = v;
  }

  /** A value in memory. */
  at(type: AbiType, address: Value): Operand {
    return { parts: null, address, type };
  }

  of(type: AbiType, parts: readonly Value[]): Operand {
    return { parts, address: 0 as Value, type };
  }

  /** The scalar parts of an operand, loaded if need be. */
  parts(x: Operand): readonly Value[] {
    if (x.parts !== null) return x.parts;
    return x.type.components.map((c) => this.load(c.type, x.address, c.offset));
  }

  /** Writes an operand to memory. */
  put(x: Operand, address: Value): void {
    if (x.parts === null) {
      this.move(address, x.address, x.type.size);
      return;
    }
    for (let i = 0; i < x.parts.length; i++) {
      this.store(address, (x.type.components[i] as { offset: number }).offset, x.parts[i] as Value);
    }
  }

  /** A call of a known function. */
  callStatic(sym: Sym, abi: AbiInfo, args: readonly Operand[], noReturn = false): Operand[] {
    return this.call(OpCallStatic, sym, [], abi, args, noReturn);
  }

  /** A call through a code pointer (i64). */
  callCode(code: Value, abi: AbiInfo, args: readonly Operand[]): Operand[] {
    return this.call(OpCallInter, NoSym, [code], abi, args, false);
  }

  callClosure(closure: Value, abi: AbiInfo, args: readonly Operand[]): Operand[] {
    return this.call(OpCallClosure, NoSym, [closure], abi, args, false);
  }

  /** The scalar result of a call with one. */
  result(results: readonly Operand[]): Value {
    return (results[0] as Operand).parts?.[0] as Value;
  }

  private call(op: number, sym: Sym, first: readonly Value[], abi: AbiInfo, args: readonly Operand[], noReturn: boolean): Operand[] {
    const f = this.f;
    const info = new CallInfo(sym, abi, noReturn);
    const handle = f.addCall(info);
    const values: Value[] = first.slice();
    // Register parts are loaded before stack arguments are stored: those stores don't change them.
    for (let i = 0; i < args.length; i++) {
      const slot = abi.params[i] as AbiSlot;
      if (slot.registers !== null) values.push(...this.parts(args[i] as Operand));
    }
    for (let i = 0; i < args.length; i++) {
      const slot = abi.params[i] as AbiSlot;
      if (slot.registers === null && slot.type.size > 0) this.put(args[i] as Operand, this.outAddress(handle, slot.stackOffset));
    }
    values.push(this.mem);
    const call = f.valueN(this.block, op, TypeTuple, NoPos, values);
    f.aux[call] = handle;
    this.mem = this.value1(OpSelectMem, TypeMem, call);
    const results: Operand[] = [];
    let index = 0;
    for (let i = 0; i < abi.results.length; i++) {
      const slot = abi.results[i] as AbiSlot;
      if (slot.registers === null) {
        results.push(this.at(slot.type, this.outAddress(handle, slot.stackOffset)));
        continue;
      }
      const parts: Value[] = [];
      for (let k = 0; k < slot.registers.length; k++) {
        const v = this.value1(OpSelect, info.resultTypes[index] as ValueType, call);
        f.setAuxInt(v, index++);
        parts.push(v);
      }
      results.push(this.of(slot.type, parts));
    }
    return results;
  }

  private outAddress(handle: number, offset: number): Value {
    const v = this.value0(OpOutArgAddr, TypePtr);
    this.f.setAuxInt(v, offset);
    this.f.aux[v] = handle;
    return v;
  }

  /** Ends the current block with a return of the operands. */
  ret(results: readonly Operand[]): void {
    const slots = this.f.abi.results;
    const controls: Value[] = [];
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i] as AbiSlot;
      const x = results[i] as Operand;
      if (slot.registers !== null) controls.push(...this.parts(x));
    }
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i] as AbiSlot;
      if (slot.registers !== null || slot.type.size === 0) continue;
      const address = this.value0(OpArgAddr, TypePtr);
      this.f.setAuxInt(address, slot.stackOffset);
      this.put(results[i] as Operand, address);
    }
    this.retValues(controls);
  }

  /** Returns values for the result registers; what is on the stack is written already. */
  retValues(controls: readonly Value[]): void {
    this.block.kind = BlockRet;
    for (const v of controls) this.f.addControl(this.block, v);
    this.f.addControl(this.block, this.mem);
  }

  /** Ends the current block after a call that never returns. */
  exit(): void {
    this.block.kind = BlockExit;
    this.f.addControl(this.block, this.mem);
  }

  newBlock(cold = false): Block {
    const b = this.f.newBlock(BlockPlain, NoPos);
    b.cold = cold;
    return b;
  }

  jump(to: Block): void {
    this.block.kind = BlockPlain;
    this.f.addEdge(this.block, to);
  }

  branch(condition: Value, yes: Block, no: Block, likely = 0): void {
    this.block.kind = BlockIf;
    this.block.likely = likely > 0 ? LikelyTrue : likely < 0 ? LikelyFalse : 0;
    this.f.addControl(this.block, condition);
    this.f.addEdge(this.block, yes);
    this.f.addEdge(this.block, no);
  }
}
