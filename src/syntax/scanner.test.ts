import assert from "node:assert/strict";
import { test } from "node:test";
import { SourceFile } from "../base/pos.ts";
import { NameTable } from "./names.ts";
import { prepare } from "./prepass.ts";
import { Scanner } from "./scanner.ts";
import * as T from "./tokens.ts";

class TestScanner extends Scanner {
  readonly errors: string[] = [];

  protected errorAtOffset(offset: number, message: string): void {
    this.errors.push(`${offset}: ${message}`);
  }

  protected directive(start: number, end: number): void {
    this.errors.push(`${start}-${end}: directive`);
  }
}

function scan(text: string): TestScanner {
  const data = new TextEncoder().encode(text);
  const file = new SourceFile("x.go", 1, data.length);
  return new TestScanner(file, prepare(data, file, true).text, new NameTable(), 0, data.length);
}

/** All tokens as "spelling@offset". */
function tokens(text: string): string[] {
  const s = scan(text);
  const list: string[] = [];
  for (;;) {
    s.next();
    if (s.tok === T.TokEOF) return list;
    let shown = T.tokenNames[s.tok] as string;
    if (s.tok === T.TokName || s.tok === T.TokLiteral || s.tok === T.TokSemi) shown = s.lit;
    else if (s.tok === T.TokOperator) shown = T.opNames[s.op] as string;
    else if (s.tok === T.TokAssignOp) shown = `${T.opNames[s.op]}=`;
    else if (s.tok === T.TokIncOp) shown = `${T.opNames[s.op]}${T.opNames[s.op]}`;
    list.push(`${shown}@${s.tokOff}`);
  }
}

test("every operator and keyword is one token", () => {
  const operators = T.opNames.slice(2).filter((op) => op !== "<-");
  for (const op of operators) {
    const s = scan(op);
    s.next();
    assert.equal(T.opNames[s.op], op);
    assert.equal(s.tok, op === "*" ? T.TokStar : T.TokOperator);
    assert.equal(s.prec, T.opPrecedence[s.op]);
    s.next();
    assert.equal(s.tok, T.TokEOF);
  }
  for (const op of ["+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>", "&^"]) {
    const s = scan(`${op}=`);
    s.next();
    assert.equal(s.tok, T.TokAssignOp);
    assert.equal(T.opNames[s.op], op);
  }
  for (let tok = T.TokAssign; tok < T.TokCount; tok++) {
    if (tok === T.TokSemi) continue;
    const s = scan(T.tokenNames[tok] as string);
    s.next();
    assert.equal(s.tok, tok, T.tokenNames[tok]);
  }
});

test("semicolons come where a line can end", () => {
  for (const end of ["x", "1", "'a'", '"s"', "`s`", ")", "]", "}", "++", "--", "return", "break", "continue"]) {
    const list = tokens(`${end}\n`);
    assert.equal(list.at(-1), `newline@${end.length}`, end);
    assert.equal(tokens(end).at(-1), `EOF@${end.length}`, end);
  }
  for (const end of ["+", "(", "[", "{", ",", "if", "func", ".", "...", "=", ":=", "<-"]) {
    assert.equal(tokens(`${end}\n`).length, 1, end);
  }
  assert.deepEqual(tokens("x // c\ny"), ["x@0", "newline@6", "y@7", "EOF@8"]);
  assert.deepEqual(tokens("x /* a\nb */ y"), ["x@0", "newline@2", "y@12", "EOF@13"]);
  assert.deepEqual(tokens("x /* a */ y"), ["x@0", "y@10", "EOF@11"]);
  assert.deepEqual(tokens("a..b"), ["a@0", ".@1", ".@2", "b@3", "EOF@4"]);
});

test("numbers", () => {
  const good: [string, number][] = [
    ["0", T.IntLit],
    ["1_000", T.IntLit],
    ["0x_Ff", T.IntLit],
    ["0b101", T.IntLit],
    ["0o17", T.IntLit],
    ["0177", T.IntLit],
    ["0.", T.FloatLit],
    [".5", T.FloatLit],
    ["089.5", T.FloatLit],
    ["1e+9", T.FloatLit],
    ["0x1p-2", T.FloatLit],
    ["0x1.8p1", T.FloatLit],
    ["1i", T.ImagLit],
    ["0128i", T.ImagLit],
    ["0x1p2i", T.ImagLit],
  ];
  for (const [text, kind] of good) {
    const s = scan(text);
    s.next();
    assert.deepEqual([s.tok, s.lit, s.litKind, s.bad, s.errors], [T.TokLiteral, text, kind, false, []], text);
  }
  const bad: [string, string][] = [
    ["0x", "2: hexadecimal literal has no digits"],
    ["0b12", "3: invalid digit '2' in binary literal"],
    ["0o8", "2: invalid digit '8' in octal literal"],
    ["0189", "2: invalid digit '8' in octal literal"],
    ["1__0", "2: '_' must separate successive digits"],
    ["1_", "1: '_' must separate successive digits"],
    ["0_x1", ""],
    ["0x1.0", "5: hexadecimal mantissa requires a 'p' exponent"],
    ["1p2", "1: 'p' exponent requires hexadecimal mantissa"],
    ["0b1e3", "3: 'e' exponent requires decimal mantissa"],
    ["1e", "2: exponent has no digits"],
    ["0b1.0", "3: invalid radix point in binary literal"],
  ];
  for (const [text, error] of bad) {
    if (error === "") continue;
    const s = scan(text);
    s.next();
    assert.deepEqual([s.tok, s.bad, s.errors], [T.TokLiteral, true, [error]], text);
  }
});

test("strings and runes", () => {
  const bad: [string, string][] = [
    ["'", "0: rune literal not terminated"],
    ["''", "1: empty rune literal or unescaped '"],
    ["'ab'", "0: more than one character in rune literal"],
    ["'\n", "1: newline in rune literal"],
    ['"abc', "0: string not terminated"],
    ['"abc\n', "4: newline in string"],
    ["`abc", "0: string not terminated"],
    ['"\\z"', "2: unknown escape"],
    ['"\\xg0"', "3: invalid character 'g' in hexadecimal escape"],
    ['"\\400"', "5: octal escape value 256 > 255"],
    ['"\\ud800"', "7: escape is invalid Unicode code point U+D800"],
    ["/* x", "0: comment not terminated"],
    ["#", "0: invalid character U+0023 '#'"],
    ["x\u00a0", "1: invalid character U+00A0 in identifier"],
    ["\u0665x", "0: identifier cannot begin with digit U+0665 '\u0665'"],
  ];
  for (const [text, error] of bad) {
    const s = scan(text);
    s.next();
    assert.deepEqual(s.errors, [error], text);
  }
  for (const text of ["'a'", "'\\''", "'\u4e16'", "'\\U0001F600'", '"\\"x"', "`a\nb`", '"\\x00\\377"']) {
    const s = scan(text);
    s.next();
    assert.deepEqual([s.tok, s.lit, s.bad, s.errors], [T.TokLiteral, text, false, []], text);
  }
  assert.deepEqual(tokens("\u00e4\u00f61 b"), ["\u00e4\u00f61@0", "b@6", "EOF@7"]);
});

test("only directives are reported", () => {
  const s = scan("//go:x\n// go:x\n//line a:1\n/*line b:2*/ /* line */ //go\n");
  s.next();
  assert.deepEqual(s.errors, ["0-6: directive", "15-25: directive", "26-38: directive"]);
});
