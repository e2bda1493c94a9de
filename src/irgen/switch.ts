// Expression switches. Cases are tried in order; many integer constants are searched by bisection.

import type { Block, Value } from "../ssa/func.ts";
import { OpEq, OpLt, OpULt } from "../ssa/ops.gen.ts";
import { TypeI8, type ValueType } from "../ssa/types.ts";
import * as S from "../syntax/kinds.ts";
import { OpEql } from "../syntax/tokens.ts";
import type { CaseClause, Expr, SwitchStmt } from "../syntax/tree.ts";
import { compare as compareConstants, toInt } from "../types/constant/operations.ts";
import { type Constant, KindBool, KindFloat, KindInt, KindString } from "../types/constant/value.ts";
import * as K from "../types/kinds.ts";
import { Typ, type Type } from "../types/types.ts";
import { basicOf, type Body, isInterfaceType, isUnsigned, Target } from "./body.ts";
import { compare } from "./compare.ts";
import { condition, constantExprType, expr, exprAs, isNil } from "./expr.ts";
import type { Operand } from "./operand.ts";
import { stmt, stmts } from "./stmt.ts";
import { shareOperand } from "./string.ts";

/** From this many integer constants on they are searched. */
const minSearch = 6;
/** So many are compared one after another at the end of the search. */
const searchLeaf = 3;

function casesOf(c: CaseClause): readonly Expr[] {
  if (c.cases === null) return [];
  return c.cases.kind === S.KindListExpr ? c.cases.elemList : [c.cases];
}

export function switchStmt(g: Body, s: SwitchStmt): void {
  if (s.init !== null) stmt(g, s.init);
  const { b } = g;
  b.pos = s.pos;
  const bodies = s.body.map(() => b.newBlock());
  const done = b.newBlock();
  let other = done;
  for (let i = 0; i < s.body.length; i++) if ((s.body[i] as CaseClause).cases === null) other = bodies[i] as Block;
  if (s.tag === null) conditions(g, s, bodies);
  else if (!constantCases(g, s, s.tag, bodies, other)) tagged(g, s, s.tag, bodies, other);
  if (b.live) b.jump(other);
  g.hoisted.clear();
  runBodies(g, s, s.body, bodies, done, null);
}

/** Writes the bodies; what falls through goes on in the next. */
export function runBodies(
  g: Body,
  s: SwitchStmt,
  clauses: readonly CaseClause[],
  bodies: readonly Block[],
  done: Block,
  before: ((i: number) => void) | null,
): void {
  const { b } = g;
  g.targets.push(new Target(s, done, null));
  const outer = g.fallthrough;
  for (let i = 0; i < clauses.length; i++) {
    const body = bodies[i] as Block;
    b.startSealed(body);
    // A case that can't be reached (constants decided) is left out with everything that it refers to.
    if (body.preds.length === 0) continue;
    g.fallthrough = bodies[i + 1] ?? null;
    if (before !== null) before(i);
    stmts(g, (clauses[i] as CaseClause).body);
    b.jump(done);
  }
  g.fallthrough = outer;
  g.targets.pop();
  b.startSealed(done);
}

function conditions(g: Body, s: SwitchStmt, bodies: readonly Block[]): void {
  const { b } = g;
  for (let i = 0; i < s.body.length; i++) {
    for (const e of casesOf(s.body[i] as CaseClause)) {
      const next = b.newBlock();
      b.pos = e.pos;
      const t = constantExprType(g, e);
      if (isInterfaceType(t)) {
        const bool = Typ[K.Bool] as Type;
        b.branch(compare(g, OpEql, expr(g, e), t, g.scalar(g.shape(bool), b.int(1, TypeI8)), bool), bodies[i] as Block, next);
      } else condition(g, e, bodies[i] as Block, next);
      b.startSealed(next);
      if (!b.live) return;
    }
  }
}

