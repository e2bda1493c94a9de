// What a selector expression x.f that is no qualified name means.

import type { Func, Var } from "./object.ts";
import type { Type } from "./types.ts";

export class Selection {
  /** FieldVal, MethodVal or MethodExpr. */
  readonly kind: number;
  /** The type of x. */
  readonly recv: Type;
  readonly obj: Var | Func;
  /** The path from x to f: embedded fields, then the field or method. */
  readonly index: number[];
  /** There was a pointer on the path. */
  readonly indirect: boolean;

  constructor(kind: number, recv: Type, obj: Var | Func, index: number[], indirect: boolean) {
    this.kind = kind;
    this.recv = recv;
    this.obj = obj;
    this.index = index;
    this.indirect = indirect;
  }
}
