// go3s list: what packages and modules there are, in a format of the user's choice.

import type { Host } from "../base/host.ts";
import { absolute, baseName, isBelow, joinPath, parentFolder } from "../base/paths.ts";
import { Describer, type FolderDescription, type WrittenAt } from "../load/describe.ts";
import { asLoadError, tidyOptions } from "../load/imports.ts";
import { languageMinor } from "../load/context.ts";
import { LoadError } from "../load/package.ts";
import { isLocal, isPattern, matchPattern, patternMatcher } from "../load/patterns.ts";
import { type Location, looksStandard } from "../load/resolve.ts";
import { ModuleError } from "../modules/error.ts";
import { isToolchain } from "../modules/graph.ts";
import type { ModuleVersion } from "../modules/names.ts";
import { Queries, queryFailure } from "../modules/query.ts";
import { setting } from "../modules/settings.ts";
import { buildFlags, commandFlags, goarch, tagList } from "./buildflags.ts";
import { CommandError } from "./errors.ts";
import type { FlagSpec, ParsedFlags } from "./flags.ts";
import { goJson } from "./gojson.ts";
import { ModuleDescriber, type ModulePublic } from "./moduleinfo.ts";
import { PackageError, PackagePublic, placeText, publicJson } from "./packageinfo.ts";
import { prepareModules } from "./prepare.ts";
import { Project } from "./project.ts";
import { Template } from "./template.ts";

const listFlags: readonly FlagSpec[] = [
  ...buildFlags.filter((f) => f.name !== "json"),
  ...["deps", "e", "find", "m", "test", "u", "versions", "retracted", "export", "compiled"].map(
    (name): FlagSpec => ({ name, kind: "bool" }),
  ),
  { name: "f", kind: "string" },
  { name: "json", kind: "string", optional: true },
];

/** The exit status. Throws CommandError and LoadError. */
export function listCommand(machine: Host, words: readonly string[]): number {
  const flags = commandFlags(machine, "list", words, listFlags);
  const { host } = flags;
  const has = (name: string): boolean => flags.bools.has(name);
  const format = flags.strings.get("f");
  if (format !== undefined && flags.strings.has("json")) throw new CommandError("go list -f cannot be used with -json", 1);
  for (const name of ["export", "compiled"]) {
    if (has(name)) throw new CommandError(`go3s list: -${name} is not supported: packages are not compiled one by one`, 2);
  }
  const tags = tagList(flags.strings.get("tags") ?? "");
  if (flags.strings.get("mod") === "mod" && !has("m")) prepareModules(host, flags, flags.rest, tags);
  const project = new Project(host, flags, { tags });
  if (has("m")) return new ModuleLister(project, flags).run();
  if (has("u")) throw new CommandError("go list -u can only be used with -m", 1);
  if (has("versions")) throw new CommandError("go list -versions can only be used with -m", 1);
  for (const name of ["deps", "test"])
    if (has("find") && has(name)) throw new CommandError(`go list -${name} cannot be used with -find`, 1);
  return new PackageLister(project, flags).run();
}

/** How records are printed: the template of -f, or JSON. */
class Printer {
  private readonly host: Host;
  private readonly template: Template | null;
  private readonly fields: ReadonlySet<string> | null;

  constructor(project: Project, flags: ParsedFlags, usual: string, module: (path: string) => ModulePublic | null) {
    this.host = project.host;
    const json = flags.strings.get("json");
    this.fields = json === undefined || json === "true" || json === "" ? null : new Set(json.split(","));
    const context = (): object => ({
      GOARCH: goarch(project.host),
      GOOS: "linux",
      GOROOT: project.goroot.folder,
      GOPATH: setting(project.host, "GOPATH"),
      CgoEnabled: false,
      UseAllFiles: false,
      Compiler: "gc",
      BuildTags: tagList(flags.strings.get("tags") ?? ""),
      ReleaseTags: Array.from({ length: languageMinor }, (_, i) => `go1.${i + 1}`),
      InstallSuffix: "",
    });
    const functions = {
      join: (list: unknown, separator: unknown): unknown => (list as string[]).join(String(separator)),
      context,
      module: (path: unknown): unknown => module(String(path)),
    };
    this.template = json === undefined || json === "false" ? new Template(flags.strings.get("f") ?? usual, functions) : null;
  }

