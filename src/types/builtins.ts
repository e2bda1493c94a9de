// Calls of built-in functions, those of package unsafe included.

import { NoPos } from "../base/pos.ts";
import { KindSelectorExpr } from "../syntax/kinds.ts";
import { OpAdd, OpGtr, OpLss } from "../syntax/tokens.ts";
import type { CallExpr, Expr } from "../syntax/tree.ts";
import { unparen } from "../syntax/unparen.ts";
import { assignment } from "./assignments.ts";
import { callArguments, exprList, useExprs } from "./call.ts";
import type { Checker } from "./checker.ts";
import { convertUntyped } from "./const.ts";
import { boolVal, imag, real, sign, stringVal } from "./constant/access.ts";
import { makeImag, makeInt, makeUnknown } from "./constant/make.ts";
import { binaryOp, compare, toFloat } from "./constant/operations.ts";
import { type Constant, KindBool } from "./constant/value.ts";
import { error, errorf, invalidArg, invalidOp, softErrorf, verifyVersionf } from "./errors.ts";
import { exclude, expr, exprOrType, matchTypes, notValuesOrTypes, rawExpr, updateExprType } from "./expr.ts";
import { index, isValidIndex } from "./index.ts";
import * as K from "./kinds.ts";
import { derefStructPtr, lookupFieldOrMethod } from "./lookup.ts";
import { TypeName, Var } from "./object.ts";
import { assignableTo, Operand } from "./operand.ts";
import {
  allOrdered,
  allString,
  defaultType,
  identical,
  isBoolean,
  isNumeric,
  isString,
  isTypeParam,
  isUntyped,
  isValid,
} from "./predicates.ts";
import { record, recordBuiltinType, recordSelection } from "./record.ts";
import { alignof, offsetof, sizeof } from "./sizes.ts";
import { type Basic, Interface, type Named, Pointer, Signature, Slice, Term, Tuple, Typ, type Type, Union, universeByte } from "./types.ts";
import { asNamed, unalias } from "./alias.ts";
import { newTypeParam } from "./typeparam.ts";
import { validVarType, varType } from "./typexpr.ts";
import { commonUnder, type TypeError_, typeErrorf, typeset, under, underIs } from "./under.ts";
import { emptyInterface, predeclaredFuncs, type PredeclaredFunc } from "./universe.ts";
import { typeParamIs } from "./util.ts";
import { go1_17, go1_20, go1_21, go1_26 } from "./version.ts";

function basic(kind: number): Basic {
  return Typ[kind] as Basic;
}

/** Checks a call of the built-in function `id`; the result is in x (without its expression). False after an error. */
export function builtin(check: Checker, x: Operand, call: CallExpr, id: number): boolean {
  const bin = predeclaredFuncs[id] as PredeclaredFunc;
  const argList = call.argList;
  if (call.hasDots && id !== K.BAppend) {
    errorf(check, call, `${invalidOp}invalid use of ... with built-in %s`, bin.name);
    useExprs(check, argList);
    return false;
  }

  // len(x) and cap(x) are constant depending on whether x holds a call or receive operation.
  const savedCall = check.env.hasCallOrRecv;
  if (id === K.BLen || id === K.BCap) check.env.hasCallOrRecv = false;
  const ok = checkBuiltin(check, x, call, id, bin);
  if (id === K.BLen || id === K.BCap) check.env.hasCallOrRecv = savedCall;
  return ok;
}

