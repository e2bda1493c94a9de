// Inference of type arguments: from function arguments, from constraints, and from untyped constants, in that order.

import type { Pos } from "../base/pos.ts";
import { NoPos } from "../base/pos.ts";
import { unalias } from "./alias.ts";
import type { Cause } from "./cause.ts";
import type { Checker } from "./checker.ts";
import type { CheckError } from "./errors.ts";
import { posString } from "./format.ts";
import * as K from "./kinds.ts";
import { hasAllMethods } from "./lookup.ts";
import { funcSignature } from "./named.ts";
import { TypeName, type Var } from "./object.ts";
import type { Operand } from "./operand.ts";
import { defaultType, isTyped, maxType } from "./predicates.ts";
import { makeSubstMap, subst } from "./subst.ts";
import { iface, typeParamIs } from "./typeparam.ts";
import { typeSet } from "./typeset.ts";
import { noTypeParams, Term, type Tuple, type Type, TypeParam } from "./types.ts";
import { commonUnder } from "./under.ts";
import { Unifier, UnifyAssign, UnifyExact } from "./unify.ts";
import { allowVersion, go1_21 } from "./version.ts";

/**
 * The complete list of type arguments for tparams, given some (or null) and the arguments for parameters; null if that
 * fails, with the reason in err. `reverse` exchanges the roles of parameter and argument in messages.
 */
export function infer(
  check: Checker,
  pos: Pos,
  tparams: TypeParam[],
  given: (Type | null)[],
  params: Tuple,
  args: readonly Operand[],
  reverse: boolean,
  err: CheckError,
): Type[] | null {
  const n = tparams.length;
  if (given.length === n && !given.includes(null)) return given as Type[];
  for (let i = 0; i < args.length; i++) {
    if (args[i].mode === K.ModeInvalid) return null;
  }
  const targs = given.slice();
  while (targs.length < n) targs.push(null);

  // Parameters with known type arguments are assigned to, not unified.
  if (params.vars.length > 0) params = subst(check, NoPos, params, makeSubstMap(tparams, targs as Type[]), null, check.ctxt) as Tuple;
  const u = new Unifier(tparams, targs, allowVersion(check, go1_21));

  // 1: function arguments
  const untyped: number[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    const ptyp = params.vars[i].type as Type;
    if (!isParameterized(tparams, ptyp) && !isParameterized(tparams, arg.typ)) continue;
    if (isTyped(arg.typ)) {
      if (!u.unify(ptyp, arg.typ, UnifyAssign)) {
        mismatch(check, u, tparams, ptyp, arg, reverse, err);
        return null;
      }
    } else if (ptyp.kind === K.TTypeParam && !arg.isNil()) {
      untyped.push(i);
    }
  }

  // 2: constraints, while that brings something new
  for (;;) {
    const before = u.unknowns();
    for (const tpar of tparams) {
      const tx = u.at(tpar);
      const core = coreTerm(tpar);
      if (core !== null) {
        if (tx !== null) {
          if (!u.unify(tx, core.term.type as Type, 0)) {
            err.addf(pos, "%s (type %s) does not satisfy %s", tpar, tx, tpar.bound);
            return null;
          }
        } else if (core.single && !core.term.tilde) {
          u.set(tpar, core.term.type as Type);
        }
      }
      // A known argument must have the constraint's methods, whose types may tell more.
      if (tx !== null && !isParameterized(tparams, tx)) {
        const cause: Cause = { s: "" };
        if (!hasAllMethods(check, tx, iface(tpar), true, (x, y) => u.unify(x, y, UnifyExact), cause)) {
          err.addf(pos, "%s (type %s) does not satisfy %s %s", tpar, tx, tpar.bound, cause.s);
          return null;
        }
      }
    }
    if (u.unknowns() === before) break;
  }

  // 3: untyped constants
  const maxUntyped: Map<TypeParam, Type> = new Map();
  for (const index of untyped) {
    const tpar = params.vars[index].type as TypeParam;
    if (u.at(tpar) !== null) continue;
    const arg = args[index];
    const max = maxUntyped.get(tpar);
    if (max === undefined) {
      maxUntyped.set(tpar, arg.typ);
      continue;
    }
    const m = maxType(max, arg.typ);
    if (m === null) {
      err.addf(arg, "mismatched types %s and %s (cannot infer %s)", max, arg.typ, tpar);
      return null;
    }
    maxUntyped.set(tpar, m);
  }
  for (const [tpar, t] of maxUntyped) u.set(tpar, defaultType(t));

  // What was inferred may refer to other type parameters: replace them until nothing changes.
  const inferred = u.inferred(tparams);
  killCycles(tparams, inferred);
  let dirty: number[] = [];
  for (let i = 0; i < n; i++) if (inferred[i] !== null && targs[i] === null) dirty.push(i);
  while (dirty.length > 0) {
    const smap = makeSubstMap(tparams, inferred.slice() as Type[]);
    const still: number[] = [];
    for (const i of dirty) {
      const t0 = inferred[i] as Type;
      const t1 = subst(check, NoPos, t0, smap, null, check.ctxt);
      if (t1 === t0) continue;
      // A generic function whose type has no type parameters left is no longer generic.
      if (t1.kind === K.TSignature && t1.tparams.length > 0 && !isParameterized(tparams, t1)) t1.tparams = noTypeParams;
      inferred[i] = t1;
      still.push(i);
    }
    dirty = still;
  }

  for (let i = 0; i < n; i++) {
    const t = inferred[i];
    if (t === null || isParameterized(tparams, t)) {
      const obj = tparams[i].obj;
      err.addf(pos, "cannot infer %s (declared at %s)", obj.name, posString(check, obj.pos));
      return null;
    }
  }
  return inferred as Type[];
}

