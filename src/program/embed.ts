// Variables under //go:embed: a string, a slice of bytes, or an embed.FS, made of the files' bytes.

import { DataObject, DataReadOnly, DataWritable, Relocs } from "../ssa/object.ts";
import type { Sym } from "../ssa/symbol.ts";
import * as K from "../types/kinds.ts";
import type { Var } from "../types/object.ts";
import type { Type } from "../types/types.ts";
import { typeString } from "../types/typestring.ts";
import { under } from "../types/under.ts";
import { DataWriter } from "./bytes.ts";
import type { EmbeddedFile } from "./source.ts";

export interface EmbedHost {
  stringSym(bytes: Uint8Array): Sym;
  newStatic(owner: string, make: (sym: Sym) => DataObject): Sym;
}

/** What is wrong with a variable under //go:embed that embeds `count` files, or "". */
export function embedError(v: Var, count: number): string {
  const type = v.type as Type;
  const shown = typeString(type, (pkg) => (pkg === v.pkg ? "" : pkg.name));
  if (type.kind === K.TNamed && type.obj.name === "FS" && type.obj.pkg?.path === "embed") return "";
  const u = under(type);
  const elem = u.kind === K.TSlice ? under(u.elem) : null;
  const single = (u.kind === K.TBasic && u.basic === K.String_) || (elem?.kind === K.TBasic && elem.basic === K.Uint8);
  if (!single) return `go:embed cannot apply to var of type ${shown}`;
  return count > 1 ? `invalid go:embed: multiple files for type ${shown}` : "";
}

/** embed.file: name, data, 16 bytes of hash. */
const fileSize = 48;

/** The data of an embedding variable. */
export function embedData(host: EmbedHost, sym: Sym, v: Var, files: readonly EmbeddedFile[]): DataObject {
  const u = under(v.type as Type);
  const first = files[0];
  if (u.kind === K.TBasic) {
    const w = new DataWriter(16);
    writeString(host, w, 0, first?.bytes ?? new Uint8Array(0));
    return new DataObject(sym, DataWritable, 16, 8, w.bytes, w.relocs, [0], false);
  }
  if (u.kind === K.TSlice) {
    const bytes = first?.bytes ?? new Uint8Array(0);
    const w = new DataWriter(24);
    if (bytes.length > 0) {
      w.address(
        0,
        host.newStatic("", (s) => new DataObject(s, DataWritable, bytes.length, 1, bytes, new Relocs(), [], false)),
      );
    }
    w.u64(8, bytes.length);
    w.u64(16, bytes.length);
    return new DataObject(sym, DataWritable, 24, 8, w.bytes, w.relocs, [0], false);
  }
  const list = fileTable(host, withFolders(files));
  const w = new DataWriter(8);
  w.address(0, list);
  return new DataObject(sym, DataWritable, 8, 8, w.bytes, w.relocs, [0], false);
}

function writeString(host: EmbedHost, w: DataWriter, at: number, bytes: Uint8Array): void {
  if (bytes.length > 0) w.address(at, host.stringSym(bytes));
  w.u64(at + 8, bytes.length);
}

/** The files and, with a slash behind their names, their folders, by folder and name. */
function withFolders(files: readonly EmbeddedFile[]): EmbeddedFile[] {
  const all = new Map<string, EmbeddedFile>();
  for (const f of files) {
    all.set(f.path, f);
    for (let slash = f.path.lastIndexOf("/"); slash > 0; slash = f.path.lastIndexOf("/", slash - 1)) {
      const folder = `${f.path.slice(0, slash)}/`;
      all.set(folder, { path: folder, bytes: new Uint8Array(0) });
    }
  }
  const parts = (path: string): [string, string] => {
    const trimmed = path.endsWith("/") ? path.slice(0, -1) : path;
    const slash = trimmed.lastIndexOf("/");
    return slash < 0 ? [".", trimmed] : [trimmed.slice(0, slash), trimmed.slice(slash + 1)];
  };
  return Array.from(all.values()).sort((a, b) => {
    const [da, na] = parts(a.path);
    const [db, nb] = parts(b.path);
    if (da !== db) return da < db ? -1 : 1;
    return na < nb ? -1 : na > nb ? 1 : 0;
  });
}

/** The slice header and the table that it points to. */
function fileTable(host: EmbedHost, files: readonly EmbeddedFile[]): Sym {
  const encoder = new TextEncoder();
  return host.newStatic("", (sym) => {
    const w = new DataWriter(24 + fileSize * files.length);
    w.address(0, sym, 24);
    w.u64(8, files.length);
    w.u64(16, files.length);
    for (let i = 0; i < files.length; i++) {
      const f = files[i] as EmbeddedFile;
      const at = 24 + fileSize * i;
      writeString(host, w, at, encoder.encode(f.path));
      writeString(host, w, at + 16, f.bytes);
    }
    return new DataObject(sym, DataReadOnly, w.bytes.length, 8, w.bytes, w.relocs, [], false);
  });
}
