// Finds the Go tree whose library is compiled.

import { type Host, HostError } from "../base/host.ts";
import { languageMinor } from "./context.ts";
import { LoadError } from "./package.ts";
import { joinPath } from "../base/paths.ts";
import { cachedToolchain, fetchToolchain } from "./toolchain.ts";

/** A Go tree. */
export interface Goroot {
  readonly folder: string;
  /** "go1.26.8". */
  readonly version: string;
}

/** The version of the tree in a folder, or "" if there is none. */
export function treeVersion(host: Host, folder: string): string {
  try {
    const text = new TextDecoder().decode(host.readFile(joinPath(folder, "VERSION")));
    if (host.stat(joinPath(folder, "src")).kind !== "folder") return "";
    return (text.split("\n")[0] as string).trim();
  } catch (e) {
    if (e instanceof HostError) return "";
    throw e;
  }
}

/** The minor version of "go1.26.8", or -1. */
function minorVersion(version: string): number {
  const m = /^go1\.(\d+)/.exec(version);
  return m === null ? -1 : Number(m[1]);
}

function goEnvRoot(host: Host): string {
  try {
    const r = host.run("go", ["env", "GOROOT"], false);
    return r.status === 0 ? r.stdout.trim() : "";
  } catch (e) {
    if (e instanceof HostError) return "";
    throw e;
  }
}

/** Folders where installers and `go install golang.org/dl/...` put Go. */
function usualFolders(host: Host): string[] {
  const home = host.homeFolder();
  const list = ["/usr/local/go", "/usr/lib/go", "/usr/lib/golang", "/usr/share/go", "/opt/go"];
  // The go command keeps toolchains that it fetched as modules.
  const gopath = (host.env("GOPATH") ?? "").split(":")[0] as string;
  const cache = host.env("GOMODCACHE") ?? "";
  const modules = cache !== "" ? cache : joinPath(gopath !== "" ? gopath : joinPath(home, "go"), "pkg/mod");
  for (const folder of [joinPath(home, "sdk"), joinPath(home, "go/sdk"), "/usr/lib", joinPath(modules, "golang.org")]) {
    let names: string[] = [];
    try {
      names = host.readFolder(folder);
    } catch (e) {
      if (!(e instanceof HostError)) throw e;
    }
    for (const name of names) {
      if (/^(go-?|toolchain@v0\.0\.1-go)1\.26/.test(name)) list.push(joinPath(folder, name));
    }
  }
  list.push(joinPath(home, "go"), joinPath(home, ".local/go"));
  return list;
}

/** Finds a tree of the right version: GOROOT, `go env GOROOT`, the usual folders, or fetches it. Throws LoadError. */
export function findGoroot(host: Host): Goroot {
  const tried: string[] = [];
  const wrong: string[] = [];
  const accept = (label: string, folder: string): Goroot | null => {
    const version = folder === "" ? "" : treeVersion(host, folder);
    if (version !== "" && minorVersion(version) === languageMinor) return { folder, version };
    if (version !== "") wrong.push(`${folder} is ${version}`);
    tried.push(folder === "" ? label : `${label}${label === "" ? "" : ": "}${folder}`);
    return null;
  };
  const asked = host.env("GOROOT") ?? "";
  if (asked !== "") {
    const found = accept("GOROOT", asked);
    if (found !== null) return found;
    // An explicit choice is not second-guessed.
    const why = wrong[0] ?? `${asked} holds no Go tree`;
    throw new LoadError([`go3s: cannot use GOROOT: ${why}; the Go 1.${languageMinor} tree is needed`]);
  }
  const found = accept("go env GOROOT", goEnvRoot(host));
  if (found !== null) return found;
  for (const folder of usualFolders(host)) {
    const usual = accept("", folder);
    if (usual !== null) return usual;
  }
  const cached = accept("", cachedToolchain(host));
  if (cached !== null) return cached;
  const fetched = fetchToolchain(host);
  if (typeof fetched === "string") {
    const unpacked = accept("", fetched);
    if (unpacked !== null) return unpacked;
  }
  throw new LoadError([
    `go3s: no Go 1.${languageMinor} tree found. Set GOROOT to one, or let GOPROXY name a proxy that has golang.org/toolchain. Looked at:`,
    ...tried.map((t) => `\t${t}`),
    ...wrong.map((w) => `\t${w}, which is another version`),
    ...(typeof fetched === "string" ? [] : fetched.map((why) => `\t${why}`)),
  ]);
}
