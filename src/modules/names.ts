// Names of modules, packages and the files in modules: which are permitted, and how they are written in the module cache.

import { canonicalVersion, isVersion, majorOf } from "./semver.ts";

/** A module at a version; "" is the main module's. */
export interface ModuleVersion {
  readonly path: string;
  readonly version: string;
}

export function moduleText(m: ModuleVersion): string {
  return m.version === "" ? m.path : `${m.path}@${m.version}`;
}

/** The order of go.sum and of lists of modules. */
export function compareModules(a: ModuleVersion, b: ModuleVersion, compare: (a: string, b: string) => number): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return compare(a.version, b.version);
}

type Kind = "module" | "import" | "file";

const reserved = /^(con|com[0-9]|lpt[0-9]|nul|prn|aux)$/i;

/** What is wrong with an element of a path, or "". */
function elementFault(element: string, kind: Kind): string {
  if (element === "") return "empty path element";
  if (/^\.+$/.test(element)) return `invalid path element ${JSON.stringify(element)}`;
  if (element.startsWith(".") && kind === "module") return "leading dot in path element";
  if (element.endsWith(".")) return "trailing dot in path element";
  for (const c of element) {
    const ok =
      kind === "module"
        ? /[-.~_A-Za-z0-9]/.test(c)
        : kind === "import"
          ? /[-.~_+A-Za-z0-9]/.test(c)
          : /[ !#$%&()+,\-.=@[\]^_{}~A-Za-z0-9]/.test(c) || (c > "\x7f" && /\p{L}/u.test(c));
    if (!ok) return `invalid char ${goChar(c)}`;
  }
  const dot = element.indexOf(".");
  const short = dot < 0 ? element : element.slice(0, dot);
  if (reserved.test(short)) return `${JSON.stringify(short)} disallowed as path element component on Windows`;
  if (kind === "file") return "";
  const tilde = /^[^.]*~([0-9]+)$/.exec(short);
  if (tilde !== null) return "trailing tilde and digits in path element";
  return "";
}

function goChar(c: string): string {
  const escapes: Record<string, string> = { "\n": "\\n", "\t": "\\t", "\r": "\\r", "'": "\\'", "\\": "\\\\" };
  const code = c.codePointAt(0) as number;
  return `'${escapes[c] ?? (code < 32 || code === 127 ? `\\x${code.toString(16).padStart(2, "0")}` : c)}'`;
}

function pathFault(path: string, kind: Kind): string {
  if (path === "") return "empty string";
  if (path.startsWith("-") && kind !== "file") return "leading dash";
  if (path.includes("//")) return "double slash";
  if (path.endsWith("/")) return "trailing slash";
  for (const element of path.split("/")) {
    const fault = elementFault(element, kind);
    if (fault !== "") return fault;
  }
  return "";
}

/** What is wrong with the path of a module that can be downloaded, or "". */
export function modulePathFault(path: string): string {
  const fault = pathFault(path, "module");
  if (fault !== "") return fault;
  const first = path.split("/")[0] as string;
  if (first === "") return "leading slash";
  if (!first.includes(".")) return "missing dot in first path element";
  if (first.startsWith("-")) return "leading dash in first path element";
  const bad = /[^-.a-z0-9]/.exec(first);
  if (bad !== null) return `invalid char ${goChar(bad[0])} in first path element`;
  return splitMajor(path) === null ? "invalid version" : "";
}

export function importPathFault(path: string): string {
  return pathFault(path, "import");
}

/** What is wrong with the name of a file in a module, or "". */
export function filePathFault(path: string): string {
  if (path.startsWith("/")) return "empty path element";
  return pathFault(path, "file");
}

/** Splits "a/b/v2" into "a/b" and "/v2", "gopkg.in/a.v2" into "gopkg.in/a" and ".v2"; null if the end is wrong. */
export function splitMajor(path: string): { prefix: string; major: string } | null {
  if (path.startsWith("gopkg.in/")) {
    const m = /^(.*)(\.v(?:0|[1-9][0-9]*)(?:-unstable)?)$/.exec(path);
    return m === null ? null : { prefix: m[1] as string, major: m[2] as string };
  }
  const m = /^(.+)\/v([0-9.]+)$/.exec(path);
  if (m === null || (m[2] as string).includes(".")) {
    return m !== null && /\/v[0-9]+$/.test(path) ? null : { prefix: path, major: "" };
  }
  const n = m[2] as string;
  if (n === "0" || n === "1" || n.startsWith("0")) return null;
  return { prefix: m[1] as string, major: `/v${n}` };
}

/** "v2" of "/v2" and ".v2-unstable", "" of "". */
export function majorPrefix(major: string): string {
  return major.replace(/^[/.]/, "").replace(/-unstable$/, "");
}

/** Whether a version can be one of a module whose path ends in `major`. */
export function matchesMajor(version: string, major: string): boolean {
  if (version.startsWith("v0.0.0-") && major === ".v1") return true;
  const m = majorOf(version);
  if (major === "") return m === "v0" || m === "v1" || version.endsWith("+incompatible");
  return m === majorPrefix(major);
}

/** What is wrong with the version of a module, or "". */
export function versionFault(path: string, version: string): string {
  const split = splitMajor(path);
  if (split === null) return `malformed module path ${JSON.stringify(path)}: invalid version`;
  if (!isVersion(version)) return "not a semantic version";
  if (canonicalVersion(version) !== version) return "not canonical";
  if (!matchesMajor(version, split.major)) {
    const wanted = split.major === "" ? "v0 or v1" : majorPrefix(split.major);
    return `should be ${wanted}, not ${majorOf(version)}`;
  }
  return "";
}

/** Whether a text can be asked for as a version: a real one, or the name of a branch or commit. */
export function isVersionName(text: string): boolean {
  return !/[/!]/.test(text) && filePathFault(text) === "";
}

/** Capitals are written `!c` in the module cache and in addresses. */
export function escapeName(name: string): string {
  return name.replace(/[A-Z]/g, (c) => `!${c.toLowerCase()}`);
}

/** The opposite; null for what nothing is escaped to. */
export function unescapeName(name: string): string | null {
  if (/[A-Z]|!(?![a-z])/.test(name)) return null;
  return name.replace(/!([a-z])/g, (_, c: string) => c.toUpperCase());
}

/** Whether a path matches one of comma-separated globs, which are about as many leading elements as they have themselves (GOPRIVATE). */
export function matchesPrefix(globs: string, target: string): boolean {
  for (const raw of globs.split(",")) {
    const glob = raw.replace(/\/+$/, "");
    if (glob === "") continue;
    const count = glob.split("/").length;
    const parts = target.split("/");
    if (parts.length < count) continue;
    const re = globRegExp(glob);
    if (re?.test(parts.slice(0, count).join("/")) === true) return true;
  }
  return false;
}

/** A glob of path.Match; null if it is malformed. */
function globRegExp(glob: string): RegExp | null {
  let out = "";
  for (let i = 0; i < glob.length; i++) {
    const c = glob[i] as string;
    if (c === "*") out += "[^/]*";
    else if (c === "?") out += "[^/]";
    else if (c === "[") {
      const end = glob.indexOf("]", i + 2);
      if (end < 0) return null;
      out += `[${glob.slice(i + 1, end).replace(/\\(?!.)/g, "")}]`;
      i = end;
    } else if (c === "\\") {
      if (i + 1 === glob.length) return null;
      out += (glob[++i] as string).replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
    } else out += c.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  }
  try {
    return new RegExp(`^${out}$`, "u");
  } catch {
    return null;
  }
}
