// Calls: of declared functions, methods, methods of interfaces and function values; conversions that look like calls.

import type { Pos } from "../base/pos.ts";
import type { AbiInfo } from "../ssa/abi.ts";
import type { Value } from "../ssa/func.ts";
import { OpKeepAlive, OpPtrToInt } from "../ssa/ops.gen.ts";
import { TypeI64, TypeMem, TypePtr } from "../ssa/types.ts";
import * as S from "../syntax/kinds.ts";
import { PragmaUintptrescapes, PragmaUintptrkeepalive } from "../syntax/tokens.ts";
import { CallExpr, type Expr, Name, type SelectorExpr } from "../syntax/tree.ts";
import { unparen } from "../syntax/unparen.ts";
import { unalias } from "../types/alias.ts";
import * as K from "../types/kinds.ts";
import { deref } from "../types/lookup.ts";
import { hasPtrRecv } from "../types/named.ts";
import { type Func as FuncObject, isExported, originFunc, type Var } from "../types/object.ts";
import type { Selection } from "../types/selection.ts";
import { type Interface, type Signature, Typ, type Type } from "../types/types.ts";
import { typeSet } from "../types/typeset.ts";
import { under } from "../types/under.ts";
import { type Body, elemOf } from "./body.ts";
import { appendedMake, appendZeros, builtinCall } from "./builtin.ts";
import { constant } from "./constants.ts";
import { convertTo } from "./convert.ts";
import { checked, constantExprType, expr, exprAs, hoistAll, isNil, multi, multiTypes, Ref, ref, walkFields } from "./expr.ts";
import { intrinsic, intrinsicName } from "./intrinsics.ts";
import type { Operand } from "./operand.ts";
import { pointsByStrings } from "./shape.ts";
import { builtinOf, hasCall, hoist } from "./order.ts";
import { shareBytes, shareOperand } from "./string.ts";

/** Where the code pointers start in an itab. */
const itabFunctions = 24;

/** Built-in functions that may be given the results of one call and find their arguments one by one. */
const spreads: ReadonlySet<number> = new Set([K.BCopy, K.BAppend, K.BDelete, K.BAdd, K.BSlice, K.BString]);

export function callExpr(g: Body, e: CallExpr): Operand[] {
  const known = g.hoisted.get(e.id);
  if (known !== undefined) return [known];
  const tuple = g.tuples.get(e.id);
  if (tuple !== undefined) return tuple;
  const mode = g.env.info.mode(e.fun.id);
  if (mode === K.ModeTypExpr) return [conversion(g, e)];
  if (mode === K.ModeBuiltin) {
    const args = e.argList.filter((a) => g.env.info.mode(a.id) !== K.ModeTypExpr);
    const id = builtinOf(g.env.info, e.fun);
    const only = args[0];
    if (args.length === 1 && only !== undefined && spreads.has(id) && g.typeOf(only).kind === K.TTuple) {
      return builtinCall(g, spreadCall(g, e, only), id);
    }
    const made = id === K.BAppend ? appendedMake(g.env, e) : null;
    if (made !== null && !g.hoisted.has(made.id)) {
      hoistAll(g, [args[0] as Expr, made.argList[1] as Expr]);
      return [appendZeros(g, e, made)];
    }
    hoistAll(g, args);
    g.b.pos = e.pos;
    return builtinCall(g, e, id);
  }
  return plainCall(g, e);
}

/** A call of a built-in function with the results of another as a call with several arguments, which are evaluated. */
function spreadCall(g: Body, e: CallExpr, only: Expr): CallExpr {
  const types = multiTypes(g, only);
  const checker = g.env.pkg.types.checker;
  if (checker === null) throw new Error("a package without checker");
  const names = multi(g, only).map((x, i) => {
    const name = new Name(only.pos, checker.nodeIds.next++, "");
    g.env.info.record(name.id, K.ModeValue, types[i] as Type, null);
    g.hoisted.set(name.id, g.stable(x));
    return name;
  });
  return new CallExpr(e.pos, e.id, e.fun, names, e.hasDots);
}

