// Turns inst.table into TypeScript. For the compiler (inst.gen.ts): a number an instruction, and columns with the encoding of each
// operand shape. For the assembler (forms.gen.ts): all forms with their operand patterns.
import { readFileSync } from "node:fs";

const prefixes = { NP: 0, 66: 1, F3: 2, F2: 3 };
const maps = { "": 0, "0F": 1, "0F38": 2, "0F3A": 3 };
const imms = { ib: 1, iw: 2, id: 3, iq: 4 };

// Bits of an encoding: the same as in encode.ts.
const WBit = 1 << 13;
const ByteRegBit = 1 << 21;
const ByteRmBit = 1 << 22;
const OpRegBit = 1 << 27;
const SwapBit = 1 << 28;
const Extra66Bit = 1 << 29;
// Bits of a form's extra word: the same as in asm.ts.
const LiteralBit = 1 << 16;

function parseEncoding(text) {
  let code = 0;
  let extra = 0;
  let opcode = -1;
  if (text.startsWith("=")) {
    const bytes = text
      .slice(1)
      .split(" ")
      .map((b) => Number.parseInt(b, 16));
    bytes.forEach((b, i) => {
      code |= b << (8 * i);
    });
    return { code, extra: LiteralBit };
  }
  const tokens = text.split(" ");
  const vex = /^(E?)VEX\.(\d+)\.(\w+)\.(\w+)\.W(\d)$/.exec(tokens[0]);
  if (vex !== null) {
    tokens.shift();
    const length = { 128: 0, 256: 1, 512: 2 }[vex[2]];
    code |= (vex[1] === "E" ? 2 : 1) << 23;
    code |= (length << 25) | (prefixes[vex[3]] << 11) | (maps[vex[4]] << 8);
    if (vex[5] === "1") code |= WBit;
  }
  const prefixed = [];
  for (let i = 0; i < tokens.length; i++) {
    const t = tokens[i];
    const more = tokens.slice(i + 1).some((x) => /^[0-9A-F]{2}$/.test(x));
    if (opcode < 0 && !vex && more && (t === "66" || t === "F2" || t === "F3")) {
      prefixed.push(t);
      continue;
    }
    if (t === "W") code |= WBit;
    else if (opcode < 0 && ((code >> 8) & 7) === 0 && /^0F(38|3A)?$/.test(t) && !vex) code |= maps[t] << 8;
    else if (opcode < 0 && /^[0-9A-F]{2}$/.test(t)) opcode = Number.parseInt(t, 16);
    else if (t === "/r") extra |= 1 << 17;
    else if (/^\/[0-7]$/.test(t)) code |= (1 + Number(t[1])) << 14;
    else if (t === "+r") code |= OpRegBit;
    else if (imms[t]) code |= imms[t] << 18;
    else if (t === "is4") extra |= 1 << 18;
    else if (t === "rb") code |= ByteRegBit;
    else if (t === "mb") code |= ByteRmBit;
    else if (/^N\d+$/.test(t)) extra |= Math.log2(Number(t.slice(1)));
    else if (t === "b4") extra |= 1 << 4;
    else if (t === "b8") extra |= 2 << 4;
    else if (t === "z") extra |= 1 << 6;
    else if (t === "er") extra |= 1 << 7;
    else if (t === "sae") extra |= 1 << 8;
    else throw new Error(`inst.table: what is ${t} in ${text}`);
  }
  if (prefixed.length === 2) {
    if (prefixed[0] !== "66") throw new Error(`inst.table: prefixes of ${text}`);
    code |= Extra66Bit;
    prefixed.shift();
  }
  if (prefixed.length === 1) code |= prefixes[prefixed[0]] << 11;
  return { code: code | opcode, extra };
}

const vectorClasses = {
  VEX: [
    { V: "x", Vm: "xm", vV: "vx" },
    { V: "y", Vm: "ym", vV: "vy" },
  ],
  EVEX: [
    { V: "xe", Vm: "xme", vV: "vxe" },
    { V: "ye", Vm: "yme", vV: "vye" },
    { V: "z", Vm: "zm", vV: "vz" },
  ],
};

