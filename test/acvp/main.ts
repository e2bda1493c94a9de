// NIST's ACVP vectors through the standard library, in a program that Go3s built (vectors/). The vectors lie beside the repository
// (../shared/acvp) or where GO3S_ACVP says; without them there is nothing to test. What passes and what is left out, with the reasons, has to
// be expected.txt. The program is built as a package of the standard library, so that it may use those of the FIPS 140-3 module.
//   npm run test:acvp -- [--large]      --large: messages of up to 8 GiB too, which takes minutes

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { NodeHost } from "../../src/host/node.ts";
import { findGoroot } from "../../src/load/goroot.ts";
import { Pool } from "../pool/pool.ts";

/** Builds the program; "" or what is wrong. */
async function build(output: string): Promise<string> {
  const dir = resolve("test/acvp/vectors");
  const files = readdirSync(dir).filter((name) => name.endsWith(".go"));
  const base = "crypto/internal/acvp";
  const pkg = { path: base, base, dir, files, goVersion: "go1.26", complete: true, privileged: false };
  const unchanging = [findGoroot(new NodeHost([])).folder, resolve("goroot")];
  const pool = new Pool({ worker: new URL("../pool/worker.js", import.meta.url), size: 1, unchanging, limit: 1_800_000 });
  try {
    const answer = await pool.run({ args: [], cwd: dir, program: { packages: [pkg], link: true }, debug: [], errorLimit: 10, output });
    return answer.status === 0 ? "" : answer.stderr;
  } finally {
    await pool.close();
  }
}

async function main(argv: readonly string[]): Promise<number> {
  const folder = resolve(process.env.GO3S_ACVP || "../shared/acvp");
  if (!existsSync(folder)) {
    console.log(`no ACVP vectors at ${folder}: skipped (GO3S_ACVP names their folder)`);
    return 0;
  }
  const large = argv.includes("--large");
  const temp = mkdtempSync(join(tmpdir(), "go3s-acvp-"));
  try {
    const program = join(temp, "vectors");
    const wrong = await build(program);
    if (wrong !== "") {
      console.log(`build: ${wrong}`);
      return 1;
    }
    const run = spawnSync(program, [...(large ? ["-large"] : []), folder], { encoding: "utf8", maxBuffer: 1 << 26 });
    process.stdout.write(run.stdout + run.stderr);
    if (run.status !== 0) return 1;
    if (large || run.stdout === readFileSync("test/acvp/expected.txt", "utf8")) return 0;
    console.log("this is not what test/acvp/expected.txt says");
    return 1;
  } finally {
    rmSync(temp, { recursive: true, force: true });
  }
}

process.exitCode = await main(process.argv.slice(2));
