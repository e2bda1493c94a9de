// Bundles a suite that is a program of its own, with the worker of the pool that it builds with, and runs it.
//   node tools/suite.mjs test/goroot/main.ts [argument...]
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { mkdirSync, rmSync } from "node:fs";
import * as esbuild from "esbuild";
import { buildProduct, common } from "./build.mjs";
import { generate } from "./generate.mjs";

const [entry, ...args] = process.argv.slice(2);
const out = join(".test", String(process.pid));
mkdirSync(out, { recursive: true });
let status = 1;
try {
  await generate();
  // Programs of the suites may run the product itself.
  await buildProduct();
  await esbuild.build({ ...common, entryPoints: [entry, "test/pool/worker.ts"], outdir: out, outbase: ".", sourcesContent: false });
  const bundle = join(out, entry.replace(/\.ts$/, ".js"));
  status = spawnSync(process.execPath, ["--enable-source-maps", bundle, ...args], { stdio: "inherit" }).status ?? 1;
} finally {
  rmSync(out, { recursive: true, force: true });
}
process.exit(status);
