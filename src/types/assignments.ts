// Initialisation and assignment.

import { KindCallExpr, KindName, KindSelectorExpr } from "../syntax/kinds.ts";
import { endPos } from "../syntax/positions.ts";
import { printExpr } from "../syntax/printer.ts";
import type { Expr, ReturnStmt } from "../syntax/tree.ts";
import { unparen } from "../syntax/unparen.ts";
import { exprList, useExprs, useLHS } from "./call.ts";
import type { Cause } from "./cause.ts";
import type { Checker } from "./checker.ts";
import { ConvOverflow, ConvTruncated, implicitTypeAndValue } from "./const.ts";
import { declare } from "./decl.ts";
import { error, errorf, newError, type Poser, softErrorf } from "./errors.ts";
import { expr, multiExpr, newTarget, singleValue, type Target, updateExprType, updateExprVal } from "./expr.ts";
import { sprintf } from "./format.ts";
import {
  Invalid,
  LocalVar,
  ModeCommaErr,
  ModeCommaOk,
  ModeConstant,
  ModeInvalid,
  ModeMapIndex,
  ModeNilValue,
  ModeValue,
  ModeVariable,
  OVar,
  TSignature,
  TSlice,
  UntypedNil,
} from "./kinds.ts";
import { type Const, Var } from "./object.ts";
import { plainLit } from "./literals.ts";
import { assignableTo, Operand } from "./operand.ts";
import { defaultType, isNonTypeParamInterface, isNumeric, isUntyped, isValid } from "./predicates.ts";
import { recordCommaOkTypes, recordDef, recordUse } from "./record.ts";
import type { Scope } from "./scope.ts";
import { Typ, type Type } from "./types.ts";
import { under } from "./under.ts";
import { NoPos, type Pos } from "../base/pos.ts";
import { asName } from "./util.ts";

/** Where a value is assigned, for messages: in words, or the function whose argument it is. */
export type Context = string | Expr;

function contextString(context: Context): string {
  return typeof context === "string" ? context : `argument to ${printExpr(context)}`;
}

/**
 * Checks that x can be assigned to a variable of type T, or to the blank identifier if T is null, and gives untyped x its
 * type. x is invalid after an error.
 */
export function assignment(check: Checker, x: Operand, T: Type | null, where: Context): void {
  singleValue(check, x);
  switch (x.mode) {
    case ModeInvalid:
      return;
    case ModeNilValue:
    case ModeConstant:
    case ModeVariable:
    case ModeMapIndex:
    case ModeValue:
    case ModeCommaOk:
    case ModeCommaErr:
      break;
    default:
      errorf(check, x, "cannot assign %s to %s in %s", x, T, contextString(where));
      x.mode = ModeInvalid;
      return;
  }

  if (isUntyped(x.typ)) {
    let target = T;
    // A constant takes its default type in interfaces and where there is no type at all.
    if (x.isNil()) {
      if (T === null) {
        errorf(check, x, "use of untyped nil in %s", contextString(where));
        x.mode = ModeInvalid;
        return;
      }
    } else if (T === null || isNonTypeParamInterface(T)) target = defaultType(x.typ);
    const r = implicitTypeAndValue(check, x, target as Type);
    if (r.type === null) {
      let msg = sprintf(check, "cannot use %s as %s value in %s", x, target, contextString(where));
      if (r.code === ConvTruncated) msg += " (truncated)";
      else if (r.code === ConvOverflow) msg += " (overflows)";
      error(check, x, msg);
      x.mode = ModeInvalid;
      return;
    }
    if (r.val !== null) {
      x.val = r.val;
      updateExprVal(check, x.expr as Expr, r.val);
    }
    if (r.type !== x.typ) {
      x.typ = r.type;
      updateExprType(check, x.expr as Expr, r.type, false);
    }
  }

  const sig = under(x.typ);
  if (sig.kind === TSignature && sig.tparams.length > 0) {
    errorf(check, x, "cannot use generic function %s without instantiation in %s", x, contextString(where));
    x.mode = ModeInvalid;
    return;
  }
  if (T === null) return;

  const cause: Cause = { s: "" };
  if (!assignableTo(x, check, T, cause)) {
    if (cause.s !== "") errorf(check, x, "cannot use %s as %s value in %s: %s", x, T, contextString(where), cause.s);
    else errorf(check, x, "cannot use %s as %s value in %s", x, T, contextString(where));
    x.mode = ModeInvalid;
  }
}

