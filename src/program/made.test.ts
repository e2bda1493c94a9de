// The functions that the program makes itself (wrappers, equality, hashing, initialisation) are sound SSA.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { printFunc } from "../ssa/print.ts";
import { verify } from "../ssa/verify.ts";
import { objDecl } from "../types/decl.ts";
import * as K from "../types/kinds.ts";
import type { Type } from "../types/types.ts";
import { testProgram } from "./testing.ts";

function goroot(): string {
  if (process.env.GOROOT !== undefined) return process.env.GOROOT;
  const r = spawnSync("go", ["env", "GOROOT"], { encoding: "utf8" });
  return r.status === 0 ? r.stdout.trim() : "";
}

test("made functions verify", (t) => {
  const root = goroot();
  if (root === "") {
    t.skip("no Go tree");
    return;
  }
  const name = join("src/program/testdata/types", "types.go");
  const program = testProgram(root, [{ name, data: new Uint8Array(readFileSync(name)) }]);
  const { main } = program.input;
  assert.ok(main !== null);
  const scope = main.types.scope;
  for (const n of scope.names()) {
    const obj = scope.lookup(n);
    if (obj?.kind !== K.OVar) continue;
    objDecl(null, obj);
    program.keep(program.typeSym(program.descriptors.pointerTo(obj.type as Type), true));
  }
  program.keep(program.symbols.intern("go:init"));
  program.useReflectMethods();
  program.run();
  const result = program.finish();
  const made = result.functions.filter((f) => /type:\.(eq|hash)|^main\.|go:init|\.init$/.test(f.name));
  assert.ok(made.length > 40, `only ${made.length} functions`);
  for (const f of result.functions) {
    const problems = verify(f);
    assert.deepEqual(problems, [], `${problems.join("\n")}\n${printFunc(f, program.symbols)}`);
  }
  const text = (sym: string): string => {
    const f = result.functions.find((g) => program.symbols.name(g.sym) === sym);
    assert.ok(f, `no function ${sym}`);
    return printFunc(f, program.symbols);
  };
  assert.match(text("main.(*Int).Value"), /runtime\.panicwrap/);
  assert.match(text("main.(*Outer).InnerPointer"), /CallStatic/);
  assert.match(text("main.Outer.Lock"), /sync\.\(\*Mutex\)\.Lock/);
  assert.match(text("main.Outer.Read"), /CallInter/);
  assert.match(text("type:.eq.main.Padded"), /Load <i64> \[8\]/);
});
