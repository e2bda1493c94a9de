// Collects the package-level objects of a package, with their declarations but without types.

import { NoPos, type Pos } from "../base/pos.ts";
import * as S from "../syntax/kinds.ts";
import { OpMul, PragmaNointerface } from "../syntax/tokens.ts";
import { type ConstDecl, type Expr, type File, type FuncDecl, type ImportDecl, Name, type VarDecl } from "../syntax/tree.ts";
import { unparen, unpackListExpr } from "../syntax/unparen.ts";
import type { Checker } from "./checker.ts";
import { fromByteString, unquote } from "./constant/bytestring.ts";
import { makeInt } from "./constant/make.ts";
import { declare } from "./decl.ts";
import { DeclInfo } from "./declinfo.ts";
import { error, errorf, newError, softErrorf, verifyVersionf } from "./errors.ts";
import { posString } from "./format.ts";
import * as K from "./kinds.ts";
import { Const, Func, isExported, type Obj, PkgName, TypeName, Var } from "./object.ts";
import { Package } from "./package.ts";
import { recordDef, recordImplicit } from "./record.ts";
import { Scope } from "./scope.ts";
import { Typ } from "./types.ts";
import { universe } from "./universe.ts";
import { go1_18, go1_21, goCurrent, parseVersion, versionString } from "./version.ts";

/** Reports a difference between the numbers of names and initialisers. */
export function arity(
  check: Checker,
  pos: Pos,
  names: readonly Name[],
  inits: readonly Expr[],
  constDecl: boolean,
  inherited: boolean,
): void {
  const l = names.length;
  const r = inits.length;
  if (l < r) {
    const n = inits[l];
    if (inherited) errorf(check, pos, "extra init expr at %s", posString(check, n.pos));
    else errorf(check, n, "extra init expr %s", n);
  } else if (l > r && (constDecl || r !== 1)) {
    // A single expression may be a call with several results.
    const n = names[r];
    errorf(check, n, "missing init expr for %s", n.value);
  }
}

