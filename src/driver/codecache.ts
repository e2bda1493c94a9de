// Machine code that earlier builds made: of this process (in the host's memory) and of others (in the store). A function whose fingerprint is known is not compiled
// again. In the store, the functions of a package lie in one entry, a pack, which is read when the first of them is asked for and written when it lacks one.

import { ByteReader, ByteWriter } from "../base/bytes.ts";
import type { Host } from "../base/host.ts";
import type { Sources } from "../base/pos.ts";
import { type CodeNames, writeCode } from "../codegen/codefile.ts";
import { Fingerprint } from "../codegen/fingerprint.ts";
import type { Func } from "../ssa/func.ts";
import type { FuncCode } from "../ssa/object.ts";
import type { Symbols } from "../ssa/symbol.ts";
import type { Store } from "./store.ts";

const keyBytes = 32;
/** A pack keeps what this build did not use while it is not much larger than what it did, or small. */
const sparePacks = 3;
const smallPack = 1 << 20;

/** The functions of a package in the store. */
class Pack {
  readonly key: string;
  readonly entries: Map<string, Uint8Array>;
  readonly used = new Set<string>();
  /** Has entries that are not in the store. */
  changed = false;

  constructor(key: string, data: Uint8Array | null) {
    this.key = key;
    this.entries = new Map();
    if (data === null) return;
    const r = new ByteReader(data);
    while (!r.done) {
      const key = keyText(r.bytes(keyBytes));
      this.entries.set(key, r.bytes(r.u32()));
    }
  }

  /** The pack as it is written. */
  bytes(): Uint8Array {
    let total = 0;
    let needed = 0;
    for (const [key, data] of this.entries) {
      total += data.length;
      if (this.used.has(key)) needed += data.length;
    }
    const all = total <= Math.max(smallPack, sparePacks * needed);
    const w = new ByteWriter();
    for (const [key, data] of this.entries) {
      if (!all && !this.used.has(key)) continue;
      for (let i = 0; i < key.length; i++) w.u16(key.charCodeAt(i));
      w.u32(data.length);
      w.bytes(data);
    }
    return w.finish();
  }
}

/** A function and what is kept for it. */
export interface Entry {
  readonly key: string;
  readonly pack: Pack | null;
  /** What numbers in its code mean in this build. */
  readonly names: CodeNames;
  /** Its code as bytes, or null. */
  readonly known: Uint8Array | null;
}

/** The machine code that builds have in common. */
export class CodeCache {
  private readonly host: Host;
  private readonly store: Store | null;
  private readonly symbols: Symbols;
  private readonly context: string;
  /** Earlier builds' code is not used. */
  private readonly fresh: boolean;
  private readonly print: Fingerprint;
  private readonly packs = new Map<string, Pack>();
  private readonly writer = new ByteWriter();
  private last: Func | null = null;

  /** `context` says all that code depends on besides functions. */
  constructor(host: Host, store: Store | null, symbols: Symbols, sources: Sources, context: string, fresh: boolean) {
    this.host = host;
    this.store = store;
    this.symbols = symbols;
    this.context = context;
    this.fresh = fresh;
    this.print = new Fingerprint(symbols, sources, context);
  }

  /** Nothing of what builds have in common is there. */
  knowsNothing(): boolean {
    if (this.fresh) return true;
    if (!this.host.kept.isEmpty) return false;
    return this.store === null || this.pack(this.store, "runtime").entries.size === 0;
  }

  /** What is known of a function that has not been optimised yet. Where that is nothing, `keep` is to be told. */
  find(f: Func): Entry {
    const key = keyText(this.host.sha256(this.print.write(f)));
    const pack = this.store === null ? null : this.pack(this.store, packageOf(this.symbols.name(f.sym)));
    pack?.used.add(key);
    const known = this.fresh ? undefined : (this.host.kept.get(key) ?? pack?.entries.get(key));
    this.last = f;
    return { key, pack, names: { list: this.print.list, files: this.print.files }, known: known ?? null };
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
    this.host.kept.set(entry.key, data);
    if (entry.pack === null) return;
    entry.pack.entries.set(entry.key, data);
    entry.pack.changed = true;
  }

  /** Writes what is new to the store. */
  save(): void {
    for (const pack of this.packs.values()) if (pack.changed) this.store?.put(pack.key, pack.bytes());
  }

  private pack(store: Store, name: string): Pack {
    let pack = this.packs.get(name);
    if (pack === undefined) {
      const key = store.key(`code\n${this.context}\n${name}`);
      pack = new Pack(key, store.get(key));
      this.packs.set(name, pack);
    }
    return pack;
  }
}

/** A hash as a text of 16 code units. */
function keyText(hash: Uint8Array): string {
  let text = "";
  for (let i = 0; i < keyBytes; i += 2) text += String.fromCharCode((hash[i] as number) | ((hash[i + 1] as number) << 8));
  return text;
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
