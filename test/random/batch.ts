// Several random programs as one main package.

import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mainFile, program } from "./program.ts";

/** The seeds that the unit tests run; what they print is in expected.txt. */
export const sampleSeeds: readonly number[] = [1, 2, 4, 6, 7];

/** Writes the main package of some seeds into a folder, which is emptied. */
export function writeBatch(folder: string, seeds: readonly number[], only: readonly string[] = []): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "go.mod"), "module random\n\ngo 1.26\n");
  copyFileSync("test/random/prelude.go", join(folder, "prelude.go"));
  const runs: string[] = [];
  for (const seed of seeds) {
    const p = program(seed, only);
    writeFileSync(join(folder, `s${seed}.go`), p.text);
    runs.push(p.run);
  }
  writeFileSync(join(folder, "main.go"), mainFile(runs));
}
