// What a body asked of the program around it while it was turned into SSA (irgen/context.ts): the list is kept beside the SSA, and asking again gives the symbols that
// the SSA refers to, with everything that asking brings about.

import { ByteWriter, type ByteReader } from "../base/bytes.ts";
import { NoPos } from "../base/pos.ts";
import type { ClosurePayload, ProgramContext, StaticReloc } from "../irgen/context.ts";
import { NoSym, type Sym } from "../ssa/symbol.ts";
import type { SymMap } from "../ssa/symmap.ts";
import * as K from "../types/kinds.ts";
import { funcSignature } from "../types/named.ts";
import { Func, objectId } from "../types/object.ts";
import type { Package } from "../types/package.ts";
import { identical } from "../types/predicates.ts";
import type { Interface, Type } from "../types/types.ts";
import { typeSet } from "../types/typeset.ts";
import { under } from "../types/under.ts";
import type { FunctionInstance } from "../irgen/context.ts";
import type { SymbolNumbers } from "./funcwriter.ts";
import { Misfit, type TypeReader } from "./typereader.ts";
import { TypeWriter } from "./typewriter.ts";

// Kinds of request. All but the last yield a symbol.
export const askFunction = 1;
export const askMethod = 2;
export const askClosure = 3;
export const askSharedClosure = 4;
export const askFuncValue = 5;
export const askRuntimeCall = 6;
export const askLibraryCall = 7;
export const askType = 8;
export const askInterfaceType = 9;
export const askPrintedType = 10;
export const askItab = 11;
export const askEqual = 12;
export const askHash = 13;
export const askVariable = 14;
export const askString = 15;
export const askStatic = 16;
export const askTypeAssert = 17;
export const askInterfaceSwitch = 18;
/** A symbol that is only named. */
export const askName = 19;
export const askInterfaceMethod = 20;

/** Names that irgen makes itself, without asking the program. */
const ownNames = /<0>$|^runtime\.(zerobase|staticuint64s)$/;

/** The requests of one body. */
export class Requests implements SymbolNumbers {
  /** Who asks: the symbol has number 1. */
  readonly sym: Sym;
  readonly types = new TypeWriter();
  private readonly w = new ByteWriter();
  private readonly ctx: ProgramContext;
  private readonly numbers = new Map<Sym, number>();
  /** Kinds and symbols of requests that need not be repeated. */
  private readonly asked = new Set<number>();
  /** What can't be asked again has been asked. */
  private failed = false;
  count = 0;

  constructor(ctx: ProgramContext, sym: Sym) {
    this.ctx = ctx;
    this.sym = sym;
    this.numbers.set(sym, 1);
  }

  get ok(): boolean {
    return !this.failed && !this.types.failed;
  }

  fail(): void {
    this.failed = true;
  }

  /** Begins a request that gives a symbol. Null: it has been asked already. */
  ask(kind: number, sym: Sym): ByteWriter | null {
    const key = sym * 32 + kind;
    if (this.asked.has(key)) return null;
    this.asked.add(key);
    this.begin(kind);
    this.result(sym);
    return this.w;
  }

  /** Begins a request of its own. */
  begin(kind: number): ByteWriter {
    this.count++;
    this.w.u8(kind);
    return this.w;
  }

  /** The next number stands for a symbol. */
  result(sym: Sym): void {
    const number = ++this.next;
    if (!this.numbers.has(sym)) this.numbers.set(sym, number);
  }
  private next = 1;

  number(sym: Sym): number {
    const known = this.numbers.get(sym);
    if (known !== undefined) return known;
    const name = this.ctx.symbols.name(sym);
    if (!ownNames.test(name)) this.failed = true;
    this.begin(askName).text(name);
    this.result(sym);
    return this.next;
  }

  /** Writes tables and requests. */
  finish(w: ByteWriter): void {
    this.types.finish(w);
    w.uvarint(this.count);
    w.bytes(this.w.finish());
  }
}

/** The method that an interface has under a method's name, or null. */
export function interfaceMethod(iface: Type, pkg: Package | null, name: string): Func | null {
  const u = under(iface);
  if (u.kind !== K.TInterface) return null;
  const id = objectId(pkg, name);
  for (const m of typeSet(u).methods) if (m.name === name && objectId(m.pkg, m.name) === id) return m;
  return null;
}

