// Commands about modules, with Go3s and with the go command where it is installed: the same output, exit status and changed files. Modules come from a proxy in
// a folder that the test makes; both have a module cache of their own.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { NodeHost } from "../../src/host/node.ts";
import { makeWritable } from "../../src/base/remains.ts";
import { zip } from "../../src/modules/testing.ts";
import { findGoroot } from "../../src/syntax/testing.ts";

const goroot = findGoroot();
const version = goroot === "" ? "" : (readFileSync(join(goroot, "VERSION"), "utf8").split("\n")[0] as string);
const hasGo = spawnSync("go", ["version"], { encoding: "utf8" }).stdout?.includes(` ${version} `) === true;
const skip = goroot === "" ? "no Go tree found" : hasGo ? false : "no go command to compare with";
const command = join(process.cwd(), "bin/go3s");
const top = realpathSync(mkdtempSync(join(tmpdir(), "go3s-mod-")));
after(() => {
  makeWritable(new NodeHost([]), top);
  rmSync(top, { recursive: true });
});

function write(path: string, data: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, data);
}

const proxy = join(top, "proxy");

function publish(path: string, v: string, mod: string, files: Record<string, string>): void {
  const base = join(proxy, path, "@v");
  write(join(base, `${v}.mod`), mod);
  write(join(base, `${v}.info`), JSON.stringify({ Version: v, Time: "2024-01-01T00:00:00Z" }));
  write(join(base, `${v}.zip`), zip({ "go.mod": mod, ...files }, `${path}@${v}/`));
  const list = join(base, "list");
  write(list, `${existsSync(list) ? readFileSync(list, "utf8") : ""}${v}\n`);
}

const lib = (name: string, ...imports: string[]): string =>
  `// Package ${name} is for tests. It has more to say.\npackage ${name}\n${imports.map((i) => `\nimport _ "${i}"\n`).join("")}`;

publish("a.test/a", "v1.0.0", "module a.test/a\n\ngo 1.20\n\nrequire a.test/b v1.0.0\n", {
  "a.go": lib("a", "a.test/b"),
  "sub/sub.go": lib("sub"),
  LICENSE: "mine\n",
});
publish("a.test/a", "v1.1.0", "module a.test/a\n\ngo 1.20\n\nrequire a.test/b v1.2.0\n\nretract v1.1.0 // broken\n", {
  "a.go": lib("a", "a.test/b"),
});
publish("a.test/a", "v1.2.0-rc.1", "module a.test/a\n\ngo 1.20\n", { "a.go": lib("a") });
publish("a.test/b", "v1.0.0", "module a.test/b\n\ngo 1.16\n", { "b.go": lib("b"), "b_test.go": lib("b", "a.test/t") });
publish("a.test/b", "v1.2.0", "module a.test/b\n\ngo 1.20\n\nrequire a.test/t v1.0.0\n", {
  "b.go": lib("b"),
  "b_test.go": lib("b", "a.test/t"),
  "b_windows.go": lib("b", "a.test/w"),
});
publish("a.test/t", "v1.0.0", "// Deprecated: use something else.\nmodule a.test/t\n", { "t.go": lib("t") });
publish("a.test/w", "v0.1.0", "module a.test/w\n", { "w.go": lib("w") });
publish("a.test/c/v2", "v2.0.0", "module a.test/c/v2\n\ngo 1.21\n", {
  "c.go": lib("c"),
  "cmd/tool/main.go": "package main\n\nfunc main() {}\n",
});
/** Modules without a go.mod file of their own, with tags that are no releases, or without any. */
const pseudo = (day: number, letter: string): string => `v0.0.0-202401${String(day).padStart(2, "0")}000000-${letter.repeat(12)}`;

/** What a proxy says about a name that is no version: a branch, a commit, "@latest". */
function point(path: string, name: string, v: string): void {
  write(join(proxy, path, name), readFileSync(join(proxy, path, "@v", `${v}.info`)));
}

