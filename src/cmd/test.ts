// go3s test: builds the test programs of packages, one after the other, runs them in the folders of their packages, and says how it went.

import { type Host, HostError } from "../base/host.ts";
import { type BuildOutcome, type TestPackage, testPackages } from "../driver/build.ts";
import { joinPath } from "../base/paths.ts";
import { Store } from "../driver/store.ts";
import { LoadError } from "../load/package.ts";
import { writeImage } from "./build.ts";
import { buildFlags, buildRequest, commandFlags } from "./buildflags.ts";
import { CommandError } from "./errors.ts";
import { type FlagSpec, type ParsedFlags, parseFlags } from "./flags.ts";
import { TestEvents } from "./testjson.ts";

/** Flags that the test program gets as -test.NAME. */
const programFlags: readonly FlagSpec[] = [
  ...["benchmem", "failfast", "fullpath", "short"].map((name): FlagSpec => ({ name, kind: "bool" })),
  ..."bench benchtime blockprofile blockprofilerate count cpu cpuprofile list memprofile memprofilerate mutexprofile"
    .split(" ")
    .map((name): FlagSpec => ({ name, kind: "string" })),
  ..."mutexprofilefraction outputdir parallel run shuffle skip timeout trace"
    .split(" ")
    .map((name): FlagSpec => ({ name, kind: "string" })),
];

const testFlags: readonly FlagSpec[] = [
  ...buildFlags,
  ...programFlags,
  { name: "c", kind: "bool" },
  { name: "o", kind: "string" },
  { name: "json", kind: "bool" },
  { name: "vet", kind: "string" },
];

/** What a command line of test says. */
interface TestCommand {
  readonly flags: ParsedFlags;
  /** Packages; none where the current folder is meant. */
  readonly packages: readonly string[];
  /** For the test program. */
  readonly args: readonly string[];
}

/** Packages stand before, between or behind flags; what follows -args, or words after flags after packages, is the program's. */
function parseCommand(host: Host, words: readonly string[]): TestCommand {
  const end = words.findIndex((w) => w === "-args" || w === "--args");
  const own = (end < 0 ? words : words.slice(0, end)).map((w) => w.replace(/^(--?)test\./, "$1"));
  const behind = end < 0 ? [] : words.slice(end + 1);
  const first = parseFlags(own, testFlags);
  let rest = first.error === null ? [...first.rest] : [];
  const leading = own.slice(0, own.length - rest.length);
  let count = 0;
  while (count < rest.length && !(rest[count] as string).startsWith("-")) count++;
  const packages = rest.slice(0, count);
  rest = rest.slice(count);
  const flags = commandFlags(host, "test", [...leading, ...rest], testFlags);
  return { flags, packages, args: [...flags.rest, ...behind] };
}

/** The exit status. Throws CommandError and LoadError. */
export function testCommand(host: Host, words: readonly string[]): number {
  const command = parseCommand(host, words);
  const { flags } = command;
  const request = buildRequest(host, flags, command.packages);
  const { packages, warnings } = testPackages(host, request, Store.open(host));
  for (const line of warnings) host.stderr(`${line}\n`);
  if (packages.length === 0) throw new CommandError("no packages to test", 1);
  const output = flags.strings.get("o") ?? "";
  const isFolder = output.endsWith("/") || (output !== "" && host.stat(output).kind === "folder");
  if (output !== "" && packages.length > 1 && !isFolder && output !== "/dev/null") {
    throw new CommandError("with multiple packages, -o must refer to a directory or /dev/null", 1);
  }
  let failed = false;
  for (const pkg of packages) {
    if (!testPackage(host, command, pkg, isFolder ? joinPath(output, pkg.binary) : output)) failed = true;
  }
  if (failed && command.packages.length > 0 && !flags.bools.has("json") && !flags.bools.has("c")) host.stdout("FAIL\n");
  return failed ? 1 : 0;
}

