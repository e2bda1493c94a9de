// For tests: random functions in generic SSA, with loops, merges, memory and calls, whose result depends on almost everything that they
// compute. The same seed gives the same function.

import type { Pos } from "../../base/pos.ts";
import { assignAbi, type AbiType } from "../../ssa/abi.ts";
import { type Block, BlockIf, BlockJump, BlockPlain, BlockRet, CallInfo, Func, type Value } from "../../ssa/func.ts";
import * as O from "../../ssa/ops.gen.ts";
import type { Sym } from "../../ssa/symbol.ts";
import {
  TypeF32,
  TypeF64,
  TypeI16,
  TypeI32,
  TypeI64,
  TypeI8,
  TypeMem,
  TypePtr,
  TypeTuple,
  type ValueType,
  typeSize,
} from "../../ssa/types.ts";
import { amd64 } from "./index.ts";

const scalar = (type: ValueType): AbiType => ({
  size: typeSize(type),
  align: typeSize(type),
  components: [{ type, offset: 0 }],
  inRegisters: true,
});
const pos = 0 as Pos;
const integers = [TypeI8, TypeI16, TypeI32, TypeI64] as const;

/** A small generator of numbers (xorshift). */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = (seed * 2654435761 + 12345) | 0 || 1;
  }

  next(): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x;
    return x >>> 0;
  }

  below(n: number): number {
    return this.next() % n;
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)];
  }

  big(): bigint {
    switch (this.below(6)) {
      case 0:
        return BigInt(this.below(20)) - 5n;
      case 1:
        return this.pick([
          0n,
          1n,
          -1n,
          127n,
          128n,
          255n,
          32767n,
          65535n,
          0x7fffffffn,
          0x80000000n,
          0xffffffffn,
          0x7fffffffffffffffn,
          -0x8000000000000000n,
        ]);
      case 2:
        return 1n << BigInt(this.below(64));
      case 3:
        return BigInt(this.next());
      default:
        return (BigInt(this.next()) << 32n) | BigInt(this.next());
    }
  }
}

export const randomParams: readonly ValueType[] = [TypeI64, TypeI64, TypeI32, TypeI8, TypeF64, TypeF32];

/** The values that can be used at a place, by type. */
type Pool = Map<ValueType, Value[]>;

class Generator {
  readonly f: Func;
  private readonly r: Random;
  private block: Block;
  private memory: Value;
  private pool: Pool = new Map();
  private readonly slots: number[] = [];
  private readonly call: number;
  private budget: number;

  constructor(sym: Sym, helper: Sym, seed: number, size: number) {
    this.r = new Random(seed);
    const abi = assignAbi(amd64.registers, randomParams.map(scalar), [scalar(TypeI64), scalar(TypeF64)]);
    this.f = new Func(sym, `random${seed}`, pos, abi, new CallInfo(sym, abi, false), 0);
    this.budget = size;
    const f = this.f;
    this.block = f.entry;
    this.memory = f.value0(this.block, O.OpInitMem, TypeMem, pos);
    randomParams.forEach((type, i) => {
      const v = f.value0(this.block, O.OpArg, type, pos);
      f.setAuxInt(v, i);
      this.put(v);
    });
    const call = assignAbi(amd64.registers, [scalar(TypeI64), scalar(TypeI64)], [scalar(TypeI64), scalar(TypeI64)]);
    this.call = f.addCall(new CallInfo(helper, call, false));
    for (let i = 0; i < 3; i++) {
      const slot = f.newSlot(`s${i}`, 64 * (i + 1), 8, []);
      this.slots.push(slot);
      const p = this.slot(slot, 0);
      this.memory = f.value2(this.block, O.OpZero, TypeMem, pos, p, this.memory);
      f.setAuxInt(this.memory, 64 * (i + 1));
    }
  }

  private put(v: Value): void {
    const type = this.f.type[v];
    const list = this.pool.get(type);
    if (list === undefined) this.pool.set(type, [v]);
    else list.push(v);
  }

