// Calls: of functions (with inference of type arguments), conversions and, by way of builtins.ts, built-in functions.

import { NoPos, type Pos } from "../base/pos.ts";
import { KindIndexExpr, KindListExpr, KindName } from "../syntax/kinds.ts";
import { startPos } from "../syntax/positions.ts";
import { type CallExpr, type Expr, type IndexExpr, Name } from "../syntax/tree.ts";
import { unpackListExpr, unparen } from "../syntax/unparen.ts";
import { assignment, lhsVariable, typesSummary } from "./assignments.ts";
import { builtin } from "./builtins.ts";
import type { Checker } from "./checker.ts";
import { conversion } from "./conversions.ts";
import { assert, type CheckError, errorf, invalidOp, newError, type Poser, softErrorf, verifyVersionf, versionErrorf } from "./errors.ts";
import {
  ExprConversion,
  ExprStatement,
  exclude,
  expr,
  exprOrType,
  genericExpr,
  multiExpr,
  nonGeneric,
  notValues,
  rawExpr,
  type Target,
} from "./expr.ts";
import { indexExpr } from "./index.ts";
import { infer, isParameterized, renameTParams } from "./infer.ts";
import { instance, verify } from "./instantiate.ts";
import {
  ModeBuiltin,
  ModeCgoFunc,
  ModeCommaErr,
  ModeConstant,
  ModeInvalid,
  ModeNoValue,
  ModeTypExpr,
  ModeValue,
  ParamVar,
  TInterface,
  TSignature,
  TSlice,
  TTuple,
} from "./kinds.ts";
import { recordMonoInstance } from "./mono.ts";
import { Var } from "./object.ts";
import { plainLit } from "./literals.ts";
import { Operand } from "./operand.ts";
import { isTypeParam } from "./predicates.ts";
import { record, recordInstance, recordTypeAndValue } from "./record.ts";
import { copySignature, makeSubstMap, subst } from "./subst.ts";
import { Signature, Tuple, type Type, type TypeParam } from "./types.ts";
import { typeList } from "./typexpr.ts";
import { typeSet } from "./typeset.ts";
import { commonUnder, typeErrorf, under } from "./under.ts";
import { predeclaredFuncs } from "./universe.ts";
import { allowVersion, go1_18, go1_21 } from "./version.ts";

/**
 * Instantiates the generic function x with the type arguments of inst and what can be inferred from the target T.
 * With `infer_`, missing arguments are inferred, else the given ones are returned if they are not all; null otherwise.
 * x is invalid after an error.
 */
export function funcInst(check: Checker, T: Target | null, pos: Pos, x: Operand, inst: IndexExpr | null, infer_: boolean): Type[] | null {
  const instErrPos = inst !== null ? inst.pos : pos;
  if (inst !== null) x.expr = inst;
  const versionErr = !verifyVersionf(check, instErrPos, go1_18, "function instantiation");

  let targs: (Type | null)[] = [];
  let xlist: Expr[] = [];
  if (inst !== null) {
    xlist = unpackListExpr(inst.index);
    const list = typeList(check, xlist);
    if (list === null) {
      x.mode = ModeInvalid;
      return null;
    }
    targs = list;
  }

  let sig = x.typ as Signature;
  const got = targs.length;
  const want = sig.tparams.length;
  if (got > want) {
    errorf(check, xlist[got - 1] as Expr, "got %d type arguments but want %d", got, want);
    x.mode = ModeInvalid;
    return null;
  }
  if (got < want) {
    if (!infer_) return targs as Type[];

    // An assignment tvar = x is treated as the call g(tvar) of a function g[type parameters of x](type of x).
    const xpos = (x.expr as Expr).pos;
    let args: Operand[] = [];
    let params: Var[] = [];
    let reverse = false;
    if (T !== null) {
      if (!versionErr && !allowVersion(check, go1_21)) {
        const how = inst !== null ? "partially" : "implicitly";
        versionErrorf(check, instErrPos, go1_21, `${how} instantiated function in assignment`);
      }
      const gsig = new Signature(check.ids, null, sig.params, sig.results, sig.variadic);
      params = [new Var(check.ids, ParamVar, xpos, check.pkg, "", gsig)];
      args = [Operand.make(ModeValue, new Name(xpos, 0, T.desc), T.sig)];
      reverse = true;
    }
    // Renaming avoids trouble with recursive instantiations.
    const renamed = renameTParams(check, pos, sig.tparams, new Tuple(check.ids, params));
    const err = newError(check);
    const inferred = infer(check, pos, renamed.tparams, targs, renamed.type as Tuple, args, reverse, err);
    if (inferred === null) {
      if (!err.empty()) err.report();
      x.mode = ModeInvalid;
      return null;
    }
    targs = inferred;
  }

  sig = instantiateSignature(check, (x.expr as Expr).pos, x.expr as Expr, sig, targs as Type[], xlist);
  x.typ = sig;
  x.mode = ModeValue;
  return null;
}

