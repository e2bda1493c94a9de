// The modules that are being worked on: the one whose go.mod lies in or above a folder, or those of a workspace (go.work), with what only they can say:
// replacements, exclusions, vendor folders.

import { type Host, HostError } from "../base/host.ts";
import { isBelow, joinPath, parentFolder, shortPath } from "../base/paths.ts";
import { LoadError } from "./error.ts";
import { compareGoVersions, since } from "./goversion.ts";
import { ModFile, ModFileError, type Replacement, type VersionFixer } from "./modfile.ts";
import { importPathFault, type ModuleVersion } from "./names.ts";
import { compareSemver } from "./semver.ts";

/** A module that is being worked on. */
export class MainModule {
  readonly path: string;
  readonly dir: string;
  /** Where its go.mod file is: -modfile may name another. */
  readonly filePath: string;
  readonly file: ModFile;
  /** As the file was read. */
  readonly original: string;
  /** What the file said when it was read, exactly and without what is not certain before it is tidied. */
  private readonly meaning: readonly [string, string];
  /** Its go line, or what counts without one. */
  readonly goVersion: string;

  constructor(path: string, dir: string, filePath: string, file: ModFile, original: string) {
    this.path = path;
    this.dir = dir;
    this.filePath = filePath;
    this.file = file;
    this.original = original;
    this.goVersion = file.goVersion || "1.16";
    this.meaning = [file.meaning(false), file.meaning(true)];
  }

  /** Whether the file says something else than when it was read. A file that named branches does. */
  changed(lenient: boolean): boolean {
    return this.file.fixed || this.file.meaning(lenient) !== this.meaning[lenient ? 1 : 0];
  }

  get sumPath(): string {
    return `${this.filePath.replace(/\.mod$/, "")}.sum`;
  }
}

/** Where dependencies come from. */
export type ModMode = "mod" | "readonly" | "vendor";

/** What the command line says about modules. */
export interface ModuleFlags {
  /** -mod, or "". */
  readonly mod: string;
  /** -modfile, or "". */
  readonly modFile: string;
  /** There is no main module: these versions are required. */
  readonly outside?: readonly ModuleVersion[];
  /** -modcacherw. */
  readonly writable: boolean;
  /** The mode of commands that have one of their own; it counts where -mod is not given. */
  readonly usual?: ModMode;
  /** For commands about the go.work file itself. */
  readonly aboutWork?: boolean;
  /** Why no module was found for missing packages, by path. */
  readonly missing?: Readonly<Record<string, string>>;
  /** Turns what stands for versions in go.mod into versions. */
  readonly fix?: VersionFixer;
}

export const noModFile = "go.mod file not found in current directory or any parent directory; see 'go help modules'";

/** The nearest folder upwards that has a file; "" if none has. */
export function findUpwards(host: Host, start: string, name: string): string {
  for (let dir = start; ; dir = parentFolder(dir)) {
    if (host.stat(joinPath(dir, name)).kind === "file") return dir;
    if (dir === "/" || dir === ".") return "";
  }
}

/** The go.work file that counts in a folder, "" for none. Throws LoadError. */
export function findWorkFile(host: Host, start: string): string {
  const asked = host.env("GOWORK") ?? "";
  if (asked === "off") return "";
  if (asked !== "" && asked !== "auto") {
    if (!asked.startsWith("/")) throw new LoadError([`go: invalid GOWORK: not an absolute path`]);
    if (!asked.endsWith(".work")) throw new LoadError([`go: invalid GOWORK: file must have .work extension`]);
    return asked;
  }
  const dir = findUpwards(host, start, "go.work");
  return dir === "" ? "" : joinPath(dir, "go.work");
}

/** Reads a go.mod file. Throws LoadError. */
export function readModFile(host: Host, path: string, shown: string, fix: VersionFixer | null = null): { file: ModFile; text: string } {
  let text: string;
  try {
    text = new TextDecoder().decode(host.readFile(path));
  } catch (e) {
    if (e instanceof HostError) throw new LoadError([`go: reading ${shown}: open ${path}: ${e.reason}`]);
    throw e;
  }
  try {
    const file = ModFile.parse(text, path, shown.slice(shown.lastIndexOf("/") + 1), false, fix);
    return { file, text };
  } catch (e) {
    if (e instanceof ModFileError) throw new LoadError([`go: errors parsing ${shown}:`, ...e.lines]);
    throw e;
  }
}

