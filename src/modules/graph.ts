// Minimal version selection: of every module that is required, directly or by modules that are required, the highest version that is asked for. The graph is
// pruned: a module whose go line is 1.17 or higher names all that its packages need, so what its requirements require in turn does not count, unless
// they are of the old kind.

import { compareGoVersions, since, toolchainVersion } from "./goversion.ts";
import { ModuleError } from "./error.ts";
import { moduleText, type ModuleVersion } from "./names.ts";
import { compareVersionTexts } from "./semver.ts";

/** How far the requirements of requirements count. */
export type Pruning = "pruned" | "unpruned" | "workspace";

/** What the graph needs to know of a module. */
export interface ModuleSummary {
  readonly requires: readonly ModuleVersion[];
  readonly pruning: "pruned" | "unpruned";
}

/** Where summaries come from. */
export interface SummarySource {
  /** Throws ModuleError. */
  summary(m: ModuleVersion): ModuleSummary;
  /** Says which summaries come next, so that they can be fetched together. */
  prefetch(list: readonly ModuleVersion[]): void;
}

/** "go" and "toolchain" take part in the graph as if they were modules. */
export function isToolchain(path: string): boolean {
  return path === "go" || path === "toolchain";
}

/** Compares versions of a module: negative, 0, positive. "" (the main module) is highest, "none" lowest. */
export function compareModuleVersions(path: string, a: string, b: string): number {
  if (a === b) return 0;
  if (a === "" || b === "") return a === "" ? 1 : -1;
  if (a === "none" || b === "none") return a === "none" ? -1 : 1;
  if (path === "go") return compareGoVersions(a, b);
  if (path === "toolchain") return compareGoVersions(toolchainVersion(a), toolchainVersion(b));
  return compareVersionTexts(a, b);
}

export function pruningOf(goVersion: string): "pruned" | "unpruned" {
  return compareGoVersions(goVersion, since.pruning) >= 0 ? "pruned" : "unpruned";
}

export function sortModules(list: ModuleVersion[]): ModuleVersion[] {
  return list.sort((a, b) => (a.path === b.path ? compareModuleVersions(a.path, a.version, b.version) : a.path < b.path ? -1 : 1));
}

/** The modules that a main module or workspace needs, and in which versions. */
export class ModuleGraph {
  /** Of those whose requirements count. */
  readonly requires = new Map<string, readonly ModuleVersion[]>();
  readonly roots: readonly ModuleVersion[];
  private readonly mains: readonly ModuleVersion[];
  private readonly inWorkspace: boolean;
  private readonly chosen = new Map<string, string>();
  private readonly source: SummarySource;
  /** Who made a version part of the graph. */
  private readonly from = new Map<string, ModuleVersion>();
  private error: { m: ModuleVersion; error: ModuleError } | null = null;

  /** Throws ModuleError, with the way from the main module in the message. */
  constructor(mains: readonly ModuleVersion[], roots: readonly ModuleVersion[], pruning: Pruning, source: SummarySource) {
    this.mains = mains;
    this.roots = roots;
    this.source = source;
    this.inWorkspace = pruning === "workspace";
    for (const m of mains) this.chosen.set(m.path, "");
    if (pruning !== "workspace") this.require(mains[0] as ModuleVersion, roots);
    else for (const m of roots) this.mention(m);
    this.load(roots.map((m) => ({ m, pruning })));
    if (pruning === "workspace") this.loadSelected(roots);
    if (this.error !== null) throw this.explained(this.error.m, this.error.error);
  }

  private mention(m: ModuleVersion): void {
    const known = this.chosen.get(m.path);
    if (known === undefined || compareModuleVersions(m.path, m.version, known) > 0) this.chosen.set(m.path, m.version);
  }

  private require(m: ModuleVersion, list: readonly ModuleVersion[]): void {
    this.requires.set(moduleText(m), list);
    for (const r of list) {
      if (!this.from.has(moduleText(r))) this.from.set(moduleText(r), m);
      this.mention(r);
    }
  }

  private readonly loading = new Set<string>();

  private load(start: { m: ModuleVersion; pruning: Pruning }[]): void {
    let level = start;
    while (level.length > 0) {
      const fresh = level.filter(({ m, pruning }) => {
        const key = `${moduleText(m)} ${pruning}`;
        if (m.version === "none" || this.loading.has(key)) return false;
        // A workspace's own modules stand for all their versions.
        if (this.inWorkspace && m.version !== "" && this.chosen.get(m.path) === "") return false;
        this.loading.add(key);
        return true;
      });
      this.source.prefetch(fresh.map((x) => x.m));
      const next: { m: ModuleVersion; pruning: Pruning }[] = [];
      for (const { m, pruning } of fresh) {
        let summary: ModuleSummary;
        try {
          summary = this.source.summary(m);
        } catch (e) {
          if (!(e instanceof ModuleError)) throw e;
          this.error ??= { m, error: e };
          continue;
        }
        if (!this.requires.has(moduleText(m))) this.require(m, summary.requires);
        if (pruning === "pruned" && summary.pruning === "pruned") continue;
        const below = pruning === "unpruned" ? "unpruned" : summary.pruning;
        for (const r of summary.requires) next.push({ m: r, pruning: below });
      }
      level = next;
    }
  }

