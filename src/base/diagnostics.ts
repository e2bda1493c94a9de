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
   * The lines to print, as Go's compiler prints them: `file:line:col: message` in order of places. Files (and parts of files between line
   * directives) come in the order in which they got their first error. Of a line, only the first syntax error is shown, and a
   * message that is repeated at once only once. With the `limit`th error (in order of reporting) comes the end: "too many errors". A
   * limit of 0 prints all.
   */
  render(sources: Sources, limit: number): string[] {
    const kept: Shown[] = [];
    const ranks = new Map<number, number>();
    let tooMany = "";
    let syntax: Shown | null = null;
    let other: Shown | null = null;
    for (const d of this.list) {
      const region = sources.region(d.pos);
      let rank = ranks.get(region);
      if (rank === undefined) {
        rank = ranks.size;
        ranks.set(region, rank);
      }
      const physical = sources.physical(d.pos);
      const at = sources.position(d.pos);
      const column = at.column > 0 && at.column < maxColumn ? `:${at.column}` : "";
      const place = at.line > 0 ? `${at.file}:${at.line}${column}: ` : "";
      const shown: Shown = {
        rank,
        line: physical.line,
        column: Math.min(physical.column, maxColumn),
        message: d.message,
        text: place + d.message,
      };
      if (d.message.startsWith("syntax error")) {
        if (syntax !== null && sameLine(syntax, shown)) continue;
        syntax = shown;
      } else {
        if (other !== null && sameLine(other, shown) && other.message === d.message) continue;
        other = shown;
      }
      kept.push(shown);
      if (limit > 0 && kept.length === limit) {
        tooMany = `${place}too many errors`;
        break;
      }
    }
    kept.sort((a, b) => a.rank - b.rank || a.line - b.line || a.column - b.column);
    const lines = kept.map((k) => k.text).filter((text, i) => i === 0 || text !== kept[i - 1]?.text);
    if (tooMany !== "") lines.push(tooMany);
    return lines;
  }
}

/** A diagnostic on its way to the output: by what it is sorted, and its text with the place. */
interface Shown {
  readonly rank: number;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly text: string;
}

function sameLine(a: Shown, b: Shown): boolean {
  return a.rank === b.rank && a.line === b.line;
}

/** Columns from here on are not told apart, nor shown. */
const maxColumn = 255;
