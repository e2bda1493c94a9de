// The assembler's parser: lines to pseudo-instructions and instructions with operands. It knows no architecture but through
// AsmTarget.

import {
  Abi0,
  AbiInternal,
  Addr,
  AddrAddr,
  AddrBranch,
  AddrConst,
  AddrFloat,
  AddrIndirect,
  AddrList,
  AddrMem,
  AddrNone,
  AddrReg,
  AddrString,
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
  RegPC,
  type TextBlock,
  TextNoSplit,
} from "../arch/asm.ts";
import { NoPos, type Pos, type SourceFile } from "../base/pos.ts";
import { Operand } from "./expr.ts";
import { kindName, type Token, TokBuild, TokChar, TokEOF, TokFloat, TokIdent, TokInt, TokNewline, TokString } from "./lexer.ts";
import { AsmAbort, type Preprocessor } from "./preprocess.ts";
import { unquoteBytes } from "./quote.ts";

const hash = 35;
const dollar = 36;
const openParen = 40;
const closeParen = 41;
const star = 42;
const plus = 43;
const comma = 44;
const minus = 45;
const dot = 46;
const slash = 47;
const colon = 58;
const semicolon = 59;
const less = 60;
const greater = 62;
const openBracket = 91;
const closeBracket = 93;
const tilde = 126;

/** One DATA line. */
export interface DataLine {
  readonly addr: Addr;
  readonly size: number;
  readonly value: Addr;
  readonly pos: Pos;
}

/** One GLOBL line. */
export interface GloblLine {
  readonly addr: Addr;
  readonly flags: number;
  readonly size: number;
  readonly pos: Pos;
}

/** What a file says, before anything becomes machine code. */
export interface Parsed {
  readonly texts: TextBlock[];
  readonly data: DataLine[];
  readonly globls: GloblLine[];
}

/** Reads the lines of one file (with what it includes). */
export class Parser {
  private readonly input: Preprocessor;
  private readonly target: AsmTarget;
  private readonly packagePath: string;
  private readonly allowAbi: boolean;
  private readonly report: (file: SourceFile | null, line: number, message: string) => void;
  private readonly operand: Operand;

  private line = 0;
  private lineFile: SourceFile | null = null;
  private errorLine = 0;
  private errorCount = 0;
  private sawCode = false;
  private pendingLabels: string[] = [];
  private labels = new Map<string, Prog>();
  private unresolved: Prog[] = [];
  private isJump = false;
  private readonly dataEnd = new Map<string, number>();
  private text: TextBlock | null = null;
  /** Instructions in front of the first TEXT go nowhere but are checked. */
  private stray: Prog[] = [];
  private word = "";
  private suffix = "";
  private operands: Token[][] = [];

  readonly parsed: Parsed = { texts: [], data: [], globls: [] };

  constructor(
    input: Preprocessor,
    target: AsmTarget,
    packagePath: string,
    allowAbi: boolean,
    report: (file: SourceFile | null, line: number, message: string) => void,
  ) {
    this.input = input;
    this.target = target;
    this.packagePath = packagePath;
    this.allowAbi = allowAbi;
    this.report = report;
    this.operand = new Operand((message) => this.error(message));
  }

  /** Parses everything. True: there were no errors. */
  parse(): boolean {
    while (this.readLine()) {
      if (this.pseudo()) continue;
      const inst = this.target.instruction(this.word);
      if (inst !== 0) this.instruction(inst);
      else this.error(`unrecognized instruction ${JSON.stringify(this.word)}`);
    }
    if (this.errorCount === 0) this.resolve();
    return this.errorCount === 0;
  }

  private error(message: string): void {
    if (this.line === this.errorLine) return;
    this.errorLine = this.line;
    this.report(this.lineFile, this.line, message);
    this.errorCount++;
    if (this.errorCount > 10) throw new AsmAbort("too many errors");
  }

  private pos(): Pos {
    const file = this.lineFile;
    if (file === null) return NoPos;
    return file.pos(file.lines[Math.min(this.line, file.lines.length) - 1] as number);
  }

