// Type descriptors in the layouts of internal/abi, so that reflection and maps work as they are. A descriptor comes into being in two
// steps: when it is reached, what it needs is reached (parts, equality functions); its bytes are written
// at the end, when it is known which methods are alive and which neighbours exist.

import { DataObject, DataZero, Relocs } from "../ssa/object.ts";
import { NoSym, type Sym, type Symbols } from "../ssa/symbol.ts";
import { unalias } from "../types/alias.ts";
import * as K from "../types/kinds.ts";
import { funcSignature, namedObj } from "../types/named.ts";
import { type Func, isExported, Var } from "../types/object.ts";
import type { Package } from "../types/package.ts";
import {
  ArrayType,
  type Interface,
  type MapType,
  Pointer,
  Signature,
  Slice,
  Struct,
  Typ,
  type Type,
  type TypeIds,
} from "../types/types.ts";
import { typeSet } from "../types/typeset.ts";
import { unsafePackage } from "../types/universe.ts";
import { under } from "../types/under.ts";
import { NoPos } from "../base/pos.ts";
import { DataWriter } from "./bytes.ts";
import type { MethodEntry, MethodTables } from "./methods.ts";
import { AlgMemory, AlgNone, type Shape, type Shapes } from "./shape.ts";
import { nameHash, type TypeNames } from "./typenames.ts";

// internal/abi's kinds.
const KindArray = 17;
const KindChan = 18;
const KindFunc = 19;
const KindInterface = 20;
const KindMap = 21;
const KindPointer = 22;
const KindSlice = 23;
const KindString = 24;
const KindStruct = 25;
const KindUnsafePointer = 26;
/** By basic kind of the checker. */
const basicKinds: readonly number[] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, KindString, KindUnsafePointer];

const TFlagUncommon = 1;
const TFlagExtraStar = 2;
const TFlagNamed = 4;
const TFlagRegularMemory = 8;
const TFlagGCMaskOnDemand = 16;
const TFlagDirectIface = 32;

const MapNeedKeyUpdate = 1;
const MapHashMightPanic = 2;
const MapIndirectKey = 4;
const MapIndirectElem = 8;
const maxInlineMapBytes = 128;
const mapGroupSlots = 8;
/** Masks of more bytes are made at run time. */
const maxMaskBytes = 2048;

const uncommonSize = 16;
const methodSize = 16;

/** A descriptor that was asked for. */
export class TypeRecord {
  readonly type: Type;
  readonly sym: Sym;
  /** Reached (its parts were visited). */
  reached: boolean;
  /** Values reach an interface or reflection. */
  inInterface: boolean;
  /** A failing assertion names it. */
  printed: boolean;
  /** The parts were visited as parts of a type in an interface. */
  visitedInInterface: boolean;
  /** Somebody compares values by this descriptor beyond those in interfaces: keys of maps. */
  compared: boolean;
  /** The method set, once it matters. */
  methods: readonly MethodEntry[];
  /** By index in `methods`: called dynamically by somebody. */
  live: boolean[];
  /** The slot group of this map type, if this is one. */
  readonly groupOf: MapType | null;

  constructor(type: Type, sym: Sym, groupOf: MapType | null) {
    this.type = type;
    this.sym = sym;
    this.reached = false;
    this.inInterface = false;
    this.printed = false;
    this.visitedInInterface = false;
    this.compared = false;
    this.methods = [];
    this.live = [];
    this.groupOf = groupOf;
  }
}

/** What descriptors need from the program. */
export interface DescriptorHost {
  readonly symbols: Symbols;
  readonly names: TypeNames;
  readonly shapes: Shapes;
  readonly methodTables: MethodTables;
  readonly ids: TypeIds;
  /** A symbol is needed. */
  reach(sym: Sym): void;
  isReached(sym: Sym): boolean;
  define(sym: Sym, make: () => DataObject): void;
  /** Function values for the Equal and Hasher fields. */
  equalClosure(type: Type): Sym;
  hashClosure(type: Type): Sym;
  /** Code for an interface's method table and for direct calls of a method of a type. */
  interfaceMethod(recv: Type, m: MethodEntry): Sym;
  plainMethod(recv: Type, m: MethodEntry): Sym;
  /** A floating point number is in an interface. */
  useFloat(): void;
  /** Reflection can get from a type to the pointer to it. */
  pointersWanted(): boolean;
}

