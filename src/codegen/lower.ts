// Drives lowering: block by block from the end of the function to its start, in each block from the last value to the first, so that users
// are lowered before what they use. See the architecture's lower.ts for the patterns.

import type { Pos } from "../base/pos.ts";
import { type Block, BlockIf, BlockJump, type Func, type Value } from "../ssa/func.ts";
import {
  AttrPanics,
  AttrWrites,
  FirstArchOp,
  OpArg,
  OpArgAddr,
  OpCallClosure,
  OpCallInter,
  OpCallStatic,
  OpCallerPC,
  OpCallerSP,
  OpClosure,
  OpConst,
  OpConstF,
  OpCopy,
  OpGetG,
  OpGetSP,
  OpInitMem,
  OpKeepAlive,
  OpNilCheck,
  OpOutArgAddr,
  OpPhi,
  OpPublicationBarrier,
  OpSelect,
  OpSelectMem,
  OpSlotAddr,
  OpSymAddr,
  OpTrunc,
  opAttributes,
} from "../ssa/ops.gen.ts";
import type { Symbols } from "../ssa/symbol.ts";
import type { LoweringContext, Target } from "../ssa/target.ts";
import { TypeFlags, type ValueType } from "../ssa/types.ts";

/** Generic ops that stay what they are. */
export function isKept(op: number): boolean {
  switch (op) {
    case OpPhi:
    case OpInitMem:
    case OpArg:
    case OpClosure:
    case OpKeepAlive:
    case OpPublicationBarrier:
    case OpCallStatic:
    case OpCallClosure:
    case OpCallInter:
    case OpSelect:
    case OpSelectMem:
      return true;
    default:
      return isRematerializable(op);
  }
}

/** Values that are made wherever they are needed and never kept in the frame. */
export function isRematerializable(op: number): boolean {
  switch (op) {
    case OpConst:
    case OpConstF:
    case OpSymAddr:
    case OpSlotAddr:
    case OpArgAddr:
    case OpOutArgAddr:
    case OpGetG:
    case OpGetSP:
    case OpCallerSP:
    case OpCallerPC:
      return true;
    default:
      return false;
  }
}

class Lowering implements LoweringContext {
  readonly f: Func;
  readonly symbols: Symbols;
  private readonly target: Target;
  /** Number of writes before each value in its block. */
  private readonly epoch: Int32Array;
  private readonly selectsOf: Uint8Array;
  private block: Block;
  private now = 0;
  private pos: Pos;
  private inl = 0;
  /** Values still to lower, the last first; new ones go on top. */
  private readonly stack: Value[] = [];

  constructor(f: Func, target: Target, symbols: Symbols) {
    this.f = f;
    this.target = target;
    this.symbols = symbols;
    this.epoch = new Int32Array(f.valueCount);
    this.selectsOf = new Uint8Array(f.valueCount);
    this.block = f.entry;
    this.pos = f.pos;
  }

  before(op: number, type: ValueType, args: readonly Value[]): Value {
    const f = this.f;
    const v = f.make(op, type, this.pos, this.inl);
    f.block[v] = this.block.id;
    if (args.length > 0) f.setArgs(v, args);
    this.stack.push(v);
    return v;
  }

  constant(type: ValueType, value: number): Value {
    const v = this.before(OpConst, type, []);
    this.f.setAuxInt(v, value);
    return v;
  }

  canMerge(load: Value): boolean {
    return this.f.uses[load] === 1 && this.f.block[load] === this.block.id && this.epoch[load] === this.now;
  }

  selected(tuple: Value): boolean {
    return this.selectsOf[tuple] !== 0;
  }

  run(postorder: readonly Block[]): void {
    const f = this.f;
    for (let k = 0; k < postorder.length; k++) {
      const b = postorder[k];
      let writes = 0;
      for (let i = 0; i < b.values.length; i++) {
        const v = b.values[i];
        this.epoch[v] = writes;
        if (f.op[v] < FirstArchOp && (opAttributes[f.op[v]] & AttrWrites) !== 0) writes++;
        this.stripOperands(v);
      }
      for (let i = 0; i < b.controls.length; i++) f.setControl(b, i, this.target.strip(f, b.controls[i]));
    }
    for (let i = 0; i < postorder.length; i++) {
      const b = postorder[i];
      this.lowerBlock(b);
    }
  }

  /** Kept values take their operands without the operations that are nothing in machine code. */
  private stripOperands(v: Value): void {
    const f = this.f;
    switch (f.op[v]) {
      case OpPhi:
      case OpCallStatic:
      case OpCallClosure:
      case OpCallInter:
      case OpKeepAlive:
        for (let i = 0; i < f.argCount[v]; i++) {
          const a = f.arg(v, i);
          // Spill slots of phis are copied whole, so their operands keep their extensions.
          const s = f.op[v] === OpPhi ? this.look(a) : this.target.strip(f, a);
          if (s !== a) f.setArg(v, i, s);
        }
    }
  }

  private look(v: Value): Value {
    const f = this.f;
    for (;;) {
      const op = f.op[v];
      if (op !== OpCopy && op !== OpTrunc && op !== OpNilCheck) return v;
      v = f.arg(v, 0);
    }
  }

  private lowerBlock(b: Block): void {
    const f = this.f;
    const stack = this.stack;
    this.block = b;
    const out: Value[] = [];
    for (let i = 0; i < b.values.length; i++) stack.push(b.values[i]);
    const original = this.epoch.length;
    this.now = 1 << 30;
    if (b.kind === BlockIf || b.kind === BlockJump) {
      let writes = 0;
      for (let i = 0; i < b.values.length; i++) {
        const v = b.values[i];
        if (f.op[v] < FirstArchOp && (opAttributes[f.op[v]] & AttrWrites) !== 0) writes++;
      }
      this.now = writes;
      this.pos = b.pos;
      this.inl = b.values.length > 0 ? f.inl[b.values[b.values.length - 1]] : 0;
      if (b.controls.length > 0) this.pos = f.pos_[b.controls[0]] as Pos;
      this.target.lowerBlock(this, b);
    }
    while (stack.length > 0) {
      const v = stack.pop() as Value;
      const op = f.op[v];
      if (op >= FirstArchOp && (op !== this.target.pollOp || f.type[v] === TypeFlags)) {
        out.push(v);
        continue;
      }
      if (f.uses[v] === 0 && (op >= FirstArchOp || (opAttributes[op] & (AttrWrites | AttrPanics)) === 0)) {
        f.dropArgs(v);
        f.block[v] = 0;
        continue;
      }
      if (isKept(op)) {
        if (op === OpSelect) this.selectsOf[f.arg(v, 0)] = 1;
        out.push(v);
        continue;
      }
      if (v < original) this.now = this.epoch[v];
      this.pos = f.pos_[v] as Pos;
      this.inl = f.inl[v];
      // What is made for v goes on the stack and so comes to stand in front of it.
      this.target.lowerValue(this, v);
      out.push(v);
    }
    out.reverse();
    b.values = out;
  }
}

/** Turns the generic operations of scheduled blocks into those of the target. */
export function lower(f: Func, target: Target, symbols: Symbols, postorder: readonly Block[]): void {
  new Lowering(f, target, symbols).run(postorder);
}
