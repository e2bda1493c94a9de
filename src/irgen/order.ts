// The order of evaluation. Calls, receives and && with calls happen in the order of the source; variables are read after them, as gc does.
// So where an expression has a call beside other operands, the calls are evaluated first and remembered by the id of the expression.

import * as S from "../syntax/kinds.ts";
import { OpAndAnd, OpOrOr, OpRecv } from "../syntax/tokens.ts";
import type { CallExpr, Expr, Node } from "../syntax/tree.ts";
import { children } from "../syntax/walk.ts";
import * as K from "../types/kinds.ts";
import type { Info } from "../types/info.ts";
import type { Name } from "../syntax/tree.ts";
import type { Body, Environment } from "./body.ts";
import { expr } from "./expr.ts";

const pureBuiltins: ReadonlySet<number> = new Set([
  K.BCap,
  K.BComplex,
  K.BImag,
  K.BLen,
  K.BMax,
  K.BMin,
  K.BReal,
  K.BAdd,
  K.BAlignof,
  K.BOffsetof,
  K.BSizeof,
  K.BSlice,
  K.BSliceData,
  K.BString,
  K.BStringData,
]);

/** The number of the built-in function that an expression names. */
export function builtinOf(info: Info, fun: Expr): number {
  let e = fun;
  while (e.kind === S.KindParenExpr) e = e.x;
  const name = e.kind === S.KindSelectorExpr ? e.sel : (e as Name);
  const obj = info.uses[name.id];
  return obj !== undefined && obj.kind === K.OBuiltin ? obj.builtin : -1;
}

/** Whether evaluating an expression may run other code of the program. */
export function hasCall(env: Environment, e: Expr): boolean {
  switch (e.kind) {
    case S.KindName:
    case S.KindBasicLit:
    case S.KindFuncLit:
      return false;
  }
  const known = env.callMemo.get(e.id);
  if (known !== undefined) return known;
  const found = search(env, e);
  env.callMemo.set(e.id, found);
  return found;
}

function isPlainCall(env: Environment, e: CallExpr): boolean {
  const mode = env.info.mode(e.fun.id);
  if (mode === K.ModeTypExpr) return false;
  return mode !== K.ModeBuiltin || !pureBuiltins.has(builtinOf(env.info, e.fun));
}

function search(env: Environment, e: Expr): boolean {
  if (env.value(e) !== undefined) return false;
  switch (e.kind) {
    case S.KindCallExpr: {
      if (isPlainCall(env, e)) return true;
      for (const a of e.argList) if (hasCall(env, a)) return true;
      return false;
    }
    case S.KindOperation:
      if (e.op === OpRecv && e.y === null) return true;
      return hasCall(env, e.x) || (e.y !== null && hasCall(env, e.y));
    case S.KindArrayType:
    case S.KindSliceType:
    case S.KindDotsType:
    case S.KindStructType:
    case S.KindInterfaceType:
    case S.KindFuncType:
    case S.KindMapType:
    case S.KindChanType:
      return false;
    default: {
      const below: Node[] = [];
      children(e, below);
      for (let i = 0; i < below.length; i++) if (hasCall(env, below[i] as Expr)) return true;
      return false;
    }
  }
}

/** Evaluates the calls in an expression now, in order. */
export function hoist(g: Body, e: Expr): void {
  if (g.hoisted.has(e.id) || !hasCall(g.env, e)) return;
  switch (e.kind) {
    case S.KindParenExpr:
      hoist(g, e.x);
      return;
    case S.KindCallExpr:
      if (isPlainCall(g.env, e)) {
        if (g.typeOf(e).kind === K.TTuple) return;
        g.hoisted.set(e.id, g.stable(expr(g, e)));
      } else for (const a of e.argList) hoist(g, a);
      return;
    case S.KindOperation:
      if (e.op === OpAndAnd || e.op === OpOrOr || (e.op === OpRecv && e.y === null)) {
        g.hoisted.set(e.id, g.stable(expr(g, e)));
        return;
      }
      hoist(g, e.x);
      if (e.y !== null) hoist(g, e.y);
      return;
    case S.KindCompositeLit:
      for (const x of e.elemList) {
        if (x.kind === S.KindKeyValueExpr) {
          hoist(g, x.key);
          hoist(g, x.value);
        } else hoist(g, x);
      }
      return;
    case S.KindSelectorExpr:
    case S.KindAssertExpr:
      hoist(g, e.x);
      return;
    default: {
      const below: Node[] = [];
      children(e, below);
      for (let i = 0; i < below.length; i++) hoist(g, below[i] as Expr);
    }
  }
}
