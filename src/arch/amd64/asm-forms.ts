// From an assembler instruction with its operands to bytes: operands are classified, the first form of the instruction's table
// that takes these classes is chosen, and the encoder writes it.

import {
  type Addr,
  AddrAddr,
  AddrConst,
  AddrIndirect,
  AddrList,
  AddrMem,
  AddrReg,
  type AsmContext,
  NameAuto,
  NameExtern,
  NameNone,
  NameParam,
  NameStatic,
  NoReg,
  type Prog,
} from "../asm.ts";
import { AL, encoderRegister, GDTR, IDTR, LDTR, MSW, TASK, TLS, TR0, Y0, Z0 } from "./asm-regs.ts";
import {
  ByteRegBit,
  ByteRmBit,
  type CodeBuffer,
  DigitShift,
  encodeBare,
  encodeMem,
  encodeOpReg,
  encodeRegs,
  immBytes,
  ImmShift,
  KindShift,
  Mem,
  OpRegBit,
  WBit,
} from "./encode.ts";
import { encodeEvex, type EvexOptions } from "./encode-evex.ts";
import { formData, formPatterns, formStarts } from "./forms.gen.ts";
import { LEAL } from "./inst.gen.ts";
import { AH, CR0, DR0, ES, F0, K0, M0, SP, X0 } from "./regs.ts";

// Bits of a form's extra word.
const unitMask = 7;
const broadcastShift = 4;
const zeroingBit = 1 << 6;
const roundingBit = 1 << 7;
const saeBit = 1 << 8;
const literalBit = 1 << 16;
const is4Bit = 1 << 18;

/** Names of operand classes: those that operands have, and those that patterns ask for. */
const classNames = (
  "none i0 i1 u2 u7 u8 s8 s32 i32 i64 addr al cl ax cx rx rb r f0 rf mr x0 x xe y ye z k0 kn m vx vxe vy vye vz tls " +
  "es cs ss ds fs gs cr0 cr1 cr2 cr3 cr4 cr5 cr6 cr7 cr8 dr0 dr1 dr2 dr3 dr4 dr5 dr6 dr7 tr0 tr1 tr2 tr3 tr4 tr5 tr6 tr7 " +
  "gdtr idtr ldtr msw task indir br xe4 ye4 ze4 mb ml mm xm ym xme yme zm k km"
).split(" ");

const classCount = 128;
const classIds = new Map(classNames.map((name, i) => [name, i]));
const id = (name: string): number => {
  const n = classIds.get(name);
  if (n === undefined) throw new Error(`operand class ${name}`);
  return n;
};

/** What each class of a pattern takes besides itself. */
const covers: Readonly<Record<string, string>> = {
  u2: "i0 i1",
  s8: "i0 i1 u2 u7",
  u7: "i0 i1 u2",
  u8: "i0 i1 u2 u7",
  s32: "i0 i1 u2 u7 u8 s8",
  i32: "i0 i1 u2 u7 u8 s8 s32",
  i64: "i0 i1 u2 u7 u8 s8 s32 i32",
  rb: "al cl ax cx rx r",
  cx: "cl",
  rx: "ax cx",
  r: "ax cx rx",
  rf: "f0",
  mb: "al cl ax cx rx rb r m",
  ml: "ax cx rx r m",
  mm: "ax cx rx r m mr",
  x: "x0",
  xm: "m x0 x",
  ym: "m y",
  xe: "x0 x",
  xme: "m x0 x xe",
  ye: "y",
  yme: "m y ye",
  zm: "m z",
  k: "k0 kn",
  km: "k0 kn m",
  vxe: "vx",
  vye: "vy",
};

const takes = /* @__PURE__ */ makeCovers();

function makeCovers(): Uint8Array {
  const table = new Uint8Array(classCount * classCount);
  for (let i = 0; i < classNames.length; i++) table[i * classCount + i] = 1;
  for (const [pattern, list] of Object.entries(covers)) {
    for (const name of list.split(" ")) table[id(pattern) * classCount + id(name)] = 1;
  }
  return table;
}

