// The state of generating one function: what its names stand for, the SSA so far, and the elementary steps that every construct is made of
// (moving values, calling, panicking).

import { LateMap, LateSet } from "../base/late.ts";
import { NoPos, type Pos } from "../base/pos.ts";
import type { AbiInfo, AbiSlot, Component } from "../ssa/abi.ts";
import { type Block, CallInfo, type Func, LikelyFalse, LikelyTrue, type Value } from "../ssa/func.ts";
import {
  OpBuffer,
  OpCallClosure,
  OpCallInter,
  OpCallStatic,
  OpKeepAlive,
  OpMakeSlice,
  OpNew,
  OpOutArgAddr,
  OpSelect,
  OpSelectMem,
} from "../ssa/ops.gen.ts";
import { NoSym, type Sym } from "../ssa/symbol.ts";
import { TypeI16, TypeI32, TypeI64, TypeI8, TypeMem, TypePtr, TypeTuple, type ValueType } from "../ssa/types.ts";
import type { BlockStmt, Expr, Node, Stmt } from "../syntax/tree.ts";
import { unalias } from "../types/alias.ts";
import type { Constant } from "../types/constant/value.ts";
import type { Instance, Info } from "../types/info.ts";
import * as K from "../types/kinds.ts";
import { lookupFieldOrMethod } from "../types/lookup.ts";
import { Var } from "../types/object.ts";
import { Selection } from "../types/selection.ts";
import { ArrayType, Pointer, Slice, Struct, Typ, type Signature, type Tuple, type Type } from "../types/types.ts";
import { under } from "../types/under.ts";
import { emptyInterface } from "../types/universe.ts";
import type { Analysis } from "./analysis.ts";
import { Builder, type Variable } from "./builder.ts";
import type { ProgramContext, ProgramPackage } from "./context.ts";
import { isSmall, Local, Operand } from "./operand.ts";
import type { RangeFrame } from "./rangefunc.ts";
import type { Shape } from "./shape.ts";
import type { TypeEnv } from "./typeenv.ts";

/** Where break and continue of a statement go. */
export class Target {
  readonly stmt: Stmt;
  readonly breaks: Block | null;
  readonly continues: Block | null;

  constructor(stmt: Stmt, breaks: Block | null, continues: Block | null) {
    this.stmt = stmt;
    this.breaks = breaks;
    this.continues = continues;
  }
}

/** What names of closures are made of, shared by a function and the bodies of its range-over-func loops. */
export class ClosureNames {
  readonly outer: string;
  /** The function is a literal itself. */
  readonly literal: boolean;
  /** Numbers of literals count on from here: those in initialisers count through the package. */
  readonly base: (() => number) | null;
  /** How many calls of defer and go statements have become functions. */
  wrapped = 0;

  constructor(outer: string, literal = false, base: (() => number) | null = null) {
    this.outer = outer;
    this.literal = literal;
    this.base = base;
  }
}

/** What a body has in common with the closures inside it. */
export class Environment {
  readonly ctx: ProgramContext;
  readonly pkg: ProgramPackage;
  readonly info: Info;
  readonly types: TypeEnv;
  readonly analysis: Analysis;
  private readonly selectionMemo = new LateMap<number, Selection>();
  /** Whether expressions contain calls, by id. */
  readonly callMemo = new LateMap<number, boolean>();
  /** Whether they contain something that has a place in the order of evaluation, by id. */
  readonly orderMemo = new LateMap<number, boolean>();

  constructor(ctx: ProgramContext, pkg: ProgramPackage, types: TypeEnv, analysis: Analysis) {
    this.ctx = ctx;
    this.pkg = pkg;
    this.info = pkg.info;
    this.types = types;
    this.analysis = analysis;
  }

  /** A type with this instance's type arguments. */
  fixed(t: Type): Type {
    return this.types.subst(t);
  }

  typeOf(e: Expr): Type {
    const t = this.info.types[e.id];
    if (t === undefined) {
      // Names that are defined or used without being evaluated have no record of their own.
      const obj = this.info.defs[e.id] ?? this.info.uses[e.id];
      if (obj !== undefined && obj.type !== null) return this.fixed(obj.type);
      throw new Error(`no type recorded for expression of kind ${e.kind}`);
    }
    return this.fixed(t);
  }

