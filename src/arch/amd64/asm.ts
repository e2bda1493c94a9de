// The amd64 half of the assembler: instruction names, the rewriting of instructions that upstream's assembler does before
// encoding, frames (stack check, frame pointer, SP tracking), and the layout of code with short and long jumps.

import type { Pos } from "../../base/pos.ts";
import {
  DataObject,
  DataReadOnly,
  FuncCode,
  FuncFlagAsm,
  FuncFlagNoSplit,
  FuncFlagSpWrite,
  FuncFlagTopFrame,
  FuncFlagWrapper,
  RelocCall,
  Relocs,
} from "../../ssa/object.ts";
import type { Sym } from "../../ssa/symbol.ts";
import {
  AbiInternal,
  Addr,
  AddrAddr,
  AddrBranch,
  AddrConst,
  AddrFloat,
  AddrIndirect,
  AddrMem,
  AddrReg,
  type AsmContext,
  type AsmTarget,
  NameAuto,
  NameExtern,
  NameNone,
  NameParam,
  NameStatic,
  NoReg,
  Prog,
  ProgFuncData,
  ProgPcAlign,
  ProgPcData,
  ProgText,
  type TextBlock,
  TextNeedCtxt,
  TextNoFrame,
  TextNoSplit,
  TextTopFrame,
  TextWrapper,
} from "../asm.ts";
import { checkSuffix, FormEncoder, FormTable } from "./asm-forms.ts";
import { AL, registerNames, TLS } from "./asm-regs.ts";
import { CodeBuffer, DigitShift, encodeMem, encodeRegs, nops } from "./encode.ts";
import * as I from "./inst.gen.ts";
import { AX, BP, R12, R14, SP, X0 } from "./regs.ts";

// Instructions without a row in the table.
const InstJcc = 20000; // + condition code
const InstJmp = 20100;
const InstCall = 20101;
const InstLoop = 20110; // e2; -eq e1, -ne e0
const InstJcxz = 20120;
const InstJcxzl = 20121;
const InstXbegin = 20130;
const InstByte = 20201;
const InstWord = 20202;
const InstLong = 20204;
const InstQuad = 20208;
const InstAdjsp = 20210;
const InstNop = 20211;

const conditions: Readonly<Record<string, string>> = {
  "0": "JOS JO",
  "1": "JOC JNO",
  "2": "JCS JB JC JLO JNAE",
  "3": "JCC JAE JHS JNB JNC",
  "4": "JEQ JE JZ",
  "5": "JNE JNZ",
  "6": "JLS JBE JNA",
  "7": "JHI JA JNBE",
  "8": "JMI JS",
  "9": "JPL JNS",
  "10": "JPS JP JPE",
  "11": "JPC JNP JPO",
  "12": "JLT JL JNGE",
  "13": "JGE JNL",
  "14": "JLE JNG",
  "15": "JGT JG JNLE",
};

const others: Readonly<Record<string, number>> = {
  JMP: InstJmp,
  CALL: InstCall,
  LOOP: InstLoop,
  LOOPEQ: InstLoop - 1,
  LOOPNE: InstLoop - 2,
  JCXZW: InstJcxz,
  JCXZQ: InstJcxz,
  JCXZL: InstJcxzl,
  XBEGIN: InstXbegin,
  BYTE: InstByte,
  WORD: InstWord,
  LONG: InstLong,
  QUAD: InstQuad,
  ADJSP: InstAdjsp,
  NOP: InstNop,
};

/** Other spellings of instructions. */
const aliases: Readonly<Record<string, string>> = {
  MASKMOVDQU: "MASKMOVOU",
  MOVD: "MOVQ",
  MOVDQ2Q: "MOVQ",
  MOVNTDQ: "MOVNTO",
  MOVOA: "MOVO",
  PSLLDQ: "PSLLO",
  PSRLDQ: "PSRLO",
  PADDD: "PADDL",
  MOVBELL: "MOVBEL",
  MOVBEQQ: "MOVBEQ",
  MOVBEWW: "MOVBEW",
};

