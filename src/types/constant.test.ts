// Values and texts of constants; the expected strings were computed with go/constant.

import assert from "node:assert/strict";
import { test } from "node:test";
import { FloatLit, ImagLit, IntLit, OpAdd, OpDiv, OpEql, OpLss, OpMul, OpShl, OpSub, RuneLit, StringLit } from "../syntax/tokens.ts";
import * as C from "./constant.ts";

test("literals print as upstream prints them", () => {
  const cases: [string, number, string, string][] = [
    ["0755", IntLit, "493", "493"],
    ["1_000_000", IntLit, "1000000", "1000000"],
    ["123456789012345678901234567890", IntLit, "123456789012345678901234567890", "123456789012345678901234567890"],
    ["0.1", FloatLit, "0.1", "1/10"],
    ["1e6", FloatLit, "1e+06", "1000000"],
    ["100000.5", FloatLit, "100000.5", "200001/2"],
    ["0x1.8p3", FloatLit, "12", "12"],
    ["1e1000", FloatLit, "1e+1000", `1${"0".repeat(1000)}`],
    ["0123i", ImagLit, "(0 + 123i)", "(0 + 123i)"],
    ["'\\u1234'", RuneLit, "4660", "4660"],
    ['"\\xff\\u00e9\\n"', StringLit, '"\\xffé\\n"', '"\\xffé\\n"'],
    ["`raw\\n`", StringLit, '"raw\\\\n"', '"raw\\\\n"'],
  ];
  for (const [lit, kind, text, exact] of cases) {
    const v = C.makeFromLiteral(lit, kind);
    assert.equal(C.constantString(v), text, lit);
    assert.equal(C.exactString(v), exact, lit);
  }
});

test("floats round to the nearest float64 and float32", () => {
  const f = (lit: string) => C.makeFromLiteral(lit, FloatLit);
  assert.equal(C.float64Val(f("4.9e-324")), 5e-324);
  assert.equal(C.float64Val(f("2.2250738585072014e-308")), 2.2250738585072014e-308);
  assert.equal(C.float64Val(f("1.7976931348623159e308")), Infinity);
  assert.equal(C.float64Val(f("1e-320")), 1e-320);
  assert.equal(C.float32Val(f("3.4028235e38")), 3.4028234663852886e38);
  assert.equal(C.float32Val(f("3.4028236e38")), Infinity);
  assert.equal(C.float32Val(f("7e-46")), 0);
  assert.equal(C.float64Val(C.makeFloat64(0.1)), 0.1);
});

test("operations raise their operands to the more general form", () => {
  const one = C.makeInt(1);
  const three = C.makeInt(3);
  assert.equal(C.exactString(C.binaryOp(one, OpDiv, three)), "1/3");
  assert.equal(C.exactString(C.binaryOp(C.makeInt(-7), C.OpIntDiv, three)), "-2");
  const huge = C.makeFromLiteral("1e5000", FloatLit);
  const back = C.binaryOp(C.binaryOp(huge, OpMul, three), OpDiv, huge);
  assert.equal(C.constantString(back), "3");
  assert.equal(C.exactString(C.shiftOp(one, OpShl, 70)), "1180591620717411303424");
  const i = C.makeImag(one);
  assert.equal(C.exactString(C.toInt(C.binaryOp(i, OpMul, i))), "-1");
  assert.equal(C.compare(C.makeFromLiteral("0.5", FloatLit), OpLss, one), true);
  assert.equal(C.compare(C.binaryOp(huge, OpSub, huge), OpEql, C.makeInt(0)), true);
  assert.equal(C.stringVal(C.binaryOp(C.makeString("a"), OpAdd, C.makeString("b"))), "ab");
});
