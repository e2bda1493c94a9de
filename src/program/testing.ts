// Help for tests: a program made of packages of the Go tree and a test package, with a generator that makes empty functions.
// Not part of the product.

import { NoPos } from "../base/pos.ts";
import { AbiInfo } from "../ssa/abi.ts";
import { BlockRet, CallInfo, Func } from "../ssa/func.ts";
import { OpConst, OpConstF, OpInitMem } from "../ssa/ops.gen.ts";
import { type Sym, Symbols } from "../ssa/symbol.ts";
import { isFloat, TypeMem } from "../ssa/types.ts";
import { objDecl } from "../types/decl.ts";
import type { Package } from "../types/package.ts";
import { TestChecker } from "../types/testing.ts";
import { Program } from "./program.ts";
import type { Generator, ProgramInput, ProgramSource } from "./source.ts";

/** A function that returns zeros. */
export function emptyFunc(sym: Sym, name: string, abi: AbiInfo): Func {
  const f = new Func(sym, name, NoPos, abi, new CallInfo(sym, abi, false), 0);
  const mem = f.value0(f.entry, OpInitMem, TypeMem, NoPos);
  f.entry.kind = BlockRet;
  for (const type of f.self.resultTypes) {
    const v = f.value0(f.entry, isFloat(type) ? OpConstF : OpConst, type, NoPos);
    f.addControl(f.entry, v);
  }
  f.addControl(f.entry, mem);
  return f;
}

function source(t: TestChecker, pkg: Package): ProgramSource {
  const checker = pkg.checker;
  if (checker === null) throw new Error(`package ${pkg.path} has no checker`);
  return {
    types: pkg,
    info: checker.info,
    standard: pkg.path !== "main",
    files: checker.files,
    imports: pkg.imports.map((p) => p.path),
    assemblyMentions: () => true,
    hasAssembly: false,
    assemble: () => ({ functions: [], data: [] }),
    initializers: () => t.checker.initializers(pkg),
    checkInitializer: (step) => t.checker.checkInitializer(step),
    initOrder: (steps) => t.checker.initOrder(pkg, steps),
    embedded: () => null,
  };
}

/** A program of a test package called main and all that it imports, with the Go tree's own runtime. */
export function testProgram(goroot: string, files: { name: string; data: Uint8Array }[], generator?: Generator): Program {
  const t = new TestChecker(goroot);
  const main = t.check("main", files, { goVersion: "go1.26" });
  const errors = t.diagnostics.list.map((d) => d.message);
  if (errors.length > 0) throw new Error(errors.join("\n"));
  const runtime = t.import("runtime", main);
  if (typeof runtime === "string") throw new Error(runtime);
  const order: Package[] = [];
  const visit = (p: Package): void => {
    if (order.includes(p) || p.checker === null) return;
    for (const i of p.imports) visit(i);
    order.push(p);
  };
  visit(runtime);
  visit(main);
  const packages = order.map((p) => source(t, p));
  const empty: Generator = {
    function(ctx, instance) {
      objDecl(null, instance.object);
      const sym = ctx.functionSym(instance);
      return emptyFunc(sym, ctx.symbols.name(sym), new AbiInfo([], [], 0, 0));
    },
    closure: (ctx, sym) => emptyFunc(sym, ctx.symbols.name(sym), new AbiInfo([], [], 0, 0)),
    initializer: (ctx, _pkg, _step, sym) => emptyFunc(sym, ctx.symbols.name(sym), new AbiInfo([], [], 0, 0)),
  };
  const input: ProgramInput = {
    sources: t.sources,
    symbols: new Symbols(),
    diagnostics: t.diagnostics,
    abiRegisters: { integers: 9, floats: 15 },
    ids: t.checker.ids,
    packages,
    main: packages[packages.length - 1] as ProgramSource,
    functions: [],
    generator: generator ?? empty,
    checkBody: (f) => t.checker.checkBody(f),
    options: { roots: [], provided: new Set(), simplify: null, evaluate: true, escape: true },
  };
  return new Program(input);
}
