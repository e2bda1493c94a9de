// Writes the machine code of allocated amd64 values. Every op of ops.table has one case here.

import type { Block, Value } from "../../ssa/func.ts";
import { OpCallStatic, OpCallClosure, OpCallInter } from "../../ssa/ops.gen.ts";
import { isStackAbi, type Sym } from "../../ssa/symbol.ts";
import { type Emitter, SpillOperand } from "../../ssa/target.ts";
import { TypeF32, TypeF64, type ValueType, typeSize } from "../../ssa/types.ts";
import { movqToFloat, movqFromFloat, movdToFloat, movdFromFloat, GuardOffset, wide, bySize, byKind } from "./emit-base.ts";
import { SequenceEmitter } from "./emit-sequences.ts";
import * as E from "./encode.ts";
import * as I from "./inst.gen.ts";
import { BlockCc, BlockJumpTo, CcEqF, CcNeF, Kind32, Kind64, negated } from "./kinds.ts";
import * as A from "./ops.gen.ts";
import { AX, DX, SP, R14, X15, CcE, CcNE, CcP, CcNP } from "./regs.ts";

/** The amd64 emitter. */
export class Amd64Emitter extends SequenceEmitter implements Emitter {
  // ---- Values ----

  value(v: Value): void {
    const f = this.f;
    const op = f.op[v];
    if (op === A.ATEST && this.use(v, 0) === this.flagsOf && this.use(v, 1) === this.flagsOf) {
      const size = f.aux[v];
      if (size === (this.flagsWide ? 8 : 4) && (this.flagsLogical || f.auxLo[v] === 1)) return;
    }
    this.flagsOf = -1;
    this.instruction(v);
    switch (op) {
      case A.AADD:
        if (this.use(v, 1) < 0) break;
      // falls through
      case A.AADDI:
        // May have been a LEA, which leaves the flags alone.
        if (this.def(v) !== this.use(v, 0) && (op === A.AADDI || this.def(v) !== this.use(v, 1))) return;
        break;
      case A.ASUB:
      case A.AADDM:
      case A.ASUBM:
      case A.ANEG:
      case A.AAND:
      case A.AOR:
      case A.AXOR:
      case A.AANDI:
      case A.AORI:
      case A.AXORI:
      case A.AANDM:
      case A.AORM:
      case A.AXORM:
        break;
      default:
        return;
    }
    const type = f.type[v];
    if (typeSize(type) < 4) return;
    this.flagsOf = this.def(v);
    this.flagsWide = wide(type);
    this.flagsLogical =
      op === A.AAND ||
      op === A.AOR ||
      op === A.AXOR ||
      op === A.AORI ||
      op === A.AXORI ||
      op === A.AANDM ||
      op === A.AORM ||
      op === A.AXORM;
  }

