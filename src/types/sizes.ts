// Sizes, alignments and offsets of types on 64-bit targets, as gc lays them out.

import { asNamed } from "./alias.ts";
import * as K from "./kinds.ts";
import type { Var } from "./object.ts";
import type { Struct, Type } from "./types.ts";
import { under } from "./under.ts";

const wordSize = 8;
const tooLarge = 2 ** 63;

const basicSizes: readonly number[] = [8, 1, 8, 1, 2, 4, 8, 8, 1, 2, 4, 8, 8, 4, 8, 8, 16, 16, 8];

export function alignof(T: Type): number {
  const t = under(T);
  switch (t.kind) {
    case K.TArray:
      return alignof(t.elem);
    case K.TStruct: {
      // A type whose only purpose is to align what it is put into.
      if (t.fields.length === 0 && isAlign64(T)) return 8;
      let max = 1;
      for (let i = 0; i < t.fields.length; i++) max = Math.max(max, alignof(t.fields[i].type as Type));
      return max;
    }
    case K.TBasic:
      if ((t.info & K.IsString) !== 0) return wordSize;
      if ((t.info & K.IsComplex) !== 0) return sizeof(t) / 2;
      return Math.min(Math.max(sizeof(t), 1), wordSize);
    default:
      return wordSize;
  }
}

function isAlign64(T: Type): boolean {
  const n = asNamed(T);
  if (n === null || n.obj.name !== "align64" || n.obj.pkg === null) return false;
  return n.obj.pkg.path === "sync/atomic" || n.obj.pkg.path === "internal/runtime/atomic";
}

/** The offsets of fields; -1 from where they are too large. */
export function offsetsof(fields: Var[]): number[] {
  const offsets: number[] = [];
  let offs = 0;
  for (let i = 0; i < fields.length; i++) {
    if (offs < 0) {
      offsets.push(-1);
      continue;
    }
    const t = fields[i].type as Type;
    offs = align(offs, alignof(t));
    offsets.push(offs);
    const d = offs < 0 ? -1 : sizeof(t);
    offs = d < 0 ? -1 : limit(offs + d);
  }
  return offsets;
}

/** The size of a type in bytes, -1 if it is too large. */
export function sizeof(T: Type): number {
  const t = under(T);
  switch (t.kind) {
    case K.TBasic:
      return basicSizes[t.basic] ?? wordSize;
    case K.TArray: {
      if (t.len <= 0) return 0;
      const e = sizeof(t.elem);
      return e <= 0 ? e : limit(e * t.len);
    }
    case K.TSlice:
      return 3 * wordSize;
    case K.TStruct: {
      const n = t.fields.length;
      if (n === 0) return 0;
      const offs = offsetsof(t.fields)[n - 1];
      let size = sizeof(t.fields[n - 1].type as Type);
      if (offs < 0 || size < 0) return -1;
      // A pointer to a last field of no size must not point behind the struct.
      if (offs > 0 && size === 0) size = 1;
      return align(limit(offs + size), alignof(t));
    }
    case K.TInterface:
      return 2 * wordSize;
    default:
      return wordSize;
  }
}

/** The offset of a field by its path of indices, -1 if it is too large. */
export function offsetof(T: Type, index: readonly number[]): number {
  let offs = 0;
  for (const i of index) {
    const s = under(T) as Struct;
    const d = offsetsof(s.fields)[i];
    if (d < 0) return -1;
    offs = limit(offs + d);
    if (offs < 0) return -1;
    T = s.fields[i].type as Type;
  }
  return offs;
}

function limit(n: number): number {
  return n >= tooLarge ? -1 : n;
}

function align(n: number, a: number): number {
  if (n < 0) return -1;
  const r = n % a;
  return r === 0 ? n : limit(n + (a - r));
}
