// The whole program: which symbols are needed. irgen turns bodies into SSA and names what they refer to; a worklist brings those that are reached into being,
// looks at what they refer to, and so on until nothing new comes up. What a symbol stands for is found in definitions.ts, which methods count in livemethods.ts.

import type { Diagnostics } from "../base/diagnostics.ts";
import { NoPos, type Sources } from "../base/pos.ts";
import type { ClosurePayload, FunctionFacts, FunctionInstance, ProgramContext, ProgramPackage, StaticReloc } from "../irgen/context.ts";
import type { AbiInfo, AbiRegisters } from "../ssa/abi.ts";
import { FnNoEscape, FnNoInline, FnNoPoll, FnNoSplit, FnSystemStack, type Func } from "../ssa/func.ts";
import { DataObject, DataReadOnly, DataWritable, type FuncCode, RelocAbs64, Relocs } from "../ssa/object.ts";
import { NoSym, type Sym, type Symbols } from "../ssa/symbol.ts";
import { SymMap } from "../ssa/symmap.ts";
import type { FuncDecl } from "../syntax/tree.ts";
import { PragmaNoescape, PragmaNoinline, PragmaNosplit, PragmaSystemstack } from "../syntax/tokens.ts";
import { unalias } from "../types/alias.ts";
import { objDecl } from "../types/decl.ts";
import { implements_ } from "../types/instantiate.ts";
import * as K from "../types/kinds.ts";
import { funcSignature } from "../types/named.ts";
import { type Func as FuncObject, originFunc, type Var } from "../types/object.ts";
import type { Package } from "../types/package.ts";
import type { Interface, Signature, Type, TypeIds } from "../types/types.ts";
import { typeSet } from "../types/typeset.ts";
import { under } from "../types/under.ts";
import { makeEqual, makeHash, runtimeEqual, runtimeHash } from "./algs.ts";
import { DataWriter } from "./bytes.ts";
import { type Itab, itabData, variableData } from "./contents.ts";
import {
  DefClosure,
  DefCode,
  DefData,
  DefFunction,
  Definitions,
  DefItab,
  DefLate,
  DefLinker,
  DefMade,
  DefType,
  DefVariable,
  isBare,
} from "./definitions.ts";
import { Descriptors, type TypeRecord } from "./descriptors.ts";
import { Dependents, makeEmpty } from "./dependents.ts";
import { devirtualise } from "./devirtualise.ts";
import { Initialisation } from "./init.ts";
import { inlineCalls } from "./inline.ts";
import { LiveMethods, looksUpMethods, watchedCalls } from "./livemethods.ts";
import { type MethodEntry, MethodTables } from "./methods.ts";
import { RefAddress, RefCall, type References, ReferenceTable, RefIfOpen, RefWatched } from "./references.ts";
import { escapeAnalysis } from "./escape.ts";
import type { ObjectForm } from "./escape-host.ts";
import { functionName, isMethod, methodName, splitSymbol, variableName } from "./naming.ts";
import { AlgMemory, Shapes } from "./shape.ts";
import type { ProgramInput, ProgramResult, ProgramSource } from "./source.ts";
import { Statics, type VariableFacts } from "./statics.ts";
import { TypeNames } from "./typenames.ts";
import { itabFun, makeInterfaceWrapper, makeMethodWrapper } from "./wrappers.ts";

/** A function of the library that compiled code calls. */
interface LibraryCall {
  readonly sym: Sym;
  readonly abi: AbiInfo;
  readonly noReturn: boolean;
}

/** Runtime functions that never return, beyond those whose name says it. */
const noReturnNames: ReadonlySet<string> = new Set([
  "gopanic",
  "throw",
  "fatal",
  "fatalthrow",
  "fatalpanic",
  "block",
  "unreachableMethod",
  "unreachable",
  "sigpanic",
]);

const runtimeFolders = /^(runtime|internal\/runtime\/.*|internal\/abi|internal\/goarch|internal\/bytealg)$/;

/** Stands for "a floating point number is in an interface" among the conditions of dependent functions. */
const kindFloat = "kind:float";

/** A program under construction. */
export class Program implements ProgramContext {
  readonly sources: Sources;
  readonly symbols: Symbols;
  readonly diagnostics: Diagnostics;
  readonly abiRegisters: AbiRegisters;
  readonly ids: TypeIds;
  readonly names: TypeNames = new TypeNames();
  readonly shapes: Shapes = new Shapes();
  readonly methodTables: MethodTables = new MethodTables();
  readonly input: ProgramInput;
  readonly descriptors: Descriptors;
  readonly init: Initialisation;
  readonly statics: Statics;
  readonly references: ReferenceTable = new ReferenceTable(this);
  private readonly forms = new Map<Sym, ObjectForm>();
  /** Functions whose calls are looked at. */
  private readonly watched = new SymMap<boolean>();
  /** By symbol: the code behind it if it is a static function value, 0 none, -1 not looked at yet. */
  private readonly codes: number[] = [];
  readonly byPath: Map<string, ProgramSource> = new Map();
  readonly byPrefix: Map<string, ProgramSource> = new Map();
  private readonly runtime: ProgramSource;
  /** Where there is no main package: those that are compiled. Of others, nothing is but what is made for these. */
  private readonly own: ReadonlySet<ProgramSource> | null;

