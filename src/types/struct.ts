// Struct types.

import type { Pos } from "../base/pos.ts";
import * as S from "../syntax/kinds.ts";
import { startPos } from "../syntax/positions.ts";
import { OpMul, StringLit } from "../syntax/tokens.ts";
import { type BasicLit, type Expr, type Field, Name, type Operation, type StructType } from "../syntax/tree.ts";
import type { Checker } from "./checker.ts";
import { quote, unquote } from "./constant/bytestring.ts";
import { error, errorf, newError } from "./errors.ts";
import * as K from "./kinds.ts";
import { deref } from "./lookup.ts";
import { objectId, Var } from "./object.ts";
import { isTypeParam, isValid } from "./predicates.ts";
import { recordDef } from "./record.ts";
import { type Struct, Typ, type Type } from "./types.ts";
import { varType } from "./typexpr.ts";
import { under } from "./under.ts";

/** Collects the fields of a struct type. */
export function structType(check: Checker, styp: Struct, e: StructType): void {
  const fields: Var[] = [];
  const tags: string[] = [];
  const seen: Map<string, Var> = new Map();
  let typ: Type = Typ[K.Invalid] as Type;
  let prev: Expr | null = null;
  for (let i = 0; i < e.fieldList.length; i++) {
    const f = e.fieldList[i] as Field;
    // Fields declared together share the type.
    if (f.type !== prev) {
      typ = varType(check, f.type);
      prev = f.type;
    }
    const lit = i < e.tagList.length ? (e.tagList[i] ?? null) : null;
    const tag = lit === null ? "" : fieldTag(check, lit);
    if (f.name !== null) {
      addField(check, fields, tags, seen, f.name, typ, tag, false);
      continue;
    }
    const pos = startPos(f.type);
    const name = embeddedFieldIdent(f.type);
    if (name === null) {
      errorf(check, pos, "invalid syntax tree: invalid embedded field type %s", f.type);
      // A blank field keeps the number of fields right.
      const blank = new Name(pos, check.nodeIds.next++, "_");
      typ = Typ[K.Invalid] as Type;
      addField(check, fields, tags, seen, blank, typ, "", true);
      continue;
    }
    addField(check, fields, tags, seen, name, typ, tag, true);
    checkEmbedded(check, typ, pos);
  }
  styp.fields = fields;
  styp.tags = tags;
  styp.complete = true;
}

function addField(
  check: Checker,
  fields: Var[],
  tags: string[],
  seen: Map<string, Var>,
  ident: Name,
  typ: Type,
  tag: string,
  embedded: boolean,
): void {
  const fld = new Var(check.ids, K.FieldVar, ident.pos, check.pkg, ident.value, typ);
  fld.embedded = embedded;
  if (ident.value !== "_") {
    const id = objectId(check.pkg, ident.value);
    const alt = seen.get(id);
    if (alt !== undefined) {
      const err = newError(check);
      err.addf(ident.pos, "%s redeclared", fld.name);
      err.addAltDecl(alt);
      err.report();
      return;
    }
    seen.set(id, fld);
  }
  if (tag !== "") {
    while (tags.length < fields.length) tags.push("");
    tags.push(tag);
  }
  fields.push(fld);
  recordDef(check, ident, fld);
}

/** What may be embedded is known only when types are complete. */
function checkEmbedded(check: Checker, embedded: Type, pos: Pos): void {
  if (
    embedded.kind === K.TNamed &&
    embedded.obj.pkg !== check.pkg &&
    embedded.underlying !== null &&
    embedded.underlying.kind === K.TStruct
  )
    return;
  check.later(() => {
    const d = deref(embedded);
    const u = under(d.type);
    switch (u.kind) {
      case K.TBasic:
        if (!isValid(d.type)) return;
        if (u.basic === K.UnsafePointer) error(check, pos, "embedded field type cannot be unsafe.Pointer");
        break;
      case K.TPointer:
        error(check, pos, "embedded field type cannot be a pointer");
        break;
      case K.TInterface:
        if (isTypeParam(d.type)) {
          error(check, pos, "embedded field type cannot be a (pointer to a) type parameter");
          break;
        }
        if (d.isPtr) error(check, pos, "embedded field type cannot be a pointer to an interface");
        break;
    }
  });
}

function ptrBase(x: Operation): Expr | null {
  return x.op === OpMul && x.y === null ? x.x : null;
}

/** The name that an embedded field gets from its type, or null. */
export function embeddedFieldIdent(e: Expr): Name | null {
  switch (e.kind) {
    case S.KindName:
      return e;
    case S.KindOperation: {
      const base = ptrBase(e);
      if (base !== null && (base.kind !== S.KindOperation || ptrBase(base) === null)) return embeddedFieldIdent(base);
      return null;
    }
    case S.KindSelectorExpr:
      return e.sel;
    case S.KindIndexExpr:
      return embeddedFieldIdent(e.x);
    default:
      return null;
  }
}

function fieldTag(check: Checker, t: BasicLit): string {
  if (t.bad) return "";
  if (t.litKind === StringLit) {
    const val = unquote(t.value);
    if (val !== null) return val;
  }
  errorf(check, t, "invalid syntax tree: incorrect tag syntax: %s", quote(t.value));
  return "";
}
