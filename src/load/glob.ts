// Patterns of file names as path.Match has them: `*`, `?`, `[a-z]`, `[^a-z]`, `\c`, for one element of a path (no slash in either).
// Matched directly, since a regular expression could take time without bounds on a hostile pattern.

const Literal = 0;
const Any = 1;
const Star = 2;
const Class = 3;

interface Item {
  readonly kind: typeof Literal | typeof Any | typeof Star | typeof Class;
  /** Code points: of the character, or the bounds of ranges in pairs. */
  readonly codes: readonly number[];
  readonly negated: boolean;
}

export class Glob {
  private readonly items: readonly Item[];

  private constructor(items: readonly Item[]) {
    this.items = items;
  }

  /** A pattern's meaning; null if it is malformed. */
  static parse(pattern: string): Glob | null {
    const chars = Array.from(pattern, (c) => c.codePointAt(0) as number);
    const items: Item[] = [];
    let i = 0;
    while (i < chars.length) {
      const c = chars[i++] as number;
      if (c === star) items.push({ kind: Star, codes: [], negated: false });
      else if (c === question) items.push({ kind: Any, codes: [], negated: false });
      else if (c === open) {
        const end = parseClass(chars, i, items);
        if (end < 0) return null;
        i = end;
      } else if (c !== backslash) items.push({ kind: Literal, codes: [c], negated: false });
      else if (i === chars.length) return null;
      else items.push({ kind: Literal, codes: [chars[i++] as number], negated: false });
    }
    return new Glob(items);
  }

  matches(name: string): boolean {
    const chars = Array.from(name, (c) => c.codePointAt(0) as number);
    const { items } = this;
    let item = 0;
    let at = 0;
    // Where to go on when what follows the last star does not fit: the star takes one character more.
    let afterStar = -1;
    let starEnd = 0;
    while (at < chars.length || item < items.length) {
      const next = items[item];
      if (next !== undefined && next.kind === Star) {
        afterStar = ++item;
        starEnd = at;
      } else if (next !== undefined && at < chars.length && fits(next, chars[at] as number)) {
        item++;
        at++;
      } else if (afterStar >= 0 && starEnd < chars.length) {
        item = afterStar;
        at = ++starEnd;
      } else return false;
    }
    return true;
  }
}

const star = 0x2a;
const question = 0x3f;
const open = 0x5b;
const close = 0x5d;
const caret = 0x5e;
const minus = 0x2d;
const backslash = 0x5c;

/** Reads a class from behind its bracket. Returns the position behind it, -1 if it is malformed. */
function parseClass(chars: readonly number[], i: number, items: Item[]): number {
  const negated = chars[i] === caret;
  if (negated) i++;
  const codes: number[] = [];
  const member = (): number => {
    let c = chars[i++];
    if (c === undefined || c === minus || c === close) return -1;
    if (c === backslash) c = chars[i++];
    // A class needs an end behind its last member.
    return c === undefined || i >= chars.length ? -1 : c;
  };
  while (chars[i] !== close || codes.length === 0) {
    const low = member();
    if (low < 0) return -1;
    let high = low;
    if (chars[i] === minus) {
      i++;
      high = member();
      if (high < 0) return -1;
    }
    codes.push(low, high);
  }
  items.push({ kind: Class, codes, negated });
  return i + 1;
}

function fits(item: Item, c: number): boolean {
  if (item.kind === Any) return true;
  if (item.kind === Literal) return item.codes[0] === c;
  let inside = false;
  for (let i = 0; i < item.codes.length; i += 2) {
    if (c >= (item.codes[i] as number) && c <= (item.codes[i + 1] as number)) inside = true;
  }
  return inside !== item.negated;
}
