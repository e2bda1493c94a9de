// Identifiers, and expressions that denote types.

import * as S from "../syntax/kinds.ts";
import { startPos } from "../syntax/positions.ts";
import { OpMul } from "../syntax/tokens.ts";
import { unpackListExpr } from "../syntax/unparen.ts";
import type { Expr, Name } from "../syntax/tree.ts";
import { selector, useExprs } from "./call.ts";
import type { Cause } from "./cause.ts";
import type { Checker } from "./checker.ts";
import { representConst } from "./const.ts";
import { int64Val } from "./constant/access.ts";
import { toInt } from "./constant/operations.ts";
import { type Constant, KindInt } from "./constant/value.ts";
import { objDecl } from "./decl.ts";
import { error, errorf, invalidOp, softErrorf, verifyVersionf } from "./errors.ts";
import { expr } from "./expr.ts";
import { sprintf } from "./format.ts";
import { genericName, genericTypeParams, instance, validateTArgLen, verify } from "./instantiate.ts";
import { interfaceType, newInterface } from "./interface.ts";
import * as K from "./kinds.ts";
import { recordMonoInstance } from "./mono.ts";
import type { TypeName } from "./object.ts";
import { Operand } from "./operand.ts";
import { comparable, isGeneric, isInteger, isTypeParam, isUntyped, isValid, isValidName } from "./predicates.ts";
import { recordInstance, recordTypeAndValue, recordUse } from "./record.ts";
import { funcType } from "./signature.ts";
import { structType } from "./struct.ts";
import { computeInterfaceTypeSet } from "./typeset.ts";
import { ArrayType, type Basic, Chan, MapType, Pointer, Signature, Slice, Struct, Typ, type Type } from "./types.ts";
import { objectKind } from "./typestring.ts";
import { under } from "./under.ts";
import { emptyTuple, universe, universeComparable, universeIota } from "./universe.ts";

import { go1_18 } from "./version.ts";

const invalidType: Basic = Typ[K.Invalid] as Basic;

/** Checks an identifier. With wantType, anything but a type is an error. */
export function ident(check: Checker, x: Operand, e: Name, wantType: boolean): void {
  x.mode = K.ModeInvalid;
  x.expr = e;
  let scope = check.env.scope;
  let obj = null;
  for (; scope !== null; scope = scope.parent) {
    obj = scope.lookup(e.value);
    if (obj !== null) break;
  }
  if (obj === null) {
    if (e.value === "_") error(check, e, "cannot use _ as value or type");
    else if (isValidName(e.value)) errorf(check, e, "undefined: %s", e.value);
    return;
  }
  if (scope === universe && (obj === universeComparable || obj.name === "any")) {
    if (!verifyVersionf(check, e, go1_18, "predeclared %s", e.value)) return;
  }
  recordUse(check, e, obj);

  const gotType = obj.kind === K.OTypeName;
  if (!gotType && wantType) {
    errorf(check, e, "%s (%s) is not a type", obj.name, objectKind(obj));
    if (obj.kind === K.OVar && obj.pkg === check.pkg) obj.used = true;
    return;
  }

  // An object with a type is asked again only where a cycle might have to be reported.
  if (obj.type === null || (gotType && wantType && obj.pkg === check.pkg)) objDecl(check, obj);
  const typ = obj.type as unknown as Type;

  if (check.dotImports !== null && scope !== null) {
    const pkgName = check.dotImports.get(scope)?.get(obj.name);
    if (pkgName !== undefined) pkgName.used = true;
  }

  switch (obj.kind) {
    case K.OPkgName:
      errorf(check, e, "use of package %s not in selector", obj.name);
      return;
    case K.OConst:
      check.addDeclDep(obj);
      if (!isValid(typ)) return;
      if (obj === universeIota) {
        if (check.env.iota === null) {
          error(check, e, "cannot use iota outside constant declaration");
          return;
        }
        x.val = check.env.iota;
      } else {
        x.val = obj.val as Constant;
      }
      x.mode = K.ModeConstant;
      break;
    case K.OTypeName:
      x.mode = K.ModeTypExpr;
      break;
    case K.OVar:
      if (obj.pkg === check.pkg) obj.used = true;
      check.addDeclDep(obj);
      if (!isValid(typ)) return;
      x.mode = K.ModeVariable;
      break;
    case K.OFunc:
      check.addDeclDep(obj);
      x.mode = K.ModeValue;
      break;
    case K.OBuiltin:
      x.id = obj.builtin;
      x.mode = K.ModeBuiltin;
      break;
    case K.ONil:
      x.mode = K.ModeNilValue;
      break;
    default:
      throw new Error("unexpected object");
  }
  x.typ = typ;
}

