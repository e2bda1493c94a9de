// Every package of the standard library must check without an error, with all bodies. STD names packages or prefixes to
// check instead of the usual few.

import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { findGoroot } from "../syntax/testing.ts";
import { OFunc } from "./kinds.ts";
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

function wantedPackages(): string[] {
  const wanted = process.env.STD ?? "fmt,net/http";
  if (wanted !== "all") return wanted.split(",");
  const list: string[] = [];
  allPackages(join(goroot, "src"), "", list);
  return list;
}

function report(t: TestChecker, crashes: readonly string[]): void {
  const errors = foundErrors(t);
  const src = join(goroot, "src");
  const text = errors.slice(0, 60).map((e) => `${e.file.slice(src.length + 1)}:${e.line}:${e.column}: ${e.message}`);
  assert.equal(errors.length + crashes.length, 0, `${errors.length} errors\n${[...text, ...crashes].join("\n")}`);
}

test("bodies of the standard library check on demand", { skip: goroot === "" && "no Go tree" }, () => {
  const t = new TestChecker(goroot);
  const from = t.check("main", [], {});
  const crashes: string[] = [];
  let bodies = 0;
  for (const path of wantedPackages()) {
    const pkg = t.import(path, from);
    if (typeof pkg === "string") {
      crashes.push(pkg);
      continue;
    }
    // From the last to the first, so that things are asked for before what they need.
    for (const obj of (pkg.checker?.objList ?? []).slice().reverse()) {
      try {
        t.checker.resolve(obj);
        if (obj.kind === OFunc) {
          t.checker.checkBody(obj);
          bodies++;
        }
      } catch (e) {
        crashes.push(`${path}.${obj.name}: ${(e as Error).stack}`);
        if (crashes.length > 5) break;
      }
    }
    t.checker.initOrder(pkg);
  }
  report(t, crashes);
  assert.ok(bodies > 0);
});

test("the standard library has no errors", { skip: goroot === "" && "no Go tree" }, () => {
  const t = new TestChecker(goroot);
  t.allBodies = true;
  const from = t.check("main", [], {});
  const crashes: string[] = [];
  for (const path of wantedPackages()) {
    assert.ok(existsSync(join(goroot, "src", path)), path);
    try {
      const p = t.import(path, from);
      if (typeof p === "string") crashes.push(p);
    } catch (e) {
      crashes.push(`${path}: ${(e as Error).stack}`);
      if (crashes.length > 5) break;
    }
  }
  report(t, crashes);
});
