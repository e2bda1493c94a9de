// Substitution of types for type parameters.

import type { Pos } from "../base/pos.ts";
import { newAliasInstance } from "./alias.ts";
import type { Checker } from "./checker.ts";
import type { Context } from "./context.ts";
import { instance } from "./instantiate.ts";
import * as K from "./kinds.ts";
import { funcSignature, originNamed, typeParamsOf } from "./named.ts";
import { Func, originFunc, originVar, Var } from "./object.ts";
import {
  type Alias,
  ArrayType,
  Chan,
  Interface,
  MapType,
  type Named,
  Pointer,
  Signature,
  Slice,
  Struct,
  Term,
  Tuple,
  Typ,
  type Type,
  type TypeIds,
  type TypeParam,
  Union,
} from "./types.ts";

/** Which type stands for which type parameter. Lists are short, so they are searched. */
export class SubstMap {
  readonly from: TypeParam[];
  readonly to: Type[];

  constructor(from: TypeParam[], to: Type[]) {
    this.from = from;
    this.to = to;
  }

  lookup(t: TypeParam): Type {
    const from = this.from;
    for (let i = 0; i < from.length; i++) {
      if (from[i] === t) return (this.to[i] as Type | null | undefined) ?? t;
    }
    return t;
  }
}

export function makeSubstMap(tparams: TypeParam[], targs: Type[]): SubstMap {
  if (tparams.length !== targs.length) throw new Error("type parameters and arguments differ in number");
  return new SubstMap(tparams, targs);
}

/**
 * The type with type parameters replaced. `expanding` is the instance whose expansion this is part of, if any: instances
 * found in its context are preferred, so that cyclic references close.
 */
export function subst(check: Checker | null, pos: Pos, typ: Type, smap: SubstMap, expanding: Named | null, ctxt: Context): Type {
  if (smap.from.length === 0 || typ.kind === K.TBasic) return typ;
  if (typ.kind === K.TTypeParam) return smap.lookup(typ);
  return new Subster(check, pos, smap, expanding, ctxt).typ(typ);
}

class Subster {
  readonly check: Checker | null;
  readonly pos: Pos;
  readonly smap: SubstMap;
  readonly expanding: Named | null;
  readonly ctxt: Context;
  readonly ids: TypeIds;

  constructor(check: Checker | null, pos: Pos, smap: SubstMap, expanding: Named | null, ctxt: Context) {
    this.check = check;
    this.pos = pos;
    this.smap = smap;
    this.expanding = expanding;
    this.ctxt = ctxt;
    this.ids = ctxt.ids;
  }

  typ(t: Type): Type {
    switch (t.kind) {
      case K.TBasic:
        return t;
      case K.TTypeParam:
        return this.smap.lookup(t);
      case K.TAlias:
        return this.alias(t);
      case K.TArray: {
        const elem = this.typ(t.elem);
        return elem === t.elem ? t : new ArrayType(this.ids, elem, t.len);
      }
      case K.TSlice: {
        const elem = this.typ(t.elem);
        return elem === t.elem ? t : new Slice(this.ids, elem);
      }
      case K.TPointer: {
        const elem = this.typ(t.elem);
        return elem === t.elem ? t : new Pointer(this.ids, elem);
      }
      case K.TMap: {
        const key = this.typ(t.key);
        const elem = this.typ(t.elem);
        return key === t.key && elem === t.elem ? t : new MapType(this.ids, key, elem);
      }
      case K.TChan: {
        const elem = this.typ(t.elem);
        return elem === t.elem ? t : new Chan(this.ids, t.dir, elem);
      }
      case K.TStruct: {
        const fields = this.vars(t.fields);
        return fields === t.fields ? t : new Struct(this.ids, fields, t.tags);
      }
      case K.TTuple:
        return this.tuple(t);
      case K.TSignature: {
        // The receiver is left alone: it would lead round in circles for interfaces, and is set by those who need it.
        const params = this.tuple(t.params);
        const results = this.tuple(t.results);
        if (params === t.params && results === t.results) return t;
        const sig = new Signature(this.ids, t.recv, params, results, t.variadic);
        sig.rparams = t.rparams;
        sig.tparams = t.tparams;
        return sig;
      }
      case K.TUnion:
        return this.union(t);
      case K.TInterface:
        return this.iface(t);
      case K.TNamed:
        return this.named(t);
    }
  }

