// Does what a recipe says, with Go3s in place of the reference tools.

import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { GivenPackage } from "../../src/load/package.ts";
import { type Execution, execute } from "../pool/process.ts";
import type { Pool } from "../pool/pool.ts";
import type { Answer } from "../pool/worker.ts";
import { compareErrors } from "./errors.ts";
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

/** The files of a folder that make one package. */
interface FolderPackage {
  readonly name: string;
  readonly files: string[];
}

class Performance {
  private readonly recipe: Recipe;
  private readonly setting: Setting;
  private readonly temp: string;
  /** The tree's test folder. */
  private readonly root: string;
  private readonly source: string;
  private readonly program: string;

  constructor(recipe: Recipe, setting: Setting, temp: string) {
    this.recipe = recipe;
    this.setting = setting;
    this.temp = temp;
    this.root = join(setting.goroot, "test");
    this.source = join(this.root, recipe.name);
    this.program = join(temp, "a.exe");
  }

  async perform(): Promise<Failure | null> {
    switch (this.recipe.action) {
      case "run":
        return (await this.build(this.program, this.sources(), this.root)) ?? (await this.checkRun(this.root));
      case "build":
        return this.build(this.program, [this.source], this.temp);
      case "buildrun":
        return (await this.build(this.program, [this.source], this.temp)) ?? (await this.checkRun(this.temp));
      case "runoutput":
        return this.runOutput();
      case "runindir":
        return this.runInFolder();
      case "compile":
        return this.checkSuccess([this.single(this.source)], false);
      case "compiledir":
        return this.checkSuccess(this.folderPackages(), false);
      case "rundir":
        return (await this.checkSuccess(this.folderPackages(), true)) ?? (await this.checkRun(this.temp));
      case "builddir":
        return this.checkSuccess([this.wholeFolder()], true);
      case "buildrundir":
        return (await this.checkSuccess([this.wholeFolder()], true)) ?? (await this.checkRun(this.temp));
      case "errorcheck":
      case "errorcheckwithauto":
        return this.checkErrors([this.single(this.source)]);
      case "errorcheckdir":
        return this.checkErrors(this.folderPackages());
      case "errorcheckandrundir":
        return this.errorsAndRun();
      case "errorcheckoutput":
        return this.errorsOfOutput();
      default:
        throw new Error(`no way to do ${this.recipe.action}`);
    }
  }

  // ---- By the command

  /** What is built: the file, and further ones that the recipe names. */
  private sources(): string[] {
    return [this.recipe.name, ...this.recipe.args.filter((a) => a.endsWith(".go"))];
  }

  private programArgs(): string[] {
    return this.recipe.args.filter((a) => !a.endsWith(".go"));
  }

  private get debug(): string[] {
    return this.setting.verify ? ["verify"] : [];
  }

  private async build(output: string, args: readonly string[], cwd: string): Promise<Failure | null> {
    const debug = this.setting.verify ? ["-d", "verify"] : [];
    const command = ["build", ...debug, ...this.recipe.flags, "-o", output, ...args];
    const answer = await this.setting.pool.run({ args: command, cwd, env: { GO3S_DEBUG: "1", ...this.recipe.env } });
    return answer.status === 0 ? null : buildFailure(answer.status, answer.stderr);
  }

  private execute(program: string, args: readonly string[], cwd: string): Promise<Execution> {
    return execute(program, args, {
      cwd,
      seconds: Math.max(this.recipe.seconds, runSeconds),
      env: { GOROOT: this.setting.goroot, ...this.recipe.env, ...this.setting.env },
    });
  }

  /** Runs what was built; its output must be what the `.out` file says. */
  private async checkRun(cwd: string): Promise<Failure | null> {
    const run = await this.execute(this.program, this.programArgs(), cwd);
    if (run.status !== 0) return runFailure(run.status, run.output);
    const path = this.source.replace(/\.go$/, ".out");
    const expected = existsSync(path) ? readFileSync(path, "latin1") : "";
    const got = run.output.replaceAll("\r\n", "\n");
    return got === expected ? null : { reason: "output", detail: difference(got, expected) };
  }

  /** Runs the program that writes a program; leaves the latter in a file. */
  private async generate(file: string): Promise<Failure | null> {
    const writer = join(this.temp, "writer.exe");
    const built = await this.build(writer, this.sources(), this.root);
    if (built !== null) return built;
    const run = await this.execute(writer, this.programArgs(), this.root);
    if (run.status !== 0) return runFailure(run.status, run.output);
    writeFileSync(file, run.output, "latin1");
    return null;
  }

