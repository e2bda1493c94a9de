// Symbols name everything that ends up in the image: functions and data. A symbol is an integer handle; its name is the
// linker's name ("fmt.Println", "type:*main.T", "go:string.\"x\""). Names are interned once for the whole program.

/** A handle for a symbol; 0 is none. */
export type Sym = number & { readonly __sym: unique symbol };

export const NoSym = 0 as Sym;

/** All symbols of a program. */
export class Symbols {
  readonly names: string[] = [""];
  private readonly byName = new Map<string, Sym>();

  /** The symbol with a name, made when it is new. */
  intern(name: string): Sym {
    const known = this.byName.get(name);
    if (known !== undefined) return known;
    const sym = this.names.length as Sym;
    this.names.push(name);
    this.byName.set(name, sym);
    return sym;
  }

  /** The symbol with a name, or NoSym. */
  lookup(name: string): Sym {
    return this.byName.get(name) ?? NoSym;
  }

  name(sym: Sym): string {
    return this.names[sym] as string;
  }

  get count(): number {
    return this.names.length;
  }
}

/** Whether a symbol names code that is entered with the stack convention (ABI0): it keeps neither g nor the zero register. */
export function isStackAbi(symbols: Symbols, sym: Sym): boolean {
  return symbols.name(sym).endsWith("<0>");
}
