// Many small things under one key of the store: what is kept for the functions of a package.

import { ByteReader, ByteWriter } from "../base/bytes.ts";

const keyBytes = 32;
/** A pack keeps what this build did not use while it is not much larger than what it did, or small. */
const sparePacks = 3;
const smallPack = 1 << 20;

/** Byte strings by hash. */
export class Pack {
  /** In the store. */
  readonly key: string;
  readonly entries: Map<string, Uint8Array>;
  readonly used = new Set<string>();
  /** Has entries that are not in the store. */
  changed = false;

  constructor(key: string, data: Uint8Array | null) {
    this.key = key;
    this.entries = new Map();
    if (data === null) return;
    const r = new ByteReader(data);
    while (!r.done) {
      const key = keyText(r.bytes(keyBytes));
      this.entries.set(key, r.bytes(r.u32()));
    }
  }

  /** The pack as it is written. */
  bytes(): Uint8Array {
    let total = 0;
    let needed = 0;
    for (const [key, data] of this.entries) {
      total += data.length;
      if (this.used.has(key)) needed += data.length;
    }
    const all = total <= Math.max(smallPack, sparePacks * needed);
    const w = new ByteWriter();
    for (const [key, data] of this.entries) {
      if (!all && !this.used.has(key)) continue;
      for (let i = 0; i < key.length; i++) w.u16(key.charCodeAt(i));
      w.u32(data.length);
      w.bytes(data);
    }
    return w.finish();
  }
}

/** A hash as a text of 16 code units. */
export function keyText(hash: Uint8Array): string {
  let text = "";
  for (let i = 0; i < keyBytes; i += 2) text += String.fromCharCode((hash[i] as number) | ((hash[i + 1] as number) << 8));
  return text;
}
