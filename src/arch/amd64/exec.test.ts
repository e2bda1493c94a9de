import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { compileFunction } from "../../codegen/compile.ts";
import { interpret } from "../../ssa/interpret.ts";
import { optimize } from "../../passes/pipeline.ts";
import type { Func } from "../../ssa/func.ts";
import type { FuncCode } from "../../ssa/object.ts";
import { Symbols } from "../../ssa/symbol.ts";
import { TypeF32, TypeF64 } from "../../ssa/types.ts";
import { mustVerify } from "../../ssa/verify.ts";
import { amd64 } from "./index.ts";
import { Random, randomFunc, randomParams } from "./random.ts";
import { mixHelper, runtimeHelpers, type TestCall, testImage } from "./testing.ts";

const onLinux = process.platform === "linux" && process.arch === "x64";

function execute(functions: readonly FuncCode[], helpers: Parameters<typeof testImage>[1], calls: readonly TestCall[]): bigint[] {
  const folder = mkdtempSync(join(tmpdir(), "go3s-exec-"));
  try {
    const path = join(folder, "program");
    writeFileSync(path, testImage(functions, helpers, calls));
    chmodSync(path, 0o755);
    const out = execFileSync(path, { maxBuffer: 1 << 26, timeout: 20000 });
    const results: bigint[] = [];
    for (let i = 0; i + 8 <= out.length; i += 8) results.push(out.readBigUInt64LE(i));
    return results;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const seeds = Number(process.env["RANDOM_SEEDS"] ?? 150);
const firstSeed = Number(process.env["RANDOM_FIRST"] ?? 1);
const functionSize = Number(process.env["RANDOM_SIZE"] ?? 60);

const skip = !onLinux && "needs linux/amd64";

test("random functions compute what the interpreter computes", { skip }, () => compareRandom(firstSeed, seeds, () => {}));

test("optimised random functions do so too", { skip }, () => {
  const options = { verify: false, off: new Set<string>(), dump: null };
  compareRandom(firstSeed + 100_000, seeds, (f) => {
    optimize(f, options);
    mustVerify(f, "optimising");
  });
});

function compareRandom(first: number, count: number, prepare: (f: Func) => void): void {
  const symbols = new Symbols();
  const helper = symbols.intern("test.mix");
  const mask = (1n << 64n) - 1n;
  const mix = (args: readonly bigint[]): readonly bigint[] => [(args[0] * 3n + args[1]) & mask, args[0] ^ args[1]];
  const helpers = [mixHelper(helper), ...runtimeHelpers(symbols)];
  const functions: FuncCode[] = [];
  const calls: TestCall[] = [];
  const expected: { seed: number; args: bigint[]; results: bigint[] }[] = [];
  for (let seed = first; seed < first + count; seed++) {
    const sym = symbols.intern(`test.f${seed}`);
    const f = randomFunc(sym, helper, seed, functionSize);
    mustVerify(f, `generation of seed ${seed}`);
    const r = new Random(seed ^ 0x5555);
    for (let i = 0; i < 4; i++) {
      const args = randomParams.map((type) => {
        if (type === TypeF64) return BigInt(r.pick([0, 0x3ff00000, 0x40590000, 0xc0000000])) << 32n;
        if (type === TypeF32) return BigInt(r.pick([0, 0x3f800000, 0x42c80000, 0xc0000000]));
        return BigInt.asUintN(64, r.big());
      });
      const results = interpret(f, args, new Map([[helper, mix]]));
      expected.push({ seed, args, results });
      calls.push({
        sym,
        args: [
          [0, args[0]],
          [1, args[1]],
          [2, args[2]],
          [3, args[3]],
          [64, args[4]],
          [65, args[5]],
        ],
        results: [0, 64],
      });
    }
    try {
      prepare(f);
      functions.push(compileFunction(f, amd64, symbols, { verify: true }));
    } catch (e) {
      throw new Error(`seed ${seed}: ${(e as Error).message}`, { cause: e });
    }
  }
  let got: bigint[];
  try {
    got = execute(functions, helpers, calls);
  } catch (e) {
    // Which one crashes?
    for (let i = 0; i < calls.length; i++) {
      try {
        execute(functions, helpers, [calls[i]]);
      } catch {
        throw new Error(`seed ${expected[i].seed} crashes with ${expected[i].args.map((x) => x.toString(16))}`, { cause: e });
      }
    }
    throw e;
  }
  const wrong: string[] = [];
  const bad = new Set<number>();
  expected.forEach((e, i) => {
    for (let k = 0; k < 2; k++) {
      const x = got[2 * i + k];
      const y = e.results[k];
      if (x === y || (k === 1 && isNaNBits(x) && isNaNBits(y))) continue;
      if (!bad.has(e.seed))
        wrong.push(`seed ${e.seed} (${e.args.map((a) => a.toString(16))}) result ${k}: got ${x?.toString(16)}, want ${y.toString(16)}`);
      bad.add(e.seed);
    }
  });
  assert.deepEqual(wrong, []);
}

const isNaNBits = (x: bigint): boolean => (x & 0x7fffffffffffffffn) > 0x7ff0000000000000n;
