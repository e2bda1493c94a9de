// go3s mod vendor and go3s work vendor: a folder with the packages of dependencies that the main modules need.

import type { Host } from "../base/host.ts";
import { absolute, isBelow, joinPath, parentFolder } from "../base/paths.ts";
import { BuildContext } from "../load/context.ts";
import { EmbedResolver } from "../load/embed.ts";
import { FolderReader } from "../load/folder.ts";
import { matchesSomeBuild } from "../load/header.ts";
import { asLoadError, type ImportNode, tidyOptions } from "../load/imports.ts";
import { LoadError } from "../load/package.ts";
import { compareGoVersions } from "../modules/goversion.ts";
import { sortModules } from "../modules/graph.ts";
import type { Replacement } from "../modules/modfile.ts";
import { moduleText, type ModuleVersion } from "../modules/names.ts";
import { commandFlags } from "./buildflags.ts";
import { CommandError } from "./errors.ts";
import { moduleFlags, Project } from "./project.ts";
import { withoutWorkspace } from "./mod.ts";

/** Files that go along with packages though they are no source. */
const metadata = /^(AUTHORS|CONTRIBUTORS|COPYLEFT|COPYING|COPYRIGHT|LEGAL|LICENSE|NOTICE|PATENTS)/;

export function modVendor(host: Host, words: readonly string[]): number {
  return vendor(withoutWorkspace(host), words, "mod vendor");
}

/** Makes the vendor folder of a module or workspace. */
export function vendor(machine: Host, words: readonly string[], command: string): number {
  const flags = commandFlags(machine, command, words, [...moduleFlags, { name: "e", kind: "bool" }, { name: "o", kind: "string" }]);
  const { host } = flags;
  if (flags.rest.length > 0) throw new CommandError(`go: 'go ${command}' accepts no arguments`, 1);
  const project = new Project(host, flags, { usual: "readonly", needed: true });
  const { modules } = project;
  const graph = project.imports({ ...tidyOptions, tests: false, resolve: false, tidy: false, vendor: true });
  asLoadError(() =>
    graph.load(() => [...project.mainPackages(), ...modules.mains.list.flatMap((m) => m.file.tools.map((t) => t.path))], true),
  );
  const errors = graph.errors(true);
  for (const line of errors) host.stderr(`${line}\n`);
  if (errors.length > 0 && !flags.bools.has("e")) return 1;
  const output = flags.strings.get("o") ?? "";
  const target = output === "" ? modules.mains.vendorFolder : absolute(host.cwd(), output);
  host.remove(target);
  const byModule = new Map<string, { m: ModuleVersion; packages: ImportNode[] }>();
  for (const p of graph.packages) {
    if (p.module === null || p.module.version === "" || p.testOf !== null || p.error !== null) continue;
    const key = moduleText(p.module);
    const own = byModule.get(key) ?? { m: p.module, packages: [] };
    own.packages.push(p);
    byModule.set(key, own);
  }
  const goVersion = modules.mains.goVersion;
  const explicit = new Set<string>();
  const withExplicit = compareGoVersions(goVersion, "1.14") >= 0;
  if (withExplicit) {
    for (const main of modules.mains.list) {
      for (const r of main.file.requires) {
        explicit.add(moduleText(r));
        if (!byModule.has(moduleText(r))) byModule.set(moduleText(r), { m: { path: r.path, version: r.version }, packages: [] });
      }
    }
  }
  const text: string[] = modules.mains.inWorkspace ? ["## workspace\n"] : [];
  const written = new Set<string>();
  const copier = new Copier(project, target);
  for (const m of sortModules([...byModule.values()].map((v) => v.m))) {
    const key = moduleText(m);
    const r = modules.mains.replacement(m);
    if (modules.mains.find(m.path) !== null) continue;
    written.add(key);
    text.push(moduleLine(m, r === null ? null : { path: r.version === "" ? r.shown : r.path, version: r.version }));
    const stated =
      compareGoVersions(goVersion, "1.17") >= 0 && (byModule.get(key)?.packages.length ?? 0) + (explicit.has(key) ? 1 : 0) > 0
        ? asLoadError(() => modules.summary(m).goVersion)
        : "";
    const notes = [...(explicit.has(key) ? ["explicit"] : []), ...(stated === "" ? [] : [`go ${stated}`])];
    if (notes.length > 0) text.push(`## ${notes.join("; ")}\n`);
    const packages = byModule.get(key)?.packages ?? [];
    packages.sort((a, b) => (a.path < b.path ? -1 : 1));
    for (const p of packages) {
      text.push(`${p.path}\n`);
      copier.package(p, m);
    }
  }
  if (withExplicit) {
    const add = (r: Replacement): void => {
      const m = { path: r.path, version: r.version };
      const key = moduleText(m);
      if (written.has(key)) return;
      written.add(key);
      const actual = modules.mains.replacement(m) ?? null;
      if (actual === null) return;
      text.push(moduleLine(m, { path: actual.version === "" ? actual.shown : actual.path, version: actual.version }));
    };
    for (const r of modules.mains.work?.replaces ?? []) add(r);
    for (const main of modules.mains.list) for (const r of main.file.replaces) add(r);
  }
  if (text.length === 0) {
    host.stderr("go: no dependencies to vendor\n");
    return 0;
  }
  if (flags.bools.has("v")) host.stderr(text.join(""));
  host.makeFolder(target);
  host.writeFile(joinPath(target, "modules.txt"), text.join(""), 0o644);
  return 0;
}

