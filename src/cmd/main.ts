// The go3s command: finds the command by its name, parses its flags, does it. The result is the exit status: 0, 1 for errors in what is to be
// built, 2 for a wrong command line, 3 for a fault of the compiler.

import { type Host, HostError } from "../base/host.ts";
import { findArchitecture } from "../arch/registry.ts";
import { build, type BuildOutcome } from "../driver/build.ts";
import { InternalError } from "../driver/report.ts";
import { findGoroot } from "../load/goroot.ts";
import { LoadError } from "../load/package.ts";
import { type FlagSpec, type ParsedFlags, parseFlags } from "./flags.ts";
import { commands, usage } from "./help.ts";

export const version = "go3s0.1";

const buildFlags: readonly FlagSpec[] = [
  { name: "o", kind: "string" },
  { name: "tags", kind: "string" },
  { name: "trimpath", kind: "bool" },
  { name: "ldflags", kind: "string" },
  { name: "gcflags", kind: "string" },
  { name: "asmflags", kind: "string" },
  { name: "v", kind: "bool" },
  { name: "timings", kind: "bool" },
  // For developers of the compiler, separated by commas: see BuildRequest.debug.
  { name: "d", kind: "string" },
];

/** Runs the command line of the host. The result is the exit status. */
export function main(host: Host): number {
  const [name, ...rest] = host.args;
  try {
    return dispatch(host, name, rest);
  } catch (error) {
    if (error instanceof HostError) return failure(host, `go3s: ${error.message}`, 1);
    if (error instanceof LoadError) return failure(host, error.lines.join("\n"), 1);
    return internal(host, error);
  }
}

function dispatch(host: Host, name: string | undefined, rest: readonly string[]): number {
  switch (name) {
    case undefined:
      host.stderr(usage);
      return 2;
    case "build":
      return buildCommand(host, rest);
    case "run":
      return runCommand(host, rest);
    case "version":
      host.stdout(`go3s version ${version} ${treeVersion(host)} linux/${goarch(host)}\n`);
      return 0;
    case "env":
      return envCommand(host, rest);
    case "help":
    case "-h":
    case "-help":
    case "--help":
      return helpCommand(host, rest);
    default:
      return failure(host, `go3s ${name}: unknown command\nRun 'go3s help' for usage.`, 2);
  }
}

function failure(host: Host, message: string, status: number): number {
  host.stderr(`${message}\n`);
  return status;
}

/** One line about a fault of the compiler; the stack only for its developers. */
function internal(host: Host, error: unknown): number {
  const where = error instanceof InternalError ? ` while compiling ${error.where}` : "";
  const message = error instanceof Error ? error.message.split("\n")[0] : String(error);
  host.stderr(`go3s: internal compiler error${where}: ${message}\n`);
  if (host.env("GO3S_DEBUG") !== undefined && error instanceof Error) {
    const cause = error.cause instanceof Error ? error.cause : error;
    host.stderr(`${cause.stack}\n`);
  }
  return 3;
}

function wrongUsage(host: Host, command: string, message: string): number {
  const help = commands[command];
  return failure(host, `${message}\nusage: ${help?.usage}\nRun 'go3s help ${command}' for details.`, 2);
}

function goarch(host: Host): string {
  return host.env("GOARCH") || "amd64";
}

function treeVersion(host: Host): string {
  return findGoroot(host).version.split(" ")[0] as string;
}

/** Compiles what a command line names; null after an error that has been printed, with the status. */
function compile(host: Host, flags: ParsedFlags, args: readonly string[]): { outcome: BuildOutcome | null; status: number } {
  const goos = host.env("GOOS") || "linux";
  if (goos !== "linux") return { outcome: null, status: failure(host, `go3s: GOOS=${goos} is not supported: Go3s builds for linux`, 2) };
  const architecture = findArchitecture(goarch(host));
  if (architecture === null) return { outcome: null, status: failure(host, `go3s: unsupported GOOS/GOARCH pair linux/${goarch(host)}`, 2) };
  const words = (name: string): string[] => (flags.strings.get(name) ?? "").split(/[\s,]+/).filter((w) => w !== "");
  const outcome = build(host, {
    args,
    tags: words("tags"),
    trimpath: flags.bools.has("trimpath"),
    strip: words("ldflags").includes("-s"),
    debug: words("d"),
    architecture,
  });
  if (flags.bools.has("timings")) {
    for (const s of outcome.timings.stages) host.stderr(`${s.milliseconds.toFixed(0).padStart(7)} ms  ${s.name}\n`);
  }
  for (const line of outcome.lines) host.stderr(`${line}\n`);
  return { outcome, status: outcome.status };
}

