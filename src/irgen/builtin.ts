// The predeclared functions, and those of package unsafe. Constant calls (len of an array, unsafe.Sizeof) have their value from the checker and
// don't come here.

import { LikelyTrue, type Value } from "../ssa/func.ts";
import { OpAdd, OpAddPtr, OpCondSelect, OpEq, OpFMax, OpFMin, OpLe, OpLt, OpMul, OpULe, OpULt } from "../ssa/ops.gen.ts";
import { TypeI64, TypeI8, TypePtr, type ValueType } from "../ssa/types.ts";
import * as S from "../syntax/kinds.ts";
import type { CallExpr, Expr } from "../syntax/tree.ts";
import { unparen } from "../syntax/unparen.ts";
import * as K from "../types/kinds.ts";
import { type Type, Typ } from "../types/types.ts";
import { emptyInterface } from "../types/universe.ts";
import { typeSet } from "../types/typeset.ts";
import { under } from "../types/under.ts";
import { basicOf, type Body, elemOf, type Environment, isUnsigned } from "./body.ts";
import { constantExprType, expr, exprAs, extend, indexValue, multi, multiTypes, scaled } from "./expr.ts";
import { mapDelete } from "./map.ts";
import type { Operand } from "./operand.ts";
import { builtinOf } from "./order.ts";
import type { Shape } from "./shape.ts";
import { convertedString, isString } from "./string.ts";

/** Calls a built-in function by its number (kinds.ts); none or one result. */
export function builtinCall(g: Body, e: CallExpr, id: number): Operand[] {
  switch (id) {
    case K.BAppend:
      return [append(g, e)];
    case K.BCap:
    case K.BLen:
      return [length(g, e, id === K.BCap)];
    case K.BClear:
      return clear(g, e);
    case K.BClose: {
      const c = g.one(expr(g, argument(e, 0)));
      g.b.pos = e.pos;
      g.runtime("closechan", c);
      return [];
    }
    case K.BComplex:
      return [complex(g, e)];
    case K.BReal:
    case K.BImag:
      return [g.component(expr(g, argument(e, 0)), g.shape(g.typeOf(e)), id === K.BReal ? 0 : g.shape(g.typeOf(e)).size)];
    case K.BCopy:
      return [copy(g, e)];
    case K.BDelete: {
      const t = g.typeOf(argument(e, 0));
      const m = g.stable(expr(g, argument(e, 0)));
      const u = under(t);
      const key = exprAs(g, argument(e, 1), u.kind === K.TMap ? u.key : t);
      g.b.pos = e.pos;
      mapDelete(g, t, m, key);
      return [];
    }
    case K.BMake:
      return [make(g, e)];
    case K.BMax:
    case K.BMin:
      return [minMax(g, e, id === K.BMax)];
    case K.BNew:
      return [newCall(g, e)];
    case K.BPanic: {
      const x = exprAs(g, argument(e, 0), emptyInterface);
      g.b.pos = e.pos;
      g.runtime("gopanic", ...g.parts(x));
      return [];
    }
    case K.BPrint:
    case K.BPrintln:
      return print(g, e, id === K.BPrintln);
    case K.BRecover:
      g.b.pos = e.pos;
      return [g.of(g.shape(g.typeOf(e)), g.runtime("gorecover"))];
    case K.BAdd: {
      const p = g.one(expr(g, argument(e, 0)));
      const n = indexValue(g, argument(e, 1));
      return [g.scalar(g.shape(g.typeOf(e)), g.b.op2(OpAddPtr, TypePtr, p, n))];
    }
    case K.BSlice:
      return [unsafeSlice(g, e)];
    case K.BString:
      return [unsafeString(g, e)];
    case K.BSliceData:
    case K.BStringData:
      return [g.scalar(g.shape(g.typeOf(e)), g.part(expr(g, argument(e, 0)), 0))];
    case K.BOffsetof:
      return [offset(g, e)];
    case K.BSizeof:
    case K.BAlignof:
      return [sizeOrAlign(g, e, id === K.BSizeof)];
    default:
      throw new Error(`built-in function ${id}`);
  }
}

