// All methods of a type, its own and those promoted from embedded fields, with the way to their receivers. Breadth first over the
// embedded fields, as selectors are resolved: what is found at a shallower depth hides the rest, and what is
// found twice at one depth is nothing.

import { unalias } from "../types/alias.ts";
import { objDecl } from "../types/decl.ts";
import * as K from "../types/kinds.ts";
import { hasPtrRecv, namedMethod, numMethods } from "../types/named.ts";
import { compareObjects, type Func, objectId, type Var } from "../types/object.ts";
import type { Interface, Named, Struct, Type } from "../types/types.ts";
import { typeSet } from "../types/typeset.ts";
import { under } from "../types/under.ts";

/** One method that a type or the pointer to it has. */
export class MethodEntry {
  /** The declared method (instantiated, for instances of generic types) or the method of an embedded interface. */
  readonly func: Func;
  /** The embedded fields from the type to the receiver. */
  readonly path: readonly Var[];
  /** Declared with a pointer receiver. */
  readonly pointer: boolean;
  /** A pointer is passed on the way, so that the receiver has an address even if the outer value has none. */
  readonly indirect: boolean;
  /** The type that declares it: a defined type, or an interface. */
  readonly owner: Type;

  constructor(func: Func, path: readonly Var[], pointer: boolean, indirect: boolean, owner: Type) {
    this.func = func;
    this.path = path;
    this.pointer = pointer;
    this.indirect = indirect;
    this.owner = owner;
  }

  /** Whether a value of the type itself (not only the pointer to it) has the method. */
  get onValue(): boolean {
    return !this.pointer || this.indirect;
  }
}

interface Place {
  readonly type: Type;
  readonly path: readonly Var[];
  readonly indirect: boolean;
  /** The type occurs more than once at this depth: its methods and fields are ambiguous. */
  multiple: boolean;
}

const none: readonly MethodEntry[] = [];

/** The methods of types, remembered. */
export class MethodTables {
  private readonly memo = new Map<number, readonly MethodEntry[]>();

  /** The methods of `t` (no pointer) and of the pointer to it, sorted as reflection sorts them. */
  of(t: Type): readonly MethodEntry[] {
    const base = unalias(t);
    const known = this.memo.get(base.id);
    if (known !== undefined) return known;
    const u = under(base);
    let entries = none;
    if (base.kind === K.TNamed ? u.kind !== K.TPointer && u.kind !== K.TInterface : u.kind === K.TStruct) {
      if (u.kind === K.TStruct || numMethods(base as Named) > 0) entries = collect(base);
    }
    this.memo.set(base.id, entries);
    return entries;
  }

  /** The methods in the method set of a type (pointer or not, no interface) that count for interfaces. */
  set(t: Type): readonly MethodEntry[] {
    const a = unalias(t);
    const pointer = a.kind === K.TPointer;
    const all = this.of(pointer ? a.elem : a);
    const counts = (m: MethodEntry): boolean => (pointer || m.onValue) && !m.func.noInterface;
    return all.every(counts) ? all : all.filter(counts);
  }

  /** The method of `t` that a method of an interface (or a selection) means, or null. */
  find(t: Type, method: Func): MethodEntry | null {
    const a = unalias(t);
    const id = objectId(method.pkg, method.name);
    const entries = this.of(a.kind === K.TPointer ? a.elem : a);
    for (let i = 0; i < entries.length; i++) {
      const e = entries[i] as MethodEntry;
      if (e.func.name === method.name && objectId(e.func.pkg, e.func.name) === id) return e;
    }
    return null;
  }
}

function collect(base: Type): readonly MethodEntry[] {
  const found = new Map<string, MethodEntry | null>();
  const seen = new Set<number>();
  let level: Place[] = [{ type: base, path: [], indirect: false, multiple: false }];
  while (level.length > 0) {
    const here = new Map<string, MethodEntry | null>();
    const next: Place[] = [];
    const add = (id: string, entry: MethodEntry | null): void => {
      if (found.has(id)) return;
      here.set(id, here.has(id) ? null : entry);
    };
    for (const place of level) {
      const t = place.type;
      if (t.kind === K.TNamed) {
        if (seen.has(t.id)) continue;
        seen.add(t.id);
        const count = numMethods(t);
        for (let i = 0; i < count; i++) {
          const m = namedMethod(t, i);
          if (m.type === null) objDecl(null, m);
          if (m.name === "_") continue;
          const entry = new MethodEntry(m, place.path, hasPtrRecv(m), place.indirect, t);
          add(objectId(m.pkg, m.name), place.multiple ? null : entry);
        }
      }
      const u = under(t);
      if (u.kind === K.TStruct) fields(u, place, add, next);
      else if (u.kind === K.TInterface && place.path.length > 0) {
        const methods = typeSet(u as Interface).methods;
        for (let i = 0; i < methods.length; i++) {
          const m = methods[i] as Func;
          add(objectId(m.pkg, m.name), place.multiple ? null : new MethodEntry(m, place.path, false, place.indirect, t));
        }
      }
    }
    for (const [id, entry] of here) found.set(id, entry);
    level = consolidate(next);
  }
  const list: MethodEntry[] = [];
  for (const entry of found.values()) if (entry !== null) list.push(entry);
  return list.sort((a, b) => compareObjects(a.func, b.func));
}

function fields(u: Struct, place: Place, add: (id: string, entry: null) => void, next: Place[]): void {
  for (let i = 0; i < u.fields.length; i++) {
    const f = u.fields[i] as Var;
    if (f.name === "_") continue;
    // A field hides deeper methods of its name.
    add(objectId(f.pkg, f.name), null);
    if (!f.embedded) continue;
    const type = unalias(f.type as Type);
    const pointer = type.kind === K.TPointer;
    const inner = type.kind === K.TPointer ? unalias(type.elem) : type;
    const kind = inner.kind;
    if (kind !== K.TNamed && kind !== K.TStruct && kind !== K.TInterface) continue;
    next.push({ type: inner, path: [...place.path, f], indirect: place.indirect || pointer, multiple: place.multiple });
  }
}

function consolidate(list: Place[]): Place[] {
  if (list.length < 2) return list;
  const byType = new Map<number, Place>();
  for (const p of list) {
    const known = byType.get(p.type.id);
    if (known === undefined) byType.set(p.type.id, p);
    else known.multiple = true;
  }
  return Array.from(byType.values());
}
