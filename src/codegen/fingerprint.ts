// A function in front of the back half, as words that say all that its machine code depends on and nothing else: handles of symbols become numbers in a list of
// names, positions become offsets in a list of files. Equal words mean equal code, whatever the program around it and whatever numbers its symbols have.
// They are complete: funcreader.ts makes the function from them again.

import type { Pos, SourceFile, Sources } from "../base/pos.ts";
import type { AbiInfo, AbiSlot } from "../ssa/abi.ts";
import type { Block, CallInfo, Func, Slot } from "../ssa/func.ts";
import { FirstArchOp, opAux } from "../ssa/ops.gen.ts";
import { NoSym, type Sym, type Symbols } from "../ssa/symbol.ts";

/** By op: 1 if its auxiliary handle is a symbol. */
const auxIsSymbol: Uint8Array = Uint8Array.from(opAux, (kind) => (kind === "sym" || kind === "type" ? 1 : 0));

/** Writes functions down, one after the other; the buffers are used again. */
export class Fingerprint {
  private readonly symbols: Symbols;
  private readonly sources: Sources;
  private readonly context: string;
  private readonly encoder = new TextEncoder();
  private words: Int32Array = new Int32Array(1 << 14);
  private bytes = new Uint8Array(this.words.buffer);
  private count = 0;
  /** By symbol: its number in the list, where it has one in this round. */
  private numbers: Int32Array = new Int32Array(1 << 14);
  private rounds: Int32Array = new Int32Array(1 << 14);
  private round = 0;
  /** The words of conventions, which many functions share. */
  private readonly abis = new Map<AbiInfo, Int32Array>();
  /** The symbols of the function by number; the first is the function's own. Another list for every function. */
  list: Sym[] = [];
  /** The source files of its positions by number less one. */
  files: SourceFile[] = [];
  /** Where the names of the symbols stand, in words. */
  private namesAt = 0;
  private file: SourceFile | null = null;
  private fileNumber = 0;

  /** `context` is a part of every fingerprint. */
  constructor(symbols: Symbols, sources: Sources, context: string) {
    this.symbols = symbols;
    this.sources = sources;
    this.context = context;
  }

  /** The words of a function as bytes, valid until the next call. */
  write(f: Func): Uint8Array {
    this.count = 0;
    this.round++;
    this.list = [];
    this.files = [];
    this.file = null;
    this.fileNumber = 0;
    this.text(this.context);
    this.symbol(f.sym);
    this.header(f);
    this.abi(f.abi);
    this.columns(f);
    this.handles(f);
    for (let i = 1; i < f.blocks.length; i++) this.block(f.blocks[i] as Block | null);
    for (let i = 1; i < f.slots.length; i++) this.slot(f.slots[i] as Slot | null);
    for (let i = 1; i < f.calls.length; i++) this.call(f.calls[i] as CallInfo | null);
    this.namesAt = this.count;
    this.names();
    return this.bytes.subarray(0, 4 * this.count);
  }

  /**
   * The function that was written last as bytes from which a FuncReader makes it again: its fingerprint, and behind it the sizes of its files, its name, and where
   * these and the names of symbols begin.
   */
  portable(f: Func): Uint8Array {
    const end = this.count;
    for (let i = 0; i < this.files.length; i++) this.word((this.files[i] as SourceFile).size);
    this.text(f.name);
    this.word(end);
    this.word(this.files.length);
    this.word(this.namesAt);
    const bytes = this.bytes.slice(0, 4 * this.count);
    this.count = end;
    return bytes;
  }

  private reserve(more: number): void {
    if (this.count + more <= this.words.length) return;
    const bigger = new Int32Array(Math.max(2 * this.words.length, this.count + more));
    bigger.set(this.words);
    this.words = bigger;
    this.bytes = new Uint8Array(bigger.buffer);
  }

  private word(value: number): void {
    if (this.count === this.words.length) this.reserve(1);
    this.words[this.count++] = value;
  }

  /** A size, which may be larger than a word. */
  private wide(value: number): void {
    this.word(value | 0);
    this.word(Math.floor(value / 4294967296));
  }

  private numbersOf(list: readonly number[]): void {
    const { length } = list;
    this.reserve(1 + length);
    const { words } = this;
    let at = this.count;
    words[at++] = length;
    for (let i = 0; i < length; i++) words[at++] = list[i] as number;
    this.count = at;
  }

  private column(column: Int32Array | Uint16Array | Uint8Array, length: number): void {
    this.reserve(length);
    this.words.set(column.subarray(0, length), this.count);
    this.count += length;
  }

  private symbol(sym: Sym): void {
    if (sym === NoSym) {
      this.word(-1);
      return;
    }
    if (sym >= this.rounds.length) {
      const size = Math.max(2 * this.rounds.length, sym + 1);
      this.rounds = grown(this.rounds, size);
      this.numbers = grown(this.numbers, size);
    }
    if (this.rounds[sym] !== this.round) {
      this.rounds[sym] = this.round;
      this.numbers[sym] = this.list.length;
      this.list.push(sym);
    }
    this.word(this.numbers[sym] as number);
  }

