// Queries for versions: "latest", "upgrade", "patch", "v1", ">=v1.2.3", a branch or commit; and which module has a package that none of the build has.

import { InvalidVersion, ModuleError } from "./error.ts";
import { compareModuleVersions } from "./graph.ts";
import type { Modules } from "./modules.ts";
import { matchesMajor, modulePathFault, moduleText, type ModuleVersion, splitMajor } from "./names.ts";
import {
  canonical,
  canonicalVersion,
  compareSemver,
  isPseudoVersion,
  isVersion,
  majorMinorOf,
  parseVersion,
  prereleaseOf,
  pseudoTime,
} from "./semver.ts";

/** Why a version must not be chosen, or "". */
export type Allowed = (m: ModuleVersion) => string;

/** A module has no version that a query means. */
export class NoMatchingVersion extends ModuleError {}

/** A version was found, but its module lacks the package. */
class NotInModule extends ModuleError {}

/** "patch" was asked of a module that is not in use. */
class NoPatchBase extends ModuleError {}

class InvalidPath extends ModuleError {}

/** The failures of queries that don't end a search for a package at once, those that say most first. */
const telling = [NotInModule, NoMatchingVersion, NoPatchBase, InvalidPath] as const;

/** Where a failure stands in that order; -1 for all that aren't about what there is, but about getting it. */
function rank(e: ModuleError): number {
  const at = telling.findIndex((kind) => e instanceof kind);
  return at >= 0 ? at : e.absent ? telling.length + 1 : e instanceof InvalidVersion ? telling.length : -1;
}

/** What a query's failure says in a list of modules. */
export function queryFailure(path: string, query: string, e: ModuleError): string {
  if (e instanceof NoMatchingVersion) return `module ${path}: ${e.message}`;
  const complete = e.message.startsWith(`${path}@`) || e.message.startsWith(`module ${path}: `);
  return complete ? e.message : `${path}@${query}: ${e.message}`;
}

interface Matcher {
  readonly prefix: string;
  readonly filter: (v: string) => boolean;
  readonly lower: boolean;
  readonly mayUseLatest: boolean;
  readonly incompatible: boolean;
}

export class Queries {
  private readonly modules: Modules;
  private readonly retractions = new Map<string, string>();

  constructor(modules: Modules) {
    this.modules = modules;
  }

  /** What main modules exclude or authors took back, as the reason; "" for what may be used. */
  readonly allowed: Allowed = (m) => {
    if (this.modules.mains.isExcluded(m)) return `${moduleText(m)}: excluded by go.mod`;
    return this.retraction(m);
  };

  /** What a query may choose: versions that were taken back only if it names them. */
  allowedFor(query: string): Allowed {
    return /^(latest$|upgrade$|patch$|[<>]|v\d+(\.\d+)?$)/.test(query) ? this.allowed : this.notExcluded;
  }

  readonly notExcluded: Allowed = (m) => (this.modules.mains.isExcluded(m) ? `${moduleText(m)}: excluded by go.mod` : "");

  /** Why a version was retracted: "retracted by module author: ...", or "". */
  retraction(m: ModuleVersion): string {
    const key = moduleText(m);
    let why = this.retractions.get(key);
    if (why === undefined) {
      why = "";
      for (const text of this.rationales(m)) if (why === "") why = `retracted by module author${text === "" ? "" : `: ${text}`}`;
      this.retractions.set(key, why);
    }
    return why;
  }

  /** The rationales of all retractions of a version; none if it is not retracted. */
  rationales(m: ModuleVersion): string[] {
    if (m.version === "" || this.modules.mains.replacement(m)?.version === "") return [];
    const out: string[] = [];
    try {
      const last = this.latestOf(m.path);
      if (last === "") return [];
      for (const r of this.modules.rawSummary({ path: m.path, version: last }).retracts) {
        if (compareSemver(r.low, m.version) <= 0 && compareSemver(m.version, r.high) <= 0) out.push(r.rationale.split("\n")[0] as string);
      }
    } catch (e) {
      if (!(e instanceof ModuleError)) throw e;
    }
    return out;
  }

  /** The newest version, whether it is retracted or not: what it says counts for all. */
  latestOf(path: string): string {
    return this.query(path, "latest", "", () => "").version;
  }

  /** The deprecation message of a module, or "". */
  deprecation(m: ModuleVersion): string {
    try {
      const last = this.latestOf(m.path);
      return last === "" ? "" : this.modules.rawSummary({ path: m.path, version: last }).deprecated;
    } catch (e) {
      if (e instanceof ModuleError) return "";
      throw e;
    }
  }

