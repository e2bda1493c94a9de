// A package as the type checker sees it.

import { NoPos } from "../base/pos.ts";
import type { Checker } from "./checker.ts";
import { Scope } from "./scope.ts";

export class Package {
  readonly path: string;
  name: string;
  readonly scope: Scope;
  /** Directly imported packages, in source order. */
  imports: Package[];
  /** Stands in for a package that could not be imported: unknown names in it are no error. */
  fake: boolean;
  /** The language version from go.mod, "go1.26". */
  goVersion: string;
  /** Resolves the package's objects on demand; null for unsafe and fakes. */
  checker: Checker | null;

  constructor(universe: Scope, path: string, name: string) {
    this.path = path;
    this.name = name;
    this.scope = new Scope(universe, NoPos, NoPos, `package "${path}"`);
    this.imports = [];
    this.fake = false;
    this.goVersion = "";
    this.checker = null;
  }
}
