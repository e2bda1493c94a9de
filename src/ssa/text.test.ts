import assert from "node:assert/strict";
import { test } from "node:test";
import { Dominators, findLoops } from "./dom.ts";
import { OpCopy, opNames } from "./ops.gen.ts";
import { printFunc } from "./print.ts";
import { readFuncs } from "./read.ts";
import { Symbols } from "./symbol.ts";
import { verify } from "./verify.ts";

const registers = { integers: 9, floats: 15 };

const sum = `func @main.sum(i64, ptr) (i64) nosplit {
  slot s1 "x" 16 8 [0] exposed
  call c1 @runtime.panicIndex(i64, i64) () noreturn
b1:
  v1 = InitMem <mem>
  v2 = Arg <i64> [0]
  v3 = Const <i64> [0]
  v4 = ConstF <f64> [0x3ff0000000000000]
  Plain -> b2
b2: <- b1 b3
  v5 = Phi <i64> v3 v8
  v6 = Lt <i8> v5 v2
  If v6 -> b3 b4 likely
b3: <- b2
  v7 = Const <i64> [-1]
  v8 = Add <i64> v5 v7
  Plain -> b2
b4: <- b2 cold
  v9 = CallStatic <tuple> {c1} v5 v2 v1
  v10 = SelectMem <mem> v9
  Exit v10
}
`;

test("text form reads back to the same text", () => {
  const symbols = new Symbols();
  const [f] = readFuncs(sum, symbols, registers);
  assert.ok(f);
  assert.deepEqual(verify(f), []);
  assert.equal(printFunc(f, symbols), sum);
});

test("loops and dominators", () => {
  const [f] = readFuncs(sum, new Symbols(), registers);
  assert.ok(f);
  const dom = new Dominators(f);
  assert.ok(dom.dominates(1, 4) && dom.dominates(2, 3) && !dom.dominates(3, 4));
  const loops = findLoops(f, dom);
  assert.equal(loops[3]?.header.id, 2);
  assert.equal(loops[4], null);
});

test("verify reports a use that its definition does not dominate", () => {
  const bad = sum.replace("CallStatic <tuple> {c1} v5 v2 v1", "CallStatic <tuple> {c1} v8 v2 v1");
  const [f] = readFuncs(bad, new Symbols(), registers);
  assert.ok(f);
  assert.match(verify(f).join(), /v8 does not dominate/);
});

test("Copy is the row that Func.copyOf relies on", () => {
  assert.equal(OpCopy, 2);
  assert.equal(opNames[2], "Copy");
});
