// Cycles of declarations: types that are directly themselves, types of infinite size, and how cycles are reported.

import * as S from "../syntax/kinds.ts";
import { unalias } from "./alias.ts";
import type { Checker } from "./checker.ts";
import { errorf, newError } from "./errors.ts";
import { qualifier } from "./format.ts";
import * as K from "./kinds.ts";
import type { Obj, TypeName } from "./object.ts";
import { namedRHS } from "./named.ts";
import { NamedHasFinite, Typ, type Type } from "./types.ts";
import { packagePrefix } from "./typestring.ts";

/** Finds package-level types that are declared, by name only, in terms of themselves, and makes them invalid. */
export function directCycles(check: Checker): void {
  const pathIdx: Map<TypeName, number> = new Map();
  for (const obj of check.objList) {
    if (obj.kind === K.OTypeName) directCycle(check, obj, pathIdx);
  }
}

function directCycle(check: Checker, tname: TypeName, pathIdx: Map<TypeName, number>): void {
  const path: TypeName[] = [];
  for (;;) {
    const start = pathIdx.get(tname);
    if (start !== undefined) {
      if (start < 0) break;
      tname.type = Typ[K.Invalid];
      const cycle: Obj[] = path.slice(start);
      cycleError(check, cycle, firstInSrc(cycle));
      break;
    }
    pathIdx.set(tname, path.length);
    path.push(tname);
    const rhs = tname.decl?.tdecl?.type;
    if (rhs === undefined || rhs.kind !== S.KindName) break;
    const next = check.pkg.scope.lookup(rhs.value);
    if (next === null || next.kind !== K.OTypeName) break;
    tname = next;
  }
  for (const t of path) pathIdx.set(t, -1);
}

/** Whether values of a type have a finite size; if not, that is reported. */
export function finiteSize(check: Checker, T: Type): boolean {
  const t = unalias(T);
  switch (t.kind) {
    case K.TNamed: {
      if ((t.state & NamedHasFinite) !== 0) return t.finite;
      if (t.obj.pathIndex >= 0) {
        const cycle = check.objPath.slice(t.obj.pathIndex);
        cycleError(check, cycle, firstInSrc(cycle));
        return false;
      }
      check.push(t.obj);
      const rhs = namedRHS(t);
      const finite = rhs === null || finiteSize(check, rhs);
      check.pop();
      if ((t.state & NamedHasFinite) === 0) {
        t.finite = finite;
        t.state |= NamedHasFinite;
      }
      return finite;
    }
    case K.TArray:
      return finiteSize(check, t.elem);
    case K.TStruct:
      for (const f of t.fields) {
        if (!finiteSize(check, f.type as Type)) return false;
      }
      return true;
    default:
      return true;
  }
}

/** Reports a cycle of declarations, beginning with that at `start`. */
export function cycleError(check: Checker, cycle: Obj[], start: number): void {
  const qf = qualifier(check);
  const name = (obj: Obj): string => packagePrefix(obj.pkg, qf) + obj.name;
  let obj = cycle[start];
  const isType = obj.kind === K.OTypeName;
  // An alias becomes invalid, so that no other errors follow.
  if (isType && obj.type !== null && obj.type.kind === K.TAlias) {
    obj.type.fromRHS = Typ[K.Invalid];
    obj.type.actual = null;
  }
  if (cycle.length === 1) {
    if (isType) errorf(check, obj, "invalid recursive type: %s refers to itself", name(obj));
    else errorf(check, obj, "invalid cycle in declaration: %s refers to itself", name(obj));
    return;
  }
  const err = newError(check);
  if (isType) err.addf(obj, "invalid recursive type %s", name(obj));
  else err.addf(obj, "invalid cycle in declaration of %s", name(obj));
  for (let i = 0; i < cycle.length; i++) {
    const next = cycle[(start + i + 1) % cycle.length];
    err.addf(obj, "%s refers to %s", name(obj), name(next));
    obj = next;
  }
  err.report();
}

/** The index of the object that comes first in the source. */
export function firstInSrc(path: Obj[]): number {
  let first = 0;
  for (let i = 1; i < path.length; i++) {
    if (path[i].pos < path[first].pos) first = i;
  }
  return first;
}
