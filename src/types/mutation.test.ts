// Packages of the standard library with random damage must get exactly the compiler's errors, in its order. MUTANTS sets the number of
// mutants, SEED where the random numbers start, PACKAGES the packages (or single files), KEEP a folder for those that differ.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { findGoroot } from "../syntax/testing.ts";
import { difference, Oracle, ourErrors } from "./oracle-testing.ts";
import { packageFiles, TestChecker } from "./testing.ts";

const goroot = findGoroot();
const packages = (
  process.env.PACKAGES ??
  "sort,container/heap,bufio,text/tabwriter,encoding/csv,slices,maps,path,iter,cmp,net/url,html,text/template/parse,index/suffixarray,context,mime"
).split(",");

/** A small generator of reproducible numbers. */
class Random {
  private state: number;

  constructor(seed: number) {
    this.state = (Math.imul(seed, 2654435761) >>> 0) | 1;
  }

  below(n: number): number {
    let s = this.state;
    s ^= s << 13;
    s >>>= 0;
    s ^= s >>> 17;
    s ^= s << 5;
    this.state = s >>> 0;
    return this.state % n;
  }

  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)];
  }
}

const tokens =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|`[^`]*`|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[A-Za-z_]\w*|\d[\w.]*|<<=|>>=|&\^=|\.\.\.|&&|\|\||<-|\+\+|--|==|!=|<=|>=|:=|[-+*/%&|^]=|<<|>>|&\^|\s+|[\s\S]/g;
const keywords = new Set(
  "break case chan const continue default defer else fallthrough for func go goto if import interface map package range return select struct switch type var".split(
    " ",
  ),
);
const someTypes = ["int", "string", "[]byte", "error", "any", "float64", "nil", "func()", "*T", "iota", "map[string]int", "chan int"];
const someNames = ["len", "append", "_", "make", "interface{ M() }", "uint8"];
const someLiterals = ["1", '"x"', "nil", "2.5", "'a'", "true", "1<<70", "-1", "struct{}{}", "func() {}"];
const someOperators = ["+", "-", "*", "==", "<", "&&", "=", ":=", "<<", "&", "!", "%"];
const prefixes = ["*", "&", "!", "-", "<-", "[]", "...", "~", "^"];
const suffixes = ["()", "[0]", ".x", "{}", "...", "[int]", ".(int)", "[1:2]", "++", "<-"];

/** The text with one thing changed: a name, literal, operator or line. */
function mutate(text: string, random: Random): string {
  const list = text.match(tokens) ?? [];
  const where = (f: (tok: string, i: number) => boolean): number[] => list.map((_, i) => i).filter((i) => f(list[i], i));
  const names = where((tok, i) => /^[A-Za-z_]\w*$/.test(tok) && !keywords.has(tok) && i > 30);
  const name = random.of(names);
  switch (random.below(9)) {
    case 0:
    case 1:
    case 2:
      list[name] = list[random.of(names)];
      break;
    case 3: {
      const literals = where((tok, i) => /^["\d'`]/.test(tok) && i > 60);
      if (literals.length > 0) list[random.of(literals)] = random.of(someLiterals);
      break;
    }
    case 4: {
      const operators = where((tok) => /^([-+*/%&|^<>=!]|==|!=|<=|>=|&&|\|\||<<|>>|:=|\+=|<-)$/.test(tok));
      if (operators.length > 0) list[random.of(operators)] = random.of(someOperators);
      break;
    }
    case 5: {
      const lines = text.split("\n");
      const statements = lines.map((_, i) => i).filter((i) => /^\t+[a-z].*[^{(,]$/.test(lines[i]));
      if (statements.length === 0) break;
      const at = random.of(statements);
      if (random.below(2) === 0) lines.splice(at, 1);
      else lines.splice(at, 0, lines[random.of(statements)]);
      return lines.join("\n");
    }
    case 6:
      list[name] = random.of(random.below(3) === 0 ? someNames : someTypes);
      break;
    case 7:
      list[name] += random.of(suffixes);
      break;
    default:
      list[name] = random.of(prefixes) + list[name];
  }
  return list.join("");
}

/** What isn't the checker's business: the compiler's later phases. */
const later = /module requires|internal compiler error|file a bug|go\.dev\/issue\/new|stack frame too large|illegal types for/;

test("damaged packages get the compiler's errors", { skip: goroot === "" && "no Go tree" }, (t) => {
  const oracle = Oracle.find([...packages.filter((p) => !p.endsWith(".go")), "fmt"]);
  if (oracle === null) {
    t.skip("no Go command");
    return;
  }
  try {
    const count = Number(process.env.MUTANTS ?? "25");
    const random = new Random(Number(process.env.SEED ?? "1"));
    const checker = new TestChecker(goroot);
    checker.stopAtSyntaxErrors = true;
    const problems: string[] = [];
    for (let i = 0; i < count; i++) {
      const name = random.of(packages);
      const single = name.endsWith(".go");
      const files = single ? [name] : packageFiles(join(goroot, "src", name));
      const damaged = [random.of(files), random.of(files)];
      const changes = 1 + random.below(6);
      const texts = files.map((f) => readFileSync(f, "utf8"));
      for (let k = 0; k < changes; k++) {
        const at = files.indexOf(damaged[k % 2]);
        texts[at] = mutate(texts[at], random);
      }
      const sources = files.map((f, at) => {
        const to = join(oracle.folder, basename(f));
        const data = new TextEncoder().encode(texts[at]);
        writeFileSync(to, data);
        return { name: to, data };
      });
      const options = { path: single ? "main" : name, goVersion: "", all: random.below(2) === 0, standard: true };
      const want = oracle.errors(sources, options);
      if (want.some((line) => later.test(line))) continue;
      let got: string[];
      try {
        got = ourErrors(checker, sources, options);
      } catch (e) {
        got = [(e as Error).stack ?? ""];
      }
      if (want.join("\n") !== got.join("\n")) {
        problems.push(`mutant ${i}: ${name}${options.all ? "" : " (ten)"}`, ...difference(want, got));
        if (process.env.KEEP !== undefined) {
          mkdirSync(join(process.env.KEEP, String(i)), { recursive: true });
          for (const s of sources) writeFileSync(join(process.env.KEEP, String(i), basename(s.name)), s.data);
        }
      }
    }
    assert.equal(problems.length, 0, problems.join("\n"));
  } finally {
    oracle.close();
  }
});
