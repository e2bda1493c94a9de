// The memory form of types: sizes, offsets of fields, which words hold pointers, how values are compared, and the scalar parts that the calling
// convention sees. One record a type, computed once.

import type { AbiRegisters, AbiInfo, AbiType, Component } from "../ssa/abi.ts";
import { assignAbi } from "../ssa/abi.ts";
import { TypeF32, TypeF64, TypeI16, TypeI32, TypeI64, TypeI8, TypePtr } from "../ssa/types.ts";
import * as K from "../types/kinds.ts";
import { unalias } from "../types/alias.ts";
import type { Var } from "../types/object.ts";
import type { ArrayType, Basic, Signature, Struct, Tuple, Type } from "../types/types.ts";
import { typeSet } from "../types/typeset.ts";
import { under } from "../types/under.ts";

// How a type is compared and hashed (the names are those of upstream's algorithms).
export const AlgNone = 0; // not comparable
export const AlgMemory = 1;
export const AlgString = 2;
export const AlgInterface = 3;
export const AlgEmptyInterface = 4;
export const AlgFloat32 = 5;
export const AlgFloat64 = 6;
export const AlgComplex64 = 7;
export const AlgComplex128 = 8;
export const AlgSpecial = 9; // a function of its own

/** What the program needs to know of a type's values. Usable as the calling convention's AbiType. */
export class Shape implements AbiType {
  readonly type: Type;
  readonly size: number;
  readonly align: number;
  /** Bytes from the start up to the end of the last pointer. */
  readonly pointerBytes: number;
  readonly alg: number;
  /** Offsets of a struct's fields. */
  readonly offsets: readonly number[];
  readonly components: readonly Component[];
  readonly inRegisters: boolean;

  constructor(
    type: Type,
    size: number,
    align: number,
    pointerBytes: number,
    alg: number,
    offsets: readonly number[],
    components: readonly Component[] | null,
  ) {
    this.type = type;
    this.size = size;
    this.align = align;
    this.pointerBytes = pointerBytes;
    this.alg = alg;
    this.offsets = offsets;
    this.components = components ?? noComponents;
    this.inRegisters = components !== null;
  }

  /** Set by Shapes for types that live in memory: finds the words with pointers. */
  findPointers: (() => readonly number[]) | null = null;
  private words: readonly number[] | null = null;

  get pointerWords(): readonly number[] {
    this.words ??= this.findPointers === null ? [] : this.findPointers();
    return this.words;
  }

  /** Values are the data word of an interface themselves. */
  get direct(): boolean {
    return this.size === 8 && this.pointerBytes === 8;
  }
}

const noComponents: readonly Component[] = [];
const noOffsets: readonly number[] = [];
/** More components than this can't be in registers on any architecture; no list is kept. */
const maxComponents = 64;

const up = (n: number, to: number): number => Math.ceil(n / to) * to;

/**
 * Whether values of a type never lie in the garbage-collected heap: it is, or contains, the mark of internal/runtime/sys.NotInHeap. The
 * collector ignores pointers to such values, and interfaces hold these pointers indirectly (the runtime's netpoll counts on it).
 */
function notInHeap(type: Type): boolean {
  const u = under(type);
  switch (u.kind) {
    case K.TArray:
      return notInHeap(u.elem);
    case K.TStruct: {
      const named = unalias(type);
      if (named.kind === K.TNamed && named.obj.name === "nih" && named.obj.pkg?.path === "internal/runtime/sys") return true;
      for (const f of u.fields) if (notInHeap(f.type as Type)) return true;
      return false;
    }
    default:
      return false;
  }
}

/** Whether all pointers in values of a type are those of strings. */
export function pointsByStrings(type: Type): boolean {
  const u = under(type);
  switch (u.kind) {
    case K.TBasic:
      return u.basic !== K.UnsafePointer;
    case K.TArray:
      return pointsByStrings(u.elem);
    case K.TStruct:
      return u.fields.every((f) => pointsByStrings(f.type as Type));
    default:
      return false;
  }
}

/** How functions with these parameters and results are called that have this receiver. */
class Convention {
  readonly registers: AbiRegisters;
  readonly recv: Shape | null;
  readonly params: Tuple;
  readonly results: Tuple;
  readonly abi: AbiInfo;

  constructor(registers: AbiRegisters, recv: Shape | null, params: Tuple, results: Tuple, abi: AbiInfo) {
    this.registers = registers;
    this.recv = recv;
    this.params = params;
    this.results = results;
    this.abi = abi;
  }
}

/** The shapes of all types of a program. */
export class Shapes {
  /** By the id of the type where in the list its shape is. */
  private indexes = new Int32Array(1 << 16);
  private readonly list: Shape[] = [];
  private readonly outside = new Map<number, boolean>();
  /** By the id of the parameters, the results or the receiver, the first of them that there is. */
  private readonly conventions = new Map<number, Convention[]>();

