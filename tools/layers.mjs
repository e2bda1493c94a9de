// Holds the layering: a folder of src/ imports only from those before it in this list, src/host only from base, and node:* modules are
// imported by src/host, src/main.ts, tools and tests (with their helpers, *testing.ts) alone. No code outside of src/arch names an
// architecture. Prints what breaks the rules; exit status 1 then.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const order = "base syntax types ssa irgen kept program codegen passes arch asm link modules load driver cmd".split(" ");
const src = join(dirname(fileURLToPath(import.meta.url)), "..", "src");

function* sources(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (entry.name.endsWith(".ts") && !entry.name.endsWith(".test.ts") && !entry.name.endsWith("testing.ts")) yield path;
  }
}

/** Files that hold the go command's table of names, for what file names mean. */
const tables = ["syntax/constraint.ts"];
const architecture = /(?<![A-Za-z0-9])(amd64|arm64|riscv64|x86_64|x64|aarch64|AMD64|ARM64|RISCV64)(?![A-Za-z])/;

/** The text of a file without its comments. */
function code(text) {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|[^:])\/\/.*$/gm, "$1");
}

const problems = [];
for (const path of sources(src)) {
  const name = relative(src, path);
  const room = name.includes("/") ? name.split("/")[0] : "";
  const text = readFileSync(path, "utf8");
  if (room !== "arch" && !tables.includes(name)) {
    const named = architecture.exec(code(text));
    if (named !== null) problems.push(`${name}: names an architecture: ${named[1]}`);
  }
  for (const [, specifier] of text.matchAll(/(?:from|import\()\s*["']([^"']+)["']/g)) {
    if (specifier.startsWith("node:")) {
      if (room !== "host" && room !== "") problems.push(`${name}: imports ${specifier}`);
      continue;
    }
    if (!specifier.startsWith(".") || room === "") continue;
    const target = relative(src, resolve(dirname(path), specifier)).split("/")[0];
    const allowed = room === "host" ? ["base", "host"] : order.slice(0, order.indexOf(room) + 1);
    if (!allowed.includes(target)) problems.push(`${name}: ${room} must not import from ${target} (${specifier})`);
  }
}
for (const problem of problems) console.error(problem);
process.exit(problems.length > 0 ? 1 : 0);
