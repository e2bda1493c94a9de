// The text of go_asm.h: constants and struct layouts of a package for its assembly files.

import { exactString } from "../types/constant/text.ts";
import { KindComplex, KindFloat } from "../types/constant/value.ts";
import { objDecl } from "../types/decl.ts";
import * as K from "../types/kinds.ts";
import type { Package } from "../types/package.ts";
import type { Var } from "../types/object.ts";
import { under } from "../types/under.ts";
import type { Shapes } from "./shape.ts";

/**
 * `mentioned` says whether the package's assembly has a word: only objects that it may mean are resolved (others need not even be complete,
 * in packages that are part overlay).
 */
export function goAsmText(pkg: Package, shapes: Shapes, mentioned: (word: string) => boolean): string {
  const lines: string[] = [];
  for (const name of pkg.scope.names()) {
    const obj = pkg.scope.lookup(name);
    if (obj === null || name === "_") continue;
    if (obj.kind === K.OConst) {
      if (!mentioned(`const_${name}`)) continue;
      objDecl(null, obj);
      const value = obj.val;
      if (value === null || value.kind === KindFloat || value.kind === KindComplex) continue;
      lines.push(`#define const_${name} ${exactString(value)}`);
    } else if (obj.kind === K.OTypeName) {
      if (!mentioned(name)) continue;
      objDecl(null, obj);
      const t = obj.type;
      if (t === null || t.kind !== K.TNamed || t.obj !== obj || t.tparams.length > 0) continue;
      const u = under(t);
      if (u.kind !== K.TStruct) continue;
      const shape = shapes.of(t);
      lines.push(`#define ${name}__size ${shape.size}`);
      for (let i = 0; i < u.fields.length; i++) {
        const f = u.fields[i] as Var;
        if (f.name !== "_") lines.push(`#define ${name}_${f.name} ${shape.offsets[i]}`);
      }
    }
  }
  return `${lines.join("\n")}\n`;
}
