// One build from beginning to end: load, check, compile, link, write. Everything that can be wrong with the input is a line of text in
// the outcome; everything that can be wrong with the compiler is an InternalError that names what was being compiled.

import { Diagnostics } from "../base/diagnostics.ts";
import { isFipsSymbol } from "../base/fips140.ts";
import { type Host, HostError } from "../base/host.ts";
import { joinPath } from "../base/paths.ts";
import { type Pos, Sources } from "../base/pos.ts";
import type { Architecture } from "../arch/architecture.ts";
import { integrityRecord, link, type LinkResult, linkerSymbols } from "../link/link.ts";
import { type Goroot, treeVersion } from "../load/goroot.ts";
import { type LoadOptions, loadPackages, newLoader, type TestTarget } from "../load/load.ts";
import { type GivenPackage, LoadError, type LoadedPackage, type LoadedProgram } from "../load/package.ts";
import type { ModuleFlags } from "../modules/mains.ts";
import type { Generator } from "../irgen/context.ts";
import { Irgen } from "../irgen/generate.ts";
import { KeepingGenerator } from "../kept/generator.ts";
import { type PassOptions, simplify } from "../passes/pipeline.ts";
import { compileProgram } from "../program/program.ts";
import type { ProgramResult } from "../program/source.ts";
import type { Func } from "../ssa/func.ts";
import type { FuncCode } from "../ssa/object.ts";
import { printFunc } from "../ssa/print.ts";
import { OpBox, OpMakeSlice, OpNew } from "../ssa/ops.gen.ts";
import { NoSym, type Sym, Symbols } from "../ssa/symbol.ts";
import { Func as FuncObject } from "../types/object.ts";
import { AssemblyCache } from "./asmcache.ts";
import { type AssemblyContext, assemblePackage } from "./assembly.ts";
import { BackHalf } from "./backhalf.ts";
import { Bodies } from "./bodies.ts";
import { type BuildInfo, buildInfo, type Setting } from "./buildinfo.ts";
import { CodeCache } from "./codecache.ts";
import { defaultGodebug, directiveFaults } from "./godebug.ts";
import { FrontEnd, type GivenValues, type SourcePackage } from "./front.ts";
import { BrokenBody, NamedGenerator } from "./generator.ts";
import { Packs } from "./pack.ts";
import { Progress } from "./progress.ts";
import type { Store } from "./store.ts";
import { hideTree, shortenPaths, Timings } from "./report.ts";
import { testProgram } from "./testmain.ts";
import { countReport, sizeReport, whyReport } from "./sizes.ts";

/** What to build and how. */
export interface BuildRequest {
  /** Folders, files, import paths or patterns; empty for the current folder. */
  readonly args: readonly string[];
  readonly tags: readonly string[];
  readonly modules: ModuleFlags;
  /** Flags and the state of the version control, for the build information. */
  readonly settings?: readonly Setting[];
  readonly trimpath: boolean;
  /** GOFIPS140: "off", "latest", or the name of a frozen snapshot of the FIPS 140 module. */
  readonly fips140: string;
  /** -ldflags=-X: string variables that are set. */
  readonly values: GivenValues;
  /** How many errors of a package are shown, 0: all. */
  readonly errorLimit: number;
  /** -ldflags=-s: no symbol table, no files and lines. */
  readonly strip: boolean;
  /** Developers' switches of the compiler: verify, dump=NAME, off=PASS (dashes for spaces; simplify, inline, escape, evaluate; all), allocs, sizes, counts, why=SYMBOL, cache
   * (compile although the code is known, and compare), bodies (the same for SSA of bodies), parts (nothing but that the program itself is not kept, as with all of these), break=NAME (a fault of the compiler in that function). */
  readonly debug: readonly string[];
  readonly architecture: Architecture;
  /** What to build instead of `args`. */
  readonly given?: GivenProgram;
  /** Build even what was built before. */
  readonly fresh?: boolean;
  /** How many threads may work at the same time; as many as are useful unless said otherwise. */
  readonly threads?: number;
}

/** Packages under import paths of the caller's choice, as the reference compiler (not its go command) takes them. */
export interface GivenProgram {
  /** Each behind those that it imports. */
  readonly packages: readonly GivenPackage[];
  /** Make the last, which is package main, a program; otherwise all are compiled, and there is no result. */
  readonly link: boolean;
}