  print(record: object): void {
    if (this.template === null) {
      this.host.stdout(`${goJson(publicJson(record, this.fields))}\n`);
      return;
    }
    const text = this.template.execute(record);
    if (text !== "") this.host.stdout(text.endsWith("\n") ? text : `${text}\n`);
  }
}

class ModuleLister {
  private readonly project: Project;
  private readonly flags: ParsedFlags;
  private readonly queries: Queries;
  private readonly describer: ModuleDescriber;
  private readonly errors: string[] = [];

  constructor(project: Project, flags: ParsedFlags) {
    this.project = project;
    this.flags = flags;
    this.queries = new Queries(project.modules);
    this.describer = new ModuleDescriber(project.modules, this.queries);
  }

  run(): number {
    const { flags, project } = this;
    const has = (name: string): boolean => flags.bools.has(name);
    for (const name of ["deps", "find", "test"]) if (has(name)) throw new CommandError(`go list -${name} cannot be used with -m`, 1);
    if (project.modules.vendored !== null) this.refuseVendored();
    const usual = has("versions") ? "{{.Path}}{{range .Versions}} {{.}}{{end}}{{if .Deprecated}} (deprecated){{end}}" : "{{.String}}";
    const printer = new Printer(project, flags, usual, () => null);
    const options = { versions: has("versions"), updates: has("u"), retracted: has("retracted") || has("u") };
    const records = this.matched().map(({ m, query, error, listed }) => {
      const info = this.describer.describe(m, options, listed);
      if (query !== "" && query !== m.version) info.Query = query;
      if (error !== "") info.Error = { Err: error };
      return info;
    });
    if (!has("e")) {
      const lines = [...records.filter((r) => r.Error !== null).map((r) => `go: ${r.Error?.Err}`), ...this.errors];
      for (const line of lines) project.host.stderr(`${line}\n`);
      if (lines.length > 0) return 1;
    }
    for (const r of records) printer.print(r);
    project.write(null);
    return 0;
  }

  private refuseVendored(): void {
    const refuse = (what: string): never => {
      throw new CommandError(`go: can't ${what} using the vendor directory\n\t(Use -mod=mod or -mod=readonly to bypass.)`, 1);
    };
    if (this.flags.bools.has("versions")) refuse("determine available versions");
    if (this.flags.bools.has("u")) refuse("determine available upgrades");
    for (const arg of this.flags.rest) {
      if (arg === "all") refuse("compute 'all'");
      if (arg.includes("...")) refuse("match module patterns");
    }
  }

  private matched(): { m: ModuleVersion; query: string; error: string; listed: boolean }[] {
    const { modules, host } = this.project;
    const out: { m: ModuleVersion; query: string; error: string; listed: boolean }[] = [];
    const add = (m: ModuleVersion, query = "", error = "", listed = true): void => {
      out.push({ m, query, error, listed });
    };
    if (this.flags.rest.length === 0) {
      if (modules.mains.list.length === 0) add({ path: "command-line-arguments", version: "" });
      for (const m of modules.mains.list) add({ path: m.path, version: "" });
      return out;
    }
    const all = (): ModuleVersion[] => asLoadError(() => modules.requirements.graph().buildList()).filter((m) => !isToolchain(m.path));
    for (const arg of this.flags.rest) {
      const at = arg.indexOf("@");
      if (arg.includes("\\")) throw new CommandError(`go: module paths never use backslash`, 1);
      if (at >= 0) {
        const path = arg.slice(0, at);
        const query = arg.slice(at + 1);
        try {
          const current = modules.mains.list.length === 0 ? "" : asLoadError(() => modules.requirements.graph()).selected(path);
          const allowed = this.flags.bools.has("retracted") ? this.queries.notExcluded : this.queries.allowedFor(query);
          const { version } = this.queries.query(path, query, current === "none" ? "" : current, allowed);
          add({ path, version }, query, "", version === "");
        } catch (e) {
          if (!(e instanceof ModuleError)) throw e;
          add({ path, version: query }, query, queryFailure(path, query, e), false);
        }
        continue;
      }
      if (arg !== "all" && !arg.includes("...")) {
        const main = modules.mains.find(arg);
        const root = modules.requirements.root(arg);
        const version =
          main !== null
            ? ""
            : modules.requirements.pruning === "pruned" && root !== undefined && !modules.requirements.hasGraph
              ? root
              : asLoadError(() => modules.requirements.graph()).selected(arg);
        if (version !== "none" && !isToolchain(arg)) {
          add({ path: arg, version });
          continue;
        }
        if (this.flags.bools.has("versions")) {
          add({ path: arg, version: "" }, "", "", false);
          continue;
        }
        const error = `module ${arg}: not a known dependency`;
        if (this.flags.bools.has("e")) add({ path: arg, version: "" }, "", error, false);
        else this.errors.push(`go: ${error}`);
        continue;
      }
      const matches = arg === "all" ? (): boolean => true : patternMatcher(arg);
      const found = all().filter((m) => matches(m.path));
      for (const m of found) add(m);
      if (found.length === 0) host.stderr(`go: warning: pattern ${JSON.stringify(arg)} matched no module dependencies\n`);
    }
    return out;
  }
}

