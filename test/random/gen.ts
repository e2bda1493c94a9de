// The state of a program that is being made: its declarations, what is in scope, the lines of the function being written.

import type { Rng } from "./rng.ts";
import { Any, basics, Bool, integers, type Method, type Signature, String_, type T } from "./types.ts";

/** An expression. Constant ones must not meet: what overflows or is divided by zero at compile time is an error. */
export interface Expr {
  readonly text: string;
  readonly constant: boolean;
}

export interface Variable {
  readonly name: string;
  readonly type: T;
  readonly assignable: boolean;
  /** Nothing else has the memory behind it: elements may be written where nothing outside may change. */
  readonly owned: boolean;
}

export interface Function_ {
  readonly name: string;
  readonly signature: Signature;
}

/** What is known of the function being written. */
export interface Context {
  /** It must not change anything that its caller sees, the checksum included. */
  readonly pure: boolean;
  readonly results: readonly T[];
  /** Labels of enclosing loops. */
  readonly loops: (string | null)[];
  /** In a function literal: no return of the outer results, no outer labels. */
  readonly depth: number;
}

export class Gen {
  readonly rng: Rng;
  /** Most programs are short: many different ones say more than a few long ones, and these find what only size brings. */
  readonly short: boolean;
  readonly prefix: string;
  private count = 0;
  /** Top-level declarations. */
  readonly declarations: string[] = [];
  private readonly globals = new Map<string, string>();
  /** Packages beyond math and math/bits. */
  readonly imports: string[] = [];
  readonly hashers = new Map<string, string>();
  /** Types that variables have. */
  readonly scalars: T[] = [...basics];
  readonly composites: T[] = [];
  readonly structs: T[] = [];
  readonly interfaces: T[] = [];
  readonly methods: Method[] = [];
  /** Functions without effects, and those with. */
  readonly pure: Function_[] = [];
  readonly procedures: Function_[] = [];
  /** Procedures whose last parameter is variadic: it is given as a slice or spelled out. */
  readonly variadic = new Set<string>();
  /** Non-nil variables that hold state of the program; only procedures touch them. */
  readonly state: Variable[] = [];
  scope: Variable[][] = [[]];
  context: Context = { pure: true, results: [], loops: [], depth: 0 };
  lines: string[] = [];
  private indent = 0;
  /** Nodes that an expression may still have. */
  budget = 0;

  constructor(rng: Rng, prefix: string) {
    this.rng = rng;
    this.short = rng.chance(75);
    this.prefix = prefix;
  }

  needs(path: string): void {
    if (!this.imports.includes(path)) this.imports.push(path);
  }

  /** A fresh local name. */
  name(base: string): string {
    return `${base}${++this.count}`;
  }

  /** A fresh name at the top level. */
  top(base: string): string {
    return `${this.prefix}${base}${++this.count}`;
  }

  line(text: string): void {
    this.lines.push("\t".repeat(this.indent) + text);
  }

  open(text: string): void {
    this.line(text);
    this.indent++;
  }

  /** Closes a block and opens the next of the same statement. */
  middle(text: string): void {
    this.indent--;
    this.line(text);
    this.indent++;
  }

  close(text = "}"): void {
    this.indent--;
    this.line(text);
  }

  /** What `body` writes, as text of its own. */
  capture(body: () => void): string {
    const { lines, indent } = this;
    this.lines = [];
    this.indent = 0;
    body();
    const text = this.lines.join("\n");
    this.lines = lines;
    this.indent = indent;
    return text;
  }

  /** Runs `body` in a scope of its own. */
  block(body: () => void): void {
    this.scope.push([]);
    body();
    this.scope.pop();
  }

  declare(name: string, type: T, assignable = true, owned = false): Variable {
    const v = { name, type, assignable, owned };
    (this.scope[this.scope.length - 1] as Variable[]).push(v);
    return v;
  }

  variables(): Variable[] {
    return this.scope.flat();
  }

  withContext(context: Context, body: () => void): void {
    const saved = this.context;
    this.context = context;
    body();
    this.context = saved;
  }

  /** A global variable that is never written to, of a type: not a constant for any compiler that does not look closely. */
  global(type: T, value: () => string): string {
    let name = this.globals.get(type.text);
    if (name === undefined) {
      name = this.top("g");
      this.globals.set(type.text, name);
      this.declarations.push(`var ${name} ${type.text} = ${value()}`);
    }
    return name;
  }

  scalar(): T {
    return this.rng.pick(this.scalars);
  }

  integer(): T {
    return this.rng.weighted<T>([
      [3, this.rng.pick(integers)],
      [2, this.rng.pick(this.scalars.filter((t) => t.kind === "int"))],
    ]);
  }

  /** A type for a variable. */
  type(): T {
    const r = this.rng;
    return r.weighted<T>([
      [6, this.scalar()],
      [3, this.integer()],
      [6, this.composites.length > 0 ? r.pick(this.composites) : Bool],
      [2, this.structs.length > 0 ? r.pick(this.structs) : String_],
      [1, this.interfaces.length > 0 ? r.pick(this.interfaces) : Any],
      [1, String_],
      [1, Any],
    ]);
  }
}
