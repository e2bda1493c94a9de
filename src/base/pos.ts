// Source positions are 32-bit handles: the base of a file plus a byte offset. One number a node or value is all that
// the compiler carries; file names, lines and columns are worked out only when somebody asks.

/** A handle for a place in a source file; 0 is "no position". Handles of one file are ordered by offset. */
export type Pos = number & { readonly __pos: unique symbol };

export const NoPos = 0 as Pos;

/** A place as people read it. Lines and columns count from 1; columns count bytes. A column of 0 is unknown. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A `//line` or `/*line` directive: from `offset` on, positions count from file:line:column. */
export interface LineDirective {
  readonly offset: number;
  readonly file: string;
  readonly line: number;
  /** 0: columns are unknown from here on. */
  readonly column: number;
}

/** One source file: its name, its place in the space of positions and the starts of its lines. */
export class SourceFile {
  readonly name: string;
  /** The position of the file's first byte. */
  readonly base: number;
  readonly size: number;
  private readonly starts: number[];
  /** A text whose lines have not been looked for. */
  private unseen: Uint8Array | null;
  /** Ascending by offset. */
  readonly directives: LineDirective[];

  constructor(name: string, base: number, size: number) {
    this.name = name;
    this.base = base;
    this.size = size;
    this.starts = [0];
    this.unseen = null;
    this.directives = [];
  }

  /** Byte offsets at which lines start; lines[0] is 0. The scanner appends. */
  get lines(): number[] {
    const text = this.unseen;
    if (text !== null) {
      this.unseen = null;
      for (let i = text.indexOf(10); i >= 0 && i < this.size; i = text.indexOf(10, i + 1)) this.starts.push(i + 1);
    }
    return this.starts;
  }

  /** Has lines found in a text (which may go on behind the file's end) when somebody asks for them. */
  linesOf(text: Uint8Array): void {
    this.unseen = text;
  }

  pos(offset: number): Pos {
    return (this.base + offset) as Pos;
  }

  offset(pos: Pos): number {
    return pos - this.base;
  }

  /** The physical place (no directives) of an offset. */
  physical(offset: number): Position {
    const line = lastAtMost(this.lines, offset);
    return { file: this.name, line: line + 1, column: offset - (this.lines[line] as number) + 1 };
  }

  /** The directive that says where an offset is, or null. */
  directive(offset: number): LineDirective | null {
    const directives = this.directives;
    let i = directives.length - 1;
    while (i >= 0 && (directives[i] as LineDirective).offset > offset) i--;
    return directives[i] ?? null;
  }

  /** The place of an offset as directives present it. */
  presented(offset: number): Position {
    const physical = this.physical(offset);
    const d = this.directive(offset);
    if (d === null) return physical;
    const start = this.physical(d.offset);
    const line = d.line + (physical.line - start.line);
    let column = 0;
    if (d.column !== 0) {
      column = physical.line === start.line ? d.column + (physical.column - start.column) : physical.column;
    }
    return { file: d.file, line, column };
  }
}

/** All source files of a compilation. */
export class Sources {
  readonly files: SourceFile[] = [];
  private next = 1;

  /** Reserves the positions of a file of `size` bytes (one more, for the end of file). */
  add(name: string, size: number): SourceFile {
    const file = new SourceFile(name, this.next, size);
    this.next += size + 1;
    this.files.push(file);
    return file;
  }

  /** The file that holds a position, or null for NoPos. */
  file(pos: Pos): SourceFile | null {
    if (pos <= 0 || pos >= this.next) return null;
    let low = 0;
    let high = this.files.length - 1;
    while (low < high) {
      const mid = (low + high + 1) >> 1;
      if ((this.files[mid] as SourceFile).base <= pos) low = mid;
      else high = mid - 1;
    }
    return this.files[low] ?? null;
  }

  /** Where a position is, as `//line` directives present it. */
  position(pos: Pos): Position {
    const file = this.file(pos);
    return file === null ? { file: "", line: 0, column: 0 } : file.presented(pos - file.base);
  }

  /** Where the part of a file starts that has one presentation: the file, or its text from a line directive on. */
  region(pos: Pos): number {
    const file = this.file(pos);
    if (file === null) return NoPos;
    const d = file.directive(pos - file.base);
    return file.base + (d === null ? 0 : d.offset);
  }

  /** Where a position is in the file that was really read. */
  physical(pos: Pos): Position {
    const file = this.file(pos);
    return file === null ? { file: "", line: 0, column: 0 } : file.physical(pos - file.base);
  }
}

/** The index of the last element that is <= value in an ascending array whose first element is. */
function lastAtMost(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const mid = (low + high + 1) >> 1;
    if ((sorted[mid] as number) <= value) low = mid;
    else high = mid - 1;
  }
  return low;
}