/** A package on its way to be printed. */
interface Listed {
  readonly info: PackagePublic;
  readonly imports: Listed[];
  readonly description: FolderDescription | null;
  readonly at: Location | null;
  done: boolean;
}

class PackageLister {
  private readonly project: Project;
  private readonly flags: ParsedFlags;
  private readonly host: Host;
  private readonly cwd: string;
  private readonly describer: Describer;
  private readonly modules: ModuleDescriber;
  private readonly known = new Map<string, Listed>();
  private readonly moduleInfos = new Map<string, ModulePublic>();

  constructor(project: Project, flags: ParsedFlags) {
    this.project = project;
    this.flags = flags;
    this.host = project.host;
    this.cwd = project.host.cwd();
    this.describer = new Describer(project.host, project.context);
    this.modules = new ModuleDescriber(project.modules, new Queries(project.modules));
  }

  run(): number {
    const { flags, host } = this;
    const has = (name: string): boolean => flags.bools.has(name);
    const printer = new Printer(this.project, flags, "{{.ImportPath}}", (path) => this.moduleByPath(path));
    const roots: Listed[] = [];
    for (const arg of flags.rest.length === 0 ? ["."] : this.arguments(flags.rest)) {
      for (const p of this.matched(arg)) {
        if (!p.info.Match.includes(arg)) p.info.Match.push(arg);
        if (!roots.includes(p)) roots.push(p);
      }
    }
    if (!has("e")) {
      const lines = roots.filter((p) => p.info.Error !== null).map((p) => p.info.Error?.ErrorText() ?? "");
      for (const line of lines) host.stderr(`${line}\n`);
      if (lines.length > 0) return 1;
    }
    if (has("test")) for (const p of [...roots]) roots.push(...this.testPackages(p));
    let list = roots;
    if (has("deps")) list = this.withDependencies(roots);
    for (const p of list) p.info.DepOnly = !roots.includes(p);
    for (const p of list) this.dependencies(p);
    for (const p of list) printer.print(p.info);
    this.project.write(null);
    // Of a single package, what is wrong with others is not told.
    const looked = has("e") || (roots.length === 1 && !has("deps")) ? [] : this.withDependencies(roots);
    const failed = looked.filter((p) => p.info.Error !== null);
    for (const p of failed) host.stderr(`${p.info.Error?.ErrorText()}\n`);
    return failed.length > 0 ? 1 : 0;
  }

  /** Arguments, with files that were named together as one. */
  private arguments(args: readonly string[]): string[] {
    return args.some((a) => a.endsWith(".go") && this.host.stat(absolute(this.cwd, a)).kind === "file") ? [args.join("\n")] : [...args];
  }

