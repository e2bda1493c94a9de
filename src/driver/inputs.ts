// What a build has asked its host for: files, folders, variables. The answers decide what comes out of it, so that a later build with the same questions and the
// same answers need not be done again. The questions are kept in a list; the answers only in a hash.

import { hex } from "../base/hex.ts";
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
import type { Kept } from "../base/kept.ts";

// Questions. Files below folders that hardly change (the Go tree) are known by size and times, others by their contents.
const AskEnv = 1;
const AskWhere = 2;
const AskKind = 3;
const AskFolder = 4;
const AskContents = 5;
const AskState = 6;
const AskRealPath = 7;
const AskGo = 8;

/** A kind and what it is about. */
export type Question = readonly [number, string];

/** Files that changed shortly before they were read may change again within the same tick of the clock: their times say nothing. */
const settled = 3000;

// How answers are written down.

const showKind = (info: FileInfo): string => info.kind;
const showState = (info: FileInfo): string => `${info.kind} ${info.size} ${info.modified} ${info.changed} ${info.inode}`;
const showNames = (names: readonly string[]): string => names.join("\0");
const showText = (text: string): string => text;
const showVariable = (value: string | undefined): string => (value === undefined ? "" : `=${value}`);
const showResult = (r: RunResult): string => `${r.status} ${r.stdout}`;

/** Where the host is: what does not depend on the build. */
function where(host: Host): string {
  return [host.cwd(), host.machine(), host.homeFolder(), host.tempFolder(), host.overlayFolder()].join("\0");
}

/** A folder and the endings of names that count. */
function readNames(host: Host, about: string): string {
  const [path, ...endings] = about.split("\0") as [string, ...string[]];
  return showNames(host.readFolder(path, endings));
}

function showFailure(error: unknown): string {
  if (error instanceof HostError) return `! ${error.reason}`;
  throw error;
}

/** What the host answers now. */
function answer(host: Host, question: Question): string {
  const about = question[1];
  try {
    switch (question[0]) {
      case AskEnv:
        return showVariable(host.env(about));
      case AskWhere:
        return where(host);
      case AskKind:
        return showKind(host.stat(about));
      case AskFolder:
        return readNames(host, about);
      case AskContents:
        return hex(host.sha256(host.readFile(about)));
      case AskState:
        return showState(host.stat(about));
      case AskRealPath:
        return showText(host.realPath(about));
      case AskGo:
        return showResult(host.run("go", about.split(" "), false));
      default:
        return "";
    }
  } catch (error) {
    return showFailure(error);
  }
}

/** What the host answers now to a list of questions. */
export function answers(host: Host, questions: readonly Question[]): string {
  return questions.map((q) => answer(host, q)).join("\n");
}

/** A host that notes what it is asked. */
export class RecordingHost implements Host {
  readonly args: readonly string[];
  readonly kept: Kept;
  private readonly host: Host;
  private readonly asked = new Map<string, string>();
  private readonly list: Question[] = [];
  /** Folders whose files are known by their times. */
  private readonly stable: string[] = [];
  /** False once the build has done something that asking again does not repeat. */
  private repeatable = true;

  constructor(host: Host) {
    this.host = host;
    this.args = host.args;
    this.kept = host.kept;
    this.stable.push(`${host.overlayFolder()}/`);
    this.note(AskWhere, "", where(host));
  }

  /** Files below that folder hardly ever change. To be said before they are read. */
  stableBelow(folder: string): void {
    this.stable.push(`${folder}/`);
  }

  /** The questions, and the answers that they got; null: the build depends on more. */
  result(): { questions: readonly Question[]; answers: string } | null {
    return this.repeatable ? { questions: this.list, answers: [...this.asked.values()].join("\n") } : null;
  }

  private note(kind: number, about: string, answer: string): void {
    const key = `${kind}${about}`;
    const before = this.asked.get(key);
    if (before === undefined) {
      this.asked.set(key, answer);
      this.list.push([kind, about]);
    } else if (before !== answer) {
      // Something changes it while we build.
      this.repeatable = false;
    }
  }

  /** Asks, and notes the answer. */
  private ask<T>(kind: number, about: string, action: () => T, show: (value: T) => string): T {
    let value: T;
    try {
      value = action();
    } catch (error) {
      this.note(kind, about, showFailure(error));
      throw error;
    }
    this.note(kind, about, show(value));
    return value;
  }