/** Passes requests on to the program, and notes those of the body that is being written. */
export class Recorder implements ProgramContext {
  private readonly ctx: ProgramContext;
  /** The requests of the innermost body; null: they are not noted. */
  current: Requests | null = null;
  /** Where the payloads of closures go while a body is made that is in the program already. */
  payloads: SymMap<ClosurePayload> | null = null;

  constructor(ctx: ProgramContext) {
    this.ctx = ctx;
  }

  get sources(): ProgramContext["sources"] {
    return this.ctx.sources;
  }
  get symbols(): ProgramContext["symbols"] {
    return this.ctx.symbols;
  }
  get diagnostics(): ProgramContext["diagnostics"] {
    return this.ctx.diagnostics;
  }
  get abiRegisters(): ProgramContext["abiRegisters"] {
    return this.ctx.abiRegisters;
  }
  get shapes(): ProgramContext["shapes"] {
    return this.ctx.shapes;
  }
  get ids(): ProgramContext["ids"] {
    return this.ctx.ids;
  }

  packageOf(object: { readonly pkg: Package | null }): ReturnType<ProgramContext["packageOf"]> {
    return this.ctx.packageOf(object);
  }

  facts(object: Func): ReturnType<ProgramContext["facts"]> {
    return this.ctx.facts(object);
  }

  typeId(type: Type): number {
    return this.ctx.typeId(type);
  }

  functionSym(instance: FunctionInstance): Sym {
    const sym = this.ctx.functionSym(instance);
    const { current } = this;
    const w = current?.ask(askFunction, sym);
    if (current && w) {
      current.types.function(instance.object.origin ?? instance.object, w);
      typeList(instance.typeArgs, current, w);
    }
    return sym;
  }

  methodSym(recv: Type, method: Func, boxed: boolean): Sym {
    const sym = this.ctx.methodSym(recv, method, boxed);
    const { current } = this;
    const w = current?.ask(askMethod, sym);
    if (current && w) {
      w.uvarint(current.types.type(recv));
      w.uvarint(current.types.package(method.pkg));
      w.text(method.name);
      w.u8(boxed ? 1 : 0);
      if (under(recv).kind === K.TInterface && !this.isMethodOf(recv, method)) current.fail();
    }
    return sym;
  }

  closureSym(name: string, payload: ClosurePayload): Sym {
    return this.closure(askClosure, name, this.collected(name, payload) ?? this.ctx.closureSym(name, payload));
  }

  sharedClosureSym(name: string, payload: ClosurePayload): Sym {
    return this.closure(askSharedClosure, name, this.collected(name, payload) ?? this.ctx.sharedClosureSym(name, payload));
  }

  /** The symbol of a closure that has been named before. */
  private collected(name: string, payload: ClosurePayload): Sym | null {
    if (this.payloads === null) return null;
    const sym = this.symbols.intern(name);
    if (!this.payloads.has(sym)) this.payloads.set(sym, payload);
    return sym;
  }

  private closure(kind: number, name: string, sym: Sym): Sym {
    const { current } = this;
    const w = current?.ask(kind, sym);
    if (current && w) {
      w.text(name);
      // Names that had to be changed depend on what else there is.
      if (this.ctx.symbols.name(sym) !== name) current.fail();
      this.born(current, sym);
    }
    return sym;
  }

  /** Told of every closure: by whose requests it came up. */
  born: (by: Requests, sym: Sym) => void = () => {};

  funcValueSym(code: Sym): Sym {
    const sym = this.ctx.funcValueSym(code);
    const { current } = this;
    if (current !== null) {
      const number = current.number(code);
      current.ask(askFuncValue, sym)?.uvarint(number);
    }
    return sym;
  }

  runtimeCall(name: string): ReturnType<ProgramContext["runtimeCall"]> {
    const call = this.ctx.runtimeCall(name);
    this.current?.ask(askRuntimeCall, call.sym)?.text(name);
    return call;
  }

