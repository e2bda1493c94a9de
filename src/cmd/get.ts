// go3s get: adds, changes and removes requirements of the main module.

import type { Host } from "../base/host.ts";
import { asLoadError, tidyOptions } from "../load/imports.ts";
import { LoadError } from "../load/package.ts";
import { isLocal, isPattern, matchPattern, patternMatcher } from "../load/patterns.ts";
import { looksStandard } from "../load/resolve.ts";
import { ModuleError } from "../modules/error.ts";
import { compareModuleVersions, isToolchain, type Requirements, sortModules } from "../modules/graph.ts";
import { moduleText, type ModuleVersion } from "../modules/names.ts";
import type { Queries } from "../modules/query.ts";
import { updateRoots } from "../modules/update.ts";
import { buildFlags, commandFlags, tagList } from "./buildflags.ts";
import { CommandError } from "./errors.ts";
import type { FlagSpec } from "./flags.ts";
import { withoutWorkspace } from "./mod.ts";
import { Project } from "./project.ts";

const getFlags: readonly FlagSpec[] = [
  ...buildFlags,
  { name: "u", kind: "string", optional: true },
  { name: "t", kind: "bool" },
  { name: "d", kind: "bool" },
  { name: "tool", kind: "bool" },
];

const outside =
  "go: go.mod file not found in current directory or any parent directory.\n" +
  "\t'go get' is no longer supported outside a module.\n" +
  "\tTo build and install a command, use 'go install' with a version,\n" +
  "\tlike 'go install example.com/cmd@latest'\n" +
  "\tFor more information, see https://golang.org/doc/go-get-install-deprecation\n" +
  "\tor run 'go help get' or 'go help install'.";

/** A message with the query that it is about, unless it names that already. */
function about(q: Query, message: string): string {
  const names = (word: string): boolean =>
    new RegExp(`(?:[ \\t@("\`]|^)${word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?:[ @:;)"\`]|$)`, "m").test(message);
  return names(q.pattern) && (!q.given || names(q.version)) ? message : `${q.raw}: ${message}`;
}

interface Query {
  readonly raw: string;
  readonly pattern: string;
  readonly version: string;
  /** A version was asked for. */
  readonly given: boolean;
  /** It names packages, so that they are looked at afterwards. */
  packages: string[];
}

/** The exit status. Throws CommandError and LoadError. */
export function getCommand(machine: Host, words: readonly string[]): number {
  const flags = commandFlags(machine, "get", words, getFlags);
  const { host } = flags;
  const u = flags.strings.get("u") ?? "";
  if (u !== "" && u !== "true" && u !== "patch" && u !== "false") throw new CommandError(`go: unknown upgrade flag -u=${u}`, 1);
  if (flags.bools.has("d")) host.stderr("go: -d flag is deprecated. -d=true is a no-op\n");
  const tags = tagList(flags.strings.get("tags") ?? "");
  const project = new Project(withoutWorkspace(host), flags, { usual: "mod", tags });
  if (project.modules.mains.single === null) throw new CommandError(outside, 1);
  const upgrade = u === "" || u === "false" ? "" : u === "patch" ? "patch" : "upgrade";
  const getter = new Getter(project, upgrade, flags.bools.has("t"), flags.bools.has("tool"));
  return asLoadError(() => getter.run(flags.rest));
}

class Getter {
  private readonly project: Project;
  private readonly upgrade: string;
  private readonly tests: boolean;
  private readonly tool: boolean;
  private readonly queries: Queries;
  private readonly before: Requirements;
  private readonly resolved = new Map<string, string>();
  private readonly errors: string[] = [];
  private readonly tools: { path: string; drop: boolean }[] = [];

  constructor(project: Project, upgrade: string, tests: boolean, tool: boolean) {
    this.project = project;
    this.upgrade = upgrade;
    this.tests = tests;
    this.tool = tool;
    this.queries = project.imports(tidyOptions).queries;
    this.before = project.modules.requirements;
  }

