// Strings: concatenation, and conversions from and to byte slices, rune slices and integers. The runtime makes small results in a buffer of the
// frame where they do not escape (Body.buffer); where a result is looked at only at once, it shares the memory of what it comes from.

import type { Value } from "../ssa/func.ts";
import { OpConst } from "../ssa/ops.gen.ts";
import { NoSym } from "../ssa/symbol.ts";
import * as S from "../syntax/kinds.ts";
import type { CallExpr, Expr } from "../syntax/tree.ts";
import { unparen } from "../syntax/unparen.ts";
import { KindString } from "../types/constant/value.ts";
import * as K from "../types/kinds.ts";
import type { Type } from "../types/types.ts";
import { Typ } from "../types/types.ts";
import { under } from "../types/under.ts";
import { type Body, basicOf } from "./body.ts";
import { constantExprType } from "./expr.ts";
import type { Operand } from "./operand.ts";

/** Calls with this many strings have runtime functions of their own. */
const maxDirect = 5;

/** Sizes of the runtime's buffers: of strings and byte slices, of rune slices, of one character. */
const textBuffer = 32;
const runesBuffer = 128;
const characterBuffer = 4;

/** Byte slices of constant strings up to this length are objects of that size. */
const maxConstant = 1024;

/** Joins two or more strings. */
export function concatStrings(b: Body, list: readonly Operand[]): Operand {
  const parts: Value[] = [];
  if (list.length <= maxDirect) {
    for (const s of list) parts.push(...b.parts(s));
    return b.of(b.stringShape, b.runtime(`concatstring${list.length}`, b.buffer(textBuffer), ...parts));
  }
  const array = b.shape(b.arrayOf(Typ[K.String_] as Type, list.length));
  const at = b.temp(array);
  for (let i = 0; i < list.length; i++) b.put(list[i] as Operand, b.b.offset(at, i * b.stringShape.size));
  const n = b.b.int(list.length);
  return b.of(b.stringShape, b.runtime("concatstrings", b.buffer(textBuffer), at, n, n));
}

/** string(x) of a byte slice. */
export function bytesToString(b: Body, x: Operand): readonly Value[] {
  return b.runtime("slicebytetostring", b.buffer(textBuffer), b.part(x, 0), b.part(x, 1));
}

/** string(x) of a rune slice. */
export function runesToString(b: Body, x: Operand): readonly Value[] {
  return b.runtime("slicerunetostring", b.buffer(textBuffer), ...b.parts(x));
}

/** string(x) of an integer. */
export function runeToString(b: Body, x: Value): readonly Value[] {
  return b.runtime("intstring", b.buffer(characterBuffer), x);
}

/** []byte(x) or []rune(x) of a string. */
export function stringToSlice(b: Body, x: Operand, elem: Type): readonly Value[] {
  const [p, n] = [b.part(x, 0), b.part(x, 1)];
  if (b.shape(elem).size !== 1) return b.runtime("stringtoslicerune", b.buffer(runesBuffer), p, n);
  const length = b.f.op[n] === OpConst ? b.f.auxInt(n) : 0;
  if (length === 0 || length > maxConstant) return b.runtime("stringtoslicebyte", b.buffer(textBuffer), p, n);
  const bytes = b.newElements(elem, n, n);
  b.b.move(bytes, p, length, NoSym);
  return [bytes, n, n];
}

// ---- Without a copy

/** The conversion that an expression is, unless it has been evaluated already. */
function pendingConversion(b: Body, e: Expr): CallExpr | null {
  const x = unparen(e);
  if (x.kind !== S.KindCallExpr || b.env.info.mode(x.fun.id) !== K.ModeTypExpr) return null;
  if (b.env.value(x) !== undefined || b.hoisted.has(e.id) || b.hoisted.has(x.id)) return null;
  return x;
}

/** The byte slice in string(x), null for other expressions. */
function convertedBytes(b: Body, e: Expr): CallExpr | null {
  const x = pendingConversion(b, e);
  if (x === null || !isString(b.typeOf(x))) return null;
  return elementKind(constantExprType(b, x.argList[0] as Expr)) === K.Uint8 ? x : null;
}

/** The string in []byte(x) and []rune(x), null for other expressions. */
export function convertedString(b: Body, e: Expr): Expr | null {
  const x = pendingConversion(b, e);
  const from = x?.argList[0];
  if (x === null || from === undefined || b.env.value(from) !== undefined) return null;
  return elementKind(b.typeOf(x)) >= 0 && isString(b.typeOf(from)) ? from : null;
}

/** Says of an operand that the operation which it is for is done with it before anything else happens: string(bytes) in it needs no copy. */
export function shareOperand(b: Body, e: Expr): void {
  const x = unparen(e);
  if (x.kind === S.KindCompositeLit) {
    const kind = under(b.typeOf(x)).kind;
    if (kind !== K.TStruct && kind !== K.TArray) return;
    for (const y of x.elemList) shareOperand(b, y.kind === S.KindKeyValueExpr ? y.value : y);
    return;
  }
  const c = convertedBytes(b, x);
  if (c !== null) b.shared.add(c.id);
}

/** The same for the operands of a concatenation: with a constant among them that isn't empty, the result is none of them. */
export function shareConcatenated(b: Body, list: readonly Expr[]): void {
  const constant = (e: Expr): boolean => {
    const c = b.env.value(e);
    return c !== undefined && c.kind === KindString && c.val.length > 0;
  };
  if (list.some(constant)) for (const e of list) shareOperand(b, e);
}

/** A byte slice as a string, in the same memory. */
export function shareBytes(b: Body, x: Operand, to: Type): Operand {
  return b.of(b.shape(to), [b.part(x, 0), b.part(x, 1)]);
}

export function isString(t: Type): boolean {
  const basic = basicOf(t);
  return basic !== null && (basic.info & K.IsString) !== 0;
}

/** The kind of the elements of a slice of bytes or runes, -1 for other types. */
function elementKind(t: Type): number {
  const u = under(t);
  if (u.kind !== K.TSlice) return -1;
  const basic = basicOf(u.elem);
  return basic !== null && (basic.basic === K.Uint8 || basic.basic === K.Int32) ? basic.basic : -1;
}
