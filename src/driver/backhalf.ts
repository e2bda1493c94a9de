// The back half of a build: machine code for all functions of a program, from earlier builds or made now, on this thread and on others. Others begin at the front of
// the list and this one at its end; when nothing is left it takes back what they have not begun with. What comes out does not depend on who does what.

import type { Diagnostics } from "../base/diagnostics.ts";
import { ByteReader, sameBytes } from "../base/bytes.ts";
import type { Host, Thread } from "../base/host.ts";
import type { Sources } from "../base/pos.ts";
import type { Architecture } from "../arch/architecture.ts";
import { readCode } from "../codegen/codefile.ts";
import { FrameTooLarge } from "../codegen/frame.ts";
import type { Func } from "../ssa/func.ts";
import type { FuncCode } from "../ssa/object.ts";
import type { Symbols } from "../ssa/symbol.ts";
import type { CodeCache, Entry } from "./codecache.ts";
import { AnswerFault, AnswerTooLarge, type BackOptions, Claims, compileOne, type Setup } from "./job.ts";
import type { Progress } from "./progress.ts";
import { InternalError } from "./report.ts";

/** What is on the way to a thread is limited, since it needs memory; but there must be enough while this one is busy. */
const mostJobs = 512;
const mostBytes = 16 << 20;

/** Starting threads costs more than a few functions. */
const fewFunctions = 100;

/** A look after threads whose answers are waited for, in milliseconds. */
const patience = 500;

/** A function on its way to code. */
class Job {
  readonly f: Func;
  entry: Entry | null = null;
  code: FuncCode | null = null;
  /** Why there is no code. */
  error: unknown = null;
  done = false;
  /** The number and the size of its message to a thread; 0: none. */
  message = 0;
  bytes = 0;

  constructor(f: Func) {
    this.f = f;
  }
}

/** A thread as this one sees it. */
class Hand {
  readonly thread: Thread;
  readonly claims: Claims;
  /** Messages so far. */
  count = 0;
  /** What it has not answered, in the order of the messages. */
  readonly waiting: Job[] = [];
  bytes = 0;

  constructor(thread: Thread, claims: Claims) {
    this.thread = thread;
    this.claims = claims;
  }

  isFull(): boolean {
    return this.waiting.length >= mostJobs || this.bytes >= mostBytes;
  }
}

export interface BackMeans {
  readonly host: Host;
  readonly sources: Sources;
  readonly symbols: Symbols;
  readonly diagnostics: Diagnostics;
  readonly architecture: Architecture;
  readonly options: BackOptions;
  /** Null: the back half is watched in its work, and does all of it here. */
  readonly codes: CodeCache | null;
  /** Code that is kept is made nevertheless, and compared. */
  readonly compare: boolean;
  /** A function that the compiler fails at, for tests. */
  readonly broken: string | null;
  readonly progress: Progress;
  /** How many threads there may be, this one included. */
  readonly threads: number;
}

export class BackHalf {
  private readonly means: BackMeans;
  private readonly jobs = new Map<Func, Job>();
  private readonly hands: Hand[] = [];
  /** Its first word counts answers; then the claims of the threads. */
  private readonly shared: Int32Array;
  private readonly mayStart: boolean;
  private started = false;
  private missing = 0;
  private done = 0;

  constructor(means: BackMeans) {
    this.means = means;
    const others = means.codes === null ? 0 : means.threads - 1;
    this.mayStart = others > 0;
    this.shared = new Int32Array(new SharedArrayBuffer(this.mayStart ? 4 * (1 + others * Claims.size) : 4));
  }

  /** Functions will come, and most have to be compiled: threads are started, which takes them a while. */
  prepare(): void {
    this.start();
  }

  /** A function will probably be needed as it is now. It must not change after this. */
  begin(f: Func): void {
    if (this.hands.length === 0 || this.jobs.has(f)) return;
    this.collect();
    const hand = this.freest();
    if (hand !== null) this.post(hand, this.lookUp(f));
  }

