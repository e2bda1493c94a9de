// Types declared in functions are told apart by a number in their names. As in gc it counts such declarations of a package in the order of the source; of
// packages whose bodies are parsed on demand, in the order in which the types are met.

import type { Pos } from "../base/pos.ts";
import * as S from "../syntax/kinds.ts";
import type { Node } from "../syntax/tree.ts";
import { children } from "../syntax/walk.ts";
import type { TypeName } from "../types/object.ts";
import type { Package } from "../types/package.ts";

class Numbers {
  readonly byPos = new Map<Pos, number>();
  count = 0;

  add(pos: Pos): number {
    this.byPos.set(pos, ++this.count);
    return this.count;
  }
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
    return n.byPos.get(obj.pos) ?? n.add(obj.pos);
  }
}

function numbersOf(pkg: Package): Numbers {
  const found: Pos[] = [];
  const stack: Node[] = [];
  for (const file of pkg.checker?.files ?? []) {
    for (const d of file.declList) {
      if (d.kind === S.KindFuncDecl && d.hasBody && d.body === null) return new Numbers();
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
  const numbers = new Numbers();
  for (const pos of found) numbers.add(pos);
  return numbers;
}