  private next(): Token {
    for (;;) {
      const token = this.input.next();
      if (token.kind === TokBuild) {
        if (this.sawCode) this.error("misplaced //go:build comment");
        continue;
      }
      if (token.kind !== TokNewline) this.sawCode = true;
      if (token.kind === hash) continue;
      return token;
    }
  }

  /** Reads `{label:} WORD[.suffix] [operand {, operand}]`. False at the end of the input. */
  private readLine(): boolean {
    for (;;) {
      let token: Token;
      do {
        token = this.next();
        this.line = this.input.line;
        this.lineFile = this.input.file;
      } while (token.kind === TokNewline || token.kind === semicolon);
      if (token.kind === TokEOF) return false;
      if (token.kind !== TokIdent) {
        this.error(`expected identifier, found ${JSON.stringify(token.text)}`);
        return false;
      }
      this.word = token.text;
      this.suffix = "";
      const end = this.readOperands();
      if (end === "label") continue;
      return end === "line";
    }
  }

  private readOperands(): "label" | "line" | "end" {
    const operands: Token[][] = [];
    this.operands = operands;
    let nesting = 0;
    let colonAt = -1;
    let kind = 0;
    while (kind !== TokNewline && kind !== semicolon) {
      const items: Token[] = [];
      for (;;) {
        const token = this.next();
        kind = token.kind;
        if (operands.length === 0 && items.length === 0) {
          if (kind === dot) {
            const suffix = this.next();
            if (suffix.kind !== TokIdent) this.error(`instruction suffix expected identifier, found ${suffix.text}`);
            this.suffix += `.${suffix.text}`;
            continue;
          }
          if (kind === colon) {
            this.pendingLabels.push(this.word);
            return "label";
          }
        }
        if (kind === TokEOF) {
          this.error("unexpected EOF");
          return "end";
        }
        if (kind === TokNewline || kind === semicolon) break;
        if (nesting === 0 && (kind === comma || kind === colon)) {
          if (kind === colon) {
            if (colonAt >= 0) {
              this.error("invalid ':' in operand");
              return "line";
            }
            colonAt = operands.length;
          }
          break;
        }
        if (kind === openParen || kind === openBracket) nesting++;
        if (kind === closeParen || kind === closeBracket) nesting--;
        items.push(token);
      }
      if (items.length > 0) {
        operands.push(items);
        if (colonAt >= 0 && operands.length === colonAt + 2) {
          // AX:DX is the old way to write DX, AX.
          const first = operands[colonAt] as Token[];
          operands[colonAt] = operands[colonAt + 1] as Token[];
          operands[colonAt + 1] = first;
          colonAt = -1;
        }
      } else if (operands.length > 0 || kind === comma || colonAt >= 0) this.error("missing operand");
    }
    return "line";
  }

  // ---- Pseudo-instructions. ----

  private pseudo(): boolean {
    switch (this.word) {
      case "DATA":
        this.dataLine();
        return true;
      case "FUNCDATA":
        this.funcData();
        return true;
      case "GLOBL":
        this.globl();
        return true;
      case "PCDATA":
        this.pcData();
        return true;
      case "PCALIGN":
        this.pcAlign();
        return true;
      case "TEXT":
        this.textLine();
        return true;
    }
    return false;
  }

  private validSymbol(pseudo: string, addr: Addr, offsetAllowed: boolean): boolean {
    const name = addr.sym !== "" ? addr.sym : "<erroneous symbol>";
    const external = addr.name === NameExtern || addr.name === NameStatic;
    if (addr.sym === "" || !external || addr.scale !== 0 || addr.reg !== NoReg) {
      this.error(`${pseudo} symbol ${JSON.stringify(name)} must be a symbol(SB)`);
      return false;
    }
    if (!offsetAllowed && addr.offset !== 0) {
      this.error(`${pseudo} symbol ${JSON.stringify(name)} must not be offset from SB`);
      return false;
    }
    return true;
  }