/** A row for all vector lengths as one row a length; other rows as they are. */
function expandLengths(operands, text) {
  const match = /^(E?VEX)\.\*/.exec(text);
  if (match === null) return [{ operands, text }];
  return vectorClasses[match[1]].map((classes, i) => ({
    operands: operands
      .split(" ")
      .map((o) => o.split("."))
      .map(([c, role]) => `${classes[c] ?? c}.${role}`)
      .join(" "),
    text: text
      .replace("VEX.*", `VEX.${128 << i}`)
      .replace(/N\*(\d+)/, (_, n) => `N${Number(n) << i}`)
      .replace(i < 2 && match[1] === "EVEX" ? / (er|sae)\b/g : /$^/, ""),
  }));
}

const sizePrefix = { L: "", Q: "W ", W: "66 " };

/** @returns {{name: string, forms: {operands: string, code: number, extra: number, text: string}[]}[]} */
export function readInstructions(path) {
  const list = [];
  let family = [];
  for (const line of readFileSync(path, "utf8").split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    const match = /^(\S*)\s+(.*?) \| (.*)$/.exec(line);
    if (match === null) throw new Error(`inst.table: malformed row: ${line}`);
    const [, name, operands, pattern] = match;
    if (name !== "") {
      const braces = /^(.*)\{(.*)\}(.*)$/.exec(name);
      const sizes = braces === null ? [""] : braces[2].split(",");
      family = sizes.map((size) => {
        const inst = { name: braces === null ? name : braces[1] + size + braces[3], forms: [] };
        list.push(inst);
        return { inst, size };
      });
    }
    for (const { inst, size } of family) {
      let text = pattern;
      if (text.startsWith("~ ")) text = sizePrefix[size] + text.slice(2).replace("iz", size === "W" ? "iw" : "id");
      for (const row of expandLengths(operands === "-" ? "" : operands, text)) {
        inst.forms.push({ operands: row.operands, text: row.text, ...parseEncoding(row.text) });
      }
    }
  }
  return list;
}

const regOnly = new Set(["r", "rb", "x", "y", "k", "xe", "ye", "z"]);
const both = new Set(["mb", "ml", "mm", "xm", "ym", "km"]);
const columnNames = [
  "RR",
  "RM",
  "MR",
  "MI8",
  "MI",
  "M1",
  "AI",
  "R",
  "M",
  "O",
  "OI",
  "I8",
  "I",
  "RRI",
  "RMI",
  "RMI32",
  "MRI",
  "VRM",
  "VRMI",
  "VMI",
  "VM",
  "Zero",
];

/** The encodings by operand shape, of the forms that the compiler may want. */
function shapes(inst) {
  const found = {};
  const set = (shape, code) => {
    if (found[shape] === undefined) found[shape] = code;
  };
  const reversed = /^CMP[BWLQ]$/.test(inst.name);
  const plainMove = /^MOV[LQ]$/.test(inst.name);
  for (const f of inst.forms) {
    const { code } = f;
    if (f.text.startsWith("EVEX")) continue;
    if (f.operands === "") {
      if (f.extra & LiteralBit) set("Zero", code);
      continue;
    }
    const operands = f.operands.split(" ").map((o) => o.split("."));
    if (f.extra & LiteralBit) continue;
    if (operands.some(([c]) => /^(mr|f0|rf|[csdefg]s|[cdt]r\d|gdtr|idtr|ldtr|msw|task|addr|k|km|y|ym|z)$/.test(c))) continue;
    if (plainMove && operands.some(([c]) => c === "x" || c === "xm" || c === "mm")) continue;
    let roles = operands.map(([, r]) => r).join("");
    const rm = operands.find(([, r]) => r === "m");
    const mem = rm !== undefined && !regOnly.has(rm[0]);
    const reg = rm !== undefined && (regOnly.has(rm[0]) || both.has(rm[0]));
    if (roles.includes("b")) continue;
    if (reversed && (roles === "mr" || roles === "rm")) roles = roles === "mr" ? "rm" : "mr";
    if (reversed && roles === "mi") roles = "im";
    if (reversed && roles === "-i") roles = "i-";
    const wide = ((code >> 18) & 7) > 1;
    const isMi8 = !wide && /^(s8|u8|u2)\./.test(f.operands.split(" ").find((o) => o.endsWith(".i")) ?? "");
    switch (roles) {
      case "mr":
        if (mem) set("RM", code);
        if (reg) set("RR", code);
        break;
      case "rm":
        if (mem) set("MR", code);
        if (reg) set("RR", code | SwapBit);
        break;
      case "im":
        set(isMi8 ? "MI8" : "MI", code);
        if (!mem) found.MIReg = true;
        break;
      case "io":
        set("OI", code);
        break;
      case "i-":
        set("AI", code);
        break;
      case "m":
        set("M", code);
        break;
      case "-m":
        if (operands[0][0] === "i1") set("M1", code);
        else set("M", code);
        break;
      case "o":
        set("O", code);
        break;
      case "i":
        set(isMi8 ? "I8" : "I", code);
        break;
      case "imr":
      case "mri":
        if (wide) set("RMI32", code);
        else {
          if (mem) set("RMI", code);
          if (reg) set("RRI", code);
        }
        break;
      case "irm":
        if (mem) set("MRI", code);
        if (reg) set("RRI", code | SwapBit);
        break;
      case "mvr":
      case "vmr":
        set("VRM", code);
        break;
      case "imvr":
        set("VRMI", code);
        break;
      case "imv":
        set("VMI", code);
        break;
      case "mv":
        set("VM", code);
        break;
    }
  }
  return found;
}

