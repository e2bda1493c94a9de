// The front half of a build: packages from disk are parsed and checked, and wrapped into what the whole-program part takes.

import type { Host } from "../base/host.ts";
import type { Diagnostics } from "../base/diagnostics.ts";
import type { Sources } from "../base/pos.ts";
import { embedError } from "../program/embed.ts";
import type { EmbedMatch, LoadedFile, LoadedPackage, LoadedProgram } from "../load/package.ts";
import { wrongChange } from "../load/override.ts";
import { cleanPath } from "../base/paths.ts";
import type { Assembled, EmbeddedFile, ProgramSource } from "../program/source.ts";
import { FieldTrack, parseFile, RuntimePackage, SkipBodies, StandardLibrary } from "../syntax/parser.ts";
import { KindFuncDecl, KindVarDecl } from "../syntax/kinds.ts";
import { NameTable } from "../syntax/names.ts";
import { type File, NodeIds } from "../syntax/tree.ts";
import { funcSignature, TypeChecker, unsafePackage } from "../types/api.ts";
import type { Importer } from "../types/checker.ts";
import type { Info, Initializer } from "../types/info.ts";
import { Func, Var } from "../types/object.ts";
import type { Package } from "../types/package.ts";
import { isString } from "../types/predicates.ts";
import { typeString } from "../types/typestring.ts";

/** Assembles the files of a package; `goAsm` is the text of go_asm.h. */
export type AssembleFn = (pkg: LoadedPackage, path: string, goAsm: string) => Assembled;

/** Values of string variables, by package path ("main" for the main package) and name. */
export type GivenValues = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** One package between loader and compiler. */
export class SourcePackage implements ProgramSource {
  readonly loaded: LoadedPackage;
  readonly types: Package;
  readonly info: Info;
  readonly standard: boolean;
  readonly files: readonly File[];
  readonly imports: readonly string[];
  private readonly front: FrontEnd;
  private words: ReadonlySet<string> | null = null;
  /** String variables whose values the command line gives (-ldflags=-X). */
  private readonly given = new Map<Var, Uint8Array>();
  private embeds: ReadonlyMap<Var, readonly EmbeddedFile[]> | null = null;

  constructor(front: FrontEnd, loaded: LoadedPackage, types: Package, info: Info, files: readonly File[], imports: readonly string[]) {
    this.front = front;
    this.loaded = loaded;
    this.types = types;
    this.info = info;
    this.standard = loaded.standard;
    this.files = files;
    this.imports = imports;
  }

  get hasAssembly(): boolean {
    return this.loaded.asmFiles.length > 0;
  }

  assemblyMentions(word: string): boolean {
    this.words ??= assemblyWords(this.front.host, this.loaded);
    return this.words.has(word);
  }

  assemble(goAsm: string): Assembled {
    return this.front.assemble(this.loaded, this.types.path, goAsm);
  }

  initializers(): readonly Initializer[] {
    const { checker } = this.front;
    const all = checker.initializers(this.types);
    this.given.clear();
    for (const [name, value] of this.front.givenValues.get(this.types.path) ?? []) {
      const object = this.types.scope.lookup(name);
      if (!(object instanceof Var)) continue;
      checker.resolve(object);
      if (object.type === null) continue;
      if (isString(object.type)) this.given.set(object, new TextEncoder().encode(value));
      else {
        const type = typeString(object.type, (p) => p.path);
        this.front.wrongValues.add(`${this.types.path}.${name}: cannot set with -X: not a var of type string (type:${type})`);
      }
    }
    if (this.given.size === 0) return all;
    // Values that are given take the place of constants only, as in gc.
    return all.filter((step) => {
      const variable = step.lhs.length === 1 ? (step.lhs[0] as Var) : null;
      if (variable === null || !this.given.has(variable)) return true;
      checker.checkInitializer(step);
      if (this.info.values[step.rhs.id] !== undefined) return false;
      this.given.delete(variable);
      return true;
    });
  }

  checkInitializer(step: Initializer): void {
    this.front.checker.checkInitializer(step);
  }

  initOrder(steps: readonly Initializer[]): readonly Initializer[] {
    return this.front.checker.initOrder(this.types, steps);
  }

  /**
   * The functions and methods that have code of their own: not generic, with a body, not called _. Of a package that the
   * overlay makes, only those in the overlay's own files: upstream's may count on things that aren't there.
   */
  declaredFunctions(): Func[] {
    const list: Func[] = [];
    const own = this.front.host.overlayFolder();
    for (const file of this.files) {
      if (this.loaded.overlay && !file.source.name.startsWith(own)) continue;
      for (const d of file.declList) {
        if (d.kind !== KindFuncDecl || !d.hasBody || d.name.value === "_") continue;
        const obj = this.info.defs[d.name.id];
        if (!(obj instanceof Func)) continue;
        this.front.checker.resolve(obj);
        const s = funcSignature(obj);
        if (s.tparams.length === 0 && s.rparams.length === 0) list.push(obj);
      }
    }
    return list;
  }

