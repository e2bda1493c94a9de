// Fields and methods by name, through embedded fields, and whether a type has all methods of an interface.

import { asNamed, unalias } from "./alias.ts";
import type { Cause } from "./cause.ts";
import type { Checker } from "./checker.ts";
import { objDecl } from "./decl.ts";
import { qualifier, sprintf } from "./format.ts";
import * as K from "./kinds.ts";
import { funcSignature, hasPtrRecv, lookupNamedMethod, namedMethod } from "./named.ts";
import { type Func, sameId, type Var } from "./object.ts";
import type { Package } from "./package.ts";
import { identical, isInterface, isTypeParam, isValid } from "./predicates.ts";
import { methodIndex, typeSet } from "./typeset.ts";
import type { Interface, Named, Struct, Type } from "./types.ts";
import { TypeWriter } from "./typestring.ts";
import { under } from "./under.ts";

/** What a selector finds. `obj` null: nothing, or several at the same depth (index is set), or a method that needs a pointer (indirect is set). */
export class LookupResult {
  readonly obj: Var | Func | null;
  readonly index: number[] | null;
  readonly indirect: boolean;

  constructor(obj: Var | Func | null, index: number[] | null, indirect: boolean) {
    this.obj = obj;
    this.index = index;
    this.indirect = indirect;
  }
}

const notFoundResult: LookupResult = new LookupResult(null, null, false);
const pointerNeeded: LookupResult = new LookupResult(null, null, true);

/** Finds a field or method of T (or *T if addressable). The type of a method may not be resolved yet. */
export function lookupFieldOrMethod(T: Type, addressable: boolean, pkg: Package | null, name: string, foldCase: boolean): LookupResult {
  // A defined pointer type has its base type's fields, but no methods.
  const t = asNamed(T);
  if (t !== null) {
    const p = under(t);
    if (p.kind === K.TPointer) {
      const r = lookupImpl(p, false, pkg, name, foldCase);
      return r.obj !== null && r.obj.kind === K.OFunc ? notFoundResult : r;
    }
  }
  return lookupImpl(T, addressable, pkg, name, foldCase);
}

/** An embedded field's type on the way down. */
class EmbeddedType {
  readonly typ: Type;
  /** The path to it; null at the top. */
  readonly index: number[] | null;
  /** There was a pointer on the path. */
  readonly indirect: boolean;
  /** It appears several times at this depth. */
  multiples: boolean;

  constructor(typ: Type, index: number[] | null, indirect: boolean, multiples: boolean) {
    this.typ = typ;
    this.index = index;
    this.indirect = indirect;
    this.multiples = multiples;
  }
}

function extend(path: number[] | null, i: number): number[] {
  if (path === null) return [i];
  const longer = path.slice();
  longer.push(i);
  return longer;
}

function lookupImpl(T: Type, addressable: boolean, pkg: Package | null, name: string, foldCase: boolean): LookupResult {
  if (name === "_") return notFoundResult;
  const d = deref(T);
  // A pointer to an interface has no methods.
  if (d.isPtr && under(d.type).kind === K.TInterface) return notFoundResult;

  if (!foldCase) {
    const direct = lookupDirect(d.type, d.isPtr, addressable, pkg, name);
    if (direct !== null) return direct;
  }
  let current: EmbeddedType[] = [new EmbeddedType(d.type, null, d.isPtr, false)];
  const seen: Named[] = [];
  while (current.length > 0) {
    const next: EmbeddedType[] = [];
    let obj: Var | Func | null = null;
    let index: number[] | null = null;
    let indirect = false;
    for (let n = 0; n < current.length; n++) {
      const e = current[n] as EmbeddedType;
      const named = asNamed(e.typ);
      if (named !== null) {
        if (hasSeen(seen, named)) continue;
        seen.push(named);
        const i = lookupNamedMethod(named, pkg, name, foldCase);
        if (i >= 0) {
          index = extend(e.index, i);
          if (obj !== null || e.multiples) return new LookupResult(null, index, false);
          obj = namedMethod(named, i);
          indirect = e.indirect;
          continue;
        }
      }
      const t = under(e.typ);
      if (t.kind === K.TStruct) {
        const fields = t.fields;
        for (let i = 0; i < fields.length; i++) {
          const f = fields[i] as Var;
          if ((f.name === name || foldCase) && sameId(f, pkg, name, foldCase)) {
            index = extend(e.index, i);
            if (obj !== null || e.multiples) return new LookupResult(null, index, false);
            obj = f;
            indirect = e.indirect;
            continue;
          }
          // Deeper levels matter only while nothing is found.
          if (obj === null && f.embedded) {
            const ft = deref(f.type as Type);
            next.push(new EmbeddedType(ft.type, extend(e.index, i), e.indirect || ft.isPtr, e.multiples));
          }
        }
      } else if (t.kind === K.TInterface) {
        const m = typeSet(t).lookupMethod(pkg, name, foldCase);
        if (m.method !== null) {
          index = extend(e.index, m.index);
          if (obj !== null || e.multiples) return new LookupResult(null, index, false);
          obj = m.method;
          indirect = e.indirect;
        }
      }
    }
    if (obj !== null) {
      if (obj.kind === K.OFunc && !indirect && !addressable && hasPtrRecv(obj)) return pointerNeeded;
      return new LookupResult(obj, index, indirect);
    }
    current = consolidate(next);
  }
  return notFoundResult;
}

