// What symbols stand for: what was said when they were named, and for those that nobody has named yet, what declarations, linknames and assembly say.

import type { ClosurePayload, FunctionInstance } from "../irgen/context.ts";
import type { AbiInfo, AbiRegisters } from "../ssa/abi.ts";
import type { Func } from "../ssa/func.ts";
import { type DataObject, FuncCode } from "../ssa/object.ts";
import type { Sym, Symbols } from "../ssa/symbol.ts";
import { SymMap } from "../ssa/symmap.ts";
import { objDecl } from "../types/decl.ts";
import * as K from "../types/kinds.ts";
import { namedMethod, numMethods } from "../types/named.ts";
import type { Func as FuncObject, Obj, Var } from "../types/object.ts";
import type { Package } from "../types/package.ts";
import type { Descriptors, TypeRecord } from "./descriptors.ts";
import { goAsmText } from "./goasm.ts";
import { Linknames, splitSymbol, variableName } from "./naming.ts";
import type { Shapes } from "./shape.ts";
import type { Assembled, ProgramInput, ProgramSource } from "./source.ts";
import type { TypeNames } from "./typenames.ts";
import { makeAbiWrapper } from "./wrappers.ts";

export const DefFunction = 1;
export const DefClosure = 2;
export const DefMade = 3;
export const DefData = 4;
export const DefVariable = 5;
export const DefType = 6;
export const DefItab = 7;
export const DefCode = 8;
export const DefLate = 9;
export const DefLinker = 10;

/** What a symbol stands for. */
export type Definition =
  | { readonly kind: typeof DefFunction; readonly instance: FunctionInstance }
  | { readonly kind: typeof DefClosure; readonly payload: ClosurePayload }
  | { readonly kind: typeof DefMade; readonly make: () => Func }
  | { readonly kind: typeof DefData; readonly make: () => DataObject }
  | { readonly kind: typeof DefVariable; readonly variable: Var }
  | { readonly kind: typeof DefType; readonly record: TypeRecord }
  | { readonly kind: typeof DefItab; readonly concrete: TypeRecord; readonly iface: TypeRecord }
  | { readonly kind: typeof DefCode; readonly code: FuncCode }
  | { readonly kind: typeof DefLate; readonly make: () => Func }
  | { readonly kind: typeof DefLinker };

/** Assembly that the prologues of functions call: it has no convention. */
const bare: ReadonlySet<string> = new Set(["runtime.morestack<0>", "runtime.morestack_noctxt<0>"]);

/** Names without package (entry points of the image) have no convention either. */
export const isBare = (name: string): boolean => bare.has(name) || !name.includes(".");

/** Where everything is on the stack. */
const noRegisters: AbiRegisters = { integers: 0, floats: 0 };

/** What definitions need to know of the program. */
export interface DefinitionHost {
  readonly symbols: Symbols;
  readonly names: TypeNames;
  readonly shapes: Shapes;
  readonly input: ProgramInput;
  readonly descriptors: Descriptors;
  readonly abiRegisters: AbiRegisters;
  readonly byPath: ReadonlyMap<string, ProgramSource>;
  readonly byPrefix: ReadonlyMap<string, ProgramSource>;
  functionSym(instance: FunctionInstance): Sym;
  abiOf(f: FuncObject, registers: AbiRegisters): AbiInfo;
}

export class Definitions {
  private readonly host: DefinitionHost;
  readonly links: Linknames;
  private readonly bySym = new SymMap<Definition>();
  /** Go declarations without body, by symbol: they give assembly its signature. */
  private readonly declarations = new Map<Sym, FuncObject>();
  private readonly assembled = new Map<ProgramSource, Assembled | null>();
  /** Data that stands in assembly. */
  readonly assemblyData: Map<Sym, DataObject> = new Map();

  constructor(host: DefinitionHost) {
    this.host = host;
    this.links = new Linknames(host.input.packages);
  }

  has(sym: Sym): boolean {
    return this.bySym.has(sym);
  }

  /** What was said of a symbol. */
  get(sym: Sym): Definition | undefined {
    return this.bySym.get(sym);
  }

  set(sym: Sym, d: Definition): void {
    this.bySym.set(sym, d);
  }

  /** What a symbol stands for, found out if nobody has said it. */
  find(sym: Sym): Definition | undefined {
    return this.bySym.get(sym) ?? this.resolve(sym);
  }

