import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Sources } from "../base/pos.ts";
import { DataObject, DataReadOnly, DataWritable, DataZero, RelocAbs64, RelocPcRel32, Relocs } from "../ssa/object.ts";
import { Symbols } from "../ssa/symbol.ts";
import { link } from "./link.ts";
import { code } from "./testing.ts";
import { decodeRelr, encodeRelr } from "./relr.ts";

const sha256 = (data: Uint8Array): Uint8Array => createHash("sha256").update(data).digest();

const target = { machine: 62, elfFlags: 0, textFill: 0xcc, relocate: () => false };

/** A program that exits with the value of a variable minus the first word of a zero variable. */
function program(symbols: Symbols): Parameters<typeof link>[0] {
  const relocs = new Relocs();
  relocs.add(2, RelocPcRel32, symbols.intern("v"), -4);
  relocs.add(8, RelocPcRel32, symbols.intern("z"), -4);
  const bytes = [0x8b, 0x3d, 0, 0, 0, 0, 0x2b, 0x3d, 0, 0, 0, 0, 0xb8, 60, 0, 0, 0, 0x0f, 0x05]; // mov edi,[v]; sub edi,[z]; exit
  const pointers = new Relocs();
  for (let i = 0; i < 100; i++) pointers.add(8 * i, RelocAbs64, symbols.intern("v"), 0);
  return {
    symbols,
    sources: new Sources(),
    functions: [code(symbols, "start", bytes, relocs, 16)],
    data: [
      new DataObject(symbols.intern("v"), DataWritable, 8, 8, Uint8Array.of(42), new Relocs(), [], false),
      new DataObject(symbols.intern("z"), DataZero, 1 << 20, 8, new Uint8Array(0), new Relocs(), [0, 3], false),
      new DataObject(symbols.intern("table"), DataReadOnly, 800, 8, new Uint8Array(0), pointers, [], false),
    ],
    entry: symbols.intern("start"),
    itabs: [],
    typelinks: [],
    buildInfo: new Uint8Array(0),
    aliases: new Map(),
    integrity: null,
  };
}

const options = { target, fileName: (f: string) => f, deflate: null, sha256, symbolTable: true, lines: true };

test("a linked program runs and is what the kernel and readelf expect", () => {
  const result = link(program(new Symbols()), options);
  assert.deepEqual(result.errors, []);
  const folder = mkdtempSync(join(tmpdir(), "go3s-link-"));
  try {
    const path = join(folder, "a");
    writeFileSync(path, result.image, { mode: 0o755 });
    assert.equal(spawnSync(path).status, 42);
    const readelf = spawnSync("readelf", ["-lW", path], { encoding: "utf8" });
    if (readelf.error === undefined) {
      assert.doesNotMatch(readelf.stdout, /\bRWE\b|INTERP|DYNAMIC|Warning|Error/);
      assert.equal(readelf.stderr, "");
      assert.match(readelf.stdout, /GNU_STACK.* RW /);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("sections with contents lie one behind the other", () => {
  const { image } = link({ ...program(new Symbols()), buildInfo: new Uint8Array(100) }, options);
  const view = new DataView(image.buffer, image.byteOffset);
  const at = Number(view.getBigUint64(40, true));
  const sections: [number, number][] = [];
  for (let i = 1; i < view.getUint16(60, true); i++) {
    const h = at + 64 * i;
    const noBits = 8;
    if (view.getUint32(h + 4, true) !== noBits)
      sections.push([Number(view.getBigUint64(h + 24, true)), Number(view.getBigUint64(h + 32, true))]);
  }
  sections.sort((a, b) => a[0] - b[0]);
  for (let i = 1; i < sections.length; i++) {
    const [start, size] = sections[i - 1] as [number, number];
    assert.ok(start + size <= (sections[i]?.[0] as number), JSON.stringify(sections));
  }
});

test("the same input gives the same bytes", () => {
  const a = link(program(new Symbols()), options);
  const b = link(program(new Symbols()), options);
  assert.deepEqual(a.image, b.image);
});

test("an undefined symbol is an error that names who refers to it", () => {
  const symbols = new Symbols();
  const input = program(symbols);
  const result = link({ ...input, data: input.data.slice(1) }, options);
  assert.deepEqual(result.errors[0], "relocation target v not defined (referenced by start)");
  assert.equal(result.image.length, 0);
});

test("relr encodes what it decodes", () => {
  const addresses: number[] = [];
  let seed = 7;
  for (let a = 4096; addresses.length < 1000; ) {
    addresses.push(a);
    seed = (seed * 1103515245 + 12345) % 2147483648;
    a += 8 * (1 + (seed % 97 === 0 ? 1000 : seed % 5));
  }
  assert.deepEqual(decodeRelr(encodeRelr(addresses)), addresses);
});
