// Version selection, the module cache and go.sum against proxies in folders that the tests make; archives and hashes of which some are hostile.

import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { NodeHost } from "../host/node.ts";
import { makeWritable } from "../base/remains.ts";
import { ModuleCache } from "./cache.ts";
import { ModuleError } from "./error.ts";
import { hashFiles } from "./hash.ts";
import { Modules } from "./modules.ts";
import type { ModuleVersion } from "./names.ts";
import { Sums } from "./sums.ts";
import { SumDatabase, treeText } from "./sumdb.ts";
import { zip } from "./testing.ts";

const top = realpathSync(mkdtempSync(join(tmpdir(), "go3s-modules-")));
after(() => {
  makeWritable(new NodeHost([]), top);
  rmSync(top, { recursive: true });
});
let count = 0;

/** A machine of its own, with a proxy in a folder. */
class Machine extends NodeHost {
  readonly folder: string;
  readonly proxy: string;
  readonly variables: Record<string, string>;
  dir: string;

  constructor(variables: Record<string, string> = {}) {
    super([]);
    this.folder = join(top, `m${count++}`);
    this.proxy = join(this.folder, "proxy");
    this.dir = join(this.folder, "work");
    mkdirSync(this.dir, { recursive: true });
    this.variables = {
      GOPROXY: `file://${this.proxy}`,
      GOMODCACHE: join(this.folder, "cache"),
      GOPATH: join(this.folder, "gopath"),
      GOSUMDB: "off",
      ...variables,
    };
  }

  override env(name: string): string | undefined {
    return this.variables[name];
  }

  override cwd(): string {
    return this.dir;
  }

  override homeFolder(): string {
    return this.folder;
  }

  override stderr(): void {}

  write(path: string, data: string | Buffer): void {
    const full = join(this.folder, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, data);
  }

  /** Puts a module into the proxy. */
  publish(m: ModuleVersion, mod: string, files: Record<string, string> = {}): void {
    const base = `proxy/${m.path}/@v/${m.version}`;
    this.write(`${base}.mod`, mod);
    this.write(`${base}.info`, JSON.stringify({ Version: m.version, Time: "2024-01-01T00:00:00Z" }));
    this.write(`${base}.zip`, zip({ "go.mod": mod, ...files }, `${m.path}@${m.version}/`));
  }

  cache(): ModuleCache {
    return new ModuleCache(this, { writable: false, progress: null });
  }

  modules(mod: string, sum = "", flag = "mod"): Modules {
    this.write("work/go.mod", mod);
    if (sum !== "") this.write("work/go.sum", sum);
    return new Modules(this, this.dir, { mod: flag, modFile: "", writable: false }, "1.26.8", "/none");
  }
}

const selected = (m: Modules): string[] =>
  m.requirements
    .graph()
    .buildList()
    .filter((x) => x.version !== "" && x.path !== "go" && x.path !== "toolchain")
    .map((x) => `${x.path}@${x.version}`);

function failure(action: () => unknown): string {
  try {
    action();
  } catch (e) {
    assert.ok(e instanceof ModuleError, String(e));
    return e.message;
  }
  return "";
}

test("the highest version that anything requires is selected, and graphs are pruned from go 1.17 on", () => {
  for (const [go, wanted] of [
    ["1.16", ["a.test/a@v1.0.0", "a.test/b@v1.2.0", "a.test/c@v1.5.0"]],
    ["1.17", ["a.test/a@v1.0.0", "a.test/b@v1.2.0"]],
  ] as const) {
    const host = new Machine();
    host.publish({ path: "a.test/a", version: "v1.0.0" }, `module a.test/a\n\ngo ${go}\n\nrequire a.test/b v1.2.0\n`);
    host.publish({ path: "a.test/b", version: "v1.1.0" }, `module a.test/b\n\ngo ${go}\n`);
    host.publish({ path: "a.test/b", version: "v1.2.0" }, `module a.test/b\n\ngo ${go}\n\nrequire a.test/c v1.5.0\n`);
    host.publish({ path: "a.test/c", version: "v1.5.0" }, `module a.test/c\n\ngo ${go}\n`);
    // b is no root at the selected version in the second case, so what it requires does not count.
    const roots = go === "1.16" ? "require (\n\ta.test/a v1.0.0\n\ta.test/b v1.1.0\n)\n" : "require a.test/a v1.0.0\n";
    assert.deepEqual(selected(host.modules(`module m.test/m\n\ngo ${go}\n\n${roots}`)), wanted);
  }
});