  /** The code of all functions in their order. Those whose frames are too large are missing, and are among the diagnostics. Throws InternalError. */
  finish(functions: readonly Func[]): FuncCode[] {
    if (this.means.options.verify) this.checkBegun(functions);
    if (this.mayStart) this.divide(functions);
    const out: FuncCode[] = [];
    for (const f of functions) {
      this.tell(functions.length);
      const code = this.result(this.compiled(f));
      if (code !== null) out.push(code);
    }
    this.jobs.clear();
    this.done = 0;
    this.means.codes?.save();
    return out;
  }

  /** Throws if a function is not what it was when it was begun with. */
  private checkBegun(functions: readonly Func[]): void {
    for (const f of functions) {
      const entry = this.jobs.get(f)?.entry ?? null;
      if (entry === null || this.means.codes?.find(f).key === entry.key) continue;
      throw InternalError.at(
        f.name,
        this.means.sources.position(f.pos),
        new Error("the function has changed after it was said to be ready"),
      );
    }
  }

  /** Ends the threads. */
  end(): void {
    for (const hand of this.hands) hand.thread.end();
    this.hands.length = 0;
    this.jobs.clear();
  }

  private start(): void {
    if (!this.mayStart || this.started) return;
    this.started = true;
    const { host, architecture, options, threads } = this.means;
    for (let i = 0; i < threads - 1; i++) {
      const claims = 1 + i * Claims.size;
      const setup: Setup = { architecture: architecture.name, verify: options.verify, off: [...options.off], claims };
      const thread = host.startThread(JSON.stringify(setup), this.shared);
      if (thread === null) return;
      this.hands.push(new Hand(thread, new Claims(this.shared, claims)));
    }
  }

  private divide(functions: readonly Func[]): void {
    this.dropOthers(functions);
    let front = 0;
    let back = functions.length - 1;
    for (;;) {
      this.collect();
      this.tell(functions.length);
      for (let hand = this.freest(); hand !== null && front <= back; hand = this.freest())
        this.post(hand, this.lookUp(functions[front++] as Func));
      if (front > back) break;
      // Alone, from the front; threads that are started then get the rest.
      if (this.hands.length === 0) this.compiled(functions[front++] as Func);
      else this.compiled(functions[back--] as Func);
      if (this.missing > fewFunctions) this.start();
    }
    this.takeBack();
    this.await();
  }

  /** Takes back what was begun with and is not needed. */
  private dropOthers(functions: readonly Func[]): void {
    const needed = new Set(functions);
    for (const hand of this.hands) {
      const left = hand.waiting.filter((job) => needed.has(job.f) || !hand.claims.takeBack(job.message));
      hand.waiting.splice(0, hand.waiting.length, ...left);
      hand.bytes = left.reduce((sum, job) => sum + job.bytes, 0);
    }
  }

  private tell(total: number): void {
    this.means.progress.say("compiling", Math.min(this.done, total), total, "functions");
  }

  /** The thread with the least to do, null if all have enough. */
  private freest(): Hand | null {
    let best: Hand | null = null;
    for (const hand of this.hands) if (!hand.isFull() && (best === null || hand.bytes < best.bytes)) best = hand;
    return best;
  }

  /** A function's job, with the code that is kept for it. */
  private lookUp(f: Func): Job {
    let job = this.jobs.get(f);
    if (job !== undefined) return job;
    job = new Job(f);
    this.jobs.set(f, job);
    const { codes, compare } = this.means;
    if (codes === null) return job;
    job.entry = codes.find(f);
    if (job.entry.known === null) this.missing++;
    else if (!compare) this.accept(job, job.entry.known);
    return job;
  }

  /** A function's job when it is done, here if nobody else does it. */
  private compiled(f: Func): Job {
    const job = this.lookUp(f);
    if (!job.done && job.message === 0) this.compile(job);
    return job;
  }

