// -overlay: a JSON file that says which files stand for others.

import { type Host, HostError } from "../base/host.ts";
import { absolute, isBelow } from "../base/paths.ts";
import { replacedAround, type Replacements, replacingHost } from "../base/replacing.ts";
import { moduleCacheFolder } from "../modules/settings.ts";
import { CommandError } from "./errors.ts";

/** The host as the file shows it. Throws CommandError. */
export function withOverlay(host: Host, file: string): Host {
  const files = readOverlay(host, file);
  const cache = moduleCacheFolder(host);
  const wrong = replacedAround(files, cache);
  if (wrong !== "") {
    throw new CommandError(`go: overlay contains a replacement for ${wrong}. Files beneath GOMODCACHE (${cache}) must not be replaced.`, 1);
  }
  return replacingHost(host, files);
}

function readOverlay(host: Host, file: string): Replacements {
  const fail = (why: string): never => {
    throw new CommandError(`go: ${why}`, 1);
  };
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(host.readFile(file)));
  } catch (e) {
    if (e instanceof HostError) return fail(`reading overlay: open ${file}: ${e.reason}`);
    return fail(`parsing overlay JSON: ${file} is not valid JSON`);
  }
  const isObject = (value: unknown): value is object => typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isObject(json)) return fail(`parsing overlay JSON: ${file} holds no object`);
  // Names in JSON count whatever their case is, as for the go command.
  const stated = Object.entries(json).findLast(([key]) => key.toLowerCase() === "replace")?.[1] ?? {};
  if (!isObject(stated)) return fail("parsing overlay JSON: Replace is no object");
  const files = new Map<string, string>();
  const names = new Map<string, string>();
  for (const [from, to] of Object.entries(stated).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (from === "") return fail("empty string key in overlay map");
    if (typeof to !== "string") return fail(`parsing overlay JSON: Replace holds no path for ${JSON.stringify(from)}`);
    const path = absolute(host.cwd(), from);
    const known = names.get(path);
    if (known !== undefined) return fail(`duplicate paths ${known} and ${from} in overlay map`);
    names.set(path, from);
    files.set(path, to === "" ? "" : absolute(host.cwd(), to));
  }
  for (const [path, target] of files) {
    if (target === "") continue;
    for (const [other, otherTarget] of files) {
      if (otherTarget !== "" && other !== path && isBelow(other, path))
        return fail(`inconsistent files ${path} and ${other} in overlay map`);
    }
  }
  return files;
}