  readonly definitions: Definitions;
  private readonly methods: LiveMethods;
  /** Variables, by id. */
  private readonly variableSyms = new Map<number, Sym>();
  /** Static function values, by their code. */
  private readonly values = new SymMap<Sym>();
  /** Itabs, by the descriptors of type and interface. */
  private readonly itabSyms = new SymMap<Map<Sym, Sym>>();
  /** Functions that are no instances, by id. */
  private readonly plainSyms = new Map<number, Sym>();
  /** Instances, by the ids of function and type arguments. */
  private readonly functionSyms = new Map<string, Sym>();

  /** By symbol: reached. */
  private readonly reached: boolean[] = [];
  private readonly taken: boolean[] = [];
  private readonly queue: Sym[] = [];
  /** Names that are referred to and not defined. */
  private readonly missing = new Set<string>();
  private queueHead = 0;
  private readonly generated = new SymMap<Func>();
  private readonly dependents = new Dependents();
  /** Functions are being inlined: which dependent ones do something is settled. */
  private settled = false;
  private floats = false;
  /** Reached functions in the order in which they were reached. */
  readonly functions: Func[] = [];
  private readonly code: FuncCode[] = [];
  private readonly data: DataObject[] = [];
  private readonly variables: { sym: Sym; variable: Var }[] = [];
  private readonly itabs: Itab[] = [];
  /** The interfaces of records that runtime.typeAssert gets. */
  private readonly asserted = new Map<Sym, TypeRecord>();
  private readonly late: { sym: Sym; make: () => Func }[] = [];
  /** Whose references are being looked at: for messages, and for the question why something is in the program. */
  current: Sym = NoSym;
  /** By symbol: who referred to it first. */
  private readonly referrers: Sym[] = [];

  /** Statics by owner. */
  private readonly staticCounts = new Map<string, number>();
  private readonly kept: Sym[] = [];
  private readonly runtimeCalls = new Map<string, LibraryCall>();
  private readonly libraryCalls = new Map<string, LibraryCall>();

  constructor(input: ProgramInput) {
    this.input = input;
    this.sources = input.sources;
    this.symbols = input.symbols;
    this.diagnostics = input.diagnostics;
    this.abiRegisters = input.abiRegisters;
    this.ids = input.ids;
    if (input.main !== null) this.names.setMain(input.main.types);
    for (const p of input.packages) {
      this.byPath.set(p.types.path, p);
      this.byPrefix.set(this.names.prefix(p.types), p);
    }
    const runtime = this.byPath.get("runtime");
    if (runtime === undefined) throw new Error("the program has no package runtime");
    this.runtime = runtime;
    this.own = input.main === null ? new Set(input.functions.map((f) => this.packageOf(f) as ProgramSource)) : null;
    this.definitions = new Definitions(this);
    this.methods = new LiveMethods(this);
    this.descriptors = new Descriptors(this);
    this.init = new Initialisation(this);
    this.statics = new Statics(this);
  }

  // ---- Reaching

  /** A symbol is needed: its address is taken. */
  reach(sym: Sym): void {
    while (this.taken.length <= sym) this.taken.push(false);
    this.taken[sym] = true;
    this.reachCalled(sym);
  }

  /** Something other than a direct call refers to a function. */
  isTaken(sym: Sym): boolean {
    return this.taken[sym] === true;
  }

  /** A function is called directly. */
  private reachCalled(sym: Sym): void {
    if (sym === NoSym || this.reached[sym] === true) return;
    while (this.reached.length <= sym) {
      this.reached.push(false);
      this.referrers.push(NoSym);
    }
    this.reached[sym] = true;
    this.referrers[sym] = this.current;
    this.queue.push(sym);
    const waiting = this.dependents.of(sym);
    for (let i = 0; i < waiting.length; i++) this.wake(waiting[i] as Sym);
  }

  /** A condition of a dependent function is reached: it does something after all. */
  private wake(sym: Sym): void {
    const d = this.dependents.get(sym);
    if (d === undefined || !d.listed) return;
    if (this.settled) throw new Error(`${this.symbols.name(sym)} was taken for a function that does nothing`);
    d.listed = false;
    this.functions.splice(this.functions.indexOf(d.empty as Func), 1);
    this.queue.push(sym);
  }

  /** Reads the runtime's `//go3s:with` lines. */
  private findDependents(): void {
    this.definitions.set(this.symbols.intern(kindFloat), { kind: DefLinker });
    for (const p of this.input.packages) {
      const sym = (local: string): Sym => {
        if (local === kindFloat) return this.symbols.intern(local);
        const name = local.includes("/") ? local : `${this.names.prefix(p.types)}.${local}`;
        const obj = this.definitions.objectOf(name);
        if (obj === null || obj.kind !== K.OFunc) throw new Error(`go3s:with names ${name}, which is no function`);
        return this.functionSym({ object: obj, typeArgs: [] });
      };
      for (const file of p.files) {
        for (const line of file.dependents) {
          const conditions = line.conditions.map(sym);
          for (const f of line.functions) this.dependents.add(sym(f), conditions);
        }
      }
    }
  }

  isReached(sym: Sym): boolean {
    return this.reached[sym] === true;
  }

  /** Who referred to a reached symbol first; NoSym: it is a root. */
  referrer(sym: Sym): Sym {
    return this.referrers[sym] ?? NoSym;
  }

