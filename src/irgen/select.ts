// Select statements: without cases, with one, with one and default, and the general form.

import type { Block, Value } from "../ssa/func.ts";
import { OpEq, OpLt } from "../ssa/ops.gen.ts";
import { TypeI8 } from "../ssa/types.ts";
import * as S from "../syntax/kinds.ts";
import { OpDef } from "../syntax/tokens.ts";
import type { AssignStmt, CommClause, Expr, Operation, SelectStmt, Stmt } from "../syntax/tree.ts";
import { unparen } from "../syntax/unparen.ts";
import * as K from "../types/kinds.ts";
import { Typ, type Type } from "../types/types.ts";
import { under } from "../types/under.ts";
import { type Body, Target } from "./body.ts";
import { convertTo } from "./convert.ts";
import { expr, exprAs } from "./expr.ts";
import { isBlankName } from "./lvalue.ts";
import type { Operand } from "./operand.ts";
import { setLoopVariable } from "./range.ts";
import { stmt, stmts } from "./stmt.ts";

/** A communication with its operands evaluated. */
class Case {
  readonly clause: CommClause;
  readonly send: boolean;
  chan: Value = 0 as Value;
  /** Where the value is, or goes to; nil if nobody wants it. */
  elem: Value = 0 as Value;
  elemType: Type;
  index = 0;

  constructor(clause: CommClause, send: boolean, elemType: Type) {
    this.clause = clause;
    this.send = send;
    this.elemType = elemType;
  }
}

function receiveOf(comm: Stmt): Operation {
  const e = comm.kind === S.KindExprStmt ? comm.x : ((comm as AssignStmt).rhs as Expr);
  return unparen(e) as Operation;
}

function targets(comm: Stmt): readonly Expr[] {
  if (comm.kind !== S.KindAssignStmt) return [];
  return comm.lhs.kind === S.KindListExpr ? comm.lhs.elemList : [comm.lhs];
}

function elemOfChan(g: Body, e: Expr): Type {
  const u = under(g.typeOf(e));
  if (u.kind !== K.TChan) throw new Error("a select case of no channel");
  return u.elem;
}

export function selectStmt(g: Body, s: SelectStmt): void {
  const { b } = g;
  b.pos = s.pos;
  const clauses = s.body.filter((c) => c.comm !== null);
  const byDefault = s.body.find((c) => c.comm === null) ?? null;
  if (clauses.length === 0 && byDefault === null) {
    g.runtime("block");
    b.exit();
    return;
  }
  const done = b.newBlock();
  g.targets.push(new Target(s, done, null));
  if (clauses.length === 0 && byDefault !== null) {
    stmts(g, byDefault.body);
  } else if (clauses.length === 1 && byDefault === null) {
    const c = clauses[0] as CommClause;
    stmt(g, c.comm as Stmt);
    stmts(g, c.body);
  } else if (clauses.length === 1 && byDefault !== null) {
    one(g, clauses[0] as CommClause, byDefault, done);
  } else many(g, s, clauses, byDefault, done);
  g.targets.pop();
  b.jump(done);
  b.startSealed(done);
}

/** Evaluates channel and value of a case, and makes room for what it receives. */
function evaluate(g: Body, clause: CommClause): Case {
  const comm = clause.comm as Stmt;
  if (comm.kind === S.KindSendStmt) {
    const c = new Case(clause, true, elemOfChan(g, comm.chan));
    c.chan = g.one(expr(g, comm.chan));
    const value = exprAs(g, comm.value, c.elemType);
    const at = g.temp(value.shape);
    g.put(value, at);
    c.elem = at;
    return c;
  }
  const r = receiveOf(comm);
  const c = new Case(clause, false, elemOfChan(g, r.x));
  c.chan = g.one(expr(g, r.x));
  const first = targets(comm)[0];
  const wanted = first !== undefined && !isBlankName(unparen(first));
  const shape = g.shape(c.elemType);
  c.elem = wanted && shape.size > 0 ? g.temp(shape) : g.b.nil();
  return c;
}

