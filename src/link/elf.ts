// The ELF file: headers, program headers, section headers, symbol table. Position independent, without PT_INTERP and PT_DYNAMIC: the
// kernel maps it and jumps to the entry; nothing else ever looks at it.

import { ByteWriter } from "../base/bytes.ts";
import type { Layout, Section, Segment } from "./layout.ts";

const elfHeaderSize = 64;
const programHeaderSize = 56;

const PT_LOAD = 1;
const PT_NOTE = 4;
const PT_GNU_STACK = 0x6474e551;
const PT_GNU_RELRO = 0x6474e552;

const SHT_PROGBITS = 1;
const SHT_SYMTAB = 2;
const SHT_STRTAB = 3;
const SHT_NOTE = 7;
const SHT_NOBITS = 8;

/** A symbol for the table that debuggers and nm read. */
export interface ElfSymbol {
  readonly name: string;
  readonly address: number;
  readonly size: number;
  readonly section: Section;
  readonly function: boolean;
}

/** Bytes that the headers at the start of the file take. */
export function headersSize(layout: Layout): number {
  return elfHeaderSize + programHeaderSize * (layout.segments.length + 3);
}

/** The ELF and program headers. `sectionHeaders` is the file offset of the section header table, 0 for none. */
export function writeHeaders(
  layout: Layout,
  machine: number,
  flags: number,
  entry: number,
  sectionHeaders: number,
  sectionCount: number,
): Uint8Array {
  const w = new ByteWriter();
  const segments = layout.segments.filter((s) => s.headers || segmentSize(s, true) > 0);
  // Empty segments are left out; their header slots at the end stay zero (PT_NULL is legal, but we count only used ones).
  const count = segments.length + 3;
  w.bytes(Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0));
  w.u16(3); // ET_DYN
  w.u16(machine);
  w.u32(1);
  w.u64(entry);
  w.u64(elfHeaderSize);
  w.u64(sectionHeaders);
  w.u32(flags);
  w.u16(elfHeaderSize);
  w.u16(programHeaderSize);
  w.u16(count);
  w.u16(64);
  w.u16(sectionCount);
  w.u16(sectionCount === 0 ? 0 : sectionCount - 1);
  for (const s of segments) {
    const first = s.sections[0] as Section;
    const start = s.headers ? 0 : first.address;
    const offset = s.headers ? 0 : first.offset;
    const head = s.headers ? first.address : 0;
    programHeader(w, PT_LOAD, s.flags, offset, start, head + segmentSize(s, false), head + segmentSize(s, true), 4096);
  }
  const note = layout.note;
  programHeader(w, PT_NOTE, 4, note.offset, note.address, note.size, note.size, 4);
  const relro = layout.relro;
  programHeader(w, PT_GNU_RELRO, 4, relro.offset, relro.address, relro.size, relro.size, 1);
  programHeader(w, PT_GNU_STACK, 6, 0, 0, 0, 0, 16);
  return w.finish();
}

function segmentSize(s: Segment, withZero: boolean): number {
  const first = s.sections[0] as Section;
  let end = first.address;
  for (const section of s.sections) {
    if (section.size > 0 && (withZero || !section.zero)) end = section.address + section.size;
  }
  return end - first.address;
}

function programHeader(
  w: ByteWriter,
  type: number,
  flags: number,
  offset: number,
  address: number,
  fileSize: number,
  memorySize: number,
  align: number,
): void {
  w.u32(type);
  w.u32(flags);
  w.u64(offset);
  w.u64(address);
  w.u64(address);
  w.u64(fileSize);
  w.u64(memorySize);
  w.u64(align);
}

/** What follows the image in the file: symbol table, strings and section headers. */
export interface Trailer {
  readonly bytes: Uint8Array;
  /** File offset of the section header table. */
  readonly sectionHeaders: number;
  readonly sectionCount: number;
}

/** A part of a section that has a header of its own. */
export interface Part {
  readonly address: number;
  readonly offset: number;
  readonly size: number;
}

