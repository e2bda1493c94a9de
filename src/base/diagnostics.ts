// Diagnostics are collected as data and rendered once, at the end: sorted by place, without duplicates, at most ten.

import type { Pos, Sources } from "./pos.ts";

/** One message about a place in the source. A soft error does not stop later phases of the checker. */
export interface Diagnostic {
  readonly pos: Pos;
  readonly message: string;
  readonly soft: boolean;
}

/** Collects the errors of a compilation. */
export class Diagnostics {
  readonly list: Diagnostic[] = [];

  error(pos: Pos, message: string, soft = false): void {
    this.list.push({ pos, message, soft });
  }

  get hasErrors(): boolean {
    return this.list.length > 0;
  }

  /** The diagnostics in order of file, line and message, without repetitions. */
  sorted(): Diagnostic[] {
    const seen = new Set<string>();
    const sorted = this.list.slice().sort((a, b) => a.pos - b.pos || (a.message < b.message ? -1 : 1));
    return sorted.filter((d) => {
      const key = `${d.pos}:${d.message}`;
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    });
  }

  /**
   * The lines to print: `file:line:col: message`, `limit` errors at most and then "too many errors".
   * A limit of 0 prints all. `shorten` turns a file name into the one to show.
   */
  render(sources: Sources, limit: number, shorten: (file: string) => string): string[] {
    const lines: string[] = [];
    for (const d of this.sorted()) {
      if (limit > 0 && lines.length === limit) {
        lines.push("too many errors");
        break;
      }
      const at = sources.position(d.pos);
      const column = at.column > 0 ? `:${at.column}` : "";
      lines.push(at.line > 0 ? `${shorten(at.file)}:${at.line}${column}: ${d.message}` : d.message);
    }
    return lines;
  }
}
