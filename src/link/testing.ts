// Objects for tests of the linker.

import { NoPos } from "../base/pos.ts";
import { FuncCode, Relocs } from "../ssa/object.ts";
import type { Symbols } from "../ssa/symbol.ts";

/** A function that is these bytes of machine code. */
export function code(symbols: Symbols, name: string, bytes: readonly number[], relocs: Relocs = new Relocs(), align = 1): FuncCode {
  return new FuncCode({
    sym: symbols.intern(name),
    name,
    code: Uint8Array.from(bytes),
    relocs,
    frameSize: 0,
    argSize: 0,
    flags: 0,
    entryPointers: 0,
    stackMaps: [],
    stackObjects: [],
    deferReturn: 0,
    lineOffsets: [],
    linePositions: [],
    lineInlined: [],
    inlined: [],
    pos: NoPos,
    align,
  });
}