/** What the type itself has under a name: a method or a field that is not promoted. Null: nothing, or more than one. */
function lookupDirect(T: Type, indirect: boolean, addressable: boolean, pkg: Package | null, name: string): LookupResult | null {
  const named = asNamed(T);
  if (named !== null) {
    const i = lookupNamedMethod(named, pkg, name, false);
    if (i >= 0) {
      const m = namedMethod(named, i);
      return !indirect && !addressable && hasPtrRecv(m) ? pointerNeeded : new LookupResult(m, [i], indirect);
    }
  }
  const t = under(T);
  if (t.kind !== K.TStruct) return null;
  const fields = t.fields;
  let at = -1;
  for (let i = 0; i < fields.length; i++) {
    const f = fields[i] as Var;
    if (f.name !== name || !sameId(f, pkg, name, false)) continue;
    if (at >= 0) return null;
    at = i;
  }
  return at < 0 ? null : new LookupResult(fields[at] as Var, [at], indirect);
}

function hasSeen(seen: Named[], t: Named): boolean {
  for (let i = 0; i < seen.length; i++) {
    const s = seen[i] as Named;
    if (s === t || (s.inst !== null && t.inst !== null && identical(s, t))) return true;
  }
  return false;
}

/** Joins entries of the same type. */
function consolidate(list: EmbeddedType[]): EmbeddedType[] {
  if (list.length <= 1) return list;
  const result: EmbeddedType[] = [];
  for (let i = 0; i < list.length; i++) {
    const e = list[i] as EmbeddedType;
    const same = result.find((r) => identical(r.typ, e.typ));
    if (same !== undefined) same.multiples = true;
    else result.push(e);
  }
  return result;
}

export type Equivalence = (x: Type, y: Type) => boolean;

const notFound = 1;
const wrongName = 2;
const unexported = 3;
const wrongSig = 4;
const ambigSel = 5;
const ptrRecv = 6;
const fieldFound = 7;
const noInterface = 8;

/** A method of T (an interface) that V doesn't have, or null. If `static_` is false and V is an interface, only methods that V has too are compared. */
export function missingMethod(
  check: Checker | null,
  V: Type,
  T: Type,
  static_: boolean,
  equivalent: Equivalence,
  cause: Cause | null,
): { method: Func | null; wrongType: boolean } {
  const methods = typeSet(under(T) as Interface).methods;
  let state = 0;
  let m: Func | null = null;
  let f: Func | null = null;
  const u = methods.length === 0 ? null : under(V);
  if (u !== null && u.kind === K.TInterface) {
    const tset = typeSet(u);
    for (let i = 0; i < methods.length && state === 0; i++) {
      m = methods[i] as Func;
      f = tset.lookupMethod(m.pkg, m.name, false).method;
      if (f === null) {
        if (static_) state = notFound;
      } else if (!equivalent(funcSignature(f), funcSignature(m))) {
        state = wrongSig;
      }
    }
  } else if (u !== null) {
    for (let i = 0; i < methods.length && state === 0; i++) {
      m = methods[i] as Func;
      f = null;
      const r = lookupImpl(V, false, m.pkg, m.name, false);
      if (r.obj === null) {
        if (r.index !== null) {
          state = ambigSel;
        } else if (r.indirect) {
          state = ptrRecv;
        } else {
          state = notFound;
          const folded = lookupImpl(V, false, m.pkg, m.name, true).obj;
          if (folded !== null && folded.kind === K.OFunc) {
            f = folded;
            state = f.name === m.name ? unexported : wrongName;
          }
        }
      } else if (r.obj.kind !== K.OFunc) {
        state = fieldFound;
      } else {
        f = r.obj;
        objDecl(check, f);
        if (!equivalent(f.type as Type, funcSignature(m))) state = wrongSig;
        else if (f.noInterface) state = noInterface;
      }
    }
  }
  if (state === 0 || m === null) return { method: null, wrongType: false };
  if (cause !== null) cause.s = missingCause(check, state, V, T, m, f);
  return { method: m, wrongType: state === wrongSig || state === ptrRecv };
}

