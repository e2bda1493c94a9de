// go3s mod: the commands about the module as a whole. Those that change go.mod by hand are in modedit.ts, the vendor folder is in modvendor.ts.

import type { Host } from "../base/host.ts";
import { baseName, joinPath } from "../base/paths.ts";
import { asLoadError, type ImportGraph, tidyOptions } from "../load/imports.ts";
import { LoadError } from "../load/package.ts";
import { matchPattern, patternMatcher } from "../load/patterns.ts";
import { ModuleError } from "../modules/error.ts";
import { compareGoVersions, isGoVersion } from "../modules/goversion.ts";
import { isToolchain } from "../modules/graph.ts";
import { hashFiles, hashGoMod } from "../modules/hash.ts";
import { moduleText, type ModuleVersion } from "../modules/names.ts";
import { Queries, queryFailure } from "../modules/query.ts";
import { isVersion } from "../modules/semver.ts";
import { neededSums } from "../modules/update.ts";
import { moduleFiles } from "../modules/zip.ts";
import { commandFlags, wrongUsage } from "./buildflags.ts";
import { CommandError } from "./errors.ts";
import type { FlagSpec, ParsedFlags } from "./flags.ts";
import { goJson } from "./gojson.ts";
import { modEdit, modInit } from "./modedit.ts";
import { modVendor } from "./modvendor.ts";
import { moduleFlags, Project } from "./project.ts";

const bools = (names: string): FlagSpec[] => names.split(" ").map((name) => ({ name, kind: "bool" }));
const strings = (names: string): FlagSpec[] => names.split(" ").map((name) => ({ name, kind: "string" }));

type Subcommand = (host: Host, words: readonly string[]) => number;

const subcommands: Readonly<Record<string, Subcommand>> = {
  download: modDownload,
  edit: modEdit,
  graph: modGraph,
  init: modInit,
  tidy: modTidy,
  vendor: modVendor,
  verify: modVerify,
  why: modWhy,
};

/** The exit status. Throws CommandError and LoadError. */
export function modCommand(host: Host, words: readonly string[]): number {
  const [name, ...rest] = words;
  const command = name === undefined ? undefined : subcommands[name];
  if (name === undefined) throw wrongUsage("mod", "go3s mod: a command is needed");
  if (command === undefined) throw new CommandError(`go3s mod ${name}: unknown command\nRun 'go3s help mod' for usage.`, 2);
  return command(host, rest);
}

/** The modules that arguments name: those of the build, or versions that are asked for. */
function listModules(
  project: Project,
  args: readonly string[],
  errors: string[],
): (ModuleVersion & { readonly query: string; readonly error: string })[] {
  const { modules } = project;
  const out: (ModuleVersion & { query: string; error: string })[] = [];
  const queries = new Queries(modules);
  const graph = (): ReturnType<typeof modules.requirements.graph> => asLoadError(() => modules.requirements.graph());
  for (const arg of args) {
    const at = arg.indexOf("@");
    if (at >= 0) {
      const path = arg.slice(0, at);
      const query = arg.slice(at + 1);
      const current = modules.mains.list.length === 0 ? "" : graph().selected(path);
      try {
        const { version } = queries.query(path, query, current === "none" ? "" : current, queries.allowedFor(query));
        out.push({ path, version, query, error: "" });
      } catch (e) {
        if (!(e instanceof ModuleError)) throw e;
        out.push({ path, version: isVersion(query) ? query : "", query, error: queryFailure(path, query, e) });
      }
      continue;
    }
    const matches = arg === "all" ? (): boolean => true : patternMatcher(arg);
    const found = graph()
      .buildList()
      .filter((m) => !isToolchain(m.path) && matches(m.path));
    for (const m of found) out.push({ ...m, query: "", error: "" });
    if (found.length > 0 || arg === "all") continue;
    if (arg.includes("...")) project.host.stderr(`go: warning: pattern ${JSON.stringify(arg)} matched no module dependencies\n`);
    else if (modules.mains.list.length === 0) errors.push(`go: ${arg}: module ${arg}: not a known dependency`);
    else errors.push(`go: module ${arg}: not a known dependency`);
  }
  return out;
}

