// Statements. What has effects stands alone in its statement, so that no order is left open.

import { args, closure, condition, literal, paths, sized, sizedVariable } from "./expr.ts";
import type { Gen, Variable } from "./gen.ts";
import { check } from "./hash.ts";
import { Any, arrayOf, Bool, basics, funcOf, Int, keyable, pointerTo, String_, same, sliceOf, T, Uint8 } from "./types.ts";

const maxNesting = 3;

/** The body of a function: a limit on calls, statements. */
export function body(g: Gen, n: number): void {
  const results = g.context.results.map((t) => `*new(${t.text})`).join(", ");
  if (g.rng.chance(60)) {
    g.open("if fuel--; fuel < 0 {");
    g.line(`return ${results}`);
    g.close();
  }
  statements(g, n, 0);
}

export function statements(g: Gen, n: number, nesting: number): void {
  for (let i = 0; i < n; i++) statement(g, nesting);
}

function inner(g: Gen, nesting: number): void {
  g.block(() => statements(g, g.rng.between(1, nesting > 0 ? 2 : 3), nesting + 1));
}

function statement(g: Gen, nesting: number): void {
  const r = g.rng;
  const pure = g.context.pure;
  const deep = nesting < maxNesting ? 1 : 0;
  const kind = r.weighted<() => void>([
    [14, () => define(g)],
    [16, () => assign(g)],
    [6, () => update(g)],
    [2, () => swap(g)],
    [8 * deep, () => conditional(g, nesting)],
    [8 * deep, () => loop(g, nesting)],
    [5 * deep, () => choose(g, nesting)],
    [2 * deep, () => typeSwitch(g, nesting)],
    [2 * deep, () => backward(g, nesting)],
    [3, () => sliceWork(g)],
    [3, () => mapWork(g)],
    [2, () => textWork(g)],
    [3, () => pointerWork(g)],
    [4 * deep, () => localFunction(g, nesting)],
    [2, () => leave(g)],
    [pure ? 0 : 8, () => checkSomething(g)],
    [pure ? 0 : 7, () => callProcedure(g)],
    [pure ? 0 : 4, () => callMethod(g)],
    [pure ? 0 : 4, () => panicking(g)],
    [pure ? 0 : 2, () => comma(g)],
    [2, () => multiple(g)],
  ]);
  kind();
}

function define(g: Gen, type = g.type()): Variable {
  const r = g.rng;
  const name = g.name("x");
  const e = sized(g, type, 3);
  if (r.chance(50)) g.line(`var ${name} ${type.text} = ${e.text}; _ = ${name}`);
  else if (type.kind === "bool" || type.kind === "string" || type.kind === "iface")
    g.line(`${name} := ${type.kind === "iface" || type.named ? `${type.text}(${e.text})` : e.text}; _ = ${name}`);
  else g.line(`${name} := ${e.text}; _ = ${name}`);
  return g.declare(name, type, true);
}

/** A place of any type that may be written to, and its type. */
function target(g: Gen, wanted: ((t: T) => boolean) | null = null): { text: string; type: T } | null {
  const r = g.rng;
  const candidates = r.shuffle(g.variables().filter((v) => v.assignable || (!g.context.pure && v.type.kind === "ptr")));
  for (const v of candidates) {
    const types = new Map<string, T>();
    parts(v.type, 2, types);
    for (const t of r.shuffle([...types.values()])) {
      if (wanted !== null && !wanted(t)) continue;
      if (g.context.pure && v.type.kind === "ptr" && !same(v.type, t)) continue;
      // Nil must not get into variables that are taken for more.
      const out: string[] = [];
      paths(g, v.name, v.type, t, 2, out, true);
      const usable = out.filter((x) => (v.assignable || x !== v.name) && !(g.context.pure && v.type.kind === "ptr" && x !== v.name));
      if (usable.length > 0) return { text: r.pick(usable), type: t };
    }
  }
  return null;
}

