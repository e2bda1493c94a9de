// go3s mod init and go3s mod edit: go.mod files made and changed by hand, without looking at packages.

import { type Host, HostError } from "../base/host.ts";
import { joinPath, shortPath } from "../base/paths.ts";
import { removeRemains } from "../base/remains.ts";
import { findGoroot } from "../load/goroot.ts";
import { LoadError } from "../load/package.ts";
import { findUpwards, noModFile } from "../modules/mains.ts";
import { isFolderPath, ModFile, ModFileError } from "../modules/modfile.ts";
import { importPathFault, splitMajor } from "../modules/names.ts";
import { canonicalVersion } from "../modules/semver.ts";
import { ModSyntax } from "../modules/syntax.ts";
import { commandFlags } from "./buildflags.ts";
import { CommandError } from "./errors.ts";
import type { FlagSpec } from "./flags.ts";
import { goJson } from "./gojson.ts";
import { moduleFlags } from "./project.ts";

export function modInit(machine: Host, words: readonly string[]): number {
  const flags = commandFlags(machine, "mod init", words, moduleFlags);
  const { host } = flags;
  if (flags.rest.length > 1) throw new CommandError("go: 'go mod init' accepts at most one argument", 1);
  const cwd = host.cwd();
  const path = joinPath(cwd, "go.mod");
  if (host.stat(path).kind !== "missing") throw new CommandError(`go: ${path} already exists`, 1);
  const name = flags.rest[0] ?? moduleForFolder(host, cwd);
  const fault = importPathFault(name);
  if (fault !== "") {
    const why = /^\.{1,2}(\/|$)/.test(name) ? "is a local import path" : fault;
    throw new CommandError(`go: malformed module path ${JSON.stringify(name)}: ${why}`, 1);
  }
  if (["std", "cmd", "toolchain", "go"].includes(name)) throw new CommandError(`go: invalid module path ${JSON.stringify(name)}: `, 1);
  if (splitMajor(name) === null) {
    const how = name.startsWith("gopkg.in/")
      ? `module paths beginning with gopkg.in/ must always have a major version suffix in the form of .vN:\n\tgo mod init ${name.replace(/\/v(\d+)$/, ".v$1").replace(/^(.*?)(\.v\d+)?$/, (_, a: string, b?: string) => a + (b ?? ".v1"))}`
      : `major version suffixes must be in the form of /vN and are only allowed for v2 or later:\n\tgo mod init ${suggestion(name)}`;
    throw new CommandError(`go: invalid module path ${JSON.stringify(name)}: ${how}`, 1);
  }
  host.stderr(`go: creating new go.mod: module ${name}\n`);
  const file = new ModFile(new ModSyntax());
  file.setModule(name);
  file.setGo((findGoroot(host).version.split(" ")[0] as string).slice(2));
  writeMod(host, path, file.format());
  const names = host.readFolder(cwd).filter((n) => !/^[._]/.test(n));
  if (names.some((n) => n.endsWith(".go") || host.stat(joinPath(cwd, n)).kind === "folder")) {
    host.stderr("go: to add module requirements and sums:\n\tgo mod tidy\n");
  }
  return 0;
}

function suggestion(name: string): string {
  const m = /^(.*?)\/?v([0-9.]*)$/.exec(name);
  const major = m === null ? 0 : Number((m[2] as string).split(".")[0] || "0");
  const base = m === null ? name : (m[1] as string);
  return major <= 1 ? base : `${base}/v${major}`;
}

/** The path of a module in a folder, as an import comment or GOPATH says. */
function moduleForFolder(host: Host, dir: string): string {
  for (const name of host.readFolder(dir)) {
    if (!name.endsWith(".go")) continue;
    const m = /^package\s+\w+\s*(?:\/\/|\/\*)\s*import\s+"([^"]+)"/m.exec(new TextDecoder().decode(host.readFile(joinPath(dir, name))));
    if (m !== null) return m[1] as string;
  }
  const gopath = (host.env("GOPATH") || joinPath(host.homeFolder(), "go")).split(":");
  for (const root of gopath) {
    const src = `${joinPath(root, "src")}/`;
    if (dir.startsWith(src)) return dir.slice(src.length);
  }
  throw new CommandError(
    `go: cannot determine module path for source directory ${dir} (outside GOPATH, module path must be specified)\n\n` +
      "Example usage:\n\t'go mod init example.com/m' to initialize a v0 or v1 module\n\t'go mod init example.com/m/v2' to initialize a v2 module\n\n" +
      "Run 'go help mod init' for more information.",
    1,
  );
}

export function writeMod(host: Host, path: string, text: string): void {
  try {
    removeRemains(host, path);
    host.writeFile(path, text, 0o644);
  } catch (e) {
    if (e instanceof HostError) throw new CommandError(`go: open ${path}: ${e.reason}`, 1);
    throw e;
  }
}

