// What GODEBUG is by default in a program: what its go.mod, its //go:debug lines and GOFIPS140 say, and what older versions of Go did
// where go.mod names one. The settings and when they changed are read from the Go tree.

import type { Host } from "../base/host.ts";
import { languageMinor } from "../load/context.ts";
import type { LoadedFile, LoadedPackage, LoadedProgram } from "../load/package.ts";

/** The default of GODEBUG for a program, "" if there is nothing to say; as the go command works it out. */
export function defaultGodebug(host: Host, program: LoadedProgram, main: LoadedPackage): string {
  const own = new Map<string, string>();
  const add = (setting: string): void => {
    const at = setting.indexOf("=");
    if (at > 0) own.set(setting.slice(0, at), setting.slice(at + 1));
  };
  if (program.fips140 !== "off") add("fips140=on");
  for (const g of program.godebugs) add(g);
  // In a test, the tested package and the one beside it have a say too.
  const tested = [...main.imports.values()].filter((p) => p.label.endsWith(".test]"));
  for (const p of [main, ...tested]) for (const file of p.files) for (const setting of directives(file)) add(setting);
  let version = program.goVersion;
  const standard = own.get("default")?.replace(/^go/, "");
  own.delete("default");
  if (standard !== undefined && /^\d/.test(standard)) version = standard;
  const all = new Map([...formerDefaults(host, program.goroot, version), ...own]);
  return [...all.keys()]
    .sort()
    .map((key) => `${key}=${all.get(key)}`)
    .join(",");
}

/** The settings of a file's //go:debug lines, which stand before its package clause. */
function directives(file: LoadedFile): string[] {
  const text = new TextDecoder().decode(file.data);
  if (!text.includes("//go:debug")) return [];
  const head = text.replace(/\/\*[\s\S]*?\*\//g, "").split(/^\s*package\b/m)[0] as string;
  return [...head.matchAll(/^\/\/go:debug[ \t]+(\S+=\S*)\s*$/gm)].map((m) => m[1] as string);
}

/** What a version of Go ("1.22", "1.22.3") had other defaults for. */
function formerDefaults(host: Host, goroot: string, version: string): [string, string][] {
  const minor = /^1\.(\d+)/.exec(version)?.[1];
  if (minor === undefined || Number(minor) >= languageMinor) return [];
  const table = new TextDecoder().decode(host.readFile(`${goroot}/src/internal/godebugs/table.go`));
  const rows = table.matchAll(/^\s*\{Name: "(\w+)",.*\bChanged: (\d+), Old: "([^"]*)"/gm);
  return [...rows].filter((r) => Number(minor) < Number(r[2])).map((r) => [r[1] as string, r[3] as string]);
}
