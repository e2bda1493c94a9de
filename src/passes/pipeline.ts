// The passes in their order, and why that order. The driver loop does what concerns all of them: verifying, timing, dumping. A pass knows
// nothing of the others.

import { schedule } from "../codegen/schedule.ts";
import type { Block, Func } from "../ssa/func.ts";
import { mustVerify } from "../ssa/verify.ts";
import { copyelim } from "./copyelim.ts";
import { cse } from "./cse.ts";
import { deadcode } from "./deadcode.ts";
import { flow } from "./flow.ts";
import { nilcheck } from "./nilcheck.ts";
import { opt } from "./opt.ts";
import { promote } from "./promote.ts";
import { prove } from "./prove.ts";

/** A pass: changes the function in place, says whether it did. */
export interface Pass {
  readonly name: string;
  readonly run: (f: Func) => boolean;
  /** Later stages rely on it: it can't be turned off. */
  readonly required: boolean;
}

export const pipeline: readonly Pass[] = [
  { name: "early deadcode", run: deadcode, required: false },
  { name: "promote", run: promote, required: false },
  { name: "copyelim", run: copyelim, required: true },
  { name: "opt", run: opt, required: false },
  { name: "copyelim after opt", run: copyelim, required: true },
  { name: "flow", run: flow, required: false },
  { name: "cse", run: cse, required: false },
  { name: "copyelim after cse", run: copyelim, required: true },
  { name: "nilcheck", run: nilcheck, required: false },
  { name: "copyelim after nilcheck", run: copyelim, required: true },
  { name: "prove", run: prove, required: false },
  { name: "deadcode after prove", run: deadcode, required: false },
  { name: "late opt", run: opt, required: false },
  { name: "late copyelim", run: copyelim, required: true },
  { name: "late flow", run: flow, required: false },
  { name: "late cse", run: cse, required: false },
  { name: "last copyelim", run: copyelim, required: true },
  { name: "deadcode", run: deadcode, required: true },
];

/** Pairs that must stand in this order, with the reason; a test checks the table against them. */
export const order: readonly (readonly [string, string, string])[] = [
  ["promote", "cse", "cse sees more once variables are values"],
  ["opt", "flow", "branches on constants come from folding"],
  ["cse", "nilcheck", "equal pointers must be one value"],
  ["cse", "prove", "equal conditions must be one value"],
  ["prove", "late flow", "decided branches leave straight lines"],
];

/** What the caller wants to know or change; all of it for developers of the compiler. */
export interface PassOptions {
  /** Check the function after every pass that changed it. */
  readonly verify: boolean;
  /** Names of passes that are left out, with dashes for spaces; "all" is all that can be. */
  readonly off: ReadonlySet<string>;
  /** Called after a pass that changed the function. */
  readonly dump: ((f: Func, pass: string) => void) | null;
}

/** Runs the pipeline over one function. */
export function optimize(f: Func, options: PassOptions): void {
  for (const pass of pipeline) {
    if (!pass.required && (options.off.has("all") || options.off.has(pass.name.replaceAll(" ", "-")))) continue;
    if (!pass.run(f)) continue;
    if (options.verify) mustVerify(f, pass.name);
    if (options.dump !== null) options.dump(f, pass.name);
  }
}

/**
 * What a new function goes through before its references are looked at: what only dead code mentions is not made. Passes append new values to their
 * blocks, but inlining, which comes next, parts blocks at calls: so the values are put in an order of execution again.
 */
export function simplify(f: Func): void {
  const folded = opt(f);
  copyelim(f);
  const straightened = flow(f);
  deadcode(f);
  if (folded || straightened) schedule(f, f.blocks.filter((b) => b !== null && b !== undefined) as Block[]);
}