  private validImmediate(pseudo: string, addr: Addr): boolean {
    if (addr.type !== AddrConst || addr.name !== NameNone || addr.reg !== NoReg || addr.index !== NoReg) {
      this.error(`${pseudo}: expected immediate constant; found ${this.show(addr)}`);
      return false;
    }
    return true;
  }

  private integerOperand(pseudo: string, tokens: readonly Token[]): number {
    const addr = this.address(tokens);
    if (addr.type !== AddrMem || addr.name !== NameNone || addr.reg !== NoReg || addr.index !== NoReg) {
      this.error(`${pseudo}: expected integer constant; found ${this.show(addr)}`);
    }
    return addr.offset;
  }

  private show(addr: Addr): string {
    return showAddr(addr, this.target);
  }

  private textLine(): void {
    const operands = this.operands;
    if (operands.length !== 2 && operands.length !== 3) {
      this.error("expect two or three operands for TEXT");
      return;
    }
    this.resolve();
    this.labels = new Map();
    const pos = this.pos();
    const name = this.address(operands[0] as Token[]);
    if (!this.validSymbol("TEXT", name, false)) return;
    const flags = operands.length === 3 ? this.integerOperand("TEXT", operands[1] as Token[]) : 0;
    if (name.abi === AbiInternal && (flags & TextNoSplit) === 0) {
      this.error(`TEXT ${JSON.stringify(name.sym)}: ABIInternal requires NOSPLIT`);
    }
    // $frame-args is two numbers, no subtraction.
    const size = operands[operands.length - 1] as Token[];
    let at = 1;
    const kind = (i: number) => (i < size.length ? (size[i] as Token).kind : TokEOF);
    if (size.length < 2 || kind(0) !== dollar) {
      this.error(`TEXT ${name.sym}: frame size must be an immediate constant`);
      return;
    }
    const negative = kind(at) === minus;
    if (negative) at++;
    if (kind(at) !== TokInt) {
      this.error(`TEXT ${name.sym}: frame size must be an immediate constant`);
      return;
    }
    let frameSize = Number(this.operand.integer((size[at] as Token).text));
    if (negative) frameSize = -frameSize;
    at++;
    let argSize = -1;
    if (at < size.length) {
      if (size.length - at !== 2 || kind(at) !== minus || kind(at + 1) !== TokInt) {
        this.error(`TEXT ${name.sym}: argument size must be of form -integer`);
        return;
      }
      argSize = Number(this.operand.integer((size[at + 1] as Token).text));
    }
    for (const other of this.parsed.texts) {
      if (other.name === name.sym && other.abi === name.abi && other.isStatic === (name.name === NameStatic)) {
        this.error(`symbol ${name.sym} redeclared`);
        return;
      }
    }
    this.text = {
      name: name.sym,
      isStatic: name.name === NameStatic,
      abi: name.abi,
      flags,
      frameSize,
      argSize: argSize === 0x80000000 ? -1 : argSize,
      pos,
      line: this.line,
      progs: [],
    };
    this.parsed.texts.push(this.text);
    this.append(ProgText, [name], -1);
  }

