// Messages for selectors and field names that don't exist.

import type { Checker } from "./checker.ts";
import { sprintf } from "./format.ts";
import { OFunc, OVar } from "./kinds.ts";
import { isExported, type Obj } from "./object.ts";
import type { Type } from "./types.ts";

/** The string without its first character. */
function tail(s: string): string {
  return Array.from(s).slice(1).join("");
}

const missing = 0;
/** There is an object whose name differs in capitals. */
const misspelled = 1;
/** ... only in the first letter, and it is not exported. */
const unexported = 2;
/** There is an object of that very name, but it is not visible here. */
const inaccessible = 3;

/** Why `sel` is not found in typ; obj is a field or method of a similar name, or null. */
export function lookupError(check: Checker, typ: Type, sel: string, obj: Obj | null, structLit: boolean): string {
  let e = missing;
  const alt = obj === null ? "" : obj.name;
  if (obj !== null) {
    if (obj.pkg === check.pkg) e = misspelled;
    else if (isExported(sel)) {
      if (isExported(alt)) e = misspelled;
      else if (tail(sel) === tail(alt)) e = unexported;
    } else if (isExported(alt)) {
      if (tail(sel) === tail(alt)) e = misspelled;
    } else if (sel === alt) e = inaccessible;
  }

  if (structLit) {
    switch (e) {
      case missing:
        return sprintf(check, "unknown field %s in struct literal of type %s", sel, typ);
      case misspelled:
        return sprintf(check, "unknown field %s in struct literal of type %s, but does have %s", sel, typ, alt);
      case unexported:
        return sprintf(check, "unknown field %s in struct literal of type %s, but does have unexported %s", sel, typ, alt);
      default:
        return sprintf(check, "cannot refer to unexported field %s in struct literal of type %s", alt, typ);
    }
  }
  const what = obj !== null && obj.kind === OVar ? "field" : obj !== null && obj.kind === OFunc ? "method" : "object";
  switch (e) {
    case missing:
      return sprintf(check, "type %s has no field or method %s", typ, sel);
    case misspelled:
      return sprintf(check, "type %s has no field or method %s, but does have %s %s", typ, sel, what, alt);
    case unexported:
      return sprintf(check, "type %s has no field or method %s, but does have unexported %s %s", typ, sel, what, alt);
    default:
      return sprintf(check, "cannot refer to unexported %s %s", what, alt);
  }
}