  /** The version that a query means; `current` is the one in use, or "". Throws ModuleError. */
  query(path: string, query: string, current: string, allowed: Allowed): ModuleVersion & { readonly time: string } {
    const { modules } = this;
    if (modules.mains.find(path) !== null && (query === "upgrade" || query === "patch")) return { path, version: "", time: "" };
    const fault = modulePathFault(path);
    const replaced = this.queryReplaced(path, query, current, allowed);
    if (fault !== "" && replaced === null) throw malformed(path, fault);
    const matcher = newMatcher(path, query, current);
    if (matcher instanceof ModuleError) throw matcher;
    try {
      const found = this.queryProxy(path, query, current, allowed, matcher);
      if (replaced !== null && compareSemver(replaced.version, found.version) > 0) return replaced;
      return found;
    } catch (e) {
      if (e instanceof ModuleError && replaced !== null) return replaced;
      throw e;
    }
  }

  /** Versions that only replacements have. */
  private queryReplaced(path: string, query: string, current: string, allowed: Allowed): (ModuleVersion & { time: string }) | null {
    const version = this.modules.mains.highestReplaced().get(path);
    if (version === undefined || version === "") return null;
    const matcher = newMatcher(path, query, current);
    if (matcher instanceof ModuleError) return null;
    const matches = matcher === null ? version === query : isPrefixOf(matcher.prefix, version) && matcher.filter(version);
    if (!matches || allowed({ path, version }) !== "") return null;
    return { path, version, time: "" };
  }

  private stat(path: string, query: string): ModuleVersion & { readonly time: string } {
    const { version, time } = this.modules.cache.info(path, query);
    return { path, version, time };
  }

  private queryProxy(
    path: string,
    query: string,
    current: string,
    allowed: Allowed,
    matcher: Matcher | null,
  ): ModuleVersion & { readonly time: string } {
    const { cache } = this.modules;
    const exact = isVersion(query) && parseVersion(query)?.short === "";
    if (matcher === null || exact) {
      const found = this.statPlain(path, query);
      const why = allowed({ path, version: found.version });
      if (why !== "") throw new ModuleError(why);
      return found;
    }
    const releases: string[] = [];
    const prereleases: string[] = [];
    let incompatible = matcher.incompatible;
    let compatible = "";
    for (const v of cache.versions(path)) {
      if (!isPrefixOf(matcher.prefix, v) || !matcher.filter(v) || allowed({ path, version: v }) !== "") continue;
      if (!incompatible) {
        if (!v.endsWith("+incompatible")) compatible = v;
        else if (compatible !== "") {
          // Once a module has a go.mod file, versions from before modules are passed over.
          if (this.hasGoMod({ path, version: compatible })) break;
          incompatible = true;
        }
      }
      (prereleaseOf(v) === "" ? releases : prereleases).push(v);
    }
    const list = releases.length > 0 ? releases : prereleases;
    const chosen = matcher.lower ? list[0] : list[list.length - 1];
    const keeps = (query === "upgrade" || query === "patch") && current !== "" && current !== "none";
    const use = (version: string): ModuleVersion & { readonly time: string } => {
      const found = this.stat(path, version);
      // A commit that is in use and newer than what would replace it is kept.
      return keeps && Date.parse(found.time) < pseudoTime(current) ? this.kept(path, current, allowed) : found;
    };
    if (chosen !== undefined) return use(chosen);
    if (matcher.mayUseLatest) {
      const version = this.latestCommit(path);
      if (version !== "" && isPrefixOf(matcher.prefix, version) && matcher.filter(version) && allowed({ path, version }) === "")
        return use(version);
    }
    if (keeps) return this.kept(path, current, allowed);
    throw new NoMatchingVersion(`no matching versions for query ${JSON.stringify(query)}`);
  }

  /** The version in use, if it may be. */
  private kept(path: string, version: string, allowed: Allowed): ModuleVersion & { readonly time: string } {
    const why = allowed({ path, version });
    if (why !== "") throw new ModuleError(why);
    return this.stat(path, version);
  }

  /** The version of the latest commit, "" if there is none. */
  private latestCommit(path: string): string {
    try {
      return this.modules.cache.latest(path);
    } catch (e) {
      if (e instanceof ModuleError && e.absent) return "";
      throw e;
    }
  }

  /** As `stat`; build metadata that a proxy does not know is left out. */
  private statPlain(path: string, query: string): ModuleVersion & { readonly time: string } {
    try {
      return this.stat(path, query);
    } catch (e) {
      const plain = canonicalVersion(query);
      if (!(e instanceof ModuleError) || plain === "" || plain === query) throw e;
      try {
        return this.stat(path, plain);
      } catch (other) {
        throw other instanceof ModuleError && other.absent ? e : other;
      }
    }
  }

  private hasGoMod(m: ModuleVersion): boolean {
    return new TextDecoder().decode(this.modules.cache.goMod(m)).trim() !== `module ${m.path}`;
  }

