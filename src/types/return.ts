// Which statements end a function's flow of control, for "missing return".

import {
  KindAssignStmt,
  KindBlockStmt,
  KindBranchStmt,
  KindCallExpr,
  KindEmptyStmt,
  KindExprStmt,
  KindForStmt,
  KindIfStmt,
  KindLabeledStmt,
  KindRangeClause,
  KindReturnStmt,
  KindSelectStmt,
  KindSwitchStmt,
} from "../syntax/kinds.ts";
import { TokBreak, TokFallthrough, TokGoto } from "../syntax/tokens.ts";
import type { CaseClause, CommClause, Stmt } from "../syntax/tree.ts";
import type { Checker } from "./checker.ts";
import { unparen } from "../syntax/unparen.ts";

/** Whether s is a terminating statement; label is the name of its label, or "". */
export function isTerminating(check: Checker, s: Stmt, label: string): boolean {
  switch (s.kind) {
    case KindLabeledStmt:
      return isTerminating(check, s.stmt, s.label.value);
    case KindExprStmt: {
      const call = unparen(s.x);
      return call.kind === KindCallExpr && check.env.isPanic !== null && check.env.isPanic.has(call);
    }
    case KindReturnStmt:
      return true;
    case KindBranchStmt:
      return s.tok === TokGoto || s.tok === TokFallthrough;
    case KindBlockStmt:
      return isTerminatingList(check, s.list);
    case KindIfStmt:
      return s.else_ !== null && isTerminating(check, s.then_, "") && isTerminating(check, s.else_, "");
    case KindSwitchStmt: {
      let hasDefault = false;
      for (const clause of s.body) {
        if (clause.cases === null) hasDefault = true;
        if (!isTerminatingClause(check, clause, label)) return false;
      }
      return hasDefault;
    }
    case KindSelectStmt:
      return s.body.every((clause) => isTerminatingClause(check, clause, label));
    case KindForStmt:
      // A range clause always comes to an end.
      if (s.init !== null && s.init.kind === KindRangeClause) return false;
      return s.cond === null && !hasBreak(s.body, label, true);
    default:
      return false;
  }
}

function isTerminatingClause(check: Checker, clause: CaseClause | CommClause, label: string): boolean {
  return isTerminatingList(check, clause.body) && !hasBreakList(clause.body, label, true);
}

function isTerminatingList(check: Checker, list: readonly Stmt[]): boolean {
  for (let i = list.length - 1; i >= 0; i--) {
    const s = list[i] as Stmt;
    if (s.kind !== KindEmptyStmt) return isTerminating(check, s, "");
  }
  return false;
}

/** Whether s holds a break of the statement with the label or, if `implicit`, of the enclosing statement. */
function hasBreak(s: Stmt, label: string, implicit: boolean): boolean {
  switch (s.kind) {
    case KindLabeledStmt:
      return hasBreak(s.stmt, label, implicit);
    case KindBranchStmt:
      if (s.tok !== TokBreak) return false;
      return s.label === null ? implicit : s.label.value === label;
    case KindBlockStmt:
      return hasBreakList(s.list, label, implicit);
    case KindIfStmt:
      return hasBreak(s.then_, label, implicit) || (s.else_ !== null && hasBreak(s.else_, label, implicit));
    case KindSwitchStmt:
    case KindSelectStmt:
      return label !== "" && s.body.some((clause) => hasBreakList(clause.body, label, false));
    case KindForStmt:
      return label !== "" && hasBreak(s.body, label, false);
    case KindAssignStmt:
      return false;
    default:
      return false;
  }
}

function hasBreakList(list: readonly Stmt[], label: string, implicit: boolean): boolean {
  return list.some((s) => hasBreak(s, label, implicit));
}