function checkBuiltin(check: Checker, x: Operand, call: CallExpr, id: number, bin: PredeclaredFunc): boolean {
  const argList = call.argList;
  let args: Operand[] = [];
  let nargs = argList.length;
  const special = id === K.BMake || id === K.BNew || id === K.BOffsetof || id === K.BTrace;
  if (!special) {
    args = exprList(check, argList);
    nargs = args.length;
    for (const a of args) if (a.mode === K.ModeInvalid) return false;
    if (nargs > 0) x.set(args[0] as Operand);
  }

  let wrong = "";
  if (nargs < bin.nargs) wrong = "not enough";
  else if (!bin.variadic && nargs > bin.nargs) wrong = "too many";
  if (wrong !== "") {
    const msg = `${invalidOp}%s arguments for %v (expected %d, found %d)`;
    errorf(check, call, msg, wrong, call, bin.nargs, nargs);
    return false;
  }

  switch (id) {
    case K.BAppend:
      return builtinAppend(check, x, call, args);
    case K.BCap:
    case K.BLen:
      return builtinLen(check, x, call, id, bin);
    case K.BClear: {
      verifyVersionf(check, call.fun, go1_21, "clear");
      const ok = underIs(x.typ, (u) => {
        if (u !== null && (u.kind === K.TMap || u.kind === K.TSlice)) return true;
        errorf(check, x, `${invalidArg}cannot clear %s: argument must be (or constrained by) map or slice`, x);
        return false;
      });
      if (!ok) return false;
      x.mode = K.ModeNoValue;
      recordSig(check, call, null, [x.typ]);
      return true;
    }
    case K.BClose: {
      const ok = underIs(x.typ, (u) => {
        if (u === null || u.kind !== K.TChan) {
          errorf(check, x, `${invalidOp}cannot close non-channel %s`, x);
          return false;
        }
        if (u.dir === K.RecvOnly) {
          errorf(check, x, `${invalidOp}cannot close receive-only channel %s`, x);
          return false;
        }
        return true;
      });
      if (!ok) return false;
      x.mode = K.ModeNoValue;
      recordSig(check, call, null, [x.typ]);
      return true;
    }
    case K.BComplex:
      return builtinComplex(check, x, call, args[1] as Operand);
    case K.BCopy:
      return builtinCopy(check, x, call, args[1] as Operand);
    case K.BDelete:
      return builtinDelete(check, x, call, args[1] as Operand);
    case K.BImag:
    case K.BReal:
      return builtinRealImag(check, x, call, id);
    case K.BMake:
      return builtinMake(check, x, call);
    case K.BMax:
    case K.BMin:
      return builtinMinMax(check, x, call, id, bin, args);
    case K.BNew:
      return builtinNew(check, x, call);
    case K.BPanic: {
      // Calls of panic end a function's flow of control.
      const sig = check.env.sig;
      if (sig !== null && sig.results.vars.length > 0) {
        if (check.env.isPanic === null) check.env.isPanic = new Set();
        check.env.isPanic.add(call);
      }
      assignment(check, x, emptyInterface, "argument to panic");
      if (x.mode === K.ModeInvalid) return false;
      x.mode = K.ModeNoValue;
      recordSig(check, call, null, [emptyInterface]);
      return true;
    }
    case K.BPrint:
    case K.BPrintln: {
      const params: Type[] = [];
      for (const a of args) {
        assignment(check, a, null, `argument to built-in ${bin.name}`);
        if (a.mode === K.ModeInvalid) return false;
        params.push(a.typ);
      }
      x.mode = K.ModeNoValue;
      recordSig(check, call, null, params);
      return true;
    }
    case K.BRecover:
      x.mode = K.ModeValue;
      x.typ = emptyInterface;
      recordSig(check, call, x.typ, []);
      return true;
    case K.BAssert:
      if (x.mode !== K.ModeConstant || !isBoolean(x.typ)) {
        errorf(check, x, `${invalidArg}%s is not a boolean constant`, x);
        return false;
      }
      if ((x.val as Constant).kind !== KindBool) {
        errorf(check, x, "internal error: value of %s should be a boolean constant", x);
        return false;
      }
      if (!boolVal(x.val as Constant)) errorf(check, call, "%v failed", call);
      return true;
    case K.BTrace: {
      if (nargs === 0) {
        x.mode = K.ModeNoValue;
        return true;
      }
      let to = x;
      for (const arg of argList) {
        rawExpr(check, null, to, arg, null, false);
        to = new Operand();
      }
      return (x.mode as number) !== K.ModeInvalid;
    }
    default:
      return unsafeBuiltin(check, x, call, id, args);
  }
}

function builtinAppend(check: Checker, x: Operand, call: CallExpr, args: Operand[]): boolean {
  const { elem, err } = sliceElem(x);
  if (err !== null || elem === null) {
    errorf(check, x, "invalid append: %s", err === null ? "" : err.text(check));
    return false;
  }
  const S = x.typ;
  let sig: Signature | null = null;
  // append(bytes, string...), also with a type parameter of such types.
  if (args.length === 2 && call.hasDots && assignableTo(x, check, new Slice(check.ids, universeByte), null)) {
    const y = args[1] as Operand;
    const kinds = bytesOrString(y.typ);
    if (kinds.all && kinds.hasString) sig = makeSig(check, S, [S, y.typ]);
  }
  if (sig === null) {
    sig = makeSig(check, S, [S, new Slice(check.ids, elem)]);
    sig.variadic = true;
    callArguments(check, call, sig, [], [], args, []);
  }
  sig.variadic = true;
  recordBuiltinType(check, call.fun, sig);
  x.mode = K.ModeValue;
  x.typ = S;
  return true;
}

