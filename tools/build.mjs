// Builds the product: runs the generators (op tables, rules, encodings), then bundles src/main.ts into dist/.
//   node tools/build.mjs [--generate]     --generate: only run the generators
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { generate } from "./generate.mjs";

/** A hash of all that the compiler is made of, but for generated files, which follow from the rest. */
function sourceHash() {
  const root = join(dirname(fileURLToPath(import.meta.url)), "..");
  const hash = createHash("sha256");
  const add = (path) => hash.update(`${path}\0`).update(readFileSync(join(root, path)));
  const folder = (path) => {
    for (const entry of readdirSync(join(root, path), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const name = join(path, entry.name);
      if (entry.isDirectory()) folder(name);
      else if (!/\.(gen|test)\.ts$/.test(name)) add(name);
    }
  };
  add("package.json");
  for (const name of ["src", "tools"]) folder(name);
  return hash.digest("hex");
}

/** Options shared by the product's bundle and the tests'. Hot switches need integer literals as case labels. */
export const common = {
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  minifySyntax: true,
  // Plain assignments in constructors: V8 builds objects with defined fields much more slowly (the https build: 13.5 s against 10.5 s).
  tsconfigRaw: { compilerOptions: { useDefineForClassFields: false, target: "es2022", verbatimModuleSyntax: true } },
  sourcemap: "linked",
  define: { GO3S_SOURCE_HASH: JSON.stringify(sourceHash()) },
  logLevel: "warning",
  chunkNames: "chunks/[name]-[hash]",
};

if (import.meta.url === `file://${process.argv[1]}`) {
  await generate();
  if (!process.argv.includes("--generate")) {
    await esbuild.build({
      ...common,
      entryPoints: { go3s: "src/main.ts" },
      outdir: "dist",
      sourcesContent: false,
    });
  }
}
