// Range loops: over arrays, slices, strings, maps, channels, integers and functions.

import { KindName, KindParenExpr } from "../syntax/kinds.ts";
import type { Expr, ForStmt } from "../syntax/tree.ts";
import { assignment, assignVar, initVar } from "./assignments.ts";
import { arrayPtrDeref } from "./builtins.ts";
import type { Checker } from "./checker.ts";
import { makeInt } from "./constant/make.ts";
import { declare } from "./decl.ts";
import { error, errorf, type Poser, softErrorf } from "./errors.ts";
import { expr } from "./expr.ts";
import { sprintf } from "./format.ts";
import {
  Bool,
  Int,
  Invalid,
  LocalVar,
  ModeConstant,
  ModeInvalid,
  ModeValue,
  SendOnly,
  TArray,
  TBasic,
  TChan,
  TMap,
  TSignature,
  TSlice,
} from "./kinds.ts";
import { Var } from "./object.ts";
import { Operand } from "./operand.ts";
import { identical, isBoolean, isInteger, isString } from "./predicates.ts";
import { record, recordDef } from "./record.ts";
import type { Scope } from "./scope.ts";
import { closeScope, openScope, stmt } from "./stmt.ts";
import { Typ, type Type, universeRune } from "./types.ts";
import { commonUnder, typeErrorf, under } from "./under.ts";
import { allowVersion, go1_22, go1_23 } from "./version.ts";

/** Checks `for key, value := range x` (or =); extra is a third variable, which is an error. */
export function rangeStmt(
  check: Checker,
  loop: ForStmt,
  noNewVarPos: Poser,
  sKey: Expr | null,
  sValue: Expr | null,
  sExtra: Expr | null,
  rangeVar: Expr,
  isDef: boolean,
): void {
  const x = new Operand();
  check.env.hasCallOrRecv = false;
  expr(check, null, x, rangeVar);

  // An array whose elements are not asked for is not evaluated: it counts as the constant that is its length.
  if (x.mode !== ModeInvalid && sValue === null && !check.env.hasCallOrRecv) {
    const t = arrayPtrDeref(under(x.typ));
    if (t.kind === TArray) {
      let e = rangeVar;
      while (e.kind === KindParenExpr) e = e.x;
      record(check, Operand.make(ModeConstant, e, Typ[Int] as Type, makeInt(t.len)));
    }
  }

  let key: Type | null = null;
  let val: Type | null = null;
  if (x.mode !== ModeInvalid) {
    const r = rangeKeyVal(check, x.typ);
    if (!r.ok) {
      if (r.cause !== "") softErrorf(check, x, "cannot range over %s: %s", x, r.cause);
      else softErrorf(check, x, "cannot range over %s", x);
    } else if (r.key === null && sKey !== null) {
      softErrorf(check, sKey, "range over %s permits no iteration variables", x);
    } else if (r.val === null && sValue !== null) {
      softErrorf(check, sValue, "range over %s permits only one iteration variable", x);
    } else if (sExtra !== null) {
      softErrorf(check, sExtra, "range clause permits at most two iteration variables");
    }
    key = r.key;
    val = r.val;
  }

  // The scope of the loop opens after the range clause.
  openScope(check, loop, "range");
  const lhs = [sKey, sValue];
  const rhs = [key, val];
  const overInt = isInteger(x.typ);

  if (isDef) {
    const vars: Var[] = [];
    for (let i = 0; i < 2; i++) {
      const e = lhs[i] as Expr | null;
      if (e === null) continue;
      let obj: Var;
      if (e.kind === KindName) {
        obj = new Var(check.ids, LocalVar, e.pos, check.pkg, e.value, null);
        recordDef(check, e, obj);
        if (e.value !== "_") vars.push(obj);
      } else {
        errorf(check, e, "invalid syntax tree: cannot declare %s", e);
        obj = new Var(check.ids, LocalVar, e.pos, check.pkg, "_", null);
      }
      const typ = rhs[i] as Type | null;
      if (typ === null || typ === Typ[Invalid]) {
        obj.type = Typ[Invalid] as Type;
        obj.used = true;
        continue;
      }
      if (overInt) initVar(check, obj, x, "range clause");
      else initVar(check, obj, Operand.make(ModeValue, e, typ), "assignment");
    }
    if (vars.length > 0) {
      for (const obj of vars) declare(check, check.env.scope as Scope, null, obj, loop.body.pos);
    } else error(check, noNewVarPos, "no new variables on left side of :=");
  } else if (sKey !== null) {
    for (let i = 0; i < 2; i++) {
      const e = lhs[i] as Expr | null;
      const typ = rhs[i] as Type | null;
      if (e === null || typ === null || typ === Typ[Invalid]) continue;
      if (overInt) {
        assignVar(check, e, null, x, "range clause");
        // An untyped x has the type of the variable now.
        if (x.mode !== ModeInvalid && !isInteger(x.typ)) {
          softErrorf(check, e, "cannot use iteration variable of type %s", x.typ);
        }
      } else assignVar(check, e, null, Operand.make(ModeValue, e, typ), "assignment");
    }
  } else if (overInt) {
    // Without a variable an untyped x still needs a type.
    assignment(check, x, null, "range clause");
  }

  stmt(check, loop.body);
  closeScope(check);
}

