// Expressions of a type. They have no effects and do not panic, so that nothing depends on the order in which their parts are evaluated;
// constant parts never meet, so that nothing overflows at compile time.

import type { Expr, Gen } from "./gen.ts";
import {
  Bool,
  basics,
  Complex128,
  comparable,
  equatable,
  Float64,
  implementsAll,
  Int,
  integers,
  pointerTo,
  range,
  String_,
  same,
  signatureText,
  sliceOf,
  type T,
  Uint8,
} from "./types.ts";

const value = (text: string): Expr => ({ text, constant: false });
const constant = (text: string): Expr => ({ text, constant: true });

const strings = ['""', '"a"', '"go"', '"\\xff\\xfe"', '"日本"', '"é\\x00z"', '"0123456789abcdef"', "`raw\\n`", '"\\u2028\\U0001F600"'];

/** An integer that fits the type, from the interesting ones. */
function integerLiteral(g: Gen, t: T): string {
  const [low, high] = range(t);
  const r = g.rng;
  const n = r.weighted<() => bigint>([
    [6, () => BigInt(r.between(0, 9))],
    [2, () => BigInt(r.between(-20, 20))],
    [2, () => (r.chance(50) ? low : high)],
    [2, () => (1n << BigInt(r.below(t.bits))) + BigInt(r.between(-1, 1))],
    [1, () => BigInt.asIntN(64, r.bits()) >> BigInt(r.below(64))],
  ])();
  const fit = n < low || n > high ? (t.signed ? BigInt.asIntN(t.bits, n) : BigInt.asUintN(t.bits, n)) : n;
  return String(fit);
}

const floats = ["0", "1", "0.5", "3.25", "1e10", "1.1", "123456.789", "1e-7", "16777217", "2147483648", "9.007199254740993e15", "1e300"];

function floatLiteral(g: Gen, t: T): string {
  const text = t.bits === 32 ? g.rng.pick(floats.slice(0, -1)) : g.rng.pick(floats);
  return g.rng.chance(25) ? `-${text}` : text;
}

/** A literal of a type; constant for basic types. */
export function literal(g: Gen, t: T, depth = 0): Expr {
  switch (t.kind) {
    case "bool":
      return constant(t.named ? `${t.text}(${g.rng.chance(50)})` : String(g.rng.chance(50)));
    case "int":
      return constant(`${t.text}(${integerLiteral(g, t)})`);
    case "float":
      return constant(`${t.text}(${floatLiteral(g, t)})`);
    case "complex":
      return constant(`${t.text}(complex(${g.rng.between(-9, 9)}, ${g.rng.pick(floats.slice(0, 6))}))`);
    case "string":
      return constant(t.named ? `${t.text}(${g.rng.pick(strings)})` : g.rng.pick(strings));
    default:
      return composite(g, t, depth);
  }
}

/** An expression that is no constant. */
export function variable(g: Gen, t: T, depth: number): Expr {
  const e = expr(g, t, depth);
  if (!e.constant) return e;
  const found = readable(g, t);
  if (found.length > 0 && g.rng.chance(70)) return value(g.rng.pick(found));
  if (g.rng.chance(30)) return value(`opaque(${e.text})`);
  return value(g.global(t, () => literal(g, t).text));
}

/** Texts that read a value of a type out of what is in scope. */
export function readable(g: Gen, t: T): string[] {
  const out: string[] = [];
  const depth = careful(t) ? 0 : 2;
  for (const v of g.variables()) paths(g, v.name, v.type, t, depth, out, false);
  return out;
}

/** Types of which expressions must not be nil, as parts of zero values are. */
const careful = (t: T): boolean => t.kind === "ptr" || t.kind === "func" || t.kind === "map";

function index(g: Gen, length: number): string {
  if (length === 1 || g.rng.chance(40)) return String(g.rng.below(length));
  const variables = g.variables().filter((v) => v.type.kind === "int" && v.type.bits >= 8);
  if (variables.length === 0) return String(g.rng.below(length));
  const v = g.rng.pick(variables);
  if ((length & (length - 1)) === 0 && length <= 64 && g.rng.chance(60)) return `${v.name}&${length - 1}`;
  return `${v.type.signed ? `uint(${v.name})` : v.name}%${length}`;
}

