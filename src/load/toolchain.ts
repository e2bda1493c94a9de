// Fetches the Go tree where none is installed: the pinned golang.org/toolchain module, through the user's GOPROXY, compared with a pinned
// hash, unpacked once into a cache folder.

import { type Host, HostError } from "../base/host.ts";
import { joinPath } from "../base/paths.ts";
import { removeRemains } from "../base/remains.ts";
import { ModuleError } from "../modules/error.ts";
import { hashFiles } from "../modules/hash.ts";
import { parseProxies, type ModuleProxy, shownUrl } from "../modules/proxy.ts";
import { setting } from "../modules/settings.ts";
import { readZip, type ZipEntry, ZipError } from "../modules/zip.ts";
import { LoadError } from "./package.ts";

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
  let proxies: readonly ModuleProxy[];
  try {
    proxies = parseProxies(setting(host, "GOPROXY"));
  } catch (e) {
    if (!(e instanceof ModuleError)) throw e;
    reasons.push(e.message);
    return "";
  }
  for (const proxy of proxies) {
    if (proxy.url === "off") {
      reasons.push("GOPROXY=off: nothing may be downloaded");
      return "";
    }
    if (proxy.url === "direct") {
      reasons.push("GOPROXY=direct: the toolchain comes from proxies only");
      continue;
    }
    const url = `${proxy.url}/${pin.module}/@v/${pin.version}.zip`;
    const title = `go3s: downloading ${pin.release} from ${shownUrl(proxy.url)}`;
    const [reply] = host.fetch([{ url, file, limit: maxArchive, title }]);
    if (reply?.error === "") return url;
    reasons.push(`${shownUrl(url)}: ${reply?.error}`);
    // Behind a comma, the next proxy is asked only if this one does not have it.
    if (!proxy.anyFailure && reply?.status !== 404 && reply?.status !== 410) return "";
  }
  return "";
}

function unpack(host: Host, pin: Pin, from: string, archive: Uint8Array): string {
  const prefix = `${pin.module}@${pin.version}/`;
  const target = cachedToolchain(host);
  // Unpacked beside its place and moved there, so that nobody ever sees a part of it.
  removeRemains(host, target);
  const beside = `${target}.${host.unique()}.tmp`;
  const wrong = (why: string): LoadError => new LoadError([`go3s: the archive from ${shownUrl(from)} can't be used: ${why}`]);
  try {
    const entries = readZip(host, archive, maxTree);
    const outside = entries.find((e) => !e.name.startsWith(prefix));
    if (outside !== undefined) throw wrong(`${outside.name} is not below ${prefix}`);
    const take = (entry: ZipEntry): Uint8Array => {
      const data = entry.read();
      const name = entry.name.slice(prefix.length);
      if (!wanted.test(name)) return data;
      const path = joinPath(beside, name);
      host.makeFolder(path.slice(0, path.lastIndexOf("/")));
      host.writeFile(path, data, 0o644);
      return data;
    };
    // Each file is read once, for its hash and for its place.
    const sum = hashFiles(
      host,
      entries.map((e) => ({ name: e.name, read: () => take(e) })),
    );
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
