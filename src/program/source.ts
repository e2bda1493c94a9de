// What the program is made from: packages as the loader and the checker hand them over, the generator of function bodies,
// assembled code. Interfaces only, so that this folder does not depend on those that come later.

import type { Diagnostics } from "../base/diagnostics.ts";
import type { Sources } from "../base/pos.ts";
import type { Generator, ProgramPackage } from "../irgen/context.ts";
import type { AbiRegisters } from "../ssa/abi.ts";
import type { Func } from "../ssa/func.ts";
import type { DataObject, FuncCode } from "../ssa/object.ts";
import type { Sym, Symbols } from "../ssa/symbol.ts";
import type { File } from "../syntax/tree.ts";
import type { Initializer } from "../types/info.ts";
import type { Func as FuncObject, Var } from "../types/object.ts";
import type { TypeIds } from "../types/types.ts";

export type { Generator } from "../irgen/context.ts";

/** Machine code and data of a package's assembly files. Symbols of functions end in "<0>" unless they are ABIInternal. */
export interface Assembled {
  readonly functions: readonly FuncCode[];
  readonly data: readonly DataObject[];
}

/** A file that `//go:embed` put into a variable: its path relative to the package and its bytes. */
export interface EmbeddedFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface ProgramSource extends ProgramPackage {
  readonly files: readonly File[];
  /** Paths of the directly imported packages. */
  readonly imports: readonly string[];
  /** The package has assembly files. */
  readonly hasAssembly: boolean;
  /** Whether a word (`const_x`, or the type in `type_field`) stands in its assembly files. */
  assemblyMentions(word: string): boolean;
  /** Assembles them, with the text of go_asm.h. Called at most once. */
  assemble(goAsm: string): Assembled;
  /** The initialisers of the package's variables, perhaps neither in order nor checked. */
  initializers(): readonly Initializer[];
  /** Checks an initialiser if that is not done yet. */
  checkInitializer(step: Initializer): void;
  /** Some of the initialisers in their order. */
  initOrder(steps: readonly Initializer[]): readonly Initializer[];
  /** The files of an embedding variable, sorted by path; null if it embeds nothing. */
  embedded(variable: Var): readonly EmbeddedFile[] | null;
}

export interface ProgramOptions {
  /** Symbols that are reached in any case, with everything behind them (entry points of the image). */
  readonly roots: readonly string[];
  /** Symbols that the linker will define. */
  readonly provided: ReadonlySet<string>;
  /** Runs on every function that the generator does not make of a body when it is new, before its references are looked at (folds constant branches). */
  readonly simplify: ((f: Func) => void) | null;
  /** Run initialisers at compile time; false: only the runtime's, which can't do without. */
  readonly evaluate?: boolean;
  readonly inline?: boolean;
  /** Move allocations that don't escape to frames; false: only in the runtime, which can't do without. */
  readonly escape?: boolean;
  /** Told of functions that will not change any more. They may turn out not to be needed. */
  readonly ready?: (f: Func) => void;
}

export interface ProgramInput {
  readonly sources: Sources;
  readonly symbols: Symbols;
  readonly diagnostics: Diagnostics;
  readonly abiRegisters: AbiRegisters;
  readonly ids: TypeIds;
  /** All packages, each behind those that it imports. */
  readonly packages: readonly ProgramSource[];
  /** Null for packages that are compiled without a program around them. */
  readonly main: ProgramSource | null;
  /** Functions that are compiled, reached or not. None of them is generic. */
  readonly functions: readonly FuncObject[];
  readonly generator: Generator;
  /** Parses and checks a body if that is not done yet. */
  checkBody(func: FuncObject): void;
  readonly options: ProgramOptions;
}

/** The closed program. */
export interface ProgramResult {
  readonly functions: readonly Func[];
  /** Assembled functions that are reached. */
  readonly assembly: readonly FuncCode[];
  readonly data: readonly DataObject[];
  /** Descriptors that reflection must find by name, sorted by their string. */
  readonly typelinks: readonly Sym[];
  readonly itabs: readonly Sym[];
  /** How many bodies were turned into SSA on the way. */
  readonly generated: number;
  /** Who referred to a reached symbol first; NoSym for roots. */
  referrer(sym: Sym): Sym;
  isReached(sym: Sym): boolean;
}
