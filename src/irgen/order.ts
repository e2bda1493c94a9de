// The order of evaluation. Calls and receives happen in the order of the source, and so do a few operations whose value gc keeps at their place
// (logic, slices, len and the like); variables are read after all of them, as gc does. So where an expression has a call beside other operands, all these are
// evaluated first and remembered by the id of the expression.

import type { LateMap } from "../base/late.ts";
import * as S from "../syntax/kinds.ts";
import { OpAndAnd, OpOrOr, OpRecv } from "../syntax/tokens.ts";
import type { CallExpr, Expr, Node } from "../syntax/tree.ts";
import { children } from "../syntax/walk.ts";
import * as K from "../types/kinds.ts";
import type { Info } from "../types/info.ts";
import type { Name } from "../syntax/tree.ts";
import { under } from "../types/under.ts";
import type { Body, Environment } from "./body.ts";
import { expr } from "./expr.ts";
import { isString } from "./string.ts";

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

/** Those of them whose value is kept at their place. */
const orderedBuiltins: ReadonlySet<number> = new Set([K.BCap, K.BComplex, K.BImag, K.BLen, K.BMax, K.BMin, K.BReal]);

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
  return mentions(env, e, false, env.callMemo);
}

/** Whether a part of an expression is evaluated at its place among the calls around it (a call, or an operation of `isOrdered`). */
function hasOrdered(env: Environment, e: Expr): boolean {
  return mentions(env, e, true, env.orderMemo);
}

function mentions(env: Environment, e: Expr, ordered: boolean, memo: LateMap<number, boolean>): boolean {
  switch (e.kind) {
    case S.KindName:
    case S.KindBasicLit:
    case S.KindFuncLit:
      return false;
  }
  const known = memo.get(e.id);
  if (known !== undefined) return known;
  const found = search(env, e, ordered, memo);
  memo.set(e.id, found);
  return found;
}

function isPlainCall(env: Environment, e: CallExpr): boolean {
  const mode = env.info.mode(e.fun.id);
  if (mode === K.ModeTypExpr) return false;
  return mode !== K.ModeBuiltin || !pureBuiltins.has(builtinOf(env.info, e.fun));
}

/** Operations that run no code of the program but yield their value at their place, as gc has it: what a later call changes doesn't change it. */
function isOrdered(env: Environment, e: Expr): boolean {
  switch (e.kind) {
    case S.KindCallExpr: {
      const mode = env.info.mode(e.fun.id);
      if (mode === K.ModeBuiltin) return orderedBuiltins.has(builtinOf(env.info, e.fun));
      if (mode !== K.ModeTypExpr) return false;
      const a = e.argList[0];
      if (a === undefined) return false;
      const to = under(env.typeOf(e));
      // The number that a call returns becomes a pointer before the next call: the collector must see it.
      if (to.kind === K.TBasic && to.basic === K.UnsafePointer) return hasCall(env, a);
      return to.kind === K.TSlice && isString(env.typeOf(a));
    }
    case S.KindOperation:
      return e.op === OpAndAnd || e.op === OpOrOr;
    case S.KindSliceExpr:
      return true;
    case S.KindAssertExpr: {
      const t = env.typeOf(e);
      return t.kind !== K.TTuple && !env.ctx.shapes.of(t).direct;
    }
    case S.KindCompositeLit:
      return under(env.typeOf(e)).kind === K.TMap && e.elemList.length > 0;
    default:
      return false;
  }
}

function search(env: Environment, e: Expr, ordered: boolean, memo: LateMap<number, boolean>): boolean {
  if (env.value(e) !== undefined || env.info.mode(e.id) === K.ModeTypExpr) return false;
  if (ordered && isOrdered(env, e)) return true;
  switch (e.kind) {
    case S.KindCallExpr: {
      if (isPlainCall(env, e)) return true;
      for (const a of e.argList) if (mentions(env, a, ordered, memo)) return true;
      return false;
    }
    case S.KindOperation:
      if (e.op === OpRecv && e.y === null) return true;
      return mentions(env, e.x, ordered, memo) || (e.y !== null && mentions(env, e.y, ordered, memo));
    case S.KindSelectorExpr:
    case S.KindParenExpr:
      return mentions(env, e.x, ordered, memo);
    case S.KindIndexExpr:
      return mentions(env, e.x, ordered, memo) || mentions(env, e.index, ordered, memo);
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
      for (let i = 0; i < below.length; i++) if (mentions(env, below[i] as Expr, ordered, memo)) return true;
      return false;
    }
  }
}

/** Evaluates the calls in an expression now, in order, and what has its place among them. */
export function hoist(g: Body, e: Expr): void {
  if (g.hoisted.has(e.id) || !hasOrdered(g.env, e)) return;
  if (isOrdered(g.env, e)) {
    g.hoisted.set(e.id, g.stable(expr(g, e)));
    return;
  }
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
      if (e.op === OpRecv && e.y === null) {
        if (g.typeOf(e).kind !== K.TTuple) g.hoisted.set(e.id, g.stable(expr(g, e)));
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
