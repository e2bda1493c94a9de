// Machine code that earlier builds made: of this process (in the host's memory) and of others (in the store). A function whose fingerprint is known is not compiled
// again. In the store, the functions of a package lie in one entry, a pack, which is read when the first of them is asked for and written when it lacks one.

import { ByteWriter } from "../base/bytes.ts";
import type { Sources } from "../base/pos.ts";
import { type CodeNames, writeCode } from "../codegen/codefile.ts";
import { Fingerprint } from "../codegen/fingerprint.ts";
import type { Func } from "../ssa/func.ts";
import type { FuncCode } from "../ssa/object.ts";
import type { Symbols } from "../ssa/symbol.ts";
import type { Pack, Packs } from "./pack.ts";

/** A function and what is kept for it. */
export interface Entry {
  readonly key: string;
  readonly pack: Pack;
  /** What numbers in its code mean in this build. */
  readonly names: CodeNames;
  /** Its code as bytes, or null. */
  readonly known: Uint8Array | null;
}

/** The machine code that builds have in common. */
export class CodeCache {
  private readonly packs: Packs;
  private readonly symbols: Symbols;
  private readonly context: string;
  private readonly print: Fingerprint;
  private readonly writer = new ByteWriter();
  private last: Func | null = null;

  /** `context` says all that code depends on besides functions. */
  constructor(packs: Packs, symbols: Symbols, sources: Sources, context: string) {
    this.packs = packs;
    this.symbols = symbols;
    this.context = context;
    this.print = new Fingerprint(symbols, sources, context);
  }

  /** What is known of a function that has not been optimised yet. Where that is nothing, `keep` is to be told. */
  find(f: Func): Entry {
    const key = this.packs.hash(this.print.write(f));
    const pack = this.packs.open(`code\n${this.context}\n${packageOf(this.symbols.name(f.sym))}`);
    this.last = f;
    return { key, pack, names: { list: this.print.list, files: this.print.files }, known: this.packs.find(pack, key) };
  }

  /** The function that `find` was last asked for as a FuncReader reads it. */
  portable(f: Func): Uint8Array {
    if (f !== this.last) throw new Error("another function has been looked for");
    return this.print.portable(f);
  }

  /** Code as it is kept. */
  encode(entry: Entry, code: FuncCode): Uint8Array {
    this.writer.clear();
    writeCode(this.writer, code, entry.names, this.symbols);
    return this.writer.finish();
  }

  /** Keeps code. */
  keep(entry: Entry, data: Uint8Array): void {
    this.packs.keep(entry.pack, entry.key, data);
  }

  /** Writes what is new to the store. */
  save(): void {
    this.packs.save();
  }
}

/** The package in a symbol's name; what the compiler makes counts as one. */
function packageOf(name: string): string {
  const bracket = name.indexOf("[");
  const plain = bracket < 0 ? name : name.slice(0, bracket);
  const colon = plain.indexOf(":");
  if (colon >= 0) return plain.slice(0, colon);
  const dot = plain.indexOf(".", plain.lastIndexOf("/") + 1);
  return dot < 0 ? plain : plain.slice(0, dot);
}
