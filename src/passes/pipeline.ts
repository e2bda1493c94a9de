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
import { results } from "./results.ts";
import { Shared } from "./shared.ts";

/** A pass: changes the function in place, says whether it did. */
export interface Pass {
  readonly name: string;
  readonly run: (f: Func, shared: Shared) => boolean;
  /** Later stages rely on it: it can't be turned off. */
  readonly required: boolean;
  /** It may change edges of the graph. */
  readonly edges?: boolean;
  /** Where it has just been, it has nothing to do. */
  readonly settles?: boolean;
}

export const pipeline: readonly Pass[] = [
  { name: "early deadcode", run: deadcode, required: false, edges: true, settles: true },
  { name: "promote", run: promote, required: false },
  { name: "copyelim", run: copyelim, required: true, settles: true },
  { name: "results", run: results, required: false },
  { name: "opt", run: opt, required: false, settles: true },
  { name: "copyelim after opt", run: copyelim, required: true, settles: true },
  { name: "flow", run: flow, required: false, edges: true },
  { name: "cse", run: cse, required: false },
  { name: "copyelim after cse", run: copyelim, required: true, settles: true },
  { name: "nilcheck", run: nilcheck, required: false },
  { name: "copyelim after nilcheck", run: copyelim, required: true, settles: true },
  { name: "prove", run: prove, required: false, edges: true },
  { name: "deadcode after prove", run: deadcode, required: false, edges: true, settles: true },
  { name: "late opt", run: opt, required: false, settles: true },
  { name: "late copyelim", run: copyelim, required: true, settles: true },
  { name: "late flow", run: flow, required: false, edges: true },
  { name: "late cse", run: cse, required: false },
  { name: "last copyelim", run: copyelim, required: true, settles: true },
  { name: "deadcode", run: deadcode, required: true, edges: true, settles: true },
];

/** By row: the first one that runs the same function. */
const firstRows: readonly number[] = pipeline.map((p) => pipeline.findIndex((q) => q.run === p.run));

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

/** Runs the pipeline over one function. A pass that found nothing, or settles, is not run again before another one has changed something. */
export function optimize(f: Func, options: PassOptions): void {
  const { off } = options;
  const shared = new Shared();
  let changes = 0;
  // By place of a pass's function in the table: the number of changes when it had nothing to do any more.
  const done = new Int32Array(pipeline.length).fill(-1);
  for (let i = 0; i < pipeline.length; i++) {
    const pass = pipeline[i];
    const first = firstRows[i];
    if (done[first] === changes) continue;
    if (off.size > 0 && !pass.required && (off.has("all") || off.has(pass.name.replaceAll(" ", "-")))) continue;
    const changed = pass.run(f, shared);
    if (changed) changes++;
    if (changed && pass.edges === true) shared.forgetGraph();
    if (!changed || pass.settles === true) done[first] = changes;
    if (!changed) continue;
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
