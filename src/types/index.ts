// Index and slice expressions.

import { KindListExpr } from "../syntax/kinds.ts";
import type { Expr, IndexExpr, SliceExpr } from "../syntax/tree.ts";
import { assignment } from "./assignments.ts";
import { useExprs } from "./call.ts";
import type { Checker } from "./checker.ts";
import { convertUntyped, representConst } from "./const.ts";
import { int64Val, sign, stringVal } from "./constant/access.ts";
import { constantString } from "./constant/text.ts";
import { type Constant, KindUnknown } from "./constant/value.ts";
import { error, errorf, invalidArg, invalidOp } from "./errors.ts";
import { expr, exprOrType, nonGeneric } from "./expr.ts";
import {
  Int,
  Invalid,
  ModeConstant,
  ModeInvalid,
  ModeMapIndex,
  ModeTypExpr,
  ModeValue,
  ModeVariable,
  String_,
  TArray,
  TBasic,
  TInterface,
  TMap,
  TPointer,
  TSignature,
  TSlice,
} from "./kinds.ts";
import { plainLit } from "./literals.ts";
import { Operand } from "./operand.ts";
import { allInteger, identical, isString, isTypeParam, isUntyped, isValid } from "./predicates.ts";
import { type Basic, Slice, Typ, type Type, universeByte } from "./types.ts";
import { varType } from "./typexpr.ts";
import { typeset, under, underIs } from "./under.ts";

/** Checks x[i]. True if it instantiates a generic function: then x is that function and the caller's business. */
export function indexExpr(check: Checker, x: Operand, e: IndexExpr): boolean {
  exprOrType(check, x, e.x, true);
  if (x.mode === ModeInvalid) {
    useExprs(check, [e.index]);
    return false;
  }
  if (x.mode === ModeTypExpr) {
    // An instantiated type.
    x.mode = ModeInvalid;
    x.typ = varType(check, e);
    if (isValid(x.typ)) x.mode = ModeTypExpr;
    return false;
  }
  if (x.mode === ModeValue) {
    const sig = under(x.typ);
    if (sig.kind === TSignature && sig.tparams.length > 0) return true;
  }
  nonGeneric(check, null, x);
  if ((x.mode as number) === ModeInvalid) return false;

  let valid = false;
  let length = -1;
  const typ = under(x.typ);
  switch (typ.kind) {
    case TBasic:
      if (isString(typ)) {
        valid = true;
        if (x.mode === ModeConstant) length = stringVal(x.val as Constant).length;
        // A byte, and never constant.
        x.mode = ModeValue;
        x.typ = universeByte;
      }
      break;
    case TArray:
      valid = true;
      length = typ.len;
      if (x.mode !== ModeVariable) x.mode = ModeValue;
      x.typ = typ.elem;
      break;
    case TPointer: {
      const a = under(typ.elem);
      if (a.kind === TArray) {
        valid = true;
        length = a.len;
        x.mode = ModeVariable;
        x.typ = a.elem;
      }
      break;
    }
    case TSlice:
      valid = true;
      x.mode = ModeVariable;
      x.typ = typ.elem;
      break;
    case TMap:
      mapIndex(check, x, e, typ.key, typ.elem);
      return false;
    case TInterface: {
      if (!isTypeParam(x.typ)) break;
      const r = typeParamIndex(x);
      if (r === null) break;
      if (r.key !== null) {
        mapIndex(check, x, e, r.key, r.elem);
        return false;
      }
      valid = true;
      length = r.length;
      x.mode = r.mode;
      x.typ = r.elem;
      break;
    }
  }
  if (!valid) {
    errorf(check, e.pos, "cannot index %s", x);
    useExprs(check, [e.index]);
    x.mode = ModeInvalid;
    return false;
  }
  const i = singleIndex(check, e);
  if (i === null) {
    x.mode = ModeInvalid;
    return false;
  }
  index(check, i, length);
  return false;
}