  private matched(arg: string): Listed[] {
    const { resolver, host } = this.project;
    if (arg.includes("\n") || (arg.endsWith(".go") && host.stat(absolute(this.cwd, arg)).kind === "file"))
      return [this.files(arg.split("\n"))];
    try {
      if (arg === "all") return this.all();
      if (isPattern(arg)) {
        const found = matchPattern(host, resolver, arg)
          .map((at) => this.package(at, [at.path]))
          .filter(
            (p) =>
              p.description?.hasFiles === true && (p.description.ignoredGo.length === 0 || p.info.Name !== "" || this.flags.bools.has("e")),
          );
        if (found.length === 0) host.stderr(`go: warning: ${JSON.stringify(arg)} matched no packages\n`);
        return found.filter((p) => p.info.Name !== "" || p.info.Error !== null);
      }
      if (isLocal(arg)) {
        const dir = absolute(this.cwd, arg);
        if (host.stat(dir).kind === "missing") throw new LoadError([`stat ${dir}: directory not found`]);
        const at = resolver.folder(dir);
        return [this.package(at, [at.path])];
      }
      if (arg.includes("@"))
        throw new LoadError([`package ${arg}: can only use path@version syntax with 'go get' and 'go install' in module-aware mode`]);
      const found = resolver.find(arg);
      if (typeof found === "string") throw new LoadError([found]);
      return [this.package(found, [found.path])];
    } catch (e) {
      if (!(e instanceof LoadError)) throw e;
      const first = e.lines[0] ?? "";
      if (!this.flags.bools.has("e") || first.startsWith("go: ")) throw e;
      return [this.failed(arg, e.lines.join("\n"), null, [])];
    }
  }

  /** All that main modules and their tests need. */
  private all(): Listed[] {
    const { project } = this;
    const graph = project.imports({ ...tidyOptions, context: project.context, tests: false, resolve: false, tidy: false, standard: true });
    asLoadError(() => graph.load(() => project.mainPackages(), true));
    const paths = graph.packages.filter((p) => p.testOf === null && p.inAll).map((p) => p.path);
    return [...new Set(paths)].sort().map((path) => {
      const at = this.locate(path, null);
      return typeof at === "string" ? this.failed(path, at, null, [path]) : this.package(at, [path]);
    });
  }

  private failed(path: string, text: string, at: WrittenAt | null, stack: string[]): Listed {
    const info = new PackagePublic();
    info.ImportPath = path;
    info.Incomplete = true;
    info.Error = new PackageError(stack, placeText(this.cwd, at), text);
    return { info, imports: [], description: null, at: null, done: true };
  }

  private moduleByPath(path: string): ModulePublic | null {
    const { modules } = this.project;
    const version = asLoadError(() => modules.requirements.graph()).selected(path);
    return version === "none" ? null : this.moduleInfo({ path, version });
  }

  private moduleInfo(m: ModuleVersion): ModulePublic {
    const key = `${m.path}@${m.version}`;
    let info = this.moduleInfos.get(key);
    if (info === undefined) {
      info = this.modules.describe(m, { versions: false, updates: false, retracted: this.flags.bools.has("retracted") });
      this.moduleInfos.set(key, info);
    }
    return info;
  }

  private files(args: readonly string[]): Listed {
    const paths = args.map((a) => absolute(this.cwd, a));
    const dir = parentFolder(paths[0] as string);
    const module = this.project.resolver.mains.find((m) => isBelow(dir, m.dir)) ?? null;
    return this.described({ path: "command-line-arguments", dir, standard: false, module }, paths.map(baseName), [
      "command-line-arguments",
    ]);
  }

  private package(at: Location, stack: string[]): Listed {
    return this.known.get(at.path) ?? this.described(at, null, stack);
  }

  private described(at: Location, names: string[] | null, stack: string[]): Listed {
    const { goroot } = this.project;
    const info = new PackagePublic();
    const d = this.describer.describe(at.dir, names);
    const listed: Listed = { info, imports: [], description: d, at, done: false };
    this.known.set(at.path, listed);
    info.Dir = at.dir;
    info.ImportPath = at.path;
    info.Name = d.name;
    info.Doc = d.doc;
    info.Standard = at.standard;
    info.Goroot = at.standard;
    info.Root = at.standard ? goroot.folder : (at.module?.dir ?? "");
    if (at.module !== null) info.Module = this.moduleInfo(at.module);
    info.GoFiles = d.go.files;
    info.IgnoredGoFiles = d.ignoredGo;
    info.InvalidGoFiles = d.invalidGo;
    info.IgnoredOtherFiles = d.ignoredOther;
    for (const [field, list] of d.others) (info as unknown as Record<string, string[]>)[field] = list;
    info.TestGoFiles = d.tests.files;
    info.XTestGoFiles = d.external.files;
    info.EmbedPatterns = [...d.go.patterns.keys()].sort();
    info.TestEmbedPatterns = [...d.tests.patterns.keys()].sort();
    info.XTestEmbedPatterns = [...d.external.patterns.keys()].sort();
    if (at.path === "unsafe") d.go.imports.clear();
    if (this.flags.bools.has("find")) {
      listed.done = true;
    } else {
      info.TestImports = this.paths(at, d.tests.imports);
      info.XTestImports = this.paths(at, d.external.imports);
    }
    for (const [group, field] of [
      [d.go, "EmbedFiles"],
      [d.tests, "TestEmbedFiles"],
      [d.external, "XTestEmbedFiles"],
    ] as const) {
      const { files, error } = this.describer.embeds(at.dir, group.patterns);
      info[field] = files;
      if (error !== null && field === "EmbedFiles") info.Error = new PackageError(stack, placeText(this.cwd, error.at), error.text);
    }
    if (at.path !== "unsafe") this.problems(info, d, at, stack);
    if (info.Name === "main" && names === null && !at.standard) info.Target = this.target(at);
    if (!this.flags.bools.has("find")) this.imports(listed, stack);
    return listed;
  }

