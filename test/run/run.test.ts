// The programs beside this file: each is built, run, and what it prints (standard output and standard error together) is compared with NAME.out, which holds what
// the reference compiler's build prints. `// exit N` in the first line is the status that the program must end with. Programs that need more than a file are
// folders with a go.mod. GO3S_RUN=word,... runs only programs whose name holds one of the words.

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, describe, test } from "node:test";
import { NodeHost } from "../../src/host/node.ts";
import { findGoroot } from "../../src/load/goroot.ts";
import { Pool } from "../pool/pool.ts";
import { execute } from "../pool/process.ts";

const here = resolve("test/run");
const temp = mkdtempSync(join(tmpdir(), "go3s-run-"));
const goroot = findGoroot(new NodeHost([])).folder;
const pool = new Pool({
  worker: new URL("../pool/worker.js", import.meta.url),
  size: 2,
  unchanging: [join(goroot, "src"), resolve("goroot")],
});
after(async () => {
  await pool.close();
  rmSync(temp, { recursive: true, force: true });
});

const words = (process.env.GO3S_RUN ?? "").split(",");

/** Names with what to build; a program that nothing says the output of is a mistake. */
function programs(): { name: string; source: string }[] {
  const list: { name: string; source: string }[] = [];
  for (const entry of readdirSync(here).sort()) {
    const name = entry.replace(/\.go$/, "");
    const isFolder = existsSync(join(here, entry, "go.mod"));
    if ((isFolder || entry.endsWith(".go")) && words.some((w) => name.includes(w))) list.push({ name, source: isFolder ? "." : entry });
  }
  return list;
}

describe("programs in test/run print what the reference build prints", { concurrency: 3 }, () => {
  for (const { name, source } of programs()) {
    test(name, async () => {
      const folder = source === "." ? join(here, name) : here;
      const main = source === "." ? join(folder, "main.go") : join(folder, source);
      const program = join(temp, name);
      const built = await pool.run({ args: ["build", "-d", "verify", "-o", program, source], cwd: folder });
      assert.equal(built.stderr, "");
      assert.equal(built.status, 0);
      const run = await execute(program, [], { cwd: temp, env: {}, seconds: 60 });
      assert.equal(run.output, readFileSync(join(here, `${name}.out`), "latin1"));
      const wanted = /^\/\/ exit (\d+)/.exec(readFileSync(main, "utf8"));
      assert.equal(run.status, wanted === null ? 0 : Number(wanted[1]));
    });
  }
});
