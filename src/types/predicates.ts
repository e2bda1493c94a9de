// Questions about types that have yes or no as an answer, and identity.

import { NoPos } from "../base/pos.ts";
import { asNamed, unalias } from "./alias.ts";
import { Context } from "./context.ts";
import * as K from "./kinds.ts";
import { funcSignature, typeParamsOf } from "./named.ts";
import { type Func, objectId, sameId, type Var } from "./object.ts";
import { makeSubstMap, subst } from "./subst.ts";
import { iface } from "./typeparam.ts";
import { computeUnionTypeSet, typeSet } from "./typeset.ts";
import { equalTerms } from "./typeterm.ts";
import {
  type Basic,
  type Interface,
  type Named,
  type Signature,
  type Struct,
  type Tuple,
  Typ,
  type Type,
  TypeIds,
  type TypeParam,
  universeRune,
} from "./types.ts";
import { type TypeError_, typeErrorf, under, underIs } from "./under.ts";

export { samePkg } from "./object.ts";

/** Whether a type is not the one that stands for errors. */
export function isValid(t: Type): boolean {
  return t !== Typ[K.Invalid] && (t.kind !== K.TAlias || unalias(t) !== Typ[K.Invalid]);
}

// The following don't look into type parameters: use the all... forms for those.

export function isBasic(t: Type, info: number): boolean {
  const u = t.kind === K.TBasic ? t : under(t);
  return u.kind === K.TBasic && (u.info & info) !== 0;
}

export function isBoolean(t: Type): boolean {
  return isBasic(t, K.IsBoolean);
}
export function isInteger(t: Type): boolean {
  return isBasic(t, K.IsInteger);
}
export function isUnsigned(t: Type): boolean {
  return isBasic(t, K.IsUnsigned);
}
export function isFloat(t: Type): boolean {
  return isBasic(t, K.IsFloat);
}
export function isComplex(t: Type): boolean {
  return isBasic(t, K.IsComplex);
}
export function isNumeric(t: Type): boolean {
  return isBasic(t, K.IsNumeric);
}
export function isString(t: Type): boolean {
  return isBasic(t, K.IsString);
}
export function isIntegerOrFloat(t: Type): boolean {
  return isBasic(t, K.IsInteger | K.IsFloat);
}
export function isConstType(t: Type): boolean {
  return isBasic(t, K.IsConstType);
}

/** Like isBasic; for a type parameter, whether it holds for all types of its type set. */
export function allBasic(t: Type, info: number): boolean {
  const a = unalias(t);
  if (a.kind === K.TTypeParam) return typeSet(iface(a)).is((t) => t !== null && isBasic(t.type as Type, info));
  return isBasic(t, info);
}

export function allBoolean(t: Type): boolean {
  return allBasic(t, K.IsBoolean);
}
export function allInteger(t: Type): boolean {
  return allBasic(t, K.IsInteger);
}
export function allUnsigned(t: Type): boolean {
  return allBasic(t, K.IsUnsigned);
}
export function allNumeric(t: Type): boolean {
  return allBasic(t, K.IsNumeric);
}
export function allString(t: Type): boolean {
  return allBasic(t, K.IsString);
}
export function allOrdered(t: Type): boolean {
  return allBasic(t, K.IsOrdered);
}
export function allNumericOrString(t: Type): boolean {
  return allBasic(t, K.IsNumeric | K.IsString);
}

/** Whether a type has a name: predeclared, defined, or a type parameter. */
export function hasName(t: Type): boolean {
  const k = unalias(t).kind;
  return k === K.TBasic || k === K.TNamed || k === K.TTypeParam;
}

/** Whether a type is a literal (or predeclared): neither defined nor a type parameter. */
export function isTypeLit(t: Type): boolean {
  const k = unalias(t).kind;
  return k !== K.TNamed && k !== K.TTypeParam;
}

export function isTyped(t: Type): boolean {
  return t.kind !== K.TBasic || (t.info & K.IsUntyped) === 0;
}

export function isUntyped(t: Type): t is Basic {
  return t.kind === K.TBasic && (t.info & K.IsUntyped) !== 0;
}

export function isUntypedNumeric(t: Type): t is Basic {
  return t.kind === K.TBasic && (t.info & K.IsUntyped) !== 0 && (t.info & K.IsNumeric) !== 0;
}

/** Whether the underlying type is an interface (true of type parameters). */
export function isInterface(t: Type): boolean {
  return under(t).kind === K.TInterface;
}

export function isNonTypeParamInterface(t: Type): boolean {
  return !isTypeParam(t) && isInterface(t);
}

export function isTypeParam(t: Type): boolean {
  return t.kind === K.TTypeParam || (t.kind === K.TAlias && unalias(t).kind === K.TTypeParam);
}

/** t as a type parameter, seen through aliases, or null. */
export function asTypeParam(t: Type): TypeParam | null {
  const u = unalias(t);
  return u.kind === K.TTypeParam ? u : null;
}

