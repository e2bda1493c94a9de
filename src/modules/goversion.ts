// Versions of Go itself, as go and toolchain lines have them: "1.21" is the language, before "1.21rc1" and "1.21.0".

interface Parts {
  readonly major: number;
  readonly minor: number;
  /** -1: the language version. */
  readonly patch: number;
  /** 0: none, 1: beta, 2: rc, 3: release. */
  readonly kind: number;
  readonly pre: number;
}

function parse(v: string): Parts | null {
  const m = /^(0|[1-9]\d*)(?:\.(0|[1-9]\d*))?(?:\.(0|[1-9]\d*))?(?:(alpha|beta|rc)(0|[1-9]\d*))?$/.exec(v);
  if (m === null || (m[4] !== undefined && m[3] !== undefined)) return null;
  const major = Number(m[1]);
  const minor = Number(m[2] ?? 0);
  const kind = m[4] === undefined ? 3 : ["alpha", "beta", "rc"].indexOf(m[4]);
  // Before 1.21, "1.20" was both the language and the first release.
  const implied = m[2] === undefined || (major === 1 && minor < 21) ? 0 : -1;
  const patch = m[3] !== undefined ? Number(m[3]) : m[4] !== undefined ? 0 : implied;
  return { major, minor, patch, kind, pre: Number(m[5] ?? 0) };
}

/** Whether this is a version of Go, without "go" in front. */
export function isGoVersion(v: string): boolean {
  return parse(v) !== null;
}

/** Negative, 0 or positive; what is no version comes first. */
export function compareGoVersions(a: string, b: string): number {
  const x = parse(a);
  const y = parse(b);
  if (x === null || y === null) return (x === null ? 0 : 1) - (y === null ? 0 : 1);
  return x.major - y.major || x.minor - y.minor || x.patch - y.patch || x.kind - y.kind || x.pre - y.pre;
}

/** The version of a toolchain's name ("go1.21.3-custom"), else "". */
export function toolchainVersion(name: string): string {
  if (name.includes("/") || !name.startsWith("go")) return "";
  const v = (name.slice(2).split(/[ \t+-]/)[0] as string) ?? "";
  return isGoVersion(v) ? v : "";
}

/** Language features of go.mod files, by the go line from which on they are there. */
export const since = {
  /** go.mod names all modules that the main module's packages need. */
  pruning: "1.17",
  /** Indirect requirements stand in a block of their own. */
  separateIndirect: "1.17",
  /** go.sum holds what is needed for a module graph loaded in the old way, too, before. */
  narrowSums: "1.17",
  strict: "1.21",
  /** vendor/modules.txt lists workspaces. */
  workspaceVendor: "1.22",
} as const;
