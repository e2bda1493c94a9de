// A host on which some files are others (-overlay): what an editor holds that is not saved yet, or what a generator made elsewhere. A path that stands for a file has
// the contents of another, a path that stands for nothing is not there, and folders on the way to such paths exist. Only looking at files changes; who writes, writes
// to the path itself.

import { type FileInfo, type Host, HostError } from "./host.ts";
import { absolute, baseName, isBelow, joinPath, parentFolder, withEndings } from "./paths.ts";

/** By absolute path, where its contents are; "" for a file that is not to be there. */
export type Replacements = ReadonlyMap<string, string>;

const missing: FileInfo = { kind: "missing", size: 0, modified: 0, changed: 0, inode: 0 };
const impliedFolder: FileInfo = { ...missing, kind: "folder" };

class Replacing {
  private readonly host: Host;
  private readonly files: Replacements;
  /** Folders that exist because of what is said of paths in them, with the names that are there for that reason (true) or gone (false). */
  private readonly folders = new Map<string, Map<string, boolean>>();

  constructor(host: Host, files: Replacements) {
    this.host = host;
    this.files = files;
    for (const [path, target] of files) {
      const kept = target !== "";
      this.entry(parentFolder(path)).set(baseName(path), kept);
      for (let at = parentFolder(path); at !== "/"; at = parentFolder(at)) {
        const names = this.entry(parentFolder(at));
        if (kept) names.set(baseName(at), true);
      }
    }
  }

  private entry(folder: string): Map<string, boolean> {
    let names = this.folders.get(folder);
    if (names === undefined) {
      names = new Map();
      this.folders.set(folder, names);
    }
    return names;
  }

  /** What a path stands for: another path, "" for nothing, null for itself. */
  private target(path: string): string | null {
    const full = absolute(this.host.cwd(), path);
    const own = this.files.get(full);
    if (own !== undefined) return own;
    if (this.isImplied(full)) return null;
    // Nothing lies below a file, or below what is gone.
    for (let at = parentFolder(full); at !== "/"; at = parentFolder(at)) if (this.files.has(at)) return "";
    return null;
  }

  private isImplied(full: string): boolean {
    return this.folders.has(full) && !this.files.has(full);
  }

  stat(path: string): FileInfo {
    const target = this.target(path);
    if (target === "") return missing;
    if (target !== null) {
      const info = this.host.stat(target);
      return info.kind === "file" ? info : missing;
    }
    const info = this.host.stat(path);
    return info.kind !== "folder" && this.isImplied(absolute(this.host.cwd(), path)) ? impliedFolder : info;
  }

  readFile(path: string): Uint8Array {
    const target = this.target(path);
    if (target === "") throw new HostError(path, "no such file or directory");
    return this.host.readFile(target ?? path);
  }

  readFolder(path: string, endings: readonly string[]): string[] {
    const target = this.target(path);
    if (target === "") throw new HostError(path, "no such file or directory");
    if (target !== null) throw new HostError(path, "not a directory");
    const full = absolute(this.host.cwd(), path);
    const changes = this.folders.get(full);
    if (changes === undefined) return this.host.readFolder(path, endings);
    const names = new Set(this.isImplied(full) && this.host.stat(path).kind !== "folder" ? [] : this.host.readFolder(path));
    for (const [name, kept] of changes) {
      if (kept) names.add(name);
      else names.delete(name);
      const child = this.files.get(joinPath(full, name)) ?? "";
      if (child !== "" && this.host.stat(child).kind === "folder") throw new HostError(path, `overlay maps child ${name} to directory`);
    }
    return withEndings([...names].sort(), endings);
  }

  realPath(path: string): string {
    const target = this.target(path);
    const full = absolute(this.host.cwd(), path);
    if (target === null && !(this.isImplied(full) && this.host.stat(path).kind === "missing")) return this.host.realPath(path);
    return joinPath(this.realPath(parentFolder(full)), baseName(full));
  }
}

/** The host as it is with replacements. */
export function replacingHost(host: Host, files: Replacements): Host {
  const replacing = new Replacing(host, files);
  const own = Object.create(host) as Host;
  own.stat = (path) => replacing.stat(path);
  own.readFile = (path) => replacing.readFile(path);
  own.readFolder = (path, endings = []) => replacing.readFolder(path, endings);
  own.realPath = (path) => replacing.realPath(path);
  own.isReplaced = (path) => files.has(absolute(host.cwd(), path));
  own.writeFile = (path, data, mode) => host.writeFile(path, data, mode);
  own.makeFolder = (path) => host.makeFolder(path);
  return own;
}

/** A replaced path that is a folder, or above or below it; "" if there is none. */
export function replacedAround(files: Replacements, folder: string): string {
  for (const path of files.keys()) if (isBelow(path, folder) || isBelow(folder, path)) return path;
  return "";
}
