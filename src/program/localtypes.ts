// Types declared in functions are told apart by a number in their names. As in gc it counts such declarations of a package in the order of the source; of
// packages whose bodies are parsed on demand it says where in the package's source they stand.

import type { Pos } from "../base/pos.ts";
import * as S from "../syntax/kinds.ts";
import type { Node } from "../syntax/tree.ts";
import { children } from "../syntax/walk.ts";
import type { TypeName } from "../types/object.ts";
import type { Package } from "../types/package.ts";

/** The numbers of a package. */
interface Numbers {
  /** By position, if all are known. */
  readonly byPos: ReadonlyMap<Pos, number>;
  /** Where the package's source begins. */
  readonly start: number;
}

/** Numbers of local types, by package. */
export class LocalTypes {
  private readonly packages = new Map<Package, Numbers>();

  /** The number of a type declared in a function; instances of a generic function share it. */
  number(obj: TypeName): number {
    const pkg = obj.pkg as Package;
    let n = this.packages.get(pkg);
    if (n === undefined) {
      n = numbersOf(pkg);
      this.packages.set(pkg, n);
    }
    return n.byPos.get(obj.pos) ?? obj.pos - n.start;
  }
}

function numbersOf(pkg: Package): Numbers {
  // Which bodies of such a package have been parsed by now depends on what earlier builds kept.
  const onDemand = pkg.checker?.options.lazy === true;
  const files = pkg.checker?.files ?? [];
  const start = files[0]?.source.base ?? 0;
  const byPos = new Map<Pos, number>();
  if (onDemand) return { byPos, start };
  const found: Pos[] = [];
  const stack: Node[] = [];
  for (const file of files) {
    for (const d of file.declList) {
      if (d.kind !== S.KindTypeDecl) stack.push(d);
      while (stack.length > 0) {
        const n = stack.pop() as Node;
        if (n.kind === S.KindTypeDecl && !n.alias) found.push(n.name.pos);
        children(n, stack);
      }
    }
  }
  // Positions ascend with the files and within them.
  found.sort((a, b) => a - b);
  for (const pos of found) byPos.set(pos, byPos.size + 1);
  return { byPos, start };
}
