// Equality and hash functions of types that aren't plain memory. They must agree with the runtime's own walk over descriptors
// (typehash) in which fields count; blank fields and padding never do.

import type { Block, Value } from "../ssa/func.ts";
import { FnHidden } from "../ssa/func.ts";
import { OpAddPtr, OpEq, OpFEq, OpIntToPtr, OpMul, OpOr, OpPhi, OpULt, OpXor, OpAdd } from "../ssa/ops.gen.ts";
import type { AbiInfo, AbiType } from "../ssa/abi.ts";
import { assignAbi, type AbiRegisters } from "../ssa/abi.ts";
import type { Func } from "../ssa/func.ts";
import type { Sym } from "../ssa/symbol.ts";
import { TypeF32, TypeF64, TypeI16, TypeI32, TypeI64, TypeI8, TypeMem, TypePtr, type ValueType } from "../ssa/types.ts";
import * as K from "../types/kinds.ts";
import type { Var } from "../types/object.ts";
import type { ArrayType, Struct, Type } from "../types/types.ts";
import { under } from "../types/under.ts";
import { Emitter } from "./emit.ts";
import {
  AlgComplex128,
  AlgComplex64,
  AlgEmptyInterface,
  AlgFloat32,
  AlgFloat64,
  AlgInterface,
  AlgMemory,
  AlgNone,
  AlgSpecial,
  AlgString,
  type Shapes,
} from "./shape.ts";

const word = (type: ValueType, size: number): AbiType => ({
  size,
  align: size,
  components: [{ type, offset: 0 }],
  inRegisters: true,
});
export const ptrAbi: AbiType = word(TypePtr, 8);
export const intAbi: AbiType = word(TypeI64, 8);
export const boolAbi: AbiType = word(TypeI8, 1);

/** func(p, q unsafe.Pointer) bool */
export function equalAbi(registers: AbiRegisters): AbiInfo {
  return assignAbi(registers, [ptrAbi, ptrAbi], [boolAbi]);
}

/** func(p unsafe.Pointer, h uintptr) uintptr */
export function hashAbi(registers: AbiRegisters): AbiInfo {
  return assignAbi(registers, [ptrAbi, intAbi], [intAbi]);
}

/** What the functions here call. */
export interface AlgContext {
  readonly abiRegisters: AbiRegisters;
  readonly shapes: Shapes;
  runtimeCall(name: string): { readonly sym: Sym; readonly abi: AbiInfo };
  equalSym(type: Type): Sym;
  hashSym(type: Type): Sym;
}

/** The runtime's equality function for an algorithm, or "" where the type needs one of its own. */
export function runtimeEqual(alg: number, size: number): string {
  switch (alg) {
    case AlgMemory:
      return size === 0 || size === 1 || size === 2 || size === 4 || size === 8 || size === 16 ? `memequal${size * 8}` : "";
    case AlgString:
      return "strequal";
    case AlgInterface:
      return "interequal";
    case AlgEmptyInterface:
      return "nilinterequal";
    case AlgFloat32:
      return "f32equal";
    case AlgFloat64:
      return "f64equal";
    case AlgComplex64:
      return "c64equal";
    case AlgComplex128:
      return "c128equal";
    default:
      return "";
  }
}

export function runtimeHash(alg: number, size: number): string {
  switch (alg) {
    case AlgMemory:
      return size === 0 || size === 1 || size === 2 || size === 4 || size === 8 || size === 16 ? `memhash${size * 8}` : "";
    case AlgString:
      return "strhash";
    case AlgInterface:
      return "interhash";
    case AlgEmptyInterface:
      return "nilinterhash";
    case AlgFloat32:
      return "f32hash";
    case AlgFloat64:
      return "f64hash";
    case AlgComplex64:
      return "c64hash";
    case AlgComplex128:
      return "c128hash";
    default:
      return "";
  }
}

/** A run of fields from `first` that compares as plain memory: its end in bytes and the index behind it. */
function memoryRun(shapes: Shapes, t: Struct, first: number): { end: number; next: number } {
  const shape = shapes.of(t);
  let next = first + 1;
  const endOf = (i: number): number => (shape.offsets[i] as number) + shapes.of((t.fields[i] as Var).type as Type).size;
  while (next < t.fields.length) {
    const f = t.fields[next] as Var;
    if (endOf(next - 1) !== shape.offsets[next] || f.name === "_") break;
    if (shapes.of(f.type as Type).alg !== AlgMemory) break;
    next++;
  }
  return { end: endOf(next - 1), next };
}

