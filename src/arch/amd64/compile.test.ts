// Text IR through the whole back half: what the metadata of the code says, and shapes of code that other parts rely on.

import assert from "node:assert/strict";
import { test } from "node:test";
import { compileFunction } from "../../codegen/compile.ts";
import type { Func } from "../../ssa/func.ts";
import { type FuncCode, FuncFlagDefer } from "../../ssa/object.ts";
import { printFunc } from "../../ssa/print.ts";
import { readFuncs } from "../../ssa/read.ts";
import { Symbols } from "../../ssa/symbol.ts";
import { amd64 } from "./index.ts";

interface Compiled {
  readonly code: FuncCode;
  /** The text after a stage. */
  readonly stages: Map<string, string>;
  readonly symbols: Symbols;
}

function compile(text: string): Compiled {
  const symbols = new Symbols();
  const [f] = readFuncs(text, symbols, amd64.registers) as [Func];
  const stages = new Map<string, string>();
  const code = compileFunction(f, amd64, symbols, { verify: true, onStage: (s, g) => stages.set(s, printFunc(g, symbols, amd64.names)) });
  return { code, stages, symbols };
}

const count = (text: string | undefined, what: RegExp): number => [...(text ?? "").matchAll(what)].length;

const hex = (code: FuncCode): string => Buffer.from(code.code).toString("hex");

test("a leaf function has no frame and no stack check", () => {
  const { code } = compile(`func @main.f(i64, i64) (i64) {
b1:
  v1 = InitMem <mem>
  v2 = Arg <i64> [0]
  v3 = Arg <i64> [1]
  v4 = Add <i64> v2 v3
  Ret v4 v1
}
`);
  assert.equal(hex(code), "4801d8c3");
  assert.equal(code.frameSize, 0);
  assert.deepEqual(code.stackMaps, []);
});

test("pointers live across a call are in its stack map, others are not", () => {
  const { code } = compile(`func @main.f(ptr, i64, ptr) (i64) {
  call c1 @main.g(i64) (ptr)
b1:
  v1 = InitMem <mem>
  v2 = Arg <ptr> [0]
  v3 = Arg <i64> [1]
  v4 = Arg <ptr> [2]
  v5 = CallStatic <tuple> {c1} v3 v1
  v6 = SelectMem <mem> v5
  v7 = Select <ptr> [0] v5
  v8 = CallStatic <tuple> {c1} v3 v6
  v9 = SelectMem <mem> v8
  v10 = Select <ptr> [0] v8
  v11 = Load <i64> v2 v9
  v12 = Load <i64> v7 v9
  v13 = Add <i64> v11 v12
  v14 = Add <i64> v13 v3
  Ret v14 v9
}
`);
  assert.equal(code.entryPointers, 0b101);
  // Entry, and one place a call: the first keeps v2, the second v2 and v7.
  assert.deepEqual(
    code.stackMaps.map((s) => s.locals.length),
    [0, 1, 2],
  );
  assert.equal(code.stackMaps[0]?.offset, 0);
  assert.ok(code.stackMaps[2]?.locals.includes(code.stackMaps[1]?.locals[0] as number));
});

