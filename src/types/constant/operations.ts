// Conversions between the kinds of constants, and the operators.

import {
  OpAdd,
  OpAnd,
  OpAndAnd,
  OpAndNot,
  OpDiv,
  OpEql,
  OpGeq,
  OpGtr,
  OpLeq,
  OpLss,
  OpMul,
  OpNeq,
  OpNot,
  OpOr,
  OpOrOr,
  OpRem,
  OpShl,
  OpSub,
  OpXor,
} from "../../syntax/tokens.ts";
import { intVal, sign } from "./access.ts";
import { makeComplex } from "./make.ts";
import {
  floatPrec,
  maxExp,
  bits,
  nearestEven,
  toZero,
  awayFromZero,
  roundBig,
  addBig,
  quoBig,
  fromBig,
  makeRat,
  smallFloat,
  realToFloat,
} from "./number.ts";
import { constantString } from "./text.ts";
import {
  KindUnknown,
  KindBool,
  KindString,
  KindInt,
  KindFloat,
  KindComplex,
  UnknownVal,
  BoolVal,
  StringVal,
  IntVal,
  RatVal,
  FloatVal,
  ComplexVal,
  type Constant,
} from "./value.ts";

/** The binary operation "integer division", beside the syntax operators (OpDiv of two integers makes a fraction). */
export const OpIntDiv = 64;

/** Bytes of a constant string. */
const maxString = 2 ** 28;

/** x as Int if it is one mathematically (or is within a few bits of one, for a float), else Unknown. */
export function toInt(x: Constant): Constant {
  switch (x.kind) {
    case KindInt:
      return x;
    case KindFloat: {
      if (x.rat) return x.den === 1n ? new IntVal(x.num) : new UnknownVal();
      if (!smallFloat(x.mant, x.exp)) return new UnknownVal();
      const exact = wholeBig(x.mant, x.exp);
      if (exact !== null) return new IntVal(exact);
      // Rounding errors may have left the value beside an integer: try with a few bits less, both ways.
      for (const mode of [toZero, awayFromZero]) {
        const t = roundBig(x.mant, x.exp, floatPrec - 4, mode);
        const whole = wholeBig(t.m, t.e);
        if (whole !== null) return new IntVal(whole);
      }
      return new UnknownVal();
    }
    case KindComplex: {
      const re = toFloat(x);
      return re.kind === KindFloat ? toInt(re) : new UnknownVal();
    }
    default:
      return new UnknownVal();
  }
}

function wholeBig(m: bigint, e: number): bigint | null {
  if (e >= 0) return m << BigInt(e);
  const d = BigInt(-e);
  const q = m >> d;
  return q << d === m ? q : null;
}

/** x as Float if it has no imaginary part, else Unknown. */
export function toFloat(x: Constant): Constant {
  switch (x.kind) {
    case KindInt:
      return bits(x.val) < maxExp ? new RatVal(x.val, 1n) : realToFloat(x);
    case KindFloat:
      return x;
    case KindComplex:
      return sign(x.im) === 0 ? toFloat(x.re) : new UnknownVal();
    default:
      return new UnknownVal();
  }
}

/** x as Complex if it is numeric, else Unknown. */
export function toComplex(x: Constant): Constant {
  if (x.kind === KindComplex) return x;
  if (x.kind === KindInt || x.kind === KindFloat) return new ComplexVal(x, new IntVal(0n));
  return new UnknownVal();
}

// ---- Operations

/** op x, with OpAdd, OpSub, OpXor or OpNot. For OpXor, prec > 0 limits the result to that many bits (unsigned types). */
export function unaryOp(op: number, x: Constant, prec: number): Constant {
  if (x.kind === KindUnknown) return x;
  switch (op) {
    case OpAdd:
      return x;
    case OpSub:
      if (x.kind === KindInt) return new IntVal(-x.val);
      if (x.kind === KindFloat) return x.rat ? new RatVal(-x.num, x.den) : new FloatVal(-x.mant, x.exp);
      if (x.kind === KindComplex) return makeComplex(unaryOp(op, x.re, 0), unaryOp(op, x.im, 0));
      break;
    case OpXor:
      if (x.kind === KindInt) {
        const z = ~x.val;
        return new IntVal(prec > 0 ? BigInt.asUintN(prec, z) : z);
      }
      break;
    case OpNot:
      if (x.kind === KindBool) return new BoolVal(!x.val);
      break;
  }
  throw new Error(`invalid unary operation ${op} on ${constantString(x)}`);
}

/** The order in which operands are raised to the more general form. */
function order(x: Constant): number {
  switch (x.kind) {
    case KindUnknown:
      return 0;
    case KindBool:
    case KindString:
      return 1;
    case KindInt:
      return 2;
    case KindFloat:
      return x.rat ? 4 : 5;
    case KindComplex:
      return 6;
  }
}

/** x in the form of y, which is at least as general. */
function raise(x: Constant, y: Constant): Constant {
  if (x.kind === KindUnknown) return x;
  if (y.kind === KindFloat) {
    if (y.rat) return x.kind === KindInt ? new RatVal(x.val, 1n) : x;
    return x.kind === KindInt || x.kind === KindFloat ? realToFloat(x) : x;
  }
  if (y.kind === KindComplex) return toComplex(x);
  return x;
}

