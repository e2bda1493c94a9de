// The events of `go3s test -json`: one JSON object a line, made of what a test program prints with -test.v=test2json. Its lines about tests
// ("=== RUN", "--- PASS: Name (0.00s)") begin with a control character, so that they can be told from the tests' own output.

import type { Host } from "../base/host.ts";

const mark = "\x16";

export class TestEvents {
  private readonly host: Host;
  private readonly path: string;
  private test = "";

  constructor(host: Host, path: string) {
    this.host = host;
    this.path = path;
    this.emit({ Action: "start" });
  }

  private emit(event: Readonly<Record<string, unknown>>): void {
    const { Action, Output, Test, Elapsed } = event;
    const fields = { Time: new Date().toISOString(), Action, Package: this.path, Test, Elapsed, Output };
    this.host.stdout(`${JSON.stringify(fields)}\n`);
  }

  /** A line of output, of the test at hand if there is one. */
  output(line: string): void {
    this.emit({ Action: "output", Output: line, ...(this.test === "" ? {} : { Test: this.test }) });
  }

  /** All that a program printed. */
  convert(text: string): void {
    const lines = text.split("\n");
    lines.forEach((line, i) => {
      const last = i === lines.length - 1;
      if (!last || line !== "") this.line(line, last ? "" : "\n");
    });
    this.test = "";
  }

  private line(line: string, end: string): void {
    const at = line.indexOf(mark);
    const text = at < 0 ? line : line.slice(at + 1);
    if (at > 0) this.output(line.slice(0, at));
    const update = /^=== (RUN|PAUSE|CONT|NAME) +(.*)$/.exec(text);
    const report = /^ *--- (PASS|FAIL|SKIP|BENCH): (.*) \(([\d.]+)s\)$/.exec(text);
    if (at >= 0 && update !== null) {
      this.test = update[2] as string;
      if (update[1] === "NAME") return;
      this.emit({ Action: (update[1] as string).toLowerCase(), Test: this.test });
      this.output(text + end);
    } else if (at >= 0 && report !== null) {
      this.test = report[2] as string;
      this.output(text + end);
      this.emit({ Action: (report[1] as string).toLowerCase(), Test: this.test, Elapsed: Number(report[3]) });
    } else {
      if (at >= 0 || /^(PASS|FAIL|ok|exit status)\b/.test(text)) this.test = "";
      this.output(text + end);
    }
  }

  end(action: "pass" | "fail" | "skip", seconds: number): void {
    this.test = "";
    this.emit({ Action: action, Elapsed: Math.round(seconds * 1000) / 1000 });
  }
}
