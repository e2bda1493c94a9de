// amd64 as a target: the record that src/codegen works with.

import type { Block, Func, Value } from "../../ssa/func.ts";
import { FirstArchOp, OpArgAddr, OpConst, OpConstF, OpGetG, OpOutArgAddr, OpSlotAddr, OpSymAddr } from "../../ssa/ops.gen.ts";
import type { Symbols } from "../../ssa/symbol.ts";
import { AttrTie, type Constraints, type Emitter, type LoweringContext, type Target } from "../../ssa/target.ts";
import { TypeF32, TypeF64, TypeI8, TypeV128, typeSize } from "../../ssa/types.ts";
import { closureRegister, floatArguments, floatMask, integerArguments, integerMask } from "./abi.ts";
import { Amd64Emitter } from "./emit.ts";
import { CcEqF, negated } from "./kinds.ts";
import { lowerIf, lowerJump, lowerValue } from "./lower.ts";
import { strip } from "./pattern.ts";
import { BlockIf } from "../../ssa/func.ts";
import {
  AADC,
  AADD,
  AALOAD,
  AAND,
  AANDLOOP,
  ABITLEN64,
  ACMP,
  ACMPXCHG,
  ACTZ64,
  ACVTFU,
  ACVTUF,
  ADIV128,
  ADIVS,
  ADIVU,
  AFADD,
  AFDIV,
  AFMUL,
  AFSUB,
  AIMUL,
  AIMULH,
  AJMPTAB,
  ALEA,
  AMODS,
  AMODU,
  AMOVEB,
  AMUL2,
  ANILCHK,
  AOR,
  AORLOOP,
  APOLL,
  AROL,
  ASAR,
  ASBB,
  ASETCC,
  ASHL,
  ASHR,
  ASTORE,
  ASTOREI,
  ASUB,
  AUCOMI,
  AUMULH,
  AXADD,
  AXCHG,
  AXOR,
  AZEROB,
  opAttributes,
  opAux,
  opAuxInt,
  opNames,
  opWords,
} from "./ops.gen.ts";
import { CarryIn, CarryOut, carryChains } from "./carry.ts";
import { nilChecks } from "./nilcheck.ts";
import { AX, CX, DX } from "./regs.ts";

const bit = (r: number): number => 1 << r;

/** By op: the arguments that are bases of memory operands, as bits. */
const memoryBases = new Int32Array(opNames.length);
const attributes = new Int32Array(opNames.length);
/** By op: operand << 8 | register for an operand in a fixed register. */
const fixedInputs = new Int32Array(opNames.length).fill(-1);
for (let i = 0; i < opNames.length; i++) {
  const words = opWords[i];
  attributes[i] = opAttributes[i] | (words.includes("tie") ? AttrTie : 0);
  for (const w of words) if (/^mem\d$/.test(w)) memoryBases[i] |= 1 << Number(w.slice(3));
}
for (const op of [ASHL, ASHR, ASAR, AROL]) fixedInputs[op - FirstArchOp] = (1 << 8) | CX;
for (const op of [AUMULH, AIMULH, AMUL2, ADIVS, ADIVU, AMODS, AMODU, ACMPXCHG]) fixedInputs[op - FirstArchOp] = AX;

/** Whether an address that is the base of a memory operand needs no register. */
function folds(f: Func, base: Value, indexed: boolean): boolean {
  switch (f.op[base]) {
    case OpSlotAddr:
    case OpArgAddr:
    case OpOutArgAddr:
    case OpGetG:
      return true;
    case OpSymAddr:
      return !indexed;
    default:
      return false;
  }
}

const isFloatType = (type: number): boolean => type === TypeF32 || type === TypeF64 || type === TypeV128;