for (const [day, letter, major] of [
  [1, "a", "c"],
  [3, "c", "c"],
  [9, "d", "d"],
] as const) {
  const v = pseudo(day, letter);
  publish("u.test/none", v, `module u.test/none\n\ngo 1.20\n`, {
    "u.go": lib("u"),
    [`${major}/main.go`]: "package main\n\nfunc main() {}\n",
  });
  point("u.test/none", `@v/${letter.repeat(12)}.info`, v);
}
point("u.test/none", "@v/main.info", pseudo(3, "c"));
point("u.test/none", "@v/dev.info", pseudo(9, "d"));
point("u.test/none", "@latest", pseudo(3, "c"));
write(join(proxy, "u.test/none/@v/list"), "");
// Without an answer to "@latest", the newest of the list counts; times in it count before those of pseudo-versions.
for (const v of [pseudo(1, "a"), pseudo(3, "c"), pseudo(9, "d")]) {
  publish("u.test/listed", v, "module u.test/listed\n", { "u.go": lib("u") });
  publish("u.test/timed", v, "module u.test/timed\n", { "u.go": lib("u") });
}
write(join(proxy, "u.test/timed/@v/list"), `${pseudo(1, "a")} 2024-05-01T00:00:00Z\n${pseudo(3, "c")}\n${pseudo(9, "d")}\n`);
write(join(proxy, "u.test/nothing/@v/list"), "");
for (const [path, first] of [
  ["u.test/old", "module u.test/old\n"],
  ["u.test/aware", "module u.test/aware\n\ngo 1.16\n"],
] as const) {
  publish(path, "v1.0.0", first, { "u.go": lib("u") });
  for (const v of ["v2.0.0+incompatible", "v2.1.0-beta+incompatible", "v3.0.0+incompatible"])
    publish(path, v, `module ${path}\n`, { "u.go": lib("u") });
  point(path, "@v/v2.0.0.info", "v2.0.0+incompatible");
}
for (const v of ["v1.0.0-rc.1", "v1.0.0-rc.2", "v1.2.0-pre"])
  publish("u.test/pre", v, "module u.test/pre\n\ngo 1.20\n", { "u.go": lib("u") });
const retracting = (...what: string[]): string => `module u.test/ret\n\ngo 1.20\n\nretract (\n${what.map((w) => `\t${w}\n`).join("")})\n`;
for (const v of ["v1.0.0", "v1.1.0", "v1.1.1", "v1.2.0-rc.1"])
  publish("u.test/ret", v, "module u.test/ret\n\ngo 1.20\n", { "u.go": lib("u") });
publish("u.test/ret", "v1.2.0", retracting("[v1.1.0, v1.1.9] // leaks", "v1.2.0 // only retracts"), { "u.go": lib("u") });
for (const v of ["v0.1.0", "v0.2.0"])
  publish("u.test/gone", v, "module u.test/gone\n\ngo 1.20\n\nretract [v0.0.0, v0.9.0]\n", { "u.go": lib("u") });
publish("u.test/gone", pseudo(9, "d"), "module u.test/gone\n", { "u.go": lib("u") });
point("u.test/gone", "@latest", pseudo(9, "d"));
publish("u.test/liar", "v1.0.0", "module u.test/liar\n", { "u.go": lib("u") });
publish("u.test/liar", "v1.1.0", "module u.test/liar\n", { "u.go": lib("u") });
point("u.test/liar", "@v/v1.1.0.info", "v1.0.0");
point("u.test/liar", "@v/v1.0.0+build.5.info", "v1.0.0");
write(join(proxy, "u.test/liar/@v/junk.info"), "<html>");

publish("a.test/new", "v1.0.0", "module a.test/new\n\ngo 1.99\n", { "n.go": lib("n") });

