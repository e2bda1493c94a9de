// What the linker gets of itabs and variables once all of the program is known.

import { DataObject, DataReadOnly, DataWritable, DataZero, Relocs } from "../ssa/object.ts";
import type { Sym, Symbols } from "../ssa/symbol.ts";
import type { Func as FuncObject, Var } from "../types/object.ts";
import type { Interface, Type } from "../types/types.ts";
import { typeSet } from "../types/typeset.ts";
import { under } from "../types/under.ts";
import { DataWriter } from "./bytes.ts";
import type { Definitions } from "./definitions.ts";
import type { Descriptors, TypeRecord } from "./descriptors.ts";
import { embedData, type EmbedHost } from "./embed.ts";
import type { MethodEntry, MethodTables } from "./methods.ts";
import type { Shapes } from "./shape.ts";
import type { ProgramSource } from "./source.ts";
import type { Statics } from "./statics.ts";
import { itabFun } from "./wrappers.ts";

/** The method table of a type for an interface. */
export interface Itab {
  readonly sym: Sym;
  readonly concrete: TypeRecord;
  readonly iface: TypeRecord;
}

/** What this needs to know of the program. */
export interface ContentsHost extends EmbedHost {
  readonly symbols: Symbols;
  readonly shapes: Shapes;
  readonly descriptors: Descriptors;
  readonly methodTables: MethodTables;
  readonly definitions: Definitions;
  readonly statics: Statics;
  readonly byPath: ReadonlyMap<string, ProgramSource>;
  /** Whose references are being looked at. */
  current: Sym;
  reach(sym: Sym): void;
  interfaceMethod(recv: Type, m: MethodEntry): Sym;
  runtimeCall(name: string): { readonly sym: Sym };
}

/** The data of an itab. Dead methods have no code. */
export function itabData(host: ContentsHost, t: Itab): DataObject {
  host.current = t.sym;
  const iface = under(t.iface.type) as Interface;
  const methods = typeSet(iface).methods;
  const w = new DataWriter(itabFun + 8 * Math.max(1, methods.length));
  w.address(0, t.iface.sym);
  w.address(8, t.concrete.sym);
  w.u32(16, host.descriptors.hash(t.concrete.type));
  for (let i = 0; i < methods.length; i++) {
    const m = host.methodTables.find(t.concrete.type, methods[i] as FuncObject);
    // A type that does not implement the interface (an impossible case in generic code) has no methods at all.
    if (m === null) break;
    const index = t.concrete.methods.indexOf(m);
    if (index >= 0 && t.concrete.live[index] === true) {
      w.address(itabFun + 8 * i, host.interfaceMethod(t.concrete.type, m));
    } else if (i === 0) {
      const dead = host.runtimeCall("unreachableMethod").sym;
      host.reach(dead);
      w.address(itabFun, dead);
    }
  }
  return w.readOnly(t.sym, 8, false);
}

/** The data of a variable: what its initialiser, assembly or an embedded file says, else zeros. */
export function variableData(host: ContentsHost, sym: Sym, v: Var): DataObject {
  const fromAssembly = host.definitions.assemblyData.get(sym);
  if (fromAssembly !== undefined) return fromAssembly;
  const shape = host.shapes.of(v.type as Type);
  const source = v.pkg === null ? undefined : host.byPath.get(v.pkg.path);
  const files = source?.embedded(v) ?? null;
  if (files !== null) {
    const data = embedData(host, sym, v, files);
    host.current = sym;
    for (let i = 0; i < data.relocs.count; i++) host.reach(data.relocs.sym[i] as Sym);
    return data;
  }
  const pointers = host.shapes.pointerWords(v.type as Type);
  if (host.symbols.name(sym) === "runtime.staticuint64s") {
    // The runtime's table of the numbers 0 to 255 (boxed small integers, strings of one byte) is the compiler's to fill.
    const bytes = new Uint8Array(shape.size);
    for (let i = 0; 8 * i < shape.size; i++) bytes[8 * i] = i;
    return new DataObject(sym, DataReadOnly, shape.size, variableAlign(shape), bytes, new Relocs(), [], false);
  }
  const known = host.statics.contents(sym);
  if (known !== null) {
    return new DataObject(sym, DataWritable, shape.size, variableAlign(shape), known.bytes, known.relocs, pointers, false);
  }
  return new DataObject(sym, DataZero, shape.size, variableAlign(shape), new Uint8Array(0), new Relocs(), pointers, false);
}

/** Assembly reads larger variables with instructions that want 16 bytes of alignment. */
function variableAlign(shape: { readonly size: number; readonly align: number }): number {
  return shape.size >= 16 ? Math.max(shape.align, 16) : shape.align;
}