function argument(e: CallExpr, i: number): Expr {
  const a = e.argList[i];
  if (a === undefined) throw new Error(`call has no argument ${i}`);
  return a;
}

/** Sizes that depend on type arguments are no constants for the checker. */
function sizeOrAlign(g: Body, e: CallExpr, size: boolean): Operand {
  const shape = g.shape(constantExprType(g, argument(e, 0)));
  return g.scalar(g.shape(g.typeOf(e)), g.b.int(size ? shape.size : shape.align));
}

function offset(g: Body, e: CallExpr): Operand {
  const a = unparen(argument(e, 0));
  const s = g.env.selection(a);
  if (s === undefined) throw new Error("an offset of no field");
  let t = s.recv;
  let n = 0;
  for (const i of s.index) {
    let u = under(t);
    if (u.kind === K.TPointer) {
      t = u.elem;
      u = under(t);
    }
    if (u.kind !== K.TStruct) throw new Error("an offset of no field");
    n += g.shape(t).offsets[i] as number;
    t = (u.fields[i] as { type: Type | null }).type as Type;
  }
  return g.scalar(g.shape(g.typeOf(e)), g.b.int(n));
}

// ---- Lengths

function length(g: Body, e: CallExpr, capacity: boolean): Operand {
  const a = argument(e, 0);
  const t = g.typeOf(a);
  let u = under(t);
  if (u.kind === K.TPointer) u = under(u.elem);
  const text = u.kind === K.TSlice && !capacity ? convertedString(g, a) : null;
  if (text !== null) {
    const s = expr(g, text);
    g.b.pos = e.pos;
    return g.int(g.shape(elemOf(t)).size === 1 ? g.part(s, 1) : g.runtime1("countrunes", ...g.parts(s)));
  }
  switch (u.kind) {
    case K.TArray: {
      // Evaluated for its calls and receives; a nil pointer to an array has a length too.
      expr(g, a);
      return g.int(g.b.int(u.len));
    }
    case K.TSlice:
      return g.int(g.part(expr(g, a), capacity ? 2 : 1));
    case K.TMap:
      return g.int(mapLength(g, g.one(expr(g, a))));
    case K.TChan: {
      const c = g.one(expr(g, a));
      g.b.pos = e.pos;
      return g.int(g.runtime1(capacity ? "chancap" : "chanlen", c));
    }
    default:
      return g.int(g.part(expr(g, a), 1));
  }
}

/** The number of entries is the first word of a map; a nil map has none. */
export function mapLength(g: Body, m: Value): Value {
  const { b } = g;
  const n = b.newVariable(TypeI64);
  b.write(n, b.int(0));
  const some = b.newBlock();
  const done = b.newBlock();
  b.branch(b.op2(OpEq, TypeI8, m, b.nil()), done, some);
  b.startSealed(some);
  b.write(n, b.load(TypeI64, m));
  b.jump(done);
  b.startSealed(done);
  return b.read(n);
}

// ---- Slices

/** Grows a slice by `count` elements; the parts of the longer slice, whose new elements are not set yet. */
function grow(g: Body, parts: readonly Value[], count: Value, elem: Type): [Value, Value, Value] {
  const { b } = g;
  const [p, n, c] = parts as [Value, Value, Value];
  const pointer = b.newVariable(TypePtr);
  const cap = b.newVariable(TypeI64);
  b.write(pointer, p);
  b.write(cap, c);
  const newLength = b.op2(OpAdd, TypeI64, n, count);
  const more = b.newBlock();
  const enough = b.newBlock();
  b.branch(b.op2(OpULe, TypeI8, newLength, c), enough, more, LikelyTrue);
  b.startSealed(more);
  const grown = g.runtime("growslice", p, newLength, c, count, g.typeAddress(elem));
  b.write(pointer, grown[0] as Value);
  b.write(cap, grown[2] as Value);
  b.jump(enough);
  b.startSealed(enough);
  return [b.read(pointer), newLength, b.read(cap)];
}

