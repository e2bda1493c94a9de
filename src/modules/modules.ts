// The modules of a build: the main ones, those that they require, in selected versions, and where their packages lie.

import { type Host, HostError } from "../base/host.ts";
import { joinPath, shortPath } from "../base/paths.ts";
import { ModuleCache } from "./cache.ts";
import { LoadError, ModuleError } from "./error.ts";
import { compareGoVersions, since } from "./goversion.ts";
import { isToolchain, type ModuleSummary, pruningOf, Requirements, sortModules, type SummarySource } from "./graph.ts";
import { type MainModule, MainModules, type ModuleFlags } from "./mains.ts";
import { ModFile, ModFileError, type Retraction } from "./modfile.ts";
import { moduleText, type ModuleVersion } from "./names.ts";
import { goModSuffix, Sums } from "./sums.ts";
import { SumDatabase } from "./sumdb.ts";
import { parseModulesText, type VendoredModule } from "./vendor.ts";

/** What a go.mod file of a dependency says. */
export interface DependencyFile extends ModuleSummary {
  readonly path: string;
  /** "" without a go line. */
  readonly goVersion: string;
  readonly retracts: readonly Retraction[];
  readonly deprecated: string;
  readonly ignores: readonly string[];
}

/** Where a package was found. */
export interface Found {
  readonly module: ModuleVersion;
  readonly dir: string;
  /** Modules by whose names it could have been theirs. */
  readonly others: readonly ModuleVersion[];
}

/** No module of the build has a package. */
export class MissingPackage extends ModuleError {
  readonly path: string;

  constructor(message: string, path: string) {
    super(message);
    this.path = path;
  }
}

/** go.sum lacks a hash that is needed to look for a package. */
export class MissingSum extends ModuleError {
  readonly path: string;
  readonly modules: readonly ModuleVersion[];
  readonly found: boolean;

  constructor(path: string, modules: readonly ModuleVersion[], found: boolean) {
    super("");
    this.path = path;
    this.modules = modules;
    this.found = found;
  }

  /** The message for a package that is imported by another ("" for none). */
  text(importer: string, version: string, test = false): string {
    const by = importer === "" ? "" : ` (imported by ${importer})`;
    let text = this.found
      ? `missing go.sum entry needed to verify package ${this.path}${by} is provided by exactly one module`
      : `missing go.sum entry for module providing package ${this.path}${by}`;
    if (importer === "") {
      if (this.modules.length > 0) text += `; to add:\n\tgo mod download ${this.modules.map((m) => m.path).join(" ")}`;
    } else text += `; to add:\n\tgo get${test ? " -t" : ""} ${importer}${version === "" ? "" : `@${version}`}`;
    return text;
  }
}

export class Modules implements SummarySource {
  readonly host: Host;
  readonly mains: MainModules;
  readonly cache: ModuleCache;
  readonly sums: Sums;
  readonly flags: ModuleFlags;
  /** The version of the Go tree, without "go". */
  readonly local: string;
  requirements: Requirements;
  /** Of vendor/modules.txt; null unless that is where dependencies come from. */
  readonly vendored: readonly VendoredModule[] | null;
  private readonly cwd: string;
  private readonly files = new Map<string, DependencyFile | ModuleError>();
  private readonly goFolders = new Map<string, boolean>();

  /** Throws LoadError. */
  constructor(host: Host, start: string, flags: ModuleFlags, local: string, gorootSource: string) {
    this.host = host;
    this.flags = flags;
    this.local = local;
    this.cwd = host.cwd();
    if (flags.outside !== undefined) {
      const alone = Object.create(host) as Host;
      alone.env = (name) => (name === "GOWORK" ? "off" : host.env(name));
      this.mains = new MainModules(alone, "/", { ...flags, mod: "", modFile: "" }, local, "/");
    } else this.mains = new MainModules(host, start, flags, local, gorootSource);
    this.cache = new ModuleCache(host, { writable: flags.writable, progress: (line) => host.stderr(`${line}\n`) });
    this.sums = this.openSums();
    this.cache.sums = this.sums;
    this.requirements = this.initialRequirements();
    this.vendored = this.mains.mode === "vendor" && this.mains.list.length > 0 ? this.readVendored() : null;
  }

