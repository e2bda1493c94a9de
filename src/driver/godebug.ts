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

/** A //go:debug line. */
interface Directive {
  readonly line: number;
  /** "key=value", or what stands there instead. */
  readonly text: string;
}

/** A file's //go:debug lines, which stand before its package clause. */
function directiveLines(file: LoadedFile): Directive[] {
  const text = new TextDecoder().decode(file.data);
  if (!text.includes("//go:debug")) return [];
  const plain = text.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]+/g, " "));
  const head = plain.split(/^\s*package\b/m)[0] as string;
  const found: Directive[] = [];
  head.split("\n").forEach((line, i) => {
    const m = /^\/\/go:debug(?:[ \t]+(.*?))?\s*$/.exec(line);
    if (m !== null) found.push({ line: i + 1, text: m[1] ?? "" });
  });
  return found;
}

function directives(file: LoadedFile): string[] {
  return directiveLines(file).map((d) => d.text);
}

/** What is wrong with the //go:debug lines of a main package, as the go command says it. */
export function directiveFaults(host: Host, goroot: string, main: LoadedPackage): string[] {
  const lines: string[] = [];
  const seen = new Map<string, string>();
  for (const file of main.files) {
    for (const d of directiveLines(file)) {
      const place = `${file.path}:${d.line}:1`;
      const at = d.text.indexOf("=");
      const key = d.text.slice(0, at);
      const fault = at < 0 ? "missing key=value" : settingFault(host, goroot, key, d.text.slice(at + 1));
      const before = seen.get(key);
      if (fault !== "") lines.push(`${place}: invalid //go:debug: ${fault}`);
      else if (before !== undefined) lines.push(`${place}: repeated //go:debug for ${key}`, `\t${before}: previous //go:debug`);
      else seen.set(key, place);
    }
  }
  return lines;
}

function settingFault(host: Host, goroot: string, key: string, value: string): string {
  const what = "//go:debug setting";
  if (/[ \t]/.test(key)) return "key contains space";
  if (/[ \t]/.test(value)) return "value contains space";
  if (key.includes(",")) return "key contains comma";
  if (value.includes(",")) return "value contains comma";
  if (key === "default") return /^go\d+\.\d+/.test(value) ? "" : "value for default= must be goVERSION";
  if (!/^\w+$/.test(key)) return `unknown ${what} ${JSON.stringify(key)}`;
  const table = settingsTable(host, goroot);
  if (new RegExp(`^\\s*\\{Name: "${key}", Package`, "m").test(table)) return "";
  const removed = new RegExp(`^\\s*\\{Name: "${key}", Removed: (\\d+)`, "m").exec(table);
  if (removed !== null) return `use of removed ${what} "${key}", see https://go.dev/doc/godebug#go-1${removed[1]}`;
  return `unknown ${what} ${JSON.stringify(key)}`;
}

function settingsTable(host: Host, goroot: string): string {
  return new TextDecoder().decode(host.readFile(`${goroot}/src/internal/godebugs/table.go`));
}

/** What a version of Go ("1.22", "1.22.3") had other defaults for. */
function formerDefaults(host: Host, goroot: string, version: string): [string, string][] {
  const minor = /^1\.(\d+)/.exec(version)?.[1];
  if (minor === undefined || Number(minor) >= languageMinor) return [];
  const rows = settingsTable(host, goroot).matchAll(/^\s*\{Name: "(\w+)",.*\bChanged: (\d+), Old: "([^"]*)"/gm);
  return [...rows].filter((r) => Number(minor) < Number(r[2])).map((r) => [r[1] as string, r[3] as string]);
}
