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

  clear(): void {
    this.list.length = 0;
  }

  /** The diagnostics in order of their places (those of one place as they came), without repetitions. */
  sorted(): Diagnostic[] {
    const seen = new Set<string>();
    return this.list
      .filter((d) => {
        const key = `${d.pos}:${d.message}`;
        if (seen.has(key)) return false;
        seen.add(key);
        return true;
      })
      .sort((a, b) => a.pos - b.pos);
  }

  /**
   * The lines to print, as Go's compiler prints them: `file:line:col: message` in order of places. Of a line, only the
   * first syntax error is shown, and a message that is repeated at once only once. With the `limit`th error (in order of
   * reporting) comes the end: "too many errors". A limit of 0 prints all. `shorten` turns a file name into that to show.
   */
  render(sources: Sources, limit: number, shorten: (file: string) => string): string[] {
    const kept: { order: number; text: string }[] = [];
    let tooMany = "";
    let syntaxLine = "";
    let otherLine = "";
    let otherMessage = "";
    for (const d of this.list) {
      const physical = sources.physical(d.pos);
      const line = `${physical.file}:${physical.line}`;
      if (d.message.startsWith("syntax error")) {
        if (line === syntaxLine) continue;
        syntaxLine = line;
      } else {
        if (line === otherLine && d.message === otherMessage) continue;
        otherLine = line;
        otherMessage = d.message;
      }
      const at = sources.position(d.pos);
      const column = at.column > 0 && at.column < maxColumn ? `:${at.column}` : "";
      const place = at.line > 0 ? `${shorten(at.file)}:${at.line}${column}: ` : "";
      const order = d.pos - physical.column + Math.min(physical.column, maxColumn);
      kept.push({ order, text: place + d.message });
      if (limit > 0 && kept.length === limit) {
        tooMany = `${place}too many errors`;
        break;
      }
    }
    kept.sort((a, b) => a.order - b.order);
    const lines = kept.map((k) => k.text).filter((text, i) => i === 0 || text !== kept[i - 1]?.text);
    if (tooMany !== "") lines.push(tooMany);
    return lines;
  }
}

/** Columns from here on are not told apart, nor shown. */
const maxColumn = 255;
