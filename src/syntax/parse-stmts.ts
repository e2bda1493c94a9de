// Statements.

import { NoPos, type Pos } from "../base/pos.ts";
import { checkBranches } from "./branches.ts";
import * as K from "./kinds.ts";
import { ExprParser } from "./parse-exprs.ts";
import { printNode } from "./printer.ts";
import * as T from "./tokens.ts";
import type { Decl, Expr, Group, Name, SimpleStmt, Stmt } from "./tree.ts";
import {
  AssignStmt,
  BadExpr,
  BlockStmt,
  BranchStmt,
  CallStmt,
  CaseClause,
  CommClause,
  DeclStmt,
  EmptyStmt,
  ExprStmt,
  ForStmt,
  IfStmt,
  LabeledStmt,
  RangeClause,
  ReturnStmt,
  SelectStmt,
  SendStmt,
  SwitchStmt,
} from "./tree.ts";
import { unparen } from "./unparen.ts";

/** The head of an if, for or switch statement. */
interface Header {
  init: SimpleStmt | RangeClause | null;
  cond: Expr | null;
  post: SimpleStmt | null;
}

/** An expression for a message; binary ones in parentheses. */
function emphasized(x: Expr | null): string {
  if (x === null) return "";
  const text = printNode(x);
  return x.kind === K.KindOperation && x.y !== null ? `(${text})` : text;
}

/** The layer that parses statements. */
export abstract class StmtParser extends ExprParser {
  /** The declarations behind a const, type or var keyword that was consumed. */
  protected abstract declGroup(keyword: number, list: Decl[]): void;
  protected abstract varDecl(group: Group | null): Decl;

  protected funcBody(): BlockStmt {
    this.fnest++;
    const errors = this.errorCount;
    const body = this.blockStmt("");
    this.fnest--;
    // After a syntax error the tree may lack parts, which would lead to more errors.
    if (errors === this.errorCount) checkBranches(body, this.file, this.diagnostics);
    return body;
  }

  /** `{ ... }`; `context` (what it follows) may be empty where the current token is known to be `{`. */
  protected blockStmt(context: string): BlockStmt {
    const block = new BlockStmt(this.pos(), [], this.pos());
    if (!this.got(T.TokLbrace)) {
      this.syntaxError(`expected { after ${context}`);
      this.advance(T.TokName, T.TokRbrace);
      block.rbrace = this.pos();
      if (this.got(T.TokRbrace)) return block;
    }
    block.list = this.stmtList();
    block.rbrace = this.pos();
    this.want(T.TokRbrace);
    return block;
  }

  protected stmtList(): Stmt[] {
    const list: Stmt[] = [];
    while (this.tok !== T.TokEOF && this.tok !== T.TokRbrace && this.tok !== T.TokCase && this.tok !== T.TokDefault) {
      const s = this.stmtOrNull();
      this.clearPragma();
      if (s === null) break;
      list.push(s);
      if (!this.got(T.TokSemi) && !this.at(T.TokRbrace)) {
        this.syntaxError("at end of statement");
        this.advance(T.TokSemi, T.TokRbrace, T.TokCase, T.TokDefault);
        this.got(T.TokSemi);
      }
    }
    return list;
  }

  private stmtOrNull(): Stmt | null {
    if (this.tok === T.TokName) {
      this.clearPragma();
      const lhs = this.exprList();
      if (lhs.kind === K.KindName && this.at(T.TokColon)) return this.labeledStmt(lhs);
      return this.simpleStmt(lhs, 0);
    }
    const pos = this.pos();
    const tok = this.tok;
    if (tok === T.TokVar || tok === T.TokConst || tok === T.TokType) {
      this.next();
      const decl = new DeclStmt(pos, []);
      this.declGroup(tok, decl.declList);
      return decl;
    }
    this.clearPragma();
    switch (tok) {
      case T.TokLbrace:
        return this.blockStmt("");
      case T.TokOperator:
      case T.TokStar:
        switch (this.op) {
          case T.OpAdd:
          case T.OpSub:
          case T.OpMul:
          case T.OpAnd:
          case T.OpXor:
          case T.OpNot:
            return this.simpleStmt(null, 0);
        }
        return null;
      case T.TokLiteral:
      case T.TokFunc:
      case T.TokLparen:
      case T.TokLbrack:
      case T.TokStruct:
      case T.TokMap:
      case T.TokChan:
      case T.TokInterface:
      case T.TokArrow:
        return this.simpleStmt(null, 0);
      case T.TokFor: {
        const h = this.header(T.TokFor);
        return new ForStmt(pos, h.init, h.cond, h.post, this.blockStmt("for clause"));
      }
      case T.TokSwitch:
        return this.switchStmt();
      case T.TokSelect:
        return this.selectStmt();
      case T.TokIf:
        return this.ifStmt();
      case T.TokFallthrough:
        this.next();
        return new BranchStmt(pos, tok, null, null);
      case T.TokBreak:
      case T.TokContinue:
        this.next();
        return new BranchStmt(pos, tok, this.at(T.TokName) ? this.name() : null, null);
      case T.TokGoto:
        this.next();
        return new BranchStmt(pos, tok, this.name(), null);
      case T.TokGo:
      case T.TokDefer:
        return this.callStmt();
      case T.TokReturn: {
        this.next();
        const results = this.at(T.TokSemi) || this.at(T.TokRbrace) ? null : this.exprList();
        return new ReturnStmt(pos, results);
      }
      case T.TokSemi:
        return new EmptyStmt(pos);
      default:
        return null;
    }
  }

