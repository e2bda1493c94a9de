// Type switches.

import type { Block } from "../ssa/func.ts";
import { OpEq, OpNe } from "../ssa/ops.gen.ts";
import { TypeI64, TypeI8 } from "../ssa/types.ts";
import * as S from "../syntax/kinds.ts";
import type { CaseClause, Expr, SwitchStmt, TypeSwitchGuard } from "../syntax/tree.ts";
import * as K from "../types/kinds.ts";
import type { Type } from "../types/types.ts";
import { type Body, isInterfaceType } from "./body.ts";
import { convertTo } from "./convert.ts";
import { expr, isNil } from "./expr.ts";
import { findItab, implementsIt, isEmptyInterface, typeWord, unbox } from "./interface.ts";
import type { Operand } from "./operand.ts";
import { stmt } from "./stmt.ts";
import { runBodies } from "./switch.ts";

export function typeSwitchStmt(g: Body, s: SwitchStmt, guard: TypeSwitchGuard): void {
  if (s.init !== null) stmt(g, s.init);
  const { b } = g;
  const xt = g.typeOf(guard.x);
  const x = expr(g, guard.x);
  b.pos = s.pos;
  g.hoisted.clear();
  const word = typeWord(g, x, xt);
  const bodies = s.body.map(() => b.newBlock());
  const done = b.newBlock();
  let other = done;
  // The itab that a case with one interface type has found.
  const itab = b.newVariable(TypeI64);
  b.write(itab, b.int(0));
  for (let i = 0; i < s.body.length; i++) {
    const c = s.body[i] as CaseClause;
    if (c.cases === null) {
      other = bodies[i] as Block;
      continue;
    }
    const list: readonly Expr[] = c.cases.kind === S.KindListExpr ? c.cases.elemList : [c.cases];
    for (const e of list) {
      b.pos = e.pos;
      const next = b.newBlock();
      if (isNil(g, e)) {
        b.branch(b.op2(OpEq, TypeI8, word, b.int(0)), bodies[i] as Block, next);
      } else {
        const t = g.typeOf(e);
        if (isInterfaceType(t)) {
          const found = isEmptyInterface(t) ? word : findItab(g, word, t, true);
          b.write(itab, found);
          b.branch(b.op2(OpNe, TypeI8, found, b.int(0)), bodies[i] as Block, next);
        } else if (implementsIt(t, xt)) {
          b.branch(b.op2(OpEq, TypeI8, word, b.symbolBits(g.ctx.typeSym(t, false))), bodies[i] as Block, next);
        } else b.jump(next);
      }
      b.startSealed(next);
    }
  }
  b.pos = s.pos;
  b.jump(other);
  runBodies(g, s, s.body, bodies, done, (i) => {
    const c = s.body[i] as CaseClause;
    const v = g.env.info.implicits.get(c);
    if (v === undefined || v.kind !== K.OVar) return;
    b.pos = c.pos;
    const type = g.env.fixed(v.type as Type);
    const only = c.cases === null || c.cases.kind === S.KindListExpr ? null : c.cases;
    let value: Operand;
    if (only === null || isNil(g, only)) value = convertTo(g, x, xt, type);
    else if (isInterfaceType(type)) value = g.of(g.shape(type), [b.read(itab), g.part(x, 1)]);
    else value = unbox(g, g.part(x, 1), type);
    g.declare(v, value);
  });
}