  /** Data that is made when somebody needs it. */
  define(sym: Sym, make: () => DataObject): void {
    if (!this.definitions.has(sym)) this.definitions.set(sym, { kind: DefData, make });
  }

  /** A function that is made when somebody needs it. */
  defineFunction(sym: Sym, make: () => Func): void {
    this.definitions.makeFunction(sym, make);
  }

  /** A function that is made anew. */
  redefineFunction(sym: Sym, make: () => Func): void {
    this.definitions.set(sym, { kind: DefMade, make });
    this.generated.delete(sym);
  }

  /** A function that can only be made when everything else is known. */
  defineLate(sym: Sym, make: () => Func): void {
    this.definitions.set(sym, { kind: DefLate, make });
  }

  isDefined(sym: Sym): boolean {
    return this.definitions.has(sym);
  }

  /** Closes the program. */
  run(): void {
    this.findDependents();
    this.reachRoots();
    this.init.start();
    this.drain();
  }

  private drain(): void {
    do {
      this.methods.changed = false;
      while (this.queueHead < this.queue.length) this.process(this.queue[this.queueHead++] as Sym);
      this.queue.length = 0;
      this.queueHead = 0;
      this.methods.match();
    } while (this.queue.length > 0 || this.methods.changed);
  }

  private process(sym: Sym): void {
    if (this.own !== null && this.isForeign(sym, this.own)) return;
    const d = this.definitions.find(sym);
    if (d === undefined) {
      // Without a program, it may be somewhere else.
      if (this.own !== null) return;
      // Behind errors in assembly there is no wonder.
      if (this.diagnostics.list.some((e) => e.pos !== NoPos)) return;
      const plain = (s: Sym): string => this.symbols.name(s).replace(/<0>$/, "");
      const by = this.referrer(sym);
      if (this.missing.has(plain(sym))) return;
      this.missing.add(plain(sym));
      this.diagnostics.error(NoPos, `${by === NoSym ? "program" : plain(by)}: relocation target ${plain(sym)} not defined`);
      return;
    }
    this.current = sym;
    switch (d.kind) {
      case DefFunction:
        if (walksTypes(d.instance.object)) this.descriptors.walk();
        return this.processFunction(sym);
      case DefClosure:
      case DefMade:
        return this.processFunction(sym);
      case DefCode:
        this.addCode(d.code);
        return;
      case DefData:
        this.addData(d.make());
        return;
      case DefVariable:
        this.variables.push({ sym, variable: d.variable });
        this.reachAssemblyData(sym, d.variable);
        this.init.reachVariable(d.variable);
        // Another package may give the variable its value under a linkname.
        for (const c of this.definitions.links.candidates(this.symbols.name(sym))) {
          const local = c.pkg.types.scope.lookup(c.local);
          if (local !== null && local.kind === K.OVar && local !== d.variable) this.init.reachVariable(local);
        }
        this.reachContents(sym);
        return;
      case DefType:
        this.descriptors.visit(d.record);
        this.methods.watch(d.record);
        return;
      case DefLate:
        this.late.push({ sym, make: d.make });
        return;
      case DefLinker:
        return;
      case DefItab:
        this.itabs.push({ sym, concrete: d.concrete, iface: d.iface });
        this.reach(d.concrete.sym);
        this.reach(d.iface.sym);
        return;
    }
  }

  /** Whether a symbol is code of a package that is not compiled. Instances of its generic functions are. */
  private isForeign(sym: Sym, own: ReadonlySet<ProgramSource>): boolean {
    const d = this.definitions.get(sym);
    if (d?.kind === DefFunction) return d.instance.typeArgs.length === 0 && !own.has(this.packageOf(d.instance.object) as ProgramSource);
    if (d !== undefined || this.descriptors.get(sym) !== undefined) return false;
    const parts = splitSymbol(this.symbols.name(sym).replace(/<0>$/, ""));
    const pkg = parts === null ? undefined : this.byPrefix.get(parts.prefix);
    return pkg !== undefined && !own.has(pkg);
  }

  /** Whether a package is compiled for itself, without a main package. */
  isCompiledAlone(p: ProgramSource): boolean {
    return this.own?.has(p) === true;
  }

  private processFunction(sym: Sym): void {
    const f = this.functionOf(sym) as Func;
    const dependent = this.dependents.get(sym);
    if (dependent !== undefined) dependent.listed = f === dependent.empty;
    // What has not changed since it was looked at last has no new targets.
    if (!this.references.has(f)) devirtualise(f, this);
    this.functions.push(f);
    this.scan(f);
  }

  /** The SSA of a function symbol, generated now if that was not done; null for assembly and data. */
  functionOf(sym: Sym): Func | null {
    const dependent = this.settled ? undefined : this.dependents.get(sym);
    if (dependent !== undefined && !dependent.conditions.some((c) => this.isReached(c))) {
      if (dependent.empty === null) {
        const d = this.definitions.get(sym) as { instance: FunctionInstance };
        dependent.empty = makeEmpty(sym, this.symbols.name(sym), this.abiOf(d.instance.object, this.abiRegisters));
      }
      this.generated.set(sym, dependent.empty);
      return dependent.empty;
    }
    const known = dependent === undefined ? this.generated.get(sym) : dependent.whole;
    if (known !== undefined && known !== null) {
      if (dependent !== undefined) this.generated.set(sym, known);
      return known;
    }
    const d = this.definitions.find(sym);
    if (d === undefined) return null;
    const before = this.current;
    this.current = sym;
    let f: Func;
    if (d.kind === DefFunction) f = this.input.generator.function(this, d.instance);
    else if (d.kind === DefClosure) f = this.input.generator.closure(this, sym, d.payload);
    else if (d.kind === DefMade) {
      f = d.make();
      this.input.options.simplify?.(f);
    } else {
      this.current = before;
      return null;
    }
    this.current = before;
    this.generated.set(sym, f);
    if (dependent !== undefined) dependent.whole = f;
    return f;
  }

