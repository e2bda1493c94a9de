// Values and texts of constants; the expected strings were computed with go/constant.

import assert from "node:assert/strict";
import { test } from "node:test";
import { FloatLit, ImagLit, IntLit, OpAdd, OpDiv, OpEql, OpLss, OpMul, OpShl, OpSub, RuneLit, StringLit } from "../../syntax/tokens.ts";
import { stringVal } from "./access.ts";
import { makeFloat64, makeFromLiteral, makeImag, makeInt, makeString } from "./make.ts";
import { float32Val, float64Val } from "./number.ts";
import { binaryOp, compare, OpIntDiv, shiftOp, toInt } from "./operations.ts";
import { constantString, exactString } from "./text.ts";

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
    const v = makeFromLiteral(lit, kind);
    assert.equal(constantString(v), text, lit);
    assert.equal(exactString(v), exact, lit);
  }
});

test("floats round to the nearest float64 and float32", () => {
  const f = (lit: string) => makeFromLiteral(lit, FloatLit);
  assert.equal(float64Val(f("4.9e-324")), 5e-324);
  assert.equal(float64Val(f("2.2250738585072014e-308")), 2.2250738585072014e-308);
  assert.equal(float64Val(f("1.7976931348623159e308")), Infinity);
  assert.equal(float64Val(f("1e-320")), 1e-320);
  assert.equal(float32Val(f("3.4028235e38")), 3.4028234663852886e38);
  assert.equal(float32Val(f("3.4028236e38")), Infinity);
  assert.equal(float32Val(f("7e-46")), 0);
  assert.equal(float64Val(makeFloat64(0.1)), 0.1);
});

test("operations raise their operands to the more general form", () => {
  const one = makeInt(1);
  const three = makeInt(3);
  assert.equal(exactString(binaryOp(one, OpDiv, three)), "1/3");
  assert.equal(exactString(binaryOp(makeInt(-7), OpIntDiv, three)), "-2");
  const huge = makeFromLiteral("1e5000", FloatLit);
  const back = binaryOp(binaryOp(huge, OpMul, three), OpDiv, huge);
  assert.equal(constantString(back), "3");
  assert.equal(exactString(shiftOp(one, OpShl, 70)), "1180591620717411303424");
  const i = makeImag(one);
  assert.equal(exactString(toInt(binaryOp(i, OpMul, i))), "-1");
  assert.equal(compare(makeFromLiteral("0.5", FloatLit), OpLss, one), true);
  assert.equal(compare(binaryOp(huge, OpSub, huge), OpEql, makeInt(0)), true);
  assert.equal(stringVal(binaryOp(makeString("a"), OpAdd, makeString("b"))), "ab");
});
