// Fetching the Go tree from proxies that the tests make, with archives of which many are hostile.

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { HostError, type RunResult } from "../base/host.ts";
import { NodeHost } from "../host/node.ts";
import { pack, type Packed } from "../modules/testing.ts";
import { findGoroot } from "./goroot.ts";
import { LoadError } from "./package.ts";

const top = realpathSync(mkdtempSync(join(tmpdir(), "go3s-toolchain-")));
after(() => rmSync(top, { recursive: true }));
const prefix = "example.org/toolchain@v1.0.0/";
let count = 0;

/** A machine without Go: its home, overlay and cache are a new folder. */
class BareHost extends NodeHost {
  readonly folder: string;
  private readonly variables: Record<string, string>;

  constructor(proxy: string, sum: string) {
    super([]);
    this.folder = join(top, `m${count++}`);
    mkdirSync(this.folder);
    this.variables = { GOPROXY: proxy };
    const pin = { release: "go1.26.8", module: "example.org/toolchain", version: "v1.0.0", sum };
    writeFileSync(join(this.folder, "toolchain.json"), JSON.stringify(pin));
  }

  override env(name: string): string | undefined {
    return this.variables[name];
  }

  override homeFolder(): string {
    return this.folder;
  }

  override overlayFolder(): string {
    return this.folder;
  }

  override readFolder(path: string): string[] {
    return path.startsWith(top) ? super.readFolder(path) : [];
  }

  override readFile(path: string): Uint8Array {
    if (path.endsWith("/VERSION") && !path.startsWith(top)) throw new HostError(path, "no such file or directory");
    return super.readFile(path);
  }

  override run(program: string): RunResult {
    throw new HostError(program, "no such file or directory");
  }
}

function sumOf(files: readonly Packed[]): string {
  const lines = [...files]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((f) => `${createHash("sha256").update(f.data).digest("hex")}  ${f.name}\n`);
  return `h1:${createHash("sha256").update(lines.join("")).digest("base64")}`;
}

/** A proxy in a folder, with this archive. */
function proxy(archive: Buffer): string {
  const folder = join(top, `p${count++}`);
  mkdirSync(join(folder, "example.org/toolchain/@v"), { recursive: true });
  writeFileSync(join(folder, "example.org/toolchain/@v/v1.0.0.zip"), archive);
  return folder;
}

const file = (name: string, text: string): Packed => ({ name: prefix + name, data: Buffer.from(text) });
const tree = [file("VERSION", "go1.26.8\n"), file("src/unsafe/unsafe.go", "package unsafe\n"), file("bin/go", "binary")];

test("the tree comes from the first proxy that has it, and is kept", () => {
  const good = proxy(pack(tree));
  const host = new BareHost(`file://${top}/none,file://${good},off`, sumOf(tree));
  const found = findGoroot(host);
  assert.deepEqual(found, { folder: join(host.folder, ".cache/go3s/go1.26.8"), version: "go1.26.8" });
  assert.equal(readFileSync(join(found.folder, "src/unsafe/unsafe.go"), "utf8"), "package unsafe\n");
  assert.equal(existsSync(join(found.folder, "bin")), false);
  assert.deepEqual(readdirSync(join(host.folder, ".cache/go3s")), ["go1.26.8"]);
  rmSync(good, { recursive: true });
  assert.deepEqual(findGoroot(host), found);
});

/** Why no tree is found. */
function failure(host: BareHost): string {
  try {
    findGoroot(host);
  } catch (e) {
    if (e instanceof LoadError) return e.message.replaceAll(top, "TOP");
    throw e;
  }
  return "";
}

test("what GOPROXY says decides", () => {
  assert.match(failure(new BareHost("off", "")), /\n\tGOPROXY=off: nothing may be downloaded$/);
  assert.match(failure(new BareHost("direct", "")), /\n\tGOPROXY=direct: the toolchain comes from proxies only$/);
  const none = failure(new BareHost("file:///none", ""));
  assert.match(
    none,
    /^go3s: no Go 1.26 tree found. Set GOROOT to one, or let GOPROXY name a proxy that has golang.org\/toolchain. Looked at:\n/,
  );
  assert.match(none, /\n\tfile:\/\/\/none\/example.org\/toolchain\/@v\/v1.0.0.zip: no such file or directory$/);
  // A comma asks the next proxy only where this one does not have it; a bar always.
  const good = proxy(pack(tree));
  assert.match(failure(new BareHost(`gopher://x,file://${good}`, sumOf(tree))), /invalid proxy URL scheme .*gopher:/);
  assert.match(failure(new BareHost(`http://127.0.0.1:1,file://${good}`, sumOf(tree))), /: connection refused$/);
  assert.equal(findGoroot(new BareHost(`http://127.0.0.1:1|file://${good}`, sumOf(tree))).version, "go1.26.8");
});