  private constant(type: ValueType, n: bigint): Value {
    const v = this.f.value0(this.block, O.OpConst, type, pos);
    this.f.setAuxBig(v, BigInt.asIntN(8 * typeSize(type), n));
    return v;
  }

  private slot(slot: number, offset: number): Value {
    const v = this.f.value0(this.block, O.OpSlotAddr, TypePtr, pos);
    this.f.aux[v] = slot;
    this.f.setAuxInt(v, offset);
    return v;
  }

  private any(type: ValueType): Value {
    const list = this.pool.get(type);
    if (type === TypeF32 || type === TypeF64) {
      if (list !== undefined && this.r.chance(80)) return this.recent(list);
      const v = this.f.value0(this.block, O.OpConstF, type, pos);
      const numbers = [0, 1, -1, 0.5, 3.25, 1e10, -7e-3];
      const view = new DataView(new ArrayBuffer(8));
      if (type === TypeF64) view.setFloat64(0, this.r.pick(numbers));
      else view.setFloat32(4, this.r.pick(numbers));
      this.f.setAuxBig(v, view.getBigInt64(0));
      return v;
    }
    if (list !== undefined && this.r.chance(80)) return this.recent(list);
    return this.constant(type, this.r.big());
  }

  private recent(list: Value[]): Value {
    if (this.r.chance(50)) return list[list.length - 1 - this.r.below(Math.min(4, list.length))];
    return this.r.pick(list);
  }

  private emit(op: number, type: ValueType, args: Value[]): Value {
    const v = this.f.valueN(this.block, op, type, pos, args);
    this.put(v);
    return v;
  }

  private bool(): Value {
    const { r } = this;
    switch (r.below(4)) {
      case 0: {
        const type = r.pick([TypeF32, TypeF64]);
        return this.f.valueN(this.block, r.pick([O.OpFEq, O.OpFNe, O.OpFLt, O.OpFLe]), TypeI8, pos, [this.any(type), this.any(type)]);
      }
      case 1: {
        const type = r.pick(integers);
        const and = this.f.valueN(this.block, O.OpAnd, type, pos, [this.any(type), this.any(type)]);
        return this.f.valueN(this.block, r.pick([O.OpEq, O.OpNe]), TypeI8, pos, [and, this.constant(type, 0n)]);
      }
      default: {
        const type = r.pick(integers);
        let v = this.f.valueN(this.block, r.pick([O.OpEq, O.OpNe, O.OpLt, O.OpLe, O.OpULt, O.OpULe]), TypeI8, pos, [
          this.any(type),
          this.any(type),
        ]);
        if (r.chance(20)) v = this.f.valueN(this.block, O.OpBoolNot, TypeI8, pos, [v]);
        return v;
      }
    }
  }

  private address(size: number): Value {
    const { r, f } = this;
    const slot = r.pick(this.slots);
    const limit = (f.slots[slot] as { size: number }).size - size;
    if (r.chance(50)) return this.slot(slot, r.below(limit + 1));
    // base + (index & 7) * size
    const scale = Math.min(3, Math.log2(size) | 0);
    const masked = f.valueN(this.block, O.OpAnd, TypeI64, pos, [this.any(TypeI64), this.constant(TypeI64, 7n)]);
    const scaled = f.valueN(this.block, O.OpShl, TypeI64, pos, [masked, this.constant(TypeI64, BigInt(scale))]);
    f.setAuxInt(scaled, 1);
    const base = this.slot(slot, 0);
    return f.valueN(this.block, O.OpAddPtr, TypePtr, pos, [base, scaled]);
  }

