// A worker of the pool: runs commands of go3s and builds of given packages, one after the other, each with a host of its own. What they leave behind is
// warm code, and the machine code of functions.

import { noModuleFlags } from "../../src/load/load.ts";
import { getHeapStatistics } from "node:v8";
import { parentPort, workerData } from "node:worker_threads";
import { findArchitecture } from "../../src/arch/registry.ts";
import { main } from "../../src/cmd/main.ts";
import { build, type GivenProgram } from "../../src/driver/build.ts";
import { experimentTags } from "../../src/load/experiments.ts";
import { CollectingHost, type Command, FileCache } from "./host.ts";

/** Packages to build, past the command line. */
export interface GivenJob extends Command {
  readonly program: GivenProgram;
  readonly debug: readonly string[];
  /** 0: none. */
  readonly errorLimit: number;
  /** Where the executable goes. */
  readonly output: string;
}

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

function buildGiven(host: CollectingHost, job: GivenJob): number {
  const experiments = experimentTags(host.env("GOEXPERIMENT") ?? "");
  const architecture = findArchitecture("amd64");
  if (architecture === null) throw new Error("no such architecture");
  try {
    const outcome = build(host, {
      args: [],
      tags: typeof experiments === "string" ? [] : experiments,
      modules: noModuleFlags,
      trimpath: false,
      fips140: "off",
      values: new Map(),
      errorLimit: job.errorLimit,
      strip: false,
      debug: job.debug,
      architecture,
      given: job.program,
    });
    for (const line of outcome.lines) host.stderr(`${line}\n`);
    const image = outcome.images[0];
    if (image !== undefined) host.writeFile(job.output, image.bytes, 0o755);
    return outcome.status;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    host.stderr(`go3s: internal compiler error: ${error}\n${cause instanceof Error ? cause.stack : cause}\n`);
    return 3;
  }
}

function perform(job: Command | GivenJob): Answer {
  const host = new CollectingHost(job, cache);
  const start = performance.now();
  const status = "program" in job ? buildGiven(host, job) : main(host);
  return {
    status,
    stdout: host.out.join(""),
    stderr: host.err.join(""),
    milliseconds: performance.now() - start,
    heap: getHeapStatistics().used_heap_size,
  };
}

parentPort?.on("message", (job: Command | GivenJob) => parentPort?.postMessage(perform(job)));
