// Interfaces: making interface values, converting between interfaces, type assertions.

import type { Value } from "../ssa/func.ts";
import { boxFunction } from "../ssa/box.ts";
import {
  OpBox,
  OpConst,
  OpConstF,
  OpEq,
  OpFloatToBits,
  OpMul,
  OpNe,
  OpPtrBits,
  OpSelect,
  OpSelectMem,
  OpSymAddr,
  OpZeroExt,
} from "../ssa/ops.gen.ts";
import type { Sym } from "../ssa/symbol.ts";
import { TypeF32, TypeF64, TypeI64, TypeI8, TypeMem, TypePtr, typeSize, TypeTuple, type ValueType } from "../ssa/types.ts";
import { implements_ } from "../types/instantiate.ts";
import * as K from "../types/kinds.ts";
import type { Type } from "../types/types.ts";
import { typeSet } from "../types/typeset.ts";
import { under } from "../types/under.ts";
import { type Body, intType, isInterfaceType } from "./body.ts";
import type { StaticReloc } from "./context.ts";
import { isSmall, type Operand } from "./operand.ts";

/** Whether an interface type has no methods. */
export function isEmptyInterface(t: Type): boolean {
  const u = under(t);
  return u.kind === K.TInterface && typeSet(u).methods.length === 0;
}

/** Whether a concrete type has the methods of an interface (in instances of generic code it may not). */
export function implementsIt(t: Type, iface: Type): boolean {
  return isEmptyInterface(iface) || implements_(null, t, iface, false, null);
}

/** The first word of an interface of type `iface` that holds a value of a concrete type. */
export function interfaceWord(g: Body, concrete: Type, iface: Type): Value {
  if (isEmptyInterface(iface)) return g.b.symbolBits(g.ctx.typeSym(concrete, true));
  return g.b.symbolBits(g.ctx.itabSym(concrete, iface));
}

/** Whether the parts of a value are constants or addresses of data: such a value can be boxed at compile time. */
function constantBox(g: Body, t: Type, x: Operand): Sym | null {
  if (x.parts === null) return null;
  const bytes = new Uint8Array(x.shape.size);
  const view = new DataView(bytes.buffer);
  const relocs: StaticReloc[] = [];
  for (let i = 0; i < x.parts.length; i++) {
    const v = x.parts[i] as Value;
    const { offset, type } = x.shape.components[i] as { offset: number; type: ValueType };
    const op = g.f.op[v];
    if (op === OpSymAddr) relocs.push({ offset, sym: g.f.aux[v] as Sym, addend: g.f.auxInt(v) });
    else if (op === OpConst || op === OpConstF) {
      const bits = g.f.auxBig(v);
      switch (typeSize(type)) {
        case 1:
          view.setUint8(offset, Number(BigInt.asUintN(8, bits)));
          break;
        case 2:
          view.setUint16(offset, Number(BigInt.asUintN(16, bits)), true);
          break;
        case 4:
          view.setUint32(offset, Number(BigInt.asUintN(32, bits)), true);
          break;
        default:
          view.setBigInt64(offset, BigInt.asIntN(64, bits), true);
      }
    } else return null;
  }
  return g.ctx.staticSym(t, bytes, relocs, false);
}

/** The data word for a value. */
function dataWord(g: Body, x: Operand, t: Type): Value {
  const shape = g.shape(t);
  if (shape.direct) return x.parts !== null ? g.one(x) : g.b.load(TypePtr, g.inMemory(x));
  const sym = shape.size === 0 ? g.ctx.staticSym(t, new Uint8Array(0), [], false) : constantBox(g, t, x);
  if (sym !== null) return g.b.symbol(sym);
  return boxed(g, x, t) ?? copied(g, x, t);
}

/** A value in memory of its own. */
function copied(g: Body, x: Operand, t: Type): Value {
  const value = g.stable(x);
  const p = g.newObject(t);
  g.put(value, p);
  return p;
}

