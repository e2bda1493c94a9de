// What passes over one function hand on to each other: analyses of its graph, which hold as long as no edge changes.

import { Dominators } from "../ssa/dom.ts";
import type { Func } from "../ssa/func.ts";

/** Belongs to one function on its way through the pipeline. */
export class Shared {
  private dom: Dominators | null = null;

  dominators(f: Func): Dominators {
    this.dom ??= new Dominators(f);
    return this.dom;
  }

  /** A pass changed edges. */
  forgetGraph(): void {
    this.dom = null;
  }
}
