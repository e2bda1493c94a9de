// Small helpers that many files of the checker need.

import { KindName } from "../syntax/kinds.ts";
import type { Expr, Name } from "../syntax/tree.ts";
import { unparen } from "../syntax/unparen.ts";
import { iface } from "./typeparam.ts";
import type { Term, TypeParam } from "./types.ts";
import { typeSet } from "./typeset.ts";

/** The name that e is, in parentheses or not, or null. */
export function asName(e: Expr): Name | null {
  const x = unparen(e);
  return x.kind === KindName ? x : null;
}

/** Whether f holds for all terms of a type parameter's constraint; f(null) is asked if there are none. */
export function typeParamIs(tp: TypeParam, f: (t: Term | null) => boolean): boolean {
  return typeSet(iface(tp)).is(f);
}
export { unpackListExpr, unparen } from "../syntax/unparen.ts";
