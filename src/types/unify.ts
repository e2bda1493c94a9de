// Unification: finds types for type parameters so that two types become identical, or loosely the same.

import { asNamed, unalias } from "./alias.ts";
import * as K from "./kinds.ts";
import { lookupFieldOrMethod } from "./lookup.ts";
import { funcSignature } from "./named.ts";
import { type Func, objectId, sameId, type Var } from "./object.ts";
import { identical, identicalOrigin, isInterface, isTypeLit, isTypeParam } from "./predicates.ts";
import { typeSet } from "./typeset.ts";
import { equalTerms } from "./typeterm.ts";
import type { Interface, Tuple, Type, TypeParam } from "./types.ts";
import { commonUnder, under } from "./under.ts";

// Modes, as bits.
/** Types in an assignment: they may differ at the top, but their elements must match exactly. */
export const UnifyAssign = 1;
/** Types must be identical. Otherwise a defined type matches a literal if its underlying type does, directions of channels don't count, and an interface matches what implements it. */
export const UnifyExact = 2;

const depthLimit = 50;

class Pair {
  readonly x: Interface;
  readonly y: Interface;
  readonly prev: Pair | null;

  constructor(x: Interface, y: Interface, prev: Pair | null) {
    this.x = x;
    this.y = y;
    this.prev = prev;
  }
}

function compared(p: Pair | null, x: Interface, y: Interface): boolean {
  for (; p !== null; p = p.prev) {
    if ((p.x === x && p.y === y) || (p.x === y && p.y === x)) return true;
  }
  return false;
}

function asInterface(t: Type): Interface | null {
  if (isTypeParam(t)) return null;
  const u = under(t);
  return u.kind === K.TInterface ? u : null;
}

export class Unifier {
  private readonly tparams: TypeParam[];
  /** For each type parameter, where its type is: joined parameters share a place. */
  private readonly handle: number[];
  private readonly types: (Type | null)[];
  private readonly interfaceInference: boolean;
  private depth = 0;

  constructor(tparams: TypeParam[], targs: (Type | null)[], interfaceInference: boolean) {
    this.tparams = tparams;
    this.handle = tparams.map((_, i) => i);
    this.types = tparams.map((_, i) => targs[i] ?? null);
    this.interfaceInference = interfaceInference;
  }

  unify(x: Type, y: Type, mode: number): boolean {
    return this.nify(x, y, mode, null);
  }

  /** The type inferred for a parameter so far. */
  at(t: TypeParam): Type | null {
    return this.types[this.handle[this.tparams.indexOf(t)]];
  }

  set(t: TypeParam, type: Type): void {
    this.types[this.handle[this.tparams.indexOf(t)]] = type;
  }

  unknowns(): number {
    let n = 0;
    for (const h of this.handle) if (this.types[h] === null) n++;
    return n;
  }

  inferred(tparams: TypeParam[]): (Type | null)[] {
    return tparams.map((t) => this.at(t));
  }

  private bound(t: Type): TypeParam | null {
    const u = unalias(t);
    return u.kind === K.TTypeParam && this.tparams.includes(u) ? u : null;
  }

  private join(x: TypeParam, y: TypeParam): boolean {
    const hx = this.handle[this.tparams.indexOf(x)];
    const hy = this.handle[this.tparams.indexOf(y)];
    if (hx === hy) return true;
    if (this.types[hx] !== null && this.types[hy] !== null) return false;
    const from = this.types[hx] !== null ? hy : hx;
    const to = this.types[hx] !== null ? hx : hy;
    for (let i = 0; i < this.handle.length; i++) if (this.handle[i] === from) this.handle[i] = to;
    return true;
  }

  private nify(x: Type, y: Type, mode: number, p: Pair | null): boolean {
    if (x === y || unalias(x) === unalias(y)) return true;
    // Endless types would keep us here.
    if (this.depth >= depthLimit) return false;
    this.depth++;
    const r = this.nify1(x, y, mode, p);
    this.depth--;
    return r;
  }

