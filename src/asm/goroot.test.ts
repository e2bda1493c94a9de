// The assembler against the expectations that come with Go's own assembler: files whose lines say which bytes they are, and files
// whose lines say which error they give. Read in place from the Go tree; skipped where there is none.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import test from "node:test";
import { amd64Assembler } from "../arch/amd64/asm.ts";
import { Diagnostics } from "../base/diagnostics.ts";
import { Sources } from "../base/pos.ts";
import { Symbols } from "../ssa/symbol.ts";
import { type AsmUnit, assemble } from "./assemble.ts";

function findGoroot(): string {
  if (process.env.GOROOT !== undefined && process.env.GOROOT !== "") return process.env.GOROOT;
  try {
    return execFileSync("go", ["env", "GOROOT"], { encoding: "utf8" }).trim();
  } catch {
    return "";
  }
}

const goroot = findGoroot();
const folder = join(goroot, "src/cmd/asm/internal/asm/testdata");
const skip = goroot !== "" && existsSync(folder) ? false : "no Go tree";
const target = amd64Assembler();

interface Outcome {
  readonly unit: AsmUnit;
  /** Messages by line of the file. */
  readonly errors: Map<number, string[]>;
  readonly sources: Sources;
}

function run(path: string, source: string): Outcome {
  const sources = new Sources();
  const diagnostics = new Diagnostics();
  const unit = assemble(new TextEncoder().encode(source), path, {
    target,
    packagePath: "main",
    defines: ["GOOS_linux", "GOARCH_amd64"],
    include: (name) => {
      const file = join(dirname(path), name);
      return existsSync(file) ? readFileSync(file) : null;
    },
    isFunction: () => false,
    allowAbi: false,
    symbols: new Symbols(),
    sources,
    diagnostics,
  });
  const errors = new Map<number, string[]>();
  for (const d of diagnostics.sorted()) {
    const line = sources.position(d.pos).line;
    const list = errors.get(line);
    if (list === undefined) errors.set(line, [d.message]);
    else list.push(d.message);
  }
  return { unit, errors, sources };
}

/** Lines with the bytes that their comment asks for. */
function expectations(source: string): Map<number, string> {
  const wanted = new Map<number, string>();
  source.split("\n").forEach((line, i) => {
    const comment = line.indexOf("//");
    if (comment <= 0 || line.slice(0, comment).trim() === "") return;
    let note = line.slice(comment + 2).trim();
    const inner = note.indexOf("//");
    if (inner >= 0) note = note.slice(inner + 2).trim();
    if (note === "empty" || /^([0-9a-f]{2})+( or ([0-9a-f]{2})+)*$/.test(note)) wanted.set(i + 1, note);
  });
  return wanted;
}

/** Compares a file's code with its comments; answers with what differs. */
function compareEncodings(path: string): { checked: number; wrong: string[] } {
  let source = readFileSync(path, "utf8");
  const wanted = expectations(source);
  const wrong: string[] = [];
  let outcome = run(path, source);
  for (let round = 0; round < 20 && outcome.errors.size > 0; round++) {
    const lines = source.split("\n");
    for (const [line, messages] of outcome.errors) {
      if (wanted.has(line)) wrong.push(`${line}: ${messages[0]}`);
      wanted.delete(line);
      lines[line - 1] = "";
    }
    source = lines.join("\n");
    outcome = run(path, source);
  }
  const total = wanted.size + wrong.length;
  const found = new Map<number, string>();
  for (const f of outcome.unit.functions) {
    const { code, lineOffsets, linePositions } = f.code;
    lineOffsets.forEach((from, i) => {
      const to = lineOffsets[i + 1] ?? code.length;
      const line = outcome.sources.physical(linePositions[i] as (typeof linePositions)[number]).line;
      const hex = Buffer.from(code.subarray(from, to)).toString("hex");
      found.set(line, (found.get(line) ?? "") + hex);
    });
  }
  for (const [line, hexes] of wanted) {
    const got = found.get(line) ?? "empty";
    if (!hexes.split(" or ").includes(got)) wrong.push(`${line}: have ${got}, want ${hexes}`);
  }
  return { checked: total, wrong };
}

function encodingFiles(): string[] {
  const extra = join(folder, "avx512enc");
  return [...["amd64enc.s", "amd64enc_extra.s", "amd64.s"].map((f) => join(folder, f)), ...readdirSync(extra).map((f) => join(extra, f))];
}

test("instructions have the bytes that Go's assembler gives them", { skip }, () => {
  const wrong: string[] = [];
  let checked = 0;
  for (const path of encodingFiles()) {
    const result = compareEncodings(path);
    checked += result.checked;
    for (const w of result.wrong) wrong.push(`${path.slice(folder.length + 1)}:${w}`);
  }
  assert.ok(checked > 20000, `only ${checked} lines with expectations`);
  assert.equal(wrong.slice(0, 60).join("\n"), "", `${wrong.length} of ${checked} wrong`);
});

test("bad input gets the messages of Go's assembler", { skip }, () => {
  const problems: string[] = [];
  for (const name of ["amd64error.s", "duperror.s", "buildtagerror.s"]) {
    const path = join(folder, name);
    const source = readFileSync(path, "utf8");
    const { errors } = run(path, source);
    source.split("\n").forEach((text, i) => {
      const want = /\/\/ ERROR "(.*)"/.exec(text);
      const got = errors.get(i + 1);
      if (want !== null && !got?.some((m) => m.includes(want[1] as string))) {
        problems.push(`${name}:${i + 1}: want ${want[1]}, have ${got ?? "nothing"}`);
      }
      if (want === null && got !== undefined) problems.push(`${name}:${i + 1}: unexpected ${got}`);
    });
  }
  assert.equal(problems.slice(0, 40).join("\n"), "");
});
