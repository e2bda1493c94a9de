// Types, fields, parameters, type parameters, constraints.

import { NoPos, type Pos } from "../base/pos.ts";
import * as K from "./kinds.ts";
import { ParserBase, tokenString } from "./parser-base.ts";
import { startPos } from "./positions.ts";
import * as T from "./tokens.ts";
import type { BadExpr, BasicLit, Expr, Name } from "./tree.ts";
import {
  ArrayType,
  ChanType,
  DotsType,
  Field,
  FuncType,
  IndexExpr,
  InterfaceType,
  ListExpr,
  MapType,
  Operation,
  SelectorExpr,
  SliceType,
  StructType,
} from "./tree.ts";

/**
 * A parameter on its way: a name, a type, or both. Fields of the tree always have a type, which the names of a list
 * `a, b T` only get at the end.
 */
class Parameter {
  pos: Pos;
  name: Name | null;
  type: Expr | null;

  constructor(pos: Pos, name: Name | null, type: Expr | null) {
    this.pos = pos;
    this.name = name;
    this.type = type;
  }
}

/** The layer that parses types. */
export abstract class TypeParser extends ParserBase {
  protected abstract expr(): Expr;

  /** Set by typeList beside its result: there was a comma. */
  protected listHadComma = false;

  /** A type; an error and a BadExpr if there is none. */
  type(): Expr {
    const type = this.typeOrNull();
    if (type !== null) return type;
    const bad = this.badExpr();
    this.syntaxError("expected type");
    this.advance(T.TokComma, T.TokColon, T.TokSemi, T.TokRparen, T.TokRbrack, T.TokRbrace);
    return bad;
  }

  /** A type, or null (without an error) if the current token can't start one. */
  typeOrNull(): Expr | null {
    const pos = this.pos();
    switch (this.tok) {
      case T.TokName:
        return this.qualifiedName(null);
      case T.TokStar:
        this.next();
        return this.pointer(pos, this.type());
      case T.TokArrow: {
        this.next();
        this.want(T.TokChan);
        return new ChanType(pos, this.ids.next++, T.RecvOnly, this.chanElem());
      }
      case T.TokFunc:
        this.next();
        return this.signature("function type");
      case T.TokLbrack:
        this.next();
        if (this.got(T.TokRbrack)) return this.sliceType(pos);
        return this.arrayType(pos, null);
      case T.TokChan: {
        this.next();
        const dir = this.got(T.TokArrow) ? T.SendOnly : 0;
        return new ChanType(pos, this.ids.next++, dir, this.chanElem());
      }
      case T.TokMap: {
        this.next();
        this.want(T.TokLbrack);
        const key = this.type();
        this.want(T.TokRbrack);
        return new MapType(pos, this.ids.next++, key, this.type());
      }
      case T.TokStruct:
        return this.structType();
      case T.TokInterface:
        return this.interfaceType();
      case T.TokLparen: {
        // Parentheses around types are not kept.
        this.next();
        const type = this.type();
        this.want(T.TokRparen);
        return type;
      }
      default:
        return null;
    }
  }

  protected pointer(pos: Pos, base: Expr): Operation {
    return new Operation(pos, this.ids.next++, T.OpMul, base, null);
  }

  private chanElem(): Expr {
    const type = this.typeOrNull();
    if (type !== null) return type;
    const bad = this.badExpr();
    this.syntaxError("missing channel element type");
    return bad;
  }

  /** `[len]elem` behind the `[` at `pos`; `length` is the length if that was read already. */
  protected arrayType(pos: Pos, length: Expr | null): ArrayType {
    let len = length;
    if (len === null && !this.got(T.TokDotDotDot)) {
      this.xnest++;
      len = this.expr();
      this.xnest--;
    }
    if (this.tok === T.TokComma) {
      this.syntaxError("unexpected comma; expected ]");
      this.next();
    }
    this.want(T.TokRbrack);
    return new ArrayType(pos, this.ids.next++, len, this.type());
  }

  /** `[]elem` behind the brackets. */
  protected sliceType(pos: Pos): SliceType {
    return new SliceType(pos, this.ids.next++, this.type());
  }

  /** Type arguments `[T1, T2]` behind a type's name. */
  private typeInstance(x: Expr): IndexExpr {
    const pos = this.pos();
    this.want(T.TokLbrack);
    let index: Expr;
    if (this.tok === T.TokRbrack) {
      this.syntaxError("expected type argument list");
      index = this.badExpr();
    } else index = this.typeList(true);
    this.want(T.TokRbrack);
    return new IndexExpr(pos, this.ids.next++, x, index);
  }

