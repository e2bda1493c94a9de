// All that one architecture consists of, for whoever builds programs. Nothing outside of src/arch asks which architecture it has.

import type { Target } from "../ssa/target.ts";
import type { AsmTarget } from "./asm.ts";

/** What the linker has to know. */
export interface ArchitectureLink {
  /** e_machine. */
  readonly machine: number;
  readonly elfFlags: number;
  /** What fills the gaps between functions. */
  readonly textFill: number;
  /** Applies an architecture-specific relocation: S + A and P are addresses in the image. False: out of range. */
  readonly relocate: (kind: number, bytes: Uint8Array, offset: number, target: number, place: number) => boolean;
}

export interface Architecture {
  /** The value of GOARCH. */
  readonly name: string;
  /** What hosts call machines of this architecture. */
  readonly machines: readonly string[];
  /** Build tags beside the name: the baseline that code is made for, and the experiments that Go has on here. */
  readonly tags: readonly string[];
  /** What assembly files see defined beside the names of system and architecture. */
  readonly asmDefines: readonly string[];
  /** The symbol where a program starts. */
  readonly entry: string;
  /** Lowering, registers, emission. */
  readonly target: Target;
  readonly link: ArchitectureLink;
  /** The assembler's tables, made when they are needed. */
  newAssembler(): AsmTarget;
}
