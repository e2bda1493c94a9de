// Checking a package: its declarations at once or on demand, bodies, and the order of initialisation.

import { parseBody } from "../syntax/parser.ts";
import type { File } from "../syntax/tree.ts";
import { unalias } from "./alias.ts";
import { type Checker, Environment } from "./checker.ts";
import { directCycles } from "./cycles.ts";
import { checkInit, objDecl, settle } from "./decl.ts";
import type { Initializer } from "./info.ts";
import { initOrder } from "./initorder.ts";
import * as K from "./kinds.ts";
import { monomorph } from "./mono.ts";
import { namedUnder } from "./named.ts";
import { type Func, type Obj, originFunc } from "./object.ts";
import { collectObjects, initFiles, unusedImports } from "./resolver.ts";
import { funcBody } from "./stmt.ts";
import { iface } from "./typeparam.ts";
import { typeSet } from "./typeset.ts";
import type { Signature } from "./types.ts";

/** Checks the files of a package; of a lazy one only which objects there are. */
export function checkFiles(check: Checker, files: readonly File[]): void {
  check.busy++;
  initFiles(check, files);
  collectObjects(check);
  if (!check.options.lazy) {
    directCycles(check);
    packageObjects(check);
    check.processDelayed(0);
    cleanup(check);
    if (check.delayed.length > 0) check.processDelayed(0);
    check.info.initOrder = initOrder(check, check.objList);
    if (!check.options.disableUnusedImportCheck && !check.options.ignoreFuncBodies) unusedImports(check);
    settle(check);
    if (check.errorCount === 0) monomorph(check);
  }
  check.busy--;
}

/** Resolves all objects: types first, then aliases, then the rest, so that aliases are known when they are needed. */
function packageObjects(check: Checker): void {
  const aliases: Obj[] = [];
  const others: Obj[] = [];
  for (const obj of check.objList) {
    if (obj.kind !== K.OTypeName) others.push(obj);
    else if (obj.decl?.tdecl?.alias === true) aliases.push(obj);
    else objDecl(check, obj);
  }
  for (const obj of aliases) objDecl(check, obj);
  for (const obj of others) objDecl(check, obj);
  check.methods.clear();
}

/** Completes what would else be completed when first asked for, so that errors are found. */
function cleanup(check: Checker): void {
  for (let i = 0; i < check.cleaners.length; i++) {
    const t = check.cleaners[i];
    switch (t.kind) {
      case K.TNamed:
        if (t.inst === null) namedUnder(t);
        break;
      case K.TAlias:
        unalias(t);
        break;
      case K.TTypeParam:
        iface(t);
        break;
      case K.TInterface:
        typeSet(t);
        break;
    }
  }
  check.cleaners.length = 0;
}

/** Parses and checks the body of a declared function or method if that hasn't been done. */
export function checkBody(f: Func): void {
  const fn = originFunc(f);
  objDecl(null, fn);
  const d = fn.decl;
  const check = fn.pkg === null ? null : fn.pkg.checker;
  if (d === null || check === null || d.fdecl === null || d.bodyDone) return;
  d.bodyDone = true;
  parseBody(d.file, d.fdecl, check.nodeIds, check.diagnostics, check.parseMode);
  const body = d.fdecl.body;
  if (body === null) return;
  const saved = check.env;
  const env = new Environment();
  env.version = d.version;
  check.env = env;
  check.busy++;
  funcBody(check, d, fn.type as Signature, body, null);
  check.env = saved;
  if (check.busy === 1) settle(check);
  check.busy--;
}

/** The steps that initialise a lazily checked package, in the order of the source. They may not be checked yet. */
function stepsInSource(check: Checker): Initializer[] {
  const steps = new Set<Initializer>();
  for (const obj of check.objList) {
    if (obj.kind === K.OVar && obj.decl !== null && obj.decl.init !== null) steps.add(obj.decl.initializerOf(obj));
  }
  return [...steps];
}

/** All steps that initialise a package: those of a lazily checked one in the order of the source and perhaps unchecked, others in their order. */
export function initializers(check: Checker): readonly Initializer[] {
  return check.options.lazy ? stepsInSource(check) : check.info.initOrder;
}

/**
 * The order of steps of a package's initialisation. In a lazily checked one they are checked, and so is all that they refer to, directly or not: the initialisers
 * of variables and the bodies of functions. What no step refers to has no say in their order.
 */
export function orderOf(check: Checker, steps: readonly Initializer[]): readonly Initializer[] {
  const wanted = new Set(steps);
  if (!check.options.lazy) return check.info.initOrder.filter((s) => wanted.has(s));
  if (wanted.size <= 1) {
    for (const s of steps) checkInit(s.lhs[0]);
    return steps;
  }
  const work: Obj[] = [];
  for (const s of steps) work.push(...s.lhs);
  const seen = new Set<Obj>(work);
  for (let i = 0; i < work.length; i++) {
    const obj = work[i];
    if (obj.kind === K.OFunc) checkBody(obj);
    else if (obj.kind === K.OVar) checkInit(obj);
    for (const dep of obj.decl?.deps ?? []) {
      if (seen.has(dep)) continue;
      seen.add(dep);
      work.push(dep);
    }
  }
  return initOrder(check, work).filter((s) => wanted.has(s));
}
