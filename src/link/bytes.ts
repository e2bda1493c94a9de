// A growable little-endian byte buffer, for tables whose size is not known beforehand.

export class ByteWriter {
  private data: Uint8Array = new Uint8Array(1024);
  length = 0;

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

  alignTo(to: number): void {
    while (this.length % to !== 0) this.u8(0);
  }

  finish(): Uint8Array {
    return this.data.slice(0, this.length);
  }

  private reserve(count: number): void {
    if (this.length + count <= this.data.length) return;
    const bigger = new Uint8Array(Math.max(2 * this.data.length, this.length + count));
    bigger.set(this.data);
    this.data = bigger;
  }
}