  /** `name`, `pkg.name`, either with type arguments. `first` is the name if that was read already. */
  protected qualifiedName(first: Name | null): Expr {
    let x: Expr;
    if (first !== null) x = first;
    else if (this.tok === T.TokName) x = this.name();
    else {
      x = this.newName(this.pos(), "_");
      this.syntaxError("expected name");
      this.advance(T.TokDot, T.TokSemi, T.TokRbrace);
    }
    if (this.at(T.TokDot)) {
      const pos = this.pos();
      this.next();
      x = new SelectorExpr(pos, this.ids.next++, x, this.name());
    }
    return this.at(T.TokLbrack) ? this.typeInstance(x) : x;
  }

  /** One or more types, a trailing comma allowed; unless `strict`, the first may be any expression. */
  protected typeList(strict: boolean): Expr {
    this.xnest++;
    let x = strict ? this.type() : this.expr();
    let comma = false;
    if (this.got(T.TokComma)) {
      comma = true;
      let type = this.typeOrNull();
      if (type !== null) {
        const list = [x, type];
        while (this.got(T.TokComma)) {
          type = this.typeOrNull();
          if (type === null) break;
          list.push(type);
        }
        x = new ListExpr(x.pos, this.ids.next++, list);
      }
    }
    this.xnest--;
    this.listHadComma = comma;
    return x;
  }

  // ---- Functions

  /** A signature where type parameters are not permitted; `context` is what it belongs to. */
  protected signature(context: string): FuncType {
    const pos = this.pos();
    this.typeParameters(context);
    return this.parameters(pos);
  }

  /** `[P C, ...]` if present; an error if `context` isn't empty. */
  protected typeParameters(context: string): Field[] {
    if (this.tok !== T.TokLbrack) return [];
    const pos = this.pos();
    this.next();
    if (context !== "") this.syntaxErrorAt(pos, `${context} must have no type parameters`);
    if (this.at(T.TokRbrack)) {
      this.syntaxError("empty type parameter list");
      this.next();
      return [];
    }
    return this.paramList(null, null, T.TokRbrack, true, false);
  }

  /** Parameters and results. */
  protected parameters(pos: Pos): FuncType {
    this.want(T.TokLparen);
    const params = this.paramList(null, null, T.TokRparen, false, true);
    return new FuncType(pos, this.ids.next++, params, this.results());
  }

  private results(): Field[] {
    if (this.got(T.TokLparen)) return this.paramList(null, null, T.TokRparen, false, false);
    const pos = this.pos();
    const type = this.typeOrNull();
    return type === null ? [] : [new Field(pos, null, type)];
  }

  /** One parameter; `first` is its name if that was read already. */
  private parameter(first: Name | null, close: number): Parameter | null {
    const typeSets = close === T.TokRbrack;
    let pos = this.pos();
    if (first !== null) pos = first.pos;
    else if (typeSets && this.tok === T.TokOperator && this.op === T.OpTilde) {
      return new Parameter(pos, null, this.constraintElem(null));
    }
    let name = first;
    if (name !== null || this.tok === T.TokName) {
      if (name === null) name = this.name();
      if (this.at(T.TokLbrack)) {
        const type = this.arrayOrTypeArgs(name);
        const isInstance = type.kind === K.KindIndexExpr;
        return new Parameter(pos, isInstance ? null : name, typeSets ? this.constraintElem(type) : type);
      }
      if (this.at(T.TokDot)) {
        const type = this.qualifiedName(name);
        return new Parameter(pos, null, typeSets ? this.constraintElem(type) : type);
      }
      if (typeSets && this.at(T.TokOperator) && this.op === T.OpOr) {
        return new Parameter(pos, null, this.constraintElem(name));
      }
    }
    if (this.at(T.TokDotDotDot)) {
      const dots = this.pos();
      this.next();
      const elem = this.typeOrNull();
      if (elem !== null) return new Parameter(pos, name, new DotsType(dots, this.ids.next++, elem));
      const bad = this.badExpr();
      this.syntaxError("... is missing type");
      return new Parameter(pos, name, bad);
    }
    if (typeSets && this.at(T.TokOperator) && this.op === T.OpTilde) {
      return new Parameter(pos, name, this.constraintElem(null));
    }
    let type = this.typeOrNull();
    if (type !== null && typeSets) type = this.constraintElem(type);
    if (name !== null || type !== null) return new Parameter(pos, name, type);
    this.syntaxError(`expected ${tokenString(close)}`);
    this.advance(T.TokComma, close);
    return null;
  }

