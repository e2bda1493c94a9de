import assert from "node:assert/strict";
import { test } from "node:test";
import { readFuncs } from "../ssa/read.ts";
import { NoSym, type Sym, Symbols } from "../ssa/symbol.ts";
import { ReferenceTable } from "./references.ts";
import { Statics } from "./statics.ts";

const registers = { integers: 9, floats: 15 };

/** Runs main.init with variables of 64 bytes whose names start with "main."; what is in them afterwards. */
function run(text: string, own: readonly string[] = []): { ok: boolean; words: (name: string) => (number | string)[]; reason: string } {
  const symbols = new Symbols();
  const funcs = readFuncs(text, symbols, registers);
  const bodies = new Map(funcs.map((f) => [f.sym, f]));
  const references = new ReferenceTable({ runtimeSym: (name) => symbols.intern(`runtime.${name}`), isWatched: () => false });
  const statics = new Statics({
    symbols,
    referencesOf: (f) => references.of(f),
    bodyOf: (s) => bodies.get(s) ?? null,
    codeOf: () => NoSym,
    formOf: () => ({ size: 16, align: 8, pointers: [0] }),
    variableFacts: (s) =>
      /^(main|other)\.v/.test(symbols.name(s))
        ? { path: symbols.name(s).split(".")[0] as string, form: { size: 64, align: 8, pointers: [] }, foreign: false }
        : null,
    dataOf: () => null,
    newStatic: () => symbols.intern("fresh"),
  });
  statics.learn(funcs, [], () => null);
  statics.enter("main", false);
  const body = bodies.get(symbols.intern("main.init"));
  assert.ok(body);
  const ok = statics.run(body, new Set(own.map((n) => symbols.intern(n))));
  return {
    ok,
    reason: statics.failures[0]?.[1] ?? "",
    words: (name) => {
      const c = statics.contents(symbols.intern(name));
      if (c === null) return [];
      const view = new DataView(c.bytes.buffer, c.bytes.byteOffset, c.bytes.byteLength);
      const out: (number | string)[] = [];
      for (let i = 0; i < 8; i++) out.push(Number(view.getBigUint64(8 * i, true)));
      for (let i = 0; i < c.relocs.count; i++) out[(c.relocs.offset[i] as number) / 8] = symbols.name(c.relocs.sym[i] as Sym);
      return out;
    },
  };
}

const table = `func @main.init() () {
b1:
  v1 = InitMem <mem>
  v2 = SymAddr <ptr> {@main.v}
  v3 = Const <i64> [0]
  v4 = Const <i64> [8]
  v5 = Const <i64> [1]
  v6 = Const <i64> [3]
  Plain -> b2
b2: <- b1 b3
  v7 = Phi <i64> v3 v13
  v8 = Phi <mem> v1 v12
  v9 = ULt <i8> v7 v4
  If v9 -> b3 b4
b3: <- b2
  v10 = Shl <i64> v7 v6
  v11 = AddPtr <ptr> v2 v10
  v14 = Mul <i64> v7 v7
  v12 = Store <mem> v11 v14 v8
  v13 = Add <i64> v7 v5
  Plain -> b2
b4: <- b2
  Ret v8
}
`;

test("a loop fills a table", () => {
  const r = run(table);
  assert.equal(r.reason, "");
  assert.ok(r.ok);
  assert.deepEqual(r.words("main.v"), [0, 1, 4, 9, 16, 25, 36, 49]);
});

const object = (rest: string): string => `func @main.init() () {
  call c1 @main.make(i64) (ptr)
  call c2 @os.exit() ()
b1:
  v1 = InitMem <mem>
  v2 = Const <i64> [7]
  v3 = CallStatic <tuple> {c1} v2 v1
  v4 = SelectMem <mem> v3
  v5 = Select <ptr> [0] v3
  v6 = SymAddr <ptr> {@main.v}
  v7 = Store <mem> [8] v6 v5 v4
${rest}
}
func @main.make(i64) (ptr) {
b1:
  v1 = InitMem <mem>
  v2 = Arg <i64> [0]
  v3 = New <tuple> [16] {@T} v1
  v4 = Select <ptr> [0] v3
  v5 = SelectMem <mem> v3
  v6 = Store <mem> v4 v2 v5
  Ret v4 v6
}
`;

test("objects become data", () => {
  const r = run(object("  Ret v7"));
  assert.ok(r.ok);
  assert.equal(r.words("main.v")[1], "fresh");
});

test("a failed attempt leaves nothing", () => {
  const r = run(object("  v8 = CallStatic <tuple> {c2} v7\n  v9 = SelectMem <mem> v8\n  Ret v9"));
  assert.ok(!r.ok);
  assert.match(r.reason, /os\.exit/);
  assert.deepEqual(r.words("main.v"), []);
});

test("variables of other packages are not written, and read only if nobody changes them", () => {
  assert.match(run(table.replace("@main.v", "@other.v")).reason, /write to other\.v/);
  const reads = (extra: string): string => `func @main.init() () {
b1:
  v1 = InitMem <mem>
  v2 = SymAddr <ptr> {@other.v}
  v3 = Load <i64> v2 v1
  v4 = SymAddr <ptr> {@main.v}
  v5 = Store <mem> v4 v3 v1
  Ret v5
}
${extra}`;
  assert.ok(run(reads("")).ok);
  const writer = `func @other.f(i64) () {
b1:
  v1 = InitMem <mem>
  v2 = Arg <i64> [0]
  v3 = SymAddr <ptr> {@other.v}
  v4 = Store <mem> [8] v3 v2 v1
  Ret v4
}
`;
  assert.match(run(reads(writer)).reason, /read of other\.v/);
});
