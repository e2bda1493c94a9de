// The module information that runtime/debug.ReadBuildInfo finds in a binary, in the form and at a place where tools find it as well.

import type { LoadedPackage, LoadedProgram, Module } from "../load/package.ts";

// Fixed byte strings around the text.
const start = "3077af0c9274080241e1c107e6d618e6";
const end = "f932433186182072008242104116d8f2";
const magic = "ff20476f206275696c64696e663a";
const headerSize = 32;
/** The texts follow the header, each behind its length. */
const inline = 2;

const hex = (text: string): number[] => (text.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));

/** The record of a program, and where its text for the program itself begins. */
export interface BuildInfo {
  readonly bytes: Uint8Array;
  readonly text: number;
}

/** A setting of the build: name and value. */
export type Setting = readonly [string, string];

/** The record for a program: path, main module, dependencies, settings. `version` is that of the Go tree. */
export function buildInfo(main: LoadedPackage, program: LoadedProgram, version: string, settings: readonly Setting[]): BuildInfo {
  const lines = [`path\t${main.path}`];
  if (main.module !== null) lines.push(...moduleLines("mod", main.module));
  const modules = new Map<string, Module>();
  for (const p of program.packages) {
    if (p.module !== null && p.module.path !== main.module?.path) modules.set(p.module.path, p.module);
  }
  for (const [, module] of [...modules].sort(([a], [b]) => (a < b ? -1 : 1))) lines.push(...moduleLines("dep", module));
  for (const [name, value] of settings) lines.push(`build\t${name}=${quoted(value)}`);
  const text = Uint8Array.from([...hex(start), ...new TextEncoder().encode(lines.map((l) => `${l}\n`).join("")), ...hex(end)]);
  const versionBytes = new TextEncoder().encode(version);
  const head = [
    ...hex(magic),
    8,
    inline,
    ...new Array<number>(headerSize - 16).fill(0),
    ...varint(versionBytes.length),
    ...versionBytes,
    ...varint(text.length),
  ];
  return { bytes: Uint8Array.from([...head, ...text]), text: head.length };
}

/** A module's line; what replaces it has one of its own, and its hash then. */
function moduleLines(word: string, m: Module): string[] {
  const version = m.version || "(devel)";
  if (m.replace === null) return [`${word}\t${m.path}\t${version}\t${m.sum}`];
  return [
    `${word}\t${m.path}\t${version}`,
    `=>\t${m.replace.path}\t${m.replace.version || "(devel)"}\t${m.replace.version === "" ? "" : m.sum}`,
  ];
}

function quoted(value: string): string {
  return /[ \t\r\n"`]/.test(value) ? JSON.stringify(value) : value;
}

function varint(n: number): number[] {
  const out: number[] = [];
  for (; n >= 0x80; n >>>= 7) out.push((n & 0x7f) | 0x80);
  return [...out, n];
}

/** Reads the record of an executable; null if there is none. */
export function readBuildInfo(file: Uint8Array): { readonly version: string; readonly text: string } | null {
  if (!(file[0] === 0x7f && file[1] === 0x45 && file[2] === 0x4c && file[3] === 0x46)) return null;
  const wanted = hex(magic);
  for (let at = file.indexOf(0xff); at >= 0; at = file.indexOf(0xff, at + 1)) {
    if (!wanted.every((byte, i) => file[at + i] === byte) || ((file[at + 15] ?? 0) & inline) === 0) continue;
    let pos = at + headerSize;
    const take = (): Uint8Array => {
      let size = 0;
      for (let shift = 0; shift < 35; shift += 7) {
        const byte = file[pos++] ?? 0;
        size |= (byte & 0x7f) << shift;
        if (byte < 0x80) break;
      }
      const bytes = file.subarray(pos, pos + Math.max(size, 0));
      pos += bytes.length;
      return bytes;
    };
    const version = new TextDecoder().decode(take());
    const text = take();
    if (!/^(go|devel)/.test(version)) continue;
    return { version, text: text.length >= 33 ? new TextDecoder().decode(text.subarray(16, text.length - 16)) : "" };
  }
  return null;
}
