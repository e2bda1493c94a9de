// Tests that pass need not run again while nothing has changed that they look at: the test program, its arguments, and what it logged (-test.testlogfile): variables
// of the environment, files and folders below its module. The rules are the go command's.

import { type FileInfo, type Host, HostError } from "../base/host.ts";
import { cleanPath, joinPath } from "../base/paths.ts";
import type { TestPackage } from "../driver/testbuild.ts";
import type { Store } from "../driver/store.ts";

/** Arguments that don't keep a result from being used again. */
const usable = /^-test\.(benchtime|cpu|list|parallel|run|short|skip|timeout|failfast|v|fullpath)=/;
/** Arguments that don't matter to the result. */
const indifferent = /^-test\.outputdir=/;
/** A file that was written so lately may be written again without another time, in milliseconds. */
const settled = 2000;
const logStart = "# test log\n";
const expiry = "tests expire";

/** What is kept of a run, as JSON. */
interface Run {
  /** What it printed, a code unit for each byte. */
  readonly text: string;
  /** When it was, in milliseconds since 1970. */
  readonly time: number;
}

/** Results of before now don't count any more (clean -testcache). */
export function expireTests(store: Store, host: Host): void {
  store.put(store.key(expiry), new TextEncoder().encode(String(host.time())));
}

/** The results of one command line. */
export class TestCache {
  private readonly host: Host;
  private readonly store: Store;
  private readonly about: string;

  private constructor(host: Host, store: Store, about: string) {
    this.host = host;
    this.store = store;
    this.about = about;
  }

  /** Null if results of such a command line are not kept. `wrapper`: the words of -exec. */
  static open(host: Host, store: Store | null, args: readonly string[], wrapper: readonly string[]): TestCache | null {
    if (store === null || args.some((a) => !usable.test(a) && !indifferent.test(a))) return null;
    return new TestCache(host, store, JSON.stringify([args.filter((a) => !indifferent.test(a)), wrapper]));
  }

  /** What a test program printed when it passed, if it would do so again; `program` is its hash. */
  find(pkg: TestPackage, program: string): string | null {
    const { store } = this;
    if (pkg.root === "") return null;
    const log = store.get(this.logKey(pkg, program));
    const key = log === null ? null : this.runKey(pkg, program, new TextDecoder("latin1").decode(log));
    const data = key === null ? null : store.get(key);
    if (data === null) return null;
    const run = JSON.parse(new TextDecoder().decode(data)) as Run;
    const expired = store.get(store.key(expiry));
    return expired !== null && run.time <= Number(new TextDecoder().decode(expired)) ? null : run.text;
  }

  /** Keeps what a program that passed has printed. */
  keep(pkg: TestPackage, program: string, log: Uint8Array, text: string): void {
    const lines = new TextDecoder("latin1").decode(log);
    if (pkg.root === "" || !lines.startsWith(logStart) || !lines.endsWith("\n")) return;
    const key = this.runKey(pkg, program, lines);
    if (key === null) return;
    const run: Run = { text, time: this.host.time() };
    this.store.put(key, new TextEncoder().encode(JSON.stringify(run)));
    this.store.put(this.logKey(pkg, program), log);
  }

  private logKey(pkg: TestPackage, program: string): string {
    return this.store.key(`test log\n${pkg.path}\n${program}\n${this.about}`);
  }

  /** The key of a run that looked at what the log says; null: what it looked at is not settled yet. */
  private runKey(pkg: TestPackage, program: string, log: string): string | null {
    const seen: string[] = [`GODEBUG=${this.host.env("GODEBUG")}`];
    let folder = pkg.dir;
    for (const line of log.slice(logStart.length).split("\n")) {
      if (line === "") continue;
      const space = line.indexOf(" ");
      const op = line.slice(0, space);
      const name = new TextDecoder().decode(Uint8Array.from(line.slice(space + 1), (c) => c.charCodeAt(0)));
      const path = cleanPath(name.startsWith("/") ? name : joinPath(folder, name));
      const inside = path === pkg.root || path.startsWith(`${pkg.root}/`);
      if (op === "getenv") {
        const value = this.host.env(name);
        seen.push(value === undefined ? `no ${name}` : `${name}=${value}`);
      } else if (op === "chdir") {
        folder = name;
        seen.push(`${name} ${show(this.host.stat(name))}`);
      } else if (op === "stat" && inside) seen.push(`${path} ${show(this.host.stat(path))}`);
      else if (op === "open" && inside) {
        const state = this.state(path);
        if (state === null) return null;
        seen.push(`${path} ${state}`);
      } else if (op !== "stat" && op !== "open") return null;
    }
    return this.store.key(`test\n${pkg.path}\n${program}\n${this.about}\n${JSON.stringify(seen)}`);
  }

  /** What opening a file or folder shows; null: it was changed just now. */
  private state(path: string): string | null {
    const info = this.host.stat(path);
    if (info.kind === "file") return this.host.time() - info.modified < settled ? null : show(info);
    if (info.kind !== "folder") return show(info);
    try {
      return [show(info), ...this.host.readFolder(path).map((name) => `${name} ${show(this.host.stat(joinPath(path, name)))}`)].join("\n");
    } catch (error) {
      if (error instanceof HostError) return error.reason;
      throw error;
    }
  }
}

function show(info: FileInfo): string {
  return info.kind === "missing" ? "missing" : `${info.kind} ${info.size} ${info.modified}`;
}
