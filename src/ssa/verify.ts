// Checks that a function is well formed: run after every pass in tests and with -d=verify. Each rule here is one that some pass relies on.

import { Dominators } from "./dom.ts";
import { type Block, BlockIf, BlockJump, BlockRet, type Func, type Value } from "./func.ts";
import {
  AttrReads,
  AttrWrites,
  FirstArchOp,
  OpCopy,
  OpPhi,
  OpSelect,
  OpSelectMem,
  opArgs,
  opAttributes,
  opNames,
  opResults,
} from "./ops.gen.ts";
import { blockSuccessors } from "./print.ts";
import { isFloat, isInteger, TypeI8, TypeI64, TypeMem, TypePtr, TypeTuple, TypeVoid, typeNames } from "./types.ts";

/** What is wrong with a function, one line each, empty when it is sound. */
export function verify(f: Func): string[] {
  const errors: string[] = [];
  const report = (text: string): void => {
    if (errors.length < 20) errors.push(`${f.name}: ${text}`);
  };
  checkEdges(f, report);
  if (errors.length > 0) return errors;
  checkValues(f, report);
  if (errors.length > 0) return errors;
  checkDominance(f, report);
  checkUses(f, report);
  return errors;
}

/** Throws an error that names the function and the stage when a function is not sound. */
export function mustVerify(f: Func, stage: string): void {
  const errors = verify(f);
  if (errors.length > 0) throw new Error(`malformed SSA after ${stage}:\n${errors.join("\n")}`);
}

type Report = (text: string) => void;

function checkEdges(f: Func, report: Report): void {
  for (const b of f.blocks) {
    if (b === null) continue;
    if (f.blocks[b.id] !== b) report(`b${b.id} is not at its id`);
    const expected = blockSuccessors[b.kind];
    if (expected !== undefined && expected >= 0 && b.succs.length !== expected) {
      report(`b${b.id} has ${b.succs.length} successors, its kind has ${expected}`);
    }
    for (const s of b.succs) {
      if (f.blocks[s.id] !== s) report(`b${b.id} goes to dead b${s.id}`);
      const there = b.succs.filter((x) => x === s).length;
      const back = s.preds.filter((x) => x === b).length;
      if (there !== back) report(`b${b.id} -> b${s.id}: ${there} edges but ${back} predecessor entries`);
    }
    for (const p of b.preds) if (!p.succs.includes(b)) report(`b${b.id} lists b${p.id} as predecessor, which does not go there`);
  }
  if (f.entry.preds.length > 0) report("the entry block has predecessors");
}

function checkValues(f: Func, report: Report): void {
  const seen = new Uint8Array(f.valueCount);
  for (const b of f.blocks) {
    if (b === null) continue;
    let phis = true;
    for (const v of b.values) {
      if (seen[v] !== 0) report(`v${v} stands in two places`);
      seen[v] = 1;
      if (f.block[v] !== b.id) report(`v${v} stands in b${b.id} but says b${f.block[v]}`);
      if (f.op[v] === OpPhi) {
        if (f.argCount[v] !== b.preds.length)
          report(`v${v}: phi of ${f.argCount[v]} arguments in b${b.id} with ${b.preds.length} predecessors`);
        if (!phis) report(`v${v}: phi behind other values in b${b.id}`);
      } else {
        phis = false;
      }
      checkValue(f, v, report);
    }
    checkControls(f, b, report);
  }
}

function checkControls(f: Func, b: Block, report: Report): void {
  if (b.kind === BlockIf && (b.controls.length !== 1 || f.type[b.controls[0] as number] !== TypeI8)) report(`b${b.id}: If needs one i8`);
  if (b.kind === BlockJump && (b.controls.length !== 1 || f.type[b.controls[0] as number] !== TypeI64))
    report(`b${b.id}: Jump needs one i64`);
  if (b.kind === BlockRet && b.controls.length > 0) {
    const results = f.self.resultTypes;
    if (b.controls.length !== results.length + 1) {
      report(`b${b.id}: Ret has ${b.controls.length} controls, expected ${results.length} results and memory`);
      return;
    }
    for (let i = 0; i < results.length; i++) {
      const type = f.type[b.controls[i] as number];
      if (type !== results[i]) report(`b${b.id}: result ${i} is ${typeNames[type as number]}, expected ${typeNames[results[i] as number]}`);
    }
    if (f.type[b.controls[results.length] as number] !== TypeMem) report(`b${b.id}: Ret without memory`);
  }
}