/** Folders as they are when a command starts. */
const folders: Record<string, Record<string, string>> = {
  plain: {
    "go.mod": "module m.test/m\n\ngo 1.20\n",
    "main.go": 'package main\n\nimport (\n\t_ "a.test/a"\n\t_ "a.test/c/v2"\n)\n\nfunc main() {}\n',
    "x/x_test.go": lib("x", "a.test/a/sub"),
  },
  old: { "go.mod": "module m.test/m\n\ngo 1.16\n\nrequire a.test/a v1.0.0 // indirect\n", "m.go": lib("m", "a.test/a", "a.test/b") },
  kept: {
    "go.mod":
      "// about it\nmodule m.test/m // here\n\ngo 1.20\n\n// direct ones\nrequire (\n\t// first\n\ta.test/a v1.0.0\n\n\ta.test/b v1.0.0 // why\n)\n\nexclude a.test/b v1.2.0\n\nreplace a.test/w => ./w\n",
    "m.go": lib("m", "a.test/a", "a.test/w"),
    "w/go.mod": "module a.test/w\n",
    "w/w.go": lib("w"),
  },
  ugly: {
    "go.mod":
      'module   m.test/m\n\n\ngo 1.20\nrequire b.test/q v1.0.0 // indirect\nrequire a.test/a v1.0.0 // indirect\nrequire a.test/a v1.0.0 // indirect\nreplace (\n  b.test/q => "./q"\n)\n',
    "m.go": lib("m", "a.test/a", "b.test/q"),
    "q/go.mod": "module b.test/q\n",
    "q/q.go": lib("q"),
  },
  bare: { "go.mod": "module m.test/m\n\ngo 1.20\n", "m.go": lib("m") },
  excluding: {
    "go.mod":
      "module m.test/m\n\ngo 1.20\n\nexclude (\n\tu.test/ret v1.0.0\n\tu.test/pre v1.2.0-pre\n\tu.test/none v0.0.0-20240103000000-cccccccccccc\n)\n",
    "m.go": lib("m"),
  },
  asking: {
    "go.mod": "module m.test/m\n\ngo 1.20\n\nrequire u.test/none dev\n\nrequire u.test/ret latest\n\nrequire u.test/old v2\n",
    "m.go": lib("m", "u.test/none", "u.test/ret", "u.test/old"),
  },
  missing: {
    "go.mod": "module m.test/m\n\ngo 1.20\n",
    "m.go": lib("m", "u.test/nothing", "u.test/gone/x", "u.test/none/d", "x.test/y/z", "u.test/pre/v2"),
  },
  overlay: {
    "go.mod": "module m.test/m\n\ngo 1.20\n",
    "main.go":
      'package main\n\nimport (\n\t_ "embed"\n\t"m.test/m/dir"\n\t"m.test/m/dir2"\n)\n\n//go:embed data/text\nvar text string\n\nfunc main() {\n\tprintln(dir.Name, dir2.Name, text, where())\n}\n',
    "where.go": "package main\n\nfunc where() {}\n",
    "dir2/old.go": 'package dir2\n\nvar Name = "old"\n',
    "dir3/bad.go": "no package\n",
    "dir3/good.go": "package dir3\n",
    "wrong/wrong.go": "package wrong\n\nfunc f() {\n\tx := 1\n\tnothing()\n}\n",
    "files/where":
      "package main\n\nimport \"runtime\"\n\nfunc where() string {\n\t_, file, line, _ := runtime.Caller(0)\n\treturn file[len(file)-8:] + string(rune('0'+line))\n}\n",
    "files/new": 'package dir\n\nconst Name = "new"\n',
    "files/test": 'package dir\n\nimport "testing"\n\nfunc TestName(t *testing.T) {\n\tif Name != "new" {\n\t\tt.Fatal(Name)\n\t}\n}\n',
    "files/more": 'package dir2\n\nvar Name = "more"\n',
    "files/text": "embedded",
    "files/mod": "module m.test/other\n\ngo 1.20\n\nrequire a.test/a v1.0.0\n",
    "o.json":
      '{"Replace": {"where.go": "files/where", "dir/new.go": "files/new", "dir/x_test.go": "files/test", "dir2/old.go": "", "./dir2/more.go": "files/more", "dir3/bad.go": "", "data/text": "files/text", "data/none": "", "gone/x.go": ""}}',
    "mod.json": '{"replace": {"go.mod": "files/mod"}}',
    "twice.json": '{"Replace": {"a.go": "files/new", "./a.go": "files/new"}}',
    "inside.json": '{"Replace": {"a.go": "files/new", "a.go/b.go": "files/new"}}',
    "empty.json": '{"Replace": {"": "files/new"}}',
    "cache.json": `{"Replace": {${JSON.stringify(join(top, "x"))}: "files/new", ${["go", "go3s"].map((w) => `${JSON.stringify(join(top, `cache-${w}/x`))}: ""`).join(", ")}}}`,
  },
  work: {
    "go.work": "go 1.21\n\nuse ./one\n",
    "one/go.mod": "module m.test/one\n\ngo 1.20\n",
    "one/one.go": lib("one"),
    "two/go.mod": "module m.test/two\n\ngo 1.22\n\nrequire m.test/one v1.0.0\n",
    "two/two.go": lib("two", "m.test/one"),
  },
  new: { "go.mod": "module m.test/m\n\ngo 1.20\n\nrequire a.test/new v1.0.0\n", "m.go": lib("m", "a.test/new") },
  empty: { "a.go": lib("a") },
};