  libraryCall(path: string, name: string): ReturnType<ProgramContext["libraryCall"]> {
    const call = this.ctx.libraryCall(path, name);
    const w = this.current?.ask(askLibraryCall, call.sym);
    w?.text(path);
    w?.text(name);
    return call;
  }

  typeSym(type: Type, inInterface: boolean): Sym {
    return this.typed(inInterface ? askInterfaceType : askType, type, this.ctx.typeSym(type, inInterface));
  }

  printedTypeSym(type: Type): Sym {
    return this.typed(askPrintedType, type, this.ctx.printedTypeSym(type));
  }

  equalSym(type: Type): Sym {
    return this.typed(askEqual, type, this.ctx.equalSym(type));
  }

  hashSym(type: Type): Sym {
    return this.typed(askHash, type, this.ctx.hashSym(type));
  }

  private typed(kind: number, type: Type, sym: Sym): Sym {
    const { current } = this;
    const w = current?.ask(kind, sym);
    if (current && w) w.uvarint(current.types.type(type));
    return sym;
  }

  itabSym(concrete: Type, iface: Type): Sym {
    const sym = this.ctx.itabSym(concrete, iface);
    const { current } = this;
    const w = current?.ask(askItab, sym);
    if (current && w) {
      w.uvarint(current.types.type(concrete));
      w.uvarint(current.types.type(iface));
    }
    return sym;
  }

  variableSym(variable: Parameters<ProgramContext["variableSym"]>[0]): Sym {
    const sym = this.ctx.variableSym(variable);
    const { current } = this;
    const w = current?.ask(askVariable, sym);
    if (current && w) current.types.variable(variable, w);
    return sym;
  }

  stringSym(bytes: Uint8Array): Sym {
    const sym = this.ctx.stringSym(bytes);
    const w = this.current?.ask(askString, sym);
    if (w) sized(bytes, w);
    return sym;
  }

  staticSym(type: Type, bytes: Uint8Array, relocs: readonly StaticReloc[], writable: boolean): Sym {
    const sym = this.ctx.staticSym(type, bytes, relocs, writable);
    const { current } = this;
    if (current === null) return sym;
    const numbers = relocs.map((r) => current.number(r.sym));
    const number = current.types.type(type);
    const w = current.ask(askStatic, sym);
    if (w === null) return sym;
    w.uvarint(number);
    sized(bytes, w);
    w.uvarint(relocs.length);
    relocs.forEach((r, i) => {
      w.uvarint(r.offset);
      w.uvarint(numbers[i] as number);
      w.varint(r.addend);
    });
    w.u8(writable ? 1 : 0);
    return sym;
  }

  typeAssertSym(iface: Type, canFail: boolean): Sym {
    const sym = this.ctx.typeAssertSym(iface, canFail);
    const { current } = this;
    const w = current?.ask(askTypeAssert, sym);
    if (current && w) {
      w.uvarint(current.types.type(iface));
      w.u8(canFail ? 1 : 0);
    }
    return sym;
  }

  interfaceSwitchSym(cases: readonly Interface[]): Sym {
    const sym = this.ctx.interfaceSwitchSym(cases);
    const { current } = this;
    const w = current?.ask(askInterfaceSwitch, sym);
    if (current && w) typeList(cases, current, w);
    return sym;
  }

  useInterfaceMethod(iface: Type, method: Func, signature: Parameters<ProgramContext["useInterfaceMethod"]>[2]): void {
    this.ctx.useInterfaceMethod(iface, method, signature);
    const { current } = this;
    if (current === null) return;
    if (!this.isMethodOf(iface, method)) current.fail();
    const number = current.types.type(iface);
    const pkg = current.types.package(method.pkg);
    const w = current.begin(askInterfaceMethod);
    w.uvarint(number);
    w.uvarint(pkg);
    w.text(method.name);
  }

  /** Whether the interface's method of that name means the same. */
  private isMethodOf(iface: Type, method: Func): boolean {
    const found = interfaceMethod(iface, method.pkg, method.name);
    return found !== null && (found === method || identical(funcSignature(found), funcSignature(method)));
  }
}

function sized(bytes: Uint8Array, w: ByteWriter): void {
  w.uvarint(bytes.length);
  w.bytes(bytes);
}