  embedded(variable: Var): readonly EmbeddedFile[] | null {
    const given = this.given.get(variable);
    if (given !== undefined) return [{ path: "", bytes: given }];
    if (this.embeds === null) this.embeds = this.findEmbeds();
    return this.embeds.get(variable) ?? null;
  }

  private findEmbeds(): Map<Var, readonly EmbeddedFile[]> {
    const found = new Map<Var, readonly EmbeddedFile[]>();
    for (const file of this.files) {
      for (const [variable, paths] of embedded(file, this.info, this.loaded.embeds)) {
        found.set(
          variable,
          paths.map((path) => ({ path, bytes: this.front.host.readFile(`${this.loaded.dir}/${path}`) })),
        );
      }
    }
    return found;
  }
}

/** The variables of a file that embed others, with the sorted names of these. */
function embedded(file: File, info: Info, matches: readonly EmbedMatch[]): [Var, string[]][] {
  const found: [Var, string[]][] = [];
  for (const decl of file.declList) {
    if (decl.kind !== KindVarDecl || decl.embeds === null) continue;
    const name = decl.nameList[0];
    const variable = name === undefined ? undefined : info.defs[name.id];
    if (!(variable instanceof Var)) continue;
    const paths = new Set<string>();
    for (const directive of decl.embeds) {
      for (const p of directive.patterns) {
        for (const match of matches) if (match.pattern === p.pattern) for (const path of match.files) paths.add(path);
      }
    }
    found.push([variable, [...paths].sort()]);
  }
  return found;
}