/** All main modules, and what they say together. */
export class MainModules {
  readonly list: readonly MainModule[];
  /** "" outside of workspaces. */
  readonly workPath: string;
  readonly work: ModFile | null;
  readonly mode: ModMode;
  /** Why the mode is what it is where nobody asked for it: what messages add. */
  readonly modeReason: string;
  readonly modeGiven: boolean;
  private readonly host: Host;
  private readonly cwd: string;
  private readonly replaces = new Map<string, { readonly r: Replacement; readonly base: string }>();
  private readonly excluded = new Set<string>();

  /** `local` is the version of the Go tree, without "go". Throws LoadError. */
  constructor(host: Host, start: string, flags: ModuleFlags, local: string, gorootSource: string) {
    this.host = host;
    this.cwd = host.cwd();
    this.workPath = findWorkFile(host, start);
    this.work = null;
    this.modeGiven = flags.mod !== "";
    const list: MainModule[] = [];
    if (this.workPath !== "") {
      if (flags.modFile !== "") throw new LoadError(["go: -modfile cannot be used in workspace mode"]);
      this.work = this.readWork(local);
      this.readWorkModules(this.work, list, local, flags);
    } else {
      const dir = findUpwards(host, start, "go.mod");
      if (dir !== "" && dir !== gorootSource) list.push(this.readMain(dir, flags, local));
      else if (flags.modFile !== "") throw new LoadError(["go: -modfile cannot be used with commands that ignore the current module"]);
    }
    this.list = list;
    const { mode, reason } = this.chooseMode(flags);
    this.mode = mode;
    this.modeReason = reason;
    this.collect();
  }

  /** The only main module; null in workspaces and outside of modules. */
  get single(): MainModule | null {
    return this.workPath === "" ? (this.list[0] ?? null) : null;
  }

  get inWorkspace(): boolean {
    return this.workPath !== "";
  }

  /** What the `godebug` lines of the workspace or module say, as key=value. */
  get godebugs(): readonly string[] {
    const file = this.inWorkspace ? this.work : this.list[0]?.file;
    return (file?.godebugs ?? []).map((g) => `${g.key}=${g.value}`);
  }

  /** The go version of the module or workspace, "" outside. */
  get goVersion(): string {
    if (this.work !== null) return this.work.goVersion || "1.18";
    return this.list[0]?.goVersion ?? "";
  }

  /** Where vendor/ would be. */
  get vendorFolder(): string {
    const base = this.workPath === "" ? (this.list[0]?.dir ?? "") : parentFolder(this.workPath);
    return joinPath(base, "vendor");
  }

  private shown(path: string): string {
    return shortPath(this.cwd, path);
  }

  private readMain(dir: string, flags: ModuleFlags, local: string): MainModule {
    let path = joinPath(dir, "go.mod");
    if (flags.modFile !== "") {
      if (!flags.modFile.endsWith(".mod")) throw new LoadError([`go: -modfile=${flags.modFile}: file does not have .mod extension`]);
      path = flags.modFile.startsWith("/") ? flags.modFile : joinPath(this.cwd, flags.modFile);
    }
    const { file, text } = readModFile(this.host, path, this.shown(path), flags.fix ?? null);
    return this.checked(file, text, dir, path, local);
  }

  private checked(file: ModFile, text: string, dir: string, path: string, local: string): MainModule {
    if (file.module === "") {
      const how = "To specify the module path:\n\tgo mod edit -module=example.com/mod";
      throw new LoadError([`go: error reading ${this.shown(path)}: missing module declaration. ${how}`]);
    }
    if (compareGoVersions(file.goVersion, local) > 0) {
      throw new LoadError([`go: ${this.shown(path)} requires go >= ${file.goVersion} (running go ${local}; GOTOOLCHAIN=local)`]);
    }
    const fault = importPathFault(file.module);
    if (fault !== "") throw new LoadError([`go: malformed module path ${JSON.stringify(file.module)}: ${fault}`]);
    return new MainModule(file.module, dir, path, file, text);
  }

