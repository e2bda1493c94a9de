// The hashes of go.sum: SHA-256 over a list of the files' own SHA-256 sums.

import type { Host } from "../base/host.ts";

export function hex(bytes: Uint8Array): string {
  let out = "";
  for (const byte of bytes) out += byte.toString(16).padStart(2, "0");
  return out;
}

export function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

/** The bytes of base64, null if it is none. */
export function fromBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}

/** "h1:..." of files; each is read once, in order of names. */
export function hashFiles(host: Host, files: readonly { readonly name: string; read(): Uint8Array }[]): string {
  const sorted = [...files].sort((a, b) => (a.name === b.name ? 0 : a.name < b.name ? -1 : 1));
  let text = "";
  for (const f of sorted) text += `${hex(host.sha256(f.read()))}  ${f.name}\n`;
  return `h1:${base64(host.sha256(new TextEncoder().encode(text)))}`;
}

/** The hash of a go.mod file alone. */
export function hashGoMod(host: Host, data: Uint8Array): string {
  return hashFiles(host, [{ name: "go.mod", read: () => data }]);
}
