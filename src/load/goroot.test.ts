import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { type FileInfo, HostError, type RunResult } from "../base/host.ts";
import { NodeHost } from "../host/node.ts";
import { BuildContext } from "./context.ts";
import { findGoroot } from "./goroot.ts";
import { LoadError } from "./package.ts";
import { cleanPath, isBelow, shortPath } from "../base/paths.ts";

const top = realpathSync(mkdtempSync(join(tmpdir(), "go3s-goroot-")));
after(() => rmSync(top, { recursive: true }));

function tree(name: string, version: string): string {
  const dir = join(top, name);
  mkdirSync(join(dir, "src"), { recursive: true });
  writeFileSync(join(dir, "VERSION"), `${version}\ntime 2026\n`);
  return dir;
}

/** A machine where nothing outside of the temporary folder exists. */
class EmptyHost extends NodeHost {
  private readonly variables: Record<string, string>;
  private readonly goAnswer: string;

  constructor(variables: Record<string, string>, goAnswer: string) {
    super([]);
    this.variables = variables;
    this.goAnswer = goAnswer;
  }

  override env(name: string): string | undefined {
    return this.variables[name];
  }

  override homeFolder(): string {
    return join(top, "home");
  }

  override run(program: string): RunResult {
    if (this.goAnswer === "") throw new HostError(program, "no such file or directory");
    return { status: 0, stdout: `${this.goAnswer}\n`, stderr: "" };
  }

  override overlayFolder(): string {
    return join(top, "overlay");
  }

  override stat(path: string): FileInfo {
    return path.startsWith(top) ? super.stat(path) : { kind: "missing", size: 0, modified: 0, changed: 0, inode: 0 };
  }

  override readFile(path: string): Uint8Array {
    if (!path.startsWith(top)) throw new HostError(path, "no such file or directory");
    return super.readFile(path);
  }
}

mkdirSync(join(top, "overlay"));
writeFileSync(join(top, "overlay/toolchain.json"), JSON.stringify({ release: "go1.26.8", module: "m.org/t", version: "v0", sum: "h1:" }));

test("where the Go tree is looked for", () => {
  const good = tree("good", "go1.26.8");
  const old = tree("old", "go1.25.1");
  assert.deepEqual(findGoroot(new EmptyHost({ GOROOT: good }, "")), { folder: good, version: "go1.26.8" });
  assert.equal(findGoroot(new EmptyHost({}, good)).folder, good);
  assert.throws(
    () => findGoroot(new EmptyHost({ GOROOT: old }, good)),
    (e) => e instanceof LoadError && /cannot use GOROOT: .*old is go1.25.1; the Go 1.26 tree is needed/.test(e.message),
  );
  assert.throws(
    () => findGoroot(new EmptyHost({ GOPROXY: "off" }, old)),
    (e) =>
      e instanceof LoadError &&
      /no Go 1.26 tree found. Set GOROOT/.test(e.message) &&
      e.message.includes("\tGOPROXY=off: nothing may be downloaded") &&
      e.message.includes("\t/usr/local/go") &&
      e.message.includes(`${old} is go1.25.1, which is another version`),
  );
  const sdk = tree("home/sdk/go1.26.2", "go1.26.2");
  assert.equal(findGoroot(new EmptyHost({}, old)).folder, sdk);
});

test("tags of the build context", () => {
  const c = new BuildContext("linux", "arm64", ["netgo", "arm64.v8.0"]);
  for (const t of ["linux", "arm64", "unix", "gc", "go1.1", "go1.26", "netgo", "arm64.v8.0", "goexperiment.dwarf5"]) {
    assert.equal(c.has(t), true, t);
  }
  for (const t of ["amd64", "windows", "cgo", "go1.27", "gccgo", "race"]) assert.equal(c.has(t), false, t);
});

test("paths", () => {
  assert.equal(cleanPath("/a/./b//../c/"), "/a/c");
  assert.equal(cleanPath("../a/.."), "..");
  assert.equal(cleanPath(""), ".");
  assert.equal(shortPath("/a/b", "/a/b/c.go"), "c.go");
  assert.equal(shortPath("/a/bcd", "/a/x.go"), "/a/x.go");
  assert.equal(shortPath("/aa/b", "/aa/x.go"), "../x.go");
  assert.equal(shortPath("/a/b/c/d", "/x/y.go"), "/x/y.go");
  assert.equal(isBelow("/a/bc", "/a/b"), false);
  assert.equal(isBelow("/a/b/c", "/a/b"), true);
});

test("the host writes whole files and words its failures", () => {
  const host = new NodeHost([]);
  const path = join(top, "file");
  host.writeFile(path, "one", 0o755);
  host.writeFile(path, "two", 0o755);
  assert.equal(new TextDecoder().decode(host.readFile(path)), "two");
  assert.equal(host.stat(path).kind, "file");
  assert.equal(host.stat(join(path, "below")).kind, "missing");
  assert.throws(() => host.readFile(join(top, "none")), /none: no such file or directory/);
  assert.throws(() => host.readFile(top), /is a directory/);
  assert.deepEqual(
    host.readFolder(top).filter((n) => n.startsWith("file")),
    ["file"],
  );
  const data = new TextEncoder().encode("aaaaaaaaaaaaaaaaaaaaaaaa");
  assert.deepEqual(new Uint8Array(host.inflate(host.deflate(data), data.length)), data);
  assert.equal(host.sha256(data).length, 32);
  assert.equal(host.run("sh", ["-c", "echo x; exit 3"], false).status, 3);
});