class EqualWriter {
  readonly ctx: AlgContext;
  readonly e: Emitter;
  /** Blocks that go to "not equal", with the memory there. */
  readonly fails: Block[] = [];
  readonly failMems: Value[] = [];
  /** Comparisons by calls: they come behind those that a few instructions do, but for what may panic. */
  private late: (() => void)[] = [];

  constructor(ctx: AlgContext, sym: Sym, name: string) {
    this.ctx = ctx;
    this.e = new Emitter(sym, name, equalAbi(ctx.abiRegisters), FnHidden);
  }

  /** Goes on only if `condition` holds. */
  require(condition: Value): void {
    const e = this.e;
    const next = e.newBlock();
    const out = e.newBlock();
    e.branch(condition, next, out);
    this.fails.push(out);
    this.failMems.push(e.mem);
    e.block = next;
  }

  /** Makes the comparisons that were put off. */
  private flush(): void {
    const { late } = this;
    this.late = [];
    for (const compare of late) compare();
  }

  memory(p: Value, q: Value, offset: number, size: number): void {
    const e = this.e;
    if (size > 64) {
      this.late.push(() => {
        const call = this.ctx.runtimeCall("memequal");
        const args = [e.of(ptrAbi, [e.offset(p, offset)]), e.of(ptrAbi, [e.offset(q, offset)]), e.of(intAbi, [e.int(size)])];
        this.require(e.result(e.callStatic(call.sym, call.abi, args)));
      });
      return;
    }
    let at = offset;
    let left = size;
    let pending: Value = 0 as Value;
    const flush = (): void => {
      if (pending !== 0) this.require(e.value2(OpEq, TypeI8, pending, e.int(0)));
      pending = 0 as Value;
    };
    while (left > 0) {
      const width = left >= 8 ? 8 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
      const type = width === 8 ? TypeI64 : width === 4 ? TypeI32 : width === 2 ? TypeI16 : TypeI8;
      const x = e.load(type, p, at);
      const y = e.load(type, q, at);
      if (width === 8 && size > 8) {
        // Two words at a time: one branch.
        const diff = e.value2(OpXor, TypeI64, x, y);
        if (pending === 0) {
          pending = diff;
        } else {
          pending = e.value2(OpOr, TypeI64, pending, diff);
          flush();
        }
      } else {
        flush();
        this.require(e.value2(OpEq, TypeI8, x, y));
      }
      at += width;
      left -= width;
    }
    flush();
  }

  value(t: Type, p: Value, q: Value, offset: number): void {
    const e = this.e;
    const shape = this.ctx.shapes.of(t);
    switch (shape.alg) {
      case AlgMemory:
        this.memory(p, q, offset, shape.size);
        return;
      case AlgFloat32:
      case AlgFloat64:
      case AlgComplex64:
      case AlgComplex128: {
        const type = shape.alg === AlgFloat32 || shape.alg === AlgComplex64 ? TypeF32 : TypeF64;
        const width = type === TypeF32 ? 4 : 8;
        for (let at = 0; at < shape.size; at += width) {
          this.require(e.value2(OpFEq, TypeI8, e.load(type, p, offset + at), e.load(type, q, offset + at)));
        }
        return;
      }
      case AlgString: {
        const length = e.load(TypeI64, p, offset + 8);
        this.require(e.value2(OpEq, TypeI8, length, e.load(TypeI64, q, offset + 8)));
        this.late.push(() => this.callBool("memequal", [e.load(TypePtr, p, offset), e.load(TypePtr, q, offset), length]));
        return;
      }
      case AlgInterface:
      case AlgEmptyInterface: {
        const tab = e.load(TypeI64, p, offset);
        this.require(e.value2(OpEq, TypeI8, tab, e.load(TypeI64, q, offset)));
        const x = e.load(TypePtr, p, offset + 8);
        const y = e.load(TypePtr, q, offset + 8);
        this.flush();
        this.callBool(shape.alg === AlgInterface ? "ifaceeq" : "efaceeq", [tab, x, y]);
        return;
      }
      default:
        break;
    }
    const u = under(t);
    if (u.kind === K.TStruct) this.struct(u, p, q, offset);
    else if (u.kind === K.TArray) this.array(u, p, q, offset);
  }