function append(g: Body, e: CallExpr): Operand {
  const t = g.typeOf(e);
  const shape = g.shape(t);
  const elem = elemOf(t);
  const elemShape = g.shape(elem);
  const { b } = g;
  let s = exprAs(g, argument(e, 0), t);
  if (e.argList.length === 1) return g.retype(s, shape);
  if (e.hasDots) {
    const more = argument(e, 1);
    const isNilArgument = g.env.info.mode(more.id) === K.ModeNilValue;
    if (isNilArgument) return g.retype(s, shape);
    const x = expr(g, more);
    g.b.pos = e.pos;
    const count = g.part(x, 1);
    const before = g.part(s, 1);
    const longer = grow(g, g.parts(s), count, elem);
    if (elemShape.size > 0) moveElements(g, scaled(g, longer[0], before, elemShape.size), g.part(x, 0), count, elemShape);
    return g.of(shape, longer);
  }
  s = g.stable(s);
  const values: Operand[] = [];
  for (let i = 1; i < e.argList.length; i++) values.push(g.stable(exprAs(g, argument(e, i), elem)));
  g.b.pos = e.pos;
  const before = g.part(s, 1);
  const longer = grow(g, g.parts(s), b.int(values.length), elem);
  if (elemShape.size > 0) {
    const at = scaled(g, longer[0], before, elemShape.size);
    for (let i = 0; i < values.length; i++) g.put(values[i] as Operand, b.offset(at, i * elemShape.size));
  }
  return g.of(shape, longer);
}

/** The make(T, n) in append(s, make(T, n)...), which appends n zeros; null for other calls. */
export function appendedMake(env: Environment, e: CallExpr): CallExpr | null {
  if (!e.hasDots || e.argList.length !== 2) return null;
  const x = unparen(e.argList[1] as Expr);
  if (x.kind !== S.KindCallExpr || x.argList.length !== 2 || env.info.mode(x.fun.id) !== K.ModeBuiltin) return null;
  return builtinOf(env.info, x.fun) === K.BMake && under(env.typeOf(x)).kind === K.TSlice ? x : null;
}

/** append(s, make(T, n)...): the slice is made longer in one step. */
export function appendZeros(g: Body, e: CallExpr, made: CallExpr): Operand {
  const { b } = g;
  const t = g.typeOf(e);
  const elem = elemOf(t);
  const shape = g.shape(elem);
  const s = g.stable(exprAs(g, argument(e, 0), t));
  const count = indexValue(g, argument(made, 1));
  b.pos = e.pos;
  g.check(b.op2(OpLe, TypeI8, b.int(0), count), () => g.runtime("panicmakeslicelen"));
  const before = g.part(s, 1);
  const longer = grow(g, g.parts(s), count, elem);
  if (shape.size > 0) clearElements(g, scaled(g, longer[0], before, shape.size), count, shape);
  return g.of(g.shape(t), longer);
}

function clearElements(g: Body, p: Value, count: Value, elem: Shape): void {
  const bytes = elem.size === 1 ? count : g.b.op2(OpMul, TypeI64, count, g.b.int(elem.size));
  g.runtime(elem.pointerBytes > 0 ? "memclrHasPointers" : "memclrNoHeapPointers", p, bytes);
}

function moveElements(g: Body, to: Value, from: Value, count: Value, elem: Shape): void {
  g.copyElements(to, from, elem.size === 1 ? count : g.b.op2(OpMul, TypeI64, count, g.b.int(elem.size)), elem);
}

function copy(g: Body, e: CallExpr): Operand {
  const { b } = g;
  const t = g.typeOf(argument(e, 0));
  const elem = g.shape(elemOf(t));
  const to = g.stable(expr(g, argument(e, 0)));
  const from = expr(g, argument(e, 1));
  b.pos = e.pos;
  const [a, c] = [g.part(to, 1), g.part(from, 1)];
  const n = b.op3(OpCondSelect, TypeI64, a, c, b.op2(OpLt, TypeI8, a, c));
  if (elem.size > 0) moveElements(g, g.part(to, 0), g.part(from, 0), n, elem);
  return g.int(n);
}