test("excluded versions don't count, replaced ones are read where they point to", () => {
  const host = new Machine();
  host.publish({ path: "a.test/a", version: "v1.0.0" }, "module a.test/a\n\ngo 1.20\n\nrequire a.test/b v1.2.0\n");
  host.write("local/go.mod", "module a.test/c\n\ngo 1.20\n\nrequire a.test/d v1.0.0\n");
  host.write("local/c.go", "package c\n");
  host.publish({ path: "a.test/d", version: "v1.0.0" }, "module a.test/d\n");
  const modules = host.modules(
    "module m.test/m\n\ngo 1.20\n\nrequire (\n\ta.test/a v1.0.0\n\ta.test/c v1.0.0\n)\n\nexclude a.test/b v1.2.0\n\nreplace a.test/c => ../local\n",
  );
  assert.deepEqual(selected(modules), ["a.test/a@v1.0.0", "a.test/c@v1.0.0", "a.test/d@v1.0.0"]);
  assert.equal(modules.find("a.test/c").dir, join(host.folder, "local"));
});

test("what can't be had is told with the way to it", () => {
  const host = new Machine();
  host.publish({ path: "a.test/a", version: "v1.0.0" }, "module a.test/a\n\nrequire a.test/b v1.0.0\n");
  const modules = host.modules("module m.test/m\n\ngo 1.20\n\nrequire a.test/a v1.0.0\n");
  assert.match(
    failure(() => modules.requirements.graph()),
    /^a.test\/a@v1.0.0 requires\n\ta.test\/b@v1.0.0: reading file:.*: no such file or directory$/,
  );
  host.variables.GOPROXY = "off";
  const off = host.modules("module m.test/m\n\ngo 1.20\n\nrequire a.test/x v1.0.0\n");
  assert.match(
    failure(() => off.requirements.graph()),
    /module lookup disabled by GOPROXY=off$/,
  );
  host.variables.GOPROXY = "direct";
  const direct = host.modules("module m.test/m\n\ngo 1.20\n\nrequire a.test/x v1.0.0\n");
  assert.match(
    failure(() => direct.requirements.graph()),
    /go3s does not fetch from version control/,
  );
});

test("the cache has the go command's layout, read-only, and is used again", () => {
  const host = new Machine();
  const m = { path: "a.test/Big", version: "v1.0.0" };
  host.publish({ path: "a.test/!big", version: "v1.0.0" }, "module a.test/Big\n");
  host.write("proxy/a.test/!big/@v/v1.0.0.zip", zip({ "go.mod": "module a.test/Big\n", "sub/x.go": "package x\n" }, "a.test/Big@v1.0.0/"));
  const cache = host.cache();
  cache.goMod(m);
  const dir = cache.download(m);
  assert.equal(dir, join(host.folder, "cache/a.test/!big@v1.0.0"));
  assert.deepEqual(readdirSync(join(host.folder, "cache/cache/download/a.test/!big/@v")).sort(), [
    "list",
    "v1.0.0.mod",
    "v1.0.0.zip",
    "v1.0.0.ziphash",
  ]);
  assert.equal(statSync(join(dir, "sub/x.go")).mode & 0o777, 0o444);
  assert.equal(statSync(join(dir, "sub")).mode & 0o777, 0o555);
  host.variables.GOPROXY = "off";
  assert.equal(host.cache().download(m), dir);
  // What an interrupted go command left behind is made anew.
  host.write("cache/cache/download/a.test/!big/@v/v1.0.0.partial", "");
  makeWritable(host, dir);
  rmSync(join(dir, "sub"), { recursive: true });
  host.cache().download(m);
  assert.ok(existsSync(join(dir, "sub/x.go")) && !existsSync(join(host.folder, "cache/cache/download/a.test/!big/@v/v1.0.0.partial")));
});

