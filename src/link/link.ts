// The linker: from functions and data to the bytes of an executable. Phases, each of which relies on the ones before:
//   collect      every symbol gets its definition; a missing one is an error
//   place        order and sizes of everything; from here on no piece is added
//   address      sections get addresses; from here on every symbol has one
//   tables       metadata that depends on addresses has a size that does not
//   relocate     bytes are patched, relative relocations collected
//   write        headers, build id, symbol table

import type { Sources } from "../base/pos.ts";
import type { ArchitectureLink } from "../arch/architecture.ts";
import {
  type DataObject,
  DataReadOnly,
  type FuncCode,
  RelocAbs64,
  RelocCall,
  RelocImageOff32,
  RelocPcRel32,
  type Relocs,
  RelocTextOff32,
} from "../ssa/object.ts";
import type { Sym, Symbols } from "../ssa/symbol.ts";
import { type ElfSymbol, headersSize, writeHeaders, writeTrailer } from "./elf.ts";
import { type FuncTables, makeFuncTables } from "./functab.ts";
import {
  checkedLast,
  checkedRanges,
  type Integrity,
  isCovered,
  type Range,
  recordAddresses,
  recordSize,
  writeRecord,
} from "./integrity.ts";
import { alignUp, assignAddresses, Layout, pageSize, type Placement, placeData, placeText, type Section } from "./layout.ts";
import { makeModule, moduleSize } from "./module.ts";
import { encodeRelr } from "./relr.ts";

export interface LinkInput {
  readonly symbols: Symbols;
  readonly sources: Sources;
  readonly functions: readonly FuncCode[];
  readonly data: readonly DataObject[];
  readonly entry: Sym;
  /** Itab and type descriptor symbols that the runtime must be able to enumerate; types sorted by their string. */
  readonly itabs: readonly Sym[];
  readonly typelinks: readonly Sym[];
  readonly buildInfo: Uint8Array;
  /** Where in it the text for the program itself begins. */
  readonly buildInfoText?: number;
  /** Other names of symbols (linkname to a definition elsewhere). */
  readonly aliases: ReadonlyMap<Sym, Sym>;
  /** What the program checks of itself; null: nothing. */
  readonly integrity: Integrity | null;
}

export interface LinkOptions {
  readonly target: ArchitectureLink;
  readonly fileName: (file: string) => string;
  readonly deflate: ((data: Uint8Array) => Uint8Array) | null;
  readonly sha256: (data: Uint8Array) => Uint8Array;
  /** Write .symtab. */
  readonly symbolTable: boolean;
  /** Keep files and lines for tracebacks. */
  readonly lines: boolean;
}

/** Addresses are 32-bit offsets; the limit is that of the Go linker. */
const largestSymbol = 2_000_000_000;

/** The size of each section, for reports. */
export interface LinkResult {
  readonly image: Uint8Array;
  readonly errors: readonly string[];
  readonly sections: readonly { readonly name: string; readonly size: number }[];
}

/** Links a program. Errors (undefined symbols, distances out of range) are returned, sorted; then there is no image. */
export function link(input: LinkInput, options: LinkOptions): LinkResult {
  return new Linker(input, options).run();
}

class Linker {
  private readonly input: LinkInput;
  private readonly options: LinkOptions;
  private readonly layout = new Layout();
  /** Address by symbol; NaN: undefined. */
  private readonly addresses: Float64Array;
  private readonly errors = new Set<string>();
  /** In the order of their code. */
  private functions: readonly FuncCode[];
  private placements: Placement[] = [];
  private starts: number[] = [];
  private checked: readonly Range[] = [];

  constructor(input: LinkInput, options: LinkOptions) {
    this.input = input;
    this.options = options;
    this.functions = input.functions;
    // The linker's own symbols are interned first so that the table below has room for them.
    for (const name of linkerSymbols) input.symbols.intern(`runtime.${name}`);
    this.addresses = new Float64Array(input.symbols.count).fill(Number.NaN);
  }

