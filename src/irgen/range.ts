// Loops with range over integers, arrays, slices, strings, maps and channels.

import type { Block, Value } from "../ssa/func.ts";
import { OpAdd, OpEq, OpLt, OpULt, OpZeroExt } from "../ssa/ops.gen.ts";
import { TypeI32, TypeI64, TypeI8, TypePtr, type ValueType } from "../ssa/types.ts";
import * as S from "../syntax/kinds.ts";
import type { Expr, ForStmt, RangeClause } from "../syntax/tree.ts";
import { unparen } from "../syntax/unparen.ts";
import * as K from "../types/kinds.ts";
import type { Var } from "../types/object.ts";
import { Typ, type Type } from "../types/types.ts";
import { under } from "../types/under.ts";
import { type Body, isUnsigned, Target } from "./body.ts";
import { forget } from "./chan.ts";
import { convertTo } from "./convert.ts";
import { checked, constantExprType, expr, exprAs, scaled } from "./expr.ts";
import { isBlankName, type Place, prepare, store } from "./lvalue.ts";
import type { Operand } from "./operand.ts";
import { hasCall, hoist } from "./order.ts";
import { rangeFuncStmt } from "./rangefunc.ts";
import { block } from "./stmt.ts";
import { convertedString } from "./string.ts";

/** The map iterator of internal/runtime/maps: its size and the words that hold pointers. */
const iterSize = 96;
const iterPointers: readonly number[] = [0, 1, 2, 3, 9, 10];

/** Assigns to variables or other places that a loop doesn't declare: one parallel assignment. */
export function setLoopPlaces(g: Body, left: readonly Expr[], values: readonly Operand[], from: readonly Type[]): void {
  const places: (Place | null)[] = [];
  for (const e of left) if (!isBlankName(e)) hoist(g, e);
  for (const e of left) places.push(isBlankName(e) ? null : prepare(g, e));
  const stable = values.map((x) => g.stable(x));
  for (let i = 0; i < places.length; i++) {
    const place = places[i] as Place | null;
    if (place !== null) store(g, place, convertTo(g, stable[i] as Operand, from[i] as Type, place.type));
  }
}

/** The loop at hand: its blocks and variables. */
class Loop {
  readonly g: Body;
  readonly s: ForStmt;
  readonly r: RangeClause;
  readonly head: Block;
  readonly body: Block;
  readonly next: Block;
  readonly done: Block;
  readonly key: Expr | null;
  readonly value: Expr | null;
  private readonly perIteration: boolean;

  constructor(g: Body, s: ForStmt, r: RangeClause) {
    this.g = g;
    this.s = s;
    this.r = r;
    this.head = g.b.newBlock();
    this.body = g.b.newBlock();
    this.next = g.b.newBlock();
    this.done = g.b.newBlock();
    const lhs: readonly Expr[] = r.lhs === null ? [] : r.lhs.kind === S.KindListExpr ? r.lhs.elemList : [r.lhs];
    const wanted = (i: number): Expr | null => {
      const e = lhs[i];
      if (e === undefined || isBlankName(unparen(e))) return null;
      return e;
    };
    this.key = wanted(0);
    this.value = wanted(1);
    this.perIteration = g.goVersionAtLeast(s.pos, 22);
  }

  private declared(e: Expr): Var | null {
    if (!this.r.def || e.kind !== S.KindName) return null;
    const obj = this.g.env.info.defs[e.id];
    return obj !== undefined && obj.kind === K.OVar ? obj : null;
  }

  /** Before the loop: in old versions of the language all iterations share the variables. */
  open(): void {
    if (this.perIteration) return;
    for (const e of [this.key, this.value]) {
      const v = e === null ? null : this.declared(e);
      if (v !== null) this.g.declare(v, null);
    }
  }

  /** Gives the variables (or places) their values, which are worked out already; null where nobody wants one. */
  set(key: Operand | null, keyType: Type, value: Operand | null = null, valueType: Type = keyType): void {
    if (this.r.def) {
      // A large value may be in the memory that is given by address: it is copied before anything changes.
      if (this.value !== null && value !== null) this.define(this.value, value, valueType);
      if (this.key !== null && key !== null) this.define(this.key, key, keyType);
      return;
    }
    const left: Expr[] = [];
    const values: Operand[] = [];
    const from: Type[] = [];
    if (this.key !== null && key !== null) {
      left.push(unparen(this.key));
      values.push(key);
      from.push(keyType);
    }
    if (this.value !== null && value !== null) {
      left.push(unparen(this.value));
      values.push(value);
      from.push(valueType);
    }
    setLoopPlaces(this.g, left, values, from);
  }

