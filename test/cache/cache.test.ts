// What is kept between builds must never be noticed but by the time that a build takes.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import { main } from "../../src/cmd/main.ts";
import { NodeHost } from "../../src/host/node.ts";
import { findGoroot } from "../../src/load/goroot.ts";
import { CollectingHost, FileCache } from "../pool/host.ts";

const temp = mkdtempSync(join(tmpdir(), "go3s-cache-"));
after(() => rmSync(temp, { recursive: true, force: true }));
const files = new FileCache([join(findGoroot(new NodeHost([])).folder, "src"), resolve("goroot")]);
const program = join(temp, "program");
const source = join(program, "main.go");
const store = join(temp, "store");

/** Builds the program; whether that took place, what was said, and the executable. */
function build(
  flags: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
  memory: FileCache = files,
): { built: boolean; said: string; bytes: Buffer } {
  const output = join(temp, "output");
  const host = new CollectingHost(
    { args: ["build", "-timings", ...flags, "-o", output, "."], cwd: program, env: { GO3SCACHE: store, ...env } },
    memory,
  );
  assert.equal(main(host), 0, host.err.join(""));
  const said = host.err.join("").replace(/^ *\d+ ms.*\n/gm, "");
  return { built: host.err.join("").includes("compile"), said, bytes: readFileSync(output) };
}

function setSource(text: string): void {
  writeFileSync(source, `package main\n\nfunc main() { println("${text}") }\n`);
}

mkdirSync(program);
writeFileSync(join(program, "go.mod"), "module m\n\ngo 1.26\n");

test("a build is done once, and again after every change", () => {
  setSource("one");
  const first = build();
  assert.ok(first.built);
  assert.equal(first.said, "");
  const again = build();
  assert.ok(!again.built);
  assert.deepEqual(again.bytes, first.bytes);

  // What a build does not look at, such as an executable beside the source.
  writeFileSync(join(program, "program"), first.bytes);
  assert.ok(!build().built);

  // The same length and the same time.
  const { atime, mtime } = statSync(source);
  setSource("two");
  utimesSync(source, atime, mtime);
  const changed = build();
  assert.ok(changed.built);
  assert.notDeepEqual(changed.bytes, first.bytes);

  // Back again: known.
  setSource("one");
  const back = build();
  assert.ok(!back.built);
  assert.deepEqual(back.bytes, first.bytes);

  assert.ok(build(["-a"]).built);
  assert.ok(build(["-ldflags=-s"]).built);
  assert.ok(!build(["-ldflags=-s"]).built);
  assert.ok(build([], { GO3SCACHE: "off" }).built);
  writeFileSync(join(program, "more.go"), "package main\n\nfunc init() { println(2) }\n");
  assert.ok(build().built);
  rmSync(join(program, "more.go"));
  assert.deepEqual(build().bytes, first.bytes);
});

test("code of other builds is what this build would make", () => {
  // A build of its own kind: nothing is known.
  const fresh = new FileCache(files.roots);
  const other = build(["-a"], {}, fresh);
  setSource("three");
  const known = build();
  const checked = build(["-d", "cache"]);
  assert.ok(checked.built);
  assert.deepEqual(checked.bytes, known.bytes);
  assert.deepEqual(build([], { GO3SCACHE: "off" }, new FileCache(files.roots)).bytes, known.bytes);
  // From the store only.
  assert.deepEqual(build(["-d", "cache"], {}, new FileCache(files.roots)).bytes, known.bytes);
  setSource("one");
  assert.deepEqual(build().bytes, other.bytes);
});

test("damaged entries are made again", () => {
  const good = build();
  for (const folder of readdirSync(store)) {
    if (folder === "README") continue;
    for (const name of readdirSync(join(store, folder))) {
      const path = join(store, folder, name);
      const data = readFileSync(path);
      const at = data.length >> 1;
      data[at] = (data[at] as number) ^ 1;
      writeFileSync(path, data);
    }
  }
  const repaired = build();
  assert.ok(repaired.built);
  assert.equal(repaired.said, "");
  assert.deepEqual(repaired.bytes, good.bytes);
  assert.ok(!build().built);
});

test("a folder that can't be written to costs a line", () => {
  const good = build();
  writeFileSync(join(temp, "file"), "");
  const { built, said, bytes } = build([], { GO3SCACHE: join(temp, "file/store") });
  assert.ok(built);
  assert.equal(said, `go3s: warning: nothing is kept for later builds: ${temp}/file/store: not a directory\n`);
  assert.deepEqual(bytes, good.bytes);
});
