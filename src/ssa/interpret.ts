// Executes generic SSA, slowly and plainly: what tests of the back half compare machine code with. Values are bigints of raw bits. Memory is
// the function's slots; calls go to functions that the caller of the interpreter gives.

import { type Block, BlockIf, BlockJump, BlockPlain, BlockRet, type Func, type Value } from "./func.ts";
import * as O from "./ops.gen.ts";
import type { Sym } from "./symbol.ts";
import { TypeF32, TypeMem, type ValueType, typeSize } from "./types.ts";

export type Callee = (args: readonly bigint[]) => readonly bigint[];

const view = new DataView(new ArrayBuffer(8));

/** The float that bits stand for. */
export function toFloat(type: ValueType, bits: bigint): number {
  if (type === TypeF32) {
    view.setUint32(0, Number(BigInt.asUintN(32, bits)));
    return view.getFloat32(0);
  }
  view.setBigUint64(0, BigInt.asUintN(64, bits));
  return view.getFloat64(0);
}

/** The bits of a float. */
export function fromFloat(type: ValueType, value: number): bigint {
  if (type === TypeF32) {
    view.setFloat32(0, value);
    return BigInt(view.getUint32(0));
  }
  view.setFloat64(0, value);
  return view.getBigUint64(0);
}

const bitsOf = (type: ValueType): number => 8 * typeSize(type);

class Interpreter {
  private readonly f: Func;
  private readonly calls: ReadonlyMap<Sym, Callee>;
  private readonly values: bigint[] = [];
  private readonly tuples: (readonly bigint[])[] = [];
  private readonly memory: Uint8Array[] = [];
  private steps = 0;

  constructor(f: Func, calls: ReadonlyMap<Sym, Callee>) {
    this.f = f;
    this.calls = calls;
    for (let i = 0; i < f.slots.length; i++) this.memory.push(new Uint8Array(f.slots[i]?.size ?? 0));
  }

  run(args: readonly bigint[]): bigint[] {
    const { f, values } = this;
    let b: Block = f.entry;
    let from: Block | null = null;
    for (;;) {
      if (from !== null) {
        const k = b.preds.indexOf(from);
        const news: [Value, bigint][] = [];
        for (const v of b.values) if (f.op[v] === O.OpPhi) news.push([v, values[f.arg(v, k)] ?? 0n]);
        for (const [v, x] of news) values[v] = x;
      }
      for (const v of b.values) {
        if (f.op[v] === O.OpPhi) continue;
        if (f.op[v] === O.OpArg) values[v] = this.wrap(f.type[v], args[f.auxLo[v]]);
        else this.value(v);
        if (this.steps++ > 2_000_000) throw new Error("interpreter: too many steps");
      }
      let next: Block;
      switch (b.kind) {
        case BlockPlain:
          next = b.succs[0];
          break;
        case BlockIf:
          next = (values[b.controls[0]] & 1n) !== 0n ? b.succs[0] : b.succs[1];
          break;
        case BlockJump:
          next = b.succs[Number(values[b.controls[0]])];
          break;
        case BlockRet: {
          const out: bigint[] = [];
          for (const c of b.controls) if (f.type[c] !== TypeMem) out.push(values[c]);
          return out;
        }
        default:
          throw new Error(`interpreter: block kind ${b.kind}`);
      }
      from = b;
      b = next;
    }
  }

  private wrap(type: ValueType, x: bigint): bigint {
    return BigInt.asUintN(bitsOf(type), x);
  }

  private signed(v: Value): bigint {
    return BigInt.asIntN(bitsOf(this.f.type[v]), this.values[v]);
  }

  private float(v: Value): number {
    return toFloat(this.f.type[v], this.values[v]);
  }

  private place(p: bigint, offset: number): [Uint8Array, number] {
    const slot = Number(p >> 32n);
    const at = Number(BigInt.asIntN(32, p)) + offset;
    const bytes = this.memory[slot];
    if (bytes === undefined || at < 0 || at >= bytes.length) throw new Error(`interpreter: address ${p.toString(16)}+${offset}`);
    return [bytes, at];
  }

