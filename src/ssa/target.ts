// What an architecture gives to the target-neutral back half (src/codegen). Codegen decides which value is where; the architecture
// says what values may be where, turns generic values into its own ops, and writes bytes.
//
// Registers are numbers 0..31; sets of registers are 32-bit masks. After lowering a function holds the architecture's ops, and of the
// generic ones only those in `isKept`: phis, calls and their selects, memory tokens, and the rematerialisable ones (constants and addresses),
// which are no instructions but are made wherever a register with their value is needed.

import type { AbiRegisters } from "./abi.ts";
import type { Block, Func, Value } from "./func.ts";
import type { Relocs } from "./object.ts";
import type { ArchNames } from "./print.ts";
import type { Symbols } from "./symbol.ts";
import type { ValueType } from "./types.ts";

/** In the place of a register: the operand is in its spill slot. */
export const SpillOperand = -2;

/** In `Target.attributes`, beside the bits of ops.gen.ts: the result takes the register of argument 0. */
export const AttrTie = 1024;

/** What a value needs of registers. One object is reused for all; `constraints` fills it. */
export class Constraints {
  /** Allowed registers of each argument; 0: not in a register (memory, folded addresses, values that are only kept alive). */
  readonly inputs = new Int32Array(16);
  /** Allowed registers of the result (for tuples: of Select 0), 0: no result. */
  output = 0;
  /** Allowed registers of Select 1. */
  output2 = 0;
  /** The argument whose register the result takes, or -1. */
  tie = -1;
  /** Registers that the instruction destroys beside its outputs. */
  clobbers = 0;
  /** The set of which a scratch register is needed (distinct from inputs and outputs), 0: none. */
  temp = 0;
  /** Outputs are written before all inputs are read: they share no register. */
  early = false;
}

/** What `lowerValue` and `lowerBlock` may use: the function, and ways to make values in front of the current one. */
export interface LoweringContext {
  readonly f: Func;
  readonly symbols: Symbols;
  /** Makes a value that will stand before the one being lowered; generic ops are lowered in turn. */
  before(op: number, type: ValueType, args: readonly Value[]): Value;
  /** An integer constant. */
  constant(type: ValueType, value: number): Value;
  /** Whether a load may be merged into the value (or block end) being lowered. */
  canMerge(load: Value): boolean;
  /** Whether component 0 of a tuple is used. */
  selected(tuple: Value): boolean;
}

/** Where things are, for emission. */
export interface Places {
  /** Register of argument i of v; -1: none, SpillOperand: read it from its spill slot. */
  use(v: Value, i: number): number;
  /** Register of the result of v (-1: none). */
  def(v: Value): number;
  temp(v: Value): number;
  /** Offsets from SP in the body. */
  slot(slot: number): number;
  spill(v: Value): number;
  readonly frameSize: number;
}

/** Marks for codegen in the code being written. */
export interface Marks {
  /** A jump to a block (by id): `condition` -1 is always. */
  branch(condition: number, block: number): void;
  /** The last four bytes written before `after` trailing ones are a pc-relative displacement to a literal of this function. */
  literal(low: number, high: number, bytes: number, after: number): void;
  /** The same to a jump table of these blocks (32-bit offsets from the table's start). */
  table(blocks: readonly Block[], after: number): void;
  /** The return address of a call is here. */
  site(v: Value): void;
}

/** Labels beside block numbers. */
export const StartLabel = -1;
export const StackGrowthLabel = 0;

/** Writes machine code. Offsets count from SP in the body of the function. */
export interface Emitter {
  /** Where the next byte goes. */
  readonly pos: number;
  readonly relocs: Relocs;
  /** The buffer (longer than the code). */
  bytes(): Uint8Array;
  begin(f: Func, places: Places, marks: Marks): void;
  /** At the start of each block: what is known of flags is forgotten. */
  label(): void;
  /** Stack check, frame, zeroed words. */
  prologue(stackCheck: boolean, zeroWords: readonly number[]): void;
  /** Out-of-line part of the stack check; ends with a jump to the start. */
  stackGrowth(usesClosure: boolean): void;
  value(v: Value): void;
  move(type: ValueType, to: number, from: number): void;
  exchange(a: number, b: number): void;
  load(type: ValueType, to: number, offset: number): void;
  store(type: ValueType, from: number, offset: number): void;
  /** Copies a word from the frame to the frame, without a register. */
  moveSlot(to: number, from: number): void;
  /** Sets the float scratch register back to what it holds between instructions. */
  clearScratch(): void;
  /** `flagsLive`: the flags hold a compare whose user comes next. */
  rematerialize(v: Value, to: number, flagsLive: boolean): void;
  rematerializeSlot(v: Value, offset: number): void;
  epilogue(): void;
  /** The end of a block of one of the architecture's kinds; `next` is laid out behind it, `control` is the register of its control. */
  blockEnd(b: Block, next: Block | null, control: number): void;
}

/** An architecture. */
export interface Target {
  readonly name: string;
  readonly registers: AbiRegisters;
  readonly registerNames: readonly string[];
  readonly integerArguments: readonly number[];
  readonly floatArguments: readonly number[];
  readonly closureRegister: number;
  /** Registers that values may be in. */
  readonly integerMask: number;
  readonly floatMask: number;
  /** Not allocatable; usable inside a parallel move for floats. */
  readonly floatScratch: number;
  readonly names: ArchNames;
  /** Bytes of blocks that are moved or zeroed inline at most. */
  readonly maxInlineBlock: number;
  readonly pollOp: number;
  /** If a lowered value surely writes bytes of a slot: fills (slot, first byte, byte behind the last) in and says true. */
  slotWrite(f: Func, v: Value, out: Int32Array): boolean;
  /** Whether operand i of an op is only the base of an access to memory. */
  isMemoryBase(op: number, i: number): boolean;
  /** Attributes of the architecture's ops (index 0 is FirstArchOp). */
  readonly attributes: Int32Array;
  /** For ops with an operand in a fixed register: operand << 8 | register, else -1. */
  fixedInput(op: number): number;
  /** Size of a short and of a long branch. */
  branchSize(condition: number, long: boolean): number;
  branchReaches(distance: number): boolean;
  writeBranch(bytes: Uint8Array, at: number, condition: number, distance: number, long: boolean): void;
  negate(condition: number): number;
  /** Looks through generic operations that are nothing in machine code. */
  strip(f: Func, v: Value): Value;
  /** Turns a generic value into values of the architecture. */
  lowerValue(l: LoweringContext, v: Value): void;
  lowerBlock(l: LoweringContext, b: Block): void;
  /** After lowering and before allocation, over values in order: nil checks that a following access makes needless, and the like. */
  afterLowering(f: Func): void;
  constraints(f: Func, v: Value, c: Constraints): void;
  /** Whether a value leaves something in the flags for a later value that is not the next one. */
  leavesFlags(f: Func, v: Value): boolean;
  /** Whether it uses that up. */
  takesFlags(f: Func, v: Value): boolean;
  /** Whether an operand may be read from its spill slot. */
  readsSpill(f: Func, v: Value, i: number): boolean;
  newEmitter(symbols: Symbols): Emitter;
}
