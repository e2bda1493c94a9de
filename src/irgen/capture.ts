// Closure objects: the code's address followed by what the closure captured, copies of values that never change and the addresses of
// variables that do. Constants are not in the object: the closure's code has them.

import { NoPos } from "../base/pos.ts";
import type { Value } from "../ssa/func.ts";
import { OpClosure, OpConst, OpConstF, OpNew, OpSelect, OpSelectMem, OpSymAddr } from "../ssa/ops.gen.ts";
import type { Sym } from "../ssa/symbol.ts";
import { TypeMem, TypePtr, TypeTuple, type ValueType } from "../ssa/types.ts";
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

/** A part of a captured variable that is a constant or the address of data. */
class ConstantPart {
  readonly op: number;
  readonly type: ValueType;
  readonly bits: bigint;
  readonly sym: number;

  constructor(g: Body, v: Value) {
    this.op = g.f.op[v] as number;
    this.type = g.f.type[v] as ValueType;
    this.bits = g.f.auxBig(v);
    this.sym = g.f.aux[v] as number;
  }

  make(g: Body): Value {
    const v = g.b.op0(this.op, this.type);
    g.f.setAuxBig(v, this.bits);
    g.f.aux[v] = this.sym;
    return v;
  }
}

/** What a function literal uses of the function around it, divided. */
export class Captures {
  /** Variables whose values or addresses are in the closure object. */
  readonly vars: Var[] = [];
  private readonly constants = new Map<Var, readonly ConstantPart[]>();

  /** Sorts out the variables that hold constants where the closure is made in `g`. */
  constructor(g: Body, vars: Iterable<Var>) {
    for (const v of vars) {
      const parts = constantParts(g, v);
      if (parts === null) this.vars.push(v);
      else this.constants.set(v, parts);
    }
  }

  /** Gives the variables their places at the entry of the closure's code. */
  bind(g: Body): void {
    if (this.vars.length > 0) bindCaptures(g, this.vars);
    for (const [v, parts] of this.constants) {
      const shape = g.shape(g.env.fixed(v.type as Type));
      const values = parts.map((part) => part.make(g));
      bindValue(g, v, g.of(shape, values));
    }
  }
}

function constantParts(g: Body, v: Var): ConstantPart[] | null {
  if (!g.env.analysis.copied(v)) return null;
  const { parts } = g.getLocal(g.local(v));
  if (parts === null) return null;
  for (const x of parts) {
    const op = g.f.op[x];
    if (op !== OpConst && op !== OpConstF && op !== OpSymAddr) return null;
  }
  return parts.map((x) => new ConstantPart(g, x));
}

/** The closure object for a function that uses variables of this one. */
export function makeClosure(g: Body, captures: Captures, code: Sym): Value {
  const { vars } = captures;
  const values = vars.map((v) => {
    const local = g.local(v);
    if (g.env.analysis.copied(v)) return g.getLocal(local);
    return g.pointer(g.localAddress(local));
  });
  return closureOf(g, code, capturedTypes(g, vars), values);
}

/** A captured variable that never changes. */
function bindValue(g: Body, v: Var, x: Operand): void {
  const local = new Local(
    x.shape,
    x.shape.components.map((c) => g.b.newVariable(c.type)),
    0,
    0,
  );
  g.setLocal(local, x);
  g.locals.set(v, local);
}

/** Gives the captured variables of the closure object their places. */
function bindCaptures(g: Body, captures: readonly Var[]): void {
  const values = openClosure(g, capturedTypes(g, captures));
  for (let i = 0; i < captures.length; i++) {
    const v = captures[i] as Var;
    const x = values[i] as Operand;
    if (g.env.analysis.copied(v) && x.parts !== null) {
      bindValue(g, v, x);
      continue;
    }
    const shape = g.shape(g.env.fixed(v.type as Type));
    const local = new Local(shape, null, 0, g.b.newVariable(TypePtr));
    g.b.write(local.pointer, x.parts === null ? x.addr : g.one(x));
    g.locals.set(v, local);
  }
}
