// go3s build and go3s run.

import { type Host, HostError } from "../base/host.ts";
import { removeRemains } from "../base/remains.ts";
import type { BuildOutcome, BuildRequest } from "../driver/build.ts";
import { cachedBuild } from "../driver/cached.ts";
import { decorate } from "./caret.ts";
import { buildFlags, buildRequest, commandFlags } from "./buildflags.ts";
import { CommandError } from "./errors.ts";
import { prepareModules } from "./prepare.ts";
import { versionedRequest } from "./install.ts";
import type { FlagSpec, ParsedFlags } from "./flags.ts";
import { printBuildFailure } from "./testjson.ts";

const outputFlags: readonly FlagSpec[] = [...buildFlags, { name: "o", kind: "string" }];

/** Builds and prints what there is to print: errors and warnings, and what -v and -timings ask for. */
export function runBuild(host: Host, flags: ParsedFlags, request: BuildRequest): BuildOutcome {
  let complete = request;
  if (request.modules.mod === "mod" && request.modules.outside === undefined) {
    const missing = prepareModules(host, flags, request.args, request.tags);
    complete = { ...request, modules: { ...request.modules, missing } };
  }
  const outcome = cachedBuild(host, complete);
  if (flags.bools.has("timings")) {
    for (const s of outcome.timings.stages) host.stderr(`${s.milliseconds.toFixed(0).padStart(7)} ms  ${s.name}\n`);
  }
  if (flags.bools.has("v")) for (const path of [...outcome.drift, ...outcome.taken]) host.stderr(`${path}\n`);
  if (flags.bools.has("json") && outcome.status !== 0) printFailures(host, outcome.lines);
  else for (const line of decorate(host, outcome.lines)) host.stderr(`${line}\n`);
  return outcome;
}

/** What is wrong with packages as events; each begins with a line that names it. */
function printFailures(host: Host, lines: readonly string[]): void {
  for (let i = 0; i < lines.length; ) {
    const path = /^# (.*)$/.exec(lines[i] as string)?.[1];
    let end = i + 1;
    while (end < lines.length && !(lines[end] as string).startsWith("# ")) end++;
    if (path === undefined) for (const line of lines.slice(i, end)) host.stderr(`${line}\n`);
    else printBuildFailure(host, path, lines.slice(i, end));
    i = end;
  }
}

/** The exit status. Throws CommandError. */
export function buildCommand(machine: Host, words: readonly string[]): number {
  const flags = commandFlags(machine, "build", words, outputFlags);
  const { host } = flags;
  const request = buildRequest(host, flags, flags.rest);
  const { status, images, packages } = runBuild(host, flags, request);
  const output = flags.strings.get("o") ?? "";
  // Of several packages, nothing is kept unless somebody says where.
  if (status !== 0 || output === "/dev/null" || (output === "" && packages.length > 1)) return status;
  if (output.endsWith("/") || (output !== "" && host.stat(output).kind === "folder")) {
    if (images.length === 0) throw new CommandError("go3s: no main packages to build", 1);
    for (const image of images) writeImage(host, `${output.replace(/\/+$/, "")}/${image.name}`, image.bytes, true);
    return 0;
  }
  if (output !== "" && packages.length > 1) {
    throw new CommandError(`go3s: cannot write multiple packages to non-directory ${output}`, 1);
  }
  for (const image of images) writeImage(host, output === "" ? image.name : output, image.bytes, output !== "");
  return 0;
}

/** Writes an executable. `asked`: the name was given, so that folders on the way are made. Throws CommandError. */
export function writeImage(host: Host, path: string, image: Uint8Array, asked: boolean): void {
  const kind = host.stat(path).kind;
  if (kind === "folder") throw new CommandError(`go3s: build output ${JSON.stringify(path)} already exists and is a directory`, 1);
  if (kind === "file" && !isObject(host.readFile(path))) {
    throw new CommandError(`go3s build: build output ${JSON.stringify(path)} already exists and is not an object file`, 1);
  }
  try {
    const slash = path.lastIndexOf("/");
    if (asked && slash > 0) host.makeFolder(path.slice(0, slash));
    removeRemains(host, path);
    host.writeFile(path, image, 0o755);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    throw new CommandError(`go3s build: open ${path}: ${error.reason}`, 1);
  }
}

/** Whether a file may be overwritten: a program, an archive or nothing. */
function isObject(data: Uint8Array): boolean {
  if (data.length === 0) return true;
  const elf = data[0] === 0x7f && data[1] === 0x45 && data[2] === 0x4c && data[3] === 0x46;
  return elf || new TextDecoder("latin1").decode(data.subarray(0, 8)) === "!<arch>\n";
}

/** The exit status. Throws CommandError. */
export function runCommand(machine: Host, words: readonly string[]): number {
  const flags = commandFlags(machine, "run", words, buildFlags);
  const { host } = flags;
  const rest = flags.rest;
  let count = 0;
  while (count < rest.length && (rest[count] as string).endsWith(".go")) count++;
  const test = rest.slice(0, count).find((name) => name.endsWith("_test.go"));
  if (test !== undefined) throw new CommandError(`go3s: cannot run *_test.go files (${test})`, 1);
  if (count === 0 && rest.length > 0 && !(rest[0] as string).startsWith("-")) count = 1;
  if (count === 0) throw new CommandError("go3s: no go files listed", 1);
  const args = rest.slice(0, count);
  const plain = buildRequest(host, flags, args);
  const versioned = args.length === 1 && /^[^./][^@]*@/.test(args[0] as string);
  const outcome = runBuild(host, flags, versioned ? versionedRequest(host, plain, "run") : plain);
  if (outcome.status !== 0) return outcome.status;
  const { packages, images } = outcome;
  if (packages.length > 1) throw new CommandError(`go3s: pattern ${rest[0]} matches multiple packages:\n\t${packages.join("\n\t")}`, 1);
  const image = images[0];
  if (image === undefined) throw new CommandError(`package ${packages[0] ?? rest[0]} is not a main package`, 1);
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
