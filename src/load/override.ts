// "Ours wins": in a package with an overlay, a declaration of one of our files replaces that of the same name in the
// upstream files, so that a file can be taken from GOROOT although a few of its declarations are not wanted. Go files keep
// their text: whoever parses them takes the replaced declarations out of the tree. Of assembly, the text is blanked: lines stay.

import { Diagnostics } from "../base/diagnostics.ts";
import { Sources } from "../base/pos.ts";
import * as K from "../syntax/kinds.ts";
import { LenientPragmas, parseFile, SkipBodies } from "../syntax/parser.ts";
import type { Decl, Expr, File, FuncDecl, Name, NodeIds } from "../syntax/tree.ts";
import type { LoadedFile } from "./package.ts";

/** What our files declare: "f", "T.m" ..., and functions with a body, for assembly. */
export class Declared {
  readonly names = new Set<string>();
  readonly bodies = new Set<string>();
  /** "name ABI" of our assembly's symbols. */
  readonly symbols = new Set<string>();
}

/** The error for an upstream file of a package in which something is replaced though the overlay doesn't say so. */
export function wrongChange(path: string, file: string): string {
  return `go3s: overlay.json: ${path}: ${file} is changed, so "upstream" must name it`;
}

/** What is to be taken out of an upstream Go file. */
export class Replacement {
  private readonly ours: Declared;
  private readonly withoutInit: boolean;
  /** The overlay says that the file may hold something that is replaced. */
  readonly expected: boolean;

  constructor(ours: Declared, withoutInit: boolean, expected: boolean) {
    this.ours = ours;
    this.withoutInit = withoutInit;
    this.expected = expected;
  }

  /** Takes it out of the tree of the file. Whether there was something. Linknames stay valid. */
  apply(tree: File): boolean {
    const kept: Decl[] = [];
    let changed = false;
    for (const d of tree.declList) {
      if (!this.drops(d)) kept.push(d);
      else changed = true;
      if (d.kind !== K.KindVarDecl && d.kind !== K.KindConstDecl) continue;
      for (const name of d.nameList) {
        if (!this.ours.names.has(name.value)) continue;
        name.value = "_";
        changed = true;
      }
    }
    if (changed) tree.declList = kept;
    return changed;
  }

  private drops(d: Decl): boolean {
    const { names } = this.ours;
    switch (d.kind) {
      case K.KindFuncDecl:
        return names.has(funcName(d)) || (this.withoutInit && funcName(d) === "init");
      case K.KindTypeDecl:
        return names.has(d.name.value);
      case K.KindVarDecl:
        return d.nameList.every((name) => names.has(name.value));
      case K.KindConstDecl:
        // A row of a group stays: those below count on it.
        return d.group === null && d.nameList.every((name) => names.has(name.value));
      default:
        return false;
    }
  }
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
  const source = new Sources().add(file.path, file.data.length);
  const tree = parseFile(file.data, source, ids, new Diagnostics(), SkipBodies | LenientPragmas);
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
  return changed ? { ...file, data: new TextEncoder().encode(lines.join("\n")) } : file;
}