  private openSums(): Sums {
    const { single, workPath, list } = this.mains;
    try {
      const database = new SumDatabase(this.host);
      if (workPath !== "")
        return new Sums(
          this.host,
          database,
          `${workPath}.sum`,
          list.map((m) => m.sumPath),
        );
      return new Sums(this.host, database, single === null ? "" : single.sumPath, []);
    } catch (e) {
      if (e instanceof ModuleError) throw new LoadError([`go: ${e.message}`]);
      throw e;
    }
  }

  /** The main modules as versions of the graph. */
  get mainVersions(): ModuleVersion[] {
    if (this.mains.list.length === 0) return [{ path: "command-line-arguments", version: "" }];
    return this.mains.list.map((m) => ({ path: m.path, version: "" }));
  }

  private initialRequirements(): Requirements {
    const mains = this.mainVersions;
    const { single, work, inWorkspace } = this.mains;
    const roots: ModuleVersion[] = [];
    const direct = new Set<string>();
    for (const m of this.mains.list) for (const r of m.file.requires) if (!r.indirect) direct.add(r.path);
    if (inWorkspace) roots.push(...mains);
    else if (this.flags.outside !== undefined) roots.push(...this.flags.outside);
    else {
      const required = new Map((single?.file.requires ?? []).map((r) => [`${r.path} ${r.version}`, r]));
      for (const r of required.values()) if (!this.mains.isExcluded(r)) roots.push({ path: r.path, version: r.version });
    }
    const goVersion = this.mains.list.length === 0 && !inWorkspace ? this.local : this.mains.goVersion;
    roots.push({ path: "go", version: goVersion });
    const toolchain = (inWorkspace ? work : single?.file)?.toolchain ?? "";
    if (toolchain !== "") roots.push({ path: "toolchain", version: toolchain });
    return new Requirements(mains, sortModules(roots), direct, inWorkspace ? "workspace" : pruningOf(goVersion), this);
  }

  /** Whether go.sum must have all hashes already. */
  get needsSums(): boolean {
    return this.mains.list.length > 0 && this.mains.mode === "readonly" && !this.mains.inWorkspace;
  }

  /** "go.mod has to change, but must not". */
  dirty(): ModuleError {
    const { mode, modeGiven, modeReason } = this.mains;
    if (modeGiven) return new ModuleError(`updates to go.mod needed, disabled by -mod=${mode}; to update it:\n\tgo mod tidy`);
    if (modeReason !== "")
      return new ModuleError(`updates to go.mod needed, disabled by -mod=${mode}\n\t(${modeReason})\n\tto update it:\n\tgo mod tidy`);
    return new ModuleError("updates to go.mod needed; to update it:\n\tgo mod tidy");
  }

  /** What stands for a version: itself, or what replaces it. */
  actual(m: ModuleVersion): { readonly path: string; readonly version: string; readonly replaced: boolean; readonly shown: string } {
    const r = this.mains.replacement(m);
    return r === null ? { path: m.path, version: m.version, replaced: false, shown: m.path } : { ...r, replaced: true };
  }

  prefetch(list: readonly ModuleVersion[]): void {
    if (this.vendored !== null) return;
    const wanted: ModuleVersion[] = [];
    for (const m of list) {
      if (isToolchain(m.path) || m.version === "" || this.files.has(moduleText(m))) continue;
      const actual = this.actual(m);
      if (actual.version !== "" && !(this.needsSums && !this.sums.has(actual, goModSuffix)))
        wanted.push({ path: actual.path, version: actual.version });
    }
    this.cache.prefetchGoMods(wanted);
  }

