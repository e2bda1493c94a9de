// The same source gives the same bytes (-trimpath): with any number of threads, whatever is known from earlier builds, in whatever folder, with another home, time
// zone and language, at another path of the Go tree.
//   npm run test:same -- [--example hello] [--times 20] [--threads 1,2,4]

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NodeHost } from "../../src/host/node.ts";
import { findGoroot } from "../../src/load/goroot.ts";

/** What a build finds of earlier ones. */
const states = ["no cache", "nothing", "another program's code", "its own code", "itself"] as const;
type Known = (typeof states)[number];

const other = "package main\n\nfunc main() { println(len(map[string]int{}) > 0) }\n";

class Same {
  private readonly top: string;
  private readonly example: string;
  private readonly goroot = findGoroot(new NodeHost([])).folder;
  private readonly otherCache: string;
  private readonly ownCache: string;
  private count = 0;

  constructor(top: string, example: string) {
    this.top = top;
    this.example = example;
    this.otherCache = join(top, "cache-other");
    this.ownCache = join(top, "cache-own");
    symlinkSync(this.goroot, join(top, "tree"));
    const folder = join(top, "other");
    mkdirSync(folder);
    writeFileSync(join(folder, "main.go"), other);
    this.run(folder, ["-p", "1", "main.go"], this.otherCache, this.goroot);
  }

  /** Builds the example in a folder of its own; the result is the executable's hash and size. */
  build(threads: number, known: Known): string {
    const n = this.count++;
    const folder = join(this.top, `f${n}`, "x".repeat(1 + ((n * 7) % 40)), this.example);
    cpSync(join("examples", this.example), folder, { recursive: true });
    for (const name of readdirSync(folder)) utimesSync(join(folder, name), 1e9 + n * 1e6, 1e9 + n * 1e6);
    const output = join(this.top, `f${n}`, "out");
    const goroot = n % 3 === 1 ? join(this.top, "tree") : this.goroot;
    let cache = join(this.top, `cache${n}`);
    if (known === "no cache") cache = "off";
    if (known === "another program's code") cpSync(this.otherCache, cache, { recursive: true });
    if (known === "its own code" || known === "itself") {
      cache = this.ownCache;
      // Folders belong to what is asked for, so that this build is none of those that are in there.
      if (known === "itself" || !existsSync(cache)) this.run(folder, ["-p", "1", "-o", output, "."], cache, goroot);
    }
    this.run(folder, ["-p", String(threads), "-o", output, "."], cache, goroot);
    const bytes = readFileSync(output);
    rmSync(join(this.top, `f${n}`), { recursive: true });
    return `${createHash("sha256").update(bytes).digest("hex")} ${bytes.length}`;
  }

  private run(folder: string, words: readonly string[], cache: string, goroot: string): void {
    const odd = this.count % 2 === 1;
    const home = join(this.top, odd ? "home" : "another/home");
    mkdirSync(home, { recursive: true });
    const env = {
      ...process.env,
      GO3SCACHE: cache,
      GOFLAGS: "",
      GOROOT: goroot,
      HOME: home,
      GOMODCACHE: join(home, "modules"),
      LANG: odd ? "C" : "de_DE.UTF-8",
      TZ: odd ? "UTC" : "Asia/Tokyo",
      PWD: folder,
    };
    const args = [join(process.cwd(), "dist/go3s.js"), "build", "-trimpath", ...words];
    const r = spawnSync(process.execPath, args, { cwd: folder, env, encoding: "utf8" });
    if (r.status !== 0) throw new Error(`${args.slice(1).join(" ")}: status ${r.status}\n${r.stderr}`);
  }
}

function main(argv: readonly string[]): number {
  const value = (flag: string, usual: string): string => (argv.includes(flag) ? (argv[argv.indexOf(flag) + 1] as string) : usual);
  const example = value("--example", "hello");
  const times = Number(value("--times", "20"));
  const threads = value("--threads", "1,2,4").split(",").map(Number);
  const top = realpathSync(mkdtempSync(join(tmpdir(), "go3s-same-")));
  const results = new Map<string, number>();
  try {
    const same = new Same(top, example);
    for (let i = 0; i < times; i++) {
      const start = performance.now();
      // Every state meets every number of threads when the numbers have no common factor.
      const count = threads[i % threads.length] as number;
      const known = states[i % states.length] as Known;
      const result = same.build(count, known);
      results.set(result, (results.get(result) ?? 0) + 1);
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      console.log(`${result.slice(0, 16)}  ${result.split(" ")[1]} bytes  ${count} threads, known: ${known} (${seconds} s)`);
    }
  } finally {
    rmSync(top, { recursive: true, force: true });
  }
  console.log(`${times} builds of ${example}: ${results.size === 1 ? "the same bytes" : `${results.size} different results`}`);
  return results.size === 1 ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
