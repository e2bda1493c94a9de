// Go's register calling convention (cmd/compile/abi-internal.md), independent of the architecture but for the number of
// registers: which components of parameters and results go to which register, and where the rest lies on the stack.

import { isFloat, TypePtr, type ValueType } from "./types.ts";

/** A scalar part of a Go value: its type and its offset in the value's memory form. */
export interface Component {
  readonly type: ValueType;
  readonly offset: number;
}

/** What the convention needs to know of a parameter's Go type. */
export interface AbiType {
  readonly size: number;
  readonly align: number;
  /** The scalar parts in order; empty for zero-size types. */
  readonly components: readonly Component[];
  /** False for types that never go to registers (arrays of more than one element inside). */
  readonly inRegisters: boolean;
  /** Indexes of the words that hold pointers, where the components do not tell. */
  readonly pointerWords?: readonly number[];
}

/** The words of a value's memory form that hold pointers the collector must see. */
export function pointerWordsOf(type: AbiType): readonly number[] {
  if (type.inRegisters || type.pointerWords === undefined) {
    return type.components.filter((c) => c.type === TypePtr).map((c) => c.offset / 8);
  }
  return type.pointerWords;
}

/** How many registers carry arguments. */
export interface AbiRegisters {
  readonly integers: number;
  readonly floats: number;
}

/** Where one parameter or result is. */
export class AbiSlot {
  readonly type: AbiType;
  /**
   * One entry a component when the value is in registers: 0..63 integer argument register, 64.. float argument
   * register; null when it lies on the stack.
   */
  readonly registers: readonly number[] | null;
  /** Offset in the stack argument area (for values on the stack), else -1. */
  readonly stackOffset: number;

  constructor(type: AbiType, registers: readonly number[] | null, stackOffset: number) {
    this.type = type;
    this.registers = registers;
    this.stackOffset = stackOffset;
  }
}

export const FloatRegister = 64;

/** The scalar parts that are in registers, in order, with their registers. */
class RegisterParts {
  readonly types: readonly ValueType[];
  readonly registers: readonly number[];

  constructor(slots: readonly AbiSlot[]) {
    const types: ValueType[] = [];
    const all: number[] = [];
    for (const { type, registers } of slots) {
      if (registers === null) continue;
      for (let i = 0; i < registers.length; i++) {
        types.push((type.components[i] as Component).type);
        all.push(registers[i] as number);
      }
    }
    this.types = types;
    this.registers = all;
  }
}

/** The assignment of a whole signature. */
export class AbiInfo {
  readonly params: readonly AbiSlot[];
  readonly results: readonly AbiSlot[];
  /** Bytes of stack arguments and stack results, rounded up to a word. */
  readonly argSize: number;
  /** Bytes of the spill area behind it. */
  readonly spillSize: number;
  /** What of the parameters and results is in registers. */
  readonly inputs: RegisterParts;
  readonly outputs: RegisterParts;

  constructor(params: readonly AbiSlot[], results: readonly AbiSlot[], argSize: number, spillSize: number) {
    this.params = params;
    this.results = results;
    this.argSize = argSize;
    this.spillSize = spillSize;
    this.inputs = new RegisterParts(params);
    this.outputs = new RegisterParts(results);
  }
}

const align = (offset: number, to: number): number => Math.ceil(offset / to) * to;

class Assigner {
  readonly limits: AbiRegisters;
  integers = 0;
  floats = 0;
  stack = 0;
  spill = 0;

  constructor(limits: AbiRegisters) {
    this.limits = limits;
  }

  assign(type: AbiType, spills: boolean): AbiSlot {
    const registers = type.inRegisters ? this.tryRegisters(type) : null;
    if (registers !== null) {
      if (spills) this.spill = align(this.spill, type.align) + type.size;
      return new AbiSlot(type, registers, -1);
    }
    this.stack = align(this.stack, type.align);
    const offset = this.stack;
    this.stack += type.size;
    return new AbiSlot(type, null, offset);
  }

  private tryRegisters(type: AbiType): number[] | null {
    // Zero-size values take part in the stack layout unless registers are used; the document assigns them the stack.
    if (type.size === 0) return null;
    let integers = this.integers;
    let floats = this.floats;
    const registers: number[] = [];
    for (const c of type.components) {
      if (isFloat(c.type)) registers.push(FloatRegister + floats++);
      else registers.push(integers++);
    }
    if (integers > this.limits.integers || floats > this.limits.floats) return null;
    this.integers = integers;
    this.floats = floats;
    return registers;
  }
}

/** Assigns places to parameters (receiver first) and results. With no registers at all this is ABI0. */
export function assignAbi(registers: AbiRegisters, params: readonly AbiType[], results: readonly AbiType[]): AbiInfo {
  const a = new Assigner(registers);
  const paramSlots = params.map((type) => a.assign(type, true));
  a.stack = align(a.stack, 8);
  a.integers = 0;
  a.floats = 0;
  const resultSlots = results.map((type) => a.assign(type, false));
  a.stack = align(a.stack, 8);
  return new AbiInfo(paramSlots, resultSlots, a.stack, align(a.spill, 8));
}
