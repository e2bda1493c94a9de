// Runs a produced program to its end, with limits in time and output.

import { spawn } from "node:child_process";

export interface Execution {
  /** Exit status, or the name of the signal that ended it, or "timeout". */
  readonly status: number | string;
  /** What it wrote to standard output and standard error, as bytes in latin1. */
  readonly output: string;
}

export interface ExecuteOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Seconds of processor time; on the clock it may take eight times as long, since machines are shared. */
  readonly seconds: number;
}

const maxOutput = 16 << 20;
const clockFactor = 8;

/** Runs a program with both outputs in one pipe, so that they are in order. */
export function execute(program: string, args: readonly string[], options: ExecuteOptions): Promise<Execution> {
  return new Promise((resolve) => {
    // The shell makes one file of both outputs, as a terminal would; `exec` leaves no process between us and the program.
    const script = `ulimit -t ${options.seconds}; exec "$0" "$@" 2>&1`;
    const child = spawn("/bin/sh", ["-c", script, program, ...args], {
      cwd: options.cwd,
      env: { ...process.env, PWD: options.cwd, ...options.env },
      stdio: ["ignore", "pipe", "ignore"],
      detached: true,
    });
    const chunks: Buffer[] = [];
    let size = 0;
    let late = false;
    const stop = (): void => {
      try {
        // The whole group: programs start programs.
        if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      } catch {
        // It has just ended.
      }
    };
    child.stdout.on("data", (data: Buffer) => {
      size += data.length;
      if (size <= maxOutput) chunks.push(data);
      else stop();
    });
    const timer = setTimeout(
      () => {
        late = true;
        stop();
      },
      options.seconds * clockFactor * 1000,
    );
    child.on("error", (error) => {
      clearTimeout(timer);
      resolve({ status: 127, output: String(error) });
    });
    child.on("close", (status, signal) => {
      clearTimeout(timer);
      resolve({
        status: late || signal === "SIGXCPU" ? "timeout" : (signal ?? status ?? 127),
        output: Buffer.concat(chunks).toString("latin1"),
      });
    });
  });
}
