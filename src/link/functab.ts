// The tables that the runtime unwinds and prints tracebacks with: function starts, function records, stack maps, names, files and
// lines. Their layout is the contract of docs/metadata.md.

import type { Pos, Sources } from "../base/pos.ts";
import type { FuncCode, StackMapSite, StackObject } from "../ssa/object.ts";
import type { Symbols } from "../ssa/symbol.ts";
import { ByteWriter } from "../base/bytes.ts";
import { funcId, recordFlags } from "./funcid.ts";

/** The blobs that go to read-only data. */
export interface FuncTables {
  readonly functab: Uint8Array;
  readonly funcs: Uint8Array;
  readonly stackmaps: Uint8Array;
  readonly pcln: Uint8Array;
}

export interface FuncTableOptions {
  readonly symbols: Symbols;
  readonly sources: Sources;
  /** The name to show for a source file. */
  readonly fileName: (file: string) => string;
  /** Raw deflate, or null to keep the tables as they are. */
  readonly deflate: ((data: Uint8Array) => Uint8Array) | null;
  /** False: files and lines are left out (-ldflags=-s). */
  readonly lines: boolean;
}

/**
 * Makes the tables for functions that lie at text offsets `starts` (ascending, in the order of `functions`) in a text of
 * `textSize` bytes.
 */
export function makeFuncTables(
  functions: readonly FuncCode[],
  starts: readonly number[],
  textSize: number,
  options: FuncTableOptions,
): FuncTables {
  const functab = new ByteWriter();
  const funcs = new ByteWriter();
  const maps = new StackMapWriter();
  const lines = new LineWriter(options);
  for (let i = 0; i < functions.length; i++) {
    const f = functions[i] as FuncCode;
    functab.u32(starts[i] as number);
    funcs.u32(f.frameSize);
    funcs.u32(lines.name(f.name));
    funcs.u32(maps.add(f));
    funcs.u32(lines.program(f));
    funcs.u16(Math.min(f.argSize / 8, 0xffff));
    const name = options.symbols.name(f.sym);
    funcs.u8(recordFlags(name, f.flags));
    funcs.u8(funcId(name, f.flags));
    funcs.u32(f.deferReturn);
  }
  functab.u32(textSize);
  return { functab: functab.finish(), funcs: funcs.finish(), stackmaps: maps.finish(), pcln: lines.finish() };
}

/** In the number of sites: a list of stack objects follows. */
const hasObjects = 0x8000;

/** Bitmaps are shared by all sites of all functions that have the same one. */
class StackMapWriter {
  private readonly out = new ByteWriter();
  private readonly known = new Map<string, number>();

  constructor() {
    this.out.u32(0); // Offset 0 means none.
  }

  add(f: FuncCode): number {
    const sites = f.stackMaps.filter((s) => s.locals.length > 0 || s.args.length > 0);
    const objects = f.stackObjects;
    if (sites.length === 0 && f.entryPointers === 0 && objects.length === 0) return 0;
    if (sites.length >= hasObjects) throw new Error(`${f.name}: too many calls for a stack map`);
    const bitmaps = sites.map((s) => this.bitmap(s));
    const list = objects.length === 0 ? 0 : this.objects(objects);
    this.out.alignTo(4);
    const at = this.out.length;
    this.out.u16(sites.length | (list === 0 ? 0 : hasObjects));
    this.out.u16(f.entryPointers);
    for (const s of sites) this.out.u32(s.offset);
    for (const b of bitmaps) this.out.u32(b);
    if (list !== 0) this.out.u32(list);
    return at;
  }

  private objects(objects: readonly StackObject[]): number {
    const key = objects.map((o) => `${o.word}:${o.words}:${o.pointers.join()}`).join(";");
    const old = this.known.get(key);
    if (old !== undefined) return old;
    const at = this.out.length;
    this.known.set(key, at);
    this.out.uvarint(objects.length);
    let last = 0;
    for (const o of objects) {
      const n = (o.pointers[o.pointers.length - 1] as number) + 1;
      this.out.uvarint(o.word - last);
      this.out.uvarint(o.words);
      this.out.uvarint(n);
      const bits = new Uint8Array((n + 7) >> 3);
      for (const word of o.pointers) setBit(bits, word);
      this.out.bytes(bits);
      last = o.word;
    }
    return at;
  }

  finish(): Uint8Array {
    return this.out.finish();
  }

  private bitmap(site: StackMapSite): number {
    const key = `${site.locals.join()};${site.args.join()}`;
    const old = this.known.get(key);
    if (old !== undefined) return old;
    const at = this.out.length;
    this.known.set(key, at);
    const start = site.locals[0] ?? 0;
    const nLocal = site.locals.length === 0 ? 0 : (site.locals[site.locals.length - 1] as number) - start + 1;
    const nArgs = site.args.length === 0 ? 0 : (site.args[site.args.length - 1] as number) + 1;
    this.out.uvarint(start);
    this.out.uvarint(nLocal);
    this.out.uvarint(nArgs);
    const bits = new Uint8Array((nLocal + nArgs + 7) >> 3);
    for (const word of site.locals) setBit(bits, word - start);
    for (const word of site.args) setBit(bits, nLocal + word);
    this.out.bytes(bits);
    return at;
  }
}

