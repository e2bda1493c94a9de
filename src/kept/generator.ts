// The generator that remembers: SSA of bodies is taken from what earlier builds kept, with the requests that making it brought about, and what is made anew is kept.
// A body that is found is neither parsed nor checked.

import { ByteReader, ByteWriter, sameBytes } from "../base/bytes.ts";
import type { SourceFile, Sources } from "../base/pos.ts";
import type { ClosurePayload, FunctionInstance, Generator, ProgramContext, ProgramPackage } from "../irgen/context.ts";
import type { Func } from "../ssa/func.ts";
import { NoSym, type Sym } from "../ssa/symbol.ts";
import { SymMap } from "../ssa/symmap.ts";
import type { Context } from "../types/context.ts";
import type { Initializer } from "../types/info.ts";
import { originFunc } from "../types/object.ts";
import type { Package } from "../types/package.ts";
import type { Type } from "../types/types.ts";
import { FuncReader } from "./funcreader.ts";
import { FuncWriter } from "./funcwriter.ts";
import { Recorder, Requests, repeat } from "./requests.ts";
import { Misfit, type PackageFinder, TypeReader } from "./typereader.ts";
import { TypeWriter } from "./typewriter.ts";

/** Where bodies are kept. */
export interface BodyStore {
  /** What is kept of a function of a package; `others`: packages that its type arguments name. */
  find(pkg: Package, name: string, others: readonly Package[]): Uint8Array | null;
  keep(pkg: Package, name: string, others: readonly Package[], data: Uint8Array): void;
  /** The files of a package, always in the same order. */
  files(pkg: Package): readonly SourceFile[];
}

/** Whose code a function is. */
interface Owner {
  readonly pkg: Package;
  readonly others: readonly Package[];
  /** A closure: the function that it came up in; NoSym for declared functions. */
  readonly parent: Sym;
  readonly instance: FunctionInstance | null;
}

/** Of a closure of a body that was found: how it is to be made comes out when that body is made after all. */
class Absent implements ClosurePayload {
  readonly kind: "closure" = "closure";
  readonly parent: Sym;

  constructor(parent: Sym) {
    this.parent = parent;
  }
}

export interface KeepingOptions {
  readonly sources: Sources;
  readonly context: Context;
  readonly packages: PackageFinder;
  /** Runs on every function that is made. */
  readonly simplify: (f: Func) => void;
  /** Make what is found all the same, and compare. */
  readonly compare: boolean;
}

export class KeepingGenerator implements Generator {
  private readonly inner: Generator;
  private readonly store: BodyStore;
  private readonly options: KeepingOptions;
  private readonly types: TypeReader;
  private readonly argTypes = new TypeWriter();
  private readonly writer: FuncWriter;
  private readonly reader = new FuncReader();
  private readonly body = new ByteWriter();
  private readonly whole = new ByteWriter();
  private readonly owners = new SymMap<Owner>();
  /** Payloads of closures of bodies that were found, once such a body has been made after all. */
  private readonly payloads = new SymMap<ClosurePayload>();
  private recorder: Recorder | null = null;

  /** `inner` makes what isn't kept. */
  constructor(inner: Generator, store: BodyStore, options: KeepingOptions) {
    this.inner = inner;
    this.store = store;
    this.options = options;
    this.types = new TypeReader(options.context, options.packages);
    this.writer = new FuncWriter(options.sources);
  }

  function(ctx: ProgramContext, instance: FunctionInstance): Func {
    const sym = ctx.functionSym(instance);
    const pkg = originFunc(instance.object).pkg as Package;
    const others = this.packagesOf(instance.typeArgs);
    const owner: Owner | null = others === null ? null : { pkg, others, parent: NoSym, instance };
    return this.find(ctx, sym, owner, (by) => this.inner.function(by, instance));
  }

  closure(ctx: ProgramContext, sym: Sym, payload: ClosurePayload): Func {
    if (payload instanceof Absent) this.adopt(payload.parent, sym);
    else this.payloads.set(sym, payload);
    return this.find(ctx, sym, this.owners.get(sym) ?? null, (by) => this.inner.closure(by, sym, this.payloadOf(ctx, sym)));
  }

  initializer(ctx: ProgramContext, pkg: ProgramPackage, step: Initializer, sym: Sym, literals: () => number): Func {
    return this.noting(ctx, null, (by) => this.inner.initializer(by, pkg, step, sym, literals));
  }

  /** The packages that types name; null: they can't be named at all. */
  private packagesOf(types: readonly Type[]): readonly Package[] | null {
    if (types.length === 0) return noPackages;
    const w = this.argTypes;
    w.clear();
    for (const t of types) w.type(t);
    return w.failed ? null : w.named.slice();
  }

