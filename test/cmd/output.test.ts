// Where executables go, what flags put into them, and what is left alone when something is wrong. Runs the built command.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { findGoroot } from "../../src/syntax/testing.ts";

const goroot = findGoroot();
const skip = goroot === "" ? "no Go tree found" : false;
const command = join(process.cwd(), "bin/go3s");
const top = realpathSync(mkdtempSync(join(tmpdir(), "go3s-output-")));
after(() => rmSync(top, { recursive: true }));

const module = join(top, "m");
mkdirSync(join(module, "lib"), { recursive: true });
mkdirSync(join(module, "other"));
mkdirSync(join(module, "text"));
writeFileSync(join(module, "text/hello.txt"), "hello");
writeFileSync(join(module, "text/more.txt"), "more");
writeFileSync(join(module, "go.mod"), "module example.com/m\n\ngo 1.26\n");
writeFileSync(join(module, "lib/lib.go"), 'package lib\n\nvar V = "none"\n\nfunc Get() string { return V }\n');
writeFileSync(join(module, "other/other.go"), "package main\n\n//go:noinline\nfunc main() { println(2) }\n");
writeFileSync(
  join(module, "main.go"),
  `package main

import (
	"embed"
	"example.com/m/lib"
)

const none = "none"

var plain string
var constant = none
var computed = lib.Get()
var number = 1

//go:embed text/hello.txt
var text string

//go:embed text
var files embed.FS

func main() {
	println(plain, constant, computed, lib.V, number)
	more, err := files.ReadFile("text/more.txt")
	println(text, string(more), err == nil)
}
`,
);

function go3s(args: string[], env: Record<string, string> = {}): { status: number | null; output: string } {
  const r = spawnSync(process.execPath, [command, ...args], {
    cwd: module,
    encoding: "utf8",
    timeout: 400_000,
    env: { ...process.env, GOROOT: goroot, GOFLAGS: "", PWD: module, ...env },
  });
  return { status: r.status, output: r.stdout + r.stderr };
}

test("-o, -X, -v, GOFLAGS, embedded files", { skip }, () => {
  const x = "-X main.plain=a -X 'main.constant=b c' -X main.computed=d -X example.com/m/lib.V=e -X main.nothing=3";
  const built = go3s(["build", "-v", "-o", "no/such/folder/x", `-ldflags=-w ${x}`], {
    GOFLAGS: "-o=other -race=false -benchmem '-tags=x y' -trimpath",
  });
  assert.deepEqual(built, { status: 0, output: "example.com/m/lib\nexample.com/m\n" });
  const number = go3s(["build", "-ldflags=-X main.number=2"]);
  assert.deepEqual(number, {
    status: 1,
    output: "# example.com/m\nmain.number: cannot set with -X: not a var of type string (type:int)\n",
  });
  const binary = join(module, "no/such/folder/x");
  const run = spawnSync(binary, { encoding: "utf8" });
  assert.equal(run.stderr, "a b c e e 1\nhello more true\n");
  // -trimpath from GOFLAGS.
  assert.equal(readFileSync(binary).includes(top), false);
});

test("a folder takes the executables of several main packages", { skip }, () => {
  assert.deepEqual(go3s(["build", "-o", "bin/", "./..."]), { status: 0, output: "" });
  assert.ok(existsSync(join(module, "bin/m")) && existsSync(join(module, "bin/other")) && !existsSync(join(module, "bin/lib")));
  assert.equal(spawnSync(join(module, "bin/other"), { encoding: "utf8" }).stderr, "2\n");
});

test("what is no executable is not overwritten, nor anything by a failure", { skip }, () => {
  writeFileSync(join(module, "notes"), "old text\n");
  writeFileSync(join(module, "broken.go"), "package main\n\nfunc main() { y() }\n");
  const refused = go3s(["build", "-o", "notes", "./other"]);
  assert.deepEqual(refused, { status: 1, output: 'go3s build: build output "notes" already exists and is not an object file\n' });
  const empty = join(module, "empty");
  writeFileSync(empty, "");
  const broken = go3s(["build", "-o", "empty", "broken.go"]);
  assert.deepEqual(broken, { status: 1, output: "# command-line-arguments\n./broken.go:3:15: undefined: y\n" });
  assert.equal(readFileSync(empty, "utf8"), "");
  rmSync(join(module, "broken.go"));
  mkdirSync(join(module, "other/other"));
  const folder = go3s(["build", "-C", "other"]);
  assert.deepEqual(folder, { status: 1, output: 'go3s: build output "other" already exists and is a directory\n' });
  const unwritable = go3s(["build", "-o", "/proc/none/x", "./other"]);
  assert.deepEqual(unwritable, { status: 1, output: "go3s build: open /proc/none/x: no such file or directory\n" });
});

test("a fault of the compiler is one line and status 3", { skip }, () => {
  const r = go3s(["build", "-o", "fault", "-d", "break=main.main", "./other"]);
  const place = join(module, "other/other.go");
  assert.deepEqual(r, {
    status: 3,
    output: `go3s: internal compiler error while compiling main.main at ${place}:4:6: broken on request\n`,
  });
  assert.equal(existsSync(join(module, "fault")), false);
});

test("run passes arguments and says how the program ended", { skip }, () => {
  writeFileSync(join(module, "exit.go"), 'package main\n\nimport "os"\n\nfunc main() { println(os.Args[1]); os.Exit(7) }\n');
  assert.deepEqual(go3s(["run", "exit.go", "-x"]), { status: 1, output: "-x\nexit status 7\n" });
  assert.deepEqual(go3s(["run", "./lib"]), { status: 1, output: "package example.com/m/lib is not a main package\n" });
});
