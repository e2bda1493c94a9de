// Decides branches from the branches that dominate them: a condition that was tested before, its negation, bounds that follow from other
// comparisons of the same values, and the ranges of simple loop counters. This is what removes most bounds checks.
// Requires cse (equal conditions are one value); keeps everything. Cost: conditions times the depth of the dominator tree.

import type { Dominators } from "../ssa/dom.ts";
import { type Block, BlockIf, type Func, type Value } from "../ssa/func.ts";
import { keepOnly } from "../ssa/edit.ts";
import {
  OpAdd,
  OpAnd,
  OpBoolNot,
  OpCondSelect,
  OpConst,
  OpCopy,
  OpEq,
  OpLe,
  OpLt,
  OpMul,
  OpNe,
  OpPhi,
  OpShr,
  OpSub,
  OpTrunc,
  OpUDiv,
  OpULe,
  OpULt,
  OpUMod,
  OpZeroExt,
} from "../ssa/ops.gen.ts";
import { isInteger, TypeI64, typeSize, type ValueType } from "../ssa/types.ts";
import type { Shared } from "./shared.ts";

/** True when a branch was decided. */
export function prove(f: Func, shared: Shared): boolean {
  return new Prover(f, shared.dominators(f)).run();
}

class Prover {
  private readonly f: Func;
  private readonly dom: Dominators;

  constructor(f: Func, dom: Dominators) {
    this.f = f;
    this.dom = dom;
  }

  run(): boolean {
    const { f, dom } = this;
    const decided: { block: Block; succ: number }[] = [];
    for (let i = 0; i < dom.order.length; i++) {
      const b = dom.order[i];
      if (b.kind !== BlockIf || f.blocks[b.id] !== b) continue;
      const known = this.decide(b.controls[0] as Value, b);
      if (known < 0) continue;
      decided.push({ block: b, succ: known === 1 ? 0 : 1 });
    }
    for (const d of decided) keepOnly(f, d.block, d.succ);
    return decided.length > 0;
  }

  /** 1 or 0 when a condition is known in a block, -1 otherwise. */
  private decide(c: Value, b: Block): number {
    const { f, dom } = this;
    const op = f.op[c];
    if (op === OpBoolNot) {
      const inner = this.decide(f.arg(c, 0), b);
      return inner < 0 ? inner : 1 - inner;
    }
    let at: Block = b;
    for (;;) {
      const p = at.preds.length === 1 ? (at.preds[0] as Block) : null;
      if (p !== null && p.kind === BlockIf && p.succs[0] !== p.succs[1]) {
        const known = this.implied(c, p.controls[0] as Value, p.succs[0] === at ? 1 : 0);
        if (known >= 0) return known;
      }
      const up = dom.idom[at.id] as number;
      if (up === 0) break;
      at = f.blocks[up] as Block;
    }
    return this.bounded(c, b);
  }

  /** What a condition is when another one is known to be `truth`. */
  private implied(c: Value, fact: Value, truth: number): number {
    const { f } = this;
    if (c === fact) return truth;
    if (f.op[fact] === OpBoolNot) return this.implied(c, f.arg(fact, 0), 1 - truth);
    if (f.argCount[c] !== 2 || f.argCount[fact] !== 2) return -1;
    const [a, b] = [f.arg(c, 0), f.arg(c, 1)];
    const [x, y] = [f.arg(fact, 0), f.arg(fact, 1)];
    const same = a === x && b === y;
    const swapped = a === y && b === x;
    if (!same && !swapped) return -1;
    const given = relations(f.op[fact] as number, truth, swapped);
    const wanted = relations(f.op[c] as number, 1, false);
    if (given === null || wanted === null) return -1;
    // Equality means the same for signed and unsigned numbers; order does not.
    const neutral = given.mask === equalBit || isEquality(f.op[c] as number);
    if (given.signed !== wanted.signed && !neutral) return -1;
    if ((given.mask & wanted.mask) === 0) return 0;
    return (given.mask & ~wanted.mask) === 0 ? 1 : -1;
  }

  /** Unsigned comparisons that follow from a signed one of values that are not negative. */
  private bounded(c: Value, b: Block): number {
    const { f } = this;
    const op = f.op[c];
    if (op !== OpULt && op !== OpULe) return -1;
    const [i, n] = [f.arg(c, 0), f.arg(c, 1)];
    if (f.op[i] === OpConst && f.op[n] === OpConst) return -1;
    if (f.op[n] === OpConst && f.auxInt(n) >= 0) {
      const most = this.most(i, 0);
      if (most < f.auxInt(n) || (op === OpULe && most === f.auxInt(n))) return 1;
    }
    if (this.notNegative(i, b, 0) && this.signedKnown(i, n, op === OpULe, b)) return 1;
    // x - c is less than what x is not more than, where it can't go below zero.
    const less = this.subtracted(i);
    if (less > 0 && this.atLeast(f.arg(i, 0), less, b) && this.signedKnown(f.arg(i, 0), n, true, b)) return 1;
    return -1;
  }