function buildCommand(host: Host, words: readonly string[]): number {
  const flags = parseFlags(words, buildFlags);
  if (flags.error !== null) return wrongUsage(host, "build", flags.error);
  const { outcome, status } = compile(host, flags, flags.rest);
  if (outcome === null || status !== 0) return status;
  const output = flags.strings.get("o") ?? "";
  // Of several packages, nothing is kept unless somebody says where.
  if (output === "/dev/null" || (output === "" && outcome.packages > 1)) return 0;
  const isFolder = output.endsWith("/") || host.stat(output).kind === "folder";
  if (output !== "" && outcome.images.length === 0) {
    return failure(host, isFolder ? "go: no main packages to build" : "go3s build: -o needs a main package: others give no file", 1);
  }
  if (output !== "" && !isFolder && outcome.packages > 1) {
    return failure(host, `go: cannot write multiple packages to non-directory ${output}`, 1);
  }
  if (output.endsWith("/")) host.makeFolder(output.slice(0, -1));
  for (const image of outcome.images) {
    const path = isFolder ? `${output.replace(/\/$/, "")}/${image.name}` : output === "" ? image.name : output;
    try {
      host.writeFile(path, image.bytes, 0o755);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      return failure(host, `go3s build: open ${path}: ${error.reason}`, 1);
    }
  }
  return 0;
}

function runCommand(host: Host, words: readonly string[]): number {
  const flags = parseFlags(words, buildFlags);
  if (flags.error !== null) return wrongUsage(host, "run", flags.error);
  const rest = flags.rest;
  if (rest.length === 0) return failure(host, "go3s: no go files listed", 1);
  let count = 0;
  while (count < rest.length && (rest[count] as string).endsWith(".go")) count++;
  if (count === 0) count = 1;
  const { outcome, status } = compile(host, flags, rest.slice(0, count));
  if (outcome === null || status !== 0) return status;
  const image = outcome.images[0];
  if (image === undefined) return failure(host, `package ${rest[0]} is not a main package`, 1);
  const folder = host.makeTempFolder("go3s-run-");
  try {
    const path = `${folder}/${image.name}`;
    host.writeFile(path, image.bytes, 0o755);
    const result = host.run(path, rest.slice(count), true);
    if (result.status !== 0) host.stderr(`exit status ${result.status}\n`);
    return result.status === 0 ? 0 : 1;
  } finally {
    host.remove(folder);
  }
}

function envCommand(host: Host, words: readonly string[]): number {
  const flags = parseFlags(words, [{ name: "json", kind: "bool" }]);
  if (flags.error !== null) return wrongUsage(host, "env", flags.error);
  const values: [string, string][] = [
    ["CGO_ENABLED", "0"],
    ["GO3SVERSION", version],
    ["GOARCH", goarch(host)],
    ["GOFLAGS", host.env("GOFLAGS") ?? ""],
    ["GOOS", host.env("GOOS") || "linux"],
    ["GOROOT", findGoroot(host).folder],
    ["GOVERSION", treeVersion(host)],
  ];
  if (flags.rest.length > 0) {
    for (const name of flags.rest) host.stdout(`${values.find(([n]) => n === name)?.[1] ?? ""}\n`);
  } else if (flags.bools.has("json")) {
    host.stdout(`${JSON.stringify(Object.fromEntries(values), null, "\t")}\n`);
  } else {
    for (const [name, value] of values) host.stdout(`${name}='${value.replaceAll("'", `'"'"'`)}'\n`);
  }
  return 0;
}

function helpCommand(host: Host, words: readonly string[]): number {
  const name = words[0];
  if (name === undefined) {
    host.stdout(usage);
    return 0;
  }
  const help = commands[name];
  if (help === undefined) return failure(host, `go3s help ${name}: unknown help topic. Run 'go3s help'.`, 2);
  host.stdout(`usage: ${help.usage}\n\n${help.text}`);
  return 0;
}
