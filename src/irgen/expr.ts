// Expressions: the dispatch, names, selectors, elements, slices. An expression is evaluated to a `Ref`, which is a value or a place in memory
// that has not been read yet, so that a field of a large variable is read without reading the variable.

import { type Block, LikelyUnknown, type Value } from "../ssa/func.ts";
import {
  OpAnd as SsaAnd,
  OpConst,
  OpLoad,
  OpMul as SsaMul,
  OpNew,
  OpSar,
  OpSelect,
  OpSignExt,
  OpSlotAddr,
  OpSub as SsaSub,
  OpSymAddr,
  OpULe,
  OpULt,
  OpZeroExt,
} from "../ssa/ops.gen.ts";
import { TypeI64, TypeI8, TypePtr, typeSize } from "../ssa/types.ts";
import * as S from "../syntax/kinds.ts";
import { OpAndAnd, OpMul, OpNot, OpOrOr, OpRecv } from "../syntax/tokens.ts";
import type { Expr, IndexExpr, Name, SelectorExpr, SliceExpr } from "../syntax/tree.ts";
import { unparen } from "../syntax/unparen.ts";
import { boolVal, intVal } from "../types/constant/access.ts";
import { toInt } from "../types/constant/operations.ts";
import { KindInt } from "../types/constant/value.ts";
import * as K from "../types/kinds.ts";
import type { Func as FuncObject, Obj, Var } from "../types/object.ts";
import { Typ, type Type } from "../types/types.ts";
import { under } from "../types/under.ts";
import { binary, unaryExpr } from "./operation.ts";
import { type Body, isUnsigned } from "./body.ts";
import { callExpr } from "./call.ts";
import { functionLiteral } from "./closure.ts";
import { constant, constantType } from "./constants.ts";
import { convertTo } from "./convert.ts";
import { assertType } from "./interface.ts";
import { compositeLiteral } from "./literal.ts";
import { mapIndex } from "./map.ts";
import { methodExpression, methodValue } from "./method.ts";
import { isSmall, type Operand } from "./operand.ts";
import type { Shape } from "./shape.ts";
import { receive } from "./chan.ts";
import { hasCall, hoist } from "./order.ts";

/** A value, or (op null) the address of memory that holds it. */
export class Ref {
  readonly addr: Value;
  readonly op: Operand | null;

  constructor(addr: Value, op: Operand | null) {
    this.addr = addr;
    this.op = op;
  }
}

const noValue = 0 as Value;

function valueRef(op: Operand): Ref {
  return op.parts === null && op.addr !== 0 ? new Ref(op.addr, null) : new Ref(noValue, op);
}

/** The value of an expression. Large values are given by address and may change with the variable that they stand in. */
export function expr(g: Body, e: Expr): Operand {
  const known = g.hoisted.get(e.id);
  if (known !== undefined) return known;
  const c = g.env.value(e);
  if (c !== undefined) {
    const t = g.typeOf(e);
    g.b.pos = e.pos;
    if (under(t).kind === K.TInterface) {
      const ct = constantType(c);
      return convertTo(g, constant(g, c, ct), ct, t);
    }
    return constant(g, c, t);
  }
  switch (e.kind) {
    case S.KindParenExpr:
      return expr(g, e.x);
    case S.KindName:
    case S.KindSelectorExpr:
    case S.KindIndexExpr: {
      const r = ref(g, e);
      if (r.op !== null) return r.op;
      g.b.pos = e.pos;
      return g.at(g.shape(g.typeOf(e)), r.addr);
    }
    case S.KindOperation:
      if (e.y !== null) return binary(g, e);
      if (isDeref(e)) {
        const p = pointerOf(g, e.x);
        g.b.pos = e.pos;
        const shape = g.shape(g.typeOf(e));
        return g.at(shape, checked(g, p));
      }
      if (e.op === OpRecv) return receive(g, e, false)[0] as Operand;
      return unaryExpr(g, e);
    case S.KindCallExpr: {
      const results = callExpr(g, e);
      return results.length > 0 ? (results[0] as Operand) : g.zeroValue(g.shape(Typ[K.Int] as Type));
    }
    case S.KindFuncLit:
      return functionLiteral(g, e);
    case S.KindCompositeLit:
      return compositeLiteral(g, e);
    case S.KindSliceExpr:
      return slice(g, e);
    case S.KindAssertExpr: {
      const from = g.typeOf(e.x);
      const x = expr(g, e.x);
      g.b.pos = e.pos;
      return assertType(g, x, from, resultType(g, e), false)[0] as Operand;
    }
    default:
      throw new Error(`expression of kind ${S.kindNames[e.kind]}`);
  }
}

