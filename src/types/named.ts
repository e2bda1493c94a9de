// Defined types: their underlying types, type parameters and methods, and how instances of generic ones get theirs, which
// happens when somebody asks: an instance may stand for an unlimited number of others.

import { unalias } from "./alias.ts";
import type { Checker } from "./checker.ts";
import type { Context } from "./context.ts";
import { objDecl } from "./decl.ts";
import * as K from "./kinds.ts";
import { deref } from "./lookup.ts";
import { equalFold, type Func, isExported, samePkg, TypeName } from "./object.ts";
import type { Package } from "./package.ts";
import { cloneFunc, cloneVar, copySignature, makeSubstMap, replaceRecvType, subst } from "./subst.ts";
import {
  Interface,
  Named,
  NamedHasMethods,
  NamedHasUnder,
  NamedInstance,
  NamedUnpacked,
  Pointer,
  type Signature,
  Typ,
  type Type,
  type TypeParam,
} from "./types.ts";
import type { Pos } from "../base/pos.ts";

/** A new defined type, also as the type of its object if that has none. */
export function newNamed(check: Checker, obj: TypeName, fromRHS: Type | null): Named {
  const t = new Named(check.ids.fresh(), check, obj, null, fromRHS, []);
  t.state = NamedUnpacked | NamedHasMethods;
  if (obj.type === null) obj.type = t;
  check.needsCleanup(t);
  return t;
}

/** An instance of a generic type, to be expanded later. */
export function newNamedInstance(
  check: Checker | null,
  pos: Pos,
  orig: Named,
  targs: Type[],
  expanding: Named | null,
  ctxt: Context,
): Named {
  const obj = new TypeName(ctxt.ids, pos, orig.obj.pkg, orig.obj.name, null);
  // Reference cycles lie within a package, so only then must the instance find its kin in the context of the type
  // whose expansion made it.
  const local = expanding !== null && expanding.obj.pkg === obj.pkg ? (expanding.inst as NamedInstance).ctxt : null;
  const t = new Named(ctxt.ids.fresh(), check ?? orig.check, obj, new NamedInstance(orig, targs, local ?? ctxt), null, []);
  obj.type = t;
  if (check !== null) check.needsCleanup(t);
  return t;
}

/** The object of the declaration of t, also for instances. */
export function namedObj(t: Named): TypeName {
  return t.inst === null ? t.obj : t.inst.orig.obj;
}

/** The generic type that t is an instance of, or t. */
export function originNamed(t: Named): Named {
  return t.inst === null ? t : t.inst.orig;
}

/** The type parameters of a defined type (of the generic type, for an instance). */
export function typeParamsOf(t: Named): TypeParam[] {
  unpack(t);
  return t.tparams;
}

/** Gives an instance its right-hand side. */
function unpack(t: Named): void {
  if ((t.state & NamedUnpacked) !== 0) return;
  const inst = t.inst as NamedInstance;
  t.fromRHS = expandRHS(t, inst);
  t.tparams = inst.orig.tparams;
  t.state |= inst.orig.methods.length === 0 ? NamedUnpacked | NamedHasMethods : NamedUnpacked;
}

function expandRHS(t: Named, inst: NamedInstance): Type {
  const orig = inst.orig;
  const tpars = orig.tparams;
  if (inst.targs.length !== tpars.length || orig.fromRHS === null) return Typ[K.Invalid] as Type;
  const ctxt = inst.ctxt as Context;
  // Before the substitution, so that it finds t when it comes by again.
  ctxt.update(ctxt.instanceHash(orig, inst.targs), orig, inst.targs, t);
  const rhs = subst(t.check, t.obj.pos, orig.fromRHS, makeSubstMap(tpars, inst.targs), t, ctxt);
  if (rhs.kind === K.TInterface) {
    // The receiver of an interface's methods is the defined type.
    const methods = replaceRecvType(ctxt.ids, rhs.methods, orig, t);
    if (methods !== rhs.methods) {
      let i: Interface = rhs;
      if (rhs === orig.fromRHS) {
        i = new Interface(ctxt.ids, t.check);
        if (t.check !== null) t.check.needsCleanup(i);
        i.complete = true;
        i.embeddeds = rhs.embeddeds;
      }
      i.methods = methods;
      i.tset = null;
      return i;
    }
  }
  return rhs;
}

