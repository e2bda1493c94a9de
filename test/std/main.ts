// Runs the tests of packages of the standard library, as `go3s test -short` builds and runs them: those of packages.txt, but for the ones that
// failing.txt lists with a reason because they do not pass yet.
//   npm run test:std -- [--failing] [--jobs N] [--report FILE] [package...]

import { readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { resolve } from "node:path";
import { NodeHost } from "../../src/host/node.ts";
import { findGoroot } from "../../src/load/goroot.ts";
import { Pool } from "../pool/pool.ts";

/** The lines of a list: a name, and behind it a reason. */
function list(path: string): Map<string, string> {
  const entries = new Map<string, string>();
  for (const line of readFileSync(path, "utf8").split("\n")) {
    const m = /^([^\s#]+)\s*(.*)$/.exec(line);
    if (m !== null) entries.set(m[1] as string, m[2] as string);
  }
  return entries;
}

async function main(argv: readonly string[]): Promise<number> {
  const option = (name: string): string => (argv.includes(name) ? (argv[argv.indexOf(name) + 1] ?? "") : "");
  const words = argv.filter((a, i) => !a.startsWith("-") && argv[i - 1] !== "--jobs" && argv[i - 1] !== "--report");
  const failing = list("test/std/failing.txt");
  const all = [...list("test/std/packages.txt").keys()];
  const wanted = argv.includes("--failing") ? [...failing.keys()] : all.filter((path) => !failing.has(path));
  const paths = words.length > 0 ? words : wanted;
  const jobs = Number(option("--jobs") || 2);
  const goroot = findGoroot(new NodeHost([])).folder;
  const pool = new Pool({ worker: new URL("../pool/worker.js", import.meta.url), size: jobs, unchanging: [goroot, resolve("goroot")] });
  let report = "";
  let failed = 0;
  try {
    let next = 0;
    const turn = async (): Promise<void> => {
      while (next < paths.length) {
        const path = paths[next++] as string;
        const answer = await pool.run({ args: ["test", "-short", "-timeout=300s", path], cwd: tmpdir(), env: { GOFLAGS: "" } });
        const text = answer.stderr + answer.stdout;
        const passes = answer.status === 0;
        if (!passes) failed++;
        console.log(`${passes ? "ok  " : "FAIL"}  ${path}${passes ? "" : `  ${firstReason(text)}`}`);
        if (!passes) report += `== ${path}\n${text.slice(0, 20_000).replace(/^/gm, "    ")}\n`;
        if (option("--report") !== "") writeFileSync(option("--report"), report);
      }
    };
    await Promise.all(Array.from({ length: jobs }, turn));
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