const classI0 = id("i0");
const classI1 = id("i1");
const classU2 = id("u2");
const classU7 = id("u7");
const classU8 = id("u8");
const classS8 = id("s8");
const classS32 = id("s32");
const classI32 = id("i32");
const classI64 = id("i64");
const classAddr = id("addr");
const classMem = id("m");
const classIndirect = id("indir");
const classVx = id("vx");
const classVxe = id("vxe");
const classVy = id("vy");
const classVye = id("vye");
const classVz = id("vz");

const registerClasses = /* @__PURE__ */ makeRegisterClasses();

function makeRegisterClasses(): Uint8Array {
  const table = new Uint8Array(300);
  const set = (from: number, count: number, name: string) => table.fill(id(name), from, from + count);
  set(0, 16, "r");
  set(0, 1, "ax");
  set(1, 1, "cx");
  set(2, 2, "rx");
  set(AL, 16, "rb");
  set(AL, 1, "al");
  set(AL + 1, 1, "cl");
  set(AL + 4, 1, "none"); // spl has no class
  set(AH, 4, "rb");
  set(F0, 8, "rf");
  set(F0, 1, "f0");
  set(M0, 8, "mr");
  set(X0, 16, "x");
  set(X0, 1, "x0");
  set(X0 + 16, 16, "xe");
  set(Y0, 16, "y");
  set(Y0 + 16, 16, "ye");
  set(Z0, 32, "z");
  set(K0, 8, "kn");
  set(K0, 1, "k0");
  ["es", "cs", "ss", "ds", "fs", "gs"].forEach((name, i) => {
    set(ES + i, 1, name);
  });
  for (let i = 0; i <= 8; i++) set(CR0 + i, 1, `cr${i}`);
  for (let i = 0; i < 8; i++) {
    set(DR0 + i, 1, `dr${i}`);
    set(TR0 + i, 1, `tr${i}`);
  }
  set(GDTR, 1, "gdtr");
  set(IDTR, 1, "idtr");
  set(LDTR, 1, "ldtr");
  set(MSW, 1, "msw");
  set(TASK, 1, "task");
  set(TLS, 1, "tls");
  return table;
}

const isVector = (reg: number, base: number) => reg >= base && reg < base + 32;

/** The class of an operand; 0: no instruction takes such an operand. */
function classify(a: Addr): number {
  switch (a.type) {
    case AddrReg:
      return a.reg >= 0 && a.reg < registerClasses.length ? (registerClasses[a.reg] as number) : 0;
    case AddrMem: {
      if (a.index === SP || a.index < NoReg) return 0;
      if (isVector(a.index, X0)) return a.index < X0 + 16 ? classVx : classVxe;
      if (isVector(a.index, Y0)) return a.index < Y0 + 16 ? classVy : classVye;
      if (isVector(a.index, Z0)) return classVz;
      if (a.name === NameExtern || a.name === NameStatic) {
        if (a.reg !== NoReg || a.index !== NoReg || a.scale !== 0) return 0;
      } else if (a.name === NameAuto || a.name === NameParam) {
        if (a.reg !== SP && a.reg !== NoReg) return 0;
      }
      return classMem;
    }
    case AddrAddr:
      if (a.name !== NameNone) return classAddr;
      return classifyConstant(a.high, a.low);
    case AddrConst:
      return classifyConstant(a.high, a.low);
    case AddrIndirect:
      return a.name !== NameNone && a.reg === NoReg && a.index === NoReg ? classIndirect : 0;
    case AddrList: {
      const low = encoderRegister(a.reg);
      const high = encoderRegister(a.last);
      if (high - low !== 3) return 0;
      for (const [base, name] of [
        [X0, "xe4"],
        [Y0, "ye4"],
        [Z0, "ze4"],
      ] as const) {
        if (isVector(a.reg, base) && isVector(a.last, base)) return id(name);
      }
      return 0;
    }
  }
  return 0;
}

