// Go values during generation. SSA values are scalars, so a Go value is either its scalar parts or a place in memory.

import type { Value } from "../ssa/func.ts";
import type { Variable } from "./builder.ts";
import type { Shape } from "./shape.ts";

/** Values of more parts than this live in memory. */
const maxParts = 4;

/** Whether values of a shape are handled as scalar parts. */
export function isSmall(shape: Shape): boolean {
  return shape.inRegisters && shape.components.length <= maxParts;
}

/** A Go value: parts, or an address, or (large and neither) zero. */
export class Operand {
  readonly shape: Shape;
  readonly parts: readonly Value[] | null;
  readonly addr: Value;
  /** The memory is a temporary that nothing else changes. */
  readonly own: boolean;

  constructor(shape: Shape, parts: readonly Value[] | null, addr: Value, own: boolean) {
    this.shape = shape;
    this.parts = parts;
    this.addr = addr;
    this.own = own;
  }

  get isZero(): boolean {
    return this.parts === null && this.addr === 0;
  }
}

/** Where a Go variable of a function lives: in SSA variables, in a frame slot, or behind a pointer held by an SSA variable. */
export class Local {
  readonly shape: Shape;
  readonly variables: readonly Variable[] | null;
  readonly slot: number;
  readonly pointer: Variable;

  constructor(shape: Shape, variables: readonly Variable[] | null, slot: number, pointer: Variable) {
    this.shape = shape;
    this.variables = variables;
    this.slot = slot;
    this.pointer = pointer;
  }
}
