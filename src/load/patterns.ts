// Patterns of packages as the go command takes them: `...` stands for any string, `x/...` matches x as well, `std` is the standard
// library. A pattern that starts with a dot or slash is about folders, others are about import paths.

import type { Location, Resolver } from "./resolve.ts";
import type { Host } from "../base/host.ts";
import { LoadError } from "./package.ts";
import { absolute, below, isBelow, joinPath, shortPath } from "../base/paths.ts";

/** Packages of the Go tree that are none: documentation, and what only cgo needs. */
const notCompiled = ["builtin", "runtime/cgo"];

export function isPattern(arg: string): boolean {
  return arg === "std" || arg.includes("...");
}

/** Whether an argument names folders rather than import paths. */
export function isLocal(arg: string): boolean {
  return arg === "." || arg === ".." || /^\.{0,2}\//.test(arg) || /^\.\.\.$/.test(arg);
}

/** The folder that a local argument starts from: that of `./a/b...` is `./a`. */
export function startFolder(cwd: string, arg: string): string {
  const dots = arg.indexOf("...");
  if (dots < 0) return absolute(cwd, arg);
  return absolute(cwd, arg.slice(0, arg.lastIndexOf("/", dots) + 1) || ".");
}

/** The packages that a pattern matches, in order of their paths. Throws LoadError. */
export function matchPattern(host: Host, resolver: Resolver, arg: string): Location[] {
  if (arg === "std") return standardPackages(resolver);
  const cwd = host.cwd();
  if (isLocal(arg)) {
    const root = startFolder(cwd, arg);
    if (host.stat(root).kind !== "folder") {
      const prefix = arg.slice(0, arg.lastIndexOf("/", arg.indexOf("...")) + 1);
      throw new LoadError([`pattern ${arg}: lstat ${prefix}: no such file or directory`]);
    }
    const src = joinPath(resolver.goroot.folder, "src");
    if (!isBelow(root, src) && !resolver.mains.some((m) => isBelow(root, m.dir))) {
      const prefix = shortPath(cwd, root);
      const what = resolver.modules.mains.inWorkspace
        ? "modules listed in go.work or their selected dependencies"
        : "main module or its selected dependencies";
      throw new LoadError([`pattern ${arg}: directory prefix ${prefix} does not contain ${what}`]);
    }
    const matches = patternMatcher(arg.startsWith("/") ? arg : joinPath(cwd, arg));
    return resolver
      .below(root, ignoredIn(resolver, root))
      .filter(matches)
      .map((dir) => resolver.folder(dir));
  }
  const matches = patternMatcher(arg);
  const found = new Map<string, Location>();
  const add = (at: Location): void => {
    if (matches(at.path) && !found.has(at.path)) found.set(at.path, at);
  };
  for (const at of standardPackages(resolver)) if (!isBelow(at.path, "vendor")) add(at);
  const prefix = arg.slice(0, arg.indexOf("...")).replace(/\/$/, "");
  for (const module of resolver.allModules((path) => isBelow(prefix, path) || path.startsWith(prefix))) {
    for (const dir of resolver.below(module.dir, ignoredIn(resolver, module.dir))) {
      const rest = below(dir, module.dir);
      add({ path: rest === "" ? module.path : `${module.path}/${rest}`, dir, standard: false, module });
    }
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The folders that the go.mod file of a module has patterns ignore. */
function ignoredIn(resolver: Resolver, dir: string): string[] {
  return resolver.modules.mains.around(dir)?.file.ignores.map((i) => i.path) ?? [];
}

function standardPackages(resolver: Resolver): Location[] {
  const src = joinPath(resolver.goroot.folder, "src");
  return [...resolver.below(src), ...resolver.below(joinPath(src, "vendor"))]
    .filter((dir) => !isBelow(dir, joinPath(src, "cmd")) && !notCompiled.includes(below(dir, src)) && dir !== src)
    .map((dir) => resolver.folder(dir));
}

/** What a pattern accepts. */
export function patternMatcher(pattern: string): (path: string) => boolean {
  let text = pattern.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll("\\.\\.\\.", ".*");
  if (text.endsWith("/.*")) text = `${text.slice(0, -3)}(/.*)?`;
  const re = new RegExp(`^${text}$`);
  return (path) => re.test(path);
}