  private readWork(local: string): ModFile {
    let work: ModFile;
    try {
      const text = new TextDecoder().decode(this.host.readFile(this.workPath));
      work = ModFile.parse(text, this.workPath, this.shown(this.workPath), false, null, true);
    } catch (e) {
      if (e instanceof ModFileError) throw new LoadError([`go: errors parsing ${this.shown(this.workPath)}:`, ...e.lines]);
      if (e instanceof HostError) throw new LoadError([`go: error reading go.work: open ${this.workPath}: ${e.reason}`]);
      throw e;
    }
    if (compareGoVersions(work.goVersion, local) > 0) {
      throw new LoadError([`go: ${this.shown(this.workPath)} requires go >= ${work.goVersion} (running go ${local}; GOTOOLCHAIN=local)`]);
    }
    return work;
  }

  private readWorkModules(work: ModFile, list: MainModule[], local: string, flags: ModuleFlags): void {
    const seen = new Set<string>();
    const errors: string[] = [];
    for (const use of work.uses) {
      const dir = use.path.startsWith("/") ? use.path : joinPath(parentFolder(this.workPath), use.path);
      if (seen.has(dir)) {
        throw new LoadError([
          `go: error loading go.work:\n${this.shown(this.workPath)}:${use.line.line}: path ${JSON.stringify(dir)} appears multiple times in workspace`,
        ]);
      }
      seen.add(dir);
      const path = joinPath(dir, "go.mod");
      try {
        const text = new TextDecoder().decode(this.host.readFile(path));
        const file = ModFile.parse(text, path, this.shown(path), false, flags.fix ?? null);
        const main = this.checked(file, text, dir, path, local);
        const own = work.goVersion || "1.18";
        if (!flags.aboutWork && compareGoVersions(main.goVersion, own) > 0 && compareGoVersions(main.goVersion, since.strict) >= 0) {
          const stated = work.goVersion === "" ? "implicitly requires go 1.18" : `lists go ${own}`;
          errors.push(
            `go: module ${this.shown(dir)} listed in go.work file requires go >= ${main.goVersion}, but go.work ${stated}; to update it:\n\tgo work use`,
          );
          continue;
        }
        list.push(main);
      } catch (e) {
        const listed = `go: cannot load module ${this.shown(dir)} listed in go.work file: `;
        if (e instanceof ModFileError) errors.push(`${listed}errors parsing ${this.shown(path)}:`, ...e.lines);
        else if (e instanceof HostError) errors.push(`${listed}open ${this.shown(path)}: ${e.reason}`);
        else throw e;
      }
    }
    if (errors.length > 0) throw new LoadError(errors);
    const names = new Map<string, MainModule>();
    for (const m of list) {
      const other = names.get(m.path);
      if (other !== undefined) throw new LoadError([`go: module ${m.path} appears multiple times in workspace`]);
      names.set(m.path, m);
    }
  }

  private chooseMode(flags: ModuleFlags): { mode: ModMode; reason: string } {
    if (flags.mod !== "") {
      if (this.inWorkspace && flags.mod === "mod") {
        throw new LoadError([
          `go: -mod may only be set to readonly or vendor when in workspace mode, but it is set to ${JSON.stringify(flags.mod)}` +
            "\n\tRemove the -mod flag to use the default readonly value, \n\tor set GOWORK=off to disable workspace mode.",
        ]);
      }
      return { mode: flags.mod as ModMode, reason: "" };
    }
    if (flags.usual !== undefined) return { mode: flags.usual, reason: "" };
    if (this.list.length === 0 || this.host.stat(this.vendorFolder).kind !== "folder") return { mode: "readonly", reason: "" };
    const source = this.inWorkspace ? "go.work" : "go.mod";
    const stated = (this.inWorkspace ? this.work : this.list[0]?.file)?.goVersion ?? "";
    if (stated === "") return { mode: "readonly", reason: `Go version in ${source} is unspecified, so vendor directory was not used.` };
    if (compareGoVersions(stated, "1.14") < 0) {
      return { mode: "readonly", reason: `Go version in ${source} is ${stated}, so vendor directory was not used.` };
    }
    if (this.vendorIsForWorkspace() !== this.inWorkspace) {
      const reason = this.inWorkspace
        ? "In workspace mode, but vendor directory is not for a workspace"
        : "Outside workspace mode, but vendor directory is for a workspace.";
      return { mode: "readonly", reason };
    }
    return { mode: "vendor", reason: `Go version in ${source} is at least 1.14 and vendor directory exists.` };
  }

