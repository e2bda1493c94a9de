// Selector expressions: qualified identifiers, fields, method values and method expressions.

import { KindName } from "../syntax/kinds.ts";
import type { SelectorExpr } from "../syntax/tree.ts";
import type { Checker } from "./checker.ts";
import { objDecl } from "./decl.ts";
import { error, errorf } from "./errors.ts";
import { isMentioned, lookupError } from "./errsupport.ts";
import { exprOrType } from "./expr.ts";
import {
  FieldVal,
  Invalid,
  MethodExpr,
  MethodVal,
  ModeBuiltin,
  ModeConstant,
  ModeInvalid,
  ModeTypExpr,
  ModeValue,
  ModeVariable,
  OBuiltin,
  OConst,
  OFunc,
  OPkgName,
  OTypeName,
  OVar,
  ParamVar,
} from "./kinds.ts";
import { interfacePtrError, isInterfacePtr, lookupFieldOrMethod } from "./lookup.ts";
import { type Func, isExported, type Obj, type PkgName, Var } from "./object.ts";
import type { Operand } from "./operand.ts";
import { isValid, isValidName } from "./predicates.ts";
import { recordSelection, recordUse } from "./record.ts";
import { type Basic, Signature, Tuple, Typ, type Type } from "./types.ts";
import { under } from "./under.ts";

/** Checks x.sel; wantType says that a type is expected. */
export function selector(check: Checker, x: Operand, e: SelectorExpr, wantType: boolean): void {
  if (!selector1(check, x, e, wantType)) {
    x.mode = ModeInvalid;
    x.typ = Typ[Invalid] as Basic;
  }
  x.expr = e;
}

function selector1(check: Checker, x: Operand, e: SelectorExpr, wantType: boolean): boolean {
  const sel = e.sel.value;
  // Package names appear only in qualified identifiers, so they need no mode of their own.
  if (e.x.kind === KindName) {
    const obj = check.lookup(e.x.value);
    if (obj !== null && obj.kind === OPkgName) {
      recordUse(check, e.x, obj);
      obj.used = true;
      return qualified(check, x, e, obj);
    }
  }

  exprOrType(check, x, e.x, false);
  if (x.mode === ModeBuiltin) {
    errorf(check, e.pos, "invalid use of %s in selector expression", x);
    return false;
  }
  if (x.mode === ModeInvalid) return false;

  // No selector that is left is a type. Stopping here avoids looking into types that are still being declared.
  if (wantType) {
    errorf(check, e.sel, "%s is not a type", e);
    return false;
  }

  const found = lookupFieldOrMethod(x.typ, x.mode === ModeVariable, check.pkg, sel, false);
  const { obj, index, indirect } = found;
  if (obj === null) {
    notFound(check, x, e, index !== null, indirect);
    return false;
  }

  // The signature of a method may not be set up yet.
  if (obj.kind === OFunc) objDecl(check, obj);

  if (x.mode === ModeTypExpr) return methodExpr(check, x, e, obj, index as number[], indirect);

  if (obj.kind === OVar) {
    recordSelection(check, e, FieldVal, x.typ, obj, index as number[], indirect);
    x.mode = x.mode === ModeVariable || indirect ? ModeVariable : ModeValue;
    x.typ = obj.type as Type;
    return true;
  }
  recordSelection(check, e, MethodVal, x.typ, obj, index as number[], indirect);
  x.mode = ModeValue;
  // The receiver is bound.
  x.typ = withoutReceiver(check, obj.type as Signature);
  check.addDeclDep(obj);
  return true;
}

/** The type of a method whose receiver is bound. */
function withoutReceiver(check: Checker, method: Signature): Signature {
  const known = method.bound;
  // While a method is being declared its signature changes.
  if (known !== null && known.params === method.params && known.results === method.results) return known;
  const sig = new Signature(check.ids, null, method.params, method.results, method.variadic);
  sig.tparams = method.tparams;
  sig.scope = method.scope;
  method.bound = sig;
  return sig;
}

