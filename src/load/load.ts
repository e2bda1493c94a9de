// Loads the packages of a build: what was asked for, and all that it imports, in import order.

import { fipsModule } from "../base/fips140.ts";
import { type Host, HostError } from "../base/host.ts";
import { BuildContext, languageMinor } from "./context.ts";
import { EmbedError, EmbedResolver } from "./embed.ts";
import { addFiles, FolderReader, type Mention, type PackageFiles, type Place } from "./folder.ts";
import { type FipsSetting, fipsSetting } from "./fips140.ts";
import { findGoroot, type Goroot } from "./goroot.ts";
import { Overlay, readOverlay } from "./overlay.ts";
import type { ModuleFlags } from "../modules/mains.ts";
import { Modules } from "../modules/modules.ts";
import { ModuleError } from "../modules/error.ts";
import type { ModuleVersion } from "../modules/names.ts";
import { Queries } from "../modules/query.ts";
import { isLocal, isPattern, matchPattern, startFolder } from "./patterns.ts";
import {
  type EmbedMatch,
  type GivenPackage,
  LoadError,
  type LoadedPackage,
  type LoadedProgram,
  type LoadedTest,
  type Module,
} from "./package.ts";
import { wrongChange } from "./override.ts";
import { absolute, baseName, cleanPath, isBelow, joinPath, parentFolder, shortPath } from "../base/paths.ts";
import { type Location, Resolver } from "./resolve.ts";

/** What to load, and for what. */
export interface LoadOptions {
  readonly goarch: string;
  /** Build tags: those of the architecture and of -tags. */
  readonly tags: readonly string[];
  /** What the command line says about modules. */
  readonly modules?: ModuleFlags;
  /** GOFIPS140: which copy of the FIPS 140 module is used. */
  readonly fips140?: string;
  /** Packages that every program needs, loaded first ("runtime" and what else the compiler refers to). */
  readonly implicit: readonly string[];
  /** Found before, or null to look for it. */
  readonly goroot: Goroot | null;
  /** Without the overlay, for comparison with the go command. */
  readonly plain?: boolean;
  /** The modules, if they are known already. */
  readonly loaded?: Modules;
  /** What to load instead of arguments, each behind those that it imports. All are roots. */
  readonly given?: readonly GivenPackage[];
}

/** A command line that says nothing about modules. */
export const noModuleFlags: ModuleFlags = { mod: "", modFile: "", writable: false };

/** The modules around a folder. Throws LoadError. */
export function openModules(host: Host, goroot: Goroot, start: string, flags: ModuleFlags): Modules {
  const local = (goroot.version.split(" ")[0] as string).slice(2);
  const open = (from: string, what: ModuleFlags): Modules => new Modules(host, from, what, local, joinPath(goroot.folder, "src"));
  // A go.mod file may name branches and the like. Those are asked for by themselves, as there are no main modules yet.
  const fix = (path: string, version: string): string => {
    if (flags.mod === "vendor") throw new ModuleError("cannot query module due to -mod=vendor");
    const outside = open("/", { mod: "", modFile: "", writable: flags.writable, outside: [] });
    return new Queries(outside).query(path, version, "", () => "").version;
  };
  return open(start, { ...flags, fix });
}

class Package implements LoadedPackage {
  readonly label: string;
  readonly path: string;
  readonly name: string;
  readonly dir: string;
  readonly files: LoadedPackage["files"];
  readonly asmFiles: LoadedPackage["asmFiles"];
  readonly headers: LoadedPackage["headers"];
  embeds: readonly EmbedMatch[];
  readonly imports: Map<string, LoadedPackage>;
  readonly standard: boolean;
  readonly overlay: boolean;
  readonly goVersion: string;
  readonly module: Module | null;
  readonly complete: boolean;
  readonly privileged: boolean;
  /** Named by files, not by a folder. */
  readonly fromFiles: boolean;
  readonly given: GivenPackage | null;