  private instruction(v: Value): void {
    const { f, buf, mem, places } = this;
    const type = f.type[v];
    const w = wide(type);
    switch (f.op[v]) {
      case A.AADD: {
        const d = this.def(v);
        const a = this.use(v, 0);
        const b = this.use(v, 1);
        if (b < 0) {
          if (d !== a) E.rr(buf, w ? I.MOVQ : I.MOVL, d, a);
          E.rm(buf, w ? I.ADDQ : I.ADDL, d, this.spilled(v));
        } else if (d === a) E.rr(buf, w ? I.ADDQ : I.ADDL, d, b);
        else if (d === b) E.rr(buf, w ? I.ADDQ : I.ADDL, d, a);
        else E.rm(buf, w ? I.LEAQ : I.LEAL, d, mem.indexed(a, b, 0, 0));
        return;
      }
      case A.AADDI: {
        const d = this.def(v);
        const a = this.use(v, 0);
        const n = f.auxLo[v];
        if (d !== a) E.rm(buf, w ? I.LEAQ : I.LEAL, d, mem.at(a, n));
        else if (n === 1) E.r(buf, w ? I.INCQ : I.INCL, d);
        else if (n === -1) E.r(buf, w ? I.DECQ : I.DECL, d);
        else if (n === 128) E.ri(buf, w ? I.SUBQ : I.SUBL, d, -128);
        else E.ri(buf, w ? I.ADDQ : I.ADDL, d, n);
        return;
      }
      case A.ASUB:
        this.binary(v, w ? I.SUBQ : I.SUBL);
        return;
      case A.AAND:
        this.binary(v, w ? I.ANDQ : I.ANDL);
        return;
      case A.AOR:
        this.binary(v, w ? I.ORQ : I.ORL);
        return;
      case A.AXOR:
        this.binary(v, w ? I.XORQ : I.XORL);
        return;
      case A.AIMUL:
        this.binary(v, w ? I.IMULQ : I.IMULL);
        return;
      case A.AANDI:
        // A 64-bit AND with a positive constant needs only 32 bits.
        E.ri(buf, w && f.auxLo[v] < 0 ? I.ANDQ : I.ANDL, this.def(v), f.auxLo[v]);
        return;
      case A.AORI:
        E.ri(buf, w ? I.ORQ : I.ORL, this.def(v), f.auxLo[v]);
        return;
      case A.AXORI:
        E.ri(buf, w ? I.XORQ : I.XORL, this.def(v), f.auxLo[v]);
        return;
      case A.AIMULI:
        E.rri(buf, w ? I.IMUL3Q : I.IMUL3L, this.def(v), this.use(v, 0), f.auxLo[v]);
        return;
      case A.AADDM:
        E.rm(buf, w ? I.ADDQ : I.ADDL, this.def(v), this.address(v, 1));
        return;
      case A.ASUBM:
        E.rm(buf, w ? I.SUBQ : I.SUBL, this.def(v), this.address(v, 1));
        return;
      case A.AANDM:
        E.rm(buf, w ? I.ANDQ : I.ANDL, this.def(v), this.address(v, 1));
        return;
      case A.AORM:
        E.rm(buf, w ? I.ORQ : I.ORL, this.def(v), this.address(v, 1));
        return;
      case A.AXORM:
        E.rm(buf, w ? I.XORQ : I.XORL, this.def(v), this.address(v, 1));
        return;
      case A.AIMULM:
        E.rm(buf, w ? I.IMULQ : I.IMULL, this.def(v), this.address(v, 1));
        return;
      case A.ANEG:
        E.r(buf, w ? I.NEGQ : I.NEGL, this.def(v));
        return;
      case A.ANOT:
        E.r(buf, w ? I.NOTQ : I.NOTL, this.def(v));
        return;
      case A.ABSWAP:
        E.r(buf, w ? I.BSWAPQ : I.BSWAPL, this.def(v));
        return;
      case A.ASHL:
        E.r(buf, w ? I.SHLQ : I.SHLL, this.def(v));
        return;
      case A.ASHR:
        E.r(buf, w ? I.SHRQ : I.SHRL, this.def(v));
        return;
      case A.ASAR:
        E.r(buf, w ? I.SARQ : I.SARL, this.def(v));
        return;
      case A.AROL:
        E.r(buf, rotate(type), this.def(v));
        return;
      case A.ASHLI:
        if (f.auxLo[v] === 1) E.rr(buf, w ? I.ADDQ : I.ADDL, this.def(v), this.def(v));
        else E.ri(buf, w ? I.SHLQ : I.SHLL, this.def(v), f.auxLo[v]);
        return;
      case A.ASHRI:
        E.ri(buf, w ? I.SHRQ : I.SHRL, this.def(v), f.auxLo[v]);
        return;
      case A.ASARI:
        E.ri(buf, w ? I.SARQ : I.SARL, this.def(v), f.auxLo[v]);
        return;
      case A.AROLI:
        E.ri(buf, rotate(type), this.def(v), f.auxLo[v]);
        return;
      case A.ALEA:
        this.lea(v, w);
        return;
      case A.AMOVZX:
        if (f.auxLo[v] === 4) E.rr(buf, I.MOVL, this.def(v), this.use(v, 0));
        else E.rr(buf, f.auxLo[v] === 1 ? I.MOVBLZX : I.MOVWLZX, this.def(v), this.use(v, 0));
        return;
      case A.AMOVSX:
        if (f.auxLo[v] === 4) E.rr(buf, I.MOVLQSX, this.def(v), this.use(v, 0));
        else if (f.auxLo[v] === 2) E.rr(buf, w ? I.MOVWQSX : I.MOVWLSX, this.def(v), this.use(v, 0));
        else E.rr(buf, w ? I.MOVBQSX : I.MOVBLSX, this.def(v), this.use(v, 0));
        return;
      case A.AMOV:
        if (this.def(v) !== this.use(v, 0)) this.move(type, this.def(v), this.use(v, 0));
        return;
      case A.AUMULH:
      case A.AMUL2:
        E.r(buf, I.MULQ, this.use(v, 1));
        return;
      case A.AIMULH:
        E.r(buf, I.IMULQ, this.use(v, 1));
        return;
      case A.ADIVS:
      case A.AMODS:
        this.divide(v, w, f.op[v] === A.AMODS);
        return;
      case A.ADIVU:
      case A.AMODU:
        E.rr(buf, I.XORL, DX, DX);
        E.r(buf, w ? I.DIVQ : I.DIVL, this.use(v, 1));
        return;
      case A.ADIV128:
        E.r(buf, I.DIVQ, this.use(v, 2));
        return;
      case A.AADC:
      case A.ASBB:
        this.carry(v, f.op[v] === A.AADC);
        return;
      case A.ASETCC: {
        const d = this.def(v);
        const cc = f.auxLo[v];
        if (cc < CcEqF) E.setcc(buf, cc, d);
        else {
          const t = places.temp(v);
          E.setcc(buf, cc === CcEqF ? CcNP : CcP, t);
          E.setcc(buf, cc === CcEqF ? CcE : CcNE, d);
          E.rr(buf, cc === CcEqF ? I.ANDL : I.ORL, d, t);
        }
        return;
      }
      case A.ACMOV:
        this.cmov(v, w);
        return;
      case A.ACMOVF:
        this.selectFloat(v);
        return;
      case A.ACARRYMASK: {
        const d = this.def(v);
        E.rr(buf, w ? I.SBBQ : I.SBBL, d, d);
        return;
      }
      case A.ACMP:
        if (this.use(v, 1) < 0) E.rm(buf, bySize(f.aux[v], I.CMPB, I.CMPW, I.CMPL, I.CMPQ), this.use(v, 0), this.spilled(v));
        else E.rr(buf, bySize(f.aux[v], I.CMPB, I.CMPW, I.CMPL, I.CMPQ), this.use(v, 0), this.use(v, 1));
        return;
      case A.ACMPI:
        E.ri(buf, bySize(f.aux[v], I.CMPB, I.CMPW, I.CMPL, I.CMPQ), this.use(v, 0), f.auxLo[v]);
        return;
      case A.ACMPM:
        E.rm(buf, byKind(this.kind(v), I.CMPB, I.CMPW, I.CMPL, I.CMPQ), this.use(v, 0), this.address(v, 1));
        return;
      case A.ACMPMI:
        E.mi(buf, byKind(this.kind(v), I.CMPB, I.CMPW, I.CMPL, I.CMPQ), this.address(v, 0), f.aux[v]);
        return;
      case A.ATEST:
        E.rr(buf, bySize(f.aux[v], I.TESTB, I.TESTW, I.TESTL, I.TESTQ), this.use(v, 0), this.use(v, 1));
        return;
      case A.ATESTI: {
        const n = f.auxLo[v];
        const size = f.aux[v];
        E.ri(
          buf,
          n >= 0 && n < 128 ? I.TESTB : size === 8 && n >= 0 ? I.TESTL : bySize(size, I.TESTB, I.TESTW, I.TESTL, I.TESTQ),
          this.use(v, 0),
          n,
        );
        return;
      }
      case A.AUCOMI:
        if (this.use(v, 1) === SpillOperand) E.rm(buf, f.aux[v] === 4 ? I.UCOMISS : I.UCOMISD, this.use(v, 0), this.spilled(v));
        else if (this.use(v, 1) < 0) this.literalOperand(v, 0x2e, this.use(v, 0));
        else E.rr(buf, f.aux[v] === 4 ? I.UCOMISS : I.UCOMISD, this.use(v, 0), this.use(v, 1));
        return;
      case A.AUCOMIM:
        E.rm(buf, f.aux[v] === 4 ? I.UCOMISS : I.UCOMISD, this.use(v, 0), this.address(v, 1));
        return;
      case A.APOLL:
        E.rm(buf, I.CMPQ, SP, mem.at(R14, GuardOffset));
        return;
      case A.ALOAD:
        this.loadKind(this.kind(v), this.def(v), this.address(v, 0), w);
        return;
      case A.AALOAD:
        this.loadKind(this.kind(v), this.def(v), this.address(v, 0), false);
        return;
      case A.ASTORE:
        this.storeKind(this.kind(v), this.address(v, 1), this.use(v, 0));
        return;
      case A.ASTOREI:
        // X15 is zero, and shorter than an immediate.
        if (f.aux[v] === 0 && this.kind(v) === Kind64) E.mr(buf, I.MOVSD, this.address(v, 0), X15);
        else if (f.aux[v] === 0 && this.kind(v) === Kind32) E.mr(buf, I.MOVSS, this.address(v, 0), X15);
        else E.mi(buf, byKind(this.kind(v), I.MOVB, I.MOVW, I.MOVL, I.MOVQ), this.address(v, 0), f.aux[v]);
        return;
      case A.AOPST:
        E.mr(buf, memoryOp(f.aux[v], this.kind(v)), this.address(v, 1), this.use(v, 0));
        return;
      case A.AOPSTI:
        E.mi(buf, memoryOp(f.auxHi[v] >> 8, this.kind(v)), this.address(v, 0), f.aux[v]);
        return;
      case A.ANILCHK:
        E.mr(buf, I.TESTB, this.operand(mem, v, 0, 0, 0), AX);
        return;
      case A.AFADD:
        this.floatBinary(v, I.ADDSS, I.ADDSD);
        return;
      case A.AFSUB:
        this.floatBinary(v, I.SUBSS, I.SUBSD);
        return;
      case A.AFMUL:
        this.floatBinary(v, I.MULSS, I.MULSD);
        return;
      case A.AFDIV:
        this.floatBinary(v, I.DIVSS, I.DIVSD);
        return;
      case A.AFMIN1:
        this.floatBinary(v, I.MINSS, I.MINSD);
        return;
      case A.AFMAX1:
        this.floatBinary(v, I.MAXSS, I.MAXSD);
        return;
      case A.AFADDM:
        E.rm(buf, type === TypeF32 ? I.ADDSS : I.ADDSD, this.def(v), this.address(v, 1));
        return;
      case A.AFSUBM:
        E.rm(buf, type === TypeF32 ? I.SUBSS : I.SUBSD, this.def(v), this.address(v, 1));
        return;
      case A.AFMULM:
        E.rm(buf, type === TypeF32 ? I.MULSS : I.MULSD, this.def(v), this.address(v, 1));
        return;
      case A.AFDIVM:
        E.rm(buf, type === TypeF32 ? I.DIVSS : I.DIVSD, this.def(v), this.address(v, 1));
        return;
      case A.AFSQRT:
        E.rr(buf, type === TypeF32 ? I.SQRTSS : I.SQRTSD, this.def(v), this.use(v, 0));
        return;
      case A.AFAND:
        this.floatBinary(v, I.ANDPS, I.ANDPS);
        return;
      case A.AFANDN:
        this.floatBinary(v, I.ANDNPS, I.ANDNPS);
        return;
      case A.AFOR:
        this.floatBinary(v, I.ORPS, I.ORPS);
        return;
      case A.AFXOR:
        this.floatBinary(v, I.XORPS, I.XORPS);
        return;
      case A.ACVTIF:
        this.intToFloat(this.def(v), this.use(v, 0), f.aux[v] === 8, type);
        return;
      case A.ACVTFI:
        if (f.aux[v] === 4) E.rr(buf, w ? I.CVTTSS2SQ : I.CVTTSS2SL, this.def(v), this.use(v, 0));
        else E.rr(buf, w ? I.CVTTSD2SQ : I.CVTTSD2SL, this.def(v), this.use(v, 0));
        return;
      case A.ACVTFF:
        E.rr(buf, type === TypeF64 ? I.CVTSS2SD : I.CVTSD2SS, this.def(v), this.use(v, 0));
        return;
      case A.ACVTUF:
        this.unsignedToFloat(v, type);
        return;
      case A.ACVTFU:
        this.floatToUnsigned(v);
        return;
      case A.AMOVIF:
        E.encodeRegs(buf, type === TypeF32 ? movdToFloat : movqToFloat, this.def(v), 0, this.use(v, 0));
        return;
      case A.AMOVFI:
        E.encodeRegs(buf, w ? movqFromFloat : movdFromFloat, this.use(v, 0), 0, this.def(v));
        return;
      case A.AROUND:
        E.rri(buf, type === TypeF32 ? I.ROUNDSS : I.ROUNDSD, this.def(v), this.use(v, 0), f.auxLo[v]);
        return;
      case A.AFMA:
        E.vrr(buf, type === TypeF32 ? I.VFMADD231SS : I.VFMADD231SD, this.def(v), this.use(v, 1), this.use(v, 2));
        return;
      case A.ACTZ64: {
        const d = this.def(v);
        const t = places.temp(v);
        E.rr(buf, I.BSFQ, d, this.use(v, 0));
        E.movImm32(buf, t, 64, false);
        E.cmov(buf, CcE, true, d, t);
        return;
      }
      case A.ACTZ: {
        const d = this.def(v);
        const bits = f.auxLo[v];
        E.ri(buf, bits === 32 ? I.BTSQ : I.BTSL, d, bits);
        E.rr(buf, bits === 32 ? I.BSFQ : I.BSFL, d, d);
        return;
      }
      case A.ABITLEN64: {
        const d = this.def(v);
        const t = places.temp(v);
        E.rr(buf, I.BSRQ, d, this.use(v, 0));
        E.movImm64(buf, t, -1, -1, false);
        E.cmov(buf, CcE, true, d, t);
        E.r(buf, I.INCQ, d);
        return;
      }
      case A.ABSR:
        E.rr(buf, I.BSRQ, this.def(v), this.use(v, 0));
        return;
      case A.AXCHG:
        E.mr(buf, byKind(this.kind(v), I.XCHGB, I.XCHGW, I.XCHGL, I.XCHGQ), this.address(v, 1), this.use(v, 0));
        return;
      case A.AXADD: {
        const d = this.use(v, 0);
        const t = places.temp(v);
        E.rr(buf, I.MOVQ, t, d);
        E.lock(buf);
        E.mr(buf, byKind(this.kind(v), I.XADDB, I.XADDW, I.XADDL, I.XADDQ), this.address(v, 1), d);
        E.rr(buf, I.ADDQ, d, t);
        return;
      }
      case A.ACMPXCHG:
        E.lock(buf);
        E.mr(buf, byKind(this.kind(v), I.CMPXCHGB, I.CMPXCHGW, I.CMPXCHGL, I.CMPXCHGQ), this.address(v, 2), this.use(v, 1));
        E.setcc(buf, CcE, AX);
        return;
      case A.ALOCKAND:
        E.lock(buf);
        E.mr(buf, byKind(this.kind(v), I.ANDB, I.ANDW, I.ANDL, I.ANDQ), this.address(v, 1), this.use(v, 0));
        return;
      case A.ALOCKOR:
        E.lock(buf);
        E.mr(buf, byKind(this.kind(v), I.ORB, I.ORW, I.ORL, I.ORQ), this.address(v, 1), this.use(v, 0));
        return;
      case A.AANDLOOP:
      case A.AORLOOP: {
        const t = places.temp(v);
        const kind = this.kind(v);
        this.loadKind(kind, AX, this.address(v, 1), true);
        const loop = buf.pos;
        E.rr(buf, I.MOVQ, t, AX);
        E.rr(buf, f.op[v] === A.AANDLOOP ? I.ANDQ : I.ORQ, t, this.use(v, 0));
        E.lock(buf);
        E.mr(buf, byKind(kind, I.CMPXCHGB, I.CMPXCHGW, I.CMPXCHGL, I.CMPXCHGQ), this.address(v, 1), t);
        E.jcc8(buf, CcNE, loop - (buf.pos + 2));
        return;
      }
      case A.AZEROB:
        this.zeroBlock(v);
        return;
      case A.AMOVEB:
        this.moveBlock(v);
        return;
      case A.APREFETCH:
        E.m(buf, I.PREFETCHT0, this.address(v, 0));
        return;
      case A.APAUSE:
        E.zero(buf, I.PAUSE);
        return;
      case A.AJMPTAB: {
        const d = this.def(v);
        const t = places.temp(v);
        this.ripHead(0x8d, 0, d, true);
        this.marks.table((f.blocks[f.aux[v]] as Block).succs, 0);
        E.rm(buf, I.MOVLQSX, t, mem.indexed(d, this.use(v, 0), 2, 0));
        E.rr(buf, I.ADDQ, d, t);
        return;
      }
      case OpCallStatic: {
        const info = f.calls[f.aux[v]];
        E.callSym(buf, info?.sym as Sym);
        this.marks.site(v);
        if (isStackAbi(this.symbols, info?.sym as Sym)) this.restoreGo();
        if (info?.noReturn === true) buf.byte(0xcc);
        return;
      }
      case OpCallClosure:
        E.callMem(buf, mem.at(DX, 0));
        this.marks.site(v);
        return;
      case OpCallInter:
        E.callReg(buf, this.use(v, 0));
        this.marks.site(v);
        return;
      default:
        throw new Error(`${f.name}: no emission for ${f.op[v] >= 200 ? A.opNames[f.op[v] - 200] : `op ${f.op[v]}`}`);
    }
  }