  of(type: Type): Shape {
    const { id } = type;
    const known = id < this.indexes.length ? (this.indexes[id] as number) : 0;
    if (known !== 0) return this.list[known - 1] as Shape;
    const u = under(type);
    const shape = u === type ? this.compute(type) : this.of(u);
    if (!shape.inRegisters && shape.findPointers === null) shape.findPointers = () => this.pointerWords(shape.type);
    if (id >= this.indexes.length) {
      const larger = new Int32Array(2 * id);
      larger.set(this.indexes);
      this.indexes = larger;
    }
    this.indexes[id] = this.list.push(shape);
    return shape;
  }

  /** The calling convention of a signature; `recv` comes first when given. Always the same for the same parameters and results. */
  abi(registers: AbiRegisters, recv: Type | null, s: Signature): AbiInfo {
    const { params, results } = s;
    const first = recv === null ? null : this.of(recv);
    const key = params.vars.length > 0 ? params.id : results.vars.length > 0 ? results.id : first === null ? 0 : first.type.id;
    let list = this.conventions.get(key);
    if (list === undefined) {
      list = [];
      this.conventions.set(key, list);
    }
    for (let i = 0; i < list.length; i++) {
      const known = list[i] as Convention;
      if (known.params === params && known.results === results && known.recv === first && known.registers === registers) return known.abi;
    }
    const shapes: Shape[] = first === null ? [] : [first];
    for (let i = 0; i < params.vars.length; i++) shapes.push(this.of((params.vars[i] as Var).type as Type));
    const out: Shape[] = [];
    for (let i = 0; i < results.vars.length; i++) out.push(this.of((results.vars[i] as Var).type as Type));
    const abi = assignAbi(registers, shapes, out);
    list.push(new Convention(registers, first, params, results, abi));
    return abi;
  }

  /** Sets a bit for every word of a value at byte `offset` that holds a pointer. */
  fillMask(type: Type, offset: number, mask: Uint8Array): void {
    const shape = this.of(type);
    if (shape.pointerBytes === 0) return;
    const u = under(type);
    const set = (at: number): void => {
      mask[at >> 6]! |= 1 << ((at >> 3) & 7);
    };
    switch (u.kind) {
      case K.TPointer:
      case K.TMap:
      case K.TChan:
      case K.TSignature:
      case K.TSlice:
        set(offset);
        return;
      case K.TBasic:
        if (u.basic === K.String_ || u.basic === K.UnsafePointer) set(offset);
        return;
      case K.TInterface:
        // The first word points to an itab or type, never into the heap.
        set(offset + 8);
        return;
      case K.TArray: {
        const elem = this.of(u.elem);
        for (let i = 0; i < u.len; i++) this.fillMask(u.elem, offset + i * elem.size, mask);
        return;
      }
      case K.TStruct:
        for (let i = 0; i < u.fields.length; i++) {
          this.fillMask((u.fields[i] as Var).type as Type, offset + (shape.offsets[i] as number), mask);
        }
        return;
    }
  }

  /** Ascending indexes of the words that hold pointers. */
  pointerWords(type: Type): number[] {
    const shape = this.of(type);
    if (shape.pointerBytes === 0) return [];
    const words = Math.ceil(shape.pointerBytes / 8);
    const mask = new Uint8Array((words + 7) >> 3);
    this.fillMask(type, 0, mask);
    const list: number[] = [];
    for (let i = 0; i < words; i++) if (((mask[i >> 3] as number) >> (i & 7)) & 1) list.push(i);
    return list;
  }

  /** Whether pointers to values of a type point to nothing that the collector knows. */
  private pointsOutside(type: Type): boolean {
    const kind = under(type).kind;
    if (kind !== K.TStruct && kind !== K.TArray) return false;
    let known = this.outside.get(type.id);
    if (known === undefined) {
      known = notInHeap(type);
      this.outside.set(type.id, known);
    }
    return known;
  }

  private compute(t: Type): Shape {
    const ptr = (): Component[] => [{ type: TypePtr, offset: 0 }];
    switch (t.kind) {
      case K.TBasic:
        return this.basic(t);
      case K.TPointer:
        return new Shape(t, 8, 8, this.pointsOutside(t.elem) ? 0 : 8, AlgMemory, noOffsets, ptr());
      case K.TChan:
        return new Shape(t, 8, 8, 8, AlgMemory, noOffsets, ptr());
      case K.TMap:
      case K.TSignature:
        return new Shape(t, 8, 8, 8, AlgNone, noOffsets, ptr());
      case K.TSlice:
        return new Shape(t, 24, 8, 8, AlgNone, noOffsets, [
          { type: TypePtr, offset: 0 },
          { type: TypeI64, offset: 8 },
          { type: TypeI64, offset: 16 },
        ]);
      case K.TInterface: {
        const alg = typeSet(t).methods.length === 0 ? AlgEmptyInterface : AlgInterface;
        return new Shape(t, 16, 8, 16, alg, noOffsets, [
          { type: TypeI64, offset: 0 },
          { type: TypePtr, offset: 8 },
        ]);
      }
      case K.TArray:
        return this.array(t);
      case K.TStruct:
        return this.struct(t);
      default:
        throw new Error(`a type of kind ${t.kind} has no memory form`);
    }
  }

