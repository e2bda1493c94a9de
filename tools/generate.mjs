// Runs every generator whose output is missing or older than its inputs. Generated files are named *.gen.ts and are
// never committed. A generator is one row: what it reads, what it writes, and the module whose default export does it.
import { existsSync, mkdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** @type {{inputs: string[], output: string, generator: string}[]} */
const generators = [
  { inputs: ["src/ssa/ops.table"], output: "src/ssa/ops.gen.ts", generator: "tools/gen-ops.mjs" },
  {
    inputs: ["src/arch/amd64/ops.table", "src/ssa/ops.table"],
    output: "src/arch/amd64/ops.gen.ts",
    generator: "tools/gen-ops.mjs",
  },
  {
    inputs: ["src/passes/rules/generic.rules", "src/ssa/ops.table"],
    output: "src/passes/rules/generic.gen.ts",
    generator: "tools/gen-rules.mjs",
  },
  { inputs: ["src/arch/amd64/inst.table"], output: "src/arch/amd64/inst.gen.ts", generator: "tools/gen-amd64.mjs" },
  { inputs: ["src/arch/amd64/inst.table"], output: "src/arch/amd64/forms.gen.ts", generator: "tools/gen-amd64.mjs" },
  { inputs: ["src/host/fetcher.ts"], output: "src/host/fetcher.gen.ts", generator: "tools/gen-worker.mjs" },
];

const modified = (path) => statSync(join(root, path)).mtimeMs;

/** Brings every generated file up to date. Each generator exports default async (inputPaths) => text. */
export async function generate() {
  for (const g of generators) {
    if (!g.inputs.every((path) => existsSync(join(root, path)))) continue;
    const sources = [...g.inputs, g.generator];
    const fresh = existsSync(join(root, g.output)) && sources.every((s) => modified(s) < modified(g.output));
    if (fresh) continue;
    const { default: run } = await import(pathToFileURL(join(root, g.generator)).href);
    const text = await run(
      g.inputs.map((path) => join(root, path)),
      g.output,
    );
    const target = join(root, g.output);
    mkdirSync(dirname(target), { recursive: true });
    // Written beside and renamed, so that a build running at the same time never reads half a file.
    writeFileSync(`${target}.${process.pid}`, text);
    renameSync(`${target}.${process.pid}`, target);
  }
}
