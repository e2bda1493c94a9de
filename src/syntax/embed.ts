// The patterns of a //go:embed line: words, or Go strings in double or back quotes.

import type { Pos } from "../base/pos.ts";
import { unquote } from "./strings.ts";
import type { EmbedPattern } from "./tree.ts";

/** Splits the text after `//go:embed`, which stands at `pos`. */
export function parseEmbedPatterns(text: string, pos: Pos): { patterns: EmbedPattern[]; error: string } {
  const patterns: EmbedPattern[] = [];
  const bytes = new TextEncoder();
  let i = 0;
  const bad = (from: number, to: number): { patterns: EmbedPattern[]; error: string } => ({
    patterns: [],
    error: `invalid quoted string in //go:embed: ${text.slice(from, to)}`,
  });
  for (;;) {
    while (i < text.length && /\s/.test(text[i] as string)) i++;
    if (i >= text.length) return { patterns, error: "" };
    const start = i;
    const quote = text[i] as string;
    let pattern: string;
    if (quote === "`") {
      const close = text.indexOf("`", i + 1);
      if (close < 0) return bad(start, text.length);
      pattern = text.slice(i + 1, close);
      i = close + 1;
    } else if (quote === '"') {
      i++;
      while (i < text.length && text[i] !== '"') i += text[i] === "\\" ? 2 : 1;
      if (i >= text.length) return bad(start, text.length);
      i++;
      const value = unquote(text.slice(start, i));
      if (value === null) return bad(start, i);
      pattern = value;
    } else {
      while (i < text.length && !/\s/.test(text[i] as string)) i++;
      pattern = text.slice(start, i);
    }
    if (i < text.length && !/\s/.test(text[i] as string)) return bad(i, text.length);
    const before = bytes.encode(text.slice(0, start)).length;
    patterns.push({ pos: (pos + before) as Pos, pattern });
  }
}
