// Expressions. They are checked from the top down; each function leaves its result in an operand, whose mode is invalid
// after an error (which has been reported then).
//
// Untyped expressions get their type from their context, perhaps several levels further up. Until then they are kept in
// check.untyped; updateExprType walks down again once the type is known, and records it.

import { NoPos, type Pos } from "../base/pos.ts";
import {
  KindArrayType,
  KindAssertExpr,
  KindBadExpr,
  KindBasicLit,
  KindCallExpr,
  KindChanType,
  KindCompositeLit,
  KindDotsType,
  KindFuncLit,
  KindFuncType,
  KindIndexExpr,
  KindInterfaceType,
  KindKeyValueExpr,
  KindListExpr,
  KindMapType,
  KindName,
  KindOperation,
  KindParenExpr,
  KindSelectorExpr,
  KindSliceExpr,
  KindSliceType,
  KindStructType,
  KindTypeSwitchGuard,
} from "../syntax/kinds.ts";
import { startPos } from "../syntax/positions.ts";
import {
  OpAdd,
  OpAnd,
  OpAndAnd,
  OpAndNot,
  OpDiv,
  OpEql,
  OpGeq,
  OpMul,
  OpNeq,
  OpNot,
  OpOr,
  OpOrOr,
  OpRecv,
  OpRem,
  OpShl,
  OpShr,
  OpSub,
  OpTilde,
  OpXor,
  opNames,
} from "../syntax/tokens.ts";
import type { Expr, Operation } from "../syntax/tree.ts";
import { callExpr, funcInst, useExprs } from "./call.ts";
import type { Cause } from "./cause.ts";
import type { Checker } from "./checker.ts";
import { convertUntyped, overflow, representable } from "./const.ts";
import { imag, real, sign, uint64Val } from "./constant/access.ts";
import { makeBool, makeUnknown } from "./constant/make.ts";
import { binaryOp, compare, OpIntDiv, shiftOp, toInt, unaryOp } from "./constant/operations.ts";
import { type Constant, KindInt, KindUnknown } from "./constant/value.ts";
import { isPointer } from "./conversions.ts";
import { finiteSize } from "./cycles.ts";
import { error, errorf, invalidOp, type Poser, verifyVersionf } from "./errors.ts";
import { sprintf } from "./format.ts";
import { indexExpr, sliceExpr } from "./index.ts";
import {
  Invalid,
  ModeBuiltin,
  ModeCommaErr,
  ModeCommaOk,
  ModeConstant,
  ModeInvalid,
  ModeMapIndex,
  ModeNoValue,
  ModeTypExpr,
  ModeValue,
  ModeVariable,
  RecvOnly,
  SendOnly,
  TAlias,
  TChan,
  TInterface,
  TMap,
  TNamed,
  TPointer,
  TSignature,
  TSlice,
  TTuple,
  Uint,
  UntypedBool,
  UntypedInt,
} from "./kinds.ts";
import { basicLit, compositeLit, funcLit, plainLit } from "./literals.ts";
import { assertableTo } from "./lookup.ts";
import { assignableTo, compositeKind, Operand } from "./operand.ts";
import {
  allBoolean,
  allInteger,
  allNumeric,
  allNumericOrString,
  allOrdered,
  allString,
  allUnsigned,
  comparable,
  comparableType,
  defaultType,
  hasNil,
  identical,
  isComplex,
  isGeneric,
  isInteger,
  isNonTypeParamInterface,
  isTyped,
  isTypeParam,
  isUnsigned,
  isUntyped,
  isValid,
} from "./predicates.ts";
import { record, recordTypeAndValue } from "./record.ts";
import { selector } from "./selector.ts";
import { sizeof } from "./sizes.ts";
import { type Basic, Pointer, type Signature, Typ, type Type } from "./types.ts";
import { ident, typ as typExpr, validVarType, varType } from "./typexpr.ts";
import { commonUnder, typeErrorf, under, underIs } from "./under.ts";
import { universeError } from "./universe.ts";
import { unparen } from "../syntax/unparen.ts";
import { go1_13 } from "./version.ts";

