// Whether other processes have work for all processors. The load that the kernel tells is an average over a minute, and counts our own threads: it says what is likely,
// and who is running at this moment says whether it is still so.

import * as fs from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";

/** More threads would only take turns with those of others. */
export function isBusy(): boolean {
  const load = loadavg()[0] as number;
  if (load < availableParallelism()) return false;
  // All processors that there are, as load is that of all, though we may be allowed to use some only.
  const processors = cpus().length;
  return load >= processors && runningOthers() >= processors;
}

/** Threads of other processes that run or could run now. */
function runningOthers(): number {
  try {
    // Three averages, then running threads and all threads.
    const running = Number(/(\d+)\/\d+/.exec(fs.readFileSync("/proc/loadavg", "utf8"))?.[1] ?? 0);
    let own = 0;
    for (const thread of fs.readdirSync("/proc/self/task")) {
      // The state stands behind the name, which is in brackets.
      if (/\) R/.test(fs.readFileSync(`/proc/self/task/${thread}/stat`, "utf8"))) own++;
    }
    return running - own;
  } catch {
    return 0;
  }
}
