// Bodies of every construct become SSA that the verifier accepts; a few shapes that matter are looked at.

import assert from "node:assert/strict";
import { test } from "node:test";
import { testProgram } from "../program/testing.ts";
import type { Func } from "../ssa/func.ts";
import { printFunc } from "../ssa/print.ts";
import { verify } from "../ssa/verify.ts";
import { findGoroot } from "../syntax/testing.ts";
import type { Generator } from "./context.ts";
import { generator } from "./generate.ts";

const goroot = findGoroot();
const skip = goroot === "" && "no Go tree";

/** The SSA of all functions of package main that `main` reaches, by name. */
function functions(body: string): Map<string, string> {
  const made = new Map<string, string>();
  const checked = (f: Func, name: string, print: () => string): Func => {
    if (name.startsWith("main.")) {
      assert.deepEqual(verify(f), [], name);
      made.set(name, print());
    }
    return f;
  };
  const g: Generator = {
    function: (ctx, i) => {
      const f = generator.function(ctx, i);
      return checked(f, ctx.symbols.name(f.sym), () => printFunc(f, ctx.symbols));
    },
    closure: (ctx, sym, p) => {
      const f = generator.closure(ctx, sym, p);
      return checked(f, ctx.symbols.name(sym), () => printFunc(f, ctx.symbols));
    },
    initializer: (ctx, pkg, step, sym, literals) => generator.initializer(ctx, pkg, step, sym, literals),
  };
  const data = new TextEncoder().encode(`package main\n${body}\n`);
  const program = testProgram(goroot, [{ name: "main.go", data }], g);
  const main = program.sourceOf("main");
  const queue = ["main.main"];
  const seen = new Set<string>();
  assert.ok(main);
  const object = main.types.scope.lookup("main");
  assert.ok(object !== null && object.kind === 5);
  program.functionSym({ object, typeArgs: [] });
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    program.functionOf(program.symbols.intern(name));
    const text = made.get(name) ?? "";
    for (const m of text.matchAll(/@"?(main\.[^"\s(){}]+(?:\([^)]*\)\.\w+)?)"?/g)) {
      const callee = (m[1] as string).replace(/·f$/, "");
      if (program.isDefined(program.symbols.intern(callee))) queue.push(callee);
    }
  }
  return made;
}

test("a loop over a slice checks nothing that can't fail", { skip }, () => {
  const f =
    functions("func sum(s []int) (n int) { for _, v := range s { n += v }; return }\nfunc main() { sum(nil) }").get("main.sum") ?? "";
  assert.match(f, /Phi <i64>/);
  assert.doesNotMatch(f, /panicIndex/);
});

test("variables that closures change live in objects, others are copied", { skip }, () => {
  const all = functions("func f(n int) func() int { x := 0; return func() int { x += n; return x } }\nfunc main() { f(1)() }");
  assert.match(all.get("main.f") ?? "", /struct \{ F uintptr; X0 \*int; X1 int \}/);
  assert.match(all.get("main.f.func1") ?? "", /Closure <ptr>/);
});

test("functions with defer have a landing that returns the results", { skip }, () => {
  const f = functions("func f() (err error) { defer func() { recover() }(); panic(1) }\nfunc main() { f() }").get("main.f") ?? "";
  assert.match(f, /Fork -> b\d+ b\d+/);
  assert.match(f, /runtime\.deferreturn/);
  assert.match(f, /runtime\.deferprocStack/);
});

test("calls come before variables are read", { skip }, () => {
  const f =
    functions("var x int\nfunc g() int { x = 5; return 1 }\nfunc f() int { return x + g() }\nfunc main() { f() }").get("main.f") ?? "";
  assert.ok(f.indexOf("CallStatic") < f.indexOf("Load <i64>"), f);
});

test("bodies of loops over functions become functions that share their way out", { skip }, () => {
  const all = functions(
    "func f(seq func(func(int) bool)) int { for v := range seq { if v == 3 { return v } }; return 0 }\nfunc main() { f(nil) }",
  );
  assert.match(all.get("main.f") ?? "", /panicrangestate/);
  assert.ok([...all.keys()].length >= 2);
});

test("constant conditions leave no trace", { skip }, () => {
  const f =
    functions('const debug = false\nfunc g() { panic("no") }\nfunc main() { if debug { g() }; switch { case debug: g() } }').get(
      "main.main",
    ) ?? "";
  assert.doesNotMatch(f, /main\.g/);
});
