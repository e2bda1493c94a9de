import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { CompilerScript } from "./script.ts";

const source = (status: number): string => `module.exports = { main: (args) => args.length + ${status} };`;

async function bytecode(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "go3s-script-"));
  const bundle = join(folder, "compiler.cjs");
  try {
    writeFileSync(bundle, source(3));
    const first = new CompilerScript(folder);
    assert.equal(first.load(import.meta.url).main(["a"]), 4);
    assert.equal(first.cached, false);
    writeFileSync(join(folder, "compiler.cache"), first.cacheFile());

    const second = new CompilerScript(folder);
    assert.equal(second.cached, true);
    assert.equal(second.load(import.meta.url).main([]), 3);

    const worker = new Worker(new URL(import.meta.url), { workerData: folder });
    assert.equal(await new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject)), true);

    writeFileSync(bundle, source(5));
    const third = new CompilerScript(folder);
    assert.equal(third.cached, false);
    assert.equal(third.load(import.meta.url).main([]), 5);

    writeFileSync(join(folder, "compiler.cache"), "junk");
    assert.equal(new CompilerScript(folder).cached, false);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// The file is what its threads run, too: their flags are those that the process has by then.
if (!isMainThread) parentPort?.postMessage(new CompilerScript(workerData as string).cached);
else test("bytecode is used for the bundle that it was made from, and for no other of the same length", bytecode);