  private callBool(name: string, args: readonly Value[]): void {
    const e = this.e;
    const call = this.ctx.runtimeCall(name);
    const operands = args.map((v, i) => {
      const want = call.abi.params[i]?.type.components[0]?.type;
      // Type words are plain integers in registers; the runtime's parameter is a pointer.
      if (want === TypePtr && e.f.type[v] === TypeI64) return e.of(ptrAbi, [e.value2(OpIntToPtr, TypePtr, v, e.mem)]);
      return e.of(call.abi.params[i]?.type ?? ptrAbi, [v]);
    });
    this.require(e.result(e.callStatic(call.sym, call.abi, operands)));
  }

  private struct(u: Struct, p: Value, q: Value, offset: number): void {
    const { shapes } = this.ctx;
    const shape = shapes.of(u);
    for (let i = 0; i < u.fields.length; ) {
      const f = u.fields[i] as Var;
      if (f.name === "_") {
        i++;
        continue;
      }
      const at = shape.offsets[i] as number;
      if (shapes.of(f.type as Type).alg === AlgMemory) {
        const run = memoryRun(shapes, u, i);
        this.memory(p, q, offset + at, run.end - at);
        i = run.next;
      } else {
        this.nested(f.type as Type, p, q, offset + at);
        i++;
      }
    }
  }

  /** Structs and arrays inside: large ones by a call of their own function. */
  private nested(t: Type, p: Value, q: Value, offset: number): void {
    const shape = this.ctx.shapes.of(t);
    if (shape.alg !== AlgSpecial || shape.size <= 64) {
      this.value(t, p, q, offset);
      return;
    }
    const e = this.e;
    this.late.push(() => {
      const args = [e.of(ptrAbi, [e.offset(p, offset)]), e.of(ptrAbi, [e.offset(q, offset)])];
      this.require(e.result(e.callStatic(this.ctx.equalSym(t), equalAbi(this.ctx.abiRegisters), args)));
    });
    if (this.canPanic(t)) this.flush();
  }

  /** Comparing interfaces panics where dynamic types are not comparable. */
  private canPanic(t: Type): boolean {
    const u = under(t);
    if (u.kind === K.TStruct) return u.fields.some((f) => f.name !== "_" && this.canPanic((f as Var).type as Type));
    if (u.kind === K.TArray) return this.canPanic(u.elem);
    return u.kind === K.TInterface;
  }

  private array(u: ArrayType, p: Value, q: Value, offset: number): void {
    const elem = this.ctx.shapes.of(u.elem);
    if (u.len <= 2) {
      for (let i = 0; i < u.len; i++) this.nested(u.elem, p, q, offset + i * elem.size);
      return;
    }
    this.flush();
    const e = this.e;
    const f = e.f;
    const zero = e.int(0);
    const memBefore = e.mem;
    const header = e.newBlock();
    const body = e.newBlock();
    const after = e.newBlock();
    e.jump(header);
    e.block = header;
    const index = f.valueN(header, OpPhi, TypeI64, e.f.pos, [zero]);
    const mem = f.valueN(header, OpPhi, TypeMem, e.f.pos, [memBefore]);
    e.mem = mem;
    e.branch(e.value2(OpULt, TypeI8, index, e.int(u.len)), body, after, 1);
    e.block = body;
    const at = e.value2(OpMul, TypeI64, index, e.int(elem.size));
    const pi = e.value2(OpAddPtr, TypePtr, e.offset(p, offset), at);
    const qi = e.value2(OpAddPtr, TypePtr, e.offset(q, offset), at);
    this.nested(u.elem, pi, qi, 0);
    this.flush();
    const next = e.value2(OpAdd, TypeI64, index, e.int(1));
    e.jump(header);
    f.addArg(index, next);
    f.addArg(mem, e.mem);
    e.block = after;
    e.mem = mem;
  }

  finish(): Func {
    const e = this.e;
    this.flush();
    e.ret([e.of(boolAbi, [e.int(1, TypeI8)])]);
    if (this.fails.length > 0) {
      const out = e.newBlock();
      for (const b of this.fails) {
        e.block = b;
        e.jump(out);
      }
      e.block = out;
      const first = this.failMems[0] as Value;
      const same = this.failMems.every((m) => m === first);
      e.mem = same ? first : e.f.valueN(out, OpPhi, TypeMem, e.f.pos, this.failMems);
      e.ret([e.of(boolAbi, [e.int(0, TypeI8)])]);
    }
    return e.f;
  }
}