  private problems(info: PackagePublic, d: FolderDescription, at: Location, stack: string[]): void {
    const set = (text: string, place: WrittenAt | null = null, way = stack): void => {
      info.Error ??= new PackageError(way, placeText(this.cwd, place), text);
      info.Incomplete = true;
    };
    if (d.error !== null) set(d.error.text, d.error.at, d.error.at === null ? [] : stack);
    else if (d.go.files.length === 0) {
      if (d.ignoredGo.length === 0 && d.tests.files.length + d.external.files.length === 0)
        set(`no Go files in ${at.dir}`, null, stack.length > 1 ? stack : []);
      else if (d.tests.files.length + d.external.files.length === 0) set(`build constraints exclude all Go files in ${at.dir}`);
    } else {
      const c =
        info.CFiles.length > 0
          ? "C"
          : info.CXXFiles.length > 0
            ? "C++"
            : info.MFiles.length > 0
              ? "Objective-C"
              : info.FFiles.length > 0
                ? "Fortran"
                : "";
      const files = [...info.CFiles, ...info.CXXFiles, ...info.MFiles, ...info.FFiles];
      if (c !== "") set(`${c} source files not allowed when not using cgo or SWIG: ${files.join(" ")}`);
    }
  }

  private target(at: Location): string {
    const bin = setting(this.host, "GOBIN") || joinPath(setting(this.host, "GOPATH").split(":")[0] as string, "bin");
    const parts = at.path.split("/");
    const last = parts[parts.length - 1] as string;
    return joinPath(bin, /^v[2-9]\d*$|^v1\d+$/.test(last) && parts.length > 1 ? (parts[parts.length - 2] as string) : last);
  }

  /** Import paths in order, those of the standard library's own copies as such. */
  private paths(at: Location, imports: ReadonlyMap<string, WrittenAt>): string[] {
    return [...imports.keys()].sort().map((path) => (at.standard && !looksStandard(path) ? `vendor/${path}` : path));
  }

  private locate(path: string, from: Location | null): Location | string {
    const { resolver } = this.project;
    if (from?.standard === true || path.startsWith("vendor/")) return resolver.standard(path) ?? resolver.find(path);
    return resolver.find(path, from === null ? null : { path: from.path, version: from.module?.version ?? "" });
  }

  private imports(p: Listed, stack: string[]): void {
    const { info, description: d, at } = p;
    if (d === null || at === null) return;
    const written = [...d.go.imports].sort(([a], [b]) => (a < b ? -1 : 1));
    info.Imports = this.paths(at, d.go.imports);
    info.Imports.forEach((path, i) => {
      const [source, place] = written[i] as [string, WrittenAt];
      if (path !== source) info.ImportMap.set(source, path);
      if (path === "C") return;
      if (stack.includes(path) && this.known.get(path)?.done === false) {
        const cycle = this.known.get(path) as Listed;
        cycle.info.Error ??= new PackageError([...stack, path], placeText(this.cwd, place), "import cycle not allowed");
        return;
      }
      const loaded = this.known.get(path);
      if (loaded !== undefined) p.imports.push(loaded);
      else {
        const found = this.locate(path, at);
        if (typeof found === "string") {
          const failed = this.failed(path, found, place, stack);
          this.known.set(path, failed);
          p.imports.push(failed);
        } else p.imports.push(this.package(found, [...stack, path]));
      }
    });
    // The linker adds what every program needs.
    if (info.Name === "main" && at.path !== "runtime") {
      const runtime = this.project.resolver.standard("runtime");
      if (runtime !== null) {
        const loaded = this.package(runtime, [...stack, "runtime"]);
        if (!p.imports.includes(loaded)) p.imports.push(loaded);
      }
    }
    p.done = true;
  }

