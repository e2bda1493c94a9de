// Literals: basic, function and composite.

import { KindArrayType, KindBasicLit, KindKeyValueExpr, KindName } from "../syntax/kinds.ts";
import { FloatLit, ImagLit, IntLit, RuneLit, StringLit } from "../syntax/tokens.ts";
import type { BasicLit, CompositeLit, Expr, FuncLit, Name } from "../syntax/tree.ts";
import { assignment } from "./assignments.ts";
import { useExprs } from "./call.ts";
import type { Checker } from "./checker.ts";
import { overflow } from "./const.ts";
import { boolVal, imag, int64Val, real, stringVal, uint64Val } from "./constant/access.ts";
import { makeFromLiteral, makeSmall, smallInteger } from "./constant/make.ts";
import { float64Val } from "./constant/number.ts";
import { toFloat, toInt } from "./constant/operations.ts";
import { exactString } from "./constant/text.ts";
import { type Constant, KindBool, KindComplex, KindFloat, KindInt, KindString } from "./constant/value.ts";
import { error, errorf, versionErrorf } from "./errors.ts";
import { lookupError } from "./errsupport.ts";
import { expr, exprWithHint, opPos } from "./expr.ts";
import { index } from "./index.ts";
import {
  Int,
  Int16,
  Int32,
  Int64,
  Int8,
  Invalid,
  IsInteger,
  ModeConstant,
  ModeInvalid,
  ModeNilValue,
  ModeTypExpr,
  ModeValue,
  ONil,
  String_,
  TArray,
  TBasic,
  TMap,
  TSignature,
  TSlice,
  TStruct,
  Uint,
  Uint16,
  Uint32,
  Uint64,
  Uint8,
  Uintptr,
} from "./kinds.ts";
import { deref, fieldIndex } from "./lookup.ts";
import { isExported, type Var } from "./object.ts";
import { Operand, setConst } from "./operand.ts";
import { hasNil, identical, isNonTypeParamInterface, isTypeParam, isValid } from "./predicates.ts";
import { recordTypeAndValue, recordUse } from "./record.ts";
import { funcBody } from "./stmt.ts";
import { ArrayType, type Basic, type MapType, type Struct, Typ, type Type } from "./types.ts";
import { typ, varType } from "./typexpr.ts";
import { commonUnder, under } from "./under.ts";
import { allowVersion, go1_13 } from "./version.ts";

/** Reports number literals in a form that the language version doesn't know. */
function langCompat(check: Checker, lit: BasicLit): void {
  const s = lit.value;
  if (s.length <= 2 || allowVersion(check, go1_13)) return;
  if (s.includes("_")) {
    versionErrorf(check, lit, go1_13, "underscore in numeric literal");
    return;
  }
  if (s[0] !== "0") return;
  const radix = (s[1] as string).toLowerCase();
  if (radix === "b") versionErrorf(check, lit, go1_13, "binary literal");
  else if (radix === "o") versionErrorf(check, lit, go1_13, "0o/0O-style octal literal");
  else if (lit.litKind !== IntLit && radix === "x") {
    versionErrorf(check, lit, go1_13, "hexadecimal floating-point literal");
  }
}

export function basicLit(check: Checker, x: Operand, e: BasicLit): void {
  if (e.litKind === IntLit || e.litKind === FloatLit || e.litKind === ImagLit) {
    langCompat(check, e);
    // Nothing of use is that long.
    if (e.value.length > 10000) {
      errorf(check, e, "excessively long constant: %s... (%d chars)", e.value.slice(0, 10), e.value.length);
      x.mode = ModeInvalid;
      return;
    }
  }
  setConst(x, e.litKind, e.value);
  if (x.mode === ModeInvalid) {
    // The syntax is right, so it is out of range.
    errorf(check, e, "malformed constant: %s", e.value);
    return;
  }
  x.expr = e;
  overflow(check, x, opPos(e));
}

/** The largest small number (see smallInteger) that fits an integer type; -1 for other types. */
function largestOf(u: Type): number {
  if (u.kind !== TBasic || (u.info & IsInteger) === 0) return -1;
  switch (u.basic) {
    case Int8:
      return 0x7f;
    case Uint8:
      return 0xff;
    case Int16:
      return 0x7fff;
    case Uint16:
      return 0xffff;
    case Int32:
      return 0x7fffffff;
    case Uint32:
      return 0xffffffff;
    case Int:
    case Int64:
    case Uint:
    case Uint64:
    case Uintptr:
      return Number.MAX_SAFE_INTEGER;
    default:
      return -1; // untyped
  }
}

/**
 * Checks e in one step where a value of type T is wanted, if it is nil, or a plain integer, character or string literal, and T is a type that has such values. x
 * becomes that value, of type T. False: nothing has happened, and e has to go the long way.
 */
