// What assignments write to. A place is prepared (its operands are evaluated), later resolved (indexes and pointers are checked) and then read
// or written: parallel assignments do the first for all places before the rest of any.

import { NoPos, type Pos } from "../base/pos.ts";
import type { Value } from "../ssa/func.ts";
import { OpConst } from "../ssa/ops.gen.ts";
import { TypePtr } from "../ssa/types.ts";
import * as S from "../syntax/kinds.ts";
import type { Expr, SelectorExpr } from "../syntax/tree.ts";
import * as K from "../types/kinds.ts";
import type { Var } from "../types/object.ts";
import type { Type } from "../types/types.ts";
import { under } from "../types/under.ts";
import { type Body, isUnsigned } from "./body.ts";
import type { Variable } from "./builder.ts";
import { addressOf, boundsCheck, checked, expr, exprAs, indexValue, isDeref, scaled } from "./expr.ts";
import { mapAssignAddress, mapLookup } from "./map.ts";
import { isSmall, type Operand } from "./operand.ts";
import type { Shape } from "./shape.ts";

const placeBlank = 0;
const placeVariables = 1;
const placeMemory = 2;
const placeElement = 3;
const placeMap = 4;

const none = 0 as Value;
const noVariables: readonly Variable[] = [];

export class Place {
  kind: number;
  readonly type: Type;
  readonly shape: Shape;
  variables: readonly Variable[] = noVariables;
  /** Address of memory, of the first element, or the map. */
  addr: Value = none;
  /** The address may be nil. */
  unchecked = false;
  offset = 0;
  index: Value = none;
  length: Value = none;
  unsigned = false;
  elemSize = 0;
  mapType: Type | null = null;
  key: Operand | null = null;
  /** Where a check that fails is reported; NoPos: at the assignment. */
  pos: Pos = NoPos;

  constructor(kind: number, type: Type, shape: Shape) {
    this.kind = kind;
    this.type = type;
    this.shape = shape;
  }

  /** A place at an address; to be asked when it is resolved. */
  get inMemory(): boolean {
    return this.kind === placeMemory;
  }

  get isElementOfMap(): boolean {
    return this.kind === placeMap;
  }

  get isBlank(): boolean {
    return this.kind === placeBlank;
  }
}

export function isBlankName(e: Expr): boolean {
  return e.kind === S.KindName && e.value === "_";
}

function memoryPlace(g: Body, type: Type, addr: Value, unchecked: boolean): Place {
  const p = new Place(placeMemory, type, g.shape(type));
  p.addr = addr;
  p.unchecked = unchecked;
  return p;
}

/** The place of a declared variable. */
export function placeOf(g: Body, v: Var): Place {
  const type = g.env.fixed(v.type as Type);
  if (v.varKind === K.PackageVar) return memoryPlace(g, type, g.b.symbol(g.ctx.variableSym(v)), false);
  const local = g.local(v);
  if (local.variables === null) return memoryPlace(g, type, g.localAddress(local), false);
  const p = new Place(placeVariables, type, g.shape(type));
  p.variables = local.variables;
  return p;
}

/** Evaluates the operands of the left side of an assignment. */
export function prepare(g: Body, e: Expr): Place {
  switch (e.kind) {
    case S.KindParenExpr:
      return prepare(g, e.x);
    case S.KindName: {
      if (e.value === "_") return new Place(placeBlank, g.boolShape.type, g.boolShape);
      const obj = g.env.info.uses[e.id] ?? g.env.info.defs[e.id];
      if (obj === undefined || obj.kind !== K.OVar) throw new Error(`${e.value} can't be assigned to`);
      g.b.pos = e.pos;
      return placeOf(g, obj);
    }
    case S.KindSelectorExpr:
      return field(g, e);
    case S.KindIndexExpr: {
      const xt = g.typeOf(e.x);
      const u = under(xt);
      const type = g.typeOf(e);
      switch (u.kind) {
        case K.TMap: {
          const p = new Place(placeMap, u.elem, g.shape(u.elem));
          p.mapType = xt;
          p.addr = g.one(expr(g, e.x));
          p.key = g.stable(exprAs(g, e.index, u.key));
          return p;
        }
        case K.TSlice: {
          const p = new Place(placeElement, type, g.shape(type));
          p.pos = e.pos;
          const s = expr(g, e.x);
          p.addr = g.part(s, 0);
          p.length = g.part(s, 1);
          p.elemSize = g.shape(u.elem).size;
          p.index = indexValue(g, e.index);
          p.unsigned = isUnsigned(g.typeOf(e.index));
          return p;
        }
        case K.TPointer: {
          const a = under(u.elem);
          if (a.kind !== K.TArray) throw new Error("an index of a pointer to no array");
          const p = new Place(placeElement, type, g.shape(type));
          p.pos = e.pos;
          p.addr = g.one(expr(g, e.x));
          p.unchecked = true;
          p.length = g.b.int(a.len);
          p.elemSize = g.shape(a.elem).size;
          p.index = indexValue(g, e.index);
          p.unsigned = isUnsigned(g.typeOf(e.index));
          return p;
        }
        case K.TArray: {
          const base = prepare(g, e.x);
          const p = new Place(base.kind === placeVariables ? placeVariables : placeElement, type, g.shape(type));
          p.pos = e.pos;
          p.length = g.b.int(u.len);
          p.elemSize = g.shape(u.elem).size;
          if (base.kind === placeVariables) {
            resolve(g, base);
            p.variables = base.variables;
          } else {
            if (base.kind === placeElement) resolve(g, base);
            p.addr = base.addr;
            p.unchecked = base.unchecked;
            p.offset = base.offset;
          }
          p.index = indexValue(g, e.index);
          p.unsigned = isUnsigned(g.typeOf(e.index));
          return p;
        }
        default:
          throw new Error("an element that can't be assigned to");
      }
    }
    case S.KindOperation:
      if (isDeref(e)) return memoryPlace(g, g.typeOf(e), g.one(expr(g, e.x)), true);
      break;
  }
  return memoryPlace(g, g.typeOf(e), addressOf(g, e), false);
}