/** Whether a type is a type parameter with a type set that is known to be empty. */
export function hasEmptyTypeset(t: Type): boolean {
  const p = asTypeParam(t);
  if (p === null || p.bound === null) return false;
  const n = asNamed(p.bound);
  const u = n !== null ? n.underlying : under(p.bound);
  return u !== null && u.kind === K.TInterface && u.tset?.isEmpty() === true;
}

/** Whether a type is generic and not instantiated. */
export function isGeneric(t: Type): boolean {
  if (t.kind === K.TAlias && t.tparams.length > 0 && t.targs.length === 0) return true;
  const n = asNamed(t);
  return n !== null && n.inst === null && typeParamsOf(n).length > 0;
}

/** Whether values of a type can be compared with == (interfaces may panic). */
export function comparable(t: Type): boolean {
  return comparableType(t, true, null) === null;
}

/** Null if a type is comparable, else the reason. `dynamic` accepts interfaces. */
export function comparableType(T: Type, dynamic: boolean, seen: Set<Type> | null): TypeError_ | null {
  if (T.kind === K.TBasic && T.basic !== K.UntypedNil) return null;
  if (seen === null) seen = new Set();
  else if (seen.has(T)) return null;
  seen.add(T);
  const t = under(T);
  switch (t.kind) {
    case K.TBasic:
      return t.basic === K.UntypedNil ? typeErrorf("") : null;
    case K.TPointer:
    case K.TChan:
      return null;
    case K.TStruct:
      for (let i = 0; i < t.fields.length; i++) {
        const f = t.fields[i] as Var;
        if (comparableType(f.type as Type, dynamic, seen) !== null) return typeErrorf("struct containing %s cannot be compared", f.type);
      }
      return null;
    case K.TArray:
      return comparableType(t.elem, dynamic, seen) !== null ? typeErrorf("%s cannot be compared", T) : null;
    case K.TInterface:
      if ((dynamic && !isTypeParam(T)) || typeSet(t).isComparable(seen)) return null;
      return typeErrorf(typeSet(t).isEmpty() ? "empty type set" : "incomparable types in type set");
    default:
      return typeErrorf("");
  }
}

/** Whether nil is a value of the type. */
export function hasNil(t: Type): boolean {
  const u = under(t);
  switch (u.kind) {
    case K.TBasic:
      return u.basic === K.UnsafePointer;
    case K.TSlice:
    case K.TPointer:
    case K.TSignature:
    case K.TMap:
    case K.TChan:
      return true;
    case K.TInterface:
      return !isTypeParam(t) || underIs(t, (u) => u !== null && hasNil(u));
    default:
      return false;
  }
}

// ---- Identity

/** Pairs of interfaces under comparison: interfaces can be cyclic without passing through a defined type. */
class IfacePair {
  readonly x: Interface;
  readonly y: Interface;
  readonly prev: IfacePair | null;

  constructor(x: Interface, y: Interface, prev: IfacePair | null) {
    this.x = x;
    this.y = y;
    this.prev = prev;
  }
}

const ignoreTagsFlag = 1;
const ignoreInvalidsFlag = 2;

/** Whether two types are identical. */
export function identical(x: Type, y: Type): boolean {
  return x === y || ident(x, y, 0, null);
}

/** Whether two types are identical but for struct tags. */
export function identicalIgnoreTags(x: Type, y: Type): boolean {
  return x === y || ident(x, y, ignoreTagsFlag, null);
}

function ident(x: Type, y: Type, flags: number, p: IfacePair | null): boolean {
  if (x.kind === K.TAlias) x = unalias(x);
  if (y.kind === K.TAlias) y = unalias(y);
  if (x === y) return true;
  if ((flags & ignoreInvalidsFlag) !== 0 && (!isValid(x) || !isValid(y))) return true;
  if (x.kind !== y.kind) return false;
  switch (x.kind) {
    case K.TBasic:
      return x.basic === (y as Basic).basic;
    case K.TArray: {
      const z = y as typeof x;
      return (x.len < 0 || z.len < 0 || x.len === z.len) && ident(x.elem, z.elem, flags, p);
    }
    case K.TSlice:
      return ident(x.elem, (y as typeof x).elem, flags, p);
    case K.TStruct:
      return identStruct(x, y as Struct, flags, p);
    case K.TPointer:
      return ident(x.elem, (y as typeof x).elem, flags, p);
    case K.TTuple:
      return identTuple(x, y as Tuple, flags, p);
    case K.TSignature:
      return identSignature(x, y as Signature, flags, p);
    case K.TUnion:
      return equalTerms(computeUnionTypeSet(null, NoPos, x).terms, computeUnionTypeSet(null, NoPos, y as typeof x).terms);
    case K.TInterface:
      return identInterface(x, y as Interface, flags, p);
    case K.TMap: {
      const z = y as typeof x;
      return ident(x.key, z.key, flags, p) && ident(x.elem, z.elem, flags, p);
    }
    case K.TChan: {
      const z = y as typeof x;
      return x.dir === z.dir && ident(x.elem, z.elem, flags, p);
    }
    case K.TNamed: {
      const z = y as Named;
      const xi = x.inst;
      const yi = z.inst;
      if (xi === null || yi === null) return xi === yi && x.obj === z.obj;
      if (xi.targs.length !== yi.targs.length) return false;
      for (let i = 0; i < xi.targs.length; i++) {
        if (!identical(xi.targs[i] as Type, yi.targs[i] as Type)) return false;
      }
      return xi.orig.obj === yi.orig.obj;
    }
    default:
      return false;
  }
}

