import assert from "node:assert/strict";
import { test } from "node:test";
import { printFunc } from "../ssa/print.ts";
import { readFuncs } from "../ssa/read.ts";
import { NoSym, type Sym, Symbols } from "../ssa/symbol.ts";
import { verify } from "../ssa/verify.ts";
import { escapeAnalysis } from "./escape.ts";
import type { EscapeHost } from "./escape-host.ts";
import { ReferenceTable } from "./references.ts";

const registers = { integers: 9, floats: 15 };

/** Analyses the functions of a text; the texts after it. Types T (one pointer) and B (24 bytes) exist. */
function run(text: string, noEscape: readonly string[] = []): Map<string, string> {
  const symbols = new Symbols();
  const funcs = readFuncs(text, symbols, registers);
  const references = new ReferenceTable({ runtimeSym: (name) => symbols.intern(`runtime.${name}`), isWatched: () => false });
  const host: EscapeHost = {
    nameOf: (s) => symbols.name(s),
    isNoEscape: (s) => noEscape.includes(symbols.name(s)),
    codeOf: (s) => (symbols.name(s).endsWith("·f") ? symbols.lookup(symbols.name(s).slice(0, -2)) : NoSym) as Sym,
    referencesOf: (f) => references.of(f),
    changed: (f) => references.forget(f),
    formOf: (s) =>
      symbols.name(s) === "T"
        ? { size: 8, align: 8, pointers: [0] }
        : symbols.name(s) === "C"
          ? { size: 16, align: 8, pointers: [0, 1] }
          : null,
  };
  escapeAnalysis(funcs, host);
  const out = new Map<string, string>();
  for (const f of funcs) {
    assert.deepEqual(verify(f), [], printFunc(f, symbols));
    out.set(f.name, printFunc(f, symbols));
  }
  return out;
}

const moved = (text: string | undefined): boolean => {
  assert.ok(text);
  return !/= New /.test(text) && /slot s\d+ "object"/.test(text);
};
const kept = (text: string | undefined): boolean => {
  assert.ok(text);
  return /= New /.test(text) && !/slot s\d+ "object"/.test(text);
};

/** A function that allocates and then does something with v3 (memory v4, ending with memory v9). */
const allocates = (name: string, calls: string, body: string, results = "", end = "Ret v9"): string => `func @${name}() (${results}) {
${calls}
b1:
  v1 = InitMem <mem>
  v2 = New <tuple> [8] {@T} v1
  v3 = Select <ptr> [0] v2
  v4 = SelectMem <mem> v2
${body}
  ${end}
}
`;

const store = `func @keep(ptr) () {
b1:
  v1 = InitMem <mem>
  v2 = Arg <ptr> [0]
  v3 = SymAddr <ptr> {@global}
  v4 = Store <mem> v3 v2 v1
  Ret v4
}
`;
const read = `func @read(ptr) (i64) {
b1:
  v1 = InitMem <mem>
  v2 = Arg <ptr> [0]
  v3 = Load <i64> v2 v1
  Ret v3 v1
}
`;
const identity = `func @id(ptr) (ptr) {
b1:
  v1 = InitMem <mem>
  v2 = Arg <ptr> [0]
  Ret v2 v1
}
`;

test("a local object goes to the frame", () => {
  const r = run(allocates("f", "", "  v5 = Const <i64> [1]\n  v9 = Store <mem> v3 v5 v4"));
  assert.ok(moved(r.get("f")));
  assert.match(r.get("f") ?? "", /Zero <mem> \[8\] \{@T\}/);
});

test("a returned object stays", () => {
  const r = run(allocates("f", "", "  v9 = Copy <mem> v4", "ptr", "Ret v3 v9"));
  assert.ok(kept(r.get("f")));
});

test("callees tell what they do with parameters", () => {
  const call = (sym: string): string =>
    allocates(
      "f",
      `  call c1 @${sym}(ptr) (${sym === "read" ? "i64" : ""})`,
      "  v5 = CallStatic <tuple> {c1} v3 v4\n  v9 = SelectMem <mem> v5",
    );
  assert.ok(moved(run(call("read") + read).get("f")));
  assert.ok(kept(run(call("keep") + store).get("f")));
  assert.ok(kept(run(call("unknown")).get("f")));
  assert.ok(moved(run(call("unknown"), ["unknown"]).get("f")));
});

test("a parameter that comes back is followed", () => {
  const body = "  v5 = CallStatic <tuple> {c1} v3 v4\n  v6 = SelectMem <mem> v5\n  v7 = Select <ptr> [0] v5\n";
  assert.ok(
    moved(
      run(allocates("f", "  call c1 @id(ptr) (ptr)", `${body}  v8 = Const <i64> [1]\n  v9 = Store <mem> v7 v8 v6`) + identity).get("f"),
    ),
  );
  const global = `${body}  v8 = SymAddr <ptr> {@global}\n  v9 = Store <mem> v8 v7 v6`;
  assert.ok(kept(run(allocates("f", "  call c1 @id(ptr) (ptr)", global) + identity).get("f")));
});

