// The module information that runtime/debug.ReadBuildInfo finds in a binary, in the text form that the go command writes.

import type { LoadedPackage, LoadedProgram } from "../load/package.ts";

// Fixed byte strings around the text, so that tools find it in any file.
const start = "3077af0c9274080241e1c107e6d618e6";
const end = "f932433186182072008242104116d8f2";

const hex = (text: string): number[] => (text.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));

/** The record for a program: path, main module, dependencies, settings. */
export function buildInfo(main: LoadedPackage, program: LoadedProgram, tags: readonly string[], godebug: string): Uint8Array {
  const lines = [`path\t${main.path}`];
  if (main.module !== null) lines.push(`mod\t${main.module.path}\t${main.module.version || "(devel)"}\t`);
  const modules = new Map<string, string>();
  for (const p of program.packages) {
    if (p.module !== null && !p.module.main) modules.set(p.module.path, p.module.version);
  }
  for (const [path, version] of [...modules].sort(([a], [b]) => (a < b ? -1 : 1))) lines.push(`dep\t${path}\t${version}\t`);
  lines.push("build\t-compiler=go3s");
  if (tags.length > 0) lines.push(`build\t-tags=${tags.join(",")}`);
  if (godebug !== "") lines.push(`build\tDefaultGODEBUG=${godebug}`);
  lines.push("build\tCGO_ENABLED=0");
  if (program.fips140 !== "off") lines.push(`build\tGOFIPS140=${program.fips140}`);
  lines.push("build\tGOOS=linux");
  const text = new TextEncoder().encode(lines.map((l) => `${l}\n`).join(""));
  return Uint8Array.from([...hex(start), ...text, ...hex(end)]);
}