  private dataLine(): void {
    const operands = this.operands;
    if (operands.length !== 2) {
      this.error("expect two operands for DATA");
      return;
    }
    const place = operands[0] as Token[];
    const n = place.length;
    if (n < 3 || (place[n - 2] as Token).kind !== slash || (place[n - 1] as Token).kind !== TokInt) {
      this.error("expect /size for DATA argument");
      return;
    }
    const size = Number(this.operand.integer((place[n - 1] as Token).text));
    const addr = this.address(place.slice(0, n - 2));
    if (!this.validSymbol("DATA", addr, true)) return;
    const value = this.address(operands[1] as Token[]);
    if (value.type !== AddrConst && value.type !== AddrFloat && value.type !== AddrString && value.type !== AddrAddr) {
      this.error("DATA value must be an immediate constant or address");
      return;
    }
    const last = this.dataEnd.get(addr.sym);
    if (last !== undefined && addr.offset < last) {
      this.error(`overlapping DATA entry for ${addr.sym}`);
      return;
    }
    this.dataEnd.set(addr.sym, addr.offset + size);
    switch (value.type) {
      case AddrConst:
        if (size !== 1 && size !== 2 && size !== 4 && size !== 8) {
          this.error(`bad int size for DATA argument: ${size}`);
          return;
        }
        break;
      case AddrFloat:
        if (size !== 4 && size !== 8) {
          this.error(`bad float size for DATA argument: ${size}`);
          return;
        }
        break;
      case AddrString:
        if (value.text.length > size) {
          this.error(`${addr.sym}: string too long for DATA of ${size} bytes`);
          return;
        }
        break;
      case AddrAddr:
        if (size !== this.target.pointerSize) {
          this.error(`bad addr size for DATA argument: ${size}`);
          return;
        }
        break;
    }
    this.parsed.data.push({ addr, size, value, pos: this.pos() });
  }

  private globl(): void {
    const operands = this.operands;
    if (operands.length !== 2 && operands.length !== 3) {
      this.error("expect two or three operands for GLOBL");
      return;
    }
    const addr = this.address(operands[0] as Token[]);
    if (!this.validSymbol("GLOBL", addr, false)) return;
    const flags = operands.length === 3 ? this.integerOperand("GLOBL", operands[1] as Token[]) : 0;
    const size = this.address(operands[operands.length - 1] as Token[]);
    if (!this.validImmediate("GLOBL", size)) return;
    for (const g of this.parsed.globls) {
      if (g.addr.sym === addr.sym && g.addr.name === addr.name) {
        this.error(`symbol ${addr.sym} redeclared`);
        return;
      }
    }
    this.parsed.globls.push({ addr, flags, size: size.offset, pos: this.pos() });
  }

  private pcData(): void {
    if (this.operands.length !== 2) {
      this.error("expect two operands for PCDATA");
      return;
    }
    const key = this.address(this.operands[0] as Token[]);
    if (!this.validImmediate("PCDATA", key)) return;
    const value = this.address(this.operands[1] as Token[]);
    if (!this.validImmediate("PCDATA", value)) return;
    this.append(ProgPcData, [key, value], -1);
  }

  private pcAlign(): void {
    if (this.operands.length !== 1) {
      this.error("expect one operand for PCALIGN");
      return;
    }
    const key = this.address(this.operands[0] as Token[]);
    if (!this.validImmediate("PCALIGN", key)) return;
    this.append(ProgPcAlign, [key], -1);
  }

  private funcData(): void {
    if (this.operands.length !== 2) {
      this.error("expect two operands for FUNCDATA");
      return;
    }
    const value = this.address(this.operands[0] as Token[]);
    if (!this.validImmediate("FUNCDATA", value)) return;
    const name = this.address(this.operands[1] as Token[]);
    if (!this.validSymbol("FUNCDATA", name, true)) return;
    this.append(ProgFuncData, [value, name], -1);
  }

  // ---- Instructions. ----

  private append(inst: number, args: Addr[], to: number): Prog | null {
    if (this.suffix !== "") {
      const problem = this.target.checkSuffix(this.suffix);
      if (problem !== null) {
        this.error(problem);
        return null;
      }
    }
    const prog = new Prog(inst, this.word, this.suffix, this.pos(), this.line, args, to);
    const list = this.text !== null ? this.text.progs : this.stray;
    prog.index = list.length;
    list.push(prog);
    for (const label of this.pendingLabels) {
      if (this.labels.has(label)) {
        this.error(`label ${JSON.stringify(label)} multiply defined`);
        return null;
      }
      this.labels.set(label, prog);
    }
    this.pendingLabels = [];
    return prog;
  }

  /** Gives jumps of the function that ends here their targets. */
  private resolve(): void {
    for (const prog of this.unresolved) {
      const target = this.labels.get(prog.label);
      if (target === undefined) {
        this.error(`undefined label ${prog.label}`);
        break;
      }
      prog.target = target;
    }
    this.unresolved = [];
  }

