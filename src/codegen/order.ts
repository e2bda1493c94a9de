// The order in which blocks are allocated and laid out: reverse postorder with loops together and the likely way straight on, cold blocks
// behind everything else. Every block but the entry comes after one of its predecessors, unless all of them are loop ends.

import { type Block, BlockFork, type Func, LikelyFalse } from "../ssa/func.ts";
import { Dominators, findLoops, type Loop } from "../ssa/dom.ts";

export interface Layout {
  readonly order: readonly Block[];
  readonly dom: Dominators;
  /** Loop depth by block id. */
  readonly depth: Int32Array;
  readonly loops: readonly (Loop | null)[];
}

/** Decides the layout. */
export function layoutBlocks(f: Func): Layout {
  const dom = new Dominators(f);
  const loops = findLoops(f, dom);
  const depth = new Int32Array(f.blocks.length);
  for (let i = 0; i < dom.order.length; i++) {
    const b = dom.order[i];
    depth[b.id] = loops[b.id]?.depth ?? 0;
  }
  const order = depthFirst(f, depth);
  // A block that only cold code leads to is cold.
  const index = new Int32Array(f.blocks.length);
  order.forEach((b, i) => {
    index[b.id] = i;
  });
  for (let k = 0; k < order.length; k++) {
    const b = order[k];
    if (b.cold || b === f.entry) continue;
    let warm = false;
    for (let i = 0; i < b.preds.length; i++) {
      const p = b.preds[i];
      if (dom.reachable(p.id) && !p.cold && index[p.id] < index[b.id]) warm = true;
    }
    if (!warm) b.cold = true;
  }
  const landing = f.entry.kind === BlockFork ? f.entry.succs[1] : null;
  if (landing !== null) landing.cold = true;
  const hot: Block[] = [];
  const cold: Block[] = [];
  for (let i = 0; i < order.length; i++) {
    const b = order[i];
    (b.cold && b !== f.entry ? cold : hot).push(b);
  }
  return { order: [...hot, ...cold], dom, depth, loops };
}

/** Reverse postorder; the successor visited last comes next in it. */
function depthFirst(f: Func, depth: Int32Array): Block[] {
  const seen = new Uint8Array(f.blocks.length);
  const post: Block[] = [];
  const stack: Block[] = [f.entry];
  const lists: Block[][] = [visitOrder(f.entry, depth)];
  seen[f.entry.id] = 1;
  while (stack.length > 0) {
    const list = lists[lists.length - 1] as Block[];
    const s = list.pop();
    if (s === undefined) {
      post.push(stack.pop() as Block);
      lists.pop();
      continue;
    }
    if (seen[s.id] !== 0) continue;
    seen[s.id] = 1;
    stack.push(s);
    lists.push(visitOrder(s, depth));
  }
  return post.reverse();
}

/** Successors, the first to visit last in the list (it is used as a stack): outer loops and cold blocks are visited first. */
function visitOrder(b: Block, depth: Int32Array): Block[] {
  const { succs } = b;
  if (succs.length < 2) return succs.slice();
  // Highest weight is visited last, so it must be at the front of the stack list; ties: the first successor comes next.
  if (succs.length === 2) {
    const first = weight(b, 0, depth);
    const second = weight(b, 1, depth);
    return second > first ? [succs[1], succs[0]] : [succs[0], succs[1]];
  }
  const weights = succs.map((_, i) => weight(b, i, depth));
  const indexes = succs.map((_, i) => i);
  indexes.sort((x, y) => weights[y] - weights[x] || x - y);
  return indexes.map((i) => succs[i]);
}

/** How much the i-th way out of a block wants to come next. */
function weight(b: Block, i: number, depth: Int32Array): number {
  const s = b.succs[i];
  let w = depth[s.id] * 4;
  if (s.cold) w -= 1000;
  if (b.succs.length === 2 && b.likely !== 0 && (b.likely === LikelyFalse) === (i === 1)) w += 2;
  return w;
}
