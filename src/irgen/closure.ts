// Functions that come up inside bodies and are written later: function literals, bodies of loops over functions, calls that go and defer put off,
// bound methods. What is needed to write them is kept in the payload of their symbol.

import { type AbiInfo, assignAbi } from "../ssa/abi.ts";
import { CallInfo, FnHasDefer, FnNoPoll, FnSystemStack, FnWrapper, Func, type Value } from "../ssa/func.ts";
import type { Sym } from "../ssa/symbol.ts";
import * as S from "../syntax/kinds.ts";
import type { Pos } from "../base/pos.ts";
import type { CallExpr, ForStmt, FuncLit } from "../syntax/tree.ts";
import { unparen } from "../syntax/unparen.ts";
import * as K from "../types/kinds.ts";
import type { Func as FuncObject } from "../types/object.ts";
import { type Signature, Typ, type Type } from "../types/types.ts";
import { under } from "../types/under.ts";
import type { Frame } from "./analysis.ts";
import { Body, ClosureNames, type Environment } from "./body.ts";
import {
  callableAbi,
  calleeOf,
  callExpr,
  hoistCall,
  integersKept,
  invoke,
  keptOnHeap,
  methodSelection,
  namedFunction,
  noteHidden,
  notKept,
  receiver,
} from "./call.ts";
import { Captures, closureOf, makeClosure, openClosure } from "./capture.ts";
import type { ClosurePayload, ProgramContext } from "./context.ts";
import { checked, expr, isNil, multi, multiTypes } from "./expr.ts";
import { closeFrame, openFrame, readArguments } from "./frame.ts";
import type { Operand } from "./operand.ts";
import { rangeBody, RangeFrame } from "./rangefunc.ts";
import { block } from "./stmt.ts";
import { OpInitMem } from "../ssa/ops.gen.ts";
import { TypeMem } from "../ssa/types.ts";
import { setFlag, traceName } from "./naming.ts";

const pendingLiteral = 1;
const pendingLoop = 2;
const pendingCall = 3;
const pendingMethod = 4;

/** A value that a deferred call brings along. */
class Brought {
  /** What it stands for: an expression, a receiver (by selector), a value of a tuple call. */
  readonly what: number;
  readonly id: number;
  readonly type: Type;

  constructor(what: number, id: number, type: Type) {
    this.what = what;
    this.id = id;
    this.type = type;
  }
}

const broughtValue = 1;
const broughtReceiver = 2;
const broughtTuple = 3;
/** A pointer that is among the arguments as an integer only, and that the call keeps alive. */
const broughtPointer = 4;

/** A function that is to be written. */
export class Pending implements ClosurePayload {
  readonly kind: "closure" = "closure";
  readonly what: number;
  readonly env: Environment;
  readonly pos: Pos;
  readonly abi: AbiInfo;
  /** Flags of the function around. */
  readonly flags: number;
  /** Of literals and loop bodies. */
  frame: Frame | null = null;
  captures: Captures | null = null;
  func: Frame | null = null;
  /** The literal's signature; of loop bodies, that of the function around; of bound methods, theirs. */
  signature: Signature | null = null;
  /** The signature of what a loop body is passed as. */
  yields: Signature | null = null;
  names: ClosureNames | null = null;
  call: CallExpr | null = null;
  brought: readonly Brought[] = [];
  recv: Type | null = null;
  iface = false;
  method: FuncObject | null = null;

  constructor(what: number, env: Environment, pos: Pos, abi: AbiInfo, flags: number) {
    this.what = what;
    this.env = env;
    this.pos = pos;
    this.abi = abi;
    this.flags = flags;
  }
}

/** Flags that functions inside others take over. */
const inherited = FnSystemStack | FnNoPoll;

/** The name of a function literal, as gc numbers them. */
function literalName(names: ClosureNames, frame: Frame): string {
  const n = frame.number + (names.base === null ? 0 : names.base());
  return `${names.outer}${names.literal ? "." : ".func"}${n}`;
}

