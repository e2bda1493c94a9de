// The state of the repository around the main module, for the build information (-buildvcs).

import { type Host, HostError } from "../base/host.ts";
import { findUpwards } from "../modules/mains.ts";
import { joinPath, parentFolder } from "../base/paths.ts";
import { CommandError } from "./errors.ts";

/** Settings about a git repository: revision, time, whether files are changed. `flag` is -buildvcs: true, false, auto or "". Throws CommandError. */
export function versionControl(host: Host, flag: string): [string, string][] {
  if (!["", "auto", "true", "1", "t", "false", "0", "f"].includes(flag)) {
    throw new CommandError(`invalid boolean value ${JSON.stringify(flag)} for -buildvcs: value is neither 'auto' nor a valid bool`, 2);
  }
  if (["false", "0", "f"].includes(flag)) return [];
  const module = findUpwards(host, host.cwd(), "go.mod");
  let root = module;
  while (root !== "" && root !== "/" && host.stat(joinPath(root, ".git")).kind === "missing") root = parentFolder(root);
  if (module === "" || host.stat(joinPath(root, ".git")).kind === "missing") return [];
  const git = (...args: string[]): string | null => {
    try {
      const r = host.run("git", ["-C", root, ...args], false);
      return r.status === 0 ? r.stdout : null;
    } catch (e) {
      if (e instanceof HostError) return null;
      throw e;
    }
  };
  const status = git("status", "--porcelain");
  const log = git("-c", "log.showsignature=false", "log", "-1", "--format=%H:%ct", "HEAD");
  if (status === null) {
    if (flag === "" || flag === "auto") return [];
    throw new CommandError("error obtaining VCS status: git status failed\n\tUse -buildvcs=false to disable VCS stamping.", 1);
  }
  const out: [string, string][] = [["vcs", "git"]];
  const m = /^([0-9a-f]+):(\d+)/.exec(log ?? "");
  if (m !== null) {
    out.push(["vcs.revision", m[1] as string], ["vcs.time", new Date(Number(m[2]) * 1000).toISOString().replace(".000Z", "Z")]);
  }
  out.push(["vcs.modified", String(status !== "")]);
  return out;
}