function fits(letter: string, type: number): boolean {
  switch (letter) {
    case "i":
      return isInteger(type);
    case "f":
      return isFloat(type);
    case "p":
      return type === TypePtr;
    case "m":
      return type === TypeMem;
    case "t":
      return type === TypeTuple;
    default:
      return type !== TypeVoid && type !== TypeTuple;
  }
}

function checkValue(f: Func, v: Value, report: Report): void {
  const op = f.op[v] as number;
  const count = f.argCount[v] as number;
  for (let i = 0; i < count; i++) {
    const a = f.arg(v, i);
    if (a === 0 || f.block[a] === 0) report(`v${v}: argument ${i} (v${a}) is dead`);
  }
  if (op >= FirstArchOp) return;
  const name = opNames[op] as string;
  const result = opResults[op] as number;
  if (result !== 255 && f.type[v] !== result) report(`v${v}: ${name} of type ${typeNames[f.type[v] as number]}`);
  const letters = opArgs[op] as string;
  const star = letters.indexOf("*");
  if (star < 0 ? count !== letters.length : count < letters.length - 1) {
    report(`v${v}: ${name} has ${count} arguments, expected ${letters}`);
    return;
  }
  for (let i = 0; i < count; i++) {
    let letter = letters[i] ?? "v";
    if (star >= 0 && i >= star) letter = i >= count - (letters.length - 1 - star) ? (letters[letters.length - (count - i)] as string) : "v";
    const type = f.type[f.arg(v, i)] as number;
    // Copies pass anything on, tuples too, until they are eliminated.
    if (!fits(letter, type) && op !== OpPhi && op !== OpCopy)
      report(`v${v}: argument ${i} of ${name} is ${typeNames[type]}, expected ${letter}`);
    if (op === OpPhi && type !== f.type[v]) report(`v${v}: phi of ${typeNames[f.type[v] as number]} has a ${typeNames[type]} argument`);
  }
  const attributes = opAttributes[op] as number;
  if ((attributes & (AttrReads | AttrWrites)) !== 0 && count > 0 && f.type[f.arg(v, count - 1)] !== TypeMem) {
    report(`v${v}: ${name} without memory`);
  }
  if ((op === OpSelect || op === OpSelectMem) && f.type[f.arg(v, 0)] !== TypeTuple) report(`v${v}: ${name} of no tuple`);
}

function checkDominance(f: Func, report: Report): void {
  const dom = new Dominators(f);
  for (const b of dom.order) {
    for (const v of b.values) {
      const phi = f.op[v] === OpPhi;
      for (let i = 0; i < (f.argCount[v] as number); i++) {
        const a = f.arg(v, i);
        const from = phi ? (b.preds[i] as Block).id : b.id;
        if (!dom.reachable(from)) continue;
        if (!dom.dominates(f.block[a] as number, from)) report(`v${a} does not dominate its use by v${v}`);
      }
    }
    for (const v of b.controls) if (!dom.dominates(f.block[v] as number, b.id)) report(`v${v} does not dominate the end of b${b.id}`);
  }
}

function checkUses(f: Func, report: Report): void {
  const uses = new Int32Array(f.valueCount);
  for (const b of f.blocks) {
    if (b === null) continue;
    for (const v of b.values) for (const a of f.args(v)) uses[a]!++;
    for (const v of b.controls) uses[v]!++;
  }
  for (let v = 1; v < f.valueCount; v++) {
    if (f.block[v] !== 0 && uses[v] !== f.uses[v]) report(`v${v} has ${uses[v]} uses, counted ${f.uses[v]}`);
  }
}
