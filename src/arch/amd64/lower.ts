// Turns generic values into amd64 values. Values are met from the end of a function to its start, users before what they use, so a
// pattern sees its operands still generic, and operands that were folded into all their users die before their turn.

import type { Block, Value } from "../../ssa/func.ts";
import * as G from "../../ssa/ops.gen.ts";
import type { LoweringContext } from "../../ssa/target.ts";
import { isFloat, TypeF32, TypeI32, TypeI64, TypeVoid, type ValueType, typeSize } from "../../ssa/types.ts";
import { BlockCc, BlockJumpTo, KindZ8, KindZ16, Kind32, Kind64, kindOf, negated } from "./kinds.ts";
import { strip, small, become, make, generic, big, floatConst, Address, loadAddress, binary, word, constantOffset } from "./pattern.ts";
import { lowerAdd, lowerMul, lowerDiv, lowerAnd, lowerShift, lowerExtend, lowerMulHigh, floatBinary } from "./lower-arith.ts";
import { isCompare, flagsOf, compare, lowerSelect, fixCc } from "./lower-compare.ts";
import { lowerStore, lowerAtomic } from "./lower-memory.ts";
import { lowerPopCount, lowerBitReverse, lowerByteSwap } from "./lower-bits.ts";
import * as A from "./ops.gen.ts";

const signBit = (type: ValueType): bigint => (type === TypeF32 ? 0x80000000n : -0x8000000000000000n);
const magnitude = (type: ValueType): bigint => (type === TypeF32 ? 0x7fffffffn : 0x7fffffffffffffffn);

