import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Diagnostics } from "../base/diagnostics.ts";
import { SourceFile } from "../base/pos.ts";
import * as K from "./kinds.ts";
import { NameTable } from "./names.ts";
import { AllErrors, ImportsOnly, importPaths, LenientPragmas, parseBody, SkipBodies } from "./parser.ts";
import { endPos, startPos } from "./positions.ts";
import { prepare } from "./prepass.ts";
import { printExpr } from "./printer.ts";
import { Scanner } from "./scanner.ts";
import { findGoroot, parseText } from "./testing.ts";
import * as T from "./tokens.ts";
import type { Expr, File, FuncDecl, Node } from "./tree.ts";
import { walk } from "./walk.ts";

const goroot = findGoroot();
const noTree = goroot === "" ? "no Go tree found" : false;

function parseExpr(text: string): Expr {
  const { file, errors } = parseText(`package p; var _ = ${text}`, 0);
  assert.deepEqual(errors, []);
  const d = (file as File).declList[0] as { values: Expr };
  return d.values;
}

/** Finds the comments of a test file that say which errors are expected. */
class CommentScanner extends Scanner {
  protected errorAtOffset(): void {}
  protected directive(): void {}

  /** Errors by "line:column" (column 0 for those of line comments). */
  expected(): Map<string, string> {
    const map = new Map<string, string>();
    const text = this.text;
    const decoder = new TextDecoder();
    let from = 0;
    for (;;) {
      this.next();
      // The comments between the last token and this one.
      let pattern = "";
      const gap = decoder.decode(text.subarray(from, this.tokOff));
      for (const m of gap.matchAll(/\/\/([^\n]*)|\/\*([\s\S]*?)\*\//g)) {
        if (!(m[1] ?? m[2] ?? "").startsWith(" ERROR ")) continue;
        if (m[1] !== undefined) {
          const line = this.file.physical(from + new TextEncoder().encode(gap.slice(0, m.index)).length).line;
          map.set(`${line}:0`, m[1].slice(7).trim());
        } else pattern = (m[2] as string).slice(7).trim();
      }
      if (pattern !== "") {
        const at = this.file.physical(this.tokOff);
        map.set(`${at.line}:${at.column}`, pattern);
      }
      if (this.tok === T.TokEOF) return map;
      from = this.off;
    }
  }
}

test("upstream's files with expected errors", { skip: noTree }, () => {
  const folder = join(goroot, "src/cmd/compile/internal/syntax/testdata");
  const wrong: string[] = [];
  let count = 0;
  for (const name of readdirSync(folder)) {
    if (!name.endsWith(".go")) continue;
    count++;
    const data = readFileSync(join(folder, name));
    const source = new SourceFile(name, 1, data.length);
    const prepared = prepare(data, source, true);
    const expected = new CommentScanner(source, prepared.text, new NameTable(), 0, data.length).expected();
    const problems: string[] = [];
    const { errors } = parseText(data, AllErrors | LenientPragmas, name);
    for (const e of errors) {
      const [, line, column, message] = /^(\d+):(\d+): ([\s\S]*)$/.exec(e) as RegExpExecArray;
      let key = `${line}:${column}`;
      if (!expected.has(key)) key = `${line}:0`;
      const pattern = expected.get(key);
      if (pattern === undefined) problems.push(`unexpected ${e}`);
      else if (!new RegExp(pattern.replaceAll("(?s)", "")).test(message as string)) {
        problems.push(`${e} does not match ${pattern}`);
      } else expected.delete(key);
    }
    for (const [key, pattern] of expected) problems.push(`missing ${key}: ${pattern}`);
    if (problems.length > 0) wrong.push(`${name}: ${problems.join("; ")}`);
  }
  assert.ok(count > 20);
  assert.deepEqual(wrong, []);
});

function goFiles(folder: string, out: string[]): void {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) {
      if (name !== "testdata") goFiles(path, out);
    } else if (name.endsWith(".go")) out.push(path);
  }
}

