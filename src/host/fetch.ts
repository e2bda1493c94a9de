// Fetches files from http, https and file addresses while the caller waits. What comes from the network is fetched by a thread that is started when it is
// first needed, several files at a time.

import * as fs from "node:fs";
import { fileURLToPath } from "node:url";
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import type { FetchRequest, FetchResult } from "../base/host.ts";
import { program } from "./fetcher.gen.ts";

export class Fetching {
  private worker: Worker | null = null;
  private port: MessagePort | null = null;
  private readonly flag = new Int32Array(new SharedArrayBuffer(4));

  fetch(requests: readonly FetchRequest[], live: boolean): FetchResult[] {
    const results: FetchResult[] = [];
    const remote: number[] = [];
    requests.forEach((r, i) => {
      if (!r.url.startsWith("file:")) remote.push(i);
      else results[i] = local(r);
    });
    if (remote.length === 0) return results;
    const asked = remote.map((i) => {
      const { url, file, limit, title } = requests[i] as FetchRequest;
      if (title !== undefined && !live) fs.writeSync(2, `${title}\n`);
      return title !== undefined && live ? { url, file, limit, title } : { url, file, limit };
    });
    this.remote(asked).forEach((r, i) => {
      results[remote[i] as number] = r;
    });
    return results;
  }

  private remote(requests: FetchRequest[]): FetchResult[] {
    if (this.port === null) {
      const { port1, port2 } = new MessageChannel();
      this.worker = new Worker(program, { eval: true, workerData: { port: port2, flag: this.flag }, transferList: [port2] });
      this.worker.unref();
      port1.unref();
      this.port = port1;
    }
    Atomics.store(this.flag, 0, 0);
    this.port.postMessage(requests);
    Atomics.wait(this.flag, 0, 0);
    const reply = receiveMessageOnPort(this.port) as { message: FetchResult[] };
    return reply.message;
  }
}

function local(request: FetchRequest): FetchResult {
  try {
    const path = fileURLToPath(request.url);
    const size = fs.statSync(path).size;
    if (size > request.limit) return { status: 0, error: `larger than ${request.limit} bytes`, data: null };
    if (request.file === "") {
      const data = fs.readFileSync(path);
      return { status: 200, error: "", data: new Uint8Array(data.buffer, data.byteOffset, data.length) };
    }
    fs.copyFileSync(path, request.file);
    return { status: 200, error: "", data: null };
  } catch (e) {
    const code = (e as { code?: string }).code;
    if (code === "ENOENT" || code === "ENOTDIR") return { status: 404, error: "no such file or directory", data: null };
    return { status: 0, error: code === "EISDIR" ? "is a directory" : String(e instanceof Error ? e.message : e), data: null };
  }
}