/** Builds and runs the tests of a package; whether they pass. */
function testPackage(host: Host, command: TestCommand, pkg: TestPackage, output: string): boolean {
  const { flags } = command;
  const events = flags.bools.has("json") ? new TestEvents(host, pkg.path) : null;
  const say = (line: string): void => {
    if (events === null) host.stdout(line);
    else events.output(line);
  };
  let outcome: BuildOutcome | null;
  try {
    outcome = pkg.build();
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    host.stderr(`# ${pkg.path}\n${error.lines.join("\n")}\n`);
    say(`FAIL\t${pkg.path} [setup failed]\n`);
    events?.end("fail", 0);
    return false;
  }
  if (outcome === null) {
    say(`?   \t${pkg.path}\t[no test files]\n`);
    events?.end("skip", 0);
    return true;
  }
  for (const line of outcome.lines) host.stderr(`${line}\n`);
  if (flags.bools.has("timings")) {
    for (const s of outcome.timings.stages) host.stderr(`${s.milliseconds.toFixed(0).padStart(7)} ms  ${s.name}\n`);
  }
  const image = outcome.images[0];
  if (image === undefined) {
    if (!flags.bools.has("c")) say(`FAIL\t${pkg.path} [build failed]\n`);
    events?.end("fail", 0);
    return false;
  }
  if (flags.bools.has("c") || output !== "") {
    if (output !== "/dev/null") writeImage(host, output === "" ? pkg.binary : output, image.bytes, output !== "");
    if (flags.bools.has("c")) return true;
  }
  const folder = host.makeTempFolder("go3s-test-");
  try {
    const program = joinPath(folder, pkg.binary);
    host.writeFile(program, image.bytes, 0o755);
    return run(host, command, pkg, program, events, say);
  } finally {
    host.remove(folder);
  }
}

function run(
  host: Host,
  command: TestCommand,
  pkg: TestPackage,
  program: string,
  events: TestEvents | null,
  say: (line: string) => void,
): boolean {
  const { flags } = command;
  const verbose = flags.bools.has("v");
  const shows = verbose || flags.strings.has("list");
  const streams = events === null && (command.packages.length === 0 || flags.strings.has("bench") || shows);
  const start = host.now();
  let status = 0;
  let text = "";
  try {
    const result = host.execute(program, [...programArguments(flags, events !== null), ...command.args], {
      folder: pkg.dir,
      env: { PWD: pkg.dir, GOROOT: pkg.goroot },
      collect: !streams,
    });
    status = result.status;
    text = result.output;
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    status = 1;
    text = `${error.message}\n`;
  }
  const elapsed = (host.now() - start) / 1000;
  const time = `${elapsed.toFixed(3)}s`;
  if (events !== null) events.convert(text);
  if (status === 0) {
    const none = /^testing: warning: no tests to run$/m.test(text) ? " [no tests to run]" : "";
    say(`ok  \t${pkg.path}\t${time}${none}\n`);
  } else {
    if (events === null) host.stdout(text);
    if (text === "") say(`exit status ${status}\n`);
    say(`FAIL\t${pkg.path}\t${time}\n`);
  }
  events?.end(status === 0 ? "pass" : "fail", elapsed);
  return status === 0;
}

function programArguments(flags: ParsedFlags, json: boolean): string[] {
  const out = ["-test.paniconexit0"];
  if (!flags.strings.has("timeout")) out.push("-test.timeout=10m0s");
  if (json) out.push("-test.v=test2json");
  else if (flags.bools.has("v")) out.push("-test.v=true");
  for (const spec of programFlags) {
    if (spec.kind === "bool" && flags.bools.has(spec.name)) out.push(`-test.${spec.name}=true`);
    const value = flags.strings.get(spec.name);
    if (spec.kind === "string" && value !== undefined) out.push(`-test.${spec.name}=${value}`);
  }
  return out;
}
