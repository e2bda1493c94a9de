import assert from "node:assert/strict";
import { test } from "node:test";
import { printFunc } from "../ssa/print.ts";
import { readFuncs } from "../ssa/read.ts";
import { Symbols } from "../ssa/symbol.ts";
import { verify } from "../ssa/verify.ts";
import { optimize, order, pipeline, simplify } from "./pipeline.ts";

const registers = { integers: 9, floats: 15 };

/** The function in a text after the whole pipeline, as text. */
function optimized(text: string): string {
  const symbols = new Symbols();
  const [f] = readFuncs(text, symbols, registers);
  assert.ok(f);
  assert.deepEqual(verify(f), []);
  optimize(f, { verify: true, off: new Set(), dump: null });
  assert.deepEqual(verify(f), []);
  return printFunc(f, symbols);
}

test("the table keeps the order that passes rely on", () => {
  const index = (name: string): number => pipeline.findIndex((p) => p.name === name);
  for (const [before, after, why] of order) {
    assert.ok(index(before) >= 0 && index(after) >= 0, `${before} or ${after} is not in the table`);
    assert.ok(index(before) < index(after), why);
  }
});

test("a variable in a slot becomes a value, across a loop", () => {
  const text = optimized(`func @f(i64) (i64) {
  slot s1 "sum" 8 8 []
b1:
  v1 = InitMem <mem>
  v2 = Arg <i64> [0]
  v3 = SlotAddr <ptr> {s1}
  v4 = Zero <mem> [8] v3 v1
  v5 = Const <i64> [0]
  Plain -> b2
b2: <- b1 b3
  v6 = Phi <i64> v5 v12
  v7 = Phi <mem> v4 v11
  v8 = Lt <i8> v6 v2
  If v8 -> b3 b4
b3: <- b2
  v9 = Load <i64> v3 v7
  v10 = Add <i64> v9 v6
  v11 = Store <mem> v3 v10 v7
  v13 = Const <i64> [1]
  v12 = Add <i64> v6 v13
  Plain -> b2
b4: <- b2
  v14 = Load <i64> v3 v7
  Ret v14 v7
}
`);
  assert.doesNotMatch(text, /Load|Store|Zero|slot/);
  assert.equal(text.match(/Phi <i64>/g)?.length, 2);
});

test("a slot whose address is stored stays in memory", () => {
  const text = optimized(`func @f(ptr) (i64) {
  slot s1 "x" 8 8 []
b1:
  v1 = InitMem <mem>
  v2 = Arg <ptr> [0]
  v3 = SlotAddr <ptr> {s1}
  v4 = Zero <mem> [8] v3 v1
  v5 = Store <mem> v2 v3 v4
  v6 = Load <i64> v3 v5
  Ret v6 v5
}
`);
  assert.match(text, /Load <i64>/);
  assert.match(text, /slot s1/);
});

test("the bounds check of a counting loop goes, one after the loop's condition stays", () => {
  const text = optimized(`func @f(ptr, i64) (i64) {
  call c1 @runtime.panicIndex(i64, i64) () noreturn
b1:
  v1 = InitMem <mem>
  v2 = Arg <ptr> [0]
  v3 = Arg <i64> [1]
  v4 = Const <i64> [0]
  v5 = Const <i64> [1]
  Plain -> b2
b2: <- b1 b5
  v6 = Phi <i64> v4 v7
  v8 = Lt <i8> v6 v3
  If v8 -> b3 b6
b3: <- b2
  v9 = ULt <i8> v6 v3
  If v9 -> b5 b4 likely
b4: <- b3 cold
  v10 = CallStatic <tuple> {c1} v6 v3 v1
  v11 = SelectMem <mem> v10
  Exit v11
b5: <- b3
  v7 = Add <i64> v6 v5
  Plain -> b2
b6: <- b2
  v12 = ULt <i8> v6 v3
  If v12 -> b7 b8 likely
b7: <- b6
  Ret v6 v1
b8: <- b6 cold
  v13 = CallStatic <tuple> {c1} v6 v3 v1
  v14 = SelectMem <mem> v13
  Exit v14
}
`);
  assert.equal(text.match(/panicIndex/g)?.length, 1, text);
  assert.equal(text.match(/CallStatic/g)?.length, 1, text);
});

