// Functions as irgen leaves them, as bytes: all that funcreader.ts needs to make the same function again, with handles of symbols as numbers in a table of the caller's and
// positions as offsets in the files of its package. Most numbers are small, so all are varints.

import type { ByteWriter } from "../base/bytes.ts";
import type { SourceFile, Sources } from "../base/pos.ts";
import type { AbiInfo, AbiSlot } from "../ssa/abi.ts";
import type { Block, CallInfo, Func, Slot } from "../ssa/func.ts";
import { opAux } from "../ssa/ops.gen.ts";
import { NoSym, type Sym } from "../ssa/symbol.ts";

// What stands behind a value's op, as bits.
export const hasInt = 1;
export const hasAux = 2;
export const hasPos = 4;
export const hasArgs = 8;

/** By op: 1 if its auxiliary handle is a symbol. */
export const auxIsSymbol: Uint8Array = Uint8Array.from(opAux, (kind) => (kind === "sym" || kind === "type" ? 1 : 0));

/** Numbers for symbols, and whether a function can be kept at all. */
export interface SymbolNumbers {
  /** The number of a symbol, from 1. Symbols that nobody can name again get one, too, but `fail` has been called. */
  number(sym: Sym): number;
  /** The function is not to be kept. */
  fail(): void;
}

/** Writes functions, one after the other. */
export class FuncWriter {
  private readonly sources: Sources;
  private readonly abis = new Map<AbiInfo, number>();
  private file: SourceFile | null = null;
  private files: SourceFile[] = [];
  private bases: number[] = [];
  private end = 1;
  private last = 0;
  private w!: ByteWriter;
  private numbers!: SymbolNumbers;

  constructor(sources: Sources) {
    this.sources = sources;
  }

  /** Writes a function. The result: the files of its positions, by their number in what was written. */
  write(f: Func, w: ByteWriter, numbers: SymbolNumbers): readonly SourceFile[] {
    this.w = w;
    this.numbers = numbers;
    this.abis.clear();
    this.file = null;
    this.files = [];
    this.bases = [];
    this.end = 1;
    this.last = 0;
    w.text(f.name);
    w.uvarint(f.flags);
    this.position(f.pos);
    this.abi(f.abi);
    w.uvarint(f.valueCount);
    w.uvarint(f.blocks.length);
    w.uvarint(f.entry.id);
    for (let v = 1; v < f.valueCount; v++) this.value(f, v);
    for (let i = 1; i < f.blocks.length; i++) this.block(f.blocks[i] as Block | null);
    this.uses(f);
    w.uvarint(f.slots.length);
    for (let i = 1; i < f.slots.length; i++) this.slot(f.slots[i] as Slot | null);
    w.uvarint(f.calls.length);
    for (let i = 1; i < f.calls.length; i++) this.call(f.calls[i] as CallInfo | null);
    if (f.inlined.length > 1 || f.layout !== null) numbers.fail();
    return this.files;
  }

  private value(f: Func, v: number): void {
    const { w } = this;
    const op = f.op[v] as number;
    const lo = f.auxLo[v] as number;
    const hi = f.auxHi[v] as number;
    const aux = f.aux[v] as number;
    const pos = this.place(f.pos_[v] as number);
    const count = f.argCount[v] as number;
    let flags = 0;
    if ((lo | hi) !== 0) flags |= hasInt;
    if (aux !== 0) flags |= hasAux;
    if (pos !== this.last) flags |= hasPos;
    if (count !== 0) flags |= hasArgs;
    w.uvarint(op * 16 + flags);
    w.u8(f.type[v] as number);
    w.uvarint(f.block[v] as number);
    if ((flags & hasInt) !== 0) {
      w.varint(lo);
      w.varint(hi);
    }
    if ((flags & hasAux) !== 0) w.uvarint(auxIsSymbol[op] === 1 ? this.numbers.number(aux as Sym) : aux);
    if ((flags & hasPos) !== 0) {
      w.varint(pos - this.last);
      this.last = pos;
    }
    if ((flags & hasArgs) !== 0) {
      w.uvarint(count);
      const start = f.argStart[v] as number;
      for (let i = 0; i < count; i++) w.varint(v - (f.pool[start + i] as number));
    }
    if (f.inl[v] !== 0) this.numbers.fail();
  }

