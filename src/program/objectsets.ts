// Sets of small numbers as rows of bits, for analyses that join sets until nothing grows any more. All rows of a table have the same width.

/** Rows of sets. */
export class ObjectSets {
  readonly words: number;
  readonly bits: Uint32Array;

  constructor(rows: number, words: number) {
    this.words = words;
    this.bits = new Uint32Array(rows * words);
  }

  has(row: number, member: number): boolean {
    return (((this.bits[row * this.words + (member >> 5)] as number) >>> (member & 31)) & 1) !== 0;
  }

  /** True when the set grew. */
  add(row: number, member: number): boolean {
    const { bits } = this;
    const at = row * this.words + (member >> 5);
    const old = bits[at] as number;
    bits[at] = old | (1 << (member & 31));
    return bits[at] !== old;
  }

  /** Adds all members of another table's row, `from`. True when the set grew. */
  join(row: number, other: ObjectSets, from: number): boolean {
    const { words, bits } = this;
    const source = other.bits;
    let grew = false;
    let to = row * words;
    for (let i = from * words, end = i + words; i < end; i++, to++) {
      const old = bits[to] as number;
      const joined = (old | (source[i] as number)) >>> 0;
      if (joined !== old) {
        bits[to] = joined;
        grew = true;
      }
    }
    return grew;
  }

  /** Adds the members of another table's row that are in a third one's row 0, too. */
  joinMasked(row: number, other: ObjectSets, from: number, mask: ObjectSets): boolean {
    const { words, bits } = this;
    let grew = false;
    for (let i = 0; i < words; i++) {
      const old = bits[row * words + i] as number;
      const joined = (old | ((other.bits[from * words + i] as number) & (mask.bits[i] as number))) >>> 0;
      if (joined !== old) {
        bits[row * words + i] = joined;
        grew = true;
      }
    }
    return grew;
  }

  clear(row: number): void {
    this.bits.fill(0, row * this.words, (row + 1) * this.words);
  }

  /** The smallest member that is not below `from`, -1 if there is none. */
  next(row: number, from: number): number {
    const { words, bits } = this;
    const start = row * words;
    let i = from >> 5;
    if (i >= words) return -1;
    let w = (bits[start + i] as number) & (-1 << (from & 31));
    while (w === 0) {
      if (++i >= words) return -1;
      w = bits[start + i] as number;
    }
    return 32 * i + 31 - Math.clz32(w & -w);
  }
}
