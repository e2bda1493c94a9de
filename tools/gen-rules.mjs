// Turns a file of rewrite rules into a TypeScript function that rewrites one value. The language (docs/rules.md has the
// long form):
//
//   // comment                         import { f } from "./x.ts"        (lines copied to the head of the output)
//   (Op <T> [int] {aux} arg...) && condition => (Op <T> [int] {aux} arg...)
//
// Pattern. Op: a name of an op, or A|B|C alternatives (the i-th alternative on the left goes with the i-th on the right when
//   the right side has as many). <I64>, <I64|Ptr>: the value's type is one of these; <t> (lower case): binds the type. [c]: binds the
//   auxiliary integer, [0] or [-1]: compares it. {s}: binds aux, {0} compares. Arguments: name, _ (anything), a nested pattern,
//   name:(pattern). A name that appears twice must be the same value. `...` as last argument: any further arguments. Ops with the
//   attribute `comm` are tried in both orders of their first two arguments.
// Integers are bigint for ops whose table says int:value or int:bits (Const, ConstF), number for the others.
// Condition. A TypeScript expression; sees the bound names, `f` (the function) and `v` (the matched value).
// Result. (Op ...) rewrites v in place; nested ones make new values at the end of v's block, of the type of v unless <T> says
//   otherwise. name: v becomes a Copy of it. `{ code }`: statements; must return true when they changed something.
//   Integers of int:value ops wrap to the width of their type. The outermost <T> changes the type of v.
// Rules are tried in the order of the file; the first that applies wins.
import { readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { readTable } from "./gen-ops.mjs";

const typeNames = {
  Void: 0,
  Mem: 1,
  Flags: 2,
  Tuple: 3,
  I8: 4,
  I16: 5,
  I32: 6,
  I64: 7,
  F32: 8,
  F64: 9,
  Ptr: 10,
  V128: 11,
};

/** Splits the text into rules: each {text, line}; and import lines. */
function splitRules(text, path) {
  const rules = [];
  const imports = [];
  let current = "";
  let start = 0;
  text.split("\n").forEach((raw, i) => {
    const line = raw.replace(/(^|\s)\/\/.*$/, "").trim();
    if (line === "") return;
    if (current === "" && line.startsWith("import ")) {
      imports.push(line);
      return;
    }
    if (current === "") start = i + 1;
    current += (current === "" ? "" : " ") + line;
    if (complete(current)) {
      rules.push({ text: current, line: start });
      current = "";
    }
  });
  if (current !== "") throw new Error(`${path}:${start}: rule without end: ${current}`);
  return { rules, imports };
}

function complete(text) {
  const at = text.indexOf("=>");
  if (at < 0 || text.slice(at + 2).trim() === "") return false;
  let depth = 0;
  for (const c of text) {
    if (c === "(" || c === "{" || c === "[") depth++;
    if (c === ")" || c === "}" || c === "]") depth--;
  }
  return depth === 0;
}

/** The place of "=>" outside of parentheses (arrow functions in conditions stay inside some). */
function splitArrow(text) {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === "(" || c === "{" || c === "[") depth++;
    else if (c === ")" || c === "}" || c === "]") depth--;
    else if (depth === 0 && c === "=" && text[i + 1] === ">") return [text.slice(0, i).trim(), text.slice(i + 2).trim()];
  }
  throw new Error(`no => in ${text}`);
}

