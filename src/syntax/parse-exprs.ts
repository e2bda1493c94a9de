// Expressions.

import * as K from "./kinds.ts";
import { TypeParser } from "./parse-types.ts";
import { printNode } from "./printer.ts";
import * as T from "./tokens.ts";
import type { BlockStmt, Expr } from "./tree.ts";
import {
  AssertExpr,
  CallExpr,
  CompositeLit,
  FuncLit,
  IndexExpr,
  KeyValueExpr,
  ListExpr,
  Operation,
  ParenExpr,
  SelectorExpr,
  SliceExpr,
  TypeSwitchGuard,
} from "./tree.ts";
import { unparen } from "./unparen.ts";

/** Whether an expression must be a value by its form: it can't be a type. */
function isValue(x: Expr): boolean {
  switch (x.kind) {
    case K.KindBasicLit:
    case K.KindCompositeLit:
    case K.KindFuncLit:
    case K.KindSliceExpr:
    case K.KindAssertExpr:
    case K.KindTypeSwitchGuard:
    case K.KindCallExpr:
      return true;
    case K.KindOperation:
      return x.op !== T.OpMul || x.y !== null;
    case K.KindParenExpr:
      return isValue(x.x);
    case K.KindIndexExpr:
      return isValue(x.x) || isValue(x.index);
    default:
      return false;
  }
}

/** The layer that parses expressions. */
export abstract class ExprParser extends TypeParser {
  protected abstract funcBody(): BlockStmt;

  protected expr(): Expr {
    return this.binaryExpr(null, 0);
  }

  /** Operators that bind more tightly than `prec`; `first` is the first operand if that was read already. */
  protected binaryExpr(first: Expr | null, prec: number): Expr {
    let x = first ?? this.unaryExpr();
    while ((this.tok === T.TokOperator || this.tok === T.TokStar) && this.prec > prec) {
      const pos = this.pos();
      const op = this.op;
      const opPrec = this.prec;
      this.next();
      x = new Operation(pos, this.ids.next++, op, x, this.binaryExpr(null, opPrec));
    }
    return x;
  }

  private unaryExpr(): Expr {
    if (this.tok === T.TokOperator || this.tok === T.TokStar) {
      const op = this.op;
      switch (op) {
        case T.OpMul:
        case T.OpAdd:
        case T.OpSub:
        case T.OpNot:
        case T.OpXor:
        case T.OpTilde: {
          const pos = this.pos();
          this.next();
          return new Operation(pos, this.ids.next++, op, this.unaryExpr(), null);
        }
        case T.OpAnd: {
          const pos = this.pos();
          this.next();
          // The operand may be a parenthesized composite literal.
          return new Operation(pos, this.ids.next++, op, unparen(this.unaryExpr()), null);
        }
      }
    } else if (this.tok === T.TokArrow) {
      const pos = this.pos();
      this.next();
      const x = this.unaryExpr();
      if (x.kind !== K.KindChanType) return new Operation(pos, this.ids.next++, T.OpRecv, x, null);
      // A channel type: the arrow belongs to its leftmost `chan`, and pushes a `<-` there one channel further in.
      let dir = T.SendOnly;
      let t: Expr = x;
      while (dir === T.SendOnly && t.kind === K.KindChanType) {
        dir = t.dir;
        if (dir === T.RecvOnly) this.syntaxError("unexpected <-, expected chan");
        t.dir = T.RecvOnly;
        t = t.elem;
      }
      if (dir === T.SendOnly) this.syntaxError(`unexpected ${printNode(t)}, expected chan`);
      return x;
    }
    return this.primaryExpr(null, true);
  }

  private operand(keepParens: boolean): Expr {
    switch (this.tok) {
      case T.TokName:
        return this.name();
      case T.TokLiteral:
        return this.literalOrNull() as Expr;
      case T.TokLparen: {
        const pos = this.pos();
        this.next();
        this.xnest++;
        const x = this.expr();
        this.xnest--;
        this.want(T.TokRparen);
        // Kept where an error may have to be reported: before a `{` this could be a composite literal's type.
        return keepParens || this.at(T.TokLbrace) ? new ParenExpr(pos, this.ids.next++, x) : x;
      }
      case T.TokFunc: {
        const pos = this.pos();
        this.next();
        const type = this.signature("function type");
        if (!this.at(T.TokLbrace)) return type;
        this.xnest++;
        const lit = new FuncLit(pos, this.ids.next++, type, this.funcBody());
        this.xnest--;
        return lit;
      }
      case T.TokLbrack:
      case T.TokChan:
      case T.TokMap:
      case T.TokStruct:
      case T.TokInterface:
        return this.type();
      default: {
        const bad = this.badExpr();
        this.syntaxError("expected expression");
        this.advance(T.TokRparen, T.TokRbrack, T.TokRbrace);
        return bad;
      }
    }
  }

