// Conversions T(x).

import type { Cause } from "./cause.ts";
import type { Checker } from "./checker.ts";
import { representConst } from "./const.ts";
import { uint64Val } from "./constant/access.ts";
import { encodeRune } from "./constant/bytestring.ts";
import { makeString } from "./constant/make.ts";
import { toInt } from "./constant/operations.ts";
import { type Constant, KindInt } from "./constant/value.ts";
import { errorf } from "./errors.ts";
import { updateExprType } from "./expr.ts";
import { type FormatArg, sprintf } from "./format.ts";
import {
  Byte,
  ModeConstant,
  ModeInvalid,
  ModeValue,
  Rune,
  TArray,
  TBasic,
  TPointer,
  TSlice,
  TTypeParam,
  Uintptr,
  UnsafePointer,
  UntypedNil,
} from "./kinds.ts";
import { assignableTo, type Operand } from "./operand.ts";
import {
  allString,
  defaultType,
  identical,
  identicalIgnoreTags,
  isComplex,
  isConstType,
  isInteger,
  isIntegerOrFloat,
  isNonTypeParamInterface,
  isString,
  isTypeParam,
  isUntyped,
} from "./predicates.ts";
import { typeParamIs } from "./util.ts";
import { Typ, type Type } from "./types.ts";
import { unalias } from "./alias.ts";
import { under, underIs } from "./under.ts";
import { allowVersion, go1_17, go1_20 } from "./version.ts";
import type { Expr } from "../syntax/tree.ts";

/** The value of the constant x converted to T, null if that is not possible. */
function convertConst(x: Operand, T: Type): Constant | null {
  const t = under(T);
  if (t.kind !== TBasic) return null;
  const val = x.val as Constant;
  const direct = representConst(val, t);
  if (direct !== null) return direct;
  if (isInteger(x.typ) && isString(t)) {
    const code = uint64Val(val);
    return makeString(encodeRune(code !== null && code <= 0x10ffffn ? Number(code) : 0xfffd));
  }
  return null;
}

/** Checks the conversion T(x); the result is in x. */
export function conversion(check: Checker, x: Operand, T: Type): void {
  const constArg = x.mode === ModeConstant;
  let ok = false;
  const cause: Cause = { s: "" };
  if (constArg && isConstType(T)) {
    const val = convertConst(x, T);
    if (val !== null) {
      x.val = val;
      ok = true;
    } else if (isInteger(x.typ) && isInteger(T)) {
      errorf(check, x, "constant %s overflows %s", x.val, T);
      x.mode = ModeInvalid;
      return;
    } else if (isInteger(T)) {
      // The message shows the integer that was too large.
      const i = toInt(x.val as Constant);
      if (i.kind === KindInt) x.val = i;
    }
  } else if (constArg && isTypeParam(T)) {
    // A constant must be convertible to each type of the type set, and is none afterwards.
    ok = underIs(T, (u) => {
      if (u === null) {
        cause.s = sprintf(check, "%s does not contain specific types", T);
        return false;
      }
      if (isString(x.typ) && isBytesOrRunes(u)) return true;
      if (convertConst(x, u) === null) {
        if (isInteger(x.typ) && isInteger(u)) cause.s = sprintf(check, "constant %s overflows %s (in %s)", x.val, u, T);
        else cause.s = sprintf(check, "cannot convert %s to type %s (in %s)", x, u, T);
        return false;
      }
      return true;
    });
    x.mode = ModeValue;
  } else if (convertibleTo(x, check, T, cause)) {
    ok = true;
    x.mode = ModeValue;
  }

  if (!ok) {
    if (cause.s !== "") errorf(check, x, "cannot convert %s to type %s: %s", x, T, cause.s);
    else errorf(check, x, "cannot convert %s to type %s", x, T);
    x.mode = ModeInvalid;
    return;
  }

  // The conversion gives an untyped argument its type, except where the result is an interface or no constant:
  // then the argument has its default type.
  if (isUntyped(x.typ)) {
    let final = T;
    if (x.typ === Typ[UntypedNil]) {
      // stays T
    } else if (isNonTypeParamInterface(T) || (constArg && !isConstType(T))) final = defaultType(x.typ);
    else if (x.mode === ModeConstant && isInteger(x.typ) && allString(T)) final = x.typ;
    updateExprType(check, x.expr as Expr, final, true);
  }
  x.typ = T;
}