function mapIndex(check: Checker, x: Operand, e: IndexExpr, keyType: Type, elem: Type): void {
  const i = singleIndex(check, e);
  if (i === null) {
    x.mode = ModeInvalid;
    return;
  }
  const key = new Operand();
  expr(check, null, key, i);
  assignment(check, key, keyType, "map index");
  // The type of the element is known even if the index is wrong.
  x.mode = ModeMapIndex;
  x.typ = elem;
  x.expr = e;
}

interface TypeParamIndex {
  /** Not null if all types are maps. */
  key: Type | null;
  elem: Type;
  mode: number;
  length: number;
}

/** What indexing gives for an operand whose type is a type parameter, null if it is not possible. */
function typeParamIndex(x: Operand): TypeParamIndex | null {
  let r: TypeParamIndex | null = null;
  let mode: number = ModeVariable;
  const ok = underIs(x.typ, (u) => {
    if (u === null) return false;
    let length = -1;
    let key: Type | null = null;
    let elem: Type | null = null;
    switch (u.kind) {
      case TBasic:
        if (isString(u)) {
          elem = universeByte;
          mode = ModeValue;
        }
        break;
      case TArray:
        length = u.len;
        elem = u.elem;
        if (x.mode !== ModeVariable) mode = ModeValue;
        break;
      case TPointer: {
        const a = under(u.elem);
        if (a.kind === TArray) {
          length = a.len;
          elem = a.elem;
        }
        break;
      }
      case TSlice:
        elem = u.elem;
        break;
      case TMap:
        key = u.key;
        elem = u.elem;
        break;
    }
    if (elem === null) return false;
    if (r === null) {
      r = { key, elem, mode, length };
      return true;
    }
    if (key === null ? r.key !== null : r.key === null || !identical(r.key, key)) return false;
    if (!identical(r.elem, elem)) return false;
    if (length >= 0 && length < r.length) r.length = length;
    return true;
  });
  if (!ok || r === null) return null;
  (r as TypeParamIndex).mode = mode;
  return r;
}

/** Checks x[i:j:k]. */
export function sliceExpr(check: Checker, x: Operand, e: SliceExpr): void {
  expr(check, null, x, e.x);
  if (x.mode === ModeInvalid) {
    for (const i of e.index) if (i !== null) useExprs(check, [i]);
    return;
  }

  let ct: Type | null = null;
  let cu: Type | null = null;
  let hasString = false;
  for (const { t, u: u0 } of typeset(x.typ)) {
    let u = u0;
    if (u === null) {
      errorf(check, x, "cannot slice %s: no specific type in %s", x, x.typ);
      cu = null;
      break;
    }
    if (isString(u)) {
      // Strings are like slices of bytes here.
      u = new Slice(check.ids, universeByte);
      hasString = true;
    }
    if (cu === null) {
      ct = t;
      cu = u;
      continue;
    }
    if (!identical(cu, u)) {
      errorf(check, x, "cannot slice %s: %s and %s have different underlying types", x, ct, t);
      cu = null;
      break;
    }
  }
  if (hasString && cu !== null) cu = isTypeParam(x.typ) ? (Typ[String_] as Basic) : under(x.typ);
  if (cu === null) {
    x.mode = ModeInvalid;
    return;
  }

  let valid = false;
  let length = -1;
  switch (cu.kind) {
    case TBasic:
      if (isString(cu)) {
        if (e.full) {
          error(check, e.index[2] ?? e, `${invalidOp}3-index slice of string`);
          x.mode = ModeInvalid;
          return;
        }
        valid = true;
        if (x.mode === ModeConstant) length = stringVal(x.val as Constant).length;
        if (isUntyped(x.typ)) x.typ = Typ[String_] as Basic;
      }
      break;
    case TArray:
      valid = true;
      length = cu.len;
      if (x.mode !== ModeVariable) {
        errorf(check, x, "cannot slice unaddressable value %s", x);
        x.mode = ModeInvalid;
        return;
      }
      x.typ = new Slice(check.ids, cu.elem);
      break;
    case TPointer: {
      const a = under(cu.elem);
      if (a.kind === TArray) {
        valid = true;
        length = a.len;
        x.typ = new Slice(check.ids, a.elem);
      }
      break;
    }
    case TSlice:
      valid = true;
      break;
  }
  if (!valid) {
    errorf(check, x, "cannot slice %s", x);
    x.mode = ModeInvalid;
    return;
  }
  x.mode = ModeValue;
  if (e.full && (e.index[1] === null || e.index[2] === null)) {
    error(check, e, "invalid syntax tree: 2nd and 3rd index required in 3-index slice");
    x.mode = ModeInvalid;
    return;
  }

  // The capacity of strings and arrays is their length.
  const bounds: number[] = [];
  for (let i = 0; i < 3; i++) {
    const at = e.index[i] ?? null;
    let bound = -1;
    if (at !== null) bound = index(check, at, length >= 0 ? length + 1 : -1).val;
    else if (i === 0) bound = 0;
    else if (length >= 0) bound = length;
    bounds.push(bound);
  }
  for (let i = 0; i < 2; i++) {
    const low = bounds[i] as number;
    if (low <= 0) continue;
    for (let j = i + 1; j < 3; j++) {
      const high = bounds[j] as number;
      if (high >= 0 && high < low) {
        errorf(check, e.index[j] ?? e, "invalid slice indices: %d < %d", high, low);
        return;
      }
    }
  }
}

