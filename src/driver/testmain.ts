// The main package of a test program: finds the tests, benchmarks, fuzz targets and examples in a package's test files, and writes the Go
// file that hands them to package testing.

import { Diagnostics } from "../base/diagnostics.ts";
import { Sources } from "../base/pos.ts";
import { LoadError, type LoadedFile, type LoadedPackage, type LoadedProgram, type LoadedTest } from "../load/package.ts";
import * as K from "../syntax/kinds.ts";
import { LenientPragmas, parseFile, SkipBodies } from "../syntax/parser.ts";
import { type Expr, type FuncDecl, NodeIds } from "../syntax/tree.ts";

/** An example whose output is compared. */
interface Example {
  readonly name: string;
  readonly output: string;
  readonly unordered: boolean;
}

/** What one of the two packages has to run. */
interface Found {
  readonly tests: string[];
  readonly benchmarks: string[];
  readonly fuzzTargets: string[];
  readonly examples: Example[];
  hasMain: boolean;
}

/** The whole program, with its main package as the root. Throws LoadError for wrong signatures. */
export function testProgram(test: LoadedTest, path: string): LoadedProgram {
  const { tested, external, support, program } = test;
  const own = find(tested);
  const beside = find(external);
  if (own.hasMain && beside.hasMain) throw new LoadError([`multiple definitions of TestMain in ${path} and ${path}_test`]);
  const text = mainText(path, tested, external, own, beside);
  const imports = new Map(support);
  if (tested !== null) imports.set(tested.path, tested);
  if (external !== null) imports.set(external.path, external);
  const main: LoadedPackage = {
    label: `${path}.test`,
    path: `${path}.test`,
    name: "main",
    dir: "",
    files: [{ name: "_testmain.go", path: "_testmain.go", data: new TextEncoder().encode(text), replacement: null }],
    asmFiles: [],
    headers: [],
    embeds: [],
    imports,
    standard: false,
    overlay: false,
    complete: true,
    privileged: false,
    goVersion: "go1.26",
    module: tested?.module ?? external?.module ?? null,
  };
  return { ...program, roots: [main], packages: [...program.packages, main] };
}

function find(pkg: LoadedPackage | null): Found {
  const found: Found = { tests: [], benchmarks: [], fuzzTargets: [], examples: [], hasMain: false };
  for (const file of pkg?.files ?? []) if (file.name.endsWith("_test.go")) findIn(file, found);
  return found;
}

function findIn(file: LoadedFile, found: Found): void {
  const sources = new Sources();
  const source = sources.add(file.path, file.data.length);
  const tree = parseFile(file.data, source, new NodeIds(), new Diagnostics(), SkipBodies | LenientPragmas);
  if (tree === null) return; // its errors come up when the package is checked
  for (const d of tree.declList) {
    if (d.kind !== K.KindFuncDecl || d.recv !== null) continue;
    const name = d.name.value;
    const take = (prefix: string, letter: string, list: string[]): boolean => {
      if (!isName(name, prefix)) return false;
      const article = `${prefix === "Fuzz" ? "f" : letter.toLowerCase()} *testing.${letter}`;
      const at = sources.position(d.pos);
      const place = `${file.path}:${at.line}:${at.column}`;
      if (d.tparamList.length > 0) throw new LoadError([`${place}: wrong type for ${name}: ${name} cannot have type parameters`]);
      if (!takes(d, letter)) throw new LoadError([`${place}: wrong signature for ${name}, must be: func ${name}(${article})`]);
      list.push(name);
      return true;
    };
    if (name === "TestMain" && takes(d, "M")) found.hasMain = true;
    else if (take("Test", "T", found.tests) || take("Benchmark", "B", found.benchmarks) || take("Fuzz", "F", found.fuzzTargets)) continue;
    else if (isName(name, "Example") && d.type.paramList.length === 0 && d.type.resultList.length === 0 && d.hasBody) {
      const output = exampleOutput(new TextDecoder().decode(file.data.subarray(d.bodyStart, d.bodyEnd)));
      if (output !== null) found.examples.push({ name, ...output });
    }
  }
}

/** Whether a name is the prefix or goes on with no small letter. */
function isName(name: string, prefix: string): boolean {
  return name.startsWith(prefix) && !/^\p{Ll}/u.test(name.slice(prefix.length));
}

/** Whether a function has no results and one parameter of type *testing.X, or *X where testing is imported with a dot. */
function takes(d: FuncDecl, letter: string): boolean {
  const parameter = d.type.paramList[0];
  if (d.type.resultList.length > 0 || d.type.paramList.length !== 1 || parameter === undefined) return false;
  const pointer = parameter.type;
  if (pointer.kind !== K.KindOperation || pointer.y !== null) return false;
  const type: Expr = pointer.x;
  if (type.kind === K.KindName) return type.value === letter;
  return type.kind === K.KindSelectorExpr && type.sel.value === letter;
}

