// What is to be done with a file of the Go tree's test/ folder, as its first lines say.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BuildContext } from "../../src/load/context.ts";
import { evaluate, parseConstraint } from "../../src/syntax/constraint.ts";

/** The folders that hold tests; others hold what tests use. */
const folders = [
  "",
  "ken",
  "chan",
  "interface",
  "internal/runtime/sys",
  "syntax",
  "dwarf",
  "fixedbugs",
  "codegen",
  "abi",
  "typeparam",
  "typeparam/mdempsky",
  "arenas",
  "simd",
];

/** One test. */
export interface Recipe {
  /** Path below the test folder. */
  readonly name: string;
  /** run, compile, errorcheck ... */
  readonly action: string;
  /** For the compiler or the go command, in the order given. */
  readonly flags: readonly string[];
  /** For the program. */
  readonly args: readonly string[];
  /** Variables that build and program see. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether errors are wanted (-0 and -1 change what the action says). */
  readonly wantsError: boolean;
  /** Each file of the folder is a package of its own (-s). */
  readonly singleFiles: boolean;
  /** Seconds that the program may take; 0: the usual limit. */
  readonly seconds: number;
  /** Language version of the module that a runindir test is put into. */
  readonly moduleVersion: string;
  /** Why build constraints exclude the file, or "". */
  readonly excluded: string;
}

/** Splits words at spaces, but for those inside quotes, as the recipes write them. */
function words(line: string): string[] {
  const list: string[] = [];
  for (const m of line.matchAll(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g)) list.push(m[0].replace(/'([^']*)'|"([^"]*)"/g, "$1$2"));
  return list;
}

/** The recipe's line: the first that is no build constraint. */
function actionLine(text: string): string {
  for (const line of text.split("\n")) {
    if (/^\/\/\s*(go:build|\+build)\b/.test(line)) continue;
    const content = line.replace(/^\/\//, "").trim();
    if (content !== "") return content;
  }
  return "";
}

const context = new BuildContext("linux", "amd64", ["test_run"]);
/** The tests' runner knows only systems by their own name. */
const hasTag = (tag: string): boolean => tag !== "unix" && context.has(tag);

/** The build constraint that excludes a file, or "". */
function exclusion(text: string): string {
  const end = text.indexOf("\npackage");
  for (const line of text.slice(0, end < 0 ? text.length : end).split("\n")) {
    if (!line.startsWith("//go:build")) continue;
    const constraint = parseConstraint(line.trim());
    if (constraint !== null && !evaluate(constraint, hasTag)) return line;
  }
  return "";
}

export function parseRecipe(name: string, text: string): Recipe {
  const [first = "", ...rest] = words(actionLine(text));
  const flags: string[] = [];
  const env: Record<string, string> = {};
  let wantsError = ["errorcheck", "errorcheckwithauto", "errorcheckdir", "errorcheckoutput"].includes(first);
  let singleFiles = false;
  let seconds = 0;
  // A program that runs the go command waits for whole builds, perhaps for many.
  if (/exec\.Command(Context)?\(.*"go"/.test(text)) seconds = 120;
  let moduleVersion = "1.14";
  while (rest[0]?.startsWith("-")) {
    const flag = rest.shift() as string;
    const value = (): string => rest.shift() ?? "";
    if (flag === "-1") wantsError = true;
    else if (flag === "-0") wantsError = false;
    else if (flag === "-s") singleFiles = true;
    else if (flag === "-t") seconds = Number(value());
    else if (flag === "-goexperiment") env.GOEXPERIMENT = value();
    else if (flag === "-godebug") env.GODEBUG = value();
    else if (flag === "-gomodversion") moduleVersion = value();
    else flags.push(flag);
  }
  return { name, action: first, flags, args: rest, env, wantsError, singleFiles, seconds, moduleVersion, excluded: exclusion(text) };
}

/** All tests below a Go tree's test folder, in order of folder and name. */
export function allRecipes(root: string): Recipe[] {
  const list: Recipe[] = [];
  for (const folder of folders) {
    let names: string[] = [];
    try {
      names = readdirSync(join(root, folder)).sort();
    } catch {
      continue; // other trees have other folders
    }
    for (const file of names) {
      if (!file.endsWith(".go") || file.startsWith(".")) continue;
      const name = folder === "" ? file : `${folder}/${file}`;
      list.push(parseRecipe(name, readFileSync(join(root, name), "latin1")));
    }
  }
  return list;
}
