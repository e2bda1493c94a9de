// Interface types.

import type { Field, InterfaceType } from "../syntax/tree.ts";
import { asNamed } from "./alias.ts";
import type { Checker } from "./checker.ts";
import { error, errorf } from "./errors.ts";
import * as K from "./kinds.ts";
import { Func, type TypeName, Var } from "./object.ts";
import { isValid } from "./predicates.ts";
import { recordDef } from "./record.ts";
import { computeInterfaceTypeSet, sortMethods, topTypeSet } from "./typeset.ts";
import { Interface, type Type } from "./types.ts";
import { typ } from "./typexpr.ts";
import { parseUnion } from "./union.ts";
import { startPos } from "../syntax/positions.ts";

export function newInterface(check: Checker): Interface {
  const t = new Interface(check.ids, check);
  check.needsCleanup(t);
  return t;
}

/** Collects the elements of an interface type; `def` is the name that it is declared for, if any. */
export function interfaceType(check: Checker, ityp: Interface, e: InterfaceType, def: TypeName | null): void {
  for (let i = 0; i < e.methodList.length; i++) {
    const f = e.methodList[i] as Field;
    if (f.name === null) {
      const t = parseUnion(check, f.type);
      ityp.embeddeds.push(t);
      ityp.embedPos.push(startPos(f.type));
      continue;
    }
    const name = f.name.value;
    if (name === "_") {
      error(check, f.name, "methods must have a unique non-blank name");
      continue;
    }
    const sig = typ(check, f.type);
    if (sig.kind !== K.TSignature) {
      if (isValid(sig)) errorf(check, f.type, "invalid syntax tree: %s is not a method signature", sig);
      continue;
    }
    // The declared type makes better messages as a receiver.
    let recvTyp: Type = ityp;
    if (def !== null && def.type !== null) recvTyp = asNamed(def.type) ?? ityp;
    sig.recv = new Var(check.ids, K.RecvVar, f.name.pos, check.pkg, "", recvTyp);
    const m = new Func(check.ids, f.name.pos, check.pkg, name, sig);
    recordDef(check, f.name, m);
    ityp.methods.push(m);
  }
  ityp.complete = true;
  if (ityp.methods.length === 0 && ityp.embeddeds.length === 0) {
    ityp.tset = topTypeSet;
    return;
  }
  sortMethods(ityp.methods);
  // Soon, for errors.
  check.later(() => {
    computeInterfaceTypeSet(check, e.pos, ityp);
  });
}
