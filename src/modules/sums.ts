// go.sum: the hashes of modules and of their go.mod files that a main module relies on.

import type { Host } from "../base/host.ts";
import { removeRemains } from "../base/remains.ts";
import { ModuleError } from "./error.ts";
import { compareModules, type ModuleVersion } from "./names.ts";
import { compareVersionTexts } from "./semver.ts";
import { usesSumDatabase } from "./settings.ts";
import type { SumDatabase } from "./sumdb.ts";

/** The version under which go.sum has the hash of a module's go.mod file. */
export const goModSuffix = "/go.mod";

/** A hash is not the one that it should be. */
export class SumError extends ModuleError {}

const entryForm = /^(\S+)[ \t]+(\S+)[ \t]+(\S+)$/;

export class Sums {
  private readonly host: Host;
  private readonly database: SumDatabase;
  /** Where new hashes go; "" outside of a module. */
  readonly path: string;
  /** By "path version", with a slash and "go.mod" behind the version of a go.mod file. */
  private readonly known = new Map<string, string[]>();
  /** Hashes of other files that count too, but aren't changed (those of a workspace's modules). */
  private readonly beside = new Map<string, string[]>();
  private readonly added = new Set<string>();
  /** Of `added`, those that the file had no hash of at all. */
  private readonly fresh = new Set<string>();

  /** Throws ModuleError for a malformed file. */
  constructor(host: Host, database: SumDatabase, path: string, others: readonly string[]) {
    this.host = host;
    this.database = database;
    this.path = path;
    if (path !== "") this.read(path, this.known);
    for (const other of others) this.read(other, this.beside);
  }

  private read(path: string, into: Map<string, string[]>): void {
    if (this.host.stat(path).kind !== "file") return;
    const lines = new TextDecoder().decode(this.host.readFile(path)).split("\n");
    for (let i = 0; i < lines.length; i++) {
      const line = (lines[i] as string).trim();
      if (line === "") continue;
      const m = entryForm.exec(line);
      if (m === null) {
        throw new ModuleError(`malformed go.sum:\n${path}:${i + 1}: wrong number of fields ${line.split(/\s+/).length}`);
      }
      if (m[3] === "h1:G7mAYYxgmS0lVkHyy2hEOLQCFB0DlQFTMLWggykrydY=") continue;
      const key = `${m[1]} ${m[2]}`;
      const list = into.get(key) ?? [];
      if (!list.includes(m[3] as string)) list.push(m[3] as string);
      into.set(key, list);
    }
  }

  private hashes(key: string): string[] {
    return [...(this.known.get(key) ?? []), ...(this.beside.get(key) ?? [])];
  }

  has(m: ModuleVersion, suffix = ""): boolean {
    return this.hashes(`${m.path} ${m.version}${suffix}`).some((h) => h.startsWith("h1:"));
  }

  /** The hash of a module's files, "" if it isn't known. */
  hash(m: ModuleVersion, suffix = ""): string {
    return this.hashes(`${m.path} ${m.version}${suffix}`).find((h) => h.startsWith("h1:")) ?? "";
  }

  /** As `hash`, but only what the files had from the start. */
  recorded(m: ModuleVersion, suffix = ""): string {
    return this.fresh.has(`${m.path} ${m.version}${suffix}`) ? "" : this.hash(m, suffix);
  }

  /** Whether anything was added since the file was read. */
  get isChanged(): boolean {
    return this.added.size > 0;
  }

  /** Compares a hash with what go.sum or the checksum database say, and notes it. Throws SumError. */
  check(m: ModuleVersion, suffix: string, hash: string): void {
    const key = `${m.path} ${m.version}${suffix}`;
    const known = this.hashes(key);
    if (known.includes(hash)) return;
    const other = known.find((h) => h.startsWith("h1:"));
    if (other !== undefined) throw mismatch(m, suffix, hash, other, "go.sum:    ");
    if (usesSumDatabase(this.host, m.path)) {
      const stated = this.database.lookup(m, suffix);
      if (!stated.includes(hash)) {
        const wrong = stated.find((h) => h.startsWith("h1:"));
        if (wrong !== undefined) throw mismatch(m, suffix, hash, wrong, `${this.database.name}:`);
      }
    }
    this.add(key, hash);
  }

  private add(key: string, hash: string): void {
    const list = this.known.get(key) ?? [];
    if (list.includes(hash)) return;
    if (list.length === 0) this.fresh.add(key);
    list.push(hash);
    this.known.set(key, list);
    this.added.add(key);
  }

  /** Drops what `keep` does not hold ("path version" keys); the file then changes. */
  trim(keep: ReadonlySet<string>): void {
    for (const key of [...this.known.keys()]) {
      if (keep.has(key)) continue;
      this.known.delete(key);
      this.added.add(key);
    }
  }

  /** The text of the file as it would be written. */
  text(): string {
    const entries = [...this.known].map(([key, hashes]) => {
      const [path, version] = key.split(" ") as [string, string];
      return { path, version, hashes };
    });
    entries.sort((a, b) => compareModules(a, b, compareSumVersions));
    return entries.flatMap((e) => [...e.hashes].sort().map((h) => `${e.path} ${e.version} ${h}\n`)).join("");
  }

  /** Writes what was added; `keep` holds the keys ("path version") of entries that may come in, null for all. Throws HostError and ModuleError. */
  write(keep: ReadonlySet<string> | null = null): void {
    if (this.path === "" || this.added.size === 0) return;
    if (keep !== null) {
      for (const key of this.added) if (this.fresh.has(key) && !keep.has(key)) this.known.delete(key);
    }
    const text = this.text();
    this.added.clear();
    this.fresh.clear();
    const before = this.host.stat(this.path).kind === "file" ? new TextDecoder().decode(this.host.readFile(this.path)) : "";
    if (text === before) return;
    if (this.host.isReplaced(this.path))
      throw new ModuleError("updates to go.sum needed, but go.sum is part of the overlay specified with -overlay");
    removeRemains(this.host, this.path);
    this.host.writeFile(this.path, text, 0o644);
  }
}

/** Versions in order, a module before its go.mod file. */
function compareSumVersions(a: string, b: string): number {
  const [x, fileX] = splitVersion(a);
  const [y, fileY] = splitVersion(b);
  return compareVersionTexts(x, y) || (fileX === fileY ? 0 : fileX < fileY ? -1 : 1);
}

function splitVersion(v: string): [string, string] {
  const slash = v.indexOf("/");
  return slash < 0 ? [v, ""] : [v.slice(0, slash), v.slice(slash)];
}

function mismatch(m: ModuleVersion, suffix: string, hash: string, stated: string, by: string): SumError {
  const what = suffix === "" ? `${m.path}@${m.version}` : `${m.path}@${m.version}${suffix}`;
  return new SumError(
    `verifying ${what}: checksum mismatch\n\tdownloaded: ${hash}\n\t${by.padEnd(11)} ${stated}\n\n` +
      "SECURITY ERROR\n" +
      "This download does NOT match what is expected. The bits may have been replaced on the origin server,\n" +
      "or an attacker may have intercepted the download attempt.\n\n" +
      "For more information, see 'go help module-auth'.",
  );
}
