// Archives of modules for tests, right ones and wrong ones.

import { deflateRawSync } from "node:zlib";

/** A file of an archive. */
export interface Packed {
  readonly name: string;
  readonly data: Buffer;
  /** The size that the archive claims, where that is another one. */
  readonly claim?: number;
  readonly mode?: number;
}

/** An archive of texts. Names get the prefix unless they begin with "!"; one with a claim has another size than it says. */
export function zip(files: Record<string, string>, prefix: string, claim: Record<string, number> = {}): Buffer {
  return pack(
    Object.entries(files).map(([name, text]) => {
      const packed = { name: name.startsWith("!") ? name.slice(1) : prefix + name, data: Buffer.from(text) };
      const size = claim[name];
      return size === undefined ? packed : { ...packed, claim: size };
    }),
  );
}

/** An archive of files. */
export function pack(files: readonly Packed[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const f of files) {
    const name = Buffer.from(f.name);
    const packed = deflateRawSync(f.data);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(8, 10);
    central.writeUInt32LE(packed.length, 20);
    central.writeUInt32LE(f.claim ?? f.data.length, 24);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(((f.mode ?? 0) << 16) >>> 0, 38);
    central.writeUInt32LE(at, 42);
    parts.push(local, name, packed);
    directory.push(central, name);
    at += 30 + name.length + packed.length;
  }
  const size = directory.reduce((n, b) => n + b.length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, ...directory, end]);
}
