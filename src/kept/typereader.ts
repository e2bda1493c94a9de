// Finds and makes again what typewriter.ts wrote. Equal types are one object as far as that is easily had, because what is known of types is kept by object.

import type { ByteReader } from "../base/bytes.ts";
import { NoPos } from "../base/pos.ts";
import { unalias } from "../types/alias.ts";
import type { Context } from "../types/context.ts";
import { objDecl } from "../types/decl.ts";
import { instance } from "../types/instantiate.ts";
import * as K from "../types/kinds.ts";
import { namedMethod, numMethods } from "../types/named.ts";
import { Func, Var } from "../types/object.ts";
import type { Package } from "../types/package.ts";
import {
  ArrayType,
  Chan,
  Interface,
  MapType,
  type Named,
  Pointer,
  Signature,
  Slice,
  Struct,
  Tuple,
  Typ,
  type Type,
} from "../types/types.ts";
import { emptyInterface, universe } from "../types/universe.ts";
import { fieldEmbedded, fieldTag } from "./typewriter.ts";

/** The packages of the program, by path. */
export type PackageFinder = (path: string) => Package | null;

/** What was written does not fit the program: it is to be made anew. */
export class Misfit extends Error {}

/** Reads the tables in front of what refers to them by number. */
export class TypeReader {
  private readonly context: Context;
  private readonly find: PackageFinder;
  private packages: Package[] = [];
  private types: Type[] = [];
  /** Types by their parts. */
  private readonly known = new Map<string, Type>();

  constructor(context: Context, find: PackageFinder) {
    this.context = context;
    this.find = find;
  }

  /** Reads both tables. Throws Misfit. */
  tables(r: ByteReader): void {
    const packages: Package[] = [];
    for (let n = r.uvarint(); n > 0; n--) {
      const path = r.text();
      const pkg = this.find(path);
      if (pkg === null) throw new Misfit(path);
      packages.push(pkg);
    }
    this.packages = packages;
    this.types = [];
    for (let n = r.uvarint(); n > 0; n--) this.types.push(this.compose(r));
  }

  type(r: ByteReader): Type {
    return this.types[r.uvarint()] as Type;
  }

  package(r: ByteReader): Package | null {
    const number = r.uvarint();
    return number === 0 ? null : (this.packages[number - 1] as Package);
  }

  /** A type that is the same object wherever it has the same parts. */
  private shared(key: string, make: () => Type): Type {
    let t = this.known.get(key);
    if (t === undefined) {
      t = make();
      this.known.set(key, t);
    }
    return t;
  }

  private compose(r: ByteReader): Type {
    const { ids } = this.context;
    const kind = r.u8();
    switch (kind) {
      case K.TBasic:
        return Typ[r.u8()] as Type;
      case K.TNamed:
        return this.definedType(r);
      case K.TPointer: {
        const elem = this.type(r);
        return this.shared(`*${elem.id}`, () => new Pointer(ids, elem));
      }
      case K.TSlice: {
        const elem = this.type(r);
        return this.shared(`[${elem.id}`, () => new Slice(ids, elem));
      }
      case K.TArray: {
        const elem = this.type(r);
        const length = r.varint();
        return this.shared(`${length}]${elem.id}`, () => new ArrayType(ids, elem, length));
      }
      case K.TMap: {
        const key = this.type(r);
        const elem = this.type(r);
        return this.shared(`m${key.id},${elem.id}`, () => new MapType(ids, key, elem));
      }
      case K.TChan: {
        const elem = this.type(r);
        const dir = r.u8();
        return this.shared(`c${elem.id},${dir}`, () => new Chan(ids, dir, elem));
      }
      case K.TSignature:
        return this.signature(r, null);
      case K.TTuple:
        return this.tuple(r, K.ParamVar);
      case K.TStruct:
        return this.struct(r);
      case K.TInterface:
        return this.interface(r);
      default:
        throw new Error(`a kept type of kind ${kind}`);
    }
  }

  private definedType(r: ByteReader): Type {
    const pkg = this.package(r);
    const name = r.text();
    const args: Type[] = [];
    for (let n = r.uvarint(); n > 0; n--) args.push(this.type(r));
    const obj = (pkg === null ? universe : pkg.scope).lookup(name);
    if (obj === null || obj.kind !== K.OTypeName) throw new Misfit(name);
    objDecl(null, obj);
    const t = unalias(obj.type as Type);
    if (args.length === 0) return t;
    return instance(null, NoPos, t as Named, args, null, this.context);
  }

  private signature(r: ByteReader, recv: Type | null): Signature {
    const { ids } = this.context;
    const variadic = r.u8() !== 0;
    const params = this.tuple(r, K.ParamVar);
    const results = this.tuple(r, K.ResultVar);
    const receiver = recv === null ? null : new Var(ids, K.RecvVar, NoPos, null, "", recv);
    return new Signature(ids, receiver, params, results, variadic);
  }

  private tuple(r: ByteReader, kind: number): Tuple {
    const { ids } = this.context;
    const vars: Var[] = [];
    for (let n = r.uvarint(); n > 0; n--) vars.push(new Var(ids, kind, NoPos, null, "", this.type(r)));
    return new Tuple(ids, vars);
  }

  private struct(r: ByteReader): Type {
    const { ids } = this.context;
    const fields: Var[] = [];
    const tags: string[] = [];
    for (let n = r.uvarint(); n > 0; n--) {
      const flags = r.u8();
      const pkg = this.package(r);
      const name = r.text();
      const field = new Var(ids, K.FieldVar, NoPos, pkg, name, this.type(r));
      field.embedded = (flags & fieldEmbedded) !== 0;
      fields.push(field);
      tags.push((flags & fieldTag) !== 0 ? r.text() : "");
    }
    return new Struct(ids, fields, tags);
  }

  private interface(r: ByteReader): Type {
    const n = r.uvarint();
    if (n === 0) return emptyInterface;
    const { ids } = this.context;
    const t = new Interface(ids, null);
    for (let i = 0; i < n; i++) {
      const pkg = this.package(r);
      const name = r.text();
      t.methods.push(new Func(ids, NoPos, pkg, name, this.signature(r, t)));
    }
    t.complete = true;
    return t;
  }

  /** A function, or a method of a defined type. Throws Misfit. */
  function(r: ByteReader): Func {
    const pkg = this.package(r) as Package;
    const recv = r.text();
    const name = r.text();
    const obj = pkg.scope.lookup(recv === "" ? name : recv);
    if (obj !== null && recv === "" && obj.kind === K.OFunc) return obj;
    if (obj !== null && recv !== "" && obj.kind === K.OTypeName) {
      objDecl(null, obj);
      const t = obj.type as Named;
      for (let i = 0; i < numMethods(t); i++) {
        const m = namedMethod(t, i);
        if (m.name === name) return m;
      }
    }
    throw new Misfit(name);
  }

  /** Throws Misfit. */
  variable(r: ByteReader): Var {
    const pkg = this.package(r) as Package;
    const name = r.text();
    const obj = pkg.scope.lookup(name);
    if (obj === null || obj.kind !== K.OVar) throw new Misfit(name);
    return obj;
  }
}