  /** Throws ModuleError. */
  summary(m: ModuleVersion): DependencyFile {
    const key = moduleText(m);
    let file = this.files.get(key);
    if (file === undefined) {
      try {
        file = this.readDependency(m);
      } catch (e) {
        if (!(e instanceof ModuleError)) throw e;
        file = e;
      }
      this.files.set(key, file);
    }
    if (file instanceof ModuleError) throw file;
    return file;
  }

  private readDependency(m: ModuleVersion): DependencyFile {
    const none = { path: m.path, goVersion: "", retracts: [], deprecated: "", ignores: [] };
    if (isToolchain(m.path)) {
      const strict = m.path === "go" && compareGoVersions(m.version, since.strict) >= 0;
      return { ...none, requires: strict ? [{ path: "toolchain", version: `go${m.version}` }] : [], pruning: "pruned" };
    }
    const main = m.version === "" ? this.mains.find(m.path) : null;
    if (main !== null) return this.described(main.path, main.file, m);
    if (m.version === "") return { ...none, requires: [], pruning: "pruned" };
    if (this.vendored !== null) {
      const own = this.vendored.find((v) => v.path === m.path);
      const all = own?.version === m.version ? this.vendored.map((v) => ({ path: v.path, version: v.version })) : [];
      return { ...none, goVersion: own?.goVersion ?? "", requires: all, pruning: pruningOf(own?.goVersion ?? "") };
    }
    const actual = this.actual(m);
    const { text, shown } = actual.version === "" ? this.readReplacement(m, actual) : this.readCached(m, actual);
    let file: ModFile;
    try {
      file = ModFile.parse(text, shown, shown.slice(shown.lastIndexOf("/") + 1), true);
    } catch (e) {
      if (e instanceof ModFileError) throw new ModuleError(`${this.named(m)}: parsing ${shown}: ${e.lines.join("\n")}`);
      throw e;
    }
    if (actual.version !== "") {
      if (file.module === "") throw new ModuleError(`${this.named(m)}: parsing go.mod: missing module line`);
      if (file.module !== m.path && file.module !== actual.path) {
        throw new ModuleError(
          `${this.named(m)}: parsing go.mod:\n\tmodule declares its path as: ${file.module}\n\t        but was required as: ${m.path}`,
        );
      }
    }
    return this.described(m.path, file, m);
  }

  /** What a version's own go.mod file says, replaced or not. Throws ModuleError. */
  rawSummary(m: ModuleVersion): DependencyFile {
    const text = new TextDecoder().decode(this.cache.goMod(m));
    try {
      const file = ModFile.parse(text, "go.mod", "go.mod", true);
      return this.described(m.path, file, m);
    } catch (e) {
      if (e instanceof ModFileError) throw new ModuleError(`${moduleText(m)}: parsing go.mod: ${e.lines.join("\n")}`);
      throw e;
    }
  }

  /** A version in messages, with what replaces it. */
  named(m: ModuleVersion): string {
    const r = this.mains.replacement(m);
    if (r === null) return moduleText(m);
    return `${moduleText(m)} (replaced by ${r.version === "" ? r.shown : `${r.path}@${r.version}`})`;
  }

  private readReplacement(m: ModuleVersion, actual: { readonly path: string }): { text: string; shown: string } {
    const path = joinPath(actual.path, "go.mod");
    const shown = shortPath(this.cwd, path);
    try {
      return { text: new TextDecoder().decode(this.host.readFile(path)), shown };
    } catch (e) {
      if (e instanceof HostError) throw new ModuleError(`${this.named(m)}: reading ${shown}: open ${path}: ${e.reason}`);
      throw e;
    }
  }

  private readCached(m: ModuleVersion, actual: ModuleVersion): { text: string; shown: string } {
    if (this.needsSums && !this.sums.has(actual, goModSuffix)) {
      throw new ModuleError(`${this.named(m)}: missing go.sum entry for go.mod file; to add it:\n\tgo mod download ${m.path}`);
    }
    try {
      return { text: new TextDecoder().decode(this.cache.goMod(actual)), shown: "go.mod" };
    } catch (e) {
      const plain = moduleText(actual);
      if (e instanceof ModuleError && e.message.startsWith(`${plain}: `)) {
        throw new ModuleError(`${this.named(m)}${e.message.slice(plain.length)}`, e.absent);
      }
      throw e;
    }
  }