  private define(e: Expr, x: Operand, from: Type): void {
    const { g } = this;
    const v = this.declared(e);
    if (v === null) throw new Error("a loop variable that is not declared");
    const y = convertTo(g, x, from, g.env.fixed(v.type as Type));
    if (this.perIteration) g.declare(v, y);
    else g.setLocal(g.local(v), y);
  }

  /** The body, from the current block on to `next`. */
  run(): void {
    const { g } = this;
    g.hoisted.clear();
    g.targets.push(new Target(this.s, this.done, this.next));
    block(g, this.s.body);
    g.targets.pop();
    g.b.jump(this.next);
    g.b.startSealed(this.next);
    g.b.pos = this.s.pos;
  }

  close(): void {
    const { b } = this.g;
    b.jump(this.head);
    b.seal(this.head);
    b.startSealed(this.done);
  }
}

export function rangeStmt(g: Body, s: ForStmt, r: RangeClause): void {
  const t = constantExprType(g, r.x);
  const u = under(t);
  switch (u.kind) {
    case K.TSignature:
      rangeFuncStmt(g, s, r);
      return;
    case K.TBasic:
      if ((u.info & K.IsString) !== 0) rangeString(g, new Loop(g, s, r), r);
      else rangeInteger(g, new Loop(g, s, r), r, t);
      return;
    case K.TSlice: {
      const l = new Loop(g, s, r);
      // The bytes of a string need no copy: nobody else sees them as a slice.
      const text = g.shape(u.elem).size === 1 ? convertedString(g, r.x) : null;
      const x = expr(g, text ?? r.x);
      const p = g.part(x, 0);
      rangeElements(g, l, g.part(x, 1), u.elem, (i) => g.at(g.shape(u.elem), scaled(g, p, i, g.shape(u.elem).size)));
      return;
    }
    case K.TArray:
      rangeArray(g, new Loop(g, s, r), r, u.len, u.elem);
      return;
    case K.TPointer: {
      const a = under(u.elem);
      if (a.kind !== K.TArray) throw new Error("range over a pointer to no array");
      const l = new Loop(g, s, r);
      if (l.value === null) {
        if (hasCall(g.env, r.x)) expr(g, r.x);
        rangeElements(g, l, g.b.int(a.len), a.elem, null);
        return;
      }
      const p = g.one(expr(g, r.x));
      const elem = g.shape(a.elem);
      rangeElements(g, l, g.b.int(a.len), a.elem, (i) => g.at(elem, scaled(g, checked(g, p), i, elem.size)));
      return;
    }
    case K.TMap:
      rangeMap(g, new Loop(g, s, r), r, t);
      return;
    case K.TChan:
      rangeChan(g, new Loop(g, s, r), r, u.elem);
      return;
    default:
      throw new Error(`range over a type of kind ${u.kind}`);
  }
}

function rangeInteger(g: Body, l: Loop, r: RangeClause, t: Type): void {
  const { b } = g;
  const shape = g.shape(t);
  const n = g.one(exprAs(g, r.x, t));
  const type = g.f.type[n] as ValueType;
  const i = b.newVariable(type);
  l.open();
  b.pos = l.s.pos;
  b.write(i, b.int(0, type));
  b.jump(l.head);
  b.start(l.head);
  b.branch(b.op2(isUnsigned(t) ? OpULt : OpLt, TypeI8, b.read(i), n), l.body, l.done);
  b.startSealed(l.body);
  l.set(g.scalar(shape, b.read(i)), t);
  l.run();
  b.write(i, b.op2(OpAdd, type, b.read(i), b.int(1, type)));
  l.close();
}

/** A loop over indexes; `element` gives the element of an index. */
function rangeElements(g: Body, l: Loop, n: Value, elem: Type, element: ((i: Value) => Operand) | null): void {
  const { b } = g;
  const i = b.newVariable(TypeI64);
  l.open();
  b.pos = l.s.pos;
  b.write(i, b.int(0));
  b.jump(l.head);
  b.start(l.head);
  b.branch(b.op2(OpLt, TypeI8, b.read(i), n), l.body, l.done);
  b.startSealed(l.body);
  const at = b.read(i);
  l.set(g.int(at), Typ[K.Int] as Type, l.value !== null && element !== null ? element(at) : null, elem);
  l.run();
  b.write(i, b.op2(OpAdd, TypeI64, b.read(i), b.int(1)));
  l.close();
}