test("a second nil check of a pointer goes, the first stays", () => {
  const text = optimized(`func @f(ptr) (i64, i64) {
b1:
  v1 = InitMem <mem>
  v2 = Arg <ptr> [0]
  v3 = NilCheck <ptr> v2 v1
  v4 = Load <i64> v3 v1
  v5 = Store <mem> [16] v3 v4 v1
  v6 = NilCheck <ptr> v2 v5
  v7 = Load <i64> [8] v6 v5
  Ret v4 v7 v5
}
`);
  assert.equal(text.match(/NilCheck/g)?.length, 1);
});

test("a check whose result nobody uses stays, an unused object goes", () => {
  const text = optimized(`func @f(ptr) () {
b1:
  v1 = InitMem <mem>
  v2 = Arg <ptr> [0]
  v3 = New <tuple> [8] {@type:int} v1
  v4 = SelectMem <mem> v3
  v5 = NilCheck <ptr> v2 v4
  Ret v4
}
`);
  assert.match(text, /NilCheck/);
  assert.doesNotMatch(text, /New/);
});

test("constants fold with the width of their type", () => {
  const text = optimized(`func @f() (i8, i32) {
b1:
  v1 = InitMem <mem>
  v2 = Const <i8> [127]
  v3 = Const <i8> [1]
  v4 = Add <i8> v2 v3
  v5 = Const <i32> [-2147483648]
  v6 = Const <i32> [-1]
  v7 = Div <i32> v5 v6
  Ret v4 v7 v1
}
`);
  assert.match(text, /Const <i8> \[-128\]/);
  assert.match(text, /Const <i32> \[-2147483648\]/);
  assert.doesNotMatch(text, /Add|Div/);
});

test("a simplified function has values in front of their uses", () => {
  const [f] = readFuncs(
    `func @f(i64) (i64) {
  call c1 @g(i64) (i64)
b1:
  v1 = InitMem <mem>
  v2 = Arg <i64> [0]
  v3 = Const <i64> [8]
  v4 = Mul <i64> v2 v3
  v5 = Add <i64> v4 v2
  v6 = CallStatic <tuple> {c1} v5 v1
  v7 = SelectMem <mem> v6
  v8 = Select <i64> [0] v6
  Ret v8 v7
}
`,
    new Symbols(),
    registers,
  );
  assert.ok(f);
  simplify(f);
  const seen = new Set<number>();
  for (const v of f.entry.values) {
    for (let i = 0; i < (f.argCount[v] as number); i++) assert.ok(seen.has(f.arg(v, i)), `v${f.arg(v, i)} stands behind v${v}`);
    seen.add(v);
  }
  assert.ok(seen.size > 6);
});

test("a variable whose address is in another slot, an object of a closure, becomes a value with it", () => {
  const text = optimized(`func @f(i64) (i64) {
  slot s1 "sum" 8 8 [] escapes
  slot s2 "closure" 16 8 [1] escapes
b1:
  v1 = InitMem <mem>
  v2 = Arg <i64> [0]
  v3 = SlotAddr <ptr> {s1}
  v4 = Const <i64> [0]
  v5 = Store <mem> v3 v4 v1
  v6 = SlotAddr <ptr> {s2}
  v7 = Store <mem> [8] v6 v3 v5
  Plain -> b2
b2: <- b1 b3
  v8 = Phi <i64> v4 v15
  v9 = Phi <mem> v7 v13
  v10 = Lt <i8> v8 v2
  If v10 -> b3 b4
b3: <- b2
  v11 = Load <ptr> [8] v6 v9
  v16 = NilCheck <ptr> v11 v9
  v12 = Load <i64> v16 v9
  v17 = Add <i64> v12 v8
  v13 = Store <mem> v16 v17 v9
  v14 = Const <i64> [1]
  v15 = Add <i64> v8 v14
  Plain -> b2
b4: <- b2
  v18 = Load <i64> v3 v9
  Ret v18 v9
}
`);
  assert.doesNotMatch(text, /Load|Store|NilCheck|slot/);
});

