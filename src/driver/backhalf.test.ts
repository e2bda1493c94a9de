// The back half with other threads: the same code whoever makes it, and faults that say where they are.

import assert from "node:assert/strict";
import { test } from "node:test";
import { findArchitecture } from "../arch/registry.ts";
import type { Architecture } from "../arch/architecture.ts";
import { Diagnostics } from "../base/diagnostics.ts";
import type { Thread } from "../base/host.ts";
import { Sources } from "../base/pos.ts";
import { NodeHost } from "../host/node.ts";
import type { Func, Value } from "../ssa/func.ts";
import type { FuncCode } from "../ssa/object.ts";
import { OpAdd } from "../ssa/ops.gen.ts";
import { readFuncs } from "../ssa/read.ts";
import { type Sym, Symbols } from "../ssa/symbol.ts";
import { BackHalf } from "./backhalf.ts";
import { CodeCache } from "./codecache.ts";
import { compileJobs } from "./job.ts";
import { Packs } from "./pack.ts";
import { Progress } from "./progress.ts";

const architecture = findArchitecture("amd64") as Architecture;

/** How a thread behaves. */
interface Manner {
  /** Does so many jobs and dies in the next. */
  readonly life: number;
  /** Does one job each time it is asked so often for answers. */
  readonly pace: number;
}

/** A thread that is none. */
class SlowThread implements Thread {
  readonly jobs: Uint8Array[] = [];
  private readonly work: (job: Uint8Array) => Uint8Array | null;
  private readonly manner: Manner;
  done = 0;
  private asked = 0;

  constructor(setup: string, shared: Int32Array, manner: Manner) {
    this.work = compileJobs(setup, shared);
    this.manner = manner;
  }

  post(message: Uint8Array): void {
    this.jobs.push(message);
  }

  receive(): Uint8Array | null {
    const job = ++this.asked % this.manner.pace === 0 ? this.jobs.shift() : undefined;
    if (job === undefined) return null;
    const answer = this.work(job);
    if (answer !== null && this.done++ === this.manner.life) this.jobs.length = 0;
    return this.isAlive() ? answer : null;
  }

  isAlive(): boolean {
    return this.done <= this.manner.life;
  }

  end(): void {}
}

class TestHost extends NodeHost {
  readonly started: SlowThread[] = [];
  private readonly manner: Manner;

  constructor(manner: Manner) {
    super([]);
    this.manner = manner;
  }

  override startThread(setup: string, shared: Int32Array): Thread {
    const thread = new SlowThread(setup, shared, this.manner);
    this.started.push(thread);
    return thread;
  }
}

/** A function that adds a number of its own. */
const text = (i: number): string => `func @main.f${i}(i64) (i64) {
  call c1 @main.g${i % 7}(i64) (i64)
b1:
  v1 = InitMem <mem>
  v2 = Arg <i64> [0]
  v3 = Const <i64> [${i}]
  v4 = Add <i64> v2 v3
  v5 = CallStatic <tuple> {c1} v4 v1
  v6 = SelectMem <mem> v5
  v7 = Select <i64> [0] v5
  Ret v7 v6
}
`;

/** A build of so many functions. */
class Sample {
  readonly host: TestHost;
  readonly symbols = new Symbols();
  readonly diagnostics = new Diagnostics();
  readonly functions: Func[] = [];
  readonly back: BackHalf;

  constructor(count: number, threads: number, manner: Partial<Manner> = {}) {
    this.host = new TestHost({ life: Number.POSITIVE_INFINITY, pace: 1, ...manner });
    const { host, symbols, diagnostics } = this;
    const sources = new Sources();
    const file = sources.add("main.go", 1000);
    for (let i = 0; i < count; i++) {
      const [f] = readFuncs(text(i), symbols, architecture.target.registers) as [Func];
      for (let v = 1; v < f.valueCount; v++) f.pos_[v] = file.pos(v + i);
      this.functions.push(f);
    }
    const codes = new CodeCache(new Packs(host, null, false), symbols, sources, "");
    this.back = new BackHalf({
      host,
      sources,
      symbols,
      diagnostics,
      architecture,
      options: { verify: true, off: new Set(), dump: null },
      codes,
      compare: false,
      broken: null,
      progress: new Progress(host),
      threads,
    });
  }

  /** Code with names for symbols. */
  finish(): unknown {
    return this.back.finish(this.functions).map((code: FuncCode) => ({
      ...code,
      code: [...code.code],
      sym: this.symbols.name(code.sym),
      relocs: code.relocs.sym.map((s) => this.symbols.name(s as Sym)),
    }));
  }
}

/** Gives a function an operation that the back half does not know. */
function spoil(f: Func): void {
  const v = [...f.op.keys()].find((i) => f.op[i] === OpAdd) as Value;
  f.setArg(v, 0, 999 as Value);
}

test("the code and its order do not depend on who makes it", () => {
  const alone = new Sample(40, 1);
  const code = alone.finish();
  assert.equal(alone.host.started.length, 0);
  for (const threads of [2, 4]) {
    const s = new Sample(40, threads);
    s.back.prepare();
    assert.equal(s.host.started.length, threads - 1);
    assert.deepEqual(s.finish(), code);
    assert.ok(s.host.started.every((t) => t.done > 0));
  }
});

test("what threads have not begun with is done here", () => {
  const s = new Sample(40, 3, { pace: 3 });
  s.back.prepare();
  assert.deepEqual(s.finish(), new Sample(40, 1).finish());
  const done = s.host.started.map((t) => t.done);
  assert.ok(
    done.every((n) => n > 2 && n < 20),
    `${done}`,
  );
});

test("functions that are begun with early may be left out, and the rest is as it was", () => {
  const s = new Sample(40, 3, { pace: Number.POSITIVE_INFINITY });
  s.back.prepare();
  for (const f of s.functions.slice(3, 20)) s.back.begin(f);
  const dropped = s.functions.splice(5, 10);
  const t = new Sample(40, 1);
  t.functions.splice(5, 10);
  assert.deepEqual(s.finish(), t.finish());
  // Neither the threads, which are slow, nor this one has done them.
  assert.ok(dropped.every((f) => f.layout === null));
});

test("unless they are prepared for, threads are not started for a few functions", () => {
  const s = new Sample(90, 2);
  s.finish();
  assert.equal(s.host.started.length, 0);
  const t = new Sample(300, 2);
  assert.deepEqual(t.finish(), new Sample(300, 1).finish());
  assert.equal(t.host.started.length, 1);
});

test("a fault in a thread names the function that comes first", () => {
  const s = new Sample(40, 2);
  s.back.prepare();
  spoil(s.functions[9] as Func);
  spoil(s.functions[7] as Func);
  assert.throws(() => s.finish(), { name: "Error", where: "main.f7", message: /malformed SSA after generation/ });
});

test("a thread that dies is a fault", () => {
  const s = new Sample(40, 2, { life: 3 });
  s.back.prepare();
  assert.throws(() => s.finish(), { where: "main.f3", message: "the thread that compiles it has died" });
});
