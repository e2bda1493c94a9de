// Names of functions and variables as symbols, and what `//go:linkname` makes of them.

import { unalias } from "../types/alias.ts";
import * as K from "../types/kinds.ts";
import { funcSignature, namedObj } from "../types/named.ts";
import { type Func, isExported, originFunc, type Var } from "../types/object.ts";
import type { Package } from "../types/package.ts";
import type { Type } from "../types/types.ts";
import type { ProgramSource } from "./source.ts";
import type { TypeNames } from "./typenames.ts";

/** Where a linkname points to that gives a name to something of its own package. */
export interface Pushed {
  readonly pkg: ProgramSource;
  readonly local: string;
}

/** Linknames of all packages. */
export class Linknames {
  /** By package path and local name: the symbol's name. */
  private readonly renamed = new Map<string, string>();
  /** By symbol name: the declarations that carry it. */
  private readonly pushed = new Map<string, Pushed[]>();

  constructor(packages: readonly ProgramSource[]) {
    for (const pkg of packages) {
      for (const file of pkg.files) {
        for (const link of file.linknames) {
          if (link.remote === "") continue;
          this.renamed.set(`${pkg.types.path}\n${link.local}`, link.remote);
          const list = this.pushed.get(link.remote);
          if (list === undefined) this.pushed.set(link.remote, [{ pkg, local: link.local }]);
          else list.push({ pkg, local: link.local });
        }
      }
    }
  }

  /** The name that a linkname gives to a package-level function or variable, or undefined. */
  of(pkg: Package, name: string): string | undefined {
    return this.renamed.get(`${pkg.path}\n${name}`);
  }

  candidates(symbol: string): readonly Pushed[] {
    return this.pushed.get(symbol) ?? [];
  }
}

/** Whether a function is a method. */
export function isMethod(f: Func): boolean {
  return f.type !== null ? f.type.recv !== null : f.decl !== null && f.decl.fdecl !== null && f.decl.fdecl.recv !== null;
}

/** The name of a method of a type: "p.T.M", "p.(*T).M", also for types without name. */
export function methodName(names: TypeNames, recv: Type, method: Func): string {
  const a = unalias(recv);
  const name =
    isExported(method.name) || method.pkg === null || declaredIn(a, method.pkg)
      ? method.name
      : `${names.prefix(method.pkg)}.${method.name}`;
  if (a.kind !== K.TPointer) return `${names.link(a)}.${name}`;
  const elem = unalias(a.elem);
  if (elem.kind !== K.TNamed) return `(*${names.link(elem)}).${name}`;
  const full = names.link(elem);
  const pkg = namedObj(elem).pkg;
  const prefix = pkg === null ? "" : `${names.prefix(pkg)}.`;
  return `${prefix}(*${full.slice(prefix.length)}).${name}`;
}

function declaredIn(t: Type, pkg: Package): boolean {
  const base = t.kind === K.TPointer ? unalias(t.elem) : t;
  return base.kind === K.TNamed && namedObj(base).pkg === pkg;
}

/** The symbol of a function instance before linknames. `typeArgs` are the receiver's for methods. */
export function functionName(names: TypeNames, f: Func, typeArgs: readonly Type[]): string {
  const origin = originFunc(f);
  const pkg = origin.pkg as Package;
  const args = typeArgs.length === 0 ? "" : `[${typeArgs.map((t) => names.link(t)).join(",")}]`;
  const recv = isMethod(origin) ? funcSignature(origin).recv : null;
  if (recv === null) return `${names.prefix(pkg)}.${origin.name}${args}`;
  const t = unalias(recv.type as Type);
  const pointer = t.kind === K.TPointer;
  const base = unalias(pointer ? t.elem : t);
  // An instantiated receiver's own name would show its type parameters: take the declared name.
  const own = base.kind === K.TNamed ? namedObj(base).name : names.link(base);
  return pointer ? `${names.prefix(pkg)}.(*${own}${args}).${origin.name}` : `${names.prefix(pkg)}.${own}${args}.${origin.name}`;
}

export function variableName(names: TypeNames, v: Var): string {
  return `${names.prefix(v.pkg as Package)}.${v.name}`;
}

/** Splits the name of a symbol into package path and name ("a/b.c" + "F"). */
export function splitSymbol(symbol: string): { prefix: string; name: string } | null {
  const bracket = symbol.indexOf("[");
  const head = bracket < 0 ? symbol : symbol.slice(0, bracket);
  const dot = symbol.indexOf(".", head.lastIndexOf("/") + 1);
  if (dot < 0) return null;
  return { prefix: symbol.slice(0, dot), name: symbol.slice(dot + 1) };
}
