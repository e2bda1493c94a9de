// The part of Go's text templates that formats of `go list -f` are made of: fields, pipelines, if, range, with, variables, define and template, and the
// built-in functions. Other things (break and continue apart) are refused by name.

import { CommandError } from "./errors.ts";

/** What templates work on. Functions of objects are methods. */
export type TemplateValue = unknown;

type Node =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "output"; readonly pipe: Pipe }
  | { readonly kind: "if" | "with" | "range"; readonly pipe: Pipe; readonly body: Node[]; readonly other: Node[] }
  | { readonly kind: "template"; readonly name: string; readonly pipe: Pipe | null }
  | { readonly kind: "break" | "continue" };

interface Pipe {
  /** Variables that take the result: one, or index and element of a range. */
  readonly names: readonly string[];
  readonly assign: boolean;
  readonly commands: readonly (readonly Operand[])[];
  readonly text: string;
}

type Operand =
  | { readonly kind: "field"; readonly names: readonly string[] }
  | { readonly kind: "variable"; readonly name: string; readonly names: readonly string[] }
  | { readonly kind: "function"; readonly name: string }
  | { readonly kind: "value"; readonly value: TemplateValue }
  | { readonly kind: "pipe"; readonly pipe: Pipe; readonly names: readonly string[] };

/** Functions by name; arguments as written, the pipeline's value last. */
export type TemplateFunctions = Readonly<Record<string, (...args: TemplateValue[]) => TemplateValue>>;

const tokenForm =
  /\s+|"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)*'|:=|[=,|()]|\$[\p{L}_\p{Nd}]*|\.[\p{L}_][\p{L}_\p{Nd}]*|\.|[+-]?\d[\w.+-]*|[\p{L}_][\p{L}_\p{Nd}]*/uy;

class Loop extends Error {
  readonly word: string;

  constructor(word: string) {
    super(word);
    this.word = word;
  }
}

export class Template {
  private readonly main: Node[];
  private readonly defined = new Map<string, Node[]>();
  private readonly functions: TemplateFunctions;
  private readonly source: string;
  private tokens: string[] = [];
  private at = 0;
  private out = "";

  /** Throws CommandError. */
  constructor(source: string, functions: TemplateFunctions) {
    this.source = source;
    this.functions = { ...builtins, ...functions };
    const parts = this.split(source);
    const { nodes, end } = this.parse(parts, { i: 0 }, []);
    if (end !== "") throw this.wrong(`unexpected {{${end}}}`);
    this.main = nodes;
  }

  private wrong(why: string): CommandError {
    return new CommandError(`go: template: main:1: ${why}`, 1);
  }

  /** Text and actions in turn. */
  private split(source: string): { text: string; action: boolean }[] {
    const out: { text: string; action: boolean }[] = [];
    let rest = source;
    let trim = false;
    for (;;) {
      const open = rest.indexOf("{{");
      let text = open < 0 ? rest : rest.slice(0, open);
      if (trim) text = text.replace(/^[ \t\r\n]+/, "");
      const trimLeft = open >= 0 && /^\{\{-[ \t\r\n]/.test(rest.slice(open));
      if (trimLeft) text = text.replace(/[ \t\r\n]+$/, "");
      if (text !== "") out.push({ text, action: false });
      if (open < 0) return out;
      let inner = rest.slice(open + (trimLeft ? 3 : 2));
      const comment = /^\s*\/\*[\s\S]*?\*\/\s*(-?)\}\}/.exec(inner);
      if (comment !== null) {
        trim = comment[1] === "-";
        rest = inner.slice(comment[0].length);
        continue;
      }
      const m = /^(?:[^"`'}]|"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)*'|\}(?!\}))*?([ \t\r\n]-)?\}\}/.exec(inner);
      if (m === null) throw this.wrong("unclosed action");
      trim = m[1] !== undefined;
      const body = m[0].slice(0, m[0].length - 2 - (trim ? 1 : 0));
      out.push({ text: body.trim(), action: true });
      inner = inner.slice(m[0].length);
      rest = inner;
    }
  }

  private parse(
    parts: readonly { text: string; action: boolean }[],
    pos: { i: number },
    ends: readonly string[],
  ): { nodes: Node[]; end: string } {
    const nodes: Node[] = [];
    while (pos.i < parts.length) {
      const part = parts[pos.i++] as { text: string; action: boolean };
      if (!part.action) {
        nodes.push({ kind: "text", text: part.text });
        continue;
      }
      const m = /^(if|with|range|else|end|template|define|block|break|continue)\b\s*([\s\S]*)$/.exec(part.text);
      if (m === null) {
        nodes.push({ kind: "output", pipe: this.pipe(part.text) });
        continue;
      }
      const [, word, rest] = m as unknown as [string, string, string];
      switch (word) {
        case "if":
        case "with":
        case "range":
          nodes.push(this.control(word, rest, parts, pos));
          break;
        case "else":
        case "end":
          if (!ends.includes(word)) throw this.wrong(`unexpected {{${word}}}`);
          return { nodes, end: part.text };
        case "break":
        case "continue":
          nodes.push({ kind: word });
          break;
        default: {
          const name = /^("(?:[^"\\]|\\.)*"|`[^`]*`)\s*([\s\S]*)$/.exec(rest);
          if (name === null) throw this.wrong(`unexpected ${JSON.stringify(rest)} in ${word} clause`);
          const own = unquoted(name[1] as string);
          if (word === "define" || word === "block") {
            this.defined.set(own, this.parse(parts, pos, ["end"]).nodes);
          }
          if (word !== "define") nodes.push({ kind: "template", name: own, pipe: name[2] === "" ? null : this.pipe(name[2] as string) });
        }
      }
    }
    if (ends.length > 0) throw this.wrong("unexpected EOF");
    return { nodes, end: "" };
  }

