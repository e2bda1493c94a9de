// Operands: what an expression stands for while it is checked. Its mode (constant, variable, type ...), type, value.

import { FloatLit, ImagLit, IntLit, RuneLit } from "../syntax/tokens.ts";
import type { Expr } from "../syntax/tree.ts";
import { printExpr } from "../syntax/printer.ts";
import type { Cause } from "./cause.ts";
import type { Checker } from "./checker.ts";
import { makeFromLiteral } from "./constant/make.ts";
import { constantString } from "./constant/text.ts";
import { type Constant, KindUnknown } from "./constant/value.ts";
import { implicitTypeAndValue } from "./const.ts";
import { type FormatArg, sprintf } from "./format.ts";
import {
  Invalid,
  ModeBuiltin,
  ModeCgoFunc,
  ModeCommaErr,
  ModeCommaOk,
  ModeConstant,
  ModeInvalid,
  ModeMapIndex,
  ModeNilValue,
  ModeNoValue,
  ModeTypExpr,
  ModeValue,
  ModeVariable,
  SendRecv,
  TAlias,
  TArray,
  TBasic,
  TChan,
  TInterface,
  TMap,
  TNamed,
  TPointer,
  TSignature,
  TSlice,
  TStruct,
  TTuple,
  TTypeParam,
  TUnion,
  UntypedComplex,
  UntypedFloat,
  UntypedInt,
  UntypedNil,
  UntypedRune,
  UntypedString,
} from "./kinds.ts";
import { implements_ } from "./instantiate.ts";
import { isInterfacePtr } from "./lookup.ts";
import { hasEmptyTypeset, hasName, identical, isGeneric, isUntyped, isValid } from "./predicates.ts";
import { typeParamIs } from "./util.ts";
import { type Basic, Typ, type Type } from "./types.ts";
import { type Qualifier, typeString } from "./typestring.ts";
import { unalias } from "./alias.ts";
import { under } from "./under.ts";
import { predeclaredFuncs } from "./universe.ts";

const modeStrings: readonly string[] = (() => {
  const names: string[] = [];
  names[ModeInvalid] = "invalid operand";
  names[ModeNoValue] = "no value";
  names[ModeBuiltin] = "built-in";
  names[ModeTypExpr] = "type";
  names[ModeConstant] = "constant";
  names[ModeVariable] = "variable";
  names[ModeMapIndex] = "map index expression";
  names[ModeValue] = "value";
  names[ModeNilValue] = "nil";
  names[ModeCommaOk] = "comma, ok expression";
  names[ModeCommaErr] = "comma, error expression";
  names[ModeCgoFunc] = "cgo function";
  return names;
})();

export class Operand {
  mode: number;
  expr: Expr | null;
  typ: Type;
  /** The value of a constant. */
  val: Constant | null;
  /** Which built-in function. */
  id: number;

  constructor() {
    this.mode = ModeInvalid;
    this.expr = null;
    this.typ = Typ[Invalid];
    this.val = null;
    this.id = 0;
  }

  static make(mode: number, expr: Expr | null, typ: Type, val: Constant | null = null): Operand {
    const x = new Operand();
    x.mode = mode;
    x.expr = expr;
    x.typ = typ;
    x.val = val;
    return x;
  }

  /** Becomes a copy of y. */
  set(y: Operand): void {
    this.mode = y.mode;
    this.expr = y.expr;
    this.typ = y.typ;
    this.val = y.val;
    this.id = y.id;
  }

  clone(): Operand {
    const x = new Operand();
    x.set(this);
    return x;
  }

  /** Whether this is the untyped (or just converted) nil. */
  isNil(): boolean {
    return this.mode === ModeNilValue;
  }

  toString(): string {
    return operandString(this, null);
  }
}

/** The words for an operand in messages: `x (variable of type int)`. */
export function operandString(x: Operand, qf: Qualifier | null): string {
  if (x.mode === ModeNilValue) {
    if (x.typ === Typ[Invalid]) return "nil (with invalid type)";
    if (x.typ === Typ[UntypedNil]) return "nil";
    return `nil (of type ${typeString(x.typ, qf)})`;
  }

  let expr = "";
  if (x.expr !== null) expr = printExpr(x.expr);
  else if (x.mode === ModeBuiltin) expr = predeclaredFuncs[x.id]?.name ?? "";
  else if (x.mode === ModeTypExpr) expr = typeString(x.typ, qf);
  else if (x.mode === ModeConstant && x.val !== null) expr = constantString(x.val);

  let text = expr !== "" ? `${expr} (` : "";
  let hasType = false;
  if (x.mode !== ModeInvalid && x.mode !== ModeNoValue && x.mode !== ModeBuiltin && x.mode !== ModeTypExpr) {
    if (x.typ.kind === TBasic && isUntyped(x.typ)) text += `${x.typ.name} `;
    else hasType = true;
  }
  text += modeStrings[x.mode] as string;
  if (x.mode === ModeConstant && x.val !== null) {
    const s = constantString(x.val);
    if (s !== expr) text += ` ${s}`;
  }
  if (hasType) {
    if (isValid(x.typ)) {
      let what = isGeneric(x.typ) ? "generic " : "";
      const u = unalias(x.typ);
      const tpar = u.kind === TTypeParam ? u : null;
      if (tpar === null && (x.typ.kind === TAlias || x.typ.kind === TNamed)) {
        const u = under(x.typ);
        what += `${compositeKind(x.typ) || (u.kind === TBasic ? u.name : "")} `;
      }
      text += ` of ${what}type ${typeString(x.typ, qf)}`;
      if (tpar !== null) {
        text += ` constrained by ${typeString(tpar.bound as Type, qf)}`;
        if (hasEmptyTypeset(tpar)) text += " with empty type set";
      }
    } else {
      text += " with invalid type";
    }
  }
  return expr !== "" ? `${text})` : text;
}