function classifyConstant(high: number, low: number): number {
  if (high === 0) {
    if (low === 0) return classI0;
    if (low === 1) return classI1;
    if (low > 0) {
      if (low <= 3) return classU2;
      if (low <= 127) return classU7;
      if (low <= 255) return classU8;
      return classS32;
    }
    return classI32;
  }
  if (high === -1 && low < 0) return low >= -128 ? classS8 : classS32;
  return classI64;
}

const roleCodes = "rmvkoihb-";
const RoleReg = 0;
const RoleRm = 1;
const RoleV = 2;
const RoleMask = 3;
const RoleOpcode = 4;
const RoleImm = 5;
const RoleHigh = 6;
const RoleBoth = 7;

/** A pattern of operands, ready to compare with. */
interface Pattern {
  readonly classes: readonly number[];
  readonly roles: readonly number[];
}

/** Patterns by number; those with an optional mask are two. Made when first needed, kept by whoever assembles. */
export class FormTable {
  private readonly patterns: (readonly Pattern[] | null)[] = formPatterns.map(() => null);

  pattern(index: number): readonly Pattern[] {
    const known = this.patterns[index] as readonly Pattern[] | null;
    if (known !== null) return known;
    const text = formPatterns[index] as string;
    const items = text === "" ? [] : text.split(" ").map((item) => item.split(".") as [string, string]);
    const make = (list: readonly [string, string][]): Pattern => ({
      classes: list.map(([name]) => id(name === "k?" ? "kn" : name)),
      roles: list.map(([, role]) => roleCodes.indexOf(role)),
    });
    const made = items.some(([name]) => name === "k?") ? [make(items.filter(([name]) => name !== "k?")), make(items)] : [make(items)];
    this.patterns[index] = made;
    return made;
  }
}

/** Suffixes of EVEX instructions, in the order in which they may be combined. */
const suffixes = new Set("Z SAE SAE.Z RN_SAE RZ_SAE RD_SAE RU_SAE RN_SAE.Z RZ_SAE.Z RD_SAE.Z RU_SAE.Z BCST BCST.Z".split(" "));
const roundings = ["RN_SAE", "RD_SAE", "RU_SAE", "RZ_SAE", "SAE"];

/** What is wrong with an instruction's suffixes; null: nothing. */
export function checkSuffix(suffix: string): string | null {
  const text = suffix.slice(1);
  if (suffixes.has(text)) return null;
  const seen = new Set<string>();
  const unknown = new Set<string>();
  const problems: string[] = [];
  const parts = text.split(".");
  parts.forEach((part, i) => {
    if (part === "Z") {
      if (i !== parts.length - 1) problems.push("Z suffix should be the last");
    } else if (part !== "BCST" && !roundings.includes(part)) {
      if (!unknown.has(part)) problems.push(`unknown suffix ${JSON.stringify(part)}`);
      unknown.add(part);
    }
    if (seen.has(part)) problems.push(`duplicate suffix ${JSON.stringify(part)}`);
    seen.add(part);
  });
  if (seen.has("BCST") && roundings.some((r) => seen.has(r))) problems.push("can't combine rounding/SAE and broadcast");
  return problems.length === 0 ? "bad suffix combination" : problems.join("; ");
}

const gathers = /^VP?GATHER[DQ](PD|PS|D|Q)$/;

/** Writes instructions of one function. */
export class FormEncoder {
  private readonly table: FormTable;
  private readonly buf: CodeBuffer;
  private readonly context: AsmContext;
  private readonly mem = new Mem();
  private readonly evex: EvexOptions = { mask: 0, zeroing: false, broadcast: false, rounding: -1 };
  private readonly classes = new Int32Array(8);

  constructor(table: FormTable, buf: CodeBuffer, context: AsmContext) {
    this.table = table;
    this.buf = buf;
    this.context = context;
  }