  /** A function that is made when somebody needs it. */
  makeFunction(sym: Sym, make: () => Func): void {
    if (!this.bySym.has(sym)) this.bySym.set(sym, { kind: DefMade, make });
  }

  /** A Go declaration without body. */
  declare(sym: Sym, f: FuncObject): void {
    if (!this.declarations.has(sym)) this.declarations.set(sym, f);
  }

  declared(sym: Sym): FuncObject | undefined {
    return this.declarations.get(sym);
  }

  /** Whether a symbol without ABI names data (assembly can't tell). */
  isData(sym: Sym): boolean {
    const d = this.find(sym);
    if (d === undefined) return false;
    return d.kind === DefData || d.kind === DefVariable || d.kind === DefType || d.kind === DefItab || d.kind === DefLinker;
  }

  /** The name of a variable's symbol. */
  variableSymbol(v: Var): string {
    return this.links.of(v.pkg as Package, v.name) ?? variableName(this.host.names, v);
  }

  /** Finds the definition of a symbol that nobody defined: by linkname, by name, in assembly. */
  private resolve(sym: Sym): Definition | undefined {
    const name = this.host.symbols.name(sym);
    if (name.endsWith("<0>")) return this.resolveAbi0(sym, name.slice(0, -3));
    const record = this.host.descriptors.get(sym);
    if (record !== undefined) {
      const d: Definition = { kind: DefType, record };
      this.bySym.set(sym, d);
      return d;
    }
    if (name.startsWith("go:") || name.startsWith("type:")) return undefined;
    if (this.host.input.options.provided.has(name)) {
      const d: Definition = { kind: DefLinker };
      this.bySym.set(sym, d);
      return d;
    }
    for (const c of this.links.candidates(name)) {
      const obj = c.pkg.types.scope.lookup(c.local);
      if (obj !== null && this.defineObject(obj)) {
        const d = this.bySym.get(sym);
        if (d !== undefined) return d;
      }
    }
    const obj = this.objectOf(name);
    if (obj !== null && this.defineObject(obj)) {
      const d = this.bySym.get(sym);
      if (d !== undefined) return d;
    }
    // A variable that only declarations with linknames mention.
    for (const c of this.links.candidates(name)) {
      const local = c.pkg.types.scope.lookup(c.local);
      if (local !== null && local.kind === K.OVar) {
        this.bySym.set(sym, { kind: DefVariable, variable: local });
        return this.bySym.get(sym);
      }
    }
    return this.resolveAssembly(sym, name, obj);
  }

  /** Defines the symbol of a declared function with a body or of a variable. */
  private defineObject(obj: Obj): boolean {
    if (obj.kind === K.OFunc) {
      if (obj.decl?.fdecl?.hasBody !== true) return false;
      objDecl(null, obj);
      this.host.functionSym({ object: obj, typeArgs: [] });
      return true;
    }
    if (obj.kind === K.OVar) {
      objDecl(null, obj);
      const sym = this.host.symbols.intern(this.variableSymbol(obj));
      if (!this.bySym.has(sym)) this.bySym.set(sym, { kind: DefVariable, variable: obj });
      return true;
    }
    return false;
  }

  /** The package-level object or method that a symbol's name spells. */
  objectOf(name: string): Obj | null {
    const parts = splitSymbol(name);
    if (parts === null) return null;
    const pkg = this.host.byPrefix.get(parts.prefix);
    if (pkg === undefined) return null;
    const direct = pkg.types.scope.lookup(parts.name);
    if (direct !== null) return direct;
    const method = /^(?:\(\*(\w+)\)|(\w+))\.(\w+)$/.exec(parts.name);
    if (method === null) return null;
    const type = pkg.types.scope.lookup((method[1] ?? method[2]) as string);
    if (type === null || type.kind !== K.OTypeName) return null;
    objDecl(null, type);
    const t = type.type;
    if (t === null || t.kind !== K.TNamed) return null;
    for (let i = 0; i < numMethods(t); i++) {
      const m = namedMethod(t, i);
      if (m.name === method[3]) return m;
    }
    return null;
  }

