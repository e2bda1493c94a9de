// What is known of symbols, by symbol: a list that is as long as it must be. Symbols are small numbers, and most have an entry sooner or later.

import type { Sym } from "./symbol.ts";

/** A map from symbols. */
export class SymMap<T> {
  private readonly list: (T | undefined)[] = [];
  /** Number of symbols with an entry. */
  size = 0;

  get(sym: Sym): T | undefined {
    return sym < this.list.length ? this.list[sym] : undefined;
  }

  has(sym: Sym): boolean {
    return sym < this.list.length && this.list[sym] !== undefined;
  }

  set(sym: Sym, value: T): void {
    const { list } = this;
    while (list.length <= sym) list.push(undefined);
    if (list[sym] === undefined) this.size++;
    list[sym] = value;
  }

  delete(sym: Sym): void {
    if (!this.has(sym)) return;
    this.list[sym] = undefined;
    this.size--;
  }
}
