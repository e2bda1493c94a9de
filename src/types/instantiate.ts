// Instances of generic types and functions, and whether type arguments satisfy their constraints.

import type { Pos } from "../base/pos.ts";
import { newAliasInstance } from "./alias.ts";
import type { Cause } from "./cause.ts";
import type { Checker } from "./checker.ts";
import type { Context } from "./context.ts";
import { error } from "./errors.ts";
import { sprintf } from "./format.ts";
import * as K from "./kinds.ts";
import { hasAllMethods, isInterfacePtr } from "./lookup.ts";
import { namedObj, newNamedInstance, typeParamsOf } from "./named.ts";
import { comparableType, identical, isValid } from "./predicates.ts";
import { copySignature, makeSubstMap, subst } from "./subst.ts";
import { iface } from "./typeparam.ts";
import { typeSet } from "./typeset.ts";
import { termIncludes, termsString } from "./typeterm.ts";
import {
  type Alias,
  type Interface,
  type Named,
  type NamedInstance,
  noTypeParams,
  type Signature,
  Term,
  Typ,
  type Type,
  type TypeParam,
} from "./types.ts";
import { typeString } from "./typestring.ts";
import { under } from "./under.ts";
import { allowVersion, go1_20 } from "./version.ts";

/** A type that can be instantiated. */
export type GenericType = Named | Alias | Signature;

/** The type parameters of a generic type. */
export function genericTypeParams(t: GenericType): TypeParam[] {
  return t.kind === K.TNamed ? typeParamsOf(t) : t.tparams;
}

/**
 * The instance of a generic type or function with type arguments: always the same object for identical arguments. Types
 * are expanded later. The result is invalid if the number of arguments is wrong (for aliases and functions).
 */
export function instance(check: Checker | null, pos: Pos, orig: GenericType, targs: Type[], expanding: Named | null, ctxt: Context): Type {
  // Instances in the expanding type's context come first, to close cycles. Ids are shared, so hashes are the same in all.
  const inner = expanding === null ? null : (expanding.inst as NamedInstance).ctxt;
  const local = inner === ctxt ? null : inner;
  const hash = ctxt.instanceHash(orig, targs);
  if (local !== null) {
    const found = local.lookup(hash, orig, targs);
    if (found !== null) return local.update(hash, orig, targs, ctxt.update(hash, orig, targs, found));
  }
  const found = ctxt.lookup(hash, orig, targs);
  if (found !== null) return local === null ? found : local.update(hash, orig, targs, found);

  let res: Type;
  switch (orig.kind) {
    case K.TNamed:
      res = newNamedInstance(check, pos, orig, targs, expanding, ctxt);
      break;
    case K.TAlias:
      if (!validateTArgLen(check, pos, orig.obj.name, orig.tparams.length, targs.length)) return Typ[K.Invalid] as Type;
      if (orig.tparams.length === 0) return orig;
      res = newAliasInstance(check, pos, orig, targs, expanding, ctxt);
      break;
    case K.TSignature: {
      if (!validateTArgLen(check, pos, typeString(orig, null), orig.tparams.length, targs.length)) return Typ[K.Invalid] as Type;
      if (orig.tparams.length === 0) return orig;
      let sig = subst(check, pos, orig, makeSubstMap(orig.tparams, targs), null, ctxt) as Signature;
      if (sig === orig) sig = copySignature(ctxt.ids, sig);
      sig.tparams = noTypeParams;
      res = sig;
      break;
    }
  }
  res = ctxt.update(hash, orig, targs, res);
  return local === null ? res : local.update(hash, orig, targs, res);
}

/** Reports a wrong number of type arguments. */
export function validateTArgLen(check: Checker | null, pos: Pos, name: string, want: number, got: number): boolean {
  if (got === want) return true;
  const msg = `${got < want ? "not enough" : "too many"} type arguments for type ${name}: have ${got}, want ${want}`;
  if (check === null) throw new Error(msg);
  error(check, pos, msg);
  return false;
}

/** Checks type arguments against constraints. Null if all is well, else the index of the bad argument and the reason. */
export function verify(
  check: Checker,
  pos: Pos,
  tparams: TypeParam[],
  targs: Type[],
  ctxt: Context,
): { index: number; msg: string } | null {
  const smap = makeSubstMap(tparams, targs);
  for (let i = 0; i < tparams.length; i++) {
    const tpar = tparams[i] as TypeParam;
    if (typeSet(iface(tpar)).isAll()) continue;
    const bound = subst(check, pos, tpar.bound as Type, smap, null, ctxt);
    const cause: Cause = { s: "" };
    if (!implements_(check, targs[i] as Type, bound, true, cause)) return { index: i, msg: cause.s };
  }
  return null;
}