function instantiateSignature(check: Checker, pos: Pos, e: Expr, typ: Signature, targs: Type[], xlist: readonly Expr[]): Signature {
  assert(targs.length === typ.tparams.length);
  const inst = instance(check, pos, typ, targs, null, check.ctxt) as Signature;
  recordInstance(check, e, targs, inst);
  // Constraints are verified later: the types may not be set up yet.
  check.later(() => {
    const failure = verify(check, pos, typ.tparams, targs, check.ctxt);
    if (failure !== null) {
      const at = failure.index < xlist.length ? startPos(xlist[failure.index] as Expr) : pos;
      softErrorf(check, at, "%s", failure.msg);
    } else {
      recordMonoInstance(check, pos, typ.tparams, targs, xlist);
    }
  });
  return inst;
}

/** Checks a call; gives the kind of expression. */
export function callExpr(check: Checker, x: Operand, call: CallExpr): number {
  let inst: IndexExpr | null = null;
  if (call.fun.kind === KindIndexExpr) {
    // Instantiation waits for the arguments, so that inference sees both.
    if (indexExpr(check, x, call.fun)) inst = call.fun;
    x.expr = call.fun;
    record(check, x);
  } else {
    exprOrType(check, x, call.fun, true);
  }

  switch (x.mode) {
    case ModeInvalid:
      useExprs(check, call.argList);
      x.expr = call;
      return ExprStatement;
    case ModeTypExpr:
      conversionCall(check, x, call);
      return ExprConversion;
    case ModeBuiltin: {
      const id = x.id;
      if (!builtin(check, x, call, id)) x.mode = ModeInvalid;
      x.expr = call;
      if (x.mode !== ModeInvalid && x.mode !== ModeConstant) check.env.hasCallOrRecv = true;
      return (predeclaredFuncs[id] as { kind: number }).kind;
    }
  }

  const cgocall = x.mode === ModeCgoFunc;
  // All types of a type parameter must have one function type in common.
  const plain = under(x.typ);
  const { type: u, err } =
    plain.kind === TSignature
      ? { type: plain, err: null }
      : commonUnder(x.typ, (t, u) => (u !== null && u.kind !== TSignature ? typeErrorf("%s is not a function", t) : null));
  if (u === null || u.kind !== TSignature) {
    errorf(check, x, `${invalidOp}cannot call %s: %s`, x, err === null ? "" : err.text(check));
    x.mode = ModeInvalid;
    x.expr = call;
    return ExprStatement;
  }
  let sig: Signature = u;
  const wasGeneric = sig.tparams.length > 0;

  let xlist: Expr[] = [];
  let targs: Type[] = [];
  if (inst !== null) {
    xlist = unpackListExpr(inst.index);
    const list = typeList(check, xlist);
    const want = sig.tparams.length;
    if (list === null || list.length > want) {
      if (list !== null) errorf(check, xlist[want] as Expr, "got %d type arguments but want %d", list.length, want);
      useExprs(check, call.argList);
      x.mode = ModeInvalid;
      x.expr = call;
      return ExprStatement;
    }
    targs = list;
    // With all arguments given there is nothing to infer; types are recorded even if the arguments are wrong.
    if (targs.length === want && want > 0) {
      verifyVersionf(check, inst, go1_18, "function instantiation");
      sig = instantiateSignature(check, inst.pos, inst, sig, targs, xlist);
      targs = [];
      xlist = [];
    }
  }

  const generic = genericExprList(check, call, sig);
  sig = callArguments(check, call, sig, targs, xlist, generic.list, generic.targs);
  if (wasGeneric && sig.tparams.length === 0) recordTypeAndValue(check, call.fun, ModeValue, sig, null);

  const results = sig.results.vars;
  if (results.length === 0) {
    x.mode = ModeNoValue;
  } else if (results.length === 1) {
    x.mode = cgocall ? ModeCommaErr : ModeValue;
    x.typ = (results[0] as Var).type as Type;
  } else {
    x.mode = ModeValue;
    x.typ = sig.results;
  }
  x.expr = call;
  check.env.hasCallOrRecv = true;

  // Where inference failed, a result that depends on it is invalid.
  if (x.mode === ModeValue && sig.tparams.length > 0 && isParameterized(sig.tparams, x.typ)) x.mode = ModeInvalid;
  return ExprStatement;
}