function modDownload(machine: Host, words: readonly string[]): number {
  const flags = commandFlags(machine, "mod download", words, [...moduleFlags, ...bools("json"), ...strings("reuse")]);
  const { host } = flags;
  const project = new Project(host, flags, { usual: "mod" });
  const { modules } = project;
  const explicit = flags.rest.length > 0;
  const inWorkspace = modules.mains.inWorkspace;
  let args = flags.rest;
  const main = modules.mains.single;
  if (!explicit) {
    if (inWorkspace) args = ["all"];
    else if (main !== null) {
      if (main.file.goVersion === "" || compareGoVersions(main.file.goVersion, "1.17") < 0)
        args = main.file.requires.length > 0 ? ["all"] : [];
      else args = main.file.requires.map((r) => r.path);
    }
    if (args.length === 0) {
      if (main === null) throw new CommandError("go: no modules specified (see 'go help mod download')", 1);
      host.stderr("go: no module dependencies to download\n");
      return 0;
    }
  } else {
    for (const m of modules.mains.list) {
      for (const arg of args) {
        if ([m.path, `${m.path}@upgrade`, `${m.path}@patch`].includes(arg))
          host.stderr(`go: skipping download of ${arg} that resolves to the main module\n`);
      }
    }
  }
  const errors: string[] = [];
  const list = listModules(project, args, errors);
  const writeSums = (): void => {
    try {
      modules.sums.write(neededSums(modules, modules.requirements, null, true));
    } catch (e) {
      if (!(e instanceof ModuleError)) throw e;
      errors.push(`go: ${e.message}`);
    }
  };
  // What is downloaded because go.mod names it comes into go.sum with those who use it; only what the graph was read for is noted.
  if (!explicit && !inWorkspace && !modules.needsSums) writeSums();
  const records: Record<string, unknown>[] = [];
  const failures: string[] = [];
  for (const m of list) {
    const actual = m.version === "" && m.error === "" ? { path: m.path, version: "" } : modules.actual(m);
    if (actual.version === "" && m.error === "") continue;
    const record: Record<string, unknown> = {
      Path: actual.path,
      Version: actual.version || undefined,
      Query: m.query === "" || m.query === m.version ? undefined : m.query,
    };
    records.push(record);
    if (m.error !== "") {
      record.Error = m.error;
      failures.push(`go: ${m.error}`);
      continue;
    }
    try {
      download(project, { path: actual.path, version: actual.version }, record);
    } catch (e) {
      if (!(e instanceof ModuleError)) throw e;
      record.Error = e.message;
      failures.push(`go: ${e.message}`);
    }
  }
  if (flags.bools.has("json")) for (const r of records) host.stdout(`${goJson(r)}\n`);
  else for (const line of failures) host.stderr(`${line}\n`);
  if (failures.length === 0 && (explicit || inWorkspace)) writeSums();
  for (const line of errors) host.stderr(`${line}\n`);
  return failures.length + errors.length > 0 ? 1 : 0;
}

/** Brings all that a proxy has about a version into the cache, and notes where it is. Throws ModuleError. */
function download(project: Project, m: ModuleVersion, record: Record<string, unknown>): void {
  const { cache, sums } = project.modules;
  const info = cache.info(m.path, m.version);
  record.Info = cache.file(m, ".info");
  const goMod = cache.goMod(m);
  record.GoMod = cache.file(m, ".mod");
  record.GoModSum = hashGoMod(project.host, goMod);
  const dir = cache.download(m);
  record.Zip = cache.file(m, ".zip");
  record.Dir = dir;
  record.Sum = sums.hash(m) || cache.zipHash(m);
  const json: unknown = JSON.parse(info.text);
  if (typeof json === "object" && json !== null && "Origin" in json) record.Origin = json.Origin;
  const order = ["Path", "Version", "Query", "Error", "Info", "GoMod", "Zip", "Dir", "Sum", "GoModSum", "Origin"];
  const entries = order.filter((k) => record[k] !== undefined).map((k): [string, unknown] => [k, record[k]]);
  for (const k of Object.keys(record)) delete record[k];
  Object.assign(record, Object.fromEntries(entries));
}