function parts(t: T, depth: number, out: Map<string, T>): void {
  out.set(t.text, t);
  if (depth === 0) return;
  if (t.kind === "struct") for (const f of t.fields) parts(f.type, depth - 1, out);
  if ((t.kind === "array" && t.length > 0) || t.kind === "ptr") parts(t.elem as T, depth - 1, out);
}

function assign(g: Gen): void {
  const t = target(g);
  if (t === null) return;
  g.line(`${t.text} = ${sized(g, t.type, 3).text}`);
}

function update(g: Gen): void {
  const r = g.rng;
  const t = target(g, (x) => x.isNumber || x.kind === "string");
  if (t === null) return;
  if (t.type.kind === "string") {
    g.line(
      `${t.text} = ${t.type.named ? `${t.type.text}(lim(string(${t.text}) + "${r.below(10)}"))` : `lim(${t.text} + "${r.below(10)}")`}`,
    );
    return;
  }
  if (r.chance(25)) {
    g.line(`${t.text}${r.pick(["++", "--"])}`);
    return;
  }
  if (t.type.kind === "int" && r.chance(40)) {
    if (r.chance(50)) g.line(`${t.text} ${r.pick(["<<=", ">>="])} ${r.below(66)}`);
    else g.line(`${t.text} ${r.pick(["/=", "%="])} (${sizedVariable(g, t.type, 2)} | 1)`);
    return;
  }
  const ops = t.type.kind === "int" ? ["+=", "-=", "*=", "&=", "|=", "^=", "&^="] : ["+=", "-=", "*="];
  g.line(`${t.text} ${r.pick(ops)} ${sized(g, t.type, 2).text}`);
}

function swap(g: Gen): void {
  const a = target(g);
  if (a === null) return;
  const b = target(g, (t) => same(t, a.type));
  if (b === null) return;
  g.line(`${a.text}, ${b.text} = ${b.text}, ${a.text}`);
}

function conditional(g: Gen, nesting: number): void {
  const r = g.rng;
  g.block(() => {
    if (r.chance(25)) {
      const type = g.scalar();
      const name = g.name("x");
      const e = sizedVariable(g, type, 2);
      g.declare(name, type);
      g.open(`if ${name} := (${e}); opaque(${name}) == ${name} && (${condition(g)}) {`);
    } else g.open(`if (${condition(g)}) {`);
    inner(g, nesting);
    while (r.chance(25)) {
      g.middle(`} else if (${condition(g)}) {`);
      inner(g, nesting);
    }
    if (r.chance(50)) {
      g.middle("} else {");
      inner(g, nesting);
    }
    g.close();
  });
}

/** The body of a loop, in which break and continue may occur. */
function loopBody(g: Gen, nesting: number, label: string | null): void {
  g.context.loops.push(label);
  inner(g, nesting);
  if (g.rng.chance(30)) leave(g);
  g.context.loops.pop();
}

