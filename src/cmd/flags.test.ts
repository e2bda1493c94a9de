import assert from "node:assert/strict";
import { test } from "node:test";
import { parseFlags } from "./flags.ts";

const specs = [
  { name: "o", kind: "string" },
  { name: "v", kind: "bool" },
] as const;

test("values with a blank, with an equals sign, and two dashes", () => {
  for (const words of [
    ["-o", "x", "-v", "p"],
    ["--o=x", "-v=true", "p"],
  ]) {
    const f = parseFlags(words, specs);
    assert.equal(f.error, null);
    assert.equal(f.strings.get("o"), "x");
    assert.ok(f.bools.has("v"));
    assert.deepEqual(f.rest, ["p"]);
  }
});

test("wrong flags are named as the flag package does", () => {
  assert.equal(parseFlags(["-x"], specs).error, "flag provided but not defined: -x");
  assert.equal(parseFlags(["-o"], specs).error, "flag needs an argument: -o");
  const counted = parseFlags(["-l=4", "x"], [{ name: "l", kind: "count" }]);
  assert.ok(counted.bools.has("l") && counted.error === null);
  assert.equal(parseFlags(["-v=maybe"], specs).error, 'invalid boolean value "maybe" for -v: parse error');
});

test("flags end at -- and at the first other word", () => {
  assert.deepEqual(parseFlags(["--", "-v"], specs).rest, ["-v"]);
  assert.deepEqual(parseFlags(["a", "-v"], specs).rest, ["a", "-v"]);
});
