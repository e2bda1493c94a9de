// Declarations of objects, and the order in which they are resolved: on demand. An object whose declaration is being
// checked lies on its checker's path; meeting it again there means a cycle, which may or may not be valid.

import { NoPos, type Pos } from "../base/pos.ts";
import * as S from "../syntax/kinds.ts";
import { OpOr, OpTilde } from "../syntax/tokens.ts";
import { type ConstDecl, type Decl, type Expr, Field, InterfaceType, type Name, type TypeDecl, type VarDecl } from "../syntax/tree.ts";
import { unpackListExpr } from "../syntax/unparen.ts";
import { asNamed, newAlias } from "./alias.ts";
import { initConst, initVar, initVars } from "./assignments.ts";
import { type Checker, Environment } from "./checker.ts";
import { makeInt, makeUnknown } from "./constant/make.ts";
import { cycleError, firstInSrc } from "./cycles.ts";
import type { DeclInfo } from "./declinfo.ts";
import { error, errorf, newError, softErrorf, verifyVersionf } from "./errors.ts";
import { expr, newTarget } from "./expr.ts";
import { posString } from "./format.ts";
import * as K from "./kinds.ts";
import { addMethod, newNamed } from "./named.ts";
import { Const, type Func, type Obj, objectId, TypeName, Var } from "./object.ts";
import { Operand } from "./operand.ts";
import { isConstType, isGeneric, isTypeParam, isValid } from "./predicates.ts";
import { recordDef, recordUntyped } from "./record.ts";
import { arity } from "./resolver.ts";
import { Scope } from "./scope.ts";
import { funcType } from "./signature.ts";
import { funcBody } from "./stmt.ts";
import { bindTParams, newTypeParam } from "./typeparam.ts";
import { typeSet } from "./typeset.ts";
import { type Named, Signature, Typ, type Type, type TypeParam } from "./types.ts";
import { declaredType, typ, varType } from "./typexpr.ts";
import { isAliasName } from "./typestring.ts";
import { under } from "./under.ts";
import { emptyTuple } from "./universe.ts";
import { validType } from "./validtype.ts";
import { go1_18, go1_23, go1_9 } from "./version.ts";

const invalidType: Type = Typ[K.Invalid];

/** Declares an object in a scope. */
export function declare(check: Checker, scope: Scope, id: Name | null, obj: Obj, pos: Pos): void {
  if (obj.name !== "_") {
    const alt = scope.insert(obj);
    if (alt !== null) {
      const err = newError(check);
      err.addf(obj, "%s redeclared in this block", obj.name);
      err.addAltDecl(alt);
      err.report();
      return;
    }
    obj.scopePos = pos;
  }
  if (id !== null) recordDef(check, id, obj);
}

/**
 * Determines the type of an object, and the value of a constant. Objects of other packages are resolved by their own
 * checker; `check` may be null for callers outside any package.
 */
export function objDecl(check: Checker | null, obj: Obj): void {
  if (obj.pathIndex < 0 && obj.type !== null) return;
  const owner = obj.pkg === null ? null : obj.pkg.checker;
  if (owner === null) {
    if (check !== null) objDecl1(check, obj);
    return;
  }
  if (owner.busy > 0) {
    objDecl1(owner, obj);
    return;
  }
  // Demanded from outside: finish everything that hangs on it.
  owner.busy++;
  objDecl1(owner, obj);
  settle(owner);
  owner.busy--;
}

/** Runs what was put off, when nothing else of the package is being checked. */
export function settle(check: Checker): void {
  const saved = check.env;
  check.env = new Environment();
  check.processDelayed(0);
  recordUntyped(check);
  check.env = saved;
}

function objDecl1(check: Checker, obj: Obj): void {
  if (obj.pathIndex >= 0) {
    // A cycle. Constants and variables get an invalid type if theirs isn't known; initialisation cycles are reported
    // with the order of initialisation.
    switch (obj.kind) {
      case K.OConst:
      case K.OVar:
        if (!validCycle(check, obj) || obj.type === null) obj.type = invalidType;
        break;
      case K.OTypeName:
        if (!validCycle(check, obj)) obj.type = invalidType;
        break;
      case K.OFunc:
        // The empty signature that it has stays: it can't initialise anything.
        validCycle(check, obj);
        break;
    }
    return;
  }
  if (obj.type !== null) return;
  const d = obj.decl;
  if (d === null) throw new Error(`no declaration of ${obj.name}`);

  check.push(obj);
  const saved = check.env;
  const env = new Environment();
  env.scope = d.scope;
  env.version = d.version;
  check.env = env;
  switch (obj.kind) {
    case K.OConst:
      env.decl = d;
      constDecl(check, obj, d.vtyp, d.init, d.inherited);
      break;
    case K.OVar:
      env.decl = d;
      if (check.options.lazy && d.vtyp !== null && d.init !== null) {
        // The initialiser can wait: see checkInit.
        const t = varType(check, d.vtyp);
        if (d.lhs === null) obj.type = t;
        else for (const v of d.lhs) v.type = t;
      } else {
        d.bodyDone = true;
        varDecl(check, obj, d.lhs, d.vtyp, d.init);
      }
      break;
    case K.OTypeName:
      typeDecl(check, obj, d.tdecl as TypeDecl);
      collectMethods(check, obj);
      break;
    case K.OFunc:
      funcDecl(check, obj, d);
      break;
    default:
      throw new Error("unexpected object");
  }
  check.env = saved;
  check.pop();
}