  value(e: Expr): Constant | undefined {
    return this.info.values[e.id];
  }

  selection(e: Expr): Selection | undefined {
    const s = this.info.selections[e.id];
    if (s === undefined || !this.types.isGeneric) return s;
    let r = this.selectionMemo.get(e.id);
    if (r === undefined) {
      const recv = this.fixed(s.recv);
      let found = lookupFieldOrMethod(recv, true, s.obj.pkg, s.obj.name, false);
      // A pointer to a type parameter has no methods of its own; its type argument may.
      if (found.obj === null) found = lookupFieldOrMethod(recv, false, s.obj.pkg, s.obj.name, false);
      if (found.obj === null || found.index === null) throw new Error(`instance has no ${s.obj.name}`);
      r = new Selection(s.kind, recv, found.obj, found.index, found.indirect);
      this.selectionMemo.set(e.id, r);
    }
    return r;
  }

  instance(nameId: number): { readonly targs: Type[] } | undefined {
    const i: Instance | undefined = this.info.instances[nameId];
    return i === undefined ? undefined : { targs: i.targs.map((t) => this.fixed(t)) };
  }
}

/** One function being generated. */
export class Body {
  readonly env: Environment;
  readonly ctx: ProgramContext;
  readonly b: Builder;
  readonly f: Func;
  readonly signature: Signature;
  readonly names: ClosureNames;
  /** The FuncDecl, FuncLit or loop that variables of this body belong to in the analysis. */
  readonly frame: Node | null;
  readonly locals = new Map<Var, Local>();
  readonly results: Local[] = [];
  readonly targets: Target[] = [];
  readonly labels = new LateMap<Stmt, Block>();
  /** Values of calls that were evaluated ahead of the expression that they stand in, by id. */
  readonly hoisted = new LateMap<number, Operand>();
  /** Conversions between strings and byte slices that need no copy, by id: their result is gone before anybody can change the bytes. */
  readonly shared = new LateSet<number>();
  /** Receivers of method calls and values of tuple calls that were evaluated before (deferred calls), by id of selector and call. */
  readonly receivers = new LateMap<number, Operand>();
  readonly tuples = new LateMap<number, Operand[]>();
  /** Where a fallthrough goes. */
  fallthrough: Block | null = null;
  hasDefer = false;
  /** How many loops (or labels, which may be loops) are around the current statement. */
  loops = 0;
  /** For bodies of range-over-func loops. */
  range: RangeFrame | null = null;
  /** Values that deferprocat of nested loops needs. */
  deferToken: Local | null = null;

  constructor(env: Environment, f: Func, signature: Signature, names: ClosureNames, frame: Node | null) {
    this.env = env;
    this.ctx = env.ctx;
    this.f = f;
    this.b = new Builder(f, f.pos);
    this.signature = signature;
    this.names = names;
    this.frame = frame;
  }

  // Types.

  typeOf(e: Expr): Type {
    return this.env.typeOf(e);
  }

  shape(t: Type): Shape {
    return this.ctx.shapes.of(t);
  }

  pointerTo(t: Type): Type {
    return new Pointer(this.ctx.ids, t);
  }

  sliceOf(t: Type): Type {
    return new Slice(this.ctx.ids, t);
  }

  arrayOf(t: Type, n: number): Type {
    return new ArrayType(this.ctx.ids, t, n);
  }

  structOf(types: readonly Type[]): Struct {
    const fields = types.map((t, i) => new Var(this.ctx.ids, K.FieldVar, NoPos, this.env.pkg.types, `F${i}`, t));
    return new Struct(this.ctx.ids, fields, []);
  }

  get intShape(): Shape {
    return this.shape(Typ[K.Int] as Type);
  }

  get boolShape(): Shape {
    return this.shape(Typ[K.Bool] as Type);
  }

  get stringShape(): Shape {
    return this.shape(Typ[K.String_] as Type);
  }

