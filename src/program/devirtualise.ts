// Calls whose target is known after all become direct: through an itab that is a constant, and of function values that capture
// nothing. What an assertion to an interface finds for a type that is a constant becomes a constant itself.

import type { CallInfo, Func, Value } from "../ssa/func.ts";
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
  OpPhi,
  OpPtrBits,
  OpPtrToInt,
  OpSelect,
  OpSelectMem,
  OpSymAddr,
} from "../ssa/ops.gen.ts";
import { NoSym, type Sym } from "../ssa/symbol.ts";
import { TypeI64 } from "../ssa/types.ts";

export interface DevirtualiseHost {
  /** The code at a byte offset of an itab; NoSym if the symbol is no itab. */
  itabEntry(sym: Sym, offset: number): Sym;
  codeOf(sym: Sym): Sym;
  nameOf(sym: Sym): string;
  /** The type of an itab; NoSym if the symbol is none. */
  itabType(sym: Sym): Sym;
  /** The itab that a call of runtime.typeAssert yields, by the call's record and the asserted value's type; NoSym if it fails or is not known. */
  assertedItab(assert: Sym, type: Sym): Sym;
}

/** Makes calls direct. Returns the symbols that the function refers to now. */
export function devirtualise(f: Func, host: DevirtualiseHost): Sym[] {
  const found: Sym[] = [];
  foldAssertions(f, host, found);
  for (let k = 0; k < f.blocks.length; k++) {
    const b = f.blocks[k];
    if (!b) continue;
    for (let i = 0; i < b.values.length; i++) {
      const v = b.values[i];
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
  f.calls[handle] = info.to(target);
  const args = f.args(v).slice(1);
  f.op[v] = OpCallStatic;
  f.setArgs(v, args);
}

/** Assertions of known types to interfaces: the call goes, its result is the itab. */
function foldAssertions(f: Func, host: DevirtualiseHost, found: Sym[]): void {
  for (let h = 0; h < f.calls.length; h++) {
    const info = f.calls[h];
    if (info === null || info === undefined || info.sym === NoSym || host.nameOf(info.sym) !== "runtime.typeAssert") continue;
    for (const b of f.blocks) {
      if (b === null) continue;
      for (const v of b.values) {
        if (f.op[v] !== OpCallStatic || f.aux[v] !== h) continue;
        const record = constantPlace(f, f.arg(v, 0));
        const type = constantType(f, f.arg(v, 1), host);
        if (record === null || type === NoSym) continue;
        const itab = host.assertedItab(record.sym, type);
        if (itab === NoSym) continue;
        replaceCall(f, v, itab);
        found.push(itab);
      }
    }
  }
}

/** The type descriptor that a type word surely is, also where it is taken from the itab of an interface that is known not to be nil. */
function constantType(f: Func, p: Value, host: DevirtualiseHost): Sym {
  for (;;) {
    switch (f.op[p]) {
      case OpCopy:
      case OpIntToPtr:
      case OpPtrBits:
        p = f.arg(p, 0);
        continue;
      case OpSymAddr:
        return f.auxInt(p) === 0 ? (f.aux[p] as Sym) : NoSym;
      case OpLoad: {
        const place = constantPlace(f, f.arg(p, 0));
        return place !== null && place.offset + f.auxInt(p) === itabTypeOffset ? host.itabType(place.sym) : NoSym;
      }
      case OpPhi: {
        // The word of an interface is either nil or has a type: an itab comes in as the type word only where it is nil, so never.
        let type: Sym = NoSym;
        for (let i = 0; i < (f.argCount[p] as number); i++) {
          const place = constantPlace(f, f.arg(p, i));
          if (place !== null && place.offset === 0 && host.itabType(place.sym) !== NoSym) continue;
          if (f.op[f.arg(p, i)] === OpPhi) return NoSym;
          const t = constantType(f, f.arg(p, i), host);
          if (t === NoSym || (type !== NoSym && type !== t)) return NoSym;
          type = t;
        }
        return type;
      }
      default:
        return NoSym;
    }
  }
}

/** Where an itab has its type. */
const itabTypeOffset = 8;

/** A call without effects is a symbol's address. */
function replaceCall(f: Func, call: Value, sym: Sym): void {
  const mem = f.arg(call, (f.argCount[call] as number) - 1);
  for (const b of f.blocks) {
    if (b === null) continue;
    for (const u of b.values) {
      if (f.op[u] === OpSelectMem && f.arg(u, 0) === call) f.copyOf(u, mem);
      else if (f.op[u] === OpSelect && f.arg(u, 0) === call) {
        f.reset(u, OpSymAddr);
        f.aux[u] = sym;
      }
    }
  }
  f.reset(call, OpConst);
  f.type[call] = TypeI64;
}