function constraints(f: Func, v: Value, c: Constraints): void {
  const op = f.op[v];
  const start = f.argStart[v];
  const count = f.argCount[v];
  const bases = op >= FirstArchOp ? memoryBases[op - FirstArchOp] : 0;
  for (let i = 0; i < count; i++) {
    const a = f.pool[start + i] as Value;
    const type = f.type[a];
    if (type < TypeI8) c.inputs[i] = 0;
    else if ((bases & (1 << i)) !== 0 && folds(f, a, op !== AMOVEB && i + 1 < count)) c.inputs[i] = 0;
    else c.inputs[i] = isFloatType(type) ? floatMask : integerMask;
  }
  const type = f.type[v];
  if (type >= TypeI8) c.output = isFloatType(type) ? floatMask : integerMask;
  if (op < FirstArchOp) return;
  if ((attributes[op - FirstArchOp] & AttrTie) !== 0) c.tie = 0;
  switch (op) {
    case ASHL:
    case ASHR:
    case ASAR:
    case AROL:
      // The shifted value must not be where the count goes.
      c.inputs[0] = integerMask & ~bit(CX);
      c.inputs[1] = bit(CX);
      c.output = integerMask & ~bit(CX);
      break;
    case AUMULH:
    case AIMULH:
      c.inputs[0] = bit(AX);
      c.inputs[1] = integerMask & ~bit(DX);
      c.output = bit(DX);
      c.clobbers = bit(AX);
      break;
    case AMUL2:
      c.inputs[0] = bit(AX);
      c.output = bit(DX);
      c.output2 = bit(AX);
      break;
    case ADIVS:
    case ADIVU:
      c.inputs[0] = bit(AX);
      c.inputs[1] = integerMask & ~bit(AX) & ~bit(DX);
      c.output = bit(AX);
      c.clobbers = bit(DX);
      break;
    case AMODS:
    case AMODU:
      c.inputs[0] = bit(AX);
      c.inputs[1] = integerMask & ~bit(AX) & ~bit(DX);
      c.output = bit(DX);
      c.clobbers = bit(AX);
      break;
    case ADIV128:
      c.inputs[0] = bit(DX);
      c.inputs[1] = bit(AX);
      c.inputs[2] = integerMask & ~bit(AX) & ~bit(DX);
      c.output = bit(AX);
      c.output2 = bit(DX);
      break;
    case AADC:
    case ASBB:
      if (f.op[f.pool[start + 2]] === OpConst || (f.aux[v] & CarryIn) !== 0) c.inputs[2] = 0;
      c.output = integerMask;
      if ((f.aux[v] & CarryOut) === 0) c.output2 = integerMask;
      break;
    case AFADD:
    case AFSUB:
    case AFMUL:
    case AFDIV:
    case AUCOMI:
      // Constants are operands in memory; zero is not, making it in a register is shorter.
      if (isLiteral(f, f.pool[start + 1] as Value)) c.inputs[1] = 0;
      break;
    case ASETCC:
      if (f.auxLo[v] >= CcEqF) c.temp = integerMask;
      break;
    case ACTZ64:
    case ABITLEN64:
      c.temp = integerMask;
      break;
    case ACVTUF:
      c.temp = integerMask;
      break;
    case ACVTFU:
      c.temp = floatMask;
      break;
    case AJMPTAB:
      c.temp = integerMask;
      c.early = true;
      break;
    case AALOAD:
      c.output = integerMask;
      break;
    case AXCHG:
      c.tie = 0;
      c.output = integerMask;
      break;
    case AXADD:
      c.tie = 0;
      c.output = integerMask;
      c.temp = integerMask;
      break;
    case ACMPXCHG:
      c.inputs[0] = bit(AX);
      for (let i = 1; i < count; i++) if (c.inputs[i] !== 0) c.inputs[i] &= ~bit(AX);
      c.output = bit(AX);
      break;
    case AANDLOOP:
    case AORLOOP:
      for (let i = 0; i < count; i++) if (c.inputs[i] !== 0) c.inputs[i] &= ~bit(AX);
      c.output = bit(AX);
      c.temp = integerMask & ~bit(AX);
      break;
    case AMOVEB:
      c.temp = f.aux[v] < 4 ? integerMask : floatMask;
      break;
    case ANILCHK:
      // An address in the frame or of data is never nil, but a check of one is harmless.
      c.inputs[0] = integerMask;
      break;
  }
}

/** Second operands of plain arithmetic and compares, if the whole width that is read was stored. */
function readsSpill(f: Func, v: Value, i: number): boolean {
  if (i !== 1) return false;
  const size = typeSize(f.type[f.arg(v, 1)]);
  switch (f.op[v]) {
    case AADD:
    case ASUB:
    case AAND:
    case AOR:
    case AXOR:
    case AIMUL:
      return size >= typeSize(f.type[v]);
    case ACMP:
      return size >= f.aux[v];
    case AFADD:
    case AFSUB:
    case AFMUL:
    case AFDIV:
    case AUCOMI:
      return true;
    default:
      return false;
  }
}

