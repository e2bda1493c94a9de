// The checksum database (GOSUMDB): an append-only log of go.sum lines, whose signed tree proves that everybody sees the same. A line is believed only if
// hashes lead from it to a tree that the database signed, and that tree has grown from the last one seen here.

import { type Host, HostError } from "../base/host.ts";
import { joinPath } from "../base/paths.ts";
import { ModuleError } from "./error.ts";
import { base64, fromBase64 } from "./hash.ts";
import { escapeName, type ModuleVersion } from "./names.ts";
import { parseProxies } from "./proxy.ts";
import { moduleCacheFolder, setting } from "./settings.ts";

/** The public keys of databases that GOSUMDB names without one. */
const keys: Readonly<Record<string, string>> = {
  "sum.golang.org": "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
};

const hashSize = 32;
const tileHeight = 8;
const tileWidth = 256;
const replyLimit = 1 << 20;
const signatureMark = "\u2014 ";

interface Tree {
  readonly size: number;
  readonly hash: Uint8Array;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((x, i) => x === b[i]);
}

/** A database's public key. */
class Verifier {
  readonly name: string;
  private readonly host: Host;
  private readonly hash: number;
  private readonly key: Uint8Array;

  constructor(host: Host, text: string) {
    const m = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text);
    const bytes = m === null ? null : fromBase64(m[3] as string);
    if (m === null || bytes === null || bytes.length !== 33 || bytes[0] !== 1)
      throw new ModuleError("invalid GOSUMDB: malformed verifier id");
    this.host = host;
    this.name = m[1] as string;
    this.hash = Number.parseInt(m[2] as string, 16);
    this.key = bytes.subarray(1);
    const sum = host.sha256(new Uint8Array([...new TextEncoder().encode(`${this.name}\n`), ...bytes]));
    if (new DataView(sum.buffer, sum.byteOffset).getUint32(0) !== this.hash)
      throw new ModuleError("invalid GOSUMDB: malformed verifier id");
  }

  /** The text of a signed note, null if the signature of this key is not on it. */
  open(note: string): string | null {
    const split = note.lastIndexOf("\n\n");
    if (split < 0) return null;
    const text = note.slice(0, split + 1);
    for (const line of note.slice(split + 2).split("\n")) {
      const m = line.startsWith(signatureMark) ? /^(\S+) (\S+)$/.exec(line.slice(signatureMark.length)) : null;
      const bytes = m === null || m[1] !== this.name ? null : fromBase64(m[2] as string);
      if (bytes === null || bytes.length !== 68 || new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) !== this.hash) continue;
      return this.host.verifyEd25519(this.key, new TextEncoder().encode(text), bytes.subarray(4)) ? text : null;
    }
    return null;
  }
}

export class SumDatabase {
  private readonly host: Host;
  private verifier: Verifier | null = null;
  /** Where it is asked. */
  private base = "";
  private latest: Tree | null = null;
  /** Tiles whose hashes are proven, by their path without a width. */
  private readonly proven = new Map<string, Uint8Array>();
  private rootProven = false;
  private readonly lines = new Map<string, string[]>();

  constructor(host: Host) {
    this.host = host;
  }

  get name(): string {
    return this.verifier?.name ?? (setting(this.host, "GOSUMDB").split(/[+\s]/)[0] as string);
  }

  /** The hashes that the database has for a module (or its go.mod file). Throws ModuleError. */
  lookup(m: ModuleVersion, suffix: string): string[] {
    const key = `${m.path}@${m.version}`;
    try {
      let text = this.lines.get(key);
      if (text === undefined) {
        text = this.record(m);
        this.lines.set(key, text);
      }
      const prefix = `${m.path} ${m.version}${suffix} `;
      return text.filter((l) => l.startsWith(prefix)).map((l) => l.slice(prefix.length));
    } catch (e) {
      if (e instanceof ModuleError) throw new ModuleError(`verifying ${m.path}@${m.version}${suffix}: ${e.message}`, e.absent);
      if (e instanceof HostError) throw new ModuleError(`verifying ${m.path}@${m.version}${suffix}: ${e.message}`);
      throw e;
    }
  }

