// Writes what `go tool asm` makes of src/asm/testdata/*.s beside each file: one line a symbol with its bytes and relocations.
//   node tools/gen-asm-golden.mjs
import { spawnSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { oracle, parseListing } from "./asm-oracle.mjs";

const folder = "src/asm/testdata";
const goroot = spawnSync("go", ["env", "GOROOT"], { encoding: "utf8" }).stdout.trim();
for (const name of readdirSync(folder).filter((f) => f.endsWith(".s"))) {
  const file = join(folder, name);
  const result = oracle(file, {
    packagePath: "main",
    includes: [join(goroot, "src/runtime")],
    defines: ["GOOS_linux", "GOARCH_amd64"],
  });
  if (!result.ok) throw new Error(result.errors);
  const lines = [];
  for (const [symbol, { kind, size, bytes, relocs }] of parseListing(result.text)) {
    if (/^(gclocals|go:)|\.(args_stackmap|arginfo\d)$/.test(symbol) || symbol === "" || kind.startsWith("SDWARF")) continue;
    const own = relocs.filter((r) => !/R_CALLIND/.test(r.type)).map((r) => `${r.offset}:${r.type}:${r.to}`);
    const hex = Buffer.from(bytes).toString("hex");
    lines.push(`${symbol} ${kind} ${size} ${hex === "" ? "-" : hex} ${own.join(" ")}`.trim());
  }
  writeFileSync(`${file.slice(0, -2)}.golden`, `${lines.join("\n")}\n`);
}
