// Type descriptors field by field against those of the Go tool: testdata/types is compiled and run by it and prints what its
// descriptors hold; the same types' descriptors made here are read back from their bytes.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { DataObject } from "../ssa/object.ts";
import type { Sym } from "../ssa/symbol.ts";
import { objDecl } from "../types/decl.ts";
import * as K from "../types/kinds.ts";
import type { Type } from "../types/types.ts";
import type { Program } from "./program.ts";
import { testProgram } from "./testing.ts";

const folder = "src/program/testdata/types";

/** Reads descriptors back. */
class Image {
  private readonly program: Program;
  private readonly objects = new Map<Sym, DataObject>();

  constructor(program: Program, data: readonly DataObject[]) {
    this.program = program;
    for (const d of data) this.objects.set(d.sym, d);
  }

  private object(sym: Sym): DataObject {
    const d = this.objects.get(sym);
    assert.ok(d, `no data for ${this.program.symbols.name(sym)}`);
    return d;
  }

  ref(sym: Sym, at: number): { sym: Sym; addend: number } | null {
    const r = this.object(sym).relocs;
    for (let i = 0; i < r.count; i++) if (r.offset[i] === at) return { sym: r.sym[i] as Sym, addend: r.addend[i] as number };
    return null;
  }

  private view(sym: Sym): DataView {
    const b = this.object(sym).bytes;
    return new DataView(b.buffer, b.byteOffset, b.byteLength);
  }

  u8(sym: Sym, at: number): number {
    return this.view(sym).getUint8(at);
  }

  u16(sym: Sym, at: number): number {
    return this.view(sym).getUint16(at, true);
  }

  u32(sym: Sym, at: number): number {
    return this.view(sym).getUint32(at, true);
  }

  word(sym: Sym, at: number): number {
    return Number(this.view(sym).getBigUint64(at, true));
  }

  name(sym: Sym | undefined): { text: string; tag: string; bits: number } {
    if (sym === undefined) return { text: "", tag: "", bits: 0 };
    const b = this.object(sym).bytes;
    let i = 1;
    const read = (): string => {
      let n = 0;
      for (let shift = 0; ; shift += 7) {
        const x = b[i++] as number;
        n |= (x & 127) << shift;
        if (x < 128) break;
      }
      const text = new TextDecoder().decode(b.subarray(i, i + n));
      i += n;
      return text;
    };
    const text = read();
    return { text, tag: ((b[0] as number) & 2) !== 0 ? read() : "", bits: b[0] as number };
  }

  str(sym: Sym | undefined): string {
    if (sym === undefined) return "nil";
    const { text } = this.name(this.ref(sym, 40)?.sym);
    return (this.u8(sym, 20) & 2) !== 0 ? text.slice(1) : text;
  }

  mask(sym: Sym): string {
    const words = this.word(sym, 8) / 8;
    if (words === 0) return "";
    if ((this.u8(sym, 20) & 16) !== 0) return "lazy";
    const gc = this.ref(sym, 32)?.sym as Sym;
    let out = "";
    for (let i = 0; i < words; i++) out += (this.u8(gc, i >> 3) >> (i & 7)) & 1;
    return out;
  }