/** Checks a type expression. */
export function typ(check: Checker, e: Expr): Type {
  return declaredType(check, e, null);
}

/** Checks the type of a variable: constraint interfaces are not allowed. */
export function varType(check: Checker, e: Expr): Type {
  const t = declaredType(check, e, null);
  validVarType(check, e, t);
  return t;
}

export function validVarType(check: Checker, e: Expr, t: Type): void {
  switch (t.kind) {
    case K.TNamed:
      // A type that is known to be harmless needs no closure.
      if (t.underlying !== null && t.underlying.kind !== K.TInterface) return;
      break;
    case K.TAlias:
    case K.TInterface:
      break;
    default:
      return;
  }
  if (isTypeParam(t)) return;
  check.later(() => {
    const u = under(t);
    if (u.kind !== K.TInterface) return;
    const pos = startPos(e);
    const tset = computeInterfaceTypeSet(check, pos, u);
    if (tset.isMethodSet()) return;
    if (tset.comparable) softErrorf(check, pos, "cannot use type %s outside a type constraint: interface is (or embeds) comparable", t);
    else softErrorf(check, pos, "cannot use type %s outside a type constraint: interface contains type constraints", t);
  });
}

/** Checks a type expression; `def` is the name that it is declared for, if any. */
export function declaredType(check: Checker, e: Expr, def: TypeName | null): Type {
  let t = typInternal(check, e, def);
  if (isGeneric(t)) {
    errorf(check, e, "cannot use generic type %s without instantiation", t);
    t = invalidType;
  }
  recordTypeAndValue(check, e, K.ModeTypExpr, t, null);
  return t;
}

/** Checks a type expression that must denote a generic type. */
export function genericType(check: Checker, e: Expr, cause: Cause | null): Type {
  let t = typInternal(check, e, null);
  if (isValid(t) && !isGeneric(t)) {
    if (cause !== null) cause.s = sprintf(check, "%s is not a generic type", t);
    t = invalidType;
  }
  recordTypeAndValue(check, e, K.ModeTypExpr, t, null);
  return t;
}

function typeOperand(check: Checker, x: Operand): Type {
  switch (x.mode) {
    case K.ModeTypExpr:
      return x.typ as Type;
    case K.ModeInvalid:
      break;
    case K.ModeNoValue:
      errorf(check, x, "%s used as type", x);
      break;
    default:
      errorf(check, x, "%s is not a type", x);
  }
  return invalidType;
}

function typInternal(check: Checker, e: Expr, def: TypeName | null): Type {
  switch (e.kind) {
    case S.KindBadExpr:
      break;
    case S.KindName: {
      const x = new Operand();
      ident(check, x, e, true);
      return typeOperand(check, x);
    }
    case S.KindSelectorExpr: {
      const x = new Operand();
      selector(check, x, e, true);
      return typeOperand(check, x);
    }
    case S.KindIndexExpr:
      verifyVersionf(check, e, go1_18, "type instantiation");
      return instantiatedType(check, e.x, unpackListExpr(e.index));
    case S.KindParenExpr:
      return declaredType(check, e.x, def);
    case S.KindArrayType: {
      const t = new ArrayType(check.ids, invalidType, -1);
      if (e.len !== null) t.len = arrayLength(check, e.len);
      else error(check, e, "invalid use of [...] array (outside a composite literal)");
      t.elem = varType(check, e.elem);
      if (t.len >= 0) return t;
      break;
    }
    case S.KindSliceType: {
      const t = new Slice(check.ids, invalidType);
      t.elem = varType(check, e.elem);
      return t;
    }
    case S.KindDotsType:
      error(check, e, "invalid use of ...");
      break;
    case S.KindStructType: {
      const t = new Struct(check.ids, [], [], false);
      structType(check, t, e);
      return t;
    }
    case S.KindOperation:
      if (e.op === OpMul && e.y === null) {
        const t = new Pointer(check.ids, invalidType);
        t.elem = varType(check, e.x);
        return isValid(t.elem) ? t : invalidType;
      }
      errorf(check, e, "%s is not a type", e);
      useExprs(check, [e]);
      break;
    case S.KindFuncType: {
      const t = new Signature(check.ids, null, emptyTuple, emptyTuple, false);
      funcType(check, t, null, [], e);
      return t;
    }
    case S.KindInterfaceType: {
      const t = newInterface(check);
      interfaceType(check, t, e, def);
      return t;
    }
    case S.KindMapType: {
      const t = new MapType(check.ids, invalidType, invalidType);
      t.key = varType(check, e.key);
      t.elem = varType(check, e.value);
      if (t.key.kind !== K.TBasic) {
        check.later(() => {
          if (comparable(t.key)) return;
          const why = isTypeParam(t.key) ? " (missing comparable constraint)" : "";
          errorf(check, e.key, "invalid map key type %s%s", t.key, why);
        });
      }
      return t;
    }
    case S.KindChanType: {
      const t = new Chan(check.ids, e.dir, invalidType);
      t.elem = varType(check, e.elem);
      return t;
    }
    default:
      errorf(check, e, "%s is not a type", e);
      useExprs(check, [e]);
  }
  return invalidType;
}