function loop(g: Gen, nesting: number): void {
  const r = g.rng;
  const label = r.chance(25) ? g.name("L") : null;
  const start = g.lines.length;
  if (label !== null) g.line(`${label}:`);
  const i = g.name("i");
  const e = g.name("e");
  const loopOver = (head: string, declare: () => void): void => {
    g.block(() => {
      g.open(head);
      declare();
      loopBody(g, nesting, label);
      g.close();
    });
  };
  const count = (): string => (r.chance(50) ? String(r.between(0, 5)) : `int(${sizedVariable(g, Uint8, 2)} & 7)`);
  switch (r.below(9)) {
    case 0:
    case 1: {
      const n = count();
      loopOver(`for ${i} := 0; ${i} < (${n}); ${i}++ {`, () => g.declare(i, Int, false));
      break;
    }
    case 2: {
      const t = g.integer();
      const down = `for ${i} := ${t.text}(${r.between(1, 6)}); ${i} > 0; ${i}-- {`;
      loopOver(down, () => g.declare(i, t, false));
      break;
    }
    case 3: {
      const t = g.integer();
      const n = r.chance(40) ? `${t.text}(${r.below(5)})` : `(${sizedVariable(g, t, 2)}) & 3`;
      loopOver(`for ${i} := range (${n}) {`, () => {
        g.line(`_ = ${i}`);
        g.declare(i, t, true);
      });
      break;
    }
    case 4: {
      const t = r.pick(g.composites.filter((c) => c.kind === "slice" || c.kind === "array").concat(sliceOf(Uint8)));
      const x = sizedVariable(g, t, 2);
      // A literal would be the block.
      loopOver(`for ${i}, ${e} := range (${x}) {`, () => {
        g.line(`_, _ = ${i}, ${e}`);
        g.declare(i, Int, true);
        g.declare(e, t.elem as T, !nilable(t.elem as T));
      });
      break;
    }
    case 5: {
      const x = sizedVariable(g, String_, 2);
      loopOver(`for ${i}, ${e} := range (${x}) {`, () => {
        g.line(`_, _ = ${i}, ${e}`);
        g.declare(i, Int, true);
        g.declare(e, new T("int", "int32", { bits: 32, signed: true }), true);
      });
      break;
    }
    case 6: {
      // A function to range over, that stops when it is told to.
      const t = g.scalar();
      const n = r.between(1, 5);
      const x = sizedVariable(g, t, 2);
      const iterator = `func(yield func(int, ${t.text}) bool) { for k := 0; k < ${n}; k++ { if !yield(k, ${x}) { return } } }`;
      loopOver(`for ${i}, ${e} := range (${iterator}) {`, () => {
        g.line(`_, _ = ${i}, ${e}`);
        g.declare(i, Int, true);
        g.declare(e, t, true);
      });
      break;
    }
    case 7: {
      const a = arrayOf(g.scalar(), r.between(1, 4));
      const v = define(g, a);
      loopOver(`for ${i}, ${e} := range ${r.chance(50) ? "&" : ""}${v.name} {`, () => {
        g.line(`_, _ = ${i}, ${e}`);
        g.declare(i, Int, true);
        g.declare(e, a.elem as T, true);
      });
      break;
    }
    default: {
      g.line(`${i} := ${count()}`);
      loopOver(`for ${i} > 0 && (${condition(g)}) {`, () => {
        g.line(`${i}--`);
        g.declare(i, Int, false);
      });
    }
  }
  // A label that nobody names is an error, and one must stand right before its loop.
  if (label !== null) {
    const at = g.lines.findIndex((l, k) => k >= start && l.trim() === `${label}:`);
    const used = g.lines.slice(at + 1).some((l) => l.includes(`break ${label}`) || l.includes(`continue ${label}`));
    const next = g.lines.findIndex((l, k) => k > at && l.trim().startsWith("for "));
    const text = g.lines[at] as string;
    g.lines.splice(at, 1);
    if (used) g.lines.splice(next - 1, 0, text);
  }
}

/** Types with nil, which variables in scope must not be. */
export function nilable(t: T): boolean {
  return t.kind === "ptr" || t.kind === "func" || t.kind === "map" || t.kind === "iface";
}

/** break, continue, return. */
function leave(g: Gen): void {
  const r = g.rng;
  const { loops, results } = g.context;
  if (loops.length > 0 && r.chance(75)) {
    const label = r.pick(loops);
    g.open(`if (${condition(g)}) {`);
    const word = r.pick(["break", "continue"]);
    // Without a label break would leave a switch, which is fine.
    g.line(label !== null && r.chance(80) ? `${word} ${label}` : word);
    g.close();
    return;
  }
  if (r.chance(30)) {
    g.open(`if (${condition(g)}) {`);
    g.line(`return ${results.map((t) => sized(g, t, 2).text).join(", ")}`);
    g.close();
  }
}

