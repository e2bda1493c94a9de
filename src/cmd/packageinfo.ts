// What `go list` tells about a package.

import { shortPath } from "../base/paths.ts";
import type { WrittenAt } from "../load/describe.ts";
import type { ModulePublic } from "./moduleinfo.ts";

/** What is wrong with a package. */
export class PackageError {
  readonly ImportStack: string[];
  readonly Pos: string;
  readonly Err: string;

  constructor(stack: string[], pos: string, text: string) {
    this.ImportStack = stack;
    this.Pos = pos;
    this.Err = text;
  }

  /** As the go command prints it. */
  ErrorText(): string {
    if (this.Pos !== "") return `${this.Pos}: ${this.Err}`;
    if (this.ImportStack.length === 0) return this.Err;
    return `package ${this.ImportStack.join("\n\timports ")}: ${this.Err}`;
  }
}

export function placeText(cwd: string, at: WrittenAt | null): string {
  return at === null ? "" : `${shortPath(cwd, at.path)}:${at.line}:${at.column}`;
}

/** The fields in the order of `go list -json`; what has no value is "", false, null or empty. */
export class PackagePublic {
  Dir = "";
  ImportPath = "";
  ImportComment = "";
  Name = "";
  Doc = "";
  Target = "";
  Shlib = "";
  Root = "";
  ConflictDir = "";
  ForTest = "";
  Export = "";
  BuildID = "";
  Module: ModulePublic | null = null;
  Match: string[] = [];
  Goroot = false;
  Standard = false;
  DepOnly = false;
  BinaryOnly = false;
  Incomplete = false;
  DefaultGODEBUG = "";
  Stale = false;
  StaleReason = "";
  GoFiles: string[] = [];
  CgoFiles: string[] = [];
  CompiledGoFiles: string[] = [];
  IgnoredGoFiles: string[] = [];
  InvalidGoFiles: string[] = [];
  IgnoredOtherFiles: string[] = [];
  CFiles: string[] = [];
  CXXFiles: string[] = [];
  MFiles: string[] = [];
  HFiles: string[] = [];
  FFiles: string[] = [];
  SFiles: string[] = [];
  SwigFiles: string[] = [];
  SwigCXXFiles: string[] = [];
  SysoFiles: string[] = [];
  EmbedPatterns: string[] = [];
  EmbedFiles: string[] = [];
  CgoCFLAGS: string[] = [];
  CgoCPPFLAGS: string[] = [];
  CgoCXXFLAGS: string[] = [];
  CgoFFLAGS: string[] = [];
  CgoLDFLAGS: string[] = [];
  CgoPkgConfig: string[] = [];
  Imports: string[] = [];
  ImportMap: Map<string, string> = new Map();
  Deps: string[] = [];
  Error: PackageError | null = null;
  DepsErrors: PackageError[] = [];
  TestGoFiles: string[] = [];
  TestImports: string[] = [];
  TestEmbedPatterns: string[] = [];
  TestEmbedFiles: string[] = [];
  XTestGoFiles: string[] = [];
  XTestImports: string[] = [];
  XTestEmbedPatterns: string[] = [];
  XTestEmbedFiles: string[] = [];
}

/** A record for JSON: fields without a value left out; `fields` are those that are wanted, null for all. */
export function publicJson(value: object, fields: ReadonlySet<string> | null): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [name, v] of Object.entries(value) as [string, unknown][]) {
    if ((fields !== null && !fields.has(name)) || v === "" || v === false || v === null || typeof v === "function") continue;
    if (Array.isArray(v)) {
      if (v.length > 0) out[name] = v.map((x: unknown) => (typeof x === "object" && x !== null ? publicError(x) : x));
    } else if (v instanceof Map) {
      if (v.size > 0) out[name] = Object.fromEntries([...v].sort(([a], [b]) => (a < b ? -1 : 1)));
    } else if (v instanceof PackageError) out[name] = publicError(v);
    else if (typeof v === "object" && name !== "Origin") out[name] = publicJson(v, null);
    else out[name] = v;
  }
  return out;
}

/** Errors of packages have all their fields. */
function publicError(v: object): unknown {
  if (!(v instanceof PackageError)) return v;
  return { ImportStack: v.ImportStack, Pos: v.Pos, Err: v.Err };
}
