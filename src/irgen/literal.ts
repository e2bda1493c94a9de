// Composite literals. Small structs are put together from their parts; what lives in memory is filled in place. Literals of constants
// become read-only data that is copied, so a table costs its bytes and not an instruction an element.

import type { Value } from "../ssa/func.ts";
import type { Component } from "../ssa/abi.ts";
import { TypeF32, TypeF64, type ValueType, typeSize } from "../ssa/types.ts";
import * as S from "../syntax/kinds.ts";
import type { CompositeLit, Expr, KeyValueExpr, Name } from "../syntax/tree.ts";
import { boolVal, imag, intVal, real, stringVal } from "../types/constant/access.ts";
import { float32Val, float64Val } from "../types/constant/number.ts";
import { toFloat, toInt } from "../types/constant/operations.ts";
import { type Constant, KindInt } from "../types/constant/value.ts";
import * as K from "../types/kinds.ts";
import type { Var } from "../types/object.ts";
import type { Struct, Type } from "../types/types.ts";
import { under } from "../types/under.ts";
import { type Body, elemOf } from "./body.ts";
import type { StaticReloc } from "./context.ts";
import { exprAs, hoistAll } from "./expr.ts";
import { mapAssignAddress } from "./map.ts";
import { isSmall, Operand } from "./operand.ts";

/** Literals of at least this many bytes are looked at for being constant. */
const minStatic = 32;
/** Arrays above this size are not even laid out if they are mostly zero. */
const maxSparse = 1 << 16;
/** Literals of at least this many bytes may be sparse. */
const minSparse = 1024;
/** Maps with more entries than this get a size hint. */
const smallMap = 8;

/** The value of a literal; for an elided &T{} inside another literal, the pointer. */
export function compositeLiteral(g: Body, e: CompositeLit): Operand {
  const t = g.typeOf(e);
  const shape = g.shape(t);
  const u = under(t);
  switch (u.kind) {
    case K.TPointer:
      return g.scalar(shape, literalAddress(g, e));
    case K.TSlice:
      return sliceLiteral(g, e, t);
    case K.TMap:
      return mapLiteral(g, e, t);
    case K.TStruct:
      if (isSmall(shape)) return smallStruct(g, e, t, u);
      break;
    case K.TArray:
      if (isSmall(shape)) return smallArray(g, e, t);
      break;
    default:
      throw new Error(`a composite literal of a type of kind ${u.kind}`);
  }
  if (e.elemList.length === 0) return g.zeroValue(shape);
  const image = staticImage(g, e, t);
  if (image !== null && !image.isSparse) return new Operand(shape, null, imageAddress(g, image, t), false);
  hoistAll(g, values(e));
  const at = g.temp(shape);
  fill(g, e, t, at);
  return new Operand(shape, null, at, true);
}

/** Whether a literal lives in memory and has only constants in it. */
export function isConstantLiteral(g: Body, e: CompositeLit): boolean {
  const t = g.typeOf(e);
  const { kind } = under(t);
  return (kind === K.TStruct || kind === K.TArray) && !isSmall(g.shape(t)) && staticImage(g, e, t) !== null;
}

/** The address of a new object with the value of a literal: &T{...}. */
export function literalAddress(g: Body, e: CompositeLit): Value {
  const own = g.typeOf(e);
  const u = under(own);
  const t = u.kind === K.TPointer ? u.elem : own;
  const shape = g.shape(t);
  const kind = under(t).kind;
  if ((kind === K.TStruct || kind === K.TArray) && !isSmall(shape)) {
    hoistAll(g, values(e));
    g.b.pos = e.pos;
    const p = g.newObject(t);
    fill(g, e, t, p, true);
    return p;
  }
  let x: Operand;
  if (u.kind !== K.TPointer) x = g.hoisted.get(e.id) ?? compositeLiteral(g, e);
  else if (kind === K.TStruct) x = smallStruct(g, e, t, under(t) as Struct);
  else if (kind === K.TArray) x = smallArray(g, e, t);
  else x = kind === K.TSlice ? sliceLiteral(g, e, t) : mapLiteral(g, e, t);
  x = g.stable(x);
  g.b.pos = e.pos;
  const p = g.newObject(t);
  g.put(x, p);
  return p;
}

/** The elements' values without their keys. */
function values(e: CompositeLit): Expr[] {
  return e.elemList.map((x) => (x.kind === S.KindKeyValueExpr ? x.value : x));
}

// ---- Structs

/** Which field an element sets. */
function fieldIndex(u: Struct, element: Expr, position: number): number {
  if (element.kind !== S.KindKeyValueExpr) return position;
  const key = (element as KeyValueExpr).key as Name;
  const i = u.fields.findIndex((f) => (f as Var).name === key.value);
  if (i < 0) throw new Error(`no field ${key.value}`);
  return i;
}

function isBlank(u: Struct, i: number): boolean {
  return (u.fields[i] as Var).name === "_";
}