function clear(g: Body, e: CallExpr): Operand[] {
  const { b } = g;
  const t = g.typeOf(argument(e, 0));
  const x = expr(g, argument(e, 0));
  b.pos = e.pos;
  if (under(t).kind === K.TMap) {
    g.runtime("mapclear", g.typeAddress(t), g.one(x));
    return [];
  }
  const shape = g.shape(elemOf(t));
  if (shape.size === 0) return [];
  clearElements(g, g.part(x, 0), g.part(x, 1), shape);
  return [];
}

// ---- Making

function make(g: Body, e: CallExpr): Operand {
  const { b } = g;
  const t = g.typeOf(e);
  const shape = g.shape(t);
  const size = (i: number): Value => (e.argList.length > i ? indexValue(g, argument(e, i)) : b.int(0));
  switch (under(t).kind) {
    case K.TSlice: {
      const elem = elemOf(t);
      const n = size(1);
      const c = e.argList.length > 2 ? size(2) : n;
      b.pos = e.pos;
      return g.of(shape, [g.newElements(elem, n, c), n, c]);
    }
    case K.TMap: {
      if (e.argList.length === 1) {
        b.pos = e.pos;
        return g.scalar(shape, g.runtime1("makemap_small"));
      }
      const hint = size(1);
      b.pos = e.pos;
      return g.scalar(shape, g.runtime1("makemap", g.typeAddress(t), hint, b.nil()));
    }
    case K.TChan: {
      const n = size(1);
      b.pos = e.pos;
      return g.scalar(shape, g.runtime1("makechan", g.typeAddress(t), n));
    }
    default:
      throw new Error("make of a type that has none");
  }
}

function newCall(g: Body, e: CallExpr): Operand {
  const pointer = g.typeOf(e);
  const elem = elemOf(pointer);
  const a = argument(e, 0);
  if (g.env.info.mode(a.id) === K.ModeTypExpr) {
    g.b.pos = e.pos;
    return g.scalar(g.shape(pointer), g.newObject(elem));
  }
  const x = g.stable(exprAs(g, a, elem));
  g.b.pos = e.pos;
  const p = g.newObject(elem);
  g.put(x, p);
  return g.scalar(g.shape(pointer), p);
}

function complex(g: Body, e: CallExpr): Operand {
  const shape = g.shape(g.typeOf(e));
  if (e.argList.length === 1) {
    const x = multi(g, argument(e, 0));
    return g.of(shape, [g.one(x[0] as Operand), g.one(x[1] as Operand)]);
  }
  const part = Typ[shape.size === 8 ? K.Float32 : K.Float64] as Type;
  const re = exprAs(g, argument(e, 0), part);
  const im = exprAs(g, argument(e, 1), part);
  return g.of(shape, [g.one(re), g.one(im)]);
}

function minMax(g: Body, e: CallExpr, max: boolean): Operand {
  const { b } = g;
  const t = g.typeOf(e);
  const shape = g.shape(t);
  let best = g.stable(exprAs(g, argument(e, 0), t));
  const basic = basicOf(t);
  const info = basic === null ? 0 : basic.info;
  for (let i = 1; i < e.argList.length; i++) {
    const x = exprAs(g, argument(e, i), t);
    b.pos = e.pos;
    if (isString(t)) {
      best = g.of(shape, g.runtime(max ? "strmax" : "strmin", ...g.parts(best), ...g.parts(x)));
      continue;
    }
    const [v, w] = [g.one(best), g.one(x)];
    const type = g.f.type[v] as ValueType;
    if ((info & K.IsFloat) !== 0) {
      best = g.scalar(shape, b.op2(max ? OpFMax : OpFMin, type, v, w));
      continue;
    }
    const less = b.op2(isUnsigned(t) ? OpULt : OpLt, TypeI8, max ? w : v, max ? v : w);
    best = g.scalar(shape, b.op3(OpCondSelect, type, v, w, less));
  }
  return best;
}

