// Fingerprints of functions, and machine code as bytes: neither may depend on the numbers that symbols and positions have in a build.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ByteReader, ByteWriter } from "../../base/bytes.ts";
import { type Pos, Sources } from "../../base/pos.ts";
import { readCode, writeCode } from "../../codegen/codefile.ts";
import { compileFunction } from "../../codegen/compile.ts";
import { Fingerprint } from "../../codegen/fingerprint.ts";
import { FuncReader } from "../../codegen/funcreader.ts";
import { type Block, type CallInfo, FnNoSplit, type Func, type Slot, type Value } from "../../ssa/func.ts";
import type { FuncCode } from "../../ssa/object.ts";
import { OpNew, OpSub } from "../../ssa/ops.gen.ts";
import { printFunc } from "../../ssa/print.ts";
import { readFuncs } from "../../ssa/read.ts";
import { type Sym, Symbols } from "../../ssa/symbol.ts";
import { amd64 } from "./index.ts";

const text = `func @main.f(ptr, i64, ptr) (i64) {
  call c1 @main.g(i64) (ptr)
b1:
  v1 = InitMem <mem>
  v2 = Arg <ptr> [0]
  v3 = Arg <i64> [1]
  v4 = Arg <ptr> [2]
  v5 = New <ptr> {@type:int} v1
  v6 = CallStatic <tuple> {c1} v3 v1
  v7 = SelectMem <mem> v6
  v8 = Select <ptr> [0] v6
  v9 = Store <mem> v8 v5 v7
  v10 = Load <i64> v2 v9
  v11 = Load <i64> v4 v9
  v12 = Sub <i64> v10 v11
  Ret v12 v9
}
`;

/** A function in a build where `before` symbols and a file of `size` bytes came first; all its positions are in one file. */
class Sample {
  readonly symbols = new Symbols();
  readonly sources = new Sources();
  readonly f: Func;
  readonly print: Fingerprint;

  constructor(before: number, size: number, context = "") {
    for (let i = 0; i < before; i++) this.symbols.intern(`other.${i}`);
    this.sources.add("first", size);
    const file = this.sources.add("second", 100);
    const [f] = readFuncs(text, this.symbols, amd64.registers) as [Func];
    for (let v = 1; v < f.valueCount; v++) f.pos_[v] = file.pos(v);
    this.f = f;
    this.print = new Fingerprint(this.symbols, this.sources, context);
  }

  words(): string {
    return Buffer.from(this.print.write(this.f)).toString("hex");
  }
}

test("a fingerprint does not depend on what else there is", () => {
  assert.equal(new Sample(0, 10).words(), new Sample(3000, 777).words());
  const s = new Sample(0, 10);
  assert.equal(s.words(), s.words());
});

test("all that code may depend on is in the fingerprint", () => {
  const same = new Sample(0, 10).words();
  const find = (f: Func, op: number): Value => [...f.op.keys()].find((v) => f.op[v] === op) as Value;
  const changes: ((s: Sample) => void)[] = [
    ({ f }) => f.setArg(find(f, OpSub), 0, f.arg(find(f, OpSub), 1)),
    ({ f }) => f.setAuxInt(find(f, OpSub), 1),
    ({ f }) => f.setAuxInt(find(f, OpSub), 2 ** 40),
    ({ f, symbols }) => {
      f.aux[find(f, OpNew)] = symbols.intern("type:string");
    },
    ({ f }) => {
      f.pos_[find(f, OpNew)] = (f.pos_[find(f, OpNew)] as number) + 1;
    },
    ({ f, sources }) => {
      f.pos_[find(f, OpNew)] = (sources.files[0] as { base: number }).base + find(f, OpNew);
    },
    ({ f }) => {
      f.type[find(f, OpSub)] = 3;
    },
    ({ f }) => {
      f.inl[find(f, OpSub)] = 1;
    },
    ({ f }) => {
      f.flags |= FnNoSplit;
    },
    ({ f }) => {
      f.entry.cold = true;
    },
    ({ f }) => {
      f.entry.likely = 1;
    },
    ({ f }) => {
      f.entry.aux = 1;
    },
    ({ f }) => {
      f.entry.pos = 5 as Pos;
    },
    ({ f }) => (f.entry as Block).values.reverse(),
    ({ f }) => f.newSlot("x", 8, 8, []),
    ({ f, symbols }) => {
      (f.calls[1] as CallInfo).sym = symbols.intern("main.h");
    },
    ({ f }) => {
      (f.calls[1] as CallInfo).pointerFree = true;
    },
  ];
  const slots: ((s: Slot) => void)[] = [
    (s) => {
      s.size = 16;
    },
    (s) => {
      s.align = 16;
    },
    (s) => {
      s.pointers = [0];
    },
    (s) => {
      s.exposed = true;
    },
    (s) => {
      s.escapes = true;
    },
  ];
  const seen = new Set([same]);
  const note = (s: Sample, what: string): void => {
    const words = s.words();
    assert.ok(!seen.has(words), what);
    seen.add(words);
  };
  changes.forEach((change, i) => {
    const s = new Sample(0, 10);
    change(s);
    note(s, `change ${i}`);
  });
  slots.forEach((change, i) => {
    const s = new Sample(0, 10);
    s.f.newSlot("x", 8, 8, []);
    change(s.f.slots[1] as Slot);
    note(s, `slot ${i}`);
  });
  note(new Sample(0, 10, "another"), "context");
});