  assembly(pkg: ProgramSource): Assembled | null {
    let a = this.assembled.get(pkg);
    if (a === undefined) {
      a = pkg.hasAssembly ? pkg.assemble(goAsmText(pkg.types, this.host.shapes, (word) => pkg.assemblyMentions(word))) : null;
      this.assembled.set(pkg, a);
      if (a !== null) {
        for (let code of a.functions) {
          const name = this.host.symbols.name(code.sym);
          if (name.endsWith("<0>") && isBare(name)) code = new FuncCode({ ...code, sym: this.host.symbols.intern(name.slice(0, -3)) });
          if (!this.bySym.has(code.sym)) this.bySym.set(code.sym, { kind: DefCode, code });
        }
        for (const d of a.data) {
          this.assemblyData.set(d.sym, d);
          if (!this.bySym.has(d.sym)) this.bySym.set(d.sym, { kind: DefData, make: () => d });
        }
      }
    }
    return a;
  }

  /** Assembles packages until one defines the symbol in either convention. */
  private findAssembly(name: string, sym: Sym, other: Sym): Definition | undefined {
    const parts = splitSymbol(name);
    const own = parts === null ? undefined : this.host.byPrefix.get(parts.prefix);
    const near = ["runtime", "internal/bytealg", "internal/runtime/atomic", "internal/runtime/sys", "reflect", "sync/atomic"];
    const order: ProgramSource[] = own === undefined ? [] : [own];
    for (const path of near) {
      const p = this.host.byPath.get(path);
      if (p !== undefined) order.push(p);
    }
    order.push(...this.host.input.packages);
    const word = name.slice(name.lastIndexOf(".") + 1);
    for (let i = 0; i < order.length; i++) {
      const pkg = order[i];
      // Packages whose assembly has no such word are not assembled for it.
      if (!pkg.hasAssembly || !pkg.assemblyMentions(word) || this.assembly(pkg) === null) continue;
      if (this.bySym.has(sym)) return this.bySym.get(sym);
      if (this.bySym.get(other)?.kind === DefCode) return undefined;
    }
    return undefined;
  }

  /** A function that is called by the register convention and exists in assembly. */
  private resolveAssembly(sym: Sym, name: string, obj: Obj | null): Definition | undefined {
    const abi0 = this.host.symbols.intern(`${name}<0>`);
    const found = this.findAssembly(name, sym, abi0);
    if (found !== undefined) return found;
    if (this.bySym.get(abi0)?.kind !== DefCode) return undefined;
    const declared = this.declaration(sym, name, obj);
    if (declared === null) return undefined;
    const abis = this.abisOf(declared);
    this.makeFunction(sym, () => makeAbiWrapper(sym, name, abis.registers, abi0, abis.stack));
    return this.bySym.get(sym);
  }

  /** A function that is called by ABI0: from assembly, or Go code that needs a wrapper. */
  private resolveAbi0(sym: Sym, name: string): Definition | undefined {
    const plain = this.host.symbols.intern(name);
    const known = this.bySym.get(plain);
    if (known === undefined || known.kind !== DefCode) {
      const goBody = known !== undefined && (known.kind === DefFunction || known.kind === DefMade);
      if (!goBody) {
        const obj = this.objectOf(name);
        const isGo = obj !== null && obj.kind === K.OFunc && obj.decl?.fdecl?.hasBody === true;
        if (!isGo) {
          const found = this.findAssembly(name, sym, plain);
          if (found !== undefined) return found;
        }
      }
    }
    const target = this.find(plain);
    if (target === undefined) return undefined;
    let declared: FuncObject | null = null;
    if (target.kind === DefFunction) declared = target.instance.object;
    else declared = this.declaration(plain, name, this.objectOf(name));
    if (declared === null) return undefined;
    const abis = this.abisOf(declared);
    this.makeFunction(sym, () => makeAbiWrapper(sym, name, abis.stack, plain, abis.registers));
    return this.bySym.get(sym);
  }

  /** The Go declaration that tells the signature of an assembly function. */
  private declaration(sym: Sym, name: string, obj: Obj | null): FuncObject | null {
    if (obj !== null && obj.kind === K.OFunc) return obj;
    const known = this.declarations.get(sym);
    if (known !== undefined) return known;
    for (const c of this.links.candidates(name)) {
      const local = c.pkg.types.scope.lookup(c.local);
      if (local !== null && local.kind === K.OFunc) return local;
    }
    return null;
  }

  private abisOf(f: FuncObject): { registers: AbiInfo; stack: AbiInfo } {
    return { registers: this.host.abiOf(f, this.host.abiRegisters), stack: this.host.abiOf(f, noRegisters) };
  }
}
