// Quoted text of assembly source: Go's interpreted strings and character constants.

const simple: Readonly<Record<string, number>> = {
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

/** The text in a quoted string, as bytes in a string (one character a byte); null: malformed. */
export function unquoteBytes(quoted: string): string | null {
  const quote = quoted[0];
  if (quoted.length < 2 || (quote !== '"' && quote !== "'") || quoted[quoted.length - 1] !== quote) return null;
  const body = quoted.slice(1, -1);
  let out = "";
  const add = (point: number) => {
    for (const b of new TextEncoder().encode(String.fromCodePoint(point))) out += String.fromCharCode(b);
  };
  for (let i = 0; i < body.length; ) {
    const c = body[i] as string;
    if (c !== "\\") {
      const point = body.codePointAt(i) as number;
      add(point);
      i += point > 0xffff ? 2 : 1;
      continue;
    }
    const e = body[i + 1];
    if (e === undefined) return null;
    const hexDigits = e === "x" ? 2 : e === "u" ? 4 : e === "U" ? 8 : 0;
    if (hexDigits > 0) {
      const digits = body.slice(i + 2, i + 2 + hexDigits);
      if (digits.length !== hexDigits || !/^[0-9a-fA-F]+$/.test(digits)) return null;
      const value = Number.parseInt(digits, 16);
      if (e === "x") out += String.fromCharCode(value);
      else if (value > 0x10ffff) return null;
      else add(value);
      i += 2 + hexDigits;
    } else if (e >= "0" && e <= "7") {
      const digits = body.slice(i + 1, i + 4);
      if (!/^[0-7]{3}$/.test(digits) || Number.parseInt(digits, 8) > 255) return null;
      out += String.fromCharCode(Number.parseInt(digits, 8));
      i += 4;
    } else if (simple[e] !== undefined) {
      out += String.fromCharCode(simple[e] as number);
      i += 2;
    } else return null;
  }
  return out;
}

/** The text in a quoted string; null: malformed. */
export function unquote(quoted: string): string | null {
  const bytes = unquoteBytes(quoted);
  if (bytes === null) return null;
  return new TextDecoder().decode(Uint8Array.from(bytes, (c) => c.charCodeAt(0)));
}