  private async runOutput(): Promise<Failure | null> {
    const file = join(this.temp, "tmp__.go");
    const failure = (await this.generate(file)) ?? (await this.build(this.program, [file], this.root));
    return failure ?? (await this.checkRun(this.root));
  }

  /** The folder becomes a module of its own. */
  private async runInFolder(): Promise<Failure | null> {
    const { folder } = this;
    const name = basename(folder);
    const copy = join(this.temp, "src", name);
    cpSync(folder, copy, { recursive: true });
    writeFileSync(join(copy, "go.mod"), `module ${name}\ngo ${this.recipe.moduleVersion}\n`);
    return (await this.build(this.program, ["."], copy)) ?? (await this.checkRun(copy));
  }

  // ---- By packages and files

  private given(path: string, dir: string, files: readonly string[]): GivenPackage {
    const has = (flag: string): boolean => this.recipe.flags.includes(flag);
    const lang = this.recipe.flags.find((f) => f.startsWith("-lang="))?.slice(6);
    return {
      path,
      base: "test",
      dir,
      files,
      goVersion: lang ?? "go1.26",
      complete: has("-complete"),
      privileged: has("-std") || has("-+"),
    };
  }

  private single(file: string): GivenPackage {
    const path = this.recipe.flags.find((f) => f.startsWith("-p="))?.slice(3) ?? "p";
    return this.given(path, dirname(file), [basename(file)]);
  }

  private get folder(): string {
    return this.source.replace(/\.go$/, ".dir");
  }

  /** Files of one package name, in the order of the first of each; or each file for itself. */
  private folderPackages(): GivenPackage[] {
    const list: FolderPackage[] = [];
    for (const file of readdirSync(this.folder).sort()) {
      if (!file.endsWith(".go")) continue;
      const name = /^package ([\p{L}\w]+)/mu.exec(readFileSync(join(this.folder, file), "utf8"))?.[1] ?? "";
      const known = this.recipe.singleFiles ? undefined : list.find((p) => p.name === name);
      if (known !== undefined) known.files.push(file);
      else list.push({ name, files: [file] });
    }
    return list.map((p) => {
      const path = p.name === "main" ? "main" : `test/${(p.files[0] as string).replace(/\.go$/, "")}`;
      return this.given(path, this.folder, p.files);
    });
  }

  private wholeFolder(): GivenPackage {
    return this.given(
      "main",
      this.folder,
      readdirSync(this.folder)
        .sort()
        .filter((f) => /\.(go|s)$/.test(f)),
    );
  }

  private buildGiven(packages: readonly GivenPackage[], link: boolean): Promise<Answer> {
    const program = { packages, link };
    const errorLimit = this.recipe.flags.includes("-e=0") ? 10 : 0;
    return this.setting.pool.run({
      args: [],
      cwd: this.temp,
      env: this.recipe.env,
      program,
      errorLimit,
      debug: this.debug,
      output: this.program,
    });
  }

  private async checkSuccess(packages: readonly GivenPackage[], link: boolean): Promise<Failure | null> {
    const answer = await this.buildGiven(packages, link);
    return answer.status === 0 ? null : buildFailure(answer.status, answer.stderr);
  }

  private async checkErrors(packages: readonly GivenPackage[]): Promise<Failure | null> {
    const answer = await this.buildGiven(packages, false);
    if (answer.status !== 0 && answer.status !== 1) return buildFailure(answer.status, answer.stderr);
    if (!this.recipe.wantsError && answer.status !== 0) return buildFailure(answer.status, answer.stderr);
    const files = packages.flatMap((p) => p.files.map((name) => ({ path: join(p.dir, name), name })));
    const problems = compareErrors(answer.stderr.replaceAll("$GOROOT/", `${this.setting.goroot}/`), files);
    if (problems.length > 0) return { reason: "errors differ", detail: firstLines(problems.join("\n")) };
    return this.recipe.wantsError && answer.status === 0 ? { reason: "no error", detail: "" } : null;
  }

  private async errorsAndRun(): Promise<Failure | null> {
    const packages = this.folderPackages();
    const failure = await this.checkErrors(packages);
    if (failure !== null || this.recipe.wantsError) return failure;
    return (await this.checkSuccess(packages, true)) ?? (await this.checkRun(this.temp));
  }

  private async errorsOfOutput(): Promise<Failure | null> {
    const file = join(this.temp, "tmp__.go");
    return (await this.generate(file)) ?? (await this.checkErrors([this.single(file)]));
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
