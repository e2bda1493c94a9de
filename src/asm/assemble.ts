// The assembler: one Plan 9 assembly file to functions and data.
//
// How symbols are named. In the image a Go function with the register ABI (ABIInternal) is "pkg/path.Name", the same function
// with the stack ABI (ABI0) is "pkg/path.Name<0>"; wrappers between the two are made elsewhere. So:
// - TEXT name(SB) defines "name<0>", TEXT name<ABIInternal>(SB) defines "name".
// - The target of CALL, JMP, RET and the like is code: "name<0>", or "name" with <ABIInternal>.
// - Any other reference (MOVQ $name(SB), LEAQ name(SB), MOVQ name(SB), DATA ... $name(SB)) is to code when the file has a TEXT of
//   that name and ABI or the caller's `isFunction` says so; then it is named like the target of a call. Otherwise it is data and
//   named "name".
// - name<>(SB) belongs to the file: "pkg/path.name<>file.s", whatever it is.
// - A name that starts with the middle dot is qualified with the package's path.

import {
  AbiInternal,
  type Addr,
  AddrAddr,
  AddrConst,
  AddrFloat,
  AddrString,
  type AsmContext,
  type AsmTarget,
  NameStatic,
  ProgFuncData,
  TextRodata,
} from "../arch/asm.ts";
import type { Diagnostics } from "../base/diagnostics.ts";
import { NoPos, type SourceFile, type Sources } from "../base/pos.ts";
import { DataObject, DataReadOnly, DataWritable, DataZero, type FuncCode, RelocAbs64, Relocs } from "../ssa/object.ts";
import type { Sym, Symbols } from "../ssa/symbol.ts";
import { type DataLine, type Parsed, Parser, showAddr } from "./parser.ts";
import { AsmAbort, Preprocessor } from "./preprocess.ts";

/** What the assembler needs beside the source. */
export interface AsmOptions {
  readonly target: AsmTarget;
  /** The import path of the package; "main" for commands. */
  readonly packagePath: string;
  /** "NAME" or "NAME=VALUE", as after -D: GOOS_linux, GOARCH_amd64, GOAMD64_v1 ... */
  readonly defines: readonly string[];
  /** The text of an included file ("textflag.h", "go_asm.h", "funcdata.h", a header of the package), or null. */
  include(name: string): Uint8Array | null;
  /** Is a package-qualified name, used other than as the target of a call, a function? */
  isFunction(name: string): boolean;
  /** May the source name an ABI (<ABIInternal>)? True for the runtime and a few packages close to it. */
  readonly allowAbi: boolean;
  readonly symbols: Symbols;
  readonly sources: Sources;
  readonly diagnostics: Diagnostics;
}

/** One function of an assembly file. */
export interface AsmFunction {
  readonly code: FuncCode;
  /** The Go name, package-qualified ("runtime.memmove"); file-local functions have none: "". */
  readonly name: string;
  /** 0: stack ABI; 1: register ABI (AbiInternal). */
  readonly abi: number;
  /** The flags of TEXT (textflag.h). */
  readonly flags: number;
  /** Bytes of arguments and results as TEXT says; -1: it doesn't. */
  readonly argSize: number;
  /** The frame holds no pointers (NO_LOCAL_POINTERS). */
  readonly noLocalPointers: boolean;
}

/** A symbol that the file uses but does not define. */
export interface AsmReference {
  readonly sym: Sym;
  /** Package-qualified name without ABI. */
  readonly name: string;
  /** 0, 1: a function of that ABI; -1: data. */
  readonly abi: number;
}

/** What becomes of one assembly file. */
export interface AsmUnit {
  readonly functions: AsmFunction[];
  readonly data: DataObject[];
  readonly references: AsmReference[];
}

/** The packages whose assembly may name ABIs. */
export const abiPackages: readonly string[] = [
  "runtime",
  "reflect",
  "syscall",
  "internal/bytealg",
  "internal/chacha8rand",
  "internal/runtime/syscall/linux",
  "internal/runtime/syscall/windows",
  "internal/runtime/startlinetest",
];

/**
 * Assembles one file. Errors go to the diagnostics, worded as `go tool asm` words them; the unit then holds what could be
 * assembled. Never throws for bad input.
 */
export function assemble(source: Uint8Array, fileName: string, options: AsmOptions): AsmUnit {
  const unit: AsmUnit = { functions: [], data: [], references: [] };
  const { sources, diagnostics } = options;
  const report = (file: SourceFile | null, line: number, message: string) => {
    if (file === null) diagnostics.error(NoPos, message);
    else diagnostics.error(file.pos(file.lines[Math.min(line, file.lines.length) - 1] as number), message);
  };
  const input = new Preprocessor(sources, (name) => options.include(name), report);
  for (const define of options.defines) input.define(define);
  input.pushFile(fileName, source);
  const parser = new Parser(input, options.target, options.packagePath, options.allowAbi, report);
  try {
    if (!parser.parse()) return unit;
  } catch (e) {
    if (e instanceof AsmAbort) return unit;
    throw e;
  }
  new Builder(parser.parsed, fileName, options, unit).build();
  return unit;
}