/** The path of an import, or the reason why it is none. */
function validatedImportPath(literal: string): { path: string; err: string } {
  const s = unquote(literal);
  if (s === null) return { path: "", err: "invalid syntax" };
  const path = fromByteString(s);
  if (path === "") return { path, err: "empty string" };
  for (const ch of path) {
    if (/[^\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(ch) || "!\"#$%&'()*,:;<=>?[\\]^{|}`\uFFFD".includes(ch)) {
      const code = ch.codePointAt(0) as number;
      const hex = code.toString(16).toUpperCase().padStart(4, "0");
      return { path, err: `invalid character U+${hex}${/\p{C}/u.test(ch) ? "" : ` '${ch}'`}` };
    }
  }
  return { path, err: "" };
}

function declarePkgObj(check: Checker, ident: Name, obj: Obj, d: DeclInfo): void {
  if (ident.value === "init") {
    error(check, ident, "cannot declare init - must be func");
    return;
  }
  if (ident.value === "main" && check.pkg.name === "main") {
    error(check, ident, "cannot declare main - must be func");
    return;
  }
  declare(check, check.pkg.scope, ident, obj, NoPos);
  addObject(check, obj, d);
}

function addObject(check: Checker, obj: Obj, d: DeclInfo): void {
  obj.decl = d;
  check.objList.push(obj);
  obj.order = check.objList.length;
}

function importPackage(check: Checker, pos: Pos, path: string): Package {
  if (path === "C" && check.options.fakeImportC) {
    const fake = new Package(universe, "C", "C");
    fake.fake = true;
    return fake;
  }
  const found = check.importer.import(path, check.pkg);
  if (typeof found !== "string" && found.name !== "_" && found.name !== "") return found;
  errorf(check, pos, "could not import %s (%s)", path, typeof found === "string" ? found : `invalid package name: "${found.name}"`);
  const trimmed = path.endsWith("/") ? path.slice(0, -1) : path;
  const fake = new Package(universe, path, trimmed.slice(trimmed.lastIndexOf("/") + 1));
  fake.fake = true;
  return fake;
}

/** A method and the name in its receiver. */
interface MethodInfo {
  readonly obj: Func;
  readonly ptr: boolean;
  readonly recv: Name;
}

/** The language version that holds for a file. */
function fileVersion(check: Checker, file: File): number {
  const v = parseVersion(file.goVersion);
  if (v === 0) return parseVersion(check.options.goVersion);
  if (v > goCurrent) errorf(check, file.pkgName, "file requires newer Go version %s", file.goVersion);
  return Math.max(v, go1_21);
}

/** Sets the package's files and name, ignoring files of other packages. */
export function initFiles(check: Checker, files: readonly File[]): void {
  const pkg = check.pkg;
  for (const file of files) {
    const name = file.pkgName.value;
    if (pkg.name === "" || name === "_") {
      if (name !== "_") pkg.name = name;
      else error(check, file.pkgName, "invalid package name _");
      check.files.push(file);
    } else if (pkg.name === name) {
      check.files.push(file);
    } else {
      errorf(check, file, "package %s; expected package %s", name, pkg.name);
    }
  }
  const v = parseVersion(check.options.goVersion);
  if (v > goCurrent && files.length > 0) {
    errorf(
      check,
      files[0],
      "package requires newer Go version %s (application built with %s)",
      check.options.goVersion,
      versionString(goCurrent),
    );
  }
}

/** Collects the objects of all files. */
export function collectObjects(check: Checker): void {
  const pkg = check.pkg;
  const methods: MethodInfo[] = [];
  const fileScopes: Scope[] = [];
  const imported: Map<string, Package> = new Map();
  for (const file of check.files) {
    const version = fileVersion(check, file);
    check.env.version = version;
    recordDef(check, file.pkgName, null);
    const scope = new Scope(pkg.scope, file.pos, file.eof, file.source.name);
    fileScopes.push(scope);
    collectFile(check, file, scope, version, methods, imported);
  }
  check.env.version = 0;

  // Names in the package and in its files must differ.
  for (const scope of fileScopes) {
    for (const [name, obj] of scope.elems ?? []) {
      const alt = pkg.scope.lookup(name);
      if (alt === null) continue;
      const err = newError(check);
      if (obj.kind === K.OPkgName) {
        err.addf(alt, "%s already declared through import of %s", alt.name, `package ${obj.imported.name} ("${obj.imported.path}")`);
        err.addAltDecl(obj);
      } else {
        err.addf(
          alt,
          "%s already declared through dot-import of %s",
          alt.name,
          obj.pkg === null ? "" : `package ${obj.pkg.name} ("${obj.pkg.path}")`,
        );
        err.addAltDecl(obj);
      }
      err.report();
    }
  }

  for (const m of methods) {
    const { ptr, base } = resolveBaseTypeName(check, m.ptr, m.recv);
    if (base === null) continue;
    m.obj.hasPtrRecv = ptr;
    const list = check.methods.get(base);
    if (list === undefined) check.methods.set(base, [m.obj]);
    else list.push(m.obj);
  }
}

function collectFile(
  check: Checker,
  file: File,
  fileScope: Scope,
  version: number,
  methods: MethodInfo[],
  imported: Map<string, Package>,
): void {
  const pkg = check.pkg;
  let first = -1;
  let lastType: Expr | null = null;
  let lastValues: Expr | null = null;
  let haveLast = false;
  const decls = file.declList;
  for (let index = 0; index < decls.length; index++) {
    const s = decls[index];
    if (s.kind !== S.KindConstDecl) first = -1;
    switch (s.kind) {
      case S.KindImportDecl:
        collectImport(check, fileScope, s, imported);
        break;
      case S.KindConstDecl: {
        if (first < 0 || s.group === null || (decls[index - 1] as ConstDecl).group !== s.group) {
          first = index;
          haveLast = false;
        }
        const iota = makeInt(index - first);
        let inherited = true;
        if (s.type !== null || s.values !== null || !haveLast) {
          lastType = s.type;
          lastValues = s.values;
          haveLast = true;
          inherited = false;
        }
        const values = unpackListExpr(lastValues);
        for (let i = 0; i < s.nameList.length; i++) {
          const name = s.nameList[i];
          const obj = new Const(check.ids, name.pos, pkg, name.value, null, iota);
          const init = i < values.length ? values[i] : null;
          declarePkgObj(check, name, obj, new DeclInfo(fileScope, file, version, null, lastType, init, inherited, null, null));
        }
        arity(check, s.pos, s.nameList, values, true, inherited);
        break;
      }
      case S.KindVarDecl:
        collectVars(check, file, fileScope, version, s);
        break;
      case S.KindTypeDecl: {
        const obj = new TypeName(check.ids, s.name.pos, pkg, s.name.value, null);
        declarePkgObj(check, s.name, obj, new DeclInfo(fileScope, file, version, null, null, null, false, s, null));
        break;
      }
      case S.KindFuncDecl:
        collectFunc(check, file, fileScope, version, s, methods);
        break;
    }
  }
}

function collectVars(check: Checker, file: File, fileScope: Scope, version: number, s: VarDecl): void {
  const values = unpackListExpr(s.values);
  const lhs: Var[] = [];
  // With one initialiser (or none), all variables share the declaration.
  const shared = values.length <= 1 ? new DeclInfo(fileScope, file, version, lhs, s.type, s.values, false, null, null) : null;
  for (let i = 0; i < s.nameList.length; i++) {
    const name = s.nameList[i];
    const obj = new Var(check.ids, K.PackageVar, name.pos, check.pkg, name.value, null);
    lhs.push(obj);
    const init = i < values.length ? values[i] : null;
    declarePkgObj(check, name, obj, shared ?? new DeclInfo(fileScope, file, version, null, s.type, init, false, null, null));
  }
  if (s.type === null || values.length > 0) arity(check, s.pos, s.nameList, values, false, false);
}

function collectFunc(check: Checker, file: File, fileScope: Scope, version: number, s: FuncDecl, methods: MethodInfo[]): void {
  const pkg = check.pkg;
  const name = s.name.value;
  const obj = new Func(check.ids, s.name.pos, pkg, name, null);
  obj.noInterface = (s.pragma & PragmaNointerface) !== 0;
  let hasTParamError = false;
  if (s.recv === null) {
    if (name === "init" || (name === "main" && pkg.name === "main")) {
      if (s.tparamList.length !== 0) {
        softErrorf(check, s.tparamList[0], "func %s must have no type parameters", name);
        hasTParamError = true;
      }
      if (s.type.paramList.length !== 0 || s.type.resultList.length !== 0) {
        softErrorf(check, s.name, "func %s must have no arguments and no return values", name);
      }
    }
    if (name === "init") {
      // Nobody can refer to it.
      obj.parent = pkg.scope;
      recordDef(check, s.name, obj);
      if (!s.hasBody) softErrorf(check, obj.pos, "func init must have a body");
    } else {
      declare(check, pkg.scope, s.name, obj, NoPos);
    }
  } else {
    const { ptr, base } = unpackRecv(check, s.recv.type, false);
    if (base.kind === S.KindName && name !== "_") methods.push({ obj, ptr, recv: base });
    recordDef(check, s.name, obj);
  }
  if (s.tparamList.length !== 0 && !hasTParamError) verifyVersionf(check, s.tparamList[0], go1_18, "type parameter");
  addObject(check, obj, new DeclInfo(fileScope, file, version, null, null, null, false, null, s));
}

function collectImport(check: Checker, fileScope: Scope, s: ImportDecl, imported: Map<string, Package>): void {
  if (s.path === null || s.path.bad) return;
  const { path, err } = validatedImportPath(s.path.value);
  if (err !== "") {
    errorf(check, s.path, "invalid import path (%s)", err);
    return;
  }
  const known = imported.get(path);
  const imp = known ?? importPackage(check, s.path.pos, path);
  let name = imp.name;
  if (s.localPkgName !== null) {
    name = s.localPkgName.value;
    if (path === "C") {
      error(check, s.localPkgName, 'cannot rename import "C"');
      return;
    }
  }
  if (name === "init") {
    error(check, s, "cannot import package as init - init must be a func");
    return;
  }
  if (known === undefined) {
    imported.set(path, imp);
    check.pkg.imports.push(imp);
  }
  const pkgName = new PkgName(check.ids, s.pos, check.pkg, name, Typ[K.Invalid], imp);
  if (s.localPkgName !== null) recordDef(check, s.localPkgName, pkgName);
  else recordImplicit(check, s, pkgName);
  if (imp.fake) pkgName.used = true;
  check.imports.push(pkgName);
  if (name !== ".") {
    declare(check, fileScope, null, pkgName, NoPos);
    return;
  }
  if (check.dotImports === null) check.dotImports = new Map();
  let byName = check.dotImports.get(fileScope);
  if (byName === undefined) {
    byName = new Map();
    check.dotImports.set(fileScope, byName);
  }
  for (const [n, obj] of imp.scope.elems ?? []) {
    if (!isExported(n)) continue;
    const alt = fileScope.lookup(n);
    if (alt !== null) {
      const e = newError(check);
      e.addf(s.localPkgName as Name, "%s redeclared in this block", alt.name);
      e.addAltDecl(alt);
      e.report();
    } else {
      fileScope.insert(obj);
      byName.set(n, pkgName);
    }
  }
}

/** Takes a receiver's type apart: "(" ["*"] base ["[" tparams "]"] ")". `tparams` is null if there are none or they aren't wanted. */
export function unpackRecv(check: Checker, rtyp: Expr, unpackParams: boolean): { ptr: boolean; base: Expr; tparams: Name[] | null } {
  let ptr = false;
  let base = unparen(rtyp);
  if (base.kind === S.KindOperation && base.op === OpMul && base.y === null) {
    ptr = true;
    base = unparen(base.x);
  }
  let tparams: Name[] | null = null;
  if (base.kind === S.KindIndexExpr) {
    const index = base.index;
    base = base.x;
    if (unpackParams) {
      tparams = [];
      for (const arg of unpackListExpr(index)) {
        if (arg.kind === S.KindName) {
          tparams.push(arg);
          continue;
        }
        if (arg.kind !== S.KindBadExpr) errorf(check, arg, "receiver type parameter %s must be an identifier", arg);
        tparams.push(new Name(arg.pos, check.nodeIds.next++, "_"));
      }
    }
  }
  return { ptr, base, tparams };
}

/** The type that a method with a receiver of this name belongs to, seen through aliases that aren't generic. */
function resolveBaseTypeName(check: Checker, ptr: boolean, name: Name | null): { ptr: boolean; base: TypeName | null } {
  const seen: TypeName[] = [];
  while (name !== null) {
    const obj = check.pkg.scope.lookup(name.value);
    if (obj === null || obj.kind !== K.OTypeName || seen.includes(obj)) break;
    const tdecl = obj.decl?.tdecl ?? null;
    if (tdecl === null) break;
    if (!tdecl.alias) return { ptr, base: obj };
    if (tdecl.tparamList.length > 0) break;
    seen.push(obj);
    let t = unparen(tdecl.type);
    if (t.kind === S.KindOperation && t.op === OpMul && t.y === null) {
      if (ptr) break;
      ptr = true;
      t = unparen(t.x);
    }
    name = t.kind === S.KindName ? t : null;
  }
  return { ptr: false, base: null };
}

/** Reports imports that nothing refers to. */
export function unusedImports(check: Checker): void {
  for (const obj of check.imports) {
    if (obj.name === "_" || obj.used) continue;
    const path = obj.imported.path;
    const elem = path.slice(path.lastIndexOf("/") + 1);
    if (obj.name === "" || obj.name === "." || obj.name === elem) softErrorf(check, obj, '"%s" imported and not used', path);
    else softErrorf(check, obj, '"%s" imported as %s and not used', path, obj.name);
  }
}