function choose(g: Gen, nesting: number): void {
  const r = g.rng;
  const n = r.between(1, 5);
  if (r.chance(30)) {
    g.open("switch {");
    for (let i = 0; i < n; i++) {
      g.middle(`case ${condition(g)}:`);
      inner(g, nesting);
    }
  } else {
    const t = r.chance(25) ? String_ : g.integer();
    const used = new Set<string>();
    g.open(`switch ${r.chance(20) ? "fuel := 1; " : ""}(${sizedVariable(g, t, 2)}) {`);
    if (g.lines[g.lines.length - 1]?.includes("fuel := 1; ")) g.line(`case *new(${t.text}): _ = fuel`);
    for (let i = 0; i < n; i++) {
      const values = Array.from({ length: r.between(1, 3) }, () => literal(g, t).text).filter(
        (x) => !used.has(norm(x)) && used.add(norm(x)),
      );
      if (values.length === 0) continue;
      g.middle(`case ${values.join(", ")}:`);
      inner(g, nesting);
      if (r.chance(15) && i < n - 1) {
        // The last clause gets none; an empty one follows if need be.
        g.line("fallthrough");
        const extra = sizedVariable(g, t, 1);
        g.middle(`case ${extra}:`);
        inner(g, nesting);
      }
    }
    if (r.chance(60)) {
      g.middle("default:");
      inner(g, nesting);
    }
  }
  g.close();
}

const norm = (s: string): string => s.replace(/`raw\\n`/, '"raw\\\\n"');

function typeSwitch(g: Gen, nesting: number): void {
  const r = g.rng;
  const name = g.name("y");
  const x = sizedVariable(g, r.chance(70) || g.interfaces.length === 0 ? Any : r.pick(g.interfaces), 2);
  g.open(`switch ${name} := any(${x}).(type) {`);
  const types = r.shuffle([...basics, ...g.scalars.filter((t) => t.named), ...g.structs, ...g.interfaces, ...g.structs.map(pointerTo)]);
  const seen = new Set<string>();
  for (let i = r.between(1, 4); i > 0; i--) {
    const t = types.pop();
    if (t === undefined || seen.has(t.text)) continue;
    seen.add(t.text);
    if (r.chance(15)) {
      const u = types.pop();
      if (u !== undefined && !seen.has(u.text)) {
        seen.add(u.text);
        g.middle(`case ${t.text}, ${u.text}:`);
        g.line(`_ = ${name}`);
        inner(g, nesting);
        continue;
      }
    }
    g.middle(`case ${t.text}:`);
    g.line(`_ = ${name}`);
    g.block(() => {
      // Pointers may be nil here, and methods may be impure.
      if (t.kind !== "ptr" && t.kind !== "iface") g.declare(name, t, true);
      inner(g, nesting);
    });
  }
  if (r.chance(50)) {
    g.middle("case nil, error:");
    g.line(`_ = ${name}`);
  }
  g.close();
}

/** A loop made of goto. */
function backward(g: Gen, nesting: number): void {
  const r = g.rng;
  const i = g.name("i");
  const label = g.name("G");
  g.open("{");
  g.block(() => {
    g.line(`${i} := ${r.between(1, 4)}`);
    g.declare(i, Int, false);
    g.line(`${label}:`);
    g.line(`${i}--`);
    g.open("{");
    inner(g, nesting);
    g.close();
    g.open(`if ${i} > 0 && (${condition(g)}) {`);
    g.line(`goto ${label}`);
    g.close();
  });
  g.close();
}