function invalidType(): Type {
  return Typ[Invalid] as Type;
}

/** Checks the initialisation of a constant. */
export function initConst(check: Checker, lhs: Const, x: Operand): void {
  if (x.mode === ModeInvalid || !isValid(x.typ) || (lhs.type !== null && !isValid(lhs.type))) {
    if (lhs.type === null) lhs.type = invalidType();
    return;
  }
  if (x.mode !== ModeConstant) {
    errorf(check, x, "%s is not constant", x);
    if (lhs.type === null) lhs.type = invalidType();
    return;
  }
  if (lhs.type === null) lhs.type = x.typ;
  assignment(check, x, lhs.type, "constant declaration");
  if ((x.mode as number) === ModeInvalid) return;
  lhs.val = x.val;
}

/** Checks lhs = x in a declaration; a variable without type takes that of x. x is invalid after an error. */
export function initVar(check: Checker, lhs: Var, x: Operand, context: string): void {
  if (x.mode === ModeInvalid || !isValid(x.typ) || (lhs.type !== null && !isValid(lhs.type))) {
    if (lhs.type === null) lhs.type = invalidType();
    x.mode = ModeInvalid;
    return;
  }
  if (lhs.type === null) {
    let typ = x.typ;
    if (isUntyped(typ)) {
      if (typ.basic === UntypedNil) {
        errorf(check, x, "use of untyped nil in %s", context);
        lhs.type = invalidType();
        x.mode = ModeInvalid;
        return;
      }
      typ = defaultType(typ);
    }
    lhs.type = typ;
  }
  assignment(check, x, lhs.type, context);
}

/** The local or package variable of this package that a name means, or null: assigning to it is no use of it. */
export function lhsVariable(check: Checker, name: string): Var | null {
  const obj = check.lookup(name);
  return obj !== null && obj.kind === OVar && obj.pkg === check.pkg ? obj : null;
}

/** The type of an expression on the left of an assignment: null for the blank identifier, invalid after an error. */
function lhsVar(check: Checker, lhs: Expr): Type | null {
  const ident = asName(lhs);
  if (ident !== null && ident.value === "_") {
    recordDef(check, ident, null);
    return null;
  }
  const v = ident !== null ? lhsVariable(check, ident.value) : null;
  const used = v?.used === true;
  const x = new Operand();
  expr(check, null, x, lhs);
  if (v !== null) v.used = used;
  if (x.mode === ModeInvalid || !isValid(x.typ)) return invalidType();
  if (x.mode === ModeVariable || x.mode === ModeMapIndex) return x.typ;
  if (x.expr !== null && x.expr.kind === KindSelectorExpr) {
    const op = new Operand();
    expr(check, null, op, x.expr.x);
    if (op.mode === ModeMapIndex) {
      errorf(check, x, "cannot assign to struct field %s in map", x.expr);
      return invalidType();
    }
  }
  errorf(check, x, "cannot assign to %s (neither addressable nor a map index expression)", x.expr);
  return invalidType();
}

/** Checks lhs = rhs or, if x is not null, lhs = x. x is invalid after an error. */
export function assignVar(check: Checker, lhs: Expr, rhs: Expr | null, x: Operand | null, context: string): void {
  const T = lhsVar(check, lhs);
  if (T !== null && !isValid(T)) {
    if (x !== null) x.mode = ModeInvalid;
    else useExprs(check, [rhs as Expr]);
    return;
  }
  if (x === null) {
    if (T !== null && plainLit(check, new Operand(), rhs as Expr, T)) return;
    let target: Target | null = null;
    if (T !== null && under(T).kind === TSignature) target = newTarget(T, printExpr(lhs));
    x = new Operand();
    expr(check, target, x, rhs as Expr);
  }
  assignment(check, x, T, T === null && context === "assignment" ? "assignment to _ identifier" : context);
}

