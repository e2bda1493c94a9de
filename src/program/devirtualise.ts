// Calls whose target is known after all become direct: through an itab that is a constant, and of function values that capture
// nothing.

import { CallInfo, type Func, type Value } from "../ssa/func.ts";
import {
  OpAddPtr,
  OpCallClosure,
  OpCallInter,
  OpCallStatic,
  OpConst,
  OpCopy,
  OpIntToPtr,
  OpLoad,
  OpNilCheck,
  OpOffPtr,
  OpPtrBits,
  OpPtrToInt,
  OpSymAddr,
} from "../ssa/ops.gen.ts";
import { NoSym, type Sym } from "../ssa/symbol.ts";

export interface DevirtualiseHost {
  /** The code at a byte offset of an itab; NoSym if the symbol is no itab. */
  itabEntry(sym: Sym, offset: number): Sym;
  codeOf(sym: Sym): Sym;
}

/** Makes calls direct. Returns the symbols of their targets. */
export function devirtualise(f: Func, host: DevirtualiseHost): Sym[] {
  const found: Sym[] = [];
  for (const b of f.blocks) {
    if (b === null) continue;
    for (const v of b.values) {
      const op = f.op[v] as number;
      let target: Sym = NoSym;
      if (op === OpCallInter) target = itabCode(f, f.arg(v, 0), host);
      else if (op === OpCallClosure) {
        const place = constantPlace(f, f.arg(v, 0));
        if (place !== null && place.offset === 0) target = host.codeOf(place.sym);
      }
      if (target === NoSym) continue;
      makeDirect(f, v, target);
      found.push(target);
    }
  }
  return found;
}

/** The code that a call through a loaded code pointer reaches. */
function itabCode(f: Func, code: Value, host: DevirtualiseHost): Sym {
  while (f.op[code] === OpCopy) code = f.arg(code, 0);
  if (f.op[code] !== OpLoad) return NoSym;
  const place = constantPlace(f, f.arg(code, 0));
  return place === null ? NoSym : host.itabEntry(place.sym, place.offset + f.auxInt(code));
}

/** The symbol and offset that an address surely is. */
function constantPlace(f: Func, p: Value): { sym: Sym; offset: number } | null {
  let offset = 0;
  for (;;) {
    switch (f.op[p]) {
      case OpCopy:
      case OpNilCheck:
      case OpIntToPtr:
      case OpPtrBits:
      case OpPtrToInt:
        p = f.arg(p, 0);
        break;
      case OpOffPtr:
        offset += f.auxInt(p);
        p = f.arg(p, 0);
        break;
      case OpAddPtr:
        if (f.op[f.arg(p, 1)] !== OpConst) return null;
        offset += f.auxInt(f.arg(p, 1));
        p = f.arg(p, 0);
        break;
      case OpSymAddr:
        return { sym: f.aux[p] as Sym, offset: offset + f.auxInt(p) };
      default:
        return null;
    }
  }
}

function makeDirect(f: Func, v: Value, target: Sym): void {
  const handle = f.aux[v] as number;
  const info = f.calls[handle] as CallInfo;
  // The record is shared with the outgoing area's addresses: it is replaced in place.
  f.calls[handle] = new CallInfo(target, info.abi, info.noReturn);
  const args = f.args(v).slice(1);
  f.op[v] = OpCallStatic;
  f.setArgs(v, args);
}
