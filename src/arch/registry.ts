// The architectures that there are. Adding one is adding a line here.

import type { Target } from "../ssa/target.ts";
import { amd64 } from "./amd64/index.ts";

const targets: readonly Target[] = [amd64];

/** The target of a GOARCH, undefined when there is none. */
export function findTarget(goarch: string): Target | undefined {
  return targets.find((t) => t.name === goarch);
}