function typeList(types: readonly Type[], requests: Requests, w: ByteWriter): void {
  const numbers = types.map((t) => requests.types.type(t));
  w.uvarint(numbers.length);
  for (const n of numbers) w.uvarint(n);
}

/** Asks again what Requests wrote. Closures that come up get the payload. The result: the symbols by their numbers. Throws Misfit. */
export function repeat(ctx: ProgramContext, sym: Sym, r: ByteReader, types: TypeReader, payload: ClosurePayload): Sym[] {
  types.tables(r);
  const syms: Sym[] = [NoSym, sym];
  for (let n = r.uvarint(); n > 0; n--) {
    const kind = r.u8();
    if (kind === askInterfaceMethod) {
      const iface = types.type(r);
      const m = interfaceMethod(iface, types.package(r), r.text());
      if (m === null) throw new Misfit("interface method");
      ctx.useInterfaceMethod(iface, m, funcSignature(m));
    } else syms.push(askAgain(kind, ctx, r, types, syms, payload));
  }
  return syms;
}

function askAgain(kind: number, ctx: ProgramContext, r: ByteReader, types: TypeReader, syms: readonly Sym[], payload: ClosurePayload): Sym {
  switch (kind) {
    case askFunction: {
      const object = types.function(r);
      return ctx.functionSym({ object, typeArgs: readTypes(r, types) });
    }
    case askMethod: {
      const recv = types.type(r);
      const pkg = types.package(r);
      const name = r.text();
      const method = interfaceMethod(recv, pkg, name) ?? new Func(ctx.ids, NoPos, pkg, name, null);
      return ctx.methodSym(recv, method, r.u8() !== 0);
    }
    case askClosure: {
      const name = r.text();
      const sym = ctx.closureSym(name, payload);
      if (ctx.symbols.name(sym) !== name) throw new Misfit(name);
      return sym;
    }
    case askSharedClosure:
      return ctx.sharedClosureSym(r.text(), payload);
    case askFuncValue:
      return ctx.funcValueSym(syms[r.uvarint()] as Sym);
    case askRuntimeCall:
      return ctx.runtimeCall(r.text()).sym;
    case askLibraryCall: {
      const path = r.text();
      return ctx.libraryCall(path, r.text()).sym;
    }
    case askType:
      return ctx.typeSym(types.type(r), false);
    case askInterfaceType:
      return ctx.typeSym(types.type(r), true);
    case askPrintedType:
      return ctx.printedTypeSym(types.type(r));
    case askItab: {
      const concrete = types.type(r);
      return ctx.itabSym(concrete, types.type(r));
    }
    case askEqual:
      return ctx.equalSym(types.type(r));
    case askHash:
      return ctx.hashSym(types.type(r));
    case askVariable:
      return ctx.variableSym(types.variable(r));
    case askString:
      return ctx.stringSym(r.bytes(r.uvarint()));
    case askStatic:
      return askStaticAgain(ctx, r, types, syms);
    case askTypeAssert: {
      const iface = types.type(r);
      return ctx.typeAssertSym(iface, r.u8() !== 0);
    }
    case askInterfaceSwitch:
      return ctx.interfaceSwitchSym(readTypes(r, types) as Interface[]);
    case askName:
      return ctx.symbols.intern(r.text());
    default:
      throw new Error(`a kept request of kind ${kind}`);
  }
}

function askStaticAgain(ctx: ProgramContext, r: ByteReader, types: TypeReader, syms: readonly Sym[]): Sym {
  const type = types.type(r);
  const bytes = r.bytes(r.uvarint());
  const relocs: StaticReloc[] = [];
  for (let n = r.uvarint(); n > 0; n--) {
    const offset = r.uvarint();
    const target = syms[r.uvarint()] as Sym;
    relocs.push({ offset, sym: target, addend: r.varint() });
  }
  return ctx.staticSym(type, bytes, relocs, r.u8() !== 0);
}

function readTypes(r: ByteReader, types: TypeReader): Type[] {
  const list: Type[] = [];
  for (let n = r.uvarint(); n > 0; n--) list.push(types.type(r));
  return list;
}
