// go.mod files: what they say, and how they are changed.

import { canonicalVersion, compareSemver } from "./semver.ts";
import { ModuleError } from "./error.ts";
import { compareGoVersions } from "./goversion.ts";
import { majorPrefix, matchesMajor, type ModuleVersion, splitMajor } from "./names.ts";
import { Block, type Line, ModSyntax, quotedToken, SyntaxFault, tokenText } from "./syntax.ts";
import { arrangeRequirements } from "./arrange.ts";

export class Requirement {
  readonly path: string;
  version: string;
  indirect: boolean;
  line: Line;

  constructor(path: string, version: string, indirect: boolean, line: Line) {
    this.path = path;
    this.version = version;
    this.indirect = indirect;
    this.line = line;
  }
}

export interface Replacement {
  readonly path: string;
  /** "" replaces every version. */
  readonly version: string;
  readonly target: string;
  /** "" for a folder. */
  readonly targetVersion: string;
  readonly line: Line;
}

export interface Exclusion {
  readonly path: string;
  readonly version: string;
  readonly line: Line;
}

/** Versions that should not be used. */
export interface Retraction {
  readonly low: string;
  readonly high: string;
  readonly rationale: string;
  readonly line: Line;
}

/** A directive with one word: tool, ignore, use. */
export interface Named {
  readonly path: string;
  readonly line: Line;
}

export interface Setting {
  readonly key: string;
  readonly value: string;
  readonly line: Line;
}

/** A file that can't be parsed: "go.mod:3: message", a line each. */
export class ModFileError extends Error {
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join("\n"));
    this.lines = lines;
  }
}

const goForm = /^[1-9]\d*\.(0|[1-9]\d*)(\.(0|[1-9]\d*))?([a-z]+\d+)?$/;
const toolchainForm = /^default$|^go1($|\.)/;

/** Where a path is about folders: rooted, or starting with a dot. */
export function isFolderPath(path: string): boolean {
  return /^(\.|\.\.|\.\/.*|\.\.\/.*|\/.*|[A-Za-z]:.*)$/.test(path) || /^\.{1,2}\\/.test(path);
}

/** Turns what stands for a version ("master") into one. Throws ModuleError. */
export type VersionFixer = (path: string, version: string) => string;

/** Directives whose words may stand in quotes. They get out of them where they don't need them. */
const quotable = new Set(["module", "require", "exclude", "replace", "tool", "ignore", "use"]);