  get pointerShape(): Shape {
    return this.shape(Typ[K.UnsafePointer] as Type);
  }

  get anyType(): Type {
    return emptyInterface;
  }

  /** The descriptor for bulk operations: only if there are pointers. */
  memoryType(shape: Shape): Sym {
    return shape.pointerBytes > 0 ? this.ctx.typeSym(shape.type, false) : NoSym;
  }

  /** The address of a descriptor. */
  typeAddress(t: Type, inInterface = false): Value {
    return this.b.symbol(this.ctx.typeSym(t, inInterface));
  }

  // Operands.

  scalar(shape: Shape, v: Value): Operand {
    return new Operand(shape, [v], 0 as Value, true);
  }

  of(shape: Shape, parts: readonly Value[]): Operand {
    return new Operand(shape, parts, 0 as Value, true);
  }

  bool(v: Value): Operand {
    return this.scalar(this.boolShape, v);
  }

  int(v: Value): Operand {
    return this.scalar(this.intShape, v);
  }

  pointer(v: Value): Operand {
    return this.scalar(this.pointerShape, v);
  }

  /** A value in memory as an operand: small ones are loaded now. */
  at(shape: Shape, addr: Value, own = false): Operand {
    if (isSmall(shape)) return this.loadFrom(shape, addr);
    return new Operand(shape, null, addr, own);
  }

  loadFrom(shape: Shape, addr: Value): Operand {
    const parts: Value[] = [];
    const { components } = shape;
    for (let i = 0; i < components.length; i++) {
      const c = components[i] as { type: ValueType; offset: number };
      parts.push(this.b.load(c.type, addr, c.offset));
    }
    return new Operand(shape, parts, 0 as Value, true);
  }

  zeroValue(shape: Shape): Operand {
    if (!isSmall(shape)) return new Operand(shape, null, 0 as Value, true);
    const { components } = shape;
    const parts: Value[] = [];
    for (let i = 0; i < components.length; i++) parts.push(this.b.zeroOf((components[i] as Component).type));
    return new Operand(shape, parts, 0 as Value, true);
  }

  /** The scalar parts; for values of any size that go to registers. */
  parts(x: Operand): readonly Value[] {
    if (x.parts !== null) return x.parts;
    if (x.addr === 0) return x.shape.components.map((c) => this.b.zeroOf(c.type));
    return x.shape.components.map((c) => this.b.load(c.type, x.addr, c.offset));
  }

  /** The only part of a scalar. */
  one(x: Operand): Value {
    const p = this.parts(x);
    if (p.length !== 1) throw new Error(`expected a scalar, have ${p.length} parts`);
    return p[0] as Value;
  }

  part(x: Operand, i: number): Value {
    const v = this.parts(x)[i];
    if (v === undefined) throw new Error(`no part ${i}`);
    return v;
  }

  /** Writes a value to memory. */
  put(x: Operand, addr: Value): void {
    if (x.parts !== null) {
      const { components } = x.shape;
      for (let i = 0; i < x.parts.length; i++) this.b.store(addr, (components[i] as { offset: number }).offset, x.parts[i] as Value);
    } else if (x.addr === 0) {
      this.b.zero(addr, x.shape.size, this.memoryType(x.shape));
    } else if (x.addr !== addr) {
      this.b.move(addr, x.addr, x.shape.size, this.memoryType(x.shape));
    }
  }

  /** A frame slot for a temporary. */
  newSlot(shape: Shape, name = ""): number {
    return this.f.newSlot(
      name,
      shape.size,
      Math.max(shape.align, 1),
      shape.pointerBytes > 0 ? this.ctx.shapes.pointerWords(shape.type) : [],
    );
  }

  temp(shape: Shape): Value {
    return this.b.slot(this.newSlot(shape));
  }

  /** A copy in memory that may be handed to the runtime by address. */
  inMemory(x: Operand): Value {
    if (x.parts === null && x.addr !== 0 && x.own) return x.addr;
    const addr = this.temp(x.shape);
    this.put(x, addr);
    return addr;
  }

