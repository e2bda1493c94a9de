// The go3s command: finds the command by its name, parses its flags, does it. The result is the exit status: 0, 1 for errors in what is to be
// built, 2 for a wrong command line, 3 for a fault of the compiler.

import { type Host, HostError } from "../base/host.ts";
import { InternalError } from "../driver/report.ts";
import { storeFolder } from "../driver/store.ts";
import { findGoroot } from "../load/goroot.ts";
import { LoadError } from "../load/package.ts";
import { readSettings, setting } from "../modules/settings.ts";
import { buildCommand, runCommand } from "./build.ts";
import { goarch, wrongUsage } from "./buildflags.ts";
import { CommandError } from "./errors.ts";
import { parseFlags } from "./flags.ts";
import { commands, usage } from "./help.ts";
import { getCommand } from "./get.ts";
import { listCommand } from "./list.ts";
import { modCommand } from "./mod.ts";
import { workCommand } from "./work.ts";
import { testCommand } from "./test.ts";

export const version = "go3s0.1";

/** The host with the variables of the go command's settings file where the environment has none. */
function withSettings(host: Host): Host {
  const settings = readSettings(host);
  if (settings.size === 0) return host;
  const own = Object.create(host) as Host;
  own.env = (name) => host.env(name) || settings.get(name) || host.env(name);
  return own;
}

/** Runs the command line of the host. The result is the exit status. */
export function main(machine: Host): number {
  const host = withSettings(machine);
  const [name, ...rest] = host.args;
  try {
    return dispatch(host, name, name === undefined ? rest : changeFolder(host, name, rest));
  } catch (error) {
    if (error instanceof CommandError) return failure(host, error.message, error.status);
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
    case "test":
      return testCommand(host, rest);
    case "get":
      return getCommand(host, rest);
    case "list":
      return listCommand(host, rest);
    case "mod":
      return modCommand(host, rest);
    case "work":
      return workCommand(host, rest);
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

/** Does what -C says, which must be the first flag of a command, and takes it away. */
function changeFolder(host: Host, command: string, words: readonly string[]): readonly string[] {
  if ((command === "mod" || command === "work") && words.length > 0) {
    const [name, ...rest] = words as [string, ...string[]];
    return commands[`${command} ${name}`] === undefined ? words : [name, ...changeFolder(host, `${command} ${name}`, rest)];
  }
  const at = words.findIndex((w) => /^--?C(=|$)/.test(w));
  const firstArgument = words.findIndex((w) => !w.startsWith("-") || w === "-" || w === "--");
  if (at < 0 || (firstArgument >= 0 && firstArgument < at && command === "run")) return words;
  const word = words[at] as string;
  const equals = word.indexOf("=");
  const folder = equals < 0 ? words[at + 1] : word.slice(equals + 1);
  if (folder === undefined || commands[command] === undefined) return words;
  if (at > 0) {
    if (firstArgument >= 0 && firstArgument < at) return words;
    throw wrongUsage(command, `invalid value ${JSON.stringify(folder)} for flag -C: -C flag must be first flag on command line`);
  }
  try {
    host.changeFolder(folder);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    throw new CommandError(`go3s: chdir ${folder}: ${error.reason}`, 1);
  }
  return words.slice(equals < 0 ? 2 : 1);
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

function treeVersion(host: Host): string {
  return findGoroot(host).version.split(" ")[0] as string;
}

function envCommand(host: Host, words: readonly string[]): number {
  const flags = parseFlags(words, [{ name: "json", kind: "bool" }]);
  if (flags.error !== null) throw wrongUsage("env", flags.error);
  const values: [string, string][] = [
    ["CGO_ENABLED", "0"],
    ["GO3SCACHE", storeFolder(host) || "off"],
    ["GO3SVERSION", version],
    ["GOARCH", goarch(host)],
    ["GOFIPS140", setting(host, "GOFIPS140")],
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
  const name = words.length === 0 ? undefined : words.join(" ");
  if (name === undefined) {
    host.stdout(usage);
    return 0;
  }
  const help = commands[name];
  if (help === undefined) return failure(host, `go3s help ${name}: unknown help topic. Run 'go3s help'.`, 2);
  host.stdout(`usage: ${help.usage}\n\n${help.text}`);
  return 0;
}
