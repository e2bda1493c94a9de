// A sample of the random programs: what they print is known, so no Go tool is needed. Many more: npm run test:random.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { sampleSeeds, writeBatch } from "./batch.ts";
import { buildOurs, run } from "./compilers.ts";

const modes: readonly { flags: readonly string[]; env: Record<string, string> }[] = [
  { flags: ["verify"], env: {} },
  { flags: ["off=all"], env: { GO3S_GCSTRESS: "5", GO3S_STACKSTRESS: "1" } },
];

for (const { flags, env } of modes) {
  test(`random programs, -d ${flags.join(",")}`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "go3s-random-"));
    try {
      writeBatch(folder, sampleSeeds);
      const binary = join(folder, "ours.bin");
      const built = buildOurs(folder, binary, flags);
      assert.equal(built.output, "");
      const actual = await run(binary, [], 60, env);
      assert.equal(actual.output, readFileSync("test/random/expected.txt", "latin1"));
      assert.equal(actual.status, 0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}
