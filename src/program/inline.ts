// Inlining over SSA, callees first, with an eye on size: what is smaller than its call, what has a single caller, leaf functions in loops, and
// closures that are known where they are called. Inlined values keep their positions and get a node in the inlining tree, so tracebacks
// show the calls as they were written.

import {
  BlockFork,
  BlockPlain,
  BlockRet,
  type Block,
  type CallInfo,
  FnHasDefer,
  FnNoInline,
  FnNoPoll,
  FnSystemStack,
  FnWrapper,
  type Func,
  type Slot,
  type Value,
} from "../ssa/func.ts";
import { Dominators, findLoops, isCyclic, postorder } from "../ssa/dom.ts";
import * as O from "../ssa/ops.gen.ts";
import { FuncFlagWrapper } from "../ssa/object.ts";
import { NoSym, type Sym } from "../ssa/symbol.ts";
import { SymMap } from "../ssa/symmap.ts";
import { TypePtr, type ValueType } from "../ssa/types.ts";
import type { Pos } from "../base/pos.ts";
import { components } from "./callgraph.ts";
import { type DevirtualiseHost, devirtualise } from "./devirtualise.ts";
import type { EscapeHost } from "./escape-host.ts";
import { RefCall, RefWatched } from "./references.ts";

export interface InlineHost extends EscapeHost, DevirtualiseHost {
  /** Whether a function does nothing but to call assembly by the stack convention. */
  isAssemblyWrapper(f: Func): boolean;
  /** Something other than a direct call refers to the function. */
  isTaken(sym: Sym): boolean;
}

/** Not larger than the call it replaces, or hardly. */
const smallCost = 12;
/** Leaf functions called in loops. */
const loopCost = 30;
/** Functions with one caller vanish: up to this size. */
const singleCost = 120;
/** Functions that return what they allocate: where the result does not escape, it can live in the caller's frame. */
const freshCost = 40;
/** Functions that call functions which they are given: where it is known which, calls become direct. */
const callingCost = 40;
/** Functions that have grown to this number of values take in only small ones. */
const callerLimit = 4000;
const maxChain = 12;

/** What is known of a possible callee. */
class Candidate {
  readonly f: Func;
  readonly cost: number;
  readonly leaf: boolean;
  /** It returns memory of its own making. */
  readonly fresh: boolean;
  /** The arguments in registers that it calls. */
  readonly called: readonly number[];
  /** It calls assembly, by the convention that this has. */
  readonly wrapper: boolean;
  private depths: Int32Array | null = null;

  constructor(f: Func, cost: number, leaf: boolean, fresh: boolean, called: readonly number[], wrapper: boolean) {
    this.wrapper = wrapper;
    this.f = f;
    this.cost = cost;
    this.leaf = leaf;
    this.fresh = fresh;
    this.called = called;
  }

  /** How deep in loops its blocks are; for functions that do not change any more. */
  get loops(): Int32Array {
    this.depths ??= loopDepths(this.f);
    return this.depths;
  }
}

/** Functions that ask who calls them. */
class Askers {
  private readonly host: EscapeHost;
  private readonly known = new SymMap<boolean>();

  constructor(host: EscapeHost) {
    this.host = host;
  }

  has(sym: Sym): boolean {
    let asks = this.known.get(sym);
    if (asks === undefined) {
      asks = /^runtime\.(gorecover|Callers?|callers|deferproc\w*|deferreturn|getcaller\w+)$/.test(this.host.nameOf(sym));
      this.known.set(sym, asks);
    }
    return asks;
  }
}

/**
 * Inlines in all functions, and makes calls direct whose targets come to light. `found` gets the symbols that functions refer to because of that. Returns the
 * number of calls replaced.
 */