  constructor(at: Location, files: PackageFiles, overlay: boolean, fromFiles: boolean, label: string, given: GivenPackage | null) {
    this.label = label;
    this.path = at.path;
    this.name = files.name;
    this.dir = at.dir;
    this.files = files.goFiles;
    this.asmFiles = files.asmFiles;
    this.headers = files.headers;
    this.embeds = [];
    this.imports = new Map();
    this.standard = at.standard;
    this.overlay = overlay;
    this.goVersion = given?.goVersion ?? (at.module === null ? `go1.${languageMinor}` : `go${at.module.goVersion}`);
    this.module = at.module;
    this.complete = given?.complete ?? (!at.standard && files.asmFiles.length === 0);
    this.privileged = given?.privileged ?? at.standard;
    this.fromFiles = fromFiles;
    this.given = given;
  }
}

/** One step of the way from a root to the package at hand. */
interface Step {
  readonly path: string;
  /** Where the package before imports it; null for the root. */
  readonly from: Place | null;
}

/** A package whose tests are asked for. */
export interface TestTarget {
  readonly at: Location;
  /** Its files, where they are named one by one. */
  readonly names: readonly string[] | null;
}

/** What the main package of every test imports. */
const testSupport = ["os", "reflect", "testing", "testing/internal/testdeps"];

function isTested(path: string, tested: string): boolean {
  return path === tested || path === `${tested}_test`;
}

/** Loads packages, each once. */
export class Loader {
  readonly goroot: Goroot;
  readonly context: BuildContext;
  private readonly fips: FipsSetting;
  private readonly host: Host;
  private readonly cwd: string;
  private readonly overlay: Overlay;
  private readonly reader: FolderReader;
  private readonly resolver: Resolver;
  private readonly implicit: readonly string[];
  private readonly given: readonly GivenPackage[] | null;
  private readonly done = new Map<string, Package | null>();
  private readonly order: Package[] = [];
  private readonly errors: string[] = [];
  readonly warnings: string[] = [];
  private readonly drift: string[] = [];
  /** The path of the package under test, or "", and its own test files. */
  private tested = "";
  private tests: PackageFiles | null = null;

  /** Throws LoadError. `start` is the folder whose module is the main one. */
  constructor(host: Host, options: LoadOptions, start: string) {
    this.host = host;
    this.cwd = host.cwd();
    this.goroot = options.goroot ?? findGoroot(host);
    this.fips = fipsSetting(host, this.goroot.folder, options.fips140 ?? "", options.tags);
    this.context = new BuildContext("linux", options.goarch, [...options.tags, ...this.fips.tags]);
    this.overlay = options.plain === true ? Overlay.none : readOverlay(host, this.goroot);
    this.reader = new FolderReader(host, this.context);
    const modules = options.loaded ?? openModules(host, this.goroot, start, options.modules ?? noModuleFlags);
    if (modules.mains.single?.file.fixed === true && modules.mains.mode !== "mod") throw new LoadError([`go: ${modules.dirty().message}`]);
    this.resolver = new Resolver(host, this.goroot, this.overlay, this.reader, modules, this.fips.version);
    this.implicit = options.implicit;
    this.given = options.given ?? null;
  }

  /** Loads what the arguments of a command name: Go files, folders, import paths, `dir/...`. Throws LoadError. */
  load(args: readonly string[]): LoadedProgram {
    for (const path of this.implicit) this.library(path);
    const roots: (Package | null)[] = [];
    if (this.given !== null) {
      for (const g of this.given) roots.push(this.givenPackage(g));
    } else if (args.some((a) => a.endsWith(".go") && this.host.stat(absolute(this.cwd, a)).kind === "file")) {
      roots.push(this.files(args));
    } else {
      for (const arg of args.length === 0 ? ["."] : args) {
        // Packages that only a pattern names may have nothing for this build.
        const found = this.locations(arg).filter((at) => !isPattern(arg) || this.hasFiles(at));
        if (found.length === 0) this.warnings.push(`go: warning: ${JSON.stringify(arg)} matched no packages`);
        for (const at of found) {
          checkName(at);
          roots.push(this.package(at, [{ path: at.path, from: null }]));
        }
      }
    }
    return this.program(roots);
  }