test("the landing of a function with defer is listed with the slots that it names", () => {
  const { code } = compile(`func @main.f() (i64) defer {
  slot s1 "r" 8 8 [] exposed
  slot s2 "p" 8 8 [0] exposed
  slot s3 "q" 8 8 [0]
  call c1 @runtime.deferreturn() ()
  call c2 @main.g(ptr) ()
b1:
  v1 = InitMem <mem>
  v2 = SlotAddr <ptr> {s1}
  v3 = Const <i64> [0]
  v4 = Store <mem> v2 v3 v1
  Fork -> b2 b3
b2: <- b1
  v5 = SlotAddr <ptr> {s3}
  v6 = Const <ptr> [0]
  v7 = Store <mem> v5 v6 v4
  v8 = CallStatic <tuple> {c2} v5 v7
  v9 = SelectMem <mem> v8
  v10 = SlotAddr <ptr> {s2}
  v11 = CallStatic <tuple> {c2} v10 v9
  v12 = SelectMem <mem> v11
  v13 = Const <i64> [7]
  Ret v13 v12
b3: <- b1 cold
  v20 = CallStatic <tuple> {c1} v4
  v21 = SelectMem <mem> v20
  v23 = SlotAddr <ptr> {s2}
  v24 = CallStatic <tuple> {c2} v23 v21
  v25 = SelectMem <mem> v24
  v22 = Load <i64> v2 v25
  Ret v22 v25
}
`);
  assert.ok(code.deferReturn > 0);
  assert.ok((code.flags & FuncFlagDefer) !== 0);
  const landing = code.stackMaps.find((s) => s.offset === code.deferReturn);
  assert.equal(landing?.locals.length, 1);
  // s3 is written before the collector can see it; s2 is not, and is zeroed at entry: movsd [rsp+disp8], xmm15.
  const p = 8 * (landing?.locals[0] as number);
  assert.ok(hex(code).includes(`f2440f117c24${p.toString(16).padStart(2, "0")}`));
  assert.equal(count(hex(code), /f2440f117c24/g), 3);
});

test("a slot is listed until it is named for the last time, and is an object if its address is a value", () => {
  const { code } = compile(`func @main.f(ptr) (ptr) {
  slot s1 "pair" 16 8 [0 1]
  slot s2 "plain" 8 8 [0]
  call c1 @main.g(ptr) ()
  call c2 @main.h() ()
b1:
  v1 = InitMem <mem>
  v2 = Arg <ptr> [0]
  v3 = SlotAddr <ptr> {s1}
  v4 = Store <mem> v3 v2 v1
  v5 = CallStatic <tuple> {c2} v4
  v6 = SelectMem <mem> v5
  v7 = Store <mem> [8] v3 v2 v6
  v8 = SlotAddr <ptr> {s2}
  v9 = Store <mem> v8 v2 v7
  v10 = CallStatic <tuple> {c1} v3 v9
  v11 = SelectMem <mem> v10
  v12 = CallStatic <tuple> {c2} v11
  v13 = SelectMem <mem> v12
  v14 = Load <ptr> v8 v13
  v15 = CallStatic <tuple> {c2} v13
  v16 = SelectMem <mem> v15
  Ret v14 v16
}
`);
  assert.deepEqual(
    code.stackObjects.map((o) => [o.words, o.pointers]),
    [[2, [0, 1]]],
  );
  const pair = code.stackObjects[0]?.word as number;
  const calls = code.stackMaps.filter((s) => s.offset > 0);
  // Before the second word is written only the first one counts; behind the last naming none does.
  assert.deepEqual(
    calls.map((s) => s.locals.filter((w) => w === pair || w === pair + 1)),
    [[pair], [], [], []],
  );
});

test("a call with no pointers around has no map", () => {
  const { code } = compile(`func @main.f() () {
  call c1 @main.g() ()
b1:
  v1 = InitMem <mem>
  v2 = CallStatic <tuple> {c1} v1
  v3 = SelectMem <mem> v2
  Ret v3
}
`);
  assert.deepEqual(code.stackMaps, []);
});

test("an access through the pointer is its nil check", () => {
  const { stages } = compile(`func @main.f(ptr, ptr) (i64) {
b1:
  v1 = InitMem <mem>
  v2 = Arg <ptr> [0]
  v3 = Arg <ptr> [1]
  v4 = NilCheck <ptr> v2 v1
  v5 = Load <i64> [16] v4 v1
  v6 = NilCheck <ptr> v3 v1
  v7 = Load <i64> [8192] v6 v1
  v8 = Add <i64> v5 v7
  Ret v8 v1
}
`);
  assert.equal(count(stages.get("lower"), /NILCHK/g), 1);
});

test("a nil check stays when a store comes before the access", () => {
  const { stages } = compile(`func @main.f(ptr, ptr) (i64) {
b1:
  v1 = InitMem <mem>
  v2 = Arg <ptr> [0]
  v3 = Arg <ptr> [1]
  v4 = NilCheck <ptr> v2 v1
  v5 = Const <i64> [1]
  v6 = Store <mem> v3 v5 v1
  v7 = Load <i64> v4 v6
  Ret v7 v6
}
`);
  assert.equal(count(stages.get("lower"), /NILCHK/g), 1);
});

