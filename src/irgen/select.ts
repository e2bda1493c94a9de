// Select statements. One case is the plain operation, one case and a default the non-blocking call of it; everything else is an array of
// cases for the runtime, which says which one it has done.

import type { Block, Value } from "../ssa/func.ts";
import { OpEq, OpLt } from "../ssa/ops.gen.ts";
import { TypeI8 } from "../ssa/types.ts";
import * as S from "../syntax/kinds.ts";
import * as T from "../syntax/tokens.ts";
import type { AssignStmt, CommClause, Expr, Name, Operation, SelectStmt } from "../syntax/tree.ts";
import { unpackListExpr, unparen } from "../syntax/unparen.ts";
import * as K from "../types/kinds.ts";
import type { Var } from "../types/object.ts";
import { Typ, type Type } from "../types/types.ts";
import { under } from "../types/under.ts";
import { type Body, Target } from "./body.ts";
import { forget } from "./chan.ts";
import { convertTo } from "./convert.ts";
import { expr, exprAs } from "./expr.ts";
import { isBlankName, prepare, store } from "./lvalue.ts";
import { isSmall, Operand } from "./operand.ts";
import { hoist } from "./order.ts";
import { stmt, stmts } from "./stmt.ts";

/** A case that is no default: its operands, evaluated. */
class Case {
  readonly clause: CommClause;
  readonly body: Block;
  readonly isSend: boolean;
  readonly elem: Type;
  readonly channel: Value;
  /** What is sent, or where the received value goes. */
  readonly addr: Value;
  /** Index in the runtime's array. */
  index = 0;

  constructor(clause: CommClause, body: Block, isSend: boolean, elem: Type, channel: Value, addr: Value) {
    this.clause = clause;
    this.body = body;
    this.isSend = isSend;
    this.elem = elem;
    this.channel = channel;
    this.addr = addr;
  }
}

/** The receive operation of a case. */
function receiveOf(c: CommClause): Operation {
  const s = c.comm;
  const e = s === null ? null : s.kind === S.KindExprStmt ? s.x : s.kind === S.KindAssignStmt ? s.rhs : null;
  const x = e === null ? null : unparen(e);
  if (x === null || x.kind !== S.KindOperation || x.op !== T.OpRecv) throw new Error("a case of select that is no communication");
  return x;
}

function elemType(g: Body, channel: Expr): Type {
  const t = under(g.typeOf(channel));
  if (t.kind !== K.TChan) throw new Error("a communication without channel");
  return t.elem;
}

export function selectStmt(g: Body, s: SelectStmt): void {
  const { b } = g;
  const done = b.newBlock();
  const target = new Target(s, done, null);
  const plain = s.body.length === 1 ? (s.body[0] as CommClause) : null;
  if (s.body.length === 0) {
    g.runtime("block");
    if (b.live) b.exit();
  } else if (plain !== null && (plain.comm === null || plain.comm.kind === S.KindSendStmt || plain.comm.kind === S.KindExprStmt)) {
    g.targets.push(target);
    if (plain.comm !== null) stmt(g, plain.comm);
    stmts(g, plain.body);
    g.targets.pop();
    b.jump(done);
  } else {
    const cases = evaluate(g, s);
    const other = s.body.find((c) => c.comm === null) ?? null;
    const otherBody = other === null ? null : b.newBlock();
    b.pos = s.pos;
    const received =
      cases.length === 1 && otherBody === null
        ? receiveOne(g, cases[0] as Case)
        : cases.length === 1 && otherBody !== null
          ? tryOne(g, cases[0] as Case, otherBody)
          : chooseOne(g, cases, otherBody);
    g.targets.push(target);
    for (const c of cases) {
      b.startSealed(c.body);
      b.pos = c.clause.pos;
      if (c.clause.comm !== null && c.clause.comm.kind === S.KindAssignStmt) assignReceived(g, c, c.clause.comm, received);
      stmts(g, c.clause.body);
      b.jump(done);
    }
    if (other !== null && otherBody !== null) {
      b.startSealed(otherBody);
      stmts(g, other.body);
      b.jump(done);
    }
    g.targets.pop();
  }
  b.startSealed(done);
}