export function inlineCalls(functions: readonly Func[], host: InlineHost, found: Sym[]): number {
  const bySym = new SymMap<Func>();
  for (const f of functions) bySym.set(f.sym, f);
  const calls = new SymMap<number>();
  const makes = new SymMap<number>();
  for (const f of functions) countCalls(f, calls, makes);
  const candidates = new SymMap<Candidate | null>();
  const again: Func[] = [];
  const askers = new Askers(host);
  let count = 0;
  for (const group of components(functions, host)) {
    const members = new Set(group.map((f) => f.sym));
    for (const f of group) {
      const inlined = new Inliner(f, host, askers, bySym, candidates, members, calls, makes).run();
      if (inlined === 0) continue;
      count += inlined;
      host.changed(f);
      const known = found.length;
      for (const sym of devirtualise(f, host)) found.push(sym);
      if (found.length > known) again.push(f);
    }
    for (const f of group) candidates.set(f.sym, group.length > 1 || callsSelf(f) ? null : judge(f, askers, host));
  }
  // The graph of calls does not have those that have become direct: now all that they may reach is known.
  for (const f of again) {
    count += new Inliner(f, host, askers, bySym, candidates, new Set([f.sym]), calls, makes).run();
    host.changed(f);
    if (candidates.get(f.sym) !== null) candidates.set(f.sym, callsSelf(f) ? null : judge(f, askers, host));
  }
  return count;
}

function callsSelf(f: Func): boolean {
  return f.calls.some((c) => c !== null && c !== undefined && c.sym === f.sym);
}

function countCalls(f: Func, calls: SymMap<number>, makes: SymMap<number>): void {
  for (let k = 0; k < f.blocks.length; k++) {
    const b = f.blocks[k];
    if (!b) continue;
    for (let i = 0; i < b.values.length; i++) {
      const v = b.values[i];
      if (f.op[v] === O.OpCallStatic) {
        const sym = (f.calls[f.aux[v] as number] as CallInfo).sym;
        calls.set(sym, (calls.get(sym) ?? 0) + 1);
      } else if (f.op[v] === O.OpSymAddr) {
        const sym = f.aux[v] as Sym;
        makes.set(sym, (makes.get(sym) ?? 0) + 1);
      }
    }
  }
}

/** What the code of an operation costs, roughly in instructions. */
function costOf(f: Func, v: Value): number {
  switch (f.op[v]) {
    case O.OpPhi:
    case O.OpCopy:
    case O.OpInitMem:
    case O.OpArg:
    case O.OpArgAddr:
    case O.OpSelect:
    case O.OpSelectMem:
    case O.OpConst:
    case O.OpSlotAddr:
    case O.OpOffPtr:
    case O.OpClosure:
    case O.OpKeepAlive:
    case O.OpBuffer:
      return 0;
    case O.OpCallStatic:
    case O.OpCallClosure:
    case O.OpCallInter:
      return 4 + ((f.argCount[v] as number) >> 1);
    case O.OpNew:
    case O.OpMakeSlice:
    case O.OpBox:
      return 4;
    case O.OpMove:
    case O.OpZero:
      return 2 + Math.min(8, f.auxInt(v) >> 4);
    case O.OpDiv:
    case O.OpMod:
      return 3;
    default:
      return 1;
  }
}

/** Whether and at what price a function can be inlined; null: never. */
function judge(f: Func, askers: Askers, host: InlineHost): Candidate | null {
  const wrapper = (f.flags & FnWrapper) !== 0;
  if (wrapper && !host.isAssemblyWrapper(f)) return null;
  if ((f.flags & (FnNoInline | FnHasDefer | FnSystemStack)) !== 0) return null;
  if (f.abi.argSize > 0) return null;
  let cost = 0;
  let leaf = true;
  let returns = false;
  const called: number[] = [];
  for (let k = 0; k < f.blocks.length; k++) {
    const b = f.blocks[k];
    if (!b) continue;
    if (b.kind === BlockFork) return null;
    if (b.kind === BlockRet) returns = true;
    if (b.kind !== BlockPlain && b.kind !== BlockRet) cost++;
    for (let i = 0; i < b.values.length; i++) {
      const v = b.values[i];
      const op = f.op[v] as number;
      switch (op) {
        case O.OpCallerPC:
        case O.OpCallerSP:
        case O.OpGetSP:
        case O.OpArgAddr:
          return null;
        case O.OpCallStatic: {
          const info = f.calls[f.aux[v] as number] as CallInfo;
          if (askers.has(info.sym)) return null;
          if (!info.noReturn) leaf = false;
          break;
        }
        case O.OpCallClosure: {
          let p = f.arg(v, 0);
          while (f.op[p] === O.OpCopy || f.op[p] === O.OpNilCheck) p = f.arg(p, 0);
          if (f.op[p] === O.OpArg) called.push(f.auxInt(p));
          leaf = false;
          break;
        }
        case O.OpCallInter:
          leaf = false;
          break;
      }
      // Failing checks are out of the way; they count for size alone.
      cost += costOf(f, v);
    }
  }
  if (!returns || cost > singleCost) return null;
  return new Candidate(f, cost, leaf, !wrapper && cost <= freshCost && returnsFresh(f), called, wrapper);
}