/** The type of an expression that may be recorded as (T, bool) because it is used with comma-ok. */
export function resultType(g: Body, e: Expr): Type {
  const t = g.typeOf(e);
  return t.kind === K.TTuple ? ((t.vars[0] as Var).type as Type) : t;
}

/** The value of an expression converted to a type to which it is assignable. */
export function exprAs(g: Body, e: Expr, target: Type): Operand {
  if (isNil(g, e)) return g.zeroValue(g.shape(target));
  const c = g.env.value(e);
  if (c !== undefined && under(target).kind !== K.TInterface) {
    g.b.pos = e.pos;
    return constant(g, c, target);
  }
  const from = constantExprType(g, e);
  return convertTo(g, expr(g, e), from, target);
}

/** The type of an expression; constants without one get their default. */
export function constantExprType(g: Body, e: Expr): Type {
  const t = resultType(g, e);
  if (t.kind === K.TBasic && (t.info & K.IsUntyped) !== 0) {
    if (t.basic === K.UntypedRune) return Typ[K.Int32] as Type;
    if (t.basic === K.UntypedBool) return Typ[K.Bool] as Type;
    if (t.basic === K.UntypedInt) return Typ[K.Int] as Type;
    if (t.basic === K.UntypedFloat) return Typ[K.Float64] as Type;
    if (t.basic === K.UntypedComplex) return Typ[K.Complex128] as Type;
    if (t.basic === K.UntypedString) return Typ[K.String_] as Type;
  }
  return t;
}

export function isNil(g: Body, e: Expr): boolean {
  return g.env.info.mode(e.id) === K.ModeNilValue;
}

/** All values of an expression: results of a call, value and ok. */
export function multi(g: Body, e: Expr): Operand[] {
  const x = unparen(e);
  switch (x.kind) {
    case S.KindCallExpr:
      return callExpr(g, x);
    case S.KindIndexExpr:
      return mapIndex(g, x, true);
    case S.KindAssertExpr: {
      const v = expr(g, x.x);
      g.b.pos = x.pos;
      return assertType(g, v, g.typeOf(x.x), resultType(g, x), true);
    }
    case S.KindOperation:
      if (x.op === OpRecv && x.y === null) return receive(g, x, true);
      break;
  }
  return [expr(g, e)];
}

/** Types of all values of an expression used where several are wanted. */
export function multiTypes(g: Body, e: Expr): Type[] {
  const t = g.typeOf(e);
  if (t.kind === K.TTuple) return t.vars.map((v) => v.type as Type);
  return [t];
}

/** An expression whose value nobody wants. */
export function discard(g: Body, e: Expr): void {
  const x = unparen(e);
  if (x.kind === S.KindCallExpr) {
    callExpr(g, x);
    return;
  }
  expr(g, e);
}

/** Evaluates a boolean expression for control flow. */
export function condition(g: Body, e: Expr, yes: Block, no: Block, likely: number = LikelyUnknown): void {
  const x = unparen(e);
  const c = g.env.value(x);
  if (c !== undefined) {
    g.b.jump(boolVal(c) ? yes : no);
    return;
  }
  if (x.kind === S.KindOperation && !g.hoisted.has(x.id)) {
    if (x.op === OpNot && x.y === null) {
      condition(g, x.x, no, yes, -likely);
      return;
    }
    if (x.op === OpAndAnd && x.y !== null) {
      const mid = g.b.newBlock();
      condition(g, x.x, mid, no);
      g.b.startSealed(mid);
      condition(g, x.y, yes, no);
      return;
    }
    if (x.op === OpOrOr && x.y !== null) {
      const mid = g.b.newBlock();
      condition(g, x.x, yes, mid);
      g.b.startSealed(mid);
      condition(g, x.y, yes, no);
      return;
    }
  }
  const v = g.one(expr(g, x));
  g.b.pos = x.pos;
  g.b.branch(v, yes, no, likely);
}

export function isDeref(e: Expr): e is Expr & { kind: typeof S.KindOperation } {
  return e.kind === S.KindOperation && e.y === null && e.op === OpMul;
}

/** A pointer that is known not to be nil from how it was made. */
function neverNil(g: Body, p: Value): boolean {
  const { f } = g;
  const op = f.op[p];
  if (op === OpSlotAddr || op === OpSymAddr) return true;
  return op === OpSelect && f.op[f.arg(p, 0)] === OpNew;
}

/** A pointer after a check that it isn't nil. */
export function checked(g: Body, p: Value): Value {
  return neverNil(g, p) ? p : g.b.nilCheck(p);
}