  /**
   * Parameters up to `close`, behind the opening bracket. `name` and `type` are a first name, or name and type, that
   * were read already. With `requireNames` this is a list of type parameters; `dotsOk` permits `...T` at the end.
   */
  protected paramList(name: Name | null, type: Expr | null, close: number, requireNames: boolean, dotsOk: boolean): Field[] {
    if (name !== null && type !== null && this.tok === close) {
      this.next();
      return [new Field(name.pos, name, type)];
    }
    const list: Parameter[] = [];
    let named = 0; // with name and type
    let typed = 0; // with type
    let firstName = name;
    let firstType = type;
    let ok = true;
    while (ok && this.tok !== T.TokEOF && this.tok !== close) {
      let par: Parameter | null;
      if (firstName !== null && firstType !== null) par = new Parameter(firstName.pos, firstName, firstType);
      else par = this.parameter(firstName, close);
      firstName = null;
      firstType = null;
      if (par !== null) {
        if (par.type !== null) {
          typed++;
          if (par.name !== null) named++;
        }
        list.push(par);
      }
      ok = this.separator("parameter list", T.TokComma, close);
    }
    const end = this.pos();
    if (ok) this.want(close);
    const n = list.length;
    if (n === 0) return [];
    if (named === 0 && !requireNames) {
      // None has both: the names are types.
      for (let i = 0; i < n; i++) {
        const par = list[i] as Parameter;
        if (par.name !== null) {
          par.type = par.name;
          par.name = null;
        }
      }
    } else if (named !== n) this.distribute(list, named === typed, requireNames, end);
    const fields: Field[] = [];
    let complained = false;
    for (let i = 0; i < n; i++) {
      const par = list[i] as Parameter;
      let t = par.type as Expr;
      if (t.kind === K.KindDotsType && (!dotsOk || i + 1 < n)) {
        if (!complained) {
          complained = true;
          this.errorAt(t.pos, dotsOk ? "can only use ... with final parameter" : "invalid use of ...");
        }
        t = t.elem;
      }
      fields.push(new Field(par.pos, par.name, t));
    }
    return fields;
  }

  /** Gives each name of `a, b T` its type; complains about parameters that lack a name or a type. */
  private distribute(list: Parameter[], typesMissing: boolean, typeParams: boolean, end: Pos): void {
    let errorPos: Pos = NoPos;
    let type: Expr | null = null;
    for (let i = list.length - 1; i >= 0; i--) {
      const par = list[i] as Parameter;
      if (par.type !== null) {
        type = par.type;
        if (par.name === null) {
          errorPos = startPos(type);
          par.name = this.newName(errorPos, "_");
        }
      } else if (type !== null) par.type = type;
      else {
        errorPos = (par.name as Name).pos;
        const bad: BadExpr = this.badExpr();
        bad.pos = errorPos;
        par.type = bad;
      }
    }
    if (errorPos === NoPos) return;
    if (typesMissing) {
      // Names without a type can only be left over at the end.
      this.syntaxErrorAt(end, typeParams ? "missing type constraint" : "missing parameter type");
      return;
    }
    let message = "missing parameter name";
    if (typeParams) {
      message = "missing type parameter name";
      if (list.length === 1) message += " or invalid array length";
    }
    this.syntaxErrorAt(errorPos, message);
  }

  // ---- Structs and interfaces

  protected structType(): StructType {
    const pos = this.pos();
    this.want(T.TokStruct);
    this.want(T.TokLbrace);
    const type = new StructType(pos, this.ids.next++, [], []);
    let ok = true;
    while (ok && this.tok !== T.TokEOF && this.tok !== T.TokRbrace) {
      this.fieldDecl(type);
      ok = this.separator("struct type", T.TokSemi, T.TokRbrace);
    }
    if (ok) this.want(T.TokRbrace);
    return type;
  }

  private addField(struct: StructType, pos: Pos, name: Name | null, type: Expr, tag: BasicLit | null): void {
    if (tag !== null) {
      while (struct.tagList.length < struct.fieldList.length) struct.tagList.push(null);
      struct.tagList.push(tag);
    }
    struct.fieldList.push(new Field(pos, name, type));
  }

