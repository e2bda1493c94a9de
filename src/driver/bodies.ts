// Bodies that earlier builds turned into SSA: of this process (in the host's memory) and of others (in the store). A body depends on its package and those that the
// package imports, directly or not, and on nothing else in the program: they, as hashes of their sources, are what it is kept under.

import type { Host } from "../base/host.ts";
import { joinPath } from "../base/paths.ts";
import type { SourceFile } from "../base/pos.ts";
import type { BodyStore } from "../kept/generator.ts";
import type { LoadedPackage } from "../load/package.ts";
import type { Package } from "../types/package.ts";
import type { SourcePackage } from "./front.ts";
import { keyText, Pack } from "./pack.ts";
import type { Store } from "./store.ts";

const encoder = new TextEncoder();

/** Hashes of packages with all that they import. */
class SourceHashes {
  private readonly host: Host;
  private readonly known = new Map<LoadedPackage, string>();

  constructor(host: Host) {
    this.host = host;
  }

  text(text: string): string {
    return keyText(this.host.sha256(encoder.encode(text)));
  }

  of(pkg: LoadedPackage): string {
    let hash = this.known.get(pkg);
    if (hash === undefined) {
      const files = pkg.files.map((f) => [f.name, keyText(this.host.sha256(f.data)), f.replacement !== null]);
      const imports = [...pkg.imports]
        .map(([path, p]) => [path, this.of(p)])
        .sort((a, b) => ((a[0] as string) < (b[0] as string) ? -1 : 1));
      hash = this.text(JSON.stringify([pkg.path, pkg.goVersion, files, imports]));
      this.known.set(pkg, hash);
    }
    return hash;
  }
}

/** The bodies of one program. */
export class Bodies implements BodyStore {
  private readonly host: Host;
  private readonly store: Store | null;
  private readonly hashes: SourceHashes;
  /** All that bodies depend on besides sources. */
  private readonly context: string;
  /** Earlier builds' bodies are not used. */
  private readonly fresh: boolean;
  private readonly sources = new Map<Package, SourcePackage>();
  private readonly filesOf = new Map<Package, readonly SourceFile[]>();
  private readonly packs = new Map<Package, Pack>();

  /** `implicit`: packages whose functions every body may call. */
  constructor(
    host: Host,
    store: Store | null,
    packages: readonly SourcePackage[],
    implicit: readonly string[],
    context: string,
    fresh: boolean,
  ) {
    this.host = host;
    this.store = store;
    this.fresh = fresh;
    this.hashes = new SourceHashes(host);
    for (const p of packages) this.sources.set(p.types, p);
    const overlay = host.readFile(joinPath(host.overlayFolder(), "overlay.json"));
    const common = packages.filter((p) => implicit.includes(p.loaded.path)).map((p) => this.hashes.of(p.loaded));
    this.context = JSON.stringify([context, keyText(host.sha256(overlay)), common]);
  }

  find(pkg: Package, name: string, others: readonly Package[]): Uint8Array | null {
    const key = this.key(pkg, name, others);
    const pack = this.pack(pkg);
    pack.used.add(key);
    return this.fresh ? null : (this.host.kept.get(key) ?? pack.entries.get(key) ?? null);
  }

  keep(pkg: Package, name: string, others: readonly Package[], data: Uint8Array): void {
    const key = this.key(pkg, name, others);
    this.host.kept.set(key, data);
    if (this.store === null) return;
    const pack = this.pack(pkg);
    pack.entries.set(key, data);
    pack.changed = true;
  }

  files(pkg: Package): readonly SourceFile[] {
    let files = this.filesOf.get(pkg);
    if (files === undefined) {
      files = (this.sources.get(pkg) as SourcePackage).files.map((f) => f.source);
      this.filesOf.set(pkg, files);
    }
    return files;
  }

  /** Writes what is new to the store. */
  save(): void {
    for (const pack of this.packs.values()) {
      if (pack.changed) this.store?.put(pack.key, pack.bytes());
      pack.changed = false;
    }
  }

  private key(pkg: Package, name: string, others: readonly Package[]): string {
    const hashes = others.map((p) => this.hashes.of((this.sources.get(p) as SourcePackage).loaded));
    return this.hashes.text([this.pack(pkg).key, name, ...hashes].join("\n"));
  }

  private pack(pkg: Package): Pack {
    let pack = this.packs.get(pkg);
    if (pack === undefined) {
      const about = `bodies\n${this.context}\n${this.hashes.of((this.sources.get(pkg) as SourcePackage).loaded)}`;
      const key = this.store === null ? this.hashes.text(about) : this.store.key(about);
      pack = new Pack(key, this.store === null ? null : this.store.get(key));
      this.packs.set(pkg, pack);
    }
    return pack;
  }
}
