import assert from "node:assert/strict";
import { test } from "node:test";
import { printFunc } from "../ssa/print.ts";
import { readFuncs } from "../ssa/read.ts";
import { NoSym, type Sym, Symbols } from "../ssa/symbol.ts";
import { verify } from "../ssa/verify.ts";
import { type InlineHost, inlineCalls } from "./inline.ts";
import { ReferenceTable } from "./references.ts";

/** Inlines in all functions of a text; the text of f afterwards. */
function run(text: string): string {
  const symbols = new Symbols();
  const funcs = readFuncs(text, symbols, { integers: 9, floats: 15 });
  const host: InlineHost = {
    nameOf: (s) => symbols.name(s),
    isNoEscape: () => false,
    isAssemblyWrapper: (f) => f.calls.some((c) => c !== null && symbols.name(c.sym) === `${symbols.name(f.sym)}<0>`),
    codeOf: (s) => (symbols.name(s).endsWith("·f") ? symbols.lookup(symbols.name(s).slice(0, -2)) : NoSym) as Sym,
    referencesOf: (f) => references.of(f),
    changed: (f) => references.forget(f),
    formOf: () => null,
    isTaken: () => true,
    itabEntry: (s, offset) => (symbols.name(s).startsWith("itab") && offset === 24 ? symbols.lookup("method") : NoSym) as Sym,
    itabType: (s) => (symbols.name(s) === "itab" ? symbols.intern("type") : NoSym) as Sym,
    assertedItab: (_, type) => (type !== NoSym && type === symbols.intern("type") ? symbols.intern("itab2") : NoSym) as Sym,
  };
  const references = new ReferenceTable({ runtimeSym: (name) => symbols.intern(`runtime.${name}`), isWatched: () => false });
  inlineCalls(funcs, host, []);
  for (const f of funcs) assert.deepEqual(verify(f), [], printFunc(f, symbols));
  return printFunc(funcs[0] as (typeof funcs)[0], symbols);
}

const caller = `func @f(i64) (i64) {
  call c1 @max(i64, i64) (i64)
b1:
  v1 = InitMem <mem>
  v2 = Arg <i64> [0]
  v3 = Const <i64> [5]
  v4 = CallStatic <tuple> {c1} v2 v3 v1
  v5 = Select <i64> [0] v4
  v6 = SelectMem <mem> v4
  v7 = Lt <i8> v5 v3
  If v7 -> b2 b3
b2: <- b1
  Ret v5 v6
b3: <- b1
  Ret v3 v6
}
`;
const max = `func @max(i64, i64) (i64) {
b1:
  v1 = InitMem <mem>
  v2 = Arg <i64> [0]
  v3 = Arg <i64> [1]
  v4 = Lt <i8> v2 v3
  If v4 -> b2 b3
b2: <- b1
  Ret v3 v1
b3: <- b1
  Ret v2 v1
}
`;

test("a small function with two returns", () => {
  const text = run(caller + max);
  assert.doesNotMatch(text, /CallStatic/);
  assert.match(text, /Phi <i64>/);
});

test("not what says no, and not what never returns", () => {
  assert.match(run(caller + max.replace("(i64) {", "(i64) noinline {")), /CallStatic/);
  assert.match(run(caller + max.replace("@max(i64, i64) (i64) {", "@max(i64, i64) (i64) {\n  call c1 @max(i64, i64) (i64)")), /CallStatic/);
});

test("a closure made and called here", () => {
  const text = run(`func @f(ptr) (i64) {
  call c1 -() (i64)
b1:
  v1 = InitMem <mem>
  v2 = Arg <ptr> [0]
  v3 = New <tuple> [16] {@C} v1
  v4 = Select <ptr> [0] v3
  v5 = SelectMem <mem> v3
  v6 = SymAddr <ptr> {@f.func1}
  v12 = PtrBits <i64> v6
  v7 = Store <mem> v4 v12 v5
  v8 = Store <mem> [8] v4 v2 v7
  v9 = CallClosure <tuple> {c1} v4 v8
  v10 = Select <i64> [0] v9
  v11 = SelectMem <mem> v9
  Ret v10 v11
}
func @f.func1() (i64) closure {
b1:
  v1 = InitMem <mem>
  v2 = Closure <ptr>
  v3 = Load <ptr> [8] v2 v1
  v4 = Load <i64> v3 v1
  Ret v4 v1
}
`);
  assert.doesNotMatch(text, /CallClosure/);
  assert.doesNotMatch(text, /= Closure /);
});