function isNumeric(t: Type): boolean {
  const u = under(t);
  return u.kind === K.TBasic && (u.info & K.IsNumeric) !== 0;
}

function conversion(g: Body, e: CallExpr): Operand {
  const a = e.argList[0] as Expr;
  const to = g.typeOf(e);
  if (isNil(g, a)) return g.zeroValue(g.shape(to));
  const from = constantExprType(g, a);
  const c = g.env.value(a);
  if (c !== undefined && isNumeric(to) && isNumeric(from)) {
    g.b.pos = e.pos;
    return constant(g, c, to);
  }
  const x = c !== undefined ? exprAs(g, a, from) : expr(g, a);
  g.b.pos = e.pos;
  if (g.shared.has(e.id)) return shareBytes(g, x, to);
  return convertTo(g, x, from, to);
}

// ---- What is called

const targetFunction = 1;
const targetInterface = 2;
const targetValue = 3;

/** The callee of a call with its receiver. */
export class Callee {
  readonly kind: number;
  readonly sig: Signature;
  readonly abi: AbiInfo;
  /** Code symbol, code pointer or function value. */
  readonly sym: number;
  readonly pointer: Value;
  /** The receiver as the callee takes it. */
  readonly recv: Operand | null;
  /** The full name of a function that is an intrinsic, "" for others. */
  readonly intrinsic: string;

  constructor(kind: number, sig: Signature, abi: AbiInfo, sym: number, pointer: Value, recv: Operand | null, intrinsic: string) {
    this.kind = kind;
    this.sig = sig;
    this.abi = abi;
    this.sym = sym;
    this.pointer = pointer;
    this.recv = recv;
    this.intrinsic = intrinsic;
  }
}

const none = 0 as Value;

/** The calling convention of a signature, with a receiver of a type in front. */
export function callableAbi(g: Body, sig: Signature, recv: Type | null = null): AbiInfo {
  return g.ctx.shapes.abi(g.ctx.abiRegisters, recv, sig);
}

/** The function that an expression names, or null. */
export function namedFunction(g: Body, fun: Expr): { object: FuncObject; name: Name } | null {
  let e = unparen(fun);
  if (e.kind === S.KindIndexExpr) e = unparen(e.x);
  let n: Name;
  if (e.kind === S.KindName) n = e;
  else if (e.kind === S.KindSelectorExpr && g.env.selection(e) === undefined) n = e.sel;
  else return null;
  const obj = g.env.info.uses[n.id];
  return obj !== undefined && obj.kind === K.OFunc ? { object: obj, name: n } : null;
}

/** A selector that is a method of a value, or null. */
export function methodSelection(g: Body, fun: Expr): { e: SelectorExpr; s: Selection } | null {
  const e = unparen(fun);
  if (e.kind !== S.KindSelectorExpr) return null;
  const s = g.env.selection(e);
  return s !== undefined && s.kind === K.MethodVal ? { e, s } : null;
}

export function callee(g: Body, fun: Expr, pos: Pos): Callee {
  const sig = under(g.typeOf(fun)) as Signature;
  const f = namedFunction(g, fun);
  if (f !== null) {
    const typeArgs = g.env.instance(f.name.id)?.targs ?? [];
    const pkg = f.object.pkg;
    const name = pkg === null ? "" : intrinsicName(pkg.path, f.object.name);
    return new Callee(targetFunction, sig, callableAbi(g, sig), g.ctx.functionSym({ object: f.object, typeArgs }), none, null, name);
  }
  const m = methodSelection(g, fun);
  if (m !== null) return methodCallee(g, m.e, m.s, sig, pos);
  return new Callee(targetValue, sig, callableAbi(g, sig), 0, g.one(expr(g, fun)), null, "");
}

/** Which of an interface's methods one is. */
export function methodIndex(iface: Type, method: FuncObject): number {
  const list = typeSet(under(iface) as Interface).methods;
  for (let i = 0; i < list.length; i++) {
    const m = list[i] as FuncObject;
    if (m.name === method.name && (isExported(m.name) || m.pkg === method.pkg || m.pkg?.path === method.pkg?.path)) return i;
  }
  throw new Error(`the interface has no method ${method.name}`);
}