export class Descriptors {
  private readonly host: DescriptorHost;
  readonly records: TypeRecord[] = [];
  private readonly bySym = new Map<Sym, TypeRecord>();
  private readonly byType = new Map<number, TypeRecord>();
  private readonly pointers = new Map<number, Pointer>();
  private readonly slices = new Map<number, Slice>();
  private readonly groups = new Map<number, TypeRecord>();
  private readonly methodTypes = new Map<number, Signature>();
  /** Somebody gets from types to their parts: reflection, or hashing of interface values. */
  private walked = false;

  constructor(host: DescriptorHost) {
    this.host = host;
  }

  /** The record of a type, made when new. */
  record(type: Type): TypeRecord {
    const known = this.byType.get(type.id);
    if (known !== undefined) return known;
    const t = unalias(type);
    const sym = this.host.symbols.intern(`type:${this.host.names.link(t)}`);
    let r = this.bySym.get(sym);
    if (r === undefined) {
      r = new TypeRecord(t, sym, null);
      this.add(r);
    }
    this.byType.set(type.id, r);
    return r;
  }

  get(sym: Sym): TypeRecord | undefined {
    return this.bySym.get(sym);
  }

  private add(r: TypeRecord): void {
    this.bySym.set(r.sym, r);
    this.records.push(r);
  }

  pointerTo(t: Type): Pointer {
    const id = this.host.names.id(t);
    let p = this.pointers.get(id);
    if (p === undefined) {
      p = new Pointer(this.host.ids, t);
      this.pointers.set(id, p);
    }
    return p;
  }

  private sliceOf(t: Type): Slice {
    const id = this.host.names.id(t);
    let s = this.slices.get(id);
    if (s === undefined) {
      s = new Slice(this.host.ids, t);
      this.slices.set(id, s);
    }
    return s;
  }

  /** The type of a slot group of a map. */
  private group(map: MapType): TypeRecord {
    const { ids, names, shapes, symbols } = this.host;
    const id = names.id(map);
    let r = this.groups.get(id);
    if (r !== undefined) return r;
    const inline = (t: Type): Type => (shapes.of(t).size > maxInlineMapBytes ? this.pointerTo(t) : t);
    const field = (name: string, t: Type): Var => new Var(ids, K.FieldVar, NoPos, null, name, t);
    const slot = new Struct(ids, [field("key", inline(map.key)), field("elem", inline(map.elem))], []);
    const slots = new ArrayType(ids, slot, mapGroupSlots);
    const group = new Struct(ids, [field("ctrl", Typ[K.Uint64] as Type), field("slots", slots)], []);
    r = new TypeRecord(group, symbols.intern(`type:${this.groupName(map, true)}`), map);
    this.groups.set(id, r);
    this.add(r);
    return r;
  }

  private groupName(map: MapType, link: boolean): string {
    const { names } = this.host;
    const name = (t: Type): string => (link ? names.link(t) : names.plain(t));
    return `map.group[${name(map.key)}]${name(map.elem)}`;
  }

  /** A method's type without receiver. */
  private methodType(f: Func): Signature {
    const s = funcSignature(f);
    if (s.recv === null) return s;
    let plain = this.methodTypes.get(s.id);
    if (plain === undefined) {
      plain = new Signature(this.host.ids, null, s.params, s.results, s.variadic);
      this.methodTypes.set(s.id, plain);
    }
    return plain;
  }

  /** Marks a type as being in interfaces. True if that is news. */
  use(r: TypeRecord): boolean {
    if (r.inInterface) return false;
    r.inInterface = true;
    const u = under(r.type);
    if (u.kind === K.TBasic && (u.info & (K.IsFloat | K.IsComplex)) !== 0) this.host.useFloat();
    return true;
  }

