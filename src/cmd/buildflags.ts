// The flags that all commands share which build something, from the command line and from GOFLAGS, and what they ask of the driver.

import type { Host } from "../base/host.ts";
import { defaultArchitecture, findArchitecture } from "../arch/registry.ts";
import type { BuildRequest } from "../driver/build.ts";
import { experimentTags } from "../load/experiments.ts";
import { setting } from "../modules/settings.ts";
import { knownSystems } from "../syntax/constraint.ts";
import { CommandError } from "./errors.ts";
import { type FlagSpec, type ParsedFlags, parseFlags } from "./flags.ts";
import { commands } from "./help.ts";
import { nearest } from "./nearest.ts";
import { withOverlay } from "./overlayflag.ts";
import { splitQuoted } from "./quoted.ts";
import { versionControl } from "./vcs.ts";
import { toolFlags } from "./toolflags.ts";

const noSteps = "there are no steps by other programs to show; -timings tells what takes how long";
const noDetectors = "the runtime has no detectors";
const noCoverage = "there is no coverage";
const noTools = "there are no other tools, and packages are not compiled one by one";

function refusedFlags(why: string, kind: "bool" | "string", names: string): FlagSpec[] {
  return names.split(" ").map((name) => ({ name, kind, refused: why }));
}

export const buildFlags: readonly FlagSpec[] = [
  { name: "C", kind: "string" },
  { name: "tags", kind: "string" },
  { name: "mod", kind: "string" },
  { name: "modfile", kind: "string" },
  { name: "trimpath", kind: "bool" },
  { name: "ldflags", kind: "string" },
  { name: "gcflags", kind: "string" },
  { name: "asmflags", kind: "string" },
  { name: "buildmode", kind: "string" },
  { name: "v", kind: "bool" },
  { name: "timings", kind: "bool" },
  // For developers of the compiler: verify, dump=FUNCTION, off=PASS, separated by commas.
  { name: "d", kind: "string" },
  { name: "a", kind: "bool" },
  { name: "p", kind: "string", check: (value) => (/^[+-]?\d+$/.test(value) ? null : "parse error") },
  { name: "buildvcs", kind: "string", optional: true },
  { name: "modcacherw", kind: "bool" },
  { name: "pgo", kind: "string" },
  { name: "json", kind: "bool" },
  { name: "overlay", kind: "string" },
  ...refusedFlags(noSteps, "bool", "n x"),
  ...refusedFlags("there is no folder of intermediate files", "bool", "work"),
  ...refusedFlags(noDetectors, "bool", "race msan asan"),
  ...refusedFlags(noCoverage, "bool", "cover"),
  ...refusedFlags(noCoverage, "string", "covermode coverpkg"),
  ...refusedFlags(noTools, "bool", "linkshared"),
  ...refusedFlags(noTools, "string", "compiler gccgoflags installsuffix pkgdir toolexec"),
];

export const coverProfileFlag = refusedFlags(noCoverage, "string", "coverprofile");

/** Flags with the host on which what they say is to be done. */
export interface CommandLine extends ParsedFlags {
  readonly host: Host;
}

/** Flags that GOFLAGS may hold although a command does not know them. */
const otherFlags =
  "o c exec run bench benchmem benchtime count short timeout list cpu parallel failfast fullpath shuffle skip vet fuzz fuzztime coverprofile";

/** Parses the words of a command; GOFLAGS come first. Throws CommandError. */
export function commandFlags(host: Host, command: string, words: readonly string[], specs: readonly FlagSpec[]): CommandLine {
  const flags = parseFlags([...environmentFlags(host, specs), ...words], specs);
  if (flags.error !== null) {
    const unknown = /^flag provided but not defined: -(.*)$/.exec(flags.error)?.[1];
    const near =
      unknown === undefined
        ? ""
        : nearest(
            unknown,
            specs.map((s) => s.name),
          );
    throw wrongUsage(command, near === "" ? flags.error : `${flags.error}; did you mean -${near}?`);
  }
  for (const { name, refused } of specs) {
    if (refused !== undefined && (flags.bools.has(name) || (flags.strings.get(name) ?? "") !== ""))
      throw new CommandError(`go3s ${command}: -${name} is not supported: ${refused}`, 2);
  }
  const overlay = flags.strings.get("overlay") ?? "";
  return { ...flags, host: overlay === "" ? host : withOverlay(host, overlay) };
}