/** Lines: a folder's name and commands, which run one after the other in it. */
const sessions = `
plain mod tidy; mod graph; mod verify; list -m all; list -deps -f {{.ImportPath}}:{{.Standard}} ./x; mod why a.test/b; mod why -m a.test/t a.test/b; mod vendor; list -m all; mod tidy -diff
plain get a.test/a@v1.0.0; get a.test/a@latest; list -m -u -json all; get a.test/b@v1.2.0; get a.test/a@none; get a.test/a@v9
plain get a.test/a@v1.1.0; get -u ./...; get a.test/nosuch; get a.test/a/nosuch; get a.test/c/v2/cmd/tool@v2; get -tool a.test/c/v2/cmd/tool
plain list -m a.test/a@latest; list -m -versions a.test/a; list -m -retracted -versions a.test/a; list -m a.test/a@<v1.1; list -m a.test/a@>=v1.1.0; list -m a.test/a@v1; list -m nosuch.test/x; list -e -json=ImportPath,Error,DepsErrors .; build .
bare get u.test/none; list -m -u all; get u.test/none@dev; get -u; get u.test/none@upgrade; get u.test/none@patch; get u.test/none@aaaaaaaaaaaa; get -u u.test/none; list -m -json u.test/none@main; list -m u.test/none@latest
bare get u.test/none/c@main; get u.test/none/d; get u.test/none/d@dev; list -m -versions u.test/none; get u.test/none@nosuch; get u.test/none@v1; get u.test/none@>v0.0.0; get u.test/none@none; get u.test/none@a/b; get a.test/new@v1.0.0; get a.test/new; get u.test/none@..
bare get u.test/listed; get u.test/timed@latest; list -m all; get u.test/nothing; get u.test/nothing@main; list -m u.test/nothing@latest u.test/timed@latest
bare list -m u.test/old@latest; list -m u.test/aware@latest; list -m u.test/old@v2 u.test/aware@v2; list -m u.test/aware@v3.0.0; list -m u.test/aware@v2.0.0; list -m u.test/aware@>v1.0.0; list -m u.test/aware@<v3; list -m u.test/aware@<v3.0.0; get u.test/aware@v2; get -u u.test/aware; list -m -u all; list -m -versions u.test/old
bare list -m u.test/pre@latest; list -m u.test/pre@v1; list -m u.test/pre@v1.0; list -m u.test/pre@v1.0.0; list -m u.test/pre@<=v1; list -m u.test/pre@>=v1; list -m u.test/pre@>v1.0.0-rc.1; list -m u.test/pre@v1.x; list -m u.test/pre@<x; get u.test/pre@v1.0.0-rc.1; get u.test/pre@patch; get u.test/pre
bare list -m u.test/ret@latest; list -m -retracted u.test/ret@latest; list -m u.test/ret@v1.1; list -m -retracted u.test/ret@v1.1; get u.test/ret; get u.test/ret@v1.1.0; get u.test/ret@patch; list -m -u all; list -m -u -json all; get u.test/ret@>v1.0.0; get -u u.test/ret; get u.test/gone; get u.test/gone@v0.1.0; get -u=patch u.test/gone; list -m -retracted -versions u.test/gone
bare get u.test/liar@v1.1.0; get u.test/liar@v1.0.0+build.5; get u.test/liar@v1.0.0+build.6; list -m u.test/liar@latest; mod download u.test/none@main; mod download -json u.test/none@latest; mod download u.test/none@nosuch; mod download u.test/ret
overlay list -overlay o.json -f {{.ImportPath}}:{{.GoFiles}}:{{.TestGoFiles}}:{{.EmbedFiles}} ./...; run -overlay=o.json .; run .; list ./dir3; build -o /dev/null -overlay o.json ./...
overlay list -m -overlay mod.json; mod tidy -overlay mod.json; list -overlay twice.json; list -overlay inside.json; list -overlay empty.json; list -overlay nosuch.json; build -overlay cache.json .; list -m -overlay o.json
overlay build -json -o /dev/null ./wrong; build -race=false -n=false -cover=0 -toolexec= -o /dev/null ./wrong; build -json -overlay=o.json -o /dev/null ./wrong
ugly list .; list -m all; mod graph; mod download; build .; list -m all; mod vendor; build -mod=readonly .; get a.test/a@v1.0.0; mod tidy
ugly build -mod=mod .; get a.test/b; mod verify
excluding get u.test/ret@v1.0.0; get u.test/ret; get u.test/ret@v1; list -m u.test/pre@latest; get u.test/pre@v1.2.0-pre; get u.test/none; get u.test/none@main; get u.test/none@cccccccccccc; list -m -versions u.test/ret u.test/pre; get u.test/ret@<v1.1.0
asking list -m all; build .; mod tidy; list -m all; mod edit -require=u.test/pre@v1; build .; mod edit -require=u.test/pre@nosuch -require=u.test/none@v9; list -m all; build -mod=mod .; build -mod=vendor .; list -m u.test/none@dev
missing mod tidy; get .; build -mod=mod .
bare get x.test/a/.b; get .b; get u.test/none/.b; get u.test/none/v2; get u.test/none/v1; get x.test/a/v2@v1; get x.test/...; get u.test/...@main; get u.test/none/...@dev; get u.test/none/...@nosuch; get x@main
empty run u.test/none/c@latest; run u.test/none/c@main; run u.test/none/d@latest; run u.test/none/d@dev; list -m u.test/none@dev; run u.test/nothing@latest; run u.test/ret@latest; run u.test/none/d@none; run u.test/none/d@upgrade; run u.test/none/d@patch
old mod tidy -go=1.17; mod edit -json; mod tidy -compat=1.16
old mod tidy; mod graph; list -m -json all; list all; get a.test/b@v1.2.0; mod vendor
kept mod tidy; mod edit -require=x.test/x@v1.2.3 -droprequire=a.test/b -go=1.22 -replace=x.test/x@v1.2.3=y.test/y@v1.0.0; mod edit -print -exclude=x.test/x@v1.0.0 -retract=[v1.0.0,v1.1.0]; mod edit -fmt; mod edit -nosense
work list -m; list ./...; list ./two; work use ./two; list ./...; list -deps ./two; work edit -json; work sync; work use -r .; work edit -dropuse=./one -replace=a.test/a=./a -print; mod tidy
work list -m all; -C two list -m all; -C two list -json=Module .; work vendor; work use ./nowhere
new list ./...; mod tidy
empty mod init a.test/q/v2; mod init x; mod tidy; mod verify; get a.test/a; list -m -json; mod edit; mod why; work use
empty list -m; list; mod tidy; get a.test/a; mod download a.test/a@v1.0.0; list -m a.test/a@v1.0.0; mod init; work init; work init
`;