export interface RangeTypes {
  /** Null if there is no such variable. */
  readonly key: Type | null;
  readonly val: Type | null;
  readonly cause: string;
  readonly ok: boolean;
}

function bad(cause: string): RangeTypes {
  return { key: Typ[Invalid] as Type, val: Typ[Invalid] as Type, cause, ok: false };
}

function good(key: Type | null, val: Type | null): RangeTypes {
  return { key, val, cause: "", ok: true };
}

/** The types of the variables of a range over a value of type orig. With check null, all language versions are allowed. */
export function rangeKeyVal(check: Checker | null, orig: Type): RangeTypes {
  const { type: u, err } = commonUnder(orig, (t, u) =>
    u !== null && u.kind === TChan && u.dir === SendOnly ? typeErrorf("receive from send-only channel %s", t) : null,
  );
  if (u === null) return bad(err === null ? "" : err.text(check));
  const typ = arrayPtrDeref(u);
  switch (typ.kind) {
    case TBasic:
      if (isString(typ)) return good(Typ[Int] as Type, universeRune);
      if (isInteger(typ)) {
        if (check !== null && !allowVersion(check, go1_22)) return bad("requires go1.22 or later");
        return good(orig, null);
      }
      break;
    case TArray:
    case TSlice:
      return good(Typ[Int] as Type, typ.elem);
    case TMap:
      return good(typ.key, typ.elem);
    case TChan:
      return good(typ.elem, null);
    case TSignature: {
      if (check !== null && !allowVersion(check, go1_23)) return bad("requires go1.23 or later");
      const shape = "func must be func(yield func(...) bool): ";
      if (typ.params.vars.length !== 1) return bad(`${shape}wrong argument count`);
      if (typ.results.vars.length !== 0) return bad(`${shape}unexpected results`);
      const yieldType = commonUnder((typ.params.vars[0] as Var).type as Type, null);
      const cb = yieldType.type;
      if (cb === null || cb.kind !== TSignature) {
        if (yieldType.err !== null) return bad(sprintf(check, `${shape}in yield type, %s`, yieldType.err.text(check)));
        return bad(`${shape}argument is not func`);
      }
      const params = cb.params.vars;
      const results = cb.results.vars;
      if (params.length > 2) return bad(`${shape}yield func has too many parameters`);
      const result = results.length === 1 ? ((results[0] as Var).type as Type) : null;
      if (result === null || !identical(result, Typ[Bool] as Type)) {
        if (result !== null && isBoolean(result)) return bad(`${shape}yield func returns user-defined boolean, not bool`);
        return bad(`${shape}yield func does not return bool`);
      }
      return good(params[0]?.type ?? null, params[1]?.type ?? null);
    }
  }
  return { key: null, val: null, cause: "", ok: false };
}
