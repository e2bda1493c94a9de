// Strings: concatenation, and conversions from and to byte slices, rune slices and integers.

import type { Value } from "../ssa/func.ts";
import * as K from "../types/kinds.ts";
import type { Type } from "../types/types.ts";
import { Typ } from "../types/types.ts";
import { under } from "../types/under.ts";
import { type Body, basicOf, elemOf } from "./body.ts";
import type { Operand } from "./operand.ts";

/** Calls with this many strings have runtime functions of their own. */
const maxDirect = 5;

/** Joins two or more strings. */
export function concatStrings(b: Body, list: readonly Operand[]): Operand {
  const parts: Value[] = [];
  if (list.length <= maxDirect) {
    for (const s of list) parts.push(...b.parts(s));
    return b.of(b.stringShape, b.runtime(`concatstring${list.length}`, b.b.nil(), ...parts));
  }
  const array = b.shape(b.arrayOf(Typ[K.String_] as Type, list.length));
  const at = b.temp(array);
  for (let i = 0; i < list.length; i++) b.put(list[i] as Operand, b.b.offset(at, i * b.stringShape.size));
  const n = b.b.int(list.length);
  return b.of(b.stringShape, b.runtime("concatstrings", b.b.nil(), at, n, n));
}

/** How a conversion that involves strings is done. */
export const NoStringConversion = 0;
export const FromBytes = 1;
export const FromRunes = 2;
export const ToBytes = 3;
export const ToRunes = 4;
export const FromInteger = 5;

/** Which of the conversions above leads from one type to another. */
export function stringConversionKind(from: Type, to: Type): number {
  if (isString(to)) {
    const element = sliceElement(from);
    if (element === K.Uint8) return FromBytes;
    if (element === K.Int32) return FromRunes;
    const basic = basicOf(from);
    return basic !== null && (basic.info & K.IsInteger) !== 0 ? FromInteger : NoStringConversion;
  }
  if (isString(from)) {
    const element = sliceElement(to);
    if (element === K.Uint8) return ToBytes;
    if (element === K.Int32) return ToRunes;
  }
  return NoStringConversion;
}

/** Does one of the conversions above. For FromInteger, `x` is an i64 already. */
export function convertString(b: Body, kind: number, x: Operand, to: Type): Operand {
  const shape = b.shape(to);
  const nil = b.b.nil();
  switch (kind) {
    case FromBytes:
      return b.of(shape, b.runtime("slicebytetostring", nil, b.part(x, 0), b.part(x, 1)));
    case FromRunes:
      return b.of(shape, b.runtime("slicerunetostring", nil, ...b.parts(x)));
    case ToBytes:
      return b.of(shape, b.runtime("stringtoslicebyte", nil, ...b.parts(x)));
    case ToRunes:
      return b.of(shape, b.runtime("stringtoslicerune", nil, ...b.parts(x)));
    case FromInteger:
      return b.of(shape, b.runtime("intstring", nil, b.one(x)));
    default:
      throw new Error("no conversion that involves strings");
  }
}

export function isString(t: Type): boolean {
  const basic = basicOf(t);
  return basic !== null && (basic.info & K.IsString) !== 0;
}

/** The basic kind of a slice's elements, -1 for other types. */
function sliceElement(t: Type): number {
  if (under(t).kind !== K.TSlice) return -1;
  const basic = basicOf(elemOf(t));
  return basic === null ? -1 : basic.basic;
}