/** Whether V implements the interface T, or satisfies it as a constraint. */
export function implements_(check: Checker | null, V: Type, T: Type, constraint: boolean, cause: Cause | null): boolean {
  const Vu = under(V);
  const Tu = under(T);
  // Avoid follow-on errors.
  if (!isValid(Vu) || !isValid(Tu)) return true;
  if (Vu.kind === K.TPointer && !isValid(under(Vu.elem))) return true;

  const verb = constraint ? "satisfy" : "implement";
  if (Tu.kind !== K.TInterface) {
    if (cause !== null) {
      const detail = isInterfacePtr(Tu)
        ? sprintf(check, "type %s is pointer to interface, not interface", T)
        : sprintf(check, "%s is not an interface", T);
      cause.s = sprintf(check, "%s does not %s %s (%s)", V, verb, T, detail);
    }
    return false;
  }
  const Ti = Tu;
  const Tset = typeSet(Ti);
  if (Tset.isAll()) return true;
  const Vi = Vu.kind === K.TInterface ? Vu : null;
  // The empty set is part of any set ...
  if (Vi !== null && typeSet(Vi).isEmpty()) return true;
  // ... and contains nothing else.
  if (Tset.isEmpty()) {
    if (cause !== null) cause.s = sprintf(check, "cannot %s %s (empty type set)", verb, T);
    return false;
  }

  if (!hasAllMethods(check, V, T, true, identical, cause)) {
    if (cause !== null) cause.s = sprintf(check, "%s does not %s %s %s", V, verb, T, cause.s);
    return false;
  }

  if (!Tset.hasTerms()) return checkComparability(check, V, Ti, constraint, verb, cause);

  if (Vi !== null) {
    if (!typeSet(Vi).subsetOf(Tset)) {
      if (cause !== null) cause.s = sprintf(check, "%s does not %s %s", V, verb, T);
      return false;
    }
    return checkComparability(check, V, Ti, constraint, verb, cause);
  }

  // V itself must be in the set. If only its underlying type is, that makes a good hint.
  let alt: Type | null = null;
  let included = false;
  for (let i = 0; i < Tset.terms.length && !included; i++) {
    const t = Tset.terms[i] as Term;
    if (termIncludes(t, V)) {
      included = true;
    } else if (alt === null && !t.tilde && identical(t.type as Type, under(t.type as Type)) && termIncludes(new Term(true, t.type), V)) {
      alt = t.type;
    }
  }
  if (!included) {
    if (cause !== null) {
      let detail: string;
      if (alt !== null) detail = sprintf(check, "possibly missing ~ for %s in %s", alt, T);
      else if (mentions(Ti, V)) detail = sprintf(check, "%s mentions %s, but %s is not in the type set of %s", T, V, V, T);
      else detail = sprintf(check, "%s missing in %s", V, termsString(Tset.terms));
      cause.s = sprintf(check, "%s does not %s %s (%s)", V, verb, T, detail);
    }
    return false;
  }
  return checkComparability(check, V, Ti, constraint, verb, cause);
}

function checkComparability(
  check: Checker | null,
  V: Type,
  Ti: Interface,
  constraint: boolean,
  verb: string,
  cause: Cause | null,
): boolean {
  if (!typeSet(Ti).isComparable(null)) return true;
  if (comparableType(V, false, null) === null) return true;
  // Ordinary interfaces satisfy comparable, though they don't implement it.
  if (constraint && comparableType(V, true, null) === null) {
    if (check === null || allowVersion(check, go1_20)) return true;
    if (cause !== null) cause.s = sprintf(check, "%s to %s comparable requires go1.20 or later", V, verb);
    return false;
  }
  if (cause !== null) cause.s = sprintf(check, "%s does not %s comparable", V, verb);
  return false;
}

/** Whether T is, or lists among its elements, a type. */
function mentions(T: Type, typ: Type): boolean {
  if (T.kind === K.TInterface) return T.embeddeds.some((e) => mentions(e, typ));
  if (T.kind === K.TUnion) return T.terms.some((t) => mentions(t.type as Type, typ));
  return identical(T, typ);
}

/** The declared name of a generic type. */
export function genericName(t: Named | Alias): string {
  return t.kind === K.TNamed ? namedObj(t).name : t.orig.obj.name;
}
