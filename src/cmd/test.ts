// go3s test: builds the test programs of packages, one after the other, runs them in the folders of their packages, and says how it went.

import { type ExecuteResult, type Host, HostError } from "../base/host.ts";
import type { BuildOutcome } from "../driver/build.ts";
import { type KnownTest, type TestPackage, testPackages } from "../driver/testbuild.ts";
import { joinPath } from "../base/paths.ts";
import { Store } from "../driver/store.ts";
import { LoadError } from "../load/package.ts";
import { writeImage } from "./build.ts";
import { buildRequest } from "./buildflags.ts";
import { durationText } from "./duration.ts";
import { CommandError } from "./errors.ts";
import { splitQuoted } from "./quoted.ts";
import { TestCache } from "./testcache.ts";
import { parseTestCommand, type TestCommand } from "./testflags.ts";
import { printBuildFailure, TestEvents } from "./testjson.ts";

/** How long a program may go on behind its own time limit, in milliseconds. */
const extraTime = 60_000;

/** By number, as package syscall calls them. */
const signals =
  "|hangup|interrupt|quit|illegal instruction|trace/breakpoint trap|aborted|bus error|floating point exception|killed|user defined signal 1|segmentation fault|user defined signal 2|broken pipe|alarm clock|terminated".split(
    "|",
  );

/** The exit status. Throws CommandError and LoadError. */
export function testCommand(machine: Host, words: readonly string[]): number {
  const command = parseTestCommand(machine, words);
  const { flags } = command;
  const { host } = flags;
  const request = buildRequest(host, flags, command.packages);
  const store = Store.open(host);
  const { packages, warnings } = testPackages(host, request, store);
  for (const line of warnings) host.stderr(`${line}\n`);
  checkPackages(host, command, packages);
  const run = new TestRun(host, command, store);
  let failed = false;
  for (const pkg of packages) {
    if (run.test(pkg)) continue;
    failed = true;
    if (flags.bools.has("failfast") && run.started) break;
  }
  if (failed && command.packages.length > 0 && !flags.bools.has("json") && !flags.strings.has("fuzz")) host.stdout("FAIL\n");
  return failed ? 1 : 0;
}

/** Refuses what can't be asked of several packages. Throws CommandError. */
function checkPackages(host: Host, command: TestCommand, packages: readonly TestPackage[]): void {
  const { strings, bools } = command.flags;
  const fail = (message: string): never => {
    throw new CommandError(message, 1);
  };
  if (packages.length === 0) fail("no packages to test");
  const several = packages.length > 1;
  if (strings.has("fuzz") && several) fail("cannot use -fuzz flag with multiple packages");
  if (strings.has("fuzz") && command.profile !== "") fail(`cannot use -${command.profile} flag with -fuzz flag`);
  if (command.profile !== "" && several) fail(`cannot use -${command.profile} flag with multiple packages`);
  const output = strings.get("o") ?? "";
  if (!several || output === "/dev/null" || !(bools.has("c") || output !== "")) return;
  if (output !== "" && !isFolder(host, output)) fail("with multiple packages, -o must refer to a directory or /dev/null");
  const byName = new Map<string, string[]>();
  for (const p of packages) byName.set(p.binary, [...(byName.get(p.binary) ?? []), p.path]);
  const errors = [...byName].filter(([, paths]) => paths.length > 1);
  if (errors.length === 0) return;
  throw new CommandError(
    errors.map(([name, paths]) => `cannot write test binary ${name} for multiple packages:\n${paths.join("\n")}`).join("\n"),
    1,
  );
}

function isFolder(host: Host, path: string): boolean {
  return path.endsWith("/") || host.stat(path).kind === "folder";
}

class TestRun {
  /** A program has run. */
  started = false;
  private readonly host: Host;
  private readonly command: TestCommand;

  /** Null: results are not kept. */
  private readonly cache: TestCache | null;