  /** The packages that the arguments of a command name, without loading them. Throws LoadError. */
  targets(args: readonly string[]): TestTarget[] {
    if (args.some((a) => a.endsWith(".go") && this.host.stat(absolute(this.cwd, a)).kind === "file")) {
      const { at, names } = this.namedFiles(args);
      return [{ at, names }];
    }
    const found = new Map<string, TestTarget>();
    for (const arg of args.length === 0 ? ["."] : args) {
      const locations = this.locations(arg).filter((at) => !isPattern(arg) || this.hasFiles(at) || this.hasTests(at));
      if (locations.length === 0) this.warnings.push(`go: warning: ${JSON.stringify(arg)} matched no packages`);
      for (const at of locations) {
        checkName(at);
        if (!found.has(at.path)) found.set(at.path, { at, names: null });
      }
    }
    return [...found.values()];
  }

  /** Loads a package for its tests: it takes the place of the package for all that import it. Null: it has no test files. Throws LoadError. */
  loadTest(target: TestTarget): LoadedTest | null {
    const { at, names } = target;
    const { internal, external } = this.reader.readTests(at.dir, names);
    if (internal.goFiles.length + external.goFiles.length + internal.errors.length + external.errors.length === 0) return null;
    this.tested = at.path;
    this.tests = internal;
    for (const path of this.implicit) this.library(path);
    const way = [{ path: at.path, from: null }];
    let tested: Package | null = null;
    if (names !== null) {
      const files = this.reader.readNamed(
        at.dir,
        names.filter((n) => !n.endsWith("_test.go")),
      );
      addFiles(files, internal);
      if (files.goFiles.length > 0) tested = this.build(at, files, null, true, way, null);
    } else if (internal.goFiles.length > 0 || this.hasFiles(at)) tested = this.package(at, way);
    const beside = { ...at, path: `${at.path}_test` };
    const other =
      external.goFiles.length === 0 ? null : this.build(beside, external, null, names !== null, [{ path: beside.path, from: null }], null);
    const support = new Map<string, LoadedPackage>();
    for (const path of testSupport) {
      const loaded = this.library(path);
      if (loaded !== null) support.set(path, loaded);
    }
    return { program: this.program([]), tested, external: other, support };
  }

  /** Loads a package without its tests. Throws LoadError. */
  loadTarget(target: TestTarget): LoadedProgram {
    const { at, names } = target;
    for (const path of this.implicit) this.library(path);
    const way = [{ path: at.path, from: null }];
    return this.program([
      names === null ? this.package(at, way) : this.build(at, this.reader.readNamed(at.dir, names), null, true, way, null),
    ]);
  }

  /** A package of the standard library that is needed whatever the program is. */
  private library(path: string): Package | null {
    const at = this.resolver.standard(path);
    if (at === null) throw new LoadError([`package ${path} is not in std (${joinPath(this.goroot.folder, "src", path)})`]);
    return this.package(at, [{ path, from: null }]);
  }

  private hasTests(at: Location): boolean {
    const { internal, external } = this.reader.readTests(at.dir, null);
    return internal.goFiles.length + external.goFiles.length > 0;
  }

  private program(roots: readonly (Package | null)[]): LoadedProgram {
    this.checkRequirements();
    this.stopOnErrors();
    const include = joinPath(this.goroot.folder, "pkg/include");
    const hasInclude = this.host.stat(joinPath(include, "textflag.h")).kind === "file";
    return {
      roots: [...new Set(roots.filter((p) => p !== null))],
      packages: this.order,
      warnings: this.warnings,
      drift: this.drift,
      fips140: this.fips.version,
      fips140Tags: this.fips.tags,
      goVersion: this.resolver.modules.mains.goVersion,
      godebugs: this.resolver.modules.mains.godebugs,
      goroot: this.goroot.folder,
      includeFolder: hasInclude ? include : joinPath(this.goroot.folder, "src/runtime"),
    };
  }

