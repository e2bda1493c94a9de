// Runs the tests of packages of the standard library, as `go3s test -short` builds and runs them: those of packages.txt, but for the ones that
// failing.txt lists with a reason because they do not pass yet.
//   npm run test:std -- [--failing] [--sample K/N] [--jobs N] [--limit SECONDS] [--report FILE] [--resume] [package...]
// The report gets the outcome of each package as it comes, with the output of those that fail; --resume leaves out what it holds already.

import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { resolve } from "node:path";
import { NodeHost } from "../../src/host/node.ts";
import { findGoroot } from "../../src/load/goroot.ts";
import { Pool } from "../pool/pool.ts";

interface Options {
  readonly words: string[];
  failing: boolean;
  resume: boolean;
  /** Of each N packages, the one behind K others. */
  sample: [number, number];
  jobs: number;
  /** Seconds that the tests of a package may take, and that building them may take. */
  limit: number;
  report: string;
}

function parseOptions(argv: readonly string[]): Options {
  const options: Options = { words: [], failing: false, resume: false, sample: [0, 1], jobs: 2, limit: 300, report: "" };
  for (let i = 0; i < argv.length; i++) {
    const a = argv[i] as string;
    const value = (): string => argv[++i] ?? "";
    if (a === "--failing") options.failing = true;
    else if (a === "--resume") options.resume = true;
    else if (a === "--sample") {
      const [k = 0, n = 1] = value().split("/").map(Number);
      options.sample = [k, n];
    } else if (a === "--jobs") options.jobs = Number(value());
    else if (a === "--limit") options.limit = Number(value());
    else if (a === "--report") options.report = value();
    else if (a.startsWith("-")) throw new Error(`unknown option ${a}`);
    else options.words.push(a);
  }
  return options;
}

/** The lines of a list: a name, and behind it a reason. */
function list(path: string): Map<string, string> {
  const entries = new Map<string, string>();
  for (const line of readFileSync(path, "utf8").split("\n")) {
    const m = /^([^\s#]+)\s*(.*)$/.exec(line);
    if (m !== null) entries.set(m[1] as string, m[2] as string);
  }
  return entries;
}

/** The packages to test, in the order of the list. A sample counts packages that fail, so that it stays what it was when one of them passes. */
function choose(options: Options): string[] {
  if (options.words.length > 0) return options.words;
  const failing = list("test/std/failing.txt");
  if (options.failing) return [...failing.keys()];
  const [k, n] = options.sample;
  return [...list("test/std/packages.txt").keys()].filter((path, i) => i % n === k && !failing.has(path));
}

async function main(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv);
  const { report } = options;
  const done = options.resume && existsSync(report) ? readFileSync(report, "utf8") : "";
  if (report !== "") writeFileSync(report, done);
  const paths = choose(options).filter((path) => !done.includes(`== ${path} `));
  const goroot = findGoroot(new NodeHost([])).folder;
  const pool = new Pool({
    worker: new URL("../pool/worker.js", import.meta.url),
    size: options.jobs,
    unchanging: [goroot, resolve("goroot")],
  });
  let failed = 0;
  try {
    let next = 0;
    const turn = async (): Promise<void> => {
      while (next < paths.length) {
        const path = paths[next++] as string;
        const answer = await pool.run({
          args: ["test", "-short", `-timeout=${options.limit}s`, path],
          cwd: tmpdir(),
          env: { GOFLAGS: "" },
        });
        const text = answer.stderr + answer.stdout;
        const passes = answer.status === 0;
        if (!passes) failed++;
        const seconds = (answer.milliseconds / 1000).toFixed(1);
        console.log(`${passes ? "ok  " : "FAIL"}  ${path}  ${passes ? `${seconds} s` : firstReason(text)}`);
        const details = passes ? "" : `\n${text.slice(0, 100_000).replace(/^/gm, "    ")}`;
        if (report !== "") appendFileSync(report, `== ${path} ${passes ? "ok" : "FAIL"} ${seconds} s${details}\n`);
      }
    };
    await Promise.all(Array.from({ length: options.jobs }, turn));
  } finally {
    await pool.close();
  }
  console.log(`${paths.length - failed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}

/** The line of a test's output that says most. */
function firstReason(text: string): string {
  const lines = text.split("\n").map((line) => line.trim());
  const names = lines.filter((l) => l.startsWith("--- FAIL")).map((l) => l.replace(/^--- FAIL: (\S+).*/, "$1"));
  const fatal = lines.find(
    (l) => /^(panic|fatal error|SIG|unexpected|go3s:|runtime:)/.test(l) || /relocation target|: undefined|cannot/.test(l),
  );
  return (fatal ?? (names.length > 0 ? names.slice(0, 8).join(" ") : (lines[0] ?? ""))).slice(0, 200);
}

process.exitCode = await main(process.argv.slice(2));
