// Conversions between types that are no interfaces (those to interfaces are passed on to interface.ts).

import type { Value } from "../ssa/func.ts";
import {
  OpFloatExt,
  OpFloatToInt,
  OpFloatToUInt,
  OpFloatTrunc,
  OpFRound,
  OpIntToFloat,
  OpIntToPtr,
  OpLe,
  OpPtrToInt,
  OpSignExt,
  OpTrunc,
  OpUIntToFloat,
  OpZeroExt,
} from "../ssa/ops.gen.ts";
import { TypeF32, TypeF64, TypeI32, TypeI64, TypeI8, TypePtr, typeSize, type ValueType } from "../ssa/types.ts";
import * as K from "../types/kinds.ts";
import type { Type } from "../types/types.ts";
import { under } from "../types/under.ts";
import { basicOf, type Body, intType, isInterfaceType, isUnsigned } from "./body.ts";
import { isNilType } from "./compare.ts";
import { toInterface } from "./interface.ts";
import type { Operand } from "./operand.ts";
import { bytesToString, runesToString, runeToString, stringToSlice } from "./string.ts";

/** An integer of one width as one of another. */
export function resize(g: Body, v: Value, unsigned: boolean, to: ValueType): Value {
  const from = g.f.type[v] as ValueType;
  if (from === to) return v;
  if (typeSize(to) < typeSize(from)) return g.b.op1(OpTrunc, to, v);
  return g.b.op1(unsigned ? OpZeroExt : OpSignExt, to, v);
}

/** An integer operand of any type as an i64. */
export function toInt64(g: Body, x: Operand, t: Type): Value {
  return resize(g, g.one(x), isUnsigned(t), TypeI64);
}

function isKind(t: Type, info: number): boolean {
  const b = basicOf(t);
  return b !== null && (b.info & info) !== 0;
}

/** x, of type `from`, converted to type `to`: every conversion of the language, explicit or implied. */
export function convertTo(g: Body, x: Operand, from: Type, to: Type): Operand {
  if (from === to) return x;
  if (isNilType(from)) return g.zeroValue(g.shape(to));
  if (isInterfaceType(to)) return toInterface(g, x, from, to);
  const shape = g.shape(to);
  const u = under(to);
  const f = under(from);
  if (u.kind === K.TBasic) {
    if ((u.info & K.IsString) !== 0) return g.retype(toStringValue(g, x, from), shape);
    if ((u.info & K.IsInteger) !== 0) {
      if (isKind(from, K.IsInteger)) return g.scalar(shape, resize(g, g.one(x), isUnsigned(from), intType(shape.size)));
      if (isKind(from, K.IsFloat)) return g.scalar(shape, floatToInt(g, g.one(x), isUnsigned(to), intType(shape.size)));
      if (g.f.type[g.part(x, 0)] === TypePtr) return g.scalar(shape, g.b.op2(OpPtrToInt, TypeI64, g.one(x), g.b.mem));
    }
    if ((u.info & K.IsFloat) !== 0) {
      const t = shape.size === 4 ? TypeF32 : TypeF64;
      if (isKind(from, K.IsInteger)) return g.scalar(shape, intToFloat(g, g.one(x), isUnsigned(from), t));
      return g.scalar(shape, floatToFloat(g, g.one(x), t));
    }
    if ((u.info & K.IsComplex) !== 0) {
      const t = shape.size === 8 ? TypeF32 : TypeF64;
      return g.of(shape, [floatToFloat(g, g.part(x, 0), t), floatToFloat(g, g.part(x, 1), t)]);
    }
    if (u.basic === K.UnsafePointer && isKind(from, K.IsInteger)) {
      return g.scalar(shape, g.b.op2(OpIntToPtr, TypePtr, resize(g, g.one(x), true, TypeI64), g.b.mem));
    }
    return g.retype(x, shape);
  }
  if (u.kind === K.TSlice && isKind(from, K.IsString)) {
    return g.of(shape, stringToSlice(g, x, u.elem));
  }
  if (f.kind === K.TSlice && u.kind === K.TArray) return g.at(shape, sliceToArray(g, x, u.len));
  if (f.kind === K.TSlice && u.kind === K.TPointer) {
    const a = under(u.elem);
    if (a.kind === K.TArray) return g.scalar(shape, sliceToArray(g, x, a.len));
  }
  return g.retype(x, shape);
}

function sliceToArray(g: Body, x: Operand, n: number): Value {
  const len = g.part(x, 1);
  const want = g.b.int(n);
  g.check(g.b.op2(OpLe, TypeI8, want, len), () => g.runtime("panicSliceConvert", want, len));
  return g.part(x, 0);
}

function toStringValue(g: Body, x: Operand, from: Type): Operand {
  const f = under(from);
  if (f.kind === K.TSlice) {
    const parts = g.shape(f.elem).size === 4 ? runesToString(g, x) : bytesToString(g, x);
    return g.of(g.stringShape, parts);
  }
  if (isKind(from, K.IsInteger)) return g.of(g.stringShape, runeToString(g, toInt64(g, x, from)));
  return x;
}

function intToFloat(g: Body, v: Value, unsigned: boolean, t: ValueType): Value {
  const from = g.f.type[v] as ValueType;
  if (typeSize(from) < 4) return g.b.op1(OpIntToFloat, t, resize(g, v, unsigned, TypeI32));
  return g.b.op1(unsigned ? OpUIntToFloat : OpIntToFloat, t, v);
}

function floatToInt(g: Body, v: Value, unsigned: boolean, t: ValueType): Value {
  if (t === TypeI64) return g.b.op1(unsigned ? OpFloatToUInt : OpFloatToInt, TypeI64, v);
  // Narrow results come from a wider signed conversion.
  if (t === TypeI32 && unsigned) return resize(g, g.b.op1(OpFloatToInt, TypeI64, v), true, t);
  return resize(g, g.b.op1(OpFloatToInt, TypeI32, v), true, t);
}

function floatToFloat(g: Body, v: Value, t: ValueType): Value {
  const from = g.f.type[v] as ValueType;
  if (from === t) return g.b.op1(OpFRound, t, v);
  return g.b.op1(t === TypeF64 ? OpFloatExt : OpFloatTrunc, t, v);
}
