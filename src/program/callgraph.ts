// The program's call graph in the order in which whole-program analyses want it: callees first, functions that call each other together.

import type { Func } from "../ssa/func.ts";
import { NoSym, type Sym } from "../ssa/symbol.ts";
import { SymMap } from "../ssa/symmap.ts";
import type { EscapeHost } from "./escape-host.ts";
import { RefAddress, RefCall, RefWatched } from "./references.ts";

/** Functions by number, and what the search knows of each. */
class Graph {
  private readonly host: EscapeHost;
  readonly functions: readonly Func[];
  /** By symbol: the number of its function, counted from 1. */
  private readonly numbers = new SymMap<number>();

  constructor(functions: readonly Func[], host: EscapeHost) {
    this.functions = functions;
    this.host = host;
    for (let i = 0; i < functions.length; i++) this.numbers.set(functions[i].sym, i);
  }

  /** The functions that a function refers to: calls, closures, function values. */
  neighbours(n: number): number[] {
    const list: number[] = [];
    const { syms, kinds } = this.host.referencesOf(this.functions[n]);
    for (let i = 0; i < syms.length; i++) {
      const kind = kinds[i];
      if (kind !== RefCall && kind !== RefWatched && kind !== RefAddress) continue;
      this.add(list, syms[i]);
      if (kind !== RefAddress) continue;
      const code = this.host.codeOf(syms[i]);
      if (code !== NoSym) this.add(list, code);
    }
    return list;
  }

  private add(list: number[], sym: Sym): void {
    const n = this.numbers.get(sym);
    if (n !== undefined) list.push(n);
  }
}

/** Strongly connected components, callees first (Tarjan's algorithm without recursion). */
export function components(functions: readonly Func[], host: EscapeHost): Func[][] {
  const graph = new Graph(functions, host);
  // By number of the function: when it was met, counted from 1.
  const met = new Int32Array(functions.length);
  const low = new Int32Array(functions.length);
  const onStack = new Uint8Array(functions.length);
  const stack: number[] = [];
  const out: Func[][] = [];
  // The way from the root to where the search is.
  const path: number[] = [];
  const next: number[] = [];
  const lists: number[][] = [];
  let counter = 0;
  for (let root = 0; root < functions.length; root++) {
    if (met[root] !== 0) continue;
    let enter = root;
    for (;;) {
      if (enter >= 0) {
        low[enter] = met[enter] = ++counter;
        stack.push(enter);
        onStack[enter] = 1;
        path.push(enter);
        next.push(0);
        lists.push(graph.neighbours(enter));
        enter = -1;
      }
      const top = path.length - 1;
      const n = path[top];
      const list = lists[top];
      if (next[top] < list.length) {
        const g = list[next[top]++];
        if (met[g] === 0) enter = g;
        else if (onStack[g] === 1 && met[g] < low[n]) low[n] = met[g];
        continue;
      }
      path.pop();
      next.pop();
      lists.pop();
      if (low[n] === met[n]) out.push(takeGroup(functions, stack, onStack, n));
      if (top === 0) break;
      const parent = path[top - 1];
      if (low[n] < low[parent]) low[parent] = low[n];
    }
  }
  return out;
}

/** The functions on the stack from `first` on. */
function takeGroup(functions: readonly Func[], stack: number[], onStack: Uint8Array, first: number): Func[] {
  const group: Func[] = [];
  for (;;) {
    const n = stack.pop() as number;
    onStack[n] = 0;
    group.push(functions[n]);
    if (n === first) return group.reverse();
  }
}