  /** Writes one instruction; null when that worked, else what to complain about ("" for an instruction that can't be). */
  encode(prog: Prog): string | null {
    const args = prog.args;
    const n = args.length;
    const inst = prog.inst;
    for (let i = 0; i < n; i++) {
      const c = classify(args[i] as Addr);
      if (c === 0) return "";
      this.classes[i] = c;
    }
    if (gathers.test(prog.word)) {
      const problem = this.checkGather(args);
      if (problem !== null) return problem;
    }
    const end = formStarts[inst + 1] as number;
    for (let f = formStarts[inst] as number; f < end; f++) {
      const code = formData[3 * f + 1] as number;
      if (prog.suffix !== "" && ((code >> KindShift) & 3) !== 2) continue;
      const patterns = this.table.pattern(formData[3 * f] as number);
      for (let k = 0; k < patterns.length; k++) {
        const pattern = patterns[k] as Pattern;
        if (pattern.classes.length !== n) continue;
        let fits = true;
        for (let i = 0; i < n && fits; i++) {
          fits = takes[(pattern.classes[i] as number) * classCount + (this.classes[i] as number)] === 1;
        }
        if (fits) return this.write(prog, pattern, code, formData[3 * f + 2] as number);
      }
    }
    return "";
  }

  /** Is an operand one that instructions can read and write memory with? */
  isMemory(a: Addr): boolean {
    return classify(a) === classMem;
  }

  /** The memory operand of an instruction as the encoder takes it. */
  memory(a: Addr, isCode: boolean): Mem {
    const m = this.mem;
    m.wide = false;
    if (a.name === NameExtern || a.name === NameStatic) return m.symbol(this.context.symbolOf(a, isCode), a.low);
    let base = a.reg;
    let index = a.index;
    if (a.name === NameAuto || a.name === NameParam) base = SP;
    let segment = 0;
    const segments = [0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65];
    if (base === TLS) return m.fs(a.low - 8);
    if (base >= ES && base < ES + 6) {
      segment = segments[base - ES] as number;
      base = -1;
    }
    if (index >= ES && index < ES + 6) {
      segment = segments[index - ES] as number;
      index = -1;
    }
    const shift = a.scale === 8 ? 3 : a.scale === 4 ? 2 : a.scale === 2 ? 1 : 0;
    m.indexed(base, index < 0 ? -1 : encoderRegister(index), shift, a.low);
    m.segment = segment;
    return m;
  }

  private checkGather(args: readonly Addr[]): string | null {
    if (args.length < 3) return "need a third arg for gather instruction";
    const number = (reg: number) => encoderRegister(reg) - X0;
    const [from, third, to] = [args[0] as Addr, args[1] as Addr, args[2] as Addr];
    if (third.type === AddrReg && third.reg >= K0 && third.reg < K0 + 8) {
      return number(from.index) === number(to.reg) ? "index and destination registers should be distinct" : null;
    }
    const index = number(third.index);
    const mask = number(from.reg);
    const dest = number(to.reg);
    if (dest === mask || dest === index || mask === index) {
      return "mask, index, and destination registers should be distinct";
    }
    return null;
  }

