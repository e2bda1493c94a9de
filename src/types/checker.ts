// The state of checking one package. A checker lives as long as its package: objects of a lazily checked package are
// resolved when something refers to them, which may be while another package is being checked. Import graphs have no
// cycles, so a checker that is asked from outside is never in the middle of something.

import { NoPos, type Pos, type Sources } from "../base/pos.ts";
import type { Diagnostics } from "../base/diagnostics.ts";
import type { CallExpr, Expr, File, NodeIds } from "../syntax/tree.ts";
import type { Constant } from "./constant/value.ts";
import type { Context } from "./context.ts";
import type { DeclInfo } from "./declinfo.ts";
import { Info } from "./info.ts";
import type { MonoGraph } from "./mono.ts";
import type { Func, Obj, PkgName, TypeName } from "./object.ts";
import type { Package } from "./package.ts";
import type { Scope } from "./scope.ts";
import type { Basic, Interface, Named, Signature, Alias, TypeIds, TypeParam } from "./types.ts";

/** Finds imported packages. */
export interface Importer {
  /** The package that `path` means in `from`, with its objects collected; null or a message if there is none. */
  import(path: string, from: Package): Package | string;
}

export interface CheckOptions {
  /** Resolve objects and check bodies only on demand. */
  readonly lazy: boolean;
  /** Don't check bodies at all unless asked by checkBody. */
  readonly ignoreFuncBodies: boolean;
  /** "go1.26", or "" for any. */
  readonly goVersion: string;
  readonly disableUnusedImportCheck: boolean;
  /** Messages end in the position-free form of the compiler ("\n\tother declaration"); fixed for now. */
  readonly fakeImportC: boolean;
}

/** An expression whose untyped type isn't final yet. */
export class ExprInfo {
  /** Left operand of a shift whose check is delayed. */
  isLhs: boolean;
  mode: number;
  type: Basic;
  val: Constant | null;

  constructor(isLhs: boolean, mode: number, type: Basic, val: Constant | null) {
    this.isLhs = isLhs;
    this.mode = mode;
    this.type = type;
    this.val = val;
  }
}

/** The surroundings in which an object is checked. */
export class Environment {
  /** The package-level declaration whose initialiser or body is checked. */
  decl: DeclInfo | null;
  scope: Scope | null;
  version: number;
  /** The value of iota in a constant declaration. */
  iota: Constant | null;
  /** The position of a constant with an inherited initialiser. */
  errpos: Pos;
  inTParamList: boolean;
  /** The signature of the function that is checked. */
  sig: Signature | null;
  /** Calls of panic, for the check that functions return. */
  isPanic: Set<CallExpr> | null;
  hasLabel: boolean;
  hasCallOrRecv: boolean;

  constructor() {
    this.decl = null;
    this.scope = null;
    this.version = 0;
    this.iota = null;
    this.errpos = NoPos;
    this.inTParamList = false;
    this.sig = null;
    this.isPanic = null;
    this.hasLabel = false;
    this.hasCallOrRecv = false;
  }
}

class Action {
  readonly version: number;
  readonly run: () => void;

  constructor(version: number, run: () => void) {
    this.version = version;
    this.run = run;
  }
}

export class Checker {
  readonly pkg: Package;
  readonly ctxt: Context;
  readonly ids: TypeIds;
  readonly info: Info = new Info();
  readonly sources: Sources;
  readonly diagnostics: Diagnostics;
  readonly importer: Importer;
  readonly options: CheckOptions;
  /** For bodies that are parsed on demand. */
  readonly nodeIds: NodeIds;

  files: File[] = [];
  /** Package-level objects and methods, in source order. */
  objList: Obj[] = [];
  imports: PkgName[] = [];
  /** Objects that came by a dot-import, by scope. */
  dotImports: Map<Scope, Map<string, PkgName>> | null = null;
  /** Methods by the type that they are declared for; moved to the type when that is resolved. */
  methods: Map<TypeName, Func[]> = new Map();
  mono: MonoGraph | null = null;

  /** The parser's mode, for bodies that are parsed on demand. */
  parseMode = 0;
  /** More than 0 while something of this package is being checked. */
  busy = 0;
  /** Errors reported so far. */
  errorCount = 0;
  untyped: Map<Expr, ExprInfo> = new Map();
  delayed: Action[] = [];
  objPath: Obj[] = [];
  cleaners: (Named | Alias | TypeParam | Interface)[] = [];

  env: Environment = new Environment();

  /** Package paths by package name over everything imported, made when messages must tell apart packages of one name. */
  pkgPathMap: Map<string, Set<string>> | null = null;

  constructor(
    pkg: Package,
    ctxt: Context,
    sources: Sources,
    diagnostics: Diagnostics,
    importer: Importer,
    nodeIds: NodeIds,
    options: CheckOptions,
  ) {
    this.pkg = pkg;
    this.ctxt = ctxt;
    this.ids = ctxt.ids;
    this.sources = sources;
    this.diagnostics = diagnostics;
    this.importer = importer;
    this.nodeIds = nodeIds;
    this.options = options;
  }

  /** The object that a name means here, or null. */
  lookup(name: string): Obj | null {
    for (let s = this.env.scope; s !== null; s = s.parent) {
      const obj = s.lookup(name);
      if (obj !== null) return obj;
    }
    return null;
  }

  /** Notes that what is being checked refers to the package-level object or method `to`. */
  addDeclDep(to: Obj): void {
    const from = this.env.decl;
    if (from === null || to.decl === null || to.pkg !== this.pkg) return;
    from.addDep(to);
  }

  /** Puts off an action to the end of the statement or declaration that is being checked. */
  later(run: () => void): void {
    this.delayed.push(new Action(this.env.version, run));
  }

  /** Runs the actions put off since there were `top` of them, and those that they put off. */
  processDelayed(top: number): void {
    const saved = this.env.version;
    for (let i = top; i < this.delayed.length; i++) {
      const a = this.delayed[i] as Action;
      this.env.version = a.version;
      a.run();
    }
    this.delayed.length = top;
    this.env.version = saved;
  }

  push(obj: Obj): void {
    obj.pathIndex = this.objPath.length;
    this.objPath.push(obj);
  }

  pop(): void {
    (this.objPath.pop() as Obj).pathIndex = -1;
  }

  needsCleanup(t: Named | Alias | TypeParam | Interface): void {
    this.cleaners.push(t);
  }

  rememberUntyped(e: Expr, isLhs: boolean, mode: number, type: Basic, val: Constant | null): void {
    this.untyped.set(e, new ExprInfo(isLhs, mode, type, val));
  }
}
