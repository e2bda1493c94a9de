import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { NodeHost } from "../host/node.ts";
import { Store, storeFolder } from "./store.ts";

const temp = mkdtempSync(join(tmpdir(), "go3s-store-"));
after(() => rmSync(temp, { recursive: true, force: true }));

class StoreHost extends NodeHost {
  readonly said: string[] = [];
  installed = "";
  private readonly variables: Readonly<Record<string, string>>;

  constructor(variables: Readonly<Record<string, string>>) {
    super([]);
    this.variables = variables;
  }

  override env(name: string): string | undefined {
    return this.variables[name];
  }

  override installedStore(): string {
    return this.installed;
  }

  override stderr(text: string): void {
    this.said.push(text);
  }
}

function open(folder: string): { store: Store; host: StoreHost } {
  const host = new StoreHost({ GO3SCACHE: folder });
  return { store: Store.open(host) as Store, host };
}

test("where the store is", () => {
  assert.equal(storeFolder(new StoreHost({ GO3SCACHE: "off", GOCACHE: "/c" })), "");
  assert.equal(storeFolder(new StoreHost({ GO3SCACHE: "/own", GOCACHE: "/c" })), "/own");
  assert.equal(storeFolder(new StoreHost({ GOCACHE: "/c" })), "/c/go3s");
  assert.equal(storeFolder(new StoreHost({ GOCACHE: "off" })), "");
  assert.equal(storeFolder(new StoreHost({ XDG_CACHE_HOME: "/x" })), "/x/go3s/build");
});

test("what is not in the store may be in that of the installation, which is only read", () => {
  const installed = join(temp, "installed");
  const key = open(installed).store.key("a");
  open(installed).store.put(key, new Uint8Array([1]));
  const host = new StoreHost({ GO3SCACHE: join(temp, "own") });
  host.installed = installed;
  const store = Store.open(host) as Store;
  assert.deepEqual(new Uint8Array(store.get(key) as Uint8Array), new Uint8Array([1]));
  store.put(key, new Uint8Array([2]));
  assert.deepEqual(new Uint8Array(store.get(key) as Uint8Array), new Uint8Array([2]));
  assert.deepEqual(new Uint8Array(open(installed).store.get(key) as Uint8Array), new Uint8Array([1]));
});

test("entries come back as they were, damaged ones do not", () => {
  const folder = join(temp, "damage");
  const { store } = open(folder);
  const key = store.key("a");
  assert.equal(store.get(key), null);
  const data = new Uint8Array([1, 2, 3, 4]);
  store.put(key, data);
  assert.deepEqual(new Uint8Array(store.get(key) as Uint8Array), data);
  const path = join(folder, key.slice(0, 2), key);
  const good = readFileSync(path);
  for (const bad of [good.subarray(0, 10), good.subarray(0, good.length - 1), Buffer.concat([good, Buffer.from([0])]), Buffer.alloc(0)]) {
    writeFileSync(path, bad);
    assert.equal(store.get(key), null);
  }
  for (let i = 0; i < good.length; i++) {
    const bad = Buffer.from(good);
    bad[i] = (bad[i] as number) ^ 4;
    writeFileSync(path, bad);
    assert.equal(store.get(key), null);
  }
  store.put(key, data);
  assert.deepEqual(new Uint8Array(store.get(key) as Uint8Array), data);
});

test("a folder that can't be written to is said once", () => {
  const file = join(temp, "file");
  writeFileSync(file, "");
  const { store, host } = open(join(file, "store"));
  const key = store.key("a");
  assert.equal(store.get(key), null);
  store.put(key, new Uint8Array(1));
  store.put(key, new Uint8Array(1));
  assert.deepEqual(host.said, [`go3s: warning: nothing is kept for later builds: ${file}/store: not a directory\n`]);
});

test("what was not used for long goes, and what killed builds left behind", () => {
  const folder = join(temp, "trim");
  const { store } = open(folder);
  const days = (n: number): Date => new Date(Date.now() - n * 24 * 3600 * 1000);
  const [old, young] = [store.key("old"), store.key("young")];
  store.put(old, new Uint8Array(1));
  store.put(young, new Uint8Array(1));
  const path = (key: string): string => join(folder, key.slice(0, 2), key);
  utimesSync(path(old), days(6), days(6));
  utimesSync(path(young), days(4), days(4));
  mkdirSync(join(folder, "00"), { recursive: true });
  writeFileSync(join(folder, "00", "x.1.tmp"), "");
  utimesSync(join(folder, "00", "x.1.tmp"), days(1), days(1));
  writeFileSync(join(folder, "00", "y.1.tmp"), "");
  // Too early.
  store.put(store.key("b"), new Uint8Array(1));
  assert.notEqual(store.get(old), null);
  utimesSync(path(old), days(6), days(6));
  utimesSync(join(folder, "README"), days(2), days(2));
  store.put(store.key("c"), new Uint8Array(1));
  assert.equal(store.get(old), null);
  assert.deepEqual(readdirSync(join(folder, "00")), ["y.1.tmp"]);
  // Use makes young again.
  assert.notEqual(store.get(young), null);
  assert.ok(statSync(path(young)).mtimeMs > days(1).getTime());
});
