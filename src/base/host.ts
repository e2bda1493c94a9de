// What the compiler needs from the machine that it runs on. Only src/host implements it (on Node), and only src/main.ts
// knows which implementation is in use: the core can run anywhere.

import type { Kept } from "./kept.ts";

/** What a path names. `missing` also covers paths that can't be reached. */
export type FileKind = "file" | "folder" | "missing" | "other";

export interface FileInfo {
  readonly kind: FileKind;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
  /** When contents or attributes last changed, which nobody can set at will; milliseconds since 1970. */
  readonly changed: number;
  /** Tells files of one disk apart. */
  readonly inode: number;
}

/** A failure of the host, with a message in the kernel's usual words ("no such file or directory"). */
export class HostError extends Error {
  readonly path: string;
  readonly reason: string;

  constructor(path: string, reason: string) {
    super(`${path}: ${reason}`);
    this.path = path;
    this.reason = reason;
  }
}

export interface RunResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a program is run with its own folder and environment. */
export interface ExecuteOptions {
  readonly folder: string;
  /** What its environment has beyond ours. */
  readonly env: Readonly<Record<string, string>>;
  /** Gets what it writes to stdout and stderr, as it comes; null: both go to our stdout. The bytes are valid during the call only. */
  readonly output: ((bytes: Uint8Array) => void) | null;
  /** Milliseconds after which it is told to quit, 0: never. */
  readonly limit: number;
}

/** How a program ended. */
export interface ExecuteResult {
  readonly status: number;
  /** The number of the signal that ended it, or 0. */
  readonly signal: number;
  /** It was told to quit. */
  readonly late: boolean;
}

/** A file to fetch. */
export interface FetchRequest {
  /** Of http, https or file. */
  readonly url: string;
  /** Where it goes; "" for a result in memory. */
  readonly file: string;
  /** The largest number of bytes that is taken. */
  readonly limit: number;
  /** Printed while it is fetched, with how far it is where somebody watches. */
  readonly title?: string;
}

export interface FetchResult {
  /** 200, another status of HTTP (404 also for files that are not there), or 0 if there was no answer. */
  readonly status: number;
  /** What went wrong, or "". */
  readonly error: string;
  /** The bytes; of a failure, the explanation that came with it. */
  readonly data: Uint8Array | null;
}

/** A thread that works for the compiler's. */
export interface Thread {
  /** Hands bytes over, which are gone here then. */
  post(message: Uint8Array): void;
  /** The next answer, or null if there is none yet. */
  receive(): Uint8Array | null;
  /** Whether it can still answer. */
  isAlive(): boolean;
  end(): void;
}

/** What a thread does: gets what it was started with, gives what answers messages; null is no answer. */
export type ThreadWork = (setup: string, shared: Int32Array) => (message: Uint8Array) => Uint8Array | null;

export interface Host {
  readonly args: readonly string[];
  /** What is kept in memory from one build to the next. */
  readonly kept: Kept;
  env(name: string): string | undefined;
  cwd(): string;
  /** Throws HostError. */
  changeFolder(path: string): void;
  /** What the host calls the architecture of its machine. */
  machine(): string;
  homeFolder(): string;
  tempFolder(): string;
  /** Throws HostError. */
  readFile(path: string): Uint8Array;
  /** Names in the folder, sorted by byte order; with endings, only those that have one of them. Throws HostError. */
  readFolder(path: string, endings?: readonly string[]): string[];
  stat(path: string): FileInfo;
  /** Whether a path stands for another file, or for none (-overlay). */
  isReplaced(path: string): boolean;
  realPath(path: string): string;
  /** Writes beside the target and renames, so that a failure leaves the old file untouched. Throws HostError. */
  writeFile(path: string, data: Uint8Array | string, mode: number): void;
  makeFolder(path: string): void;
  makeTempFolder(prefix: string): string;
  remove(path: string): void;
  /** Changes the permissions of a file or folder. Throws HostError. */
  setMode(path: string, mode: number): void;
  /** Whether another process has a lock on a file. */
  isLocked(path: string): boolean;
  sleep(milliseconds: number): void;
  /** Throws HostError. */
  rename(from: string, to: string): void;
  /** Makes now the time when a file was last modified. Throws HostError. */
  touch(path: string): void;
  /** How many threads of ours the machine can run at the same time; 1 where others keep it busy. */
  processors(): number;
  /**
   * Starts a thread that does the compiler's ThreadWork, with memory that it shares with us; null: there are none here. When it has dealt with a message it adds one to
   * the first word of that memory and wakes whoever waits for it.
   */
  startThread(setup: string, shared: Int32Array): Thread | null;
  /** A word that no other process and no earlier call has, made of the numbers of process, thread and call ("123-0-7"). */
  unique(): string;
  /** Fetches files, several at the same time, and waits for all of them. */
  fetch(requests: readonly FetchRequest[]): FetchResult[];
  /** Runs a program to its end, with our stdin, stdout and stderr when `inherit` is true. */
  run(program: string, args: readonly string[], inherit: boolean): RunResult;
  /** Runs a program without stdin, its stdout and stderr as one stream. Throws HostError. */
  execute(program: string, args: readonly string[], options: ExecuteOptions): ExecuteResult;
  stdout(text: string | Uint8Array): void;
  stderr(text: string): void;
  /** Shows a line on the terminal of stderr in place of the one before, until something else is written; "" takes it away. Does nothing where there is no terminal. */
  showStatus(line: string): void;
  isTerminal(stream: "stdout" | "stderr"): boolean;
  /** Milliseconds from a clock that never goes back. */
  now(): number;
  /** Milliseconds since 1970. */
  time(): number;
  /** Another one for every other state of the compiler's code, and for every other engine that runs it. */
  compilerId(): string;
  /** The folder with goroot/overlay.json, shipped with go3s. */
  overlayFolder(): string;
  /** A folder with what was kept when the compiler was installed (driver/store.ts), or "". */
  installedStore(): string;
  sha256(data: Uint8Array): Uint8Array;
  /** Whether an Ed25519 signature is that of the public key (32 bytes) over the message. */
  verifyEd25519(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  /** Throws if the result has more than `limit` bytes, or the data is damaged. */
  inflate(data: Uint8Array, limit: number): Uint8Array;
  deflate(data: Uint8Array): Uint8Array;
}
