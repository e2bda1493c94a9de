// The types of SSA values. Import-free, so that bundling turns the names into integer literals.
// A value's type is about machine representation only; Go types live in src/types and in type symbols.

export const TypeVoid = 0;
export const TypeMem = 1;
export const TypeFlags = 2;
export const TypeTuple = 3;
export const TypeI8 = 4;
export const TypeI16 = 5;
export const TypeI32 = 6;
export const TypeI64 = 7;
export const TypeF32 = 8;
export const TypeF64 = 9;
/** A Go pointer (perhaps into the middle of an object): the collector must see it. */
export const TypePtr = 10;
/** 128-bit vector, for block moves. */
export const TypeV128 = 11;

export type ValueType = number;

export const typeNames: readonly string[] = ["void", "mem", "flags", "tuple", "i8", "i16", "i32", "i64", "f32", "f64", "ptr", "v128"];

const sizes: readonly number[] = [0, 0, 0, 0, 1, 2, 4, 8, 4, 8, 8, 16];

/** Size in bytes of a value in memory. */
export function typeSize(type: ValueType): number {
  return sizes[type] as number;
}

export function isInteger(type: ValueType): boolean {
  return type >= TypeI8 && type <= TypeI64;
}

export function isFloat(type: ValueType): boolean {
  return type === TypeF32 || type === TypeF64;
}