/** Evaluates channels and values to send of all cases, one case after another: here even variables are read in the order of the source. */
function evaluate(g: Body, s: SelectStmt): Case[] {
  const cases: Case[] = [];
  for (const c of s.body) {
    if (c.comm === null) continue;
    g.b.pos = c.pos;
    if (c.comm.kind === S.KindSendStmt) {
      const elem = elemType(g, c.comm.chan);
      const channel = g.one(expr(g, c.comm.chan));
      const value = exprAs(g, c.comm.value, elem);
      // A copy: later operands may change the variable.
      const addr = g.temp(value.shape);
      g.put(value, addr);
      cases.push(new Case(c, g.b.newBlock(), true, elem, channel, addr));
    } else {
      const from = receiveOf(c).x;
      const elem = elemType(g, from);
      const channel = g.one(expr(g, from));
      const shape = g.shape(elem);
      const addr = c.comm.kind === S.KindAssignStmt ? g.temp(shape) : g.b.nil();
      if (c.comm.kind === S.KindAssignStmt) forget(g, shape, addr);
      cases.push(new Case(c, g.b.newBlock(), false, elem, channel, addr));
    }
  }
  g.hoisted.clear();
  return cases;
}

/** The only case, a receive with variables; yields whether a value came. */
function receiveOne(g: Body, c: Case): Value {
  const ok = g.runtime1("chanrecv2", c.channel, c.addr);
  g.b.jump(c.body);
  return ok;
}

/** One case and a default; yields whether a value came. */
function tryOne(g: Body, c: Case, other: Block): Value {
  const { b } = g;
  if (c.isSend) {
    b.branch(g.runtime1("selectnbsend", c.channel, c.addr), c.body, other);
    return 0 as Value;
  }
  const [selected, received] = g.runtime("selectnbrecv", c.addr, c.channel) as [Value, Value];
  b.branch(selected, c.body, other);
  return received;
}

function chooseOne(g: Body, cases: readonly Case[], other: Block | null): Value {
  const { b } = g;
  const n = cases.length;
  const pointer = Typ[K.UnsafePointer] as Type;
  const table = g.temp(g.shape(g.arrayOf(g.structOf([pointer, pointer]), n)));
  const order = g.temp(g.shape(g.arrayOf(Typ[K.Uint16] as Type, 2 * n)));
  let sends = 0;
  let receives = 0;
  for (const c of cases) {
    // Sends first, receives from the end.
    c.index = c.isSend ? sends++ : n - ++receives;
    b.store(table, 16 * c.index, c.channel);
    b.store(table, 16 * c.index + 8, c.addr);
  }
  const [chosen, received] = g.runtime(
    "selectgo",
    table,
    order,
    b.nil(),
    b.int(sends),
    b.int(receives),
    b.int(other === null ? 1 : 0, TypeI8),
  ) as [Value, Value];
  if (other !== null) {
    const some = b.newBlock();
    b.branch(b.op2(OpLt, TypeI8, chosen, b.int(0)), other, some);
    b.startSealed(some);
  }
  for (let i = 0; i < n; i++) {
    const c = cases[i] as Case;
    if (i === n - 1) {
      b.jump(c.body);
      break;
    }
    const next = b.newBlock();
    b.branch(b.op2(OpEq, TypeI8, chosen, b.int(c.index)), c.body, next);
    b.startSealed(next);
  }
  return received;
}

/** Assigns a received value (and whether there was one) to the left side of a case. */
function assignReceived(g: Body, c: Case, s: AssignStmt, ok: Value): void {
  const shape = g.shape(c.elem);
  const value = isSmall(shape) ? g.loadFrom(shape, c.addr) : new Operand(shape, null, c.addr, true);
  const left = unpackListExpr(s.lhs);
  for (let i = 0; i < left.length; i++) {
    const target = unparen(left[i] as Expr);
    if (isBlankName(target)) continue;
    const x = i === 0 ? value : g.bool(ok);
    const from = i === 0 ? c.elem : (Typ[K.Bool] as Type);
    const obj = s.op === T.OpDef ? g.env.info.defs[(target as Name).id] : undefined;
    if (obj !== undefined && obj.kind === K.OVar) {
      g.declare(obj as Var, convertTo(g, x, from, g.env.fixed(obj.type as Type)));
      continue;
    }
    hoist(g, target);
    const place = prepare(g, target);
    store(g, place, convertTo(g, x, from, place.type));
  }
  g.hoisted.clear();
}
