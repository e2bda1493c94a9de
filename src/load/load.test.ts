import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { amd64Architecture } from "../arch/amd64/architecture.ts";
import type { Host } from "../base/host.ts";
import { NodeHost } from "../host/node.ts";
import { Diagnostics } from "../base/diagnostics.ts";
import { Sources } from "../base/pos.ts";
import * as K from "../syntax/kinds.ts";
import { LenientPragmas, parseFile, SkipBodies } from "../syntax/parser.ts";
import { findGoroot } from "../syntax/testing.ts";
import { type Decl, NodeIds } from "../syntax/tree.ts";
import { type LoadOptions, loadPackages } from "./load.ts";
import { LoadError, type LoadedProgram } from "./package.ts";

const goroot = findGoroot();
const skip = goroot === "" ? "no Go tree found" : false;
const top = realpathSync(mkdtempSync(join(tmpdir(), "go3s-load-")));
after(() => rmSync(top, { recursive: true }));
let count = 0;

const options: LoadOptions = {
  goarch: "amd64",
  tags: amd64Architecture.tags,
  implicit: [],
  goroot: { folder: goroot, version: "go1.26" },
  plain: true,
};

/** A folder with these files. */
function folder(files: Record<string, string>): string {
  const dir = join(top, `t${count++}`);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  return dir;
}

class TestHost extends NodeHost {
  private readonly dir: string;

  constructor(dir: string) {
    super([]);
    this.dir = dir;
  }

  override cwd(): string {
    return this.dir;
  }

  override overlayFolder(): string {
    return join(this.dir, "overlay");
  }
}

function load(dir: string, args: string[] = ["."], more: Partial<LoadOptions> = {}): LoadedProgram {
  const host: Host = new TestHost(dir);
  return loadPackages(host, args, { ...options, ...more });
}

/** The message of a load that fails, with the temporary folder as DIR. */
function failure(dir: string, args: string[] = ["."], more: Partial<LoadOptions> = {}): string {
  try {
    load(dir, args, more);
  } catch (e) {
    if (e instanceof LoadError) return e.message.replaceAll(dir, "DIR").replaceAll(goroot, "GOROOT");
    throw e;
  }
  return "";
}

const mod = "module example.com/m\n\ngo 1.22\n";
const main = (...imports: string[]): string => `package main\n${imports.map((i) => `import _ "${i}"\n`).join("")}func main() {}\n`;

test("the files, imports and embeds of all std packages are those of go list", { skip }, (t) => {
  let out: string;
  try {
    const env = { ...process.env, CGO_ENABLED: "0", GOOS: "linux", GOARCH: "amd64", GOFLAGS: "" };
    const format = "{{.ImportPath}}|{{.GoFiles}}|{{.SFiles}}|{{.HFiles}}|{{.Imports}}|{{.EmbedFiles}}";
    out = execFileSync("go", ["list", "-f", format, "std"], { encoding: "utf8", env, cwd: top });
  } catch {
    t.skip("no go command");
    return;
  }
  const sorted = (list: string[]): string => `[${list.sort().join(" ")}]`;
  const expected = new Map<string, string>();
  for (const line of out.trim().split("\n")) {
    const [path, go, asm, headers, imports, embeds] = line.split("|") as [string, string, string, string, string, string];
    // Packages with tests only are none for a build.
    if (go === "[]" || path === "unsafe") continue;
    const importList = imports
      .slice(1, -1)
      .split(" ")
      .filter((i) => i !== "");
    expected.set(path, [go, asm, headers, sorted(importList), embeds].join("|"));
  }
  assert.ok(expected.size > 250);
  const names = (list: readonly { name: string }[]): string => `[${list.map((f) => f.name).join(" ")}]`;
  const wrong: string[] = [];
  for (const p of load(top, ["std"]).packages) {
    if (p.path === "unsafe") continue;
    const imports = sorted([...p.imports.values()].map((i) => i.path));
    const embeds = sorted([...new Set(p.embeds.flatMap((e) => e.files))]);
    const ours = [names(p.files), names(p.asmFiles), names(p.headers), imports, embeds].join("|");
    if (ours !== expected.get(p.path)) wrong.push(`${p.path}: ${ours} instead of ${expected.get(p.path)}`);
    expected.delete(p.path);
  }
  assert.deepEqual(wrong, []);
  assert.deepEqual([...expected.keys()], []);
});