  run(): LinkResult {
    const { input, options, layout } = this;
    const { symbols } = input;

    for (const d of input.data) {
      if (d.size <= largestSymbol) continue;
      this.errors.add(`${symbols.name(d.sym)}: symbol too large (${d.size} bytes > ${largestSymbol} bytes)`);
    }
    if (this.errors.size > 0) return { image: new Uint8Array(0), errors: [...this.errors].sort(), sections: [] };

    // place
    const { integrity } = input;
    if (integrity !== null) this.functions = checkedLast(integrity, symbols, input.functions);
    this.starts = placeText(layout, this.functions);
    this.placements = placeData(layout, input.data, (d) => integrity !== null && isCovered(integrity, symbols, d));
    if (integrity !== null) this.checked = checkedRanges(integrity, symbols, layout, this.functions, this.starts, this.placements);
    const tables = makeFuncTables(this.functions, this.starts, layout.text.size, {
      symbols,
      sources: input.sources,
      fileName: options.fileName,
      deflate: options.deflate,
      lines: options.lines,
    });
    const extra = this.placeTables(tables);
    layout.note.size = 36;
    layout.relro.align = Math.max(layout.relro.align, 8);
    const moduleAt = layout.relro.reserve(moduleSize, 8);
    const itabsAt = layout.relro.reserve(8 * input.itabs.length, 8);
    const recordAt = integrity === null ? -1 : layout.relro.reserve(recordSize, 8);
    // The relocation table lies behind everything else in read-only data: its size depends only on addresses of relro and
    // data relative to each other, so it is worked out by fixed point (addresses only grow).
    const relrAt = alignUp(layout.rodata.size, 8);
    layout.rodata.size = relrAt;
    let words: Uint32Array = new Uint32Array(0);
    for (let round = 0; ; round++) {
      layout.rodata.size = relrAt + 4 * words.length;
      assignAddresses(layout, headersSize(layout));
      const next = encodeRelr(this.relativePlaces(moduleAt, itabsAt, recordAt));
      if (next.length <= words.length) {
        const padded = new Uint32Array(words.length);
        padded.set(next);
        // A bitmap word without bits covers nothing: harmless padding.
        for (let i = next.length; i < padded.length; i += 2) padded[i] = 1;
        words = padded;
        break;
      }
      words = next;
      if (round > 8) throw new Error("relocation table does not settle");
    }

    // address
    this.assignSymbols();
    this.defineLinkerSymbols(moduleAt, relrAt, words.length);
    if (integrity !== null) this.addresses[integrity.record] = layout.relro.address + recordAt;

    // relocate
    const end = Math.max(...layout.sections.filter((s) => !s.zero).map((s) => s.offset + s.size));
    const image = new Uint8Array(end);
    image.fill(options.target.textFill, layout.text.offset, layout.text.offset + layout.text.size);
    this.writePieces(image);
    this.fillTypelinks(extra);
    for (const t of extra) image.set(t.bytes, layout.rodata.offset + t.offset);
    image.set(new Uint8Array(words.buffer, words.byteOffset, words.byteLength), layout.rodata.offset + relrAt);
    image.set(this.module(itabsAt, extra), layout.relro.offset + moduleAt);
    this.writeItabs(image, itabsAt);
    if (recordAt >= 0) writeRecord(image, layout.relro.offset + recordAt, layout.relro.address + recordAt, this.checked, options.sha256);
    if (this.errors.size > 0) return { image: new Uint8Array(0), errors: [...this.errors].sort(), sections: [] };

    // write
    const sections = layout.sections.map((s) => ({ name: s.name, size: s.size }));
    for (const t of extra) sections.push({ name: `  of .rodata: ${t.name}`, size: t.bytes.length });
    sections.push({ name: "  of .rodata: relocations", size: 4 * words.length });
    const done = this.finish(image, extra);
    sections.push({ name: "symbol table, headers", size: done.length - image.length });
    return { image: done, errors: [], sections };
  }

  /** Reserves the metadata tables in read-only data. */
  private placeTables(tables: FuncTables): Table[] {
    const { layout, input } = this;
    const masks = this.pointerMasks();
    const out: Table[] = [];
    const add = (name: string, bytes: Uint8Array, align: number): void => {
      out.push({ name, bytes, offset: layout.rodata.reserve(bytes.length, align) });
    };
    add("gcdata", masks.data, 1);
    add("gcbss", masks.bss, 1);
    add("functab", tables.functab, 4);
    add("funcs", tables.funcs, 4);
    add("stackmaps", tables.stackmaps, 4);
    add("pcln", tables.pcln, 4);
    add("typelinks", new Uint8Array(4 * input.typelinks.length), 4);
    add("buildinfo", input.buildInfo, 16);
    return out;
  }

  private pointerMasks(): { data: Uint8Array; bss: Uint8Array } {
    const mask = (section: Section): Uint8Array => {
      const bits = new Uint8Array(Math.ceil(section.size / 64));
      for (const p of this.placements) {
        if (p.section !== section) continue;
        for (const word of p.object.pointers) {
          const i = p.offset / 8 + word;
          bits[i >> 3] = (bits[i >> 3] as number) | (1 << (i & 7));
        }
      }
      return bits;
    };
    return { data: mask(this.layout.data), bss: mask(this.layout.bss) };
  }

