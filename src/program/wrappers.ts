// Functions that only adapt: methods reached through embedded fields or pointers, methods of interfaces as functions, and the two
// directions between the register convention and ABI0.

import { FnNoSplit, FnWrapper, type Func, type Value } from "../ssa/func.ts";
import { OpConst, OpEq, OpIntToPtr, OpNilCheck } from "../ssa/ops.gen.ts";
import { assignAbi, type AbiInfo, type AbiRegisters } from "../ssa/abi.ts";
import type { Sym } from "../ssa/symbol.ts";
import { TypeI64, TypeI8, TypePtr } from "../ssa/types.ts";
import { unalias } from "../types/alias.ts";
import * as K from "../types/kinds.ts";
import { funcSignature } from "../types/named.ts";
import { type Func as FuncObject, objectId, type Var } from "../types/object.ts";
import type { Interface, Signature, Type } from "../types/types.ts";
import { typeSet } from "../types/typeset.ts";
import { under } from "../types/under.ts";
import { ptrAbi } from "./algs.ts";
import { Emitter, type Operand } from "./emit.ts";
import type { MethodEntry } from "./methods.ts";
import type { Shapes } from "./shape.ts";

/** Where an itab's method table starts. */
export const itabFun = 24;

export interface WrapperContext {
  readonly abiRegisters: AbiRegisters;
  readonly shapes: Shapes;
  runtimeCall(name: string): { readonly sym: Sym; readonly abi: AbiInfo };
  /** The code of a declared method (the instance that the entry means). */
  declaredMethod(m: MethodEntry): Sym;
}

/** The index of a method in an interface's method table. */
export function interfaceIndex(t: Interface, method: FuncObject): number {
  const methods = typeSet(t).methods;
  const id = objectId(method.pkg, method.name);
  for (let i = 0; i < methods.length; i++) {
    const m = methods[i] as FuncObject;
    if (m.name === method.name && objectId(m.pkg, m.name) === id) return i;
  }
  throw new Error(`no method ${method.name} in the interface`);
}

/** A method of `recv` (a type or a pointer to one) whose declared receiver is something else. */
export function makeMethodWrapper(ctx: WrapperContext, recv: Type, m: MethodEntry, sym: Sym, name: string): Func {
  const { shapes } = ctx;
  const s = funcSignature(m.func);
  const e = new Emitter(sym, name, shapes.abi(ctx.abiRegisters, recv, s), FnWrapper);
  const self = e.param(0);
  const outer = unalias(recv);
  let place: Operand;
  let type: Type;
  // Whether `place` is behind a pointer that may be nil.
  let unchecked: Value = 0 as Value;
  if (outer.kind === K.TPointer) {
    const p = e.parts(self)[0] as Value;
    type = unalias(outer.elem);
    place = e.at(shapes.of(type), p);
    if (m.path.length === 0 && !m.pointer) panicWrap(ctx, e, p);
    else unchecked = p;
  } else {
    type = outer;
    place = self;
  }
  for (const f of m.path) {
    const u = under(type);
    if (u.kind !== K.TStruct) throw new Error("embedded field outside a struct");
    const offset = shapes.of(u).offsets[u.fields.indexOf(f)] as number;
    const fieldType = unalias(f.type as Type);
    if (place.parts === null && unchecked !== 0) {
      const checked = e.value2(OpNilCheck, TypePtr, unchecked, e.mem);
      place = e.at(place.type, checked);
      unchecked = 0 as Value;
    }
    place = fieldOf(e, shapes, place, fieldType, offset);
    type = fieldType;
    if (fieldType.kind === K.TPointer) {
      const p = e.parts(place)[0] as Value;
      type = unalias(fieldType.elem);
      place = e.at(shapes.of(type), p);
      unchecked = p;
    }
  }
  const args: Operand[] = [];
  for (let i = 0; i < s.params.vars.length; i++) args.push(e.param(i + 1));
  let results: Operand[];
  if (under(type).kind === K.TInterface) {
    if (unchecked !== 0) place = e.at(place.type, e.value2(OpNilCheck, TypePtr, unchecked, e.mem));
    results = callThrough(ctx, e, under(type) as Interface, m.func, s, e.parts(place), args);
  } else if (m.pointer) {
    if (place.parts !== null) throw new Error("receiver without address");
    results = e.callStatic(ctx.declaredMethod(m), pointerAbi(ctx, s), [e.of(ptrAbi, [place.address]), ...args]);
  } else {
    if (unchecked !== 0) place = e.at(place.type, e.value2(OpNilCheck, TypePtr, unchecked, e.mem));
    results = e.callStatic(ctx.declaredMethod(m), shapes.abi(ctx.abiRegisters, type, s), [place, ...args]);
  }
  e.ret(results);
  return e.f;
}