function instantiatedType(check: Checker, x: Expr, xlist: Expr[]): Type {
  const cause: Cause = { s: "" };
  const gtyp = genericType(check, x, cause);
  if (cause.s !== "") errorf(check, x, `${invalidOp}%s%s (%s)`, x, xlist, cause.s);
  if (!isValid(gtyp)) return gtyp;
  if (gtyp.kind !== K.TNamed && gtyp.kind !== K.TAlias) throw new Error("unexpected generic type");
  const targs = typeList(check, xlist);
  if (targs === null) return invalidType;

  const inst = instance(check, x.pos, gtyp, targs, null, check.ctxt);
  if (inst.kind !== K.TNamed && inst.kind !== K.TAlias) return invalidType;

  // The type parameters may not be set up yet.
  check.later(() => {
    // An instance from the source must be resolved, so that errors in it are found.
    recordInstance(check, x, targs, inst);
    const tparams = genericTypeParams(inst);
    if (!validateTArgLen(check, x.pos, genericName(inst), tparams.length, targs.length)) return;
    const bad = verify(check, x.pos, tparams, targs, check.ctxt);
    if (bad !== null) {
      const pos = bad.index < xlist.length ? startPos(xlist[bad.index] as Expr) : x.pos;
      softErrorf(check, pos, "%s", bad.msg);
    } else {
      recordMonoInstance(check, x.pos, tparams, targs, xlist);
    }
  });
  return inst;
}

/** The length of an array type, or -1. */
export function arrayLength(check: Checker, e: Expr): number {
  // A name that is no constant may be an attempt at a generic type.
  if (e.kind === S.KindName) {
    const obj = check.lookup(e.value);
    if (obj === null) {
      errorf(check, e, "undefined array length %s or missing type constraint", e.value);
      return -1;
    }
    if (obj.kind !== K.OConst) {
      errorf(check, e, "invalid array length %s", e.value);
      return -1;
    }
  }
  const x = new Operand();
  expr(check, null, x, e);
  if (x.mode !== K.ModeConstant) {
    if (x.mode !== K.ModeInvalid) errorf(check, x, "array length %s must be constant", x);
    return -1;
  }
  const t = x.typ as Type;
  if (isUntyped(t) || isInteger(t)) {
    const val = toInt(x.val as Constant);
    if (val.kind === KindInt && representConst(val, Typ[K.Int] as Basic) !== null) {
      const n = int64Val(val);
      if (n !== null && n >= 0n) return Number(n);
    }
  }
  errorf(check, x, isInteger(t) ? "invalid array length %s" : "array length %s must be integer", x);
  return -1;
}

/** Checks a list of types; null if one is invalid. */
export function typeList(check: Checker, list: Expr[]): Type[] | null {
  let res: Type[] | null = [];
  for (let i = 0; i < list.length; i++) {
    const t = varType(check, list[i] as Expr);
    if (!isValid(t)) res = null;
    if (res !== null) res.push(t);
  }
  return res;
}
