// Packages that are not main: all their functions are compiled, and nothing is written. Several packages at once, patterns. STD=all compiles the
// whole standard library instead of a sample, which takes a minute or two.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after, test } from "node:test";

const temp = mkdtempSync(join(tmpdir(), "go3s-packages-"));
after(() => rmSync(temp, { recursive: true, force: true }));

const command = resolve("bin/go3s");

function go3s(cwd: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [command, ...args], { cwd, encoding: "utf8", timeout: 600_000 });
}

/** A module with these files. */
function module(name: string, files: Readonly<Record<string, string>>): string {
  const root = join(temp, name);
  for (const [path, text] of Object.entries({ "go.mod": `module example.com/${name}\n\ngo 1.26\n`, ...files })) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

const sample = [
  "container/...",
  "sort",
  "strconv",
  "text/template",
  "encoding/json",
  "archive/zip",
  "go/types",
  "testing",
  "sync",
  "net/http",
];

test("every function of standard packages compiles", () => {
  const built = go3s(temp, "build", "-d", "verify", ...(process.env.STD === "all" ? ["std"] : sample));
  assert.equal(built.stderr, "");
  assert.equal(built.status, 0);
});

test("several packages: all are compiled, main packages linked, and written into a folder only", () => {
  const root = module("several", {
    "a/a.go": "package a\n\nfunc A() int { return f() }\n\nfunc f() int { return 1 }\n\nfunc unused[T any](x T) {}\n",
    "x/x.go": 'package main\n\nimport "example.com/several/a"\n\nfunc main() { println(a.A()) }\n',
    "y/y.go": "package main\n\nfunc main() { println(2) }\n",
    "testdata/z.go": "package z\n\nfunc broken\n",
  });
  const built = go3s(root, "build", "./a", "./y");
  assert.equal(built.stderr, "");
  assert.equal(built.status, 0);
  assert.deepEqual(readdirSync(root).sort(), ["a", "go.mod", "testdata", "x", "y"]);
  assert.equal(go3s(root, "build", "-o", "out/", "./...").stderr, "");
  assert.deepEqual(readdirSync(join(root, "out")).sort(), ["x", "y"]);
  assert.equal(spawnSync(join(root, "out/x"), { encoding: "utf8" }).stderr, "1\n");
  assert.equal(spawnSync(join(root, "out/y"), { encoding: "utf8" }).stderr, "2\n");
  assert.equal(go3s(root, "build", "-o", "both", "./x", "./y").stderr, "go3s: cannot write multiple packages to non-directory both\n");
  assert.equal(go3s(root, "build", "-o", "/dev/null", "example.com/several/a...").status, 0);
  assert.equal(go3s(root, "build", "./b...").stderr, 'go: warning: "./b..." matched no packages\n');
});

test("errors of all packages are reported, save of those that import broken ones", () => {
  const root = module("errors", {
    "a/a.go": "package a\n\nfunc A() int { x := 1; return 0 }\n",
    "b/b.go": 'package b\n\nimport "example.com/errors/a"\n\nfunc B() string { return a.A() }\n',
    "c/c.go": "package c\n\nfunc C() int { return y }\n",
    "x/x.go": "package main\n",
  });
  const built = go3s(root, "build", "./...");
  assert.equal(
    built.stderr,
    "# example.com/errors/a\na/a.go:3:16: declared and not used: x\n# example.com/errors/c\nc/c.go:3:23: undefined: y\n",
  );
  assert.equal(built.status, 1);
  assert.equal(
    go3s(root, "build", "./x").stderr,
    "# example.com/errors/x\nruntime.main_main·f: function main is undeclared in the main package\n",
  );
  assert.ok(!existsSync(join(root, "x/x")));
});
