// The host on Node: files, processes, clock. The only place of the product that uses Node's API.

import { spawnSync } from "node:child_process";
import { createHash, createPublicKey, verify } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { threadId } from "node:worker_threads";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { execute } from "./execute.ts";
import { Fetching } from "./fetch.ts";
import { isBusy } from "./load.ts";
import { NodeThread } from "./thread.ts";
import {
  type ExecuteOptions,
  type ExecuteResult,
  type FetchRequest,
  type FetchResult,
  type FileInfo,
  type Host,
  HostError,
  type RunResult,
  type Thread,
} from "../base/host.ts";
import { Kept } from "../base/kept.ts";
import { withEndings } from "../base/paths.ts";

/** Set by the bundler (tools/build.mjs): a hash of the compiler's sources. */
declare const GO3S_SOURCE_HASH: string;

const reasons: Record<string, string> = {
  ENOENT: "no such file or directory",
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  EISDIR: "is a directory",
  ENOTDIR: "not a directory",
  EEXIST: "file exists",
  ENOTEMPTY: "directory not empty",
  ENOSPC: "no space left on device",
  EDQUOT: "disk quota exceeded",
  EFBIG: "file too large",
  EIO: "input/output error",
  EROFS: "read-only file system",
  ELOOP: "too many levels of symbolic links",
  ENAMETOOLONG: "file name too long",
  EMFILE: "too many open files",
  EXDEV: "invalid cross-device link",
  ETXTBSY: "text file busy",
};

/** Turns what Node throws into a HostError. */
function failure(path: string, e: unknown): HostError {
  const code = (e as { code?: string }).code ?? "";
  return new HostError(path, reasons[code] ?? (e instanceof Error ? e.message : String(e)));
}

function attempt<R>(path: string, action: () => R): R {
  try {
    return action();
  } catch (e) {
    throw failure(path, e);
  }
}

/** Node as a Host. */
export class NodeHost implements Host {
  readonly args: readonly string[];
  readonly kept: Kept = new Kept(128 << 20);
  private temporary = 0;
  private readonly fetching = new Fetching();
  private readonly threads: URL | null;
  private statusShown = false;

  /** `threads`: the script in which threads do their work (serveThread); without it there are none. */
  constructor(args: readonly string[], threads: URL | null = null) {
    this.args = args;
    this.threads = threads;
  }

  env(name: string): string | undefined {
    return process.env[name];
  }

  cwd(): string {
    // The shell's idea of the folder keeps symbolic links, which is what people expect to see in messages.
    const shown = process.env.PWD;
    const real = process.cwd();
    if (shown?.startsWith("/")) {
      try {
        if (fs.realpathSync(shown) === real) return shown;
      } catch {
        // PWD is stale.
      }
    }
    return real;
  }

  changeFolder(path: string): void {
    const target = isAbsolute(path) ? path : join(this.cwd(), path);
    attempt(path, () => process.chdir(target));
    process.env.PWD = target;
  }

  machine(): string {
    return process.arch;
  }

  homeFolder(): string {
    return os.homedir();
  }

  tempFolder(): string {
    return os.tmpdir();
  }

  readFile(path: string): Uint8Array {
    // A Buffer's slice shares its bytes, which nobody expects of an array.
    return attempt(path, () => plain(fs.readFileSync(path)));
  }

  readFolder(path: string, endings: readonly string[] = []): string[] {
    return withEndings(
      attempt(path, () => sortedByBytes(fs.readdirSync(path))),
      endings,
    );
  }

  stat(path: string): FileInfo {
    let s: fs.Stats | undefined;
    try {
      s = fs.statSync(path, { throwIfNoEntry: false });
    } catch {
      // Not a folder on the way, or not ours to look at.
    }
    if (s === undefined) return { kind: "missing", size: 0, modified: 0, changed: 0, inode: 0 };
    const kind = s.isFile() ? "file" : s.isDirectory() ? "folder" : "other";
    return { kind, size: s.size, modified: s.mtimeMs, changed: s.ctimeMs, inode: s.ino };
  }

  isReplaced(): boolean {
    return false;
  }

  realPath(path: string): string {
    return attempt(path, () => fs.realpathSync(path));
  }

  writeFile(path: string, data: Uint8Array | string, mode: number): void {
    // Devices and pipes are written to, not replaced; a link's target is replaced, not the link.
    const kind = this.stat(path).kind;
    if (kind === "other") {
      attempt(path, () => fs.writeFileSync(path, data));
      return;
    }
    if (kind === "file") path = this.realPath(path);
    const beside = `${path}.${this.unique()}.tmp`;
    try {
      fs.writeFileSync(beside, data, { mode });
      fs.chmodSync(beside, mode);
      fs.renameSync(beside, path);
    } catch (e) {
      fs.rmSync(beside, { force: true });
      throw failure(path, e);
    }
  }

  makeFolder(path: string): void {
    // One by one: Node's own way does not end below /proc.
    const missing: string[] = [];
    for (let at = path; this.stat(at).kind === "missing"; at = dirname(at)) missing.push(at);
    for (const folder of missing.reverse()) makeOne(path, folder);
    if (this.stat(path).kind !== "folder") throw new HostError(path, reasons.ENOTDIR as string);
  }

  makeTempFolder(prefix: string): string {
    const path = join(os.tmpdir(), prefix);
    return attempt(path, () => fs.mkdtempSync(path));
  }

  remove(path: string): void {
    attempt(path, () => fs.rmSync(path, { recursive: true, force: true }));
  }