test("a sample of the Go tree parses, and skipped bodies are the same as others", { skip: noTree }, () => {
  const files: string[] = [];
  for (const folder of ["runtime", "net/http", "go/types", "math/bits", "reflect", "encoding"]) {
    goFiles(join(goroot, "src", folder), files);
  }
  assert.ok(files.length > 300);
  const diagnostics = new Diagnostics();
  let bodies = 0;
  for (const path of files) {
    const data = readFileSync(path);
    const whole = parseText(data, LenientPragmas, path);
    const lazy = parseText(data, LenientPragmas | SkipBodies, path);
    assert.deepEqual([...whole.errors, ...lazy.errors], [], path);
    const a = whole.file as File;
    const b = lazy.file as File;
    assert.equal(a.declList.length, b.declList.length, path);
    for (let i = 0; i < a.declList.length; i++) {
      const x = a.declList[i] as FuncDecl;
      const y = b.declList[i] as FuncDecl;
      if (x.kind !== K.KindFuncDecl) continue;
      assert.deepEqual([x.hasBody, x.bodyStart, x.bodyEnd], [y.hasBody, y.bodyStart, y.bodyEnd], path);
      if (bodies++ % 10 !== 0 || x.body === null) continue;
      assert.equal(y.body, null);
      parseBody(b, y, lazy.ids, diagnostics, LenientPragmas);
      const shape = (root: Node): string => {
        let text = "";
        walk(root, (n) => {
          text += `${n.kind}@${n.pos} `;
          return true;
        });
        return text;
      };
      assert.equal(shape(x.body), shape(y.body as unknown as Node), path);
    }
  }
  assert.deepEqual(diagnostics.list, []);
});

test("expression ids are dense and unique", () => {
  const { file, ids } = parseText("package p; func f(a, b int) (x []map[string]int) { return g(a+b, T[int]{1: 2}) }", 0);
  const seen = new Set<number>();
  walk(file as File, (n) => {
    if (n.kind <= K.LastExprKind) seen.add((n as Expr).id);
    return true;
  });
  assert.ok(!seen.has(0));
  assert.ok(Math.max(...seen) < ids.next);
  assert.equal(seen.size, ids.next - 1);
});

test("expressions print in short form", () => {
  const same = [
    "a + b*c".replace("*", " * "),
    "x.y[i](a, b...)",
    "p[1:2:3]",
    "s[:]",
    "f.(T)",
    "<-c",
    "&T{}",
    "func(a, b int, c ...string) (int, error) {}",
    "func(int) string {…}",
    "[]int{…}",
    "map[string][]*T{…}",
    "[...]int{…}",
    "struct{a, b int; C; d string `t`}{…}",
    "interface{m(x int) string; ~int | string}(nil)",
    "make(chan<- (<-chan int))".replace("(<-chan int)", "<-chan int"),
    "(chan (<-chan int))(nil)",
    "-(x + 1)",
    "a[b, c]",
  ];
  for (const text of same)
    assert.equal(printExpr(parseExpr(text.replaceAll("{…}", "{0}").replace("string {0}", 'string { return "" }'))), text);
});

test("positions are upstream's", () => {
  const at = (text: string): number[] => {
    const x = parseExpr(text);
    const start = parseText("package p; var _ = ", AllErrors).source.pos(19);
    return [x.pos - start, startPos(x) - start, endPos(x) - start];
  };
  assert.deepEqual(at("a + b"), [2, 0, 5]);
  assert.deepEqual(at("a.b"), [1, 0, 3]);
  assert.deepEqual(at("a[b]"), [1, 0, 3]);
  assert.deepEqual(at("f(x)"), [1, 0, 3]);
  assert.deepEqual(at("T{1}"), [1, 0, 3]);
  assert.deepEqual(at("[]T{1}"), [3, 0, 5]);
  assert.deepEqual(at("x.(T)"), [1, 0, 4]);
  assert.deepEqual(at("-x"), [0, 0, 2]);
});

test("line directives change how positions are presented", () => {
  const text = "package p\n//line a.go:10\nvar x int\nvar /*line b.go:5:7*/ y int\n//line :3:4\nvar z int\n";
  const { file, source, errors } = parseText(text, 0);
  assert.deepEqual(errors, []);
  const shown = (file as File).declList.map((d) => {
    const p = source.presented(source.offset(d.pos));
    return `${p.file}:${p.line}:${p.column}`;
  });
  assert.deepEqual(shown, ["a.go:10:0", "b.go:5:8", "b.go:3:8"]);
  const bad = parseText("package p\n//line a:x\n//line a:0\n//line a:1:0\n/*line b:y*/\n", 0);
  assert.deepEqual(bad.errors, [
    "2:10: invalid line number: x",
    "3:10: invalid line number: 0",
    "4:12: invalid column number: 0",
    "5:10: invalid line number: y",
  ]);
});

