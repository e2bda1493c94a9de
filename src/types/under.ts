// Underlying types and the ways to look at all types that a type stands for.

import { namedUnder } from "./named.ts";
import { unalias } from "./alias.ts";
import { type FormatArg, sprintf } from "./format.ts";
import type { Checker } from "./checker.ts";
import * as K from "./kinds.ts";
import { identical } from "./predicates.ts";
import { iface } from "./typeparam.ts";
import { typeSet } from "./typeset.ts";
import type { Type } from "./types.ts";

/** The underlying type: never a Named, TypeParam or Alias. That of a type parameter is its constraint's interface. */
export function under(t: Type): Type {
  switch (t.kind) {
    case K.TNamed:
      return namedUnder(t);
    case K.TAlias:
      return under(unalias(t));
    case K.TTypeParam:
      return iface(t);
    default:
      return t;
  }
}

/**
 * Calls `f` with each type of the type set of a type parameter and its underlying type, until f returns false; with
 * (null, null) if there are no specific types. For any other type, f is called once with it.
 * Whether all calls returned true.
 */
export function typesetAll(t: Type, f: (t: Type | null, u: Type | null) => boolean): boolean {
  const a = unalias(t);
  if (a.kind === K.TTypeParam) return typeSet(iface(a)).all(f);
  return f(t, under(t));
}

/** Like typesetAll, with the underlying types only. */
export function underIs(t: Type, f: (u: Type | null) => boolean): boolean {
  return typesetAll(t, (_, u) => f(u));
}

/** The types of a type set with their underlying types; a pair of nulls if there are no specific types. */
export function typeset(t: Type): { t: Type | null; u: Type | null }[] {
  const list: { t: Type | null; u: Type | null }[] = [];
  typesetAll(t, (t, u) => {
    list.push({ t, u });
    return true;
  });
  return list;
}

/** A reason why a type doesn't fit, formatted only if somebody wants it. */
export class TypeError_ {
  readonly format: string;
  readonly args: FormatArg[];

  constructor(format: string, args: FormatArg[]) {
    this.format = format;
    this.args = args;
  }

  text(check: Checker | null): string {
    return sprintf(check, this.format, ...this.args);
  }
}

export function typeErrorf(format: string, ...args: FormatArg[]): TypeError_ {
  return new TypeError_(format, args);
}

/**
 * The underlying type that all types of t's type set have in common (channels may differ in direction), or a reason why
 * there is none. `cond`, if given, must accept each type.
 */
export function commonUnder(
  t: Type,
  cond: ((t: Type | null, u: Type | null) => TypeError_ | null) | null,
): { type: Type | null; err: TypeError_ | null } {
  let ct: Type | null = null;
  let cu: Type | null = null;
  let err: TypeError_ | null = null;
  typesetAll(t, (t, u) => {
    if (cond !== null) {
      err = cond(t, u);
      if (err !== null) return false;
    }
    if (u === null) {
      err = typeErrorf("no specific type");
      return false;
    }
    if (cu === null) {
      ct = t;
      cu = u;
      return true;
    }
    if (cu.kind === K.TChan && u.kind === K.TChan) {
      if (!identical(cu.elem, u.elem)) {
        err = typeErrorf("channels %s and %s have different element types", ct, t);
        return false;
      }
      if (cu.dir === u.dir) return true;
      if (cu.dir === K.SendRecv) {
        ct = t;
        cu = u;
      } else if (u.dir !== K.SendRecv) {
        err = typeErrorf("channels %s and %s have conflicting directions", ct, t);
        return false;
      }
      return true;
    }
    if (!identical(cu, u)) {
      err = typeErrorf("%s and %s have different underlying types", ct, t);
      return false;
    }
    return true;
  });
  return err !== null ? { type: null, err } : { type: cu, err: null };
}
