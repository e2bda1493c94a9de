// Archives of modules for tests, right ones and wrong ones.

import { deflateRawSync } from "node:zlib";

/** An archive. Names get the prefix unless they begin with "!"; one with a claim has another size than it says. */
export function zip(files: Record<string, string>, prefix: string, claim: Record<string, number> = {}): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, text] of Object.entries(files)) {
    const full = Buffer.from(name.startsWith("!") ? name.slice(1) : prefix + name);
    const packed = deflateRawSync(Buffer.from(text));
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(full.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(8, 10);
    central.writeUInt32LE(packed.length, 20);
    central.writeUInt32LE(claim[name] ?? Buffer.byteLength(text), 24);
    central.writeUInt16LE(full.length, 28);
    central.writeUInt32LE(at, 42);
    parts.push(local, full, packed);
    directory.push(central, full);
    at += 30 + full.length + packed.length;
  }
  const size = directory.reduce((n, b) => n + b.length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, ...directory, end]);
}