  /** Reaches what a function refers to. */
  private scan(f: Func): void {
    const { syms, kinds, watched } = this.references.of(f);
    let calls = 0;
    for (let i = 0; i < syms.length; i++) {
      const sym = syms[i];
      switch (kinds[i]) {
        case RefCall:
          this.reachCalled(sym);
          break;
        case RefWatched:
          this.reachCalled(sym);
          this.methods.watchCall(f, watched[calls++], sym);
          break;
        case RefIfOpen:
          if (!this.settled) this.reach(sym);
          break;
        case RefAddress:
          this.reach(sym);
          if (this.methods.linked) this.methods.useLinked(sym);
          break;
        default:
          this.reach(sym);
      }
    }
  }

  /** A variable's contents may stand in the assembly of its package. */
  private reachAssemblyData(sym: Sym, v: Var): void {
    const source = v.pkg === null ? undefined : this.byPath.get(v.pkg.path);
    if (source?.hasAssembly !== true || !source.assemblyMentions(v.name)) return;
    this.definitions.assembly(source);
    const relocs = this.definitions.assemblyData.get(sym)?.relocs;
    for (let i = 0; relocs !== undefined && i < relocs.count; i++) this.reach(relocs.sym[i] as Sym);
  }

  /** What a variable's contents refer to. */
  private reachContents(sym: Sym): void {
    const known = this.statics.contents(sym);
    if (known === null) return;
    for (let i = 0; i < known.relocs.count; i++) this.reach(known.relocs.sym[i] as Sym);
  }

  private addData(d: DataObject): void {
    this.data.push(d);
    for (let i = 0; i < d.relocs.count; i++) this.reach(d.relocs.sym[i] as Sym);
  }

  private addCode(code: FuncCode): void {
    this.code.push(code);
    const relocs = code.relocs;
    for (let i = 0; i < relocs.count; i++) {
      const name = this.symbols.name(relocs.sym[i] as Sym);
      if (name.endsWith("<0>")) {
        const plain = this.symbols.intern(name.slice(0, -3));
        if (isBare(name) || this.definitions.isData(plain)) relocs.sym[i] = plain;
      }
      this.reach(relocs.sym[i] as Sym);
    }
  }

  useInterfaceMethod(iface: Type, method: FuncObject, signature: Signature): void {
    void iface;
    this.methods.useInterfaceMethod(method, signature);
  }

  useReflectMethods(): void {
    this.methods.useReflectMethods();
  }

  /** A condition of dependent functions that is no symbol: a floating point number is in an interface. */
  useFloat(): void {
    this.floats = true;
    this.reach(this.symbols.intern(kindFloat));
  }

  pointersWanted(): boolean {
    return this.methods.pointers;
  }

  /** How a declared function is called that has these registers. */
  abiOf(f: FuncObject, registers: AbiRegisters): AbiInfo {
    objDecl(null, f);
    const s = funcSignature(f);
    return this.shapes.abi(registers, s.recv === null ? null : (s.recv.type as Type), s);
  }

  // ---- Functions (ProgramContext)

  packageOf(object: { readonly pkg: Package | null }): ProgramPackage {
    const p = object.pkg === null ? undefined : this.byPath.get(object.pkg.path);
    if (p === undefined) throw new Error(`package ${object.pkg?.path} is not part of the program`);
    return p;
  }

  sourceOf(path: string): ProgramSource | undefined {
    return this.byPath.get(path);
  }

  facts(object: FuncObject): FunctionFacts | null {
    const origin = originFunc(object);
    const decl = origin.decl?.fdecl ?? null;
    if (decl === null || !decl.hasBody) return null;
    this.input.checkBody(origin);
    return { pkg: this.packageOf(origin), decl, flags: this.flagsOf(origin, decl) };
  }

  private flagsOf(f: FuncObject, decl: FuncDecl): number {
    const p = decl.pragma;
    let flags = 0;
    if ((p & PragmaNosplit) !== 0) flags |= FnNoSplit;
    // In tracebacks, main.main has a frame of its own.
    const isMain = f.name === "main" && f.pkg?.name === "main" && decl.recv === null;
    if ((p & PragmaNoinline) !== 0 || isMain) flags |= FnNoInline;
    if ((p & PragmaNoescape) !== 0) flags |= FnNoEscape;
    if ((p & PragmaSystemstack) !== 0) flags |= FnSystemStack;
    if (f.pkg !== null && runtimeFolders.test(f.pkg.path)) flags |= FnNoPoll;
    return flags;
  }

  isAssemblyWrapper(f: Func): boolean {
    const own = this.symbols.name(f.sym);
    const called = f.calls.length === 2 ? this.symbols.name((f.calls[1] as { sym: Sym }).sym) : "";
    return called.length === own.length + 3 && called === `${own}<0>`;
  }

