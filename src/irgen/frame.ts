// The ends of a function: its entry, where parameters, captured variables and results get their places, its returns, and the landing to which the
// runtime comes back after a recovered panic.

import type { AbiSlot } from "../ssa/abi.ts";
import type { Value } from "../ssa/func.ts";
import { OpArg, OpInitMem } from "../ssa/ops.gen.ts";
import { TypeI8, TypeMem, TypePtr, type ValueType } from "../ssa/types.ts";
import * as S from "../syntax/kinds.ts";
import type { ReturnStmt } from "../syntax/tree.ts";
import { unparen } from "../syntax/unparen.ts";
import type { Var } from "../types/object.ts";
import type { Type } from "../types/types.ts";
import type { Body } from "./body.ts";
import { convertTo } from "./convert.ts";
import { exprAs, hoistAll, multi, multiTypes } from "./expr.ts";
import type { Captures } from "./capture.ts";
import { Local, Operand } from "./operand.ts";
import { leaveByReturn } from "./rangefunc.ts";
import type { Shape } from "./shape.ts";

/** The values with which the function was called, receiver first. */
export function readArguments(g: Body): Operand[] {
  const { b, f } = g;
  const list: Operand[] = [];
  let index = 0;
  for (const slot of f.abi.params) {
    const shape = slot.type as Shape;
    if (slot.registers === null) {
      list.push(shape.size === 0 ? g.zeroValue(shape) : g.at(shape, b.argAddr(slot.stackOffset), true));
      continue;
    }
    const parts: Value[] = [];
    for (let i = 0; i < slot.registers.length; i++) {
      const v = b.op0(OpArg, f.self.argTypes[index] as ValueType);
      f.setAuxInt(v, index++);
      parts.push(v);
    }
    list.push(new Operand(shape, parts, 0 as Value, true));
  }
  return list;
}

/** Starts a function: memory, parameters, captured variables, results. */
export function openFrame(g: Body, params: readonly Var[], results: readonly Var[], captures: Captures | null): Operand[] {
  const { b } = g;
  b.mem = b.op0(OpInitMem, TypeMem);
  const args = readArguments(g);
  captures?.bind(g);
  g.hasDefer = g.range === null && g.env.analysis.defers(g.frame);
  if (g.hasDefer) openDefers(g, results);
  else for (const v of results) g.results.push(g.declare(v, null));
  for (let i = 0; i < params.length; i++) {
    const v = params[i] as Var;
    if (v.name !== "_" && v.name !== "") g.declare(v, args[i] as Operand);
  }
  return args;
}

/** Results of functions with defer live in memory that the landing finds again. */
function openDefers(g: Body, results: readonly Var[]): void {
  const { b, f } = g;
  const body = b.newBlock();
  const landing = b.newBlock();
  const pointers: number[] = [];
  for (const v of results) {
    const type = g.env.fixed(v.type as Type);
    const shape = g.shape(type);
    let local: Local;
    if (g.env.analysis.inMemory(v)) {
      const p = g.newObject(type);
      const slot = f.newSlot(`&${v.name}`, 8, 8, [0]);
      (f.slots[slot] as { exposed: boolean }).exposed = true;
      b.store(b.slot(slot), 0, p);
      local = new Local(shape, null, 0, b.newVariable(TypePtr));
      b.write(local.pointer, p);
      pointers.push(slot);
    } else {
      const slot = g.newSlot(shape, v.name);
      (f.slots[slot] as { exposed: boolean }).exposed = true;
      b.zero(b.slot(slot), shape.size, g.memoryType(shape));
      local = new Local(shape, null, slot, 0);
      pointers.push(0);
    }
    g.locals.set(v, local);
    g.results.push(local);
  }
  b.fork(body, landing);
  b.startSealed(landing);
  g.runtime("deferreturn");
  emitReturn(
    g,
    g.results.map((local, i) => {
      const slot = pointers[i] as number;
      const addr = slot !== 0 ? b.load(TypePtr, b.slot(slot)) : b.slot(local.slot);
      return g.at(local.shape, addr);
    }),
  );
  b.startSealed(body);
}

/** Hands results over and returns. */
function emitReturn(g: Body, values: readonly Operand[]): void {
  const { b, f } = g;
  const parts: Value[] = [];
  const slots = f.abi.results;
  for (let i = 0; i < slots.length; i++) {
    if ((slots[i] as AbiSlot).registers !== null) parts.push(...g.parts(values[i] as Operand));
  }
  for (let i = 0; i < slots.length; i++) {
    const slot = slots[i] as AbiSlot;
    if (slot.registers === null && slot.type.size > 0) g.put(values[i] as Operand, b.argAddr(slot.stackOffset));
  }
  b.ret(parts);
}

/** Returns what the result variables hold. */
export function returnVariables(g: Body): void {
  if (g.hasDefer) g.runtime("deferreturn");
  emitReturn(
    g,
    g.results.map((l) => g.getLocal(l)),
  );
}

/** The end of the body. */
export function closeFrame(g: Body): void {
  if (g.b.live && g.signature.results.vars.length === 0) returnVariables(g);
  g.b.finish();
}

/** A return from the body of a loop over a function (or its end): whether the loop goes on. */
export function returnBool(g: Body, more: boolean): void {
  g.b.ret([g.b.int(more ? 1 : 0, TypeI8)]);
}

export function returnStmt(g: Body, s: ReturnStmt): void {
  const vars = g.signature.results.vars;
  if (s.results !== null) {
    const values = resultValues(g, s, vars);
    g.b.pos = s.pos;
    const analysis = g.env.analysis;
    if (g.range === null && !g.hasDefer && !vars.some((v) => analysis.inMemory(v))) {
      emitReturn(g, values);
      return;
    }
    for (let i = 0; i < vars.length; i++) g.setLocal(g.local(vars[i] as Var), values[i] as Operand);
  }
  g.b.pos = s.pos;
  if (g.range !== null) leaveByReturn(g);
  else returnVariables(g);
}

function resultValues(g: Body, s: ReturnStmt, vars: readonly Var[]): Operand[] {
  const e = s.results as NonNullable<ReturnStmt["results"]>;
  const types = vars.map((v) => g.env.fixed(v.type as Type));
  if (e.kind !== S.KindListExpr) {
    if (types.length === 1) return [exprAs(g, e, types[0] as Type)];
    const from = multiTypes(g, e);
    return multi(g, unparen(e)).map((x, i) => convertTo(g, x, from[i] as Type, types[i] as Type));
  }
  hoistAll(g, e.elemList);
  const values: Operand[] = [];
  for (let i = 0; i < types.length; i++) {
    const x = exprAs(g, e.elemList[i] as typeof e, types[i] as Type);
    // A large value may stand in a result variable that another value is written to.
    values.push(g.stable(x));
  }
  return values;
}
