import assert from "node:assert/strict";
import { test } from "node:test";
import { isMainThread } from "node:worker_threads";
import { NodeHost } from "./node.ts";
import { serveThread } from "./thread.ts";

/** Adds a number to bytes; 0 is not answered, 1 is death. */
function adding(setup: string): (message: Uint8Array) => Uint8Array | null {
  return (message) => {
    if (message[0] === 1) process.exit(3);
    return message[0] === 0 ? null : message.map((b) => b + Number(setup));
  };
}

/** Waits for so many messages to be dealt with. */
function wait(shared: Int32Array, count: number): void {
  for (let seen = shared[0] as number; seen < count; seen = Atomics.load(shared, 0)) Atomics.wait(shared, 0, seen);
}

if (!isMainThread) {
  serveThread(adding);
} else {
  const start = (): { thread: NonNullable<ReturnType<NodeHost["startThread"]>>; shared: Int32Array } => {
    const shared = new Int32Array(new SharedArrayBuffer(4));
    const thread = new NodeHost([], new URL(import.meta.url)).startThread("5", shared);
    assert.ok(thread !== null);
    return { thread, shared };
  };

  test("a thread answers in order while this one waits", () => {
    const { thread, shared } = start();
    assert.equal(thread.receive(), null);
    for (const n of [10, 0, 20]) thread.post(new Uint8Array([n, n]));
    wait(shared, 3);
    assert.deepEqual(thread.receive(), new Uint8Array([15, 15]));
    assert.deepEqual(thread.receive(), new Uint8Array([25, 25]));
    assert.equal(thread.receive(), null);
    assert.ok(thread.isAlive());
    thread.end();
  });

  test("a thread that has died is known to be dead", () => {
    const { thread, shared } = start();
    thread.post(new Uint8Array([7]));
    wait(shared, 1);
    assert.ok(thread.isAlive());
    thread.post(new Uint8Array([1]));
    for (let i = 0; i < 600 && thread.isAlive(); i++) Atomics.wait(shared, 0, 1, 100);
    assert.ok(!thread.isAlive());
  });

  test("there are no threads without a script for them", () => {
    assert.equal(new NodeHost([]).startThread("", new Int32Array(1)), null);
  });
}