  /** The addresses of all words that hold absolute addresses, ascending. */
  private relativePlaces(moduleAt: number, itabsAt: number, recordAt: number): number[] {
    const places: number[] = [];
    for (const p of this.placements) {
      const { kind, offset } = p.object.relocs;
      for (let i = 0; i < kind.length; i++) {
        if (kind[i] === RelocAbs64) places.push(p.section.address + p.offset + (offset[i] as number));
      }
    }
    const { relro } = this.layout;
    for (const field of makeModule().addressFields) places.push(relro.address + moduleAt + 8 * field);
    for (let i = 0; i < this.input.itabs.length; i++) places.push(relro.address + itabsAt + 8 * i);
    if (recordAt >= 0) for (const at of recordAddresses) places.push(relro.address + recordAt + at);
    return places.sort((a, b) => a - b);
  }

  private assignSymbols(): void {
    const { input, layout, addresses, starts } = this;
    const define = (sym: Sym, address: number): void => {
      if (!Number.isNaN(addresses[sym])) this.errors.add(`${input.symbols.name(sym)}: defined twice`);
      addresses[sym] = address;
    };
    for (let i = 0; i < starts.length; i++) define((this.functions[i] as FuncCode).sym, layout.text.address + (starts[i] as number));
    for (const p of this.placements) define(p.object.sym, p.section.address + p.offset);
  }

  private defineLinkerSymbols(moduleAt: number, relrAt: number, relrWords: number): void {
    const { layout, addresses, input } = this;
    const { rodata, text, relro } = layout;
    const values: Readonly<Record<(typeof linkerSymbols)[number], number>> = {
      module: relro.address + moduleAt,
      image: 0,
      text: text.address,
      etext: text.address + text.size,
      relr: rodata.address + relrAt,
      erelr: rodata.address + relrAt + 4 * relrWords,
      relro: Math.floor(relro.address / pageSize) * pageSize,
      erelro: alignUp(relro.address + relro.size, pageSize),
    };
    for (const name of linkerSymbols) addresses[input.symbols.lookup(`runtime.${name}`)] = values[name];
  }

  private address(sym: Sym, from: string): number {
    const { addresses, input } = this;
    let address = addresses[sym] as number;
    if (Number.isNaN(address)) {
      const alias = input.aliases.get(sym);
      if (alias !== undefined) address = addresses[alias] as number;
      if (address === undefined || Number.isNaN(address)) {
        this.errors.add(`relocation target ${input.symbols.name(sym)} not defined (referenced by ${from})`);
        return 0;
      }
    }
    return address;
  }

  private writePieces(image: Uint8Array): void {
    const { layout, starts } = this;
    for (let i = 0; i < starts.length; i++) {
      const f = this.functions[i] as FuncCode;
      const start = starts[i] as number;
      image.set(f.code, layout.text.offset + start);
      this.relocate(image, layout.text, start, f.relocs, f.sym);
    }
    for (const p of this.placements) {
      if (p.section.zero) continue;
      image.set(p.object.bytes, p.section.offset + p.offset);
      this.relocate(image, p.section, p.offset, p.object.relocs, p.object.sym);
    }
  }

  private relocate(image: Uint8Array, section: Section, start: number, relocs: Relocs, from: Sym): void {
    if (relocs.count === 0) return;
    const { options, layout, input } = this;
    const view = new DataView(image.buffer);
    for (let i = 0; i < relocs.count; i++) {
      const offset = relocs.offset[i] as number;
      const kind = relocs.kind[i] as number;
      const at = section.offset + start + offset;
      const place = section.address + start + offset;
      const target = this.address(relocs.sym[i] as Sym, input.symbols.name(from)) + (relocs.addend[i] as number);
      switch (kind) {
        case RelocAbs64:
          view.setUint32(at, target >>> 0, true);
          view.setUint32(at + 4, Math.floor(target / 4294967296), true);
          break;
        case RelocImageOff32:
          view.setInt32(at, target, true);
          break;
        case RelocTextOff32:
          view.setInt32(at, target - layout.text.address, true);
          break;
        case RelocPcRel32:
        case RelocCall:
          view.setInt32(at, target - place, true);
          break;
        default:
          if (!options.target.relocate(kind, image, at, target, place)) {
            this.errors.add(`${input.symbols.name(from)}: relocation of kind ${kind} out of range`);
          }
      }
    }
  }

