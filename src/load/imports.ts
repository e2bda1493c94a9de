// The graph of imports, for commands that decide which modules are needed. Unlike what is loaded for a build it can cover all build tags at once, goes on
// after errors, and looks for modules that have what is missing.

import { type Host, HostError } from "../base/host.ts";
import { Diagnostics } from "../base/diagnostics.ts";
import { Sources } from "../base/pos.ts";
import { joinPath } from "../base/paths.ts";
import { compareGoVersions } from "../modules/goversion.ts";
import { LoadError, ModuleError } from "../modules/error.ts";
import { compareModuleVersions, type Requirements, sameModules, sortModules } from "../modules/graph.ts";
import { MissingPackage, MissingSum, type Modules, zeroVersion } from "../modules/modules.ts";
import { moduleText, type ModuleVersion } from "../modules/names.ts";
import { Queries } from "../modules/query.ts";
import { tidyRoots, updateRoots, type UsedPackage } from "../modules/update.ts";
import * as K from "../syntax/kinds.ts";
import { ImportsOnly, LenientPragmas, parseFile } from "../syntax/parser.ts";
import { unquote } from "../syntax/strings.ts";
import { NodeIds } from "../syntax/tree.ts";
import type { BuildContext } from "./context.ts";
import type { Goroot } from "./goroot.ts";
import { matchesSomeBuild, matchHeader } from "./header.ts";
import { matchesFileName } from "../syntax/constraint.ts";
import { looksStandard } from "./resolve.ts";

/** A package of the graph, or the tests of one. */
export class ImportNode implements UsedPackage {
  readonly path: string;
  module: ModuleVersion | null = null;
  standard = false;
  dir = "";
  others: readonly ModuleVersion[] = [];
  imports: ImportNode[] = [];
  test: ImportNode | null = null;
  readonly testOf: ImportNode | null;
  inAll = false;
  isRoot = false;
  fromRoot = false;
  error: Error | null = null;
  /** Who imports it first. */
  from: ImportNode | null = null;
  testImports: readonly string[] = [];
  depth = 0;
  flagged = false;

  constructor(path: string, testOf: ImportNode | null) {
    this.path = path;
    this.testOf = testOf;
  }

  /** The chain of imports from a root, as messages show it. */
  stack(): string {
    const chain: ImportNode[] = [];
    for (let at: ImportNode | null = this; at !== null; at = at.from) chain.unshift(at);
    return chain
      .map((p, i) => {
        const next = chain[i + 1];
        const name = p.testOf === null ? p.path : `${p.path}.test`;
        return next === undefined ? name : `${name} ${next.testOf === p ? "tested by" : "imports"}\n\t`;
      })
      .join("");
  }

  /** The chain, a line each, for `mod why`. */
  why(): string {
    let text = "";
    for (let at: ImportNode | null = this; at !== null; at = at.from)
      text = `${at.testOf === null ? at.path : `${at.testOf.path}.test`}\n${text}`;
    return text;
  }
}

export interface ImportOptions {
  /** For all builds at once; else for one. */
  readonly context: BuildContext | null;
  readonly tests: boolean;
  /** Look for modules that have missing packages. */
  readonly resolve: boolean;
  readonly tidy: boolean;
  /** As vendor folders need it: tests of dependencies don't count, whatever the go line says. */
  readonly vendor: boolean;
  /** Packages of the standard library import others. */
  readonly standard: boolean;
  /** Packages that were asked for count as if the main module imported them. */
  readonly rootsImported: boolean;
  /** Doesn't tell which modules are looked for and found, and not why they aren't. */
  readonly quiet?: boolean;
}

export const tidyOptions: ImportOptions = {
  context: null,
  tests: true,
  resolve: true,
  tidy: true,
  vendor: false,
  standard: false,
  rootsImported: false,
};

export class ImportGraph {
  readonly modules: Modules;
  readonly queries: Queries;
  packages: ImportNode[] = [];
  private readonly host: Host;
  private readonly goroot: Goroot;
  private readonly options: ImportOptions;
  private readonly ids = new NodeIds();
  private readonly scans = new Map<string, { imports: string[]; tests: string[] }>();
  private nodes = new Map<string, ImportNode>();
  private closesOverTests = false;

  constructor(host: Host, goroot: Goroot, modules: Modules, options: ImportOptions) {
    this.host = host;
    this.goroot = goroot;
    this.modules = modules;
    this.options = options;
    this.queries = new Queries(modules);
  }

