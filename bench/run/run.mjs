// How long workloads that keep one processor busy take when Go3s and when the Go tool build them: the programs in `programs`, processor time
// (not the clock's), the fastest of several repetitions. Both builds must agree on what they compute.
//   node bench/run/run.mjs [--repeats N] [--keep FOLDER] [workload...]
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const programs = join(here, "programs");
const go3s = join(here, "..", "..", "dist", "go3s.js");

let repeats = 5;
let keep = "";
const words = [];
for (let i = 2; i < process.argv.length; i++) {
  if (process.argv[i] === "--repeats") repeats = Number(process.argv[++i]);
  else if (process.argv[i] === "--keep") keep = process.argv[++i];
  else words.push(process.argv[i]);
}

/** Milliseconds of the fastest repetition, and what was computed. */
function measure(program, name) {
  const lines = execFileSync(program, [name, String(repeats)], { encoding: "utf8" })
    .trim()
    .split("\n");
  const rows = lines.map((line) => line.split(" "));
  return { time: Math.min(...rows.map((r) => Number(r[0]))) / 1000, sum: rows[0][1] };
}

const folder = keep === "" ? mkdtempSync(join(tmpdir(), "go3s-bench-")) : keep;
mkdirSync(folder, { recursive: true });
const [ours, theirs] = [join(folder, "go3s"), join(folder, "gc")];
if (!existsSync(ours)) execFileSync(process.execPath, [go3s, "build", "-o", ours, "."], { cwd: programs, stdio: "inherit" });
if (!existsSync(theirs)) {
  execFileSync("go", ["build", "-o", theirs, "."], { cwd: programs, stdio: "inherit", env: { ...process.env, CGO_ENABLED: "0" } });
}

console.log("workload        Go3s ms     gc ms   ratio");
let product = 1;
let count = 0;
for (const name of execFileSync(ours, [], { encoding: "utf8" }).trim().split("\n")) {
  if (words.length > 0 && !words.some((w) => name.includes(w))) continue;
  const a = measure(ours, name);
  const b = measure(theirs, name);
  const ratio = a.time / b.time;
  product *= ratio;
  count++;
  const numbers = [a.time.toFixed(1), b.time.toFixed(1)].map((s) => s.padStart(10)).join("");
  console.log(`${name.padEnd(13)}${numbers}${ratio.toFixed(2).padStart(8)}${a.sum === b.sum ? "" : "  results differ"}`);
}
console.log(`geometric mean${(product ** (1 / count)).toFixed(2).padStart(27)}`);
if (keep === "") rmSync(folder, { recursive: true, force: true });
