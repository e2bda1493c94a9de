// Compares our assembler with `go tool asm`, function by function and byte by byte. For development and for making test data.
//   node tools/asm-oracle.mjs [-v] [-p pkg/path] [-I dir] [-D NAME]... file.s...
// Prints for each file how many functions and data symbols are the same, and what differs. Relocated bytes are compared as zero;
// relocations by offset, size and symbol.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import * as esbuild from "esbuild";
import { common } from "./build.mjs";
import { generate } from "./generate.mjs";

/** The listing of `go tool asm -S`, as symbols with bytes and relocations. */
export function parseListing(text) {
  const symbols = new Map();
  let current = null;
  for (const line of text.split("\n")) {
    const header = /^(\S.*?) (STEXT|S[A-Z]+)((?: [a-z]+)*) size=(\d+)/.exec(line);
    if (header) {
      current = { name: header[1], kind: header[2], size: Number(header[4]), bytes: [], relocs: [] };
      symbols.set(header[1], current);
      continue;
    }
    if (current === null) continue;
    const hex = /^\t0x([0-9a-f]{4,}) ((?:[0-9a-f]{2} ){1,16}) /.exec(line);
    if (hex) {
      for (const b of hex[2].trim().split(" ")) current.bytes.push(Number.parseInt(b, 16));
      continue;
    }
    const rel = /^\trel (\d+)\+(\d+) t=(\S+) (.*)$/.exec(line);
    if (rel) current.relocs.push({ offset: Number(rel[1]), size: Number(rel[2]), type: rel[3], to: rel[4] });
  }
  return symbols;
}

/** Runs `go tool asm -S`. The output goes to a file of its own: the tool deletes its output after errors, whatever that is. */
export function oracle(file, { packagePath, includes, defines }) {
  const out = mkdtempSync(join(tmpdir(), "asm-oracle-"));
  const args = ["tool", "asm", "-p", packagePath, "-S", "-o", join(out, "out.o")];
  for (const dir of includes) args.push("-I", dir);
  for (const name of defines) args.push("-D", name);
  args.push(file);
  const run = spawnSync("go", args, { encoding: "utf8", maxBuffer: 1 << 28, env: { ...process.env, GOARCH: "amd64", GOOS: "linux" } });
  rmSync(out, { recursive: true, force: true });
  return { ok: run.status === 0, text: run.stdout, errors: run.stderr };
}