  env(name: string): string | undefined {
    return this.ask(AskEnv, name, () => this.host.env(name), showVariable);
  }

  cwd(): string {
    return this.host.cwd();
  }

  machine(): string {
    return this.host.machine();
  }

  homeFolder(): string {
    return this.host.homeFolder();
  }

  tempFolder(): string {
    return this.host.tempFolder();
  }

  overlayFolder(): string {
    return this.host.overlayFolder();
  }

  readFile(path: string): Uint8Array {
    const info = this.host.stat(path);
    const old = this.host.time() - Math.max(info.changed, info.modified) > settled;
    if (info.kind === "file" && old && this.stable.some((folder) => path.startsWith(folder))) {
      return this.ask(
        AskState,
        path,
        () => this.host.readFile(path),
        () => showState(info),
      );
    }
    return this.ask(
      AskContents,
      path,
      () => this.host.readFile(path),
      (data) => hex(this.host.sha256(data)),
    );
  }

  readFolder(path: string, endings: readonly string[] = []): string[] {
    return this.ask(AskFolder, [path, ...endings].join("\0"), () => this.host.readFolder(path, endings), showNames);
  }

  stat(path: string): FileInfo {
    return this.ask(AskKind, path, () => this.host.stat(path), showKind);
  }

  isReplaced(path: string): boolean {
    return this.host.isReplaced(path);
  }

  realPath(path: string): string {
    return this.ask(AskRealPath, path, () => this.host.realPath(path), showText);
  }

  run(program: string, args: readonly string[], inherit: boolean): RunResult {
    const run = (): RunResult => this.host.run(program, args, inherit);
    if (program === "go" && args[0] === "env") return this.ask(AskGo, args.join(" "), run, showResult);
    this.repeatable = false;
    return run();
  }

  // What changes the world.

  changeFolder(path: string): void {
    this.repeatable = false;
    this.host.changeFolder(path);
  }

  writeFile(path: string, data: Uint8Array | string, mode: number): void {
    this.repeatable = false;
    this.host.writeFile(path, data, mode);
  }

  makeFolder(path: string): void {
    this.repeatable = false;
    this.host.makeFolder(path);
  }

  makeTempFolder(prefix: string): string {
    this.repeatable = false;
    return this.host.makeTempFolder(prefix);
  }

  remove(path: string): void {
    this.repeatable = false;
    this.host.remove(path);
  }

  rename(from: string, to: string): void {
    this.repeatable = false;
    this.host.rename(from, to);
  }

  touch(path: string): void {
    this.repeatable = false;
    this.host.touch(path);
  }

  setMode(path: string, mode: number): void {
    this.repeatable = false;
    this.host.setMode(path, mode);
  }

  isLocked(path: string): boolean {
    this.repeatable = false;
    return this.host.isLocked(path);
  }

  fetch(requests: readonly FetchRequest[]): FetchResult[] {
    this.repeatable = false;
    return this.host.fetch(requests);
  }

  execute(program: string, args: readonly string[], options: ExecuteOptions): ExecuteResult {
    this.repeatable = false;
    return this.host.execute(program, args, options);
  }

  stdout(text: string | Uint8Array): void {
    this.repeatable = false;
    this.host.stdout(text);
  }

  stderr(text: string): void {
    this.repeatable = false;
    this.host.stderr(text);
  }

  // What has no influence on the result.

  sleep(milliseconds: number): void {
    this.host.sleep(milliseconds);
  }

  verifyEd25519(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
    return this.host.verifyEd25519(key, message, signature);
  }

  processors(): number {
    return this.host.processors();
  }

  startThread(setup: string, shared: Int32Array): Thread | null {
    return this.host.startThread(setup, shared);
  }

  unique(): string {
    return this.host.unique();
  }

  showStatus(line: string): void {
    this.host.showStatus(line);
  }

  isTerminal(stream: "stdout" | "stderr"): boolean {
    return this.host.isTerminal(stream);
  }

  now(): number {
    return this.host.now();
  }

  time(): number {
    return this.host.time();
  }

  installedStore(): string {
    return this.host.installedStore();
  }

  compilerId(): string {
    return this.host.compilerId();
  }

  sha256(data: Uint8Array): Uint8Array {
    return this.host.sha256(data);
  }

  inflate(data: Uint8Array, limit: number): Uint8Array {
    return this.host.inflate(data, limit);
  }

  deflate(data: Uint8Array): Uint8Array {
    return this.host.deflate(data);
  }
}
