// Which initialisers can run at compile time, and the data that they leave behind. The program's functions are all known by now, so it is
// known which variables anybody changes; a variable may be looked at only when nothing that runs earlier in the real program could have
// changed it.

import { isFipsPackage } from "../base/fips140.ts";
import type { Func, Value } from "../ssa/func.ts";
import { DataObject, DataReadOnly, DataWritable, type FuncCode, RelocAbs64, Relocs } from "../ssa/object.ts";
import { OpAddPtr, OpCopy, OpEq, OpLoad, OpMove, OpNe, OpNilCheck, OpOffPtr, OpPtrBits, OpSymAddr } from "../ssa/ops.gen.ts";
import { NoSym, type Sym, type Symbols } from "../ssa/symbol.ts";
import { SymMap } from "../ssa/symmap.ts";
import type { ObjectForm } from "./escape-host.ts";
import { Evaluator, type EvaluateHost } from "./evaluate.ts";
import { Address, MemoryObject } from "./memory.ts";
import { RefAddress, type References } from "./references.ts";

/** A variable as the evaluator sees it. */
export interface VariableFacts {
  readonly path: string;
  readonly form: ObjectForm;
  /** Its contents can't be known (embedded files, assembly, the linker). */
  readonly foreign: boolean;
}

export interface StaticsHost {
  readonly symbols: Symbols;
  /** What a function refers to. */
  referencesOf(f: Func): References;
  bodyOf(sym: Sym): Func | null;
  codeOf(sym: Sym): Sym;
  formOf(type: Sym): ObjectForm | null;
  /** The variable that a symbol stands for, or null. */
  variableFacts(sym: Sym): VariableFacts | null;
  /** Data with contents that a symbol stands for, or null. */
  dataOf(sym: Sym): DataObject | null;
  newStatic(owner: string, make: (sym: Sym) => DataObject): Sym;
}

/** Runs initialisers ahead of time. */
export class Statics implements EvaluateHost {
  private readonly host: StaticsHost;
  private readonly evaluator: Evaluator;
  private readonly objects = new Map<Sym, MemoryObject>();
  private readonly opaque = new SymMap<boolean>();
  /** Variables that functions change, beyond the initialiser of each. */
  private readonly mutated = new Set<Sym>();
  /** Variables whose initialiser runs in the program. */
  private readonly unknown = new Set<Sym>();
  /** Parts of variables whose initialisers run in the program. */
  private readonly plain = new Map<Sym, Uint8Array>();
  private readonly freshSyms = new Map<MemoryObject, Sym>();
  private path = "";
  private dirty = false;
  private own: ReadonlySet<Sym> = new Set();
  /** The last run that failed would have done nothing but set its own variables. */
  harmless = false;
  /** What failed and why, for reports. */
  readonly failures: [string, string][] = [];

  constructor(host: StaticsHost) {
    this.host = host;
    this.evaluator = new Evaluator(this);
  }

  /** Notes what functions do to variables. `own`: the variables that an initialiser sets by itself. */
  learn(functions: readonly Func[], code: readonly FuncCode[], ownOf: (f: Func) => ReadonlySet<Sym> | null): void {
    for (const c of code) for (const sym of c.relocs.sym) this.mutated.add(sym);
    for (const f of functions) this.learnFunction(f, ownOf(f));
  }

  /** Whether a function names a variable. */
  private namesVariables(f: Func): boolean {
    const { syms, kinds } = this.host.referencesOf(f);
    for (let i = 0; i < syms.length; i++) if (kinds[i] === RefAddress && !this.isOpaqueName(syms[i])) return true;
    return false;
  }

  private learnFunction(f: Func, own: ReadonlySet<Sym> | null): void {
    if (!this.namesVariables(f)) return;
    const root = new Map<Value, Sym>();
    for (let round = 0; round < 3; round++) {
      let grew = false;
      for (let k = 0; k < f.blocks.length; k++) {
        const b = f.blocks[k];
        if (!b) continue;
        for (let i = 0; i < b.values.length; i++) {
          const v = b.values[i];
          const op = f.op[v] as number;
          if (op === OpSymAddr) {
            if (round === 0 && !this.isOpaqueName(f.aux[v] as Sym)) {
              root.set(v, f.aux[v] as Sym);
              grew = true;
            }
          } else if ((op === OpOffPtr || op === OpAddPtr || op === OpCopy || op === OpNilCheck) && (f.argCount[v] as number) > 0) {
            const r = root.get(f.arg(v, 0));
            if (r !== undefined && !root.has(v)) {
              root.set(v, r);
              grew = true;
            }
          }
        }
      }
      if (!grew) break;
    }
    if (root.size === 0) return;
    for (let n = 0; n < f.blocks.length; n++) {
      const b = f.blocks[n];
      if (!b) continue;
      for (let k = 0; k < b.values.length; k++) {
        const v = b.values[k];
        const op = f.op[v] as number;
        const derived = root.has(v);
        for (let i = 0; i < (f.argCount[v] as number); i++) {
          const r = root.get(f.arg(v, i));
          if (r === undefined || (derived && i === 0)) continue;
          if (op === OpLoad || (op === OpMove && i === 1) || op === OpEq || op === OpNe || op === OpPtrBits) continue;
          // Its own initialiser sets it; but an address stored somewhere lets others change it.
          if (i === 0 && own?.has(r) === true) continue;
          this.mutated.add(r);
        }
      }
      for (let i = 0; i < b.controls.length; i++) {
        const c = b.controls[i];
        const r = root.get(c);
        if (r !== undefined) this.mutated.add(r);
      }
    }
  }