/** Lowers one value. */
export function lowerValue(l: LoweringContext, v: Value): void {
  const f = l.f;
  const type = f.type[v];
  switch (f.op[v]) {
    case G.OpAdd:
      lowerAdd(l, v);
      break;
    case G.OpSub: {
      const c = small(f, f.arg(v, 1));
      if (!Number.isNaN(c) && c !== -0x80000000) become(l, v, A.AADDI, [f.arg(v, 0)], -c);
      else if (small(f, f.arg(v, 0)) === 0) become(l, v, A.ANEG, [f.arg(v, 1)]);
      else binary(l, v, A.ASUB, 0, A.ASUBM, false);
      break;
    }
    case G.OpMul:
      lowerMul(l, v);
      break;
    case G.OpDiv:
      lowerDiv(l, v, A.ADIVS, true);
      break;
    case G.OpUDiv:
      lowerDiv(l, v, A.ADIVU, false);
      break;
    case G.OpMod:
      lowerDiv(l, v, A.AMODS, true);
      break;
    case G.OpUMod:
      lowerDiv(l, v, A.AMODU, false);
      break;
    case G.OpNeg:
      become(l, v, A.ANEG, [f.arg(v, 0)]);
      break;
    case G.OpAnd:
      lowerAnd(l, v);
      break;
    case G.OpOr:
      binary(l, v, A.AOR, A.AORI, A.AORM, true);
      break;
    case G.OpXor:
      binary(l, v, A.AXOR, A.AXORI, A.AXORM, true);
      break;
    case G.OpAndNot: {
      const y = f.arg(v, 1);
      const c = small(f, y);
      if (!Number.isNaN(c)) become(l, v, A.AANDI, [f.arg(v, 0)], ~c);
      else become(l, v, A.AAND, [f.arg(v, 0), make(l, A.ANOT, word(type), [y])]);
      break;
    }
    case G.OpNot:
      become(l, v, A.ANOT, [f.arg(v, 0)]);
      break;
    case G.OpBoolNot: {
      const c = f.arg(v, 0);
      if (isCompare(f.op[c]) && f.uses[c] === 1) {
        const [flags, cc] = compare(l, c, true);
        become(l, v, A.ASETCC, [flags]);
        fixCc(f, v, negated(cc));
      } else become(l, v, A.AXORI, [c], 1);
      break;
    }
    case G.OpShl:
    case G.OpShr:
    case G.OpSar:
      lowerShift(l, v);
      break;
    case G.OpRotL: {
      const c = small(f, f.arg(v, 1));
      if (Number.isNaN(c)) become(l, v, A.AROL, [f.arg(v, 0), f.arg(v, 1)]);
      else if ((c & (8 * typeSize(type) - 1)) === 0)
        become(l, v, type === TypeI32 ? A.AMOVZX : A.AMOV, [f.arg(v, 0)], type === TypeI32 ? 4 : 0);
      else become(l, v, A.AROLI, [f.arg(v, 0)], c & (8 * typeSize(type) - 1));
      break;
    }
    case G.OpMulHi:
      lowerMulHigh(l, v, true);
      break;
    case G.OpUMulHi:
      lowerMulHigh(l, v, false);
      break;
    case G.OpUMulLoHi:
      become(l, v, A.AMUL2, [f.arg(v, 0), f.arg(v, 1)]);
      break;
    case G.OpAddCarry:
      become(l, v, A.AADC, [f.arg(v, 0), f.arg(v, 1), f.arg(v, 2)]);
      break;
    case G.OpSubBorrow:
      become(l, v, A.ASBB, [f.arg(v, 0), f.arg(v, 1), f.arg(v, 2)]);
      break;
    case G.OpUDiv128:
      become(l, v, A.ADIV128, [f.arg(v, 0), f.arg(v, 1), f.arg(v, 2)]);
      break;
    case G.OpCtz: {
      const x = f.arg(v, 0);
      const size = typeSize(f.type[x]);
      if (size === 8) become(l, v, A.ACTZ64, [x]);
      else become(l, v, A.ACTZ, [x], 8 * size);
      break;
    }
    case G.OpBitLen: {
      const x = f.arg(v, 0);
      if (typeSize(f.type[x]) === 8) become(l, v, A.ABITLEN64, [x]);
      else {
        const wide = generic(l, G.OpZeroExt, TypeI64, [x]);
        const s = strip(f, wide);
        const twice = l.before(A.ALEA, TypeI64, [s, s]);
        f.auxLo[twice] = 1;
        become(l, v, A.ABSR, [twice]);
      }
      break;
    }
    case G.OpPopCount:
      lowerPopCount(l, v);
      break;
    case G.OpByteSwap:
      lowerByteSwap(l, v);
      break;
    case G.OpBitReverse:
      lowerBitReverse(l, v);
      break;
    case G.OpCopy:
    case G.OpTrunc:
    case G.OpPtrToInt:
    case G.OpIntToPtr:
    case G.OpPtrBits:
    case G.OpFRound:
      become(l, v, A.AMOV, [f.arg(v, 0)]);
      break;
    case G.OpSignExt:
      lowerExtend(l, v, true);
      break;
    case G.OpZeroExt:
      lowerExtend(l, v, false);
      break;
    case G.OpIntToFloat: {
      let x = f.arg(v, 0);
      let size = typeSize(f.type[x]);
      if (size < 4) {
        x = generic(l, G.OpSignExt, TypeI32, [x]);
        size = 4;
      }
      become(l, v, A.ACVTIF, [x]);
      f.aux[v] = size;
      break;
    }
    case G.OpUIntToFloat: {
      const x = f.arg(v, 0);
      if (typeSize(f.type[x]) === 8) become(l, v, A.ACVTUF, [x]);
      else {
        become(l, v, A.ACVTIF, [generic(l, G.OpZeroExt, TypeI64, [x])]);
        f.aux[v] = 8;
      }
      break;
    }
    case G.OpFloatToInt: {
      const from = f.type[f.arg(v, 0)];
      become(l, v, A.ACVTFI, [f.arg(v, 0)]);
      f.aux[v] = from === TypeF32 ? 4 : 8;
      break;
    }
    case G.OpFloatToUInt: {
      const x = f.arg(v, 0);
      const from = f.type[x] === TypeF32 ? 4 : 8;
      if (type === TypeI64) {
        become(l, v, A.ACVTFU, [x]);
        f.aux[v] = from;
      } else {
        const wide = make(l, A.ACVTFI, TypeI64, [x]);
        f.aux[wide] = from;
        become(l, v, A.AMOV, [wide]);
      }
      break;
    }
    case G.OpFloatExt:
    case G.OpFloatTrunc:
      become(l, v, A.ACVTFF, [f.arg(v, 0)]);
      break;
    case G.OpBitsToFloat:
    case G.OpFloatToBits: {
      const x = f.arg(v, 0);
      if (f.op[x] === G.OpLoad && l.canMerge(x)) {
        const a = loadAddress(l, x);
        const args: Value[] = [];
        a.push(args);
        become(l, v, A.ALOAD, args);
        a.set(f, v, kindOf(type));
      } else become(l, v, isFloat(type) ? A.AMOVIF : A.AMOVFI, [x]);
      break;
    }
    case G.OpFAdd:
      floatBinary(l, v, A.AFADD, A.AFADDM, true);
      break;
    case G.OpFSub:
      floatBinary(l, v, A.AFSUB, A.AFSUBM, false);
      break;
    case G.OpFMul:
      floatBinary(l, v, A.AFMUL, A.AFMULM, true);
      break;
    case G.OpFDiv:
      floatBinary(l, v, A.AFDIV, A.AFDIVM, false);
      break;
    case G.OpFNeg:
      become(l, v, A.AFXOR, [f.arg(v, 0), floatConst(l, type, signBit(type))]);
      break;
    case G.OpFAbs:
      become(l, v, A.AFAND, [f.arg(v, 0), floatConst(l, type, magnitude(type))]);
      break;
    case G.OpFCopysign: {
      const x = make(l, A.AFAND, type, [f.arg(v, 0), floatConst(l, type, magnitude(type))]);
      const y = make(l, A.AFAND, type, [f.arg(v, 1), floatConst(l, type, signBit(type))]);
      become(l, v, A.AFOR, [x, y]);
      break;
    }
    case G.OpFSqrt:
      become(l, v, A.AFSQRT, [f.arg(v, 0)]);
      break;
    case G.OpFFloor:
      become(l, v, A.AROUND, [f.arg(v, 0)], 9);
      break;
    case G.OpFCeil:
      become(l, v, A.AROUND, [f.arg(v, 0)], 10);
      break;
    case G.OpFTrunc:
      become(l, v, A.AROUND, [f.arg(v, 0)], 11);
      break;
    case G.OpFRoundEven:
      become(l, v, A.AROUND, [f.arg(v, 0)], 8);
      break;
    case G.OpFMA:
      become(l, v, A.AFMA, [f.arg(v, 2), f.arg(v, 0), f.arg(v, 1)]);
      break;
    case G.OpFMin: {
      // minsd gives its second operand when the operands are equal or unordered; or-ing both orders settles zeros and NaNs.
      const t = make(l, A.AFMIN1, type, [f.arg(v, 0), f.arg(v, 1)]);
      const u = make(l, A.AFMIN1, type, [t, f.arg(v, 0)]);
      become(l, v, A.AFOR, [u, t]);
      break;
    }
    case G.OpFMax: {
      const sign = (): Value => floatConst(l, type, signBit(type));
      const x = make(l, A.AFXOR, type, [f.arg(v, 0), sign()]);
      const y = make(l, A.AFXOR, type, [f.arg(v, 1), sign()]);
      const t = make(l, A.AFMIN1, type, [x, y]);
      const u = make(l, A.AFMIN1, type, [t, x]);
      become(l, v, A.AFXOR, [make(l, A.AFOR, type, [u, t]), sign()]);
      break;
    }
    case G.OpEq:
    case G.OpNe:
    case G.OpLt:
    case G.OpLe:
    case G.OpULt:
    case G.OpULe:
    case G.OpFEq:
    case G.OpFNe:
    case G.OpFLt:
    case G.OpFLe: {
      const [flags, cc] = compare(l, v, true);
      become(l, v, A.ASETCC, [flags]);
      fixCc(f, v, cc);
      break;
    }
    case A.APOLL: {
      const [flags, cc] = flagsOf(l, v);
      become(l, v, A.ASETCC, [flags]);
      fixCc(f, v, cc);
      break;
    }
    case G.OpCondSelect:
      lowerSelect(l, v);
      break;
    case G.OpAddPtr:
    case G.OpOffPtr: {
      const a = new Address(f, v, 0, f.block[v]);
      if (a.base === v) {
        // A displacement that fits no instruction.
        if (f.op[v] === G.OpOffPtr) become(l, v, A.AADD, [f.arg(v, 0), big(l, TypeI64, f.auxBig(v))]);
        else become(l, v, A.AADD, [f.arg(v, 0), f.arg(v, 1)]);
        break;
      }
      const args: Value[] = [];
      a.push(args);
      become(l, v, A.ALEA, args);
      a.set(f, v, 0);
      break;
    }
    case G.OpSubPtr:
      become(l, v, A.ASUB, [f.arg(v, 0), f.arg(v, 1)]);
      break;
    case G.OpNilCheck:
      become(l, v, A.ANILCHK, [f.arg(v, 0)]);
      f.type[v] = TypeVoid;
      break;
    case G.OpLoad: {
      const a = loadAddress(l, v);
      const args: Value[] = [];
      a.push(args);
      become(l, v, A.ALOAD, args);
      a.set(f, v, kindOf(type));
      break;
    }
    case G.OpStore:
      lowerStore(l, v);
      break;
    case G.OpZero: {
      const size = f.auxInt(v);
      const a = new Address(f, f.arg(v, 0), 0, f.block[v]);
      const args: Value[] = [];
      a.push(args);
      become(l, v, A.AZEROB, args);
      a.set(f, v, 0);
      f.aux[v] = size;
      break;
    }
    case G.OpMove: {
      const size = f.auxInt(v);
      const to = constantOffset(f, f.arg(v, 0));
      const from = constantOffset(f, f.arg(v, 1));
      become(l, v, A.AMOVEB, [to[0], from[0]]);
      f.auxLo[v] = to[1];
      f.auxHi[v] = from[1];
      f.aux[v] = size;
      break;
    }
    case G.OpPrefetch: {
      const a = new Address(f, f.arg(v, 0), 0, f.block[v]);
      const args: Value[] = [];
      a.push(args);
      become(l, v, A.APREFETCH, args);
      a.set(f, v, 0);
      break;
    }
    case G.OpSpin:
      become(l, v, A.APAUSE, []);
      break;
    case G.OpAtomicLoad: {
      const width = f.auxInt(v);
      const a = new Address(f, f.arg(v, 0), 0, f.block[v]);
      const args: Value[] = [];
      a.push(args);
      become(l, v, A.AALOAD, args);
      a.set(f, v, width === 1 ? KindZ8 : width === 2 ? KindZ16 : width === 4 ? Kind32 : Kind64);
      break;
    }
    case G.OpAtomicStore:
    case G.OpAtomicExchange:
      lowerAtomic(l, v, A.AXCHG);
      break;
    case G.OpAtomicAdd:
      lowerAtomic(l, v, A.AXADD);
      break;
    case G.OpAtomicAnd:
      lowerAtomic(l, v, l.selected(v) ? A.AANDLOOP : A.ALOCKAND);
      break;
    case G.OpAtomicOr:
      lowerAtomic(l, v, l.selected(v) ? A.AORLOOP : A.ALOCKOR);
      break;
    case G.OpAtomicCas:
      lowerAtomic(l, v, A.ACMPXCHG);
      break;
    default:
      throw new Error(`${f.name}: amd64 has no code for ${A.opNames[f.op[v]] ?? f.op[v]}`);
  }
}

/** The kinds of block that need a machine form: If and Jump. */
export function lowerIf(l: LoweringContext, b: Block): void {
  const [flags, cc] = flagsOf(l, b.controls[0]);
  l.f.setControl(b, 0, flags);
  b.kind = BlockCc;
  b.aux = cc;
}

export function lowerJump(l: LoweringContext, b: Block): void {
  const target = make(l, A.AJMPTAB, TypeI64, [b.controls[0]]);
  l.f.aux[target] = b.id;
  l.f.setControl(b, 0, target);
  b.kind = BlockJumpTo;
}