const unaryDestinations =
  "BSWAPL BSWAPQ CLDEMOTE CLFLUSH CLFLUSHOPT CLWB CMPXCHG16B CMPXCHG8B DECB DECL DECQ DECW FBSTP FFREE FLDENV FSAVE FSTCW " +
  "FSTENV FSTSW FXSAVE64 FXSAVE INCB INCL INCQ INCW NEGB NEGL NEGQ NEGW NOTB NOTL NOTQ NOTW POPL POPQ POPW RDFSBASEL RDFSBASEQ " +
  "RDGSBASEL RDGSBASEQ RDPID RDRANDL RDRANDQ RDRANDW RDSEEDL RDSEEDQ RDSEEDW SETCC SETCS SETEQ SETGE SETGT SETHI SETLE SETLS " +
  "SETLT SETMI SETNE SETOC SETOS SETPC SETPL SETPS SGDT SIDT SLDTL SLDTQ SLDTW SMSWL SMSWQ SMSWW STMXCSR STRL STRQ STRW XSAVE64 " +
  "XSAVE XSAVEC64 XSAVEC XSAVEOPT64 XSAVEOPT XSAVES64 XSAVES RET";

/** Functions of the runtime that a leaf may call without a stack check of its own. */
const leafCalls = new Set(["runtime.panicdivide", "runtime.panicwrap", "runtime.panicshift", "runtime.panicBounds", "runtime.panicExtend"]);

const stackSmall = 128;
const stackBig = 4096;

/** Makes the amd64 target of the assembler. Its tables are shared by all files that are assembled with it. */
export function amd64Assembler(): AsmTarget {
  const instructions = new Map<string, number>();
  for (let i = 1; i < I.instNames.length; i++) {
    const name = I.instNames[i] as string;
    if (name === name.toUpperCase()) instructions.set(name, i);
  }
  for (const [cc, names] of Object.entries(conditions)) {
    for (const name of names.split(" ")) instructions.set(name, InstJcc + Number(cc));
  }
  for (const [name, inst] of Object.entries(others)) instructions.set(name, inst);
  for (const [name, of] of Object.entries(aliases)) instructions.set(name, instructions.get(of) as number);
  const unary = new Set(unaryDestinations.split(" ").map((name) => instructions.get(name)));
  const forms = new FormTable();
  return {
    name: "amd64",
    pointerSize: 8,
    registers: registerNames(),
    instruction: (word) => instructions.get(word) ?? 0,
    isJump: (word) => word.startsWith("J") || word === "CALL" || word.startsWith("LOOP") || word === "XBEGIN",
    isUnaryDestination: (inst) => unary.has(inst),
    checkSuffix,
    maxOperands: 5,
    assemble: (text, context) => new Assembly(text, context, forms).run(),
    dataAlign(size) {
      // As upstream's linker aligns: assembly relies on 16 and 32 bytes for vector constants.
      let align = 32;
      while (align > size && align > 1) align >>= 1;
      return align;
    },
  };
}

const byteOperation = /^(ADC|ADD|AND|CMP|OR|SBB|SUB|XOR|TEST)B$/;

const isJcc = (inst: number) => inst >= InstJcc && inst < InstJcc + 16;
const isLoop = (inst: number) => inst >= InstLoop - 2 && inst <= InstJcxzl;

function regAddr(reg: number): Addr {
  const a = new Addr();
  a.type = AddrReg;
  a.reg = reg;
  return a;
}

function constAddr(value: number): Addr {
  const a = new Addr();
  a.type = AddrConst;
  a.offset = value;
  return a;
}

function memAddr(reg: number, offset: number): Addr {
  const a = new Addr();
  a.type = AddrMem;
  a.reg = reg;
  a.offset = offset;
  return a;
}

function codeAddr(name: string): Addr {
  const a = new Addr();
  a.type = AddrMem;
  a.name = NameExtern;
  a.sym = name;
  return a;
}

/** One function on its way to machine code. */
class Assembly {
  private readonly text: TextBlock;
  private readonly context: AsmContext;
  private readonly buf = new CodeBuffer();
  private readonly encoder: FormEncoder;
  private progs: Prog[];
  private failed = false;
  private frame = 0;
  private noSplit: boolean;
  private spWrite = false;
  private align = 16;

  constructor(text: TextBlock, context: AsmContext, forms: FormTable) {
    this.text = text;
    this.context = context;
    this.encoder = new FormEncoder(forms, this.buf, context);
    this.progs = text.progs;
    this.noSplit = (text.flags & TextNoSplit) !== 0;
  }

