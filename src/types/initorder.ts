// The order in which package variables are initialised: by dependency, then by source.

import type { Checker } from "./checker.ts";
import { errorf, newError } from "./errors.ts";
import type { Initializer } from "./info.ts";
import * as K from "./kinds.ts";
import type { DeclInfo } from "./declinfo.ts";
import type { Obj } from "./object.ts";

class GraphNode {
  readonly obj: Obj;
  readonly pred: Set<GraphNode> = new Set();
  readonly succ: Set<GraphNode> = new Set();
  ndeps = 0;
  index = 0;

  constructor(obj: Obj) {
    this.obj = obj;
  }
}

function isDependency(obj: Obj): boolean {
  return obj.kind === K.OConst || obj.kind === K.OVar || obj.kind === K.OFunc;
}

/** The steps that initialise variables among `objects`, which must hold all that these depend on. Reports initialisation cycles. */
export function initOrder(check: Checker, objects: readonly Obj[]): Initializer[] {
  const order: Initializer[] = [];
  const queue = new NodeQueue(dependencyGraph(objects));
  const emitted = new Set<DeclInfo>();
  for (;;) {
    const n = queue.pop();
    if (n === null) break;
    // Something that still depends on others is part of, or behind, a cycle.
    if (n.ndeps > 0) {
      const cycle = findPath(n.obj, n.obj, new Set());
      if (cycle !== null) reportCycle(check, cycle);
    }
    for (const p of n.pred) {
      p.ndeps--;
      queue.fix(p);
    }
    const v = n.obj;
    if (v.kind !== K.OVar || v.decl === null || !v.decl.hasInitializer() || emitted.has(v.decl)) continue;
    emitted.add(v.decl);
    order.push(v.decl.initializerOf(v));
  }
  return order;
}

/** A path from one object to another along dependencies, in reverse, or null. */
function findPath(from: Obj, to: Obj, seen: Set<Obj>): Obj[] | null {
  if (seen.has(from)) return null;
  seen.add(from);
  const deps = from.decl === null || from.decl.deps === null ? [] : Array.from(from.decl.deps).sort((a, b) => a.order - b.order);
  for (const d of deps) {
    if (d === to) return [d];
    const path = findPath(d, to, seen);
    if (path !== null) {
      path.push(d);
      return path;
    }
  }
  return null;
}

function reportCycle(check: Checker, cycle: Obj[]): void {
  let obj = cycle[0];
  if (cycle.length === 1) {
    errorf(check, obj, "initialization cycle: %s refers to itself", obj.name);
    return;
  }
  const err = newError(check);
  err.addf(obj, "initialization cycle for %s", obj.name);
  for (let j = cycle.length - 1; j >= 0; j--) {
    const next = cycle[j];
    err.addf(obj, "%s refers to %s", obj.name, next.name);
    obj = next;
  }
  err.report();
}

/** The graph of constants and variables; functions are replaced by what they refer to. */
function dependencyGraph(objects: readonly Obj[]): GraphNode[] {
  const nodes: Map<Obj, GraphNode> = new Map();
  for (const obj of objects) {
    if (isDependency(obj)) nodes.set(obj, new GraphNode(obj));
  }
  const graph: GraphNode[] = [];
  const funcs: GraphNode[] = [];
  for (const n of nodes.values()) {
    for (const d of n.obj.decl?.deps ?? []) {
      const s = nodes.get(d);
      if (s === undefined) continue;
      n.succ.add(s);
      s.pred.add(n);
    }
    (n.obj.kind === K.OFunc ? funcs : graph).push(n);
  }
  // The cheap ones first: edges multiply.
  const cost = (n: GraphNode): number => n.pred.size * n.succ.size;
  const costs = new Map(funcs.map((n) => [n, cost(n)]));
  funcs.sort((a, b) => (costs.get(a) as number) - (costs.get(b) as number));
  for (const n of funcs) {
    for (const p of n.pred) {
      if (p === n) continue;
      for (const s of n.succ) {
        if (s === n) continue;
        p.succ.add(s);
        s.pred.add(p);
      }
      p.succ.delete(n);
    }
    for (const s of n.succ) s.pred.delete(n);
  }
  for (const n of graph) n.ndeps = n.succ.size;
  return graph;
}

/** A heap: constants first, then by the number of dependencies that are left, then by source. */
class NodeQueue {
  private readonly heap: GraphNode[];

  constructor(nodes: GraphNode[]) {
    this.heap = nodes.slice().sort((a, b) => (less(a, b) ? -1 : 1));
    for (let i = 0; i < this.heap.length; i++) this.heap[i].index = i;
  }

  pop(): GraphNode | null {
    if (this.heap.length === 0) return null;
    const top = this.heap[0];
    const last = this.heap.pop() as GraphNode;
    if (last !== top) {
      this.heap[0] = last;
      last.index = 0;
      this.down(0);
    }
    top.index = -1;
    return top;
  }

  fix(n: GraphNode): void {
    if (n.index < 0) return;
    if (!this.down(n.index)) this.up(n.index);
  }

  private up(i: number): void {
    const h = this.heap;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!less(h[i], h[parent])) return;
      this.swap(i, parent);
      i = parent;
    }
  }

  private down(i: number): boolean {
    const h = this.heap;
    const start = i;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= h.length) break;
      if (child + 1 < h.length && less(h[child + 1], h[child])) child++;
      if (!less(h[child], h[i])) break;
      this.swap(i, child);
      i = child;
    }
    return i > start;
  }

  private swap(i: number, j: number): void {
    const h = this.heap;
    const x = h[i];
    h[i] = h[j];
    h[j] = x;
    h[i].index = i;
    h[j].index = j;
  }
}

function less(x: GraphNode, y: GraphNode): boolean {
  const xc = x.obj.kind === K.OConst;
  if (xc !== (y.obj.kind === K.OConst)) return xc;
  return x.ndeps !== y.ndeps ? x.ndeps < y.ndeps : x.obj.order < y.obj.order;
}