/** The receiver of a method as the method takes it (for interfaces, the whole interface value), and its type. */
export function receiver(g: Body, e: SelectorExpr, s: Selection): { x: Operand; type: Type; iface: boolean } {
  const known = g.receivers.get(e.id);
  const path = s.index.slice(0, -1);
  const method = s.obj as FuncObject;
  if (known !== undefined) {
    const t = typeAtEnd(s.recv, path);
    if (under(t).kind === K.TInterface) return { x: known, type: t, iface: true };
    const d = deref(t);
    return { x: known, type: hasPtrRecv(method) ? g.pointerTo(d.type) : d.type, iface: false };
  }
  const base = under(s.recv).kind === K.TPointer ? new Ref(none, expr(g, e.x)) : ref(g, e.x);
  g.b.pos = e.pos;
  const end = walkFields(g, base, s.recv, path);
  const t = end.type;
  if (under(t).kind === K.TInterface) return { x: end.ref.op ?? g.at(g.shape(t), end.ref.addr), type: t, iface: true };
  const d = deref(t);
  if (hasPtrRecv(method)) {
    const type = d.isPtr ? t : g.pointerTo(t);
    if (d.isPtr) return { x: end.ref.op ?? g.at(g.shape(t), end.ref.addr), type, iface: false };
    const addr = end.ref.op === null ? end.ref.addr : g.inMemory(end.ref.op);
    return { x: g.pointer(addr), type, iface: false };
  }
  if (d.isPtr) {
    const p = g.one(end.ref.op ?? g.at(g.shape(t), end.ref.addr));
    return { x: g.at(g.shape(d.type), checked(g, p)), type: d.type, iface: false };
  }
  return { x: end.ref.op ?? g.at(g.shape(t), end.ref.addr), type: t, iface: false };
}

function typeAtEnd(type: Type, path: readonly number[]): Type {
  let t = type;
  for (const i of path) {
    let u = under(t);
    if (u.kind === K.TPointer) u = under(u.elem);
    if (u.kind !== K.TStruct) throw new Error("a field of no struct");
    t = (u.fields[i] as Var).type as Type;
  }
  return t;
}

function methodCallee(g: Body, e: SelectorExpr, s: Selection, sig: Signature, pos: Pos): Callee {
  const r = receiver(g, e, s);
  g.b.pos = pos;
  return calleeOf(g, r.x, r.type, r.iface, s.obj as FuncObject, sig);
}

/** A method for a receiver that was made ready for it. */
export function calleeOf(g: Body, x: Operand, type: Type, iface: boolean, method: FuncObject, sig: Signature): Callee {
  const { b } = g;
  if (iface) {
    g.ctx.useInterfaceMethod(type, method, sig);
    const itab = checked(g, b.pointerOf(g.part(x, 0)));
    const code = b.load(TypeI64, itab, itabFunctions + 8 * methodIndex(type, method));
    const abi = callableAbi(g, sig, Typ[K.UnsafePointer] as Type);
    return new Callee(targetInterface, sig, abi, 0, code, g.pointer(g.part(x, 1)), "");
  }
  // The type of a field or variable may be an alias of an instance.
  const base = unalias(deref(unalias(type)).type);
  const named = base.kind === K.TNamed ? base : null;
  const typeArgs = named !== null && named.inst !== null ? named.inst.targs : [];
  const origin = originFunc(method);
  const sym = g.ctx.functionSym({ object: origin, typeArgs });
  return new Callee(targetFunction, sig, callableAbi(g, sig, type), sym, none, x, "");
}

/** Calls with arguments that are ready. */
export function invoke(g: Body, c: Callee, args: readonly Operand[]): Operand[] {
  const all = c.recv === null ? args : [c.recv, ...args];
  switch (c.kind) {
    case targetFunction:
      return g.callStatic(c.sym as Parameters<Body["callStatic"]>[0], c.abi, all);
    case targetInterface:
      return g.callCode(c.pointer, c.abi, all);
    default:
      return g.callClosure(c.pointer, c.abi, all);
  }
}

