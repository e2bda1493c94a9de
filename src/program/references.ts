// What a function refers to, gathered in one walk over its values: reachability is worked out several times for a program, its call graph
// twice, and most bodies are the same each time.

import { boxFunctionOf } from "../ssa/box.ts";
import type { Func, Value } from "../ssa/func.ts";
import {
  opAux,
  OpBox,
  OpCallClosure,
  OpCallInter,
  OpCallStatic,
  OpMakeSlice,
  OpMakeSliceIn,
  OpMove,
  OpNew,
  OpSymAddr,
  OpZero,
} from "../ssa/ops.gen.ts";
import { NoSym, type Sym } from "../ssa/symbol.ts";

// Kinds of reference.
export const RefCall = 0; // calls it
export const RefAddress = 1; // takes its address
export const RefOther = 2; // needs it in another way (types, functions that the back end calls)
export const RefWatched = 3; // calls a function whose calls the program looks at
export const RefIfOpen = 4; // needs it as long as escape analysis may still want it

/** Memory operations up to this size are made without a call. */
const inlineMemory = 128;

const kinds = 5;

// What an op's aux is to references, by op.
const auxNone = 0;
const auxSym = 1;
const auxCall = 2;
const auxKinds: Uint8Array = Uint8Array.from(opAux, (kind) =>
  kind === "sym" || kind === "type" ? auxSym : kind === "call" ? auxCall : auxNone,
);

/** In the order of their first place in the function, each once (but watched calls, which are all there). */
export class References {
  readonly syms: Sym[] = [];
  readonly kinds: number[] = [];
  /** The calls of RefWatched, in their order. */
  readonly watched: Value[] = [];
  /** There are calls of closures or through interfaces. */
  dynamic = false;
}

export interface ReferencesHost {
  /** The symbol of a function of the runtime. */
  runtimeSym(name: string): Sym;
  /** Whether the program wants to see all calls of a function. */
  isWatched(sym: Sym): boolean;
}

/** Gathers references and keeps them until a function changes. */
export class ReferenceTable {
  private readonly host: ReferencesHost;
  private readonly known = new Map<Func, References>();
  /** By kind and symbol: the number of the function that had it last. */
  private seen = new Int32Array(kinds << 14);
  private round = 0;

  constructor(host: ReferencesHost) {
    this.host = host;
  }

  of(f: Func): References {
    let r = this.known.get(f);
    if (r === undefined) {
      r = this.gather(f);
      this.known.set(f, r);
    }
    return r;
  }

  /** Whether nothing has changed since `of` was asked. */
  has(f: Func): boolean {
    return this.known.has(f);
  }

  forget(f: Func): void {
    this.known.delete(f);
  }

  private gather(f: Func): References {
    const { host } = this;
    const r = new References();
    this.round++;
    for (let k = 1; k < f.blocks.length; k++) {
      const b = f.blocks[k];
      if (!b) continue;
      const { values } = b;
      for (let i = 0; i < values.length; i++) {
        const v = values[i];
        const op = f.op[v];
        switch (op) {
          case OpNew:
            this.note(r, host.runtimeSym("newobject"), RefOther);
            break;
          case OpBox:
            this.note(r, host.runtimeSym(boxFunctionOf(f, v)), RefOther);
            break;
          case OpMakeSlice:
          case OpMakeSliceIn:
            this.note(r, host.runtimeSym("makeslice"), RefOther);
            this.note(r, host.runtimeSym("makeslicein"), op === OpMakeSliceIn ? RefOther : RefIfOpen);
            break;
          case OpZero:
          case OpMove:
            if (f.auxInt(v) > inlineMemory) this.note(r, host.runtimeSym(op === OpZero ? "memclrNoHeapPointers" : "memmove"), RefOther);
            break;
          case OpCallClosure:
          case OpCallInter:
            r.dynamic = true;
            break;
        }
        const aux = f.aux[v];
        if (aux === 0) continue;
        const kind = auxKinds[op];
        if (kind === auxSym) this.note(r, aux as Sym, op === OpSymAddr ? RefAddress : RefOther);
        else if (kind === auxCall && op === OpCallStatic) {
          const sym = f.calls[aux]?.sym ?? NoSym;
          if (host.isWatched(sym)) {
            r.syms.push(sym);
            r.kinds.push(RefWatched);
            r.watched.push(v);
          } else this.note(r, sym, RefCall);
        }
      }
    }
    return r;
  }

  private note(r: References, sym: Sym, kind: number): void {
    const at = sym * kinds + kind;
    if (at >= this.seen.length) {
      const larger = new Int32Array(2 * at);
      larger.set(this.seen);
      this.seen = larger;
    }
    if (this.seen[at] === this.round) return;
    this.seen[at] = this.round;
    r.syms.push(sym);
    r.kinds.push(kind);
  }
}