function modGraph(machine: Host, words: readonly string[]): number {
  const flags = commandFlags(machine, "mod graph", words, [...moduleFlags, ...strings("go")]);
  const { host } = flags;
  if (flags.rest.length > 0) throw new CommandError("go: 'go mod graph' accepts no arguments", 1);
  const project = new Project(host, flags, { usual: "mod", needed: true });
  const { modules } = project;
  const go = goFlag(flags, project);
  const rs =
    go === ""
      ? modules.requirements
      : modules.requirements.with(
          modules.requirements.roots,
          modules.requirements.direct,
          compareGoVersions(go, "1.17") < 0 ? "unpruned" : "pruned",
        );
  const out: string[] = [];
  asLoadError(() =>
    rs.graph().walk((m, requires) => {
      for (const r of requires ?? []) out.push(`${moduleText(m)} ${moduleText(r)}\n`);
    }),
  );
  host.stdout(out.join(""));
  return 0;
}

function goFlag(flags: ParsedFlags, project: Project): string {
  const go = flags.strings.get("go") ?? "";
  if (go === "") return "";
  if (!isGoVersion(go))
    throw new CommandError(`invalid value ${JSON.stringify(go)} for flag -go: expecting a Go version like ${JSON.stringify("1.21")}`, 2);
  if (compareGoVersions(go, project.modules.local) > 0) {
    throw new CommandError(`go: -go flag requires go >= ${go} (running go ${project.modules.local}; GOTOOLCHAIN=local)`, 1);
  }
  return go;
}

function modTidy(machine: Host, words: readonly string[]): number {
  const flags = commandFlags(machine, "mod tidy", words, [...moduleFlags, ...bools("e diff"), ...strings("go compat")]);
  const { host } = flags;
  if (flags.rest.length > 0) throw new CommandError("go: 'go mod tidy' accepts no arguments", 1);
  // A workspace's modules are tidied one by one.
  const project = new Project(withoutWorkspace(host), flags, { usual: "mod", needed: true });
  const { modules } = project;
  const go = goFlag(flags, project);
  const main = modules.mains.single;
  if (main === null) return 1;
  let rs = modules.requirements;
  if (main.file.goVersion === "" || go !== "") {
    const version = go === "" ? modules.local : go;
    main.file.setGo(version);
    rs = rs.with(
      [{ path: "go", version }, ...rs.roots.filter((m) => m.path !== "go")],
      rs.direct,
      compareGoVersions(version, "1.17") < 0 ? "unpruned" : "pruned",
    );
    modules.requirements = rs;
  }
  const graph = project.imports(tidyOptions);
  const roots = (): string[] => [...project.mainPackages(), ...main.file.tools.map((t) => t.path)];
  asLoadError(() => graph.load(roots, true));
  const errors = graph.errors(true);
  const keepGoing = flags.bools.has("e");
  for (const line of errors) host.stderr(`${line}\n`);
  if (errors.length > 0 && !keepGoing) return 1;
  modules.requirements = asLoadError(() => graph.tidied());
  return asLoadError(() => finishTidy(project, graph, flags));
}

/** Writes what tidy found, or with -diff shows it. */
function finishTidy(project: Project, graph: ImportGraph, flags: ParsedFlags): number {
  const { modules, host } = project;
  const keep = neededSums(modules, modules.requirements, graph.packages, false);
  compatibleSums(project, graph, flags, keep);
  const main = modules.mains.single;
  if (main === null) return 1;
  // Hashes that are needed, but of files that nobody read so far.
  for (const key of keep) {
    const [path, version] = key.split(" ") as [string, string];
    const isMod = version.endsWith("/go.mod");
    const m = { path, version: isMod ? version.slice(0, -"/go.mod".length) : version };
    if (isMod) modules.cache.goMod(m);
    else if (!modules.sums.has(m)) modules.cache.download(m);
  }
  modules.sums.trim(keep);
  if (flags.bools.has("diff")) return showDiff(project, main.original, main.sumPath, main.filePath);
  project.writeMod(true);
  modules.sums.write(null);
  if (modules.sums.text() === "" && host.stat(main.sumPath).kind === "file" && host.stat(main.sumPath).size > 0)
    host.writeFile(main.sumPath, "", 0o644);
  return 0;
}

