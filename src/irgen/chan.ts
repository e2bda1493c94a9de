// Sending to and receiving from channels.

import type { Operation, SendStmt } from "../syntax/tree.ts";
import * as K from "../types/kinds.ts";
import { under } from "../types/under.ts";
import type { Value } from "../ssa/func.ts";
import type { Body } from "./body.ts";
import { expr, exprAs, hoistAll } from "./expr.ts";
import { isSmall, Operand } from "./operand.ts";
import type { Shape } from "./shape.ts";

/** <-c, or both values of v, ok := <-c. */
export function receive(g: Body, e: Operation, commaOk: boolean): Operand[] {
  const t = under(g.typeOf(e.x));
  if (t.kind !== K.TChan) throw new Error("a receive from no channel");
  const c = g.one(expr(g, e.x));
  const shape = g.shape(t.elem);
  g.b.pos = e.pos;
  const addr = shape.size === 0 ? g.b.nil() : g.temp(shape);
  if (shape.size > 0) forget(g, shape, addr);
  const ok = g.runtime(commaOk ? "chanrecv2" : "chanrecv1", c, addr);
  const v = shape.size === 0 ? g.zeroValue(shape) : isSmall(shape) ? g.loadFrom(shape, addr) : new Operand(shape, null, addr, true);
  return commaOk ? [v, g.bool(ok[0] as NonNullable<(typeof ok)[0]>)] : [v];
}

/** Receives into larger places than this do not clear them first. */
const maxForget = 64;

/**
 * The runtime is about to fill a temporary: what it holds from the last time, in a loop, must not live on through its address. Frames would be cleared at
 * entry otherwise, so this costs little.
 */
export function forget(g: Body, shape: Shape, addr: Value): void {
  if (shape.pointerBytes > 0 && shape.size <= maxForget) g.put(g.zeroValue(shape), addr);
}

/** c <- v. */
export function send(g: Body, s: SendStmt): void {
  const t = under(g.typeOf(s.chan));
  if (t.kind !== K.TChan) throw new Error("a send to no channel");
  hoistAll(g, [s.chan, s.value]);
  const c = g.one(expr(g, s.chan));
  const v = exprAs(g, s.value, t.elem);
  g.b.pos = s.pos;
  g.runtime("chansend1", c, g.inMemory(v));
}
