// The entry points: SSA of declared functions, of the functions that come up inside them, and of initialisers.

import { assignAbi } from "../ssa/abi.ts";
import { CallInfo, FnHasDefer, Func } from "../ssa/func.ts";
import { OpInitMem } from "../ssa/ops.gen.ts";
import type { Sym } from "../ssa/symbol.ts";
import { TypeMem } from "../ssa/types.ts";
import { startPos } from "../syntax/positions.ts";
import type { Initializer } from "../types/info.ts";
import { funcSignature } from "../types/named.ts";
import { originFunc, type Var } from "../types/object.ts";
import { Signature, Tuple, type Type } from "../types/types.ts";
import { Analysis } from "./analysis.ts";
import { Body, ClosureNames, Environment } from "./body.ts";
import { Pending, writePending } from "./closure.ts";
import type { ClosurePayload, FunctionInstance, Generator, ProgramContext, ProgramPackage } from "./context.ts";
import { convertTo } from "./convert.ts";
import { discard, exprAs, multi, multiTypes } from "./expr.ts";
import { closeFrame, openFrame } from "./frame.ts";
import { placeOf, store } from "./lvalue.ts";
import { traceName } from "./naming.ts";
import type { Operand } from "./operand.ts";
import { block } from "./stmt.ts";
import { TypeEnv } from "./typeenv.ts";

/** Runs a step and names the function if it fails. */
function named<T>(ctx: ProgramContext, name: string, body: () => Body | null, f: () => T): T {
  try {
    return f();
  } catch (e) {
    if (!(e instanceof Error) || e.message.startsWith("internal error")) throw e;
    const g = body();
    const at = g === null ? null : ctx.sources.position(g.b.pos);
    e.message = `internal error: generating ${name}${at === null ? "" : ` at ${at.file}:${at.line}:${at.column}`}: ${e.message}`;
    throw e;
  }
}

function environment(ctx: ProgramContext, pkg: ProgramPackage, types: TypeEnv): Environment {
  return new Environment(ctx, pkg, types, new Analysis(pkg.types));
}

function typeEnv(pkg: ProgramPackage, params: ConstructorParameters<typeof TypeEnv>[1], args: readonly Type[]): TypeEnv {
  const checker = pkg.types.checker;
  if (checker === null) throw new Error(`package ${pkg.types.path} was not checked`);
  return new TypeEnv(checker.ctxt, params, args);
}

/** SSA of a declared function or method with its type arguments. */
export function generateFunction(ctx: ProgramContext, instance: FunctionInstance): Func {
  const object = originFunc(instance.object);
  const sym = ctx.functionSym({ object, typeArgs: instance.typeArgs });
  const name = ctx.symbols.name(sym);
  let g: Body | null = null;
  return named(
    ctx,
    name,
    () => g,
    () => {
      const facts = ctx.facts(object);
      if (facts === null || facts.decl.body === null) throw new Error("the function has no body");
      const sig = funcSignature(object);
      const params = sig.recv !== null ? sig.rparams : sig.tparams;
      const env = environment(ctx, facts.pkg, typeEnv(facts.pkg, instance.typeArgs.length === 0 ? [] : params, instance.typeArgs));
      const vars: Var[] = sig.recv === null ? sig.params.vars.slice() : [sig.recv, ...sig.params.vars];
      const results = sig.results.vars;
      env.analysis.run(env, vars, results, facts.decl.body);
      const shapes = ctx.shapes;
      const abi = env.types.isGeneric
        ? assignAbi(
            ctx.abiRegisters,
            vars.map((v) => shapes.of(env.fixed(v.type as Type))),
            results.map((v) => shapes.of(env.fixed(v.type as Type))),
          )
        : shapes.abi(ctx.abiRegisters, sig.recv === null ? null : sig.recv.type, sig);
      const f = new Func(sym, traceName(name), facts.decl.pos, abi, new CallInfo(sym, abi, false), facts.flags);
      g = new Body(env, f, sig, new ClosureNames(name), null);
      openFrame(g, vars, results, null);
      if (g.hasDefer) f.flags |= FnHasDefer;
      block(g, facts.decl.body);
      g.b.pos = facts.decl.body.rbrace;
      closeFrame(g);
      return f;
    },
  );
}

/** SSA of a function that came up inside a body. */
export function generateClosure(ctx: ProgramContext, sym: Sym, payload: ClosurePayload): Func {
  if (!(payload instanceof Pending)) throw new Error("a closure that is not of the generator's making");
  let at: Body | null = null;
  return named(
    ctx,
    ctx.symbols.name(sym),
    () => at,
    () =>
      writePending(ctx, sym, payload, (g) => {
        at = g;
      }),
  );
}

/** SSA of one step of a package's initialisation. */
export function generateInitializer(ctx: ProgramContext, pkg: ProgramPackage, step: Initializer, sym: Sym, literals: () => number): Func {
  const name = ctx.symbols.name(sym);
  let at: Body | null = null;
  return named(
    ctx,
    name,
    () => at,
    () => {
      const env = environment(ctx, pkg, typeEnv(pkg, [], []));
      env.analysis.run(env, [], [], step.rhs);
      const abi = assignAbi(ctx.abiRegisters, [], []);
      const prefix = name.slice(0, Math.max(0, name.indexOf(".", name.lastIndexOf("/") + 1)));
      const f = new Func(sym, `${prefix}.init`, startPos(step.rhs), abi, new CallInfo(sym, abi, false), 0);
      const none = new Tuple(ctx.ids, []);
      const names = new ClosureNames(`${prefix}.init`, false, literals);
      const g = new Body(env, f, new Signature(ctx.ids, null, none, none, false), names, null);
      at = g;
      g.b.mem = g.b.op0(OpInitMem, TypeMem);
      const { lhs, rhs } = step;
      const only = lhs[0];
      if (lhs.length <= 1) {
        if (only === undefined || only.name === "_") discard(g, rhs);
        else store(g, placeOf(g, only), exprAs(g, rhs, env.fixed(only.type as Type)));
      } else {
        const from = multiTypes(g, rhs);
        const values = multi(g, rhs).map((x) => g.stable(x));
        for (let i = 0; i < lhs.length; i++) {
          const v = lhs[i] as Var;
          if (v.name === "_") continue;
          store(g, placeOf(g, v), convertTo(g, values[i] as Operand, from[i] as Type, env.fixed(v.type as Type)));
        }
      }
      if (g.b.live) g.b.ret([]);
      g.b.finish();
      return f;
    },
  );
}

/** The generator as the program takes it. */
export class Irgen implements Generator {
  function(ctx: ProgramContext, instance: FunctionInstance): Func {
    return generateFunction(ctx, instance);
  }

  closure(ctx: ProgramContext, sym: Sym, payload: ClosurePayload): Func {
    return generateClosure(ctx, sym, payload);
  }

  initializer(ctx: ProgramContext, pkg: ProgramPackage, step: Initializer, sym: Sym, literals: () => number): Func {
    return generateInitializer(ctx, pkg, step, sym, literals);
  }
}

export const generator: Generator = new Irgen();
