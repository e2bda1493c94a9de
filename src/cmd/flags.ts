// Command line flags as the go command spells them: one dash or two, `-name value`, `-name=value`, booleans without a value; flags end
// at the first other word or at `--`.

/** A flag that a command takes. */
export interface FlagSpec {
  readonly name: string;
  /** A list keeps all values of a repeated flag. */
  readonly kind: "bool" | "string" | "list" | "count";
  /** May stand without a value, which is then "true". */
  readonly optional?: boolean;
}

export interface ParsedFlags {
  readonly strings: ReadonlyMap<string, string>;
  readonly bools: ReadonlySet<string>;
  readonly lists: ReadonlyMap<string, readonly string[]>;
  readonly rest: readonly string[];
  /** What is wrong with the command line, null when nothing is. */
  readonly error: string | null;
}

/** Parses words by the flags that are allowed. The last of repeated flags wins. */
export function parseFlags(words: readonly string[], specs: readonly FlagSpec[]): ParsedFlags {
  const strings = new Map<string, string>();
  const bools = new Set<string>();
  const lists = new Map<string, string[]>();
  const take = (spec: FlagSpec, value: string): void => {
    if (spec.kind === "list") lists.set(spec.name, [...(lists.get(spec.name) ?? []), value]);
    else strings.set(spec.name, value);
  };
  const result = (rest: readonly string[], error: string | null): ParsedFlags => ({ strings, bools, lists, rest, error });
  let i = 0;
  for (; i < words.length; i++) {
    const word = words[i] as string;
    if (!word.startsWith("-") || word === "-") break;
    if (word === "--") {
      i++;
      break;
    }
    const text = word.startsWith("--") ? word.slice(2) : word.slice(1);
    const equals = text.indexOf("=");
    const name = equals < 0 ? text : text.slice(0, equals);
    if (name === "" || name.startsWith("-")) return result([], `bad flag syntax: ${word}`);
    const spec = specs.find((s) => s.name === name);
    if (spec === undefined) return result([], `flag provided but not defined: -${name}`);
    if (spec.kind === "bool" || spec.kind === "count") {
      const value = equals < 0 ? "true" : text.slice(equals + 1);
      if (spec.kind === "count" && /^[1-9]\d*$/.test(value)) bools.add(name);
      else if (/^(1|t|T|true|TRUE|True)$/.test(value)) bools.add(name);
      else if (/^(0|f|F|false|FALSE|False)$/.test(value)) bools.delete(name);
      else return result([], `invalid boolean value ${JSON.stringify(value)} for -${name}: parse error`);
      continue;
    }
    if (equals >= 0) {
      take(spec, text.slice(equals + 1));
    } else if (spec.optional === true) {
      take(spec, "true");
    } else {
      if (i + 1 >= words.length) return result([], `flag needs an argument: -${name}`);
      take(spec, words[++i] as string);
    }
  }
  return result(words.slice(i), null);
}