function sliceWork(g: Gen): void {
  const r = g.rng;
  const t = sliceOf(r.chance(70) ? g.scalar() : g.type());
  const e = t.elem as T;
  const name = g.name("s");
  const length = r.between(1, 6);
  const room = length + r.below(4);
  const item = (): string => sized(g, e, 2, 8).text;
  if (r.chance(40)) {
    // Appending within known room shares the array.
    g.line(`${name} := make(${t.text}, ${length}, ${room}); _ = ${name}`);
    g.line(`${name}[${r.below(length)}] = ${item()}`);
    const other = g.name("s");
    if (room > length) {
      g.line(`${other} := append(${name}, ${item()}); _ = ${other}`);
      g.line(`${name} = append(${name}, ${item()})`);
    } else g.line(`${other} := ${name}[${r.below(length)}:]; _ = ${other}`);
    g.declare(other, t, false);
    g.declare(name, t, true);
  } else if (r.chance(50)) {
    g.line(`${name} := ${t.text}{${Array.from({ length }, item).join(", ")}}; _ = ${name}`);
    const low = r.below(length + 1);
    const high = r.between(low, length);
    const other = g.name("s");
    const full = r.chance(40);
    g.line(`${other} := ${name}[${low}:${high}${full ? `:${r.between(high, length)}` : ""}]; _ = ${other}`);
    g.line(`copy(${name}[${r.below(length)}:], ${other})`);
    if (high > low) g.line(`${other}[${r.below(high - low)}] = ${item()}`);
    if (r.chance(20)) g.line(`clear(${other})`);
    g.declare(other, t, false);
    g.declare(name, t, true);
  } else {
    g.line(`var ${name} ${t.text}`);
    const i = g.name("i");
    g.open(`for ${i} := range ${r.between(0, 9)} {`);
    g.block(() => {
      g.line(`_ = ${i}`);
      g.declare(i, Int, true);
      g.line(`${name} = append(${name}, ${item()}${r.chance(30) ? `, ${item()}` : ""})`);
      if (r.chance(30)) {
        g.open(`if len(${name}) > 3 {`);
        g.line(`${name} = append(${name}[:1], ${name}[2:]...)`);
        g.close();
      }
    });
    g.close();
    g.line(`${name} = ${name}[:len(${name}):len(${name})]`);
    g.declare(name, t, true);
  }
  if (!g.context.pure) g.line(check(g, t, name));
}

function mapWork(g: Gen): void {
  const r = g.rng;
  const found = g.context.pure ? [] : g.variables().filter((v) => v.type.kind === "map" && v.assignable);
  let v = found.length > 0 && r.chance(50) ? r.pick(found) : null;
  if (v === null) {
    const key = r.pick([...g.scalars, ...g.structs].filter(keyable));
    const t = new T("map", `map[${key.text}]`, {});
    const elem = r.chance(70) ? g.scalar() : g.type();
    const type = new T("map", `${t.text}${elem.text}`, { key, elem });
    const name = g.name("m");
    g.line(`${name} := ${r.chance(50) ? `${type.text}{}` : `make(${type.text}, ${r.below(20)})`}; _ = ${name}`);
    v = g.declare(name, type, true);
  }
  const key = v.type.key as T;
  const elem = v.type.elem as T;
  const k = (): string => sized(g, key, 2, 8).text;
  for (let n = r.between(1, 4); n > 0; n--) {
    switch (r.below(5)) {
      case 0:
        g.line(`delete(${v.name}, ${k()})`);
        break;
      case 1:
        if (elem.isNumber) g.line(`${v.name}[${k()}] += ${sized(g, elem, 2, 8).text}`);
        break;
      case 2: {
        const i = g.name("i");
        if (key.kind !== "int") break;
        g.open(`for ${i} := range ${r.between(1, 30)} {`);
        g.line(`${v.name}[${key.text}(${i})] = ${sized(g, elem, 1, 4).text}`);
        g.close();
        break;
      }
      default:
        g.line(`${v.name}[${k()}] = ${sized(g, elem, 2, 8).text}`);
    }
  }
  if (r.chance(10)) g.line(`clear(${v.name})`);
  if (r.chance(30) && keyable(elem)) {
    // Entries may be deleted while the map is walked.
    const e = g.name("e");
    const kk = g.name("k");
    g.open(`for ${kk}, ${e} := range ${v.name} {`);
    g.open(`if ${e} == ${literal(g, elem).text.includes("{") ? `(${literal(g, elem).text})` : literal(g, elem).text} {`);
    g.line(`delete(${v.name}, ${kk})`);
    g.close();
    g.close();
  }
  if (!g.context.pure) g.line(check(g, v.type, v.name));
}

function textWork(g: Gen): void {
  const r = g.rng;
  const name = g.name("b");
  const s = sizedVariable(g, String_, 2);
  if (r.chance(50)) {
    const bytes = sliceOf(Uint8);
    g.line(`${name} := []byte(${s}); _ = ${name}`);
    g.open(`for i := range ${name} {`);
    g.line(`${name}[i] ^= byte(i * ${r.between(1, 9)})`);
    g.close();
    g.declare(name, bytes, true);
  } else {
    g.line(`var ${name} string`);
    g.open(`for i, c := range (${s}) {`);
    g.line(`${name} = lim(${name} + string(c+rune(i)) + ${literal(g, String_).text})`);
    g.close();
    g.declare(name, String_, true);
  }
}

