// Threads that work for the compiler's, which waits for them without ever getting to its event loop: so it takes their answers from ports, and finds out from the
// kernel whether a thread is still there.

import * as fs from "node:fs";
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker, workerData } from "node:worker_threads";
import type { Thread, ThreadWork } from "../base/host.ts";

/** What a thread is started with. */
interface Start {
  readonly setup: string;
  readonly shared: Int32Array;
  readonly port: MessagePort;
  /** Gets the kernel's number of the thread. */
  readonly number: Int32Array;
}

export class NodeThread implements Thread {
  private readonly worker: Worker;
  private readonly port: MessagePort;
  private readonly number = new Int32Array(new SharedArrayBuffer(4));

  constructor(script: URL, setup: string, shared: Int32Array) {
    const { port1, port2 } = new MessageChannel();
    const start: Start = { setup, shared, port: port2, number: this.number };
    this.port = port1;
    this.worker = new Worker(script, { workerData: start, transferList: [port2] });
    // Nobody waits for it but its user, who will see that it is gone.
    this.worker.on("error", () => {});
    this.worker.unref();
    port1.unref();
  }

  post(message: Uint8Array): void {
    this.port.postMessage(message, [message.buffer as ArrayBuffer]);
  }

  receive(): Uint8Array | null {
    const received = receiveMessageOnPort(this.port) as { message: Uint8Array } | undefined;
    return received === undefined ? null : received.message;
  }

  isAlive(): boolean {
    const number = Atomics.load(this.number, 0);
    return number === 0 || fs.existsSync(`/proc/self/task/${number}`);
  }

  end(): void {
    void this.worker.terminate();
  }
}

/** The life of a thread. */
export function serveThread(work: ThreadWork): void {
  const { setup, shared, port, number } = workerData as Start;
  Atomics.store(number, 0, Number(fs.readlinkSync("/proc/thread-self").split("/").pop()));
  const answer = work(setup, shared);
  port.on("message", (message: Uint8Array) => {
    const bytes = answer(message);
    if (bytes !== null) port.postMessage(bytes, [bytes.buffer as ArrayBuffer]);
    Atomics.add(shared, 0, 1);
    Atomics.notify(shared, 0);
  });
}
