// go3s work: workspaces (go.work) of several main modules.

import type { Host } from "../base/host.ts";
import { absolute, isBelow, joinPath, parentFolder, shortPath } from "../base/paths.ts";
import { findGoroot } from "../load/goroot.ts";
import { asLoadError, tidyOptions } from "../load/imports.ts";
import { LoadError } from "../load/package.ts";
import { compareGoVersions } from "../modules/goversion.ts";
import { compareModuleVersions } from "../modules/graph.ts";
import { findWorkFile, readModFile, relativeTo } from "../modules/mains.ts";
import { ModFile } from "../modules/modfile.ts";
import type { ModuleVersion } from "../modules/names.ts";
import { ModSyntax } from "../modules/syntax.ts";
import { updateRoots } from "../modules/update.ts";
import { commandFlags, wrongUsage } from "./buildflags.ts";
import { CommandError } from "./errors.ts";
import type { FlagSpec } from "./flags.ts";
import { goJson } from "./gojson.ts";
import { withoutWorkspace } from "./mod.ts";
import { changeGodebug, changeReplace, checkVersions, orderedFlags, readEdited, replaceJson, writeMod } from "./modedit.ts";
import { vendor } from "./modvendor.ts";
import { moduleFlags, Project } from "./project.ts";

const noWorkFile = "go: no go.work file found\n\t(run 'go work init' first or specify path using GOWORK environment variable)";

const subcommands: Readonly<Record<string, (host: Host, words: readonly string[]) => number>> = {
  edit: workEdit,
  init: workInit,
  sync: workSync,
  use: workUse,
  vendor: (host, words) => {
    workFile(host);
    return vendor(host, words, "work vendor");
  },
};

/** The exit status. Throws CommandError and LoadError. */
export function workCommand(host: Host, words: readonly string[]): number {
  const [name, ...rest] = words;
  const command = name === undefined ? undefined : subcommands[name];
  if (name === undefined) throw wrongUsage("work", "go3s work: a command is needed");
  if (command === undefined) throw new CommandError(`go3s work ${name}: unknown command\nRun 'go3s help work' for usage.`, 2);
  return command(host, rest);
}

function workFile(host: Host): string {
  const path = findWorkFile(host, host.cwd());
  if (path === "") throw new CommandError(noWorkFile, 1);
  return path;
}

function localVersion(host: Host): string {
  return (findGoroot(host).version.split(" ")[0] as string).slice(2);
}

function workInit(machine: Host, words: readonly string[]): number {
  const flags = commandFlags(machine, "work init", words, moduleFlags);
  const { host } = flags;
  const path = findWorkFile(host, host.cwd()) || joinPath(host.cwd(), "go.work");
  if (host.stat(path).kind !== "missing") throw new CommandError(`go: ${path} already exists`, 1);
  const file = new ModFile(new ModSyntax());
  file.setGo(localVersion(host));
  use(host, path, file, flags.rest, false);
  writeMod(host, path, file.format());
  return 0;
}

function workUse(machine: Host, words: readonly string[]): number {
  const flags = commandFlags(machine, "work use", words, [...moduleFlags, { name: "r", kind: "bool" }]);
  const { host } = flags;
  const path = workFile(host);
  const { file, original } = readEdited(host, path, true);
  use(host, path, file, flags.rest, flags.bools.has("r"));
  const text = file.format();
  if (text !== original) writeMod(host, path, text);
  return 0;
}

/** Adds folders that hold a module, takes out those that don't any more. */
function use(host: Host, workPath: string, file: ModFile, args: readonly string[], recursive: boolean): void {
  const base = parentFolder(workPath);
  const cwd = host.cwd();
  const full = (path: string): string => absolute(base, path);
  const keep = new Map<string, string>();
  const errors: string[] = [];
  const look = (dir: string, written: string): void => {
    const path = joinPath(dir, "go.mod");
    const kind = host.stat(path).kind;
    if (kind !== "file" && kind !== "missing") errors.push(`go: ${shortPath(cwd, path)} is not a regular file`);
    else keep.set(dir, kind === "missing" ? "" : written);
  };
  const written = (dir: string, arg: string): string => (arg.startsWith("/") ? dir : relativeTo(base, dir));
  for (const arg of args) {
    const dir = absolute(cwd, arg);
    const kind = host.stat(dir).kind;
    if (kind === "missing") errors.push(`go: directory ${shortPath(cwd, dir)} does not exist`);
    else if (kind !== "folder") errors.push(`go: ${shortPath(cwd, dir)} is not a directory`);
    if (kind !== "folder") {
      if (kind === "missing") keep.set(dir, "");
      continue;
    }
    if (!recursive) {
      look(dir, written(dir, arg));
      continue;
    }
    const visit = (at: string): void => {
      look(at, written(at, arg));
      for (const name of host.readFolder(at)) {
        const path = joinPath(at, name);
        if (host.stat(path).kind === "folder") visit(path);
      }
    };
    visit(dir);
    for (const u of file.uses) if (isBelow(full(u.path), dir) && !keep.has(full(u.path))) keep.set(full(u.path), "");
  }
  if (
    errors.length > 0 &&
    !args.every((a) => host.stat(absolute(cwd, a)).kind === "missing" && file.uses.some((u) => full(u.path) === absolute(cwd, a)))
  )
    throw new LoadError(errors);
  const fresh: string[] = [];
  for (const [dir, path] of keep) {
    const have = file.uses.filter((u) => full(u.path) === dir);
    for (const u of have) if (u.path !== path) file.dropNamed("use", u.path);
    if (path !== "" && !have.some((u) => u.path === path)) fresh.push(path);
  }
  for (const path of fresh) file.addNamed("use", path);
  let go = file.goVersion || "1.18";
  for (const u of file.uses) {
    const path = joinPath(full(u.path), "go.mod");
    const own = readModFile(host, path, shortPath(cwd, path)).file.goVersion || "1.16";
    if (compareGoVersions(own, localVersion(host)) > 0) {
      throw new LoadError([`go: ${shortPath(cwd, path)} requires go >= ${own} (running go ${localVersion(host)}; GOTOOLCHAIN=local)`]);
    }
    if (compareGoVersions(own, go) > 0) go = own;
  }
  raiseGo(file, go);
  file.sortBlocks();
}