test("hostile archives are refused and leave nothing behind", () => {
  const m = { path: "a.test/a", version: "v1.0.0" };
  const prefix = "a.test/a@v1.0.0/";
  const cases: [string, Buffer, RegExp][] = [
    ["traversal", zip({ "go.mod": "x", "../../evil": "x" }, prefix), /is no name for a file/],
    ["absolute", zip({ "!/etc/evil": "x" }, prefix), /is no name for a file/],
    ["other prefix", zip({ "!a.test/b@v1.0.0/x": "x" }, prefix), /path does not have prefix/],
    ["case collision", zip({ "A.go": "x", "a.go": "y" }, prefix), /case-insensitive file name collision: "A.go" and "a.go"/],
    ["folders that collide", zip({ "Dir/a.go": "x", "dir/b.go": "y" }, prefix), /case-insensitive file name collision/],
    ["file and folder", zip({ x: "x", "x/y": "y" }, prefix), /both a file and a directory/],
    ["reserved name", zip({ "aux.go": "x" }, prefix), /malformed file path/],
    ["go.mod below", zip({ "sub/go.mod": "x" }, prefix), /not in module root directory/],
    ["GO.MOD", zip({ "GO.MOD": "x" }, prefix), /must be named "go.mod"/],
    ["large go.mod", zip({ "go.mod": "x" }, prefix, { "go.mod": 17 << 20 }), /go.mod file too large/],
    ["too large", zip({ "x.go": "x" }, prefix, { "x.go": (501 << 20) >>> 0 }), /more than \d+ bytes/],
    ["bomb", zip({ "x.go": "x".repeat(1 << 20) }, prefix, { "x.go": 10 }), /damaged, or larger than it says/],
    ["short", zip({ "x.go": "x" }, prefix, { "x.go": 10 }), /has 1 bytes instead of 10/],
    ["no archive", Buffer.from("hello"), /no zip archive/],
  ];
  for (const [name, archive, wanted] of cases) {
    const host = new Machine();
    host.publish(m, "module a.test/a\n");
    host.write("proxy/a.test/a/@v/v1.0.0.zip", archive);
    assert.match(
      failure(() => host.cache().download(m)),
      wanted,
      name,
    );
    const cache = join(host.folder, "cache");
    const left = existsSync(cache)
      ? (readdirSync(cache, { recursive: true }) as string[]).filter((p) => statSync(join(cache, p)).isFile())
      : [];
    assert.deepEqual(left, [], name);
    assert.ok(!existsSync(join(top, "evil")) && !existsSync(join(host.folder, "evil")));
  }
});

test("go.sum decides what may come into the cache", () => {
  const host = new Machine();
  const m = { path: "a.test/a", version: "v1.0.0" };
  host.publish(m, "module a.test/a\n\ngo 1.20\n", { "a.go": "package a\n" });
  const wrong = `h1:${"A".repeat(43)}=`;
  const mod = "module m.test/m\n\ngo 1.20\n\nrequire a.test/a v1.0.0\n";
  const bad = host.modules(mod, `a.test/a v1.0.0 ${wrong}\n`);
  assert.match(
    failure(() => bad.find("a.test/a")),
    /^verifying a.test\/a@v1.0.0: checksum mismatch\n\tdownloaded: h1:.*\n\tgo.sum: {5}h1:A+=\n\nSECURITY ERROR\n/,
  );
  assert.equal(bad.cache.present(m), "");
  assert.ok(!existsSync(bad.cache.file(m, ".zip")));
  // Hashes of what is in the cache already count as well.
  const good = host.modules(mod, "a.test/a v1.0.0/go.mod h1:x\n".replace("h1:x", hashOf(host, "module a.test/a\n\ngo 1.20\n")));
  good.find("a.test/a");
  const later = host.modules(mod, `a.test/a v1.0.0 ${wrong}\n`);
  assert.match(
    failure(() => later.find("a.test/a")),
    /checksum mismatch/,
  );
  // Without permission to add hashes, they have to be there.
  const lacking = host.modules(
    mod,
    "a.test/a v1.0.0/go.mod h1:x\n".replace("h1:x", hashOf(host, "module a.test/a\n\ngo 1.20\n")),
    "readonly",
  );
  assert.throws(
    () => lacking.find("a.test/a"),
    (e) => e instanceof ModuleError && "text" in e,
  );
});

function hashOf(host: Machine, goMod: string): string {
  return hashFiles(host, [{ name: "go.mod", read: () => new TextEncoder().encode(goMod) }]);
}

/** A checksum database in a folder: a signed tree over some records. */
class Database {
  readonly key: string;
  private readonly name = "sum.test";
  private readonly keys = generateKeyPairSync("ed25519");
  private readonly hash: Buffer;

  constructor() {
    const raw = this.keys.publicKey.export({ type: "spki", format: "der" }).subarray(-32);
    const withKind = Buffer.concat([Buffer.from([1]), raw]);
    this.hash = createHash("sha256").update(`${this.name}\n`).update(withKind).digest().subarray(0, 4);
    this.key = `${this.name}+${this.hash.toString("hex")}+${withKind.toString("base64")}`;
  }

  private signed(text: string): string {
    const signature = Buffer.concat([this.hash, sign(null, Buffer.from(text), this.keys.privateKey)]);
    return `${text}\n\u2014 ${this.name} ${signature.toString("base64")}\n`;
  }