  private step(): void {
    const { r, f } = this;
    this.budget--;
    const type = r.pick(integers);
    switch (r.below(16)) {
      case 0:
      case 1:
      case 2:
        this.emit(r.pick([O.OpAdd, O.OpSub, O.OpMul, O.OpAnd, O.OpOr, O.OpXor, O.OpAndNot]), type, [this.any(type), this.any(type)]);
        return;
      case 3:
        this.emit(r.pick([O.OpNeg, O.OpNot, O.OpByteSwap, O.OpBitReverse]), type, [this.any(type)]);
        return;
      case 4: {
        const countType = r.pick(integers);
        let count = this.any(countType);
        const bounded = r.chance(30);
        if (bounded)
          count = f.valueN(this.block, O.OpAnd, countType, pos, [count, this.constant(countType, BigInt(8 * typeSize(type) - 1))]);
        const v = this.emit(r.pick([O.OpShl, O.OpShr, O.OpSar]), type, [this.any(type), count]);
        if (bounded) f.setAuxInt(v, 1);
        return;
      }
      case 5:
        this.emit(O.OpRotL, type, [this.any(type), this.any(r.pick(integers))]);
        return;
      case 6: {
        let y: Value;
        if (r.chance(60)) {
          const n = BigInt.asIntN(8 * typeSize(type), r.chance(50) ? BigInt(1 + r.below(30)) : r.big());
          y = this.constant(type, n === 0n ? 10n : n);
        } else y = f.valueN(this.block, O.OpOr, type, pos, [this.any(type), this.constant(type, 1n)]);
        this.emit(r.pick([O.OpDiv, O.OpUDiv, O.OpMod, O.OpUMod]), type, [this.any(type), y]);
        return;
      }
      case 7: {
        const from = r.pick(integers);
        if (typeSize(from) < typeSize(type)) this.emit(r.pick([O.OpSignExt, O.OpZeroExt]), type, [this.any(from)]);
        else if (typeSize(from) > typeSize(type)) this.emit(O.OpTrunc, type, [this.any(from)]);
        else this.emit(r.pick([O.OpMulHi, O.OpUMulHi]), type, [this.any(type), this.any(type)]);
        return;
      }
      case 8:
        if (r.chance(70)) {
          const t = r.chance(30) ? r.pick([TypeF32, TypeF64]) : type;
          this.emit(O.OpCondSelect, t, [this.any(t), this.any(t), this.bool()]);
        } else this.put(this.bool());
        return;
      case 9:
        this.emit(r.pick([O.OpCtz, O.OpBitLen, O.OpPopCount]), r.pick([type, TypeI64]), [this.any(type)]);
        return;
      case 10: {
        const op = r.pick([O.OpUMulLoHi, O.OpAddCarry, O.OpSubBorrow, O.OpUDiv128]);
        const x = this.any(TypeI64);
        const y = this.any(TypeI64);
        let args: Value[] = [x, y];
        if (op === O.OpAddCarry || op === O.OpSubBorrow) {
          const carry = r.chance(40)
            ? this.constant(TypeI64, BigInt(r.below(2)))
            : f.valueN(this.block, O.OpAnd, TypeI64, pos, [this.any(TypeI64), this.constant(TypeI64, 1n)]);
          args = [x, y, carry];
        } else if (op === O.OpUDiv128) {
          const d = f.valueN(this.block, O.OpOr, TypeI64, pos, [this.any(TypeI64), this.constant(TypeI64, 1n)]);
          const hi = f.valueN(this.block, O.OpUMod, TypeI64, pos, [x, d]);
          args = [hi, y, d];
        }
        let t = f.valueN(this.block, op, TypeTuple, pos, args);
        if (op === O.OpAddCarry || op === O.OpSubBorrow) {
          for (let n = r.below(4); n > 0; n--) {
            // A chain, now and then with something in between.
            const sum = this.emit(O.OpSelect, TypeI64, [t]);
            f.setAuxInt(sum, 0);
            const carry = f.valueN(this.block, O.OpSelect, TypeI64, pos, [t]);
            f.setAuxInt(carry, 1);
            if (r.chance(20)) this.put(carry);
            const next = r.chance(30) ? this.emit(O.OpLoad, TypeI64, [this.address(8), this.memory]) : this.any(TypeI64);
            t = f.valueN(this.block, r.chance(80) ? op : O.OpAddCarry, TypeTuple, pos, [this.any(TypeI64), next, carry]);
          }
        }
        for (let i = 0; i < 2; i++) {
          if (r.chance(20)) continue;
          const s = this.emit(O.OpSelect, TypeI64, [t]);
          f.setAuxInt(s, i);
        }
        return;
      }
      case 11: {
        const t = r.pick([TypeF32, TypeF64]);
        if (r.chance(70)) this.emit(r.pick([O.OpFAdd, O.OpFSub, O.OpFMul, O.OpFDiv, O.OpFMin, O.OpFMax]), t, [this.any(t), this.any(t)]);
        else this.emit(r.pick([O.OpFNeg, O.OpFAbs, O.OpFSqrt]), t, [this.any(t)]);
        return;
      }
      case 12: {
        const t = r.pick([TypeF32, TypeF64]);
        const i = r.pick([TypeI32, TypeI64]);
        if (r.chance(50)) this.emit(r.pick([O.OpIntToFloat, O.OpUIntToFloat]), t, [this.any(i)]);
        else if (r.chance(60)) this.emit(O.OpFloatToInt, i, [this.any(t)]);
        else if (t === TypeF32) this.emit(O.OpFloatExt, TypeF64, [this.any(TypeF32)]);
        else this.emit(O.OpFloatTrunc, TypeF32, [this.any(TypeF64)]);
        return;
      }
      case 13: {
        const p = this.address(typeSize(type));
        if (r.chance(25)) {
          // Read, change, write.
          const old = f.valueN(this.block, O.OpLoad, type, pos, [p, this.memory]);
          const now = f.valueN(this.block, r.pick([O.OpAdd, O.OpSub, O.OpXor, O.OpOr, O.OpAnd]), type, pos, [old, this.any(type)]);
          this.memory = f.valueN(this.block, O.OpStore, TypeMem, pos, [p, now, this.memory]);
        } else this.memory = f.valueN(this.block, O.OpStore, TypeMem, pos, [p, this.any(type), this.memory]);
        return;
      }
      case 14: {
        if (r.chance(15)) {
          const size = r.below(65);
          const to = this.slot(this.slots[0], 0);
          const from = this.slot(this.slots[1], 0);
          const zero = r.chance(50);
          const v = f.valueN(this.block, zero ? O.OpZero : O.OpMove, TypeMem, pos, zero ? [to, this.memory] : [to, from, this.memory]);
          f.setAuxInt(v, size);
          this.memory = v;
          return;
        }
        this.emit(O.OpLoad, type, [this.address(typeSize(type)), this.memory]);
        return;
      }
      default: {
        if (r.chance(50)) {
          const t = f.valueN(this.block, O.OpCallStatic, TypeTuple, pos, [this.any(TypeI64), this.any(TypeI64), this.memory]);
          f.aux[t] = this.call;
          for (let i = 0; i < 2; i++) {
            if (r.chance(20)) continue;
            const s = this.emit(O.OpSelect, TypeI64, [t]);
            f.setAuxInt(s, i);
          }
          this.memory = f.valueN(this.block, O.OpSelectMem, TypeMem, pos, [t]);
        } else this.atomic(type);
        return;
      }
    }
  }

