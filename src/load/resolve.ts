// Finds the folder of an import path: the standard library, the main module, its vendor folder, modules that are
// replaced by local folders, and modules that are in the module cache already.

import { type Host, HostError } from "../base/host.ts";
import type { FolderReader } from "./folder.ts";
import type { Goroot } from "./goroot.ts";
import { type ModFile, parseModFile, parseModulesText, type VendoredModule } from "./modfile.ts";
import type { Overlay } from "./overlay.ts";
import { LoadError, type Module } from "./package.ts";
import { below, isBelow, joinPath, parentFolder, shortPath } from "./paths.ts";

/** Where a package lies. */
export interface Location {
  readonly path: string;
  readonly dir: string;
  readonly standard: boolean;
  readonly module: Module | null;
}

/** A module whose packages can be imported. */
interface Available {
  readonly module: Module;
  /** Why it can't be used after all, or "". */
  readonly missing: string;
}

const noModFile = "go.mod file not found in current directory or any parent directory; see 'go help modules'";

/** Import paths whose first part has no dot belong to the standard library. */
function looksStandard(path: string): boolean {
  return !(path.split("/")[0] as string).includes(".");
}

/** Resolves import paths for the module around a folder. */
export class Resolver {
  readonly goroot: Goroot;
  /** The main module, or null outside of any. */
  readonly main: Module | null;
  private readonly host: Host;
  private readonly overlay: Overlay;
  private readonly reader: FolderReader;
  private readonly cwd: string;
  private readonly mod: ModFile | null;
  private readonly vendored: VendoredModule[] | null;
  private modules: Available[] | null = null;
  private readonly standardPackages = new Map<string, Location | null>();

  constructor(host: Host, goroot: Goroot, overlay: Overlay, reader: FolderReader, start: string, modeFlag: string) {
    this.host = host;
    this.goroot = goroot;
    this.overlay = overlay;
    this.reader = reader;
    this.cwd = host.cwd();
    this.main = null;
    this.mod = null;
    this.vendored = null;
    const root = this.findModFile(start);
    if (root === "" || root === joinPath(goroot.folder, "src")) return;
    const mod = this.readModFile(root, "go.mod");
    if (mod.errors.length > 0) {
      const shown = shortPath(this.cwd, joinPath(root, "go.mod"));
      throw new LoadError([`go: errors parsing ${shown}:`, ...mod.errors]);
    }
    if (mod.module === "") {
      const shown = shortPath(this.cwd, joinPath(root, "go.mod"));
      const how = "To specify the module path:\n\tgo mod edit -module=example.com/mod";
      throw new LoadError([`go: error reading ${shown}: missing module declaration. ${how}`]);
    }
    const running = (goroot.version.split(" ")[0] as string).slice(2);
    if (compareVersions(mod.goVersion, running) > 0) {
      throw new LoadError([`go: go.mod requires go >= ${mod.goVersion} (running go ${running}; GOTOOLCHAIN=local)`]);
    }
    const m = /^1\.(\d+)/.exec(mod.goVersion);
    this.mod = mod;
    this.main = { path: mod.module, version: "", dir: root, goVersion: mod.goVersion || "1.16", main: true };
    const list = joinPath(root, "vendor/modules.txt");
    const minor = m === null ? 16 : Number(m[1]);
    const vendor = modeFlag === "vendor" || (modeFlag === "" && minor >= 14);
    if (vendor && host.stat(list).kind === "file") {
      this.vendored = parseModulesText(new TextDecoder().decode(host.readFile(list)));
      const differences = minor >= 14 ? vendorDifferences(mod, this.vendored) : [];
      if (differences.length > 0) {
        const how =
          "\tTo ignore the vendor directory, use -mod=readonly or -mod=mod.\n\tTo sync the vendor directory, run:\n\t\tgo mod vendor";
        throw new LoadError([`go: inconsistent vendoring in ${root}:`, ...differences.map((d) => `\t${d}`), "", how]);
      }
    } else if (modeFlag === "vendor") this.vendored = [];
  }

  private findModFile(start: string): string {
    for (let dir = start; ; dir = parentFolder(dir)) {
      if (this.host.stat(joinPath(dir, "go.mod")).kind === "file") return dir;
      if (dir === "/" || dir === ".") return "";
    }
  }

  private readModFile(dir: string, shown: string): ModFile {
    const path = joinPath(dir, "go.mod");
    return parseModFile(new TextDecoder().decode(this.host.readFile(path)), path, shown);
  }

