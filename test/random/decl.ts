// Types, methods and functions of a random program.

import type { Context, Gen } from "./gen.ts";
import { expr, inhabited, literal, sized } from "./expr.ts";
import { check } from "./hash.ts";
import { body, nilable } from "./stmt.ts";
import {
  Any,
  arrayOf,
  basics,
  type Field,
  funcOf,
  integers,
  keyable,
  mapOf,
  type Method,
  pointerTo,
  type Signature,
  signatureText,
  sliceOf,
  String_,
  T,
} from "./types.ts";

/** Named scalar types, structs, interfaces, composites; with the methods of the named ones left to `methods`. */
export function types(g: Gen): void {
  const r = g.rng;
  for (let i = r.between(1, 3); i > 0; i--) {
    const base = r.weighted<T>([
      [4, r.pick(integers)],
      [1, r.pick(basics)],
    ]);
    const name = g.top("N");
    g.declarations.push(`type ${name} ${base.text}`);
    g.scalars.push(new T(base.kind, name, { bits: base.bits, signed: base.signed, named: true }));
  }
  // Signatures of methods: even ones have no effects, odd ones change their receiver.
  for (let i = 0; i < 5; i++) {
    const params = Array.from({ length: r.below(4) }, () => g.scalar());
    const results = Array.from({ length: i % 2 === 0 ? 1 : r.below(3) }, () => g.scalar());
    g.methods.push({ name: `M${i}`, signature: { params, results }, pointer: false });
  }
  for (let i = r.between(1, 4); i > 0; i--) {
    struct(g);
    composite(g);
  }
  for (let i = r.between(1, 3); i > 0; i--) composite(g);
}

function composite(g: Gen): void {
  const r = g.rng;
  const part = (): T => (r.chance(70) || g.structs.length === 0 ? g.scalar() : r.pick(g.structs));
  const t = r.weighted<() => T>([
    [4, () => arrayOf(part(), r.between(0, 5))],
    [4, () => sliceOf(part())],
    [3, () => mapOf(r.pick([...g.scalars, ...g.structs].filter(keyable)), part())],
    [3, () => pointerTo(part())],
    [2, () => funcOf({ params: Array.from({ length: r.below(4) }, part), results: Array.from({ length: r.between(1, 2) }, part) })],
    [1, () => arrayOf(arrayOf(g.scalar(), r.between(1, 3)), r.between(1, 3))],
    [1, () => sliceOf(sliceOf(g.scalar()))],
    [1, () => sliceOf(Any)],
  ])();
  if (!g.composites.some((c) => c.text === t.text)) g.composites.push(t);
}

function struct(g: Gen): void {
  const r = g.rng;
  const fields: Field[] = [];
  const name = g.top("S");
  const inherited: Method[] = [];
  if (g.structs.length > 0 && r.chance(40)) {
    const e = r.pick(g.structs);
    fields.push({ name: e.text, type: e, embedded: true });
    inherited.push(...e.methods);
  }
  const wanted = r.weighted<number>([
    [1, 0],
    [8, r.between(1, 5)],
    [1, r.between(8, 20)],
  ]);
  for (let i = 0; i < wanted; i++) {
    const type = r.weighted<T>([
      [7, g.scalar()],
      [2, g.composites.length > 0 ? r.pick(g.composites) : String_],
      [1, g.structs.length > 0 ? r.pick(g.structs) : String_],
      [1, Any],
    ]);
    fields.push({ name: g.name("f"), type, embedded: false });
  }
  const order = r.shuffle(fields);
  g.declarations.push(`type ${name} struct {\n${order.map((f) => `\t${f.embedded ? "" : `${f.name} `}${f.type.text}`).join("\n")}\n}`);
  const t = new T("struct", name, { fields: order, named: true });
  t.methods = inherited;
  g.structs.push(t);
}

/** Methods of named types, then interfaces that some of them implement. */
export function methods(g: Gen): void {
  const r = g.rng;
  const named = [...g.scalars, ...g.structs].filter((t) => t.named);
  // Who has which methods of its own stands first: they hide those of embedded types, before their bodies are there, too.
  const own = new Map(named.map((t) => [t, g.methods.filter(() => r.chance(30))]));
  for (const t of named) {
    for (const m of own.get(t) ?? []) {
      const effect = Number(m.name.slice(1)) % 2 === 1;
      method(g, t, { ...m, pointer: effect || r.chance(30) }, effect);
    }
    // Types that embed this one have its methods, too, where they do not have their own.
    for (const s of named) {
      if (!s.fields.some((f) => f.embedded && f.type === t)) continue;
      for (const m of t.methods) {
        if (![...s.methods, ...(own.get(s) ?? [])].some((x) => x.name === m.name)) s.methods.push(m);
      }
    }
  }
  for (let i = r.between(1, 3); i > 0; i--) {
    const wanted = r.shuffle(g.methods).slice(0, r.between(1, 2));
    const name = g.top("I");
    const t = new T("iface", name, { named: true });
    t.methods = wanted;
    if (!inhabited(g, t)) continue;
    g.declarations.push(`type ${name} interface {\n${wanted.map((m) => `\t${m.name}${signatureText(m.signature)}`).join("\n")}\n}`);
    g.interfaces.push(t);
  }
}

