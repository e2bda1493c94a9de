// Messages for selectors and field names that don't exist.

import { unalias } from "./alias.ts";
import type { Checker } from "./checker.ts";
import { objDecl } from "./decl.ts";
import { sprintf } from "./format.ts";
import * as K from "./kinds.ts";
import { OFunc, OTypeName, OVar } from "./kinds.ts";
import { namedObj, namedUnder, originNamed } from "./named.ts";
import { isExported, type Obj } from "./object.ts";
import type { Package } from "./package.ts";
import type { Type } from "./types.ts";

/** The string without its first character. */
function tail(s: string): string {
  return Array.from(s).slice(1).join("");
}

const missing = 0;
/** There is an object whose name differs in capitals. */
const misspelled = 1;
/** ... only in the first letter, and it is not exported. */
const unexported = 2;
/** There is an object of that very name, but it is not visible here. */
const inaccessible = 3;

/** Why `sel` is not found in typ; obj is a field or method of a similar name, or null. */
export function lookupError(check: Checker, typ: Type, sel: string, obj: Obj | null, structLit: boolean): string {
  let e = missing;
  const alt = obj === null ? "" : obj.name;
  if (obj !== null) {
    if (obj.pkg === check.pkg) e = misspelled;
    else if (isExported(sel)) {
      if (isExported(alt)) e = misspelled;
      else if (tail(sel) === tail(alt)) e = unexported;
    } else if (isExported(alt)) {
      if (tail(sel) === tail(alt)) e = misspelled;
    } else if (sel === alt) e = inaccessible;
  }

  if (structLit) {
    switch (e) {
      case missing:
        return sprintf(check, "unknown field %s in struct literal of type %s", sel, typ);
      case misspelled:
        return sprintf(check, "unknown field %s in struct literal of type %s, but does have %s", sel, typ, alt);
      case unexported:
        return sprintf(check, "unknown field %s in struct literal of type %s, but does have unexported %s", sel, typ, alt);
      default:
        return sprintf(check, "cannot refer to unexported field %s in struct literal of type %s", alt, typ);
    }
  }
  const what = obj !== null && obj.kind === OVar ? "field" : obj !== null && obj.kind === OFunc ? "method" : "object";
  switch (e) {
    case missing:
      return sprintf(check, "type %s has no field or method %s", typ, sel);
    case misspelled:
      return sprintf(check, "type %s has no field or method %s, but does have %s %s", typ, sel, what, alt);
    case unexported:
      return sprintf(check, "type %s has no field or method %s, but does have unexported %s %s", typ, sel, what, alt);
    default:
      return sprintf(check, "cannot refer to unexported %s %s", what, alt);
  }
}

/**
 * Whether an unexported object of another package is known there as not exported, rather than not at all: gc knows the
 * types that exported things of the package are made of, and nothing else.
 */
export function isMentioned(check: Checker, pkg: Package, obj: Obj): boolean {
  if (obj.kind !== OTypeName || pkg.checker === null) return false;
  const seen = new Set<Type>();
  const work: Type[] = [];
  const add = (t: Type | null): void => {
    if (t !== null && !seen.has(t)) {
      seen.add(t);
      work.push(t);
    }
  };
  const members = (list: readonly { type: Type | null }[]): void => {
    for (const m of list) add(m.type);
  };
  for (const name of pkg.scope.names()) {
    const o = pkg.scope.lookup(name);
    if (o === null || !isExported(name)) continue;
    objDecl(check, o);
    add(o.type);
  }
  for (let next = work.pop(); next !== undefined; next = work.pop()) {
    const t = unalias(next);
    switch (t.kind) {
      case K.TNamed: {
        const named = originNamed(t);
        const o = namedObj(named);
        if (o === obj) return true;
        if (o.pkg !== pkg) break;
        add(namedUnder(named));
        members(named.methods.filter((m) => m !== undefined));
        break;
      }
      case K.TPointer:
      case K.TSlice:
      case K.TArray:
      case K.TChan:
        add(t.elem);
        break;
      case K.TMap:
        add(t.key);
        add(t.elem);
        break;
      case K.TStruct:
        members(t.fields);
        break;
      case K.TTuple:
        members(t.vars);
        break;
      case K.TSignature:
        add(t.params);
        add(t.results);
        break;
      case K.TInterface:
        members(t.methods);
        for (const e of t.embeddeds) add(e);
        break;
    }
  }
  return false;
}
