// Assignments and declarations of variables.

import * as S from "../syntax/kinds.ts";
import * as T from "../syntax/tokens.ts";
import type { AssignStmt, CallExpr, Expr, Name, VarDecl } from "../syntax/tree.ts";
import { unparen } from "../syntax/unparen.ts";
import { makeInt } from "../types/constant/make.ts";
import * as K from "../types/kinds.ts";
import type { Var } from "../types/object.ts";
import type { Type } from "../types/types.ts";
import { under } from "../types/under.ts";
import { arith, shift } from "./arith.ts";
import type { Body } from "./body.ts";
import { appendedMake } from "./builtin.ts";
import { constant } from "./constants.ts";
import { convertTo } from "./convert.ts";
import { discard, expr, exprAs, hoistAll, isNil, multi, multiTypes } from "./expr.ts";
import { fill, isConstantLiteral } from "./literal.ts";
import { enter, isBlankName, load, type Place, prepare, resolve, store } from "./lvalue.ts";
import type { Operand } from "./operand.ts";
import { shiftCount } from "./operation.ts";
import { builtinOf, hasCall, hoist } from "./order.ts";

function list(e: Expr): readonly Expr[] {
  return e.kind === S.KindListExpr ? e.elemList : [e];
}

/** The variable that a name of the left side declares, or null if it is there already. */
function declared(g: Body, s: AssignStmt, e: Expr): Var | null {
  if (s.op !== T.OpDef || e.kind !== S.KindName) return null;
  const obj = g.env.info.defs[e.id];
  return obj !== undefined && obj.kind === K.OVar ? obj : null;
}

export function assignStmt(g: Body, s: AssignStmt): void {
  g.b.pos = s.pos;
  if (s.rhs === null) {
    incDec(g, s);
    return;
  }
  if (s.op !== 0 && s.op !== T.OpDef) {
    opAssign(g, s, s.rhs);
    return;
  }
  const left = list(s.lhs);
  const right = list(s.rhs);
  if (left.length === 1 && right.length === 1) single(g, s, left[0] as Expr, right[0] as Expr);
  else if (left.length === right.length) parallel(g, s, left, right);
  else spread(g, s, left, right[0] as Expr);
}

/** Evaluates something that is assigned to the blank variable. */
function toBlank(g: Body, e: Expr): void {
  if (isNil(g, e) || g.env.value(e) !== undefined) return;
  discard(g, e);
}

function single(g: Body, s: AssignStmt, l: Expr, r: Expr): void {
  const v = declared(g, s, l);
  if (v !== null) {
    const x = exprAs(g, r, g.env.fixed(v.type as Type));
    g.b.pos = s.pos;
    if (v.name !== "_") g.declare(v, x);
    return;
  }
  const target = unparen(l);
  if (isBlankName(target)) {
    toBlank(g, r);
    return;
  }
  hoist(g, target);
  if (hasCall(g.env, target)) hoist(g, r);
  const type = placeType(g, target);
  const isMap = target.kind === S.KindIndexExpr && under(g.typeOf(target.x)).kind === K.TMap;
  if (isMap) {
    const more = appendedTo(g, target, r);
    if (more !== null) {
      appendInMap(g, s, target, r, more);
      return;
    }
    // The map and the key come before the value.
    hoist(g, r);
    const place = prepare(g, target);
    const x = exprAs(g, r, type);
    g.b.pos = s.pos;
    store(g, place, x);
    return;
  }
  const literal = unparen(r);
  if (literal.kind === S.KindCompositeLit && g.shape(g.typeOf(literal)) === g.shape(type)) {
    // Constants do not depend on what is in the place. Variables are left to the other way, they may be in registers.
    if (target.kind !== S.KindName && isConstantLiteral(g, literal)) {
      const place = prepare(g, target);
      g.b.pos = s.pos;
      resolve(g, place);
      if (place.inMemory) fill(g, literal, type, place.addr);
      else store(g, place, exprAs(g, r, type));
      return;
    }
  }
  const x = exprAs(g, r, type);
  const place = prepare(g, target);
  g.b.pos = s.pos;
  resolve(g, place);
  storeChecked(g, place, x, target, r);
}