  private vendorIsForWorkspace(): boolean {
    const path = joinPath(this.vendorFolder, "modules.txt");
    if (this.host.stat(path).kind !== "file") return false;
    return new TextDecoder().decode(this.host.readFile(path)).split("\n", 1)[0] === "## workspace";
  }

  /** Takes replacements and exclusions of all main modules together; those of go.work win. */
  private collect(): void {
    const add = (r: Replacement, base: string): void => {
      this.replaces.set(`${r.path}@${r.version}`, { r, base });
    };
    for (const m of this.list) {
      for (const e of m.file.excludes) this.excluded.add(`${e.path}@${e.version}`);
      for (const r of m.file.replaces) {
        const key = `${r.path}@${r.version}`;
        const other = this.replaces.get(key);
        const same = (a: Replacement, x: string): string =>
          a.targetVersion !== "" || a.target.startsWith("/") ? `${a.target}@${a.targetVersion}` : joinPath(x, a.target);
        if (other !== undefined && this.work !== null && same(other.r, other.base) !== same(r, m.dir)) {
          if (!this.work.replaces.some((w) => w.path === r.path && (w.version === r.version || w.version === ""))) {
            throw new LoadError([
              `go: conflicting replacements found for ${r.path}${r.version === "" ? "" : `@${r.version}`} in workspace modules defined by ` +
                `${joinPath(other.base, "go.mod")} and ${joinPath(m.dir, "go.mod")}. To resolve, add a replacement in the go.work file`,
            ]);
          }
        }
        add(r, m.dir);
      }
    }
    for (const r of this.work?.replaces ?? []) {
      // One for all versions takes the place of those of modules for single ones.
      if (r.version === "") for (const key of [...this.replaces.keys()]) if (key.startsWith(`${r.path}@`)) this.replaces.delete(key);
      add(r, parentFolder(this.workPath));
    }
  }

  /** What replaces a version: a module with a version, or with "" a folder (absolute). */
  replacement(m: ModuleVersion): { readonly path: string; readonly version: string; readonly shown: string } | null {
    const found = this.replaces.get(`${m.path}@${m.version}`) ?? this.replaces.get(`${m.path}@`);
    if (found === undefined || (m.version === "" && this.list.some((x) => x.path === m.path))) return null;
    const { r, base } = found;
    if (r.targetVersion !== "") return { path: r.target, version: r.targetVersion, shown: r.target };
    const dir = r.target.startsWith("/") ? r.target : joinPath(base, r.target);
    // Paths in go.mod files of a workspace are about other folders than that of go.work.
    const shown =
      this.inWorkspace && base !== parentFolder(this.workPath) && !r.target.startsWith("/")
        ? relativeTo(parentFolder(this.workPath), dir)
        : r.target;
    return { path: dir, version: "", shown };
  }

  /** The highest version that is replaced of each replaced path; "" where all versions are. */
  highestReplaced(): Map<string, string> {
    const out = new Map<string, string>();
    for (const { r } of this.replaces.values()) {
      const known = out.get(r.path);
      if (known === undefined || compareSemver(r.version, known) > 0) out.set(r.path, r.version);
    }
    return out;
  }

  isExcluded(m: ModuleVersion): boolean {
    return this.excluded.has(`${m.path}@${m.version}`);
  }

  /** The main module with a path. */
  find(path: string): MainModule | null {
    return this.list.find((m) => m.path === path) ?? null;
  }

  /** The main module around a folder. */
  around(dir: string): MainModule | null {
    let best: MainModule | null = null;
    for (const m of this.list) if (isBelow(dir, m.dir) && (best === null || m.dir.length > best.dir.length)) best = m;
    return best;
  }
}

/** A path from a folder to another. */
export function relativeTo(from: string, to: string): string {
  const a = from.split("/");
  const b = to.split("/");
  let i = 0;
  while (i < a.length && i < b.length && a[i] === b[i]) i++;
  const path = [...a.slice(i).map(() => ".."), ...b.slice(i)].join("/");
  return path === "" ? "." : path.startsWith("..") ? path : `./${path}`;
}
