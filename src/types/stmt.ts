// Statements.

import type { Pos } from "../base/pos.ts";
import {
  KindAssignStmt,
  KindBlockStmt,
  KindBranchStmt,
  KindCallExpr,
  KindCallStmt,
  KindDeclStmt,
  KindEmptyStmt,
  KindExprStmt,
  KindForStmt,
  KindIfStmt,
  KindLabeledStmt,
  KindListExpr,
  KindName,
  KindOperation,
  KindRangeClause,
  KindReturnStmt,
  KindSelectStmt,
  KindSendStmt,
  KindSwitchStmt,
  KindTypeSwitchGuard,
} from "../syntax/kinds.ts";
import { endPos } from "../syntax/positions.ts";
import { OpDef, OpEql, OpRecv, opNames, TokDefer } from "../syntax/tokens.ts";
import type {
  AssignStmt,
  BlockStmt,
  CaseClause,
  CommClause,
  Expr,
  ForStmt,
  Node,
  ReturnStmt,
  SelectStmt,
  Stmt,
  SwitchStmt,
  TypeSwitchGuard,
} from "../syntax/tree.ts";
import { Name } from "../syntax/tree.ts";
import { assignment, assignVar, assignVars, initVars, shortVarDecl } from "./assignments.ts";
import { type Checker, Environment } from "./checker.ts";
import { int64Val, stringVal, uint64Val } from "./constant/access.ts";
import { makeBool } from "./constant/make.ts";
import { float64Val } from "./constant/number.ts";
import { constantString } from "./constant/text.ts";
import { type Constant, KindFloat, KindInt, KindString } from "./constant/value.ts";
import { convertUntyped } from "./const.ts";
import { declare, declStmt } from "./decl.ts";
import type { DeclInfo } from "./declinfo.ts";
import { assert, error, errorf, invalidOp, newError, softErrorf } from "./errors.ts";
import { binary, chanElem, comparison, ExprConversion, ExprExpression, ExprStatement, expr, rawExpr, typeAssertion } from "./expr.ts";
import { posString, qualifier } from "./format.ts";
import {
  Bool,
  Invalid,
  LocalVar,
  ModeBuiltin,
  ModeConstant,
  ModeInvalid,
  ModeTypExpr,
  ONil,
  OVar,
  ParamVar,
  RecvVar,
  ResultVar,
} from "./kinds.ts";
import { Var } from "./object.ts";
import { Operand } from "./operand.ts";
import { allBoolean, allNumeric, comparable, hasNil, identical, isInterface, isTypeParam, isValid } from "./predicates.ts";
import { rangeStmt } from "./range.ts";
import { recordDef, recordImplicit } from "./record.ts";
import { isTerminating } from "./return.ts";
import { Scope } from "./scope.ts";
import { type Signature, Typ, type Type } from "./types.ts";
import { varType } from "./typexpr.ts";
import { typeString } from "./typestring.ts";
import { useExprs } from "./call.ts";
import { unpackListExpr, unparen } from "../syntax/unparen.ts";

// The context of a statement: which statements may stand there, and details for messages.
// Misplaced break, continue and fallthrough are found by the parser's pass over branches, so only little is left.

/** Checks a function body. `decl` is the package-level declaration that it belongs to, or null. */
export function funcBody(check: Checker, decl: DeclInfo | null, sig: Signature, body: BlockStmt, iota: Constant | null): void {
  const saved = check.env;
  const env = new Environment();
  env.decl = decl;
  env.scope = sig.scope;
  env.version = saved.version;
  env.iota = iota;
  env.sig = sig;
  check.env = env;

  stmtList(check, body.list);

  if (sig.results.vars.length > 0 && !isTerminating(check, body, "")) {
    error(check, body.rbrace, "missing return");
  }

  usage(check, sig.scope as Scope);
  check.env = saved;
}

/** Reports the variables of a scope, and of those inside it, that are never used. */
export function usage(check: Checker, scope: Scope): void {
  if (scope.elems !== null) {
    let unused: Var[] | null = null;
    for (const obj of scope.elems.values()) {
      if (obj.used || obj.kind !== OVar) continue;
      if (obj.varKind === RecvVar || obj.varKind === ParamVar || obj.varKind === ResultVar) continue;
      if (unused === null) unused = [obj];
      else unused.push(obj);
    }
    if (unused !== null) {
      unused.sort((a, b) => a.pos - b.pos);
      for (const v of unused) softErrorf(check, v.pos, "declared and not used: %s", v.name);
    }
  }
  const { children } = scope;
  if (children === null) return;
  for (let i = 0; i < children.length; i++) {
    const child = children[i] as Scope;
    // Function literals report their own.
    if (!child.isFunc) usage(check, child);
  }
}