/** What a caller may have already. */
export interface BuildMeans {
  /** The Go tree. */
  readonly goroot?: Goroot | null;
  /** What is kept between builds. */
  readonly store?: Store | null;
}

/** An executable. */
export interface Image {
  /** What it is called when -o does not say. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A finished build. Status 0: `images` holds the executables of its main packages. */
export interface BuildOutcome {
  readonly status: number;
  /** What to print: errors, or warnings. */
  readonly lines: readonly string[];
  readonly images: readonly Image[];
  /** The paths of the packages that were asked for. */
  readonly packages: readonly string[];
  /** Those of all packages that are not of the standard library, in the order in which they were taken up. */
  readonly taken: readonly string[];
  /** How the Go tree differs from the one that the overlay was written for. */
  readonly drift: readonly string[];
  readonly timings: Timings;
}

const fieldTracking = "goexperiment.fieldtrack";

const emptyProgram: ProgramResult = {
  functions: [],
  assembly: [],
  data: [],
  typelinks: [],
  itabs: [],
  generated: 0,
  referrer: () => NoSym,
  isReached: () => false,
};

/** Beyond this, threads cost more for getting warm than they give. */
const usefulThreads = 4;

/** Packages that compiled code refers to beyond what the program imports. */
const implicit = ["runtime", "internal/runtime/maps", "internal/abi", "internal/cpu", "internal/runtime/sys", "unsafe"];

/** All that a build depends on besides what it asks the host. */
export function describe(host: Host, request: BuildRequest): string {
  // What is added to requests counts without further notice. Requests with the first two are not kept.
  const { given: _given, debug: _debug, fresh: _fresh, threads: _threads, architecture, values, ...rest } = request;
  const given = [...values].map(([path, names]) => [path, [...names]]);
  return JSON.stringify([host.compilerId(), host.cwd(), architecture.name, given, rest]);
}

/** Builds the program of a package's tests, or checks the package if it has none. Throws LoadError and InternalError. */
export function buildTest(
  host: Host,
  request: BuildRequest,
  store: Store | null,
  target: TestTarget,
  goroot: Goroot | null,
): { outcome: BuildOutcome; hasTests: boolean } {
  const work = new Build(host, request, store);
  return work.ending(() => work.runTest(target, loadOptions(request, goroot)));
}

/** What the loader is to know of a request. */
export function loadOptions(request: BuildRequest, goroot: Goroot | null): LoadOptions {
  return {
    goarch: request.architecture.name,
    tags: [...request.architecture.tags, ...request.tags],
    modules: request.modules,
    fips140: request.fips140,
    implicit,
    goroot,
    ...(request.given && { given: request.given.packages }),
  };
}

/**
 * Builds packages: executables of main packages, of others nothing but the proof that they compile. Never throws for bad input; throws InternalError for the compiler's own
 * faults.
 */
export function build(host: Host, request: BuildRequest, given: BuildMeans = {}): BuildOutcome {
  const work = new Build(host, request, given.store ?? null);
  return work.ending(() => work.run(given.goroot ?? null));
}

class Build {
  private readonly host: Host;
  private readonly request: BuildRequest;
  private readonly sources = new Sources();
  private readonly diagnostics = new Diagnostics();
  private readonly symbols = new Symbols();
  private readonly timings: Timings;
  private readonly passOptions: PassOptions;
  private readonly dumped: string | null;
  private readonly broken: string | null;
  private readonly progress: Progress;
  private readonly packs: Packs;
  private readonly backHalf: BackHalf;
  private readonly assembled: AssemblyCache;
  /** The package of the first errors in assembly, which is looked at when something refers to it. */
  private badAssembly: LoadedPackage | null = null;
  /** What is wrong with the packages. */
  private readonly lines: string[] = [];
  private goroot = "";
  private isTest = false;