/** The value of a pointer expression. */
function pointerOf(g: Body, e: Expr): Value {
  return g.one(expr(g, e));
}

/** An expression as a value or a place. */
export function ref(g: Body, e: Expr): Ref {
  const known = g.hoisted.get(e.id);
  if (known !== undefined) return valueRef(known);
  if (g.env.value(e) !== undefined) return valueRef(expr(g, e));
  switch (e.kind) {
    case S.KindParenExpr:
      return ref(g, e.x);
    case S.KindName: {
      g.b.pos = e.pos;
      return name(g, e, e);
    }
    case S.KindSelectorExpr:
      return selector(g, e);
    case S.KindIndexExpr:
      return index(g, e);
    case S.KindOperation:
      if (isDeref(e)) {
        const p = pointerOf(g, e.x);
        g.b.pos = e.pos;
        return new Ref(checked(g, p), null);
      }
      return valueRef(expr(g, e));
    default:
      return valueRef(expr(g, e));
  }
}

/** The address of an addressable expression (or of a composite literal's or other value's copy). */
export function addressOf(g: Body, e: Expr): Value {
  const r = ref(g, e);
  if (r.op === null) return r.addr;
  return g.inMemory(r.op);
}

function name(g: Body, n: Name, e: Expr): Ref {
  const obj = g.env.info.uses[n.id] ?? g.env.info.defs[n.id];
  if (obj === undefined) throw new Error(`name ${n.value} means nothing`);
  switch (obj.kind) {
    case K.OVar:
      return variable(g, obj);
    case K.OFunc:
      return new Ref(noValue, functionValue(g, obj, n, g.typeOf(e)));
    case K.ONil:
      return new Ref(noValue, g.zeroValue(g.shape(g.typeOf(e))));
    default:
      throw new Error(`name ${n.value} is no value`);
  }
}

function variable(g: Body, v: Var): Ref {
  if (v.varKind === K.PackageVar) {
    // All that has no size is one, variables and objects.
    if (g.shape(v.type as Type).size === 0) return new Ref(g.b.symbol(g.zeroBase()), null);
    return new Ref(g.b.symbol(g.ctx.variableSym(v)), null);
  }
  const local = g.local(v);
  if (local.variables !== null) return new Ref(noValue, g.getLocal(local));
  return new Ref(g.localAddress(local), null);
}

/** A declared function as a value. */
function functionValue(g: Body, f: FuncObject, n: Name, t: Type): Operand {
  const sym = g.ctx.functionSym({ object: f, typeArgs: g.env.instance(n.id)?.targs ?? [] });
  return g.scalar(g.shape(t), g.b.symbol(g.ctx.funcValueSym(sym)));
}

function selector(g: Body, e: SelectorExpr): Ref {
  const s = g.env.selection(e);
  if (s === undefined) {
    g.b.pos = e.pos;
    return name(g, e.sel, e);
  }
  if (s.kind === K.MethodExpr) return new Ref(noValue, methodExpression(g, e, s));
  if (s.kind === K.MethodVal) return new Ref(noValue, methodValue(g, e, s));
  const base = under(s.recv).kind === K.TPointer ? new Ref(noValue, expr(g, e.x)) : ref(g, e.x);
  g.b.pos = e.pos;
  return walkFields(g, base, s.recv, s.index).ref;
}

/** Follows a path of (embedded) fields, through pointers where they are; also gives the type at the end. */
export function walkFields(g: Body, base: Ref, type: Type, path: readonly number[]): { ref: Ref; type: Type } {
  let { addr, op } = base;
  let t = type;
  for (let i = 0; i < path.length; i++) {
    let u = under(t);
    if (u.kind === K.TPointer) {
      const p = op !== null ? g.one(op) : g.b.load(TypePtr, addr, 0);
      addr = checked(g, p);
      op = null;
      t = u.elem;
      u = under(t);
    }
    if (u.kind !== K.TStruct) throw new Error("a field of no struct");
    const at = path[i] as number;
    const offset = g.shape(t).offsets[at] as number;
    t = (u.fields[at] as Var).type as Type;
    if (op !== null) {
      const field = g.component(op, g.shape(t), offset);
      if (field.parts === null && field.addr !== 0) {
        addr = field.addr;
        op = null;
      } else op = field;
    } else addr = g.b.offset(addr, offset);
  }
  return { ref: new Ref(addr, op), type: t };
}

// ---- Elements

/** An integer value extended to 64 bits by its type. */
export function extend(g: Body, v: Value, t: Type): Value {
  const type = g.f.type[v] as number;
  if (type === TypeI64) return v;
  return g.b.op1(isUnsigned(t) ? OpZeroExt : OpSignExt, TypeI64, v);
}

