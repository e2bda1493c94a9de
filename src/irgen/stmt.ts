// Statements: the dispatch, blocks, conditions, plain loops, jumps.

import type { Block } from "../ssa/func.ts";
import * as S from "../syntax/kinds.ts";
import * as T from "../syntax/tokens.ts";
import type { BlockStmt, BranchStmt, ForStmt, IfStmt, LabeledStmt, Stmt } from "../syntax/tree.ts";
import { boolVal } from "../types/constant/access.ts";
import * as K from "../types/kinds.ts";
import type { Var } from "../types/object.ts";
import { assignStmt, varDecl } from "./assign.ts";
import { type Body, Target } from "./body.ts";
import { send } from "./chan.ts";
import { deferStmt, goStmt } from "./defer.ts";
import { condition, discard } from "./expr.ts";
import { returnStmt } from "./frame.ts";
import { rangeStmt } from "./range.ts";
import { leaveByBranch } from "./rangefunc.ts";
import { selectStmt } from "./select.ts";
import { switchStmt } from "./switch.ts";
import { typeSwitchStmt } from "./typeswitch.ts";

export function block(g: Body, b: BlockStmt): void {
  stmts(g, b.list);
}

export function stmts(g: Body, list: readonly Stmt[]): void {
  for (let i = 0; i < list.length; i++) stmt(g, list[i] as Stmt);
}

export function stmt(g: Body, s: Stmt): void {
  g.b.pos = s.pos;
  switch (s.kind) {
    case S.KindEmptyStmt:
    case S.KindRangeClause:
      return;
    case S.KindBlockStmt:
      block(g, s);
      return;
    case S.KindExprStmt:
      discard(g, s.x);
      break;
    case S.KindSendStmt:
      send(g, s);
      break;
    case S.KindDeclStmt:
      for (const d of s.declList) if (d.kind === S.KindVarDecl) varDecl(g, d);
      break;
    case S.KindAssignStmt:
      assignStmt(g, s);
      break;
    case S.KindCallStmt:
      if (s.tok === T.TokGo) goStmt(g, s);
      else deferStmt(g, s);
      break;
    case S.KindReturnStmt:
      returnStmt(g, s);
      break;
    case S.KindLabeledStmt:
      labeled(g, s);
      return;
    case S.KindBranchStmt:
      branch(g, s);
      return;
    case S.KindIfStmt:
      ifStmt(g, s);
      return;
    case S.KindForStmt:
      if (s.init !== null && s.init.kind === S.KindRangeClause) rangeStmt(g, s, s.init);
      else forStmt(g, s);
      return;
    case S.KindSwitchStmt:
      if (s.tag !== null && s.tag.kind === S.KindTypeSwitchGuard) typeSwitchStmt(g, s, s.tag);
      else switchStmt(g, s);
      return;
    case S.KindSelectStmt:
      selectStmt(g, s);
      return;
  }
  g.hoisted.clear();
}

function labeled(g: Body, s: LabeledStmt): void {
  const b = labelBlock(g, s);
  g.b.jump(b);
  g.b.start(b);
  stmt(g, s.stmt);
}

/** The block of a label; gotos may come before the label. It is sealed at the end of the function. */
function labelBlock(g: Body, s: LabeledStmt): Block {
  let b = g.labels.get(s);
  if (b === undefined) {
    b = g.b.newBlock();
    g.labels.set(s, b);
  }
  return b;
}

/** Finds where a break or continue goes in this function, or null. */
export function findTarget(g: Body, s: Stmt): Target | null {
  for (let i = g.targets.length - 1; i >= 0; i--) {
    const t = g.targets[i] as Target;
    if (t.stmt === s) return t;
  }
  return null;
}

function branch(g: Body, s: BranchStmt): void {
  if (s.tok === T.TokFallthrough) {
    if (g.fallthrough === null) throw new Error("fallthrough outside a switch");
    g.b.jump(g.fallthrough);
    return;
  }
  const target = s.target as Stmt;
  if (g.range !== null && leaveByBranch(g, s)) return;
  jumpTo(g, s.tok, target);
}

/** Jumps to something in this function. */
export function jumpTo(g: Body, tok: number, target: Stmt): void {
  if (tok === T.TokGoto) {
    g.b.jump(labelBlock(g, target as LabeledStmt));
    return;
  }
  const t = findTarget(g, target);
  const to = t === null ? null : tok === T.TokBreak ? t.breaks : t.continues;
  if (to === null) throw new Error("a jump without target");
  g.b.jump(to);
}

function ifStmt(g: Body, s: IfStmt): void {
  if (s.init !== null) stmt(g, s.init);
  g.b.pos = s.pos;
  const c = g.env.value(s.cond);
  if (c !== undefined) {
    if (boolVal(c)) block(g, s.then_);
    else if (s.else_ !== null) stmt(g, s.else_);
    return;
  }
  const { b } = g;
  const yes = b.newBlock();
  const done = b.newBlock();
  const no = s.else_ === null ? done : b.newBlock();
  condition(g, s.cond, yes, no);
  g.hoisted.clear();
  b.startSealed(yes);
  block(g, s.then_);
  b.jump(done);
  if (s.else_ !== null) {
    b.startSealed(no);
    stmt(g, s.else_);
    b.jump(done);
  }
  b.startSealed(done);
}

/** Variables that a loop's head declares and that live in memory: every iteration has its own. */
function loopVariables(g: Body, s: ForStmt): Var[] {
  const init = s.init;
  if (init === null || init.kind !== S.KindAssignStmt || init.op !== T.OpDef) return [];
  if (!g.goVersionAtLeast(s.pos, 22)) return [];
  const names = init.lhs.kind === S.KindListExpr ? init.lhs.elemList : [init.lhs];
  const list: Var[] = [];
  for (const n of names) {
    if (n.kind !== S.KindName) continue;
    const obj = g.env.info.defs[n.id];
    if (obj !== undefined && obj.kind === K.OVar && g.env.analysis.inMemory(obj)) list.push(obj);
  }
  return list;
}

function forStmt(g: Body, s: ForStmt): void {
  const { b } = g;
  if (s.init !== null) stmt(g, s.init as Stmt);
  const copies = loopVariables(g, s);
  const head = b.newBlock();
  const body = b.newBlock();
  const next = b.newBlock();
  const done = b.newBlock();
  b.jump(head);
  b.start(head);
  if (s.cond !== null) {
    condition(g, s.cond, body, done);
    g.hoisted.clear();
  } else b.jump(body);
  b.startSealed(body);
  g.targets.push(new Target(s, done, next));
  block(g, s.body);
  g.targets.pop();
  b.jump(next);
  b.startSealed(next);
  b.pos = s.pos;
  for (const v of copies) g.declare(v, g.getLocal(g.local(v)));
  if (s.post !== null) stmt(g, s.post);
  b.jump(head);
  b.seal(head);
  b.startSealed(done);
}
