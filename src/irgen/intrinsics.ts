// Functions of the standard library that are operations of the IR. The table says which; the emission follows from the kind of row. What is
// not here is an ordinary call: all of these functions have bodies (or assembly) of their own, so a row is only a question of speed, except
// for those marked as needed, which have no other meaning.

import type { Value } from "../ssa/func.ts";
import {
  OpAddCarry,
  OpAtomicAdd,
  OpAtomicAnd,
  OpAtomicCas,
  OpAtomicExchange,
  OpAtomicLoad,
  OpAtomicOr,
  OpAtomicStore,
  OpBitLen,
  OpBitsToFloat,
  OpBitReverse,
  OpByteSwap,
  OpCallerPC,
  OpCallerSP,
  OpClosure,
  OpCtz,
  OpFAbs,
  OpFCopysign,
  OpFSqrt,
  OpFloatToBits,
  OpGetG,
  OpNe,
  OpPrefetch,
  OpPtrToInt,
  OpPublicationBarrier,
  OpRotL,
  OpSelect,
  OpSelectMem,
  OpSignExt,
  OpSubBorrow,
  OpTrunc,
  OpUDiv128,
  OpULt,
  OpUMulLoHi,
  OpZeroExt,
} from "../ssa/ops.gen.ts";
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
} from "../ssa/types.ts";
import type { Type } from "../types/types.ts";
import type { Body } from "./body.ts";
import type { Operand } from "./operand.ts";
import { pointsByStrings } from "./shape.ts";

const Unary = 1; // op(x), result of the given type, widened or cut to the function's
const Binary = 2;
const Load = 3; // atomic
const Store = 4;
const Exchange = 5;
const Add = 6; // yields the new value
const CompareAndSwap = 7;
const AndOr = 8; // yields the old value if the function has a result
const Tuple = 9; // several results
const Special = 10;
const Identity = 11; // the argument's bits
const Escape = 12; // the argument's pointers become known to the world

interface Row {
  readonly kind: number;
  readonly op: number;
  /** The type that the operation works on. */
  readonly type: ValueType;
}

const row = (kind: number, op: number, type: ValueType): Row => ({ kind, op, type });

const rows: [string, Row][] = [
  ["math.sqrt", row(Unary, OpFSqrt, TypeF64)],
  ["math.Sqrt", row(Unary, OpFSqrt, TypeF64)],
  ["math.Abs", row(Unary, OpFAbs, TypeF64)],
  ["math.Copysign", row(Binary, OpFCopysign, TypeF64)],
  ["math.Float64bits", row(Unary, OpFloatToBits, TypeI64)],
  ["math.Float64frombits", row(Unary, OpBitsToFloat, TypeF64)],
  ["math.Float32bits", row(Unary, OpFloatToBits, TypeI32)],
  ["math.Float32frombits", row(Unary, OpBitsToFloat, TypeF32)],
  ["math/bits.Mul64", row(Tuple, OpUMulLoHi, TypeI64)],
  ["math/bits.Mul", row(Tuple, OpUMulLoHi, TypeI64)],
  ["math/bits.Add64", row(Tuple, OpAddCarry, TypeI64)],
  ["math/bits.Add", row(Tuple, OpAddCarry, TypeI64)],
  ["math/bits.Sub64", row(Tuple, OpSubBorrow, TypeI64)],
  ["math/bits.Sub", row(Tuple, OpSubBorrow, TypeI64)],
  ["internal/runtime/math.Mul64", row(Tuple, OpUMulLoHi, TypeI64)],
  ["internal/runtime/math.Add64", row(Tuple, OpAddCarry, TypeI64)],
  ["math/bits.Div64", row(Special, OpUDiv128, TypeI64)],
  ["math/bits.Div", row(Special, OpUDiv128, TypeI64)],
  ["internal/runtime/math.MulUintptr", row(Special, OpUMulLoHi, TypeI64)],
  ["crypto/internal/constanttime.boolToUint8", row(Identity, 0, TypeI8)],
  ["internal/abi.EscapeNonString", row(Escape, 0, TypePtr)],
  ["runtime.getg", row(Special, OpGetG, TypeI64)],
  ["runtime.publicationBarrier", row(Special, OpPublicationBarrier, TypeMem)],
  ["internal/runtime/sys.GetCallerPC", row(Special, OpCallerPC, TypeI64)],
  ["internal/runtime/sys.GetCallerSP", row(Special, OpCallerSP, TypeI64)],
  ["internal/runtime/sys.GetClosurePtr", row(Special, OpClosure, TypePtr)],
  ["internal/runtime/sys.Prefetch", row(Special, OpPrefetch, TypeMem)],
  ["internal/runtime/sys.PrefetchStreamed", row(Special, OpPrefetch, TypeMem)],
];