/** pkg.sel */
function qualified(check: Checker, x: Operand, e: SelectorExpr, pname: PkgName): boolean {
  const sel = e.sel.value;
  const pkg = pname.imported;
  const exp = pkg.scope.lookup(sel);
  if (exp === null || (!isExported(sel) && !isMentioned(check, pkg, exp))) {
    if (!pkg.fake && isValidName(sel)) {
      // Perhaps only the capitals are wrong.
      const alt = pkg.scope.lookupIgnoringCase(sel, true)[0];
      if (alt !== undefined) errorf(check, e.sel, "undefined: %s (but have %s)", e, alt.name);
      else errorf(check, e.sel, "undefined: %s", e);
    }
    return false;
  }
  if (!isExported(exp.name)) errorf(check, e.sel, "name %s not exported by package %s", sel, pkg.name);
  objDecl(check, exp);
  recordUse(check, e.sel, exp);
  return useObject(x, exp);
}

function useObject(x: Operand, exp: Obj): boolean {
  x.typ = exp.type ?? (Typ[Invalid] as Basic);
  switch (exp.kind) {
    case OConst:
      x.mode = ModeConstant;
      x.val = exp.val;
      return isValid(x.typ) && exp.val !== null;
    case OTypeName:
      x.mode = ModeTypExpr;
      return true;
    case OVar:
      x.mode = ModeVariable;
      return true;
    case OFunc:
      x.mode = ModeValue;
      return true;
    case OBuiltin:
      x.mode = ModeBuiltin;
      x.id = exp.builtin;
      return true;
    default:
      throw new Error(`unexpected object ${exp.name}`);
  }
}

function notFound(check: Checker, x: Operand, e: SelectorExpr, ambiguous: boolean, indirect: boolean): void {
  const sel = e.sel.value;
  if (!isValid(under(x.typ))) return; // reported before
  if (ambiguous) {
    errorf(check, e.sel, "ambiguous selector %s.%s", x.expr, sel);
    return;
  }
  if (indirect) {
    if (x.mode === ModeTypExpr) {
      const msg = "invalid method expression %s.%s (needs pointer receiver (*%s).%s)";
      errorf(check, e.sel, msg, x.typ, sel, x.typ, sel);
    } else {
      errorf(check, e.sel, "cannot call pointer method %s on %s", sel, x.typ);
    }
    return;
  }
  let why: string;
  if (isInterfacePtr(x.typ)) why = interfacePtrError(check, x.typ);
  else {
    const alt = lookupFieldOrMethod(x.typ, x.mode === ModeVariable, check.pkg, sel, true).obj;
    why = lookupError(check, x.typ, sel, alt, false);
  }
  errorf(check, e.sel, "%s.%s undefined (%s)", x.expr, sel, why);
}

/** T.method: a function with the receiver as its first parameter. */
function methodExpr(check: Checker, x: Operand, e: SelectorExpr, m: Var | Func, index: number[], indirect: boolean): boolean {
  const sel = e.sel.value;
  if (m.kind !== OFunc) {
    errorf(check, e.sel, "%s.%s undefined (type %s has no method %s)", x.expr, sel, x.typ, sel);
    return false;
  }
  recordSelection(check, e, MethodExpr, x.typ, m, index, indirect);
  const sig = m.type as Signature;
  if (sig.recv === null) {
    error(check, e, "illegal cycle in method declaration");
    return false;
  }
  // In messages parameters have names either all or none.
  const params = sig.params.vars;
  const named = params.length > 0 && (params[0] as Var).name !== "";
  const name = named ? sig.recv.name || "_" : "";
  const recv = new Var(check.ids, ParamVar, sig.recv.pos, sig.recv.pkg, name, x.typ);
  const fn = new Signature(check.ids, null, new Tuple(check.ids, [recv, ...params]), sig.results, sig.variadic);
  fn.tparams = sig.tparams;
  x.mode = ModeValue;
  x.typ = fn;
  check.addDeclDep(m);
  return true;
}