  /** Reaches what a descriptor refers to. To be called when it is reached, and again when it turns out to be in interfaces. */
  visit(r: TypeRecord): void {
    const host = this.host;
    r.reached = true;
    if (r.inInterface && !r.visitedInInterface) {
      r.visitedInInterface = true;
      const u = under(r.type);
      if (r.groupOf === null && u.kind !== K.TInterface) {
        r.methods = host.methodTables.set(r.type);
        r.live = r.methods.map(() => false);
      }
    }
    if (r.groupOf !== null) return;
    const t = under(r.type);
    if (this.hasEqual(r)) host.reach(host.equalClosure(r.type));
    switch (t.kind) {
      case K.TArray:
        this.part(r, t.elem);
        if (r.inInterface) this.part(r, this.sliceOf(t.elem));
        break;
      case K.TChan:
        // The runtime copies elements by it.
        this.part(r, t.elem);
        break;
      case K.TPointer:
      case K.TSlice:
        if (r.inInterface) this.part(r, t.elem);
        break;
      case K.TSignature:
        if (!r.inInterface) break;
        for (const v of t.params.vars) this.part(r, v.type as Type);
        for (const v of t.results.vars) this.part(r, v.type as Type);
        break;
      case K.TInterface:
        for (const m of typeSet(t).methods) this.part(r, this.methodType(m));
        break;
      case K.TMap:
        this.compare(t.key);
        // Tables like internal/sync's take the functions out of the descriptor of a map.
        if (r.inInterface) this.compare(t.elem);
        this.part(r, t.key);
        this.part(r, t.elem);
        host.reach(this.group(t).sym);
        host.reach(host.hashClosure(t.key));
        if (r.type.kind === K.TNamed && r.inInterface) this.part(r, t);
        break;
      case K.TStruct:
        if (!this.hasFields(r)) break;
        for (const f of t.fields) this.part(r, f.type as Type);
        break;
    }
    if (r.inInterface && host.pointersWanted()) this.wantPointer(r);
  }

  private hasEqual(r: TypeRecord): boolean {
    return (r.inInterface || r.compared) && r.groupOf === null && this.host.shapes.of(r.type).alg !== AlgNone;
  }

  /** Whether the descriptor of a struct lists its fields: for reflection, or for the collector, which makes the masks of large types from them. */
  private hasFields(r: TypeRecord): boolean {
    return r.inInterface || this.hasLazyMask(r.type);
  }

  private hasLazyMask(t: Type): boolean {
    return Math.ceil(this.host.shapes.of(t).pointerBytes / 64) > maxMaskBytes;
  }

  private compare(t: Type): void {
    const r = this.record(t);
    if (r.compared) return;
    r.compared = true;
    if (r.reached) this.visit(r);
  }

  /** From now on somebody looks at the parts of types in interfaces: they are as complete as those. */
  walk(): void {
    if (this.walked) return;
    this.walked = true;
    for (const r of this.records.slice()) if (r.inInterface && r.reached) this.visit(r);
  }

  /** The pointer to a type with methods must exist where reflection can make it. */
  wantPointer(r: TypeRecord): void {
    if (r.groupOf !== null || under(r.type).kind === K.TInterface) return;
    if (r.type.kind !== K.TNamed && this.host.methodTables.of(r.type).length === 0) return;
    const p = this.record(this.pointerTo(r.type));
    this.use(p);
    this.host.reach(p.sym);
  }

  private part(r: TypeRecord, t: Type): void {
    const p = this.record(t);
    if (r.inInterface && this.walked && this.use(p) && p.reached) this.visit(p);
    this.host.reach(p.sym);
  }

  // ---- Names