  private binary(v: Value, inst: number): void {
    if (this.use(v, 1) < 0) {
      E.rm(this.buf, inst, this.def(v), this.spilled(v));
      return;
    }
    E.rr(this.buf, inst, this.def(v), this.use(v, 1));
  }

  /** A float constant as operand: [prefix] 0F opcode register, [literal]. */
  private literalOperand(v: Value, opcode: number, register: number): void {
    const { f, marks } = this;
    const c = f.arg(v, 1);
    const single = f.type[c] === TypeF32;
    if (opcode === 0x2e) {
      if (single) this.ripHead(opcode, 0, register, false, true);
      else this.ripHead(opcode, 0x66, register, false);
    } else this.ripHead(opcode, single ? 0xf3 : 0xf2, register, false);
    marks.literal(f.auxLo[c], single ? 0 : f.auxHi[c], single ? 4 : 8, 0);
  }

  private floatBinary(v: Value, single: number, double: number): void {
    if (this.use(v, 1) === SpillOperand) {
      E.rm(this.buf, this.f.type[v] === TypeF32 ? single : double, this.def(v), this.spilled(v));
      return;
    }
    if (this.use(v, 1) < 0) {
      const op = this.f.op[v];
      this.literalOperand(v, op === A.AFADD ? 0x58 : op === A.AFMUL ? 0x59 : op === A.AFSUB ? 0x5c : 0x5e, this.def(v));
      return;
    }
    E.rr(this.buf, this.f.type[v] === TypeF32 ? single : double, this.def(v), this.use(v, 1));
  }