  private control(
    kind: "if" | "with" | "range",
    text: string,
    parts: readonly { text: string; action: boolean }[],
    pos: { i: number },
  ): Node {
    const pipe = this.pipe(text);
    const { nodes: body, end } = this.parse(parts, pos, ["else", "end"]);
    let other: Node[] = [];
    const chained = /^else\s+(if|with)\s+([\s\S]*)$/.exec(end);
    if (chained !== null) other = [this.control(chained[1] as "if" | "with", chained[2] as string, parts, pos)];
    else if (end === "else") other = this.parse(parts, pos, ["end"]).nodes;
    return { kind, pipe, body, other };
  }

  private pipe(text: string): Pipe {
    this.tokens = [];
    tokenForm.lastIndex = 0;
    while (tokenForm.lastIndex < text.length) {
      const start = tokenForm.lastIndex;
      const m = tokenForm.exec(text);
      if (m === null) throw this.wrong(`unexpected ${JSON.stringify(text[start])} in command`);
      // Blanks count: `.A .B` are two operands, `.A.B` is one.
      this.tokens.push(/^\s/.test(m[0]) ? " " : m[0]);
    }
    this.at = 0;
    if (text.trim() === "") throw this.wrong("missing value for command");
    const pipe = this.pipeline(text);
    if (this.at < this.tokens.length) throw this.wrong(`unexpected ${JSON.stringify(this.tokens[this.at])} in command`);
    return pipe;
  }

  private skip(): void {
    while (this.tokens[this.at] === " ") this.at++;
  }

  private pipeline(text: string): Pipe {
    const names: string[] = [];
    let assign = false;
    const start = this.at;
    this.skip();
    while (this.tokens[this.at]?.startsWith("$") === true) {
      const name = this.tokens[this.at++] as string;
      this.skip();
      const next = this.tokens[this.at];
      if (next === ",") {
        names.push(name);
        this.at++;
        this.skip();
        continue;
      }
      if (next === ":=" || next === "=") {
        names.push(name);
        assign = next === "=";
        this.at++;
      } else {
        names.length = 0;
        this.at = start;
      }
      break;
    }
    const commands: Operand[][] = [];
    for (;;) {
      const operands: Operand[] = [];
      for (;;) {
        this.skip();
        const t = this.tokens[this.at];
        if (t === undefined || t === "|" || t === ")") break;
        operands.push(this.operand(text));
      }
      if (operands.length === 0) throw this.wrong("missing value for command");
      commands.push(operands);
      if (this.tokens[this.at] !== "|") break;
      this.at++;
    }
    return { names, assign, commands, text };
  }