test("packages come behind what they import", { skip }, () => {
  const { packages, roots } = load(top, ["net/http"]);
  const seen = new Set<string>();
  for (const p of packages) {
    for (const i of p.imports.values()) assert.ok(seen.has(i.path), `${p.path} before ${i.path}`);
    assert.ok(!seen.has(p.path));
    seen.add(p.path);
  }
  assert.equal(roots[0]?.path, "net/http");
  assert.equal(roots[0]?.standard, true);
  assert.equal(roots[0]?.imports.get("golang.org/x/net/http/httpguts")?.path, "vendor/golang.org/x/net/http/httpguts");
});

test("a module's packages", { skip }, () => {
  const dir = folder({
    "go.mod": mod,
    "main.go": main("example.com/m/lib", "strings"),
    "main_test.go": "package main\n",
    "main_windows.go": "package main\n",
    "tagged.go": "//go:build special\n\npackage main\n",
    "lib/lib.go": "package lib\n",
    "lib/a.s": "// asm\n",
  });
  const p = load(dir).roots[0];
  assert.deepEqual([p?.path, p?.name, p?.goVersion, p?.standard], ["example.com/m", "main", "go1.22", false]);
  assert.deepEqual(
    p?.files.map((f) => f.name),
    ["main.go"],
  );
  const lib = p?.imports.get("example.com/m/lib");
  assert.deepEqual(
    lib?.asmFiles.map((f) => f.name),
    ["a.s"],
  );
  const tagged = load(dir, ["."], { tags: [...options.tags, "special"] }).roots[0];
  assert.deepEqual(
    tagged?.files.map((f) => f.name),
    ["main.go", "tagged.go"],
  );
  assert.deepEqual(
    load(dir, ["./..."]).roots.map((r) => r.path),
    ["example.com/m", "example.com/m/lib"],
  );
  assert.equal(load(dir, ["main.go"]).roots[0]?.path, "command-line-arguments");
  assert.equal(load(dir, ["example.com/m/lib"]).roots[0]?.dir, join(dir, "lib"));
});

test("vendor and replaced modules", { skip }, () => {
  const vendored = folder({
    "go.mod": `${mod}require foo.org/x v1.0.0\n`,
    "main.go": main("foo.org/x/y"),
    "vendor/modules.txt": "# foo.org/x v1.0.0\n## explicit; go 1.18\nfoo.org/x/y\n",
    "vendor/foo.org/x/y/y.go": "package y\n",
  });
  const y = load(vendored).roots[0]?.imports.get("foo.org/x/y");
  assert.deepEqual([y?.goVersion, y?.module?.version], ["go1.18", "v1.0.0"]);
  const replaced = folder({
    "go.mod": `${mod}require foo.org/x v1.0.0\nreplace foo.org/x => ./local\n`,
    "main.go": main("foo.org/x/y"),
    "local/go.mod": "module foo.org/x\n\ngo 1.20\n",
    "local/y/y.go": "package y\n",
  });
  assert.equal(load(replaced).roots[0]?.imports.get("foo.org/x/y")?.goVersion, "go1.20");
  const missing = folder({ "go.mod": `${mod}require foo.org/x v1.0.0\n`, "main.go": main("foo.org/x/y") });
  assert.match(
    failure(missing),
    /^main.go:2:8: missing go.sum entry for module providing package foo.org\/x\/y \(imported by example.com\/m\); to add:\n\tgo get/,
  );
});

