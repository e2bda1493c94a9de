// The text form of SSA functions: what tests of passes are written in, and what `-d=<pass>/dump` shows. src/ssa/read.ts reads it back.
//
//   func @main.f(i64, ptr) (i64) nosplit {
//     slot s1 "x" 16 8 [0] exposed
//     call c1 @runtime.newobject(ptr) (ptr)
//   b1:
//     v1 = InitMem <mem>
//     v2 = Arg <i64> [0]
//     v3 = SymAddr <ptr> [8] {@main.v}
//     v4 = CallStatic <tuple> {c1} v3 v1
//     If v5 -> b2 b3 likely
//   b2: <- b1 cold
//     Ret v2 v1
//   }

import type { Block, CallInfo, Func, Value } from "./func.ts";
import {
  BlockExit,
  BlockFork,
  BlockIf,
  BlockJump,
  BlockPlain,
  BlockRet,
  FnHasDefer,
  FnNoEscape,
  FnNoInline,
  FnNoPoll,
  FnNoSplit,
  FnSystemStack,
  FnTopFrame,
  FnUsesClosure,
  FnWrapper,
} from "./func.ts";
import { FirstArchOp, opAux, opAuxInt, opNames } from "./ops.gen.ts";
import type { Sym, Symbols } from "./symbol.ts";
import { typeNames } from "./types.ts";

/** The names of an architecture's ops and block kinds, for printing and reading lowered functions. */
export interface ArchNames {
  readonly opNames: readonly string[];
  readonly opAux: readonly string[];
  readonly opAuxInt: readonly string[];
  /** Index 0 is BlockArch. */
  readonly blockNames: readonly string[];
}

export const blockKindNames: readonly string[] = ["", "Plain", "If", "Jump", "Ret", "Exit", "Fork"];

/** Flag bits and their words. */
export const flagWords: readonly (readonly [number, string])[] = [
  [FnNoSplit, "nosplit"],
  [FnNoInline, "noinline"],
  [FnWrapper, "wrapper"],
  [FnTopFrame, "topframe"],
  [FnHasDefer, "defer"],
  [FnUsesClosure, "closure"],
  [FnSystemStack, "systemstack"],
  [FnNoEscape, "noescape"],
  [FnNoPoll, "nopoll"],
];

const symName = (symbols: Symbols, sym: Sym): string => {
  const name = symbols.name(sym);
  return /^[^\s(){}"]+$/.test(name) ? `@${name}` : `@${JSON.stringify(name)}`;
};

const signature = (call: CallInfo): string => {
  const params = call.argTypes.map((t) => typeNames[t] as string).join(", ");
  const results = call.resultTypes.map((t) => typeNames[t] as string).join(", ");
  return `(${params}) (${results})`;
};

/** One function as text. Stack-passed parameters do not show in signatures. */
export function printFunc(f: Func, symbols: Symbols, arch?: ArchNames): string {
  const words = flagWords.filter(([bit]) => (f.flags & bit) !== 0).map(([, word]) => ` ${word}`);
  const lines = [`func ${symName(symbols, f.sym)}${signature(f.self)}${words.join("")} {`];
  for (let i = 1; i < f.slots.length; i++) {
    const s = f.slots[i];
    if (s === null || s === undefined) continue;
    const flags = `${s.exposed ? " exposed" : ""}${s.escapes ? " escapes" : ""}`;
    lines.push(`  slot s${i} ${JSON.stringify(s.name)} ${s.size} ${s.align} [${s.pointers.join(" ")}]${flags}`);
  }
  for (let i = 1; i < f.calls.length; i++) {
    const c = f.calls[i];
    if (c === null || c === undefined) continue;
    const name = c.sym === 0 ? "-" : symName(symbols, c.sym);
    const stack = c.abi.argSize > 0 ? ` stack ${c.abi.argSize}` : "";
    lines.push(`  call c${i} ${name}${signature(c)}${c.noReturn ? " noreturn" : ""}${stack}`);
  }
  const blocks = f.layout ?? (f.blocks.filter((b) => b !== null) as Block[]);
  for (const b of blocks) {
    const preds = b.preds.length > 0 ? ` <- ${b.preds.map((p) => `b${p.id}`).join(" ")}` : "";
    lines.push(`b${b.id}:${preds}${b.cold ? " cold" : ""}`);
    for (const v of b.values) lines.push(`  ${printValue(f, v, symbols, arch)}`);
    lines.push(`  ${printEnd(b, arch)}`);
  }
  lines.push("}");
  return `${lines.join("\n")}\n`;
}

/** One value as text: `v3 = Add <i64> v1 v2`. */
export function printValue(f: Func, v: Value, symbols: Symbols, arch?: ArchNames): string {
  const op = f.op[v] as number;
  const own = op >= FirstArchOp;
  const index = own ? op - FirstArchOp : op;
  const name = (own ? arch?.opNames[index] : opNames[index]) ?? `op${op}`;
  const auxKind = (own ? arch?.opAux[index] : opAux[index]) ?? "";
  const intKind = (own ? arch?.opAuxInt[index] : opAuxInt[index]) ?? "";
  let text = `v${v} = ${own ? "." : ""}${name} <${typeNames[f.type[v] as number]}>`;
  if (intKind !== "" && (intKind === "value" || intKind === "index" || f.auxLo[v] !== 0 || f.auxHi[v] !== 0)) {
    text += ` [${intKind === "bits" ? `0x${BigInt.asUintN(64, f.auxBig(v)).toString(16)}` : f.auxBig(v)}]`;
  }
  const aux = f.aux[v] as number;
  if (aux !== 0) {
    if (auxKind === "slot") text += ` {s${aux}}`;
    else if (auxKind === "call") text += ` {c${aux}}`;
    else text += ` {${symName(symbols, aux as Sym)}}`;
  }
  const count = f.argCount[v] as number;
  for (let i = 0; i < count; i++) text += ` v${f.arg(v, i)}`;
  return text;
}

function printEnd(b: Block, arch: ArchNames | undefined): string {
  const name = blockKindNames[b.kind] ?? `.${arch?.blockNames[b.kind - 16] ?? `kind${b.kind}`}`;
  const controls = b.controls.map((v) => ` v${v}`).join("");
  const aux = b.aux !== 0 ? ` [${b.aux}]` : "";
  const succs = b.succs.length > 0 ? ` -> ${b.succs.map((s) => `b${s.id}`).join(" ")}` : "";
  const likely = b.likely > 0 ? " likely" : b.likely < 0 ? " unlikely" : "";
  return `${name}${aux}${controls}${succs}${likely}`;
}

/** How many successors each generic kind has; -1: any number. */
export const blockSuccessors: readonly number[] = (() => {
  const counts: number[] = [];
  counts[BlockPlain] = 1;
  counts[BlockIf] = 2;
  counts[BlockJump] = -1;
  counts[BlockRet] = 0;
  counts[BlockExit] = 0;
  counts[BlockFork] = 2;
  return counts;
})();
