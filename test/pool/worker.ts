// A worker of the pool: runs commands of go3s, one after the other, each with a host of its own. What they leave behind is warm code only.

import { getHeapStatistics } from "node:v8";
import { parentPort, workerData } from "node:worker_threads";
import { main } from "../../src/cmd/main.ts";
import { CollectingHost, type Command, FileCache } from "./host.ts";

/** What a worker answers. */
export interface Answer {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly milliseconds: number;
  /** Bytes of the worker's heap in use, garbage included. */
  readonly heap: number;
}

const cache = new FileCache((workerData as { unchanging: string[] }).unchanging);

function perform(command: Command): Answer {
  const host = new CollectingHost(command, cache);
  const start = performance.now();
  const status = main(host);
  return {
    status,
    stdout: host.out.join(""),
    stderr: host.err.join(""),
    milliseconds: performance.now() - start,
    heap: getHeapStatistics().used_heap_size,
  };
}

parentPort?.on("message", (command: Command) => parentPort?.postMessage(perform(command)));
