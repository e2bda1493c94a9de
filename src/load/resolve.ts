// Finds the folder of an import path: the standard library, or the modules of the build.

import { fipsModule } from "../base/fips140.ts";
import { type Host, HostError } from "../base/host.ts";
import { below, isBelow, joinPath, shortPath } from "../base/paths.ts";
import { ModuleError } from "../modules/error.ts";
import { findUpwards, findWorkFile, type MainModule, noModFile } from "../modules/mains.ts";
import { MissingSum, type Modules } from "../modules/modules.ts";
import { moduleText, type ModuleVersion } from "../modules/names.ts";
import { moduleCacheFolder } from "../modules/settings.ts";
import { fipsFolder, fipsPath } from "./fips140.ts";
import type { FolderReader } from "./folder.ts";
import type { Goroot } from "./goroot.ts";
import type { Overlay } from "./overlay.ts";
import { LoadError, type Module } from "./package.ts";

/** Where a package lies. */
export interface Location {
  readonly path: string;
  readonly dir: string;
  readonly standard: boolean;
  readonly module: Module | null;
}

/** Who imports a package: its path and the version of its module. */
export interface Importer {
  readonly path: string;
  readonly version: string;
  readonly test?: boolean;
}

/** Import paths whose first part has no dot belong to the standard library. */
export function looksStandard(path: string): boolean {
  return !(path.split("/")[0] as string).includes(".");
}

/** Resolves import paths for the modules around a folder. */
export class Resolver {
  readonly goroot: Goroot;
  readonly modules: Modules;
  /** The main module, in a workspace the one around the current folder, or null. */
  readonly main: Module | null;
  readonly mains: readonly Module[];
  private readonly host: Host;
  private readonly overlay: Overlay;
  private readonly reader: FolderReader;
  private readonly cwd: string;
  private readonly standardPackages = new Map<string, Location | null>();
  private readonly known = new Map<string, Module>();
  /** The version of the FIPS 140 module; "latest" and "off": the tree's own. */
  private readonly fips: string;
  private fipsFolder = "";

  constructor(host: Host, goroot: Goroot, overlay: Overlay, reader: FolderReader, modules: Modules, fips: string) {
    this.host = host;
    this.fips = fips;
    this.goroot = goroot;
    this.overlay = overlay;
    this.reader = reader;
    this.modules = modules;
    this.cwd = host.cwd();
    this.mains = modules.mains.list.map((m) => this.mainModule(m));
    const around = modules.mains.around(this.cwd);
    this.main = this.mains.find((m) => m.path === around?.path) ?? this.mains[0] ?? null;
  }

  private mainModule(m: MainModule): Module {
    return { path: m.path, version: "", dir: m.dir, goVersion: m.goVersion, main: true, sum: "", replace: null };
  }

  /** What is known of a version. Throws ModuleError. */
  module(m: ModuleVersion, dir: string): Module {
    const main = m.version === "" ? this.mains.find((x) => x.path === m.path) : undefined;
    if (main !== undefined) return main;
    const key = moduleText(m);
    let module = this.known.get(key);
    if (module === undefined) {
      const actual = this.modules.actual(m);
      const sum = this.modules.sums.hash(actual);
      const replace = actual.replaced
        ? {
            path: actual.version === "" ? actual.shown : actual.path,
            version: actual.version,
            dir: actual.version === "" ? actual.path : "",
          }
        : null;
      module = { path: m.path, version: m.version, dir, goVersion: this.modules.goVersionOf(m), main: false, sum, replace };
      this.known.set(key, module);
    }
    return module;
  }

  /** The folder of a package of the standard library, or null. */
  standard(path: string): Location | null {
    let found = this.standardPackages.get(path);
    if (found === undefined) {
      found = this.snapshot(path) ?? this.inTree(path);
      this.standardPackages.set(path, found);
    }
    return found;
  }

  private inTree(path: string): Location | null {
    const dir = joinPath(this.goroot.folder, "src", path);
    const exists = path === "unsafe" || this.overlay.rules.has(path) || this.reader.hasGoFiles(dir);
    return exists ? { path, dir, standard: true, module: null } : null;
  }

  /** A package of the FIPS 140 module where a snapshot of that is used. */
  private snapshot(path: string): Location | null {
    if (this.fips === "off" || this.fips === "latest" || !isBelow(path, fipsModule)) return null;
    if (this.fipsFolder === "") this.fipsFolder = fipsFolder(this.host, this.goroot.folder, moduleCacheFolder(this.host), this.fips);
    const own = fipsPath(path, this.fips);
    const dir = joinPath(this.fipsFolder, below(own, fipsModule));
    return this.reader.hasGoFiles(dir) ? { path: own, dir, standard: true, module: null } : null;
  }

  /** The package that a package of the standard library means: golang.org/x/... is its own copy. */
  fromStandard(path: string, importer: string): Location | null {
    if (looksStandard(path)) return this.standard(path);
    return this.standard(isBelow(importer, "cmd") ? `cmd/vendor/${path}` : `vendor/${path}`);
  }

  /** The main module around a folder. */
  private around(dir: string): Module | null {
    const m = this.modules.mains.around(dir);
    return m === null ? null : (this.mains.find((x) => x.path === m.path) ?? null);
  }