/** What go.sum needs beyond for a Go release of before graphs were pruned, as -compat says. */
function compatibleSums(project: Project, graph: ImportGraph, flags: ParsedFlags, keep: Set<string>): void {
  const { modules } = project;
  const rs = modules.requirements;
  let compat = flags.strings.get("compat") ?? "";
  if (compat === "") {
    const m = /^1\.(\d+)/.exec(rs.goVersion);
    compat = m === null ? "1.16" : `1.${Math.max(Number(m[1]) - 1, 11)}`;
  }
  if (compareGoVersions(compat, "1.17") >= 0 || compareGoVersions(rs.goVersion, "1.17") < 0) return;
  const old = rs.with(rs.roots, rs.direct, "unpruned");
  old.graph();
  for (const key of neededSums(modules, old, graph.packages, false)) keep.add(key);
}

function showDiff(project: Project, original: string, sumPath: string, modPath: string): number {
  const { host, modules } = project;
  const main = modules.mains.single;
  const sums = host.stat(sumPath).kind === "file" ? new TextDecoder().decode(host.readFile(sumPath)) : "";
  project.applyMod();
  const texts = [
    { name: baseName(modPath), before: original, after: main?.file.format() ?? "" },
    { name: baseName(sumPath), before: sums, after: modules.sums.text() },
  ];
  const text = texts.map((t) => unifiedDiff(`current/${t.name}`, t.before, `tidy/${t.name}`, t.after)).join("");
  host.stdout(text);
  return text === "" ? 0 : 1;
}

/** The difference of two texts with three lines around. */
function unifiedDiff(oldName: string, before: string, newName: string, after: string): string {
  if (before === after) return "";
  const lines = (text: string): string[] => (text === "" ? [] : text.replace(/\n$/, "").split("\n"));
  const a = lines(before);
  const b = lines(after);
  // The longest common subsequence, as a table: these files are short.
  const common = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  const at = (i: number, j: number): number => (common[i] as Uint32Array)[j] as number;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--)
      (common[i] as Uint32Array)[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  }
  const steps: { kind: " " | "-" | "+"; text: string }[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      steps.push({ kind: " ", text: a[i++] as string });
      j++;
    } else if (i < a.length && (j === b.length || at(i + 1, j) >= at(i, j + 1))) steps.push({ kind: "-", text: a[i++] as string });
    else steps.push({ kind: "+", text: b[j++] as string });
  }
  let out = `diff ${oldName} ${newName}\n--- ${oldName}\n+++ ${newName}\n`;
  for (let start = 0; start < steps.length; ) {
    const first = steps.findIndex((s, n) => n >= start && s.kind !== " ");
    if (first < 0) break;
    let last = first;
    for (let n = first; n < steps.length && n - last <= 6; n++) if ((steps[n] as { kind: string }).kind !== " ") last = n;
    const from = Math.max(first - 3, start);
    const to = Math.min(last + 4, steps.length);
    const count = (list: typeof steps, kind: string): number => list.filter((s) => s.kind === " " || s.kind === kind).length;
    const head = steps.slice(0, from);
    const hunk = steps.slice(from, to);
    const place = (kind: string): string => {
      const n = count(hunk, kind);
      return `${count(head, kind) + (n === 0 ? 0 : 1)},${n}`;
    };
    out += `@@ -${place("-")} +${place("+")} @@\n${hunk.map((s) => `${s.kind}${s.text}\n`).join("")}`;
    start = to;
  }
  return out;
}

/** The host without a workspace. */
export function withoutWorkspace(host: Host): Host {
  const own = Object.create(host) as Host;
  own.env = (name) => (name === "GOWORK" ? "off" : host.env(name));
  return own;
}

