// go and defer: the call becomes a function value without parameters, with everything evaluated that the statement evaluates.

import type { CallExpr, CallStmt } from "../syntax/tree.ts";
import type { Var } from "../types/object.ts";
import type { Body } from "./body.ts";
import { deferredClosure } from "./closure.ts";

/** The runtime's record of a deferred call: its size, where the function is. The runtime itself finds the records and their pointers. */
const recordSize = 48;
const recordFunction = 24;

export function goStmt(g: Body, s: CallStmt): void {
  const fn = deferredClosure(g, s.call as CallExpr, false);
  g.b.pos = s.pos;
  g.runtime("newproc", fn);
}

export function deferStmt(g: Body, s: CallStmt): void {
  const { b, f } = g;
  const fn = deferredClosure(g, s.call as CallExpr, true);
  b.pos = s.pos;
  if (g.range !== null) {
    const token = g.getLocal(g.local(g.env.analysis.loopState(g.range.func).token as Var));
    g.runtime("deferprocat", fn, ...g.parts(token));
    return;
  }
  if (g.env.analysis.repeatedDefers.has(s)) {
    g.runtime("deferproc", fn);
    return;
  }
  const slot = f.newSlot("defer", recordSize, 8, []);
  const record = f.slots[slot] as { exposed: boolean; escapes: boolean };
  record.exposed = true;
  record.escapes = true;
  const p = b.slot(slot);
  b.store(p, recordFunction, fn);
  g.runtime("deferprocStack", p);
}