  /** The package in a folder. Throws LoadError if the folder belongs to no module. */
  folder(dir: string): Location {
    const src = joinPath(this.goroot.folder, "src");
    if (isBelow(dir, src) && dir !== src) return { path: below(dir, src), dir, standard: true, module: null };
    if (this.mains.length === 0) throw new LoadError([`go: ${this.noModules()}`]);
    const main = this.around(dir);
    if (main === null || dir.includes("@")) {
      const inWorkspace = this.modules.mains.inWorkspace;
      const root = inWorkspace ? findUpwards(this.host, dir, "go.mod") : "";
      if (root !== "") throw new LoadError([this.notInWorkspace(dir, root)]);
      if (!this.reader.hasGoFiles(dir)) throw new LoadError([`no Go files in ${dir}`]);
      const what = inWorkspace ? "modules listed in go.work or their selected dependencies" : "main module or its selected dependencies";
      throw new LoadError([`directory ${shortPath(this.cwd, dir)} outside ${what}`]);
    }
    const rest = below(dir, main.dir);
    const path = rest === "" ? main.path : `${main.path}/${rest}`;
    const nearest = findUpwards(this.host, dir, "go.mod");
    if (nearest !== main.dir || this.host.stat(dir).kind !== "folder") {
      if (nearest !== main.dir && this.modules.mains.inWorkspace && nearest !== "")
        throw new LoadError([this.notInWorkspace(dir, nearest)]);
      throw new LoadError([`main module (${main.path}) does not contain package ${path}`]);
    }
    return { path, dir, standard: false, module: main };
  }

  private notInWorkspace(dir: string, root: string): string {
    const what = dir === this.cwd ? "current directory" : `directory ${shortPath(this.cwd, dir)}`;
    return (
      `${what} is contained in a module that is not one of the workspace modules listed in go.work. ` +
      `You can add the module to the workspace using:\n\tgo work use ${shortPath(this.cwd, root)}`
    );
  }

  private noModules(): string {
    const { mains } = this.modules;
    if (mains.inWorkspace) return "no modules were found in the current workspace; see 'go help work'";
    return findWorkFile(this.host, this.cwd) === "" ? noModFile : "no modules were found in the current workspace; see 'go help work'";
  }

  /** The import path that a folder would have, for the rule about internal packages. */
  folderPath(dir: string): string {
    const main = this.around(dir);
    if (main === null) return ".";
    const rest = below(dir, main.dir);
    return rest === "" ? main.path : `${main.path}/${rest}`;
  }

  /** Finds the package of an import path; a string is the reason why there is none. */
  find(path: string, importer: Importer | null = null): Location | string {
    if (looksStandard(path)) {
      const found = this.standard(path);
      if (found !== null) return found;
    }
    try {
      const { module, dir } = this.modules.find(path);
      return { path, dir, standard: false, module: module.path === "" ? null : this.module(module, this.moduleFolder(module, path, dir)) };
    } catch (e) {
      if (e instanceof MissingSum) return e.text(importer?.path ?? "", importer?.version ?? "", importer?.test === true);
      if (!(e instanceof ModuleError)) throw e;
      if (looksStandard(path) && !e.message.startsWith("module ") && !e.message.startsWith("ambiguous")) {
        return `package ${path} is not in std (${joinPath(this.goroot.folder, "src", path)})`;
      }
      return e.message;
    }
  }

  private moduleFolder(m: ModuleVersion, path: string, dir: string): string {
    if (path === m.path) return dir;
    return dir.slice(0, dir.length - (path.length - m.path.length));
  }

  /** The main modules and all others whose packages can be imported. Throws LoadError. */
  allModules(matches: (path: string) => boolean): Module[] {
    if (this.mains.length === 0 || this.modules.vendored !== null) return [...this.mains];
    const out = [...this.mains];
    try {
      for (const m of this.modules.requirements.graph().buildList()) {
        if (m.version === "" || m.path === "go" || m.path === "toolchain" || !matches(m.path)) continue;
        out.push(this.module(m, this.modules.folder(m)));
      }
    } catch (e) {
      if (e instanceof MissingSum) {
        const m = e.modules[0] as ModuleVersion;
        throw new LoadError([`go: ${moduleText(m)}: missing go.sum entry; to add it:\n\tgo mod download ${m.path}`]);
      }
      if (e instanceof ModuleError) throw new LoadError([`go: ${e.message}`]);
      throw e;
    }
    return out;
  }

  /** All packages below a folder that `dir/...` means: no vendor, testdata, hidden folders, other modules. */
  below(dir: string, ignored: readonly string[] = []): string[] {
    const out: string[] = [];
    const visit = (at: string, top: boolean): void => {
      let names: string[];
      try {
        names = this.host.readFolder(at);
      } catch (e) {
        if (e instanceof HostError) return;
        throw e;
      }
      if (!top && names.includes("go.mod")) return;
      if (names.some((n) => n.endsWith(".go")) && this.reader.hasGoFiles(at)) out.push(at);
      for (const name of names) {
        if (name.startsWith(".") || name.startsWith("_") || name === "testdata" || name === "vendor") continue;
        const path = joinPath(at, name);
        if (ignored.some((i) => (i.startsWith("./") ? below(path, dir) === i.slice(2) : `/${below(path, dir)}`.endsWith(`/${i}`))))
          continue;
        if (!/\.(go|s|h|c|md|txt)$/.test(name) && this.host.stat(path).kind === "folder") visit(path, false);
      }
    };
    visit(dir, true);
    return out;
  }
}