  /** A range clause, for the heads of loops. */
  private rangeClause(lhs: Expr | null, def: boolean): RangeClause {
    const pos = this.pos();
    this.next();
    return new RangeClause(pos, lhs, def, this.expr());
  }

  /**
   * A simple statement. `first` is its left side if that was read already. `keyword` is TokFor where a range clause may
   * stand, TokSwitch where a type switch guard may.
   */
  private headStmt(first: Expr | null, keyword: number): SimpleStmt | RangeClause {
    if (keyword === T.TokFor && this.tok === T.TokRange) return this.rangeClause(null, false);
    const lhs = first ?? this.exprList();
    const pos = this.pos();
    if (this.at(T.TokAssign) || this.at(T.TokDefine)) {
      const op = this.at(T.TokDefine) ? T.OpDef : 0;
      this.next();
      if (keyword === T.TokFor && this.at(T.TokRange)) return this.rangeClause(lhs, op === T.OpDef);
      const rhs = this.exprList();
      if (rhs.kind === K.KindTypeSwitchGuard && keyword === T.TokSwitch && op === T.OpDef && lhs.kind === K.KindName) {
        rhs.lhs = lhs;
        return new ExprStmt(rhs.pos, rhs);
      }
      return new AssignStmt(pos, op, lhs, rhs);
    }
    if (lhs.kind === K.KindListExpr) {
      this.syntaxError("expected := or = or comma");
      this.advance(T.TokSemi, T.TokRbrace);
      const x = lhs.elemList[0] as Expr;
      return new ExprStmt(x.pos, x);
    }
    const op = this.op;
    switch (this.tok) {
      case T.TokAssignOp:
        this.next();
        return new AssignStmt(pos, op, lhs, this.expr());
      case T.TokIncOp:
        this.next();
        return new AssignStmt(pos, op, lhs, null);
      case T.TokArrow:
        this.next();
        return new SendStmt(pos, lhs, this.expr());
      default:
        return new ExprStmt(lhs.pos, lhs);
    }
  }

  private simpleStmt(first: Expr | null, keyword: number): SimpleStmt {
    // Only TokFor permits a range clause.
    return this.headStmt(first, keyword) as SimpleStmt;
  }

  private labeledStmt(label: Name): Stmt | null {
    const pos = this.pos();
    this.want(T.TokColon);
    if (this.at(T.TokRbrace)) return new LabeledStmt(pos, label, new EmptyStmt(this.pos()));
    const stmt = this.stmtOrNull();
    if (stmt !== null) return new LabeledStmt(pos, label, stmt);
    this.syntaxErrorAt(pos, "missing statement after label");
    return null;
  }

  private callStmt(): CallStmt {
    const pos = this.pos();
    const tok = this.tok;
    this.next();
    const x = this.primaryExpr(null, this.at(T.TokLparen));
    const call = unparen(x);
    if (call !== x) this.errorAt(x.pos, `expression in ${T.tokenNames[tok]} must not be parenthesized`);
    return new CallStmt(pos, tok, call);
  }

