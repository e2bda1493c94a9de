// Programs on top of third-party modules: each is copied, its modules are vendored where there is a Go tool, built with Go3s and run; its
// output has to be expected.txt, which the reference compiler's build printed. The programs lie beside the repository (../shared/programs)
// or where GO3S_PROGRAMS says; without them there is nothing to test.
//   npm run test:programs -- [--few] [--jobs N] [name...]

import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { NodeHost } from "../../src/host/node.ts";
import { findGoroot } from "../../src/load/goroot.ts";
import { Pool } from "../pool/pool.ts";

/** What npm test builds: one with much reflection, one with unsafe strings. */
const few = ["gjson", "yaml"];

/** "" when the program passes, else why not. */
async function check(pool: Pool, source: string, temp: string): Promise<string> {
  cpSync(source, temp, { recursive: true });
  // Where there is no Go tool, the modules have to be in the cache.
  const goEnv = { ...process.env, GOFLAGS: "-mod=mod", GOWORK: "off", PWD: temp };
  spawnSync("go", ["mod", "vendor"], { cwd: temp, env: goEnv, timeout: 300_000 });
  const binary = join(temp, "program");
  const build = await pool.run({ args: ["build", "-o", binary, "."], cwd: temp, env: { GOFLAGS: "" } });
  if (build.status !== 0) return `build: status ${build.status}: ${build.stderr.slice(0, 500)}`;
  const text = (name: string): string => (existsSync(join(source, name)) ? readFileSync(join(source, name), "utf8") : "");
  const own = join(temp, "own-temporary-files");
  mkdirSync(own);
  const args = text("cmd")
    .split(/\s+/)
    .filter((word) => word !== "");
  const env = { ...process.env, TMPDIR: own };
  const run = spawnSync(binary, args, { cwd: temp, env, input: text("stdin"), encoding: "utf8", timeout: 240_000 });
  if (run.status !== 0) return `run: ${run.signal ?? `status ${run.status}`}: ${run.stderr.slice(0, 500)}`;
  const wanted = text("expected.txt");
  return run.stdout === wanted ? "" : `prints something else: ${difference(wanted, run.stdout)}`;
}

function difference(wanted: string, got: string): string {
  const a = wanted.split("\n");
  const b = got.split("\n");
  const at = a.findIndex((line, i) => line !== b[i]);
  const line = at < 0 ? a.length : at;
  return `line ${line + 1} is ${JSON.stringify(b[line])}, not ${JSON.stringify(a[line])}`;
}

async function main(argv: readonly string[]): Promise<number> {
  const folder = resolve(process.env.GO3S_PROGRAMS || "../shared/programs");
  if (!existsSync(folder)) {
    console.log(`no programs at ${folder}: skipped (GO3S_PROGRAMS names their folder)`);
    return 0;
  }
  const jobs = argv.includes("--jobs") ? Number(argv[argv.indexOf("--jobs") + 1]) : 2;
  const words = argv.filter((a, i) => !a.startsWith("-") && argv[i - 1] !== "--jobs");
  const all = readdirSync(folder).filter((name) => existsSync(join(folder, name, "main.go")));
  const names = words.length > 0 ? words : argv.includes("--few") ? few : all;
  const top = mkdtempSync(join(tmpdir(), "go3s-programs-"));
  const goroot = findGoroot(new NodeHost([])).folder;
  const pool = new Pool({ worker: new URL("../pool/worker.js", import.meta.url), size: jobs, unchanging: [goroot, resolve("goroot")] });
  let failed = 0;
  try {
    await Promise.all(
      names.map(async (name) => {
        const start = performance.now();
        const why = await check(pool, join(folder, name), join(top, name));
        if (why !== "") failed++;
        console.log(`${why === "" ? "ok  " : "FAIL"}  ${name}  ${((performance.now() - start) / 1000).toFixed(1)} s  ${why}`.trimEnd());
        rmSync(join(top, name), { recursive: true, force: true });
      }),
    );
  } finally {
    await pool.close();
    rmSync(top, { recursive: true, force: true });
  }
  console.log(`${names.length - failed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
