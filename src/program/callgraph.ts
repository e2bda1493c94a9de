// The program's call graph in the order in which whole-program analyses want it: callees first, functions that call each other together.

import type { CallInfo, Func } from "../ssa/func.ts";
import { NoSym, type Sym } from "../ssa/symbol.ts";
import type { EscapeHost } from "./escape-host.ts";
import { OpCallStatic, OpSymAddr } from "../ssa/ops.gen.ts";

/** The functions that a function refers to: calls, closures, function values. */
function neighbours(f: Func, bySym: ReadonlyMap<Sym, Func>, host: EscapeHost): Func[] {
  const list: Func[] = [];
  const add = (sym: Sym): void => {
    const g = bySym.get(sym);
    if (g !== undefined) list.push(g);
  };
  for (let k = 0; k < f.blocks.length; k++) {
    const b = f.blocks[k];
    if (!b) continue;
    for (let i = 0; i < b.values.length; i++) {
      const v = b.values[i];
      const op = f.op[v] as number;
      if (op === OpCallStatic) add((f.calls[f.aux[v] as number] as CallInfo).sym);
      else if (op === OpSymAddr) {
        add(f.aux[v] as Sym);
        const code = host.codeOf(f.aux[v] as Sym);
        if (code !== NoSym) add(code);
      }
    }
  }
  return list;
}

/** Strongly connected components, callees first (Tarjan's algorithm without recursion). */
export function components(functions: readonly Func[], bySym: ReadonlyMap<Sym, Func>, host: EscapeHost): Func[][] {
  const index = new Map<Func, number>();
  const low = new Map<Func, number>();
  const onStack = new Set<Func>();
  const stack: Func[] = [];
  const out: Func[][] = [];
  let counter = 0;
  for (const root of functions) {
    if (index.has(root)) continue;
    const frames: { f: Func; next: number; out: Func[] }[] = [];
    const enter = (f: Func): void => {
      index.set(f, counter);
      low.set(f, counter++);
      stack.push(f);
      onStack.add(f);
      frames.push({ f, next: 0, out: neighbours(f, bySym, host) });
    };
    enter(root);
    while (frames.length > 0) {
      const top = frames[frames.length - 1] as { f: Func; next: number; out: Func[] };
      if (top.next < top.out.length) {
        const g = top.out[top.next++] as Func;
        if (!index.has(g)) enter(g);
        else if (onStack.has(g)) low.set(top.f, Math.min(low.get(top.f) as number, index.get(g) as number));
        continue;
      }
      frames.pop();
      const mine = low.get(top.f) as number;
      const parent = frames[frames.length - 1];
      if (parent !== undefined) low.set(parent.f, Math.min(low.get(parent.f) as number, mine));
      if (mine !== index.get(top.f)) continue;
      const group: Func[] = [];
      for (;;) {
        const g = stack.pop() as Func;
        onStack.delete(g);
        group.push(g);
        if (g === top.f) break;
      }
      out.push(group.reverse());
    }
  }
  return out;
}