test("no field is forgotten", () => {
  const { f } = new Sample(0, 10);
  f.newSlot("x", 8, 8, []);
  const fields = (x: object): string => Object.keys(x).sort().join(" ");
  const why = "a new field: put it into the fingerprint if the back half looks at it, then here";
  assert.equal(
    fields(f),
    "abi argCount argStart aux auxHi auxLo block blocks calls entry flags inl inlined layout name op pool poolUsed pos pos_ self slots sym type uses valueCount",
    why,
  );
  assert.equal(fields(f.entry), "aux cold controls id kind likely pos preds succs values", why);
  assert.equal(fields(f.slots[1] as Slot), "align escapes exposed name pointers size", why);
  assert.equal(fields(f.calls[1] as CallInfo), "abi argRegisters argTypes noReturn pointerFree resultRegisters resultTypes sym", why);
  // Inputs and outputs follow from the rest.
  assert.equal(fields(f.abi), "argSize inputs outputs params results spillSize", why);
  assert.equal(fields(f.abi.params[0] as object), "registers stackOffset type", why);
});

/** Code with names for symbols, and file and offset for positions. */
function plain(code: FuncCode, s: Sample): unknown {
  const { relocs } = code;
  return {
    ...code,
    code: [...code.code],
    sym: s.symbols.name(code.sym),
    relocs: relocs.offset.map((at, i) => [at, relocs.kind[i], s.symbols.name(relocs.sym[i] as Sym), relocs.addend[i]]),
    linePositions: code.linePositions.map((pos) => {
      const file = s.sources.file(pos);
      return file === null ? null : [file.name, pos - file.base];
    }),
  };
}

test("code comes back in another build as it would be made there", () => {
  const a = new Sample(5, 10);
  a.words();
  const code = compileFunction(a.f, amd64, a.symbols);
  assert.ok(code.relocs.count >= 3 && code.stackMaps.length >= 2 && code.linePositions.length > 3);
  const w = new ByteWriter();
  writeCode(w, code, a.print, a.symbols);
  const b = new Sample(999, 5000);
  b.words();
  const r = new ByteReader(w.finish());
  const again = readCode(r, b.f, b.print, b.symbols);
  assert.ok(r.done);
  assert.deepEqual(plain(again, b), plain(code, a));
  assert.deepEqual(plain(again, b), plain(compileFunction(b.f, amd64, b.symbols), b));
});

/** The same function, and as it comes out of bytes in a thread where `before` symbols came first. */
function carried(s: Sample, before: number): { f: Func; reader: FuncReader; symbols: Symbols } {
  const symbols = new Symbols();
  for (let i = 0; i < before; i++) symbols.intern(`thread.${i}`);
  const reader = new FuncReader(symbols);
  s.words();
  return { f: reader.read(s.print.portable(s.f)), reader, symbols };
}

test("a function comes out of its bytes as it was", () => {
  for (const name of ["f", "g", "h"]) {
    const s = new Sample(7, 10);
    const { f } = s;
    const slot = f.slots[f.newSlot("", name === "g" ? 2 ** 32 - 1 : 24, 8, [0, 2])] as Slot;
    slot.exposed = name === "f";
    slot.escapes = name === "h";
    if (name === "h") f.slots.push(null);
    f.flags |= FnNoSplit;
    f.entry.pos = f.pos_[4] as Pos;
    f.blocks.push(null);
    const { f: again, reader, symbols } = carried(s, 1000);
    assert.equal(printFunc(again, symbols), printFunc(f, s.symbols));
    assert.equal(again.name, f.name);
    assert.deepEqual(again.abi, f.abi);
    assert.deepEqual(again.slots, f.slots);
    assert.equal(again.entry.pos - (reader.files[0] as { base: number }).base, f.entry.pos - (s.sources.files[1] as { base: number }).base);
    // And all the rest.
    const print = new Fingerprint(symbols, { file: () => reader.files[0] } as unknown as Sources, "");
    assert.equal(Buffer.from(print.write(again)).toString("hex"), s.words());
  }
});

test("code made from a function's bytes is that made of the function", () => {
  const s = new Sample(5, 10);
  const { f, reader, symbols } = carried(s, 1000);
  const there = new ByteWriter();
  writeCode(there, compileFunction(f, amd64, symbols), reader, symbols);
  const here = new ByteWriter();
  writeCode(here, compileFunction(s.f, amd64, s.symbols), s.print, s.symbols);
  assert.deepEqual(there.finish(), here.finish());
});
