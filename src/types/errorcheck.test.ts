// The Go tree's test/ files. Those that begin with `// errorcheck` expect errors from the compiler: `// ERROR "regexp"`
// on the lines that must have one. Parser and checker must report what they say and nothing else. Those that are to be
// compiled or run must have no errors.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { evaluate, parseConstraint } from "../syntax/constraint.ts";
import { findGoroot } from "../syntax/testing.ts";
import { foundErrors, hasTag, TestChecker } from "./testing.ts";

/** Files that don't pass, with the reason. One that passes after all must be taken off the list. */
const expectedFailures: Record<string, string> = {
  // gc itself has other errors here, see types2Failures in the runner of these tests.
  "shift1.go": "gc differs, too",
  "fixedbugs/issue10700.go": "gc differs, too",
  "fixedbugs/issue18331.go": "gc differs, too",
  "fixedbugs/issue18419.go": "gc differs, too",
  "fixedbugs/issue20233.go": "gc differs, too",
  "fixedbugs/issue20245.go": "gc differs, too",
  "fixedbugs/issue31053.go": "gc differs, too",
  "import6.go": "import paths are the loader's business",
  "fixedbugs/issue11362.go": "import paths are the loader's business",
  "fixedbugs/bug385_64.go": "stack frames are laid out later",
  "fixedbugs/issue20529.go": "stack frames are laid out later",
  "fixedbugs/issue20780.go": "stack frames are laid out later",
  "fixedbugs/issue22200.go": "stack frames are laid out later",
  "fixedbugs/issue22200b.go": "stack frames are laid out later",
  "fixedbugs/issue25507.go": "stack frames are laid out later",
  "fixedbugs/issue52697.go": "stack frames are laid out later",
};

const goroot = findGoroot();
const testRoot = join(goroot, "test");

interface Wanted {
  readonly file: string;
  readonly line: number;
  readonly pattern: string;
}

interface Source {
  readonly name: string;
  readonly data: Uint8Array;
}

/** The errors that a file's comments ask for. */
function wantedErrors(text: string, file: string): Wanted[] {
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
        return `${file}:${i + 1 + d}`;
      });
      list.push({ file, line: i + 1, pattern });
    }
  }
  return list;
}

function toRegExp(pattern: string): RegExp {
  return new RegExp(pattern.replace(/\[\[:space:\]\]/g, "\\s"));
}

interface Recipe {
  /** errorcheck, errorcheckdir, compile, run ... */
  readonly action: string;
  readonly flags: string[];
}

/** What is to be done with a file; null if nothing, or something that only later phases could do. */
function recipe(text: string): Recipe | null {
  const m = /^\/\/ ([a-z]+)( .*)?$/.exec(text.slice(0, text.indexOf("\n")).trim());
  if (m === null) return null;
  for (const line of text.split("\n")) {
    if (line.startsWith("//go:build")) {
      const c = parseConstraint(line.trim());
      if (c !== null && !evaluate(c, hasTag)) return null;
    }
    if (line.startsWith("package ")) break;
  }
  const action = m[1] as string;
  const flags = (m[2] ?? "")
    .trim()
    .split(/\s+/)
    .filter((f) => f !== "");
  const plain = (f: string): boolean => f === "-0" || f === "-e" || f === "-C" || f === "-s" || f.startsWith("-lang=") || f === "-p=p";
  if (action.startsWith("errorcheck") && !flags.every(plain)) return null;
  if (flags.some((f) => f.endsWith(".go") || f.startsWith("-goexperiment") || f === "-+")) return null;
  return { action, flags };
}

function read(path: string): Source {
  return { name: path, data: new Uint8Array(readFileSync(path)) };
}

const t = new TestChecker(goroot);
t.stopAtSyntaxErrors = true;