  private load(p: bigint, offset: number, size: number): bigint {
    const [bytes, at] = this.place(p, offset);
    let x = 0n;
    for (let i = size - 1; i >= 0; i--) x = (x << 8n) | BigInt(bytes[at + i]);
    return x;
  }

  private store(p: bigint, offset: number, size: number, x: bigint): void {
    const [bytes, at] = this.place(p, offset);
    for (let i = 0; i < size; i++) bytes[at + i] = Number((x >> BigInt(8 * i)) & 255n);
  }

  private value(v: Value): void {
    const { f, values, tuples } = this;
    const type = f.type[v];
    const set = (x: bigint): void => {
      values[v] = this.wrap(type, x);
    };
    const setFloat = (x: number): void => {
      values[v] = fromFloat(type, x);
    };
    const arg = (i: number): Value => f.arg(v, i);
    const u = (i: number): bigint => values[arg(i)];
    const s = (i: number): bigint => this.signed(arg(i));
    const x = (i: number): number => this.float(arg(i));
    const bool = (b: boolean): void => {
      values[v] = b ? 1n : 0n;
    };
    const bits = typeSize(type) > 0 ? bitsOf(type) : 0;
    switch (f.op[v]) {
      case O.OpInitMem:
      case O.OpSelectMem:
      case O.OpKeepAlive:
      case O.OpSpin:
        return;
      case O.OpConst:
      case O.OpConstF:
        return set(f.auxBig(v));
      case O.OpSlotAddr:
        return set((BigInt(f.aux[v]) << 32n) + BigInt(f.auxInt(v)));
      case O.OpCopy:
      case O.OpTrunc:
      case O.OpZeroExt:
      case O.OpPtrBits:
      case O.OpPtrToInt:
      case O.OpIntToPtr:
      case O.OpNilCheck:
      case O.OpBitsToFloat:
      case O.OpFloatToBits:
      case O.OpFRound:
        return set(u(0));
      case O.OpSignExt:
        return set(s(0));
      case O.OpAdd:
      case O.OpAddPtr:
        return set(u(0) + u(1));
      case O.OpOffPtr:
        return set(u(0) + BigInt(f.auxInt(v)));
      case O.OpSub:
      case O.OpSubPtr:
        return set(u(0) - u(1));
      case O.OpMul:
        return set(u(0) * u(1));
      case O.OpDiv:
        return set(s(0) / s(1));
      case O.OpUDiv:
        return set(u(0) / u(1));
      case O.OpMod:
        return set(s(0) % s(1));
      case O.OpUMod:
        return set(u(0) % u(1));
      case O.OpNeg:
        return set(-u(0));
      case O.OpAnd:
        return set(u(0) & u(1));
      case O.OpOr:
        return set(u(0) | u(1));
      case O.OpXor:
        return set(u(0) ^ u(1));
      case O.OpAndNot:
        return set(u(0) & ~u(1));
      case O.OpNot:
        return set(~u(0));
      case O.OpBoolNot:
        return set(1n - (u(0) & 1n));
      case O.OpShl:
        return set(u(1) >= BigInt(bits) ? 0n : u(0) << u(1));
      case O.OpShr:
        return set(u(1) >= BigInt(bits) ? 0n : u(0) >> u(1));
      case O.OpSar:
        return set(s(0) >> (u(1) >= BigInt(bits) ? BigInt(bits - 1) : u(1)));
      case O.OpRotL: {
        const n = u(1) % BigInt(bits);
        return set((u(0) << n) | (u(0) >> (BigInt(bits) - n)));
      }
      case O.OpMulHi:
        return set((s(0) * s(1)) >> BigInt(bits));
      case O.OpUMulHi:
        return set((u(0) * u(1)) >> BigInt(bits));
      case O.OpUMulLoHi:
        tuples[v] = [(u(0) * u(1)) >> 64n, BigInt.asUintN(64, u(0) * u(1))];
        return;
      case O.OpAddCarry: {
        const sum = u(0) + u(1) + (u(2) & 1n);
        tuples[v] = [BigInt.asUintN(64, sum), sum >> 64n];
        return;
      }
      case O.OpSubBorrow: {
        const d = u(0) - u(1) - (u(2) & 1n);
        tuples[v] = [BigInt.asUintN(64, d), d < 0n ? 1n : 0n];
        return;
      }
      case O.OpUDiv128: {
        const n = (u(0) << 64n) | u(1);
        tuples[v] = [n / u(2), n % u(2)];
        return;
      }
      case O.OpSelect:
        return set(tuples[arg(0)][f.auxLo[v]]);
      case O.OpCtz: {
        const width = bitsOf(f.type[arg(0)]);
        let n = 0;
        while (n < width && ((u(0) >> BigInt(n)) & 1n) === 0n) n++;
        return set(BigInt(n));
      }
      case O.OpBitLen:
        return set(u(0) === 0n ? 0n : BigInt(u(0).toString(2).length));
      case O.OpPopCount:
        return set(BigInt(u(0).toString(2).replaceAll("0", "").length));
      case O.OpByteSwap: {
        let r = 0n;
        for (let i = 0; i < bits; i += 8) r = (r << 8n) | ((u(0) >> BigInt(i)) & 255n);
        return set(r);
      }
      case O.OpBitReverse: {
        let r = 0n;
        for (let i = 0; i < bits; i++) r = (r << 1n) | ((u(0) >> BigInt(i)) & 1n);
        return set(r);
      }
      case O.OpIntToFloat:
        return set(type === TypeF32 ? roundToFloat32(s(0)) : fromFloat(type, Number(s(0))));
      case O.OpUIntToFloat:
        return set(type === TypeF32 ? roundToFloat32(u(0)) : fromFloat(type, Number(u(0))));
      case O.OpFloatToInt:
        return set(floatToInt(x(0), Math.max(32, bits)));
      case O.OpFloatToUInt: {
        const y = Math.trunc(x(0));
        return set(Number.isFinite(y) ? BigInt(y) : 0n);
      }
      case O.OpFloatExt:
      case O.OpFloatTrunc:
        return setFloat(x(0));
      case O.OpFAdd:
        return setFloat(x(0) + x(1));
      case O.OpFSub:
        return setFloat(x(0) - x(1));
      case O.OpFMul:
        return setFloat(x(0) * x(1));
      case O.OpFDiv:
        return setFloat(x(0) / x(1));
      case O.OpFSqrt:
        return setFloat(Math.sqrt(x(0)));
      case O.OpFNeg:
        return set(u(0) ^ (1n << BigInt(bits - 1)));
      case O.OpFAbs:
        return set(u(0) & ~(1n << BigInt(bits - 1)));
      case O.OpFCopysign: {
        const sign = 1n << BigInt(bits - 1);
        return set((u(0) & ~sign) | (u(1) & sign));
      }
      case O.OpFFloor:
        return setFloat(Math.floor(x(0)));
      case O.OpFCeil:
        return setFloat(Math.ceil(x(0)));
      case O.OpFTrunc:
        return setFloat(Math.trunc(x(0)));
      case O.OpFMin:
        return setFloat(Math.min(x(0), x(1)));
      case O.OpFMax:
        return setFloat(Math.max(x(0), x(1)));
      case O.OpEq:
        return bool(u(0) === u(1));
      case O.OpNe:
        return bool(u(0) !== u(1));
      case O.OpLt:
        return bool(s(0) < s(1));
      case O.OpLe:
        return bool(s(0) <= s(1));
      case O.OpULt:
        return bool(u(0) < u(1));
      case O.OpULe:
        return bool(u(0) <= u(1));
      case O.OpFEq:
        return bool(x(0) === x(1));
      case O.OpFNe:
        return bool(x(0) !== x(1));
      case O.OpFLt:
        return bool(x(0) < x(1));
      case O.OpFLe:
        return bool(x(0) <= x(1));
      case O.OpCondSelect:
        return set((u(2) & 1n) !== 0n ? u(0) : u(1));
      case O.OpLoad:
        return set(this.load(u(0), f.auxInt(v), typeSize(type)));
      case O.OpStore:
        this.store(u(0), f.auxInt(v), typeSize(f.type[arg(1)]), u(1));
        return;
      case O.OpZero: {
        const [bytes, at] = f.auxInt(v) > 0 ? this.place(u(0), 0) : [new Uint8Array(0), 0];
        bytes.fill(0, at, at + f.auxInt(v));
        return;
      }
      case O.OpMove: {
        if (f.auxInt(v) === 0) return;
        const [to, t] = this.place(u(0), 0);
        const [from, s0] = this.place(u(1), 0);
        to.set(from.slice(s0, s0 + f.auxInt(v)), t);
        return;
      }
      case O.OpAtomicLoad: {
        const x0 = this.load(u(0), 0, f.auxInt(v));
        tuples[v] = [x0];
        return;
      }
      case O.OpAtomicStore:
        this.store(u(0), 0, typeSize(f.type[arg(1)]), u(1));
        return;
      case O.OpAtomicExchange:
      case O.OpAtomicAdd:
      case O.OpAtomicAnd:
      case O.OpAtomicOr: {
        const size = typeSize(f.type[arg(1)]);
        const old = this.load(u(0), 0, size);
        const op = f.op[v];
        const now = op === O.OpAtomicExchange ? u(1) : op === O.OpAtomicAdd ? old + u(1) : op === O.OpAtomicAnd ? old & u(1) : old | u(1);
        const wrapped = BigInt.asUintN(8 * size, now);
        this.store(u(0), 0, size, wrapped);
        tuples[v] = [op === O.OpAtomicAdd ? wrapped : old];
        return;
      }
      case O.OpAtomicCas: {
        const size = typeSize(f.type[arg(1)]);
        const ok = this.load(u(0), 0, size) === u(1);
        if (ok) this.store(u(0), 0, size, u(2));
        tuples[v] = [ok ? 1n : 0n];
        return;
      }
      case O.OpCallStatic: {
        const info = f.calls[f.aux[v]];
        const callee = info === null || info === undefined ? undefined : this.calls.get(info.sym);
        if (callee === undefined) throw new Error("interpreter: unknown callee");
        tuples[v] = callee(info!.argTypes.map((_, i) => u(i))).map((r, i) => this.wrap(info!.resultTypes[i], r));
        return;
      }
      default:
        throw new Error(`interpreter: ${O.opNames[f.op[v]]}`);
    }
  }
}

/** Nearest float32 of an integer, rounded once. */
function roundToFloat32(n: bigint): bigint {
  if (n === 0n) return 0n;
  const sign = n < 0n ? 0x80000000n : 0n;
  const m = n < 0n ? -n : n;
  const length = m.toString(2).length;
  if (length <= 24) return fromFloat(TypeF32, Number(n));
  const shift = BigInt(length - 24);
  let q = m >> shift;
  const rest = m - (q << shift);
  const half = 1n << (shift - 1n);
  if (rest > half || (rest === half && (q & 1n) === 1n)) q++;
  return sign | (fromFloat(TypeF32, Number(q) * 2 ** Number(shift)) & 0x7fffffffn);
}

function floatToInt(x: number, bits: number): bigint {
  const t = Math.trunc(x);
  const limit = 2 ** (bits - 1);
  if (Number.isNaN(t) || t < -limit || t >= limit) return 1n << BigInt(bits - 1);
  return BigInt(t);
}

/** Runs a function on arguments; gives its register-passed results. */
export function interpret(f: Func, args: readonly bigint[], calls: ReadonlyMap<Sym, Callee> = new Map()): bigint[] {
  return new Interpreter(f, calls).run(args);
}
