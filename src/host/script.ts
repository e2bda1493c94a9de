// How the compiler gets into the engine. V8 compiles JavaScript lazily, which for the compiler's own code costs half a second a build. So the
// bundle lies beside a file with what V8 made of it (bytecode of all functions that a build runs), made when the bundle was (tools/train.ts). V8 checks that its
// version and flags are the same, but of the source only the length: hence the hash in front.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Script } from "node:vm";
import { tuneEngine } from "./engine.ts";

const bundle = "compiler.cjs";
const cache = "compiler.cache";
const hashBytes = 32;

/** What the bundle (src/main.ts) exports. */
export interface Compiler {
  /** Runs the command line; the result is the exit status. In a thread, does what threads do. */
  main(args: readonly string[]): number;
}

/** The bundle in a folder, in V8's hands. */
export class CompilerScript {
  private readonly hash: Uint8Array;
  private readonly script: Script;
  private readonly folder: string;
  /** Whether V8 took what was in the file; false too if there is none. */
  readonly cached: boolean;

  constructor(folder: string) {
    tuneEngine();
    this.folder = folder;
    // All of it is ASCII (esbuild's charset): decoding is a copy.
    const bytes = readFileSync(join(folder, bundle));
    this.hash = createHash("sha256").update(bytes).digest();
    const text = `(function(module,require,scriptUrl){${bytes.toString("latin1")}\n})`;
    const cachedData = this.readCache();
    this.script = new Script(text, { filename: join(folder, bundle), ...(cachedData === null ? {} : { cachedData }) });
    this.cached = this.script.cachedDataRejected === false;
  }

  private readCache(): Uint8Array | null {
    try {
      const bytes = readFileSync(join(this.folder, cache));
      return bytes.subarray(0, hashBytes).equals(this.hash) ? bytes.subarray(hashBytes) : null;
    } catch {
      return null;
    }
  }

  /** What the file is to hold for this bundle, now. */
  cacheFile(): Uint8Array {
    return Buffer.concat([this.hash, this.script.createCachedData()]);
  }

  /** Runs the bundle's top level. `url` is the script that threads start with. */
  load(url: string): Compiler {
    const module: { exports: unknown } = { exports: {} };
    const run = this.script.runInThisContext() as (m: typeof module, require: NodeJS.Require, url: string) => void;
    run(module, createRequire(url), url);
    return module.exports as Compiler;
  }
}
