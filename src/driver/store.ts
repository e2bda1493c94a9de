// What builds keep for later ones: byte strings under keys, in a folder that several builds may use at once. An entry is a file of its own, written beside its
// place and renamed, and begins with a checksum of what follows: an entry that is damaged counts as none. Everything in the folder can be made again, so a build
// goes on when it can't be read or written.

import { sameBytes } from "../base/bytes.ts";
import { hex } from "../base/hex.ts";
import { type Host, HostError } from "../base/host.ts";
import { joinPath } from "../base/paths.ts";

const day = 24 * 3600 * 1000;
/** Entries that nobody used for so long are removed, */
const maxAge = 5 * day;
/** and those used longest ago until the rest is no larger than this. */
const maxBytes = 2 ** 30;
/** An entry's time is brought up to date when it is older than this. */
const useUnit = 3600 * 1000;
/** Looking for what is to be removed happens this often. */
const trimUnit = day;

const checksumBytes = 32;
const readme = "What go3s keeps between builds. All of it can be removed at any time. GO3SCACHE names another folder, or is off.\n";

/** The folder of the store, or "" where there is none. */
export function storeFolder(host: Host): string {
  const own = host.env("GO3SCACHE") ?? "";
  if (own === "off") return "";
  if (own !== "") return own;
  const go = host.env("GOCACHE") ?? "";
  if (go === "off") return "";
  if (go !== "") return joinPath(go, "go3s");
  return joinPath(host.env("XDG_CACHE_HOME") || joinPath(host.homeFolder(), ".cache"), "go3s/build");
}

/** The store of a build. */
export class Store {
  private readonly host: Host;
  private readonly folder: string;
  /** Where else entries may be that are not in the folder, or "". */
  private readonly installed: string;
  /** Writing has failed, and that was said. */
  private broken = false;

  private constructor(host: Host, folder: string) {
    this.host = host;
    this.folder = folder;
    const installed = host.installedStore();
    this.installed = installed === folder ? "" : installed;
  }

  /** The user's store; null if there is to be none. */
  static open(host: Host): Store | null {
    const folder = storeFolder(host);
    return folder === "" ? null : new Store(host, folder);
  }

  /** A key for what a text describes completely. */
  key(text: string): string {
    return hex(this.host.sha256(new TextEncoder().encode(text)));
  }

  private path(key: string): string {
    return pathIn(this.folder, key);
  }

  /** The entry under a key, or null. */
  get(key: string): Uint8Array | null {
    const own = this.read(this.path(key), true);
    return own === null && this.installed !== "" ? this.read(pathIn(this.installed, key), false) : own;
  }

  /** The entry in a file, or null. */
  private read(path: string, touch: boolean): Uint8Array | null {
    const info = this.host.stat(path);
    if (info.kind !== "file") return null;
    let file: Uint8Array;
    try {
      file = this.host.readFile(path);
    } catch (error) {
      // Another build has just removed it.
      if (error instanceof HostError) return null;
      throw error;
    }
    const data = file.subarray(checksumBytes);
    if (!sameBytes(this.host.sha256(data), file.subarray(0, checksumBytes))) return null;
    if (touch && this.host.time() - info.modified > useUnit) this.quietly(() => this.host.touch(path));
    return data;
  }

  /** Keeps data under a key. */
  put(key: string, data: Uint8Array): void {
    if (this.broken) return;
    const file = new Uint8Array(checksumBytes + data.length);
    file.set(this.host.sha256(data));
    file.set(data, checksumBytes);
    const path = this.path(key);
    try {
      this.host.makeFolder(path.slice(0, path.lastIndexOf("/")));
      this.host.writeFile(path, file, 0o644);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      this.broken = true;
      this.host.stderr(`go3s: warning: nothing is kept for later builds: ${this.folder}: ${error.reason}\n`);
      return;
    }
    this.quietly(() => this.trim());
  }

  /** Does what may fail without harm. */
  private quietly(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
    }
  }

  /** Removes what has not been used for long, and what is too much; and the remains of builds that were killed. */
  private trim(): void {
    const host = this.host;
    const marker = `${this.folder}/README`;
    const now = host.time();
    const last = host.stat(marker);
    if (last.kind === "file" && now - last.modified < trimUnit) return;
    // First of all, so that other builds leave it to this one.
    host.writeFile(marker, readme, 0o644);
    const entries: { path: string; size: number; modified: number }[] = [];
    for (const name of host.readFolder(this.folder)) {
      const folder = `${this.folder}/${name}`;
      if (!/^[0-9a-f]{2}$/.test(name)) continue;
      for (const file of host.readFolder(folder)) {
        const path = `${folder}/${file}`;
        const { size, modified } = host.stat(path);
        if (now - modified > (file.endsWith(".tmp") ? useUnit : maxAge)) host.remove(path);
        else entries.push({ path, size, modified });
      }
    }
    entries.sort((a, b) => b.modified - a.modified);
    let total = 0;
    for (const entry of entries) {
      total += entry.size;
      if (total > maxBytes) host.remove(entry.path);
    }
  }
}

function pathIn(folder: string, key: string): string {
  return `${folder}/${key.slice(0, 2)}/${key}`;
}