const changed = ["go.mod", "go.sum", "go.work", "go.work.sum", "vendor/modules.txt", "one/go.mod", "two/go.mod", "two/go.sum"];

function run(who: "go" | "go3s", dir: string, args: readonly string[]): string {
  const env = {
    ...process.env,
    CGO_ENABLED: "0",
    GOENV: "off",
    GOFLAGS: "",
    GOMODCACHE: join(top, `cache-${who}`),
    GONOSUMDB: "",
    GOPATH: join(top, "gopath"),
    GOPROXY: `file://${proxy}`,
    GOROOT: who === "go" ? process.env.GOROOT : goroot,
    GOSUMDB: "off",
    GOTOOLCHAIN: "local",
    GOWORK: "",
    PWD: dir,
  };
  const leading = args[0] === "-C" ? [] : args;
  const words = leading.length > 0 ? leading : [args[2] as string, "-C", args[1] as string, ...args.slice(3)];
  const r =
    who === "go"
      ? spawnSync("go", words, { cwd: dir, env, encoding: "utf8" })
      : spawnSync(process.execPath, [command, ...words], { cwd: dir, env, encoding: "utf8" });
  const text = `${r.stdout}--\n${r.stderr}-- ${r.status}\n${changed.map((f) => (existsSync(join(dir, f)) ? `-- ${f}\n${readFileSync(join(dir, f), "utf8")}` : "")).join("")}`;
  return text
    .replaceAll(dir, "DIR")
    .replaceAll(join(top, `cache-${who}`), "CACHE")
    .replace(/^go: downloading .*\n/gm, "")
    .replace(/^(go: (finding module|found) .*\n)+/gm, (lines) => `${lines.trimEnd().split("\n").sort().join("\n")}\n`)
    .replace(/("DepsErrors": \[\n)([\s\S]*?)(\n\t\])/g, (_, open, errors, close) => `${open}${sortedErrors(errors)}${close}`);
}

