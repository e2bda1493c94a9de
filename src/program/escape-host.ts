// What escape analysis and its relatives ask of the program.

import type { Sym } from "../ssa/symbol.ts";

/** The memory form of an allocated type. */
export interface ObjectForm {
  readonly size: number;
  readonly align: number;
  readonly pointers: readonly number[];
}

/** What escape analysis asks of the program. */
export interface EscapeHost {
  /** The body of a function symbol that is not part of the analysed functions' list: null for assembly and unknown ones. */
  nameOf(sym: Sym): string;
  /** A function without body whose declaration promises that parameters do not escape. */
  isNoEscape(sym: Sym): boolean;
  /** The code behind a static function value, NoSym for other symbols. */
  codeOf(sym: Sym): Sym;
  /** The form of the objects of a type symbol. */
  formOf(type: Sym): ObjectForm | null;
}