function conversionCall(check: Checker, x: Operand, call: CallExpr): void {
  nonGeneric(check, null, x);
  if (x.mode === ModeInvalid) return;
  const T = x.typ;
  x.mode = ModeInvalid;
  const n = call.argList.length;
  if (n === 0) {
    errorf(check, call, "missing argument in conversion to %s", T);
  } else if (n === 1) {
    const arg = call.argList[0] as Expr;
    expr(check, null, x, arg);
    if ((x.mode as number) !== ModeInvalid) {
      const t = under(T);
      if (t.kind === TInterface && !isTypeParam(T) && !typeSet(t).isMethodSet()) {
        const why = "cannot use interface %s in conversion (contains specific type constraints or is comparable)";
        errorf(check, call, why, T);
      } else if (call.hasDots) {
        errorf(check, arg, "invalid use of ... in conversion to %s", T);
      } else {
        conversion(check, x, T);
      }
    }
  } else {
    useExprs(check, call.argList);
    errorf(check, call.argList[n - 1] as Expr, "too many arguments in conversion to %s", T);
  }
  x.expr = call;
}

/** Checks expressions; a single one may have several values. */
export function exprList(check: Checker, elist: readonly Expr[]): Operand[] {
  if (elist.length === 1) return multiExpr(check, elist[0] as Expr, false).list;
  return elist.map((e) => {
    const x = new Operand();
    expr(check, null, x, e);
    return x;
  });
}

interface GenericExprs {
  readonly list: Operand[];
  /** For partially instantiated functions their type arguments. */
  readonly targs: (Type[] | null)[];
}

/** Like exprList for arguments of a call, which may be generic functions, instantiated in part. */
function genericExprList(check: Checker, call: CallExpr, sig: Signature): GenericExprs {
  const elist = call.argList;
  // Before Go 1.21 arguments must be complete.
  const infer_ = !(elist.length > 0 && allowVersion(check, go1_21));
  const list: Operand[] = [];
  const targsList: (Type[] | null)[] = [];
  // The types of plain arguments are known if their number is right.
  const params = sig.params.vars;
  const fixed = sig.variadic ? params.length - 1 : params.length;
  const right = sig.variadic && !call.hasDots ? elist.length >= fixed : elist.length === params.length && sig.variadic === call.hasDots;
  const plain = right && sig.tparams.length === 0 ? fixed : 0;
  for (let i = 0; i < elist.length; i++) {
    const e = elist[i] as Expr;
    const x = new Operand();
    let targs: Type[] | null = null;
    if (i < plain && plainLit(check, x, e, (params[i] as Var).type)) {
      // That was all.
    } else if (e.kind === KindIndexExpr && indexExpr(check, x, e)) {
      targs = funcInst(check, null, (x.expr as Expr).pos, x, e, infer_);
      if (targs !== null) x.expr = e;
      else record(check, x);
    } else if (e.kind === KindIndexExpr) {
      finishIndexExpr(check, x, e);
    } else if (elist.length === 1) {
      rawExpr(check, null, x, e, null, true);
      exclude(check, x, notValues);
      if (x.mode !== ModeInvalid && x.typ.kind === TTuple) {
        const values = x.typ.vars.map((v) => Operand.make(ModeValue, e, v.type as Type));
        return { list: values, targs: [] };
      }
    } else {
      genericExpr(check, x, e);
    }
    list.push(x);
    targsList.push(targs);
  }
  return { list, targs: targsList };
}