// Kinds of expressions, which decide what may stand as a statement.
export const ExprConversion = 0;
export const ExprExpression = 1;
export const ExprStatement = 2;

/** The variable that an expression is assigned to, if it is of function type: a source for inference. */
export class Target {
  readonly sig: Signature;
  readonly desc: string;

  constructor(sig: Signature, desc: string) {
    this.sig = sig;
    this.desc = desc;
  }
}

/** Null if typ is no function type. */
export function newTarget(typ: Type | null, desc: string): Target | null {
  if (typ === null) return null;
  const u = under(typ);
  return u.kind === TSignature ? new Target(u, desc) : null;
}

// ---- Operators

function unaryOk(op: number, t: Type): boolean {
  switch (op) {
    case OpAdd:
    case OpSub:
      return allNumeric(t);
    case OpXor:
      return allInteger(t);
    case OpNot:
      return allBoolean(t);
    default:
      return false;
  }
}

function binaryOk(op: number, t: Type): boolean {
  switch (op) {
    case OpAdd:
      return allNumericOrString(t);
    case OpSub:
    case OpMul:
    case OpDiv:
      return allNumeric(t);
    case OpRem:
    case OpAnd:
    case OpOr:
    case OpXor:
    case OpAndNot:
      return allInteger(t);
    case OpAndAnd:
    case OpOrOr:
      return allBoolean(t);
    default:
      return false;
  }
}

function opUndefined(check: Checker, x: Operand, op: number): void {
  errorf(check, x, `${invalidOp}operator %s not defined on %s`, opNames[op] as string, x);
  x.mode = ModeInvalid;
}

/** The position of the operator of an operation, the start of other expressions. */
export function opPos(x: Expr | null): Pos {
  if (x === null) return NoPos;
  return x.kind === KindOperation ? x.pos : startPos(x);
}

function isShift(op: number): boolean {
  return op === OpShl || op === OpShr;
}

function isComparison(op: number): boolean {
  return op >= OpEql && op <= OpGeq;
}

function unary(check: Checker, x: Operand, e: Operation): void {
  expr(check, null, x, e.x);
  if (x.mode === ModeInvalid) return;
  let op = e.op;
  switch (op) {
    case OpAnd:
      // Variables have addresses, and composite literals as an exception.
      if (unparen(e.x).kind !== KindCompositeLit && x.mode !== ModeVariable) {
        errorf(check, x, `${invalidOp}cannot take address of %s`, x);
        x.mode = ModeInvalid;
        return;
      }
      x.mode = ModeValue;
      x.typ = new Pointer(check.ids, x.typ);
      return;
    case OpRecv: {
      const elem = chanElem(check, x, x, true);
      if (elem === null) {
        x.mode = ModeInvalid;
        return;
      }
      x.mode = ModeCommaOk;
      x.typ = elem;
      check.env.hasCallOrRecv = true;
      return;
    }
    case OpTilde:
      if (!allInteger(x.typ)) {
        error(check, e, "cannot use ~ outside of interface or type constraint");
        x.mode = ModeInvalid;
        return;
      }
      error(check, e, "cannot use ~ outside of interface or type constraint (use ^ for bitwise complement)");
      op = OpXor;
  }
  if (!unaryOk(op, x.typ)) {
    opUndefined(check, x, op);
    return;
  }
  if (x.mode === ModeConstant) {
    const val = x.val as Constant;
    if (val.kind === KindUnknown) return;
    const prec = isUnsigned(x.typ) ? sizeof(x.typ) * 8 : 0;
    x.val = unaryOp(op, val, prec);
    x.expr = e;
    overflow(check, x, opPos(e));
    return;
  }
  x.mode = ModeValue;
}