  /** What go.mod has to say itself where it must not be changed: the modules that main modules import from, in the versions that are used. */
  private checkRequirements(): void {
    const { modules } = this.resolver;
    const { requirements: rs, mains } = modules;
    if (mains.single === null || modules.vendored !== null || rs.pruning === "workspace" || this.errors.length > 0) return;
    const used = new Map<string, ModuleVersion>();
    const implicit: string[] = [];
    for (const pkg of this.order) {
      if (pkg.module !== null && !pkg.module.main) used.set(pkg.module.path, pkg.module);
      if (pkg.module?.main !== true) continue;
      for (const imported of pkg.imports.values()) {
        const m = imported.module;
        if (m === null || m.main || rs.root(m.path) === m.version) continue;
        const how = `to add missing requirements, run:\n\tgo get ${m.path}@${m.version}`;
        implicit.push(`package ${pkg.path} imports ${imported.path} from implicitly required module; ${how}`);
      }
    }
    const own = [...used.values()].filter((m) => rs.root(m.path) === m.version);
    const consistent = (): boolean => (rs.hasGraph ? rs.roots.every((m) => rs.graph().selected(m.path) === m.version) : rs.agrees(own));
    try {
      if (!consistent()) throw modules.dirty();
    } catch (e) {
      if (e instanceof ModuleError) throw new LoadError([`go: ${e.message}`]);
      throw e;
    }
    this.errors.push(...implicit);
  }

  private hasFiles(at: Location): boolean {
    if (at.standard && this.overlay.rules.has(at.path)) return true;
    const files = this.reader.read(at.dir, null);
    return files.goFiles.length > 0 || files.errors.length > 0 || at.path === "unsafe";
  }

  private stopOnErrors(): void {
    if (this.errors.length > 0) throw new LoadError([...new Set(this.errors)]);
  }

  private shown(place: Place): string {
    return `${shortPath(this.cwd, place.path)}:${place.line}:${place.column}`;
  }

  /** The packages that an argument names. */
  private locations(arg: string): Location[] {
    if (isPattern(arg)) return matchPattern(this.host, this.resolver, arg);
    if (isLocal(arg)) {
      const dir = absolute(this.cwd, arg);
      const kind = this.host.stat(dir).kind;
      if (kind === "missing") throw new LoadError([`stat ${dir}: directory not found`]);
      return [this.resolver.folder(dir)];
    }
    if (arg.includes("@")) {
      throw new LoadError([`package ${arg}: can only use path@version syntax with 'go get' and 'go install' in module-aware mode`]);
    }
    const found = this.resolver.find(cleanPath(arg));
    if (typeof found === "string") throw new LoadError([found]);
    return [found];
  }

  /** A package given as files. */
  private files(args: readonly string[]): Package | null {
    const { at, names } = this.namedFiles(args);
    return this.build(at, this.reader.readNamed(at.dir, names), null, true, [{ path: at.path, from: null }], null);
  }

  private namedFiles(args: readonly string[]): { at: Location; names: string[] } {
    let dir = "";
    const names: string[] = [];
    for (const arg of args) {
      if (!arg.endsWith(".go")) throw new LoadError([`named files must be .go files: ${arg}`]);
      const path = absolute(this.cwd, arg);
      const kind = this.host.stat(path).kind;
      if (kind === "missing") throw new LoadError([`stat ${arg}: no such file or directory`]);
      if (kind === "folder") throw new LoadError([`${arg} is a directory, should be a Go file`]);
      const folder = parentFolder(path);
      if (dir !== "" && dir !== folder) {
        throw new LoadError([
          `named files must all be in one directory; have ${shortPath(this.cwd, dir)} and ${shortPath(this.cwd, folder)}`,
        ]);
      }
      dir = folder;
      names.push(baseName(path));
    }
    const module = this.resolver.mains.find((m) => m.path === this.resolver.modules.mains.around(dir)?.path) ?? null;
    return { at: { path: "command-line-arguments", dir, standard: false, module }, names };
  }

  private givenPackage(g: GivenPackage): Package | null {
    const at: Location = { path: g.path, dir: g.dir, standard: false, module: null };
    return this.build(at, this.reader.readGiven(g.dir, g.files), null, true, [{ path: at.path, from: null }], g);
  }

