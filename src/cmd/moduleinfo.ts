// What `go list` tells about a module.

import { joinPath } from "../base/paths.ts";
import { ModuleError } from "../modules/error.ts";
import { compareModuleVersions, isToolchain } from "../modules/graph.ts";
import type { Modules } from "../modules/modules.ts";
import { type ModuleVersion, versionFault } from "../modules/names.ts";
import { NoMatchingVersion, type Queries } from "../modules/query.ts";
import { goModSuffix } from "../modules/sums.ts";

/** The fields of a module, in the order of `go list -m -json`; what has no value is "", false, null or an empty list. */
export class ModulePublic {
  Path = "";
  Version = "";
  Query = "";
  Versions: string[] = [];
  Replace: ModulePublic | null = null;
  Time = "";
  Update: ModulePublic | null = null;
  Main = false;
  Indirect = false;
  Dir = "";
  GoMod = "";
  GoVersion = "";
  Retracted: string[] = [];
  Deprecated = "";
  Error: { Err: string } | null = null;
  Sum = "";
  GoModSum = "";
  Origin: unknown = null;
  Reuse = false;

  /** "path version => replacement". */
  String(): string {
    const version = (m: ModulePublic): string => (m.Retracted.length === 0 ? m.Version : `${m.Version} (retracted)`);
    const withUpdate = (m: ModulePublic): string =>
      m.Version === "" ? "" : ` ${version(m)}${m.Update === null ? "" : ` [${version(m.Update)}]`}`;
    let text = `${this.Path}${withUpdate(this)}`;
    if (this.Deprecated !== "") text += " (deprecated)";
    if (this.Replace !== null) {
      text += ` => ${this.Replace.Path}${withUpdate(this.Replace)}`;
      if (this.Replace.Deprecated !== "") text += " (deprecated)";
    }
    return text;
  }
}

/** What else is looked up, which asks proxies. */
export interface ModuleInfoOptions {
  readonly versions: boolean;
  readonly updates: boolean;
  readonly retracted: boolean;
}

export class ModuleDescriber {
  private readonly modules: Modules;
  private readonly queries: Queries;

  constructor(modules: Modules, queries: Queries) {
    this.modules = modules;
    this.queries = queries;
  }

  /** Describes a version of the build, or with `listed` false one that was only asked for. */
  describe(m: ModuleVersion, options: ModuleInfoOptions, listed = true): ModulePublic {
    const { modules } = this;
    const info = new ModulePublic();
    info.Path = m.path;
    const main = m.version === "" ? modules.mains.find(m.path) : null;
    if (main !== null) {
      info.Main = true;
      info.GoVersion = main.file.goVersion || "1.16";
      info.Dir = main.dir;
      info.GoMod = main.filePath;
      return info;
    }
    info.Version = m.version;
    info.Indirect = listed && !modules.requirements.direct.has(m.path);
    if (options.versions) this.versions(info, options);
    const r = listed ? modules.mains.replacement(m) : null;
    if (r === null) {
      if (modules.vendored === null) this.complete(info, options, listed);
      else info.GoVersion = modules.vendored.find((v) => v.path === m.path)?.goVersion ?? "";
    } else {
      const other = new ModulePublic();
      other.Path = r.version === "" ? r.shown : r.path;
      other.Version = r.version;
      if (r.version === "") {
        other.Dir = r.path;
        other.GoMod = joinPath(r.path, "go.mod");
        other.GoVersion = this.goVersion(m);
      } else if (modules.vendored === null) this.complete(other, options, listed);
      info.Replace = other;
      info.Dir = other.Dir;
      info.GoMod = other.GoMod;
      info.Retracted = other.Retracted;
      info.GoVersion = other.GoVersion;
    }
    if (options.updates) this.updates(info, m);
    return info;
  }

  private goVersion(m: ModuleVersion): string {
    try {
      return this.modules.summary(m).goVersion;
    } catch (e) {
      if (e instanceof ModuleError) return "";
      throw e;
    }
  }

  private complete(info: ModulePublic, options: ModuleInfoOptions, listed: boolean): void {
    const { modules } = this;
    const m = { path: info.Path, version: info.Version };
    if (isToolchain(m.path) || m.version === "") return;
    const known = (suffix: string): boolean => !listed || !modules.needsSums || modules.sums.has(m, suffix);
    try {
      const { version, time, text } = modules.cache.info(m.path, m.version);
      info.Version = version;
      info.Time = time;
      const json: unknown = JSON.parse(text);
      if (!listed && typeof json === "object" && json !== null && "Origin" in json) info.Origin = json.Origin;
    } catch (e) {
      if (!(e instanceof ModuleError)) throw e;
      info.Error = { Err: e.message };
    }
    if (versionFault(m.path, info.Version) !== "") return;
    const at = { path: m.path, version: info.Version };
    if (known(goModSuffix)) {
      try {
        info.GoVersion = modules.rawSummary(at).goVersion;
        info.GoMod = modules.cache.file(at, ".mod");
      } catch (e) {
        if (!(e instanceof ModuleError)) throw e;
        if (/requires go >= /.test(e.message)) info.GoMod = modules.cache.file(at, ".mod");
      }
      info.GoModSum = modules.sums.recorded(at, goModSuffix);
    }
    if (known("")) {
      info.Dir = modules.cache.present(at);
      info.Sum = modules.sums.recorded(at);
    }
    if (options.retracted) {
      const why = this.queries.rationales(at);
      info.Retracted = why.map((t) => (t === "" ? "retracted by module author" : t));
    }
  }

  private versions(info: ModulePublic, options: ModuleInfoOptions): void {
    try {
      const all = this.modules.cache.versions(info.Path);
      const allowed = options.retracted ? this.queries.notExcluded : this.queries.allowed;
      info.Versions = all.filter((version) => allowed({ path: info.Path, version }) === "");
    } catch (e) {
      if (!(e instanceof ModuleError)) throw e;
      if (!e.absent) info.Error = { Err: e.message };
    }
  }

  private updates(info: ModulePublic, m: ModuleVersion): void {
    info.Deprecated = this.queries.deprecation(m);
    try {
      const { version, time } = this.queries.query(m.path, "upgrade", m.version, this.queries.allowed);
      if (compareModuleVersions(m.path, version, m.version) <= 0) return;
      const update = new ModulePublic();
      update.Path = m.path;
      update.Version = version;
      update.Time = time;
      info.Update = update;
    } catch (e) {
      if (!(e instanceof ModuleError)) throw e;
      if (!e.absent && !(e instanceof NoMatchingVersion)) info.Error = { Err: e.message };
    }
  }
}
