// Kernels from Linux 4.15 on: what of files, processes and network has a newer system call must do without it. What the reference build prints is
// features/expected.txt.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

const temp = mkdtempSync(join(tmpdir(), "go3s-oldkernel-"));
after(() => rmSync(temp, { recursive: true, force: true }));

function build(name: string): string {
  const output = join(temp, name);
  const words = [join(process.cwd(), "bin/go3s"), "build", "-o", output, "."];
  const built = spawnSync(process.execPath, words, { cwd: join("test/https", name), encoding: "utf8", timeout: 600_000 });
  assert.equal(built.stderr, "");
  assert.equal(built.status, 0);
  return output;
}

test("files, processes and network work the same with and without newer system calls", () => {
  const old = build("old");
  const features = build("features");
  const expected = readFileSync("test/https/features/expected.txt", "utf8");
  for (const words of [[features], [old, features]]) {
    const run = spawnSync(words[0] as string, words.slice(1), { encoding: "utf8", timeout: 120_000 });
    assert.equal(run.stderr, "");
    assert.equal(run.stdout, expected);
    assert.equal(run.status, 0);
  }
});