function smallStruct(g: Body, e: CompositeLit, t: Type, u: Struct): Operand {
  const shape = g.shape(t);
  hoistAll(g, values(e));
  const fields: (Operand | undefined)[] = [];
  e.elemList.forEach((element, i) => {
    const index = fieldIndex(u, element, i);
    const value = element.kind === S.KindKeyValueExpr ? element.value : element;
    const field = u.fields[index] as Var;
    fields[index] = g.stable(exprAs(g, value, g.env.fixed(field.type as Type)));
  });
  g.b.pos = e.pos;
  const parts: Value[] = [];
  for (let i = 0; i < u.fields.length; i++) {
    const fieldShape = g.shape((u.fields[i] as Var).type as Type);
    // What is given for a field called _ is evaluated and dropped; zero-size fields have no parts.
    const x = (isBlank(u, i) ? undefined : fields[i]) ?? g.zeroValue(fieldShape);
    for (const v of g.parts(x)) parts.push(v);
  }
  return g.of(shape, parts);
}

// ---- Arrays

/** The index of each element, and one more than the largest. */
function indexes(g: Body, e: CompositeLit): { list: number[]; count: number } {
  const list: number[] = [];
  let next = 0;
  let count = 0;
  for (const element of e.elemList) {
    if (element.kind === S.KindKeyValueExpr) {
      const c = g.env.value(element.key);
      if (c === undefined) throw new Error("an index of a literal is no constant");
      const i = c.kind === KindInt ? c : toInt(c);
      next = Number(intVal(i));
    }
    list.push(next++);
    count = Math.max(count, next);
  }
  return { list, count };
}

function smallArray(g: Body, e: CompositeLit, t: Type): Operand {
  const shape = g.shape(t);
  const element = e.elemList[0];
  if (element === undefined) return g.zeroValue(shape);
  const value = element.kind === S.KindKeyValueExpr ? element.value : element;
  return g.retype(exprAs(g, value, elemOf(t)), shape);
}

function sliceLiteral(g: Body, e: CompositeLit, t: Type): Operand {
  const { count } = indexes(g, e);
  const array = g.arrayOf(elemOf(t), count);
  hoistAll(g, values(e));
  g.b.pos = e.pos;
  const p = g.newObject(array);
  if (count > 0) fill(g, e, array, p, true);
  const n = g.b.int(count);
  return g.of(g.shape(t), [p, n, n]);
}

// ---- Memory

/** Whether most of a large array literal is not written. */
function isSparse(g: Body, e: CompositeLit, t: Type): boolean {
  const u = under(t);
  const size = g.shape(t).size;
  return u.kind === K.TArray && size > maxSparse && u.len > 16 * e.elemList.length;
}

/** Writes the value of a struct or array literal to memory that its values do not depend on. `zeroed`: it is zero already. */
export function fill(g: Body, e: CompositeLit, t: Type, at: Value, zeroed = false): void {
  const shape = g.shape(t);
  const image = staticImage(g, e, t);
  if (image !== null && !image.isSparse) {
    g.b.pos = e.pos;
    g.b.move(at, imageAddress(g, image, t), shape.size, g.memoryType(shape));
    return;
  }
  if (!zeroed) g.b.zero(at, shape.size, g.memoryType(shape));
  const u = under(t);
  if (u.kind === K.TStruct) {
    e.elemList.forEach((element, i) => {
      const index = fieldIndex(u, element, i);
      const field = u.fields[index] as Var;
      const value = element.kind === S.KindKeyValueExpr ? element.value : element;
      const type = g.env.fixed(field.type as Type);
      if (isBlank(u, index)) exprAs(g, value, type);
      else fillElement(g, value, type, g.b.offset(at, shape.offsets[index] as number));
    });
    return;
  }
  const elem = elemOf(t);
  const size = g.shape(elem).size;
  const { list } = indexes(g, e);
  e.elemList.forEach((element, i) => {
    const value = element.kind === S.KindKeyValueExpr ? element.value : element;
    fillElement(g, value, elem, g.b.offset(at, (list[i] as number) * size));
  });
}

function fillElement(g: Body, value: Expr, t: Type, at: Value): void {
  const shape = g.shape(t);
  if (value.kind === S.KindCompositeLit && !isSmall(shape)) {
    const kind = under(t).kind;
    if ((kind === K.TStruct || kind === K.TArray) && g.shape(g.typeOf(value)) === shape) {
      fill(g, value, t, at, true);
      return;
    }
  }
  const x = exprAs(g, value, t);
  g.b.pos = value.pos;
  if (shape.size > 0) g.put(x, at);
}

/** The bytes of a literal, if it is worth while and all its values are constants. */
function staticImage(g: Body, e: CompositeLit, t: Type): StaticImage | null {
  const { size } = g.shape(t);
  if (size < minStatic || e.elemList.length === 0 || isSparse(g, e, t)) return null;
  const image = new StaticImage(g, size);
  return image.literal(e, t, 0) ? image : null;
}

function imageAddress(g: Body, image: StaticImage, t: Type): Value {
  return g.b.symbol(g.ctx.staticSym(t, image.bytes, image.relocs, false));
}

