// Alias types.

import type { Pos } from "../base/pos.ts";
import type { Checker } from "./checker.ts";
import type { Context } from "./context.ts";
import * as K from "./kinds.ts";
import { TypeName } from "./object.ts";
import { makeSubstMap, subst } from "./subst.ts";
import { Alias, type Named, Typ, type Type } from "./types.ts";

/** The type that t is, seen through aliases. */
export function unalias(t: Type): Type {
  if (t.kind !== K.TAlias) return t;
  if (t.actual !== null) return t.actual;
  let r: Type | null = t;
  while (r !== null && r.kind === K.TAlias) r = r.fromRHS;
  if (r === null) return Typ[K.Invalid] as Type;
  t.actual = r;
  return r;
}

/** t as a defined type, seen through aliases, or null. */
export function asNamed(t: Type): Named | null {
  const u = unalias(t);
  return u.kind === K.TNamed ? u : null;
}

/** A new alias for rhs, also as the type of its object if that has none. */
export function newAlias(check: Checker | null, ctxt: Context, obj: TypeName, rhs: Type | null): Alias {
  const a = new Alias(ctxt.ids, obj, null, rhs);
  if (obj.type === null) obj.type = a;
  if (check !== null) check.needsCleanup(a);
  return a;
}

/** The instance of a generic alias. */
export function newAliasInstance(
  check: Checker | null,
  pos: Pos,
  orig: Alias,
  targs: Type[],
  expanding: Named | null,
  ctxt: Context,
): Alias {
  const obj = new TypeName(ctxt.ids, pos, orig.obj.pkg, orig.obj.name, null);
  const rhs = subst(check, pos, orig.fromRHS as Type, makeSubstMap(orig.tparams, targs), expanding, ctxt);
  const res = newAlias(check, ctxt, obj, rhs);
  res.orig = orig;
  res.tparams = orig.tparams;
  res.targs = targs;
  return res;
}