/** Whether all types that t stands for are byte slices or strings, and whether there is a string. */
function bytesOrString(t: Type): { all: boolean; hasString: boolean } {
  let hasString = false;
  for (const { u } of typeset(t)) {
    if (u !== null && u.kind === K.TSlice && identical(u.elem, universeByte)) continue;
    if (u !== null && isString(u)) hasString = true;
    else return { all: false, hasString };
  }
  return { all: true, hasString };
}

function builtinLen(check: Checker, x: Operand, call: CallExpr, id: number, bin: PredeclaredFunc): boolean {
  let mode: number = K.ModeInvalid;
  let val: Constant | null = null;
  const t = arrayPtrDeref(under(x.typ));
  switch (t.kind) {
    case K.TBasic:
      if (isString(t) && id === K.BLen) {
        if (x.mode === K.ModeConstant) {
          mode = K.ModeConstant;
          val = makeInt(stringVal(x.val as Constant).length);
        } else mode = K.ModeValue;
      }
      break;
    case K.TArray:
      mode = K.ModeValue;
      // Constant, and x is not evaluated, unless it holds calls or receive operations.
      if (!check.env.hasCallOrRecv) {
        mode = K.ModeConstant;
        val = t.len >= 0 ? makeInt(t.len) : makeUnknown();
      }
      break;
    case K.TSlice:
    case K.TChan:
      mode = K.ModeValue;
      break;
    case K.TMap:
      if (id === K.BLen) mode = K.ModeValue;
      break;
    case K.TInterface:
      if (isTypeParam(x.typ) && underIs(x.typ, (u) => u !== null && hasLen(u, id))) mode = K.ModeValue;
      break;
  }
  if (mode === K.ModeInvalid) {
    if (isValid(under(x.typ))) errorf(check, x, `${invalidArg}%s for built-in %s`, x, bin.name);
    return false;
  }
  if (mode !== K.ModeConstant) recordSig(check, call, basic(K.Int), [x.typ]);
  x.mode = mode;
  x.typ = basic(K.Int);
  x.val = val;
  return true;
}

function hasLen(u: Type, id: number): boolean {
  const t = arrayPtrDeref(u);
  switch (t.kind) {
    case K.TBasic:
      return isString(t) && id === K.BLen;
    case K.TArray:
    case K.TSlice:
    case K.TChan:
      return true;
    case K.TMap:
      return id === K.BLen;
    default:
      return false;
  }
}

function builtinComplex(check: Checker, x: Operand, call: CallExpr, y: Operand): boolean {
  const ux = isUntyped(x.typ);
  const uy = isUntyped(y.typ);
  if (ux && !uy) convertUntyped(check, x, y.typ);
  else if (uy && !ux) convertUntyped(check, y, x.typ);
  else if (ux && uy) {
    if (x.mode === K.ModeConstant && y.mode === K.ModeConstant) {
      for (const a of [x, y]) {
        if (isNumeric(a.typ) && sign(imag(a.val as Constant)) === 0) a.typ = basic(K.UntypedFloat);
      }
    } else {
      // There is a shift whose type is open; shifts of floats are errors.
      convertUntyped(check, x, basic(K.Float64));
      convertUntyped(check, y, basic(K.Float64));
    }
  }
  if (x.mode === K.ModeInvalid || y.mode === K.ModeInvalid) return false;
  if (!identical(x.typ, y.typ)) {
    errorf(check, x, `${invalidOp}%v (mismatched types %s and %s)`, call, x.typ, y.typ);
    return false;
  }
  const res = applyTypeFunc(check, complexOf, x, K.BComplex);
  if (res === null) {
    errorf(check, x, `${invalidArg}arguments have type %s, expected floating-point`, x.typ);
    return false;
  }
  if (x.mode === K.ModeConstant && y.mode === K.ModeConstant) {
    x.val = binaryOp(toFloat(x.val as Constant), OpAdd, makeImag(toFloat(y.val as Constant)));
  } else {
    x.mode = K.ModeValue;
    recordSig(check, call, res, [x.typ, x.typ]);
  }
  x.typ = res;
  return true;
}