  private position(pos: number): void {
    if (pos <= 0) {
      this.word(0);
      this.word(0);
      return;
    }
    const file = this.file;
    if (file === null || pos < file.base || pos > file.base + file.size) this.enter(pos as Pos);
    this.word(this.fileNumber);
    this.word(pos - (this.file as SourceFile).base);
  }

  private enter(pos: Pos): void {
    const file = this.sources.file(pos);
    if (file === null) throw new Error(`position ${pos} lies in no file`);
    let index = this.files.indexOf(file);
    if (index < 0) {
      index = this.files.length;
      this.files.push(file);
    }
    this.file = file;
    this.fileNumber = index + 1;
  }

  private header(f: Func): void {
    this.position(f.pos);
    this.word(f.flags);
    this.word(f.valueCount);
    this.word(f.blocks.length);
    this.word(f.slots.length);
    this.word(f.calls.length);
    this.word(f.entry.id);
  }

  private columns(f: Func): void {
    const n = f.valueCount;
    this.column(f.op, n);
    this.column(f.type, n);
    this.column(f.argCount, n);
    this.column(f.auxLo, n);
    this.column(f.auxHi, n);
    this.column(f.inl, n);
    this.column(f.block, n);
    this.column(f.uses, n);
    for (let v = 1; v < n; v++) {
      const start = f.argStart[v] as number;
      const count = f.argCount[v] as number;
      this.reserve(count);
      for (let i = 0; i < count; i++) this.words[this.count++] = f.pool[start + i] as number;
    }
  }

  /** The columns whose numbers mean something only within this build. */
  private handles(f: Func): void {
    for (let v = 1; v < f.valueCount; v++) {
      const op = f.op[v] as number;
      if (op >= FirstArchOp) throw new Error("the function has been lowered");
      if (auxIsSymbol[op] === 1) this.symbol(f.aux[v] as Sym);
      else this.word(f.aux[v] as number);
      this.position(f.pos_[v] as number);
    }
  }

  private block(b: Block | null): void {
    if (b === null) {
      this.word(0);
      return;
    }
    this.word(b.kind);
    this.word(b.likely);
    this.word(b.cold ? 1 : 0);
    this.word(b.aux);
    this.position(b.pos);
    this.numbersOf(b.values);
    this.numbersOf(b.controls);
    this.blocks(b.succs);
    this.blocks(b.preds);
  }

  private blocks(list: readonly Block[]): void {
    const { length } = list;
    this.reserve(1 + length);
    const { words } = this;
    let at = this.count;
    words[at++] = length;
    for (let i = 0; i < length; i++) words[at++] = (list[i] as Block).id;
    this.count = at;
  }

  private slot(s: Slot | null): void {
    if (s === null) {
      this.word(-1);
      return;
    }
    this.word((s.exposed ? 1 : 0) + (s.escapes ? 2 : 0));
    this.wide(s.size);
    this.word(s.align);
    this.numbersOf(s.pointers);
  }

  private call(c: CallInfo | null): void {
    if (c === null) {
      this.word(-2);
      return;
    }
    this.symbol(c.sym);
    this.word((c.noReturn ? 1 : 0) + (c.pointerFree ? 2 : 0));
    this.abi(c.abi);
  }

  private abi(abi: AbiInfo): void {
    const known = this.abis.get(abi);
    if (known !== undefined) {
      this.column(known, known.length);
      return;
    }
    const start = this.count;
    this.wide(abi.argSize);
    this.wide(abi.spillSize);
    this.abiSlots(abi.params);
    this.abiSlots(abi.results);
    this.abis.set(abi, this.words.slice(start, this.count));
  }

  private abiSlots(slots: readonly AbiSlot[]): void {
    this.word(slots.length);
    for (let i = 0; i < slots.length; i++) {
      const { type, registers, stackOffset } = slots[i] as AbiSlot;
      this.wide(stackOffset);
      if (registers === null) this.word(-1);
      else this.numbersOf(registers);
      this.wide(type.size);
      this.word(type.align);
      this.word(type.inRegisters ? 1 : 0);
      this.word(type.components.length);
      for (let k = 0; k < type.components.length; k++) {
        const c = type.components[k] as { type: number; offset: number };
        this.word(c.type);
        this.wide(c.offset);
      }
      if (type.pointerWords === undefined) this.word(-1);
      else this.numbersOf(type.pointerWords);
    }
  }

  /** The names of the symbols. */
  private names(): void {
    this.word(this.list.length);
    for (let i = 0; i < this.list.length; i++) this.text(this.symbols.name(this.list[i] as Sym));
  }

  private text(text: string): void {
    // A code unit has three bytes at most.
    const most = (3 * text.length + 3) >> 2;
    this.reserve(1 + most);
    const at = this.count + 1;
    this.words.fill(0, at, at + most);
    const { written } = this.encoder.encodeInto(text, this.bytes.subarray(4 * at, 4 * (at + most)));
    this.words[this.count] = written;
    this.count = at + ((written + 3) >> 2);
  }
}

function grown(column: Int32Array, size: number): Int32Array {
  const bigger = new Int32Array(size);
  bigger.set(column);
  return bigger;
}
