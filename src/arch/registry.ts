// The architectures that there are. Adding one is adding a line here.

import type { Target } from "../ssa/target.ts";
import { amd64Assembler } from "./amd64/asm.ts";
import { amd64 } from "./amd64/index.ts";
import { amd64Link } from "./amd64/reloc.ts";
import type { AsmTarget } from "./asm.ts";

const targets: readonly Target[] = [amd64];

/** The target of a GOARCH, undefined when there is none. */
export function findTarget(goarch: string): Target | undefined {
  return targets.find((t) => t.name === goarch);
}

/** All that one architecture consists of, for whoever builds programs. */
export interface Architecture {
  readonly name: string;
  /** Lowering, registers, emission. */
  readonly target: Target;
  readonly asm: AsmTarget;
  readonly link: typeof amd64Link;
}

/** The architecture of a GOARCH, null when there is none. Call once a build: the assembler's tables are made here. */
export function findArchitecture(goarch: string): Architecture | null {
  if (goarch === "amd64") return { name: goarch, target: amd64, asm: amd64Assembler(), link: amd64Link };
  return null;
}