  private named(t: Named): Type {
    if (t.inst === null && t.tparams.length === 0) return t;
    const orig = originNamed(t);
    const n = typeParamsOf(orig).length;
    if (n === 0) return t;
    if (t.inst === null || t.inst.targs.length !== n) return Typ[K.Invalid] as Type;
    const targs = this.types(t.inst.targs);
    if (targs === t.inst.targs) return t;
    return instance(this.check, this.pos, orig, targs, this.expanding, this.ctxt);
  }

  private alias(t: Alias): Type {
    const n = t.orig.tparams.length;
    if (n === 0) return t;
    if (t.targs.length !== n) return Typ[K.Invalid] as Type;
    const targs = this.types(t.targs);
    return targs === t.targs ? t : newAliasInstance(this.check, this.pos, t.orig, targs, this.expanding, this.ctxt);
  }

  private union(t: Union): Type {
    let terms: Term[] | null = null;
    for (let i = 0; i < t.terms.length; i++) {
      const x = t.terms[i] as Term;
      const u = this.typ(x.type as Type);
      if (u !== x.type) {
        if (terms === null) terms = t.terms.slice();
        terms[i] = new Term(x.tilde, u);
      }
    }
    return terms === null ? t : new Union(this.ids, terms);
  }

  private iface(t: Interface): Type {
    if (t.methods.length === 0 && t.embeddeds.length === 0) return t;
    let methods = t.methods;
    for (let i = 0; i < t.methods.length; i++) {
      const m = t.methods[i] as Func;
      const sig = this.typ(m.type as Type) as Signature;
      if (sig !== m.type) {
        if (methods === t.methods) methods = t.methods.slice();
        methods[i] = cloneFunc(this.ids, m, sig);
      }
    }
    const embeddeds = this.types(t.embeddeds);
    if (methods === t.methods && embeddeds === t.embeddeds) return t;
    const r = new Interface(this.ids, this.check);
    if (this.check !== null) this.check.needsCleanup(r);
    r.embeddeds = embeddeds;
    r.embedPos = t.embedPos;
    r.implicit = t.implicit;
    r.complete = t.complete;
    // Receivers that are a defined type are replaced when that is expanded.
    r.methods = replaceRecvType(this.ids, methods, t, r);
    return r;
  }

  tuple(t: Tuple): Tuple {
    const vars = this.vars(t.vars);
    return vars === t.vars ? t : new Tuple(this.ids, vars);
  }

  private vars(list: Var[]): Var[] {
    let out = list;
    for (let i = 0; i < list.length; i++) {
      const v = list[i] as Var;
      const u = this.typ(v.type as Type);
      if (u !== v.type) {
        if (out === list) out = list.slice();
        out[i] = cloneVar(this.ids, v, u);
      }
    }
    return out;
  }

  private types(list: Type[]): Type[] {
    let out = list;
    for (let i = 0; i < list.length; i++) {
      const t = list[i] as Type;
      const u = this.typ(t);
      if (u !== t) {
        if (out === list) out = list.slice();
        out[i] = u;
      }
    }
    return out;
  }
}

/** A copy of a variable with another type. */
export function cloneVar(ids: TypeIds, v: Var, typ: Type): Var {
  const c = new Var(ids, v.varKind, v.pos, v.pkg, v.name, typ);
  c.parent = v.parent;
  c.order = v.order;
  c.embedded = v.embedded;
  c.used = v.used;
  c.origin = originVar(v);
  return c;
}

/** A copy of a function with another type. */
export function cloneFunc(ids: TypeIds, f: Func, typ: Signature): Func {
  const c = new Func(ids, f.pos, f.pkg, f.name, typ);
  c.parent = f.parent;
  c.order = f.order;
  c.hasPtrRecv = f.hasPtrRecv;
  c.origin = originFunc(f);
  c.noInterface = f.noInterface;
  return c;
}

/** A copy of a signature. */
export function copySignature(ids: TypeIds, s: Signature): Signature {
  const c = new Signature(ids, s.recv, s.params, s.results, s.variadic);
  c.rparams = s.rparams;
  c.tparams = s.tparams;
  c.scope = s.scope;
  return c;
}

/** Gives methods with a receiver of type `old` one of type `new_`. The list itself if there are none. */
export function replaceRecvType(ids: TypeIds, methods: Func[], old: Type, new_: Type): Func[] {
  let out = methods;
  for (let i = 0; i < methods.length; i++) {
    const m = methods[i] as Func;
    const sig = funcSignature(m);
    if (sig.recv !== null && sig.recv.type === old) {
      if (out === methods) out = methods.slice();
      const c = copySignature(ids, sig);
      c.recv = cloneVar(ids, sig.recv, new_);
      out[i] = cloneFunc(ids, m, c);
    }
  }
  return out;
}
