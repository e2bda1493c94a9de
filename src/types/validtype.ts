// Whether a type is made of itself, directly or through arrays, structs, embedded interfaces and type arguments.

import { unalias } from "./alias.ts";
import type { Checker } from "./checker.ts";
import { cycleError } from "./cycles.ts";
import * as K from "./kinds.ts";
import { namedRHS, originNamed, typeParamsOf } from "./named.ts";
import { identical } from "./predicates.ts";
import { type Named, Typ, type Type } from "./types.ts";

/** Reports a type that contains itself and makes it invalid. */
export function validType(check: Checker, t: Named): void {
  valid(check, t, [], []);
}

/**
 * `nest` are the types whose memory the current one is part of, `path` all types on the way (for the message): a type
 * argument is checked in the nest outside of the instance, but on the same path.
 */
function valid(check: Checker, T: Type, nest: Named[], path: Named[]): boolean {
  const t = unalias(T);
  switch (t.kind) {
    case K.TArray:
      return valid(check, t.elem, nest, path);
    case K.TStruct:
      for (let i = 0; i < t.fields.length; i++) {
        const ft = t.fields[i].type as Type;
        if (ft.kind === K.TBasic || ft.kind === K.TPointer || ft.kind === K.TSlice) continue;
        if (!valid(check, ft, nest, path)) return false;
      }
      return true;
    case K.TUnion:
      for (const term of t.terms) {
        if (!valid(check, term.type as Type, nest, path)) return false;
      }
      return true;
    case K.TInterface:
      for (const e of t.embeddeds) {
        if (!valid(check, e, nest, path)) return false;
      }
      return true;
    case K.TNamed: {
      // Types of other packages are valid, and can't contain ours unless we pass them as type arguments.
      if (t.inst === null && t.obj.pkg !== check.pkg) return true;
      for (const e of nest) {
        if (!identical(e, t)) continue;
        // Whatever its arguments, the generic type is invalid.
        originNamed(t).fromRHS = Typ[K.Invalid];
        for (let i = 0; i < path.length; i++) {
          if (identical(path[i], t)) {
            cycleError(
              check,
              path.slice(i).map((n) => n.obj),
              0,
            );
            return false;
          }
        }
        return false;
      }
      const rhs = namedRHS(originNamed(t));
      return rhs === null || valid(check, rhs, nest.concat(t), path.concat(t));
    }
    case K.TTypeParam: {
      // Stands for the argument of the innermost instance.
      if (nest.length === 0) return true;
      const inst = nest[nest.length - 1];
      if (inst.inst === null) return true;
      const i = typeParamsOf(inst).indexOf(t);
      if (i < 0 || i >= inst.inst.targs.length) return true;
      return valid(check, inst.inst.targs[i], nest.slice(0, -1), path);
    }
    default:
      return true;
  }
}
