// The syntax tree of go.mod and go.work files. It keeps comments and the order of statements, so that a file can be changed without disturbing what people
// wrote; printing gives the standard format.

import { unquote } from "../syntax/strings.ts";

/** A statement, or a row of a block. */
export class Line {
  /** Comment lines above; "" is an empty line. */
  before: string[];
  /** The comment at the end, or "". */
  suffix: string;
  /** As written; an empty list marks a line that is removed. */
  tokens: string[];
  inBlock: boolean;
  readonly line: number;
  readonly column: number;

  constructor(tokens: string[], inBlock: boolean, line = 0, column = 1) {
    this.before = [];
    this.suffix = "";
    this.tokens = tokens;
    this.inBlock = inBlock;
    this.line = line;
    this.column = column;
  }
}

/** `verb ( rows )`. */
export class Block {
  before: string[] = [];
  /** Behind the opening and the closing parenthesis. */
  openSuffix = "";
  closeSuffix = "";
  /** Comments above the closing parenthesis. */
  closeBefore: string[] = [];
  readonly tokens: string[];
  lines: Line[];
  readonly line: number;
  readonly column: number;

  constructor(tokens: string[], lines: Line[], line = 0, column = 1) {
    this.tokens = tokens;
    this.lines = lines;
    this.line = line;
    this.column = column;
  }
}

/** Comments that belong to no statement. */
export class Comments {
  readonly before: string[];

  constructor(before: string[]) {
    this.before = before;
  }
}

export type Statement = Line | Block | Comments;

/** The text is not of the form at all: "3:14: message". */
export class SyntaxFault extends Error {}

interface Token {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/** One line of the text: its tokens and its comment. */
interface Row {
  readonly tokens: Token[];
  readonly comment: string;
  readonly line: number;
}

const tokenForm = /[ \t\r]+|"(?:[^"\\]|\\.)*"|`[^`]*`|\/\/.*|\/\*|=>|[()[\]{},]|[^\s()[\]{},"`]+/gy;

function split(text: string): Row[] {
  const rows: Row[] = [];
  const lines = text.split("\n");
  for (let n = 0; n < lines.length; n++) {
    const source = lines[n] as string;
    const tokens: Token[] = [];
    let comment = "";
    // Columns count characters, up to here so many.
    let counted = 0;
    let column = 1;
    tokenForm.lastIndex = 0;
    while (tokenForm.lastIndex < source.length) {
      const at = tokenForm.lastIndex;
      const m = tokenForm.exec(source);
      if (m === null) {
        const c = source[at] as string;
        if (c === '"') throw new SyntaxFault(`${n + 1}:${source.length + 1}: unexpected newline in string`);
        if (c === "`") throw new SyntaxFault(`${n + 1}:${source.length + 1}: unexpected newline in string`);
        throw new SyntaxFault(`${n + 1}:${at + 1}: unexpected input character ${JSON.stringify(c)}`);
      }
      let word = m[0];
      if (/^[ \t\r]/.test(word)) continue;
      if (word === "/*") throw new SyntaxFault(`${n + 1}:${at + 1}: mod files must use // comments (not /* */ comments)`);
      if (word.startsWith("//")) {
        comment = word.trimEnd();
        break;
      }
      // Comments end words, quotes begin them.
      const cut = word.search(/\/\/|\/\*/);
      if (cut > 0) {
        word = word.slice(0, cut);
        tokenForm.lastIndex = at + cut;
      }
      for (const _ of source.slice(counted, at)) column++;
      counted = at;
      tokens.push({ text: word, line: n + 1, column });
    }
    rows.push({ tokens, comment, line: n + 1 });
  }
  if (rows.length > 0 && text.endsWith("\n")) rows.pop();
  return rows;
}

/** A whole file. */
export class ModSyntax {
  statements: Statement[] = [];