test("pragmas", () => {
  const { file, errors } = parseText(
    `//go:build linux && go1.21

package p

import _ "unsafe"

//go:noinline
//go:nosplit
func f()

//go:linkname g runtime.g
func g()

//go:linkname h
func h()
`,
    0,
  );
  assert.deepEqual(errors, []);
  const f = file as File;
  assert.equal(f.goVersion, "go1.21");
  assert.equal(f.buildConstraint, "linux && go1.21");
  assert.equal((f.declList[1] as FuncDecl).pragma, T.PragmaNoinline | T.PragmaNosplit | T.PragmaNocheckptr);
  assert.equal((f.declList[2] as FuncDecl).pragma, 0);
  assert.deepEqual(
    f.linknames.map((l) => [l.local, l.remote]),
    [
      ["g", "runtime.g"],
      ["h", ""],
    ],
  );
  const bad = parseText(
    `package p
//go:linkname a b
//go:noinline
var x int
//go:systemstack
func f() { //go:nosplit
}
//go:embed a "b c" \`d\`
var s string
//go:linkname
`,
    0,
  );
  // What stands above a declaration that can't have it is for later.
  assert.deepEqual(bad.errors, ["5:3: //go:systemstack only allowed in runtime", "6:14: misplaced compiler directive"]);
  const embeds = parseText('package p\nimport "embed"\n//go:embed a "b c" `d`\nvar s embed.FS\n', 0);
  assert.deepEqual(embeds.errors, []);
  const d = (embeds.file as File).declList[1] as unknown as {
    embeds: { patterns: { pattern: string; pos: number }[] }[];
  };
  assert.deepEqual(
    d.embeds[0]?.patterns.map((p) => [p.pattern, p.pos - embeds.source.pos(0)]),
    [
      ["a", 36],
      ["b c", 38],
      ["d", 44],
    ],
  );
});

test("branches", () => {
  const errors = (body: string): string[] =>
    parseText(`package p; func f() {\n${body}\n}`, 0, "x.go").errors.map((e) => e.replace(/^\d+:\d+: /, ""));
  assert.deepEqual(errors("break"), ["break is not in a loop, switch, or select"]);
  assert.deepEqual(errors("switch { case true: continue }"), ["continue is not in a loop"]);
  assert.deepEqual(errors("L: for { break L; continue L }"), []);
  assert.deepEqual(errors("L:"), ["label L defined and not used"]);
  assert.deepEqual(errors("goto L"), ["label L not defined"]);
  assert.deepEqual(errors("goto L; x := 1; L: _ = x"), ["goto L jumps over declaration of x at x.go:2:11"]);
  assert.deepEqual(errors("goto L; { L: }"), ["goto L jumps into block starting at x.go:2:9"]);
  assert.deepEqual(errors("L: switch { default: continue L }"), ["invalid continue label L"]);
  assert.deepEqual(errors("for { break L }"), ["break label not defined: L"]);
  assert.deepEqual(errors("switch { case true: fallthrough; default: fallthrough }"), ["cannot fallthrough final case in switch"]);
  assert.deepEqual(errors("fallthrough"), ["fallthrough statement out of place"]);
  assert.deepEqual(errors("L: for { break L }; L: for { break L }"), ["label L already defined at x.go:2:1", "invalid break label L"]);
  assert.deepEqual(errors("L: for { func() { break L }() }"), ["label L defined and not used", "break label not defined: L"]);
  const { file } = parseText("package p; func f() { L: for { for { continue L } } }", 0);
  walk(file as File, (n) => {
    if (n.kind === K.KindBranchStmt) assert.equal(n.target?.kind, K.KindForStmt);
    return true;
  });
});

test("imports only", () => {
  const { file, errors } = parseText('package p; import ("a"; b "c/d"; . "e"; _ `f`); func ( {', ImportsOnly);
  assert.deepEqual(errors, []);
  assert.deepEqual(
    importPaths(file as File).map((i) => i.path),
    ["a", "c/d", "e", "f"],
  );
});

test("bad bytes", () => {
  const bytes = (...parts: (string | number)[]): Uint8Array =>
    Uint8Array.from(parts.flatMap((p) => (typeof p === "number" ? [p] : [...new TextEncoder().encode(p)])));
  assert.deepEqual(parseText(bytes(0xef, 0xbb, 0xbf, "package p"), 0).errors, []);
  assert.deepEqual(parseText(bytes("package p\nvar y int\n// ", 0xff, "\nvar x", 0, " int"), 0).errors, [
    "3:4: invalid UTF-8 encoding",
    "4:6: invalid NUL character",
  ]);
  assert.deepEqual(parseText(bytes("package p\n\ufeffvar x int"), 0).errors, ["2:1: invalid BOM in the middle of the file"]);
});

test("one syntax error a line", () => {
  const text = "package p\nvar x = ) )\nfunc f() { x = = 1; y = = 2 }\n";
  const few = parseText(text, 0).errors;
  const all = parseText(text, AllErrors).errors;
  assert.ok(all.length > few.length);
  assert.deepEqual(few, ["2:9: syntax error: unexpected ), expected expression", "3:16: syntax error: unexpected =, expected expression"]);
});
