// Recording of results in the side tables of Info. Expressions of untyped type are recorded once their final type is
// known, or when the package is done.

import { KindIndexExpr, KindName, KindParenExpr, KindSelectorExpr } from "../syntax/kinds.ts";
import type { Expr, Name, Node, SelectorExpr } from "../syntax/tree.ts";
import type { Checker } from "./checker.ts";
import type { Constant } from "./constant/value.ts";
import { assert } from "./errors.ts";
import { Instance } from "./info.ts";
import { Invalid, LocalVar, ModeBuiltin, ModeConstant, ModeInvalid, ModeNoValue, TBasic } from "./kinds.ts";
import { type Func, type Obj, Var } from "./object.ts";
import type { Operand } from "./operand.ts";
import { defaultType, isUntyped } from "./predicates.ts";
import { Selection } from "./selection.ts";
import { type Signature, Tuple, Typ, type Type } from "./types.ts";
import { emptyTuple } from "./universe.ts";

/** Records what x.expr turned out to be. */
export function record(check: Checker, x: Operand): void {
  const expr = x.expr as Expr;
  let typ = x.typ;
  if (x.mode === ModeInvalid) typ = Typ[Invalid] as Type;
  else if (x.mode === ModeNoValue) typ = emptyTuple;
  const val = x.mode === ModeConstant ? x.val : null;
  if (typ.kind === TBasic && isUntyped(typ)) check.rememberUntyped(expr, false, x.mode, typ, val);
  else recordTypeAndValue(check, expr, x.mode, typ, val);
}

/** Records the expressions that stayed untyped. */
export function recordUntyped(check: Checker): void {
  for (const [e, info] of check.untyped) recordTypeAndValue(check, e, info.mode, info.type, info.val);
  check.untyped.clear();
}

/** Records the final type of an expression; one that stays untyped has its default type. */
export function recordTypeAndValue(check: Checker, e: Expr, mode: number, typ: Type, val: Constant | null): void {
  if (mode === ModeInvalid) return;
  check.info.record(e.id, mode, isUntyped(typ) ? defaultType(typ) : typ, val);
}

/** Records the signature of a call of a built-in function for the function, under parentheses too. */
export function recordBuiltinType(check: Checker, f: Expr, sig: Signature): void {
  for (;;) {
    recordTypeAndValue(check, f, ModeBuiltin, sig, null);
    if (f.kind !== KindParenExpr) return;
    f = f.x;
  }
}

/** Records that e is used in a comma-ok assignment and therefore has a pair of values. */
export function recordCommaOkTypes(check: Checker, e: Expr, a: readonly Operand[]): void {
  const [a0, a1] = a as [Operand, Operand];
  if (a0.mode === ModeInvalid) return;
  const vars = [a0, a1].map((x) => new Var(check.ids, LocalVar, e.pos, check.pkg, "", x.typ));
  const tuple = new Tuple(check.ids, vars);
  for (;;) {
    check.info.types[e.id] = tuple;
    if (e.kind !== KindParenExpr) return;
    e = e.x;
  }
}

/** Records the instantiation that expr (a name, selector or index expression) stands for, at its name. */
export function recordInstance(check: Checker, expr: Expr, targs: Type[], typ: Type): void {
  check.info.recordInstance(instantiatedIdent(expr).id, new Instance(targs, typ));
}

function instantiatedIdent(expr: Expr): Name {
  const e = expr.kind === KindIndexExpr ? expr.x : expr;
  if (e.kind === KindName) return e;
  assert(e.kind === KindSelectorExpr, "instantiated identifier not found");
  return e.sel;
}

export function recordDef(check: Checker, id: Name, obj: Obj | null): void {
  if (obj !== null) check.info.recordDef(id.id, obj);
}

export function recordUse(check: Checker, id: Name, obj: Obj): void {
  check.info.recordUse(id.id, obj);
}

export function recordImplicit(check: Checker, node: Node, obj: Obj): void {
  check.info.implicits.set(node, obj);
}

export function recordSelection(
  check: Checker,
  e: SelectorExpr,
  kind: number,
  recv: Type,
  obj: Var | Func,
  index: number[],
  indirect: boolean,
): void {
  recordUse(check, e.sel, obj);
  check.info.recordSelection(e.id, new Selection(kind, recv, obj, index, indirect));
}
