// Fetches the Go tree where none is installed: the pinned golang.org/toolchain module, through the user's GOPROXY, compared with a pinned
// hash, unpacked once into a cache folder.

import { type Host, HostError } from "../base/host.ts";
import { LoadError } from "./package.ts";
import { joinPath } from "./paths.ts";
import { readZip, type ZipEntry, ZipError } from "./zip.ts";

/** goroot/toolchain.json. */
interface Pin {
  readonly release: string;
  readonly module: string;
  readonly version: string;
  /** As in go.sum: "h1:...". */
  readonly sum: string;
}

/** Limits of the archive: the module's are 75 MB and 260 MB. */
const maxArchive = 300 << 20;
const maxTree = 1 << 30;

/** What of the tree is kept. */
const wanted = /^(VERSION|LICENSE|(src|lib|pkg\/include)\/.*)$/;

/** The folder that holds the tree, or where it would be. */
export function cachedToolchain(host: Host): string {
  const cache = host.env("XDG_CACHE_HOME") || joinPath(host.homeFolder(), ".cache");
  return joinPath(cache, "go3s", readPin(host).release);
}

function readPin(host: Host): Pin {
  return JSON.parse(new TextDecoder().decode(host.readFile(joinPath(host.overlayFolder(), "toolchain.json")))) as Pin;
}

/** Fetches and unpacks the tree. The result is its folder, or the reasons why that did not work. Throws LoadError for a wrong hash. */
export function fetchToolchain(host: Host): string | string[] {
  const pin = readPin(host);
  const reasons: string[] = [];
  const folder = host.makeTempFolder("go3s-fetch-");
  try {
    const file = joinPath(folder, "toolchain.zip");
    const from = download(host, pin, file, reasons);
    if (from === "") return reasons;
    return unpack(host, pin, from, host.readFile(file));
  } finally {
    host.remove(folder);
  }
}

/** Tries the proxies in order. The result is the address that worked, "" if none did. */
function download(host: Host, pin: Pin, file: string, reasons: string[]): string {
  const list = (host.env("GOPROXY") || configured(host, "GOPROXY") || "https://proxy.golang.org,direct").match(/[^,|]+[,|]?/g) ?? [];
  for (const item of list) {
    const proxy = item.replace(/[,|]$/, "").trim();
    if (proxy === "") continue;
    if (proxy === "off") {
      reasons.push("GOPROXY=off: nothing may be downloaded");
      return "";
    }
    if (proxy === "direct") {
      reasons.push("GOPROXY=direct: the toolchain comes from proxies only");
      continue;
    }
    const url = `${proxy.replace(/\/+$/, "")}/${pin.module}/@v/${pin.version}.zip`;
    const title = `go3s: downloading ${pin.release} from ${shownUrl(proxy)}`;
    const result = host.download(url, file, maxArchive, title);
    if (result === "") return url;
    reasons.push(`${shownUrl(url)}: ${result}`);
    // Behind a comma, the next proxy is asked only if this one does not have it.
    if (!item.endsWith("|") && !/^(404|410|no such file)/.test(result)) return "";
  }
  return "";
}

/** An address without a password. */
function shownUrl(url: string): string {
  return url.replace(/\/\/[^/@]*@/, "//");
}

/** A variable of `go env -w`. */
function configured(host: Host, name: string): string {
  const config = host.env("XDG_CONFIG_HOME") || joinPath(host.homeFolder(), ".config");
  const path = host.env("GOENV") || joinPath(config, "go/env");
  if (path === "off" || host.stat(path).kind !== "file") return "";
  const line = new TextDecoder()
    .decode(host.readFile(path))
    .split("\n")
    .find((l) => l.startsWith(`${name}=`));
  return line === undefined ? "" : line.slice(name.length + 1).trim();
}

function unpack(host: Host, pin: Pin, from: string, archive: Uint8Array): string {
  const prefix = `${pin.module}@${pin.version}/`;
  const target = cachedToolchain(host);
  // Unpacked beside its place and moved there, so that nobody ever sees a part of it.
  const beside = `${target}.${host.unique()}.tmp`;
  const wrong = (why: string): LoadError => new LoadError([`go3s: the archive from ${shownUrl(from)} can't be used: ${why}`]);
  try {
    const entries = readZip(host, archive, maxTree);
    const outside = entries.find((e) => !e.name.startsWith(prefix));
    if (outside !== undefined) throw wrong(`${outside.name} is not below ${prefix}`);
    const sum = moduleSum(host, entries, (entry, data) => {
      const name = entry.name.slice(prefix.length);
      if (!wanted.test(name)) return;
      const path = joinPath(beside, name);
      host.makeFolder(path.slice(0, path.lastIndexOf("/")));
      host.writeFile(path, data, 0o644);
    });
    if (sum !== pin.sum) throw wrong(`its hash is ${sum}, not ${pin.sum}`);
    if (host.stat(target).kind !== "folder") host.rename(beside, target);
    return target;
  } catch (e) {
    if (e instanceof ZipError) throw wrong(e.message);
    if (e instanceof HostError) throw new LoadError([`go3s: unpacking the Go tree: ${e.message}`]);
    throw e;
  } finally {
    host.remove(beside);
  }
}

/** The hash of a module's files as go.sum has it. Each file is read once and handed to `take`. */
function moduleSum(host: Host, entries: readonly ZipEntry[], take: (entry: ZipEntry, data: Uint8Array) => void): string {
  const lines: string[] = [];
  const sorted = [...entries].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of sorted) {
    const data = entry.read();
    take(entry, data);
    let hex = "";
    for (const byte of host.sha256(data)) hex += byte.toString(16).padStart(2, "0");
    lines.push(`${hex}  ${entry.name}\n`);
  }
  const digest = host.sha256(new TextEncoder().encode(lines.join("")));
  return `h1:${btoa(String.fromCharCode(...digest))}`;
}