/** Ways from an expression to a part of a type. `store`: the part can be assigned to. */
export function paths(g: Gen, text: string, from: T, to: T, depth: number, out: string[], store: boolean): void {
  if (same(from, to)) out.push(text);
  if (depth === 0) return;
  switch (from.kind) {
    case "struct":
      for (const f of from.fields) paths(g, `${text}.${f.name}`, f.type, to, depth - 1, out, store);
      break;
    case "array":
      if (from.length > 0 && depth > 0 && contains(from.elem as T, to, depth - 1))
        paths(g, `${text}[${index(g, from.length)}]`, from.elem as T, to, depth - 1, out, store);
      break;
    case "ptr": {
      // Only variables are sure not to be nil.
      if (depth !== 2) break;
      const e = from.elem as T;
      if (e.kind === "struct") for (const f of e.fields) paths(g, `${text}.${f.name}`, f.type, to, 1, out, store);
      if (same(e, to)) out.push(`(*${text})`);
      if (e.kind === "array" && e.length > 0 && contains(e.elem as T, to, 0)) out.push(`${text}[${index(g, e.length)}]`);
      break;
    }
    case "slice":
      if (!store && contains(from.elem as T, to, depth - 1))
        paths(g, `at(${text}, ${g.rng.below(8)})`, from.elem as T, to, depth - 1, out, store);
      break;
    case "map":
      if (!store && (from.key as T).kind !== "struct" && (from.key as T).kind !== "array" && same(from.elem as T, to))
        out.push(`${text}[${literal(g, from.key as T).text}]`);
      break;
  }
}

function contains(t: T, to: T, depth: number): boolean {
  if (same(t, to)) return true;
  if (depth <= 0) return false;
  if (t.kind === "struct") return t.fields.some((f) => contains(f.type, to, depth - 1));
  return t.kind === "array" && contains(t.elem as T, to, depth - 1);
}

/** An expression of a type. */
export function expr(g: Gen, t: T, depth: number): Expr {
  const r = g.rng;
  if (--g.budget < 0 || depth <= 0) {
    const found = readable(g, t);
    return found.length > 0 && r.chance(75) ? value(r.pick(found)) : literal(g, t);
  }
  const d = depth - 1;
  switch (
    r.weighted<string>([
      [24, "own"],
      [14, "read"],
      [3, "literal"],
      [4, "call"],
      [2, "select"],
      [1, "opaque"],
      [2, "closure"],
      [1, "at"],
      [2, "assert"],
      [1, "array"],
      [1, "field"],
      [2, "method"],
    ])
  ) {
    case "read": {
      const found = readable(g, t);
      if (found.length > 0) return value(r.pick(found));
      break;
    }
    case "literal":
      return literal(g, t, d);
    case "call": {
      const fs = g.pure.filter((f) => f.signature.results.length === 1 && same(f.signature.results[0] as T, t));
      if (fs.length === 0) break;
      const f = r.pick(fs);
      return value(`${f.name}(${args(g, f.signature.params, d)})`);
    }
    case "select":
      return value(`sel(${expr(g, Bool, d).text}, ${expr(g, t, d).text}, ${variable(g, t, d).text})`);
    case "opaque":
      return value(`opaque[${t.text}](${expr(g, t, d).text})`);
    case "closure":
      return value(`${closure(g, [t], [t], d)}(${expr(g, t, d).text})`);
    case "at":
      if (careful(t)) break;
      return value(`at(${expr(g, sliceOf(t), d).text}, ${expr(g, Int, d).text})`);
    case "assert":
      if (t.kind === "iface") break;
      return value(`any(${expr(g, t, d).text}).(${t.text})`);
    case "array": {
      const n = r.between(1, 4);
      const items = Array.from({ length: n }, () => expr(g, t, Math.min(d, 1)).text);
      return value(`[...]${t.text}{${items.join(", ")}}[${index(g, n)}]`);
    }
    case "field": {
      const s = g.structs.filter((x) => x.fields.some((f) => same(f.type, t)));
      if (s.length === 0 || careful(t)) break;
      const type = r.pick(s);
      const field = r.pick(type.fields.filter((f) => same(f.type, t)));
      return value(`${operand(expr(g, type, d).text)}.${field.name}`);
    }
    case "method": {
      const holders = [...g.scalars, ...g.structs].filter((x) =>
        x.methods.some((m) => !m.pointer && m.signature.results.length === 1 && same(m.signature.results[0] as T, t)),
      );
      if (holders.length === 0) break;
      const type = r.pick(holders);
      const m = r.pick(type.methods.filter((x) => !x.pointer && same(x.signature.results[0] as T, t)));
      const held = variable(g, type, d).text;
      const receiver = operand(held);
      const given = args(g, m.signature.params, d);
      // Plain call, method value, method expression.
      const form = r.below(10);
      if (form === 0) return value(`(${type.text}).${m.name}(${[receiver, given].filter((x) => x !== "").join(", ")})`);
      if (form === 1) return value(`opaque(${receiver}.${m.name})(${given})`);
      return value(`${receiver}.${m.name}(${given})`);
    }
  }
  switch (t.kind) {
    case "bool":
      return boolean(g, t, d);
    case "int":
      return integer(g, t, d);
    case "float":
      return float(g, t, d);
    case "complex":
      return complex(g, t, d);
    case "string":
      return text(g, t, d);
    default:
      return composite(g, t, d);
  }
}

