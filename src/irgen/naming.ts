// Small things about functions under construction.

import { FnUsesClosure } from "../ssa/func.ts";
import type { Body } from "./body.ts";

/** A function's name as tracebacks print it: type arguments are left out. */
export function traceName(symbol: string): string {
  const from = symbol.indexOf("[");
  if (from < 0) return symbol;
  let depth = 0;
  for (let i = from; i < symbol.length; i++) {
    const c = symbol[i];
    if (c === "[") depth++;
    else if (c === "]" && --depth === 0) return `${symbol.slice(0, from)}[...]${traceName(symbol.slice(i + 1))}`;
  }
  return symbol;
}

/** Marks a function that reads the context register. */
export function setFlag(g: Body, usesClosure: boolean): void {
  if (usesClosure) g.f.flags |= FnUsesClosure;
}