  private basic(t: Basic): Shape {
    const scalar = (size: number, type: number, alg: number): Shape =>
      new Shape(t, size, size, type === TypePtr ? 8 : 0, alg, noOffsets, [{ type, offset: 0 }]);
    switch (t.basic) {
      case K.Bool:
      case K.Int8:
      case K.Uint8:
      case K.UntypedBool:
        return scalar(1, TypeI8, AlgMemory);
      case K.Int16:
      case K.Uint16:
        return scalar(2, TypeI16, AlgMemory);
      case K.Int32:
      case K.Uint32:
      case K.UntypedRune:
        return scalar(4, TypeI32, AlgMemory);
      case K.Int:
      case K.Int64:
      case K.Uint:
      case K.Uint64:
      case K.Uintptr:
      case K.UntypedInt:
        return scalar(8, TypeI64, AlgMemory);
      case K.Float32:
        return scalar(4, TypeF32, AlgFloat32);
      case K.Float64:
      case K.UntypedFloat:
        return scalar(8, TypeF64, AlgFloat64);
      case K.UnsafePointer:
      case K.UntypedNil:
        return scalar(8, TypePtr, AlgMemory);
      case K.Complex64:
        return new Shape(t, 8, 4, 0, AlgComplex64, noOffsets, [
          { type: TypeF32, offset: 0 },
          { type: TypeF32, offset: 4 },
        ]);
      case K.Complex128:
      case K.UntypedComplex:
        return new Shape(t, 16, 8, 0, AlgComplex128, noOffsets, [
          { type: TypeF64, offset: 0 },
          { type: TypeF64, offset: 8 },
        ]);
      case K.String_:
      case K.UntypedString:
        return new Shape(t, 16, 8, 8, AlgString, noOffsets, [
          { type: TypePtr, offset: 0 },
          { type: TypeI64, offset: 8 },
        ]);
      default:
        throw new Error(`${t.name} has no memory form`);
    }
  }

  private array(t: ArrayType): Shape {
    const elem = this.of(t.elem);
    const n = t.len;
    let alg = elem.alg;
    if (alg !== AlgMemory && alg !== AlgNone) alg = n === 0 ? AlgMemory : n === 1 ? alg : AlgSpecial;
    const pointers = n > 0 && elem.pointerBytes > 0 ? elem.size * (n - 1) + elem.pointerBytes : 0;
    const components = n === 0 ? noComponents : n === 1 && elem.inRegisters ? elem.components : null;
    return new Shape(t, elem.size * n, elem.align, pointers, alg, noOffsets, components);
  }

  private struct(t: Struct): Shape {
    const fields = t.fields;
    const offsets: number[] = [];
    const shapes: Shape[] = [];
    let size = 0;
    let align = 1;
    let pointers = 0;
    let components: Component[] | null = [];
    for (let i = 0; i < fields.length; i++) {
      const f = fields[i] as Var;
      const shape = this.of(f.type as Type);
      const fieldAlign = shape.align;
      size = up(size, fieldAlign);
      align = Math.max(align, fieldAlign);
      offsets.push(size);
      shapes.push(shape);
      if (shape.pointerBytes > 0) pointers = size + shape.pointerBytes;
      if (!shape.inRegisters) components = null;
      else if (components !== null) {
        for (const c of shape.components) components.push({ type: c.type, offset: size + c.offset });
        if (components.length > maxComponents) components = null;
      }
      size += shape.size;
    }
    // An empty last field would let its address point past the object.
    const last = shapes[shapes.length - 1];
    if (last !== undefined && last.size === 0 && size > 0) size++;
    size = up(size, align);
    let alg = AlgMemory;
    if (fields.length === 1 && (fields[0] as Var).name !== "_") {
      alg = (shapes[0] as Shape).alg;
    } else {
      for (let i = 0; i < fields.length; i++) {
        const shape = shapes[i] as Shape;
        if (shape.alg === AlgNone) {
          alg = AlgNone;
          break;
        }
        const next = i + 1 < fields.length ? (offsets[i + 1] as number) : size;
        const padded = (offsets[i] as number) + shape.size !== next;
        if (shape.alg !== AlgMemory || (fields[i] as Var).name === "_" || padded) alg = AlgSpecial;
      }
    }
    return new Shape(t, size, align, pointers, alg, offsets, components);
  }
}
