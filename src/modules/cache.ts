// The module cache, in the go command's own layout and shared with it: cache/download/PATH/@v/VERSION.{info,mod,zip,ziphash}, and the files of modules
// below PATH@VERSION, read-only. Whatever comes to its place comes there by a rename, complete and checked, so nobody ever sees a part of it and processes
// need no locks against each other; an unpacking go command is waited for.

import { type Host, HostError } from "../base/host.ts";
import { joinPath, parentFolder } from "../base/paths.ts";
import { removeAllRemains, removeRemains, removeTree } from "../base/remains.ts";
import { InvalidVersion, LookupDisabled, ModuleError } from "./error.ts";
import { hashFiles, hashGoMod } from "./hash.ts";
import { escapeName, isVersionName, moduleText, type ModuleVersion, unescapeName, versionFault } from "./names.ts";
import { Proxies, type ProxyRequest } from "./proxy.ts";
import { canonicalVersion, compareSemver, isPseudoVersion, isVersion, pseudoTime } from "./semver.ts";
import { moduleCacheFolder } from "./settings.ts";
import { goModSuffix, type Sums } from "./sums.ts";
import { moduleFiles, moduleLimit, ZipError } from "./zip.ts";

/** What a proxy says about a version. */
export interface VersionInfo {
  readonly version: string;
  /** RFC 3339, or "". */
  readonly time: string;
  /** The text itself. */
  readonly text: string;
}

const smallLimit = 16 << 20;
const listLimit = 64 << 20;
const decoder = new TextDecoder();

/** How the cache reports and keeps what it fetches. */
export interface CacheOptions {
  /** -modcacherw: files stay writable. */
  readonly writable: boolean;
  /** Said before a module is downloaded; null says nothing. */
  readonly progress: ((line: string) => void) | null;
}

export class ModuleCache {
  readonly folder: string;
  sums: Sums | null = null;
  private readonly host: Host;
  private readonly proxies: Proxies;
  private readonly options: CacheOptions;
  private readonly goMods = new Map<string, Uint8Array | ModuleError>();
  private readonly checkedMods = new Set<string>();
  private readonly infos = new Map<string, VersionInfo | ModuleError>();
  private readonly lists = new Map<string, string[] | ModuleError>();
  /** The newest version of a list, by path: what is latest where no version is a tag. */
  private readonly newest = new Map<string, string>();
  private readonly latests = new Map<string, string | ModuleError>();
  private readonly folders = new Map<string, string>();

  constructor(host: Host, options: CacheOptions) {
    this.host = host;
    this.options = options;
    this.folder = moduleCacheFolder(host);
    this.proxies = new Proxies(host);
  }

  /** Where the cache has a file of a version: ".mod", ".zip" and the like. Throws ModuleError. */
  file(m: ModuleVersion, ending: string): string {
    return joinPath(this.downloads(m.path), `${escapeName(m.version)}${ending}`);
  }

  private downloads(path: string): string {
    if (!this.folder.startsWith("/"))
      throw new ModuleError(`GOMODCACHE entry is relative; must be absolute path: ${JSON.stringify(this.folder)}.`);
    return joinPath(this.folder, "cache/download", escapeName(path), "@v");
  }

  /** Where the files of a version are, or would be. */
  place(m: ModuleVersion): string {
    return joinPath(this.folder, `${escapeName(m.path)}@${escapeName(m.version)}`);
  }

  private isFile(path: string): boolean {
    return this.host.stat(path).kind === "file";
  }

  /** Fetches go.mod files that are not here, several at the same time. Failures are reported by `goMod`. */
  prefetchGoMods(list: readonly ModuleVersion[]): void {
    const missing = list.filter((m) => {
      const key = moduleText(m);
      if (this.goMods.has(key)) return false;
      const fault = versionFault(m.path, m.version);
      if (fault !== "") {
        this.goMods.set(key, new ModuleError(`${key}: invalid version: ${fault}`));
        return false;
      }
      const path = this.file(m, ".mod");
      if (!this.isFile(path)) return true;
      this.goMods.set(key, this.host.readFile(path));
      return false;
    });
    if (missing.length === 0) return;
    const replies = this.proxies.fetch(missing.map((m) => request(m.path, `@v/${m.version}.mod`, smallLimit)));
    missing.forEach((m, i) => {
      const reply = replies[i] as Uint8Array | ModuleError;
      if (reply instanceof ModuleError) this.goMods.set(moduleText(m), new ModuleError(`${moduleText(m)}: ${reply.message}`, reply.absent));
      else this.goMods.set(moduleText(m), reply);
    });
    for (const m of missing) {
      const data = this.goMods.get(moduleText(m));
      if (data instanceof Uint8Array) {
        // Nothing that go.sum or the database contradicts comes into the cache.
        this.checkGoMod(m, data);
        this.keep(this.file(m, ".mod"), data);
        this.updateList(m.path);
      }
    }
  }