  /** A reflect.Name: flags, length, text, tag, package. */
  private nameData(text: string, tag: string, exported: boolean, embedded: boolean, pkg: Package | null): Sym {
    const { symbols } = this.host;
    let name = `type:.namedata.${text}${exported ? "." : "-"}${tag}`;
    if (embedded) name += ".embedded";
    if (pkg !== null) name += `@${pkg.path}`;
    const sym = symbols.intern(name);
    this.host.define(sym, () => {
      const encoder = new TextEncoder();
      const bytes = encoder.encode(text);
      const tagBytes = Uint8Array.from(tag, (c) => c.charCodeAt(0));
      const head = [(exported ? 1 : 0) | (tag !== "" ? 2 : 0) | (pkg !== null ? 4 : 0) | (embedded ? 8 : 0)];
      const varint = (n: number): void => {
        for (; n >= 128; n = Math.floor(n / 128)) head.push((n & 127) | 128);
        head.push(n);
      };
      varint(bytes.length);
      for (const b of bytes) head.push(b);
      if (tag !== "") {
        varint(tagBytes.length);
        for (const b of tagBytes) head.push(b);
      }
      const size = head.length;
      const w = new DataWriter(size + (pkg !== null ? 4 : 0));
      w.bytes.set(head);
      if (pkg !== null) w.imageOffset(size, this.importPath(pkg));
      return w.readOnly(sym, 1, pkg === null);
    });
    this.host.reach(sym);
    return sym;
  }

  private importPath(pkg: Package): Sym {
    return this.nameData(pkg.path, "", false, false, null);
  }

  // ---- Bytes

  /** Writes the descriptors that are reached. */
  write(): DataObject[] {
    const out: DataObject[] = [];
    for (let i = 0; i < this.records.length; i++) {
      const r = this.records[i] as TypeRecord;
      if (r.reached) out.push(this.bytes(r, out));
    }
    return out;
  }

  /** Reached types without a name that reflection could also make itself: it must find these. */
  typelinks(): Sym[] {
    const found: TypeRecord[] = [];
    for (const r of this.records) {
      if (!r.reached || r.groupOf !== null || !r.inInterface || r.type.kind === K.TNamed) continue;
      switch (r.type.kind) {
        case K.TPointer:
        case K.TArray:
        case K.TChan:
        case K.TSignature:
        case K.TMap:
        case K.TSlice:
        case K.TStruct:
          found.push(r);
      }
    }
    const { names } = this.host;
    const key = (r: TypeRecord): string => names.plain(r.type);
    found.sort((a, b) => compareBytes(key(a), key(b)) || compareBytes(names.link(a.type), names.link(b.type)));
    return found.map((r) => r.sym);
  }

  private bytes(r: TypeRecord, out: DataObject[]): DataObject {
    const { shapes } = this.host;
    const t = under(r.type);
    const shape = shapes.of(r.type);
    const named = r.type.kind === K.TNamed || r.type.kind === K.TBasic;
    const methods = r.methods;
    const uncommon = r.groupOf === null && (named || methods.length > 0);
    let fixed = 48;
    let extra = 0;
    switch (t.kind) {
      case K.TArray:
        fixed = 72;
        break;
      case K.TChan:
        fixed = 64;
        break;
      case K.TSignature:
        fixed = 56;
        extra = r.inInterface ? 8 * (t.params.vars.length + t.results.vars.length) : 0;
        break;
      case K.TInterface:
        fixed = 80;
        extra = 8 * typeSet(t).methods.length;
        break;
      case K.TMap:
        fixed = 112;
        break;
      case K.TPointer:
      case K.TSlice:
        fixed = 56;
        break;
      case K.TStruct:
        fixed = 80;
        extra = this.hasFields(r) ? 24 * t.fields.length : 0;
        break;
    }
    const data = fixed + (uncommon ? uncommonSize : 0);
    const w = new DataWriter(data + extra + methodSize * methods.length);
    this.common(w, r, shape, uncommon, out);
    this.details(w, r, t, shape, data);
    if (uncommon) this.uncommon(w, r, fixed, uncommonSize + extra);
    return w.readOnly(r.sym, 8, false);
  }