  private atomic(type: ValueType): void {
    const { r, f } = this;
    const p = this.slot(r.pick(this.slots), 8 * r.below(7));
    const wide = typeSize(type) >= 4 ? type : TypeI32;
    const op = r.pick([O.OpAtomicExchange, O.OpAtomicAdd, O.OpAtomicAnd, O.OpAtomicOr, O.OpAtomicCas, O.OpAtomicLoad, O.OpAtomicStore]);
    if (op === O.OpAtomicStore) {
      this.memory = f.valueN(this.block, op, TypeMem, pos, [p, this.any(wide), this.memory]);
      return;
    }
    const args =
      op === O.OpAtomicLoad
        ? [p, this.memory]
        : op === O.OpAtomicCas
          ? [p, this.any(wide), this.any(wide), this.memory]
          : [p, this.any(wide), this.memory];
    const t = f.valueN(this.block, op, TypeTuple, pos, args);
    if (op === O.OpAtomicLoad) f.setAuxInt(t, typeSize(wide));
    if (r.chance(70)) this.emit(O.OpSelect, op === O.OpAtomicCas ? TypeI8 : wide, [t]);
    this.memory = f.valueN(this.block, O.OpSelectMem, TypeMem, pos, [t]);
  }

  private copyPool(): Pool {
    const copy: Pool = new Map();
    for (const [k, v] of this.pool) copy.set(k, v.slice());
    return copy;
  }