  private instruction(inst: number): void {
    this.isJump = this.target.isJump(this.word);
    const args: Addr[] = [];
    for (let i = 0; i < this.operands.length; i++) {
      const addr = this.address(this.operands[i] as Token[]);
      if (!this.isJump && addr.reg < NoReg) this.error(`illegal use of pseudo-register in ${this.word}`);
      args.push(addr);
    }
    const jump = this.isJump;
    this.isJump = false;
    if (jump) {
      this.jump(inst, args);
      return;
    }
    if (args.length > this.target.maxOperands) {
      this.error(`can't handle ${this.word} instruction with ${args.length} operands`);
      return;
    }
    let to = args.length - 1;
    if (args.length === 1 && !this.target.isUnaryDestination(inst)) to = -1;
    this.append(inst, args, to);
  }

  private jump(inst: number, args: Addr[]): void {
    if (args.length !== 1 && args.length !== 2) {
      this.error(`wrong number of arguments to ${this.word} instruction`);
      return;
    }
    const target = args[args.length - 1] as Addr;
    const isLabel =
      target.type === AddrMem && target.name === NameNone && target.reg === NoReg && target.index === NoReg && target.offset === 0;
    if (isLabel && target.sym === "") {
      if (this.errorLine !== this.line) this.error(`cannot assemble jump ${this.show(target)}`);
      return;
    }
    if (target.type === AddrFloat || target.type === AddrString || target.type === AddrList || target.type === AddrAddr) {
      this.error(`cannot assemble jump ${this.show(target)}`);
      return;
    }
    const prog = this.append(inst, args, args.length - 1);
    if (prog === null) return;
    if (target.type === AddrBranch) {
      prog.label = "";
      target.offset = prog.index + target.offset;
    } else if (isLabel) {
      const known = this.labels.get(target.sym);
      prog.label = target.sym;
      if (known === undefined) this.unresolved.push(prog);
      else prog.target = known;
    }
  }

  // ---- Operands. ----

  private address(tokens: readonly Token[]): Addr {
    const addr = new Addr();
    this.operand.start(tokens);
    this.parseOperand(addr);
    return addr;
  }

  private setOffset(a: Addr, value: bigint): void {
    a.low = Number(BigInt.asIntN(32, value));
    a.high = Number(BigInt.asIntN(32, value >> 32n));
  }

  private parseOperand(a: Addr): void {
    const o = this.operand;
    if (o.tokens.length === 0) {
      this.error("empty operand: cannot happen");
      return;
    }
    let prefix = 0;
    if (o.peek() === dollar || o.peek() === star) prefix = o.next().kind;
    const token = o.next();
    const name = token.text;
    const isRegister = token.kind === TokIdent && this.target.registers.has(name);
    if (token.kind === TokIdent && !isRegister) {
      this.symbolReference(a, name.startsWith(".") ? this.packagePath + name : name, prefix);
      if (o.peek() === TokEOF) return;
    }
    if (token.kind === openBracket) {
      if (prefix !== 0) this.error("illegal use of register list");
      this.registerList(a);
      this.expectEnd();
      return;
    }
    if (isRegister) {
      const scaled = this.register(name, prefix);
      if (scaled !== null) {
        if (scaled.scale !== 0) this.error("expected simple register reference");
        a.type = AddrReg;
        a.reg = scaled.reg;
      }
      this.expectEnd();
      return;
    }
    let haveConstant = false;
    switch (token.kind) {
      case TokInt:
      case TokFloat:
      case TokString:
      case TokChar:
      case plus:
      case minus:
      case tilde:
        haveConstant = true;
        break;
      case openParen: {
        const inner = o.next();
        if (inner.kind === TokEOF) {
          this.error("missing right parenthesis");
          return;
        }
        o.back();
        haveConstant = !this.target.registers.has(inner.text);
        if (!haveConstant) o.back();
        break;
      }
    }
    if (haveConstant) {
      o.back();
      if (o.have(TokFloat)) {
        if (prefix !== dollar) this.error("floating-point constant must be an immediate");
        a.type = AddrFloat;
        a.float = o.floating();
        this.expectEnd();
        return;
      }
      if (o.have(TokString)) {
        if (prefix !== dollar) {
          this.error("string constant must be an immediate");
          return;
        }
        const text = unquoteBytes(o.get(TokString).text);
        if (text === null) this.error("string parse error: invalid syntax");
        a.type = AddrString;
        a.text = text ?? "";
        this.expectEnd();
        return;
      }
      this.setOffset(a, o.expression());
      if (o.peek() !== openParen) {
        a.type = prefix === dollar ? AddrConst : prefix === star ? AddrIndirect : AddrMem;
        this.expectEnd();
        return;
      }
    }
    this.registerIndirect(a, prefix);
    this.expectEnd();
  }

