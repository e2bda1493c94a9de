// The two compilers that programs are run through: ours in this process (warm, it is three times as quick), gc as a child.

import { spawn } from "node:child_process";
import { main } from "../../src/cmd/main.ts";
import { CollectingHost, FileCache } from "../pool/host.ts";

/** What became of a run. */
export interface Outcome {
  readonly status: number | string;
  readonly output: string;
}

const files = new FileCache([process.env.GOROOT ?? "/usr/local/go"]);

/** Builds with Go3s; `flags` are its -d. */
export function buildOurs(folder: string, binary: string, flags: readonly string[]): Outcome {
  const debug = flags.length > 0 ? ["-d", flags.join(",")] : [];
  const host = new CollectingHost({ args: ["build", ...debug, "-o", binary, "."], cwd: folder }, files);
  const status = main(host);
  return { status, output: host.out.join("") + host.err.join("") };
}

export function run(
  command: string,
  args: readonly string[],
  seconds: number,
  env: Record<string, string> = {},
  cwd?: string,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const options = { env: { ...process.env, ...env }, ...(cwd === undefined ? {} : { cwd }) };
    const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    const chunks: Buffer[] = [];
    let size = 0;
    const take = (data: Buffer): void => {
      size += data.length;
      if (size < 8 << 20) chunks.push(data);
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    const timer = setTimeout(() => child.kill("SIGKILL"), seconds * 1000);
    child.on("error", (error) => resolve({ status: 127, output: String(error) }));
    child.on("close", (status, signal) => {
      clearTimeout(timer);
      resolve({ status: signal ?? status ?? -1, output: Buffer.concat(chunks).toString("latin1") });
    });
  });
}

/** Builds with gc. */
export function buildReference(folder: string, binary: string): Promise<Outcome> {
  return run(
    "go",
    ["build", "-o", binary, "."],
    600,
    { CGO_ENABLED: "0", GOFLAGS: "-mod=mod", GOWORK: "off", GOTOOLCHAIN: "local" },
    folder,
  );
}

/** Whether there is a Go tool to compare with. */
export async function hasReference(): Promise<boolean> {
  return (await run("go", ["version"], 20)).status === 0;
}