function mismatch(check: Checker, u: Unifier, tparams: TypeParam[], tpar: Type, arg: Operand, reverse: boolean, err: CheckError): void {
  const targs = u.inferred(tparams);
  const targ = arg.typ;
  if (targs.every((t) => t === null)) {
    err.addf(arg, "type %s of %s does not match %s (cannot infer %s)", targ, arg.expr, tpar, typeParamsString(tparams));
    return;
  }
  const inferred = subst(check, arg.expr === null ? NoPos : arg.expr.pos, tpar, makeSubstMap(tparams, targs as Type[]), null, check.ctxt);
  if (inferred === tpar) err.addf(arg, "type %s of %s does not match %s", targ, arg.expr, tpar);
  else if (reverse) err.addf(arg, "inferred type %s for %s does not match type %s of %s", inferred, tpar, targ, arg.expr);
  else err.addf(arg, "type %s of %s does not match inferred type %s for %s", targ, arg.expr, inferred, tpar);
}

/** Gives a type fresh type parameters, so that recursive calls don't confuse those that are sought with those in arguments. */
export function renameTParams(check: Checker, pos: Pos, tparams: TypeParam[], typ: Type): { tparams: TypeParam[]; type: Type } {
  if (tparams.length === 0) return { tparams: noTypeParams, type: typ };
  const fresh: TypeParam[] = [];
  for (const t of tparams) {
    const tname = new TypeName(check.ids, t.obj.pos, t.obj.pkg, t.obj.name, null);
    const f = new TypeParam(check.ids, check, tname, null);
    tname.type = f;
    f.index = t.index;
    fresh.push(f);
  }
  const smap = makeSubstMap(tparams, fresh);
  for (let i = 0; i < fresh.length; i++) fresh[i].bound = subst(check, pos, tparams[i].bound as Type, smap, null, check.ctxt);
  return { tparams: fresh, type: subst(check, pos, typ, smap, null, check.ctxt) };
}

/** "P", "P and Q", "P, Q, and R". */
export function typeParamsString(list: TypeParam[]): string {
  const names = list.map((t) => t.obj.name);
  if (names.length <= 2) return names.join(" and ");
  return `${names.slice(0, -1).join(", ")}, and ${names[names.length - 1]}`;
}

/** Whether a type mentions one of the type parameters. */
export function isParameterized(tparams: TypeParam[], typ: Type): boolean {
  switch (typ.kind) {
    case K.TBasic:
      return false;
    case K.TTypeParam:
      return tparams.includes(typ);
    case K.TNamed:
      if (typ.inst === null) return false;
      break;
  }
  return new Walker(tparams).typ(typ);
}

class Walker {
  private readonly tparams: TypeParam[];
  private readonly seen: Map<Type, boolean> = new Map();

