// The program: the compiler on Node. Its threads run the same script.

import { isMainThread } from "node:worker_threads";
import { main } from "./cmd/main.ts";
import { compileJobs } from "./driver/job.ts";
import { tuneEngine } from "./host/engine.ts";
import { NodeHost } from "./host/node.ts";
import { serveThread } from "./host/thread.ts";

if (isMainThread) {
  tuneEngine();
  process.exitCode = main(new NodeHost(process.argv.slice(2), new URL(import.meta.url)));
} else {
  serveThread(compileJobs);
}
