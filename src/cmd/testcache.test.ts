// When results of tests are used again.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { TestPackage } from "../driver/testbuild.ts";
import { Store } from "../driver/store.ts";
import { NodeHost } from "../host/node.ts";
import { expireTests, TestCache } from "./testcache.ts";

const temp = mkdtempSync(join(tmpdir(), "go3s-testcache-"));
after(() => rmSync(temp, { recursive: true, force: true }));

class TestHost extends NodeHost {
  readonly variables: Record<string, string> = { GO3SCACHE: join(temp, "store") };

  constructor() {
    super([]);
  }

  override env(name: string): string | undefined {
    return this.variables[name];
  }
}

const root = join(temp, "module");
const pkg = { path: "m/p", dir: join(root, "p"), root } as TestPackage;
const host = new TestHost();
const store = Store.open(host) as Store;
const encoder = new TextEncoder();

function write(path: string, text: string, age: number): void {
  writeFileSync(path, text);
  const then = Date.now() / 1000 - age;
  utimesSync(path, then, then);
}

mkdirSync(join(root, "p/testdata"), { recursive: true });
write(join(root, "p/testdata/x"), "x", 100);
write(join(temp, "outside"), "x", 100);

const open = (...args: string[]): TestCache | null => TestCache.open(host, store, args, []);
const log = (...lines: string[]): Uint8Array => encoder.encode(`# test log\n${lines.map((l) => `${l}\n`).join("")}`);

test("only some arguments let results be kept", () => {
  assert.ok(open("-test.v=true", "-test.run=X", "-test.timeout=10m0s", "-test.outputdir=/x"));
  for (const arg of ["-test.count=1", "-test.bench=.", "-test.shuffle=on", "-own", "word", "-test.cpuprofile=x"])
    assert.equal(open(arg), null, arg);
  assert.equal(TestCache.open(host, null, [], []), null);
});

test("a result counts for one program and one command line", () => {
  const cache = open("-test.v=true") as TestCache;
  cache.keep(pkg, "a", log(), "PASS\n");
  assert.equal(cache.find(pkg, "a"), "PASS\n");
  assert.equal(cache.find(pkg, "b"), null);
  assert.equal(open("-test.v=false")?.find(pkg, "a"), null);
  assert.equal(open("-test.v=true", "-test.outputdir=/y")?.find(pkg, "a"), "PASS\n");
  assert.equal(TestCache.open(host, store, ["-test.v=true"], ["sh"])?.find(pkg, "a"), null);
  const homeless = { ...pkg, root: "" };
  cache.keep(homeless, "c", log(), "PASS\n");
  assert.equal(cache.find(homeless, "c"), null);
});

/** Whether a result is found behind what `change` does; `lines` is the log of its run. */
function survives(name: string, lines: readonly string[], change: () => void): boolean {
  const cache = open() as TestCache;
  cache.keep(pkg, name, log(...lines), "PASS\n");
  assert.equal(cache.find(pkg, name), "PASS\n", name);
  change();
  return cache.find(pkg, name) !== null;
}

test("what the run looked at must be as it was", () => {
  const x = join(root, "p/testdata/x");
  assert.ok(!survives("env", ["getenv FOO"], () => Object.assign(host.variables, { FOO: "" })));
  assert.ok(!survives("debug", [], () => Object.assign(host.variables, { GODEBUG: "x=1" })));
  assert.ok(survives("other env", ["getenv FOO"], () => Object.assign(host.variables, { BAR: "1" })));
  assert.ok(!survives("file", ["open testdata/x"], () => write(x, "y", 50)));
  assert.ok(!survives("moved file", [`chdir ${join(root, "p/testdata")}`, "open x"], () => write(x, "y", 40)));
  assert.ok(!survives("missing file", ["stat ../new"], () => write(join(root, "new"), "", 100)));
  assert.ok(!survives("folder", ["open testdata"], () => write(join(root, "p/testdata/y"), "", 100)));
  assert.ok(survives("outside", [`open ${join(temp, "outside")}`, "stat /etc"], () => write(join(temp, "outside"), "y", 50)));
  assert.ok(!survives("expired", [], () => expireTests(store, host)));
});

test("what is not settled is not kept, nor what is no log", () => {
  const cache = open() as TestCache;
  write(join(root, "p/testdata/new"), "x", 0);
  cache.keep(pkg, "new", log("open testdata/new"), "PASS\n");
  assert.equal(cache.find(pkg, "new"), null);
  for (const bad of ["", "PASS\n", "# test log\nopen x", "# test log\nfrob x\n"]) {
    cache.keep(pkg, "bad", encoder.encode(bad), "PASS\n");
    assert.equal(cache.find(pkg, "bad"), null);
  }
});