function missingCause(check: Checker | null, state: number, V: Type, T: Type, m: Func, f: Func | null): string {
  if (f !== null) objDecl(check, f);
  switch (state) {
    case notFound:
      if (isInterfacePtr(V)) return `(${interfacePtrError(check, V)})`;
      if (isInterfacePtr(T)) return `(${interfacePtrError(check, T)})`;
      return sprintf(check, "(missing method %s)", m.name);
    case wrongName:
      return sprintf(
        check,
        "(missing method %s)\n\t\thave %s\n\t\twant %s",
        m.name,
        funcString(check, f as Func, false),
        funcString(check, m, false),
      );
    case unexported:
      return sprintf(check, "(unexported method %s)", m.name);
    case wrongSig: {
      let fs = funcString(check, f as Func, false);
      let ms = funcString(check, m, false);
      if (fs === ms) {
        // Packages may tell them apart.
        fs = funcString(check, f as Func, true);
        ms = funcString(check, m, true);
      }
      if (fs === ms) return sprintf(check, "(wrong type for method %s)", m.name);
      return sprintf(check, "(wrong type for method %s)\n\t\thave %s\n\t\twant %s", m.name, fs, ms);
    }
    case ambigSel:
      return sprintf(check, "(ambiguous selector %s.%s)", V, m.name);
    case noInterface:
      return sprintf(check, "(%s method is marked 'nointerface')", m.name);
    case ptrRecv:
      return sprintf(check, "(method %s has pointer receiver)", m.name);
    default:
      return sprintf(check, "(%s.%s is a field, not a method)", V, m.name);
  }
}

/** Like missingMethod, for callers who only want to know; lenient about types with errors. */
export function hasAllMethods(
  check: Checker | null,
  V: Type,
  T: Type,
  static_: boolean,
  equivalent: Equivalence,
  cause: Cause | null,
): boolean {
  if (!isValid(V)) return true;
  return missingMethod(check, V, T, static_, equivalent, cause).method === null || hasInvalidEmbeddedFields(V, new Set());
}

function hasInvalidEmbeddedFields(T: Type, seen: Set<Struct>): boolean {
  const S = under(derefStructPtr(T));
  if (S.kind !== K.TStruct || seen.has(S)) return false;
  seen.add(S);
  return S.fields.some((f) => f.embedded && (!isValid(f.type as Type) || hasInvalidEmbeddedFields(f.type as Type, seen)));
}

export function isInterfacePtr(T: Type): boolean {
  const p = under(T);
  return p.kind === K.TPointer && isInterface(p.elem);
}

export function interfacePtrError(check: Checker | null, T: Type): string {
  const p = under(T);
  if (p.kind === K.TPointer && isTypeParam(p.elem)) return sprintf(check, "type %s is pointer to type parameter, not type parameter", T);
  return sprintf(check, "type %s is pointer to interface, not interface", T);
}

/** A function's name and type without names of parameters. */
export function funcString(check: Checker | null, f: Func, pkgInfo: boolean): string {
  const w = new TypeWriter(check !== null && !pkgInfo ? qualifier(check) : null);
  w.pkgInfo = pkgInfo;
  w.paramNames = false;
  w.string(f.name);
  w.signature(funcSignature(f));
  return w.buf;
}

/** Whether a type assertion of a V to T can hold. */
export function assertableTo(check: Checker, V: Type, T: Type, cause: Cause | null): boolean {
  if (isInterface(T)) return true;
  return hasAllMethods(check, T, V, false, identical, cause);
}

/** The element type of a pointer literal; other types as they are. */
export function deref(typ: Type): { type: Type; isPtr: boolean } {
  const p = typ.kind === K.TPointer ? typ : unalias(typ);
  if (p.kind === K.TPointer) return { type: p.elem, isPtr: true };
  return { type: typ, isPtr: false };
}

/** The struct type that T is a pointer to, or T. */
export function derefStructPtr(T: Type): Type {
  const p = under(T);
  if (p.kind === K.TPointer && under(p.elem).kind === K.TStruct) return p.elem;
  return T;
}

/** The index of a field by name, or -1. */
export function fieldIndex(fields: Var[], pkg: Package | null, name: string, foldCase: boolean): number {
  if (name !== "_") {
    for (let i = 0; i < fields.length; i++) {
      if (sameId(fields[i] as Var, pkg, name, foldCase)) return i;
    }
  }
  return -1;
}

export { methodIndex };