function stmtList(check: Checker, list: readonly Stmt[]): void {
  for (let i = 0; i < list.length; i++) stmt(check, list[i] as Stmt);
}

function multipleDefaults(check: Checker, list: readonly (CaseClause | CommClause)[], isDefault: (i: number) => boolean): void {
  let first: CaseClause | CommClause | null = null;
  for (let i = 0; i < list.length; i++) {
    if (!isDefault(i)) continue;
    const clause = list[i] as CaseClause | CommClause;
    if (first === null) first = clause;
    else errorf(check, clause, "multiple defaults (first at %s)", posString(check, first.pos));
  }
}

export function openScope(check: Checker, node: Node, comment: string): void {
  const scope = new Scope(check.env.scope, node.pos, endPos(node), comment);
  check.env.scope = scope;
}

export function closeScope(check: Checker): void {
  check.env.scope = (check.env.scope as Scope).parent;
}

/** Checks the call of a go or defer statement. */
function suspendedCall(check: Checker, keyword: string, call: Expr): void {
  if (call.kind !== KindCallExpr) {
    errorf(check, call, "expression in %s must be function call", keyword);
    useExprs(check, [call]);
    return;
  }
  const x = new Operand();
  let msg: string;
  switch (rawExpr(check, null, x, call, null, false)) {
    case ExprConversion:
      msg = "requires function call, not conversion";
      break;
    case ExprExpression:
      msg = "discards result of";
      break;
    default:
      return;
  }
  errorf(check, x, "%s %s %s", keyword, msg, x);
}

/** A key that is the same for equal constants of one type, or null where duplicates are not looked for. */
function caseKey(val: Constant | null): string | null {
  if (val === null) return null;
  switch (val.kind) {
    case KindInt:
      return int64Val(val) !== null || uint64Val(val) !== null ? `i${constantString(val)}` : null;
    case KindFloat: {
      const f = float64Val(val);
      return Number.isFinite(f) ? `f${f}` : null;
    }
    case KindString:
      return `s${stringVal(val)}`;
    default:
      return null;
  }
}

interface SeenCase {
  readonly pos: Pos;
  readonly typ: Type;
}

function caseValues(check: Checker, x: Operand, values: readonly Expr[], seen: Map<string, SeenCase[]>): void {
  next: for (const e of values) {
    const v = new Operand();
    expr(check, null, v, e);
    if (x.mode === ModeInvalid || v.mode === ModeInvalid) continue;
    convertUntyped(check, v, x.typ);
    if (v.mode === ModeInvalid) continue;
    // The case value comes first, so that errors are reported there.
    const res = v.clone();
    comparison(check, res, x, OpEql, true);
    if (res.mode === ModeInvalid || v.mode !== ModeConstant) continue;
    const key = caseKey(v.val);
    if (key === null) continue;
    let list = seen.get(key);
    if (list === undefined) {
      list = [];
      seen.set(key, list);
    }
    for (const other of list) {
      // Equal values of different types are different cases of an interface.
      if (identical(v.typ, other.typ)) {
        const err = newError(check);
        err.addf(v, "duplicate case %s in expression switch", v);
        err.addf(other.pos, "previous case");
        err.report();
        continue next;
      }
    }
    list.push({ pos: e.pos, typ: v.typ });
  }
}

/** Whether e is the predeclared nil, written as such. */
function isNilExpr(check: Checker, e: Expr): boolean {
  const x = unparen(e);
  return x.kind === KindName && check.lookup(x.value)?.kind === ONil;
}

interface SeenType {
  readonly typ: Type | null;
  readonly at: Expr;
}

/**
 * Checks the types of a case of a type switch on x (null if that is invalid) and gives the type that the switch's
 * variable has in this clause.
 */
function caseTypes(check: Checker, x: Operand | null, types: readonly Expr[], seen: SeenType[]): Type {
  let T: Type | null = null;
  next: for (const e of types) {
    if (isNilExpr(check, e)) {
      T = null;
      expr(check, null, new Operand(), e);
    } else {
      T = varType(check, e);
      if (!isValid(T)) continue;
    }
    for (const other of seen) {
      if (T === null ? other.typ === null : other.typ !== null && identical(T, other.typ)) {
        const err = newError(check);
        err.addf(e, "duplicate case %s in type switch", T === null ? "nil" : typeString(T, qualifier(check)));
        err.addf(other.at, "previous case");
        err.report();
        continue next;
      }
    }
    seen.push({ typ: T, at: e });
    if (x !== null && T !== null) typeAssertion(check, e, x, T, true);
  }
  if (types.length !== 1 || T === null) return x !== null ? x.typ : Typ[Invalid];
  return T;
}

/** Checks a statement. */
export function stmt(check: Checker, s: Stmt): void {
  const top = check.delayed.length;
  const scope = check.env.scope;
  stmt1(check, s);
  assert(check.env.scope === scope, "unbalanced scopes");
  // Function literals are checked before the scope changes.
  if (check.delayed.length > top) check.processDelayed(top);
}

