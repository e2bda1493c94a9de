// Types and objects as text, for messages and for the names that programs see.

import { quote } from "./constant/bytestring.ts";
import * as K from "./kinds.ts";
import { funcSignature, typeParamsOf } from "./named.ts";
import { type Func, isExported, type Obj, type TypeName, type Var } from "./object.ts";
import type { Package } from "./package.ts";
import { isTypeParam } from "./predicates.ts";
import { type Signature, type Tuple, type Type, type TypeParam, universeByte, universeRune } from "./types.ts";
import { anyInterface, comparableInterface, emptyInterface, universe, unsafePackage } from "./universe.ts";
import { under } from "./under.ts";

/** How a package is shown in front of a name; "" for not at all. */
export type Qualifier = (pkg: Package) => string;

export function typeString(typ: Type | null, qf: Qualifier | null): string {
  const w = new TypeWriter(qf);
  w.typ(typ);
  return w.buf;
}

/** Qualifies by path everything that isn't in pkg. */
export function relativeTo(pkg: Package): Qualifier {
  return (other) => (other === pkg ? "" : other.path);
}

const kindWords: readonly string[] = [
  "",
  "*Basic",
  "*Named",
  "*Pointer",
  "*Slice",
  "*Array",
  "*Map",
  "*Chan",
  "*Signature",
  "*Tuple",
  "*Struct",
  "*Interface",
  "*TypeParam",
  "*Union",
  "*Alias",
];

/** The name of the kind of a type in the checker's own words. */
export function goTypeName(t: Type): string {
  return kindWords[t.kind] as string;
}

export class TypeWriter {
  buf = "";
  readonly qf: Qualifier | null;
  /** Write names of parameters. */
  paramNames = true;
  /** Write the indices of type parameters as subscripts. */
  tpSubscripts = false;
  /** Point out the package of the first unexported field. */
  pkgInfo = false;
  private readonly seen: Type[] = [];

  constructor(qf: Qualifier | null) {
    this.qf = qf;
  }

  string(s: string): void {
    this.buf += s;
  }

  typ(t: Type | null): void {
    if (t === null) {
      this.buf += "<nil>";
      return;
    }
    if (t.kind !== K.TBasic) {
      if (this.seen.includes(t)) {
        this.buf += `<cycle to ${goTypeName(t)}>`;
        return;
      }
    }
    this.seen.push(t);
    this.write(t);
    this.seen.pop();
  }

  private write(t: Type): void {
    switch (t.kind) {
      case K.TBasic:
        if (t.basic === K.UnsafePointer) this.typeName(unsafePackage.scope.lookup("Pointer") as TypeName);
        else this.buf += t.name;
        break;
      case K.TArray:
        this.buf += `[${BigInt(t.len)}]`;
        this.typ(t.elem);
        break;
      case K.TSlice:
        this.buf += "[]";
        this.typ(t.elem);
        break;
      case K.TStruct:
        this.buf += "struct{";
        for (let i = 0; i < t.fields.length; i++) this.field(t.fields[i] as Var, t.tags[i] ?? "", i > 0);
        this.buf += "}";
        break;
      case K.TPointer:
        this.buf += "*";
        this.typ(t.elem);
        break;
      case K.TTuple:
        this.tuple(t, false);
        break;
      case K.TSignature:
        this.buf += "func";
        this.signature(t);
        break;
      case K.TUnion:
        for (let i = 0; i < t.terms.length; i++) {
          if (i > 0) this.buf += " | ";
          if (t.terms[i]?.tilde) this.buf += "~";
          this.typ(t.terms[i]?.type ?? null);
        }
        break;
      case K.TInterface:
        this.iface(t);
        break;
      case K.TMap:
        this.buf += "map[";
        this.typ(t.key);
        this.buf += "]";
        this.typ(t.elem);
        break;
      case K.TChan: {
        // chan (<-chan T) would be read differently without parentheses.
        const parens = t.dir === K.SendRecv && t.elem.kind === K.TChan && t.elem.dir === K.RecvOnly;
        this.buf += t.dir === K.SendRecv ? "chan " : t.dir === K.SendOnly ? "chan<- " : "<-chan ";
        if (parens) this.buf += "(";
        this.typ(t.elem);
        if (parens) this.buf += ")";
        break;
      }
      case K.TNamed:
        this.typeName(t.obj);
        if (t.inst !== null) this.typeList(t.inst.targs);
        else if (typeParamsOf(t).length > 0) this.tParamList(typeParamsOf(t));
        break;
      case K.TTypeParam:
        this.typeParam(t);
        break;
      case K.TAlias:
        this.typeName(t.obj);
        if (t.targs.length > 0) this.typeList(t.targs);
        else if (t.tparams.length > 0) this.tParamList(t.tparams);
        break;
    }
  }

