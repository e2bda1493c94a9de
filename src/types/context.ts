// What all checkers of a program share: ids, and the table that makes identical instances of generic types one object.

import { identicalInstance } from "./predicates.ts";
import { instanceHash } from "./typehash.ts";
import { type Alias, type Named, type Signature, type Type, TypeIds } from "./types.ts";

class Entry {
  readonly orig: Type;
  readonly targs: Type[];
  readonly instance: Type;

  constructor(orig: Type, targs: Type[], instance: Type) {
    this.orig = orig;
    this.targs = targs;
    this.instance = instance;
  }
}

export class Context {
  readonly ids: TypeIds;
  private readonly table: Map<string, Entry[]> = new Map();

  constructor(ids: TypeIds = new TypeIds()) {
    this.ids = ids;
  }

  /** A string that is equal for identical instances (and may be for others). */
  instanceHash(orig: Named | Alias | Signature, targs: Type[]): string {
    return instanceHash(orig, targs);
  }

  /** The instance on record, or null. */
  lookup(hash: string, orig: Type, targs: Type[]): Type | null {
    const entries = this.table.get(hash);
    if (entries === undefined) return null;
    for (let i = 0; i < entries.length; i++) {
      const e = entries[i] as Entry;
      if (identicalInstance(orig, targs, e.orig, e.targs)) return e.instance;
    }
    return null;
  }

  /** Records an instance unless an identical one is there: then that one is returned. */
  update(hash: string, orig: Type, targs: Type[], instance: Type): Type {
    const entries = this.table.get(hash);
    if (entries === undefined) {
      this.table.set(hash, [new Entry(orig, targs, instance)]);
      return instance;
    }
    for (let i = 0; i < entries.length; i++) {
      const e = entries[i] as Entry;
      if (e.instance === instance || identicalInstance(orig, targs, e.orig, e.targs)) return e.instance;
    }
    entries.push(new Entry(orig, targs, instance));
    return instance;
  }
}
