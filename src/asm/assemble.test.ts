import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { amd64Assembler } from "../arch/amd64/asm.ts";
import { Diagnostics } from "../base/diagnostics.ts";
import { Sources } from "../base/pos.ts";
import { DataReadOnly, DataWritable, DataZero, FuncFlagNoSplit, FuncFlagSpWrite, RelocAbs64 } from "../ssa/object.ts";
import { Symbols } from "../ssa/symbol.ts";
import { type AsmUnit, assemble } from "./assemble.ts";

const target = amd64Assembler();
const textflag = `#define NOPROF 1
#define DUPOK 2
#define NOSPLIT 4
#define RODATA 8
#define NOPTR 16
#define NEEDCTXT 64
#define NOFRAME 512
`;

interface Result {
  readonly unit: AsmUnit;
  readonly symbols: Symbols;
  readonly errors: string[];
}

function run(source: string, options: { functions?: string[]; abi?: boolean; defines?: string[] } = {}): Result {
  const symbols = new Symbols();
  const sources = new Sources();
  const diagnostics = new Diagnostics();
  const unit = assemble(new TextEncoder().encode(source), "dir/file.s", {
    target,
    packagePath: "a/main",
    defines: options.defines ?? ["GOARCH_amd64"],
    include: (name) => (name === "textflag.h" ? new TextEncoder().encode(textflag) : null),
    isFunction: (name) => (options.functions ?? []).includes(name),
    allowAbi: options.abi ?? false,
    symbols,
    sources,
    diagnostics,
  });
  return { unit, symbols, errors: diagnostics.render(sources, 0) };
}

function hexOf(source: string): string {
  const { unit, errors } = run(`TEXT ·f(SB), 4, $0\n${source}\n`);
  assert.deepEqual(errors, []);
  return Buffer.from(unit.functions[0]?.code.code ?? []).toString("hex");
}

test("the same bytes and relocations as go tool asm", () => {
  const source = readFileSync("src/asm/testdata/amd64.s", "utf8");
  const { unit, symbols, errors } = run(source);
  assert.deepEqual(errors, []);
  const got = new Map<string, string>();
  for (const { code } of unit.functions) {
    const bytes = code.code.slice();
    // The golden file has zeros where the linker puts the offset of g.
    const hex = Buffer.from(bytes).toString("hex").replaceAll("2425f8ffffff", "242500000000");
    got.set(symbols.name(code.sym), `${bytes.length} ${hex} ${Array.from(code.relocs.offset).join()}`);
  }
  for (const d of unit.data) {
    const bytes = Buffer.from(d.bytes)
      .toString("hex")
      .replace(/(00)*$/, "");
    got.set(symbols.name(d.sym), `${d.size} ${bytes} ${Array.from(d.relocs.offset).join()}`);
  }
  let checked = 0;
  for (const line of readFileSync("src/asm/testdata/amd64.golden", "utf8").trim().split("\n")) {
    const [name, kind, size, bytes, ...relocs] = line.split(" ") as [string, string, string, string, ...string[]];
    const isCode = kind.startsWith("STEXT");
    const qualified = name.startsWith("main.") ? `a/${name}` : name;
    const statics = `a/main.${name}<>file.s`;
    const mine = got.get(isCode ? `${qualified}<0>` : qualified) ?? got.get(statics);
    const offsets = relocs.filter((r) => !r.includes("R_TLS_LE")).map((r) => r.split(":")[0]);
    let hex = bytes === "-" ? "" : bytes;
    if (!isCode) hex = hex.replace(/(00)*$/, "");
    if (relocs.some((r) => r.includes("R_TLS_LE"))) {
      assert.equal(mine?.split(" ")[1]?.length, hex.length, name);
      assert.equal(mine?.replaceAll("f8ffffff", "00000000").split(" ")[1], hex, name);
    } else assert.equal(mine, `${size} ${hex} ${offsets.join()}`, name);
    checked++;
  }
  assert.ok(checked > 20);
});

test("g is at fs:-8", () => {
  assert.equal(hexOf("MOVQ (TLS), R14"), "644c8b3425f8ffffff");
  assert.equal(hexOf("MOVQ TLS, CX\nMOVQ 0(CX)(TLS*1), AX"), "64488b0425f8ffffff");
});

