// Programs that use one thing of the runtime each (programs.txt says how they are written down): what the runtime leaves out of
// small programs must not be missed. Each must print what the reference compiler's build prints and hold the functions that it says.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, describe, test } from "node:test";
import { NodeHost } from "../../src/host/node.ts";
import { findGoroot } from "../../src/load/goroot.ts";
import { Pool } from "../pool/pool.ts";
import { execute } from "../pool/process.ts";

interface Program {
  readonly name: string;
  readonly has: string[];
  readonly lacks: string[];
  readonly source: string;
  readonly output: string;
  readonly exit: number;
}

function parse(text: string): Program[] {
  return text
    .split(/^== /m)
    .slice(1)
    .map((section) => {
      const [head, rest] = section.split(/^(?=package main$)/m) as [string, string];
      const [source, result] = rest.split(/^-- output\n/m) as [string, string];
      const lines = head.trim().split("\n");
      const exit = /^exit (\d+)$/m.exec(result);
      const named = (word: string): string[] => lines.filter((l) => l.startsWith(`${word} `)).map((l) => l.slice(word.length + 1));
      const output = result.replace(/^exit \d+\n/m, "").trimEnd();
      return {
        name: lines[0] as string,
        has: named("has"),
        lacks: named("lacks"),
        source,
        output,
        exit: exit === null ? 0 : Number(exit[1]),
      };
    });
}

/** Of a traceback only the frames of package main, with their lines. */
function ownFrames(output: string): string {
  const [before, trace] = output.split(/^(?=goroutine 1 \[)/m) as [string, string | undefined];
  if (trace === undefined) return output.trimEnd();
  const lines = trace.split("\n");
  const kept = [lines[0] as string];
  for (let i = 1; i + 1 < lines.length; i += 2) {
    if (!(lines[i] as string).startsWith("main.")) continue;
    kept.push(lines[i] as string, (lines[i + 1] as string).replace(/\t.*\/(\S+:\d+).*/, "\t$1"));
  }
  return before + kept.join("\n");
}

const temp = mkdtempSync(join(tmpdir(), "go3s-alone-"));
const pool = new Pool({
  worker: new URL("../pool/worker.js", import.meta.url),
  size: 2,
  unchanging: [join(findGoroot(new NodeHost([])).folder, "src"), resolve("goroot")],
});
after(async () => {
  await pool.close();
  rmSync(temp, { recursive: true, force: true });
});

describe("programs with one thing of the runtime", { concurrency: 2 }, () => {
  for (const program of parse(readFileSync("test/alone/programs.txt", "utf8"))) {
    test(program.name, async () => {
      const folder = join(temp, program.name.replaceAll(" ", "-"));
      mkdirSync(folder);
      writeFileSync(join(folder, "main.go"), program.source);
      const built = await pool.run({ args: ["build", "-d", "verify", "-o", "program", "main.go"], cwd: folder });
      assert.equal(built.stderr, "");
      const names = readFileSync(join(folder, "program"), "latin1");
      for (const f of program.has) assert.ok(names.includes(`\0${f}\0`), `lacks ${f}`);
      for (const f of program.lacks) assert.ok(!names.includes(`\0${f}\0`), `has ${f}`);
      const stress = { GO3S_GCSTRESS: "1", GO3S_STACKSTRESS: "1" };
      for (const env of [{}, stress]) {
        const run = await execute(join(folder, "program"), [], { cwd: temp, env, seconds: 60 });
        assert.equal(ownFrames(run.output), program.output, JSON.stringify(env));
        assert.equal(run.status, program.exit);
      }
    });
  }
});
