// Strings that are equal for identical types, to find instances of generic types quickly. Different types may have the
// same hash; the context compares.

import { unalias } from "./alias.ts";
import * as K from "./kinds.ts";
import type { Func, Var } from "./object.ts";
import { typeSet } from "./typeset.ts";
import type { Alias, Named, Signature, Tuple, Type, TypeParam } from "./types.ts";

/** The hash of an instance of a generic type or function. */
export function instanceHash(orig: Named | Alias | Signature, targs: Type[]): string {
  let s = String(orig.kind === K.TNamed ? (orig.inst === null ? orig.id : orig.inst.orig.id) : orig.id);
  for (let i = 0; i < targs.length; i++) s += `,${typeHash(targs[i] as Type, null)}`;
  return s;
}

function typeHash(type: Type, local: TypeParam[] | null): string {
  const t = unalias(type);
  switch (t.kind) {
    case K.TBasic:
      return `b${t.basic}`;
    case K.TNamed: {
      if (t.inst === null) return `n${t.id}`;
      let s = `i${t.inst.orig.id}[`;
      for (let i = 0; i < t.inst.targs.length; i++) s += `${typeHash(t.inst.targs[i] as Type, local)},`;
      return `${s}]`;
    }
    case K.TPointer:
      return `*${typeHash(t.elem, local)}`;
    case K.TSlice:
      return `s${typeHash(t.elem, local)}`;
    case K.TArray:
      return `a${t.len}.${typeHash(t.elem, local)}`;
    case K.TMap:
      return `m${typeHash(t.key, local)}:${typeHash(t.elem, local)}`;
    case K.TChan:
      return `c${t.dir}${typeHash(t.elem, local)}`;
    case K.TSignature: {
      const inner = t.tparams.length > 0 ? t.tparams : local;
      return `f${t.tparams.length}${t.variadic ? "v" : ""}${tupleHash(t.params, inner)}${tupleHash(t.results, inner)}`;
    }
    case K.TTuple:
      return tupleHash(t, local);
    case K.TStruct: {
      let s = "{";
      for (let i = 0; i < t.fields.length; i++) {
        const f = t.fields[i] as Var;
        s += `${f.name} ${typeHash(f.type as Type, local)};`;
      }
      return `${s}}`;
    }
    case K.TInterface: {
      // Names only: interfaces can be cyclic.
      const set = typeSet(t);
      let s = `I${set.comparable ? "c" : ""}`;
      for (let i = 0; i < set.methods.length; i++) s += `${(set.methods[i] as Func).name};`;
      return s;
    }
    case K.TTypeParam: {
      const i = local === null ? -1 : local.indexOf(t);
      return i >= 0 ? `$${i}` : `p${t.id}`;
    }
    case K.TUnion:
      return "u";
    default:
      return "?";
  }
}

function tupleHash(t: Tuple, local: TypeParam[] | null): string {
  let s = "(";
  for (let i = 0; i < t.vars.length; i++) s += `${typeHash((t.vars[i] as Var).type as Type, local)},`;
  return `${s})`;
}
