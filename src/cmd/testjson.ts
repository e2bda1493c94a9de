// The events of `go3s test -json`: one JSON object a line, made of what a test program prints with -test.v=test2json, as it comes. Its lines
// about tests ("=== RUN   TestX", "--- PASS: TestX (0.00s)") begin with a control character, so that they can be told from
// the tests' own output, also in the middle of a line.
//
// The end of a test is an event of its own only when the next line that is not the test's own shows that all of its output has come.
// Text is held one byte a character ("latin1") until it is printed: output may be cut anywhere and need not be UTF-8.

import type { Host } from "../base/host.ts";

const mark = "\x16";
/** A line of more bytes is no line about a test. */
const longestLine = 4096;
/** Output of one event has at most so many bytes; longer lines are several events. */
const longestOutput = 1024;

/** An event; fields are printed in this order. */
interface TestEvent {
  ImportPath?: string;
  Action: string;
  Package?: string;
  Test?: string;
  Elapsed?: number;
  Output?: string;
  FailedBuild?: string;
  Key?: string;
  Value?: string;
  Path?: string;
}

/** Prints an event as Go's encoder would. */
function print(host: Host, event: TestEvent, timed: boolean): void {
  const text = JSON.stringify({ ...(timed ? { Time: new Date().toISOString() } : {}), ...event });
  host.stdout(`${text.replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`)}\n`);
}

/** Events about a build that failed: what the compiler says of a package. */
export function printBuildFailure(host: Host, path: string, lines: readonly string[]): void {
  for (const line of lines) print(host, { ImportPath: path, Action: "build-output", Output: `${line}\n` }, false);
  print(host, { ImportPath: path, Action: "build-fail" }, false);
}

/** Cuts a stream of bytes into lines, and lines that are too long into parts. */
class Lines {
  private readonly limit: number;
  private readonly line: (text: string) => void;
  private readonly part: (text: string) => void;
  private held = "";
  /** Part of the line at hand is gone already. */
  private inLine = false;

  constructor(limit: number, line: (text: string) => void, part: (text: string) => void) {
    this.limit = limit;
    this.line = line;
    this.part = part;
  }

  write(text: string): void {
    this.held += text;
    let start = 0;
    for (;;) {
      const end = this.lineEnd(start);
      if (end < 0 || end - start > this.limit) {
        if (this.held.length - start < this.limit) break;
        const cut = start + wholeCharacters(this.held.slice(start, start + this.limit));
        this.part(this.held.slice(start, cut));
        this.inLine = true;
        start = cut;
        continue;
      }
      const text = this.held.slice(start, end);
      if (this.inLine) this.part(text);
      else this.line(text);
      this.inLine = false;
      start = end;
    }
    this.held = this.held.slice(start);
    // The name of a benchmark is printed before it runs, the rest of the line when it has run.
    const name = this.inLine ? null : /^Benchmark(?!\p{Ll})\S* *\t/u.exec(this.held)?.[0];
    if (name !== null && name !== undefined) {
      this.part(name);
      this.inLine = true;
      this.held = this.held.slice(name.length);
    }
  }

  /** Where the line that begins at `start` ends: behind its newline, or in front of a mark that does not begin it. */
  private lineEnd(start: number): number {
    const newline = this.held.indexOf("\n", start);
    const marked = this.held.indexOf(mark, start + 1);
    if (marked > start && (newline < 0 || marked < newline)) return marked;
    return newline < 0 ? -1 : newline + 1;
  }

  flush(): void {
    if (this.held !== "") this.part(this.held);
    this.held = "";
    this.inLine = false;
  }
}

/** How many bytes of a text are characters that are not cut off by its end. */
function wholeCharacters(bytes: string): number {
  for (let back = 1; back <= 4 && back <= bytes.length; back++) {
    const byte = bytes.charCodeAt(bytes.length - back);
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

function decode(bytes: string): string {
  return new TextDecoder().decode(Uint8Array.from(bytes, (c) => c.charCodeAt(0)));
}

/** The events of one package's tests. */
export class TestEvents {
  private readonly host: Host;
  private readonly path: string;
  private readonly start: number;
  private readonly input = new Lines(
    longestLine,
    (line) => this.handle(line),
    (part) => this.output.write(part),
  );
  private readonly output: Lines;
  private test = "";
  /** Ends of tests that are not events yet, each a subtest of the one before it. */
  private ends: TestEvent[] = [];
  private result = "";
  private needsMark = false;

  constructor(host: Host, path: string) {
    this.host = host;
    this.path = path;
    this.start = host.now();
    const event = (text: string): void => this.emit({ Action: "output", Output: decode(text) });
    this.output = new Lines(longestOutput, event, event);
    this.emit({ Action: "start" });
  }

  /** Some of what the program prints, or the command says. */
  write(bytes: string): void {
    this.input.write(bytes);
  }

  /** Nothing more comes. `failedBuild` names the package that could not be built, if that is the reason for failing. */
  end(passes: boolean, failedBuild = ""): void {
    if (!passes) this.result = "fail";
    else if (this.result !== "skip") this.result = "pass";
    this.input.flush();
    this.output.flush();
    const event: TestEvent = { Action: this.result, Elapsed: Math.round(this.host.now() - this.start) / 1000 };
    this.emit(this.result === "fail" && failedBuild !== "" ? { ...event, FailedBuild: failedBuild } : event);
  }

  private emit(event: TestEvent): void {
    const { Action, ...rest } = event;
    const test = event.Test ?? this.test;
    print(this.host, { Action, Package: this.path, ...(test === "" ? {} : { Test: test }), ...rest }, true);
  }

  private handle(whole: string): void {
    const marked = whole.startsWith(mark);
    if (this.needsMark && !marked) return this.output.write(whole);
    if (marked) this.output.flush();
    let line = marked ? whole.slice(1) : whole;
    if (/^=== NAME\r?\n?$/.test(line)) line = "=== NAME  \n";
    const text = line.replace(/\r?\n$/, "");
    if (text === "PASS" || text === "FAIL" || text.startsWith("FAIL\t")) {
      this.finish(0);
      this.needsMark = marked;
      this.output.write(line);
      this.result = text === "PASS" ? "pass" : "fail";
      return;
    }
    if (line.startsWith("?   \t") && text.endsWith("\t[no test files]") && this.ends.length === 0) this.result = "skip";
    const update = /^=== (?:(RUN|PASS|FAIL|SKIP|ATTR) {2,3}|(PAUSE|CONT|NAME|ARTIFACTS) {1,2})(.*)/.exec(text);
    if (update !== null) return this.update((update[1] ?? update[2]) as string, (update[3] as string).trim(), line, marked);
    const report = /^((?: {4})*)--- (PASS|FAIL|SKIP|BENCH): (.*)/.exec(text);
    const depth = report === null ? 0 : (report[1] as string).length / 4;
    if (report === null || this.ends.length < depth) return this.plain(line);
    this.needsMark = marked;
    this.finish(depth);
    const [, name, seconds] = /^(.*?)(?: \((.*)s\).*)?$/.exec((report[3] as string).trim()) as unknown as [string, string, string?];
    const elapsed = seconds === undefined ? {} : { Elapsed: Number(seconds) };
    this.test = decode(name);
    this.ends.push({ Action: (report[2] as string).toLowerCase(), Test: this.test, ...elapsed });
    this.output.write(line);
  }

  /** A line of output. Behind the end of a test, what is indented belongs to the test of that depth. */
  private plain(line: string): void {
    const depth = ((/^(?: {4})*/.exec(line) as RegExpExecArray)[0] as string).length / 4;
    const end = depth > 0 ? this.ends[depth - 1] : undefined;
    if (end !== undefined) this.test = end.Test ?? "";
    this.output.write(line);
  }

  private update(what: string, rest: string, line: string, marked: boolean): void {
    this.needsMark = marked;
    this.finish(0);
    const event: TestEvent = { Action: what.toLowerCase() };
    const words = /^(\S*) ?(\S*) ?(.*)$/s.exec(decode(rest)) as RegExpExecArray;
    const takes = what === "ATTR" || what === "ARTIFACTS";
    this.test = takes ? (words[1] as string) : decode(rest);
    if (what === "NAME") return;
    if (what === "ATTR") Object.assign(event, { Key: words[2], Value: words[3] });
    if (what === "ARTIFACTS") event.Path = `${words[2]}${words[3] === "" ? "" : ` ${words[3]}`}`;
    // A test that pauses does so behind its line; the others begin with the event.
    if (what === "PAUSE") this.output.write(line);
    this.emit(event);
    if (what !== "PAUSE") this.output.write(line);
  }

  /** The ends of tests at this depth and deeper become events. */
  private finish(depth: number): void {
    this.test = "";
    while (this.ends.length > depth) this.emit(this.ends.pop() as TestEvent);
  }
}