  private expectEnd(): void {
    const token = this.operand.next();
    if (token.kind !== TokEOF) this.error(`expected end of operand, found ${token.text}`);
  }

  private symbolReference(a: Addr, name: string, prefix: number): void {
    const o = this.operand;
    a.type = prefix === dollar ? AddrAddr : prefix === star ? AddrIndirect : AddrMem;
    let isStatic = false;
    if (o.peek() === less) {
      o.next();
      if (o.peek() === greater) isStatic = true;
      else if (o.peek() === TokIdent) {
        const abi = o.next().text;
        if (!this.allowAbi) {
          this.error(`ABI selector only permitted when compiling runtime, reference was to ${JSON.stringify(name)}`);
        } else if (abi === "ABIInternal") a.abi = AbiInternal;
        else if (abi === "ABI0") a.abi = Abi0;
        else this.error(`malformed ABI selector ${JSON.stringify(abi)} in reference to ${JSON.stringify(name)}`);
      }
      o.get(greater);
    }
    if (o.peek() === plus || o.peek() === minus) this.setOffset(a, o.expression());
    a.sym = name;
    if (o.peek() === TokEOF) {
      if (prefix === 0 && this.isJump) return;
      this.error(`illegal or missing addressing mode for symbol ${name}`);
      return;
    }
    o.get(openParen);
    const reg = o.get(TokIdent).text;
    o.get(closeParen);
    this.pseudoRegister(a, reg, isStatic, prefix);
  }

  private pseudoRegister(a: Addr, reg: string, isStatic: boolean, prefix: number): void {
    switch (reg) {
      case "FP":
        a.name = NameParam;
        break;
      case "PC":
        if (prefix !== 0) this.error("illegal addressing mode for PC");
        a.type = AddrBranch;
        break;
      case "SB":
        a.name = isStatic ? NameStatic : NameExtern;
        break;
      case "SP":
        a.name = NameAuto;
        break;
      default:
        this.error(`expected pseudo-register; found ${reg}`);
    }
    if (prefix === dollar) a.type = AddrAddr;
  }

  /** A register, perhaps with a scale: R or R*s. */
  private register(name: string, prefix: number): { reg: number; scale: number } | null {
    const o = this.operand;
    const reg = this.target.registers.get(name);
    if (reg === undefined) {
      this.error(`expected register; found ${name}`);
      return null;
    }
    if (prefix !== 0 && prefix !== star) {
      const p = String.fromCharCode(prefix);
      this.error(`prefix ${p} not allowed for register: ${p}${name}`);
    }
    const kind = o.peek();
    if (kind === comma || kind === plus) {
      o.next();
      this.error(`(register${kind === comma ? "," : "+"}register) not supported on this architecture`);
      return null;
    }
    let scale = 0;
    if (o.peek() === star) {
      o.next();
      const text = o.next().text;
      if (text === "1" || text === "2" || text === "4" || text === "8") scale = Number(text);
      else this.error(`bad scale: ${text}`);
    }
    return { reg, scale };
  }