  run(args: readonly string[]): number {
    const { modules, host } = this.project;
    const main = modules.mains.single;
    if (main === null) return 1;
    const old = new Map(main.file.requires.map((r) => [r.path, r.version]));
    const oldGo = main.file.goVersion;
    const initial = modules.requirements.graph();
    const list = (args.length === 0 ? ["."] : args).map((a) => this.parse(a));
    for (const q of list) {
      try {
        this.resolve(q);
      } catch (e) {
        if (!(e instanceof ModuleError) && !(e instanceof LoadError)) throw e;
        const text = e instanceof LoadError ? e.lines.join("\n").replace(/^go: /, "") : about(q, e.message);
        this.errors.push(`go: ${text}`);
      }
    }
    if (this.errors.length > 0) return this.failed();
    this.apply(this.resolved);
    const roots = [...new Set(list.flatMap((q) => q.packages))];
    const resolve = roots.length > 0;
    const graph = this.project.imports({
      ...tidyOptions,
      tests: this.tests,
      resolve,
      tidy: false,
      rootsImported: true,
      quiet: true,
    });
    if (resolve) {
      graph.load(() => roots, false);
      for (let round = 0; this.upgrade !== "" && round < 20; round++) {
        const higher = this.upgrades(graph.packages.map((p) => p.module).filter((m) => m !== null));
        if (higher.size === 0) break;
        this.apply(higher);
        graph.load(() => roots, false);
      }
      this.errors.push(...graph.errors(false));
    }
    if (this.errors.length > 0) return this.failed();
    for (const t of this.tools) {
      if (t.drop) main.file.dropNamed("tool", t.path);
      else main.file.addNamed("tool", t.path);
    }
    this.warn(graph.packages.map((p) => p.module).filter((m) => m !== null));
    this.project.write(graph);
    // What changed, by path; go and toolchain first.
    const now = new Map(main.file.requires.map((r) => [r.path, r.version]));
    const after = modules.requirements.graph();
    const changes = new Map<string, [string, string]>();
    const note = (path: string, a: string, b: string): void => {
      if (a !== b && !(a === "none" && (b === "none" || b === ""))) changes.set(path, [a, b]);
    };
    for (const path of this.resolved.keys()) if (!isToolchain(path)) note(path, initial.selected(path), after.selected(path));
    for (const [path, version] of old) note(path, version, after.selected(path));
    for (const [path, version] of now) note(path, initial.selected(path), version);
    const lines = [...changes].sort(([a], [b]) => (a < b ? -1 : 1));
    if (oldGo !== main.file.goVersion) lines.unshift(["go", [oldGo, main.file.goVersion]]);
    for (const [path, [a, b]] of lines) {
      if (a === "none" || a === "") host.stderr(`go: added ${path} ${b}\n`);
      else if (b === "none" || b === "") host.stderr(`go: removed ${path} ${a}\n`);
      else host.stderr(`go: ${compareModuleVersions(path, b, a) > 0 ? "upgraded" : "downgraded"} ${path} ${a} => ${b}\n`);
    }
    return 0;
  }

  private failed(): number {
    for (const line of this.errors) this.project.host.stderr(`${line}\n`);
    return 1;
  }

  private parse(raw: string): Query {
    const at = raw.indexOf("@");
    const pattern = at < 0 ? raw : raw.slice(0, at);
    const version = at < 0 ? "" : raw.slice(at + 1);
    if (at >= 0 && (version === "" || version.includes("@")))
      throw new LoadError([`go: invalid module version syntax ${JSON.stringify(raw)}`]);
    if (pattern.endsWith(".go") && at < 0) {
      if (!pattern.includes("/")) throw new LoadError([`go: ${raw}: arguments must be package or module paths`]);
    }
    return { raw, pattern, version: version || this.upgrade || "upgrade", given: at >= 0, packages: [] };
  }

  private resolve(q: Query): void {
    const { modules, resolver, host } = this.project;
    const main = modules.mains.single;
    if (main === null) return;
    if (isToolchain(q.pattern)) {
      if (q.version === "none" && q.pattern === "go") throw new ModuleError("cannot use go@none");
      let version = q.version === "latest" || q.version === "upgrade" || q.version === "patch" ? modules.local : q.version;
      if (q.pattern === "toolchain" && version !== "none" && !version.startsWith("go") && version !== "default") version = `go${version}`;
      this.resolved.set(q.pattern, version);
      return;
    }
    const isMain =
      q.pattern === "all" ||
      q.pattern === main.path ||
      isLocal(q.pattern) ||
      (q.pattern.startsWith(`${main.path}/`) && this.find(q.pattern) !== null);
    if (isMain && !(q.pattern !== "all" && !isLocal(q.pattern) && q.pattern.includes("..."))) {
      if (q.given && q.version !== "upgrade" && q.version !== "patch") {
        throw new ModuleError(
          `can't request explicit version ${JSON.stringify(q.version)} of path ${JSON.stringify(q.pattern)} in main module`,
        );
      }
      if (q.pattern === "all") q.packages = this.project.mainPackages();
      else if (isPattern(q.pattern)) q.packages = matchPattern(host, resolver, q.pattern).map((l) => l.path);
      else if (isLocal(q.pattern)) {
        const at = resolver.folder(q.pattern === "." ? host.cwd() : this.absolute(q.pattern));
        if (!modules.hasGoFiles(at.dir))
          throw new ModuleError(
            q.pattern === "." ? "no package to get in current directory" : `${q.pattern} is not a package in module rooted at ${main.dir}`,
          );
        q.packages = [at.path];
      } else q.packages = [q.pattern];
      this.noteTools(q);
      return;
    }
    if (looksStandard(q.pattern) && resolver.standard(q.pattern) !== null) {
      if (q.given)
        throw new ModuleError(`can't request explicit version ${JSON.stringify(q.version)} of standard library package ${q.pattern}`);
      q.packages = [q.pattern];
      return;
    }
    if (isPattern(q.pattern)) {
      this.resolveWildcard(q);
      return;
    }
    this.resolvePath(q);
    this.noteTools(q);
  }