  /** Throws SyntaxFault; `path` is how it names the file itself. */
  static parse(text: string, path: string): ModSyntax {
    const out = new ModSyntax();
    const rows = split(text);
    let comments: string[] = [];
    const flush = (): void => {
      if (comments.length > 0) out.statements.push(new Comments(comments));
      comments = [];
    };
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] as Row;
      const first = row.tokens[0];
      if (first === undefined) {
        if (row.comment !== "") comments.push(row.comment);
        else flush();
        continue;
      }
      const open = row.tokens.findIndex((t) => t.text === "(");
      const words = row.tokens.map((t) => t.text);
      if (first.text === ")") throw new SyntaxFault(`${row.line}:${first.column}: syntax error (unexpected token ")")`);
      if (open < 0 || (open < words.length - 1 && !(words[open + 1] === ")" && open + 2 === words.length))) {
        const line = new Line(words, false, row.line, first.column);
        line.before = comments;
        line.suffix = row.comment;
        comments = [];
        out.statements.push(line);
        continue;
      }
      const block = new Block(words.slice(0, open), [], row.line, first.column);
      block.before = comments;
      comments = [];
      out.statements.push(block);
      if (open < words.length - 1) {
        block.closeSuffix = row.comment;
        continue;
      }
      block.openSuffix = row.comment;
      i = parseBlock(block, rows, i + 1, path);
    }
    flush();
    return out;
  }

  /** The text in standard format. */
  format(): string {
    const out: string[] = [];
    const blank = (): void => {
      if (out.length > 0 && out[out.length - 1] !== "") out.push("");
    };
    this.statements.forEach((s, i) => {
      if (i > 0) blank();
      for (const c of s.before) if (c !== "" || out.length > 0) out.push(c);
      if (s instanceof Line) out.push(withComment(joinTokens(s.tokens), s.suffix));
      else if (s instanceof Block) {
        out.push(withComment(`${joinTokens(s.tokens)} (`, s.openSuffix));
        for (const line of s.lines) {
          pushComments(out, line.before);
          out.push(`\t${withComment(joinTokens(line.tokens), line.suffix)}`);
        }
        pushComments(out, s.closeBefore);
        out.push(withComment(")", s.closeSuffix));
      }
    });
    while (out[out.length - 1] === "") out.pop();
    return out.length === 0 ? "" : `${out.join("\n")}\n`;
  }

  /** Adds a statement behind another, or at the end. */
  addBehind(tokens: string[], hint: Line | null): Line {
    if (hint !== null) return this.add(tokens, hint);
    const line = new Line(tokens, false);
    this.statements.push(line);
    return line;
  }

  /** Adds a statement: behind `hint`, or to the last statement with that verb, which becomes a block; else at the end. */
  add(tokens: string[], hint: Line | null = null): Line {
    const verb = tokens[0] as string;
    for (let i = this.statements.length - 1; i >= 0; i--) {
      const s = this.statements[i] as Statement;
      if (s instanceof Line && (hint === null ? s.tokens[0] === verb : s === hint)) {
        if (s.tokens[0] !== verb) break;
        s.inBlock = true;
        s.tokens = s.tokens.slice(1);
        const row = new Line(tokens.slice(1), true);
        const block = new Block([verb], [s, row]);
        this.statements[i] = block;
        return row;
      }
      if (s instanceof Block && s.tokens[0] === verb && (hint === null || s.lines.includes(hint))) {
        const row = new Line(tokens.slice(1), true);
        s.lines.splice(hint === null ? s.lines.length : s.lines.indexOf(hint) + 1, 0, row);
        return row;
      }
    }
    const line = new Line(tokens, false);
    this.statements.push(line);
    return line;
  }

  /** Gives a line other tokens, with the verb in front. */
  update(line: Line, tokens: string[]): void {
    line.tokens = line.inBlock ? tokens.slice(1) : tokens;
  }

  /** Takes removed lines out; blocks that become empty go, those with one row become lines. */
  cleanup(): void {
    const kept: Statement[] = [];
    for (const s of this.statements) {
      if (s instanceof Line && s.tokens.length === 0) continue;
      if (s instanceof Block) {
        s.lines = s.lines.filter((l) => l.tokens.length > 0);
        if (s.lines.length === 0) continue;
        const only = s.lines[0] as Line;
        if (s.lines.length === 1 && s.closeBefore.length === 0) {
          only.before = [...s.before, ...only.before.filter((c) => c !== "")];
          only.suffix = [only.suffix, s.openSuffix].filter((c) => c !== "").join(" ");
          only.tokens = [...s.tokens, ...only.tokens];
          only.inBlock = false;
          kept.push(only);
          continue;
        }
      }
      kept.push(s);
    }
    this.statements = kept;
  }
}

function parseBlock(block: Block, rows: readonly Row[], start: number, path: string): number {
  let comments: string[] = [];
  for (let i = start; i < rows.length; i++) {
    const row = rows[i] as Row;
    const first = row.tokens[0];
    if (first === undefined) {
      if (row.comment !== "") comments.push(row.comment);
      // One empty line is kept between rows, none at the start.
      else if (block.lines.length > 0 || comments.length > 0) {
        if (comments[comments.length - 1] !== "") comments.push("");
      }
      continue;
    }
    if (first.text === ")") {
      while (comments[comments.length - 1] === "") comments.pop();
      block.closeBefore = comments;
      block.closeSuffix = row.comment;
      if (row.tokens.length > 1) {
        const next = row.tokens[1] as Token;
        throw new SyntaxFault(`${row.line}:${next.column}: syntax error (expected newline after closing paren)`);
      }
      return i;
    }
    const line = new Line(
      row.tokens.map((t) => t.text),
      true,
      row.line,
      first.column,
    );
    line.before = comments;
    line.suffix = row.comment;
    comments = [];
    block.lines.push(line);
  }
  throw new SyntaxFault(`${rows.length + 1}: syntax error (unterminated block started at ${path}:${block.line}:${block.column})`);
}

function pushComments(out: string[], comments: readonly string[]): void {
  for (const c of comments) out.push(c === "" ? "" : `\t${c}`);
}

function withComment(text: string, comment: string): string {
  return comment === "" ? text : `${text} ${comment}`;
}

function joinTokens(tokens: readonly string[]): string {
  let out = "";
  let separator = "";
  for (const t of tokens) {
    if (t === "," || t === ")" || t === "]" || t === "}") separator = "";
    out += separator + t;
    separator = t === "(" || t === "[" || t === "{" ? "" : " ";
  }
  return out;
}

/** The string that a token stands for; null if its quotes are wrong. */
export function tokenText(token: string): string | null {
  if (token.startsWith('"') || token.startsWith("`")) return unquote(token);
  return /["'`]/.test(token) ? null : token;
}

/** A string as a token: in quotes where it needs them. */
export function quotedToken(text: string): string {
  const plain = text !== "" && !/[\s"'`()[\]{},]/.test(text) && !text.includes("//") && !text.includes("/*");
  return plain ? text : JSON.stringify(text);
}
