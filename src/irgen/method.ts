// Methods as values: x.M, whose receiver is bound, and T.M, whose receiver is the first parameter.

import type { Expr, SelectorExpr } from "../syntax/tree.ts";
import type { Func as FuncObject } from "../types/object.ts";
import type { Selection } from "../types/selection.ts";
import type { Signature } from "../types/types.ts";
import { under } from "../types/under.ts";
import type { Body } from "./body.ts";
import { closureOf } from "./capture.ts";
import { receiver } from "./call.ts";
import { pendingBound } from "./closure.ts";
import { checked } from "./expr.ts";
import type { Operand } from "./operand.ts";

/** x.M as a function value. */
export function methodValue(g: Body, e: SelectorExpr, s: Selection): Operand {
  const sig = under(g.typeOf(e)) as Signature;
  const r = receiver(g, e, s);
  g.b.pos = e.pos;
  // Binding a method of a nil interface panics now, not when it is called.
  if (r.iface) checked(g, g.b.pointerOf(g.part(r.x, 0)));
  const code = pendingBound(g, r.type, r.iface, s.obj as FuncObject, sig);
  return g.scalar(g.shape(g.typeOf(e)), closureOf(g, code, [r.type], [r.x]));
}

/** T.M as a function value. */
export function methodExpression(g: Body, e: Expr, s: Selection): Operand {
  const sym = g.ctx.methodSym(s.recv, s.obj as FuncObject, false);
  g.b.pos = e.pos;
  return g.scalar(g.shape(g.typeOf(e)), g.b.symbol(g.ctx.funcValueSym(sym)));
}
