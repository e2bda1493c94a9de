// Where the cases of this suite live: folders, a go3s that can be killed, disks that are small or read-only.

import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** How a command ended. */
export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly milliseconds: number;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Killed after so many milliseconds. */
  readonly after?: number;
  /** Killed at the change of this number that it makes to the file system. */
  readonly change?: number;
  /** Where the number of changes is written to. */
  readonly count?: string;
  /** Commands of a shell that run before, in namespaces of their own: they may mount what they like. */
  readonly mounts?: string;
  readonly started?: (child: ChildProcess) => void;
}

/** One line on stderr, which fits. */
export function oneLine(ended: Ended, status: number, wanted: RegExp): void {
  assert.equal(ended.status, status, ended.stderr);
  assert.match(ended.stderr, /^[^\n]*\n$/);
  assert.match(ended.stderr, wanted);
}

/** What makes tests repeatable that choose at random. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** A number from 0 to below `n`. */
  below(n: number): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.state / 2 ** 32) * n);
  }
}

export class Lab {
  readonly top: string;
  readonly random: Random;
  /** How often builds are killed. */
  readonly kills: number;
  private readonly repository = process.cwd();

  constructor(top: string, kills: number, seed: number) {
    this.top = top;
    this.kills = kills;
    this.random = new Random(seed);
  }

  /** A new folder. */
  folder(): string {
    return mkdtempSync(join(this.top, "f"));
  }

  /** A folder with files. */
  files(files: Readonly<Record<string, string>>): string {
    const folder = this.folder();
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(folder, name, ".."), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return folder;
  }

  go3s(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
    const env: Record<string, string | undefined> = {
      ...process.env,
      GOENV: "off",
      GOFLAGS: "",
      GOPROXY: "off",
      GOSUMDB: "off",
      GOTOOLCHAIN: "local",
      PWD: options.cwd,
      ...options.env,
    };
    const watched = options.change !== undefined || options.count !== undefined;
    if (options.change !== undefined) env.GO3S_KILL = String(options.change);
    if (options.count !== undefined) env.GO3S_KILL_COUNT = options.count;
    const preload = watched ? ["--import", join(this.repository, "test/crash/kill.mjs")] : [];
    const command = [process.execPath, ...preload, join(this.repository, "dist/go3s.js"), ...args];
    const [program, ...words] =
      options.mounts === undefined ? command : ["unshare", "-rm", "sh", "-ec", `${options.mounts}\nexec "$@"`, "sh", ...command];
    const start = performance.now();
    return new Promise((resolve, reject) => {
      const child = spawn(program as string, words, { cwd: options.cwd, env, stdio: ["ignore", "pipe", "pipe"] });
      const texts = ["", ""];
      [child.stdout, child.stderr].forEach((stream, i) => stream.setEncoding("utf8").on("data", (text) => (texts[i] += text)));
      const timer = options.after === undefined ? null : setTimeout(() => child.kill("SIGKILL"), options.after);
      child.on("error", reject);
      child.on("close", (status, signal) => {
        if (timer !== null) clearTimeout(timer);
        resolve({ status, signal, stdout: texts[0] as string, stderr: texts[1] as string, milliseconds: performance.now() - start });
      });
      options.started?.(child);
    });
  }

  /** As `go3s`, which has to succeed without a word. */
  async silent(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
    const ended = await this.go3s(args, options);
    assert.equal(`${ended.signal ?? ended.status} ${ended.stdout}${ended.stderr}`, "0 ");
    return ended;
  }

  /** As `go3s`, which has to succeed and say just that. */
  async silentBut(words: RegExp, args: readonly string[], options: RunOptions): Promise<void> {
    const ended = await this.go3s(args, options);
    assert.equal(ended.status, 0, ended.stderr);
    assert.match(ended.stderr, words);
  }

  /** How many changes a command makes to the file system. */
  async changes(args: readonly string[], options: RunOptions): Promise<number> {
    const count = join(this.folder(), "count");
    const ended = await this.go3s(args, { ...options, count });
    assert.equal(ended.status, 0, ended.stderr);
    return Number(readFileSync(count, "utf8"));
  }
}

/** Whether disks can be mounted here. */
export function canMount(): boolean {
  return spawnSync("unshare", ["-rm", "true"]).status === 0;
}

/** The names of all files and folders below one, with their modes and the hashes of contents. */
export function treeOf(folder: string): string[] {
  const out: string[] = [];
  for (const name of (readdirSync(folder, { recursive: true }) as string[]).sort()) {
    const path = join(folder, name);
    const s = statSync(path);
    out.push(`${name} ${(s.mode & 0o777).toString(8)} ${s.isFile() ? createHash("sha256").update(readFileSync(path)).digest("hex") : ""}`);
  }
  return out;
}

/** What a killed process must not leave for good: names that end in ".tmp". */
export function rubbish(folder: string): string[] {
  return (readdirSync(folder, { recursive: true }) as string[]).filter((name) => /\.tmp(\/|$)/.test(name));
}

export const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