class Parser {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }
  space() {
    while (this.text[this.at] === " " || this.text[this.at] === "\t") this.at++;
  }
  peek() {
    this.space();
    return this.text[this.at];
  }
  word() {
    this.space();
    const m = /^[A-Za-z0-9_.|]+/.exec(this.text.slice(this.at));
    if (m === null) throw new Error(`name expected at: ${this.text.slice(this.at)}`);
    this.at += m[0].length;
    return m[0];
  }
  bracket(open, close) {
    if (this.peek() !== open) return null;
    let depth = 0;
    const start = this.at;
    for (; this.at < this.text.length; this.at++) {
      const c = this.text[this.at];
      if (c === open) depth++;
      if (c === close && --depth === 0) {
        this.at++;
        return this.text.slice(start + 1, this.at - 1).trim();
      }
    }
    throw new Error(`unbalanced ${open} in ${this.text}`);
  }
  /** A pattern or result term. */
  term() {
    if (this.peek() !== "(") {
      const name = this.word();
      if (this.text[this.at] === ":") {
        this.at++;
        return { ...this.term(), name };
      }
      return { leaf: name };
    }
    this.at++;
    const ops = this.word().split("|");
    const node = { ops, type: null, int: null, aux: null, args: [], rest: false, name: null };
    if (this.peek() === "<") node.type = this.bracket("<", ">");
    if (this.peek() === "[") node.int = this.bracket("[", "]");
    if (this.peek() === "{") node.aux = this.bracket("{", "}");
    while (this.peek() !== ")") {
      if (this.peek() === undefined) throw new Error(`) expected in ${this.text}`);
      if (this.text.startsWith("...", this.at)) {
        this.at += 3;
        node.rest = true;
      } else node.args.push(this.term());
    }
    this.at++;
    return node;
  }
}