/** The equality function of a type that needs one of its own. */
export function makeEqual(ctx: AlgContext, t: Type, sym: Sym, name: string): Func {
  const w = new EqualWriter(ctx, sym, name);
  const p = (w.e.param(0).parts as Value[])[0] as Value;
  const q = (w.e.param(1).parts as Value[])[0] as Value;
  w.value(t, p, q, 0);
  return w.finish();
}

/** The hash function of a type that needs one of its own. */
export function makeHash(ctx: AlgContext, t: Type, sym: Sym, name: string): Func {
  const e = new Emitter(sym, name, hashAbi(ctx.abiRegisters), FnHidden);
  const p = (e.param(0).parts as Value[])[0] as Value;
  const h = hashValue(ctx, e, t, p, 0, (e.param(1).parts as Value[])[0] as Value);
  e.ret([e.of(intAbi, [h])]);
  return e.f;
}

function hashValue(ctx: AlgContext, e: Emitter, t: Type, p: Value, offset: number, h: Value): Value {
  const shape = ctx.shapes.of(t);
  const call = (name: string, extra: readonly Value[]): Value => {
    const c = ctx.runtimeCall(name);
    const args = [e.of(ptrAbi, [e.offset(p, offset)]), e.of(intAbi, [h]), ...extra.map((v) => e.of(intAbi, [v]))];
    return e.result(e.callStatic(c.sym, c.abi, args));
  };
  if (shape.alg === AlgNone) throw new Error("hash of a type that is not comparable");
  const known = runtimeHash(shape.alg, shape.size);
  if (shape.size === 0) return h;
  if (known !== "" && shape.alg !== AlgMemory) return call(known, []);
  if (shape.alg === AlgMemory) {
    if (shape.size === 4 || shape.size === 8) return call(`memhash${shape.size * 8}`, []);
    return call("memhash", [e.int(shape.size)]);
  }
  const u = under(t);
  if (u.kind === K.TStruct) {
    for (let i = 0; i < u.fields.length; ) {
      const f = u.fields[i] as Var;
      if (f.name === "_") {
        i++;
        continue;
      }
      const at = shape.offsets[i] as number;
      if (ctx.shapes.of(f.type as Type).alg === AlgMemory) {
        const run = memoryRun(ctx.shapes, u, i);
        const c = ctx.runtimeCall("memhash");
        const args = [e.of(ptrAbi, [e.offset(p, offset + at)]), e.of(intAbi, [h]), e.of(intAbi, [e.int(run.end - at)])];
        h = e.result(e.callStatic(c.sym, c.abi, args));
        i = run.next;
      } else {
        h = hashValue(ctx, e, f.type as Type, p, offset + at, h);
        i++;
      }
    }
    return h;
  }
  if (u.kind === K.TArray) return hashArray(ctx, e, u, p, offset, h);
  throw new Error("hash of an unexpected type");
}

function hashArray(ctx: AlgContext, e: Emitter, u: ArrayType, p: Value, offset: number, h: Value): Value {
  const f = e.f;
  const elem = ctx.shapes.of(u.elem);
  const header = e.newBlock();
  const body = e.newBlock();
  const after = e.newBlock();
  const zero = e.int(0);
  const memBefore = e.mem;
  e.jump(header);
  e.block = header;
  const index = f.valueN(header, OpPhi, TypeI64, f.pos, [zero]);
  const hash = f.valueN(header, OpPhi, TypeI64, f.pos, [h]);
  const mem = f.valueN(header, OpPhi, TypeMem, f.pos, [memBefore]);
  e.mem = mem;
  e.branch(e.value2(OpULt, TypeI8, index, e.int(u.len)), body, after, 1);
  e.block = body;
  const at = e.value2(OpMul, TypeI64, index, e.int(elem.size));
  const pi = e.value2(OpAddPtr, TypePtr, e.offset(p, offset), at);
  const args = [e.of(ptrAbi, [pi]), e.of(intAbi, [hash])];
  const result = e.result(e.callStatic(ctx.hashSym(u.elem), hashAbi(ctx.abiRegisters), args));
  const next = e.value2(OpAdd, TypeI64, index, e.int(1));
  e.jump(header);
  f.addArg(index, next);
  f.addArg(hash, result);
  f.addArg(mem, e.mem);
  e.block = after;
  e.mem = mem;
  return hash;
}
