import assert from "node:assert/strict";
import { test } from "node:test";
import { Diagnostics } from "./diagnostics.ts";
import { type Pos, Sources } from "./pos.ts";

function render(limit: number, ...errors: [line: number, column: number, message: string][]): string[] {
  const sources = new Sources();
  const file = sources.add("a/x.go", 40_000);
  for (let line = 1; line < 40; line++) file.lines.push(line * 1000);
  const diagnostics = new Diagnostics();
  for (const [line, column, message] of errors) {
    diagnostics.error((file.base + (line - 1) * 1000 + column - 1) as Pos, message);
  }
  return diagnostics.render(sources, limit);
}

test("errors are shown in order of places, those of one place as they came", () => {
  assert.deepEqual(render(0, [2, 1, "z"], [1, 5, "b"], [1, 5, "a"], [1, 2, "c"]), [
    "a/x.go:1:2: c",
    "a/x.go:1:5: b",
    "a/x.go:1:5: a",
    "a/x.go:2:1: z",
  ]);
});

test("files come in the order of their first errors", () => {
  const sources = new Sources();
  const a = sources.add("a.go", 10);
  const b = sources.add("b.go", 10);
  b.lines.push(5);
  const diagnostics = new Diagnostics();
  for (const pos of [b.base + 6, a.base + 1, b.base + 2]) diagnostics.error(pos as Pos, "m");
  assert.deepEqual(diagnostics.render(sources, 0), ["b.go:1:3: m", "b.go:2:2: m", "a.go:1:2: m"]);
});

test("repetitions on a line are not shown", () => {
  assert.deepEqual(render(0, [1, 1, "undefined: y"], [1, 6, "undefined: y"], [1, 9, "undefined: z"]), [
    "a/x.go:1:1: undefined: y",
    "a/x.go:1:9: undefined: z",
  ]);
  assert.deepEqual(render(0, [1, 1, "syntax error: a"], [1, 6, "syntax error: b"], [2, 1, "syntax error: c"]), [
    "a/x.go:1:1: syntax error: a",
    "a/x.go:2:1: syntax error: c",
  ]);
});

test("columns that are too large are not shown", () => {
  assert.deepEqual(render(0, [1, 254, "a"], [1, 400, "c"], [1, 300, "b"]), ["a/x.go:1:254: a", "a/x.go:1: c", "a/x.go:1: b"]);
});

test("the tenth error is the last, counted as they came", () => {
  const errors = Array.from({ length: 12 }, (_, i): [number, number, string] => [20 - i, 1, `e${i}`]);
  const lines = render(10, ...errors);
  assert.deepEqual(
    [lines.length, lines[0], lines[9], lines[10]],
    [11, "a/x.go:11:1: e9", "a/x.go:20:1: e0", "a/x.go:11:1: too many errors"],
  );
  assert.equal(render(10, ...errors.slice(0, 9)).length, 9);
});
