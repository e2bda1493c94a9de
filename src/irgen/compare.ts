// Comparisons of values of every comparable type.

import { assignAbi } from "../ssa/abi.ts";
import type { Value } from "../ssa/func.ts";
import { OpAnd, OpBoolNot, OpConst, OpEq, OpFEq, OpFLe, OpFLt, OpFNe, OpLe, OpLt, OpNe, OpULe, OpULt } from "../ssa/ops.gen.ts";
import { TypeI8, TypePtr, type ValueType } from "../ssa/types.ts";
import * as T from "../syntax/tokens.ts";
import * as K from "../types/kinds.ts";
import type { Var } from "../types/object.ts";
import type { Type } from "../types/types.ts";
import { typeSet } from "../types/typeset.ts";
import { under } from "../types/under.ts";
import { type Body, isInterfaceType } from "./body.ts";
import { interfaceWord, toInterface } from "./interface.ts";
import type { Operand } from "./operand.ts";
import { AlgMemory } from "./shape.ts";

/** Whether a type is that of the predeclared nil. */
export function isNilType(t: Type): boolean {
  return t.kind === K.TBasic && t.basic === K.UntypedNil;
}

function negate(g: Body, v: Value): Value {
  return g.b.op1(OpBoolNot, TypeI8, v);
}

/** x op y as a boolean (i8). */
export function compare(g: Body, op: number, x: Operand, xt: Type, y: Operand, yt: Type): Value {
  if (isNilType(xt) || isNilType(yt)) {
    const [o, t] = isNilType(xt) ? [y, yt] : [x, xt];
    if (isNilType(t)) return g.b.int(op === T.OpEql ? 1 : 0, TypeI8);
    const first = g.part(o, 0);
    return g.b.op2(op === T.OpEql ? OpEq : OpNe, TypeI8, first, g.b.zeroOf(g.f.type[first] as ValueType));
  }
  if (isInterfaceType(xt) !== isInterfaceType(yt)) {
    const v = isInterfaceType(xt) ? equalMixed(g, x, xt, y, yt) : equalMixed(g, y, yt, x, xt);
    return op === T.OpEql ? v : negate(g, v);
  }
  const u = under(xt);
  if (u.kind === K.TBasic) {
    if ((u.info & K.IsString) !== 0) return compareStrings(g, op, x, y);
    if ((u.info & K.IsComplex) !== 0) {
      const v = g.b.op2(
        OpAnd,
        TypeI8,
        g.b.op2(OpFEq, TypeI8, g.part(x, 0), g.part(y, 0)),
        g.b.op2(OpFEq, TypeI8, g.part(x, 1), g.part(y, 1)),
      );
      return op === T.OpEql ? v : negate(g, v);
    }
    return ordered(g, op, g.one(x), g.one(y), (u.info & K.IsFloat) !== 0, (u.info & K.IsUnsigned) !== 0);
  }
  if (u.kind === K.TInterface) {
    const v = equalInterfaces(g, x, xt, y, yt);
    return op === T.OpEql ? v : negate(g, v);
  }
  if (u.kind !== K.TStruct && u.kind !== K.TArray) return ordered(g, op, g.part(x, 0), g.part(y, 0), false, false);
  const v = equal(g, xt, x, y);
  return op === T.OpEql ? v : negate(g, v);
}

function ordered(g: Body, op: number, a: Value, b: Value, float: boolean, unsigned: boolean): Value {
  const lt = float ? OpFLt : unsigned ? OpULt : OpLt;
  const le = float ? OpFLe : unsigned ? OpULe : OpLe;
  switch (op) {
    case T.OpEql:
      return g.b.op2(float ? OpFEq : OpEq, TypeI8, a, b);
    case T.OpNeq:
      return g.b.op2(float ? OpFNe : OpNe, TypeI8, a, b);
    case T.OpLss:
      return g.b.op2(lt, TypeI8, a, b);
    case T.OpLeq:
      return g.b.op2(le, TypeI8, a, b);
    case T.OpGtr:
      return g.b.op2(lt, TypeI8, b, a);
    case T.OpGeq:
      return g.b.op2(le, TypeI8, b, a);
    default:
      throw new Error(`comparison ${op}`);
  }
}

/** A boolean that is worked out by `rest` if `first` holds, else false. */
export function andThen(g: Body, first: Value, rest: () => Value): Value {
  const { b } = g;
  const result = b.newVariable(TypeI8);
  const more = b.newBlock();
  const done = b.newBlock();
  b.write(result, b.int(0, TypeI8));
  b.branch(first, more, done);
  b.startSealed(more);
  const v = rest();
  b.write(result, v);
  b.jump(done);
  b.startSealed(done);
  return b.read(result);
}

function compareStrings(g: Body, op: number, x: Operand, y: Operand): Value {
  if (op === T.OpEql || op === T.OpNeq) {
    const v = equalStrings(g, x, y);
    return op === T.OpEql ? v : negate(g, v);
  }
  const call = g.ctx.libraryCall("internal/bytealg", "abigen_runtime_cmpstring");
  const r = g.one(g.callStatic(call.sym, call.abi, [x, y])[0] as Operand);
  return ordered(g, op, r, g.b.int(0), false, false);
}

