import assert from "node:assert/strict";
import { test } from "node:test";
import { NodeHost } from "../host/node.ts";
import { decorate } from "./caret.ts";

class Screen extends NodeHost {
  private readonly live: boolean;
  private readonly variables: Record<string, string>;

  constructor(live: boolean, variables: Record<string, string> = {}) {
    super([]);
    this.live = live;
    this.variables = variables;
  }

  override isTerminal(): boolean {
    return this.live;
  }

  override env(name: string): string | undefined {
    return this.variables[name];
  }

  override cwd(): string {
    return "/src";
  }

  override readFile(path: string): Uint8Array {
    assert.equal(path, "/src/a.go");
    return new TextEncoder().encode('package main\n\tx := "é" + y\n');
  }
}

const lines = ["# m", "./a.go:2:14: undefined: y", "other"];

test("piped lines stay as they are", () => {
  assert.deepEqual(decorate(new Screen(false), lines), lines);
});

test("on a terminal the source line is shown, with a caret below the column in bytes", () => {
  assert.deepEqual(decorate(new Screen(true, { NO_COLOR: "1" }), lines), [
    "# m",
    "./a.go:2:14: undefined: y",
    '            x := "é" + y',
    "                       ^",
    "other",
  ]);
  assert.equal(decorate(new Screen(true), lines)[1], "\x1b[1m./a.go:2:14:\x1b[0m \x1b[31mundefined: y\x1b[0m");
});