  /** Counts of uses, unless they are what the arguments and controls say. */
  private uses(f: Func): void {
    const n = f.valueCount;
    const counted = new Int32Array(n);
    for (let v = 1; v < n; v++) {
      const start = f.argStart[v] as number;
      const count = f.argCount[v] as number;
      for (let i = 0; i < count; i++) counted[f.pool[start + i] as number]!++;
    }
    for (let i = 1; i < f.blocks.length; i++) {
      const b = f.blocks[i];
      if (b) for (const c of b.controls) counted[c]!++;
    }
    let same = true;
    for (let v = 1; v < n; v++) if (counted[v] !== f.uses[v]) same = false;
    this.w.u8(same ? 1 : 0);
    if (!same) for (let v = 1; v < n; v++) this.w.varint((f.uses[v] as number) - (counted[v] as number));
  }

  private position(pos: number): void {
    const place = this.place(pos);
    this.w.varint(place - this.last);
    this.last = place;
  }

  /** A position counted from the beginnings of the function's files, one behind the other; 0: none. */
  private place(pos: number): number {
    if (pos <= 0) return 0;
    let { file } = this;
    if (file === null || pos < file.base || pos > file.base + file.size) {
      file = this.sources.file(pos as never);
      if (file === null) throw new Error(`position ${pos} lies in no file`);
      this.file = file;
    }
    let index = this.files.indexOf(file);
    if (index < 0) {
      index = this.files.length;
      this.files.push(file);
      this.bases.push(this.end);
      this.end += file.size + 1;
    }
    return (this.bases[index] as number) + pos - file.base;
  }

  private block(b: Block | null): void {
    const { w } = this;
    if (b === null) {
      w.u8(0);
      return;
    }
    w.u8(b.kind);
    w.u8((b.likely + 1) * 2 + (b.cold ? 1 : 0));
    w.varint(b.aux);
    this.position(b.pos);
    w.uvarint(b.values.length);
    let before = 0;
    for (let i = 0; i < b.values.length; i++) {
      const v = b.values[i] as number;
      w.varint(v - before);
      before = v;
    }
    w.uvarint(b.controls.length);
    for (let i = 0; i < b.controls.length; i++) w.uvarint(b.controls[i] as number);
    this.blocks(b.succs);
    this.blocks(b.preds);
  }

  private blocks(list: readonly Block[]): void {
    this.w.uvarint(list.length);
    for (let i = 0; i < list.length; i++) this.w.uvarint((list[i] as Block).id);
  }

  private slot(s: Slot | null): void {
    const { w } = this;
    if (s === null) {
      w.u8(4);
      return;
    }
    w.u8((s.exposed ? 1 : 0) + (s.escapes ? 2 : 0));
    w.text(s.name);
    w.uvarint(s.size);
    w.uvarint(s.align);
    this.list(s.pointers);
  }

  private call(c: CallInfo | null): void {
    const { w } = this;
    if (c === null) {
      w.u8(4);
      return;
    }
    w.u8((c.noReturn ? 1 : 0) + (c.pointerFree ? 2 : 0));
    w.uvarint(c.sym === NoSym ? 0 : this.numbers.number(c.sym));
    this.abi(c.abi);
  }

  private list(numbers: readonly number[]): void {
    this.w.uvarint(numbers.length);
    for (let i = 0; i < numbers.length; i++) this.w.uvarint(numbers[i] as number);
  }

  /** A convention: its number among those of the function, behind a new one its contents. */
  private abi(abi: AbiInfo): void {
    const known = this.abis.get(abi);
    if (known !== undefined) {
      this.w.uvarint(known);
      return;
    }
    const { w } = this;
    this.abis.set(abi, this.abis.size);
    w.uvarint(this.abis.size - 1);
    w.uvarint(abi.argSize);
    w.uvarint(abi.spillSize);
    this.abiSlots(abi.params);
    this.abiSlots(abi.results);
  }

  private abiSlots(slots: readonly AbiSlot[]): void {
    const { w } = this;
    w.uvarint(slots.length);
    for (let i = 0; i < slots.length; i++) {
      const { type, registers, stackOffset } = slots[i] as AbiSlot;
      w.varint(stackOffset);
      this.optional(registers);
      w.uvarint(type.size);
      w.uvarint(type.align);
      w.u8(type.inRegisters ? 1 : 0);
      w.uvarint(type.components.length);
      for (let k = 0; k < type.components.length; k++) {
        const c = type.components[k] as { type: number; offset: number };
        w.u8(c.type);
        w.uvarint(c.offset);
      }
      this.optional(type.pointerWords ?? null);
    }
  }

  private optional(numbers: readonly number[] | null): void {
    if (numbers === null) {
      this.w.u8(0);
      return;
    }
    this.w.u8(1);
    this.list(numbers);
  }
}