test("symbols are named by ABI and use", () => {
  const { unit, symbols, errors } = run(
    `#include "textflag.h"
TEXT ·f<ABIInternal>(SB), NOSPLIT, $0-8
	CALL ·g(SB)
	CALL runtime·h<ABIInternal>(SB)
	LEAQ ·g(SB), AX
	LEAQ ·v(SB), AX
	LEAQ other∕pkg·fn(SB), AX
	MOVQ $·s<>(SB), AX
	RET
TEXT ·g(SB), NOSPLIT, $0-8
	RET
GLOBL ·s<>(SB), RODATA, $8
DATA ·ptr(SB)/8, $·g(SB)
GLOBL ·ptr(SB), NOPTR, $8
GLOBL ·zero(SB), NOPTR, $64
`,
    { functions: ["other/pkg.fn"], abi: true },
  );
  assert.deepEqual(errors, []);
  const names = unit.functions.map((f) => [symbols.name(f.code.sym), f.name, f.abi, f.argSize]);
  assert.deepEqual(names, [
    ["a/main.f", "a/main.f", 1, 8],
    ["a/main.g<0>", "a/main.g", 0, 8],
  ]);
  const relocs = unit.functions[0]?.code.relocs;
  assert.deepEqual(
    relocs?.sym.map((s) => symbols.name(s)),
    ["a/main.g<0>", "runtime.h", "a/main.g<0>", "a/main.v", "other/pkg.fn<0>", "a/main.s<>file.s"],
  );
  assert.deepEqual(
    unit.references.map((r) => [symbols.name(r.sym), r.name, r.abi]),
    [
      ["runtime.h", "runtime.h", 1],
      ["a/main.v", "a/main.v", -1],
      ["other/pkg.fn<0>", "other/pkg.fn", 0],
    ],
  );
  const data = unit.data.map((d) => [symbols.name(d.sym), d.section, d.size, d.align]);
  assert.deepEqual(data, [
    ["a/main.s<>file.s", DataReadOnly, 8, 8],
    ["a/main.ptr", DataWritable, 8, 8],
    ["a/main.zero", DataZero, 64, 32],
  ]);
  assert.deepEqual(unit.data[1]?.relocs.kind, [RelocAbs64]);
});

test("functions say their frame and flags", () => {
  const { unit } = run("TEXT ·f(SB), 4, $24-8\nMOVQ AX, SP\nRET\nTEXT ·g(SB), 4, $0\nNOP SP\nRET\n");
  const [f, g] = unit.functions;
  assert.equal(f?.code.frameSize, 32);
  assert.equal(f?.argSize, 8);
  assert.ok(((f?.code.flags ?? 0) & FuncFlagSpWrite) !== 0);
  assert.ok(((f?.code.flags ?? 0) & FuncFlagNoSplit) !== 0);
  assert.equal(g?.code.frameSize, 0);
  assert.equal(g?.argSize, -1);
  assert.equal((g?.code.flags ?? 0) & FuncFlagSpWrite, 0);
});

test("preprocessor", () => {
  assert.equal(hexOf("#define N 5\n#define ADD(x, r) ADDQ $(x+N), r\nADD(1, BX)\n"), "4883c306");
  assert.equal(hexOf("#define TWO(r) INCQ r \\\n INCQ r; INCQ r\nTWO(BX)"), "48ffc348ffc348ffc3");
  assert.equal(hexOf("#ifdef GOARCH_amd64\nINCQ BX\n#else\nDECQ BX\n#endif"), "48ffc3");
  assert.equal(hexOf("#ifndef GOARCH_amd64\nINCQ BX\n#else\nDECQ BX\n#endif"), "48ffcb");
  assert.equal(hexOf("#define A(x) B(x)\n#define B(x) INCQ x\nA(BX)"), "48ffc3");
  assert.equal(hexOf("#define EMPTY\nEMPTY INCQ BX // EMPTY\n/* two\nlines */ DECQ BX"), "48ffc348ffcb");
});

test("errors have the words of go tool asm", () => {
  const first = (source: string) => run(source).errors[0];
  assert.equal(first("TEXT ·f(SB), 4, $0\n\tFOO AX\n"), 'dir/file.s:2: unrecognized instruction "FOO"');
  assert.equal(first("TEXT ·f(SB), 4, $0\n\tJMP nowhere\n\tRET\n"), "dir/file.s:4: undefined label nowhere");
  assert.equal(first('#include "gone.h"\n'), "dir/file.s:2: #include: open gone.h: no such file or directory");
  assert.equal(first("TEXT ·f(SB), 4, $0\nx:\nx:\n\tRET\n"), 'dir/file.s:4: label "x" multiply defined');
  assert.equal(first("TEXT ·f(SB), 4, $0\n\tMOVQ AX, (BX\n"), "dir/file.s:2: expected ')', found EOF");
  assert.equal(first("#ifdef X\n"), "dir/file.s:2: unclosed #ifdef or #ifndef");
  assert.equal(first("TEXT ·f(SB), 4, $0\n\tMOVQ AX, 8(FP)\n"), "dir/file.s:2: cannot reference FP without a symbol");
  assert.equal(
    first("TEXT ·f<ABIInternal>(SB), 4, $0\n"),
    'dir/file.s:1: ABI selector only permitted when compiling runtime, reference was to "a/main.f"',
  );
});