  private nify1(x: Type, y: Type, mode: number, p: Pair | null): boolean {
    // A defined type goes to y, a type parameter that we look for to x.
    if (asNamed(x) !== null || this.bound(y) !== null) {
      const t = x;
      x = y;
      y = t;
    }
    const ny = asNamed(y);
    if ((mode & UnifyExact) === 0 && ny !== null && isTypeLit(x) && !(this.interfaceInference && isInterface(x))) {
      y = under(ny);
      if (x === y || unalias(x) === unalias(y)) return true;
    }

    const px = this.bound(x);
    if (px !== null) {
      const py = this.bound(y);
      if (py !== null) {
        if (this.join(px, py)) return true;
        return this.nify(this.at(px) as Type, this.at(py) as Type, mode, p);
      }
      return this.nifyParam(px, y, mode, p);
    }

    if (this.interfaceInference && (mode & UnifyExact) === 0) {
      const xi = asInterface(x);
      const yi = asInterface(y);
      if (xi !== null && yi !== null) return this.nifyInterfaces(xi, yi, p);
      if (xi !== null) return this.nifyMethods(xi, y, p);
      if (yi !== null) return this.nifyMethods(yi, x, p);
    }

    // Unless one of the two is a type parameter of somebody else, structures must match.
    if (isTypeParam(y)) {
      const t = x;
      x = y;
      y = t;
    }
    return this.nifyStructure(x, y, mode, p);
  }

  /** x is the type parameter px, y is something else. */
  private nifyParam(px: TypeParam, y: Type, mode: number, p: Pair | null): boolean {
    const x = this.at(px);
    if (x === null) {
      this.set(px, y);
      return true;
    }
    if (!this.nify(x, y, mode, p)) return false;
    const xi = asInterface(x);
    const yi = asInterface(y);
    const xn = asNamed(x) !== null;
    const yn = asNamed(y) !== null;
    if (xi !== null && yi !== null) {
      // Nobody could say which of two names is right.
      if (xn && yn) return identical(x, y);
      if (typeSet(xi).methods.length !== typeSet(yi).methods.length) return false;
    } else if (xi !== null || yi !== null) {
      // The answer would depend on the order.
      return false;
    }
    // A defined type wins over a literal, a directed channel over one that isn't: independent of the order.
    if ((mode & UnifyExact) === 0 && !xn) {
      if (yn) {
        this.set(px, y);
      } else {
        const yc = under(y);
        if (yc.kind === K.TChan && yc.dir !== K.SendRecv) this.set(px, y);
      }
    }
    return true;
  }

  /** The methods of one interface must be among those of the other. */
  private nifyInterfaces(xi: Interface, yi: Interface, p: Pair | null): boolean {
    const xset = typeSet(xi);
    const yset = typeSet(yi);
    if (xset.comparable !== yset.comparable || !equalTerms(xset.terms, yset.terms)) return false;
    if (compared(p, xi, yi)) return true;
    const q = new Pair(xi, yi, p);
    let xm = xset.methods;
    let ym = yset.methods;
    if (xm.length > ym.length) {
      xm = yset.methods;
      ym = xset.methods;
    }
    for (const m of xm) {
      const other = ym.find((n) => n.name === m.name && objectId(n.pkg, n.name) === objectId(m.pkg, m.name));
      if (other === undefined || !this.nify(funcSignature(m), funcSignature(other), UnifyExact, q)) return false;
    }
    return true;
  }

  /** All methods of the interface must be found in y. */
  private nifyMethods(xi: Interface, y: Type, p: Pair | null): boolean {
    for (const m of typeSet(xi).methods) {
      const obj = lookupFieldOrMethod(y, false, m.pkg, m.name, false).obj;
      if (obj === null || obj.kind !== K.OFunc || !this.nify(funcSignature(m), funcSignature(obj), UnifyExact, p)) return false;
    }
    return true;
  }

