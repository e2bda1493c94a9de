// Signatures of functions and methods.

import { NoPos, type Pos } from "../base/pos.ts";
import * as S from "../syntax/kinds.ts";
import { OpMul } from "../syntax/tokens.ts";
import type { Expr, Field, FuncType, Name } from "../syntax/tree.ts";
import { unalias } from "./alias.ts";
import type { Cause } from "./cause.ts";
import type { Checker } from "./checker.ts";
import { collectTypeParams, declare, declareTypeParam } from "./decl.ts";
import { error, errorf, verifyVersionf } from "./errors.ts";
import { instance } from "./instantiate.ts";
import * as K from "./kinds.ts";
import { deref } from "./lookup.ts";
import { recordMonoCanon } from "./mono.ts";
import { typeParamsOf } from "./named.ts";
import { Var } from "./object.ts";
import { isValid } from "./predicates.ts";
import { recordImplicit, recordInstance, recordTypeAndValue, recordUse } from "./record.ts";
import { unpackRecv } from "./resolver.ts";
import { Scope } from "./scope.ts";
import { makeSubstMap, subst } from "./subst.ts";
import { bindTParams } from "./typeparam.ts";
import { type Named, noTypeParams, Pointer, type Signature, Slice, Tuple, Typ, type Type, type TypeParam } from "./types.ts";
import { genericType, varType } from "./typexpr.ts";
import { under } from "./under.ts";
import { emptyTuple } from "./universe.ts";
import { go1_18 } from "./version.ts";

/** Checks a function type, declaring its parameters in a new scope. */
export function funcType(check: Checker, sig: Signature, recvPar: Field | null, tparams: Field[], ftyp: FuncType): void {
  const outer = check.env.scope as Scope;
  const scope = new Scope(outer, ftyp.pos, NoPos, "function");
  scope.isFunc = true;
  check.env.scope = scope;
  sig.scope = scope;

  let recv: Var | null = null;
  let rparams: TypeParam[] = noTypeParams;
  if (recvPar !== null) {
    const r = collectRecv(check, recvPar, ftyp.pos);
    recv = r.recv;
    rparams = r.rparams;
  }
  if (tparams.length > 0) {
    collectTypeParams(check, tparams, (list) => {
      sig.tparams = list;
    });
  }
  const names: (Name | null)[] = [];
  const variadic = ftyp.paramList.length > 0 && isVariadic(ftyp.paramList);
  const params = collectParams(check, K.ParamVar, ftyp.paramList, variadic, names);
  const nparams = names.length;
  const results = collectParams(check, K.ResultVar, ftyp.resultList, false, names);

  if (recv !== null && recv.name !== "") declare(check, scope, (recvPar as Field).name, recv, NoPos);
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as Name | null;
    if (name !== null && name.value !== "") declare(check, scope, name, (i < nparams ? params[i] : results[i - nparams]) as Var, NoPos);
  }

  sig.recv = recv;
  sig.rparams = rparams;
  sig.params = params.length === 0 ? emptyTuple : new Tuple(check.ids, params);
  sig.results = results.length === 0 ? emptyTuple : new Tuple(check.ids, results);
  sig.variadic = variadic;
  check.env.scope = outer;
}

function isVariadic(list: Field[]): boolean {
  return (list[list.length - 1] as Field).type.kind === S.KindDotsType;
}