/** What m[k] = append(m[k], x, y) appends, null for other assignments. */
function appendedTo(g: Body, target: Expr, r: Expr): readonly Expr[] | null {
  const call = unparen(r);
  if (call.kind !== S.KindCallExpr || g.hoisted.has(call.id) || g.env.info.mode(call.fun.id) !== K.ModeBuiltin) return null;
  if (builtinOf(g.env.info, call.fun) !== K.BAppend || call.argList.length < 2) return null;
  const more = call.argList.slice(1);
  if (more.some((e) => g.typeOf(e).kind === K.TTuple) || appendedMake(g.env, call) !== null) return null;
  return isSamePlace(g, target, call.argList[0] as Expr) ? more : null;
}

/** Whether two expressions without calls denote the same. */
function isSamePlace(g: Body, a: Expr, b: Expr): boolean {
  const x = unparen(a);
  const y = unparen(b);
  switch (x.kind) {
    case S.KindName: {
      const obj = g.env.info.uses[x.id];
      return obj !== undefined && y.kind === S.KindName && g.env.info.uses[y.id] === obj;
    }
    case S.KindBasicLit:
      return y.kind === S.KindBasicLit && x.value === y.value;
    case S.KindSelectorExpr:
      return y.kind === S.KindSelectorExpr && x.sel.value === y.sel.value && isSamePlace(g, x.x, y.x);
    case S.KindIndexExpr:
      return y.kind === S.KindIndexExpr && isSamePlace(g, x.x, y.x) && isSamePlace(g, x.index, y.index);
    default:
      return false;
  }
}

/** m[k] = append(m[k], x, y) looks for the element once; x and y come first. */
function appendInMap(g: Body, s: AssignStmt, target: Expr, r: Expr, more: readonly Expr[]): void {
  const call = unparen(r) as CallExpr;
  hoistAll(g, more);
  for (const e of more) {
    if (isNil(g, e) || g.env.value(e) !== undefined || g.hoisted.has(e.id)) continue;
    g.hoisted.set(e.id, g.stable(expr(g, e)));
  }
  const place = prepare(g, target);
  g.b.pos = s.pos;
  enter(g, place);
  g.hoisted.set((call.argList[0] as Expr).id, load(g, place));
  const x = exprAs(g, r, place.type);
  g.b.pos = s.pos;
  store(g, place, x);
}

/** Large values behind two pointers may overlap when they are arrays that were made from slices. */
function storeChecked(g: Body, place: Place, x: Operand, target: Expr, r: Expr): void {
  if (x.parts === null && x.addr !== 0 && !x.own) {
    const deref = (e: Expr): boolean => {
      const p = unparen(e);
      return p.kind === S.KindOperation && p.op === T.OpMul && p.y === null;
    };
    if (deref(target) && (deref(r) || unparen(r).kind === S.KindCallExpr) && under(place.type).kind === K.TArray) {
      g.runtime("memmove", place.addr, x.addr, g.b.int(place.shape.size));
      return;
    }
  }
  store(g, place, x);
}

/** The type of what the left side of an assignment denotes. */
function placeType(g: Body, e: Expr): Type {
  if (e.kind === S.KindName) {
    const obj = g.env.info.uses[e.id] ?? g.env.info.defs[e.id];
    if (obj !== undefined && obj.type !== null) return g.env.fixed(obj.type);
  }
  return g.typeOf(e);
}

function parallel(g: Body, s: AssignStmt, left: readonly Expr[], right: readonly Expr[]): void {
  const all: Expr[] = [];
  for (const e of left) if (declared(g, s, e) === null && !isBlankName(unparen(e))) all.push(unparen(e));
  for (const e of right) all.push(e);
  hoistAll(g, all);
  const places: (Place | null)[] = [];
  const types: (Type | null)[] = [];
  for (const e of left) {
    const v = declared(g, s, e);
    const target = unparen(e);
    if (v !== null) {
      places.push(null);
      types.push(g.env.fixed(v.type as Type));
    } else if (isBlankName(target)) {
      places.push(null);
      types.push(null);
    } else {
      places.push(prepare(g, target));
      types.push(placeType(g, target));
    }
  }
  const values: (Operand | null)[] = [];
  for (let i = 0; i < right.length; i++) {
    const r = right[i] as Expr;
    const t = types[i] as Type | null;
    if (t === null) {
      toBlank(g, r);
      values.push(null);
    } else values.push(g.stable(exprAs(g, r, t)));
  }
  g.b.pos = s.pos;
  for (let i = 0; i < left.length; i++) write(g, s, left[i] as Expr, places[i] as Place | null, values[i] as Operand | null);
}

