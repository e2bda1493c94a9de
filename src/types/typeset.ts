// Type sets of interfaces: all methods, and which types they are restricted to.

import { NoPos, type Pos } from "../base/pos.ts";
import type { Checker } from "./checker.ts";
import { isImportedConstraint } from "./decl.ts";
import { errorf, newError, verifyVersionf } from "./errors.ts";
import * as K from "./kinds.ts";
import { compareObjects, type Func, isExported, type ObjectBase, sameId } from "./object.ts";
import type { Package } from "./package.ts";
import { comparableType, identical, isValid } from "./predicates.ts";
import { allTerms, intersectTerms, isAllTerms, isEmptyTerms, subsetOfTerms, type TermList, unionTerms } from "./typeterm.ts";
import { type Interface, Term, type Type, type Union } from "./types.ts";
import { unalias } from "./alias.ts";
import { under } from "./under.ts";
import { comparableInterface } from "./universe.ts";
import { go1_14, go1_18, allowVersion } from "./version.ts";

export const maxTermCount = 100;

export class TypeSet {
  /** All methods, sorted. */
  methods: Func[];
  terms: TermList;
  /** Only if there are no specific terms. */
  comparable: boolean;

  constructor(methods: Func[], terms: TermList, comparable: boolean) {
    this.methods = methods;
    this.terms = terms;
    this.comparable = comparable;
  }

  isEmpty(): boolean {
    return isEmptyTerms(this.terms);
  }

  /** Whether it is the set of all types. */
  isAll(): boolean {
    return this.isMethodSet() && this.methods.length === 0;
  }

  /** Whether it is described by methods only. */
  isMethodSet(): boolean {
    return !this.comparable && isAllTerms(this.terms);
  }

  isComparable(seen: Set<Type> | null): boolean {
    if (isAllTerms(this.terms)) return this.comparable;
    return this.is((t) => t !== null && comparableType(t.type as Type, false, seen) === null);
  }

  lookupMethod(pkg: Package | null, name: string, foldCase: boolean): { index: number; method: Func | null } {
    return methodIndex(this.methods, pkg, name, foldCase);
  }

  hasTerms(): boolean {
    return !isEmptyTerms(this.terms) && !isAllTerms(this.terms);
  }

  subsetOf(other: TypeSet): boolean {
    return subsetOfTerms(this.terms, other.terms);
  }

  /** See typesetAll. */
  all(f: (t: Type | null, u: Type | null) => boolean): boolean {
    if (!this.hasTerms()) return f(null, null);
    for (let i = 0; i < this.terms.length; i++) {
      const t = this.terms[i] as Term;
      let u = unalias(t.type as Type);
      if (!t.tilde) u = under(u);
      if (!f(t.type, u)) return false;
    }
    return true;
  }

  /** Whether f holds for all terms; f(null) is asked if there are no specific ones. */
  is(f: (t: Term | null) => boolean): boolean {
    if (!this.hasTerms()) return f(null);
    for (let i = 0; i < this.terms.length; i++) {
      if (!f(this.terms[i] as Term)) return false;
    }
    return true;
  }
}

/** The set of all types. */
export const topTypeSet: TypeSet = new TypeSet([], allTerms, false);
const invalidTypeSet: TypeSet = new TypeSet([], [], false);

/** The type set of an interface, computed when first asked for. */
export function typeSet(t: Interface): TypeSet {
  return t.tset ?? computeInterfaceTypeSet(t.check, NoPos, t);
}

/** The method of a name in a list. */
export function methodIndex(methods: Func[], pkg: Package | null, name: string, foldCase: boolean): { index: number; method: Func | null } {
  if (name !== "_") {
    for (let i = 0; i < methods.length; i++) {
      const m = methods[i] as Func;
      if (sameId(m, pkg, name, foldCase)) return { index: i, method: m };
    }
  }
  return { index: -1, method: null };
}

export function sortMethods(list: Func[]): void {
  if (list.length > 1) list.sort(compareMethods);
}

function compareMethods(a: ObjectBase, b: ObjectBase): number {
  return compareObjects(a, b);
}

/** Methods while they are collected, with the places to blame for them. */
class MethodCollector {
  readonly check: Checker | null;
  readonly all: Func[] = [];
  private readonly seen: Map<string, Func> = new Map();
  private readonly positions: Map<Func, Pos> = new Map();

  constructor(check: Checker | null) {
    this.check = check;
  }