/** The words of assembly files, and their beginnings up to an underscore. */
function assemblyWords(host: Host, pkg: LoadedPackage): Set<string> {
  const words = new Set<string>();
  const decoder = new TextDecoder();
  const texts = [...pkg.asmFiles, ...pkg.headers].map((file) => decoder.decode(file.data));
  const seen = new Set<string>();
  for (let k = 0; k < texts.length; k++) {
    const text = texts[k] as string;
    for (const [word] of text.matchAll(/[A-Za-z_]\w*/g)) {
      words.add(word);
      for (let i = word.indexOf("_"); i > 0; i = word.indexOf("_", i + 1)) words.add(word.slice(0, i));
    }
    // Files of other folders that they include.
    for (const [, name] of text.matchAll(/^\s*#include\s+"(\.\.\/[^"]+)"/gm)) {
      const path = `${pkg.dir}/${name}`;
      if (seen.has(path) || host.stat(path).kind !== "file") continue;
      seen.add(path);
      texts.push(decoder.decode(host.readFile(path)));
    }
  }
  return words;
}

/** Why there is no package of that import path; the loader has reported what it could. */
function whyMissing(path: string): string {
  if (path.startsWith("/")) return "import path cannot be absolute path";
  const clean = cleanPath(path);
  return clean === path || path.startsWith("./") ? "file not found" : `non-canonical import path "${path}" (should be "${clean}")`;
}

/** Parses and checks the packages of a program. Errors go to the diagnostics. */
export class FrontEnd implements Importer {
  readonly host: Host;
  readonly sources: Sources;
  readonly diagnostics: Diagnostics;
  readonly checker: TypeChecker;
  readonly assemble: AssembleFn;
  /** String variables that are set; may change between programs. */
  givenValues: GivenValues;
  /** Errors about values that were given for variables that are no strings. */
  readonly wrongValues = new Set<string>();
  readonly packages: SourcePackage[] = [];
  private readonly byLoaded = new Map<LoadedPackage, Package>();
  private readonly loadedOf = new Map<Package, LoadedPackage>();
  /** What files are made of, once for all packages. */
  private readonly names = new NameTable();
  /** The packages while their files are being checked. */
  private readonly checking = new Map<string, LoadedPackage>();

  /** The experiment fieldtrack is on. */
  private readonly fieldTrack: boolean;

  constructor(host: Host, sources: Sources, diagnostics: Diagnostics, givenValues: GivenValues, fieldTrack: boolean, assemble: AssembleFn) {
    this.fieldTrack = fieldTrack;
    this.host = host;
    this.givenValues = givenValues;
    this.sources = sources;
    this.diagnostics = diagnostics;
    this.assemble = assemble;
    this.checker = new TypeChecker(sources, diagnostics, this);
  }

  import(path: string, from: Package): Package | string {
    if (path === "unsafe") return unsafePackage;
    const importer = this.loadedOf.get(from) ?? this.checking.get(from.path);
    const loaded = importer?.imports.get(path);
    const pkg = loaded === undefined ? undefined : this.byLoaded.get(loaded);
    return pkg ?? whyMissing(path);
  }

  /**
   * Checks all packages of a program in order, save those that import broken ones. `report` is called for each package that
   * has errors, with these in the diagnostics, which are cleared then. Whether all is well.
   */
  check(program: LoadedProgram, report: (pkg: LoadedPackage) => void): boolean {
    const roots = new Set(program.roots);
    const broken = new Set<LoadedPackage>();
    for (const loaded of program.packages) {
      if (loaded.path === "unsafe") continue;
      if ([...loaded.imports.values()].some((p) => broken.has(p))) {
        broken.add(loaded);
        continue;
      }
      const isRoot = roots.has(loaded);
      const lazy = loaded.overlay || (loaded.standard && !isRoot);
      this.package(loaded, isRoot && loaded.name === "main" ? "main" : loaded.path, lazy);
      if (!this.diagnostics.hasErrors) continue;
      broken.add(loaded);
      report(loaded);
      this.diagnostics.clear();
    }
    return broken.size === 0;
  }

  /** The packages that some import, directly or not, and these themselves, in import order. */
  closure(roots: readonly LoadedPackage[]): SourcePackage[] {
    const wanted = new Set<LoadedPackage>();
    const visit = (p: LoadedPackage): void => {
      if (wanted.has(p)) return;
      wanted.add(p);
      for (const imported of p.imports.values()) visit(imported);
    };
    for (const p of roots) visit(p);
    return this.packages.filter((p) => wanted.has(p.loaded));
  }

  /** The checked form of a loaded package. */
  of(loaded: LoadedPackage): SourcePackage | null {
    return this.packages.find((p) => p.loaded === loaded) ?? null;
  }

  /** Parses and checks a package; with `lazy`, its bodies and initialisers only when they are asked for. */
  private package(loaded: LoadedPackage, path: string, lazy: boolean): void {
    const ids = new NodeIds(this.names);
    let mode = 0;
    if (loaded.privileged) mode |= StandardLibrary;
    if (lazy) mode |= SkipBodies;
    if (this.fieldTrack) mode |= FieldTrack;
    if (loaded.standard && (path === "runtime" || path.startsWith("runtime/") || path.startsWith("internal/runtime/") || loaded.overlay)) {
      mode |= RuntimePackage;
    }
    const files: File[] = [];
    for (const file of loaded.files) {
      const parsed = this.parse(file, path, ids, mode);
      if (parsed !== null) files.push(parsed);
    }
    if (this.diagnostics.list.some((d) => d.message.startsWith("syntax error"))) return;
    this.checking.set(path, loaded);
    const types = this.checker.checkPackage(path, loaded.name, files, ids, {
      lazy,
      goVersion: loaded.goVersion,
      parseMode: mode,
      disableUnusedImportCheck: lazy,
    });
    this.checking.delete(path);
    if (!lazy && !this.diagnostics.hasErrors) {
      this.checker.checkCompilerRules(types, loaded.complete);
      if (!this.diagnostics.hasErrors) this.checkEmbeds(files, this.checker.info(types), loaded.embeds);
    }
    this.byLoaded.set(loaded, types);
    this.loadedOf.set(types, loaded);
    const imports = new Set<string>();
    for (const imported of loaded.imports.values()) if (imported.path !== "unsafe") imports.add(imported.path);
    this.packages.push(new SourcePackage(this, loaded, types, this.checker.info(types), files, [...imports].sort()));
  }

  private checkEmbeds(files: readonly File[], info: Info, matches: readonly EmbedMatch[]): void {
    for (const file of files) {
      for (const [variable, paths] of embedded(file, info, matches)) {
        const message = embedError(variable, paths.length);
        if (message !== "") this.diagnostics.error(variable.pos, message);
      }
    }
  }

  private parse(file: LoadedFile, path: string, ids: NodeIds, mode: number): File | null {
    const source = this.sources.add(file.path, file.data.length);
    const tree = parseFile(file.data, source, ids, this.diagnostics, mode);
    const { replacement } = file;
    if (tree === null || replacement === null) return tree;
    if (replacement.apply(tree) && !replacement.expected) this.diagnostics.error(tree.pos, wrongChange(path, file.name));
    return tree;
  }
}