/** An index: its value as i64. */
export function indexValue(g: Body, e: Expr): Value {
  const c = g.env.value(e);
  if (c !== undefined) {
    const i = c.kind === KindInt ? c : toInt(c);
    return g.b.big(BigInt.asIntN(64, intVal(i as Parameters<typeof intVal>[0])));
  }
  return extend(g, g.one(expr(g, e)), g.typeOf(e));
}

function constantIndex(g: Body, e: Expr): number {
  const c = g.env.value(e);
  if (c === undefined) return -1;
  const i = c.kind === KindInt ? c : toInt(c);
  if (i.kind !== KindInt || i.val > 0x1fffffffffffffn) return -1;
  return Number(i.val);
}

/** Panics unless index < length. */
export function boundsCheck(g: Body, i: Value, length: Value, unsigned: boolean): void {
  const ok = g.b.op2(OpULt, TypeI8, i, length);
  g.check(ok, () => {
    g.runtime(unsigned ? "panicIndexU" : "panicIndex", i, length);
  });
}

export function scaled(g: Body, p: Value, i: Value, size: number): Value {
  if (size === 0) return p;
  const { b, f } = g;
  if (f.op[i] === OpConst) return b.offset(p, f.auxInt(i) * size);
  return b.addPtr(p, size === 1 ? i : b.op2(SsaMul, TypeI64, i, b.int(size)));
}

function index(g: Body, e: IndexExpr): Ref {
  const mode = g.env.info.mode(e.x.id);
  const xt = g.typeOf(e.x);
  const u = under(xt);
  if (mode === K.ModeTypExpr || u.kind === K.TSignature) {
    // An instantiated function.
    const x = unparen(e.x);
    const n = x.kind === S.KindSelectorExpr ? x.sel : (x as Name);
    g.b.pos = e.pos;
    return name(g, n, e);
  }
  if (u.kind === K.TMap) return valueRef(mapIndex(g, e, false)[0] as Operand);
  if (hasCall(g.env, e.index)) {
    hoist(g, e.x);
    hoist(g, e.index);
  }
  switch (u.kind) {
    case K.TBasic: {
      const s = expr(g, e.x);
      const i = indexValue(g, e.index);
      g.b.pos = e.pos;
      boundsCheck(g, i, g.part(s, 1), isUnsigned(g.typeOf(e.index)));
      const v = g.b.load(TypeI8, g.b.addPtr(g.part(s, 0), i));
      return new Ref(noValue, g.scalar(g.shape(g.typeOf(e)), v));
    }
    case K.TSlice: {
      const s = expr(g, e.x);
      const i = indexValue(g, e.index);
      g.b.pos = e.pos;
      boundsCheck(g, i, g.part(s, 1), isUnsigned(g.typeOf(e.index)));
      return new Ref(scaled(g, g.part(s, 0), i, g.shape(u.elem).size), null);
    }
    case K.TPointer: {
      const a = under(u.elem);
      if (a.kind !== K.TArray) throw new Error("an index of a pointer to no array");
      const p = pointerOf(g, e.x);
      const i = indexValue(g, e.index);
      g.b.pos = e.pos;
      const q = checked(g, p);
      arrayBounds(g, e.index, i, a.len);
      return new Ref(scaled(g, q, i, g.shape(a.elem).size), null);
    }
    case K.TArray: {
      const base = ref(g, e.x);
      const i = indexValue(g, e.index);
      g.b.pos = e.pos;
      arrayBounds(g, e.index, i, u.len);
      const elem = g.shape(u.elem);
      if (base.op === null) return new Ref(scaled(g, base.addr, i, elem.size), null);
      // In registers an array has at most one element; a check has made sure that it is the one.
      return valueRef(g.component(base.op, elem, 0));
    }
    default:
      throw new Error(`an index of a type of kind ${u.kind}`);
  }
}

export function arrayBounds(g: Body, e: Expr, i: Value, length: number): void {
  const c = constantIndex(g, e);
  if (c >= 0 && c < length) return;
  boundsCheck(g, i, g.b.int(length), isUnsigned(g.typeOf(e)));
}

// ---- Slices

