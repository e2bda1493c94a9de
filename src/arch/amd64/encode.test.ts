import assert from "node:assert/strict";
import test from "node:test";
import type { Sym } from "../../ssa/symbol.ts";
import * as e from "./encode.ts";
import * as I from "./inst.gen.ts";
import { AX, BP, BX, CX, DI, R8, R9, R12, R13, R14, SI, SP, X0 } from "./regs.ts";

function hex(write: (b: e.CodeBuffer) => void): string {
  const b = new e.CodeBuffer();
  write(b);
  return Buffer.from(b.take()).toString("hex");
}

test("registers and immediates take the shortest form", () => {
  assert.equal(
    hex((b) => e.rr(b, I.MOVQ, BX, AX)),
    "4889c3",
  );
  assert.equal(
    hex((b) => e.rr(b, I.ADDL, R9, CX)),
    "4101c9",
  );
  assert.equal(
    hex((b) => e.rr(b, I.CMPQ, AX, BX)),
    "4839d8",
  );
  assert.equal(
    hex((b) => e.rr(b, I.IMULQ, AX, BX)),
    "480fafc3",
  );
  assert.equal(
    hex((b) => e.rr(b, I.MOVBLZX, AX, SI)),
    "400fb6c6",
  );
  assert.equal(
    hex((b) => e.ri(b, I.ADDQ, SP, -128)),
    "4883c480",
  );
  assert.equal(
    hex((b) => e.ri(b, I.CMPQ, AX, 1000)),
    "483de8030000",
  );
  assert.equal(
    hex((b) => e.ri(b, I.MOVL, R8, 7)),
    "41b807000000",
  );
  assert.equal(
    hex((b) => e.ri(b, I.SHLQ, BX, 1)),
    "48d1e3",
  );
  assert.equal(
    hex((b) => e.ri(b, I.SHLQ, BX, 5)),
    "48c1e305",
  );
  assert.equal(
    hex((b) => e.r(b, I.SHLQ, BX)),
    "48d3e3",
  );
  assert.equal(
    hex((b) => e.r(b, I.PUSHQ, R12)),
    "4154",
  );
  assert.equal(
    hex((b) => e.r(b, I.NEGQ, AX)),
    "48f7d8",
  );
  assert.equal(
    hex((b) => e.rri(b, I.IMUL3Q, AX, BX, 24)),
    "486bc318",
  );
  assert.equal(
    hex((b) => e.rri(b, I.IMUL3Q, AX, BX, 240)),
    "4869c3f0000000",
  );
  assert.equal(
    hex((b) => e.zero(b, I.CQO)),
    "4899",
  );
  assert.equal(
    hex((b) => e.setcc(b, 4, DI)),
    "400f94c7",
  );
  assert.equal(
    hex((b) => e.movImm64(b, AX, 1, 2, false)),
    "48b80100000002000000",
  );
});

test("memory operands", () => {
  const m = new e.Mem();
  assert.equal(
    hex((b) => e.rm(b, I.MOVQ, AX, m.at(SP, 8))),
    "488b442408",
  );
  assert.equal(
    hex((b) => e.rm(b, I.MOVQ, AX, m.at(BP, 0))),
    "488b4500",
  );
  assert.equal(
    hex((b) => e.rm(b, I.MOVL, AX, m.at(R13, 0))),
    "418b4500",
  );
  assert.equal(
    hex((b) => e.mr(b, I.MOVB, m.at(AX, 0), SI)),
    "408830",
  );
  assert.equal(
    hex((b) => e.mr(b, I.MOVQ, m.indexed(AX, R9, 3, 256), BX)),
    "4a899cc800010000",
  );
  assert.equal(
    hex((b) => e.mi(b, I.MOVL, m.at(AX, 0), 5)),
    "c70005000000",
  );
  assert.equal(
    hex((b) => e.rm(b, I.CMPQ, SP, m.at(R14, 16))),
    "493b6610",
  );
  assert.equal(
    hex((b) => e.rm(b, I.MOVQ, R14, m.fs(-8))),
    "644c8b3425f8ffffff",
  );
  assert.equal(
    hex((b) => e.rm(b, I.ADDSD, X0 + 9, m.at(AX, 8))),
    "f2440f584808",
  );
  assert.equal(
    hex((b) => e.mr(b, I.XADDQ, m.at(BX, 0), AX)),
    "480fc103",
  );
});

test("symbols leave relocations that count immediates", () => {
  const b = new e.CodeBuffer();
  e.mi(b, I.CMPL, new e.Mem().symbol(5 as Sym, 4), 0);
  assert.equal(Buffer.from(b.take()).toString("hex"), "833d0000000000");
  assert.deepEqual([b.relocs.offset[0], b.relocs.sym[0], b.relocs.addend[0]], [2, 5, -1]);
});

test("vectors", () => {
  assert.equal(
    hex((b) => e.rr(b, I.MOVQxr, X0, AX)),
    "66480f6ec0",
  );
  assert.equal(
    hex((b) => e.rr(b, I.MOVQrx, AX, X0)),
    "66480f7ec0",
  );
  assert.equal(
    hex((b) => e.rr(b, I.CVTSQ2SD, X0, AX)),
    "f2480f2ac0",
  );
  assert.equal(
    hex((b) => e.rr(b, I.UCOMISD, X0, X0 + 1)),
    "660f2ec1",
  );
  assert.equal(
    hex((b) => e.rr(b, I.MOVUPS, X0, X0 + 15)),
    "410f10c7",
  );
  assert.equal(
    hex((b) => e.vrr(b, I.VFMADD231SD, X0, X0 + 1, X0 + 2)),
    "c4e2f1b9c2",
  );
  assert.equal(
    hex((b) => e.vrr(b, I.SHLXQ, AX, BX, CX)),
    "c4e2e1f7c1",
  );
  assert.equal(
    hex((b) => e.rri(b, I.ROUNDSD, X0, X0 + 1, 3)),
    "660f3a0bc103",
  );
});