/** Turns a parsed file into functions and data. */
class Builder implements AsmContext {
  private readonly parsed: Parsed;
  private readonly options: AsmOptions;
  private readonly unit: AsmUnit;
  private readonly base: string;
  private readonly texts = new Set<string>();
  private readonly defined = new Set<Sym>();
  private readonly referenced = new Map<Sym, AsmReference>();
  readonly symbols: Symbols;
  readonly diagnostics: Diagnostics;
  readonly fileName: string;

  constructor(parsed: Parsed, fileName: string, options: AsmOptions, unit: AsmUnit) {
    this.parsed = parsed;
    this.fileName = fileName;
    this.options = options;
    this.unit = unit;
    this.symbols = options.symbols;
    this.diagnostics = options.diagnostics;
    this.base = fileName.slice(fileName.lastIndexOf("/") + 1);
    for (const text of parsed.texts) if (!text.isStatic) this.texts.add(`${text.name}<${text.abi}>`);
  }

  build(): void {
    const { target } = this.options;
    for (const text of this.parsed.texts) {
      const code = target.assemble(text, this);
      if (code === null) continue;
      this.defined.add(code.sym);
      let noLocalPointers = false;
      for (const prog of text.progs) {
        if (prog.inst === ProgFuncData && (prog.args[1] as Addr).sym === "no_pointers_stackmap") noLocalPointers = true;
      }
      const { abi, flags, argSize } = text;
      this.unit.functions.push({ code, name: text.isStatic ? "" : text.name, abi, flags, argSize, noLocalPointers });
    }
    this.buildData();
    for (const reference of this.referenced.values()) {
      if (!this.defined.has(reference.sym)) this.unit.references.push(reference);
    }
  }

  symbolOf(addr: Addr, isCode: boolean): Sym {
    if (addr.name === NameStatic) {
      const prefix = `${this.options.packagePath}.`;
      const short = addr.sym.startsWith(prefix) ? addr.sym.slice(prefix.length) : addr.sym;
      const sym = this.symbols.intern(`${prefix}${short}<>${this.base}`);
      this.defined.add(sym);
      return sym;
    }
    const code = isCode || this.texts.has(`${addr.sym}<${addr.abi}>`) || this.options.isFunction(addr.sym);
    const sym = this.symbols.intern(code && addr.abi !== AbiInternal ? `${addr.sym}<0>` : addr.sym);
    if (!this.referenced.has(sym)) this.referenced.set(sym, { sym, name: addr.sym, abi: code ? addr.abi : -1 });
    return sym;
  }

  addData(data: DataObject): void {
    if (this.defined.has(data.sym)) return;
    this.defined.add(data.sym);
    this.unit.data.push(data);
  }

  error(prog: { readonly pos: AsmFunction["code"]["pos"] }, message: string): void {
    this.diagnostics.error(prog.pos, message);
  }

  show(addr: Addr): string {
    return showAddr(addr, this.options.target);
  }

  private buildData(): void {
    const lines = new Map<string, DataLine[]>();
    const key = (addr: Addr) => `${addr.name}:${addr.sym}`;
    for (const line of this.parsed.data) {
      const known = lines.get(key(line.addr));
      if (known === undefined) lines.set(key(line.addr), [line]);
      else known.push(line);
    }
    for (const globl of this.parsed.globls) {
      const own = lines.get(key(globl.addr)) ?? [];
      lines.delete(key(globl.addr));
      let size = globl.size;
      for (const line of own) size = Math.max(size, line.addr.offset + line.size);
      const sym = this.symbolOf(globl.addr, false);
      this.defined.add(sym);
      const readOnly = (globl.flags & TextRodata) !== 0;
      const section = readOnly ? DataReadOnly : own.length > 0 ? DataWritable : DataZero;
      const relocs = new Relocs();
      const bytes = this.fill(own, relocs);
      const align = this.options.target.dataAlign(size);
      // Pointers: assembly cannot say where they are. A variable that holds some is declared in Go.
      this.unit.data.push(new DataObject(sym, section, size, align, bytes, relocs, [], false));
    }
    for (const rest of lines.values()) {
      const line = rest[0] as DataLine;
      this.diagnostics.error(line.pos, `${line.addr.sym}: DATA without GLOBL`);
    }
  }

  private fill(lines: readonly DataLine[], relocs: Relocs): Uint8Array {
    let end = 0;
    for (const line of lines) end = Math.max(end, line.addr.offset + line.size);
    const bytes = new Uint8Array(end);
    const view = new DataView(bytes.buffer);
    for (const { addr, size, value } of lines) {
      const at = addr.offset;
      switch (value.type) {
        case AddrConst:
          if (size === 1) view.setInt8(at, value.low);
          else if (size === 2) view.setInt16(at, value.low, true);
          else view.setInt32(at, value.low, true);
          if (size === 8) view.setInt32(at + 4, value.high, true);
          break;
        case AddrFloat:
          if (size === 4) view.setFloat32(at, value.float, true);
          else view.setFloat64(at, value.float, true);
          break;
        case AddrString:
          for (let i = 0; i < value.text.length; i++) bytes[at + i] = value.text.charCodeAt(i);
          break;
        case AddrAddr:
          relocs.add(at, RelocAbs64, this.symbolOf(value, false), value.offset);
          break;
      }
    }
    return bytes;
  }
}
