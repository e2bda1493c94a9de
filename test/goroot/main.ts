// Runs the tests of the Go tree's test/ folder in place and compares with what is expected: failing.txt lists what does not pass yet, skipped.txt what
// is not tried. A listed test that passes, or another one that fails, is an error.
//   npm run test:go -- [--kind run,compile,...] [--sample K/N] [--jobs N] [--failing] [--update] [--report FILE] [--no-verify]
//                      [--env NAME=VALUE] [--list FILE] [word...]
// stress.txt is the list of `npm run test:stress`: collections and moves of stacks at every few allocations.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { findGoroot } from "../../src/load/goroot.ts";
import { NodeHost } from "../../src/host/node.ts";
import { Pool } from "../pool/pool.ts";
import { List, skipReason } from "./lists.ts";
import { type Failure, perform } from "./perform.ts";
import { allRecipes, type Recipe } from "./recipe.ts";

const here = "test/goroot";

interface Options {
  kinds: string[];
  sample: [number, number] | null;
  jobs: number;
  failing: boolean;
  update: boolean;
  report: string;
  verify: boolean;
  env: Record<string, string>;
  /** Only the tests that a file names. */
  list: ReadonlySet<string> | null;
  words: string[];
}

function parseArguments(argv: readonly string[]): Options {
  const options: Options = {
    kinds: [],
    sample: null,
    jobs: 2,
    failing: false,
    update: false,
    report: "",
    verify: true,
    env: {},
    list: null,
    words: [],
  };
  for (let i = 0; i < argv.length; i++) {
    const a = argv[i] as string;
    const value = (): string => argv[++i] ?? "";
    if (a === "--sample") {
      const [k = 0, n = 1] = value().split("/").map(Number);
      options.sample = [k, n];
    } else if (a === "--kind") options.kinds = value().split(",");
    else if (a === "--jobs") options.jobs = Number(value());
    else if (a === "--failing") options.failing = true;
    else if (a === "--update") options.update = true;
    else if (a === "--report") options.report = value();
    else if (a === "--no-verify") options.verify = false;
    else if (a === "--env") {
      const [name = "", ...rest] = value().split("=");
      options.env[name] = rest.join("=");
    } else if (a === "--list") {
      const lines = readFileSync(value(), "utf8").split("\n");
      options.list = new Set(lines.filter((l) => l !== "" && !l.startsWith("#")));
    } else options.words.push(a);
  }
  return options;
}

function select(recipes: readonly Recipe[], options: Options, failing: List, skipped: List): Recipe[] {
  let chosen = recipes.filter((r) => r.excluded === "" && skipReason(skipped, r) === "");
  if (options.kinds.length > 0) chosen = chosen.filter((r) => options.kinds.includes(r.action));
  if (options.words.length > 0) chosen = chosen.filter((r) => options.words.some((w) => r.name.includes(w)));
  const list = options.list;
  if (list !== null) chosen = chosen.filter((r) => list.has(r.name));
  if (options.failing) chosen = chosen.filter((r) => failing.entries.has(r.name));
  const sample = options.sample;
  return sample === null ? chosen : chosen.filter((_, i) => i % sample[1] === sample[0]);
}

/** Failures by test, in the tests' order. */
async function performAll(recipes: readonly Recipe[], options: Options, goroot: string): Promise<Map<string, Failure>> {
  const temp = mkdtempSync(join(tmpdir(), "go3s-test-"));
  // Some tests run the go command; for them that is Go3s.
  mkdirSync(join(temp, "bin"));
  writeFileSync(join(temp, "bin/go"), `#!/bin/sh\nexec ${process.execPath} ${resolve("dist/go3s.js")} "$@"\n`, { mode: 0o755 });
  const env = { PATH: `${join(temp, "bin")}:${process.env.PATH}`, ...options.env };
  const pool = new Pool({
    worker: new URL("../pool/worker.js", import.meta.url),
    size: options.jobs,
    unchanging: [join(goroot, "src"), join(goroot, "pkg"), join(process.cwd(), "goroot")],
  });
  const failures = new Map<string, Failure>();
  let next = 0;
  let done = 0;
  const turn = async (): Promise<void> => {
    while (next < recipes.length) {
      const recipe = recipes[next++] as Recipe;
      const failure = await perform(recipe, { pool, goroot, temp, env, verify: options.verify });
      if (failure !== null) {
        failures.set(recipe.name, failure);
        // As it goes, so that a long run can be followed.
        if (options.report !== "") writeFileSync(options.report, report(recipes, failures));
      }
      if (++done % 50 === 0) console.error(`${done} of ${recipes.length}, ${failures.size} do not pass`);
    }
  };
  try {
    // One more than there are workers: while its program runs, the next is built.
    await Promise.all(Array.from({ length: options.jobs + 1 }, turn));
  } finally {
    await pool.close();
    rmSync(temp, { recursive: true, force: true });
  }
  return failures;
}

function report(recipes: readonly Recipe[], failures: ReadonlyMap<string, Failure>): string {
  let text = "";
  for (const r of recipes) {
    const failure = failures.get(r.name);
    if (failure === undefined) continue;
    text += `== ${r.name} (${r.action}): ${failure.reason}\n${failure.detail.trimEnd().replace(/^/gm, "    ")}\n`;
  }
  return text;
}

function update(recipes: readonly Recipe[], failures: ReadonlyMap<string, Failure>, failing: List): void {
  for (const r of recipes) {
    const failure = failures.get(r.name);
    if (failure === undefined) failing.entries.delete(r.name);
    else if (!failing.entries.has(r.name)) failing.entries.set(r.name, failure.reason);
  }
  failing.save();
}

async function main(): Promise<number> {
  const options = parseArguments(process.argv.slice(2));
  const goroot = findGoroot(new NodeHost([])).folder;
  if (!existsSync(join(goroot, "test"))) {
    console.log("the Go tree has no test folder: skipped\n0 passed, 0 failed");
    return 0;
  }
  const failing = new List(join(here, "failing.txt"));
  const skipped = new List(join(here, "skipped.txt"));
  const recipes = select(allRecipes(join(goroot, "test")), options, failing, skipped);
  const failures = await performAll(recipes, options, goroot);
  let surprises = 0;
  for (const r of recipes) {
    const failure = failures.get(r.name);
    const known = failing.entries.has(r.name);
    if (failure !== undefined && (!known || options.words.length > 0)) console.log(report([r], failures).trimEnd());
    if (failure !== undefined && !known) surprises++;
    if (failure === undefined && known) {
      console.log(`passes now, take it off ${here}/failing.txt: ${r.name}`);
      surprises++;
    }
  }
  for (const kind of new Set(recipes.map((r) => r.action))) {
    const all = recipes.filter((r) => r.action === kind);
    console.log(`${kind}: ${all.filter((r) => !failures.has(r.name)).length} of ${all.length}`);
  }
  if (options.update) update(recipes, failures, failing);
  console.log(`${recipes.length - surprises} passed, ${surprises} failed`);
  return surprises > 0 && !options.update ? 1 : 0;
}

process.exit(await main());