  private common(w: DataWriter, r: TypeRecord, shape: Shape, uncommon: boolean, out: DataObject[]): void {
    const host = this.host;
    const t = r.type;
    const u = under(t);
    const group = r.groupOf;
    const link = group !== null ? this.groupName(group, true) : host.names.link(t);
    let text = group !== null ? this.groupName(group, false) : host.names.plain(t);
    let flags = uncommon ? TFlagUncommon : 0;
    if (t.kind === K.TNamed || t.kind === K.TBasic) flags |= TFlagNamed;
    if (group === null && shape.alg === AlgMemory) flags |= TFlagRegularMemory;
    if (shape.direct) flags |= TFlagDirectIface;
    let exported = false;
    if (text.startsWith("*")) {
      const elem = t.kind === K.TPointer ? unalias(t.elem) : t;
      if (elem.kind === K.TNamed) exported = isExported(namedObj(elem).name);
      else if (elem.kind === K.TBasic) exported = elem.basic === K.UnsafePointer;
    } else {
      text = `*${text}`;
      flags |= TFlagExtraStar;
      if (t.kind === K.TNamed) exported = isExported(namedObj(t).name);
      else if (t.kind === K.TBasic) exported = t.basic === K.UnsafePointer;
    }
    w.u64(0, shape.size);
    w.u64(8, shape.pointerBytes);
    w.u32(16, nameHash(link));
    w.u8(21, shape.align);
    w.u8(22, shape.align);
    w.u8(23, kindOf(u));
    if (this.hasEqual(r)) w.address(24, host.equalClosure(t));
    if (shape.pointerBytes > 0) {
      if (this.hasLazyMask(t)) {
        flags |= TFlagGCMaskOnDemand;
        w.address(32, this.lazyMask(link, out));
      } else {
        w.address(32, this.mask(t, shape));
      }
    }
    w.u8(20, flags);
    // Other types are never printed.
    if (r.inInterface || r.printed || u.kind === K.TInterface) w.imageOffset(40, this.nameData(text, "", exported, false, null));
    if (group === null && t.kind !== K.TPointer) {
      const pointer = this.bySym.get(host.symbols.lookup(`type:*${link}`));
      if (pointer?.reached) w.imageOffset(44, pointer.sym);
    }
  }

  private mask(t: Type, shape: Shape): Sym {
    const { host } = this;
    const bytes = new Uint8Array(8 * Math.ceil(shape.pointerBytes / 512));
    host.shapes.fillMask(t, 0, bytes);
    let hex = "";
    for (const b of bytes) hex += b.toString(16).padStart(2, "0");
    const sym = host.symbols.intern(`runtime.gcbits.${hex}`);
    host.define(sym, () => {
      const w = new DataWriter(bytes.length);
      w.bytes.set(bytes);
      return w.readOnly(sym, 1, true);
    });
    host.reach(sym);
    return sym;
  }

  /** The variable that holds the address of a mask made at run time. */
  private lazyMask(link: string, out: DataObject[]): Sym {
    const sym = this.host.symbols.intern(`type:.gcmask.${link}`);
    out.push(new DataObject(sym, DataZero, 8, 8, new Uint8Array(0), new Relocs(), [], false));
    return sym;
  }

  private typeRef(w: DataWriter, at: number, t: Type): void {
    const r = this.record(t);
    if (r.reached) w.address(at, r.sym);
  }

