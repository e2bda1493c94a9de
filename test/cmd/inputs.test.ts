// Wrong inputs, one after the other: each case of inputs.txt and errors.txt is a temporary folder with a few files, a command line, and what has to come
// out of it. A case consists of
//   === name
//   ! not as go            the go command says something else; otherwise it is asked, too, where it is installed
//   # NAME=VALUE           an environment variable
//   $ words                the command line (default: build)
//   -- name --             a file; `-- name -> target --` is a symbolic link
//   -- want STATUS --      the exit status and what is printed, with the folder as DIR
// Nothing may be left in the folder by a command that fails.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { main } from "../../src/cmd/main.ts";
import { findGoroot } from "../../src/syntax/testing.ts";
import { CollectingHost, FileCache } from "../pool/host.ts";

const goroot = findGoroot();
const skip = goroot === "" ? "no Go tree found" : false;
const version = goroot === "" ? "" : (readFileSync(join(goroot, "VERSION"), "utf8").split("\n")[0] as string);
const cache = new FileCache(goroot === "" ? [] : [goroot]);
const top = realpathSync(mkdtempSync(join(tmpdir(), "go3s-inputs-")));
after(() => rmSync(top, { recursive: true }));
const go = spawnSync("go", ["version"], { encoding: "utf8" }).stdout?.includes(` ${version} `) === true;

interface Case {
  readonly name: string;
  readonly likeGo: boolean;
  readonly env: Record<string, string>;
  readonly args: string[];
  readonly files: Map<string, string>;
  readonly links: Map<string, string>;
  readonly status: number;
  readonly want: string;
}

function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|\S+/g)].map((m) => m[1] ?? m[0]);
}

function parseCase(text: string): Case {
  const [name, ...lines] = text.split("\n") as [string, ...string[]];
  const env: Record<string, string> = {};
  const files = new Map<string, string>();
  const links = new Map<string, string>();
  let args = ["build"];
  let likeGo = true;
  let status = -1;
  let want = "";
  let take: ((line: string) => void) | null = null;
  for (const line of lines) {
    const head = /^-- (.*) --$/.exec(line)?.[1];
    if (head === undefined) {
      if (take !== null) take(`${line}\n`);
      else if (line.startsWith("! ")) likeGo = false;
      else if (line.startsWith("# ")) env[(line.slice(2).split("=") as [string])[0]] = line.slice(line.indexOf("=") + 1);
      else if (line.startsWith("$ ")) args = words(line.slice(2));
    } else if (head.startsWith("want ")) {
      status = Number(head.slice(5));
      take = (more) => {
        want += more;
      };
    } else if (head.includes(" -> ")) {
      const [link, target] = head.split(" -> ") as [string, string];
      links.set(link, target);
    } else {
      files.set(head, "");
      take = (more) => {
        files.set(head, files.get(head) + more.replaceAll("<NUL>", "\0").replaceAll("<BOM>", "\ufeff"));
      };
    }
  }
  return { name, likeGo, env, args, files, links, status, want: want.trimEnd() };
}

function listing(dir: string): string[] {
  return (readdirSync(dir, { recursive: true }) as string[]).sort();
}

let count = 0;
const cases = ["inputs.txt", "errors.txt"].flatMap((file) => readFileSync(`test/cmd/${file}`, "utf8").split("\n=== ").slice(1));
for (const c of cases.map(parseCase)) {
  test(c.name, { skip }, () => {
    const dir = join(top, `${count++}`);
    mkdirSync(dir);
    for (const [name, text] of c.files) {
      mkdirSync(dirname(join(dir, name)), { recursive: true });
      writeFileSync(join(dir, name), text);
    }
    for (const [name, target] of c.links) symlinkSync(target, join(dir, name));
    const before = listing(dir);
    const shown = (text: string): string =>
      text
        .replaceAll(dir, "DIR")
        .replaceAll(goroot, "GOROOT")
        .replaceAll(join(homedir(), "go/pkg/mod"), "MODCACHE")
        .replaceAll(version.slice(2), "VERSION")
        .trimEnd();
    const variables = { GOROOT: goroot, GOFLAGS: "", GOPATH: "", GOMODCACHE: "", GOOS: "", GOARCH: "", ...c.env };
    if (go && c.likeGo) {
      // One package at a time: several are reported in the order in which they end.
      const flags = variables.GOFLAGS === "" ? "-p=1" : variables.GOFLAGS;
      const env = { ...process.env, ...variables, GOFLAGS: flags, GOPROXY: "off", CGO_ENABLED: "0", GOTOOLCHAIN: "local", PWD: dir };
      const r = spawnSync("go", c.args, { cwd: dir, encoding: "utf8", env });
      assert.deepEqual([r.status, shown(r.stdout + r.stderr)], [c.status, c.want], "the go command");
    }
    const host = new CollectingHost({ args: c.args, cwd: dir, env: variables }, cache);
    const status = main(host);
    assert.deepEqual([status, shown(host.err.join("") + host.out.join(""))], [c.status, c.want]);
    assert.deepEqual(listing(dir), before);
  });
}