  /** The declaration behind a function symbol without body that is marked go:noescape. */
  isNoEscape(sym: Sym): boolean {
    const name = this.symbols.name(sym);
    const f = this.definitions.declared(name.endsWith("<0>") ? this.symbols.intern(name.slice(0, -3)) : sym);
    const decl = f?.decl?.fdecl ?? null;
    return decl !== null && (decl.pragma & PragmaNoescape) !== 0;
  }

  functionSym(instance: FunctionInstance): Sym {
    const origin = originFunc(instance.object);
    const { typeArgs } = instance;
    if (typeArgs.length === 0) {
      let sym = this.plainSyms.get(origin.id);
      if (sym === undefined) {
        sym = this.makeFunctionSym(origin, typeArgs);
        this.plainSyms.set(origin.id, sym);
      }
      return sym;
    }
    let key = `${origin.id}`;
    for (let i = 0; i < typeArgs.length; i++) key += `,${this.names.id(typeArgs[i])}`;
    let sym = this.functionSyms.get(key);
    if (sym === undefined) {
      sym = this.makeFunctionSym(origin, typeArgs);
      this.functionSyms.set(key, sym);
    }
    return sym;
  }

  private makeFunctionSym(origin: FuncObject, typeArgs: readonly Type[]): Sym {
    objDecl(null, origin);
    let name: string | undefined;
    if (typeArgs.length === 0 && !isMethod(origin))
      name = this.init.initName(origin) ?? this.definitions.links.of(origin.pkg as Package, origin.name);
    name ??= functionName(this.names, origin, typeArgs);
    const sym = this.symbols.intern(name);
    if (origin.decl?.fdecl?.hasBody === true) {
      if (!this.definitions.has(sym)) {
        const own: FunctionInstance = { object: origin, typeArgs };
        this.definitions.set(sym, { kind: DefFunction, instance: own });
      }
    } else this.definitions.declare(sym, origin);
    return sym;
  }

  /** The code of the method that an entry of a method table means. */
  declaredMethod(m: MethodEntry): Sym {
    const owner = m.owner;
    const typeArgs = owner.kind === K.TNamed && owner.inst !== null ? owner.inst.targs : [];
    return this.functionSym({ object: m.func, typeArgs });
  }

  methodSym(recv: Type, method: FuncObject, boxed: boolean): Sym {
    const t = unalias(recv);
    if (under(t).kind === K.TInterface) return this.interfaceFunction(t, method);
    const m = this.methodTables.find(t, method);
    if (m === null) throw new Error(`${this.names.link(t)} has no method ${method.name}`);
    if (looksUpMethods(m.func, funcSignature(m.func))) this.methods.useReflectMethods();
    return boxed ? this.interfaceMethod(t, m) : this.plainMethod(t, m);
  }

  /** I.M as a function. */
  private interfaceFunction(t: Type, method: FuncObject): Sym {
    const name = methodName(this.names, t, method);
    const sym = this.symbols.intern(name);
    this.defineFunction(sym, () => {
      this.useInterfaceMethod(t, method, funcSignature(method));
      return makeInterfaceWrapper(this, t, method, sym, name);
    });
    return sym;
  }

  /** Code that takes an interface's data word as receiver. */
  interfaceMethod(recv: Type, m: MethodEntry): Sym {
    if (this.shapes.of(recv).direct) return this.plainMethod(recv, m);
    return this.plainMethod(this.descriptors.pointerTo(recv), m);
  }

  /** Code that takes the receiver as it is. */
  plainMethod(recv: Type, m: MethodEntry): Sym {
    const t = unalias(recv);
    const pointer = t.kind === K.TPointer;
    if (m.path.length === 0 && m.pointer === pointer) return this.declaredMethod(m);
    const name = methodName(this.names, t, m.func);
    const sym = this.symbols.intern(name);
    this.defineFunction(sym, () => {
      if (under(m.owner).kind === K.TInterface) this.useInterfaceMethod(m.owner, m.func, funcSignature(m.func));
      return makeMethodWrapper(this, t, m, sym, name);
    });
    return sym;
  }

  sharedClosureSym(name: string, payload: ClosurePayload): Sym {
    const sym = this.symbols.intern(name);
    if (!this.definitions.has(sym)) this.definitions.set(sym, { kind: DefClosure, payload });
    return sym;
  }

  closureSym(name: string, payload: ClosurePayload): Sym {
    let unique = name;
    for (let n = 1; this.definitions.has(this.symbols.intern(unique)); n++) unique = `${name}·${n}`;
    const sym = this.symbols.intern(unique);
    this.definitions.set(sym, { kind: DefClosure, payload });
    return sym;
  }

  funcValueSym(code: Sym): Sym {
    const known = this.values.get(code);
    if (known !== undefined) return known;
    const sym = this.symbols.intern(`${this.symbols.name(code)}·f`);
    this.values.set(code, sym);
    this.define(sym, () => {
      const w = new DataWriter(8);
      w.address(0, code);
      return w.readOnly(sym, 8, false);
    });
    return sym;
  }

  runtimeCall(name: string): LibraryCall {
    let c = this.runtimeCalls.get(name);
    if (c === undefined) {
      c = this.findCall("runtime", name);
      this.runtimeCalls.set(name, c);
    }
    return c;
  }