  constructor(host: Host, request: BuildRequest, store: Store | null) {
    this.host = host;
    this.request = request;
    this.timings = new Timings(host);
    const debug = request.debug;
    const off = debug.filter((d) => d.startsWith("off=")).map((d) => d.slice(4));
    this.dumped = debug.find((d) => d.startsWith("dump="))?.slice(5) ?? null;
    this.broken = debug.find((d) => d.startsWith("break="))?.slice(6) ?? null;
    this.passOptions = {
      verify: debug.includes("verify"),
      off: new Set(off),
      dump: this.dumped === null ? null : (f, pass) => this.dump(f, pass),
    };
    this.progress = new Progress(host);
    this.packs = new Packs(host, store, request.fresh === true);
    this.backHalf = this.newBackHalf();
    const context = `${host.compilerId()} ${request.architecture.name}`;
    this.assembled = new AssemblyCache(host, this.packs, this.symbols, this.sources, context);
  }

  /** Does something, and ends what runs beside it. */
  ending<R>(action: () => R): R {
    try {
      return action();
    } finally {
      this.progress.end();
      this.backHalf.end();
    }
  }

  /** The Go tree is looked for unless it is given. */
  run(goroot: Goroot | null): BuildOutcome {
    const program = this.load(() => loadPackages(this.host, this.request.args, loadOptions(this.request, goroot)));
    return Array.isArray(program) ? this.failed(program) : this.buildProgram(program);
  }

  /** As buildTest. */
  runTest(target: TestTarget, options: LoadOptions): { outcome: BuildOutcome; hasTests: boolean } {
    const loader = newLoader(this.host, this.request.args, options);
    const test = this.timings.measure("load", () => loader.loadTest(target));
    this.isTest = test !== null;
    if (test !== null) return { outcome: this.buildProgram(testProgram(test, target.at.path)), hasTests: true };
    const program = this.timings.measure("load", () => loader.loadTarget(target));
    this.goroot = program.goroot;
    this.check(this.frontEnd(program), program);
    const outcome = this.lines.length > 0 ? this.failed(this.lines) : this.done(program, []);
    return { outcome, hasTests: false };
  }

  /** The loaded program, or the lines that say why there is none. */
  private load<P>(action: () => P): P | string[] {
    try {
      return this.timings.measure("load", action);
    } catch (error) {
      if (error instanceof LoadError) return [...error.lines];
      if (error instanceof HostError) return [`go3s: ${error.message}`];
      throw error;
    }
  }

  private check(front: FrontEnd, program: LoadedProgram): void {
    this.progress.say("checking", program.packages.length, 0, "packages");
    this.timings.measure("check", () => front.check(program, (pkg) => this.report(pkg)));
  }

  private done(program: LoadedProgram, images: readonly Image[]): BuildOutcome {
    const packages = program.roots.map((p) => p.path);
    const taken = program.packages.filter((p) => !p.standard).map((p) => p.path);
    return { status: 0, lines: program.warnings, images, packages, taken, drift: program.drift, timings: this.timings };
  }

  private frontEnd(program: LoadedProgram): FrontEnd {
    const assembly: AssemblyContext = {
      host: this.host,
      sources: this.sources,
      diagnostics: this.diagnostics,
      symbols: this.symbols,
      architecture: this.request.architecture,
      target: this.request.architecture.newAssembler(),
      program,
      isFunction: (name) => isFunction(front, name),
    };
    const fieldTrack = this.request.tags.includes(fieldTracking);
    const front = new FrontEnd(this.host, this.sources, this.diagnostics, this.givenValues(""), fieldTrack, (pkg, path, goAsm) => {
      const before = this.diagnostics.list.length;
      const assembled = assemblePackage(assembly, this.assembled, pkg, path, goAsm);
      if (this.diagnostics.list.length > before) this.badAssembly ??= pkg;
      return assembled;
    });
    return front;
  }

  private buildProgram(program: LoadedProgram): BuildOutcome {
    this.goroot = program.goroot;
    const front = this.frontEnd(program);
    this.check(front, program);
    if (this.lines.length > 0) return this.failed(this.lines);

    const images: Image[] = [];
    const mains = this.mains(program);
    for (const main of mains) images.push(...this.executable(front, program, main));
    const libraries = this.request.given?.link === true ? [] : program.roots.filter((p) => !mains.includes(p));
    if (libraries.length > 0) {
      const result = this.program(front, program, null, libraries);
      if (!this.diagnostics.hasErrors) this.timings.measure("compile", () => this.compile(result));
      if (this.diagnostics.hasErrors) this.report(this.badAssembly ?? (libraries[0] as LoadedPackage));
    }
    if (this.lines.length > 0) return this.failed(this.lines);
    return this.done(program, images);
  }