const loop = (flags: string): string => `func @main.f(i64) (i64)${flags} {
b1:
  v1 = InitMem <mem>
  v2 = Arg <i64> [0]
  v3 = Const <i64> [0]
  Plain -> b2
b2: <- b1 b3
  v4 = Phi <i64> v3 v6
  v5 = Lt <i8> v4 v2
  If v5 -> b3 b4
b3: <- b2
  v7 = Const <i64> [3]
  v6 = Add <i64> v4 v7
  Plain -> b2
b4: <- b2
  Ret v4 v1
}
`;

test("a loop without calls polls, unless the function may not", () => {
  const polled = compile(loop(""));
  assert.equal(count(polled.stages.get("lower"), /POLL/g), 1);
  assert.ok(polled.code.relocs.sym.includes(polled.symbols.lookup("runtime.preemptPoll")));
  const free = compile(loop(" nopoll"));
  assert.equal(count(free.stages.get("lower"), /POLL/g), 0);
  assert.equal(free.code.frameSize, 0);
  // xor ecx, ecx; jmp test; add rcx, 3; test: cmp rcx, rax; jl; mov rax, rcx; ret
  assert.equal(hex(free.code), "31c9eb044883c1034839c17cf74889c8c3");
});

test("a frame above the small size compares a lowered stack pointer", () => {
  const { code } = compile(`func @main.f() (i64) {
  slot s1 "big" 1000 8 []
  call c1 @main.g(ptr) ()
b1:
  v1 = InitMem <mem>
  v2 = SlotAddr <ptr> {s1}
  v3 = CallStatic <tuple> {c1} v2 v1
  v4 = SelectMem <mem> v3
  v5 = Load <i64> [992] v2 v4
  Ret v5 v4
}
`);
  // lea r12, [rsp - (frame - 128)]; cmp r12, [r14 + 16]
  assert.ok(hex(code).startsWith("4c8da424"));
  // The slot and the spill space of the callee.
  assert.equal(code.frameSize, 1008);
});

test("long branches reach over much code", () => {
  const stores = Array.from({ length: 60 }, (_, i) => `  v${100 + i} = Store <mem> [${8 * i}] v2 v3 v${i === 0 ? 1 : 99 + i}`).join("\n");
  const { code } = compile(`func @main.f(ptr, i64) (i64) {
b1:
  v1 = InitMem <mem>
  v2 = Arg <ptr> [0]
  v3 = Arg <i64> [1]
  v4 = Const <i64> [5]
  v5 = Lt <i8> v3 v4
  If v5 -> b2 b3 likely
b2: <- b1
${stores}
  Plain -> b3
b3: <- b1 b2
  v6 = Phi <mem> v1 v159
  Ret v3 v6
}
`);
  // cmp rbx, 5; jge far
  assert.match(hex(code), /^4883fb050f8d[0-9a-f]{2}0[01]0000/);
});

test("the flags of arithmetic serve the test behind it", () => {
  const { code } = compile(`func @main.f(i64, i64) (i64) {
b1:
  v1 = InitMem <mem>
  v2 = Arg <i64> [0]
  v3 = Arg <i64> [1]
  v4 = Sub <i64> v2 v3
  v5 = Const <i64> [0]
  v6 = Eq <i8> v4 v5
  If v6 -> b2 b3
b2: <- b1
  v7 = Const <i64> [9]
  Ret v7 v1
b3: <- b1
  Ret v4 v1
}
`);
  assert.ok(hex(code).startsWith("4829d875"));
});

test("a constant that changes places with the other factor becomes an operand in memory", () => {
  const { code } = compile(`func @main.f(f64) (f64) {
b1:
  v1 = InitMem <mem>
  v2 = Arg <f64> [0]
  v3 = ConstF <f64> [0x3e7ad7f29abcaf48]
  v4 = FRound <f64> v3
  v5 = FRound <f64> v2
  v6 = FMul <f64> v4 v5
  Ret v6 v1
}
`);
  assert.match(hex(code), /^f20f5905/);
});