  constructor(tparams: TypeParam[]) {
    this.tparams = tparams;
  }

  typ(t: Type): boolean {
    if (t.kind === K.TBasic) return false;
    if (t.kind === K.TTypeParam) return this.tparams.includes(t);
    const known = this.seen.get(t);
    if (known !== undefined) return known;
    this.seen.set(t, false);
    const r = this.walk(t);
    this.seen.set(t, r);
    return r;
  }

  private walk(t: Type): boolean {
    switch (t.kind) {
      case K.TAlias:
        return this.typ(unalias(t));
      case K.TArray:
      case K.TSlice:
      case K.TPointer:
      case K.TChan:
        return this.typ(t.elem);
      case K.TMap:
        return this.typ(t.key) || this.typ(t.elem);
      case K.TStruct:
        return this.vars(t.fields);
      case K.TTuple:
        return this.vars(t.vars);
      case K.TSignature:
        return this.vars(t.params.vars) || this.vars(t.results.vars);
      case K.TInterface: {
        const set = typeSet(t);
        for (const m of set.methods) if (this.typ(funcSignature(m))) return true;
        return set.is((term) => term !== null && this.typ(term.type as Type));
      }
      case K.TNamed:
        return t.inst?.targs.some((a) => this.typ(a)) === true;
      default:
        return false;
    }
  }

  private vars(list: Var[]): boolean {
    for (let i = 0; i < list.length; i++) if (this.typ(list[i].type as Type)) return true;
    return false;
  }
}

/** The one term of a constraint (`single`), or the common underlying type of several, with a tilde if any has one. */
function coreTerm(tpar: TypeParam): { term: Term; single: boolean } | null {
  let n = 0;
  let single: Term | null = null;
  let tilde = false;
  typeParamIs(tpar, (t) => {
    if (t === null) return false;
    n++;
    single = t;
    if (t.tilde) tilde = true;
    return true;
  });
  if (n === 0) return null;
  if (n === 1) return { term: single as unknown as Term, single: true };
  const u = commonUnder(tpar, null).type;
  return u === null ? null : { term: new Term(tilde, u), single: false };
}

/** Drops inferred types that would expand forever. */
function killCycles(tparams: TypeParam[], inferred: (Type | null)[]): void {
  const w = new CycleFinder(tparams, inferred);
  for (const t of tparams) w.typ(t);
}

class CycleFinder {
  private readonly tparams: TypeParam[];
  private readonly inferred: (Type | null)[];
  private readonly seen: Set<Type> = new Set();

  constructor(tparams: TypeParam[], inferred: (Type | null)[]) {
    this.tparams = tparams;
    this.inferred = inferred;
  }

  typ(type: Type): void {
    const t = unalias(type);
    if (t.kind === K.TBasic) return;
    if (this.seen.has(t)) {
      if (t.kind === K.TTypeParam) {
        const i = this.tparams.indexOf(t);
        if (i >= 0) this.inferred[i] = null;
      }
      return;
    }
    this.seen.add(t);
    this.walk(t);
    this.seen.delete(t);
  }

  private walk(t: Type): void {
    switch (t.kind) {
      case K.TArray:
      case K.TSlice:
      case K.TPointer:
      case K.TChan:
        this.typ(t.elem);
        break;
      case K.TMap:
        this.typ(t.key);
        this.typ(t.elem);
        break;
      case K.TStruct:
        for (const f of t.fields) this.typ(f.type as Type);
        break;
      case K.TSignature:
        for (const v of t.params.vars) this.typ(v.type as Type);
        for (const v of t.results.vars) this.typ(v.type as Type);
        break;
      case K.TUnion:
        for (const term of t.terms) this.typ(term.type as Type);
        break;
      case K.TInterface:
        for (const m of t.methods) this.typ(funcSignature(m));
        for (const e of t.embeddeds) this.typ(e);
        break;
      case K.TNamed:
        if (t.inst !== null) for (const a of t.inst.targs) this.typ(a);
        break;
      case K.TTypeParam: {
        const i = this.tparams.indexOf(t);
        const x = i >= 0 ? this.inferred[i] : null;
        if (x !== null) this.typ(x);
        break;
      }
    }
  }
}