test("archives that are not what they should be leave nothing behind", () => {
  const refused = (archive: Buffer, sum: string): string => {
    const host = new BareHost(`file://${proxy(archive)}`, sum);
    const message = failure(host);
    const cache = join(host.folder, ".cache/go3s");
    assert.deepEqual(existsSync(cache) ? readdirSync(cache) : [], []);
    return message.replace(/^go3s: the archive from \S+ can't be used: /, "");
  };
  const right = sumOf(tree);
  const changed = [...tree.slice(0, 2), file("bin/go", "other")];
  assert.equal(refused(pack(changed), right), `its hash is ${sumOf(changed)}, not ${right}`);
  assert.equal(refused(Buffer.from("no zip"), right), "it is no zip archive");
  assert.equal(refused(pack(tree).subarray(10), right).length > 0, true);
  const outside = { name: `${prefix}../../x`, data: Buffer.from("x") };
  assert.equal(refused(pack([outside]), sumOf([outside])), `"${outside.name}" is no name for a file of a module`);
  for (const name of ["/etc/x", `${prefix}a//b`, `${prefix}a\\b`, `${prefix}./x`]) {
    assert.match(refused(pack([{ name, data: Buffer.from("x") }]), right), /is no name for a file of a module$/);
  }
  const foreign = { name: "other/x", data: Buffer.from("x") };
  assert.equal(refused(pack([foreign]), sumOf([foreign])), `other/x is not below ${prefix}`);
  const link = { ...file("src/link", "/etc/passwd"), mode: 0o120777 };
  assert.equal(refused(pack([link]), sumOf([link])), `${prefix}src/link: not a regular file`);
  const bomb = { ...file("src/bomb", "0".repeat(1 << 20)), claim: 100 };
  assert.equal(refused(pack([bomb]), sumOf([bomb])), `${prefix}src/bomb: damaged, or larger than it says`);
  const short = { ...file("src/short", "0"), claim: 100 };
  assert.equal(refused(pack([short]), sumOf([short])), `${prefix}src/short: has 1 bytes instead of 100`);
  const huge = { ...file("src/huge", "0"), claim: 0xfffffff0 };
  assert.match(refused(pack([huge]), sumOf([huge])), /^it holds more than \d+ bytes$/);
  assert.equal(refused(pack([tree[0] as Packed, ...tree]), right), `${prefix}VERSION: there twice`);
});

/** A server in a process of its own, since fetching blocks this one. */
async function server(folder: string): Promise<{ child: ChildProcess; url: string }> {
  const script = `
    const { createServer } = require("node:http"), fs = require("node:fs");
    const s = createServer((q, r) => {
      const path = q.url.replace("/have", process.argv[1]);
      if (q.url.startsWith("/broken")) r.writeHead(500).end();
      else if (q.url.startsWith("/have")) r.end(fs.readFileSync(path));
      else r.writeHead(404).end();
    }).listen(0, "127.0.0.1", () => console.log(s.address().port));`;
  const child = spawn(process.execPath, ["-e", script, folder], { stdio: ["ignore", "pipe", "inherit"] });
  const port = await new Promise<string>((resolve) => child.stdout.once("data", (data) => resolve(String(data).trim())));
  return { child, url: `http://127.0.0.1:${port}` };
}

test("proxies on the network", async () => {
  const { child, url } = await server(proxy(pack(tree)));
  try {
    assert.equal(findGoroot(new BareHost(`${url}/none,${url}/have`, sumOf(tree))).version, "go1.26.8");
    assert.match(failure(new BareHost(`${url}/broken,${url}/have`, sumOf(tree))), /: 500 Internal Server Error$/);
    assert.equal(findGoroot(new BareHost(`${url}/broken|${url}/have`, sumOf(tree))).version, "go1.26.8");
    assert.match(failure(new BareHost("http://user:secret@127.0.0.1:1", "")), /\n\thttp:\/\/127.0.0.1:1\/example.org\S+: /);
  } finally {
    child.kill();
  }
});
