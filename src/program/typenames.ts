// The names of types. The link name (full package paths, local types numbered) is equal for two types exactly if they are
// identical: it names the descriptor's symbol and is hashed into it. The other form is what reflection prints.

import { unalias } from "../types/alias.ts";
import { quote } from "../types/constant/bytestring.ts";
import * as K from "../types/kinds.ts";
import { funcSignature } from "../types/named.ts";
import { isExported, type Var } from "../types/object.ts";
import type { Package } from "../types/package.ts";
import type { Interface, Named, Signature, Struct, Tuple, Type } from "../types/types.ts";
import { typeSet } from "../types/typeset.ts";
import { LocalTypes } from "./localtypes.ts";

/** A package path as it stands in symbol names: dots of the last element and odd bytes are escaped. */
export function pathPrefix(path: string): string {
  const slash = path.lastIndexOf("/");
  let out = "";
  let changed = false;
  const bytes = new TextEncoder().encode(path);
  let lastSlash = -1;
  for (let i = 0; i < bytes.length; i++) if (bytes[i] === 47) lastSlash = i;
  for (let i = 0; i < bytes.length; i++) {
    const c = bytes[i] as number;
    if (c <= 32 || (c === 46 && i > lastSlash) || c === 37 || c === 34 || c >= 127) {
      out += `%${c.toString(16).padStart(2, "0")}`;
      changed = true;
    } else {
      out += String.fromCharCode(c);
    }
  }
  return changed || slash >= 0 ? out : path;
}

/** Makes and remembers names; numbers types by identity. */
export class TypeNames {
  private readonly linkNames = new Map<number, string>();
  private readonly plainNames = new Map<number, string>();
  private readonly ids = new Map<string, number>();
  private readonly prefixes = new Map<string, string>();
  private readonly locals = new LocalTypes();

  /** Symbols of the main package are called main.x whatever its path. */
  setMain(pkg: Package): void {
    this.prefixes.set(pkg.path, "main");
  }

  prefix(pkg: Package): string {
    let p = this.prefixes.get(pkg.path);
    if (p === undefined) {
      p = pathPrefix(pkg.path);
      this.prefixes.set(pkg.path, p);
    }
    return p;
  }

  /** The name of the type in symbols. */
  link(t: Type): string {
    return this.write(t, true);
  }

  /** The name of the type as reflection shows it. */
  plain(t: Type): string {
    return this.write(t, false);
  }

  /** A number that two types share exactly if they are identical. */
  id(t: Type): number {
    const name = this.write(t, true);
    let id = this.ids.get(name);
    if (id === undefined) {
      id = this.ids.size + 1;
      this.ids.set(name, id);
    }
    return id;
  }

  private write(t: Type, link: boolean): string {
    const memo = link ? this.linkNames : this.plainNames;
    const known = memo.get(t.id);
    if (known !== undefined) return known;
    const name = this.compose(t, link);
    memo.set(t.id, name);
    return name;
  }

  private compose(t: Type, link: boolean): string {
    switch (t.kind) {
      case K.TAlias:
        return this.write(unalias(t), link);
      case K.TBasic:
        if (t.basic === K.UnsafePointer) return "unsafe.Pointer";
        if (t.basic === K.Uint8) return "uint8";
        if (t.basic === K.Int32) return "int32";
        return t.name;
      case K.TNamed:
        return this.named(t, link);
      case K.TPointer:
        return `*${this.write(t.elem, link)}`;
      case K.TSlice:
        return `[]${this.write(t.elem, link)}`;
      case K.TArray:
        return `[${t.len}]${this.write(t.elem, link)}`;
      case K.TMap:
        return `map[${this.write(t.key, link)}]${this.write(t.elem, link)}`;
      case K.TChan: {
        const elem = this.write(t.elem, link);
        if (t.dir === K.RecvOnly) return `<-chan ${elem}`;
        if (t.dir === K.SendOnly) return `chan<- ${elem}`;
        const inner = unalias(t.elem);
        return inner.kind === K.TChan && inner.dir === K.RecvOnly ? `chan (${elem})` : `chan ${elem}`;
      }
      case K.TSignature:
        return `func${this.signature(t, link)}`;
      case K.TTuple:
        return this.params(t, false, link);
      case K.TStruct:
        return this.struct(t, link);
      case K.TInterface:
        return this.interface(t, link);
      case K.TTypeParam:
        // Only in names of things that are never generated; distinct all the same.
        return `${t.obj.name}$${t.id}`;
      case K.TUnion:
        return `union$${t.id}`;
    }
  }