test("a parameter stored into what another points to is followed", () => {
  const put = `func @put(ptr, ptr) () {
b1:
  v1 = InitMem <mem>
  v2 = Arg <ptr> [0]
  v3 = Arg <ptr> [1]
  v4 = Store <mem> v2 v3 v1
  Ret v4
}
`;
  const head = `func @f() () {
  call c1 @put(ptr, ptr) ()
b1:
  v1 = InitMem <mem>
  v2 = New <tuple> [8] {@T} v1
  v3 = Select <ptr> [0] v2
  v4 = SelectMem <mem> v2
  v5 = New <tuple> [8] {@T} v4
  v6 = Select <ptr> [0] v5
  v7 = SelectMem <mem> v5
  v12 = SymAddr <ptr> {@global}
`;
  const local = `${head}  v8 = CallStatic <tuple> {c1} v3 v6 v7
  v9 = SelectMem <mem> v8
  Ret v9
}
`;
  assert.ok(moved(run(local + put).get("f")));
  const outside = `${head}  v8 = CallStatic <tuple> {c1} v12 v6 v7
  v9 = SelectMem <mem> v8
  Ret v9
}
`;
  const text = run(outside + put).get("f") ?? "";
  assert.equal(text.match(/= New /g)?.length, 1);
  const both = `${head}  v8 = CallStatic <tuple> {c1} v3 v6 v7
  v9 = SelectMem <mem> v8
  v10 = Load <ptr> v3 v9
  v11 = Store <mem> v12 v10 v9
  Ret v11
}
`;
  const half = run(both + put).get("f") ?? "";
  assert.match(half, /v5 = New/);
  assert.match(half, /v2 = SlotAddr/);
});

/** A closure that captures the address of an object and is handed to `callee`. */
const closure = (inner: string): string => `func @f() () {
  call c1 @callee(ptr) ()
b1:
  v1 = InitMem <mem>
  v2 = New <tuple> [8] {@T} v1
  v3 = Select <ptr> [0] v2
  v4 = SelectMem <mem> v2
  v5 = New <tuple> [16] {@C} v4
  v6 = Select <ptr> [0] v5
  v7 = SelectMem <mem> v5
  v8 = SymAddr <ptr> {@f.func1}
  v14 = PtrBits <i64> v8
  v10 = Store <mem> v6 v14 v7
  v11 = Store <mem> [8] v6 v3 v10
  v12 = CallStatic <tuple> {c1} v6 v11
  v13 = SelectMem <mem> v12
  Ret v13
}
func @f.func1() () closure {
b1:
  v1 = InitMem <mem>
  v2 = Closure <ptr>
  v3 = Load <ptr> [8] v2 v1
  v4 = SymAddr <ptr> {@global}
${inner}
  Ret v5
}
func @callee(ptr) () {
  call c1 -() ()
b1:
  v1 = InitMem <mem>
  v2 = Arg <ptr> [0]
  v3 = CallClosure <tuple> {c1} v2 v1
  v4 = SelectMem <mem> v3
  Ret v4
}
`;

test("closures that are only called live in the frame, with what they capture", () => {
  const r = run(closure("  v6 = Const <i64> [1]\n  v5 = Store <mem> v3 v6 v1"));
  assert.ok(moved(r.get("f")));
});

test("what a closure's body lets out stays", () => {
  const text = run(closure("  v5 = Store <mem> v4 v3 v1")).get("f") ?? "";
  assert.match(text, /v2 = New/);
  assert.match(text, /v5 = SlotAddr/);
});

test("arguments of unknown closures escape", () => {
  const text = `func @f(ptr) () {
  call c1 -(ptr) ()
b1:
  v1 = InitMem <mem>
  v2 = Arg <ptr> [0]
  v3 = New <tuple> [8] {@T} v1
  v4 = Select <ptr> [0] v3
  v5 = SelectMem <mem> v3
  v6 = CallClosure <tuple> {c1} v2 v4 v5
  v7 = SelectMem <mem> v6
  Ret v7
}
`;
  assert.ok(kept(run(text).get("f")));
});

/** A loop whose body allocates; `next` is what the header's pointer phi gets. */
const loop = (next: string): string =>
  `func @f(i64) () {
b1:
  v1 = InitMem <mem>
  v2 = Arg <i64> [0]
  v3 = Const <ptr> [0]
  Plain -> b2
b2: <- b1 b3
  v4 = Phi <i64> v2 v13
  v5 = Phi <ptr> v3 ${next}
  v6 = Phi <mem> v1 v10
  v7 = Const <i64> [1]
  If v14 -> b3 b4
b3: <- b2
  v8 = New <tuple> [8] {@T} v6
  v9 = Select <ptr> [0] v8
  v11 = SelectMem <mem> v8
  v10 = Store <mem> v9 v5 v11
  v13 = Sub <i64> v4 v7
  Plain -> b2
b4: <- b2
  Ret v6
}
`.replace("  If v14", "  v14 = Eq <i8> v4 v7\n  If v14");

test("objects of different iterations that meet stay", () => {
  assert.ok(moved(run(loop("v3")).get("f")));
  assert.ok(kept(run(loop("v9")).get("f")));
});

test("recursive functions reach a fixed point", () => {
  const rec = `func @rec(ptr) () {
  call c1 @rec(ptr) ()
b1:
  v1 = InitMem <mem>
  v2 = Arg <ptr> [0]
  v3 = CallStatic <tuple> {c1} v2 v1
  v4 = SelectMem <mem> v3
  Ret v4
}
`;
  const call = allocates("f", "  call c1 @rec(ptr) ()", "  v5 = CallStatic <tuple> {c1} v3 v4\n  v9 = SelectMem <mem> v5");
  assert.ok(moved(run(call + rec).get("f")));
  const leaks = rec.replace(
    "v3 = CallStatic <tuple> {c1} v2 v1",
    "v5 = SymAddr <ptr> {@g}\n  v6 = Store <mem> v5 v2 v1\n  v3 = CallStatic <tuple> {c1} v2 v6",
  );
  assert.ok(kept(run(call + leaks).get("f")));
});
