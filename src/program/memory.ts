// Memory at compile time: objects of bytes in which some words are addresses of other objects. The evaluator of initialisers works on
// it and can take back what a failed attempt did.

import { typeSize, TypeF32, TypeF64, TypeI64, TypePtr, type ValueType } from "../ssa/types.ts";
import { NoSym, type Sym } from "../ssa/symbol.ts";

/** Thrown when something can't be known at compile time. */
export class GiveUp extends Error {}

export function giveUp(reason: string): never {
  throw new GiveUp(reason);
}

/** An address; without an object, a number (0: nil). Also the value of integers that are addresses. */
export class Address {
  readonly object: MemoryObject | null;
  readonly offset: number;

  constructor(object: MemoryObject | null, offset: number) {
    this.object = object;
    this.offset = offset;
  }
}

export const nil: Address = new Address(null, 0);

/** Integers are bigints without sign (of their width), floats numbers. */
export type Datum = bigint | number | Address;

/** A piece of memory. */
export class MemoryObject {
  /** The symbol of a variable or of data; 0 for objects of the evaluation. */
  readonly sym: Sym;
  bytes: Uint8Array;
  readonly addresses: Map<number, Address> = new Map();
  /** Ascending words that hold pointers, for the collector. */
  pointers: readonly number[];
  readonly align: number;
  /** Writing it is not allowed. */
  readonly fixed: boolean;
  /** Only the address is known (code, descriptors). */
  readonly opaque: boolean;
  /** The package whose initialisation made it; "" for none. */
  readonly owner: string;
  /** Saved in the running attempt. */
  saved: Saved | null = null;

  constructor(sym: Sym, size: number, align: number, pointers: readonly number[], fixed: boolean, opaque: boolean, owner: string) {
    this.sym = sym;
    this.bytes = new Uint8Array(opaque ? 0 : size);
    this.align = align;
    this.pointers = pointers;
    this.fixed = fixed;
    this.opaque = opaque;
    this.owner = owner;
  }
}

interface Saved {
  readonly bytes: Uint8Array;
  readonly addresses: [number, Address][];
}

/** Changes since the last commit, to be taken back. */
export class Journal {
  private readonly changed: MemoryObject[] = [];

  /** To be called before an object is changed. */
  note(o: MemoryObject): void {
    if (o.saved !== null) return;
    o.saved = { bytes: o.bytes.slice(), addresses: Array.from(o.addresses) };
    this.changed.push(o);
  }

  /** The variables that were changed since. */
  get variables(): readonly MemoryObject[] {
    return this.changed.filter((o) => o.sym !== NoSym);
  }

  commit(): void {
    for (const o of this.changed) o.saved = null;
    this.changed.length = 0;
  }

  rollback(): void {
    for (const o of this.changed) {
      const s = o.saved as Saved;
      o.bytes = s.bytes;
      o.addresses.clear();
      for (const [at, a] of s.addresses) o.addresses.set(at, a);
      o.saved = null;
    }
    this.changed.length = 0;
  }
}

function check(o: MemoryObject, at: number, size: number): void {
  if (o.opaque) giveUp("contents of an opaque object");
  if (at < 0 || at + size > o.bytes.length) giveUp("outside an object");
}

/** Refuses to look at a part of an address. */
function noParts(o: MemoryObject, at: number, size: number): void {
  if (o.addresses.size === 0) return;
  for (let i = at - 7; i < at + size; i++) if (o.addresses.has(i)) giveUp("part of an address");
}

export function load(o: MemoryObject, at: number, type: ValueType): Datum {
  const size = typeSize(type);
  check(o, at, size);
  if (size === 8) {
    const a = o.addresses.get(at);
    if (a !== undefined) {
      if (type === TypeF64) giveUp("an address as a float");
      return a;
    }
  }
  noParts(o, at, size);
  const view = new DataView(o.bytes.buffer, o.bytes.byteOffset + at, size);
  switch (size) {
    case 1:
      return BigInt(view.getUint8(0));
    case 2:
      return BigInt(view.getUint16(0, true));
    case 4:
      return type === TypeF32 ? view.getFloat32(0, true) : BigInt(view.getUint32(0, true));
    default: {
      if (type === TypeF64) return view.getFloat64(0, true);
      const n = view.getBigUint64(0, true);
      if (type === TypePtr) return n === 0n ? nil : new Address(null, Number(n));
      return n;
    }
  }
}

export function store(journal: Journal, o: MemoryObject, at: number, type: ValueType, x: Datum): void {
  const size = typeSize(type);
  check(o, at, size);
  if (o.fixed) giveUp("write to constant data");
  journal.note(o);
  if (o.addresses.size > 0) {
    o.addresses.delete(at);
    noParts(o, at, size);
  }
  const view = new DataView(o.bytes.buffer, o.bytes.byteOffset + at, size);
  if (x instanceof Address) {
    if (type !== TypePtr && type !== TypeI64) giveUp("a part of an address");
    if (x.object === null) view.setBigUint64(0, BigInt.asUintN(64, BigInt(x.offset)), true);
    else {
      view.setBigUint64(0, 0n, true);
      o.addresses.set(at, x);
    }
    return;
  }
  if (typeof x === "number") {
    if (type === TypeF32) view.setFloat32(0, x, true);
    else view.setFloat64(0, x, true);
    return;
  }
  if (size === 1) view.setUint8(0, Number(x & 0xffn));
  else if (size === 2) view.setUint16(0, Number(x & 0xffffn), true);
  else if (size === 4) view.setUint32(0, Number(x & 0xffffffffn), true);
  else view.setBigUint64(0, BigInt.asUintN(64, x), true);
}

export function clear(journal: Journal, o: MemoryObject, at: number, size: number): void {
  if (size === 0) return;
  check(o, at, size);
  if (o.fixed) giveUp("write to constant data");
  journal.note(o);
  o.bytes.fill(0, at, at + size);
  if (o.addresses.size === 0) return;
  for (const k of Array.from(o.addresses.keys())) {
    if (k >= at && k + 8 <= at + size) o.addresses.delete(k);
    else if (k + 8 > at && k < at + size) giveUp("part of an address");
  }
}

export function copy(journal: Journal, to: MemoryObject, toAt: number, from: MemoryObject, fromAt: number, size: number): void {
  if (size === 0) return;
  check(from, fromAt, size);
  const bytes = from.bytes.slice(fromAt, fromAt + size);
  const addresses: [number, Address][] = [];
  for (const [k, a] of from.addresses) {
    if (k >= fromAt && k + 8 <= fromAt + size) addresses.push([k - fromAt, a]);
    else if (k + 8 > fromAt && k < fromAt + size) giveUp("part of an address");
  }
  clear(journal, to, toAt, size);
  to.bytes.set(bytes, toAt);
  for (const [k, a] of addresses) to.addresses.set(toAt + k, a);
}
