// Types, objects and packages as bytes that name them: defined types, functions and variables by package and name, other types by their parts. What has no name that
// leads back to it (types declared in functions, type parameters) can't be written.

import { ByteWriter } from "../base/bytes.ts";
import { unalias } from "../types/alias.ts";
import * as K from "../types/kinds.ts";
import { namedObj } from "../types/named.ts";
import type { Func, Var } from "../types/object.ts";
import type { Package } from "../types/package.ts";
import type { Interface, Named, Signature, Tuple, Type } from "../types/types.ts";
import { typeSet } from "../types/typeset.ts";

/** Bits in front of a struct's field. */
export const fieldEmbedded = 1;
export const fieldTag = 2;

/** Writes a table of types and one of packages while something else refers to them by number. */
export class TypeWriter {
  private readonly types = new ByteWriter();
  private readonly numbers = new Map<number, number>();
  /** The numbers of what has been written: equal types have one, however many objects they are. */
  private readonly written = new Map<string, number>();
  private readonly packages: Package[] = [];
  /** Something could not be written. */
  failed = false;

  clear(): void {
    this.types.clear();
    this.numbers.clear();
    this.written.clear();
    this.packages.length = 0;
    this.failed = false;
  }

  /** The packages that have been named. */
  get named(): readonly Package[] {
    return this.packages;
  }

  /** Writes both tables. */
  finish(w: ByteWriter): void {
    w.uvarint(this.packages.length);
    for (const p of this.packages) w.text(p.path);
    w.uvarint(this.written.size);
    w.bytes(this.types.finish());
  }

  /** The number of a package; 0: none. */
  package(pkg: Package | null): number {
    if (pkg === null) return 0;
    let index = this.packages.indexOf(pkg);
    if (index < 0) {
      index = this.packages.length;
      this.packages.push(pkg);
    }
    return index + 1;
  }

  /** The number of a type. */
  type(type: Type): number {
    const t = unalias(type);
    const known = this.numbers.get(t.id);
    if (known !== undefined) return known;
    const w = new ByteWriter(64);
    this.compose(t, w);
    const key = w.latin1();
    let number = this.written.get(key);
    if (number === undefined) {
      // Parts come first.
      number = this.written.size;
      this.written.set(key, number);
      this.types.bytes(w.finish());
    }
    this.numbers.set(t.id, number);
    return number;
  }

  private compose(t: Type, w: ByteWriter): void {
    w.u8(t.kind);
    switch (t.kind) {
      case K.TBasic:
        w.u8(t.basic);
        return;
      case K.TNamed:
        return this.definedType(t, w);
      case K.TPointer:
      case K.TSlice:
        w.uvarint(this.type(t.elem));
        return;
      case K.TArray:
        w.uvarint(this.type(t.elem));
        w.varint(t.len);
        return;
      case K.TMap:
        w.uvarint(this.type(t.key));
        w.uvarint(this.type(t.elem));
        return;
      case K.TChan:
        w.uvarint(this.type(t.elem));
        w.u8(t.dir);
        return;
      case K.TSignature:
        return this.signature(t, w);
      case K.TTuple:
        return this.tuple(t, w);
      case K.TStruct:
        w.uvarint(t.fields.length);
        for (let i = 0; i < t.fields.length; i++) this.field(t.fields[i] as Var, t.tags[i] ?? "", w);
        return;
      case K.TInterface:
        return this.interface(t, w);
      case K.TTypeParam:
      case K.TUnion:
      case K.TAlias:
        this.failed = true;
    }
  }

  private definedType(t: Named, w: ByteWriter): void {
    const obj = namedObj(t);
    // Types of the universe are found in every package.
    const scope = obj.pkg === null ? obj.parent : obj.pkg.scope;
    if (scope === null || scope.lookup(obj.name) !== obj || obj.outerArgs.length > 0) this.failed = true;
    w.uvarint(this.package(obj.pkg));
    w.text(obj.name);
    const args = t.inst === null ? [] : t.inst.targs;
    w.uvarint(args.length);
    for (const a of args) w.uvarint(this.type(a));
  }

  private signature(s: Signature, w: ByteWriter): void {
    if (s.tparams.length > 0) this.failed = true;
    w.u8(s.variadic ? 1 : 0);
    this.tuple(s.params, w);
    this.tuple(s.results, w);
  }

  private tuple(t: Tuple, w: ByteWriter): void {
    w.uvarint(t.vars.length);
    for (const v of t.vars) w.uvarint(this.type(v.type as Type));
  }

  private field(f: Var, tag: string, w: ByteWriter): void {
    w.u8((f.embedded ? fieldEmbedded : 0) + (tag !== "" ? fieldTag : 0));
    w.uvarint(this.package(f.pkg));
    w.text(f.name);
    w.uvarint(this.type(f.type as Type));
    if (tag !== "") w.text(tag);
  }

  /** An interface by all of its methods. */
  private interface(t: Interface, w: ByteWriter): void {
    const set = typeSet(t);
    if (!set.isMethodSet()) this.failed = true;
    w.uvarint(set.methods.length);
    for (const m of set.methods) {
      w.uvarint(this.package(m.pkg));
      w.text(m.name);
      this.signature(m.type as Signature, w);
    }
  }

  /** A function, or a method of a defined type. */
  function(f: Func, w: ByteWriter): void {
    const pkg = f.pkg as Package;
    const recv = f.type?.recv ?? null;
    w.uvarint(this.package(pkg));
    if (recv === null) {
      if (pkg.scope.lookup(f.name) !== f) this.failed = true;
      w.text("");
    } else {
      let t = unalias(recv.type as Type);
      if (t.kind === K.TPointer) t = unalias(t.elem);
      const obj = t.kind === K.TNamed ? namedObj(t) : null;
      if (obj === null || pkg.scope.lookup(obj.name) !== obj) this.failed = true;
      w.text(obj?.name ?? "");
    }
    w.text(f.name);
  }

  variable(v: Var, w: ByteWriter): void {
    const pkg = v.pkg as Package;
    if (pkg.scope.lookup(v.name) !== v) this.failed = true;
    w.uvarint(this.package(pkg));
    w.text(v.name);
  }
}