  /** A signature without "func". */
  signature(s: Signature, link: boolean): string {
    const params = this.params(s.params, s.variadic, link);
    const results = s.results.vars;
    if (results.length === 0) return params;
    if (results.length === 1) return `${params} ${this.write((results[0] as Var).type as Type, link)}`;
    return `${params} ${this.params(s.results, false, link)}`;
  }

  private params(tuple: Tuple, variadic: boolean, link: boolean): string {
    const parts: string[] = [];
    for (let i = 0; i < tuple.vars.length; i++) {
      const type = (tuple.vars[i] as Var).type as Type;
      const text = this.write(type, link);
      const slice = unalias(type);
      if (variadic && i === tuple.vars.length - 1) {
        parts.push(slice.kind === K.TSlice ? `...${this.write(slice.elem, link)}` : `...${text}`);
      } else {
        parts.push(text);
      }
    }
    return `(${parts.join(", ")})`;
  }

  private qualified(pkg: Package | null, name: string, link: boolean): string {
    if (pkg === null) return name;
    return `${link ? this.prefix(pkg) : pkg.name}.${name}`;
  }

  private named(t: Named, link: boolean): string {
    const obj = t.inst === null ? t.obj : t.inst.orig.obj;
    let name = obj.name;
    // Of types declared in generic functions, the function's type arguments come first.
    const outer = obj.outerArgs.map((a) => this.write(a, true)).join(",");
    const own = t.inst === null ? "" : t.inst.targs.map((a) => this.write(a, true)).join(",");
    if (outer !== "" || own !== "") name += `[${outer}${outer !== "" && own !== "" ? ";" : ""}${own}]`;
    if (link && obj.pkg !== null && obj.parent !== obj.pkg.scope) name += `·${this.locals.number(obj)}`;
    return this.qualified(obj.pkg, name, link);
  }

  private struct(t: Struct, link: boolean): string {
    if (t.fields.length === 0) return "struct {}";
    const parts: string[] = [];
    for (let i = 0; i < t.fields.length; i++) {
      const f = t.fields[i] as Var;
      const type = this.write(f.type as Type, link);
      let text: string;
      const name = link && !isExported(f.name) ? this.qualified(f.pkg, f.name, true) : f.name;
      if (!f.embedded) text = `${name} ${type}`;
      else if (!link || this.namesItself(f)) text = type;
      else text = `${name} = ${type}`;
      const tag = t.tags[i];
      if (tag !== undefined && tag !== "") text += ` ${quote(tag)}`;
      parts.push(` ${text}`);
    }
    return `struct {${parts.join(";")} }`;
  }

  /** Whether an embedded field is called as its type is (it isn't when embedded through an alias). */
  private namesItself(f: Var): boolean {
    let t = unalias(f.type as Type);
    if (t.kind === K.TPointer) t = unalias(t.elem);
    if (t.kind === K.TNamed) return t.obj.name === f.name && (isExported(f.name) || t.obj.pkg === f.pkg);
    return false;
  }

  private interface(t: Interface, link: boolean): string {
    const set = typeSet(t);
    const methods = set.methods;
    if (methods.length === 0) {
      // Constraint interfaces never have values; keep them apart from the empty interface.
      return t.embeddeds.length > 0 && set.hasTerms() ? `interface$${t.id}` : "interface {}";
    }
    const parts: string[] = [];
    for (let i = 0; i < methods.length; i++) {
      const m = methods[i];
      if (m === undefined) continue;
      const name = isExported(m.name) ? m.name : this.qualified(m.pkg, m.name, link);
      parts.push(` ${name}${this.signature(funcSignature(m), link)}`);
    }
    return `interface {${parts.join(";")} }`;
  }
}

/** A 32-bit hash of a name (FNV-1a with a final mix), never 0. */
export function nameHash(name: string): number {
  let h = 0x811c9dc5;
  const bytes = new TextEncoder().encode(name);
  for (let i = 0; i < bytes.length; i++) h = Math.imul(h ^ (bytes[i] as number), 0x01000193);
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  h ^= h >>> 16;
  return h >>> 0 || 1;
}
