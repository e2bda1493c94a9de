// Builds in a used worker must be as good as builds in a new process: the same bytes, the same messages.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import { NodeHost } from "../../src/host/node.ts";
import { findGoroot } from "../../src/load/goroot.ts";
import { Pool } from "./pool.ts";

const temp = mkdtempSync(join(tmpdir(), "go3s-pool-"));
const goroot = findGoroot(new NodeHost([])).folder;
const pool = new Pool({
  worker: new URL("./worker.js", import.meta.url),
  size: 1,
  unchanging: [join(goroot, "src"), resolve("goroot")],
});
after(async () => {
  await pool.close();
  rmSync(temp, { recursive: true, force: true });
});

test("a build after other builds gives the bytes of a build in a new process", async () => {
  const fresh = join(temp, "fresh");
  const built = spawnSync(process.execPath, ["bin/go3s", "build", "-o", fresh, "./examples/hello"], { encoding: "utf8" });
  assert.equal(built.stderr, "");
  for (const example of ["wordcount", "hello", "hello"]) {
    const answer = await pool.run({ args: ["build", "-o", join(temp, example), `./examples/${example}`], cwd: resolve(".") });
    assert.equal(answer.stderr, "");
    assert.equal(answer.status, 0);
  }
  assert.ok(readFileSync(fresh).equals(readFileSync(join(temp, "hello"))), "the executables differ");
});

test("errors are collected with the status, and relative paths are those of the command's folder", async () => {
  writeFileSync(join(temp, "bad.go"), "package main\n\nfunc main() { x }\n");
  const answer = await pool.run({ args: ["build", "-o", "bad", "bad.go"], cwd: temp });
  assert.equal(answer.status, 1);
  assert.equal(answer.stdout, "");
  assert.match(answer.stderr, /^# command-line-arguments\n\.\/bad\.go:3:15: undefined: x\n$/);
});

test("variables of the environment can be set and taken away for one command", async () => {
  const args = ["env", "GOARCH"];
  assert.equal((await pool.run({ args, cwd: temp, env: { GOARCH: "riscv64" } })).stdout, "riscv64\n");
  assert.equal((await pool.run({ args, cwd: temp, env: { GOARCH: undefined } })).stdout, "amd64\n");
});