  private noteTools(q: Query): void {
    if (this.tool)
      for (const path of q.packages.length > 0 ? q.packages : [q.pattern]) this.tools.push({ path, drop: q.version === "none" });
  }

  private absolute(path: string): string {
    return path.startsWith("/") ? path : `${this.project.host.cwd()}/${path}`.replace(/\/\.(?=\/|$)/g, "");
  }

  private find(path: string): ModuleVersion | null {
    try {
      return this.project.modules.find(path).module;
    } catch (e) {
      if (e instanceof ModuleError) return null;
      throw e;
    }
  }

  private current(path: string): string {
    return this.project.modules.requirements.graph().selected(path);
  }

  /** What a query may choose: always what is in use already. */
  private allowed(q: Query): (m: ModuleVersion) => string {
    const check = this.queries.allowedFor(q.version);
    const keeps = q.version === "upgrade" || q.version === "patch";
    return (m) => (keeps && this.current(m.path) === m.version ? "" : check(m));
  }

  private resolvePath(q: Query): void {
    if (q.version === "none") {
      const path = this.current(q.pattern) !== "none" ? q.pattern : (this.find(q.pattern)?.path ?? "");
      if (path !== "") this.resolved.set(path, "none");
      else if (this.tool) q.packages = [q.pattern];
      return;
    }
    const m = this.queries.package(q.pattern, q.version, (p) => this.current(p), this.allowed(q), true);
    if (m.hasPackage) q.packages = [q.pattern];
    if (m.version === "") return;
    const why = this.queries.notExcluded(m);
    if (why !== "") throw new ModuleError(why);
    const known = this.resolved.get(m.path);
    if (known !== undefined && known !== m.version) {
      throw new ModuleError(`${q.raw} (${moduleText(m)}) conflicts with ${m.path}@${known}`);
    }
    this.resolved.set(m.path, m.version);
  }

  private resolveWildcard(q: Query): void {
    const { modules } = this.project;
    const matches = patternMatcher(q.pattern);
    const fixed = q.pattern.slice(0, q.pattern.indexOf("...")).replace(/\/$/, "");
    let any = false;
    for (const m of modules.requirements.graph().buildList()) {
      if (m.version === "" || isToolchain(m.path)) continue;
      if (!matches(m.path) && !(fixed === m.path || fixed.startsWith(`${m.path}/`))) continue;
      any = true;
      if (q.version === "none") this.resolved.set(m.path, "none");
      else this.resolved.set(m.path, this.queries.query(m.path, q.version, m.version, this.allowed(q)).version);
    }
    if (any || q.version === "none") {
      if (q.version !== "none") {
        this.apply(this.resolved);
        q.packages = matchPattern(this.project.host, this.project.resolver, q.pattern)
          .filter((l) => !l.standard)
          .map((l) => l.path);
      }
      return;
    }
    // The longest path that is a module.
    let failure: ModuleError | null = null;
    for (let prefix = fixed; prefix !== ""; prefix = prefix.slice(0, Math.max(prefix.lastIndexOf("/"), 0))) {
      try {
        const { version } = this.queries.query(prefix, q.version, "", this.allowed(q));
        this.resolved.set(prefix, version);
        this.apply(this.resolved);
        q.packages = matchPattern(this.project.host, this.project.resolver, q.pattern).map((l) => l.path);
        return;
      } catch (e) {
        if (!(e instanceof ModuleError)) throw e;
        if (failure === null || !e.absent) failure = e;
      }
    }
    throw failure ?? new ModuleError(`no modules to query for ${q.pattern}@${q.version} because first path element contains a wildcard`);
  }

