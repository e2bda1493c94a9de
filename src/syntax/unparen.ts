// Small helpers on expressions.

import { KindListExpr, KindParenExpr } from "./kinds.ts";
import type { Expr } from "./tree.ts";

/** The expression without enclosing parentheses. */
export function unparen(x: Expr): Expr {
  let e = x;
  while (e.kind === KindParenExpr) e = e.x;
  return e;
}

/** The elements of a ListExpr; one expression as a list; nothing for null. */
export function unpackListExpr(x: Expr | null): Expr[] {
  if (x === null) return [];
  return x.kind === KindListExpr ? x.elemList : [x];
}