  /** (R), (R*s), (R)(R*s), name(FP). The parenthesis comes next. */
  private registerIndirect(a: Addr, prefix: number): void {
    const o = this.operand;
    o.get(openParen);
    const token = o.next();
    const first = this.register(token.text, 0);
    if (first === null) this.error(`indirect through non-register ${token.text}`);
    o.get(closeParen);
    a.type = AddrMem;
    const reg = first === null ? NoReg : first.reg;
    if (reg < NoReg) {
      if (reg !== RegPC && a.name === NameNone) this.error(`cannot reference ${token.text} without a symbol`);
      this.pseudoRegister(a, token.text, false, prefix);
      return;
    }
    a.reg = reg;
    if (prefix === dollar) a.type = AddrAddr;
    const scale = first === null ? 0 : first.scale;
    if (scale === 0 && o.peek() === openParen) {
      o.next();
      const index = o.next();
      const second = this.register(index.text, 0);
      if (second === null) this.error(`indirect through non-register ${index.text}`);
      else {
        a.index = second.reg;
        a.scale = second.scale;
      }
      o.get(closeParen);
    } else if (scale !== 0) {
      a.reg = NoReg;
      a.index = reg;
      a.scale = scale;
    }
  }

  /** [R-R]; the bracket has been read. */
  private registerList(a: Addr): void {
    const o = this.operand;
    const low = o.next().text;
    const lowReg = this.target.registers.get(low);
    if (lowReg === undefined) {
      this.error(low === "EOF" ? "register list: expected ']', found EOF" : `register list: bad low register in \`[${low}\``);
      return;
    }
    const dash = o.next();
    if (dash.kind !== minus) {
      this.error(`register list: expected '-' after \`[${low}\`, found ${kindName(dash.kind)}`);
      return;
    }
    const high = o.next().text;
    const highReg = this.target.registers.get(high);
    if (highReg === undefined) {
      this.error(`register list: bad high register in \`[${low}-${high}\``);
      return;
    }
    const end = o.next();
    if (end.kind !== closeBracket) {
      this.error(`register list: expected ']' after \`[${low}-${high}\`, found ${kindName(end.kind)}`);
    }
    a.type = AddrList;
    a.reg = lowReg;
    a.last = highReg;
  }
}

/** An operand as messages show it. */
export function showAddr(a: Addr, target: AsmTarget): string {
  const regName = (reg: number) => {
    for (const [name, number] of target.registers) if (number === reg) return name;
    return "?";
  };
  const number = ((BigInt(a.high) << 32n) | BigInt(a.low >>> 0)).toString();
  switch (a.type) {
    case AddrNone:
      return "";
    case AddrReg:
      return regName(a.reg);
    case AddrConst:
      return `$${number}`;
    case AddrFloat: {
      const text = String(a.float);
      return `$(${/[.e]/.test(text) ? text : `${text}.0`})`;
    }
    case AddrString:
      return `$${JSON.stringify(a.text)}`;
    case AddrBranch:
      return `${number}(PC)`;
    case AddrList:
      return `[${regName(a.reg)}-${regName(a.last)}]`;
  }
  let text = "";
  if (a.type === AddrAddr) text += "$";
  if (a.type === AddrIndirect) text += "*";
  const sign = a.offset > 0 ? `+${number}` : a.offset < 0 ? number : "";
  switch (a.name) {
    case NameExtern:
      return `${text}${a.sym}${a.abi === AbiInternal ? "<ABIInternal>" : ""}${sign}(SB)`;
    case NameStatic:
      return `${text}${a.sym}<>${sign}(SB)`;
    case NameAuto:
      return `${text}${a.sym}${sign}(SP)`;
    case NameParam:
      return `${text}${a.sym}${sign}(FP)`;
  }
  if (a.sym !== "") return `${text}${a.sym}`;
  if (a.offset !== 0 || (a.reg === NoReg && a.index === NoReg)) text += number;
  if (a.reg !== NoReg) text += `(${regName(a.reg)})`;
  if (a.index !== NoReg) text += `(${regName(a.index)}*${a.scale})`;
  return text;
}
