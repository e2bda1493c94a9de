import assert from "node:assert/strict";
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { HostError } from "../base/host.ts";
import { NodeHost } from "./node.ts";

const temp = mkdtempSync(join(tmpdir(), "go3s-host-"));
after(() => rmSync(temp, { recursive: true }));
const host = new NodeHost([]);

test("writing replaces the file as a whole, with its mode", () => {
  const path = join(temp, "a");
  host.writeFile(path, "one", 0o644);
  host.writeFile(path, "two", 0o755);
  assert.equal(readFileSync(path, "utf8"), "two");
  assert.equal(statSync(path).mode & 0o777, 0o755);
  assert.deepEqual(readdirSync(temp), ["a"]);
});

test("a device is written to, not replaced", () => {
  host.writeFile("/dev/null", "x", 0o755);
  assert.ok(statSync("/dev/null").isCharacterDevice());
});

test("the target of a link is replaced, not the link", () => {
  writeFileSync(join(temp, "target"), "old");
  symlinkSync("target", join(temp, "link"));
  host.writeFile(join(temp, "link"), "new", 0o644);
  assert.ok(lstatSync(join(temp, "link")).isSymbolicLink());
  assert.equal(readFileSync(join(temp, "target"), "utf8"), "new");
});

test("a folder that is not there is an error in the kernel's words, and nothing is left behind", () => {
  assert.throws(
    () => host.writeFile(join(temp, "no/b"), "x", 0o644),
    (e) => e instanceof HostError && e.reason === "no such file or directory",
  );
});