  private described(path: string, file: ModFile, m: ModuleVersion): DependencyFile {
    const requires: ModuleVersion[] = file.requires
      .map((r) => ({ path: r.path, version: r.version }))
      .filter((r) => !this.mains.isExcluded(r));
    if (file.goVersion !== "" && compareGoVersions(file.goVersion, since.strict) >= 0) {
      requires.push({ path: "go", version: file.goVersion });
      if (compareGoVersions(file.goVersion, this.local) > 0) {
        throw new ModuleError(
          `${m.version === "" ? m.path : moduleText(m)} requires go >= ${file.goVersion} (running go ${this.local}; GOTOOLCHAIN=local)`,
        );
      }
    }
    const pruning = file.goVersion === "" ? "unpruned" : pruningOf(file.goVersion);
    const { goVersion, retracts, deprecated } = file;
    return { path, goVersion, requires, pruning, retracts, deprecated, ignores: file.ignores.map((i) => i.path) };
  }

  /** The language version of a module's packages: "1.22". */
  goVersionOf(m: ModuleVersion): string {
    const main = m.version === "" ? this.mains.find(m.path) : null;
    if (main !== null) return main.goVersion;
    if (this.vendored !== null) return this.vendored.find((v) => v.path === m.path)?.goVersion || "1.16";
    return this.summary(m).goVersion || "1.16";
  }

  /** The folder of a version, which is fetched if need be. Throws ModuleError, MissingSum. */
  folder(m: ModuleVersion): string {
    const main = m.version === "" ? this.mains.find(m.path) : null;
    if (main !== null) return main.dir;
    const actual = this.actual(m);
    if (actual.version === "") {
      this.summary(m);
      return actual.path;
    }
    if (this.needsSums && !this.sums.has(actual)) throw new MissingSum("", [m], false);
    return this.cache.download(actual);
  }

  /** Whether a folder has Go files, of whatever kind. */
  hasGoFiles(dir: string): boolean {
    let has = this.goFolders.get(dir);
    if (has === undefined) {
      has =
        this.host.stat(dir).kind === "folder" &&
        this.host.readFolder(dir, [".go"]).some((n) => this.host.stat(joinPath(dir, n)).kind === "file");
      this.goFolders.set(dir, has);
    }
    return has;
  }

  /** The folder of a package in a module's, "" if it is not there. `nested`: folders with go.mod files are other modules. */
  within(path: string, modulePath: string, folder: string, nested: boolean): string {
    if (path === modulePath) return this.hasGoFiles(folder) ? folder : "";
    const rest = path.slice(modulePath.length + 1);
    const dir = joinPath(folder, rest);
    if (!this.hasGoFiles(dir)) return "";
    if (nested) {
      let at = folder;
      for (const part of rest.split("/")) {
        at = joinPath(at, part);
        if (this.host.stat(joinPath(at, "go.mod")).kind === "file") return "";
      }
    }
    return dir;
  }

