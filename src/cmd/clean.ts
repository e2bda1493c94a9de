// go3s clean: removes what commands leave behind.

import type { Host } from "../base/host.ts";
import { joinPath } from "../base/paths.ts";
import { removeTree } from "../base/remains.ts";
import { moduleCacheFolder } from "../modules/settings.ts";
import { commandFlags } from "./buildflags.ts";
import { CommandError } from "./errors.ts";
import { Store } from "../driver/store.ts";
import { Project } from "./project.ts";
import { expireTests } from "./testcache.ts";

/** The exit status. Throws CommandError and LoadError. `cache`: where builds are kept, "" if they aren't. */
export function cleanCommand(host: Host, words: readonly string[], cache: string): number {
  const names = ["n", "x", "i", "r", "cache", "testcache", "modcache", "fuzzcache"];
  const flags = commandFlags(host, "clean", words, [
    ...names.map((name) => ({ name, kind: "bool" as const })),
    { name: "C", kind: "string" },
  ]);
  const has = (name: string): boolean => flags.bools.has(name);
  const caches = has("cache") || has("testcache") || has("modcache") || has("fuzzcache");
  if (has("modcache") && flags.rest.length > 0) throw new CommandError("go: clean -modcache cannot be used with package arguments", 1);
  const remove = (path: string, tree: boolean): void => {
    if (host.stat(path).kind === "missing") return;
    if (has("n") || has("x")) host.stdout(`rm -${tree ? "r" : ""}f ${path}\n`);
    if (has("n")) return;
    if (tree) removeTree(host, path);
    else host.remove(path);
  };
  if (has("cache") && cache !== "") remove(cache, true);
  const store = has("testcache") && !has("cache") && !has("n") ? Store.open(host) : null;
  if (store !== null) expireTests(store, host);
  if (has("modcache")) {
    const folder = moduleCacheFolder(host);
    if (!folder.startsWith("/")) throw new CommandError("go: no module cache", 1);
    remove(folder, true);
  }
  if (caches && flags.rest.length === 0) return 0;
  const project = new Project(host, flags, {});
  const dirs = (flags.rest.length === 0 ? ["."] : flags.rest).map((arg) => {
    if (!arg.startsWith(".") && !arg.startsWith("/"))
      throw new CommandError(`go3s clean: ${arg}: packages are named by their folders here`, 1);
    return project.resolver.folder(arg.startsWith("/") ? arg : joinPath(host.cwd(), arg));
  });
  for (const at of dirs) {
    const last = at.path.slice(at.path.lastIndexOf("/") + 1);
    const folder = at.dir.slice(at.dir.lastIndexOf("/") + 1);
    for (const name of new Set([last, folder, `${last}.test`, `${folder}.test`])) {
      const path = joinPath(at.dir, name);
      if (host.stat(path).kind === "file") remove(path, false);
    }
  }
  return 0;
}