  /** String variables that are set: the command line's, the version that runtime.Version tells, the default of GODEBUG, what
   * runtime.GOROOT and testing.Testing tell. */
  private givenValues(godebug: string): GivenValues {
    const values = new Map(this.request.values);
    const own: [string, string, string][] = [["runtime", "buildVersion", treeVersion(this.host, this.goroot)]];
    if (godebug !== "") own.push(["runtime", "godebugDefault", godebug]);
    if (!this.request.trimpath) own.push(["runtime", "defaultGOROOT", this.goroot]);
    if (this.isTest) own.push(["testing", "testBinary", "1"]);
    for (const [path, name, value] of own) values.set(path, new Map([[name, value], ...(values.get(path) ?? [])]));
    return values;
  }

  /** What becomes executables. */
  private mains(program: LoadedProgram): LoadedPackage[] {
    const given = this.request.given;
    if (given === undefined) return program.roots.filter((p) => p.name === "main");
    return given.link ? program.roots.slice(-1) : [];
  }

  /** Compiles and links a main package; no image after errors. */
  private executable(front: FrontEnd, program: LoadedProgram, main: LoadedPackage): Image[] {
    if (!(front.of(main)?.types.scope.lookup("main") instanceof FuncObject)) {
      this.lines.push(`# ${main.path}`, "runtime.main_main·f: function main is undeclared in the main package");
      return [];
    }
    const faults = directiveFaults(this.host, program.goroot, main);
    if (faults.length > 0) {
      this.lines.push(`# ${main.label}`, ...shortenPaths(faults, main.dir, this.host.cwd()));
      return [];
    }
    const godebug = defaultGodebug(this.host, program, main);
    front.givenValues = this.givenValues(godebug);
    const result = this.program(front, program, main, []);
    if (this.diagnostics.hasErrors) {
      this.report(this.badAssembly ?? main);
      return [];
    }
    if (front.wrongValues.size > 0) {
      this.lines.push(`# ${main.path}`, ...front.wrongValues);
      return [];
    }
    const debug = this.request.debug;
    for (const d of debug) if (d.startsWith("why=")) this.print(whyReport(this.symbols, result, d.slice(4)));
    if (debug.includes("counts")) this.print(countReport(result));
    const functions = this.timings.measure("compile", () => this.compile(result));
    if (this.diagnostics.hasErrors) {
      this.report(main);
      return [];
    }
    const linked = this.timings.measure("link", () => this.link(this.buildInfo(main, program, godebug), program, result, functions));
    if (linked.errors.length > 0) {
      this.lines.push(`# ${main.path}`, ...linked.errors.slice(0, 20));
      return [];
    }
    if (debug.includes("sizes")) this.print(sizeReport(this.symbols, functions, result.data, linked.sections));
    return [{ name: outputName(main.path, main.files[0]?.name ?? ""), bytes: linked.image }];
  }

  /** What the executable says about its build: settings in the go command's order. */
  private buildInfo(main: LoadedPackage, program: LoadedProgram, godebug: string): BuildInfo {
    const { request } = this;
    const own = new Map(request.settings ?? []);
    const tags = [...request.tags, ...program.fips140Tags].join(",");
    const fips = program.fips140 === "off" ? "" : program.fips140;
    const all: Setting[] = [
      ["-asmflags", own.get("-asmflags") ?? ""],
      ["-buildmode", "exe"],
      ["-compiler", "go3s"],
      ["-gcflags", own.get("-gcflags") ?? ""],
      ["-ldflags", request.trimpath ? "" : (own.get("-ldflags") ?? "")],
      ["-tags", tags],
      ["-trimpath", request.trimpath ? "true" : ""],
      ["DefaultGODEBUG", godebug],
      ["CGO_ENABLED", "0"],
      ["GOARCH", request.architecture.name],
      ["GOFIPS140", fips],
      ["GOOS", "linux"],
    ];
    for (const name of ["vcs", "vcs.revision", "vcs.time", "vcs.modified"]) all.push([name, own.get(name) ?? ""]);
    const given = all.filter(([, value]) => value !== "");
    return buildInfo(main, program, treeVersion(this.host, program.goroot).split(" ")[0] as string, given);
  }

