// For tests: puts compiled functions into a static ELF file that calls them with given arguments and writes their results to its output.

import type { FuncCode } from "../../ssa/object.ts";
import type { Sym, Symbols } from "../../ssa/symbol.ts";
import { floatArguments, integerArguments } from "./abi.ts";
import * as E from "./encode.ts";
import { MOVQ, MOVSD, SYSCALL, XORPS } from "./inst.gen.ts";
import { AX, DI, DX, R14, SI, SP, X15 } from "./regs.ts";

/** One call: arguments by register number of the convention (0.. integers, 64.. floats), as bits. */
export interface TestCall {
  readonly sym: Sym;
  readonly args: readonly [number, bigint][];
  /** Result registers, in the same numbering. */
  readonly results: readonly number[];
}

const base = 0x400000;
const headerSize = 120;

/** Machine code of a helper: it is given with its symbol and no relocations. */
export interface Helper {
  readonly sym: Sym;
  readonly code: Uint8Array;
}

/** Assembles the file. The output of the program is 8 bytes a result, in order. */
export function testImage(functions: readonly FuncCode[], helpers: readonly Helper[], calls: readonly TestCall[]): Uint8Array {
  const buf = new E.CodeBuffer();
  const mem = new E.Mem();
  const addresses = new Map<Sym, number>();
  const texts: { code: Uint8Array; at: number; f: FuncCode | null }[] = [];
  let at = base + 0x1000;
  for (const f of functions) {
    addresses.set(f.sym, at);
    texts.push({ code: f.code, at, f });
    at += Math.ceil((f.code.length + 16) / 16) * 16;
  }
  for (const h of helpers) {
    addresses.set(h.sym, at);
    texts.push({ code: h.code, at, f: null });
    at += Math.ceil((h.code.length + 16) / 16) * 16;
  }
  const stub = Math.ceil(at / 4096) * 4096;
  // The place of the data depends on the stub's length, which a first round with a like address finds.
  let data = 0x10000000;
  let resultCount = 0;
  for (let round = 0; round < 2; round++) {
    buf.reset();
    resultCount = 0;
    for (const c of calls) {
      E.movImm64(buf, R14, data | 0, 0, true);
      E.rr(buf, XORPS, X15, X15);
      for (const [r, bits] of c.args) {
        const low = Number(BigInt.asIntN(32, bits));
        const high = Number(BigInt.asIntN(32, bits >> 32n));
        E.movImm64(buf, 12, low, high, true);
        if (r < 64) E.rr(buf, MOVQ, integerArguments[r], 12);
        else {
          E.mr(buf, MOVQ, mem.at(SP, -8), 12);
          E.rm(buf, MOVSD, floatArguments[r - 64], mem.at(SP, -8));
        }
      }
      const target = addresses.get(c.sym) as number;
      E.callSym(buf, 1 as Sym);
      buf.patch32(buf.pos - 4, target - (stub + buf.pos));
      E.movImm64(buf, 12, data | 0, 0, true);
      for (const r of c.results) {
        const offset = 4096 + 8 * resultCount++;
        if (r < 64) E.mr(buf, MOVQ, mem.at(12, offset), integerArguments[r]);
        else E.mr(buf, MOVSD, mem.at(12, offset), floatArguments[r - 64]);
      }
    }
    E.movImm64(buf, AX, 1, 0, true);
    E.movImm64(buf, DI, 1, 0, true);
    E.movImm64(buf, SI, (data + 4096) | 0, 0, true);
    E.movImm64(buf, DX, 8 * resultCount, 0, true);
    E.zero(buf, SYSCALL);
    E.movImm64(buf, AX, 60, 0, true);
    E.movImm64(buf, DI, 0, 0, true);
    E.zero(buf, SYSCALL);
    data = Math.ceil((stub + buf.pos) / 4096) * 4096 + 4096;
  }
  const fileSize = stub + buf.pos - base;
  const image = new Uint8Array(fileSize);
  const header = new DataView(image.buffer);
  image.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  header.setUint16(16, 2, true);
  header.setUint16(18, 62, true);
  header.setUint32(20, 1, true);
  header.setBigUint64(24, BigInt(stub), true);
  header.setBigUint64(32, 64n, true);
  header.setUint16(52, 64, true);
  header.setUint16(54, 56, true);
  header.setUint16(56, 1, true);
  header.setUint32(64, 1, true);
  header.setUint32(68, 7, true);
  header.setBigUint64(72, 0n, true);
  header.setBigUint64(80, BigInt(base), true);
  header.setBigUint64(88, BigInt(base), true);
  header.setBigUint64(96, BigInt(fileSize), true);
  header.setBigUint64(104, BigInt(data + 4096 + 8 * resultCount + 4096 - base), true);
  header.setBigUint64(112, 4096n, true);
  if (headerSize > 0x1000) throw new Error("header");
  for (const t of texts) {
    const bytes = t.code.slice();
    if (t.f !== null) {
      const relocs = t.f.relocs;
      for (let i = 0; i < relocs.count; i++) {
        const target = addresses.get(relocs.sym[i]) ?? base;
        const place = relocs.offset[i];
        new DataView(bytes.buffer).setInt32(place, target + relocs.addend[i] - (t.at + place), true);
      }
    }
    image.set(bytes, t.at - base);
  }
  image.set(buf.take(), stub - base);
  return image;
}

/** A helper that returns x*3+y, x^y of its two integer arguments and destroys every other register. */
export function mixHelper(sym: Sym): Helper {
  const buf = new E.CodeBuffer();
  const mem = new E.Mem();
  // lea r12, [rax + rax*2]; add r12, rbx; mov r13, rax; xor r13, rbx
  E.lea(buf, 12, mem.indexed(0, 0, 1, 0));
  E.lea(buf, 12, mem.indexed(12, 3, 0, 0));
  E.rr(buf, MOVQ, 13, 0);
  E.encodeRegs(buf, 0x31 | E.WBit, 3, 0, 13);
  for (const r of [1, 2, 5, 6, 7, 8, 9, 10, 11, 15]) E.movImm64(buf, r, 0x0bad0000 + r, 0x0bad, true);
  for (let r = 16; r < 31; r++) E.encodeRegs(buf, 0x6e | (1 << E.MapShift) | (1 << E.PrefixShift) | E.WBit, r, 0, 1);
  E.rr(buf, MOVQ, 0, 12);
  E.rr(buf, MOVQ, 3, 13);
  E.movImm64(buf, 12, 0x0bad0012, 0x0bad, true);
  E.movImm64(buf, 13, 0x0bad0013, 0x0bad, true);
  E.ret(buf);
  return { sym, code: buf.take() };
}

/** Stand-ins for what compiled code calls of the runtime. */
export function runtimeHelpers(symbols: Symbols): Helper[] {
  return [
    { sym: symbols.intern("runtime.preemptPoll"), code: new Uint8Array([0xc3]) },
    // mov rdi, rax; mov rcx, rbx; xor eax, eax; rep stosb; ret
    {
      sym: symbols.intern("runtime.memclrNoHeapPointers"),
      code: new Uint8Array([0x48, 0x89, 0xc7, 0x48, 0x89, 0xd9, 0x31, 0xc0, 0xf3, 0xaa, 0xc3]),
    },
    // mov rdi, rax; mov rsi, rbx; rep movsb; ret
    { sym: symbols.intern("runtime.memmove"), code: new Uint8Array([0x48, 0x89, 0xc7, 0x48, 0x89, 0xde, 0xf3, 0xa4, 0xc3]) },
  ];
}
