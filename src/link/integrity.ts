// The record by which a program checks some of its own code and data before it uses them: where they lie, and their hash. Form and hash are
// those that crypto/internal/fips140/check expects under the name go:fipsinfo. What is hashed must be in memory as it is in the file: code has
// no relocations that are applied at start, and data that has some is left out.

import { type DataObject, DataReadOnly, DataWritable, type FuncCode, RelocAbs64 } from "../ssa/object.ts";
import type { Sym, Symbols } from "../ssa/symbol.ts";
import type { Layout, Placement, Section } from "./layout.ts";

/** What of a program is checked. */
export interface Integrity {
  /** The symbol of the record. */
  readonly record: Sym;
  covers(symbol: string): boolean;
}

/** The record: a mark of 16 bytes, the hash, the record's own address, and start and end of four ranges. */
export const recordSize = 120;
const mark = [0xff, 0x20, 0x47, 0x6f, 0x20, 0x66, 0x69, 0x70, 0x73, 0x69, 0x6e, 0x66, 0x6f, 0x20, 0xff, 0x00];
const selfAt = 48;
const rangesAt = 56;

/** Offsets of the record's addresses. */
export const recordAddresses: readonly number[] = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((i) => selfAt + 8 * i);

/** A part of a section. */
export interface Range {
  readonly section: Section;
  start: number;
  end: number;
}

/** Whether an object is as it is in the file when the program starts. */
export function isCovered(integrity: Integrity, symbols: Symbols, d: DataObject): boolean {
  if (d.section !== DataReadOnly && d.section !== DataWritable) return false;
  return integrity.covers(symbols.name(d.sym)) && !d.relocs.kind.includes(RelocAbs64);
}

/** Functions in their order, but those that are checked behind the others. */
export function checkedLast(integrity: Integrity, symbols: Symbols, functions: readonly FuncCode[]): FuncCode[] {
  const covered = functions.map((f) => integrity.covers(symbols.name(f.sym)));
  return [...functions.filter((_, i) => !covered[i]), ...functions.filter((_, i) => covered[i])];
}

/** The four ranges, in the record's order: code, constants, variables without pointers, variables with pointers. Checked pieces are neighbours. */
export function checkedRanges(
  integrity: Integrity,
  symbols: Symbols,
  layout: Layout,
  functions: readonly FuncCode[],
  starts: readonly number[],
  placements: readonly Placement[],
): Range[] {
  const ranges = [layout.text, layout.rodata, layout.noptrdata, layout.data].map((section) => ({ section, start: 0, end: 0 }));
  const add = (section: Section, at: number, size: number): void => {
    const r = ranges.find((x) => x.section === section) as Range;
    if (r.end === 0) r.start = at;
    r.end = at + size;
  };
  for (let i = 0; i < functions.length; i++) {
    const f = functions[i] as FuncCode;
    if (integrity.covers(symbols.name(f.sym))) add(layout.text, starts[i] as number, f.code.length);
  }
  for (const p of placements) if (isCovered(integrity, symbols, p.object)) add(p.section, p.offset, p.object.size);
  return ranges;
}

/** Writes the record into a finished image. `at` is its place in the file, `address` that in memory. */
export function writeRecord(
  image: Uint8Array,
  at: number,
  address: number,
  ranges: readonly Range[],
  sha256: (data: Uint8Array) => Uint8Array,
): void {
  const view = new DataView(image.buffer, image.byteOffset);
  image.set(mark, at);
  view.setUint32(at + selfAt, address, true);
  const parts: Uint8Array[] = [new TextEncoder().encode("go fips object v1\n")];
  for (let i = 0; i < ranges.length; i++) {
    const { section, start, end } = ranges[i] as Range;
    view.setUint32(at + rangesAt + 16 * i, section.address + start, true);
    view.setUint32(at + rangesAt + 16 * i + 8, section.address + end, true);
    const size = new Uint8Array(8);
    new DataView(size.buffer).setUint32(4, end - start);
    parts.push(size, image.subarray(section.offset + start, section.offset + end));
  }
  image.set(hmac(parts, sha256), at + mark.length);
}

/** HMAC-SHA-256 under a key of zeros. */
function hmac(parts: readonly Uint8Array[], sha256: (data: Uint8Array) => Uint8Array): Uint8Array {
  const inner = sha256(joined([new Uint8Array(64).fill(0x36), ...parts]));
  return sha256(joined([new Uint8Array(64).fill(0x5c), inner]));
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const p of parts) {
    out.set(p, at);
    at += p.length;
  }
  return out;
}
