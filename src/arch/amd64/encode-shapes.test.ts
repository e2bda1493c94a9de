// Every entry of the encoder's columns against the assembler, which is checked against Go's: the same instruction with the same
// operands has to come out the same both ways, or the compiler would emit something else than its tables say.
import assert from "node:assert/strict";
import test from "node:test";
import { Diagnostics } from "../../base/diagnostics.ts";
import { NoPos } from "../../base/pos.ts";
import { Symbols } from "../../ssa/symbol.ts";
import { Abi0, Addr, AddrConst, AddrMem, AddrReg, Prog, ProgText, type TextBlock } from "../asm.ts";
import { amd64Assembler } from "./asm.ts";
import { registerNames } from "./asm-regs.ts";
import * as e from "./encode.ts";
import * as I from "./inst.gen.ts";

const target = amd64Assembler();
const names = registerNames();
const unary = /^(NOT|NEG|INC|DEC|BSWAP|POP|SET|RD|CLFLUSH|CLWB|CLDEMOTE|FX|XSAVE|STMXCSR|S[GIL]DT|SMSW|STR|CMPXCHG\d)/;

const reg = (name: string): Addr => {
  const a = new Addr();
  a.type = AddrReg;
  a.reg = names.get(name) as number;
  return a;
};
const number = (value: number): Addr => {
  const a = new Addr();
  a.type = AddrConst;
  a.offset = value;
  return a;
};
const memory = (): Addr => {
  const a = new Addr();
  a.type = AddrMem;
  a.reg = 9;
  a.index = 1;
  a.scale = 4;
  a.offset = 40;
  return a;
};
const mem = () => new e.Mem().indexed(9, 1, 2, 40);

/** What the assembler makes of an instruction; null: it has no such form. Operands destination first. */
function assembled(word: string, operands: Addr[]): string | null {
  const args = /^CMP[BWLQ]$/.test(word) ? operands : operands.slice().reverse();
  const progs = [
    new Prog(ProgText, "TEXT", "", NoPos, 1, [], -1),
    new Prog(target.instruction(word), word, "", NoPos, 2, args, args.length - 1),
  ];
  // TEXT carries its name.
  const name = new Addr();
  name.sym = "f";
  (progs[0] as Prog).args = [name];
  const text: TextBlock = {
    name: "f",
    isStatic: false,
    abi: Abi0,
    flags: 4 | 512,
    frameSize: 0,
    argSize: 0,
    pos: NoPos,
    line: 1,
    progs,
  };
  const symbols = new Symbols();
  let failed = false;
  const code = target.assemble(text, {
    symbols,
    diagnostics: new Diagnostics(),
    fileName: "",
    symbolOf: () => symbols.intern("f"),
    addData: () => {},
    error: () => {
      failed = true;
    },
    show: () => "",
  });
  return code === null || failed ? null : Buffer.from(code.code).toString("hex");
}

function encoded(write: (b: e.CodeBuffer) => void): string {
  const b = new e.CodeBuffer();
  write(b);
  return Buffer.from(b.take()).toString("hex");
}

/** Pairs of register names and numbers to try: general, vector, mixed. */
const files: readonly (readonly [string, number])[] = [
  ["BX", 3],
  ["R13", 13],
  ["X11", 27],
  ["X3", 19],
];

/** Instructions over several register files; the columns hold one meaning, general registers for MOVL and MOVQ. */
const mixed = /^(CVTPL2P[DS]|VMOV[DQ]|VMOVS[DS]|VPBROADCAST[BWDQ])$/;

