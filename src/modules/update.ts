// Changes to what a main module requires: so that its roots agree with the graph, name the modules of all packages that it needs, and nothing else.

import { compareGoVersions, since } from "./goversion.ts";
import { compareModuleVersions, isToolchain, ModuleGraph, type Requirements, sameModules, sortModules } from "./graph.ts";
import type { Modules } from "./modules.ts";
import { moduleText, type ModuleVersion } from "./names.ts";

/** A package as far as requirements depend on it. */
export interface UsedPackage {
  readonly path: string;
  /** Null for the standard library and for packages that were not found. */
  readonly module: ModuleVersion | null;
  readonly others: readonly ModuleVersion[];
  readonly imports: readonly UsedPackage[];
  /** Its tests, which are a package of their own here. */
  readonly test: UsedPackage | null;
  /** A main module needs it, directly or not. */
  readonly inAll: boolean;
  /** Asked for by name. */
  readonly isRoot: boolean;
  /** A package that was asked for needs it. */
  readonly fromRoot: boolean;
}

function isExternal(p: UsedPackage): p is UsedPackage & { module: ModuleVersion } {
  return p.module !== null && p.module.version !== "";
}

/** The roots with `add`, at selected versions, and with the modules of packages that have to be roots. Throws ModuleError. */
export function updateRoots(
  modules: Modules,
  rs: Requirements,
  direct: ReadonlySet<string>,
  packages: readonly UsedPackage[],
  add: readonly ModuleVersion[],
  rootsImported = false,
): Requirements {
  if (rs.pruning === "workspace") return rs;
  return rs.pruning === "pruned"
    ? updatePruned(modules, rs, direct, packages, add, rootsImported)
    : updateUnpruned(modules, rs, direct, add);
}

function updatePruned(
  modules: Modules,
  start: Requirements,
  direct: ReadonlySet<string>,
  packages: readonly UsedPackage[],
  add: readonly ModuleVersion[],
  rootsImported: boolean,
): Requirements {
  let rs = start;
  let roots = [...rs.roots];
  let upgraded = false;
  const checked = new Map<string, ModuleVersion>();
  for (const p of packages) {
    if (!isExternal(p) || !(p.inAll || p.isRoot || (rootsImported && p.fromRoot))) continue;
    if (rs.root(p.module.path) !== undefined) checked.set(moduleText(p.module), p.module);
    else {
      roots.push(p.module);
      upgraded = true;
    }
  }
  for (const m of add) {
    const own = rs.root(m.path);
    if (own !== undefined && compareModuleVersions(m.path, own, m.version) >= 0) continue;
    roots.push(m);
    upgraded = true;
  }
  sortModules(roots);
  for (;;) {
    let graph: ModuleGraph | null = null;
    if (upgraded) {
      if (modules.mains.mode !== "mod") throw modules.dirty();
      rs = rs.with(roots, direct);
      graph = rs.graph();
    } else if (rs.hasGraph || !rs.agrees(checked.values())) graph = rs.graph();
    roots = [];
    upgraded = false;
    const seen = new Set(modules.mainVersions.map((m) => m.path));
    for (const m of rs.roots) {
      if (seen.has(m.path)) continue;
      seen.add(m.path);
      const version = graph === null ? (rs.root(m.path) as string) : graph.selected(m.path);
      roots.push({ path: m.path, version });
      if (version !== m.version) upgraded = true;
    }
    if (upgraded) continue;
    if (modules.mains.mode !== "mod") return rs;
    break;
  }
  return sameModules(roots, rs.roots) && sameSet(direct, rs.direct) ? rs : rs.with(roots, direct);
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((x) => b.has(x));
}