/** Whether a function returns what it allocates, by itself or as it comes back from a call. */
function returnsFresh(f: Func): boolean {
  const seen = new Set<Value>();
  const work: Value[] = [];
  for (let i = 0; i < f.blocks.length; i++) {
    const b = f.blocks[i];
    if (b && b.kind === BlockRet) work.push(...b.controls);
  }
  while (work.length > 0) {
    const v = work.pop() as Value;
    if (f.type[v] !== TypePtr || seen.has(v)) continue;
    seen.add(v);
    switch (f.op[v]) {
      case O.OpBuffer:
        return true;
      case O.OpPhi:
      case O.OpCopy:
      case O.OpOffPtr:
      case O.OpAddPtr:
      case O.OpNilCheck:
        work.push(...f.args(v));
        break;
      case O.OpSelect: {
        const made = f.arg(v, 0);
        if (f.op[made] === O.OpNew || f.op[made] === O.OpMakeSlice || f.op[made] === O.OpBox) return true;
        if (f.op[made] === O.OpCallStatic) work.push(...f.args(made));
        break;
      }
    }
  }
  return false;
}

class Inliner {
  private readonly f: Func;
  private readonly host: InlineHost;
  private readonly askers: Askers;
  private readonly bySym: SymMap<Func>;
  private readonly candidates: SymMap<Candidate | null>;
  private readonly members: ReadonlySet<Sym>;
  private readonly calls: SymMap<number>;
  private readonly makes: SymMap<number>;
  /** By block id: how many inlined calls it stands in. */
  private readonly chain: number[] = [];
  private depths: Int32Array;
  private small = false;
  private done = 0;

  constructor(
    f: Func,
    host: InlineHost,
    askers: Askers,
    bySym: SymMap<Func>,
    candidates: SymMap<Candidate | null>,
    members: ReadonlySet<Sym>,
    calls: SymMap<number>,
    makes: SymMap<number>,
  ) {
    this.f = f;
    this.host = host;
    this.askers = askers;
    this.bySym = bySym;
    this.candidates = candidates;
    this.members = members;
    this.calls = calls;
    this.makes = makes;
    this.depths = new Int32Array(0);
  }

  run(): number {
    const { f } = this;
    if (!this.mayHaveTargets()) return 0;
    let any = false;
    for (let i = 0; i < f.blocks.length; i++) {
      const b = f.blocks[i];
      if (b && this.hasTarget(b)) {
        any = true;
        break;
      }
    }
    if (!any) return 0;
    if (f.valueCount < 4 * freshCost) {
      const own = judge(f, this.askers, this.host);
      this.small = own?.fresh === true;
    }
    this.depths = loopDepths(f);
    // New blocks come at the end and are looked at as well: calls in inlined bodies.
    for (let id = 1; id < f.blocks.length; id++) {
      const b = f.blocks[id];
      if (b === null || b === undefined) continue;
      for (let i = 0; i < b.values.length; i++) {
        const v = b.values[i] as Value;
        const t = this.target(v);
        if (t === null || !this.wanted(b, v, t)) continue;
        this.inline(b, i, v, t);
        this.done++;
        // The rest of the block has moved to a block of its own, further on.
        break;
      }
    }
    return this.done;
  }

  private mayHaveTargets(): boolean {
    const { syms, kinds, dynamic } = this.host.referencesOf(this.f);
    if (dynamic) return true;
    for (let i = 0; i < syms.length; i++) {
      if ((kinds[i] === RefCall || kinds[i] === RefWatched) && this.isCandidate(syms[i])) return true;
    }
    return false;
  }

  private isCandidate(sym: Sym): boolean {
    return (this.candidates.get(sym) ?? null) !== null && !this.members.has(sym);
  }

  private hasTarget(b: Block): boolean {
    for (let i = 0; i < b.values.length; i++) if (this.target(b.values[i] as Value) !== null) return true;
    return false;
  }