/** Checks the initialiser of a package variable whose type was enough until now. */
export function checkInit(v: Var): void {
  objDecl(null, v);
  const d = v.decl;
  const check = v.pkg === null ? null : v.pkg.checker;
  if (d === null || check === null || d.bodyDone || d.init === null || v.pathIndex >= 0) return;
  d.bodyDone = true;
  check.busy++;
  check.push(v);
  const saved = check.env;
  const env = new Environment();
  env.scope = d.scope;
  env.version = d.version;
  env.decl = d;
  check.env = env;
  const x = new Operand();
  if (d.lhs === null || d.lhs.length === 1) {
    expr(check, newTarget(v.type, v.name), x, d.init);
    initVar(check, v, x, "variable declaration");
  } else {
    initVars(check, d.lhs, [d.init], null);
  }
  check.env = saved;
  check.pop();
  if (check.busy === 1) settle(check);
  check.busy--;
}

/** Whether the cycle from obj to the end of the path is allowed; if not, it is reported. */
function validCycle(check: Checker, obj: Obj): boolean {
  const cycle = check.objPath.slice(obj.pathIndex);
  let nval = 0;
  let ndef = 0;
  for (let i = 0; i < cycle.length; i++) {
    const o = cycle[i];
    if (o.kind === K.OConst || o.kind === K.OVar) {
      nval++;
    } else if (o.kind === K.OTypeName) {
      // Cycles through type parameter lists are fine.
      if (check.env.inTParamList && o.type !== null && isGeneric(o.type)) return true;
      if (!isAliasName(o)) ndef++;
    }
  }
  // Cycles of values only are found when initialisation is ordered.
  if (nval === cycle.length) return true;
  // Types need at least one definition; aliases alone would expand forever.
  if (nval === 0 && ndef > 0) return true;
  cycleError(check, cycle, firstInSrc(cycle));
  return false;
}

/** Checks a constant declaration. obj.val must hold the value of iota. */
export function constDecl(check: Checker, obj: Const, typ_: Expr | null, init: Expr | null, inherited: boolean): void {
  const savedIota = check.env.iota;
  const savedErrpos = check.env.errpos;
  check.env.iota = obj.val;
  check.env.errpos = NoPos;
  constDecl1(check, obj, typ_, init, inherited);
  check.env.iota = savedIota;
  check.env.errpos = savedErrpos;
}

function constDecl1(check: Checker, obj: Const, typ_: Expr | null, init: Expr | null, inherited: boolean): void {
  // Valid under all circumstances.
  obj.val = makeUnknown();
  if (typ_ !== null) {
    const t = typ(check, typ_);
    if (!isConstType(t)) {
      if (isValid(under(t))) errorf(check, typ_, "invalid constant type %s", t);
      obj.type = invalidType;
      return;
    }
    obj.type = t;
  }
  const x = new Operand();
  if (init !== null) {
    // Errors in an inherited expression belong to the constant that inherited it.
    if (inherited) check.env.errpos = obj.pos;
    expr(check, null, x, init);
  }
  initConst(check, obj, x);
}

/** Checks a variable declaration; `lhs` holds all variables of an n:1 one. */
export function varDecl(check: Checker, obj: Var, lhs: Var[] | null, typ_: Expr | null, init: Expr | null): void {
  if (typ_ !== null) obj.type = varType(check, typ_);
  if (init === null) {
    if (typ_ === null) obj.type = invalidType;
    return;
  }
  if (lhs === null || lhs.length === 1) {
    const x = new Operand();
    expr(check, newTarget(obj.type, obj.name), x, init);
    initVar(check, obj, x, "variable declaration");
    return;
  }
  if (typ_ !== null) {
    for (let i = 0; i < lhs.length; i++) lhs[i].type = obj.type;
  }
  initVars(check, lhs, [init], null);
}

/** Whether a type is a constraint interface of another package. */
export function isImportedConstraint(check: Checker, t: Type): boolean {
  const named = asNamed(t);
  if (named === null || named.obj.pkg === check.pkg || named.obj.pkg === null) return false;
  const u = under(named);
  return u.kind === K.TInterface && !typeSet(u).isMethodSet();
}