  private fieldDecl(struct: StructType): void {
    const pos = this.pos();
    switch (this.tok) {
      case T.TokName: {
        const name = this.name();
        if (this.at(T.TokDot) || this.at(T.TokLiteral) || this.at(T.TokSemi) || this.at(T.TokRbrace)) {
          const type = this.qualifiedName(name);
          this.addField(struct, pos, null, type, this.literalOrNull());
          return;
        }
        const names = this.nameList(name);
        let type: Expr;
        if (names.length === 1 && this.at(T.TokLbrack)) {
          type = this.arrayOrTypeArgs(name);
          if (type.kind === K.KindIndexExpr) {
            this.addField(struct, pos, null, type, this.literalOrNull());
            return;
          }
        } else type = this.type();
        const tag = this.literalOrNull();
        for (let i = 0; i < names.length; i++) {
          const n = names[i] as Name;
          this.addField(struct, n.pos, n, type, tag);
        }
        return;
      }
      case T.TokStar: {
        this.next();
        let type: Expr;
        if (this.at(T.TokLparen)) {
          this.syntaxError("cannot parenthesize embedded type");
          this.next();
          type = this.qualifiedName(null);
          this.got(T.TokRparen);
        } else type = this.qualifiedName(null);
        const tag = this.literalOrNull();
        this.addField(struct, pos, null, this.pointer(pos, type), tag);
        return;
      }
      case T.TokLparen: {
        this.syntaxError("cannot parenthesize embedded type");
        this.next();
        let type: Expr;
        if (this.at(T.TokStar)) {
          const star = this.pos();
          this.next();
          type = this.pointer(star, this.qualifiedName(null));
        } else type = this.qualifiedName(null);
        this.got(T.TokRparen);
        this.addField(struct, pos, null, type, this.literalOrNull());
        return;
      }
      default:
        this.syntaxError("expected field name or embedded type");
        this.advance(T.TokSemi, T.TokRbrace);
    }
  }

  /** Behind a name: an array or slice type for a field of that name, or the type `name[T1, ...]`. */
  private arrayOrTypeArgs(name: Name): Expr {
    const pos = this.pos();
    this.want(T.TokLbrack);
    if (this.got(T.TokRbrack)) return this.sliceType(pos);
    const n = this.typeList(false);
    const comma = this.listHadComma;
    this.want(T.TokRbrack);
    if (!comma) {
      const elem = this.typeOrNull();
      if (elem !== null) return new ArrayType(pos, this.ids.next++, n, elem);
    }
    return new IndexExpr(pos, this.ids.next++, name, n);
  }

  protected interfaceType(): InterfaceType {
    const pos = this.pos();
    this.want(T.TokInterface);
    this.want(T.TokLbrace);
    const methods: Field[] = [];
    let ok = true;
    while (ok && this.tok !== T.TokEOF && this.tok !== T.TokRbrace) {
      const at = this.pos();
      let field: Field;
      if (this.at(T.TokName)) {
        field = this.methodDecl();
        if (field.name === null) field.type = this.constraintElem(field.type);
      } else field = new Field(at, null, this.constraintElem(null));
      methods.push(field);
      ok = this.separator("interface type", T.TokSemi, T.TokRbrace);
    }
    if (ok) this.want(T.TokRbrace);
    return new InterfaceType(pos, this.ids.next++, methods);
  }

  private methodDecl(): Field {
    const context = "interface method";
    const start = this.pos();
    const name = this.name();
    if (this.at(T.TokLparen)) return new Field(start, name, this.signature(context));
    if (!this.at(T.TokLbrack)) return new Field(start, null, this.qualifiedName(name));
    // A method with type parameters (an error), or an embedded type with type arguments.
    const pos = this.pos();
    this.next();
    if (this.at(T.TokRbrack)) {
      const close = this.pos();
      this.next();
      if (this.at(T.TokLparen)) {
        this.errorAt(close, "empty type parameter list");
        return new Field(start, name, this.signature(context));
      }
      this.errorAt(close, "empty type argument list");
      return new Field(start, null, name);
    }
    const list = this.paramList(null, null, T.TokRbrack, false, false);
    if (list.length === 0) {
      return this.at(T.TokLparen) ? new Field(start, name, this.signature(context)) : new Field(start, null, name);
    }
    const first = list[0] as Field;
    if (first.name !== null) {
      const type = this.signature(context);
      this.errorAt(pos, "interface method must have no type parameters");
      return new Field(start, name, type);
    }
    let index = first.type;
    if (list.length > 1) {
      index = new ListExpr(
        first.pos,
        this.ids.next++,
        list.map((f) => f.type),
      );
    }
    return new Field(start, null, new IndexExpr(pos, this.ids.next++, name, index));
  }

  /** The union `x | ~T | ...`; `first` is its first term if that was read already. */
  private constraintElem(first: Expr | null): Expr {
    let x = first ?? this.constraintTerm();
    while (this.tok === T.TokOperator && this.op === T.OpOr) {
      const pos = this.pos();
      this.next();
      x = new Operation(pos, this.ids.next++, T.OpOr, x, this.constraintTerm());
    }
    return x;
  }

  private constraintTerm(): Expr {
    if (this.tok === T.TokOperator && this.op === T.OpTilde) {
      const pos = this.pos();
      this.next();
      return new Operation(pos, this.ids.next++, T.OpTilde, this.type(), null);
    }
    const type = this.typeOrNull();
    if (type !== null) return type;
    const bad = this.badExpr();
    this.syntaxError("expected ~ term or type");
    this.advance(T.TokOperator, T.TokSemi, T.TokRparen, T.TokRbrack, T.TokRbrace);
    return bad;
  }
}
