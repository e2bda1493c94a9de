// What a thread beside the compiler's does: it gets functions as bytes (Fingerprint.portable), takes them through the back half, and answers with their code as
// bytes (codefile.ts), in the order in which they came. Until it has begun with one, the compiler's thread may take it back.

import { findArchitecture } from "../arch/registry.ts";
import type { Architecture } from "../arch/architecture.ts";
import { ByteWriter } from "../base/bytes.ts";
import { writeCode } from "../codegen/codefile.ts";
import { compileFunction } from "../codegen/compile.ts";
import { FrameTooLarge } from "../codegen/frame.ts";
import { FuncReader } from "../codegen/funcreader.ts";
import { optimize } from "../passes/pipeline.ts";
import type { Func } from "../ssa/func.ts";
import type { FuncCode } from "../ssa/object.ts";
import { Symbols } from "../ssa/symbol.ts";
import type { Target } from "../ssa/target.ts";
import { mustVerify } from "../ssa/verify.ts";

// The first byte of an answer, and what follows.
/** The code. */
export const AnswerCode = 0;
/** The frame is too large: the message. */
export const AnswerTooLarge = 1;
/** The compiler is at fault: message and stack as JSON. */
export const AnswerFault = 2;

/** What a thread is started with, as JSON. */
export interface Setup {
  readonly architecture: string;
  readonly verify: boolean;
  readonly off: readonly string[];
  /** Where the thread's claims begin in the shared memory. */
  readonly claims: number;
}

/** Who does the last messages to a thread, in memory that it shares: the number of a message while it is open, negative when the thread has it. */
export class Claims {
  /** So many messages may be on the way at most. */
  static readonly size = 1024;
  private readonly shared: Int32Array;
  private readonly first: number;

  constructor(shared: Int32Array, first: number) {
    this.shared = shared;
    this.first = first;
  }

  private place(message: number): number {
    return this.first + (message % Claims.size);
  }

  /** Messages count from 1. */
  open(message: number): void {
    Atomics.store(this.shared, this.place(message), message);
  }

  /** The thread begins; false: it has been taken back. */
  begin(message: number): boolean {
    return Atomics.compareExchange(this.shared, this.place(message), message, -message) === message;
  }

  /** False: the thread has begun with it. */
  takeBack(message: number): boolean {
    return Atomics.compareExchange(this.shared, this.place(message), message, 0) === message;
  }
}

/** What can be chosen about the back half. */
export interface BackOptions {
  readonly verify: boolean;
  readonly off: ReadonlySet<string>;
  readonly dump: ((f: Func, pass: string) => void) | null;
}

/** The back half: the code of one function, which is used up. */
export function compileOne(f: Func, target: Target, symbols: Symbols, options: BackOptions): FuncCode {
  if (options.verify) mustVerify(f, "generation");
  options.dump?.(f, "generation");
  optimize(f, options);
  return compileFunction(f, target, symbols, { verify: options.verify });
}

/** The work of a thread. */
export function compileJobs(setup: string, shared: Int32Array): (job: Uint8Array) => Uint8Array | null {
  const { architecture, verify, off, claims: first } = JSON.parse(setup) as Setup;
  const { target } = findArchitecture(architecture) as Architecture;
  const options: BackOptions = { verify, off: new Set(off), dump: null };
  const claims = new Claims(shared, first);
  const symbols = new Symbols();
  const reader = new FuncReader(symbols);
  const writer = new ByteWriter();
  let count = 0;
  return (job) => {
    if (!claims.begin(++count)) return null;
    writer.clear();
    try {
      const code = compileOne(reader.read(job), target, symbols, options);
      writer.u8(AnswerCode);
      writeCode(writer, code, reader, symbols);
    } catch (error) {
      writer.clear();
      const tooLarge = error instanceof FrameTooLarge;
      const { message, stack } = error instanceof Error ? error : new Error(String(error));
      writer.u8(tooLarge ? AnswerTooLarge : AnswerFault);
      writer.bytes(new TextEncoder().encode(tooLarge ? message : JSON.stringify({ message, stack })));
    }
    return writer.finish();
  };
}
