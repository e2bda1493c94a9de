// The RELR encoding of relative relocations (ELF gABI, SHT_RELR): an even word is an address to relocate; the odd words
// behind it are bitmaps, bit i (from 1) for the i-th word after the last address covered.

/** Encodes ascending, 8-aligned addresses as 64-bit words, given as pairs low, high. */
export function encodeRelr(addresses: readonly number[]): Uint32Array {
  const words: number[] = [];
  let i = 0;
  while (i < addresses.length) {
    const start = addresses[i] as number;
    words.push(start >>> 0, Math.floor(start / 4294967296));
    i++;
    let base = start + 8;
    for (;;) {
      let low = 1;
      let high = 0;
      let found = false;
      while (i < addresses.length) {
        const bit = ((addresses[i] as number) - base) / 8 + 1;
        if (bit > 63) break;
        if (bit < 32) low |= 1 << bit;
        else high |= 1 << (bit - 32);
        found = true;
        i++;
      }
      if (!found) break;
      words.push(low >>> 0, high >>> 0);
      base += 63 * 8;
    }
  }
  return Uint32Array.from(words);
}

/** The addresses that an encoding stands for: the inverse, for tests and audits. */
export function decodeRelr(words: Uint32Array): number[] {
  const addresses: number[] = [];
  let base = 0;
  for (let i = 0; i < words.length; i += 2) {
    const low = words[i] as number;
    const high = words[i + 1] as number;
    if ((low & 1) === 0) {
      const start = high * 4294967296 + low;
      addresses.push(start);
      base = start + 8;
      continue;
    }
    for (let bit = 1; bit < 64; bit++) {
      const set = bit < 32 ? (low >>> bit) & 1 : (high >>> (bit - 32)) & 1;
      if (set !== 0) addresses.push(base + (bit - 1) * 8);
    }
    base += 63 * 8;
  }
  return addresses;
}
