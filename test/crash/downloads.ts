// Downloads of modules that are killed, come at the same time, break off, bring something else, or find no room.

import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pack } from "../../src/modules/testing.ts";
import { type Lab, rubbish, sleep, treeOf } from "./lab.ts";

const path = "a.test/big";
const version = "v1.0.0";
const goMod = `module ${path}\n\ngo 1.20\n`;

/** A module of some files that don't get smaller in an archive. */
function archive(): Buffer {
  const files = [{ name: "go.mod", data: Buffer.from(goMod) }];
  for (let i = 0; i < 40; i++) {
    const parts: Buffer[] = [];
    for (let n = 0; n < 1000; n++) parts.push(createHash("sha256").update(`${i} ${n}`).digest());
    files.push({ name: `d${i % 7}/sub/f${i}.bin`, data: Buffer.concat(parts) });
  }
  return pack(files.map((f) => ({ ...f, name: `${path}@${version}/${f.name}` })));
}

/** A proxy that is as slow as a case wants it, and can break off. */
class SlowProxy {
  readonly zip = archive();
  /** Milliseconds between the parts of an archive. */
  pause = 0;
  /** Parts of the archive (of 16) after which the connection ends; 16: never. */
  parts = 16;
  /** Told about each part that was sent. */
  sent: (part: number) => void = () => {};
  private readonly server = createServer(async (request, response) => {
    const base = `/${path}/@v/`;
    const url = request.url ?? "";
    const name = url.startsWith(base) ? url.slice(base.length) : "";
    if (name === "list") response.end(`${version}\n`);
    else if (name === `${version}.info`) response.end(JSON.stringify({ Version: version, Time: "2024-01-01T00:00:00Z" }));
    else if (name === `${version}.mod`) response.end(goMod);
    else if (name === `${version}.zip`) {
      response.writeHead(200, { "content-length": this.zip.length });
      const size = Math.ceil(this.zip.length / 16);
      for (let i = 0; i < this.parts; i++) {
        response.write(this.zip.subarray(i * size, (i + 1) * size));
        this.sent(i + 1);
        if (this.pause > 0) await sleep(this.pause);
      }
      if (this.parts < 16) response.destroy();
      else response.end();
    } else response.writeHead(404).end("not found");
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", () => resolve()));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

class Site {
  readonly proxy = new SlowProxy();
  readonly work: string;
  url = "";

  constructor(lab: Lab) {
    this.work = lab.files({ "go.mod": `module m.test/m\n\ngo 1.20\n\nrequire ${path} ${version}\n`, "m.go": "package m\n" });
  }

  options(cache: string): { cwd: string; env: Record<string, string> } {
    return { cwd: this.work, env: { GOMODCACHE: cache, GOPROXY: this.url } };
  }
}

async function withSite(lab: Lab, action: (site: Site, reference: string[]) => Promise<string>): Promise<string> {
  const site = new Site(lab);
  site.url = await site.proxy.start();
  try {
    const cache = lab.folder();
    await lab.silentBut(/^go: downloading a.test\/big v1.0.0\n$/, ["mod", "download", path], site.options(cache));
    return await action(site, treeOf(cache));
  } finally {
    site.proxy.stop();
  }
}

const module = (cache: string): string => join(cache, `${path}@${version}`);

/** Downloads into a cache where a download was killed: the result must be that of a download that was not. */
async function again(lab: Lab, site: Site, cache: string, reference: readonly string[]): Promise<void> {
  if (existsSync(module(cache))) {
    const parts = reference.filter((line) => line.startsWith(`${path}@${version}/`));
    // The folder itself may still be writable.
    assert.deepEqual(
      treeOf(cache).filter((line) => line.startsWith(`${path}@${version}/`)),
      parts,
      "a module is in its place, but not whole",
    );
  }
  if (rubbish(cache).length > 0) await sleep(1100);
  const ended = await lab.go3s(["mod", "download"], site.options(cache));
  assert.equal(ended.status, 0, ended.stderr);
  const verified = await lab.go3s(["mod", "verify"], site.options(cache));
  assert.equal(verified.stdout, "all modules verified\n", verified.stderr);
}

export function killedDownloads(lab: Lab): Promise<string> {
  return withSite(lab, async (site, reference) => {
    site.proxy.pause = 5;
    for (const part of [1, 8, 16]) {
      const cache = lab.folder();
      let child: ChildProcess | null = null;
      site.proxy.sent = (n) => {
        if (n === part) child?.kill("SIGKILL");
      };
      await lab.go3s(["mod", "download"], { ...site.options(cache), started: (c) => (child = c) });
      site.proxy.sent = () => {};
      assert.ok(!existsSync(module(cache)));
      await again(lab, site, cache, reference);
      assert.deepEqual(treeOf(cache), reference);
    }
    return "3 killed while they received";
  });
}

export function killedUnpacking(lab: Lab): Promise<string> {
  return withSite(lab, async (site, reference) => {
    const all = await lab.changes(["mod", "download"], site.options(lab.folder()));
    const count = Math.min(all, lab.kills);
    for (let i = 0; i < count; i++) {
      const cache = lab.folder();
      // The last changes are those that count.
      const change = i < count / 2 ? all - i : 1 + lab.random.below(all);
      const ended = await lab.go3s(["mod", "download"], { ...site.options(cache), change });
      assert.equal(ended.signal, "SIGKILL", `change ${change} of ${all}: ${ended.stderr}`);
      await again(lab, site, cache, reference);
      assert.deepEqual(rubbish(cache), [], `change ${change}`);
    }
    return `${count} killed at some of ${all} changes`;
  });
}

export function downloadsAtOnce(lab: Lab): Promise<string> {
  return withSite(lab, async (site, reference) => {
    site.proxy.pause = 10;
    const cache = lab.folder();
    const ends = await Promise.all([1, 2, 3].map(() => lab.go3s(["mod", "download"], site.options(cache))));
    for (const e of ends) assert.equal(e.status, 0, e.stderr);
    assert.deepEqual(treeOf(cache), reference);
    // One of two dies; the other does not notice.
    const other = lab.folder();
    const [died, lived] = await Promise.all([
      lab.go3s(["mod", "download"], { ...site.options(other), change: 20 }),
      lab.go3s(["mod", "download"], site.options(other)),
    ]);
    assert.equal(died.signal, "SIGKILL");
    assert.equal(lived.status, 0, lived.stderr);
    await again(lab, site, other, reference);
    return "3 at once, and 2 of which one was killed";
  });
}

export function brokenDownloads(lab: Lab): Promise<string> {
  return withSite(lab, async (site) => {
    site.proxy.parts = 8;
    const cache = lab.folder();
    const ended = await lab.go3s(["mod", "download"], site.options(cache));
    assert.equal(ended.status, 1);
    assert.match(ended.stderr, /^go: downloading .*\ngo: a.test\/big@v1.0.0: [^\n]*\n$/);
    assert.deepEqual([rubbish(cache), existsSync(module(cache)), zips(cache)], [[], false, []]);
    return "nothing is left of an archive that broke off";
  });
}

function zips(cache: string): string[] {
  return (readdirSync(cache, { recursive: true }) as string[]).filter((name) => /\.zip/.test(name));
}

export function wrongHashes(lab: Lab): Promise<string> {
  return withSite(lab, async (site) => {
    const sums = readFileSync(join(site.work, "go.sum"), "utf8");
    const wrong = `h1:${"A".repeat(43)}=`;
    for (const kind of ["", "/go.mod"]) {
      const cache = lab.folder();
      writeFileSync(join(site.work, "go.sum"), sums.replace(new RegExp(`${version}${kind} h1:\\S+`), `${version}${kind} ${wrong}`));
      const ended = await lab.go3s(["mod", "download"], site.options(cache));
      assert.equal(ended.status, 1);
      assert.match(ended.stderr, /checksum mismatch[\s\S]*SECURITY ERROR/);
      const mods = (readdirSync(cache, { recursive: true }) as string[]).filter((name) => name.endsWith(".mod"));
      assert.deepEqual([existsSync(module(cache)), zips(cache), rubbish(cache), mods.length], [false, [], [], kind === "" ? 1 : 0]);
    }
    writeFileSync(join(site.work, "go.sum"), sums);
    return "nothing comes into the cache";
  });
}

export function fullModuleCache(lab: Lab): Promise<string> {
  return withSite(lab, async (site) => {
    for (const [size, what] of [
      ["512k", "the archive"],
      ["1800k", "its files"],
    ]) {
      const cache = lab.folder();
      const mounts = `mount -t tmpfs -o size=${size} tmpfs ${cache}; export GO3S_TEST_CACHE=${cache}`;
      const ended = await lab.go3s(["mod", "download"], { ...site.options(cache), mounts });
      assert.equal(ended.status, 1, what);
      assert.match(ended.stderr, /^go: downloading .*\ngo: a.test\/big@v1.0.0: [^\n]*no space left on device[^\n]*\n$/);
    }
    const cache = lab.folder();
    const mounts = `mount -t tmpfs -o ro tmpfs ${cache}`;
    const ended = await lab.go3s(["mod", "download"], { ...site.options(cache), mounts });
    assert.equal(ended.status, 1);
    assert.match(ended.stderr, /^go: downloading .*\ngo: a.test\/big@v1.0.0: [^\n]*read-only file system[^\n]*\n$/);
    // With everything there, a read-only cache is as good as another.
    const full = lab.folder();
    await lab.go3s(["mod", "download"], site.options(full));
    await lab.silent(["mod", "download"], {
      ...site.options(full),
      mounts: `mount --bind ${full} ${full}; mount -o remount,bind,ro ${full}`,
    });
    assert.equal(statSync(full).isDirectory(), true);
    return "one line each";
  });
}