/** An expression of which a part is taken. In the head of a statement, a literal's brace would open the block. */
function operand(text: string): string {
  return text.includes("{") ? `(${text})` : text;
}

export function args(g: Gen, params: readonly T[], depth: number): string {
  return params.map((p) => expr(g, p, depth).text).join(", ");
}

/** A function literal that returns expressions of its parameters and of what is in scope. */
export function closure(g: Gen, params: readonly T[], results: readonly T[], depth: number): string {
  const names = params.map(() => g.name("a"));
  let body = "";
  g.block(() => {
    params.forEach((p, i) => g.declare(names[i] as string, p, true));
    const first = results[0];
    if (first !== undefined && g.rng.chance(30)) {
      body += `if (${expr(g, Bool, depth).text}) { return ${results.map((x) => expr(g, x, 0).text).join(", ")} }; `;
    }
    body += results.length === 0 ? "" : `return ${results.map((x) => expr(g, x, depth).text).join(", ")}`;
  });
  return `func${signatureText({ params, results }, names)} { ${body} }`;
}

function boolean(g: Gen, t: T, d: number): Expr {
  const r = g.rng;
  const wrap = (s: string): Expr => value(t.named ? `${t.text}(${s})` : s);
  switch (r.below(6)) {
    case 0:
      return wrap(`!${variable(g, t, d).text}`);
    case 1:
      return wrap(`(${variable(g, t, d).text} ${r.pick(["&&", "||"])} ${expr(g, t, d).text})`);
    case 2: {
      const candidates = [...g.scalars, ...g.composites, ...g.structs].filter((x) => comparable(x) && equatable(x));
      const x = r.pick(candidates);
      return wrap(`(${variable(g, x, d).text} ${r.pick(["==", "!="])} (${expr(g, x, d).text}))`);
    }
    case 3: {
      const x = r.pick(g.scalars.filter((s) => s.kind === "string" || s.kind === "float"));
      return wrap(`(${variable(g, x, d).text} ${r.pick(["<", "<=", ">", ">=", "==", "!="])} ${expr(g, x, d).text})`);
    }
    default: {
      const x = g.integer();
      return wrap(`(${variable(g, x, d).text} ${r.pick(["<", "<=", ">", ">=", "==", "!="])} ${expr(g, x, d).text})`);
    }
  }
}

function shiftCount(g: Gen, d: number): string {
  const r = g.rng;
  if (r.chance(35)) return String(r.below(70));
  const t = g.integer();
  const x = variable(g, t, d).text;
  if (t.signed) return `(${x} & ${r.pick([7, 31, 63, 127])})`;
  return r.chance(50) ? `(${x} % ${r.pick([8, 33, 64, 65, 80])})` : x;
}

