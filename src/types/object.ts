// The classes of named things: packages, constants, types, variables, functions, labels, built-ins, nil. Data only, like
// types.ts, and with the same rule for runtime imports.

import type { Pos } from "../base/pos.ts";
import type { Constant } from "./constant/value.ts";
import type { DeclInfo } from "./declinfo.ts";
import * as K from "./kinds.ts";
import type { Package } from "./package.ts";
import type { Scope } from "./scope.ts";
import type { Signature, Type, TypeIds } from "./types.ts";

/** What all objects have. */
export class ObjectBase {
  /** OPkgName ... ONil. */
  readonly kind: number;
  readonly id: number;
  readonly pos: Pos;
  /** Null for labels and the universe. */
  readonly pkg: Package | null;
  readonly name: string;
  /** Null until the declaration is resolved; see objDecl. */
  type: Type | null;
  /** Where it is declared; null for methods and fields. */
  parent: Scope | null;
  /** Source order of package-level objects, from 1; 0 for others. */
  order: number;
  /** Where its scope starts, 0 if not limited. */
  scopePos: Pos;
  /** The declaration of package-level objects and methods; null for others. */
  decl: DeclInfo | null;
  /** Where the object lies on its checker's path of unfinished declarations, -1 if it doesn't. */
  pathIndex: number;
  /** Something refers to it (variables, imports, labels). */
  used: boolean;

  constructor(kind: number, ids: TypeIds, pos: Pos, pkg: Package | null, name: string, type: Type | null) {
    this.kind = kind;
    this.id = ids.fresh();
    this.pos = pos;
    this.pkg = pkg;
    this.name = name;
    this.type = type;
    this.parent = null;
    this.order = 0;
    this.scopePos = 0 as Pos;
    this.decl = null;
    this.pathIndex = -1;
    this.used = false;
  }
}

/** An imported package under its name in one file. */
export class PkgName extends ObjectBase {
  declare readonly kind: typeof K.OPkgName;
  readonly imported: Package;

  constructor(ids: TypeIds, pos: Pos, pkg: Package | null, name: string, invalid: Type, imported: Package) {
    super(K.OPkgName, ids, pos, pkg, name, invalid);
    this.imported = imported;
  }
}

export class Const extends ObjectBase {
  declare readonly kind: typeof K.OConst;
  val: Constant | null;

  constructor(ids: TypeIds, pos: Pos, pkg: Package | null, name: string, type: Type | null, val: Constant | null) {
    super(K.OConst, ids, pos, pkg, name, type);
    this.val = val;
  }
}

const noTypes: readonly Type[] = [];

/** The name of a defined type, alias, type parameter or predeclared type. */
export class TypeName extends ObjectBase {
  declare readonly kind: typeof K.OTypeName;
  /** Of a type declared in a generic function: the type arguments of the instance of the function that this one belongs to. */
  outerArgs: readonly Type[];

  constructor(ids: TypeIds, pos: Pos, pkg: Package | null, name: string, type: Type | null) {
    super(K.OTypeName, ids, pos, pkg, name, type);
    this.outerArgs = noTypes;
  }
}

/** A variable, parameter, result, receiver or struct field. */
export class Var extends ObjectBase {
  declare readonly kind: typeof K.OVar;
  /** One of PackageVar ... FieldVar. */
  varKind: number;
  /** The variable from which this one was instantiated. */
  origin: Var | null;
  embedded: boolean;

  constructor(ids: TypeIds, varKind: number, pos: Pos, pkg: Package | null, name: string, type: Type | null) {
    super(K.OVar, ids, pos, pkg, name, type);
    this.varKind = varKind;
    this.origin = null;
    this.embedded = false;
  }
}

/** A function or method, declared or of an interface. `type` is a Signature (funcSignature of named.ts resolves it). */
export class Func extends ObjectBase {
  declare readonly kind: typeof K.OFunc;
  declare type: Signature | null;
  /** Of a method without type as yet. */
  hasPtrRecv: boolean;
  /** The method from which this one was instantiated. */
  origin: Func | null;
  /** go:nointerface: the method does not count where types implement interfaces. */
  noInterface: boolean;

  constructor(ids: TypeIds, pos: Pos, pkg: Package | null, name: string, type: Signature | null) {
    super(K.OFunc, ids, pos, pkg, name, type);
    this.hasPtrRecv = false;
    this.origin = null;
    this.noInterface = false;
  }
}

export class Label extends ObjectBase {
  declare readonly kind: typeof K.OLabel;

  constructor(ids: TypeIds, pos: Pos, pkg: Package | null, name: string, type: Type | null) {
    super(K.OLabel, ids, pos, pkg, name, type);
  }
}

export class Builtin extends ObjectBase {
  declare readonly kind: typeof K.OBuiltin;
  /** BAppend ... */
  readonly builtin: number;

  constructor(ids: TypeIds, pos: Pos, pkg: Package | null, name: string, type: Type, builtin: number) {
    super(K.OBuiltin, ids, pos, pkg, name, type);
    this.builtin = builtin;
  }
}

export class Nil extends ObjectBase {
  declare readonly kind: typeof K.ONil;

  constructor(ids: TypeIds, pos: Pos, pkg: Package | null, name: string, type: Type | null) {
    super(K.ONil, ids, pos, pkg, name, type);
  }
}

export type Obj = PkgName | Const | TypeName | Var | Func | Label | Builtin | Nil;

/** Whether a name starts with a capital letter. */
export function isExported(name: string): boolean {
  const c = name.charCodeAt(0);
  if (c < 128) return c >= 65 && c <= 90;
  return /^\p{Lu}/u.test(name);
}

/** The name if it is exported, else the name qualified by its package's path. */
export function objectId(pkg: Package | null, name: string): string {
  if (isExported(name)) return name;
  return `${pkg !== null && pkg.path !== "" ? pkg.path : "_"}.${name}`;
}

export function samePkg(a: Package | null, b: Package | null): boolean {
  if (a === null || b === null) return a === b;
  return a === b || a.path === b.path;
}

/** Whether two strings are equal under simple case folding. */
export function equalFold(a: string, b: string): boolean {
  return (
    a === b ||
    (a.length === b.length && a.toLowerCase() === b.toLowerCase()) ||
    (a.length === b.length && a.toUpperCase() === b.toUpperCase())
  );
}

/**
 * Whether `obj` is what `name` means in `pkg`. With foldCase, capitalization and then also packages don't count.
 */
export function sameId(obj: ObjectBase, pkg: Package | null, name: string, foldCase: boolean): boolean {
  if (foldCase && equalFold(obj.name, name)) return true;
  if (obj.name !== name) return false;
  return isExported(name) || samePkg(obj.pkg, pkg);
}

/** The order of objects: exported first, then by name, then by package path. */
export function compareObjects(a: ObjectBase, b: ObjectBase): number {
  if (a === b) return 0;
  const ea = isExported(a.name);
  if (ea !== isExported(b.name)) return ea ? -1 : 1;
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  if (!ea) {
    const pa = a.pkg === null ? "" : a.pkg.path;
    const pb = b.pkg === null ? "" : b.pkg.path;
    return pa < pb ? -1 : pa > pb ? 1 : 0;
  }
  return 0;
}

/** The variable of the generic type or function that `v` was instantiated from, or `v`. */
export function originVar(v: Var): Var {
  return v.origin ?? v;
}

/** The declared function that `f` was instantiated from, or `f`. */
export function originFunc(f: Func): Func {
  return f.origin ?? f;
}
