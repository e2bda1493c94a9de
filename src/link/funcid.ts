// Functions that the unwinder treats in a special way, by name: internal/abi's FuncID numbers of Go 1.26.

import { FuncFlagWrapper } from "../ssa/object.ts";

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

/** Functions of this runtime that have a name of their own; above upstream's numbers where the unwinder needs to know more. */
const ownIds: ReadonlyMap<string, number> = new Map([
  ["runtime.morestackResume", 13],
  // Frames whose argument layout depends on the closure that runs (reflect.MakeFunc).
  ["reflect.makeFuncStub", 0xf0],
  ["reflect.methodValueCall", 0xf0],
]);

/** The FuncID of a function, by its symbol name (an ABI0 suffix does not count) and flags. */
export function funcId(name: string, flags: number): number {
  const plain = name.endsWith("<0>") ? name.slice(0, -3) : name;
  return ids.get(plain) ?? ownIds.get(plain) ?? ((flags & FuncFlagWrapper) !== 0 ? FuncIdWrapper : FuncIdNormal);
}