function slice(g: Body, e: SliceExpr): Operand {
  const xt = g.typeOf(e.x);
  const { b } = g;
  let u = under(xt);
  let pointer: Value;
  let length: Value;
  let capacity: Value;
  let elemSize = 1;
  let isString = false;
  let isArray = false;
  if (e.index.some((i) => i !== null && hasCall(g.env, i))) {
    hoist(g, e.x);
    for (const i of e.index) if (i !== null) hoist(g, i);
  }
  if (u.kind === K.TArray) {
    pointer = addressOf(g, e.x);
    length = b.int(u.len);
    capacity = length;
    elemSize = g.shape(u.elem).size;
    isArray = true;
  } else {
    const x = expr(g, e.x);
    if (u.kind === K.TPointer) {
      u = under(u.elem);
      if (u.kind !== K.TArray) throw new Error("a slice of a pointer to no array");
      pointer = g.one(x);
      length = b.int(u.len);
      capacity = length;
      elemSize = g.shape(u.elem).size;
      isArray = true;
    } else {
      pointer = g.part(x, 0);
      length = g.part(x, 1);
      if (u.kind === K.TSlice) {
        capacity = g.part(x, 2);
        elemSize = g.shape(u.elem).size;
      } else {
        isString = true;
        capacity = length;
      }
    }
  }
  const [e0, e1, e2] = e.index as [Expr | null, Expr | null, Expr | null];
  const i = e0 === null ? null : indexValue(g, e0);
  const j = e1 === null ? null : indexValue(g, e1);
  const k = e2 === null ? null : indexValue(g, e2);
  b.pos = e.pos;
  if (under(xt).kind === K.TPointer) pointer = checked(g, pointer);
  const uns = (x: Expr | null): boolean => x !== null && g.env.value(x) === undefined && isUnsigned(g.typeOf(x));
  const low = i ?? b.int(0);
  const fixedLength = isArray || isString;
  let high: Value;
  let top = capacity;
  if (k !== null) {
    sliceCheck(g, k, capacity, fixedLength ? "panicSlice3Alen" : "panicSlice3Acap", uns(e2));
    top = k;
    high = j ?? length;
    sliceCheck(g, high, k, "panicSlice3B", uns(e1));
    sliceCheck(g, low, high, "panicSlice3C", uns(e0));
  } else {
    if (j !== null) sliceCheck(g, j, capacity, fixedLength ? "panicSliceAlen" : "panicSliceAcap", uns(e1));
    high = j ?? length;
    sliceCheck(g, low, high, "panicSliceB", uns(e0));
  }
  const newLength = subtract(g, high, low);
  const newCapacity = isString ? newLength : top === high ? newLength : subtract(g, top, low);
  const shape = g.shape(g.typeOf(e));
  let p = pointer;
  if (!isZero(g, low) && elemSize !== 0) {
    // With nothing left the pointer must not move: it would point behind the object.
    const delta = elemSize === 1 ? low : b.op2(SsaMul, TypeI64, low, b.int(elemSize));
    const known = constOf(g, newCapacity);
    if (known !== null && known > 0) p = b.addPtr(p, delta);
    else {
      const negative = b.op2(SsaSub, TypeI64, b.int(0), newCapacity);
      const mask = b.op2(OpSar, TypeI64, negative, b.int(63));
      p = b.addPtr(p, b.op2(SsaAnd, TypeI64, delta, mask));
    }
  }
  return g.of(shape, isString ? [p, newLength] : [p, newLength, newCapacity]);
}

export function constOf(g: Body, v: Value): number | null {
  return g.f.op[v] === OpConst ? g.f.auxInt(v) : null;
}

function isZero(g: Body, v: Value): boolean {
  return constOf(g, v) === 0;
}

function subtract(g: Body, x: Value, y: Value): Value {
  if (isZero(g, y)) return x;
  const cx = constOf(g, x);
  const cy = constOf(g, y);
  if (cx !== null && cy !== null) return g.b.int(cx - cy);
  return g.b.op2(SsaSub, TypeI64, x, y);
}

function sliceCheck(g: Body, x: Value, limit: Value, panic: string, unsigned: boolean): void {
  if (x === limit || isZero(g, x)) return;
  const cx = constOf(g, x);
  const cl = constOf(g, limit);
  if (cx !== null && cl !== null && cx >= 0 && cx <= cl) return;
  const ok = g.b.op2(OpULe, TypeI8, x, limit);
  g.check(ok, () => {
    g.runtime(unsigned ? `${panic}U` : panic, x, limit);
  });
}

/** Evaluates several expressions so that their calls come in order and before the rest is read. */
export function hoistAll(g: Body, list: readonly Expr[]): void {
  if (list.length === 0) return;
  let any = false;
  for (let i = 0; i < list.length; i++) if (hasCall(g.env, list[i] as Expr)) any = true;
  if (!any) return;
  if (list.length === 1) return;
  for (let i = 0; i < list.length; i++) hoist(g, list[i] as Expr);
}

export type { Obj, Shape };
export { isSmall, OpLoad, typeSize };