/** A switch whose tag and cases are constants is decided now. */
function constantCases(g: Body, s: SwitchStmt, tag: Expr, bodies: readonly Block[], other: Block): boolean {
  const value = g.env.value(tag);
  if (value === undefined) return false;
  let target: Block | null = null;
  for (let i = 0; i < s.body.length; i++) {
    for (const e of casesOf(s.body[i] as CaseClause)) {
      const c = g.env.value(e);
      if (c === undefined || !comparable(value, c)) return false;
      if (target === null && compareConstants(value, OpEql, c)) target = bodies[i] as Block;
    }
  }
  g.b.jump(target ?? other);
  return true;
}

function comparable(x: Constant, y: Constant): boolean {
  const numeric = (c: Constant): boolean => c.kind === KindInt || c.kind === KindFloat;
  return (x.kind === y.kind && (x.kind === KindString || x.kind === KindBool)) || (numeric(x) && numeric(y));
}

interface IntegerCase {
  readonly value: bigint;
  readonly body: Block;
}

function integerCases(g: Body, s: SwitchStmt, type: Type, bodies: readonly Block[]): IntegerCase[] | null {
  const basic = basicOf(type);
  if (basic === null || (basic.info & K.IsInteger) === 0) return null;
  const list: IntegerCase[] = [];
  for (let i = 0; i < s.body.length; i++) {
    for (const e of casesOf(s.body[i] as CaseClause)) {
      const c = g.env.value(e);
      if (c === undefined) return null;
      const n = toInt(c);
      if (n.kind !== KindInt) return null;
      list.push({ value: n.val, body: bodies[i] as Block });
    }
  }
  return list.length >= minSearch ? list : null;
}

function tagged(g: Body, s: SwitchStmt, tag: Expr, bodies: readonly Block[], other: Block): void {
  const { b } = g;
  const type = isNil(g, tag) ? (Typ[K.UntypedNil] as Type) : constantExprType(g, tag);
  if (s.body.every((c) => casesOf(c).every((e) => g.env.value(e) !== undefined))) shareOperand(g, tag);
  const x = g.stable(exprAs(g, tag, type));
  b.pos = s.pos;
  const integers = integerCases(g, s, type, bodies);
  if (integers !== null) {
    integers.sort((p, q) => (p.value < q.value ? -1 : p.value > q.value ? 1 : 0));
    search(g, g.one(x), integers, 0, integers.length, isUnsigned(type) ? OpULt : OpLt, other);
    return;
  }
  for (let i = 0; i < s.body.length; i++) {
    for (const e of casesOf(s.body[i] as CaseClause)) {
      const next = b.newBlock();
      const v = equalsTag(g, x, type, e);
      b.branch(v, bodies[i] as Block, next);
      b.startSealed(next);
    }
  }
}

function equalsTag(g: Body, x: Operand, type: Type, e: Expr): Value {
  if (isNil(g, e)) return compare(g, OpEql, x, type, g.zeroValue(g.shape(type)), Typ[K.UntypedNil] as Type);
  let et = constantExprType(g, e);
  const t = g.typeOf(e);
  const untyped = t.kind === K.TBasic && (t.info & K.IsUntyped) !== 0;
  if (g.env.value(e) !== undefined && untyped && !isInterfaceType(type)) et = type;
  const y = isInterfaceType(et) ? expr(g, e) : exprAs(g, e, et);
  g.b.pos = e.pos;
  return compare(g, OpEql, x, type, y, et);
}

function search(g: Body, x: Value, cases: readonly IntegerCase[], from: number, to: number, less: number, other: Block): void {
  const { b } = g;
  const type = g.f.type[x] as ValueType;
  if (to - from <= searchLeaf) {
    for (let i = from; i < to; i++) {
      const c = cases[i] as IntegerCase;
      const next = b.newBlock();
      b.branch(b.op2(OpEq, TypeI8, x, b.big(BigInt.asIntN(64, c.value), type)), c.body, next);
      b.startSealed(next);
    }
    b.jump(other);
    return;
  }
  const mid = (from + to) >> 1;
  const low = b.newBlock();
  const high = b.newBlock();
  b.branch(b.op2(less, TypeI8, x, b.big(BigInt.asIntN(64, (cases[mid] as IntegerCase).value), type)), low, high);
  b.startSealed(low);
  search(g, x, cases, from, mid, less, other);
  b.startSealed(high);
  search(g, x, cases, mid, to, less, other);
}