  private field(f: Var, tag: string, separate: boolean): void {
    if (separate) this.buf += "; ";
    let annotate = false;
    if (this.qf === null && this.pkgInfo && !isExported(f.name)) {
      annotate = true;
      this.pkgInfo = false;
    }
    if (!f.embedded) this.buf += `${f.name} `;
    this.typ(f.type);
    if (annotate) this.buf += ` /* package ${f.pkg === null ? "" : f.pkg.path} */ `;
    if (tag !== "") this.buf += ` ${quote(tag)}`;
  }

  private iface(t: Type & { kind: typeof K.TInterface }): void {
    if (t === anyInterface) {
      this.buf += "any";
      return;
    }
    if (t === comparableInterface) {
      this.buf += "interface{comparable}";
      return;
    }
    if (t.implicit) {
      if (t.methods.length === 0 && t.embeddeds.length === 1) {
        this.typ(t.embeddeds[0] as Type);
        return;
      }
      this.buf += "/* implicit */ ";
    }
    this.buf += "interface{";
    let first = true;
    for (let i = 0; i < t.methods.length; i++) {
      if (!first) this.buf += "; ";
      first = false;
      const m = t.methods[i] as Func;
      this.buf += m.name;
      this.signature(funcSignature(m));
    }
    for (let i = 0; i < t.embeddeds.length; i++) {
      if (!first) this.buf += "; ";
      first = false;
      this.typ(t.embeddeds[i] as Type);
    }
    this.buf += "}";
  }

  private typeParam(t: TypeParam): void {
    this.buf += t.obj.name;
    if (this.tpSubscripts) this.buf += subscript(t.id);
    // A type parameter with a predeclared name would be confusing.
    if (universe.lookup(t.obj.name) !== null) {
      let at = "";
      if (t.check !== null) {
        const p = t.check.sources.position(t.obj.pos);
        at = `${p.file}:${p.line}${p.column > 0 ? `:${p.column}` : ""}`;
      }
      this.buf += ` /* with ${t.obj.name} declared at ${at} */`;
    }
  }

  typeList(list: Type[]): void {
    this.buf += "[";
    for (let i = 0; i < list.length; i++) {
      if (i > 0) this.buf += ", ";
      this.typ(list[i] as Type);
    }
    this.buf += "]";
  }

  tParamList(list: TypeParam[]): void {
    this.buf += "[";
    let prev: Type | null = null;
    for (let i = 0; i < list.length; i++) {
      const p = list[i] as TypeParam;
      if (i > 0) {
        if (p.bound !== prev) {
          this.buf += " ";
          this.typ(prev);
        }
        this.buf += ", ";
      }
      prev = p.bound;
      this.typ(p);
    }
    if (prev !== null) {
      this.buf += " ";
      this.typ(prev);
    }
    this.buf += "]";
  }

  typeName(obj: TypeName): void {
    this.buf += packagePrefix(obj.pkg, this.qf) + obj.name;
  }

  tuple(t: Tuple, variadic: boolean): void {
    this.buf += "(";
    for (let i = 0; i < t.vars.length; i++) {
      const v = t.vars[i] as Var;
      if (i > 0) this.buf += ", ";
      if (v.name !== "" && this.paramNames) this.buf += `${v.name} `;
      const typ = v.type as Type;
      if (variadic && i === t.vars.length - 1) {
        if (typ.kind === K.TSlice) {
          this.buf += "...";
          this.typ(typ.elem);
        } else {
          // append([]byte, s...)
          this.typ(typ);
          this.buf += "...";
        }
      } else {
        this.typ(typ);
      }
    }
    this.buf += ")";
  }

  signature(sig: Signature): void {
    if (sig.tparams.length > 0) this.tParamList(sig.tparams);
    this.tuple(sig.params, sig.variadic);
    const results = sig.results.vars;
    if (results.length === 0) return;
    this.buf += " ";
    if (results.length === 1 && (results[0] as Var).name === "") this.typ((results[0] as Var).type);
    else this.tuple(sig.results, false);
  }
}

