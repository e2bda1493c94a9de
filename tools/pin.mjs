// Writes goroot/upstream.sums: the SHA-256 of every upstream file that goroot/overlay.json takes or changes. The loader compares them with the
// Go tree of a build. Run it after a change of overlay.json, with the Go tree that the overlay is written for.
//   node tools/pin.mjs [--check]      --check: writes nothing; exit status 1 if the file is not what it should be
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = join(dirname(fileURLToPath(import.meta.url)), "../goroot");
const overlay = JSON.parse(readFileSync(join(folder, "overlay.json"), "utf8"));
const goroot = process.env.GOROOT || spawnSync("go", ["env", "GOROOT"], { encoding: "utf8" }).stdout?.trim() || "/usr/local/go";
const version = existsSync(join(goroot, "VERSION")) ? readFileSync(join(goroot, "VERSION"), "utf8").split("\n")[0].trim() : "none";
const check = process.argv.includes("--check");

if (version !== overlay.release) {
  console.error(`the Go tree is ${version}, the overlay is written for ${overlay.release}: nothing to ${check ? "check" : "write"}`);
  process.exit(check ? 0 : 1);
}

const lines = [];
for (const [path, rule] of Object.entries(overlay.packages)) {
  for (const name of rule.upstream ?? []) {
    const file = join(goroot, "src", path, name);
    if (!existsSync(file)) {
      console.error(`overlay.json: ${path}: ${name} is not in the Go tree`);
      process.exit(1);
    }
    lines.push(`${createHash("sha256").update(readFileSync(file)).digest("hex")}  ${path}/${name}`);
  }
}
lines.sort((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1));
const text = lines.map((l) => `${l}\n`).join("");
const target = join(folder, "upstream.sums");
if (!check) writeFileSync(target, text);
else if (!existsSync(target) || readFileSync(target, "utf8") !== text) {
  console.error("goroot/upstream.sums does not fit goroot/overlay.json: run node tools/pin.mjs");
  process.exit(1);
}
