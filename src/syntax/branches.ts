// Labels and jumps of a function body: every label defined once and used, break and continue inside what they leave,
// no goto over a variable declaration or into a block. Sets the target of each BranchStmt.

import type { Diagnostics } from "../base/diagnostics.ts";
import { NoPos, type Pos, type SourceFile } from "../base/pos.ts";
import * as K from "./kinds.ts";
import { printNode } from "./printer.ts";
import * as T from "./tokens.ts";
import type { BlockStmt, BranchStmt, Expr, ForStmt, LabeledStmt, SelectStmt, Stmt, SwitchStmt } from "./tree.ts";

interface Block {
  readonly parent: Block | null;
  readonly start: Pos;
  /** The label of the statement that this block belongs to. */
  readonly labeled: LabeledStmt | null;
}

interface Label {
  readonly block: Block;
  readonly stmt: LabeledStmt;
  used: boolean;
}

/** What break and continue leave here; `caseIndex` is that in the switch around, -1 further inside. */
interface Targets {
  readonly breaks: ForStmt | SwitchStmt | SelectStmt | null;
  readonly continues: ForStmt | null;
  readonly caseIndex: number;
}

const outermost: Targets = { breaks: null, continues: null, caseIndex: -1 };

/** Checks a body. */
export function checkBranches(body: BlockStmt, file: SourceFile, diagnostics: Diagnostics): void {
  if (!mayBranch(body.list)) return;
  const checker = new BranchChecker(file, diagnostics);
  checker.check(body);
}

/** A quick look that spares most functions the rest: whether there is a jump or label anywhere. */
function mayBranch(list: readonly Stmt[]): boolean {
  for (let i = 0; i < list.length; i++) {
    if (stmtMayBranch(list[i] as Stmt)) return true;
  }
  return false;
}

function stmtMayBranch(s: Stmt): boolean {
  switch (s.kind) {
    case K.KindBranchStmt:
    case K.KindLabeledStmt:
      return true;
    case K.KindBlockStmt:
      return mayBranch(s.list);
    case K.KindIfStmt:
      return mayBranch(s.then_.list) || (s.else_ !== null && stmtMayBranch(s.else_));
    case K.KindForStmt:
      return mayBranch(s.body.list);
    case K.KindSwitchStmt:
    case K.KindSelectStmt:
      for (let i = 0; i < s.body.length; i++) {
        if (mayBranch((s.body[i] as { body: Stmt[] }).body)) return true;
      }
      return false;
    default:
      return false;
  }
}

class BranchChecker {
  private readonly file: SourceFile;
  private readonly diagnostics: Diagnostics;
  private readonly labels = new Map<string, Label>();

  constructor(file: SourceFile, diagnostics: Diagnostics) {
    this.file = file;
    this.diagnostics = diagnostics;
  }

  check(body: BlockStmt): void {
    const open = this.block(null, outermost, null, body.pos, body.list);
    for (const jump of open) {
      const name = labelName(jump);
      const pos = jump.label?.pos ?? jump.pos;
      const label = this.labels.get(name);
      if (label === undefined) this.diagnostics.error(pos, `label ${name} not defined`);
      else {
        label.used = true;
        this.diagnostics.error(pos, `goto ${name} jumps into block starting at ${this.place(label.block.start)}`);
      }
    }
    for (const label of this.labels.values()) {
      const l = label.stmt.label;
      if (!label.used) this.diagnostics.error(l.pos, `label ${l.value} defined and not used`);
    }
  }

  private place(pos: Pos): string {
    const file = this.file;
    const offset = file.offset(pos);
    const shown = file.presented(offset);
    const real = file.physical(offset);
    const text = `${shown.file}:${shown.line}${shown.column > 0 ? `:${shown.column}` : ""}`;
    if (shown.file === real.file && shown.line === real.line && shown.column === real.column) return text;
    return `${text}[${real.file}:${real.line}:${real.column}]`;
  }

  private declare(block: Block, stmt: LabeledStmt): Label {
    const name = stmt.label.value;
    const other = this.labels.get(name);
    if (other !== undefined) {
      const at = this.place(other.stmt.label.pos);
      this.diagnostics.error(stmt.label.pos, `label ${name} already defined at ${at}`);
      return other;
    }
    const label = { block, stmt, used: false };
    this.labels.set(name, label);
    return label;
  }

  /** A label of this block or one around it. */
  private gotoTarget(block: Block, name: string): LabeledStmt | null {
    const label = this.labels.get(name);
    if (label === undefined) return null;
    label.used = true;
    for (let b: Block | null = block; b !== null; b = b.parent) {
      if (label.block === b) return label.stmt;
    }
    return null;
  }

  /** The statement around this block that has the label; undefined if no such label is known, null if it isn't around. */
  private enclosing(block: Block, name: string): LabeledStmt | null | undefined {
    const label = this.labels.get(name);
    if (label === undefined) return undefined;
    label.used = true;
    for (let b: Block | null = block; b !== null; b = b.parent) {
      if (label.stmt === b.labeled) return label.stmt;
    }
    return null;
  }