function write(g: Body, s: AssignStmt, l: Expr, place: Place | null, x: Operand | null): void {
  if (x === null) return;
  const v = declared(g, s, l);
  if (v !== null) {
    if (v.name !== "_") g.declare(v, x);
  } else if (place !== null) store(g, place, x);
}

/** a, b = f() and the forms with ok. */
function spread(g: Body, s: AssignStmt, left: readonly Expr[], r: Expr): void {
  for (const e of left) {
    const target = unparen(e);
    if (declared(g, s, e) === null && !isBlankName(target)) hoist(g, target);
  }
  const places: (Place | null)[] = [];
  const before = left.map((e) => declared(g, s, e) === null && !isBlankName(unparen(e)));
  // Operands of the left side are evaluated first only where they are read from memory that the call can't change: as gc
  // does, everything but calls is read afterwards.
  const from = multiTypes(g, r);
  const values = multi(g, r).map((x) => g.stable(x));
  g.b.pos = s.pos;
  for (let i = 0; i < left.length; i++) places.push(before[i] === true ? prepare(g, unparen(left[i] as Expr)) : null);
  const converted: (Operand | null)[] = [];
  for (let i = 0; i < left.length; i++) {
    const e = left[i] as Expr;
    const v = declared(g, s, e);
    const x = values[i] as Operand;
    if (v !== null) converted.push(convertTo(g, x, from[i] as Type, g.env.fixed(v.type as Type)));
    else if (places[i] === null) converted.push(null);
    else converted.push(convertTo(g, x, from[i] as Type, placeType(g, unparen(e))));
  }
  for (let i = 0; i < left.length; i++) write(g, s, left[i] as Expr, places[i] as Place | null, converted[i] as Operand | null);
}

function incDec(g: Body, s: AssignStmt): void {
  const target = unparen(s.lhs);
  hoist(g, target);
  const place = prepare(g, target);
  enter(g, place);
  const x = load(g, place);
  const type = g.typeOf(target);
  g.b.pos = s.pos;
  store(g, place, arith(g, s.op, type, x, constant(g, makeInt(1), type)));
}

function opAssign(g: Body, s: AssignStmt, r: Expr): void {
  const target = unparen(s.lhs);
  const type = g.typeOf(target);
  hoist(g, target);
  if (hasCall(g.env, r)) hoist(g, r);
  const isShift = s.op === T.OpShl || s.op === T.OpShr;
  const place = prepare(g, target);
  if (place.isElementOfMap && !isShift && s.op !== T.OpDiv && s.op !== T.OpRem) {
    // What is on the right comes first, and the operation can't fail: then the element can be made at once.
    const y = g.stable(exprAs(g, r, type));
    g.b.pos = s.pos;
    enter(g, place);
    const x = load(g, place);
    store(g, place, arith(g, s.op, type, x, y));
    return;
  }
  const x = load(g, place);
  const count = isShift ? shiftCount(g, r) : null;
  const y = count !== null ? count.x : exprAs(g, r, type);
  g.b.pos = s.pos;
  const v = count !== null ? shift(g, s.op, type, x, y, count.type) : arith(g, s.op, type, x, y);
  store(g, place, v);
}

/** var a, b T = x, y */
export function varDecl(g: Body, d: VarDecl): void {
  const vars = d.nameList.map((n: Name) => g.env.info.defs[n.id] as Var | undefined);
  g.b.pos = d.pos;
  const typed = (v: Var): Type => g.env.fixed(v.type as Type);
  if (d.values === null) {
    for (const v of vars) if (v !== undefined && v.name !== "_") g.declare(v, null);
    return;
  }
  const right = list(d.values);
  if (right.length === vars.length) {
    hoistAll(g, right);
    const values = right.map((e, i) => {
      const v = vars[i];
      const x = v === undefined ? expr(g, e) : exprAs(g, e, typed(v));
      return right.length > 1 ? g.stable(x) : x;
    });
    for (let i = 0; i < vars.length; i++) {
      const v = vars[i];
      if (v !== undefined && v.name !== "_") g.declare(v, values[i] as Operand);
    }
    return;
  }
  const e = right[0] as Expr;
  const from = multiTypes(g, e);
  const values = multi(g, e).map((x) => g.stable(x));
  for (let i = 0; i < vars.length; i++) {
    const v = vars[i];
    if (v !== undefined && v.name !== "_") g.declare(v, convertTo(g, values[i] as Operand, from[i] as Type, typed(v)));
  }
}