function complexOf(t: Type): Type | null {
  const u = under(t);
  if (u.kind !== K.TBasic) return null;
  if (u.basic === K.Float32) return basic(K.Complex64);
  if (u.basic === K.Float64) return basic(K.Complex128);
  return u.basic === K.UntypedFloat ? basic(K.UntypedComplex) : null;
}

function floatOf(t: Type): Type | null {
  const u = under(t);
  if (u.kind !== K.TBasic) return null;
  if (u.basic === K.Complex64) return basic(K.Float32);
  if (u.basic === K.Complex128) return basic(K.Float64);
  return u.basic === K.UntypedComplex ? basic(K.UntypedFloat) : null;
}

function builtinCopy(check: Checker, x: Operand, call: CallExpr, y: Operand): boolean {
  // Bytes from a string are a special case.
  const bytes = assignableTo(x, check, new Slice(check.ids, universeByte), null) && bytesOrString(y.typ).all;
  if (!bytes) {
    const dst = sliceElem(x);
    if (dst.err !== null || dst.elem === null) {
      errorf(check, x, "invalid copy: %s", dst.err === null ? "" : dst.err.text(check));
      return false;
    }
    const src = sliceElem(y);
    let srcElem = src.elem;
    if (src.err !== null || srcElem === null) {
      if (!allString(y.typ)) {
        errorf(check, y, "invalid copy: %s", src.err === null ? "" : src.err.text(check));
        return false;
      }
      srcElem = universeByte;
    }
    if (!identical(dst.elem, srcElem)) {
      const msg = "invalid copy: arguments %s and %s have different element types %s and %s";
      errorf(check, x, msg, x, y, dst.elem, srcElem);
      return false;
    }
  }
  recordSig(check, call, basic(K.Int), [x.typ, y.typ]);
  x.mode = K.ModeValue;
  x.typ = basic(K.Int);
  return true;
}

function builtinDelete(check: Checker, x: Operand, call: CallExpr, y: Operand): boolean {
  const mapType = x.typ;
  let key: Type | null = null;
  const ok = underIs(mapType, (u) => {
    if (u === null || u.kind !== K.TMap) {
      errorf(check, x, `${invalidArg}%s is not a map`, x);
      return false;
    }
    if (key !== null && !identical(u.key, key)) {
      errorf(check, x, `${invalidArg}maps of %s must have identical key types`, x);
      return false;
    }
    key = u.key;
    return true;
  });
  if (!ok || key === null) return false;
  x.set(y);
  assignment(check, x, key, "argument to delete");
  if (x.mode === K.ModeInvalid) return false;
  x.mode = K.ModeNoValue;
  recordSig(check, call, null, [mapType, key]);
  return true;
}

function builtinRealImag(check: Checker, x: Operand, call: CallExpr, id: number): boolean {
  if (isUntyped(x.typ)) {
    if (x.mode === K.ModeConstant) {
      if (isNumeric(x.typ)) x.typ = basic(K.UntypedComplex);
    } else {
      // A shift whose type is open; shifts of complex numbers are errors.
      convertUntyped(check, x, basic(K.Complex128));
      if ((x.mode as number) === K.ModeInvalid) return false;
    }
  }
  const res = applyTypeFunc(check, floatOf, x, id);
  if (res === null) {
    errorf(check, x, `${invalidArg}argument has type %s, expected complex type`, x.typ);
    return false;
  }
  if (x.mode === K.ModeConstant) {
    x.val = id === K.BReal ? real(x.val as Constant) : imag(x.val as Constant);
  } else {
    x.mode = K.ModeValue;
    recordSig(check, call, res, [x.typ]);
  }
  x.typ = res;
  return true;
}

