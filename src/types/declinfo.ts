// What is known of a package-level declaration before it is checked.

import type { Expr, File, FuncDecl, TypeDecl } from "../syntax/tree.ts";
import { Initializer } from "./info.ts";
import type { Obj, Var } from "./object.ts";
import type { Scope } from "./scope.ts";

export class DeclInfo {
  /** The scope of the file. */
  readonly scope: Scope;
  readonly file: File;
  /** The language version of the file; see version.ts. */
  readonly version: number;
  /** The variables of an n:1 declaration, else null. */
  readonly lhs: Var[] | null;
  readonly vtyp: Expr | null;
  readonly init: Expr | null;
  /** The expression was inherited from an earlier constant of the group. */
  readonly inherited: boolean;
  readonly tdecl: TypeDecl | null;
  readonly fdecl: FuncDecl | null;
  /** Package-level objects that the initialiser or body refers to. */
  deps: Set<Obj> | null;
  /** The body has been checked (or is being). */
  bodyDone: boolean;
  private step: Initializer | null;

  constructor(
    scope: Scope,
    file: File,
    version: number,
    lhs: Var[] | null,
    vtyp: Expr | null,
    init: Expr | null,
    inherited: boolean,
    tdecl: TypeDecl | null,
    fdecl: FuncDecl | null,
  ) {
    this.scope = scope;
    this.file = file;
    this.version = version;
    this.lhs = lhs;
    this.vtyp = vtyp;
    this.init = init;
    this.inherited = inherited;
    this.tdecl = tdecl;
    this.fdecl = fdecl;
    this.deps = null;
    this.bodyDone = false;
    this.step = null;
  }

  /** Whether there is something to initialise or run. */
  hasInitializer(): boolean {
    return this.init !== null || this.fdecl?.hasBody === true;
  }

  /** The step that initialises v, or with `lhs` all of these. Always the same. */
  initializerOf(v: Var): Initializer {
    this.step ??= new Initializer(this.lhs ?? [v], this.init as Expr);
    return this.step;
  }

  addDep(obj: Obj): void {
    if (this.deps === null) this.deps = new Set();
    this.deps.add(obj);
  }
}