test("messages are those of the go command", { skip }, () => {
  const one = (text: string, files: Record<string, string> = {}): string => failure(folder({ "go.mod": mod, "main.go": text, ...files }));
  assert.equal(one(main("foo")), "main.go:2:8: package foo is not in std (GOROOT/src/foo)");
  assert.equal(one(main("fo.o/bar")), "main.go:2:8: no required module provides package fo.o/bar; to add it:\n\tgo get fo.o/bar");
  assert.equal(one(main("internal/abi")), "package example.com/m\n\tmain.go:2:8: use of internal package internal/abi not allowed");
  assert.equal(one(main("vendor/x")), "main.go:2:8: use of vendored package not allowed");
  assert.equal(one(main("a b")), "DIR/main.go:2:8: invalid import path: a b");
  assert.equal(one(main("x/../y")), 'main.go:2:8: malformed import path "x/../y": invalid path element ".."');
  assert.equal(one(main("./rel")), 'main.go:2:8: "./rel" is relative, but relative import paths are not supported in module mode');
  assert.equal(
    one(main("example.com/m/a"), {
      "a/a.go": 'package a; import "example.com/m/b"',
      "b/b.go": 'package b; import "example.com/m/a"',
    }),
    "package example.com/m\n\timports example.com/m/a from main.go\n\timports example.com/m/b from a.go\n" +
      "\timports example.com/m/a from b.go: import cycle not allowed",
  );
  assert.equal(
    one(main("example.com/m/a"), { "a/a.go": "package main" }),
    'main.go:2:8: import "example.com/m/a" is a program, not an importable package',
  );
  assert.equal(
    one(main("example.com/m/a"), { "a/a_windows.go": "package a" }),
    "package example.com/m\n\timports example.com/m/a: build constraints exclude all Go files in DIR/a",
  );
  assert.equal(one("packag x"), "main.go:1:1: expected 'package', found packag");
  assert.equal(one("package a", { "z.go": "package b" }), "found packages a (main.go) and b (z.go) in DIR");
  assert.equal(one('package main; import "C"'), 'DIR/main.go: import "C": go3s does not support cgo');
  assert.equal(failure(folder({ "go.mod": mod })), "no Go files in DIR");
  assert.equal(failure(folder({ "go.mod": mod }), ["./none"]), "stat DIR/none: directory not found");
  assert.equal(
    failure(folder({ "main.go": main() })),
    "go: go.mod file not found in current directory or any parent directory; see 'go help modules'",
  );
  assert.equal(
    failure(folder({ "main.go": main("fo.o/bar") }), ["main.go"]),
    "main.go:2:8: no required module provides package fo.o/bar: go.mod file not found in current directory or any " +
      "parent directory; see 'go help modules'",
  );
  assert.equal(
    failure(folder({ "go.mod": "module m\n\nfoo bar\ngo 1\n" })),
    "go: errors parsing go.mod:\ngo.mod:3: unknown directive: foo\ngo.mod:4: invalid go version '1': must match format 1.23.0",
  );
});

test("embeds", { skip }, () => {
  const dir = folder({
    "go.mod": mod,
    "f.txt": "",
    "d/a": "",
    "d/.hidden": "",
    "d/sub/b": "",
    "d/mod/go.mod": "",
    "d/mod/c": "",
    "only/.hidden": "",
  });
  symlinkSync("f.txt", join(dir, "link"));
  const embed = (patterns: string): string => {
    writeFileSync(join(dir, "main.go"), `package main\nimport "embed"\n//go:embed ${patterns}\nvar fs embed.FS\nfunc main() {}\n`);
    const error = failure(dir);
    return error !== "" ? error : JSON.stringify(load(dir).roots[0]?.embeds.map((e) => e.files));
  };
  assert.equal(embed("f.txt d"), '[["d/a","d/sub/b"],["f.txt"]]');
  assert.equal(embed("all:d"), '[["d/.hidden","d/a","d/sub/b"]]');
  assert.equal(embed("d/* *.tx[s-u]"), '["main.go:3:12: pattern d/*: cannot embed directory d/mod: in different module"]'.slice(2, -2));
  assert.equal(embed("d/[as]*"), '[["d/a","d/sub/b"]]');
  assert.equal(embed("none*"), "main.go:3:12: pattern none*: no matching files found");
  assert.equal(embed("f.txt none"), "main.go:3:18: pattern none: no matching files found");
  assert.equal(embed("link"), "main.go:3:12: pattern link: cannot embed irregular file link");
  assert.equal(embed("only"), "main.go:3:12: pattern only: cannot embed directory only: contains no embeddable files");
  for (const p of ["[]a", "/abs", ".", "../x", "a//b"]) {
    assert.equal(embed(p), `main.go:3:12: pattern ${p}: invalid pattern syntax`);
  }
});