  private sequence(depth: number): void {
    const { r } = this;
    for (let n = 1 + r.below(5); n > 0 && this.budget > 0; n--) {
      const steps = 1 + r.below(6);
      for (let i = 0; i < steps; i++) this.step();
      if (depth === 0) continue;
      if (r.chance(35)) this.branch(depth - 1);
      else if (r.chance(30)) this.loop(depth - 1);
      else if (r.chance(10)) this.jump(depth - 1);
    }
  }

  /** Goes on in a block where several ways meet; phis for memory and some values. */
  private meet(ends: readonly { block: Block; memory: Value; pool: Pool }[], outer: Pool): void {
    const { f, r } = this;
    const join = f.newBlock(BlockPlain, pos);
    for (const e of ends) f.addEdge(e.block, join);
    this.block = join;
    this.pool = outer;
    const phis: [ValueType, Value[]][] = [];
    for (const type of [...integers, TypeF32, TypeF64]) {
      for (let n = r.below(3); n > 0; n--) {
        const args: Value[] = [];
        for (const e of ends) {
          const list = e.pool.get(type) ?? outer.get(type);
          if (list === undefined || list.length === 0) break;
          args.push(this.recent(list));
        }
        if (args.length === ends.length) phis.push([type, args]);
      }
    }
    for (const [type, args] of phis) this.emit(O.OpPhi, type, args);
    this.memory = f.valueN(
      join,
      O.OpPhi,
      TypeMem,
      pos,
      ends.map((e) => e.memory),
    );
  }

  private branch(depth: number): void {
    const { f, r } = this;
    const c = this.bool();
    const from = this.block;
    from.kind = BlockIf;
    from.likely = r.pick([0, 0, 1, -1]);
    f.addControl(from, c);
    const outer = this.copyPool();
    const memory = this.memory;
    const ends: { block: Block; memory: Value; pool: Pool }[] = [];
    for (let k = 0; k < 2; k++) {
      const arm = f.newBlock(BlockPlain, pos);
      arm.cold = r.chance(15);
      f.addEdge(from, arm);
      this.block = arm;
      this.memory = memory;
      this.pool = new Map([...outer].map(([t, l]) => [t, l.slice()]));
      if (k === 0 || r.chance(60)) this.sequence(depth);
      ends.push({ block: this.block, memory: this.memory, pool: this.pool });
    }
    this.meet(ends, outer);
  }

  private jump(depth: number): void {
    const { f, r } = this;
    const count = 2 + r.below(4);
    const three = this.constant(TypeI64, BigInt(count));
    const index = f.valueN(this.block, O.OpUMod, TypeI64, pos, [this.any(TypeI64), three]);
    const from = this.block;
    from.kind = BlockJump;
    f.addControl(from, index);
    const outer = this.copyPool();
    const memory = this.memory;
    const ends: { block: Block; memory: Value; pool: Pool }[] = [];
    for (let k = 0; k < count; k++) {
      const arm = f.newBlock(BlockPlain, pos);
      f.addEdge(from, arm);
      this.block = arm;
      this.memory = memory;
      this.pool = new Map([...outer].map(([t, l]) => [t, l.slice()]));
      if (r.chance(50)) this.sequence(Math.min(depth, 1));
      ends.push({ block: this.block, memory: this.memory, pool: this.pool });
    }
    this.meet(ends, outer);
  }