/** A float constant other than zero. */
function isLiteral(f: Func, v: Value): boolean {
  return f.op[v] === OpConstF && (f.auxLo[v] !== 0 || (f.type[v] === TypeF64 && f.auxHi[v] !== 0));
}

function slotWrite(f: Func, v: Value, out: Int32Array): boolean {
  const op = f.op[v];
  const at = op === ASTORE ? 1 : 0;
  if (op !== ASTORE && op !== ASTOREI && op !== AZEROB && op !== AMOVEB) return false;
  const base = f.arg(v, at);
  if (f.op[base] !== OpSlotAddr || (op !== AMOVEB && f.argCount[v] !== at + 1)) return false;
  out[0] = f.aux[base];
  out[1] = f.auxInt(base) + f.auxLo[v];
  const size = op === AZEROB || op === AMOVEB ? f.aux[v] : accessSizes[f.auxHi[v] & 15];
  out[2] = out[1] + size;
  return true;
}

/** Bytes of each kind of access. */
const accessSizes: readonly number[] = [1, 2, 4, 8, 1, 2, 4, 4, 8];

/** The target record of amd64. */
export const amd64: Target = {
  name: "amd64",
  registers: { integers: integerArguments.length, floats: floatArguments.length },
  registerNames: [
    "ax",
    "cx",
    "dx",
    "bx",
    "sp",
    "bp",
    "si",
    "di",
    "r8",
    "r9",
    "r10",
    "r11",
    "r12",
    "r13",
    "r14",
    "r15",
    ...Array.from({ length: 16 }, (_, i) => `x${i}`),
  ],
  integerArguments,
  floatArguments,
  closureRegister,
  integerMask,
  floatMask,
  floatScratch: 31,
  names: { opNames, opAux, opAuxInt, blockNames: ["Cc", "JumpTo"] },
  maxInlineBlock: 128,
  pollOp: APOLL,
  slotWrite,
  isMemoryBase: (op, i) => op >= FirstArchOp && op !== ALEA && (memoryBases[op - FirstArchOp] & (1 << i)) !== 0,
  readsSpill,
  attributes,
  fixedInput(op: number): number {
    return op >= FirstArchOp ? fixedInputs[op - FirstArchOp] : -1;
  },
  branchSize(condition: number, long: boolean): number {
    return long ? (condition < 0 ? 5 : 6) : 2;
  },
  branchReaches(distance: number): boolean {
    return distance >= -128 && distance <= 127;
  },
  writeBranch(bytes: Uint8Array, at: number, condition: number, distance: number, long: boolean): void {
    if (!long) {
      bytes[at] = condition < 0 ? 0xeb : 0x70 | condition;
      bytes[at + 1] = distance;
      return;
    }
    let p = at;
    if (condition < 0) bytes[p++] = 0xe9;
    else {
      bytes[p++] = 0x0f;
      bytes[p++] = 0x80 | condition;
    }
    bytes[p] = distance;
    bytes[p + 1] = distance >> 8;
    bytes[p + 2] = distance >> 16;
    bytes[p + 3] = distance >> 24;
  },
  negate: negated,
  strip,
  lowerValue,
  lowerBlock(l: LoweringContext, b: Block): void {
    if (b.kind === BlockIf) lowerIf(l, b);
    else lowerJump(l, b);
  },
  afterLowering(f: Func): void {
    nilChecks(f);
    carryChains(f);
  },
  leavesFlags: (f, v) => f.op[v] >= FirstArchOp && (f.op[v] === AADC || f.op[v] === ASBB) && (f.aux[v] & CarryOut) !== 0,
  takesFlags: (f, v) => f.op[v] >= FirstArchOp && (f.op[v] === AADC || f.op[v] === ASBB) && (f.aux[v] & CarryIn) !== 0,
  constraints,
  newEmitter(symbols: Symbols): Emitter {
    return new Amd64Emitter(symbols);
  },
};
