// The go command's environment: variables that are set, those of the file that `go env -w` writes, and what they are by default.

import { type Host, HostError } from "../base/host.ts";
import { joinPath } from "../base/paths.ts";
import { matchesPrefix } from "./names.ts";

/** The file of `go env -w`, "" if GOENV turns it off. */
export function settingsFile(host: Host): string {
  const path = host.env("GOENV") ?? "";
  if (path === "off") return "";
  if (path !== "") return path;
  const config = host.env("XDG_CONFIG_HOME") || joinPath(host.homeFolder(), ".config");
  return joinPath(config, "go/env");
}

/** The lines of such a file as names and values. */
export function parseSettings(text: string): Map<string, string> {
  const out = new Map<string, string>();
  for (const line of text.split("\n")) {
    const m = /^([A-Z][A-Za-z0-9_]*)=(.*?)\r?$/.exec(line.trim());
    if (m !== null && !out.has(m[1] as string)) out.set(m[1] as string, m[2] as string);
  }
  return out;
}

export function readSettings(host: Host): Map<string, string> {
  const path = settingsFile(host);
  if (path === "") return new Map();
  try {
    return parseSettings(new TextDecoder().decode(host.readFile(path)));
  } catch (e) {
    if (e instanceof HostError) return new Map();
    throw e;
  }
}

/** The value of a variable where nobody sets it. */
export function defaultSetting(host: Host, name: string): string {
  switch (name) {
    case "GOPATH":
      return joinPath(host.homeFolder(), "go");
    case "GOMODCACHE":
      return joinPath(setting(host, "GOPATH").split(":")[0] as string, "pkg/mod");
    case "GOFIPS140":
      return "off";
    case "GOPROXY":
      return "https://proxy.golang.org,direct";
    case "GOSUMDB":
      return "sum.golang.org";
    case "GONOPROXY":
    case "GONOSUMDB":
      return setting(host, "GOPRIVATE");
    default:
      return "";
  }
}

export function setting(host: Host, name: string): string {
  return host.env(name) || defaultSetting(host, name);
}

export function moduleCacheFolder(host: Host): string {
  return setting(host, "GOMODCACHE");
}

/** Whether a module is one that proxies must not be asked about. */
export function isPrivate(host: Host, path: string): boolean {
  return matchesPrefix(setting(host, "GONOPROXY"), path);
}

/** Whether a module's hash is looked up in the checksum database. */
export function usesSumDatabase(host: Host, path: string): boolean {
  return setting(host, "GOSUMDB") !== "off" && !matchesPrefix(setting(host, "GONOSUMDB"), path);
}
