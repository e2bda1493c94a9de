// Method sets: all methods that values of a type have, promoted ones included.

import { asNamed } from "./alias.ts";
import * as K from "./kinds.ts";
import { deref, lookupFieldOrMethod } from "./lookup.ts";
import { originNamed } from "./named.ts";
import { compareObjects, type Func, objectId } from "./object.ts";
import type { Package } from "./package.ts";
import { Selection } from "./selection.ts";
import { typeSet } from "./typeset.ts";
import type { Type } from "./types.ts";
import { under } from "./under.ts";

interface Candidate {
  readonly pkg: Package | null;
  readonly name: string;
}

/** The methods of T as selections, sorted: exported ones by name, then the others. */
export function methodSet(T: Type): Selection[] {
  const candidates: Map<string, Candidate> = new Map();
  collect(T, candidates, new Set());
  const list: Selection[] = [];
  for (const c of candidates.values()) {
    const r = lookupFieldOrMethod(T, false, c.pkg, c.name, false);
    if (r.obj === null || r.obj.kind !== K.OFunc) continue;
    list.push(new Selection(K.MethodVal, T, r.obj, r.index ?? [], r.indirect));
  }
  return list.sort((a, b) => compareObjects(a.obj, b.obj));
}

function add(m: Func, candidates: Map<string, Candidate>): void {
  const id = objectId(m.pkg, m.name);
  if (m.name !== "_" && !candidates.has(id)) candidates.set(id, { pkg: m.pkg, name: m.name });
}

/** Names of methods of a type and of everything embedded in it. */
function collect(T: Type, candidates: Map<string, Candidate>, seen: Set<Type>): void {
  const t = deref(T).type;
  if (seen.has(t)) return;
  seen.add(t);
  const named = asNamed(t);
  if (named !== null) for (const m of originNamed(named).methods) add(m, candidates);
  const u = under(t);
  if (u.kind === K.TStruct) {
    for (const f of u.fields) if (f.embedded) collect(f.type as Type, candidates, seen);
  } else if (u.kind === K.TInterface) {
    for (const m of typeSet(u).methods) add(m, candidates);
  }
}
