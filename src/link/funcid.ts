// Functions that the unwinder treats in a special way, by name: internal/abi's FuncID numbers of Go 1.26.

import { FuncFlagReflectStub, FuncFlagWrapper } from "../ssa/object.ts";

export const FuncIdNormal = 0;
export const FuncIdWrapper = 23;

const ids: ReadonlyMap<string, number> = new Map(
  [
    "abort",
    "asmcgocall",
    "asyncPreempt",
    "cgocallback",
    "corostart",
    "debugCallV2",
    "gcBgMarkWorker",
    "goexit",
    "gogo",
    "gopanic",
    "handleAsyncEvent",
    "mcall",
    "morestack",
    "mstart",
    "panicwrap",
    "rt0_go",
    "main",
    "runFinalizers",
    "runCleanups",
    "sigpanic",
    "systemstack",
    "systemstack_switch",
  ].map((name, i) => [`runtime.${name}`, i + 1] as const),
);

/** Functions that have upstream's number by other names. */
const ownIds: ReadonlyMap<string, number> = new Map([
  ["runtime.morestackResume", 13],
  // What it calls counts as called by the function that returns.
  ["runtime.deferreturn", FuncIdWrapper],
  // What stands between a caller and the function or method that reflection made a function value of.
  ["reflect.callReflect", FuncIdWrapper],
  ["reflect.callMethod", FuncIdWrapper],
]);

const plainName = (name: string): string => (name.endsWith("<0>") ? name.slice(0, -3) : name);

/** The flags of a function's record: those of its code, and whether the closure that runs decides about its arguments. */
export function recordFlags(name: string, flags: number): number {
  const plain = plainName(name);
  return plain === "reflect.makeFuncStub" || plain === "reflect.methodValueCall" ? flags | FuncFlagReflectStub : flags;
}

/** The FuncID of a function, by its symbol name (an ABI0 suffix does not count) and flags. */
export function funcId(name: string, flags: number): number {
  const plain = plainName(name);
  return ids.get(plain) ?? ownIds.get(plain) ?? ((flags & FuncFlagWrapper) !== 0 ? FuncIdWrapper : FuncIdNormal);
}
