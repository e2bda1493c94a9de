// What callers need to know of a function to judge what they hand to it, and the functions of the runtime of which that is known beforehand.

import type { Func } from "../ssa/func.ts";
import { NoSym, type Sym } from "../ssa/symbol.ts";
import { SymMap } from "../ssa/symmap.ts";

/** What a function does with one parameter. */
export class ParamSummary {
  /** The pointer itself becomes visible to the outside. */
  escapes = false;
  /** Something that can be reached from it does. */
  contentEscapes = false;
  /** Bit r: it comes back in result r. Bits are parameters and results up to 30; beyond counts as escaping. */
  results = 0;
  contentResults = 0;
  /** Bit i: it is stored into something that parameter i points to. The closure context is the parameter behind the last. */
  into = 0;
  contentInto = 0;
  /**
   * Of a closure context: what becomes of each captured word, by its offset, and (`plain`) of what is not read word by word. The other
   * flags then say it of the context as a whole, for callers that know the closure.
   */
  fields: ReadonlyMap<number, ParamSummary> | null = null;
  plain: ParamSummary | null = null;

  /** The pointer itself may be seen where the function's caller can't follow it. */
  get leaks(): boolean {
    return this.escapes || this.results !== 0 || this.into !== 0;
  }

  get contentLeaks(): boolean {
    return this.contentEscapes || this.contentResults !== 0 || this.contentInto !== 0;
  }

  /** It is only looked at. */
  get isNothing(): boolean {
    return !this.escapes && !this.contentEscapes && (this.results | this.contentResults | this.into | this.contentInto) === 0;
  }

  private sameFields(o: ParamSummary): boolean {
    if (this.fields === null || o.fields === null) return this.fields === o.fields;
    if (this.fields.size !== o.fields.size) return false;
    for (const [offset, s] of this.fields) {
      const other = o.fields.get(offset);
      if (other === undefined || !s.same(other)) return false;
    }
    return this.plain === null || o.plain === null ? this.plain === o.plain : this.plain.same(o.plain);
  }

  same(o: ParamSummary): boolean {
    return (
      this.sameFields(o) &&
      this.escapes === o.escapes &&
      this.contentEscapes === o.contentEscapes &&
      this.results === o.results &&
      this.contentResults === o.contentResults &&
      this.into === o.into &&
      this.contentInto === o.contentInto
    );
  }
}

/** By parameter; the last one is the closure context. */
export type Summary = readonly ParamSummary[];

/** Functions of the runtime that the compiler calls and whose bodies hide what they do behind function values. By name: what escapes,
 *  as letters by parameter: "-" nothing, "c" what is reachable, "e" the pointer itself; "r": the pointer is the result. What makes strings and slices
 *  takes a buffer for that first. Joining strings may yield one of them, but only if the caller gave a buffer (toframe.ts looks at that case). */
const known: ReadonlyMap<string, string> = new Map([
  ["runtime.concatstring2", "r--"],
  ["runtime.concatstring3", "r---"],
  ["runtime.concatstring4", "r----"],
  ["runtime.concatstring5", "r-----"],
  ["runtime.concatstrings", "r-"],
  ["runtime.slicebytetostring", "r--"],
  ["runtime.slicerunetostring", "r-"],
  ["runtime.stringtoslicebyte", "r-"],
  ["runtime.stringtoslicerune", "r-"],
  ["runtime.intstring", "r-"],
  ["runtime.countrunes", "-"],
  ["runtime.deferprocStack", "-"],
  ["runtime.mapaccess1", "---"],
  ["runtime.mapaccess2", "---"],
  ["runtime.mapaccess1_fat", "----"],
  ["runtime.mapaccess2_fat", "----"],
  ["runtime.mapdelete", "---"],
  ["internal/runtime/maps.(*Map).Delete", "---"],
  ["runtime.mapassign", "--c"],
  ["runtime.mapaccess1_faststr", "---"],
  ["runtime.mapaccess2_faststr", "---"],
  ["runtime.mapdelete_faststr", "---"],
  ["runtime.mapaccess1_fast32", "---"],
  ["runtime.mapaccess2_fast32", "---"],
  ["runtime.mapaccess1_fast64", "---"],
  ["runtime.mapaccess2_fast64", "---"],
  ["runtime.efaceeq", "---"],
  ["runtime.ifaceeq", "---"],
  ["runtime.interequal", "--"],
  ["runtime.nilinterequal", "--"],
  ["runtime.interhash", "--"],
  ["runtime.nilinterhash", "--"],
  ["runtime.typehash", "---"],
  ["runtime.memequal", "---"],
  ["runtime.chansend1", "-c"],
  ["runtime.chanrecv1", "--"],
  ["runtime.chanrecv2", "--"],
  ["runtime.selectnbsend", "-c"],
  ["runtime.selectnbrecv", "--"],
  ["runtime.SetFinalizer", "ee"],
  ["runtime.noescape", "-"],
  ["internal/abi.NoEscape", "-"],
]);

