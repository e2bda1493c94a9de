// Whatever lies in files and stands on command lines: a command ends, with one of its own exit statuses and a message that is none of the compiler's own faults.
// The inputs are made from good ones at random; GO3S_HOSTILE gives the number of tries and the first seed ("2000 1").

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { main } from "../../src/cmd/main.ts";
import { findGoroot } from "../../src/syntax/testing.ts";
import { CollectingHost, FileCache } from "../pool/host.ts";

const goroot = findGoroot();
const skip = goroot === "" ? "no Go tree found" : false;
const cache = new FileCache(goroot === "" ? [] : [goroot]);
const top = realpathSync(mkdtempSync(join(tmpdir(), "go3s-hostile-")));
after(() => rmSync(top, { recursive: true }));

/** What commands read. */
const good: Readonly<Record<string, string>> = {
  "go.mod":
    '// Deprecated: no\nmodule m.test/m // here\n\ngo 1.22.0\n\ntoolchain go1.22.1\n\ngodebug default=go1.21\n\nrequire (\n\ta.test/a v1.2.3 // indirect\n\t"b.test/b/v2" v2.0.0-20240101000000-abcdefabcdef\n)\n\nexclude a.test/a v1.2.4\n\nreplace (\n\ta.test/a => ./a\n\tb.test/b/v2 v2.0.0-20240101000000-abcdefabcdef => ./b\n)\n\nretract [v1.0.0, v1.1.0] // why\n\ntool m.test/m/cmd\n\nignore ./x\n',
  "go.sum":
    "a.test/a v1.2.3 h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\na.test/a v1.2.3/go.mod h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
  "go.work":
    "go 1.22.1\n\ntoolchain go1.23.0\n\nuse (\n\t.\n\t./a\n)\n\nreplace a.test/a v1.0.0 => b.test/c v1.0.0\n\ngodebug panicnil=1\n",
  "vendor/modules.txt":
    "# a.test/a v1.2.3 => ./a\n## explicit; go 1.20\na.test/a\na.test/a/sub\n# b.test/b/v2 v2.0.0-20240101000000-abcdefabcdef => ./b\n## explicit\n",
  "a/go.mod": "module a.test/a\n\ngo 1.20\n",
  "a/a.go": 'package a\n\nimport _ "fmt"\n\n//go:embed *.txt\nvar f string\n',
  "b/go.mod": "module b.test/b/v2\n",
  "b/b.go": "//go:build linux && (amd64 || !cgo)\n\npackage b\n",
  "m.go":
    '// Package m.\npackage m\n\nimport (\n\t_ "embed"\n\t"a.test/a"\n\tx "b.test/b/v2"\n)\n\n//go:embed data "with blank" all:sub\nvar data string\n\n//go:linkname f runtime.f\nfunc f()\n\nfunc g() { a.F(x.G, `raw\n`, \'\\u1234\', 0x1p-2) }\n',
  "m_test.go": 'package m_test\n\nimport "testing"\n\nfunc TestX(t *testing.T) { var x int = t }\n\nfunc ExampleY() {\n\t// Output: y\n}\n',
  "asm_amd64.s":
    '#include "textflag.h"\n\n#define X(a) a; \\\n\ta\n\nTEXT ·f(SB), NOSPLIT|NOFRAME, $16-8\n\tMOVQ x+0(FP), AX\n\tX(RET)\n\nDATA y<>+0(SB)/8, $1\nGLOBL y<>(SB), RODATA, $8\n',
  "o.json": '{"Replace": {"m.go": "b/b.go", "z/z.go": "a/a.go", "b/b.go": ""}}',
};

const commands: readonly (readonly string[])[] = [
  ["list", "-deps", "-test", "-json", "./..."],
  ["list", "-e", "-f", "{{.ImportPath}} {{.GoFiles}} {{with .Error}}{{.Err}}{{end}}", "all"],
  ["list", "-m", "-json", "all"],
  ["build", "./..."],
  ["build", "-mod=mod", "-overlay", "o.json", "."],
  ["build", "-mod=vendor", "."],
  ["vet", "."],
  ["mod", "tidy"],
  ["mod", "graph"],
  ["mod", "why", "-m", "all"],
  ["mod", "verify"],
  ["mod", "edit", "-json"],
  ["mod", "edit", "-require=x.test/x@v1.0.0", "-replace=a.test/a=./q", "-dropretract=v1.0.0", "-go=1.23"],
  ["mod", "vendor", "-o", "v"],
  ["work", "edit", "-json"],
  ["work", "sync"],
  ["work", "use", "-r", "."],
  ["get", "-u", "./..."],
  ["get", "a.test/a@latest"],
  ["test", "-c", "-o", "/dev/null", "."],
  ["version", "-m", "."],
  ["clean"],
];