function updateUnpruned(modules: Modules, rs: Requirements, direct: ReadonlySet<string>, add: readonly ModuleVersion[]): Requirements {
  const graph = rs.graph();
  if (modules.mains.mode !== "mod") {
    const stale = rs.roots.some((m) => m.version !== graph.selected(m.path)) || add.some((m) => m.version !== graph.selected(m.path));
    if (stale || [...direct].some((path) => rs.root(path) === undefined)) throw modules.dirty();
    return rs;
  }
  const paths: string[] = [];
  for (const m of rs.roots) if (!paths.includes(m.path) && graph.selected(m.path) === m.version) paths.push(m.path);
  const keep = [...graph.buildList().filter((m) => m.version !== ""), ...add];
  for (const m of keep) if (direct.has(m.path) && !paths.includes(m.path)) paths.push(m.path);
  const roots = minimalRoots(modules, paths, keep);
  return sameModules(roots, rs.roots) && sameSet(direct, rs.direct) ? rs : rs.with(roots, direct);
}

/** The fewest roots, `paths` among them, from which `keep` is selected. */
function minimalRoots(modules: Modules, paths: readonly string[], keep: readonly ModuleVersion[]): ModuleVersion[] {
  const graph = new ModuleGraph(modules.mainVersions, keep, "unpruned", modules);
  const list = graph.buildList().filter((m) => m.version !== "");
  const order: ModuleVersion[] = [];
  const seen = new Set<string>();
  const requires = (m: ModuleVersion): readonly ModuleVersion[] => graph.requires.get(moduleText(m)) ?? modules.summary(m).requires;
  const visit = (m: ModuleVersion): void => {
    if (seen.has(moduleText(m)) || m.version === "" || m.version === "none") return;
    seen.add(moduleText(m));
    for (const r of requires(m)) visit(r);
    order.push(m);
  };
  for (const m of list) visit(m);
  const have = new Set<string>();
  const cover = (m: ModuleVersion): void => {
    if (have.has(moduleText(m)) || m.version === "none" || m.version === "") return;
    have.add(moduleText(m));
    for (const r of requires(m)) cover(r);
  };
  const out: ModuleVersion[] = [];
  const byPath = new Map(list.map((m) => [m.path, m]));
  for (const path of paths) {
    const m = byPath.get(path);
    if (m === undefined || out.some((x) => x.path === path)) continue;
    out.push(m);
    cover(m);
  }
  for (const m of [...order].reverse()) {
    if (byPath.get(m.path)?.version !== m.version || have.has(moduleText(m))) continue;
    out.push(m);
    cover(m);
  }
  return sortModules(out);
}

/** The requirements that packages need, and no others. Throws ModuleError. */
export function tidyRoots(modules: Modules, old: Requirements, packages: readonly UsedPackage[]): Requirements {
  return old.pruning === "unpruned" ? tidyUnpruned(modules, old, packages) : tidyPruned(modules, old, packages);
}

function goRoots(old: Requirements): ModuleVersion[] {
  const out: ModuleVersion[] = [];
  for (const path of ["go", "toolchain"]) {
    const version = old.root(path);
    if (version !== undefined) out.push({ path, version });
  }
  return out;
}

function tidyPruned(modules: Modules, old: Requirements, packages: readonly UsedPackage[]): Requirements {
  let roots = goRoots(old);
  const isRoot = new Set([...modules.mainVersions.map((m) => m.path), "go", "toolchain"]);
  let queue: UsedPackage[] = [];
  const queued = new Set<UsedPackage>();
  for (const p of packages) {
    if (!p.inAll) continue;
    if (isExternal(p) && !isRoot.has(p.module.path)) {
      roots.push(p.module);
      isRoot.add(p.module.path);
    }
    queue.push(p);
    queued.add(p);
  }
  let tidy = old.with(sortModules(roots), old.direct, "pruned");
  // Tests of dependencies may need modules that their go.mod files do not name; those nearest to the main module come first.
  while (queue.length > 0) {
    roots = [...tidy.roots];
    const graph = tidy.graph();
    const level = queue;
    queue = [];
    for (const p of level) {
      if (p.module === null) continue;
      for (const d of p.test === null ? p.imports : [...p.imports, p.test]) {
        if (queued.has(d)) continue;
        queued.add(d);
        queue.push(d);
      }
      if (isRoot.has(p.module.path)) continue;
      if (compareModuleVersions(p.module.path, graph.selected(p.module.path), p.module.version) < 0) {
        roots.push(p.module);
        isRoot.add(p.module.path);
      }
    }
    if (roots.length > tidy.roots.length) tidy = tidy.with(sortModules(roots));
  }
  tidy.graph();
  return tidy;
}

