// The machine code of a function as bytes, for keeping it between builds. What the function itself says (its symbol, its name, the calls inlined in it) is not in
// them; symbols and positions refer to the lists of its fingerprint.

import type { ByteReader, ByteWriter } from "../base/bytes.ts";
import { NoPos, type Pos, type SourceFile } from "../base/pos.ts";
import { FuncCode, type InlinedCall, Relocs, type StackMapSite, type StackObject } from "../ssa/object.ts";
import type { Sym, Symbols } from "../ssa/symbol.ts";

/** What numbers in kept code mean: the lists of a fingerprint. */
export interface CodeNames {
  readonly list: readonly Sym[];
  readonly files: readonly SourceFile[];
}

export function writeAscending(w: ByteWriter, list: readonly number[]): void {
  w.uvarint(list.length);
  let last = 0;
  for (let i = 0; i < list.length; i++) {
    w.varint((list[i] as number) - last);
    last = list[i] as number;
  }
}

export function readAscending(r: ByteReader): number[] {
  const list: number[] = [];
  const count = r.uvarint();
  let last = 0;
  for (let i = 0; i < count; i++) {
    last += r.varint();
    list.push(last);
  }
  return list;
}

/** Writes code; `print` has the names that go with its function's fingerprint. */
export function writeCode(w: ByteWriter, code: FuncCode, print: CodeNames, symbols: Symbols): void {
  w.uvarint(code.code.length);
  w.bytes(code.code);
  w.uvarint(code.frameSize);
  w.uvarint(code.flags);
  w.uvarint(code.entryPointers);
  w.uvarint(code.deferReturn);
  w.uvarint(code.align);
  writeRelocs(w, code.relocs, print, symbols);
  w.uvarint(code.stackMaps.length);
  for (const site of code.stackMaps) {
    w.uvarint(site.offset);
    writeAscending(w, site.locals);
    writeAscending(w, site.args);
  }
  w.uvarint(code.stackObjects.length);
  for (const o of code.stackObjects) {
    w.uvarint(o.word);
    w.uvarint(o.words);
    writeAscending(w, o.pointers);
  }
  writeAscending(w, code.lineOffsets);
  let file: SourceFile | null = null;
  let number = 0;
  let last = 0;
  for (let i = 0; i < code.linePositions.length; i++) {
    const pos = code.linePositions[i] as Pos;
    if (pos === NoPos) {
      w.uvarint(0);
    } else {
      if (file === null || pos < file.base || pos > file.base + file.size) {
        number = print.files.findIndex((f) => pos >= f.base && pos <= f.base + f.size) + 1;
        file = print.files[number - 1] as SourceFile;
      }
      w.uvarint(number);
      w.varint(pos - file.base - last);
      last = pos - file.base;
    }
    w.uvarint(code.lineInlined[i] as number);
  }
}

/** What code does not say of its function; a Func is one. */
export interface CodeOwner {
  readonly sym: Sym;
  readonly name: string;
  readonly pos: Pos;
  readonly abi: { readonly argSize: number };
  readonly inlined: readonly (InlinedCall | null)[];
}

/** The code of a function from what `writeCode` wrote for one with the same fingerprint. */
export function readCode(r: ByteReader, f: CodeOwner, print: CodeNames, symbols: Symbols): FuncCode {
  const code = r.bytes(r.uvarint());
  const frameSize = r.uvarint();
  const flags = r.uvarint();
  const entryPointers = r.uvarint();
  const deferReturn = r.uvarint();
  const align = r.uvarint();
  const relocs = readRelocs(r, print, symbols);
  const stackMaps: StackMapSite[] = [];
  for (let n = r.uvarint(); n > 0; n--) stackMaps.push({ offset: r.uvarint(), locals: readAscending(r), args: readAscending(r) });
  const stackObjects: StackObject[] = [];
  for (let n = r.uvarint(); n > 0; n--) stackObjects.push({ word: r.uvarint(), words: r.uvarint(), pointers: readAscending(r) });
  const lineOffsets = readAscending(r);
  const linePositions: Pos[] = [];
  const lineInlined: number[] = [];
  let last = 0;
  for (let i = 0; i < lineOffsets.length; i++) {
    const number = r.uvarint();
    if (number === 0) {
      linePositions.push(NoPos);
    } else {
      last += r.varint();
      linePositions.push((print.files[number - 1] as SourceFile).pos(last));
    }
    lineInlined.push(r.uvarint());
  }
  return new FuncCode({
    sym: f.sym,
    name: f.name,
    code,
    relocs,
    frameSize,
    argSize: f.abi.argSize,
    flags,
    entryPointers,
    stackMaps,
    stackObjects,
    deferReturn,
    lineOffsets,
    linePositions,
    lineInlined,
    inlined: inlinedCalls(f),
    pos: f.pos,
    align,
  });
}

/** The calls inlined in a function, as its code has them. */
export function inlinedCalls(f: CodeOwner): FuncCode["inlined"] {
  return f.inlined.map((x) => x ?? { parent: 0, name: "", pos: NoPos, flags: 0 });
}

/** Symbols that are not in the list follow as names. */
export function writeRelocs(w: ByteWriter, relocs: Relocs, print: CodeNames, symbols: Symbols): void {
  w.uvarint(relocs.count);
  const more: Sym[] = [];
  let last = 0;
  for (let i = 0; i < relocs.count; i++) {
    const sym = relocs.sym[i] as Sym;
    let number = print.list.indexOf(sym);
    if (number < 0) {
      number = more.indexOf(sym);
      if (number < 0) number = more.push(sym) - 1;
      number += print.list.length;
    }
    w.varint((relocs.offset[i] as number) - last);
    last = relocs.offset[i] as number;
    w.uvarint(relocs.kind[i] as number);
    w.uvarint(number);
    w.varint(relocs.addend[i] as number);
  }
  w.uvarint(more.length);
  for (const sym of more) w.text(symbols.name(sym));
}

export function readRelocs(r: ByteReader, print: CodeNames, symbols: Symbols): Relocs {
  const relocs = new Relocs();
  const count = r.uvarint();
  let last = 0;
  for (let i = 0; i < count; i++) {
    last += r.varint();
    const kind = r.uvarint();
    const number = r.uvarint();
    relocs.add(last, kind, number as Sym, r.varint());
  }
  const more: Sym[] = [];
  for (let n = r.uvarint(); n > 0; n--) more.push(symbols.intern(r.text()));
  const own = print.list.length;
  for (let i = 0; i < count; i++) {
    const number = relocs.sym[i] as number;
    relocs.sym[i] = (number < own ? print.list[number] : more[number - own]) as Sym;
  }
  return relocs;
}
