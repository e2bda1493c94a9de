// Strings of constants are Go strings, that is bytes: a "byte string" is a JavaScript string whose characters are all
// below 256. So length, indexing, comparison and concatenation are those of Go. Here are the ways to and from ordinary
// text, and the quoted form of the source.

/** The UTF-8 bytes of a text as a byte string. */
export function toByteString(text: string): string {
  let ascii = true;
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) >= 0x80) {
      ascii = false;
      break;
    }
  }
  if (ascii) return text;
  let out = "";
  for (const ch of text) out += encodeRune(ch.codePointAt(0) as number);
  return out;
}

/** The UTF-8 encoding of a code point as a byte string; that of U+FFFD for what is no valid code point. */
export function encodeRune(code: number): string {
  if (code < 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) code = 0xfffd;
  if (code < 0x80) return String.fromCharCode(code);
  if (code < 0x800) return String.fromCharCode(0xc0 | (code >> 6), 0x80 | (code & 0x3f));
  if (code < 0x10000) {
    return String.fromCharCode(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
  }
  return String.fromCharCode(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 0x3f), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
}

/** Decodes the rune at `at`: its code point and size; -1 and size 1 for invalid bytes. */
export function decodeRune(s: string, at: number): { code: number; size: number } {
  const b0 = s.charCodeAt(at);
  if (b0 < 0x80) return { code: b0, size: 1 };
  let size = 0;
  let code = 0;
  let least = 0;
  if (b0 >= 0xc2 && b0 < 0xe0) {
    size = 2;
    code = b0 & 0x1f;
    least = 0x80;
  } else if (b0 >= 0xe0 && b0 < 0xf0) {
    size = 3;
    code = b0 & 0x0f;
    least = 0x800;
  } else if (b0 >= 0xf0 && b0 < 0xf5) {
    size = 4;
    code = b0 & 0x07;
    least = 0x10000;
  }
  if (size === 0 || at + size > s.length) return { code: -1, size: 1 };
  for (let i = 1; i < size; i++) {
    const b = s.charCodeAt(at + i);
    if ((b & 0xc0) !== 0x80) return { code: -1, size: 1 };
    code = (code << 6) | (b & 0x3f);
  }
  if (code < least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return { code: -1, size: 1 };
  return { code, size };
}

/** The text of a byte string; invalid UTF-8 becomes U+FFFD. */
export function fromByteString(s: string): string {
  let out = "";
  for (let i = 0; i < s.length; ) {
    const { code, size } = decodeRune(s, i);
    out += String.fromCodePoint(code < 0 ? 0xfffd : code);
    i += size;
  }
  return out;
}

const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u;

/** The byte string in double quotes with Go's escapes. */
export function quote(s: string): string {
  let out = '"';
  for (let i = 0; i < s.length; ) {
    const { code, size } = decodeRune(s, i);
    if (code < 0) out += `\\x${s.charCodeAt(i).toString(16).padStart(2, "0")}`;
    else if (code === 0x22) out += '\\"';
    else if (code === 0x5c) out += "\\\\";
    else if (code === 7) out += "\\a";
    else if (code === 8) out += "\\b";
    else if (code === 9) out += "\\t";
    else if (code === 10) out += "\\n";
    else if (code === 11) out += "\\v";
    else if (code === 12) out += "\\f";
    else if (code === 13) out += "\\r";
    else if (code === 0x20 || printable.test(String.fromCodePoint(code))) out += String.fromCodePoint(code);
    else if (code < 0x20 || code === 0x7f) out += `\\x${code.toString(16).padStart(2, "0")}`;
    else if (code < 0x10000) out += `\\u${code.toString(16).padStart(4, "0")}`;
    else out += `\\U${code.toString(16).padStart(8, "0")}`;
    i += size;
  }
  return `${out}"`;
}

/** The byte string that a string literal denotes, null if it is malformed. */
export function unquote(lit: string): string | null {
  if (lit.length < 2) return null;
  const q = lit[0];
  if (lit[lit.length - 1] !== q) return null;
  const body = lit.slice(1, -1);
  if (q === "`") return toByteString(body.includes("\r") ? body.replaceAll("\r", "") : body);
  if (q !== '"') return null;
  if (!body.includes("\\")) return toByteString(body);
  let out = "";
  for (let i = 0; i < body.length; ) {
    if (body[i] !== "\\") {
      const code = body.codePointAt(i) as number;
      out += encodeRune(code);
      i += code >= 0x10000 ? 2 : 1;
      continue;
    }
    const esc = unescapeAt(body, i, '"');
    if (esc === null) return null;
    out += esc.isByte ? String.fromCharCode(esc.code) : encodeRune(esc.code);
    i += esc.size;
  }
  return out;
}

export function unquoteChar(body: string): number {
  if (body === "") return -1;
  if (body[0] === "\\") {
    const esc = unescapeAt(body, 0, "'");
    return esc === null ? -1 : esc.code;
  }
  return body.codePointAt(0) as number;
}

function unescapeAt(s: string, at: number, q: string): { code: number; size: number; isByte: boolean } | null {
  const c = s[at + 1];
  const simple = "abfnrtv".indexOf(c ?? " ");
  if (simple >= 0) return { code: [7, 8, 12, 10, 13, 9, 11][simple] as number, size: 2, isByte: false };
  if (c === "\\" || c === q) return { code: c.charCodeAt(0), size: 2, isByte: false };
  let n = 0;
  let base = 16;
  let start = at + 2;
  if (c === "x") n = 2;
  else if (c === "u") n = 4;
  else if (c === "U") n = 8;
  else if (c !== undefined && c >= "0" && c <= "7") {
    n = 3;
    base = 8;
    start = at + 1;
  } else return null;
  const digits = s.slice(start, start + n);
  if (digits.length !== n || !(base === 8 ? /^[0-7]+$/ : /^[0-9a-fA-F]+$/).test(digits)) return null;
  const code = Number.parseInt(digits, base);
  const isByte = c === "x" || base === 8;
  if (isByte ? code > 255 : code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return null;
  return { code, size: start - at + n, isByte };
}