  /** A package, loaded with its imports; null if that failed (the error is noted). `way` leads to it. */
  private package(at: Location, way: readonly Step[]): Package | null {
    const known = this.done.get(at.path);
    if (known !== undefined) return known;
    const rule = at.standard ? (this.overlay.rules.get(at.path) ?? null) : null;
    let files: PackageFiles;
    try {
      files = at.path === "unsafe" ? this.reader.readNamed(at.dir, []) : this.reader.read(at.dir, rule);
      if (rule !== null) this.checkUpstream(at.path, files);
      if (at.path === this.tested && this.tests !== null) addFiles(files, this.tests);
    } catch (e) {
      if (!(e instanceof HostError)) throw e;
      this.errors.push(`open ${e.path}: ${e.reason}`);
      this.done.set(at.path, null);
      return null;
    }
    if (at.path === "unsafe") files.name = "unsafe";
    return this.build(at, files, rule?.reason ?? null, false, way, null);
  }

  /** Compares upstream's files of a package with those that the overlay was written for. */
  private checkUpstream(path: string, files: PackageFiles): void {
    const sameRelease = this.goroot.version.split(" ")[0] === this.overlay.release;
    for (const file of files.upstream) {
      if (file.wrong) this.errors.push(wrongChange(path, file.name));
      const drift = this.overlay.drift(this.host, `${path}/${file.name}`, file.data);
      if (drift === "") continue;
      // Another patch release may have changed it; a tree that says it is this one has been tampered with.
      if (sameRelease) this.errors.push(`go3s: ${joinPath(this.goroot.folder, "src")}: ${drift}`);
      else this.drift.push(`go3s: ${this.goroot.version}: ${drift}`);
    }
  }

  private build(
    at: Location,
    files: PackageFiles,
    overlay: string | null,
    fromFiles: boolean,
    way: readonly Step[],
    given: GivenPackage | null,
  ): Package | null {
    this.done.set(at.path, null);
    for (const e of files.errors) {
      const from = (way[way.length - 1] as Step).from;
      const place = e.place ?? from;
      this.errors.push(place === null ? e.message : `${this.shown(place)}: ${e.message}`);
    }
    if (files.errors.length > 0) return null;
    if (files.goFiles.length === 0 && at.path !== "unsafe") {
      this.errors.push(noFilesMessage(at, files, way));
      return null;
    }
    const collision = sameName([...files.goFiles, ...files.asmFiles, ...files.headers]);
    if (collision !== "") {
      this.errors.push(`package ${way.map((s) => s.path).join("\n\timports ")}: case-insensitive file name collision: ${collision}`);
      return null;
    }
    const variant = this.tested !== "" && isTested(at.path, this.tested);
    const label = variant ? `${at.path} [${this.tested}.test]` : at.path;
    const pkg = new Package(at, files, overlay !== null, fromFiles, label, given);
    const before = this.errors.length;
    // Of imports that are not permitted, the first is reported, after what is wrong with the imported packages.
    let forbidden = "";
    for (const mention of firstMentions(files.imports)) {
      const error = this.import(pkg, mention, way);
      if (forbidden === "") forbidden = error;
    }
    if (forbidden !== "") this.errors.push(forbidden);
    if (given === null) pkg.embeds = this.embeds(at.dir, files.embeds);
    if (this.errors.length > before) return null;
    this.done.set(at.path, pkg);
    this.order.push(pkg);
    return pkg;
  }