/** What rawExpr does after indexExpr, for an index expression that has been checked already. */
function finishIndexExpr(check: Checker, x: Operand, e: IndexExpr): void {
  x.expr = e;
  record(check, x);
  exclude(check, x, notValues);
}

function isGenericFunction(x: Operand): boolean {
  return x.mode !== ModeInvalid && x.typ.kind === TSignature && x.typ.tparams.length > 0;
}

/**
 * Checks the arguments of a call of a function with signature sig; type arguments of the function and of generic
 * arguments are inferred together. Gives the instantiated signature, or sig after an error.
 */
export function callArguments(
  check: Checker,
  call: CallExpr,
  sig: Signature,
  givenTargs: readonly Type[],
  xlist: readonly Expr[],
  args: Operand[],
  atargs: readonly (Type[] | null)[],
): Signature {
  let rsig = sig;
  const nargs = args.length;
  let npars = sig.params.vars.length;
  const ddd = call.hasDots;

  // A variadic parameter is replaced by as many as there are arguments.
  let sigParams = sig.params;
  let adjusted = false;
  // Where nothing is generic it is enough to know from which argument on they belong to it.
  let rest = Number.MAX_SAFE_INTEGER;
  if (sig.variadic) {
    if (ddd) {
      if (call.argList.length === 1 && nargs > 1) {
        errorf(check, call, "cannot use ... with %d-valued %s", nargs, call.argList[0]);
        return rsig;
      }
    } else if (nargs >= npars - 1 && sig.tparams.length === 0 && !args.some(isGenericFunction)) {
      rest = npars - 1;
      npars = nargs;
    } else if (nargs >= npars - 1) {
      const vars = sig.params.vars.slice(0, npars - 1);
      const last = sig.params.vars[npars - 1] as Var;
      const lastType = last.type as Type;
      const elem = lastType.kind === TSlice ? lastType.elem : lastType;
      while (vars.length < nargs) vars.push(new Var(check.ids, ParamVar, last.pos, last.pkg, last.name, elem));
      sigParams = new Tuple(check.ids, vars);
      adjusted = true;
      npars = nargs;
    } else {
      npars--; // for the message
    }
  } else if (ddd) {
    errorf(check, call, "cannot use ... in call to non-variadic %s", call.fun);
    return rsig;
  }

  if (nargs !== npars) {
    argumentCountError(check, call, sig, args, npars);
    return rsig;
  }

  let tparams: TypeParam[] = [];
  const targs: (Type | null)[] = givenTargs.slice();
  const n = sig.tparams.length;
  if (n > 0) {
    if (!allowVersion(check, go1_18)) {
      if (call.fun.kind === KindIndexExpr) versionErrorf(check, call.fun, go1_18, "function instantiation");
      else versionErrorf(check, call, go1_18, "implicit function instantiation");
    }
    const renamed = renameTParams(check, call.pos, sig.tparams, sigParams);
    tparams = renamed.tparams.slice();
    sigParams = renamed.type as Tuple;
    while (targs.length < tparams.length) targs.push(null);
  }

  // Generic functions as arguments bring their own type parameters.
  const genericArgs: number[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as Operand;
    if (arg.mode === ModeInvalid || arg.typ.kind !== TSignature || arg.typ.tparams.length === 0) continue;
    // Each occurrence gets type parameters of its own, in a copy of its signature.
    const own = copySignature(check.ids, arg.typ);
    const renamed = renameTParams(check, call.pos, own.tparams, own);
    const asig = renamed.type as Signature;
    asig.tparams = renamed.tparams;
    arg.typ = asig;
    tparams.push(...renamed.tparams);
    const given = atargs[i];
    if (given !== null && given !== undefined) targs.push(...given);
    while (targs.length < tparams.length) targs.push(null);
    genericArgs.push(i);
  }
  if (genericArgs.length > 0) {
    const first = args[genericArgs[0] as number] as Operand;
    verifyVersionf(check, first, go1_21, "implicitly instantiated function as argument");
  }

  if (tparams.length > 0) {
    const err = newError(check);
    const inferred = infer(check, call.pos, tparams, targs, sigParams, args, false, err);
    if (inferred === null) {
      reportInference(check, call, err);
      return rsig;
    }
    if (n > 0) {
      const own = inferred.slice(0, n);
      rsig = instantiateSignature(check, call.pos, call.fun, sig, own, xlist);
      if (adjusted) {
        const smap = makeSubstMap(tparams.slice(0, n), own);
        sigParams = subst(check, call.pos, sigParams, smap, null, check.ctxt) as Tuple;
      } else {
        sigParams = rsig.params;
      }
    }
    let j = n;
    for (const i of genericArgs) {
      const arg = args[i] as Operand;
      const asig = arg.typ as Signature;
      const k = j + asig.tparams.length;
      arg.typ = instantiateSignature(check, call.pos, arg.expr as Expr, asig, inferred.slice(j, k), []);
      record(check, arg); // the usual way of recording was not taken
      j = k;
    }
  }

  for (let i = 0; i < args.length; i++) {
    const T = (sigParams.vars[Math.min(i, rest)] as Var).type as Type;
    assignment(check, args[i] as Operand, i >= rest && T.kind === TSlice ? T.elem : T, call.fun);
  }
  return rsig;
}

