// Unions of terms, the elements of constraint interfaces.

import * as S from "../syntax/kinds.ts";
import { OpOr, OpTilde } from "../syntax/tokens.ts";
import type { Expr, Operation } from "../syntax/tree.ts";
import type { Checker } from "./checker.ts";
import { error, errorf, softErrorf } from "./errors.ts";
import * as K from "./kinds.ts";
import { identical, isTypeParam, isValid } from "./predicates.ts";
import { recordTypeAndValue } from "./record.ts";
import { maxTermCount, typeSet } from "./typeset.ts";
import { isInterfaceTerm, termsDisjoint, termString } from "./typeterm.ts";
import { Term, Typ, type Type, Union } from "./types.ts";
import { typ } from "./typexpr.ts";
import { under } from "./under.ts";
import { universeComparable } from "./universe.ts";

/** The type of an interface element: a union, or just a type if there is one term without ~. */
export function parseUnion(check: Checker, uexpr: Expr): Type {
  const blist: Operation[] = [];
  const tlist: Expr[] = [];
  flattenUnion(uexpr, blist, tlist);
  const terms: Term[] = [];
  let u: Type | null = null;
  for (let i = 0; i < tlist.length; i++) {
    const x = tlist[i] as Expr;
    const term = parseTilde(check, x);
    if (tlist.length === 1 && !term.tilde) return term.type as Type;
    if (terms.length >= maxTermCount) {
      if (u !== null && isValid(u)) {
        errorf(check, x, "cannot handle more than %d union terms (implementation limitation)", maxTermCount);
        u = Typ[K.Invalid] as Type;
      }
    } else {
      terms.push(term);
      u = new Union(check.ids, terms.slice());
    }
    if (i > 0) recordTypeAndValue(check, blist[i - 1] as Operation, K.ModeTypExpr, u as Type, null);
  }
  if (!isValid(u as Type)) return u as Type;
  // Terms can be judged only when all types are set up.
  check.later(() => checkTerms(check, terms, tlist));
  return u as Type;
}

function checkTerms(check: Checker, terms: Term[], tlist: Expr[]): void {
  for (let i = 0; i < terms.length; i++) {
    const t = terms[i] as Term;
    const tt = t.type as Type;
    const at = tlist[i] as Expr;
    if (!isValid(tt)) continue;
    const u = under(tt);
    if (t.tilde) {
      if (u.kind === K.TInterface) {
        errorf(check, at, "invalid use of ~ (%s is an interface)", tt);
        continue;
      }
      if (!identical(u, tt)) {
        errorf(check, at, "invalid use of ~ (underlying type of %s is %s)", tt, u);
        continue;
      }
    }
    // With a tilde or alone, an interface doesn't get here: there are at least two terms.
    if (u.kind === K.TInterface) {
      const tset = typeSet(u);
      if (tset.methods.length !== 0) errorf(check, at, "cannot use %s in union (%s contains methods)", termString(t), termString(t));
      else if (tt === universeComparable.type) error(check, at, "cannot use comparable in union");
      else if (tset.comparable) errorf(check, at, "cannot use %s in union (%s embeds comparable)", termString(t), termString(t));
      continue;
    }
    const j = overlappingTerm(terms, i, t);
    if (j !== null) softErrorf(check, at, "overlapping terms %s and %s", termString(t), termString(j));
  }
}

function parseTilde(check: Checker, tx: Expr): Term {
  let x = tx;
  let tilde = false;
  if (x.kind === S.KindOperation && x.op === OpTilde) {
    x = x.x;
    tilde = true;
  }
  let t = typ(check, x);
  if (isTypeParam(t)) {
    if (tilde) errorf(check, x, "type in term %s cannot be a type parameter", tx);
    else error(check, x, "term cannot be a type parameter");
    t = Typ[K.Invalid] as Type;
  }
  const term = new Term(tilde, t);
  if (tilde) recordTypeAndValue(check, tx, K.ModeTypExpr, new Union(check.ids, [term]), null);
  return term;
}

function overlappingTerm(terms: Term[], n: number, y: Term): Term | null {
  for (let i = 0; i < n; i++) {
    const x = terms[i] as Term;
    if (!isInterfaceTerm(x) && !termsDisjoint(x, y)) return x;
  }
  return null;
}

/** Takes x1 | x2 | ... apart into its operations and terms. */
function flattenUnion(x: Expr, blist: Operation[], tlist: Expr[]): void {
  if (x.kind === S.KindOperation && x.op === OpOr && x.y !== null) {
    flattenUnion(x.x, blist, tlist);
    blist.push(x);
    x = x.y;
  }
  tlist.push(x);
}
