// Versions of modules: semantic versions with a leading v, as the go command orders and classifies them, and pseudo-versions, which stand for commits
// without a tag.

/** A version taken apart. */
export interface Version {
  readonly major: string;
  readonly minor: string;
  readonly patch: string;
  /** "v1" and "v1.2" are short for "v1.0.0" and "v1.2.0". */
  readonly short: string;
  /** With its dash, or "". */
  readonly prerelease: string;
  /** With its plus sign, or "". */
  readonly build: string;
}

const number = "(0|[1-9][0-9]*)";
const form = new RegExp(`^v${number}(?:\\.${number}(?:\\.${number}(-[0-9A-Za-z.-]+)?(\\+[0-9A-Za-z.-]+)?)?)?$`);

/** Takes a version apart; null if it is none. */
export function parseVersion(v: string): Version | null {
  const m = form.exec(v);
  if (m === null) return null;
  const prerelease = m[4] ?? "";
  const build = m[5] ?? "";
  for (const part of prerelease.slice(1).split(".")) {
    if (prerelease !== "" && (part === "" || /^0[0-9]+$/.test(part))) return null;
  }
  if (build !== "" && build.slice(1).split(".").includes("")) return null;
  const short = m[2] === undefined ? ".0.0" : m[3] === undefined ? ".0" : "";
  return { major: m[1] as string, minor: m[2] ?? "0", patch: m[3] ?? "0", short, prerelease, build };
}

export function isVersion(v: string): boolean {
  return parseVersion(v) !== null;
}

/** The full form without build metadata, "" if it is no version. "+incompatible" is metadata here. */
export function canonical(v: string): string {
  const p = parseVersion(v);
  if (p === null) return "";
  return `v${p.major}.${p.minor}.${p.patch}${p.prerelease}`;
}

/** As `canonical`, but "+incompatible" is kept: what go.mod files may hold. */
export function canonicalVersion(v: string): string {
  const c = canonical(v);
  return c !== "" && v.endsWith("+incompatible") ? `${c}+incompatible` : c;
}

/** "v2" of "v2.3.4". */
export function majorOf(v: string): string {
  const p = parseVersion(v);
  return p === null ? "" : `v${p.major}`;
}

/** "v2.3" of "v2.3.4". */
export function majorMinorOf(v: string): string {
  const p = parseVersion(v);
  return p === null ? "" : `v${p.major}.${p.minor}`;
}

export function prereleaseOf(v: string): string {
  return parseVersion(v)?.prerelease ?? "";
}

function compareNumbers(a: string, b: string): number {
  if (a === b) return 0;
  if (a.length !== b.length) return a.length < b.length ? -1 : 1;
  return a < b ? -1 : 1;
}

function comparePrereleases(a: string, b: string): number {
  if (a === b) return 0;
  if (a === "") return 1;
  if (b === "") return -1;
  const x = a.slice(1).split(".");
  const y = b.slice(1).split(".");
  for (let i = 0; i < x.length && i < y.length; i++) {
    const p = x[i] as string;
    const q = y[i] as string;
    if (p === q) continue;
    const pn = /^[0-9]+$/.test(p);
    const qn = /^[0-9]+$/.test(q);
    if (pn !== qn) return pn ? -1 : 1;
    if (pn) return compareNumbers(p, q);
    return p < q ? -1 : 1;
  }
  return x.length < y.length ? -1 : 1;
}

/** Negative, 0 or positive. What is no version comes before all versions; build metadata does not count. */
export function compareSemver(a: string, b: string): number {
  const x = parseVersion(a);
  const y = parseVersion(b);
  if (x === null || y === null) return (x === null ? 0 : 1) - (y === null ? 0 : 1);
  return (
    compareNumbers(x.major, y.major) ||
    compareNumbers(x.minor, y.minor) ||
    compareNumbers(x.patch, y.patch) ||
    comparePrereleases(x.prerelease, y.prerelease)
  );
}

/** As `compareSemver`, with the texts deciding between versions that are equal otherwise. */
export function compareVersionTexts(a: string, b: string): number {
  return compareSemver(a, b) || (a === b ? 0 : a < b ? -1 : 1);
}

const pseudo = /^v[0-9]+\.(0\.0-|\d+\.\d+-([^+]*\.)?0\.)\d{14}-[A-Za-z0-9]+(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$/;

/** Whether a version stands for a commit. */
export function isPseudoVersion(v: string): boolean {
  return (v.match(/-/g) ?? []).length >= 2 && isVersion(v) && pseudo.test(v);
}

/** When the commit of a pseudo-version was made, in milliseconds since 1970; not a number for other versions. */
export function pseudoTime(v: string): number {
  const m = /(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)-[^-]+$/.exec(isPseudoVersion(v) ? (v.split("+")[0] as string) : "");
  return m === null ? Number.NaN : Date.parse(`${m[1]}-${m[2]}-${m[3]}T${m[4]}:${m[5]}:${m[6]}Z`);
}