const widths: readonly (readonly [string, ValueType])[] = [
  ["8", TypeI8],
  ["16", TypeI16],
  ["32", TypeI32],
  ["64", TypeI64],
  ["", TypeI64],
];
for (const [suffix, type] of widths) {
  rows.push([`math/bits.TrailingZeros${suffix}`, row(Unary, OpCtz, type)]);
  rows.push([`math/bits.Len${suffix}`, row(Unary, OpBitLen, type)]);
  rows.push([`math/bits.RotateLeft${suffix}`, row(Binary, OpRotL, type)]);
  rows.push([`math/bits.Reverse${suffix}`, row(Unary, OpBitReverse, type)]);
  rows.push([`internal/runtime/sys.TrailingZeros${suffix}`, row(Unary, OpCtz, type)]);
  rows.push([`internal/runtime/sys.Len${suffix}`, row(Unary, OpBitLen, type)]);
  if (type !== TypeI8) rows.push([`math/bits.ReverseBytes${suffix}`, row(Unary, OpByteSwap, type)]);
  if (type !== TypeI8) rows.push([`internal/runtime/sys.Bswap${suffix}`, row(Unary, OpByteSwap, type)]);
}

// internal/runtime/atomic: the names that end in a type or width, and which operation they are.
const atomics: readonly (readonly [number, number, readonly (readonly [string, ValueType])[]])[] = [
  [
    Load,
    OpAtomicLoad,
    [
      ["Load", TypeI32],
      ["Load8", TypeI8],
      ["Load64", TypeI64],
      ["LoadAcq", TypeI32],
      ["LoadAcq64", TypeI64],
      ["LoadAcquintptr", TypeI64],
      ["Loadp", TypePtr],
      ["Loadint32", TypeI32],
      ["Loadint64", TypeI64],
      ["Loaduintptr", TypeI64],
      ["Loaduint", TypeI64],
    ],
  ],
  [
    Store,
    OpAtomicStore,
    [
      ["Store", TypeI32],
      ["Store8", TypeI8],
      ["Store64", TypeI64],
      ["StoreRel", TypeI32],
      ["StoreRel64", TypeI64],
      ["StoreReluintptr", TypeI64],
      ["StorepNoWB", TypePtr],
      ["Storeint32", TypeI32],
      ["Storeint64", TypeI64],
      ["Storeuintptr", TypeI64],
    ],
  ],
  [
    Exchange,
    OpAtomicExchange,
    [
      ["Xchg", TypeI32],
      ["Xchg8", TypeI8],
      ["Xchg64", TypeI64],
      ["Xchgint32", TypeI32],
      ["Xchgint64", TypeI64],
      ["Xchguintptr", TypeI64],
    ],
  ],
  [
    Add,
    OpAtomicAdd,
    [
      ["Xadd", TypeI32],
      ["Xadd64", TypeI64],
      ["Xaddint32", TypeI32],
      ["Xaddint64", TypeI64],
      ["Xadduintptr", TypeI64],
    ],
  ],
  [
    CompareAndSwap,
    OpAtomicCas,
    [
      ["Cas", TypeI32],
      ["Cas64", TypeI64],
      ["CasRel", TypeI32],
      ["Casint32", TypeI32],
      ["Casint64", TypeI64],
      ["Casuintptr", TypeI64],
      ["Casp1", TypePtr],
    ],
  ],
  [
    AndOr,
    OpAtomicAnd,
    [
      ["And8", TypeI8],
      ["And", TypeI32],
      ["And32", TypeI32],
      ["And64", TypeI64],
      ["Anduintptr", TypeI64],
    ],
  ],
  [
    AndOr,
    OpAtomicOr,
    [
      ["Or8", TypeI8],
      ["Or", TypeI32],
      ["Or32", TypeI32],
      ["Or64", TypeI64],
      ["Oruintptr", TypeI64],
    ],
  ],
];
for (const [kind, op, names] of atomics) {
  for (const [name, type] of names) rows.push([`internal/runtime/atomic.${name}`, row(kind, op, type)]);
}