/** x op y; OpIntDiv for the division of integers. Operands must fit the operator; an Unknown operand gives Unknown. */
export function binaryOp(x: Constant, op: number, y: Constant): Constant {
  if (x.kind === KindUnknown) return x;
  if (y.kind === KindUnknown) return y;
  const ox = order(x);
  const oy = order(y);
  if (ox < oy) x = raise(x, y);
  else if (oy < ox) y = raise(y, x);

  if (x.kind === KindInt && y.kind === KindInt) {
    const a = x.val;
    const b = y.val;
    switch (op) {
      case OpAdd:
        return new IntVal(a + b);
      case OpSub:
        return new IntVal(a - b);
      case OpMul:
        return new IntVal(a * b);
      case OpDiv:
        return makeRat(a, b);
      case OpIntDiv:
        return new IntVal(a / b);
      case OpRem:
        return new IntVal(a % b);
      case OpAnd:
        return new IntVal(a & b);
      case OpOr:
        return new IntVal(a | b);
      case OpXor:
        return new IntVal(a ^ b);
      case OpAndNot:
        return new IntVal(a & ~b);
    }
  } else if (x.kind === KindFloat && y.kind === KindFloat) {
    if (x.rat && y.rat) {
      switch (op) {
        case OpAdd:
          return makeRat(x.num * y.den + y.num * x.den, x.den * y.den);
        case OpSub:
          return makeRat(x.num * y.den - y.num * x.den, x.den * y.den);
        case OpMul:
          return makeRat(x.num * y.num, x.den * y.den);
        case OpDiv:
          return makeRat(x.num * y.den, x.den * y.num);
      }
    } else if (!x.rat && !y.rat) {
      switch (op) {
        case OpAdd:
          return fromBig(addBig(x.mant, x.exp, y.mant, y.exp));
        case OpSub:
          return fromBig(addBig(x.mant, x.exp, -y.mant, y.exp));
        case OpMul:
          return fromBig(roundBig(x.mant * y.mant, x.exp + y.exp, floatPrec, nearestEven));
        case OpDiv:
          return y.mant === 0n ? new UnknownVal() : fromBig(quoBig(x.mant, x.exp, y.mant, y.exp, floatPrec));
      }
    }
  } else if (x.kind === KindComplex && y.kind === KindComplex) {
    const { re: a, im: b } = x;
    const { re: c, im: d } = y;
    switch (op) {
      case OpAdd:
      case OpSub:
        return makeComplex(binaryOp(a, op, c), binaryOp(b, op, d));
      case OpMul: {
        const re = binaryOp(binaryOp(a, OpMul, c), OpSub, binaryOp(b, OpMul, d));
        const im = binaryOp(binaryOp(b, OpMul, c), OpAdd, binaryOp(a, OpMul, d));
        return makeComplex(re, im);
      }
      case OpDiv: {
        const s = binaryOp(binaryOp(c, OpMul, c), OpAdd, binaryOp(d, OpMul, d));
        const re = binaryOp(binaryOp(a, OpMul, c), OpAdd, binaryOp(b, OpMul, d));
        const im = binaryOp(binaryOp(b, OpMul, c), OpSub, binaryOp(a, OpMul, d));
        return makeComplex(binaryOp(re, OpDiv, s), binaryOp(im, OpDiv, s));
      }
    }
  } else if (x.kind === KindBool && y.kind === KindBool) {
    if (op === OpAndAnd) return new BoolVal(x.val && y.val);
    if (op === OpOrOr) return new BoolVal(x.val || y.val);
  } else if (x.kind === KindString && y.kind === KindString) {
    // Beyond this, the engine has no strings.
    if (op === OpAdd) return x.val.length + y.val.length > maxString ? new UnknownVal() : new StringVal(x.val + y.val);
  }
  throw new Error(`invalid binary operation ${op} on ${constantString(x)} and ${constantString(y)}`);
}

/** x << s or x >> s, for Int and Unknown. */
export function shiftOp(x: Constant, op: number, s: number): Constant {
  if (x.kind === KindUnknown) return x;
  const v = intVal(x);
  return new IntVal(op === OpShl ? v << BigInt(s) : v >> BigInt(s));
}

function compareOrder(c: number, op: number): boolean {
  switch (op) {
    case OpEql:
      return c === 0;
    case OpNeq:
      return c !== 0;
    case OpLss:
      return c < 0;
    case OpLeq:
      return c <= 0;
    case OpGtr:
      return c > 0;
    case OpGeq:
      return c >= 0;
    default:
      throw new Error(`invalid comparison ${op}`);
  }
}

function order2<T extends bigint | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** x op y for a comparison; false if an operand is Unknown. */
export function compare(x: Constant, op: number, y: Constant): boolean {
  if (x.kind === KindUnknown || y.kind === KindUnknown) return false;
  const ox = order(x);
  const oy = order(y);
  if (ox < oy) x = raise(x, y);
  else if (oy < ox) y = raise(y, x);
  if (x.kind === KindInt && y.kind === KindInt) return compareOrder(order2(x.val, y.val), op);
  if (x.kind === KindString && y.kind === KindString) return compareOrder(order2(x.val, y.val), op);
  if (x.kind === KindBool && y.kind === KindBool) return compareOrder(x.val === y.val ? 0 : 1, op);
  if (x.kind === KindFloat && y.kind === KindFloat) {
    if (x.rat && y.rat) return compareOrder(order2(x.num * y.den, y.num * x.den), op);
    if (!x.rat && !y.rat) {
      return compareOrder(order2(addBig(x.mant, x.exp, -y.mant, y.exp).m, 0n), op);
    }
  }
  if (x.kind === KindComplex && y.kind === KindComplex) {
    const same = compare(x.re, OpEql, y.re) && compare(x.im, OpEql, y.im);
    return op === OpEql ? same : !same;
  }
  return false;
}
