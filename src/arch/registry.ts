// The architectures that there are. Adding one is adding a line here.

import { amd64Architecture } from "./amd64/architecture.ts";
import type { Architecture } from "./architecture.ts";

const architectures: readonly Architecture[] = [amd64Architecture];

/** The architecture of a GOARCH, null when there is none. */
export function findArchitecture(goarch: string): Architecture | null {
  return architectures.find((a) => a.name === goarch) ?? null;
}

/** The GOARCH that is meant where none is said: that of the machine, as its host calls it, or the first that there is. */
export function defaultArchitecture(machine: string): string {
  const own = architectures.find((a) => a.machines.includes(machine)) ?? (architectures[0] as Architecture);
  return own.name;
}