  libraryCall(path: string, name: string): LibraryCall {
    const key = `${path}.${name}`;
    let c = this.libraryCalls.get(key);
    if (c === undefined) {
      c = this.findCall(path, name);
      this.libraryCalls.set(key, c);
    }
    return c;
  }

  private findCall(path: string, name: string): LibraryCall {
    const obj = (path === "runtime" ? this.runtime : this.byPath.get(path))?.types.scope.lookup(name) ?? null;
    if (obj === null || obj.kind !== K.OFunc) throw new Error(`the compiler needs ${path}.${name}, which does not exist`);
    const noReturn = path === "runtime" && (noReturnNames.has(name) || (/^(panic|goPanic)/.test(name) && !name.startsWith("panicCheck")));
    return { sym: this.functionSym({ object: obj, typeArgs: [] }), abi: this.abiOf(obj, this.abiRegisters), noReturn };
  }

  // ---- Types and data (ProgramContext)

  typeSym(type: Type, inInterface: boolean): Sym {
    const r = this.descriptors.record(type);
    if (!this.definitions.has(r.sym)) this.definitions.set(r.sym, { kind: DefType, record: r });
    if (inInterface && this.descriptors.use(r) && r.reached) {
      this.descriptors.visit(r);
      this.methods.watch(r);
    }
    return r.sym;
  }

  printedTypeSym(type: Type): Sym {
    this.descriptors.record(type).printed = true;
    return this.typeSym(type, false);
  }

  itabSym(concrete: Type, iface: Type): Sym {
    const c = this.descriptors.record(concrete);
    const i = this.descriptors.record(iface);
    let known = this.itabSyms.get(c.sym);
    if (known === undefined) {
      known = new Map();
      this.itabSyms.set(c.sym, known);
    }
    let sym = known.get(i.sym);
    if (sym !== undefined) return sym;
    sym = this.symbols.intern(`go:itab.${this.names.link(c.type)},${this.names.link(i.type)}`);
    known.set(i.sym, sym);
    if (!this.definitions.has(sym)) {
      this.typeSym(c.type, true);
      this.typeSym(i.type, false);
      this.definitions.set(sym, { kind: DefItab, concrete: c, iface: i });
    }
    return sym;
  }

  equalSym(type: Type): Sym {
    const shape = this.shapes.of(type);
    const known = runtimeEqual(shape.alg, shape.size);
    if (known !== "") return this.runtimeCall(known).sym;
    // Types of one memory form share a function.
    const name = shape.alg === AlgMemory ? `type:.eq.${shape.size}` : `type:.eq.${this.names.link(type)}`;
    const sym = this.symbols.intern(name);
    this.defineFunction(sym, () => makeEqual(this, type, sym, name));
    return sym;
  }

  hashSym(type: Type): Sym {
    const shape = this.shapes.of(type);
    const known = runtimeHash(shape.alg, shape.size);
    if (known !== "") return this.runtimeCall(known).sym;
    const name = shape.alg === AlgMemory ? `type:.hash.${shape.size}` : `type:.hash.${this.names.link(type)}`;
    const sym = this.symbols.intern(name);
    this.defineFunction(sym, () => makeHash(this, type, sym, name));
    return sym;
  }

  /** The function value for a descriptor's Equal field. */
  equalClosure(type: Type): Sym {
    const shape = this.shapes.of(type);
    if (shape.alg === AlgMemory && runtimeEqual(shape.alg, shape.size) === "") {
      return this.sizedClosure(`type:.eqfunc${shape.size}`, "memequal_varlen", shape.size);
    }
    return this.funcValueSym(this.equalSym(type));
  }

  hashClosure(type: Type): Sym {
    const shape = this.shapes.of(type);
    if (shape.alg === AlgMemory && runtimeHash(shape.alg, shape.size) === "") {
      return this.sizedClosure(`type:.hashfunc${shape.size}`, "memhash_varlen", shape.size);
    }
    return this.funcValueSym(this.hashSym(type));
  }

  /** A closure whose one captured word is a size. */
  private sizedClosure(name: string, callee: string, size: number): Sym {
    const sym = this.symbols.intern(name);
    this.define(sym, () => {
      const w = new DataWriter(16);
      w.address(0, this.runtimeCall(callee).sym);
      w.u64(8, size);
      return w.readOnly(sym, 8, false);
    });
    return sym;
  }

  variableSym(variable: Var): Sym {
    let sym = this.variableSyms.get(variable.id);
    if (sym === undefined) {
      sym = this.makeVariableSym(variable);
      this.variableSyms.set(variable.id, sym);
    }
    return sym;
  }

  private makeVariableSym(variable: Var): Sym {
    const name = this.definitions.variableSymbol(variable);
    const sym = this.symbols.intern(name);
    if (!this.definitions.has(sym)) {
      // A linkname may lead to another package's variable: that one is initialised.
      const owner = name === variableName(this.names, variable) ? variable : this.definitions.objectOf(name);
      const v = owner !== null && owner.kind === K.OVar ? owner : variable;
      objDecl(null, v);
      this.definitions.set(sym, this.input.options.provided.has(name) ? { kind: DefLinker } : { kind: DefVariable, variable: v });
    }
    return sym;
  }

  stringSym(bytes: Uint8Array): Sym {
    let text = "";
    for (let i = 0; i < bytes.length; i += 4096) text += String.fromCharCode(...bytes.subarray(i, i + 4096));
    const sym = this.symbols.intern(`go:string."${text}"`);
    this.define(sym, () => {
      return new DataObject(sym, DataReadOnly, bytes.length, 1, bytes, new Relocs(), [], true);
    });
    return sym;
  }