  /** The function that a call surely reaches, if it can be inlined. */
  private target(v: Value): Candidate | null {
    const { f } = this;
    const op = f.op[v] as number;
    if (op !== O.OpCallStatic && op !== O.OpCallClosure) return null;
    let sym: Sym;
    if (op === O.OpCallStatic) sym = (f.calls[f.aux[v] as number] as CallInfo).sym;
    else sym = closureCode(f, f.arg(v, 0), this.bySym, this.host);
    if (sym === NoSym || this.members.has(sym)) return null;
    const c = this.candidates.get(sym) ?? null;
    if (c === null) return null;
    const info = f.calls[f.aux[v] as number] as CallInfo;
    return sameTypes(info, c.f.self) ? c : null;
  }

  private wanted(b: Block, v: Value, c: Candidate): boolean {
    const { f } = this;
    const chain = this.chain[b.id] ?? 0;
    if (chain >= maxChain || b.cold) return false;
    // More code than a call, but one call less: where it counts, and hardly in the runtime.
    if (c.wrapper) return (this.depths[b.id] ?? 0) > 0 && (f.flags & FnNoPoll) === 0;
    if (c.cost <= smallCost) return true;
    if (f.valueCount > callerLimit) return false;
    if (c.fresh) return true;
    if (c.cost <= callingCost && c.called.length > 0 && f.op[v] === O.OpCallStatic && this.knows(v, c.called)) return true;
    // A small function that hands out its own memory is better small: its callers take it in, and with it the memory.
    if (this.small) return false;
    const sym = c.f.sym;
    if (f.op[v] === O.OpCallStatic) {
      if ((this.calls.get(sym) ?? 0) === 1 && !this.host.isTaken(sym) && (this.makes.get(sym) ?? 0) === 0) return true;
    } else if ((this.makes.get(sym) ?? 0) === 1 && (this.calls.get(sym) ?? 0) === 0 && this.callsOf(f.arg(v, 0)) === 1) {
      return true;
    }
    return c.leaf && (this.depths[b.id] ?? 0) > 0 && c.cost <= loopCost;
  }

  /** Whether one of these arguments of a call is a function that is known. */
  private knows(call: Value, args: readonly number[]): boolean {
    const { f } = this;
    return args.some((i) => closureCode(f, f.arg(call, i), this.bySym, this.host) !== NoSym);
  }

  /** How often a closure value is called here. */
  private callsOf(closure: Value): number {
    const { f } = this;
    let n = 0;
    for (const b of f.blocks) {
      if (b === null) continue;
      for (const v of b.values) if (f.op[v] === O.OpCallClosure && f.arg(v, 0) === closure) n++;
    }
    return n;
  }

