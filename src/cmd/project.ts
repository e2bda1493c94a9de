// What commands about modules and packages work on: the Go tree, the modules around the current folder, and the packages in them.

import { type Host, HostError } from "../base/host.ts";
import { removeRemains } from "../base/remains.ts";
import { findArchitecture } from "../arch/registry.ts";
import { BuildContext } from "../load/context.ts";
import { FolderReader } from "../load/folder.ts";
import { findGoroot, type Goroot } from "../load/goroot.ts";
import { asLoadError, ImportGraph, type ImportOptions, mainPackages } from "../load/imports.ts";
import { openModules } from "../load/load.ts";
import { Overlay } from "../load/overlay.ts";
import { LoadError } from "../load/package.ts";
import { Resolver } from "../load/resolve.ts";
import { type ModMode, noModFile } from "../modules/mains.ts";
import type { Modules } from "../modules/modules.ts";
import { applyRequirements, neededSums } from "../modules/update.ts";
import { goarch } from "./buildflags.ts";
import { CommandError } from "./errors.ts";
import type { FlagSpec, ParsedFlags } from "./flags.ts";

/** Flags about modules that all commands of this kind take. */
export const moduleFlags: readonly FlagSpec[] = [
  { name: "C", kind: "string" },
  { name: "mod", kind: "string" },
  { name: "modfile", kind: "string" },
  { name: "modcacherw", kind: "bool" },
  { name: "overlay", kind: "string" },
  { name: "x", kind: "bool" },
  { name: "v", kind: "bool" },
];

export interface ProjectOptions {
  /** The mode where -mod is not given. */
  readonly usual?: ModMode;
  /** It is an error if there is no main module. */
  readonly needed?: boolean;
  readonly aboutWork?: boolean;
  readonly tags?: readonly string[];
}

export class Project {
  readonly host: Host;
  readonly goroot: Goroot;
  readonly modules: Modules;
  readonly resolver: Resolver;
  readonly context: BuildContext;
  readonly reader: FolderReader;

  /** Throws LoadError. */
  constructor(host: Host, flags: ParsedFlags, options: ProjectOptions) {
    this.host = host;
    this.goroot = findGoroot(host);
    const architecture = findArchitecture(goarch(host));
    if (architecture === null)
      throw new CommandError(`go3s: unsupported GOOS/GOARCH pair ${host.env("GOOS") || "linux"}/${goarch(host)}`, 2);
    this.context = new BuildContext("linux", architecture.name, [...architecture.tags, ...(options.tags ?? [])]);
    this.reader = new FolderReader(host, this.context);
    const { usual, aboutWork } = options;
    this.modules = openModules(host, this.goroot, host.cwd(), {
      mod: flags.strings.get("mod") ?? "",
      modFile: flags.strings.get("modfile") ?? "",
      writable: flags.bools.has("modcacherw"),
      ...(usual !== undefined && { usual }),
      ...(aboutWork === true && { aboutWork }),
    });
    this.resolver = new Resolver(host, this.goroot, Overlay.none, this.reader, this.modules, "off");
    if (options.needed === true && this.modules.mains.list.length === 0) {
      throw new LoadError([
        this.modules.mains.inWorkspace ? "go: no modules were found in the current workspace; see 'go help work'" : `go: ${noModFile}`,
      ]);
    }
  }

  /** The folders of packages below one. */
  readonly below = (dir: string, ignored: readonly string[]): string[] => this.resolver.below(dir, ignored);

  mainPackages(): string[] {
    return mainPackages(this.modules, this.below);
  }

  imports(options: ImportOptions): ImportGraph {
    return new ImportGraph(this.host, this.goroot, this.modules, options);
  }

  /** Takes the requirements into go.mod's text. */
  applyMod(): void {
    applyRequirements(this.modules, this.modules.requirements);
  }

  /** Writes go.mod if it says something else now; with `always`, if it should look different, too. Throws LoadError. */
  writeMod(always = false): void {
    const { modules, host } = this;
    const main = modules.mains.single;
    if (main === null) return;
    this.applyMod();
    const text = main.file.format();
    if (text === main.original) return;
    if (!always && !main.changed(modules.mains.mode === "readonly")) return;
    if (modules.mains.mode !== "mod") throw new LoadError([`go: ${modules.dirty().message}`]);
    if (host.isReplaced(main.filePath))
      throw new LoadError(["go: updates to go.mod needed, but go.mod is part of the overlay specified with -overlay"]);
    try {
      removeRemains(host, main.filePath);
      host.writeFile(main.filePath, text, 0o644);
    } catch (e) {
      if (e instanceof HostError) throw new LoadError([`go: updating go.mod: open ${e.path}: ${e.reason}`]);
      throw e;
    }
  }

  /** Writes go.mod and go.sum as far as they change. Throws LoadError. */
  write(graph: ImportGraph | null): void {
    const { modules } = this;
    this.writeMod();
    asLoadError(() => {
      const keep = neededSums(modules, modules.requirements, graph?.packages ?? null, true);
      if (modules.sums.isChanged && !modules.needsSums) modules.sums.write(keep);
    });
  }
}