/** Calls with the method's parameters behind a one-word receiver. */
function pointerAbi(ctx: WrapperContext, s: Signature): AbiInfo {
  const { shapes } = ctx;
  const params = s.params.vars.map((v: Var) => shapes.of(v.type as Type));
  return assignAbi(
    ctx.abiRegisters,
    [ptrAbi, ...params],
    s.results.vars.map((v: Var) => shapes.of(v.type as Type)),
  );
}

function fieldOf(e: Emitter, shapes: Shapes, place: Operand, type: Type, offset: number): Operand {
  const shape = shapes.of(type);
  if (place.parts === null) return e.at(shape, e.offset(place.address, offset));
  const parts: Value[] = [];
  const end = offset + shape.size;
  for (let i = 0; i < place.parts.length; i++) {
    const at = (place.type.components[i] as { offset: number }).offset;
    if (at >= offset && at < end) parts.push(place.parts[i] as Value);
  }
  return e.of(shape, parts);
}

/** A value method called through a nil pointer panics in words of its own. */
function panicWrap(ctx: WrapperContext, e: Emitter, p: Value): void {
  const nil = e.value0(OpConst, TypePtr);
  const bad = e.newBlock(true);
  const good = e.newBlock();
  e.branch(e.value2(OpEq, TypeI8, p, nil), bad, good, -1);
  const mem = e.mem;
  e.block = bad;
  const call = ctx.runtimeCall("panicwrap");
  e.callStatic(call.sym, call.abi, [], true);
  e.exit();
  e.block = good;
  e.mem = mem;
}

function callThrough(
  ctx: WrapperContext,
  e: Emitter,
  t: Interface,
  method: FuncObject,
  s: Signature,
  receiver: readonly Value[],
  args: readonly Operand[],
): Operand[] {
  const tab = e.value2(OpNilCheck, TypePtr, e.value2(OpIntToPtr, TypePtr, receiver[0] as Value, e.mem), e.mem);
  const code = e.load(TypeI64, tab, itabFun + 8 * interfaceIndex(t, method));
  return e.callCode(code, pointerAbi(ctx, s), [e.of(ptrAbi, [receiver[1] as Value]), ...args]);
}

/** I.M as a function: the interface is the first parameter. */
export function makeInterfaceWrapper(ctx: WrapperContext, recv: Type, method: FuncObject, sym: Sym, name: string): Func {
  const s = funcSignature(method);
  const e = new Emitter(sym, name, ctx.shapes.abi(ctx.abiRegisters, recv, s), FnWrapper);
  const args: Operand[] = [];
  for (let i = 0; i < s.params.vars.length; i++) args.push(e.param(i + 1));
  e.ret(callThrough(ctx, e, under(recv) as Interface, method, s, e.parts(e.param(0)), args));
  return e.f;
}

/** A function of one convention that calls the same function in the other. */
export function makeAbiWrapper(sym: Sym, name: string, own: AbiInfo, target: Sym, theirs: AbiInfo): Func {
  const e = new Emitter(sym, name, own, FnWrapper | FnNoSplit);
  const args: Operand[] = [];
  for (let i = 0; i < own.params.length; i++) args.push(e.param(i));
  e.ret(e.callStatic(target, theirs, args));
  return e.f;
}