function tidyUnpruned(modules: Modules, old: Requirements, packages: readonly UsedPackage[]): Requirements {
  const keep = goRoots(old);
  const kept = new Set(keep.map((m) => m.path));
  const paths: string[] = [];
  const others = new Map<string, string>();
  for (const p of packages) {
    if (!isExternal(p)) continue;
    if (!kept.has(p.module.path)) {
      keep.push(p.module);
      kept.add(p.module.path);
      if (old.direct.has(p.module.path)) paths.push(p.module.path);
    }
    for (const m of p.others) others.set(m.path, m.version);
  }
  let roots = minimalRoots(modules, paths, keep);
  const graph = new ModuleGraph(modules.mainVersions, keep, "unpruned", modules);
  let more = false;
  for (const m of graph.buildList()) {
    const v = others.get(m.path);
    if (v === undefined || m.version === "" || compareModuleVersions(m.path, m.version, v) >= 0) continue;
    keep.push({ path: m.path, version: v });
    more = true;
  }
  if (more) roots = minimalRoots(modules, paths, keep);
  for (const m of goRoots(old)) if (!roots.some((r) => r.path === m.path)) roots.push(m);
  return old.with(sortModules(roots));
}

/** The keys of go.sum that requirements and packages need: "path version", with the suffix for go.mod files. */
export function neededSums(modules: Modules, rs: Requirements, packages: readonly UsedPackage[] | null, all: boolean): Set<string> {
  const keep = new Set<string>();
  const goMod = (m: ModuleVersion): void => {
    const a = modules.actual(m);
    if (a.version !== "" && !isToolchain(m.path)) keep.add(`${a.path} ${a.version}/go.mod`);
  };
  const zip = (m: ModuleVersion): void => {
    const a = modules.actual(m);
    if (a.version !== "" && !isToolchain(m.path)) keep.add(`${a.path} ${a.version}`);
  };
  const narrow = compareGoVersions(rs.goVersion, "1.21") >= 0;
  for (const p of packages ?? []) {
    if (p.module === null) continue;
    if (narrow) goMod(p.module);
    const pruned = rs.pruning === "pruned" && rs.root(p.module.path) === p.module.version;
    const version = pruned ? (path: string): string => rs.root(path) ?? "none" : (path: string): string => rs.graph().selected(path);
    for (let prefix = p.path; prefix !== ""; prefix = prefix.slice(0, Math.max(prefix.lastIndexOf("/"), 0))) {
      const v = version(prefix);
      if (v !== "none" && v !== "" && !isToolchain(prefix)) zip({ path: prefix, version: v });
    }
  }
  if (!rs.hasGraph) {
    for (const m of rs.roots) {
      goMod(m);
      if (all) zip(m);
    }
    return keep;
  }
  rs.graph().walk((m, requires) => {
    if (requires !== undefined) goMod(m);
  });
  if (all) {
    for (const m of rs.graph().buildList()) {
      goMod(m);
      zip(m);
    }
  }
  return keep;
}

/** Writes requirements into the go.mod file; whether it changed. */
export function applyRequirements(modules: Modules, rs: Requirements): boolean {
  const main = modules.mains.single;
  if (main === null) return false;
  const { file } = main;
  const before = file.format();
  const goVersion = rs.root("go") ?? "";
  if (goVersion !== "" && file.goVersion !== goVersion && !(file.goVersion === "" && goVersion === "1.16")) file.setGo(goVersion);
  const toolchain = rs.root("toolchain") ?? "";
  const version = toolchain.replace(/^go/, "");
  if (toolchain === "" || toolchain === `go${goVersion}` || compareGoVersions(version, since.strict) < 0) file.setToolchain("");
  else if (file.toolchain !== toolchain) file.setToolchain(toolchain);
  const list = rs.roots
    .filter((m) => !isToolchain(m.path))
    .map((m) => ({ path: m.path, version: m.version, indirect: !rs.direct.has(m.path) }));
  file.setRequires(list);
  return file.format() !== before;
}