  /** A value that later changes of memory can't alter. */
  stable(x: Operand): Operand {
    if (x.parts !== null || x.addr === 0 || x.own) return x;
    const addr = this.temp(x.shape);
    this.put(x, addr);
    return new Operand(x.shape, null, addr, true);
  }

  /** The same value under another type of the same memory form. */
  retype(x: Operand, shape: Shape): Operand {
    return x.shape === shape ? x : new Operand(shape, x.parts, x.addr, x.own);
  }

  /** A field or element at a constant offset. */
  component(x: Operand, shape: Shape, offset: number): Operand {
    if (x.parts === null) {
      if (x.addr === 0) return this.zeroValue(shape);
      return this.at(shape, this.b.offset(x.addr, offset), x.own);
    }
    if (shape.size === 0) return this.zeroValue(shape);
    const { components } = x.shape;
    const parts: Value[] = [];
    for (let i = 0; i < x.parts.length; i++) {
      const at = (components[i] as { offset: number }).offset;
      if (at >= offset && at < offset + shape.size) parts.push(x.parts[i] as Value);
    }
    // An element of an array without elements: a check has panicked before.
    if (parts.length < shape.components.length) return this.zeroValue(shape);
    return new Operand(shape, parts, 0 as Value, true);
  }

  // Variables.

  newLocal(shape: Shape, name: string, memory: boolean): Local {
    if (memory) return new Local(shape, null, 0, this.b.newVariable(TypePtr));
    if (!isSmall(shape)) return new Local(shape, null, this.newSlot(shape, name), 0);
    const { components } = shape;
    const variables: Variable[] = [];
    for (let i = 0; i < components.length; i++) variables.push(this.b.newVariable((components[i] as Component).type));
    return new Local(shape, variables, 0, 0);
  }

  /** What all objects and package variables without size are. */
  zeroBase(): Sym {
    return this.ctx.symbols.intern("runtime.zerobase");
  }

  /** Makes a new heap object (or whatever escape analysis makes of it) and yields its address. */
  newObject(t: Type): Value {
    const shape = this.shape(t);
    if (shape.size === 0) return this.b.symbol(this.zeroBase());
    const call = this.b.op1(OpNew, TypeTuple, this.b.mem);
    this.f.setAuxInt(call, shape.size);
    this.f.aux[call] = this.ctx.typeSym(t, false);
    this.b.mem = this.b.op1(OpSelectMem, TypeMem, call);
    return this.b.opInt1(OpSelect, TypePtr, call, 0);
  }

  /** Room for what a call of the runtime makes: in the frame if that does not escape, else nil, and the runtime allocates. */
  buffer(size: number): Value {
    const v = this.b.op0(OpBuffer, TypePtr);
    this.f.setAuxInt(v, size);
    return v;
  }

  /** Makes the array of a slice. */
  newElements(elem: Type, length: Value, capacity: Value): Value {
    const { b } = this;
    const made = b.op3(OpMakeSlice, TypeTuple, length, capacity, b.mem);
    this.f.setAuxInt(made, this.shape(elem).size);
    this.f.aux[made] = this.ctx.typeSym(elem, false);
    b.mem = b.op1(OpSelectMem, TypeMem, made);
    return b.opInt1(OpSelect, TypePtr, made, 0);
  }

  /** Declares a local variable with its initial value (null: zero). */
  declare(v: Var, init: Operand | null): Local {
    const type = this.env.fixed(v.type as Type);
    const shape = this.shape(type);
    const memory = this.env.analysis.inMemory(v);
    let local = this.locals.get(v);
    if (local === undefined) {
      local = this.newLocal(shape, v.name, memory);
      this.locals.set(v, local);
    }
    if (memory) {
      // The new value may come from the variable of the same name of the iteration before.
      const value = init === null ? null : this.stable(init);
      const p = this.newObject(type);
      if (value !== null) this.put(value, p);
      this.b.write(local.pointer, p);
    } else {
      this.setLocal(local, init ?? this.zeroValue(shape));
    }
    return local;
  }

