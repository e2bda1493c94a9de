// Makes functions from what funcwriter.ts wrote.

import type { ByteReader } from "../base/bytes.ts";
import { NoPos, type Pos, type SourceFile } from "../base/pos.ts";
import { AbiInfo, AbiSlot, type AbiType, type Component } from "../ssa/abi.ts";
import { type Block, BlockPlain, CallInfo, Func, Slot, type Value } from "../ssa/func.ts";
import { NoSym, type Sym } from "../ssa/symbol.ts";
import type { ValueType } from "../ssa/types.ts";
import { auxIsSymbol, hasArgs, hasAux, hasInt, hasPos } from "./funcwriter.ts";

/** Reads functions, one after the other. */
export class FuncReader {
  /** Conventions that functions share, by their bytes. */
  private readonly known = new Map<string, AbiInfo>();
  private abis: AbiInfo[] = [];
  private files: readonly SourceFile[] = [];
  private bases: number[] = [];
  private last = 0;
  private r!: ByteReader;
  private syms: readonly Sym[] = [];

  /** The function of a symbol. `syms`: by their numbers from 1; `files`: those of its positions. */
  read(sym: Sym, r: ByteReader, syms: readonly Sym[], files: readonly SourceFile[]): Func {
    this.r = r;
    this.syms = syms;
    this.abis = [];
    this.files = files;
    this.bases = [];
    this.last = 0;
    let end = 1;
    for (const file of files) {
      this.bases.push(end);
      end += file.size + 1;
    }
    const name = r.text();
    const flags = r.uvarint();
    const pos = this.position();
    const abi = this.abi();
    const f = new Func(sym, name, pos, abi, new CallInfo(sym, abi, false), flags);
    const values = r.uvarint();
    const blocks = r.uvarint();
    const entry = r.uvarint();
    while (f.blocks.length < blocks) f.newBlock(BlockPlain, NoPos);
    f.entry = f.blocks[entry] as Block;
    f.reserve(values);
    for (let v = 1; v < values; v++) this.value(f, v as Value);
    for (let i = 1; i < blocks; i++) this.block(f, i);
    if (r.u8() === 0) for (let v = 1; v < values; v++) f.uses[v]! += r.varint();
    const slots = r.uvarint();
    for (let i = 1; i < slots; i++) f.slots.push(this.slot());
    const calls = r.uvarint();
    for (let i = 1; i < calls; i++) f.calls.push(this.call());
    return f;
  }

  private value(f: Func, v: Value): void {
    const { r } = this;
    const head = r.uvarint();
    const op = head >>> 4;
    f.make(op, r.u8() as ValueType, NoPos, 0);
    f.block[v] = r.uvarint();
    if ((head & hasInt) !== 0) {
      f.auxLo[v] = r.varint();
      f.auxHi[v] = r.varint();
    }
    if ((head & hasAux) !== 0) {
      const aux = r.uvarint();
      f.aux[v] = auxIsSymbol[op] === 1 ? (this.syms[aux] as Sym) : aux;
    }
    if ((head & hasPos) !== 0) this.last += r.varint();
    f.pos_[v] = this.place(this.last);
    if ((head & hasArgs) === 0) return;
    const count = r.uvarint();
    f.newArgs(v, count);
    for (let i = 0; i < count; i++) f.firstArg(v, i, (v - r.varint()) as Value);
  }

  private position(): Pos {
    this.last += this.r.varint();
    return this.place(this.last);
  }

  private place(place: number): Pos {
    if (place === 0) return NoPos;
    let i = this.files.length - 1;
    while ((this.bases[i] as number) > place) i--;
    return ((this.files[i] as SourceFile).base + place - (this.bases[i] as number)) as Pos;
  }

  private block(f: Func, id: number): void {
    const { r } = this;
    const kind = r.u8();
    if (kind === 0) {
      f.blocks[id] = null;
      return;
    }
    const b = f.blocks[id] as Block;
    b.kind = kind;
    const bits = r.u8();
    b.likely = (bits >> 1) - 1;
    b.cold = (bits & 1) !== 0;
    b.aux = r.varint();
    b.pos = this.position();
    const values: Value[] = [];
    let before = 0;
    for (let n = r.uvarint(); n > 0; n--) {
      before += r.varint();
      values.push(before as Value);
    }
    b.values = values;
    for (let n = r.uvarint(); n > 0; n--) f.addControl(b, r.uvarint() as Value);
    b.succs = this.blocks(f);
    b.preds = this.blocks(f);
  }

  private blocks(f: Func): Block[] {
    const n = this.r.uvarint();
    if (n === 0) return [];
    // A push to an empty list makes room for 17.
    const list: Block[] = [f.blocks[this.r.uvarint()] as Block];
    for (let i = 1; i < n; i++) list.push(f.blocks[this.r.uvarint()] as Block);
    return list;
  }

  private slot(): Slot | null {
    const { r } = this;
    const flags = r.u8();
    if (flags === 4) return null;
    const name = r.text();
    const size = r.uvarint();
    const s = new Slot(name, size, r.uvarint(), this.list());
    s.exposed = (flags & 1) !== 0;
    s.escapes = (flags & 2) !== 0;
    return s;
  }

  private call(): CallInfo | null {
    const { r } = this;
    const flags = r.u8();
    if (flags === 4) return null;
    const number = r.uvarint();
    const sym = number === 0 ? NoSym : (this.syms[number] as Sym);
    const call = new CallInfo(sym, this.abi(), (flags & 1) !== 0);
    call.pointerFree = (flags & 2) !== 0;
    return call;
  }

  private list(): number[] {
    const list: number[] = [];
    for (let n = this.r.uvarint(); n > 0; n--) list.push(this.r.uvarint());
    return list;
  }

  private abi(): AbiInfo {
    const { r, abis } = this;
    const number = r.uvarint();
    if (number < abis.length) return abis[number] as AbiInfo;
    const start = r.place;
    const argSize = r.uvarint();
    const spillSize = r.uvarint();
    const params = this.abiSlots();
    const results = this.abiSlots();
    const key = r.latin1(start);
    let abi = this.known.get(key);
    if (abi === undefined) {
      abi = new AbiInfo(params, results, argSize, spillSize);
      this.known.set(key, abi);
    }
    abis.push(abi);
    return abi;
  }

  private abiSlots(): AbiSlot[] {
    const list: AbiSlot[] = [];
    for (let n = this.r.uvarint(); n > 0; n--) {
      const stackOffset = this.r.varint();
      const registers = this.optional();
      list.push(new AbiSlot(this.abiType(), registers, stackOffset));
    }
    return list;
  }

  private abiType(): AbiType {
    const { r } = this;
    const size = r.uvarint();
    const align = r.uvarint();
    const inRegisters = r.u8() !== 0;
    const components: Component[] = [];
    for (let n = r.uvarint(); n > 0; n--) {
      const type = r.u8() as ValueType;
      components.push({ type, offset: r.uvarint() });
    }
    const pointerWords = this.optional();
    return pointerWords === null ? { size, align, components, inRegisters } : { size, align, components, inRegisters, pointerWords };
  }

  private optional(): number[] | null {
    return this.r.u8() === 0 ? null : this.list();
  }
}