  // ---- Ends of blocks ----

  blockEnd(b: Block, next: Block | null, control: number): void {
    const { marks } = this;
    if (b.kind === BlockJumpTo) {
      E.jmpReg(this.buf, control);
      return;
    }
    if (b.kind !== BlockCc) throw new Error(`amd64: block kind ${b.kind}`);
    const t = b.succs[0];
    const e = b.succs[1];
    const cc = b.aux;
    if (cc === CcEqF) {
      marks.branch(CcNE, e.id);
      if (next === e) marks.branch(CcNP, t.id);
      else {
        marks.branch(CcP, e.id);
        if (next !== t) marks.branch(-1, t.id);
      }
    } else if (cc === CcNeF) {
      marks.branch(CcNE, t.id);
      if (next === t) marks.branch(CcNP, e.id);
      else {
        marks.branch(CcP, t.id);
        if (next !== e) marks.branch(-1, e.id);
      }
    } else if (next === t) marks.branch(negated(cc), e.id);
    else {
      marks.branch(cc, t.id);
      if (next !== e) marks.branch(-1, e.id);
    }
  }
}

function rotate(type: ValueType): number {
  return bySize(typeSize(type), I.ROLB, I.ROLW, I.ROLL, I.ROLQ);
}

function memoryOp(op: number, kind: number): number {
  switch (op) {
    case A.AADD:
      return byKind(kind, I.ADDB, I.ADDW, I.ADDL, I.ADDQ);
    case A.ASUB:
      return byKind(kind, I.SUBB, I.SUBW, I.SUBL, I.SUBQ);
    case A.AAND:
      return byKind(kind, I.ANDB, I.ANDW, I.ANDL, I.ANDQ);
    case A.AOR:
      return byKind(kind, I.ORB, I.ORW, I.ORL, I.ORQ);
    default:
      return byKind(kind, I.XORB, I.XORW, I.XORL, I.XORQ);
  }
}
