// Errors on a terminal: the source line under the message, with a caret at the column, in colour unless NO_COLOR says otherwise. Elsewhere lines stay as they are,
// since programs read them.

import { type Host, HostError } from "../base/host.ts";
import { absolute } from "../base/paths.ts";

const bold = "\x1b[1m";
const red = "\x1b[31m";
const green = "\x1b[32m";
const plain = "\x1b[0m";
const tabStop = 8;

/** The lines as they are shown on stderr. */
export function decorate(host: Host, lines: readonly string[]): string[] {
  if (!host.isTerminal("stderr")) return [...lines];
  const colour = (host.env("NO_COLOR") ?? "") === "" && host.env("TERM") !== "dumb";
  const paint = (codes: string, text: string): string => (colour && text !== "" ? `${codes}${text}${plain}` : text);
  const out: string[] = [];
  const files = new Map<string, string[]>();
  for (const line of lines) {
    const m = /^(\S[^:\n]*\.(?:go|s)):(\d+):(\d+): ([\s\S]*)$/.exec(line);
    if (m === null) {
      out.push(line.startsWith("# ") ? paint(bold, line) : line);
      continue;
    }
    const [, path, row, column, message] = m as unknown as [string, string, string, string, string];
    out.push(`${paint(bold, `${path}:${row}:${column}:`)} ${paint(red, message)}`);
    const source = sourceLines(host, files, path)[Number(row) - 1];
    if (source === undefined || /[^\t\x20-\x7e\u00a0-\uffff]/.test(source)) continue;
    // Columns count bytes; what is shown counts characters, with tabs spread out.
    const before = new TextDecoder().decode(new TextEncoder().encode(source).subarray(0, Number(column) - 1));
    out.push(`    ${spread(source)}`, `    ${" ".repeat(spread(before).length)}${paint(green, "^")}`);
  }
  return out;
}

function spread(text: string): string {
  let out = "";
  for (const c of text) out += c === "\t" ? " ".repeat(tabStop - (out.length % tabStop)) : c;
  return out;
}

function sourceLines(host: Host, files: Map<string, string[]>, path: string): string[] {
  let lines = files.get(path);
  if (lines === undefined) {
    try {
      lines = new TextDecoder().decode(host.readFile(absolute(host.cwd(), path))).split(/\r?\n/);
    } catch (e) {
      if (!(e instanceof HostError)) throw e;
      lines = [];
    }
    files.set(path, lines);
  }
  return lines;
}