  /** The folder of a package of the standard library, or null. */
  standard(path: string): Location | null {
    let found = this.standardPackages.get(path);
    if (found === undefined) {
      const dir = joinPath(this.goroot.folder, "src", path);
      const exists = path === "unsafe" || this.overlay.rules.has(path) || this.reader.hasGoFiles(dir);
      found = exists ? { path, dir, standard: true, module: null } : null;
      this.standardPackages.set(path, found);
    }
    return found;
  }

  /** The package that a package of the standard library means: golang.org/x/... is its own copy. */
  fromStandard(path: string, importer: string): Location | null {
    if (looksStandard(path)) return this.standard(path);
    return this.standard(isBelow(importer, "cmd") ? `cmd/vendor/${path}` : `vendor/${path}`);
  }

  /** The package in a folder. Throws LoadError if the folder belongs to no module. */
  folder(dir: string): Location {
    const src = joinPath(this.goroot.folder, "src");
    if (isBelow(dir, src) && dir !== src) return { path: below(dir, src), dir, standard: true, module: null };
    if (this.main === null) throw new LoadError([`go: ${noModFile}`]);
    if (!isBelow(dir, this.main.dir) || dir.includes("@")) {
      if (!this.reader.hasGoFiles(dir)) throw new LoadError([`no Go files in ${dir}`]);
      throw new LoadError([`directory ${shortPath(this.cwd, dir)} outside main module or its selected dependencies`]);
    }
    const rest = below(dir, this.main.dir);
    const path = rest === "" ? this.main.path : `${this.main.path}/${rest}`;
    if (this.findModFile(dir) !== this.main.dir || this.host.stat(dir).kind !== "folder") {
      throw new LoadError([`main module (${this.main.path}) does not contain package ${path}`]);
    }
    return { path, dir, standard: false, module: this.main };
  }

  /** The import path that a folder would have, for the rule about internal packages. */
  folderPath(dir: string): string {
    if (this.main === null || !isBelow(dir, this.main.dir)) return ".";
    const rest = below(dir, this.main.dir);
    return rest === "" ? this.main.path : `${this.main.path}/${rest}`;
  }

  /** Finds the package of an import path; a string is the reason why there is none. */
  find(path: string): Location | string {
    if (looksStandard(path)) {
      const found = this.standard(path);
      if (found !== null) return found;
    }
    const main = this.main;
    if (main !== null && isBelow(path, main.path)) {
      const dir = joinPath(main.dir, below(path, main.path));
      if (this.reader.hasGoFiles(dir)) return { path, dir, standard: false, module: main };
    }
    if (main !== null && this.vendored !== null) {
      const module = longest(this.vendored, path);
      const dir = joinPath(main.dir, "vendor", path);
      if (module !== null && this.reader.hasGoFiles(dir)) {
        const goVersion = module.goVersion || "1.16";
        const { path: modulePath, version } = module;
        return { path, dir, standard: false, module: { path: modulePath, version, dir, goVersion, main: false } };
      }
      if (!looksStandard(path)) {
        return (
          `cannot find module providing package ${path}: import lookup disabled by -mod=vendor\n` +
          "\t(Go version in go.mod is at least 1.14 and vendor directory exists.)"
        );
      }
    } else if (main !== null) {
      const candidates = this.available().filter((a) => isBelow(path, a.module.path));
      candidates.sort((a, b) => b.module.path.length - a.module.path.length);
      for (const a of candidates) {
        if (a.missing !== "") return a.missing;
        const dir = joinPath(a.module.dir, below(path, a.module.path));
        if (this.reader.hasGoFiles(dir)) return { path, dir, standard: false, module: a.module };
      }
      const best = candidates[0];
      if (best !== undefined && !looksStandard(path)) {
        const version = best.module.version === "" ? "" : `@${best.module.version}`;
        return `module ${best.module.path}${version} found, but does not contain package ${path}`;
      }
    }
    if (looksStandard(path)) return `package ${path} is not in std (${joinPath(this.goroot.folder, "src", path)})`;
    if (main === null) return `no required module provides package ${path}: ${noModFile}`;
    return `no required module provides package ${path}; to add it:\n\tgo get ${path}`;
  }

