// One build from beginning to end: load, check, compile, link, write. Everything that can be wrong with the input is a line of text in
// the outcome; everything that can be wrong with the compiler is an InternalError that names what was being compiled.

import { Diagnostics } from "../base/diagnostics.ts";
import { type Host, HostError } from "../base/host.ts";
import { type Pos, Sources } from "../base/pos.ts";
import type { Architecture } from "../arch/registry.ts";
import { compileFunction } from "../codegen/compile.ts";
import { Irgen } from "../irgen/generate.ts";
import { link, linkerSymbols } from "../link/link.ts";
import { loadPackages } from "../load/load.ts";
import { LoadError, type LoadedPackage, type LoadedProgram } from "../load/package.ts";
import { shortPath } from "../load/paths.ts";
import { optimize, type PassOptions, simplify } from "../passes/pipeline.ts";
import { compileProgram } from "../program/program.ts";
import type { ProgramResult } from "../program/source.ts";
import type { Func } from "../ssa/func.ts";
import type { FuncCode } from "../ssa/object.ts";
import { printFunc } from "../ssa/print.ts";
import { OpMakeSlice, OpNew } from "../ssa/ops.gen.ts";
import { type Sym, Symbols } from "../ssa/symbol.ts";
import { mustVerify } from "../ssa/verify.ts";
import { Func as FuncObject } from "../types/object.ts";
import { assemblePackage } from "./assembly.ts";
import { buildInfo } from "./buildinfo.ts";
import { FrontEnd } from "./front.ts";
import { InternalError, Timings } from "./report.ts";
import { sizeReport, whyReport } from "./sizes.ts";

/** What to build and how. */
export interface BuildRequest {
  /** Folder, files or import path of the main package; empty for the current folder. */
  readonly args: readonly string[];
  readonly tags: readonly string[];
  readonly trimpath: boolean;
  /** -ldflags=-s: no symbol table, no files and lines. */
  readonly strip: boolean;
  /** Developers' switches of the compiler: verify, dump=NAME, off=PASS, allocs, sizes, counts, why=SYMBOL. */
  readonly debug: readonly string[];
  readonly architecture: Architecture;
}

/** A finished build. Status 0: `image` holds the executable; otherwise `lines` say why not. */
export interface BuildOutcome {
  readonly status: number;
  readonly lines: readonly string[];
  readonly image: Uint8Array | null;
  /** What the output is called when -o does not say. */
  readonly name: string;
  readonly timings: Timings;
}

/** Symbols that the image needs whatever the program is. */
const roots = ["_rt0_amd64_linux"];

/** Packages that compiled code refers to beyond what the program imports. */
const implicit = ["runtime", "internal/runtime/maps", "internal/abi", "internal/cpu", "internal/runtime/sys", "unsafe"];