function stmt1(check: Checker, s: Stmt): void {
  switch (s.kind) {
    case KindEmptyStmt:
      return;
    case KindDeclStmt:
      declStmt(check, s.declList);
      return;
    case KindLabeledStmt:
      stmt(check, s.stmt);
      return;
    case KindExprStmt: {
      // Only calls and receive operations may stand alone.
      const x = new Operand();
      const kind = rawExpr(check, null, x, s.x, null, false);
      let msg: string;
      if (x.mode === ModeBuiltin) msg = "must be called";
      else if (x.mode === ModeTypExpr) msg = "is not an expression";
      else if (kind === ExprStatement) return;
      else msg = "is not used";
      errorf(check, x, "%s %s", x, msg);
      return;
    }
    case KindSendStmt: {
      const ch = new Operand();
      const val = new Operand();
      expr(check, null, ch, s.chan);
      expr(check, null, val, s.value);
      if (ch.mode === ModeInvalid || val.mode === ModeInvalid) return;
      const elem = chanElem(check, s, ch, false);
      if (elem !== null) assignment(check, val, elem, "send");
      return;
    }
    case KindAssignStmt:
      assignStmt(check, s);
      return;
    case KindCallStmt:
      suspendedCall(check, s.tok === TokDefer ? "defer" : "go", s.call);
      return;
    case KindReturnStmt:
      returnStmt(check, s);
      return;
    case KindBranchStmt:
      return;
    case KindBlockStmt:
      openScope(check, s, "block");
      stmtList(check, s.list);
      closeScope(check);
      return;
    case KindIfStmt: {
      openScope(check, s, "if");
      if (s.init !== null) stmt(check, s.init);
      condition(check, s.cond, "if");
      stmt(check, s.then_);
      if (s.else_ !== null) stmt(check, s.else_);
      closeScope(check);
      return;
    }
    case KindSwitchStmt:
      openScope(check, s, "switch");
      if (s.init !== null) stmt(check, s.init);
      if (s.tag !== null && s.tag.kind === KindTypeSwitchGuard) typeSwitchStmt(check, s, s.tag);
      else switchStmt(check, s);
      closeScope(check);
      return;
    case KindSelectStmt:
      selectStmt(check, s);
      return;
    case KindForStmt:
      forStmt(check, s);
      return;
    default:
      error(check, s, "invalid syntax tree: invalid statement");
  }
}

function condition(check: Checker, cond: Expr, what: string): void {
  const x = new Operand();
  expr(check, null, x, cond);
  if (x.mode !== ModeInvalid && !allBoolean(x.typ)) errorf(check, cond, "non-boolean condition in %s statement", what);
}

function assignStmt(check: Checker, s: AssignStmt): void {
  if (s.rhs === null) {
    // x++ or x--
    const x = new Operand();
    expr(check, null, x, s.lhs);
    if (x.mode === ModeInvalid) return;
    if (!allNumeric(x.typ)) {
      const op = opNames[s.op] as string;
      errorf(check, s.lhs, `${invalidOp}%s%s%s (non-numeric type %s)`, s.lhs, op, op, x.typ);
      return;
    }
    assignVar(check, s.lhs, null, x, "assignment");
    return;
  }
  const lhs = unpackListExpr(s.lhs);
  const rhs = unpackListExpr(s.rhs);
  if (s.op === 0) {
    assignVars(check, lhs, rhs);
    return;
  }
  if (s.op === OpDef) {
    shortVarDecl(check, s.pos, lhs, rhs);
    return;
  }
  if (lhs.length !== 1 || rhs.length !== 1) {
    errorf(check, s, "assignment operation %s requires single-valued expressions", opNames[s.op] as string);
    return;
  }
  const x = new Operand();
  binary(check, x, null, lhs[0] as Expr, rhs[0] as Expr, s.op);
  assignVar(check, lhs[0] as Expr, null, x, "assignment");
}

function returnStmt(check: Checker, s: ReturnStmt): void {
  const sig = check.env.sig as Signature;
  const vars = sig.results.vars;
  const results = unpackListExpr(s.results);
  if (results.length === 0 && vars.length > 0 && (vars[0] as Var).name !== "") {
    // Named results may be left out where none of them is hidden.
    for (const obj of vars) {
      const alt = check.lookup(obj.name);
      if (alt !== null && alt !== obj) {
        const err = newError(check);
        err.addf(s, "result parameter %s not in scope at return", obj.name);
        err.addf(alt, "inner declaration of %s", obj);
        err.report();
      }
    }
    return;
  }
  if (vars.length > 0 || results.length > 0) initVars(check, vars, results, s);
}