/** A value of few parts in memory that never changes; null for others. */
function boxed(g: Body, x: Operand, t: Type): Value | null {
  if (x.parts === null) return null;
  const { b, f } = g;
  const { shape } = x;
  // Numbers in memory start at its lowest address; there must be nothing else, not even padding.
  const parts = x.parts.map((v) => (f.type[v] === TypeF64 || f.type[v] === TypeF32 ? b.op1(OpFloatToBits, intType(shape.size), v) : v));
  if (shape.size === 1 && parts.length === 1) {
    const table = b.symbol(g.ctx.symbols.intern("runtime.staticuint64s"));
    return b.addPtr(table, b.op2(OpMul, TypeI64, b.op1(OpZeroExt, TypeI64, parts[0] as Value), b.int(8)));
  }
  const whole = parts.length === 1 ? typeSize(f.type[parts[0] as Value] as ValueType) : 8 * parts.length;
  const u = under(t);
  const isText = parts.length === 2 && u.kind === K.TBasic && (u.info & K.IsString) !== 0;
  if (whole !== shape.size || (parts.length > 1 && !isText && u.kind !== K.TSlice)) return null;
  if (boxFunction(parts.map((v) => f.type[v] as ValueType)) === "") return null;
  const made = b.opN(OpBox, TypeTuple, [...parts, b.mem]);
  f.setAuxInt(made, shape.size);
  f.aux[made] = g.ctx.typeSym(t, false);
  b.mem = b.op1(OpSelectMem, TypeMem, made);
  return b.opInt1(OpSelect, TypePtr, made, 0);
}

/** The type word of an interface value: 0 for nil. */
export function typeWord(g: Body, x: Operand, t: Type): Value {
  const word = g.part(x, 0);
  if (isEmptyInterface(t)) return word;
  const { b } = g;
  const result = b.newVariable(TypeI64);
  const some = b.newBlock();
  const done = b.newBlock();
  b.write(result, word);
  b.branch(b.op2(OpNe, TypeI8, word, b.int(0)), some, done);
  b.startSealed(some);
  b.write(result, b.load(TypeI64, b.pointerOf(word), 8));
  b.jump(done);
  b.startSealed(done);
  return b.read(result);
}

/** A value as an interface. */
export function toInterface(g: Body, x: Operand, from: Type, to: Type): Operand {
  const shape = g.shape(to);
  if (!isInterfaceType(from)) return g.of(shape, [interfaceWord(g, from, to), dataWord(g, x, from)]);
  if ((isEmptyInterface(from) && isEmptyInterface(to)) || g.ctx.typeId(from) === g.ctx.typeId(to)) return g.retype(x, shape);
  const type = typeWord(g, x, from);
  if (isEmptyInterface(to)) return g.of(shape, [type, g.part(x, 1)]);
  // From more methods to fewer: it can't fail, but nil stays nil.
  return g.of(shape, [findItab(g, type, to, true), g.part(x, 1)]);
}

/** The itab for a type that may be nil; a nil itab if it lacks methods (a panic unless `canFail`). */
export function findItab(g: Body, type: Value, to: Type, canFail: boolean): Value {
  const { b } = g;
  const ask = (): Value =>
    b.op1(OpPtrBits, TypeI64, g.runtime1("typeAssert", b.symbol(g.ctx.typeAssertSym(to, canFail)), b.pointerOf(type)));
  if (!canFail) return ask();
  // The runtime's cache has no place for nil.
  const result = b.newVariable(TypeI64);
  const some = b.newBlock();
  const done = b.newBlock();
  b.write(result, b.int(0));
  b.branch(b.op2(OpNe, TypeI8, type, b.int(0)), some, done);
  b.startSealed(some);
  b.write(result, ask());
  b.jump(done);
  b.startSealed(done);
  return b.read(result);
}