  /**
   * Finds the module that has a package. Only as much of the module graph is loaded as that takes. Throws MissingPackage, MissingSum, ModuleError.
   */
  find(path: string, requirements = this.requirements): Found {
    if (this.vendored !== null) return this.findVendored(path);
    for (let full = requirements.hasGraph || requirements.pruning !== "pruned"; ; full = true) {
      const version = full
        ? (p: string): string => requirements.graph().selected(p)
        : (p: string): string => requirements.root(p) ?? "none";
      const found: { module: ModuleVersion; dir: string }[] = [];
      const others: ModuleVersion[] = [];
      const lacking: ModuleVersion[] = [];
      for (let prefix = path; prefix !== ""; prefix = prefix.slice(0, Math.max(prefix.lastIndexOf("/"), 0))) {
        if (isToolchain(prefix)) continue;
        const v = version(prefix);
        if (v === "none" || (v === "" && this.mains.find(prefix) === null)) continue;
        const m = { path: prefix, version: v };
        let folder: string;
        try {
          folder = this.folder(m);
        } catch (e) {
          if (!(e instanceof MissingSum)) throw e;
          lacking.unshift(m);
          continue;
        }
        const local = v === "" || this.actual(m).version === "";
        const dir = this.within(path, prefix, folder, local);
        if (dir !== "") found.unshift({ module: m, dir });
        else others.push(m);
      }
      if (found.length > 1) {
        const list = found.map((f) => `\n\t${f.module.path}${f.module.version === "" ? "" : ` ${f.module.version}`} (${f.dir})`);
        throw new ModuleError(`ambiguous import: found package ${path} in multiple modules:${list.join("")}`);
      }
      if (lacking.length > 0) throw new MissingSum(path, lacking, found.length > 0);
      const only = found[0];
      if (only !== undefined) return { ...only, others };
      if (full) throw this.missing(path);
    }
  }

  private findVendored(path: string): Found {
    const main = this.findInMains(path);
    if (main !== null) return main;
    const vendor = this.mains.vendorFolder;
    const dir = joinPath(vendor, path);
    if (this.hasGoFiles(dir)) {
      const owner = this.vendored?.find((v) => v.packages.includes(path));
      if (owner !== undefined) return { module: { path: owner.path, version: owner.version }, dir, others: [] };
      if (compareGoVersions(this.mains.goVersion, "1.23") < 0) return { module: { path: "", version: "" }, dir, others: [] };
      const how = this.mains.inWorkspace ? "work" : "mod";
      this.host.stderr(
        `go: ignoring package ${path} which exists in the vendor directory but is missing from vendor/modules.txt. To sync the vendor directory run go ${how} vendor.\n`,
      );
    }
    throw this.missing(path);
  }

  /** A package of a main module. */
  findInMains(path: string): Found | null {
    let best: Found | null = null;
    for (const m of this.mains.list) {
      if (path !== m.path && !path.startsWith(`${m.path}/`)) continue;
      const dir = this.within(path, m.path, m.dir, true);
      if (dir !== "" && (best === null || m.path.length > best.module.path.length))
        best = { module: { path: m.path, version: "" }, dir, others: [] };
    }
    return best;
  }

  /** Why there is no package of a path in the modules of the build. */
  private missing(path: string): MissingPackage {
    const { mode, modeGiven, modeReason, list } = this.mains;
    const say = (text: string): MissingPackage => new MissingPackage(text, path);
    const why = this.flags.missing?.[path];
    if (why !== undefined) return say(why);
    if (mode === "mod" || this.flags.outside !== undefined) return say(`cannot find module providing package ${path}`);
    const replaced = this.vendored === null ? this.replacedButNotRequired(path) : null;
    if (replaced !== null) return replaced;
    if (modeGiven) return say(`cannot find module providing package ${path}: import lookup disabled by -mod=${mode}`);
    if (modeReason !== "")
      return say(`cannot find module providing package ${path}: import lookup disabled by -mod=${mode}\n\t(${modeReason})`);
    if (list.length === 0)
      return say(
        `no required module provides package ${path}: go.mod file not found in current directory or any parent directory; see 'go help modules'`,
      );
    return say(`no required module provides package ${path}; to add it:\n\tgo get ${path}`);
  }

  private replacedButNotRequired(path: string): MissingPackage | null {
    for (const [own, version] of this.mains.highestReplaced()) {
      if (path !== own && !path.startsWith(`${own}/`)) continue;
      const m = { path: own, version: version === "" ? zeroVersion(own) : version };
      if (this.requirements.selected(own) !== "none") continue;
      const actual = this.actual(m);
      const folder = actual.version === "" ? actual.path : this.cache.present(actual);
      if (folder === "" || this.within(path, own, folder, true) === "") continue;
      const suggestion = version === "" ? own : moduleText(m);
      return new MissingPackage(
        `module ${own} provides package ${path} and is replaced but not required; to add it:\n\tgo get ${suggestion}`,
        path,
      );
    }
    return null;
  }