function unquoteTokens(line: Line): void {
  for (let i = 0; i < line.tokens.length; i++) {
    const token = line.tokens[i] as string;
    const text = /^["`]/.test(token) ? tokenText(token) : null;
    if (text !== null) line.tokens[i] = quotedToken(text);
  }
}

/** A go.mod or go.work file. */
export class ModFile {
  readonly syntax: ModSyntax;
  /** The module's path, "" if there is no module line. */
  module = "";
  deprecated = "";
  /** "1.22", or "" if there is no go line. */
  goVersion = "";
  toolchain = "";
  requires: Requirement[] = [];
  replaces: Replacement[] = [];
  excludes: Exclusion[] = [];
  retracts: Retraction[] = [];
  tools: Named[] = [];
  ignores: Named[] = [];
  /** Of go.work. */
  uses: Named[] = [];
  godebugs: Setting[] = [];
  moduleLine: Line | null = null;
  goLine: Line | null = null;
  toolchainLine: Line | null = null;
  /** It names branches or the like, which are versions here. */
  fixed = false;

  constructor(syntax: ModSyntax) {
    this.syntax = syntax;
  }

  /**
   * Parses a file; `path` is where it lies, `shown` its name in messages. Of dependencies (`lax`) only what counts there is looked at. Throws
   * ModFileError.
   */
  static parse(text: string, path: string, shown: string, lax = false, fix: VersionFixer | null = null, work = false): ModFile {
    let syntax: ModSyntax;
    try {
      syntax = ModSyntax.parse(text, path);
    } catch (e) {
      if (e instanceof SyntaxFault) throw new ModFileError([`${shown}:${e.message}`]);
      throw e;
    }
    const file = new ModFile(syntax);
    const errors: string[] = [];
    const verbs = work ? workVerbs : modVerbs;
    for (const s of syntax.statements) {
      const place = (at: Line | Block): string => `${shown}:${at.line}${at.column > 1 ? `:${at.column}` : ""}: `;
      const take = (line: Line, verb: string, args: string[], block: Block | null): void => {
        if (lax && !laxVerbs.has(verb)) return;
        const why = verbs.has(verb) ? file.take(line, verb, args, block, lax, fix) : `unknown directive: ${verb}`;
        if (why !== "") errors.push(place(line) + why);
      };
      if (s instanceof Block) {
        const verb = s.tokens[0] ?? "";
        if (s.tokens.length !== 1 || !verbs.has(verb) || verb === "go" || verb === "toolchain") {
          if (!lax) errors.push(`${place(s)}unknown block type: ${s.tokens.join(" ")}`);
          continue;
        }
        for (const line of s.lines) take(line, verb, line.tokens, s);
      } else if ("tokens" in s) take(s, s.tokens[0] as string, s.tokens.slice(1), null);
    }
    if (errors.length > 0) throw new ModFileError(errors);
    return file;
  }

  /** Takes a directive in; the result is what is wrong with it. */
  private take(line: Line, verb: string, args: string[], block: Block | null, lax: boolean, fix: VersionFixer | null): string {
    if (quotable.has(verb)) unquoteTokens(line);
    const one = (usage: string): string | null => (args.length === 1 ? tokenText(args[0] as string) : usage === "" ? null : null);
    switch (verb) {
      case "module": {
        if (this.moduleLine !== null) return "repeated module statement";
        this.moduleLine = line;
        if (args.length !== 1) return "usage: module module/path";
        const path = one("");
        if (path === null) return "invalid quoted string: invalid syntax";
        this.module = path;
        this.deprecated = deprecation(block, line);
        return "";
      }
      case "go": {
        if (this.goLine !== null) return "repeated go statement";
        if (args.length !== 1) return "go directive expects exactly one argument";
        let version = args[0] as string;
        if (!goForm.test(version)) {
          const m = lax ? /^v?([1-9]\d*\.(?:0|[1-9]\d*))[^0-9]/.exec(version) : null;
          if (m === null) return `invalid go version '${version}': must match format 1.23.0`;
          version = m[1] as string;
        }
        this.goLine = line;
        this.goVersion = version;
        return "";
      }
      case "toolchain":
        if (this.toolchainLine !== null) return "repeated toolchain statement";
        if (args.length !== 1) return "toolchain directive expects exactly one argument";
        if (!toolchainForm.test(args[0] as string)) return `invalid toolchain version '${args[0]}': must match format go1.23.0 or default`;
        this.toolchainLine = line;
        this.toolchain = args[0] as string;
        return "";
      case "godebug": {
        const m = args.length === 1 && !/["'`,]/.test(args[0] as string) ? /^([^=]*)=(.*)$/.exec(args[0] as string) : null;
        if (m === null) return "usage: godebug key=value";
        this.godebugs.push({ key: m[1] as string, value: m[2] as string, line });
        return "";
      }
      case "require":
      case "exclude": {
        if (args.length !== 2) return `usage: ${verb} module/path v1.2.3`;
        const path = tokenText(args[0] as string);
        if (path === null) return "invalid quoted string: invalid syntax";
        const version = this.version(verb, path, args[1] as string, fix);
        if (typeof version !== "string") return version.why;
        const fault = majorFault(path, version);
        if (fault !== "") return fault.startsWith("malformed") ? fault : `${verb} ${path}: ${fault}`;
        if (version !== args[1]) line.tokens[line.tokens.length - 1] = version;
        if (verb === "require") this.requires.push(new Requirement(path, version, isIndirect(line), line));
        else this.excludes.push({ path, version, line });
        return "";
      }
      case "replace":
        return this.replace(line, args, fix);
      case "retract": {
        const words = args.join(" ");
        const m = /^(?:(\S+)|\[ (\S+) , (\S+) \])$/.exec(words);
        const low = tokenText(m?.[1] ?? m?.[2] ?? "") ?? "";
        const high = tokenText(m?.[1] ?? m?.[3] ?? "") ?? "";
        if (m === null || canonicalVersion(low) === "" || canonicalVersion(high) === "") {
          if (lax) return "";
          if (args.length === 0) return "expected '[' or version";
          const v = m === null ? (args.find((a) => /^[^[\],]/.test(a)) ?? "") : canonicalVersion(low) === "" ? low : high;
          return `retract: version ${JSON.stringify(v)} invalid: must be of the form v1.2.3`;
        }
        this.retracts.push({ low, high, rationale: directiveComment(block, line), line });
        return "";
      }
      default: {
        if (args.length !== 1) return verb === "use" ? "usage: use local/dir" : `${verb} directive expects exactly one argument`;
        const path = one("");
        if (path === null) return "invalid quoted string: invalid syntax";
        (verb === "tool" ? this.tools : verb === "use" ? this.uses : this.ignores).push({ path, line });
        return "";
      }
    }
  }

  private version(verb: string, path: string, token: string, fix: VersionFixer | null): string | { why: string } {
    const text = tokenText(token);
    if (text === null) return { why: `${verb} ${path}: invalid quoted string: invalid syntax` };
    const version = canonicalVersion(text);
    if (version !== "" && (fix === null || version === text)) return version;
    if (fix === null) return { why: `${verb} ${path}: version ${JSON.stringify(text)} invalid: must be of the form v1.2.3` };
    try {
      const fixed = fix(path, text);
      this.fixed ||= fixed !== text;
      return fixed;
    } catch (e) {
      if (!(e instanceof ModuleError)) throw e;
      const start = `${path}@${text}: invalid version: `;
      if (!e.message.startsWith(start)) return { why: e.message };
      return { why: `${verb} ${path}: version ${JSON.stringify(text)} invalid: ${e.message.slice(start.length)}` };
    }
  }

  private replace(line: Line, args: string[], fix: VersionFixer | null): string {
    const arrow = args[1] === "=>" ? 1 : 2;
    if (args.length < arrow + 2 || args.length > arrow + 3 || args[arrow] !== "=>") {
      return "usage: replace module/path [v1.2.3] => other/module v1.4\n\t or replace module/path [v1.2.3] => ../local/directory";
    }
    const path = tokenText(args[0] as string);
    const target = tokenText(args[arrow + 1] as string);
    if (path === null || target === null) return "invalid quoted string: invalid syntax";
    if (splitMajor(path) === null) return `replace ${path}: malformed module path ${JSON.stringify(path)}: invalid version`;
    let version = "";
    if (arrow === 2) {
      const v = this.version("replace", path, args[1] as string, fix);
      if (typeof v !== "string") return v.why;
      version = v;
      const fault = majorFault(path, version);
      if (fault !== "") return `replace ${path}: ${fault}`;
    }
    let targetVersion = "";
    if (args.length === arrow + 2) {
      if (!isFolderPath(target)) {
        return target.includes("@")
          ? "replacement module must match format 'path version', not 'path@version'"
          : "replacement module without version must be directory path (rooted or starting with . or ..)";
      }
      if (target.includes("\\")) return "replacement directory appears to be Windows path (on a non-windows system)";
    } else {
      const v = this.version("replace", target, args[arrow + 2] as string, fix);
      if (typeof v !== "string") return v.why;
      if (isFolderPath(target)) return `replacement module directory path ${JSON.stringify(target)} cannot have version`;
      targetVersion = v;
      if (v !== args[arrow + 2]) line.tokens[line.tokens.length - 1] = v;
    }
    this.replaces.push({ path, version, target, targetVersion, line });
    return "";
  }

  /** What it says, whatever it looks like; `lenient`: whether a requirement is marked as indirect does not matter. */
  meaning(lenient: boolean): string {
    const unique = (list: string[]): string[] => [...new Set(list)].sort();
    return JSON.stringify([
      this.module,
      this.goVersion,
      this.toolchain,
      unique(this.requires.map((r) => `${r.path} ${r.version}${r.indirect && !lenient ? " indirect" : ""}`)),
      unique(this.replaces.map((r) => `${r.path} ${r.version} ${r.target} ${r.targetVersion}`)),
      unique(this.excludes.map((e) => `${e.path} ${e.version}`)),
      unique(this.tools.map((t) => t.path)),
    ]);
  }

  format(): string {
    this.syntax.cleanup();
    return this.syntax.format();
  }

  setModule(path: string): void {
    this.module = path;
    if (this.moduleLine === null) this.moduleLine = this.syntax.add(["module", quotedToken(path)]);
    else this.syntax.update(this.moduleLine, ["module", quotedToken(path)]);
  }

  /** "" takes the line away. */
  setGo(version: string): void {
    this.goVersion = version;
    if (version === "") {
      if (this.goLine !== null) this.goLine.tokens = [];
      this.goLine = null;
    } else if (this.goLine === null) this.goLine = this.insertBehind(["go", version], this.moduleLine);
    else this.syntax.update(this.goLine, ["go", version]);
  }

  /** "" takes the line away. */
  setToolchain(name: string): void {
    this.toolchain = name;
    if (name === "") {
      if (this.toolchainLine !== null) this.toolchainLine.tokens = [];
      this.toolchainLine = null;
    } else if (this.toolchainLine === null) this.toolchainLine = this.insertBehind(["toolchain", name], this.goLine ?? this.moduleLine);
    else this.syntax.update(this.toolchainLine, ["toolchain", name]);
  }

  /** A new statement behind another; without one, at the top (go.work) or the end. */
  private insertBehind(tokens: string[], line: Line | null): Line {
    const added = this.syntax.add(tokens);
    const list = this.syntax.statements;
    list.splice(list.indexOf(added), 1);
    const at = line === null ? -1 : list.indexOf(line);
    if (at >= 0) list.splice(at + 1, 0, added);
    else {
      const top = list.findIndex((s) => "tokens" in s);
      list.splice(top < 0 ? list.length : top, 0, added);
    }
    return added;
  }

  /** Sets the version of a requirement; a new one comes to the last ones. */
  addRequire(path: string, version: string): void {
    let need = true;
    for (const r of this.requires) {
      if (r.path !== path) continue;
      if (need) {
        r.version = version;
        this.syntax.update(r.line, ["require", quotedToken(path), version]);
      } else r.line.tokens = [];
      need = false;
    }
    this.requires = this.requires.filter((r) => r.line.tokens.length > 0);
    if (!need) return;
    const line = this.syntax.add(["require", quotedToken(path), version]);
    this.requires.push(new Requirement(path, version, false, line));
  }

  dropRequire(path: string): void {
    for (const r of this.requires) if (r.path === path) r.line.tokens = [];
    this.requires = this.requires.filter((r) => r.path !== path);
  }

  addExclude(path: string, version: string): void {
    if (this.excludes.some((e) => e.path === path && e.version === version)) return;
    const hint = this.excludes.filter((e) => e.path === path).pop()?.line ?? null;
    this.excludes.push({ path, version, line: this.syntax.addBehind(["exclude", quotedToken(path), version], hint) });
  }

  dropExclude(path: string, version: string): void {
    for (const e of this.excludes) if (e.path === path && e.version === version) e.line.tokens = [];
    this.excludes = this.excludes.filter((e) => e.line.tokens.length > 0);
  }

  addReplace(path: string, version: string, target: string, targetVersion: string): void {
    const tokens = ["replace", quotedToken(path), ...(version === "" ? [] : [version]), "=>", quotedToken(target)];
    if (targetVersion !== "") tokens.push(targetVersion);
    let hint: Line | null = null;
    let done = false;
    const kept: Replacement[] = [];
    for (const r of this.replaces) {
      if (r.path !== path) {
        kept.push(r);
        continue;
      }
      hint = r.line;
      if (version !== "" && r.version !== version) kept.push(r);
      else if (done) r.line.tokens = [];
      else {
        this.syntax.update(r.line, tokens);
        kept.push({ path, version, target, targetVersion, line: r.line });
        done = true;
      }
    }
    if (!done) kept.push({ path, version, target, targetVersion, line: this.syntax.addBehind(tokens, hint) });
    this.replaces = kept;
  }

  dropReplace(path: string, version: string): void {
    for (const r of this.replaces) if (r.path === path && r.version === version) r.line.tokens = [];
    this.replaces = this.replaces.filter((r) => r.line.tokens.length > 0);
  }

  addRetract(low: string, high: string, rationale: string): void {
    const tokens = low === high ? ["retract", low] : ["retract", "[", low, ",", high, "]"];
    const line = this.syntax.add(tokens);
    if (rationale !== "") line.before.push(...rationale.split("\n").map((l) => `// ${l}`));
    this.retracts.push({ low, high, rationale, line });
  }

  dropRetract(low: string, high: string): void {
    for (const r of this.retracts) if (r.low === low && r.high === high) r.line.tokens = [];
    this.retracts = this.retracts.filter((r) => r.line.tokens.length > 0);
  }

  addNamed(verb: "tool" | "ignore" | "use", path: string): void {
    const list = verb === "tool" ? this.tools : verb === "use" ? this.uses : this.ignores;
    if (list.some((n) => n.path === path)) return;
    list.push({ path, line: this.syntax.add([verb, quotedToken(path)]) });
  }

  dropNamed(verb: "tool" | "ignore" | "use", path: string): void {
    const list = verb === "tool" ? this.tools : verb === "use" ? this.uses : this.ignores;
    for (const n of list) if (n.path === path) n.line.tokens = [];
    const kept = list.filter((n) => n.path !== path);
    if (verb === "tool") this.tools = kept;
    else if (verb === "use") this.uses = kept;
    else this.ignores = kept;
  }

  setGodebug(key: string, value: string): void {
    this.dropGodebug(key);
    this.godebugs.push({ key, value, line: this.syntax.add(["godebug", `${key}=${value}`]) });
  }

  dropGodebug(key: string): void {
    for (const g of this.godebugs) if (g.key === key) g.line.tokens = [];
    this.godebugs = this.godebugs.filter((g) => g.key !== key);
  }

  /** Makes the requirements exactly these; from Go 1.17 on, direct and indirect ones stand apart. */
  setRequires(list: readonly (ModuleVersion & { readonly indirect: boolean })[]): void {
    this.requires = arrangeRequirements(this.syntax, this.requires, list, compareGoVersions(this.goVersion, "1.17") >= 0);
    this.sortBlocks();
  }

  /** Sorts the rows of blocks and takes out those that are there twice. */
  sortBlocks(): void {
    const seenExcludes = new Set<string>();
    for (const e of this.excludes) {
      const key = `${e.path}@${e.version}`;
      if (seenExcludes.has(key)) e.line.tokens = [];
      seenExcludes.add(key);
    }
    this.excludes = this.excludes.filter((e) => e.line.tokens.length > 0);
    // Of replacements, the last counts.
    const seen = new Set<string>();
    for (const r of [...this.replaces].reverse()) {
      const key = `${r.path}@${r.version}`;
      if (seen.has(key)) r.line.tokens = [];
      seen.add(key);
    }
    this.replaces = this.replaces.filter((r) => r.line.tokens.length > 0);
    this.syntax.cleanup();
    const semantic = this.goVersion !== "" && compareGoVersions(this.goVersion, "1.21") >= 0;
    for (const s of this.syntax.statements) {
      if (!(s instanceof Block)) continue;
      const verb = s.tokens[0];
      if (verb === "exclude" && semantic) {
        s.lines.sort((a, b) => compareTexts(a.tokens[0] ?? "", b.tokens[0] ?? "") || compareSemver(a.tokens[1] ?? "", b.tokens[1] ?? ""));
      } else if (verb === "retract") {
        const bounds = (l: Line): [string, string] =>
          l.tokens.length === 1 ? [l.tokens[0] as string, l.tokens[0] as string] : [l.tokens[1] ?? "", l.tokens[3] ?? ""];
        s.lines.sort((a, b) => compareSemver(bounds(b)[0], bounds(a)[0]) || compareSemver(bounds(b)[1], bounds(a)[1]));
      } else s.lines.sort(compareLines);
    }
  }
}

const modVerbs = new Set("module go toolchain godebug require exclude replace retract tool ignore".split(" "));
const workVerbs = new Set("go toolchain godebug use replace".split(" "));
const laxVerbs = new Set("go module retract require ignore".split(" "));

function compareTexts(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function compareLines(a: Line, b: Line): number {
  for (let i = 0; i < a.tokens.length && i < b.tokens.length; i++) {
    const c = compareTexts(a.tokens[i] as string, b.tokens[i] as string);
    if (c !== 0) return c;
  }
  return a.tokens.length - b.tokens.length;
}

export function isIndirect(line: Line): boolean {
  const words = line.suffix.replace(/^\/\//, "").trim().split(/\s+/);
  return (words.length === 1 && words[0] === "indirect") || (words.length > 1 && words[0] === "indirect;");
}

function majorFault(path: string, version: string): string {
  const split = splitMajor(path);
  if (split === null) return `malformed module path ${JSON.stringify(path)}: invalid version`;
  if (matchesMajor(version, split.major)) return "";
  const wanted = split.major === "" ? "v0 or v1" : majorPrefix(split.major);
  return `version ${JSON.stringify(version)} invalid: should be ${wanted}, not ${version.split(".")[0]}`;
}

/** The text of the comments of a directive: those above it, at its end, or else those of its block. */
function directiveComment(block: Block | null, line: Line): string {
  const own = [...line.before, line.suffix].filter((c) => c !== "");
  const from = own.length > 0 || block === null ? own : [...block.before, block.openSuffix].filter((c) => c !== "");
  return from.map((c) => c.replace(/^\/\//, "").trim()).join("\n");
}

function deprecation(block: Block | null, line: Line): string {
  const m = /(?:^|\n\n)Deprecated: *(.*?)(?:$|\n\n)/s.exec(directiveComment(block, line));
  return m?.[1] ?? "";
}