  run(): FuncCode | null {
    this.resolveBranches();
    for (let i = 0; i < this.progs.length; i++) this.edit(this.progs[i] as Prog);
    if (this.progs.length > 1) this.addFrame();
    if (this.failed) return null;
    return this.emit();
  }

  private error(prog: Prog, message: string): void {
    this.failed = true;
    this.context.error(prog, message);
  }

  /** n(PC) operands to instructions, and jumps to jumps to where these go. */
  private resolveBranches(): void {
    for (const prog of this.progs) {
      const last = prog.args[prog.args.length - 1];
      if (prog.target === null && last !== undefined && last.type === AddrBranch && prog.inst >= InstJcc) {
        const to = this.progs[last.offset];
        if (to === undefined) this.error(prog, `branch out of range (${last.offset})`);
        else prog.target = to;
      }
    }
    for (const prog of this.progs) {
      if (prog.target === null) continue;
      let to = prog.target;
      for (let n = 0; n < 5000 && to.inst === InstJmp && to.target !== null; n++) to = to.target;
      prog.target = to;
    }
  }

  /** Rewrites that do not depend on the frame. */
  private edit(prog: Prog): void {
    const args = prog.args;
    const from = args[0];
    if (from === undefined || prog.inst >= ProgText) return;
    const to = args[args.length - 1] as Addr;
    // MOVQ TLS, R and off(R)(TLS*1): the thread pointer is a segment, no register.
    const isMove = prog.inst === I.MOVQ || prog.inst === I.MOVL;
    if (isMove && args.length === 2 && from.type === AddrReg && from.reg === TLS && to.type === AddrReg && to.reg < 16) {
      prog.inst = InstNop;
      prog.args = [];
      prog.to = -1;
      return;
    }
    for (const a of args) {
      if (a.type === AddrMem && a.index === TLS && a.reg >= 0 && a.reg < 16) {
        a.reg = TLS;
        a.index = NoReg;
        a.scale = 0;
      }
    }
    if (prog.inst === I.CMPPD || prog.inst === I.CMPPS || prog.inst === I.CMPSD || prog.inst === I.CMPSS) {
      if (to.type === AddrMem && to.name === NameNone && to.reg === NoReg && to.index === NoReg && to.sym === "") {
        to.type = AddrConst;
      }
    }
    if (from.type === AddrAddr && isMove) {
      prog.inst = prog.inst === I.MOVQ ? I.LEAQ : I.LEAL;
      from.type = AddrMem;
    }
    if (from.type === AddrFloat) this.floatConstant(prog, from, to);
  }

  /** $1.5 as an operand: a constant in memory, or the instruction that clears a register. */
  private floatConstant(prog: Prog, from: Addr, to: Addr): void {
    const single = /SS$|F$/.test(prog.word);
    const zero = from.float === 0 && !Object.is(from.float, -0);
    if (/^V?MOVS[SD]$/.test(prog.word) && zero && to.type === AddrReg && to.reg >= X0 && to.reg < X0 + 16) {
      prog.inst = I.XORPS;
      prog.args = [regAddr(to.reg), to];
      prog.to = 1;
      return;
    }
    if (!/^(V?MOV|ADD|SUB|MUL|DIV|COMI|UCOMI)S[SD]$/.test(prog.word)) return;
    const size = single ? 4 : 8;
    const bytes = new Uint8Array(size);
    const view = new DataView(bytes.buffer);
    if (single) view.setFloat32(0, from.float, true);
    else view.setFloat64(0, from.float, true);
    let hex = "";
    for (let i = size - 1; i >= 0; i--) hex += (bytes[i] as number).toString(16).padStart(2, "0");
    const name = `$f${size * 8}.${hex}`;
    const sym = this.context.symbols.intern(name);
    this.context.addData(new DataObject(sym, DataReadOnly, size, size, bytes, new Relocs(), [], true));
    from.type = AddrMem;
    from.name = NameExtern;
    from.sym = name;
    from.offset = 0;
  }

  // ---- Frames. ----

  private make(inst: number, word: string, args: Addr[], to: number): Prog {
    const first = this.text.progs[0] as Prog;
    return new Prog(inst, word, "", first.pos, first.line, args, to);
  }