function pointerWork(g: Gen): void {
  const r = g.rng;
  const owners = g.variables().filter((v) => v.assignable && !nilable(v.type));
  const name = g.name("p");
  const v = owners.length > 0 && r.chance(70) ? r.pick(owners) : define(g);
  const t = pointerTo(v.type);
  g.line(`${name} := &${v.name}; _ = ${name}`);
  if (g.context.pure) {
    g.line(`*${name} = ${sized(g, v.type, 2).text}`);
    return;
  }
  const p = g.declare(name, t, true);
  if (r.chance(50)) g.line(`*${p.name} = ${sized(g, v.type, 2).text}`);
  if (r.chance(20)) {
    const second = g.name("p");
    g.line(`${second} := &${p.name}; **${second} = ${sized(g, v.type, 2).text}`);
    if (r.chance(50)) g.line(`*${second} = ${sized(g, t, 2).text}`);
  }
}

/** A function literal that reads and writes what is around it, and its calls. */
function localFunction(g: Gen, nesting: number): void {
  const r = g.rng;
  const params = Array.from({ length: r.below(3) }, () => g.scalar());
  const results = Array.from({ length: r.below(3) }, () => g.scalar());
  const name = g.name("c");
  const names = params.map(() => g.name("a"));
  const list = params.map((p, i) => `${names[i]} ${p.text}`).join(", ");
  const out = results.map((t) => t.text).join(", ");
  const deferred = r.chance(20);
  g.open(`${deferred ? "defer " : `${name} := `}func(${list})${out === "" ? "" : ` (${out})`} {`);
  g.withContext({ pure: g.context.pure, results, loops: [], depth: g.context.depth + 1 }, () => {
    g.block(() => {
      params.forEach((p, i) => g.declare(names[i] as string, p, true));
      statements(g, r.between(1, 3), nesting + 1);
      if (results.length > 0) g.line(`return ${results.map((t) => sized(g, t, 2).text).join(", ")}`);
    });
  });
  g.budget = 10;
  if (deferred) {
    g.close(`}(${args(g, params, 1)})`);
    return;
  }
  g.close();
  const call = (): string => {
    g.budget = 10;
    return `${name}(${args(g, params, 1)})`;
  };
  if (results.length === 0) g.line(call());
  else {
    const vars = results.map(() => g.name("x"));
    g.line(`${vars.join(", ")} := ${call()}; ${vars.map(() => "_").join(", ")} = ${vars.join(", ")}`);
    results.forEach((t, i) => g.declare(vars[i] as string, t, true));
  }
  if (r.chance(40)) {
    g.open(`for range ${r.between(1, 3)} {`);
    g.line(call());
    g.close();
  }
}

function checkSomething(g: Gen): void {
  const vs = g.variables();
  if (vs.length > 0 && g.rng.chance(60)) {
    const v = g.rng.pick(vs);
    g.line(check(g, v.type, v.name));
    return;
  }
  const t = g.type();
  g.line(check(g, t, sized(g, t, 3).text));
}

/** Takes the results of an effectful call. */
function take(g: Gen, call: string, results: readonly T[]): void {
  const r = g.rng;
  if (results.length === 0 || r.chance(15)) {
    g.line(call);
    return;
  }
  const one = results[0] as T;
  if (results.length === 1 && r.chance(20)) {
    g.line(check(g, one, call));
    return;
  }
  if (results.length === 1 && one.kind === "bool" && !one.named && r.chance(50)) {
    g.open(`if ${call} {`);
    g.line("chk(8)");
    g.close();
    return;
  }
  const vars = results.map(() => g.name("x"));
  g.line(`${vars.join(", ")} := ${call}; ${vars.map(() => "_").join(", ")} = ${vars.join(", ")}`);
  results.forEach((t, i) => {
    if (!nilable(t)) g.declare(vars[i] as string, t, true);
    else g.line(check(g, t, vars[i] as string));
  });
}

