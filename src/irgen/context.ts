// What irgen asks of the program around it. irgen turns one function body after another into SSA and names whatever the body refers
// to by symbols; src/program implements this interface, remembers what every symbol stands for, and brings those that are
// reached into being: that is how whole-program reachability works (no symbol referred to, nothing compiled).

import type { Sources } from "../base/pos.ts";
import type { Diagnostics } from "../base/diagnostics.ts";
import type { AbiInfo, AbiRegisters } from "../ssa/abi.ts";
import type { Func } from "../ssa/func.ts";
import type { Sym, Symbols } from "../ssa/symbol.ts";
import type { FuncDecl } from "../syntax/tree.ts";
import type { Func as FuncObject, Var } from "../types/object.ts";
import type { Package } from "../types/package.ts";
import type { Info, Initializer } from "../types/info.ts";
import type { Interface, Signature, Type, TypeIds } from "../types/types.ts";
import type { Shapes } from "./shape.ts";

/** A package as the program holds it: its checked form and what the source files say beyond it. */
export interface ProgramPackage {
  readonly types: Package;
  readonly info: Info;
  /** Part of the Go tree or the overlay (bodies are checked on demand). */
  readonly standard: boolean;
}

/** A declared function or method with its type arguments (receiver's first for methods of generic types); both fixed, no type parameters inside. */
export interface FunctionInstance {
  readonly object: FuncObject;
  readonly typeArgs: readonly Type[];
}

/** What the pragmas and linknames of a function's declaration say. */
export interface FunctionFacts {
  readonly pkg: ProgramPackage;
  readonly decl: FuncDecl;
  /** FnNoSplit, FnNoInline ... of src/ssa/func.ts. */
  readonly flags: number;
}

export interface ProgramContext {
  readonly sources: Sources;
  readonly symbols: Symbols;
  readonly diagnostics: Diagnostics;
  readonly abiRegisters: AbiRegisters;
  readonly shapes: Shapes;
  readonly ids: TypeIds;

  /** The package that declares an object. */
  packageOf(object: { readonly pkg: Package | null }): ProgramPackage;
  /** Pragmas of a declaration; its body is parsed and checked when this returns. Null: no body (assembly or linkname). */
  facts(object: FuncObject): FunctionFacts | null;

  /** The code symbol of a function instance (linknames applied, wrappers for methods reached through embedding made by methodSym). */
  functionSym(instance: FunctionInstance): Sym;
  /** The code symbol of a method of a concrete type as an interface call or method value needs it: receiver as declared by
   *  `recv` (T or *T), promoted methods included. For pointer-shaped receivers the receiver is the data word itself; with `boxed` the
   *  receiver parameter is the interface data word (pointer to the value). */
  methodSym(recv: Type, method: FuncObject, boxed: boolean): Sym;
  /** A closure to generate later: code symbol for a function that comes up inside a body that is being generated. `payload` is irgen's own. */
  closureSym(name: string, payload: ClosurePayload): Sym;
  /** The same for functions that are equal where their names are equal. */
  sharedClosureSym(name: string, payload: ClosurePayload): Sym;
  /** Static function value (read-only funcval whose first word is the code address) for a code symbol. */
  funcValueSym(code: Sym): Sym;
  /** A function of the runtime by name ("growslice"), with its calling convention worked out from its declaration. */
  runtimeCall(name: string): { readonly sym: Sym; readonly abi: AbiInfo; readonly noReturn: boolean };
  /** A function of any package that irgen itself refers to ("internal/runtime/maps", "..."). */
  libraryCall(path: string, name: string): { readonly sym: Sym; readonly abi: AbiInfo; readonly noReturn: boolean };

  /** Type descriptor. `inInterface`: values of the type reach an interface or reflection through it, so its methods matter. */
  typeSym(type: Type, inInterface: boolean): Sym;
  /** Type descriptor that a message of the runtime names. */
  printedTypeSym(type: Type): Sym;
  /** The itab for a concrete type and a non-empty interface. */
  itabSym(concrete: Type, iface: Type): Sym;
  /** Equality function of a type, called as func(p, q unsafe.Pointer) bool; NoSym never: comparable types only. */
  equalSym(type: Type): Sym;
  /** Hash function, called as func(p unsafe.Pointer, h uintptr) uintptr. */
  hashSym(type: Type): Sym;
  /** Package-level variable. */
  variableSym(variable: Var): Sym;
  /** Bytes of a string constant (the bytes only; irgen makes pointer and length itself). */
  stringSym(bytes: Uint8Array): Sym;
  /** Read-only (or writable) data that irgen lays out itself (constant composite literals). Addressed like a variable of `type`. */
  staticSym(type: Type, bytes: Uint8Array, relocs: readonly StaticReloc[], writable: boolean): Sym;
  /** internal/abi descriptors that calls to runtime helpers take (typeAssert, interfaceSwitch) with their caches. */
  typeAssertSym(iface: Type, canFail: boolean): Sym;
  interfaceSwitchSym(cases: readonly Interface[]): Sym;

  /** A method of an interface is called dynamically somewhere: methods of that name and signature of types in interfaces are needed. */
  useInterfaceMethod(iface: Type, method: FuncObject, signature: Signature): void;
  /** Structural identity: equal numbers exactly for identical types. Types must be free of type parameters. */
  typeId(type: Type): number;
}

export interface StaticReloc {
  readonly offset: number;
  readonly sym: Sym;
  readonly addend: number;
}

/** irgen's own record of a closure that is still to be generated. */
export interface ClosurePayload {
  readonly kind: "closure";
}

/** Makes SSA of bodies, simple where that has been asked of it (constant branches are gone). */
export interface Generator {
  function(ctx: ProgramContext, instance: FunctionInstance): Func;
  closure(ctx: ProgramContext, sym: Sym, payload: ClosurePayload): Func;
  /** A function without parameters, called `sym`, that does one step of a package's initialisation. `literals`: how many function literals stand
   *  in the steps before. */
  initializer(ctx: ProgramContext, pkg: ProgramPackage, step: Initializer, sym: Sym, literals: () => number): Func;
}
