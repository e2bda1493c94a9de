// Arithmetic on constants as the machine does it, for the rewrite rules. Constants are kept sign-extended from their type's width.

import type { Func, Value } from "../ssa/func.ts";
import { OpSelect, OpSelectMem } from "../ssa/ops.gen.ts";
import { TypeF32, type ValueType, typeSize } from "../ssa/types.ts";

/** Width of an integer or pointer type in bits. */
export function bits(type: ValueType): number {
  return 8 * typeSize(type);
}

/** The signed number with the low bits of x. */
export function signed(type: ValueType, x: bigint): bigint {
  return BigInt.asIntN(bits(type), x);
}

/** The unsigned number with the low bits of x. */
export function unsigned(type: ValueType, x: bigint): bigint {
  return BigInt.asUintN(bits(type), x);
}

/** Type of a value. */
export function typeOf(f: Func, v: Value): ValueType {
  return f.type[v] as ValueType;
}

export function isPowerOfTwo(x: bigint): boolean {
  return x > 0n && (x & (x - 1n)) === 0n;
}

/** Logarithm of a power of two. */
export function log2(x: bigint): bigint {
  return BigInt(x.toString(2).length - 1);
}

export function bool(condition: boolean): bigint {
  return condition ? 1n : 0n;
}

/** Shift left by an unsigned count, Go's way. */
export function shl(type: ValueType, x: bigint, count: bigint, countType: ValueType): bigint {
  const n = unsigned(countType, count);
  return n >= BigInt(bits(type)) ? 0n : signed(type, x << n);
}

export function shr(type: ValueType, x: bigint, count: bigint, countType: ValueType): bigint {
  const n = unsigned(countType, count);
  return n >= BigInt(bits(type)) ? 0n : signed(type, unsigned(type, x) >> n);
}

export function sar(type: ValueType, x: bigint, count: bigint, countType: ValueType): bigint {
  const n = unsigned(countType, count);
  const width = BigInt(bits(type));
  return signed(type, signed(type, x) >> (n >= width ? width - 1n : n));
}

const scratch = new DataView(new ArrayBuffer(8));

/** The number that IEEE bits stand for. */
export function fromBits(type: ValueType, pattern: bigint): number {
  if (type === TypeF32) {
    scratch.setUint32(0, Number(BigInt.asUintN(32, pattern)));
    return scratch.getFloat32(0);
  }
  scratch.setBigUint64(0, BigInt.asUintN(64, pattern));
  return scratch.getFloat64(0);
}

/** The IEEE bits of a number, rounded to the type. */
export function toBits(type: ValueType, x: number): bigint {
  if (type === TypeF32) {
    scratch.setFloat32(0, x);
    return BigInt(scratch.getUint32(0));
  }
  scratch.setFloat64(0, x);
  return scratch.getBigUint64(0);
}

/** Whether the only thing asked of a tuple is its memory (a new object whose address nobody needs). */
export function onlyMemoryUsed(f: Func, tuple: Value): boolean {
  const b = f.blockOf(tuple);
  let found = 0;
  for (let i = 0; i < b.values.length; i++) {
    const v = b.values[i] as Value;
    if (f.op[v] === OpSelect && f.arg(v, 0) === tuple && (f.uses[v] as number) > 0) return false;
    if ((f.op[v] === OpSelectMem || f.op[v] === OpSelect) && f.arg(v, 0) === tuple) found++;
  }
  return found === f.uses[tuple];
}
