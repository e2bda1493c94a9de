// Formatting of messages: %s, %v, %d, %q and %t with operands, expressions, types, objects, constants and lists of them
// as arguments. Names are qualified by their package unless it is the one being checked.

import type { Pos } from "../base/pos.ts";
import { printExpr } from "../syntax/printer.ts";
import type { Expr } from "../syntax/tree.ts";
import type { Checker } from "./checker.ts";
import { quote, toByteString } from "./constant/bytestring.ts";
import { constantString } from "./constant/text.ts";
import type { Constant } from "./constant/value.ts";
import { ObjectBase, type Obj } from "./object.ts";
import { Operand, operandString } from "./operand.ts";
import type { Package } from "./package.ts";
import type { Type } from "./types.ts";
import { objectString, type Qualifier, typeString } from "./typestring.ts";

export type FormatArg =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | Operand
  | Expr
  | Type
  | ObjectBase
  | Constant
  | readonly FormatArg[];

/** How names of the packages are shown in messages of this checker. */
export function qualifier(check: Checker): Qualifier {
  return (pkg: Package): string => qualify(check, pkg);
}

function qualify(check: Checker, pkg: Package): string {
  if (pkg === check.pkg) return "";
  if (check.pkgPathMap === null) {
    const map = new Map<string, Set<string>>();
    markImports(check.pkg, map, new Set());
    check.pkgPathMap = map;
  }
  // Packages of the same name are told apart by their paths.
  const paths = check.pkgPathMap.get(pkg.name);
  if (paths !== undefined && paths.size > 1) return quote(toByteString(pkg.path));
  return pkg.name;
}

function markImports(pkg: Package, map: Map<string, Set<string>>, seen: Set<Package>): void {
  if (seen.has(pkg)) return;
  seen.add(pkg);
  const paths = map.get(pkg.name);
  if (paths === undefined) map.set(pkg.name, new Set([pkg.path]));
  else paths.add(pkg.path);
  for (const imported of pkg.imports) markImports(imported, map, seen);
}

/** `file:line:column`, as it appears inside messages. */
export function posString(check: Checker, pos: Pos): string {
  const at = check.sources.position(pos);
  return `${at.file}:${at.line}${at.column > 0 ? `:${at.column}` : ""}`;
}

function argString(arg: FormatArg, qf: Qualifier | null): string {
  switch (typeof arg) {
    case "string":
      return arg;
    case "number":
    case "bigint":
    case "boolean":
      return String(arg);
    case "undefined":
      return "<nil>";
  }
  if (arg === null) return "<nil>";
  if (arg instanceof Operand) return operandString(arg, qf);
  if (Array.isArray(arg)) return `[${arg.map((a) => argString(a as FormatArg, qf)).join(", ")}]`;
  const one = arg as Exclude<typeof arg, readonly FormatArg[]>;
  if (one instanceof ObjectBase) return objectString(one as Obj, qf);
  // Of types, expressions and constants only expressions have positions and only constants have no id.
  if ("pos" in one) return printExpr(one);
  if ("id" in one) return typeString(one, qf);
  return constantString(one);
}

/** Formats; `check` gives the names of packages, null leaves them as full paths. */
export function sprintf(check: Checker | null, format: string, ...args: FormatArg[]): string {
  if (args.length === 0 && !format.includes("%")) return format;
  const qf = check === null ? null : qualifier(check);
  let next = 0;
  return format.replace(/%([svdqt%])/g, (_, verb: string) => {
    if (verb === "%") return "%";
    const text = argString(args[next++], qf);
    return verb === "q" ? quote(toByteString(text)) : text;
  });
}