/** The element type of the channel x, to receive from or send to; null after an error. */
export function chanElem(check: Checker, at: Poser, x: Operand, recv: boolean): Type | null {
  const { type: u, err } = commonUnder(x.typ, (t, u) => {
    if (u === null) return typeErrorf("no specific channel type");
    if (u.kind !== TChan) return typeErrorf("non-channel %s", t);
    if (recv && u.dir === SendOnly) return typeErrorf("send-only channel %s", t);
    if (!recv && u.dir === RecvOnly) return typeErrorf("receive-only channel %s", t);
    return null;
  });
  if (u !== null && u.kind === TChan) return u.elem;
  const cause = err === null ? "" : err.text(check);
  const what = recv ? "receive from" : "send to";
  if (isTypeParam(x.typ)) errorf(check, at, `${invalidOp}cannot ${what} %s: %s`, x, cause);
  else errorf(check, at, `${invalidOp}cannot ${what} %s %s`, cause, x);
  return null;
}

// ---- Untyped expressions

/**
 * Gives the untyped expression x, and the operands that share its type, the type typ. A typ that is untyped is recorded
 * only if it is final. Constants must be representable, left operands of shifts must be integers.
 */
export function updateExprType(check: Checker, x: Expr, typ: Type, final: boolean): void {
  const old = check.untyped.get(x);
  if (old === undefined) return;

  switch (x.kind) {
    case KindCallExpr:
    case KindName:
    case KindBasicLit:
    case KindSelectorExpr:
      break;
    case KindParenExpr:
      updateExprType(check, x.x, typ, final);
      break;
    case KindOperation:
      // The operands of a constant are never needed at run time.
      if (x.y === null) {
        if (x.op === OpMul) return;
        if (old.val === null) updateExprType(check, x.x, typ, final);
      } else if (old.val === null) {
        if (isComparison(x.op)) {
          // The operands have their types already.
        } else if (isShift(x.op)) {
          updateExprType(check, x.x, typ, final);
        } else {
          updateExprType(check, x.x, typ, final);
          updateExprType(check, x.y, typ, final);
        }
      }
      break;
    default:
      return; // never untyped
  }

  if (!final && isUntyped(typ)) {
    old.type = under(typ) as Basic;
    return;
  }
  check.untyped.delete(x);

  if (old.isLhs && !allInteger(typ)) {
    errorf(check, x, `${invalidOp}shifted operand %s (type %s) must be integer`, x, typ);
    return;
  }
  if (old.val !== null) {
    const c = Operand.make(old.mode, x, old.type, old.val);
    convertUntyped(check, c, typ);
    if (c.mode === ModeInvalid) return;
  }
  recordTypeAndValue(check, x, old.mode, typ, old.val);
}

export function updateExprVal(check: Checker, x: Expr, val: Constant): void {
  const info = check.untyped.get(x);
  if (info !== undefined) info.val = val;
}

// ---- Binary operations