  node(path: string): ImportNode | null {
    return this.nodes.get(path) ?? null;
  }

  /** Loads packages, changing the requirements as need be. `all`: the roots are all that main modules need. Throws ModuleError and LoadError. */
  load(roots: () => readonly string[], all: boolean): void {
    const { modules } = this;
    if (modules.requirements.pruning === "unpruned") modules.requirements.graph();
    for (let round = 0; round < 200; round++) {
      this.nodes = new Map();
      this.packages = [];
      this.closesOverTests = compareGoVersions(modules.requirements.goVersion, "1.16") < 0 && !this.options.vendor;
      this.visit(roots(), all);
      if (this.updateRequirements(all)) continue;
      if (!this.options.resolve) return;
      const added = this.resolveMissing();
      if (added.length === 0) return;
      const rs = updateRoots(
        modules,
        modules.requirements,
        modules.requirements.direct,
        [],
        sortModules(added),
        this.options.rootsImported,
      );
      if (sameModules(rs.roots, modules.requirements.roots)) return;
      modules.requirements = rs;
    }
  }

  private visit(roots: readonly string[], all: boolean): void {
    const waiting: ImportNode[] = [];
    const want = (path: string): ImportNode => {
      let p = this.nodes.get(path);
      if (p === undefined) {
        p = new ImportNode(path, null);
        this.nodes.set(path, p);
        this.packages.push(p);
        this.locate(p);
        waiting.push(p);
      }
      return p;
    };
    const wanted = (p: ImportNode, paths: readonly string[]): ImportNode[] =>
      paths.filter((path) => path !== "C").map((path) => want(this.importPath(p, path)));
    const follow = (): void => {
      for (let p = waiting.pop(); p !== undefined; p = waiting.pop()) {
        if (p.error !== null || (p.standard && !this.options.standard)) continue;
        const scan = this.scan(p.dir);
        p.testImports = scan.tests;
        p.imports = wanted(p, scan.imports);
      }
    };
    const first = roots.map(want);
    for (const p of first) p.isRoot = true;
    follow();
    for (const p of first)
      this.flag(p, this.isMain(p), all, (t) => {
        t.imports = wanted(t, (t.testOf as ImportNode).testImports);
        follow();
      });
    this.order(first);
  }

  private isMain(p: ImportNode): boolean {
    return p.module?.version === "" && this.modules.mains.find(p.module.path) !== null;
  }

