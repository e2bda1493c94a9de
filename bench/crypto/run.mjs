// Throughput of cryptography: benchmarks of the standard library's own packages (and one for ChaCha20-Poly1305, which the library has inside only), the
// tests built with go3s and with the go command, run in turns. Prints the median time of each and the ratio.
//   node bench/crypto/run.mjs [--rounds N] [--time 0.3s] [--folder DIR]      DIR keeps the binaries, and those in it are used
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const argument = (name, other) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : other);
const rounds = Number(argument("--rounds", "9"));
const time = argument("--time", "0.3s");
const kept = argument("--folder", "");
const folder = kept === "" ? mkdtempSync(join(tmpdir(), "go3s-bench-")) : resolve(kept);
mkdirSync(folder, { recursive: true });

/** Package, benchmark, folder to build in. */
const table = [
  ["crypto/cipher", "^BenchmarkAESGCM$/^(Open|Seal)-256-8192$", here],
  ["crypto/sha256", "^BenchmarkHash8K$/^New$", here],
  ["crypto/ecdsa", "^BenchmarkSign$/^P256$", here],
  ["crypto/rsa", "^BenchmarkSignPKCS1v15$/^2048$", here],
  [".", "^BenchmarkSeal8K$", join(here, "chacha")],
];

const compilers = [
  ["go3s", [process.execPath, join(here, "../../bin/go3s")]],
  ["go", ["go"]],
];

function run(words, options) {
  const r = spawnSync(words[0], words.slice(1), { encoding: "utf8", ...options });
  if (r.status !== 0) throw new Error(`${words.join(" ")}: ${r.stderr || r.stdout}`);
  return r.stdout;
}

/** Nanoseconds an operation, by benchmark. */
function measure(binary, pattern) {
  const out = run([binary, "-test.run=^$", `-test.bench=${pattern}`, `-test.benchtime=${time}`], { cwd: folder });
  return [...out.matchAll(/^Benchmark(\S+?)(?:-\d+)?\s+\d+\s+([\d.]+) ns\/op/gm)].map((m) => [m[1], Number(m[2])]);
}

const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];

try {
  const env = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "" };
  const binary = (compiler, pkg) => join(folder, `${pkg.replace(/.*\//, "").replace(".", "chacha")}.${compiler}`);
  for (const [pkg, , cwd] of table) {
    for (const [name, words] of compilers) {
      if (!existsSync(binary(name, pkg))) run([...words, "test", "-c", "-o", binary(name, pkg), pkg], { cwd, env });
    }
  }
  const times = new Map();
  for (let round = 0; round < rounds; round++) {
    for (const [pkg, pattern] of table) {
      for (const [name] of compilers) {
        for (const [title, ns] of measure(binary(name, pkg), pattern)) {
          const row = times.get(title) ?? { go3s: [], go: [] };
          row[name].push(ns);
          times.set(title, row);
        }
      }
    }
  }
  console.log(`${"benchmark".padEnd(32)}${"go3s ns/op".padStart(14)}${"go ns/op".padStart(14)}${"ratio".padStart(8)}`);
  for (const [title, row] of times) {
    const [a, b] = [median(row.go3s), median(row.go)];
    console.log(`${title.padEnd(32)}${a.toFixed(0).padStart(14)}${b.toFixed(0).padStart(14)}${(a / b).toFixed(2).padStart(8)}`);
  }
} finally {
  if (kept === "") rmSync(folder, { recursive: true, force: true });
}