  /** The go.mod file of a version. Throws ModuleError. */
  goMod(m: ModuleVersion): Uint8Array {
    this.prefetchGoMods([m]);
    const data = this.goMods.get(moduleText(m)) as Uint8Array | ModuleError;
    if (data instanceof ModuleError) throw data;
    this.checkGoMod(m, data);
    return data;
  }

  private checkGoMod(m: ModuleVersion, data: Uint8Array): void {
    const key = moduleText(m);
    if (this.sums === null || this.checkedMods.has(key)) return;
    this.sums.check(m, goModSuffix, hashGoMod(this.host, data));
    this.checkedMods.add(key);
  }

  /** What is known about a version, or about what a query such as a branch's name means to the proxy. Throws ModuleError. */
  info(path: string, query: string): VersionInfo {
    const key = `${path}@${query}`;
    let info = this.infos.get(key);
    if (info === undefined) {
      info = this.findInfo(path, query);
      this.infos.set(key, info);
    }
    if (info instanceof ModuleError) throw info;
    return info;
  }

  private findInfo(path: string, query: string): VersionInfo | ModuleError {
    const m = { path, version: query };
    const isFull = query !== "" && canonicalVersion(query) === query;
    const failed = (why: string, absent: boolean): ModuleError => {
      if (isFull) return new ModuleError(`${path}@${query}: ${why}`, absent);
      return new InvalidVersion(`${path}@${query}: invalid ${isPseudoVersion(query) ? "pseudo-" : ""}version: ${why}`, absent);
    };
    if (!isVersionName(query)) return failed(`version ${JSON.stringify(query)} invalid: disallowed version string`, false);
    const file = this.file(m, ".info");
    if (isVersion(query) && this.isFile(file)) {
      const known = parseInfo(decoder.decode(this.host.readFile(file)));
      if (known !== null) return known;
    }
    const [reply] = this.proxies.fetch([request(path, `@v/${query}.info`, smallLimit)]);
    if (reply instanceof LookupDisabled && !isFull) return reply;
    if (reply === undefined || reply instanceof ModuleError) return failed(reply?.message ?? "no answer", reply?.absent ?? false);
    const info = parseInfo(decoder.decode(reply));
    if (info === null) return failed("invalid response from proxy", false);
    if (info.version !== query && isFull && versionFault(path, query) === "")
      return failed(`proxy returned info for version ${info.version} instead of requested version`, false);
    if (isVersion(info.version)) this.keep(this.file({ path, version: info.version }, ".info"), reply);
    return info;
  }

  /** The tagged versions of a module in order; none is no error, an unknown module is. Throws ModuleError. */
  versions(path: string): string[] {
    let list = this.lists.get(path);
    if (list === undefined) {
      this.prefetchLists([path]);
      list = this.lists.get(path) as string[] | ModuleError;
    }
    if (list instanceof ModuleError) throw list;
    return list;
  }

  /** Asks for the versions of several modules at the same time. */
  prefetchLists(paths: readonly string[]): void {
    const missing = [...new Set(paths)].filter((p) => !this.lists.has(p));
    if (missing.length === 0) return;
    const replies = this.proxies.fetch(missing.map((p) => request(p, "@v/list", listLimit)));
    missing.forEach((path, i) => {
      const reply = replies[i] as Uint8Array | ModuleError;
      if (reply instanceof ModuleError) {
        this.lists.set(path, new ModuleError(`module ${path}: ${reply.message}`, reply.absent));
        return;
      }
      const found = new Set<string>();
      let newest = "";
      let newestTime = 0;
      for (const line of decoder.decode(reply).split("\n")) {
        const [version = "", stated] = line.trim().split(/\s+/);
        if (!isVersion(version)) continue;
        if (!isPseudoVersion(version) && versionFault(path, version) === "") found.add(version);
        const time = stated === undefined ? pseudoTime(version) : Date.parse(stated);
        if (!(time > newestTime)) continue;
        newest = version;
        newestTime = time;
      }
      this.lists.set(path, [...found].sort(compareSemver));
      this.newest.set(path, newest);
    });
  }