  /** Loads an import. Returns "", or why the package may not be imported here; other errors are noted. */
  private import(pkg: Package, mention: Mention, way: readonly Step[]): string {
    const path = mention.text;
    if (pkg.given !== null) return this.importGiven(pkg, pkg.given, path, way);
    const malformed = malformedPath(path);
    if (malformed !== "") {
      // The go command finds these while reading the file, before it shortens names.
      const { line, column } = mention.place;
      const full = malformed.startsWith("invalid import path");
      this.errors.push(`${full ? `${mention.place.path}:${line}:${column}` : this.shown(mention.place)}: ${malformed}`);
      return "";
    }
    let at: Location | string;
    if (pkg.standard) at = this.resolver.fromStandard(path, pkg.path) ?? this.resolver.find(path);
    else if (isBelow(path, "vendor") || path.includes("/vendor/"))
      return `${this.shown(mention.place)}: use of vendored package not allowed`;
    else at = this.resolver.find(path, { path: pkg.path, version: pkg.module?.version ?? "" });
    if (typeof at === "string") {
      this.errors.push(`${this.shown(mention.place)}: ${at}`);
      return "";
    }
    const next = [...way, { path: at.path, from: mention.place }];
    if (way.some((s) => s.path === at.path)) {
      this.errors.push(cycleMessage(next));
      return "";
    }
    const loaded = this.package(at, next);
    if (loaded === null) return "";
    if (!pkg.overlay && !this.mayUse(pkg, at.path, at.standard)) {
      const stack = way.map((s) => s.path).join("\n\timports ");
      return `package ${stack}\n\t${this.shown(mention.place)}: use of internal package ${at.path} not allowed`;
    }
    if (loaded.name === "main" && !(at.path === this.tested && pkg.path === `${this.tested}_test`)) {
      this.errors.push(`${this.shown(mention.place)}: import "${path}" is a program, not an importable package`);
      return "";
    }
    pkg.imports.set(path, loaded);
    return "";
  }

  /** Loads an import of a given package. What can't be found is left to the checker, which reports it where it stands. */
  private importGiven(pkg: Package, given: GivenPackage, path: string, way: readonly Step[]): string {
    const local = path.startsWith("./") ? this.done.get(`${given.base}/${path.slice(2)}`) : undefined;
    const known = local ?? this.done.get(path);
    const at = known === undefined && malformedPath(path) === "" ? this.resolver.standard(path) : null;
    const loaded = known ?? (at === null ? null : this.package(at, [...way, { path, from: null }]));
    if (loaded !== null) pkg.imports.set(path, loaded);
    return "";
  }

  /** The path that a package has for the rule about `internal`: the one beside the tested package counts as that. */
  private ownPath(pkg: Package): string {
    return this.tested !== "" && pkg.path === `${this.tested}_test` ? this.tested : pkg.path;
  }

  /** The rule about `internal`: only packages below the folder that holds it may import what lies in it. */
  private mayUse(pkg: Package, path: string, standard: boolean): boolean {
    const parts = path.split("/");
    const index = parts.lastIndexOf("internal");
    if (index < 0) return true;
    if (pkg.standard && isBelow(pkg.path, "crypto") && isBelow(path, fipsModule)) return true;
    if (pkg.standard && isBelow(pkg.path, fipsModule)) return isBelow(path, "crypto/internal");
    const parent = parts.slice(0, index).join("/");
    if (standard) return pkg.standard && isBelow(this.ownPath(pkg), parent);
    if (pkg.fromFiles) return isBelow(this.resolver.folderPath(pkg.dir), parent);
    return isBelow(this.ownPath(pkg), parent);
  }

  private embeds(dir: string, mentions: readonly Mention[]): EmbedMatch[] {
    const out: EmbedMatch[] = [];
    const resolver = new EmbedResolver(this.host, dir);
    for (const m of firstMentions(mentions)) {
      try {
        out.push({ pattern: m.text, files: resolver.resolve(m.text) });
      } catch (e) {
        if (!(e instanceof EmbedError)) throw e;
        this.errors.push(`${this.shown(m.place)}: pattern ${m.text}: ${e.message}`);
      }
    }
    return out;
  }
}

/** Each text once, with its first place, sorted by text. */
function firstMentions(list: readonly Mention[]): Mention[] {
  const first = new Map<string, Mention>();
  for (const m of list) {
    if (!first.has(m.text)) first.set(m.text, m);
  }
  return [...first.values()].sort((a, b) => (a.text < b.text ? -1 : 1));
}

