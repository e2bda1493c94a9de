import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ConstraintError,
  evaluate,
  goBuildText,
  goVersion,
  matchesFileName,
  parseConstraintExpression,
  parsePlusBuild,
  plusBuildText,
} from "./constraint.ts";
import { runeValue, stringBytes, unquote } from "./strings.ts";

const tags = new Set(["linux", "amd64", "unix", "gc", "go1.1", "go1.26"]);
const has = (tag: string): boolean => tags.has(tag);

test("build expressions", () => {
  const value = (text: string): boolean => evaluate(parseConstraintExpression(text), has);
  assert.equal(value("linux"), true);
  assert.equal(value("!linux"), false);
  assert.equal(value("windows || linux && amd64"), true);
  assert.equal(value("(windows || linux) && !amd64"), false);
  assert.equal(value("go1.26 && !go1.27"), true);
  const error = (text: string): string => {
    try {
      parseConstraintExpression(text);
    } catch (e) {
      if (e instanceof ConstraintError) return e.message;
    }
    return "";
  };
  assert.equal(error("a &"), "invalid syntax at &");
  assert.equal(error("!!a"), "double negation not allowed");
  assert.equal(error("(a"), "missing close paren");
  assert.equal(error("a b"), "unexpected token b");
  assert.equal(error(""), "unexpected end of expression");
});

test("old build lines", () => {
  const value = (text: string): boolean => evaluate(parsePlusBuild(text) as NonNullable<ReturnType<typeof parsePlusBuild>>, has);
  assert.equal(value("linux,amd64 windows"), true);
  assert.equal(value("linux,!amd64"), false);
  assert.equal(value("!windows"), true);
  assert.equal(value("!!linux"), false);
  assert.equal(plusBuildText("// +build a b "), "a b");
  assert.equal(plusBuildText("// +buildx"), null);
  assert.equal(goBuildText("//go:build a || b\r"), "a || b");
  assert.equal(goBuildText("// go:build a"), null);
});

test("versions from constraints", () => {
  const version = (text: string): string => goVersion(parseConstraintExpression(text));
  assert.equal(version("linux && go1.22"), "go1.22");
  assert.equal(version("(linux && go1.22) || (windows && go1.20)"), "go1.20");
  assert.equal(version("linux"), "");
  assert.equal(version("linux || (windows && go1.22)"), "");
  assert.equal(version("!go1.22"), "");
  assert.equal(version("go1 && x"), "go1");
});

test("file names", () => {
  const fits = (name: string): boolean => matchesFileName(name, has);
  for (const name of ["x.go", "linux.go", "windows.go", "x_linux.go", "x_amd64.s", "x_linux_amd64_test.go", "x_unix.go"]) {
    assert.equal(fits(name), true, name);
  }
  for (const name of ["x_windows.go", "x_arm64.s", "x_linux_arm64.go", "x_windows_amd64.go", "x_windows_test.go"]) {
    assert.equal(fits(name), false, name);
  }
});

test("literal values", () => {
  assert.equal(unquote('"a\\tb\\x41\\u4e16\\101"'), "a\tbA\u4e16A");
  assert.equal(unquote("`a\r\nb`"), "a\nb");
  assert.deepEqual([...(stringBytes('"\\xff\\377z"') as Uint8Array)], [255, 255, 122]);
  assert.equal(unquote('"\\q"'), null);
  assert.equal(runeValue("'a'"), 97);
  assert.equal(runeValue("'\\''"), 39);
  assert.equal(runeValue("'\\U0001F600'"), 0x1f600);
  assert.equal(runeValue("'\\377'"), 255);
});
