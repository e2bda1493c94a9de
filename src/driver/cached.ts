// A build that has been done before is not done again: what came out of it is kept under a hash of the request and of everything that the build asked its host (memory.ts).

import type { Host } from "../base/host.ts";
import { build, type BuildOutcome, type BuildRequest, describe, type Image } from "./build.ts";
import { Memory, recordedGoroot } from "./memory.ts";
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
  const memory = new Memory(host, store, describe(host, request));
  if (request.fresh !== true) {
    const timings = new Timings(host);
    const known = timings.measure("look up", () => memory.find());
    if (known !== null) return decode(known, timings);
  }
  return memory.note(
    (recorder) => build(recorder, request, { goroot: recordedGoroot(recorder), store }),
    (outcome) => (outcome.status === 0 ? encode(outcome) : null),
  );
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