function builtinMake(check: Checker, x: Operand, call: CallExpr): boolean {
  const argList = call.argList;
  const arg0 = argList[0] as Expr;
  const T = varType(check, arg0);
  if (!isValid(T)) return false;
  const { type: u, err } = commonUnder(T, (_, u) => {
    if (u === null) return typeErrorf("no specific type");
    if (u.kind === K.TSlice || u.kind === K.TMap || u.kind === K.TChan) return null;
    return typeErrorf("type must be slice, map, or channel");
  });
  if (u === null) {
    errorf(check, arg0, `${invalidArg}cannot make %s: %s`, arg0, err === null ? "" : err.text(check));
    return false;
  }
  const min = u.kind === K.TSlice ? 2 : 1;
  const nargs = argList.length;
  if (nargs < min || min + 1 < nargs) {
    errorf(check, call, `${invalidOp}%v expects %d or %d arguments; found %d`, call, min, min + 1, nargs);
    return false;
  }
  const types: Type[] = [T];
  const sizes: number[] = [];
  for (let i = 1; i < nargs; i++) {
    const r = index(check, argList[i] as Expr, -1);
    types.push(r.typ);
    if (r.val >= 0) sizes.push(r.val);
  }
  if (sizes.length === 2 && (sizes[0] as number) > (sizes[1] as number)) {
    error(check, argList[1] as Expr, `${invalidArg}length and capacity swapped`);
  }
  x.mode = K.ModeValue;
  x.typ = T;
  recordSig(check, call, T, types);
  return true;
}

function builtinMinMax(check: Checker, x: Operand, call: CallExpr, id: number, bin: PredeclaredFunc, args: readonly Operand[]): boolean {
  verifyVersionf(check, call.fun, go1_21, "built-in %s", bin.name);
  const op = id === K.BMax ? OpGtr : OpLss;
  for (let i = 0; i < args.length; i++) {
    const a = args[i] as Operand;
    if (!allOrdered(a.typ)) {
      errorf(check, a, `${invalidArg}%s cannot be ordered`, a);
      return false;
    }
    if (i === 0) continue;
    matchTypes(check, x, a);
    if (x.mode === K.ModeInvalid) return false;
    if (!identical(x.typ, a.typ)) {
      const msg = `${invalidArg}mismatched types %s (previous argument) and %s (type of %s)`;
      errorf(check, a, msg, x.typ, a.typ, a.expr);
      return false;
    }
    if (x.mode === K.ModeConstant && a.mode === K.ModeConstant) {
      if (compare(a.val as Constant, op, x.val as Constant)) x.set(a);
    } else x.mode = K.ModeValue;
  }
  if (x.mode !== K.ModeConstant) {
    x.mode = K.ModeValue;
    // A value must not stay untyped.
    assignment(check, x, emptyInterface, `argument to built-in ${bin.name}`);
    if ((x.mode as number) === K.ModeInvalid) return false;
  }
  for (const a of args) updateExprType(check, a.expr as Expr, x.typ, true);
  if (x.mode !== K.ModeConstant) {
    recordSig(
      check,
      call,
      x.typ,
      args.map(() => x.typ),
    );
  }
  return true;
}

/** new(T) or, since Go 1.26, new(expr). */
function builtinNew(check: Checker, x: Operand, call: CallExpr): boolean {
  const arg = call.argList[0] as Expr;
  exprOrType(check, x, arg, false);
  exclude(check, x, notValuesOrTypes);
  if (x.mode === K.ModeInvalid) return false;
  if (x.mode === K.ModeTypExpr) validVarType(check, arg, x.typ);
  else {
    if (isUntyped(x.typ)) {
      assignment(check, x, null, "argument to new");
      if ((x.mode as number) === K.ModeInvalid) return false;
    }
    verifyVersionf(check, call.fun, go1_26, "new(%s)", arg);
  }
  const T = x.typ;
  x.mode = K.ModeValue;
  x.typ = new Pointer(check.ids, T);
  recordSig(check, call, x.typ, [T]);
  return true;
}