  /**
   * The module with a package, at the version that a query means: the longest path wins. With `orModule`, a module of the path counts if nothing has the
   * package. Throws ModuleError.
   */
  package(
    path: string,
    query: string,
    current: (module: string) => string,
    allowed: Allowed,
    orModule = false,
  ): ModuleVersion & { readonly hasPackage: boolean } {
    const { modules } = this;
    const candidates: string[] = [];
    for (let prefix = path; prefix !== ""; prefix = prefix.slice(0, Math.max(prefix.lastIndexOf("/"), 0)))
      if (splitMajor(prefix) !== null) candidates.push(prefix);
    if (newMatcher(path, query, "") !== null)
      modules.cache.prefetchLists(candidates.filter((c) => modules.mains.find(c) === null && modulePathFault(c) === ""));
    let failure: ModuleError | null = null;
    let plain: ModuleVersion | null = null;
    for (const prefix of candidates) {
      let m: ModuleVersion;
      let why: ModuleError;
      try {
        const { version } = this.query(prefix, query, current(prefix), allowed);
        m = { path: prefix, version };
        if (modules.within(path, prefix, this.folder(m), version === "" || modules.actual(m).version === "") !== "")
          return { ...m, hasPackage: true };
        if (prefix === path) plain = m;
        why = new NotInModule(notIn(modules, m, query, path));
      } catch (e) {
        if (!(e instanceof ModuleError)) throw e;
        why = e;
      }
      if (rank(why) < 0 && !(failure instanceof NotInModule)) throw why;
      if (failure === null || (rank(why) >= 0 && rank(why) < rank(failure))) failure = why;
    }
    if (orModule && plain !== null) return { ...plain, hasPackage: false };
    throw failure ?? malformed(path, modulePathFault(path));
  }

  private folder(m: ModuleVersion): string {
    const { modules } = this;
    if (m.version === "") return modules.folder(m);
    const actual = modules.actual(m);
    return actual.version === "" ? actual.path : modules.cache.download(actual);
  }
}

function malformed(path: string, fault: string): InvalidPath {
  return new InvalidPath(`malformed module path ${JSON.stringify(path)}: ${fault}`, true);
}

/** "module m@latest found (v1.0.0), but does not contain package p". */
export function notIn(modules: Modules, m: ModuleVersion, query: string, path: string): string {
  if (m.version === "") return `main module (${m.path}) does not contain package ${path}`;
  const r = modules.mains.replacement(m);
  const notes: string[] = query !== m.version ? [m.version] : [];
  if (r !== null) notes.push(`replaced by ${r.version === "" ? r.shown : `${r.path}@${r.version}`}`);
  const found = notes.length === 0 ? "" : ` (${notes.join(", ")})`;
  const what = path.includes("...") ? "packages matching" : "package";
  return `module ${m.path}@${query} found${found}, but does not contain ${what} ${path}`;
}

function isPrefixOf(prefix: string, v: string): boolean {
  return prefix === "" || v.startsWith(prefix);
}

/** What a query matches; null if it names a commit or branch; an error says what is wrong with it. */
function newMatcher(path: string, query: string, current: string): Matcher | null | ModuleError {
  const at = (a: string, b: string): number => compareModuleVersions(path, a, b);
  const base: Matcher = {
    prefix: "",
    filter: () => true,
    lower: false,
    mayUseLatest: false,
    incompatible: current.endsWith("+incompatible"),
  };
  const major = splitMajor(path)?.major ?? "";
  const none = current === "" || current === "none";
  if (query === "latest") return { ...base, mayUseLatest: true };
  if (query === "upgrade")
    return none ? { ...base, mayUseLatest: true } : { ...base, mayUseLatest: isPseudoVersion(current), filter: (v) => at(v, current) >= 0 };
  if (query === "patch") {
    if (none) return new NoPatchBase(`can't query version "patch" of module ${path}: no existing version is required`);
    return { ...base, mayUseLatest: isPseudoVersion(current), prefix: `${majorMinorOf(current)}.`, filter: (v) => at(v, current) >= 0 };
  }
  const m = /^(<=|<|>=|>)(.*)$/.exec(query);
  if (m !== null) {
    const v = m[2] as string;
    const parsed = parseVersion(v);
    if (parsed === null) return new ModuleError(`invalid semantic version ${JSON.stringify(v)} in range ${JSON.stringify(query)}`);
    if (parsed.short !== "" && (m[1] === "<=" || m[1] === ">"))
      return new ModuleError(`ambiguous semantic version ${JSON.stringify(v)} in range ${JSON.stringify(query)}`);
    const tests: Record<string, (c: number) => boolean> = {
      "<=": (c) => c <= 0,
      "<": (c) => c < 0,
      ">=": (c) => c >= 0,
      ">": (c) => c > 0,
    };
    const test = tests[m[1] as string] as (c: number) => boolean;
    return {
      ...base,
      filter: (x) => test(compareSemver(x, v)),
      lower: (m[1] as string).startsWith(">"),
      incompatible: base.incompatible || !matchesMajor(v, major),
    };
  }
  const parsed = parseVersion(query);
  if (parsed === null) return null;
  const incompatible = base.incompatible || !matchesMajor(query, major);
  // "v1.2" does not mean what comes before v1.2.0.
  if (parsed.short !== "") return { ...base, prefix: `${query}.`, filter: (v) => compareSemver(v, query) >= 0, incompatible };
  return { ...base, prefix: canonical(query), filter: (v) => compareSemver(v, query) === 0, incompatible };
}