function callProcedure(g: Gen): void {
  const r = g.rng;
  if (g.procedures.length === 0) return;
  const f = r.pick(g.procedures);
  g.budget = 24;
  let given = args(g, f.signature.params, 2);
  if (g.variadic.has(f.name)) {
    const fixed = f.signature.params.slice(0, -1);
    const last = f.signature.params[f.signature.params.length - 1] as T;
    g.budget = 24;
    const list = args(g, fixed, 2);
    const items = r.chance(40)
      ? `${sized(g, last, 2).text}...`
      : Array.from({ length: r.below(4) }, () => sized(g, last.elem as T, 2, 8).text).join(", ");
    given = [list, items].filter((x) => x !== "").join(", ");
  }
  take(g, `${f.name}(${given})`, f.signature.results);
}

function callMethod(g: Gen): void {
  const r = g.rng;
  if (r.chance(50)) {
    const vs = g.variables().filter((v) => v.type.kind === "iface" && v.type.methods.length > 0);
    if (vs.length > 0) {
      const v = r.pick(vs);
      const m = r.pick(v.type.methods);
      g.budget = 10;
      g.open(`if ${v.name} != nil {`);
      g.block(() => take(g, `${v.name}.${m.name}(${args(g, m.signature.params, 1)})`, m.signature.results));
      g.close();
      return;
    }
  }
  const vs = g.variables().filter((v) => v.assignable && v.type.methods.length > 0 && v.type.kind !== "iface");
  if (vs.length === 0) return;
  const v = r.pick(vs);
  const m = r.pick(v.type.methods);
  g.budget = 10;
  const given = args(g, m.signature.params, 1);
  if (r.chance(20)) {
    const f = g.name("c");
    g.line(`${f} := ${v.name}.${m.name}; _ = ${f}`);
    assign(g);
    take(g, `${f}(${given})`, m.signature.results);
    return;
  }
  if (r.chance(10)) {
    g.line(`defer ${v.name}.${m.name}(${given})`);
    return;
  }
  take(g, `${v.name}.${m.name}(${given})`, m.signature.results);
}