  private details(w: DataWriter, r: TypeRecord, t: Type, shape: Shape, data: number): void {
    const { host } = this;
    switch (t.kind) {
      case K.TArray:
        this.typeRef(w, 48, t.elem);
        this.typeRef(w, 56, this.sliceOf(t.elem));
        w.u64(64, t.len);
        return;
      case K.TChan:
        this.typeRef(w, 48, t.elem);
        w.u64(56, t.dir === K.RecvOnly ? 1 : t.dir === K.SendOnly ? 2 : 3);
        return;
      case K.TPointer:
      case K.TSlice:
        this.typeRef(w, 48, t.elem);
        return;
      case K.TSignature: {
        const params = t.params.vars;
        const results = t.results.vars;
        w.u16(48, r.inInterface ? params.length : 0);
        w.u16(50, r.inInterface ? results.length | (t.variadic ? 1 << 15 : 0) : 0);
        if (!r.inInterface) return;
        for (let i = 0; i < params.length; i++) this.typeRef(w, data + 8 * i, (params[i] as Var).type as Type);
        for (let i = 0; i < results.length; i++) {
          this.typeRef(w, data + 8 * (params.length + i), (results[i] as Var).type as Type);
        }
        return;
      }
      case K.TInterface:
        this.interfaceDetails(w, r, t, data);
        return;
      case K.TMap:
        this.mapDetails(w, t);
        return;
      case K.TStruct: {
        if (!this.hasFields(r)) return;
        const pkg = t.fields.find((f) => !isExported(f.name))?.pkg ?? null;
        if (pkg !== null) w.address(48, this.importPath(pkg));
        w.address(56, r.sym, data);
        w.u64(64, t.fields.length);
        w.u64(72, t.fields.length);
        for (let i = 0; i < t.fields.length; i++) {
          const f = t.fields[i] as Var;
          const at = data + 24 * i;
          w.address(at, this.nameData(f.name, t.tags[i] ?? "", isExported(f.name), f.embedded, null));
          this.typeRef(w, at + 8, f.type as Type);
          w.u64(at + 16, shape.offsets[i] as number);
        }
        return;
      }
      default:
        void host;
    }
  }

  private interfaceDetails(w: DataWriter, r: TypeRecord, t: Interface, data: number): void {
    const methods = typeSet(t).methods;
    const pkg = r.type.kind === K.TNamed ? namedObj(r.type).pkg : null;
    if (pkg !== null) w.address(48, this.importPath(pkg));
    w.address(56, r.sym, data);
    w.u64(64, methods.length);
    w.u64(72, methods.length);
    for (let i = 0; i < methods.length; i++) {
      const m = methods[i] as Func;
      const exported = isExported(m.name);
      const other = !exported && m.pkg !== pkg ? m.pkg : null;
      w.imageOffset(data + 8 * i, this.nameData(m.name, "", exported, false, other));
      w.imageOffset(data + 8 * i + 4, this.record(this.methodType(m)).sym);
    }
  }

  private mapDetails(w: DataWriter, t: MapType): void {
    const { host } = this;
    const key = host.shapes.of(t.key);
    const elem = host.shapes.of(t.elem);
    const group = this.group(t);
    const groupShape = host.shapes.of(group.type);
    const slots = (group.type as Struct).fields[1] as Var;
    const slot = host.shapes.of((slots.type as ArrayType).elem);
    this.typeRef(w, 48, t.key);
    this.typeRef(w, 56, t.elem);
    w.address(64, group.sym);
    w.address(72, host.hashClosure(t.key));
    w.u64(80, groupShape.size);
    w.u64(88, slot.size);
    w.u64(96, slot.offsets[1] as number);
    let flags = 0;
    if (needsKeyUpdate(t.key)) flags |= MapNeedKeyUpdate;
    if (hashMightPanic(t.key)) flags |= MapHashMightPanic;
    if (key.size > maxInlineMapBytes) flags |= MapIndirectKey;
    if (elem.size > maxInlineMapBytes) flags |= MapIndirectElem;
    w.u32(104, flags);
  }