function collectRecv(check: Checker, rparam: Field, scopePos: Pos): { recv: Var; rparams: TypeParam[] } {
  const { ptr, base: rbase, tparams: rtparams } = unpackRecv(check, rparam.type, true);
  let recvType: Type = Typ[K.Invalid] as Type;
  let rparams: TypeParam[] = noTypeParams;
  if (rtparams === null) {
    recvType = varType(check, rparam.type);
    // Instantiated types can't get new methods, not even under another name.
    let a: Type | null = unpointer(recvType);
    while (a !== null && a.kind === K.TAlias) {
      const baseType: Type = unpointer(a.fromRHS as Type);
      if (
        (baseType.kind === K.TNamed && typeParamsOf(baseType).length > 0) ||
        (baseType.kind === K.TAlias && baseType.tparams.length > 0)
      ) {
        errorf(check, rbase, "cannot define new methods on instantiated type %s", baseType);
        recvType = Typ[K.Invalid] as Type;
        break;
      }
      a = baseType;
    }
  } else {
    // The base must be resolved before its parameters are declared: they may have its name.
    let baseType: Named | null = null;
    const cause: Cause = { s: "" };
    const t = genericType(check, rbase, cause);
    if (isValid(t)) {
      if (t.kind === K.TNamed) baseType = t;
      else errorf(check, rbase, "cannot define new methods on generic alias type %s", t);
    } else if (cause.s !== "") {
      errorf(check, rbase, "%s", cause.s);
    }
    const recvTParams: TypeParam[] = [];
    for (let i = 0; i < rtparams.length; i++) {
      const name = rtparams[i] as Name;
      const tpar = declareTypeParam(check, name, scopePos);
      recvTParams.push(tpar);
      recordUse(check, name, tpar.obj);
      recordTypeAndValue(check, name, K.ModeTypExpr, tpar, null);
    }
    rparams = bindTParams(recvTParams);
    if (baseType !== null) {
      const baseTParams = typeParamsOf(baseType);
      if (recvTParams.length === baseTParams.length) {
        const smap = makeSubstMap(baseTParams, recvTParams);
        for (let i = 0; i < recvTParams.length; i++) {
          const r = recvTParams[i] as TypeParam;
          const b = baseTParams[i] as TypeParam;
          recordMonoCanon(check, r, b);
          r.bound = subst(check, r.obj.pos, b.bound as Type, smap, null, check.ctxt);
        }
      } else {
        const n = recvTParams.length;
        errorf(
          check,
          rbase,
          "receiver declares %s, but receiver base type declares %d",
          `${n} type parameter${n === 1 ? "" : "s"}`,
          baseTParams.length,
        );
      }
      // The receiver's parameters are at the same time the arguments of its type.
      verifyVersionf(check, rbase, go1_18, "type instantiation");
      recvType = instance(check, rparam.type.pos, baseType, recvTParams, null, check.ctxt);
      recordInstance(check, rbase, recvTParams, recvType);
      if (ptr && isValid(recvType)) recvType = new Pointer(check.ids, recvType);
      recordParenthesizedRecvTypes(check, rparam.type, recvType);
    }
  }

  let recv: Var;
  if (rparam.name !== null && rparam.name.value !== "") {
    recv = new Var(check.ids, K.RecvVar, rparam.name.pos, check.pkg, rparam.name.value, recvType);
  } else {
    recv = new Var(check.ids, K.RecvVar, rparam.pos, check.pkg, "", recvType);
    recordImplicit(check, rparam, recv);
  }
  // Later: the type may not be ready.
  check.later(() => validRecv(check, rbase, recv));
  return { recv, rparams };
}

function unpointer(t: Type): Type {
  while (t.kind === K.TPointer) t = t.elem;
  return t;
}

function recordParenthesizedRecvTypes(check: Checker, expr: Expr, typ: Type): void {
  for (;;) {
    recordTypeAndValue(check, expr, K.ModeTypExpr, typ, null);
    if (expr.kind === S.KindParenExpr) {
      expr = expr.x;
    } else if (expr.kind === S.KindOperation && expr.op === OpMul && expr.y === null && typ.kind === K.TPointer) {
      expr = expr.x;
      typ = typ.elem;
    } else {
      return;
    }
  }
}

function collectParams(check: Checker, kind: number, list: Field[], variadic: boolean, names: (Name | null)[]): Var[] {
  if (list.length === 0) return [];
  const params: Var[] = [];
  let named = false;
  let anonymous = false;
  let typ: Type = Typ[K.Invalid] as Type;
  let prev: Expr | null = null;
  for (let i = 0; i < list.length; i++) {
    const field = list[i] as Field;
    let ftype = field.type;
    if (ftype !== prev) {
      prev = ftype;
      if (ftype.kind === S.KindDotsType) {
        if (kind !== K.ParamVar || i !== list.length - 1) error(check, ftype, "invalid use of ...");
        ftype = ftype.elem;
      }
      typ = varType(check, ftype);
    }
    if (field.name !== null) {
      params.push(new Var(check.ids, kind, field.name.pos, check.pkg, field.name.value, typ));
      names.push(field.name);
      named = true;
    } else {
      const par = new Var(check.ids, kind, field.pos, check.pkg, "", typ);
      recordImplicit(check, field, par);
      params.push(par);
      names.push(null);
      anonymous = true;
    }
  }
  if (named && anonymous) error(check, list[0] as Field, "invalid syntax tree: list contains both named and anonymous parameters");
  if (variadic) {
    const last = params[params.length - 1] as Var;
    last.type = new Slice(check.ids, last.type as Type);
    recordTypeAndValue(check, (list[list.length - 1] as Field).type, K.ModeTypExpr, last.type, null);
  }
  return params;
}

function validRecv(check: Checker, at: Expr, recv: Var): void {
  const rtyp = deref(recv.type as Type).type;
  const T = unalias(rtyp);
  if (!isValid(T)) return;
  switch (T.kind) {
    case K.TNamed: {
      if (T.obj.pkg !== check.pkg) {
        errorf(check, at, "cannot define new methods on non-local type %s", rtyp);
        break;
      }
      const u = under(T);
      let cause = "";
      if (u.kind === K.TBasic) {
        if (u.basic === K.UnsafePointer) cause = "unsafe.Pointer";
      } else if (u.kind === K.TPointer || u.kind === K.TInterface) {
        cause = "pointer or interface type";
      }
      if (cause !== "") errorf(check, at, "invalid receiver type %s (%s)", rtyp, cause);
      break;
    }
    case K.TBasic:
      errorf(check, at, "cannot define new methods on non-local type %s", rtyp);
      break;
    default:
      errorf(check, at, "invalid receiver type %s", recv.type);
  }
}
