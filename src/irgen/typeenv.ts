// Types inside instantiated bodies: what stands for the type parameters, and the types declared inside a generic function, of which every
// instance has its own.

import { NoPos } from "../base/pos.ts";
import { unalias } from "../types/alias.ts";
import type { Context } from "../types/context.ts";
import { instance } from "../types/instantiate.ts";
import * as K from "../types/kinds.ts";
import { namedRHS, typeParamsOf } from "../types/named.ts";
import { type Func, TypeName, type Var } from "../types/object.ts";
import { cloneFunc, cloneVar } from "../types/subst.ts";
import {
  ArrayType,
  Chan,
  Interface,
  MapType,
  Named,
  NamedHasMethods,
  NamedUnpacked,
  Pointer,
  Signature,
  Slice,
  Struct,
  Tuple,
  type Type,
  type TypeParam,
} from "../types/types.ts";

/** The surroundings in which the types of a body are read. */
export class TypeEnv {
  readonly ctxt: Context;
  private readonly params: readonly TypeParam[];
  private readonly args: readonly Type[];
  private readonly memo = new Map<number, Type>();

  constructor(ctxt: Context, params: readonly TypeParam[], args: readonly Type[]) {
    this.ctxt = ctxt;
    this.params = params;
    this.args = args;
    for (let i = 0; i < params.length; i++) this.memo.set((params[i] as TypeParam).id, args[i] as Type);
  }

  get isGeneric(): boolean {
    return this.params.length > 0;
  }

  /** The type without type parameters and aliases on top. */
  subst(t: Type): Type {
    if (t.kind === K.TBasic) return t;
    if (this.params.length === 0) return t.kind === K.TAlias ? unalias(t) : t;
    const known = this.memo.get(t.id);
    if (known !== undefined) return known;
    const r = this.compute(t);
    this.memo.set(t.id, r);
    return r;
  }

  private compute(t: Type): Type {
    const ids = this.ctxt.ids;
    switch (t.kind) {
      case K.TBasic:
      case K.TTypeParam:
      case K.TUnion:
        return t;
      case K.TAlias:
        return this.subst(unalias(t));
      case K.TPointer: {
        const elem = this.subst(t.elem);
        return elem === t.elem ? t : new Pointer(ids, elem);
      }
      case K.TSlice: {
        const elem = this.subst(t.elem);
        return elem === t.elem ? t : new Slice(ids, elem);
      }
      case K.TArray: {
        const elem = this.subst(t.elem);
        return elem === t.elem ? t : new ArrayType(ids, elem, t.len);
      }
      case K.TMap: {
        const key = this.subst(t.key);
        const elem = this.subst(t.elem);
        return key === t.key && elem === t.elem ? t : new MapType(ids, key, elem);
      }
      case K.TChan: {
        const elem = this.subst(t.elem);
        return elem === t.elem ? t : new Chan(ids, t.dir, elem);
      }
      case K.TTuple:
        return this.tuple(t);
      case K.TSignature: {
        const params = this.tuple(t.params);
        const results = this.tuple(t.results);
        if (params === t.params && results === t.results) return t;
        return new Signature(ids, t.recv, params, results, t.variadic);
      }
      case K.TStruct: {
        const fields = this.vars(t.fields);
        return fields === t.fields ? t : new Struct(ids, fields, t.tags);
      }
      case K.TInterface:
        return this.iface(t);
      case K.TNamed:
        return this.named(t);
    }
  }

  private tuple(t: Tuple): Tuple {
    const vars = this.vars(t.vars);
    return vars === t.vars ? t : new Tuple(this.ctxt.ids, vars);
  }

  private vars(list: Var[]): Var[] {
    let out = list;
    for (let i = 0; i < list.length; i++) {
      const v = list[i] as Var;
      const u = this.subst(v.type as Type);
      if (u !== v.type) {
        if (out === list) out = list.slice();
        out[i] = cloneVar(this.ctxt.ids, v, u);
      }
    }
    return out;
  }

  private iface(t: Interface): Type {
    if (t.methods.length === 0 && t.embeddeds.length === 0) return t;
    let methods = t.methods;
    for (let i = 0; i < t.methods.length; i++) {
      const m = t.methods[i] as Func;
      const sig = this.subst(m.type as Type) as Signature;
      if (sig !== m.type) {
        if (methods === t.methods) methods = t.methods.slice();
        methods[i] = cloneFunc(this.ctxt.ids, m, sig);
      }
    }
    let embeddeds = t.embeddeds;
    for (let i = 0; i < t.embeddeds.length; i++) {
      const e = t.embeddeds[i] as Type;
      const u = this.subst(e);
      if (u !== e && u !== unalias(e)) {
        if (embeddeds === t.embeddeds) embeddeds = t.embeddeds.slice();
        embeddeds[i] = u;
      }
    }
    if (methods === t.methods && embeddeds === t.embeddeds) return t;
    const r = new Interface(this.ctxt.ids, null);
    r.methods = methods;
    r.embeddeds = embeddeds;
    r.embedPos = t.embedPos;
    r.implicit = t.implicit;
    r.complete = true;
    return r;
  }

  private named(t: Named): Type {
    if (t.inst === null) return this.declared(t);
    const orig = this.declared(t.inst.orig);
    const targs: Type[] = [];
    let same = orig === t.inst.orig;
    for (const a of t.inst.targs) {
      const u = this.subst(a);
      if (u !== a) same = false;
      targs.push(u);
    }
    return same ? t : instance(null, NoPos, orig, targs, null, this.ctxt);
  }

  /** A declared type; of one that is declared inside the generic function (it may be generic itself) every instance of the function has its own. */
  private declared(t: Named): Named {
    const parent = t.obj.parent;
    const pkg = t.obj.pkg;
    if (pkg === null || parent === null || parent === pkg.scope || parent === pkg.scope.parent) return t;
    const known = this.memo.get(t.id);
    if (known !== undefined) return known as Named;
    const obj = new TypeName(this.ctxt.ids, t.obj.pos, pkg, t.obj.name, null);
    obj.parent = parent;
    obj.outerArgs = this.args;
    const copy = new Named(this.ctxt.ids.fresh(), null, obj, null, null, []);
    copy.state = NamedUnpacked | NamedHasMethods;
    copy.tparams = typeParamsOf(t);
    obj.type = copy;
    this.memo.set(t.id, copy);
    copy.fromRHS = this.subst(namedRHS(t) as Type);
    return copy;
  }
}