/** Builds a program. Never throws for bad input; throws InternalError for the compiler's own faults. */
export function build(host: Host, request: BuildRequest): BuildOutcome {
  return new Build(host, request).run();
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

  constructor(host: Host, request: BuildRequest) {
    this.host = host;
    this.request = request;
    this.timings = new Timings(host);
    const debug = request.debug;
    const off = debug.filter((d) => d.startsWith("off=")).map((d) => d.slice(4));
    this.dumped = debug.find((d) => d.startsWith("dump="))?.slice(5) ?? null;
    this.passOptions = {
      verify: debug.includes("verify"),
      off: new Set(off),
      dump: this.dumped === null ? null : (f, pass) => this.dump(f, pass),
    };
  }

  run(): BuildOutcome {
    let program: LoadedProgram;
    try {
      program = this.timings.measure("load", () =>
        loadPackages(this.host, this.request.args, {
          goarch: this.request.architecture.name,
          tags: this.request.tags,
          implicit,
          goroot: null,
        }),
      );
    } catch (error) {
      if (error instanceof LoadError) return this.failed(error.lines);
      if (error instanceof HostError) return this.failed([`go3s: ${error.message}`]);
      throw error;
    }
    const main = program.roots[0];
    if (main === undefined) return this.failed(["go3s: no packages to build"]);
    const front = new FrontEnd(this.host, this.sources, this.diagnostics, (pkg, path, goAsm) =>
      assemblePackage(
        {
          host: this.host,
          sources: this.sources,
          diagnostics: this.diagnostics,
          symbols: this.symbols,
          target: this.request.architecture.asm,
          goarch: this.request.architecture.name,
          program,
          isFunction: (name) => isFunction(front, name),
        },
        pkg,
        path,
        goAsm,
      ),
    );
    const broken = this.timings.measure("check", () => front.check(program));
    if (broken !== null) return this.failed(this.messages(broken));
    if (main.name !== "main") return { ...this.failed([]), status: 0, name: "" };
    const mainSource = front.of(main);
    const object = mainSource?.types.scope.lookup("main");
    if (!mainSource || !(object instanceof FuncObject)) {
      return this.failed([`# ${main.path}`, "runtime.main_main·f: function main is undeclared in the main package"]);
    }
    const result = this.timings.measure("program", () =>
      compileProgram({
        sources: this.sources,
        symbols: this.symbols,
        diagnostics: this.diagnostics,
        abiRegisters: this.request.architecture.target.registers,
        ids: front.checker.ids,
        packages: front.packages,
        main: mainSource,
        generator: new Irgen(),
        checkBody: (f) => front.checker.checkBody(f),
        options: { roots, provided: new Set(linkerSymbols.map((name) => `runtime.${name}`)), simplify },
      }),
    );
    if (this.diagnostics.hasErrors) return this.failed(this.messages(main));
    return this.finish(program, main, result);
  }

  private finish(program: LoadedProgram, main: LoadedPackage, result: ProgramResult): BuildOutcome {
    for (const d of this.request.debug) if (d.startsWith("why=")) this.report(whyReport(this.symbols, result, d.slice(4)));
    if (this.request.debug.includes("counts")) {
      const { functions, assembly, data, generated } = result;
      this.report([`${generated} bodies generated, ${functions.length} compiled, ${assembly.length} assembled, ${data.length} data`]);
    }
    const functions = this.timings.measure("compile", () => this.compile(result));
    const linked = this.timings.measure("link", () =>
      link(
        {
          symbols: this.symbols,
          sources: this.sources,
          functions,
          data: result.data,
          entry: this.symbols.intern(roots[0] as string),
          itabs: result.itabs,
          typelinks: result.typelinks,
          buildInfo: buildInfo(main, program),
          aliases: new Map(),
        },
        {
          target: this.request.architecture.link,
          fileName: (file) => this.fileName(file, program),
          deflate: (data) => this.host.deflate(data),
          sha256: (data) => this.host.sha256(data),
          symbolTable: !this.request.strip,
          lines: !this.request.strip,
        },
      ),
    );
    if (linked.errors.length > 0) return this.failed([`# ${main.path}`, ...linked.errors.slice(0, 20)]);
    if (this.request.debug.includes("sizes")) this.report(sizeReport(this.symbols, functions, result.data, linked.sections));
    return { status: 0, lines: [], image: linked.image, name: outputName(main), timings: this.timings };
  }

  private report(lines: readonly string[]): void {
    this.host.stderr(`${lines.join("\n")}\n`);
  }

  /** -d allocs: where compiled code allocates, as file:line, function and type. */
  private listAllocations(functions: readonly Func[]): void {
    for (const f of functions) {
      for (const b of f.blocks) {
        for (const v of b?.values ?? []) {
          if (f.op[v] !== OpNew && f.op[v] !== OpMakeSlice) continue;
          const at = this.sources.position(f.pos_[v] as Pos);
          const type = f.aux[v] === 0 ? "" : this.symbols.name(f.aux[v] as Sym);
          this.host.stderr(`${at.file}:${at.line}: ${f.name}: ${f.op[v] === OpNew ? "new" : "makeslice"} ${type}\n`);
        }
      }
    }
  }

  private compile(result: ProgramResult): FuncCode[] {
    const target = this.request.architecture.target;
    const verify = this.passOptions.verify;
    if (this.request.debug.includes("allocs")) this.listAllocations(result.functions);
    const functions: FuncCode[] = [];
    for (const f of result.functions) {
      try {
        if (verify) mustVerify(f, "generation");
        this.passOptions.dump?.(f, "generation");
        optimize(f, this.passOptions);
        functions.push(compileFunction(f, target, this.symbols, { verify }));
      } catch (error) {
        throw InternalError.at(f.name, this.sources.position(f.pos), error);
      }
    }
    for (const f of result.assembly) functions.push(f);
    return functions;
  }

  private dump(f: Func, pass: string): void {
    if (f.name !== this.dumped && this.symbols.name(f.sym) !== this.dumped) return;
    this.host.stderr(`# after ${pass}\n${printFunc(f, this.symbols, this.request.architecture.target.names)}`);
  }

  private failed(lines: readonly string[]): BuildOutcome {
    return { status: 1, lines, image: null, name: "", timings: this.timings };
  }

  private messages(pkg: LoadedPackage): string[] {
    const cwd = this.host.cwd();
    const lines = this.diagnostics.render(this.sources, 10, (file) => localPath(cwd, file));
    // Further places inside a message ("other declaration of x") are full paths until here.
    return [`# ${pkg.path}`, ...lines.map((line) => line.replaceAll(`${cwd}/`, "./"))];
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

/** A file as errors show it: files of the current folder start with "./". */
function localPath(cwd: string, file: string): string {
  const short = shortPath(cwd, file);
  return short.includes("/") ? short : `./${short}`;
}

/** As the go command names binaries: the last part of the import path, or the first file without its ending. */
function outputName(main: LoadedPackage): string {
  if (main.path === "command-line-arguments") return (main.files[0]?.name ?? "main.go").replace(/\.go$/, "");
  const parts = main.path.split("/");
  const last = parts[parts.length - 1] as string;
  return /^v[2-9]\d*$|^v1\d+$/.test(last) && parts.length > 1 ? (parts[parts.length - 2] as string) : last;
}
