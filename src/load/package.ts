// What loading gives: packages with their files, ready to be parsed.

import type { Replacement } from "./override.ts";

export { LoadError } from "../modules/error.ts";

/** A file of a package. `name` is within the folder; `path` is where it was read, and what positions show. */
export interface LoadedFile {
  readonly name: string;
  readonly path: string;
  readonly data: Uint8Array;
  /** In a package of the overlay: what is to be taken out of a Go file when it is parsed. */
  readonly replacement: Replacement | null;
}

/** A module. */
export interface Module {
  readonly path: string;
  /** "" for the main module. */
  readonly version: string;
  readonly dir: string;
  /** "1.22": from its go.mod. */
  readonly goVersion: string;
  readonly main: boolean;
  /** "h1:..." of go.sum, or "". */
  readonly sum: string;
  /** What stands for it: a module, or with no version a folder (as go.mod names it, and where it is). */
  readonly replace: { readonly path: string; readonly version: string; readonly dir: string } | null;
}

/** What a `//go:embed` pattern matched: names relative to the package's folder, with slashes, in order. */
export interface EmbedMatch {
  readonly pattern: string;
  readonly files: readonly string[];
}

/** A package. */
export interface LoadedPackage {
  /** How messages about it are headed: the path, for a variant of a package with the test that it is for. */
  readonly label: string;
  /** The import path; "command-line-arguments" for one given as files. */
  readonly path: string;
  readonly name: string;
  readonly dir: string;
  /** The Go files in order of their names; none for unsafe. */
  readonly files: readonly LoadedFile[];
  readonly asmFiles: readonly LoadedFile[];
  /** The .h files of the folder, for #include. */
  readonly headers: readonly LoadedFile[];
  readonly embeds: readonly EmbedMatch[];
  /** By the path as written in the source (without `vendor/`). */
  readonly imports: ReadonlyMap<string, LoadedPackage>;
  /** From GOROOT. */
  readonly standard: boolean;
  /** Changed by the overlay: unused imports and variables are not errors here. */
  readonly overlay: boolean;
  /** The language version, as "go1.22". */
  readonly goVersion: string;
  readonly module: Module | null;
  /** Nothing but its Go files makes it: functions without body are errors. */
  readonly complete: boolean;
  /** May use the directives of the standard library. */
  readonly privileged: boolean;
}

/** A package that is named by its files and its import path, as the build command's compiler is told of packages. Its imports that begin with "./" mean those below `base`. */
export interface GivenPackage {
  readonly path: string;
  readonly base: string;
  readonly dir: string;
  /** Names of .go and .s files in the folder; build constraints don't count. */
  readonly files: readonly string[];
  /** "go1.22". */
  readonly goVersion: string;
  readonly complete: boolean;
  /** Its directives are those of the standard library. */
  readonly privileged: boolean;
}

/** The packages of a build. */
export interface LoadedProgram {
  /** What was asked for, in that order. */
  readonly roots: readonly LoadedPackage[];
  /** All packages, each behind those that it imports. */
  readonly packages: readonly LoadedPackage[];
  /** Lines to print in any case. */
  readonly warnings: readonly string[];
  /** Files of another patch release that are not those which the overlay was written for, a line each. */
  readonly drift: readonly string[];
  /** The version of the FIPS 140 module: "off", "latest" (both: the tree's own; the latter is asked for), or that of a snapshot. */
  readonly fips140: string;
  /** The build tags that it brings along. */
  readonly fips140Tags: readonly string[];
  /** The version of Go in the main module's go.mod; "" without a main module. */
  readonly goVersion: string;
  /** Settings (key=value) of its `godebug` lines. */
  readonly godebugs: readonly string[];
  readonly goroot: string;
  /** Where textflag.h and funcdata.h lie. */
  readonly includeFolder: string;
}

/** A program of tests, but for its main package, which the driver makes. */
export interface LoadedTest {
  /** All packages; no roots. */
  readonly program: LoadedProgram;
  /** The package with its own test files; null if it has none but those of the external package. */
  readonly tested: LoadedPackage | null;
  /** The package beside it whose name ends in _test, or null. */
  readonly external: LoadedPackage | null;
  /** What the main package imports beyond these, by path. */
  readonly support: ReadonlyMap<string, LoadedPackage>;
}