/** The assembler, bundled to a temporary folder. */
export async function loadAssembler() {
  await generate().catch(() => {});
  const out = mkdtempSync(join(tmpdir(), "asm-oracle-"));
  try {
    const entry = `export * from "./src/asm/assemble.ts"; export * from "./src/arch/amd64/asm.ts"; export * from "./src/base/pos.ts";
export * from "./src/base/diagnostics.ts"; export * from "./src/ssa/symbol.ts";`;
    await esbuild.build({
      ...common,
      splitting: false,
      stdin: { contents: entry, resolveDir: process.cwd(), loader: "ts" },
      outfile: join(out, "asm.mjs"),
      sourcemap: false,
    });
    return await import(pathToFileURL(join(out, "asm.mjs")).href);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** Assembles with ours. */
export function ours(lib, file, { packagePath, includes, defines }) {
  const symbols = new lib.Symbols();
  const sources = new lib.Sources();
  const diagnostics = new lib.Diagnostics();
  const include = (name) => {
    for (const dir of [dirname(file), ...includes]) if (existsSync(join(dir, name))) return readFileSync(join(dir, name));
    return null;
  };
  const started = performance.now();
  const unit = lib.assemble(readFileSync(file), file, {
    target: lib.amd64Assembler(),
    packagePath,
    defines,
    include,
    isFunction: () => false,
    allowAbi: lib.abiPackages.includes(packagePath),
    symbols,
    sources,
    diagnostics,
  });
  const time = performance.now() - started;
  const errors = diagnostics.render(sources, 0, (f) => f);
  const found = new Map();
  for (const f of unit.functions) {
    const c = f.code;
    const relocs = [];
    for (let i = 0; i < c.relocs.count; i++) {
      relocs.push({ offset: c.relocs.offset[i], to: symbols.name(c.relocs.sym[i]), addend: c.relocs.addend[i] });
    }
    found.set(symbols.name(c.sym), { bytes: c.code, relocs, kind: "text", code: c });
  }
  for (const d of unit.data) {
    const bytes = new Uint8Array(d.size);
    bytes.set(d.bytes);
    const relocs = [];
    for (let i = 0; i < d.relocs.count; i++) relocs.push({ offset: d.relocs.offset[i], to: symbols.name(d.relocs.sym[i]) });
    found.set(symbols.name(d.sym), { bytes, relocs, kind: "data" });
  }
  return { unit, symbols: found, errors, time };
}

const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join(" ");

/** The name by which ours knows a symbol of the listing. */
function ourNames(name, base, packagePath) {
  const plain = name.replace(/<[^>]*>$/, "");
  const short = plain.startsWith(`${packagePath}.`) ? plain.slice(packagePath.length + 1) : plain;
  return [`${plain}<0>`, plain, `${packagePath}.${short}<>${base}`];
}

/** Compares one file; answers with the number of symbols and the differences as text. */
export function compare(lib, file, options) {
  const expected = oracle(file, options);
  const got = ours(lib, file, options);
  const base = file.slice(file.lastIndexOf("/") + 1);
  const differences = [];
  if (expected.ok !== (got.errors.length === 0)) {
    const theirs = expected.ok ? "accepts" : expected.errors.split("\n").slice(0, 3).join(" | ");
    differences.push(`go tool asm: ${theirs}; ours: ${got.errors.slice(0, 5).join(" | ") || "accepts"}`);
  }
  let symbols = 0;
  let same = 0;
  if (expected.ok) {
    for (const [name, want] of parseListing(expected.text)) {
      if (/^(gclocals|go:|\$f)/.test(name) || name === "" || /DWARF|^SDWARF/.test(want.kind)) continue;
      if (want.kind.startsWith("SDWARF") || /\.(args_stackmap|arginfo\d)$/.test(name)) continue;
      symbols++;
      const mine = ourNames(name, base, options.packagePath)
        .map((n) => got.symbols.get(n))
        .find((s) => s !== undefined);
      if (mine === undefined) {
        differences.push(`${name}: missing`);
        continue;
      }
      const a = want.bytes.slice();
      while (a.length < want.size) a.push(0);
      const b = Array.from(mine.bytes);
      for (const r of want.relocs) {
        if (r.type === "R_TLS_LE") for (let i = 0; i < 4; i++) b[r.offset + i] = 0;
      }
      const skip = /R_TLS_LE|R_CALLIND|R_USEIFACE|R_INITORDER/;
      const wantRelocs = want.relocs.filter((r) => !skip.test(r.type)).map((r) => r.offset);
      const gotRelocs = mine.relocs.map((r) => r.offset);
      if (hex(a) === hex(b) && wantRelocs.join() === gotRelocs.join()) same++;
      else {
        let at = 0;
        while (at < a.length && a[at] === b[at]) at++;
        differences.push(
          `${name}: differs at ${at} of ${a.length} (ours ${b.length})\n    want ${hex(a.slice(Math.max(0, at - 8), at + 16))}\n    ours ${hex(b.slice(Math.max(0, at - 8), at + 16))}${wantRelocs.join() === gotRelocs.join() ? "" : `\n    relocations ${wantRelocs} / ${gotRelocs}`}`,
        );
      }
    }
  }
  return { symbols, same, differences, time: got.time };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const options = { packagePath: "main", includes: [], defines: ["GOOS_linux", "GOARCH_amd64", "GOAMD64_v1"] };
  const files = [];
  let verbose = false;
  const argv = process.argv.slice(2);
  const goroot = spawnSync("go", ["env", "GOROOT"], { encoding: "utf8" }).stdout.trim();
  options.includes.push(join(goroot, "pkg/include"));
  for (let i = 0; i < argv.length; i++) {
    if (argv[i] === "-p") options.packagePath = argv[++i];
    else if (argv[i] === "-I") options.includes.push(argv[++i]);
    else if (argv[i] === "-D") options.defines.push(argv[++i]);
    else if (argv[i] === "-v") verbose = true;
    else files.push(argv[i]);
  }
  const lib = await loadAssembler();
  let failed = 0;
  for (const file of files) {
    const { symbols, same, differences, time } = compare(lib, file, options);
    console.log(`${differences.length === 0 ? "same" : "DIFF"} ${same}/${symbols} ${file} ${time.toFixed(0)} ms`);
    if (differences.length > 0) failed++;
    for (const d of verbose ? differences : differences.slice(0, 3)) console.log(`  ${d}`);
  }
  console.log(`${files.length - failed} of ${files.length} files the same`);
}
