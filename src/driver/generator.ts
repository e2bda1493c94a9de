// A generator with the name of what it works on in the exceptions that leave it, for reports of the compiler's own faults.

import type { Diagnostics } from "../base/diagnostics.ts";
import type { Position, Sources } from "../base/pos.ts";
import type { ClosurePayload, FunctionInstance, Generator, ProgramContext, ProgramPackage } from "../irgen/context.ts";
import type { Func } from "../ssa/func.ts";
import type { Sym, Symbols } from "../ssa/symbol.ts";
import type { Initializer } from "../types/info.ts";
import { InternalError } from "./report.ts";

/** A body could not be made because there are errors in what it refers to, which were found only then. They are among the diagnostics. */
export class BrokenBody extends Error {}

/** Throws BrokenBody and InternalError. */
export class NamedGenerator implements Generator {
  private readonly inner: Generator;
  private readonly sources: Sources;
  private readonly symbols: Symbols;
  private readonly diagnostics: Diagnostics;

  constructor(inner: Generator, sources: Sources, symbols: Symbols, diagnostics: Diagnostics) {
    this.diagnostics = diagnostics;
    this.inner = inner;
    this.sources = sources;
    this.symbols = symbols;
  }

  function(ctx: ProgramContext, instance: FunctionInstance): Func {
    try {
      return this.inner.function(ctx, instance);
    } catch (error) {
      const { object } = instance;
      const name = object.pkg === null ? object.name : `${object.pkg.path}.${object.name}`;
      throw this.fault(name, this.sources.position(object.pos), error);
    }
  }

  closure(ctx: ProgramContext, sym: Sym, payload: ClosurePayload): Func {
    try {
      return this.inner.closure(ctx, sym, payload);
    } catch (error) {
      throw this.fault(this.symbols.name(sym), noPlace, error);
    }
  }

  initializer(ctx: ProgramContext, pkg: ProgramPackage, step: Initializer, sym: Sym, literals: () => number): Func {
    try {
      return this.inner.initializer(ctx, pkg, step, sym, literals);
    } catch (error) {
      throw this.fault(this.symbols.name(sym), this.sources.position(step.rhs.pos), error);
    }
  }

  private fault(name: string, at: Position, error: unknown): Error {
    return this.diagnostics.hasErrors ? new BrokenBody() : InternalError.at(name, at, error);
  }
}

const noPlace = { file: "", line: 0, column: 0 };