function field(g: Body, e: SelectorExpr): Place {
  const s = g.env.selection(e);
  if (s === undefined) {
    const obj = g.env.info.uses[e.sel.id];
    if (obj === undefined || obj.kind !== K.OVar) throw new Error("a qualified name that can't be assigned to");
    g.b.pos = e.pos;
    return placeOf(g, obj);
  }
  let p: Place;
  let t = s.recv;
  let u = under(t);
  if (u.kind === K.TPointer) p = memoryPlace(g, u.elem, g.one(expr(g, e.x)), true);
  else p = prepare(g, e.x);
  for (let i = 0; i < s.index.length; i++) {
    u = under(t);
    if (u.kind === K.TPointer) {
      if (i > 0) p = memoryPlace(g, u.elem, g.one(load(g, p)), true);
      t = u.elem;
      u = under(t);
    }
    if (u.kind !== K.TStruct) throw new Error("a field of no struct");
    const at = s.index[i] as number;
    const shape = g.shape(t);
    const offset = shape.offsets[at] as number;
    t = (u.fields[at] as Var).type as Type;
    p = subPlace(g, p, t, shape, offset);
  }
  return p;
}

function subPlace(g: Body, p: Place, type: Type, outer: Shape, offset: number): Place {
  const shape = g.shape(type);
  const q = new Place(p.kind, type, shape);
  q.addr = p.addr;
  q.pos = p.pos;
  q.unchecked = p.unchecked;
  q.index = p.index;
  q.length = p.length;
  q.unsigned = p.unsigned;
  q.elemSize = p.elemSize;
  q.offset = p.offset + offset;
  if (p.kind === placeVariables) {
    const variables: Variable[] = [];
    for (let i = 0; i < p.variables.length; i++) {
      const at = (outer.components[i] as { offset: number }).offset;
      if (at >= offset && at < offset + shape.size) variables.push(p.variables[i] as Variable);
    }
    q.variables = variables;
    q.offset = 0;
  }
  return q;
}

/** Checks indexes and pointers; afterwards the place can be read and written. */
export function resolve(g: Body, p: Place): void {
  switch (p.kind) {
    case placeVariables:
      if (p.index !== none) {
        elementCheck(g, p);
        p.index = none;
      }
      return;
    case placeMemory:
      if (p.unchecked) p.addr = checked(g, p.addr);
      p.unchecked = false;
      if (p.offset !== 0) p.addr = g.b.offset(p.addr, p.offset);
      p.offset = 0;
      return;
    case placeElement: {
      let addr = p.unchecked ? checked(g, p.addr) : p.addr;
      elementCheck(g, p);
      // Array elements: the array's own offset comes first, a field's later; both are constant.
      addr = scaled(g, addr, p.index, p.elemSize);
      p.addr = g.b.offset(addr, p.offset);
      p.kind = placeMemory;
      p.unchecked = false;
      p.offset = 0;
      p.index = none;
      return;
    }
  }
}

function elementCheck(g: Body, p: Place): void {
  const before = g.b.pos;
  g.atPos(p.pos);
  checkElement(g, p);
  g.b.pos = before;
}

function checkElement(g: Body, p: Place): void {
  const { f } = g;
  if (f.op[p.index] === OpConst && f.op[p.length] === OpConst) {
    const i = f.auxInt(p.index);
    if (i >= 0 && i < f.auxInt(p.length)) return;
  }
  boundsCheck(g, p.index, p.length, p.unsigned);
}

/** Makes the element of a map that is read and written at once: it is looked for once. */
export function enter(g: Body, p: Place): void {
  if (p.kind !== placeMap) return;
  p.addr = mapAssignAddress(g, p.mapType as Type, p.addr, p.key as Operand);
  p.kind = placeMemory;
}

/** The value in a place. */
export function load(g: Body, p: Place): Operand {
  resolve(g, p);
  switch (p.kind) {
    case placeVariables:
      // An element of an array without elements: the check has panicked.
      if (p.variables.length < p.shape.components.length) return g.zeroValue(p.shape);
      return g.of(
        p.shape,
        p.variables.map((v) => g.b.read(v)),
      );
    case placeMemory:
      return g.at(p.shape, p.addr);
    case placeMap:
      return g.at(p.shape, mapLookup(g, p.mapType as Type, p.addr, p.key as Operand, false).addr);
    default:
      throw new Error("a place without value");
  }
}

/** Writes a value of the place's type. */
export function store(g: Body, p: Place, x: Operand): void {
  if (p.kind === placeBlank) return;
  resolve(g, p);
  switch (p.kind) {
    case placeVariables: {
      const parts = g.parts(x);
      for (let i = 0; i < p.variables.length; i++) g.b.write(p.variables[i] as Variable, parts[i] as Value);
      return;
    }
    case placeMap: {
      const value = isSmall(p.shape) ? x : g.stable(x);
      const addr = mapAssignAddress(g, p.mapType as Type, p.addr, p.key as Operand);
      g.put(value, addr);
      return;
    }
    default:
      g.put(x, p.addr);
  }
}

export { TypePtr };