  setLocal(local: Local, x: Operand): void {
    if (local.variables === null) {
      this.put(x, this.localAddress(local));
      return;
    }
    const parts = this.parts(x);
    for (let i = 0; i < local.variables.length; i++) this.b.write(local.variables[i] as Variable, parts[i] as Value);
  }

  getLocal(local: Local): Operand {
    const { variables } = local;
    if (variables === null) return this.at(local.shape, this.localAddress(local));
    const parts: Value[] = [];
    for (let i = 0; i < variables.length; i++) parts.push(this.b.read(variables[i] as Variable));
    return this.of(local.shape, parts);
  }

  localAddress(local: Local): Value {
    if (local.variables !== null) throw new Error("the variable has no address");
    return local.pointer !== 0 ? this.b.read(local.pointer) : this.b.slot(local.slot);
  }

  local(v: Var): Local {
    const local = this.locals.get(v);
    if (local === undefined) throw new Error(`variable ${v.name} is not declared here`);
    return local;
  }

  // Calls.

  /** Calls and gives the results; those on the stack are copied to temporaries. */
  call(op: number, sym: Sym, first: readonly Value[], abi: AbiInfo, args: readonly Operand[], noReturn = false): Operand[] {
    const { b, f } = this;
    const info = new CallInfo(sym, abi, noReturn);
    const handle = f.addCall(info);
    const values: Value[] = first.slice();
    for (let i = 0; i < args.length; i++) {
      const slot = abi.params[i] as AbiSlot;
      if (slot.registers === null) continue;
      const parts = this.parts(args[i] as Operand);
      for (let k = 0; k < parts.length; k++) values.push(parts[k] as Value);
    }
    for (let i = 0; i < args.length; i++) {
      const slot = abi.params[i] as AbiSlot;
      if (slot.registers === null && slot.type.size > 0) this.put(args[i] as Operand, this.outAddress(handle, slot.stackOffset));
    }
    values.push(b.mem);
    const call = b.opN(op, TypeTuple, values);
    f.aux[call] = handle;
    b.mem = b.op1(OpSelectMem, TypeMem, call);
    if (noReturn) {
      b.exit();
      return abi.results.map((r) => this.zeroValue(r.type as Shape));
    }
    const results: Operand[] = [];
    let index = 0;
    for (let i = 0; i < abi.results.length; i++) {
      const slot = abi.results[i] as AbiSlot;
      const shape = slot.type as Shape;
      if (slot.registers === null) {
        if (shape.size === 0) {
          results.push(this.zeroValue(shape));
          continue;
        }
        const from = this.outAddress(handle, slot.stackOffset);
        if (isSmall(shape)) results.push(this.loadFrom(shape, from));
        else {
          const to = this.temp(shape);
          b.move(to, from, shape.size, this.memoryType(shape));
          results.push(new Operand(shape, null, to, true));
        }
        continue;
      }
      const parts: Value[] = [];
      for (let k = 0; k < slot.registers.length; k++) {
        parts.push(b.opInt1(OpSelect, info.resultTypes[index] as ValueType, call, index));
        index++;
      }
      if (isSmall(shape)) results.push(this.of(shape, parts));
      else {
        // Large values live in memory everywhere else.
        const to = this.temp(shape);
        for (let k = 0; k < parts.length; k++) b.store(to, (shape.components[k] as { offset: number }).offset, parts[k] as Value);
        results.push(new Operand(shape, null, to, true));
      }
    }
    return results;
  }

  private outAddress(handle: number, offset: number): Value {
    const v = this.b.op0(OpOutArgAddr, TypePtr);
    this.f.setAuxInt(v, offset);
    this.f.aux[v] = handle;
    return v;
  }

  callStatic(sym: Sym, abi: AbiInfo, args: readonly Operand[], noReturn = false): Operand[] {
    return this.call(OpCallStatic, sym, [], abi, args, noReturn);
  }

  callClosure(closure: Value, abi: AbiInfo, args: readonly Operand[]): Operand[] {
    return this.call(OpCallClosure, NoSym, [closure], abi, args);
  }

  callCode(code: Value, abi: AbiInfo, args: readonly Operand[]): Operand[] {
    return this.call(OpCallInter, NoSym, [code], abi, args);
  }