/** What the last comment of a body says about the output; null: nothing. */
export function exampleOutput(body: string): { output: string; unordered: boolean } | null {
  const tokens = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)*'/g;
  let group: string[] = [];
  let end = -1;
  for (const m of body.matchAll(tokens)) {
    if (!m[0].startsWith("/")) continue;
    // Comments with nothing but one line end between them belong together.
    if (end < 0 || !/^[ \t\r]*\n?[ \t\r]*$/.test(body.slice(end, m.index))) group = [];
    group.push(m[0]);
    end = m.index + m[0].length;
  }
  const text = commentText(group);
  const head = /^\s*(unordered )?output:/i.exec(text);
  if (head === null) return null;
  const rest = text.slice(head[0].length).replace(/^ +/, "");
  return { output: rest.startsWith("\n") ? rest.slice(1) : rest, unordered: head[1] !== undefined };
}

/** The text of comments: without their marks, blanks at line ends, and blank lines around it or in a row. */
function commentText(group: readonly string[]): string {
  const lines: string[] = [];
  for (const comment of group) {
    if (comment.startsWith("//")) lines.push(comment.startsWith("// ") ? comment.slice(3) : comment.slice(2));
    else lines.push(...comment.slice(2, -2).split("\n"));
  }
  const out: string[] = [];
  for (const line of lines) {
    const trimmed = line.trimEnd();
    if (trimmed !== "" || (out.length > 0 && out[out.length - 1] !== "")) out.push(trimmed);
  }
  if (out[out.length - 1] === "") out.pop();
  return out.length === 0 ? "" : `${out.join("\n")}\n`;
}

function mainText(path: string, tested: LoadedPackage | null, external: LoadedPackage | null, own: Found, beside: Found): string {
  const both: [string, Found][] = [
    ["_test", own],
    ["_xtest", beside],
  ];
  const used = ([, f]: [string, Found]): boolean =>
    f.hasMain || f.tests.length + f.benchmarks.length + f.fuzzTargets.length + f.examples.length > 0;
  const table = (variable: string, type: string, names: (f: Found) => string[]): string => {
    const rows = both.flatMap(([alias, f]) => names(f).map((name) => `\t{"${name}", ${alias}.${name}},\n`));
    return `var ${variable} = []testing.${type}{\n${rows.join("")}}\n\n`;
  };
  const examples = both.flatMap(([alias, f]) =>
    f.examples.map((e) => `\t{"${e.name}", ${alias}.${e.name}, ${goString(e.output)}, ${e.unordered}},\n`),
  );
  const mainOf = both.find(([, f]) => f.hasMain)?.[0];
  const imports = [
    ...(tested === null ? [] : [`\t${used(["_test", own]) ? "_test" : "_"} ${goString(tested.path)}\n`]),
    ...(external === null ? [] : [`\t${used(["_xtest", beside]) ? "_xtest" : "_"} ${goString(external.path)}\n`]),
  ];
  const run =
    mainOf === undefined
      ? "\tos.Exit(m.Run())\n"
      : `\t${mainOf}.TestMain(m)\n\tos.Exit(int(reflect.ValueOf(m).Elem().FieldByName("exitCode").Int()))\n`;
  return `package main

import (
	"os"
${mainOf === undefined ? "" : '\t"reflect"\n'}	"testing"
	"testing/internal/testdeps"
${imports.join("")})

${table("tests", "InternalTest", (f) => f.tests)}${table("benchmarks", "InternalBenchmark", (f) => f.benchmarks)}${table(
  "fuzzTargets",
  "InternalFuzzTarget",
  (f) => f.fuzzTargets,
)}var examples = []testing.InternalExample{
${examples.join("")}}

func init() {
	testdeps.ImportPath = ${goString(path)}
	testdeps.ModulePath = ${goString(tested?.module?.path ?? external?.module?.path ?? "")}
}

func main() {
	m := testing.MainStart(testdeps.TestDeps{}, tests, benchmarks, fuzzTargets, examples)
${run}}
`;
}

/** A string of Go. */
function goString(text: string): string {
  let out = "";
  for (const byte of new TextEncoder().encode(text)) {
    if (byte === 34 || byte === 92) out += `\\${String.fromCharCode(byte)}`;
    else out += byte >= 32 && byte < 127 ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`;
  }
  return `"${out}"`;
}