  private operand(text: string): Operand {
    const t = this.tokens[this.at++] as string;
    if (t === "(") {
      const pipe = this.pipeline(text);
      this.skip();
      if (this.tokens[this.at++] !== ")") throw this.wrong("unclosed left paren");
      return { kind: "pipe", pipe, names: this.chain() };
    }
    if (t.startsWith("$")) return { kind: "variable", name: t, names: this.chain() };
    if (t === ".") return { kind: "field", names: [] };
    if (t.startsWith(".")) return { kind: "field", names: [t.slice(1), ...this.chain()] };
    if (/^["'`]/.test(t)) return { kind: "value", value: t.startsWith("'") ? (unquoted(t).codePointAt(0) ?? 0) : unquoted(t) };
    if (/^[+-]?\d/.test(t)) return { kind: "value", value: Number(t.replaceAll("_", "")) };
    if (t === "true" || t === "false") return { kind: "value", value: t === "true" };
    if (t === "nil") return { kind: "value", value: null };
    if (this.functions[t] === undefined) throw this.wrong(`function ${JSON.stringify(t)} not defined`);
    return { kind: "function", name: t };
  }

  private chain(): string[] {
    const names: string[] = [];
    while (/^\.[^.]/.test(this.tokens[this.at] ?? "")) names.push((this.tokens[this.at++] as string).slice(1));
    return names;
  }

  /** The text for a value. Throws CommandError. */
  execute(value: TemplateValue): string {
    this.out = "";
    this.walk(this.main, value, new Map([["$", value]]));
    return this.out;
  }

  private failed(pipe: Pipe, why: string): CommandError {
    const at = this.source.indexOf(pipe.text);
    return new CommandError(`go: template: main:1:${Math.max(at, 0)}: executing "main" at <${pipe.text.trim()}>: ${why}`, 1);
  }

  private walk(nodes: readonly Node[], dot: TemplateValue, variables: Map<string, TemplateValue>): void {
    for (const n of nodes) {
      switch (n.kind) {
        case "text":
          this.out += n.text;
          break;
        case "output": {
          const v = this.evaluate(n.pipe, dot, variables);
          if (n.pipe.names.length === 0) this.out += display(v);
          break;
        }
        case "template": {
          const body = this.defined.get(n.name);
          if (body === undefined)
            throw new CommandError(`go: template: main:1: executing "main": template ${JSON.stringify(n.name)} not defined`, 1);
          const value = n.pipe === null ? null : this.evaluate(n.pipe, dot, variables);
          this.walk(body, value, new Map([["$", value]]));
          break;
        }
        case "break":
        case "continue":
          throw new Loop(n.kind);
        case "range":
          this.range(n, dot, variables);
          break;
        default: {
          const inner = new Map(variables);
          const v = this.evaluate(n.pipe, dot, inner);
          const yes = isTrue(v);
          this.walk(yes ? n.body : n.other, yes && n.kind === "with" ? v : dot, inner);
          // Variables that were assigned keep their values.
          for (const name of variables.keys()) if (!n.pipe.names.includes(name) || n.pipe.assign) variables.set(name, inner.get(name));
        }
      }
    }
  }

  private range(n: Node & { kind: "if" | "with" | "range" }, dot: TemplateValue, variables: Map<string, TemplateValue>): void {
    const bare: Pipe = { ...n.pipe, names: [] };
    const v = this.evaluate(bare, dot, variables);
    let entries: [TemplateValue, TemplateValue][];
    if (Array.isArray(v)) entries = v.map((x, i): [TemplateValue, TemplateValue] => [i, x]);
    else if (typeof v === "number") entries = Array.from({ length: v }, (_, i): [TemplateValue, TemplateValue] => [i, i]);
    else if (v instanceof Map) entries = [...v].sort(([a], [b]) => (a < b ? -1 : 1));
    else if (v === null || v === undefined) entries = [];
    else throw this.failed(n.pipe, `range can't iterate over ${display(v)}`);
    if (entries.length === 0) {
      this.walk(n.other, dot, variables);
      return;
    }
    for (const [key, value] of entries) {
      const inner = new Map(variables);
      const { names } = n.pipe;
      if (names.length === 1) inner.set(names[0] as string, value);
      else if (names.length > 1) {
        inner.set(names[0] as string, key);
        inner.set(names[1] as string, value);
      }
      try {
        this.walk(n.body, value, inner);
      } catch (e) {
        if (!(e instanceof Loop)) throw e;
        if (e.word === "break") break;
      } finally {
        for (const name of variables.keys()) if (!names.includes(name) || n.pipe.assign) variables.set(name, inner.get(name));
      }
    }
  }

  private evaluate(pipe: Pipe, dot: TemplateValue, variables: Map<string, TemplateValue>): TemplateValue {
    let value: TemplateValue;
    let has = false;
    for (const operands of pipe.commands) {
      const first = operands[0] as Operand;
      const args = (): TemplateValue[] => {
        const list = operands.slice(1).map((o) => this.value(o, pipe, dot, variables));
        return has ? [...list, value] : list;
      };
      if (first.kind === "function") value = this.call(first.name, operands.slice(1), args, pipe, dot, variables);
      else {
        const found = this.value(first, pipe, dot, variables, args);
        if (operands.length > 1 && found === undefined) throw this.failed(pipe, "can't give argument to non-function");
        value = found;
      }
      has = true;
    }
    for (const name of pipe.names) variables.set(name, value);
    return value;
  }

  private call(
    name: string,
    operands: readonly Operand[],
    args: () => TemplateValue[],
    pipe: Pipe,
    dot: TemplateValue,
    variables: Map<string, TemplateValue>,
  ): TemplateValue {
    // These look at their arguments only as far as they need to.
    if ((name === "and" || name === "or") && operands.length > 0) {
      let last: TemplateValue;
      for (const o of operands) {
        last = this.value(o, pipe, dot, variables);
        if (isTrue(last) === (name === "or")) return last;
      }
      const all = args();
      return all.length > operands.length ? all[all.length - 1] : last;
    }
    try {
      return (this.functions[name] as (...a: TemplateValue[]) => TemplateValue)(...args());
    } catch (e) {
      if (e instanceof CommandError) throw e;
      throw this.failed(pipe, `error calling ${name}: ${e instanceof Error ? e.message : String(e)}`);
    }
  }

  private value(
    o: Operand,
    pipe: Pipe,
    dot: TemplateValue,
    variables: Map<string, TemplateValue>,
    args: () => TemplateValue[] = () => [],
  ): TemplateValue {
    switch (o.kind) {
      case "value":
        return o.value;
      case "field":
        return this.fields(dot, o.names, pipe, args);
      case "variable":
        if (!variables.has(o.name)) throw this.wrong(`undefined variable ${JSON.stringify(o.name)}`);
        return this.fields(variables.get(o.name), o.names, pipe, args);
      case "pipe":
        return this.fields(this.evaluate(o.pipe, dot, variables), o.names, pipe, args);
      default:
        return this.call(o.name, [], () => [], pipe, dot, variables);
    }
  }

  private fields(start: TemplateValue, names: readonly string[], pipe: Pipe, args: () => TemplateValue[]): TemplateValue {
    let v = start;
    names.forEach((name, i) => {
      if (v === null || v === undefined) throw this.failed(pipe, `nil pointer evaluating ${typeName(v)}.${name}`);
      if (v instanceof Map) {
        v = v.get(name);
        return;
      }
      const record = v as Record<string, unknown>;
      if (typeof v !== "object" || !(name in record) || /^[^A-Z]/.test(name))
        throw this.failed(pipe, `can't evaluate field ${name} in type ${typeName(v)}`);
      const member = record[name];
      v = typeof member === "function" ? (member.apply(v, i === names.length - 1 ? args() : []) as unknown) : member;
    });
    return v;
  }
}

function typeName(v: unknown): string {
  if (v === null || v === undefined) return "interface {}";
  if (typeof v === "string") return "string";
  if (typeof v === "boolean") return "bool";
  if (typeof v === "number") return "int";
  if (Array.isArray(v)) return "[]string";
  return v.constructor.name;
}

function isTrue(v: unknown): boolean {
  if (Array.isArray(v)) return v.length > 0;
  if (v instanceof Map) return v.size > 0;
  return v !== null && v !== undefined && v !== "" && v !== 0 && v !== false;
}

/** How a value is printed: texts as they are, lists in brackets, objects by their String or Error method. */
function display(v: unknown): string {
  if (v === undefined) return "<no value>";
  if (v === null) return "<nil>";
  if (Array.isArray(v)) return `[${v.map(display).join(" ")}]`;
  if (v instanceof Map) return `map[${[...v].map(([k, x]) => `${k}:${display(x)}`).join(" ")}]`;
  if (typeof v === "object") {
    const own = v as Record<string, unknown>;
    for (const name of ["ErrorText", "String"]) if (typeof own[name] === "function") return String((own[name] as () => unknown).call(v));
    return `&{${Object.values(own)
      .filter((x) => typeof x !== "function")
      .map(display)
      .join(" ")}}`;
  }
  return String(v);
}

function unquoted(token: string): string {
  if (token.startsWith("`")) return token.slice(1, -1);
  const simple: Record<string, string> = { n: "\n", t: "\t", r: "\r", a: "\x07", b: "\b", f: "\f", v: "\v" };
  return token
    .slice(1, -1)
    .replace(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))/gs, (_, x, u, long, octal, c: string) => {
      const code = x ?? u ?? long;
      if (code !== undefined) return String.fromCodePoint(Number.parseInt(code as string, 16));
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal as string, 8));
      return simple[c] ?? c;
    });
}