class Chance {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  below(n: number): number {
    this.state = (Math.imul(this.state ^ (this.state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    return (this.state >>> 4) % n;
  }

  one<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }
}

const junk = [
  "\0",
  "\xff\xfe",
  "\r",
  "\n",
  "\t",
  '"',
  "`",
  "'",
  "(",
  ")",
  "[",
  "{",
  "=>",
  "//",
  "/*",
  "*/",
  "@",
  "v1.2.3",
  "v99999999999999999999.0.0",
  "...",
  "../",
  "/",
  "%",
  "\\",
  "$",
  "é",
  "\u2028",
  "\u{10ffff}",
  "\ufeff",
  "none",
  "latest",
  "1.99",
  "-",
  "+incompatible",
  "#",
  ";",
  ",",
  "*",
  "0",
  "_",
  "a.b",
  " ",
];

/** A text with something wrong in it. */
function spoiled(chance: Chance, text: string): string | Buffer {
  const at = chance.below(text.length + 1);
  const end = Math.min(text.length, at + chance.below(20));
  switch (chance.below(9)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + text.slice(end);
    case 2:
      return text.slice(0, at) + chance.one(junk) + text.slice(at);
    case 3:
      return text.slice(0, at) + text.slice(at, end).repeat(1 + chance.below(3000)) + text.slice(end);
    case 4:
      return text.slice(0, at) + chance.one(junk).repeat(1 + chance.below(50_000)) + text.slice(end);
    case 5:
      return Buffer.from(Array.from({ length: chance.below(2000) }, () => chance.below(256)));
    case 6: {
      const bytes = Buffer.from(text);
      for (let i = 1 + chance.below(5); i > 0; i--) bytes[chance.below(bytes.length)] = chance.below(256);
      return bytes;
    }
    case 7: {
      const lines = text.split("\n");
      const from = chance.below(lines.length);
      lines.splice(chance.below(lines.length), 0, lines[from] as string);
      lines.splice(from, chance.below(2));
      return lines.join("\n");
    }
    default:
      return "";
  }
}

function place(dir: string, chance: Chance): void {
  const leaves = new Set(["go.work", "vendor/modules.txt", "asm_amd64.s"].filter(() => chance.below(3) > 0));
  for (const [name, text] of Object.entries(good)) {
    if (leaves.has(name)) continue;
    const path = join(dir, name);
    mkdirSync(dirname(path), { recursive: true });
    if (chance.below(4) > 0) writeFileSync(path, text);
    else if (chance.below(8) > 0) writeFileSync(path, spoiled(chance, text));
    else if (chance.below(2) > 0) mkdirSync(path);
    else symlinkSync(chance.one([name.split("/").pop() as string, "nothing", "..", "/dev/null", dir]), path);
  }
}

/** What is wrong with how a command ended, or "". */
function fault(dir: string, args: readonly string[], env: Record<string, string> = {}): string {
  const host = new CollectingHost(
    {
      args,
      cwd: dir,
      env: { GOROOT: goroot, GOFLAGS: "", GOPROXY: "off", GOSUMDB: "off", GOMODCACHE: join(top, "modules"), GOENV: "off", ...env },
    },
    cache,
  );
  const start = performance.now();
  let status: number;
  try {
    status = main(host);
  } catch (e) {
    return `threw ${e instanceof Error ? e.stack : String(e)}`;
  }
  const time = performance.now() - start;
  const said = host.err.join("");
  if (![0, 1, 2].includes(status) || /internal compiler error|\n {4}at /.test(said)) return `status ${status}: ${said.slice(0, 1000)}`;
  if (status !== 0 && said === "" && host.out.join("") === "") return `status ${status} without a word`;
  return time > 20_000 ? `took ${time} ms` : "";
}

const [tries, first] = (process.env.GO3S_HOSTILE ?? "60 1").split(" ").map(Number) as [number, number];

test("files that hold anything", { skip }, () => {
  const faults: string[] = [];
  for (let seed = first; seed < first + tries; seed++) {
    const chance = new Chance(seed);
    const dir = join(top, String(seed));
    mkdirSync(dir);
    place(dir, chance);
    const args = chance.one(commands);
    const why = fault(dir, args);
    if (why !== "") faults.push(`seed ${seed}: ${args.join(" ")}: ${why}`);
    rmSync(dir, { recursive: true });
  }
  assert.deepEqual(faults, []);
});

test("command lines that hold anything", { skip }, () => {
  const faults: string[] = [];
  const words = [
    ...new Set(commands.flat()),
    ...junk,
    "-o",
    "-ldflags",
    "-X",
    "-tags",
    "-C",
    "-modfile",
    "-pgo",
    "-buildvcs",
    "-p",
    "-exec",
    "-count",
    "-run",
    "-v",
    "-",
    "--",
    "-=",
    "---x",
    "-json=x",
    "help",
    "build",
    "run",
    "env",
    "-w",
    "GOFLAGS=x",
    "test",
    "all",
    "std",
    "cmd",
    "work",
    "mod",
    "",
    "=",
    "x@y",
    "/nowhere/...",
    "m.go",
  ];
  const dir = join(top, "lines");
  mkdirSync(dir);
  place(dir, new Chance(0));
  for (let seed = first; seed < first + tries; seed++) {
    const chance = new Chance(seed + 1_000_000);
    const args = [...chance.one(commands)];
    for (let i = chance.below(4); i >= 0; i--) args.splice(chance.below(args.length + 1), chance.below(2), chance.one(words));
    // Too much to build here, or it would change this machine.
    if (args.some((a) => ["std", "cmd", "-w", "run"].includes(a)) && args[0] !== "list") continue;
    const why = fault(dir, args, { XDG_CONFIG_HOME: top, GO3SCACHE: "off" });
    if (why !== "") faults.push(`seed ${seed}: ${JSON.stringify(args)}: ${why}`);
  }
  assert.deepEqual(faults, []);
});

/** Inputs that are large or deep, as the text of a.go, and what is said of them. */
const large: readonly (readonly [string, string, RegExp])[] = [
  [
    "parentheses",
    `package m\nvar x = ${"(".repeat(100_000)}1${")".repeat(100_000)}`,
    /^go3s: something is nested too deeply to be compiled\n$/,
  ],
  ["blocks", `package m\nfunc f() ${"{".repeat(100_000)}${"}".repeat(100_000)}`, /^go3s: something is nested too deeply to be compiled\n$/],
  ["a type", `package m\nvar x ${"[]".repeat(100_000)}int`, /^go3s: something is nested too deeply to be compiled\n$/],
  ["a constraint", `//go:build ${"(".repeat(100_000)}x${")".repeat(100_000)}\n\npackage m`, /build expression too large\n$/],
  ["an old constraint", `// +build ${"a,".repeat(100_000)}b\n\npackage m`, /^$/],
  ["imports", `package m\nimport (\n${'_ "fmt"\n'.repeat(30_000)})`, /^$/],
  [
    "constant strings",
    `package m\nconst c0 = "x"\n${Array.from({ length: 60 }, (_, i) => `const c${i + 1} = c${i} + c${i}\n`).join("")}`,
    /a\.go:31:17: constant result is not representable\n$/,
  ],
];

for (const [name, text, wanted] of large) {
  test(`large: ${name}`, { skip }, () => {
    const dir = mkdtempSync(join(top, "large-"));
    writeFileSync(join(dir, "go.mod"), "module m\n\ngo 1.26\n");
    writeFileSync(join(dir, "a.go"), text);
    for (const command of ["build", "list"]) {
      const host = new CollectingHost({ args: [command, "."], cwd: dir, env: { GOROOT: goroot, GOFLAGS: "", GO3SCACHE: "off" } }, cache);
      const status = main(host);
      const said = host.err.join("");
      // Only a build looks further than at constraints and imports.
      if (command === "build" || status !== 0) assert.match(said, wanted);
    }
  });
}

test("a long go.mod file is read in time", { skip }, () => {
  const dir = mkdtempSync(join(top, "large-"));
  writeFileSync(join(dir, "go.mod"), `module m\n\n${"(".repeat(200_000)}\n`);
  assert.equal(fault(dir, ["list", "-m"]), "");
});
