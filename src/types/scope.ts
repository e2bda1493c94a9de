// Scopes: names to objects, nested.

import type { Pos } from "../base/pos.ts";
import { equalFold, isExported, type Obj } from "./object.ts";

export class Scope {
  readonly parent: Scope | null;
  elems: Map<string, Obj> | null;
  readonly pos: Pos;
  readonly end: Pos;
  /** For printing. */
  readonly comment: string;
  /** The scope of a function's parameters. */
  isFunc: boolean;
  /** Scopes inside, for the search for unused variables. */
  children: Scope[] | null;

  constructor(parent: Scope | null, pos: Pos, end: Pos, comment: string) {
    this.parent = parent;
    this.elems = null;
    this.pos = pos;
    this.end = end;
    this.comment = comment;
    this.isFunc = false;
    this.children = null;
    // The universe, which has no parent, doesn't know its children.
    if (parent !== null && parent.parent !== null) {
      if (parent.children === null) parent.children = [this];
      else parent.children.push(this);
    }
  }

  lookup(name: string): Obj | null {
    return this.elems === null ? null : (this.elems.get(name) ?? null);
  }

  /** Inserts an object unless one of that name is there: then that one is returned. */
  insert(obj: Obj): Obj | null {
    if (this.elems === null) this.elems = new Map();
    const alt = this.elems.get(obj.name);
    if (alt !== undefined) return alt;
    this.elems.set(obj.name, obj);
    if (obj.parent === null) obj.parent = this;
    return null;
  }

  /** Names in order. */
  names(): string[] {
    return this.elems === null ? [] : Array.from(this.elems.keys()).sort();
  }

  lookupIgnoringCase(name: string, exported: boolean): Obj[] {
    const matches: Obj[] = [];
    for (const n of this.names()) {
      if ((!exported || isExported(n)) && equalFold(n, name)) matches.push(this.lookup(n) as Obj);
    }
    return matches;
  }
}
