// The Go tree's test/ files that expect errors from the compiler: `// errorcheck` in the first line, `// ERROR "regexp"`
// on the lines that must have an error. Parser and checker must report what they say and nothing else.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { evaluate, parseConstraint } from "../syntax/constraint.ts";
import { findGoroot } from "../syntax/testing.ts";
import { foundErrors, hasTag, TestChecker } from "./testing.ts";

/** Files that don't pass, with the reason. */
const skipped: Record<string, string> = {};

const goroot = findGoroot();
const testRoot = join(goroot, "test");

interface Wanted {
  readonly line: number;
  readonly pattern: string;
}

/** The errors that a file's comments ask for. */
function wantedErrors(text: string): Wanted[] {
  const list: Wanted[] = [];
  const lines = text.split("\n");
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as string;
    if (line.includes("////")) continue;
    const m = /\/\/ (?:GC_)?ERROR(?:AUTO)? (.*)/.exec(line);
    if (m === null) continue;
    for (const q of (m[1] as string).matchAll(/"([^"]*)"/g)) {
      const pattern = (q[1] as string).replace(/LINE(([+-])(\d+))?/g, (_, all, sign, delta) => {
        const d = all === undefined ? 0 : Number(delta) * (sign === "-" ? -1 : 1);
        return `${"x.go"}:${i + 1 + d}`;
      });
      list.push({ line: i + 1, pattern });
    }
  }
  return list;
}

function toRegExp(pattern: string): RegExp {
  return new RegExp(pattern.replace(/\[\[:space:\]\]/g, "\\s"));
}

/** The flags of an errorcheck file, null if it is none or asks for what only later phases could do. */
function flagsOf(text: string): string[] | null {
  const first = text.slice(0, text.indexOf("\n"));
  const m = /^\/\/ errorcheck( .*)?$/.exec(first.trim());
  if (m === null) return null;
  for (const line of text.split("\n")) {
    if (line.startsWith("//go:build")) {
      const c = parseConstraint(line.trim());
      if (c !== null && !evaluate(c, hasTag)) return null;
    }
    if (line.startsWith("package ")) break;
  }
  const flags = (m[1] ?? "").trim().split(/\s+/).filter((f) => f !== "");
  const known = flags.every((f) => f === "-0" || f === "-e" || f === "-C" || f.startsWith("-lang=") || f === "-p=p");
  return known ? flags : null;
}

/** How the errors of a file differ from what it asks for; null if it is no file for this test. */
export function errorDifferences(path: string): string[] | null {
  const data = new Uint8Array(readFileSync(path));
  const text = new TextDecoder().decode(data);
  const flags = flagsOf(text);
  if (flags === null) return null;
  const lang = flags.find((f) => f.startsWith("-lang="))?.slice(6) ?? "go1.26";
  const t = new TestChecker(goroot);
  t.stopAtSyntaxErrors = true;
  t.check("p", [{ name: path, data }], { goVersion: lang });
  const found = foundErrors(t).map((e) => ({ ...e, used: false }));
  const wanted = flags.includes("-0") ? [] : wantedErrors(text);
  const problems: string[] = [];
  for (const w of wanted) {
    const candidates = found.filter((e) => e.line === w.line && !e.used);
    const re = toRegExp(w.pattern);
    const hits = candidates.filter((e) => re.test(e.message.replaceAll(path, "x.go")));
    for (const h of hits) h.used = true;
    if (hits.length > 0) continue;
    const have = candidates.length > 0 ? ` (have ${candidates.map((e) => e.message).join(" | ")})` : "";
    problems.push(`${w.line}: missing: ${w.pattern}${have}`);
  }
  const seen = new Set<string>();
  for (const e of found) {
    if (!e.used && !seen.has(`${e.line}${e.message}`)) problems.push(`${e.line}: not expected: ${e.message}`);
    seen.add(`${e.line}${e.message}`);
  }
  return problems;
}

function run(folder: string): void {
  const dir = join(testRoot, folder);
  test(`errorcheck files of test/${folder}`, { skip: !existsSync(dir) && "no Go tree" }, () => {
    const only = process.env["ERRORCHECK"] ?? "";
    let files = 0;
    const failures: string[] = [];
    for (const entry of readdirSync(dir).sort()) {
      if (!entry.endsWith(".go")) continue;
      const name = folder === "" ? entry : `${folder}/${entry}`;
      if (only !== "" ? basename(entry, ".go") !== only : skipped[name] !== undefined) continue;
      const path = join(dir, entry);
      if (!statSync(path).isFile()) continue;
      let problems: string[] | null;
      try {
        problems = errorDifferences(path);
      } catch (e) {
        problems = [(e as Error).stack ?? String(e)];
      }
      if (problems === null) continue;
      files++;
      if (problems.length > 0) failures.push(`${name}\n    ${problems.join("\n    ")}`);
    }
    assert.equal(failures.length, 0, `${failures.length} of ${files} files:\n${failures.join("\n")}`);
  });
}

for (const folder of ["", "fixedbugs", "typeparam", "interface", "ken", "chan", "syntax"]) run(folder);
