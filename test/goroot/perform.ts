// Does what a recipe says, with Go3s in place of the reference tools.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { execute } from "../pool/process.ts";
import type { Pool } from "../pool/pool.ts";
import type { Recipe } from "./recipe.ts";

/** What went wrong: a class for the list, and the first lines of what was seen. */
export interface Failure {
  readonly reason: string;
  readonly detail: string;
}

export interface Setting {
  readonly pool: Pool;
  /** The Go tree. */
  readonly goroot: string;
  /** An empty folder of our own. */
  readonly temp: string;
  /** Variables for produced programs. */
  readonly env: Readonly<Record<string, string>>;
  /** Run the checks of the compiler on itself. */
  readonly verify: boolean;
}

const runSeconds = 30;

function firstLines(text: string, count = 12): string {
  const lines = text.split("\n");
  return lines.slice(0, count).join("\n").slice(0, 2000) + (lines.length > count ? "\n..." : "");
}

/** How a failed build is listed. */
function buildFailure(status: number, text: string): Failure {
  const what: Record<number, string> = {
    [-1]: "build takes too long",
    [-2]: "build dies",
    1: "build error",
    2: "flags",
    3: "internal error",
  };
  return { reason: what[status] ?? `build: status ${status}`, detail: firstLines(text) };
}

function runFailure(status: number | string, output: string): Failure {
  if (status === "timeout") return { reason: "timeout", detail: firstLines(output) };
  if (typeof status === "string") return { reason: status, detail: firstLines(output) };
  const crash = /^(fatal error|panic|runtime): .*/m.exec(output);
  return { reason: crash === null ? `exit ${status}` : `exit ${status}: ${crash[0].slice(0, 80)}`, detail: firstLines(output) };
}

/** Performs one test. Null when it passes. */
export async function perform(recipe: Recipe, setting: Setting): Promise<Failure | null> {
  const temp = mkdtempSync(join(setting.temp, "t-"));
  try {
    return await new Performance(recipe, setting, temp).perform();
  } finally {
    rmSync(temp, { recursive: true, force: true });
  }
}

class Performance {
  private readonly recipe: Recipe;
  private readonly setting: Setting;
  private readonly temp: string;
  private readonly root: string;

  constructor(recipe: Recipe, setting: Setting, temp: string) {
    this.recipe = recipe;
    this.setting = setting;
    this.temp = temp;
    this.root = join(setting.goroot, "test");
    mkdirSync(join(temp, "test"));
  }

  perform(): Promise<Failure | null> {
    switch (this.recipe.action) {
      case "run":
        return this.run();
      default:
        throw new Error(`no way to do ${this.recipe.action}`);
    }
  }

  private async build(output: string, args: readonly string[], cwd: string): Promise<Failure | null> {
    const debug = this.setting.verify ? ["-d", "verify"] : [];
    const command = ["build", ...debug, ...this.recipe.flags, "-o", output, ...args];
    const answer = await this.setting.pool.run({ args: command, cwd, env: this.recipe.env });
    return answer.status === 0 ? null : buildFailure(answer.status, answer.stderr);
  }

  /** Runs what was built; its output must be what the `.out` file says. */
  private async runProgram(program: string, cwd: string): Promise<Failure | null> {
    const run = await execute(program, this.recipe.args, {
      cwd,
      seconds: Math.max(this.recipe.seconds, runSeconds),
      env: { GOROOT: this.setting.goroot, ...this.recipe.env, ...this.setting.env },
    });
    if (run.status !== 0) return runFailure(run.status, run.output);
    const expected = this.expected();
    const got = run.output.replaceAll("\r\n", "\n");
    return got === expected ? null : { reason: "output", detail: difference(got, expected) };
  }

  private expected(): string {
    const path = join(this.root, this.recipe.name.replace(/\.go$/, ".out"));
    return existsSync(path) ? readFileSync(path, "latin1") : "";
  }

  private async run(): Promise<Failure | null> {
    const program = join(this.temp, "test.exe");
    return (await this.build(program, [this.recipe.name], this.root)) ?? (await this.runProgram(program, this.root));
  }
}

/** The first line that differs, of what was printed and what was expected. */
function difference(got: string, expected: string): string {
  const a = got.split("\n");
  const b = expected.split("\n");
  let i = 0;
  while (i < a.length && i < b.length && a[i] === b[i]) i++;
  const show = (lines: string[]): string =>
    lines
      .slice(i, i + 6)
      .join("\n")
      .slice(0, 1000);
  return `line ${i + 1}, got:\n${show(a)}\nwant:\n${show(b)}`;
}
