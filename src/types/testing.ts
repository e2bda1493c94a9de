// Help for tests: checking packages of the Go tree and single files, and reading the errors that test files expect.
// Not part of the product.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Diagnostics } from "../base/diagnostics.ts";
import { type Pos, Sources } from "../base/pos.ts";
import { evaluate, matchesFileName, parseConstraint } from "../syntax/constraint.ts";
import { parseFile, RuntimePackage, SkipBodies, StandardLibrary } from "../syntax/parser.ts";
import { type File, NodeIds } from "../syntax/tree.ts";
import { type PackageOptions, type Package, TypeChecker, unsafePackage } from "./api.ts";

const decoder = new TextDecoder("latin1");

/** GOARCH chooses another architecture than amd64 to check for. */
const architecture = process.env.GOARCH ?? "amd64";

/** Build tags of the tests: linux, without cgo. */
export function hasTag(tag: string): boolean {
  if (/^go1\.\d+$/.test(tag)) return Number(tag.slice(4)) <= 26;
  return (
    tag === "linux" ||
    tag === architecture ||
    tag === "unix" ||
    tag === "gc" ||
    tag === "goexperiment.regabiwrappers" ||
    tag === "goexperiment.regabiargs" ||
    tag === "goexperiment.aliastypeparams" ||
    tag === "goexperiment.swissmap" ||
    tag === "goexperiment.spinbitmutex" ||
    tag === "goexperiment.greenteagc" ||
    tag === "goexperiment.randomizedheapbase64" ||
    tag === "goexperiment.dwarf5" ||
    tag === "goexperiment.coverageredesign" ||
    tag === "goexperiment.loopvar"
  );
}

function fits(name: string, data: Uint8Array): boolean {
  if (!matchesFileName(name, hasTag)) return false;
  // The constraint stands before the package clause.
  for (const line of decoder.decode(data).split("\n")) {
    if (line.startsWith("//go:build")) {
      const c = parseConstraint(line.trim());
      return c === null || evaluate(c, hasTag);
    }
    if (line.startsWith("package ")) break;
  }
  return true;
}

/** The Go files of a folder that belong to its package. */
export function packageFiles(dir: string): string[] {
  return readdirSync(dir)
    .filter((n) => n.endsWith(".go") && !n.endsWith("_test.go") && !n.startsWith("_") && !n.startsWith("."))
    .sort()
    .filter((n) => {
      const data = readFileSync(join(dir, n));
      return fits(n, data) && !/^import "C"/m.test(decoder.decode(data));
    })
    .map((n) => join(dir, n));
}

/** Checks packages; imports come from the Go tree or from `extra`, packages that the test checked before. */
export class TestChecker {
  readonly sources = new Sources();
  readonly diagnostics = new Diagnostics();
  readonly checker = new TypeChecker(this.sources, this.diagnostics, this);
  readonly packages = new Map<string, Package>();
  private readonly goroot: string;
  private readonly std = new Set(["unsafe"]);
  /** Whether packages of the Go tree are checked with all their bodies. */
  allBodies = false;
  /** Whether a package with syntax errors is left unchecked, as gc does. */
  stopAtSyntaxErrors = false;

  constructor(goroot: string) {
    this.goroot = goroot;
    this.packages.set("unsafe", unsafePackage);
  }

  /** Forgets errors and the packages that tests have checked; those of the Go tree stay. */
  reset(): void {
    this.diagnostics.list.length = 0;
    for (const path of this.packages.keys()) {
      if (!this.std.has(path)) this.packages.delete(path);
    }
  }

  /** Parses and checks files as a package. An empty path stands for the name of the package, which nobody can import then. */
  check(path: string, files: readonly { name: string; data: Uint8Array }[], options: PackageOptions, mode = 0): Package {
    const ids = new NodeIds();
    const parsed: File[] = [];
    for (const f of files) {
      const source = this.sources.add(f.name, f.data.length);
      const file = parseFile(f.data, source, ids, this.diagnostics, mode);
      if (file !== null) parsed.push(file);
    }
    const stop = this.stopAtSyntaxErrors && this.diagnostics.list.some((d) => d.message.startsWith("syntax error"));
    if (stop) parsed.length = 0;
    const name = path || (parsed[0]?.pkgName.value ?? "");
    const pkg = this.checker.checkPackage(name, "", parsed, ids, { parseMode: mode & ~SkipBodies, ...options });
    if (path !== "") this.packages.set(path, pkg);
    return pkg;
  }