export default async function generate([table], output) {
  const list = readInstructions(table);
  const lines = [`// Made from arch/amd64/inst.table by tools/gen-amd64.mjs. Not committed.`, ""];
  if (output.endsWith("forms.gen.ts")) {
    const patterns = [];
    const known = new Map();
    const data = [];
    const starts = [0, 0];
    for (const inst of list) {
      for (const f of inst.forms) {
        if (!known.has(f.operands)) {
          known.set(f.operands, patterns.length);
          patterns.push(f.operands);
        }
        data.push(known.get(f.operands), f.code | 0, f.extra);
      }
      starts.push(data.length / 3);
    }
    lines.push("/** The operand patterns that occur: class.role of each operand in Plan 9 order. */");
    lines.push(`export const formPatterns: readonly string[] = ${JSON.stringify(patterns)};`);
    lines.push("/** Forms of instruction i are formStarts[i] up to formStarts[i + 1]. */");
    lines.push(`export const formStarts: readonly number[] = [${starts}];`);
    lines.push("/** Three numbers a form: pattern, encoding, extra. */");
    lines.push(`export const formData: readonly number[] = [${data}];`);
    return `${lines.join("\n")}\n`;
  }
  list.push(
    ...[
      ["MOVQxr", { RR: 0x6e | (1 << 8) | (1 << 11) | WBit }],
      ["MOVQrx", { RR: 0x7e | (1 << 8) | (1 << 11) | WBit | SwapBit }],
      ["MOVLxr", { RR: 0x6e | (1 << 8) | (1 << 11) }],
      ["MOVLrx", { RR: 0x7e | (1 << 8) | (1 << 11) | SwapBit }],
      [
        "MOVQx",
        {
          RR: 0x7e | (1 << 8) | (2 << 11),
          RM: 0x7e | (1 << 8) | (2 << 11),
          MR: 0xd6 | (1 << 8) | (1 << 11),
        },
      ],
    ].map(([name, columns]) => ({ name, forms: [], columns })),
  );
  const columns = list.map((inst) => inst.columns ?? shapes(inst));
  list.forEach((inst, i) => {
    lines.push(`export const ${inst.name} = ${i + 1};`);
  });
  lines.push("");
  lines.push(`export const instNames: readonly string[] = ["", ${list.map((i) => JSON.stringify(i.name)).join(", ")}];`);
  for (const c of columnNames) {
    // Columns as lists of pairs: most instructions have few shapes.
    const pairs = [];
    columns.forEach((found, i) => {
      if (typeof found[c] === "number") pairs.push(i + 1, found[c] | 0);
    });
    lines.push(`export const code${c}: Int32Array = /* @__PURE__ */ fill([${pairs.join(",")}]);`);
  }
  lines.push("");
  lines.push("function fill(pairs: readonly number[]): Int32Array {");
  lines.push(`  const column = new Int32Array(${list.length + 1});`);
  lines.push("  for (let i = 0; i < pairs.length; i += 2) column[pairs[i] as number] = pairs[i + 1] as number;");
  lines.push("  return column;");
  lines.push("}");
  return `${lines.join("\n")}\n`;
}
