// The upstream checker's own test files: each says in ERROR comments which errors it has, and where.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { findGoroot } from "../syntax/testing.ts";
import { unquote } from "./constant/bytestring.ts";
import { commentMap, type Expected, foundErrors, TestChecker } from "./testing.ts";

/** Files that don't pass, with the reason. One that passes after all must be taken off the list. */
const expectedFailures: Record<string, string> = {
  "labels.go": "the parser's pass over branches has other words",
  "issue70549.go": "whether an unexported function is known depends on what gc can inline",
};

const goroot = findGoroot();
const testdata = join(goroot, "src/internal/types/testdata");

const t = new TestChecker(goroot);

/** Checks one package and lists where the errors differ from the comments. */
export function differences(names: readonly string[], tolerance: number): string[] {
  t.reset();
  const files = names.map((name) => ({ name, data: new Uint8Array(readFileSync(name)) }));
  const first = (files[0] as { data: Uint8Array }).data;
  const flags = /^\/\/\s*(-[^\n]*)/.exec(new TextDecoder().decode(first))?.[1] ?? "";
  const lang = /-lang=(\S+)/.exec(flags)?.[1] ?? "";
  if (/-gotypesalias=0|-goexperiment/.test(flags)) return [];
  t.check("", files, { goVersion: lang, fakeImportC: flags.includes("-fakeImportC"), testFuncs: true });

  const wanted = new Map<string, Expected[]>();
  for (const f of files) wanted.set(f.name, commentMap(new TextDecoder().decode(f.data), /^ ERRORx? /));
  const problems: string[] = [];
  for (const e of foundErrors(t, true)) {
    const place = `${basename(e.file)}:${e.line}:${e.column}`;
    const list = wanted.get(e.file) ?? [];
    let best = -1;
    let delta = 0;
    for (let i = 0; i < list.length; i++) {
      const w = list[i] as Expected;
      if (w.line !== e.line || !matches(w.text, e.message)) continue;
      const d = Math.abs(w.column - e.column);
      if (best < 0 || d < delta) {
        best = i;
        delta = d;
      }
    }
    if (best < 0) problems.push(`${place}: not expected: ${e.message}`);
    else {
      if (delta > tolerance) problems.push(`${place}: expected at column ${list[best]?.column}: ${e.message}`);
      list.splice(best, 1);
    }
  }
  for (const [name, list] of wanted) {
    for (const w of list) problems.push(`${basename(name)}:${w.line}:${w.column}: missing:${w.text}`);
  }
  return problems;
}

function matches(comment: string, message: string): boolean {
  const m = /^ ERROR(x?) (.*)$/s.exec(comment);
  if (m === null) return false;
  const pattern = unquote((m[2] as string).trim());
  if (pattern === null) return false;
  const text = Buffer.from(pattern, "latin1").toString("utf8");
  // The pass over branches has the same rules as upstream's checker but other words.
  const said = message
    .replace(/(goto \w+ jumps over) declaration of \w+ at .*:(\d+):\d+$/, "$1 variable declaration at line $2")
    .replace(/(label \w+ already) defined at .*/, "$1 declared");
  return m[1] === "" ? said.includes(text) : new RegExp(text, "s").test(said);
}

function run(folder: string, tolerance: number): void {
  const dir = join(testdata, folder);
  test(`internal/types/testdata/${folder}`, { skip: !existsSync(dir) && "no Go tree" }, () => {
    const only = process.env.TESTDATA ?? "";
    let files = 0;
    const failures: string[] = [];
    for (const entry of readdirSync(dir).sort()) {
      if (only !== "" && entry !== only) continue;
      const path = join(dir, entry);
      const names = statSync(path).isDirectory() ? readdirSync(path).map((n) => join(path, n)) : [path];
      files++;
      let problems: string[];
      try {
        problems = differences(names, tolerance);
      } catch (e) {
        problems = [`${entry}: ${(e as Error).stack}`];
      }
      if (expectedFailures[entry] !== undefined && only === "") {
        if (problems.length === 0) failures.push(`${folder}/${entry} is listed as failing, but passes`);
        continue;
      }
      if (problems.length > 0) failures.push(`${folder}/${entry}\n    ${problems.join("\n    ")}`);
    }
    assert.equal(failures.length, 0, `${failures.length} of ${files} files:\n${failures.join("\n")}`);
  });
}

run("check", 50);
run("spec", 20);
run("examples", 125);
run("fixedbugs", 100);