function typeDecl(check: Checker, obj: TypeName, tdecl: TypeDecl): void {
  let versionErr = false;
  let rhs: Type | null = null;
  check.later(() => {
    const t = obj.type === null ? null : asNamed(obj.type);
    if (t !== null) validType(check, t);
    if (!versionErr && rhs !== null && isImportedConstraint(check, rhs))
      verifyVersionf(check, tdecl.type, go1_18, "using type constraint %s", rhs);
  });
  const tparam0 = tdecl.tparamList.length > 0 ? tdecl.tparamList[0] : null;
  const outer = check.env.scope as Scope;

  if (tdecl.alias) {
    // The highest requirement first, so that one fix is enough.
    if (tparam0 !== null && !verifyVersionf(check, tparam0, go1_23, "generic type alias")) versionErr = true;
    if (!versionErr && !verifyVersionf(check, tdecl, go1_9, "type alias")) versionErr = true;
    const alias = newAlias(check, check.ctxt, obj, null);
    if (tparam0 !== null) {
      check.env.scope = new Scope(outer, tdecl.pos, NoPos, "type parameters");
      collectTypeParams(check, tdecl.tparamList, (list) => {
        alias.tparams = list;
      });
    }
    rhs = declaredType(check, tdecl.type, obj);
    alias.fromRHS = rhs;
    alias.actual = null;
    if (rhs.kind === K.TTypeParam && alias.tparams.includes(rhs)) {
      error(check, tdecl.type, "cannot use type parameter declared in alias declaration as RHS");
      alias.fromRHS = invalidType;
    }
    check.env.scope = outer;
    return;
  }

  if (tparam0 !== null && !verifyVersionf(check, tparam0, go1_18, "type parameter")) versionErr = true;
  const named = newNamed(check, obj, null);
  if (tparam0 !== null) {
    check.env.scope = new Scope(outer, tdecl.pos, NoPos, "type parameters");
    collectTypeParams(check, tdecl.tparamList, (list) => {
      named.tparams = list;
    });
  }
  rhs = declaredType(check, tdecl.type, obj);
  named.fromRHS = rhs;
  if (isTypeParam(rhs)) {
    error(check, tdecl.type, "cannot use a type parameter as RHS in type declaration");
    named.fromRHS = invalidType;
  }
  check.env.scope = outer;
}

/** Declares type parameters and checks their constraints; `set` gets them in between, since constraints may use the declared type. */
export function collectTypeParams(check: Checker, list: Field[], set: (tparams: TypeParam[]) => void): void {
  const tparams: TypeParam[] = [];
  const scopePos = list[0].pos;
  for (let i = 0; i < list.length; i++) tparams.push(declareTypeParam(check, list[i].name as Name, scopePos));
  set(bindTParams(tparams));

  check.env.inTParamList = true;
  let b: Type = invalidType;
  for (let i = 0; i < list.length; i++) {
    const f = list[i];
    // Parameters that share a constraint get the same type, which printing relies on.
    if (i === 0 || f.type !== list[i - 1].type) {
      b = bound(check, f.type);
      if (isTypeParam(b)) {
        error(check, f.type, "cannot use a type parameter as constraint");
        b = invalidType;
      }
    }
    tparams[i].bound = b;
  }
  check.env.inTParamList = false;
}

function bound(check: Checker, x: Expr): Type {
  // ~T and A|B stand for an interface with that element.
  if (x.kind === S.KindOperation && (x.op === OpTilde || x.op === OpOr)) {
    const wrapper = new InterfaceType(x.pos, check.nodeIds.next++, [new Field(x.pos, null, x)]);
    const t = typ(check, wrapper);
    if (t.kind === K.TInterface) t.implicit = true;
    return t;
  }
  return typ(check, x);
}

export function declareTypeParam(check: Checker, name: Name, scopePos: Pos): TypeParam {
  const tname = new TypeName(check.ids, name.pos, check.pkg, name.value, null);
  const tpar = newTypeParam(check, tname, invalidType);
  declare(check, check.env.scope as Scope, name, tname, scopePos);
  return tpar;
}

/** Gives a defined type the methods declared for it. */
export function collectMethods(check: Checker, obj: TypeName): void {
  const methods = check.methods.get(obj);
  if (methods === undefined) return;
  check.methods.delete(obj);
  const mset: Map<string, Func> = new Map();
  const base = obj.type === null ? null : asNamed(obj.type);
  if (base !== null) {
    check.later(() => checkFieldUniqueness(check, base));
    for (const m of base.methods) mset.set(objectId(m.pkg, m.name), m);
  }
  for (let i = 0; i < methods.length; i++) {
    const m = methods[i];
    const id = objectId(m.pkg, m.name);
    const alt = mset.get(id);
    if (alt !== undefined) {
      errorf(check, m.pos, "method %s.%s already declared at %s", obj.name, m.name, posString(check, alt.pos));
      continue;
    }
    mset.set(id, m);
    if (base !== null) addMethod(base, m);
  }
}