function subscript(x: number): string {
  return String(x).replace(/\d/g, (d) => String.fromCharCode(0x2080 + Number(d)));
}

export function packagePrefix(pkg: Package | null, qf: Qualifier | null): string {
  if (pkg === null) return "";
  const s = qf !== null ? qf(pkg) : pkg.path;
  return s === "" ? "" : `${s}.`;
}

/** Whether a type name is an alias. */
export function isAliasName(obj: TypeName): boolean {
  const t = obj.type;
  if (t === null) return false;
  switch (t.kind) {
    case K.TBasic:
      if (obj.pkg === unsafePackage) return false;
      return obj.pkg !== null || t.name !== obj.name || t === universeByte || t === universeRune;
    case K.TNamed:
      return obj !== t.obj;
    case K.TTypeParam:
      return obj !== t.obj;
    default:
      return true;
  }
}

/** An object with its kind and type. */
export function objectString(obj: Obj, qf: Qualifier | null): string {
  const w = new TypeWriter(qf);
  let typ = obj.type;
  let tname: TypeName | null = null;
  switch (obj.kind) {
    case K.OPkgName: {
      const path = obj.imported.path;
      return `package ${obj.name}${path !== "" && path !== obj.name ? ` (${quote(path)})` : ""}`;
    }
    case K.OConst:
      w.buf += "const";
      break;
    case K.OTypeName:
      tname = obj;
      w.buf += "type";
      if (typ !== null && isTypeParam(typ)) w.buf += " parameter";
      break;
    case K.OVar:
      w.buf += obj.varKind === K.FieldVar ? "field" : "var";
      break;
    case K.OFunc:
      w.buf += `func ${funcName(obj, qf)}`;
      if (obj.type !== null) w.signature(obj.type);
      return w.buf;
    case K.OLabel:
      w.buf += "label";
      typ = null;
      break;
    case K.OBuiltin:
      w.buf += "builtin";
      typ = null;
      break;
    case K.ONil:
      return "nil";
  }
  w.buf += " ";
  if (obj.pkg !== null && obj.pkg.scope.lookup(obj.name) === obj) w.buf += packagePrefix(obj.pkg, qf);
  w.buf += obj.name;
  if (typ === null) return w.buf;
  if (tname !== null) {
    if (typ.kind === K.TBasic) return w.buf;
    if (typ.kind === K.TNamed || typ.kind === K.TAlias) {
      const tparams = typ.kind === K.TNamed ? typeParamsOf(typ) : typ.tparams;
      if (tparams.length > 0) w.tParamList(tparams);
    }
    if (isAliasName(tname)) {
      w.buf += " =";
      if (typ.kind === K.TAlias) typ = typ.fromRHS as Type;
    } else if (typ.kind === K.TTypeParam) {
      typ = typ.bound as Type;
    } else {
      typ = under(typ);
    }
  }
  if (obj.name === "any" && obj.parent === universe) typ = emptyInterface;
  w.buf += " ";
  w.typ(typ);
  return w.buf;
}

/** The name of a function, with its receiver or package. */
export function funcName(f: Func, qf: Qualifier | null): string {
  let s = "";
  if (f.type !== null) {
    const recv = f.type.recv;
    if (recv !== null) s = `(${(recv.type as Type).kind === K.TInterface ? "interface" : typeString(recv.type, qf)}).`;
    else s = packagePrefix(f.pkg, qf);
  }
  return s + f.name;
}

/** What an object is, in words. */
export function objectKind(obj: Obj): string {
  switch (obj.kind) {
    case K.OPkgName:
      return "package name";
    case K.OConst:
      return "constant";
    case K.OTypeName:
      if (isAliasName(obj)) return "type alias";
      return obj.type !== null && obj.type.kind === K.TTypeParam ? "type parameter" : "defined type";
    case K.OVar:
      return ["", "package-level variable", "local variable", "receiver", "parameter", "result variable", "struct field"][
        obj.varKind
      ] as string;
    case K.OFunc:
      return obj.type !== null && obj.type.recv !== null ? "method" : "function";
    case K.OLabel:
      return "label";
    case K.OBuiltin:
      return "built-in function";
    case K.ONil:
      return "untyped nil";
  }
}
