// Little-endian bytes with relocations: a piece of data under construction.

import { DataObject, DataReadOnly, RelocAbs64, RelocImageOff32, RelocTextOff32, Relocs } from "../ssa/object.ts";
import type { Sym } from "../ssa/symbol.ts";

/** The bytes grow by being written to. */
export class DataWriter {
  bytes: Uint8Array;
  readonly relocs: Relocs = new Relocs();
  private view: DataView;

  constructor(size: number) {
    this.bytes = new Uint8Array(size);
    this.view = new DataView(this.bytes.buffer);
  }

  u8(at: number, x: number): void {
    this.bytes[at] = x;
  }

  u16(at: number, x: number): void {
    this.view.setUint16(at, x, true);
  }

  u32(at: number, x: number): void {
    this.view.setUint32(at, x, true);
  }

  i32(at: number, x: number): void {
    this.view.setInt32(at, x, true);
  }

  u64(at: number, x: number): void {
    this.view.setUint32(at, x >>> 0, true);
    this.view.setUint32(at + 4, Math.floor(x / 4294967296) >>> 0, true);
  }

  /** An address; nothing when there is no symbol. */
  address(at: number, sym: Sym, addend = 0): void {
    if (sym !== 0) this.relocs.add(at, RelocAbs64, sym, addend);
  }

  imageOffset(at: number, sym: Sym): void {
    if (sym !== 0) this.relocs.add(at, RelocImageOff32, sym, 0);
  }

  textOffset(at: number, sym: Sym): void {
    if (sym !== 0) this.relocs.add(at, RelocTextOff32, sym, 0);
  }

  readOnly(sym: Sym, align: number, mergeable: boolean): DataObject {
    return new DataObject(sym, DataReadOnly, this.bytes.length, align, this.bytes, sortRelocs(this.relocs), [], mergeable);
  }
}

/** Relocations must ascend by offset; most are written in order anyway. */
export function sortRelocs(r: Relocs): Relocs {
  let sorted = true;
  for (let i = 1; i < r.count; i++) if ((r.offset[i] as number) < (r.offset[i - 1] as number)) sorted = false;
  if (sorted) return r;
  const order = r.offset.map((_, i) => i).sort((a, b) => (r.offset[a] as number) - (r.offset[b] as number));
  const out = new Relocs();
  for (const i of order) out.add(r.offset[i] as number, r.kind[i] as number, r.sym[i] as Sym, r.addend[i] as number);
  return out;
}
