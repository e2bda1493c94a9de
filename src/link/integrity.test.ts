import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { test } from "node:test";
import { Sources } from "../base/pos.ts";
import { DataObject, DataReadOnly, DataWritable, DataZero, RelocAbs64, Relocs } from "../ssa/object.ts";
import { Symbols } from "../ssa/symbol.ts";
import { link } from "./link.ts";
import { code } from "./testing.ts";

test("the record tells where the checked pieces lie, and their hash", () => {
  const symbols = new Symbols();
  const data = (name: string, section: number, bytes: string, pointers: readonly number[] = [], to = ""): DataObject => {
    const relocs = new Relocs();
    if (to !== "") relocs.add(0, RelocAbs64, symbols.intern(to), 0);
    const length = Math.max(bytes.length, 8);
    return new DataObject(symbols.intern(name), section, length, 8, new TextEncoder().encode(bytes), relocs, pointers, false);
  };
  const result = link(
    {
      symbols,
      sources: new Sources(),
      functions: [code(symbols, "in.f", [1, 2]), code(symbols, "start", [3]), code(symbols, "in.g", [4, 5, 6])],
      data: [
        data("in.constant", DataReadOnly, "constant"),
        data("constant", DataReadOnly, "elsewhere"),
        data("in.table", DataReadOnly, "", [], "in.constant"),
        data("in.number", DataWritable, "number"),
        data("in.pair", DataWritable, "--------pointer?", [1]),
        data("in.link", DataWritable, "", [0], "in.number"),
        data("pair", DataWritable, "outside", [0]),
        data("in.zero", DataZero, ""),
      ],
      entry: symbols.intern("start"),
      itabs: [],
      typelinks: [],
      buildInfo: new Uint8Array(0),
      aliases: new Map(),
      integrity: { record: symbols.intern("record"), covers: (name) => name.startsWith("in.") },
    },
    {
      target: { machine: 62, elfFlags: 0, textFill: 0xcc, relocate: () => false },
      fileName: (f) => f,
      deflate: null,
      sha256: (bytes) => createHash("sha256").update(bytes).digest(),
      symbolTable: false,
      lines: false,
    },
  );
  assert.deepEqual(result.errors, []);
  const image = Buffer.from(result.image);
  const at = image.indexOf("\xff Go fipsinfo \xff\0", 0, "latin1");
  assert.ok(at > 0);
  // Segments of the file: [offset, address, size].
  const segments: [number, number, number][] = [];
  for (let i = 0; i < image.readUInt16LE(56); i++) {
    const p = 64 + 56 * i;
    if (image.readUInt32LE(p) === 1) segments.push([image.readUInt32LE(p + 8), image.readUInt32LE(p + 16), image.readUInt32LE(p + 32)]);
  }
  const offset = (address: number): number => {
    const s = segments.find(([, a, size]) => address >= a && address <= a + size) as [number, number, number];
    return address - s[1] + s[0];
  };
  assert.equal(offset(image.readUInt32LE(at + 48)), at);
  const hmac = createHmac("sha256", Buffer.alloc(32)).update("go fips object v1\n");
  const ranges = [0, 1, 2, 3].map((i) => {
    const bytes = image.subarray(offset(image.readUInt32LE(at + 56 + 16 * i)), offset(image.readUInt32LE(at + 64 + 16 * i)));
    const size = Buffer.alloc(8);
    size.writeUInt32BE(bytes.length, 4);
    hmac.update(size).update(bytes);
    return bytes.toString("latin1");
  });
  assert.deepEqual(ranges, ["\x01\x02\x04\x05\x06", "constant", "number\0\0", "--------pointer?"]);
  assert.deepEqual(image.subarray(at + 16, at + 48), hmac.digest());
});