  /** An operand with its selectors, indices, calls ...; `first` is the operand if that was read already. */
  protected primaryExpr(first: Expr | null, keepParens: boolean): Expr {
    let x = first ?? this.operand(keepParens);
    for (;;) {
      const pos = this.pos();
      switch (this.tok) {
        case T.TokDot:
          this.next();
          if (this.at(T.TokName)) x = new SelectorExpr(pos, this.ids.next++, x, this.name());
          else if (this.got(T.TokLparen)) {
            if (this.got(T.TokType)) x = new TypeSwitchGuard(pos, this.ids.next++, null, x);
            else x = new AssertExpr(pos, this.ids.next++, x, this.type());
            this.want(T.TokRparen);
          } else {
            this.syntaxError("expected name or (");
            this.advance(T.TokSemi, T.TokRparen);
          }
          break;
        case T.TokLbrack:
          x = this.indexOrSlice(x);
          break;
        case T.TokLparen: {
          this.next();
          const call = new CallExpr(pos, this.ids.next++, x, [], false);
          this.argList(call);
          x = call;
          break;
        }
        case T.TokLbrace: {
          // A composite literal, or a block behind the head of a statement.
          const t = unparen(x);
          let literal = false;
          switch (t.kind) {
            case K.KindName:
            case K.KindSelectorExpr:
              literal = this.xnest >= 0;
              break;
            case K.KindIndexExpr:
              literal = this.xnest >= 0 && !isValue(t);
              break;
            case K.KindArrayType:
            case K.KindSliceType:
            case K.KindStructType:
            case K.KindMapType:
              literal = true;
          }
          if (!literal) return x;
          if (t !== x) this.syntaxError("cannot parenthesize type in composite literal");
          const lit = this.compositeLit();
          lit.type = x;
          x = lit;
          break;
        }
        default:
          return x;
      }
    }
  }

  private indexOrSlice(x: Expr): Expr {
    const pos = this.pos();
    this.next();
    let i: Expr | null = null;
    if (this.tok !== T.TokColon) {
      let comma = false;
      if (this.tok === T.TokRbrack) {
        this.syntaxError("expected operand");
        i = this.badExpr();
      } else {
        i = this.typeList(false);
        comma = this.listHadComma;
      }
      if (comma || this.at(T.TokRbrack)) {
        this.want(T.TokRbrack);
        return new IndexExpr(pos, this.ids.next++, x, i);
      }
    }
    if (!this.got(T.TokColon)) {
      this.syntaxError("expected comma, : or ]");
      this.advance(T.TokComma, T.TokColon, T.TokRbrack);
    }
    this.xnest++;
    let j: Expr | null = null;
    let k: Expr | null = null;
    let full = false;
    if (!this.at(T.TokColon) && !this.at(T.TokRbrack)) j = this.expr();
    if (this.at(T.TokColon)) {
      full = true;
      if (j === null) {
        this.error("middle index required in 3-index slice");
        j = this.badExpr();
      }
      this.next();
      if (!this.at(T.TokRbrack)) k = this.expr();
      else {
        this.error("final index required in 3-index slice");
        k = this.badExpr();
      }
    }
    this.xnest--;
    this.want(T.TokRbrack);
    return new SliceExpr(pos, this.ids.next++, x, [i, j, k], full);
  }

  private argList(call: CallExpr): void {
    this.xnest++;
    let ok = true;
    while (ok && this.tok !== T.TokEOF && this.tok !== T.TokRparen && !call.hasDots) {
      call.argList.push(this.expr());
      call.hasDots = this.got(T.TokDotDotDot);
      ok = this.separator("argument list", T.TokComma, T.TokRparen);
    }
    if (ok) this.want(T.TokRparen);
    this.xnest--;
  }

  private compositeLit(): CompositeLit {
    const lit = new CompositeLit(this.pos(), this.ids.next++, null, [], 0, this.pos());
    this.xnest++;
    this.want(T.TokLbrace);
    let ok = true;
    while (ok && this.tok !== T.TokEOF && this.tok !== T.TokRbrace) {
      let e = this.element();
      if (this.at(T.TokColon)) {
        const pos = this.pos();
        this.next();
        e = new KeyValueExpr(pos, this.ids.next++, e, this.element());
        lit.nKeys++;
      }
      lit.elemList.push(e);
      ok = this.separator("composite literal", T.TokComma, T.TokRbrace);
    }
    lit.rbrace = this.pos();
    if (ok) this.want(T.TokRbrace);
    this.xnest--;
    return lit;
  }

  private element(): Expr {
    return this.tok === T.TokLbrace ? this.compositeLit() : this.expr();
  }

  /** One expression, or a ListExpr of several. */
  protected exprList(): Expr {
    const x = this.expr();
    if (this.tok !== T.TokComma) return x;
    const list = [x];
    while (this.got(T.TokComma)) list.push(this.expr());
    return new ListExpr(x.pos, this.ids.next++, list);
  }
}