// ---- Calls

/** The expressions that a call evaluates first. */
export function hoistCall(g: Body, e: CallExpr): void {
  const m = methodSelection(g, e.fun);
  const list: Expr[] = [];
  if (g.env.info.mode(e.fun.id) === K.ModeBuiltin) {
    // Has no operand of its own.
  } else if (m !== null) {
    if (!g.receivers.has(m.e.id)) list.push(m.e.x);
  } else if (namedFunction(g, e.fun) === null) list.push(e.fun);
  if (e.argList.length === 1 && g.typeOf(e.argList[0] as Expr).kind === K.TTuple) {
    if (list.length === 1 && hasCall(g.env, list[0] as Expr)) hoist(g, list[0] as Expr);
    return;
  }
  for (const a of e.argList) list.push(a);
  hoistAll(g, list);
}

function plainCall(g: Body, e: CallExpr): Operand[] {
  const f = namedFunction(g, e.fun);
  if (f !== null && f.object.pkg !== null) {
    const path = f.object.pkg.path;
    if (path === "internal/abi" && (f.object.name === "FuncPCABI0" || f.object.name === "FuncPCABIInternal")) {
      return [codeAddress(g, e, f.object.name === "FuncPCABI0")];
    }
    if (path === "runtime" && f.object.name === "KeepAlive") {
      keepAlive(g, e);
      return [];
    }
    // It copies the strings that it keeps, if it sees them.
    if (
      path === "unique" &&
      f.object.name === "Make" &&
      pointsByStrings((under(g.typeOf(e.fun)) as Signature).params.vars[0]?.type as Type)
    ) {
      shareOperand(g, e.argList[0] as Expr);
    }
  }
  hoistCall(g, e);
  let values: Operand[] | null = null;
  const only = e.argList.length === 1 ? (e.argList[0] as Expr) : null;
  let tupleTypes: Type[] = [];
  if (only !== null && g.typeOf(only).kind === K.TTuple) {
    tupleTypes = multiTypes(g, only);
    values = multi(g, only).map((x) => g.stable(x));
  }
  const c = callee(g, e.fun, e.pos);
  const hidden: Value[] = [];
  const args = values !== null ? packValues(g, c.sig, values, tupleTypes) : packArguments(g, c.sig, e, hidden);
  g.b.pos = e.pos;
  if (c.intrinsic !== "") {
    return intrinsic(
      g,
      c.intrinsic,
      args,
      c.sig.results.vars.map((v) => v.type as Type),
    );
  }
  const results = invoke(g, c, args);
  const keeps = hidden.length > 0 ? integersKept(g, e.fun) : notKept;
  if (keeps !== notKept) for (const p of hidden) g.keepAlive(p, keeps === keptOnHeap);
  return results;
}

/** What becomes of pointers that a call turns to integers in its arguments. */
export const notKept = 0;
/** They live as long as the call. */
export const kept = 1;
/** And are none to the frame, since the integers are what the callee has. */
export const keptOnHeap = 2;

/** What becomes of pointers that stand as integers among the arguments: calls of the system and of assembly keep them, and what asks for it. */
export function integersKept(g: Body, fun: Expr): number {
  const object = namedFunction(g, fun)?.object ?? methodSelection(g, fun)?.s.obj ?? null;
  if (object === null || object.kind !== K.OFunc) return notKept;
  const decl = originFunc(object).decl?.fdecl ?? null;
  if (decl === null) return notKept;
  if ((decl.pragma & PragmaUintptrescapes) !== 0) return keptOnHeap;
  return !decl.hasBody || (decl.pragma & PragmaUintptrkeepalive) !== 0 ? kept : notKept;
}

/** Notes the pointer that an argument uintptr(p) was made of. */
export function noteHidden(g: Body, x: Operand, hidden: Value[]): void {
  const v = x.parts !== null && x.parts.length === 1 ? (x.parts[0] as Value) : none;
  if (v !== none && g.f.op[v] === OpPtrToInt) hidden.push(g.f.arg(v, 0));
}

