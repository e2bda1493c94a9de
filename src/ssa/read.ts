// Reads the text form of SSA functions that src/ssa/print.ts writes. For tests: an error is an exception that names the line.

import { NoPos, type Pos } from "../base/pos.ts";
import { type AbiInfo, type AbiRegisters, type AbiType, assignAbi } from "./abi.ts";
import { type Block, BlockArch, BlockPlain, CallInfo, Func, type Value } from "./func.ts";
import { FirstArchOp, opNames } from "./ops.gen.ts";
import { type ArchNames, blockKindNames, flagWords } from "./print.ts";
import { NoSym, type Sym, type Symbols } from "./symbol.ts";
import { typeNames, typeSize } from "./types.ts";

const scalar = (name: string): AbiType => {
  const type = typeNames.indexOf(name);
  if (type < 0) throw new Error(`unknown type ${name}`);
  const size = typeSize(type);
  return { size, align: size, components: [{ type, offset: 0 }], inRegisters: true };
};

const types = (list: string): AbiType[] => (list.trim() === "" ? [] : list.split(",").map((t) => scalar(t.trim())));

const symbolText = String.raw`@(?:"(?:[^"\\]|\\.)*"|[^\s(){}"]+)`;
const funcLine = new RegExp(String.raw`^func (${symbolText})\(([^)]*)\) \(([^)]*)\)([^{]*)\{$`);
const callLine = new RegExp(String.raw`^call c(\d+) (-|${symbolText})\(([^)]*)\) \(([^)]*)\)( noreturn)?(?: stack (\d+))?$`);
const valueLine = new RegExp(
  String.raw`^v(\d+) = (\.?\w+) <(\w+)>(?: \[(-?[0-9a-fx]+)\])?(?: \{(s\d+|c\d+|${symbolText})\})?((?: v\d+)*)$`,
);

class Reader {
  private readonly symbols: Symbols;
  private readonly registers: AbiRegisters;
  private readonly arch: ArchNames | undefined;
  private f: Func | null = null;
  private readonly values = new Map<string, Value>();
  private readonly blocks = new Map<string, Block>();
  private readonly slots = new Map<string, number>();
  private readonly calls = new Map<string, number>();
  private readonly pending: (() => void)[] = [];
  private readonly predNames = new Map<Block, string[]>();
  private current: Block | null = null;
  readonly funcs: Func[] = [];

  constructor(symbols: Symbols, registers: AbiRegisters, arch: ArchNames | undefined) {
    this.symbols = symbols;
    this.registers = registers;
    this.arch = arch;
  }

  line(text: string, number: number): void {
    if (text === "" || text.startsWith("#")) return;
    if (this.f === null) this.begin(text);
    else if (text === "}") this.end();
    else if (text.startsWith("slot ")) this.slot(this.f, text);
    else if (text.startsWith("call c")) this.call(this.f, text);
    else if (/^b\d+:/.test(text)) this.block(this.f, text);
    else if (/^v\d+ =/.test(text)) this.value(this.f, text, number);
    else this.terminator(this.f, text);
  }

  private sym(text: string): Sym {
    const name = text.slice(1);
    return this.symbols.intern(name.startsWith('"') ? (JSON.parse(name) as string) : name);
  }

  private begin(text: string): void {
    const m = funcLine.exec(text);
    if (m === null) throw new Error(`expected "func @name(types) (types) {"`);
    const abi = assignAbi(this.registers, types(m[2] as string), types(m[3] as string));
    const sym = this.sym(m[1] as string);
    let flags = 0;
    for (const word of (m[4] as string).trim().split(/\s+/)) {
      if (word === "") continue;
      const flag = flagWords.find((w) => w[1] === word);
      if (flag === undefined) throw new Error(`unknown flag ${word}`);
      flags |= flag[0];
    }
    const f = new Func(sym, this.symbols.name(sym), NoPos, abi, new CallInfo(sym, abi, false), flags);
    f.blocks.length = 1; // The text declares every block, the entry first.
    this.f = f;
  }