  /** Higher versions of modules that packages come from. */
  private upgrades(used: readonly ModuleVersion[]): Map<string, string> {
    const out = new Map<string, string>();
    const seen = new Set<string>();
    const list = used.filter((m) => m.version !== "" && !seen.has(m.path) && seen.add(m.path) && !this.resolved.has(m.path));
    this.project.modules.cache.prefetchLists(list.map((m) => m.path));
    for (const m of list) {
      try {
        const { version } = this.queries.query(m.path, this.upgrade, m.version, (v) =>
          v.version === m.version ? "" : this.queries.allowed(v),
        );
        if (version !== m.version && compareModuleVersions(m.path, version, m.version) > 0) out.set(m.path, version);
      } catch (e) {
        if (!(e instanceof ModuleError)) throw e;
        this.errors.push(`go: ${e.message}`);
      }
    }
    return out;
  }

  /** Makes modules have exactly these versions ("none": not to be there), lowering others where they ask for more. */
  private apply(wanted: ReadonlyMap<string, string>): void {
    const { modules } = this.project;
    let rs = modules.requirements;
    let roots = rs.roots.filter((m) => !wanted.has(m.path));
    for (const [path, version] of wanted) if (version !== "none") roots.push({ path, version });
    for (let round = 0; round < 1000; round++) {
      const next = rs.with(sortModules([...roots]));
      const graph = next.graph();
      const conflict = [...wanted].find(([path, version]) => compareModuleVersions(path, graph.selected(path), version) > 0);
      if (conflict === undefined) {
        roots = roots.map((m) => ({ path: m.path, version: graph.selected(m.path) }));
        rs = next.with(sortModules(roots));
        break;
      }
      roots = this.lowered(next, roots, conflict, wanted);
    }
    modules.requirements = updateRoots(modules, rs, rs.direct, [], []);
  }

  /** The roots, with those lowered or left out that require too much of a module. */
  private lowered(
    rs: Requirements,
    roots: readonly ModuleVersion[],
    conflict: [string, string],
    wanted: ReadonlyMap<string, string>,
  ): ModuleVersion[] {
    const [path, version] = conflict;
    const asksTooMuch = (m: ModuleVersion): boolean => compareModuleVersions(path, rs.with([m]).graph().selected(path), version) > 0;
    const out: ModuleVersion[] = [];
    let changed = false;
    for (const m of roots) {
      if (m.path === path || isToolchain(m.path) || !asksTooMuch(m)) {
        out.push(m);
        continue;
      }
      const stated = wanted.get(m.path);
      if (stated !== undefined) {
        const own = rs.with([m]).graph().selected(path);
        throw new ModuleError(`${moduleText(m)} requires ${path}@${own}, not ${path}@${version}`);
      }
      changed = true;
      const lower = this.project.modules.cache.versions(m.path).filter((v) => compareModuleVersions(m.path, v, m.version) < 0);
      const found = lower.reverse().find((v) => !asksTooMuch({ path: m.path, version: v }));
      if (found !== undefined) out.push({ path: m.path, version: found });
    }
    if (!changed) throw new ModuleError(`${path}@${version}: other requirements need ${path}@${rs.graph().selected(path)}`);
    return out;
  }

  /** Says which modules are deprecated or retracted. */
  private warn(used: readonly ModuleVersion[]): void {
    const { modules, host } = this.project;
    const seen = new Set<string>();
    const graph = modules.requirements.graph();
    for (const path of [
      ...this.resolved.keys(),
      ...used.filter((m) => modules.requirements.direct.has(m.path)).map((m) => m.path),
    ].sort()) {
      if (seen.has(path) || isToolchain(path)) continue;
      seen.add(path);
      const version = graph.selected(path);
      if (version === "none" || version === "") continue;
      const deprecated = this.queries.deprecation({ path, version });
      if (deprecated !== "") host.stderr(`go: module ${path} is deprecated: ${deprecated}\n`);
      const retracted = this.queries.retraction({ path, version });
      if (retracted === "") continue;
      host.stderr(`go: warning: ${path}@${version}: ${retracted}\n`);
      host.stderr(`go: to switch to the latest unretracted version, run:\n\tgo get ${path}@latest\n`);
    }
  }
}
