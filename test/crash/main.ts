// Builds and downloads that don't come to their end: killed, out of room, not allowed to write. After each, the same command must do what it would have done without
// that, and nothing half done may be left.
//   npm run test:crash -- [--kills N] [--seed N] [word...]

import { mkdtempSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeTree } from "../../src/base/remains.ts";
import { NodeHost } from "../../src/host/node.ts";
import * as builds from "./builds.ts";
import * as downloads from "./downloads.ts";
import { canMount, Lab } from "./lab.ts";

interface Case {
  readonly name: string;
  readonly run: (lab: Lab) => Promise<string>;
  /** It needs disks of its own. */
  readonly mounts?: boolean;
}

const cases: readonly Case[] = [
  { name: "builds killed while the output is written", run: builds.killedAtOutput },
  { name: "builds killed at changes of files", run: builds.killedAtChanges },
  { name: "builds killed at random times", run: builds.killedAtTimes },
  { name: "damaged entries of the cache", run: builds.damagedEntries },
  { name: "builds at the same time", run: builds.severalAtOnce },
  { name: "a file instead of the cache", run: builds.noCache },
  { name: "a full disk for the cache", run: builds.fullCache, mounts: true },
  { name: "a read-only cache", run: builds.readOnlyCache, mounts: true },
  { name: "a full disk for the output", run: builds.fullOutput, mounts: true },
  { name: "a read-only disk for the output", run: builds.readOnlyOutput, mounts: true },
  { name: "no room for temporary files", run: builds.fullTemporary, mounts: true },
  { name: "downloads killed while they receive", run: downloads.killedDownloads },
  { name: "downloads killed while they unpack", run: downloads.killedUnpacking },
  { name: "downloads at the same time", run: downloads.downloadsAtOnce },
  { name: "downloads that break off", run: downloads.brokenDownloads },
  { name: "downloads with wrong hashes", run: downloads.wrongHashes },
  { name: "no room for modules", run: downloads.fullModuleCache, mounts: true },
];

async function main(argv: readonly string[]): Promise<number> {
  const number = (flag: string, usual: number): number => (argv.includes(flag) ? Number(argv[argv.indexOf(flag) + 1]) : usual);
  const words = argv.filter((a, i) => !a.startsWith("-") && !["--kills", "--seed"].includes(argv[i - 1] ?? ""));
  const seed = number("--seed", Date.now() % 100000);
  console.log(`seed ${seed}`);
  const top = realpathSync(mkdtempSync(join(tmpdir(), "go3s-crash-")));
  const lab = new Lab(top, number("--kills", 10), seed);
  const mountable = canMount();
  let failed = 0;
  try {
    for (const c of cases.filter(({ name }) => words.length === 0 || words.some((w) => name.includes(w)))) {
      if (c.mounts === true && !mountable) {
        console.log(`skip  ${c.name}: disks can't be mounted here`);
        continue;
      }
      const start = performance.now();
      let text: string;
      try {
        text = `ok    ${c.name}: ${await c.run(lab)}`;
      } catch (e) {
        failed++;
        text = `FAIL  ${c.name}: ${e instanceof Error ? e.message : String(e)}`;
      }
      console.log(`${text} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
    }
  } finally {
    removeTree(new NodeHost([]), top);
  }
  return failed > 0 ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