  private addFrame(): void {
    const text = this.text;
    let frame = Math.max(text.frameSize, 0);
    let hasCall = false;
    for (const prog of this.progs) if (prog.inst === InstCall) hasCall = true;
    const saveBp = (text.flags & TextNoFrame) === 0 && !(frame === 0 && !hasCall);
    const bpSize = saveBp ? 8 : 0;
    frame += bpSize;
    this.frame = frame;
    if (frame < stackSmall && !this.noSplit) {
      let leaf = true;
      for (const prog of this.progs) {
        if (prog.inst !== InstCall) continue;
        const to = prog.args[prog.args.length - 1] as Addr;
        if (!leafCalls.has(to.sym) || frame >= stackSmall - 8) leaf = false;
      }
      if (leaf) this.noSplit = true;
    }
    const out: Prog[] = [this.progs[0] as Prog];
    const tail: Prog[] = [];
    if (!this.noSplit) this.stackCheck(out, tail, frame);
    if (saveBp) {
      out.push(this.make(I.PUSHQ, "PUSHQ", [regAddr(BP)], -1));
      out.push(this.make(I.MOVQ, "MOVQ", [regAddr(SP), regAddr(BP)], 1));
    }
    if (frame % 8 !== 0) this.error(this.progs[0] as Prog, `unaligned stack size ${frame}`);
    const local = frame - bpSize;
    if (local !== 0) out.push(this.make(InstAdjsp, "ADJSP", [constAddr(local)], -1));
    for (let i = 1; i < this.progs.length; i++) out.push(this.progs[i] as Prog);
    for (const prog of tail) out.push(prog);
    this.trackStack(out, frame, bpSize, local);
  }

  /** Compares SP with the guard in g; the slow path at the end calls morestack and starts again. */
  private stackCheck(out: Prog[], tail: Prog[], frame: number): void {
    const text = this.text;
    const add = (inst: number, word: string, args: Addr[], to: number) => {
      const prog = this.make(inst, word, args, to);
      out.push(prog);
      return prog;
    };
    const start = out.length;
    if (text.abi !== AbiInternal) add(I.MOVQ, "MOVQ", [memAddr(TLS, 0), regAddr(R14)], 1);
    const guard = () => memAddr(R14, 16);
    let wrapped: Prog | null = null;
    if (frame <= stackSmall) add(I.CMPQ, "CMPQ", [regAddr(SP), guard()], 1);
    else if (frame <= stackBig) {
      add(I.LEAQ, "LEAQ", [memAddr(SP, -(frame - stackSmall)), regAddr(R12)], 1);
      add(I.CMPQ, "CMPQ", [regAddr(R12), guard()], 1);
    } else {
      // SP - frame may wrap around: then the carry is set.
      add(I.MOVQ, "MOVQ", [regAddr(SP), regAddr(R12)], 1);
      add(I.SUBQ, "SUBQ", [constAddr(frame - stackSmall), regAddr(R12)], 1);
      wrapped = add(InstJcc + 2, "JCS", [], -1);
      add(I.CMPQ, "CMPQ", [regAddr(R12), guard()], 1);
    }
    const jump = add(InstJcc + 6, "JLS", [], -1);
    const name = (text.flags & TextNeedCtxt) !== 0 ? "runtime.morestack" : "runtime.morestack_noctxt";
    const call = this.make(InstCall, "CALL", [codeAddr(name)], 0);
    const again = this.make(InstJmp, "JMP", [], -1);
    again.target = out[start] ?? null;
    jump.target = call;
    if (wrapped !== null) wrapped.target = call;
    tail.push(call, again);
  }

