// Runs the unit tests: bundles every *.test.ts (or those whose path holds one of the given words) and runs node --test.
//   node tools/test.mjs [word...]
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import * as esbuild from "esbuild";
import { common } from "./build.mjs";
import { generate } from "./generate.mjs";

const words = process.argv.slice(2).filter((a) => !a.startsWith("-"));
const flags = process.argv.slice(2).filter((a) => a.startsWith("-"));

function testFiles(folder) {
  const found = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== "node_modules") found.push(...testFiles(path));
    else if (entry.name.endsWith(".test.ts")) found.push(path);
  }
  return found.sort();
}

await generate();
const files = [...testFiles("src"), ...testFiles("test")].filter((path) => words.length === 0 || words.some((w) => path.includes(w)));
if (files.length === 0) {
  console.error(`no test file matches ${words.join(" ")}`);
  process.exit(1);
}
// Tests outside src/ run the product as people do, or build in workers.
const whole = files.some((path) => path.startsWith("test/"));
if (whole) {
  const built = spawnSync(process.execPath, ["tools/build.mjs"], { stdio: "inherit" });
  if (built.status !== 0) process.exit(1);
}
const out = join(".test", String(process.pid));
mkdirSync(out, { recursive: true });
let status = 1;
try {
  await esbuild.build({
    ...common,
    entryPoints: whole ? [...files, "test/pool/worker.ts"] : files,
    outdir: out,
    outbase: ".",
    sourcesContent: false,
  });
  const built = files.map((path) => join(out, relative(".", path)).replace(/\.ts$/, ".js"));
  const args = ["--enable-source-maps", "--test", "--test-concurrency=2", ...flags, ...built];
  status = spawnSync(process.execPath, args, { stdio: "inherit" }).status ?? 1;
} finally {
  rmSync(out, { recursive: true, force: true });
}
process.exit(status);
