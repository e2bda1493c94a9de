// Reads the files of a package: those that fit the build context, their imports and embed patterns.

import { Diagnostics } from "../base/diagnostics.ts";
import { type Host, HostError } from "../base/host.ts";
import { type Pos, Sources } from "../base/pos.ts";
import { matchesFileName } from "../syntax/constraint.ts";
import * as K from "../syntax/kinds.ts";
import { ImportsOnly, LenientPragmas, parseFile, SkipBodies } from "../syntax/parser.ts";
import { unquote } from "../syntax/strings.ts";
import type { File } from "../syntax/tree.ts";
import { NodeIds } from "../syntax/tree.ts";
import type { BuildContext } from "./context.ts";
import { matchHeader } from "./header.ts";
import type { OverlayRule } from "./overlay.ts";
import { addDeclared, addSymbols, Declared, Replacement, withoutSymbols } from "./override.ts";
import type { LoadedFile } from "./package.ts";
import { joinPath } from "../base/paths.ts";

/** A place as `line:column` of a file. */
export interface Place {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** An import or embed pattern, with the place where it is first written. */
export interface Mention {
  readonly text: string;
  readonly place: Place;
}

/** What a folder holds for a build. */
export interface PackageFiles {
  name: string;
  goFiles: LoadedFile[];
  asmFiles: LoadedFile[];
  headers: LoadedFile[];
  imports: Mention[];
  embeds: Mention[];
  /** Go files that constraints or names exclude. */
  ignored: string[];
  /** Go files that import "C": excluded, since there is no cgo. */
  cgo: string[];
  tests: string[];
  /** With an overlay: the files of the Go tree as they are there. `wrong`: assembly that is changed though the overlay doesn't say so. */
  upstream: { name: string; data: Uint8Array; wrong: boolean }[];
  /** Errors to report: "place: message", or just a message. */
  errors: { place: Place | null; message: string }[];
}

/** The test files of a folder. */
export interface TestFiles {
  /** Those that belong to the package. */
  readonly internal: PackageFiles;
  /** Those of the package whose name ends in _test. */
  readonly external: PackageFiles;
}

/** What else is in a folder, an executable for instance, has no influence on a build. */
const sourceEndings = [".go", ".s", ".h"];

/** Where files come from, and how they are chosen. */
export class FolderReader {
  private readonly host: Host;
  private readonly context: BuildContext;
  private readonly ids = new NodeIds();
  private readonly listings = new Map<string, string[]>();

  constructor(host: Host, context: BuildContext) {
    this.host = host;
    this.context = context;
  }

  /** The names of source files in a folder, none if it isn't there. */
  private list(dir: string): string[] {
    let names = this.listings.get(dir);
    if (names === undefined) {
      names = this.host.stat(dir).kind === "folder" ? this.host.readFolder(dir, sourceEndings) : [];
      this.listings.set(dir, names);
    }
    return names;
  }

  /** Whether a folder holds Go files at all (of any kind). */
  hasGoFiles(dir: string): boolean {
    return this.list(dir).some((n) => n.endsWith(".go") && this.host.stat(joinPath(dir, n)).kind === "file");
  }

  /** Reads a folder, as the overlay says if there is a rule for it. */
  read(dir: string, rule: OverlayRule | null): PackageFiles {
    const pkg = emptyPackage();
    if (rule === null) {
      this.readInto(pkg, dir, this.list(dir), false);
      return pkg;
    }
    const ours = new Set(this.list(rule.dir));
    const own = emptyPackage();
    this.readInto(own, rule.dir, [...ours], false);
    const declared = new Declared();
    for (const f of own.goFiles) addDeclared(f, this.ids, declared);
    for (const f of own.asmFiles) addSymbols(f, declared);

    const theirs = emptyPackage();
    if (rule.mode === "replace") {
      const names: string[] = [];
      for (const name of rule.upstream) {
        if (this.host.stat(joinPath(dir, name)).kind === "file") names.push(name);
        else own.errors.push({ place: null, message: `overlay.json names ${name}, which is not in ${dir}` });
      }
      this.readInto(theirs, dir, names.sort(), false);
    } else {
      const drop = new Set(rule.drop);
      const names = this.list(dir);
      this.readInto(
        theirs,
        dir,
        names.filter((n) => !ours.has(n) && !drop.has(n)),
        false,
      );
    }
    const original = [...theirs.goFiles, ...theirs.asmFiles];
    const mayChange = (name: string): boolean => rule.mode === "replace" || rule.upstream.includes(name);
    theirs.goFiles = theirs.goFiles.map((f) => {
      const replacement = new Replacement(declared, rule.withoutInit.includes(f.name), mayChange(f.name));
      return { ...f, replacement };
    });
    theirs.asmFiles = theirs.asmFiles.map((f) => withoutSymbols(f, declared));
    const remaining = new Set<LoadedFile>([...theirs.goFiles, ...theirs.asmFiles]);
    theirs.upstream = original.map((f) => ({
      name: f.name,
      data: f.data,
      wrong: f.name.endsWith(".s") && !remaining.has(f) && !mayChange(f.name),
    }));
    return merged(own, theirs);
  }