/** x op y for a comparison; for a switch case x is the case value and y the tag. */
export function comparison(check: Checker, x: Operand, y: Operand, op: number, switchCase: boolean): void {
  if (!isValid(x.typ) || !isValid(y.typ)) {
    x.mode = ModeInvalid;
    return;
  }
  if (switchCase) op = OpEql;

  let errOp: Operand | null = null;
  let cause = "";
  if (!assignableTo(x, check, y.typ, null) && !assignableTo(y, check, x.typ, null)) {
    // Only the second operand shows that there is a mismatch.
    errOp = y;
    cause = sprintf(check, "mismatched types %s and %s", x.typ, y.typ);
  } else if (op === OpEql || op === OpNeq) {
    if (x.isNil() || y.isNil()) {
      if (!hasNil(x.isNil() ? y.typ : x.typ)) errOp = y;
    } else if (!comparable(x.typ)) {
      errOp = x;
      cause = incomparableCause(check, x.typ);
    } else if (!comparable(y.typ)) {
      errOp = y;
      cause = incomparableCause(check, y.typ);
    }
  } else if (!allOrdered(x.typ)) errOp = x;
  else if (!allOrdered(y.typ)) errOp = y;

  if (errOp === null) {
    if (x.mode === ModeConstant && y.mode === ModeConstant) {
      x.val = makeBool(compare(x.val as Constant, op, y.val as Constant));
    } else {
      x.mode = ModeValue;
      // The operands are needed at run time, with their default types if they are still untyped.
      updateExprType(check, x.expr as Expr, defaultType(x.typ), true);
      updateExprType(check, y.expr as Expr, defaultType(y.typ), true);
    }
    x.typ = Typ[UntypedBool] as Basic;
    return;
  }

  if (cause === "") {
    if (isTypeParam(x.typ) || isTypeParam(y.typ)) {
      if (!isTypeParam(x.typ)) errOp = y;
      cause = sprintf(check, "type parameter %s cannot use operator %s", errOp.typ, opNames[op] as string);
    } else {
      const what = compositeKind(errOp.typ) || sprintf(check, "%s", errOp.typ);
      cause = sprintf(check, "operator %s not defined on %s", opNames[op] as string, what);
    }
  }
  if (switchCase) errorf(check, x, "invalid case %s in switch on %s (%s)", x.expr, y.expr, cause);
  else errorf(check, errOp, `${invalidOp}%s %s %s (%s)`, x.expr, opNames[op] as string, y.expr, cause);
  x.mode = ModeInvalid;
}

/** Why typ can't be compared, as far as there is more to say. */
export function incomparableCause(check: Checker, typ: Type): string {
  const u = under(typ);
  if (u.kind === TSlice || u.kind === TSignature || u.kind === TMap) {
    return `${compositeKind(typ)} can only be compared to nil`;
  }
  const err = comparableType(typ, true, null);
  return err === null ? "" : err.text(check);
}

/** The largest shift count for constants: enough for the smallest float64. */
const shiftBound = 1023n - 1n + 52n;

/** e is the shift expression; it may be null for non-constant shifts. */
function shift(check: Checker, x: Operand, y: Operand, e: Expr | null, op: number): void {
  const xval = x.mode === ModeConstant ? toInt(x.val as Constant) : null;
  if (!allInteger(x.typ) && !(isUntyped(x.typ) && xval !== null && xval.kind === KindInt)) {
    errorf(check, x, `${invalidOp}shifted operand %s must be integer`, x);
    x.mode = ModeInvalid;
    return;
  }

  // The count: of integer type, or an untyped constant that a uint can hold.
  let yval: Constant | null = null;
  if (y.mode === ModeConstant) {
    yval = toInt(y.val as Constant);
    if (yval.kind === KindInt && sign(yval) < 0) {
      errorf(check, y, `${invalidOp}negative shift count %s`, y);
      x.mode = ModeInvalid;
      return;
    }
    if (isUntyped(y.typ)) {
      representable(check, y, Typ[Uint] as Basic);
      if ((y.mode as number) === ModeInvalid) {
        x.mode = ModeInvalid;
        return;
      }
    }
  } else if (allInteger(y.typ)) {
    if (!allUnsigned(y.typ) && !verifyVersionf(check, y, go1_13, `${invalidOp}signed shift count %s`, y)) {
      x.mode = ModeInvalid;
      return;
    }
  } else if (isUntyped(y.typ)) {
    convertUntyped(check, y, Typ[Uint] as Basic);
    if ((y.mode as number) === ModeInvalid) {
      x.mode = ModeInvalid;
      return;
    }
  } else {
    errorf(check, y, `${invalidOp}shift count %s must be integer`, y);
    x.mode = ModeInvalid;
    return;
  }

  if (x.mode === ModeConstant) {
    if (y.mode === ModeConstant) {
      if ((x.val as Constant).kind === KindUnknown || (y.val as Constant).kind === KindUnknown) {
        x.val = makeUnknown();
        if (!isInteger(x.typ)) x.typ = Typ[UntypedInt] as Basic;
        return;
      }
      const s = uint64Val(yval as Constant);
      if (s === null || s > shiftBound) {
        errorf(check, y, `${invalidOp}invalid shift count %s`, y);
        x.mode = ModeInvalid;
        return;
      }
      // An untyped float such as 2.0 becomes an integer.
      if (!isInteger(x.typ)) x.typ = Typ[UntypedInt] as Basic;
      x.val = shiftOp(xval as Constant, op, Number(s));
      x.expr = e;
      overflow(check, x, opPos(e));
      return;
    }
    // The type of an untyped constant that is shifted by a variable is what it would be without the shift: it is
    // checked when that is known.
    if (isUntyped(x.typ)) {
      const info = check.untyped.get(x.expr as Expr);
      if (info !== undefined) info.isLhs = true;
      x.mode = ModeValue;
      return;
    }
  }

  if (!allInteger(x.typ)) {
    errorf(check, x, `${invalidOp}shifted operand %s must be integer`, x);
    x.mode = ModeInvalid;
    return;
  }
  x.mode = ModeValue;
}