/** Gives what was received to the variables of the case. */
function received(g: Body, c: Case, ok: Value): void {
  const comm = c.clause.comm as Stmt;
  if (c.send || comm.kind !== S.KindAssignStmt) return;
  const list = targets(comm);
  const shape = g.shape(c.elemType);
  for (let i = 0; i < list.length; i++) {
    const e = list[i] as Expr;
    if (isBlankName(unparen(e))) continue;
    const from = i === 0 ? c.elemType : (Typ[K.Bool] as Type);
    const x: Operand = i > 0 ? g.bool(ok) : shape.size === 0 ? g.zeroValue(shape) : g.at(shape, c.elem);
    const obj = comm.op === OpDef && e.kind === S.KindName ? g.env.info.defs[e.id] : undefined;
    if (obj !== undefined && obj.kind === K.OVar) g.declare(obj, convertTo(g, x, from, g.env.fixed(obj.type as Type)));
    else setLoopVariable(g, unparen(e), x, from);
  }
}

function one(g: Body, clause: CommClause, byDefault: CommClause, done: Block): void {
  const { b } = g;
  const c = evaluate(g, clause);
  b.pos = clause.pos;
  const r = c.send ? g.runtime("selectnbsend", c.chan, c.elem) : g.runtime("selectnbrecv", c.elem, c.chan);
  const yes = b.newBlock();
  const no = b.newBlock();
  b.branch(r[0] as Value, yes, no);
  b.startSealed(yes);
  g.hoisted.clear();
  received(g, c, (r[1] ?? 0) as Value);
  stmts(g, clause.body);
  b.jump(done);
  b.startSealed(no);
  stmts(g, byDefault.body);
}

function many(g: Body, s: SelectStmt, clauses: readonly CommClause[], byDefault: CommClause | null, done: Block): void {
  const { b, f } = g;
  const cases = clauses.map((c) => evaluate(g, c));
  g.hoisted.clear();
  b.pos = s.pos;
  const n = cases.length;
  const pointers: number[] = [];
  for (let i = 0; i < 2 * n; i++) pointers.push(i);
  const slot = f.newSlot("cases", 16 * n, 8, pointers);
  const order = f.newSlot("order", 4 * n, 8, []);
  (f.slots[slot] as { escapes: boolean }).escapes = true;
  (f.slots[order] as { escapes: boolean }).escapes = true;
  // The runtime wants sends first and receives last.
  let sends = 0;
  let receives = 0;
  for (const c of cases) {
    c.index = c.send ? sends++ : n - ++receives;
    const at = b.slot(slot);
    b.store(at, 16 * c.index, c.chan);
    b.store(at, 16 * c.index + 8, c.elem);
  }
  const [chosen, ok] = g.runtime(
    "selectgo", b.slot(slot), b.slot(order), b.nil(), b.int(sends), b.int(receives), b.int(byDefault === null ? 1 : 0, TypeI8),
  ) as [Value, Value];
  if (byDefault !== null) {
    const none = b.newBlock();
    const some = b.newBlock();
    b.branch(b.op2(OpLt, TypeI8, chosen, b.int(0)), none, some);
    b.startSealed(none);
    stmts(g, byDefault.body);
    b.jump(done);
    b.startSealed(some);
  }
  for (let i = 0; i < n; i++) {
    const c = cases[i] as Case;
    let next: Block | null = null;
    if (i + 1 < n) {
      const here = b.newBlock();
      next = b.newBlock();
      b.branch(b.op2(OpEq, TypeI8, chosen, b.int(c.index)), here, next);
      b.startSealed(here);
    }
    b.pos = c.clause.pos;
    received(g, c, ok);
    stmts(g, c.clause.body);
    b.jump(done);
    if (next !== null) b.startSealed(next);
  }
}