  private slot(f: Func, text: string): void {
    const m = /^slot s(\d+) ("(?:[^"\\]|\\.)*") (\d+) (\d+) \[([\d ]*)\]( exposed)?( escapes)?$/.exec(text);
    if (m === null) throw new Error("malformed slot");
    const pointers = (m[5] as string)
      .split(" ")
      .filter((w) => w !== "")
      .map(Number);
    const index = f.newSlot(JSON.parse(m[2] as string) as string, Number(m[3]), Number(m[4]), pointers);
    const slot = f.slots[index];
    if (slot) {
      slot.exposed = m[6] !== undefined;
      slot.escapes = m[7] !== undefined;
    }
    this.slots.set(`s${m[1]}`, index);
  }

  private call(f: Func, text: string): void {
    const m = callLine.exec(text);
    if (m === null) throw new Error("malformed call");
    const params = types(m[3] as string);
    const stack = Number(m[6] ?? 0);
    if (stack > 0) params.push({ size: stack, align: 8, components: [], inRegisters: false });
    const abi: AbiInfo = assignAbi(this.registers, params, types(m[4] as string));
    const sym = m[2] === "-" ? NoSym : this.sym(m[2] as string);
    this.calls.set(`c${m[1]}`, f.addCall(new CallInfo(sym, abi, m[5] !== undefined)));
  }

  private blockNamed(f: Func, name: string): Block {
    let b = this.blocks.get(name);
    if (b === undefined) {
      b = f.newBlock(BlockPlain, NoPos);
      this.blocks.set(name, b);
    }
    return b;
  }

  private block(f: Func, text: string): void {
    const m = /^(b\d+):(?: <-((?: b\d+)+))?( cold)?$/.exec(text);
    if (m === null) throw new Error("malformed block");
    const first = this.blocks.size === 0;
    const b = this.blockNamed(f, m[1] as string);
    if (first) f.entry = b;
    b.cold = m[3] !== undefined;
    if (m[2] !== undefined) this.predNames.set(b, m[2].trim().split(" "));
    this.current = b;
  }

  private value(f: Func, text: string, line: number): void {
    const m = valueLine.exec(text);
    if (m === null) throw new Error(`malformed value: ${text}`);
    const name = m[2] as string;
    const own = name.startsWith(".");
    const index = own ? (this.arch?.opNames.indexOf(name.slice(1)) ?? -1) : opNames.indexOf(name);
    if (index < 0) throw new Error(`unknown op ${name}`);
    const type = typeNames.indexOf(m[3] as string);
    if (type < 0) throw new Error(`unknown type ${m[3]}`);
    if (this.current === null) throw new Error("value outside a block");
    const v = f.append(this.current, own ? index + FirstArchOp : index, type, line as Pos, 0);
    this.values.set(`v${m[1]}`, v);
    if (m[4] !== undefined) f.setAuxBig(v, BigInt(m[4]));
    const aux = m[5];
    if (aux !== undefined) {
      if (aux.startsWith("@")) f.aux[v] = this.sym(aux);
      else f.aux[v] = (aux.startsWith("s") ? this.slots.get(aux) : this.calls.get(aux)) ?? 0;
      if (f.aux[v] === 0) throw new Error(`unknown ${aux}`);
    }
    const args = (m[6] as string).trim();
    if (args !== "") this.pending.push(() => f.setArgs(v, this.find(args)));
  }

  private find(args: string): Value[] {
    return args.split(" ").map((name) => {
      const v = this.values.get(name);
      if (v === undefined) throw new Error(`unknown value ${name}`);
      return v;
    });
  }

  private terminator(f: Func, text: string): void {
    const m = /^(\.?\w+)(?: \[(-?\d+)\])?((?: v\d+)*)(?: ->((?: b\d+)+))?( likely| unlikely)?$/.exec(text);
    const b = this.current;
    if (m === null || b === null) throw new Error(`malformed line: ${text}`);
    const name = m[1] as string;
    const own = name.startsWith(".");
    const kind = own ? (this.arch?.blockNames.indexOf(name.slice(1)) ?? -1) + BlockArch : blockKindNames.indexOf(name);
    if (kind < (own ? BlockArch : 1)) throw new Error(`unknown block kind ${name}`);
    b.kind = kind;
    b.aux = Number(m[2] ?? 0);
    b.likely = m[5] === " likely" ? 1 : m[5] === " unlikely" ? -1 : 0;
    for (const s of (m[4] ?? "").trim().split(" ")) if (s !== "") b.succs.push(this.blockNamed(f, s));
    const controls = (m[3] as string).trim();
    if (controls !== "") {
      this.pending.push(() => {
        for (const v of this.find(controls)) f.addControl(b, v);
      });
    }
    this.current = null;
  }

  private end(): void {
    const f = this.f as Func;
    for (const fix of this.pending) fix();
    for (const b of this.blocks.values()) {
      const names = this.predNames.get(b) ?? [];
      for (const name of names) b.preds.push(this.blockNamed(f, name));
    }
    this.funcs.push(f);
    this.f = null;
    this.values.clear();
    this.blocks.clear();
    this.slots.clear();
    this.calls.clear();
    this.predNames.clear();
    this.pending.length = 0;
  }
}

/** Reads the functions in a text. Lines that start with # are comments. */
export function readFuncs(text: string, symbols: Symbols, registers: AbiRegisters, arch?: ArchNames): Func[] {
  const reader = new Reader(symbols, registers, arch);
  const lines = text.split("\n");
  for (let i = 0; i < lines.length; i++) {
    try {
      reader.line((lines[i] as string).trim(), i + 1);
    } catch (error) {
      throw new Error(`line ${i + 1}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return reader.funcs;
}
