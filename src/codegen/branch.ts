// Branches are left out while code is written and put in afterwards, each as short as its distance allows: all start short, those that do
// not reach grow, until all reach. Every offset noted meanwhile is translated.

import type { Target } from "../ssa/target.ts";

export class BranchBuffer {
  private readonly target: Target;
  /** Where each branch stands in the code without branches; ascending. */
  private readonly at: number[] = [];
  private readonly condition: number[] = [];
  private readonly label: number[] = [];
  /** Offsets of labels in the code without branches, and how many branches stand before each. */
  private readonly labelAt = new Map<number, number>();
  private readonly labelBefore = new Map<number, number>();
  private long: Uint8Array = new Uint8Array(0);
  /** Bytes of branches before branch i. */
  private shift: Int32Array = new Int32Array(1);

  constructor(target: Target) {
    this.target = target;
  }

  branch(at: number, condition: number, label: number): void {
    this.at.push(at);
    this.condition.push(condition);
    this.label.push(label);
  }

  setLabel(label: number, at: number): void {
    this.labelAt.set(label, at);
    this.labelBefore.set(label, this.at.length);
  }

  /** A mark of the present moment, to be translated by `offset` later. */
  get count(): number {
    return this.at.length;
  }

  /** Decides all sizes. */
  resolve(): void {
    const { target, at, condition, label } = this;
    const n = at.length;
    const long = new Uint8Array(n);
    const shift = new Int32Array(n + 1);
    const labels = label.map((l) => {
      const place = this.labelAt.get(l);
      if (place === undefined) throw new Error(`codegen: branch to block ${l}, which has no code`);
      return place;
    });
    const before = label.map((l) => this.labelBefore.get(l) as number);
    this.long = long;
    this.shift = shift;
    let changed = true;
    while (changed) {
      changed = false;
      let sum = 0;
      for (let i = 0; i < n; i++) {
        shift[i] = sum;
        sum += target.branchSize(condition[i], long[i] !== 0);
      }
      shift[n] = sum;
      for (let i = 0; i < n; i++) {
        if (long[i] !== 0) continue;
        const end = at[i] + shift[i] + target.branchSize(condition[i], false);
        if (!target.branchReaches(labels[i] + shift[before[i]] - end)) {
          long[i] = 1;
          changed = true;
        }
      }
    }
  }

  /** The final offset of a place: its offset without branches and the branches noted before it. */
  offset(at: number, before: number): number {
    return at + this.shift[before];
  }

  labelOffset(label: number): number {
    return this.offset(this.labelAt.get(label) as number, this.labelBefore.get(label) as number);
  }

  /** How many branches stand before or at an offset that lies inside an instruction: those at smaller or equal offsets. */
  countBefore(at: number): number {
    let low = 0;
    let high = this.at.length;
    while (low < high) {
      const mid = (low + high) >> 1;
      if (this.at[mid] <= at) low = mid + 1;
      else high = mid;
    }
    return low;
  }

  /** The code with its branches; `tail` more bytes are left free at the end. */
  write(code: Uint8Array, length: number, tail: number): Uint8Array {
    const { target, at, condition, label, long, shift } = this;
    const n = at.length;
    const out = new Uint8Array(length + shift[n] + tail);
    let from = 0;
    for (let i = 0; i < n; i++) {
      out.set(code.subarray(from, at[i]), from + shift[i]);
      from = at[i];
      const place = at[i] + shift[i];
      const size = target.branchSize(condition[i], long[i] !== 0);
      target.writeBranch(out, place, condition[i], this.labelOffset(label[i]) - place - size, long[i] !== 0);
    }
    out.set(code.subarray(from, length), from + shift[n]);
    return out;
  }
}