/** A function that counts v4 from a start to its argument and checks v5, made by `index`, against `limit`. */
const counting = (start: number, condition: string, index: string, limit: string): string => `func @f(i64) (i64) {
  call c1 @runtime.panicIndex(i64, i64) () noreturn
b1:
  v1 = InitMem <mem>
  v2 = Arg <i64> [0]
  v3 = Const <i64> [${start}]
  v20 = Const <i64> [1]
  v21 = Const <i64> [-1]
  v22 = Const <i64> [64]
  v23 = Const <i64> [63]
  Plain -> b2
b2: <- b1 b4
  v4 = Phi <i64> v3 v9
  v6 = ${condition}
  If v6 -> b3 b6
b3: <- b2
  v5 = ${index}
  v7 = ULt <i8> v5 ${limit}
  If v7 -> b4 b5 likely
b4: <- b3
  v9 = Add <i64> v4 v20
  Plain -> b2
b5: <- b3 cold
  v10 = CallStatic <tuple> {c1} v5 ${limit} v1
  v11 = SelectMem <mem> v10
  Exit v11
b6: <- b2
  Ret v4 v1
}
`;

test("bounds follow from what is subtracted, from masks, from smaller constants", () => {
  const gone = (text: string): boolean => !/ULt/.test(optimized(text));
  const below = "Lt <i8> v4 v2";
  assert.ok(gone(counting(1, below, "Add <i64> v4 v21", "v2")), "i-1 of a counter from 1");
  assert.ok(!gone(counting(0, below, "Add <i64> v4 v21", "v2")), "i-1 of a counter from 0");
  assert.ok(!gone(counting(1, below, "Add <i64> v4 v20", "v2")), "i+1");
  assert.ok(gone(counting(0, below, "And <i64> v4 v23", "v22")), "i&63 in 64 elements");
  assert.ok(!gone(counting(0, below, "And <i64> v4 v22", "v22")), "i&64 in 64 elements");
  assert.ok(gone(counting(0, "Lt <i8> v4 v23", "And <i64> v4 v4", "v22")), "less than 63, in 64 elements");
  assert.ok(!gone(counting(0, "Lt <i8> v4 v22", "And <i64> v4 v4", "v23")), "less than 64, in 63 elements");
});

test("results on the stack are moved once", () => {
  const text = (between: string, size: number): string => `func @main.f(ptr) () {
  slot s1 "" 64 8 []
  slot s2 "x" 64 8 []
  call c1 @main.g() () stack 64
  call c2 @main.use(ptr) ()
b1:
  v1 = InitMem <mem>
  v2 = Arg <ptr> [0]
  v3 = CallStatic <tuple> {c1} v1
  v4 = SelectMem <mem> v3
  v5 = OutArgAddr <ptr> {c1}
  v6 = SlotAddr <ptr> {s1}
  v7 = Move <mem> [64] v6 v5 v4
  v8 = SlotAddr <ptr> {s2}
  v9 = SlotAddr <ptr> {s1}
  v10 = Move <mem> [${size}] v8 v9 v7
${between}  v12 = CallStatic <tuple> {c2} v8 v10
  v13 = SelectMem <mem> v12
  Ret v13
}
`;
  assert.equal(optimized(text("", 64)).match(/Move/g)?.length, 1);
  assert.doesNotMatch(optimized(text("", 64)), /s1/);
  // Somebody else looks at the temporary, or not all of it is wanted.
  assert.equal(
    optimized(
      text("  v11 = CallStatic <tuple> {c2} v9 v10\n  v14 = SelectMem <mem> v11\n", 64).replace("v8 v10\n  v13", "v8 v14\n  v13"),
    ).match(/Move/g)?.length,
    2,
  );
  assert.equal(optimized(text("", 32)).match(/Move/g)?.length, 2);
});
