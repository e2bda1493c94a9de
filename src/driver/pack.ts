// Many small things under one key of the store: what is kept for the functions of a package.

import { ByteReader, ByteWriter } from "../base/bytes.ts";
import type { Host } from "../base/host.ts";
import type { Store } from "./store.ts";

const keyBytes = 32;
/** A pack keeps what this build did not use while it is not much larger than what it did, or small. */
const sparePacks = 3;
const smallPack = 1 << 20;

/** Byte strings by hash. */
export class Pack {
  /** In the store. */
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

/** The packs of a build, and the host's memory, which has what this process made whether there is a store or not. */
export class Packs {
  private readonly host: Host;
  private readonly store: Store | null;
  /** What earlier builds made is not used. */
  private readonly fresh: boolean;
  private readonly opened = new Map<string, Pack>();

  constructor(host: Host, store: Store | null, fresh: boolean) {
    this.host = host;
    this.store = store;
    this.fresh = fresh;
  }

  hash(data: Uint8Array | string): string {
    return keyText(this.host.sha256(typeof data === "string" ? encoder.encode(data) : data));
  }

  /** The pack that a text describes completely. */
  open(about: string): Pack {
    let pack = this.opened.get(about);
    if (pack === undefined) {
      const { store } = this;
      const key = store === null ? this.hash(about) : store.key(about);
      pack = new Pack(key, store === null ? null : store.get(key));
      this.opened.set(about, pack);
    }
    return pack;
  }

  /** Whether there is something from earlier builds. */
  knows(pack: Pack): boolean {
    return !this.fresh && (this.store === null ? !this.host.kept.isEmpty : pack.entries.size > 0);
  }

  find(pack: Pack, key: string): Uint8Array | null {
    pack.used.add(key);
    return this.fresh ? null : (this.host.kept.get(key) ?? pack.entries.get(key) ?? null);
  }

  keep(pack: Pack, key: string, data: Uint8Array): void {
    this.host.kept.set(key, data);
    if (this.store === null) return;
    pack.entries.set(key, data);
    pack.changed = true;
  }

  /** Writes what is new to the store. */
  save(): void {
    for (const pack of this.opened.values()) {
      if (pack.changed) this.store?.put(pack.key, pack.bytes());
      pack.changed = false;
    }
  }
}

const encoder = new TextEncoder();

/** A hash as a text of 16 code units. */
export function keyText(hash: Uint8Array): string {
  let text = "";
  for (let i = 0; i < keyBytes; i += 2) text += String.fromCharCode((hash[i] as number) | ((hash[i + 1] as number) << 8));
  return text;
}