  private inline(b: Block, index: number, call: Value, candidate: Candidate): void {
    const { f } = this;
    const g = candidate.f;
    const pos = f.pos_[call] as Pos;
    const flags = (g.flags & FnWrapper) !== 0 ? FuncFlagWrapper : 0;
    const node = f.addInlined({ parent: f.inl[call] as number, name: g.name, pos, flags });
    const nodes: number[] = [node];
    for (let i = 1; i < g.inlined.length; i++) {
      const n = g.inlined[i];
      nodes.push(n === null || n === undefined ? node : f.addInlined({ ...n, parent: nodes[n.parent] ?? node }));
    }
    const closure = f.op[call] === O.OpCallClosure;
    const first = closure ? 1 : 0;
    const count = f.argCount[call] as number;
    const memory = f.arg(call, count - 1);
    // The part behind the call gets a block of its own.
    const rest = f.newBlock(b.kind, b.pos);
    rest.cold = b.cold;
    rest.likely = b.likely;
    rest.aux = b.aux;
    rest.values = b.values.splice(index + 1);
    for (let i = 0; i < rest.values.length; i++) {
      const v = rest.values[i];
      f.block[v] = rest.id;
    }
    rest.controls = b.controls;
    rest.succs = b.succs;
    for (let k = 0; k < rest.succs.length; k++) {
      const s = rest.succs[k];
      for (let i = 0; i < s.preds.length; i++) if (s.preds[i] === b) s.preds[i] = rest;
    }
    b.controls = [];
    b.succs = [];
    b.kind = BlockPlain;
    b.likely = 0;
    b.aux = 0;
    const chain = this.chain[b.id] ?? 0;
    this.chain[rest.id] = chain;
    const depth = this.depths[b.id] ?? 0;
    this.setDepth(rest.id, depth);
    // Slots and blocks.
    const slots: number[] = [0];
    for (let i = 1; i < g.slots.length; i++) {
      const s = g.slots[i];
      if (s === null || s === undefined) {
        slots.push(0);
        continue;
      }
      const handle = f.newSlot(s.name, s.size, s.align, s.pointers);
      const copy = f.slots[handle] as Slot;
      copy.escapes = s.escapes;
      copy.exposed = s.exposed || (s.escapes && (f.flags & FnHasDefer) !== 0);
      slots.push(handle);
    }
    const inner = candidate.loops;
    const blocks: (Block | null)[] = [null];
    for (let i = 1; i < g.blocks.length; i++) {
      const gb = g.blocks[i];
      if (gb === null || gb === undefined) {
        blocks.push(null);
        continue;
      }
      const nb = f.newBlock(gb.kind, gb.pos);
      nb.cold = gb.cold;
      nb.likely = gb.likely;
      nb.aux = gb.aux;
      this.chain[nb.id] = chain + 1;
      this.setDepth(nb.id, depth + (inner[i] ?? 0));
      blocks.push(nb);
    }
    // Values: first all, then their arguments (loops refer ahead).
    const map = new Int32Array(g.valueCount);
    const made: Value[] = [];
    for (let i = 1; i < g.blocks.length; i++) {
      const gb = g.blocks[i];
      if (gb === null || gb === undefined) continue;
      const nb = blocks[i] as Block;
      for (let i = 0; i < gb.values.length; i++) {
        const v = gb.values[i];
        const op = g.op[v] as number;
        if (op === O.OpArg) {
          map[v] = f.arg(call, first + g.auxInt(v));
          continue;
        }
        if (op === O.OpInitMem) {
          map[v] = memory;
          continue;
        }
        if (op === O.OpClosure) {
          map[v] = f.arg(call, 0);
          continue;
        }
        const n = f.append(nb, op, g.type[v] as ValueType, g.pos_[v] as Pos, nodes[g.inl[v] as number] ?? node);
        f.auxLo[n] = g.auxLo[v] as number;
        f.auxHi[n] = g.auxHi[v] as number;
        const aux = g.aux[v] as number;
        const kind = O.opAux[op];
        if (kind === "slot") f.aux[n] = slots[aux] as number;
        else if (kind === "call" && aux !== 0) {
          const info = g.calls[aux] as CallInfo;
          f.aux[n] = this.callHandle(aux, info);
          if (op === O.OpCallStatic) this.calls.set(info.sym, (this.calls.get(info.sym) ?? 0) + 1);
        } else f.aux[n] = aux;
        map[v] = n;
        made.push(v);
      }
    }
    this.handles.clear();
    for (let i = 0; i < made.length; i++) {
      const v = made[i] as Value;
      f.setMappedArgs(map[v] as Value, g, v, map);
    }
    // Edges and returns.
    const returns: { block: Block; values: Value[] }[] = [];
    for (let i = 1; i < g.blocks.length; i++) {
      const gb = g.blocks[i];
      if (gb === null || gb === undefined) continue;
      const nb = blocks[i] as Block;
      if (gb.kind === BlockRet) {
        nb.kind = BlockPlain;
        returns.push({ block: nb, values: gb.controls.map((c) => map[c] as Value) });
        continue;
      }
      for (let i = 0; i < gb.controls.length; i++) {
        const c = gb.controls[i];
        f.addControl(nb, map[c] as Value);
      }
      nb.succs = gb.succs.map((s) => blocks[s.id] as Block);
    }
    for (let i = 1; i < g.blocks.length; i++) {
      const gb = g.blocks[i];
      if (gb === null || gb === undefined) continue;
      (blocks[i] as Block).preds = gb.preds.map((p) => blocks[p.id] as Block);
    }
    f.addEdge(b, blocks[g.entry.id] as Block);
    for (const r of returns) f.addEdge(r.block, rest);
    const results = this.joinReturns(rest, returns, pos, node);
    // What asked the call for its results asks them instead.
    this.replaceSelects(call, results, rest);
    f.dropArgs(call);
    f.block[call] = 0;
    const at = b.values.lastIndexOf(call);
    b.values.splice(at, 1);
    if (!closure) this.calls.set(g.sym, (this.calls.get(g.sym) ?? 1) - 1);
  }