function selectStmt(check: Checker, s: SelectStmt): void {
  multipleDefaults(check, s.body, (i) => s.body[i]?.comm === null);
  for (const clause of s.body) {
    const comm = clause.comm;
    let valid = comm === null || comm.kind === KindSendStmt;
    let rhs: Expr | null = null;
    if (comm !== null && comm.kind === KindAssignStmt && comm.rhs !== null && comm.rhs.kind !== KindListExpr) rhs = comm.rhs;
    else if (comm !== null && comm.kind === KindExprStmt) rhs = comm.x;
    if (rhs !== null) {
      const x = unparen(rhs);
      valid = x.kind === KindOperation && x.y === null && x.op === OpRecv;
    }
    if (!valid) {
      error(check, comm as Stmt, "select case must be send or receive (possibly with assignment)");
      continue;
    }
    openScope(check, clause, "case");
    if (comm !== null) stmt(check, comm);
    stmtList(check, clause.body);
    closeScope(check);
  }
}

function forStmt(check: Checker, s: ForStmt): void {
  const clause = s.init;
  if (clause !== null && clause.kind === KindRangeClause) {
    let key = clause.lhs;
    let value: Expr | null = null;
    let extra: Expr | null = null;
    if (key !== null && key.kind === KindListExpr) {
      const list = key.elemList;
      key = list[0] as Expr;
      value = list[1] ?? null;
      extra = list[2] ?? null;
    }
    rangeStmt(check, s, s, key, value, extra, clause.x, clause.def);
    return;
  }
  openScope(check, s, "for");
  if (clause !== null) stmt(check, clause);
  if (s.cond !== null) condition(check, s.cond, "for");
  if (s.post !== null) {
    stmt(check, s.post);
    // The parser has complained; this avoids errors about unused variables.
    if (s.post.kind === KindAssignStmt && s.post.op === OpDef) useExprs(check, [s.post.lhs]);
  }
  stmt(check, s.body);
  closeScope(check);
}

function switchStmt(check: Checker, s: SwitchStmt): void {
  const x = new Operand();
  if (s.tag !== null) {
    expr(check, null, x, s.tag);
    // As if x were assigned to an invisible variable.
    assignment(check, x, null, "switch expression");
    if (x.mode !== ModeInvalid && !comparable(x.typ) && !hasNil(x.typ)) {
      errorf(check, x, "cannot switch on %s (%s is not comparable)", x, x.typ);
      x.mode = ModeInvalid;
    }
  } else {
    // No expression stands for true.
    x.mode = ModeConstant;
    x.typ = Typ[Bool];
    x.val = makeBool(true);
    x.expr = new Name(s.body.length > 0 ? (s.body[0] as CaseClause).pos : s.rbrace, 0, "true");
  }
  multipleDefaults(check, s.body, (i) => s.body[i]?.cases === null);
  const seen = new Map<string, SeenCase[]>();
  for (const clause of s.body) {
    caseValues(check, x, unpackListExpr(clause.cases), seen);
    openScope(check, clause, "case");
    stmtList(check, clause.body);
    closeScope(check);
  }
}

function typeSwitchStmt(check: Checker, s: SwitchStmt, guard: TypeSwitchGuard): void {
  let lhs = guard.lhs;
  if (lhs !== null) {
    if (lhs.value === "_") {
      softErrorf(check, lhs, "no new variable on left side of :=");
      lhs = null;
    } else {
      recordDef(check, lhs, null); // each clause declares its own
    }
  }

  let sx: Operand | null = null;
  const x = new Operand();
  expr(check, null, x, guard.x);
  if (x.mode !== ModeInvalid) {
    if (isTypeParam(x.typ)) errorf(check, x, "cannot use type switch on type parameter value %s", x);
    else if (isInterface(x.typ)) sx = x;
    else errorf(check, x, "%s is not an interface", x);
  }

  multipleDefaults(check, s.body, (i) => s.body[i]?.cases === null);

  const lhsVars: Var[] = [];
  const seen: SeenType[] = [];
  for (const clause of s.body) {
    const T = caseTypes(check, sx, unpackListExpr(clause.cases), seen);
    openScope(check, clause, "case");
    if (lhs !== null) {
      const obj = new Var(check.ids, LocalVar, lhs.pos, check.pkg, lhs.value, T);
      declare(check, check.env.scope as Scope, null, obj, clause.colon);
      recordImplicit(check, clause, obj);
      lhsVars.push(obj);
    }
    stmtList(check, clause.body);
    closeScope(check);
  }

  // The variables of all clauses count as one: it is enough to use it in one of them.
  if (lhs !== null) {
    let used = false;
    for (const v of lhsVars) {
      if (v.used) used = true;
      v.used = true;
    }
    if (!used) softErrorf(check, lhs, "%s declared and not used", lhs.value);
  }
}
