// The memory form of types as code generation needs it: size, scalar parts, where fields lie among them, whether values are taken
// apart into SSA values or live in memory, and how they are compared.

import type { AbiType, Component } from "../ssa/abi.ts";
import { TypeF32, TypeF64, TypeI16, TypeI32, TypeI64, TypeI8, TypePtr } from "../ssa/types.ts";
import * as K from "../types/kinds.ts";
import type { Var } from "../types/object.ts";
import type { ArrayType, Basic, Struct, Type } from "../types/types.ts";
import { typeSet } from "../types/typeset.ts";
import { under } from "../types/under.ts";

// How values of a type are compared; names as upstream's algorithms.
export const AlgNone = 0;
export const AlgMemory = 1;
export const AlgString = 2;
export const AlgInterface = 3;
export const AlgEmptyInterface = 4;
export const AlgFloat = 5;
export const AlgComplex = 6;
export const AlgSpecial = 7;

/** Values of more parts than this live in memory. */
export const maxSsaParts = 4;
const maxComponents = 64;

export class Layout implements AbiType {
  readonly type: Type;
  /** The underlying type. */
  readonly under: Type;
  readonly size: number;
  readonly align: number;
  readonly components: readonly Component[];
  readonly inRegisters: boolean;
  /** Values are kept as SSA values, one a component. */
  readonly ssa: boolean;
  readonly alg: number;
  /** Offsets of a struct's fields. */
  readonly offsets: readonly number[];
  /** Index of each field's first component. */
  readonly starts: readonly number[];
  readonly hasPointers: boolean;
  private words: readonly number[] | null = null;

  constructor(
    type: Type,
    u: Type,
    size: number,
    align: number,
    components: readonly Component[] | null,
    alg: number,
    hasPointers: boolean,
    offsets: readonly number[],
    starts: readonly number[],
  ) {
    this.type = type;
    this.under = u;
    this.size = size;
    this.align = align;
    this.components = components ?? noComponents;
    this.inRegisters = components !== null;
    this.ssa = components !== null && components.length <= maxSsaParts;
    this.alg = alg;
    this.hasPointers = hasPointers;
    this.offsets = offsets;
    this.starts = starts;
  }

  /** Values are the data word of an interface themselves. */
  get direct(): boolean {
    return this.size === 8 && this.components.length === 1 && (this.components[0] as Component).type === TypePtr;
  }

  /** Ascending indexes of the words that hold pointers. */
  pointerWords(layouts: Layouts): readonly number[] {
    if (this.words === null) {
      const words: number[] = [];
      if (this.hasPointers) layouts.addPointers(this, 0, words);
      this.words = words;
    }
    return this.words;
  }
}

const noComponents: readonly Component[] = [];
const noNumbers: readonly number[] = [];

const up = (n: number, to: number): number => Math.ceil(n / to) * to;

/** The layouts of all types, by type id. */
export class Layouts {
  private readonly memo = new Map<number, Layout>();

  of(type: Type): Layout {
    const known = this.memo.get(type.id);
    if (known !== undefined) return known;
    const layout = this.compute(type);
    this.memo.set(type.id, layout);
    return layout;
  }

  /** Appends the word indexes of pointers in a value that lies at a byte offset. */
  addPointers(l: Layout, offset: number, words: number[]): void {
    if (!l.hasPointers) return;
    const u = l.under;
    switch (u.kind) {
      case K.TInterface:
        words.push(offset / 8, offset / 8 + 1);
        return;
      case K.TArray: {
        const elem = this.of(u.elem);
        for (let i = 0; i < u.len; i++) this.addPointers(elem, offset + i * elem.size, words);
        return;
      }
      case K.TStruct:
        for (let i = 0; i < u.fields.length; i++) {
          this.addPointers(this.of((u.fields[i] as Var).type as Type), offset + (l.offsets[i] as number), words);
        }
        return;
      default:
        words.push(offset / 8);
    }
  }

  private compute(type: Type): Layout {
    const u = under(type);
    const word = (t: number, alg: number): Layout =>
      new Layout(type, u, 8, 8, [{ type: t, offset: 0 }], alg, t === TypePtr, noNumbers, noNumbers);
    switch (u.kind) {
      case K.TBasic:
        return this.basic(type, u);
      case K.TPointer:
      case K.TChan:
        return word(TypePtr, AlgMemory);
      case K.TMap:
      case K.TSignature:
        return word(TypePtr, AlgNone);
      case K.TSlice:
        return new Layout(
          type, u, 24, 8,
          [{ type: TypePtr, offset: 0 }, { type: TypeI64, offset: 8 }, { type: TypeI64, offset: 16 }],
          AlgNone, true, noNumbers, noNumbers,
        );
      case K.TInterface: {
        const alg = typeSet(u).methods.length === 0 ? AlgEmptyInterface : AlgInterface;
        return new Layout(type, u, 16, 8, [{ type: TypeI64, offset: 0 }, { type: TypePtr, offset: 8 }], alg, true, noNumbers, noNumbers);
      }
      case K.TArray:
        return this.array(type, u);
      case K.TStruct:
        return this.struct(type, u);
      default:
        throw new Error(`a type of kind ${u.kind} has no memory form`);
    }
  }