  /** The functions and data of a program; without `main`, of all that `whole` packages declare. */
  private program(front: FrontEnd, program: LoadedProgram, main: LoadedPackage | null, whole: readonly LoadedPackage[]): ProgramResult {
    let made = 0;
    let ready = 0;
    const roots = program.packages.filter((p) => p === main || whole.includes(p) || implicit.includes(p.path));
    const packages = front.closure(roots);
    const simplifyNew = (f: Func): void => {
      this.progress.say("making", ++made, 0, "functions");
      if (!this.isOff("simplify")) simplify(f);
    };
    const bodies = this.bodies(packages);
    if (!bodies.knowsMost()) this.backHalf.prepare();
    const result = this.making(() =>
      compileProgram({
        sources: this.sources,
        symbols: this.symbols,
        diagnostics: this.diagnostics,
        abiRegisters: this.request.architecture.target.registers,
        ids: front.checker.ids,
        packages,
        main: main === null ? null : front.of(main),
        functions: whole.flatMap((p) => front.of(p)?.declaredFunctions() ?? []),
        generator: this.generator(front, packages, bodies, simplifyNew),
        checkBody: (f) => front.checker.checkBody(f),
        options: {
          roots: main === null ? [] : [this.request.architecture.entry],
          // Without a main package, nobody asks what the runtime would start.
          provided: new Set([integrityRecord, ...linkerSymbols.map((name) => `runtime.${name}`), ...(main === null ? ["main.main"] : [])]),
          simplify: simplifyNew,
          evaluate: !this.isOff("evaluate"),
          inline: !this.isOff("inline"),
          escape: !this.isOff("escape"),
          ready: (f) => {
            this.progress.say("optimising", ++ready, 0, "functions");
            this.backHalf.begin(f);
          },
        },
      }),
    );
    if (!this.diagnostics.hasErrors) this.packs.save();
    return result;
  }

  /** Makes a program; of one that can't be made because of errors in packages of the library, an empty one. */
  private making(action: () => ProgramResult): ProgramResult {
    try {
      return this.timings.measure("program", action);
    } catch (error) {
      if (error instanceof BrokenBody) return emptyProgram;
      throw error;
    }
  }

  private bodies(packages: readonly SourcePackage[]): Bodies {
    const { architecture, tags } = this.request;
    const context = JSON.stringify([this.host.compilerId(), architecture.name, this.isOff("simplify"), tags.includes(fieldTracking)]);
    const overlay = this.host.readFile(joinPath(this.host.overlayFolder(), "overlay.json"));
    return new Bodies(this.packs, packages, implicit, overlay, context);
  }

  private generator(front: FrontEnd, packages: readonly SourcePackage[], bodies: Bodies, simplifyNew: (f: Func) => void): Generator {
    const byPath = new Map(packages.map((p) => [p.types.path, p.types]));
    const keeping = new KeepingGenerator(new Irgen(), bodies, {
      sources: this.sources,
      context: front.checker.context,
      packages: (path) => byPath.get(path) ?? null,
      simplify: simplifyNew,
      compare: this.request.debug.includes("bodies"),
    });
    return new NamedGenerator(keeping, this.sources, this.symbols, this.diagnostics);
  }

  /** Whether -d off=NAME or off=all turns an optimisation off. */
  private isOff(name: string): boolean {
    return this.passOptions.off.has(name) || this.passOptions.off.has("all");
  }

  private link(info: BuildInfo, program: LoadedProgram, result: ProgramResult, functions: FuncCode[]): LinkResult {
    const record = this.symbols.intern(integrityRecord);
    return link(
      {
        symbols: this.symbols,
        sources: this.sources,
        functions,
        data: result.data,
        entry: this.symbols.intern(this.request.architecture.entry),
        itabs: result.itabs,
        typelinks: result.typelinks,
        buildInfo: info.bytes,
        buildInfoText: info.text,
        aliases: new Map(),
        integrity: result.isReached(record) ? { record, covers: isFipsSymbol } : null,
      },
      {
        target: this.request.architecture.link,
        fileName: (file) => this.fileName(file, program),
        deflate: (data) => this.host.deflate(data),
        sha256: (data) => this.host.sha256(data),
        symbolTable: !this.request.strip,
        lines: !this.request.strip,
      },
    );
  }