  constructor(host: Host, command: TestCommand, store: Store | null) {
    this.host = host;
    this.command = command;
    // As the go command has it, tests of the current folder that is not named always run.
    const keeps = command.packages.length > 0 && !command.keepsProgram && !command.flags.bools.has("timings");
    this.cache = keeps ? TestCache.open(host, store, command.args, this.wrapper()) : null;
  }

  /** Builds and runs the tests of a package; whether they pass. */
  test(pkg: TestPackage): boolean {
    const { host, command } = this;
    const { bools } = command.flags;
    const events = bools.has("json") ? new TestEvents(host, pkg.path) : null;
    const say = (line: string): void => {
      if (events === null) host.stdout(line);
      else events.write(new TextDecoder("latin1").decode(new TextEncoder().encode(line)));
    };
    const known = this.cache === null ? null : pkg.known();
    if (known !== null && this.repeat(pkg, known, events, say)) return true;
    let built: { outcome: BuildOutcome; test: KnownTest };
    try {
      built = pkg.build();
    } catch (error) {
      if (!(error instanceof LoadError)) throw error;
      this.complain(events, [`# ${pkg.path}`, ...error.lines], pkg.path);
      say(`FAIL\t${pkg.path} [setup failed]\n`);
      events?.end(false, pkg.path);
      return false;
    }
    const { outcome, test } = built;
    if (bools.has("timings")) {
      for (const s of outcome.timings.stages) host.stderr(`${s.milliseconds.toFixed(0).padStart(7)} ms  ${s.name}\n`);
    }
    if (outcome.status !== 0) {
      const failed = /^# (.*)$/.exec(outcome.lines[0] ?? "")?.[1] ?? pkg.path;
      this.complain(events, outcome.lines, failed);
      if (!bools.has("c")) say(`FAIL\t${pkg.path} [build failed]\n`);
      events?.end(false, failed);
      return false;
    }
    for (const line of outcome.lines) host.stderr(`${line}\n`);
    // Another build may have come to the same program.
    if (this.cache !== null && this.repeat(pkg, { ...test, lines: [] }, events, say)) return true;
    if (!test.hasTests) return this.nothing(pkg, events, say);
    const image = (outcome.images[0] as { bytes: Uint8Array }).bytes;
    if (command.keepsProgram) this.keep(pkg, image);
    if (bools.has("c")) return true;
    const folder = host.makeTempFolder("go3s-test-");
    try {
      const program = joinPath(folder, pkg.binary);
      host.writeFile(program, image, 0o755);
      this.started = true;
      const passes = this.run(pkg, program, test.program, events, say);
      events?.end(passes);
      return passes;
    } finally {
      host.remove(folder);
    }
  }

  private nothing(pkg: TestPackage, events: TestEvents | null, say: (line: string) => void): boolean {
    say(`?   \t${pkg.path}\t[no test files]\n`);
    events?.end(true);
    return true;
  }

  /** Says once more what came of a program that passed before, if that is known. */
  private repeat(pkg: TestPackage, known: KnownTest, events: TestEvents | null, say: (line: string) => void): boolean {
    const text = known.hasTests ? (this.cache?.find(pkg, known.program) ?? null) : "";
    if (text === null) return false;
    for (const line of known.lines) this.host.stderr(`${line}\n`);
    if (!known.hasTests) return this.nothing(pkg, events, say);
    if (events !== null) events.write(text);
    else if (this.command.shows) this.host.stdout(Uint8Array.from(text, (c) => c.charCodeAt(0)));
    this.passed(pkg, "(cached)", text, events, say);
    events?.end(true);
    return true;
  }

  private passed(pkg: TestPackage, time: string, text: string, events: TestEvents | null, say: (line: string) => void): void {
    const endsLine = text === "" || text.endsWith("\n");
    if (!endsLine && (this.command.shows || events !== null)) say("\n");
    say(`ok  \t${pkg.path}\t${time}${nothingDone(text)}\n`);
  }

  private complain(events: TestEvents | null, lines: readonly string[], path: string): void {
    if (events !== null) printBuildFailure(this.host, path, lines);
    else this.host.stderr(`${lines.join("\n")}\n`);
  }

