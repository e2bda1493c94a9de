// What escape analysis and its relatives ask of the program.

import type { Func } from "../ssa/func.ts";
import type { Sym } from "../ssa/symbol.ts";
import type { References } from "./references.ts";

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
  /** What a function refers to, as long as it is not changed. */
  referencesOf(f: Func): References;
  /** The body of a function is not what it was. */
  changed(f: Func): void;
  /** The form of the objects of a type symbol. */
  formOf(type: Sym): ObjectForm | null;
}