  private start(): Verifier {
    if (this.verifier !== null) return this.verifier;
    const [first, url] = setting(this.host, "GOSUMDB").trim().split(/\s+/) as [string, string | undefined];
    const alias = first === "sum.golang.google.cn" ? "sum.golang.org" : first;
    const key = keys[alias] ?? alias;
    if (!key.includes("+")) throw new ModuleError(`invalid GOSUMDB: malformed verifier id`);
    const verifier = new Verifier(this.host, key);
    this.base = this.place(verifier.name, url ?? (alias === first ? "" : `https://${first}`));
    this.verifier = verifier;
    const known = this.readConfig(verifier.name);
    if (known !== null) this.latest = this.tree(known);
    return verifier;
  }

  /** A proxy that passes the database on, or the database itself. */
  private place(name: string, url: string): string {
    if (url !== "") return url.replace(/\/+$/, "");
    for (const proxy of parseProxies(setting(this.host, "GOPROXY"))) {
      if (proxy.url === "direct" || proxy.url === "off") break;
      const base = `${proxy.url}/sumdb/${name}`;
      const [reply] = this.host.fetch([{ url: `${base}/supported`, file: "", limit: replyLimit }]);
      if (reply?.error === "") return base;
      if (reply !== undefined && reply.status !== 404 && reply.status !== 410 && !proxy.anyFailure) {
        throw new ModuleError(`Get ${JSON.stringify(`${base}/supported`)}: ${reply.error}`);
      }
    }
    return `https://${name}`;
  }

  private get configPath(): string {
    const gopath = setting(this.host, "GOPATH").split(":")[0] as string;
    return joinPath(gopath, "pkg/sumdb", this.name, "latest");
  }

  private readConfig(name: string): string | null {
    const path = this.configPath;
    if (this.host.stat(path).kind !== "file") return null;
    const text = new TextDecoder().decode(this.host.readFile(path));
    if (text === "") return null;
    if (this.verifier?.open(text) === null) throw new ModuleError(`${name}: ${path} is not signed`);
    return text;
  }

  private tree(note: string): Tree {
    const text = this.verifier?.open(note) ?? null;
    if (text === null) throw new ModuleError("invalid signature of the checksum database's tree");
    const m = /^go\.sum database tree\n(\d{1,15})\n(\S+)\n/.exec(text);
    const hash = m === null ? null : fromBase64(m[2] as string);
    if (m === null || hash?.length !== hashSize) throw new ModuleError("malformed tree of the checksum database");
    return { size: Number(m[1]), hash };
  }

  /** The lines of a module, proven to be in the log. */
  private record(m: ModuleVersion): string[] {
    const verifier = this.start();
    const file = `lookup/${escapeName(m.path)}@${escapeName(m.version)}`;
    const cached = this.cached(file);
    const reply = new TextDecoder().decode(cached ?? this.ask(file));
    const parts = /^(\d{1,15})\n((?:[^\n]+\n)+)\n([\s\S]*)$/.exec(reply);
    if (parts === null) throw new ModuleError(`malformed reply of ${verifier.name}`);
    const id = Number(parts[1]);
    const text = parts[2] as string;
    this.advance(parts[3] as string);
    const latest = this.latest as Tree;
    if (id >= latest.size) throw new ModuleError(`${verifier.name}: record ${id} is not in the tree of ${latest.size}`);
    const tile = this.provenTile(0, Math.floor(id / tileWidth));
    const at = (id % tileWidth) * hashSize;
    const leaf = this.host.sha256(new Uint8Array([0, ...new TextEncoder().encode(text)]));
    if (!equal(leaf, tile.subarray(at, at + hashSize))) {
      throw new ModuleError(`SECURITY ERROR: ${verifier.name} gave lines for ${m.path}@${m.version} that are not in its log`);
    }
    if (cached === null) this.store(file, new TextEncoder().encode(reply));
    return text.split("\n").filter((l) => l !== "");
  }