// sync/atomic's functions are assembly that jumps to the above.
const syncTypes: readonly (readonly [string, ValueType])[] = [
  ["Int32", TypeI32],
  ["Int64", TypeI64],
  ["Uint32", TypeI32],
  ["Uint64", TypeI64],
  ["Uintptr", TypeI64],
];
for (const [name, type] of syncTypes) {
  rows.push([`sync/atomic.Load${name}`, row(Load, OpAtomicLoad, type)]);
  rows.push([`sync/atomic.Store${name}`, row(Store, OpAtomicStore, type)]);
  rows.push([`sync/atomic.Swap${name}`, row(Exchange, OpAtomicExchange, type)]);
  rows.push([`sync/atomic.Add${name}`, row(Add, OpAtomicAdd, type)]);
  rows.push([`sync/atomic.CompareAndSwap${name}`, row(CompareAndSwap, OpAtomicCas, type)]);
  rows.push([`sync/atomic.And${name}`, row(AndOr, OpAtomicAnd, type)]);
  rows.push([`sync/atomic.Or${name}`, row(AndOr, OpAtomicOr, type)]);
}
rows.push(["sync/atomic.LoadPointer", row(Load, OpAtomicLoad, TypePtr)]);
rows.push(["sync/atomic.StorePointer", row(Store, OpAtomicStore, TypePtr)]);
rows.push(["sync/atomic.SwapPointer", row(Exchange, OpAtomicExchange, TypePtr)]);
rows.push(["sync/atomic.CompareAndSwapPointer", row(CompareAndSwap, OpAtomicCas, TypePtr)]);
rows.push(["sync.runtime_LoadAcquintptr", row(Load, OpAtomicLoad, TypeI64)]);
rows.push(["sync.runtime_StoreReluintptr", row(Store, OpAtomicStore, TypeI64)]);

const table: ReadonlyMap<string, Row> = new Map(rows);

const packages: ReadonlySet<string> = new Set(rows.map(([name]) => name.slice(0, name.indexOf(".", name.lastIndexOf("/") + 1))));

/** The full name ("math/bits.Len64") of a function that is an operation, "" for others. */
export function intrinsicName(path: string, name: string): string {
  if (!packages.has(path)) return "";
  const full = `${path}.${name}`;
  return table.has(full) ? full : "";
}

/** Emits a call of such a function. `results` are the types of its results. */
export function intrinsic(b: Body, name: string, args: readonly Operand[], results: readonly Type[]): Operand[] {
  const r = table.get(name);
  if (r === undefined) throw new Error(`${name} is no intrinsic`);
  if (r.kind === Escape) return leak(b, args[0] as Operand);
  const values = args.map((x) => b.part(x, 0));
  switch (r.kind) {
    case Identity:
      return [fit(b, values[0] as Value, results[0] as Type)];
    case Unary: {
      const v = b.b.op1(r.op, r.type, values[0] as Value);
      return [fit(b, v, results[0] as Type)];
    }
    case Binary:
      return [fit(b, b.b.op2(r.op, r.type, values[0] as Value, values[1] as Value), results[0] as Type)];
    case Tuple:
      return tuple(b, r, values, results);
    case Special:
      return special(b, r, values, results);
    default:
      return atomic(b, r, values, results);
  }
}

/** A value as the only part of a result, whose integer type may be wider or narrower. */
function fit(b: Body, v: Value, t: Type): Operand {
  const shape = b.shape(t);
  const wanted = (shape.components[0] as { type: ValueType }).type;
  const have = b.f.type[v] as ValueType;
  if (have === wanted) return b.scalar(shape, v);
  if (typeSize(have) < typeSize(wanted)) return b.scalar(shape, b.b.op1(OpZeroExt, wanted, v));
  return b.scalar(shape, b.b.op1(OpTrunc, wanted, v));
}

