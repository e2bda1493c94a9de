// The first look at a file's bytes: a copy with a NUL behind the end (so that the scanner needs no bounds checks), the
// starts of the lines, and the bytes that no Go file may contain. Done once, tight, before scanning.

import type { SourceFile } from "../base/pos.ts";
import { validRune } from "./chars.ts";

/** A byte (or byte order mark) that must not be there. */
export interface BadByte {
  readonly offset: number;
  readonly message: string;
}

export interface Prepared {
  /** The text and a few NULs after it. Bad bytes are replaced by NUL, which the scanner passes over. */
  readonly text: Uint8Array;
  /** In ascending order. */
  readonly bad: readonly BadByte[];
}

/** Copies and examines a file. With `examined` false, only copies: for a look at its imports, or for text that is known to be good. */
export function prepare(src: Uint8Array, file: SourceFile, examined: boolean): Prepared {
  const size = src.length;
  const text = new Uint8Array(size + 8);
  text.set(src);
  const bad: BadByte[] = [];
  let start = 0;
  if (size >= 3 && text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf) {
    text.fill(32, 0, 3);
    start = 3;
  }
  if (!examined) return { text, bad };
  const starts = file.lines;
  starts.length = 1;
  let i = start;
  while (i < size) {
    const c = text[i] as number;
    if (c === 10) {
      starts.push(i + 1);
      i++;
    } else if (c >= 0x80) {
      const length = validRune(text, i, size);
      if (length === 0) {
        bad.push({ offset: i, message: "invalid UTF-8 encoding" });
        text[i] = 0;
        i++;
      } else {
        if (c === 0xef && text[i + 1] === 0xbb && text[i + 2] === 0xbf) {
          bad.push({ offset: i, message: "invalid BOM in the middle of the file" });
          text.fill(0, i, i + 3);
        }
        i += length;
      }
    } else {
      if (c === 0) bad.push({ offset: i, message: "invalid NUL character" });
      i++;
    }
  }
  return { text, bad };
}