/** The underlying type of a defined type. */
export function namedUnder(t: Named): Type {
  if ((t.state & NamedHasUnder) !== 0) return t.underlying as Type;
  let u: Type;
  const path: Named[] = [];
  let rhs: Type | null = t;
  for (;;) {
    if (rhs === null) {
      u = Typ[K.Invalid] as Type;
      break;
    }
    if (rhs.kind === K.TAlias) {
      rhs = unalias(rhs);
    } else if (rhs.kind === K.TNamed) {
      if ((rhs.state & NamedHasUnder) !== 0) {
        u = rhs.underlying as Type;
        break;
      }
      if (path.includes(rhs)) {
        u = Typ[K.Invalid] as Type;
        break;
      }
      path.push(rhs);
      unpack(rhs);
      rhs = rhs.fromRHS;
    } else {
      u = rhs;
      break;
    }
  }
  for (let i = 0; i < path.length; i++) {
    const n = path[i] as Named;
    if ((n.state & NamedHasUnder) === 0) {
      n.underlying = u;
      n.state |= NamedHasUnder;
    }
  }
  return u;
}

/** The right-hand side of the declaration of a defined type, expanded for instances; null while it is being checked. */
export function namedRHS(t: Named): Type | null {
  unpack(t);
  return t.fromRHS;
}

export function numMethods(t: Named): number {
  return originNamed(t).methods.length;
}

/** A declared method of a defined type, by index; instantiated if t is an instance. */
export function namedMethod(t: Named, i: number): Func {
  unpack(t);
  const have = t.methods[i] as Func | undefined;
  if (have !== undefined) return have;
  const m = expandMethod(t, i);
  t.methods[i] = m;
  return m;
}

function expandMethod(t: Named, i: number): Func {
  const inst = t.inst as NamedInstance;
  const origm = inst.orig.methods[i] as Func;
  objDecl(t.check, origm);
  const origSig = origm.type as Signature;
  const origRecv = origSig.recv;
  if (origRecv !== null && deref(origRecv.type as Type).type === t) return origm;
  const ctxt = inst.ctxt as Context;
  const ids = ctxt.ids;
  let sig = origSig;
  if (origSig.rparams.length === inst.targs.length) {
    const smap = makeSubstMap(origSig.rparams, inst.targs);
    sig = subst(t.check, origm.pos, origSig, smap, t, t.check === null ? ctxt : t.check.ctxt) as Signature;
  }
  if (sig === origSig) sig = copySignature(ids, origSig);
  if (origRecv !== null) sig.recv = cloneVar(ids, origRecv, hasPtrRecv(origm) ? new Pointer(ids, t) : t);
  return cloneFunc(ids, origm, sig);
}

/** Whether a method has a pointer receiver. */
export function hasPtrRecv(f: Func): boolean {
  if (f.type !== null && f.type.recv !== null) return deref(f.type.recv.type as Type).isPtr;
  return f.hasPtrRecv;
}

/** The type of a function or method, resolved if need be. */
export function funcSignature(f: Func): Signature {
  if (f.type === null) objDecl(null, f);
  return f.type as Signature;
}

/** Adds a method to a defined type that is no instance, unless it has one of that name. */
export function addMethod(t: Named, m: Func): void {
  if (methodIndexOf(t, m.name, false) < 0) t.methods.push(m);
}

function methodIndexOf(t: Named, name: string, foldCase: boolean): number {
  if (name === "_") return -1;
  const methods = t.methods;
  for (let i = 0; i < methods.length; i++) {
    const m = methods[i] as Func;
    if (m.name === name || (foldCase && equalFold(m.name, name))) return i;
  }
  return -1;
}

/** Finds a declared method of a defined type (not of embedded fields). */
export function lookupNamedMethod(t: Named, pkg: Package | null, name: string, foldCase: boolean): number {
  if (!samePkg(t.obj.pkg, pkg) && !isExported(name) && !foldCase) return -1;
  return methodIndexOf(originNamed(t), name, foldCase);
}
