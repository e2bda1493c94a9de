// Operators: which operands they take in which type, short-circuit logic, addresses.

import type { Value } from "../ssa/func.ts";
import { TypeI8 } from "../ssa/types.ts";
import * as S from "../syntax/kinds.ts";
import * as T from "../syntax/tokens.ts";
import type { Expr, Operation } from "../syntax/tree.ts";
import { unparen } from "../syntax/unparen.ts";
import * as K from "../types/kinds.ts";
import { Typ, type Type } from "../types/types.ts";
import { arith, shift, unary } from "./arith.ts";
import { type Body, isInterfaceType } from "./body.ts";
import { compare } from "./compare.ts";
import { constant } from "./constants.ts";
import { addressOf, condition, constantExprType, expr, exprAs, hoistAll, isNil } from "./expr.ts";
import { literalAddress } from "./literal.ts";
import type { Operand } from "./operand.ts";
import { concatStrings, isString, shareConcatenated, shareOperand } from "./string.ts";

/** x op y. */
export function binary(g: Body, e: Operation): Operand {
  const y = e.y as Expr;
  switch (e.op) {
    case T.OpAndAnd:
    case T.OpOrOr:
      return logical(g, e);
    case T.OpEql:
    case T.OpNeq:
    case T.OpLss:
    case T.OpLeq:
    case T.OpGtr:
    case T.OpGeq:
      return g.retype(g.bool(comparison(g, e.op, e.x, y, e)), g.shape(g.typeOf(e)));
    case T.OpShl:
    case T.OpShr: {
      const type = g.typeOf(e);
      hoistAll(g, [e.x, y]);
      const a = exprAs(g, e.x, type);
      const n = shiftCount(g, y);
      g.b.pos = e.pos;
      return shift(g, e.op, type, a, n.x, n.type);
    }
  }
  const type = g.typeOf(e);
  if (e.op === T.OpAdd && isString(type)) return concatenation(g, e, type);
  hoistAll(g, [e.x, y]);
  const a = exprAs(g, e.x, type);
  const b = exprAs(g, y, type);
  g.b.pos = e.pos;
  return arith(g, e.op, type, a, b);
}

/** The count of a shift; a constant may be of any numeric type. */
export function shiftCount(g: Body, e: Expr): { x: Operand; type: Type } {
  const c = g.env.value(e);
  const type = c === undefined ? constantExprType(g, e) : (Typ[K.Uint] as Type);
  return { x: c === undefined ? expr(g, e) : constant(g, c, type), type };
}

function concatenation(g: Body, e: Operation, type: Type): Operand {
  const list: Expr[] = [];
  const collect = (x: Expr): void => {
    const p = unparen(x);
    if (p.kind === S.KindOperation && p.op === T.OpAdd && p.y !== null && g.env.value(p) === undefined && !g.hoisted.has(p.id)) {
      collect(p.x);
      collect(p.y);
    } else list.push(p);
  };
  collect(e);
  hoistAll(g, list);
  shareConcatenated(g, list);
  const parts = list.map((x) => exprAs(g, x, type));
  g.b.pos = e.pos;
  if (parts.length === 1) return parts[0] as Operand;
  return g.retype(concatStrings(g, parts), g.shape(type));
}

function logical(g: Body, e: Operation): Operand {
  const { b } = g;
  const result = b.newVariable(TypeI8);
  const yes = b.newBlock();
  const no = b.newBlock();
  const done = b.newBlock();
  condition(g, e, yes, no);
  b.startSealed(yes);
  b.write(result, b.int(1, TypeI8));
  b.jump(done);
  b.startSealed(no);
  b.write(result, b.int(0, TypeI8));
  b.jump(done);
  b.startSealed(done);
  return g.scalar(g.shape(g.typeOf(e)), b.read(result));
}

function isUntyped(t: Type): boolean {
  return t.kind === K.TBasic && (t.info & K.IsUntyped) !== 0;
}

/** x op y for a comparison, as i8. */
export function comparison(g: Body, op: number, x: Expr, y: Expr, at: Expr): Value {
  hoistAll(g, [x, y]);
  if (isNil(g, x) || isNil(g, y)) {
    const other = isNil(g, x) ? y : x;
    const t = constantExprType(g, other);
    const v = expr(g, other);
    g.b.pos = at.pos;
    return compare(g, op, v, t, g.zeroValue(g.shape(t)), Typ[K.UntypedNil] as Type);
  }
  let xt = constantExprType(g, x);
  let yt = constantExprType(g, y);
  // A constant takes the type of the other operand unless that is an interface.
  if (g.env.value(x) !== undefined && isUntyped(g.typeOf(x)) && !isInterfaceType(yt)) xt = yt;
  else if (g.env.value(y) !== undefined && isUntyped(g.typeOf(y)) && !isInterfaceType(xt)) yt = xt;
  if (isString(xt) && isString(yt)) {
    shareOperand(g, x);
    shareOperand(g, y);
  }
  const a = isInterfaceType(xt) ? expr(g, x) : exprAs(g, x, xt);
  const b = isInterfaceType(yt) ? expr(g, y) : exprAs(g, y, yt);
  g.b.pos = at.pos;
  return compare(g, op, a, xt, b, yt);
}

/** +x, -x, ^x, !x, &x. */
export function unaryExpr(g: Body, e: Operation): Operand {
  if (e.op === T.OpAnd) {
    const x = unparen(e.x);
    const type = g.typeOf(e);
    const p = x.kind === S.KindCompositeLit ? literalAddress(g, x) : addressOf(g, x);
    return g.scalar(g.shape(type), p);
  }
  const type = g.typeOf(e);
  const x = exprAs(g, e.x, type);
  g.b.pos = e.pos;
  return unary(g, e.op, type, x);
}
