// Little-endian byte buffers: one that grows, for tables whose size is not known beforehand, and one that is read from the front.

const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** Shorter texts are not worth a call of an encoder. */
const shortText = 100;

function isShortAscii(text: string): boolean {
  if (text.length > shortText) return false;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= 0x80) return false;
  return true;
}

/** Bytes as a text, to be a key. */
function codeUnits(data: Uint8Array, from: number, to: number): string {
  let text = "";
  for (let i = from; i < to; i++) text += String.fromCharCode(data[i] as number);
  return text;
}

export class ByteWriter {
  private data: Uint8Array;
  length = 0;

  constructor(size = 1024) {
    this.data = new Uint8Array(size);
  }

  u8(value: number): void {
    this.reserve(1);
    this.data[this.length++] = value;
  }

  u16(value: number): void {
    this.u8(value & 0xff);
    this.u8((value >>> 8) & 0xff);
  }

  u32(value: number): void {
    this.reserve(4);
    this.data[this.length++] = value;
    this.data[this.length++] = value >>> 8;
    this.data[this.length++] = value >>> 16;
    this.data[this.length++] = value >>> 24;
  }

  /** A 64-bit word from a non-negative safe integer. */
  u64(value: number): void {
    this.u32(value >>> 0);
    this.u32(Math.floor(value / 4294967296));
  }

  uvarint(value: number): void {
    while (value >= 0x80) {
      this.u8((value & 0x7f) | 0x80);
      value = Math.floor(value / 128);
    }
    this.u8(value);
  }

  /** Zigzag-encoded signed varint. */
  varint(value: number): void {
    this.uvarint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  bytes(source: Uint8Array): void {
    this.reserve(source.length);
    this.data.set(source, this.length);
    this.length += source.length;
  }

  /** A length in bytes and the text in UTF-8. */
  text(text: string): void {
    // A code unit has three bytes at most.
    this.reserve(3 * text.length);
    const ascii = isShortAscii(text);
    if (ascii) {
      this.u8(text.length);
      for (let i = 0; i < text.length; i++) this.u8(text.charCodeAt(i));
      return;
    }
    const bytes = encoder.encode(text);
    this.uvarint(bytes.length);
    this.bytes(bytes);
  }

  alignTo(to: number): void {
    while (this.length % to !== 0) this.u8(0);
  }

  /** What was written as code units. */
  latin1(): string {
    return codeUnits(this.data, 0, this.length);
  }

  finish(): Uint8Array {
    return this.data.slice(0, this.length);
  }

  /** Forgets what was written. */
  clear(): void {
    this.length = 0;
  }

  private reserve(count: number): void {
    if (this.length + count <= this.data.length) return;
    const bigger = new Uint8Array(Math.max(2 * this.data.length, this.length + count));
    bigger.set(this.data);
    this.data = bigger;
  }
}

/** Reads what a ByteWriter wrote. */
export class ByteReader {
  private readonly data: Uint8Array;
  private at = 0;

  constructor(data: Uint8Array) {
    this.data = data;
  }

  u32(): number {
    const { data, at } = this;
    this.at += 4;
    return (
      ((data[at] as number) | ((data[at + 1] as number) << 8) | ((data[at + 2] as number) << 16) | ((data[at + 3] as number) << 24)) >>> 0
    );
  }

  uvarint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.data[this.at++] as number;
      if (byte < 0x80) return value + byte * scale;
      if (byte === undefined) throw new Error("the data ends too early");
      value += (byte & 0x7f) * scale;
      scale *= 128;
    }
  }

  varint(): number {
    const value = this.uvarint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  u8(): number {
    const byte = this.data[this.at++];
    if (byte === undefined) throw new Error("the data ends too early");
    return byte;
  }

  /** What ByteWriter.text wrote. */
  text(): string {
    const length = this.uvarint();
    const { data, at } = this;
    if (length > data.length - at) throw new Error("the data ends too early");
    this.at += length;
    return decoder.decode(data.subarray(at, at + length));
  }

  /** How many bytes have been read. */
  get place(): number {
    return this.at;
  }

  /** The bytes from a place up to here as code units. */
  latin1(from: number): string {
    return codeUnits(this.data, from, this.at);
  }

  /** The next bytes, without a copy. */
  bytes(count: number): Uint8Array {
    this.at += count;
    return this.data.subarray(this.at - count, this.at);
  }

  get done(): boolean {
    return this.at >= this.data.length;
  }
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