function integer(g: Gen, t: T, d: number): Expr {
  const r = g.rng;
  const x = (): string => variable(g, t, d).text;
  const any = (): string => expr(g, t, d).text;
  const converted = (s: string): Expr => value(`${t.text}(${s})`);
  switch (r.below(17)) {
    case 0:
    case 1:
    case 2:
    case 3:
      return r.chance(70) ? value(`(${x()} ${r.pick(["+", "-", "*"])} ${any()})`) : value(`(${any()} ${r.pick(["+", "-", "*"])} ${x()})`);
    case 4:
    case 5:
      return value(`(${x()} ${r.pick(["&", "|", "^", "&^"])} ${any()})`);
    case 6:
    case 7: {
      const op = r.pick(["/", "%"]);
      if (r.chance(50)) {
        let c = integerLiteral(g, t);
        if (c === "0") c = "3";
        return value(`(${x()} ${op} (${c}))`);
      }
      return value(`(${any()} ${op} (${x()} | 1))`);
    }
    case 8:
    case 9:
      return value(`(${x()} ${r.pick(["<<", ">>"])} ${shiftCount(g, d)})`);
    case 10:
      return value(`(${r.pick(["-", "^", "+"])}${x()})`);
    case 11:
    case 12: {
      const from = r.pick(g.scalars.filter((s) => s.kind === "int"));
      return converted(variable(g, from, d).text);
    }
    case 13: {
      const f = expr(g, Float64, d).text;
      if (t.bits < 64) return converted(`f2i(${f}) & 127`);
      return t.signed ? converted(`f2i(${f})`) : converted(`f2u(${f})`);
    }
    case 14:
      return r.pick([
        () => converted(`len(${variable(g, String_, d).text})`),
        () => converted(`byteAt(${expr(g, String_, d).text}, ${r.below(9)})`),
        () => converted(`b2i(${expr(g, Bool, d).text})`),
      ])();
    case 15:
      return value(`${r.pick(["min", "max"])}(${x()}, ${any()}${r.chance(30) ? `, ${any()}` : ""})`);
    default: {
      const bits = r.pick([8, 16, 32, 64]);
      const arg = `uint${bits}(${variable(g, g.integer(), d).text})`;
      const f = r.pick(["OnesCount", "LeadingZeros", "TrailingZeros", "Len", "Reverse", "RotateLeft", "ReverseBytes"]);
      if (f === "RotateLeft") return converted(`bits.RotateLeft${bits}(${arg}, ${variable(g, Int, d).text} & 127 - 64)`);
      if (f === "ReverseBytes" && bits === 8) return converted(`bits.Reverse8(${arg})`);
      return converted(`bits.${f}${bits}(${arg})`);
    }
  }
}

function float(g: Gen, t: T, d: number): Expr {
  const r = g.rng;
  const x = (): string => variable(g, t, d).text;
  const any = (): string => expr(g, t, d).text;
  const f64 = (s: string): string => (t.text === "float64" ? s : `${t.text}(${s})`);
  const in64 = (): string => (t.text === "float64" ? x() : `float64(${x()})`);
  switch (r.below(10)) {
    case 0:
    case 1:
    case 2:
      return value(`(${x()} ${r.pick(["+", "-", "*"])} ${any()})`);
    case 3:
      return value(`(${any()} / ${x()})`);
    case 4:
      return value(`(-${x()})`);
    case 5:
    case 6:
      return value(`${t.text}(${variable(g, r.pick(integers), d).text})`);
    case 7:
      return value(f64(`math.${r.pick(["Sqrt", "Floor", "Ceil", "Trunc", "Abs", "RoundToEven"])}(${in64()})`));
    case 8:
      return value(`${r.pick(["min", "max"])}(${x()}, ${any()})`);
    default: {
      if (r.chance(30)) return value(f64(`${r.pick(["real", "imag"])}(${variable(g, Complex128, d).text})`));
      if (r.chance(30)) return value(f64(`math.FMA(${in64()}, ${in64()}, ${in64()})`));
      const from = r.pick(g.scalars.filter((s) => s.kind === "float"));
      return value(`${t.text}(${variable(g, from, d).text})`);
    }
  }
}

function complex(g: Gen, t: T, d: number): Expr {
  const r = g.rng;
  const x = (): string => variable(g, t, d).text;
  switch (r.below(6)) {
    case 0:
    case 1:
      return value(`(${x()} ${r.pick(["+", "-", "*"])} ${expr(g, t, d).text})`);
    case 2:
      return value(`(${expr(g, t, d).text} / ${x()})`);
    case 3:
      return value(`(-${x()})`);
    case 4:
      return value(`${t.text}(${variable(g, r.pick(g.scalars.filter((s) => s.kind === "complex")), d).text})`);
    default:
      return value(`${t.text}(complex(${variable(g, Float64, d).text}, ${expr(g, Float64, d).text}))`);
  }
}

function text(g: Gen, t: T, d: number): Expr {
  const r = g.rng;
  const wrap = (s: string): Expr => value(t.named ? `${t.text}(${s})` : s);
  const s = (): string => (t.named ? `string(${variable(g, t, d).text})` : variable(g, t, d).text);
  switch (r.below(7)) {
    case 0:
    case 1:
      return wrap(`lim(${s()} + ${r.chance(30) ? `${literal(g, String_).text} + ` : ""}${s()})`);
    case 2:
      return wrap(`cut(${s()}, ${expr(g, Int, d).text}, ${expr(g, Int, d).text})`);
    case 3:
      return wrap(`string(runeOf(int64(${variable(g, g.integer(), d).text})))`);
    case 4:
      return wrap(`string([]byte(${s()}))`);
    case 5:
      return wrap(`string([]rune(${s()}))`);
    default:
      return wrap(`string([]byte{byte(${expr(g, Uint8, d).text}), 'x'})`);
  }
}