function method(g: Gen, t: T, m: Method, effect: boolean): void {
  const receiver = g.name("r");
  write(g, `func (${receiver} ${m.pointer ? "*" : ""}${t.text}) ${m.name}`, m.signature, !effect, () => {
    if (m.pointer) {
      // What a method without effects may do is read.
      g.declare(receiver, pointerTo(t), false);
    } else g.declare(receiver, t, true);
  });
  t.methods = [...t.methods.filter((x) => x.name !== m.name), m];
}

/** Writes a function with a random body. */
function write(g: Gen, head: string, signature: Signature, pure: boolean, before: () => void): void {
  const saved = g.scope;
  g.scope = [[]];
  if (!pure) for (const v of g.state) g.scope[0]?.push(v);
  const names = signature.params.map(() => g.name("p"));
  const context: Context = { pure, results: signature.results, loops: [], depth: 0 };
  const r = g.rng;
  const text = g.capture(() => {
    g.withContext(context, () => {
      g.block(() => {
        before();
        signature.params.forEach((p, i) => g.declare(names[i] as string, p, true));
        const deferred = !pure && signature.results.length > 0 && signature.results.every((t) => !nilable(t)) && r.chance(25);
        const results = signature.results.map(() => g.name("z"));
        const list = signature.params.map((p, i) => {
          const last = i === signature.params.length - 1;
          return `${names[i]} ${last && p.kind === "slice" && variadic.has(signature) ? `...${(p.elem as T).text}` : p.text}`;
        });
        const out = signature.results.map((t, i) => (deferred ? `${results[i]} ${t.text}` : t.text)).join(", ");
        if (r.chance(12)) g.line("//go:noinline");
        g.open(`${head}(${list.join(", ")})${out === "" ? "" : ` (${out})`} {`);
        if (deferred) {
          signature.results.forEach((t, i) => g.declare(results[i] as string, t, true));
          g.open("defer func() {");
          g.block(() => {
            if (r.chance(60)) g.line("chkPanic(recover())");
            const i = r.below(results.length);
            g.line(`${results[i]} = ${sized(g, signature.results[i] as T, 2).text}`);
          });
          g.close("}()");
        }
        body(g, r.between(1, 6));
        if (deferred && r.chance(50)) g.line("return");
        else if (signature.results.length > 0) g.line(`return ${signature.results.map((t) => sized(g, t, 3).text).join(", ")}`);
      });
      g.close();
    });
  });
  g.scope = saved;
  g.declarations.push(text);
}

const variadic = new WeakSet<Signature>();

export function functions(g: Gen): void {
  const r = g.rng;
  const value = (): T => {
    for (;;) {
      const t = g.type();
      if (t.kind !== "slice" && t.kind !== "map" && t.kind !== "ptr") return t;
    }
  };
  const most = g.short ? 2 : 5;
  for (let i = r.between(2, most); i > 0; i--) {
    const many = r.chance(12) ? r.between(8, 16) : r.between(0, 4);
    const signature = {
      params: Array.from({ length: many }, value),
      results: Array.from({ length: r.chance(75) ? 1 : r.between(2, 4) }, value),
    };
    const name = g.top("f");
    write(g, `func ${name}`, signature, true, () => {});
    g.pure.push({ name, signature });
  }
  for (let i = r.between(1, most); i > 0; i--) {
    const type = g.type();
    const name = g.top("v");
    g.budget = 12;
    const calls = r.chance(50) ? 3 : 1;
    g.declarations.push(`var ${name} ${type.text} = ${(r.chance(80) ? expr(g, type, calls) : literal(g, type)).text}`);
    g.state.push({ name, type, assignable: true, owned: false });
  }
  for (let i = r.between(1, most - 1); i > 0; i--) {
    const params = Array.from({ length: r.between(0, 4) }, () => g.type());
    const signature = { params, results: Array.from({ length: r.between(0, 3) }, () => g.type()) };
    const last = params[params.length - 1];
    if (last?.kind === "slice" && r.chance(50)) variadic.add(signature);
    const name = g.top("q");
    write(g, `func ${name}`, signature, false, () => {});
    if (!variadic.has(signature)) g.procedures.push({ name, signature });
    else g.procedures.push({ name, signature: { params: [...params.slice(0, -1), sliceOf(last?.elem as T)], results: signature.results } });
    if (variadic.has(signature)) g.variadic.add(name);
  }
}

/** Puts all state into the checksum. */
export function checkState(g: Gen): void {
  for (const v of g.state) g.line(check(g, v.type, v.name));
}
