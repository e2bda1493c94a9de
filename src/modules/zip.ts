// Reads and checks zip archives of modules. They come from outside: every number is checked against the size of what it counts, names can't lead out of
// the folder, and nothing is unpacked beyond what a limit allows.

import type { Host } from "../base/host.ts";
import { filePathFault, type ModuleVersion } from "./names.ts";

export class ZipError extends Error {}

/** A file of an archive. */
export class ZipEntry {
  readonly name: string;
  readonly size: number;
  private readonly host: Host;
  private readonly packed: Uint8Array;
  private readonly deflated: boolean;

  constructor(host: Host, name: string, size: number, packed: Uint8Array, deflated: boolean) {
    this.host = host;
    this.name = name;
    this.size = size;
    this.packed = packed;
    this.deflated = deflated;
  }

  /** The bytes; throws ZipError if they are not as many as the archive says. */
  read(): Uint8Array {
    if (!this.deflated) return this.packed;
    let data: Uint8Array;
    try {
      data = this.host.inflate(this.packed, this.size);
    } catch {
      throw new ZipError(`${this.name}: damaged, or larger than it says`);
    }
    if (data.length !== this.size) throw new ZipError(`${this.name}: has ${data.length} bytes instead of ${this.size}`);
    return data;
  }
}

const endSize = 22;
const centralSize = 46;
const localSize = 30;
const symbolicLink = 0xa000;
const fileType = 0xf000;
const regularFile = 0x8000;

/** The files of an archive, which hold `limit` bytes at most together. Throws ZipError. */
export function readZip(host: Host, data: Uint8Array, limit: number): ZipEntry[] {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  const size = view.getUint32(end + 12, true);
  let at = view.getUint32(end + 16, true);
  if (at + size > end) throw new ZipError("the directory lies outside of the archive");
  if (count === 0xffff) throw new ZipError("it holds too many files");
  const entries: ZipEntry[] = [];
  const names = new Set<string>();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let total = 0;
  for (let i = 0; i < count; i++) {
    if (at + centralSize > end || view.getUint32(at, true) !== 0x02014b50) throw new ZipError("the directory is damaged");
    const flags = view.getUint16(at + 8, true);
    const method = view.getUint16(at + 10, true);
    const packedSize = view.getUint32(at + 20, true);
    const fullSize = view.getUint32(at + 24, true);
    const nameLength = view.getUint16(at + 28, true);
    const next = at + centralSize + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    const type = (view.getUint32(at + 38, true) >>> 16) & fileType;
    const local = view.getUint32(at + 42, true);
    if (next > end) throw new ZipError("the directory is damaged");
    let name: string;
    try {
      name = decoder.decode(data.subarray(at + centralSize, at + centralSize + nameLength));
    } catch {
      throw new ZipError("a name is not UTF-8");
    }
    at = next;
    if (name.endsWith("/")) continue;
    if (!isSafe(name)) throw new ZipError(`${JSON.stringify(name)} is no name for a file of a module`);
    if (type === symbolicLink || (type !== 0 && type !== regularFile)) throw new ZipError(`${name}: not a regular file`);
    if ((flags & 1) !== 0 || (method !== 0 && method !== 8)) throw new ZipError(`${name}: packed in an unknown way`);
    if (names.has(name)) throw new ZipError(`${name}: there twice`);
    names.add(name);
    total += fullSize;
    if (total > limit) throw new ZipError(`it holds more than ${limit} bytes`);
    if (local + localSize > end || view.getUint32(local, true) !== 0x04034b50) throw new ZipError(`${name}: damaged`);
    const start = local + localSize + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    if (start + packedSize > end || (method === 0 && packedSize !== fullSize)) throw new ZipError(`${name}: damaged`);
    entries.push(new ZipEntry(host, name, fullSize, data.subarray(start, start + packedSize), method === 8));
  }
  return entries;
}

function findEnd(view: DataView): number {
  // A comment of up to 65535 bytes may stand behind it.
  for (let at = view.byteLength - endSize; at >= Math.max(0, view.byteLength - endSize - 65535); at--) {
    if (view.getUint32(at, true) === 0x06054b50) return at;
  }
  throw new ZipError("it is no zip archive");
}

/** Names with slashes that stay where they are unpacked. */
function isSafe(name: string): boolean {
  if (name === "" || /[\0\\:]/.test(name)) return false;
  return name.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

/** What a module may hold: all of it, its go.mod file and its licence. */
export const moduleLimit = 500 << 20;
const smallLimit = 16 << 20;

/** The files of a module's archive under their names in the module. Throws ZipError for what no module may hold. */
export function moduleFiles(host: Host, data: Uint8Array, m: ModuleVersion): { entries: ZipEntry[]; nameOf: (e: ZipEntry) => string } {
  const entries = readZip(host, data, moduleLimit);
  const prefix = `${m.path}@${m.version}/`;
  const nameOf = (e: ZipEntry): string => e.name.slice(prefix.length);
  const folded = new Map<string, string>();
  for (const e of entries) {
    if (!e.name.startsWith(prefix)) throw new ZipError(`${e.name}: path does not have prefix ${JSON.stringify(prefix)}`);
    const name = nameOf(e);
    const fault = filePathFault(name);
    if (fault !== "") throw new ZipError(`${e.name}: malformed file path ${JSON.stringify(name)}: ${fault}`);
    const base = name.slice(name.lastIndexOf("/") + 1);
    if (base.toLowerCase() === "go.mod" && name !== "go.mod") {
      throw new ZipError(`${e.name}: ${base === name ? 'go.mod file must be named "go.mod"' : "go.mod file not in module root directory"}`);
    }
    if ((name === "go.mod" || name === "LICENSE") && e.size > smallLimit) {
      throw new ZipError(`${e.name}: ${name} file too large (max size is ${smallLimit} bytes)`);
    }
    collide(folded, name);
  }
  return { entries, nameOf };
}

/** Two names that are one where case does not count, or a file where a folder is. */
function collide(folded: Map<string, string>, name: string): void {
  for (let end = name.length; end > 0; end = name.lastIndexOf("/", end - 1)) {
    const part = name.slice(0, end);
    const key = part.toLowerCase();
    const marked = end === name.length ? part : `${part}/`;
    const other = folded.get(key);
    if (other !== undefined && (other !== marked || end === name.length)) {
      const [a, b] = [other.replace(/\/$/, ""), part];
      throw new ZipError(
        a === b
          ? `entry ${JSON.stringify(a)} is both a file and a directory`
          : `case-insensitive file name collision: ${JSON.stringify(a)} and ${JSON.stringify(b)}`,
      );
    }
    folded.set(key, marked);
  }
}
