// Closure objects: the code's address followed by what the closure captured, copies of values that never change and the addresses of
// variables that do.

import { NoPos } from "../base/pos.ts";
import type { Value } from "../ssa/func.ts";
import { OpClosure, OpNew, OpSelect, OpSelectMem } from "../ssa/ops.gen.ts";
import type { Sym } from "../ssa/symbol.ts";
import { TypeMem, TypePtr, TypeTuple } from "../ssa/types.ts";
import * as K from "../types/kinds.ts";
import { Var } from "../types/object.ts";
import { Struct, Typ, type Type } from "../types/types.ts";
import type { Body } from "./body.ts";
import { isSmall, Local, Operand } from "./operand.ts";

/** The type of a closure object that holds values of the given types. */
function closureType(g: Body, types: readonly Type[]): Struct {
  const fields = [new Var(g.ctx.ids, K.FieldVar, NoPos, g.env.pkg.types, "F", Typ[K.Uintptr] as Type)];
  for (let i = 0; i < types.length; i++) {
    fields.push(new Var(g.ctx.ids, K.FieldVar, NoPos, g.env.pkg.types, `X${i}`, types[i] as Type));
  }
  return new Struct(g.ctx.ids, fields, []);
}

function capturedTypes(g: Body, captures: readonly Var[]): Type[] {
  return captures.map((v) => {
    const t = g.env.fixed(v.type as Type);
    return g.env.analysis.copied(v) ? t : g.pointerTo(t);
  });
}

/** A closure object with values in it; without any, the static function value. */
export function closureOf(g: Body, code: Sym, types: readonly Type[], values: readonly Operand[]): Value {
  if (values.length === 0) return g.b.symbol(g.ctx.funcValueSym(code));
  const { b } = g;
  const t = closureType(g, types);
  const shape = g.shape(t);
  const made = b.op1(OpNew, TypeTuple, b.mem);
  g.f.setAuxInt(made, shape.size);
  g.f.aux[made] = g.ctx.typeSym(t, false);
  b.mem = b.op1(OpSelectMem, TypeMem, made);
  const p = b.opInt1(OpSelect, TypePtr, made, 0);
  b.store(p, 0, b.symbolBits(code));
  for (let i = 0; i < values.length; i++) g.put(values[i] as Operand, b.offset(p, shape.offsets[i + 1] as number));
  return p;
}

/** The values that a closure object of this function holds; called at the function's entry. */
export function openClosure(g: Body, types: readonly Type[]): Operand[] {
  if (types.length === 0) return [];
  const { b } = g;
  const p = b.op0(OpClosure, TypePtr);
  const outer = g.shape(closureType(g, types));
  return types.map((t, i) => {
    const shape = g.shape(t);
    const addr = b.offset(p, outer.offsets[i + 1] as number);
    return isSmall(shape) ? g.loadFrom(shape, addr) : new Operand(shape, null, addr, true);
  });
}

/** The closure object for a function that uses variables of this one. */
export function makeClosure(g: Body, captures: readonly Var[], code: Sym): Value {
  const values = captures.map((v) => {
    const local = g.local(v);
    if (g.env.analysis.copied(v)) return g.getLocal(local);
    return g.pointer(g.localAddress(local));
  });
  return closureOf(g, code, capturedTypes(g, captures), values);
}

/** Gives the captured variables their places; called at the entry of the closure's code. */
export function bindCaptures(g: Body, captures: readonly Var[]): void {
  const values = openClosure(g, capturedTypes(g, captures));
  for (let i = 0; i < captures.length; i++) {
    const v = captures[i] as Var;
    const x = values[i] as Operand;
    const shape = g.shape(g.env.fixed(v.type as Type));
    let local: Local;
    if (g.env.analysis.copied(v) && x.parts !== null) {
      local = new Local(
        shape,
        shape.components.map((c) => g.b.newVariable(c.type)),
        0,
        0,
      );
      g.setLocal(local, x);
    } else {
      local = new Local(shape, null, 0, g.b.newVariable(TypePtr));
      g.b.write(local.pointer, x.parts === null ? x.addr : g.one(x));
    }
    g.locals.set(v, local);
  }
}