/** Every pointer of a value may become known to anybody, if there are others than those of strings. */
function leak(b: Body, x: Operand): Operand[] {
  if (x.shape.pointerBytes === 0 || pointsByStrings(x.shape.type)) return [];
  if (x.shape.inRegisters) {
    for (const part of b.parts(x)) if (b.f.type[part] === TypePtr) b.keepAlive(part, true);
    return [];
  }
  const at = b.inMemory(x);
  for (const word of x.shape.pointerWords) b.keepAlive(b.b.load(TypePtr, at, 8 * word), true);
  return [];
}

function tuple(b: Body, r: Row, values: readonly Value[], results: readonly Type[]): Operand[] {
  const t = b.b.opN(r.op, TypeTuple, values);
  return results.map((type, i) => b.scalar(b.shape(type), b.b.opInt1(OpSelect, r.type, t, i)));
}

function special(b: Body, r: Row, values: readonly Value[], results: readonly Type[]): Operand[] {
  const { b: builder, f } = b;
  switch (r.op) {
    case OpGetG:
      return [b.scalar(b.shape(results[0] as Type), builder.pointerOf(builder.op0(OpGetG, TypeI64)))];
    case OpCallerPC:
    case OpCallerSP:
      return [b.scalar(b.shape(results[0] as Type), builder.op0(r.op, TypeI64))];
    case OpClosure: {
      // The context register is known at entry only.
      const v = f.value0(f.entry, OpClosure, TypePtr, builder.pos);
      return [fitPointer(b, v, results[0] as Type)];
    }
    case OpPublicationBarrier:
      builder.mem = builder.op1(OpPublicationBarrier, TypeMem, builder.mem);
      return [];
    case OpPrefetch: {
      const p = builder.pointerOf(values[0] as Value);
      builder.mem = builder.op2(OpPrefetch, TypeMem, p, builder.mem);
      return [];
    }
    case OpUDiv128: {
      const [hi, , y] = values as [Value, Value, Value];
      const zero = builder.int(0);
      b.check(builder.op2(OpNe, TypeI8, y, zero), () => b.runtime("panicdivide"));
      b.check(builder.op2(OpULt, TypeI8, hi, y), () => b.runtime("panicoverflow"));
      return tuple(b, r, values, results);
    }
    case OpUMulLoHi: {
      const t = builder.op2(OpUMulLoHi, TypeTuple, values[0] as Value, values[1] as Value);
      const hi = builder.opInt1(OpSelect, TypeI64, t, 0);
      const lo = builder.opInt1(OpSelect, TypeI64, t, 1);
      const overflow = builder.op2(OpNe, TypeI8, hi, builder.int(0));
      return [b.scalar(b.shape(results[0] as Type), lo), b.bool(overflow)];
    }
    default:
      throw new Error("special intrinsic without emission");
  }
}

function fitPointer(b: Body, v: Value, t: Type): Operand {
  const shape = b.shape(t);
  const wanted = (shape.components[0] as { type: ValueType }).type;
  return b.scalar(shape, wanted === TypePtr ? v : b.b.op2(OpPtrToInt, TypeI64, v, b.b.mem));
}

function atomic(b: Body, r: Row, values: readonly Value[], results: readonly Type[]): Operand[] {
  const { b: builder } = b;
  const p = builder.nilCheck(values[0] as Value);
  const rest = values.slice(1);
  if (r.kind === Store) {
    builder.mem = builder.op3(r.op, TypeMem, p, cut(b, rest[0] as Value, r.type), builder.mem);
    return [];
  }
  const operands = [p, ...rest.map((v) => cut(b, v, r.type)), builder.mem];
  const t = builder.opN(r.op, TypeTuple, operands);
  if (r.kind === Load) b.f.setAuxInt(t, typeSize(r.type));
  builder.mem = builder.op1(OpSelectMem, TypeMem, t);
  if (results.length === 0) return [];
  const type = r.kind === CompareAndSwap ? TypeI8 : r.type;
  return [fit(b, builder.opInt1(OpSelect, type, t, 0), results[0] as Type)];
}

/** An operand of an atomic operation in the operation's width. */
function cut(b: Body, v: Value, type: ValueType): Value {
  const have = b.f.type[v] as ValueType;
  if (have === type) return v;
  if (typeSize(have) > typeSize(type)) return b.b.op1(OpTrunc, type, v);
  return b.b.op1(OpSignExt, type, v);
}
