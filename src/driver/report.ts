// How a build reports on itself: how long its stages took, and its own faults.

import type { Host } from "../base/host.ts";
import type { Position } from "../base/pos.ts";

/** Milliseconds by stage, in order. */
export class Timings {
  readonly stages: { readonly name: string; readonly milliseconds: number }[] = [];
  private readonly host: Host;

  constructor(host: Host) {
    this.host = host;
  }

  /** Runs a stage and notes how long it took. */
  measure<T>(name: string, stage: () => T): T {
    const start = this.host.now();
    try {
      return stage();
    } finally {
      this.stages.push({ name, milliseconds: this.host.now() - start });
    }
  }
}

/** A fault of the compiler. There is no output then; the process ends with status 3. */
export class InternalError extends Error {
  /** What was being compiled, as people read it. */
  readonly where: string;

  constructor(where: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.where = where;
  }

  /** Wraps an exception met while compiling a function; keeps one that says where already. */
  static at(name: string, at: Position, error: unknown): InternalError {
    if (error instanceof InternalError) return error;
    return new InternalError(at.line > 0 ? `${name} at ${at.file}:${at.line}:${at.column}` : name, error);
  }
}
