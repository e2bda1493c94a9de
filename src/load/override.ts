// "Ours wins": in a package with an overlay, a declaration of one of our files replaces that of the same name in the
// upstream files, so that a file can be taken from GOROOT although a few of its declarations are not wanted. The
// replaced text is blanked: lines and columns stay, and nothing behind the loader needs to know.

import { Diagnostics } from "../base/diagnostics.ts";
import { Sources } from "../base/pos.ts";
import * as K from "../syntax/kinds.ts";
import { LenientPragmas, parseFile, RecordRanges, SkipBodies } from "../syntax/parser.ts";
import type { Expr, File, FuncDecl, Name, NodeIds } from "../syntax/tree.ts";
import type { LoadedFile } from "./package.ts";

/** What our files declare: "f", "T.m" ..., and functions with a body, for assembly. */
export class Declared {
  readonly names = new Set<string>();
  readonly bodies = new Set<string>();
  /** "name ABI" of our assembly's symbols. */
  readonly symbols = new Set<string>();
}

function parse(file: LoadedFile, ids: NodeIds): File | null {
  const source = new Sources().add(file.path, file.data.length);
  return parseFile(file.data, source, ids, new Diagnostics(), SkipBodies | RecordRanges | LenientPragmas);
}

function receiverName(type: Expr): string {
  let t = type;
  for (;;) {
    if (t.kind === K.KindName) return t.value;
    if (t.kind === K.KindOperation || t.kind === K.KindIndexExpr || t.kind === K.KindParenExpr) t = t.x;
    else return "";
  }
}

function funcName(d: FuncDecl): string {
  return d.recv === null ? d.name.value : `${receiverName(d.recv.type)}.${d.name.value}`;
}

/** Adds what one of our Go files declares. */
export function addDeclared(file: LoadedFile, ids: NodeIds, out: Declared): void {
  const tree = parse(file, ids);
  if (tree === null) return;
  const add = (name: Name): void => {
    if (name.value !== "_") out.names.add(name.value);
  };
  for (const d of tree.declList) {
    if (d.kind === K.KindFuncDecl) {
      const name = funcName(d);
      if (name === "init" || name === "_") continue;
      out.names.add(name);
      if (d.hasBody) out.bodies.add(name);
    } else if (d.kind === K.KindTypeDecl) add(d.name);
    else if (d.kind === K.KindVarDecl || d.kind === K.KindConstDecl) d.nameList.forEach(add);
  }
}

/** Blanks a range, but for line ends. */
function blank(data: Uint8Array, start: number, end: number): void {
  for (let i = start; i < end; i++) {
    if (data[i] !== 10) data[i] = 32;
  }
}

/** Blanks the directives above a declaration, which would otherwise apply to the next one. Linknames stay valid. */
function blankDirectivesAbove(data: Uint8Array, start: number): void {
  const decoder = new TextDecoder();
  let end = start;
  while (end > 0 && data[end - 1] !== 10) end--;
  while (end > 0) {
    let from = end - 1;
    while (from > 0 && data[from - 1] !== 10) from--;
    const line = decoder.decode(data.subarray(from, end)).trim();
    if (line !== "" && !line.startsWith("//")) return;
    if (line.startsWith("//go:") && !line.startsWith("//go:linkname ")) blank(data, from, end);
    end = from;
  }
}

/** An upstream Go file without the declarations that our files replace, and on request without its init functions. */
export function withoutReplaced(file: LoadedFile, ids: NodeIds, ours: Declared, withoutInit: boolean): LoadedFile {
  const tree = parse(file, ids);
  if (tree === null) return file;
  let data: Uint8Array | null = null;
  const changed = (): Uint8Array => {
    if (data === null) data = file.data.slice();
    return data;
  };
  const drop = (index: number): void => {
    const start = tree.ranges[2 * index] as number;
    let end = tree.ranges[2 * index + 1] as number;
    if (file.data[end] === 59) end++;
    blankDirectivesAbove(changed(), start);
    blank(changed(), start, end);
  };
  const rename = (name: Name): void => {
    const at = tree.source.offset(name.pos);
    const bytes = changed();
    blank(bytes, at, at + name.value.length);
    bytes[at] = 95;
  };
  const replaced = (name: Name): boolean => ours.names.has(name.value);
  tree.declList.forEach((d, i) => {
    switch (d.kind) {
      case K.KindFuncDecl:
        if (ours.names.has(funcName(d)) || (withoutInit && funcName(d) === "init")) drop(i);
        break;
      case K.KindTypeDecl:
        if (replaced(d.name)) drop(i);
        break;
      case K.KindVarDecl:
        if (d.nameList.every(replaced)) drop(i);
        else d.nameList.filter(replaced).forEach(rename);
        break;
      case K.KindConstDecl:
        // A row of a group stays: those below count on it.
        if (d.group === null && d.nameList.every(replaced)) drop(i);
        else d.nameList.filter(replaced).forEach(rename);
    }
  });
  return data === null ? file : { name: file.name, path: file.path, data };
}

/** The symbol of a TEXT, GLOBL or DATA line as "name ABI", with "" for a file-local one. */
function asmSymbol(line: string): { name: string; abi: string } | null {
  const m = /^\s*(?:TEXT|GLOBL|DATA)\s+([^\s(]*)\(SB\)/.exec(line);
  if (m === null) return null;
  let name = m[1] as string;
  let abi = "ABI0";
  const plus = /\+[0-9xa-fA-F]+$/.exec(name);
  if (plus !== null) name = name.slice(0, plus.index);
  const angle = name.indexOf("<");
  if (angle >= 0) {
    abi = name.slice(angle + 1, -1);
    name = name.slice(0, angle);
  }
  const dot = name.lastIndexOf("·");
  return { name: dot < 0 ? name : name.slice(dot + 1), abi };
}

/** Adds the symbols of one of our assembly files. */
export function addSymbols(file: LoadedFile, out: Declared): void {
  for (const line of new TextDecoder().decode(file.data).split("\n")) {
    const s = asmSymbol(line);
    if (s !== null && s.abi !== "") out.symbols.add(`${s.name} ${s.abi}`);
  }
}

/** An upstream assembly file without the symbols that our files define. Preprocessor lines stay. */
export function withoutSymbols(file: LoadedFile, ours: Declared): LoadedFile {
  const lines = new TextDecoder().decode(file.data).split("\n");
  let dropping = false;
  let changed = false;
  let continued = false; // the line before was a preprocessor line that goes on
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as string;
    const preprocessor: boolean = continued || line.startsWith("#");
    continued = preprocessor && line.endsWith("\\");
    if (preprocessor) continue;
    const s = asmSymbol(line);
    if (s !== null) dropping = s.abi !== "" && (ours.symbols.has(`${s.name} ${s.abi}`) || ours.bodies.has(s.name));
    else if (/^\s*(?:TEXT|GLOBL|DATA)\s/.test(line)) dropping = false;
    if (dropping && line !== "") {
      lines[i] = "";
      changed = true;
    }
  }
  return changed ? { name: file.name, path: file.path, data: new TextEncoder().encode(lines.join("\n")) } : file;
}