/** Flags that change something, in the order in which they are given. */
const edits =
  "require droprequire exclude dropexclude replace dropreplace retract dropretract godebug dropgodebug tool droptool ignore dropignore";

const editFlags: readonly FlagSpec[] = [
  ...moduleFlags,
  ...["fmt", "json", "print", "n"].map((name): FlagSpec => ({ name, kind: "bool" })),
  ...["module", "go", "toolchain"].map((name): FlagSpec => ({ name, kind: "string" })),
  ...edits.split(" ").map((name): FlagSpec => ({ name, kind: "list" })),
];

/** The values of flags in the order of the command line. */
export function orderedFlags(words: readonly string[], names: ReadonlySet<string>): { name: string; value: string }[] {
  const out: { name: string; value: string }[] = [];
  for (let i = 0; i < words.length; i++) {
    const m = /^--?([a-z]+)(?:=(.*))?$/s.exec(words[i] as string);
    if (m === null || !names.has(m[1] as string)) continue;
    out.push({ name: m[1] as string, value: m[2] ?? words[++i] ?? "" });
  }
  return out;
}

export function modEdit(machine: Host, words: readonly string[]): number {
  const flags = commandFlags(machine, "mod edit", words, editFlags);
  const { host } = flags;
  const changes = orderedFlags(words, new Set(edits.split(" ")));
  const text = (name: string): string => flags.strings.get(name) ?? "";
  const has = (name: string): boolean => flags.bools.has(name);
  if (changes.length === 0 && !["module", "go", "toolchain"].some((n) => text(n) !== "") && !has("json") && !has("print") && !has("fmt")) {
    throw new CommandError("go: no flags specified (see 'go help mod edit').", 1);
  }
  if (has("json") && has("print")) throw new CommandError("go: cannot use both -json and -print", 1);
  if (flags.rest.length > 1) throw new CommandError("go: too many arguments", 1);
  const path = flags.rest[0] ?? modPath(host, text("modfile"));
  if (text("module") !== "") {
    const fault = importPathFault(text("module"));
    if (fault !== "") throw new CommandError(`go: invalid -module: malformed import path ${JSON.stringify(text("module"))}: ${fault}`, 1);
  }
  const local = (findGoroot(host).version.split(" ")[0] as string).slice(2);
  checkVersions(text("go"), text("toolchain"), local, "mod");
  const { file, original } = readEdited(host, path, false);
  if (text("module") !== "") file.setModule(text("module"));
  if (text("go") !== "") file.setGo(text("go") === "none" ? "" : text("go"));
  if (text("toolchain") !== "") file.setToolchain(text("toolchain") === "none" ? "" : text("toolchain"));
  for (const { name, value } of changes) change(file, name, value);
  file.sortBlocks();
  if (has("json")) {
    host.stdout(`${goJson(modJson(file))}\n`);
    return 0;
  }
  const out = file.format();
  if (has("print")) host.stdout(out);
  else if (out !== original) writeMod(host, path, out);
  return 0;
}

/** Checks what -go and -toolchain of an edit command say. */
export function checkVersions(go: string, toolchain: string, local: string, command: string): void {
  if (go !== "" && go !== "none" && !/^[1-9]\d*\.(0|[1-9]\d*)(\.(0|[1-9]\d*))?([a-z]+\d+)?$/.test(go)) {
    throw new CommandError(`go ${command}: invalid -go option; expecting something like "-go ${local}"`, 1);
  }
  if (toolchain !== "" && toolchain !== "none" && !/^default$|^go1($|\.)/.test(toolchain)) {
    throw new CommandError(`go ${command}: invalid -toolchain option; expecting something like "-toolchain go${local}"`, 1);
  }
}

function modPath(host: Host, modFile: string): string {
  if (modFile !== "") return modFile;
  const dir = findUpwards(host, host.cwd(), "go.mod");
  if (dir === "") throw new LoadError([`go: ${noModFile}`]);
  return joinPath(dir, "go.mod");
}

/** Reads a go.mod or go.work file that is to be changed. */
export function readEdited(host: Host, path: string, work: boolean): { file: ModFile; original: string } {
  try {
    const original = new TextDecoder().decode(host.readFile(path));
    const shown = shortPath(host.cwd(), path);
    try {
      return { file: ModFile.parse(original, path, shown.slice(shown.lastIndexOf("/") + 1), false, null, work), original };
    } catch (e) {
      if (e instanceof ModFileError) throw new LoadError([`go: errors parsing ${shown}:`, ...e.lines]);
      throw e;
    }
  } catch (e) {
    if (e instanceof HostError) throw new CommandError(`go: open ${path}: ${e.reason}`, 1);
    throw e;
  }
}