  /** The test packages of a package: its program, itself with its own tests, and those beside it. */
  private testPackages(p: Listed): Listed[] {
    const { description: d, at, info } = p;
    if (d === null || at === null || d.tests.files.length + d.external.files.length === 0) return [];
    const imported = (paths: readonly string[]): Listed[] =>
      paths
        .filter((path) => path !== "C")
        .map((path) => {
          const found = this.locate(path, at);
          return typeof found === "string" ? this.failed(path, found, null, [at.path, path]) : this.package(found, [at.path, path]);
        });
    const variant = (name: string, path: string, goFiles: string[], imports: string[]): Listed => {
      const own = Object.assign(new PackagePublic(), info, {
        Name: name,
        ImportPath: path,
        ForTest: info.ImportPath,
        GoFiles: goFiles,
        Imports: imports,
        Target: "",
        Match: [],
      });
      return { info: own, imports: imported(imports.filter((i) => !i.includes(" "))), description: null, at: null, done: true };
    };
    const out: Listed[] = [];
    const tag = `[${info.ImportPath}.test]`;
    const inside =
      d.tests.files.length === 0
        ? null
        : variant(
            info.Name,
            `${info.ImportPath} ${tag}`,
            [...info.GoFiles, ...info.TestGoFiles],
            [...new Set([...info.Imports, ...info.TestImports])].sort(),
          );
    const rename = (path: string): string => (inside !== null && path === info.ImportPath ? inside.info.ImportPath : path);
    const beside =
      d.external.files.length === 0
        ? null
        : variant(`${info.Name}_test`, `${info.ImportPath}_test ${tag}`, info.XTestGoFiles, info.XTestImports.map(rename));
    if (beside !== null && inside !== null && info.XTestImports.includes(info.ImportPath)) beside.imports.push(inside);
    const support = ["os", "reflect", "testing", "testing/internal/testdeps"];
    const own = [inside?.info.ImportPath ?? (beside === null ? info.ImportPath : ""), beside?.info.ImportPath ?? ""].filter(
      (x) => x !== "",
    );
    const main = new PackagePublic();
    Object.assign(main, {
      Dir: info.Dir,
      ImportPath: `${info.ImportPath}.test`,
      Name: "main",
      ForTest: "",
      Module: info.Module,
      Root: info.Root,
      Standard: info.Standard,
      Goroot: info.Goroot,
    });
    main.GoFiles = ["_testmain.go"];
    main.Imports = [...support, ...own].sort();
    const program: Listed = {
      info: main,
      imports: [...imported(support), ...[inside ?? p, beside].filter((x) => x !== null)],
      description: null,
      at: null,
      done: true,
    };
    out.push(program);
    if (inside !== null) out.push(inside);
    if (beside !== null) out.push(beside);
    return out;
  }

  private withDependencies(roots: readonly Listed[]): Listed[] {
    const out: Listed[] = [];
    const seen = new Set<Listed>();
    const visit = (p: Listed): void => {
      if (seen.has(p)) return;
      seen.add(p);
      for (const d of p.imports) visit(d);
      out.push(p);
    };
    for (const p of roots) visit(p);
    return out;
  }

  /** All that a package imports, directly or not, and what is wrong with that. */
  private dependencies(p: Listed): void {
    const all = this.withDependencies([p]).filter((d) => d !== p);
    p.info.Deps = all.map((d) => d.info.ImportPath).sort();
    const failed = all.filter((d) => d.info.Error !== null);
    const top = (e: PackageError): string => e.ImportStack[e.ImportStack.length - 1] ?? "";
    p.info.DepsErrors = failed.map((d) => d.info.Error).filter((e) => e !== null);
    p.info.DepsErrors.sort((a, b) => (top(a) < top(b) ? -1 : top(a) > top(b) ? 1 : 0));
    if (failed.length > 0 || p.info.Error !== null) p.info.Incomplete = true;
  }
}