/** lhs op rhs. e is the whole expression, or null for an assignment operation. */
export function binary(check: Checker, x: Operand, e: Expr | null, lhs: Expr, rhs: Expr, op: number): void {
  // Chains like a + b + c ... may be thousands of operations long: their left operands are checked in a loop.
  const spine: BinaryOperation[] = [];
  let first = lhs;
  while (isBinary(first)) {
    spine.push(first);
    first = first.x;
  }
  expr(check, null, x, first);
  for (let i = spine.length - 1; i >= 0; i--) {
    const s = spine[i] as BinaryOperation;
    binaryStep(check, x, s, s.x, s.y, s.op);
    x.expr = s;
    record(check, x);
  }
  binaryStep(check, x, e, lhs, rhs, op);
}

type BinaryOperation = Operation & { y: Expr };

function isBinary(e: Expr): e is BinaryOperation {
  return e.kind === KindOperation && e.y !== null;
}

/** x op rhs, where x is the value of lhs. */
function binaryStep(check: Checker, x: Operand, e: Expr | null, lhs: Expr, rhs: Expr, op: number): void {
  const y = new Operand();
  if (isShift(op) || x.mode === ModeInvalid || !plainLit(check, y, rhs, x.typ)) expr(check, null, y, rhs);
  if (x.mode === ModeInvalid) return;
  if (y.mode === ModeInvalid) {
    x.mode = ModeInvalid;
    x.expr = y.expr;
    return;
  }
  if (isShift(op)) {
    shift(check, x, y, e, op);
    return;
  }
  matchTypes(check, x, y);
  if ((x.mode as number) === ModeInvalid) return;
  if (isComparison(op)) {
    comparison(check, x, y, op, false);
    return;
  }
  if (!identical(x.typ, y.typ)) {
    if (isValid(x.typ) && isValid(y.typ)) {
      if (e !== null) errorf(check, x, `${invalidOp}%s (mismatched types %s and %s)`, e, x.typ, y.typ);
      else {
        const o = opNames[op] as string;
        errorf(check, x, `${invalidOp}%s %s= %s (mismatched types %s and %s)`, lhs, o, rhs, x.typ, y.typ);
      }
    }
    x.mode = ModeInvalid;
    return;
  }
  if (!binaryOk(op, x.typ)) {
    opUndefined(check, x, op);
    return;
  }

  const bothConst = x.mode === ModeConstant && y.mode === ModeConstant;
  if (op === OpDiv || op === OpRem) {
    if ((x.mode === ModeConstant || allInteger(x.typ)) && y.mode === ModeConstant && sign(y.val as Constant) === 0) {
      error(check, y, `${invalidOp}division by zero`);
      x.mode = ModeInvalid;
      return;
    }
    if (bothConst && isComplex(x.typ)) {
      // The squares may vanish where the parts don't.
      const re = real(y.val as Constant);
      const im = imag(y.val as Constant);
      if (sign(binaryOp(re, OpMul, re)) === 0 && sign(binaryOp(im, OpMul, im)) === 0) {
        error(check, y, `${invalidOp}division by zero`);
        x.mode = ModeInvalid;
        return;
      }
    }
  }

  if (bothConst) {
    const a = x.val as Constant;
    const b = y.val as Constant;
    if (a.kind === KindUnknown || b.kind === KindUnknown) {
      x.val = makeUnknown();
      return;
    }
    x.val = binaryOp(a, op === OpDiv && isInteger(x.typ) ? OpIntDiv : op, b);
    x.expr = e;
    overflow(check, x, opPos(e));
    return;
  }
  x.mode = ModeValue;
}