  /** Takes a newer signed tree, after proving that it goes on from the one known. */
  private advance(note: string): void {
    const next = this.tree(note);
    const known = this.latest;
    if (known !== null && next.size <= known.size) {
      if (next.size === known.size && !equal(next.hash, known.hash)) throw this.forked();
      this.checkPrefix(next);
      return;
    }
    this.latest = next;
    this.proven.clear();
    this.rootProven = false;
    if (known !== null) this.checkPrefix(known);
    else this.proveRoot();
    try {
      const path = this.configPath;
      this.host.makeFolder(path.slice(0, path.lastIndexOf("/")));
      this.host.writeFile(path, note, 0o644);
    } catch (e) {
      if (!(e instanceof HostError)) throw e;
    }
  }

  private forked(): ModuleError {
    return new ModuleError(`SECURITY ERROR: ${this.name} has shown two trees that contradict each other`);
  }

  /** Checks that a smaller signed tree is the beginning of the latest. */
  private checkPrefix(old: Tree): void {
    this.proveRoot();
    if (old.size === 0) return;
    const hashes: Uint8Array[] = [];
    let at = 0;
    for (let level = 47; level >= 0; level--) {
      const width = 2 ** level;
      if (Math.floor(old.size / width) % 2 === 0) continue;
      hashes.push(this.node(level, at / width));
      at += width;
    }
    if (!equal(this.fold(hashes), old.hash)) throw this.forked();
  }

  /** The hash over a complete subtree of 2^level records. */
  private node(level: number, index: number): Uint8Array {
    const k = Math.floor(level / tileHeight);
    const inside = 2 ** (level % tileHeight);
    const first = index * inside;
    const tile = this.provenTile(k, Math.floor(first / tileWidth));
    return this.subtree(tile, first % tileWidth, inside);
  }

  private subtree(tile: Uint8Array, first: number, count: number): Uint8Array {
    if (count === 1) return tile.subarray(first * hashSize, (first + 1) * hashSize);
    const half = count / 2;
    return this.pair(this.subtree(tile, first, half), this.subtree(tile, first + half, half));
  }

  private pair(left: Uint8Array, right: Uint8Array): Uint8Array {
    return this.host.sha256(new Uint8Array([1, ...left, ...right]));
  }

  private fold(hashes: readonly Uint8Array[]): Uint8Array {
    let h = hashes[hashes.length - 1] as Uint8Array;
    for (let i = hashes.length - 2; i >= 0; i--) h = this.pair(hashes[i] as Uint8Array, h);
    return h;
  }

  /** How many hashes the tiles of a level have together in the latest tree. */
  private count(level: number): number {
    return Math.floor((this.latest as Tree).size / tileWidth ** level);
  }

  /** Proves the tiles at the right edge: together they make the hash of the tree. */
  private proveRoot(): void {
    if (this.rootProven) return;
    const tree = this.latest as Tree;
    const hashes: Uint8Array[] = [];
    const edge: [string, Uint8Array][] = [];
    let top = 0;
    while (this.count(top + 1) > 0) top++;
    for (let level = top; level >= 0; level--) {
      const width = this.count(level) % tileWidth;
      if (width === 0) continue;
      const index = Math.floor(this.count(level) / tileWidth);
      const tile = this.readTile(level, index, width);
      let at = 0;
      for (let size = tileWidth / 2; size >= 1; size /= 2) {
        if (Math.floor(width / size) % 2 === 0) continue;
        hashes.push(this.subtree(tile, at, size));
        at += size;
      }
      edge.push([`${level}/${index}`, tile]);
    }
    if (tree.size > 0 && !equal(this.fold(hashes), tree.hash)) {
      throw new ModuleError(`SECURITY ERROR: tiles of ${this.name} do not make the tree that it signed`);
    }
    for (const [name, tile] of edge) this.proven.set(name, tile);
    this.rootProven = true;
  }

