// Arithmetic on numbers: integers of every width, floating point, complex; shifts; unary operators.

import type { Value } from "../ssa/func.ts";
import {
  OpAdd,
  OpAnd,
  OpAndNot,
  OpBoolNot,
  OpConst,
  OpDiv,
  OpFAdd,
  OpFDiv,
  OpFMul,
  OpFNeg,
  OpFSub,
  OpFloatExt,
  OpFloatTrunc,
  OpLt,
  OpMod,
  OpMul,
  OpNe,
  OpNeg,
  OpNot,
  OpOr,
  OpSar,
  OpShl,
  OpShr,
  OpSub,
  OpUDiv,
  OpUMod,
  OpXor,
} from "../ssa/ops.gen.ts";
import { TypeF32, TypeF64, TypeI8, type ValueType } from "../ssa/types.ts";
import * as T from "../syntax/tokens.ts";
import * as K from "../types/kinds.ts";
import type { Type } from "../types/types.ts";
import { basicOf, type Body, isUnsigned } from "./body.ts";
import type { Operand } from "./operand.ts";
import { concatStrings } from "./string.ts";

function typeOfValue(g: Body, v: Value): ValueType {
  return g.f.type[v] as ValueType;
}

/** x op y for operands of one type; not shifts, comparisons or logic. */
export function arith(g: Body, op: number, type: Type, x: Operand, y: Operand): Operand {
  const u = basicOf(type);
  if (u === null) throw new Error("arithmetic on values of a composite type");
  if ((u.info & K.IsString) !== 0) return g.retype(concatStrings(g, [x, y]), x.shape);
  if ((u.info & K.IsComplex) !== 0) return complexArith(g, op, x, y);
  const a = g.one(x);
  const b = g.one(y);
  if ((u.info & K.IsFloat) !== 0) return g.scalar(x.shape, floatArith(g, op, a, b));
  return g.scalar(x.shape, integerArith(g, op, (u.info & K.IsUnsigned) !== 0, a, b));
}

function floatArith(g: Body, op: number, a: Value, b: Value): Value {
  const t = typeOfValue(g, a);
  switch (op) {
    case T.OpAdd:
      return g.b.op2(OpFAdd, t, a, b);
    case T.OpSub:
      return g.b.op2(OpFSub, t, a, b);
    case T.OpMul:
      return g.b.op2(OpFMul, t, a, b);
    case T.OpDiv:
      return g.b.op2(OpFDiv, t, a, b);
    default:
      throw new Error(`floating-point operator ${op}`);
  }
}

function integerArith(g: Body, op: number, unsigned: boolean, a: Value, b: Value): Value {
  const t = typeOfValue(g, a);
  switch (op) {
    case T.OpAdd:
      return g.b.op2(OpAdd, t, a, b);
    case T.OpSub:
      return g.b.op2(OpSub, t, a, b);
    case T.OpMul:
      return g.b.op2(OpMul, t, a, b);
    case T.OpAnd:
      return g.b.op2(OpAnd, t, a, b);
    case T.OpOr:
      return g.b.op2(OpOr, t, a, b);
    case T.OpXor:
      return g.b.op2(OpXor, t, a, b);
    case T.OpAndNot:
      return g.b.op2(OpAndNot, t, a, b);
    case T.OpDiv:
    case T.OpRem:
      if (g.f.op[b] !== OpConst || g.f.auxBig(b) === 0n) {
        g.check(g.b.op2(OpNe, TypeI8, b, g.b.zeroOf(t)), () => g.runtime("panicdivide"));
      }
      return g.b.op2(op === T.OpDiv ? (unsigned ? OpUDiv : OpDiv) : unsigned ? OpUMod : OpMod, t, a, b);
    default:
      throw new Error(`integer operator ${op}`);
  }
}

