// How long builds of two examples take: with an empty store (beside which there is what npm ci kept, dist/kept), after an edit of main, and again without a change; on the clock, in processor time (which other work on
// the machine disturbs less), and their peak memory. The median of several runs of each.
//   node bench/compile/run.mjs [--runs N] [example...]
// With gc for comparison where the go command is installed: --gc.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const args = process.argv.slice(2);
const flag = (name) => {
  const at = args.indexOf(name);
  return at < 0 ? null : args.splice(at, 2)[1];
};
const runs = Number(flag("--runs") ?? 3);
const gc = args.includes("--gc");
const named = args.filter((a) => !a.startsWith("-"));
const examples = named.length > 0 ? named : ["hello", "https"];
const temp = mkdtempSync(join(tmpdir(), "go3s-compile-"));

function build(command, words, folder, env) {
  const usage = join(temp, "usage");
  const start = performance.now();
  const r = spawnSync(command, words, {
    cwd: folder,
    env: { ...process.env, ...env, GO3S_USAGE: usage },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const seconds = (performance.now() - start) / 1000;
  if (r.status !== 0) throw new Error(`${command} ${words.join(" ")}: ${r.status}`);
  return {
    seconds,
    ...(command === process.execPath ? JSON.parse(readFileSync(usage, "utf8")) : { cpu: Number.NaN, megabytes: Number.NaN }),
  };
}

function edit(main, text, n) {
  writeFileSync(main, text.replace(/^func main\(\) \{/m, `func main() {\n\tif len(os.Args) > ${100 + n} {\n\t\treturn\n\t}`));
}

/** Medians of the three kinds of build. */
function measure(title, command, words, example, env, empty) {
  const folder = join(temp, example);
  cpSync(resolve("examples", example), folder, { recursive: true });
  const main = join(folder, "main.go");
  let text = readFileSync(main, "utf8");
  if (!/^\t?(import )?"os"$/m.test(text)) text = text.replace(/^package main$/m, 'package main\n\nimport "os"');
  const kinds = { cold: [], edited: [], unchanged: [] };
  for (let i = 0; i < runs; i++) {
    edit(main, text, -1);
    empty();
    kinds.cold.push(build(command, words, folder, env));
    edit(main, text, i);
    kinds.edited.push(build(command, words, folder, env));
    kinds.unchanged.push(build(command, words, folder, env));
  }
  for (const [kind, list] of Object.entries(kinds)) {
    const median = (what) => list.map((r) => r[what]).sort((a, b) => a - b)[list.length >> 1];
    const rest = Number.isNaN(list[0].cpu)
      ? ""
      : `${median("cpu").toFixed(2).padStart(8)} s cpu ${median("megabytes").toFixed(0).padStart(6)} MB`;
    console.log(`${title.padEnd(5)} ${example.padEnd(8)} ${kind.padEnd(10)} ${median("seconds").toFixed(2).padStart(7)} s ${rest}`);
  }
}

try {
  const store = join(temp, "store");
  const cache = join(temp, "gocache");
  const preload = ["--require", join(here, "usage.cjs")];
  for (const example of examples) {
    const words = [...preload, resolve("dist/go3s.js"), "build", "-o", join(temp, "output"), "."];
    measure("go3s", process.execPath, words, example, { GO3SCACHE: store }, () => rmSync(store, { recursive: true, force: true }));
    if (gc) {
      const env = { GOCACHE: cache, CGO_ENABLED: "0" };
      measure("gc", "go", ["build", "-o", join(temp, "output"), "."], example, env, () => rmSync(cache, { recursive: true, force: true }));
    }
  }
} finally {
  rmSync(temp, { recursive: true, force: true });
}
