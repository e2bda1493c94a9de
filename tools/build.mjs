// Builds the product: runs the generators (op tables, rules, encodings), then bundles the compiler (src/main.ts) and what starts it (src/start.ts) into dist/.
//   node tools/build.mjs [--generate] [--train]     --generate: only run the generators; --train: also what the first builds are to find (unless all of that is there)
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
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

/**
 * Bundles the product into dist/. What V8 made of an earlier bundle does not fit any more, and is not used (src/host/script.ts); what a
 * bundle of other sources kept goes.
 */
export async function buildProduct() {
  if (!isStamped()) rmSync("dist/kept", { recursive: true, force: true });
  const { splitting, chunkNames, ...single } = common;
  await esbuild.build({ ...common, entryPoints: { go3s: "src/start.ts" }, outdir: "dist", sourcesContent: false });
  await esbuild.build({
    ...single,
    format: "cjs",
    charset: "ascii",
    define: { ...single.define, "import.meta.url": "scriptUrl" },
    entryPoints: ["src/main.ts"],
    outfile: "dist/compiler.cjs",
    sourcesContent: false,
  });
}

/**
 * Lets the bundle build a program, and keeps what comes of that: the functions of the standard library that it needs (in dist/kept, a store that builds look into when
 * there is nothing in theirs) and the bytecode that V8 has then, of a build that makes everything and of one that finds it. Whether
 * that went well.
 */
async function train() {
  const temp = mkdtempSync(join(tmpdir(), "go3s-train-"));
  try {
    const script = join(temp, "train.mjs");
    await esbuild.build({
      ...common,
      splitting: false,
      chunkNames: undefined,
      entryPoints: ["tools/train.ts"],
      outfile: script,
      sourcemap: false,
    });
    const args = ["dist", new URL("../dist/go3s.js", import.meta.url).href, "dist/compiler.cache"];
    const env = { ...process.env, GO3SCACHE: resolve("dist/kept") };
    // With a switch for developers, the program itself is not kept.
    const build = ["build", "-p=1", "-d=parts", "-o", join(temp, "program"), "./examples/hello"];
    const { status } = spawnSync(process.execPath, [script, ...args, ...build], {
      env,
      stdio: "inherit",
    });
    if (status !== 0) console.error("no bytecode was kept: the compiler starts more slowly");
    return status === 0;
  } finally {
    rmSync(temp, { recursive: true, force: true });
  }
}

/** What dist/ was made of when it was made whole; npm does that again and again (npx in this folder, too). */
const stamp = "dist/stamp";
const trained = `${common.define.GO3S_SOURCE_HASH} ${process.version}\n`;

const isStamped = () => existsSync(stamp) && readFileSync(stamp, "utf8") === trained;
const isTrained = () =>
  isStamped() && ["go3s.js", "compiler.cjs", "compiler.cache", "kept"].every((name) => existsSync(join("dist", name)));

if (import.meta.url === `file://${process.argv[1]}`) {
  const whole = process.argv.includes("--train");
  if (!whole || !isTrained()) {
    await generate();
    if (!process.argv.includes("--generate")) await buildProduct();
    if (whole) rmSync(stamp, { force: true });
    if (whole && (await train())) writeFileSync(stamp, trained);
  }
}