  /** Offsets of frame variables and arguments, as SP moves; RET undoes the frame. */
  private trackStack(list: readonly Prog[], frame: number, bpSize: number, local: number): void {
    const out: Prog[] = [];
    let delta = 0;
    for (const prog of list) {
      out.push(prog);
      for (const a of prog.args) {
        if (a.name === NameAuto) a.offset += delta - bpSize;
        else if (a.name === NameParam) a.offset += delta + 8;
      }
      switch (prog.inst) {
        case I.PUSHQ:
        case I.PUSHFQ:
          delta += 8;
          continue;
        case I.PUSHW:
        case I.PUSHFW:
          delta += 2;
          continue;
        case I.POPQ:
        case I.POPFQ:
          delta -= 8;
          continue;
        case I.POPW:
        case I.POPFW:
          delta -= 2;
          continue;
        case InstAdjsp:
          delta += (prog.args[0] as Addr).offset;
          continue;
      }
      if (prog.inst !== I.RET) {
        const to = prog.to >= 0 ? (prog.args[prog.to] as Addr) : null;
        if (to !== null && to.type === AddrReg && to.reg === SP && prog.inst !== I.CMPL && prog.inst !== I.CMPQ) {
          this.spWrite = true;
        }
        continue;
      }
      if (frame !== delta) this.error(prog, `${this.text.name}: unbalanced PUSH/POP`);
      const last = prog.args[0];
      const tail = last !== undefined && last.sym !== "";
      if (frame !== 0) {
        // The instruction itself becomes the first of the sequence: jumps lead to it.
        const args = prog.args;
        const sequence: [number, string, Addr[]][] = [];
        if (local !== 0) sequence.push([InstAdjsp, "ADJSP", [constAddr(-local)]]);
        if (bpSize > 0) sequence.push([I.POPQ, "POPQ", [regAddr(BP)]]);
        sequence.push([tail ? InstJmp : I.RET, tail ? "JMP" : "RET", args]);
        sequence.forEach(([inst, word, operands], i) => {
          if (i === 0) {
            prog.inst = inst;
            prog.args = operands;
          } else out.push(new Prog(inst, word, "", prog.pos, prog.line, operands, operands.length - 1));
        });
      } else if (tail) prog.inst = InstJmp;
    }
    this.progs = out;
  }

  // ---- Code. ----

  private emit(): FuncCode | null {
    const count = this.progs.length;
    const start = new Int32Array(count + 1);
    const size = new Int32Array(count);
    this.encodeAll(start, size);
    if (this.failed) return null;
    if (!this.layout(start, size)) return null;
    return this.finish(start, size);
  }

  /** Encodes everything but jumps inside the function, which get their bytes when the layout is known. */
  private encodeAll(start: Int32Array, size: Int32Array): void {
    const { progs, buf } = this;
    buf.reset();
    for (let i = 0; i < progs.length; i++) {
      const prog = progs[i] as Prog;
      start[i] = buf.pos;
      if (prog.target === null) {
        const problem = this.encode(prog);
        if (problem !== null) this.error(prog, this.describe(prog, problem));
      }
      size[i] = buf.pos - (start[i] as number);
    }
    start[progs.length] = buf.pos;
  }

  /**
   * Byte operations on AX have a short form under the name AL. Upstream's assembler finds it only when it goes over a function
   * a second time, having renamed the register the first time; the same here, for the same bytes.
   */
  private renameByteRegisters(): boolean {
    let changed = false;
    for (const prog of this.progs) {
      if (!byteOperation.test(prog.word)) continue;
      for (const a of prog.args) {
        if (a.type === AddrReg && a.reg === AX) {
          a.reg = AL;
          changed = true;
        }
      }
    }
    return changed;
  }

  private describe(prog: Prog, problem: string): string {
    const operands = prog.args.map((a) => this.context.show(a)).join(", ");
    const shown = `${prog.word}${prog.suffix}${operands === "" ? "" : ` ${operands}`}`;
    if (problem === "") return `${this.text.name}: invalid instruction: ${shown}`;
    return `${problem}: ${shown}`;
  }

  /** Encodes an instruction that is not a jump inside the function; null when that worked. */
  private encode(prog: Prog): string | null {
    const { buf } = this;
    switch (prog.inst) {
      case ProgText:
      case ProgFuncData:
      case ProgPcData:
      case ProgPcAlign:
      case InstNop:
        return null;
      case InstByte:
      case InstWord:
      case InstLong:
      case InstQuad: {
        const a = prog.args[0];
        if (prog.args.length !== 1 || a === undefined || a.type !== AddrConst) return "";
        const n = prog.inst - InstByte + 1;
        buf.byte(a.low);
        if (n > 1) buf.byte(a.low >> 8);
        if (n > 2) buf.word16(a.low >> 16);
        if (n > 4) buf.word32(a.high);
        return null;
      }
      case InstAdjsp:
        return this.adjustStack((prog.args[0] as Addr).offset);
      case InstCall:
      case InstJmp:
        return this.call(prog);
    }
    if (prog.inst >= InstJcc) return prog.args.length > 0 ? "branch to a symbol" : "jmp/branch/loop without target";
    return this.encoder.encode(prog);
  }