  describe(n: string, t: Sym): string {
    const bits = this.name(this.ref(t, 40)?.sym).bits;
    let s = `${n} ${this.str(t)} size=${this.word(t, 0)} ptr=${this.word(t, 8)} tflag=${this.u8(t, 20)} align=${this.u8(t, 21)},${this.u8(t, 22)}`;
    s += ` kind=${this.u8(t, 23)} eq=${this.ref(t, 24) !== null} strbits=${bits} mask=${this.mask(t)}`;
    const to = (at: number): Sym | undefined => this.ref(t, at)?.sym;
    let fixed = 48;
    const uncommon = (this.u8(t, 20) & 1) !== 0;
    switch (this.u8(t, 23)) {
      case 17:
        fixed = 72;
        s += ` elem=${this.str(to(48))} slice=${this.str(to(56))} len=${this.word(t, 64)}`;
        break;
      case 18:
        fixed = 64;
        s += ` elem=${this.str(to(48))} dir=${this.word(t, 56)}`;
        break;
      case 19: {
        fixed = 56;
        const [inn, out] = [this.u16(t, 48), this.u16(t, 50)];
        s += ` in=${inn} out=${out}`;
        for (let i = 0; i < inn + (out & 0x7fff); i++) s += ` ${this.str(to(fixed + (uncommon ? 16 : 0) + 8 * i))}`;
        break;
      }
      case 20: {
        fixed = 80;
        s += ` pkg=${this.name(to(48)).text} n=${this.word(t, 64)},${this.word(t, 72)}`;
        const at = this.ref(t, 56)?.addend as number;
        for (let i = 0; i < this.word(t, 64); i++) {
          const m = this.name(to(at + 8 * i));
          s += ` ${m.text}:${m.bits}:${this.str(to(at + 8 * i + 4))}`;
        }
        break;
      }
      case 21: {
        fixed = 112;
        const g = to(64) as Sym;
        s += ` key=${this.str(to(48))} elem=${this.str(to(56))} group=${this.word(g, 0)},${this.word(g, 8)},${this.mask(g)} hasher=${to(72) !== undefined}`;
        s += ` sizes=${this.word(t, 80)},${this.word(t, 88)},${this.word(t, 96)} flags=${this.u32(t, 104)}`;
        break;
      }
      case 22:
      case 23:
        fixed = 56;
        s += ` elem=${this.str(to(48))}`;
        break;
      case 25: {
        fixed = 80;
        s += ` pkg=${this.name(to(48)).text} n=${this.word(t, 64)},${this.word(t, 72)}`;
        const at = this.ref(t, 56)?.addend as number;
        for (let i = 0; i < this.word(t, 64); i++) {
          const f = this.name(to(at + 24 * i));
          s += ` ${f.text}:${JSON.stringify(f.tag)}:${f.bits}:${this.str(to(at + 24 * i + 8))}:${this.word(t, at + 24 * i + 16)}`;
        }
        break;
      }
    }
    if (uncommon) {
      const [mc, xc, off] = [this.u16(t, fixed + 4), this.u16(t, fixed + 6), this.u32(t, fixed + 8)];
      s += ` uncommon=${this.name(to(fixed)).text},${mc},${xc},${off}`;
      for (let i = 0; i < mc; i++) {
        const m = this.name(to(fixed + off + 16 * i));
        s += ` ${m.text}:${m.bits}:${this.str(to(fixed + off + 16 * i + 4))}`;
      }
    }
    return s;
  }
}

/** Types of unexported methods are there or not by what else is in the program. */
function plain(line: string): string {
  const at = line.indexOf(" uncommon=");
  if (at < 0) return line;
  return line.slice(0, at) + line.slice(at).replace(/ (\w+):0:.*?(?= \w+:\d:|$)/g, " $1:0");
}

function goroot(): string {
  if (process.env.GOROOT !== undefined) return process.env.GOROOT;
  const r = spawnSync("go", ["env", "GOROOT"], { encoding: "utf8" });
  return r.status === 0 ? r.stdout.trim() : "";
}

test("descriptors are as the Go tool makes them", (t) => {
  const root = goroot();
  if (root === "") {
    t.skip("no Go tree");
    return;
  }
  const dir = mkdtempSync(join(tmpdir(), "descriptors-"));
  try {
    cpSync(folder, dir, { recursive: true });
    writeFileSync(join(dir, "go.mod"), "module dump\n\ngo 1.26\n");
    writeFileSync(join(dir, "empty.s"), "");
    const built = spawnSync("go", ["build", "-ldflags=-checklinkname=0", "-o", "dump", "."], { cwd: dir, encoding: "utf8" });
    assert.equal(built.status, 0, built.stderr);
    const expected = execFileSync(join(dir, "dump"), { encoding: "utf8" }).trimEnd().split("\n");

    const name = join(folder, "types.go");
    const program = testProgram(root, [{ name, data: new Uint8Array(readFileSync(name)) }]);
    const { main } = program.input;
    assert.ok(main !== null);
    const scope = main.types.scope;
    const syms = new Map<string, Sym>();
    for (const n of scope.names()) {
      const obj = scope.lookup(n);
      if (obj?.kind !== K.OVar || !/^A\d\d$/.test(n)) continue;
      objDecl(null, obj);
      program.keep(program.typeSym(program.descriptors.pointerTo(obj.type as Type), true));
      syms.set(n, program.typeSym(obj.type as Type, true));
    }
    program.useReflectMethods();
    program.descriptors.walk();
    program.run();
    const image = new Image(program, program.finish().data);
    const found = Array.from(syms, ([n, sym]) => image.describe(n, sym));
    assert.equal(expected.length, found.length);
    for (let i = 0; i < found.length; i++) assert.equal(plain(found[i] as string), plain(expected[i] as string));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