function addCause(check: Checker | null, cause: Cause | null, format: string, ...args: FormatArg[]): void {
  if (check === null || cause === null) return;
  const msg = sprintf(check, format, ...args);
  cause.s = cause.s !== "" ? `${msg}\n\t${cause.s}` : msg;
}

/** Whether T(x) is valid; if not, `cause` may tell why. check may be null. */
export function convertibleTo(x: Operand, check: Checker | null, T: Type, cause: Cause | null): boolean {
  if (assignableTo(x, check, T, cause)) return true;

  const origT = T;
  const V = unalias(x.typ);
  T = unalias(T);
  const Vu = under(V);
  const Tu = under(T);
  const Vp = V.kind === TTypeParam ? V : null;
  const Tp = T.kind === TTypeParam ? T : null;

  // Identical underlying types, tags aside.
  if (Vp === null && Tp === null && identicalIgnoreTags(Vu, Tu)) return true;

  // Unnamed pointers to such types.
  if (V.kind === TPointer && T.kind === TPointer) {
    if (identicalIgnoreTags(under(V.elem), under(T.elem)) && !isTypeParam(V.elem) && !isTypeParam(T.elem)) return true;
  }

  // Numbers, strings and slices of bytes or runes.
  if (isIntegerOrFloat(Vu) && isIntegerOrFloat(Tu)) return true;
  if (isComplex(Vu) && isComplex(Tu)) return true;
  if ((isInteger(Vu) || isBytesOrRunes(Vu)) && isString(Tu)) return true;
  if (isString(Vu) && isBytesOrRunes(Tu)) return true;

  // Package unsafe.
  if ((isPointer(Vu) || isUintptr(Vu)) && isUnsafePointer(Tu)) return true;
  if (isUnsafePointer(Vu) && (isPointer(Tu) || isUintptr(Tu))) return true;

  // A slice to an array or pointer to an array.
  if (Vu.kind === TSlice) {
    if (Tu.kind === TArray) {
      if (identical(Vu.elem, Tu.elem)) {
        if (check === null || allowVersion(check, go1_20)) return true;
        if (cause !== null) cause.s = "conversion of slice to array requires go1.20 or later";
        return false;
      }
    } else if (Tu.kind === TPointer) {
      const a = under(Tu.elem);
      if (a.kind === TArray && identical(Vu.elem, a.elem)) {
        if (check === null || allowVersion(check, go1_17)) return true;
        if (cause !== null) cause.s = "conversion of slice to array pointer requires go1.17 or later";
        return false;
      }
    }
  }

  // Type parameters: each type of one set to each of the other.
  if (Vp !== null && Tp !== null) {
    const y = x.clone();
    return typeParamIs(Vp, (v) => {
      if (v === null) return false;
      y.typ = v.type as Type;
      return typeParamIs(Tp, (t) => {
        if (t === null) return false;
        if (convertibleTo(y, check, t.type as Type, cause)) return true;
        addCause(check, cause, "cannot convert %s (in %s) to type %s (in %s)", v.type, Vp, t.type, Tp);
        return false;
      });
    });
  }
  if (Vp !== null) {
    const y = x.clone();
    return typeParamIs(Vp, (v) => {
      if (v === null) return false;
      y.typ = v.type as Type;
      if (convertibleTo(y, check, T, cause)) return true;
      addCause(check, cause, "cannot convert %s (in %s) to type %s", v.type, Vp, origT);
      return false;
    });
  }
  if (Tp !== null) {
    return typeParamIs(Tp, (t) => {
      if (t === null) return false;
      if (convertibleTo(x, check, t.type as Type, cause)) return true;
      addCause(check, cause, "cannot convert %s to type %s (in %s)", x.typ, t.type, Tp);
      return false;
    });
  }
  return false;
}

function isUintptr(typ: Type): boolean {
  const t = under(typ);
  return t.kind === TBasic && t.basic === Uintptr;
}

function isUnsafePointer(typ: Type): boolean {
  const t = under(typ);
  return t.kind === TBasic && t.basic === UnsafePointer;
}

export function isPointer(typ: Type): boolean {
  return under(typ).kind === TPointer;
}

export function isBytesOrRunes(typ: Type): boolean {
  const s = under(typ);
  if (s.kind !== TSlice) return false;
  const t = under(s.elem);
  return t.kind === TBasic && (t.basic === Byte || t.basic === Rune);
}