  /** The version that a proxy calls the latest, or else the newest of its list: for modules without tags. Throws ModuleError. */
  latest(path: string): string {
    let latest = this.latests.get(path);
    if (latest === undefined) {
      latest = this.findLatest(path);
      this.latests.set(path, latest);
    }
    if (latest instanceof ModuleError) throw latest;
    return latest;
  }

  private findLatest(path: string): string | ModuleError {
    const [reply] = this.proxies.fetch([request(path, "@latest", smallLimit)]);
    if (reply instanceof Uint8Array)
      return parseInfo(decoder.decode(reply))?.version ?? new ModuleError(`module ${path}: invalid response from proxy`);
    if (reply?.absent !== true) return new ModuleError(`module ${path}: ${reply?.message ?? "no answer"}`);
    this.prefetchLists([path]);
    const list = this.lists.get(path);
    if (list instanceof ModuleError) return list;
    return this.newest.get(path) || new ModuleError(`module ${path}: no commits`, true);
  }

  /** The folder of a version's files if they are all there, else "". */
  present(m: ModuleVersion): string {
    if (versionFault(m.path, m.version) !== "") return "";
    const place = this.place(m);
    if (this.host.stat(place).kind !== "folder" || this.isFile(this.file(m, ".partial"))) return "";
    return place;
  }

  /** The folder of a version's files, which are fetched if need be, and compared with go.sum in any case. Throws ModuleError. */
  download(m: ModuleVersion): string {
    const key = moduleText(m);
    let folder = this.folders.get(key);
    if (folder !== undefined) return folder;
    const fault = versionFault(m.path, m.version);
    if (fault !== "") throw new ModuleError(`${key}: invalid version: ${fault}`);
    try {
      this.waitForOthers(m);
      folder = this.present(m);
      if (folder === "") folder = this.unpack(m);
      else if (this.sums !== null) this.sums.check(m, "", this.zipHash(m));
    } catch (e) {
      if (e instanceof HostError) throw new ModuleError(`${key}: ${e.message}`);
      throw e;
    }
    this.folders.set(key, folder);
    return folder;
  }

  /** A go command that is at work on the version holds a lock. */
  private waitForOthers(m: ModuleVersion): void {
    const partial = this.file(m, ".partial");
    const lock = this.file(m, ".lock");
    while (this.isFile(partial) && this.host.isLocked(lock)) this.host.sleep(50);
  }

  /** The hash of a version that is in the cache, "" if it isn't known any more. Throws HostError. */
  zipHash(m: ModuleVersion): string {
    const path = this.file(m, ".ziphash");
    if (this.isFile(path)) {
      const hash = decoder.decode(this.host.readFile(path)).trim();
      if (/^h1:\S{44}$/.test(hash)) return hash;
    }
    const zip = this.file(m, ".zip");
    if (!this.isFile(zip)) throw new ModuleError(`verifying ${moduleText(m)}: open ${path}: no such file or directory`);
    const hash = hashFiles(this.host, this.filesOf(m, this.host.readFile(zip)).entries);
    this.keep(path, new TextEncoder().encode(hash));
    return hash;
  }

  private filesOf(m: ModuleVersion, zip: Uint8Array): ReturnType<typeof moduleFiles> {
    try {
      return moduleFiles(this.host, zip, m);
    } catch (e) {
      if (e instanceof ZipError) throw new ModuleError(`${moduleText(m)}: zip: ${e.message}`);
      throw e;
    }
  }

