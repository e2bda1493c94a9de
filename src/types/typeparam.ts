// Type parameters and their constraints.

import { asNamed } from "./alias.ts";
import type { Checker } from "./checker.ts";
import * as K from "./kinds.ts";
import type { TypeName } from "./object.ts";
import { isTypeParam, isValid } from "./predicates.ts";
import { computeInterfaceTypeSet, typeSet } from "./typeset.ts";
import { Interface, type Term, type Type, TypeIds, TypeParam } from "./types.ts";
import { emptyInterface } from "./universe.ts";
import { under } from "./under.ts";

/** A new type parameter, also as the type of its object if that has none. */
export function newTypeParam(check: Checker, obj: TypeName, constraint: Type | null): TypeParam {
  const t = new TypeParam(check.ids, check, obj, constraint);
  if (obj.type === null) obj.type = t;
  check.needsCleanup(t);
  return t;
}

/** Binds type parameters to a declaration by numbering them. */
export function bindTParams(list: TypeParam[]): TypeParam[] {
  for (let i = 0; i < list.length; i++) {
    const t = list[i] as TypeParam;
    if (t.index >= 0) throw new Error("type parameter bound more than once");
    t.index = i;
  }
  return list;
}

/** The constraint of a type parameter as an interface with its type set computed. */
export function iface(t: TypeParam): Interface {
  const bound = t.bound;
  if (bound === null) return emptyInterface;
  let ityp: Interface | null = null;
  const u = under(bound);
  if (u.kind === K.TBasic) {
    if (!isValid(u)) return emptyInterface;
  } else if (u.kind === K.TInterface) {
    if (isTypeParam(bound)) return emptyInterface;
    ityp = u;
  }
  if (ityp === null) {
    const wrapper = new Interface(t.check === null ? new TypeIds(0x20000000) : t.check.ids, t.check);
    wrapper.embeddeds = [bound];
    wrapper.complete = true;
    wrapper.implicit = true;
    ityp = wrapper;
    t.bound = wrapper;
  }
  if (ityp.tset === null) {
    const n = asNamed(bound);
    computeInterfaceTypeSet(t.check, n !== null ? n.obj.pos : t.obj.pos, ityp);
  }
  return ityp;
}

/** Whether f holds for all terms of the type set; see TypeSet.is. */
export function typeParamIs(t: TypeParam, f: (term: Term | null) => boolean): boolean {
  return typeSet(iface(t)).is(f);
}