  setMode(path: string, mode: number): void {
    attempt(path, () => fs.chmodSync(path, mode));
  }

  isLocked(path: string): boolean {
    try {
      const { ino } = fs.statSync(path);
      // Each line: number, kind, mode, access, process, device as hex:hex with the inode, range.
      return fs
        .readFileSync("/proc/locks", "utf8")
        .split("\n")
        .some((line) => line.split(/\s+/)[5]?.split(":")[2] === String(ino));
    } catch {
      return false;
    }
  }

  sleep(milliseconds: number): void {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
  }

  rename(from: string, to: string): void {
    attempt(to, () => fs.renameSync(from, to));
  }

  touch(path: string): void {
    const now = new Date();
    attempt(path, () => fs.utimesSync(path, now, now));
  }

  processors(): number {
    return isBusy() ? 1 : os.availableParallelism();
  }

  startThread(setup: string, shared: Int32Array): Thread | null {
    return this.threads === null ? null : new NodeThread(this.threads, setup, shared);
  }

  unique(): string {
    return `${process.pid}-${threadId}-${this.temporary++}`;
  }

  fetch(requests: readonly FetchRequest[]): FetchResult[] {
    return this.fetching.fetch(requests, this.isTerminal("stderr"));
  }

  run(program: string, args: readonly string[], inherit: boolean): RunResult {
    const r = spawnSync(program, args, {
      stdio: inherit ? "inherit" : ["ignore", "pipe", "pipe"],
      encoding: "utf8",
      maxBuffer: 1 << 28,
    });
    if (r.error !== undefined) throw failure(program, r.error);
    return { status: exitStatus(r), stdout: r.stdout ?? "", stderr: r.stderr ?? "" };
  }

  execute(program: string, args: readonly string[], options: ExecuteOptions): ExecuteResult {
    const folder = options.output === null ? null : this.makeTempFolder("go3s-output-");
    try {
      return attempt(program, () => execute(program, args, options, folder));
    } finally {
      if (folder !== null) this.remove(folder);
    }
  }

  stdout(text: string | Uint8Array): void {
    this.showStatus("");
    writeAll(1, text);
  }

  stderr(text: string): void {
    this.showStatus("");
    writeAll(2, text);
  }

  showStatus(line: string): void {
    if (line === "" ? !this.statusShown : !this.isTerminal("stderr") || process.env.TERM === "dumb") return;
    this.statusShown = line !== "";
    // To the start of the line, and away with what is there.
    writeAll(2, `\r\x1b[2K${line.slice(0, (process.stderr.columns || 80) - 1)}`);
  }

  isTerminal(stream: "stdout" | "stderr"): boolean {
    return (stream === "stdout" ? process.stdout : process.stderr).isTTY === true;
  }

  now(): number {
    return performance.now();
  }

  time(): number {
    return Date.now();
  }

  compilerId(): string {
    return `${GO3S_SOURCE_HASH} ${process.version}`;
  }

  overlayFolder(): string {
    // Beside the bundle's folder in an installation, above the sources or the tests' bundle in a checkout.
    let folder = dirname(fileURLToPath(import.meta.url));
    for (;;) {
      const candidate = join(folder, "goroot");
      if (fs.existsSync(join(candidate, "overlay.json"))) return candidate;
      const parent = dirname(folder);
      if (parent === folder) throw new HostError("goroot/overlay.json", "no such file or directory");
      folder = parent;
    }
  }

  installedStore(): string {
    const folder = join(dirname(fileURLToPath(import.meta.url)), "kept");
    return fs.existsSync(folder) ? folder : "";
  }

  sha256(data: Uint8Array): Uint8Array {
    return createHash("sha256").update(data).digest();
  }

  verifyEd25519(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
    // The fixed beginning of such a key in DER.
    const der = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), key]);
    const publicKey = createPublicKey({ key: der, format: "der", type: "spki" });
    return verify(null, message, publicKey, signature);
  }

  inflate(data: Uint8Array, limit: number): Uint8Array {
    return plain(inflateRawSync(data, { maxOutputLength: Math.max(limit, 1) }));
  }

  deflate(data: Uint8Array): Uint8Array {
    return deflateRawSync(data, { level: 9 });
  }
}

/** The status of a process, as a shell has it if a signal ended it. */
function exitStatus(r: { status: number | null; signal: NodeJS.Signals | null }): number {
  return r.status ?? 128 + (r.signal === null ? 0 : os.constants.signals[r.signal]);
}

/** A Buffer as an ordinary array. */
function plain(data: Buffer): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.length);
}

/** Code unit order: that of bytes, but for characters beyond the basic plane. */
function sortedByBytes(names: string[]): string[] {
  return names.sort();
}

/** Writes even to a pipe whose reader is slow. */
function writeAll(fd: number, text: string | Uint8Array): void {
  let data: Uint8Array = typeof text === "string" ? Buffer.from(text) : text;
  while (data.length > 0) {
    try {
      data = data.subarray(fs.writeSync(fd, data));
    } catch (e) {
      const code = (e as { code?: string }).code;
      if (code === "EPIPE") return;
      if (code !== "EAGAIN") throw e;
    }
  }
}

/** Makes a folder, which another process may be making at the same time. */
function makeOne(path: string, folder: string): void {
  try {
    fs.mkdirSync(folder);
  } catch (e) {
    if ((e as { code?: string }).code !== "EEXIST") throw failure(path, e);
  }
}
