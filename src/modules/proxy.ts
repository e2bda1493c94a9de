// Module proxies: the list of GOPROXY and how files are asked for. Behind a comma, the next proxy is asked where the one before does not have a file;
// behind a bar, after any failure.

import type { FetchRequest, FetchResult, Host } from "../base/host.ts";
import { LookupDisabled, ModuleError } from "./error.ts";
import { escapeName, importPathFault } from "./names.ts";
import { isPrivate, setting } from "./settings.ts";

export interface ModuleProxy {
  /** Without a slash at the end; "direct" and "off" stand for themselves. */
  readonly url: string;
  readonly anyFailure: boolean;
}

/** Takes GOPROXY apart. Throws ModuleError. */
export function parseProxies(list: string): ModuleProxy[] {
  const out: ModuleProxy[] = [];
  for (const m of list.matchAll(/([^,|]*)([,|]|$)/g)) {
    const url = (m[1] as string).trim();
    if (url === "") continue;
    if (url !== "direct" && url !== "off") {
      if (url === "http:" || !/^[a-z][a-z0-9+.-]*:/i.test(url)) {
        throw new ModuleError(
          url.startsWith("/") ? `invalid proxy URL missing scheme: ${url}` : `invalid GOPROXY URL: ${url}: missing scheme`,
        );
      }
      if (!/^(https?|file):\/\//i.test(url))
        throw new ModuleError(`invalid proxy URL scheme (must be https, http, file): ${shownUrl(url)}`);
    }
    out.push({ url: url.replace(/\/+$/, ""), anyFailure: m[2] === "|" });
    if (url === "direct" || url === "off") break;
  }
  if (out.length === 0) throw new ModuleError("GOPROXY list is not the empty string, but contains no entries");
  return out;
}

/** An address without a login. */
export function shownUrl(url: string): string {
  return url.replace(/\/\/[^/@]*@/, "//");
}

/** A file of a module: `name` is "@v/list", "@v/v1.0.0.mod", "@latest". */
export interface ProxyRequest {
  readonly module: string;
  readonly name: string;
  /** Where it goes; "": into memory. */
  readonly file: string;
  readonly limit: number;
}

const noVersionControl = "go3s does not fetch from version control: a module proxy is needed (GOPROXY)";

export class Proxies {
  private readonly host: Host;
  private list: ModuleProxy[] | null = null;

  constructor(host: Host) {
    this.host = host;
  }

  /** The proxies in order. Throws ModuleError. */
  get all(): readonly ModuleProxy[] {
    this.list ??= parseProxies(setting(this.host, "GOPROXY"));
    return this.list;
  }

  /** Asks for files; each result is the bytes (none if they went to a file), or why there are none. */
  fetch(requests: readonly ProxyRequest[]): (Uint8Array | ModuleError)[] {
    const results: (Uint8Array | ModuleError)[] = [];
    let waiting: number[] = [];
    requests.forEach((r, i) => {
      const fault = importPathFault(r.module);
      if (fault !== "") results[i] = new ModuleError(`malformed module path ${JSON.stringify(r.module)}: ${fault}`);
      else if (isPrivate(this.host, r.module))
        results[i] = new LookupDisabled(`${r.module} is private (GOPRIVATE, GONOPROXY): ${noVersionControl}`);
      else waiting.push(i);
    });
    let proxies: readonly ModuleProxy[];
    try {
      proxies = this.all;
    } catch (e) {
      if (!(e instanceof ModuleError)) throw e;
      for (const i of waiting) results[i] = e;
      return results;
    }
    for (const proxy of proxies) {
      if (waiting.length === 0) break;
      if (proxy.url === "off" || proxy.url === "direct") {
        for (const i of waiting) results[i] = withoutProxy(proxy.url, results[i]);
        break;
      }
      const asked = waiting.map((i) => this.request(proxy, requests[i] as ProxyRequest));
      const replies = this.host.fetch(asked);
      const next: number[] = [];
      waiting.forEach((i, n) => {
        const reply = replies[n] as FetchResult;
        if (reply.error === "") {
          results[i] = reply.data ?? new Uint8Array(0);
          return;
        }
        const absent = reply.status === 404 || reply.status === 410;
        const before = results[i];
        // What a proxy lacks says less than what went wrong elsewhere.
        if (!(before instanceof ModuleError) || before.absent)
          results[i] = new ModuleError(explain(asked[n] as FetchRequest, reply), absent);
        if (absent || proxy.anyFailure) next.push(i);
      });
      waiting = next;
    }
    return results;
  }

  private request(proxy: ModuleProxy, r: ProxyRequest): FetchRequest {
    const slash = r.name.lastIndexOf("/") + 1;
    const name = r.name.slice(0, slash) + encodePath(escapeName(r.name.slice(slash)));
    return { url: `${proxy.url}/${encodePath(escapeName(r.module))}/${name}`, file: r.file, limit: r.limit };
  }
}

function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/").replace(/%2B/g, "+").replace(/%40/g, "@");
}

function withoutProxy(word: string, before: Uint8Array | ModuleError | undefined): ModuleError {
  if (word === "off") {
    return before instanceof ModuleError ? before : new LookupDisabled("module lookup disabled by GOPROXY=off");
  }
  if (!(before instanceof ModuleError)) return new LookupDisabled(`GOPROXY=direct: ${noVersionControl}`);
  return new ModuleError(`${before.message}\n\tGOPROXY goes on with direct, but ${noVersionControl}`, before.absent);
}

function explain(request: FetchRequest, reply: FetchResult): string {
  const text = new TextDecoder().decode(reply.data ?? new Uint8Array(0)).trim();
  const said =
    text === ""
      ? ""
      : text.includes("\n")
        ? `\n\tserver response:\n\t${text.split("\n").slice(0, 8).join("\n\t")}`
        : `\n\tserver response: ${text}`;
  if (reply.status === 0) return `Get ${JSON.stringify(shownUrl(request.url))}: ${reply.error}`;
  if (request.url.startsWith("file:")) return `reading ${shownUrl(request.url)}: ${reply.error}`;
  return `reading ${shownUrl(request.url)}: ${reply.error}${said}`;
}
