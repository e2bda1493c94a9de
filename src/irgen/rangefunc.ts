// Loops over functions. The body becomes a function that is passed to the function ranged over. It shares with the function around it: #state, which
// finds iterators that call it when they must not, and #next, which says where control goes on if not behind the loop.

import type { Value } from "../ssa/func.ts";
import { OpEq, OpNe } from "../ssa/ops.gen.ts";
import { TypeI8 } from "../ssa/types.ts";
import * as S from "../syntax/kinds.ts";
import type { BranchStmt, Expr, ForStmt, RangeClause, Stmt } from "../syntax/tree.ts";
import { unparen } from "../syntax/unparen.ts";
import * as K from "../types/kinds.ts";
import type { Var } from "../types/object.ts";
import type { Signature, Type } from "../types/types.ts";
import { under } from "../types/under.ts";
import type { Frame } from "./analysis.ts";
import { type Body, Target } from "./body.ts";
import { Captures, makeClosure } from "./capture.ts";
import { callableAbi } from "./call.ts";
import { pendingRange } from "./closure.ts";
import { expr } from "./expr.ts";
import { openFrame, returnBool, returnVariables } from "./frame.ts";
import type { Operand } from "./operand.ts";
import { setLoopPlaces } from "./range.ts";
import { block, jumpTo } from "./stmt.ts";

// States of a loop; the numbers are the runtime's.
const stateDone = 0;
const stateReady = 1;
const statePanic = 2;
const stateExhausted = 3;
const stateMissingPanic = 4;

/** What a loop body knows of its loop. */
export class RangeFrame {
  readonly frame: Frame;
  /** The function (null: the outermost) that the loop is a part of. */
  readonly func: Frame | null;
  readonly captures: Captures;

  constructor(frame: Frame, captures: Captures, func: Frame | null) {
    this.frame = frame;
    this.captures = captures;
    this.func = func;
  }

  get loop(): ForStmt {
    return this.frame.node as ForStmt;
  }
}

function setState(g: Body, frame: Frame, state: number): void {
  g.setLocal(g.local(frame.state as Var), g.int(g.b.int(state)));
}

function getState(g: Body, frame: Frame): Value {
  return g.one(g.getLocal(g.local(frame.state as Var)));
}

function setNext(g: Body, func: Frame | null, code: number): void {
  g.setLocal(g.local(g.env.analysis.loopState(func).next as Var), g.int(g.b.int(code)));
}

/** Leaves a loop body for good; the caller has said where control goes on. */
function leave(g: Body, range: RangeFrame): void {
  setState(g, range.frame, stateDone);
  returnBool(g, false);
}

/** A return statement in a loop body; the results are stored. */
export function leaveByReturn(g: Body): void {
  const range = g.range as RangeFrame;
  setNext(g, range.func, -1);
  leave(g, range);
}

/** A jump out of a loop body; false if it stays inside. */
export function leaveByBranch(g: Body, s: BranchStmt): boolean {
  const range = g.range as RangeFrame;
  const exit = range.frame.exits.find((x) => x.branch === s);
  if (exit === undefined) return false;
  setNext(g, range.func, exit.code);
  leave(g, range);
  return true;
}

/** for k, v := range f { ... } */
export function rangeFuncStmt(g: Body, s: ForStmt, r: RangeClause): void {
  const { b } = g;
  const analysis = g.env.analysis;
  const frame = analysis.frame(s);
  const func = g.range === null ? analysis.funcOf(frame) : g.range.func;
  const state = analysis.loopState(func);
  const f = g.one(expr(g, r.x));
  b.pos = s.pos;
  if (g.range === null) {
    if (state.next !== null) g.declare(state.next, null);
    if (state.token !== null) {
      const shape = g.shape(state.token.type as Type);
      g.declare(state.token, g.of(shape, g.runtime("deferrangefunc")));
    }
  }
  g.declare(frame.state as Var, g.int(b.int(stateReady)));
  const sig = under(g.typeOf(r.x)) as Signature;
  const captures = new Captures(g, frame.captures);
  const closure = makeClosure(g, captures, pendingRange(g, s, frame, captures, func));
  g.callClosure(f, callableAbi(g, sig), [g.pointer(closure)]);
  b.pos = s.pos;
  const ended = getState(g, frame);
  g.checkNot(b.op2(OpEq, TypeI8, ended, b.int(statePanic)), () => {
    g.runtime("panicrangestate", b.int(stateMissingPanic));
  });
  setState(g, frame, stateExhausted);
  if (frame.exits.length > 0) dispatch(g, frame, func);
}

/** After the loop: goes on where the body wanted to. */
function dispatch(g: Body, frame: Frame, func: Frame | null): void {
  const { b } = g;
  const next = g.one(g.getLocal(g.local(g.env.analysis.loopState(func).next as Var)));
  const done = b.newBlock();
  const some = b.newBlock();
  b.branch(b.op2(OpNe, TypeI8, next, b.int(0)), some, done);
  b.startSealed(some);
  for (const exit of frame.exits) {
    const here = b.newBlock();
    const other = b.newBlock();
    b.branch(b.op2(OpEq, TypeI8, next, b.int(exit.code)), here, other);
    b.startSealed(here);
    if (exit.code === -1 && g.range === null) {
      returnVariables(g);
    } else if (exit.code !== -1 && (exit.owner === null ? null : exit.owner.node) === g.frame) {
      setNext(g, func, 0);
      const branch = exit.branch as BranchStmt;
      jumpTo(g, branch.tok, branch.target as Stmt);
    } else {
      leave(g, g.range as RangeFrame);
    }
    b.startSealed(other);
  }
  b.jump(done);
  b.startSealed(done);
}

/** Writes the function that a loop body has become. `sig` is the signature of the function that it is passed as. */
export function rangeBody(g: Body, sig: Signature): void {
  const { b } = g;
  const range = g.range as RangeFrame;
  const s = range.loop;
  const r = s.init as RangeClause;
  const args = openFrame(g, [], [], range.captures);
  b.pos = s.pos;
  const state = getState(g, range.frame);
  g.check(b.op2(OpEq, TypeI8, state, b.int(stateReady)), () => {
    g.runtime("panicrangestate", state);
  });
  setState(g, range.frame, statePanic);
  const lhs: readonly Expr[] = r.lhs === null ? [] : r.lhs.kind === S.KindListExpr ? r.lhs.elemList : [r.lhs];
  if (r.def) {
    for (let i = 0; i < lhs.length; i++) {
      const obj = g.env.info.defs[(lhs[i] as Expr).id];
      if (obj !== undefined && obj.kind === K.OVar && obj.name !== "_") g.declare(obj, args[i] as Operand);
    }
  } else {
    const types = sig.params.vars.map((v) => v.type as Type);
    setLoopPlaces(g, lhs.map(unparen), args, types);
  }
  const breaks = b.newBlock();
  const continues = b.newBlock();
  g.targets.push(new Target(s, breaks, continues));
  block(g, s.body);
  g.targets.pop();
  b.jump(continues);
  b.startSealed(continues);
  b.pos = s.pos;
  setState(g, range.frame, stateReady);
  returnBool(g, true);
  b.startSealed(breaks);
  leave(g, range);
  b.finish();
}
