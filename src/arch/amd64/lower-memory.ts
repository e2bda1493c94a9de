// Lowering of stores and atomic operations.

import type { Value } from "../../ssa/func.ts";
import * as G from "../../ssa/ops.gen.ts";
import type { LoweringContext } from "../../ssa/target.ts";
import { Kind32, Kind64, KindF32, KindF64, kindOf } from "./kinds.ts";
import { small, become, Address, loadAddress } from "./pattern.ts";
import * as A from "./ops.gen.ts";

export function lowerStore(l: LoweringContext, v: Value): void {
  const f = l.f;
  const pointer = f.arg(v, 0);
  let x = f.arg(v, 1);
  const type = f.type[x];
  let kind = kindOf(type);
  const offset = f.auxInt(v);
  const a = new Address(f, pointer, offset, f.block[v]);
  const c = f.op[x] === G.OpConstF && f.auxLo[x] === 0 && f.auxHi[x] === 0 ? 0 : small(f, x);
  if (!Number.isNaN(c)) {
    const args: Value[] = [];
    a.push(args);
    if (kind === KindF32) kind = Kind32;
    if (kind === KindF64) kind = Kind64;
    become(l, v, A.ASTOREI, args);
    a.set(f, v, kind);
    f.aux[v] = c;
    return;
  }
  const op = f.op[x];
  // x.n += y
  if (
    (op === G.OpAdd || op === G.OpSub || op === G.OpAnd || op === G.OpOr || op === G.OpXor) &&
    f.uses[x] === 1 &&
    f.block[x] === f.block[v]
  ) {
    for (let k = 0; k < (op === G.OpSub ? 1 : 2); k++) {
      const load = f.arg(x, k);
      if (f.op[load] !== G.OpLoad || f.type[load] !== type || !l.canMerge(load)) continue;
      const b = loadAddress(l, load);
      if (b.base !== a.base || b.index !== a.index || b.disp !== a.disp || b.shift !== a.shift) continue;
      const y = f.arg(x, 1 - k);
      if (f.op[y] === G.OpLoad && y === load) continue;
      const number = op === G.OpAdd ? A.AADD : op === G.OpSub ? A.ASUB : op === G.OpAnd ? A.AAND : op === G.OpOr ? A.AOR : A.AXOR;
      const n = small(f, y);
      if (!Number.isNaN(n)) {
        const args: Value[] = [];
        a.push(args);
        become(l, v, A.AOPSTI, args);
        a.set(f, v, kind);
        f.auxHi[v] |= number << 8;
        f.aux[v] = n;
      } else {
        const args = [y];
        a.push(args);
        become(l, v, A.AOPST, args);
        a.set(f, v, kind);
        f.aux[v] = number;
      }
      return;
    }
  }
  if (op === G.OpFloatToBits || op === G.OpBitsToFloat) {
    x = f.arg(x, 0);
    kind = kindOf(f.type[x]);
  }
  const args = [x];
  a.push(args);
  become(l, v, A.ASTORE, args);
  a.set(f, v, kind);
}

export function lowerAtomic(l: LoweringContext, v: Value, op: number): void {
  const f = l.f;
  const a = new Address(f, f.arg(v, 0), 0, f.block[v]);
  const args: Value[] = [];
  for (let i = 1; i < f.argCount[v] - 1; i++) args.push(f.arg(v, i));
  const kind = kindOf(f.type[f.arg(v, 1)]);
  a.push(args);
  become(l, v, op, args);
  a.set(f, v, kind);
}
