// The compiler on Node. Its threads run the same script.

import { isMainThread } from "node:worker_threads";
import { main as command } from "./cmd/main.ts";
import { compileJobs } from "./driver/job.ts";
import { NodeHost } from "./host/node.ts";
import { serveThread } from "./host/thread.ts";

/** Runs the command line; the result is the exit status. In a thread, does what threads do. */
export function main(args: readonly string[]): number {
  if (isMainThread) return command(new NodeHost(args, new URL(import.meta.url)));
  serveThread(compileJobs);
  return 0;
}