  private write(prog: Prog, pattern: Pattern, form: number, extra: number): string | null {
    const buf = this.buf;
    if ((extra & literalBit) !== 0) {
      buf.room(4);
      for (let rest = form; rest !== 0; rest >>>= 8) buf.bytes[buf.pos++] = rest;
      return null;
    }
    let code = form;
    let reg = 0;
    let v = -1;
    let mask = -1;
    let rm: Addr | null = null;
    let imm: Addr | null = null;
    let high = -1;
    let opcodeReg = -1;
    for (let i = 0; i < pattern.roles.length; i++) {
      const a = prog.args[i] as Addr;
      switch (pattern.roles[i]) {
        case RoleReg:
          reg = encoderRegister(a.reg);
          if (a.reg >= AL && a.reg < AL + 16) code |= ByteRegBit;
          break;
        case RoleRm:
          rm = a;
          if (a.type === AddrReg && a.reg >= AL && a.reg < AL + 16) code |= ByteRmBit;
          break;
        case RoleV:
          v = encoderRegister(a.reg);
          break;
        case RoleMask:
          mask = a.reg - K0;
          break;
        case RoleOpcode:
          opcodeReg = encoderRegister(a.reg);
          if (a.reg >= AL && a.reg < AL + 16) code |= ByteRmBit;
          break;
        case RoleImm:
          imm = a;
          break;
        case RoleHigh:
          high = encoderRegister(a.reg) - X0;
          break;
        case RoleBoth:
          reg = encoderRegister(a.reg);
          rm = a;
          break;
      }
    }
    const kind = (code >> KindShift) & 3;
    const isMem = rm !== null && rm.type !== AddrReg;
    if (rm !== null && isMem && !rm.fits32 && prog.inst !== LEAL) return "offset too large";
    const after = immBytes(code) + ((extra & is4Bit) !== 0 ? 1 : 0);
    if ((code & OpRegBit) !== 0) {
      if (((code >> ImmShift) & 7) === 4 && imm !== null) {
        this.writeWide(code, opcodeReg, imm);
        return null;
      }
      encodeOpReg(buf, code, opcodeReg);
    } else if (rm === null) {
      // A digit without an operand: a ModRM byte that is part of the opcode.
      if (((code >> DigitShift) & 15) !== 0) encodeRegs(buf, code, 0, 0, 0);
      else encodeBare(buf, code);
    } else if (kind === 2) {
      const problem = this.writeEvex(prog, code, extra, reg, v, mask, rm, isMem, after);
      if (problem !== null) return problem;
    } else if (isMem) encodeMem(buf, code, reg, Math.max(v, 0), this.memory(rm, false), after);
    else encodeRegs(buf, code, reg, Math.max(v, 0), encoderRegister(rm.reg));
    if (high >= 0) buf.byte(high << 4);
    if (imm !== null) {
      switch ((code >> ImmShift) & 7) {
        case 1:
          buf.byte(imm.low);
          break;
        case 2:
          buf.word16(imm.low);
          break;
        case 3:
          buf.word32(imm.low);
          break;
      }
    }
    return null;
  }

  /** MOVQ of a constant: 32 bits zero-extended if they do, else 64. */
  private writeWide(code: number, reg: number, imm: Addr): void {
    if (imm.high === 0) {
      encodeOpReg(this.buf, code & ~WBit, reg);
      this.buf.word32(imm.low);
    } else {
      encodeOpReg(this.buf, code, reg);
      this.buf.word64(imm.low, imm.high);
    }
  }

  private writeEvex(
    prog: Prog,
    code: number,
    extra: number,
    reg: number,
    v: number,
    mask: number,
    rm: Addr,
    isMem: boolean,
    after: number,
  ): string | null {
    const parts = prog.suffix === "" ? [] : prog.suffix.slice(1).split(".");
    const options = this.evex;
    options.mask = Math.max(mask, 0);
    options.zeroing = parts.includes("Z");
    options.broadcast = parts.includes("BCST");
    options.rounding = -1;
    for (let i = 0; i < roundings.length; i++) if (parts.includes(roundings[i] as string)) options.rounding = i;
    if (options.zeroing) {
      if ((extra & zeroingBit) === 0) return "unsupported zeroing";
      if (mask < 0) return "mask register must be specified for .Z instructions";
    }
    if (options.rounding >= 0 && options.rounding < 4) {
      if (isMem) return "illegal rounding with memory argument";
      if ((extra & roundingBit) === 0) return "unsupported rounding";
    } else if (options.broadcast) {
      if (!isMem) return "illegal broadcast without memory argument";
      if (((extra >> broadcastShift) & 3) === 0) return "unsupported broadcast";
    } else if (options.rounding === 4) {
      if (isMem) return "illegal SAE with memory argument";
      if ((extra & saeBit) === 0) return "unsupported SAE";
    }
    let unit = 1 << (extra & unitMask);
    if (options.broadcast) unit = ((extra >> broadcastShift) & 3) === 1 ? 4 : 8;
    if (isMem) encodeEvex(this.buf, code, reg, v, -1, this.memory(rm, false), options, unit, after);
    else encodeEvex(this.buf, code, reg, v, encoderRegister(rm.reg), null, options, unit, after);
    return null;
  }
}