/** The bytes of a literal whose values are all constants. */
class StaticImage {
  readonly bytes: Uint8Array;
  readonly relocs: StaticReloc[] = [];
  private readonly g: Body;
  private readonly view: DataView;

  constructor(g: Body, size: number) {
    this.g = g;
    this.bytes = new Uint8Array(size);
    this.view = new DataView(this.bytes.buffer);
  }

  /** Mostly zeros, and so many that they are better made than copied. */
  get isSparse(): boolean {
    const { bytes } = this;
    if (bytes.length < minSparse) return false;
    let used = 16 * this.relocs.length;
    for (let i = 0; i < bytes.length; i++) if (bytes[i] !== 0) used++;
    return used * 8 < bytes.length;
  }

  /** Lays out a struct or array literal at an offset; false: it is not constant. */
  literal(e: CompositeLit, t: Type, offset: number): boolean {
    const { g } = this;
    const u = under(t);
    if (u.kind === K.TStruct) {
      const { offsets } = g.shape(t);
      for (let i = 0; i < e.elemList.length; i++) {
        const element = e.elemList[i] as Expr;
        const index = fieldIndex(u, element, i);
        const value = element.kind === S.KindKeyValueExpr ? element.value : element;
        const type = g.env.fixed((u.fields[index] as Var).type as Type);
        if (isBlank(u, index)) return false;
        if (!this.value(value, type, offset + (offsets[index] as number))) return false;
      }
      return true;
    }
    if (u.kind !== K.TArray) return false;
    const size = g.shape(u.elem).size;
    const { list } = indexes(g, e);
    for (let i = 0; i < e.elemList.length; i++) {
      const element = e.elemList[i] as Expr;
      const value = element.kind === S.KindKeyValueExpr ? element.value : element;
      if (!this.value(value, u.elem, offset + (list[i] as number) * size)) return false;
    }
    return true;
  }

  private value(e: Expr, t: Type, offset: number): boolean {
    const { g } = this;
    const c = g.env.value(e);
    if (c !== undefined) return this.constant(c, t, offset);
    if (g.env.info.mode(e.id) === K.ModeNilValue) return true;
    if (e.kind !== S.KindCompositeLit) return false;
    const kind = under(g.typeOf(e)).kind;
    return (kind === K.TStruct || kind === K.TArray) && under(t).kind === kind && this.literal(e, t, offset);
  }

  private constant(c: Constant, t: Type, offset: number): boolean {
    const u = under(t);
    if (u.kind !== K.TBasic) return false;
    const { components } = this.g.shape(t);
    const first = components[0] as Component;
    if ((u.info & K.IsBoolean) !== 0) {
      this.bytes[offset] = boolVal(c) ? 1 : 0;
      return true;
    }
    if ((u.info & K.IsString) !== 0) {
      const text = stringVal(c);
      if (text.length === 0) return true;
      // Strings of constants hold one byte a character.
      const bytes = Uint8Array.from(text, (char) => char.charCodeAt(0));
      this.relocs.push({ offset, sym: this.g.ctx.stringSym(bytes), addend: 0 });
      this.view.setUint32(offset + 8, bytes.length, true);
      return true;
    }
    if ((u.info & K.IsInteger) !== 0) return this.integer(c, first.type, offset);
    if ((u.info & K.IsFloat) !== 0) return this.float(c, first.type, offset);
    if ((u.info & K.IsComplex) !== 0) {
      return this.float(real(c), first.type, offset) && this.float(imag(c), first.type, offset + typeSize(first.type));
    }
    return false;
  }

  private integer(c: Constant, type: ValueType, offset: number): boolean {
    const i = c.kind === KindInt ? c : toInt(c);
    if (i.kind !== KindInt) return false;
    let n = BigInt.asUintN(64, intVal(i));
    for (let k = 0; k < typeSize(type); k++) {
      this.bytes[offset + k] = Number(n & 0xffn);
      n >>= 8n;
    }
    return true;
  }

  private float(c: Constant, type: ValueType, offset: number): boolean {
    const f = toFloat(c);
    if (type === TypeF32) this.view.setFloat32(offset, float32Val(f), true);
    else if (type === TypeF64) this.view.setFloat64(offset, float64Val(f), true);
    else return false;
    return true;
  }
}

// ---- Maps

function mapLiteral(g: Body, e: CompositeLit, t: Type): Operand {
  const u = under(t);
  if (u.kind !== K.TMap) throw new Error("a map literal of another type");
  g.b.pos = e.pos;
  const count = e.elemList.length;
  const m = count <= smallMap ? g.runtime1("makemap_small") : g.runtime1("makemap", g.typeAddress(t), g.b.int(count), g.b.nil());
  for (const element of e.elemList) {
    const pair = element as KeyValueExpr;
    hoistAll(g, [pair.key, pair.value]);
    const key = g.stable(exprAs(g, pair.key, u.key));
    const value = g.stable(exprAs(g, pair.value, u.elem));
    g.b.pos = element.pos;
    const at = mapAssignAddress(g, t, m, key);
    if (g.shape(u.elem).size > 0) g.put(value, at);
  }
  return g.scalar(g.shape(t), m);
}
