// The values of rune and string literals. A Go string is bytes: a literal with \x escapes need not be valid UTF-8.

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

const simpleEscapes: Record<string, number> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  "\\": 92,
  "'": 39,
  '"': 34,
};

/** The length in characters of the escape sequence after a backslash, and its base. */
function escapeShape(c: string): { digits: number; base: number; skip: number } | null {
  if (c === "x") return { digits: 2, base: 16, skip: 1 };
  if (c === "u") return { digits: 4, base: 16, skip: 1 };
  if (c === "U") return { digits: 8, base: 16, skip: 1 };
  if (c >= "0" && c <= "7") return { digits: 3, base: 8, skip: 0 };
  return null;
}

function encodeRune(rune: number, out: number[]): void {
  const valid = rune <= 0x10ffff && (rune < 0xd800 || rune > 0xdfff);
  const bytes = encoder.encode(String.fromCodePoint(valid ? rune : 0xfffd));
  for (let i = 0; i < bytes.length; i++) out.push(bytes[i] as number);
}

/** The bytes of a string literal as written in the source, or null if it is malformed. */
export function stringBytes(literal: string): Uint8Array | null {
  const quote = literal[0];
  if (literal.length < 2 || literal[literal.length - 1] !== quote) return null;
  const body = literal.slice(1, -1);
  if (quote === "`") return encoder.encode(body.includes("\r") ? body.replaceAll("\r", "") : body);
  if (quote !== '"') return null;
  if (!body.includes("\\")) return body.includes("\n") ? null : encoder.encode(body);
  const out: number[] = [];
  let i = 0;
  while (i < body.length) {
    const slash = body.indexOf("\\", i);
    const plain = encoder.encode(body.slice(i, slash < 0 ? body.length : slash));
    for (let k = 0; k < plain.length; k++) out.push(plain[k] as number);
    if (slash < 0) break;
    const c = body[slash + 1] ?? "";
    const simple = simpleEscapes[c];
    if (simple !== undefined && c !== "'") {
      out.push(simple);
      i = slash + 2;
      continue;
    }
    const shape = escapeShape(c);
    if (shape === null) return null;
    const from = slash + 1 + shape.skip;
    const digits = body.slice(from, from + shape.digits);
    if (digits.length !== shape.digits || !/^[0-9a-fA-F]+$/.test(digits)) return null;
    const value = Number.parseInt(digits, shape.base);
    if (shape.digits <= 3) out.push(value & 255);
    else encodeRune(value, out);
    i = from + shape.digits;
  }
  return Uint8Array.from(out);
}

/** The value of a string literal as text (bytes that are no UTF-8 become U+FFFD), or null if it is malformed. */
export function unquote(literal: string): string | null {
  const bytes = stringBytes(literal);
  return bytes === null ? null : decoder.decode(bytes);
}

/** The value of a rune literal, or -1 if it is malformed. */
export function runeValue(literal: string): number {
  const body = literal.slice(1, -1);
  if (body[0] !== "\\") {
    const rune = body.codePointAt(0);
    return rune === undefined ? -1 : rune;
  }
  const c = body[1] ?? "";
  const simple = simpleEscapes[c];
  if (simple !== undefined) return c === '"' ? -1 : simple;
  const shape = escapeShape(c);
  if (shape === null) return -1;
  const value = Number.parseInt(body.slice(1 + shape.skip), shape.base);
  return Number.isNaN(value) ? -1 : value;
}