  /** Calls a function of the runtime with scalar arguments; yields the parts of all results. */
  runtime(name: string, ...args: Value[]): Value[] {
    const c = this.ctx.runtimeCall(name);
    const operands: Operand[] = [];
    let at = 0;
    for (const slot of c.abi.params) {
      const shape = slot.type as Shape;
      const n = shape.components.length;
      operands.push(this.of(shape, args.slice(at, at + n)));
      at += n;
    }
    if (at !== args.length) throw new Error(`runtime.${name} called with ${args.length} parts, takes ${at}`);
    for (let i = 0, k = 0; i < operands.length; i++) {
      const o = operands[i] as Operand;
      for (let j = 0; j < o.shape.components.length; j++, k++) {
        const want = (o.shape.components[j] as { type: ValueType }).type;
        const have = this.f.type[args[k] as number] as number;
        if (want !== have) throw new Error(`runtime.${name}: argument part ${k} has type ${have}, wants ${want}`);
      }
    }
    const results = this.callStatic(c.sym, c.abi, operands, c.noReturn);
    const parts: Value[] = [];
    for (const r of results) parts.push(...this.parts(r));
    return parts;
  }

  runtime1(name: string, ...args: Value[]): Value {
    return this.runtime(name, ...args)[0] as Value;
  }

  /** Copies memory whose size is not known; it holds elements of a kind. */
  copyElements(to: Value, from: Value, bytes: Value, elem: Shape): void {
    this.runtime("memmove", to, from, bytes);
    if (elem.pointerBytes === 0) (this.f.calls[this.f.calls.length - 1] as CallInfo).pointerFree = true;
  }

  /** Goes on only if a condition holds; otherwise `panic` is generated, which doesn't come back. */
  check(ok: Value, panic: () => void): void {
    const { b } = this;
    const good = b.newBlock();
    const bad = b.newBlock();
    bad.cold = true;
    b.branch(ok, good, bad, LikelyTrue);
    b.startSealed(bad);
    panic();
    b.startSealed(good);
  }

  /** The other way round: a condition that must not hold. */
  checkNot(wrong: Value, panic: () => void): void {
    const { b } = this;
    const good = b.newBlock();
    const bad = b.newBlock();
    bad.cold = true;
    b.branch(wrong, bad, good, LikelyFalse);
    b.startSealed(bad);
    panic();
    b.startSealed(good);
  }

  /** A pointer counts as used here; `escapes`: and must not be one to the frame. */
  keepAlive(p: Value, escapes = false): void {
    this.b.mem = this.b.op2(OpKeepAlive, TypeMem, p, this.b.mem);
    if (escapes) this.f.setAuxInt(this.b.mem, 1);
  }

  /** Runs `f` with positions of a node. */
  atPos(pos: Pos): void {
    if (pos !== NoPos) this.b.pos = pos;
  }

  goVersionAtLeast(pos: Pos, minor: number): boolean {
    return this.env.analysis.versionAt(pos) >= 1000 + minor;
  }
}

export type { BlockStmt, Tuple };

/** The integer type of a size in bytes. */
export function intType(size: number): ValueType {
  return size === 1 ? TypeI8 : size === 2 ? TypeI16 : size === 4 ? TypeI32 : TypeI64;
}

/** The basic type behind a type, or null. */
export function basicOf(t: Type): { readonly basic: number; readonly info: number } | null {
  const u = under(t);
  return u.kind === K.TBasic ? u : null;
}

export function isUnsigned(t: Type): boolean {
  const u = basicOf(t);
  return u !== null && (u.info & K.IsUnsigned) !== 0;
}

export function isInterfaceType(t: Type): boolean {
  return under(t).kind === K.TInterface;
}

/** The element of a pointer type. */
export function elemOf(t: Type): Type {
  const u = under(t);
  switch (u.kind) {
    case K.TPointer:
    case K.TSlice:
    case K.TArray:
    case K.TMap:
    case K.TChan:
      return u.elem;
    default:
      throw new Error(`type of kind ${unalias(t).kind} has no element`);
  }
}