/** "array", "slice" and so on for composite types, "" for basic ones. */
export function compositeKind(typ: Type): string {
  switch (under(typ).kind) {
    case TArray:
      return "array";
    case TSlice:
      return "slice";
    case TStruct:
      return "struct";
    case TPointer:
      return "pointer";
    case TSignature:
      return "func";
    case TInterface:
      return "interface";
    case TMap:
      return "map";
    case TChan:
      return "chan";
    case TTuple:
      return "tuple";
    case TUnion:
      return "union";
    default:
      return "";
  }
}

/** Makes x the untyped constant of a literal; x is invalid afterwards if the literal is. */
export function setConst(x: Operand, litKind: number, lit: string): void {
  const val = makeFromLiteral(lit, litKind);
  if (val.kind === KindUnknown) {
    x.mode = ModeInvalid;
    x.typ = Typ[Invalid];
    return;
  }
  let kind: number = UntypedString;
  if (litKind === IntLit) kind = UntypedInt;
  else if (litKind === FloatLit) kind = UntypedFloat;
  else if (litKind === ImagLit) kind = UntypedComplex;
  else if (litKind === RuneLit) kind = UntypedRune;
  x.mode = ModeConstant;
  x.typ = Typ[kind] as Basic;
  x.val = val;
}

function addCause(check: Checker | null, cause: Cause | null, format: string, ...args: FormatArg[]): void {
  if (check === null || cause === null) return;
  const msg = sprintf(check, format, ...args);
  cause.s = cause.s !== "" ? `${msg}\n\t${cause.s}` : msg;
}

/** Whether x can be assigned to a variable of type T; if not, `cause` may tell why. check may be null. */
export function assignableTo(x: Operand, check: Checker | null, T: Type, cause: Cause | null): boolean {
  if (x.mode === ModeInvalid || !isValid(T)) return true; // avoid more errors

  const origT = T;
  const V = unalias(x.typ);
  T = unalias(T);
  if (identical(V, T)) return true;

  const Vu = under(V);
  const Tu = under(T);
  const Vp = V.kind === TTypeParam ? V : null;
  const Tp = T.kind === TTypeParam ? T : null;

  // An untyped value must be representable, for a type parameter in each type of its set.
  if (isUntyped(Vu)) {
    if (Tp !== null) {
      return typeParamIs(Tp, (t) => t !== null && implicitTypeAndValue(check, x, t.type as Type).type !== null);
    }
    return implicitTypeAndValue(check, x, T).type !== null;
  }

  // Identical underlying types, one of the two without a name.
  if (identical(Vu, Tu) && (!hasName(V) || !hasName(T)) && Vp === null && Tp === null) return true;

  // V implements the interface T. A pointer to an interface comes here for the explanation that it gets.
  if ((Tu.kind === TInterface && Tp === null) || isInterfacePtr(Tu)) {
    if (implements_(check, V, T, false, cause)) return true;
    if (Vp === null) return false;
    if (cause !== null) cause.s = "";
  }

  // Perhaps a type assertion is missing.
  if (Vu.kind === TInterface && Vp === null) {
    if (implements_(check, T, V, false, null)) {
      if (cause !== null) cause.s = "need type assertion";
      return false;
    }
  }

  // A bidirectional channel to one with a direction.
  if (Vu.kind === TChan && Vu.dir === SendRecv && Tu.kind === TChan && identical(Vu.elem, Tu.elem)) {
    return !hasName(V) || !hasName(T);
  }

  if (Vp === null && Tp === null) return false;

  // To a type parameter: assignable to each type of its set.
  if (!hasName(V) && Tp !== null) {
    let ok = false;
    typeParamIs(Tp, (t) => {
      if (t === null) return false;
      ok = assignableTo(x, check, t.type as Type, cause);
      if (!ok) addCause(check, cause, "cannot assign %s to %s (in %s)", x.typ, t.type, Tp);
      return ok;
    });
    return ok;
  }

  // From a type parameter: a value of each type of its set is assignable.
  if (Vp !== null && !hasName(T)) {
    const y = x.clone();
    let ok = false;
    typeParamIs(Vp, (v) => {
      if (v === null) return false;
      y.typ = v.type as Type;
      ok = assignableTo(y, check, T, cause);
      if (!ok) addCause(check, cause, "cannot assign %s (in %s) to %s", v.type, Vp, origT);
      return ok;
    });
    return ok;
  }
  return false;
}