/** "(t1, t2, ...)" for messages; a variadic last type is shown as ...T, with hasDots as T... */
export function typesSummary(check: Checker, list: readonly (Type | null)[], variadic: boolean, hasDots: boolean): string {
  const parts: string[] = [];
  for (let i = 0; i < list.length; i++) {
    const t = list[i] as Type | null;
    let s: string;
    if (t === null || !isValid(t)) s = "unknown type";
    else if (isUntyped(t)) s = isNumeric(t) ? "number" : t.name.replace("untyped ", "");
    else s = sprintf(check, "%s", t);
    if (i === list.length - 1) {
      if (variadic) {
        if (t !== null && t.kind === TSlice) s = sprintf(check, "%s", t.elem);
        s = `...${s}`;
      } else if (hasDots) s += "...";
    }
    parts.push(s);
  }
  return `(${parts.join(", ")})`;
}

function measure(n: number, unit: string): string {
  return `${n} ${unit}${n === 1 ? "" : "s"}`;
}

function assignError(check: Checker, rhs: readonly Expr[], l: number, r: number): void {
  const vars = measure(l, "variable");
  const vals = measure(r, "value");
  const first = rhs[0] as Expr;
  if (rhs.length === 1) {
    const call = unparen(first);
    if (call.kind === KindCallExpr) {
      errorf(check, first, "assignment mismatch: %s but %s returns %s", vars, call.fun, vals);
      return;
    }
  }
  errorf(check, first, "assignment mismatch: %s but %s", vars, vals);
}

function returnError(check: Checker, s: ReturnStmt, lhs: readonly Var[], rhs: readonly Operand[]): void {
  let at: Poser = s;
  let qualifier = "not enough";
  if (rhs.length > lhs.length) {
    at = rhs[lhs.length] as Operand; // the first that is too much
    qualifier = "too many";
  } else if (rhs.length > 0) at = rhs[rhs.length - 1] as Operand;
  const err = newError(check);
  err.addf(at, "%s return values", qualifier);
  const have = rhs.map((x) => x.typ);
  const want = lhs.map((v) => v.type);
  err.addf(NoPos, "have %s", typesSummary(check, have, false, false));
  err.addf(NoPos, "want %s", typesSummary(check, want, false, false));
  err.report();
}

function giveInvalidTypes(vars: readonly Var[]): void {
  for (const v of vars) {
    if (v.type === null) v.type = invalidType();
  }
}

function isSingleCall(list: readonly Expr[]): boolean {
  return list.length === 1 && unparen(list[0] as Expr).kind === KindCallExpr;
}

/** Checks the initialisation of variables by expressions or, with a return statement, that of results. */
export function initVars(check: Checker, lhs: readonly Var[], rhs: readonly Expr[], ret: ReturnStmt | null): void {
  const context = ret !== null ? "return statement" : "assignment";
  const l = lhs.length;

  // A call is left out here only for the sake of a better message.
  if (l === rhs.length && !isSingleCall(rhs)) {
    const x = new Operand();
    for (let i = 0; i < l; i++) {
      const v = lhs[i] as Var;
      if (plainLit(check, x, rhs[i] as Expr, v.type)) continue;
      const desc = ret !== null && v.name === "" ? "result variable" : v.name;
      expr(check, newTarget(v.type, desc), x, rhs[i] as Expr);
      initVar(check, v, x, context);
    }
    return;
  }

  if (rhs.length !== 1) {
    // A mismatch is reported only if there is nothing else wrong.
    if (useExprs(check, rhs)) {
      if (ret !== null) returnError(check, ret, lhs, exprList(check, rhs));
      else assignError(check, rhs, l, rhs.length);
    }
    giveInvalidTypes(lhs);
    return;
  }

  const { list, commaOk } = multiExpr(check, rhs[0] as Expr, l === 2 && ret === null);
  if (l === list.length) {
    for (let i = 0; i < l; i++) initVar(check, lhs[i] as Var, list[i] as Operand, context);
    if (commaOk && list[0]?.mode !== ModeInvalid && list[1]?.mode !== ModeInvalid) {
      recordCommaOkTypes(check, rhs[0] as Expr, list);
    }
    return;
  }
  if (list[0]?.mode !== ModeInvalid) {
    if (ret !== null) returnError(check, ret, lhs, list);
    else assignError(check, rhs, l, list.length);
  }
  giveInvalidTypes(lhs);
}