  /** The positive constant that a 64-bit value subtracts from its first argument, else 0. */
  private subtracted(v: Value): number {
    const { f } = this;
    const op = f.op[v];
    if ((op !== OpAdd && op !== OpSub) || f.type[v] !== TypeI64 || f.op[f.arg(v, 1)] !== OpConst) return 0;
    const c = f.auxInt(f.arg(v, 1));
    return Math.abs(c) < 2 ** 31 ? Math.max(0, op === OpSub ? c : -c) : 0;
  }

  /** Whether a value is known to be at least a positive constant, as a signed number. */
  private atLeast(v: Value, bound: number, b: Block): boolean {
    const { f } = this;
    if (this.constantAtLeast(v, bound)) return true;
    if (f.op[v] === OpPhi && this.isCounter(v, bound)) return true;
    return this.atLeastByBranch(v, bound, b);
  }

  /** The largest number that a value can be, read without a sign; Infinity: unknown. */
  private most(v: Value, depth: number): number {
    const { f } = this;
    const type = f.type[v] as ValueType;
    if (depth > 6 || !isInteger(type)) return Infinity;
    const all = type === TypeI64 ? Infinity : 2 ** (8 * typeSize(type)) - 1;
    const arg = (i: number): number => this.most(f.arg(v, i), depth + 1);
    const constant = (i: number): number => (f.op[f.arg(v, i)] === OpConst ? f.auxInt(f.arg(v, i)) : -1);
    let n = all;
    switch (f.op[v]) {
      case OpConst:
        n = f.auxInt(v) >= 0 ? f.auxInt(v) : all;
        break;
      case OpZeroExt:
      case OpTrunc:
      case OpCopy:
        n = arg(0);
        break;
      case OpAnd:
        n = Math.min(arg(0), arg(1));
        break;
      case OpShr:
        if (constant(1) >= 0) n = Math.floor((type === TypeI64 ? Math.min(arg(0), 2 ** 64) : arg(0)) / 2 ** constant(1));
        break;
      case OpUMod:
        n = Math.min(arg(0), arg(1) - 1);
        break;
      case OpUDiv:
        if (constant(1) > 0) n = Math.floor(arg(0) / constant(1));
        break;
      case OpAdd:
        n = arg(0) + arg(1);
        if (n > all) n = all;
        break;
      case OpMul:
        n = arg(0) * arg(1);
        if (!(n <= all)) n = all;
        break;
      case OpCondSelect:
        n = Math.max(arg(0), arg(1));
        break;
    }
    // Beyond what numbers hold exactly nothing is known.
    return n < 2 ** 52 ? Math.min(n, all) : all;
  }

  /** Whether i < n (or i <= n) as signed numbers is known in a block. */
  private signedKnown(i: Value, n: Value, orEqual: boolean, b: Block): boolean {
    const { f, dom } = this;
    let at: Block = b;
    for (;;) {
      const p = at.preds.length === 1 ? (at.preds[0] as Block) : null;
      if (p !== null && p.kind === BlockIf && p.succs[0] !== p.succs[1]) {
        const c = p.controls[0] as Value;
        const truth = p.succs[0] === at ? 1 : 0;
        if (this.gives(c, truth, i, n, orEqual)) return true;
      }
      const up = dom.idom[at.id] as number;
      if (up === 0) return false;
      at = f.blocks[up] as Block;
    }
  }

  private gives(c: Value, truth: number, i: Value, n: Value, orEqual: boolean): boolean {
    const { f } = this;
    if (f.argCount[c] !== 2) return false;
    const [x, y] = [f.arg(c, 0), f.arg(c, 1)];
    const swapped = x === n && y === i;
    if (!swapped && !(x === i && (y === n || this.notMore(y, n)))) return false;
    const given = relations(f.op[c] as number, truth, swapped);
    if (given === null || !given.signed) return false;
    return (given.mask & ~(orEqual ? lessBit | equalBit : lessBit)) === 0;
  }

  /** Whether both are constants, the first not the larger one. */
  private notMore(x: Value, y: Value): boolean {
    const { f } = this;
    if (f.op[x] !== OpConst || f.op[y] !== OpConst || f.type[x] !== f.type[y]) return false;
    return Number.isSafeInteger(f.auxInt(x)) && Number.isSafeInteger(f.auxInt(y)) && f.auxInt(x) <= f.auxInt(y);
  }