function setBit(bits: Uint8Array, i: number): void {
  bits[i >> 3] = (bits[i >> 3] as number) | (1 << (i & 7));
}

const headerSize = 12;

/** Names, files and line programs. Everything is addressed from the start of the inflated content. */
class LineWriter {
  private readonly options: FuncTableOptions;
  private readonly names = new ByteWriter();
  private readonly nameOffsets = new Map<string, number>();
  private readonly files: string[] = [];
  private readonly fileIndexes = new Map<string, number>();
  private readonly programs = new ByteWriter();
  private readonly encoder = new TextEncoder();
  /** Where the programs start is known only at the end: function records hold offsets from `programBase`. */
  private lastFile = "";
  private lastFileIndex = 0;

  constructor(options: FuncTableOptions) {
    this.options = options;
    this.programs.u8(0); // Offset 0 means none.
  }

  /** The offset of a name in the content. */
  name(text: string): number {
    const known = this.nameOffsets.get(text);
    if (known !== undefined) return known;
    const at = headerSize + this.names.length;
    const bytes = this.encoder.encode(text);
    this.names.uvarint(bytes.length);
    this.names.bytes(bytes);
    this.nameOffsets.set(text, at);
    return at;
  }

  /** Writes a function's lines; the result is an offset in the programs area (0: none). */
  program(f: FuncCode): number {
    if (!this.options.lines) return 0;
    const at = this.programs.length;
    const start = this.place(f.pos);
    this.programs.uvarint(start.line);
    this.programs.uvarint(start.file);
    const inlined = f.inlined;
    this.programs.uvarint(Math.max(inlined.length - 1, 0));
    for (let i = 1; i < inlined.length; i++) {
      const call = inlined[i];
      if (call === undefined) continue;
      const place = this.place(call.pos);
      this.programs.uvarint(call.parent);
      this.programs.uvarint(this.name(call.name));
      this.programs.uvarint(call.flags);
      this.programs.uvarint(place.file);
      this.programs.uvarint(place.line);
    }
    this.ranges(f);
    return at;
  }

  finish(): Uint8Array {
    const content = new ByteWriter();
    const names = this.names.finish();
    const files = new ByteWriter();
    files.uvarint(this.files.length);
    for (const file of this.files) {
      const bytes = this.encoder.encode(file);
      files.uvarint(bytes.length);
      files.bytes(bytes);
    }
    content.u32(names.length);
    content.u32(headerSize + names.length);
    content.u32(headerSize + names.length + files.length);
    content.bytes(names);
    content.bytes(files.finish());
    content.bytes(this.programs.finish());
    const raw = content.finish();
    const packed = this.options.deflate === null ? null : this.options.deflate(raw);
    const out = new ByteWriter();
    out.u32(packed === null ? 0 : 1);
    out.u32(raw.length);
    out.bytes(packed ?? raw);
    return out.finish();
  }

  private ranges(f: FuncCode): void {
    const ranges: { offset: number; inl: number; file: number; line: number }[] = [];
    for (let i = 0; i < f.lineOffsets.length; i++) {
      const place = this.place(f.linePositions[i] as Pos);
      const inl = f.lineInlined[i] as number;
      const last = ranges[ranges.length - 1];
      if (last !== undefined && last.inl === inl && last.file === place.file && last.line === place.line) continue;
      ranges.push({ offset: f.lineOffsets[i] as number, inl, file: place.file, line: place.line });
    }
    this.programs.uvarint(ranges.length);
    let offset = 0;
    let inl = 0;
    let file = 0;
    let line = 0;
    for (const r of ranges) {
      this.programs.uvarint(r.offset - offset);
      this.programs.varint(r.inl - inl);
      this.programs.varint(r.file - file);
      this.programs.varint(r.line - line);
      offset = r.offset;
      inl = r.inl;
      file = r.file;
      line = r.line;
    }
  }

  private place(pos: Pos): { file: number; line: number } {
    const { sources } = this.options;
    const at = sources.position(pos);
    const none = at.file === "" && sources.file(pos) === null;
    // A line directive can leave the file without a name.
    const name = at.file === "" && !none ? "??" : at.file;
    if (name !== this.lastFile) {
      this.lastFile = name;
      let index = this.fileIndexes.get(name);
      if (index === undefined) {
        index = this.files.length;
        this.files.push(none ? "<autogenerated>" : at.file === "" ? name : this.options.fileName(name));
        this.fileIndexes.set(name, index);
      }
      this.lastFileIndex = index;
    } else if (this.files.length === 0) {
      this.files.push("<autogenerated>");
      this.fileIndexes.set("", 0);
    }
    return { file: this.lastFileIndex, line: none ? 1 : at.line };
  }
}