function moduleLine(m: ModuleVersion, r: ModuleVersion | null): string {
  const version = m.version === "" ? "" : ` ${m.version}`;
  if (r === null) return `# ${m.path}${version}\n`;
  if (isBelow(r.path.replace(/^\.\//, ""), "vendor")) throw new LoadError([`go: replacement path ${r.path} inside vendor directory`]);
  return `# ${m.path}${version} => ${r.path}${r.version === "" ? "" : ` ${r.version}`}\n`;
}

class Copier {
  private readonly project: Project;
  private readonly target: string;
  private readonly copied = new Set<string>();
  /** Takes files for any build. */
  private readonly reader: FolderReader;

  constructor(project: Project, target: string) {
    this.project = project;
    this.target = target;
    this.reader = new FolderReader(project.host, new BuildContext("linux", "", []));
  }

  package(p: ImportNode, m: ModuleVersion): void {
    const { host } = this.project;
    const to = joinPath(this.target, p.path);
    const goVersion = this.project.modules.mains.goVersion;
    for (const name of host.readFolder(p.dir)) {
      const path = joinPath(p.dir, name);
      if (host.stat(path).kind !== "file" || name.endsWith("_test.go")) continue;
      if ((name === "go.mod" || name === "go.sum") && compareGoVersions(goVersion, "1.17") >= 0) continue;
      if (name.endsWith(".go") && !matchesSomeBuild(host.readFile(path))) continue;
      this.copy(path, joinPath(to, name));
    }
    // Licences, from the package's folder up to its module's.
    let dir = p.dir;
    for (let path = p.path; ; path = parentFolder(path), dir = parentFolder(dir)) {
      for (const name of host.readFolder(dir)) {
        if (metadata.test(name) && host.stat(joinPath(dir, name)).kind === "file")
          this.copy(joinPath(dir, name), joinPath(this.target, path, name));
      }
      if (path === m.path || !path.includes("/")) break;
    }
    const sources = host.readFolder(p.dir).filter((n) => n.endsWith(".go") && !n.endsWith("_test.go") && !/^[._]/.test(n));
    for (const { text } of this.reader.readNamed(p.dir, sources).embeds) {
      for (const name of new EmbedResolver(host, p.dir).resolve(text)) this.copy(joinPath(p.dir, name), joinPath(to, name));
    }
  }

  private copy(from: string, to: string): void {
    if (this.copied.has(to)) return;
    this.copied.add(to);
    const { host } = this.project;
    host.makeFolder(parentFolder(to));
    host.writeFile(to, host.readFile(from), 0o644);
  }
}