/** The one index of an index expression, null after an error. */
function singleIndex(check: Checker, e: IndexExpr): Expr | null {
  if (e.index.kind !== KindListExpr) return e.index;
  const list = e.index.elemList;
  if (list.length <= 1) {
    errorf(check, e, "invalid syntax tree: invalid use of ListExpr for index expression %v with %d indices", e, list.length);
    return null;
  }
  error(check, list[1] as Expr, `${invalidOp}more than one index`);
  return list[0] as Expr;
}

/**
 * Checks an index; max, if not negative, is the bound for constants. The type is invalid after an error, the value is -1
 * if it is not constant.
 */
export function index(check: Checker, e: Expr, max: number): { typ: Type; val: number } {
  const x = new Operand();
  if (!plainLit(check, x, e, Typ[Int] as Basic)) expr(check, null, x, e);
  const invalid = Typ[Invalid] as Basic;
  if (!isValidIndex(check, x, "index", false)) return { typ: invalid, val: -1 };
  if (x.mode !== ModeConstant) return { typ: x.typ, val: -1 };
  const val = x.val as Constant;
  if (val.kind === KindUnknown) return { typ: invalid, val: -1 };
  const v = Number(int64Val(val));
  if (max >= 0 && v >= max) {
    errorf(check, x, `${invalidArg}index %s out of bounds [0:%d]`, constantString(val), max);
    return { typ: invalid, val: -1 };
  }
  return { typ: x.typ, val: v };
}

/** Whether x can be an index or length; if not, an error about `what` is reported. */
export function isValidIndex(check: Checker, x: Operand, what: string, allowNegative: boolean): boolean {
  if (x.mode === ModeInvalid) return false;
  convertUntyped(check, x, Typ[Int] as Basic);
  if ((x.mode as number) === ModeInvalid) return false;
  if (!allInteger(x.typ)) {
    errorf(check, x, `${invalidArg}%s %s must be integer`, what, x);
    return false;
  }
  if (x.mode === ModeConstant) {
    if (!allowNegative && sign(x.val as Constant) < 0) {
      errorf(check, x, `${invalidArg}%s %s must not be negative`, what, x);
      return false;
    }
    const val = representConst(x.val as Constant, Typ[Int] as Basic);
    if (val === null) {
      errorf(check, x, `${invalidArg}%s %s overflows int`, what, x);
      return false;
    }
    x.val = val;
  }
  return true;
}
