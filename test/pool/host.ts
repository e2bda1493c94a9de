// The machine as one build in a worker sees it: its own arguments, folder and environment; output collected; and the files of the Go tree read
// once for all builds of the worker, since nothing changes them while tests run.

import { isAbsolute, join } from "node:path";
import { type FileInfo, type Host, HostError } from "../../src/base/host.ts";
import { Kept } from "../../src/base/kept.ts";
import { withEndings } from "../../src/base/paths.ts";
import { NodeHost } from "../../src/host/node.ts";

/** What a command is run with. Variables that are undefined are taken out of the environment. */
export interface Command {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Files, listings and kinds below folders that do not change. */
export class FileCache {
  readonly files = new Map<string, Uint8Array>();
  readonly folders = new Map<string, string[]>();
  readonly infos = new Map<string, FileInfo>();
  /** What builds leave for later ones. */
  readonly kept = new Kept(256 << 20);
  readonly roots: readonly string[];

  constructor(roots: readonly string[]) {
    this.roots = roots.map((root) => (root.endsWith("/") ? root : `${root}/`));
  }

  covers(path: string): boolean {
    return this.roots.some((root) => path.startsWith(root));
  }
}

function cached<T>(map: Map<string, T>, path: string, read: () => T): T {
  let value = map.get(path);
  if (value === undefined) {
    value = read();
    map.set(path, value);
  }
  return value;
}

/** A host for one build. */
export class CollectingHost extends NodeHost implements Host {
  readonly out: string[] = [];
  readonly err: string[] = [];
  override readonly kept: Kept;
  private readonly command: Command;
  private readonly cache: FileCache;
  private folder: string;

  constructor(command: Command, cache: FileCache) {
    super(command.args);
    this.command = command;
    this.folder = command.cwd;
    this.cache = cache;
    this.kept = cache.kept;
  }

  private at(path: string): string {
    return isAbsolute(path) ? path : join(this.folder, path);
  }

  override env(name: string): string | undefined {
    const env = this.command.env;
    if (env !== undefined && name in env) return env[name];
    // Tests are about builds that take place.
    return name === "GO3SCACHE" ? "off" : super.env(name);
  }

  override cwd(): string {
    return this.folder;
  }

  override changeFolder(path: string): void {
    const full = this.at(path);
    if (this.stat(full).kind !== "folder") throw new HostError(path, "no such file or directory");
    this.folder = full;
  }

  override readFile(path: string): Uint8Array {
    const full = this.at(path);
    return this.cache.covers(full) ? cached(this.cache.files, full, () => super.readFile(full)) : super.readFile(full);
  }

  override readFolder(path: string, endings: readonly string[] = []): string[] {
    const full = this.at(path);
    // A copy: the list is the caller's.
    if (!this.cache.covers(full)) return super.readFolder(full, endings);
    return withEndings([...cached(this.cache.folders, full, () => super.readFolder(full))], endings);
  }

  override stat(path: string): FileInfo {
    const full = this.at(path);
    return this.cache.covers(full) ? cached(this.cache.infos, full, () => super.stat(full)) : super.stat(full);
  }

  override realPath(path: string): string {
    return super.realPath(this.at(path));
  }

  override writeFile(path: string, data: Uint8Array | string, mode: number): void {
    super.writeFile(this.at(path), data, mode);
  }

  override makeFolder(path: string): void {
    super.makeFolder(this.at(path));
  }

  override remove(path: string): void {
    super.remove(this.at(path));
  }

  override stdout(text: string | Uint8Array): void {
    this.out.push(typeof text === "string" ? text : new TextDecoder().decode(text));
  }

  override stderr(text: string): void {
    this.err.push(text);
  }

  override isTerminal(): boolean {
    return false;
  }
}