/** func(...) { ... } as a value. */
export function functionLiteral(g: Body, e: FuncLit): Operand {
  const frame = g.env.analysis.frame(e);
  const sig = g.env.info.types[e.id] as Signature;
  const fixed = g.typeOf(e) as Signature;
  const p = new Pending(pendingLiteral, g.env, e.pos, callableAbi(g, fixed), g.f.flags & inherited);
  p.frame = frame;
  p.captures = new Captures(g, frame.captures);
  p.signature = sig;
  const code = g.ctx.closureSym(literalName(g.names, frame), p);
  p.names = new ClosureNames(g.ctx.symbols.name(code), true);
  g.b.pos = e.pos;
  return g.scalar(g.shape(fixed), makeClosure(g, p.captures, code));
}

/** The function that a loop body becomes. */
export function pendingRange(g: Body, s: ForStmt, frame: Frame, captures: Captures, func: Frame | null): Sym {
  const init = s.init;
  if (init === null || init.kind !== S.KindRangeClause) throw new Error("a loop over a function without range");
  const iterator = under(g.typeOf(init.x)) as Signature;
  const yields = under(iterator.params.vars[0]?.type as Type) as Signature;
  const p = new Pending(pendingLoop, g.env, s.pos, callableAbi(g, yields), g.f.flags & inherited);
  p.frame = frame;
  p.captures = captures;
  p.func = func;
  p.signature = g.signature;
  p.yields = yields;
  p.names = g.names;
  return g.ctx.closureSym(`${g.names.outer}-range${frame.number}`, p);
}

/** The code of a method value. */
export function pendingBound(g: Body, recv: Type, iface: boolean, method: FuncObject, sig: Signature): Sym {
  const p = new Pending(pendingMethod, g.env, g.b.pos, callableAbi(g, sig), 0);
  p.recv = recv;
  p.iface = iface;
  p.method = method;
  p.signature = sig;
  return g.ctx.sharedClosureSym(`${g.ctx.symbols.name(g.ctx.methodSym(recv, method, false))}-fm`, p);
}

/** The call of a go or defer statement as a function value without parameters: everything is evaluated now but the call itself. */
export function deferredClosure(g: Body, e: CallExpr, isDefer: boolean): ReturnType<typeof closureOf> {
  const mode = g.env.info.mode(e.fun.id);
  const isBuiltin = mode === K.ModeBuiltin;
  const sig = isBuiltin ? null : (under(g.typeOf(e.fun)) as Signature);
  const method = isBuiltin ? null : methodSelection(g, e.fun);
  if (sig !== null && method === null && sig.params.vars.length === 0 && sig.results.vars.length === 0) return g.one(expr(g, e.fun));
  hoistCall(g, e);
  const brought: Brought[] = [];
  const values: Operand[] = [];
  const add = (what: number, id: number, type: Type, x: Operand): void => {
    brought.push(new Brought(what, id, type));
    values.push(g.stable(x));
  };
  if (method !== null) {
    const r = receiver(g, method.e, method.s);
    if (r.iface) checked(g, g.b.pointerOf(g.part(r.x, 0)));
    add(broughtReceiver, method.e.id, r.type, r.x);
  } else if (!isBuiltin && namedFunction(g, e.fun) === null) {
    const x = expr(g, e.fun);
    // A call of a nil function value panics here and not in the runtime.
    add(broughtValue, unparen(e.fun).id, g.typeOf(e.fun), x);
  }
  const hidden: Value[] = [];
  for (const a of e.argList) {
    if (isNil(g, a) || g.env.value(a) !== undefined || g.env.info.mode(a.id) === K.ModeTypExpr) continue;
    const t = g.typeOf(a);
    if (t.kind === K.TTuple) {
      const types = multiTypes(g, a);
      multi(g, a).forEach((x, i) => add(broughtTuple, unparen(a).id, types[i] as Type, x));
    } else {
      const x = expr(g, a);
      noteHidden(g, x, hidden);
      add(broughtValue, a.id, t, x);
    }
  }
  const keeps = hidden.length > 0 ? integersKept(g, e.fun) : notKept;
  if (keeps !== notKept) {
    for (const p of hidden) {
      if (keeps === keptOnHeap) g.keepAlive(p, true);
      add(broughtPointer, 0, Typ[K.UnsafePointer] as Type, g.pointer(p));
    }
  }
  const abi = assignAbi(g.ctx.abiRegisters, [], []);
  const p = new Pending(pendingCall, g.env, e.pos, abi, (g.f.flags & inherited) | FnWrapper);
  p.call = e;
  p.brought = brought;
  p.signature = g.signature;
  const name = `${g.names.outer}${isDefer ? ".deferwrap" : ".gowrap"}${++g.names.wrapped}`;
  const code = g.ctx.closureSym(name, p);
  g.b.pos = e.pos;
  return closureOf(
    g,
    code,
    brought.map((x) => x.type),
    values,
  );
}