  /** Checks a block's statements; returns the gotos whose label wasn't seen yet. */
  private block(parent: Block | null, targets: Targets, labeled: LabeledStmt | null, start: Pos, list: readonly Stmt[]): BranchStmt[] {
    const block: Block = { parent, start, labeled };
    let open: BranchStmt[] = [];
    let overDeclaration: BranchStmt[] = []; // gotos that come before the last variable declaration
    let varPos: Pos = NoPos;
    let varName: Expr | null = null;
    let count = list.length;
    while (count > 0 && (list[count - 1] as Stmt).kind === K.KindEmptyStmt) count--;
    for (let i = 0; i < count; i++) {
      let s = list[i] as Stmt;
      let label: LabeledStmt | null = null;
      while (s.kind === K.KindLabeledStmt) {
        const name = s.label.value;
        if (name !== "_") {
          const l = this.declare(block, s);
          const still: BranchStmt[] = [];
          for (const jump of open) {
            if (labelName(jump) !== name) {
              still.push(jump);
              continue;
            }
            jump.target = s;
            l.used = true;
            if (varPos !== NoPos && overDeclaration.includes(jump)) {
              const shown = varName === null ? "" : printNode(varName);
              this.diagnostics.error(
                jump.label?.pos ?? jump.pos,
                `goto ${name} jumps over declaration of ${shown} at ${this.place(varPos)}`,
              );
            }
          }
          open = still;
          label = s;
        }
        s = s.stmt;
      }
      switch (s.kind) {
        case K.KindDeclStmt:
          for (const d of s.declList) {
            if (d.kind === K.KindVarDecl) {
              varPos = d.pos;
              varName = d.nameList[0] ?? null;
              overDeclaration = open.slice();
              break;
            }
          }
          break;
        case K.KindAssignStmt:
          if (s.op === T.OpDef) {
            varPos = s.pos;
            varName = s.lhs;
            overDeclaration = open.slice();
          }
          break;
        case K.KindBranchStmt:
          if (s.label === null) this.plainBranch(s, targets, i + 1 === count);
          else if (!this.labeledBranch(s, block)) open.push(s);
          break;
        case K.KindBlockStmt:
          append(open, this.block(block, inside(targets), label, s.pos, s.list));
          break;
        case K.KindIfStmt: {
          const inner = inside(targets);
          append(open, this.block(block, inner, label, s.then_.pos, s.then_.list));
          if (s.else_ !== null) append(open, this.block(block, inner, label, s.else_.pos, [s.else_]));
          break;
        }
        case K.KindForStmt: {
          const inner = { breaks: s, continues: s, caseIndex: -1 };
          append(open, this.block(block, inner, label, s.body.pos, s.body.list));
          break;
        }
        case K.KindSwitchStmt:
          for (let k = 0; k < s.body.length; k++) {
            const inner = { breaks: s, continues: targets.continues, caseIndex: k };
            const c = s.body[k] as { pos: Pos; body: Stmt[] };
            append(open, this.block(block, inner, label, c.pos, c.body));
          }
          break;
        case K.KindSelectStmt: {
          const inner = { breaks: s, continues: targets.continues, caseIndex: -1 };
          for (const c of s.body) append(open, this.block(block, inner, label, c.pos, c.body));
        }
      }
    }
    return open;
  }

  private plainBranch(s: BranchStmt, targets: Targets, isLast: boolean): void {
    switch (s.tok) {
      case T.TokBreak:
        if (targets.breaks !== null) s.target = targets.breaks;
        else this.diagnostics.error(s.pos, "break is not in a loop, switch, or select");
        return;
      case T.TokContinue:
        if (targets.continues !== null) s.target = targets.continues;
        else this.diagnostics.error(s.pos, "continue is not in a loop");
        return;
      case T.TokFallthrough: {
        let message = "fallthrough statement out of place";
        const around = targets.breaks;
        if (around !== null && around.kind === K.KindSwitchStmt) {
          if (around.tag !== null && around.tag.kind === K.KindTypeSwitchGuard) {
            message = "cannot fallthrough in type switch";
          } else if (targets.caseIndex >= 0 && isLast) {
            if (targets.caseIndex + 1 < around.body.length) return;
            message = "cannot fallthrough final case in switch";
          }
        }
        this.diagnostics.error(s.pos, message);
      }
    }
  }

  /** False for a goto whose label isn't known yet. */
  private labeledBranch(s: BranchStmt, block: Block): boolean {
    const name = labelName(s);
    const pos = s.label?.pos ?? s.pos;
    if (s.tok === T.TokGoto) {
      s.target = this.gotoTarget(block, name);
      return s.target !== null;
    }
    const word = s.tok === T.TokBreak ? "break" : "continue";
    const labeled = this.enclosing(block, name);
    if (labeled === undefined) {
      this.diagnostics.error(pos, `${word} label not defined: ${name}`);
      return true;
    }
    const t = labeled === null ? null : labeled.stmt;
    const ok =
      t !== null && (t.kind === K.KindForStmt || (s.tok === T.TokBreak && (t.kind === K.KindSwitchStmt || t.kind === K.KindSelectStmt)));
    if (ok) s.target = t;
    else this.diagnostics.error(pos, `invalid ${word} label ${name}`);
    return true;
  }
}

function labelName(s: BranchStmt): string {
  return s.label === null ? "" : s.label.value;
}

function inside(targets: Targets): Targets {
  return { breaks: targets.breaks, continues: targets.continues, caseIndex: -1 };
}

function append(list: BranchStmt[], more: readonly BranchStmt[]): void {
  for (let i = 0; i < more.length; i++) list.push(more[i] as BranchStmt);
}
