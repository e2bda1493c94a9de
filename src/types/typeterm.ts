// Algebra of type terms and lists of terms. A term is T, ~T or the set of all types; null is the empty set.
// A list stands for the union of its terms.

import * as K from "./kinds.ts";
import { identical } from "./predicates.ts";
import { Term, type Type } from "./types.ts";
import { typeString } from "./typestring.ts";
import { under } from "./under.ts";

export type TermList = readonly (Term | null)[];

/** The set of all types. */
export const allTerms: TermList = [new Term(false, null)];

function disjoint(x: Term, y: Term): boolean {
  let ux = x.type as Type;
  if (y.tilde) ux = under(ux);
  let uy = y.type as Type;
  if (x.tilde) uy = under(uy);
  return !identical(ux, uy);
}

/** Whether two terms that are neither null nor everything have nothing in common. */
export const termsDisjoint: (x: Term, y: Term) => boolean = disjoint;

function termIntersect(x: Term | null, y: Term | null): Term | null {
  if (x === null || y === null) return null;
  if (x.type === null) return y;
  if (y.type === null) return x;
  if (disjoint(x, y)) return null;
  return !x.tilde || y.tilde ? x : y;
}

/** The union if it is one term, else undefined. */
function termUnion(x: Term, y: Term): Term | undefined {
  if (x.type === null) return x;
  if (y.type === null) return y;
  if (disjoint(x, y)) return undefined;
  return x.tilde || !y.tilde ? x : y;
}

export function termIncludes(x: Term | null, t: Type): boolean {
  if (x === null) return false;
  if (x.type === null) return true;
  return identical(x.type, x.tilde ? under(t) : t);
}

function termSubsetOf(x: Term | null, y: Term | null): boolean {
  if (x === null) return true;
  if (y === null) return false;
  if (y.type === null) return true;
  if (x.type === null) return false;
  if (disjoint(x, y)) return false;
  return !x.tilde || y.tilde;
}

export function isEmptyTerms(list: TermList): boolean {
  for (let i = 0; i < list.length; i++) if (list[i] !== null) return false;
  return true;
}

export function isAllTerms(list: TermList): boolean {
  for (let i = 0; i < list.length; i++) {
    const x = list[i] as Term | null;
    if (x !== null && x.type === null) return true;
  }
  return false;
}

function norm(list: TermList): TermList {
  if (list.length === 1 && list[0] !== null) return list;
  const used = new Uint8Array(list.length);
  const result: Term[] = [];
  for (let i = 0; i < list.length; i++) {
    let xi = list[i] as Term | null;
    if (xi === null || used[i] === 1) continue;
    for (let j = i + 1; j < list.length; j++) {
      const xj = list[j] as Term | null;
      if (xj === null || used[j] === 1) continue;
      const u = termUnion(xi, xj);
      if (u !== undefined) {
        if (u.type === null) return allTerms;
        xi = u;
        used[j] = 1;
      }
    }
    result.push(xi);
  }
  return result;
}

export function unionTerms(x: TermList, y: TermList): TermList {
  return norm(x.concat(y));
}

export function intersectTerms(x: TermList, y: TermList): TermList {
  if (x === allTerms) return norm(y);
  if (y === allTerms) return norm(x);
  const result: Term[] = [];
  for (let i = 0; i < x.length; i++) {
    for (let j = 0; j < y.length; j++) {
      const r = termIntersect(x[i] as Term | null, y[j] as Term | null);
      if (r !== null) result.push(r);
    }
  }
  return norm(result);
}

export function subsetOfTerms(x: TermList, y: TermList): boolean {
  if (isEmptyTerms(y)) return isEmptyTerms(x);
  for (let i = 0; i < x.length; i++) {
    let found = false;
    for (let j = 0; j < y.length && !found; j++) found = termSubsetOf(x[i] as Term | null, y[j] as Term | null);
    if (!found) return false;
  }
  return true;
}

export function equalTerms(x: TermList, y: TermList): boolean {
  return x === y || (subsetOfTerms(x, y) && subsetOfTerms(y, x));
}

export function termString(x: Term | null): string {
  if (x === null) return "∅";
  if (x.type === null) return "𝓤";
  return (x.tilde ? "~" : "") + typeString(x.type, null);
}

/** The terms in the form of messages: "~int | string". */
export function termsString(list: TermList): string {
  if (list.length === 0) return "∅";
  return list.map(termString).join(" | ");
}

/** Whether a term's type is an interface (those are not subject to the rule against overlaps). */
export function isInterfaceTerm(x: Term): boolean {
  return under(x.type as Type).kind === K.TInterface;
}
