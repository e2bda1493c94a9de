// Builds in worker threads. A process of its own for each build costs seconds, since the compiler's code is cold each time; a used worker builds a
// small program in one or two. A worker that dies, hangs or grows is replaced, and what it was doing when it ran out of memory
// after other builds is tried once more in a new one.

import { Worker } from "node:worker_threads";
import type { Command } from "./host.ts";
import type { Answer, GivenJob } from "./worker.ts";

export interface PoolOptions {
  /** The bundle of worker.ts. */
  readonly worker: URL;
  readonly size: number;
  /** Folders whose files stay as they are as long as the pool lives. */
  readonly unchanging: readonly string[];
  /** Milliseconds that one command may take, on a clock: generous, since machines are shared. */
  readonly limit?: number;
}

const megabyte = 1 << 20;
const heapLimit = 3000;
/** A worker with more than that in use after a command is replaced. */
const heapAllowed = 1800 * megabyte;

class Seat {
  worker: Worker | null = null;
  commands = 0;
}

/** A number of workers that take commands as they become free. */
export class Pool {
  private readonly options: PoolOptions;
  private readonly free: Seat[] = [];
  private readonly waiting: ((seat: Seat) => void)[] = [];
  private readonly seats: Seat[] = [];

  constructor(options: PoolOptions) {
    this.options = options;
    for (let i = 0; i < options.size; i++) {
      const seat = new Seat();
      this.seats.push(seat);
      this.free.push(seat);
    }
  }

  /** Runs a command of go3s, or builds given packages. Status -1: it took too long; -2: the worker died. */
  async run(command: Command | GivenJob): Promise<Answer> {
    const seat = await this.take();
    try {
      const used = seat.commands > 0;
      const answer = await this.perform(seat, command);
      return answer.status === -2 && used ? await this.perform(seat, command) : answer;
    } finally {
      const next = this.waiting.shift();
      if (next !== undefined) next(seat);
      else this.free.push(seat);
    }
  }

  /** Ends the workers. Nothing may be running. */
  async close(): Promise<void> {
    for (const seat of this.seats) await this.dismiss(seat);
  }

  private take(): Promise<Seat> {
    const seat = this.free.pop();
    return seat !== undefined ? Promise.resolve(seat) : new Promise((resolve) => this.waiting.push(resolve));
  }

  private perform(seat: Seat, command: Command | GivenJob): Promise<Answer> {
    if (seat.worker === null) {
      seat.commands = 0;
      seat.worker = new Worker(this.options.worker, {
        workerData: { unchanging: this.options.unchanging },
        // The main thread of Node has a stack of one megabyte: what needs more fails there, too.
        resourceLimits: { maxOldGenerationSizeMb: heapLimit, stackSizeMb: 1.2 },
      });
    }
    const worker = seat.worker;
    seat.commands++;
    return new Promise((resolve) => {
      const limit = this.options.limit ?? 600_000;
      const broken = (status: number, stderr: string): Answer => ({ status, stdout: "", stderr, milliseconds: 0, heap: 0 });
      const failed = (error: Error): void => void finish(broken(-2, `${error}\n`));
      const ended = (code: number): void => void finish(broken(-2, `the worker ended with ${code}\n`));
      const finish = async (answer: Answer): Promise<void> => {
        clearTimeout(timer);
        // One by one: the worker has listeners of its own.
        worker.off("message", finish).off("error", failed).off("exit", ended);
        if (answer.status < 0 || answer.heap > heapAllowed) await this.dismiss(seat);
        resolve(answer);
      };
      const timer = setTimeout(() => finish(broken(-1, `no end after ${limit / 1000} s\n`)), limit);
      worker.on("message", finish).on("error", failed).on("exit", ended);
      worker.postMessage(command);
    });
  }

  private async dismiss(seat: Seat): Promise<void> {
    const worker = seat.worker;
    seat.worker = null;
    if (worker === null) return;
    worker.on("error", () => {});
    await worker.terminate();
  }
}