  private isOpaqueName(sym: Sym): boolean {
    let opaque = this.opaque.get(sym);
    if (opaque === undefined) {
      const name = this.host.symbols.name(sym);
      opaque = name.startsWith("go:string.") || name.startsWith("type:") || name.endsWith("·f") || name.startsWith("go:itab.");
      this.opaque.set(sym, opaque);
    }
    return opaque;
  }

  /** A new package's turn. Packages that run before all others' code never count as untouched. */
  enter(path: string, dirty: boolean): void {
    this.path = path;
    this.dirty = dirty;
  }

  /** Tries to run a function now; `own` are the variables that it is there to set. */
  run(f: Func, own: ReadonlySet<Sym>): boolean {
    this.own = own;
    this.harmless = false;
    const ok = this.evaluator.run(f, this.path, (journal) => {
      if (!isFipsPackage(this.path)) return true;
      // What the FIPS 140 module checks of itself must not be relocated.
      const changed = journal.variables;
      this.harmless = changed.every((o) => own.has(o.sym));
      const whole = changed.every((o) => o.addresses.size === 0);
      if (!whole && this.harmless) for (const o of changed) this.keepPlain(o);
      return whole;
    });
    if (!ok) this.failures.push([f.name, this.evaluator.reason]);
    return ok;
  }

  /** What is known of a variable but for addresses it holds from the start; its initialiser writes it once more. */
  private keepPlain(o: MemoryObject): void {
    const bytes = o.bytes.slice();
    for (const at of o.addresses.keys()) bytes.fill(0, at, at + 8);
    this.plain.set(o.sym, bytes);
  }

  /** An initialiser stays in the program. `pure`: it does nothing but set its variables. */
  failed(own: ReadonlySet<Sym>, pure: boolean): void {
    for (const s of own) this.unknown.add(s);
    if (!pure) this.dirty = true;
  }

  get isDirty(): boolean {
    return this.dirty;
  }

  // ---- EvaluateHost

  nameOf(sym: Sym): string {
    return this.host.symbols.name(sym);
  }

  bodyOf(sym: Sym): Func | null {
    return this.host.bodyOf(sym);
  }

  codeOf(sym: Sym): Sym {
    return this.host.codeOf(sym);
  }

  formOf(type: Sym): ObjectForm | null {
    return this.host.formOf(type);
  }

  objectOf(sym: Sym): MemoryObject {
    let o = this.objects.get(sym);
    if (o !== undefined) return o;
    const v = this.host.variableFacts(sym);
    if (v !== null) {
      o = new MemoryObject(sym, v.form.size, v.form.align, v.form.pointers, false, v.foreign, v.path);
    } else {
      const d = this.host.dataOf(sym);
      if (d === null) o = new MemoryObject(sym, 0, 1, [], true, true, "");
      else {
        o = new MemoryObject(sym, d.size, d.align, d.pointers, true, false, d.section === DataReadOnly ? "" : this.path);
        o.bytes.set(d.bytes);
        this.objects.set(sym, o);
        for (let i = 0; i < d.relocs.count; i++) {
          if (d.relocs.kind[i] !== RelocAbs64) continue;
          const to = this.objectOf(d.relocs.sym[i] as Sym);
          o.addresses.set(d.relocs.offset[i] as number, new Address(to, d.relocs.addend[i] as number));
        }
      }
    }
    this.objects.set(sym, o);
    return o;
  }

  mayRead(o: MemoryObject): boolean {
    if (o.opaque) return false;
    if (o.owner === "") return true;
    if (o.sym === NoSym || o.fixed) return o.owner === this.path;
    if (this.own.has(o.sym)) return true;
    if (this.unknown.has(o.sym) || o.owner === "runtime") return false;
    if (o.owner === this.path && !this.dirty) return true;
    return !this.mutated.has(o.sym);
  }

  mayWrite(o: MemoryObject): boolean {
    if (o.opaque || o.fixed) return false;
    if (o.sym === NoSym) return o.owner === this.path;
    if (this.own.has(o.sym)) return true;
    return o.owner === this.path && !this.dirty && !this.unknown.has(o.sym);
  }

  // ---- Results

  /** The contents of a variable when the program starts; null: zeros. */
  contents(sym: Sym): { bytes: Uint8Array; relocs: Relocs } | null {
    const o = this.objects.get(sym);
    if (o === undefined || o.opaque) return null;
    const bytes = this.plain.get(sym) ?? o.bytes;
    const zero = o.addresses.size === 0 && bytes.every((b) => b === 0);
    return zero ? null : { bytes, relocs: this.relocs(o) };
  }

  private relocs(o: MemoryObject): Relocs {
    const r = new Relocs();
    for (const [at, a] of Array.from(o.addresses).sort((x, y) => x[0] - y[0])) {
      if (a.object !== null) r.add(at, RelocAbs64, this.symOf(a.object), a.offset);
    }
    return r;
  }

  /** The symbol of an object; objects that initialisers made get one now. */
  private symOf(o: MemoryObject): Sym {
    if (o.sym !== NoSym) return o.sym;
    let sym = this.freshSyms.get(o);
    if (sym === undefined) {
      sym = this.host.newStatic(
        o.owner,
        (s) => new DataObject(s, DataWritable, Math.max(o.bytes.length, 1), o.align, o.bytes, this.relocs(o), o.pointers, false),
      );
      this.freshSyms.set(o, sym);
    }
    return sym;
  }
}