function raiseGo(file: ModFile, go: string): void {
  if (compareGoVersions(file.goVersion || "1.18", go) >= 0) return;
  file.setGo(go);
  const toolchain = file.toolchain.replace(/^go/, "");
  if (file.toolchain !== "" && (compareGoVersions(toolchain, go) <= 0 || compareGoVersions(toolchain, "1.21") < 0)) file.setToolchain("");
}

const edits = "use dropuse replace dropreplace godebug dropgodebug";

const editFlags: readonly FlagSpec[] = [
  ...moduleFlags,
  ...["fmt", "json", "print"].map((name): FlagSpec => ({ name, kind: "bool" })),
  ...["go", "toolchain"].map((name): FlagSpec => ({ name, kind: "string" })),
  ...edits.split(" ").map((name): FlagSpec => ({ name, kind: "list" })),
];

function workEdit(machine: Host, words: readonly string[]): number {
  const flags = commandFlags(machine, "work edit", words, editFlags);
  const { host } = flags;
  const changes = orderedFlags(words, new Set(edits.split(" ")));
  const text = (name: string): string => flags.strings.get(name) ?? "";
  const has = (name: string): boolean => flags.bools.has(name);
  if (changes.length === 0 && text("go") === "" && text("toolchain") === "" && !has("json") && !has("print") && !has("fmt")) {
    throw new CommandError("go: no flags specified (see 'go help work edit').", 1);
  }
  if (has("json") && has("print")) throw new CommandError("go: cannot use both -json and -print", 1);
  if (flags.rest.length > 1) throw new CommandError("go: too many arguments", 1);
  const path = flags.rest[0] ?? findWorkFile(host, host.cwd());
  if (path === "") throw new CommandError(noWorkFile, 1);
  checkVersions(text("go"), text("toolchain"), localVersion(host), "work");
  const { file, original } = readEdited(host, path, true);
  if (text("go") !== "") file.setGo(text("go") === "none" ? "" : text("go"));
  if (text("toolchain") !== "") file.setToolchain(text("toolchain") === "none" ? "" : text("toolchain"));
  for (const { name, value } of changes) {
    if (name === "use") file.addNamed("use", value);
    else if (name === "dropuse") file.dropNamed("use", value);
    else if (name.endsWith("replace")) changeReplace(file, name, value);
    else changeGodebug(file, name, value);
  }
  file.sortBlocks();
  const out = file.format();
  if (has("json")) {
    const json = {
      Go: file.goVersion || undefined,
      Toolchain: file.toolchain || undefined,
      Use: file.uses.length === 0 ? null : file.uses.map((u) => ({ DiskPath: u.path })),
      Replace: replaceJson(file),
    };
    host.stdout(`${goJson(json)}\n`);
  } else if (has("print")) host.stdout(out);
  else if (out !== original) writeMod(host, path, out);
  return 0;
}

/** Raises the requirements of the workspace's modules to what the workspace selects together. */
function workSync(machine: Host, words: readonly string[]): number {
  const flags = commandFlags(machine, "work sync", words, moduleFlags);
  const { host } = flags;
  const path = workFile(host);
  const workspace = new Project(host, flags, { usual: "readonly", aboutWork: true });
  asLoadError(() => workspace.modules.requirements.graph());
  let go = "";
  for (const main of workspace.modules.mains.list) {
    const graph = workspace.imports({ ...tidyOptions, resolve: false, tidy: false });
    const own = workspace.mainPackages().filter((p) => p === main.path || p.startsWith(`${main.path}/`));
    asLoadError(() => graph.load(() => own, true));
    const must = new Map<string, ModuleVersion>();
    for (const p of graph.packages) if (p.module !== null && p.module.version !== "") must.set(p.module.path, p.module);
    // The module by itself.
    const alone = Object.create(withoutWorkspace(host)) as Host;
    alone.cwd = () => main.dir;
    const project = new Project(alone, flags, { usual: "mod", needed: true });
    const { modules } = project;
    asLoadError(() => {
      const before = modules.requirements;
      const selected = before.graph();
      const add = [...must.values()].filter(
        (m) => selected.selected(m.path) !== "none" && compareModuleVersions(m.path, m.version, selected.selected(m.path)) > 0,
      );
      if (add.length > 0) {
        modules.requirements = updateRoots(modules, before, before.direct, [], add);
        const tidy = project.imports({ ...tidyOptions, resolve: false });
        tidy.load(() => project.mainPackages(), true);
        modules.requirements = tidy.tidied();
        project.write(tidy);
      }
    });
    const version = modules.mains.single?.file.goVersion ?? "";
    if (compareGoVersions(version, go) > 0) go = version;
  }
  const { file, original } = readEdited(host, path, true);
  raiseGo(file, go);
  file.sortBlocks();
  const text = file.format();
  if (text !== original) writeMod(host, path, text);
  return 0;
}