/** Checks lhs... = rhs... */
export function assignVars(check: Checker, lhs: readonly Expr[], rhs: readonly Expr[]): void {
  const l = lhs.length;
  if (l === rhs.length && !isSingleCall(rhs)) {
    for (let i = 0; i < l; i++) assignVar(check, lhs[i] as Expr, rhs[i] as Expr, null, "assignment");
    return;
  }
  if (rhs.length !== 1) {
    const okLeft = useLHS(check, lhs);
    const okRight = useExprs(check, rhs);
    if (okLeft && okRight) assignError(check, rhs, l, rhs.length);
    return;
  }
  const { list, commaOk } = multiExpr(check, rhs[0] as Expr, l === 2);
  if (l === list.length) {
    for (let i = 0; i < l; i++) assignVar(check, lhs[i] as Expr, null, list[i] as Operand, "assignment");
    if (commaOk && list[0]?.mode !== ModeInvalid && list[1]?.mode !== ModeInvalid) {
      recordCommaOkTypes(check, rhs[0] as Expr, list);
    }
    return;
  }
  if (list[0]?.mode !== ModeInvalid) assignError(check, rhs, l, list.length);
  useLHS(check, lhs);
}

/** Checks lhs... := rhs... */
export function shortVarDecl(check: Checker, pos: Pos, lhs: readonly Expr[], rhs: readonly Expr[]): void {
  const top = check.delayed.length;
  const scope = check.env.scope as Scope;
  const lhsVars: Var[] = [];
  const newVars: Var[] = [];
  let failed = false;
  for (let i = 0; i < lhs.length; i++) {
    const e = lhs[i] as Expr;
    const v = shortVar(check, scope, lhs, i, newVars);
    if (v === null) failed = true;
    lhsVars.push(v ?? new Var(check.ids, LocalVar, e.pos, check.pkg, "_", null));
  }

  initVars(check, lhsVars, rhs, null);

  // Function literals on the right don't see the new variables.
  check.processDelayed(top);

  if (newVars.length === 0 && !failed) {
    softErrorf(check, pos, "no new variables on left side of :=");
    return;
  }
  const scopePos = endPos(rhs[rhs.length - 1] as Expr);
  for (const v of newVars) declare(check, scope, null, v, scopePos);
}

/** The variable that a name (one of several) on the left of := means, new or old; null after an error. */
function shortVar(check: Checker, scope: Scope, lhs: readonly Expr[], at: number, newVars: Var[]): Var | null {
  const e = lhs[at] as Expr;
  if (e.kind !== KindName) {
    useLHS(check, [e]);
    errorf(check, e, "non-name %s on left side of :=", e);
    return null;
  }
  const name = e.value;
  if (name !== "_") {
    for (let i = 0; i < at; i++) {
      const before = lhs[i] as Expr;
      if (before.kind !== KindName || before.value !== name) continue;
      errorf(check, e, "%s repeated on left side of :=", e);
      return null;
    }
  }
  const alt = scope.lookup(name);
  if (alt !== null) {
    recordUse(check, e, alt);
    if (alt.kind === OVar) return alt;
    errorf(check, e, "cannot assign to %s", e);
    return null;
  }
  const v = new Var(check.ids, LocalVar, e.pos, check.pkg, name, null);
  if (name !== "_") newVars.push(v);
  recordDef(check, e, v);
  return v;
}
