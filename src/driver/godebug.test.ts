import assert from "node:assert/strict";
import { test } from "node:test";
import type { Host } from "../base/host.ts";
import type { LoadedPackage, LoadedProgram } from "../load/package.ts";
import { defaultGodebug, directiveFaults } from "./godebug.ts";

const table = `var All = []Info{
	{Name: "old", Package: "a", Changed: 21, Old: "1"},
	{Name: "newer", Package: "b", Changed: 25, Old: "0", Opaque: true},
	//{Name: "away", Package: "c", Changed: 25, Old: "0"},
	{Name: "never", Package: "d"},
}`;

const encoder = new TextEncoder();
const host = { readFile: () => encoder.encode(table) } as unknown as Host;

function godebug(goVersion: string, source: string, godebugs: readonly string[] = [], fips140 = "off", tested = ""): string {
  const file = (text: string): LoadedPackage["files"][number] => ({
    name: "x.go",
    path: "/x.go",
    data: encoder.encode(text),
    replacement: null,
  });
  const imports = new Map<string, LoadedPackage>();
  if (tested !== "") imports.set("t", { label: "t [t.test]", files: [file(tested)] } as unknown as LoadedPackage);
  const main = { files: [file(source)], imports } as unknown as LoadedPackage;
  return defaultGodebug(host, { goVersion, godebugs, fips140, goroot: "/go" } as unknown as LoadedProgram, main);
}

test("the version of go.mod, its godebug lines and directives make the default of GODEBUG", () => {
  assert.equal(godebug("", "package main"), "");
  assert.equal(godebug("1.26.0", "package main"), "");
  assert.equal(godebug("1.23", "package main"), "newer=0");
  assert.equal(godebug("1.20", "package main"), "newer=0,old=1");
  assert.equal(godebug("1.20", "package main", ["newer=5", "x=y"]), "newer=5,old=1,x=y");
  assert.equal(godebug("1.26", "// C\n\n//go:debug x=1\n//go:debug y=2\npackage main\n//go:debug z=3\n", ["x=0"]), "x=1,y=2");
  assert.equal(godebug("1.26", "/*\n//go:debug x=1\n*/\npackage main\n"), "");
  assert.equal(godebug("1.20", "//go:debug default=go1.24\n\npackage main"), "newer=0");
});

test("GOFIPS140 turns the mode on, and directives win", () => {
  assert.equal(godebug("1.26", "package main", [], "latest"), "fips140=on");
  assert.equal(godebug("1.26", "//go:debug fips140=only\npackage main", [], "v1.0.0"), "fips140=only");
});

test("a tested package has a say in the program of its tests", () => {
  assert.equal(godebug("1.26", "package main", [], "off", "//go:debug x=1\n\npackage t"), "x=1");
});

test("wrong directives are errors at their place", () => {
  const text = "//go:debug old=1\n/*\n\n*/\n//go:debug nosuch=1\n//go:debug\n//go:debug old=2\n//go:debug default=1.20\n\npackage main\n";
  const main = { files: [{ name: "x.go", path: "/x.go", data: encoder.encode(text) }] } as unknown as LoadedPackage;
  const withPackage = { readFile: () => encoder.encode(table) } as unknown as Host;
  assert.deepEqual(directiveFaults(withPackage, "/go", main), [
    '/x.go:5:1: invalid //go:debug: unknown //go:debug setting "nosuch"',
    "/x.go:6:1: invalid //go:debug: missing key=value",
    "/x.go:7:1: repeated //go:debug for old",
    "\t/x.go:1:1: previous //go:debug",
    "/x.go:8:1: invalid //go:debug: value for default= must be goVERSION",
  ]);
});