  /** Whether a value is known not to be negative as a signed number. */
  private notNegative(v: Value, b: Block, depth: number): boolean {
    const { f } = this;
    if (depth > 4) return false;
    switch (f.op[v]) {
      case OpConst:
        return (f.auxHi[v] as number) >= 0;
      case OpZeroExt:
        return true;
      case OpAnd:
        return this.notNegative(f.arg(v, 0), b, depth + 1) || this.notNegative(f.arg(v, 1), b, depth + 1);
      case OpUMod:
        return this.notNegative(f.arg(v, 1), b, depth + 1);
      case OpShr:
        return f.op[f.arg(v, 1)] === OpConst && (f.auxLo[f.arg(v, 1)] as number) > 0;
      case OpPhi:
        return this.isCounter(v, 0) || this.atLeastByBranch(v, 0, b);
      default:
        return this.atLeastByBranch(v, 0, b);
    }
  }

  /** A branch on `bound <= v`, `v < bound` and the like above the block. */
  private atLeastByBranch(v: Value, bound: number, b: Block): boolean {
    const { f, dom } = this;
    let at: Block = b;
    for (;;) {
      const p = at.preds.length === 1 ? (at.preds[0] as Block) : null;
      if (p !== null && p.kind === BlockIf && p.succs[0] !== p.succs[1]) {
        const c = p.controls[0] as Value;
        const truth = p.succs[0] === at ? 1 : 0;
        const op = f.op[c];
        if (op === OpLt || op === OpLe) {
          if (f.arg(c, 0) === v && truth === 0 && this.constantAtLeast(f.arg(c, 1), op === OpLe ? bound - 1 : bound)) return true;
          if (f.arg(c, 1) === v && truth === 1 && this.constantAtLeast(f.arg(c, 0), op === OpLt ? bound - 1 : bound)) return true;
        }
      }
      const up = dom.idom[at.id] as number;
      if (up === 0) return false;
      at = f.blocks[up] as Block;
    }
  }

  private constantAtLeast(v: Value, bound: number): boolean {
    return this.f.op[v] === OpConst && this.f.auxInt(v) >= bound;
  }

  /**
   * A phi of a start that is at least `bound` (0 or more) and itself plus 1, where the sum is only reached when the phi is less than something: it
   * can't overflow, so it stays at or above its start.
   */
  private isCounter(phi: Value, bound: number): boolean {
    const { f } = this;
    const count = f.argCount[phi] as number;
    let steps = 0;
    for (let i = 0; i < count; i++) {
      const a = f.arg(phi, i);
      if (f.op[a] === OpConst && f.auxInt(a) >= bound) continue;
      if (f.op[a] !== OpAdd || f.type[a] !== f.type[phi]) return false;
      const step = f.arg(a, 0) === phi ? f.arg(a, 1) : f.arg(a, 0);
      if (f.arg(a, 0) !== phi && f.arg(a, 1) !== phi) return false;
      if (f.op[step] !== OpConst || f.auxInt(step) !== 1 || !this.lessThanSomething(phi, f.blockOf(phi).preds[i] as Block)) return false;
      steps++;
    }
    return steps > 0;
  }

  private lessThanSomething(phi: Value, from: Block): boolean {
    const { f, dom } = this;
    let at: Block = from;
    for (;;) {
      const p = at.preds.length === 1 ? (at.preds[0] as Block) : null;
      if (p !== null && p.kind === BlockIf && p.succs[0] !== p.succs[1]) {
        const c = p.controls[0] as Value;
        if (f.op[c] === OpLt && f.arg(c, 0) === phi && p.succs[0] === at) return true;
        if (f.op[c] === OpLe && f.arg(c, 1) === phi && p.succs[1] === at) return true;
      }
      const up = dom.idom[at.id] as number;
      if (up === 0 || at === f.blockOf(phi)) return false;
      at = f.blocks[up] as Block;
    }
  }
}

const isEquality = (op: number): boolean => op === OpEq || op === OpNe;

const lessBit = 1;
const equalBit = 2;
const moreBit = 4;

/** Which of <, =, > a comparison leaves possible between its first and second argument. */
function relations(op: number, truth: number, swapped: boolean): { mask: number; signed: boolean } | null {
  let mask: number;
  let signed = false;
  switch (op) {
    case OpEq:
      mask = equalBit;
      break;
    case OpNe:
      mask = lessBit | moreBit;
      break;
    case OpLt:
      mask = lessBit;
      signed = true;
      break;
    case OpLe:
      mask = lessBit | equalBit;
      signed = true;
      break;
    case OpULt:
      mask = lessBit;
      break;
    case OpULe:
      mask = lessBit | equalBit;
      break;
    default:
      return null;
  }
  if (truth === 0) mask = 7 & ~mask;
  if (swapped) mask = (mask & equalBit) | ((mask & lessBit) !== 0 ? moreBit : 0) | ((mask & moreBit) !== 0 ? lessBit : 0);
  return { mask, signed };
}
