// Where the bytes of an image are, and why something is in it: the report of -d sizes and the chains of -d why=SYMBOL.

import type { ProgramResult } from "../program/source.ts";
import { DataReadOnly, DataZero, type DataObject, type FuncCode, RelocAbs64 } from "../ssa/object.ts";
import { NoSym, type Sym, type Symbols } from "../ssa/symbol.ts";

/** Bytes of one package, or of one kind of thing that no package owns. */
interface Row {
  readonly name: string;
  code: number;
  readOnly: number;
  writable: number;
  zero: number;
  functions: number;
  /** Words that the entry code relocates. */
  relocated: number;
}

/** What a symbol counts for: its package, or the kind of data that the compiler makes. */
function owner(name: string): string {
  const kind = /^(go:string|go:static|go:itab|go:typeassert|go:interfaceswitch|type:\.eq|type:\.hash|type:)/.exec(name);
  if (kind !== null) return kind[1] as string;
  const plain = name.split("[", 1)[0] as string;
  const slash = plain.lastIndexOf("/");
  const dot = plain.indexOf(".", slash + 1);
  return dot < 0 ? plain : plain.slice(0, dot);
}

/** Lines: sections, packages by size, the largest functions and data. */
export function sizeReport(
  symbols: Symbols,
  functions: readonly FuncCode[],
  data: readonly DataObject[],
  sections: readonly { readonly name: string; readonly size: number }[],
): string[] {
  const rows = new Map<string, Row>();
  const row = (name: string): Row => {
    let r = rows.get(name);
    if (r === undefined) {
      r = { name, code: 0, readOnly: 0, writable: 0, zero: 0, functions: 0, relocated: 0 };
      rows.set(name, r);
    }
    return r;
  };
  const pieces: { size: number; what: string }[] = [];
  for (const f of functions) {
    const r = row(owner(symbols.name(f.sym)));
    r.code += f.code.length;
    r.functions++;
    pieces.push({ size: f.code.length, what: symbols.name(f.sym) });
  }
  for (const d of data) {
    const r = row(owner(symbols.name(d.sym)));
    r.relocated += d.relocs.kind.reduce((n, kind) => n + (kind === RelocAbs64 ? 1 : 0), 0);
    if (d.section === DataZero) r.zero += d.size;
    else if (d.section === DataReadOnly) r.readOnly += d.size;
    else r.writable += d.size;
    if (d.section !== DataZero) pieces.push({ size: d.size, what: `${symbols.name(d.sym)} (data)` });
  }
  const column = (n: number): string => String(n).padStart(10);
  const total = (r: Row): number => r.code + r.readOnly + r.writable;
  const lines = sections.map((s) => `${column(s.size)}  ${s.name}`);
  lines.push("", "      code  readonly  writable      zero functions relocated");
  for (const r of [...rows.values()].sort((a, b) => total(b) - total(a) || (a.name < b.name ? -1 : 1))) {
    lines.push(
      `${column(r.code)}${column(r.readOnly)}${column(r.writable)}${column(r.zero)}${column(r.functions)}${column(r.relocated)}  ${r.name}`,
    );
  }
  lines.push("");
  pieces.sort((a, b) => b.size - a.size || (a.what < b.what ? -1 : 1));
  for (const p of pieces) lines.push(`${column(p.size)}  ${p.what}`);
  return lines;
}

/** Lines: a symbol, who referred to it first, who to that one, up to a root. */
export function whyReport(symbols: Symbols, result: ProgramResult, name: string): string[] {
  let sym = symbols.lookup(name);
  if (sym === NoSym) sym = symbols.lookup(`${name}<0>`);
  const lines: string[] = [];
  for (const seen = new Set<Sym>(); sym !== NoSym && !seen.has(sym); sym = result.referrer(sym)) {
    seen.add(sym);
    lines.push(`${lines.length === 0 ? "" : "  by "}${symbols.name(sym)}`);
  }
  return lines.length > 1 ? lines : [`${name}: ${lines.length === 0 ? "not in the program" : "a root, or not reached"}`];
}

/** How much of everything there is. */
export function countReport(result: ProgramResult): string[] {
  const { functions, assembly, data, generated } = result;
  return [`${generated} bodies generated, ${functions.length} compiled, ${assembly.length} assembled, ${data.length} data`];
}