export default async function generate(inputs, output) {
  const path = inputs[0];
  const root = join(dirname(new URL(import.meta.url).pathname), "..");
  const tables = inputs.slice(1).map((p) => ({ path: p, rows: readTable(p) }));
  const ops = new Map();
  const usedOps = new Set();
  const from = dirname(join(root, output));
  const module = (p) => {
    const r = relative(from, p).replaceAll("\\", "/");
    return r.startsWith(".") ? r : `./${r}`;
  };
  for (const t of tables) {
    const arch = t !== tables[0];
    for (const row of t.rows) {
      if (!ops.has(row.name)) ops.set(row.name, { ...row, constant: `${arch ? "A" : "Op"}${row.name}`, table: t });
    }
  }
  const find = (name) => {
    const row = ops.get(name);
    if (row === undefined) throw new Error(`unknown op ${name}`);
    usedOps.add(row);
    return row;
  };
  const isBig = (row) => row.attributes.includes("int:value") || row.attributes.includes("int:bits");

  const { rules, imports } = splitRules(readFileSync(path, "utf8"), path);
  const byOp = new Map();
  let counter = 0;

  for (const rule of rules) {
    try {
      const [left, right] = splitArrow(rule.text);
      const p = new Parser(left);
      const pattern = p.term();
      p.space();
      const rest = left.slice(p.at).trim();
      if (rest !== "" && !rest.startsWith("&&")) throw new Error(`unexpected ${rest}`);
      const condition = rest === "" ? "" : rest.slice(2).trim();
      pattern.ops.forEach((op, i) => {
        const list = byOp.get(op) ?? [];
        byOp.set(op, list);
        list.push({ code: compile(pattern, op, condition, right, i, pattern.ops.length, rule), rule });
      });
    } catch (e) {
      throw new Error(`${path}:${rule.line}: ${e.message}`);
    }
  }

  function typeTest(type, value) {
    const names = type.split("|");
    return names
      .map((n) => {
        if (typeNames[n] === undefined) throw new Error(`unknown type ${n}`);
        return `f.type[${value}] !== ${typeNames[n]} /* ${n} */`;
      })
      .join(" && ");
  }

  function compile(pattern, op, condition, right, alternative, alternatives, rule) {
    const lines = [];
    const bound = new Set(["v", "f"]);
    let closers = 0;
    let depth = 1;
    const emit = (s) => lines.push("  ".repeat(depth) + s);
    // Inside a loop over argument orders a failed test goes on with the next order.
    const labels = [];
    const fail = () => (labels.length === 0 ? "break match;" : `continue ${labels.at(-1)};`);

    const match = (node, value, opName) => {
      const row = find(opName);
      if (node.type !== null) {
        if (/^[a-z]/.test(node.type)) bind(node.type, `f.type[${value}]`);
        else emit(`if (${typeTest(node.type, value)}) ${fail()}`);
      }
      if (node.int !== null) {
        const big = isBig(row);
        if (/^-?\d+$/.test(node.int)) {
          const n = BigInt(node.int);
          const lo = Number(BigInt.asIntN(32, n));
          const hi = Number(BigInt.asIntN(32, n >> 32n));
          emit(`if (f.auxLo[${value}] !== ${lo} || f.auxHi[${value}] !== ${hi}) ${fail()}`);
        } else bind(node.int, big ? `f.auxBig(${value})` : `f.auxInt(${value})`);
      }
      if (node.aux !== null) {
        if (/^\d+$/.test(node.aux)) emit(`if (f.aux[${value}] !== ${node.aux}) ${fail()}`);
        else bind(node.aux, `f.aux[${value}]`);
      }
      const args = row.args === "-" ? "" : row.args;
      if (!args.includes("*") && !node.rest && node.args.length !== args.length) {
        throw new Error(`${opName} has ${args.length} arguments, not ${node.args.length}`);
      }
      if (args.includes("*") && !node.rest) emit(`if (f.argCount[${value}] !== ${node.args.length}) ${fail()}`);
      const comm = row.attributes.includes("comm") && node.args.length >= 2 && !plainPair(node);
      const start = `s${counter++}`;
      if (node.args.some((a) => a.leaf !== "_")) emit(`const ${start} = f.argStart[${value}] as number;`);
      const places = node.args.map((_, i) => `f.pool[${start} + ${i}] as Value`);
      if (comm) {
        const k = `k${counter++}`;
        const label = `order${counter++}`;
        emit(`${label}: for (let ${k} = 0; ${k} < 2; ${k}++) {`);
        labels.push(label);
        closers++;
        depth++;
        places[0] = `f.pool[${start} + ${k}] as Value`;
        places[1] = `f.pool[${start} + 1 - ${k}] as Value`;
      }
      // Nested patterns last, so that loops over their orders come after the cheap tests. Leaves first.
      node.args.forEach((a, i) => {
        if (a.leaf === undefined || a.leaf === "_") return;
        bind(a.leaf, places[i]);
      });
      const nested = [];
      node.args.forEach((a, i) => {
        if (a.leaf !== undefined) return;
        const name = a.name ?? `w${counter++}`;
        bind(name, places[i]);
        const tests = a.ops.map((o) => `f.op[${name}] !== ${find(o).constant}`);
        emit(`if (${tests.join(" && ")}) ${fail()}`);
        nested.push([a, name]);
      });
      for (const [a, name] of nested) match(a, name, a.ops[0]);
    };

    const plainPair = (node) => {
      const [a, b] = node.args;
      const free = (x) => x.leaf !== undefined && (x.leaf === "_" || !bound.has(x.leaf)) && !mentions(condition, x.leaf);
      return free(a) && free(b) && a.leaf !== b.leaf;
    };
    const mentions = (text, name) => name !== "_" && new RegExp(`\\b${name}\\b`).test(text);

    const bind = (name, expr) => {
      if (name === "_") return;
      if (bound.has(name)) emit(`if (${name} !== ${expr}) ${fail()}`);
      else {
        bound.add(name);
        emit(`const ${name} = ${expr};`);
      }
    };

    lines.push(`  // ${rule.text.length > 150 ? `${rule.text.slice(0, 150)}...` : rule.text}`);
    lines.push("  match: {");
    depth = 2;
    match(pattern, "v", op);
    if (condition !== "") emit(`if (!(${condition})) ${fail()}`);

    if (right.startsWith("{")) {
      emit(`${right.slice(1, -1)}`);
    } else {
      const p = new Parser(right);
      const result = p.term();
      p.space();
      if (p.at !== right.length) throw new Error(`unexpected ${right.slice(p.at)}`);
      if (result.leaf !== undefined) {
        emit(`f.copyOf(v, ${result.leaf});`);
      } else {
        const pick = (node) => find(node.ops[node.ops.length === alternatives ? alternative : 0]);
        const typeOf = (node) =>
          node.type === null ? "f.type[v]" : typeNames[node.type] !== undefined ? String(typeNames[node.type]) : node.type;
        const auxes = (node, row, value) => {
          if (node.int !== null) {
            const value64 = isBig(row);
            if (row.attributes.includes("int:value")) emit(`setConst(f, ${value}, ${node.int});`);
            else if (value64) emit(`f.setAuxBig(${value}, ${node.int});`);
            else emit(`f.setAuxInt(${value}, Number(${node.int}));`);
          }
          if (node.aux !== null) emit(`f.aux[${value}] = ${node.aux};`);
        };
        const build = (node) => {
          if (node.leaf !== undefined) return node.leaf;
          const row = pick(node);
          const args = node.args.map(build);
          const name = node.name ?? `n${counter++}`;
          emit(
            `const ${name} = f.valueN(f.blockOf(v), ${row.constant}, ${typeOf(node)}, f.pos_[v] as Pos, [${args.join(", ")}], f.inl[v]);`,
          );
          auxes(node, row, name);
          return name;
        };
        const row = pick(result);
        const args = result.args.map(build);
        emit(`f.reset(v, ${row.constant});`);
        if (args.length > 0) emit(`f.setArgs(v, [${args.join(", ")}]);`);
        if (result.type !== null) emit(`f.type[v] = ${typeOf(result)};`);
        auxes(result, row, "v");
      }
      emit("return true;");
    }
    for (; closers > 0; closers--) lines.push(`${"  ".repeat(closers + 1)}}`);
    lines.push("  }");
    return lines.join("\n");
  }

  const name = basename(path, ".rules").replace(/(^|[-_])(\w)/g, (_, __, c) => c.toUpperCase());
  const cases = [];
  const functions = [];
  for (const [op, list] of byOp) {
    const row = find(op);
    cases.push(`    case ${row.constant}:\n      return rewrite${op}(f, v);`);
    functions.push(`function rewrite${op}(f: Func, v: Value): boolean {\n${list.map((l) => l.code).join("\n")}\n  return false;\n}`);
  }
  const text = functions.join("\n\n");
  const head = [`// Made from ${relative(root, path)} by tools/gen-rules.mjs. Not committed.`];
  for (const t of tables) {
    const names = [...usedOps].filter((r) => r.table === t).map((r) => r.constant);
    if (names.length === 0) continue;
    const gen = t.path.replace(/\.table$/, ".gen.ts");
    head.push(`import { ${[...new Set(names)].sort().join(", ")} } from "${module(gen)}";`);
  }
  if (text.includes(" as Pos")) head.push(`import type { Pos } from "${module(join(root, "src/base/pos.ts"))}";`);
  head.push(`import type { Func, Value } from "${module(join(root, "src/ssa/func.ts"))}";`);
  head.push(...imports);
  const wrap = text.includes("setConst(")
    ? `
/** Sets the value of a constant, wrapped to the width of its type. */
function setConst(f: Func, v: Value, value: number | bigint): void {
  const type = f.type[v];
  const bits = type === 4 ? 8 : type === 5 ? 16 : type === 6 ? 32 : 64;
  f.setAuxBig(v, BigInt.asIntN(bits, BigInt(value)));
}
`
    : "";
  return `${head.join("\n")}

/** Applies the first rule that fits to a value; true when it did. */
export function rewrite${name}(f: Func, v: Value): boolean {
  switch (f.op[v]) {
${cases.join("\n")}
  }
  return false;
}

${text}
${wrap}`;
}
