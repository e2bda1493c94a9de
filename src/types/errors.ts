// Reporting of errors: messages are formatted as gc formats them, further lines of an error ("\tother declaration of x")
// are part of its message, and errors that only follow from earlier ones are dropped.

import { NoPos, type Pos } from "../base/pos.ts";
import { startPos } from "../syntax/positions.ts";
import type { Node } from "../syntax/tree.ts";
import type { Checker } from "./checker.ts";
import { type FormatArg, posString, sprintf } from "./format.ts";
import { ObjectBase } from "./object.ts";
import { Operand } from "./operand.ts";
import { allowVersion, type GoVersion, go1_21, parseVersion, versionString } from "./version.ts";

export const invalidArg = "invalid argument: ";
export const invalidOp = "invalid operation: ";

/** Where an error is: a position, or something that has one. */
export type Poser = Pos | Node | Operand | ObjectBase;

/** Where an error about `at` is reported: the leftmost position of expressions. */
export function atPos(at: Poser): Pos {
  if (typeof at === "number") return at;
  if (at instanceof Operand) return at.expr !== null ? startPos(at.expr) : NoPos;
  if (at instanceof ObjectBase) return at.pos;
  return startPos(at);
}

export function assert(condition: boolean, what = "assertion failed"): asserts condition {
  if (!condition) throw new Error(`internal error in the type checker: ${what}`);
}

interface ErrorPart {
  readonly pos: Pos;
  readonly msg: string;
}

/** An error in the making: the first part gives the position, the others become further lines. */
export class CheckError {
  private readonly check: Checker;
  private parts: ErrorPart[];
  soft: boolean;

  constructor(check: Checker) {
    this.check = check;
    this.parts = [];
    this.soft = false;
  }

  addf(at: Poser, format: string, ...args: FormatArg[]): void {
    this.parts.push({ pos: atPos(at), msg: sprintf(this.check, format, ...args) });
  }

  addAltDecl(obj: ObjectBase): void {
    // "other" rather than "previous": the first declaration seen need not be the first in the text.
    if (obj.pos !== NoPos) this.addf(obj.pos, "other declaration of %s", obj.name);
  }

  empty(): boolean {
    return this.parts.length === 0;
  }

  pos(): Pos {
    return this.parts[0]?.pos ?? NoPos;
  }

  /** The message, without the position of the first part. */
  msg(): string {
    if (this.parts.length === 0) return "no error";
    let text = "";
    for (let i = 0; i < this.parts.length; i++) {
      const part = this.parts[i] as ErrorPart;
      if (i > 0) {
        text += "\n\t";
        if (part.pos !== NoPos) text += `${posString(this.check, part.pos)}: `;
      }
      text += part.msg;
    }
    return text;
  }

  report(): void {
    const first = this.parts[0];
    assert(first !== undefined, "no error");
    const check = this.check;
    // What mentions an invalid operand or type inside its message follows from an error that was reported before.
    const follows = first.msg.indexOf("invalid operand") > 0 || first.msg.indexOf("invalid type") > 0;
    if (check.errorCount === 0 || !follows) {
      // In an inherited constant initialiser the error belongs to the constant, not to the expression further up.
      const pos = check.env.errpos !== NoPos ? check.env.errpos : first.pos;
      check.errorCount++;
      check.diagnostics.error(pos, versionHint(check, pos, this.msg()), this.soft);
    }
    this.parts = [];
  }
}

/** Adds to errors about the language version where that comes from. */
function versionHint(check: Checker, pos: Pos, msg: string): string {
  if (!/requires go[0-9]+\.[0-9]+ or later/.test(msg)) return msg;
  const source = check.sources.file(pos);
  const declared = check.files.find((f) => f.source === source)?.goVersion ?? "";
  if (declared !== "" && parseVersion(declared) >= go1_21) return `${msg} (file declares //go:build ${declared})`;
  if (check.options.goVersion === "") return msg;
  return `${msg} (-lang was set to ${check.options.goVersion}; check go.mod)`;
}

export function newError(check: Checker): CheckError {
  return new CheckError(check);
}

/** Reports msg as it is, without formatting. */
export function error(check: Checker, at: Poser, msg: string): void {
  const err = new CheckError(check);
  err.addf(at, "%s", msg);
  err.report();
}

export function errorf(check: Checker, at: Poser, format: string, ...args: FormatArg[]): void {
  const err = new CheckError(check);
  err.addf(at, format, ...args);
  err.report();
}

/** Reports an error that doesn't keep later phases from working. */
export function softErrorf(check: Checker, at: Poser, format: string, ...args: FormatArg[]): void {
  const err = new CheckError(check);
  err.addf(at, format, ...args);
  err.soft = true;
  err.report();
}

/** Reports the use of a feature that needs the language version `v`. */
export function versionErrorf(check: Checker, at: Poser, v: GoVersion, format: string, ...args: FormatArg[]): void {
  const msg = sprintf(check, format, ...args);
  const err = new CheckError(check);
  err.addf(at, "%s requires %s or later", msg, versionString(v));
  err.report();
}

/** Whether features of version `v` may be used here; if not, an error is reported. */
export function verifyVersionf(check: Checker, at: Poser, v: GoVersion, format: string, ...args: FormatArg[]): boolean {
  if (allowVersion(check, v)) return true;
  versionErrorf(check, at, v, format, ...args);
  return false;
}
