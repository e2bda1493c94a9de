// Constants as values of a type.

import type { Value } from "../ssa/func.ts";
import { TypeF32, TypeF64, TypeI64, TypeI8, type ValueType } from "../ssa/types.ts";
import { boolVal, imag, intVal, real, stringVal } from "../types/constant/access.ts";
import { float32Val, float64Val } from "../types/constant/number.ts";
import { toFloat, toInt } from "../types/constant/operations.ts";
import { type Constant, KindBool, KindComplex, KindFloat, KindInt, KindString } from "../types/constant/value.ts";
import * as K from "../types/kinds.ts";
import { Typ, type Type } from "../types/types.ts";
import { under } from "../types/under.ts";
import type { Body } from "./body.ts";
import type { Operand } from "./operand.ts";

/** The type that a constant has in an interface when nothing else says. */
export function constantType(val: Constant): Type {
  const kind =
    val.kind === KindBool
      ? K.Bool
      : val.kind === KindString
        ? K.String_
        : val.kind === KindInt
          ? K.Int
          : val.kind === KindComplex
            ? K.Complex128
            : K.Float64;
  return Typ[kind] as Type;
}

/** A constant as a value of a basic type (not an interface). */
export function constant(g: Body, val: Constant, type: Type): Operand {
  const shape = g.shape(type);
  const u = under(type);
  if (u.kind !== K.TBasic) throw new Error(`a constant of a type of kind ${u.kind}`);
  if ((u.info & K.IsBoolean) !== 0) return g.scalar(shape, g.b.int(boolVal(val) ? 1 : 0, TypeI8));
  if ((u.info & K.IsString) !== 0) return g.of(shape, stringParts(g, stringVal(val)));
  if ((u.info & K.IsInteger) !== 0) return g.scalar(shape, integer(g, val, (shape.components[0] as { type: ValueType }).type));
  if ((u.info & K.IsFloat) !== 0) return g.scalar(shape, float(g, val, (shape.components[0] as { type: ValueType }).type));
  if ((u.info & K.IsComplex) !== 0) {
    const t = (shape.components[0] as { type: ValueType }).type;
    return g.of(shape, [float(g, real(val), t), float(g, imag(val), t)]);
  }
  if (u.basic === K.UnsafePointer) return g.scalar(shape, g.b.nil());
  throw new Error(`a constant of type ${u.name}`);
}

function integer(g: Body, val: Constant, type: ValueType): Value {
  const i = val.kind === KindInt ? val : toInt(val);
  if (i.kind !== KindInt) throw new Error("an integer constant is none");
  const bits = type === TypeI64 ? 64 : type === TypeI8 ? 8 : type === TypeI8 + 1 ? 16 : 32;
  return g.b.big(BigInt.asIntN(bits, intVal(i)), type);
}

function float(g: Body, val: Constant, type: ValueType): Value {
  const f = val.kind === KindFloat || val.kind === KindInt ? val : toFloat(val);
  return g.b.float(type === TypeF32 ? float32Val(f) : float64Val(f), type === TypeF32 ? TypeF32 : TypeF64);
}

/** Pointer and length of a constant string (a byte string). */
export function stringParts(g: Body, s: string): Value[] {
  if (s.length === 0) return [g.b.nil(), g.b.int(0)];
  const bytes = new Uint8Array(s.length);
  for (let i = 0; i < s.length; i++) bytes[i] = s.charCodeAt(i);
  return [g.b.symbol(g.ctx.stringSym(bytes)), g.b.int(s.length)];
}