  import(path: string, from: Package): Package | string {
    // Tests of several packages import each other by relative paths.
    const local = path.startsWith("./") ? this.packages.get(`test/${path.slice(2)}`) : undefined;
    if (local !== undefined) return local;
    let full = path;
    let dir = join(this.goroot, "src", path);
    const vendored = join(this.goroot, "src/vendor", path);
    if (!existsSync(dir) && existsSync(vendored)) {
      dir = vendored;
      full = `vendor/${path}`;
    }
    const cmd = join(this.goroot, "src/cmd/vendor", path);
    if (from.path.startsWith("cmd/") && !existsSync(dir) && existsSync(cmd)) {
      dir = cmd;
      full = `cmd/vendor/${path}`;
    }
    const known = this.packages.get(full);
    if (known !== undefined) return known;
    if (!existsSync(dir)) return `package ${path} is not in std (${dir})`;
    this.std.add(full);
    const files = packageFiles(dir).map((name) => ({ name, data: new Uint8Array(readFileSync(name)) }));
    const runtime = full === "runtime" || full.startsWith("internal/runtime/") ? RuntimePackage : 0;
    const mode = StandardLibrary | runtime | (this.allBodies ? 0 : SkipBodies);
    return this.check(full, files, { lazy: !this.allBodies, ignoreFuncBodies: !this.allBodies, goVersion: "go1.26" }, mode);
  }
}

/** An error that a test file expects: its place (that of the token before the comment) and the comment. */
export interface Expected {
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

const tokenPattern =
  /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|`[^`]*`|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[\p{L}_][\p{L}\p{Nd}_]*|\.?\d(?:[eEpP][+-]|[\w.])*|<<=|>>=|&\^=|\.\.\.|&&|\|\||<-|\+\+|--|==|!=|<=|>=|:=|\+=|-=|\*=|\/=|%=|&=|\|=|\^=|<<|>>|&\^|[\s\S]/uy;

/** The comments of a Go text that match, each with the place of the token before it. */
export function commentMap(text: string, pattern: RegExp): Expected[] {
  const list: Expected[] = [];
  tokenPattern.lastIndex = 0;
  let line = 1;
  let lineStart = 0;
  let lastLine = 1;
  let lastColumn = 1;
  for (;;) {
    const at = tokenPattern.lastIndex;
    const m = tokenPattern.exec(text);
    if (m === null || at >= text.length) break;
    const tok = m[0];
    if (tok.startsWith("//") || tok.startsWith("/*")) {
      const body = tok.startsWith("//") ? tok.slice(2) : tok.slice(2, -2);
      if (pattern.test(body)) list.push({ line: lastLine, column: lastColumn, text: body });
    } else if (/\S/.test(tok)) {
      lastLine = line;
      lastColumn = Buffer.byteLength(text.slice(lineStart, at)) + 1;
    }
    for (let i = tok.indexOf("\n"); i >= 0; i = tok.indexOf("\n", i + 1)) {
      line++;
      lineStart = at + i + 1;
    }
  }
  return list;
}

/** An error as tests compare it. */
export interface Found {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** All errors reported so far, in order of file and place, without repetitions or as they came; `presented` follows line directives. */
export function foundErrors(t: TestChecker, raw = false, presented = false): Found[] {
  return (raw ? t.diagnostics.list : t.diagnostics.sorted()).map((d) => {
    const at = presented ? t.sources.position(d.pos as Pos) : t.sources.physical(d.pos as Pos);
    return { file: at.file, line: at.line, column: at.column, message: d.message };
  });
}

export function shortName(path: string): string {
  return basename(path);
}
