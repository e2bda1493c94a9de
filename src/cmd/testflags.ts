// The command line of go3s test: packages, flags of the command, flags of the test program, in almost any order.
//
// Packages are the first words that are no flags, all in a row. Flags that nobody knows are the test program's; since the word behind such a flag
// can be its value, packages have to come before it. What follows -args or `--`, or a word that can't be a value, is the program's
// as it is.

import type { Host } from "../base/host.ts";
import { absolute } from "../base/paths.ts";
import { buildFlags, type CommandLine, commandFlags, coverProfileFlag, environmentFlags, wrongUsage } from "./buildflags.ts";
import { milliseconds } from "./duration.ts";
import { CommandError } from "./errors.ts";
import { type FlagSpec, parseWord } from "./flags.ts";
import { commands } from "./help.ts";

const checkInteger = (value: string): string | null =>
  /^[+-]?(\d+|0[xX][\da-fA-F]+|0[oO]?[0-7]+|0[bB][01]+)$/.test(value) ? null : "parse error";
const checkDuration = (value: string): string | null => (milliseconds(value) === null ? "parse error" : null);
const checkShuffle = (value: string): string | null =>
  /^(on|off|[+-]?\d+)$/.test(value)
    ? null
    : `-shuffle argument must be "on", "off", or an int64: strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`;
const checkVet = (value: string): string | null => (value === "off" ? null : "Go3s has no vet: only -vet=off is accepted");

function names(kind: "bool" | "string", text: string): FlagSpec[] {
  return text.split(" ").map((name) => ({ name, kind }));
}

/** Flags that the test program gets, as -test.NAME. */
const programFlags: readonly FlagSpec[] = [
  ...names("bool", "artifacts benchmem failfast fullpath short v"),
  ...names("string", "bench benchtime blockprofile blockprofilerate cpu cpuprofile fuzz fuzzminimizetime fuzztime list"),
  ...names("string", "memprofile memprofilerate mutexprofile mutexprofilefraction outputdir run skip trace"),
  { name: "count", kind: "string", check: checkInteger },
  { name: "parallel", kind: "string", check: checkInteger },
  { name: "shuffle", kind: "string", check: checkShuffle },
  { name: "timeout", kind: "string", check: checkDuration },
];

const testFlags: readonly FlagSpec[] = [
  ...buildFlags.filter((f) => f.name !== "v"),
  ...programFlags,
  { name: "c", kind: "bool" },
  { name: "o", kind: "string" },
  ...coverProfileFlag,
  { name: "exec", kind: "string" },
  { name: "vet", kind: "string", check: checkVet },
];

const profiles = ["blockprofile", "cpuprofile", "memprofile", "mutexprofile"];
const defaultTimeout = "10m0s";

/** What a command line of test says. */
export interface TestCommand {
  readonly flags: CommandLine;
  /** Packages; none where the current folder is meant. */
  readonly packages: readonly string[];
  /** For the test program, beyond what Go3s itself adds. */
  readonly args: readonly string[];
  /** The first flag for a profile or trace, or "". */
  readonly profile: string;
  /** The executable is wanted, beside the run's results or instead of them. */
  readonly keepsProgram: boolean;
  /** All that the program prints is shown. */
  readonly shows: boolean;
  /** Milliseconds that the program allows itself, 0: any number. */
  readonly timeout: number;
}

/** Throws CommandError. */
export function parseTestCommand(host: Host, words: readonly string[]): TestCommand {
  // GOFLAGS count as if they came first, but what they say is not the program's business where the command line says it, too.
  const given = environmentFlags(host, testFlags).filter((word) => word !== "");
  const inherited = new Map<string, string>();
  for (let i = 0; i < given.length; i++) {
    const word = parseWord(given, i, testFlags);
    if (word.kind === "flag" && programFlags.includes(word.spec)) inherited.set(word.spec.name, word.value);
  }
  const own: string[] = [];
  const args: string[] = [];
  let packages: string[] | null = null;
  let inPackages = false;
  let unknown = "";
  let mayBeValue = false;
  let i = 0;
  while (i < words.length) {
    const raw = words[i] as string;
    const couldBeValue = mayBeValue;
    mayBeValue = false;
    if (/^--?(h|help|\?)$/.test(raw)) throw usage();
    const word = parseWord([plainName(raw), ...words.slice(i + 1, i + 2)], 0, testFlags);
    if (word.kind === "end") {
      args.push(...words.slice(i));
      break;
    }
    if (word.kind === "word") {
      if (packages === null || inPackages) {
        inPackages = true;
        packages = [...(packages ?? []), raw];
      } else if (couldBeValue) args.push(raw);
      else {
        args.push(...words.slice(i));
        break;
      }
      i++;
      continue;
    }
    inPackages = false;
    if (word.kind === "unknown") {
      packages ??= [];
      i++;
      if (raw === "-args" || raw === "--args") {
        args.push(...words.slice(i));
        break;
      }
      if (unknown === "") unknown = raw;
      args.push(raw);
      mayBeValue = !word.hasValue;
      continue;
    }
    if (word.kind === "wrong") throw wrongUsage("test", word.error);
    own.push(plainName(raw), ...words.slice(i + 1, i + word.next));
    i += word.next;
    const { name } = word.spec;
    if (!programFlags.includes(word.spec)) continue;
    inherited.delete(name);
    args.push(`-test.${name}=${name === "outputdir" ? absolute(host.cwd(), word.value) : word.value}`);
  }
  const flags = commandFlags(host, "test", own, testFlags);
  if (unknown !== "" && flags.bools.has("c"))
    throw new CommandError(`go3s: unknown flag ${unknown} cannot be used with -c\n${usage().message}`, 2);
  return complete(host, flags, packages ?? [], inherited, args);
}

/** A flag of the test program under the name that the command has for it. */
function plainName(word: string): string {
  const name = /^--?test\.([a-z]+)(=|$)/.exec(word)?.[1];
  return name !== undefined && programFlags.some((f) => f.name === name) ? word.replace("test.", "") : word;
}

function usage(): CommandError {
  return new CommandError(`usage: ${commands.test?.usage}\nRun 'go3s help test' for details.`, 2);
}

/** Adds what the program has to be told that nobody has said. */
function complete(
  host: Host,
  flags: CommandLine,
  packages: readonly string[],
  inherited: ReadonlyMap<string, string>,
  args: readonly string[],
): TestCommand {
  const { strings, bools } = flags;
  const injected: string[] = [];
  const json = bools.has("json");
  if (json) injected.push("-test.v=test2json");
  for (const [name, value] of inherited) if (!(json && name === "v")) injected.push(`-test.${name}=${value}`);
  const timeout = milliseconds(strings.get("timeout") ?? defaultTimeout) ?? 0;
  if (!strings.has("timeout")) injected.push(`-test.timeout=${defaultTimeout}`);
  const profile = [...profiles, "trace"].find((name) => (strings.get(name) ?? "") !== "") ?? "";
  // The program runs in the folder of its package; files that it is asked for belong into ours.
  if ((profile !== "" || bools.has("artifacts")) && !strings.has("outputdir")) injected.push(`-test.outputdir=${host.cwd()}`);
  const end = args.indexOf("--");
  const asksHelp = (end < 0 ? args : args.slice(0, end)).some((a) => /^(-h|--?help)$/.test(a));
  return {
    flags,
    packages,
    args: [...injected, ...args],
    profile,
    keepsProgram: bools.has("c") || strings.has("o") || profiles.includes(profile),
    shows: bools.has("v") || (strings.get("list") ?? "") !== "" || asksHelp,
    timeout,
  };
}
