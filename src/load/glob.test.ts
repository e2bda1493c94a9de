// The expected answers are those of path.Match.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Glob } from "./glob.ts";

test("patterns match whole names", () => {
  const cases: [string, string, boolean | null][] = [
    ["abc", "abc", true],
    ["a-b.c", "a-b.c", true],
    ["*", "", true],
    ["*c", "abc", true],
    ["a*", "ab.c", true],
    ["a*b*c*d*e*", "axbxcxdxexxx", true],
    ["a*b?c*x", "abxbbxdbxebxczzx", true],
    ["a*b?c*x", "abxbbxdbxebxczzy", false],
    ["ab[c]", "abc", true],
    ["ab[b-d]", "abc", true],
    ["ab[^c]", "abc", false],
    ["ab[^e-g]", "abc", true],
    ["a\\*b", "a*b", true],
    ["a\\*b", "ab", false],
    ["a?b", "a☺b", true],
    ["a[^a]b", "a☺b", true],
    ["a???b", "a☺b", false],
    ["[a-ζ]*", "α", true],
    ["[\\]a]", "]", true],
    ["[\\-x]", "-", true],
    ["[x\\-]", "z", false],
    ["[]a]", "]", null],
    ["[-]", "-", null],
    ["[x-]", "x", null],
    ["[a-b-c]", "a", null],
    ["[", "a", null],
    ["[^", "a", null],
    ["[^bc", "a", null],
    ["a[", "ab", null],
    ["\\", "a", null],
    ["*x", "xxx", true],
    ["[z-a]", "m", false],
  ];
  for (const [pattern, name, want] of cases) assert.equal(Glob.parse(pattern)?.matches(name) ?? null, want, `${pattern} ${name}`);
});

test("no pattern takes more than pattern times name", () => {
  assert.equal(Glob.parse(`${"a*".repeat(1000)}b`)?.matches("a".repeat(2000)), false);
});