/** The verbs of printf that texts, numbers and lists need. */
function format(text: string, args: readonly unknown[]): string {
  let next = 0;
  const out = text.replace(
    /%([-+# 0]*)(\*|\d+)?(?:\.(\d+))?([a-zA-Z%])/g,
    (whole, flags: string, width: string | undefined, precision: string | undefined, verb: string) => {
      if (verb === "%") return "%";
      if (next >= args.length) return `%!${verb}(MISSING)`;
      const v = args[next++];
      let s: string;
      switch (verb) {
        case "v":
        case "s":
          s = display(v);
          break;
        case "d":
          s = typeof v === "number" ? String(v) : `%!d(${typeName(v)}=${display(v)})`;
          break;
        case "t":
          s = String(v);
          break;
        case "q":
          s = Array.isArray(v) ? `[${v.map((x) => JSON.stringify(display(x))).join(" ")}]` : JSON.stringify(display(v));
          break;
        case "x":
          s =
            typeof v === "number"
              ? v.toString(16)
              : [...new TextEncoder().encode(display(v))].map((b) => b.toString(16).padStart(2, "0")).join("");
          break;
        case "T":
          s = typeName(v);
          break;
        default:
          throw new Error(`printf: the verb ${whole} is not supported`);
      }
      if (precision !== undefined && (verb === "s" || verb === "v")) s = s.slice(0, Number(precision));
      const size = width === undefined || width === "*" ? 0 : Number(width);
      return flags.includes("-") ? s.padEnd(size) : flags.includes("0") && verb === "d" ? s.padStart(size, "0") : s.padStart(size);
    },
  );
  const rest = args.slice(next);
  return rest.length === 0 ? out : `${out}%!(EXTRA ${rest.map((v) => `${typeName(v)}=${display(v)}`).join(", ")})`;
}

function compare(a: unknown, b: unknown): number {
  if (typeof a !== typeof b || (typeof a !== "string" && typeof a !== "number")) throw new Error("incompatible types for comparison");
  return a === b ? 0 : (a as string) < (b as string) ? -1 : 1;
}

function at(v: unknown, keys: readonly unknown[]): unknown {
  let out = v;
  for (const k of keys) {
    if (Array.isArray(out) || typeof out === "string") {
      const i = Number(k);
      if (!(i >= 0 && i < out.length)) throw new Error(`index out of range: ${i}`);
      out = typeof out === "string" ? out.charCodeAt(i) : out[i];
    } else if (out instanceof Map) out = out.get(k as string) ?? "";
    else throw new Error(`can't index item of type ${typeName(out)}`);
  }
  return out;
}

const escapes: Record<string, string> = { "<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&#34;", "'": "&#39;" };

const builtins: TemplateFunctions = {
  and: (...a) => a.find((x) => !isTrue(x)) ?? a[a.length - 1],
  or: (...a) => a.find(isTrue) ?? a[a.length - 1],
  not: (x) => !isTrue(x),
  len: (x) => {
    if (x instanceof Map) return x.size;
    if (typeof x === "string") return new TextEncoder().encode(x).length;
    if (Array.isArray(x)) return x.length;
    throw new Error(`len of type ${typeName(x)}`);
  },
  index: (x, ...keys) => at(x, keys),
  slice: (x, from, to) => {
    if (typeof x !== "string" && !Array.isArray(x)) throw new Error(`can't slice item of type ${typeName(x)}`);
    return x.slice((from as number | undefined) ?? 0, (to as number | undefined) ?? x.length);
  },
  print: (...a) =>
    a.map((x, i) => (i > 0 && typeof x !== "string" && typeof a[i - 1] !== "string" ? ` ${display(x)}` : display(x))).join(""),
  println: (...a) => `${a.map(display).join(" ")}\n`,
  printf: (text, ...a) => format(String(text), a),
  html: (...a) =>
    a
      .map(display)
      .join("")
      .replace(/[<>&"']/g, (c) => escapes[c] as string),
  js: (...a) =>
    JSON.stringify(a.map(display).join(""))
      .slice(1, -1)
      .replace(/[<>&'=]/g, (c) => (c === "'" ? "\\'" : `\\u${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`)),
  urlquery: (...a) => encodeURIComponent(a.map(display).join("")).replace(/%20/g, "+"),
  eq: (a, ...b) => b.some((x) => a === x),
  ne: (a, b) => a !== b,
  lt: (a, b) => compare(a, b) < 0,
  le: (a, b) => compare(a, b) <= 0,
  gt: (a, b) => compare(a, b) > 0,
  ge: (a, b) => compare(a, b) >= 0,
};