  /** Offsets of type descriptors from the image's start, known only now. */
  private fillTypelinks(tables: readonly Table[]): void {
    const typelinks = tables.find((t) => t.name === "typelinks") as Table;
    const view = new DataView(typelinks.bytes.buffer);
    for (let i = 0; i < this.input.typelinks.length; i++) {
      view.setInt32(4 * i, this.address(this.input.typelinks[i] as Sym, "typelinks"), true);
    }
  }

  private module(itabsAt: number, tables: readonly Table[]): Uint8Array {
    const { layout, input } = this;
    const table = (name: string): number => {
      const t = tables.find((x) => x.name === name) as Table;
      return layout.rodata.address + t.offset;
    };
    const end = (s: Section): number => s.address + s.size;
    const fields = makeModule();
    return fields.encode({
      image: 0,
      text: layout.text.address,
      etext: end(layout.text),
      rodata: layout.rodata.address,
      erodata: end(layout.rodata),
      relro: layout.relro.address,
      erelro: end(layout.relro),
      data: layout.data.address,
      edata: end(layout.data),
      bss: layout.bss.address,
      ebss: end(layout.bss),
      gcdata: table("gcdata"),
      gcbss: table("gcbss"),
      functab: table("functab"),
      nfunc: this.functions.length,
      funcs: table("funcs"),
      stackmaps: table("stackmaps"),
      pcln: table("pcln"),
      npcln: (tables.find((t) => t.name === "pcln") as Table).bytes.length,
      itabs: layout.relro.address + itabsAt,
      nitabs: input.itabs.length,
      typelinks: table("typelinks"),
      ntypelinks: input.typelinks.length,
      inittasks: 0,
      ninit: 0,
      buildinfo: table("buildinfo") + (input.buildInfoText ?? 0),
      nbuildinfo: input.buildInfo.length - (input.buildInfoText ?? 0),
      flags: this.options.lines ? 1 : 0,
    });
  }

  private writeItabs(image: Uint8Array, itabsAt: number): void {
    const view = new DataView(image.buffer);
    const { layout, input } = this;
    for (let i = 0; i < input.itabs.length; i++) {
      const at = layout.relro.offset + itabsAt + 8 * i;
      view.setUint32(at, this.address(input.itabs[i] as Sym, "itabs"), true);
    }
  }

  private finish(image: Uint8Array, tables: readonly Table[]): Uint8Array {
    const { layout, options, input } = this;
    const symbols = options.symbolTable ? this.elfSymbols() : [];
    const at = alignUp(image.length, 8);
    const info = tables.find((t) => t.name === "buildinfo") as Table;
    const { address, offset } = layout.rodata;
    const part = info.bytes.length === 0 ? null : { address: address + info.offset, offset: offset + info.offset, size: info.bytes.length };
    const trailer = writeTrailer(layout, symbols, at, part);
    const out = new Uint8Array(at + trailer.bytes.length);
    out.set(image);
    out.set(trailer.bytes, at);
    const entry = this.address(input.entry, "entry point");
    out.set(writeHeaders(layout, options.target.machine, options.target.elfFlags, entry, trailer.sectionHeaders, trailer.sectionCount));
    const note = new DataView(out.buffer, layout.note.offset);
    note.setUint32(0, 4, true);
    note.setUint32(4, 20, true);
    note.setUint32(8, 3, true); // NT_GNU_BUILD_ID
    note.setUint32(12, 0x00554e47, true); // "GNU"
    out.set(options.sha256(out).subarray(0, 20), layout.note.offset + 16);
    return out;
  }

  private elfSymbols(): ElfSymbol[] {
    const { input, layout, starts } = this;
    const symbols: ElfSymbol[] = [];
    for (let i = 0; i < starts.length; i++) {
      const f = this.functions[i] as FuncCode;
      symbols.push({
        name: input.symbols.name(f.sym),
        address: layout.text.address + (starts[i] as number),
        size: f.code.length,
        section: layout.text,
        function: true,
      });
    }
    for (const p of this.placements) {
      // Only variables: names of constants, types and strings would fill the table.
      if (p.object.section === DataReadOnly) continue;
      symbols.push({
        name: input.symbols.name(p.object.sym),
        address: p.section.address + p.offset,
        size: p.object.size,
        section: p.section,
        function: false,
      });
    }
    return symbols;
  }
}

/** Symbols that the linker defines; the runtime and its assembly refer to them as runtime.NAME. */
export const linkerSymbols = ["module", "image", "text", "etext", "relr", "erelr", "relro", "erelro"] as const;

/** The record of what the program checks of itself; there is one if somebody refers to it. */
export const integrityRecord = "go:fipsinfo";

interface Table {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly offset: number;
}
