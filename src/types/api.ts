// The public entry of the type checker.

import type { Diagnostics } from "../base/diagnostics.ts";
import type { Sources } from "../base/pos.ts";
import type { File, NodeIds } from "../syntax/tree.ts";
import { asNamed, unalias } from "./alias.ts";
import { checkBody, checkFiles, initializers, orderOf } from "./check.ts";
import { Checker, type CheckOptions, type Importer } from "./checker.ts";
import { Context } from "./context.ts";
import { checkInit, objDecl } from "./decl.ts";
import { compilerChecks } from "./gccheck.ts";
import type { Info, Initializer } from "./info.ts";
import { implements_, instance } from "./instantiate.ts";
import { ModeValue } from "./kinds.ts";
import { deref, lookupFieldOrMethod, LookupResult, missingMethod } from "./lookup.ts";
import { methodSet } from "./methodset.ts";
import { funcSignature, namedMethod, namedObj, namedUnder, numMethods, originNamed, typeParamsOf } from "./named.ts";
import type { Func, Obj, Var } from "./object.ts";
import { assignableTo as operandAssignableTo, Operand } from "./operand.ts";
import { Package } from "./package.ts";
import { comparable, identical, identicalIgnoreTags, isInterface, isTypeParam } from "./predicates.ts";
import { alignof, offsetsof, sizeof } from "./sizes.ts";
import { typeSet } from "./typeset.ts";
import type { Alias, Named, Signature, Type, TypeIds } from "./types.ts";
import { objectString, typeString } from "./typestring.ts";
import { under } from "./under.ts";
import { testUniverse, universe, unsafePackage } from "./universe.ts";
import { NoPos } from "../base/pos.ts";

export {
  alignof,
  asNamed,
  checkBody,
  Checker,
  type CheckOptions,
  comparable,
  Context,
  deref,
  funcSignature,
  identical,
  identicalIgnoreTags,
  type Importer,
  isInterface,
  isTypeParam,
  lookupFieldOrMethod,
  LookupResult,
  methodSet,
  missingMethod,
  namedMethod,
  namedObj,
  namedUnder,
  numMethods,
  objDecl,
  objectString,
  offsetsof,
  originNamed,
  Package,
  sizeof,
  typeParamsOf,
  typeSet,
  typeString,
  unalias,
  under,
  universe,
  unsafePackage,
};

/** Whether a value of type V can be assigned to a variable of type T. */
export function assignableTo(V: Type, T: Type): boolean {
  const x = new Operand();
  x.mode = ModeValue;
  x.typ = V;
  return operandAssignableTo(x, null, T, null);
}

/** Whether V implements the interface T. */
export function implementsInterface(V: Type, T: Type): boolean {
  return implements_(null, V, T, false, null);
}

/** What a package is checked with; see CheckOptions. */
export interface PackageOptions extends Partial<CheckOptions> {
  /** Parser mode of the package, for bodies that are parsed on demand. */
  readonly parseMode?: number;
  /** Declare assert and trace, for the checker's own tests. */
  readonly testFuncs?: boolean;
}

/** Checks the packages of one program. Identical instances of generic types are one object in all of them. */
export class TypeChecker {
  readonly sources: Sources;
  readonly diagnostics: Diagnostics;
  readonly context: Context;
  private readonly importer: Importer;

  constructor(sources: Sources, diagnostics: Diagnostics, importer: Importer) {
    this.sources = sources;
    this.diagnostics = diagnostics;
    this.importer = importer;
    this.context = new Context();
  }

  get ids(): TypeIds {
    return this.context.ids;
  }

  /**
   * Checks a package whose imports the importer knows. With `lazy`, objects and bodies are checked when they are asked
   * for. `name` may be "": then the files tell. `nodeIds` are those that the files were parsed with.
   */
  checkPackage(path: string, name: string, files: readonly File[], nodeIds: NodeIds, options: PackageOptions): Package {
    const pkg = new Package(options.testFuncs === true ? testUniverse : universe, path, name);
    const check = new Checker(pkg, this.context, this.sources, this.diagnostics, this.importer, nodeIds, {
      lazy: options.lazy ?? false,
      ignoreFuncBodies: options.ignoreFuncBodies ?? false,
      goVersion: options.goVersion ?? "",
      disableUnusedImportCheck: options.disableUnusedImportCheck ?? false,
      fakeImportC: options.fakeImportC ?? false,
    });
    check.parseMode = options.parseMode ?? 0;
    pkg.goVersion = check.options.goVersion;
    pkg.checker = check;
    checkFiles(check, files);
    return pkg;
  }

  /**
   * Checks the rules that are gc's rather than the language's (directives, missing bodies, sizes) on a package that has no
   * errors. `complete` says that the package has no assembly, so that every function needs a body.
   */
  checkCompilerRules(pkg: Package, complete: boolean): void {
    if (pkg.checker !== null && pkg.checker.errorCount === 0) compilerChecks(pkg.checker, complete);
  }

  /** Parses and checks the body of a function if that hasn't been done. */
  checkBody(f: Func): void {
    checkBody(f);
  }

  /** Resolves an object of a lazily checked package. */
  resolve(obj: Obj): void {
    objDecl(null, obj);
  }

  /** The steps of a package's initialisation, not yet in order; those of a lazily checked package may be unchecked. */
  initializers(pkg: Package): readonly Initializer[] {
    return pkg.checker === null ? [] : initializers(pkg.checker);
  }

  /** Checks a step of the initialisation if that hasn't been done. */
  checkInitializer(step: Initializer): void {
    checkInit(step.lhs[0] as Var);
  }

  /** Steps of a package's initialisation (by default all) in their order; checks them and what they depend on. */
  initOrder(pkg: Package, steps: readonly Initializer[] = this.initializers(pkg)): readonly Initializer[] {
    return pkg.checker === null ? [] : orderOf(pkg.checker, steps);
  }

  info(pkg: Package): Info {
    if (pkg.checker === null) throw new Error(`package ${pkg.path} has no information`);
    return pkg.checker.info;
  }

  /** An instance of a generic type or function. */
  instantiate(orig: Named | Alias | Signature, targs: Type[]): Type {
    return instance(null, NoPos, orig, targs, null, this.context);
  }
}
