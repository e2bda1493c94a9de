// The generator of rewrite rules: what its output does.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

const root = resolve(".");
const generator = (): Promise<{ default: (inputs: string[], output: string) => Promise<string> }> =>
  import(pathToFileURL(join(root, "tools/gen-rules.mjs")).href);

async function generate(rules: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "go3s-rules-"));
  try {
    const path = join(folder, "some.rules");
    writeFileSync(path, rules);
    return await (await generator()).default([path, join(root, "src/ssa/ops.table")], "src/ssa/some.gen.ts");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("a rule becomes a case with its tests and its rewrite", async () => {
  const text = await generate("(Add <I64> x (Const [c])) && c < 0n => (Sub x (Const [-c]))\n");
  assert.match(text, /export function rewriteSome\(f: Func, v: Value\): boolean/);
  assert.match(text, /case OpAdd:\n\s+return rewriteAdd\(f, v\);/);
  assert.match(text, /if \(f\.type\[v\] !== 7/);
  assert.match(text, /f\.reset\(v, OpSub\)/);
  // Both orders of the operands.
  assert.match(text, /for \(let k\d+ = 0; k\d+ < 2/);
});

test("alternatives on both sides go together", async () => {
  const text = await generate("(FAdd|FMul x (ConstF [0])) => (FMul|FAdd x x)\n");
  assert.match(text, /function rewriteFAdd[\s\S]*f\.reset\(v, OpFMul\)/);
  assert.match(text, /function rewriteFMul[\s\S]*f\.reset\(v, OpFAdd\)/);
});

test("unknown ops and wrong numbers of arguments are errors with their line", async () => {
  await assert.rejects(generate("// nothing\n(Frobnicate x) => x\n"), /some\.rules:2: unknown op Frobnicate/);
  await assert.rejects(generate("(Add x) => x\n"), /Add has 2 arguments, not 1/);
});
