// The go3s command: finds the command by its name, parses its flags, does it. The result is the exit status: 0, 1 for errors in what is to be
// built, 2 for a wrong command line, 3 for a fault of the compiler.

import { type Host, HostError } from "../base/host.ts";
import { InternalError } from "../driver/report.ts";
import { findGoroot } from "../load/goroot.ts";
import { LoadError } from "../load/package.ts";
import { readSettings } from "../modules/settings.ts";
import { buildCommand, runCommand } from "./build.ts";
import { wrongUsage } from "./buildflags.ts";
import { CommandError } from "./errors.ts";
import { nearest } from "./nearest.ts";
import { commands, usage } from "./help.ts";
import { storeFolder } from "../driver/store.ts";
import { cleanCommand } from "./clean.ts";
import { envCommand } from "./env.ts";
import { installCommand } from "./install.ts";
import { versionCommand } from "./versioncmd.ts";
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
      return versionCommand(host, rest, version, () => treeVersion(host));
    case "env":
      return envCommand(host, rest, version, findGoroot(host));
    case "install":
      return installCommand(host, rest);
    case "clean":
      return cleanCommand(host, rest, storeFolder(host));
    case "help":
    case "-h":
    case "-help":
    case "--help":
      return helpCommand(host, rest);
    default:
      return failure(host, unknownCommand(name), 2);
  }
}

/** Commands of the go command that Go3s lacks, and what to use instead. */
const absent: Readonly<Record<string, string>> = {
  bug: "there is nothing to report to",
  doc: "use 'go doc'",
  fix: "use 'go fix'",
  fmt: "use gofmt",
  generate: "use 'go generate'",
  telemetry: "there is no telemetry",
  tool: "use 'go tool'",
  vet: "use 'go vet'",
};

function unknownCommand(name: string): string {
  const instead = absent[name];
  if (instead !== undefined) return `go3s ${name}: this command of go is not part of Go3s: ${instead}`;
  const near = nearest(
    name,
    Object.keys(commands).filter((c) => !c.includes(" ")),
  );
  return `go3s ${name}: unknown command${near === "" ? "" : `; did you mean '${near}'?`}\nRun 'go3s help' for usage.`;
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
  if (isOverflow(error)) return failure(host, `go3s: something is nested too deeply to be compiled${where}`, 1);
  const message = error instanceof Error ? error.message.split("\n")[0] : String(error);
  host.stderr(`go3s: internal compiler error${where}: ${message}\n`);
  if (host.env("GO3S_DEBUG") !== undefined && error instanceof Error) {
    const cause = error.cause instanceof Error ? error.cause : error;
    host.stderr(`${cause.stack}\n`);
  }
  return 3;
}

/** Whether an error, or what it came from, is that the engine's stack was used up. */
function isOverflow(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (error instanceof RangeError && error.message.includes("call stack")) || isOverflow(error.cause);
}

function treeVersion(host: Host): string {
  return findGoroot(host).version.split(" ")[0] as string;
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