  private find(ctx: ProgramContext, sym: Sym, owner: Owner | null, make: (ctx: ProgramContext) => Func): Func {
    if (owner === null) return this.made(ctx, null, make);
    const name = ctx.symbols.name(sym);
    this.owners.set(sym, owner);
    const known = this.store.find(owner.pkg, name, owner.others);
    if (known !== null) {
      const f = this.read(ctx, sym, owner, known);
      if (f !== null) {
        if (this.options.compare) this.check(ctx, sym, owner, known, make);
        return f;
      }
    }
    const requests = new Requests(ctx, sym);
    const f = this.made(ctx, requests, make);
    const data = this.encode(f, owner, requests);
    if (data !== null) this.store.keep(owner.pkg, name, owner.others, data);
    return f;
  }

  private made(ctx: ProgramContext, requests: Requests | null, make: (ctx: ProgramContext) => Func): Func {
    return this.noting(ctx, requests, (by) => {
      const f = make(by);
      this.options.simplify(f);
      return f;
    });
  }

  /** Does something while requests are noted. */
  private noting(ctx: ProgramContext, requests: Requests | null, action: (ctx: ProgramContext) => Func): Func {
    const recorder = this.recorderOf(ctx);
    const before = recorder.current;
    recorder.current = requests;
    try {
      return action(recorder);
    } finally {
      recorder.current = before;
    }
  }

  /** Payloads know who made them, so there is one for all. */
  private recorderOf(ctx: ProgramContext): Recorder {
    if (this.recorder === null) {
      const recorder = new Recorder(ctx);
      recorder.born = (by, sym) => this.adopt(by.sym, sym);
      this.recorder = recorder;
    }
    return this.recorder;
  }

  /** A closure belongs to whom the function belongs that it came up in. */
  private adopt(parent: Sym, sym: Sym): void {
    const owner = this.owners.get(parent);
    if (owner !== undefined && !this.owners.has(sym)) this.owners.set(sym, { ...owner, parent, instance: null });
  }

  /** How a closure is to be made. */
  private payloadOf(ctx: ProgramContext, sym: Sym): ClosurePayload {
    const known = this.payloads.get(sym);
    if (known !== undefined) return known;
    const { parent } = this.owners.get(sym) as Owner;
    const { instance } = this.owners.get(parent) as Owner;
    this.collecting(ctx, null, (by) =>
      instance !== null ? this.inner.function(by, instance) : this.inner.closure(by, parent, this.payloadOf(ctx, parent)),
    );
    const found = this.payloads.get(sym);
    if (found === undefined) throw new Error(`${ctx.symbols.name(sym)} does not come up in ${ctx.symbols.name(parent)}`);
    return found;
  }

  /** Makes a function that is there already, for its closures or its requests. */
  private collecting(ctx: ProgramContext, requests: Requests | null, make: (ctx: ProgramContext) => Func): Func {
    const recorder = this.recorderOf(ctx);
    const before = recorder.payloads;
    recorder.payloads = this.payloads;
    try {
      return this.noting(ctx, requests, make);
    } finally {
      recorder.payloads = before;
    }
  }

  private encode(f: Func, owner: Owner, requests: Requests): Uint8Array | null {
    const { body, whole } = this;
    body.clear();
    const files = this.writer.write(f, body, requests);
    if (!requests.ok) return null;
    const all = this.store.files(owner.pkg);
    whole.clear();
    requests.finish(whole);
    whole.uvarint(files.length);
    for (const file of files) {
      const index = all.indexOf(file);
      if (index < 0) return null;
      whole.uvarint(index);
    }
    whole.bytes(body.finish());
    return whole.finish();
  }

  /** The function, or null if what was kept does not fit. */
  private read(ctx: ProgramContext, sym: Sym, owner: Owner, data: Uint8Array): Func | null {
    try {
      const r = new ByteReader(data);
      const syms = repeat(ctx, sym, r, this.types, new Absent(sym));
      const all = this.store.files(owner.pkg);
      const files: SourceFile[] = [];
      for (let n = r.uvarint(); n > 0; n--) files.push(all[r.uvarint()] as SourceFile);
      return this.reader.read(sym, r, syms, files);
    } catch (error) {
      if (error instanceof Misfit) return null;
      throw error;
    }
  }

  /** -d bodies: what is kept must be what comes out today. */
  private check(ctx: ProgramContext, sym: Sym, owner: Owner, known: Uint8Array, make: (ctx: ProgramContext) => Func): void {
    const requests = new Requests(ctx, sym);
    const f = this.collecting(ctx, requests, (by) => {
      const made = make(by);
      this.options.simplify(made);
      return made;
    });
    const data = this.encode(f, owner, requests);
    if (data === null || !sameBytes(data, known)) throw new Error(`the body that is kept of ${ctx.symbols.name(sym)} is not that of today`);
  }
}

const noPackages: readonly Package[] = [];
