// What idioms are put together from.

import type { Gen } from "../gen.ts";
import { sized } from "../expr.ts";
import type { T } from "../types.ts";

/** Whether fmt prints a value without addresses. */
export function printable(t: T): boolean {
  switch (t.kind) {
    case "ptr":
    case "func":
      return false;
    case "iface":
      return t.methods.length === 0;
    case "struct":
      return t.fields.every((f) => printable(f.type));
    case "array":
    case "slice":
      return printable(t.elem as T);
    case "map":
      return printable(t.key as T) && printable(t.elem as T);
    default:
      return true;
  }
}

/** Writes the lines of a template, without its margin. */
export const lines = (g: Gen, text: string): void => {
  for (const l of text.split("\n")) if (l.trim() !== "") g.line(l.replace(/^ {4}/, ""));
};

/** A small expression of a type. */
export const small = (g: Gen, t: T): string => sized(g, t, 2, 8).text;
export const list = (g: Gen, t: T, low: number, high: number): string =>
  Array.from({ length: g.rng.between(low, high) }, () => small(g, t)).join(", ");
export const orderedType = (g: Gen): T => g.rng.pick(g.scalars.filter((t) => t.kind === "int" || t.kind === "string"));