  /** In a workspace, modules count that all main modules together select, though each alone selects others. */
  private loadSelected(roots: readonly ModuleVersion[]): void {
    const inAll = new Set(roots.map((m) => m.path));
    const seen = new Set<string>();
    for (;;) {
      const needed: ModuleVersion[] = [];
      for (const path of inAll) {
        const m = { path, version: this.selected(path) };
        if (!seen.has(moduleText(m))) {
          needed.push(m);
          continue;
        }
        for (const r of this.requires.get(moduleText(m)) ?? []) {
          const s = { path: r.path, version: this.selected(r.path) };
          if (compareModuleVersions(r.path, s.version, r.version) > 0 && !seen.has(moduleText(s))) needed.push(s);
        }
      }
      if (needed.length === 0) return;
      for (const m of needed) {
        seen.add(moduleText(m));
        inAll.add(m.path);
      }
      this.load(needed.map((m) => ({ m, pruning: "workspace" })));
    }
  }

  private explained(m: ModuleVersion, error: ModuleError): ModuleError {
    const way: string[] = [];
    for (
      let at: ModuleVersion | undefined = this.from.get(moduleText(m));
      at !== undefined && at.version !== "";
      at = this.from.get(moduleText(at))
    ) {
      way.unshift(`${moduleText(at)} requires\n\t`);
      if (way.length > 100) break;
    }
    return new ModuleError(way.join("") + error.message, error.absent);
  }

  /** The version that is used of a module; "none" if none is. */
  selected(path: string): string {
    return this.chosen.get(path) ?? "none";
  }

  /** All modules that are used: the main ones, then the others in order. */
  buildList(): ModuleVersion[] {
    const rest: ModuleVersion[] = [];
    for (const [path, version] of this.chosen) {
      if (version !== "none" && !this.mains.some((m) => m.path === path)) rest.push({ path, version });
    }
    return [...this.mains, ...sortModules(rest)];
  }

  /** What is reached from the main modules, in breadth-first order. */
  walk(visit: (m: ModuleVersion, requires: readonly ModuleVersion[] | undefined) => void): void {
    const queue: ModuleVersion[] = [...this.mains];
    const seen = new Set(queue.map(moduleText));
    for (let i = 0; i < queue.length; i++) {
      const m = queue[i] as ModuleVersion;
      const list = this.requires.get(moduleText(m));
      visit(m, list);
      for (const r of list ?? []) {
        if (seen.has(moduleText(r)) || r.version === "none") continue;
        seen.add(moduleText(r));
        queue.push(r);
      }
    }
  }
}

/** What a main module or workspace requires: roots of the graph. */
export class Requirements {
  readonly pruning: Pruning;
  readonly roots: readonly ModuleVersion[];
  /** Paths of the modules whose packages the main modules import. */
  readonly direct: ReadonlySet<string>;
  private readonly highest = new Map<string, string>();
  private readonly mains: readonly ModuleVersion[];
  private readonly source: SummarySource;
  private loaded: ModuleGraph | null = null;

  constructor(
    mains: readonly ModuleVersion[],
    roots: readonly ModuleVersion[],
    direct: ReadonlySet<string>,
    pruning: Pruning,
    source: SummarySource,
  ) {
    this.mains = mains;
    this.roots = roots;
    this.direct = direct;
    this.pruning = pruning;
    this.source = source;
    for (const m of roots) {
      const known = this.highest.get(m.path);
      if (known === undefined || compareModuleVersions(m.path, m.version, known) > 0) this.highest.set(m.path, m.version);
    }
    for (const m of mains) this.highest.set(m.path, "");
  }

  /** With other roots. */
  with(roots: readonly ModuleVersion[], direct: ReadonlySet<string> = this.direct, pruning: Pruning = this.pruning): Requirements {
    return new Requirements(this.mains, roots, direct, pruning, this.source);
  }

  /** The version of a root, or undefined for modules that are none. */
  root(path: string): string | undefined {
    return this.highest.get(path);
  }

  get goVersion(): string {
    return this.root("go") ?? "1.16";
  }

  get hasGraph(): boolean {
    return this.loaded !== null;
  }

  /** Throws ModuleError. */
  graph(): ModuleGraph {
    this.loaded ??= new ModuleGraph(this.mains, this.roots, this.pruning, this.source);
    return this.loaded;
  }

  /** The version that is used, as far as it is known without loading the graph. */
  selected(path: string): string {
    return this.loaded === null ? (this.root(path) ?? "none") : this.loaded.selected(path);
  }

  /** Whether requirements of roots agree with the roots, as far as they are mentioned there. Throws ModuleError. */
  agrees(checked: Iterable<ModuleVersion>): boolean {
    for (const m of checked) {
      for (const r of this.source.summary(m).requires) {
        const own = this.root(r.path);
        if (own !== undefined && compareModuleVersions(r.path, own, r.version) < 0) return false;
      }
    }
    return true;
  }
}

export function sameModules(a: readonly ModuleVersion[], b: readonly ModuleVersion[]): boolean {
  return (
    a.length === b.length && a.every((m, i) => m.path === (b[i] as ModuleVersion).path && m.version === (b[i] as ModuleVersion).version)
  );
}
