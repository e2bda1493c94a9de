// -mod=mod: before a build, go.mod and go.sum get what the packages need.

import type { Host } from "../base/host.ts";
import { absolute } from "../base/paths.ts";
import { asLoadError, tidyOptions } from "../load/imports.ts";
import { LoadError } from "../load/package.ts";
import { isLocal, isPattern, matchPattern } from "../load/patterns.ts";
import type { ParsedFlags } from "./flags.ts";
import { Project } from "./project.ts";

/** Looks for the modules of missing packages and writes what changed; the result says why some were not found. Throws LoadError. */
export function prepareModules(host: Host, flags: ParsedFlags, args: readonly string[], tags: readonly string[]): Record<string, string> {
  const project = new Project(host, flags, { tags });
  if (project.modules.mains.single === null) return {};
  const paths = new Set<string>();
  for (const arg of args.length === 0 ? ["."] : args) {
    // Files that are named one by one belong to their folder.
    const folder = arg.endsWith(".go") ? absolute(host.cwd(), arg).replace(/\/[^/]*$/, "") : arg;
    try {
      if (isPattern(arg)) for (const at of matchPattern(host, project.resolver, arg)) paths.add(at.path);
      else if (isLocal(folder)) paths.add(project.resolver.folder(absolute(host.cwd(), folder)).path);
      else paths.add(arg);
    } catch (e) {
      // The build says it better.
      if (!(e instanceof LoadError)) throw e;
    }
  }
  const graph = project.imports({ ...tidyOptions, context: project.context, tests: false, tidy: false });
  asLoadError(() => graph.load(() => [...paths], false));
  project.write(graph);
  return graph.failures();
}