  /** The required modules, as far as they are on this machine. */
  private available(): Available[] {
    if (this.modules !== null) return this.modules;
    const list: Available[] = [];
    const mod = this.mod as ModFile;
    const root = (this.main as Module).dir;
    for (const r of mod.requires) {
      const replacement =
        mod.replaces.find((x) => x.path === r.path && x.version === r.version) ??
        mod.replaces.find((x) => x.path === r.path && x.version === "");
      let dir: string;
      let missing = "";
      if (replacement !== undefined && replacement.targetVersion === "") {
        const target = replacement.target;
        dir = target.startsWith("/") ? target : joinPath(root, target);
        if (this.host.stat(joinPath(dir, "go.mod")).kind !== "file") {
          const shown = shortPath(this.cwd, joinPath(dir, "go.mod"));
          missing = `${r.path}@${r.version} (replaced by ${target}): reading ${shown}: no such file or directory`;
        }
      } else {
        const path = replacement?.target ?? r.path;
        const version = replacement?.targetVersion ?? r.version;
        dir = joinPath(this.moduleCache(), `${escapedPath(path)}@${escapedPath(version)}`);
        if (this.host.stat(dir).kind !== "folder") {
          missing =
            `module ${path}@${version} is not in the module cache (${dir}); go3s does not download modules, to get it:\n` +
            `\tgo mod download ${path}`;
        }
      }
      let goVersion = "1.16";
      if (missing === "" && this.host.stat(joinPath(dir, "go.mod")).kind === "file") {
        goVersion = this.readModFile(dir, "go.mod").goVersion || goVersion;
      }
      list.push({ module: { path: r.path, version: r.version, dir, goVersion, main: false }, missing });
    }
    this.modules = list;
    return list;
  }

  /** The main module and all others whose packages can be imported. */
  allModules(): Module[] {
    if (this.main === null) return [];
    if (this.vendored !== null) return [this.main];
    const list = this.available().filter((a) => a.missing === "");
    return [this.main, ...list.map((a) => a.module)];
  }

  private moduleCache(): string {
    const cache = this.host.env("GOMODCACHE") ?? "";
    if (cache !== "") return cache;
    const gopath = (this.host.env("GOPATH") ?? "").split(":")[0] as string;
    return joinPath(gopath === "" ? joinPath(this.host.homeFolder(), "go") : gopath, "pkg/mod");
  }

  /** All packages below a folder that `dir/...` means: no vendor, testdata, hidden folders, other modules. */
  below(dir: string): string[] {
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
        if (!/\.(go|s|h|c|md|txt)$/.test(name) && this.host.stat(path).kind === "folder") visit(path, false);
      }
    };
    visit(dir, true);
    return out;
  }
}

/** Whether go.mod and vendor/modules.txt say the same, as far as go.mod goes. */
function vendorDifferences(mod: ModFile, vendored: readonly VendoredModule[]): string[] {
  const out: string[] = [];
  const own = new Map(vendored.map((v) => [v.path, v]));
  for (const r of mod.requires) {
    const v = own.get(r.path);
    if (v !== undefined && v.explicit && v.version === r.version) continue;
    out.push(`${r.path}@${r.version}: is explicitly required in go.mod, but not marked as explicit in vendor/modules.txt`);
  }
  for (const v of vendored) {
    if (!v.explicit || mod.requires.some((r) => r.path === v.path && r.version === v.version)) continue;
    out.push(`${v.path}@${v.version}: is marked as explicit in vendor/modules.txt, but not explicitly required in go.mod`);
  }
  return out;
}

/** Compares versions of Go ("1.26", "1.27rc1", "1.26.8"): negative, 0 or positive. The empty one comes first. */
function compareVersions(a: string, b: string): number {
  const parts = (v: string): number[] => {
    const m = /^(\d+)(?:\.(\d+))?(?:\.(\d+)|(beta|rc)(\d+))?/.exec(v);
    if (m === null) return [0, 0, 0, 0];
    // From 1.21 on, "1.N" is the language, before every release of it.
    const kind = m[4] === "beta" ? 1 : m[4] === "rc" ? 2 : m[3] !== undefined ? 3 : 0;
    return [Number(m[1]), Number(m[2] ?? 0), kind, Number(m[3] ?? m[5] ?? 0)];
  };
  const x = parts(a);
  const y = parts(b);
  for (let i = 0; i < 4; i++) if (x[i] !== y[i]) return (x[i] as number) - (y[i] as number);
  return 0;
}

function longest<M extends { readonly path: string }>(modules: readonly M[], path: string): M | null {
  let best: M | null = null;
  for (const m of modules) {
    if (isBelow(path, m.path) && (best === null || m.path.length > best.path.length)) best = m;
  }
  return best;
}

/** Capitals are written `!c` in the module cache. */
function escapedPath(path: string): string {
  return path.replace(/[A-Z]/g, (c) => `!${c.toLowerCase()}`);
}
