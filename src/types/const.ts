// Constant operands: whether they fit their type, and the conversion of untyped operands to the type of their context.

import type { Pos } from "../base/pos.ts";
import { KindOperation } from "../syntax/kinds.ts";
import { OpAdd, OpMul, OpShl, OpSub, OpXor } from "../syntax/tokens.ts";
import type { Expr } from "../syntax/tree.ts";
import type { Checker } from "./checker.ts";
import { bitLen, imag, intVal, real } from "./constant/access.ts";
import { makeFloat64, makeImag, makeUnknown } from "./constant/make.ts";
import { float32Val, float64Val } from "./constant/number.ts";
import { binaryOp, toComplex, toFloat, toInt } from "./constant/operations.ts";
import { type Constant, KindBool, KindComplex, KindFloat, KindInt, KindString, KindUnknown } from "./constant/value.ts";
import { assert, error, errorf } from "./errors.ts";
import { updateExprType, updateExprVal } from "./expr.ts";
import type { Operand } from "./operand.ts";
import {
  defaultType,
  hasNil,
  isBoolean,
  isComplex,
  isFloat,
  isInteger,
  isNumeric,
  isString,
  isTyped,
  isTypeParam,
  isUntyped,
  isValid,
  maxType,
} from "./predicates.ts";
import {
  Complex64,
  Float32,
  Float64,
  Int,
  Int8,
  Int16,
  Int32,
  Int64,
  ModeConstant,
  ModeInvalid,
  TBasic,
  TInterface,
  Uint,
  Uint8,
  Uint16,
  Uint32,
  Uint64,
  Uintptr,
  UntypedBool,
  UntypedComplex,
  UntypedFloat,
  UntypedInt,
  UntypedRune,
  UntypedString,
} from "./kinds.ts";
import { typeSet } from "./typeset.ts";
import type { Basic, Type } from "./types.ts";
import { under, underIs } from "./under.ts";

// Why an operand can't be converted.
export const ConvOk = 0;
export const ConvTruncated = 1;
export const ConvOverflow = 2;
export const ConvInvalid = 3;

/** The operation in words, if e is one that can overflow. */
function opName(e: Expr | null): string {
  if (e === null || e.kind !== KindOperation) return "";
  if (e.y === null) return e.op === OpXor ? "bitwise complement " : "";
  switch (e.op) {
    case OpAdd:
      return "addition ";
    case OpSub:
      return "subtraction ";
    case OpXor:
      return "bitwise XOR ";
    case OpMul:
      return "multiplication ";
    case OpShl:
      return "shift ";
    default:
      return "";
  }
}

/** Checks that the constant x fits its type or, if it is untyped, stays within the bounds for untyped constants. */
export function overflow(check: Checker, x: Operand, opPos: Pos): void {
  const val = x.val as Constant;
  if (val.kind === KindUnknown) {
    error(check, opPos, "constant result is not representable");
    return;
  }
  if (isTyped(x.typ)) {
    representable(check, x, under(x.typ) as Basic);
    return;
  }
  if (val.kind === KindInt && bitLen(val) > 512) {
    errorf(check, opPos, "constant %soverflow", opName(x.expr));
    x.val = makeUnknown();
  }
}

/** Bits and signedness of an integer kind, as bits or -bits for signed ones; 0 for untyped. */
function intSize(kind: number): number {
  switch (kind) {
    case Int8:
      return -8;
    case Int16:
      return -16;
    case Int32:
      return -32;
    case Int:
    case Int64:
      return -64;
    case Uint8:
      return 8;
    case Uint16:
      return 16;
    case Uint32:
      return 32;
    case Uint:
    case Uint64:
    case Uintptr:
      return 64;
    default:
      return 0;
  }
}

/** The value that x has in the given type, or null if it can't be represented there. */
export function representConst(x: Constant, typ: Basic): Constant | null {
  if (x.kind === KindUnknown) return x;
  if (isInteger(typ)) {
    const i = toInt(x);
    if (i.kind !== KindInt) return null;
    const size = intSize(typ.basic);
    if (size === 0) return i;
    const v = intVal(i);
    if (v >= 0n && v <= 127n) return i;
    const fits = size < 0 ? BigInt.asIntN(-size, v) === v : BigInt.asUintN(size, v) === v;
    return fits ? i : null;
  }
  if (isFloat(typ)) {
    const f = toFloat(x);
    if (f.kind !== KindFloat) return null;
    return typ.basic === UntypedFloat ? x : roundFloat(f, typ.basic);
  }
  if (isComplex(typ)) {
    const c = toComplex(x);
    if (c.kind !== KindComplex) return null;
    if (typ.basic === UntypedComplex) return x;
    const part = typ.basic === Complex64 ? Float32 : Float64;
    const re = roundFloat(real(c), part);
    const im = roundFloat(imag(c), part);
    return re !== null && im !== null ? binaryOp(re, OpAdd, makeImag(im)) : null;
  }
  if (isString(typ)) return x.kind === KindString ? x : null;
  if (isBoolean(typ)) return x.kind === KindBool ? x : null;
  return null;
}