/** Errors of dependencies of one package: the go command tells them in any order (it sorts by the packages on the way, which are the same). */
function sortedErrors(errors: string): string {
  const objects = errors.split(",\n\t\t{\n").map((text) => text.replace(/^\t\t\{\n/, ""));
  return `\t\t{\n${objects.sort().join(",\n\t\t{\n")}`;
}

/** Where the wording is our own, or a usage text follows: only that it fails alike counts. */
function essence(text: string): string {
  return /-- 2\n/.test(text) ? "status 2" : text;
}

for (const line of sessions.trim().split("\n")) {
  const [name, ...rest] = line.split(" ") as [string, ...string[]];
  test(`${name}: ${rest.join(" ").slice(0, 60)}`, { skip }, () => {
    const dirs = (["go", "go3s"] as const).map((who) => {
      const dir = join(mkdtempSync(join(top, `${name}-`)), who);
      for (const [file, text] of Object.entries(folders[name] as Record<string, string>)) write(join(dir, file), text);
      return { who, dir };
    });
    // Both outputs of the commands for which they differ.
    const texts = ["", ""];
    for (const words of rest.join(" ").split("; ")) {
      const outputs = dirs.map(({ who, dir }) => essence(run(who, dir, words.split(" "))));
      if (outputs[0] !== outputs[1]) outputs.forEach((text, i) => (texts[i] += `$ ${words}\n${text}\n`));
      // The next command starts from the same files.
      rmSync(dirs[1]?.dir as string, { recursive: true });
      cpSync(dirs[0]?.dir as string, dirs[1]?.dir as string, { recursive: true });
    }
    assert.equal(texts[1], texts[0]);
  });
}