  private uncommon(w: DataWriter, r: TypeRecord, at: number, methodsAt: number): void {
    const { host } = this;
    const pkg = packageOfType(r.type);
    if (pkg !== null) w.imageOffset(at, this.importPath(pkg));
    const methods = r.methods;
    let exportedCount = 0;
    while (exportedCount < methods.length && isExported((methods[exportedCount] as MethodEntry).func.name)) exportedCount++;
    w.u16(at + 4, methods.length);
    w.u16(at + 6, exportedCount);
    w.u32(at + 8, methodsAt);
    for (let i = 0; i < methods.length; i++) {
      const m = methods[i] as MethodEntry;
      const place = at + methodsAt + methodSize * i;
      const exported = isExported(m.func.name);
      const other = !exported && m.func.pkg !== pkg ? m.func.pkg : null;
      w.imageOffset(place, this.nameData(m.func.name, "", exported, false, other));
      const type = this.record(this.methodType(m.func));
      if (type.reached) w.imageOffset(place + 4, type.sym);
      else w.i32(place + 4, -1);
      const ifn = r.live[i] ? host.interfaceMethod(r.type, m) : NoSym;
      const tfn = r.live[i] ? host.plainMethod(r.type, m) : NoSym;
      if (ifn !== NoSym) w.textOffset(place + 8, ifn);
      else w.i32(place + 8, -1);
      if (tfn !== NoSym && host.isReached(tfn)) w.textOffset(place + 12, tfn);
      else w.i32(place + 12, -1);
    }
  }

  /** A method is called dynamically: its code and its type are needed. */
  makeLive(r: TypeRecord, index: number): void {
    const host = this.host;
    if (r.live[index]) return;
    r.live[index] = true;
    const m = r.methods[index] as MethodEntry;
    host.reach(host.interfaceMethod(r.type, m));
    const type = this.record(this.methodType(m.func));
    if (this.use(type) && type.reached) this.visit(type);
    host.reach(type.sym);
  }

  /** Reflection calls methods by their plain code. */
  makePlainLive(r: TypeRecord, index: number): void {
    this.makeLive(r, index);
    this.host.reach(this.host.plainMethod(r.type, r.methods[index] as MethodEntry));
  }

  /** The hash that is in a type's descriptor. */
  hash(t: Type): number {
    return nameHash(this.host.names.link(t));
  }
}

function kindOf(u: Type): number {
  switch (u.kind) {
    case K.TBasic:
      return basicKinds[u.basic] as number;
    case K.TPointer:
      return KindPointer;
    case K.TSlice:
      return KindSlice;
    case K.TArray:
      return KindArray;
    case K.TMap:
      return KindMap;
    case K.TChan:
      return KindChan;
    case K.TSignature:
      return KindFunc;
    case K.TStruct:
      return KindStruct;
    case K.TInterface:
      return KindInterface;
    default:
      throw new Error(`no descriptor for a type of kind ${u.kind}`);
  }
}

/** The package of a type's name, or of its element's. */
function packageOfType(t: Type): Package | null {
  if (t.kind === K.TNamed) return namedObj(t).pkg;
  if (t.kind === K.TBasic) return t.basic === K.UnsafePointer ? unsafePackage : null;
  if (t.kind === K.TPointer || t.kind === K.TSlice || t.kind === K.TArray || t.kind === K.TChan) {
    const elem = unalias(t.elem);
    return elem.kind === K.TNamed ? namedObj(elem).pkg : null;
  }
  return null;
}

/** Whether overwriting an entry must store the key again: equal keys can differ. */
function needsKeyUpdate(t: Type): boolean {
  const u = under(t);
  switch (u.kind) {
    case K.TBasic:
      return (u.info & (K.IsFloat | K.IsComplex | K.IsString)) !== 0;
    case K.TInterface:
      return true;
    case K.TArray:
      return needsKeyUpdate(u.elem);
    case K.TStruct:
      return u.fields.some((f) => needsKeyUpdate(f.type as Type));
    default:
      return false;
  }
}

function hashMightPanic(t: Type): boolean {
  const u = under(t);
  switch (u.kind) {
    case K.TInterface:
      return true;
    case K.TArray:
      return hashMightPanic(u.elem);
    case K.TStruct:
      return u.fields.some((f) => hashMightPanic(f.type as Type));
    default:
      return false;
  }
}

/** Order by UTF-8 bytes. */
export function compareBytes(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) {
      // Surrogates stand for characters beyond the rest of the first plane.
      const sx = x >= 0xd800 && x < 0xe000;
      const sy = y >= 0xd800 && y < 0xe000;
      if (sx !== sy) return sx ? 1 : -1;
      return x - y;
    }
  }
  return a.length - b.length;
}