/** Section headers for all non-empty sections, with a symbol table when there are symbols. `at` is the trailer's file offset. */
export function writeTrailer(layout: Layout, symbols: readonly ElfSymbol[], at: number, buildInfo: Part | null): Trailer {
  const sections = layout.sections.filter((s) => s.size > 0);
  const w = new ByteWriter();
  const names = new StringTable();
  const headers: (() => void)[] = [];
  const out = new ByteWriter();
  const header = (
    name: string,
    type: number,
    flags: number,
    address: number,
    offset: number,
    size: number,
    link: number,
    info: number,
    align: number,
    entry: number,
  ): void => {
    const nameOffset = names.add(name);
    headers.push(() => {
      out.u32(nameOffset);
      out.u32(type);
      out.u64(flags);
      out.u64(address);
      out.u64(offset);
      out.u64(size);
      out.u32(link);
      out.u32(info);
      out.u64(align);
      out.u64(entry);
    });
  };
  header("", 0, 0, 0, 0, 0, 0, 0, 0, 0);
  for (const s of sections) {
    const type = s === layout.note ? SHT_NOTE : s.zero ? SHT_NOBITS : SHT_PROGBITS;
    const writable = s === layout.note || s === layout.rodata || s === layout.text ? 0 : 1;
    const size = s === layout.rodata && buildInfo !== null ? buildInfo.offset - s.offset : s.size;
    header(s.name, type, 2 | writable | (s === layout.text ? 4 : 0), s.address, s.offset, size, 0, 0, s.align, 0);
  }
  if (symbols.length > 0) {
    const strings = new StringTable();
    w.alignTo(8);
    const start = w.length;
    w.bytes(new Uint8Array(24));
    for (const symbol of symbols) {
      w.u32(strings.add(symbol.name));
      w.u8(symbol.function ? 2 : 1); // STB_LOCAL
      w.u8(0);
      w.u16(sections.indexOf(symbol.section) + 1);
      w.u64(symbol.address);
      w.u64(symbol.size);
    }
    const count = symbols.length + 1;
    header(".symtab", SHT_SYMTAB, 0, 0, at + start, 24 * count, sections.length + 2, count, 8, 24);
    const text = strings.finish();
    header(".strtab", SHT_STRTAB, 0, 0, at + w.length, text.length, 0, 0, 1, 0);
    w.bytes(text);
  }
  // Tools look for the build information by this name; in memory it lies in the read-only data, with the relocations behind it.
  if (buildInfo !== null) {
    const { address, offset, size } = buildInfo;
    const { rodata } = layout;
    header(".go.buildinfo", SHT_PROGBITS, 2, address, offset, size, 0, 0, 16, 0);
    const rest = rodata.offset + rodata.size - offset - size;
    if (rest > 0) header(".go.relocations", SHT_PROGBITS, 2, address + size, offset + size, rest, 0, 0, 1, 0);
  }
  const namesAt = names.add(".shstrtab");
  const text = names.finish();
  const count = headers.length + 1;
  const stringsAt = at + w.length;
  w.bytes(text);
  while ((at + w.length) % 8 !== 0) w.u8(0);
  const sectionHeaders = at + w.length;
  for (const write of headers) write();
  out.u32(namesAt);
  out.u32(SHT_STRTAB);
  for (const value of [0, 0, stringsAt, text.length]) out.u64(value);
  out.u32(0);
  out.u32(0);
  out.u64(1);
  out.u64(0);
  w.bytes(out.finish());
  return { bytes: w.finish(), sectionHeaders, sectionCount: count };
}

/** NUL-terminated strings; equal ones are stored once. */
class StringTable {
  private readonly out = new ByteWriter();
  private readonly known = new Map<string, number>([["", 0]]);
  private readonly encoder = new TextEncoder();

  constructor() {
    this.out.u8(0);
  }

  add(text: string): number {
    const known = this.known.get(text);
    if (known !== undefined) return known;
    const at = this.out.length;
    this.known.set(text, at);
    this.out.bytes(this.encoder.encode(text));
    this.out.u8(0);
    return at;
  }

  finish(): Uint8Array {
    return this.out.finish();
  }
}
