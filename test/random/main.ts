// Compares random programs with gc, in batches: all programs of a batch are one main package, so that both compilers do the rest once.
//   npm run test:random -- --seeds A..B [--batch N] [--modes default,plain,...] [--only idiom,...] [--shrink] [--keep]
//   npm run test:random -- --update     writes expected.txt, what gc prints for the sample that the unit tests run
// Modes are in `modes`; each is a build of ours and some runs of it.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildOurs, buildReference, hasReference, type Outcome, run } from "./compilers.ts";
import { sampleSeeds, writeBatch } from "./batch.ts";
import { pipeline } from "../../src/passes/pipeline.ts";
import { Rng } from "./rng.ts";
import { shrink } from "./shrink.ts";

interface Mode {
  readonly name: string;
  /** -d of the build, from the number of the batch. */
  readonly flags: (batch: number) => string[];
  /** Environments of its runs. */
  readonly runs: readonly Record<string, string>[];
}

const modes: readonly Mode[] = [
  { name: "default", flags: () => ["verify"], runs: [{}, { GO3S_GCSTRESS: "1" }, { GO3S_STACKSTRESS: "1" }] },
  { name: "plain", flags: () => ["off=all"], runs: [{}, { GO3S_GCSTRESS: "3", GO3S_STACKSTRESS: "1" }] },
  { name: "partial", flags: partial, runs: [{}, { GO3S_GCSTRESS: "1" }] },
];

/** Some of the passes, by chance. */
function partial(batch: number): string[] {
  const r = new Rng(batch);
  const names = [
    ...pipeline.filter((p) => !p.required).map((p) => p.name.replaceAll(" ", "-")),
    "simplify",
    "inline",
    "escape",
    "evaluate",
  ];
  return ["verify", ...names.filter(() => r.chance(35)).map((n) => `off=${n}`)];
}

interface Options {
  first: number;
  last: number;
  batch: number;
  only: readonly string[];
  modes: readonly Mode[];
  shrink: boolean;
  keep: boolean;
  update: boolean;
}

function parse(argv: readonly string[]): Options {
  const o: Options = { first: 1, last: 20, batch: 25, only: [], modes, shrink: false, keep: false, update: false };
  for (let i = 0; i < argv.length; i++) {
    const a = argv[i];
    if (a === "--seeds") {
      const [from, to] = (argv[++i] as string).split("..").map(Number);
      o.first = from as number;
      o.last = to ?? (from as number);
    } else if (a === "--batch") o.batch = Number(argv[++i]);
    else if (a === "--only") o.only = (argv[++i] as string).split(",");
    else if (a === "--modes") {
      const names = (argv[++i] as string).split(",");
      o.modes = modes.filter((m) => names.includes(m.name));
    } else if (a === "--shrink") o.shrink = true;
    else if (a === "--keep") o.keep = true;
    else if (a === "--update") o.update = true;
    else throw new Error(`unknown argument ${a}`);
  }
  return o;
}

/** The seed in whose output two outputs part, from the names of steps. */
function seedOf(a: string, b: string, seeds: readonly number[]): number {
  let n = 0;
  while (n < a.length && a[n] === b[n]) n++;
  for (const m of a.matchAll(/^s(\d+) (\d+) \d+$/gm)) if (m.index + m[0].length >= n) return Number(m[1]);
  return seeds[seeds.length - 1] as number;
}

interface Difference {
  readonly mode: Mode;
  readonly flags: readonly string[];
  readonly env: Record<string, string>;
  readonly what: string;
  readonly seed: number;
}

const seconds = 120;