function unsafeBuiltin(check: Checker, x: Operand, call: CallExpr, id: number, args: readonly Operand[]): boolean {
  switch (id) {
    case K.BAdd: {
      verifyVersionf(check, call.fun, go1_17, "unsafe.Add");
      assignment(check, x, basic(K.UnsafePointer), "argument to unsafe.Add");
      if (x.mode === K.ModeInvalid) return false;
      const y = args[1] as Operand;
      if (!isValidIndex(check, y, "length", true)) return false;
      x.mode = K.ModeValue;
      x.typ = basic(K.UnsafePointer);
      recordSig(check, call, x.typ, [x.typ, y.typ]);
      return true;
    }
    case K.BAlignof:
      assignment(check, x, null, "argument to unsafe.Alignof");
      if (x.mode === K.ModeInvalid) return false;
      return sizeResult(check, x, call, x.typ, x.typ, () => alignof(x.typ));
    case K.BOffsetof:
      return builtinOffsetof(check, x, call);
    case K.BSizeof:
      assignment(check, x, null, "argument to unsafe.Sizeof");
      if (x.mode === K.ModeInvalid) return false;
      return sizeResult(check, x, call, x.typ, x.typ, () => sizeof(x.typ));
    case K.BSlice: {
      verifyVersionf(check, call.fun, go1_17, "unsafe.Slice");
      const { type: u } = commonUnder(x.typ, null);
      if (u === null || u.kind !== K.TPointer) {
        errorf(check, x, `${invalidArg}%s is not a pointer`, x);
        return false;
      }
      const y = args[1] as Operand;
      if (!isValidIndex(check, y, "length", false)) return false;
      x.mode = K.ModeValue;
      x.typ = new Slice(check.ids, u.elem);
      recordSig(check, call, x.typ, [u, y.typ]);
      return true;
    }
    case K.BSliceData: {
      verifyVersionf(check, call.fun, go1_20, "unsafe.SliceData");
      const { type: u } = commonUnder(x.typ, null);
      if (u === null || u.kind !== K.TSlice) {
        errorf(check, x, `${invalidArg}%s is not a slice`, x);
        return false;
      }
      x.mode = K.ModeValue;
      x.typ = new Pointer(check.ids, u.elem);
      recordSig(check, call, x.typ, [u]);
      return true;
    }
    case K.BString: {
      verifyVersionf(check, call.fun, go1_20, "unsafe.String");
      const bytePtr = new Pointer(check.ids, universeByte);
      assignment(check, x, bytePtr, "argument to unsafe.String");
      if (x.mode === K.ModeInvalid) return false;
      const y = args[1] as Operand;
      if (!isValidIndex(check, y, "length", false)) return false;
      x.mode = K.ModeValue;
      x.typ = basic(K.String_);
      recordSig(check, call, x.typ, [bytePtr, y.typ]);
      return true;
    }
    case K.BStringData:
      verifyVersionf(check, call.fun, go1_20, "unsafe.StringData");
      assignment(check, x, basic(K.String_), "argument to unsafe.StringData");
      if (x.mode === K.ModeInvalid) return false;
      x.mode = K.ModeValue;
      x.typ = new Pointer(check.ids, universeByte);
      recordSig(check, call, x.typ, [basic(K.String_)]);
      return true;
    default:
      throw new Error(`no built-in function ${id}`);
  }
}

/** The result of Sizeof and its like: constant unless the size of `of` depends on type parameters. */
function sizeResult(check: Checker, x: Operand, call: CallExpr, of: Type, param: Type, compute: () => number): boolean {
  if (hasVarSize(of, null)) {
    x.mode = K.ModeValue;
    recordSig(check, call, basic(K.Uintptr), [param]);
  } else {
    const size = compute();
    if (size < 0) {
      errorf(check, x, "%s is too large", x);
      return false;
    }
    x.mode = K.ModeConstant;
    x.val = makeInt(size);
  }
  x.typ = basic(K.Uintptr);
  return true;
}

function builtinOffsetof(check: Checker, x: Operand, call: CallExpr): boolean {
  const arg0 = call.argList[0] as Expr;
  const selx = unparen(arg0);
  if (selx.kind !== KindSelectorExpr) {
    errorf(check, arg0, `${invalidArg}%s is not a selector expression`, arg0);
    useExprs(check, [arg0]);
    return false;
  }
  expr(check, null, x, selx.x);
  if (x.mode === K.ModeInvalid) return false;
  const base = derefStructPtr(x.typ);
  const sel = selx.sel.value;
  const { obj, index: path, indirect } = lookupFieldOrMethod(base, false, check.pkg, sel, false);
  if (obj === null) {
    errorf(check, x, `${invalidArg}%s has no single field %s`, base, sel);
    return false;
  }
  if (obj.kind === K.OFunc) {
    errorf(check, arg0, `${invalidArg}%s is a method value`, arg0);
    return false;
  }
  if (indirect) {
    errorf(check, x, `${invalidArg}field %s is embedded via a pointer in %s`, sel, base);
    return false;
  }
  const index_ = path as number[];
  recordSelection(check, selx, K.FieldVal, base, obj, index_, false);
  const mode = x.mode === K.ModeVariable ? K.ModeVariable : K.ModeValue;
  record(check, Operand.make(mode, selx, obj.type as Type));
  return sizeResult(check, x, call, base, obj.type as Type, () => offsetof(base, index_));
}