  private header(keyword: number): Header {
    const h: Header = { init: null, cond: null, post: null };
    this.want(keyword);
    if (this.tok === T.TokLbrace) {
      if (keyword === T.TokIf) {
        this.syntaxError("missing condition in if statement");
        h.cond = this.badExpr();
      }
      return h;
    }
    const outer = this.xnest;
    this.xnest = -1;
    if (this.tok !== T.TokSemi) {
      if (this.got(T.TokVar)) {
        this.syntaxError(`var declaration not allowed in ${T.tokenNames[keyword]} initializer`);
      }
      h.init = this.headStmt(null, keyword);
      if (h.init.kind === K.KindRangeClause) {
        this.xnest = outer;
        return h;
      }
    }
    let cond: SimpleStmt | null = null;
    let semiPos: Pos = NoPos;
    let semiText = "";
    if (this.at(T.TokLbrace)) {
      cond = h.init as SimpleStmt | null;
      h.init = null;
    } else {
      if (this.at(T.TokSemi)) {
        semiPos = this.pos();
        semiText = this.lit;
        this.next();
      } else {
        this.want(T.TokLbrace);
        if (!this.at(T.TokLbrace)) this.advance(T.TokLbrace, T.TokRbrace);
      }
      if (keyword === T.TokFor) {
        if (!this.at(T.TokSemi) && this.at(T.TokLbrace)) this.syntaxError("expected for loop condition");
        else {
          if (!this.at(T.TokSemi)) cond = this.simpleStmt(null, 0);
          this.want(T.TokSemi);
          if (!this.at(T.TokLbrace)) {
            h.post = this.simpleStmt(null, 0);
            if (h.post.kind === K.KindAssignStmt && h.post.op === T.OpDef) {
              this.syntaxErrorAt(h.post.pos, "cannot declare in post statement of for loop");
            }
          }
        }
      } else if (!this.at(T.TokLbrace)) cond = this.simpleStmt(null, keyword);
    }
    if (cond === null) {
      if (keyword === T.TokIf && semiPos !== NoPos) {
        if (semiText !== "semicolon") {
          this.syntaxErrorAt(semiPos, `unexpected ${semiText}, expected { after if clause`);
        } else this.syntaxErrorAt(semiPos, "missing condition in if statement");
        h.cond = new BadExpr(semiPos, this.ids.next++);
      }
    } else if (cond.kind === K.KindExprStmt) h.cond = cond.x;
    else {
      // `=` for `==` is a common slip: show what was assigned.
      const shown =
        cond.kind === K.KindAssignStmt && cond.op === 0 ? `assignment ${emphasized(cond.lhs)} = ${emphasized(cond.rhs)}` : printNode(cond);
      this.syntaxErrorAt(cond.pos, `cannot use ${shown} as value`);
    }
    this.xnest = outer;
    return h;
  }

  private ifStmt(): IfStmt {
    const pos = this.pos();
    const h = this.header(T.TokIf);
    const cond = h.cond ?? this.badExpr();
    const stmt = new IfStmt(pos, h.init as SimpleStmt | null, cond, this.blockStmt("if clause"), null);
    if (this.got(T.TokElse)) {
      if (this.at(T.TokIf)) stmt.else_ = this.ifStmt();
      else if (this.at(T.TokLbrace)) stmt.else_ = this.blockStmt("");
      else {
        this.syntaxError("else must be followed by if or statement block");
        this.advance(T.TokName, T.TokRbrace);
      }
    }
    return stmt;
  }

  private switchStmt(): SwitchStmt {
    const pos = this.pos();
    const h = this.header(T.TokSwitch);
    const stmt = new SwitchStmt(pos, h.init as SimpleStmt | null, h.cond, [], pos);
    if (!this.got(T.TokLbrace)) {
      this.syntaxError("missing { after switch clause");
      this.advance(T.TokCase, T.TokDefault, T.TokRbrace);
    }
    while (!this.at(T.TokEOF) && !this.at(T.TokRbrace)) {
      const at = this.pos();
      let cases: Expr | null = null;
      if (this.got(T.TokCase)) cases = this.exprList();
      else this.defaultClause();
      const colon = this.pos();
      this.want(T.TokColon);
      stmt.body.push(new CaseClause(at, cases, this.stmtList(), colon));
    }
    stmt.rbrace = this.pos();
    this.want(T.TokRbrace);
    return stmt;
  }

  private defaultClause(): void {
    if (this.got(T.TokDefault)) return;
    this.syntaxError("expected case or default or }");
    this.advance(T.TokColon, T.TokCase, T.TokDefault, T.TokRbrace);
  }

  private selectStmt(): SelectStmt {
    const pos = this.pos();
    this.want(T.TokSelect);
    const stmt = new SelectStmt(pos, [], pos);
    if (!this.got(T.TokLbrace)) {
      this.syntaxError("missing { after select clause");
      this.advance(T.TokCase, T.TokDefault, T.TokRbrace);
    }
    while (!this.at(T.TokEOF) && !this.at(T.TokRbrace)) {
      const at = this.pos();
      let comm: SimpleStmt | null = null;
      if (this.got(T.TokCase)) comm = this.simpleStmt(null, 0);
      else this.defaultClause();
      const colon = this.pos();
      this.want(T.TokColon);
      stmt.body.push(new CommClause(at, comm, this.stmtList(), colon));
    }
    stmt.rbrace = this.pos();
    this.want(T.TokRbrace);
    return stmt;
  }
}