/** Runs one main package in all modes. */
async function compare(
  folder: string,
  seeds: readonly number[],
  chosen: readonly Mode[],
  batch: number,
): Promise<{ invalid: string | null; differences: Difference[] }> {
  const reference = join(folder, "reference.bin");
  const building = buildReference(folder, reference);
  const builds = chosen.map((mode) => {
    const flags = mode.flags(batch);
    const binary = join(folder, `${mode.name}.bin`);
    return { mode, flags, binary, outcome: buildOurs(folder, binary, flags) };
  });
  const built = await building;
  if (built.status !== 0) return { invalid: built.output, differences: [] };
  const expected = await run(reference, [], seconds);
  const differences: Difference[] = [];
  for (const { mode, flags, binary, outcome } of builds) {
    if (outcome.status !== 0) {
      const seed = /s(\d+)\.go|while compiling main\.s(\d+)|main\.\(\*?s(\d+)/.exec(outcome.output);
      const n = Number(seed?.[1] ?? seed?.[2] ?? seed?.[3] ?? seeds[0]);
      differences.push({ mode, flags, env: {}, what: `build: ${outcome.status}: ${outcome.output.slice(0, 400)}`, seed: n });
      continue;
    }
    for (const env of mode.runs) {
      const actual = await run(binary, [], seconds, env);
      if (actual.status === expected.status && actual.output === expected.output) continue;
      const seed = seedOf(expected.output, actual.output, seeds);
      differences.push({ mode, flags, env, what: describe(expected, actual), seed });
    }
  }
  return { invalid: null, differences };
}

function describe(expected: Outcome, actual: Outcome): string {
  const a = expected.output.split("\n");
  const b = actual.output.split("\n");
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  const line = a[i] === b[i] ? "" : ` line ${i + 1}: expected ${JSON.stringify(a[i])}, is ${JSON.stringify(b[i])}`;
  const more = b
    .slice(i + 1, i + 5)
    .map((l) => `\n      ${l}`)
    .join("");
  return `status ${actual.status} (expected ${expected.status})${line}${actual.status === expected.status ? "" : more}`;
}

async function main(): Promise<number> {
  const options = parse(process.argv.slice(2));
  if (!(await hasReference())) {
    console.log("no Go tool to compare with: skipped");
    return 0;
  }
  const temp = mkdtempSync(join(tmpdir(), "go3s-random-"));
  if (options.update) {
    writeBatch(temp, sampleSeeds);
    const built = await buildReference(temp, join(temp, "reference.bin"));
    if (built.status !== 0) throw new Error(built.output);
    writeFileSync("test/random/expected.txt", (await run(join(temp, "reference.bin"), [], seconds)).output, "latin1");
    rmSync(temp, { recursive: true });
    return 0;
  }
  let programs = 0;
  let bad = 0;
  const started = Date.now();
  for (let first = options.first; first <= options.last; first += options.batch) {
    let seeds = Array.from({ length: Math.min(options.batch, options.last - first + 1) }, (_, i) => first + i);
    programs += seeds.length;
    // A seed that shows a difference is reported and left out, and the rest looked at again.
    while (seeds.length > 0) {
      const folder = join(temp, "batch");
      writeBatch(folder, seeds, options.only);
      const { invalid, differences } = await compare(folder, seeds, options.modes, first);
      if (invalid !== null) {
        console.log(`the reference does not compile seeds ${seeds[0]}..${seeds[seeds.length - 1]}:\n${invalid.slice(0, 2000)}`);
        bad++;
        break;
      }
      if (differences.length === 0) break;
      const seen = new Set<number>();
      for (const d of differences) {
        console.log(`seed ${d.seed}: ${d.mode.name} -d ${d.flags.join(",")} ${JSON.stringify(d.env)}: ${d.what}`);
        if (seen.has(d.seed)) continue;
        seen.add(d.seed);
        bad++;
        if (!options.shrink) continue;
        const alone = join(temp, `seed${d.seed}`);
        writeBatch(alone, [d.seed], options.only);
        const path = join(temp, `seed${d.seed}.go`);
        writeFileSync(path, await shrink(alone, `s${d.seed}.go`, d.flags, d.env));
        console.log(`  shrunk: ${path} (${readFileSync(path, "utf8").split("\n").length} lines)`);
      }
      seeds = seeds.filter((s) => !seen.has(s));
    }
    console.log(`${programs} programs, ${bad} bad, ${((Date.now() - started) / 1000).toFixed(0)} s`);
  }
  if (!options.keep && bad === 0) rmSync(temp, { recursive: true, force: true });
  console.log(`${programs - bad} passed, ${bad} failed`);
  return bad > 0 ? 1 : 0;
}

process.exitCode = await main();