  staticSym(type: Type, bytes: Uint8Array, relocs: readonly StaticReloc[], writable: boolean): Sym {
    const sym = this.staticName(this.symbols.name(this.current));
    const shape = this.shapes.of(type);
    this.define(sym, () => {
      const r = new Relocs();
      for (const x of relocs.slice().sort((a, b) => a.offset - b.offset)) r.add(x.offset, RelocAbs64, x.sym, x.addend);
      const size = Math.max(bytes.length, shape.size);
      const section = writable ? DataWritable : DataReadOnly;
      const pointers = writable ? this.shapes.pointerWords(type) : [];
      return new DataObject(sym, section, size, shape.align, bytes, r, pointers, !writable && r.count === 0);
    });
    return sym;
  }

  /** A name for data of the compiler's own making, numbered for each owner: it does not depend on the rest of the program. */
  private staticName(owner: string): Sym {
    const n = (this.staticCounts.get(owner) ?? 0) + 1;
    this.staticCounts.set(owner, n);
    return this.symbols.intern(owner === "" ? `go:static.${n}` : `${owner}..static.${n}`);
  }

  /** Data of the compiler's own making, for a symbol or package. */
  newStatic(owner: string, make: (sym: Sym) => DataObject): Sym {
    const sym = this.staticName(owner);
    this.define(sym, () => make(sym));
    return sym;
  }

  private runtimeVariable(name: string): Sym {
    const obj = this.runtime.types.scope.lookup(name);
    if (obj === null || obj.kind !== K.OVar) throw new Error(`the compiler needs runtime.${name}, which does not exist`);
    objDecl(null, obj);
    return this.variableSym(obj);
  }

  typeAssertSym(iface: Type, canFail: boolean): Sym {
    const r = this.descriptors.record(iface);
    this.typeSym(r.type, false);
    const sym = this.symbols.intern(`go:typeassert.${this.names.link(r.type)}.${canFail ? 1 : 0}`);
    this.asserted.set(sym, r);
    this.define(sym, () => {
      const w = new DataWriter(24);
      w.address(0, this.runtimeVariable("emptyTypeAssertCache"));
      w.address(8, r.sym);
      w.u8(16, canFail ? 1 : 0);
      return new DataObject(sym, DataWritable, 24, 8, w.bytes, w.relocs, [0], false);
    });
    return sym;
  }

  interfaceSwitchSym(cases: readonly Interface[]): Sym {
    const records = cases.map((c) => this.descriptors.record(c));
    for (const r of records) this.typeSym(r.type, false);
    const sym = this.symbols.intern(`go:interfaceswitch.${records.map((r) => this.names.link(r.type)).join(",")}`);
    this.define(sym, () => {
      const w = new DataWriter(16 + 8 * records.length);
      w.address(0, this.runtimeVariable("emptyInterfaceSwitchCache"));
      w.u64(8, records.length);
      for (let i = 0; i < records.length; i++) w.address(16 + 8 * i, (records[i] as TypeRecord).sym);
      return new DataObject(sym, DataWritable, w.bytes.length, 8, w.bytes, w.relocs, [0], false);
    });
    return sym;
  }

  typeId(type: Type): number {
    return this.names.id(type);
  }

  // ---- The end

  /** Improves the closed program, leaves out what is not needed any more, and writes what had to wait until all was known. */
  finish(): ProgramResult {
    this.optimise();
    this.restart();
    const itabs = this.itabs.map((t) => itabData(this, t));
    this.drain();
    const types = this.descriptors.write();
    this.drain();
    const variables = this.variables.map((v) => variableData(this, v.sym, v.variable));
    // The contents of embedded files.
    this.drain();
    return {
      functions: this.functions,
      assembly: this.code,
      data: [...this.data, ...itabs, ...types, ...variables],
      typelinks: this.methods.linked ? this.descriptors.typelinks() : [],
      itabs: this.isReached(this.symbols.intern("runtime.getitab")) ? this.itabs.map((t) => t.sym) : [],
      generated: this.generated.size,
      referrer: (sym) => this.referrer(sym),
      isReached: (sym) => this.isReached(sym),
    };
  }

  /** Whole-program work on the functions. */
  private optimise(): void {
    const { options } = this.input;
    this.statics.learn(this.functions, this.code, (f) => this.init.ownOf(f.sym, (v) => this.variableSym(v)));
    this.init.evaluate(
      this.statics,
      (v) => this.variableSym(v),
      (sym) => this.generated.get(sym) ?? null,
    );
    this.restart();
    this.settled = true;
    if (options.inline !== false) {
      const found: Sym[] = [];
      inlineCalls(this.functions, this, found);
      for (const sym of found) this.reach(sym);
      this.drain();
    }
    // What is called no more since it is inlined everywhere need not be looked at.
    this.restart();
    escapeAnalysis(options.escape === false ? this.functions.filter((f) => this.isRuntime(f)) : this.functions, this, options.ready);
  }

  /** Functions that must not allocate where they do not mean to. */
  private isRuntime(f: Func): boolean {
    return /^(runtime|internal\/|syscall|sync|type:)/.test(this.symbols.name(f.sym));
  }