/** The value of a concrete type that an interface is known to hold. */
export function unbox(g: Body, data: Value, t: Type): Operand {
  const shape = g.shape(t);
  if (shape.direct) {
    if (isSmall(shape)) return g.of(shape, [data]);
    const at = g.temp(shape);
    g.b.store(at, 0, data);
    return g.at(shape, at, true);
  }
  if (shape.size === 0) return g.zeroValue(shape);
  // What interfaces hold never changes.
  return g.at(shape, data, true);
}

/** Whether an interface value holds a concrete type. */
export function holds(g: Body, x: Operand, xt: Type, t: Type): Value {
  if (!implementsIt(t, xt)) return g.b.int(0, TypeI8);
  return g.b.op2(OpEq, TypeI8, typeWord(g, x, xt), g.b.symbolBits(g.ctx.typeSym(t, false)));
}

/** x.(T) for a concrete or interface type; panics when it fails. */
function assertOrPanic(g: Body, x: Operand, xt: Type, t: Type): Operand {
  const { b } = g;
  const shape = g.shape(t);
  if (isInterfaceType(t)) {
    const type = typeWord(g, x, xt);
    if (isEmptyInterface(t)) {
      g.check(b.op2(OpNe, TypeI8, type, b.int(0)), () => g.runtime("panicnildottype", b.symbol(g.ctx.printedTypeSym(t))));
      return g.of(shape, [type, g.part(x, 1)]);
    }
    return g.of(shape, [findItab(g, type, t, false), g.part(x, 1)]);
  }
  g.check(holds(g, x, xt, t), () => {
    const name = isEmptyInterface(xt) ? "panicdottypeE" : "panicdottypeI";
    g.runtime(name, b.pointerOf(g.part(x, 0)), b.symbol(g.ctx.printedTypeSym(t)), g.typeAddress(xt));
  });
  return unbox(g, g.part(x, 1), t);
}

/** x.(T): the value, or value and ok. */
export function assertType(g: Body, x: Operand, xt: Type, t: Type, commaOk: boolean): Operand[] {
  if (!commaOk) return [assertOrPanic(g, x, xt, t)];
  const r = assertTypeOk(g, x, xt, t);
  return [r.value, g.bool(r.ok)];
}

/** x.(T) with a second result instead of a panic. */
export function assertTypeOk(g: Body, x: Operand, xt: Type, t: Type): { readonly value: Operand; readonly ok: Value } {
  const { b } = g;
  const shape = g.shape(t);
  if (isInterfaceType(t)) {
    let word = typeWord(g, x, xt);
    if (!isEmptyInterface(t)) word = findItab(g, word, t, true);
    const ok = b.op2(OpNe, TypeI8, word, b.int(0));
    const data = b.newVariable(TypePtr);
    const some = b.newBlock();
    const done = b.newBlock();
    b.write(data, b.nil());
    b.branch(ok, some, done);
    b.startSealed(some);
    b.write(data, g.part(x, 1));
    b.jump(done);
    b.startSealed(done);
    return { value: g.of(shape, [word, b.read(data)]), ok };
  }
  const ok = holds(g, x, xt, t);
  return { value: chosen(g, ok, shape, () => unbox(g, g.part(x, 1), t)), ok };
}

/** A value that is made if a condition holds, else zero. */
export function chosen(g: Body, ok: Value, shape: Operand["shape"], make: () => Operand): Operand {
  const { b } = g;
  const local = g.newLocal(shape, "", false);
  if (isSmall(shape)) g.setLocal(local, g.zeroValue(shape));
  const yes = b.newBlock();
  const no = b.newBlock();
  const done = b.newBlock();
  b.branch(ok, yes, no);
  b.startSealed(yes);
  g.setLocal(local, make());
  b.jump(done);
  b.startSealed(no);
  if (!isSmall(shape)) g.setLocal(local, g.zeroValue(shape));
  b.jump(done);
  b.startSealed(done);
  return g.getLocal(local);
}