export function plainLit(check: Checker, x: Operand, e: Expr, T: Type | null): boolean {
  if (T === null) return false;
  if (e.kind === KindName) return e.value === "nil" && plainNil(check, x, e, T);
  if (e.kind !== KindBasicLit || e.bad) return false;
  const val = valueOfType(e, under(T));
  if (val === null) return false;
  x.mode = ModeConstant;
  x.typ = T;
  x.val = val;
  x.expr = e;
  check.info.record(e.id, ModeConstant, T, val);
  return true;
}

/** The value of an integer, character or string literal that a value of type u represents; null where that isn't plain to see. */
function valueOfType(e: BasicLit, u: Type): Constant | null {
  switch (e.litKind) {
    case IntLit: {
      const max = largestOf(u);
      const value = max < 0 ? -1 : smallInteger(e.value);
      return value < 0 || value > max ? null : makeSmall(value);
    }
    case RuneLit: {
      const max = largestOf(u);
      const val = max < 0 ? null : makeFromLiteral(e.value, RuneLit);
      return val !== null && val.kind === KindInt && val.val <= max ? val : null;
    }
    case StringLit: {
      const val = u.kind === TBasic && u.basic === String_ ? makeFromLiteral(e.value, StringLit) : null;
      return val !== null && val.kind === KindString ? val : null;
    }
    default:
      return null;
  }
}

function plainNil(check: Checker, x: Operand, e: Name, T: Type): boolean {
  if (isTypeParam(T) || !hasNil(T)) return false;
  const obj = check.lookup("nil");
  if (obj === null || obj.kind !== ONil) return false;
  recordUse(check, e, obj);
  x.mode = ModeNilValue;
  x.typ = T;
  x.expr = e;
  check.info.record(e.id, ModeNilValue, T, null);
  return true;
}

export function funcLit(check: Checker, x: Operand, e: FuncLit): void {
  const sig = typ(check, e.type);
  if (sig.kind !== TSignature) {
    errorf(check, e, "invalid syntax tree: invalid function literal %v", e);
    x.mode = ModeInvalid;
    return;
  }
  // The body is checked as soon as possible, but not inside the declaration of a type that it may refer to.
  const decl = check.env.decl;
  const iota = check.env.iota;
  check.later(() => funcBody(check, decl, sig, e.body, iota));
  x.mode = ModeValue;
  x.typ = sig;
}

export function compositeLit(check: Checker, x: Operand, e: CompositeLit, hint: Type | null): void {
  let litType: Type;
  let base: Type;
  let isElem = false;
  if (e.type !== null) {
    if (e.type.kind === KindArrayType && e.type.len === null) {
      // [...]T: the length follows from the elements.
      litType = new ArrayType(check.ids, varType(check, e.type.elem), -1);
    } else litType = typ(check, e.type);
    base = litType;
  } else if (hint !== null) {
    // The element of another literal; *T stands for &T{}.
    litType = hint;
    base = hint;
    const { type: u } = commonUnder(base, null);
    if (u !== null) {
      const d = deref(u);
      if (d.isPtr) base = d.type;
    }
    isElem = true;
  } else {
    error(check, e, "missing type in composite literal");
    litType = Typ[Invalid] as Basic;
    base = litType;
  }

  const { type: u } = commonUnder(base, null);
  const kind = u === null ? 0 : u.kind;
  if (u !== null && kind === TStruct) structLit(check, x, e, u as Struct, base);
  else if (u !== null && u.kind === TArray) {
    const n = indexedElts(check, e.elemList, u.elem, u.len);
    if (u.len < 0) {
      u.len = n;
      if (e.type !== null) recordTypeAndValue(check, e.type, ModeTypExpr, u, null);
    }
  } else if (u !== null && u.kind === TSlice) indexedElts(check, e.elemList, u.elem, -1);
  else if (u !== null && u.kind === TMap) mapLit(check, x, e, u);
  else {
    for (const elem of e.elemList) {
      // The key might be the name of a field: it can't be looked at.
      useExprs(check, [elem.kind === KindKeyValueExpr ? elem.value : elem]);
    }
    if (u === null || isValid(u)) {
      const element = isElem ? " element" : "";
      const cause = u === null ? " (no common underlying type)" : "";
      errorf(check, e, "invalid composite literal%s type %s%s", element, litType, cause);
      x.mode = ModeInvalid;
      return;
    }
  }
  x.mode = ModeValue;
  x.typ = litType;
}

