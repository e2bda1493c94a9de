// Programs are the same whichever bodies come from earlier builds.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Architecture } from "../arch/architecture.ts";
import { findArchitecture } from "../arch/registry.ts";
import { Kept } from "../base/kept.ts";
import { NodeHost } from "../host/node.ts";
import { findGoroot } from "../syntax/testing.ts";
import { noModuleFlags } from "../load/load.ts";
import { build } from "./build.ts";

const skip = findGoroot() === "" && "no Go tree";

/** A memory with holes. */
class Sieve extends Kept {
  /** Some of what is asked for isn't there: what has this rest by two. */
  hole = -1;
  found = 0;

  override get(key: string): Uint8Array | undefined {
    const data = key.charCodeAt(0) % 2 === this.hole ? undefined : super.get(key);
    if (data !== undefined) this.found++;
    return data;
  }
}

class SieveHost extends NodeHost {
  override readonly kept: Sieve = new Sieve(1 << 30);
}

function image(host: SieveHost, debug: readonly string[]): Uint8Array {
  host.kept.found = 0;
  const outcome = build(host, {
    args: ["./src/driver/testdata/bodies.go"],
    tags: [],
    modules: noModuleFlags,
    trimpath: true,
    fips140: "off",
    values: new Map(),
    errorLimit: 0,
    strip: false,
    debug,
    architecture: findArchitecture("amd64") as Architecture,
    threads: 1,
  });
  assert.deepEqual([outcome.status, outcome.lines], [0, []]);
  return (outcome.images[0] as { bytes: Uint8Array }).bytes;
}

test("programs are the same whichever bodies are kept", { skip }, () => {
  const fresh = image(new SieveHost([]), ["verify"]);
  const host = new SieveHost([]);
  assert.deepEqual(image(host, ["verify"]), fresh);
  assert.equal(host.kept.found, 0);
  // With all of them, with some, and compared with what comes out today.
  assert.deepEqual(image(host, ["verify"]), fresh);
  const all = host.kept.found;
  for (let hole = 0; hole < 2; hole++) {
    host.kept.hole = hole;
    assert.deepEqual(image(host, ["verify"]), fresh, `without ${hole} of 2`);
    assert.ok(host.kept.found > 0 && host.kept.found < all, `${host.kept.found} of ${all}`);
  }
  host.kept.hole = -1;
  image(host, ["verify", "bodies"]);
  assert.equal(host.kept.found, all);
});