  private loop(depth: number): void {
    const { f, r } = this;
    const turns = this.constant(TypeI64, BigInt(1 + r.below(5)));
    const zero = this.constant(TypeI64, 0n);
    const before = this.block;
    const header = f.newBlock(BlockPlain, pos);
    f.addEdge(before, header);
    const outer = this.copyPool();
    this.block = header;
    const counter = f.valueN(header, O.OpPhi, TypeI64, pos, [zero]);
    const memory = f.valueN(header, O.OpPhi, TypeMem, pos, [this.memory]);
    const carried: Value[] = [];
    for (const type of [...integers, TypeF64]) {
      for (let n = r.below(3); n > 0; n--) {
        const list = outer.get(type);
        if (list === undefined) continue;
        const v = f.valueN(header, O.OpPhi, type, pos, [this.recent(list)]);
        carried.push(v);
      }
    }
    for (const v of carried) this.put(v);
    this.put(counter);
    this.memory = memory;
    const inHeader = this.copyPool();
    const test = f.valueN(header, O.OpLt, TypeI8, pos, [counter, turns]);
    header.kind = BlockIf;
    f.addControl(header, test);
    const body = f.newBlock(BlockPlain, pos);
    const exit = f.newBlock(BlockPlain, pos);
    f.addEdge(header, body);
    f.addEdge(header, exit);
    this.block = body;
    this.sequence(depth);
    const one = this.constant(TypeI64, 1n);
    const next = f.valueN(this.block, O.OpAdd, TypeI64, pos, [counter, one]);
    f.addEdge(this.block, header);
    f.addArg(counter, next);
    f.addArg(memory, this.memory);
    for (const v of carried) {
      const list = this.pool.get(f.type[v]) as Value[];
      f.addArg(v, this.recent(list));
    }
    this.block = exit;
    this.pool = inHeader;
    this.memory = memory;
  }

  finish(): void {
    const { f } = this;
    let sum = this.constant(TypeI64, 7n);
    const k = this.constant(TypeI64, 0x9e3779b97f4a7c15n);
    const mix = (x: Value): void => {
      sum = f.valueN(this.block, O.OpAdd, TypeI64, pos, [f.valueN(this.block, O.OpMul, TypeI64, pos, [sum, k]), x]);
    };
    for (const type of integers) {
      for (const v of this.pool.get(type) ?? []) mix(type === TypeI64 ? v : f.valueN(this.block, O.OpZeroExt, TypeI64, pos, [v]));
    }
    for (const slot of this.slots) {
      for (let i = 0; i < 64; i += 8) mix(f.valueN(this.block, O.OpLoad, TypeI64, pos, [this.slot(slot, i), this.memory]));
    }
    let total = f.value0(this.block, O.OpConstF, TypeF64, pos);
    for (const v of this.pool.get(TypeF64) ?? []) {
      // Not-a-numbers differ in their bits; only order and integer value count.
      mix(f.valueN(this.block, O.OpFloatToInt, TypeI64, pos, [v]));
      const less = f.valueN(this.block, O.OpFLt, TypeI8, pos, [total, v]);
      total = f.valueN(this.block, O.OpCondSelect, TypeF64, pos, [v, total, less]);
    }
    for (const v of this.pool.get(TypeF32) ?? []) mix(f.valueN(this.block, O.OpFloatToInt, TypeI64, pos, [v]));
    this.block.kind = BlockRet;
    for (const v of [sum, total, this.memory]) f.addControl(this.block, v);
  }

  body(): void {
    while (this.budget > 0) this.sequence(3);
  }
}

/** A random function of type (i64, i64, i32, i8, f64, f32) (i64, f64) that may call `helper` (i64, i64) (i64, i64). */
export function randomFunc(sym: Sym, helper: Sym, seed: number, size: number): Func {
  const g = new Generator(sym, helper, seed, size);
  g.body();
  g.finish();
  return g.f;
}