  private print(lines: readonly string[]): void {
    this.host.stderr(`${lines.join("\n")}\n`);
  }

  /** -d allocs: where compiled code allocates, as file:line, function and type. */
  private listAllocations(functions: readonly Func[]): void {
    for (const f of functions) {
      for (const b of f.blocks) {
        for (const v of b?.values ?? []) {
          if (f.op[v] !== OpNew && f.op[v] !== OpMakeSlice && f.op[v] !== OpBox) continue;
          const at = this.sources.position(f.pos_[v] as Pos);
          const type = f.aux[v] === 0 ? "" : this.symbols.name(f.aux[v] as Sym);
          this.host.stderr(
            `${at.file}:${at.line}: ${f.name}: ${f.op[v] === OpNew ? "new" : f.op[v] === OpBox ? "box" : "makeslice"} ${type}\n`,
          );
        }
      }
    }
  }

  private compile(result: ProgramResult): FuncCode[] {
    if (this.request.debug.includes("allocs")) this.listAllocations(result.functions);
    return [...this.backHalf.finish(result.functions), ...result.assembly];
  }

  private newBackHalf(): BackHalf {
    const { debug, architecture, threads } = this.request;
    const { host, sources, symbols, diagnostics, passOptions } = this;
    const context = [host.compilerId(), architecture.name, passOptions.verify, ...[...passOptions.off].sort()].join(" ");
    // Code of earlier builds says nothing about the work.
    const watched = this.dumped !== null || this.broken !== null || debug.includes("allocs");
    return new BackHalf({
      host,
      sources,
      symbols,
      diagnostics,
      architecture,
      options: passOptions,
      codes: watched ? null : new CodeCache(this.packs, symbols, sources, context),
      compare: debug.includes("cache"),
      broken: this.broken,
      progress: this.progress,
      threads: threads ?? Math.min(host.processors(), usefulThreads),
    });
  }

  private dump(f: Func, pass: string): void {
    if (f.name !== this.dumped && this.symbols.name(f.sym) !== this.dumped) return;
    this.host.stderr(`# after ${pass}\n${printFunc(f, this.symbols, this.request.architecture.target.names)}`);
  }

  private failed(lines: readonly string[]): BuildOutcome {
    return { status: 1, lines, images: [], packages: [], taken: [], drift: [], timings: this.timings };
  }

  /** Turns the diagnostics about a package into lines of the outcome. */
  private report(pkg: LoadedPackage): void {
    const lines = this.diagnostics.render(this.sources, this.request.errorLimit);
    const shown = shortenPaths(lines, pkg.dir, this.host.cwd());
    this.lines.push(`# ${pkg.label}`, ...(pkg.standard ? shown : shown.map((line) => hideTree(line, this.goroot))));
    this.diagnostics.clear();
  }

  /** The name of a source file in tracebacks: its path, or with -trimpath import path and name. */
  private fileName(file: string, program: LoadedProgram): string {
    if (!this.request.trimpath) return file;
    const slash = file.lastIndexOf("/");
    const folder = file.slice(0, slash);
    const pkg = program.packages.find((p) => p.dir === folder);
    return pkg === undefined ? file.slice(slash + 1) : `${pkg.path}${file.slice(slash)}`;
  }
}

function isFunction(front: FrontEnd, name: string): boolean {
  const dot = name.lastIndexOf(".");
  const path = name.slice(0, dot);
  const pkg = front.packages.find((p) => p.types.path === path);
  return pkg?.types.scope.lookup(name.slice(dot + 1)) instanceof FuncObject;
}

/** As the go command names binaries: the last part of the import path, or the first file without its ending. */
export function outputName(path: string, firstFile: string): string {
  if (path === "command-line-arguments") return firstFile.replace(/\.go$/, "");
  const parts = path.split("/");
  const last = parts[parts.length - 1] as string;
  return /^v[2-9]\d*$|^v1\d+$/.test(last) && parts.length > 1 ? (parts[parts.length - 2] as string) : last;
}