/** Splits "path@version"; the version may have to be there. */
function pathVersion(flag: string, arg: string, needed: boolean): { path: string; version: string } {
  const at = arg.lastIndexOf("@");
  if (at < 0) {
    if (needed) throw new CommandError(`go: -${flag}=${arg}: need path@version`, 1);
    return { path: checked(flag, arg, arg), version: "" };
  }
  const version = arg.slice(at + 1).trim();
  if (version === "" || /[ \t"'`/]/.test(version))
    throw new CommandError(`go: -${flag}=${arg}: invalid version ${JSON.stringify(version)}`, 1);
  return { path: checked(flag, arg, arg.slice(0, at).trim()), version };
}

function checked(flag: string, arg: string, path: string): string {
  const fault = importPathFault(path);
  if (fault !== "") throw new CommandError(`go: -${flag}=${arg}: invalid path: malformed import path ${JSON.stringify(path)}: ${fault}`, 1);
  return path;
}

/** Changes that go.mod and go.work files have in common. */
export function changeReplace(file: ModFile, name: string, value: string): void {
  if (name === "dropreplace") {
    const { path, version } = pathVersion(name, value, false);
    file.dropReplace(path, version);
    return;
  }
  const equals = value.indexOf("=");
  if (equals < 0) throw new CommandError(`go: -replace=${value}: need old[@v]=new[@w] (missing =)`, 1);
  const before = value.slice(0, equals);
  const after = value.slice(equals + 1);
  if (after.startsWith(">")) throw new CommandError(`go: -replace=${value}: separator between old and new is =, not =>`, 1);
  const left = pathVersion(name, before, false);
  const at = isFolderPath(after) ? -1 : after.lastIndexOf("@");
  const target = at < 0 ? after : after.slice(0, at);
  const version = at < 0 ? "" : after.slice(at + 1);
  if (version === "" && !isFolderPath(target))
    throw new CommandError(`go: -replace=${value}: unversioned new path must be local directory`, 1);
  file.addReplace(left.path, left.version, target, version);
}

/** Changes of a godebug line. */
export function changeGodebug(file: ModFile, name: string, value: string): void {
  if (name === "dropgodebug") {
    file.dropGodebug(value);
    return;
  }
  const equals = value.indexOf("=");
  if (equals < 0 || /["`',]/.test(value)) throw new CommandError(`go: -godebug=${value}: need key=value`, 1);
  file.setGodebug(value.slice(0, equals), value.slice(equals + 1));
}

function change(file: ModFile, name: string, value: string): void {
  switch (name) {
    case "require": {
      const { path, version } = pathVersion(name, value, true);
      file.addRequire(path, version);
      break;
    }
    case "droprequire":
      file.dropRequire(checked(name, value, value));
      break;
    case "exclude":
    case "dropexclude": {
      const { path, version } = pathVersion(name, value, true);
      if (name === "exclude") file.addExclude(path, version);
      else file.dropExclude(path, version);
      break;
    }
    case "replace":
    case "dropreplace":
      changeReplace(file, name, value);
      break;
    case "retract":
    case "dropretract": {
      const m = /^\[([^,\]]*),([^,\]]*)\]$/.exec(value.trim());
      const low = (m?.[1] ?? value).trim();
      const high = (m?.[2] ?? value).trim();
      if (canonicalVersion(low) === "" || canonicalVersion(high) === "")
        throw new CommandError(`go: -${name}=${value}: invalid version ${JSON.stringify(low)}`, 1);
      if (name === "retract") file.addRetract(low, high, "");
      else file.dropRetract(low, high);
      break;
    }
    case "godebug":
    case "dropgodebug":
      changeGodebug(file, name, value);
      break;
    default: {
      const verb = name.replace(/^drop/, "") as "tool" | "ignore";
      if (name.startsWith("drop")) file.dropNamed(verb, value);
      else file.addNamed(verb, value);
    }
  }
}

const listOrNull = <T>(list: readonly T[]): readonly T[] | null => (list.length === 0 ? null : list);

/** Replacements as -json shows them. */
export function replaceJson(file: ModFile): unknown {
  return listOrNull(
    file.replaces.map((r) => ({
      Old: { Path: r.path, Version: r.version || undefined },
      New: { Path: r.target, Version: r.targetVersion || undefined },
    })),
  );
}

function modJson(file: ModFile): unknown {
  return {
    Module: { Path: file.module, Deprecated: file.deprecated || undefined },
    Go: file.goVersion || undefined,
    Toolchain: file.toolchain || undefined,
    GoDebug: file.godebugs.length === 0 ? undefined : file.godebugs.map((g) => ({ Key: g.key, Value: g.value })),
    Require: listOrNull(file.requires.map((r) => ({ Path: r.path, Version: r.version, Indirect: r.indirect || undefined }))),
    Exclude: listOrNull(file.excludes.map((e) => ({ Path: e.path, Version: e.version }))),
    Replace: replaceJson(file),
    Retract: listOrNull(file.retracts.map((r) => ({ Low: r.low, High: r.high, Rationale: r.rationale || undefined }))),
    Tool: listOrNull(file.tools.map((t) => ({ Path: t.path }))),
    Ignore: listOrNull(file.ignores.map((i) => ({ Path: i.path }))),
  };
}
