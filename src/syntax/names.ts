// Interning of identifiers and short literals straight from source bytes, so that a name that occurs a thousand times
// is one string, made once. Keywords live in the same table: one lookup tells both.

import { TokBreak, TokCount, TokName, tokenNames } from "./tokens.ts";

/** A table of names. One table can serve any number of packages. */
export class NameTable {
  private slots = new Int32Array(1 << 12);
  private hashes = new Int32Array(1 << 11);
  private starts = new Int32Array((1 << 11) + 1);
  private pool = new Uint8Array(1 << 15);
  private readonly strings: string[] = [""];
  private count = 1;

  constructor() {
    for (let tok = TokBreak; tok < TokCount; tok++) {
      const text = tokenNames[tok] as string;
      const bytes = new Uint8Array(text.length);
      let hash = 0;
      for (let i = 0; i < text.length; i++) {
        bytes[i] = text.charCodeAt(i);
        hash = (Math.imul(hash, 31) + (bytes[i] as number)) | 0;
      }
      this.lookup(bytes, 0, bytes.length, hash);
    }
  }

  /** The token for a table index: a keyword's, or TokName. */
  token(index: number): number {
    return index <= TokCount - TokBreak ? index - 1 + TokBreak : TokName;
  }

  string(index: number): string {
    return this.strings[index] as string;
  }

  /**
   * The index of the ASCII text in src[start, end), added if it is new. `hash` is that of the text: h = h * 31 + byte,
   * in 32 bits, from 0.
   */
  lookup(src: Uint8Array, start: number, end: number, hash: number): number {
    const slots = this.slots;
    const mask = slots.length - 1;
    const length = end - start;
    let slot = (hash ^ (hash >>> 13)) & mask;
    for (;;) {
      const index = slots[slot] as number;
      if (index === 0) return this.add(src, start, end, hash, slot);
      if (this.hashes[index] === hash) {
        const from = this.starts[index] as number;
        if ((this.starts[index + 1] as number) - from === length) {
          const pool = this.pool;
          let i = 0;
          while (i < length && pool[from + i] === src[start + i]) i++;
          if (i === length) return index;
        }
      }
      slot = (slot + 1) & mask;
    }
  }

  private add(src: Uint8Array, start: number, end: number, hash: number, slot: number): number {
    const index = this.count++;
    if (index + 2 > this.hashes.length) {
      this.hashes = grown(this.hashes);
      this.starts = grown(this.starts);
    }
    const from = this.starts[index] as number;
    const to = from + (end - start);
    while (to > this.pool.length) {
      const pool = new Uint8Array(this.pool.length * 2);
      pool.set(this.pool);
      this.pool = pool;
    }
    let text = "";
    for (let i = start; i < end; i++) {
      this.pool[from + i - start] = src[i] as number;
      text += String.fromCharCode(src[i] as number);
    }
    this.starts[index + 1] = to;
    this.hashes[index] = hash;
    this.strings.push(text);
    this.slots[slot] = index;
    if (this.count * 2 > this.slots.length) this.rehash();
    return index;
  }

  private rehash(): void {
    const slots = new Int32Array(this.slots.length * 2);
    const mask = slots.length - 1;
    for (let index = 1; index < this.count; index++) {
      const hash = this.hashes[index] as number;
      let slot = (hash ^ (hash >>> 13)) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = index;
    }
    this.slots = slots;
  }
}

function grown(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
