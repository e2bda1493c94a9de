// Orders, dominators and loops of a function's blocks. Dominators by Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm";
// loops are natural loops found from back edges in that tree.

import type { Block, Func } from "./func.ts";

/** The blocks reachable from the entry in postorder (successors before predecessors, back edges aside). */
export function postorder(f: Func): Block[] {
  const seen = new Uint8Array(f.blocks.length);
  const order: Block[] = [];
  const stack: Block[] = [f.entry];
  const next: number[] = [0];
  seen[f.entry.id] = 1;
  while (stack.length > 0) {
    const top = stack.length - 1;
    const b = stack[top] as Block;
    const i = next[top] as number;
    if (i < b.succs.length) {
      next[top] = i + 1;
      const s = b.succs[i] as Block;
      if (seen[s.id] === 0) {
        seen[s.id] = 1;
        stack.push(s);
        next.push(0);
      }
    } else {
      order.push(b);
      stack.pop();
      next.pop();
    }
  }
  return order;
}

/** Whether blocks in postorder have an edge back: without one there are no loops. */
export function isCyclic(f: Func, post: readonly Block[]): boolean {
  const index = new Int32Array(f.blocks.length);
  for (let i = 0; i < post.length; i++) index[post[i].id] = i;
  for (let i = 0; i < post.length; i++) {
    const { succs } = post[i];
    for (let k = 0; k < succs.length; k++) if (index[succs[k].id] >= i) return true;
  }
  return false;
}

/** The dominator tree of a function at one moment; invalid once edges change. */
export class Dominators {
  /** Immediate dominator by block id; 0 for the entry and for unreachable blocks. */
  readonly idom: Int32Array;
  /** Reachable blocks in reverse postorder. */
  readonly order: readonly Block[];
  /** Position in `order` by block id, -1 for unreachable blocks. */
  readonly index: Int32Array;
  /** Preorder and last-descendant numbers in the tree, for constant-time queries; made at the first one. */
  private enter: Int32Array | null = null;
  private leave: Int32Array | null = null;

  constructor(f: Func) {
    const order = postorder(f).reverse();
    const count = f.blocks.length;
    this.order = order;
    this.index = new Int32Array(count).fill(-1);
    for (let i = 0; i < order.length; i++) this.index[(order[i] as Block).id] = i;
    this.idom = new Int32Array(count);
    this.computeIdoms();
  }

  /** Whether every path from the entry to b goes through a (a block dominates itself). Block ids. */
  dominates(a: number, b: number): boolean {
    if (this.enter === null) this.number();
    const enter = this.enter as Int32Array;
    const leave = this.leave as Int32Array;
    return enter[a] <= enter[b] && leave[b] <= leave[a];
  }

  reachable(id: number): boolean {
    return (this.index[id] as number) >= 0;
  }

  private computeIdoms(): void {
    const { order, index, idom } = this;
    const entry = (order[0] as Block).id;
    idom[entry] = entry;
    let changed = true;
    while (changed) {
      changed = false;
      for (let i = 1; i < order.length; i++) {
        const b = order[i] as Block;
        let best = 0;
        for (let j = 0; j < b.preds.length; j++) {
          const p = (b.preds[j] as Block).id;
          if (index[p] === -1 || idom[p] === 0) continue;
          best = best === 0 ? p : this.intersect(best, p);
        }
        if (best !== idom[b.id]) {
          idom[b.id] = best;
          changed = true;
        }
      }
    }
    idom[entry] = 0;
  }

  private intersect(a: number, b: number): number {
    const { index, idom } = this;
    while (a !== b) {
      while ((index[a] as number) > (index[b] as number)) a = idom[a] as number;
      while ((index[b] as number) > (index[a] as number)) b = idom[b] as number;
    }
    return a;
  }

  /** Children come after their parents in reverse postorder, so two sweeps give sizes and preorder numbers. */
  private number(): void {
    const { order, idom } = this;
    const enter = new Int32Array(idom.length);
    const leave = new Int32Array(idom.length);
    const size = new Int32Array(enter.length);
    for (let i = order.length - 1; i >= 0; i--) {
      const id = (order[i] as Block).id;
      size[id]!++;
      const parent = idom[id] as number;
      if (parent !== 0) size[parent]! += size[id] as number;
    }
    const used = new Int32Array(enter.length);
    for (let i = 0; i < order.length; i++) {
      const id = (order[i] as Block).id;
      const parent = idom[id] as number;
      enter[id] = parent === 0 ? 1 : (enter[parent] as number) + 1 + (used[parent] as number);
      if (parent !== 0) used[parent]! += size[id] as number;
      leave[id] = (enter[id] as number) + (size[id] as number) - 1;
    }
    for (let id = 0; id < enter.length; id++) if (this.index[id] === -1) leave[id] = -1;
    this.enter = enter;
    this.leave = leave;
  }
}

/** A natural loop. */
export interface Loop {
  readonly header: Block;
  parent: Loop | null;
  /** 1 for outermost loops. */
  depth: number;
}

/** The innermost loop of every block (by id), null outside loops. Irreducible cycles are no loops here. */
export function findLoops(f: Func, dom: Dominators): (Loop | null)[] {
  const innermost: (Loop | null)[] = new Array<Loop | null>(f.blocks.length).fill(null);
  const loops: Loop[] = [];
  // Inner headers come later in reverse postorder; going backwards meets inner loops first.
  for (let i = dom.order.length - 1; i >= 0; i--) {
    const header = dom.order[i] as Block;
    let work: Block[] | null = null;
    for (let k = 0; k < header.preds.length; k++) {
      const p = header.preds[k];
      // What it dominates comes behind it.
      if (dom.index[p.id] < i || !dom.dominates(header.id, p.id)) continue;
      if (work === null) work = [p];
      else work.push(p);
    }
    if (work === null) continue;
    const loop: Loop = { header, parent: null, depth: 0 };
    loops.push(loop);
    while (work.length > 0) {
      const b = work.pop() as Block;
      let inner = innermost[b.id] as Loop | null;
      if (inner === null) {
        innermost[b.id] = loop;
        if (b !== header) pushReachable(work, b, dom);
        continue;
      }
      while (inner.parent !== null) inner = inner.parent;
      if (inner === loop) continue;
      inner.parent = loop;
      pushReachable(work, inner.header, dom);
    }
    if (innermost[header.id] === null) innermost[header.id] = loop;
  }
  for (let i = loops.length - 1; i >= 0; i--) {
    const loop = loops[i] as Loop;
    loop.depth = loop.parent === null ? 1 : loop.parent.depth + 1;
  }
  return innermost;
}

function pushReachable(work: Block[], b: Block, dom: Dominators): void {
  for (let i = 0; i < b.preds.length; i++) {
    const p = b.preds[i] as Block;
    if (dom.reachable(p.id)) work.push(p);
  }
}