  /** ADDQ or SUBQ of a constant; $-128 is shorter than $128. */
  private adjustStack(value: number): string | null {
    if (value === 0) return null;
    const add = value === 128 || (value < 0 && value !== -128);
    const prog = this.make(add ? I.ADDQ : I.SUBQ, add ? "ADDQ" : "SUBQ", [constAddr(add ? -value : value), regAddr(SP)], 1);
    return this.encoder.encode(prog);
  }

  /** CALL and JMP to symbols, and through registers and memory. */
  private call(prog: Prog): string | null {
    const { buf } = this;
    const isCall = prog.inst === InstCall;
    const to = prog.args[prog.args.length - 1];
    if (to === undefined) return "";
    const code = 0xff | ((isCall ? 3 : 5) << DigitShift);
    if (to.type === AddrReg) {
      if (to.reg >= 16) return "";
      encodeRegs(buf, code, 0, 0, to.reg);
      return null;
    }
    if (to.type === AddrIndirect && to.name !== NameNone && isCall) {
      encodeMem(buf, code, 0, 0, this.encoder.memory(to, false), 0);
      return null;
    }
    if (to.type !== AddrMem) return "";
    if (to.name === NameExtern || to.name === NameStatic) {
      buf.byte(isCall ? 0xe8 : 0xe9);
      buf.relocs.add(buf.pos, RelocCall, this.context.symbolOf(to, true), to.low - 4);
      buf.word32(0);
      return null;
    }
    if (to.reg === NoReg && to.index === NoReg && to.name === NameNone && to.sym !== "") return "call without target";
    if (!this.encoder.isMemory(to)) return "";
    encodeMem(buf, code, 0, 0, this.encoder.memory(to, false), 0);
    return null;
  }

  /**
   * Offsets of all instructions. Forward jumps start short and grow when they have to; backward jumps are as short as the
   * place of their target lets them be. The same order of decisions as upstream's, for the same bytes.
   */
  private layout(start: Int32Array, size: Int32Array): boolean {
    const { progs } = this;
    const count = progs.length;
    const number = new Map<Prog, number>();
    for (let i = 0; i < count; i++) number.set(progs[i] as Prog, i);
    const targets = new Int32Array(count).fill(-1);
    const incoming = new Map<number, number[]>();
    for (let i = 0; i < count; i++) {
      const to = (progs[i] as Prog).target;
      if (to === null) continue;
      if ((progs[i] as Prog).inst === InstCall) {
        this.error(progs[i] as Prog, "call without target");
        return false;
      }
      const n = number.get(to);
      if (n === undefined) {
        this.error(progs[i] as Prog, "jmp/branch/loop without target");
        return false;
      }
      targets[i] = n;
      if (n > i) {
        const list = incoming.get(n);
        if (list === undefined) incoming.set(n, [i]);
        else list.push(i);
      }
    }
    const long = new Uint8Array(count);
    for (let pass = 0; ; pass++) {
      let again = false;
      if (pass === 1 && this.renameByteRegisters()) this.encodeAll(start, size);
      let pc = 0;
      for (let i = 0; i < count; i++) {
        const prog = progs[i] as Prog;
        prog.pc = pc;
        const list = incoming.get(i);
        if (list !== undefined) {
          for (const from of list) {
            if (long[from] === 0 && pc - ((progs[from] as Prog).pc + (size[from] as number)) > 127) {
              long[from] = 1;
              again = true;
            }
          }
        }
        if (prog.inst === ProgPcAlign) {
          const align = (prog.args[0] as Addr).offset;
          if ((align & (align - 1)) !== 0 || align < 8 || align > 2048) {
            this.error(prog, `alignment value of an instruction must be a power of two and in the range [8, 2048], got ${align}`);
            return false;
          }
          this.align = Math.max(this.align, align);
          size[i] = -pc & (align - 1);
        } else if ((targets[i] as number) >= 0) {
          const backward = (targets[i] as number) <= i;
          const target = progs[targets[i] as number] as Prog;
          const short = prog.inst === InstXbegin ? false : backward ? target.pc - (pc + 2) >= -128 : long[i] === 0;
          if (!short && isLoop(prog.inst)) {
            this.error(prog, `loop too far: ${prog.word}`);
            return false;
          }
          size[i] = jumpSize(prog.inst, short);
        }
        pc += size[i] as number;
      }
      if (!again) break;
    }
    return true;
  }