function reportInference(check: Checker, call: CallExpr, err: CheckError): void {
  if (!err.empty()) errorf(check, err.pos(), "in call to %s, %s", call.fun, err.msg());
}

function argumentCountError(check: Checker, call: CallExpr, sig: Signature, args: readonly Operand[], npars: number): void {
  let at: Poser = call;
  let qualifier = "not enough";
  if (args.length > npars) {
    at = (args[npars] as Operand).expr as Expr; // the first that is too much
    qualifier = "too many";
  } else if (args.length > 0) {
    at = (args[args.length - 1] as Operand).expr as Expr;
  }
  const err = newError(check);
  err.addf(at, "%s arguments in call to %s", qualifier, call.fun);
  const have = args.map((x) => x.typ);
  const want = sig.params.vars.map((v) => v.type);
  err.addf(NoPos, "have %s", typesSummary(check, have, false, call.hasDots));
  err.addf(NoPos, "want %s", typesSummary(check, want, sig.variadic, false));
  err.report();
}

/** Checks expressions for the sake of what they use, after another error. Whether all of them are right. */
export function useExprs(check: Checker, args: readonly Expr[]): boolean {
  return useAll(check, args, false);
}

/** Like useExprs for the left side of an assignment: variables on top level don't count as used. */
export function useLHS(check: Checker, args: readonly Expr[]): boolean {
  return useAll(check, args, true);
}

function useAll(check: Checker, args: readonly Expr[], lhs: boolean): boolean {
  let ok = true;
  for (const e of args) {
    if (!useOne(check, e, lhs)) ok = false;
  }
  return ok;
}

function useOne(check: Checker, e: Expr, lhs: boolean): boolean {
  const n = unparen(e);
  const x = new Operand();
  if (n.kind === KindName) {
    if (n.value === "_") return true;
    const v = lhs ? lhsVariable(check, n.value) : null;
    const used = v?.used === true;
    exprOrType(check, x, n, true);
    if (v !== null) v.used = used;
  } else if (n.kind === KindListExpr) {
    return useAll(check, n.elemList, lhs);
  } else {
    rawExpr(check, null, x, e, null, true);
  }
  return x.mode !== ModeInvalid;
}

export { selector } from "./selector.ts";
