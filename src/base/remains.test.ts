// What killed processes leave is told from what living ones are at work on.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { NodeHost } from "../host/node.ts";
import { removeAllRemains, removeRemains } from "./remains.ts";

const top = mkdtempSync(join(tmpdir(), "go3s-remains-"));
after(() => rmSync(top, { recursive: true }));
const dead = spawnSync(process.execPath, ["-p", "process.pid"], { encoding: "utf8" }).stdout.trim();
const old = new Date(Date.now() - 60_000);

function put(name: string, time = old): void {
  writeFileSync(join(top, name), "");
  utimesSync(join(top, name), time, time);
}

test("only what dead processes left beside the same name is removed", () => {
  const host = new NodeHost([]);
  const kept = [
    "p",
    `p.${process.pid}-0-0.tmp`,
    `p.x.${dead}-0-0.tmp`,
    `pp.${dead}-0-0.tmp`,
    "p.tmp",
    `p.${dead}-0-0`,
    `p.${dead}-0-9.tmp`,
  ];
  for (const name of [...kept, `p.${dead}-0-0.tmp`, `p.${dead}-3-12.tmp`]) put(name);
  // It was made a moment ago: perhaps by a process that can't be seen from here.
  put(`p.${dead}-0-9.tmp`, new Date());
  mkdirSync(join(top, `p.${dead}-0-1.tmp/sub`), { recursive: true });
  chmodSync(join(top, `p.${dead}-0-1.tmp/sub`), 0o555);
  utimesSync(join(top, `p.${dead}-0-1.tmp`), old, old);
  removeRemains(host, join(top, "p"));
  assert.deepEqual(readdirSync(top).sort(), [...kept].sort());
  symlinkSync(join(top, "p"), join(top, "link"));
  put(`p.${dead}-0-0.tmp`);
  removeRemains(host, join(top, "link"));
  assert.deepEqual(readdirSync(top).sort(), [...kept, "link"].sort());
  removeAllRemains(host, top);
  assert.deepEqual(
    readdirSync(top).sort(),
    ["link", "p", `p.${dead}-0-0`, `p.${dead}-0-9.tmp`, "p.tmp", `p.${process.pid}-0-0.tmp`].sort(),
  );
  removeRemains(host, join(top, "nowhere/p"));
});
