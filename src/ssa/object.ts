// What the back half of the compiler hands to the linker: machine code of functions, and data. The linker reads nothing else.

import type { Pos } from "../base/pos.ts";
import type { Sym } from "./symbol.ts";

// Kinds of relocation. The architecture's `relocate` applies those that patch instructions.
/** 64-bit absolute address; becomes a relative relocation that the entry code applies. Data only. */
export const RelocAbs64 = 1;
/** 32-bit offset of the target from the image base (names, types: nameOff, typeOff). */
export const RelocImageOff32 = 2;
/** 32-bit offset of the target from the start of the text (textOff). */
export const RelocTextOff32 = 3;
/** 32-bit offset of the target from the place itself (S + A - P). amd64: rip-relative operands have addend -4 - immediates. */
export const RelocPcRel32 = 4;
/** The same for a call or jump. */
export const RelocCall = 5;
/** Architecture-specific kinds start here. */
export const RelocArch = 16;

/** Relocations as columns; ascending by offset. */
export class Relocs {
  readonly offset: number[] = [];
  readonly kind: number[] = [];
  readonly sym: Sym[] = [];
  readonly addend: number[] = [];

  add(offset: number, kind: number, sym: Sym, addend: number): void {
    this.offset.push(offset);
    this.kind.push(kind);
    this.sym.push(sym);
    this.addend.push(addend);
  }

  get count(): number {
    return this.offset.length;
  }
}

/** A call that was inlined: node of a function's inlining tree. Index 0 of the list is unused ("not inlined"). */
export interface InlinedCall {
  /** The index of the inlined call that this one stands in; 0: the function itself. */
  readonly parent: number;
  /** The inlined function's name as tracebacks print it ("pkg.F", "pkg.(*T).M"). */
  readonly name: string;
  /** Where the call was. */
  readonly pos: Pos;
  /** Flags of the inlined function (FuncFlag). */
  readonly flags: number;
}

/** The live pointers at one call: what the stack looks like when the return address is at `offset`. */
export interface StackMapSite {
  /** Offset from the function's start of the return address; 0 is the function's entry (for morestack). */
  readonly offset: number;
  /** Ascending word indexes in the frame (word i at SP + 8 * i, below the return address) that hold pointers. */
  readonly locals: readonly number[];
  /** Ascending word indexes in the incoming stack arguments (word i at return address + 8 + 8 * i) that hold live pointers. */
  readonly args: readonly number[];
}

/** A piece of the frame that pointers may lead to: the collector looks at it when it finds one. */
export interface StackObject {
  /** Word index in the frame. */
  readonly word: number;
  readonly words: number;
  /** Ascending word indexes in the object that hold pointers. */
  readonly pointers: readonly number[];
}

export const FuncFlagTopFrame = 1; // unwinding ends here
export const FuncFlagSpWrite = 2; // changes SP in ways the frame size does not tell
export const FuncFlagAsm = 4; // assembly: no stack maps
export const FuncFlagWrapper = 8; // method or ABI wrapper: hidden in tracebacks, panics adjust
export const FuncFlagNoSplit = 16;
export const FuncFlagDefer = 32; // has a defer landing
export const FuncFlagReflectStub = 64; // reflection's entry: its frame holds argument registers, its arguments are as its closure says

/** The machine code of one function. */
export class FuncCode {
  readonly sym: Sym;
  /** The name as tracebacks print it. */
  readonly name: string;
  readonly code: Uint8Array;
  readonly relocs: Relocs;
  /** Bytes between SP in the body and the return address (amd64) or the frame record. */
  readonly frameSize: number;
  /** Bytes of incoming stack arguments and results, without spill space. */
  readonly argSize: number;
  readonly flags: number;
  /** Bit i: integer argument register i holds a pointer at entry. */
  readonly entryPointers: number;
  readonly stackMaps: readonly StackMapSite[];
  /** Ascending by word. */
  readonly stackObjects: readonly StackObject[];
  /** Offset of the code that runs deferred calls and returns, 0 when there is none. */
  readonly deferReturn: number;
  /** Ascending code offsets at which the position changes; the three columns belong together. */
  readonly lineOffsets: readonly number[];
  readonly linePositions: readonly Pos[];
  /** Index into `inlined` of each range. */
  readonly lineInlined: readonly number[];
  readonly inlined: readonly InlinedCall[];
  readonly pos: Pos;
  readonly align: number;

  constructor(init: FuncCode) {
    this.sym = init.sym;
    this.name = init.name;
    this.code = init.code;
    this.relocs = init.relocs;
    this.frameSize = init.frameSize;
    this.argSize = init.argSize;
    this.flags = init.flags;
    this.entryPointers = init.entryPointers;
    this.stackMaps = init.stackMaps;
    this.stackObjects = init.stackObjects;
    this.deferReturn = init.deferReturn;
    this.lineOffsets = init.lineOffsets;
    this.linePositions = init.linePositions;
    this.lineInlined = init.lineInlined;
    this.inlined = init.inlined;
    this.pos = init.pos;
    this.align = init.align;
  }
}

// Sections that data can go to. The linker turns read-only data with relocations of kind Abs64 into relro.
export const DataReadOnly = 1; // constants, strings, names, type descriptors, itabs, function values
export const DataWritable = 2; // initialised variables
export const DataZero = 3; // zero variables (no bytes)

/** A piece of data. */
export class DataObject {
  readonly sym: Sym;
  readonly section: number;
  readonly size: number;
  readonly align: number;
  /** `size` bytes at most (the rest is zero); empty for DataZero. */
  bytes: Uint8Array;
  readonly relocs: Relocs;
  /** Ascending word indexes that hold Go pointers the collector must follow (variables only); empty: no pointers. */
  readonly pointers: readonly number[];
  /** May be merged with another object of the same bytes and alignment (its address is never compared). */
  readonly mergeable: boolean;

  constructor(
    sym: Sym,
    section: number,
    size: number,
    align: number,
    bytes: Uint8Array,
    relocs: Relocs,
    pointers: readonly number[],
    mergeable: boolean,
  ) {
    this.sym = sym;
    this.section = section;
    this.size = size;
    this.align = align;
    this.bytes = bytes;
    this.relocs = relocs;
    this.pointers = pointers;
    this.mergeable = mergeable;
  }
}
