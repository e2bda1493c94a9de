// Operations of amd64 that are short sequences of instructions.

import type { Value } from "../../ssa/func.ts";
import { OpConst } from "../../ssa/ops.gen.ts";
import { TypeF32, type ValueType } from "../../ssa/types.ts";
import { CarryIn } from "./carry.ts";
import { EmitterBase } from "./emit-base.ts";
import * as E from "./encode.ts";
import * as I from "./inst.gen.ts";
import { CcNeF, negated } from "./kinds.ts";
import { AX, DX, SP, X15, CcB, CcAE, CcE, CcNE, CcP } from "./regs.ts";

/** Operations that take more than an instruction. */
export abstract class SequenceEmitter extends EmitterBase {
  protected lea(v: Value, w: boolean): void {
    const buf = this.buf;
    const d = this.def(v);
    const m = this.address(v, 0);
    if (m.sym === 0 && m.index < 0) {
      // Plain additions are shorter.
      if (m.disp === 0) {
        if (m.base !== d) E.rr(buf, w ? I.MOVQ : I.MOVL, d, m.base);
        else if (!w) E.rr(buf, I.MOVL, d, d);
        return;
      }
      if (m.base === d) {
        E.ri(buf, w ? I.ADDQ : I.ADDL, d, m.disp);
        return;
      }
    } else if (m.sym === 0 && m.disp === 0 && m.shift === 0 && (m.base === d || m.index === d) && m.base !== SP) {
      E.rr(buf, w ? I.ADDQ : I.ADDL, d, m.base === d ? m.index : m.base);
      return;
    }
    E.rm(buf, w || m.sym !== 0 ? I.LEAQ : I.LEAL, d, m);
  }

  /** AX divided by a register; min / -1 must not fault. */
  protected divide(v: Value, w: boolean, mod: boolean): void {
    const { buf } = this;
    const y = this.use(v, 1);
    E.ri(buf, w ? I.CMPQ : I.CMPL, y, -1);
    const minusOne = this.skip(CcE);
    E.zero(buf, w ? I.CQO : I.CDQ);
    E.r(buf, w ? I.IDIVQ : I.IDIVL, y);
    const done = this.skip(-1);
    this.land(minusOne);
    if (mod) E.rr(buf, I.XORL, DX, DX);
    else E.r(buf, w ? I.NEGQ : I.NEGL, AX);
    this.land(done);
  }

  protected carry(v: Value, add: boolean): void {
    const { f, buf } = this;
    const d = this.def(v);
    const c = f.arg(v, 2);
    const y = this.use(v, 1);
    let plain = false;
    if (f.op[c] === OpConst && this.use(v, 2) < 0) {
      if (f.auxLo[c] === 0) plain = true;
      else E.zero(buf, I.STC);
    } else if ((f.aux[v] & CarryIn) === 0) E.ri(buf, I.BTL, this.use(v, 2), 0);
    E.rr(buf, add ? (plain ? I.ADDQ : I.ADCQ) : plain ? I.SUBQ : I.SBBQ, d, y);
    const out = this.places.temp(v);
    if (out < 0) return;
    E.setcc(buf, CcB, out);
    E.rr(buf, I.MOVBLZX, out, out);
  }

  protected cmov(v: Value, w: boolean): void {
    const { f, buf } = this;
    const d = this.def(v);
    const b = this.use(v, 1);
    const cc = f.auxLo[v];
    if (cc === CcNeF) {
      E.cmov(buf, CcNE, w, d, b);
      E.cmov(buf, CcP, w, d, b);
    } else E.cmov(buf, cc, w, d, b);
  }

  protected selectFloat(v: Value): void {
    const { f, buf } = this;
    const d = this.def(v);
    const b = this.use(v, 1);
    const cc = f.auxLo[v];
    if (cc === CcNeF) {
      const take = this.skip(CcP);
      const keep = this.skip(CcE);
      this.land(take);
      E.rr(buf, I.MOVAPS, d, b);
      this.land(keep);
    } else {
      const keep = this.skip(negated(cc));
      E.rr(buf, I.MOVAPS, d, b);
      this.land(keep);
    }
  }

  protected intToFloat(d: number, s: number, from64: boolean, type: ValueType): void {
    const buf = this.buf;
    // The conversion keeps the high part of its destination, which would make it wait for whatever wrote that.
    E.rr(buf, I.XORPS, d, d);
    if (type === TypeF32) E.rr(buf, from64 ? I.CVTSQ2SS : I.CVTSL2SS, d, s);
    else E.rr(buf, from64 ? I.CVTSQ2SD : I.CVTSL2SD, d, s);
  }

