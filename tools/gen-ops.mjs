// Turns ops.table files into TypeScript: a constant an op, and columns with what the table says of it. The generic table's
// ops come first; an architecture's table (second input is the generic one) goes on from number 200 (FirstArchOp).
import { readFileSync } from "node:fs";

export const firstArchOp = 200;

/** @returns {{name: string, args: string, result: string, attributes: string[], remark: string}[]} */
export function readTable(path) {
  const rows = [];
  for (const line of readFileSync(path, "utf8").split("\n")) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const [name, args, result, attributes, remark] = line.split("|").map((s) => s.trim());
    if (attributes === undefined) throw new Error(`${path}: malformed row: ${line}`);
    rows.push({ name, args, result, attributes: attributes.split(/\s+/).filter((a) => a !== ""), remark: remark ?? "" });
  }
  return rows;
}

const results = { void: 0, mem: 1, flags: 2, tuple: 3, i8: 4, i16: 5, i32: 6, i64: 7, f32: 8, f64: 9, ptr: 10, v128: 11, v: 255 };
const bits = { const: 1, comm: 2, reads: 4, writes: 8, panics: 16, call: 32, allocs: 64, control: 128 };

export default async function generate([table, generic]) {
  const rows = readTable(table);
  const arch = generic !== undefined;
  const first = arch ? firstArchOp : 0;
  const prefix = arch ? "A" : "Op";
  const lines = [`// Made from ${table.split("/").slice(-3).join("/")} by tools/gen-ops.mjs. Not committed.`, ""];
  rows.forEach((r, i) => {
    if (r.remark !== "") lines.push(`/** ${r.remark} */`);
    lines.push(`export const ${prefix}${r.name} = ${first + i};`);
  });
  const column = (name, type, f) => lines.push(`export const ${name}: ${type} = [${rows.map(f).join(", ")}];`);
  lines.push("");
  if (!arch) {
    lines.push(`export const FirstArchOp = ${firstArchOp};`);
    for (const [name, bit] of Object.entries(bits)) {
      lines.push(`export const Attr${name[0].toUpperCase()}${name.slice(1)} = ${bit};`);
    }
  }
  column("opNames", "readonly string[]", (r) => JSON.stringify(r.name));
  column("opArgs", "readonly string[]", (r) => JSON.stringify(r.args === "-" ? "" : r.args));
  lines.push("/** Result type; 255: given by the value. */");
  column("opResults", "readonly number[]", (r) => {
    if (results[r.result] === undefined) throw new Error(`${table}: ${r.name}: result ${r.result}`);
    return results[r.result];
  });
  column("opAttributes", "readonly number[]", (r) => r.attributes.reduce((sum, a) => sum | (a.includes(":") ? 0 : (bits[a] ?? 0)), 0));
  lines.push("/** What auxInt holds, empty when unused. */");
  column("opAuxInt", "readonly string[]", (r) => JSON.stringify(r.attributes.find((a) => a.startsWith("int:"))?.slice(4) ?? ""));
  lines.push("/** What aux holds: sym, slot, call, type or nothing. */");
  column("opAux", "readonly string[]", (r) => JSON.stringify(r.attributes.find((a) => a.startsWith("aux:"))?.slice(4) ?? ""));
  if (arch) {
    lines.push("/** Attributes that only the architecture reads, by op: the words of the table that are not generic ones. */");
    column("opWords", "readonly (readonly string[])[]", (r) =>
      JSON.stringify(r.attributes.filter((a) => bits[a] === undefined && !a.startsWith("int:") && !a.startsWith("aux:"))),
    );
  }
  return `${lines.join("\n")}\n`;
}