/** x << y and x >> y. */
export function shift(g: Body, op: number, type: Type, x: Operand, y: Operand, yType: Type): Operand {
  const a = g.one(x);
  const n = g.one(y);
  const t = typeOfValue(g, a);
  const constantCount = g.f.op[n] === OpConst;
  if (!isUnsigned(yType) && !(constantCount && g.f.auxBig(n) >= 0n)) {
    g.checkNot(g.b.op2(OpLt, TypeI8, n, g.b.zeroOf(typeOfValue(g, n))), () => g.runtime("panicshift"));
  }
  const code = op === T.OpShl ? OpShl : isUnsigned(type) ? OpShr : OpSar;
  const v = g.b.op2(code, t, a, n);
  if (constantCount) {
    const width = BigInt(8 * x.shape.size);
    const count = g.f.auxBig(n);
    if (count >= 0n && count < width) g.f.setAuxInt(v, 1);
  }
  return g.scalar(x.shape, v);
}

/** Unary +, -, ^ and !. */
export function unary(g: Body, op: number, type: Type, x: Operand): Operand {
  const u = basicOf(type);
  if (u === null) throw new Error("unary operator on a composite type");
  if (op === T.OpAdd) return x;
  const t = typeOfValue(g, g.part(x, 0));
  switch (op) {
    case T.OpNot:
      return g.scalar(x.shape, g.b.op1(OpBoolNot, TypeI8, g.one(x)));
    case T.OpXor:
      return g.scalar(x.shape, g.b.op1(OpNot, t, g.one(x)));
    case T.OpSub:
      if ((u.info & K.IsComplex) !== 0) return g.of(x.shape, [g.b.op1(OpFNeg, t, g.part(x, 0)), g.b.op1(OpFNeg, t, g.part(x, 1))]);
      if ((u.info & K.IsFloat) !== 0) return g.scalar(x.shape, g.b.op1(OpFNeg, t, g.one(x)));
      return g.scalar(x.shape, g.b.op1(OpNeg, t, g.one(x)));
    default:
      throw new Error(`unary operator ${op}`);
  }
}

function complexArith(g: Body, op: number, x: Operand, y: Operand): Operand {
  const t = typeOfValue(g, g.part(x, 0));
  const [a, b] = [g.part(x, 0), g.part(x, 1)];
  const [c, d] = [g.part(y, 0), g.part(y, 1)];
  const f = (code: number, p: Value, q: Value): Value => g.b.op2(code, t, p, q);
  switch (op) {
    case T.OpAdd:
      return g.of(x.shape, [f(OpFAdd, a, c), f(OpFAdd, b, d)]);
    case T.OpSub:
      return g.of(x.shape, [f(OpFSub, a, c), f(OpFSub, b, d)]);
    case T.OpMul: {
      if (t === TypeF64) {
        return g.of(x.shape, [f(OpFSub, f(OpFMul, a, c), f(OpFMul, b, d)), f(OpFAdd, f(OpFMul, a, d), f(OpFMul, b, c))]);
      }
      // Products of complex64 are computed in double precision and rounded once.
      const w = (v: Value): Value => g.b.op1(OpFloatExt, TypeF64, v);
      const n = (v: Value): Value => g.b.op1(OpFloatTrunc, TypeF32, v);
      const h = (code: number, p: Value, q: Value): Value => g.b.op2(code, TypeF64, p, q);
      const [wa, wb, wc, wd] = [w(a), w(b), w(c), w(d)];
      return g.of(x.shape, [n(h(OpFSub, h(OpFMul, wa, wc), h(OpFMul, wb, wd))), n(h(OpFAdd, h(OpFMul, wa, wd), h(OpFMul, wb, wc)))]);
    }
    case T.OpDiv: {
      const wide = t === TypeF64;
      const w = (v: Value): Value => (wide ? v : g.b.op1(OpFloatExt, TypeF64, v));
      const [re, im] = g.runtime("complex128div", w(a), w(b), w(c), w(d)) as [Value, Value];
      const n = (v: Value): Value => (wide ? v : g.b.op1(OpFloatTrunc, TypeF32, v));
      return g.of(x.shape, [n(re), n(im)]);
    }
    default:
      throw new Error(`complex operator ${op}`);
  }
}
