// How a build reports on itself: how long its stages took, and its own faults.

import type { Host } from "../base/host.ts";
import type { Position } from "../base/pos.ts";
import { parentFolder, shortPath } from "../base/paths.ts";

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

/**
 * Lines about a package as the go command shows them: in full paths, its folder and the folders above are relative to the current one
 * where that is shorter.
 */
export function shortenPaths(lines: readonly string[], dir: string, cwd: string): string[] {
  let text = lines.join("\n");
  for (let at = dir; at !== "/" && at !== "."; at = parentFolder(at)) {
    const short = shortPath(cwd, at);
    if (short === at) continue;
    const escaped = at.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    text = text.replace(new RegExp(`(^|\\n\\t?| )${escaped}(?=[/:])`, "g"), (_, before: string) => before + short);
  }
  return text.split("\n");
}

/** Places in the Go tree, in further lines of errors about packages outside it. */
export function hideTree(line: string, goroot: string): string {
  return line.startsWith(`\t${goroot}/`) ? `\t$GOROOT${line.slice(goroot.length + 1)}` : line;
}