  protected unsignedToFloat(v: Value, type: ValueType): void {
    const buf = this.buf;
    const d = this.def(v);
    const s = this.use(v, 0);
    const t = this.places.temp(v);
    E.rr(buf, I.TESTQ, s, s);
    const big = this.skip(8);
    this.intToFloat(d, s, true, type);
    const done = this.skip(-1);
    this.land(big);
    // Half of it, the lost bit or-ed in so that rounding comes out right, and doubled.
    E.rr(buf, I.MOVQ, t, s);
    E.ri(buf, I.SHRQ, t, 1);
    const even = this.skip(CcAE);
    E.ri(buf, I.ORQ, t, 1);
    this.land(even);
    this.intToFloat(d, t, true, type);
    E.rr(buf, type === TypeF32 ? I.ADDSS : I.ADDSD, d, d);
    this.land(done);
  }

  protected floatToUnsigned(v: Value): void {
    const { f, buf } = this;
    const single = f.aux[v] === 4;
    const d = this.def(v);
    const s = this.use(v, 0);
    const t = this.places.temp(v);
    this.ripHead(0x10, single ? 0xf3 : 0xf2, t, false);
    if (single) this.marks.literal(0x5f000000, 0, 4, 0);
    else this.marks.literal(0, 0x43e00000, 8, 0);
    E.rr(buf, single ? I.UCOMISS : I.UCOMISD, s, t);
    const big = this.skip(CcAE);
    E.rr(buf, single ? I.CVTTSS2SQ : I.CVTTSD2SQ, d, s);
    const done = this.skip(-1);
    this.land(big);
    // 2^63 - x is exact for every float from 2^63 on.
    E.rr(buf, single ? I.SUBSS : I.SUBSD, t, s);
    E.rr(buf, single ? I.CVTTSS2SQ : I.CVTTSD2SQ, d, t);
    E.r(buf, I.NEGQ, d);
    E.ri(buf, I.BTSQ, d, 63);
    this.land(done);
  }

  protected zeroBlock(v: Value): void {
    const { f, buf } = this;
    const size = f.aux[v];
    const m = this.address(v, 0);
    const base = m.disp;
    let at = 0;
    const store = (inst: number, offset: number): void => {
      m.disp = base + offset;
      E.mr(buf, inst, m, X15);
    };
    for (; size - at >= 16; at += 16) store(I.MOVUPS, at);
    const rest = size - at;
    if (rest === 0) return;
    if (size >= 16 && rest > 8) store(I.MOVUPS, size - 16);
    else if (rest >= 8) {
      store(I.MOVSD, at);
      if (rest > 8) store(I.MOVSD, size - 8);
    } else if (size >= 8 && rest > 4) store(I.MOVSD, size - 8);
    else {
      if (rest >= 4) {
        store(I.MOVSS, at);
        at += 4;
        if (size - at > 0 && size >= 4) store(I.MOVSS, size - 4);
        return;
      }
      if (size >= 4) {
        store(I.MOVSS, size - 4);
        return;
      }
      if (rest >= 2) {
        m.disp = base + at;
        E.mi(buf, I.MOVW, m, 0);
        at += 2;
      }
      if (size - at >= 1) {
        m.disp = base + at;
        E.mi(buf, I.MOVB, m, 0);
      }
    }
  }

  protected moveBlock(v: Value): void {
    const { f, buf } = this;
    const size = f.aux[v];
    const to = this.operand(this.mem, v, 0, f.auxLo[v], 0);
    const from = this.operand(this.mem2, v, 1, f.auxHi[v], 0);
    const t = this.places.temp(v);
    const toBase = to.disp;
    const fromBase = from.disp;
    const copy = (load: number, store: number, at: number): void => {
      to.disp = toBase + at;
      from.disp = fromBase + at;
      E.rm(buf, load, t, from);
      E.mr(buf, store, to, t);
    };
    if (t < 16) {
      let at = 0;
      if (size >= 2) {
        copy(I.MOVWLZX, I.MOVW, 0);
        at = 2;
      }
      if (at < size) copy(I.MOVBLZX, I.MOVB, at);
      return;
    }
    let at = 0;
    for (; size - at >= 16; at += 16) copy(I.MOVUPS, I.MOVUPS, at);
    const rest = size - at;
    if (rest === 0) return;
    if (size >= 16 && rest > 8) copy(I.MOVUPS, I.MOVUPS, size - 16);
    else if (rest >= 8) {
      copy(I.MOVSD, I.MOVSD, at);
      if (rest > 8) copy(I.MOVSD, I.MOVSD, size - 8);
    } else if (size >= 8 && rest > 4) copy(I.MOVSD, I.MOVSD, size - 8);
    else if (rest >= 4) {
      copy(I.MOVSS, I.MOVSS, at);
      if (rest > 4) copy(I.MOVSS, I.MOVSS, size - 4);
    } else copy(I.MOVSS, I.MOVSS, size - 4);
  }
}
