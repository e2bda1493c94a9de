// The thread that fetches files while the compiler, which knows no promises, waits for it. It takes the environment's proxies, certificates and netrc file
// as the go command does.

import * as fs from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import { homedir } from "node:os";
import { join } from "node:path";
import * as tls from "node:tls";
import { type MessagePort, workerData } from "node:worker_threads";
import type { FetchRequest, FetchResult } from "../base/host.ts";

const idleLimit = 120_000;
const redirectLimit = 10;
/** How many files are fetched at the same time. */
const parallel = 8;

/** Where systems keep the certificates that they trust. */
const bundles = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/pki/tls/cacert.pem",
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

function certificates(): string[] {
  for (const path of [process.env.SSL_CERT_FILE ?? "", ...bundles]) {
    try {
      if (path !== "") return [...tls.rootCertificates, fs.readFileSync(path, "utf8")];
    } catch {
      // The next one.
    }
  }
  return [...tls.rootCertificates];
}

function variable(name: string): string {
  return process.env[name] || process.env[name.toLowerCase()] || "";
}

/** Whether NO_PROXY names a host, or it is this machine. */
function isDirect(host: string, port: string): boolean {
  if (host === "localhost" || host === "[::1]" || /^127\./.test(host)) return true;
  return variable("NO_PROXY")
    .split(",")
    .map((w) => w.trim().toLowerCase())
    .some((w) => {
      if (w === "*") return true;
      if (w === "") return false;
      const [name, own] = w.split(":") as [string, string | undefined];
      if (own !== undefined && own !== port) return false;
      const bare = name.replace(/^\*?\./, "");
      return host === bare || host.endsWith(`.${bare}`);
    });
}

/** The proxy for an address, or null. */
function proxyFor(url: URL): URL | null {
  const secure = url.protocol === "https:";
  const text = variable(secure ? "HTTPS_PROXY" : "HTTP_PROXY");
  if (text === "" || isDirect(url.hostname.toLowerCase(), url.port || (secure ? "443" : "80"))) return null;
  return new URL(text.includes("://") ? text : `http://${text}`);
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${decodeURIComponent(user)}:${decodeURIComponent(password)}`).toString("base64")}`;
}

/** The login of a netrc file for a host, as an Authorization header. */
function netrc(host: string): string {
  let text = "";
  try {
    text = fs.readFileSync(process.env.NETRC || join(homedir(), ".netrc"), "utf8");
  } catch {
    return "";
  }
  const words = text.split(/\s+/);
  for (let i = 0; i < words.length; i++) {
    if (words[i] !== "machine" || words[i + 1] !== host) continue;
    let login = "";
    let password = "";
    for (let j = i + 2; j < words.length && words[j] !== "machine" && words[j] !== "default"; j++) {
      if (words[j] === "login") login = words[++j] ?? "";
      else if (words[j] === "password") password = words[++j] ?? "";
    }
    if (login !== "" && password !== "") return `Basic ${Buffer.from(`${login}:${password}`).toString("base64")}`;
  }
  return "";
}

function authorization(url: URL): string {
  if (url.username !== "") return basic(url.username, url.password);
  const goauth = process.env.GOAUTH ?? "netrc";
  return url.protocol === "https:" && goauth.split(";").some((w) => w.trim() === "netrc") ? netrc(url.hostname) : "";
}

class Fetcher {
  private readonly ca = certificates();
  private readonly plain = new http.Agent({ keepAlive: true });
  private readonly secure = new https.Agent({ keepAlive: true, ca: this.ca });

  async fetch(request: FetchRequest): Promise<FetchResult> {
    try {
      return await this.follow(request, new URL(request.url), redirectLimit);
    } catch (e) {
      const error = e instanceof Error ? e : new Error(String(e));
      return { status: 0, error: explain(error), data: null };
    }
  }

  private async follow(request: FetchRequest, url: URL, redirects: number): Promise<FetchResult> {
    if (url.protocol !== "https:" && url.protocol !== "http:")
      throw new Error(`unsupported protocol scheme ${JSON.stringify(url.protocol.slice(0, -1))}`);
    const response = await this.open(url);
    const status = response.statusCode ?? 0;
    const location = response.headers.location;
    if (status >= 300 && status < 400 && location !== undefined) {
      response.destroy();
      if (redirects === 0) throw new Error(`stopped after ${redirectLimit} redirects`);
      const next = new URL(location, url);
      if (url.protocol === "https:" && next.protocol !== "https:") throw new Error("redirected from secure URL to insecure URL");
      return this.follow(request, next, redirects - 1);
    }
    if (status !== 200) {
      const text = (await this.body(response, { ...request, file: "", limit: 1 << 16 }).catch(() => null))?.toString("utf8") ?? "";
      const plain = /^text\/plain/.test(response.headers["content-type"] ?? "") ? text.trim() : "";
      return { status, error: `${status} ${http.STATUS_CODES[status] ?? response.statusMessage ?? ""}`.trim(), data: Buffer.from(plain) };
    }
    const data = await this.body(response, request);
    return { status, error: "", data };
  }

