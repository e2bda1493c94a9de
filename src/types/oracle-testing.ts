// Help for tests: the reference compiler's errors about a package, and ours. Not part of the product.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestChecker } from "./testing.ts";

/** A source file of a package under test; `name` is where it lies. */
export interface OracleFile {
  readonly name: string;
  readonly data: Uint8Array;
}

export interface OracleOptions {
  readonly path: string;
  /** As "go1.21", or "" for the newest. */
  readonly goVersion: string;
  /** List all errors, not only the first ten. */
  readonly all: boolean;
  /** The package is one of the standard library. */
  readonly standard: boolean;
}

/** The reference compiler. */
export class Oracle {
  /** A folder for files of the test. */
  readonly folder: string = mkdtempSync(join(tmpdir(), "go3s-oracle-"));
  private readonly importConfig: string;

  private constructor(config: string) {
    this.importConfig = join(this.folder, "importcfg");
    writeFileSync(this.importConfig, config);
  }

  /** The compiler with the exports of some packages and their dependencies; null if there is no Go command. */
  static find(packages: readonly string[]): Oracle | null {
    const env = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "" };
    const format = "{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}";
    const r = spawnSync("go", ["list", "-deps", "-export", "-f", format, ...packages], { encoding: "utf8", env });
    return r.status === 0 ? new Oracle(r.stdout) : null;
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** What the compiler prints. */
  errors(files: readonly OracleFile[], options: OracleOptions): string[] {
    const args = ["tool", "compile", "-p", options.path, "-complete=false", "-importcfg", this.importConfig];
    args.push("-o", join(this.folder, "out.o"));
    if (options.all) args.push("-e");
    if (options.standard) args.push("-std");
    if (options.goVersion !== "") args.push(`-lang=${options.goVersion}`);
    const r = spawnSync("go", [...args, ...files.map((f) => f.name)], { encoding: "utf8", timeout: 60_000 });
    return `${r.stdout}${r.stderr}`.split("\n").filter((line) => line !== "");
  }
}

/** Our errors about the package, as the product prints them. Nothing of the package stays in the checker. */
export function ourErrors(t: TestChecker, files: readonly OracleFile[], options: OracleOptions): string[] {
  const { path } = options;
  const before = t.packages.get(path);
  t.packages.delete(path);
  t.diagnostics.clear();
  const pkg = t.check(path, files, { goVersion: options.goVersion || "go1.26" });
  if (!t.diagnostics.hasErrors) t.checker.checkCompilerRules(pkg, false);
  const lines = t.diagnostics.render(t.sources, options.all ? 0 : 10).flatMap((l) => l.split("\n"));
  t.diagnostics.clear();
  t.packages.delete(path);
  if (before !== undefined) t.packages.set(path, before);
  return lines;
}

/** How two lists of lines differ, for people. */
export function difference(want: readonly string[], got: readonly string[]): string[] {
  const missing = want.filter((l) => !got.includes(l)).map((l) => `- ${l}`);
  const extra = got.filter((l) => !want.includes(l)).map((l) => `+ ${l}`);
  if (missing.length + extra.length > 0) return [...missing, ...extra];
  return ["  order or number:", ...want, "  ours:", ...got];
}