test("the overlay: replace, merge, and ours wins", { skip }, () => {
  const root = folder({
    VERSION: "go1.26.3\n",
    "src/unsafe/unsafe.go": "package unsafe\n",
    "src/one/a.go": `package one

import "unsafe"

//go:nosplit
func keep() {}

//go:nosplit
//go:linkname f x.f
func f(a int) int {
	return a // }
}

type T struct{}

func (t *T) m() {}
func (t *T) n() {}

const (
	c0 = iota
	c1
	c2
)

var v, w = 1, 2
var x = 3; var y = 4
var (
	z  int
	zz = unsafe.Sizeof(z)
)
func init() {}
`,
    "src/one/b.go": "package one\n",
    "src/one/a_amd64.s":
      '#include "textflag.h"\nTEXT ·f(SB), 0, $0\n\tRET\n#define X\nTEXT ·g(SB), 0, $0\n\tRET\nTEXT ·h<ABIInternal>(SB), 0, $0\n\tRET\n',
    "src/two/a.go": "package two\n",
    "src/two/b.go": "package two // upstream\n",
    "src/two/c.go": "package two\n",
  });
  const dir = folder({
    "overlay/overlay.json": JSON.stringify({
      go: "1.26",
      packages: {
        one: { mode: "replace", reason: "r", upstream: ["a.go", "a_amd64.s"] },
        two: { mode: "merge", reason: "r", drop: ["c.go"] },
      },
    }),
    "overlay/src/one/ours.go":
      'package one\nimport _ "two"\nfunc f(a int) int { return 0 }\nfunc (t *T) n() {}\nconst c1 = 7\nvar v int\nvar x int\nvar z int\nfunc init() {}\nfunc h()\n',
    "overlay/src/one/ours_amd64.s": "TEXT ·h<ABIInternal>(SB), 0, $0\n\tRET\n",
    "overlay/src/two/b.go": "package two // ours\n",
    "overlay/src/two/d.go": "package two\n",
  });
  const more = { plain: false, goroot: { folder: root, version: "go1.26.3" } };
  const program = load(dir, ["one"], more);
  const one = program.roots[0];
  assert.equal(one?.overlay, true);
  assert.deepEqual(
    one?.files.map((f) => f.name),
    ["a.go", "ours.go"],
  );
  const file = one?.files[0];
  assert.ok(file !== undefined);
  assert.equal(file.replacement?.expected, true);
  const source = new Sources().add(file.path, file.data.length);
  const tree = parseFile(file.data, source, new NodeIds(), new Diagnostics(), SkipBodies | LenientPragmas);
  assert.ok(tree !== null && file.replacement.apply(tree));
  const declared = (d: Decl): string => {
    if (d.kind === K.KindFuncDecl || d.kind === K.KindTypeDecl) return d.name.value;
    return d.kind === K.KindImportDecl ? "import" : d.nameList.map((n) => n.value).join(",");
  };
  assert.deepEqual(tree.declList.map(declared), ["import", "keep", "T", "m", "c0", "_", "c2", "_,w", "y", "zz", "init"]);
  assert.deepEqual(
    tree.linknames.map((l) => l.local),
    ["f"],
  );
  const asm = new TextDecoder().decode(one?.asmFiles[0]?.data).split("\n");
  assert.deepEqual(asm, ['#include "textflag.h"', "", "", "#define X", "TEXT ·g(SB), 0, $0", "\tRET", "", "", ""]);
  const two = one?.imports.get("two");
  assert.deepEqual(
    two?.files.map((f) => f.name),
    ["a.go", "b.go", "d.go"],
  );
  assert.match(new TextDecoder().decode(two?.files[1]?.data), /ours/);
  assert.match(failure(dir, ["one"], { plain: false, goroot: { folder: root, version: "go1.27.0" } }), /is go1.27.0, but go1.26 is needed/);
});

test("upstream files that the overlay takes or changes are those that it was written for", { skip }, () => {
  const files = (text: string): Record<string, string> => ({
    "src/unsafe/unsafe.go": "package unsafe\n",
    "src/one/a.go": text,
    "src/two/b.go": "package two\n\nfunc f() {}\n",
  });
  const sum = (text: string): string => createHash("sha256").update(text).digest("hex");
  const rules = (upstream: string[]): string =>
    JSON.stringify({
      go: "1.26",
      release: "go1.26.3",
      packages: { one: { mode: "replace", reason: "r", upstream: ["a.go"] }, two: { mode: "merge", reason: "r", upstream } },
    });
  const right = "package one\n";
  const dir = folder({
    "overlay/overlay.json": rules(["b.go"]),
    "overlay/upstream.sums": `${sum(right)}  one/a.go\n`,
    "overlay/src/two/ours.go": "package two\n\nfunc f() {}\n",
  });
  const message = "one/a.go differs from the one that this overlay was written for (go1.26.3)";
  const more = (version: string, text: string): Partial<LoadOptions> => ({
    plain: false,
    goroot: { folder: folder(files(text)), version },
  });
  assert.deepEqual(load(dir, ["one", "two"], more("go1.26.3", right)).drift, []);
  assert.ok(failure(dir, ["one"], more("go1.26.3", "package one // changed\n")).endsWith(`/src: ${message}`));
  const later = load(dir, ["one"], more("go1.26.4", "package one // changed\n"));
  assert.deepEqual(later.drift, [`go3s: go1.26.4: ${message}`]);
  writeFileSync(join(dir, "overlay/overlay.json"), rules([]));
  const two = load(dir, ["two"], more("go1.26.3", right)).roots[0]?.files.find((f) => f.name === "b.go");
  assert.equal(two?.replacement?.expected, false);
});
