// Runs a program to its end without giving up the one thread that everything else runs in, and hands on its output while it comes. Node reports
// the end of a process through its event loop only, so the kernel is asked (/proc/PID/stat); output goes through a file, which both
// streams share, so that their order is kept and nobody waits for processes that the program leaves behind.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";
import type { ExecuteOptions, ExecuteResult } from "../base/host.ts";

/** The longest time between two looks at the process, in milliseconds. */
const longestPause = 20;
/** How long a program may take to end after it is asked to. */
const grace = 5000;
const quit = 3;

/** Throws what Node throws where the program can't be started. `folder` is an empty folder of our own; null where the output is not asked for. */
export function execute(program: string, args: readonly string[], options: ExecuteOptions, folder: string | null): ExecuteResult {
  const { output } = options;
  const file = folder === null ? "" : join(folder, "output");
  const writer = folder === null ? 1 : fs.openSync(file, "a");
  const reader = folder === null ? -1 : fs.openSync(file, "r");
  try {
    const given = { cwd: options.folder, env: { ...process.env, ...options.env } };
    const child = spawn(program, args, { ...given, stdio: ["ignore", writer, writer] });
    child.on("error", () => {});
    if (child.pid === undefined) {
      // The reason would come through the event loop; the other way to start a program has it at once.
      throw spawnSync(program, args, given).error ?? new Error("the program could not be started");
    }
    child.unref();
    const chunk = Buffer.allocUnsafe(1 << 16);
    const drain = (): number => {
      let total = 0;
      if (output === null || reader < 0) return 0;
      for (;;) {
        const n = fs.readSync(reader, chunk, 0, chunk.length, null);
        if (n === 0) return total;
        output(chunk.subarray(0, n));
        total += n;
      }
    };
    return wait(child, options.limit, drain);
  } finally {
    if (folder !== null) {
      fs.closeSync(writer);
      fs.closeSync(reader);
    }
  }
}

function wait(child: ChildProcess, limit: number, drain: () => number): ExecuteResult {
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  const start = performance.now();
  let late = false;
  for (let pause = 1; ; pause = Math.min(pause * 2, longestPause)) {
    // Asked before the last look at the output: what has ended writes no more.
    const status = endOf(child.pid as number);
    if (drain() > 0) pause = 1;
    if (status !== null) return { status: (status >> 8) & 255, signal: status & 127, late };
    const elapsed = performance.now() - start;
    if (limit > 0 && elapsed > limit) {
      if (!late) child.kill(quit);
      else if (elapsed > limit + grace) child.kill("SIGKILL");
      late = true;
    }
    Atomics.wait(sleeper, 0, 0, pause);
  }
}

/** The status of a process as wait(2) has it, null while it runs. */
function endOf(pid: number): number | null {
  const line = fs.readFileSync(`/proc/${pid}/stat`, "latin1");
  // Behind the name, which is in brackets and may be anything, the fields from the third on.
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" ? Number(fields[49]) : null;
}