  private provenTile(level: number, index: number): Uint8Array {
    this.proveRoot();
    const name = `${level}/${index}`;
    const known = this.proven.get(name);
    if (known !== undefined) return known;
    const tile = this.readTile(level, index, tileWidth);
    const above = this.provenTile(level + 1, Math.floor(index / tileWidth));
    const at = (index % tileWidth) * hashSize;
    if (!equal(this.subtree(tile, 0, tileWidth), above.subarray(at, at + hashSize))) {
      throw new ModuleError(`SECURITY ERROR: a tile of ${this.name} is not part of its log`);
    }
    this.proven.set(name, tile);
    this.store(tilePath(level, index, tileWidth), tile);
    return tile;
  }

  private readTile(level: number, index: number, width: number): Uint8Array {
    const whole = this.cached(tilePath(level, index, tileWidth));
    const size = width * hashSize;
    if (whole !== null && whole.length === tileWidth * hashSize) return whole.subarray(0, size);
    const path = tilePath(level, index, width);
    const cached = width === tileWidth ? null : this.cached(path);
    if (cached !== null && cached.length === size) return cached;
    let tile: Uint8Array;
    try {
      tile = this.ask(path);
    } catch (e) {
      // Of a tree that has grown since, only the whole tile may be left.
      if (!(e instanceof ModuleError) || !e.absent || width === tileWidth) throw e;
      tile = this.ask(tilePath(level, index, tileWidth)).subarray(0, size);
    }
    if (tile.length !== size) throw new ModuleError(`${this.name}: a tile has ${tile.length} bytes instead of ${size}`);
    return tile;
  }

  private ask(path: string): Uint8Array {
    const url = `${this.base}/${path}`;
    const [reply] = this.host.fetch([{ url, file: "", limit: replyLimit }]);
    if (reply === undefined || reply.error !== "" || reply.data === null) {
      const said = new TextDecoder().decode(reply?.data ?? new Uint8Array(0)).trim();
      const absent = reply?.status === 404 || reply?.status === 410;
      const why = reply === undefined ? "no answer" : reply.error;
      throw new ModuleError(
        `${reply?.status === 0 ? `Get ${JSON.stringify(url)}` : `reading ${url}`}: ${why}${said === "" ? "" : `\n\tserver response: ${said}`}`,
        absent,
      );
    }
    return reply.data;
  }

  private cachePath(path: string): string {
    return joinPath(moduleCacheFolder(this.host), "cache/download/sumdb", this.name, path);
  }

  private cached(path: string): Uint8Array | null {
    const file = this.cachePath(path);
    return this.host.stat(file).kind === "file" ? this.host.readFile(file) : null;
  }

  /** What can't be kept is asked for again the next time. */
  private store(path: string, data: Uint8Array): void {
    const file = this.cachePath(path);
    try {
      this.host.makeFolder(file.slice(0, file.lastIndexOf("/")));
      this.host.writeFile(file, data, 0o644);
    } catch (e) {
      if (!(e instanceof HostError)) throw e;
    }
  }
}

function tilePath(level: number, index: number, width: number): string {
  let n = String(index % 1000).padStart(3, "0");
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    n = `x${String(rest % 1000).padStart(3, "0")}/${n}`;
  }
  return `tile/${tileHeight}/${level}/${n}${width === tileWidth ? "" : `.p/${width}`}`;
}

/** The text of a tree as a database signs it; for tests that make one. */
export function treeText(size: number, hash: Uint8Array): string {
  return `go.sum database tree\n${size}\n${base64(hash)}\n`;
}
