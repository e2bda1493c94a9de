// Packages of the standard library with random damage must get exactly the compiler's errors. MUTANTS sets the number of
// mutants, SEED where the random numbers start, PACKAGES the packages (or single files).

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { test } from "node:test";
import { findGoroot } from "../syntax/testing.ts";
import { packageFiles, TestChecker } from "./testing.ts";

const goroot = findGoroot();
const packages = (
  process.env.PACKAGES ??
  "sort,container/heap,bufio,text/tabwriter,encoding/csv,slices,maps,path,iter,cmp,net/url,html,text/template/parse,index/suffixarray,context,mime"
).split(",");

/** Exports of the standard library for the compiler; "" if there is no Go command. */
function importConfig(): string {
  const env = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "" };
  const format = "{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}";
  const r = spawnSync("go", ["list", "-export", "-f", format, ...packages.filter((p) => !p.endsWith(".go")), "fmt"], {
    encoding: "utf8",
    env,
  });
  if (r.status !== 0) return "";
  const deps = spawnSync("go", ["list", "-deps", "-export", "-f", format, ...packages.filter((p) => !p.endsWith(".go")), "fmt"], {
    encoding: "utf8",
    env,
  });
  return deps.status === 0 ? deps.stdout : "";
}

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
const later =
  /too many errors|module requires|internal compiler error|file a bug|go\.dev\/issue\/new|stack frame too large|illegal types for/;

test("damaged packages get the compiler's errors", { skip: goroot === "" && "no Go tree" }, (t) => {
  const config = importConfig();
  if (config === "") {
    t.skip("no Go command");
    return;
  }
  const dir = mkdtempSync(join(tmpdir(), "go3s-mutation-"));
  try {
    writeFileSync(join(dir, "importcfg"), config);
    const count = Number(process.env.MUTANTS ?? "25");
    const random = new Random(Number(process.env.SEED ?? "1"));
    const checker = new TestChecker(goroot);
    const problems: string[] = [];
    for (let i = 0; i < count; i++) {
      const name = random.of(packages);
      const single = name.endsWith(".go");
      const files = single ? [name] : packageFiles(join(goroot, "src", name));
      const damaged = random.of(files);
      const sources = files.map((f) => {
        const text = readFileSync(f, "utf8");
        const to = join(dir, basename(f));
        writeFileSync(to, f === damaged ? mutate(mutate(text, random), random) : text);
        return { name: to, data: new Uint8Array(readFileSync(to)) };
      });
      const path = single ? "main" : name;
      const out = join(dir, "out.o");
      const args = ["tool", "compile", "-e", "-p", path, "-complete=false", "-std", "-importcfg", join(dir, "importcfg"), "-o", out];
      const r = spawnSync("go", [...args, ...sources.map((s) => s.name)], { encoding: "utf8" });
      let want = `${r.stdout}${r.stderr}`.split("\n").filter((l) => l !== "" && !later.test(l));

      const before = checker.packages.get(path);
      checker.packages.delete(path);
      const pkg = checker.check(path, sources, { goVersion: "go1.26" });
      if (!checker.diagnostics.hasErrors) checker.checker.checkCompilerRules(pkg, false);
      let got = checker.diagnostics.render(checker.sources, 0, (file) => file).flatMap((l) => l.split("\n"));
      checker.diagnostics.list.length = 0;
      checker.packages.delete(path);
      if (before !== undefined) checker.packages.set(path, before);

      // After a syntax error the compiler doesn't go on.
      const syntax = (l: string): boolean => l.includes("syntax error");
      if (want.some(syntax)) {
        want = want.filter(syntax);
        got = got.filter(syntax);
      }
      const a = want.sort().join("\n");
      const b = got.sort().join("\n");
      if (a !== b) problems.push(`mutant ${i}: ${name} ${basename(damaged)}\n  compiler:\n${a}\n  ours:\n${b}`);
    }
    assert.equal(problems.length, 0, problems.join("\n"));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