  private nifyTuples(x: Tuple, y: Tuple, mode: number, p: Pair | null): boolean {
    if (x.vars.length !== y.vars.length) return false;
    for (let i = 0; i < x.vars.length; i++) {
      if (!this.nify(x.vars[i].type as Type, y.vars[i].type as Type, mode, p)) return false;
    }
    return true;
  }

  private nifyStructure(xorig: Type, yorig: Type, mode: number, p: Pair | null): boolean {
    // Elements must match exactly in assignments.
    const emode = (mode & UnifyAssign) !== 0 ? mode | UnifyExact : mode;
    const x = unalias(xorig);
    const y = unalias(yorig);
    switch (x.kind) {
      case K.TBasic:
        return y.kind === K.TBasic && x.basic === y.basic;
      case K.TArray:
        return y.kind === K.TArray && (x.len < 0 || y.len < 0 || x.len === y.len) && this.nify(x.elem, y.elem, emode, p);
      case K.TSlice:
        return y.kind === K.TSlice && this.nify(x.elem, y.elem, emode, p);
      case K.TPointer:
        return y.kind === K.TPointer && this.nify(x.elem, y.elem, emode, p);
      case K.TMap:
        return y.kind === K.TMap && this.nify(x.key, y.key, emode, p) && this.nify(x.elem, y.elem, emode, p);
      case K.TChan:
        return y.kind === K.TChan && ((mode & UnifyExact) === 0 || x.dir === y.dir) && this.nify(x.elem, y.elem, emode, p);
      case K.TStruct: {
        if (y.kind !== K.TStruct || x.fields.length !== y.fields.length) return false;
        for (let i = 0; i < x.fields.length; i++) {
          const f: Var = x.fields[i];
          const g: Var = y.fields[i];
          if (f.embedded !== g.embedded || (x.tags[i] ?? "") !== (y.tags[i] ?? "") || !sameId(f, g.pkg, g.name, false)) return false;
          if (!this.nify(f.type as Type, g.type as Type, emode, p)) return false;
        }
        return true;
      }
      case K.TTuple:
        return y.kind === K.TTuple && this.nifyTuples(x, y, mode, p);
      case K.TSignature:
        return (
          y.kind === K.TSignature &&
          x.variadic === y.variadic &&
          this.nifyTuples(x.params, y.params, emode, p) &&
          this.nifyTuples(x.results, y.results, emode, p)
        );
      case K.TInterface: {
        if (y.kind !== K.TInterface) return false;
        const xset = typeSet(x);
        const yset = typeSet(y);
        const a = xset.methods;
        const b = yset.methods;
        if (xset.comparable !== yset.comparable || a.length !== b.length || !equalTerms(xset.terms, yset.terms)) return false;
        if (compared(p, x, y)) return true;
        const q = new Pair(x, y, p);
        for (let i = 0; i < a.length; i++) {
          const f: Func = a[i];
          const g: Func = b[i];
          if (objectId(f.pkg, f.name) !== objectId(g.pkg, g.name)) return false;
          if (!this.nify(funcSignature(f), funcSignature(g), UnifyExact, q)) return false;
        }
        return true;
      }
      case K.TNamed: {
        if (y.kind !== K.TNamed) return false;
        // Arguments before origins: also if those differ, for better messages.
        const xargs = x.inst === null ? [] : x.inst.targs;
        const yargs = y.inst === null ? [] : y.inst.targs;
        if (xargs.length !== yargs.length) return false;
        for (let i = 0; i < xargs.length; i++) {
          if (!this.nify(xargs[i], yargs[i], mode, p)) return false;
        }
        return identicalOrigin(x, y);
      }
      case K.TTypeParam: {
        // Somebody else's type parameter has the structure that its constraint gives it.
        const core = commonUnder(x, null).type;
        return core !== null && this.nify(core, yorig, UnifyAssign, p);
      }
      default:
        return false;
    }
  }
}