  /** Says of a package and what it imports what they are needed for, which can bring in tests. */
  private flag(start: ImportNode, inAll: boolean, all: boolean, addTest: (t: ImportNode) => void): void {
    const stack = [{ p: start, inAll, fromRoot: true }];
    for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
      const { p } = top;
      if (p.flagged && (p.inAll || !top.inAll) && (p.fromRoot || !top.fromRoot)) continue;
      p.flagged = true;
      p.inAll ||= top.inAll;
      p.fromRoot ||= top.fromRoot;
      if (p.inAll && all && p.testOf === null) p.isRoot = true;
      if (p.test === null && p.testImports.length > 0 && this.wantsTest(p, all)) {
        const t = new ImportNode(p.path, p);
        t.module = p.module;
        t.dir = p.dir;
        p.test = t;
        this.packages.push(t);
        addTest(t);
      }
      // Tests of main modules are needed as their packages are, other tests are not needed for that.
      if (p.test !== null) {
        const needed = p.inAll && (this.isMain(p) || this.closesOverTests);
        stack.push({ p: p.test, inAll: needed, fromRoot: p.fromRoot });
      }
      for (const d of p.imports) stack.push({ p: d, inAll: p.inAll, fromRoot: p.fromRoot });
    }
  }

  private wantsTest(p: ImportNode, all: boolean): boolean {
    if (p.testOf !== null || p.standard || p.error !== null) return false;
    if (all && (this.isMain(p) || (this.closesOverTests && p.inAll))) return true;
    return this.options.tests && p.isRoot;
  }

  /** Puts packages in the order of a breadth-first walk, and notes who imports them. */
  private order(roots: readonly ImportNode[]): void {
    const list = [...new Set(roots)];
    const seen = new Set(list);
    for (let i = 0; i < list.length; i++) {
      const p = list[i] as ImportNode;
      for (const next of p.test === null ? p.imports : [...p.imports, p.test]) {
        if (seen.has(next)) continue;
        seen.add(next);
        next.from = p;
        next.depth = p.depth + 1;
        list.push(next);
      }
    }
    this.packages = list;
  }

  /** The path that an import means: the standard library has its own copies of some modules. */
  private importPath(p: ImportNode, path: string): string {
    return p.standard && !looksStandard(path) ? `vendor/${path}` : path;
  }

  private locate(p: ImportNode): void {
    const { path } = p;
    if (looksStandard(path) || path.startsWith("vendor/")) {
      const dir = joinPath(this.goroot.folder, "src", path);
      if (path === "unsafe" || this.modules.hasGoFiles(dir)) {
        p.standard = true;
        p.dir = dir;
        return;
      }
    }
    try {
      const found = this.modules.find(path);
      p.module = found.module;
      p.dir = found.dir;
      p.others = found.others;
      if (found.module.version !== "" && this.modules.vendored === null) this.modules.summary(found.module);
    } catch (e) {
      if (!(e instanceof ModuleError)) throw e;
      p.error = e;
    }
  }

  /** What the files of a folder import, tests apart. */
  private scan(dir: string): { imports: string[]; tests: string[] } {
    const known = this.scans.get(dir);
    if (known !== undefined) return known;
    const imports = new Set<string>();
    const tests = new Set<string>();
    const { context } = this.options;
    const has = (tag: string): boolean => context === null || context.has(tag);
    for (const name of this.host.stat(dir).kind === "folder" ? this.host.readFolder(dir) : []) {
      if (!name.endsWith(".go") || name.startsWith("_") || name.startsWith(".")) continue;
      if (context !== null && !matchesFileName(name, has)) continue;
      let data: Uint8Array;
      try {
        data = this.host.readFile(joinPath(dir, name));
      } catch (e) {
        if (e instanceof HostError) continue;
        throw e;
      }
      if (context === null ? !matchesSomeBuild(data) : !matchHeader(data, has).matches) continue;
      const source = new Sources().add(name, data.length);
      const tree = parseFile(data, source, this.ids, new Diagnostics(), ImportsOnly | LenientPragmas);
      const into = name.endsWith("_test.go") ? tests : imports;
      const own: string[] = [];
      for (const d of tree?.declList ?? []) {
        if (d.kind !== K.KindImportDecl || d.path === null || d.path.bad) continue;
        const path = unquote(d.path.value);
        if (path !== null) own.push(path);
      }
      // Without cgo, files that use it are no part of a build.
      if (context !== null && own.includes("C")) continue;
      for (const path of own) into.add(path);
    }
    const result = { imports: [...imports].sort(), tests: [...tests].sort() };
    this.scans.set(dir, result);
    return result;
  }

  /** The requirements without what no package needs. Throws ModuleError. */
  tidied(): Requirements {
    return tidyRoots(this.modules, this.modules.requirements, this.packages);
  }

  /** Brings the roots in line with the packages; whether that changed which packages there are. */
  private updateRequirements(all: boolean): boolean {
    const { modules } = this;
    const rs = modules.requirements;
    if (rs.pruning === "workspace" || modules.vendored !== null) return false;
    const direct = all && this.options.context === null ? new Set<string>() : new Set(rs.direct);
    for (const p of this.packages) {
      if (p.module?.version !== "" || modules.mains.find(p.module.path) === null) continue;
      for (const d of p.imports) {
        if (d.module === null || d.module.version === "") continue;
        if (modules.mains.mode !== "mod" && p.error === null && rs.root(d.module.path) !== d.module.version) {
          p.error = new ModuleError(
            `package ${p.path} imports ${d.path} from implicitly required module; to add missing requirements, run:\n\tgo get ${moduleText(d.module)}`,
          );
          continue;
        }
        direct.add(d.module.path);
      }
    }
    const add = this.options.tidy ? tidyRoots(modules, rs, this.packages).roots : [];
    const updated = updateRoots(modules, rs, direct, this.packages, add, this.options.rootsImported);
    let changed = updated.goVersion !== rs.goVersion;
    if (!changed && updated !== rs && !sameModules(updated.roots, rs.roots)) {
      const graph = updated.graph();
      changed = this.packages.some((p) => {
        if (p.module !== null && p.module.version !== "" && graph.selected(p.module.path) !== p.module.version) return true;
        if (p.error === null) return false;
        try {
          modules.find(p.path, updated);
          return true;
        } catch (e) {
          if (e instanceof ModuleError) return false;
          throw e;
        }
      });
    }
    modules.requirements = updated;
    return changed;
  }

  /** Modules that have packages which none of the build has. */
  private resolveMissing(): ModuleVersion[] {
    const added = new Map<string, ModuleVersion>();
    const found: string[] = [];
    for (const p of this.packages) {
      if (!(p.error instanceof MissingPackage) || p.testOf !== null) continue;
      try {
        const m = this.provider(p.path);
        if (m === null) continue;
        found.push(`go: found ${p.path} in ${m.path} ${m.version}\n`);
        added.set(moduleText(m), m);
      } catch (e) {
        if (!(e instanceof ModuleError)) throw e;
        if (this.options.quiet !== true) p.error = e;
      }
    }
    if (this.options.quiet !== true) for (const line of found) this.host.stderr(line);
    return [...added.values()];
  }

  /** The module that should be required for a package; null where it can be none. */
  private provider(path: string): ModuleVersion | null {
    const { modules } = this;
    const replaced = [...modules.mains.highestReplaced()]
      .filter(([own]) => path === own || path.startsWith(`${own}/`))
      .map(([own, version]) => ({ path: own, version: version === "" ? zeroVersion(own) : version }))
      .sort((a, b) => b.path.length - a.path.length);
    for (const m of replaced) {
      if (compareModuleVersions(m.path, modules.requirements.graph().selected(m.path), m.version) >= 0) continue;
      if (modules.within(path, m.path, modules.folder(m), modules.actual(m).version === "") !== "") return m;
    }
    if (looksStandard(path)) {
      throw new ModuleError(`package ${path} is not in std (${joinPath(this.goroot.folder, "src", path)})`);
    }
    if (this.options.quiet !== true) this.host.stderr(`go: finding module for package ${path}\n`);
    const graph = modules.requirements.graph();
    let m: ModuleVersion;
    try {
      m = this.queries.package(path, "latest", (p) => graph.selected(p), this.queries.allowed);
    } catch (e) {
      if (e instanceof ModuleError && e.absent) throw new ModuleError(`cannot find module providing package ${path}: ${e.message}`, true);
      throw e;
    }
    const own = graph.selected(m.path);
    if (compareModuleVersions(m.path, own, m.version) > 0) {
      throw new ModuleError(`package ${path} provided by ${m.path} at latest version ${m.version} but not at required version ${own}`);
    }
    return m;
  }

  /** Why no module was found for packages, by path. */
  failures(): Record<string, string> {
    const out: Record<string, string> = {};
    for (const p of this.packages)
      if (p.error instanceof ModuleError && !(p.error instanceof MissingPackage) && p.module === null) out[p.path] = p.error.message;
    return out;
  }

  /** What is wrong with packages, as lines. `quiet`: what is missing in the standard library is not told. */
  errors(quiet: boolean): string[] {
    const out: string[] = [];
    for (const p of this.packages) {
      if (p.error === null) continue;
      let text = p.error.message;
      if (p.error instanceof MissingSum) text = p.error.text(p.from?.path ?? "", p.from?.module?.version ?? "", p.from?.testOf !== null);
      if (looksStandard(p.path) && p.error instanceof ModuleError && /is not in std|^(no required|cannot find) module/.test(text)) {
        if (quiet) continue;
        text = `package ${p.path} is not in std (${joinPath(this.goroot.folder, "src", p.path)})`;
      }
      out.push(`go: ${p.stack()}: ${text}`);
    }
    return out;
  }
}

/** All packages of the main modules. */
export function mainPackages(modules: Modules, below: (dir: string, ignored: readonly string[]) => string[]): string[] {
  const out: string[] = [];
  for (const m of modules.mains.list) {
    const ignored = m.file.ignores.map((i) => i.path);
    for (const dir of below(m.dir, ignored)) out.push(dir === m.dir ? m.path : `${m.path}${dir.slice(m.dir.length)}`);
  }
  return out.sort();
}

/** Turns failures of modules into errors of the command. */
export function asLoadError<T>(action: () => T): T {
  try {
    return action();
  } catch (e) {
    if (e instanceof MissingSum) throw new LoadError([`go: ${e.text("", "")}`]);
    if (e instanceof ModuleError) throw new LoadError([`go: ${e.message}`]);
    throw e;
  }
}