  add(pos: Pos, m: Func, explicit: boolean): void {
    const key = isExported(m.name) ? m.name : `${m.pkg === null ? "_" : m.pkg.path}.${m.name}`;
    const other = this.seen.get(key);
    if (other === undefined) {
      this.seen.set(key, m);
      this.all.push(m);
      this.positions.set(m, pos);
      return;
    }
    const check = this.check;
    if (check === null) return;
    if (explicit) {
      this.duplicate(check, pos, m, other);
      return;
    }
    // An embedded method: signatures can be compared only when all types are there.
    check.later(() => {
      if ((pos !== NoPos && !allowVersion(check, go1_14)) || !identical(m.type as Type, other.type as Type)) {
        this.duplicate(check, pos, m, other);
      }
    });
  }

  private duplicate(check: Checker, pos: Pos, m: Func, other: Func): void {
    const err = newError(check);
    err.addf(pos, "duplicate method %s", m.name);
    err.addf(this.positions.get(other) ?? NoPos, "other declaration of method %s", m.name);
    err.report();
  }
}

/** Computes the type set of an interface; `check` may be null if no errors are to be reported. */
export function computeInterfaceTypeSet(check: Checker | null, _pos: Pos, ityp: Interface): TypeSet {
  if (ityp.tset !== null) return ityp.tset;
  // A set of an unfinished interface would be incomplete, and must not be kept.
  if (!ityp.complete) return topTypeSet;
  if (ityp.embeddeds.length === 0 && ityp.methods.length < 2) {
    if (ityp === comparableInterface) ityp.tset = new TypeSet([], allTerms, true);
    else ityp.tset = ityp.methods.length === 0 ? topTypeSet : new TypeSet(ityp.methods, allTerms, false);
    return ityp.tset;
  }
  // Against endless recursion; cycles are reported elsewhere.
  const tset = new TypeSet([], allTerms, false);
  ityp.tset = tset;

  const collector = new MethodCollector(check);
  for (let i = 0; i < ityp.methods.length; i++) {
    const m = ityp.methods[i] as Func;
    collector.add(m.pos, m, true);
  }

  let terms: TermList = allTerms;
  let comparable = false;
  for (let i = 0; i < ityp.embeddeds.length; i++) {
    const typ = ityp.embeddeds[i] as Type;
    const at = ityp.embedPos.length > i ? (ityp.embedPos[i] as Pos) : NoPos;
    let etterms: TermList;
    let ecomparable = false;
    const u = under(typ);
    switch (u.kind) {
      case K.TInterface: {
        const es = computeInterfaceTypeSet(check, at, u);
        if (
          at !== NoPos &&
          check !== null &&
          isImportedConstraint(check, typ) &&
          !verifyVersionf(check, at, go1_18, "embedding constraint interface %s", typ)
        )
          continue;
        ecomparable = es.comparable;
        for (let j = 0; j < es.methods.length; j++) collector.add(at, es.methods[j] as Func, false);
        etterms = es.terms;
        break;
      }
      case K.TUnion: {
        if (at !== NoPos && check !== null && !verifyVersionf(check, at, go1_18, "embedding interface element %s", u)) continue;
        const us = computeUnionTypeSet(check, at, u);
        if (us === invalidTypeSet) continue;
        etterms = us.terms;
        break;
      }
      default:
        if (!isValid(u)) continue;
        if (at !== NoPos && check !== null && !verifyVersionf(check, at, go1_18, "embedding non-interface type %s", typ)) continue;
        etterms = [new Term(false, typ)];
        break;
    }
    // All elements must hold.
    terms = intersectTerms(terms, etterms);
    comparable = comparable || ecomparable;
    if (comparable && !isAllTerms(terms)) {
      terms = terms.filter((t) => t !== null && comparableType(t.type as Type, false, null) === null);
      if (!isAllTerms(terms)) comparable = false;
    }
  }

  tset.comparable = comparable;
  tset.methods = collector.all;
  sortMethods(tset.methods);
  tset.terms = terms;
  return tset;
}

/** The type set of a union. */
export function computeUnionTypeSet(check: Checker | null, pos: Pos, utyp: Union): TypeSet {
  if (utyp.tset !== null) return utyp.tset;
  const tset = new TypeSet([], [], false);
  utyp.tset = tset;
  let all: TermList = [];
  for (let i = 0; i < utyp.terms.length; i++) {
    let t: Term | null = utyp.terms[i] as Term;
    const u = under(t.type as Type);
    let terms: TermList;
    if (u.kind === K.TInterface) {
      terms = computeInterfaceTypeSet(check, pos, u).terms;
    } else if (!isValid(u)) {
      continue;
    } else {
      // Nothing has an underlying type that isn't one.
      if (t.tilde && !identical(t.type as Type, u)) t = null;
      terms = [t];
    }
    all = unionTerms(all, terms);
    if (all.length > maxTermCount) {
      if (check !== null) errorf(check, pos, "cannot handle more than %d union terms (implementation limitation)", maxTermCount);
      utyp.tset = invalidTypeSet;
      return invalidTypeSet;
    }
  }
  tset.terms = all;
  return tset;
}