/** Refuses folders of modules whose names make no import path. */
function checkName(at: Location): void {
  const malformed = at.standard ? "" : invalidCharacter(at.path);
  if (malformed !== "") throw new LoadError([malformed]);
  const bad = at.path.split("/").find((p) => p.startsWith("-"));
  if (bad !== undefined) throw new LoadError([`package ${at.path}: invalid input directory name "${bad}"`]);
}

/** Two files that are one where case does not count, as a message shows them; "" if there are none. */
function sameName(files: readonly { readonly name: string }[]): string {
  const seen = new Map<string, string>();
  for (const { name } of files) {
    const folded = name.toLowerCase();
    const other = seen.get(folded);
    if (other !== undefined) return `"${other}" and "${name}"`;
    seen.set(folded, name);
  }
  return "";
}

/** What is wrong with the characters of an import path that is not of the standard library. */
function invalidCharacter(path: string): string {
  const bad = /[^-\w.~+/]/u.exec(path);
  return bad === null ? "" : `malformed import path "${path}": invalid char '${bad[0]}'`;
}

function malformedPath(path: string): string {
  if (path === "") return "invalid import path: ";
  if (path.startsWith("/")) return `"${path}" is not a package path; see 'go help packages'`;
  if (path === "." || path === ".." || path.startsWith("./") || path.startsWith("../")) {
    return `"${path}" is relative, but relative import paths are not supported in module mode`;
  }
  if (/[\s!"#$%&'()*,:;<=>?[\]^`{|}\\\ufffd]/.test(path)) return `invalid import path: ${path}`;
  const bad = path.split("/").find((p) => p === "" || /^\.+$/.test(p));
  if (bad === undefined) return invalidCharacter(path);
  const why = bad === "" ? (path.endsWith("/") ? "trailing slash" : "double slash") : `invalid path element "${bad}"`;
  return `malformed import path "${path}": ${why}`;
}

function cycleMessage(steps: readonly Step[]): string {
  let text = `package ${(steps[0] as Step).path}`;
  for (const step of steps.slice(1)) {
    text += `\n\timports ${step.path} from ${baseName((step.from as Place).path)}`;
  }
  return `${text}: import cycle not allowed`;
}

function noFilesMessage(at: Location, files: PackageFiles, way: readonly Step[]): string {
  if (files.cgo.length > 0) {
    return `${joinPath(at.dir, files.cgo[0] as string)}: import "C": go3s does not support cgo`;
  }
  if (files.ignored.length === 0 && files.tests.length === 0) {
    if (way.length === 1) return `no Go files in ${at.dir}`;
    return `package ${way.map((s) => s.path).join("\n\timports ")}: no Go files in ${at.dir}`;
  }
  const why = files.ignored.length > 0 ? `build constraints exclude all Go files in ${at.dir}` : `no non-test Go files in ${at.dir}`;
  if (files.tests.length > 0) return `${at.path}: ${why}`;
  return `package ${way.map((s) => s.path).join("\n\timports ")}: ${why}`;
}

/**
 * Loads packages for a command. The main module is that of the current folder; where there is none, that of the folder which the first
 * argument names, so that an example can be built from outside of its module. Throws LoadError.
 */
export function loadPackages(host: Host, args: readonly string[], options: LoadOptions): LoadedProgram {
  return newLoader(host, args, options).load(args);
}

/** A loader for the module that arguments are about. */
export function newLoader(host: Host, args: readonly string[], options: LoadOptions): Loader {
  const cwd = host.cwd();
  if (options.modules?.outside !== undefined) return new Loader(host, options, "/");
  const first = args[0] ?? ".";
  const named = isLocal(first) ? startFolder(cwd, first) : cwd;
  const start = !hasModule(host, cwd) && host.stat(named).kind === "folder" ? named : cwd;
  return new Loader(host, options, start);
}

function hasModule(host: Host, folder: string): boolean {
  for (let at = folder; ; at = parentFolder(at)) {
    if (host.stat(joinPath(at, "go.mod")).kind === "file") return true;
    if (parentFolder(at) === at) return false;
  }
}