function checkFieldUniqueness(check: Checker, base: Named): void {
  const t = under(base);
  if (t.kind !== K.TStruct) return;
  const mset: Map<string, Func> = new Map();
  for (const m of base.methods) mset.set(objectId(m.pkg, m.name), m);
  for (const fld of t.fields) {
    if (fld.name === "_") continue;
    const alt = mset.get(objectId(fld.pkg, fld.name));
    if (alt === undefined) continue;
    const err = newError(check);
    err.addf(alt, "field and method with the same name %s", fld.name);
    err.addAltDecl(fld);
    err.report();
  }
}

function funcDecl(check: Checker, obj: Func, d: DeclInfo): void {
  const sig = new Signature(check.ids, null, emptyTuple, emptyTuple, false);
  obj.type = sig;
  const fdecl = d.fdecl;
  if (fdecl === null) return;
  funcType(check, sig, fdecl.recv, fdecl.tparamList, fdecl.type);
  if (fdecl.tparamList.length > 0 && !fdecl.hasBody) softErrorf(check, fdecl, "generic function is missing function body");
  const body = fdecl.body;
  if (body !== null && !check.options.lazy && !check.options.ignoreFuncBodies) {
    d.bodyDone = true;
    check.later(() => funcBody(check, d, sig, body, null));
  }
}

/** Checks declarations inside a function. */
export function declStmt(check: Checker, list: readonly Decl[]): void {
  const pkg = check.pkg;
  const scope = check.env.scope as Scope;
  let first = -1;
  let lastType: Expr | null = null;
  let lastValues: Expr | null = null;
  let haveLast = false;
  for (let index = 0; index < list.length; index++) {
    const s = list[index];
    if (s.kind !== S.KindConstDecl) first = -1;
    switch (s.kind) {
      case S.KindConstDecl: {
        const top = check.delayed.length;
        if (first < 0 || s.group === null || (list[index - 1] as ConstDecl).group !== s.group) {
          first = index;
          haveLast = false;
        }
        const iota = makeInt(index - first);
        let inherited = true;
        if (s.type !== null || s.values !== null) {
          lastType = s.type;
          lastValues = s.values;
          haveLast = true;
          inherited = false;
        } else if (!haveLast) {
          lastType = null;
          lastValues = null;
          haveLast = true;
          inherited = false;
        }
        const values = unpackListExpr(lastValues);
        const lhs: Const[] = [];
        for (let i = 0; i < s.nameList.length; i++) {
          const name = s.nameList[i];
          const obj = new Const(check.ids, name.pos, pkg, name.value, null, iota);
          lhs.push(obj);
          constDecl(check, obj, lastType, i < values.length ? values[i] : null, inherited);
        }
        arity(check, s.pos, s.nameList, values, true, inherited);
        // Function literals still see the scope without the new names.
        check.processDelayed(top);
        for (let i = 0; i < lhs.length; i++) declare(check, scope, s.nameList[i], lhs[i], s.pos);
        break;
      }
      case S.KindVarDecl:
        localVarDecl(check, scope, s);
        break;
      case S.KindTypeDecl: {
        const obj = new TypeName(check.ids, s.name.pos, pkg, s.name.value, null);
        declare(check, scope, s.name, obj, s.name.pos);
        check.push(obj);
        typeDecl(check, obj, s);
        check.pop();
        break;
      }
      default:
        errorf(check, s, "invalid syntax tree: unknown declaration");
    }
  }
}

function localVarDecl(check: Checker, scope: Scope, s: VarDecl): void {
  const top = check.delayed.length;
  const lhs0: Var[] = [];
  for (const name of s.nameList) lhs0.push(new Var(check.ids, K.LocalVar, name.pos, check.pkg, name.value, null));
  const values = unpackListExpr(s.values);
  for (let i = 0; i < lhs0.length; i++) {
    let lhs: Var[] | null = null;
    let init: Expr | null = null;
    if (values.length === lhs0.length) {
      init = values[i];
    } else if (values.length === 1) {
      lhs = lhs0;
      init = values[0];
    } else if (i < values.length) {
      init = values[i];
    }
    varDecl(check, lhs0[i], lhs, s.type, init);
    // The first variable of an n:1 declaration brings the types of all.
    if (values.length === 1) break;
  }
  if (s.type === null || values.length > 0) arity(check, s.pos, s.nameList, values, false, false);
  check.processDelayed(top);
  for (let i = 0; i < lhs0.length; i++) declare(check, scope, s.nameList[i], lhs0[i], s.pos);
}