/** Values of types that have no constants. */
function composite(g: Gen, t: T, d: number): Expr {
  const r = g.rng;
  switch (t.kind) {
    case "array": {
      const n = t.length;
      if (r.chance(15)) return value(`${t.text}{}`);
      if (n > 1 && r.chance(20)) {
        const i = r.below(n);
        return value(`${t.text}{${i}: ${expr(g, t.elem as T, d).text}}`);
      }
      return value(`${t.text}{${Array.from({ length: n }, () => expr(g, t.elem as T, d).text).join(", ")}}`);
    }
    case "slice": {
      const found = d > 0 ? readable(g, t) : [];
      if (found.length > 0 && r.chance(30)) {
        // Always a new array: whether spare room is left over is up to the implementation.
        const s = r.pick(found);
        return value(`append(${s}[:len(${s}):len(${s})], ${expr(g, t.elem as T, d - 1).text})`);
      }
      if (r.chance(10)) return value(`make(${t.text}, ${r.below(5)}, ${r.between(5, 9)})`);
      if (r.chance(10) && (t.elem as T).text === "uint8") return value(`clip([]byte(${expr(g, String_, d).text}))`);
      return value(`${t.text}{${Array.from({ length: r.below(4) }, () => expr(g, t.elem as T, d).text).join(", ")}}`);
    }
    case "map": {
      const keys = new Set(Array.from({ length: r.below(4) }, () => literal(g, t.key as T).text));
      // Equal constants under different texts would be an error: only one key that is not a plain basic literal.
      const list = (t.key as T).kind === "struct" || (t.key as T).kind === "array" ? [...keys].slice(0, 1) : distinct(t.key as T, keys);
      return value(`${t.text}{${list.map((k) => `${k}: ${expr(g, t.elem as T, d).text}`).join(", ")}}`);
    }
    case "ptr": {
      const e = t.elem as T;
      if ((e.kind === "struct" || e.kind === "array") && r.chance(60)) return value(`&${composite(g, e, d).text}`);
      if (r.chance(30)) return value(`new(${variable(g, e, d).text})`);
      return value(`ptr[${e.text}](${expr(g, e, d).text})`);
    }
    case "struct": {
      if (r.chance(10)) return value(`${t.text}{}`);
      const keyed = r.chance(50);
      const fields = keyed ? r.shuffle(t.fields).filter(() => r.chance(75)) : t.fields;
      return value(`${t.text}{${fields.map((f) => `${keyed ? `${f.name}: ` : ""}${expr(g, f.type, d).text}`).join(", ")}}`);
    }
    case "iface":
      return value(interfaceValue(g, t, d));
    case "func":
      return value(closure(g, t.signature?.params ?? [], t.signature?.results ?? [], d));
    default:
      return literal(g, t);
  }
}

function distinct(key: T, texts: ReadonlySet<string>): string[] {
  return key.kind === "bool" ? [...texts].slice(0, 2) : [...texts].filter((k) => !/raw|\\n/.test(k));
}

/** A value of an interface type: never nil, and comparable. */
function interfaceValue(g: Gen, t: T, d: number): string {
  const r = g.rng;
  const all = [...g.scalars, ...g.structs].filter((x) => equatable(x) && x.kind !== "float" && x.kind !== "complex");
  if (t.methods.length === 0) {
    const x = r.pick([...all, ...basics]);
    return `${t.text}(${expr(g, x, d).text})`;
  }
  const named = [...g.scalars, ...g.structs].filter((x) => x.named);
  const direct = named.filter((x) => implementsAll(x, t.methods, true) && equatable(x));
  const byPointer = named.filter((x) => implementsAll(x, t.methods, false));
  if (direct.length > 0 && (byPointer.length === 0 || r.chance(60))) return `${t.text}(${expr(g, r.pick(direct), d).text})`;
  return `${t.text}(${expr(g, pointerTo(r.pick(byPointer)), d).text})`;
}

/** Whether any value has the interface type. */
export function inhabited(g: Gen, t: T): boolean {
  return [...g.scalars, ...g.structs].some((x) => x.named && implementsAll(x, t.methods, false));
}

/** An expression with a limit on its size. */
export function sized(g: Gen, t: T, depth: number, nodes = 20): Expr {
  g.budget = nodes;
  return expr(g, t, depth);
}

export function sizedVariable(g: Gen, t: T, depth: number, nodes = 20): string {
  g.budget = nodes;
  return variable(g, t, depth).text;
}

export function condition(g: Gen, depth = 2): string {
  g.budget = 14;
  return variable(g, Bool, depth).text;
}
