// A build that has been done before is not done again: what came out of it is kept under a hash of the request and of everything that the build asked its host.
// Two steps: under the request stands which questions the last such build asked; under the questions with today's answers stands the result.

import type { Host } from "../base/host.ts";
import { findGoroot, type Goroot } from "../load/goroot.ts";
import { LoadError } from "../load/package.ts";
import { build, type BuildOutcome, type BuildRequest, type Image } from "./build.ts";
import { answers, type Question, RecordingHost } from "./inputs.ts";
import { Timings } from "./report.ts";
import { Store } from "./store.ts";

/** What stands before the images in an entry. */
interface Header {
  readonly lines: readonly string[];
  readonly packages: readonly string[];
  readonly taken: readonly string[];
  readonly drift: readonly string[];
  readonly images: readonly { readonly name: string; readonly size: number }[];
}

/** Builds packages as `build` does, but takes the result from the store if it is there. Throws InternalError. */
export function cachedBuild(host: Host, request: BuildRequest): BuildOutcome {
  const store = Store.open(host);
  // Developers' switches print while the build goes on.
  if (store === null || request.debug.length > 0 || request.given !== undefined) return build(host, request, { store });
  const about = describe(host, request);
  const listKey = store.key(`questions\n${about}`);
  if (request.fresh !== true) {
    const known = find(host, store, about, listKey);
    if (known !== null) return known;
  }
  const recorder = new RecordingHost(host);
  const outcome = build(recorder, request, { goroot: goroot(recorder), store });
  const result = outcome.status === 0 ? recorder.result() : null;
  if (result !== null) {
    const list = JSON.stringify(result.questions);
    store.put(resultKey(store, about, list, result.answers), encode(outcome));
    store.put(listKey, new TextEncoder().encode(list));
  }
  return outcome;
}

/** All that the result depends on besides the host's answers. */
function describe(host: Host, request: BuildRequest): string {
  // What is added to requests counts without further notice. Requests with the first two are not kept.
  const { given: _given, debug: _debug, fresh: _fresh, threads: _threads, architecture, values, ...rest } = request;
  const given = [...values].map(([path, names]) => [path, [...names]]);
  return JSON.stringify([host.compilerId(), host.cwd(), architecture.name, given, rest]);
}

function resultKey(store: Store, about: string, questions: string, answered: string): string {
  return store.key(`result\n${about}\n${questions}\n${answered}`);
}

/** The Go tree, whose files are known by their times; null: the build will say what is wrong. */
function goroot(recorder: RecordingHost): Goroot | null {
  try {
    const found = findGoroot(recorder);
    recorder.stableBelow(found.folder);
    return found;
  } catch (error) {
    if (error instanceof LoadError) return null;
    throw error;
  }
}

function find(host: Host, store: Store, about: string, listKey: string): BuildOutcome | null {
  const timings = new Timings(host);
  return timings.measure("look up", () => {
    const list = store.get(listKey);
    if (list === null) return null;
    const text = new TextDecoder().decode(list);
    const key = resultKey(store, about, text, answers(host, JSON.parse(text) as Question[]));
    const entry = store.get(key);
    return entry === null ? null : decode(entry, timings);
  });
}

/** The header's length, the header, the images. */
function encode(outcome: BuildOutcome): Uint8Array {
  const { lines, packages, taken, drift, images } = outcome;
  const sizes = images.map((i) => ({ name: i.name, size: i.bytes.length }));
  const header = new TextEncoder().encode(JSON.stringify({ lines, packages, taken, drift, images: sizes } satisfies Header));
  const data = new Uint8Array(4 + header.length + sizes.reduce((sum, i) => sum + i.size, 0));
  new DataView(data.buffer).setUint32(0, header.length, true);
  data.set(header, 4);
  let at = 4 + header.length;
  for (const image of images) {
    data.set(image.bytes, at);
    at += image.bytes.length;
  }
  return data;
}

function decode(data: Uint8Array, timings: Timings): BuildOutcome {
  const length = new DataView(data.buffer, data.byteOffset, 4).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(data.subarray(4, 4 + length))) as Header;
  const images: Image[] = [];
  let at = 4 + length;
  for (const { name, size } of header.images) {
    images.push({ name, bytes: data.subarray(at, at + size) });
    at += size;
  }
  const { lines, packages, taken, drift } = header;
  return { status: 0, lines, images, packages, taken, drift, timings };
}