  /** The test files among a folder's names (all of it by default): those of the package itself and those of the package beside it. */
  readTests(dir: string, named: readonly string[] | null): TestFiles {
    const internal = emptyPackage();
    const external = emptyPackage();
    const names = (named ?? this.list(dir)).filter((n) => n.endsWith("_test.go"));
    for (const name of names) {
      const one = emptyPackage();
      this.readInto(one, dir, [name], named !== null, true);
      const target = one.name.endsWith("_test") ? external : internal;
      if (one.name !== "" && target.name !== "" && target.name !== one.name) {
        const first = target.goFiles[0] as LoadedFile;
        one.errors.push({ place: null, message: `found packages ${target.name} (${first.name}) and ${one.name} (${name}) in ${dir}` });
      }
      addFiles(target, one);
    }
    return { internal, external };
  }

  /** Reads files that were named one by one; constraints don't count for them. */
  readNamed(dir: string, names: readonly string[]): PackageFiles {
    const pkg = emptyPackage();
    this.readInto(pkg, dir, [...names].sort(), true);
    return pkg;
  }

  /** Reads files that were named one by one and leaves all that is wrong with them to the parser. */
  readGiven(dir: string, names: readonly string[]): PackageFiles {
    const pkg = emptyPackage();
    for (const name of names) {
      const file: LoadedFile = { name, path: joinPath(dir, name), data: this.host.readFile(joinPath(dir, name)), replacement: null };
      if (name.endsWith(".s")) {
        pkg.asmFiles.push(file);
        continue;
      }
      const packageName = this.goFile(pkg, file);
      if (packageName === "") pkg.goFiles.push(file);
      // The blank name is an error that the checker reports.
      else if (pkg.name === "" && packageName !== "_") pkg.name = packageName;
    }
    pkg.errors.length = 0;
    return pkg;
  }

  private readInto(pkg: PackageFiles, dir: string, names: readonly string[], all: boolean, tests = false): void {
    const has = (tag: string): boolean => this.context.has(tag);
    let firstFile = "";
    for (const name of names) {
      if (name.startsWith("_") || name.startsWith(".")) continue;
      const isGo = name.endsWith(".go");
      const isAsm = name.endsWith(".s");
      if (!isGo && !isAsm && !name.endsWith(".h")) continue;
      if (!all && !matchesFileName(name, has)) {
        if (isGo) pkg.ignored.push(name);
        continue;
      }
      const isTest = name.endsWith("_test.go");
      if (isTest && !all && !tests) {
        pkg.tests.push(name);
        continue;
      }
      const path = joinPath(dir, name);
      let data: Uint8Array;
      try {
        data = this.host.readFile(path);
      } catch (e) {
        if (e instanceof HostError && e.reason === "is a directory") continue;
        throw e;
      }
      const header = matchHeader(data, has);
      if (header.error !== "" && !all) {
        pkg.errors.push({ place: null, message: `${name}: ${header.error}` });
        continue;
      }
      if (!header.matches && !all) {
        if (isGo) pkg.ignored.push(name);
        continue;
      }
      const file: LoadedFile = { name, path, data, replacement: null };
      if (isAsm) pkg.asmFiles.push(file);
      else if (!isGo) pkg.headers.push(file);
      else {
        const packageName = this.goFile(pkg, file);
        if (packageName === "") continue;
        if (firstFile === "") {
          firstFile = name;
          pkg.name = packageName;
        } else if (packageName !== pkg.name && !pkg.errors.some((e) => e.message.startsWith("found packages"))) {
          const message = `found packages ${pkg.name} (${firstFile}) and ${packageName} (${name}) in ${dir}`;
          pkg.errors.push({ place: null, message });
        }
      }
    }
  }