function structLit(check: Checker, x: Operand, e: CompositeLit, u: Struct, base: Type): void {
  const elems = e.elemList;
  if (elems.length === 0) return;
  const fields = u.fields;
  if ((elems[0] as Expr).kind === KindKeyValueExpr) {
    const visited = new Set<number>();
    for (const elem of elems) {
      if (elem.kind !== KindKeyValueExpr) {
        error(check, elem, "mixture of field:value and value elements in struct literal");
        continue;
      }
      const key = elem.key;
      const i = key.kind === KindName ? fieldIndex(fields, check.pkg, key.value, false) : -1;
      // The value first, so that nothing is lost by errors.
      const done = i >= 0 && plainLit(check, x, elem.value, (fields[i] as Var).type);
      if (!done) expr(check, null, x, elem.value);
      if (key.kind !== KindName) {
        errorf(check, elem, "invalid field name %s in struct literal", key);
        continue;
      }
      if (i < 0) {
        const j = fieldIndex(fields, check.pkg, key.value, true);
        error(check, key, lookupError(check, base, key.value, j >= 0 ? (fields[j] as Var) : null, true));
        continue;
      }
      const fld = fields[i] as Var;
      recordUse(check, key, fld);
      if (!done) assignment(check, x, fld.type, "struct literal");
      if (visited.has(i)) {
        errorf(check, elem, "duplicate field name %s in struct literal", key.value);
        continue;
      }
      visited.add(i);
    }
    return;
  }
  for (let i = 0; i < elems.length; i++) {
    const elem = elems[i] as Expr;
    if (elem.kind === KindKeyValueExpr) {
      error(check, elem, "mixture of field:value and value elements in struct literal");
      continue;
    }
    const done = i < fields.length && plainLit(check, x, elem, (fields[i] as Var).type);
    if (!done) expr(check, null, x, elem);
    if (i >= fields.length) {
      errorf(check, x, "too many values in struct literal of type %s", base);
      break;
    }
    const fld = fields[i] as Var;
    if (!isExported(fld.name) && fld.pkg !== check.pkg) {
      errorf(check, x, "implicit assignment to unexported field %s in struct literal of type %s", fld.name, base);
      continue;
    }
    if (!done) assignment(check, x, fld.type, "struct literal");
  }
  if (elems.length < fields.length) errorf(check, e.rbrace, "too few values in struct literal of type %s", base);
}

/** A string that is equal for equal constants, whatever their kind: 1, 1.0 and 1+0i are the same key. */
function keyOf(x: Constant): string {
  let v = x;
  if (v.kind === KindComplex) {
    const f = toFloat(v);
    if (f.kind !== KindFloat) return `c${float64Val(real(v))},${float64Val(imag(v))}`;
    v = f;
  }
  if (v.kind === KindFloat) {
    const i = toInt(v);
    if (i.kind !== KindInt) return `f${float64Val(v)}`;
    v = i;
  }
  if (v.kind === KindInt) return int64Val(v) !== null || uint64Val(v) !== null ? `i${v.val}` : `x${exactString(v)}`;
  if (v.kind === KindString) return `s${stringVal(v)}`;
  if (v.kind === KindBool) return `b${boolVal(v)}`;
  return "?";
}

function mapLit(check: Checker, x: Operand, e: CompositeLit, u: MapType): void {
  // Keys of different types are different keys of an interface.
  const keyIsInterface = isNonTypeParamInterface(u.key);
  const visited = new Map<string, Type[]>();
  for (const elem of e.elemList) {
    if (elem.kind !== KindKeyValueExpr) {
      error(check, elem, "missing key in map literal");
      continue;
    }
    if (!plainLit(check, x, elem.key, u.key)) {
      exprWithHint(check, x, elem.key, u.key);
      assignment(check, x, u.key, "map literal");
    }
    if (x.mode === ModeInvalid) continue;
    if (x.mode === ModeConstant) {
      const key = keyOf(x.val as Constant);
      const types = visited.get(key);
      let duplicate = false;
      if (types === undefined) visited.set(key, [x.typ]);
      else if (!keyIsInterface) duplicate = true;
      else {
        duplicate = types.some((t) => identical(t, x.typ));
        types.push(x.typ);
      }
      if (duplicate) {
        errorf(check, x, "duplicate key %s in map literal", x.val);
        continue;
      }
    }
    if (plainLit(check, x, elem.value, u.elem)) continue;
    exprWithHint(check, x, elem.value, u.elem);
    assignment(check, x, u.elem, "map literal");
  }
}

/** Checks the elements of an array (length >= 0 if it is known) or slice literal; gives the length it needs. */
function indexedElts(check: Checker, elts: readonly Expr[], elemType: Type, length: number): number {
  // Without keys no index can occur twice.
  const visited = elts.some((e) => e.kind === KindKeyValueExpr) ? new Set<number>() : null;
  let at = 0;
  let max = 0;
  const x = new Operand();
  for (const e of elts) {
    let validIndex = false;
    let value = e;
    if (e.kind === KindKeyValueExpr) {
      const i = index(check, e.key, length);
      if (isValid(i.typ)) {
        if (i.val >= 0) {
          at = i.val;
          validIndex = true;
        } else errorf(check, e, "index %s must be integer constant", e.key);
      }
      value = e.value;
    } else if (length >= 0 && at >= length) {
      errorf(check, e, "index %d is out of bounds (>= %d)", at, length);
    } else validIndex = true;
    if (validIndex && visited !== null) {
      if (visited.has(at)) errorf(check, e, "duplicate index %d in array or slice literal", at);
      visited.add(at);
    }
    at++;
    if (at > max) max = at;
    if (plainLit(check, x, value, elemType)) continue;
    exprWithHint(check, x, value, elemType);
    assignment(check, x, elemType, "array or slice literal");
  }
  return max;
}