  private async open(url: URL): Promise<http.IncomingMessage> {
    const headers: http.OutgoingHttpHeaders = { "user-agent": "Go-http-client/1.1 (go3s)", host: url.host };
    const login = authorization(url);
    if (login !== "") headers.authorization = login;
    const proxy = proxyFor(url);
    const path = `${url.pathname}${url.search}`;
    if (proxy === null) {
      const secure = url.protocol === "https:";
      return this.send(secure, { hostname: host(url), port: url.port, path, headers, agent: secure ? this.secure : this.plain });
    }
    const proxyHeaders: http.OutgoingHttpHeaders = {};
    if (proxy.username !== "") proxyHeaders["proxy-authorization"] = basic(proxy.username, proxy.password);
    const toProxy = proxy.protocol === "https:";
    const at = { hostname: host(proxy), port: proxy.port || (toProxy ? 443 : 80), ca: this.ca };
    if (url.protocol === "http:") return this.send(toProxy, { ...at, path: url.href, headers: { ...headers, ...proxyHeaders } });
    const target = `${url.hostname}:${url.port || 443}`;
    const socket = await tunnel(toProxy, { ...at, method: "CONNECT", path: target, headers: { host: target, ...proxyHeaders } });
    const secured = tls.connect({ socket: socket as never, servername: host(url), ca: this.ca });
    return this.send(false, { path, headers, createConnection: () => secured });
  }

  private send(secure: boolean, options: https.RequestOptions): Promise<http.IncomingMessage> {
    return new Promise((resolve, reject) => {
      const request = (secure ? https : http).request(options, resolve);
      request.setTimeout(idleLimit, () => request.destroy(new Error(`no answer for ${idleLimit / 1000} seconds`)));
      request.on("error", reject);
      request.end();
    });
  }

  /** The body; it goes to a file if the request names one. */
  private async body(response: http.IncomingMessage, request: FetchRequest): Promise<Buffer | null> {
    const all = Number(response.headers["content-length"] ?? -1);
    if (all > request.limit) {
      response.destroy();
      throw new Error(`larger than ${request.limit} bytes`);
    }
    const chunks: Buffer[] = [];
    const out = request.file === "" ? -1 : fs.openSync(request.file, "w");
    let size = 0;
    let shown = 0;
    const title = request.title ?? "";
    try {
      for await (const chunk of response as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > request.limit) throw new Error(`larger than ${request.limit} bytes`);
        if (out < 0) chunks.push(chunk);
        else fs.writeSync(out, chunk);
        if (title !== "" && Date.now() - shown > 200) {
          shown = Date.now();
          fs.writeSync(2, `\r${title}: ${size >> 20}${all > 0 ? ` of ${all >> 20}` : ""} MB `);
        }
      }
    } finally {
      response.destroy();
      if (out >= 0) fs.closeSync(out);
    }
    if (title !== "") fs.writeSync(2, `\r${title}: ${size >> 20} MB, done\n`);
    if (all >= 0 && size !== all) throw new Error(`ended after ${size} of ${all} bytes`);
    return out < 0 ? Buffer.concat(chunks) : null;
  }
}

/** Names of hosts without the brackets of IPv6 addresses. */
function host(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, "");
}

function tunnel(secure: boolean, options: https.RequestOptions): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const request = (secure ? https : http).request(options);
    request.setTimeout(idleLimit, () => request.destroy(new Error("no answer from the proxy")));
    request.on("connect", (response, socket) => {
      if (response.statusCode === 200) resolve(socket);
      else reject(new Error(`proxy: ${response.statusCode} ${response.statusMessage ?? ""}`.trim()));
    });
    request.on("response", (response) => reject(new Error(`proxy: ${response.statusCode}`)));
    request.on("error", reject);
    request.end();
  });
}

/** What Node says, in the words that the go command's users know. */
function explain(error: Error): string {
  const e = error as Error & { code?: string; hostname?: string; address?: string; port?: number; errors?: Error[] };
  if (e.errors !== undefined && e.errors.length > 0) return explain(e.errors[0] as Error);
  const place = e.address === undefined ? "" : ` ${e.address.includes(":") ? `[${e.address}]` : e.address}:${e.port}`;
  if (e.code === "ENOTFOUND") return `dial tcp: lookup ${e.hostname}: no such host`;
  if (e.code === "EAI_AGAIN") return `dial tcp: lookup ${e.hostname}: temporary failure in name resolution`;
  if (e.code === "ECONNREFUSED") return `dial tcp${place}: connect: connection refused`;
  if (e.code === "ENETUNREACH") return `dial tcp${place}: connect: network is unreachable`;
  if (e.code === "ECONNRESET" || e.message === "aborted") return "unexpected EOF";
  return (e.message || e.code || "failed").split("\n")[0] as string;
}

const { port, flag } = workerData as { port: MessagePort; flag: Int32Array };
const fetcher = new Fetcher();
port.on("message", async (requests: FetchRequest[]) => {
  const results: FetchResult[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < requests.length) {
      const i = next++;
      results[i] = await fetcher.fetch(requests[i] as FetchRequest);
    }
  };
  await Promise.all(Array.from({ length: parallel }, lane));
  port.postMessage(results);
  Atomics.store(flag, 0, 1);
  Atomics.notify(flag, 0);
});