  /** The archive of a version, fetched and checked if it is not here. Throws ModuleError and HostError. */
  zip(m: ModuleVersion): Uint8Array {
    const path = this.file(m, ".zip");
    if (this.isFile(path)) {
      const data = this.host.readFile(path);
      this.sums?.check(m, "", this.zipHash(m));
      return data;
    }
    this.options.progress?.(`go: downloading ${m.path} ${m.version}`);
    const folder = parentFolder(path);
    this.host.makeFolder(folder);
    removeAllRemains(this.host, folder);
    const beside = `${path}.${this.host.unique()}.tmp`;
    try {
      const [reply] = this.proxies.fetch([{ ...request(m.path, `@v/${m.version}.zip`, moduleLimit), file: beside }]);
      if (reply === undefined || reply instanceof ModuleError) {
        throw new ModuleError(`${moduleText(m)}: ${reply?.message ?? "no answer"}`, reply?.absent ?? false);
      }
      const data = this.host.readFile(beside);
      const { entries } = this.filesOf(m, data);
      const hash = hashFiles(this.host, entries);
      this.sums?.check(m, "", hash);
      this.keep(this.file(m, ".ziphash"), new TextEncoder().encode(hash));
      this.host.rename(beside, path);
      return data;
    } catch (e) {
      if (e instanceof ZipError) throw new ModuleError(`${moduleText(m)}: zip: ${e.message}`);
      throw e;
    } finally {
      this.host.remove(beside);
    }
  }

  private unpack(m: ModuleVersion): string {
    const { entries, nameOf } = this.filesOf(m, this.zip(m));
    const place = this.place(m);
    removeRemains(this.host, place);
    const beside = `${place}.${this.host.unique()}.tmp`;
    const folders = new Set<string>([beside]);
    try {
      this.host.makeFolder(beside);
      for (const e of entries) {
        const path = joinPath(beside, nameOf(e));
        const folder = parentFolder(path);
        if (!folders.has(folder)) {
          this.host.makeFolder(folder);
          for (let at = folder; !folders.has(at); at = parentFolder(at)) folders.add(at);
        }
        this.host.writeFile(path, e.read(), this.options.writable ? 0o644 : 0o444);
      }
      if (!this.options.writable)
        for (const folder of [...folders].sort().reverse()) if (folder !== beside) this.host.setMode(folder, 0o555);
      this.settle(m, beside, place);
      return place;
    } catch (e) {
      if (e instanceof ZipError) throw new ModuleError(`${moduleText(m)}: zip: ${e.message}`);
      throw e;
    } finally {
      removeTree(this.host, beside);
    }
  }

  /** Moves an unpacked version to its place; what is there already is as good, unless it is what an interrupted go command left. */
  private settle(m: ModuleVersion, beside: string, place: string): void {
    this.waitForOthers(m);
    const partial = this.file(m, ".partial");
    if (this.isFile(partial)) {
      if (this.host.stat(place).kind === "folder") {
        const old = `${place}.${this.host.unique()}.tmp`;
        this.host.rename(place, old);
        removeTree(this.host, old);
      }
      this.host.rename(beside, place);
      this.host.remove(partial);
    } else if (this.host.stat(place).kind !== "folder") {
      try {
        this.host.rename(beside, place);
      } catch (e) {
        if (!(e instanceof HostError) || this.present(m) === "") throw e;
      }
    }
    // A read-only folder can't be moved by everybody, so it becomes that at its place.
    if (!this.options.writable) this.host.setMode(place, 0o555);
  }

  /** Puts a file into the cache; that this is not possible is no reason to stop. */
  private keep(path: string, data: Uint8Array): void {
    try {
      this.host.makeFolder(parentFolder(path));
      this.host.writeFile(path, data, 0o644);
    } catch (e) {
      if (!(e instanceof HostError)) throw e;
    }
  }

  /** Lists the versions that are here, so that the cache can serve as a proxy. */
  private updateList(path: string): void {
    const folder = this.downloads(path);
    let names: string[];
    try {
      names = this.host.readFolder(folder);
    } catch (e) {
      if (e instanceof HostError) return;
      throw e;
    }
    const versions = names
      .filter((n) => n.endsWith(".mod"))
      .map((n) => unescapeName(n.slice(0, -4)) ?? "")
      .filter((v) => isVersion(v) && !isPseudoVersion(v));
    versions.sort(compareSemver);
    const text = versions.map((v) => `${v}\n`).join("");
    const file = joinPath(folder, "list");
    if (this.isFile(file) && decoder.decode(this.host.readFile(file)) === text) return;
    this.keep(file, new TextEncoder().encode(text));
  }
}

function request(module: string, name: string, limit: number): ProxyRequest {
  return { module, name, file: "", limit };
}

function parseInfo(text: string): VersionInfo | null {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json !== "object" || json === null || !("Version" in json) || typeof json.Version !== "string") return null;
    return { version: json.Version, time: "Time" in json && typeof json.Time === "string" ? json.Time : "", text };
  } catch {
    return null;
  }
}