/** Whether it makes sense to convert one of the operands to the type of the other; if not, the types mismatch. */
function mayConvert(x: Operand, y: Operand): boolean {
  if (isTyped(x.typ) && isTyped(y.typ)) return false;
  if (allNumeric(x.typ) !== allNumeric(y.typ)) return false;
  // In a comparison with an empty interface the other operand takes its default type.
  if (isNonTypeParamInterface(x.typ) || isNonTypeParamInterface(y.typ)) return true;
  if (allBoolean(x.typ) !== allBoolean(y.typ)) return false;
  if (allString(x.typ) !== allString(y.typ)) return false;
  if (x.isNil()) return hasNil(y.typ);
  if (y.isNil()) return hasNil(x.typ);
  return !isPointer(x.typ) && !isPointer(y.typ);
}

/** Converts untyped operands so that the types of x and y match, if possible. x is invalid after an error. */
export function matchTypes(check: Checker, x: Operand, y: Operand): void {
  if (!mayConvert(x, y)) return;
  convertUntyped(check, x, y.typ);
  if (x.mode === ModeInvalid) return;
  convertUntyped(check, y, x.typ);
  if (y.mode === ModeInvalid) x.mode = ModeInvalid;
}

// ---- Entry points

/**
 * Checks an expression or type and records the result. T, if not null, helps to infer the type arguments of a generic
 * function; hint is the type for a composite literal without one. Gives the kind of expression.
 */
export function rawExpr(check: Checker, T: Target | null, x: Operand, e: Expr, hint: Type | null, allowGeneric: boolean): number {
  const kind = exprInternal(check, T, x, e, hint);
  if (!allowGeneric) nonGeneric(check, T, x);
  // A value whose type is still being declared is part of a cycle.
  if (x.mode !== ModeInvalid && x.mode !== ModeNoValue && !finiteSize(check, x.typ)) {
    x.mode = ModeInvalid;
    x.typ = Typ[Invalid] as Basic;
  }
  record(check, x);
  return kind;
}

/** Reports generic types, and generic functions that T doesn't help to instantiate. */
export function nonGeneric(check: Checker, T: Target | null, x: Operand): void {
  if (x.mode === ModeInvalid || x.mode === ModeNoValue) return;
  const t = x.typ;
  let what: string;
  if (t.kind === TNamed || t.kind === TAlias) {
    if (!isGeneric(t)) return;
    what = "type";
  } else if (t.kind === TSignature && t.tparams.length > 0) {
    if (T !== null) {
      funcInst(check, T, (x.expr as Expr).pos, x, null, true);
      return;
    }
    what = "function";
  } else return;
  errorf(check, x.expr as Expr, "cannot use generic %s %s without instantiation", what, x.expr);
  x.mode = ModeInvalid;
  x.typ = Typ[Invalid] as Basic;
}