// ---- Printing

function print(g: Body, e: CallExpr, line: boolean): Operand[] {
  const values: { x: Operand; type: Type }[] = [];
  for (const a of e.argList) {
    if (e.argList.length === 1 && g.typeOf(a).kind === K.TTuple) {
      const types = multiTypes(g, a);
      multi(g, a).forEach((x, i) => values.push({ x, type: types[i] as Type }));
      continue;
    }
    let type = constantExprType(g, a);
    const basic = basicOf(type);
    // Constants print with all their digits.
    if (g.env.value(a) !== undefined && basic !== null && basic.basic === K.Int) type = Typ[K.Int64] as Type;
    const nil = g.env.info.mode(a.id) === K.ModeNilValue;
    values.push({ x: g.stable(nil ? g.pointer(g.b.nil()) : exprAs(g, a, type)), type: nil ? (Typ[K.UnsafePointer] as Type) : type });
  }
  g.b.pos = e.pos;
  g.runtime("printlock");
  values.forEach(({ x, type }, i) => {
    if (line && i > 0) g.runtime("printsp");
    printValue(g, x, type);
  });
  if (line) g.runtime("printnl");
  g.runtime("printunlock");
  return [];
}

/** Whether a type is one of those of the runtime that print in a way of their own (quoted and hex). */
function runtimeTypeIs(type: Type, name: string): boolean {
  return type.kind === K.TNamed && type.obj.name === name && /(^|\/)runtime$/.test(type.obj.pkg?.path ?? "");
}

function printValue(g: Body, x: Operand, type: Type): void {
  const u = under(type);
  if (u.kind === K.TBasic) {
    const v = g.part(x, 0);
    if ((u.info & K.IsString) !== 0) g.runtime(runtimeTypeIs(type, "quoted") ? "printquoted" : "printstring", ...g.parts(x));
    else if ((u.info & K.IsBoolean) !== 0) g.runtime("printbool", v);
    else if (u.basic === K.Float32) g.runtime("printfloat32", v);
    else if ((u.info & K.IsFloat) !== 0) g.runtime("printfloat64", v);
    else if (u.basic === K.Complex64) g.runtime("printcomplex64", ...g.parts(x));
    else if ((u.info & K.IsComplex) !== 0) g.runtime("printcomplex128", ...g.parts(x));
    else if (u.basic === K.UnsafePointer) g.runtime("printpointer", v);
    else if ((u.info & K.IsUnsigned) !== 0) {
      g.runtime(runtimeTypeIs(type, "hex") ? "printhex" : "printuint", extend(g, v, type));
    } else g.runtime("printint", extend(g, v, type));
    return;
  }
  switch (u.kind) {
    case K.TInterface:
      g.runtime(typeSet(u).methods.length === 0 ? "printeface" : "printiface", g.b.pointerOf(g.part(x, 0)), g.part(x, 1));
      return;
    case K.TSlice:
      g.runtime("printslice", ...g.parts(x));
      return;
    default:
      g.runtime("printpointer", g.part(x, 0));
  }
}

// ---- unsafe

function unsafeSlice(g: Body, e: CallExpr): Operand {
  const t = g.typeOf(e);
  const p = g.one(expr(g, argument(e, 0)));
  const n = indexValue(g, argument(e, 1));
  g.b.pos = e.pos;
  g.runtime("unsafeslice", g.typeAddress(elemOf(t)), p, n);
  return g.of(g.shape(t), [p, n, n]);
}

function unsafeString(g: Body, e: CallExpr): Operand {
  const p = g.one(expr(g, argument(e, 0)));
  const n = indexValue(g, argument(e, 1));
  g.b.pos = e.pos;
  g.runtime("unsafestring", p, n);
  return g.of(g.shape(g.typeOf(e)), [p, n]);
}