function rangeArray(g: Body, l: Loop, r: RangeClause, n: number, elem: Type): void {
  if (l.value === null) {
    if (hasCall(g.env, r.x)) expr(g, r.x);
    rangeElements(g, l, g.b.int(n), elem, null);
    return;
  }
  const shape = g.shape(elem);
  const x = g.stable(expr(g, r.x));
  if (x.parts !== null) {
    rangeElements(g, l, g.b.int(n), elem, () => g.component(x, shape, 0));
    return;
  }
  const p = g.inMemory(x);
  rangeElements(g, l, g.b.int(n), elem, (i) => g.at(shape, scaled(g, p, i, shape.size)));
}

function rangeString(g: Body, l: Loop, r: RangeClause): void {
  const { b } = g;
  const x = expr(g, r.x);
  const p = g.part(x, 0);
  const n = g.part(x, 1);
  const i = b.newVariable(TypeI64);
  const after = b.newVariable(TypeI64);
  const rune = b.newVariable(TypeI32);
  l.open();
  b.pos = l.s.pos;
  b.write(i, b.int(0));
  b.jump(l.head);
  b.start(l.head);
  b.branch(b.op2(OpLt, TypeI8, b.read(i), n), l.body, l.done);
  b.startSealed(l.body);
  const at = b.read(i);
  const byte = b.load(TypeI8, b.addPtr(p, at));
  const wide = b.op1(OpZeroExt, TypeI32, byte);
  b.write(rune, wide);
  b.write(after, b.op2(OpAdd, TypeI64, at, b.int(1)));
  const multi = b.newBlock();
  const go = b.newBlock();
  b.branch(b.op2(OpULt, TypeI8, wide, b.int(0x80, TypeI32)), go, multi, 1);
  b.startSealed(multi);
  const decoded = g.runtime("decoderune", p, n, at);
  b.write(rune, decoded[0] as Value);
  b.write(after, decoded[1] as Value);
  b.jump(go);
  b.startSealed(go);
  const char = Typ[K.Int32] as Type;
  l.set(g.int(at), Typ[K.Int] as Type, g.scalar(g.shape(char), b.read(rune)), char);
  l.run();
  b.write(i, b.read(after));
  l.close();
}

function rangeMap(g: Body, l: Loop, r: RangeClause, t: Type): void {
  const { b, f } = g;
  const u = under(t);
  if (u.kind !== K.TMap) throw new Error("range over no map");
  const m = g.one(expr(g, r.x));
  l.open();
  b.pos = l.s.pos;
  const slot = f.newSlot("iter", iterSize, 8, iterPointers);
  (f.slots[slot] as { escapes: boolean }).escapes = true;
  b.zero(b.slot(slot), iterSize, g.ctx.typeSym(Typ[K.UnsafePointer] as Type, false));
  g.runtime("mapIterStart", g.typeAddress(t), m, b.slot(slot));
  b.jump(l.head);
  b.start(l.head);
  const key = b.load(TypePtr, b.slot(slot), 0);
  b.branch(b.op2(OpEq, TypeI8, key, b.nil()), l.done, l.body);
  b.startSealed(l.body);
  const k = l.key === null ? null : g.at(g.shape(u.key), key);
  const v = l.value === null ? null : g.at(g.shape(u.elem), b.load(TypePtr, b.slot(slot), 8));
  l.set(k, u.key, v, u.elem);
  l.run();
  g.runtime("mapIterNext", b.slot(slot));
  l.close();
}

function rangeChan(g: Body, l: Loop, r: RangeClause, elem: Type): void {
  const { b } = g;
  const c = g.one(expr(g, r.x));
  const shape = g.shape(elem);
  l.open();
  b.pos = l.s.pos;
  const slot = shape.size === 0 || l.key === null ? 0 : g.newSlot(shape);
  b.jump(l.head);
  b.start(l.head);
  if (slot !== 0) forget(g, shape, b.slot(slot));
  const ok = g.runtime1("chanrecv2", c, slot === 0 ? b.nil() : b.slot(slot));
  b.branch(ok, l.body, l.done);
  b.startSealed(l.body);
  if (l.key !== null) l.set(slot === 0 ? g.zeroValue(shape) : g.at(shape, b.slot(slot)), elem);
  l.run();
  l.close();
}
