// Bodies that earlier builds turned into SSA: of this process (in the host's memory) and of others (in the store). A body depends on its package and those that the
// package imports, directly or not, and on nothing else in the program: they, as hashes of their sources, are what it is kept under.

import type { SourceFile } from "../base/pos.ts";
import type { BodyStore } from "../kept/generator.ts";
import type { LoadedPackage } from "../load/package.ts";
import type { Package } from "../types/package.ts";
import type { SourcePackage } from "./front.ts";
import type { Pack, Packs } from "./pack.ts";

/** Hashes of packages with all that they import. */
class SourceHashes {
  private readonly packs: Packs;
  private readonly known = new Map<LoadedPackage, string>();

  constructor(packs: Packs) {
    this.packs = packs;
  }

  of(pkg: LoadedPackage): string {
    let hash = this.known.get(pkg);
    if (hash === undefined) {
      const files = pkg.files.map((f) => [f.name, this.packs.hash(f.data), f.replacement !== null]);
      const imports = [...pkg.imports]
        .map(([path, p]) => [path, this.of(p)])
        .sort((a, b) => ((a[0] as string) < (b[0] as string) ? -1 : 1));
      hash = this.packs.hash(JSON.stringify([pkg.path, pkg.goVersion, files, imports]));
      this.known.set(pkg, hash);
    }
    return hash;
  }
}

/** The bodies of one program. */
export class Bodies implements BodyStore {
  private readonly packs: Packs;
  private readonly hashes: SourceHashes;
  /** All that bodies depend on besides sources. */
  private readonly context: string;
  private readonly sources = new Map<Package, SourcePackage>();
  private readonly filesOf = new Map<Package, readonly SourceFile[]>();
  private readonly opened = new Map<Package, Pack>();

  /** `implicit`: packages whose functions every body may call; `overlay`: what the overlay says of packages. */
  constructor(packs: Packs, packages: readonly SourcePackage[], implicit: readonly string[], overlay: Uint8Array, context: string) {
    this.packs = packs;
    this.hashes = new SourceHashes(packs);
    for (const p of packages) this.sources.set(p.types, p);
    const common = packages.filter((p) => implicit.includes(p.loaded.path)).map((p) => this.hashes.of(p.loaded));
    this.context = JSON.stringify([context, packs.hash(overlay), common]);
  }

  /** Whether there is something of earlier builds for most packages. */
  knowsMost(): boolean {
    let known = 0;
    for (const pkg of this.sources.keys()) if (this.packs.knows(this.pack(pkg))) known++;
    return 2 * known > this.sources.size;
  }

  find(pkg: Package, name: string, others: readonly Package[]): Uint8Array | null {
    return this.packs.find(this.pack(pkg), this.key(pkg, name, others));
  }

  keep(pkg: Package, name: string, others: readonly Package[], data: Uint8Array): void {
    this.packs.keep(this.pack(pkg), this.key(pkg, name, others), data);
  }

  files(pkg: Package): readonly SourceFile[] {
    let files = this.filesOf.get(pkg);
    if (files === undefined) {
      files = (this.sources.get(pkg) as SourcePackage).files.map((f) => f.source);
      this.filesOf.set(pkg, files);
    }
    return files;
  }

  private key(pkg: Package, name: string, others: readonly Package[]): string {
    const hashes = others.map((p) => this.hashOf(p));
    return this.packs.hash([this.pack(pkg).key, name, ...hashes].join("\n"));
  }

  private hashOf(pkg: Package): string {
    return this.hashes.of((this.sources.get(pkg) as SourcePackage).loaded);
  }

  private pack(pkg: Package): Pack {
    let pack = this.opened.get(pkg);
    if (pack === undefined) {
      pack = this.packs.open(`bodies\n${this.context}\n${this.hashOf(pkg)}`);
      this.opened.set(pkg, pack);
    }
    return pack;
  }
}