/** Writes a function that was put off. */
export function writePending(ctx: ProgramContext, sym: Sym, p: Pending, started: (g: Body) => void): Func {
  const name = ctx.symbols.name(sym);
  const f = new Func(sym, traceName(name), p.pos, p.abi, new CallInfo(sym, p.abi, false), p.flags);
  switch (p.what) {
    case pendingLiteral: {
      const frame = p.frame as Frame;
      const sig = p.signature as Signature;
      const lit = frame.node as FuncLit;
      const g = new Body(p.env, f, sig, p.names as ClosureNames, lit);
      started(g);
      openFrame(g, sig.params.vars, sig.results.vars, p.captures);
      setFlag(g, (p.captures as Captures).vars.length > 0);
      if (g.hasDefer) f.flags |= FnHasDefer;
      block(g, lit.body);
      g.b.pos = lit.body.rbrace;
      closeFrame(g);
      return f;
    }
    case pendingLoop: {
      const frame = p.frame as Frame;
      const g = new Body(p.env, f, p.signature as Signature, p.names as ClosureNames, frame.node);
      started(g);
      g.range = new RangeFrame(frame, p.captures as Captures, p.func);
      setFlag(g, g.range.captures.vars.length > 0);
      rangeBody(g, p.yields as Signature);
      return f;
    }
    case pendingCall: {
      const g = new Body(p.env, f, p.signature as Signature, new ClosureNames(name), null);
      started(g);
      g.b.mem = g.b.op0(OpInitMem, TypeMem);
      writeCall(g, p);
      return f;
    }
    default: {
      const g = new Body(p.env, f, p.signature as Signature, new ClosureNames(name), null);
      started(g);
      g.b.mem = g.b.op0(OpInitMem, TypeMem);
      writeBound(g, p);
      return f;
    }
  }
}

function writeCall(g: Body, p: Pending): void {
  const e = p.call as CallExpr;
  const values = openClosure(
    g,
    p.brought.map((x) => x.type),
  );
  setFlag(g, values.length > 0);
  const pointers: Value[] = [];
  for (let i = 0; i < values.length; i++) {
    const x = values[i] as Operand;
    const { what, id } = p.brought[i] as Brought;
    if (what === broughtReceiver) g.receivers.set(id, x);
    else if (what === broughtValue) g.hoisted.set(id, x);
    else if (what === broughtPointer) pointers.push(g.one(x));
    else {
      const list = g.tuples.get(id);
      if (list === undefined) g.tuples.set(id, [x]);
      else list.push(x);
    }
  }
  g.b.pos = e.pos;
  callExpr(g, e);
  for (const p of pointers) if (g.b.live) g.keepAlive(p);
  if (g.b.live) g.b.ret([]);
  g.b.finish();
}

function writeBound(g: Body, p: Pending): void {
  const args = readArguments(g);
  const recv = openClosure(g, [p.recv as Type])[0] as Operand;
  setFlag(g, true);
  g.f.flags |= FnWrapper;
  const c = calleeOf(g, recv, p.recv as Type, p.iface, p.method as FuncObject, p.signature as Signature);
  const results = invoke(g, c, args);
  const parts = [];
  const slots = g.f.abi.results;
  for (let i = 0; i < slots.length; i++) {
    const slot = slots[i] as (typeof slots)[0];
    if (slot.registers !== null) parts.push(...g.parts(results[i] as Operand));
    else if (slot.type.size > 0) g.put(results[i] as Operand, g.b.argAddr(slot.stackOffset));
  }
  g.b.ret(parts);
  g.b.finish();
}