test("a loop that is inlined into a loop", () => {
  const text = run(`func @f(i64) () {
  call c1 @g(i64) (i64)
b1:
  v1 = InitMem <mem>
  v2 = Arg <i64> [0]
  v3 = Const <i64> [0]
  Plain -> b2
b2: <- b1 b3
  v4 = Phi <i64> v2 v8
  v5 = Phi <mem> v1 v7
  v9 = Eq <i8> v4 v3
  If v9 -> b4 b3
b3: <- b2
  v6 = CallStatic <tuple> {c1} v4 v5
  v7 = SelectMem <mem> v6
  v8 = Select <i64> [0] v6
  Plain -> b2
b4: <- b2
  Ret v5
}
func @g(i64) (i64) {
b1:
  v1 = InitMem <mem>
  v2 = Arg <i64> [0]
  v3 = Const <i64> [7]
  Plain -> b2
b2: <- b1 b2
  v4 = Phi <i64> v2 v5
  v5 = Sub <i64> v4 v3
  v6 = Lt <i8> v5 v3
  If v6 -> b3 b2
b3: <- b2
  Ret v5 v1
}
`);
  assert.doesNotMatch(text, /CallStatic/);
});

const typed = `func @make() (i64, ptr) noinline {
b1:
  v1 = InitMem <mem>
  v2 = SymAddr <ptr> {@itab}
  v3 = PtrBits <i64> v2
  v4 = SymAddr <ptr> {@object}
  Ret v3 v4 v1
}
func @method(ptr) (i64) {
b1:
  v1 = InitMem <mem>
  v2 = Arg <ptr> [0]
  v3 = Const <i64> [77]
  Ret v3 v1
}
`;

test("what an assertion of a known type finds is called directly, and inlined", () => {
  const text = (flag: string): string =>
    run(`func @f() (i64) {
  call c1 @make() (i64, ptr)
  call c2 @runtime.typeAssert(ptr, ptr) (ptr)
  call c3 -(ptr) (i64)
b1:
  v1 = InitMem <mem>
  v2 = CallStatic <tuple> {c1} v1
  v3 = Select <i64> [0] v2
  v4 = Select <ptr> [1] v2
  v5 = SelectMem <mem> v2
  v6 = Const <i64> [0]
  v7 = Ne <i8> v3 v6
  If v7 -> b2 b3
b2: <- b1
  v8 = IntToPtr <ptr> v3 v5
  v9 = Load <i64> [8] v8 v5
  Plain -> b3
b3: <- b1 b2
  v10 = Phi <i64> v3 v9
  v11 = IntToPtr <ptr> v10 v5
  v12 = SymAddr <ptr> {@record}
  v13 = CallStatic <tuple> {c2} v12 v11 v5
  v14 = Select <ptr> [0] v13
  v15 = SelectMem <mem> v13
  v16 = Load <i64> [24] v14 v15
  v17 = CallInter <tuple> {c3} v16 v4 v15
  v18 = Select <i64> [0] v17
  v19 = SelectMem <mem> v17
  Ret v18 v19
}
${typed.replace(" noinline", flag)}`);
  assert.doesNotMatch(text(""), /CallInter|CallStatic/);
  assert.match(text(""), /Const <i64> \[77\]/);
  // Where the type is not known, nothing is.
  assert.match(text(" noinline"), /CallInter/);
});

test("assembly is called by its own convention in loops only", () => {
  const text = (edge: string): string => `func @f(i64) () {
  call c1 @asm(i64) ()
b1:
  v1 = InitMem <mem>
  v2 = Arg <i64> [0]
  Plain -> b2
b2: <- b1${edge === "b2" ? " b2" : ""}
  v3 = Phi <mem> v1${edge === "b2" ? " v5" : ""}
  v4 = CallStatic <tuple> {c1} v2 v3
  v5 = SelectMem <mem> v4
  v6 = Lt <i8> v2 v2
  If v6 -> ${edge} b3
b3: <- b2
  Ret v5
${edge === "b4" ? "b4: <- b2\n  Ret v5\n" : ""}}
func @asm(i64) () wrapper {
  call c1 @asm<0>() () stack 8
b1:
  v1 = InitMem <mem>
  v2 = Arg <i64> [0]
  v3 = OutArgAddr <ptr> {c1}
  v4 = Store <mem> v3 v2 v1
  v5 = CallStatic <tuple> {c1} v4
  v6 = SelectMem <mem> v5
  Ret v6
}
`;
  assert.match(run(text("b2")), /OutArgAddr/);
  assert.doesNotMatch(run(text("b4")), /OutArgAddr/);
});
