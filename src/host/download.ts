// Downloads a file while the compiler waits: a process of Node fetches it and writes it to disk, since the compiler knows no promises.

import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { fileURLToPath } from "node:url";

/** What the process runs: url, file, limit, title, whether to show how far it is. The last line of its stdout says what went wrong. */
const script = `
const fs = require("node:fs");
const [url, file, limit, title, live] = process.argv.slice(1);
(async () => {
  const response = await fetch(url, { redirect: "follow", signal: AbortSignal.timeout(1800000) });
  if (!response.ok) return response.status + " " + response.statusText;
  const all = Number(response.headers.get("content-length") ?? 0);
  const out = fs.openSync(file, "w");
  let size = 0, shown = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size > Number(limit)) return "larger than " + limit + " bytes";
    fs.writeSync(out, chunk);
    if (live === "1" && Date.now() - shown > 200) {
      shown = Date.now();
      process.stderr.write("\\r" + title + ": " + (size >> 20) + (all > 0 ? " of " + (all >> 20) : "") + " MB ");
    }
  }
  fs.closeSync(out);
  if (live === "1") process.stderr.write("\\r" + title + ": " + (size >> 20) + " MB, done\\n");
  return all > 0 && size !== all ? "ended after " + size + " of " + all + " bytes" : "";
})().then((why) => console.log(why), (error) => console.log(String(error.cause?.message || error.message || error).split("\\n")[0] || "failed"));
`;

/** "" when the file is there; else what went wrong, an HTTP status first. */
export function download(url: string, file: string, limit: number, title: string, live: boolean): string {
  if (url.startsWith("file://")) {
    try {
      const path = fileURLToPath(url);
      if (fs.statSync(path).size > limit) return `larger than ${limit} bytes`;
      fs.copyFileSync(path, file);
      return "";
    } catch (e) {
      return (e as { code?: string }).code === "ENOENT" ? "no such file or directory" : String(e instanceof Error ? e.message : e);
    }
  }
  if (!/^https?:\/\//.test(url)) return "not an address that can be fetched";
  if (!live) process.stderr.write(`${title}\n`);
  const r = spawnSync(process.execPath, ["-e", script, url, file, String(limit), title, live ? "1" : "0"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (r.error !== undefined) return r.error.message;
  return r.status === 0 ? (r.stdout.trimEnd().split("\n").pop() as string) : `the download ended with status ${r.status}`;
}