  /** Puts the code together: encoded instructions, jumps, alignment, lines. */
  private finish(start: Int32Array, size: Int32Array): FuncCode {
    const { progs, text } = this;
    const count = progs.length;
    const last = progs[count - 1] as Prog;
    const out = new CodeBuffer();
    out.room(last.pc + (size[count - 1] as number));
    const relocs = new Relocs();
    const encoded = this.buf;
    const lineOffsets: number[] = [];
    const linePositions: Pos[] = [];
    const lineInlined: number[] = [];
    let r = 0;
    let pos = -1;
    for (let i = 0; i < count; i++) {
      const prog = progs[i] as Prog;
      const n = size[i] as number;
      if (n > 0 && prog.pos !== pos) {
        pos = prog.pos;
        lineOffsets.push(prog.pc);
        linePositions.push(prog.pos);
        lineInlined.push(0);
      }
      if (prog.target !== null) writeJump(out, prog, n);
      else if (prog.inst === ProgPcAlign) nops(out, n);
      else {
        const from = start[i] as number;
        const moved = prog.pc - from;
        while (r < encoded.relocs.count && (encoded.relocs.offset[r] as number) < from + n) {
          const kind = encoded.relocs.kind[r] as number;
          relocs.add((encoded.relocs.offset[r] as number) + moved, kind, encoded.relocs.sym[r] as Sym, encoded.relocs.addend[r] as number);
          r++;
        }
        out.room(n);
        out.bytes.set(encoded.bytes.subarray(from, from + n), out.pos);
        out.pos += n;
      }
    }
    let flags = FuncFlagAsm;
    if (this.noSplit) flags |= FuncFlagNoSplit;
    if ((text.flags & TextTopFrame) !== 0) flags |= FuncFlagTopFrame;
    if ((text.flags & TextWrapper) !== 0) flags |= FuncFlagWrapper;
    if (this.spWrite) flags |= FuncFlagSpWrite;
    const name = (text.progs[0] as Prog).args[0] as Addr;
    return new FuncCode({
      sym: this.context.symbolOf(name, true),
      name: text.name,
      code: out.take(),
      relocs,
      frameSize: this.frame,
      argSize: Math.max(text.argSize, 0),
      flags,
      entryPointers: 0,
      stackMaps: [],
      stackObjects: [],
      deferReturn: 0,
      lineOffsets,
      linePositions,
      lineInlined,
      inlined: [],
      pos: text.pos,
      align: this.align,
    });
  }
}

/** The bytes of a jump inside a function. */
function jumpSize(inst: number, short: boolean): number {
  if (inst === InstXbegin) return 6;
  if (inst === InstJcxzl) return 3;
  if (short) return 2;
  return isJcc(inst) ? 6 : 5;
}

function writeJump(out: CodeBuffer, prog: Prog, size: number): void {
  const target = prog.target as Prog;
  const relative = target.pc - (prog.pc + size);
  const inst = prog.inst;
  if (inst === InstXbegin) {
    out.byte(0xc7);
    out.byte(0xf8);
    out.word32(relative);
  } else if (size <= 3) {
    if (inst === InstJcxzl) out.byte(0x67);
    if (isJcc(inst)) out.byte(0x70 | (inst - InstJcc));
    else if (inst === InstJmp) out.byte(0xeb);
    else if (inst >= InstJcxz) out.byte(0xe3);
    else out.byte(0xe2 + (inst - InstLoop));
    out.byte(relative);
  } else {
    if (isJcc(inst)) {
      out.byte(0x0f);
      out.byte(0x80 | (inst - InstJcc));
    } else out.byte(0xe9);
    out.word32(relative);
  }
}