  /** Takes a Go file's imports and embeds into the package; returns its package name, "" if it is left out. */
  private goFile(pkg: PackageFiles, file: LoadedFile): string {
    const sources = new Sources();
    const source = sources.add(file.path, file.data.length);
    const diagnostics = new Diagnostics();
    const tree = parseFile(file.data, source, this.ids, diagnostics, ImportsOnly | LenientPragmas);
    const place = (pos: Pos): Place => placeOf(file, pos - source.base);
    if (tree === null) {
      const first = diagnostics.sorted()[0];
      const at = first === undefined ? 0 : first.pos - source.base;
      pkg.errors.push({ place: placeOf(file, at), message: headerError(first?.message ?? "", file.data, at) });
      return "";
    }
    const imports: Mention[] = [];
    let embeds = false;
    for (const d of tree.declList) {
      if (d.kind !== K.KindImportDecl || d.path === null || d.path.bad) continue;
      const value = d.path.value;
      const path = value.includes("\\") ? unquote(value) : value.slice(1, -1);
      if (path === null) continue;
      if (path === "C") {
        pkg.cgo.push(file.name);
        return "";
      }
      if (path === "embed") embeds = true;
      imports.push({ text: path, place: place(d.pos) });
    }
    pkg.imports.push(...imports);
    pkg.goFiles.push(file);
    if (embeds) this.embeds(pkg, file);
    return tree.pkgName.value;
  }

  private embeds(pkg: PackageFiles, file: LoadedFile): void {
    const source = new Sources().add(file.path, file.data.length);
    const mode = SkipBodies | LenientPragmas;
    const tree: File | null = parseFile(file.data, source, this.ids, new Diagnostics(), mode);
    if (tree === null) return;
    for (const d of tree.declList) {
      if (d.kind !== K.KindVarDecl || d.embeds === null) continue;
      for (const line of d.embeds) {
        for (const p of line.patterns) {
          pkg.embeds.push({ text: p.pattern, place: placeOf(file, p.pos - source.base) });
        }
      }
    }
  }
}

function emptyPackage(): PackageFiles {
  return {
    name: "",
    goFiles: [],
    asmFiles: [],
    headers: [],
    imports: [],
    embeds: [],
    ignored: [],
    cgo: [],
    tests: [],
    upstream: [],
    errors: [],
  };
}

function merged(a: PackageFiles, b: PackageFiles): PackageFiles {
  const byName = (x: LoadedFile, y: LoadedFile): number => (x.name < y.name ? -1 : 1);
  const out = emptyPackage();
  addFiles(out, a);
  addFiles(out, b);
  for (const list of [out.goFiles, out.asmFiles, out.headers]) list.sort(byName);
  return out;
}

/** Adds the files of one package to those of another, and all that was found in them. */
export function addFiles(out: PackageFiles, more: PackageFiles): void {
  if (out.name === "") out.name = more.name;
  out.goFiles.push(...more.goFiles);
  out.asmFiles.push(...more.asmFiles);
  out.headers.push(...more.headers);
  out.imports.push(...more.imports);
  out.embeds.push(...more.embeds);
  out.ignored.push(...more.ignored);
  out.cgo.push(...more.cgo);
  out.tests.push(...more.tests);
  out.upstream.push(...more.upstream);
  out.errors.push(...more.errors);
}

/** Line and column of an offset; files are not examined for lines when only their imports are read. */
function placeOf(file: LoadedFile, offset: number): Place {
  let line = 1;
  let start = 0;
  // The end of the file is on its last line, even if that one ends.
  const last = Math.min(offset, file.data.length - 1);
  for (let i = 0; i < last; i++) {
    if (file.data[i] === 10) {
      line++;
      start = i + 1;
    }
  }
  return { path: file.path, line, column: offset - start + 1 };
}

/** What is said of a file that does not begin as it should. */
export function headerError(message: string, data: Uint8Array, at: number): string {
  return message === "syntax error: package statement must be first" ? `expected 'package', found ${foundText(data, at)}` : message;
}

/** The token at an offset, as a message names it that expected another. */
function foundText(data: Uint8Array, offset: number): string {
  const rest = new TextDecoder().decode(data.subarray(offset, offset + 80));
  const word = /^[\p{L}_][\p{L}\p{Nd}_]*/u.exec(rest);
  if (rest === "") return "'EOF'";
  if (word === null) return `'${String.fromCodePoint(rest.codePointAt(0) as number)}'`;
  const keywords = "break case chan const continue default defer else fallthrough for func go goto if import interface";
  const more = "map package range return select struct switch type var";
  return `${keywords} ${more}`.split(" ").includes(word[0]) ? `'${word[0]}'` : word[0];
}
