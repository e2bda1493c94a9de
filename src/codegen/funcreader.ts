// Makes functions from what Fingerprint.portable wrote, for threads that compile what others have made. Symbols and positions get numbers of this thread's own;
// names of slots and the calls inlined in the function stay behind, since its code does not depend on them.

import { NoPos, type Pos, type SourceFile, Sources } from "../base/pos.ts";
import { AbiInfo, AbiSlot, type AbiType, type Component } from "../ssa/abi.ts";
import { type Block, BlockPlain, CallInfo, Func, Slot, type Value } from "../ssa/func.ts";
import { opAux } from "../ssa/ops.gen.ts";
import { NoSym, type Sym, type Symbols } from "../ssa/symbol.ts";
import type { ValueType } from "../ssa/types.ts";

/** Reads functions, one after the other. */
export class FuncReader {
  private readonly symbols: Symbols;
  private readonly decoder = new TextDecoder();
  private bytes: Uint8Array = new Uint8Array(0);
  private words: Int32Array = new Int32Array(0);
  private at = 0;
  /** The symbols and source files of the function that was read last, as its fingerprint has them. */
  list: Sym[] = [];
  files: SourceFile[] = [];

  constructor(symbols: Symbols) {
    this.symbols = symbols;
  }

  /** The bytes begin at a multiple of four. */
  read(bytes: Uint8Array): Func {
    this.bytes = bytes;
    this.words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
    const name = this.behind();
    this.at = 0;
    this.text();
    const sym = this.symbol();
    const pos = this.position();
    const flags = this.word();
    const values = this.word();
    const blocks = this.word();
    const slots = this.word();
    const calls = this.word();
    const entry = this.word();
    const abi = this.abi();
    const f = new Func(sym, name, pos, abi, new CallInfo(sym, abi, false), flags);
    this.columns(f, values);
    this.handles(f, values);
    while (f.blocks.length < blocks) f.newBlock(BlockPlain, NoPos);
    f.entry = f.blocks[entry] as Block;
    for (let i = 1; i < blocks; i++) this.block(f, i);
    for (let i = 1; i < slots; i++) f.slots.push(this.slot());
    for (let i = 1; i < calls; i++) f.calls.push(this.call());
    return f;
  }

  /** Reads what is needed first and stands last; the result is the function's name. */
  private behind(): string {
    const { words } = this;
    const [end, files, names] = words.subarray(words.length - 3) as unknown as [number, number, number];
    this.at = names;
    this.list = [];
    for (let n = this.word(); n > 0; n--) this.list.push(this.symbols.intern(this.text()));
    this.at = end;
    const sources = new Sources();
    this.files = [];
    for (let i = 0; i < files; i++) this.files.push(sources.add("", this.word()));
    return this.text();
  }

  private word(): number {
    return this.words[this.at++] as number;
  }

  private wide(): number {
    const low = this.word();
    return this.word() * 4294967296 + (low >>> 0);
  }

  private numbers(): number[] {
    const list: number[] = [];
    for (let n = this.word(); n > 0; n--) list.push(this.word());
    return list;
  }

  private text(): string {
    const length = this.word();
    const start = 4 * this.at;
    this.at += (length + 3) >> 2;
    return this.decoder.decode(this.bytes.subarray(start, start + length));
  }

  private symbol(): Sym {
    const number = this.word();
    return number < 0 ? NoSym : (this.list[number] as Sym);
  }

  private position(): Pos {
    const number = this.word();
    const offset = this.word();
    return number === 0 ? NoPos : (this.files[number - 1] as SourceFile).pos(offset);
  }

  /** Fills the first `length` rows of a column. */
  private column<C extends Int32Array | Uint16Array | Uint8Array>(column: C, length: number): C {
    column.set(this.words.subarray(this.at, this.at + length));
    this.at += length;
    return column;
  }

  private columns(f: Func, n: number): void {
    // The back half makes values of its own.
    const size = Math.max(f.op.length, n + (n >> 1));
    f.valueCount = n;
    f.op = this.column(new Uint16Array(size), n);
    f.type = this.column(new Uint8Array(size), n);
    f.argCount = this.column(new Uint16Array(size), n);
    f.auxLo = this.column(new Int32Array(size), n);
    f.auxHi = this.column(new Int32Array(size), n);
    f.inl = this.column(new Int32Array(size), n);
    f.block = this.column(new Int32Array(size), n);
    f.uses = this.column(new Int32Array(size), n);
    this.args(f, size);
    f.aux = new Int32Array(size);
    f.pos_ = new Int32Array(size);
  }

  private args(f: Func, size: number): void {
    f.argStart = new Int32Array(size);
    let used = 0;
    for (let v = 1; v < f.valueCount; v++) {
      f.argStart[v] = used;
      used += f.argCount[v] as number;
    }
    f.poolUsed = used;
    f.pool = this.column(new Int32Array(Math.max(f.pool.length, used + (used >> 1))), used);
  }

  private handles(f: Func, n: number): void {
    for (let v = 1; v < n; v++) {
      const kind = opAux[f.op[v] as number];
      f.aux[v] = kind === "sym" || kind === "type" ? this.symbol() : this.word();
      f.pos_[v] = this.position();
    }
  }

  private block(f: Func, id: number): void {
    const kind = this.word();
    if (kind === 0) {
      f.blocks[id] = null;
      return;
    }
    const b = f.blocks[id] as Block;
    b.kind = kind;
    b.likely = this.word();
    b.cold = this.word() !== 0;
    b.aux = this.word();
    b.pos = this.position();
    b.values = this.numbers() as Value[];
    b.controls = this.numbers() as Value[];
    b.succs = this.blocks(f);
    b.preds = this.blocks(f);
  }

  private blocks(f: Func): Block[] {
    const list: Block[] = [];
    for (let n = this.word(); n > 0; n--) list.push(f.blocks[this.word()] as Block);
    return list;
  }

  private slot(): Slot | null {
    const flags = this.word();
    if (flags < 0) return null;
    const size = this.wide();
    const align = this.word();
    const s = new Slot("", size, align, this.numbers());
    s.exposed = (flags & 1) !== 0;
    s.escapes = (flags & 2) !== 0;
    return s;
  }

  private call(): CallInfo | null {
    if (this.words[this.at] === -2) {
      this.at++;
      return null;
    }
    const sym = this.symbol();
    const flags = this.word();
    const call = new CallInfo(sym, this.abi(), (flags & 1) !== 0);
    call.pointerFree = (flags & 2) !== 0;
    return call;
  }

  private abi(): AbiInfo {
    const argSize = this.wide();
    const spillSize = this.wide();
    const params = this.abiSlots();
    return new AbiInfo(params, this.abiSlots(), argSize, spillSize);
  }

  private abiSlots(): AbiSlot[] {
    const list: AbiSlot[] = [];
    for (let n = this.word(); n > 0; n--) {
      const stackOffset = this.wide();
      const registers = this.numbersOrNone();
      list.push(new AbiSlot(this.abiType(), registers, stackOffset));
    }
    return list;
  }

  private abiType(): AbiType {
    const size = this.wide();
    const align = this.word();
    const inRegisters = this.word() !== 0;
    const components: Component[] = [];
    for (let n = this.word(); n > 0; n--) components.push({ type: this.word() as ValueType, offset: this.wide() });
    const pointerWords = this.numbersOrNone();
    return pointerWords === null ? { size, align, components, inRegisters } : { size, align, components, inRegisters, pointerWords };
  }

  private numbersOrNone(): number[] | null {
    if (this.words[this.at] !== -1) return this.numbers();
    this.at++;
    return null;
  }
}