function roundFloat(x: Constant, kind: number): Constant | null {
  const f = kind === Float32 ? float32Val(x) : float64Val(x);
  return Number.isFinite(f) ? makeFloat64(f) : null;
}

/** Makes the constant x representable as typ, or reports an error. */
export function representable(check: Checker, x: Operand, typ: Basic): void {
  const r = representation(x, typ);
  if (r.val === null) {
    invalidConversion(check, r.code, x, typ);
    x.mode = ModeInvalid;
    return;
  }
  x.val = r.val;
}

interface Representation {
  readonly val: Constant | null;
  readonly code: number;
}

function representation(x: Operand, typ: Basic): Representation {
  assert(x.mode === ModeConstant && x.val !== null);
  const val = representConst(x.val, typ);
  if (val !== null) return { val, code: ConvOk };
  if (isNumeric(x.typ) && isNumeric(typ)) {
    return { val: null, code: !isInteger(x.typ) && isInteger(typ) ? ConvTruncated : ConvOverflow };
  }
  return { val: null, code: ConvInvalid };
}

export function invalidConversion(check: Checker, code: number, x: Operand, target: Type): void {
  let msg = "cannot convert %s to type %s";
  if (code === ConvTruncated) msg = "%s truncated to %s";
  else if (code === ConvOverflow) msg = "%s overflows %s";
  errorf(check, x, msg, x, target);
}

/** Gives the untyped operand x the type target, or reports an error; typed operands stay as they are. */
export function convertUntyped(check: Checker, x: Operand, target: Type): void {
  const r = implicitTypeAndValue(check, x, target);
  if (r.type === null) {
    invalidConversion(check, r.code, x, isTypeParam(target) ? target : under(target));
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

/** The type that an operand takes in a context, null with a code if there is none, and its value there if it is constant. */
export interface Implicit {
  readonly type: Type | null;
  readonly val: Constant | null;
  readonly code: number;
}

const noImplicit: Implicit = { type: null, val: null, code: ConvInvalid };

/** The type that x takes implicitly where `target` is expected. check may be null. */
export function implicitTypeAndValue(check: Checker | null, x: Operand, target: Type): Implicit {
  if (x.mode === ModeInvalid || isTyped(x.typ) || !isValid(target)) return { type: x.typ, val: null, code: ConvOk };

  if (isUntyped(target)) {
    const m = maxType(x.typ, target);
    return m !== null ? { type: m, val: null, code: ConvOk } : noImplicit;
  }
  if (x.isNil()) return hasNil(target) ? { type: target, val: null, code: ConvOk } : noImplicit;

  const u = under(target);
  if (u.kind === TBasic) {
    if (x.mode === ModeConstant) {
      const r = representation(x, u);
      return r.val === null ? { type: null, val: null, code: r.code } : { type: target, val: r.val, code: ConvOk };
    }
    // Not constant, but untyped: comparisons, and shifts whose type is not known yet.
    let ok = false;
    switch ((x.typ as Basic).basic) {
      case UntypedBool:
        ok = isBoolean(target);
        break;
      case UntypedInt:
      case UntypedRune:
      case UntypedFloat:
      case UntypedComplex:
        ok = isNumeric(target);
        break;
      case UntypedString:
        ok = isString(target);
        break;
    }
    return ok ? { type: target, val: null, code: ConvOk } : noImplicit;
  }
  if (u.kind === TInterface) {
    if (isTypeParam(target)) {
      const ok = underIs(target, (t) => t !== null && implicitTypeAndValue(check, x, t).type !== null);
      return ok ? { type: target, val: null, code: ConvOk } : noImplicit;
    }
    // Values in interfaces have concrete types: the default type of x.
    return typeSet(u).isAll() ? { type: defaultType(x.typ), val: null, code: ConvOk } : noImplicit;
  }
  return noImplicit;
}