/** Copies memory: what is in the second parameter's object goes into the first's. */
const copiers: ReadonlySet<string> = new Set(["runtime.memmove", "runtime.memmove<0>"]);

function knownSummary(name: string, params: number): Summary | null {
  if (copiers.has(name)) {
    const list = emptySummary(params);
    if (params >= 2) (list[1] as ParamSummary).contentInto = 1;
    return list;
  }
  // Map functions specialised by key type come in many names.
  const letters = known.get(name);
  if (letters === undefined) return null;
  const list = emptySummary(params);
  for (let i = 0; i < params && i < letters.length; i++) {
    const p = list[i] as ParamSummary;
    if (letters[i] === "e") p.escapes = true;
    else if (letters[i] === "c") p.contentEscapes = true;
    else if (letters[i] === "r") p.results = 1;
  }
  return list;
}

export function emptySummary(params: number): ParamSummary[] {
  const list: ParamSummary[] = [];
  for (let i = 0; i <= params; i++) list.push(new ParamSummary());
  return list;
}

function worstSummary(params: number): Summary {
  const list = emptySummary(params);
  for (let i = 0; i < params; i++) (list[i] as ParamSummary).escapes = true;
  return list;
}

/** What is known of the functions of a program so far. */
export class KnownSummaries {
  private readonly bySym: SymMap<Func>;
  private readonly nameOf: (sym: Sym) => string;
  readonly found = new SymMap<Summary>();
  private readonly fixedOnes = new SymMap<Summary | null>();
  /** By number of parameters. */
  private readonly empty: Summary[] = [];
  private readonly worst_: Summary[] = [];
  private grow: Sym = NoSym;
  /** The functions of the component at hand that `of` was asked for since this was emptied. */
  readonly asked = new Set<Sym>();
  members: ReadonlySet<Sym> = new Set();

  constructor(bySym: SymMap<Func>, nameOf: (sym: Sym) => string) {
    this.bySym = bySym;
    this.nameOf = nameOf;
  }

  /** What a function of the program does with its parameters, as far as it has been met; null for others. */
  of(sym: Sym): Summary | null {
    if (this.members.has(sym)) this.asked.add(sym);
    const s = this.found.get(sym);
    if (s !== undefined) return s;
    const f = this.bySym.get(sym);
    if (f === undefined) return null;
    // In the component at hand, or not met yet: start from nothing.
    const params = f.abi.params.length;
    this.empty[params] ??= emptySummary(params);
    return this.empty[params];
  }

  /** What is known beforehand; null: nothing. */
  fixed(sym: Sym, params: number): Summary | null {
    let s = this.fixedOnes.get(sym);
    if (s === undefined) {
      const name = this.nameOf(sym);
      if (name === "runtime.growslice") this.grow = sym;
      s = knownSummary(name, params);
      this.fixedOnes.set(sym, s);
    }
    return s;
  }

  /** Whether a function that `fixed` was asked for is the one that makes slices longer. */
  isGrow(sym: Sym): boolean {
    return sym === this.grow;
  }

  worst(params: number): Summary {
    this.worst_[params] ??= worstSummary(params);
    return this.worst_[params];
  }
}
