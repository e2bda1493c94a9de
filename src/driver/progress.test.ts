import assert from "node:assert/strict";
import { test } from "node:test";
import { NodeHost } from "../host/node.ts";
import { Progress } from "./progress.ts";

class Watched extends NodeHost {
  clock = 0;
  readonly shown: string[] = [];

  constructor() {
    super([]);
  }

  override now(): number {
    return this.clock;
  }

  override isTerminal(): boolean {
    return true;
  }

  override showStatus(line: string): void {
    this.shown.push(line);
  }
}

test("a build that takes long says how far it is, ten times a second at most", () => {
  const host = new Watched();
  const progress = new Progress(host);
  for (let i = 1; i <= 8; i++) {
    progress.say("compiling", i, i < 7 ? 0 : 8, "functions");
    host.clock += i === 6 ? 99 : 100;
  }
  progress.end();
  assert.deepEqual(host.shown, ["compiling 6 functions", "compiling 8 of 8 functions", ""]);
});

test("nothing is said where nobody watches", () => {
  const host = new Watched();
  host.isTerminal = () => false;
  const progress = new Progress(host);
  host.clock = 10_000;
  progress.say("compiling", 1, 0, "functions");
  assert.deepEqual(host.shown, []);
});