/** Checks packages one after the other, paths and files; compares the errors of all with what the files ask for. */
function differences(packages: readonly { path: string; files: Source[] }[], r: Recipe): string[] {
  const goVersion = r.flags.find((f) => f.startsWith("-lang="))?.slice(6) ?? "go1.26";
  const wantErrors = r.action.startsWith("errorcheck") && !r.flags.includes("-0");
  t.reset();
  const wanted: Wanted[] = [];
  for (const p of packages) {
    const pkg = t.check(p.path, p.files, { goVersion });
    if (!t.diagnostics.hasErrors) t.checker.checkCompilerRules(pkg, false);
    for (const f of p.files) {
      if (wantErrors) wanted.push(...wantedErrors(new TextDecoder().decode(f.data), basename(f.name)));
    }
  }
  const found = foundErrors(t, false, true).map((e) => ({ ...e, file: basename(e.file), used: false }));
  const problems: string[] = [];
  for (const w of wanted) {
    const candidates = found.filter((e) => e.line === w.line && e.file === w.file && !e.used);
    const re = toRegExp(w.pattern);
    const hits = candidates.filter((e) => re.test(e.message.replace(/[^\s:(]*\//g, "")) || re.test(e.message));
    for (const h of hits) h.used = true;
    if (hits.length > 0) continue;
    const have = candidates.length > 0 ? ` (have ${candidates.map((e) => e.message).join(" | ")})` : "";
    problems.push(`${w.file}:${w.line}: missing: ${w.pattern}${have}`);
  }
  for (const e of found) {
    if (!e.used) problems.push(`${e.file}:${e.line}: not expected: ${e.message}`);
  }
  return problems;
}

/** The packages of a folder of a test: files of one package name, or single files. */
function folderPackages(dir: string, single: boolean): { path: string; files: Source[] }[] {
  const list: { name: string; path: string; files: Source[] }[] = [];
  for (const entry of readdirSync(dir).sort()) {
    if (!entry.endsWith(".go")) continue;
    const source = read(join(dir, entry));
    const name = /^package (\w+)/m.exec(new TextDecoder().decode(source.data))?.[1] ?? "";
    const known = single ? undefined : list.find((p) => p.name === name);
    if (known !== undefined) known.files.push(source);
    else list.push({ name, path: name === "main" ? "main" : `test/${entry.slice(0, -3)}`, files: [source] });
  }
  return list;
}

const compiled = new Set(["compile", "run", "build", "buildrun", "runoutput", "asmcheck", "runindir"]);
const compiledFolders = new Set(["errorcheckdir", "compiledir", "rundir"]);

/** How the errors of a test differ from what it asks for; null if it is none for the checker. */
function testDifferences(path: string, errorsOnly: boolean): string[] | null {
  const source = read(path);
  const r = recipe(new TextDecoder().decode(source.data));
  if (r === null) return null;
  const isError = r.action.startsWith("errorcheck");
  if (isError !== errorsOnly) return null;
  if (compiledFolders.has(r.action)) {
    const dir = `${path.slice(0, -3)}.dir`;
    return existsSync(dir) ? differences(folderPackages(dir, r.flags.includes("-s")), r) : null;
  }
  if (r.action !== "errorcheck" && !(compiled.has(r.action) && r.action !== "runindir")) return null;
  return differences([{ path: "p", files: [source] }], r);
}

function run(folder: string, errorsOnly: boolean): void {
  const dir = join(testRoot, folder);
  const what = errorsOnly ? "errors" : "no errors in correct";
  test(`${what} files of test/${folder}`, { skip: !existsSync(dir) && "no Go tree" }, () => {
    const only = process.env.ERRORCHECK ?? "";
    let files = 0;
    const failures: string[] = [];
    for (const entry of readdirSync(dir).sort()) {
      if (!entry.endsWith(".go")) continue;
      const name = folder === "" ? entry : `${folder}/${entry}`;
      if (only !== "" && basename(entry, ".go") !== only) continue;
      const path = join(dir, entry);
      if (!statSync(path).isFile()) continue;
      let problems: string[] | null;
      try {
        problems = testDifferences(path, errorsOnly);
      } catch (e) {
        problems = [(e as Error).stack ?? String(e)];
      }
      if (problems === null) continue;
      files++;
      if (expectedFailures[name] !== undefined && only === "") {
        if (problems.length === 0) failures.push(`${name} is listed as failing, but passes`);
        continue;
      }
      if (problems.length > 0) failures.push(`${name}\n    ${problems.slice(0, 20).join("\n    ")}`);
    }
    assert.equal(failures.length, 0, `${failures.length} of ${files} files:\n${failures.join("\n")}`);
  });
}

const folders = ["", "fixedbugs", "typeparam", "interface", "ken", "chan", "syntax", "dwarf", "abi", "codegen"];
for (const folder of folders) {
  run(folder, true);
  // All correct files take a while, so only those of a few folders are checked unless asked for.
  if (process.env.CORRECT === "1" || folder === "typeparam" || folder === "ken") run(folder, false);
}
