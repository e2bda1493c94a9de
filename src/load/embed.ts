// Resolves `//go:embed` patterns to files, by the go command's rules.

import type { Host } from "../base/host.ts";
import { baseName, joinPath, parentFolder } from "../base/paths.ts";
import { Glob } from "./glob.ts";

/** A pattern that matches nothing that can be embedded. */
export class EmbedError extends Error {}

/** Names that can't be in a module: reserved on some system, or with characters that are not allowed. */
function badName(name: string): boolean {
  if (name === "" || [".bzr", ".hg", ".git", ".svn"].includes(name)) return true;
  if (name.endsWith(".")) return true;
  if (!/^[\p{L}0-9!#$%&()+,\-.=@[\]^_{}~ ]+$/u.test(name)) return true;
  const stem = (name.split(".")[0] as string).toLowerCase();
  return /^(con|prn|aux|nul|com[1-9]|lpt[1-9])$/.test(stem);
}

/** Whether a pattern may be used: relative, clean, not the folder itself. */
function validPattern(pattern: string): boolean {
  if (pattern === "" || pattern === ".") return false;
  return pattern.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

/** Resolves patterns in a package's folder. */
export class EmbedResolver {
  private readonly host: Host;
  private readonly dir: string;

  constructor(host: Host, dir: string) {
    this.host = host;
    this.dir = dir;
  }

  /** The files of a pattern, relative to the package's folder, sorted. Throws EmbedError. */
  resolve(pattern: string): string[] {
    const all = pattern.startsWith("all:");
    const glob = all ? pattern.slice(4) : pattern;
    const parts = glob.split("/").map((part) => Glob.parse(part));
    if (!validPattern(glob) || parts.includes(null)) throw new EmbedError("invalid pattern syntax");
    const files = new Set<string>();
    for (const rel of this.glob(glob.split("/"), parts as Glob[])) this.add(rel, all, files);
    if (files.size === 0) throw new EmbedError("no matching files found");
    return [...files].sort();
  }

  private glob(parts: readonly string[], patterns: readonly Glob[]): string[] {
    let found = [""];
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i] as string;
      const next: string[] = [];
      for (const folder of found) {
        const path = joinPath(this.dir, folder);
        if (!/[*?[\\]/.test(part)) {
          const rel = folder === "" ? part : `${folder}/${part}`;
          if (this.kind(rel) !== "missing") next.push(rel);
        } else if (this.host.stat(path).kind === "folder") {
          for (const name of this.host.readFolder(path)) {
            if ((patterns[i] as Glob).matches(name)) next.push(folder === "" ? name : `${folder}/${name}`);
          }
        }
      }
      found = next;
    }
    return found;
  }

  /** What a path is, without following a symbolic link at its end. */
  private kind(rel: string): "file" | "folder" | "missing" | "other" {
    const path = joinPath(this.dir, rel);
    const kind = this.host.stat(path).kind;
    if (kind === "missing" || kind === "other") return kind;
    const folder = this.host.realPath(parentFolder(path));
    return joinPath(folder, baseName(path)) === this.host.realPath(path) ? kind : "other";
  }

  private add(rel: string, all: boolean, files: Set<string>): void {
    const kind = this.kind(rel);
    const what = kind === "folder" ? "directory" : "file";
    const parts = rel.split("/");
    for (let i = parts.length; i > 0; i--) {
      const at = parts.slice(0, i).join("/");
      const name = parts[i - 1] as string;
      if (this.host.stat(joinPath(this.dir, at, "go.mod")).kind !== "missing") {
        throw new EmbedError(`cannot embed ${what} ${rel}: in different module`);
      }
      if (at !== rel && this.kind(at) !== "folder") {
        throw new EmbedError(`cannot embed ${what} ${rel}: in non-directory ${at}`);
      }
      if (badName(name)) {
        throw new EmbedError(
          at === rel ? `cannot embed ${what} ${rel}: invalid name ${name}` : `cannot embed ${what} ${rel}: in invalid directory ${name}`,
        );
      }
    }
    if (kind === "file") files.add(rel);
    else if (kind === "folder") {
      if (this.addFolder(rel, all, files) === 0) {
        throw new EmbedError(`cannot embed directory ${rel}: contains no embeddable files`);
      }
    } else throw new EmbedError(`cannot embed irregular file ${rel}`);
  }

  /** Adds what lies below a folder; hidden files only with `all:`. Returns how many files there are. */
  private addFolder(rel: string, all: boolean, files: Set<string>): number {
    let count = 0;
    for (const name of this.host.readFolder(joinPath(this.dir, rel))) {
      const at = `${rel}/${name}`;
      const kind = this.kind(at);
      const hidden = name.startsWith(".") || name.startsWith("_");
      if (badName(name) || (hidden && !all)) {
        if (kind === "folder" || hidden) continue;
        throw new EmbedError(`cannot embed file ${at}: invalid name ${name}`);
      }
      if (kind === "folder") {
        if (this.host.stat(joinPath(this.dir, at, "go.mod")).kind === "missing") count += this.addFolder(at, all, files);
      } else if (kind === "file") {
        files.add(at);
        count++;
      }
    }
    return count;
  }
}
