// Numbers that lowering writes into values and blocks and emission reads: kinds of block, conditions, kinds of access.

import { TypeF32, TypeF64, type ValueType, typeSize } from "../../ssa/types.ts";

// Kinds of block.
export const BlockCc = 16; // If on flags; aux is the condition
export const BlockJumpTo = 17; // control: address

// Conditions beyond the machine's sixteen: float equality needs two flags.
export const CcEqF = 16; // E and NP
export const CcNeF = 17; // NE or P

// Kinds of access in the high half of a memory operation's auxInt.
export const KindZ8 = 0;
export const KindZ16 = 1;
export const Kind32 = 2;
export const Kind64 = 3;
export const KindS8 = 4;
export const KindS16 = 5;
export const KindS32 = 6;
export const KindF32 = 7;
export const KindF64 = 8;

/** Kind of access for loading or storing a value of a type. */
export function kindOf(type: ValueType): number {
  if (type === TypeF32) return KindF32;
  if (type === TypeF64) return KindF64;
  const size = typeSize(type);
  return size === 1 ? KindZ8 : size === 2 ? KindZ16 : size === 4 ? Kind32 : Kind64;
}

/** The negation of a condition. */
export function negated(cc: number): number {
  return cc ^ 1;
}