  private basic(type: Type, u: Basic): Layout {
    const one = (size: number, t: number, alg: number): Layout =>
      new Layout(type, u, size, size, [{ type: t, offset: 0 }], alg, t === TypePtr, noNumbers, noNumbers);
    switch (u.basic) {
      case K.Bool:
      case K.Int8:
      case K.Uint8:
      case K.UntypedBool:
        return one(1, TypeI8, AlgMemory);
      case K.Int16:
      case K.Uint16:
        return one(2, TypeI16, AlgMemory);
      case K.Int32:
      case K.Uint32:
      case K.UntypedRune:
        return one(4, TypeI32, AlgMemory);
      case K.Float32:
        return one(4, TypeF32, AlgFloat);
      case K.Float64:
      case K.UntypedFloat:
        return one(8, TypeF64, AlgFloat);
      case K.UnsafePointer:
      case K.UntypedNil:
        return one(8, TypePtr, AlgMemory);
      case K.Complex64:
        return new Layout(type, u, 8, 4, [{ type: TypeF32, offset: 0 }, { type: TypeF32, offset: 4 }], AlgComplex, false, noNumbers, noNumbers);
      case K.Complex128:
      case K.UntypedComplex:
        return new Layout(type, u, 16, 8, [{ type: TypeF64, offset: 0 }, { type: TypeF64, offset: 8 }], AlgComplex, false, noNumbers, noNumbers);
      case K.String_:
      case K.UntypedString:
        return new Layout(type, u, 16, 8, [{ type: TypePtr, offset: 0 }, { type: TypeI64, offset: 8 }], AlgString, true, noNumbers, noNumbers);
      case K.Invalid:
        throw new Error("the invalid type has no memory form");
      default:
        return one(8, TypeI64, AlgMemory);
    }
  }

  private array(type: Type, u: ArrayType): Layout {
    const elem = this.of(u.elem);
    const n = u.len;
    let alg = elem.alg;
    if (alg !== AlgMemory && alg !== AlgNone) alg = n === 0 ? AlgMemory : n === 1 ? alg : AlgSpecial;
    const components = n === 0 ? noComponents : n === 1 && elem.inRegisters ? elem.components : null;
    return new Layout(type, u, elem.size * n, elem.align, components, alg, n > 0 && elem.hasPointers, noNumbers, noNumbers);
  }

  private struct(type: Type, u: Struct): Layout {
    const fields = u.fields;
    const offsets: number[] = [];
    const starts: number[] = [];
    let size = 0;
    let align = 1;
    let pointers = false;
    let components: Component[] | null = [];
    let alg = AlgMemory;
    let end = 0;
    for (let i = 0; i < fields.length; i++) {
      const f = fields[i] as Var;
      const l = this.of(f.type as Type);
      size = up(size, l.align);
      align = Math.max(align, l.align);
      offsets.push(size);
      starts.push(components === null ? 0 : components.length);
      if (l.hasPointers) pointers = true;
      if (!l.inRegisters) components = null;
      else if (components !== null) {
        for (const c of l.components) components.push({ type: c.type, offset: size + c.offset });
        if (components.length > maxComponents) components = null;
      }
      if (alg !== AlgNone) {
        if (l.alg === AlgNone) alg = AlgNone;
        else if (l.alg !== AlgMemory || f.name === "_" || end !== size) alg = AlgSpecial;
      }
      size += l.size;
      end = size;
      // An empty last field would let its address point past the object.
      if (i === fields.length - 1 && l.size === 0 && size > 0) size++;
    }
    if (fields.length === 0) align = this.isAlign64(type) ? 8 : 1;
    size = up(size, align);
    if (alg === AlgMemory && end !== size) alg = AlgSpecial;
    if (fields.length === 1 && (fields[0] as Var).name !== "_") alg = this.of((fields[0] as Var).type as Type).alg;
    return new Layout(type, u, size, align, components, alg, pointers, offsets, starts);
  }

  /** The types whose only purpose is to align what they are put into. */
  private isAlign64(type: Type): boolean {
    if (type.kind !== K.TNamed || type.obj.name !== "align64" || type.obj.pkg === null) return false;
    return type.obj.pkg.path === "sync/atomic" || type.obj.pkg.path === "internal/runtime/atomic";
  }
}
