// Maps: reading, writing and deleting elements through the runtime, by the variant that fits the key.

import type { Value } from "../ssa/func.ts";
import { OpPtrBits } from "../ssa/ops.gen.ts";
import { TypeI32, TypeI64, TypePtr } from "../ssa/types.ts";
import type { IndexExpr } from "../syntax/tree.ts";
import * as K from "../types/kinds.ts";
import type { MapType, Type } from "../types/types.ts";
import { under } from "../types/under.ts";
import type { Body } from "./body.ts";
import { expr, exprAs, hoistAll } from "./expr.ts";
import type { Operand } from "./operand.ts";
import { AlgMemory, AlgString } from "./shape.ts";
import { shareOperand } from "./string.ts";

const slow = 0;
const fast32 = 1;
const fast64 = 2;
const fast64Pointer = 3;
const fastString = 4;

/** Elements up to this size are stored in the groups themselves; only then there are fast variants. */
const maxElem = 128;
/** Size of the runtime's block of zeros. */
const zeroSize = 1024;

function variant(g: Body, t: MapType): number {
  if (g.shape(t.elem).size > maxElem) return slow;
  const key = g.shape(t.key);
  if (key.alg === AlgString) return fastString;
  if (key.alg !== AlgMemory) return slow;
  if (key.size === 4) return fast32;
  if (key.size === 8) return key.pointerBytes > 0 ? fast64Pointer : fast64;
  return slow;
}

/** What the key becomes as an argument: of fast variants the value's bits, else its address. */
function keyParts(g: Body, kind: number, key: Operand, assign: boolean): Value[] {
  switch (kind) {
    case fast32:
    case fast64:
    case fast64Pointer: {
      const want = kind === fast32 ? TypeI32 : TypeI64;
      if (key.parts !== null && key.parts.length === 1) {
        const v = key.parts[0] as Value;
        const have = g.f.type[v];
        if (kind === fast64Pointer && assign) return [v];
        if (have === want) return [v];
        if (have === TypePtr) return [g.b.op1(OpPtrBits, TypeI64, v)];
      }
      return [g.b.load(kind === fast64Pointer && assign ? TypePtr : want, g.inMemory(key))];
    }
    case fastString:
      return g.parts(key).slice();
    default:
      return [g.inMemory(key)];
  }
}

const suffixes: readonly string[] = ["", "_fast32", "_fast64", "_fast64", "_faststr"];

/** Looks a key up: the address of the element (or of zeros), and whether it was there (0 unless asked). */
export function mapLookup(g: Body, type: Type, m: Value, key: Operand, commaOk: boolean): { addr: Value; ok: Value } {
  const t = under(type) as MapType;
  const elem = g.shape(t.elem);
  const kind = variant(g, t);
  const args = [g.typeAddress(type), m, ...keyParts(g, kind, key, false)];
  let name = `mapaccess${commaOk ? 2 : 1}${suffixes[kind]}`;
  if (elem.size > zeroSize) {
    name = `mapaccess${commaOk ? 2 : 1}_fat`;
    args.push(g.b.symbol(g.ctx.staticSym(t.elem, new Uint8Array(0), [], false)));
  }
  const r = g.runtime(name, ...args);
  return { addr: r[0] as Value, ok: (r[1] ?? 0) as Value };
}

/** The address at which the element of a key is to be written. */
export function mapAssignAddress(g: Body, type: Type, m: Value, key: Operand): Value {
  const t = under(type) as MapType;
  const kind = variant(g, t);
  const name = kind === fast64Pointer ? "mapassign_fast64ptr" : `mapassign${suffixes[kind]}`;
  return g.runtime1(name, g.typeAddress(type), m, ...keyParts(g, kind, key, true));
}

export function mapDelete(g: Body, type: Type, m: Operand, key: Operand): void {
  const t = under(type) as MapType;
  const kind = variant(g, t);
  g.runtime(`mapdelete${suffixes[kind]}`, g.typeAddress(type), g.one(m), ...keyParts(g, kind, key, false));
}

/** m[k], or both values of v, ok := m[k]. */
export function mapIndex(g: Body, e: IndexExpr, commaOk: boolean): Operand[] {
  const type = g.typeOf(e.x);
  const t = under(type);
  if (t.kind !== K.TMap) throw new Error("a map index of no map");
  hoistAll(g, [e.x, e.index]);
  const m = g.one(expr(g, e.x));
  shareOperand(g, e.index);
  const key = exprAs(g, e.index, t.key);
  g.b.pos = e.pos;
  const r = mapLookup(g, type, m, key, commaOk);
  const v = g.at(g.shape(t.elem), r.addr);
  return commaOk ? [v, g.bool(r.ok)] : [v];
}