  private compile(job: Job): void {
    const { means } = this;
    const { codes } = means;
    const { f, entry } = job;
    this.finished(job);
    try {
      if (f.name === means.broken) throw new Error("broken on request");
      job.code = compileOne(f, means.architecture.target, means.symbols, means.options);
      if (codes !== null && entry !== null) keep(codes, entry, codes.encode(entry, job.code));
    } catch (error) {
      job.error = error;
    }
  }

  private accept(job: Job, data: Uint8Array): void {
    this.finished(job);
    job.code = readCode(new ByteReader(data), job.f, (job.entry as Entry).names, this.means.symbols);
  }

  private finished(job: Job): void {
    if (job.done) return;
    job.done = true;
    this.done++;
  }

  /** The code of a job that is done; null if its frame is too large. */
  private result(job: Job): FuncCode | null {
    const { f, error } = job;
    if (error === null) return job.code as FuncCode;
    if (!(error instanceof FrameTooLarge)) throw InternalError.at(f.name, this.means.sources.position(f.pos), error);
    this.means.diagnostics.error(f.pos, error.message);
    return null;
  }

  private post(hand: Hand, job: Job): void {
    if (job.done || job.message > 0) return;
    const message = (this.means.codes as CodeCache).portable(job.f);
    job.bytes = message.length;
    job.message = ++hand.count;
    hand.claims.open(job.message);
    hand.waiting.push(job);
    hand.bytes += job.bytes;
    hand.thread.post(message);
  }

  /** Takes the answers that are there. */
  private collect(): void {
    for (const hand of this.hands) {
      for (let answer = hand.thread.receive(); answer !== null; answer = hand.thread.receive()) {
        const job = hand.waiting.shift();
        if (job === undefined) throw new InternalError("", "a thread answers what nobody asked");
        hand.bytes -= job.bytes;
        this.take(job, answer);
      }
    }
  }

  private take(job: Job, answer: Uint8Array): void {
    const data = answer.subarray(1);
    const text = (): string => new TextDecoder().decode(data);
    this.finished(job);
    if (answer[0] === AnswerTooLarge) job.error = new FrameTooLarge(text());
    else if (answer[0] === AnswerFault) job.error = Object.assign(new Error(), JSON.parse(text()));
    else {
      try {
        keep(this.means.codes as CodeCache, job.entry as Entry, data);
        this.accept(job, data);
      } catch (error) {
        job.error = error;
      }
    }
  }

  /** Does what threads have not begun with, the last first. */
  private takeBack(): void {
    const open = new Set(this.hands);
    for (;;) {
      this.collect();
      let most: Hand | null = null;
      for (const hand of open) if (most === null || hand.bytes > most.bytes) most = hand;
      if (most === null) return;
      const job = most.waiting[most.waiting.length - 1];
      if (job === undefined || !most.claims.takeBack(job.message)) {
        // It has begun with its last.
        open.delete(most);
        continue;
      }
      most.waiting.pop();
      most.bytes -= job.bytes;
      this.compile(job);
    }
  }

  /** Waits for what threads have begun with. */
  private await(): void {
    for (const hand of this.hands) {
      while (hand.waiting.length > 0) {
        const seen = Atomics.load(this.shared, 0);
        this.collect();
        if (hand.waiting.length === 0 || Atomics.wait(this.shared, 0, seen, patience) !== "timed-out" || hand.thread.isAlive()) continue;
        this.collect();
        const lost = hand.waiting[0];
        if (lost === undefined) break;
        throw InternalError.at(lost.f.name, this.means.sources.position(lost.f.pos), new Error("the thread that compiles it has died"));
      }
    }
  }
}

/** Keeps code; throws if what is kept already is something else. */
function keep(codes: CodeCache, entry: Entry, data: Uint8Array): void {
  if (entry.known === null) codes.keep(entry, data);
  else if (!sameBytes(entry.known, data)) throw new Error("code that was kept for this function is not what it is now");
}