function exprInternal(check: Checker, T: Target | null, x: Operand, e: Expr, hint: Type | null): number {
  x.mode = ModeInvalid;
  x.typ = Typ[Invalid] as Basic;

  switch (e.kind) {
    case KindBadExpr:
      break; // reported by the parser
    case KindName:
      ident(check, x, e, false);
      x.expr = e;
      return ExprExpression;
    case KindDotsType:
      error(check, e, "invalid syntax tree: invalid use of ...");
      break;
    case KindBasicLit:
      if (!e.bad) basicLit(check, x, e);
      break;
    case KindFuncLit:
      funcLit(check, x, e);
      break;
    case KindCompositeLit:
      compositeLit(check, x, e, hint);
      break;
    case KindParenExpr: {
      // Inference doesn't look into parentheses.
      const kind = rawExpr(check, null, x, e.x, null, false);
      x.expr = e;
      return kind;
    }
    case KindSelectorExpr:
      selector(check, x, e, false);
      x.expr = e;
      return ExprExpression;
    case KindIndexExpr:
      if (indexExpr(check, x, e)) funcInst(check, T, e.pos, x, e, true);
      break;
    case KindSliceExpr:
      sliceExpr(check, x, e);
      break;
    case KindAssertExpr: {
      expr(check, null, x, e.x);
      if ((x.mode as number) === ModeInvalid) break;
      let ok = false;
      if (isTypeParam(x.typ)) errorf(check, x, `${invalidOp}cannot use type assertion on type parameter value %s`, x);
      else if (under(x.typ).kind !== TInterface) errorf(check, x, `${invalidOp}%s is not an interface`, x);
      else ok = true;
      const target = ok ? varType(check, e.type) : null;
      if (target === null || !isValid(target)) {
        x.mode = ModeInvalid;
        break;
      }
      typeAssertion(check, e, x, target, false);
      x.mode = ModeCommaOk;
      x.typ = target;
      break;
    }
    case KindTypeSwitchGuard:
      error(check, e, "invalid syntax tree: use of .(type) outside type switch");
      useExprs(check, [e.x]);
      x.mode = ModeInvalid;
      break;
    case KindCallExpr:
      return callExpr(check, x, e);
    case KindListExpr:
      error(check, e, "invalid syntax tree: unexpected list of expressions");
      break;
    case KindOperation:
      if (e.y !== null) {
        binary(check, x, e, e.x, e.y, e.op);
      } else if (e.op === OpMul) {
        indirection(check, x, e);
      } else {
        unary(check, x, e);
        if ((x.mode as number) !== ModeInvalid && e.op === OpRecv) {
          x.expr = e;
          return ExprStatement; // a receive may stand alone
        }
      }
      break;
    case KindKeyValueExpr:
      error(check, e, "invalid syntax tree: no key:value expected");
      break;
    case KindArrayType:
    case KindSliceType:
    case KindStructType:
    case KindFuncType:
    case KindInterfaceType:
    case KindMapType:
    case KindChanType:
      x.mode = ModeTypExpr;
      x.typ = typExpr(check, e);
      break;
  }
  x.expr = e;
  // An invalid operand counts as a statement so that nobody complains about its use.
  return x.mode === ModeInvalid ? ExprStatement : ExprExpression;
}

/** *x: a pointer type or the variable that a pointer points to. */
function indirection(check: Checker, x: Operand, e: Operation): void {
  exprOrType(check, x, e.x, false);
  if (x.mode === ModeInvalid) return;
  if (x.mode === ModeTypExpr) {
    validVarType(check, e.x, x.typ);
    x.typ = new Pointer(check.ids, x.typ);
    return;
  }
  let base: Type | null = null;
  const ok = underIs(x.typ, (u) => {
    if (u === null || u.kind !== TPointer) {
      errorf(check, x, `${invalidOp}cannot indirect %s`, x);
      return false;
    }
    if (base !== null && !identical(u.elem, base)) {
      errorf(check, x, `${invalidOp}pointers of %s must have identical base types`, x);
      return false;
    }
    base = u.elem;
    return true;
  });
  if (!ok || base === null) {
    x.mode = ModeInvalid;
    return;
  }
  x.mode = ModeVariable;
  x.typ = base;
}