function identStruct(x: Struct, y: Struct, flags: number, p: IfacePair | null): boolean {
  if (x.fields.length !== y.fields.length) return false;
  for (let i = 0; i < x.fields.length; i++) {
    const f = x.fields[i] as Var;
    const g = y.fields[i] as Var;
    if (f.embedded !== g.embedded) return false;
    if ((flags & ignoreTagsFlag) === 0 && (x.tags[i] ?? "") !== (y.tags[i] ?? "")) return false;
    if (!sameId(f, g.pkg, g.name, false) || !ident(f.type as Type, g.type as Type, flags, p)) return false;
  }
  return true;
}

function identTuple(x: Tuple, y: Tuple, flags: number, p: IfacePair | null): boolean {
  if (x.vars.length !== y.vars.length) return false;
  for (let i = 0; i < x.vars.length; i++) {
    if (!ident((x.vars[i] as Var).type as Type, (y.vars[i] as Var).type as Type, flags, p)) return false;
  }
  return true;
}

function identSignature(x: Signature, y: Signature, flags: number, p: IfacePair | null): boolean {
  if (x.tparams.length !== y.tparams.length || x.variadic !== y.variadic) return false;
  let yparams = y.params;
  let yresults = y.results;
  if (x.tparams.length > 0) {
    // The names of type parameters don't count: put x's in the place of y's.
    const ctxt = new Context(new TypeIds(0x20000000));
    const smap = makeSubstMap(y.tparams, x.tparams);
    for (let i = 0; i < x.tparams.length; i++) {
      const ybound = subst(null, NoPos, (y.tparams[i] as TypeParam).bound as Type, smap, null, ctxt);
      if (!ident((x.tparams[i] as TypeParam).bound as Type, ybound, flags, p)) return false;
    }
    yparams = subst(null, NoPos, y.params, smap, null, ctxt) as Tuple;
    yresults = subst(null, NoPos, y.results, smap, null, ctxt) as Tuple;
  }
  return identTuple(x.params, yparams, flags, p) && identTuple(x.results, yresults, flags, p);
}

function identInterface(x: Interface, y: Interface, flags: number, p: IfacePair | null): boolean {
  const xset = typeSet(x);
  const yset = typeSet(y);
  const a = xset.methods;
  const b = yset.methods;
  if (xset.comparable !== yset.comparable || a.length !== b.length || !equalTerms(xset.terms, yset.terms)) return false;
  for (let q = p; q !== null; q = q.prev) {
    if ((q.x === x && q.y === y) || (q.x === y && q.y === x)) return true;
  }
  const q = new IfacePair(x, y, p);
  for (let i = 0; i < a.length; i++) {
    const f = a[i] as Func;
    const g = b[i] as Func;
    if (f === g) continue;
    if (f.name !== g.name || objectId(f.pkg, f.name) !== objectId(g.pkg, g.name)) return false;
    if (!ident(funcSignature(f), funcSignature(g), flags, q)) return false;
  }
  return true;
}

/** Whether two defined types come from the same declaration. */
export function identicalOrigin(x: Named, y: Named): boolean {
  return (x.inst === null ? x : x.inst.orig).obj === (y.inst === null ? y : y.inst.orig).obj;
}

/** Whether instantiations are the same. */
export function identicalInstance(xorig: Type, xargs: Type[], yorig: Type, yargs: Type[]): boolean {
  if (xargs.length !== yargs.length) return false;
  for (let i = 0; i < xargs.length; i++) {
    if (!identical(xargs[i] as Type, yargs[i] as Type)) return false;
  }
  return identical(xorig, yorig);
}

/** The default type of an untyped constant's type; other types as they are. */
export function defaultType(t: Type): Type {
  if (t.kind !== K.TBasic) return t;
  switch (t.basic) {
    case K.UntypedBool:
      return Typ[K.Bool] as Type;
    case K.UntypedInt:
      return Typ[K.Int] as Type;
    case K.UntypedRune:
      return universeRune;
    case K.UntypedFloat:
      return Typ[K.Float64] as Type;
    case K.UntypedComplex:
      return Typ[K.Complex128] as Type;
    case K.UntypedString:
      return Typ[K.String_] as Type;
    default:
      return t;
  }
}

/** The larger of two untyped numeric types, or the type that both are, or null. */
export function maxType(x: Type, y: Type): Type | null {
  if (x === y) return x;
  if (isUntypedNumeric(x) && isUntypedNumeric(y)) return x.basic > y.basic ? x : y;
  return null;
}

/** Whether a string is an identifier. */
export function isValidName(s: string): boolean {
  return /^[\p{L}_][\p{L}\p{Nd}_]*$/u.test(s);
}
