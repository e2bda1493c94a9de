// The runtime's functions that put a value into memory which never changes, for interfaces: they know small numbers and zero values and do not allocate for them.

import type { Func, Value } from "./func.ts";
import { TypeI16, TypeI32, TypeI64, TypePtr, type ValueType } from "./types.ts";

/** Which of them takes parts of these types; "" if there is none. What its result points to has the parts one behind the other, eight bytes each. */
export function boxFunction(parts: readonly ValueType[]): string {
  switch (parts.length) {
    case 1:
      return parts[0] === TypeI64 ? "convT64" : parts[0] === TypeI32 ? "convT32" : parts[0] === TypeI16 ? "convT16" : "";
    case 2:
      return parts[0] === TypePtr && parts[1] === TypeI64 ? "convTstring" : "";
    case 3:
      return parts[0] === TypePtr && parts[1] === TypeI64 && parts[2] === TypeI64 ? "convTslice" : "";
    default:
      return "";
  }
}

/** The function for a Box. */
export function boxFunctionOf(f: Func, v: Value): string {
  const types: ValueType[] = [];
  for (let i = 0; i + 1 < (f.argCount[v] as number); i++) types.push(f.type[f.arg(v, i)] as ValueType);
  return boxFunction(types);
}
