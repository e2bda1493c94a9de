// go3s test against the go command: the command lines of tests.txt, which says how its parts are written. What it prints must be what the go command
// prints; where the go command is installed, that is checked, too.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import type { ExecuteOptions, ExecuteResult } from "../../src/base/host.ts";
import { main } from "../../src/cmd/main.ts";
import { splitQuoted } from "../../src/cmd/quoted.ts";
import { findGoroot } from "../../src/syntax/testing.ts";
import { CollectingHost, FileCache } from "../pool/host.ts";

const goroot = findGoroot();
const skip = goroot === "" ? "no Go tree found" : false;
const version = goroot === "" ? "" : (readFileSync(join(goroot, "VERSION"), "utf8").split("\n")[0] as string);
const hasGo = spawnSync("go", ["version"], { encoding: "utf8" }).stdout?.includes(` ${version} `) === true;
const module = resolve("test/cmd/tests");
const table = "test/cmd/tests.txt";
const update = process.env.UPDATE_TESTS !== undefined;
const cache = new FileCache(goroot === "" ? [] : [goroot, resolve("goroot")]);

interface Case {
  readonly name: string;
  readonly args: string[];
  readonly status: number;
  readonly want: string;
}

function parseCase(text: string): Case {
  const m = /^(.*)\n\$ (.*)\n(?:want (\d)\n)?([\s\S]*)$/.exec(text) as RegExpExecArray;
  return {
    name: m[1] as string,
    args: splitQuoted(m[2] as string) as string[],
    status: Number(m[3] ?? -1),
    want: (m[4] as string).trimEnd(),
  };
}

interface Event {
  readonly [key: string]: string | number | undefined;
}

/** Events in short; output that came in several pieces, as it may when a program is slow, in one. */
function shortEvents(lines: readonly string[]): string {
  const out: string[] = [];
  let held = "";
  let holder = "";
  const flush = (): void => {
    if (held !== "") out.push(`output ${holder}: ${JSON.stringify(held)}`);
    held = "";
  };
  for (const line of lines) {
    const { Time, Elapsed, Action, Package, ImportPath, Test, Output, ...more } = JSON.parse(line) as Event;
    const about = [Package ?? ImportPath, Test].filter((w) => w !== undefined).join(" ");
    assert.equal(Time === undefined, Package === undefined);
    if (Action === "output" || Action === "build-output") {
      if (about !== holder || held.endsWith("\n")) flush();
      holder = about;
      held += Output;
      continue;
    }
    flush();
    const timed = Elapsed === undefined ? "" : " timed";
    out.push([`${Action} ${about}${timed}`, ...Object.entries(more).map(([k, v]) => `${k}=${v}`)].join(" "));
  }
  flush();
  return out.join("\n");
}

/** Without what differs from run to run. */
function mask(stderr: string, stdout: string, json: boolean): string {
  const events = json && stdout.startsWith("{") ? shortEvents(stdout.trimEnd().split("\n")) : stdout;
  return (stderr + events)
    .replaceAll(module, "DIR")
    .replaceAll(goroot, "GOROOT")
    .replace(/^go(3s)?: /gm, "")
    .replace(/(?<![\d.])\d+\.\d\d+s\b|\(cached\)/g, "TIME")
    .replace(/( *)\d[\d.]*( ns\/op| MB\/s)/g, " N$2")
    .replace(/ +\d+ (B|allocs)\/op/g, " N $1/op")
    .replace(/^cpu: .*$/m, "cpu: ...")
    .replace(/Benchmark(\S+)-\d+/g, "Benchmark$1-CPUS")
    .replace(/("cpu: )[^"\\]*/, "$1...")
    .replace(/\ngoroutine \d+ \[[\s\S]*?\nFAIL\t/, "\nTRACE\nFAIL\t")
    .replace(/usage: go(3s)? test.*\nRun .* for details\./, "USAGE")
    .trimEnd();
}

class Host extends CollectingHost {
  override execute(program: string, args: readonly string[], options: ExecuteOptions): ExecuteResult {
    return super.execute(program, args, { ...options, output: options.output ?? ((bytes) => this.stdout(new Uint8Array(bytes))) });
  }
}

const [intro = "", ...texts] = readFileSync(table, "utf8").split(/\n=== (?=.*\n\$ )/);
const renewed: string[] = [intro.trimEnd()];
for (const text of texts) {
  const c = parseCase(text);
  test(c.name, { skip }, () => {
    const json = c.args.includes("-json");
    let { status, want } = c;
    if (hasGo) {
      const env = { ...process.env, GOROOT: goroot, GOFLAGS: "-p=1", GOPROXY: "off", CGO_ENABLED: "0", GOTOOLCHAIN: "local", PWD: module };
      const r = spawnSync("go", c.args, { cwd: module, encoding: "utf8", env });
      const shown = mask(r.stderr, r.stdout, json);
      if (update) {
        status = r.status ?? -1;
        want = shown;
        renewed.push(`=== ${text.split("\n").slice(0, 2).join("\n")}\nwant ${status}\n${want}`);
        if (renewed.length === texts.length + 1) writeFileSync(table, `${renewed.join("\n\n")}\n`);
      } else assert.deepEqual([r.status, shown], [status, want], "the go command");
    }
    const before = readdirSync(module, { recursive: true }).length;
    const host = new Host({ args: c.args, cwd: module, env: { GOROOT: goroot, GOFLAGS: "" } }, cache);
    const got = main(host);
    assert.deepEqual([got, mask(host.err.join(""), host.out.join(""), json)], [status, want]);
    assert.equal(readdirSync(module, { recursive: true }).length, before);
  });
}

test("-c keeps programs and does not run them, -cover and -race are refused", { skip }, () => {
  const out = mkdtempSync(join(tmpdir(), "go3s-tests-"));
  after(() => rmSync(out, { recursive: true }));
  const run = (...args: string[]): [number, string] => {
    const host = new CollectingHost({ args: ["test", ...args], cwd: module, env: { GOROOT: goroot, GOFLAGS: "" } }, cache);
    const status = main(host);
    return [status, host.err.join("") + host.out.join("")];
  };
  assert.deepEqual(run("-c", "-o", `${out}/`, "./exits", "./none"), [0, "?   \texample.com/tests/none\t[no test files]\n"]);
  assert.ok(existsSync(join(out, "exits.test")));
  assert.equal(spawnSync(join(out, "exits.test"), []).status, 3);
  for (const [flag, why] of [
    ["cover", "there is no coverage"],
    ["race", "the runtime has no detectors"],
    ["coverprofile=x", "there is no coverage"],
  ] as const) {
    assert.deepEqual(run(`-${flag}`, "./exits"), [2, `go3s test: -${flag.split("=")[0]} is not supported: ${why}\n`]);
  }
});

test("tests that need more than the library has here are errors at their places", { skip }, () => {
  const host = new CollectingHost(
    { args: ["test", "-c", "-o", "/dev/null", "runtime"], cwd: module, env: { GOROOT: goroot, GOFLAGS: "" } },
    cache,
  );
  assert.equal(main(host), 1);
  const text = host.err.join("") + host.out.join("");
  assert.match(text, /^# runtime\.test\n.*\/align_runtime_test\.go:\d+:\d+: undefined: mstats\n/);
  assert.doesNotMatch(text, /internal/);
});
