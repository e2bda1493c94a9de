// go3s version: its own, or with files the build information that is embedded in them.

import { type Host, HostError } from "../base/host.ts";
import { joinPath } from "../base/paths.ts";
import { readBuildInfo } from "../driver/buildinfo.ts";
import { commandFlags, goarch } from "./buildflags.ts";
import { CommandError } from "./errors.ts";
import { goJson } from "./gojson.ts";

/** The exit status. Throws CommandError. */
export function versionCommand(host: Host, words: readonly string[], own: string, tree: () => string): number {
  const flags = commandFlags(host, "version", words, [
    { name: "m", kind: "bool" },
    { name: "v", kind: "bool" },
    { name: "json", kind: "bool" },
  ]);
  if (flags.rest.length === 0) {
    if (flags.bools.has("m") || flags.bools.has("v")) throw new CommandError("go: flags -m and -v must be used with file arguments", 2);
    host.stdout(`go3s version ${own} ${tree()} linux/${goarch(host)}\n`);
    return 0;
  }
  let status = 0;
  const show = (path: string, must: boolean): void => {
    let data: Uint8Array;
    try {
      data = host.readFile(path);
    } catch (e) {
      if (!(e instanceof HostError)) throw e;
      host.stderr(`${path}: open ${path}: ${e.reason}\n`);
      status = 1;
      return;
    }
    const info = readBuildInfo(data);
    if (info === null) {
      if (!must && !flags.bools.has("v")) return;
      host.stderr(`${path}: ${data[0] === 0x7f ? "not a Go executable" : "unrecognized file format"}\n`);
      if (must) status = 1;
      return;
    }
    if (flags.bools.has("json")) {
      host.stdout(`${goJson({ GoVersion: info.version, Text: info.text })}\n`);
      return;
    }
    host.stdout(`${path}: ${info.version}\n`);
    if (flags.bools.has("m"))
      host.stdout(
        info.text
          .replace(/\n$/, "")
          .split("\n")
          .map((l) => `\t${l}\n`)
          .join(""),
      );
  };
  const visit = (folder: string): void => {
    for (const name of host.readFolder(folder)) {
      const path = joinPath(folder, name);
      const kind = host.stat(path).kind;
      if (kind === "folder") visit(path);
      else if (kind === "file") show(path, false);
    }
  };
  for (const path of flags.rest) {
    const kind = host.stat(path).kind;
    if (kind === "missing") {
      host.stderr(`stat ${path}: no such file or directory\n`);
      status = 1;
    } else if (kind === "folder") visit(path);
    else show(path, true);
  }
  return status;
}