  /** Writes the log of records and the replies for them; `size` of them count. */
  write(host: Machine, records: readonly { readonly m: ModuleVersion; readonly text: string }[], size = records.length, forge = ""): void {
    const sha = (...parts: Uint8Array[]): Buffer => createHash("sha256").update(Buffer.concat(parts)).digest();
    const leaves = records.slice(0, size).map((r) => sha(Buffer.from([0]), Buffer.from(r.text)));
    const root = (list: Buffer[]): Buffer => {
      if (list.length === 1) return list[0] as Buffer;
      let half = 1;
      while (half * 2 < list.length) half *= 2;
      return sha(Buffer.from([1]), root(list.slice(0, half)), root(list.slice(half)));
    };
    const base = "proxy/sumdb/sum.test";
    host.write(`${base}/supported`, "");
    const tiles = (level: number, hashes: Buffer[]): void => {
      for (let i = 0; i * 256 < hashes.length; i++) {
        const part = hashes.slice(i * 256, i * 256 + 256);
        const n = String(i).padStart(3, "0");
        host.write(`${base}/tile/8/${level}/${n}${part.length === 256 ? "" : `.p/${part.length}`}`, Buffer.concat(part));
      }
      const full = Math.floor(hashes.length / 256);
      if (full > 0)
        tiles(
          level + 1,
          Array.from({ length: full }, (_, i) => root(hashes.slice(i * 256, i * 256 + 256))),
        );
    };
    tiles(0, leaves);
    const note = this.signed(treeText(size, root(leaves)));
    records.slice(0, size).forEach((r, i) => {
      host.write(
        `${base}/lookup/${r.m.path}@${r.m.version}`,
        `${i}\n${forge === r.m.path ? r.text.replace(/h1:./, "h1:Z") : r.text}\n${note}`,
      );
    });
  }
}

test("the checksum database is believed as far as its log proves it", () => {
  const database = new Database();
  const host = new Machine({ GOSUMDB: database.key });
  const records = Array.from({ length: 700 }, (_, i) => {
    const m = { path: `a.test/m${i}`, version: "v1.0.0" };
    const hash = `h1:${createHash("sha256").update(String(i)).digest("base64")}`;
    return { m, text: `${m.path} ${m.version} ${hash}\n${m.path} ${m.version}/go.mod ${hash}\n` };
  });
  database.write(host, records, 300);
  const wanted = (i: number): string[] => [`h1:${createHash("sha256").update(String(i)).digest("base64")}`];
  const first = new SumDatabase(host);
  for (const i of [0, 255, 256, 299]) assert.deepEqual(first.lookup({ path: `a.test/m${i}`, version: "v1.0.0" }, ""), wanted(i), String(i));
  assert.match(readFileSync(join(host.folder, "gopath/pkg/sumdb/sum.test/latest"), "utf8"), /^go.sum database tree\n300\n/);
  // The log has grown; old replies still fit.
  database.write(host, records, 700);
  const second = new SumDatabase(host);
  assert.deepEqual(second.lookup({ path: "a.test/m699", version: "v1.0.0" }, ""), wanted(699));
  assert.deepEqual(second.lookup({ path: "a.test/m299", version: "v1.0.0" }, "/go.mod"), wanted(299));
  // A changed line is not in the log; another log is not a continuation of this one; another key signs nothing.
  database.write(host, records, 700, "a.test/m5");
  rmSync(join(host.folder, "cache"), { recursive: true });
  assert.match(
    failure(() => new SumDatabase(host).lookup({ path: "a.test/m5", version: "v1.0.0" }, "")),
    /SECURITY ERROR/,
  );
  database.write(host, [...records.slice(1), records[0] as (typeof records)[0]], 700);
  rmSync(join(host.folder, "cache"), { recursive: true, force: true });
  assert.match(
    failure(() => new SumDatabase(host).lookup({ path: "a.test/m7", version: "v1.0.0" }, "")),
    /SECURITY ERROR/,
  );
  host.variables.GOSUMDB = new Database().key;
  assert.match(
    failure(() => new SumDatabase(host).lookup({ path: "a.test/m7", version: "v1.0.0" }, "")),
    /signature|not signed/,
  );
});

test("a module that the database knows otherwise is refused, a private one is not asked for", () => {
  const database = new Database();
  const host = new Machine({ GOSUMDB: database.key });
  const m = { path: "a.test/a", version: "v1.0.0" };
  host.publish(m, "module a.test/a\n");
  const wrong = `h1:${"A".repeat(43)}=`;
  database.write(host, [{ m, text: `a.test/a v1.0.0 ${wrong}\na.test/a v1.0.0/go.mod ${wrong}\n` }]);
  const cache = host.cache();
  cache.sums = new Sums(host, new SumDatabase(host), "", []);
  assert.match(
    failure(() => cache.goMod(m)),
    /checksum mismatch\n\tdownloaded: .*\n\tsum.test:/,
  );
  host.variables.GONOSUMDB = "a.test";
  const other = host.cache();
  other.sums = new Sums(host, new SumDatabase(host), "", []);
  other.goMod(m);
  host.variables.GOPRIVATE = "b.test";
  assert.match(
    failure(() => other.goMod({ path: "b.test/b", version: "v1.0.0" })),
    /is private/,
  );
});