  /** Puts the executable where it is to stay. */
  private keep(pkg: TestPackage, image: Uint8Array): void {
    const output = this.command.flags.strings.get("o") ?? "";
    if (output === "/dev/null") return;
    const path = output === "" ? pkg.binary : isFolder(this.host, output) ? joinPath(output, pkg.binary) : output;
    writeImage(this.host, path, image, output !== "");
  }

  private run(pkg: TestPackage, program: string, hash: string, events: TestEvents | null, say: (line: string) => void): boolean {
    const { host, command } = this;
    const { strings } = command.flags;
    const unlimited = strings.has("bench") || strings.has("fuzz");
    // What is printed as it comes is not looked at, unless it has to be for other reasons.
    const streams = command.packages.length === 0 || unlimited;
    const inherits = streams && events === null;
    const shows = streams || command.shows || events !== null;
    const decoder = new TextDecoder("latin1");
    let text = "";
    const output = (bytes: Uint8Array): void => {
      const part = decoder.decode(bytes);
      if (!streams) text += part;
      if (events !== null) events.write(part);
      else if (shows) host.stdout(bytes);
    };
    const start = host.now();
    let result: ExecuteResult = { status: 1, signal: 0, late: false };
    let problem = "";
    const limit = command.timeout > 0 && !unlimited ? command.timeout + Math.max(extraTime, command.timeout / 10) : 0;
    try {
      const env = { PWD: pkg.dir, GOROOT: pkg.goroot, PATH: `${pkg.goroot}/bin:${host.env("PATH") ?? ""}` };
      const own = this.cache === null ? [] : [`-test.testlogfile=${program}.log`];
      const [first, ...more] = [...this.wrapper(), program, ...own, "-test.paniconexit0", ...this.fuzzFolder(pkg), ...command.args];
      result = host.execute(first as string, more, { folder: pkg.dir, env, output: inherits ? null : output, limit });
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      problem = `fork/exec ${error.message}`;
    }
    const time = `${((host.now() - start) / 1000).toFixed(3)}s`;
    const passes = problem === "" && result.status === 0 && result.signal === 0;
    if (!passes && !shows && text !== "") host.stdout(Uint8Array.from(text, (c) => c.charCodeAt(0)));
    const endsLine = text === "" || text.endsWith("\n");
    if (passes) {
      this.passed(pkg, time, text, events, say);
      if (this.cache !== null && host.stat(`${program}.log`).kind === "file")
        this.cache.keep(pkg, hash, host.readFile(`${program}.log`), text);
      return true;
    }
    if (problem === "")
      problem = result.signal === 0 ? `exit status ${result.status}` : `signal: ${signals[result.signal] ?? result.signal}`;
    if (result.late) say(`*** Test killed with quit: ran too long (${durationText(limit)}).\n`);
    if (text === "" || result.signal !== 0) say(`${problem}\n`);
    else if (!endsLine) say("\n");
    say(`${events !== null ? "\x16" : ""}FAIL\t${pkg.path}\t${time}\n`);
    return false;
  }

  /** The words of -exec. */
  private wrapper(): string[] {
    const words = splitQuoted(this.command.flags.strings.get("exec") ?? "");
    if (typeof words === "string") throw new CommandError(`go3s: -exec: ${words}`, 2);
    return words;
  }

  /** Where a fuzz target keeps what it finds. */
  private fuzzFolder(pkg: TestPackage): string[] {
    if (!this.command.flags.strings.has("fuzz")) return [];
    const cache = this.host.env("XDG_CACHE_HOME") || joinPath(this.host.homeFolder(), ".cache");
    return [`-test.fuzzcachedir=${joinPath(cache, "go3s/fuzz", pkg.path)}`];
  }
}

/** What is said of a program that passes because there is nothing to do. */
function nothingDone(text: string): string {
  if (/^testing: warning: no tests to run$/m.test(text)) return " [no tests to run]";
  return /^testing: warning: no fuzz tests to fuzz$/m.test(text) ? " [no fuzz tests to fuzz]" : "";
}
