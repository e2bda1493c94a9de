// Every package of the standard library must check without an error, with all bodies. STD names packages or prefixes to
// check instead of the usual few.

import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { NoPos } from "../base/pos.ts";
import { findGoroot } from "../syntax/testing.ts";
import { foundErrors, packageFiles, TestChecker } from "./testing.ts";

const goroot = findGoroot();

function allPackages(dir: string, prefix: string, out: string[]): void {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name === "testdata" || entry.name.startsWith("_")) continue;
    const path = prefix === "" ? entry.name : `${prefix}/${entry.name}`;
    if (path === "cmd" || path === "builtin" || path === "unsafe") continue;
    const folder = join(dir, entry.name);
    if (packageFiles(folder).length > 0) out.push(path);
    allPackages(folder, path, out);
  }
}

test("the standard library has no errors", { skip: goroot === "" && "no Go tree" }, () => {
  const wanted = process.env["STD"] ?? "fmt,net/http";
  const src = join(goroot, "src");
  let list: string[];
  if (wanted === "all") {
    list = [];
    allPackages(src, "", list);
  } else list = wanted.split(",");
  const t = new TestChecker(goroot);
  t.allBodies = true;
  const from = t.check("main", [], {});
  const crashes: string[] = [];
  for (const path of list) {
    assert.ok(existsSync(join(src, path)), path);
    try {
      const p = t.import(path, from);
      if (typeof p === "string") crashes.push(p);
    } catch (e) {
      crashes.push(`${path}: ${(e as Error).stack}`);
      if (crashes.length > 5) break;
    }
  }
  const errors = foundErrors(t);
  const text = errors.slice(0, 60).map((e) => `${e.file.slice(src.length + 1)}:${e.line}:${e.column}: ${e.message}`);
  assert.equal(errors.length + crashes.length, 0, `${errors.length} errors\n${[...text, ...crashes].join("\n")}`);
  assert.ok(NoPos === 0);
});
