// Escape analysis: objects that nobody can see after their function returned (or, in loops, after the next iteration's object came
// into being) live in the frame.
//
// Within a function, every pointer value has a set of abstract objects that it may point to: the function's own allocations and slots, what its
// parameters point to (and, as one object, all that can be reached from there), and the outside world. Every object has a set of
// objects whose addresses may be stored in it; fields are not told apart. What is stored to the outside, returned, or handed to
// somebody unknown escapes, and with it all that is stored in it. Callers see a function through a summary: which parameters
// escape, come back in results, or are stored into what other parameters point to. Summaries are computed bottom-up over
// the strongly connected components of the call graph, to a fixed point inside a component. A closure's captured variables are a
// parameter of its function; they are judged where the closure is made, so calling an unknown closure is harmless to them.

import type { Func } from "../ssa/func.ts";
import type { Sym } from "../ssa/symbol.ts";
import { SymMap } from "../ssa/symmap.ts";
import type { EscapeHost } from "./escape-host.ts";
import { emptySummary, KnownSummaries, type ParamSummary, type Summary } from "./escape-summary.ts";
import { Analysis } from "./pointsto.ts";
import { moveToFrame } from "./toframe.ts";
import { components } from "./callgraph.ts";
import { RefAddress } from "./references.ts";

/** Analyses all functions of a program and moves allocations to frames. Returns the number of allocations moved. `ready` is told of functions that are done. */
export function escapeAnalysis(
  functions: readonly Func[],
  host: EscapeHost,
  ready?: (f: Func) => void,
): { moved: number; summaries: SymMap<Summary> } {
  const bySym = new SymMap<Func>();
  for (const f of functions) bySym.set(f.sym, f);
  const known = new KnownSummaries(bySym, (sym) => host.nameOf(sym));
  let moved = 0;
  for (const group of components(functions, host)) {
    const analyses = analyseGroup(group, host, known);
    for (let i = 0; i < group.length; i++) moved += moveToFrame(group[i] as Func, analyses[i] as Analysis, host);
    if (ready !== undefined) for (let i = 0; i < group.length; i++) ready(group[i] as Func);
  }
  return { moved, summaries: known.found };
}

/** Analyses functions that call each other until what is known of them holds. */
function analyseGroup(group: readonly Func[], host: EscapeHost, known: KnownSummaries): Analysis[] {
  const alone = group.length === 1 && !callsItself(group[0] as Func, host);
  const fixed = group.map((f) => known.fixed(f.sym, f.abi.params.length));
  for (let i = 0; i < group.length; i++) {
    const f = group[i] as Func;
    known.found.set(f.sym, fixed[i] ?? emptySummary(f.abi.params.length));
  }
  known.members = alone ? new Set() : new Set(group.map((f) => f.sym));
  const analyses: Analysis[] = [];
  // Functions whose knowledge of others has changed are looked at again.
  const stale = group.map(() => true);
  const users = new Map<Sym, Set<number>>();
  for (let again = true; again; ) {
    again = false;
    for (let i = 0; i < group.length; i++) {
      if (stale[i] !== true) continue;
      stale[i] = false;
      const f = group[i] as Func;
      known.asked.clear();
      const a = new Analysis(f, host, known);
      a.solve();
      analyses[i] = a;
      for (const sym of known.asked) {
        const list = users.get(sym);
        if (list === undefined) users.set(sym, new Set([i]));
        else list.add(i);
      }
      if (fixed[i] !== null) continue;
      const s = a.summary();
      const old = known.found.get(f.sym) as Summary;
      if (s.every((p, k) => p.same(old[k] as ParamSummary))) continue;
      known.found.set(f.sym, s);
      for (const user of users.get(f.sym) ?? []) {
        stale[user] = true;
        again = true;
      }
    }
  }
  return analyses;
}

function callsItself(f: Func, host: EscapeHost): boolean {
  for (const c of f.calls) if (c !== null && c !== undefined && c.sym === f.sym) return true;
  const { syms, kinds } = host.referencesOf(f);
  for (let i = 0; i < syms.length; i++) if (syms[i] === f.sym && kinds[i] === RefAddress) return true;
  return false;
}