  /** Works out once more what is reached. */
  private restart(): void {
    this.reached.fill(false);
    this.dependents.restart();
    this.functions.length = 0;
    this.code.length = 0;
    this.data.length = 0;
    this.variables.length = 0;
    this.itabs.length = 0;
    this.late.length = 0;
    this.methods.restart();
    for (const r of this.descriptors.records) {
      r.reached = false;
      r.visitedInInterface = false;
    }
    this.reachRoots();
    this.init.restart();
    this.drain();
    for (let i = 0; i < this.late.length; i++) {
      const l = this.late[i] as { sym: Sym; make: () => Func };
      const f = l.make();
      this.generated.set(l.sym, f);
      this.functions.push(f);
      this.current = l.sym;
      this.scan(f);
      this.drain();
    }
  }

  private reachRoots(): void {
    this.current = NoSym;
    if (this.own === null) {
      for (const name of ["morestack", "morestack_noctxt", "preemptPoll"]) this.reach(this.symbols.intern(`runtime.${name}`));
    }
    for (const name of this.input.options.roots) this.reach(this.symbols.intern(name));
    for (const sym of this.kept) this.reach(sym);
    if (this.floats) this.useFloat();
    for (const object of this.input.functions) this.reach(this.functionSym({ object, typeArgs: [] }));
  }

  /** A symbol is needed, whoever refers to it. */
  keep(sym: Sym): void {
    this.kept.push(sym);
  }

  // ---- What the analyses ask

  nameOf(sym: Sym): string {
    return this.symbols.name(sym);
  }

  /** The code behind a static function value. */
  codeOf(sym: Sym): Sym {
    const { codes } = this;
    while (codes.length <= sym) codes.push(-1);
    let code = codes[sym] as number;
    if (code < 0) {
      const name = this.symbols.name(sym);
      code = name.endsWith("·f") ? this.symbols.intern(name.slice(0, -2)) : NoSym;
      codes[sym] = code;
    }
    return code as Sym;
  }

  /** The code at a byte offset of an itab; NoSym if the symbol is no itab. */
  itabEntry(sym: Sym, offset: number): Sym {
    const d = this.definitions.get(sym);
    if (d === undefined || d.kind !== DefItab || offset < itabFun) return NoSym;
    const m = typeSet(under(d.iface.type) as Interface).methods[(offset - itabFun) / 8];
    if (m === undefined) return NoSym;
    const entry = this.methodTables.find(d.concrete.type, m);
    return entry === null ? NoSym : this.interfaceMethod(d.concrete.type, entry);
  }

  itabType(sym: Sym): Sym {
    const d = this.definitions.get(sym);
    return d !== undefined && d.kind === DefItab ? d.concrete.sym : NoSym;
  }

  assertedItab(assert: Sym, type: Sym): Sym {
    const iface = this.asserted.get(assert);
    const concrete = this.descriptors.get(type);
    if (iface === undefined || concrete === undefined) return NoSym;
    return implements_(null, concrete.type, iface.type, false, null) ? this.itabSym(concrete.type, iface.type) : NoSym;
  }

  formOf(type: Sym): ObjectForm | null {
    const known = this.forms.get(type);
    if (known !== undefined) return known;
    const r = this.descriptors.get(type);
    if (r === undefined) return null;
    const shape = this.shapes.of(r.type);
    // Lists of pointers of huge types are not worth their memory.
    if (shape.pointerBytes > 1 << 20) return null;
    const form = { size: shape.size, align: shape.align, pointers: this.shapes.pointerWords(r.type) };
    this.forms.set(type, form);
    return form;
  }

  referencesOf(f: Func): References {
    return this.references.of(f);
  }

  changed(f: Func): void {
    this.references.forget(f);
  }

  runtimeSym(name: string): Sym {
    return this.runtimeCall(name).sym;
  }

  isWatched(sym: Sym): boolean {
    let watched = this.watched.get(sym);
    if (watched === undefined) {
      watched = watchedCalls.has(this.symbols.name(sym));
      this.watched.set(sym, watched);
    }
    return watched;
  }

  bodyOf(sym: Sym): Func | null {
    return this.generated.get(sym) ?? null;
  }

  variableFacts(sym: Sym): VariableFacts | null {
    const d = this.definitions.get(sym);
    if (d === undefined || d.kind !== DefVariable) return null;
    const v = d.variable;
    const shape = this.shapes.of(v.type as Type);
    const path = v.pkg?.path ?? "";
    const foreign = this.definitions.assemblyData.has(sym) || (this.byPath.get(path)?.embedded(v) ?? null) !== null || shape.size > 1 << 22;
    return {
      path,
      form: { size: shape.size, align: shape.align, pointers: foreign ? [] : this.shapes.pointerWords(v.type as Type) },
      foreign,
    };
  }

  dataOf(sym: Sym): DataObject | null {
    const d = this.definitions.get(sym);
    return d !== undefined && d.kind === DefData && !this.symbols.name(sym).endsWith("·f") ? d.make() : null;
  }
}

/** Whether a function gets from a type's descriptor to those of its parts. */
function walksTypes(f: FuncObject): boolean {
  const path = f.pkg?.path;
  return path === "reflect" || path === "internal/reflectlite" || (path === "runtime" && f.name === "typehash");
}

/** Makes the whole program. */
export function compileProgram(input: ProgramInput): ProgramResult {
  const program = new Program(input);
  program.run();
  return program.finish();
}