/** `hidden` gets the pointers that stand as integers among the arguments. */
function packArguments(g: Body, sig: Signature, e: CallExpr, hidden: Value[]): Operand[] {
  const params = sig.params.vars;
  const fixed = sig.variadic && !e.hasDots ? params.length - 1 : params.length;
  const args: Operand[] = [];
  for (let i = 0; i < fixed; i++) args.push(exprAs(g, e.argList[i] as Expr, (params[i] as Var).type as Type));
  for (const x of args) noteHidden(g, x, hidden);
  if (fixed < params.length) {
    const t = (params[fixed] as Var).type as Type;
    const rest: Operand[] = [];
    for (let i = fixed; i < e.argList.length; i++) rest.push(exprAs(g, e.argList[i] as Expr, elemOf(t)));
    for (const x of rest) noteHidden(g, x, hidden);
    args.push(variadic(g, t, rest));
  }
  return args;
}

function packValues(g: Body, sig: Signature, values: readonly Operand[], types: readonly Type[]): Operand[] {
  const params = sig.params.vars;
  const fixed = sig.variadic ? params.length - 1 : params.length;
  const args: Operand[] = [];
  const as = (i: number, t: Type): Operand => convertTo(g, values[i] as Operand, types[i] as Type, t);
  for (let i = 0; i < fixed; i++) args.push(as(i, (params[i] as Var).type as Type));
  if (fixed < params.length) {
    const t = (params[fixed] as Var).type as Type;
    const rest: Operand[] = [];
    for (let i = fixed; i < values.length; i++) rest.push(as(i, elemOf(t)));
    args.push(variadic(g, t, rest));
  }
  return args;
}

/** The slice of the values for a variadic parameter. */
function variadic(g: Body, t: Type, values: readonly Operand[]): Operand {
  const shape = g.shape(t);
  if (values.length === 0) return g.zeroValue(shape);
  const elem = elemOf(t);
  const size = g.shape(elem).size;
  const array = g.newObject(g.arrayOf(elem, values.length));
  for (let i = 0; i < values.length; i++) g.put(values[i] as Operand, g.b.offset(array, i * size));
  const n = g.b.int(values.length);
  return g.of(shape, [array, n, n]);
}

/** internal/abi.FuncPCABI0 and FuncPCABIInternal. */
function codeAddress(g: Body, e: CallExpr, abi0: boolean): Operand {
  const shape = g.shape(g.typeOf(e));
  const a = e.argList[0] as Expr;
  const f = namedFunction(g, a);
  g.b.pos = e.pos;
  if (f !== null) {
    let sym = g.ctx.functionSym({ object: f.object, typeArgs: g.env.instance(f.name.id)?.targs ?? [] });
    if (abi0) sym = g.ctx.symbols.intern(`${g.ctx.symbols.name(sym)}<0>`);
    return g.scalar(shape, g.b.symbolBits(sym));
  }
  const m = unparen(a);
  if (m.kind === S.KindSelectorExpr) {
    const s = g.env.selection(m);
    if (s !== undefined && s.kind === K.MethodExpr)
      return g.scalar(shape, g.b.symbolBits(g.ctx.methodSym(s.recv, s.obj as FuncObject, false)));
  }
  // A function value: its first word is the code.
  const x = expr(g, a);
  const t = under(g.typeOf(a));
  const p = t.kind === K.TInterface ? g.part(x, 1) : g.part(x, 0);
  return g.scalar(shape, g.b.load(TypeI64, checked(g, p)));
}

/** runtime.KeepAlive: the pointers of the value count as used here. */
function keepAlive(g: Body, e: CallExpr): void {
  const x = expr(g, e.argList[0] as Expr);
  g.b.pos = e.pos;
  const parts = x.parts ?? [];
  for (const v of parts) {
    if (g.f.type[v] === TypePtr) g.b.mem = g.b.op2(OpKeepAlive, TypeMem, v, g.b.mem);
  }
}