  private readonly handles = new Map<number, number>();

  /** The copy of a callee's call record; its outgoing area and the call share one. */
  private callHandle(aux: number, info: CallInfo): number {
    let h = this.handles.get(aux);
    if (h === undefined) {
      h = this.f.addCall(info.to(info.sym));
      this.handles.set(aux, h);
    }
    return h;
  }

  private setDepth(id: number, depth: number): void {
    if (id >= this.depths.length) {
      const larger = new Int32Array(2 * id + 8);
      larger.set(this.depths);
      this.depths = larger;
    }
    this.depths[id] = depth;
  }

  /** One value a result component, then memory. */
  private joinReturns(rest: Block, returns: readonly { block: Block; values: Value[] }[], pos: Pos, node: number): Value[] {
    const { f } = this;
    const one = returns[0] as { values: Value[] };
    if (returns.length === 1) return one.values;
    const results: Value[] = [];
    const phis: Value[] = [];
    for (let i = 0; i < one.values.length; i++) {
      const v = f.make(O.OpPhi, f.type[one.values[i] as number] as ValueType, pos, node);
      f.block[v] = rest.id;
      f.setArgs(
        v,
        returns.map((r) => r.values[i] as Value),
      );
      phis.push(v);
      results.push(v);
    }
    rest.values.unshift(...phis);
    return results;
  }

  /** The parts of a call's result mostly stand right behind it. */
  private replaceSelects(call: Value, results: readonly Value[], rest: Block): void {
    const { f } = this;
    this.replaceIn(rest, call, results);
    for (let i = 1; i < f.blocks.length && (f.uses[call] as number) > 0; i++) {
      const b = f.blocks[i];
      if (b !== null && b !== undefined) this.replaceIn(b, call, results);
    }
  }

  private replaceIn(b: Block, call: Value, results: readonly Value[]): void {
    const { f } = this;
    const { values } = b;
    for (let i = 0; i < values.length && (f.uses[call] as number) > 0; i++) {
      const v = values[i] as Value;
      const op = f.op[v] as number;
      if ((op !== O.OpSelect && op !== O.OpSelectMem) || f.arg(v, 0) !== call) continue;
      f.copyOf(v, op === O.OpSelectMem ? (results[results.length - 1] as Value) : (results[f.auxInt(v)] as Value));
    }
  }
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function sameTypes(call: CallInfo, callee: CallInfo): boolean {
  const same = sameNumbers;
  return call.abi.argSize === 0 && !call.noReturn && same(call.argTypes, callee.argTypes) && same(call.resultTypes, callee.resultTypes);
}

function loopDepths(f: Func): Int32Array {
  const depths = new Int32Array(f.blocks.length);
  if (!isCyclic(f, postorder(f))) return depths;
  const loops = findLoops(f, new Dominators(f));
  for (let i = 0; i < depths.length; i++) depths[i] = loops[i]?.depth ?? 0;
  return depths;
}

/** The function that a closure value surely is: a static function value, or a closure object made in this function. */
export function closureCode(f: Func, p: Value, bySym: SymMap<Func>, host: EscapeHost): Sym {
  for (;;) {
    const op = f.op[p] as number;
    if (op === O.OpCopy || op === O.OpNilCheck) p = f.arg(p, 0);
    else break;
  }
  if (f.op[p] === O.OpSymAddr) return f.auxInt(p) === 0 ? host.codeOf(f.aux[p] as Sym) : NoSym;
  if (f.op[p] !== O.OpSelect || f.op[f.arg(p, 0)] !== O.OpNew) return NoSym;
  let code: Sym = NoSym;
  for (const b of f.blocks) {
    if (b === null) continue;
    for (let i = 0; i < b.values.length; i++) {
      const v = b.values[i];
      if (f.op[v] !== O.OpStore || f.auxInt(v) !== 0) continue;
      let at = f.arg(v, 0);
      while (f.op[at] === O.OpCopy) at = f.arg(at, 0);
      if (at !== p) continue;
      let x = f.arg(v, 1);
      while (f.op[x] === O.OpPtrBits || f.op[x] === O.OpCopy) x = f.arg(x, 0);
      if (f.op[x] !== O.OpSymAddr || !bySym.has(f.aux[x] as Sym) || code !== NoSym) return NoSym;
      code = f.aux[x] as Sym;
    }
  }
  return code;
}