test("register and memory shapes", () => {
  let checked = 0;
  const wrong: string[] = [];
  const expect = (word: string, shape: string, operands: Addr[], got: string): boolean => {
    const vector = operands.some((a) => a.type === AddrReg && a.reg >= 16);
    if (vector && (word === "MOVL" || word === "MOVQ")) return false;
    const want = assembled(word, operands);
    if (want === null) return false;
    checked++;
    if (want !== got) wrong.push(`${word} ${shape}: encoder ${got}, assembler ${want}`);
    return true;
  };
  for (let inst = 1; inst < I.instNames.length; inst++) {
    const word = I.instNames[inst] as string;
    if (mixed.test(word) || word !== word.toUpperCase() || /^(PUSH|POP|RET|VGATHER|VPGATHER)/.test(word)) continue;
    const tries: [string, boolean][] = [];
    if (I.codeRR[inst] !== 0) {
      let any = false;
      for (const [a, an] of files) {
        for (const [b, bn] of files) {
          any =
            expect(
              word,
              "rr",
              [reg(a), reg(b)],
              encoded((x) => e.rr(x, inst, an, bn)),
            ) || any;
        }
      }
      tries.push(["rr", any]);
    }
    if (I.codeRM[inst] !== 0) {
      let any = false;
      for (const [a, an] of files)
        any =
          expect(
            word,
            "rm",
            [reg(a), memory()],
            encoded((x) => e.rm(x, inst, an, mem())),
          ) || any;
      tries.push(["rm", any]);
    }
    if (I.codeMR[inst] !== 0) {
      let any = false;
      for (const [a, an] of files)
        any =
          expect(
            word,
            "mr",
            [memory(), reg(a)],
            encoded((x) => e.mr(x, inst, mem(), an)),
          ) || any;
      tries.push(["mr", any]);
    }
    if (I.codeMI[inst] !== 0 || I.codeMI8[inst] !== 0) {
      let any = false;
      for (const value of [1, 3, -5, 100, 1000]) {
        if (I.codeMI[inst] === 0 && value > 127) continue;
        for (const [a, an] of files) {
          any =
            expect(
              word,
              "ri",
              [reg(a), number(value)],
              encoded((x) => e.ri(x, inst, an, value)),
            ) || any;
        }
        any =
          expect(
            word,
            "mi",
            [memory(), number(value)],
            encoded((x) => e.mi(x, inst, mem(), value)),
          ) || any;
      }
      tries.push(["ri/mi", any]);
    }
    if (I.codeM[inst] !== 0 && !unary.test(word) && I.codeMI8[inst] === 0) {
      expect(
        word,
        "r",
        [reg("R13")],
        encoded((x) => e.r(x, inst, 13)),
      );
      expect(
        word,
        "m",
        [memory()],
        encoded((x) => e.m(x, inst, mem())),
      );
    }
    if (I.codeRRI[inst] !== 0) {
      let any = false;
      for (const [a, an] of files) {
        for (const [b, bn] of files) {
          const operands = /^CMP[PS]/.test(word) ? [number(3), reg(a), reg(b)] : [reg(a), reg(b), number(3)];
          any =
            expect(
              word,
              "rri",
              operands,
              encoded((x) => e.rri(x, inst, an, bn, 3)),
            ) || any;
        }
      }
      tries.push(["rri", any]);
    }
    if (I.codeVRM[inst] !== 0) {
      let any = false;
      for (const [a, an] of files) {
        for (const [b, bn] of files) {
          for (const [c, cn] of files) {
            const count = /^(SHLX|SHRX|SARX|BEXTR|BZHI)/.test(word);
            const operands = count ? [reg(a), reg(c), reg(b)] : [reg(a), reg(b), reg(c)];
            any =
              expect(
                word,
                "vrr",
                operands,
                encoded((x) => e.vrr(x, inst, an, bn, cn)),
              ) || any;
          }
        }
      }
      for (const [a, an] of files) {
        for (const [b, bn] of files) {
          const count = /^(SHLX|SHRX|SARX|BEXTR|BZHI)/.test(word);
          const operands = count ? [reg(a), memory(), reg(b)] : [reg(a), reg(b), memory()];
          any =
            expect(
              word,
              "vrm",
              operands,
              encoded((x) => e.vrm(x, inst, an, bn, mem())),
            ) || any;
        }
      }
      tries.push(["vrr", any]);
    }
    for (const [shape, any] of tries) if (!any) wrong.push(`${word} ${shape}: no operands for it found`);
  }
  assert.equal(wrong.slice(0, 50).join("\n"), "", `${wrong.length} wrong`);
  assert.ok(checked > 5000, `only ${checked} checked`);
});
