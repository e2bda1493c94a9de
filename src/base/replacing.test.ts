// What a host shows of files that stand for others.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { NodeHost } from "../host/node.ts";
import { HostError } from "./host.ts";
import { replacedAround, replacingHost } from "./replacing.ts";

const top = mkdtempSync(join(tmpdir(), "go3s-replacing-"));
after(() => rmSync(top, { recursive: true }));
const at = (name: string): string => join(top, name);
for (const name of ["a/x.go", "a/y.go", "b/z.go", "file", "other"]) {
  mkdirSync(at(`${name}/..`), { recursive: true });
  writeFileSync(at(name), name);
}
const files = new Map([
  [at("a/x.go"), at("other")],
  [at("a/y.go"), ""],
  [at("a/new/deep/w.go"), at("other")],
  [at("b"), ""],
  [at("file/inside"), at("other")],
  [at("gone/v.go"), ""],
  [at("c/folder.go"), at("a")],
  [at("c/nothing.go"), at("nothing")],
]);
const host = replacingHost(new NodeHost([]), files);
const read = (name: string): string => new TextDecoder().decode(host.readFile(at(name)));
const failure = (action: () => unknown): string => {
  try {
    action();
  } catch (e) {
    assert.ok(e instanceof HostError);
    return e.reason;
  }
  return "";
};

test("files stand for others or are gone, and folders come with them", () => {
  assert.equal(read("a/x.go"), "other");
  assert.equal(read("a/new/deep/w.go"), "other");
  assert.equal(
    failure(() => host.readFile(at("a/y.go"))),
    "no such file or directory",
  );
  assert.equal(
    failure(() => host.readFile(at("b/z.go"))),
    "no such file or directory",
  );
  assert.deepEqual(host.readFolder(at("a")), ["new", "x.go"]);
  assert.deepEqual(host.readFolder(at("a"), [".go"]), ["x.go"]);
  assert.deepEqual(host.readFolder(at("a/new/deep")), ["w.go"]);
  assert.deepEqual(host.readFolder(at("gone")), []);
  assert.deepEqual(host.readFolder(top), ["a", "c", "file", "other"]);
  assert.equal(
    failure(() => host.readFolder(at("a/x.go"))),
    "not a directory",
  );
  assert.equal(
    failure(() => host.readFolder(at("c"))),
    "overlay maps child folder.go to directory",
  );
  const kinds = [
    "a",
    "a/x.go",
    "a/y.go",
    "a/new",
    "b",
    "b/z.go",
    "file",
    "file/inside",
    "gone",
    "gone/v.go",
    "c/folder.go",
    "c/nothing.go",
    "other/x",
  ];
  assert.deepEqual(
    kinds.map((name) => `${name} ${host.stat(at(name)).kind}`),
    [
      "a folder",
      "a/x.go file",
      "a/y.go missing",
      "a/new folder",
      "b missing",
      "b/z.go missing",
      "file folder",
      "file/inside file",
      "gone folder",
      "gone/v.go missing",
      "c/folder.go missing",
      "c/nothing.go missing",
      "other/x missing",
    ],
  );
  assert.equal(host.realPath(at("a/new/deep/w.go")), at("a/new/deep/w.go"));
  assert.equal(host.realPath(at("a")), at("a"));
});

test("writing is not redirected, and what is replaced can be told", () => {
  host.writeFile(at("a/x.go"), "written", 0o644);
  assert.equal(read("a/x.go"), "other");
  assert.equal(read("other"), "other");
  assert.ok(host.isReplaced(at("a/x.go")) && host.isReplaced(at("b")) && !host.isReplaced(at("a")));
  assert.equal(replacedAround(files, at("a/new")), at("a/new/deep/w.go"));
  assert.equal(replacedAround(files, at("b/c/d")), at("b"));
  assert.equal(replacedAround(files, at("other")), "");
});