function equalStrings(g: Body, x: Operand, y: Operand): Value {
  const sameLength = g.b.op2(OpEq, TypeI8, g.part(x, 1), g.part(y, 1));
  if (isZero(g, g.part(x, 1)) || isZero(g, g.part(y, 1))) return sameLength;
  return andThen(g, sameLength, () => g.runtime1("memequal", g.part(x, 0), g.part(y, 0), g.part(x, 1)));
}

function isZero(g: Body, v: Value): boolean {
  return g.f.op[v] === OpConst && g.f.auxBig(v) === 0n;
}

/** Whether two values of one comparable type are equal. */
export function equal(g: Body, t: Type, x: Operand, y: Operand): Value {
  const u = under(t);
  if (u.kind !== K.TStruct && u.kind !== K.TArray) return compare(g, T.OpEql, x, t, y, t);
  const shape = g.shape(t);
  if (shape.size === 0) return g.b.int(1, TypeI8);
  if (x.parts !== null && y.parts !== null) {
    if (u.kind === K.TArray) return equal(g, u.elem, g.component(x, g.shape(u.elem), 0), g.component(y, g.shape(u.elem), 0));
    const pairs: { t: Type; offset: number }[] = [];
    for (let i = 0; i < u.fields.length; i++) {
      const f = u.fields[i] as Var;
      if (f.name !== "_") pairs.push({ t: f.type as Type, offset: shape.offsets[i] as number });
    }
    if (pairs.length === 0) return g.b.int(1, TypeI8);
    const from = (i: number): Value => {
      const p = pairs[i] as { t: Type; offset: number };
      const s = g.shape(p.t);
      const v = equal(g, p.t, g.component(x, s, p.offset), g.component(y, s, p.offset));
      return i + 1 < pairs.length ? andThen(g, v, () => from(i + 1)) : v;
    };
    return from(0);
  }
  const a = x.addr !== 0 ? x.addr : g.inMemory(x);
  const b = y.addr !== 0 ? y.addr : g.inMemory(y);
  return equalAt(g, t, a, b);
}

/** Compares memory of a type. */
function equalAt(g: Body, t: Type, a: Value, b: Value): Value {
  const shape = g.shape(t);
  if (shape.alg === AlgMemory) return g.runtime1("memequal", a, b, g.b.int(shape.size));
  const p = g.pointerShape;
  const abi = assignAbi(g.ctx.abiRegisters, [p, p], [g.boolShape]);
  return g.one(g.callStatic(g.ctx.equalSym(t), abi, [g.pointer(a), g.pointer(b)])[0] as Operand);
}

function isEmpty(t: Type): boolean {
  const u = under(t);
  return u.kind === K.TInterface && typeSet(u).methods.length === 0;
}

function equalInterfaces(g: Body, x: Operand, xt: Type, y: Operand, yt: Type): Value {
  let [a, b] = [x, y];
  let empty = isEmpty(xt);
  if (empty !== isEmpty(yt)) {
    if (empty) b = toInterface(g, y, yt, xt);
    else a = toInterface(g, x, xt, yt);
    empty = true;
  } else if (!empty && typeSetSize(xt) !== typeSetSize(yt)) {
    // Different method sets have different itabs: compare as empty interfaces.
    a = toInterface(g, x, xt, g.anyType);
    b = toInterface(g, y, yt, g.anyType);
    empty = true;
  } else if (!empty && g.ctx.typeId(xt) !== g.ctx.typeId(yt)) {
    a = toInterface(g, x, xt, g.anyType);
    b = toInterface(g, y, yt, g.anyType);
    empty = true;
  }
  const same = g.b.op2(OpEq, TypeI8, g.part(a, 0), g.part(b, 0));
  return andThen(g, same, () => g.runtime1(empty ? "efaceeq" : "ifaceeq", g.b.pointerOf(g.part(a, 0)), g.part(a, 1), g.part(b, 1)));
}

function typeSetSize(t: Type): number {
  const u = under(t);
  return u.kind === K.TInterface ? typeSet(u).methods.length : 0;
}

/** An interface and a value of a concrete type. */
function equalMixed(g: Body, x: Operand, xt: Type, y: Operand, yt: Type): Value {
  const word = interfaceWord(g, yt, xt);
  const same = g.b.op2(OpEq, TypeI8, g.part(x, 0), word);
  return andThen(g, same, () => {
    const shape = g.shape(yt);
    const data = g.part(x, 1);
    if (shape.size === 0) return g.b.int(1, TypeI8);
    if (shape.direct) {
      const v = g.part(y, 0);
      return g.f.type[v] === TypePtr ? g.b.op2(OpEq, TypeI8, data, v) : equal(g, yt, g.of(shape, [data]), y);
    }
    return equal(g, yt, g.at(shape, data), y);
  });
}