/** Reports an x.(T) that can't succeed. */
export function typeAssertion(check: Checker, e: Expr, x: Operand, T: Type, typeSwitch: boolean): void {
  const cause: Cause = { s: "" };
  if (assertableTo(check, x.typ, T, cause)) return;
  if (typeSwitch) {
    errorf(check, e, "impossible type switch case: %s\n\t%s cannot have dynamic type %s %s", e, x, T, cause.s);
  } else {
    errorf(check, e, "impossible type assertion: %s\n\t%s does not implement %s %s", e, T, x.typ, cause.s);
  }
}

const excludeNoValue = 1 << ModeNoValue;
const excludeBuiltin = 1 << ModeBuiltin;
const excludeTypExpr = 1 << ModeTypExpr;
/** What is no value: see exclude. */
export const notValues = excludeNoValue | excludeBuiltin | excludeTypExpr;
export const notValuesOrTypes = excludeNoValue | excludeBuiltin;

/** Checks an expression that must have exactly one value. */
export function expr(check: Checker, T: Target | null, x: Operand, e: Expr): void {
  rawExpr(check, T, x, e, null, false);
  exclude(check, x, notValues);
  singleValue(check, x);
}

/** Like expr, but the result may be generic. */
export function genericExpr(check: Checker, x: Operand, e: Expr): void {
  rawExpr(check, null, x, e, null, true);
  exclude(check, x, notValues);
  singleValue(check, x);
}

/** The values of e; with allowCommaOk a map index, receive or assertion has two. The first is invalid after an error. */
export function multiExpr(check: Checker, e: Expr, allowCommaOk: boolean): { list: Operand[]; commaOk: boolean } {
  const x = new Operand();
  rawExpr(check, null, x, e, null, false);
  exclude(check, x, notValues);
  if (x.mode !== ModeInvalid && x.typ.kind === TTuple) {
    return { list: x.typ.vars.map((v) => Operand.make(ModeValue, e, v.type as Type)), commaOk: false };
  }
  if (allowCommaOk && (x.mode === ModeMapIndex || x.mode === ModeCommaOk || x.mode === ModeCommaErr)) {
    const second = x.mode === ModeCommaErr ? (universeError as Type) : (Typ[UntypedBool] as Basic);
    return { list: [x, Operand.make(ModeValue, e, second)], commaOk: true };
  }
  return { list: [x], commaOk: false };
}

/** Like expr, with the type of a composite literal without one. */
export function exprWithHint(check: Checker, x: Operand, e: Expr, hint: Type): void {
  rawExpr(check, null, x, e, hint, false);
  exclude(check, x, notValues);
  singleValue(check, x);
}

/** Checks an expression that may be a type. */
export function exprOrType(check: Checker, x: Operand, e: Expr, allowGeneric: boolean): void {
  rawExpr(check, null, x, e, null, allowGeneric);
  exclude(check, x, excludeNoValue);
  singleValue(check, x);
}

/** Reports x if its mode is in the set (bits 1 << mode of no value, built-in, type). */
export function exclude(check: Checker, x: Operand, modes: number): void {
  if ((modes & (1 << x.mode)) === 0) return;
  let msg: string;
  if (x.mode === ModeNoValue) {
    msg = (modes & excludeTypExpr) !== 0 ? "%s used as value" : "%s used as value or type";
  } else if (x.mode === ModeBuiltin) msg = "%s must be called";
  else msg = "%s is not an expression";
  errorf(check, x, msg, x);
  x.mode = ModeInvalid;
}

/** Reports x if it has several values. */
export function singleValue(check: Checker, x: Operand): void {
  if (x.mode === ModeValue && x.typ.kind === TTuple) {
    errorf(check, x, "multiple-value %s in single-value context", x);
    x.mode = ModeInvalid;
  }
}

export { useExprs } from "./call.ts";
