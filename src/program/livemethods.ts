// Which methods are in the program (rapid type analysis): those of types whose values are in interfaces, if somebody calls a method of that name and signature through an
// interface, or gets at them by reflection.

import type { Func, Value } from "../ssa/func.ts";
import { OpConst, OpSymAddr } from "../ssa/ops.gen.ts";
import type { Sym, Symbols } from "../ssa/symbol.ts";
import * as K from "../types/kinds.ts";
import { funcSignature } from "../types/named.ts";
import { type Func as FuncObject, isExported } from "../types/object.ts";
import type { Signature } from "../types/types.ts";
import type { Descriptors, TypeRecord } from "./descriptors.ts";
import type { MethodEntry } from "./methods.ts";
import { RefAddress, type ReferenceTable } from "./references.ts";
import type { TypeNames } from "./typenames.ts";

/** Calls of these open new ways to methods and types. */
export const watchedCalls: ReadonlySet<string> = new Set([
  "reflect.(*rtype).ptrTo",
  "reflect.ptrTo",
  "reflect.typesByString",
  "reflect.(*rtype).Method",
  "reflect.Value.Method",
  "reflect.Value.MethodByName",
]);

/** Functions of reflection that look methods up for others: what counts is who calls them. */
const lookupItself: ReadonlySet<string> = new Set([
  "reflect.(*rtype).Method",
  "reflect.(*rtype).MethodByName",
  "reflect.(*interfaceType).Method",
  "reflect.(*interfaceType).MethodByName",
  "reflect.Value.Method",
  "reflect.Value.MethodByName",
]);

/** Whether a method is one by which reflection gives out methods. */
export function looksUpMethods(method: FuncObject, signature: Signature): boolean {
  if (method.name !== "Method" && method.name !== "MethodByName") return false;
  const result = signature.results.vars[0]?.type;
  return result?.kind === K.TNamed && result.obj.pkg?.path === "reflect";
}

/** What this needs to know of the program. */
export interface MethodHost {
  readonly symbols: Symbols;
  readonly names: TypeNames;
  readonly descriptors: Descriptors;
  readonly references: ReferenceTable;
  readonly functions: readonly Func[];
  /** Whose references are being looked at. */
  current: Sym;
}

export class LiveMethods {
  private readonly host: MethodHost;
  /** Methods that somebody calls through an interface: name and signature. */
  private readonly dynamicMethods = new Set<number>();
  private readonly methodKeys = new Map<string, number>();
  /** By id of a method: its key. */
  private readonly keyOfMethod = new Map<number, number>();
  private readonly namedMethods = new Set<string>();
  private reflectMethods = false;
  private readonly candidates: TypeRecord[] = [];
  private readonly waiting = new Map<TypeRecord, boolean>();
  /** Reflection asks for pointers to types. */
  pointers = false;
  /** Reflection looks for types that the program names. */
  linked = false;
  /** There is something to match. */
  changed = false;
  private readonly signatureNames = new Map<number, string>();

  constructor(host: MethodHost) {
    this.host = host;
  }

  /** Forgets which types are in interfaces; who calls what stays. */
  restart(): void {
    this.candidates.length = 0;
    this.waiting.clear();
  }

  /** A type whose values are in interfaces: its methods may be called through them. */
  watch(r: TypeRecord): void {
    if (!r.visitedInInterface || this.waiting.has(r)) return;
    if (r.methods.length === 0) return;
    this.waiting.set(r, true);
    this.candidates.push(r);
    this.changed = true;
  }

  /** A number for name and signature of a method. */
  private methodKey(f: FuncObject): number {
    let key = this.keyOfMethod.get(f.id);
    if (key === undefined) {
      const text = this.methodText(f);
      key = this.methodKeys.get(text) ?? this.methodKeys.size;
      this.methodKeys.set(text, key);
      this.keyOfMethod.set(f.id, key);
    }
    return key;
  }