/** The element type of a slice, or of all the slices that a type parameter stands for. */
function sliceElem(x: Operand): { elem: Type | null; err: TypeError_ | null } {
  let elem: Type | null = null;
  for (const { u } of typeset(x.typ)) {
    if (u === null || u.kind !== K.TSlice) {
      const err = x.isNil() ? typeErrorf("argument must be a slice; have untyped nil") : typeErrorf("argument must be a slice; have %s", x);
      return { elem: null, err };
    }
    if (elem === null) elem = u.elem;
    else if (!identical(elem, u.elem)) {
      return { elem: null, err: typeErrorf("mismatched slice element types %s and %s in %s", elem, u.elem, x) };
    }
  }
  return { elem, err: null };
}

/** Whether the size of a type depends on type parameters, or is infinite. */
export function hasVarSize(t: Type, seen: Map<Named, boolean> | null): boolean {
  const named = asNamed(t);
  if (named === null) return varSize(t, seen);
  const known = seen?.get(named);
  if (known !== undefined) return known;
  const map = seen ?? new Map<Named, boolean>();
  map.set(named, true); // a cycle unless shown otherwise
  const result = varSize(t, map);
  map.set(named, result);
  return result;
}

function varSize(t: Type, seen: Map<Named, boolean> | null): boolean {
  const u = under(t);
  switch (u.kind) {
    case K.TArray:
      return hasVarSize(u.elem, seen);
    case K.TStruct:
      return u.fields.some((f) => hasVarSize(f.type as Type, seen));
    case K.TInterface:
      return isTypeParam(t);
    default:
      return false;
  }
}

/** f(type of x), for a type parameter a new one whose constraint is f of all its types; null where f gives null. */
function applyTypeFunc(check: Checker, f: (t: Type) => Type | null, x: Operand, id: number): Type | null {
  const tp = unalias(x.typ);
  if (tp.kind !== K.TTypeParam) return f(x.typ);
  const terms: Term[] = [];
  const ok = typeParamIs(tp, (t) => {
    const r = t === null ? null : f(t.type as Type);
    if (t === null || r === null) return false;
    terms.push(new Term(t.tilde, r));
    return true;
  });
  if (!ok) return null;
  const name = (predeclaredFuncs[id] as PredeclaredFunc).name;
  const msg = "%s not supported as argument to built-in %s for go1.18 (see go.dev/issue/50937)";
  softErrorf(check, x, msg, x, name);
  const obj = new TypeName(check.ids, NoPos, check.pkg, tp.obj.name, null);
  const bound = new Interface(check.ids, check);
  bound.embeddeds = [new Union(check.ids, terms)];
  bound.embedPos = [NoPos];
  bound.complete = true;
  const ptyp = newTypeParam(check, obj, bound);
  ptyp.index = tp.index;
  return ptyp;
}

function recordSig(check: Checker, call: CallExpr, res: Type | null, args: readonly Type[]): void {
  recordBuiltinType(check, call.fun, makeSig(check, res, args));
}

/** The signature of a function with these arguments, untyped ones by their default types, and result. */
function makeSig(check: Checker, res: Type | null, args: readonly Type[]): Signature {
  const ids = check.ids;
  const params = args.map((t) => new Var(ids, K.ParamVar, NoPos, null, "", defaultType(t)));
  const results = res === null ? [] : [new Var(ids, K.ResultVar, NoPos, null, "", res)];
  return new Signature(ids, null, new Tuple(ids, params), new Tuple(ids, results), false);
}

/** The array type for an array or a pointer to one, else t. */
export function arrayPtrDeref(t: Type): Type {
  const p = unalias(t);
  if (p.kind === K.TPointer) {
    const a = under(p.elem);
    if (a.kind === K.TArray) return a;
  }
  return t;
}
