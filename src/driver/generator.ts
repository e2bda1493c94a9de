// A generator with the name of what it works on in the exceptions that leave it, for reports of the compiler's own faults.

import type { Sources } from "../base/pos.ts";
import type { ClosurePayload, FunctionInstance, Generator, ProgramContext, ProgramPackage } from "../irgen/context.ts";
import type { Func } from "../ssa/func.ts";
import type { Sym, Symbols } from "../ssa/symbol.ts";
import type { Initializer } from "../types/info.ts";
import { InternalError } from "./report.ts";

export class NamedGenerator implements Generator {
  private readonly inner: Generator;
  private readonly sources: Sources;
  private readonly symbols: Symbols;

  constructor(inner: Generator, sources: Sources, symbols: Symbols) {
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
      throw InternalError.at(name, this.sources.position(object.pos), error);
    }
  }

  closure(ctx: ProgramContext, sym: Sym, payload: ClosurePayload): Func {
    try {
      return this.inner.closure(ctx, sym, payload);
    } catch (error) {
      throw InternalError.at(this.symbols.name(sym), noPlace, error);
    }
  }

  initializer(ctx: ProgramContext, pkg: ProgramPackage, step: Initializer, sym: Sym, literals: () => number): Func {
    try {
      return this.inner.initializer(ctx, pkg, step, sym, literals);
    } catch (error) {
      throw InternalError.at(this.symbols.name(sym), this.sources.position(step.rhs.pos), error);
    }
  }
}

const noPlace = { file: "", line: 0, column: 0 };