function modVerify(machine: Host, words: readonly string[]): number {
  const flags = commandFlags(machine, "mod verify", words, moduleFlags);
  const { host } = flags;
  if (flags.rest.length > 0) throw new CommandError("go: verify takes no arguments", 1);
  const project = new Project(host, flags, { usual: "mod", needed: true });
  const { modules } = project;
  const list = asLoadError(() => modules.requirements.graph().buildList());
  let bad = false;
  for (const m of list) {
    if (m.version === "" || isToolchain(m.path)) continue;
    const actual = modules.actual(m);
    if (actual.version === "") continue;
    for (const line of verify(project, actual)) {
      host.stderr(`${line}\n`);
      bad = true;
    }
  }
  if (bad) return 1;
  host.stdout("all modules verified\n");
  return 0;
}

/** What is wrong with the files of a version in the cache. */
function verify(project: Project, m: ModuleVersion): string[] {
  const { host } = project;
  const { cache } = project.modules;
  const zip = cache.file(m, ".zip");
  const hasZip = host.stat(zip).kind === "file";
  const dir = cache.present(m);
  const hashFile = cache.file(m, ".ziphash");
  if (host.stat(hashFile).kind !== "file") {
    return hasZip || dir !== "" ? [`${m.path} ${m.version}: missing ziphash: open ${hashFile}: no such file or directory`] : [];
  }
  const hash = new TextDecoder().decode(host.readFile(hashFile)).trim();
  const out: string[] = [];
  if (hasZip) {
    try {
      if (hashFiles(host, moduleFiles(host, host.readFile(zip), m).entries) !== hash)
        out.push(`${m.path} ${m.version}: zip has been modified (${zip})`);
    } catch (e) {
      return [`${m.path} ${m.version}: ${e instanceof Error ? e.message : String(e)}`];
    }
  }
  if (dir !== "") {
    const files: { name: string; read: () => Uint8Array }[] = [];
    const visit = (at: string, name: string): void => {
      for (const n of host.readFolder(at)) {
        const path = joinPath(at, n);
        if (host.stat(path).kind === "folder") visit(path, `${name}/${n}`);
        else files.push({ name: `${name}/${n}`, read: () => host.readFile(path) });
      }
    };
    visit(dir, `${m.path}@${m.version}`);
    if (hashFiles(host, files) !== hash) out.push(`${m.path} ${m.version}: dir has been modified (${dir})`);
  }
  return out;
}

function modWhy(machine: Host, words: readonly string[]): number {
  const flags = commandFlags(machine, "mod why", words, [...moduleFlags, ...bools("m vendor")]);
  const { host } = flags;
  const project = new Project(host, flags, { usual: "mod", needed: true });
  const vendor = flags.bools.has("vendor");
  const graph = project.imports({ ...tidyOptions, tests: !vendor, resolve: false, tidy: false, vendor, standard: true });
  const errors: string[] = [];
  asLoadError(() => graph.load(() => project.mainPackages(), true));
  const suffix = vendor ? " to vendor" : "";
  const out: string[] = [];
  if (flags.bools.has("m")) {
    const query = flags.rest.find((a) => a.includes("@"));
    if (query !== undefined) throw new CommandError(`go: ${query}: 'go mod why' requires a module path, not a version query`, 1);
    for (const m of listModules(project, flags.rest, errors)) {
      let best = null;
      for (const p of graph.packages) {
        if (p.module?.path === m.path && p.testOf === null && (best === null || p.depth < best.depth)) best = p;
      }
      out.push(`# ${m.path}\n${best?.why() ?? `(main module does not need${suffix} module ${m.path})\n`}`);
    }
    if (errors.length > 0) throw new LoadError(errors);
  } else {
    for (const arg of flags.rest.length === 0 ? ["."] : flags.rest) {
      const paths =
        arg === "."
          ? [project.resolver.folder(host.cwd()).path]
          : arg.includes("...") || arg.startsWith(".")
            ? matchPattern(host, project.resolver, arg).map((l) => l.path)
            : [arg];
      for (const path of paths)
        out.push(`# ${path}\n${graph.node(path)?.why() ?? `(main module does not need${suffix} package ${path})\n`}`);
    }
  }
  host.stdout(out.join("\n"));
  return 0;
}
