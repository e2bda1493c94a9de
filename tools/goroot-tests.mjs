// Runs the files of the Go tree's test/ folder in place, by their own header lines, and compares with what is expected:
// test/goroot/failing.txt lists the files that do not pass yet. A listed file that passes, or another one that fails, is an error.
//   node tools/goroot-tests.mjs [--sample K/N] [--jobs N] [--update] [--keep] [--env NAME=VALUE] [word...]
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const list = join(root, "test/goroot/failing.txt");

function parseArguments(argv) {
  const options = { sample: null, jobs: Math.min(cpus().length, 4), update: false, keep: false, env: {}, words: [] };
  for (let i = 0; i < argv.length; i++) {
    const a = argv[i];
    if (a === "--sample") options.sample = argv[++i].split("/").map(Number);
    else if (a === "--jobs") options.jobs = Number(argv[++i]);
    else if (a === "--update") options.update = true;
    else if (a === "--keep") options.keep = true;
    else if (a === "--env") {
      const [name, ...value] = argv[++i].split("=");
      options.env[name] = value.join("=");
    } else options.words.push(a);
  }
  return options;
}

function goroot() {
  if (process.env.GOROOT) return process.env.GOROOT;
  const found = spawnSync("go", ["env", "GOROOT"], { encoding: "utf8" });
  return found.status === 0 ? found.stdout.trim() : "/usr/local/go";
}

/** The action line: the first comment that is no build constraint, with its words. */
export function action(text) {
  for (const line of text.split("\n")) {
    if (line.startsWith("//go:build") || line.startsWith("// +build") || line.trim() === "") continue;
    if (!line.startsWith("//")) return null;
    return line.slice(2).trim().split(/\s+/);
  }
  return null;
}

/** Whether a //go:build line admits linux/amd64 with gc's tags and no cgo. */
function admitted(text) {
  const line = /^\/\/go:build (.*)$/m.exec(text.split("\npackage ")[0]);
  if (line === null) return true;
  const on = /^(linux|amd64|unix|gc|goexperiment\.(regabiargs|regabiwrappers|aliastypeparams)|go1\.(1?\d|2[0-6]))$/;
  const js = line[1].replace(/[\w.]+/g, (word) => (on.test(word) ? "true" : "false"));
  if (!/^[\s()!&|a-z]*$/.test(js)) return false;
  return Function(`return ${js}`)();
}

function runFiles(folder, prefix = "") {
  const found = [];
  for (const entry of readdirSync(join(folder, prefix), { withFileTypes: true })) {
    const name = prefix + entry.name;
    if (entry.isDirectory()) {
      if (!entry.name.endsWith(".dir") && entry.name !== "testdata") found.push(...runFiles(folder, `${name}/`));
    } else if (entry.name.endsWith(".go")) {
      const text = readFileSync(join(folder, name), "utf8");
      const words = action(text);
      if (words?.[0] === "run" && admitted(text)) found.push({ name, args: words.slice(1).filter((a) => !a.startsWith("-")) });
    }
  }
  return found;
}

function execute(command, args, options) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    const chunks = [];
    let size = 0;
    const take = (data) => {
      size += data.length;
      if (size < 4 << 20) chunks.push(data);
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    const timer = setTimeout(() => child.kill("SIGKILL"), options.limit);
    child.on("error", (error) => resolve({ status: 127, output: String(error) }));
    child.on("close", (status, signal) => {
      clearTimeout(timer);
      resolve({ status: signal ?? status, output: Buffer.concat(chunks).toString("latin1") });
    });
  });
}

/** Null when the file passes, else one line that says why not. */
async function runOne(file, folder, temp, env) {
  const source = join(folder, file.name);
  const binary = join(temp, file.name.replaceAll("/", "_").replace(/\.go$/, ""));
  const build = await execute(process.execPath, [join(root, "dist/go3s.js"), "build", "-o", binary, source], {
    cwd: temp,
    limit: 60000,
    env: process.env,
  });
  if (build.status !== 0) return `build: ${build.status}: ${build.output.split("\n").slice(0, 2).join(" / ").slice(0, 200)}`;
  const run = await execute(binary, file.args, {
    cwd: dirname(source),
    limit: 30000,
    env: { ...process.env, GOROOT: dirname(folder), ...env },
  });
  rmSync(binary, { force: true });
  if (run.status !== 0) return `run: ${run.status}: ${run.output.split("\n").slice(0, 2).join(" / ").slice(0, 200)}`;
  const out = source.replace(/\.go$/, ".out");
  const expected = existsSync(out) ? readFileSync(out, "latin1") : "";
  if (run.output.replaceAll("\r\n", "\n") !== expected) return `output differs: ${JSON.stringify(run.output.slice(0, 100))}`;
  return null;
}

async function main() {
  const options = parseArguments(process.argv.slice(2));
  const folder = join(goroot(), "test");
  if (!existsSync(folder)) {
    console.log("the Go tree has no test folder: skipped\n0 passed, 0 failed");
    return 0;
  }
  let files = runFiles(folder);
  if (options.words.length > 0) files = files.filter((f) => options.words.some((w) => f.name.includes(w)));
  if (options.sample !== null) files = files.filter((_, i) => i % options.sample[1] === options.sample[0]);
  const known = new Set(
    existsSync(list)
      ? readFileSync(list, "utf8")
          .split("\n")
          .filter((l) => l !== "" && !l.startsWith("#"))
          .map((l) => l.split(" ")[0])
      : [],
  );
  const temp = mkdtempSync(join(tmpdir(), "go3s-test-"));
  const failures = new Map();
  let next = 0;
  const worker = async () => {
    while (next < files.length) {
      const file = files[next++];
      const problem = await runOne(file, folder, temp, options.env);
      if (problem !== null) failures.set(file.name, problem);
    }
  };
  await Promise.all(Array.from({ length: options.jobs }, worker));
  if (!options.keep) rmSync(temp, { recursive: true, force: true });
  const passed = files.length - failures.size;
  if (options.update) {
    const head =
      "# Files of the Go tree's test/ folder (`// run`) that do not pass yet; tools/goroot-tests.mjs --update writes this list.\n";
    const rest = [...known].filter((name) => !files.some((f) => f.name === name) && existsSync(join(folder, name)));
    const names = [...new Set([...rest, ...failures.keys()])].sort();
    writeFileSync(list, head + names.map((n) => `${n}\n`).join(""));
  }
  let surprises = 0;
  for (const file of files) {
    const problem = failures.get(file.name);
    if (problem !== undefined && (!known.has(file.name) || options.words.length > 0)) console.log(`FAIL ${file.name}: ${problem}`);
    if (problem !== undefined && !known.has(file.name)) surprises++;
    if (problem === undefined && known.has(file.name)) {
      console.log(`PASSES NOW ${file.name}: take it off test/goroot/failing.txt`);
      surprises++;
    }
  }
  console.log(`go test folder: ${passed} of ${files.length} pass, ${failures.size} do not`);
  console.log(`${files.length - surprises} passed, ${surprises} failed`);
  return surprises > 0 && !options.update ? 1 : 0;
}

process.exit(await main());