  private methodText(f: FuncObject): string {
    const s = funcSignature(f);
    let name = this.signatureNames.get(s.id);
    if (name === undefined) {
      name = this.host.names.signature(s, true);
      this.signatureNames.set(s.id, name);
    }
    return isExported(f.name) || f.pkg === null ? `${f.name}${name}` : `${f.pkg.path}.${f.name}${name}`;
  }

  /** Brings the methods that can be called by now into the program. */
  match(): void {
    // Types that became interface values while they were reached already.
    for (const r of this.host.descriptors.records) if (r.reached) this.watch(r);
    for (let k = 0; k < this.candidates.length; k++) {
      const r = this.candidates[k] as TypeRecord;
      for (let i = 0; i < r.methods.length; i++) {
        const m = r.methods[i] as MethodEntry;
        const name = m.func.name;
        const byReflection = (this.reflectMethods && isExported(name)) || this.namedMethods.has(name);
        if (byReflection) {
          this.host.current = r.sym;
          this.host.descriptors.makePlainLive(r, i);
        } else if (!r.live[i] && this.dynamicMethods.has(this.methodKey(m.func))) {
          this.host.current = r.sym;
          this.host.descriptors.makeLive(r, i);
        }
      }
    }
    this.changed = false;
  }

  /** Somebody calls a method through an interface. */
  useInterfaceMethod(method: FuncObject, signature: Signature): void {
    const key = this.methodKey(method);
    if (!this.dynamicMethods.has(key)) {
      this.dynamicMethods.add(key);
      this.changed = true;
    }
    if (looksUpMethods(method, signature) && !lookupItself.has(this.host.symbols.name(this.host.current))) this.useReflectMethods();
  }

  /** Reflection can call every exported method of types in interfaces. */
  useReflectMethods(): void {
    if (this.reflectMethods) return;
    this.reflectMethods = true;
    this.host.descriptors.walk();
    this.changed = true;
  }

  /** Calls that open new ways to methods and types. */
  watchCall(f: Func, call: Value, callee: Sym): void {
    const name = this.host.symbols.name(callee);
    if (name === "reflect.(*rtype).ptrTo" || name === "reflect.ptrTo") {
      if (!this.pointers) {
        this.pointers = true;
        for (const r of this.host.descriptors.records.slice()) if (r.inInterface && r.reached) this.host.descriptors.wantPointer(r);
      }
    } else if (name === "reflect.typesByString") {
      if (!this.linked) {
        this.linked = true;
        for (const g of this.host.functions) this.linkTypes(g);
      }
    } else if (lookupItself.has(this.host.symbols.name(this.host.current))) {
      // What follows are its callers.
    } else if (name === "reflect.Value.Method" || name === "reflect.(*rtype).Method") {
      this.useReflectMethods();
    } else if (name === "reflect.Value.MethodByName") {
      const constant = this.constantString(f, call);
      if (constant === null) this.useReflectMethods();
      else if (!this.namedMethods.has(constant)) {
        this.namedMethods.add(constant);
        this.changed = true;
      }
    }
  }

  /** The last argument of a call if it is a constant string (address and length). */
  private constantString(f: Func, call: Value): string | null {
    const count = f.argCount[call] as number;
    const pointer = f.arg(call, count - 3);
    const length = f.arg(call, count - 2);
    if (f.op[pointer] !== OpSymAddr || f.op[length] !== OpConst) return null;
    const name = this.host.symbols.name(f.aux[pointer] as Sym);
    if (!name.startsWith('go:string."')) return null;
    return name.slice(11, -1).slice(0, f.auxInt(length));
  }

  private linkTypes(f: Func): void {
    const { syms, kinds } = this.host.references.of(f);
    for (let i = 0; i < syms.length; i++) if (kinds[i] === RefAddress) this.useLinked(syms[i]);
  }

  /** Reflection must find this type if it makes the same one. */
  useLinked(sym: Sym): void {
    const r = this.host.descriptors.get(sym);
    if (r === undefined || r.type.kind === K.TNamed || r.type.kind === K.TBasic || r.groupOf !== null) return;
    if (this.host.descriptors.use(r) && r.reached) this.host.descriptors.visit(r);
  }
}