/** Something that panics, or does not, in a function that recovers. */
function panicking(g: Gen): void {
  const r = g.rng;
  const i = sizedVariable(g, Int, 2);
  const integer = g.integer();
  g.open("catch(func() {");
  switch (r.below(12)) {
    case 0: {
      const t = r.pick([...g.composites.filter((c) => c.kind === "slice"), sliceOf(Int)]);
      const s = g.name("s");
      g.line(`${s} := ${sizedVariable(g, t, 2)}`);
      g.line(check(g, t.elem as T, `${s}[${i} & 15 - 2]`));
      break;
    }
    case 1: {
      const a = arrayOf(g.scalar(), r.between(1, 9));
      const s = g.name("s");
      g.line(`${s} := ${sized(g, a, 1).text}`);
      g.line(check(g, a.elem as T, `${s}[${i} & 15 - 2]`));
      break;
    }
    case 2: {
      const s = g.name("s");
      const t = r.chance(50) ? String_ : sliceOf(Uint8);
      g.line(`${s} := ${sizedVariable(g, t, 2)}`);
      g.line(check(g, t, `${s}[${i} & 7 - 1:${sizedVariable(g, Int, 1)} & 15]`));
      break;
    }
    case 3: {
      const s = g.name("s");
      g.line(`${s} := make([]int, ${r.below(5)}, 8)`);
      g.line(`${s} = ${s}[${i} & 3:${sizedVariable(g, Int, 1)} & 7:${sizedVariable(g, Int, 1)} & 15]`);
      g.line(`chk(uint64(len(${s})<<8 + cap(${s})))`);
      break;
    }
    case 4:
      g.line(check(g, integer, `(${sized(g, integer, 2).text} ${r.pick(["/", "%"])} (${sizedVariable(g, integer, 2)} & 1))`));
      break;
    case 5: {
      const s = g.integer();
      g.line(check(g, integer, `(${sizedVariable(g, integer, 2)} ${r.pick(["<<", ">>"])} ${sizedVariable(g, s, 2)})`));
      break;
    }
    case 6: {
      const t = g.structs.length > 0 ? r.pick(g.structs) : String_;
      g.line(`var p *${t.text}`);
      g.line(`if (${condition(g)}) { p = ${sized(g, pointerTo(t), 1).text} }`);
      const f = t.fields.length > 0 ? r.pick(t.fields) : null;
      if (f === null) g.line("p = nil; chkBool(p == nil)");
      else g.line(check(g, f.type, `p.${f.name}`));
      break;
    }
    case 7: {
      const t = r.pick([...g.scalars, ...g.structs, ...g.interfaces]);
      g.line(`y := ${sized(g, Any, 2).text}`);
      g.line(check(g, t, `y.(${t.text})`));
      break;
    }
    case 8:
      g.line(`var m map[string]${integer.text}`);
      g.line(`chk(uint64(m["a"]))`);
      g.line(`if (${condition(g)}) { m["b"] = ${sized(g, integer, 1).text} }`);
      break;
    case 9:
      g.line(`defer func() { chkPanic(recover()); chk(11) }()`);
      g.line(`defer func() { panic(${r.chance(50) ? '"again"' : i}) }()`);
      g.line(`if (${condition(g)}) { panic("first") }`);
      break;
    case 10: {
      const n = r.between(1, 5);
      const s = g.name("s");
      g.line(`${s} := ${sizedVariable(g, sliceOf(Int), 2)}`);
      g.line(
        `${s} = append(${s}[:len(${s}):len(${s})], ${Array.from({ length: n - 1 }, () => "1")
          .concat("2")
          .join(", ")})`,
      );
      const k = r.between(1, 6);
      g.line(`a := [${k}]int(${s}); chk(uint64(a[${k - 1}]))`);
      break;
    }
    default: {
      const name = g.name("s");
      g.line(`${name} := make([]${g.scalar().text}, ${i} & 31 - 4)`);
      g.line(`chk(uint64(len(${name})))`);
    }
  }
  g.close("})");
}

/** The two-valued forms. */
function comma(g: Gen): void {
  const r = g.rng;
  const ok = g.name("k");
  const x = g.name("x");
  if (r.chance(50)) {
    const t = r.pick([...g.scalars, ...g.structs, ...g.interfaces]);
    g.line(`${x}, ${ok} := any(${sized(g, Any, 2).text}).(${t.text}); chkBool(${ok})`);
    g.line(check(g, t, x));
    return;
  }
  const maps = g.variables().filter((v) => v.type.kind === "map");
  if (maps.length === 0) return;
  const m = r.pick(maps);
  g.line(`${x}, ${ok} := ${m.name}[${sized(g, m.type.key as T, 2).text}]; chkBool(${ok})`);
  g.line(check(g, m.type.elem as T, x));
}

/** Calls of pure functions with several results. */
function multiple(g: Gen): void {
  const r = g.rng;
  const fs = g.pure.filter((f) => f.signature.results.length > 1);
  if (fs.length === 0) {
    const f = funcOf({ params: [g.scalar()], results: [g.scalar(), Bool] });
    const s = f.signature as NonNullable<typeof f.signature>;
    g.budget = 12;
    const names = [g.name("x"), g.name("x")];
    g.line(`${names.join(", ")} := ${closure(g, s.params, s.results, 2)}(${args(g, s.params, 1)}); _, _ = ${names.join(", ")}`);
    s.results.forEach((t, i) => g.declare(names[i] as string, t, true));
    return;
  }
  const f = r.pick(fs);
  g.budget = 16;
  const names = f.signature.results.map(() => g.name("x"));
  g.line(`${names.join(", ")} := ${f.name}(${args(g, f.signature.params, 2)}); ${names.map(() => "_").join(", ")} = ${names.join(", ")}`);
  f.signature.results.forEach((t, i) => {
    if (!nilable(t)) g.declare(names[i] as string, t, true);
  });
}