  private readVendored(): VendoredModule[] {
    const { mains, host } = this;
    const path = joinPath(mains.vendorFolder, "modules.txt");
    const list = host.stat(path).kind === "file" ? parseModulesText(new TextDecoder().decode(host.readFile(path))) : [];
    const differences = compareGoVersions(mains.goVersion, "1.14") >= 0 ? this.vendorDifferences(list) : [];
    if (differences.length > 0) {
      const command = mains.inWorkspace ? "go work vendor" : "go mod vendor";
      const how = `\tTo ignore the vendor directory, use -mod=readonly or -mod=mod.\n\tTo sync the vendor directory, run:\n\t\t${command}`;
      const place = mains.inWorkspace ? mains.workPath.slice(0, -"/go.work".length) : (mains.list[0] as MainModule).dir;
      throw new LoadError([`go: inconsistent vendoring in ${place}:`, ...differences.map((d) => `\t${d}`), "", how]);
    }
    return list;
  }

  /** Whether go.mod and vendor/modules.txt say the same, as far as go.mod goes. */
  private vendorDifferences(vendored: readonly VendoredModule[]): string[] {
    const out: string[] = [];
    const own = new Map(vendored.map((v) => [`${v.path}@${v.version}`, v]));
    const required = new Set<string>();
    const source = this.mains.inWorkspace ? "go.work" : "go.mod";
    for (const main of this.mains.list) {
      for (const r of main.file.requires) {
        const key = `${r.path}@${r.version}`;
        required.add(key);
        const v = own.get(key);
        if (v?.explicit === true || this.mains.inWorkspace || this.mains.find(r.path) !== null) continue;
        out.push(`${key}: is explicitly required in go.mod, but not marked as explicit in vendor/modules.txt`);
      }
    }
    const text = (r: { target: string; targetVersion: string }): string =>
      r.targetVersion === "" ? r.target : `${r.target}@${r.targetVersion}`;
    const stated = [...(this.mains.work?.replaces ?? []), ...this.mains.list.flatMap((m) => m.file.replaces)];
    for (const r of this.mains.inWorkspace ? [] : stated) {
      const left = r.version === "" ? r.path : `${r.path}@${r.version}`;
      const v = vendored.find(
        (x) => x.path === r.path && x.replacement !== "" && (r.version === "" || x.version === r.version || x.version === ""),
      );
      if (v === undefined) {
        // Replacements of what is not used are listed, too, from Go 1.14 on.
        out.push(`${left}: is replaced in ${source}, but not marked as replaced in vendor/modules.txt`);
      } else if (v.replacement !== text(r)) {
        out.push(`${left}: is replaced by ${text(r)} in ${source}, but marked as replaced by ${v.replacement} in vendor/modules.txt`);
      }
    }
    for (const v of vendored) {
      const key = `${v.path}@${v.version}`;
      if (v.explicit && v.version !== "" && !required.has(key)) {
        out.push(`${key}: is marked as explicit in vendor/modules.txt, but not explicitly required in ${source}`);
      }
      if (v.replacement !== "" && !this.mains.inWorkspace && this.mains.replacement(v) === null) {
        out.push(`${v.version === "" ? v.path : key}: is marked as replaced in vendor/modules.txt, but not replaced in ${source}`);
      }
    }
    return out;
  }
}

/** The version of a module that is only replaced: before all real ones. */
export function zeroVersion(path: string): string {
  const m = /[/.]v(\d+)(?:-unstable)?$/.exec(path);
  return `v${m === null || (!path.startsWith("gopkg.in/") && path.includes(".v")) ? "0" : m[1]}.0.0-00010101000000-000000000000`;
}