/** A wrong command line, with how it should look. */
export function wrongUsage(command: string, message: string): CommandError {
  return new CommandError(`${message}\nusage: ${commands[command]?.usage}\nRun 'go3s help ${command}' for details.`, 2);
}

/** The flags that GOFLAGS holds for a command. Throws CommandError. */
export function environmentFlags(host: Host, specs: readonly FlagSpec[]): string[] {
  const words = splitQuoted(host.env("GOFLAGS") ?? "");
  if (typeof words === "string") throw new CommandError(`go3s: parsing $GOFLAGS: ${words}`, 1);
  const out: string[] = [];
  for (const word of words) {
    const name = /^--?([^-=][^=]*)/.exec(word)?.[1];
    if (name === undefined) throw new CommandError(`go3s: parsing $GOFLAGS: non-flag ${JSON.stringify(word)}`, 1);
    const spec = specs.find((s) => s.name === name);
    if (spec === undefined) {
      if (buildFlags.some((s) => s.name === name) || otherFlags.split(" ").includes(name)) continue;
      throw new CommandError(`go3s: parsing $GOFLAGS: unknown flag -${name}`, 1);
    }
    if (spec.kind !== "bool" && spec.optional !== true && !word.includes("=")) {
      throw new CommandError(`go3s: parsing $GOFLAGS: flag needs an argument: -${name}`, 1);
    }
    out.push(word);
  }
  return out;
}

/** The GOARCH of a build. */
export function goarch(host: Host): string {
  return host.env("GOARCH") || defaultArchitecture(host.machine());
}

/** What the flags ask of the driver. Throws CommandError. */
export function buildRequest(host: Host, flags: ParsedFlags, args: readonly string[]): BuildRequest {
  const goos = host.env("GOOS") || "linux";
  const architecture = findArchitecture(goarch(host));
  if (!knownSystems.has(goos) || architecture === null)
    throw new CommandError(`go3s: unsupported GOOS/GOARCH pair ${goos}/${goarch(host)}`, 2);
  if (goos !== "linux") throw new CommandError(`go3s: GOOS=${goos} is not supported: Go3s builds for linux`, 2);
  const mode = flags.strings.get("buildmode") ?? "";
  if (["c-archive", "c-shared", "shared", "plugin", "archive"].includes(mode)) {
    throw new CommandError(`go3s: -buildmode=${mode} is not supported`, 1);
  }
  if (!["", "default", "exe", "pie"].includes(mode)) throw new CommandError(`buildmode=${mode} not supported`, 1);
  const mod = flags.strings.get("mod") ?? "";
  if (!["", "mod", "readonly", "vendor"].includes(mod)) {
    throw new CommandError(`-mod=${mod} not supported (can be '', 'mod', 'readonly', or 'vendor')`, 1);
  }
  const text = (name: string): string => flags.strings.get(name) ?? "";
  const tools = toolFlags(text("ldflags"), text("gcflags"), text("asmflags"));
  const experiments = experimentTags(setting(host, "GOEXPERIMENT"));
  if (typeof experiments === "string") throw new CommandError(`go3s: ${experiments}`, 2);
  const threads = threadCount(text("p"));
  return {
    args,
    tags: [...tagList(text("tags")), ...experiments],
    modules: { mod, modFile: text("modfile"), writable: flags.bools.has("modcacherw") },
    settings: [
      ...["asmflags", "gcflags", "ldflags"].map((name): [string, string] => [`-${name}`, text(name)]),
      ...versionControl(host, text("buildvcs")),
    ],
    fresh: flags.bools.has("a"),
    ...(threads !== undefined && { threads }),
    trimpath: flags.bools.has("trimpath"),
    fips140: setting(host, "GOFIPS140"),
    strip: tools.strip,
    values: tools.values,
    errorLimit: tools.allErrors ? 0 : 10,
    debug: text("d")
      .split(",")
      .filter((w) => w !== ""),
    architecture,
  };
}

const mostThreads = 64;

/** What -p asks for; undefined: nothing. Throws CommandError. */
function threadCount(given: string): number | undefined {
  if (given === "") return undefined;
  if (Number(given) <= 0) throw new CommandError(`go: -p must be a positive integer: ${Number(given)}\n`, 1);
  return Math.min(Number(given), mostThreads);
}

export function tagList(text: string): string[] {
  const trimmed = text.trim();
  if (/\s/.test(trimmed) && trimmed.includes(",")) throw new CommandError("go3s: -tags space-separated list contains comma", 2);
  return trimmed.split(/[\s,]+/).filter((w) => w !== "");
}
