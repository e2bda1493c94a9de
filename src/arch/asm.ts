// What the assembler and an architecture share: operands and instructions as the parser leaves them, and what an architecture
// has to provide so that they become machine code.

import type { Diagnostics } from "../base/diagnostics.ts";
import type { Pos } from "../base/pos.ts";
import type { DataObject, FuncCode } from "../ssa/object.ts";
import type { Sym, Symbols } from "../ssa/symbol.ts";

// Kinds of operand.
export const AddrNone = 0;
/** R */
export const AddrReg = 1;
/** off(R)(I*s), sym+off(SB), name+off(FP), name+off(SP), a bare number, a label */
export const AddrMem = 2;
/** $number */
export const AddrConst = 3;
/** $1.5 */
export const AddrFloat = 4;
/** $"text" */
export const AddrString = 5;
/** $sym+off(SB), $name+off(FP) */
export const AddrAddr = 6;
/** n(PC) */
export const AddrBranch = 7;
/** *sym(SB) */
export const AddrIndirect = 8;
/** [R-R] */
export const AddrList = 9;

// What the name of a memory operand is relative to.
export const NameNone = 0;
export const NameExtern = 1;
export const NameStatic = 2;
export const NameAuto = 3;
export const NameParam = 4;

// Application binary interfaces of functions.
export const Abi0 = 0;
export const AbiInternal = 1;

/** No register. */
export const NoReg = -1;
// Pseudo-registers have numbers below NoReg.
export const RegFP = -2;
export const RegSB = -3;
export const RegPC = -4;
export const RegPseudoSP = -5;

/** One operand. */
export class Addr {
  type = AddrNone;
  name = NameNone;
  reg = NoReg;
  index = NoReg;
  scale = 0;
  /** Package-qualified name of a symbol, label or variable; empty: none. */
  sym = "";
  abi = Abi0;
  /** The offset or constant, a 64-bit integer in two halves (both signed). */
  low = 0;
  high = 0;
  /** AddrFloat. */
  float = 0;
  /** AddrString. */
  text = "";
  /** AddrList: the last register (the first is `reg`). */
  last = NoReg;

  /** The offset as a number; exact while it fits 53 bits. */
  get offset(): number {
    return this.high * 0x100000000 + (this.low >>> 0);
  }

  set offset(value: number) {
    this.low = value | 0;
    this.high = Math.floor(value / 0x100000000) | 0;
  }

  /** Does the offset fit a signed 32-bit word? */
  get fits32(): boolean {
    return this.high === this.low >> 31;
  }
}

/** One instruction, or a pseudo-instruction that has a place in a function's code. */
export class Prog {
  /** The architecture's number of the instruction, or one of the Prog* numbers. */
  inst: number;
  /** The instruction as written, for messages. */
  readonly word: string;
  /** Suffixes as written (".Z", ".BCST"), empty: none. */
  readonly suffix: string;
  readonly pos: Pos;
  readonly line: number;
  args: Addr[];
  /** Where the operand that is written is among `args`; -1: none. */
  to: number;
  /** Jumps: the label, while it is not resolved. */
  label = "";
  /** Jumps inside the function. */
  target: Prog | null = null;
  /** Place in the function's list, counted as n(PC) operands count. */
  index = 0;
  /** Offset from the function's start, once laid out. */
  pc = 0;

  constructor(inst: number, word: string, suffix: string, pos: Pos, line: number, args: Addr[], to: number) {
    this.inst = inst;
    this.word = word;
    this.suffix = suffix;
    this.pos = pos;
    this.line = line;
    this.args = args;
    this.to = to;
  }
}

// Numbers of instructions that every architecture has; architectures use their own numbers below.
export const ProgText = 100001;
export const ProgFuncData = 100002;
export const ProgPcData = 100003;
export const ProgPcAlign = 100004;

// Flags of TEXT and GLOBL (textflag.h).
export const TextDupOk = 2;
export const TextNoSplit = 4;
export const TextRodata = 8;
export const TextNoPtr = 16;
export const TextWrapper = 32;
export const TextNeedCtxt = 64;
export const TextNoFrame = 512;
export const TextReflectMethod = 1024;
export const TextTopFrame = 2048;

/** A function as parsed: what TEXT says and the instructions. */
export interface TextBlock {
  /** Package-qualified name ("runtime.memmove"). */
  readonly name: string;
  /** A file-local function: name<>. */
  readonly isStatic: boolean;
  readonly abi: number;
  readonly flags: number;
  /** As written; negative sizes are allowed and mean 0 without frame. */
  readonly frameSize: number;
  /** Bytes of arguments and results, -1 when TEXT doesn't say. */
  readonly argSize: number;
  readonly pos: Pos;
  readonly line: number;
  /** The first is the TEXT itself. */
  readonly progs: Prog[];
}

/** What an architecture needs while it assembles. */
export interface AsmContext {
  readonly symbols: Symbols;
  readonly diagnostics: Diagnostics;
  readonly fileName: string;
  /** The linker's symbol of an operand that names one. `isCode`: the use says that it is a function. */
  symbolOf(addr: Addr, isCode: boolean): Sym;
  /** Adds data that an instruction needs (floating-point constants). */
  addData(data: DataObject): void;
  error(prog: Prog, message: string): void;
  /** An operand as messages show it. */
  show(addr: Addr): string;
}

/** An architecture, as the assembler sees it. */
export interface AsmTarget {
  readonly name: string;
  readonly pointerSize: number;
  /** Registers and pseudo-registers by name. */
  readonly registers: ReadonlyMap<string, number>;
  /** The number of an instruction, 0 when there is none of that name. */
  instruction(word: string): number;
  isJump(word: string): boolean;
  /** Is the only operand of an instruction its destination? */
  isUnaryDestination(inst: number): boolean;
  /** What is wrong with an instruction's suffixes; null: nothing. */
  checkSuffix(suffix: string): string | null;
  /** How many operands an instruction can have at most. */
  readonly maxOperands: number;
  /** Turns a function into machine code; null after errors. */
  assemble(text: TextBlock, context: AsmContext): FuncCode | null;
  /** The place of the symbol's alignment for `size` bytes of data. */
  dataAlign(size: number): number;
}
