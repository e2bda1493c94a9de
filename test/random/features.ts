// Whole idioms with random parts: what statements put together by chance would not come to.

import type { Gen } from "./gen.ts";
import { recursion, manyArguments, closures, escapes } from "./idioms/calls.ts";
import { channels, goroutines } from "./idioms/concurrency.ts";
import { embedding, keys, globals, layout, strings, aggregates, reflection } from "./idioms/data.ts";
import { generics, iterators } from "./idioms/generic.ts";
import { bitTricks, floats, divisions, bounds, branches } from "./idioms/numbers.ts";

/** Writes the declarations of some idioms (those with the given names, if there are any); the statements that run them. */
export function features(g: Gen, only: readonly string[]): string[] {
  const chosen = only.length > 0 ? all.filter((f) => only.includes(f.name)) : g.rng.shuffle(all).slice(0, g.short ? 1 : 3);
  const calls: string[] = [];
  for (const feature of chosen) {
    g.scope = [[]];
    g.withContext({ pure: false, results: [], loops: [], depth: 0 }, () => {
      const name = g.top("x");
      const text = g.capture(() => feature(g, name));
      g.declarations.push(text);
      calls.push(`${name}()`);
    });
  }
  return calls;
}

type Feature = (g: Gen, name: string) => void;

/** The order decides what a seed chooses. */
const all: readonly Feature[] = [
  generics,
  channels,
  recursion,
  manyArguments,
  closures,
  embedding,
  keys,
  globals,
  layout,
  escapes,
  iterators,
  bitTricks,
  goroutines,
  strings,
  floats,
  aggregates,
  reflection,
  divisions,
  bounds,
  branches,
];
